# SPDX-License-Identifier: Apache-2.0
"""The answer on a blockade as a document."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bilat.contingency.blockade.answer import SEA, Blockade
from bilat.contingency.blockade.backtest import BlockadeBacktest
from bilat.contingency.blockade.draws import Spread
from bilat.contingency.blockade.routes import closures, sources, spoken
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
from bilat.document.wording import day, per_cent, period
from bilat.planning import Assumption, Quantiles
from bilat.planning.blocks import (
    RANGES,
    assumed_line,
    drivers_table,
    numbers_table,
    quantile_text,
    ranged,
    ranged_quantiles,
    ranged_share,
    rivals_table,
    yours_line,
)
from bilat.planning.draws import two_figures
from bilat.planning.lineage import first_inputs, model_source
from bilat.planning.plans import PlanHeadline

#: Million barrels a day that refineries cut, from which on it is told.
CUT_THAT_COUNTS = 0.05
HORMUZ = closures("hormuz")
#: Days beyond which no number is given.
TEN_YEARS = 3653.0
#: What a planner would ask and the record does not answer.
MISSING = (
    "Oil products: we model only crude, so we cannot say which products would run out first.",
    "Access to tankers: we model where ships may sail, but not insurance, flags or escorts.",
    "Losses of other buyers: Japan, South Korea and Taiwan buy from the Gulf too, and we have no "
    "data on them.",
)


def document(blockade: Blockade, question: Question) -> Document:
    """The answer for every surface."""
    blocks: list[Block] = [
        Section("Where the plan starts", _from_here(blockade)),
        Section("Closures compared", (_closures(blockade), _chart(blockade))),
        Section(
            "What decides",
            (drivers_table(blockade.decides, blockade.parameters, blockade.decided),),
        ),
        Section("What Russian oil by pipeline adds", _relief(blockade)),
        Section("A test: Hormuz in 2026", _tested(blockade)),
        Section("Gas", _gas(blockade)),
        Section("What others published, and our figures", _published(blockade)),
        Section("Not modelled", tuple(Say(x) for x in MISSING)),
        Section("Which route each source takes", (_ways(blockade),), detail=True),
        Section("Numbers", (numbers_table(blockade.parameters),), detail=True),
        Section("Rows", (first_inputs(blockade.inputs.used),), detail=True),
        Next("If all seaborne imports stop", question.but(close="sea")),
        Next("If refineries do not cut output", question.but(param=("rationing=0",))),
    ]
    title = f"China's oil with {blockade.spoken} closed, as of {day(blockade.as_of.date)}"
    return Document(
        "blockade",
        title,
        _summary(blockade),
        tuple(blocks),
        blockade,
        question,
        as_of=blockade.as_of,
    )


def _summary(a: Blockade) -> tuple[str, ...]:
    passes = a.parameters("hormuz_now")
    sails = a.inputs.sailing(a.closed, passes)
    lost = a.spread.lost
    lines = [
        f"With {a.spoken} closed, China loses {lost.about('.0%') if a.closed else 'none'} of the "
        "crude that now reaches it."
    ]
    if sails - lost.median > 0.1:
        lines.append(
            f"About {sails:.0%} of its crude takes that route today; most would be diverted."
        )
    lines += _as_much_alone(a)
    lines += _stocks(a)
    lines.append(_today(a))
    if "malacca" in a.closed:
        lines.append(
            "Closing Malacca alone would stop little: through Lombok, Gulf crude needs "
            f"{a.detour:.0%} more tanker time."
        )
    if a.closed != SEA:
        sea = next(s for s in a.standard if s.closed == SEA)
        lines.append(f"If all imports by sea stopped, stocks would last {days(sea.days)}.")
    pipes = next(r for r in a.relief_all if r.state == "as it is")
    lines.append(f"Russian oil by pipeline would add {days(pipes.gained)} to that.")
    lines += _one_number(a)
    if a.backtest is not None:
        lines.append(_verdict(a.backtest))
    lines += [*yours_line(a.parameters), RANGES, assumed_line(a.parameters, a.decides)]
    return tuple(lines)


def _today(blockade: Blockade) -> str:
    """Return the world that the closure starts from."""
    stock = f"{blockade.stock.about()} million barrels of crude in stock"
    passes = blockade.parameters["hormuz_now"]
    if passes.value >= 1:
        return f"The plan starts from an open Hormuz and {stock}."
    return f"The plan starts from {_traffic(passes)} and {stock}."


def _traffic(passes: Assumption) -> str:
    """Return what Hormuz carries: the range of the model runs, and whose figure it is around."""
    if not passes.varies:
        return f"{passes.value:.0%} of the usual flow through Hormuz"
    return (
        f"{passes.low:.0%} to {passes.high:.0%} of the usual flow through Hormuz "
        f"({passes.value:.0%} according to {passes.who.partition(', ')[0]}, "
        f"{period(passes.period)})"
    )


def _one_number(a: Blockade) -> list[str]:
    """Return the number that decides, where one does."""
    if not a.decides or a.decides[0].share < 0.3:
        return []
    first = a.decides[0]
    number = a.parameters.get(first.name)
    meaning = number.meaning if number else first.name.replace("_", " ")
    rests = ""
    if first.name == "rationing" and number is not None and number.standing == "derived":
        rests = "; it rests on a single closure"
    return [
        f"One number decides {a.decided}: {meaning} ({first.share:.0%} of the variance{rests})."
    ]


def _from_here(blockade: Blockade) -> tuple[Block, ...]:
    names = ("imports", "intake", "output", "stock", "stock_drawn", "hormuz_now")
    rows = tuple(
        (n.meaning, n.value, n.shown if n.varies else "", n.unit, n.name, n.source)
        for n in (blockade.parameters[name] for name in names)
    )
    heads = (
        Column("number"),
        Column("value", ",.4g", True),
        Column("range"),
        Column("unit"),
        Column("name in the book"),
        Column("who says so"),
    )
    if not blockade.closed:
        return (Table(heads, rows),)
    pipes = (
        ("with Russian pipelines", blockade.store),
        ("without Russian pipelines", blockade.store_bare),
    )
    charts = [_stocks_by_month(blockade, pipes, "by month")]
    if len(blockade.store_by_count) > 1:
        charts.append(_stocks_by_month(blockade, blockade.store_by_count, "by month and publisher"))
    return (Table(heads, rows), *charts)


def _stocks_by_month(
    blockade: Blockade, courses: Sequence[tuple[str, Sequence[Quantiles]]], by: str
) -> Series:
    """Return the course of the stocks from the month of the date on, with a line for each name."""
    begins = blockade.as_of.date.year * 12 + blockade.as_of.date.month - 1
    points = []
    for name, course in courses:
        for month, left in enumerate(course):
            year, of_year = divmod(begins + month, 12)
            when = f"{year}-{of_year + 1:02d}"
            points.append(Point(when, left.median, left.low, left.high, "modelled", name))
    return Series(
        f"Crude stocks left with {blockade.spoken} closed, {by}",
        "million barrels",
        tuple(points),
        subtitle="million barrels that can be drawn, if the closure begins on "
        f"{day(blockade.as_of.date)}: median and 80% range of the model runs",
        source=model_source(blockade.inputs.used),
    )


def _chart(blockade: Blockade) -> Series:
    """Return the days that the store lasts, closure by closure."""
    points = []
    for s in (blockade.spread, *(s for s in blockade.standard if s.closed != blockade.closed)):
        if not s.closed or s.days.low > TEN_YEARS:
            continue
        is_endless = s.days.high > TEN_YEARS
        points.append(
            Point(
                str(blockade.as_of),
                _within_ten_years(s.days.median),
                two_figures(s.days.low),
                _within_ten_years(s.days.high),
                "modelled",
                SHORT.get(s.closed, spoken(s.closed)),
                "no end in ten years" if is_endless else "",
                endless=is_endless,
            )
        )
    return Series(
        "Days until stocks are empty, by closure",
        "days",
        tuple(points),
        "interval",
        (
            "median and 80% range of the model runs; an arrow means that stocks last more than "
            "ten years at the upper end of the range, and “never” that they do in half of the runs"
        ),
        source=model_source(blockade.inputs.used),
    )


def _within_ten_years(length: float) -> float | None:
    """Return a length in days to two figures, or None beyond ten years."""
    return two_figures(length) if length <= TEN_YEARS else None


def _stocks(a: Blockade) -> list[str]:
    """Whether oil must come out of store, and what that leaves refineries with."""
    lines = []
    if a.spread.short.median > 1e-9:
        lines.append(f"Stocks would then last {days(a.spread.days)}.")
    elif a.closed:
        lines.append(
            f"In {a.spread.covered:.0%} of model runs, China would not need to draw on its stocks."
        )
    return lines + _refineries(a)


def _refineries(a: Blockade) -> list[str]:
    """Return what refineries would do without, and how much of it they do without already."""
    if a.spread.cut.median <= CUT_THAT_COUNTS:
        return []
    rationing = a.parameters["rationing"]
    so = "If they cut output as they did in 2026, r" if rationing.standing == "derived" else "R"
    lines = [
        f"{so}efineries would process {a.spread.cut.about('.1f')} million barrels a day less than "
        "in a year without a closure."
    ]
    today = next(s.cut for s in a.standard if not s.closed)
    if a.closed and today.median > CUT_THAT_COUNTS:
        lines.append(
            f"With Hormuz as it is now, they already process {today.median:.1f} million less."
        )
    return [*lines, "Fuel would run short before crude."]


def _as_much_alone(blockade: Blockade) -> list[str]:
    """Return which part of the closure takes as much as the whole of it."""
    lost = blockade.spread.lost
    parts = [s for s in blockade.standard if s.closed and s.closed < blockade.closed]
    alone = next((s for s in parts if abs(s.lost.median - lost.median) < 0.005), None)
    if alone is None or not lost.median:
        return []
    line = f"Closing {spoken(alone.closed)} alone would take as much"
    if alone.closed == HORMUZ:
        line += ", because tankers no longer loading in the Gulf could sail the longer route"
    return [f"{line}."]


def days(q: Quantiles) -> str:
    """``about 390 days (280 to 570)``, ``about 5.1 years (2.4 to no end)``; beyond ten years there
    is no end.
    """
    if q.median > TEN_YEARS:
        if q.low > TEN_YEARS:
            return "more than ten years"
        return f"more than ten years (in one case in ten, less than {q.low / 365.25:.2g} years)"
    unit, length = ("years", 365.25) if 2 * 365.25 < q.median <= TEN_YEARS else ("days", 1.0)
    far = (math.inf if x > TEN_YEARS else x / length for x in (q.median, q.low, q.high))
    form = ".2g" if unit == "years" else ",.0f"
    return PlanHeadline("", unit, Quantiles(*far), form).about()


def _verdict(backtest: BlockadeBacktest) -> str:
    ours = backtest.ours
    plain = backtest.plain
    better = "better than" if ours.mae < plain.mae - 0.05 else "no better than"
    return (
        "Tested on the closure of Hormuz in 2026, the model was out by "
        f"{abs(ours.error):.1f} million barrels a day for the second quarter and by {ours.mae:.1f} "
        f"for a typical month. That is {better} a simple rule: use it for quarters only."
    )


#: Closures of several parts, as short as a table wants them.
SHORT = {
    closures("malacca,lombok,sunda"): "Malacca, Lombok and Sunda",
    closures("malacca,lombok,sunda,australia"): "those and the routes round Australia",
    closures("malacca,lombok,sunda,australia,pacific"): "those and the Pacific",
    closures("sea"): "everything by sea",
}


def _closures(blockade: Blockade) -> Table:
    rows = tuple(
        _closure(s)
        for s in (blockade.spread, *(s for s in blockade.standard if s.closed != blockade.closed))
    )
    heads = (
        Column("what is closed"),
        Column("crude imports lost", ".0%", True),
        Column("shortage, million barrels a day", ",.1f", True),
        Column("days for which stocks last", ",.0f", True),
    )
    return Table(heads, rows, listing=True)


def _closure(s: Spread) -> tuple[Cell, ...]:
    lasts: Cell = "no end"
    if s.days.low <= TEN_YEARS:
        ends = (s.days.median, s.days.low, s.days.high)
        within = Quantiles(*(math.inf if end > TEN_YEARS else two_figures(end) for end in ends))
        text = f"{_cover(s.days.median)} [{_cover(s.days.low)} to {_cover(s.days.high)}]"
        lasts = ranged(within, text)
    return (
        SHORT.get(s.closed, spoken(s.closed)),
        ranged_share(s.lost),
        ranged_quantiles(s.short, ".1f"),
        lasts,
    )


def _relief(blockade: Blockade) -> tuple[Block, ...]:
    rows = tuple(
        (
            r.state,
            r.overland,
            ranged_quantiles(h.gained),
            ranged_quantiles(r.gained),
            ranged_share(r.replaced),
        )
        for r, h in zip(blockade.relief_all, blockade.relief_held, strict=True)
    )
    heads = (
        Column("Russian pipelines"),
        Column("million barrels a day", ".2f", True),
        Column("if refineries keep their output", ",.0f", True),
        Column("if they cut it", ",.0f", True),
        Column("share of the shortage that they cover", ".0%", True),
    )
    return (Table(heads, rows, title="Days that stocks last longer if all seaborne imports stop"),)


def _tested(blockade: Blockade) -> tuple[Block, ...]:
    b = blockade.backtest
    if b is None:
        return (Say(f"Not tested: {blockade.why_no_backtest}."),)
    months = sorted(b.observed)
    rows = [("actual imports", *(b.observed[m] for m in months), None)]
    rows += [(r.name, *(r.months[m] for m in months), r.mae) for r in b.rules]
    heads = (
        Column("million barrels a day"),
        *(Column(period(m).partition(" ")[0], ".1f", True) for m in months),
        Column("mean error", ".2f", True),
    )
    traffic = tuple(
        (
            period(t.month),
            t.published,
            t.counted,
            t.days or None,
            "far apart" if t.conflict else "",
        )
        for t in b.traffic
    )
    return (
        Table(heads, tuple(rows), title=f"China's crude imports by month of {months[0][:4]}"),
        Table(
            (
                Column("month"),
                Column("published traffic", "%", True),
                Column("tanker traffic counted by PortWatch", "%", True),
                Column("days counted", "d", True),
                Column(""),
            ),
            traffic,
            title="Traffic through Hormuz, as a share of normal",
        ),
        Say(
            "PortWatch counts only ships that send their position, so its figure is a minimum. "
            "For blank months we have no data.",
            "note",
        ),
        Say(
            f"For each barrel of imports lost, refineries cut output by "
            f"{quantile_text(b.rationing, '.2f')} "
            "barrels. The model uses that range from the date on which it was public.",
            "note",
        ),
    )


def _billions(amount: float) -> str:
    """Return ``77bn``, or ``none`` for an amount that rounds to zero."""
    return f"{amount:,.0f}bn" if round(amount) else "none"


def _gas(a: Blockade) -> tuple[Block, ...]:
    rows = tuple((state, rate, _cover(d)) for state, rate, d in a.gas.lines)
    return (
        Say(
            f"Of {a.gas.imports:,.0f}bn m³ of gas a year, China would lose {_billions(a.gas.lost)} "
            f"if no ships take the detour and {_billions(a.gas.lost_rerouted)} if all do."
        ),
        Table(
            (
                Column("Russian pipelines"),
                Column("bn m³ a year", ",.0f", True),
                Column("days for which stocks last", number=True),
            ),
            rows,
        ),
    )


def _cover(d: float) -> str:
    return "no end" if d > TEN_YEARS else f"{two_figures(d):,.0f}"


#: Figures of others that bear on the answer, as they published them.
RIVALS = ("N256", "N252", "N257", "N263", "N262", "N278", "N274", "N253", "N255", "N104")


def _published(blockade: Blockade) -> tuple[Block, ...]:
    rows = tuple(
        (
            f"{p.figure}, {per_cent(p.unit)}",
            p.published,
            p.reproduced,
            p.ours,
            f"{p.assumption}. Our figure: {p.ours_is}",
        )
        for p in blockade.published
    )
    heads = (
        Column("figure"),
        Column("as published", ",.3g", True),
        Column("our recalculation", ",.3g", True),
        Column("our model", ",.3g", True),
        Column("how we recalculated it"),
    )
    blocks: list[Block] = [Table(heads, rows)] if rows else []
    if blockade.published_by is not None:
        blocks.append(rivals_table(blockade.published_by, RIVALS))
    return tuple(blocks)


def _ways(blockade: Blockade) -> Table:
    rows = tuple(
        (sources()[n].title, blockade.inputs.flows.get(n, 0.0), f, blockade.case.ways.get(n, ""))
        for n, f in blockade.case.flows.items()
    )
    heads = (
        Column("source"),
        Column("now, million barrels a day", ".2f", True),
        Column("in the closure", ".2f", True),
        Column("route"),
    )
    return Table(heads, rows)
