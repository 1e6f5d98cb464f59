# SPDX-License-Identifier: Apache-2.0
"""Correlates of War state numbers, as political science files name states."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def _codes() -> dict[int, str]:
    text = resources.files("bilat.catalog").joinpath("cow.toml").read_text("utf-8")
    return {int(k): v for k, v in tomllib.loads(text)["cow"].items()}


def state(number: int) -> str:
    """ISO 3166-1 alpha-3 of a COW state number; ``COW 300`` for states of the past that have none.

    Russia and the Soviet Union share one number, as they do one seat: both are ``RUS``.
    """
    return _codes().get(number, f"COW {number}")
