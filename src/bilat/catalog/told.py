# SPDX-License-Identifier: Apache-2.0
"""What a page's address or a note says of its own date, so that nothing is known before it could be.

A fact compiled later may be told by a page of its day, or by one written years after. Rows keep the page
of the day where there is one; a later page's words stay out, and where there is only a later page the
fact counts as known from then.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bilat.errors import UsageError
from bilat.when import Period

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[-/._]?(?P<m>0[1-9]|1[0-2])(?:[-/._]?(?P<d>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>(?:19|20)\d{2})(?!\d)"
)
_IN_WORDS = re.compile(
    r"(?:\b(?P<d>[12]?\d|3[01]) )?\b(?P<w>" + "|".join(_MONTHS) + r")[a-z]*\.? (?P<y>(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?!\d)")


def dates_in(text: str) -> list[dt.date]:
    """The last day of every date, month or year that a text names."""
    found = []
    for pattern in (_IN_WORDS, _DAY_FIRST, _NUMERIC, _YEAR):
        for m in pattern.finditer(text):
            g = m.groupdict()
            month = f"{_MONTHS.index(g['w'].lower()) + 1:02d}" if g.get("w") else g.get("m")
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


def day_of(page: str) -> dt.date | None:
    """The last day that an address or remark names in full; None where it names none."""
    found = []
    for pattern in (_IN_WORDS, _DAY_FIRST, _NUMERIC):
        for m in pattern.finditer(page):
            if not m["d"]:
                continue
            month = _MONTHS.index(m["w"].lower()) + 1 if pattern is _IN_WORDS else int(m["m"])
            try:
                found.append(dt.date(int(m["y"]), month, int(m["d"])))
            except ValueError:  # 2021-02-30: an identifier, not a date
                continue
        page = pattern.sub(" ", page)
    return max(found, default=None)


def address(page: str) -> tuple[str, str]:
    """(address, remark) of a page noted as ``https://… (China Daily copy)``; others stay whole."""
    first, _, remark = page.strip().partition(" ")
    return (first, remark.strip("() ")) if first.startswith("http") else (page.strip(), "")


def remarks(*pages: str) -> str:
    """What was noted beside the addresses of pages, joined."""
    return "; ".join(dict.fromkeys(r for _, r in map(address, pages) if r))


@dataclass(frozen=True)
class Told:
    """From when a fact was public, and what may be told of it then."""

    known_on: dt.date
    url: str
    url_2: str | None
    basis: str  #: published where the page dates itself, inferred where the day of the event stands in for it


#: A page that tells of a day may bear the date of the days after.
REPORTING_DAYS = 7


def told(happened: dt.date, url: str, url_2: str) -> Told:
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
        return Told(min(days, default=happened), address(timely[0])[0], second, basis)
    if not pages:
        return Told(happened, "", None, "inferred")
    dated = sorted((max(dates_in(p)), p) for p in pages)
    return Told(
        dated[0][0], address(dated[0][1])[0], None, "published" if day_of(dated[0][1]) else "inferred"
    )


def if_timely(text: str, known_on: dt.date) -> str | None:
    """The text, or None where it is blank or speaks of a later time."""
    return text if text.strip() and not written_later(text, known_on) else None
