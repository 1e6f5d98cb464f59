# SPDX-License-Identifier: Apache-2.0
"""The docs say what the code does: written pages are current, every verb is in docs/commands.md."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bilat.cli import application
from bilat.cli.groups import First

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("page", ["commands.md", "house.md", "json.md"])
def test_a_written_page_is_current(page: str) -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "make.py"))["PAGES"]
    assert (ROOT / "docs" / page).read_text("utf-8") == pages[page]().rstrip() + "\n", (
        "run python docs/make.py"
    )


def verbs(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of the command line, as the words that call it."""
    for name, command in group.commands.items():
        if (name,) == before:  # a group that is a command itself
            yield before
            continue
        if hasattr(command, "commands"):
            yield from verbs(command, (*before, name))
        else:
            yield (*before, name)


def shown(page: Path) -> list[list[str]]:
    """The commands in the shell blocks of a page, without the word ``bilat``; a block of output has ``$``."""
    blocks = re.findall(r"^```(?:sh|text)\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [
        shlex.split(line.split(" | ")[0], comments=True)[1:]
        for line in lines
        if line.startswith("bilat ")
    ]


CLI: Any = get_command(
    application()
)  # typer's own click or the package click, as the version has it
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("verb", [*verbs(CLI)], ids=" ".join)
def test_every_verb_is_shown(verb: tuple[str, ...]) -> None:
    assert [
        words for words in shown(ROOT / "docs" / "commands.md") if tuple(words[: len(verb)]) == verb
    ]


def test_the_readme_is_read_in_two_minutes() -> None:
    assert 3_500 < len(PAGES[0].read_bytes()) < 5_000


@pytest.mark.parametrize(
    "words", [pytest.param(w, id=f"{p.name}: {' '.join(w)}") for p in PAGES for w in shown(p)]
)
def test_every_command_that_is_shown_can_be_given(words: list[str]) -> None:
    given, command = list(words), CLI
    while hasattr(command, "commands"):
        if isinstance(command, First) and not {*given[:1]} & {*command.commands}:
            command = next(iter(command.commands.values()))
            break
        name = given.pop(0)
        if name.startswith("-"):  # bilat --version
            assert any(name in option.opts for option in command.params)
            return
        assert name in command.commands, f"no verb {name}"
        command = command.commands[name]
    command.make_context(command.name, given)  # refuses an option or an argument that is not there


def test_a_command_that_cannot_be_given_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("bilat prose\n```sh\nbilat divert --orgin EU27   # comment\n```\n", "utf-8")
    assert shown(page) == [["divert", "--orgin", "EU27"]]
    with pytest.raises(Exception, match="orgin"):
        test_every_command_that_is_shown_can_be_given(shown(page)[0])


def test_every_file_says_its_licence() -> None:
    for path in [
        *ROOT.glob("src/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("benchmarks/*.py"),
    ]:
        assert path.read_text("utf-8").startswith("# SPDX-License-Identifier: Apache-2.0"), path


def test_no_pin_names_a_host() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"https?:|@ ", pins)


def test_the_python_of_the_readme_runs_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGES[0].read_text("utf-8"), re.S | re.M)
    assert len(blocks) == 1
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    said = re.findall(r"^print\(.*\)\s+# (.*)$", "".join(blocks), re.M)
    assert said and capsys.readouterr().out.splitlines() == said
