# SPDX-License-Identifier: Apache-2.0
"""The docs say what the code does: written pages are current, every verb is in docs/commands.md."""

import ast
import importlib.util
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from missing_parts import need
from typer.main import get_command

from bilat.cli import application
from bilat.cli.groups import First
from bilat.document import blocks

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("page", ["api.md", "commands.md", "house.md", "json.md", "measures.md"])
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


HOUSE = tomllib.loads((ROOT / "house.toml").read_text("utf-8"))


def text_of(place: Path) -> str:
    """The code, tables and templates below a folder, or of a module, and their names."""
    files = place.rglob("*") if place.is_dir() else [place.with_suffix(".py")]
    kinds = (".py", ".toml", ".html", ".css", ".typ")
    found = [p for p in files if p.suffix in kinds]
    return "\n".join(f"{p.relative_to(ROOT)} {p.read_text('utf-8')}" for p in found).lower()


def unknown_words(says: str, code: str) -> list[str]:
    """The words of four letters and more that the code does not have in any ending."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9-]{3,}", says)
    return [w for w in words if w.lower()[: max(4, len(w) - 3)] not in code]


@pytest.mark.parametrize("room", HOUSE["room"], ids=lambda r: r["name"])
def test_what_a_room_is_for_names_only_what_it_has(room: dict[str, str]) -> None:
    code = text_of(ROOT / "src" / "bilat" / room["name"])
    assert not unknown_words(room["what"], code)


def test_formats_of_exchange_are_those_that_the_house_names() -> None:
    from bilat.exchange import FORMATS

    names = {"frictionless": "Frictionless", "ftm": "FollowTheMoney", "stix": "STIX"}
    says = next(r["what"] for r in HOUSE["room"] if r["name"] == "exchange")
    assert {*FORMATS} == {*names} and all(name in says for name in names.values())


def test_each_word_that_is_explained_is_one_of_the_code() -> None:
    page = (ROOT / "docs" / "words.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page, re.M)[1:]
    code = text_of(ROOT / "src" / "bilat")
    assert len(rows) > 25 and [w for w, _ in rows] == sorted((w for w, _ in rows), key=str.casefold)
    for word, meaning in rows:
        pattern = re.escape(word.lower()).replace(r"\ ", "[ _-]")
        assert re.search(rf"\b{pattern}", code), word
        for name in re.findall(r"`([a-z][a-z. -]+)`", meaning):
            assert name in code, f"{word}: nothing is called {name}"
    answers = get_args(blocks.Answered)
    meanings = dict(rows)
    assert re.findall(r"`([^`]+)`", meanings["answer"]) == [*answers]
    assert re.findall(r"`([^`]+)`", meanings["sure"]) == [*get_args(blocks.Sure)]


def test_each_package_of_the_core_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    code = text_of(ROOT / "src" / "bilat")
    for wanted in project["dependencies"]:
        name = re.split(r"[<>=]", wanted)[0].replace("-", "_")
        assert re.search(rf"(?m)^\s*(import|from) {name}\b", code), name


def test_the_site_has_every_page_and_no_page_that_is_not_there() -> None:
    """The navigation names each page of docs/ once, and files that exist; links stay as they lie."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = re.findall(r"^ *- .+: (\S+\.md)$", text, re.M)
    assert len(named) == len(set(named))
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= set(named)
    assert all((ROOT / page).is_file() for page in named)


def test_the_site_is_built_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    need(importlib.util.find_spec("mkdocs") is not None, "mkdocs")
    site = runpy.run_path(str(ROOT / "docs" / "site.py"))
    assert site["main"]([str(tmp_path / "pages"), str(tmp_path / "site")]) == 0
    pages = [*(tmp_path / "site").rglob("*.html")]
    assert len(pages) > 25
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=.https?:", text), page


def test_the_pages_of_the_site_lie_as_in_the_repository(tmp_path: Path) -> None:
    site = runpy.run_path(str(ROOT / "docs" / "site.py"))
    copies = {str(p.relative_to(tmp_path / "x")) for p in site["lay_out"](tmp_path / "x")}
    assert {"README.md", "docs/howto_screen.md", "benchmarks/screening.md"} <= copies
    for name in sorted(copies):
        if name.endswith(".md"):
            links = re.findall(r"\]\(([^)#:\s]+\.md)[)#]", (ROOT / name).read_text("utf-8"))
            for link in links:
                target = (ROOT / name).parent / link
                assert str(target.resolve().relative_to(ROOT)) in copies, f"{name}: {link}"


def test_the_table_of_renames_is_true() -> None:
    """Each module and name of today exists, and nothing is left under the name it had before."""
    page = (ROOT / "docs" / "names.md").read_text("utf-8")
    modules = re.findall(r"^\| `bilat\.([\w.]+)` \| `bilat\.([\w.]+)` \|$", page, re.M)
    names = re.findall(r"^\| `bilat\.([\w.]+)` \| `(\w+)` \| `(\w+)` \|$", page, re.M)
    assert len(modules) > 10 and len(names) > 80
    folder = ROOT / "src" / "bilat"
    for before, now in modules:
        assert not folder.joinpath(*before.split(".")).with_suffix(".py").exists(), before
        assert folder.joinpath(*now.split(".")).with_suffix(".py").is_file(), now
    for module, before, now in names:
        tree = ast.parse(folder.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8"))
        own = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        assert now in own and before not in own, f"{module}: {before} -> {now}"
