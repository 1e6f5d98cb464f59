# SPDX-License-Identifier: Apache-2.0
"""Baskets of goods: the common high priority list by tier, the EU's listed goods, a civilian
control, and a user's own in TOML.

Codes have six digits (HS6) or are longer national codes. Goods are compared by HS6 alone: a
national code is in a basket if the basket has any code with the same first six digits.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypedDict

from bilat.errors import DataError, UsageError
from bilat.package_files import read_package_text, read_package_toml

#: The baskets of the package.
NAMES = ("chpl", "eu-sanctioned", "civilian", "chips")


@dataclass(frozen=True)
class Basket:
    """A set of goods.

    Parameters
    ----------
    codes
        codes of six digits or more; goods with the same HS6 are in the basket.
    prefixes
        goods whose code begins with one of these are in the basket, too.
    excluded
        another basket, whose goods are not in this one.
    tiers, labels
        the tier and the short name of HS6 codes.
    """

    name: str
    title: str
    source: str
    edition: str = ""
    note: str = ""
    codes: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    excluded: Basket | None = None
    tiers: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def holds(self, product: str) -> bool:
        """Return whether a code of 6 to 11 digits is in the basket, itself or by a code that
        replaced it in a later edition of the Harmonized System."""
        codes = [product, *successors().get(product[:6], ())]
        return any(self._has_code(code) for code in codes)

    def _has_code(self, product: str) -> bool:
        """Return whether a code is in the basket itself."""
        if self.excluded is not None and self.excluded._has_code(product):
            return False
        return product[:6] in _hs6_of(self.codes) or product.startswith(self.prefixes)

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


class _Revision(TypedDict):
    """What the revision of the Harmonized System in 2022 changed, as ``splices.toml`` has it."""

    splices: dict[str, list[str]]  #: the new codes by the code that they replaced
    breaks: dict[str, str]  #: the reason why the flow of a code changed, by code


@cache
def _hs6_of(codes: frozenset[str]) -> frozenset[str]:
    """Return the HS6 of each code."""
    return frozenset(c[:6] for c in codes)


@cache
def splices() -> dict[str, str]:
    """Return, for each HS6 code new in 2022, the code of 2017 that it replaced."""
    return {new: old for old, replacements in successors().items() for new in replacements}


@cache
def successors() -> dict[str, tuple[str, ...]]:
    """Return, for each HS6 code of 2017 that was replaced, the codes of 2022 that replaced it."""
    return {old: tuple(new) for old, new in _revision()["splices"].items()}


@cache
def breaks() -> dict[str, str]:
    """Return why the flow of HS2017 codes from China to Russia halved or doubled in 2022.

    The reason is ``revision``, that of the Harmonized System, or ``trade``.
    """
    return dict(_revision()["breaks"])


@cache
def _revision() -> _Revision:
    raw = read_package_toml("bilat.goods", "splices.toml")
    return _Revision(splices=raw["splices"], breaks=raw["breaks"])


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
    if isinstance(listed, str):
        listed = listed.split()
    codes = frozenset(map(str, listed)) | frozenset(tiers)  # a code with a tier is in the basket
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
        excluded=basket(raw["except"]) if "except" in raw else None,
        tiers=tiers,
        labels={str(code): str(label) for code, label in raw.get("labels", {}).items()},
    )


def _problem(codes: frozenset[str], prefixes: tuple[str, ...]) -> str:
    """Return what is wrong with the codes of a basket; blank if nothing is."""
    if not codes and not prefixes:
        return "it names no codes and no prefixes"
    wrong = [code for code in codes if not code.isdigit() or len(code) < 6]
    wrong += [prefix for prefix in prefixes if not prefix.isdigit()]
    return f"{min(wrong)!r} is not an HS code of at least 6 digits" if wrong else ""
