# SPDX-License-Identifier: Apache-2.0
"""When: as-of dates and periods (years, months, days)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bilat.errors import UsageError

#: The last access date of the 2023 paper: what its authors could know.
PAPER_DATE = dt.date(2023, 3, 20)
#: The full-scale invasion of Ukraine.
INVASION = dt.date(2022, 2, 24)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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
                raise UsageError(
                    f"{date!r} is not a valid as-of date. Write it as YYYY-MM-DD"
                ) from None
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
                f"period {self.text!r} cannot be read: write a year 2018, a month 2022-03 or a day "
                "2022-02-24"
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


_SPAN = re.compile(r"(\d{4})?-(\d{4})?")


class _Backwards(UsageError):
    """A window whose first period comes after its last."""


@dataclass(frozen=True)
class Window:
    """From ``first`` to ``last``, both counted; blank for no bound.

    One text everywhere: ``2014-2021`` for years, ``2022-03..2023-02`` for months and days, whose
    own hyphens would run into another; ``2014-`` and ``2022-03..`` have no end, ``2018`` is that
    year alone.
    """

    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        first, last = (Period(t) if t else None for t in (self.first, self.last))
        if first and last and first.start > last.end:
            raise _Backwards(
                f"the window {self} begins after its end. Write the earlier period first"
            )

    @classmethod
    def parse(cls, text: str) -> Window:
        """The window that a text names; "" is the one without bounds.

        Raises
        ------
        UsageError
            for a text of another form.
        """
        text = text.strip()
        years = _SPAN.fullmatch(text)
        try:
            if years:
                return cls(years[1] or "", years[2] or "")
            if ".." in text:
                first, _, last = text.partition("..")
                if not any(len(t) == 4 for t in (first, last)):
                    return cls(first, last)
            elif text:
                return cls(text, text)
            else:
                return cls()
        except _Backwards:
            raise
        except UsageError:
            pass
        raise UsageError(
            f"{text!r} is not a window. Write 2014-2021, 2022-03..2023-02 or "
            "2022-02-24..2023-03-20, with either end left out for no bound"
        )

    def __str__(self) -> str:
        if self.first and self.first == self.last:
            return self.first
        if not self.first and not self.last:
            return ""
        years = all(len(t) in (0, 4) for t in (self.first, self.last))
        return f"{self.first}{'-' if years else '..'}{self.last}"

    @property
    def first_year(self) -> int | None:
        return int(self.first[:4]) if self.first else None

    @property
    def last_year(self) -> int | None:
        return int(self.last[:4]) if self.last else None

    def holds(self, period: str | int) -> bool:
        """Whether a period lies within, compared at the coarser of the two precisions."""
        text = str(period)
        first = self.first
        last = self.last
        return text[: len(first)] >= first[: len(text)] and not (
            last and text[: len(last)] > last[: len(text)]
        )

    def sql(self, column: str = "period") -> str:
        """The same test over a column of periods as text."""
        tests = []
        if self.first:
            tests.append(f"{column} >= left('{self.first}', length({column}))")
        if self.last:
            tests.append(
                f"left({column}, {len(self.last)}) <= left('{self.last}', length({column}))"
            )
        return f"({' AND '.join(tests)})" if tests else "TRUE"


class Years(Window):
    """A window of whole years: ``Years(1991, 2020)``; 0 for no bound."""

    def __init__(self, first: int | str = 0, last: int | str = 0) -> None:
        super().__init__(str(first or ""), str(last or ""))

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(len(t) not in (0, 4) for t in (self.first, self.last)):
            raise UsageError(f"{self} is not a window of years. Write 2014-2021")
