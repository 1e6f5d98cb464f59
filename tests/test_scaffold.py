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
    for file in ("pyproject.toml", "house.toml"):
        shutil.copy(CHECKOUT / file, to)
    # what is added below is then a change, which the house compares with this commit
    author = ("-c", "user.name=Newcomer", "-c", "user.email=newcomer@example.org")
    for words in (["init", "-q", "-b", "main"], ["add", "src"], [*author, "commit", "-qm", "base"]):
        subprocess.run(["git", "-C", str(to), *words], check=True)
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


def pytest_in(copy: Path, *words: str, fails: str = "") -> str:
    """What the tests of the copy print."""
    return run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, fails=fails)


def test_sources(copy: Path, tmp_path: Path) -> None:
    """A file that names a state, and one that has its code."""
    tests, entries = [], []
    for country in ("Turkey", "TUR"):
        name = f"customs_{country.lower()}"
        file = tmp_path / f"{name}.csv"
        file.write_text(
            f"year,reporter,partner,value\n2021,{country},Russia,5.5\n2022,{country},Russia,7.5\n",
            "utf-8",
        )
        run(copy, "scaffold/new.py", "source", name, str(file))
        tests.append(copy / "tests" / "catalog" / f"test_{name}.py")
        entries.append(copy / "src" / "bilat" / "catalog" / "sources" / f"{name}.toml")
    failed = pytest_in(copy, *map(str, tests), fails="FAILED")
    assert all(f"FAILED tests/catalog/{test.name}" in failed for test in tests)
    fixed = 'fixed = { kind = "reported", flow = "X", product = "TOTAL", nomenclature = "TOTAL", is_aggregate = false }'
    for entry in entries:
        fill(entry, **{'fixed = { kind = "reported" }': fixed, "FILL IN:text!": "year:year!"})
    run(copy, "tests/samples/make.py")
    figures = "rows['reporter'].to_pylist() == ['TUR', 'TUR']"
    for test in tests:
        filled = test.read_text("utf-8").replace("rows.to_pylist()[0] == {}", figures)
        test.write_text(filled, "utf-8")
    pytest_in(copy, *map(str, tests))
    # a cell type that lets the name through is refused by the table
    sound = entries[0].read_text("utf-8")
    entries[0].write_text(sound.replace("reporter:party!", "reporter:text!"), "utf-8")
    pytest_in(copy, str(tests[0]), fails="is where the code TUR should be")
    entries[0].write_text(sound, "utf-8")


def test_a_measure_follows_its_pair_and_keeps_the_house(copy: Path) -> None:
    house = (copy / "house.toml").read_bytes()
    tests, modules = [], []
    for name, table in (("trade.turkish_rows", "flows"), ("alignment.rows_of_votes", "votes")):
        run(copy, "scaffold/new.py", "measure", name, "--table", table)
        room, thing = name.split(".")
        tests.append(copy / "tests" / room / f"test_{room}_{thing}.py")
        modules.append(copy / "src" / "bilat" / room / f"{thing}.py")
    failed = pytest_in(copy, *map(str, tests), fails="FAILED")
    assert all(f"/{test.name}" in failed.partition("FAILED")[2] for test in tests)
    for module in modules:
        fill(module)
    printed = run(
        copy,
        "-c",
        "from bilat import ask\n"
        "print(*sorted({p.period for p in ask('trade.turkish_rows', years='2021-2022').points}))\n"
        "print(ask('trade.turkish_rows', ('TUR', 'RUS')).groups())\n",
    )
    periods, groups = printed.splitlines()[-2:]
    assert periods == "2021 2022" and "TUR>RUS" in groups
    only = "rows_of_votes or turkish_rows"
    contract = ("tests/measures/test_subjects.py", "tests/measures/test_contract.py")
    pytest_in(copy, *contract, "-k", only)
    pytest_in(copy, "tests/test_house.py", "-k", "not planted")
    assert (copy / "house.toml").read_bytes() == house


def test_a_claim_as_contributing_has_it_is_true(copy: Path) -> None:
    line = next(x for x in (CHECKOUT / "CONTRIBUTING.md").read_text().splitlines() if "ID=" in x)
    given = dict(re.findall(r"([A-Z]+)=(\S+)", line))
    words = ("claim", given["ID"], given["CHAPTER"], given["MEASURE"])
    run(copy, "scaffold/new.py", *words)
    entry = copy / "src" / "bilat" / "verdicts" / "ledger" / f"{given['CHAPTER']}.toml"
    run(copy, "scaffold/new.py", *words, fails="is taken")
    said = "{A} sold goods of {value:.4f} a year to {B} in {period}"
    text = entry.read_text("utf-8")
    head, mine = text[: text.index(f'id = "{given["ID"]}"')], text[text.index('id = "X1"') :]
    mine = re.sub(r'say = "FILL IN[^"]*"', f'say = "{said}"', mine)
    mine = re.sub(r'claim = "FILL IN[^"]*"', 'claim = "{A} sells much to {B}."', mine)
    mine = re.sub(r'FILL IN(: [^\n"]*)?', "goods sold", mine)
    entry.write_text(head + mine, "utf-8")
    printed = run(
        copy,
        "-c",
        "from bilat import ask\n"
        "from bilat.verdicts import judge\n"
        "j = judge(only='X1', as_of='2026-11-24')[0]\n"
        "print(j.since.sentence)\n"
        "m = ask('trade.exports', ('RUS', 'CHN'), as_of='2026-11-24')\n"
        "sold = [p.value for p in m.points if p.group == 'RUS>CHN' and p.period >= '2022']\n"
        "print(f'{sum(sold) / len(sold):.4f}')\n",
    )
    sentence, mean = printed.strip().splitlines()[-2:]
    assert "ussia sold goods" in sentence and f"{mean} a year to China" in sentence, printed


def test_a_claim_about_others_names_them_or_is_refused(copy: Path) -> None:
    run(copy, "scaffold/new.py", "claim", "X2", "signal", "votes.outside")
    entry = copy / "src" / "bilat" / "verdicts" / "ledger" / "signal.toml"
    text = entry.read_text("utf-8")
    written = 'of = "world"  # whom the figure is about\n'
    assert written in text
    entry.write_text(text.replace(written, ""), "utf-8")
    judged = "from bilat.verdicts import judge; judge(only='X2')"
    cure = "claim X2: a test of votes.outside is judged of Russia and China but is about the world"
    run(copy, "-c", judged, fails=cure)
    run(copy, "-c", judged, fails='write of = "world" in the test')
    entry.write_text(text, "utf-8")
    run(copy, "-c", judged)
