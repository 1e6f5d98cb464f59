# SPDX-License-Identifier: Apache-2.0
"""Write a figure with its unit and three significant digits, for a terminal or a page."""

from __future__ import annotations

import re

from bilat.units.unit import Kind, Unit

_MONEY = re.compile(r"(?:(million|billion) )?(USD|EUR)(?=$|[ ,])")
_CURRENCY = re.compile(r"\b(USD|EUR)\b")
_CURRENCIES = {"USD": "US dollars", "EUR": "euros"}
_SIGNS = {"USD": "$", "EUR": "\u20ac"}
_SCALES = {None: 1.0, "million": 1e6, "billion": 1e9}
#: The first word that is a plural: treaties, exercises; not a word in "ss".
_PLURAL = re.compile(r"\b([A-Za-z]{2,}?)(ies|(?<!s)s)\b")
#: "199 million to 232 million", in which the first "million" is left out.
_SAME_SCALE = re.compile(r"(\S+) (million|billion|trillion) to (\S+) \2\b")
_LETTERS = {"million": "m", "billion": "bn", "trillion": "trn"}

#: The largest share that is written in per cent. A share may pass 1 (losses over a stock), but a
#: value beyond this must be in another unit.
MOST_SHARE = 20
#: Per cent below which a share would be printed as 0.0%.
TRACE = 0.05


def unit_kind(unit: str) -> Kind:
    """Return the kind of a unit; a unit that is only a text, such as a currency, is a quantity."""
    return unit.kind if isinstance(unit, Unit) else "quantity"


def number(value: float) -> str:
    """Write a number with three significant digits; one below 0.0001 is ``nearly 0``.

    Examples: ``1,656``, ``0.86``, ``12.3 billion``, ``\u22124``.
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
    """Write a number from zero up with at most three decimals, without zeros at their end.

    Each bound lies half a step below a round number, which the numbers above it are rounded to.
    """
    if size >= 99.95 or size == round(size):
        return f"{round(size):,}"
    if size < 0.00995:
        return f"{size:.2g}"  # three decimals would leave one digit, or none
    decimals = 3
    if size >= 9.995:
        decimals = 1
    elif size >= 0.0995:
        decimals = 2
    return f"{size:.{decimals}f}".rstrip("0").rstrip(".")


def unit_name(unit: str) -> str:
    """Write a unit for the subtitle of a chart: a share in per cent, a currency by its name."""
    if unit_kind(unit) == "share":
        return re.sub(r"\s*\(0 to 1\)", ", in per cent", unit)
    return _CURRENCY.sub(lambda found: _CURRENCIES[found[0]], str(unit))


def money(value: float, unit: str) -> str:
    """Write an amount in dollars or euros: ``$813m``, ``\u20ac2.01bn a year``.

    Blank for another unit.
    """
    found = _MONEY.match(str(unit))
    if found is None:
        return ""
    scale, currency = found.groups()
    amount = number(_rounded(value * _SCALES[scale]))
    if amount == "nearly 0":
        amount = "0"
    digits, _, word = amount.partition(" ")
    sign = "\u2212" if digits.startswith("\u2212") else ""
    rest_of_unit = unit[found.end() :]
    letters = _LETTERS.get(word, "")
    return f"{sign}{_SIGNS[currency]}{digits.removeprefix(sign)}{letters}{rest_of_unit}"


def _rounded(amount: float) -> float:
    """Round an amount from 10,000 to a million to three significant digits."""
    return float(f"{amount:.3g}") if 1e4 <= abs(amount) < 1e6 else amount


def figure(value: float | None, unit: str = "") -> str:
    """Write a value with its unit: ``30 million TIV``, ``$2.3bn``, ``34%`` (a share or per cent)."""
    if value is None:
        return "no figure"
    if amount := money(value, unit):
        return amount
    if isinstance(unit, Unit):
        if _is_in_per_cent(value, unit):
            return f"{value_text(value, unit)} {unit.after}".rstrip()
        if unit.kind == "ratio":
            return f"{number(value)}, {unit}" if unit.after else f"{number(value)}×"
    text = number(value)
    is_one_thing = text == "1" and unit_kind(unit) == "count"
    return f"{text} {_one(unit) if is_one_thing else unit}".rstrip()


def amount_text(value: float | None, unit: str = "") -> str:
    """Write a value for a chart that names the unit elsewhere: ``$4.65bn``, ``34%``, ``1,656``."""
    sign = _MONEY.match(str(unit))
    if value is None or sign is None:
        return value_text(value, unit)
    return money(value, str(unit)[: sign.end()])


def count_text(n: int, things: str) -> str:
    """Write a count of things: ``1 row``, ``2,300 rows``.

    Parameters
    ----------
    things
        what is counted, in the plural; the first word in it that is a plural becomes singular.
    """
    return f"{n:,} {_one(things) if n == 1 else things}"


def _one(unit: str) -> str:
    """Write a unit of one thing: ``exercise a year``, ``treaty``, ``listed firm``."""
    return _PLURAL.sub(
        lambda found: f"{found[1]}y" if found[2] == "ies" else found[1], unit, count=1
    )


def value_text(value: float | None, unit: str = "") -> str:
    """Write a value without its unit, but with a per cent sign where the unit is one."""
    if value is None:
        return "no figure"
    if not _is_in_per_cent(value, unit):
        return number(value)
    if unit_kind(unit) == "percent":
        return f"{number(value)}%"
    per_cent = 100 * value
    if 0 < per_cent < TRACE:
        return "under 0.1%"
    decimals = 1 if 0 < abs(per_cent) < 9.95 else 0
    return f"{per_cent:.{decimals}f}%".replace("-", "\u2212")


def _is_in_per_cent(value: float, unit: str) -> bool:
    """Return whether a value of a unit is written with a per cent sign."""
    kind = unit_kind(unit)
    return kind == "percent" or (kind == "share" and abs(value) <= MOST_SHARE)


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """Write an interval: ``12 to 18``, ``199 to 232 million``, ``at least 12`` without an upper end.

    Blank without ends, and where both are written alike.
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
    return _SAME_SCALE.sub(r"\1 to \3 \2", f"{first} to {last}")
