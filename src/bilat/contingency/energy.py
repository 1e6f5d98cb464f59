# SPDX-License-Identifier: Apache-2.0
"""What an importer of the dyad buys of crude oil, oil products and gas, from whom; sources side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.units.energy import BARRELS_PER_TONNE, megatonnes, million_barrels_a_day

REFERENCE = (
    "BP and Energy Institute, Statistical Review of World Energy; China Customs through Wind "
    "and the press; MEES and EIA through the pages cited in each row"
)
#: Whose figure is the point's value where several have one.
ORDER = ("china_energy_by_source", "china_customs_wind", "energy_facts")
CHOICE = (
    "The value is the Statistical Review's where there is one, else the sum of the customs months where all "
    "twelve are held, else the press's figure of customs (tonnes before barrels)."
)
RANGE = "lowest and highest figure of the sources held, where there are several and they differ"


@dataclass(frozen=True)
class Held:
    """One source's figure for a supplier and period, with the rows it is made of."""

    importer: str
    supplier: str
    period: str
    source: str
    unit: str
    quantity: float
    rows: tuple[int, ...]
    revised: bool


def held(ask: Ask, product: str) -> tuple[pa.Table, list[Held]]:
    """Every source's imports of one product by the dyad's states, by year (customs months are summed).

    A year of which a customs month is missing is left out. The BP extract of 2020 is used for oil products
    only: for the other fuels it repeats the Review's own rows, rounded.
    """
    table = ask.rows(
        "SELECT *, period AS point, partner AS grp FROM flows WHERE flow = 'M' AND product = ? "
        "AND reporter IN (?, ?) AND quantity IS NOT NULL "
        "AND (source <> 'china_energy_2020_bp' OR product = 'fuel:oil_products') "
        "ORDER BY reporter, partner, source, quantity_unit, period, locator",
        product,
        *ask.dyad,
    )
    by: dict[tuple[str, str, str, str, str], list[tuple[str, float, int, bool]]] = {}
    columns = ["reporter", "partner", "period", "source", "quantity_unit", "quantity", "revised_later"]
    for n, r in enumerate(table.select(columns).to_pylist()):
        months = r["source"] == "china_customs_wind"
        period = r["period"][:4] if months else r["period"]
        key = (r["reporter"], r["partner"], period, r["source"], r["quantity_unit"])
        by.setdefault(key, []).append((r["period"], r["quantity"], n, r["revised_later"]))
    found = []
    for (importer, supplier, period, source, unit), parts in by.items():
        if source == "china_customs_wind":
            if len({p for p, _, _, _ in parts}) < 12:
                continue
            amount, unit = sum(q for _, q, _, _ in parts) / 1e6, "Mt"
        else:
            amount = parts[-1][1]
            parts = parts[-1:]
        rows = tuple(n for _, _, n, _ in parts)
        found.append(Held(importer, supplier, period, source, unit, amount, rows, any(x[3] for x in parts)))
    return table, found


def settle(
    ask: Ask, table: pa.Table, found: list[Held], convert: Callable[[Held], float | None], several: bool
) -> Answer:
    """One point per supplier and year: the first source of ORDER, with the range of all of them."""
    by: dict[tuple[str, str], list[tuple[Held, float]]] = {}
    for h in found:
        value = convert(h)
        if value is not None and len(h.period) == 4:
            group = f"{h.importer}<{h.supplier}" if several else h.supplier
            by.setdefault((group, h.period), []).append((h, value))
    points: list[Point] = []
    rows: list[int] = []
    labels: list[tuple[str, str]] = []
    for (group, period), figures in sorted(by.items()):
        figures.sort(key=lambda f: (ORDER.index(f[0].source), f[0].unit != "Mt"))
        values = [v for _, v in figures]
        first = figures[0][0]
        note = "revised later" if first.revised else ""
        low, high = spread(min(values), max(values))
        points.append(Point(period, values[0], low, high, "reported", group, note))
        for h, _ in figures:
            rows += h.rows
            labels += [(period, group)] * len(h.rows)
    return Answer(points, fed(table, rows, labels), note="" if points else nothing(ask))


def fed(table: pa.Table, rows: list[int], labels: list[tuple[str, str]]) -> pa.Table:
    """Rows by number, each with the point and group that it feeds."""
    taken = table.take(pa.array(rows, pa.int64()))
    for column, place in (("point", 0), ("grp", 1)):
        values = pa.array([x[place] for x in labels], pa.string())
        taken = taken.set_column(taken.column_names.index(column), column, values)
    return taken


def spread(low: float, high: float) -> tuple[float | None, float | None]:
    """Bounds that differ by more than rounding in the last place; else none."""
    return (low, high) if high - low > 1e-9 else (None, None)


def nothing(ask: Ask) -> str:
    """Why there is no point."""
    return f"no energy imports of {ask.dyad.name} are held as of {ask.as_of}: only China's are"


def _several(found: list[Held]) -> bool:
    return len({h.importer for h in found}) > 1


def _mbd(h: Held) -> float | None:
    return million_barrels_a_day(h.quantity, h.period) if h.unit == "Mt" else h.quantity


def _mt(h: Held) -> float | None:
    return h.quantity if h.unit == "Mt" else megatonnes(h.quantity, h.period)


@measure(
    "energy.crude",
    title="Crude oil imports by supplier",
    unit="million barrels a day",
    tables=("flows",),
    reference=REFERENCE,
    method=f"Imports by supplier and year; a tonne is {BARRELS_PER_TONNE} barrels, over the days of the "
    f"year. {CHOICE} Groups are suppliers (WLD: all; regions under the Review's own names).",
    interval=RANGE,
    params={
        "unit": ("mb/d", "mb/d (million barrels a day) or Mt (million tonnes a year)"),
        "entity": ("", "one supplier: an ISO code, or WLD for all; empty: every supplier"),
    },
)
def crude(ask: Ask) -> Answer:
    """One group per supplier of the dyad's importer.

    Raises
    ------
    UsageError
        for another unit.
    """
    units = {"mb/d": (_mbd, "million barrels a day"), "Mt": (_mt, "million tonnes a year")}
    unit = str(ask.params["unit"])
    if unit not in units:
        raise UsageError(f"unit={unit!r}: crude oil is given in {' or '.join(units)}")
    convert, words = units[unit]
    table, found = held(ask, "fuel:crude")
    wanted = str(ask.params["entity"])
    chosen = [h for h in found if not wanted or h.supplier == wanted]
    answer = settle(ask, table, chosen, convert, _several(found))
    answer.unit = words
    return answer


@measure(
    "energy.products",
    title="Oil product imports by supplier",
    unit="million tonnes",
    tables=("flows",),
    reference="BP Statistical Review of World Energy 2021",
    method="Imports of oil products by supplier, as the Review gives them; one year is held.",
)
def products(ask: Ask) -> Answer:
    """One group per supplier."""
    table, found = held(ask, "fuel:oil_products")
    several = _several(found)
    made = [h for h in found if h.unit == "Mt" and len(h.period) == 4]
    labels = [(h.period, f"{h.importer}<{h.supplier}" if several else h.supplier) for h in made]
    points = [Point(p, h.quantity, kind="reported", group=g) for h, (p, g) in zip(made, labels, strict=True)]
    return Answer(points, fed(table, [h.rows[0] for h in made], labels), note="" if points else nothing(ask))


@measure(
    "energy.share",
    title="Suppliers' shares of crude oil imports",
    unit="share of the importer's crude imports by weight",
    tables=("flows",),
    reference=REFERENCE,
    method="The supplier's crude over the importer's total of the same year, in tonnes, each from the same "
    f"source where it gives both. {CHOICE}",
    interval="lowest supplier figure over highest total, to highest over lowest, where sources differ",
)
def share(ask: Ask) -> Answer:
    """One group per supplier; years for which a total is held."""
    table, found = held(ask, "fuel:crude")
    several = _several(found)
    by: dict[tuple[str, str], dict[str, list[tuple[Held, float]]]] = {}
    for h in found:
        value = _mt(h)
        if value is not None and len(h.period) == 4:
            by.setdefault((h.importer, h.period), {}).setdefault(h.supplier, []).append((h, value))
    points: list[Point] = []
    rows: list[int] = []
    labels: list[tuple[str, str]] = []
    for (importer, period), suppliers in sorted(by.items()):
        totals = sorted(suppliers.pop("WLD", []), key=lambda f: (ORDER.index(f[0].source), f[0].unit != "Mt"))
        if not totals:
            continue
        whole = [v for _, v in totals]
        for supplier, figures in sorted(suppliers.items()):
            figures.sort(key=lambda f: (ORDER.index(f[0].source), f[0].unit != "Mt"))
            own = [v for _, v in figures]
            first = figures[0][0]
            total = next((v for h, v in totals if (h.source, h.unit) == (first.source, first.unit)), whole[0])
            low, high = spread(min(own) / max(whole), max(own) / min(whole))
            group = f"{importer}<{supplier}" if several else supplier
            note = "revised later" if first.revised or totals[0][0].revised else ""
            points.append(Point(period, own[0] / total, low, high, "derived", group, note))
            for h, _ in (*figures, *totals):
                rows += h.rows
                labels += [(period, group)] * len(h.rows)
    points.sort(key=lambda p: (p.group, p.period))
    return Answer(points, fed(table, rows, labels), note="" if points else nothing(ask))


@measure(
    "energy.gas",
    title="Gas imports by supplier",
    unit="billion cubic metres a year",
    tables=("flows", "estimates"),
    reference=REFERENCE,
    method="Pipeline gas and LNG by supplier and year as the Statistical Reviews give them, groups 'CODE "
    "pipeline' and 'CODE LNG'; the flow through Power of Siberia, as published, is a group of its own.",
)
def gas(ask: Ask) -> Answer:
    """One group per supplier and way of transport."""
    table = ask.rows(
        "SELECT *, period AS point, partner || CASE product WHEN 'fuel:lng' THEN ' LNG' ELSE ' pipeline' END "
        "AS grp FROM flows WHERE flow = 'M' AND product IN ('fuel:lng', 'fuel:pipeline_gas') "
        "AND quantity_unit = 'bcm' AND source <> 'china_energy_2020_bp' AND reporter IN (?, ?) "
        "ORDER BY grp, point",
        *ask.dyad,
    )
    siberia = ask.rows(
        "SELECT *, period AS point, 'RUS pipeline, Power of Siberia' AS grp FROM estimates "
        "WHERE metric = 'pipeline_flow_gas' AND unit = 'bcm' AND entity IN (?, ?) AND 'RUS' IN (?, ?) "
        "ORDER BY point",
        *ask.dyad,
        *ask.dyad,
    )
    points = ask.points(table, "sum(quantity)", kind="reported")
    points += ask.points(siberia, "max(value)", kind="estimated")
    rows = pa.concat_tables([table, siberia], promote_options="default")
    return Answer(points, rows, note="" if points else nothing(ask))


@measure(
    "energy.monthly",
    title="Monthly energy imports from Russia",
    unit="million tonnes a month",
    tables=("flows",),
    reference="China Customs through Wind, as kept by CREA",
    method="Customs declarations by month and fuel, in tonnes (oil and gas are declared in kilograms). The "
    "latest months of pipeline gas have no volume. Groups are fuels; coal includes steam and coking coal.",
    params={"fuel": ("", "one fuel: crude, lng, pipeline_gas, coal, steam_coal, coking_coal; empty: all")},
)
def monthly(ask: Ask) -> Answer:
    """One group per fuel."""
    return _monthly(ask, "quantity / 1e6", "quantity IS NOT NULL")


@measure(
    "energy.monthly_value",
    title="Monthly energy imports from Russia, value",
    unit="million USD a month",
    tables=("flows",),
    reference="China Customs through Wind, as kept by CREA",
    method="Customs declarations by month and fuel, in current dollars. Groups are fuels.",
    params={"fuel": ("", "one fuel: crude, lng, pipeline_gas, coal, steam_coal, coking_coal; empty: all")},
)
def monthly_value(ask: Ask) -> Answer:
    """One group per fuel."""
    return _monthly(ask, "value / 1e6", "value IS NOT NULL")


def _monthly(ask: Ask, value: str, where: str) -> Answer:
    rows = ask.rows(
        "SELECT *, period AS point, replace(substr(product, 6), '_', ' ') AS grp FROM flows "
        "WHERE source = 'china_customs_wind' AND reporter IN (?, ?) AND partner IN (?, ?) "
        f"AND (? = '' OR product = 'fuel:' || ?) AND {where} ORDER BY grp, point",
        *ask.dyad,
        *ask.dyad,
        str(ask.params["fuel"]),
        str(ask.params["fuel"]),
    )
    points = ask.points(rows, f"sum({value})", kind="reported")
    last = max((p.period for p in points), default="")
    note = f"the last month held is {last}" if last else nothing(ask) + " from Russia"
    if last and dt.date.fromisoformat(f"{last}-01") < ask.as_of.date.replace(day=1) - dt.timedelta(days=62):
        note += "; later months are not held"
    return Answer(points, rows, note=note)
