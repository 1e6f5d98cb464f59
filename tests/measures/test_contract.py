# SPDX-License-Identifier: Apache-2.0
"""Every measure keeps the contract: each point leads to rows, is marked where they are, and knows no later day."""

from __future__ import annotations

import ast
import calendar
import datetime as dt
import inspect
import json
import math
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Measure, Measurement, Pair, ask, ask_for, measure, measures
from bilat.measures.registry import trial
from bilat.units import Unit, money
from bilat.when import Years

THEN, NOW = "2023-03-20", "2026-11-24"
PAIRS = [("RUS", "CHN"), ("RUS", "PRK"), ("GBR", "DEU")]
ABSENT = "no row, and its value is not 0"


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    return Holdings()


def last_day(text: str) -> dt.date | None:
    """The last day of a period or of a window of periods; None for a text that is neither."""
    m = re.fullmatch(r"(?:.*(?:\.\.|(?<=\d{4})-))?(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if m is None:
        return None
    year, month, day = int(m[1]), int(m[2] or 12), m[3]
    return dt.date(year, month, int(day) if day else calendar.monthrange(year, month)[1])


def rows_of(m: Measurement) -> list[dict[str, Any]]:
    columns = [
        "point",
        "grp",
        "period",
        "source",
        "snapshot",
        "locator",
        "known_on",
        "known_basis",
        "vintage",
        "revised_later",
    ]
    assert set(columns) <= set(m.evidence.column_names), set(columns) - set(m.evidence.column_names)
    distinct = m.evidence.select(columns).group_by(columns).aggregate([])
    return distinct.to_pylist()


def breaches(m: Measurement, held: set[str]) -> Iterator[str]:
    """What a measurement does not keep of the contract."""
    day = m.as_of.date
    rows = rows_of(m)
    behind: dict[tuple[str, str], bool] = {}
    plans = all(
        p.kind == "modelled" for p in m.points
    )  # a model may rest on what was planned by then
    for r in rows:
        later = r["vintage"] > day and r["known_basis"] == "inferred"
        if later and not r["revised_later"]:
            yield f"row {r['locator']}: revised_later is {r['revised_later']}"
        if not (r["source"] in sources() and r["snapshot"] in held and r["locator"]):
            yield f"row {r['locator']}: no way to a file that is held"
        if r["known_on"] > day or (r["period"] > day.isoformat() and not plans):
            yield f"row {r['locator']} of {r['period']} was known on {r['known_on']}, after {day}"
        key = (str(r["point"]), r["grp"] or "")
        behind[key] = behind.get(key, False) or later or r["revised_later"]
    for p in m.points:
        name = f"point {p.period} {p.group}"
        if (p.period, p.group) not in behind and p.value != 0:
            yield f"{name}: {ABSENT}"
        if p.revised != behind.get((p.period, p.group), False) or p.revised != (
            "revised later" in p.note
        ):
            yield f"{name}: revised is {p.revised}, its note {p.note!r}"
        end = last_day(p.period)
        # a period that its source calls incomplete is open too, and its note says so
        if p.open != (end is not None and end > day) and not (p.open and "incomplete" in p.note):
            yield f"{name}: open is {p.open}"
        if (p.low, p.high) != (None, None) and m.declared(p.group).kind == "none":
            yield f"{name}: ends of which nobody says what they are"
        if p.kind not in ("reported", "estimated", "derived", "modelled"):
            yield f"{name}: kind {p.kind}"
        if any(v is not None and not math.isfinite(v) for v in (p.value, p.low, p.high)):
            yield f"{name}: a figure that is not a number"
        if (p.value, p.low, p.high) == (None, None, None) and not p.note:
            yield f"{name}: neither a figure nor a reason"
        if p.value is not None and (
            (p.low is not None and p.low > p.value) or (p.high is not None and p.high < p.value)
        ):
            yield f"{name}: {p.value} lies outside {p.low} to {p.high}"
    keys = [(p.period, p.group) for p in m.points]
    if len(keys) != len(set(keys)):
        yield "two points of one period and group"
    ends = [min(last_day(r["period"]) or day, r["known_on"]) for r in rows]
    if m.data_to != max(ends, default=None):
        yield f"data_to is {m.data_to}, the rows speak to {max(ends, default=None)}"
    if not m.points and not m.note:
        yield "no point, and no reason"
    if not (m.title and m.method and m.reference and isinstance(m.unit, Unit) and m.unit):
        yield "title, method, reference or unit is blank"
    plain = json.loads(json.dumps(m.to_json(), allow_nan=False))
    if "data_to" not in plain or any({"revised", "open"} - set(p) for p in plain["points"]):
        yield "the JSON lacks a mark"


#: Parameters that take another way through a measure.
WAYS: list[tuple[str, dict[str, str]]] = [
    ("transfers.tiv", {"category": "Aircraft"}),
    ("transfers.deliveries", {"total": "true", "by": "category"}),
    ("transfers.category_share", {"category": "Engines,Aircraft", "window": "5"}),
    ("transfers.category_share", {"years": "1995-", "supplier": "RUS", "description": "turbo"}),
    ("transfers.exporter_share", {"window": "5", "suppliers": "RUS,USA"}),
    ("exercises.rate_ratio", {"at": "2014-01-01", "period": "2003-01-01.."}),
    ("votes.agreement", {"basis": "rollcalls", "method": "voeten"}),
    ("votes.ukraine", {"by": "all", "period": "2022-02-24.."}),
    ("regime.constraints", {"index": "legislative_v9"}),
    ("regime.dispute_ratio", {"errors": "countries", "years": "1990-2010"}),
    (
        "trade.exports",
        {"by": "window", "period": "2023-01..2023-10", "reporter": "DEU", "partner": "KGZ,KAZ"},
    ),
    ("trade.exports", {"reporter": "", "partner": ""}),
    ("trade.exports", {"reporter": "DEU", "partner": "KGZ", "by": "month", "side": "importer"}),
    ("trade.mirror_gap", {"exporter": "DEU,ITA", "importer": "KGZ", "since": "2021"}),
    ("trade.sanctioned_basket", {"by": "year", "base": "2021"}),
    ("trade.basket_exports", {"importer": "RUS,HKG", "exporter": "TWN"}),
    ("losses.confirmed", {"date": "2022-03-01"}),
    ("losses.share_of_stock", {"date": "2022-02-28"}),
    ("energy.crude", {"unit": "Mt"}),
    ("parties.china_listings", {"hong_kong": "true"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "params"), WAYS)
def test_no_parameter_breaks_the_contract(
    holdings: Holdings, name: str, params: dict[str, str]
) -> None:
    for as_of in (THEN, min(NOW, str(dt.date.today()))):
        m = ask(name, as_of=as_of, holdings=holdings, **params)
        assert not list(breaches(m, {e["sha256"] for e in holdings.entries()}))


#: Pair and date; `make check` asks the first alone.
ASKED = [
    pytest.param(
        pair, as_of, id=f"{'-'.join(pair)}-{as_of}", marks=() if first else pytest.mark.slow
    )
    for pair in PAIRS
    for as_of in (THEN, NOW)
    for first in [(pair, as_of) == (PAIRS[0], THEN)]
]


@pytest.mark.parametrize(("pair", "as_of"), ASKED)
@pytest.mark.parametrize("name", measures())
def test_every_measure_keeps_the_contract(
    holdings: Holdings, name: str, pair: tuple[str, str], as_of: str
) -> None:
    day = min(as_of, str(dt.date.today()))
    m = ask_for(name, Dyad.of(pair), as_of=day, holdings=holdings)
    assert not list(breaches(m, {e["sha256"] for e in holdings.entries()}))


@pytest.mark.parametrize("name", measures())
def test_every_measure_says_what_its_groups_and_parameters_are(name: str) -> None:
    spec = measures()[name]
    assert spec.groups and spec.title and spec.method and spec.reference
    assert all(p.about for p in spec.parameters.values())
    assert spec.typed(spec.params) == spec.typed({}), "a default is not what its text says"


def unused(function: Any) -> list[str]:
    """The parameters that a measure's function never reads: what is asked by them changes nothing."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(body, ast.FunctionDef)
    read = {n.id for part in body.body for n in ast.walk(part) if isinstance(n, ast.Name)}
    return [p for p in list(inspect.signature(function).parameters)[1:] if p not in read]


@pytest.mark.parametrize("name", [n for n, m in measures().items() if m.parameters])
def test_every_parameter_is_read(name: str) -> None:
    assert not unused(measures()[name].function)


@pytest.mark.parametrize("name", [n for n, m in measures().items() if m.parameters])
def test_every_measure_refuses_what_is_not_allowed(name: str) -> None:
    spec = measures()[name]
    for parameter in spec.parameters.values():
        free = parameter.kind is str and not (parameter.choices or parameter.parse)
        if not free:
            with pytest.raises(UsageError, match=rf"^measure {name}: {parameter.name}: "):
                spec.typed({parameter.name: "~no such thing ["})
    with pytest.raises(UsageError, match="has no parameter 'nonsense'"):
        spec.typed({"nonsense": "1"})


# -- the check can fail ----------------------------------------------------------------------------------------


def planted(function: Any, holdings: Holdings, as_of: str = THEN) -> list[str]:
    with trial():
        measure(
            "test.planted",
            of=Pair,
            title="Planted",
            unit=money("USD"),
            tables=["transfers"],
            reference="none",
            method="none",
        )(function)
        m = ask("test.planted", Dyad("RUS", "CHN"), as_of=as_of, holdings=holdings)
        return list(breaches(m, {e["sha256"] for e in holdings.entries()}))


ROWS = "SELECT {} FROM transfers WHERE supplier = 'RUS' AND recipient = 'CHN' AND period = '{}' LIMIT 3"


def a_sum(rows: str, period: str = "2020") -> Any:
    def function(ask: Ask) -> Answer:
        """Groups: none."""
        out = ask.answer()
        out.point(period, 1.0, rows=ask.rows(rows))
        return out

    return function


def test_a_sound_measure_passes(holdings: Holdings) -> None:
    assert not planted(a_sum(ROWS.format("*", 2020)), holdings)


def test_a_measure_that_drops_the_mark_of_its_rows_is_found(holdings: Holdings) -> None:
    found = planted(a_sum(ROWS.format("* REPLACE (FALSE AS revised_later)", 2020)), holdings)
    assert any("revised_later is False" in line for line in found)
    assert any(line.startswith("point 2020 : revised is False") for line in found)


def test_a_measure_that_answers_past_the_builder_is_found(holdings: Holdings) -> None:
    class Bare(Answer):
        def finish(self) -> Any:
            points, rows, last = super().finish()
            from dataclasses import replace

            bare = tuple(replace(p, revised=False, note="") for p in points)
            return bare, rows, last + dt.timedelta(days=1)

    def function(ask: Ask) -> Answer:
        """Groups: none."""
        out = Bare(ask)
        out.point("2023", 1.0, rows=ask.rows(ROWS.format("*", 2020)))
        return out

    found = planted(function, holdings)
    assert any(line.startswith("point 2023 : revised is False") for line in found)
    assert any(line.startswith("data_to is 2021-01-01") for line in found)


def test_a_measure_that_knows_a_later_day_is_found(holdings: Holdings) -> None:
    def function(ask: Ask) -> Answer:
        """Groups: none."""
        from bilat.when import AsOf

        out = ask.answer()
        out.point("2020", 1.0, rows=ask.at(AsOf("2025-01-10")).rows(ROWS.format("*", 2020)))
        return out

    assert any("was known on" in line for line in planted(function, holdings, "2020-06-30"))


def test_a_measure_without_groups_or_meanings_is_found() -> None:
    spec: Measure = measures()["transfers.tiv"]
    assert spec.groups.startswith("``A>B``")
    assert spec.parameters["category"].about and spec.parameters["years"].about


def test_a_parameter_that_changes_nothing_is_found() -> None:
    def idle(ask: Ask, years: Years = Years(), of: str = "all") -> Answer:
        """Groups: one.

        years: the years shown
        of: what is counted
        """
        return ask.answer().missing(f"nothing of {of}")

    assert unused(idle) == ["years"]
