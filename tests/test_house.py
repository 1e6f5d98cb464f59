# SPDX-License-Identifier: Apache-2.0
"""The code against house.toml: rooms import downhill, no circles, nothing private crosses a file, budgets hold.

Each rule is a function from a tree of modules to complaints, so that the tests below can plant a violation and see
it caught.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import bilat

ROOT = Path(bilat.__file__).parent
HOUSE = tomllib.loads((Path(__file__).parents[1] / "house.toml").read_text("utf-8"))
ROOMS = {r["name"]: r for r in HOUSE["room"]}
#: Modules that belong to no room: the face and the door.
OUTSIDE = {"bilat", "bilat.__main__"}
#: The only places that import a module by its name: the registry of measures, the catalog's readers, the face.
BY_NAME = {"bilat.measures.registry", "bilat.measures", "bilat.catalog.sources", "bilat"}
SAYS_NOTHING = {"utils", "helpers", "common", "core", "manager", "managers", "misc"}

Tree = dict[str, ast.Module]


def tree() -> Tree:
    parsed = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        parsed[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(
            path.read_text("utf-8")
        )
    return parsed


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(module: str, parsed: Tree) -> Iterator[tuple[str, str, int]]:
    """(module imported, name taken from it, line), lazy and TYPE_CHECKING imports too."""
    for node in ast.walk(parsed[module]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "bilat":
                    yield alias.name, "", node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import; write bilat.… in full"
            if node.module and node.module.split(".")[0] == "bilat":
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield (
                        (whole, "", node.lineno)
                        if whole in parsed
                        else (node.module, alias.name, node.lineno)
                    )
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            text = node.args[0].value
            if ast.unparse(node.func).endswith(("import_module", "__import__")) and str(text).startswith(
                "bilat"
            ):
                yield str(text), "", node.lineno


def uphill(parsed: Tree) -> list[str]:
    """Imports that run up, or between sibling rooms of layer 4."""
    order = list(ROOMS)
    wrong = []
    for module in parsed:
        if module in OUTSIDE:
            continue
        mine = room(module)
        if mine not in ROOMS:
            wrong.append(f"{module}: the room {mine!r} is not in house.toml")
            continue
        for target, _, line in imports(module, parsed):
            theirs = room(target)
            if target in OUTSIDE and mine == "cli":
                continue
            if theirs not in ROOMS:
                wrong.append(f"{module}:{line} imports {target}, which is in no room")
                continue
            here, there = ROOMS[mine]["layer"], ROOMS[theirs]["layer"]
            sideways = here == there and mine != theirs
            if there > here or (sideways and (here == 4 or order.index(theirs) > order.index(mine))):
                wrong.append(f"{module}:{line} imports {target}")
    return wrong


def circles(parsed: Tree) -> list[str]:
    """Groups of modules that import one another; a package and its own modules count too."""
    graph = {m: {t for t, _, _ in imports(m, parsed) if t in parsed and t != m} for m in parsed}
    graph["bilat"] = set()  # the face imports everything, lazily, and only cli imports the face
    for (
        module
    ) in graph:  # a package that gathers its modules is not a circle: they may import the package's siblings
        graph[module] = {t for t in graph[module] if not module.startswith(t + ".")}
    seen: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[str] = []

    def visit(v: str) -> None:
        seen[v] = low[v] = len(seen)
        stack.append(v)
        for w in sorted(graph[v]):
            if w not in seen:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], seen[w])
        if low[v] == seen[v]:
            group = []
            while not group or group[-1] != v:
                group.append(stack.pop())
            if len(group) > 1:
                groups.append(" <-> ".join(sorted(group)))

    for module in graph:
        if module not in seen:
            visit(module)
    return groups


def private_names(parsed: Tree) -> list[str]:
    return [
        f"{module}:{line} takes {name} from {target}"
        for module in parsed
        for target, name, line in imports(module, parsed)
        if name.startswith("_") and not name.startswith("__")
    ]


def by_name(parsed: Tree) -> list[str]:
    """import_module and __import__ outside the places that may."""
    return [
        f"{module}:{node.lineno} {ast.unparse(node.func)}"
        for module, body in parsed.items()
        if module not in BY_NAME
        for node in ast.walk(body)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__")
    ]


def foreign_writes(parsed: Tree) -> list[str]:
    """Assignments to an attribute of another module, to sys.modules, and setattr on a module."""
    wrong = []
    for module, body in parsed.items():
        modules = {"bilat"}
        for node in ast.walk(body):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                origin = getattr(node, "module", None)
                for alias in node.names:
                    whole = f"{origin}.{alias.name}" if origin else alias.name
                    if whole in parsed:
                        modules.add((alias.asname or alias.name).split(".")[0])
        for node in ast.walk(body):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else targets
            for target in targets:
                base: ast.expr = target
                while isinstance(base, (ast.Attribute, ast.Subscript)):
                    base = base.value
                text = ast.unparse(target)
                outer = isinstance(target, (ast.Attribute, ast.Subscript))
                if outer and (
                    text.startswith("sys.modules") or (isinstance(base, ast.Name) and base.id in modules)
                ):
                    wrong.append(f"{module}:{target.lineno} writes {text}")
            is_setattr = isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and node.args
            if is_setattr and ast.unparse(node.args[0]).split(".")[0] in modules:
                wrong.append(f"{module}:{node.lineno} {ast.unparse(node)}")
    return wrong


def shared_class_names(parsed: Tree) -> list[str]:
    """One public class name, two meanings: in two places of layers 0 to 3 or of one folder, or above and below."""
    where = defaultdict(list)
    for module, body in parsed.items():
        for node in body.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    wrong = []
    for name, modules in where.items():
        # The names of blocks are the document's; what else is called so is renamed as its room is ported.
        low = [
            m for m in modules if room(m) in ROOMS and ROOMS[room(m)]["layer"] <= 3 and room(m) != "document"
        ]
        if room(modules[0]) == "document" or any(room(m) == "document" for m in modules):
            continue
        folders = [m.rsplit(".", 1)[0] for m in modules]
        if len(modules) > 1 and (low or len(set(folders)) < len(folders)):
            wrong.append(f"class {name}: {', '.join(modules)}")
    return wrong


def function_lengths(parsed: Tree) -> list[str]:
    """Functions above the limit, each as ``module.name: lines``."""
    return [
        f"{module}.{node.name}: {node.end_lineno - node.lineno + 1}"
        for module, body in parsed.items()
        for node in ast.walk(body)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno + 1 > HOUSE["limits"]["function"]
    ]


def over_long(parsed: Tree) -> list[str]:
    wrong = []
    limits, lines = HOUSE["limits"], defaultdict(int)
    for module in parsed:
        path = ROOT.parent.joinpath(*module.split("."))
        path = path / "__init__.py" if (path / "__init__.py").is_file() else path.with_suffix(".py")
        count = len(path.read_text("utf-8").splitlines())
        lines[room(module)] += count
        if count > limits["module"]:
            wrong.append(f"{module}: {count} lines, above {limits['module']}")
    for name, count in lines.items():
        if name in ROOMS and count > ROOMS[name]["lines"]:
            wrong.append(
                f"room {name}: {count} lines, above its budget of {ROOMS[name]['lines']} in house.toml"
            )
    return wrong


RULES = {f.__name__: f for f in (uphill, circles, private_names, by_name, foreign_writes, shared_class_names)}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_code_keeps_the_rule(rule: str) -> None:
    assert not (wrong := RULES[rule](tree())), "\n".join(wrong)


def test_rooms_and_modules_keep_within_their_budgets() -> None:
    assert not (wrong := over_long(tree())), "\n".join(wrong)


def test_there_are_no_more_long_functions_than_there_were() -> None:
    """A ratchet: the number in house.toml may only fall."""
    longer = function_lengths(tree())
    assert len(longer) == HOUSE["limits"]["long_functions"], "\n".join(longer)


def test_no_room_whose_name_says_nothing() -> None:
    assert not [p for p in ROOT.rglob("*") if p.stem in SAYS_NOTHING]


#: A violation planted in a module that exists, and the rule that must see it.
PLANTED = {
    "an upward import": ("uphill", "bilat.holdings.pull", "from bilat.picture import words"),
    "an upward import inside a function": ("uphill", "bilat.engine", "def f():\n    import bilat.holdings"),
    "an upward import by name": (
        "uphill", "bilat.dyad", "import importlib\nimportlib.import_module('bilat.picture')",
    ),
    "a room by name": ("by_name", "bilat.dyad", "import importlib\nimportlib.import_module(f'bilat.{x}')"),
    "a sibling room": ("uphill", "bilat.trade.hubs", "from bilat.diversion import parameters"),
    "a private name": ("private_names", "bilat.trade.hubs", "from bilat.trade.books import _anything"),
    "a write into another module": (
        "foreign_writes", "bilat.trade.hubs", "import bilat.measures\nbilat.measures.plotter = None",
    ),
    "a write by an alias": (
        "foreign_writes", "bilat.picture.words", "from bilat.picture import story\nstory.TITLE = 1",
    ),
    "a class swap": ("foreign_writes", "bilat.dyad", "import sys\nsys.modules[__name__].__class__ = object"),
    "a circle": ("circles", "bilat.picture.words", "from bilat.picture import site"),
    "a second class of one name": ("shared_class_names", "bilat.engine", "class Dyad: ..."),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED, ids=str)
def test_a_planted_violation_is_caught(what: str) -> None:
    rule, module, code = PLANTED[what]
    parsed = tree()
    before = RULES[rule](parsed)
    parsed[module].body += ast.parse(code).body
    assert len(RULES[rule](parsed)) > len(before)
