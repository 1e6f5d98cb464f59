# SPDX-License-Identifier: Apache-2.0
"""A room imports only from rooms above it; rooms of layer 4 never import one another."""

import ast
from pathlib import Path

import bilat

ROOT = Path(bilat.__file__).parent
LAYERS = {
    "errors": 0, "when": 0, "places": 0, "dyad": 0, "goods": 0, "units": 0, "files": 0, "engine": 0, "statistics": 0,
    "formats": 1, "catalog": 1,
    "holdings": 2,
    "measures": 3,
    "trade": 4, "diversion": 4, "parties": 4, "channels": 4, "alignment": 4, "regeneration": 4, "contingency": 4,
    "verdicts": 5, "forecast": 5,
    "exchange": 6, "picture": 6, "terminal": 6, "server": 6,
    "__init__": 7, "__main__": 8, "cli": 8,
}  # fmt: skip


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.split(".")[0] == "bilat"}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write bilat.… in full"
            if node.module == "bilat":
                found |= {f"bilat.{a.name}" if f"{a.name}" in LAYERS else "bilat" for a in node.names}
            elif node.module and node.module.startswith("bilat."):
                found.add(node.module)
    return found


def test_rooms_import_only_from_rooms_above_them() -> None:
    wrong = []
    for path in ROOT.rglob("*.py"):
        here = ".".join(("bilat", *path.relative_to(ROOT).with_suffix("").parts))
        mine = room(here)
        assert mine in LAYERS, f"{path}: the room {mine!r} is in no layer"
        for target in imports(path):
            theirs = room(target)
            if theirs == mine:
                continue
            if LAYERS[theirs] > LAYERS[mine] or (LAYERS[theirs] == LAYERS[mine] == 4):
                wrong.append(f"{here} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_no_room_whose_name_says_nothing() -> None:
    empty = {"utils", "helpers", "common", "core", "manager", "managers", "misc"}
    assert not [p for p in ROOT.rglob("*") if p.stem in empty]


def test_no_module_holds_two_ideas() -> None:
    long = {str(p): n for p in ROOT.rglob("*.py") if (n := len(p.read_text("utf-8").splitlines())) > 520}
    assert not long, long
