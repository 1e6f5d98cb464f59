# SPDX-License-Identifier: Apache-2.0
"""Figures, periods and groups in the words of the page: rounded to what the data bear, with their unit."""

from __future__ import annotations

import datetime as dt
import re

from bilat.places import country_name
from bilat.units.notation import figure, interval, number, unit_kind, unit_name, value_text
from bilat.when import MONTHS

__all__ = [
    "at",
    "capital",
    "chance",
    "day",
    "extent",
    "figure",
    "fraction",
    "group",
    "interval",
    "joined",
    "moved",
    "number",
    "period",
    "prose",
    "said",
    "sentence",
    "slug",
    "unit_kind",
    "unit_name",
    "value_text",
]

_CODES = re.compile(r"\b(EU27|[A-Z]{3})\b")
_SHORT = re.compile(r"\b(uav|ifv|apc|afv|mlrs|lng|eu|un|us)\b")
_PERIOD = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def _parts(text: str) -> tuple[str, str | None, str | None] | None:
    """Year, month and day of a period; None where it is not a date of the calendar."""
    found = _PERIOD.match(text)
    if not found:
        return None
    try:
        dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return found[1], found[2], found[3]


def period(text: str) -> str:
    """``2018``, ``March 2022``, ``24 February 2022``; other periods as they stand."""
    span = re.fullmatch(r"(\d{4}(?:-\d\d){0,2})\.\.(\d{4}(?:-\d\d){0,2})|(\d{4})-(\d{4})", text)
    if span:
        return f"{period(span[1] or span[3])}–{period(span[2] or span[4])}"
    if text.endswith("..") and _parts(text[:-2]):
        return f"since {period(text[:-2])}"
    if " against " in text:
        return " against ".join(period(part) for part in text.split(" against "))
    found = _parts(text)
    if not found:
        return _SPANS.sub("–", text).replace("_", " ")
    year, month, day = found
    if month is None:
        return year
    name = MONTHS[int(month) - 1]
    return f"{name} {year}" if day is None else f"{int(day)} {name} {year}"


def day(date: dt.date | str) -> str:
    """``20 March 2023``."""
    d = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def group(text: str) -> str:
    """A group in words: ``RUS>CHN`` is ``Russia to China``, ``EU27`` is ``EU-27``, ``ship_engines`` loses
    its underscore."""
    plain = re.sub(r"\s*>\s*", " to ", text)
    plain = _CODES.sub(lambda m: country_name(m[1]), plain)
    plain = plain.replace("_", " ").replace("|", ", ").strip()
    return _SHORT.sub(lambda m: m[0].upper(), plain)


_DATES = re.compile(r"(?<![\w-])\d{4}-\d{2}(?:-\d{2})?(?:\.\.\d{4}-\d{2}(?:-\d{2})?)?(?![\w-])")


def prose(text: str) -> str:
    """Text with country codes and dates written out, names of measures left as they are."""
    text = _DATES.sub(lambda m: period(m[0]), text)
    return _CODES.sub(
        lambda m: country_name(m[1]), re.sub(r"\b([A-Z]{3})>([A-Z]{3})\b", r"\1 to \2", text)
    )


def at(text: str) -> float | None:
    """The middle of a period as a fractional year (2018 -> 2018.5); None where it is not a date."""
    span = extent(text)
    return None if span is None else (span[0] + span[1]) / 2


def extent(text: str) -> tuple[float, float] | None:
    """Begin and end of a period as fractional years; a span ``2014-2021`` or ``2014..2021`` counts too."""
    span = re.match(r"^(\d{4})\s*(?:\.\.|–|-)\s*(\d{4})$", text)
    if span:
        return float(span[1]), float(span[2]) + 1
    found = _parts(text)
    if not found:
        return None
    year = int(found[0])
    month = found[1]
    dom = found[2]
    if month is None:
        return float(year), year + 1.0
    if dom is None:
        first = int(month)
        after = (year, int(month) + 1) if int(month) < 12 else (year + 1, 1)
        return fraction(dt.date(year, first, 1)), fraction(dt.date(*after, 1))
    begin = fraction(dt.date(year, int(month), int(dom)))
    return begin, begin + 1 / 365.25


def fraction(date: dt.date) -> float:
    """A date as a fractional year."""
    first = dt.date(date.year, 1, 1)
    return date.year + (date - first).days / ((dt.date(date.year + 1, 1, 1) - first).days)


_SPANS = re.compile(r"(?<=\d)\.\.(?=\d)")


def sentence(text: str) -> str:
    """The text with a capital first and a stop last, spans of time with a dash; names of measures and of files
    as they are."""
    text = _SPANS.sub("–", text.strip())
    if not text:
        return text
    if not re.match(r"[a-z_]+\.[a-z_]+|[^:]{1,200}\.[A-Za-z]\w{0,7}: ", text):
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else text + "."


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def chance(p: float) -> str:
    """A probability or a q-value: three digits behind the point where it is small."""
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


_TIMES = {2: "doubled", 3: "tripled", 4: "quadrupled"}


def moved(ratio: float, one: bool = False) -> str:
    """A ratio as a verb: ``nearly tripled`` (2.9), ``rose by 25%``, ``fell by 85%``, ``stood still``.

    ``one``: a single thing moved, such as trade, so that it is told of as it and not as they.
    """
    for times, verb in _TIMES.items():
        if 0.9 * times <= ratio <= 1.12 * times:
            off = ratio / times - 1
            return (
                f"nearly {verb}" if off < -0.015 else f"more than {verb}" if off > 0.015 else verb
            )
    if ratio >= 1.995:
        return f"rose to {number(ratio if ratio < 10 else round(ratio))} times what {'it was' if one else 'they were'}"
    per_cent = round(100 * (ratio - 1))
    if not per_cent:
        return "stood still"
    if ratio <= 0:
        return "stopped"
    if 0.485 <= ratio <= 0.515:
        return "halved"
    return f"rose by {per_cent}%" if per_cent > 0 else f"fell by {-per_cent}%"


def said(value: float, kind: str = "") -> str:
    """A figure in a sentence: ``1.4``, with ``%`` a per cent, with ``share`` a share of one as per cent."""
    if kind == "share":
        return f"{number(round(100 * value) if value >= 0.0995 else 100 * value)}%"
    return f"{number(round(value) if abs(value) >= 10 else value)}{kind}"


def joined(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def possessive(name: str) -> str:
    """``Russia's``, ``the United States'``."""
    return name + ("'" if name.endswith("s") else "'s")


def slug(text: str) -> str:
    """A stable file name."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
