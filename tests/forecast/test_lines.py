# SPDX-License-Identifier: Apache-2.0
"""Lines of the watch: one rule for any pair, set from what was known, a revision crosses nothing."""

import datetime as dt

import numpy as np
import pytest

from bilat.dyad import Dyad
from bilat.forecast import lines
from bilat.forecast.lines import Figures, Kind, Line, Setting, kinds_of, line_rule, lines_between, set_line
from bilat.forecast.told import HISTORY, cross_line
from bilat.holdings import Holdings
from bilat.measures import measures
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
TEN = {2012 + i: float(v) for i, v in enumerate([0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55])}  # changes 1 to 10


def setting(known: dict[int, float], toward: str = "up", scale: str = "raw") -> Setting:
    found = set_line(known, toward, scale)  # type: ignore[arg-type]
    assert isinstance(found, Setting), found
    return found


def test_a_line_by_hand() -> None:
    up = setting(TEN)  # ten changes: rank ceil(.9 * 11) = 10, the greatest
    assert (up.year, up.held, up.line, up.changes) == (2022, 55, 65, 10)
    assert up.chance == pytest.approx(1 / 11)
    longer = {
        y: float(y - 2000) if y < 2022 else 30.0 for y in range(2000, 2023)
    }  # 21 changes of 1 and one of 9
    assert setting(longer).line == 31 and setting(longer).chance == pytest.approx(2 / 23)
    risen = {
        y: float(y) for y in range(2010, 2020)
    }  # nine rises of one: a fall of a usual size crosses nothing
    assert setting(risen, "down").line == 2018
    patrols = {2019: 1.0, 2020: 1.0, 2021: 1.0, 2022: 2.0, 2023: 2.0, 2024: 2.0}
    fewer = set_line(patrols, "down", counts=True)
    assert (
        isinstance(fewer, Setting) and 0 < fewer.line < 1
    )  # one after two is no more than chance; none after two is
    first = set_line({y: 0.0 for y in range(2003, 2023)}, "up", counts=True)
    assert (
        isinstance(first, Setting) and first.line == 0 and first.passed("up", 1, 0)
    )  # the first event crosses
    down = setting({y: 100.0 + (y % 2) * 3 for y in range(2010, 2023)}, "down")
    assert (down.held, down.line) == (100, 97)


def test_what_has_no_line_says_why() -> None:
    assert set_line({}, "up") == "no figure was known"
    assert set_line({2020: 1.0, 2021: 2.0}, "up") == "1 change from year to year was known, 4 needed"
    assert "fall to nothing" in str(set_line({y: float(y % 2) for y in range(2000, 2023)}, "down"))
    one = {y: 1.0 for y in range(2003, 2023)}
    assert "fall to nothing" in str(set_line(one, "down", counts=True))  # no count is below none
    assert "rise to all of it" in str(
        set_line({y: 20.0 * (y % 2) + 70 for y in range(2000, 2023)}, "up", most=90)
    )


def test_a_hole_in_the_record_ends_the_past_that_counts() -> None:
    assert "1 change from" in str(
        set_line({**{y: 1.0 for y in range(2000, 2020)}, 2021: 5.0, 2022: 6.0}, "up")
    )


def test_a_line_is_crossed_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    crossed, promised = 0, 0.0
    for _ in range(2000):
        path = np.cumsum(rng.standard_t(3, size=20)) + 100
        known = dict(zip(range(2000, 2019), map(float, path[:-1]), strict=True))
        line = setting(known)
        crossed += line.passed("up", float(path[-1]), line.held)
        promised += line.chance
    assert crossed / promised == pytest.approx(1, abs=0.25)


def test_a_revision_crosses_no_line() -> None:
    line = setting(TEN)
    assert line.passed("up", 66, held=55)
    assert not line.passed("up", 66, held=60)  # the year before was revised by as much: it rose by six
    assert not line.passed("up", 65, held=55)  # on the line is not past it


def test_every_kind_asks_a_measure_and_a_claim_that_are_there() -> None:
    claims = {c.id for c in ledger()}
    for kind in line_rule().kind:
        assert kind.claim in claims and (kind.up or kind.down)
        assert not kind.record.measure or kind.record.measure in measures()
        assert kind.record.measure or kind.since


def test_any_pair_has_lines_and_none_of_other_states() -> None:
    held = Holdings()
    for pair in (Dyad("USA", "JPN"), Dyad("IND", "PAK"), Dyad("RUS", "IRN")):
        found = lines_between(AsOf("2024-03-01"), AsOf("2025-03-01"), held, pair)
        assert found.lines and found.held_against >= len(found.lines) - sum(x.crossed for x in found.lines)
        said = " ".join(x.says for x in found.lines)
        assert "China" not in said and "{" not in said and not found.failed
        assert f"are not set for {pair.a}-{pair.b}" in found.none[0]
    own = {k.id for k in kinds_of(PAIR)}
    assert own == {k.id for k in line_rule().kind}
    ids = [x.id for x in lines_between(AsOf("2024-03-01"), AsOf("2025-03-01"), held, PAIR).lines]
    turned = [
        x.id for x in lines_between(AsOf("2024-03-01"), AsOf("2025-03-01"), held, Dyad("CHN", "RUS")).lines
    ]
    assert sorted(i.replace("CHN-RUS", "RUS-CHN") for i in turned) == sorted(ids)


def test_a_line_knows_nothing_later_than_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dt.date] = []
    kind = Kind(id="k", claim="F1", up="it rises", record={"measure": "transfers.tiv", "group": "g"})  # type: ignore[arg-type]
    monkeypatch.setattr(lines, "kinds_of", lambda pair: [kind])

    def view(kind: Kind, on: AsOf, holdings: Holdings, pair: Dyad) -> Figures:
        asked.append(on.date)
        return Figures({y: v for y, v in {**TEN, 2023: 90.0}.items() if y < on.date.year})

    monkeypatch.setattr(lines, "figures_of", view)
    monkeypatch.setattr(lines, "_with_rows", lambda line, *_: line)
    found = lines_between(AsOf("2023-06-01"), AsOf("2024-06-01"), Holdings(), PAIR)
    assert asked == [dt.date(2023, 1, 1), dt.date(2023, 6, 1), dt.date(2024, 1, 1), dt.date(2024, 6, 1)]
    assert found.held_against == 2  # each for a part of its year
    assert found.by_chance == pytest.approx(1 / 11 * 214 / 365 + 1 / 12 * 152 / 365)
    (first, now) = found.lines
    assert (first.fixed, first.held, first.line, first.crossed, first.period) == (
        "2023-01-01",
        55,
        65,
        True,
        "2023",
    )
    assert (now.fixed, now.held, now.crossed) == ("2024-01-01", 90, False)


def test_what_crossed_before_the_rule_was_written_is_called_history() -> None:
    given = ("k:up", "F1", "It rises", "up", "2024-01-01", 5.0, "2023", 9.0, 0.1, 5.0, 10.0, "2024", True)
    old, new = Line(*given, True), Line(*given, False)  # type: ignore[arg-type]
    assert HISTORY in cross_line(old) and HISTORY not in cross_line(new)
    said = "line above 9, set as of 2024-01-01 when 2023 stood at 5; at most 10% of years cross it by chance"
    assert said in cross_line(old) and str(line_rule().set) in HISTORY
