# SPDX-License-Identifier: Apache-2.0
"""What an importer of the dyad buys of crude oil, oil products and gas, from whom; sources side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, State, measure, states
from bilat.units import quantity, share
from bilat.units.energy import BARRELS_PER_TONNE, megatonnes, million_barrels_a_day

REFERENCE = (
    "BP and Energy Institute, Statistical Review of World Energy; China Customs through Wind "
    "and the press; MEES and EIA through the pages cited in each row"
)
#: Whose figure is the point's value where several have one.
ORDER = ("china_energy_by_source", "china_customs_wind", "energy_facts")
CHOICE = (
    "We use the Statistical Review's figure if there is one. If not, we add up the customs figures "
    "for all twelve months. If these are missing too, we use the customs figure that the press "
    "reports, by weight rather than in barrels if both are given."
)
RANGE = Interval(
    "sources",
    "the lowest and highest figures, where our sources differ",
)


@dataclass(frozen=True)
class Supply:
    """One source's figure for a supplier and period, with the rows it is made of."""

    importer: str
    supplier: str
    period: str
    source: str
    unit: str
    quantity: float
    rows: tuple[int, ...]


def held(ask: Ask, product: str) -> tuple[pa.Table, list[Supply]]:
    """Every source's imports of one product by the dyad's states, by year (customs months are summed).

    A year of which a customs month is missing is left out.
    """
    table = ask.rows(
        "SELECT *, period AS point, partner AS grp FROM flows WHERE flow = 'M' AND product = ? "
        "AND reporter IN (?, ?) AND quantity IS NOT NULL "
        "ORDER BY reporter, partner, source, quantity_unit, period, locator",
        product,
        *ask.dyad,
    )
    by: dict[tuple[str, str, str, str, str], list[tuple[str, float, int]]] = {}
    columns = ["reporter", "partner", "period", "source", "quantity_unit", "quantity"]
    for n, r in enumerate(table.select(columns).to_pylist()):
        months = r["source"] == "china_customs_wind"
        period = r["period"][:4] if months else r["period"]
        key = (r["reporter"], r["partner"], period, r["source"], r["quantity_unit"])
        by.setdefault(key, []).append((r["period"], r["quantity"], n))
    found = []
    for (importer, supplier, period, source, unit), parts in by.items():
        if source == "china_customs_wind":
            if len(parts[0][0]) > 4 and len({p for p, _, _ in parts}) < 12:
                continue
            amount = sum(q for _, q, _ in parts) / 1e6
            unit = "Mt"
        else:
            amount = parts[-1][1]
            parts = parts[-1:]
        found.append(
            Supply(importer, supplier, period, source, unit, amount, tuple(n for _, _, n in parts))
        )
    return table, found


def settle(
    ask: Ask,
    table: pa.Table,
    figures: list[Supply],
    convert: Callable[[Supply], float | None],
    several: bool,
) -> Answer:
    """One point per supplier and year: the first source of ORDER, with the range of all of them."""
    by: dict[tuple[str, str], list[tuple[Supply, float]]] = {}
    for h in figures:
        value = convert(h)
        if value is not None and len(h.period) == 4:
            by.setdefault((way(h, several), h.period), []).append((h, value))
    out = ask.answer().about(*(h.importer for h in figures))
    for (group, period), alike in sorted(by.items()):
        alike.sort(key=_first)
        values = [v for _, v in alike]
        low, high = spread(min(values), max(values))
        rows = _rows(table, [h for h, _ in alike])
        out.point(period, values[0], low=low, high=high, group=group, kind="reported", rows=rows)
    return out.or_missing(nothing(ask))


def way(supply: Supply, several: bool) -> str:
    """The group of a figure: the supplier, or ``RUS>CHN`` where the dyad has several importers."""
    return f"{supply.supplier}>{supply.importer}" if several else supply.supplier


def _first(figure: tuple[Supply, float]) -> tuple[int, bool]:
    """Whose figure stands first: the order of sources, tonnes before barrels."""
    return ORDER.index(figure[0].source), figure[0].unit != "Mt"


def _rows(table: pa.Table, figures: list[Supply]) -> pa.Table:
    return table.take(pa.array([n for h in figures for n in h.rows], pa.int64()))


def spread(low: float, high: float) -> tuple[float | None, float | None]:
    """Bounds that differ by more than rounding in the last place; else none."""
    return (low, high) if high - low > 1e-9 else (None, None)


def nothing(ask: Ask) -> str:
    """Why there is no point."""
    return f"we have no energy imports of {ask.dyad.name} as of {ask.as_of}: only China's"


def _several(found: list[Supply]) -> bool:
    return len({h.importer for h in found}) > 1


def _mbd(supply: Supply) -> float | None:
    return (
        million_barrels_a_day(supply.quantity, supply.period)
        if supply.unit == "Mt"
        else supply.quantity
    )


def _mt(supply: Supply) -> float | None:
    return supply.quantity if supply.unit == "Mt" else megatonnes(supply.quantity, supply.period)


@measure(
    "energy.crude",
    of=states(),
    title="Crude oil imports by supplier",
    unit=quantity("million barrels a day"),
    tables=("flows",),
    sources={"flows": ORDER},
    reference=REFERENCE,
    method=f"Imports by supplier and year. A tonne is taken as {BARRELS_PER_TONNE} barrels, spread "
    f"over the days of the year. {CHOICE} Each group is a supplier. WLD is the world, and regions "
    "have the names that the Review gives them.",
    interval=RANGE,
)
def crude(ask: Ask, unit: Literal["mb/d", "Mt"] = "mb/d", entity: State = "") -> Answer:
    """Groups: one group per supplier of the dyad's importer.

    unit: mb/d (million barrels a day) or Mt (million tonnes a year)
    entity: one supplier: a state, or WLD for all; by default every supplier
    """
    table, figures = held(ask, "fuel:crude")
    chosen = [h for h in figures if not entity or h.supplier == entity]
    out = settle(ask, table, chosen, _mbd if unit == "mb/d" else _mt, _several(figures))
    if unit == "Mt":
        out.unit = quantity("million tonnes a year")
    return out


@measure(
    "energy.share",
    of=states(),
    title="Suppliers' shares of crude oil imports",
    unit=share("the importer's crude imports by weight", scale=""),
    tables=("flows",),
    sources={"flows": ORDER},
    reference=REFERENCE,
    method="The supplier's crude as a share of the importer's total in the same year, in "
    f"tonnes. Both figures come from one source if it has both. {CHOICE}",
    interval=Interval(
        "sources",
        "lowest supplier figure over highest total, to highest over lowest, where sources differ",
    ),
)
def suppliers_share(ask: Ask) -> Answer:
    """Groups: one group per supplier; years for which a total is held."""
    table, figures = held(ask, "fuel:crude")
    several = _several(figures)
    by: dict[tuple[str, str], dict[str, list[tuple[Supply, float]]]] = {}
    for h in figures:
        value = _mt(h)
        if value is not None and len(h.period) == 4:
            by.setdefault((h.importer, h.period), {}).setdefault(h.supplier, []).append((h, value))
    out = ask.answer().about(*(h.importer for h in figures))
    for (_, period), suppliers in sorted(by.items()):
        totals = sorted(suppliers.pop("WLD", []), key=_first)
        whole = [v for _, v in totals]
        for _, own in sorted(suppliers.items()) if totals else ():
            own.sort(key=_first)
            first = own[0][0]
            values = [v for _, v in own]
            total = next(
                (v for h, v in totals if (h.source, h.unit) == (first.source, first.unit)), whole[0]
            )
            low, high = spread(min(values) / max(whole), max(values) / min(whole))
            rows = _rows(table, [h for h, _ in (*own, *totals)])
            out.point(
                period, values[0] / total, low=low, high=high, group=way(first, several), rows=rows
            )
    out.points.sort(key=lambda p: (p.group, p.period))
    return out.or_missing(nothing(ask))


@measure(
    "energy.gas",
    of=states(),
    title="Gas imports by supplier",
    unit=quantity("billion cubic metres a year"),
    tables=("flows", "estimates"),
    sources={"flows": ORDER, "estimates": ("blockade_facts", "energy_facts")},
    reference=REFERENCE,
    method="Pipeline gas and LNG by supplier and year, from the Statistical Reviews. The groups "
    "are called 'CODE pipeline' and 'CODE LNG'. The published flow through Power of "
    "Siberia has a group of its own.",
)
def gas(ask: Ask) -> Answer:
    """Groups: one group per supplier and way of transport."""
    table = ask.rows(
        "SELECT *, period AS point, partner || CASE product WHEN 'fuel:lng' THEN ' LNG' ELSE ' "
        "pipeline' END "
        "AS grp FROM flows WHERE flow = 'M' AND product IN ('fuel:lng', 'fuel:pipeline_gas') "
        "AND quantity_unit = 'bcm' AND reporter IN (?, ?) "
        "ORDER BY grp, point",
        *ask.dyad,
    )
    siberia = ask.rows(
        "SELECT *, period AS point, 'RUS pipeline, Power of Siberia' AS grp FROM estimates "
        "WHERE metric IN ('pipeline_flow_gas', 'siberia_flow') AND unit = 'bcm' AND entity IN (?, "
        "?) "
        "ORDER BY point",
        *ask.dyad,
    )
    out = ask.answer().about(*table["reporter"].to_pylist())
    out.each(table, "sum(quantity)", kind="reported")
    out.each(siberia, "max(value)", kind="estimated")
    return out.or_missing(nothing(ask))
