# SPDX-License-Identifier: Apache-2.0
"""Dates of birth and states of a run that cannot be read: counted and named, since nothing is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bilat.parties.match.evidence import births
from bilat.parties.match.states import parts, state_of
from bilat.parties.run.queries import Query

#: Values that a note names, each with the first row that has it.
NAMED = 5
#: Characters of a value that a note shows.
SHOWN = 40


@dataclass
class Unread:
    """Rows with values that cannot be read, by kind; and the first of these values."""

    rows: Counter[str] = field(default_factory=Counter)
    first: dict[str, dict[str, int]] = field(default_factory=dict)

    def read(self, queries: Iterable[Query]) -> None:
        """Look through a batch."""
        for q in queries:
            self._note("country", q.row, [t for t in parts(q.country) if state_of(t) is None])
            self._note("nationality", q.row, [t for t in parts(q.nationality) if state_of(t) is None])
            self._note("date of birth", q.row, [q.born] if q.born.strip() and not births(q.born) else [])

    def _note(self, kind: str, row: int, values: list[str]) -> None:
        self.rows[kind] += bool(values)
        named = self.first.setdefault(kind, {})
        for text in (" ".join(v.split()) for v in values):
            if len(named) <= NAMED:  # one more says that there are more
                named.setdefault(text if len(text) <= SHOWN else text[:SHOWN] + "…", row)

    def notes(self) -> list[str]:
        """In words, a line a kind."""
        return [
            f"{kind} not read in {count:,} row{'' if count == 1 else 's'}, and not used: "
            + ", ".join(f"{value} (row {row})" for value, row in [*self.first[kind].items()][:NAMED])
            + (" ..." if len(self.first[kind]) > NAMED else "")
            for kind, count in self.rows.items()
            if count
        ]
