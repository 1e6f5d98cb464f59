# SPDX-License-Identifier: Apache-2.0
"""Baskets of goods: the common high priority list by tier, the EU's listed goods, a civilian
control, and a user's own in TOML. Codes are HS6, or longer national codes; a longer code counts for
its HS6.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from bilat.errors import DataError, UsageError

NAMES = ("chpl", "eu-sanctioned", "civilian", "chips")


@dataclass(frozen=True)
class Basket:
    """``codes`` (HS6 and longer) or ``prefixes`` say what is in; ``tiers`` and ``labels`` are by
    HS6 code.
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
        """Is this code of 6 to 11 digits in the basket? A code that was spliced counts as its
        successors.
        """
        sisters = [product, *successors().get(product[:6], ())]
        return any(self._holds(p) for p in sisters)

    def _holds(self, product: str) -> bool:
        if product[:6] in self.without:
            return False
        if product in self.codes or product[:6] in self._six or product[:8] in self.codes:
            return True
        return bool(self.prefixes) and product.startswith(self.prefixes)

    @property
    def _six(self) -> frozenset[str]:
        return _six(self.codes)

    def choose(self, products: Iterable[str]) -> frozenset[str]:
        """Those of ``products`` that are in the basket."""
        return frozenset(p for p in products if self.holds(p))

    def tier(self, product: str) -> str | None:
        """The tier of a code, that of its successor where it was spliced."""
        known = (product[:6], *successors().get(product[:6], ()))
        return next((self.tiers[p] for p in known if p in self.tiers), None)

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
    return frozenset(c[:6] for c in codes)


@cache
def splices() -> dict[str, str]:
    """Later HS6 code -> the earlier code it came out of (HS2022 -> HS2017)."""
    return {later: earlier for earlier, many in successors().items() for later in many}


@cache
def successors() -> dict[str, tuple[str, ...]]:
    """Earlier HS6 code -> the codes it became."""
    return {k: tuple(v) for k, v in _revision()["splices"].items()}


@cache
def breaks() -> dict[str, str]:
    """HS2017 code -> ``revision`` or ``trade``: why its flow from China to Russia halved or doubled
    in the year of HS 2022.
    """
    return dict(_revision()["breaks"])


@cache
def _revision() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("bilat.goods").joinpath("splices.toml").read_text("utf-8"))


@cache
def basket(name: str) -> Basket:
    """A basket by name (``chpl``, ``chpl:1`` for one tier, ``eu-sanctioned``, ``civilian``,
    ``chips``), TOML file or HS codes of two to six digits (``8542,848210``).

    Raises
    ------
    UsageError
        for a name that is neither.
    DataError
        for a TOML file that describes no basket.
    """
    base, _, tier = name.partition(":")
    if base in NAMES:
        text = resources.files("bilat.goods").joinpath(f"{base}.toml").read_text("utf-8")
        found = _parse(text, base)
        if tier:
            kept = {
                c: t for c, t in found.tiers.items() if t == tier.upper() or t.split(".")[0] == tier
            }
            if not kept:
                raise UsageError(
                    f"basket {base} has no tier {tier!r}: "
                    f"{', '.join(sorted(set(found.tiers.values())))}"
                )
            return Basket(
                name,
                f"{found.title}, tier {tier}",
                found.source,
                found.edition,
                found.note,
                frozenset(kept),
                tiers=kept,
                labels=found.labels,
            )
        return found
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise DataError(f"{path}: no such file")
        return _parse(path.read_text("utf-8"), name)
    codes = tuple(c.strip() for c in name.split(","))
    if all(re.fullmatch(r"\d{2}|\d{4}|\d{6}", c) for c in codes):
        return Basket(
            name,
            f"HS {', '.join(codes)}",
            "the question",
            prefixes=codes,
            labels=basket("chpl").labels,
        )
    raise UsageError(
        f"unknown basket {name!r}: use {', '.join(NAMES)}, chpl:1 to chpl:4.B, HS codes "
        "(8542,848210), or a TOML file"
    )


def _parse(text: str, where: str) -> Basket:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DataError(f"{where}: no sound TOML: {e}") from None
    tiers = {str(k): str(v) for k, v in raw.get("tiers", {}).items()}
    listed = raw.get("codes", [])
    codes = frozenset(listed.split() if isinstance(listed, str) else map(str, listed)) | frozenset(
        tiers
    )
    prefixes = tuple(map(str, raw.get("prefixes", [])))
    wrong = [c for c in (*codes, *prefixes) if not c.isdigit() or (c in codes and len(c) < 6)]
    if wrong or not (codes or prefixes):
        what = (
            f"{wrong[0]!r} is not an HS code of at least 6 digits"
            if wrong
            else "it names no codes and no prefixes"
        )
        raise DataError(
            f'{where}: {what}; a basket has codes = ["854231", ...] or prefixes = ["8542"]'
        )
    without = basket(raw["except"])._six if "except" in raw else frozenset()
    return Basket(
        str(raw.get("name", Path(where).stem)),
        str(raw.get("title", raw.get("name", where))),
        str(raw.get("source", where)),
        str(raw.get("edition", "")),
        str(raw.get("note", "")),
        codes,
        prefixes,
        without,
        tiers,
        {str(k): str(v) for k, v in raw.get("labels", {}).items()},
    )
