# SPDX-License-Identifier: Apache-2.0
"""Each page of README and docs is followed from top to bottom, in a folder with the sample files.

What the page shows below a command with ``$`` is printed; there, ``…`` stands for anything.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import indexes
import pytest
from typer.testing import CliRunner

from bilat.cli import application
from bilat.document import Frame
from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.records.samples import write_samples
from bilat.when import AsOf

ROOT = Path(__file__).resolve().parents[1]
#: The tutorial has a test of its own, with files of its own.
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if page.name != "tutorial.md"
]
_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)
_PRINTED = re.compile(r"^```text\n\$ (bilat .*?)\n(.*?)^```", re.S | re.M)
_SAVED = re.compile(r"Save this as `(?P<name>[^`]+)`[^`]*?```\w+\n(?P<text>.*?)^```", re.S | re.M)
#: First words of commands that are not run here, and what runs them.
NOT_RUN = {
    "make": "the run of the tests itself",
    "pip": "tests/test_wheel.py",
    "curl": "tests/server/test_curl_lines.py",
    "eval": "tests/test_completion.py",
    "_BILAT_COMPLETE=source_fish": "tests/test_completion.py",
    "bilat serve": "tests/server",
    "bilat mcp": "tests/server",
    "bilat update": "tests/holdings: it asks the publishers",
    "bilat sources pull": "tests/holdings: it asks the publishers",
    "bilat sources build": "tests/holdings: it needs every file of the publishers",
    "bilat sources rebuild": "tests/holdings: nothing is stored in a new folder",
}
#: ``watch`` says with its exit code that there is news.
NEWS = 3


@dataclass(frozen=True)
class Ran:
    """A command of a page, its exit code and what it printed."""

    line: str
    code: int
    output: str
    wrong: str


def lines_of(text: str) -> list[str]:
    """The commands of a page, without their comments."""
    lines = [line for block in _COMMANDS.findall(text) for line in block.splitlines()]
    return [line for line in map(_without_comment, lines) if line]


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s+)# .*$", "", line).strip()


def is_run(line: str) -> bool:
    """Whether a command is run here; a day's lists of names take an index of their own."""
    if line.startswith("bilat screen") and "--since" in line:
        return False
    if line.endswith("--dry-run"):  # prints what it would ask the publishers
        return True
    if line == "bilat add drones.csv":  # asks two questions; the next line answers them
        return False
    return not any(f"{line} ".startswith(f"{words} ") for words in NOT_RUN)


def run(line: str, folder: Path) -> Ran:
    """Run a command in a folder: in this process, or by the shell if it has a pipe."""
    if "|" in line or ">" in line:
        shell = re.sub(r"\bbilat\b", f"{shlex.quote(sys.executable)} -m bilat", line)
        done = subprocess.run(
            ["sh", "-c", shell], cwd=folder, capture_output=True, text=True, check=False
        )
        return Ran(line, done.returncode, done.stdout, done.stderr)
    answered = CliRunner().invoke(application(), shlex.split(line)[1:])
    return Ran(line, answered.exit_code, answered.stdout, f"{answered.exception!r}")


def follow(text: str, folder: Path) -> Iterator[Ran]:
    """Run the commands of a page in their order."""
    for saved in _SAVED.finditer(text):
        (folder / saved["name"]).write_text(saved["text"], "utf-8")
    for line in lines_of(text):
        if is_run(line):
            yield run(line, folder)


def lines_of_pages(but: Path) -> set[str]:
    """The commands of the other pages, which are run there with the files that they need."""
    return {line for page in PAGES if page != but for line in lines_of(page.read_text("utf-8"))}


def went_well(ran: Ran) -> bool:
    """Whether a command ended as it should."""
    return ran.code in ({0, NEWS} if ran.line.startswith("bilat watch") else {0})


def fits(output: str, printed: str) -> bool:
    """Whether an output begins with what a page says, where ``…`` stands for anything."""
    parts = [re.escape(" ".join(part.split())) for part in printed.split("…")]
    return re.match(r"\s*.*?\s*".join(parts), " ".join(output.split())) is not None


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = tmp_path_factory.mktemp("samples")
    return write_samples(made, Frame(Dyad("RUS", "CHN"), AsOf(), default_holdings()))


@pytest.fixture
def folder(tmp_path: Path, samples: list[Path], request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder with the sample files, which is the current one, and holdings of its own."""
    before = Path.cwd()
    held = os.environ.get("BILAT_HOLDINGS")
    os.environ["BILAT_HOLDINGS"] = str(indexes.share(tmp_path / "held"))
    there = tmp_path / "page"
    there.mkdir()
    for path in samples:
        (there / path.name).write_bytes(path.read_bytes())
    os.chdir(there)
    yield there
    os.chdir(before)
    if held is None:
        del os.environ["BILAT_HOLDINGS"]
    else:
        os.environ["BILAT_HOLDINGS"] = held


WITH_COMMANDS = [page for page in PAGES if any(map(is_run, lines_of(page.read_text("utf-8"))))]


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_a_page_can_be_followed(page: Path, folder: Path) -> None:
    text = page.read_text("utf-8")
    if "bilat sample ." in lines_of(text):  # the page writes them itself
        for path in folder.iterdir():
            path.unlink()
    done = [*follow(text, folder)]
    if page.name == "commands.md":  # in the order of --help: what one reads another may write later
        done = [ran if went_well(ran) else run(ran.line, folder) for ran in done]
        done = [ran for ran in done if went_well(ran) or ran.line not in lines_of_pages(but=page)]
    for ran in done:
        assert went_well(ran), f"{ran.line}: {ran.output[-300:]}{ran.wrong[-300:]}"
    outputs = {ran.line: ran.output for ran in done}
    for line, printed in _PRINTED.findall(text):
        assert fits(outputs[line], printed), f"{line}: {outputs[line][:200]}"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_a_page_shows_what_a_block_of_commands_prints(page: Path) -> None:
    if page.name in ("README.md", "commands.md"):  # read in two minutes; one block a command
        return
    text = page.read_text("utf-8")
    shown = {line for line, _ in _PRINTED.findall(text)}
    for block in _COMMANDS.findall(text):
        lines = [line for line in map(_without_comment, block.splitlines()) if is_run(line)]
        assert not any(lines) or shown.intersection(lines), lines


def test_each_command_that_is_not_run_is_one_of_a_page() -> None:
    lines = [f"{line} " for page in PAGES for line in lines_of(page.read_text("utf-8"))]
    lines += [f"{line} " for line in lines_of((ROOT / "CONTRIBUTING.md").read_text("utf-8"))]
    for words, instead in NOT_RUN.items():
        assert any(line.startswith(f"{words} ") for line in lines), words
        for place in re.findall(r"tests/[\w/.]+\w", instead):
            assert (ROOT / place).exists(), place


def test_a_command_that_fails_is_found(folder: Path) -> None:
    (done,) = follow("```sh\nbilat ask no.such.measure   # comment\n```\n", folder)
    assert done.code != 0


def test_an_output_that_differs_is_found() -> None:
    assert fits("Tanks, as of 2 December 2026\nmore", "Tanks, as of …")
    assert not fits("Tanks, as of 2 December 2026", "Guns, as of …")
