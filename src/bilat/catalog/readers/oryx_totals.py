# SPDX-License-Identifier: Apache-2.0
"""Oryx: visually confirmed losses by class and status, as scraped from its pages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources

import pyarrow as pa

from bilat.catalog.delimited import day, integer, records
from bilat.catalog.sources import Opened
from bilat.places import country_or_none

STATUSES = ["destroyed", "abandoned", "captured", "damaged"]
#: The columns of the two transcriptions: of every scrape to July 2025, and of seven dates since October 2025.
HEADERS = (
    ["date", "commit", "country", "equipment_type", *STATUSES, "type_total"],
    ["date", "country", "equipment_type", *STATUSES, "type_total", "leedrake5_commit"],
)


def classes() -> dict[str, str]:
    """Class as scraped -> class it is compared under."""
    text = resources.files("bilat.catalog.readers").joinpath("oryx_classes.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["classes"])


def _header(opened: Opened) -> list[str]:
    """The header that the file has; the first of the two where it has neither, for the reader to refuse."""
    with opened.path.open(encoding="utf-8", errors="replace") as f:
        first = f.readline(1000).strip().split(",")
    return next((h for h in HEADERS if h == first), HEADERS[0])


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """A row for each date, side, class and status that is not zero, and always one for the total.

    A total that is not the sum of its statuses is refused: the line is damaged.
    """
    known = classes()
    made: dict[str, list[object]] = {
        c: [] for c in ("period", "side", "equipment", "class", "status", "cumulative", "locator", "known_on")
    }
    for line, r in records(opened, _header(opened)):
        on = day(opened, line, "date", r["date"])
        if on is None:
            raise opened.refuse(line, "date", r["date"], "is empty")
        side = country_or_none(r["country"])
        if side is None:
            raise opened.refuse(line, "country", r["country"], "is no country")
        if r["equipment_type"] not in known:
            raise opened.refuse(
                line,
                "equipment_type",
                r["equipment_type"],
                "is no class known; add it to oryx_classes.toml",
            )
        counts = {s: integer(opened, line, s, r[s]) for s in STATUSES}
        total = integer(opened, line, "type_total", r["type_total"])
        if total is None or None in counts.values():
            raise opened.refuse(line, "type_total", r["type_total"], "or a status beside it is empty")
        if sum(c or 0 for c in counts.values()) != total:
            raise opened.refuse(line, "type_total", r["type_total"], "is not the sum of its statuses")
        for status, count in (*((s, c) for s, c in counts.items() if c), ("total", total)):
            made["period"].append(r["date"])
            made["side"].append(side)
            made["equipment"].append(r["equipment_type"])
            made["class"].append(known[r["equipment_type"]])
            made["status"].append(status)
            made["cumulative"].append(float(count or 0))
            made["locator"].append(f"line {line}")
            made["known_on"].append(on)
    n = len(made["period"])
    rows = pa.table(
        {k: pa.array(v, pa.date32()) if k == "known_on" else pa.array(v) for k, v in made.items()}
    )
    for column, text in (("claimant", "oryx"), ("kind", "reported"), ("known_basis", "published")):
        rows = rows.append_column(column, pa.repeat(pa.scalar(text), n))
    yield "losses", rows
