# SPDX-License-Identifier: Apache-2.0
"""The consignments of a screening: rows of a file, each with its parties and alerts.

The consignment is what an officer holds or releases. A row without an alert is no part of the
queue; it is released in a list of its own.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Literal, TypeAlias

from bilat.parties.decisions.log import consignment_key
from bilat.parties.names.segmentation import names_nobody
from bilat.parties.output.decided_workbook import LaterDecision
from bilat.parties.screening.alerts import row_in_words
from bilat.server.jobs import Job
from bilat.server.work import ALERTS, NAMES, Alert

Outcome: TypeAlias = Literal["", "hold", "release"]
#: Decisions on the alerts of a job, by their order; None for an open one.
States: TypeAlias = Sequence[LaterDecision | None]


@dataclass(frozen=True)
class ConsignmentParty:
    """A party of a consignment.

    Attributes
    ----------
    column
        header of the column that names it
    role
        its part in the consignment, such as consignee or bank
    name
        the name as the file has it
    alerts
        numbers of its alerts; none for a party that is on no list
    cleared
        whether earlier decisions said that it is someone else
    says
        what the row says of it besides the name: town, state, numbers
    reservations
        what of its values was not compared, or not as it was meant
    """

    column: str
    role: str
    name: str
    alerts: tuple[int, ...]
    cleared: bool = False
    says: Mapping[str, str] = field(default_factory=dict)
    reservations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consignment:
    """A row of a file.

    Attributes
    ----------
    number
        its place in the queue, from 1
    id
        the user's reference and the row as a spreadsheet numbers it; blank for a typed name
    sentence
        what was found of each party, by role; blank where the row names one party
    parties
        every party that the row names
    beside
        what the row says of no party: goods, value, date
    """

    number: int
    id: str
    sentence: str
    parties: tuple[ConsignmentParty, ...]
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def alerts(self) -> tuple[int, ...]:
        """The numbers of its alerts, party by party."""
        return tuple(number for party in self.parties for number in party.alerts)

    @property
    def title(self) -> str:
        """Return the parties with alerts, in words; where none has any, every party."""
        alerted = [party for party in self.parties if party.alerts] or self.parties
        return "; ".join(dict.fromkeys(party.name for party in alerted))

    @property
    def key(self) -> str:
        """Return by what a decision knows a consignment in which nothing was found."""
        return consignment_key(self.id, [party.name for party in self.parties])


@dataclass(frozen=True)
class ConsignmentState:
    """How a consignment stands.

    Attributes
    ----------
    open, decided
        how many of its alerts are
    outcome
        whether it is held or released; blank while neither is decided
    eyes
        how many people decided the alert that fewest did; 0 while one is open
    """

    open: int
    decided: int
    outcome: Outcome
    eyes: int

    @property
    def awaits_second(self) -> bool:
        """Whether one person alone decided some of it."""
        return self.open == 0 and self.eyes == 1


def state_of(consignment: Consignment, states: States) -> ConsignmentState:
    """Return how a consignment stands.

    It is held as soon as one decision says so. It is released when every alert is decided, one
    decision releases it and none holds it.
    """
    found = [states[number - 1] for number in consignment.alerts]
    decided = [later for later in found if later is not None]
    waiting = len(found) - len(decided)
    actions = {later.decision.action for later in decided}
    outcome: Outcome = ""
    if "hold" in actions:
        outcome = "hold"
    elif "release" in actions and not waiting:
        outcome = "release"
    eyes = 0 if waiting else min((later.eyes for later in decided), default=0)
    return ConsignmentState(waiting, len(decided), outcome, eyes)


def read_consignments(job: Job) -> tuple[Consignment, ...]:
    """Return the consignments of a job that have alerts, the surest first."""
    return _read(job)[0]


def read_clean(job: Job) -> tuple[Consignment, ...]:
    """Return the consignments of a file in which nothing was found, in the order of the file."""
    return _read(job)[1]


#: Consignments with alerts, and those without.
_Both: TypeAlias = tuple[tuple[Consignment, ...], tuple[Consignment, ...]]


def _read(job: Job) -> _Both:
    alerts = job.out / ALERTS
    if job.kind != "screen" or job.status != "done" or not alerts.is_file():
        return (), ()
    return _consignments(job.out, alerts.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _consignments(folder: Path, _changed: int) -> _Both:
    with (folder / ALERTS).open(encoding="utf-8") as lines:
        alerts = [json.loads(line) for line in lines]
    names = folder / NAMES
    if not names.is_file():
        return _of_typed_names(alerts), ()
    numbers: dict[str, deque[int]] = defaultdict(deque)
    for number, alert in enumerate(alerts, 1):
        numbers[_key(alert)].append(number)
    with names.open(encoding="utf-8") as stored:
        next(stored)  # what the run was
        rows = [[*lines] for _, lines in groupby(map(json.loads, stored), key=itemgetter("row"))]
    found = [_consignment(lines, numbers) for lines in rows]
    named = zip(rows, found, strict=True)
    clean = (x for lines, x in named if _is_clean(lines))
    return _numbered(found), tuple(replace(x, number=n) for n, x in enumerate(clean, 1))


def _is_clean(lines: Sequence[Alert]) -> bool:
    """Return whether a row names somebody, and nothing was found of anybody that it names."""
    named = any(not names_nobody(line["query"]) for line in lines)
    return named and not any(line["rows"] for line in lines)


def _of_typed_names(alerts: Sequence[Alert]) -> tuple[Consignment, ...]:
    """Return one consignment for each name that was typed."""
    by: dict[str, list[int]] = {}
    for number, alert in enumerate(alerts, 1):
        by.setdefault(alert["query"], []).append(number)
    parties = (ConsignmentParty("", "", name, tuple(numbers)) for name, numbers in by.items())
    return _numbered(Consignment(0, "", "", (party,)) for party in parties)


def _numbered(found: Iterable[Consignment]) -> tuple[Consignment, ...]:
    queue = sorted((x for x in found if x.alerts), key=lambda x: min(x.alerts))
    return tuple(replace(x, number=number) for number, x in enumerate(queue, 1))


def _key(alert: Alert) -> str:
    return json.dumps(alert, ensure_ascii=False, sort_keys=True, default=str)


def _consignment(lines: Sequence[Alert], numbers: dict[str, deque[int]]) -> Consignment:
    """Return the consignment of the names of one row.

    Alerts beyond the length of the queue have no number.
    """
    first = lines[0]
    parties = tuple(_party(line, numbers) for line in lines)
    place = row_in_words(first.get("reference", ""), first["row"])
    return Consignment(0, place, first["consignment"], parties, first.get("beside", {}))


def _party(line: Alert, numbers: dict[str, deque[int]]) -> ConsignmentParty:
    taken = tuple(_taken(line["rows"], numbers))
    role = line.get("role", "")
    cleared = bool(line["folded"])
    says = line.get("says", {})
    reserved = tuple(line.get("reservations", ()))
    return ConsignmentParty(line["column"], role, line["query"], taken, cleared, says, reserved)


def _taken(rows: Sequence[Alert], numbers: dict[str, deque[int]]) -> Iterator[int]:
    for row in rows:
        if waiting := numbers.get(_key(row)):
            yield waiting.popleft()


def next_open(consignments: Sequence[Consignment], states: States, after: int) -> int:
    """Return the number of the next consignment with an open alert.

    After the last the search goes on from the first; 0 where every alert is decided.
    """
    order = [*consignments[after:], *consignments[:after]]
    waiting = (x.number for x in order if any(states[n - 1] is None for n in x.alerts))
    return next(waiting, 0)
