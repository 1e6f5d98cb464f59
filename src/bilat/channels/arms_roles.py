# SPDX-License-Identifier: Apache-2.0
"""What the arms supplied are for: roles by category and description, and how sure the register is of them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from bilat.channels.register import (
    DIRECTION,
    NOTHING,
    REFERENCE,
    REGISTER,
    SUMS_ONLY,
    deals_held,
    empty_like,
    ends,
    label,
    summed,
    window,
)
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure

_SHARE = "share (0 to 1)"
_BOUNDS: dict[str, tuple[Any, str]] = {
    "first": (0, "first year of the window, 0 for the first held"),
    "last": (0, "last year of the window, 0 for the last held"),
}


@cache
def roles() -> dict[str, Any]:
    """What a weapon is for, by category and description (``roles.toml``)."""
    import tomllib

    return tomllib.loads(resources.files("bilat.channels").joinpath("roles.toml").read_text("utf-8"))


def role(category: str | None, description: str | None, *, narrow: bool = False) -> str:
    """The role of an item: air, air defence, naval, land, space, carrier (narrow only) or unclassified."""
    if category is None:
        return "unclassified"
    table = roles()
    if narrow and category in table["carriers"]:
        if description is None:
            return "unclassified"
        if description in table["carriers"][category]:
            return "carrier"
    whole = table["category"].get(category)
    if whole:
        return str(whole)
    named = table["description"].get(category, {})
    return str(named.get(description or "", named.get("*", "unclassified")))


@measure(
    "transfers.role_share",
    title="Share of aircraft, air defence and naval arms in what is supplied",
    unit=_SHARE,
    tables=("transfers",),
    reference=f"{REFERENCE}; roles: channels/roles.toml, fixed before any share was computed",
    method="Value of air, air-defence and naval arms, with their engines, missiles and sensors, over all "
    "that was delivered: to the partner, and to all others. Items that serve several arms "
    "count as unclassified.",
    interval="low: unclassified items taken as not strategic; high: as strategic; value: without them",
    params={
        "set": ("strategic", "strategic, or narrow (without transport and training aircraft)"),
        **_BOUNDS,
    },
)
def role_share(ask: Ask) -> Answer:
    """Groups ``RUS>CHN``, ``RUS>others``, and the reverse; one point, the window."""
    if ask.params["set"] not in ("strategic", "narrow"):
        raise UsageError(f"set={ask.params['set']!r} must be strategic or narrow")
    narrow = ask.params["set"] == "narrow"
    within = window(ask.params["first"], ask.params["last"])
    keys = "period, supplier, category, description"
    points: list[Point] = []
    tables: list[pa.Table] = []
    for supplier, other in (tuple(ask.dyad), tuple(ask.dyad)[::-1]):
        for name, test in ((f"{supplier}>{other}", "="), (f"{supplier}>others", "<>")):
            sql = summed(
                "transfers",
                point="period",
                grp=f"'{name}'",
                keys=keys,
                where=f"source = '{REGISTER}' AND supplier = ? AND recipient {test} ? AND {within}",
            )
            rows = ask.rows(f"{sql} ORDER BY point, category, description", supplier, other)
            if rows.num_rows == 0:
                continue
            years = sorted({int(y) for y in rows["period"].to_pylist()})
            span = label(years)
            rows = rows.set_column(0, "point", pa.repeat(pa.scalar(span), rows.num_rows))
            points.append(_role_point(rows, span, name, narrow))
            tables.append(rows)
    if not tables:
        return Answer([], empty_like(ask), note=NOTHING)
    return Answer(points, pa.concat_tables(tables))


def _role_point(rows: pa.Table, span: str, name: str, narrow: bool) -> Point:
    wanted = set(roles()["sets"]["strategic"])
    strategic = unclassified = total = 0.0
    for r in rows.select(["category", "description", "tiv"]).to_pylist():
        what = role(r["category"], r["description"], narrow=narrow)
        total += r["tiv"]
        strategic += r["tiv"] if what in wanted else 0
        unclassified += r["tiv"] if what == "unclassified" else 0
    known = total - unclassified
    note = "revised later" if any(rows["revised_later"].to_pylist()) else ""
    return Point(
        span,
        strategic / known if known else None,
        strategic / total if total else None,
        (strategic + unclassified) / total if total else None,
        "derived",
        name,
        note,
    )


@measure(
    "transfers.by_role",
    title="Arms delivered, by what they are for",
    unit="million TIV",
    tables=("transfers",),
    reference=f"{REFERENCE}; roles: channels/roles.toml, fixed before any share was computed",
    method="Trend-indicator values of deliveries summed by year and role: air, air defence, naval, land, "
    "space, each with its engines, missiles and sensors. Items that serve several arms are unclassified.",
    params={"direction": DIRECTION, **_BOUNDS},
)
def by_role(ask: Ask) -> Answer:
    """One group a role; one point a year in which the role was delivered."""
    supplier, recipient = ends(ask, ask.params["direction"])
    within = window(ask.params["first"], ask.params["last"])
    rows = ask.rows(
        f"SELECT period AS point, '' AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) AND {within} ORDER BY point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    pairs = zip(rows["category"].to_pylist(), rows["description"].to_pylist(), strict=True)
    names = pa.array([role(c, d) for c, d in pairs], pa.string())
    rows = rows.set_column(rows.schema.get_field_index("grp"), "grp", names)
    points = ask.points(rows, "sum(tiv)", kind="estimated")
    return Answer(points, rows, note="" if points else NOTHING)


@measure(
    "transfers.certainty",
    title="How much of the value delivered the register is sure of",
    unit=_SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value of deliveries whose number and year SIPRI states without its mark of uncertainty, over all "
    "value delivered in the year. A mark that is left empty counts as unsure.",
    params={"direction": DIRECTION, **_BOUNDS},
)
def certainty(ask: Ask) -> Answer:
    """One point a year with a delivery; no group."""
    supplier, recipient = ends(ask, ask.params["direction"])
    if not deals_held(ask, supplier, recipient):
        return Answer([], empty_like(ask), note=SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, '' AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        "AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        f"AND {window(ask.params['first'], ask.params['last'])} ORDER BY point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    sure = "delivered_estimated IS NOT DISTINCT FROM FALSE AND period_estimated IS NOT DISTINCT FROM FALSE"
    value = f"coalesce(sum(tiv) FILTER (WHERE {sure}), 0) / nullif(sum(tiv), 0)"
    points = [p for p in ask.points(rows, value) if p.value is not None]
    return Answer(points, rows, note="" if points else NOTHING)
