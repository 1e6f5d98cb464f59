# SPDX-License-Identifier: Apache-2.0
"""Baskets of goods: the common high priority list by tier, the EU's listed goods, a civilian
control, and a user's own in TOML. Codes are HS6, or longer national codes, which are in a basket if
their HS6 is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.package_files import read_package_text, read_package_toml

NAMES = ("chpl", "eu-sanctioned", "civilian", "chips")


@dataclass(frozen=True)
class Basket:
    """A set of goods.

    A product is in by its code (``codes``: HS6 and longer) or by how its code begins
    (``prefixes``), unless its HS6 is in ``without``. ``tiers`` and ``labels`` are by HS6 code.
    """

    name: str
    title: str
    source: str
    edition: str = ""
    note: str = ""
    codes: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    tiers: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def holds(self, product: str) -> bool:
        """Return whether a code of 6 to 11 digits is in the basket, itself or by a code that
        replaced it in a later edition of the Harmonized System."""
        codes = [product, *successors().get(product[:6], ())]
        return any(self._holds(code) for code in codes)

    def _holds(self, product: str) -> bool:
        """Return whether a code is in the basket itself."""
        if product[:6] in self.without:
            return False
        if product in self.codes or product[:6] in self._six or product[:8] in self.codes:
            return True
        return bool(self.prefixes) and product.startswith(self.prefixes)

    @property
    def _six(self) -> frozenset[str]:
        return _six(self.codes)

    def choose(self, products: Iterable[str]) -> frozenset[str]:
        """Return those of ``products`` that are in the basket."""
        return frozenset(p for p in products if self.holds(p))

    def tier(self, product: str) -> str | None:
        """Return the tier of a code, or of the first code that replaced it; None if it has none."""
        codes = (product[:6], *successors().get(product[:6], ()))
        return next((self.tiers[code] for code in codes if code in self.tiers), None)

    @property
    def about(self) -> dict[str, str]:
        """Name, title, source, edition and note, for the head of an output."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "edition": self.edition,
            "note": self.note,
        }


@cache
def _six(codes: frozenset[str]) -> frozenset[str]:
    """Return the HS6 of each code."""
    return frozenset(c[:6] for c in codes)


@cache
def splices() -> dict[str, str]:
    """Return, for each HS6 code new in 2022, the code of 2017 that it replaced."""
    return {later: earlier for earlier, many in successors().items() for later in many}


@cache
def successors() -> dict[str, tuple[str, ...]]:
    """Return, for each HS6 code of 2017 that was replaced, the codes of 2022 that replaced it."""
    return {k: tuple(v) for k, v in _revision()["splices"].items()}


@cache
def breaks() -> dict[str, str]:
    """Return, for HS2017 codes whose flow from China to Russia halved or doubled in 2022, why it
    did: ``revision`` of the Harmonized System, or ``trade``."""
    return dict(_revision()["breaks"])


@cache
def _revision() -> dict[str, dict[str, str]]:
    return read_package_toml("bilat.goods", "splices.toml")


def basket(name: str) -> Basket:
    """Return a basket by its name (``chpl``, ``chpl:1`` for one tier, ``eu-sanctioned``,
    ``civilian``, ``chips``), by a TOML file, or by HS codes of two to six digits
    (``8542,848210``).

    Raises
    ------
    UsageError
        for a name that is none of these.
    DataError
        for a TOML file that is missing or describes no basket.
    """
    base, _, tier = name.partition(":")
    if base in NAMES:
        return _tier(base, tier) if tier else _shipped(base)
    if name.endswith(".toml"):  # read each time, since its user may edit it
        path = Path(name)
        if not path.is_file():
            raise DataError(f"{path}: file not found")
        return _parse(path.read_text("utf-8"), name)
    codes = tuple(code.strip() for code in name.split(","))
    if all(re.fullmatch(r"\d{2}|\d{4}|\d{6}", code) for code in codes):
        return Basket(
            name=name,
            title=f"HS {', '.join(codes)}",
            source="the question",
            prefixes=codes,
            labels=_shipped("chpl").labels,
        )
    raise UsageError(
        f"unknown list of goods {name!r}: use {', '.join(NAMES)}, chpl:1 to chpl:4.B, HS codes "
        "(8542,848210), or a TOML file"
    )


@cache
def _shipped(name: str) -> Basket:
    """Return a basket of the package."""
    text = read_package_text("bilat.goods", f"{name}.toml")
    return _parse(text, name)


@cache
def _tier(name: str, tier: str) -> Basket:
    """Return one tier of a basket of the package: ``4.B``, or ``4`` with all its parts."""
    whole = _shipped(name)
    tiers = {
        code: own
        for code, own in whole.tiers.items()
        if own == tier.upper() or own.split(".")[0] == tier
    }
    if not tiers:
        known = ", ".join(sorted(set(whole.tiers.values())))
        raise UsageError(f"basket {name} has no tier {tier!r}: {known}")
    return Basket(
        name=f"{name}:{tier}",
        title=f"{whole.title}, tier {tier}",
        source=whole.source,
        edition=whole.edition,
        note=whole.note,
        codes=frozenset(tiers),
        tiers=tiers,
        labels=whole.labels,
    )


def _parse(text: str, where: str) -> Basket:
    """Return the basket that a TOML text describes; ``where`` names the file in errors."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DataError(f"{where}: not valid TOML: {e}") from None
    tiers = {str(code): str(tier) for code, tier in raw.get("tiers", {}).items()}
    listed = raw.get("codes", [])
    written = listed.split() if isinstance(listed, str) else [str(code) for code in listed]
    codes = frozenset(written) | frozenset(tiers)
    prefixes = tuple(map(str, raw.get("prefixes", [])))
    problem = _problem(codes, prefixes)
    if problem:
        raise DataError(
            f'{where}: {problem}; a basket has codes = ["854231", ...] or prefixes = ["8542"]'
        )
    return Basket(
        name=str(raw.get("name", Path(where).stem)),
        title=str(raw.get("title", raw.get("name", where))),
        source=str(raw.get("source", where)),
        edition=str(raw.get("edition", "")),
        note=str(raw.get("note", "")),
        codes=codes,
        prefixes=prefixes,
        without=basket(raw["except"])._six if "except" in raw else frozenset(),
        tiers=tiers,
        labels={str(code): str(label) for code, label in raw.get("labels", {}).items()},
    )


def _problem(codes: frozenset[str], prefixes: tuple[str, ...]) -> str:
    """Return what is wrong with the codes of a basket; blank if nothing is."""
    for code in (*codes, *prefixes):
        if not code.isdigit() or (code in codes and len(code) < 6):
            return f"{code!r} is not an HS code of at least 6 digits"
    return "" if codes or prefixes else "it names no codes and no prefixes"
