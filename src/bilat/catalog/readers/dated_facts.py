# SPDX-License-Identifier: Apache-2.0
"""Facts that were compiled with the day, the originator and the way of reading in each row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.compiled.second_reading import SecondReading, second_readings
from bilat.catalog.compiled.sites import refused, site_of, trust_of
from bilat.catalog.readers.documents import address_of, claims_of, left_out, whole_text
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.voice import TRUST, PublicDay
from bilat.when import Period

#: The columns that the lists share; some have further ones.
SHARED = [
    "id",
    "date",
    "published_on",
    "published_after",
    "published_before",
    "topic",
    "kind",
    "actors",
    "what",
    "figure",
    "unit",
    "originator",
    "originator_kind",
    "publisher",
    "title",
    "url",
    "site_trust",
    "modality",
    "limit",
]
#: The lists' words for a form, where they are not ours.
FORMS = {
    "statistics": "estimate",
    "analysis": "estimate",
    "report": "statement",
    "listing": "sanction",
    "countermeasure": "sanction",
    "rule": "event",
    "law": "event",
    "measure": "event",
    "order": "event",
    "fact": "event",
    "status": "event",
    "agreement": "treaty",
}
#: Topics that a measure answers from the whole record; a single fact adds nothing.
MEASURED = frozenset(["votes"])
KINDS = {"analyst": "person"}
#: Words by which a row says that nobody opened the page itself.
_UNOPENED = re.compile(r"digest|address was seen|no page opened|were not opened|forecast edition")
#: Words by which it says that a copy was read.
_COPIED = re.compile(r"\bcopy\b|mirror|address not seen", re.I)
_PERIOD = re.compile(r"(?<!\d)\d{4}(?:-(?:0[1-9]|1[0-2])(?!\d)(?:-\d\d)?)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Return one row for each fact that may be taken in, at the grade that its reading allows.

    Of a list that marks what an expert would say first of two states, only this is taken in.
    A fact is graded by the site of its page; one read in a copy is worth C at best, and one whose
    page was not opened is worth D and decides nothing.
    """
    second = second_readings()
    rows: list[dict[str, object]] = []
    others: list[dict[str, object]] = []
    for r in records(opened.place(), opened.file.options["header"].split()):
        reading = second.get(r["id"])
        reason = reading.left_out if reading else ""
        if r["topic"] in MEASURED:
            reason = "the measure of votes counts it from the whole record"
        if not reason and r.cells.get("lead", "1") == "1":
            rows.append(_row(opened, r, reading))
        elif reason and "claims" in r.cells:
            others.append(left_out(opened, r, reason))
    yield "documents", table("documents").arrow(rows)
    yield "documents_left_out", table("documents_left_out").arrow(others)


def _row(opened: Opened, r: TableRow, reading: SecondReading | None) -> dict[str, object]:
    page = address_of((reading.page if reading else "") or r["url"].split(" ")[0])
    listed = refused(page)
    if listed:
        raise r.refuse(
            "url",
            f"is a page of {site_of(page)}, which is on the list of refused sites "
            f"({listed.reason}): name a better page, or leave the fact out",
        )
    public = (reading.public if reading else None) or _public(opened, r)
    low, value, high = _figures(r["figure"])
    trust = _trust(r, page)
    originator = reading.originator if reading else None
    return {
        "document": r["id"],
        "period": _period(r["date"], public.latest),
        "form": FORMS.get(r["kind"], r["kind"]),
        "topic": _topic(r),
        "actors": re.sub(r"(^|;)EU(?=;|$)", r"\1EUN", r["actors"]),
        "what": whole_text(r, reading),
        "headline": (reading.headline if reading else "") or None,
        "figure": value,
        "low": low,
        "high": high,
        "unit": r["unit"] or None,
        "publisher": r["publisher"],
        "title": r["title"] or None,
        "url": page,
        "place": None,
        "grade": (reading.grade if reading else "") or f"{trust}{'3' if trust == 'D' else '2'}",
        "originator": originator.name if originator else r["originator"],
        "originator_kind": originator.kind
        if originator
        else KINDS.get(r["originator_kind"], r["originator_kind"]),
        "site": site_of(page),
        "chain": (reading.chain if reading else "") or None,
        "actor": (reading.actor if reading else "") or None,
        "asserts": (reading.asserts if reading else None) or r["modality"],
        "limit": (reading.limit if reading else "") or None,
        "public_from": public.earliest,
        "public_to": public.latest,
        "dated_by": public.found,
        "caution": _caution(r, public),
        "read_on": opened.file.vintage,
        "read_by": "bilat",
        "claims": claims_of(r) or None if "claims" in r.cells else None,
        "kind": "reported",
        "locator": page,
        "known_on": public.counts_from(opened.latest),
        "known_basis": "published" if public.is_exact else "inferred",
    }


def _topic(r: TableRow) -> str:
    """The topic; what a measure counts better stands beside its figures, not among them."""
    if r["topic"] == "arms" and not r["figure"]:
        return "deliveries"
    return "economy" if r["topic"] == "trade" and "lead" in r.cells else r["topic"]


def _period(text: str, day: dt.date) -> str:
    """The last period named (``2022/2025``) that had begun; of a plan, the year of its page."""
    named = reversed(_PERIOD.findall(text))
    return next((p for p in named if Period(p).start <= day), str(day.year))


def _public(opened: Opened, r: TableRow) -> PublicDay:
    """The day of publication, or its bounds: after the fact, before the archive's end."""
    if r["published_on"]:
        day = Period(r["published_on"])
        return PublicDay(day.start, day.end, "date of the page")
    happened = Period(_PERIOD.findall(r["date"])[0]).start
    before = Period(r["published_before"]).end if r["published_before"] else dt.date.max
    latest = min(before, opened.latest)
    earliest = Period(r["published_after"]).start if r["published_after"] else happened
    if earliest > latest:
        raise r.refuse(
            "published_after",
            f"lies after {latest}, by which the page was read: correct the bounds of its day",
        )
    return PublicDay(earliest, latest, "after what it tells and before a page that quotes it")


def _trust(r: TableRow, page: str) -> str:
    """What the reading is worth: by the site, by a copy, by a page that nobody opened."""
    letters = [r["site_trust"], trust_of(page)]
    note = " ".join([r["limit"], r.cells.get("note", ""), r["publisher"]])
    if _UNOPENED.search(note):
        letters.append("D")
    if _COPIED.search(note):
        letters.append("C")
    return max(letters, key=TRUST.index)


def _figures(text: str) -> tuple[float | None, float | None, float | None]:
    """(low, value, high) of ``600`` and ``51-165``; None for several figures and for words."""
    between = _RANGE.fullmatch(text)
    if between:
        low = float(between[1])
        high = float(between[2])
        return low, (low + high) / 2, high
    try:
        return None, float(text) if text else None, None
    except ValueError:
        return None, None, None


def _caution(r: TableRow, public: PublicDay) -> str | None:
    said = [r["limit"]] if r["limit"] else []
    if not public.is_exact:
        said.append(f"published between {public.earliest} and {public.latest}")
    return "; ".join(said) or None
