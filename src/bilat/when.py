# SPDX-License-Identifier: Apache-2.0
"""When: as-of dates and periods (years, months, days)."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
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
    """The date of a question: an answer uses only what was public by then. Default: today."""

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
            raise UsageError(f"as-of date {value} is in the future: today is {dt.date.today()}")
        object.__setattr__(self, "date", value)

    def __str__(self) -> str:
        return self.date.isoformat()


_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _first_day(period: str) -> dt.date:
    """Return the first day of a year, a month or a day, or raise a UsageError."""
    m = _PERIOD.fullmatch(period)
    try:
        if m is None:
            raise ValueError
        return dt.date(int(m[1]), int(m[2] or 1), int(m[3] or 1))
    except ValueError:
        raise UsageError(
            f"period {period!r} cannot be read: write a year 2018, a month 2022-03 or a day "
            "2022-02-24"
        ) from None


@dataclass(frozen=True)
class Period:
    """A year ``2018``, a month ``2022-03`` or a day ``2022-02-24``."""

    text: str

    def __post_init__(self) -> None:
        _first_day(self.text)  # raises an error for a text that is not a period

    @property
    def start(self) -> dt.date:
        """The first day of the period."""
        return _first_day(self.text)

    @property
    def end(self) -> dt.date:
        """The last day of the period."""
        start = self.start
        if len(self.text) == len("2018"):
            return dt.date(start.year, 12, 31)
        if len(self.text) == len("2022-03"):
            return start.replace(day=monthrange(start.year, start.month)[1])
        return start

    def known_after(self, days: int) -> dt.date:
        """Return the day on which a figure for this period is public, ``days`` after its end."""
        return self.end + dt.timedelta(days=days)

    def __str__(self) -> str:
        return self.text


_SPAN = re.compile(r"([0-9]{4})?-([0-9]{4})?")


class _Backwards(UsageError):
    """A window whose first period comes after its last: its message is kept by `Window.parse`."""


@dataclass(frozen=True)
class Window:
    """The time from ``first`` to ``last``, both included; blank for no bound.

    A window is written ``2014-2021`` if its bounds are years, and ``2022-03..2023-02`` if they are
    months or days, which contain hyphens themselves. ``2014-`` and ``2022-03..`` have no end;
    ``2018`` is that year only.
    """

    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        first = Period(self.first) if self.first else None
        last = Period(self.last) if self.last else None
        if first and last and first.start > last.end:
            raise _Backwards(
                f"the window {self} begins after its end. Write the earlier period first"
            )

    @classmethod
    def parse(cls, text: str) -> Window:
        """Return the window that a text names; "" is the one without bounds.

        Raises
        ------
        UsageError
            for a text of another form, or a window that begins after its end.
        """
        text = text.strip()
        refused = UsageError(
            f"{text!r} is not a window. Write 2014-2021, 2022-03..2023-02 or "
            "2022-02-24..2023-03-20, with either end left out for no bound"
        )
        years = _SPAN.fullmatch(text)
        if years:
            first = years[1] or ""
            last = years[2] or ""
        elif ".." in text:
            first, _, last = text.partition("..")
            if any(len(bound) == len("2014") for bound in (first, last)):
                raise refused
        else:
            first = last = text
        try:
            return cls(first, last)
        except _Backwards:
            raise
        except UsageError:
            raise refused from None

    def __str__(self) -> str:
        if self.first and self.first == self.last:
            return self.first
        if not self.first and not self.last:
            return ""
        years = all(len(t) in (0, 4) for t in (self.first, self.last))
        return f"{self.first}{'-' if years else '..'}{self.last}"

    @property
    def first_year(self) -> int | None:
        """The year of the first bound; None without one."""
        return int(self.first[:4]) if self.first else None

    @property
    def last_year(self) -> int | None:
        """The year of the last bound; None without one."""
        return int(self.last[:4]) if self.last else None

    def holds(self, period: str | int) -> bool:
        """Return whether a period lies in the window.

        A period and a bound are compared to the precision of the coarser one: the month 2022-03
        lies in the window 2014-2022, and the year 2022 in 2022-03..2022-05.
        """
        text = str(period)
        starts_too_early = text[: len(self.first)] < self.first[: len(text)]
        if not self.last:
            return not starts_too_early
        ends_too_late = text[: len(self.last)] > self.last[: len(text)]
        return not starts_too_early and not ends_too_late

    def sql(self, column: str = "period") -> str:
        """Return the test of :meth:`holds` as an SQL condition on a column of periods.

        As there, the longer of the two texts is cut to the length of the other. The first bound
        needs only one cut: a text is not smaller than its own beginning.
        """
        length = f"length({column})"
        tests = []
        if self.first:
            tests.append(f"{column} >= left('{self.first}', {length})")
        if self.last:
            cut_column = f"left({column}, {len(self.last)})"
            tests.append(f"{cut_column} <= left('{self.last}', {length})")
        return f"({' AND '.join(tests)})" if tests else "TRUE"


class Years(Window):
    """A window whose bounds are years: ``Years(1991, 2020)``; 0 for no bound."""

    def __init__(self, first: int | str = 0, last: int | str = 0) -> None:
        super().__init__(str(first or ""), str(last or ""))

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(len(t) not in (0, 4) for t in (self.first, self.last)):
            raise UsageError(f"{self} is not a window of years. Write 2014-2021")
