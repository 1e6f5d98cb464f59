# SPDX-License-Identifier: Apache-2.0
"""The wheel alone, in an empty folder, answers from its own records; the image is built where docker is."""

import csv
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
from bilat.catalog.licences import expression
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
        f"License-Expression: {expression(sources().values())}",
        "Summary: ",
    ):
        assert line in text, line


def test_it_names_whose_figures_it_carries(wheel: Path) -> None:
    """Each NOTICE lies beside what it is of and among the licences, word for word: the catalog's for the
    figures, those of the codes of states and of the characters their own."""
    with zipfile.ZipFile(wheel) as z:
        found = {n: z.read(n).decode("utf-8") for n in z.namelist() if n.endswith("/NOTICE")}
        manifest = json.loads(z.read("bilat/data/manifest.json"))
    figures = [text for name, text in found.items() if name.endswith("bilat/data/NOTICE")]
    codes = [text for name, text in found.items() if name.endswith("bilat/places/NOTICE")]
    characters = [text for name, text in found.items() if name.endswith("parties/names/NOTICE")]
    assert len(figures) + len(codes) + len(characters) == len(found)
    assert figures == [notice(sources().values())] * 2
    for name in {e["source"] for e in manifest["snapshots"]}:
        assert f"\n{name}: " in figures[0]
    assert codes == [(CHECKOUT / "src/bilat/places/NOTICE").read_text("utf-8")] * 2
    assert "iso3166.csv: " in codes[0] and "LGPL-2.1-or-later" in codes[0]
    assert characters == [(CHECKOUT / "src/bilat/parties/names/NOTICE").read_text("utf-8")] * 2
    assert "japanese.txt: " in characters[0] and "Apache-2.0" in characters[0]


@pytest.mark.shared
def test_no_cell_of_the_wheel_gives_back_a_line_of_the_register_beyond_a_tenth(
    wheel: Path, tmp_path: Path, mirror: Path
) -> None:
    """Both editions, line by line. A line that a cell is the value of, alone or up to what else is embedded, counts
    as given; the sums of whom no claim needs have three lines behind them, and no two tables differ by fewer."""
    with zipfile.ZipFile(wheel) as z:
        z.extractall(tmp_path)
    held = [p for p in Store(tmp_path / "bilat" / "data").parts() if p.table == "transfers"]
    register = source("sipri_register")
    assert {p.source for p in held} == {"sipri_register", "sipri_tiv_pairs"}
    derived = [f for f in register.files if f.path.startswith("compiled/")]
    published = [f for f in register.files if f not in derived]
    assert len(published) == 2 and derived
    for file in derived:
        text = (tmp_path / "bilat" / "catalog" / file.path).read_text("utf-8").splitlines()
        of_orders = [int(row["Lines"]) for row in csv.DictReader(text[register.read["skip"] :])]
        assert sum(n == 1 for n in of_orders) <= 0.1 * sum(of_orders), file.path
    for file in published:
        ((_, lines),) = read(register, file, mirror / file.path)
        with duckdb.connect() as con:
            con.register("lines", lines)
            for name, chosen in (
                ("cells", [p for p in held if p.snapshot == file.sha256]),
                ("pairs", [p for p in held if p.source == "sipri_tiv_pairs"]),
            ):
                con.execute(
                    f"CREATE VIEW {name} AS SELECT * FROM read_parquet({[str(p.path) for p in chosen]}) "
                    "WHERE tiv IS NOT NULL"
                )
            con.execute(
                "CREATE TABLE numbered AS SELECT *, CAST(substr(locator, 6) AS INTEGER) AS line, "
                "count(*) OVER (PARTITION BY supplier, recipient, period) AS of_pair, "
                "count(*) OVER (PARTITION BY supplier, recipient, period, category) AS of_category FROM lines"
            )
            # By the publisher's own keys, whatever the cells say of how many lines they are.
            alone = (
                "SELECT l.line FROM cells c JOIN numbered l USING (supplier, recipient, period) "
                "WHERE abs(c.tiv - l.tiv) < 1e-9 AND (c.category IS NULL OR c.category = l.category)"
            )
            of_tables = "SELECT line FROM pairs JOIN numbered USING (supplier, recipient, period) WHERE of_pair = 1"
            # Where all of a pair and year but one line is known, the pair's sum gives it back.
            rest = (
                f"SELECT line FROM (SELECT l.*, count(*) FILTER (line NOT IN ({alone})) OVER "
                "(PARTITION BY supplier, recipient, period) AS unknown FROM numbered l "
                "SEMI JOIN (SELECT supplier, recipient, period FROM pairs UNION SELECT supplier, recipient, period "
                f"FROM cells WHERE category IS NULL) USING (supplier, recipient, period)) "
                f"WHERE unknown = 1 AND line NOT IN ({alone})"
            )
            given = {n for q in (alone, of_tables, rest) for (n,) in con.execute(q).fetchall()}
            assert len(given) <= 0.1 * lines.num_rows, f"{len(given):,} of {lines.num_rows:,} lines"
            ours = "supplier IN ('RUS', 'CHN', 'PRK', 'IRN') OR recipient IN ('RUS', 'CHN', 'PRK', 'IRN')"
            few = f"SELECT count(*) FROM {{}} WHERE lines < 3 AND NOT ({ours})"
            assert [con.execute(few.format(n)).fetchall()[0][0] for n in ("cells", "pairs")] == [
                0,
                0,
            ]
            # A supplier's sum less its pairs that stand beside it is a sum of three lines and more.
            pooled = con.execute(
                "SELECT min(lines) FROM cells WHERE recipient = 'other recipients'"
            ).fetchall()
            assert pooled[0][0] >= 3
            named = con.execute(
                "SELECT count(*) FROM cells WHERE designation IS NOT NULL"
            ).fetchall()[0][0]
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
    found = subprocess.run(
        where, cwd=empty, env=env, capture_output=True, text=True, check=True
    ).stdout
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
