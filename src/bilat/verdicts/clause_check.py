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
        naming the claim, the document, what is wrong, and the cure; or the document that stands
        twice, so that nothing says which of its rows is told.
    """
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("tables/documents/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            name = row["document"]
            if name in found:
                raise DataError(
                    f"is in a list of documents already: {found[name]['publisher']}",
                    file=f"tables/documents/{path.name}",
                    row=row["locator"],
                    value=name,
                    cure="take one of the two rows out",
                )
            found[name] = row
    refuse_unsupported(ledger(), found)


def refuse_unsupported(claims: Iterable[Claim], documents: Mapping[str, Row]) -> None:
    """Check the clauses of claims against their documents, by their names.

    Raises
    ------
    DataError
        for the first clause that says more than the row of its document, conceals what the same
        page says for the claim, cites an agreement older than the cause that the claim names, or
        cites a document that is not there.
    """
    for claim in claims:
        _refuse_half_a_page(claim, documents)
        for cited in claim.documents:
            row = documents.get(cited.id)
            if row is None:
                raise _error(
                    claim,
                    cited,
                    "cites a document that we do not have",
                    cure="take the entry out, or take the document in",
                )
            _refuse_older_than_cause(claim, cited, row)
            prints = [documents[d] for d in cited.prints if d in documents]
            excess = fault(cited.say, row, *prints) if cited.say else ""
            if excess:
                raise _error(
                    claim,
                    cited,
                    f"the clause {cited.say!r} says more than its document: {excess}",
                    cure="say what the row says, or correct compiled/document_readings.csv",
                )


def _error(claim: Claim, cited: Cited, problem: str, cure: str) -> DataError:
    where = f"verdicts/ledger/{claim.chapter}.toml: claim {claim.id}"
    return DataError(problem, file=where, value=cited.id, cure=cure)


def _refuse_older_than_cause(claim: Claim, cited: Cited, row: Row) -> None:
    """Refuse a document for or against a claim that was agreed before the cause the claim names."""
    if claim.cause is None or cited.speaks == "neither":
        return
    agreed = Period(cited.agreed or row["period"]).end
    if agreed < claim.cause:
        raise _error(
            claim,
            cited,
            f"was agreed by {agreed}, before {claim.cause}, when the cause that the claim names "
            "began",
            cure="let it speak for neither side: it is no fruit of that cause",
        )


def _refuse_half_a_page(claim: Claim, documents: Mapping[str, Row]) -> None:
    """Refuse a clause against a claim that leaves out what its own page says for the claim.

    It may leave that out if the page is a register, which has many facts under one address, or if
    its document is a denial, which names what it denies.
    """
    stored = [cited for cited in claim.documents if cited.id in documents]
    for against, in_favour in permutations(stored, 2):
        is_opposed = (against.speaks, in_favour.speaks) == ("against", "for")
        if not is_opposed or against.part != in_favour.part:
            continue
        is_named = in_favour.id in against.disputed_by or in_favour.id in against.prints
        if is_named or not against.say:
            continue
        row = documents[against.id]
        may_leave_out = row["asserts"] == "denies" or row["originator_kind"] == "register"
        if not may_leave_out and row["url"] == documents[in_favour.id]["url"]:
            raise _error(
                claim,
                against,
                f"is against the claim, and {in_favour.id} on the same page is for it",
                cure="name it in disputed_by, or in prints if the clause says both",
            )
