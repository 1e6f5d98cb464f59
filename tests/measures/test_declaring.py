# SPDX-License-Identifier: Apache-2.0
"""A signature is the parameters: names, types, defaults, choices and meanings; a wrong value is refused once."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

import bilat
from bilat.errors import UsageError
from bilat.measures import (
    Answer,
    Ask,
    Choice,
    Day,
    Measure,
    Pair,
    State,
    States,
    Window,
    Years,
    measure,
)
from bilat.measures.registry import measures, trial
from bilat.registry import registered
from bilat.units import percent

SRC = Path(bilat.__file__).parent
HEAD: dict[str, Any] = {
    "of": Pair,
    "unit": percent("votes"),
    "tables": ["votes"],
    "reference": "none",
}


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    with trial():
        yield


def side() -> Measure:
    @measure("test.side", **HEAD)
    def side_prevailed(
        ask: Ask,
        opponent: State = "USA",
        members: States = ("RUS", "CHN"),
        years: Years = Years(1991, 2020),
        within: Window = Window(),
        rule: Literal["majority", "plurality"] = "majority",
        kind: Annotated[str, Choice(lambda: ["naval", "air"]), "what kind; blank for all"] = "",
        start: Day = "",
        least: int = 1,
        level: float = 0.95,
        others: bool = False,
        from_: str = "nearer",
    ) -> Answer:
        """Whose side the Assembly took.

        Method: counted
        twice. Groups: are not heading here.

        Groups: ``RUS-CHN against USA``.

        opponent: the third state
        members: the set
        years: which years,
          by calendar
        within: when
        rule: how a side prevails
        start: first day
        least: fewest votes
        level: of the interval
        others: all others too
        from: the nearer end or both
        """
        return ask.answer()

    return measures()["test.side"]


def test_the_docstring_gives_title_method_groups_and_meanings() -> None:
    m = side()
    assert m.title == "Whose side the Assembly took."
    assert m.method == "counted twice. Groups: are not heading here."
    assert m.groups == "``RUS-CHN against USA``."
    assert m.about["years"] == "which years, by calendar"
    assert m.about["kind"] == "what kind; blank for all"
    assert m.params == {
        "opponent": "USA",
        "members": "RUS,CHN",
        "years": "1991-2020",
        "within": "",
        "rule": "majority",
        "kind": "",
        "start": "",
        "least": 1,
        "level": 0.95,
        "others": False,
        "from": "nearer",
    }


def test_text_becomes_the_type_of_the_signature() -> None:
    typed = side().typed(
        {
            "opponent": "United States",
            "members": "iran, RUS,RUS",
            "years": "2014-",
            "within": "2022-03..2022-12",
            "rule": "plurality",
            "kind": "air",
            "start": "2022-02-24",
            "least": "3",
            "level": "0.9",
            "others": "yes",
            "from": "both",
        }
    )
    assert typed == {
        "opponent": "USA",
        "members": ("IRN", "RUS"),
        "years": Years(2014),
        "within": Window("2022-03", "2022-12"),
        "rule": "plurality",
        "kind": "air",
        "start": "2022-02-24",
        "least": 3,
        "level": 0.9,
        "others": True,
        "from": "both",
    }
    assert isinstance(typed["years"], Years)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("rule", "unanimity", "rule: 'unanimity' is not allowed. Use majority, plurality"),
        ("kind", "land", "kind: 'land' is not allowed. Use naval, air"),
        ("opponent", "Atlantis", "opponent: unknown country 'Atlantis'"),
        ("opponent", "", "opponent: unknown country ''"),
        ("members", "RUS;CHN", "members: unknown country 'RUS;CHN'"),
        ("years", "2014..2021", "years: '2014..2021' is not a window. Write 2014-2021"),
        ("years", "2014-03", "years: 2014-03 is not a window of years. Write 2014-2021"),
        ("years", "2021-2014", "years: the window 2021-2014 begins after its end"),
        ("within", "2022-13..", "within: '2022-13..' is not a window"),
        ("start", "24.2.2022", "start: '24.2.2022' is not a date. Write YYYY-MM-DD"),
        ("least", "many", "least: 'many' is not allowed. Write a whole number"),
        ("least", True, "least: True is not allowed"),
        ("level", "high", "level: 'high' is not allowed. Write a number"),
        ("others", "perhaps", "others: 'perhaps' is not allowed. Write true or false"),
        ("third", "USA", "has no parameter 'third'; it has: opponent, members"),
    ],
)
def test_a_wrong_value_is_refused_and_what_is_allowed_is_said(
    name: str, value: object, says: str
) -> None:
    with pytest.raises(UsageError) as refused:
        side().typed({name: value})
    assert says in str(refused.value)
    assert str(refused.value).startswith("measure test.side")


def test_a_parameter_without_meaning_default_or_type_is_no_declaration() -> None:
    def silent(ask: Ask, least: int = 1) -> Answer:
        return ask.answer()

    def bare(ask: Ask, least: int) -> Answer:
        """least: fewest"""
        return ask.answer()

    def untyped(ask: Ask, least=1) -> Answer:  # type: ignore[no-untyped-def]
        """least: fewest"""
        return ask.answer()

    def mapping(ask: Ask, least: dict[str, int] = {}) -> Answer:  # noqa: B006
        """least: fewest"""
        return ask.answer()

    for function, says in [
        (silent, "says what least means"),
        (bare, "no default"),
        (untyped, "no type"),
        (mapping, "no text can be turned into"),
    ]:
        with pytest.raises(AssertionError, match=says):
            measure("test.wrong", **HEAD)(function)


def test_what_a_trial_declares_is_forgotten() -> None:
    with trial():
        side()
        assert "test.side" in measures()
    assert "test.side" not in measures()


def test_each_room_registers_the_measures_that_its_modules_declare() -> None:
    """A new measure is a line of its room's register.toml, under [measures]: "room.name" = "module"."""
    declared = {}
    for path in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "measure":
                module = ".".join(path.relative_to(SRC.parent).with_suffix("").parts)
                declared[ast.literal_eval(node.args[0])] = module
    assert len(declared) >= 48
    assert {name: r.module for name, r in registered("measures").items()} == declared


def modules_after(code: str) -> set[str]:
    """The modules of bilat that a new process has imported after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {m for m in done.stdout.split() if m.startswith("bilat")}


def test_asking_one_measure_imports_the_module_of_no_other() -> None:
    loaded = modules_after("import bilat; bilat.ask('votes.ukraine', ('RUS', 'CHN'))")
    modules = {r.module for r in registered("measures").values()}
    assert loaded & modules == {"bilat.alignment.ukraine"}


def test_listing_the_names_of_measures_imports_none() -> None:
    loaded = modules_after("from bilat.measures import measure_names; measure_names()")
    assert not loaded & {r.module for r in registered("measures").values()}


def test_answering_a_claim_runs_no_code_of_the_plans() -> None:
    loaded = modules_after("import bilat; bilat.claims(only='I6')")
    assert not {m for m in loaded if m.split(".")[1:2] in (["contingency"], ["regeneration"])}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "", ""),
        ("2018", "2018", "2018"),
        ("2014-2021", "2014", "2021"),
        ("-2021", "", "2021"),
        ("2014-", "2014", ""),
        ("2022-03..2023-02", "2022-03", "2023-02"),
        ("2022-02-24..", "2022-02-24", ""),
        ("..2023-02", "", "2023-02"),
        ("2022-03", "2022-03", "2022-03"),
    ],
)
def test_a_window_has_one_text(text: str, first: str, last: str) -> None:
    window = Window.parse(text)
    assert (window.first, window.last) == (first, last)
    assert str(window) == text


@pytest.mark.parametrize(
    ("window", "period", "inside"),
    [
        ("2014-2021", "2014", True),
        ("2014-2021", "2021-12-31", True),
        ("2014-2021", "2022", False),
        ("2014-2021", "2013-12", False),
        ("2022-03..2023-02", "2022-02-28", False),
        ("2022-03..2023-02", "2022", True),
        ("2022-03..2023-02", "2024", False),
        ("2022-03..2023-02", "2023-02-28", True),
        ("", "1946", True),
        ("2014-", "2014-01", True),
    ],
)
def test_a_window_holds_the_same_in_python_and_in_sql(
    window: str, period: str, inside: bool
) -> None:
    import duckdb

    w = Window.parse(window)
    assert w.holds(period) is inside
    rows = duckdb.sql(f"SELECT {w.sql('p')} FROM (SELECT '{period}' AS p)").fetchall()
    assert rows == [(inside,)]
