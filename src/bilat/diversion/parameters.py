# SPDX-License-Identifier: Apache-2.0
"""The numbers the diversion estimate rests on, from ``parameters.toml``: one table feeds code and docs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any

_set: dict[str, float] = {}


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """name -> unit, value, low, high, meaning, source."""
    return tomllib.loads(resources.files("bilat.diversion").joinpath("parameters.toml").read_text("utf-8"))


def parameter(name: str) -> float:
    """The value in force of one parameter."""
    return _set.get(name, float(parameters()[name]["value"]))


@contextmanager
def assuming(**values: float) -> Iterator[None]:
    """Within the block, other values: for the sensitivity table."""
    unknown = set(values) - set(parameters())
    if unknown:
        raise KeyError(f"no such parameter: {', '.join(sorted(unknown))}")
    before = dict(_set)
    _set.update(values)
    try:
        yield
    finally:
        _set.clear()
        _set.update(before)
