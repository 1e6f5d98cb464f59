# SPDX-License-Identifier: Apache-2.0
"""When a page was public, by its address or by what was noted of it, so that nothing is known before it could be.

Rows keep the page of the day where there is one; where there is only a later page the fact counts as known from then.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bilat.errors import UsageError
from bilat.when import MONTHS, Period

_SHORT = [m[:3].lower() for m in MONTHS]
_SEPARATED = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d)"
)  # 2022/3/25
_NUMERIC = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[-/._]?(?P<m>0[1-9]|1[0-2])(?:[-/._]?(?P<d>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>(?:19|20)\d{2})(?!\d)"
)
_IN_WORDS = re.compile(
    r"(?:\b(?P<d>[12]?\d|3[01]) )?\b(?P<w>"
    + "|".join(_SHORT)
    + r")[a-z]*\.? (?P<y>(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FOLDER = re.compile(r"(?<!\d)(?P<y>20[0-3]\d)/(?P<m>[01]?\d)(?=/)")  # 2011/12/
_YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?!\d)")


def dates_in(text: str) -> list[dt.date]:
    """The last day of every date, month or year that a text names."""
    found = []
    for pattern in (_IN_WORDS, _DAY_FIRST, _NUMERIC, _YEAR):
        for m in pattern.finditer(text):
            g = m.groupdict()
            month = f"{_SHORT.index(g['w'].lower()) + 1:02d}" if g.get("w") else g.get("m")
            parts = [g["y"], month, f"{int(g['d']):02d}" if g.get("d") else None]
            period = "-".join(p for p in parts if p)
            try:
                found.append(Period(period).end)
            except UsageError:  # 2021-02-30: an identifier, not a date
                found.append(Period(g["y"]).end)
        text = pattern.sub(" ", text)
    return found


def written_later(text: str, than: dt.date) -> bool:
    """Whether a text or address names a date later than the day; within the same year only if it gives
    more than a year."""
    return any(d > than and d != dt.date(than.year, 12, 31) for d in dates_in(text))


def _days(text: str, *patterns: re.Pattern[str]) -> Iterator[dt.date]:
    """The days that a text names in full, pattern by pattern."""
    for pattern in patterns:
        for m in pattern.finditer(text):
            g = m.groupdict()
            month = _SHORT.index(g["w"].lower()) + 1 if g.get("w") else int(g["m"])
            if g["d"]:
                with contextlib.suppress(ValueError):  # 2021-02-30: an identifier, not a date
                    yield dt.date(int(g["y"]), month, int(g["d"]))
        text = pattern.sub(" ", text)


def day_of(page: str) -> dt.date | None:
    """The last day that an address or remark names in full; None where it names none."""
    return max(_days(page, _IN_WORDS, _DAY_FIRST, _NUMERIC), default=None)


def page_date(address: str, note: str = "") -> dt.date | None:
    """The day a page was public; the month's last day where only the month is given; None if undated.

    Parameters
    ----------
    address
        the page's address, which many publishers date.
    note
        what was noted of the page ("GACC via Reuters 20 Jan 2025"); read before the address.
    """
    days = (*_days(note, _IN_WORDS), *_days(address, _SEPARATED, _NUMERIC))
    folder = _MONTH_FOLDER.search(address)
    return next(iter(days), None) or (
        last_day(f"{folder['y']}-{int(folder['m']):02}") if folder else None
    )


def address(page: str) -> tuple[str, str]:
    """(address, remark) of a page noted as ``https://… (China Daily copy)``; others stay whole."""
    first, _, remark = page.strip().partition(" ")
    return (first, remark.strip("() ")) if first.startswith("http") else (page.strip(), "")


def remarks(*pages: str) -> str:
    """What was noted beside the addresses of pages, joined."""
    return "; ".join(dict.fromkeys(r for _, r in map(address, pages) if r))


@dataclass(frozen=True)
class Publication:
    """From when a fact was public, and the pages that may be named of it then."""

    known_on: dt.date
    url: str
    url_2: str | None
    basis: str  #: published where the page dates itself, inferred where the day of the event stands in for it


#: A page about a day may have the date of one of the days after.
REPORTING_DAYS = 7


def publication(happened: dt.date, url: str, url_2: str) -> Publication:
    """The pages of a fact that took place by ``happened``.

    The first page is the first that does not date itself later; where both do, the fact counts as known
    from the earlier of them, and only that page is kept. A page whose address bears a day on or after the event
    was public on that day; of one without a day the event's own is taken, and the basis says inferred.
    """
    pages = [p for p in (url, url_2) if p.strip()]
    limit = happened + dt.timedelta(days=REPORTING_DAYS)
    timely = [p for p in pages if not written_later(p, limit)]
    if timely:
        days = [d for p in timely if (d := day_of(p)) is not None and d >= happened]
        second = address(timely[1])[0] if len(timely) > 1 else None
        basis = "published" if days else "inferred"
        return Publication(min(days, default=happened), address(timely[0])[0], second, basis)
    if not pages:
        return Publication(happened, "", None, "inferred")
    dated = sorted((max(dates_in(p)), p) for p in pages)
    return Publication(
        dated[0][0],
        address(dated[0][1])[0],
        None,
        "published" if day_of(dated[0][1]) else "inferred",
    )


def if_timely(text: str, known_on: dt.date) -> str | None:
    """The text, or None where it is blank or speaks of a later time."""
    return text if text.strip() and not written_later(text, known_on) else None


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
