# SPDX-License-Identifier: Apache-2.0
"""The answer on recovery as a document: what each publisher's figure leads to, then all of them
together.
"""

from __future__ import annotations

import math

from bilat.catalog.sources import sources
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.blocks import Cell
from bilat.document.questions import question_named
from bilat.document.wording import day, joined, per_cent, period
from bilat.planning.blocks import (
    RANGES,
    assumed_line,
    chance,
    drivers_table,
    numbers_table,
    quantile_text,
    written_figure,
    yours_line,
)
from bilat.planning.lineage import first_inputs, model_source
from bilat.regeneration.recovery.answer import USED_UP, Help, Recovery
from bilat.regeneration.recovery.belief_blocks import (
    belief_blocks,
    next_count_line,
    publisher_of,
    when_back,
)
from bilat.regeneration.recovery.classes import OtherClass, balance, published
from bilat.regeneration.recovery.fit_blocks import (
    backtest_line,
    count_blocks,
    fit_blocks,
    forecasts_table,
    last_count_lines,
    short_backtest_line,
)
from bilat.regeneration.recovery.notation import HELPS, ranged_months, vehicles, years
from bilat.regeneration.recovery.readiness_blocks import attack_lines, statement_blocks
from bilat.regeneration.recovery.records import (
    LOSSES,
    RecoveryRecords,
    month_end,
    month_index,
    month_text,
)

#: Months after the ceasefire for which the share of draws that are back is printed.
SHOWN = (24, 60, 120)


def document(a: Recovery, question: Question) -> Document:
    """The answer for every surface."""
    what = f"Recovery of Russia's {a.klass.label} after a ceasefire in {period(a.ceasefire)}"
    title = f"{what}, as of {day(a.as_of.date)}"
    if not a.helps:
        return Document(
            "recovery",
            title,
            (f"Not known: {a.klass.why}",),
            (*_losses(a), *_rows(a)),
            a,
            question,
            as_of=a.as_of,
        )
    blocks: list[Block] = []
    if a.backtest:
        blocks.append(Section("How well earlier forecasts did", (Say(backtest_line(a.backtest)),)))
    blocks += [
        *belief_blocks(a),
        Section("All published figures together", _together(a)),
        *count_blocks(a),
        Section("What China's help is worth", _gains(a)),
        *statement_blocks(a),
        Section("What decides", _drivers(a)),
        Section("The model compared with published figures", fit_blocks(a), detail=True),
        *(
            [
                Section(
                    "Each forecast from an earlier date",
                    (forecasts_table(a.backtest),),
                    detail=True,
                )
            ]
            if a.backtest
            else []
        ),
        Section("Numbers", (numbers_table(a.numbers),), detail=True),
        *_rows(a),
        Next("With a figure of your own", question.but(param=("new_plateau=25",))),
        Next(
            "See forecasts from earlier dates, and with each figure left out",
            question.but(checks=True),
        ),
        Next(
            "See how likely we think a ceasefire is", question_named("watch.list")().but(open=True)
        ),
    ]
    return Document(
        "recovery",
        title,
        _summary(a),
        tuple(blocks),
        a,
        question,
        as_of=a.as_of,
        answer=_answer(a),
    )


def _answer(recovery: Recovery) -> str:
    """Return the answer in a sentence: how long Russia needs."""
    h = recovery.headline
    assert h is not None
    force = recovery.klass.label
    helped = "" if h.china == "components" else f" {HELPS[h.china]}"
    if math.isinf(h.months.median):
        return (
            f"Russia will not have its {force} of February 2022 back within ten years of a "
            f"ceasefire{helped}."
        )
    return (
        f"After a ceasefire, Russia needs {years(h.months)} to get back "
        f"{recovery.numbers('recovered'):.0%} of the {force} it had in February 2022{helped}."
    )


def _summary(a: Recovery) -> tuple[str, ...]:
    h = a.headline
    assert h is not None and a.active is not None and a.share is not None
    lines = [_answer(a)]
    if a.backtest and a.backtest.compared:
        lines.insert(0, short_backtest_line(a.backtest))
    lines += _threshold_lines(a)
    lines += attack_lines(a)
    b = a.beliefs
    if a.decided_by_one and b:
        middle = b.answers[len(b.answers) // 2]
        answers = joined(
            [f"{when_back(x)} ({publisher_of(x)})" for x in (b.slowest, middle, b.quickest)]
        )
        lines += [
            f"Publishers' figures give different answers: {answers}.",
            f"Nobody knows who is right. {next_count_line(b)}",
        ]
    lines += last_count_lines(a)
    lines += [_without(x) for x in a.helps if x.china == "none" and h.china != "none"]
    lines += [
        f"In the model runs in which Russia recovers with or without them, Chinese {g.more} save "
        f"{years(g.months)}."
        for g in a.gains
        if g.more == h.china
    ]
    day = month_end(month_index(a.ceasefire))
    lines.append(
        f"At a ceasefire in {day:%B %Y}, Russia would have {a.active.about()} {a.klass.label}."
    )
    if a.used_up > USED_UP:
        lines.append(
            f"In {a.used_up:.0%} of model runs, Russia runs out of stored vehicles before it "
            "recovers."
        )
    if a.klass.standing != "published":
        lines.append(f"Use with care: {a.klass.why}")
    lines += [*yours_line(a.numbers), RANGES, assumed_line(a.numbers, a.drivers)]
    return tuple(lines)


def _threshold_lines(recovery: Recovery) -> list[str]:
    """Return how many new ones a month make it five years, and ten."""
    named = [(m, n) for m, n in recovery.thresholds if n is not None]
    if not named:
        return []
    lengths = [("five" if m == 60 else "ten", f"{float(f'{n:.2g}'):g}") for m, n in named]
    if len(named) > 1 and len({n for _, n in lengths}) == 1:
        return [
            f"With fewer than {lengths[0][1]} new {recovery.klass.label} a month, Russia does not "
            "recover within ten years."
        ]
    first, *rest = lengths
    said = f"{first[0]} years with {first[1]} new {recovery.klass.label} a month"
    later = "".join(f", and {years} years with {n}" for years, n in rest)
    return [f"Recovery takes {said}{later}."]


def other_class(force: OtherClass, question: Question, records: RecoveryRecords) -> Document:
    """Return what can be said of a force that the model does not cover."""
    known = records.known
    struck = balance(force, known)
    rows = tuple(
        (
            r.item,
            written_figure(r.figure),
            per_cent(r.unit),
            period(r.period),
            r.originator,
            r.known_on.isoformat(),
            r.url,
        )
        for r in published(force, known)
    )
    lines = [f"We cannot say when Russia's {force.label} will be back. Missing: {force.missing}."]
    if struck is not None:
        lines = [struck.words(), f"We cannot say this of the rest. Missing: {force.missing}."]
    if not rows:
        lines.append(f"No figure was public by {day(records.as_of.date)}.")
    heads = ("figure", "value", "unit", "period", "publisher", "public by", "source")
    blocks: tuple[Block, ...] = (
        *(
            [Section("What is published", (Table(tuple(Column(h) for h in heads), rows),))]
            if rows
            else []
        ),
        Next("See the plan for tanks, which can be estimated", question.but(force="tank")),
    )
    title = f"Recovery of Russia's {force.label}, as of {day(records.as_of.date)}"
    return Document("recovery", title, tuple(lines), blocks, rows, question, as_of=records.as_of)


def _without(h: Help) -> str:
    q = h.months
    takes = "more than 10 years" if math.isinf(q.median) else years(q)
    return f"With nothing from China, Russia needs {takes}."


def _together(a: Recovery) -> tuple[Block, ...]:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (HELPS[h.china], ranged_months(h.months), *(chance(p) for m, _, p in h.by if m in SHOWN))
        for h in a.helps
    )
    heads = (
        Column("Chinese help"),
        Column("months", ",.0f", True),
        *(Column(f"{m // 12} years", ".0%", True) for m, _, _ in a.helps[0].by if m in SHOWN),
    )
    h = a.headline
    assert h is not None
    course = Series(
        f"Active {a.klass.label} after the ceasefire, {HELPS[h.china]}",
        "vehicles",
        tuple(_point(h, a.ceasefire, n) for n in range(len(h.active))),
        subtitle="median and 80% range of the model runs",
        source=model_source(a.lineage),
    )
    return (
        Table(
            heads,
            rows,
            title=f"Share of model runs in which Russia has its {vehicles(a)} back, by years after "
            "the ceasefire",
        ),
        course,
        Say(
            "Losses fall as the stock shrinks, as they have so far: with half the stock left, "
            f"they are {0.5 ** a.exposure[0]:.0%} of what they were.",
            "note",
        ),
    )


def _point(h: Help, ceasefire: str, n: int) -> Point:
    q = h.active[n]
    return Point(
        month_text(month_index(ceasefire) + 6 * n), q.median, q.low, q.high, "modelled", "active"
    )


def _gains(recovery: Recovery) -> tuple[Block, ...]:
    said = [
        f"Where Russia recovers either way ({g.both:.0%} of model runs), it does so "
        f"{quantile_text(g.months)} months sooner {HELPS[g.more]} than {HELPS[g.less]}."
        for g in recovery.gains
    ]
    if said:
        said.append(
            "How much depends on China is an assumed range, because nobody has published it."
        )
    return tuple(Say(s) for s in said) or (
        Say("In no model run does Russia recover within ten years with two kinds of help."),
    )


def _drivers(recovery: Recovery) -> tuple[Block, ...]:
    decided = f"the number of {recovery.klass.label} five years after the ceasefire"
    table = drivers_table(recovery.drivers, recovery.numbers, decided)
    if sum(d.share for d in recovery.drivers) <= 1:
        return (table,)
    note = (
        "The shares add up to more than 100%, because the stock at the ceasefire follows from the "
        "other numbers."
    )
    return (table, Say(note, "note"))


def _listed_source(recovery: Recovery) -> str:
    """Return who publishes the losses that a recovery counts."""
    used = (row.source for row in recovery.lineage if row.input.startswith(LOSSES))
    return "; ".join(dict.fromkeys(sources()[name].producer for name in used))


def _losses(recovery: Recovery) -> tuple[Block, ...]:
    points = tuple(Point(y, n, kind="reported", group="listed") for y, n in recovery.listed.items())
    return (
        Series(
            f"Listed losses of {recovery.klass.label}, to {period(recovery.record_to)}",
            "vehicles",
            points,
            "bar",
            source=_listed_source(recovery),
        ),
    )


def _rows(recovery: Recovery) -> tuple[Block, ...]:
    return (Section("Rows", (first_inputs(recovery.lineage),), detail=True),)
