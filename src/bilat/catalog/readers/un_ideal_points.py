# SPDX-License-Identifier: Apache-2.0
"""Ideal points of UN members by session, with their published quantiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.table import TableRow, records
from bilat.places.cow import seat

#: Column of the file -> the state with which a session's votes are compared.
AGREEMENT = {
    "USAgree": "USA",
    "RUSSAgree": "RUS",
    "BrazilAgree": "BRA",
    "ChinaAgree": "CHN",
    "IndiaAgree": "IND",
    "IsraelAgree": "ISR",
}
#: The two Yemens share one code in both editions; the state number tells them apart.
SOUTH_YEMEN = "680"


def header(edition: str) -> list[str]:
    """The columns of an edition: ``2020`` (plain names) or ``2024`` (names end in All, agreement added)."""
    suffix = "" if edition == "2020" else "All"
    quantiles = [f"{q}%{suffix}" for q in ("QO", "Q5", "Q10", "Q50", "Q90", "Q95", "Q100")]
    first = "Row" if edition == "2020" else ""
    columns = [first, "ccode", "session", f"NVotes{suffix}", f"IdealPoint{suffix}", *quantiles]
    return columns + ["iso3c", "Countryname"] + ([] if edition == "2020" else list(AGREEMENT))


def who_and_when(opened: Opened, r: TableRow) -> dict[str, object]:
    """What every row of one line shares: state, year (session + 1945), place and date of knowledge."""
    session = r.integer_or_none("session")
    if session is None or not 1 <= session <= 200:
        raise r.refuse("session", "is not a session of the General Assembly")
    state = r["iso3c"]
    if not re.fullmatch(r"[A-Z]{3}", state):
        raise r.refuse("iso3c", "is not a three-letter code")
    period = str(session + 1945)
    known_on, basis = opened.known(period)
    return {
        "entity": "YMD" if r["ccode"] == SOUTH_YEMEN else seat(state, int(period)),
        "period": period,
        "locator": r.locator,
        "known_on": known_on,
        "known_basis": basis,
    }


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Per state and year (session + 1945): its ideal point with the published 5% and 95% quantiles."""
    edition = opened.file.options.get("edition", "")
    if edition not in ("2020", "2024"):
        raise DataError(
            f"{opened.file.path}: the catalog names no edition; set options.edition to 2020 or 2024"
        )
    suffix = "" if edition == "2020" else "All"
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), header(edition), encoding="latin-1" if edition == "2020" else "utf-8"):
        shared = who_and_when(opened, r)
        column = f"IdealPoint{suffix}"
        point, low, high = (r.number_or_none(c) for c in (column, f"Q5%{suffix}", f"Q95%{suffix}"))
        if point is None or low is None or high is None:
            raise r.refuse(column, "has no value or no quantiles")
        rows.append(
            shared
            | {
                "variable": "ideal_point",
                "value": point,
                "low": low,
                "high": high,
                "interval": "90% credible interval: the published 5% and 95% quantiles",
                "unit": "ideal point",
                "kind": "estimated",
            }
        )
    yield "series", table("series").arrow(rows)
