# SPDX-License-Identifier: Apache-2.0
"""The printed rule is what was computed: a reader who applies its words gets the verdict of the page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.verdicts import Judgement, ledger
from bilat.verdicts.asked import Test as Asked
from bilat.verdicts.decision import Decision
from bilat.verdicts.forms.trend import slope
from bilat.verdicts.judging import judge_one
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import Band
from bilat.verdicts.printed import combination, rule
from bilat.verdicts.thresholds import verdict
from bilat.when import AsOf

NUMBER = r"(-?[\d.,e+]+)(?:%| points| times)?"


def number(text: str, scale: float) -> float:
    return float(text.replace(",", "")) / scale


def read(text: str, value: float, low: float | None, high: float | None, p: float | None = None) -> str:
    """The verdict that the words of a rule give, read without the test that they were made of."""
    said = text.split(": ")[-1] if "supported" in text.split(": ")[-1] else text
    said = text[text.index("supported ") :]
    said = said[: said.index("else not supported")]
    for clause in re.split(r", (?=partly supported|contradicted)", said.strip(", ")):
        word = next(w for w in ("partly supported", "contradicted", "supported") if clause.startswith(w))
        scale = 100.0 if ("%" in clause or " points" in clause) and "SHARE" in text else 1.0
        if found := re.search(rf"(above|below) {NUMBER} with p at most ([\d.]+)", clause):
            past = value > number(found[2], scale) if found[1] == "above" else value < number(found[2], scale)
            if past and p is not None and p <= float(found[3]):
                return word
        elif found := re.search(rf"whole interval above {NUMBER} or all of it below {NUMBER}", clause):
            if (
                low is not None
                and high is not None
                and (low > number(found[1], scale) or high < number(found[2], scale))
            ):
                return word
        elif found := re.search(rf"from {NUMBER} to {NUMBER}", clause):
            a, b = number(found[1], scale), number(found[2], scale)
            whole = "whole interval" in clause
            if whole and (low is None or high is None):
                continue
            if (low if whole else value) >= a and (high if whole else value) <= b:  # type: ignore[operator]
                return word
        elif found := re.search(rf"whole interval (above|below) {NUMBER}", clause):
            t = number(found[2], scale)
            if low is not None and high is not None and (low > t if found[1] == "above" else high < t):
                return word
        elif found := re.search(rf"(above|below) {NUMBER}$", clause.strip()):
            if value > number(found[2], scale) if found[1] == "above" else value < number(found[2], scale):
                return word
        else:
            found = re.search(rf"at {NUMBER} or (more|less)", clause)
            assert found, clause
            t = number(found[1], scale)
            whole = "whole interval" in clause
            if whole and (low is None or high is None):
                continue
            figure = (low if found[2] == "more" else high) if whole else value
            if figure >= t if found[2] == "more" else figure <= t:  # type: ignore[operator]
                return word
    return "not supported"


def scaled(asked: Asked, text: str) -> str:
    from bilat.measures import measures

    return text + (" SHARE" if asked.unit_of(measures()[asked.measure].unit).kind == "share" else "")


@pytest.fixture(scope="module")
def now() -> list[Judgement]:
    """Every claim, without other choices and other pairs."""
    bare = (c.model_copy(update={"grid": None, "reference": None}) for c in ledger())
    return [judge_one(c, Dyad("RUS", "CHN"), AsOf(), default_holdings()) for c in bare]


def test_every_rule_on_the_page_gives_the_verdict_that_was_computed(now: list[Judgement]) -> None:
    claims = {c.id: c for c in ledger()}
    seen = 0
    for j in now:
        for asked, leg in zip(claims[j.id].tests, j.legs, strict=True):
            if leg.value is None:
                assert leg.verdict == "not measurable"
                continue
            if claims[j.id].how != "measured":  # shown and not judged: no threshold is printed
                assert leg.verdict == "shown, not judged" and "supported" not in leg.rule + j.rule
                continue
            own = "periods drawn again" not in leg.interval
            low, high = (leg.low, leg.high) if own else (None, None)
            text = scaled(asked, leg.rule)
            p = None
            if asked.form == "trend":
                assert isinstance(leg.decision, Decision)
                p = slope(list(leg.decision.sides[0].points)).p
            assert read(text, leg.value, low, high, p) == leg.verdict, f"{j.id}: {leg.rule}"
            seen += 1
    assert seen > 40


@given(
    value=st.floats(-3, 3), half=st.floats(0.01, 2), by_interval=st.booleans(), up=st.booleans(), partly=st.booleans(),
    contradicted=st.booleans(),
)  # fmt: skip
def test_any_rule_reads_as_it_judges(
    value: float, half: float, by_interval: bool, up: bool, partly: bool, contradicted: bool
) -> None:
    step = 1 if up else -1
    asked = Asked(
        measure="transfers.tiv", what="made", form="level", group="a", unit="units", direction="up" if up else "down",
        supported=1.0 * step, partly=0.5 * step if partly else None,
        contradicted=-0.5 * step if contradicted else None, decide="interval" if by_interval else "figure",
    )  # fmt: skip
    band = Band(value - half, value + half, "made")
    text = rule(asked, Names(Dyad("RUS", "CHN")))
    assert read(text, value, band.low, band.high) == verdict(asked, value, band)


def test_every_number_that_decides_stands_in_the_rule_and_no_other_text_has_one(now: list[Judgement]) -> None:
    for c in ledger():
        names = Names(Dyad("RUS", "CHN"))
        for t in c.tests:
            text = rule(t, names)
            for window in (t.window, t.before, t.after):
                for end in window or ():
                    assert ("last whole period" if end == "now" else end) in text, f"{c.id}: {end}"
            if t.need > 1:
                assert f"at least {t.need} whole periods" in text
            assert t.measure in text
            assert all(f"{k}=" in text for k, v in t.params.items() if v != "")


def test_the_way_of_combining_is_printed(now: list[Judgement]) -> None:
    claims = {c.id: c for c in ledger()}
    for j in now:
        c = claims[j.id]
        if len(c.tests) > 1 and c.how == "measured":
            assert combination(c.tests, c.combine) in j.rule
        assert "{" not in j.rule and j.rule


def test_a_number_in_words_is_refused() -> None:
    with pytest.raises(ValueError, match="a number is a field"):
        Asked(measure="transfers.tiv", what="at least 20% of sales", form="level", supported=1)
    Asked(measure="transfers.tiv", what="S-400 and Su-35 delivered", form="level", supported=1)
