# SPDX-License-Identifier: Apache-2.0
"""The stored search behind a claim: what was looked for, read, and left out, and why.

Whoever read a document said which claims it bears on, and its side on the first of them. The ledger
cites some of these documents. The others are left out; whether the answer would change if they
counted is worked out, so that a reader can see what the choice decides. Pages that a stored query
brought, that speak for or against the claim and that were not taken in are counted with them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from bilat.document.wording import sentence
from bilat.holdings import Holdings
from bilat.verdicts.evidence import Paper, document_evidence, documents, read_table
from bilat.verdicts.judgement import Answered, Evidence, Word
from bilat.verdicts.ledger import Cited, Claim, Half
from bilat.verdicts.names import Names
from bilat.verdicts.pairs import THESE
from bilat.verdicts.searches import FoundPage, LeftOut, Search, StoredQuery
from bilat.verdicts.sentences import spoken
from bilat.verdicts.weights import decide
from bilat.when import PAPER_DATE, AsOf, Period

#: Rows of whole tables by table and date, as long as the holdings live.
_KEPT: WeakKeyDictionary[Holdings, dict[tuple[str, AsOf], list[Paper]]] = WeakKeyDictionary()
NOT_CITED = "we read it for this claim, but do not cite it"
TOO_WEAK = "its grade is too low to count"
#: What was searched, in words.
COLLECTIONS = {"pages": "a stored collection of public web pages"}
#: Why a page was left out, in words.
REASONS = {
    "undated": "we found no date of publication",
    "copy": "it copies another publisher's text",
    "machine-made": "it was written or translated by a machine",
    "refused site": "its site is on our list of those that we do not use",
    "forum": "it is a forum, where nobody is responsible for what is posted",
    "nothing on the claim": "it says nothing about the claim in the part that we read",
    "outside the dates": "it is about another time than the claim",
    "opinion": "it is an opinion without facts of its own",
    "in our records": "we already count its figures in our own records",
}
#: Columns of a document that a page not taken in does not have.
_OF_A_DOCUMENT = ("figure", "low", "high", "unit", "chain", "limit", "actor", "asserts")


def stored_search(
    claim: Claim, half: Half, current: Answered, as_of: AsOf, holdings: Holdings
) -> Search:
    """Return the stored search of a claim as of a date."""
    public = documents(as_of, holdings)
    cited = {c.id for c in claim.documents}
    labelled = {n: r for n, r in public.items() if claim.id in (r["claims"] or "").split(";")}
    others = {n: r for n, r in labelled.items() if n not in cited}
    left_out = [_left_out(claim, name, row) for name, row in others.items()]
    left_out += [
        LeftOut(row["document"], row["title"] or "", row["publisher"], plain_note(row["reason"]))
        for row in _rows("documents_left_out", "document", as_of, holdings)
        if claim.id in row["claims"].split(";") and row["document"] not in cited
    ]
    days = [r["read_on"] for n, r in public.items() if n in cited or n in labelled]
    names = Names(THESE)
    queries = _queries(claim, as_of, holdings)
    looked_for = [claim.needs, *(t.what for t in claim.tests)]
    return Search(
        looked_for=tuple(dict.fromkeys(map(names.said, looked_for))),
        cited=tuple(sorted(cited & set(public))),
        left_out=tuple(left_out),
        read_from=min(days, default=None),
        read_to=max(days, default=None),
        answer_if_counted=_turned(claim, half, current, {**others, **_pages(queries)}, as_of),
        queries=tuple(_query(rows, public) for rows in queries.values()),
    )


def _queries(claim: Claim, as_of: AsOf, holdings: Holdings) -> dict[str, list[Paper]]:
    """The rows of the searches made for a claim, by search, as far as their pages were public."""
    queries: dict[str, list[Paper]] = {}
    for row in _rows("claim_searches", "search, rank", as_of, holdings):
        if claim.id in row["claims"].split(";"):
            side = row["speaks"] if row["claim"] == claim.id else None
            queries.setdefault(row["search"], []).append({**row, "speaks": side})
    return queries


def _query(rows: Sequence[Paper], public: Mapping[str, Paper]) -> StoredQuery:
    first = rows[0]
    return StoredQuery(
        id=first["search"],
        words=first["query"],
        collection=COLLECTIONS[first["collection"]],
        made_on=first["made_on"],
        results=first["results"],
        pages=tuple(_found_page(row, public) for row in rows),
    )


def _found_page(row: Paper, public: Mapping[str, Paper]) -> FoundPage:
    """Return a page that a query brought, with the titles of the documents that say the same."""
    names = tuple(row["documents"].split(";")) if row["documents"] else ()
    return FoundPage(
        rank=row["rank"],
        page=row["page"],
        publisher=row["publisher"],
        about=row["about"],
        outcome=row["outcome"],
        documents=names,
        titles=tuple(_titled(public[name]) for name in names if name in public),
        reason=REASONS[row["reason"]] if row["reason"] else "",
        public=row["known_on"] if row["known_basis"] == "published" else None,
        side=row["speaks"] or "",
    )


def _titled(row: Paper) -> str:
    """Return the title of a document in quotation marks, with its publisher."""
    title = row["title"]
    return f'"{title}" ({row["publisher"]})' if title else row["publisher"]


def _pages(queries: Mapping[str, Sequence[Paper]]) -> dict[str, Paper]:
    """Pages not taken in that have a side and a day, as the documents that they would be."""
    return {
        row["page"]: {
            **dict.fromkeys(_OF_A_DOCUMENT),
            **row,
            "what": row["about"],
            "why": row["reason"],
            "originator": row["publisher"],
            "public_from": row["known_on"],
            "public_to": row["known_on"],
            "url": row["page"],
            "claims": row["claim"],
        }
        for rows in queries.values()
        for row in rows
        if row["speaks"] and row["known_basis"] == "published"
    }


#: Words that readers of documents use for our columns, and what a page prints.
_PRINTED = {
    "page undated in the store": "the page has no date",
    "no page of it is known": "we know of no page that has it",
    " in the store": " in our data",
    "level or time only, China's part not named": (
        "it gives only a level or a time, and does not name China's part"
    ),
}
#: How a reader says that the date of publication is inferred, and the date where it is given.
_INFERRED = re.compile(
    r"(?:known_on|(?:page|publication) (?:date|day|month)|month|publication) "
    r"(?:is )?inferred(?:(?:: | as | )(?P<date>\d{4}[-\d]*|[A-Z][a-z]+ \d{4}|late \d{4}))?"
)


def plain_note(note: str) -> str:
    """Return a reader's note as sentences, without the names of our columns.

    That a date of publication was inferred is said last, in the same words every time.
    """
    for own, printed in _PRINTED.items():
        note = note.replace(own, printed)
    note = re.sub(r"^read on (\S+) alone", r"found only on \1", note)
    found = _INFERRED.search(note)
    if found is None:
        return note
    kept = f"{note[: found.start()].rstrip('; ,')}{note[found.end() :]}".lstrip("; ,")
    date = found["date"]
    inferred = "We inferred the date of publication"
    inferred += f": {spoken(date)}." if date else "."
    return f"{sentence(kept)} {inferred}" if kept else inferred


def _left_out(claim: Claim, name: str, row: Paper) -> LeftOut:
    decides = row["grade"][0] in "ABC"
    first = (row["claims"] or "").split(";")[0] == claim.id
    return LeftOut(
        document=name,
        title=row["title"] or "",
        publisher=row["publisher"],
        reason=NOT_CITED if decides else TOO_WEAK,
        side=(row["speaks"] or "") if first else "",
        note=plain_note(row["why"] or "") if first else "",
        page=row["url"],
        says=row["what"],
        period=row["period"],
    )


def _rows(table: str, order: str, as_of: AsOf, holdings: Holdings) -> list[Paper]:
    """Return every row of a table as of a date, read once for all claims."""
    kept = _KEPT.setdefault(holdings, {})
    if (table, as_of) not in kept:
        kept[table, as_of] = read_table(table, order, as_of, holdings)
    return kept[table, as_of]


def _turned(
    claim: Claim, half: Half, current: Answered, others: Mapping[str, Paper], as_of: AsOf
) -> Word | None:
    """The answer, where the documents that were left out would change it.

    Their part of the claim is not known: each part is tried.
    """
    if not others or (current.answer == "not known" and not current.evidence):
        return None
    for part in claim.parts(half):
        more = _pieces(claim, half, part, others, as_of.date)
        word = decide(claim, half, [*current.evidence, *more], as_of).word
        if more and word != current.answer:
            return word
    return None


def _pieces(
    claim: Claim, half: Half, part: str, others: Mapping[str, Paper], day: dt.date
) -> Sequence[Evidence]:
    """The documents left out as evidence of one part, on the side that their reader gave them."""
    found = []
    for name, row in others.items():
        end = Period(row["period"]).end
        of_half = end <= PAPER_DATE if half == "when_written" else end > PAPER_DATE
        first = (row["claims"] or "").split(";")[0] == claim.id
        if of_half and first and row["speaks"]:
            cited = Cited(id=name, speaks=row["speaks"], why=row["why"] or "", on=day, part=part)
            found.append(document_evidence(cited, row))
    return found
