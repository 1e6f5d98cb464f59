# SPDX-License-Identifier: Apache-2.0
"""A source, a measure and a claim from the scaffold, in a copy of the checkout: they fail until they are filled in, and
work when they are."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bilat

CHECKOUT = Path(__file__).parents[1]
SRC = Path(bilat.__file__).parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code, the scaffold and the tests; the embedded rows are linked."""
    to = tmp_path_factory.mktemp("copy")
    shutil.copytree(SRC, to / "src" / "bilat", ignore=shutil.ignore_patterns("data", "__pycache__"))
    (to / "src" / "bilat" / "data").symlink_to(SRC / "data")
    for part in ("scaffold", "tests"):
        shutil.copytree(CHECKOUT / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", to)
    return to


def run(copy: Path, *line: str, fails: str = "") -> str:
    """What a Python command prints in the copy; with ``fails`` it must fail with that text."""
    done = subprocess.run(
        [sys.executable, *line],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    text = done.stdout + done.stderr
    assert bool(done.returncode) == bool(fails) and fails in text, text
    return text


def fill(path: Path, **texts: str) -> None:
    """Fill in what is marked: ``texts`` first, then the same words everywhere."""
    text = path.read_text("utf-8")
    for old, new in texts.items():
        assert old in text, f"{old!r} is not in {path.name}"
        text = text.replace(old, new)
    path.write_text(re.sub(r"FILL IN(: [^\"\n]*)?", "as the publisher says", text), "utf-8")


@pytest.mark.parametrize("country", ["Turkey", "TUR"])
def test_a_source(copy: Path, tmp_path: Path, country: str) -> None:
    name = f"customs_{country.lower()}"
    file = tmp_path / f"{name}.csv"
    file.write_text(
        f"year,reporter,partner,value\n2021,{country},Russia,5.5\n2022,{country},Russia,7.5\n",
        "utf-8",
    )
    run(copy, "scaffold/new.py", "source", name, str(file))
    test = copy / "tests" / "catalog" / f"test_{name}.py"
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test), fails="FAILED")
    toml = copy / "src" / "bilat" / "catalog" / "sources" / f"{name}.toml"
    fixed = 'fixed = { kind = "reported", flow = "X", product = "TOTAL", nomenclature = "TOTAL", is_aggregate = false }'
    fill(toml, **{'fixed = { kind = "reported" }': fixed, "FILL IN:text!": "year:year!"})
    run(copy, "tests/samples/make.py")
    figures = "rows['reporter'].to_pylist() == ['TUR', 'TUR']"
    test.write_text(test.read_text("utf-8").replace("rows.to_pylist()[0] == {}", figures), "utf-8")
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
    # a cell type that lets the name through is refused by the table
    toml.write_text(toml.read_text("utf-8").replace("reporter:party!", "reporter:text!"), "utf-8")
    if country == "Turkey":
        run(copy, "-m", "pytest", "-q", str(test), fails="stands where the code TUR belongs")
    toml.write_text(toml.read_text("utf-8").replace("reporter:text!", "reporter:party!"), "utf-8")


def test_a_measure_whose_parameter_works(copy: Path) -> None:
    run(copy, "scaffold/new.py", "measure", "trade.turkish_rows")
    test = copy / "tests" / "trade" / "test_trade_turkish_rows.py"
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test), fails="FAILED")
    fill(copy / "src" / "bilat" / "trade" / "turkish_rows.py")
    asked = "from bilat import ask; print({p.period for p in ask('trade.turkish_rows', years='2021-2022').points})"
    assert run(copy, "-c", asked).strip() in ("{'2021', '2022'}", "{'2022', '2021'}")


def test_a_claim(copy: Path) -> None:
    run(copy, "scaffold/new.py", "claim", "X1", "war", "trade.exports")
    assert 'id = "X1"' in (copy / "src" / "bilat" / "verdicts" / "ledger" / "war.toml").read_text(
        "utf-8"
    )
    run(copy, "scaffold/new.py", "claim", "X1", "war", "trade.exports", fails="is taken")
