# SPDX-License-Identifier: Apache-2.0
"""Imported parts of Chinese (and Russian) arms and what replaced them: one row an item."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import dates_in, if_timely
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places import country_or_none

HEADER = [
    "chinese_platform",
    "imported_item",
    "supplier",
    "item_type",
    "import_years_sipri",
    "units_sipri",
    "tiv_sipri",
    "domestic_substitute",
    "replaced_since",
    "status",
    "source_url",
    "source_url_2",
    "note",
]
#: What the row tells, in the words of a page; the register's sums beside it are measured here, not copied.
TOLD = (
    "imported_item",
    "domestic_substitute",
    "replaced_since",
    "status",
    "source_url",
    "source_url_2",
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def replaced_year(text: str) -> int | None:
    """The first year that ``replaced_since`` names."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """A row is known from the latest date that it names or that its pages bear, else from the edition.

    Import years, units and value of the register are left out: ``transfers.deliveries`` measures them from
    the edition that was public, while this table copied them from the edition of February 2026.
    """
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        for column in ("chinese_platform", "imported_item", "item_type"):
            if not r[column].strip():
                raise opened.refuse(r.line, column, "", "is empty: name it")
        if not r["source_url"].strip():
            raise opened.refuse(
                r.line, "source_url", "", "is empty: a fact needs the page it was read on"
            )
        pages = [
            p
            for p in (_without_register(r["source_url"]), _without_register(r["source_url_2"]))
            if p
        ]
        named = [d for column in TOLD for d in dates_in(_without_register(r[column]))]
        known_on = min(max(named, default=opened.latest), opened.file.vintage)
        rows.append(
            {
                "period": str(known_on.year),
                "platform": r["chinese_platform"],
                "item": r["imported_item"],
                "supplier": country_or_none(r["supplier"]) or r["supplier"],
                "item_type": r["item_type"],
                "substitute": r["domestic_substitute"] or None,
                "replaced_since": r["replaced_since"] or None,
                "replaced_year": replaced_year(r["replaced_since"]),
                "status": r["status"] or "not stated",
                "url": pages[0] if pages else None,
                "url_2": pages[1] if len(pages) > 1 else None,
                "note": if_timely(r["note"], known_on),
                "kind": "reported",
                "locator": r.locator,
                "known_on": known_on,
                "known_basis": "published" if named else "vintage",
            }
        )
    yield "substitutions", table("substitutions").arrow(rows)


def _without_register(text: str) -> str:
    return "" if "sipri_trade_register" in text else text
