# SPDX-License-Identifier: Apache-2.0
"""A figure as readers see it, in a terminal and on a page: three digits that count,
with its unit.
"""

from __future__ import annotations

import re

from bilat.units.unit import Kind, Unit

_MONEY = re.compile(r"(?:(million|billion) )?(USD|EUR)(?=$|[ ,])")
_CURRENCY = re.compile(r"\b(USD|EUR)\b")
_CURRENCIES = {"USD": "US dollars", "EUR": "euros"}
_SIGNS = {"USD": "$", "EUR": "\u20ac"}
_SCALES = {None: 1.0, "million": 1e6, "billion": 1e9}
_LETTERS = {"million": "m", "billion": "bn", "trillion": "trn"}

#: A share may pass 1 (losses over a stock); beyond this the unit cannot be meant as a share of one.
MOST_SHARE = 20


def unit_kind(unit: str) -> Kind:
    """The kind of a unit; a plain text, as a currency's, is a quantity."""
    return unit.kind if isinstance(unit, Unit) else "quantity"


def number(value: float) -> str:
    """``1,656``, ``0.86``, ``12.3 billion``, ``\u22124``: three figures that count; ``nearly 0``
    below 0.0001.
    """
    size = abs(value)
    if 0 < size < 0.0001:
        return "nearly 0"
    sign = "\u2212" if value < 0 else ""
    for limit, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= limit * 0.9995:
            return f"{sign}{_three(size / limit)} {word}"
    return sign + _three(size)


def _three(size: float) -> str:
    if size >= 99.95 or size == round(size):
        return f"{round(size):,}"
    decimals = 1 if size >= 9.995 else 2 if size >= 0.0995 else 3
    if 0 < size < 0.00995:
        return f"{size:.2g}"  # three decimals would leave one figure, or none
    text = f"{size:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_name(unit: str) -> str:
    """The unit as a subtitle has it: a share in per cent, a currency by its name."""
    if unit_kind(unit) == "share":
        return re.sub(r"\s*\(0 to 1\)", ", in per cent", unit)
    return _CURRENCY.sub(lambda found: _CURRENCIES[found[0]], str(unit))


def money(value: float, unit: str) -> str:
    """``$813m``, ``\u20ac2.01bn a year``: an amount in dollars or euros; blank for another unit."""
    found = _MONEY.match(str(unit))
    if found is None:
        return ""
    text, _, word = number(_rounded(value * _SCALES[found[1]])).partition(" ")
    if text == "nearly":
        text, word = "0", ""
    sign = "\u2212" if text.startswith("\u2212") else ""
    short = f"{text.removeprefix(sign)}{_LETTERS.get(word, '')}"
    return f"{sign}{_SIGNS[found[2]]}{short}{unit[found.end() :]}"


def _rounded(amount: float) -> float:
    """Return a sum of money of thousands with three figures that count."""
    return float(f"{amount:.3g}") if 1e4 <= abs(amount) < 1e6 else amount


def figure(value: float | None, unit: str = "") -> str:
    """A value with its unit: ``30 million TIV``, ``$2.3bn``, ``34%``; a share is in per cent."""
    if value is None:
        return "no figure"
    if amount := money(value, unit):
        return amount
    if isinstance(unit, Unit):
        if unit.kind == "percent" or (unit.kind == "share" and abs(value) <= MOST_SHARE):
            return f"{value_text(value, unit)} {unit.after}".rstrip()
        if unit.kind == "ratio":
            return f"{number(value)}, {unit}" if unit.after else f"{number(value)}×"
    text = number(value)
    return f"{text} {_one(unit) if text == '1' and unit_kind(unit) == 'count' else unit}".rstrip()


def amount_text(value: float | None, unit: str = "") -> str:
    """The value as a chart prints it beside its unit: ``$4.65bn``, ``34%``, ``1,656``."""
    sign = _MONEY.match(str(unit))
    if value is None or sign is None:
        return value_text(value, unit)
    return money(value, str(unit)[: sign.end()])


def count_text(n: int, things: str) -> str:
    """``1 row``, ``2,300 rows``: so many of what ``things`` names in the plural, first
    word first.
    """
    return f"{n:,} {_one(things) if n == 1 else things}"


def _one(unit: str) -> str:
    """A unit of things for one of them: ``exercise a year``, ``treaty``, ``listed firm``."""
    return re.sub(
        r"\b([A-Za-z]{2,}?)(ies|(?<!s)s)\b",
        lambda m: m[1] + ("y" if m[2] == "ies" else ""),
        unit,
        count=1,
    )


def value_text(value: float | None, unit: str = "") -> str:
    """The value alone, with a per cent sign where the unit asks for one."""
    if value is None:
        return "no figure"
    kind = unit_kind(unit)
    if kind == "percent":
        return f"{number(value)}%"
    if kind == "share" and abs(value) <= MOST_SHARE:
        per_cent = 100 * value
        text = f"{per_cent:.1f}" if 0 < abs(per_cent) < 10 else f"{per_cent:.0f}"
        return f"{text}%".replace("-", "\u2212")
    return number(value)


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """``12 to 18``, ``199 to 232 million``, with one open end ``at least 12``; blank where there is
    none.
    """
    if low is None and high is None:
        return ""
    if high is None:
        return f"at least {value_text(low, unit)}"
    if low is None:
        return f"at most {value_text(high, unit)}"
    if first := money(low, unit):
        last = money(high, unit)
        return "" if first == last else f"{first} to {last}"
    first = value_text(low, unit)
    last = value_text(high, unit)
    if first == last:
        return ""
    return re.sub(
        r"(\S+) (million|billion|trillion) to (\S+) \2\b", r"\1 to \3 \2", f"{first} to {last}"
    )
