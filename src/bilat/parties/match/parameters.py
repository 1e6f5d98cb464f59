# SPDX-License-Identifier: Apache-2.0
"""Parameters of screening that are not fitted (``parameters.toml``), each with unit, range and origin."""

from __future__ import annotations

from functools import cache
from typing import Any

from bilat.package_files import read_package_toml


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """The table: name -> value, low, high, unit, origin."""
    return read_package_toml(__package__, "parameters.toml")


@cache
def parameter(name: str) -> float:
    """The value of one parameter."""
    return float(parameters()[name]["value"])
