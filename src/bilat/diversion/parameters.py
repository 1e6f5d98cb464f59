# SPDX-License-Identifier: Apache-2.0
"""The numbers the diversion estimate rests on, from ``parameters.toml``: one table feeds code
and docs."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """name -> unit, value, low, high, meaning, source."""
    return tomllib.loads(
        resources.files("bilat.diversion").joinpath("parameters.toml").read_text("utf-8")
    )


def parameter(name: str) -> float:
    """The value of one parameter."""
    return float(parameters()[name]["value"])
