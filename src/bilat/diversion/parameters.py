# SPDX-License-Identifier: Apache-2.0
"""The numbers the diversion estimate rests on, from ``parameters.toml``: one table feeds code
and docs."""

from __future__ import annotations

from functools import cache
from typing import Any

from bilat.package_files import read_package_toml


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """name -> unit, value, low, high, meaning, source."""
    return read_package_toml("bilat.diversion", "parameters.toml")


def parameter(name: str) -> float:
    """The value of one parameter."""
    return float(parameters()[name]["value"])
