# SPDX-License-Identifier: Apache-2.0
"""Run the notebooks of docs/notebooks and store what each cell prints and shows.

Run: python docs/run_notebooks.py. A test runs them again and fails when a stored output is out of date.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import pprint
import tempfile
from pathlib import Path
from typing import Any

NOTEBOOKS = sorted((Path(__file__).parent / "notebooks").glob("*.ipynb"))
#: Characters of an output that are stored: a longer one would make the file slow to open.
LONGEST_TEXT = 3_000
LONGEST_PICTURE = 80_000


def run(book: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Run the code of a notebook in an empty folder; return the outputs of each cell that has code."""
    names: dict[str, Any] = {}
    found = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for number, cell in enumerate(code_cells(book), 1):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                shown = last_value("".join(cell["source"]), names)
            found.append([*_stream(printed.getvalue()), *_result(shown, number)])
    return found


def code_cells(book: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a notebook that have code."""
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def last_value(code: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line if that is an expression, as a notebook shows it."""
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def text_of(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the plain text of a cell's outputs, which depends on the records and on nothing else."""
    return ["".join(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in outputs]


def _stream(text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    return [{"name": "stdout", "output_type": "stream", "text": _lines(_short(text))}]


def _result(shown: Any, number: int) -> list[dict[str, Any]]:
    if shown is None:
        return []
    data = {"text/plain": _lines(_short(_plain(shown)))}
    if hasattr(shown, "_repr_mimebundle_"):
        pictures = {k: v for k, v in shown._repr_mimebundle_().items() if k == "image/svg+xml"}
    else:
        pictures = {"text/html": shown._repr_html_()} if hasattr(shown, "_repr_html_") else {}
    data |= {kind: _lines(text) for kind, text in pictures.items() if len(text) < LONGEST_PICTURE}
    return [
        {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}
    ]


def _plain(shown: Any) -> str:
    """Return a value as a notebook prints it: lists and dicts over several lines."""
    return pprint.pformat(shown, width=100) if type(shown) in (list, tuple, dict) else repr(shown)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… (shortened)"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main() -> None:
    """Run every notebook and store its outputs."""
    os.environ.setdefault("BILAT_CACHE", "off")
    for path in NOTEBOOKS:
        book = json.loads(path.read_text("utf-8"))
        for number, (cell, outputs) in enumerate(zip(code_cells(book), run(book), strict=True), 1):
            cell |= {"outputs": outputs, "execution_count": number}
        path.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
