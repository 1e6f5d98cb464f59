# SPDX-License-Identifier: Apache-2.0
"""Voting in the General Assembly: shares against published figures, and rules against a recount."""

import csv
import gzip
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.alignment.similarity import kappa, s_score
from bilat.alignment.voting import common_votes
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask


def recount(mirror: Path, a: str, b: str) -> dict[str, tuple[int, int]]:
    """(same, common) by year, straight from the publisher's file."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with gzip.open(mirror / "un" / "unga_rollcalls_selected_1946_2019.csv.gz", "rt") as handle:
        for r in csv.DictReader(handle):
            if r[a] and r[b]:
                tally[r["date"][:4]][0] += r[a] == r[b]
                tally[r["date"][:4]][1] += 1
    return {year: (same, n) for year, (same, n) in tally.items()}


@pytest.mark.parametrize(
    ("pair", "columns"),
    [
        (("RUS", "CHN"), ("RU", "CN")),
        (("RUS", "USA"), ("RU", "US")),
        (("IRN", "PRK"), ("IR", "KP")),
        (("GBR", "FRA"), ("GB", "FR")),
    ],
)
def test_agreement_is_a_recount_of_the_roll_calls(
    aligned: Holdings, mirror: Path, pair: tuple[str, str], columns: tuple[str, str]
) -> None:
    found = ask("votes.agreement", pair, holdings=aligned, basis="rollcalls")
    for year, (same, n) in recount(mirror, *columns).items():
        got = found.value(year, "roll calls")
        assert got == (None if n < 10 else pytest.approx(100 * same / n)), year


def test_russia_and_china_cast_the_same_vote_in_about_77_percent_of_2018(aligned: Holdings) -> None:
    """MERICS, PF15."""
    found = ask("votes.agreement", holdings=aligned)
    assert found.value("2018", "roll calls") == pytest.approx(77, abs=2)
    assert found.value("2018", "sessions") == pytest.approx(77, abs=2)


def test_the_published_sessions_equal_our_count_where_only_final_resolutions_were_recorded(
    aligned: Holdings,
) -> None:
    found = ask("votes.agreement", holdings=aligned)
    for year in ("2013", "2014", "2015", "2018", "2019"):
        assert found.value(year, "roll calls") == pytest.approx(found.value(year, "sessions"), abs=3)


def test_voeten_agreement_is_never_below_exact_agreement(aligned: Holdings) -> None:
    exact = ask("votes.agreement", holdings=aligned, basis="rollcalls")
    softer = ask("votes.agreement", holdings=aligned, basis="rollcalls", method="voeten")
    assert len(exact.points) == len(softer.points) > 40
    for p in softer.points:
        assert p.value >= exact.value(p.period, "roll calls")
        assert p.low <= p.value <= p.high


def test_agreement_does_not_depend_on_who_is_named_first(aligned: Holdings) -> None:
    one, two = (ask("votes.agreement", d, holdings=aligned) for d in (("RUS", "CHN"), ("CHN", "RUS")))
    assert one.points == two.points


def test_no_year_of_one_vote(aligned: Holdings) -> None:
    """The record ends with a single roll call of January 2020."""
    assert ask("votes.agreement", holdings=aligned).value("2020", "roll calls") is None


def test_states_outside_the_fourteen_are_counted_from_all_members_votes(aligned: Holdings) -> None:
    found = ask("votes.agreement", ("SRB", "CUB"), holdings=aligned, basis="rollcalls")
    assert [p.period for p in found.points] == [str(y) for y in range(2000, 2020)]
    assert {s["name"] for s in found.sources} == {"un_votes"}


def test_both_records_of_the_fourteen_give_the_same_shares(aligned: Holdings) -> None:
    """The same votes read from the dated lines and from the R file."""
    import bilat.alignment.voting as voting

    dated = ask("votes.agreement", ("RUS", "IND"), holdings=aligned, basis="rollcalls")
    chosen = voting.record
    voting.record = lambda _ask, _states: "un_votes"  # type: ignore[assignment]
    try:
        whole = ask("votes.agreement", ("IND", "RUS"), holdings=aligned, basis="rollcalls")
    finally:
        voting.record = chosen
    assert dated.points == whole.points


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_published_share_tells_how_many_votes_it_is_of(case: tuple[int, int]) -> None:
    same, n = case
    found = common_votes(round(same / n, 7), n)
    assert found is not None
    assert abs(Fraction(round(same / n * found), found) - Fraction(same, n)) < Fraction(1, 10**5)


stands = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 2), min_size=2, max_size=60)


@given(stands)
def test_s_is_twice_voetens_agreement_less_one(held: list[tuple[float, float]]) -> None:
    voeten = sum(1 - abs(x - y) for x, y in held) / len(held)
    assert float(s_score(np.asarray(held))) == pytest.approx(2 * voeten - 1)


def test_kappa_of_a_known_table() -> None:
    """Both yes 20, yes-no 5, no-yes 10, both no 15: (0.7 - 0.5) / (1 - 0.5)."""
    held = [(0.0, 0.0)] * 20 + [(0.0, 1.0)] * 5 + [(1.0, 0.0)] * 10 + [(1.0, 1.0)] * 15
    assert float(kappa(np.asarray(held))) == pytest.approx(0.4)


@given(stands)
def test_kappa_is_symmetric_and_at_most_one(held: list[tuple[float, float]]) -> None:
    one, two = np.asarray(held), np.asarray(held)[:, ::-1]
    if np.isfinite(kappa(one)):
        assert float(kappa(one)) == pytest.approx(float(kappa(two)))
        assert kappa(one) <= 1 + 1e-9


def test_chance_explains_little_of_the_agreement_of_russia_and_china_by_2018(aligned: Holdings) -> None:
    found = ask("votes.similarity", holdings=aligned, third="USA")
    at = {(p.period, p.group): p for p in found.points}
    assert at["2018", "RUS-CHN"].low > at["1992", "RUS-CHN"].high
    assert at["2018", "RUS-CHN"].low > at["2018", "RUS-USA"].high
    assert found.points == ask("votes.similarity", ("RUS", "CHN"), holdings=aligned, third="US").points


def test_each_with_the_united_states(aligned: Holdings) -> None:
    found = ask("votes.with", holdings=aligned)
    assert found.groups() == ["RUS-USA", "CHN-USA"]
    assert found.value("2018", "RUS-USA") == pytest.approx(20.0, abs=0.01)
    assert found.value("2023", "CHN-USA") == pytest.approx(16.47059, abs=0.0001)
    with pytest.raises(UsageError, match="neither RUS nor CHN"):
        ask("votes.with", holdings=aligned, third="China")


def test_the_axis_is_every_pair_of_four(aligned: Holdings) -> None:
    counted = ask("votes.axis", holdings=aligned, basis="rollcalls")
    assert set(counted.groups()) == {"RUS-CHN", "RUS-IRN", "RUS-PRK", "CHN-IRN", "CHN-PRK", "IRN-PRK"}
    published = ask("votes.axis", holdings=aligned)
    assert "IRN-PRK" not in published.groups() and "IRN with PRK" in published.note


@pytest.mark.parametrize(("rule", "value"), [("majority", 84.97), ("plurality", 87.07)])
def test_the_assembly_sided_with_russia_and_china_in_86_percent(
    aligned: Holdings, rule: str, value: float
) -> None:
    """Nurullayev and Papa, PF16: 86% of 1,513 votes of 1991-2020; the record held has 1,384 of them."""
    found = ask("votes.side_prevailed", holdings=aligned, rule=rule)
    (point,) = found.points
    assert point.value == pytest.approx(86, abs=3)
    assert point.value == pytest.approx(value, abs=0.01)
    assert point.note == "1384 contested votes" and point.period == "1991-2020"


def test_each_contested_vote_shows_three_votes_and_a_count_of_all_members(
    aligned: Holdings, mirror: Path
) -> None:
    found = ask("votes.side_prevailed", holdings=aligned)
    calls: dict[str, dict[str, dict]] = defaultdict(dict)
    for r in found.rows():
        calls[r["rollcall"]][r["country"]] = r
    for states in list(calls.values())[::97]:
        assert states["RUS"]["vote"] == states["CHN"]["vote"] != states["USA"]["vote"]
        assert states["RUS"]["with_dyad"] + states["USA"]["with_opponent"] <= states["RUS"]["voted"] <= 193


def test_years_add_up_to_the_period(aligned: Holdings) -> None:
    whole = ask("votes.side_prevailed", holdings=aligned).points[0]
    years = ask("votes.side_prevailed", holdings=aligned, by="year").points
    n = [int(p.note.split()[0]) for p in years]
    assert sum(n) == 1384
    won = sum(p.value * k for p, k in zip(years, n, strict=True)) / sum(n)
    assert won == pytest.approx(whole.value)


def test_chinas_votes_on_ukraine(aligned: Holdings) -> None:
    """Abstained on the territory and on the invasion, voted with Russia on human rights in Crimea, on the
    Human Rights Council and on reparations; never against it."""
    found = ask("votes.ukraine", holdings=aligned)
    votes = {(r["symbol"], r["country"]): r["vote"] for r in found.rows()}
    with_russia = {s for s, c in votes if c == "CHN" and votes[s, "CHN"] == votes[s, "RUS"]}
    assert with_russia == {
        "71/205", "72/190", "73/263", "74/17", "74/168", "75/29", "75/192", "76/70", "76/179",
        "ES-11/3", "ES-11/5", "77/229", "78/221", "79/184", "80/223",
    }  # fmt: skip
    assert votes["ES-11/1", "CHN"] == "abstain" and votes["ES-11/1", "RUS"] == "no"
    assert not any(p.value for p in found.points if p.group == "opposed")


def test_since_the_invasion_china_echoed_in_three_of_seven_by_the_papers_date(aligned: Holdings) -> None:
    asked = {"by": "all", "period": "2022-02-24.."}
    then = ask("votes.ukraine", holdings=aligned, as_of="2023-03-20", **asked)
    now = ask("votes.ukraine", holdings=aligned, **asked)
    assert {p.group: p.note for p in then.points} == {
        "equal": "3 of 7",
        "halfway": "4 of 7",
        "opposed": "0 of 7",
    }
    assert {p.group: p.note for p in now.points}["equal"] == "6 of 12"
    with pytest.raises(UsageError, match="not a window"):
        ask("votes.ukraine", holdings=aligned, period="the invasion")


def test_ukraine_shares_sum_to_one_hundred_and_count_a_resolution_once(aligned: Holdings) -> None:
    for dyad in (("RUS", "CHN"), ("CHN", "RUS"), ("RUS", "IND"), ("RUS", "BLR"), ("RUS", "USA")):
        found = ask("votes.ukraine", dyad, holdings=aligned, by="all")
        assert sum(p.value for p in found.points) == pytest.approx(100)
        rows = found.rows()
        assert len(rows) == len({(r["symbol"], r["country"]) for r in rows})
    assert ask("votes.ukraine", ("RUS", "USA"), holdings=aligned, by="all").points[-1].value == 100


def test_a_state_outside_the_fourteen_is_found_in_the_transcription(aligned: Holdings) -> None:
    found = ask("votes.ukraine", ("RUS", "SRB"), holdings=aligned)
    assert {r["symbol"] for r in found.rows()} >= {"ES-11/1"}
    assert found.value("2022", "opposed") == pytest.approx(100 * 4 / 6)  # yes to four of six


def test_ukraine_never_reads_what_came_later(aligned: Holdings) -> None:
    assert {p.period for p in ask("votes.ukraine", holdings=aligned, as_of="2019-06-01").points} == {
        "2014", "2016", "2017", "2018",
    }  # fmt: skip
    assert "2022" not in ask("votes.ukraine", holdings=aligned, as_of="2019-06-01").note


def test_joint_vetoes(aligned: Holdings) -> None:
    found = ask("votes.vetoes", holdings=aligned)
    assert sum(p.value for p in found.points if p.group == "both") == 14
    assert found.value("2022", "both") == 1 and found.value("2022", "RUS alone") == 2
    assert found.value("1995", "both") == 0
    assert "no veto" in ask("votes.vetoes", ("RUS", "IND"), holdings=aligned).note
    early = ask("votes.vetoes", holdings=aligned, as_of="2015-05-01")
    assert max(p.period for p in early.points) == "2015"


@pytest.mark.parametrize("wrong", [{"basis": "guess"}, {"method": "kappa"}])
def test_a_parameter_that_is_none_is_refused(aligned: Holdings, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="use "):
        ask("votes.agreement", holdings=aligned, **wrong)


def test_voeten_agreement_of_published_sessions_is_refused(aligned: Holdings) -> None:
    with pytest.raises(UsageError, match="basis=rollcalls"):
        ask("votes.agreement", holdings=aligned, basis="sessions", method="voeten")
