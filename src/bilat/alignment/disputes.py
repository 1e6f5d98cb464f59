# SPDX-License-Identifier: Apache-2.0
"""Which types of regime start disputes: rate per country-year, and how personal rule compares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, World, Years, measure
from bilat.statistics import LEVEL, rate_ratio
from bilat.units import ratio

#: Type of the data set -> family shown. Hybrids with a personal part stand apart from purely
#: personal rule.
FAMILIES = {
    "personal": "personal",
    "party-personal": "hybrid personal",
    "military-personal": "hybrid personal",
    "party-military-personal": "hybrid personal",
    "party": "party",
    "military": "military",
    "party-military": "military",
    "indirect military": "military",
    "monarchy": "monarchy",
    "oligarchy": "oligarchy",
    "democracy": "democracy",
}
DATA = {"gml": "gml_disputes", "cow": "cow_disputes"}
REFERENCE = (
    "Geddes, Wright and Frantz (2014); Gibler, Miller and Little (2016), edition 2.2.1; Palmer and "
    "others (2022), MID 5.0; exact interval: Garwood (1936)"
)
METHOD = (
    "We count the militarised disputes that a state started (side A, from the first day) for each "
    "country and year from 1946 to 2010, by its type of regime in that year. Personal means purely "
    "personal rule; hybrid personal means party-personal, military-personal or all three. "
    "Provisional, occupied and warlord years are left out. With data=cow, the counts come from the "
    "Correlates of War instead."
)
Disputes = Annotated[
    Literal["gml", "cow"], "gml: Gibler, Miller and Little; cow: Correlates of War"
]
Errors = Annotated[
    Literal["poisson", "countries"],
    "poisson: disputes as independent; countries: whole countries resampled",
]
#: Families in the order shown.
SHOWN = tuple(dict.fromkeys(FAMILIES.values()))
#: Resamples of countries behind an interval, and their seed.
DRAWS = 4000
SEED = 20230320
INTERVALS = {
    "poisson": Interval("sampling", "95%, disputes counted as independent (exact)", LEVEL),
    "countries": Interval(
        "sampling",
        "95% percentile bootstrap over countries, each with all its years, seeded",
        LEVEL,
    ),
}


@dataclass(frozen=True)
class DisputeCount:
    """Disputes started and country-years by family, with the rows behind them."""

    started: Counter[str]
    years: Counter[str]
    by_state: np.ndarray  #: states x families x (disputes, country-years)
    rows: pa.Table
    span: str
    outside: int  #: disputes of country-years without a type


def _count(ask: Ask, data: str, years: Years) -> DisputeCount:
    source = DATA[data]
    first = years.first_year or 1946
    last = min(years.last_year or 2010, 2010)
    span = str(Years(first, last))
    family = " ".join(f"WHEN 'regime:{kind}' THEN '{name}'" for kind, name in FAMILIES.items())
    spells = ask.rows(
        f"SELECT *, ? AS point, CASE variable {family} END AS grp FROM series WHERE source = "
        "'gwf_regimes' AND CAST(period AS INTEGER) <= ? AND value >= ? ORDER BY entity, period",
        span,
        last,
        first,
    )
    starts = ask.rows(
        f"SELECT d.*, ? AS point, CASE s.variable {family} END AS grp FROM series d LEFT JOIN "
        "series s ON s.entity = d.entity AND s.source = 'gwf_regimes' AND CAST(d.period AS "
        "INTEGER) BETWEEN CAST(s.period AS INTEGER) AND CAST(s.value AS INTEGER) WHERE d.source = "
        "? AND d.variable = 'disputes_initiated' AND CAST(d.period AS INTEGER) BETWEEN ? AND ? "
        "ORDER BY d.entity, d.period",
        span,
        source,
        first,
        last,
    )
    states: dict[str, int] = {}
    cells: Counter[tuple[int, int, int]] = Counter()
    lived: Counter[str] = Counter()
    for r in spells.select(["entity", "grp", "period", "value"]).to_pylist():
        if r["grp"]:
            n = min(int(r["value"]), last) - max(int(r["period"]), first) + 1
            lived[r["grp"]] += n
            cells[states.setdefault(r["entity"], len(states)), SHOWN.index(r["grp"]), 1] += n
    started: Counter[str] = Counter()
    outside = 0
    for r in starts.select(["entity", "grp", "value"]).to_pylist():
        if r["grp"]:
            started[r["grp"]] += int(r["value"])
            cells[states[r["entity"]], SHOWN.index(r["grp"]), 0] += int(r["value"])
        else:
            outside += int(r["value"])
    rows = pa.concat_tables([spells, starts])
    rows = rows.filter(pa.array([g is not None for g in rows["grp"].to_pylist()], pa.bool_()))
    by_state = np.zeros((len(states), len(SHOWN), 2))
    for cell, n in cells.items():
        by_state[cell] = n
    return DisputeCount(started, lived, by_state, rows, span, outside)


def resampled_rates(by_state: np.ndarray) -> np.ndarray:
    """Rates by draw and family, whole countries drawn with replacement; nan where a family is not
    drawn.
    """
    n = len(by_state)
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    sums = np.einsum("ds,sfk->dfk", drawn, by_state)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def _bounds(draws: np.ndarray) -> tuple[float | None, float | None]:
    """The middle 95% of the draws; None where a bound is open (no dispute of the other type was
    drawn).
    """
    found = np.nanquantile(draws, [0.025, 0.975], method="nearest")
    low, high = (float(x) if np.isfinite(x) else None for x in found)
    return low, high


def _note(ask: Ask, counted: DisputeCount) -> str:
    if not counted.years or not counted.started:
        return f"We have no data on regimes or no data on disputes as of {ask.as_of}."
    types = ask.query(
        "SELECT entity, max_by(substr(variable, 8), value) AS type, max(value) AS year FROM series "
        "WHERE source = 'gwf_regimes' AND entity IN (?, ?) GROUP BY entity ORDER BY entity",
        ask.dyad.a,
        ask.dyad.b,
    ).to_pylist()
    said = [f"{r['entity']} is {r['type']} in {int(r['year'])}" for r in types]
    return (
        f"{counted.outside} disputes of states or years without a type are left out. Counting "
        "disputes as independent makes the interval too narrow, as some states start many: "
        "errors=countries allows for that. A rate over all states says little about two of "
        f"them{': ' + ', '.join(said) if said else ''}, where the typology ends."
    )


@measure(
    "regime.dispute_ratio",
    of=World,
    title="Disputes started under personal rule, relative to other regimes",
    unit=ratio("rates"),
    tables=("series",),
    sources={"series": ("gwf_regimes", *DATA.values())},
    reference=REFERENCE + "; Przyborowski and Wilenski (1940)",
    method="Divides the rate of purely personal regimes by that of each other type. " + METHOD,
    interval=INTERVALS["poisson"],
)
def dispute_ratio(
    ask: Ask, data: Disputes = "gml", years: Years = Years(1946, 2010), errors: Errors = "poisson"
) -> Answer:
    """Groups: ``personal / party`` and so on; one point each for the whole period, whatever the
    dyad.

    years: 2010 at the latest
    """
    counted = _count(ask, data, years)
    out = ask.answer(note=_note(ask, counted), interval=INTERVALS[errors])
    draws = resampled_rates(counted.by_state) if errors == "countries" and counted.started else None
    personal = SHOWN.index("personal")
    for n, family in enumerate(SHOWN):
        if family == "personal" or not counted.started or not counted.years[family]:
            continue
        ratio = rate_ratio(
            counted.started[family],
            counted.years[family],
            counted.started["personal"],
            counted.years["personal"],
        )
        low: float | None = ratio.low
        high: float | None = ratio.high
        note = f"p = {ratio.p:.2g}"
        if draws is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                low, high = _bounds(draws[:, personal] / draws[:, n])
            note = ""
        both = counted.rows.filter(pc.is_in(counted.rows["grp"], pa.array(["personal", family])))
        group = f"personal / {family}"
        out.point(counted.span, ratio.value, low=low, high=high, group=group, rows=both, note=note)
    return out
