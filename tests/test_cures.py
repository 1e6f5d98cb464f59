# SPDX-License-Identifier: Apache-2.0
"""What a message tells a person to do is done, and the outcome changes: each cure by its command, before and after."""

import json
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
    do: Callable[[Path], object]
    #: what is run after the cure, where the cure changes the words
    after: list[str] | None = None


SOURCE = "armour_points"


def text(place: Path, name: str, body: str | bytes) -> None:
    (place / name).write_bytes(body if isinstance(body, bytes) else body.encode())


def held(place: Path) -> Path:
    run("sources", "pull", SOURCE, "--holdings", str(place / "h"))
    return next((place / "h" / "tables").rglob("*.parquet"))


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
LISTED = "party,list\nA,OFAC SDN\n"
SCREEN = ["screen", "q.csv", "--lists", "list.jsonl", "--out", "out.jsonl"]
OWNERS = ["owners", "links.csv", "X", "--listed", "listed.csv"]
DECIDED = ["decide", "log.jsonl", "--query", "VTB", "--party", "p1", "--verdict", "false", "--reason", "another bank",
           "--who", "me", "--lists", "list.jsonl"]  # fmt: skip


def names(body: str | bytes) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        text(place, "list.jsonl", LIST)
        text(place, "q.csv", body)

    return harm


def ownership(links: str, listed: str = LISTED) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        text(place, "links.csv", links)
        text(place, "listed.csv", listed)

    return harm


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
        lambda p: cut(held(p)), ["sources", "check", "--holdings", "h"],
        "is damaged; run: bilat sources pull armour_points",
        pull),
    "a missing part: pull": Cure(
        lambda p: held(p).unlink(), ["sources", "check", "--holdings", "h"],
        "is missing; run: bilat sources pull armour_points",
        pull),
    "a damaged manifest: an empty folder": Cure(
        lambda p: (held(p), cut(p / "h" / "manifest.json")), ["sources", "list", "--holdings", "h"],
        "or pull into an empty folder", lambda p: (shutil.rmtree(p / "h"), pull(p))),
    "an open quote: close it": Cure(
        names('query_id,name\n1,"VTB\n2,Rosneft\n'), SCREEN, "close it, or double the quote",
        names('query_id,name\n1,"VTB"\n2,Rosneft\n')),
    "a quote that belongs to the text: double it": Cure(
        names('query_id,name\n1,"OOO "VTB""\n'), SCREEN, "double the quotes inside a quoted field",
        names('query_id,name\n1,"OOO ""VTB"""\n')),
    "a field with the delimiter: quote it": Cure(
        names("query_id,name\n1,VTB, Bank\n"), SCREEN, "quote fields that contain ','",
        names('query_id,name\n1,"VTB, Bank"\n')),
    "a NUL: get the file again": Cure(
        names(b"query_id,name\n1,V\x00TB\n"), SCREEN, "has a NUL byte", names("query_id,name\n1,VTB\n")),
    "no column of names: --map": Cure(
        names("query_id,Consignee-X\n1,VTB\n"), SCREEN, "say which it is with --map name=HEADER", only_lists,
        [*SCREEN, "--map", "name=name"]),
    "an empty file: a header": Cure(
        names(""), SCREEN, "the first line must be the header", names("query_id,name\n1,VTB\n")),
    "JSON over several lines: one object a line": Cure(
        lambda p: (only_lists(p), text(p, "q.jsonl", '{"name":\n"VTB"}\n')),
        ["screen", "q.jsonl", "--lists", "list.jsonl", "--out", "out.jsonl"], "write one object per line",
        lambda p: text(p, "q.jsonl", '{"name": "VTB"}\n')),
    "no log: a first decision": Cure(
        only_lists, ["screen", "q.csv", "--lists", "list.jsonl", "--out", "o.jsonl", "--decisions", "log.jsonl"],
        "record a first decision: bilat decide LOG", lambda p: run(*DECIDED)),
    "an altered log: a copy": Cure(
        decided(lambda raw: raw.replace(b"another", b"no other", 1)), DECIDED, "restore the log from a copy",
        lambda p: shutil.copy("copy.jsonl", "log.jsonl")),
    "a share as a fraction: percent": Cure(
        ownership("owner,owned,low,high\nA,X,0.6,0.6\n"), OWNERS, "write 60 for 60 percent", ownership(LINKS)),
    "more than all: correct it": Cure(
        ownership("owner,owned,low,high\nA,X,60,60\nB,X,60,60\n"), OWNERS, "correct the shares", ownership(LINKS)),
    "an unknown list: one of those": Cure(
        ownership(LINKS, "party,list\nA,SDN\n"), OWNERS, "write one of OFAC SDN", ownership(LINKS)),
    "another spelling: the same in both": Cure(
        ownership(LINKS, "party,list\na,OFAC SDN\n"), OWNERS, "write it the same in both", ownership(LINKS)),
    "a place that cannot be written: another": Cure(
        lambda p: (only_lists(p), text(p, "file", "x")), [*SCREEN[:-1], "file/out.jsonl"], "cannot be written",
        lambda p: None, SCREEN),
}  # fmt: skip


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
    cure.do(tmp_path)
    assert run(*(cure.after or cure.words)) == 0, capsys.readouterr().err
