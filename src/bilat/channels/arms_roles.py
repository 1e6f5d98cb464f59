# SPDX-License-Identifier: Apache-2.0
"""What the arms supplied are for: roles by category and description, and how sure the register is of them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import pyarrow as pa

from bilat.channels.register import (
    NOTHING,
    REFERENCE,
    REGISTER,
    SUMS_ONLY,
    TIV,
    Direction,
    complete,
    deals_held,
    ends,
    label,
    summed,
)
from bilat.measures import Answer, Ask, Interval, Years, labelled, measure
from bilat.units import SHARE


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
    unit=SHARE,
    tables=("transfers",),
    reference=f"{REFERENCE}; roles: channels/roles.toml, fixed before any share was computed",
    method="Value of air, air-defence and naval arms, with their engines, missiles and sensors, over all "
    "that was delivered: to the partner, and to all others. Items that serve several arms "
    "count as unclassified.",
    interval=Interval(
        "bounds",
        "low: unclassified items taken as not strategic",
        note="high: as strategic; value: without them",
    ),
)
def role_share(
    ask: Ask, set_: Literal["strategic", "narrow"] = "strategic", years: Years = Years()
) -> Answer:
    """Groups: ``RUS>CHN``, ``RUS>others``, and the reverse; one point, the window.

    set: strategic, or narrow (without transport and training aircraft)
    years: the window; blank for all years held
    """
    out = ask.answer()
    for supplier, other in (tuple(ask.dyad), tuple(ask.dyad)[::-1]):
        if not complete(ask, supplier):
            continue
        for name, test in ((f"{supplier}>{other}", "="), (f"{supplier}>others", "<>")):
            sql = summed(
                "transfers",
                point="period",
                grp=f"'{name}'",
                keys="period, supplier, category, description",
                where=f"source = '{REGISTER}' AND supplier = ? AND recipient {test} ? AND {years.sql()}",
            )
            rows = ask.rows(f"{sql} ORDER BY point, category, description", supplier, other)
            if rows.num_rows:
                span = label(sorted({int(y) for y in rows["period"].to_pylist()}))
                _role_point(out, rows, span, name, narrow=set_ == "narrow")
    return out.or_missing(NOTHING if complete(ask, *ask.dyad) else SUMS_ONLY)


def _role_point(out: Answer, rows: pa.Table, span: str, name: str, *, narrow: bool) -> None:
    strategic_roles = set(roles()["sets"]["strategic"])
    strategic = unclassified = total = 0.0
    for r in rows.select(["category", "description", "tiv"]).to_pylist():
        what = role(r["category"], r["description"], narrow=narrow)
        total += r["tiv"]
        strategic += r["tiv"] if what in strategic_roles else 0
        unclassified += r["tiv"] if what == "unclassified" else 0
    known = total - unclassified
    out.point(
        span,
        strategic / known if known else None,
        low=strategic / total if total else None,
        high=(strategic + unclassified) / total if total else None,
        group=name,
        rows=rows,
    )


@measure(
    "transfers.by_role",
    title="Arms delivered, by what they are for",
    unit=TIV,
    tables=("transfers",),
    reference=f"{REFERENCE}; roles: channels/roles.toml, fixed before any share was computed",
    method="Trend-indicator values of deliveries summed by year and role: air, air defence, naval, land, "
    "space, each with its engines, missiles and sensors. Items that serve several arms are unclassified.",
)
def by_role(ask: Ask, direction: Direction = "", years: Years = Years()) -> Answer:
    """Groups: one group a role; one point a year in which the role was delivered.

    years: years of delivery; blank for all that are held
    """
    supplier, recipient = ends(ask, direction)
    if not complete(ask, supplier, recipient):
        return ask.answer().missing(SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, '' AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        f"AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) AND {years.sql()} ORDER BY point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    pairs = zip(rows["category"].to_pylist(), rows["description"].to_pylist(), strict=True)
    out = ask.answer()
    out.each(labelled(rows, group=[role(c, d) for c, d in pairs]), "sum(tiv)", kind="estimated")
    return out.or_missing(NOTHING)


@measure(
    "transfers.certainty",
    title="How much of the value delivered the register is sure of",
    unit=SHARE,
    tables=("transfers",),
    reference=REFERENCE,
    method="Value of deliveries whose number and year SIPRI states without its mark of uncertainty, over all "
    "value delivered in the year. A mark that is left empty counts as unsure.",
)
def certainty(ask: Ask, direction: Direction = "", years: Years = Years()) -> Answer:
    """Groups: one point a year with a delivery; no group.

    years: years of delivery; blank for all that are held
    """
    supplier, recipient = ends(ask, direction)
    if not deals_held(ask, supplier, recipient):
        return ask.answer().missing(SUMS_ONLY)
    rows = ask.rows(
        f"SELECT period AS point, '' AS grp, * FROM transfers WHERE source = '{REGISTER}' "
        "AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?) "
        f"AND {years.sql()} ORDER BY point, locator",
        *(supplier,) * 2,
        *(recipient,) * 2,
    )
    sure = "delivered_estimated IS NOT DISTINCT FROM FALSE AND period_estimated IS NOT DISTINCT FROM FALSE"
    value = f"coalesce(sum(tiv) FILTER (WHERE {sure}), 0) / nullif(sum(tiv), 0)"
    out = ask.answer()
    out.each(rows, value, skip_null=True)
    return out.or_missing(NOTHING)
