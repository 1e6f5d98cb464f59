# SPDX-License-Identifier: Apache-2.0
"""Refuse holdings in which a clause of the ledger says more than the document that it cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from bilat.errors import DataError
from bilat.verdicts.clauses import Row, fault
from bilat.verdicts.ledger import Claim, ledger


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
            wrong = fault(cited.say, row) if cited.say else ""
            if wrong:
                raise DataError(
                    f"the clause {cited.say!r} says more than its document: {wrong}",
                    file=where,
                    value=cited.id,
                    cure="say what the row says, or correct compiled/document_readings.csv",
                )
