# SPDX-License-Identifier: Apache-2.0
"""The answer on exposure as a document."""

from __future__ import annotations

from bilat.contingency.exposure.answer import GAPS, Exposure, largest_goods
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Question,
    Say,
    Section,
    Table,
)
from bilat.document.blocks import Cell
from bilat.document.wording import day, joined, period
from bilat.document.words import percent, usd
from bilat.goods.descriptions import chapter_names
from bilat.goods.short_names import short_name
from bilat.places.coalitions import origins
from bilat.places.countries import country_name
from bilat.planning.blocks import RANGES, assumed_line, numbers_table, rivals_table, yours_line
from bilat.planning.draws import Quantiles
from bilat.planning.lineage import first_inputs

#: The share of sales whose loss is said beside that of the share asked for.
ONE_IN_FIVE = 0.2
#: Names of coalitions as a reader says them; ISO codes and lists stand as they are.
NAMES = {
    "USA": "United States",
    "EU27": "European Union",
    "G7": "G7 with the EU",
    "COALITION": "Sanctioning states",
    "WIDE": "Those and other states with export controls",
}
#: The same in a sentence.
SPOKEN = {
    "USA": "the United States",
    "EU27": "the European Union",
    "G7": "the G7 and the European Union",
    "COALITION": "the sanctioning states",
    "WIDE": "the sanctioning states and others with controls",
}
#: European states outside the European Union that are shown with its members.
BESIDE = ("GBR", "CHE", "NOR")


def document(exposure: Exposure, question: Question) -> Document:
    """The answer for every surface: break-even first, then markets, goods, losses by scope,
    gaps.
    """
    whom = SPOKEN.get(exposure.coalition.name, exposure.coalition.name)
    return Document(
        kind="exposure",
        title=f"China's exporters against {whom}, as of {day(exposure.as_of.date)}",
        summary=_summary(exposure, whom),
        blocks=(
            Section(f"By coalition, {exposure.sales.market_year}", _coalitions(exposure)),
            Section("By European state", _european(exposure)),
            Section("Goods of which Russia's purchases grew most", _products(exposure)),
            Section("Loss compared with gain", _losses(exposure)),
            *_rivals(exposure),
            Section("What no public record shows", tuple(Say(gap) for gap in GAPS)),
            Section("Numbers", (numbers_table(exposure.parameters),), detail=True),
            Section("Rows", (first_inputs(exposure.sales.used),), detail=True),
            Next(
                "See the result if sanctions hit 20% of the sales",
                question.but(param=("scope=0.2",)),
            ),
        ),
        data=exposure,
        question=question,
        as_of=exposure.as_of,
    )


#: Inputs of the loss, as they are named in a sentence.
_INPUTS = {
    "added_cost": "the added cost",
    "price_cut": "the price cut",
    "margin_ratio": "the margin",
}
#: Published losses of others, which stand beside ours: what each is of differs.
RIVALS = ("N025", "N026", "N027", "N029", "N031", "N032", "N033", "N034", "N036", "N038", "N041")


def _rivals(exposure: Exposure) -> tuple[Block, ...]:
    table = rivals_table(exposure.published, RIVALS)
    if not table.rows:
        return ()
    note = (
        "Others count trade at risk, wars or whole economies; our figure is the share of "
        "sales whose loss would cancel the gain."
    )
    return (Section("What others publish", (table, Say(note, "note"))),)


def _summary(a: Exposure, whom: str) -> tuple[str, ...]:
    """What a loss would undo, what was gained, and what it would come to by how much sanctions
    touch.
    """
    if a.fell:
        return (
            f"China's sales to Russia fell by {usd(-a.gain)} from {a.base} to {a.newest}: no "
            "gain to lose.",
            f"Its sales to {whom} were {usd(a.to_coalition)} in {a.sales.market_year}, "
            f"{percent(a.share)} of all.",
        )
    return (
        f"If China's exporters lost {_few(a.break_even)} of their sales to {whom}, they would lose "
        "all they have gained in Russia.",
        *_in_profit(a),
        f"Their sales to Russia grew by about {_dollars(a.gain)} from {a.base} to {a.newest}.",
        f"To {whom}, they sold about {_dollars(a.to_coalition)} in {a.sales.market_year}, "
        f"{a.share:.0%} of all their exports{_newest(a)}.",
        *_weighed(a, whom),
        *_touched(a),
        RANGES,
        *yours_line(a.parameters),
        assumed_line(a.parameters, ()),
        *(
            (
                f"China's customs gave its exports by country in January 2022; we take them "
                "from the file of UN "
                f"Comtrade of {day(a.sales.stands_in)}.",
            )
            if a.sales.stands_in
            else ()
        ),
    )


def _in_profit(exposure: Exposure) -> tuple[str, ...]:
    """Return what the loss could be if it is counted in profit, where figures bound that."""
    ratio = exposure.parameters["margin_ratio"]
    if ratio.standing != "derived":
        return ()
    most = exposure.break_even / ratio.value * ratio.high
    return (
        f"Measured in profit, up to {_few(most)} of those sales would have to be lost, if all that "
        f"Russia pays above other buyers is profit ({ratio.who}).",
    )


def _newest(exposure: Exposure) -> str:
    """Return the newest share of their exports, where customs have published it."""
    newest = exposure.newest_share
    if newest is None or exposure.coalition.name not in newest.shares:
        return ""
    share = newest.shares[exposure.coalition.name]
    return f"; {_months(newest.period)} the share was {share:.0%}"


def _months(span: str) -> str:
    """``from January to March 2026``, of the months of one year."""
    begin, _, end = span.partition("..")
    return f"from {period(begin).split()[0]} to {period(end)}"


def _weighed(exposure: Exposure, whom: str) -> tuple[str, ...]:
    """Return how a dollar sold to Russia counts, if it counts otherwise than another."""
    ratio = exposure.parameters("margin_ratio")
    if ratio == 1:
        return ()
    told = f"A dollar sold to Russia is counted as earning {ratio:.2g} times the profit of a dollar"
    return (f"{told} sold to {whom}.",)


def _without_source(exposure: Exposure) -> list[str]:
    """Return the inputs for which no source was public."""
    assumed = [
        what for name, what in _INPUTS.items() if exposure.parameters[name].standing == "assumed"
    ]
    return ["the share hit", *assumed]


def _few(share: float) -> str:
    """``3.4%``, ``0.6%``, ``35%``."""
    return percent(share) if share < 0.1 else f"{share:.0%}"


def _dollars(amount: float) -> str:
    """``$40bn``, ``$1.4trn``: two figures."""
    return usd(float(f"{amount:.2g}"))


def _of_gain(quantiles: Quantiles) -> str:
    """Return a loss over the gain: a share of it below one, a multiple from there."""
    if quantiles.median < 1:
        return f"{quantiles.about('.0%')} of"
    return f"{quantiles.about('.1f')} times"


def _touched(exposure: Exposure) -> tuple[str, ...]:
    """What sanctions would cost at the share asked for, and at one in five."""
    said = [
        f"If sanctions hit {s:.0%} of those sales, some would still be made at a higher price and "
        f"some elsewhere: the loss would be {_of_gain(q)} the gain."
        for s, q in exposure.spread.items()
        if s in (exposure.parameters("scope"), ONE_IN_FIVE)
    ]
    return (*said, "How much sanctions would hit is our assumption.") if said else ()


def _coalitions(exposure: Exposure) -> tuple[Block, ...]:
    newest = exposure.newest_share
    heads = [
        Column("coalition"),
        Column(f"sales, {exposure.sales.market_year}", "usd", True),
        Column("lost share that would cancel the gain", "%", True),
        Column(f"share of exports, {exposure.sales.market_year}", ".0%", True),
    ]
    if newest is not None:
        heads.append(Column(f"share of exports, {_months(newest.period)}", ".0%", True))
    rows: list[tuple[Cell, ...]] = []
    for name, sold, even in exposure.standard:
        row: list[Cell] = [NAMES[name], sold, even, sold / exposure.sales.total]
        if newest is not None:
            row.append(newest.shares.get(name))
        rows.append(tuple(row))
    return (
        Table(tuple(heads), tuple(rows)),
        Table(
            (
                Column("largest markets"),
                Column(f"sales, {exposure.sales.market_year}", "usd", True),
                Column("share of exports", "%", True),
                Column("lost share that would cancel the gain", "%", True),
            ),
            tuple(
                (country_name(m.code), m.sales, m.share, m.break_even) for m in exposure.markets[:8]
            ),
            total=len(exposure.markets),
        ),
    )


def _european(a: Exposure) -> tuple[Block, ...]:
    """Each European state, with the good it buys most of among those of which both sides are
    held.
    """
    goods = largest_goods(a)
    states = sorted((*origins("EU27"), *BESIDE), key=lambda s: -a.sales.markets.get(s, 0.0))
    gain = max(a.gain, 0.0) * a.parameters("margin_ratio")
    rows = tuple(
        (
            country_name(s),
            a.sales.markets[s],
            gain / a.sales.markets[s],
            short_name(goods[s][0]) if s in goods else None,
            goods[s][1] if s in goods else None,
        )
        for s in states
        if a.sales.markets.get(s, 0.0) > 0
    )
    heads = (
        Column("state"),
        Column(f"sales, {a.sales.market_year}", "usd", True),
        Column("lost share that would cancel the gain", "%", True),
        Column("largest product in our data"),
        Column("sales of that product", "usd", True),
    )
    said = (
        f"We have figures for {len(a.sales.codes[a.codes_year])} single goods, battery minerals "
        "and "
        f"electric cars, in {a.codes_year}. If the share is above 100%, the state's whole market "
        "is "
        "smaller than the gain."
        if a.codes_year
        else "No figures for single goods were public by then; we answer by state, not by sector."
    )
    return (Table(heads, rows[:12], total=len(rows)), Say(said, "note"))


def _products(a: Exposure) -> tuple[Block, ...]:
    if not a.products:
        return (Say(f"No year of single goods after {a.base} was public by {a.as_of}."),)
    heads = (
        Column("chapter"),
        Column(a.base, "usd", True),
        Column(a.products_year, "usd", True),
        Column("gain", "usd", True),
        Column("share of the gain", "%", True),
    )
    rows = tuple(
        (
            f"{q.chapter} {chapter_names().get(q.chapter, '')}",
            q.base,
            q.newest,
            q.gain,
            q.share_of_gain,
        )
        for q in a.products[:10]
    )
    return (Table(heads, rows, total=len(a.products)),)


def _losses(a: Exposure) -> tuple[Block, ...]:
    if a.fell:
        return (Say("Sales to Russia did not grow, so there is no gain to lose."),)
    heads = (
        Column("share of sales that sanctions hit", ".0%", True),
        *(Column(q, ".2g", True) for q in ("low", "middle", "high")),
    )
    rows = tuple((s, q.low, q.median, q.high) for s, q in a.spread.items())
    return (
        Table(
            heads,
            rows,
            title="Loss as a multiple of the gain, by the share of sales that sanctions hit",
        ),
        Say(
            "Low and high are the 80% range of the model runs. The figure that exporters sell up "
            f"to {percent(a.deflected)} of a cut elsewhere is for Iran, not China. We found no "
            f"source for {joined(_without_source(a))}, so set your own. "
            "Elasticities come from tariffs; a ban or a bank's refusal is not a tariff.",
            "note",
        ),
    )
