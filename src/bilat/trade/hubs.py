# SPDX-License-Identifier: Apache-2.0
"""Growth of exports to each hub against the exporter's growth to the rest of the world."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, State, States, Years, labelled, measure
from bilat.places import country_name
from bilat.trade.books import EU27, TOTAL
from bilat.units import Unit

HUBS = ("ARM", "GEO", "KAZ", "KGZ", "UZB", "AZE", "TJK", "TUR", "ARE", "HKG", "SRB")
#: The EU's trade within itself that no partner is named for: no part of its exports to the world.
_WITHIN = ("XX_INTRA", "XX_INTRA_SECRET", "XX_INTRA_STORES")


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
        SELECT source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later, period, kind,
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
    unit=Unit("ratio", "ratio: growth to the hub over growth to the control"),
    tables=("flows",),
    reference="difference in ratios, with the exporter's other destinations as control",
    method=(
        "Exports to the hub in the year over their mean in the base years, divided by the same ratio "
        "for the control: every other destination of the exporter (for the Union those outside it) but "
        "the target and the hubs. The group 'control' shows the control's own growth. Values at current "
        "prices."
    ),
    interval=Interval("bounds", "the lowest and highest ratio when each base year stands alone"),
)
def hub_growth(
    ask: Ask,
    exporter: State = "EU27",
    hubs: States = HUBS,
    target: State = "RUS",
    base: Years = Years(2019, 2021),
) -> Answer:
    """Groups: ``control`` and each hub; a point a year from the base on.

    exporter: the exporter
    hubs: the hubs
    target: the sanctioned country, left out of the control
    base: base year or years
    """
    source = _source(ask, exporter)
    if source is None:
        known = ask.query(f"SELECT DISTINCT reporter FROM flows WHERE flow = 'X' AND {TOTAL} ORDER BY 1")[
            "reporter"
        ].to_pylist()
        more = f" and {len(known) - 20} more." if len(known) > 20 else "."
        return ask.answer().missing(
            f"no exports of {country_name(exporter)} are held as of {ask.as_of}; held: "
            f"{', '.join(known[:20])}{more}"
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
    if len(control) < 20:
        return ask.answer().missing(
            f"{source} holds {len(partners)} destinations of {country_name(exporter)}: too few for a control."
        )
    notes = [f"Source: {source}; the control sums {len(control)} destinations."]
    if "estimated" in pc.unique(rows["kind"]).to_pylist():
        notes.append("Part of the figures are the publisher's estimates.")
    asked = [str(y) for y in range(base.first_year or 0, (base.last_year or 0) + 1)]
    missing = [y for y in asked if y not in years]
    if missing:
        notes.append(f"base years {', '.join(missing)} are not held whole as of {ask.as_of} and left out.")
    out = ask.answer()
    rows = rows.drop_columns(["is_aggregate"])
    for name in ("control", *hubs):
        growth = _growth(totals, name, [y for y in asked if y in years], years)
        if growth is None:
            notes.append(f"{name}: not among the destinations of {country_name(exporter)} in the base years.")
            continue
        members = control if name == "control" else [name]
        mine = rows.filter(pc.is_in(rows["partner"], pa.array(members, pa.string())))
        out.take(labelled(mine, group=name))
        for year, (value, low, high) in growth.items():
            out.point(year, value, low=low, high=high, group=name)
    out.points.sort(key=lambda p: (p.group, p.period))
    out.note = " ".join(notes)
    return out


Bounds = tuple[float, float | None, float | None]


def _growth(
    totals: dict[tuple[str, str], float], name: str, base: list[str], years: list[str]
) -> dict[str, Bounds] | None:
    """year -> (growth on the mean of the base years over the control's, and its range when each base year
    stands alone); of the control itself, its growth. None where no base year has it."""
    at_base = [(totals[y, name], totals[y, "control"]) for y in base if totals.get((y, name))]
    if not at_base:
        return None
    mean = [sum(side) / len(at_base) for side in zip(*at_base, strict=True)]
    growth: dict[str, Bounds] = {}
    for year in years:
        if year < base[0] or (year, name) not in totals:
            continue
        now, control = totals[year, name], totals[year, "control"]

        def ratio(before: float, control_before: float, now: float = now, control: float = control) -> float:
            own = now / before
            return own if name == "control" else own / (control / control_before)

        value, alone = ratio(*mean), [ratio(*b) for b in at_base]
        bounds = (min(value, *alone), max(value, *alone)) if len(alone) > 1 else (None, None)
        growth[year] = (value, *bounds)
    return growth
