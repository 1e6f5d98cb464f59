# SPDX-License-Identifier: Apache-2.0
"""Refuse holdings in which a clause of the ledger says more than the document that it cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq

from bilat.errors import DataError
from bilat.verdicts.clauses import Row, fault
from bilat.verdicts.ledger import Cited, Claim, ledger
from bilat.when import Period


def check_clauses(folder: Path) -> None:
    """Check every clause of the ledger against the documents of a folder of holdings.

    Raises
    ------
    DataError
        naming the claim, the document, what is wrong, and the cure.
    """
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("tables/documents/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            found[row["document"]] = row
    refuse_loose(ledger(), found)


def refuse_loose(claims: Iterable[Claim], documents: Mapping[str, Row]) -> None:
    """Raise for the first clause that says more than its row, or whose document is not there."""
    for claim in claims:
        _refuse_silent_dispute(claim, documents)
        for cited in claim.documents:
            where = f"verdicts/ledger/{claim.chapter}.toml: claim {claim.id}"
            row = documents.get(cited.id)
            if row is None:
                raise DataError(
                    "cites a document that we do not have",
                    file=where,
                    value=cited.id,
                    cure="take the entry out, or take the document in",
                )
            _refuse_earlier(claim, cited, row, where)
            wrong = fault(cited.say, row) if cited.say else ""
            if wrong:
                raise DataError(
                    f"the clause {cited.say!r} says more than its document: {wrong}",
                    file=where,
                    value=cited.id,
                    cure="say what the row says, or correct compiled/document_readings.csv",
                )


def _refuse_earlier(claim: Claim, cited: Cited, row: Row, where: str) -> None:
    """Raise for a document with a side that was agreed before the cause that the claim names."""
    agreed = Period(cited.agreed or row["period"]).end
    if claim.cause is None or cited.speaks == "neither" or agreed >= claim.cause:
        return
    raise DataError(
        f"was agreed by {agreed}, before {claim.cause}, when the cause that the claim names began",
        file=where,
        value=cited.id,
        cure="let it speak for neither side: it is no fruit of that cause",
    )


def _refuse_silent_dispute(claim: Claim, documents: Mapping[str, Row]) -> None:
    """Raise for two documents of one page that take both sides of one part without saying so.

    A clause against a claim that leaves out what its own page says for it tells half of the page.
    A register has many facts under one address, and a denial names what it denies.
    """
    for one, other in permutations(claim.documents, 2):
        told = other.id in one.disputed_by or other.id in one.prints
        opposed = (one.speaks, other.speaks) == ("against", "for") and one.part == other.part
        if not opposed or not one.say or told or not {one.id, other.id} <= documents.keys():
            continue
        row = documents[one.id]
        tells_all = row["asserts"] == "denies" or row["originator_kind"] == "register"
        if not tells_all and row["url"] == documents[other.id]["url"]:
            raise DataError(
                f"is against the claim, and {other.id} on the same page is for it",
                file=f"verdicts/ledger/{claim.chapter}.toml: claim {claim.id}",
                value=one.id,
                cure="name it in disputed_by, or in prints if the clause says both",
            )
