# SPDX-License-Identifier: Apache-2.0
"""The watch between two dates: what came in, what stands out, what fell silent, which answers changed, how the
headlines of the plans moved, and what is due. Everything is as of the two dates: nothing known later enters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bilat.catalog import tables
from bilat.document import Point
from bilat.dyad import Dyad
from bilat.errors import BilatError, UsageError
from bilat.forecast.alarms import LEVEL, Alarm, StoppedRecord, alarms, deviations, due, silences
from bilat.forecast.happened import Happened, happened
from bilat.forecast.power import Power, power
from bilat.forecast.questions import questions
from bilat.forecast.reasons import Changed, changed
from bilat.forecast.signals import NewListings, added
from bilat.forecast.streams import Stream, specs, streams
from bilat.holdings import Holdings
from bilat.measures import Ask, ask, default_holdings
from bilat.regeneration.recovery.beliefs import Belief, beliefs
from bilat.regeneration.recovery.records import RecoveryRecords
from bilat.verdicts import judge
from bilat.when import AsOf

#: Headlines of the plans that are followed: (what, measure, group, parameters, unit).
HEADLINES: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
    ("tanks back with Chinese components", "recovery.months", "components", {}, "months"),
    ("stocks with everything by sea stopped", "blockade.days", "sea", {"close": "sea"}, "days"),
)
#: Days ahead within which a question or a figure is due soon.
AHEAD = 120


@dataclass(frozen=True)
class Known:
    """Rows of one table of one source that became known."""

    table: str
    source: str
    rows: int
    first: str  #: the earliest and the latest period that they speak of
    last: str
    known: str  #: the last day on which one of them became known


@dataclass(frozen=True)
class Headline:
    """A plan's headline as of the two dates; None where it could not be asked or has no end."""

    what: str
    unit: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Due:
    """Something that is to come: a question's close, a count, a record's next month."""

    day: dt.date
    what: str


@dataclass(frozen=True)
class Expected:
    """What the next month of a stream should be: the median, and what would not stand out by two deviations."""

    stream: Stream
    after: str  #: its last month
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Watch:
    """What the watch saw."""

    dyad: Dyad
    first: AsOf
    last: AsOf
    known: tuple[Known, ...]
    alarms: tuple[Alarm, ...]
    happened: tuple[Happened, ...]  #: events of every state in the order of their days
    silences: tuple[StoppedRecord, ...]  #: records that fell silent between the dates
    silent: tuple[StoppedRecord, ...]  #: and those that were silent before
    verdicts: tuple[Changed, ...]
    added: tuple[NewListings, ...]  #: parties that the lists gained
    beliefs: tuple[Belief, ...]  #: beliefs whose figures came in
    headlines: tuple[Headline, ...]
    due: tuple[Due, ...]
    expected: tuple[Expected, ...]
    streams: int  #: how many were watched
    power: Power
    failed: tuple[str, ...] = field(default=())  #: what could not be asked, and why

    @property
    def alarmed(self) -> bool:
        """Whether there is anything that a reader must see."""
        return bool(self.alarms or self.silences or self.verdicts)

    def without(self, claims: Collection[str]) -> Watch:
        """The watch without what it says of some claims."""
        events = tuple(
            replace(h, claims=tuple(c for c in h.claims if c[1] not in claims)) for h in self.happened
        )
        return replace(
            self, verdicts=tuple(c for c in self.verdicts if c.claim not in claims), happened=events
        )


def watch(
    first: AsOf | str,
    last: AsOf | str,
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    *,
    holdings: Holdings | None = None,
) -> Watch:
    """What changed in the public record between two dates.

    Raises
    ------
    UsageError
        if the second date is not after the first.
    """
    a, b = AsOf(first), AsOf(last)
    if a.date >= b.date:
        raise UsageError(f"the earlier date {a} is not before {b}; write the earlier date first")
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    held = holdings or default_holdings()
    found, failed = streams(b, held)
    mine = [s for s in found if s.of(pair)]
    seen = sorted((x for x in alarms(mine) if a.date < x.known <= b.date), key=lambda x: x.chance)
    quiet = silences(mine, b.date)
    return Watch(
        pair, a, b, tuple(_known(a, b, held, pair)), tuple(seen), tuple(happened(a, b, held)),
        tuple(s for s in quiet if s.due > a.date),
        tuple(s for s in quiet if s.due <= a.date),
        tuple(changed(judge(pair, a, held), judge(pair, b, held))),
        tuple(added(a, b, held, pair)), tuple(_beliefs(a, b, held, pair)),
        tuple(_headlines(a, b, held, pair)), tuple(_due(b, mine)), tuple(_expected(mine)), len(mine), power(found),
        (*failed, *(p.damage for p in held.damaged)),
    )  # fmt: skip


def _known(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Known]:
    asked = Ask(pair, last, {}, holdings)
    damaged = {p.table for p in holdings.damaged}
    out = []
    for table in sorted(set(tables()) - damaged):
        rows = asked.query(
            "SELECT source, count(*) AS n, min(period) AS first, max(period) AS last, "
            f'max(known_on) AS known FROM "{table}" WHERE known_on > ? GROUP BY source ORDER BY source',
            first.date,
        )
        out += [
            Known(table, r["source"], r["n"], r["first"], r["last"], str(r["known"]))
            for r in rows.to_pylist()
        ]
    return sorted(out, key=lambda k: (k.table, k.source))


def _beliefs(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Belief]:
    """Beliefs about Russia's tanks whose figures became known between the dates."""
    if "RUS" not in tuple(pair):
        return []
    records = RecoveryRecords(holdings, last)
    out = []
    for b in beliefs():
        days = [b.known] if b.known else [r["known_on"] for r in records.figures(list(b.rows), "watch")]
        if any(first.date < d <= last.date for d in days):
            out.append(b)
    return out


def _headlines(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Headline]:
    """The headlines of the plans, for the pair that they are about."""
    if set(pair) != {"RUS", "CHN"}:
        return []
    out = []
    for what, measure, group, params, unit in HEADLINES:
        was, now = (_point(measure, group, params, day, holdings, pair) for day in (first, last))
        out.append(
            Headline(
                what, unit, was.value if was else None, now.value if now else None, now.low if now else None,
                now.high if now else None,
            )
        )  # fmt: skip
    return out


def _point(
    measure: str, group: str, params: dict[str, str], day: AsOf, holdings: Holdings, pair: Dyad
) -> Point | None:
    try:
        m = ask(measure, pair, as_of=day, holdings=holdings, **params)
    except BilatError:
        return None
    return next((p for p in m.points if p.group == group), None)


def _due(last: AsOf, mine: Sequence[Stream]) -> list[Due]:
    """What is to come within the months ahead, the soonest first."""
    until = last.date + dt.timedelta(days=AHEAD)
    out = [
        Due(q.closes, f"closes: {q.asks}") for q in questions() if q.opened <= last.date < q.closes <= until
    ]
    february = dt.date(last.date.year + (last.date > dt.date(last.date.year, 2, 15)), 2, 15)
    if february <= until:
        out.append(Due(february, "The Military Balance: a count of Russia's active tanks"))
    titles = {s.name: s.title for s in specs()}
    newest: dict[str, dt.date] = {}
    for s in mine:
        newest[s.family] = max(newest.get(s.family, dt.date.min), due(s, max(s.values), margin=0))
    out += [
        Due(day, f"the next month of: {titles[family]}")
        for family, day in newest.items()
        if last.date < day <= until
    ]
    return sorted(out, key=lambda d: (d.day, d.what))


def _expected(mine: Sequence[Stream]) -> list[Expected]:
    """The next month of each stream that is not silent, those with the narrowest range first."""
    out = []
    newest: dict[str, str] = {}
    for s in mine:
        newest[s.family] = max(newest.get(s.family, ""), max(s.values))
    for s in mine:
        judged = deviations(s)
        if not judged or max(s.values) != newest[s.family]:
            continue
        _, _, spread = judged[max(judged)]
        level = float(np.median([s.values[m] for m in sorted(s.values)[-LEVEL:]]))
        out.append(Expected(s, max(s.values), level, level * np.exp(-2 * spread), level * np.exp(2 * spread)))
    return sorted(out, key=lambda e: (e.high / max(e.low, 1e-9), e.stream.title))
