# SPDX-License-Identifier: Apache-2.0
"""Cells as readers see them, on every surface alike."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from bilat.document.blocks import Cell, Column, Figure, RangedFigure
from bilat.units.notation import TRACE, figure, interval, money, number

#: What stands where there is no value.
NONE = "–"


def usd(value: float) -> str:
    """``$2.35bn``, ``\u2212$310m``: dollars as every page has them."""
    return money(value, "USD")


def eur(value: float) -> str:
    """``\u20ac2.35bn``, ``\u2212\u20ac310m``: euros as every page has them."""
    return money(value, "EUR")


def percent(share: float) -> str:
    """A share as per cent, with a digit where it is not whole; ``under 0.1%`` for a trace."""
    if 0 < 100 * share < TRACE:
        return "under 0.1%"
    return f"{100 * share:.1f}%" if abs(share) < 0.995 else f"{100 * share:,.0f}%"


def written(value: float, form: str) -> str:
    """A number in a column's form: a format, or its name; blank for three digits that count."""
    if not form:
        return number(value)
    named = _FORMS.get(form)
    return named(value) if named else format(value, form)


#: Forms of a column that have a name.
_FORMS = {"%": percent, "usd": usd, "eur": eur}


def is_address(value: Cell) -> bool:
    """Whether a cell is the address of a page."""
    return isinstance(value, str) and value.startswith(("https://", "http://")) and " " not in value


def site(address: str) -> str:
    """The site of an address, without the address of the page: ``unn.ua``."""
    return urlsplit(address).netloc.rstrip(".").removeprefix("www.") or address


def cell(value: Cell, column: Column | None = None) -> str:
    """A cell's text."""
    if value is None:
        return NONE
    if column and column.form == "site" and is_address(value):
        return site(str(value))
    if isinstance(value, Figure):
        return figure_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return written(value, column.form if column else "")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def figure_text(f: Figure) -> str:
    """``30 million TIV (25 to 34)``; its own words where it has some."""
    if isinstance(f, RangedFigure):
        return f.text
    around = interval(f.low, f.high, f.unit)
    text = f.text or (NONE if f.value is None else figure(f.value, f.unit))
    return f"{text} ({around})" if around else text


def is_number(column: Column, value: Cell) -> bool:
    """Whether a cell is set to the right."""
    return column.number or (isinstance(value, int | float) and not isinstance(value, bool))
