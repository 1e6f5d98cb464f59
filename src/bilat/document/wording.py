# SPDX-License-Identifier: Apache-2.0
"""Figures, periods, groups and dates as the words of a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from bilat.places import country_name
from bilat.units.notation import (
    count_text,
    figure,
    interval,
    number,
    unit_kind,
    unit_name,
    value_text,
)
from bilat.when import MONTHS

__all__ = [
    "capital",
    "chance",
    "day",
    "extent",
    "figure",
    "fraction",
    "group",
    "interval",
    "joined",
    "middle",
    "number",
    "period",
    "prose",
    "sentence",
    "slug",
    "unit_kind",
    "unit_name",
    "value_text",
]

_CODES = re.compile(r"\b(EU27|[A-Z]{3})\b")
_SHORT = re.compile(r"\b(uav|ifv|apc|afv|mlrs|lng|eu|un|us)\b")
_PERIOD = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
#: ``2014..2021``, ``2022-03..2023-01-31`` or ``2014-2021``.
_SPAN = re.compile(
    r"(?P<begin>\d{4}(?:-\d\d){0,2})\.\.(?P<end>\d{4}(?:-\d\d){0,2})"
    r"|(?P<first_year>\d{4})-(?P<last_year>\d{4})"
)
#: ``2014-2021``, ``2014..2021`` or ``2014–2021``.
_YEARS = re.compile(r"(\d{4})\s*(?:\.\.|–|-)\s*(\d{4})")
#: The dots of a span within a text.
_DOTS = re.compile(r"(?<=\d)\.\.(?=\d)")
#: Months, days, and spans of them, within a text.
_DATES = re.compile(r"(?<![\w-])\d{4}-\d{2}(?:-\d{2})?(?:\.\.\d{4}-\d{2}(?:-\d{2})?)?(?![\w-])")
#: How names end whose possessive has an apostrophe only: the Emirates', the Netherlands', Reuters'.
_PLURAL = ("es", "ds", "ers", "Nations")
#: The flow from one state to another, as ``RUS>CHN``.
_FLOW = re.compile(r"\b([A-Z]{3})>([A-Z]{3})\b")
#: A text that begins with the name of a measure (``arms.tiv``) or of a file (``mine.csv: ...``).
_BEGINS_WITH_NAME = re.compile(r"[a-z_]+\.[a-z_]+|[^:]{1,200}\.[A-Za-z]\w{0,7}: ")


def _parts(text: str) -> tuple[str, str | None, str | None] | None:
    """Return year, month and day of a period; None if it is not a date of the calendar."""
    found = _PERIOD.match(text)
    if not found:
        return None
    try:
        dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return found[1], found[2], found[3]


def period(text: str) -> str:
    """Write a period out: ``2018``, ``March 2022``, ``24 February 2022``; others as they are."""
    if span := _SPAN.fullmatch(text):
        begin = span["begin"] or span["first_year"]
        end = span["end"] or span["last_year"]
        return f"{period(begin)}–{period(end)}"
    if text.endswith("..") and _parts(text[:-2]):
        return f"since {period(text[:-2])}"
    if " against " in text:
        return " against ".join(period(part) for part in text.split(" against "))
    found = _parts(text)
    if not found:
        return _DOTS.sub("–", text).replace("_", " ")
    year, month, day = found
    if month is None:
        return year
    name = MONTHS[int(month) - 1]
    return f"{name} {year}" if day is None else f"{int(day)} {name} {year}"


def is_year(period: str) -> bool:
    """Return whether a period is one year, whose figures need no "a year"."""
    return len(period) == len("2024") and period.isdigit()


def ordinal(place: int) -> str:
    """``1st``, ``22nd``, ``113th``."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    is_teen = 10 < place % 100 < 14
    return f"{place:,}{'th' if is_teen else endings.get(place % 10, 'th')}"


def day(date: dt.date | str) -> str:
    """Write a date out: ``20 March 2023``."""
    d = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def latest_evidence(days: Iterable[dt.date]) -> str:
    """Write the last day of the evidence, and the earliest of those of its parts.

    ``30 June 2025 (31 December 2023 on one part)``; blank without a day.
    """
    ends = sorted(days)
    if not ends:
        return ""
    oldest = f" ({day(ends[0])} on one part)" if ends[0] != ends[-1] else ""
    return f"{day(ends[-1])}{oldest}"


def group(text: str) -> str:
    """Write a group out: ``Russia to China`` for ``RUS>CHN``, ``ship engines`` for ``ship_engines``."""
    plain = re.sub(r"\s*>\s*", " to ", text)
    plain = _CODES.sub(lambda m: country_name(m[1]), plain)
    plain = plain.replace("_", " ").replace("|", ", ").strip()
    return _SHORT.sub(lambda m: m[0].upper(), plain)


def prose(text: str) -> str:
    """Return a text with its country codes and dates written out."""
    text = _DATES.sub(lambda m: period(m[0]), text)
    text = _FLOW.sub(r"\1 to \2", text)
    return _CODES.sub(lambda m: country_name(m[1]), text)


def middle(text: str) -> float | None:
    """Return the middle of a period as a fractional year (2018 -> 2018.5); None if it is no date."""
    span = extent(text)
    return None if span is None else (span[0] + span[1]) / 2


def extent(text: str) -> tuple[float, float] | None:
    """Return begin and end of a period or a span of years as fractional years; None if it is no date."""
    if span := _YEARS.fullmatch(text):
        return float(span[1]), float(span[2]) + 1
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day_of_month = parts
    if month is None:
        return float(year), float(year) + 1
    first = dt.date(int(year), int(month), int(day_of_month or 1))
    if day_of_month is not None:
        return fraction(first), fraction(first) + 1 / 365.25
    is_december = first.month == 12
    next_month = dt.date(first.year + is_december, 1 if is_december else first.month + 1, 1)
    return fraction(first), fraction(next_month)


def fraction(date: dt.date) -> float:
    """Return a date as a fractional year."""
    first = dt.date(date.year, 1, 1)
    days_of_year = (dt.date(date.year + 1, 1, 1) - first).days
    return date.year + (date - first).days / days_of_year


def sentence(text: str) -> str:
    """Return a text with a capital first and a full stop last, and with a dash in spans of time.

    A name of a measure or a file at its beginning stays as it is.
    """
    text = _DOTS.sub("–", text.strip())
    if not text:
        return text
    if not _BEGINS_WITH_NAME.match(text):
        text = capital(text)
    return text if text[-1] in ".!?" else text + "."


#: Numbers that a sentence spells out.
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def few(n: int, none: str = "no") -> str:
    """Return a whole number in words if it is below ten: ``six``, ``12``, ``no``."""
    if n == 0:
        return none
    return _SMALL[n] if 0 < n < len(_SMALL) else f"{n:,}"


def few_text(n: int, things: str) -> str:
    """Return so many of what ``things`` names in the plural: ``one party``, ``six pages``."""
    return f"{few(n)} {count_text(n, things).partition(' ')[2]}"


def capital(text: str) -> str:
    """Return a text with a capital first."""
    return text[:1].upper() + text[1:]


def chance(p: float) -> str:
    """Write a probability or a q-value with two digits, with three where it is small."""
    if p < 0.001:
        return "below 0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def joined(parts: list[str]) -> str:
    """Join parts of a sentence: ``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


#: How a sentence begins that says first when something was: with a day, a month or a year.
_MONTH = f"(?:{'|'.join(MONTHS)})"
_PART = "(?:early |mid-|late )?"
_DAY = rf"(?:\d{{1,2}} (?:and \d{{1,2}} )?)?{_PART}{_MONTH} "
_WHEN = rf"(?:{_DAY})?{_PART}\d{{4}}"
_OPENING = re.compile(rf"(?:^|(?<=[.;:] ))(?:In|On|By|Since|Until) {_WHEN}(?= [A-Z])")
#: A year before the time that the sentence speaks of.
_YEAR_BEFORE = re.compile(r"\ba year before(?=[.,;)]|$)")
#: A number, or a range of two, before a unit that the house writes as a sign.
_NUMBER = r"(?P<low>\d[\d,.]*\d|\d)(?: to (?P<high>\d[\d,.]*\d|\d))?"
_PERCENT = re.compile(rf"{_NUMBER} percent\b")
_MONEY = re.compile(
    rf"{_NUMBER}(?: (?P<scale>billion|million|bn|m))? (?:US )?(?P<coin>dollars|euros?)\b"
)
_BILLIONS = re.compile(r"(?<=\d) bn\b")
#: "$10bn in 2018 to 69bn", of which the second amount lacks its sign.
_WITHOUT_SIGN = re.compile(
    r"(?P<first>(?P<sign>[$€])\d[\d.,]*(?:bn|m)(?: in \d{4})? to )(?=\d[\d.,]*(?:bn|m)\b)"
)
_PERCENT_IN_WORDS = re.compile(r"\bpercent\b")
_SCALES = {None: "", "billion": "bn", "bn": "bn", "million": "m", "m": "m"}


def in_house_style(text: str) -> str:
    """Return a sentence of ours with amounts, openings and comparisons as the house writes them.

    Sentences on documents were written by many hands: ``13 percent`` becomes ``13%``, ``3 billion
    dollars`` ``$3bn`` and ``7 to 8 euros`` ``€7 to €8``. Numbers in words stay. ``In May 2022
    Russia`` gets a comma after the date, and ``a year before`` becomes ``a year earlier``.
    """
    text = _PERCENT.sub(lambda found: f"{_span(found)}%", text)
    text = _PERCENT_IN_WORDS.sub("per cent", text)
    text = _BILLIONS.sub("bn", _MONEY.sub(_sum_of_money, text))
    text = _WITHOUT_SIGN.sub(r"\g<first>\g<sign>", text)
    text = _OPENING.sub(lambda found: f"{found[0]},", text)
    return _YEAR_BEFORE.sub("a year earlier", text)


def per_cent(unit: str) -> str:
    """Return a unit of a publisher as the house writes it: ``per cent`` for ``percent``."""
    return _PERCENT_IN_WORDS.sub("per cent", unit)


def _span(found: re.Match[str]) -> str:
    return f"{found['low']} to {found['high']}" if found["high"] else found["low"]


def _sum_of_money(found: re.Match[str]) -> str:
    sign = "$" if found["coin"] == "dollars" else "€"
    scale = _SCALES[found["scale"]]
    ends = [end for end in (found["low"], found["high"]) if end]
    return " to ".join(f"{sign}{end}{scale}" for end in ends)


def possessive(name: str) -> str:
    """Return the possessive: ``Russia's``, ``Belarus's``; of a plural, ``the United States'``."""
    last = name.rpartition(" ")[2]
    common = name.startswith("the ") or last[:1].islower()
    plural = name.endswith(_PLURAL) or (common and name.endswith("s"))
    return name + ("'" if plural else "'s")


def slug(text: str) -> str:
    """Return a name for a file that depends only on the text."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
