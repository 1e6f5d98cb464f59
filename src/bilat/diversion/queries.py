# SPDX-License-Identifier: Apache-2.0
"""The texts of SQL and what fills them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources
from string import Template
from typing import Any

import numpy as np

from bilat.formats.trade.files import Trade


@cache
def sql(name: str) -> Template:
    """The text of ``sql/<name>.sql``: one dialect, both engines."""
    return Template(resources.files("bilat.diversion").joinpath(f"sql/{name}.sql").read_text("utf-8"))


def literals(values: Sequence[Any]) -> str:
    """``1, 2`` or ``'a', 'b'``; an empty list becomes NULL, which is in nothing."""
    return (
        ", ".join(str(v) if isinstance(v, (int, np.integer)) else "'" + str(v).replace("'", "''") + "'"
                  for v in values) or "NULL"
    )  # fmt: skip


def distinct(trade: Trade, column: str, table: str = "totals") -> list[Any]:
    """The values of a column, in the file's own codes."""
    return trade.engine.table(f"SELECT DISTINCT {column} FROM {table}").column(column).to_pylist()


def codes_of(trade: Trade, products: Collection[str]) -> list[Any]:
    """The file's own codes of some products, later ones that are joined to them included."""
    held = {c for c in distinct(trade, "product", "inflow") if trade.product(c) in products}
    joined = trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
    return sorted({*held, *(s["later"] for s in joined if trade.product(s["earlier"]) in products)}, key=str)
