# SPDX-License-Identifier: Apache-2.0
"""No control sequence of a stranger reaches a terminal, whatever verb prints it; JSON keeps the value."""

import io
import json
import sys
from pathlib import Path

import pytest

from bilat.cli import main
from bilat.terminal.output import console

WORDS = "VTB \x1b]0;owned\x07\x1b[2A\x1b[8m\x9b31m\u202e\rBank"
#: What no output may have: our own tables have ESC [ … m and nothing else.
HOSTILE = ("\x1b]", "\x1b[2A", "\x1b[8m", "\x07", "\x9b", "\u202e", "\r")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "holdings"))
    monkeypatch.setenv("TERM", "xterm")
    listed = [
        {"id": "p1", "names": ["VTB Bank \x1b]0;owned\x07"], "country": "RU"},
        {"id": "p2", "names": [f"A{WORDS}".replace("\r", "")], "list": "OFAC SDN"},
    ]
    (tmp_path / "list.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in listed))
    links = "owner,owned,low,high\n" + f'"A{WORDS}",X,60,60\n'.replace("\r", "")
    (tmp_path / "links.csv").write_text(links, "utf-8")
    return tmp_path


def said(
    monkeypatch: pytest.MonkeyPatch, words: list[str], stream: type[io.StringIO]
) -> tuple[int, str, str]:
    out, err = stream(), stream()
    with monkeypatch.context() as m, pytest.raises(SystemExit) as left:
        m.setattr(sys, "stdout", out)
        m.setattr(sys, "stderr", err)
        main(words)
    return int(left.value.code or 0), out.getvalue(), err.getvalue()


DECIDE = [
    "screen",
    "decide",
    "log.jsonl",
    "--query",
    WORDS,
    "--party",
    "p1",
    "--verdict",
    "false",
    "--why",
    WORDS,
    "--who",
    WORDS,
    "--lists",
    "list.jsonl",
]


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (DECIDE, 0),
        (["screen", WORDS, "--lists", "list.jsonl", "--threshold", "0"], 0),
        (["screen", "owners", "links.csv", "X", "--lists", "list.jsonl"], 0),
        (["screen", f"{WORDS}.csv", "--lists", "list.jsonl", "--out", f"{WORDS}.odd"], 2),
        (["claims", "--only", WORDS], 2),
        (["ask", "--param", WORDS, "transfers.tiv"], 2),
        ([WORDS], 2),
    ],
    ids=lambda w: w[0][:8] if isinstance(w, list) else str(w),
)
def test_no_sequence_of_a_stranger_is_printed(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    stream: type[io.StringIO],
) -> None:
    left, out, err = said(monkeypatch, words, stream)
    assert left == code, err
    assert "VTB" in out + err
    for sequence in HOSTILE:
        assert sequence not in out + err, repr(out + err)
    if stream is io.StringIO:
        assert "\x1b" not in out + err


def test_bars_keep_their_own_colours() -> None:
    console(out := Terminal(), force_terminal=True).print("[bold]VTB[/bold] \x1b]0;owned\x07")
    assert "\x1b[1m" in out.getvalue() and "\x1b]0;" not in out.getvalue()


def test_json_has_the_value_and_nothing_that_acts(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = said(
        monkeypatch,
        ["screen", "owners", "links.csv", "X", "--lists", "list.jsonl", "--json"],
        io.StringIO,
    )
    assert code == 0 and not any(s in out for s in HOSTILE)
    found = json.loads(out)["data"]
    (owner,) = found["rules"][0]["owners"] or found["paths"][0]["chain"][:1]
    assert owner.startswith("AVTB \x1b]0;owned\x07") and "\u202e" in owner
