# SPDX-License-Identifier: Apache-2.0
"""States of ISO 3166-1 with their codes and names, from ``iso3166.csv`` (see ``NOTICE``)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bilat.package_files import read_package_text

#: The names that ISO's list has of a state: short, long, and the one in daily use where it differs.
NAMES = ("name", "official_name", "common_name")


@dataclass(frozen=True, slots=True)
class IsoState:
    """A state of ISO 3166-1.

    Parameters
    ----------
    alpha3, alpha2, number
        its three codes; ``number`` is the one that the United Nations use too (M49).
    names
        its English names: short, long, and the one in daily use, each without those that ISO lacks.
    """

    alpha3: str
    alpha2: str
    number: int
    names: tuple[str, ...]
    row: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name in daily use."""
        return self.row["common_name"] or self.row["name"]

    def translated(self, language: str) -> list[tuple[str, str]]:
        """Return each English name with its translation, ``zh``, ``ru``, ``de`` or ``fa``; without
        one, the translation is blank."""
        named = [(self.row[name], self.row[f"{language}_{name}"]) for name in NAMES]
        return [(english, other) for english, other in named if english]


@cache
def iso_states() -> dict[str, IsoState]:
    """Return every state of today by its alpha-3 code, in the order of the codes."""
    return {row["alpha3"]: _state(row) for row in _rows() if not row["status"]}


@cache
def withdrawn_codes() -> frozenset[str]:
    """Return the alpha-3 codes of ISO 3166-3 that no state of today has: ``SUN``, ``YUG``."""
    gone = {row["alpha3"] for row in _rows() if row["status"] == "withdrawn"}
    return frozenset(gone - {*iso_states()})


def _state(row: Mapping[str, str]) -> IsoState:
    names = tuple(row[name] for name in NAMES if row[name])
    return IsoState(row["alpha3"], row["alpha2"], int(row["numeric"]), names, row)


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = read_package_text("bilat.places", "iso3166.csv")
    return tuple(csv.DictReader(text.splitlines()[1:]))
