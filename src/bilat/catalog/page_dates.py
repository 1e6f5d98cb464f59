# SPDX-License-Identifier: Apache-2.0
"""When a page was public: from the date in its address or in what was noted of it."""

from __future__ import annotations

import datetime as dt
import re

from bilat.errors import UsageError
from bilat.when import Period

_MONTHS = {
    m: i
    for i, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d)"),  # 2023-05-05, 2022/3/25
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),  # 20170104
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>[01]\d)/(?P<d>[0-3]\d)(?!\d)"),  # 202403/02
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)/(?P<m>[01]?\d)(?=/)"),  # 2011/12/
)
_WRITTEN = re.compile(
    r"(?<!\d)(?P<d>\d{1,2}) (?P<m>[A-Z][a-z]{2})[a-z]* (?P<y>20[0-3]\d)(?!\d)"
)  # 20 Jan 2025


def page_date(address: str, note: str = "") -> dt.date | None:
    """The day a page was public; the month's last day where only the month is given; None if undated.

    Parameters
    ----------
    address
        the page's address, which many publishers date.
    note
        what was noted of the page ("GACC via Reuters 20 Jan 2025"); read before the address.
    """
    written = _WRITTEN.search(note)
    if written and written["m"].lower() in _MONTHS:
        return _day(int(written["y"]), _MONTHS[written["m"].lower()], int(written["d"]))
    for pattern in _PATTERNS:
        for found in pattern.finditer(address):
            parts = found.groupdict()
            day = _day(int(parts["y"]), int(parts["m"]), int(parts["d"]) if "d" in parts else None)
            if day is not None:
                return day
    return None


def _day(year: int, month: int, day: int | None) -> dt.date | None:
    try:
        return dt.date(year, month, day) if day else Period(f"{year}-{month:02d}").end
    except (ValueError, UsageError):
        return None


def last_day(text: str) -> dt.date | None:
    """Last day of ``2024``, ``2024-02`` or ``2024-02-13``; None for other wording."""
    try:
        return Period(text).end
    except UsageError:
        return None


_SPAN = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:-(?P<m>[01]\d)(?!\d)|-?Q(?P<q>[1-4]))?")


def last_named(text: str) -> tuple[str, str] | None:
    """(period, last YYYY-MM) of wording such as ``2022-02..2023-05``, ``2023-Q4``, ``early 2023``.

    The last year, quarter or month that is named counts; ``before 2022`` is the year before;
    None where the wording names no year.
    """
    found = list(_SPAN.finditer(text))
    if not found:
        return None
    year = int(found[-1]["y"])
    if text.startswith(("before", "pre-")):
        year -= 1
    if found[-1]["m"]:
        return (month := f"{year}-{found[-1]['m']}"), month
    if found[-1]["q"]:
        return (month := f"{year}-{int(found[-1]['q']) * 3:02d}"), month
    return str(year), f"{year}-12"
