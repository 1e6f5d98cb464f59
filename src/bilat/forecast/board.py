# SPDX-License-Identifier: Apache-2.0
"""The watch as a document: the week's board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bilat.document import (
    Block,
    Column,
    Document,
    Finding,
    Next,
    Question,
    Say,
    Section,
    Table,
    wording,
)
from bilat.document.blocks import Cell
from bilat.forecast.alarm_text import (
    alarm_finding,
    chart,
    named,
    sentence,
    silence_finding,
    spoken,
    state_of,
    stopped,
    unit_of,
)
from bilat.forecast.alarms import Alarm, StoppedRecord
from bilat.forecast.events import DatedEvent, event_behind
from bilat.forecast.new_figures import AssemblyVotes, NewFigure
from bilat.forecast.power_text import in_short, power_blocks
from bilat.forecast.reasons import Changed, NewGround
from bilat.forecast.signals import of_interest
from bilat.forecast.watch import Headline, Watch
from bilat.places import spoken_name
from bilat.planning.plans import PlanHeadline
from bilat.units.notation import figure

#: The exit code that says: there is something to read.
ALARMED = 3
#: Rows of a table on the board; the data has all of them.
MOST = 12
#: Events that stand among the findings: those that speak for or against a claim, newest first.
MOST_EVENTS = 5
#: Roll calls on which two states differed that are named.
MOST_VOTES = 3


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
    blocks: list[Block] = [*_alarms(w, w.of_both), *_silences(w.silences)]
    blocks += [_verdict(c) for c in w.verdicts]
    blocks += [_plan(h) for h in w.headlines if h.moved]
    blocks += [_event(h) for h in own if h.claims][:MOST_EVENTS]
    return blocks + [chart(a) for a in w.of_both[:3]]


def _alarms(w: Watch, found: Sequence[Alarm]) -> list[Block]:
    return [alarm_finding(a, w.dyad, event_behind(a, w.happened)) for a in found]


def _silences(found: Sequence[StoppedRecord]) -> list[Block]:
    return [silence_finding(s, first=s is found[0]) for s in found]


def _of_one(w: Watch) -> list[Block]:
    """What is unusual, or silent, in records of one of the two states and not of both."""
    return [*_alarms(w, w.of_one), *_silences(w.silences_of_one)]


def _plan(h: Headline) -> Finding:
    return Finding(
        _moved(h),
        topic="plan",
        so_what="".join(f"New input: {x}. " for x in h.because).strip(),
    )


def _news(w: Watch, own: list[DatedEvent]) -> list[Block]:
    """The lists of what came between the dates, and what is to come."""
    sections: dict[str, list[Block]] = {
        "Unusual for one of the two states only": _of_one(w),
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
        "Answers that differ because the question changed": _verdicts(w.by_question),
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
        Section("How well this watch works", power_blocks(w.power), detail=True),
        Section("Which series we can judge", (_status(w),), detail=True),
    ]
    if w.silent:
        heads = (
            Column("record"),
            Column("number of series", number=True),
            Column("last month"),
            Column("next was due"),
        )
        rows = tuple((stopped(s), s.streams, s.last, s.due) for s in w.silent)
        table = Table(heads, rows)
        blocks.append(Section("Series that had stopped before this period", (table,), detail=True))
    if w.failed:
        failed = tuple(Say(f, "warning") for f in w.failed)
        blocks.append(Section("Could not be read", failed, detail=True))
    return blocks


def _summary(w: Watch, events: int) -> tuple[str, ...]:
    """Return the first lines: what is unusual, what changed, what came, and how far to trust it."""
    moved = [_moved(h) for h in w.headlines if h.moved]
    return (
        *_unusual(w),
        *_changed(w.verdicts),
        *moved,
        *_came(w, events),
        in_short(w.power),
    )


def _unusual(w: Watch) -> list[str]:
    """Return which series have an unusual figure, those of both states first."""
    lines = []
    if w.of_both:
        lines.append(f"Unusual figures: {_first(w.of_both)}.")
    else:
        between = " on the two together" if w.of_one or w.beside else ""
        lines.append(
            f"No series has an unusual figure{between}. We have enough data to judge {_judged(w)}."
        )
    for state in w.dyad:
        of_state = [a for a in w.of_one if state_of(a.stream, w.dyad) == state]
        if of_state:
            lines.append(f"Unusual for {spoken_name(state)} alone: {_first(of_state)}.")
    return lines


def _judged(w: Watch) -> str:
    """Return how many series have data that can be judged: ``66 of the 67 series``."""
    total = len(w.streams)
    return f"all {total} series" if w.alive == total else f"{w.alive} of the {total} series"


def _first(found: Sequence[Alarm]) -> str:
    return "; ".join(map(named, found[:MOST_EVENTS]))


def _changed(verdicts: Sequence[Changed]) -> list[str]:
    """Return the answers that changed, the first by name and the others by their number."""
    told = verdicts[:MOST_EVENTS]
    lines = [
        f"{c.says.rstrip('.')} ({c.claim}): our answer has changed from “{c.before}” to "
        f"“{c.after}”."
        for c in told
    ]
    if others := len(verdicts) - len(told):
        name = wording.capital(wording.few_text(others, "other answers"))
        lines.append(f"{name} {_have(others)} changed.")
    return lines


def _came(w: Watch, events: int) -> list[str]:
    """Return how many records stopped, how many events and how many rows came."""
    lines = []
    if stops := len(w.silences):
        records = wording.capital(wording.few_text(stops, "records"))
        lines.append(f"{records} {_have(stops)} stopped.")
    if events:
        there = "There is" if events == 1 else "There are"
        dated = wording.few_text(events, "dated events")
        lines.append(f"{there} {dated} between the two states.")
    rows = sum(k.rows for k in w.known)
    lines.append(f"{rows:,} data rows are new." if rows else "We have no new data for these days.")
    return [" ".join(lines)]


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _moved(h: Headline) -> str:
    """A headline that is another one, in a sentence."""
    was, now = (x.about() if x else "not known" for x in (h.before, h.after))
    return f"{h.what} {now}. On the earlier date the figure was {was.partition(' (')[0]}."


def _beside(w: Watch) -> list[Block]:
    return [Say(f"{sentence(a)}. Public by {wording.day(a.known)}.") for a in w.beside]


def _event(h: DatedEvent) -> Finding:
    means = " ".join(
        f"{side.capitalize()} {id}: {claim.rstrip('.')}." for side, id, claim in h.claims
    )
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
        blocks.append(Say(_voted(w.votes, [spoken_name(state) for state in w.dyad])))
    return blocks


def _voted(votes: AssemblyVotes, states: Sequence[str]) -> str:
    """Return how often two states voted alike, and on what they differed."""
    both = wording.capital(wording.joined([*states]))
    apart = "; ".join(votes.apart[:MOST_VOTES])
    if votes.roll_calls == 1:
        alike = "alike" if votes.alike else "differently"
        on = f": {apart}" if apart else ""
        return f"{both} voted {alike} in the one roll call of the General Assembly{on}."
    calls = f"{votes.roll_calls} roll calls of the General Assembly"
    if not votes.apart:
        every = "both" if votes.roll_calls == 2 else f"all {votes.roll_calls}"
        return f"{both} voted alike in {every} roll calls of the General Assembly."
    some = f" {wording.few(len(votes.apart))}, among them" if len(votes.apart) > MOST_VOTES else ""
    if not votes.alike:
        among = "among them " if some else ""
        return f"{both} voted alike in none of {calls}. They differed on {among}{apart}."
    return f"{both} voted alike in {votes.alike} of {calls}. They differed on{some} {apart}."


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
        unit = unit_of(f.stream)
        before = "not known"
        if f.year_before is not None:
            before = figure(f.year_before, unit)
        row = (
            spoken(f.stream),
            f.stream.period(f.month),
            figure(f.value, unit),
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


def _verdict(c: Changed) -> Finding:
    return Finding(
        f"Our answer to {c.claim} has changed from “{c.before}” to “{c.after}”. {c.below}",
        topic="answer",
        so_what=" ".join(c.reasons[:2]),
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
