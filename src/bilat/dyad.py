# SPDX-License-Identifier: Apache-2.0
"""Who, when and what: the dyad, the as-of date, periods, country codes.

Everything else in bilat is said in these words. Countries are ISO 3166-1 alpha-3; groups that
publishers report as one (``EU27``, ``WLD``) have codes of their own, listed in ``countries.toml``.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources


class BilatError(Exception):
    """Base of every error that a person is meant to read: one clear line."""

    exit_code = 1


class UsageError(BilatError, ValueError):
    """What was asked cannot be asked (exit code 2)."""

    exit_code = 2


class DataError(BilatError):
    """What is held cannot answer, or what came in is not what it should be (exit code 1)."""


class UnknownCountry(UsageError):
    """A name or code that is no country or group bilat knows."""


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", plain.lower().replace("&", " and ")).strip()


@cache
def _countries() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """(folded name or code -> code, code -> display name, alpha-3 -> alpha-2)."""
    import pycountry

    table = tomllib.loads(resources.files("bilat").joinpath("countries.toml").read_text("utf-8"))
    names: dict[str, str] = {}
    display: dict[str, str] = {}
    alpha2: dict[str, str] = {}
    for c in pycountry.countries:
        code = c.alpha_3
        display[code] = getattr(c, "common_name", c.name)
        alpha2[code] = c.alpha_2
        for label in (
            c.alpha_3,
            c.alpha_2,
            c.name,
            getattr(c, "common_name", ""),
            getattr(c, "official_name", ""),
        ):
            if label:
                names.setdefault(_fold(label), code)
    for code, entry in table["groups"].items():
        display[code] = entry["name"]
        for label in (code, entry["name"], *entry.get("aliases", [])):
            names[_fold(label)] = code
    for code, aliases in table["aliases"].items():
        for label in aliases:
            names[_fold(label)] = code
    display.update(table["display"])
    for code, label in table["display"].items():
        names[_fold(label)] = code
    return names, display, alpha2


def country(text: str) -> str:
    """ISO 3166-1 alpha-3 code (or group code) of a code or English name.

    Raises
    ------
    UnknownCountry
        if no country or group goes by that name.
    """
    found = _countries()[0].get(_fold(text))
    if found is None:
        raise UnknownCountry(f"unknown country {text!r}: use an ISO code (RUS, CHN, DEU) or an English name")
    return found


def country_or_none(text: str) -> str | None:
    """As :func:`country`, but None for an unknown name: for readers that keep the publisher's label."""
    return _countries()[0].get(_fold(text))


def country_name(code: str) -> str:
    """The short English name of a code; the code itself where it has none."""
    return _countries()[1].get(code, code)


def alpha2(code: str) -> str | None:
    """ISO alpha-2 of an alpha-3 code, None for groups."""
    return _countries()[2].get(code)


def numeric(code: str) -> int | None:
    """ISO 3166-1 numeric (as UN M49 and CEPII use it) of an alpha-3 code, None for groups."""
    import pycountry

    found = pycountry.countries.get(alpha_3=code)
    return int(found.numeric) if found else None


@dataclass(frozen=True)
class Dyad:
    """Two states, in the order asked. ``Dyad("RUS", "CHN")`` accepts codes or English names."""

    a: str
    b: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", country(self.a))
        object.__setattr__(self, "b", country(self.b))
        if self.a == self.b:
            raise UsageError(f"a dyad is two states; {self.a} was given twice")

    def __str__(self) -> str:
        return f"{self.a}-{self.b}"

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((self.a, self.b))

    @property
    def name(self) -> str:
        """``Russia and China``."""
        return f"{country_name(self.a)} and {country_name(self.b)}"

    @property
    def adjective(self) -> str:
        """``Russia-China``, as a headline has it."""
        return f"{country_name(self.a)}-{country_name(self.b)}"


#: The last access date of the 2023 paper: what its authors could know.
PAPER_DATE = dt.date(2023, 3, 20)
#: The full-scale invasion of Ukraine.
INVASION = dt.date(2022, 2, 24)


@dataclass(frozen=True, order=True)
class AsOf:
    """A date that hides whatever the public could not yet know on it. Default: today."""

    date: dt.date

    def __init__(self, date: dt.date | str | AsOf | None = None) -> None:
        if isinstance(date, AsOf):
            value = date.date
        elif date is None:
            value = dt.date.today()
        elif isinstance(date, dt.datetime):
            value = date.date()
        elif isinstance(date, dt.date):
            value = date
        else:
            try:
                value = dt.date.fromisoformat(date)
            except ValueError:
                raise UsageError(f"as-of date {date!r} is no date: write it as YYYY-MM-DD") from None
        if value > dt.date.today():
            raise UsageError(f"as-of date {value} lies in the future: today is {dt.date.today()}")
        object.__setattr__(self, "date", value)

    def __str__(self) -> str:
        return self.date.isoformat()


_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True)
class Period:
    """A year ``2018``, a month ``2022-03`` or a day ``2022-02-24``."""

    text: str

    def __post_init__(self) -> None:
        self.start  # noqa: B018  (validates)

    @property
    def start(self) -> dt.date:
        m = _PERIOD.match(self.text)
        try:
            if m is None:
                raise ValueError
            return dt.date(int(m[1]), int(m[2] or 1), int(m[3] or 1))
        except ValueError:
            raise UsageError(
                f"period {self.text!r} is none: write a year 2018, a month 2022-03 or a day 2022-02-24"
            ) from None

    @property
    def end(self) -> dt.date:
        """Last day of the period."""
        s = self.start
        match len(self.text):
            case 4:
                return dt.date(s.year, 12, 31)
            case 7:
                return dt.date(s.year + s.month // 12, s.month % 12 + 1, 1) - dt.timedelta(days=1)
            case _:
                return s

    def known_after(self, days: int) -> dt.date:
        """The day on which a figure for this period is public, given a publication lag in days."""
        return self.end + dt.timedelta(days=days)

    def __str__(self) -> str:
        return self.text
