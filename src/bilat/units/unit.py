# SPDX-License-Identifier: Apache-2.0
"""A unit: its text, and what kind of figure it is for, stated and not read out of the text."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["share", "percent", "ratio", "index", "money", "count", "quantity"]


class Unit(str):
    """A unit's text, as it is printed, that knows its kind.

    ``kind``: ``share`` (of 1), ``percent`` (of 100), ``ratio``, ``index`` (a score without
    dimension), ``money``, ``count`` (of things) or ``quantity`` (tonnes, kilometres, barrels a
    day). ``after`` is what follows a figure whose sign is written with it: ``34% of common votes``.
    """

    kind: Kind
    after: str

    def __new__(cls, kind: Kind, text: str, after: str | None = None) -> Unit:
        if kind not in get_args(Kind):
            raise ValueError(
                f"{kind!r} is not a kind of unit. Choose from: {', '.join(get_args(Kind))}"
            )
        unit = super().__new__(cls, text)
        unit.kind = kind
        if after is None and kind in ("share", "percent", "ratio"):
            after = text.removeprefix(kind).replace("(0 to 1)", "").strip()
        unit.after = text if after is None else after
        return unit

    def reworded(self, text: str) -> Unit:
        """A unit of the same kind under another text."""
        return Unit(self.kind, text)

    def __getnewargs__(self) -> tuple[Kind, str, str]:  # type: ignore[override]
        return self.kind, str(self), self.after

    def __repr__(self) -> str:
        return f"Unit({self.kind!r}, {str(self)!r})"


#: What a unit says of figures that are rates: "exercises a year".
YEARLY = " a year"


def of_one_year(unit: str) -> str:
    """Return the unit of the figure of one year: ``exercises`` for ``exercises a year``."""
    text = unit.replace(YEARLY, "")
    return Unit(unit.kind, text, unit.after.replace(YEARLY, "")) if isinstance(unit, Unit) else text


def share(of: str = "", *, scale: str = " (0 to 1)") -> Unit:
    """``share of arms imports (0 to 1)``; ``share (0 to 1)`` where nothing is named."""
    after = f"of {of}" if of else ""
    return Unit("share", f"share {after}".rstrip() + scale, after)


def percent(of: str = "") -> Unit:
    """``percent of common votes``; ``percent`` where nothing is named."""
    after = f"of {of}" if of else ""
    return Unit("percent", f"percent {after}".rstrip(), after)


def ratio(of: str = "") -> Unit:
    """``ratio of rates``; ``ratio`` where nothing is named."""
    after = f"of {of}" if of else ""
    return Unit("ratio", f"ratio {after}".rstrip(), after)


def count(of: str) -> Unit:
    """A number of things: ``events a year``."""
    return Unit("count", of)


def quantity(text: str) -> Unit:
    """An amount in a physical or a conventional unit: ``million TIV``, ``km``."""
    return Unit("quantity", text)


def index(text: str) -> Unit:
    """A score without dimension: ``index, 0 to 1``."""
    return Unit("index", text)


def money(text: str) -> Unit:
    """An amount of money: ``USD``, ``billion USD``."""
    return Unit("money", text)


SHARE = share()
PERCENT = percent()
RATIO = ratio()
USD = money("USD")
EUR = money("EUR")
