# SPDX-License-Identifier: Apache-2.0
"""Dated documents: a list of facts with a page each, joined with its second reading."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.compiled.second_reading import FILE, SecondReading, second_readings
from bilat.catalog.compiled.sites import refused, site_of, trust_of
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.voice import Copy, Originator, PublicDay, Voice
from bilat.when import Period

HEADER = [
    "id",
    "date",
    "known_on",
    "topic",
    "claims",
    "kind",
    "actors",
    "what",
    "figure",
    "unit",
    "low",
    "high",
    "speaks",
    "why",
    "publisher",
    "title",
    "url",
    "locator",
    "grade",
    "licence_note",
    "read_on",
]
#: The further column of a list of uses of force.
FORCE = "force"
_STATES = re.compile(r"[A-Z]{2,4}(;[A-Z]{2,4})*")
#: Openings that point to another row.
_LEANS = re.compile(
    r"(The same|On the same|In return|The two (?!states that)"
    r"|Both (?!of |pipes|governments of|states of)|It|They|He|She|These|Those"
    r"|(?:A|One) (?:day|week|month|year) (?:earlier|later|before|after))\b|The day after,"
)
#: A page in a repository, as the lists write it: owner/name@commit:path.
_IN_REPOSITORY = re.compile(
    r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{7,40}):(?P<path>.+)"
)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Return one row for each document that may be taken in, and one for each that was left out.

    A document is known from the latest day on which it can have become public. If that is not
    known to within a year it counts from the end of the archive in which it was read, so that it
    decides nothing about the past.

    Raises
    ------
    DataError
        for a document without a day or bounds, one that became public after it was read, one from
        a refused site, one that does not name its states, and one on a dispute without its type.
    """
    second = second_readings()
    rows: list[dict[str, object]] = []
    others: list[dict[str, object]] = []
    header = [*HEADER, FORCE] if opened.file.series == FORCE else HEADER
    for r in records(opened.place(), header):
        reading = second.get(r["id"]) or _first_reading(r)
        if reading.left_out:
            others.append(left_out(opened, r, reading.left_out))
        else:
            rows.append(_row(opened, r, reading))
    yield "documents", table("documents").arrow(rows)
    yield "documents_left_out", table("documents_left_out").arrow(others)


def left_out(opened: Opened, row: TableRow, reason: str) -> dict[str, object]:
    """Return the row of a document that was read and not taken in."""
    page = address_of(row["url"].split(" ")[0])
    return {
        "document": row["id"],
        "period": str(opened.latest.year),
        "claims": claims_of(row),
        "publisher": row["publisher"],
        "title": row["title"] or None,
        "site": site_of(page),
        "reason": reason,
        "kind": "reported",
        "locator": page,
        "known_on": dt.date.fromisoformat(opened.file.options["archive_end"]),
        "known_basis": "inferred",
    }


def whole_text(row: TableRow, reading: SecondReading | None) -> str:
    """Return what a document says in words that stand alone.

    Raises
    ------
    DataError
        for a text that begins with a word for something that another row names.
    """
    text = (reading.what if reading else "") or row["what"]
    if _LEANS.match(text):
        raise row.refuse(
            "what",
            "leans on another row: name who and what is meant, in the list itself or in the "
            f"column what of compiled/{FILE}",
        )
    return text


def claims_of(row: TableRow) -> str:
    """Return the claims that the reader of a document says it bears on, joined by ``;``."""
    named = [c.strip() for c in row["claims"].split(",")]
    return ";".join(c for c in named if c)


def _first_reading(row: TableRow) -> SecondReading:
    """What the list itself says of a document that nobody has read a second time."""
    public = None
    if row["known_on"]:
        known = Period(row["known_on"])
        public = PublicDay(known.start, known.end, "date of the page, as first read")
    return SecondReading(public, Originator(row["publisher"]))


def _refuse_row(row: TableRow, page: str) -> None:
    """Refuse a row without states, of a refused site, or of a dispute without its type."""
    if not _STATES.fullmatch(row["actors"]):
        raise row.refuse("actors", "does not name states by their codes, joined by ;")
    listed = refused(page)
    if listed:
        raise row.refuse(
            "url",
            f"is a page of {site_of(page)}, which is on the list of refused sites "
            f"({listed.reason}): name a better page in compiled/{FILE}, or leave the document out",
        )
    if (row["topic"] == "disputes") != bool(row.cells.get(FORCE)):
        raise row.refuse(
            "topic",
            "a document on a dispute has a type of force, and no other has one: write it in "
            "compiled/uses_of_force.csv",
        )


def _row(opened: Opened, row: TableRow, reading: SecondReading) -> dict[str, object]:
    first_page = address_of(row["url"])
    page = reading.page or first_page
    # What the list says of a page it says of the one that its first reader had.
    same_page = page == first_page
    _refuse_row(row, page)
    public = _public(row, reading)
    trust = trust_of(page)
    voice = Voice(reading.originator, Copy(site_of(page), page, trust), reading.chain)
    return {
        "document": row["id"],
        "period": Period(row["date"]).text,
        "form": row["kind"],
        "topic": row["topic"],
        "force": row.cells.get(FORCE) or None,
        "actors": re.sub(r"(^|;)EU(?=;|$)", r"\1EUN", row["actors"]),
        "what": whole_text(row, reading),
        "headline": reading.headline or None,
        "figure": row.number_or_none("figure"),
        "low": row.number_or_none("low"),
        "high": row.number_or_none("high"),
        "unit": row["unit"] or None,
        "publisher": row["publisher"] if same_page else site_of(page),
        "title": (row["title"] or None) if same_page else None,
        "url": page,
        "place": (row["locator"] or None) if same_page else None,
        "grade": voice.grade(reading.grade or row["grade"]),
        "caution": _caution(row, reading, public, trust),
        "originator": reading.originator.name,
        "originator_kind": reading.originator.kind,
        "site": voice.copy.site,
        "chain": reading.chain or None,
        "actor": reading.actor or None,
        "asserts": reading.asserts,
        "limit": reading.limit or None,
        "public_from": public.earliest,
        "public_to": public.latest,
        "dated_by": public.found,
        "read_on": row.day("read_on"),
        "read_by": "bilat",
        "claims": claims_of(row) or None,
        "speaks": row["speaks"] or None,
        "why": row["why"] or None,
        "kind": "reported",
        "locator": page,
        "known_on": public.counts_from(dt.date.fromisoformat(opened.file.options["archive_end"])),
        "known_basis": "published" if public.is_exact else "inferred",
    }


def _public(row: TableRow, reading: SecondReading) -> PublicDay:
    """When the document became public; refused where nobody knows, or where it was read before."""
    if reading.public is None:
        raise row.refuse(
            "known_on",
            "has neither a day nor bounds of publication: find the page's date, or give the last "
            f"event that it tells and the oldest page that quotes it, in compiled/{FILE}",
        )
    read_on = row.day("read_on")
    if reading.public.latest > read_on:
        raise row.refuse(
            "read_on",
            f"is before the day of publication, {reading.public.latest}: correct one of them",
        )
    return reading.public


def _caution(row: TableRow, reading: SecondReading, public: PublicDay, trust: str) -> str | None:
    """What a reader of the row must know."""
    said = [row["licence_note"]] if row["licence_note"] else []
    if not public.is_exact:
        said.append(f"published between {public.earliest} and {public.latest}: {public.found}")
    if trust == "D":
        said.append("read on a site that copies others")
    if reading.limit:
        said.append(reading.limit)
    return "; ".join(said) or None


def address_of(page: str) -> str:
    """Return the web address of a page; of one in a repository that of its file at the commit."""
    found = _IN_REPOSITORY.fullmatch(page)
    if found is None:
        return page
    return f"https://github.com/{found['repository']}/blob/{found['commit']}/{found['path']}"
