# SPDX-License-Identifier: Apache-2.0
"""Tasks of the workers: each takes plain values or a question, and returns plain values or writes
into a folder.

A task runs in a process of its own kind (see :mod:`bilat.server.lanes`), so nothing here is shared with the
application. ``tell`` passes progress on: how much is done, of how much, and of what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bilat.document import Document, Frame
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.files.write import atomic_write, write_text
from bilat.holdings import Holdings
from bilat.lookup.search import RecordsFound, search
from bilat.parties.answers.screening_question import ScreenQuestion
from bilat.report.letter import LetterHead
from bilat.server.team import Handling
from bilat.server.verbs import AskedQuestion, address, chart_address
from bilat.verdicts.questions import ClaimsQuestion
from bilat.when import AsOf

#: tell(done, of how many or None, of what)
Tell = Callable[[int, int | None, str], None]
#: Alerts of a file that are kept for the queue, the surest first; the workbook has all.
MOST_ALERTS = 5000
#: The files of a job's result.
DOCUMENT = "answer.json"
FRAGMENT = "fragment.html"
ALERTS = "alerts.jsonl"
BOOK = "alerts.xlsx"
#: The names of a screening with their rows, of which the workbook is written when it is taken.
NAMES = "names.jsonl"
#: Files of a result that are not handed out.
INTERNAL = frozenset({FRAGMENT, NAMES})
#: A listed party that a name may be, as a screening has it.
Alert = dict[str, Any]


def answer(
    held: Holdings, _tell: Tell, asked: AskedQuestion, handling: Handling
) -> tuple[bytes, str]:
    """The answer to a question: the envelope of its document as JSON, and the document as HTML."""
    return _shown(documented(held, asked, handling), asked)


def documented(held: Holdings, asked: AskedQuestion, handling: Handling) -> Document:
    """The document that answers a question, as far as it may leave."""
    from bilat.sharing.release import release_judgements

    whose = handling.team
    beside = (
        (lambda judged: release_judgements(whose, judged, handling.limit).judged)
        if whose is not None
        else None
    )
    frame = Frame(
        pair=asked.pair if asked.is_other_pair else None,
        as_of=asked.as_of,
        holdings=held,
        add_team=beside,
        limit=handling.limit,
        withheld=handling.withheld,
    )
    question = asked.question
    if isinstance(question, ScreenQuestion):
        own = replace(question, threads=1, decisions=handling.decided)
        document = replace(
            own.document(frame, _typed(own), **handling.screening())[0], question=question
        )
    else:
        if isinstance(question, ClaimsQuestion) and question.only:
            handling.claim(question.only)
        document = question.answer(frame)
    return handling.within(document)


def _typed(question: ScreenQuestion) -> Any:
    """Names as typed: no name is a file of the server's."""
    from bilat.parties.screening.request import typed

    if not question.name:
        raise UsageError("the name is missing. Write a name to look up")
    return typed(question.name, question.born, question.country, question.schema or None)


def _shown(document: Document, asked: AskedQuestion) -> tuple[bytes, str]:
    from bilat.document.html import Surface, fragment
    from bilat.document.plain import envelope

    day = str(asked.as_of) if asked.has_date else ""
    surface = Surface(
        link=lambda q, pair: address(q, str(pair or asked.pair), day),
        marked=True,
        cite="bilat",
        alone=lambda _, key: chart_address(asked, key),
    )
    text = json.dumps(envelope(document), ensure_ascii=False, allow_nan=False, default=str)
    return text.encode() + b"\n", fragment(document, surface)


def screen(
    held: Holdings,
    tell: Tell,
    asked: AskedQuestion,
    file: Path | None,
    out: Path,
    handling: Handling,
) -> list[str]:
    """Screen a file or typed names; write document, alerts and, of a file, the workbook to ``out``."""
    from bilat.parties.match.chance import BANDS

    assert isinstance(asked.question, ScreenQuestion)
    question = replace(asked.question, threads=1, decisions=handling.decided)
    rows: list[Alert] = []
    tell(0, None, "reading the lists")
    more = dict(handling.screening())
    if file is not None:
        more |= {"out": out / BOOK, "names_to": out / NAMES}
        more |= {"progress": lambda done, of: tell(done, of, "names")}
    document, run = question.document(
        Frame(as_of=asked.as_of, holdings=held),
        file or _typed(question),
        emit=lambda row: rows.append(row) if len(rows) < MOST_ALERTS else None,
        **more,
    )
    order = {band: n for n, (band, _) in enumerate(BANDS)}
    if file is not None:
        rows.sort(key=lambda r: (order.get(r["band"], len(order)), -(r["probability"] or 0)))
    lines = (json.dumps(r, ensure_ascii=False, default=str) + "\n" for r in rows)
    write_text(out / ALERTS, "".join(lines))
    title, *said = _write(replace(document, question=asked.question), asked, out)
    return [title, run.not_checked, *said]


def decided_workbook(
    _held: Holdings, _tell: Tell, folder: Path, out: Path, handling: Handling
) -> None:
    """Write the workbook of a screening, with what was decided up to now."""
    from bilat.parties.output.decided_workbook import write_decided_workbook

    write_decided_workbook(folder / NAMES, out, handling.latest())


def decided_alerts(
    _held: Holdings, _tell: Tell, folder: Path, out: Path, handling: Handling, begun: str
) -> None:
    """Write the alerts of a screening, each with what was decided since it began."""
    from bilat.parties.output.decided_workbook import add_decisions

    decisions = handling.latest()
    with atomic_write(out) as temporary, (folder / ALERTS).open(encoding="utf-8") as stored:
        rows = add_decisions(map(json.loads, stored), decisions, begun)
        with temporary.open("w", encoding="utf-8") as made:
            made.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def divert(
    held: Holdings, tell: Tell, asked: AskedQuestion, file: Path, out: Path, handling: Handling
) -> list[str]:
    """The routes of a trade file: document, workbook and CSV into the folder ``out``."""
    from pyarrow.csv import write_csv

    from bilat.diversion.questions import DivertQuestion
    from bilat.document.page import document_page
    from bilat.document.workbook import write_workbook

    assert isinstance(asked.question, DivertQuestion)
    tell(0, None, "reading the trade records")
    question = replace(asked.question, files=(file,), threads=1)
    document = handling.within(question.answer(Frame(as_of=asked.as_of, holdings=held)))
    document = replace(
        document, question=asked.question
    )  # where an upload lies is nothing for a reader
    tell(0, None, "writing the pages")
    write_text(out / "answer.html", document_page(document))
    write_workbook(document, out / "answer.xlsx")
    assert document.table is not None
    write_csv(document.table(), out / "answer.csv")
    return _write(document, asked, out)


def _write(document: Document, asked: AskedQuestion, out: Path) -> list[str]:
    """The document in the folder of a result; what it says in sentences."""
    made, html = _shown(document, asked)
    write_text(out / FRAGMENT, html)
    write_text(out / DOCUMENT, made.decode())
    return [document.title, *document.summary]


def search_everything(
    held: Holdings, _tell: Tell, text: str, pair: str, as_of: str, withheld: frozenset[str]
) -> RecordsFound:
    """Everything stored that has the words of a text, without the claims withheld from a reader."""
    frame = Frame(Dyad.read(pair), AsOf(as_of), held, withheld=withheld)
    return search(text, frame)


@dataclass(frozen=True)
class DecisionEntry:
    """A decision as a reader enters it: its checked fields, and what was known beside the name."""

    fields: Mapping[str, str]
    known: Mapping[str, str]


def decide(
    held: Holdings, _tell: Tell, log: Path, given: Sequence[DecisionEntry], anyway: bool = False
) -> Any:
    """Append decisions to the log, as ``bilat screen decide`` does."""
    from bilat.parties.decisions.log import DecisionLog
    from bilat.parties.screening.decision_entry import Ruling
    from bilat.parties.screening.decision_entry import decide as add
    from bilat.parties.screening.list_index import open_screener

    screener = open_screener(None, None, held).screener
    decisions = DecisionLog(log)
    made = []
    for entry in given:
        fields = {name: text for name, text in entry.fields.items() if name != "party"}
        ruling = Ruling(**fields, known=entry.known)
        made.append(add(decisions, screener, ruling, entry.fields["party"], anyway=anyway))
    return [{**asdict(one), "hash": one.digest()} for one in made]


def release(
    held: Holdings, _tell: Tell, log: Path, consignments: Sequence[str], reason: str, who: str
) -> None:
    """Append the release of consignments in which nothing was found to the log."""
    from bilat.parties.decisions.log import DecisionLog
    from bilat.parties.screening.decision_entry import release as add
    from bilat.parties.screening.list_index import open_screener

    screener = open_screener(None, None, held).screener
    for consignment in consignments:
        add(DecisionLog(log), screener, consignment, reason, who)


def letter(
    _held: Holdings,
    _tell: Tell,
    file: Path,
    row: int,
    out: Path,
    facts: list[tuple[str, str]],
    head: LetterHead,
    handling: Handling,
) -> None:
    """Write a letter on a row of a result, with what the officer says, as .pdf or .docx."""
    from bilat.report.letter import letter_of
    from bilat.report.press import write_document

    try:
        made = letter_of(file, row, handling.limit, said=facts, head=head)
    except UsageError as e:  # without the server's own folder
        raise UsageError(str(e).replace(str(file), "the result")) from None
    write_document(made, out)


TASKS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        answer,
        screen,
        decided_workbook,
        decided_alerts,
        divert,
        search_everything,
        decide,
        release,
        letter,
    )
}
