# SPDX-License-Identifier: Apache-2.0
"""The docs say what the code does: written pages are current, every verb is in the README."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("page", ["measures.md", "sources.md", "tables.md", "claims.md"])
def test_a_written_page_is_current(page: str) -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "make.py"))["PAGES"]
    assert (ROOT / "docs" / page).read_text("utf-8") == pages[page]().rstrip() + "\n", (
        "run python docs/make.py"
    )


def test_every_verb_is_in_the_readme() -> None:
    from bilat.cli import app, sources_app

    readme = (ROOT / "README.md").read_text("utf-8")
    verbs = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    verbs += [f"sources {c.name}" for c in sources_app.registered_commands]
    missing = [v for v in verbs if f"bilat {v}" not in readme]
    assert not missing


def test_every_file_says_its_licence() -> None:
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")]:
        assert path.read_text("utf-8").startswith("# SPDX-License-Identifier: Apache-2.0"), path


def test_no_pin_names_a_host() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"https?:|@ ", pins)
