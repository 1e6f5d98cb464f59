# SPDX-License-Identifier: Apache-2.0
"""The second reading of each document: when it became public, who says it, and with which limit.

The lists of documents were compiled in one go, with a date where the page showed one. This table
corrects and completes them, document by document, without a change to the lists themselves.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import get_args

from bilat.errors import DataError
from bilat.voice import Assertion, Originator, OriginatorKind, PublicDay

FILE = "document_readings.csv"
#: Most words of a headline.
HEADLINE = 25


@dataclass(frozen=True)
class SecondReading:
    """What the second reading says of a document; blank fields leave the first reading as it is."""

    public: PublicDay | None
    originator: Originator
    chain: str = ""
    page: str = ""  #: a better page than the one first read
    actor: str = ""  #: the originator as a sentence names it
    asserts: Assertion | None = None
    limit: str = ""  #: the hedge or the exception that every sentence on it must print
    what: str = ""  #: the fact in words that the page bears out
    headline: str = ""  #: the fact in few words, for a line of news
    grade: str = ""  #: the originator's grade, where the first reading graded the copy
    left_out: str = ""  #: why the document is not taken in


@cache
def second_readings() -> dict[str, SecondReading]:
    """Return the second reading of each document by its id.

    Raises
    ------
    DataError
        naming the row that cannot be read.
    """
    found: dict[str, SecondReading] = {}
    with resources.files("bilat.catalog.compiled").joinpath(FILE).open(encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                if row["document"] in found:
                    raise ValueError("this document has a second reading already")
                found[row["document"]] = _reading(row)
            except ValueError as e:
                raise DataError(
                    str(e),
                    file=f"compiled/{FILE}",
                    row=number,
                    value=row["document"],
                    cure="correct the row",
                ) from None
    return found


def _reading(row: dict[str, str]) -> SecondReading:
    if row["originator_kind"] not in get_args(OriginatorKind):
        raise ValueError(f"{row['originator_kind']!r} is not a kind of originator")
    if row["asserts"] and row["asserts"] not in get_args(Assertion):
        raise ValueError(f"{row['asserts']!r} is not a verb of assertion")
    public = None
    if row["public_from"] and row["public_to"]:
        public = PublicDay(
            dt.date.fromisoformat(row["public_from"]),
            dt.date.fromisoformat(row["public_to"]),
            row["dated_by"],
        )
    if len(row["headline"].split()) > HEADLINE:
        raise ValueError(f"its headline has more than {HEADLINE} words")
    return SecondReading(
        public,
        Originator(row["originator"], row["originator_kind"]),  # type: ignore[arg-type]
        row["chain"],
        row["page"],
        row["actor"],
        row["asserts"] or None,  # type: ignore[arg-type]
        row["limit"],
        row["what"],
        row["headline"],
        row["grade"],
        row["left_out"],
    )
