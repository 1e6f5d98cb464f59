# SPDX-License-Identifier: Apache-2.0
"""What the workers do: each task takes plain values or a question, and gives plain values or writes into a folder.

A task runs in a process of its own kind (see :mod:`bilat.server.lanes`), so nothing here is shared with the
application. ``tell`` passes progress on: how much is done, of how much, and of what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bilat.document import Document, Frame
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.files.write import write_text
from bilat.forecast.asking import WatchQuestion
from bilat.holdings import Holdings
from bilat.parties.run.question import ScreenQuestion
from bilat.server.team import opened
from bilat.server.verbs import Asked, address
from bilat.when import AsOf

#: tell(done, of how many or None, of what)
Tell = Callable[[int, int | None, str], None]
#: Alerts of a file that are kept for the queue, the surest first; the workbook has all.
MOST_ALERTS = 5000
#: Candidates that a search finds.
MOST_PARTIES = 50
#: The files of a job's result.
DOCUMENT, ALERTS, BOOK = "answer.json", "alerts.jsonl", "alerts.xlsx"


def site(
    held: Holdings, tell: Tell, pair: str, as_of: str, out: str, team: str | None, marking: str | None
) -> None:
    """The whole site of a pair as of a date, as ``bilat brief`` makes it, into a folder."""
    from bilat.picture.brief import brief

    tell(0, None, "judging every claim at both dates, then drawing")
    whose, limit = opened(team, marking)
    brief(Dyad(*pair.split("-")), AsOf(as_of), out=Path(out), holdings=held, team=whose, marking=limit)


def answer(
    held: Holdings, tell: Tell, asked: Asked, decisions: str | None, team: str | None, marking: str | None
) -> tuple[bytes, str]:
    """The answer to a question: the envelope of its document as JSON, and the document as HTML."""
    return _shown(documented(held, asked, decisions, team, marking), asked)


def documented(
    held: Holdings, asked: Asked, decisions: str | None, team: str | None, marking: str | None
) -> Document:
    """The document that answers a question, as far as a marking lets it leave."""
    from bilat.sharing.view import handled, within

    whose, limit = opened(team, marking)
    beside = (lambda judged: within(whose, judged, limit).judged) if whose is not None else None
    frame = Frame(asked.pair, asked.as_of, held, beside=beside)
    question = asked.question
    if isinstance(question, ScreenQuestion):
        question = replace(question, threads=1, decisions=Path(decisions) if decisions else None)
        document, _ = question.document(frame, _typed(question), **_handled(team, marking))
        document = replace(document, question=question.but(decisions=None, threads=0))
    elif isinstance(question, WatchQuestion) and whose is not None and limit is not None:
        document = question.seen(frame, withheld=handled(whose, limit).withheld)
    else:
        document = question.answer(frame)
    return document if limit is None else document.within(limit)


def _typed(question: ScreenQuestion) -> Any:
    """Names as typed: no name is a file of the server's."""
    from bilat.parties.run.typed import typed

    if not question.name:
        raise UsageError("name is missing; write a name to look up")
    return typed(question.name, question.born, question.country, question.schema or None)


def _shown(document: Document, asked: Asked) -> tuple[bytes, str]:
    from bilat.document.html import Surface, fragment, in_page
    from bilat.document.plain import envelope

    day = str(asked.as_of) if asked.dated else ""
    surface = Surface(in_page, link=lambda q: address(q, str(asked.pair), day), marked=True)
    text = json.dumps(envelope(document), ensure_ascii=False, allow_nan=False, default=str)
    return text.encode() + b"\n", fragment(document, surface)


def _handled(team: str | None, marking: str | None) -> dict[str, Any]:
    """How far alerts may be passed on, and the markings that decisions were given later."""
    whose, limit = opened(team, marking)
    marks = whose.marks if whose is not None else {}
    of_decisions = {k.partition(" ")[2]: m for k, m in marks.items() if k.startswith("decision ")}
    return {"marking": limit, "marks": of_decisions}


def screen(
    held: Holdings, tell: Tell, asked: Asked, file: str | None, out: str, decisions: str | None, team: str | None,
    marking: str | None,
) -> list[str]:  # fmt: skip
    """A file of names, or names typed: document, alerts and (of a file) the workbook into the folder ``out``."""
    from bilat.parties.match.chance import BANDS

    assert isinstance(asked.question, ScreenQuestion)
    question = replace(asked.question, threads=1, decisions=Path(decisions) if decisions else None)
    rows: list[dict[str, Any]] = []
    tell(0, None, "reading the lists")
    more = _handled(team, marking)
    if file is not None:
        more |= {"out": Path(out) / BOOK, "progress": lambda done, of: tell(done, of, "names")}
    document, _ = question.document(
        Frame(as_of=asked.as_of, holdings=held), Path(file) if file else _typed(question),
        emit=lambda row: rows.append(row) if len(rows) < MOST_ALERTS else None, **more,
    )  # fmt: skip
    order = {band: n for n, (band, _) in enumerate(BANDS)}
    if file is not None:
        rows.sort(key=lambda r: (order.get(r["band"], len(order)), -(r["probability"] or 0)))
    lines = (json.dumps(r, ensure_ascii=False, default=str) + "\n" for r in rows)
    write_text(Path(out) / ALERTS, "".join(lines))
    kept = question.but(decisions=None, threads=0, name=() if file else question.name)
    return _write(replace(document, question=kept), asked, out)


def divert(held: Holdings, tell: Tell, asked: Asked, file: str, out: str, marking: str | None) -> list[str]:
    """The routes of a trade file: document, workbook and CSV into the folder ``out``."""
    from pyarrow.csv import write_csv

    from bilat.diversion.questions import DivertQuestion
    from bilat.document.workbook import write_workbook
    from bilat.picture.document_page import document_page

    assert isinstance(asked.question, DivertQuestion)
    tell(0, None, "reading the trade records")
    question = replace(asked.question, files=(Path(file),), threads=1)
    document = question.answer(Frame(as_of=asked.as_of, holdings=held))
    limit = opened(None, marking)[1]
    # an upload lies in a folder of the server's: its path is nothing for a reader
    document = replace(document if limit is None else document.within(limit), question=asked.question)
    tell(0, None, "writing the pages")
    place = Path(out)
    write_text(place / "answer.html", document_page(document))
    write_workbook(document, place / "answer.xlsx")
    assert document.table is not None
    write_csv(document.table(), place / "answer.csv")
    return _write(document, asked, out)


def _write(document: Document, asked: Asked, out: str) -> list[str]:
    """The document in the folder of a result; what it says in sentences."""
    made, html = _shown(document, asked)
    write_text(Path(out) / "fragment.html", html)
    write_text(Path(out) / DOCUMENT, made.decode())
    return [document.title, *document.summary]


def forecasts(held: Holdings, tell: Tell, as_of: str, only: str | None) -> Any:
    """Every question that is asked by a date, or one."""
    from bilat.forecast import forecast, questions
    from bilat.forecast import forecasts as every
    from bilat.forecast.questions import one

    when = AsOf(as_of)
    if only is not None:
        return [forecast(one(questions(), only), as_of=when, holdings=held).to_json()]
    return [f.to_json() for f in every(when, held)]


def sources(held: Holdings, tell: Tell) -> Any:
    """The catalog, each source with the editions held."""
    from bilat.catalog import sources as catalog

    editions: dict[str, list[str]] = {}
    for e in held.entries():
        editions.setdefault(e["source"], []).append(e["vintage"])
    keys = ("name", "title", "producer", "citation", "licence", "url", "grade", "side", "cadence")
    return [
        {**{k: str(getattr(s, k) or "") for k in keys}, "held": sorted(set(editions.get(s.name, [])))}
        for s in catalog().values()
    ]


def parties(held: Holdings, tell: Tell, text: str, as_of: str) -> Any:
    """Listed parties whose name a text may be, the likeliest first, and the answer in a sentence."""
    from bilat.parties.run.answer import verdict
    from bilat.parties.run.typed import typed

    rows: list[dict[str, Any]] = []
    question = ScreenQuestion(top=MOST_PARTIES, threads=1)
    frame = Frame(as_of=AsOf(as_of), holdings=held)
    _, run = question.document(frame, typed([text]), emit=rows.append)
    keys = ("party", "name", "name_matched", "agreement", "effects", "countries", "listings")
    return {
        "answer": verdict(rows, run.known_to),
        "age": run.age,
        "rows": [{k: r[k] for k in keys} for r in rows],
    }


def decide(
    held: Holdings, tell: Tell, log: str, query: str, party: str, verdict: str, reason: str, who: str,
    known: Mapping[str, str], anyway: bool = False,
) -> Any:  # fmt: skip
    """Append a decision to the log, as ``bilat decide`` does."""
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.parties.run.opened import open_screener

    screener = open_screener(None, None, held).screener
    made = DecisionLog(Path(log)).decide(
        screener, query, party, verdict, reason, who, known=known, anyway=anyway
    )
    return {**asdict(made), "hash": made.digest()}


def letter(
    held: Holdings, tell: Tell, file: str, row: int, out: str, facts: list[tuple[str, str]], addressee: str,
    marking: str | None,
) -> None:  # fmt: skip
    """A letter on a row of a result, with what the officer says of the consignment, as .pdf or .docx."""
    from bilat.report.letter import letter_of
    from bilat.report.sending import write_letter

    made = letter_of(Path(file), row, opened(None, marking)[1])
    # the weights of a score are for whoever checks the tool, not for whoever is written to
    tables = tuple(t for t in made.tables if not t.title.startswith("What the score"))
    first = (f"To {addressee}",) if addressee else ()
    made = replace(made, facts=(*facts, *made.facts), tables=tables, paragraphs=(*first, *made.paragraphs))
    write_letter(made, Path(out))


TASKS: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (site, answer, screen, divert, forecasts, sources, parties, decide, letter)
}
