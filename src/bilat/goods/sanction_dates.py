# SPDX-License-Identifier: Apache-2.0
"""When the EU first listed goods under a six-digit code for its export restrictions
against Russia.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from bilat.goods.baskets import splices, successors
from bilat.package_files import TomlTable, read_package_toml


@cache
def _raw() -> TomlTable:
    return read_package_toml("bilat.goods", "eu_sanction_dates.toml")


def dates_source() -> tuple[str, str, str]:
    """Title, citation and licence of the dates."""
    raw = _raw()
    return raw["title"], raw["citation"], raw["licence"]


@cache
def _dates() -> dict[str, dt.date]:
    return {
        code: dt.date.fromisoformat(day)
        for day, codes in _raw()["dates"].items()
        for code in codes.split()
    }


@cache
def listed_on(product: str) -> dt.date | None:
    """The date of the first listing of a code of six digits or more (of a code that HS2022 split or
    made, that of its sister); None where it was not listed.
    """
    code = product[:6]
    known = _dates()
    sisters = (
        code,
        *successors().get(code, ()),
        *((splices()[code],) if code in splices() else ()),
    )
    return min((known[c] for c in sisters if c in known), default=None)


def first_month(day: dt.date) -> str:
    """The first month that lies under a listing for its larger part: ``2022-03`` for 25 February
    and 15 March.
    """
    if day.day <= 15:
        return f"{day:%Y-%m}"
    return f"{day.year + day.month // 12}-{day.month % 12 + 1:02d}"
