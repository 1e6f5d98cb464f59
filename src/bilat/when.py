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
