# SPDX-License-Identifier: Apache-2.0
"""Dependence on imported parts: which were replaced, and when."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from bilat.measures import Answer, Ask, Point, measure


@cache
def words() -> dict[str, Any]:
    """What the words of a status mean, and which rows are no item of equipment (``technology.toml``)."""
    import tomllib

    return tomllib.loads(resources.files("bilat.channels").joinpath("technology.toml").read_text("utf-8"))


def standing(status: str) -> str:
    """replaced, being replaced, still imported, or not stated."""
    return next((name for name, texts in words()["status"].items() if status in texts), "not stated")


def is_item(row: dict[str, Any]) -> bool:
    """Whether a row is an item of equipment, and not a figure or an episode."""
    spec = words()["not_items"]
    return row["item_type"] not in spec["types"] and row["item"] not in spec["items"]


@measure(
    "dependence.substitution",
    title="Imported items of arms, and those replaced at home",
    unit="items; share (0 to 1)",
    tables=("substitutions",),
    reference="imported parts, the page of each in its row; what a status means: channels/technology.toml",
    method="Items that one state's arms took from the other, by what a page says became of them. The share "
    "replaced is of the items of which something is said. Cumulative: items replaced by the year first named "
    "for it. A list of items that pages tell of, no census.",
    interval="low: items of unknown standing counted as not replaced; high: as replaced",
    params={"item_type": ("", "only this type of item (turbofan, submarine, …); blank for all")},
)
def substitution(ask: Ask) -> Answer:
    """Groups ``CHN from RUS: replaced`` (and so on) in the as-of year, ``…: share replaced``,
    ``…: replaced by year`` (cumulative)."""
    rows = ask.rows(
        "SELECT period AS point, status AS grp, * FROM substitutions WHERE supplier IN (?, ?) "
        "AND (? = '' OR item_type = ?) ORDER BY platform, item",
        *ask.dyad,
        ask.params["item_type"],
        ask.params["item_type"],
    )
    points: list[Point] = []
    parts: list[pa.Table] = []
    now = str(ask.as_of.date.year)
    items = [(i, r) for i, r in enumerate(rows.to_pylist()) if is_item(r) and _pair(r, ask)]
    for buyer, supplier in ((ask.dyad.a, ask.dyad.b), (ask.dyad.b, ask.dyad.a)):
        mine = [(i, r, standing(r["status"])) for i, r in items if _pair(r, ask) == (buyer, supplier)]
        if not mine:
            continue
        name = f"{buyer} from {supplier}"
        for state in (*words()["status"], "not stated"):
            at = [i for i, _, s in mine if s == state]
            points.append(Point(now, float(len(at)), kind="reported", group=f"{name}: {state}"))
            parts.append(_as(rows.take(pa.array(at, pa.int64())), now, f"{name}: {state}"))
        said = [s for _, _, s in mine if s != "not stated"]
        replaced, unknown = said.count("replaced"), len(mine) - len(said)
        if said:
            group = f"{name}: share replaced"
            share = Point(
                now,
                replaced / len(said),
                replaced / len(mine),
                (replaced + unknown) / len(mine),
                "derived",
                group,
                f"{replaced} of {len(said)}; {unknown} not stated",
            )
            points.append(share)
            parts.append(_as(rows.take(pa.array([i for i, _, _ in mine], pa.int64())), now, group))
        dated = [(r["replaced_year"], i) for i, r, s in mine if s == "replaced" and r["replaced_year"]]
        for year in sorted({y for y, _ in dated}):
            at = [i for y, i in dated if y <= year]
            group = f"{name}: replaced by year"
            points.append(Point(str(year), float(len(at)), kind="reported", group=group))
            parts.append(_as(rows.take(pa.array(at, pa.int64())), str(year), group))
    note = (
        "a list of items that pages tell of, no census"
        if points
        else "no item is listed for these two states"
    )
    return Answer(points, pa.concat_tables(parts) if parts else rows.slice(0, 0), note=note)


def _pair(row: dict[str, Any], ask: Ask) -> tuple[str, str] | None:
    """(buyer, supplier) of a row: the list is of Chinese arms, and in reverse rows of Russian ones."""
    buyer = "RUS" if row["platform"].startswith("Reverse direction") else "CHN"
    ends = (buyer, row["supplier"])
    return ends if set(ends) == {ask.dyad.a, ask.dyad.b} else None


def _as(rows: pa.Table, point: str, group: str) -> pa.Table:
    for column, value in (("point", point), ("grp", group)):
        values = pa.array([value] * rows.num_rows, pa.string())
        rows = rows.set_column(rows.schema.get_field_index(column), column, values)
    return rows
