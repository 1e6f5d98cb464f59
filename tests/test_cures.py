# SPDX-License-Identifier: Apache-2.0
"""What a message tells a person to do is done, and the outcome changes: each cure by its command, before and after."""

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bilat.cli import main


@dataclass(frozen=True)
class Cure:
    """``harm`` a place, run ``words``: the message has ``says``. ``do`` what it says, run again: exit code 0."""

    harm: Callable[[Path], object]
    words: list[str]
    says: str
    #: None: the command that stands in the message, as it stands there
    do: Callable[[Path], object] | None
    #: what is run after the cure, where the cure changes the words
    after: list[str] | None = None


SOURCE = "armour_points"


def text(place: Path, name: str, body: str | bytes) -> None:
    (place / name).write_bytes(body if isinstance(body, bytes) else body.encode())


def held(place: Path, folder: str = "h") -> Path:
    run("sources", "pull", SOURCE, "--holdings", str(place / folder))
    return next((place / folder / "tables").rglob("*.parquet"))


def china(place: Path, times: int) -> None:
    header = "Type,Name,Alias,Chinese name,Country,Body,List,Date,End date"
    row = "Company,Firm Works Ltd,,,Japan,Ministry of Commerce,List of Export Controls,24.02.2026,"
    text(place, "cn.csv", "\n".join([header, *[row] * times]) + "\n")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def pull(place: Path) -> None:
    assert run("sources", "pull", SOURCE, "--holdings", str(place / "h")) == 0


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


LIST = json.dumps({"id": "p1", "names": ["VTB Bank"], "country": "RU"}) + "\n"
LINKS = "owner,owned,low,high\nA,X,60,60\n"
SCREEN = ["screen", "q.csv", "--lists", "list.jsonl", "--out", "out.jsonl"]
OWNERS = ["screen", "owners", "links.csv", "X", "--lists", "list.jsonl"]
DECIDED = [
    "screen",
    "decide",
    "log.jsonl",
    "--query",
    "VTB",
    "--party",
    "p1",
    "--verdict",
    "false",
    "--why",
    "another bank",
    "--who",
    "me",
    "--lists",
    "list.jsonl",
]


def names(body: str | bytes) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        text(place, "list.jsonl", LIST)
        text(place, "q.csv", body)

    return harm


def ownership(links: str) -> Callable[[Path], None]:
    return lambda place: (only_lists(place), text(place, "links.csv", links))


def decided(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        text(place, "list.jsonl", LIST)
        assert run(*DECIDED) == 0 and run(*DECIDED) == 0
        shutil.copy("log.jsonl", "copy.jsonl")
        text(place, "log.jsonl", change((place / "log.jsonl").read_bytes()))

    return harm


def only_lists(place: Path) -> None:
    text(place, "list.jsonl", LIST)
    text(place, "q.csv", "query_id,name\n1,VTB\n")


CURES = {
    "a damaged part: pull": Cure(
        lambda p: cut(held(p)),
        ["sources", "check", "--holdings", "h"],
        "is damaged; run: bilat sources pull armour_points --holdings h",
        None,
    ),
    "a missing part: pull": Cure(
        lambda p: held(p).unlink(),
        ["sources", "check", "--holdings", "h"],
        "is missing; run: bilat sources pull armour_points --holdings h",
        None,
    ),
    "a damaged part of the default folder: pull": Cure(
        lambda p: cut(held(p, "default")),
        ["sources", "check"],
        "run: bilat sources pull armour_points",
        None,
    ),
    "no folder of holdings: pull": Cure(
        lambda p: None,
        ["sources", "list", "--holdings", "h"],
        "there is no such data folder. Make one with: bilat sources pull --holdings h",
        pull,
    ),
    "a folder without a manifest: pull": Cure(
        lambda p: (p / "h").mkdir(),
        ["sources", "list", "--holdings", "h"],
        "Fill it with: bilat sources pull --holdings h",
        pull,
    ),
    "a source misspelt: the one meant": Cure(
        lambda p: None,
        ["sources", "pull", "armour_point"],
        "did you mean armour_points?",
        lambda p: None,
        ["sources", "pull", SOURCE],
    ),
    "a measure misspelt: the one meant": Cure(
        lambda p: None,
        ["ask", "transfer.tiv"],
        "did you mean transfers.tiv?",
        lambda p: None,
        ["ask", "transfers.tiv"],
    ),
    "no such measure: the list": Cure(
        lambda p: None,
        ["ask", "nothing.like.it"],
        "to list the measures: bilat ask",
        lambda p: None,
        ["ask"],
    ),
    "a date in words: YYYY-MM-DD": Cure(
        lambda p: None,
        ["claims", "--only", "K4", "--as-of", "March"],
        "Write it as YYYY-MM-DD",
        lambda p: None,
        ["claims", "--only", "K4", "--as-of", "2023-03-20"],
    ),
    "a period without rows: one of those": Cure(
        lambda p: None,
        ["ask", "transfers.tiv", "--rows", "--period", "1901"],
        "it has 1992 to 2025",
        lambda p: None,
        ["ask", "transfers.tiv", "--rows", "--period", "1992"],
    ),
    "no team: a first dissent": Cure(
        lambda p: None,
        ["team", "dissents", "--team", "our"],
        "begin one with: mkdir our",
        lambda p: Path("our").mkdir(),
    ),
    "no book of assumptions: written": Cure(
        lambda p: None,
        ["plan", "exposure", "--book", "mine.toml"],
        "To create it: bilat plan book mine.toml",
        lambda p: run("plan", "book", "mine.toml"),
    ),
    "a list of one's own without a date: no --max-age": Cure(
        only_lists,
        [*SCREEN, "--max-age", "30"],
        "has no date, where --max-age is 30; get its newest edition, or leave --max-age out",
        lambda p: None,
        SCREEN,
    ),
    "a list that is too old: --lists": Cure(
        only_lists,
        ["screen", "VTB", "--lists", "bis_dpl", "--max-age", "30"],
        "or name the lists to use with --lists",
        lambda p: None,
        ["screen", "VTB", "--lists", "list.jsonl"],
    ),
    "a list that is none: a file": Cure(
        only_lists,
        ["screen", "VTB", "--lists", "mine"],
        "Name a file, or one of",
        lambda p: None,
        ["screen", "VTB", "--lists", "list.jsonl"],
    ),
    "a threshold in words: a number": Cure(
        only_lists,
        [*SCREEN, "--threshold", "high"],
        "write a probability, such as 0.5",
        lambda p: None,
        [*SCREEN, "--threshold", "0.5"],
    ),
    "another ending: one of those": Cure(
        only_lists, [*SCREEN[:-1], "out.txt"], "Choose from: .jsonl", lambda p: None, SCREEN
    ),
    "a header that is not there: the one that is": Cure(
        only_lists,
        [*SCREEN, "--map", "name=Foo"],
        "in the header (query_id, name). Correct --map",
        lambda p: None,
        [*SCREEN, "--map", "name=name"],
    ),
    "a party on no list: the id of the row": Cure(
        only_lists,
        [x if x != "p1" else "p9" for x in DECIDED],
        "Give the id, as ofac-17013",
        lambda p: None,
        DECIDED,
    ),
    "a verdict that is none: one of those": Cure(
        only_lists,
        [x if x != "false" else "no" for x in DECIDED],
        "must be one of true, false",
        lambda p: None,
        DECIDED,
    ),
    "a strait that is none: one of those": Cure(
        lambda p: None,
        ["plan", "blockade", "--draws", "200", "--close", "suez"],
        "Name some of malacca",
        lambda p: None,
        ["plan", "blockade", "--draws", "200", "--close", "malacca"],
    ),
    "a share in other digits: 0 to 9": Cure(
        ownership("owner,owned,low,high\nA,X,６０,60\n"),
        OWNERS,
        "in the digits 0 to 9",
        ownership(LINKS),
    ),
    "shares upside down: the least first": Cure(
        ownership("owner,owned,low,high\nA,X,70,60\n"),
        OWNERS,
        "write the least share first",
        ownership(LINKS),
    ),
    "a row twice: take one out": Cure(
        lambda p: china(p, 2),
        ["screen", "Firm", "--lists", "cn.csv"],
        "is the same as row 2; get the file again, or take one of the two out",
        lambda p: china(p, 1),
    ),
    "a damaged manifest: an empty folder": Cure(
        lambda p: (held(p), cut(p / "h" / "manifest.json")),
        ["sources", "list", "--holdings", "h"],
        "or pull into an empty folder",
        lambda p: (shutil.rmtree(p / "h"), pull(p)),
    ),
    "an open quote: close it": Cure(
        names('query_id,name\n1,"VTB\n2,Rosneft\n'),
        SCREEN,
        "close it, or double the quote",
        names('query_id,name\n1,"VTB"\n2,Rosneft\n'),
    ),
    "a quote that belongs to the text: double it": Cure(
        names('query_id,name\n1,"OOO "VTB""\n'),
        SCREEN,
        "double the quotes inside a quoted field",
        names('query_id,name\n1,"OOO ""VTB"""\n'),
    ),
    "a field with the delimiter: quote it": Cure(
        names("query_id,name\n1,VTB, Bank\n"),
        SCREEN,
        "quote fields that contain ','",
        names('query_id,name\n1,"VTB, Bank"\n'),
    ),
    "a NUL: get the file again": Cure(
        names(b"query_id,name\n1,V\x00TB\n"),
        SCREEN,
        "has a NUL byte",
        names("query_id,name\n1,VTB\n"),
    ),
    "no column of names: --map": Cure(
        names("query_id,Consignee-X\n1,VTB\n"),
        SCREEN,
        "say which it is with --map name=HEADER",
        only_lists,
        [*SCREEN, "--map", "name=name"],
    ),
    "an empty file: a header": Cure(
        names(""), SCREEN, "the first line must be the header", names("query_id,name\n1,VTB\n")
    ),
    "JSON over several lines: one object a line": Cure(
        lambda p: (only_lists(p), text(p, "q.jsonl", '{"name":\n"VTB"}\n')),
        ["screen", "q.jsonl", "--lists", "list.jsonl", "--out", "out.jsonl"],
        "write one object per line",
        lambda p: text(p, "q.jsonl", '{"name": "VTB"}\n'),
    ),
    "no log: a first decision": Cure(
        only_lists,
        [
            "screen",
            "q.csv",
            "--lists",
            "list.jsonl",
            "--out",
            "o.jsonl",
            "--decisions",
            "log.jsonl",
        ],
        "record a first decision: bilat screen decide LOG",
        lambda p: run(*DECIDED),
    ),
    "an altered log: a copy": Cure(
        decided(lambda raw: raw.replace(b"another", b"no other", 1)),
        DECIDED,
        "restore the log from a copy",
        lambda p: shutil.copy("copy.jsonl", "log.jsonl"),
    ),
    "a share as a fraction: percent": Cure(
        ownership("owner,owned,low,high\nA,X,0.6,0.6\n"),
        OWNERS,
        "Write 60 for 60 percent",
        ownership(LINKS),
    ),
    "more than all: correct it": Cure(
        ownership("owner,owned,low,high\nA,X,60,60\nB,X,60,60\n"),
        OWNERS,
        "Correct the shares",
        ownership(LINKS),
    ),
    "a place that cannot be written: another": Cure(
        lambda p: (only_lists(p), text(p, "file", "x")),
        [*SCREEN[:-1], "file/out.jsonl"],
        "cannot be written",
        lambda p: None,
        SCREEN,
    ),
}


@pytest.mark.parametrize("name", CURES)
def test_the_cure_that_is_printed_changes_the_outcome(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "default"))
    cure = CURES[name]
    cure.harm(tmp_path)
    capsys.readouterr()
    assert run(*cure.words) in (1, 2)
    said = capsys.readouterr().err
    assert cure.says in said and len(said.strip().splitlines()) == 1, said
    if cure.do is None:
        printed = said.partition("bilat: ")[2] if said.startswith("bilat: ") else said
        assert run(*shlex.split(printed.rpartition(": bilat ")[2])) == 0
    else:
        cure.do(tmp_path)
    after = cure.after or (cure.words if cure.do or "check" in cure.words else None)
    assert after is None or run(*after) == 0, capsys.readouterr().err
