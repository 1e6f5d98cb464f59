# SPDX-License-Identifier: Apache-2.0
"""The texts of SQL and what fills them.

They round sums to a tenth of a cent and order what they give: an engine adds rows in the order in
which they reach it, and the last digits of a sum hang on that.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from string import Template
from typing import Any

import numpy as np

from bilat.engine import DuckDB
from bilat.package_files import read_package_text


@cache
def sql(name: str) -> Template:
    """The text of ``sql/<name>.sql``."""
    return Template(read_package_text("bilat.diversion", f"sql/{name}.sql"))


def literals(values: Collection[Any]) -> str:
    """``1, 2`` or ``'a', 'b'``; an empty list becomes NULL, which is in nothing."""
    numbers = (int, np.integer)
    texts = [
        str(v) if isinstance(v, numbers) else "'" + str(v).replace("'", "''") + "'" for v in values
    ]
    return ", ".join(texts) or "NULL"


def replace_trade(engine: DuckDB, name: str, query: str) -> None:
    """Make ``trade`` what a query on it gives, kept as ``name``."""
    engine.keep(name, query)
    engine.run(f"CREATE OR REPLACE TEMPORARY VIEW trade AS SELECT * FROM {name}")
