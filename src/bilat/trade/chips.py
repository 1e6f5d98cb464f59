# SPDX-License-Identifier: Apache-2.0
"""Mirrored exports of chips and computing goods: to Russia, into the hubs, shares, and Taiwan's own
figures."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country, country_name
from bilat.trade.books import several

SOURCE, TAIWAN = "atlas_techai_baskets", "taiwan_customs_8542"
_REFERENCE = (
    "Atlas of Economic Complexity, bilateral trade mirrored and weighted by each reporter's reliability "
    "(doi:10.7910/DVN/YAVJDF); baskets of OECD (doi:10.1787/4154cdbf-en)"
)
_BREAK = (
    "To 2021 the figures blend in Russia's own import reports, from 2022 the exporters' alone: part of "
    "any change from 2021 to 2022 is a break in measurement. 2024 is incomplete. ROW is every country "
    "outside 50 blocs."
)
_BASKET = ("chips", "chips (16 six-digit codes), ai (three codes of computing) or all (62 codes)")
_KEPT = """source, snapshot, vintage, locator, known_on, known_basis, revised_later, period, kind,
    reporter, partner, flow, product, nomenclature, value, currency, valuation, basis"""
#: Fewest exporters for which a share of the basket says anything.
ENOUGH = 10


def rows_of(ask: Ask, basket: str, importers: list[str], exporters: list[str]) -> pa.Table:
    """The basket's rows; no exporters means all of them."""
    among = "AND reporter IN (SELECT unnest(?))" if exporters else ""
    return ask.query(
        f"""SELECT {_KEPT}, period AS point, reporter AS grp FROM flows
        WHERE source = ? AND product = ? AND value IS NOT NULL AND partner IN (SELECT unnest(?)) {among}
        ORDER BY reporter, partner, period""",
        SOURCE,
        f"basket:{basket}",
        importers,
        *([exporters] if exporters else []),
    )


def _note(year: str) -> str:
    if year >= "2024":
        return "incomplete year; measured by exporters alone"
    return "measured by exporters alone since 2022" if year >= "2022" else ""


def _held(ask: Ask, basket: str) -> str:
    found = ask.query(
        "SELECT DISTINCT product, reporter, partner FROM flows WHERE source = ? AND value IS NOT NULL", SOURCE
    ).to_pylist()
    if not found:
        return f"no basket is held as of {ask.as_of}."
    baskets = sorted({r["product"].removeprefix("basket:") for r in found})
    here = sorted(f"{r['reporter']}>{r['partner']}" for r in found if r["product"] == f"basket:{basket}")
    if not here:
        return f"no basket {basket!r} is held; held: {', '.join(baskets)}."
    return f"held of {basket}: {', '.join(here)}."


def _customs(ask: Ask, partner: str) -> dict[str, tuple[float, pa.Table]]:
    """Taiwan's own customs figure for circuits by whole year, with its rows."""
    rows = taiwan_rows(ask, partner)
    out: dict[str, tuple[float, pa.Table]] = {}
    for year in pc.unique(rows["period"]).to_pylist():
        part = rows.filter(pc.equal(rows["period"], year))
        out[year] = (float(pc.sum(part["value"]).as_py()), part)
    return out


def taiwan_rows(ask: Ask, partner: str) -> pa.Table:
    """Taiwan's exports of heading 8542 to a partner in whole years, one row a six-digit code."""
    return ask.query(
        """SELECT source, snapshot, vintage, known_on, known_basis, revised_later, period, 'derived' AS kind,
               reporter, partner, flow, substr(product, 1, 6) AS product, 'HS6' AS nomenclature,
               sum(value) AS value,
               currency, valuation, CAST(NULL AS VARCHAR) AS basis,
               CASE WHEN max(nomenclature) = 'HS6' THEN max(locator)
                    ELSE count(*) || ' lines: those of this partner, code and year' END AS locator,
               period AS point, partner AS grp
        FROM flows
        WHERE source = ? AND reporter = 'TWN' AND partner = ? AND substr(product, 1, 4) = '8542'
          AND CAST(known_on AS VARCHAR) > period || '-12-31'
        GROUP BY ALL ORDER BY period, product""",
        TAIWAN,
        partner,
    )


@measure(
    "trade.basket_exports",
    title="Mirrored exports of chips and computing goods",
    unit="USD",
    tables=("flows",),
    reference=_REFERENCE,
    method=f"The publisher's mirrored value by exporter and year. {_BREAK}",
    interval=(
        "where Taiwan's own customs give a figure for circuits (8542, a part of the chips basket), the "
        "range of the two; else none: the publisher states no interval"
    ),
    params={
        "basket": _BASKET,
        "importer": (
            "RUS",
            "the destination: RUS, or a hub held (HKG, TUR, ARE, ROW, CHN); several with commas",
        ),
        "exporter": ("", "exporters with commas; blank: all held"),
    },
)
def basket_exports(ask: Ask) -> Answer:
    importers = several(str(ask.params["importer"]))
    return _exports(ask, str(ask.params["basket"]), importers, directed=len(importers) > 1)


@measure(
    "trade.chips_hubs",
    title="Mirrored exports of chips and computing goods into the hubs",
    unit="USD",
    tables=("flows",),
    reference=_REFERENCE,
    method=f"The publisher's mirrored value by exporter, hub and year. {_BREAK}",
    interval="as trade.basket_exports",
    params={
        "basket": _BASKET,
        "hubs": ("HKG,TUR,ARE,ROW", "hubs with commas"),
        "exporter": ("", "exporters with commas; blank: all held"),
    },
)
def chips_hubs(ask: Ask) -> Answer:
    return _exports(ask, str(ask.params["basket"]), several(str(ask.params["hubs"])), directed=True)


def _exports(ask: Ask, basket: str, importers: list[str], *, directed: bool) -> Answer:
    exporters = several(str(ask.params["exporter"])) if str(ask.params["exporter"]) else []
    rows = rows_of(ask, basket, importers, exporters)
    if not rows.num_rows:
        return Answer([], rows, note=_held(ask, basket))
    points: list[Point] = []
    parts: list[pa.Table] = []
    customs = {i: _customs(ask, i) for i in importers} if basket == "chips" else {}
    for i, r in enumerate(rows.to_pylist()):
        group = f"{r['reporter']}>{r['partner']}" if directed else r["reporter"]
        low = high = None
        told = [_note(r["period"])] if _note(r["period"]) else []
        parts.append(_under(rows.slice(i, 1), group))
        own = customs.get(r["partner"], {}).get(r["period"]) if r["reporter"] == "TWN" else None
        if own:
            low, high = sorted((r["value"], own[0]))
            told.append(f"its own customs: {own[0] / 1e6:,.1f} million USD of circuits alone")
            parts.append(_under(own[1], group))
        if r["revised_later"]:
            told.append("revised later")
        points.append(Point(r["period"], r["value"], low, high, "estimated", group, "; ".join(told)))
    absent = [e for e in exporters if e not in {r.group.split(">")[0] for r in points}]
    note = f"{', '.join(absent)}: not held. {_held(ask, basket)}" if absent else ""
    points.sort(key=lambda p: (p.group, p.period))
    return Answer(points, pa.concat_tables(parts), note=note)


def _under(rows: pa.Table, group: str) -> pa.Table:
    names = [n.strip() for n in _KEPT.replace("\n", " ").split(",")] + ["point", "grp"]
    rows = rows.select(names)
    return rows.set_column(
        rows.schema.get_field_index("grp"), "grp", pa.array([group] * rows.num_rows, pa.string())
    )


@measure(
    "trade.basket_share",
    title="Share of chips and computing goods that reach a country from each exporter",
    unit="share of the mirrored exports held to that country",
    tables=("flows",),
    reference=_REFERENCE,
    method=(
        "Each exporter's mirrored value over the sum of the exporters held with a value that year; the "
        "group CHN+HKG adds mainland China and Hong Kong. Countries without an exporter's row are not "
        f"in the sum. {_BREAK}"
    ),
    params={
        "basket": _BASKET,
        "importer": ("RUS", "the destination"),
        "together": ("CHN,HKG", "exporters to show as one group as well"),
    },
)
def basket_share(ask: Ask) -> Answer:
    basket, importer = str(ask.params["basket"]), country(str(ask.params["importer"]))
    rows = rows_of(ask, basket, [importer], [])
    exporters = pc.unique(rows["reporter"]).to_pylist()
    if len(exporters) < ENOUGH:
        return Answer(
            [],
            rows.slice(0, 0),
            note=f"{len(exporters)} exporters of {basket} to {country_name(importer)} are held, fewer than "
            f"{ENOUGH}: "
            f"no share can be said. {_held(ask, basket)}",
        )
    value = {(r["period"], r["reporter"]): r["value"] for r in rows.to_pylist()}
    together = [t for t in several(str(ask.params["together"])) if t in exporters]
    groups = {e: [e] for e in exporters}
    if len(together) > 1:
        groups["+".join(together)] = together
    points, parts = [], []
    for year in sorted({y for y, _ in value}):
        total = sum(v for (y, _), v in value.items() if y == year)
        here = [e for e in exporters if (year, e) in value]
        for group, members in groups.items():
            have = [m for m in members if (year, m) in value]
            if have and total:
                told = "; ".join(filter(None, [f"{len(here)} exporters", _note(year)]))
                share = sum(value[year, m] for m in have) / total
                points.append(Point(year, share, None, None, "estimated", group, told))
    for group in groups:
        parts.append(_under(rows, group))
    points.sort(key=lambda p: (p.group, p.period))
    return Answer(points, pa.concat_tables(parts))


@measure(
    "trade.taiwan_chips",
    title="Taiwan's exports of integrated circuits, by its own customs",
    unit="USD",
    tables=("flows",),
    reference="Taiwan Customs, heading 8542 at eleven digits, exports and re-exports, by last known "
    "destination",
    method=(
        "Sum of the lines of heading 8542 to the partner by year. A year not over when the edition came "
        "out is left out. Rounded to thousand USD since 2016."
    ),
    params={
        "partner": ("RUS", "the destination, or several with commas"),
        "code": ("8542", "heading, or a six-digit code of it (854231)"),
    },
)
def taiwan_chips(ask: Ask) -> Answer:
    points: list[Point] = []
    parts, notes = [], []
    code = str(ask.params["code"])
    for partner in several(str(ask.params["partner"])):
        rows = taiwan_rows(ask, partner)
        rows = rows.filter(pc.starts_with(rows["product"], code))
        parts.append(rows)
        if rows.num_rows:
            points += ask.points(rows, "sum(value)", kind="reported")
        else:
            notes.append(
                f"no export of {code} from Taiwan to {country_name(partner)} is held as of {ask.as_of}."
            )
    return Answer(points, pa.concat_tables(parts), note=" ".join(notes))
