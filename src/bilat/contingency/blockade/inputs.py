# SPDX-License-Identifier: Apache-2.0
"""What the model starts from as of a date: rows of the as-of views, each with its source and
place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import pyarrow as pa

from bilat.contingency.blockade.routes import sources
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.planning.assumptions import Assumptions
from bilat.planning.figures import FigureRow, figures
from bilat.planning.lineage import InputRow, record

#: Partner labels of the Statistical Review -> source of crude; those that are split stand in
#: ``split``.
WHOLE = {
    "IRQ": "gulf_inside", "KWT": "gulf_inside", "Europe": "europe", "North Africa": "europe",
    "West Africa": "west_africa", "East & S. Africa": "west_africa", "S. & Cent. America": "latin_america",
    "USA": "us_gulf", "CAN": "north_america_pacific", "MEX": "north_america_pacific",
    "Australasia": "asia", "SGP": "asia", "JPN": "asia", "IND": "asia",
}  # fmt: skip
SPLIT = ("RUS", "SAU", "ARE", "Other Middle East", "Other Asia Pacific", "Other CIS")


@dataclass(frozen=True)
class Inputs:
    """China's crude balance in million barrels a day, and the rows it is made of.

    ``flows`` is imports by source of crude in a year without a closure; ``intake`` refinery intake;
    ``output``
    domestic crude; ``stock`` the crude that is still in store on the date, in million barrels.
    ``build`` = imports +
    output - intake: what goes into store.
    """

    flows: dict[str, float]
    imports: float
    intake: float
    output: float
    stock: float
    gas: dict[str, float] = field(
        default_factory=dict
    )  #: bcm a year: LNG by supplier, pipelines by supplier
    through_malacca: float | None = (
        None  #: all users' oil through Malacca, mb/d; None where not yet public
    )
    used: list[InputRow] = field(default_factory=list)  #: one record an input, with its row
    rows: pa.Table | None = field(default=None, metadata={"plain": False})

    def sailing(self, closed: frozenset[str], hormuz_now: float = 1.0) -> float:
        """Share of imports that comes from behind a closed strait, or through it with all ways
        open.
        """
        found = 0.0
        every = 0.0
        for name, s in sources().items():
            flow = self.flows.get(name, 0.0) * (hormuz_now if s.hormuz else 1.0)
            every += flow
            way = s.shortest(frozenset())
            behind = ("hormuz" in closed and s.hormuz) or ("sea" in closed and not s.overland)
            if behind or (way is not None and way.passes & closed):
                found += flow
        return found / every

    @property
    def build(self) -> float:
        """Imports and output less intake, million barrels a day: a remainder, counted by nobody."""
        return self.imports + self.output - self.intake


#: What was read, by date and numbers, as long as the holdings live: five measures and a plan start
#: from the same.
_READ: WeakKeyDictionary[Holdings, dict[tuple[object, ...], Inputs]] = WeakKeyDictionary()


def read_inputs(ask: Ask, parameters: Assumptions) -> Inputs:
    """The newest balance that was public on the as-of date.

    Shares by supplier are those of the newest Statistical Review, laid on the newest total of the
    customs.

    Raises
    ------
    DataError
        if the total, the suppliers, the intake, the output or the stock were not public by then.
    """
    read = _READ.setdefault(ask.holdings, {})
    key = (ask.as_of, *parameters.values())
    if key not in read:
        read[key] = _read(ask, parameters)
    return read[key]


def _read(ask: Ask, parameters: Assumptions) -> Inputs:
    used: list[InputRow] = []
    kept: list[pa.Table] = []
    lacking = [name for name in BALANCE if name not in parameters]
    if lacking:
        meant = BALANCE[lacking[0]]
        raise DataError(
            f"no {meant} of China was public by {ask.as_of}; ask for a later date with `as_of`"
        )
    known = figures(ask.holdings, ask.as_of)
    behind: list[tuple[FigureRow, str]] = []
    for name in (*BALANCE, *OF_THE_DATE):
        number = parameters[name]
        keys = [key for key, _ in number.rows]
        used += known.lineage(BALANCE.get(name, name), number.unit, keys)
        behind += [(known.rows[key], name) for key in keys if key in known.rows]
    kept += _rows_behind(ask, behind)
    imports = parameters("imports")
    shares = _suppliers(ask, used, kept)
    flows = split_by_source({k: v * imports for k, v in shares.items()}, parameters)
    gas = _gas(ask, used, kept, parameters)
    malacca = _malacca(ask, used, kept)
    rows = pa.concat_tables(kept, promote_options="default")
    return Inputs(
        flows,
        imports,
        parameters("intake"),
        parameters("output"),
        max(0.0, parameters("stock") - parameters("stock_drawn")),
        gas,
        malacca,
        used,
        rows,
    )


#: The numbers of China's balance, as they are said.
BALANCE = {
    "imports": "imports",
    "intake": "refinery intake",
    "output": "domestic crude output",
    "stock": "crude in stock",
}
#: What the date itself brings: how open Hormuz is, and what has left the store.
OF_THE_DATE = ("hormuz_now", "stock_drawn")


def _rows_behind(ask: Ask, numbers: Sequence[tuple[FigureRow, str]]) -> list[pa.Table]:
    """Return the rows behind numbers as the views have them, for the lineage of measures.

    Parameters
    ----------
    numbers
        rows, each with the name of the number that it is behind.
    """
    found = []
    for table in dict.fromkeys(row.table for row, _ in numbers):
        own = [(row, name) for row, name in numbers if row.table == table]
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(own))
        rows = ask.rows(
            f"SELECT t.*, t.period AS point, b.name AS grp FROM {table} AS t "
            f"JOIN (VALUES {places}) AS b(place, name, source, snapshot, locator) "
            "USING (source, snapshot, locator) ORDER BY b.place",
            *(
                value
                for place, (row, name) in enumerate(own)
                for value in (place, name, row.source, row.snapshot, row.locator)
            ),
        )
        found.append(rows)
    return found


def _malacca(ask: Ask, used: list[InputRow], kept: list[pa.Table]) -> float | None:
    rows = ask.rows(
        "SELECT *, period AS point, 'oil through Malacca' AS grp FROM series WHERE source = "
        "'energy_facts' AND variable = 'oil transit' AND entity = 'Strait of Malacca' "
        "ORDER BY period DESC LIMIT 1"
    )
    if not rows.num_rows:
        return None
    row = rows.to_pylist()[0]
    used.append(
        record("oil through Malacca, all users", row["value"], "million barrels a day", row)
    )
    kept.append(rows)
    return float(row["value"])


def _suppliers(ask: Ask, used: list[InputRow], kept: list[pa.Table]) -> dict[str, float]:
    rows = ask.rows(
        "SELECT *, period AS point, 'share of ' || partner AS grp FROM flows WHERE flow = 'M' "
        "AND source = 'china_energy_by_source' AND product = 'fuel:crude' AND reporter = 'CHN' "
        "AND period = (SELECT max(period) FROM flows WHERE source = 'china_energy_by_source' "
        "AND product = 'fuel:crude' AND flow = 'M') ORDER BY partner"
    )
    suppliers = [r for r in rows.to_pylist() if r["partner"] not in ("WLD", "CHN")]
    total = sum(r["quantity"] for r in suppliers)
    if not total:
        raise DataError(
            f"China's crude by supplier was not public by {ask.as_of}; ask for a later date with "
            "`as_of`"
        )
    for r in suppliers:
        if r["quantity"]:
            used.append(
                record(f"share of {r['partner']}", r["quantity"] / total, "share of imports", r)
            )
    kept.append(rows)
    return {r["partner"]: r["quantity"] / total for r in suppliers}


def split_by_source(by_label: dict[str, float], assumptions: Assumptions) -> dict[str, float]:
    """Imports by publisher's label (million barrels a day) as imports by source of crude; the sum
    is kept.

    Raises
    ------
    DataError
        for a label that belongs to no source.
    """
    unknown = [k for k, v in by_label.items() if v and k not in WHOLE and k not in SPLIT]
    if unknown:
        raise DataError(
            f"crude of {unknown[0]!r} belongs to no source of the model: add it to WHOLE in "
            "blockade/inputs.py"
        )
    out: dict[str, float] = {}

    def add(source: str, amount: float) -> None:
        out[source] = out.get(source, 0.0) + amount

    for label, source in WHOLE.items():
        add(source, by_label.get(label, 0.0))
    for label, share, inside, outside in (
        ("SAU", assumptions("hormuz_share_saudi"), "gulf_inside", "yanbu"),
        ("ARE", assumptions("hormuz_share_emirates"), "gulf_inside", "gulf_outside"),
        (
            "Other Middle East",
            assumptions("hormuz_share_other_middle_east"),
            "gulf_inside",
            "gulf_outside",
        ),
        ("Other Asia Pacific", assumptions("iran_share_other_asia"), "iran", "asia"),
    ):
        add(inside, by_label.get(label, 0.0) * share)
        add(outside, by_label.get(label, 0.0) * (1 - share))
    russia = by_label.get("RUS", 0.0)
    cis = by_label.get("Other CIS", 0.0)
    pipe = min(russia, assumptions("russia_pipe"))
    transit = min(russia - pipe, assumptions("russia_via_kazakhstan"))
    by_sea = russia - pipe - transit
    own = min(cis, assumptions("kazakhstan_own"))
    for source, amount in (
        ("russia_pipe", pipe),
        ("russia_via_kazakhstan", transit),
        ("kazakhstan", own),
        ("russia_pacific", by_sea * assumptions("russia_pacific_share")),
        ("europe", by_sea * (1 - assumptions("russia_pacific_share")) + cis - own),
    ):
        add(source, amount)
    landed = min(out["gulf_inside"], assumptions("myanmar_pipe"))
    add("gulf_inside", -landed)
    add("myanmar", landed)
    return out


def _gas(
    ask: Ask, used: list[InputRow], kept: list[pa.Table], assumptions: Assumptions
) -> dict[str, float]:
    """Gas imports in bcm a year: the newest Review's suppliers, laid on the newest customs total.

    Power of Siberia has grown since the Review: its newest published flow stands for Russia's
    pipes, and what other pipes bring is the total less what it brought in the total's year.
    """
    rows, totals, siberia = _gas_tables(ask)
    kept += [rows, totals, siberia]
    out: dict[str, float] = {}
    for product, way, factor in (
        ("fuel:lng", "LNG", assumptions("lng_bcm_per_mt")),
        ("fuel:pipeline_gas", "pipe", assumptions("pipe_bcm_per_mt")),
    ):
        suppliers = [
            r for r in rows.to_pylist() if r["product"] == product and r["partner"] != "WLD"
        ]
        year = suppliers[0]["period"] if suppliers else ""
        newer = [r for r in totals.to_pylist() if r["product"] == product and r["period"] > year]
        flowed = [r for r in siberia.to_pylist() if way == "pipe" and r["period"] > year]
        growth = 1.0
        if newer:
            total = newer[0]
            amount = total["quantity"] * factor
            used.append(record(f"{way} in all", amount, "bcm a year", total))
            imports = {r["partner"]: r["quantity"] for r in suppliers}
            of_year = [r["value"] for r in flowed if r["period"] == total["period"]]
            growth = _growth(imports, amount, of_year)
        for r in suppliers:
            own = flowed[0] if flowed and r["partner"] == "RUS" else None
            amount = own["value"] if own else r["quantity"] * growth
            out[f"{way} {r['partner']}"] = amount
            used.append(record(f"{way} of {r['partner']}", amount, "bcm a year", own or r))
    return out


def _growth(imports: Mapping[str, float], amount: float, siberia: Sequence[float]) -> float:
    """Return the newest total as a multiple of the Review's imports by supplier.

    Where the flow of Power of Siberia is published for the total's year, both are without Russia.
    """
    whole = sum(imports.values())
    for flow in siberia:
        amount -= flow
        whole -= imports.get("RUS", 0.0)
    return amount / whole if whole else 1.0


def _gas_tables(ask: Ask) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Return the newest Review's suppliers of gas, customs totals and flows of Power of Siberia."""
    rows = ask.rows(
        "SELECT *, period AS point, 'gas of ' || partner AS grp FROM flows WHERE flow = 'M' AND "
        "quantity > 0 "
        "AND source = 'china_energy_by_source' AND product IN ('fuel:lng', 'fuel:pipeline_gas') "
        "AND reporter = 'CHN' AND period = (SELECT max(period) FROM flows WHERE flow = 'M' "
        "AND source = 'china_energy_by_source' AND product = 'fuel:lng') ORDER BY product, partner"
    )
    totals = ask.rows(
        "SELECT *, period AS point, 'gas in all' AS grp FROM flows WHERE flow = 'M' AND partner "
        "= 'WLD' "
        "AND source = 'energy_facts' AND product IN ('fuel:lng', 'fuel:pipeline_gas') "
        "AND quantity_unit = 'Mt' AND length(period) = 4 ORDER BY period DESC"
    )
    siberia = ask.rows(
        "SELECT *, period AS point, 'gas through Power of Siberia' AS grp FROM estimates "
        "WHERE metric = 'siberia_flow' AND unit = 'bcm' AND length(period) = 4 ORDER BY period DESC"
    )
    return rows, totals, siberia
