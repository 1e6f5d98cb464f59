# SPDX-License-Identifier: Apache-2.0
"""SIPRI's trade register as the database exports it: one row a deal and delivery year."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import integer, number, records, text_of
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.places import country_or_none

HEADER = [
    "SIPRI AT Database ID",
    "Supplier",
    "Recipient",
    "Designation",
    "Description",
    "Armament category",
    "Order date",
    "Order date is estimate",
    "Numbers delivered",
    "Numbers delivered is estimate",
    "Delivery year",
    "Delivery year is estimate",
    "Status",
    "SIPRI estimate",
    "TIV deal unit",
    "TIV delivery values",
    "Local production",
]
#: Lines of explanation above the header.
PREAMBLE = 11
#: Categories whose spelling changed between editions, as the newer one writes them.
RENAMED = {"Air defence systems": "Air-defence systems"}
CATEGORIES = {
    "Air-defence systems",
    "Aircraft",
    "Anti-submarine warfare weapons",
    "Armoured vehicles",
    "Artillery",
    "Engines",
    "Missiles",
    "Naval weapons",
    "Other",
    "Satellites",
    "Sensors",
    "Ships",
}
STATES_OF_ITEM = {"New", "Second hand", "Second hand but modernized"}


def party(label: str) -> str:
    """ISO alpha-3 of a supplier or recipient; the publisher's label where it is no country."""
    return country_or_none(label) or label[:1].upper() + label[1:]


def _flag(opened: Opened, line: int, column: str, text: str) -> bool | None:
    if text == "":
        return None
    if text not in ("Yes", "No"):
        raise opened.refuse(line, column, text, "is neither Yes nor No; pull the file again")
    return text == "Yes"


def _year(opened: Opened, line: int, column: str, text: str) -> int:
    if len(text) != 4 or not text.isdigit():
        raise opened.refuse(line, column, text, "is no year; pull the file again")
    return int(text)


def _one_of(opened: Opened, line: int, column: str, text: str, known: set[str]) -> str:
    if text not in known:
        raise opened.refuse(
            line, column, text, f"is none of {', '.join(sorted(known))}; check the edition's wording"
        )
    return text


def _preamble(opened: Opened) -> None:
    """Refuse a file that does not open with the register's own explanation."""
    with text_of(opened.path) as handle:
        head = [next(handle, "") for _ in range(PREAMBLE)]
    if not head[0].startswith("Transfers of major conventional arms") or "Data generated:" not in head[-1]:
        raise DataError(
            f"{opened.file.path}: line 1: does not open with SIPRI's {PREAMBLE} lines of explanation "
            f"(found {head[0][:40]!r}): export the trade register from {opened.source.url} as CSV"
        )


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Every line of the register; an empty "is estimate" stays unknown, not "no"."""
    _preamble(opened)
    rows: list[dict[str, object]] = []
    for line, r in records(opened, HEADER, skip=PREAMBLE, strip_end=";"):
        year = _year(opened, line, "Delivery year", r["Delivery year"])
        category = RENAMED.get(r["Armament category"], r["Armament category"])
        tiv = number(opened, line, "TIV delivery values", r["TIV delivery values"])
        if tiv is None:
            raise opened.refuse(line, "TIV delivery values", "", "is empty; pull the file again")
        known_on, basis = opened.known(str(year))
        rows.append(
            {
                "period": str(year),
                "supplier": party(r["Supplier"]),
                "recipient": party(r["Recipient"]),
                "category": _one_of(opened, line, "Armament category", category, CATEGORIES),
                "designation": r["Designation"],
                "description": r["Description"],
                "deal": r["SIPRI AT Database ID"],
                "order_year": _year(opened, line, "Order date", r["Order date"]),
                "order_estimated": _flag(opened, line, "Order date is estimate", r["Order date is estimate"]),
                "delivered": integer(opened, line, "Numbers delivered", r["Numbers delivered"]),
                "delivered_estimated": _flag(
                    opened, line, "Numbers delivered is estimate", r["Numbers delivered is estimate"]
                ),
                "period_estimated": _flag(
                    opened, line, "Delivery year is estimate", r["Delivery year is estimate"]
                ),
                "status": _one_of(opened, line, "Status", r["Status"], STATES_OF_ITEM),
                "local_production": _flag(opened, line, "Local production", r["Local production"]),
                "tiv": tiv,
                "lines": 1,
                "kind": "estimated",
                "locator": f"line {line}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "transfers", table("transfers").arrow(rows)
