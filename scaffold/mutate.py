# SPDX-License-Identifier: Apache-2.0
"""Change the code at random places and see whether the tests notice: ``make mutate``.

A sample of mutations is drawn from each room, made one at a time in a copy of the tree, and given
to the tests of that room; what they let pass goes to the record of answers. What both let pass is
printed, to be read by a person: a change that alters nothing is no fault of the tests.

Places that no test can speak of are left out: annotations, decorators, messages of errors and what
is run for the type checker alone.

Needs Cosmic Ray, which ``make mutate`` puts into an environment of its own.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
#: Room -> its code, and its tests.
ROOMS = {
    "statistics": ("src/bilat/statistics.py", ("tests/test_statistics.py", "tests/measures")),
    "measures": ("src/bilat/measures", ("tests/measures", "tests/alignment")),
    "verdicts": ("src/bilat/verdicts", ("tests/verdicts",)),
    "diversion": ("src/bilat/diversion", ("tests/diversion",)),
    "match": ("src/bilat/parties/match", ("tests/parties",)),
    "planning": ("src/bilat/planning", ("tests/planning",)),
}
RECORD = ("tests/record",)
#: Tests that need what a copy of the tree lacks, or that start servers and browsers.
LEFT_OUT = "not (shared or browser or cluster)"
#: Tests of the form of the code, which see every change.
OF_FORM = "not same_bytes and not house"


@dataclass(frozen=True)
class Mutation:
    """One change at one place.

    Parameters
    ----------
    room
        the room that the module belongs to.
    path
        the module, in the copy of the tree.
    operator
        what is changed into what, as Cosmic Ray names it.
    occurrence
        which of the places that the operator can change.
    line
        the first line of the place.
    """

    room: str
    path: Path
    operator: str
    occurrence: int
    line: int


@dataclass
class Result:
    """What became of a mutation: noticed by the room, by the record, or by nobody."""

    mutation: Mutation
    noticed_by: str = ""
    difference: list[str] = field(default_factory=list)


def silent_lines(path: Path) -> set[int]:
    """Return the lines of a module on which a change says nothing of its behaviour."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        found |= {n for part in _silent_parts(node) for n in _lines(part)}
    return found


def _silent_parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise):
        yield node
    if isinstance(node, ast.AnnAssign):
        yield node.annotation
    if isinstance(node, ast.arg) and node.annotation:
        yield node.annotation
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        yield node


def _lines(node: ast.AST) -> range:
    first = getattr(node, "lineno", 0)
    last = getattr(node, "end_lineno", None) or first
    return range(first, last + 1)


def mutations(tree: Path, room: str) -> Iterator[Mutation]:
    """Yield every change that can be made in the code of a room."""
    place = tree / ROOMS[room][0]
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    for path in modules:
        silent = silent_lines(path)
        parsed = get_ast_from_path(path)
        nodes = list(ast_nodes(parsed))
        for name in operator_names():
            operator_class = get_operator(name)
            if operator_class.arguments():
                continue
            operator = operator_class()
            starts = [start for node in nodes for start, _ in operator.mutation_positions(node)]
            for occurrence, (line, _) in enumerate(starts):
                if line not in silent:
                    yield Mutation(room, path, name, occurrence, line)


def sample(found: list[Mutation], size: int, rng: random.Random) -> list[Mutation]:
    """Draw lines of code, every line alike, and one change of each."""
    by_line: dict[tuple[Path, int], list[Mutation]] = {}
    for one in found:
        by_line.setdefault((one.path, one.line), []).append(one)
    lines = sorted(by_line)
    drawn = rng.sample(lines, min(size, len(lines)))
    return [rng.choice(by_line[line]) for line in drawn]


def tests_pass(tree: Path, tests: tuple[str, ...], python: str, seconds: float) -> bool:
    """Run tests up to the first that fails; those that take too long have noticed something."""
    command = [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", LEFT_OUT]
    ran = subprocess.Popen(
        [*command, "-k", OF_FORM, *tests],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return ran.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(ran.pid, signal.SIGKILL)
        ran.wait()
        return False


def tried(tree: Path, mutation: Mutation, python: str, seconds: float) -> Result:
    """Make a change, run the tests, and put the code back."""
    result = Result(mutation)
    operator = get_operator(mutation.operator)()
    with use_mutation(mutation.path, operator, mutation.occurrence) as (before, after):
        if after is None:
            raise RuntimeError(f"{mutation}: cannot be made")
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
        result.difference = list(lines)[2:]
        if not tests_pass(tree, ROOMS[mutation.room][1], python, seconds):
            result.noticed_by = "room"
        elif not tests_pass(tree, RECORD, python, seconds):
            result.noticed_by = "record"
    return result


def copy_of_tree(into: Path) -> Path:
    """Copy what is committed: nothing that is changed here reaches the tree itself."""
    tree = into / "tree"
    tree.mkdir()
    archive = into / "tree.tar"
    subprocess.run(["git", "archive", "-o", str(archive), "HEAD"], cwd=ROOT, check=True)
    shutil.unpack_archive(archive, tree, filter="data")
    return tree


def main() -> int:
    """Run the sample; exit with 1 where the tests fail before anything is changed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--python", required=True, help="interpreter with bilat's test extras")
    parser.add_argument("--each", type=int, default=5, help="mutations of each room")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--room", action="append", choices=ROOMS, help="by default all")
    parser.add_argument("--seconds", type=float, default=900.0, help="bound of each run of tests")
    asked = parser.parse_args()
    rooms = asked.room or list(ROOMS)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bilat-mutate-") as folder:
        tree = copy_of_tree(Path(folder))
        if not tests_pass(tree, RECORD, asked.python, asked.seconds):
            print("the record fails before anything is changed: make it anew", file=sys.stderr)
            return 1
        for room in rooms:
            if not tests_pass(tree, ROOMS[room][1], asked.python, asked.seconds):
                print(f"{room}: its tests fail before anything is changed", file=sys.stderr)
                return 1
            rng = random.Random(f"{asked.seed} {room}")
            for mutation in sample(list(mutations(tree, room)), asked.each, rng):
                results.append(tried(tree, mutation, asked.python, asked.seconds))
                _print_result(results[-1], tree)
    _print_table(rooms, results)
    return 0


def _print_result(result: Result, tree: Path) -> None:
    one = result.mutation
    place = f"{one.path.relative_to(tree)}:{one.line}"
    print(f"{result.noticed_by or 'NOBODY':7} {place} {one.operator}", flush=True)
    if result.noticed_by != "room":
        print("\n".join(f"        {line}" for line in result.difference), flush=True)


def _print_table(rooms: list[str], results: list[Result]) -> None:
    print(f"\n{'room':12} {'made':>5} {'by the room':>12} {'with the record':>16}")
    for room in [*rooms, "all"]:
        mine = [r for r in results if room in (r.mutation.room, "all")]
        by_room = sum(r.noticed_by == "room" for r in mine)
        noticed = sum(bool(r.noticed_by) for r in mine)
        made = max(len(mine), 1)
        print(f"{room:12} {len(mine):5} {by_room / made:12.0%} {noticed / made:16.0%}")


if __name__ == "__main__":
    sys.exit(main())
