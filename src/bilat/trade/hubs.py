# SPDX-License-Identifier: Apache-2.0
"""Growth of exports to each hub against the exporter's growth to the rest of the world."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country, country_name
from bilat.trade.books import EU27, TOTAL, labelled, several

_HUBS = "ARM,GEO,KAZ,KGZ,UZB,AZE,TJK,TUR,ARE,HKG,SRB"
#: The EU's trade within itself that no partner is named for: no part of its exports to the world.
_WITHIN = ("XX_INTRA", "XX_INTRA_SECRET", "XX_INTRA_STORES")


def _base_years(text: str) -> list[str]:
    m = re.match(r"(\d{4})(?:-(\d{4}))?$", text)
    if m is None or int(m[2] or m[1]) < int(m[1]):
        raise UsageError(f"base={text!r} is neither a year nor a span of years such as 2019-2021")
    return [str(y) for y in range(int(m[1]), int(m[2] or m[1]) + 1)]


def _source(ask: Ask, exporter: str) -> str | None:
    """The source that holds the most partners of the exporter, in more than one year."""
    found = ask.query(
        f"""SELECT source, count(DISTINCT partner) AS n, count(DISTINCT substr(period, 1, 4)) AS years
        FROM flows
        WHERE reporter = ? AND flow = 'X' AND {TOTAL} AND coalesce(basis, '') <> 'mirror'
        GROUP BY source ORDER BY (years > 1) DESC, n DESC, years DESC, source""",
        exporter,
    )
    return found["source"][0].as_py() if found.num_rows else None


def whole_years(ask: Ask, source: str, exporter: str) -> pa.Table:
    """The exporter's rows with every partner in whole years, with the year as ``point``."""
    return ask.query(
        f"""WITH months AS (
          SELECT substr(period, 1, 4) AS year, count(DISTINCT period) AS n FROM flows
          WHERE source = ? AND reporter = ? AND flow = 'X' AND length(period) = 7 AND {TOTAL} GROUP BY 1)
        SELECT source, snapshot, vintage, locator, known_on, known_basis, revised_later, period, kind,
               reporter, partner, flow, product, nomenclature, value, currency, valuation,
               basis, is_aggregate,
               substr(period, 1, 4) AS point, partner AS grp
        FROM flows LEFT JOIN months ON year = substr(period, 1, 4)
        WHERE source = ? AND reporter = ? AND flow = 'X' AND {TOTAL}
          AND (CASE WHEN length(period) = 7 THEN n = 12
               ELSE CAST(known_on AS VARCHAR) > substr(period, 1, 4) || '-12-31' END)
        ORDER BY partner, period""",
        source,
        exporter,
        source,
        exporter,
    )


def _is_group(code: str) -> bool:
    from bilat.places import alpha2

    return (
        alpha2(code) is None
        and not code.startswith("XX")
        and code.isupper()
        and code not in ("XKX", "ANT", "SUN", "YUG")
    )


@measure(
    "trade.hub_growth",
    title="Growth of exports to each hub against exports to the rest of the world",
    unit="ratio: growth to the hub over growth to the control",
    tables=("flows",),
    reference="difference in ratios, with the exporter's other destinations as control",
    method=(
        "Exports to the hub in the year over their mean in the base years, divided by the same ratio "
        "for the control: every other destination of the exporter (for the Union those outside it) but "
        "the target and the hubs. The group 'control' shows the control's own growth. Values at current "
        "prices."
    ),
    interval="the lowest and highest ratio when each base year stands alone",
    params={
        "exporter": ("EU27", "the exporter"),
        "hubs": (_HUBS, "hubs, with commas"),
        "target": ("RUS", "the sanctioned country, left out of the control"),
        "base": ("2019-2021", "base year or years"),
    },
)
def hub_growth(ask: Ask) -> Answer:
    exporter, target = country(str(ask.params["exporter"])), country(str(ask.params["target"]))
    hubs = several(str(ask.params["hubs"]))
    base = _base_years(str(ask.params["base"]))
    source = _source(ask, exporter)
    if source is None:
        known = ask.query(f"SELECT DISTINCT reporter FROM flows WHERE flow = 'X' AND {TOTAL} ORDER BY 1")[
            "reporter"
        ].to_pylist()
        return Answer(
            [],
            whole_years(ask, "", exporter).drop_columns(["is_aggregate"]),
            note=f"no exports of {country_name(exporter)} are held as of {ask.as_of}; held: "
            f"{', '.join(known[:20])}" + (f" and {len(known) - 20} more." if len(known) > 20 else "."),
        )
    rows = whole_years(ask, source, exporter)
    # where the exporter is a group itself, the mark says nothing of the partner
    marked = rows.filter(pc.and_(rows["is_aggregate"], exporter != "EU27"))
    partners = set(pc.unique(rows["partner"]).to_pylist()) - set(pc.unique(marked["partner"]).to_pylist())
    left_out = {target, *hubs, *_WITHIN, *(EU27 if exporter == "EU27" or exporter in EU27 else ())}
    control = sorted(p for p in partners - left_out if not _is_group(p))
    totals: dict[tuple[str, str], float] = {}
    for year, partner, value in zip(
        *(rows[c].to_pylist() for c in ("point", "partner", "value")), strict=True
    ):
        if value is not None:
            totals[year, partner] = totals.get((year, partner), 0.0) + value
            if partner in control:
                totals[year, "control"] = totals.get((year, "control"), 0.0) + value
    years = sorted({y for y, _ in totals})
    points: list[Point] = []
    notes = [f"Source: {source}; the control sums {len(control)} destinations."]
    if len(control) < 20:
        return Answer(
            [],
            rows.slice(0, 0).drop_columns(["is_aggregate"]),
            note=f"{source} holds {len(partners)} destinations of {country_name(exporter)}: too few for a "
            f"control.",
        )
    if "estimated" in pc.unique(rows["kind"]).to_pylist():
        notes.append("Part of the figures are the publisher's estimates.")
    missing = [y for y in base if y not in years]
    if missing:
        notes.append(f"base years {', '.join(missing)} are not held whole as of {ask.as_of} and left out.")
    base = [y for y in base if y in years]
    shown = [("control", 0)] + [(h, 1) for h in hubs]
    parts = []
    for name, own in shown:
        at_base = [(totals[y, name], totals[y, "control"]) for y in base if totals.get((y, name))]
        if not at_base:
            notes.append(f"{name}: not among the destinations of {country_name(exporter)} in the base years.")
            continue
        mean_own = sum(a for a, _ in at_base) / len(at_base)
        mean_control = sum(c for _, c in at_base) / len(at_base)
        for year in years:
            if year < base[0] or (year, name) not in totals:
                continue

            def ratio(
                from_own: float, from_control: float, year: str = year, name: str = name, own: int = own
            ) -> float:
                growth = totals[year, name] / from_own
                return growth / (totals[year, "control"] / from_control) if own else growth

            alone = [ratio(a, c) for a, c in at_base]
            value = ratio(mean_own, mean_control)
            points.append(
                Point(year, value, min(value, *alone), max(value, *alone), "derived", name)
                if len(alone) > 1
                else Point(year, value, None, None, "derived", name)
            )
        keep = pc.is_in(rows["partner"], pa.array(control if not own else [name], pa.string()))
        parts.append(
            rows.filter(keep).set_column(
                rows.schema.get_field_index("grp"),
                "grp",
                pa.array([name] * int(pc.sum(keep).as_py() or 0), pa.string()),
            )
        )
    points.sort(key=lambda p: (p.group, p.period))
    evidence = pa.concat_tables(parts) if parts else labelled(rows.slice(0, 0), "", "")
    return Answer(points, evidence.drop_columns(["is_aggregate"]), note=" ".join(notes))
