# SPDX-License-Identifier: Apache-2.0
"""The code against house.toml: rooms import downhill, no circles, nothing private crosses a file, budgets hold.

Each rule is a function from a tree of modules to complaints, so that the tests below can plant a violation and see
it caught.
"""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import bilat

ROOT = Path(bilat.__file__).parent
CHECKOUT = Path(__file__).parents[1]
HOUSE = tomllib.loads((CHECKOUT / "house.toml").read_text("utf-8"))
ROOMS = {r["name"]: r for r in HOUSE["room"]}
#: Modules that belong to no room: the face and the door.
OUTSIDE = {"bilat", "bilat.__main__"}
#: The only places that import a module by its name: the register, the catalog's readers, the face.
BY_NAME = {
    "bilat.registry",
    "bilat.measures",
    "bilat.catalog.sources",
    "bilat",
}
#: Ways to get at a module, or to run a text, by a name that no reader of the imports sees.
HIDDEN = {
    "import_module",
    "__import__",
    "reload",
    "resolve_name",
    "find_loader",
    "run_module",
    "run_path",
    "exec",
    "eval",
}
SAYS_NOTHING = {"utils", "helpers", "common", "core", "manager", "managers", "misc"}
#: Rooms that are doors: they may name an option of the command line.
DOORS = {"cli", "terminal"}
CHANGING = {
    "append",
    "add",
    "clear",
    "discard",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
}

Tree = dict[str, ast.Module]
#: How many tokens a line more a change may make of the modules that it touches, and the most that
#: new modules may have: a table of options is dense without being hard to read.
DENSER = 0.1
DENSEST = 8.0


@cache
def source() -> Tree:
    """Every module, parsed once."""
    parsed = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        parsed[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(
            path.read_text("utf-8")
        )
    return parsed


@cache
def nodes(body: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a module, walked once."""
    return tuple(ast.walk(body))


def planted(module: str, code: str) -> Tree:
    """The tree with code added to one module."""
    body = ast.Module([*source()[module].body, *ast.parse(code).body], [])
    return {**source(), module: body}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or a chain of attributes and items; blank for anything else."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


@cache
def imports(module: str, body: ast.Module) -> tuple[tuple[str, str, int], ...]:
    """(module imported, name taken from it, line), lazy and TYPE_CHECKING imports too."""
    return tuple(_imports(module, body))


def _imports(module: str, body: ast.Module) -> Iterator[tuple[str, str, int]]:
    for node in nodes(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "bilat":
                    yield alias.name, "", node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{module}:{node.lineno}: relative import. Write bilat.… in full"
            )
            if node.module and node.module.split(".")[0] == "bilat":
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    known = whole in source()
                    yield (
                        (whole, "", node.lineno)
                        if known
                        else (node.module, alias.name, node.lineno)
                    )
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            text = node.args[0].value
            if dotted(node.func).endswith(("import_module", "__import__")) and str(text).startswith(
                "bilat"
            ):
                yield str(text), "", node.lineno


@cache
def imported(body: ast.Module) -> dict[str, str]:
    """Name in a module -> what of this house it was imported as, unless the module gives the name a value itself."""
    found = {}
    for node in nodes(body):
        if isinstance(node, ast.Import):
            names = {(a.asname or a.name).split(".")[0]: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        else:
            continue
        found.update({k: v for k, v in names.items() if v.split(".")[0] == "bilat"})
    stored = {n.id for n in nodes(body) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return {k: v for k, v in found.items() if k not in stored}


def uphill(parsed: Tree) -> list[str]:
    """Imports that run up, or between sibling rooms of layer 4."""
    order = list(ROOMS)
    wrong = []
    for module, body in parsed.items():
        if module in OUTSIDE:
            continue
        mine = room(module)
        if mine not in ROOMS:
            wrong.append(f"{module}: the room {mine!r} is not in house.toml")
            continue
        for target, _, line in imports(module, body):
            theirs = room(target)
            if target in OUTSIDE and mine == "cli":
                continue
            if theirs not in ROOMS:
                wrong.append(f"{module}:{line} imports {target}, which is in no room")
                continue
            here, there = ROOMS[mine]["layer"], ROOMS[theirs]["layer"]
            sideways = here == there and mine != theirs
            if there > here or (
                sideways and (here == 4 or order.index(theirs) > order.index(mine))
            ):
                wrong.append(f"{module}:{line} imports {target}")
    return wrong


def circles(parsed: Tree) -> list[str]:
    """Groups of modules that import one another; a package and its own modules count too."""
    graph = {
        m: {t for t, _, _ in imports(m, b) if t in parsed and t != m} for m, b in parsed.items()
    }
    graph["bilat"] = set()  # the face imports everything, lazily, and only cli imports the face
    # a package that gathers its modules is not a circle: they may import the package's siblings
    for module in graph:
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
    """Private names that cross a file: imported, read from a module, or from a parameter of an imported class."""
    wrong = []
    for module, body in parsed.items():
        for target, name, line in imports(module, body):
            if is_private(name):
                wrong.append(f"{module}:{line} takes {name} from {target}")
        wrong += [f"{module}:{line} reads {text}" for line, text in private_reads(body)]
    return wrong


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def private_reads(body: ast.Module) -> tuple[tuple[int, str], ...]:
    foreign = imported(body)
    found = []
    for node in nodes(body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            strangers = {
                a.arg for a in arguments if a.annotation and dotted(a.annotation) in foreign
            }
            inside = ast.walk(node) if strangers else ()
        elif isinstance(node, ast.Module):
            strangers, inside = set(foreign), nodes(body)
        else:
            continue
        for n in inside:
            text = dotted(n) if isinstance(n, ast.Attribute) and is_private(n.attr) else ""
            if text.split(".")[0] in strangers:
                found.append((n.lineno, text))
    return tuple(found)


def by_name(parsed: Tree) -> list[str]:
    """Modules imported, and texts run, in a way that no reader of the imports sees, outside the places that may."""
    return [
        f"{m}:{line}"
        for m, body in parsed.items()
        if m not in BY_NAME
        for line in hidden_lines(body)
    ]


@cache
def hidden_lines(body: ast.Module) -> tuple[str, ...]:
    found = []
    for node in nodes(body):
        match node:
            case ast.ImportFrom(names=names) if taken := HIDDEN & {a.name for a in names}:
                found.append(f"{node.lineno} imports {', '.join(taken)}")
            case ast.ImportFrom(module="sys", names=names) if "modules" in {a.name for a in names}:
                found.append(f"{node.lineno} imports sys.modules")
            case ast.Name(id=name) if name in HIDDEN:
                found.append(f"{node.lineno} {name}")
            case ast.Attribute(attr=name, value=ast.Name()) if name in HIDDEN and name not in (
                "exec",
                "eval",
            ):
                found.append(f"{node.lineno} {dotted(node)}")
            case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                found.append(f"{node.lineno} sys.modules")
    return tuple(found)


def foreign_writes(parsed: Tree) -> list[str]:
    """Whatever changes what another module has: assignments, deletions, setattr, and the methods of a container."""
    return [
        f"{m}:{line}"
        for m, body in parsed.items()
        for line in changes(body)
        if (m, line.split()[1]) not in MAY_CHANGE
    ]


#: A module that may change a container of another: the registry fills what the decorator declares into.
MAY_CHANGE = {
    ("bilat.measures.registry", "DECLARED.clear"),
    ("bilat.measures.registry", "DECLARED.update"),
}


@cache
def changes(body: ast.Module) -> tuple[str, ...]:
    foreign = {*imported(body), "bilat"}
    found = []
    for node in nodes(body):
        match node:
            case (
                ast.Attribute(ctx=ast.Store() | ast.Del())
                | ast.Subscript(ctx=ast.Store() | ast.Del())
            ):
                text = dotted(node)
            case ast.Call(func=ast.Attribute(attr=method)) if method in CHANGING:
                text = dotted(node.func)
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[target, *_]):
                text = dotted(target)
            case ast.AugAssign(target=ast.Name(id=name)):
                text = name
            case _:
                continue
        if text.split(".")[0] in foreign or text.startswith("sys.modules"):
            found.append(f"{node.lineno} {text} is changed")
    return tuple(found)


def class_rooms(parsed: Tree) -> dict[str, list[str]]:
    """Public class name -> the modules that define it."""
    where = defaultdict(list)
    for module, body in parsed.items():
        for node in body.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    return where


def shared_class_names(parsed: Tree) -> list[str]:
    """One public class name, two meanings."""
    return [f"class {n}: {', '.join(m)}" for n, m in class_rooms(parsed).items() if len(m) > 1]


def idle_parameters(parsed: Tree) -> list[str]:
    """Parameters that their function never reads, but for those of a cached one, whose cache they key, and of a
    method, which may be asked of it by the class above."""
    return [f"{module}: {line}" for module, body in parsed.items() for line in idle(body)]


@cache
def idle(body: ast.Module) -> tuple[str, ...]:
    methods = {f for n in nodes(body) if isinstance(n, ast.ClassDef) for f in n.body}
    found = []
    for node in nodes(body):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node in methods:
            continue
        if any("cache" in ast.unparse(d) for d in node.decorator_list):
            continue
        if all(isinstance(part, (ast.Pass, ast.Expr)) for part in node.body):  # nothing is done
            continue
        read = {n.id for part in node.body for n in ast.walk(part) if isinstance(n, ast.Name)}
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        idle_here = [a.arg for a in given if a.arg not in read and not a.arg.startswith("_")]
        found += [f"{node.name} never reads {name}" for name in idle_here]
    return tuple(found)


_BRANCHES = (
    ast.If,
    ast.For,
    ast.While,
    ast.IfExp,
    ast.comprehension,
    ast.ExceptHandler,
    ast.match_case,
)


def branches(function: ast.AST) -> int:
    """Return the number of places at which a function can go two ways."""
    count = 0
    for node in ast.walk(function):
        if isinstance(node, _BRANCHES):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
    return count


def many_branches(parsed: Tree) -> list[str]:
    """Return the functions with more than 20 branches, each as ``module.name: branches``."""
    return [
        f"{module}.{node.name}: {branches(node)}"
        for module, body in parsed.items()
        for node in nodes(body)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and branches(node) > 20
    ]


def path_of(module: str) -> Path:
    """Return the file of a module."""
    path = ROOT.parent.joinpath(*module.split("."))
    return path / "__init__.py" if (path / "__init__.py").is_file() else path.with_suffix(".py")


def long_lines(parsed: Tree) -> list[str]:
    """Return the lines above 100 characters, each as ``module:line``."""
    return [
        f"{module}:{number}"
        for module in parsed
        for number, line in enumerate(path_of(module).read_text("utf-8").splitlines(), start=1)
        if len(line) > 100
    ]


def untyped_dicts(parsed: Tree) -> list[str]:
    """``dict[str, Any]`` and ``Mapping[str, Any]``, wherever a type is written."""
    return [
        f"{module}:{node.lineno}"
        for module, body in parsed.items()
        for node in nodes(body)
        if isinstance(node, ast.Subscript)
        and dotted(node.value) in ("dict", "Mapping")
        and isinstance(node.slice, ast.Tuple)
        and [dotted(e) for e in node.slice.elts] == ["str", "Any"]
    ]


def circles_of_parts(parsed: Tree) -> list[str]:
    """Return the pairs of sub-rooms, folders of one room, that import one another."""
    arrows: dict[tuple[str, str], str] = {}
    for module, body in parsed.items():
        for target, _, line in imports(module, body):
            here, there = part(module), part(target)
            if here and there and here != there and room(module) == room(target):
                arrows.setdefault((here, there), f"{module}:{line} imports {target}")
    return [
        f"{here} <-> {there}: {said}; {arrows[there, here]}"
        for (here, there), said in sorted(arrows.items())
        if here < there and (there, here) in arrows
    ]


def parts_uphill(parsed: Tree) -> list[str]:
    """Return the imports between sub-rooms that run against the order of their room's ``parts``."""
    wrong = []
    for module, body in parsed.items():
        order = ROOMS.get(room(module), {}).get("parts", [])
        here = part(module).rpartition(".")[2]
        if not order or not here:
            continue
        if here not in order:
            wrong.append(f"{module}: the sub-room {here!r} is not in house.toml")
            continue
        for target, _, line in imports(module, body):
            there = part(target).rpartition(".")[2] if room(target) == room(module) else ""
            if there in order and order.index(there) > order.index(here):
                wrong.append(f"{module}:{line} imports {target}")
    return wrong


def part(module: str) -> str:
    """Return the sub-room of a module: ``parties.names``; blank for one on its room's own floor."""
    words = module.split(".")
    folder = ROOT.joinpath(*words[1:3])
    is_part = len(words) > 2 and (folder / "__init__.py").is_file()
    return ".".join(words[1:3]) if is_part else ""


_FLAG = re.compile(r"(?<![\w-])(?<!var\()--[a-z]")  # but no colour of a style sheet


def flags_below_the_doors(parsed: Tree) -> list[str]:
    """Texts that name an option of the command line, outside the rooms that have options."""
    found = []
    for module, body in parsed.items():
        if room(module) in DOORS:
            continue
        for n in nodes(body):
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and _FLAG.search(n.value):
                found.append(f"{module}:{n.lineno} {n.value[:60]!r}")
    return found


def test_no_table_or_template_of_the_package_names_an_option() -> None:
    tables = {p: repr(tomllib.loads(p.read_text("utf-8"))) for p in ROOT.rglob("*.toml")}
    pages = {
        p: p.read_text("utf-8") for end in ("html", "js", "typ") for p in ROOT.rglob(f"*.{end}")
    }
    assert len(tables) > 100 and len(pages) > 10
    assert not [p.name for p, text in (tables | pages).items() if _FLAG.search(text)]


def texts_that_nobody_takes(parsed: Tree) -> list[str]:
    """A text of parts that stands alone, as where the brackets of a text of two lines are missing."""
    return [
        f"{name}:{node.lineno}: a text that nobody takes; put it within the brackets of the one before"
        for name, tree in parsed.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.JoinedStr)
    ]


#: A constant in the braces of a text.
_CONSTANT = re.compile(r"\{[A-Z][A-Z_]+\}")


def constants_that_nobody_fills_in(parsed: Tree) -> list[str]:
    """A text with a constant in braces that is no f-string, so that the reader sees the braces."""
    return [
        f"{name}:{node.lineno}: braces are printed as they stand; write f before the text"
        for name, tree in parsed.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and name != "bilat.catalog.reading"  # its docstring shows such names
        and _CONSTANT.search(node.value)
    ]


RULES = {
    f.__name__: f
    for f in (
        texts_that_nobody_takes,
        constants_that_nobody_fills_in,
        uphill,
        parts_uphill,
        circles,
        private_names,
        by_name,
        foreign_writes,
        shared_class_names,
        idle_parameters,
    )
}
#: What there may be no more of than the number in house.toml, which may only fall.
RATCHETS = {f.__name__: f for f in (flags_below_the_doors, circles_of_parts)}
#: What a change may add nothing to, whatever there was: compared with the merge base, so that no
#: number has to be kept. A new module is allowed none of them.
OF_A_CHANGE = {f.__name__: f for f in (untyped_dicts, many_branches, long_lines)}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_code_keeps_the_rule(rule: str) -> None:
    assert not (wrong := RULES[rule](source())), "\n".join(wrong)


@pytest.mark.parametrize("name", RATCHETS, ids=str)
def test_there_is_no_more_of_it_than_there_was(name: str) -> None:
    found = RATCHETS[name](source())
    assert len(found) <= HOUSE["limits"][name], "\n".join(found)


def git(*words: str) -> str:
    """What git answers in the checkout; blank where this is none."""
    done = subprocess.run(
        ["git", "-C", str(CHECKOUT), *words], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


@cache
def merge_base() -> str:
    """The commit that a change began at: where it left main; on main itself the last commit, or
    the one before where nothing was changed since."""
    main = git("rev-parse", "origin/main") or git("rev-parse", "main")
    head = git("rev-parse", "HEAD")
    if main and head != main:
        return git("merge-base", "HEAD", main)
    changed = git("status", "--porcelain", "--", "src/bilat")
    return head if changed else git("rev-parse", "HEAD^")


@dataclass(frozen=True)
class Change:
    """The modules that differ from the merge base: as they are now, and as they were."""

    now: Tree
    before: Tree
    texts: dict[str, str]  #: of both, by module; those of before under ``before MODULE``


@cache
def change() -> Change:
    """The modules that were changed or added since the merge base."""
    base = merge_base()
    if not base:
        pytest.skip("no history to compare with")
    folder = "src/bilat"
    names = git("diff", "--no-renames", "--name-only", base, "--", folder).splitlines()
    names += git("ls-files", "--others", "--exclude-standard", "--", folder).splitlines()
    now: Tree = {}
    before: Tree = {}
    texts: dict[str, str] = {}
    for name in names:
        path = CHECKOUT / name
        module = ".".join(Path(name).with_suffix("").parts[1:]).removesuffix(".__init__")
        if path.suffix == ".py" and path.is_file():
            now[module] = source()[module]
            texts[module] = path.read_text("utf-8")
        if path.suffix == ".py" and (text := git("show", f"{base}:{name}")):
            before[module] = ast.parse(text)
            texts[f"before {module}"] = text
    return Change(now, before, texts)


def tokens_a_line(texts: Iterable[str]) -> float:
    """Return the mean number of tokens on a line that is not blank; a string counts as one."""
    words = lines = 0
    layout = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    for text in texts:
        lines += sum(bool(line.strip()) for line in text.splitlines())
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            words += token.type not in layout
    return words / max(lines, 1)


def counted(rule: str, parsed: Tree, texts: dict[str, str]) -> int:
    """How much there is of a thing that a change may not add to."""
    if rule == "long_lines":
        return sum(len(line) > 100 for name in parsed for line in texts[name].splitlines())
    return len(OF_A_CHANGE[rule](parsed))


@pytest.mark.parametrize("rule", OF_A_CHANGE, ids=str)
def test_a_change_adds_nothing_of_it(rule: str) -> None:
    """Compared as a whole, so that a line that moves to another module counts once."""
    made = change()
    old = {name.removeprefix("before "): text for name, text in made.texts.items() if " " in name}
    before = counted(rule, made.before, old)
    now = counted(rule, made.now, made.texts)
    assert now <= before, f"{rule}: {now} in the modules that changed, {before} before"


def test_a_change_makes_code_no_denser() -> None:
    """Tokens a line of the modules that changed, and of those that are new."""
    made = change()
    old = [text for name, text in made.texts.items() if name.startswith("before ")]
    kept = [made.texts[name] for name in made.now if name in made.before]
    new = [made.texts[name] for name in made.now if name not in made.before]
    gone = [made.texts[f"before {name}"] for name in made.before if name not in made.now]
    if kept:
        assert tokens_a_line(kept) <= tokens_a_line(old) + DENSER
    # A module that only moved may stay as dense as it was.
    assert tokens_a_line(new) <= max(DENSEST, tokens_a_line(gone) + DENSER)


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
    "a room by an alias": (
        "by_name", "bilat.dyad", "from importlib import import_module as load\nload('bilat.picture')",
    ),
    "a room by another library": ("by_name", "bilat.dyad", "import pkgutil\npkgutil.resolve_name('bilat.picture')"),
    "a room from sys.modules": ("by_name", "bilat.dyad", "import sys\nx = sys.modules['bilat.picture']"),
    "a room in a text that is run": ("by_name", "bilat.dyad", "exec('import bilat.picture')"),
    "a sibling room": ("uphill", "bilat.trade.books", "from bilat.diversion import parameters"),
    "a private name": ("private_names", "bilat.trade.books", "from bilat.trade.exports import _anything"),
    "a private name by attribute": (
        "private_names", "bilat.trade.books", "from bilat.trade import exports\nx = exports._rows",
    ),
    "a private name of an imported class": (
        "private_names", "bilat.trade.books", "from bilat.holdings import Holdings\ndef f(h: Holdings): h._open()",
    ),
    "a write into another module": (
        "foreign_writes", "bilat.trade.books", "import bilat.measures\nbilat.measures.plotter = None",
    ),
    "a write by an alias": (
        "foreign_writes", "bilat.picture.rows", "from bilat.picture import story\nstory.TITLE = 1",
    ),
    "an item of an imported dict": (
        "foreign_writes", "bilat.trade.books", "from bilat.measures.declare import DECLARED\nDECLARED['x'] = 1",
    ),
    "an imported dict brought up to date": (
        "foreign_writes", "bilat.trade.books", "from bilat.measures import declare\ndeclare.DECLARED.update(x=1)",
    ),
    "a class swap": ("foreign_writes", "bilat.dyad", "import sys\nsys.modules[__name__].__class__ = object"),
    "a circle": ("circles", "bilat.picture.rows", "from bilat.picture import site"),
    "a second class of one name": ("shared_class_names", "bilat.engine", "class Dyad: ..."),
    "a class name in a second room": ("shared_class_names", "bilat.trade.books", "class Blockade: ..."),
    "a class name twice in a room": ("shared_class_names", "bilat.trade.books", "class Growth: ...\nclass Growth: ..."),
    "an upward import under an alias": ("uphill", "bilat.dyad", "import bilat.picture as p"),
    "a private name under an alias": (
        "private_names", "bilat.trade.books", "from bilat.trade import exports as e\nx = e._rows",
    ),
    "an imported list that grows": (
        "foreign_writes", "bilat.trade.books", "from bilat.measures.declare import DECLARED as d\nd['x'] += [1]",
    ),
    "a parameter that does nothing": ("idle_parameters", "bilat.trade.books", "def f(x: int) -> int:\n    return 1"),
    "half of a text": (
        "texts_that_nobody_takes", "bilat.trade.books", "def f(x: int) -> str:\n    return 'a '\n    f'b {x}'",
    ),
    "a constant that nobody fills in": (
        "constants_that_nobody_fills_in", "bilat.trade.books", "NOTE = 'both from one source. {CHOICE}'",
    ),
    "a dict of anything": ("untyped_dicts", "bilat.trade.books", "def f(x: dict[str, Any]) -> None: ..."),
    "two sub-rooms that import one another": (
        "circles_of_parts", "bilat.parties.names.forms", "from bilat.parties.match import matcher",
    ),
    "a sub-room above": (
        "parts_uphill", "bilat.parties.names.forms", "from bilat.parties.match import matcher",
    ),
    "a flag below the doors": ("flags_below_the_doors", "bilat.trade.books", "x = f'write --since {1}'"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED, ids=str)
def test_a_planted_violation_is_caught(what: str) -> None:
    rule, module, code = PLANTED[what]
    look = {**RULES, **RATCHETS, **OF_A_CHANGE}[rule]
    assert len(look(planted(module, code))) > len(look(source()))
