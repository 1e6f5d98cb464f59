# SPDX-License-Identifier: Apache-2.0
"""Dependence on imported parts: which were replaced, and when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.package_files import TomlTable, read_package_toml
from bilat.units import count


@cache
def words() -> TomlTable:
    """What the words of a status mean, and which rows are not items of equipment
    (``substitution.toml``).
    """

    return read_package_toml("bilat.alignment", "substitution.toml")


def replacement_status(status: str) -> str:
    """replaced, being replaced, still imported, or not stated."""
    return next(
        (name for name, texts in words()["status"].items() if status in texts), "not stated"
    )


def is_item(row: Mapping[str, str]) -> bool:
    """Whether a row is an item of equipment, and not a figure or an episode."""
    spec = words()["not_items"]
    return row["item_type"] not in spec["types"] and row["item"] not in spec["items"]


@measure(
    "dependence.substitution",
    of=Pair,
    title="Imported weapon parts, and those replaced by domestic ones",
    unit=count("items; share (0 to 1)"),
    tables=("substitutions",),
    reference="our list of imported parts, with a page for each; alignment/substitution.toml "
    "says what each status means",
    method="Counts the items that one state imported from the other for its weapons, and says "
    "what became of them according to a published source. The share replaced counts only "
    "items whose fate is reported. It is cumulative: an item counts as replaced from the "
    "first year reported. We compiled the list from published sources; it is not complete.",
    interval=Interval(
        "bounds", "low: items of unknown standing counted as not replaced", note="high: as replaced"
    ),
)
def substitution(ask: Ask, item_type: str = "") -> Answer:
    """Groups: ``CHN from RUS: replaced`` (and so on) in the as-of year, ``…: share replaced``, ``…:
      replaced by year`` (cumulative).

    item_type: only this type of item (turbofan, submarine, …); blank for all
    """
    rows = ask.rows(
        "SELECT period AS point, status AS grp, * FROM substitutions WHERE supplier IN (?, ?) "
        "AND (? = '' OR item_type = ?) ORDER BY platform, item",
        *ask.dyad,
        item_type,
        item_type,
    )
    out = ask.answer()
    now = str(ask.as_of.date.year)
    items = [(i, r) for i, r in enumerate(rows.to_pylist()) if is_item(r) and _pair(r, ask)]
    for buyer, supplier in ((ask.dyad.a, ask.dyad.b), (ask.dyad.b, ask.dyad.a)):
        mine = [
            (i, r, replacement_status(r["status"]))
            for i, r in items
            if _pair(r, ask) == (buyer, supplier)
        ]
        if not mine:
            continue
        name = f"{buyer} from {supplier}"
        for state in (*words()["status"], "not stated"):
            at = [i for i, _, s in mine if s == state]
            out.counted(
                now, len(at), group=f"{name}: {state}", rows=rows.take(pa.array(at, pa.int64()))
            )
        stated = [s for _, _, s in mine if s != "not stated"]
        replaced = stated.count("replaced")
        unknown = len(mine) - len(stated)
        if stated:
            out.point(
                now,
                replaced / len(stated),
                low=replaced / len(mine),
                high=(replaced + unknown) / len(mine),
                group=f"{name}: share replaced",
                rows=rows.take(pa.array([i for i, _, _ in mine], pa.int64())),
                note=f"{replaced} of {len(stated)}; {unknown} not stated",
            )
        dated = [
            (r["replaced_year"], i) for i, r, s in mine if s == "replaced" and r["replaced_year"]
        ]
        for year in sorted({y for y, _ in dated}):
            used = rows.take(pa.array([i for y, i in dated if y <= year], pa.int64()))
            out.counted(year, used.num_rows, group=f"{name}: replaced by year", rows=used)
    if not out.points:
        return out.missing("no item is listed for these two states")
    out.note = "a list of items that pages tell of, no census"
    return out


def _pair(row: Mapping[str, str], ask: Ask) -> tuple[str, str] | None:
    """(buyer, supplier) of a row: the list is of Chinese arms, and in reverse rows of
    Russian ones.
    """
    buyer = "RUS" if row["platform"].startswith("Reverse direction") else "CHN"
    ends = (buyer, row["supplier"])
    return ends if set(ends) == {ask.dyad.a, ask.dyad.b} else None
