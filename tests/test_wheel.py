# SPDX-License-Identifier: Apache-2.0
"""The wheel alone, in an empty folder, answers from its own records; the image is built where docker is."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from bilat.catalog import read, source, sources
from bilat.holdings import Store
from bilat.holdings.build import notice

CHECKOUT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without leaving anything in it."""
    out = tmp_path_factory.mktemp("wheel")
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(out),
        str(CHECKOUT),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode and "hatchling" in done.stderr and not os.environ.get("BILAT_CI"):
        pytest.skip("the builder cannot be had offline")
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


def test_it_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as z:
        (name,) = (n for n in z.namelist() if n.endswith("METADATA"))
        text = z.read(name).decode("utf-8")
    for line in (
        "Name: bilat",
        "Author: The bilat maintainers",
        "License-Expression: Apache-2.0",
        "Summary: ",
    ):
        assert line in text, line


def test_it_names_whose_figures_it_carries(wheel: Path) -> None:
    """The NOTICE beside the figures and among the licences is the catalog's, word for word."""
    with zipfile.ZipFile(wheel) as z:
        notices = [z.read(n).decode("utf-8") for n in z.namelist() if n.endswith("/NOTICE")]
        manifest = json.loads(z.read("bilat/data/manifest.json"))
    assert notices == [notice(sources().values())] * 2
    for name in {e["source"] for e in manifest["snapshots"]}:
        assert f"\n{name}: " in notices[0]


@pytest.mark.shared
def test_at_most_a_tenth_of_the_register_stands_in_it_line_by_line(
    wheel: Path, tmp_path: Path, mirror: Path
) -> None:
    """Whose supplier, recipient, year and value are one row of the wheel's and one line of the register."""
    with zipfile.ZipFile(wheel) as z:
        z.extractall(tmp_path)
    held = Store(tmp_path / "bilat" / "data")
    register = source("sipri_register")
    for file in register.files:
        ((_, lines),) = read(register, file, mirror / file.path)
        (part,) = (p for p in held.parts() if p.snapshot == file.sha256)
        with duckdb.connect() as con:
            con.register("lines", lines)
            con.execute(f"CREATE VIEW kept AS SELECT * FROM read_parquet('{part.path}')")
            given = con.execute(
                "SELECT count(DISTINCT l.locator) FROM lines l JOIN kept k "
                "ON (k.supplier, k.recipient, k.period) = (l.supplier, l.recipient, l.period) "
                "AND abs(k.tiv - l.tiv) < 1e-9 AND (k.category IS NULL OR k.category = l.category)"
            ).fetchall()[0][0]
            named = con.execute("SELECT count(*) FROM kept WHERE designation IS NOT NULL").fetchall()[0][0]
        assert given <= 0.1 * lines.num_rows, f"{given:,} of {lines.num_rows:,} lines"
        assert named <= 0.02 * lines.num_rows


def test_it_answers_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Its own code and records, not those of the checkout: the folder holds nothing else."""
    with zipfile.ZipFile(wheel) as z:
        z.extractall(tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BILAT", "PYTHON"))}
    line = [
        sys.executable,
        "-m",
        "bilat",
        "ask",
        "transfers.tiv",
        "RUS",
        "CHN",
        "--as-of",
        "2023-03-20",
        "--json",
    ]
    env = {**kept, "PYTHONPATH": str(tmp_path / "site"), "HOME": str(empty)}
    done = subprocess.run(line, cwd=empty, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and '"transfers.tiv"' in done.stdout, done.stderr
    where = [sys.executable, "-c", "import bilat; print(bilat.__file__)"]
    found = subprocess.run(where, cwd=empty, env=env, capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(tmp_path / "site"))


@pytest.mark.skipif(shutil.which("uvx") is None, reason="uvx is not here")
def test_uvx_runs_it(wheel: Path, tmp_path: Path) -> None:
    line = ["uvx", "--from", str(wheel), "bilat", "--version"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("bilat"), done.stderr


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker is not here")
def test_the_image_is_built_and_answers(tmp_path: Path) -> None:
    subprocess.run(["docker", "build", "--quiet", "--tag", "bilat-test", str(CHECKOUT)], check=True)
    line = ["docker", "run", "--rm", "--network", "none", "bilat-test", "claims", "--only", "P7"]
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout
