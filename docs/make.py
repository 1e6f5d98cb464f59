# SPDX-License-Identifier: Apache-2.0
"""Write the pages of docs/ (commands, house, JSON, Python, measures) and the outputs of the notebooks.

Run: python docs/make.py [FOLDER]. A test fails when a page is out of date.
"""

from __future__ import annotations

import inspect
import re
import runpy
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import bilat
from bilat.cli import application
from bilat.document import blocks
from bilat.document.plain import SCHEMA, envelope
from bilat.document.questions import FIRST_WORDS, question_named, question_names, questions
from bilat.measures import measures

NOTE = "<!-- written by docs/make.py: change the code, then run it again -->\n"


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def house_page() -> str:
    """The rooms of src/bilat: layer, lines, and what each is for."""
    house = tomllib.loads((Path(__file__).parents[1] / "house.toml").read_text("utf-8"))
    out = [
        "# The house\n",
        NOTE,
        "A room is a folder or a module of `src/bilat`. It imports only from rooms of a lower layer, or from rooms "
        "above it in this list within its own layer; rooms of layer 4 never import one another. `tests/test_house.py` "
        "holds the code to this: no import uphill (nor by name), no circle, no private name across files, no write "
        "into another module, no class name twice, no parameter that its function never reads.\n",
        "| room | layer | what it is for |\n|---|---|---|",
    ]
    out += [f"| `{r['name']}` | {r['layer']} | {_cell(_purpose(r))} |" for r in house["room"]]
    return "\n".join(out)


def _purpose(room: dict[str, Any]) -> str:
    """Return what a room is for, with its sub-rooms where their order is declared."""
    if "parts" not in room:
        return str(room["what"])
    parts = ", ".join(f"`{part}`" for part in room["parts"])
    return f"{room['what']} Sub-rooms, each importing only from those before it: {parts}."


#: What the fields of the envelope are.
ENVELOPE = {
    "schema": f"`{SCHEMA}`; the number rises when a field goes or changes its meaning",
    "kind": "what it is: `claims`, `screening`, `diversion`, `plan`...",
    "question": "the verb that was asked, and each field that is not at its default",
    "subject": "whom the answer is about: a pair, a state, a flow or the world, or null",
    "pair": "the two states by ISO 3166-1 alpha-3 code, or null",
    "as_of": "the as-of date of the answer: it contains nothing that became public later",
    "known_to": "the last day that anything in it speaks of, or null",
    "holdings": "digest of the records that it rests on",
    "title": "the answer's heading",
    "summary": "the sentences that a reader should take away",
    "data": "the typed answer: its fields are those of the verb, and the part to program against",
    "blocks": "what the page shows, in order, for programs that show it too",
    "sources": "each source that it rests on",
}


def json_page() -> str:
    """The envelope of every answer as JSON, and the blocks in it."""
    assert list(envelope(blocks.Document("", "", (), ()))) == list(ENVELOPE), "an undescribed field"
    out = [
        "# JSON\n",
        NOTE,
        "Every command with `--json`, and every address of `bilat serve` under `/api/`, prints one envelope. With a "
        "marking, `marking` and `left_out` (how many parts it withheld) come before the others. Days are ISO texts; "
        "a number that is not finite is null; a block leaves out what is blank.\n",
        "| field | meaning |\n|---|---|",
    ]
    out += [f"| `{name}` | {meaning} |" for name, meaning in ENVELOPE.items()]
    parts = [getattr(blocks, name.strip()) for name in str(blocks.Block).split("|")]
    for c in (*parts, blocks.Column, blocks.Figure, blocks.Point, blocks.SourceRef):
        head = f'block `"{c.__name__.lower()}"`' if c in parts else f"`{c.__name__}`"
        names = ", ".join(f"`{f.name}`" for f in fields(c))
        out.append(
            f"\n## {head}\n\n{_cell((c.__doc__ or '').replace('``', '`'))}\n\nFields: {names}."
        )
    return "\n".join(out)


def commands_page() -> str:
    """Every command with its examples, its address on the server and its tool: from the register."""
    out = [
        "# Every command\n",
        NOTE,
        "`--why` shows what lies behind an answer, `--since` is the earlier date, `--out FILE` writes "
        "it by the ending of the file, `--json` prints it for a program. `bilat COMMAND --help` has "
        "every option. [packages.md](packages.md) says how a package adds commands of its own.\n",
    ]
    groups = dict.fromkeys([*FIRST_WORDS, *(n.split(".")[0] for n in question_names())])
    for word in groups:
        commands = [(q.about(), q.examples) for q in map(question_named, question_names(word))]
        if by_hand := commands_by_hand().get(word):
            commands = [by_hand]
        out.append(f"## {word}\n\n{FIRST_WORDS.get(word, '')}\n\n```sh")
        for about, examples in commands:
            out += [f"# {about}", *examples, ""]
        out[-1] = "```\n"
    return "\n".join([*out, *_surfaces()])


def commands_by_hand() -> dict[str, tuple[str, list[str]]]:
    """The commands that are functions of the command line: what each does, and its examples."""
    found = {}
    for command in application().registered_commands:
        text = inspect.cleandoc(command.callback.__doc__ or "")  # type: ignore[union-attr]
        about, _, example = text.partition("\n\nFor example")
        if example:
            line = example.rpartition(": ")[2]
            found[str(command.name)] = (" ".join(about.split()), [line])
    return found


def _surfaces() -> list[str]:
    """Where else each question is asked: its address on the server, and the tools that ask it."""
    out = [
        "## Addresses and tools\n",
        "`bilat serve` answers each question at an address, as a page and under `/api` as JSON; "
        "`bilat mcp` offers it to an assistant as a tool.\n",
        "| command | address | tools |\n|---|---|---|",
    ]
    for question in questions().values():
        if question.served:
            tools = [t.name for t in question.tools] or ["_".join(question.verb)]
            named = ", ".join(f"`{name}`" for name in tools)
            words = " ".join(question.verb)
            out.append(f"| `bilat {words}` | `/{'/'.join(question.verb)}` | {named} |")
    return out


#: What a Python program imports from `bilat`, without names that are going.
_GOING = ("measure", "measures")


def api_page() -> str:
    """What `from bilat import ...` offers: signatures and docstrings."""
    out = [
        "# Python\n",
        NOTE,
        "What `from bilat import ...` offers. `measures` completes names: `measures.transfers.tiv(...)`; "
        "[measures.md](measures.md) lists them.\n",
    ]
    for name in sorted(set(bilat.__all__) - {*_GOING}, key=str.lower):
        thing = getattr(bilat, name)
        out.append(_documented(thing, name, 2))
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            for own, method in vars(thing).items():
                if not own.startswith("_") and callable(method):
                    out.append(_documented(method, f"{name}.{own}", 3))
    return "\n".join(out)


def _documented(thing: object, name: str, level: int) -> str:
    """A heading, the signature and the docstring as it stands in the code."""
    parameters = ""
    if not (inspect.isclass(thing) and issubclass(thing, Exception)):
        signature = inspect.signature(thing)  # type: ignore[arg-type]
        kept = [p for p in signature.parameters.values() if p.name != "self"]
        written = str(signature.replace(parameters=kept))
        parameters = re.sub(r"(: |-> )'([^']*)'", r"\1\2", written)
    text = inspect.cleandoc(inspect.getdoc(thing) or "")
    return f"{'#' * level} {name}\n\n```text\n{name}{parameters}\n\n{text}\n```\n"


def measures_page() -> str:
    """Every measure: what it counts, of whom, in which unit, by which method, with its parameters."""
    out = [
        "# Every measure\n",
        NOTE,
        '`bilat ask NAME` answers one, `bilat.ask("NAME", ("RUS", "CHN"))` in Python. '
        "[howto_claim.md](howto_claim.md) shows how to use one.\n",
    ]
    for name, measure in measures().items():
        out.append(f"## {name}\n\n{_cell(measure.title)}. Unit: {_cell(measure.unit)}.\n")
        out.append(f"{_cell(measure.method)}\n")
        out += [
            f"- `{key}={measure.params[key]}`: {_cell(about)}"
            for key, about in measure.about.items()
        ]
        out.append(f"\nReference: {_cell(measure.reference)}.\n")
    return "\n".join(out)


PAGES = {
    "api.md": api_page,
    "measures.md": measures_page,
    "commands.md": commands_page,
    "json.md": json_page,
    "house.md": house_page,
}


def main() -> None:
    """Write every page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, page in PAGES.items():
        (folder / name).write_text(page().rstrip() + "\n", "utf-8")
    if folder == Path(__file__).parent:
        runpy.run_path(str(folder / "run_notebooks.py"), run_name="__main__")


if __name__ == "__main__":
    main()
