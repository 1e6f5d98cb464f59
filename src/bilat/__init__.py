# SPDX-License-Identifier: Apache-2.0
"""bilat: two states' military ties, measured from public records.

>>> from bilat import Dyad, AsOf, measure, claims
>>> m = measure("arms.tiv", Dyad("RUS", "CHN"), as_of="2023-03-20")
"""

from __future__ import annotations

from typing import Any

from bilat.dyad import Dyad
from bilat.errors import BilatError, DataError, UsageError
from bilat.when import AsOf, Period

__version__ = "0.1.0"
__all__ = [
    "AsOf", "BilatError", "DataError", "Dyad", "Holdings", "Measurement", "Period", "Point", "UsageError",
    "brief", "claims", "measure",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # Heavy parts (Arrow, DuckDB) load when they are first asked for, so that `bilat --help` stays quick.
    if name == "measure":
        from bilat.measures import ask

        return ask
    if name in ("Measurement", "Point"):
        import bilat.measures

        return getattr(bilat.measures, name)
    if name == "Holdings":
        from bilat.holdings import Holdings

        return Holdings
    if name == "claims":
        from bilat.claims import judge

        return judge
    if name == "brief":
        from bilat.picture import brief

        return brief
    raise AttributeError(f"module 'bilat' has no attribute {name!r}")
