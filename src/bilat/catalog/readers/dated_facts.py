# SPDX-License-Identifier: Apache-2.0
"""Lists of facts that state in each row its date, its originator and how the page was read."""

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

#: Our form of a document for the lists' words, where the two differ.
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
#: Topics that a measure counts from the whole record, so that a single fact adds nothing.
MEASURED = frozenset(["votes"])
#: Our kind of originator for the lists' words, where the two differ.
KINDS = {"analyst": "person"}
#: Words in a row whose page itself was not opened.
_UNOPENED = re.compile(r"digest|address was seen|no page opened|were not opened|forecast edition")
#: Words in a row that was read in a copy of the page.
_COPIED = re.compile(r"\bcopy\b|mirror|address not seen", re.I)
_PERIOD = re.compile(r"(?<!\d)\d{4}(?:-(?:0[1-9]|1[0-2])(?!\d)(?:-\d\d)?)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the documents of a list, and those left out with the reason.

    A list with a column ``lead`` marks the facts that an expert names first; only these are used.
    A fact is graded by the site of its page: C at best if it was read in a copy, and D, so that it
    decides nothing, if the page was not opened.
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


def _row(opened: Opened, row: TableRow, reading: SecondReading | None) -> dict[str, object]:
    """Return a fact as a row of ``documents``."""
    page = _page_of(row, reading)
    public = (reading.public if reading else None) or _public(opened, row)
    return {
        "document": row["id"],
        "period": _period(row["date"], public.latest),
        "form": FORMS.get(row["kind"], row["kind"]),
        "topic": _topic(row),
        "actors": re.sub(r"(^|;)EU(?=;|$)", r"\1EUN", row["actors"]),
        **_fact(row, reading),
        **_said_by(row, reading),
        "publisher": row["publisher"],
        "title": row["title"] or None,
        "url": page,
        "place": None,
        "site": site_of(page),
        "grade": _grade(row, page, reading),
        "public_from": public.earliest,
        "public_to": public.latest,
        "dated_by": public.found,
        "caution": _caution(row, public),
        "read_on": opened.file.vintage,
        "read_by": "bilat",
        "claims": claims_of(row) or None if "claims" in row.cells else None,
        "kind": "reported",
        "locator": page,
        "known_on": public.counts_from(opened.latest),
        "known_basis": "published" if public.is_exact else "inferred",
    }


def _page_of(row: TableRow, reading: SecondReading | None) -> str:
    """Return the address of the page, of the second reading if it names a better one.

    Raises
    ------
    DataError
        for a page of a site that is on the list of refused sites.
    """
    better = reading.page if reading else ""
    page = address_of(better or row["url"].split(" ")[0])
    listed = refused(page)
    if listed:
        raise row.refuse(
            "url",
            f"is a page of {site_of(page)}, which is on the list of refused sites "
            f"({listed.reason}): name a better page, or leave the fact out",
        )
    return page


def _fact(row: TableRow, reading: SecondReading | None) -> dict[str, object]:
    """Return what the page says: the sentence, and the figure with its bounds."""
    low, value, high = _figures(row["figure"])
    return {
        "what": whole_text(row, reading),
        "headline": (reading.headline if reading else "") or None,
        "figure": value,
        "low": low,
        "high": high,
        "unit": row["unit"] or None,
    }


def _said_by(row: TableRow, reading: SecondReading | None) -> dict[str, object]:
    """Return who says it and how firmly; a second reading has the last word."""
    if reading is None:
        return {
            "originator": row["originator"],
            "originator_kind": KINDS.get(row["originator_kind"], row["originator_kind"]),
            "chain": None,
            "actor": None,
            "asserts": row["modality"],
            "limit": None,
        }
    return {
        "originator": reading.originator.name,
        "originator_kind": reading.originator.kind,
        "chain": reading.chain or None,
        "actor": reading.actor or None,
        "asserts": reading.asserts or row["modality"],
        "limit": reading.limit or None,
    }


def _grade(row: TableRow, page: str, reading: SecondReading | None) -> str:
    """Return the grade: of the second reading, or by the reading of the page."""
    if reading is not None and reading.grade:
        return reading.grade
    trust = _trust(row, page)
    return f"{trust}3" if trust == "D" else f"{trust}2"


def _topic(row: TableRow) -> str:
    """Return the topic under which a fact is shown.

    Arms without a figure are "deliveries", and trade in a list with ``lead`` is "economy": measures
    have the figures of "arms" and "trade", and such facts are shown next to them.
    """
    topic = row["topic"]
    if topic == "arms" and not row["figure"]:
        return "deliveries"
    return "economy" if topic == "trade" and "lead" in row.cells else topic


def _period(text: str, day: dt.date) -> str:
    """Return the last period in a text (``2022/2025``) that had begun by a day.

    For a plan none has begun: then it is the year of the page.
    """
    named = reversed(_PERIOD.findall(text))
    return next((p for p in named if Period(p).start <= day), str(day.year))


def _public(opened: Opened, row: TableRow) -> PublicDay:
    """Return the day of publication, or bounds: after the event, before the end of the archive."""
    if row["published_on"]:
        day = Period(row["published_on"])
        return PublicDay(day.start, day.end, "date of the page")
    happened = Period(_PERIOD.findall(row["date"])[0]).start
    before = Period(row["published_before"]).end if row["published_before"] else dt.date.max
    latest = min(before, opened.latest)
    earliest = Period(row["published_after"]).start if row["published_after"] else happened
    if earliest > latest:
        raise row.refuse(
            "published_after",
            f"is after {latest}, by which the page was read: correct the bounds of its day",
        )
    return PublicDay(earliest, latest, "after what it tells and before a page that quotes it")


def _trust(row: TableRow, page: str) -> str:
    """Return the letter of the grade: the worst of the site's, a copy's and an unopened page's."""
    letters = [row["site_trust"], trust_of(page)]
    note = " ".join([row["limit"], row.cells.get("note", ""), row["publisher"]])
    if _UNOPENED.search(note):
        letters.append("D")
    if _COPIED.search(note):
        letters.append("C")
    return max(letters, key=TRUST.index)


def _figures(text: str) -> tuple[float | None, float | None, float | None]:
    """Return (low, value, high) of ``600`` or ``51-165``; None for several figures and for words."""
    between = _RANGE.fullmatch(text)
    if between:
        low = float(between[1])
        high = float(between[2])
        return low, (low + high) / 2, high
    try:
        return None, float(text) if text else None, None
    except ValueError:
        return None, None, None


def _caution(row: TableRow, public: PublicDay) -> str | None:
    parts = [row["limit"]]
    if not public.is_exact:
        parts.append(f"published between {public.earliest} and {public.latest}")
    return "; ".join(filter(None, parts)) or None
