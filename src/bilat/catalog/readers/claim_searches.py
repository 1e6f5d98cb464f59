# SPDX-License-Identifier: Apache-2.0
"""Searches made for the claims of the ledger: the pages of weight that each query brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.compiled.sites import trust_of
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records

HEADER = [
    "search",
    "claims",
    "collection",
    "query",
    "made_on",
    "results",
    "rank",
    "page",
    "publisher",
    "about",
    "public",
    "outcome",
    "documents",
    "reason",
    "claim",
    "speaks",
]
#: What belongs to the search and is the same in each of its rows.
_OF_SEARCH = ("claims", "collection", "query", "made_on", "results")
#: Why a page was left out that is no document of its publisher's: it is worth D.
_NO_DOCUMENT = ("copy", "machine-made", "refused site", "forum")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield one row for each page of weight, known from its day of publication.

    A page of which no day was seen is known from the end of the collection that was searched.

    Raises
    ------
    DataError
        for a search whose words differ between its rows, a page published after the search, one
        left out without a reason, and one with a side and no claim.
    """
    end = dt.date.fromisoformat(opened.file.options["archive_end"])
    searches: dict[str, tuple[str, ...]] = {}
    rows = []
    for r in records(opened.place(), HEADER):
        words = tuple(r[column] for column in _OF_SEARCH)
        if searches.setdefault(r["search"], words) != words:
            raise r.refuse(
                "search",
                "differs between its rows: give each search one claim list, query, day and count",
            )
        rows.append(_row(r, end))
    yield "claim_searches", table("claim_searches").arrow(rows)


def _row(row: TableRow, end: dt.date) -> dict[str, object]:
    made_on = row.day("made_on")
    public = row.day("public") if row["public"] else None
    if public is not None and public > made_on:
        raise row.refuse("public", f"is after the search of {made_on}: correct one of them")
    if (row["outcome"] == "left out") != bool(row["reason"]):
        raise row.refuse("reason", "stands where a page was left out, and nowhere else: correct it")
    if bool(row["claim"]) != bool(row["speaks"]):
        raise row.refuse("speaks", "stands with its claim: give both or neither")
    worth = "D" if row["reason"] in _NO_DOCUMENT else trust_of(row["page"])
    known = public or end
    return {
        "search": row["search"],
        "period": known.isoformat() if public else str(end.year),
        "claims": row["claims"],
        "collection": row["collection"],
        "query": row["query"],
        "made_on": made_on,
        "results": row.integer("results"),
        "rank": row.integer("rank"),
        "page": row["page"],
        "publisher": row["publisher"],
        "about": row["about"],
        "outcome": row["outcome"],
        "documents": row["documents"] or None,
        "reason": row["reason"] or None,
        "claim": row["claim"] or None,
        "speaks": row["speaks"] or None,
        "grade": f"{worth}3",
        "kind": "reported",
        "locator": f"row {row.line}",
        "known_on": known,
        "known_basis": "published" if public else "inferred",
    }
