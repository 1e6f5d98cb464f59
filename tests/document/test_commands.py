# SPDX-License-Identifier: Apache-2.0
"""Every command that is printed, of any question and any pair, is read back as the same question."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bilat import cli
from bilat.document import Document, Frame, Next, Question, Rows
from bilat.document.commands import writer
from bilat.document.questions import questions
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.holdings import Holdings
from bilat.measures import MeasureQuestion, default_holdings, measure_names
from bilat.parties.answers.screening_question import ScreenQuestion
from bilat.picture.questions import BriefQuestion
from bilat.verdicts.ledger import ledger
from bilat.verdicts.questions import ClaimsQuestion
from bilat.when import AsOf

#: The pair that is meant where none is named, one in the order of its codes, and one that is not: a
#: command differs by no more of a pair.
PAIRS = [Dyad("RUS", "CHN"), Dyad("IND", "PAK"), Dyad("TUR", "RUS")]
#: `make check` asks the measures of one of them.
FEW = [p if p.a == "IND" else pytest.param(p, marks=pytest.mark.slow) for p in PAIRS]
DAY = AsOf("2026-11-27")
#: Questions that mean nothing without a field, with one.
NEEDED: dict[str, dict[str, object]] = {
    "ask.party": {"id": "ofac-15036"},
    "ask.state": {"state": "KGZ"},
    "ask.goods": {"code": "854231"},
    "search": {"words": "Hormuz"},
    "screen": {"name": "Sberbank"},
    "lists.compare": {"one": "OFAC SDN", "two": "US EL"},
    "lists.diff": {"first": "2024-01-01", "last": "2024-06-30"},
    "sample": {"folder": "samples"},
    "watch.show": {"id": "P4-ORDER"},
}


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    return default_holdings()


#: Questions that ask publishers or write the stored records anew: no test does so of its own accord.
CHANGE_RECORDS = ("update", "sources.pull", "sources.build", "sources.rebuild")
#: Questions about a file that the user has made before; their own tests ask them.
OF_A_FILE = (
    "plan.book",
    "plan.compare",
    "read",
    "screen.decide",
    "screen.owners",
    "team.dissent",
    "team.import",
    "team.mark",
    "verify",
    "write.letter",
)
#: Questions that name several pairs, for which one pair is not enough.
OF_SEVERAL_PAIRS = ("ask.compare",)


class Asked(Exception):
    """What the command line asks, in place of the answer."""

    def __init__(self, question: Question, pair: Dyad, as_of: AsOf) -> None:
        super().__init__(question)
        self.what = question, pair, as_of


def read_back(line: str) -> tuple[Question, Dyad, AsOf]:
    """The question, pair and date that a printed command asks when it is typed."""
    words = shlex.split(line)
    assert words[0] == "bilat"

    def refuse(self: Any, frame: Frame, *_: Any, **__: Any) -> Document:
        raise Asked(self, frame.dyad, frame.as_of)

    def made(pair: Dyad, as_of: AsOf, **_: Any) -> Any:
        raise Asked(BriefQuestion(), pair, as_of)

    with pytest.MonkeyPatch.context() as patch:
        for question in questions().values():
            patch.setattr(question, "answer", refuse)
        patch.setattr(ScreenQuestion, "document", refuse)
        patch.setattr("bilat.picture.brief", made)
        with pytest.raises(Asked) as stopped:
            cli.application(words[1])(args=words[1:], standalone_mode=False)
    return stopped.value.what


def printed(document: Document) -> Iterator[tuple[str, Question, Dyad]]:
    """Every command that a document prints, with the question and the pair that it is to ask."""
    written = writer(document)
    own = document.dyad or PAPER_PAIR
    if document.question is not None:
        yield written(document.question, None), document.question, own
    for block in document.walk():
        if isinstance(block, Next) and block.ask is not None:
            pair = block.pair or own
            yield written(block.ask, block.pair), block.ask, pair
        if isinstance(block, Rows) and block.ask is not None:
            yield written(block.ask, None), block.ask, own


def check(document: Document) -> None:
    for line, question, pair in printed(document):
        found, theirs, day = read_back(line)
        assert found == question, line
        if question.takes_pair:
            assert theirs == pair, line
        if document.as_of is not None:
            assert day == document.as_of, line


@pytest.mark.parametrize("pair", FEW, ids=str)
def test_the_commands_of_measures_ask_what_they_say(holdings: Holdings, pair: Dyad) -> None:
    """All measures of the paper's pair; of the others, those of a pair in turn."""
    paired = [name for name in measure_names() if MeasureQuestion(name).takes_pair]
    place = PAIRS.index(pair)
    for name in paired[place - 1 :: 2] if place else measure_names():
        question = MeasureQuestion(name)
        frame = Frame(pair if question.takes_pair else None, DAY, holdings)
        document = question.answer(frame)
        check(document)
        if any(isinstance(b, Next) for b in document.walk()):
            check(question.but(rows=True).answer(frame))


def pairs_asked(name: str) -> tuple[Dyad, ...]:
    """The paper's pair, and one of the others in turn: how a pair is written is no question's own."""
    if not questions()[name].pair:
        return (PAPER_PAIR,)
    place = list(questions()).index(name)
    return PAPER_PAIR, PAIRS[1 + place % 2]


def asked_of_pairs() -> list[tuple[str, Dyad]]:
    """Every question that can be asked as it stands, with each pair of which it is asked."""
    others = {*CHANGE_RECORDS, *OF_A_FILE, *OF_SEVERAL_PAIRS}
    assert others <= {*questions()}
    asked = [name for name in questions() if name not in others]
    return [(name, pair) for name in asked for pair in pairs_asked(name)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pair"), asked_of_pairs(), ids=str)
def test_the_commands_of_every_question_ask_what_they_say(
    holdings: Holdings,
    name: str,
    pair: Dyad,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # a question may write its files where it is asked
    kind = questions()[name]
    check(kind.read(NEEDED.get(name, {})).answer(Frame(pair, DAY, holdings)))


@pytest.mark.slow
def test_the_commands_of_every_claim_ask_what_they_say(holdings: Holdings) -> None:
    for claim in ledger():
        check(ClaimsQuestion(claim.id).answer(Frame(None, DAY, holdings)))


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_printed_command_runs(pair: Dyad, capsys: pytest.CaptureFixture[str]) -> None:
    document = MeasureQuestion("votes.agreement").answer(Frame(pair, DAY))
    ((line, _, _),) = [x for x in printed(document) if x[1].written().get("rows")]
    words = shlex.split(line)[1:]
    cli.application(words[0])(args=words, standalone_mode=False)
    out = capsys.readouterr().out
    assert out.startswith("source\tsnapshot\tlocator") and pair.b in out


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "votes.agreement", "IND", "PAK", "--rows"],
        ["ask", "IND", "PAK", "votes.agreement", "--rows"],
        ["ask", "IND-PAK", "votes.agreement", "--rows"],
    ],
)
def test_a_measure_may_be_named_before_its_states_or_after(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0
    assert "unga" in capsys.readouterr().out


def test_a_command_with_the_states_first_is_read_too() -> None:
    question, pair, _ = read_back("bilat ask IND PAK votes.agreement --rows")
    assert (question, pair) == (MeasureQuestion("votes.agreement", rows=True), Dyad("IND", "PAK"))
