# SPDX-License-Identifier: Apache-2.0
"""US dollars for one euro, by year: the one conversion that bilat makes, from ``exchange.toml``."""

from __future__ import annotations

from functools import cache

from bilat.package_files import TomlTable, read_package_toml


@cache
def _table() -> TomlTable:
    return read_package_toml("bilat.units", "exchange.toml")


@cache
def usd_per_eur() -> dict[str, float]:
    """US dollars for one euro by year, as ``exchange.toml`` cites them."""
    return {str(year): float(rate) for year, rate in _table()["rates"].items()}


def source() -> str:
    """Title and address of the rates."""
    return f"{_table()['title']}, {_table()['url']}"
