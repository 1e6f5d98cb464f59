# SPDX-License-Identifier: Apache-2.0
"""What would have to fall: joint chances with bounds by hand, pillars behind open questions, the verb."""

import json

import pytest

from bilat.cli import main
from bilat.errors import UsageError
from bilat.forecast.durability import Durability, at_least, durability, pillars
from bilat.forecast.questions import questions


def test_joint_chances_have_bounds_that_hold_by_hand() -> None:
    assert at_least([0.5, 0.5], 1) == pytest.approx((0.5, 0.75, 1.0))
    assert at_least([0.1, 0.2], 2) == pytest.approx((0.0, 0.02, 0.1))
    assert at_least([0.9, 0.8], 2) == pytest.approx((0.7, 0.72, 0.8))
    low, mid, high = at_least([0.4, 0.4, 0.25, 0.2, 0.2], 3)
    assert low == 0 and high == pytest.approx(1.45 / 3) and 0 < mid < high


@pytest.fixture(scope="module")
def lasting() -> Durability:
    return durability("2026-11-26")


def test_durability_says_what_would_have_to_fall(lasting: Durability) -> None:
    assert len(lasting.pillars) == 5 and all(0 < f.probability < 1 and f.movers for f in lasting.pillars)
    assert lasting.most_low <= lasting.most_independent <= lasting.most_high
    assert lasting.any_low == pytest.approx(max(f.probability for f in lasting.pillars))
    with pytest.raises(UsageError, match="opened on 2026-11-24"):
        durability("2023-03-20")


def test_every_pillar_is_an_open_question_and_the_verb_prints_them(
    lasting: Durability, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {p.question for p in pillars()} <= {q.id for q in questions()}
    monkeypatch.setattr("bilat.forecast.durability.durability", lambda *_: lasting)
    for words in ([], ["--json"]):
        with pytest.raises(SystemExit):
            main(["watch", "durability", *words])
        out = capsys.readouterr().out
        assert words or max(map(len, out.splitlines())) <= 80
    assert len(json.loads(out)["data"]["pillars"]) == 5
