# SPDX-License-Identifier: Apache-2.0
"""A package of somebody else adds a measure, a question, a source and a claim: each is on every surface."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import bilat
from bilat import registry

SRC = Path(bilat.__file__).parents[1]
LINES = (
    "when;station;millimetres\n2021-05;Novosibirsk;41\n2021-06;Novosibirsk;62\n2022-05;Chita;17\n"
)
MODULES = {
    "__init__.py": "",
    "measures.py": '''
from bilat.measures import Answer, Ask, World, measure
from bilat.units import count


@measure("rain.days", of=World, unit=count("rows"), tables=("series",), reference="made up")
def days(ask: Ask) -> Answer:
    """Rows of rain gauges

    Method: Counts rows.
    Groups: the station.
    """
    rows = ask.rows(
        "SELECT *, period AS point, entity AS grp FROM series WHERE source = 'rain_gauges'"
    )
    out = ask.answer()
    out.each(rows, "count(*)", kind="reported")
    return out.or_missing("no rain was public then")
''',
    "questions.py": '''
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.blocks import SitePage
from bilat.document.fields import Written


@dataclass(frozen=True)
class RainQuestion(Question):
    """How much it rained at a station."""

    verb = ("ask", "rain")
    title = "Rain"
    examples = ("bilat ask rain Chita",)
    page = SitePage("rain", "Rain in Siberia", 9)
    station: Annotated[str, Written(first=True, what="STATION"), "Which station."] = ""
    notes: Annotated[Path | None, "A file of notes."] = None

    def answer(self, frame: Frame) -> Document:
        return Document("rain", f"Rain at {self.station or 'all stations'}", (), (), question=self)
''',
    "reader.py": """
import pyarrow as pa


def read(opened):
    _, *rows = (line.split(";") for line in opened.text().splitlines())
    known = [opened.known(when) for when, _, _ in rows]
    yield "series", pa.table({
        "entity": [station for _, station, _ in rows],
        "variable": ["rain"] * len(rows),
        "value": [float(value) for _, _, value in rows],
        "low": pa.array([None] * len(rows), pa.float64()),
        "high": pa.array([None] * len(rows), pa.float64()),
        "interval": pa.array([None] * len(rows), pa.string()),
        "unit": ["mm"] * len(rows),
        "period": [when for when, _, _ in rows],
        "kind": ["reported"] * len(rows),
        "locator": [f"line {n}" for n in range(2, len(rows) + 2)],
        "known_on": [day for day, _ in known],
        "known_basis": [basis for _, basis in known],
    })
""",
    "rain_gauges.toml": f'''
title = "rain gauges"
producer = "a made-up office"
citation = "made up"
licence = "CC0"
url = "https://rain.example"
cadence = "monthly"
grade = "C3"
grade_why = "made up"
tables = ["series"]
reader = "rain.reader"
embed = "none"
embed_why = "made up"

[keys]
series = ["entity", "variable", "period"]

[[files]]
path = "rain.csv"
sha256 = "{hashlib.sha256(LINES.encode()).hexdigest()}"
vintage = 2022-07-01
vintage_basis = "made up"
''',
    "weather.toml": """
[[claim]]
id = "Q77"
section = "Weather"
claim = "It rains."
why = "Rain is counted."
needs = "rain gauges"
limits = "Three rows."
[[claim.tests]]
what = "rows of rain"
measure = "rain.days"
of = "world"
form = "level"
group = "Chita"
statistic = "sum"
window = ["2021", "2022"]
supported = 1.0
partly = 0.5
contradicted = 0.0
say = "it rained {value:.0f} times in {period}"
against = "it did not rain"
""",
}
ENTRY_POINTS = """
[bilat.measures]
rain.days = rain.measures
[bilat.questions]
ask.rain = rain.questions:RainQuestion
[bilat.sources]
rain_gauges = rain
[bilat.claims]
weather = rain
"""


def install(folder: Path, entry_points: str = ENTRY_POINTS) -> Path:
    """The package as an installer leaves it."""
    package = folder / "rain"
    package.mkdir(parents=True)
    for name, text in MODULES.items():
        (package / name).write_text(text, "utf-8")
    about = folder / "rain-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rain\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(entry_points, "utf-8")
    return folder


class Installed:
    """bilat in new processes that have the package, over a folder of holdings."""

    def __init__(self, folder: Path, entry_points: str = ENTRY_POINTS) -> None:
        self.folder = folder
        path = os.pathsep.join([str(SRC), str(install(folder / "site", entry_points))])
        self.env = {**os.environ, "PYTHONPATH": path, "BILAT_HOLDINGS": str(folder / "held")}

    def run(self, *line: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, *line], capture_output=True, text=True, env=self.env, check=False
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done.stderr if code else done.stdout

    def bilat(self, *words: str, code: int = 0) -> str:
        return self.run("-m", "bilat", *words, code=code)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("outside"))
    (made.folder / "rain.csv").write_text(LINES, "utf-8")
    said = made.bilat("sources", "pull", "rain_gauges", "--mirror", str(made.folder), "--json")
    assert [d["status"] for d in json.loads(said)["data"]] == ["added"]
    return made


def test_its_measure_is_listed_asked_and_traced_to_its_rows(installed: Installed) -> None:
    listed = json.loads(installed.bilat("ask", "--json"))["data"]
    assert "rain.days" in [m["name"] for m in listed]
    found = json.loads(installed.bilat("ask", "rain.days", "--json"))["data"]
    assert [(p["group"], p["period"]) for p in found["points"]] == [
        ("Chita", "2022-05"),
        ("Novosibirsk", "2021-05"),
        ("Novosibirsk", "2021-06"),
    ]
    rows = json.loads(installed.bilat("ask", "rain.days", "--rows", "--json"))["data"]
    assert {r["source"] for r in rows} == {"rain_gauges"}
    assert installed.run("-c", "import bilat; print(bilat.measures.rain.days.__doc__)").startswith(
        "Rows of rain gauges"
    )


def test_its_source_is_listed(installed: Installed) -> None:
    listed = json.loads(installed.bilat("sources", "list", "--json"))["data"]
    (ours,) = [s for s in listed if s["name"] == "rain_gauges"]
    assert ours["held"] and ours["producer"] == "a made-up office"
    assert "0 files" not in installed.bilat("sources", "check")


def test_its_question_is_a_command_an_address_a_tool_a_page_and_documented(
    installed: Installed,
) -> None:
    assert "rain" in installed.bilat("ask", "--help")
    assert "bilat ask rain Chita" in installed.bilat("ask", "rain", "--help")
    asked = json.loads(installed.bilat("ask", "rain", "Chita", "--json"))
    assert asked["title"] == "Rain at Chita" and asked["question"]["station"] == "Chita"
    code = """
from bilat.document.questions import questions
from bilat.picture.site import plans
assert "ask.rain" in questions()
assert ("rain", "Rain in Siberia") in [page[:2] for page in plans()]
"""
    installed.run("-c", code)
    if importlib.util.find_spec("starlette") is not None:
        code = """
from bilat.server.openapi import document
from bilat.server.verbs import VERBS
assert [p.name for p in VERBS["ask/rain"].fields] == ["station"]
named = {p["name"] for p in document()["paths"]["/api/ask/rain"]["get"]["parameters"]}
assert named == {"station", "as_of"}, named
"""
        installed.run("-c", code)
    if importlib.util.find_spec("mcp") is not None:
        installed.run("-c", "from bilat.server.assistant import tools; tools()['ask_rain']")


def test_its_claim_is_answered(installed: Installed) -> None:
    found = json.loads(installed.bilat("claims", "Q77", "--json"))["data"]
    answers = {found[half]["answer"] for half in ("when_written", "since")}
    assert "yes" in answers, found
    assert "Q77" in {c["id"] for c in json.loads(installed.bilat("claims", "--json"))["data"]}


@pytest.mark.parametrize(
    ("entry", "words", "said"),
    [
        ("[bilat.measures]\nrain.days = rain.nowhere", ["ask"], "cannot be imported"),
        ("[bilat.measures]\nrain.nights = rain.measures", ["ask"], "is not declared by"),
        ("[bilat.measures]\nvotes.ukraine = rain.measures", ["ask"], "is registered twice"),
        ("[bilat.questions]\nask.rain = rain.measures", ["ask", "rain"], "is not a question"),
        ("[bilat.questions]\nask.hail = rain.questions:RainQuestion", ["ask", "hail"], "the verb"),
        ("[bilat.sources]\nsnow = rain", ["sources", "list"], "has no file snow.toml"),
        ("[bilat.claims]\nsnow = rain", ["claims", "Q77"], "has no file snow.toml"),
    ],
)
def test_what_a_package_registers_wrongly_is_one_line_that_names_it(
    tmp_path: Path, entry: str, words: list[str], said: str
) -> None:
    error = Installed(tmp_path, f"{entry}\n").bilat(*words, code=1)
    assert len(error.splitlines()) == 1 and said in error
    assert "package rain" in error and "correct or uninstall the package rain" in error


def test_answers_are_stored_under_every_file_of_a_package_and_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = metadata.EntryPoint("rain.days", "rainfall.measures", "bilat.measures")
    monkeypatch.setattr(registry, "_entry_points", lambda: {"bilat.measures": [entry]})
    monkeypatch.syspath_prepend(str(tmp_path))
    package = tmp_path / "rainfall"
    (package / "wet").mkdir(parents=True)
    (package / "dry").mkdir()
    (package / "__init__.py").touch()
    (package / "dry" / "days.csv").write_text("2021;41")
    digest = registry.packages_digest.__wrapped__
    before = digest()
    assert digest() == before
    (package / "dry" / "days.csv").rename(package / "wet" / "days.csv")
    moved = digest()
    (package / "wet" / "days.csv").write_text("2021;42")
    assert len({before, moved, digest()}) == 3
