# SPDX-License-Identifier: Apache-2.0
"""Correlates of War state numbers, as political science files name states."""

from __future__ import annotations

from functools import cache

from bilat.places.countries import codes


@cache
def _codes() -> dict[int, str]:
    return {int(k): v for k, v in codes()["cow"].items()}


def state(number: int) -> str:
    """ISO 3166-1 alpha-3 of a COW state number; ``COW 300`` for states of the past that have none.

    Russia and the Soviet Union share one number, as they do one seat: both are ``RUS``.
    """
    return _codes().get(number, f"COW {number}")


#: Files on the United Nations go on calling Serbia by Yugoslavia's code: no vote is recorded from
#: 1993 to 1999, and the seat that votes again from 2000 is Serbia's.
SERBIA_FROM = 1993


def seat(code: str, year: int) -> str:
    """Whose seat in the United Nations a code stands for in a year."""
    return "SRB" if code == "YUG" and year >= SERBIA_FROM else code
