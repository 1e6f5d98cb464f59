# SPDX-License-Identifier: Apache-2.0
"""What China sells to whom, and what it gained in Russia, as of a date: rows of the as-of views."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pyarrow as pa

from bilat.contingency.exposure.loss import CutFigure
from bilat.errors import DataError, UsageError
from bilat.measures import Ask
from bilat.places import country_name
from bilat.places.coalitions import coalitions, is_country, origins
from bilat.planning.lineage import InputRow, record
from bilat.when import AsOf

#: Coalitions beside those that the diversion estimator knows, by what they add to one another.
NAMED = {
    "G7": "EU27,USA,GBR,JPN,CAN",
    "WIDE": "COALITION,TWN,SGP",
}


#: The sources of what China sells: by market, to Russia by chapter and by month, by code.
SALES_SOURCES = (
    "comtrade_world_2021",
    "baci_russia_china",
    "gacc_exports_russia",
    "world_imports_18_codes",
)

#: China's customs gave its exports of 2021 by country on this day (576.11 billion dollars to the
#: United States:
#: newsnetnebraska.org, 14 January 2022). The rows held are UN Comtrade's of the same reports, in a
#: file dated later.
GIVEN_BY_CUSTOMS = dt.date(2022, 1, 14)


@dataclass(frozen=True)
class Coalition:
    """A coalition by name, with the ISO codes of its members."""

    name: str
    members: frozenset[str]


def coalition(text: str) -> Coalition:
    """``G7`` (with the EU), ``EU27``, ``COALITION``, ``WIDE``, or ISO codes joined by commas.

    Raises
    ------
    UsageError
        for a name that is not a state, or for China or Russia among them.
    """
    words = [w.strip() for w in text.split(",") if w.strip()]
    spelt = ",".join(NAMED.get(w.upper(), w) for w in words)
    if not spelt:
        known = ", ".join([*NAMED, *coalitions()])
        raise UsageError(
            f"`coalition` {text!r}: names nobody. Write {known}, or ISO codes joined by commas"
        )
    members = origins(spelt)
    inside = members & {"CHN", "RUS"}
    if inside:
        raise UsageError(
            f"`coalition` {text}: {min(inside)} cannot be in it. Name the states that would "
            "sanction"
        )
    return Coalition(",".join(w.upper() for w in words), members)


@dataclass
class Sales:
    """China's sales in USD: by market in one year, to Russia by chapter and year, by code and
    market.

    ``sources`` has one record an input with its row; ``rows`` the rows themselves.
    """

    market_year: str
    markets: dict[str, float]
    total: float
    russia: dict[str, dict[str, float]]  #: year -> chapter -> USD
    russia_total: dict[str, dict[str, float]]  #: source -> year -> USD
    codes: dict[
        str, dict[str, dict[str, float]]
    ]  #: year -> code -> market -> USD (market RUS: BACI)
    evidence: dict[str, CutFigure] = field(
        default_factory=dict
    )  #: elasticities and the like by fact id
    used: list[InputRow] = field(default_factory=list)
    rows: pa.Table | None = field(default=None, metadata={"plain": False})
    stands_in: str = ""  #: the day of the file that stands in for what customs gave before it

    def newest(self, base: str) -> tuple[str, str]:
        """(source, year) of the newest sales to Russia whose source holds the base year too.

        Raises
        ------
        UsageError
            if no source holds the base year and a later one.
        """
        pairs = [(y, s) for s, years in self.russia_total.items() if base in years for y in years]
        year, source = max(pairs, default=("", ""))
        if year <= base:
            years = sorted({y for known in self.russia_total.values() for y in known})
            raise UsageError(
                f"`param` base_year={base}: we have sales to Russia for {years[0]} to "
                f"{years[-1]}; write a year before the last"
            )
        return source, year


def read_sales(ask: Ask, *, stand_in: bool = False) -> Sales:
    """Everything that was public on the as-of date.

    With ``stand_in``, sales by market of 2021 are those of the later file from the day on which
    customs had given them.

    Raises
    ------
    DataError
        if China's exports by market, or its exports to Russia, were not public by then.
    """
    kept: list[pa.Table] = []
    used: list[InputRow] = []
    year, markets, total, file = _markets(ask, kept, used, stand_in)
    chapters = _chapters(ask, kept, used)
    totals = {
        "baci_russia_china": {y: sum(c.values()) for y, c in chapters.items()},
        "gacc_exports_russia": _customs_years(ask, kept, used),
    }
    if not any(totals.values()):
        raise DataError(
            f"China's exports to Russia were not public by {ask.as_of}; ask for a later date"
        )
    codes = _codes(ask, kept)
    evidence = _evidence(ask, kept, used)
    return Sales(
        year,
        markets,
        total,
        chapters,
        totals,
        codes,
        evidence,
        used,
        pa.concat_tables(kept, promote_options="default"),
        file,
    )


def _markets(
    ask: Ask, kept: list[pa.Table], used: list[InputRow], stand_in: bool
) -> tuple[str, dict[str, float], float, str]:
    query = (
        "SELECT *, period AS point, 'exports to ' || partner AS grp FROM flows "
        "WHERE source = 'comtrade_world_2021' AND reporter = 'CHN' AND flow = 'X' AND product = "
        "'TOTAL' "
        "ORDER BY partner"
    )
    rows = ask.rows(query)
    file = ""
    if stand_in and not rows.num_rows and ask.as_of.date >= GIVEN_BY_CUSTOMS:
        rows = ask.at(AsOf()).rows(query)
        file = str(max(rows["known_on"].to_pylist(), default=""))
    records = rows.to_pylist()
    if not records:
        raise DataError(
            f"China's exports by market were not public by {ask.as_of}, or we do not have them. "
            "Ask for a later date"
        )
    kept.append(rows)
    for r in records:
        used.append(record(f"exports to {country_name(r['partner'])}", r["value"], "USD", r))
    world = next(r["value"] for r in records if r["partner"] == "WLD")
    own = {r["partner"]: r["value"] for r in records if r["partner"] not in ("WLD", "CHN")}
    return records[0]["period"], own, world, file


def _chapters(ask: Ask, kept: list[pa.Table], used: list[InputRow]) -> dict[str, dict[str, float]]:
    """Exports to Russia by year and chapter: sums by chapter as embedded, or the codes of the
    whole file.
    """
    rows = ask.rows(
        "WITH held AS (SELECT * FROM flows WHERE source = 'baci_russia_china' AND reporter = 'CHN' "
        "AND partner = 'RUS') SELECT *, period AS point, 'to Russia, chapter ' || "
        "substr(product, 1, 2) AS grp "
        "FROM held WHERE nomenclature = (CASE WHEN EXISTS (SELECT 1 FROM held WHERE nomenclature "
        "= 'HS2') "
        "THEN 'HS2' ELSE 'HS6' END) ORDER BY period, product"
    )
    out: dict[str, dict[str, float]] = {}
    for r in rows.to_pylist():
        chapter = out.setdefault(r["period"], {})
        chapter[r["product"][:2]] = chapter.get(r["product"][:2], 0.0) + r["value"]
        if r["nomenclature"] == "HS2":
            used.append(
                record(f"to Russia, chapter {r['product']}, {r['period']}", r["value"], "USD", r)
            )
    kept.append(rows)
    return out


def _customs_years(ask: Ask, kept: list[pa.Table], used: list[InputRow]) -> dict[str, float]:
    rows = ask.rows(
        "SELECT *, period AS point, 'to Russia, total' AS grp FROM flows WHERE source = "
        "'gacc_exports_russia' "
        "AND reporter = 'CHN' AND partner = 'RUS' AND flow = 'X' AND product = 'TOTAL' "
        "AND substr(period, 1, 4) IN (SELECT substr(period, 1, 4) FROM flows "
        "WHERE source = 'gacc_exports_russia' AND flow = 'X' GROUP BY 1 "
        "HAVING count(DISTINCT period) = 12) ORDER BY period"
    )
    out: dict[str, float] = {}
    for r in rows.to_pylist():
        out[r["period"][:4]] = out.get(r["period"][:4], 0.0) + r["value"]
        used.append(record(f"to Russia, {r['period']}", r["value"], "USD", r))
    kept.append(rows)
    return out


def _codes(ask: Ask, kept: list[pa.Table]) -> dict[str, dict[str, dict[str, float]]]:
    """Year -> code -> market -> USD, for the codes of which both sides are held; importers'
    figures (CIF).
    """
    sold = ask.rows(
        "SELECT *, period AS point, 'imports from China, ' || product AS grp FROM flows "
        "WHERE source = 'world_imports_18_codes' AND partner = 'CHN' AND value > 0 ORDER BY "
        "period, product, reporter"
    )
    russia = ask.rows(
        "SELECT *, period AS point, 'to Russia, ' || product AS grp FROM flows "
        "WHERE source = 'baci_russia_china' AND reporter = 'CHN' AND partner = 'RUS' AND "
        "nomenclature = 'HS6' "
        "AND product IN (SELECT DISTINCT product FROM flows WHERE source = "
        "'world_imports_18_codes') "
        "ORDER BY period, product"
    )
    out: dict[str, dict[str, dict[str, float]]] = {}
    for r in sold.to_pylist():
        if is_country(r["reporter"]) and r["reporter"] not in ("CHN", "RUS"):
            out.setdefault(r["period"], {}).setdefault(r["product"], {})[r["reporter"]] = r["value"]
    for r in russia.to_pylist():
        out.setdefault(r["period"], {}).setdefault(r["product"], {})["RUS"] = r["value"]
    kept += [sold, russia]
    return out


def _evidence(ask: Ask, kept: list[pa.Table], used: list[InputRow]) -> dict[str, CutFigure]:
    """Elasticities, the cut of targeted goods and deflection, by the fact's number."""
    rows = ask.rows(
        "SELECT *, period AS point, metric AS grp FROM estimates WHERE source = 'blockade_facts' "
        "AND metric IN ('elasticity', 'loss_of_targeted', 'deflection') ORDER BY locator"
    )
    out = {}
    for r in rows.to_pylist():
        key = r["locator"].split("(")[-1].rstrip(")")
        out[key] = CutFigure(r["metric"], r["item"], float(r["value"]), r["originator"])
        used.append(record(f"{r['metric']}: {r['item']}", r["value"], r["unit"], r))
    kept.append(rows)
    return out
