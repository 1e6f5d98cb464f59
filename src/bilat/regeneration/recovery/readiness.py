# SPDX-License-Identifier: Apache-2.0
"""What services say of when Russia is ready: as what it is, replayed as forecasts, with a score by
service.

The statements speak of very different things, from a limited attack to an army rebuilt, and count
from different days.
Each is kept with its words. One that counts from the end of the war is not due before there is one.
Only what the
record can decide is scored; that a force is able to attack is seen by nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bilat.document.wording import fraction
from bilat.planning.figures import FigureRow, Figures

#: Units in which statements are held, and what they count from.
COUNTS: dict[str, Literal["year", "said", "war"]] = {
    "year": "year",
    "years from the day": "said",
    "years after the war": "war",
}
#: States of readiness that ours can be set beside: forces rebuilt, not an attack that may come
#: without it.
REBUILT = (
    "army rebuilt",
    "forces rebuilt",
    "combat power restored",
    "active equipment of 2022 back",
)
#: Kinds of war that statements are of, from the smallest to the largest.
WARS = (
    "limited attack",
    "test of NATO",
    "regional war",
    "attack on NATO",
    "attack on the EU",
    "large war",
)
#: Statements older than this, in days, are not what is said now.
SAID_NOW = 2 * 365.25
#: Lengths of time that are written in words.
_YEARS = {0.5: "half a year", 1.0: "a year"}
#: What the record decides by itself: whether losses were still listed by the day.
WAR_GOES_ON = "war goes on"


@dataclass(frozen=True)
class ReadinessStatement:
    """One statement: who, of what, by when; years are counted from the day, or after the war, or
    are calendar years.
    """

    who: str
    what: str
    low: float
    high: float
    counts: Literal["year", "said", "war"]
    said_on: dt.date
    page: str
    key: str

    @property
    def service(self) -> str:
        """Whose words: the body, without the person."""
        return self.who.partition(" (")[0]

    @property
    def implied(self) -> tuple[float, float] | None:
        """The years that it names; None where it counts from the end of the war."""
        if self.counts == "year":
            return self.low, self.high
        if self.counts == "said":
            said = fraction(self.said_on)
            return said + self.low, said + self.high
        return None

    def words(self) -> str:
        """``by 2029``, ``in 2 to 3 years``, ``within a year``, ``6 years after the war``."""
        low, high = f"{self.low:g}", f"{self.high:g}"
        if self.counts == "year":
            return f"by {high}" if low == high else f"between {low} and {high}"
        if not self.high:
            return (
                "from the first day after the war"
                if self.counts == "war"
                else "possible at any time"
            )
        length = _YEARS.get(self.high, f"{high} years")
        if self.counts == "war":
            if low == high:
                return f"{length} after the war"
            return (
                f"{low} to {high} years after the war"
                if self.low
                else f"within {length} of the end of the war"
            )
        if not self.low:
            return f"within {length}"
        return f"in {length}" if low == high else f"in {low} to {high} years"

    def years(self, ceasefire: dt.date) -> tuple[float, float]:
        """Return the years that it names if the war ends on a day."""
        implied = self.implied
        if implied is not None:
            return implied
        end = fraction(ceasefire)
        return end + self.low, end + self.high


@dataclass(frozen=True)
class WarViews:
    """What is said now of one kind of war."""

    what: str
    newest: tuple[ReadinessStatement, ...]  #: the newest of each speaker, the newest first
    first: int  #: the years that they name
    last: int


@dataclass(frozen=True)
class ReplayedStatement:
    """A statement replayed: whether it is due, what came, and what ours says of the same day."""

    statement: ReadinessStatement
    due: dt.date | None
    came: bool | None  #: None: not due, or nothing in the record can decide it
    ours: (
        float | None
    )  #: our chance that the tanks are back by its later end; None where it is of something else


@dataclass(frozen=True)
class ServiceScore:
    """One service: its statements, how many fell due and could be decided, and how its date
    moved.
    """

    service: str
    statements: int
    due: int
    decided: int
    right: int
    moved: (
        float | None
    )  #: years by which the date it names moves in a year; 1: a horizon that is never reached


def statements(known: Figures) -> list[ReadinessStatement]:
    """Return every statement that was public, the oldest first."""
    found = [_statement(k, r) for k, r in known.rows.items() if r.metric == "ready by"]
    return sorted(found, key=lambda s: (s.said_on, s.who))


def _statement(key: str, row: FigureRow) -> ReadinessStatement:
    ends = [x for x in (row.low, row.high) if x is not None]
    counts = COUNTS[row.unit]
    return ReadinessStatement(
        row.originator, row.item, min(ends), max(ends), counts, row.known_on, row.url, key
    )


def views_of_war(
    said: Sequence[ReadinessStatement], today: dt.date, ceasefire: dt.date
) -> list[WarViews]:
    """Return what is said now of each kind of war, the smallest first.

    Years that have passed are no view of what is to come: a statement whose last year is over is
    left out, and one that has begun counts from this year.
    """
    found = []
    for what in WARS:
        own = {
            s.service: s
            for s in sorted(said, key=lambda s: s.said_on)
            if s.what == what and (today - s.said_on).days <= SAID_NOW
        }
        to_come = [s for s in own.values() if int(s.years(ceasefire)[1]) >= today.year]
        if to_come:
            newest = sorted(to_come, key=lambda s: s.said_on, reverse=True)
            spans = [s.years(ceasefire) for s in newest]
            first = max(today.year, int(min(low for low, _ in spans)))
            last = int(max(high for _, high in spans))
            found.append(WarViews(what, tuple(newest), first, last))
    return found


def replay(
    said: Sequence[ReadinessStatement],
    today: dt.date,
    listed_to: dt.date,
    back_by: Sequence[float],
    ceasefire: dt.date,
) -> list[ReplayedStatement]:
    """Return each statement with what became of it.

    Parameters
    ----------
    listed_to
        the last day on which losses were listed: the war was on.
    back_by
        our share of draws in which the tanks are back, by month after ``ceasefire``.
    """
    found = []
    for s in said:
        span = s.implied
        due = _day(span[1]) if span else None
        came = None
        if due is not None and due <= today and s.what == WAR_GOES_ON:
            came = listed_to > due
        ours = None
        if s.what in REBUILT and back_by:
            months = s.high * 12 if due is None else (due - ceasefire).days / 30.44
            ours = back_by[min(max(round(months), 0), len(back_by) - 1)] if months >= 0 else 0.0
        found.append(ReplayedStatement(s, due, came, ours))
    return found


def _day(year: float) -> dt.date:
    whole = int(year)
    if whole == year:  # by 2029: its last day
        return dt.date(whole, 12, 31)
    return dt.date(whole, 1, 1) + dt.timedelta(days=(year - whole) * 365.25)


def scores(outcomes: Sequence[ReplayedStatement], today: dt.date) -> list[ServiceScore]:
    """Return each service's score, the one with most statements first."""
    by: dict[str, list[ReplayedStatement]] = {}
    for o in outcomes:
        by.setdefault(o.statement.service, []).append(o)
    found = []
    for service, own in by.items():
        due = [o for o in own if o.due is not None and o.due <= today]
        decided = [o for o in due if o.came is not None]
        right = sum(bool(o.came) for o in decided)
        found.append(ServiceScore(service, len(own), len(due), len(decided), right, _moved(own)))
    return sorted(found, key=lambda s: (-s.statements, s.service))


def _moved(own: Sequence[ReplayedStatement]) -> float | None:
    """Return how the date named moves, in years a year, between statements of one thing; None
    without two of them.
    """
    rates = []
    for what in dict.fromkeys(o.statement.what for o in own):
        dated = [o.statement for o in own if o.statement.what == what and o.statement.implied]
        for a, b in pairwise(dated):
            apart = (b.said_on - a.said_on).days / 365.25
            if apart >= 0.25 and a.implied and b.implied:
                rates.append((sum(b.implied) - sum(a.implied)) / 2 / apart)
    return sum(rates) / len(rates) if rates else None
