# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the values of a row, and what is done with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from bilat.formats.parties.identifiers import fails_check
from bilat.parties.match.evidence import births
from bilat.parties.names.segmentation import LONGEST, has_digits_alone, names_nobody
from bilat.parties.names.states import parts, state_of
from bilat.parties.ownership.row_owners import share_of
from bilat.parties.queries.headers import role_meant
from bilat.parties.queries.query import Query
from bilat.units.notation import count_text

#: Values that a note points to.
NAMED = 5
#: Characters of a value that a note shows.
SHOWN = 40

#: What is done with a value: nothing, for want of a name; its beginning is compared; it is compared
#: as it is written; it is not used.
Use: TypeAlias = Literal["no name", "cut", "as written", "not used"]


class Fault(NamedTuple):
    """A kind of value with which something is wrong."""

    what: str  #: in words
    use: Use


#: A row that names nobody.
NO_NAME = Fault("name", "no name")


@dataclass
class FaultCounts:
    """How many rows have each fault, and the first values with it."""

    rows: Counter[Fault] = field(default_factory=Counter)
    first: dict[Fault, dict[str, int]] = field(default_factory=dict)  #: the row of each value

    def add(self, query: Query) -> None:
        """Count the faults of a row."""
        found = [*faults(query)]
        self.rows.update({fault for fault, _ in found})
        for fault, value in found:
            values = self.first.setdefault(fault, {})
            if len(values) <= NAMED:  # one more says that there are more
                shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
                values.setdefault(shown, query.row)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence on each fault; rows without a name come first."""
        for fault in sorted(self.rows, key=lambda fault: fault != NO_NAME):
            values = [*self.first[fault].items()]
            more = " ..." if len(values) > NAMED else ""
            if fault == NO_NAME:
                which = f"row {', '.join(value for value, _ in values[:NAMED])}{more}"
                yield f"{self._done(fault)} ({which})"
            else:
                which = ", ".join(f"{value} (row {row})" for value, row in values[:NAMED])
                yield f"{self._done(fault)}: {which}{more}"

    def _done(self, fault: Fault) -> str:
        """Return in how many rows a fault is, and what is done with such a value."""
        rows = count_text(self.rows[fault], "rows")
        if fault.use == "no name":
            verb = "was" if self.rows[fault] == 1 else "were"
            return f"{rows} without a name {verb} not screened by name, which clears nobody"
        if fault.use == "cut":
            return f"{fault.what} in {rows}, of which only the first {LONGEST} are compared"
        if fault.use == "as written":
            return f"{fault.what} in {rows}, compared as written"
        return f"in {rows}, we could not read the {fault.what} and did not use it"


def faults(query: Query) -> Iterator[tuple[Fault, str]]:
    """Yield each fault of a row's values with the value; of a row without a name, its number."""
    if names_nobody(query.name):
        if not query.title and not _stands_for_another_role(query):
            yield NO_NAME, str(query.row)
    elif has_digits_alone(query.name):
        said = f"{query.column or 'name'} of digits alone"
        yield Fault(said, "as written"), " ".join(query.name.split())
    if len(query.name) > LONGEST:
        said = f"{query.column or 'name'} of more than {LONGEST} characters"
        yield Fault(said, "cut"), " ".join(query.name[: SHOWN + 1].split())
    for kind, text in (("country", query.country), ("nationality", query.nationality)):
        for part in parts(text):
            if state_of(part) is None:
                yield Fault(kind, "not used"), " ".join(part.split())
    yield from _of_numbers(query)
    if query.share.strip() and share_of(query.share) is None:
        yield Fault("share in per cent", "not used"), query.share
    if query.born.strip() and not births(query.born):
        yield Fault("date of birth", "not used"), " ".join(query.born.split())


def _of_numbers(query: Query) -> Iterator[tuple[Fault, str]]:
    """Yield the faults of a row's identity numbers."""
    for number in query.identifiers:
        if fails_check(number.kind, number.value):
            said = f"{number.kind.upper()} with a wrong check digit"
            yield Fault(said, "as written"), number.value
    if query.columns is None:
        return
    for kind, value in query.columns.in_other_form(query.column, query.cells):
        if any(map(str.isdigit, value)):
            yield Fault(f"{kind.upper()} in another format", "as written"), value
        else:
            yield Fault(f"{kind.upper()} without a digit", "not used"), value


def _stands_for_another_role(query: Query) -> bool:
    """Return whether a field names another role of its row, as ``same as consignee``."""
    role = role_meant(query.name)
    return query.columns is not None and role != query.role and role in query.columns.roles
