# SPDX-License-Identifier: Apache-2.0
"""The suite is whole without the folder of real source files: one module finds it, and who asks is marked."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: Who may ask the module that knows: the fixtures, the samples' cases, and the script that writes the record.
MAY_ASK = {"conftest.py", "sample_files.py", "record/make.py"}


def looks(module: str, text: str) -> list[str]:
    """The lines of a test module that find the folder by themselves."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module="real_files") if module not in MAY_ASK:
                found.append(
                    f"{module}:{node.lineno} imports real_files. Ask for the fixture shared or "
                    "mirror"
                )
            case ast.Import(names=names) if any(n.name == "real_files" for n in names):
                found.append(f"{module}:{node.lineno} imports real_files whole")
            case ast.Constant(value="BILAT_SHARED"):
                found.append(f"{module}:{node.lineno} reads BILAT_SHARED")
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str(name))) if (
                name.removeprefix("../").split("/")[0] == "shared"
            ):
                found.append(f"{module}:{node.lineno} makes a path of {name!r}")
            case ast.Constant(value=str(value)) if "../shared" in value and "\n" not in value:
                found.append(f"{module}:{node.lineno} names the folder")
    return found


def test_one_module_knows_where_the_real_files_lie() -> None:
    modules = {p.relative_to(TESTS).as_posix(): p for p in TESTS.rglob("*.py")}
    del modules["real_files.py"], modules["test_shared_files.py"]
    found = [
        line for name, path in modules.items() for line in looks(name, path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "from real_files import SHARED",
        "import real_files",
        "import os\nx = os.environ.get('BILAT_SHARED')",
        "from pathlib import Path\nx = Path(__file__).parents[2] / 'shared' / 'facts'",
        "from pathlib import Path\nx = Path(__file__).parents[1] / '../shared/facts'",
    ],
)
def test_a_test_that_looks_by_itself_is_found(text: str) -> None:
    assert looks("trade/test_x.py", text)


def test_who_asks_for_the_folder_is_marked(request: pytest.FixtureRequest) -> None:
    """However far down its fixtures ask: this run's tests, as ``-m shared`` would choose among them."""
    for item in request.session.items:
        if "shared" in getattr(item, "fixturenames", ()):
            assert item.get_closest_marker("shared"), item.nodeid
