# SPDX-License-Identifier: Apache-2.0
"""Dependence on imported parts: which were replaced, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.package_files import TomlTable, read_package_toml
from bilat.units import count

NOT_STATED = "not stated"


@cache
def words() -> TomlTable:
    """What the words of a status mean, and which rows are not items of equipment
    (``substitution.toml``).
    """

    return read_package_toml("bilat.alignment", "substitution.toml")


def replacement_status(status: str) -> str:
    """replaced, being replaced, still imported, or not stated."""
    return next((name for name, texts in words()["status"].items() if status in texts), NOT_STATED)


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
    reference="our list of imported parts, with a source page for each; "
    "alignment/substitution.toml explains each status",
    method="Counts the items that one state imported from the other for its weapons, and says "
    "what became of them according to a published source. The share replaced counts only "
    "items whose fate is reported. It is cumulative: an item counts as replaced from the "
    "first year reported. We compiled the list from published sources; it is not complete.",
    interval=Interval(
        "bounds", "low: items of unknown status counted as not replaced", note="high: as replaced"
    ),
)
def substitution(ask: Ask, item_type: str = "") -> Answer:
    """Groups: ``CHN from RUS: replaced`` and so on, ``…: share replaced``, both in the as-of year;
    ``…: replaced by year``, cumulative.

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
    items = list(_items(rows))
    a, b = ask.dyad
    for buyer, supplier in ((a, b), (b, a)):
        imported = [i for i in items if (i.buyer, i.supplier) == (buyer, supplier)]
        if imported:
            _add_points(out, ask, f"{buyer} from {supplier}", imported, rows)
    if not out.points:
        return out.missing("no item is listed for these two states")
    out.note = "a list of items mentioned in published sources, not a census"
    return out


@dataclass(frozen=True)
class _Item:
    """An imported item of equipment: its place among the rows, and what became of it."""

    row: int
    buyer: str
    supplier: str
    status: str
    replaced_year: str | None


def _items(rows: pa.Table) -> Iterator[_Item]:
    """Yield the items of the list, which is of Chinese arms, and of Russian ones "in reverse"."""
    for number, row in enumerate(rows.to_pylist()):
        if is_item(row):
            is_reverse = row["platform"].startswith("Reverse direction")
            yield _Item(
                row=number,
                buyer="RUS" if is_reverse else "CHN",
                supplier=row["supplier"],
                status=replacement_status(row["status"]),
                replaced_year=row["replaced_year"],
            )


def _add_points(out: Answer, ask: Ask, name: str, items: Sequence[_Item], rows: pa.Table) -> None:
    """Add how many items have each status, the share replaced, and those replaced by year."""

    def rows_of(some: Iterable[_Item]) -> pa.Table:
        return rows.take(pa.array([item.row for item in some], pa.int64()))

    now = str(ask.as_of.date.year)
    by_status = {
        status: [item for item in items if item.status == status]
        for status in (*words()["status"], NOT_STATED)
    }
    for status, having in by_status.items():
        out.counted(now, len(having), group=f"{name}: {status}", rows=rows_of(having))
    replaced = by_status["replaced"]
    unknown = len(by_status[NOT_STATED])
    stated = len(items) - unknown
    if stated:
        out.point(
            now,
            len(replaced) / stated,
            low=len(replaced) / len(items),
            high=(len(replaced) + unknown) / len(items),
            group=f"{name}: share replaced",
            rows=rows_of(items),
            note=f"{len(replaced)} of {stated}; {unknown} not stated",
        )
    for year in sorted({item.replaced_year for item in replaced if item.replaced_year}):
        by_then = [item for item in replaced if item.replaced_year and item.replaced_year <= year]
        used = rows_of(by_then)
        out.counted(year, used.num_rows, group=f"{name}: replaced by year", rows=used)
