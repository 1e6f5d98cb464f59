# SPDX-License-Identifier: Apache-2.0
"""The watch as a document: the week's board."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bilat.catalog.sources import sources
from bilat.document import (
    Block,
    Column,
    Document,
    Figure,
    Finding,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
    wording,
)
from bilat.document.blocks import Cell
from bilat.forecast.alarms import BUDGET, Alarm, StoppedRecord
from bilat.forecast.events import DatedEvent, event_behind
from bilat.forecast.new_figures import NewFigure
from bilat.forecast.power import WITHIN, Power
from bilat.forecast.reasons import Changed, NewGround
from bilat.forecast.signals import of_interest
from bilat.forecast.streams import Spec, Stream, specs
from bilat.forecast.watch import Headline, Watch
from bilat.places import country_name, country_or_none
from bilat.planning.plans import PlanHeadline
from bilat.regeneration.equipment import CLAIMED, LISTED
from bilat.units import Unit
from bilat.units.notation import count_text, figure, money, value_text
from bilat.when import Period

#: The exit code that says: there is something to read.
ALARMED = 3
#: Rows of a table on the board; the data has all of them.
MOST = 12
#: Events that stand among the findings: those that speak for or against a claim, newest first.
MOST_EVENTS = 5
#: Roll calls on which two states differed that are named.
MOST_VOTES = 3
#: Series of a record that stopped that are named; more are counted.
MOST_NAMES = 4
#: Months of a stream that an alarm's chart shows.
SHOWN = 13


def document(w: Watch, question: Question) -> Document:
    """What stands out first, then what happened and changed, what is due, and what the watch can see at all."""
    own = [h for h in reversed(w.happened) if h.concerns(w.dyad)]
    blocks = [
        *_findings(w, own),
        *_news(w, own),
        *_details(w),
        Next("See what has changed since the paper", question.but(since="2023-03-20")),
    ]
    return Document(
        "watch",
        title=f"{w.dyad.name}, {w.first} to {w.last}",
        summary=_summary(w, len(own)),
        blocks=tuple(blocks),
        data=w,
        question=question,
        dyad=w.dyad,
        as_of=w.last,
        exit=ALARMED if w.alarmed else 0,
    )


def _findings(w: Watch, own: list[DatedEvent]) -> list[Block]:
    """What stands out: unusual figures, silence, other answers, moved plans, events on claims."""
    blocks: list[Block] = [*(_alarm(a, event_behind(a, w.happened)) for a in w.own)]
    blocks += [_silence(s, first=s is w.silences[0]) for s in w.silences]
    blocks += [_verdict(c) for c in w.verdicts]
    blocks += [_plan(h) for h in w.headlines if h.moved]
    blocks += [_event(h) for h in own if h.claims][:MOST_EVENTS]
    return blocks + [_chart(a) for a in w.own[:3]]


def _silence(s: StoppedRecord, *, first: bool) -> Finding:
    """Return that a record stopped; what that means stands below the first."""
    return Finding(
        f"{_stopped(s)}: no figure after {wording.period(s.last)}; the next was due by "
        f"{wording.period(str(s.due))}.",
        topic="silent",
        so_what="A record that stops is not a sign of calm." if first else "",
    )


def _stopped(s: StoppedRecord) -> str:
    """Return what a record counts and, where others of its family go on, the series that stopped."""
    what = wording.capital(_spec(s.family).title)
    names = [_names_in_words(s.family, name) for name in s.names]
    if len(names) > MOST_NAMES:
        others = wording.few_text(len(names) - MOST_NAMES + 1, "others")
        names = [*names[: MOST_NAMES - 1], f"and {others}"]
    return f"{what} ({'; '.join(names)})" if names else what


def _plan(h: Headline) -> Finding:
    return Finding(
        _moved(h),
        topic="plan",
        so_what="".join(f"New input: {x}. " for x in h.because).strip(),
    )


def _news(w: Watch, own: list[DatedEvent]) -> list[Block]:
    """The lists of what came between the dates, and what is to come."""
    sections: dict[str, list[Block]] = {
        "What happened between the two states": _happened(own, w),
        "New figures for the two states": _figures(w.figures),
        "Published on the two states": _events(_one_a_page(_newest(w.said))),
        "Answers that stay the same but rest on something new": _grounds(w.grounds),
        "How the plans' main results moved": _headlines(w.headlines),
        "Which publishers have new figures": _beliefs(w),
        "Due": _due(w),
        "Other signs": _signs(w),
        "Beyond the two: trade with others, and records of all states": _beside(w),
        "Newly read: sources that may be older than this period": _verdicts(w.newly_read),
        "Answers that changed because time passed": _verdicts(w.by_time),
    }
    return [Section(title, tuple(blocks)) for title, blocks in sections.items() if blocks]


def _beliefs(w: Watch) -> list[Block]:
    return [Say(f"{b.who}: {b.says}.") for b in w.beliefs]


def _verdicts(found: tuple[Changed, ...]) -> list[Block]:
    return [_verdict(c) for c in found]


def _due(w: Watch) -> list[Block]:
    heads = (
        Column("due by"),
        Column("what is due"),
    )
    rows = tuple((d.day, d.what) for d in w.due[:MOST])
    return _listed(heads, rows, len(w.due))


def _listed(
    heads: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], total: int, title: str = ""
) -> list[Block]:
    """A table; nothing where there is no row."""
    if not rows:
        return []
    return [Table(heads, rows, title, total=total)]


def _details(w: Watch) -> list[Block]:
    """What the watch rests on and how well it works."""
    blocks: list[Block] = [Section("New data", (_known(w),), detail=True)] if w.known else []
    blocks += [
        Section("How well this watch works", _power(w.power), detail=True),
        Section("Which series we can judge", (_status(w),), detail=True),
    ]
    if w.silent:
        heads = (
            Column("record"),
            Column("number of series", number=True),
            Column("last month"),
            Column("next was due"),
        )
        rows = tuple((_stopped(s), s.streams, s.last, s.due) for s in w.silent)
        table = Table(heads, rows)
        blocks.append(Section("Series that had stopped before this period", (table,), detail=True))
    if w.failed:
        failed = tuple(Say(f, "warning") for f in w.failed)
        blocks.append(Section("Could not be read", failed, detail=True))
    return blocks


def _summary(w: Watch, events: int) -> tuple[str, ...]:
    seen = "; ".join(_named(a) for a in w.own[:MOST_EVENTS])
    changed = w.verdicts[:MOST_EVENTS]
    moved = [h for h in w.headlines if h.moved]
    lines = [f"Unusual figures: {seen}."] if seen else []
    lines += [
        f"{c.says.rstrip('.')} ({c.claim}): our answer has changed from “{c.before}” to "
        f"“{c.after}”."
        for c in changed
    ]
    if others := len(w.verdicts) - len(changed):
        named = wording.capital(wording.few_text(others, "other answers"))
        lines.append(f"{named} {_have(others)} changed.")
    lines += [_moved(h) for h in moved]
    if not seen:
        own = " on the two" if w.beside else ""
        lines.append(
            f"None of the {w.alive} series that we can judge, of {len(w.streams)} stored, has an "
            f"unusual figure{own}."
        )
    rest = [
        f"{count_text(len(w.silences), 'records')} {_have(len(w.silences))} stopped"
        if w.silences
        else "",
        f"{count_text(events, 'dated events')} between the two states" if events else "",
        f"{sum(k.rows for k in w.known):,} data rows are new"
        if w.known
        else "we have no new data for these days",
    ]
    said = "; ".join(filter(None, rest))
    p = w.power
    late = f", typically {wording.few_text(round(p.delay), 'months')} late" if p.delay else ""
    return (
        *lines,
        f"{said[0].upper()}{said[1:]}.",
        f"{_lift(p)} Of {p.testable} chosen events that its data could have shown by then, the "
        "watch saw "
        f"{p.found}{late}.",
    )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _lift(p: Power) -> str:
    """Return how many events drawn by lot an alarm followed, against random months."""
    drawn = count_text(len(p.drawn), "events")
    said = f"An alarm followed {p.drawn_seen} of {drawn} drawn by lot from dated documents"
    if p.lift is None:
        return f"{said}; no alarm could have."
    by_luck = f"by chance it would have followed {p.drawn_by_luck:.1f}"
    if p.is_luck:
        return f"{said}; {by_luck}. It did no better than chance (lift {p.lift:.1f})."
    return f"{said}; {by_luck} (lift {p.lift:.1f})."


def _named(a: Alarm) -> str:
    return f"{spoken(a.stream)} ({a.direction} in {wording.period(a.stream.period(a.month))})"


def _moved(h: Headline) -> str:
    """A headline that is another one, in a sentence."""
    was, now = (x.about() if x else "not known" for x in (h.before, h.after))
    return f"{h.what} {now}. On the earlier date the figure was {was.partition(' (')[0]}."


def spoken(stream: Stream) -> str:
    """What a stream measures: ``Russia, tanks: losses listed by Oryx``."""
    return wording.capital(
        _spec(stream.family).label.format(name=_names_in_words(stream.family, stream.name))
    )


def _names_in_words(family: str, name: str) -> str:
    """Return the name of a stream with states and equipment written out."""
    for published, latin in _LATIN.items():
        name = name.replace(published, latin)
    side, _, what = name.partition(" ")
    if family in _OF_EQUIPMENT:
        return f"{country_name(side)}, {_OF_EQUIPMENT[family].get(what, what)}"
    plain = name.replace("_", " ")
    return re.sub(
        r"\b[A-Z]{3}\b",
        lambda m: country_name(m[0]) if country_or_none(m[0]) else m[0],
        plain,
    )


#: Models of drones that the record names in Ukrainian letters only.
_LATIN = {
    "Картограф": "Kartograf",
    "Молнія": "Molniya",
    "Привет": "Privet",
    "Фенікс": "Feniks",
}
#: Equipment in words, by the family whose names are of a side and a class.
_OF_EQUIPMENT = {"losses": LISTED, "claims": CLAIMED}


def _spec(family: str) -> Spec:
    return next(spec for spec in specs() if spec.name == family)


def _unit(stream: Stream) -> Unit:
    """Return the unit of a stream's figures."""
    spec = _spec(stream.family)
    return Unit(spec.kind, spec.unit or spec.kind)


def _alarm(a: Alarm, event: DatedEvent | None) -> Finding:
    """What happened, where the record has its day; what the months show; what it speaks for."""
    spec = _spec(a.stream.family)
    unit = _unit(a.stream)
    others = f"{wording.few(len(a.others))} other series of {spec.title.partition(',')[0]}"
    more = f"; {others} moved with it" if a.others else ""
    shows = f"{_shown(a)}{more}"
    meaning = spec.up if a.direction == "up" else spec.down
    said = f"{wording.period(event.when)}: {event.what} ({event.who}). " if event else ""
    return Finding(
        f"{said}{shows}.",
        topic=spec.title,
        now=Figure(a.value, unit),
        then=Figure(a.expected, unit),
        direction=a.direction,
        so_what=f"{meaning} Public since {wording.day(a.known)}.".strip(),
        evidence_to=(_end(a),),
    )


def _end(a: Alarm) -> dt.date:
    """Return the last day that the figure of an alarm speaks of."""
    return Period(a.stream.period(a.month)).end


def _beside(w: Watch) -> list[Block]:
    return [Say(f"{_shown(a)}; public since {wording.day(a.known)}.") for a in w.beside]


def _shown(a: Alarm) -> str:
    when = wording.period(a.stream.period(a.month))
    unit = _unit(a.stream)
    name = spoken(a.stream)
    value = _in_words(a.value, unit) if str(unit) in name else figure(a.value, unit)
    normal = _in_words(a.expected, unit)
    return f"{name}: {value} in {when}, when about {normal} is normal"


def _event(h: DatedEvent) -> Finding:
    means = "; ".join(f"{side.capitalize()} {id}: {claim}" for side, id, claim in h.claims)
    return Finding(
        f"{wording.period(h.when)}: {h.what} ({h.who}).",
        topic="event",
        so_what=means,
        evidence_to=(h.day,),
    )


def _events(found: list[DatedEvent]) -> list[Block]:
    heads = (
        Column("day"),
        Column("event"),
        Column("who says so"),
        Column("for or against claim"),
    )
    rows = []
    for h in found[:MOST]:
        claims = ", ".join(f"{side} {id}" for side, id, _ in h.claims)
        rows.append((h.when, h.what, h.who, claims))
    return _listed(heads, tuple(rows), len(found))


def _happened(own: list[DatedEvent], w: Watch) -> list[Block]:
    """Dated events, and how the two voted."""
    blocks = _events(own)
    if w.votes is not None:
        a, b = (country_name(state) for state in w.dyad)
        calls = count_text(w.votes.roll_calls, "roll calls")
        apart = "; ".join(w.votes.apart[:MOST_VOTES])
        differed = f" They differed on {apart}." if apart else ""
        blocks.append(
            Say(
                f"{a} and {b} voted alike in {w.votes.alike} of {calls} of the General Assembly."
                f"{differed}"
            )
        )
    return blocks


def _newest(found: tuple[DatedEvent, ...]) -> list[DatedEvent]:
    """Pages that bear on a claim first, then the newest."""
    return sorted(found, key=lambda h: (not h.claims, -h.day.toordinal()))


def _one_a_page(found: list[DatedEvent]) -> list[DatedEvent]:
    """Return one event for each page: its first statement, how many others it has, and the claims
    that any of them bears on."""
    pages: dict[tuple[str, dt.date, str], list[DatedEvent]] = {}
    for h in found:
        pages.setdefault((h.url, h.day, "" if h.url else h.what), []).append(h)
    return [_of_page(statements) for statements in pages.values()]


def _of_page(statements: list[DatedEvent]) -> DatedEvent:
    first, *others = statements
    if not others:
        return first
    more = wording.few_text(len(others), "other statements")
    claims = dict.fromkeys(cited for h in statements for cited in h.claims)
    return replace(first, what=f"{first.what} (and {more} on this page)", claims=tuple(claims))


_FIGURES = "Most unusual first"


def _figures(found: tuple[NewFigure, ...]) -> list[Block]:
    """The newest figure of each series beside that of a year before."""
    heads = (
        Column("series"),
        Column("period"),
        Column("figure"),
        Column("a year earlier"),
        Column("standard deviations from normal", ".1f", True),
    )
    rows: list[tuple[Cell, ...]] = []
    for f in found[:MOST]:
        unit = _unit(f.stream)
        before = "not known"
        if f.year_before is not None:
            before = _in_words(f.year_before, unit)
        row = (
            spoken(f.stream),
            f.stream.period(f.month),
            _in_words(f.value, unit),
            before,
            f.deviations,
        )
        rows.append(row)
    return _listed(heads, tuple(rows), len(found), title=_FIGURES)


def _grounds(found: tuple[NewGround, ...]) -> list[Block]:
    heads = (
        Column("claim"),
        Column("it says"),
        Column("our answer now"),
    )
    rows = tuple((g.claim, g.says, g.after) for g in found[:MOST])
    return _listed(heads, rows, len(found))


def _in_words(value: float, unit: Unit) -> str:
    return money(value, unit) or value_text(value, unit)


def _verdict(c: Changed) -> Finding:
    return Finding(
        f"Our answer to {c.claim} has changed from “{c.before}” to “{c.after}”. {c.below}",
        topic="answer",
        so_what=" ".join(c.reasons[:2]),
    )


def _chart(a: Alarm) -> Series:
    months = [m for m in sorted(a.stream.values) if m <= a.month][-SHOWN:]
    points = tuple(
        Point(a.stream.period(m), a.stream.values[m], kind="reported", group=a.stream.name)
        for m in months
    )
    step = "year" if a.stream.yearly else "month"
    spec = _spec(a.stream.family)
    return Series(
        f"{spoken(a.stream)}, by {step}",
        _unit(a.stream),
        points,
        foot=f"known on {a.known}",
        source="; ".join(dict.fromkeys(sources()[name].producer for name in spec.sources)),
    )


def _headlines(found: tuple[Headline, ...]) -> list[Block]:
    heads = (
        Column("result"),
        Column("before", number=True),
        Column("now", number=True),
    )
    rows = []
    for h in found:
        before, now = (_written(x) for x in (h.before, h.after))
        rows.append((h.what, before, now))
    return _listed(heads, tuple(rows), len(found))


def _written(headline: PlanHeadline | None) -> str:
    if headline is None:
        return "not known"
    return headline.about()


def _signs(w: Watch) -> list[Block]:
    said: list[Block] = []
    if near := of_interest(w.added, w.dyad):
        said.append(
            Say(
                f"The lists gained {sum(a.parties for a in near):,} entries from countries of "
                "interest."
            )
        )
        rows = tuple((a.list, a.country, a.programme, a.parties, a.since) for a in near[:MOST])
        heads = (
            Column("list"),
            Column("country"),
            Column("programme"),
            Column("entries", number=True),
            Column("since"),
        )
        said.append(Table(heads, rows, total=len(near), detail=True, title="Entries added"))
    return said


def _known(w: Watch) -> Table:
    rows = tuple((k.source, k.table, k.rows, f"{k.first} to {k.last}", k.known) for k in w.known)
    heads = (
        Column("source"),
        Column("table"),
        Column("rows", ",d", True),
        Column("period covered"),
        Column("latest publication"),
    )
    return Table(heads, rows, detail=len(rows) > MOST, title="Rows by source")


def _status(w: Watch) -> Table:
    """Return each stream with its last judged month, and why the newest is not judged."""
    ordered = sorted(w.streams, key=lambda s: (not s.alive, s.title))
    rows = tuple((s.title, s.judged or "never", s.why or "judged") for s in ordered)
    heads = (Column("series"), Column("last month judged"), Column("status"))
    return Table(heads, rows, total=len(rows))


def _power(p: Power) -> tuple[Block, ...]:
    rows = tuple(
        (
            s.event.what,
            s.event.day,
            s.alarm.known if s.alarm else None,
            "data do not reach back far enough"
            if not s.testable
            else "missed"
            if s.late is None
            else f"{s.late} months",
        )
        for s in p.seen
    )
    late = (
        f", typically {count_text(round(p.delay), 'months')} after the first month that moved"
        if p.delay is not None
        else ""
    )
    chosen = (
        f"We chose {len(p.seen)} events of 2021-26 because these records can show them, and knew "
        f"them when we set the direction of each alarm. Of these, {p.testable} could be seen and "
        f"{p.found} were{late}, each on the board of its own pair. On {p.calm} calm records, there "
        f"were {count_text(len(p.false), 'false alarms')} in {p.calm_years:.0f} years, or "
        f"{p.false_a_year / max(1, p.calm):.2f} a year on each. A first page has at most "
        f"{BUDGET:.0f} alarms a year, true or false. Monthly figures cannot show what lasts only "
        "days."
    )
    return (
        _by_lot(p),
        _drawn(p),
        Say(chosen),
        Table((Column("event"), Column("day"), Column("day of alarm"), Column("delay")), rows),
    )


def _by_lot(p: Power) -> Say:
    drawn = count_text(len(p.drawn), "events")
    return Say(
        f"We drew {drawn} between two states since 2022 by lot, from dated documents that belong "
        f"to no series. For {p.drawn_with_series} of them we have a series on the same topic and "
        f"pair; for {p.drawn_judged} we could judge it in the next {WITHIN} months. {_lift(p)} "
        "Most of what happens between states moves no monthly figure. Look for it in the lists of "
        "events, pages and new figures, not among the alarms."
    )


def _drawn(p: Power) -> Table:
    rows = tuple(
        (d.day, d.pair.name, d.what, spoken(d.alarm.stream) if d.alarm else "none") for d in p.drawn
    )
    heads = (Column("day"), Column("pair"), Column("event drawn by lot"), Column("alarm"))
    return Table(heads, rows, detail=True, total=len(rows))
