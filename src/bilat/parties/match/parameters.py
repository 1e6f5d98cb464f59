# SPDX-License-Identifier: Apache-2.0
"""Parameters of screening that are not fitted (``parameters.toml``), each with unit, range and origin."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """The table: name -> value, low, high, unit, origin."""
    return tomllib.loads(
        resources.files(__package__).joinpath("parameters.toml").read_text("utf-8")
    )


@cache
def parameter(name: str) -> float:
    """The value of one parameter."""
    return float(parameters()[name]["value"])
