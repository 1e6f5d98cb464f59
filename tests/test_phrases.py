# SPDX-License-Identifier: Apache-2.0
"""No text of bilat has a turn of phrase that the style sheet refuses."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
REFUSED = tomllib.loads((Path(__file__).parent / "refused_phrases.toml").read_text("utf-8"))
#: The style sheet quotes what it refuses.
QUOTES = {"style.md"}
_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Text(NamedTuple):
    """A text with its file and line."""

    file: str
    line: int
    words: str


def docstrings(tree: ast.Module) -> set[int]:
    """Return the identities of the docstrings; those of questions are printed, and not among them."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, _WITH_DOCSTRING) or not node.body:
            continue
        first = node.body[0]
        printed = isinstance(node, ast.ClassDef) and node.name.endswith("Question")
        if isinstance(first, ast.Expr) and not printed:
            found.add(id(first.value))
    return found


def texts_of_code(code: str, file: str) -> Iterator[Text]:
    """Yield the texts of a module: string constants with a space, docstrings aside."""
    tree = ast.parse(code)
    silent = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in silent:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield Text(file, node.lineno, node.value)


def texts_of_page(page: str, file: str) -> Iterator[Text]:
    """Yield the lines of a page, a template or a table of data; comments of data aside."""
    for number, line in enumerate(page.splitlines(), 1):
        if not (file.endswith(".toml") and line.startswith("#")):
            yield Text(file, number, line)


def all_texts() -> Iterator[Text]:
    """Yield every text that bilat prints, and every line of its docs."""
    for path in sorted((ROOT / "src" / "bilat").rglob("*")):
        file = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            yield from texts_of_code(path.read_text("utf-8"), file)
        elif path.suffix in (".toml", ".html", ".typ"):
            yield from texts_of_page(path.read_text("utf-8"), file)
    for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"):
        if path.name not in QUOTES:
            yield from texts_of_page(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())


def refused(texts: Iterator[Text]) -> list[str]:
    """Return a line for each refused phrase: where it is, and what to write instead."""
    rules = [(re.compile(r["phrase"]), r["instead"]) for r in REFUSED["refused"]]
    return [
        f"{text.file}:{text.line}: {found[0]!r}; write: {instead}"
        for text in texts
        for pattern, instead in rules
        if (found := pattern.search(text.words))
    ]


def test_no_text_has_a_refused_phrase() -> None:
    found = refused(all_texts())
    assert not found, "\n".join(found)


def test_a_planted_phrase_is_found_in_code_help_data_and_docs() -> None:
    code = (
        'class AQuestion:\n    """Since when it stands: since when."""\nx = f"{n} of what lacks"\n'
    )
    assert len(refused(texts_of_code(code, "a.py"))) == 2
    silent = 'def f():\n    """Return since when it stands."""\n    # of what lacks\n'
    assert not refused(texts_of_code(silent, "a.py"))
    data = 'name = "none is held"\n# none is held\n'
    assert len(refused(texts_of_page(data, "a.toml"))) == 1
    assert refused(texts_of_page("We sent far more.", "a.md")) == [
        "a.md:1: 'far more'; write: much more, many more"
    ]


def test_each_rule_is_a_pattern_with_a_better_phrase_that_passes() -> None:
    assert len(REFUSED["refused"]) > 30
    for rule in REFUSED["refused"]:
        assert not re.search(rule["phrase"], rule["instead"]), rule
