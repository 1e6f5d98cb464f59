# SPDX-License-Identifier: Apache-2.0
"""What the blockade model answers as measures: how exposed China is, how long it lasts, what Russia adds."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from bilat.contingency.blockade.answer import PACKAGE, SIX
from bilat.contingency.blockade.draws import draw
from bilat.contingency.blockade.gas import solve_gas
from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.relief import relief
from bilat.contingency.blockade.routes import closures, name_of, sources
from bilat.contingency.parameters import Parameters, load
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Point, measure

REFERENCE = (
    "Statistical Review of World Energy (suppliers), China Customs and the statistics office through the pages "
    "of each row; assumed parameters stand in blockade/parameters.toml"
)
MODELLED = (
    "Modelled: crude by supplier sails the shortest open way, limited by tanker-days; some parameters are "
    "assumed, and `bilat blockade --explain` lists them. "
)
INTERVAL = "5 and 95 per cent of 4,000 draws over the parameters marked as drawn; the value is their median"
DRAWS = 4000
STRAITS = frozenset({"malacca", "lombok", "sunda"})


def answered(ask: Ask, inputs: Inputs, points: list[Point]) -> Answer:
    """Points with every row the model read behind each of them."""
    rows = inputs.rows
    assert rows is not None
    parts = []
    for p in points:
        part = rows
        for column, value in (("point", p.period), ("grp", p.group)):
            at = part.column_names.index(column)
            part = part.set_column(at, column, pa.repeat(pa.scalar(value, pa.string()), part.num_rows))
        parts.append(part)
    later = load(PACKAGE).later_than(ask.as_of.date)
    note = (
        f"{len(later)} parameters rest on pages published after {ask.as_of}: {', '.join(later)}"
        if later
        else ""
    )
    return Answer(points, pa.concat_tables(parts) if parts else rows.slice(0, 0), note=note)


def balance(ask: Ask) -> tuple[Inputs, Parameters] | Answer:
    """The inputs as of the date, or an empty answer that says why there are none."""
    empty = ask.rows("SELECT *, period AS point, '' AS grp FROM estimates WHERE FALSE")
    if "CHN" not in tuple(ask.dyad):
        return Answer([], empty, note="the model is of China's supply: ask for a dyad with China")
    p = load(PACKAGE)
    try:
        return read_inputs(ask, p), p
    except DataError as e:
        return Answer([], empty, note=str(e))


def _year(ask: Ask) -> str:
    return str(ask.as_of.date.year)


#: Days beyond which no number is given: ten years.
ENDLESS = 3653.0


def _finite(values: Iterable[float]) -> list[float | None]:
    return [v if v <= ENDLESS else None for v in values]


@measure(
    "blockade.exposed",
    title="China's crude that passes straits which others can close",
    unit="share of crude imports",
    tables=("flows", "estimates"),
    reference=REFERENCE,
    method=MODELLED
    + "Groups: 'straits, usual way' is what sails through Malacca, Lombok or Sunda when all is "
    "open; 'straits, after detours' what is lost with the three shut and other ways open; 'Hormuz' what loads "
    "inside it; 'Hormuz, after its lines' what is lost with it shut.",
    interval=INTERVAL,
)
def exposed(ask: Ask) -> Answer:
    """Four groups, one point each, for the year of the as-of date."""
    found = balance(ask)
    if isinstance(found, Answer):
        return found
    inputs, p = found
    inside = sum(inputs.flows.get(n, 0.0) for n, s in sources().items() if s.hormuz) / inputs.imports
    usual = 0.0
    for name, s in sources().items():
        way = s.shortest(frozenset())
        if way is not None and way.passes & STRAITS:
            usual += inputs.flows.get(name, 0.0)
    detour, hormuz = draw(inputs, [STRAITS, frozenset({"hormuz"})], p, DRAWS, drivers=False)
    whole = inputs.imports
    points = [
        Point(_year(ask), usual / whole, kind="modelled", group="straits, usual way"),
        _lost(ask, detour.imports, whole, "straits, after detours"),
        Point(_year(ask), inside, kind="modelled", group="Hormuz"),
        _lost(ask, hormuz.imports, whole, "Hormuz, after its lines"),
    ]
    return answered(ask, inputs, points)


def _lost(ask: Ask, imports: tuple[float, ...], whole: float, group: str) -> Point:
    high, middle, low = (max(0.0, 1 - i / whole) for i in imports)
    return Point(_year(ask), middle, low, high, "modelled", group)


@measure(
    "blockade.days",
    title="Days that China's crude in store covers a closure",
    unit="days",
    tables=("flows", "estimates"),
    reference=REFERENCE,
    method=MODELLED
    + "Refinery intake less output and what still arrives, against the part of the stock that can "
    "be drawn. Groups are closures; no value where the median draw has no shortage or lasts beyond ten years.",
    interval=INTERVAL,
    params={"close": ("", "one closure: names joined by commas (sea; hormuz,malacca); empty: six of them")},
)
def days(ask: Ask) -> Answer:
    """One group per closure.

    Raises
    ------
    UsageError
        for a name that cannot be closed.
    """
    sets = [closures(c) for c in ([str(ask.params["close"])] if ask.params["close"] else SIX)]
    found = balance(ask)
    if isinstance(found, Answer):
        return found
    inputs, p = found
    points = []
    for spread in draw(inputs, sets, p, DRAWS, drivers=False):
        low, middle, high = _finite(spread.days)
        note = f"no shortage in {100 * spread.covered:.0f}% of the draws" if spread.covered else ""
        if middle is None and low is not None:
            note += "; the median is beyond ten years"
        points.append(Point(_year(ask), middle, low, high, "modelled", name_of(spread.closed), note))
    return answered(ask, inputs, points)


@measure(
    "blockade.overland",
    title="What oil and gas from Russia overland add to China in a blockade",
    unit="share of the shortage removed",
    tables=("flows", "estimates"),
    reference=REFERENCE,
    method=MODELLED
    + "The shortage without any Russian oil or gas by pipe, less the shortage with it, over the "
    "former. Groups: 'oil' and 'gas' with what flows now; 'oil, with a new line' and 'gas, with every line "
    "planned'; and 'oil, days' and 'gas, days' in days gained, which grow as the need shrinks.",
    params={"close": ("sea", "what is closed: names joined by commas")},
)
def overland(ask: Ask) -> Answer:
    """Six groups, one point each; a group is left out where nothing is short."""
    closed = closures(str(ask.params["close"]))
    found = balance(ask)
    if isinstance(found, Answer):
        return found
    inputs, p = found
    year = _year(ask)
    oil = {r.state: r for r in relief(inputs, closed, p, 12, inputs.stock * p("usable_stock"))}
    lines = {n: (r, d) for n, r, d in solve_gas(inputs, closed, p).lines}
    points = []
    bare = oil["without"].short
    if bare > 0:
        for group, state in (("oil", "as it is"), ("oil, with a new line", "as it is and a new line")):
            points.append(Point(year, 1 - oil[state].short / bare, kind="modelled", group=group))
        points.append(_gained(year, "oil, days", oil["without"].days, oil["as it is"].days))
    lost = solve_gas(inputs, closed, p).lost + inputs.gas.get("pipe RUS", 0.0)
    if lost > 0 and solve_gas(inputs, closed, p).lost > 0:
        flowing, planned = lines["as it flowed"], lines["and Power of Siberia 2"]
        points.append(Point(year, min(1.0, flowing[0] / lost), kind="modelled", group="gas"))
        points.append(
            Point(year, min(1.0, planned[0] / lost), kind="modelled", group="gas, with every line planned")
        )
        points.append(_gained(year, "gas, days", lines["without Russian pipes"][1], flowing[1]))
    made = answered(ask, inputs, points)
    if points:
        return made
    return Answer(
        [], made.rows, note=f"with {name_of(closed)} closed nothing is short: there is nothing to add to"
    )


def _gained(year: str, group: str, before: float, after: float) -> Point:
    if after > ENDLESS:
        return Point(year, None, kind="modelled", group=group, note="the shortage ends: no number of days")
    return Point(year, after - before, kind="modelled", group=group, note="days, not a share")
