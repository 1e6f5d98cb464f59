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
                values.setdefault(_shown(value), query.row)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence on each fault; rows without a name come first."""
        for fault in sorted(self.rows, key=lambda fault: fault != NO_NAME):
            values = [*self.first[fault].items()]
            named = values[:NAMED]
            more = " ..." if len(values) > NAMED else ""
            done = self._done(fault)
            if fault == NO_NAME:
                numbers = ", ".join(value for value, _ in named)
                yield f"{done} (row {numbers}{more})"
            else:
                which = ", ".join(f"{value} (row {row})" for value, row in named)
                yield f"{done}: {which}{more}"

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


def reservations(query: Query) -> list[str]:
    """Return what was not compared of a row's values, or not as it was meant, a clause each.

    They stand beside a row in which nothing was found: that clears nobody of what was left out.
    """
    return [_reservation(fault, value) for fault, value in faults(query) if fault != NO_NAME]


def _reservation(fault: Fault, value: str) -> str:
    """Return a clause on a value with a fault."""
    if fault.use == "cut":
        return f"{fault.what}, of which only the first {LONGEST} are compared"
    done = "compared as written" if fault.use == "as written" else "not used"
    return f"{fault.what} ({_shown(value)}), {done}"


def _shown(value: str) -> str:
    """Return as much of a value as a note shows."""
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"


def faults(query: Query) -> Iterator[tuple[Fault, str]]:
    """Yield each fault of a row's values with the value; of a row without a name, its number."""
    yield from _of_name(query)
    yield from _of_states("country", query.country)
    yield from _of_states("nationality", query.nationality)
    yield from _of_numbers(query)
    if query.share.strip() and share_of(query.share) is None:
        yield Fault("share in per cent", "not used"), query.share
    if query.born.strip() and not births(query.born):
        yield Fault("date of birth", "not used"), _in_one_line(query.born)


def _of_name(query: Query) -> Iterator[tuple[Fault, str]]:
    """Yield the faults of a row's name."""
    name = query.name
    column = query.column or "name"
    if names_nobody(name):
        is_explained = query.title or _stands_for_another_role(query)
        if not is_explained:
            yield NO_NAME, str(query.row)
    elif has_digits_alone(name):
        fault = Fault(f"{column} of digits alone", "as written")
        yield fault, _in_one_line(name)
    if len(name) > LONGEST:
        fault = Fault(f"{column} of more than {LONGEST} characters", "cut")
        yield fault, _in_one_line(name[: SHOWN + 1])


def _of_states(kind: str, text: str) -> Iterator[tuple[Fault, str]]:
    """Yield the parts of a field of states that are none."""
    for part in parts(text):
        if state_of(part) is None:
            yield Fault(kind, "not used"), _in_one_line(part)


def _of_numbers(query: Query) -> Iterator[tuple[Fault, str]]:
    """Yield the faults of a row's identity numbers."""
    for number in query.identifiers:
        if fails_check(number.kind, number.value):
            kind = number.kind.upper()
            fault = Fault(f"{kind} with a wrong check digit", "as written")
            yield fault, number.value
    columns = query.columns
    if columns is None:
        return
    for name, value in columns.in_other_form(query.column, query.cells):
        kind = name.upper()
        has_digit = any(map(str.isdigit, value))
        if has_digit:
            fault = Fault(f"{kind} in another format", "as written")
        else:
            fault = Fault(f"{kind} without a digit", "not used")
        yield fault, value


def _in_one_line(value: str) -> str:
    """Return a value with single spaces and no line break."""
    return " ".join(value.split())


def _stands_for_another_role(query: Query) -> bool:
    """Return whether a field names another role of its row, as ``same as consignee``."""
    columns = query.columns
    if columns is None:
        return False
    role = role_meant(query.name)
    return role != query.role and role in columns.roles
