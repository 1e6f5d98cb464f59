# SPDX-License-Identifier: Apache-2.0
"""Exercises, patrols and operations in which both Russia and China took part, one a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import if_timely, publication, remarks
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.places import alpha2, country_or_none

SIZES = ("troops", "ships", "aircraft")
SIDES = {"china": "CHN", "russia": "RUS"}
HEADER = (
    [
        "id",
        "name",
        "start_date",
        "end_date",
        "date_precision",
        "participants",
        "third_countries",
        "domain",
    ]
    + ["kind", "place", "lat", "lon", "coords_basis"]
    + [f"{what}_{side}" for what in SIZES for side in ("total", "china", "russia")]
    + ["notable_first", "source_url", "source_url_2", "note"]
)
PRECISIONS = {"day", "month", "year", "announced"}
#: The source's classes of operations, which are not exercises.
OPERATIONS = {"joint operation (not an exercise)", "SCO border operation"}
#: The beginning of a note on an event that was announced, without a sign that it took place.
ANNOUNCED_ONLY = "Announcement only"
#: The word after which a list of third countries has those that only watched, or that may not have
#: taken part.
NOT_TAKING_PART = re.compile(r"observers?:|guests?:|disputed:|[^;]*\(observer")


def participants(text: str) -> tuple[list[str], list[str]]:
    """Split a list with semicolons into ISO codes and labels that are not countries."""
    codes: list[str] = []
    labels: list[str] = []
    for label in filter(None, map(str.strip, text.split(";"))):
        code = country_or_none(label)
        if code is None or alpha2(code) is None:  # "others" names no state
            labels.append(label)
        else:
            codes.append(code)
    return codes, labels


def _contributions(row: TableRow) -> str | None:
    given: dict[str, dict[str, float]] = {}
    for side, code in SIDES.items():
        for what in SIZES:
            value = row.number_or_none(f"{what}_{side}")
            if value is not None:
                given.setdefault(code, {})[what] = value
    return json.dumps(given, sort_keys=True) if given else None


def _states(row: TableRow) -> tuple[list[str], list[str], list[str]]:
    """Return the participants, those of them that are third countries, and labels of others.

    Raises
    ------
    DataError
        if the two lists of the source do not agree.
    """
    codes, unnamed = participants(row["participants"])
    listed = row["third_countries"]
    watching = NOT_TAKING_PART.search(listed)
    if watching:
        unnamed.append(listed[watching.start() :].strip())
        listed = listed[: watching.start()]
    thirds, _ = participants(listed)
    if set(thirds) != set(codes) - set(SIDES.values()):
        raise row.refuse(
            "third_countries",
            f"does not name the participants beside China and Russia: {';'.join(codes)}",
        )
    return codes, thirds, unnamed


def event_type(kind: str, note: str) -> str:
    """Return exercise, operation, or announcement (nothing shows that it took place)."""
    if kind in OPERATIONS:
        return "operation"
    return "announcement" if note.startswith(ANNOUNCED_ONLY) else "exercise"


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the events.

    An event is public from the day of its page, or else from its last day on, by inference. A note
    or a page on a later time is left out.
    """
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for r in records(opened.place(), HEADER):
        if not r["id"] or r["id"] in seen:
            raise r.refuse("id", "is empty or was used before. Give each event its own")
        seen.add(r["id"])
        if r["date_precision"] not in PRECISIONS:
            raise r.refuse("date_precision", f"is not one of {', '.join(sorted(PRECISIONS))}")
        start = r.period("start_date")
        end = r.period("end_date") if r["end_date"] else start
        if end.end < start.start:
            raise r.refuse("end_date", f"is before the start {start}")
        pages = (r["source_url"], r["source_url_2"])
        page = publication(max(start.end, end.end), *pages)
        if not page.url:
            raise opened.refuse(
                r.line, "source_url", "", "is empty: a fact needs the page it was read on"
            )
        note = "; ".join(filter(None, (r["note"], remarks(*pages))))
        codes, thirds, unnamed = _states(r)
        rows.append(
            {
                "period": str(start),
                "event": r["id"],
                "event_type": event_type(r["kind"], r["note"]),
                "name": r["name"],
                "starts": start.start,
                "ends": end.end if r["end_date"] else None,
                "precision": r["date_precision"],
                "participants": ";".join(codes),
                "third_countries": ";".join(thirds) or None,
                "participants_note": "; ".join(unnamed) or None,
                "domain": r["domain"] or None,
                "class": r["kind"] or "not stated",
                "place": r["place"] or None,
                "latitude": r.number_or_none("lat"),
                "longitude": r.number_or_none("lon"),
                "coordinates_basis": r["coords_basis"] or None,
                **{what: r.number_or_none(f"{what}_total") for what in SIZES},
                "contributions": _contributions(r),
                "first": if_timely(r["notable_first"], page.known_on),
                "url": page.url,
                "url_2": page.url_2,
                "note": if_timely(note, page.known_on),
                "kind": "reported",
                "locator": r.locator,
                "known_on": page.known_on,
                "known_basis": page.basis,
            }
        )
    yield "events", table("events").arrow(rows)
