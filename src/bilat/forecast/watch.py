# SPDX-License-Identifier: Apache-2.0
"""The watch between two dates: what came in, what stands out, what fell silent, which answers changed, how the
headlines of the plans moved, and what is due. Everything is as of the two dates: nothing known later enters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bilat.catalog import tables
from bilat.contingency.questions import BlockadeQuestion
from bilat.document import Frame, wording
from bilat.dyad import Dyad
from bilat.errors import BilatError, UsageError
from bilat.forecast.alarms import (
    Alarm,
    StoppedRecord,
    StreamStatus,
    board_alarms,
    due,
    silences,
    status,
)
from bilat.forecast.events import DatedEvent, dated_events, published
from bilat.forecast.new_figures import AssemblyVotes, NewFigure, assembly_votes, new_figures
from bilat.forecast.power import Power, power
from bilat.forecast.questions import ForecastQuestion, questions
from bilat.forecast.reasons import Changed, NewGround, changes
from bilat.forecast.signals import NewListings, added
from bilat.forecast.streams import Stream, is_paper_pair, specs, streams
from bilat.holdings import Holdings
from bilat.measures import Ask, default_holdings
from bilat.planning.assumptions import Assumption
from bilat.planning.lineage import InputRow
from bilat.planning.plans import Plan, PlanHeadline
from bilat.regeneration.questions import RecoveryQuestion
from bilat.regeneration.recovery.answer import first_month_of_peace
from bilat.regeneration.recovery.beliefs import Belief, beliefs
from bilat.regeneration.recovery.records import RecoveryRecords, month_end
from bilat.verdicts.evidence import documents
from bilat.when import AsOf

#: A plan's headline has moved when its median differs by more than this share.
MOVED = 0.05
#: Reasons that are named under a headline that moved.
REASONS = 3
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
    """A plan's headline as of the two dates, of the same question; None where it could not be asked."""

    what: str
    before: PlanHeadline | None
    after: PlanHeadline | None
    because: tuple[str, ...]  #: what the later one rests on and the earlier did not

    @property
    def moved(self) -> bool:
        """Whether the median is another one."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        was = self.before.at.median
        now = self.after.at.median
        return was != now and not abs(now - was) <= MOVED * was


@dataclass(frozen=True)
class Due:
    """Something that is to come: a question's close, a count, a record's next month."""

    day: dt.date
    what: str


@dataclass(frozen=True)
class Watch:
    """What the watch saw."""

    dyad: Dyad
    first: AsOf
    last: AsOf
    known: tuple[Known, ...]
    alarms: tuple[Alarm, ...]
    happened: tuple[DatedEvent, ...]  #: events of every state in the order of their days
    silences: tuple[StoppedRecord, ...]  #: records that fell silent between the dates
    silent: tuple[StoppedRecord, ...]  #: and those that were silent before
    verdicts: tuple[Changed, ...]  #: answers that something published between the dates turned
    newly_read: tuple[Changed, ...]  #: answers turned by pages that may have appeared before
    added: tuple[NewListings, ...]  #: parties that the lists gained
    beliefs: tuple[Belief, ...]  #: beliefs whose figures came in
    headlines: tuple[Headline, ...]
    due: tuple[Due, ...]
    streams: tuple[StreamStatus, ...]  #: every stream of the pair, and whether it can be judged
    power: Power
    failed: tuple[str, ...] = field(default=())  #: what could not be asked, and why
    said: tuple[DatedEvent, ...] = ()  #: pages on the two states that appeared between the dates
    grounds: tuple[NewGround, ...] = ()  #: answers that stay, and rest on something new
    figures: tuple[NewFigure, ...] = ()  #: newest figures of the two states, usual or not
    votes: AssemblyVotes | None = None
    by_time: tuple[Changed, ...] = ()  #: answers that changed without anything new
    by_question: tuple[Changed, ...] = ()  #: and those whose question is another one
    silences_of_one: tuple[StoppedRecord, ...] = ()  #: of records of one of the two states

    @property
    def alive(self) -> int:
        """How many streams can be judged on the later date."""
        return sum(s.alive for s in self.streams)

    @property
    def own(self) -> tuple[Alarm, ...]:
        """The alarms of the two states."""
        return tuple(a for a in self.alarms if a.stream.concerns(self.dyad))

    @property
    def of_both(self) -> tuple[Alarm, ...]:
        """The alarms of records of the two states together."""
        return tuple(a for a in self.own if a.stream.is_of_both(self.dyad))

    @property
    def of_one(self) -> tuple[Alarm, ...]:
        """The alarms of records of one of the two states."""
        return tuple(a for a in self.own if not a.stream.is_of_both(self.dyad))

    @property
    def beside(self) -> tuple[Alarm, ...]:
        """The alarms of records that concern all states, and neither of the two above others."""
        return tuple(a for a in self.alarms if not a.stream.concerns(self.dyad))

    @property
    def alarmed(self) -> bool:
        """Whether there is anything on the two states that a reader must see."""
        return bool(
            self.of_both or self.silences or self.verdicts or any(h.moved for h in self.headlines)
        )

    def without(self, claims: Collection[str]) -> Watch:
        """The watch without what it says of some claims."""
        events = [_bearing_on_others(h, claims) for h in self.happened]
        said = [_bearing_on_others(h, claims) for h in self.said]
        return replace(
            self,
            verdicts=tuple(c for c in self.verdicts if c.claim not in claims),
            newly_read=tuple(c for c in self.newly_read if c.claim not in claims),
            by_time=tuple(c for c in self.by_time if c.claim not in claims),
            by_question=tuple(c for c in self.by_question if c.claim not in claims),
            grounds=tuple(g for g in self.grounds if g.claim not in claims),
            happened=tuple(events),
            said=tuple(said),
        )


def _bearing_on_others(event: DatedEvent, claims: Collection[str]) -> DatedEvent:
    """An event without the claims given."""
    left = [cited for cited in event.claims if cited[1] not in claims]
    return replace(event, claims=tuple(left))


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
    a = AsOf(first)
    b = AsOf(last)
    if a.date >= b.date:
        raise UsageError(f"the earlier date {a} is not before {b}. Write the earlier date first")
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    held = holdings or default_holdings()
    found, failed = streams(b, held)
    mine = [s for s in found if s.of(pair)]
    seen = []
    for alarm in board_alarms(mine, pair):
        if a.date < alarm.known <= b.date:
            seen.append(alarm)

    def own_first(alarm: Alarm) -> tuple[bool, float]:
        return not alarm.stream.concerns(pair), alarm.chance

    quiet = silences(mine, b.date)
    of_both = [s for s in mine if s.is_of_both(pair)]
    of_one = [s for s in mine if s.concerns(pair) and not s.is_of_both(pair)]
    turned, grounds = changes(pair, a, b, held)
    return Watch(
        pair,
        first=a,
        last=b,
        known=tuple(_known(a, b, held, pair)),
        alarms=tuple(sorted(seen, key=own_first)),
        happened=tuple(dated_events(a, b, held)),
        silences=tuple(s for s in silences(of_both, b.date) if s.due > a.date),
        silences_of_one=tuple(s for s in silences(of_one, b.date) if s.due > a.date),
        silent=tuple(s for s in quiet if s.due <= a.date),
        verdicts=tuple(c for c in turned if c.published),
        newly_read=tuple(c for c in turned if c.cause == "newly read"),
        by_time=tuple(c for c in turned if c.cause == "time"),
        by_question=tuple(c for c in turned if c.cause == "question"),
        added=tuple(added(a, b, held, pair)),
        beliefs=tuple(_beliefs(a, b, held, pair)),
        headlines=tuple(_headlines(a, b, held, pair)),
        due=tuple(_due(b, mine, pair)),
        streams=tuple(status(s, b.date) for s in mine),
        power=power(found, chronicle=list(documents(b, held).values())),
        failed=(*failed, *(p.damage for p in held.damaged)),
        said=tuple(h for h in published(a, b, held) if h.concerns(pair)),
        grounds=tuple(grounds),
        figures=tuple(new_figures(mine, pair, a, b)),
        votes=assembly_votes(pair, a, b, held),
    )


def _known(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Known]:
    asked = Ask(pair, _as_of=last, params={}, _holdings=holdings)
    damaged = {p.table for p in holdings.damaged}
    out = []
    for table in sorted(set(tables()) - damaged):
        rows = asked.query(
            "SELECT source, count(*) AS n, min(period) AS first, max(period) AS last, "
            f'max(known_on) AS known FROM "{table}" WHERE known_on > ? GROUP BY source ORDER BY source',
            first.date,
        )
        out += [
            Known(
                table,
                source=r["source"],
                rows=r["n"],
                first=r["first"],
                last=r["last"],
                known=str(r["known"]),
            )
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
        days = (
            [b.known]
            if b.known
            else [r["known_on"] for r in records.figures(list(b.rows), "watch")]
        )
        if any(first.date < d <= last.date for d in days):
            out.append(b)
    return out


def _headlines(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Headline]:
    """The headlines of the plans, for the pair that they are about: the figures that `bilat plan` prints."""
    if set(pair) != {"RUS", "CHN"}:
        return []
    # the same ceasefire on both dates: a month that passes is no news
    month, peace = first_month_of_peace(None, last)
    plans: tuple[tuple[Plan, int, str], ...] = (
        (
            RecoveryQuestion(ceasefire=peace),
            0,
            f"After a ceasefire in {month_end(month):%B %Y}, Russia has its tanks back in",
        ),
        (
            BlockadeQuestion("sea"),
            2,
            "If everything that comes by sea stopped, China's oil stocks would last",
        ),
    )
    frames = [Frame(as_of=day, holdings=holdings) for day in (first, last)]
    out = []
    for plan, place, what in plans:
        was, now = (_headline(plan, place, frame) for frame in frames)
        because = tuple(_because(plan, *frames)) if was and now and was.at != now.at else ()
        out.append(Headline(what, before=was, after=now, because=because))
    return out


def _headline(plan: Plan, place: int, frame: Frame) -> PlanHeadline | None:
    try:
        return next(iter(plan.headlines(frame)[place:]), None)
    except BilatError:
        return None


def _because(plan: Plan, first: Frame, last: Frame) -> list[str]:
    """What a plan rests on at the later date and did not at the earlier, what differs most first."""
    was, now = ({r.input: r for r in plan.rests_on(f)} for f in (first, last))
    earlier = plan.numbers(first)
    later = plan.numbers(last)
    out = []
    for name, row in now.items():
        old = was.get(name)
        if old is None or (old.source, old.locator) != (row.source, row.locator):
            what = later[name].meaning if name in later else name.replace("_", " ")
            out.append((_change(old, row), f"{what}: {_replaced(old, row)}"))
    for name, number in later.items():
        if name not in earlier:
            continue
        before = _range_text(earlier[name])
        after = _range_text(number)
        if before != after:
            moved = abs(number.value / earlier[name].value - 1) if earlier[name].value else 0.0
            out.append((moved, f"{number.meaning}: {before} became {after}"))
    return [said for _, said in sorted(out, key=lambda x: -x[0])[:REASONS]]


def _replaced(old: InputRow | None, new: InputRow) -> str:
    """Return the figure of a row, after the one whose place it took."""
    before = f"{_value(old)} {_dated(old.period)} became " if old else ""
    public = wording.period(new.known_on)
    figure = f"{_value(new)} {new.unit} {_dated(new.period)}"
    return f"{before}{figure}, published by {public}"


def _dated(period: str) -> str:
    """Return when a figure is of: ``for May 2024``, ``up to 1 May 2024`` for a running total."""
    last = period.removeprefix("to ")
    return f"up to {wording.period(last)}" if last != period else f"for {wording.period(period)}"


def _range_text(number: Assumption) -> str:
    """Return a number of a plan, or its range, to two digits."""
    if not number.varies:
        return _rounded(number.value)
    return f"{_rounded(number.low)} to {_rounded(number.high)}"


def _rounded(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.10g}"


def _change(old: InputRow | None, new: InputRow) -> float:
    """How far an input moved, as a share of what it was; 0 where it is no number, or new."""
    if old is None or isinstance(old.value, str) or isinstance(new.value, str) or not old.value:
        return 0.0
    return abs(new.value / old.value - 1)


def _value(row: InputRow) -> str:
    return row.value if isinstance(row.value, str) else _rounded(row.value)


def _due(last: AsOf, mine: Sequence[Stream], pair: Dyad) -> list[Due]:
    """What is to come for the two states within the months ahead, the soonest first."""
    until = last.date + dt.timedelta(days=AHEAD)
    out = [
        Due(q.closes, f"a question closes: {q.asks}")
        for q in questions()
        if _is_about(q, pair) and q.opened <= last.date < q.closes <= until
    ]
    february = dt.date(last.date.year + (last.date > dt.date(last.date.year, 2, 15)), 2, 15)
    if "RUS" in tuple(pair) and february <= until:
        out.append(Due(february, "The Military Balance, with a count of Russia's active tanks"))
    newest: dict[str, dt.date] = {}
    for s in mine:
        if s.concerns(pair):
            day = due(s, max(s.values), margin=0)
            newest[s.family] = max(newest.get(s.family, dt.date.min), day)
    specs_by_name = {spec.name: spec for spec in specs()}
    for family, day in newest.items():
        if last.date < day <= until:
            spec = specs_by_name[family]
            step = "yearly" if spec.yearly else "monthly"
            out.append(Due(day, f"the next {step} figure: {spec.title}"))
    return sorted(out, key=lambda d: (d.day, d.what))


def _is_about(question: ForecastQuestion, pair: Dyad) -> bool:
    """Return whether a dated question is about two states: its record counts what both take part
    in, or they are Russia and China, on which all questions bear."""
    members = question.record.members if question.record else ()
    return is_paper_pair(pair) or set(pair) <= set(members)
