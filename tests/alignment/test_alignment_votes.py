# SPDX-License-Identifier: Apache-2.0
"""Voting in the General Assembly: shares against published figures, and rules against a recount."""

import csv
import gzip
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.alignment.voting import common_votes
from bilat.dyad import PAPER_PAIR
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
        if n >= 10:
            got = found.value(year, "roll calls")
            assert got == pytest.approx(100 * same / n), year
        elif year < "2019":  # from then on a later record may have more of the year
            assert year not in {p.period for p in found.points if p.group == "roll calls"}


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
        assert found.value(year, "roll calls") == pytest.approx(
            found.value(year, "sessions"), abs=3
        )


def test_voeten_agreement_is_never_below_exact_agreement(aligned: Holdings) -> None:
    exact = ask("votes.agreement", holdings=aligned, basis="rollcalls")
    softer = ask("votes.agreement", holdings=aligned, basis="rollcalls", method="voeten")
    assert len(exact.points) == len(softer.points) > 40
    for p in softer.points:
        assert p.value >= exact.value(p.period, "roll calls")
        assert p.low <= p.value <= p.high


def test_agreement_does_not_depend_on_who_is_named_first(aligned: Holdings) -> None:
    one, two = (
        ask("votes.agreement", d, holdings=aligned) for d in (("RUS", "CHN"), ("CHN", "RUS"))
    )
    assert one.points == two.points


def test_no_year_of_one_vote(aligned: Holdings) -> None:
    """The older record ends with a single roll call of January 2020: that year is the later one's."""
    rows = ask("votes.agreement", holdings=aligned).rows("2020", "roll calls")
    assert {r["source"] for r in rows} == {"unga_votes_later"} and len(rows) > 100


def test_states_outside_the_fourteen_are_counted_from_all_members_votes(aligned: Holdings) -> None:
    found = ask("votes.agreement", ("SRB", "CUB"), holdings=aligned, basis="rollcalls")
    assert [p.period for p in found.points] == [str(y) for y in range(2000, 2026)]
    assert {r["source"] for r in found.rows("2019")} == {"un_votes"}
    assert {r["source"] for r in found.rows("2021")} == {"unga_votes_later"}


def test_the_newest_roll_calls_are_counted_and_a_year_has_one_record() -> None:
    held = Holdings()
    m = ask("votes.agreement", ("RUS", "CHN"), holdings=held, basis="rollcalls", as_of="2026-11-24")
    years = [p.period for p in m.points]
    assert years[0] == "1971" and years[-1] == "2026" and len(years) == len(set(years))
    assert [p.period for p in m.points if p.open] == ["2026"]
    newest = "SELECT max(period) FROM votes WHERE source = 'unga_votes_later'"
    cursor = held.connect(m.as_of).connection.cursor()
    ((day,),) = cursor.sql(newest).fetchall()
    assert day.startswith(years[-1])
    of = {y: {r["source"] for r in m.rows(y)} for y in years}
    assert all(len(sources) == 1 for sources in of.values())
    assert of["2019"] == {"un_roll_calls"} and of["2020"] == {"unga_votes_later"}
    same = 0
    calls: dict[str, set[str]] = {}
    for r in m.rows("2025"):
        calls.setdefault(r["rollcall"], set()).add(r["vote"])
    same = sum(len(votes) == 1 for votes in calls.values())
    assert m.value("2025", "roll calls") == pytest.approx(100 * same / len(calls))


def test_a_year_whose_record_ends_early_is_no_whole_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bilat.alignment.voting.newest_roll_call", lambda _: "2024-06-04")
    m = ask("votes.agreement", PAPER_PAIR, as_of="2026-11-24", holdings=Holdings())
    open = [p for p in m.points if p.open and p.group == "roll calls"]
    assert [p.period for p in open] == ["2024", "2026"]
    assert "incomplete: the record ends on 2024-06-04" in open[0].note


@pytest.mark.parametrize("pair", [("RUS", "CHN"), ("IND", "PAK"), ("BRA", "ARG")])
def test_a_profile_tells_what_the_measure_answers(pair: tuple[str, str]) -> None:
    from bilat.verdicts.profile import profile

    m = ask("votes.agreement", pair, basis="rollcalls", as_of="2026-11-24")
    (facet,) = [t for t in profile(pair, "2026-11-24").topics if t.name == "votes"]
    whole = [p for p in m.points if not p.open][-1]
    told = " ".join((facet.sentence, *facet.more))
    assert f"{whole.value:.0f}% of the roll calls of {whole.period}" in told


def test_both_records_of_the_fourteen_give_the_same_shares(aligned: Holdings) -> None:
    """The same votes read from the dated lines and from the R file."""
    import bilat.alignment.voting as voting

    dated = ask("votes.agreement", ("RUS", "IND"), holdings=aligned, basis="rollcalls")
    chosen = voting.records
    voting.records = lambda _ask, _states: ["un_votes"]
    try:
        whole = ask("votes.agreement", ("IND", "RUS"), holdings=aligned, basis="rollcalls")
    finally:
        voting.records = chosen
    assert [p for p in dated.points if p.period < "2020"] == list(whole.points)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_published_share_tells_how_many_votes_it_is_of(case: tuple[int, int]) -> None:
    same, n = case
    found = common_votes(round(same / n, 7), n)
    assert found is not None
    assert abs(Fraction(round(same / n * found), found) - Fraction(same, n)) < Fraction(1, 10**5)


stands = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 2), min_size=2, max_size=60)


def test_chinas_votes_on_ukraine(aligned: Holdings) -> None:
    """Abstained on the territory and on the invasion, voted with Russia on human rights in Crimea, on the
    Human Rights Council and on reparations; never against it."""
    found = ask("votes.ukraine", holdings=aligned)
    votes = {(r["symbol"], r["country"]): r["vote"] for r in found.rows()}
    with_russia = {s for s, c in votes if c == "CHN" and votes[s, "CHN"] == votes[s, "RUS"]}
    assert with_russia == {
        "71/205",
        "72/190",
        "73/263",
        "74/17",
        "74/168",
        "75/29",
        "75/192",
        "76/70",
        "76/179",
        "ES-11/3",
        "ES-11/5",
        "77/229",
        "78/221",
        "79/184",
        "80/223",
    }
    assert votes["ES-11/1", "CHN"] == "abstain" and votes["ES-11/1", "RUS"] == "no"
    assert not any(p.value for p in found.points if p.group == "opposed")


def test_since_the_invasion_china_echoed_in_three_of_seven_by_the_papers_date(
    aligned: Holdings,
) -> None:
    asked = {"by": "all", "period": "2022-02-24.."}
    then = ask("votes.ukraine", holdings=aligned, as_of="2023-03-20", **asked)
    now = ask("votes.ukraine", holdings=aligned, **asked)
    assert {p.group: p.note for p in then.points} == {
        "equal": "3 of 7",
        "halfway": "4 of 7",
        "opposed": "0 of 7",
    }
    assert {p.group: p.note for p in now.points}["equal"] == "6 of 13"
    with pytest.raises(UsageError, match="not a window"):
        ask("votes.ukraine", holdings=aligned, period="the invasion")


def test_ukraine_shares_sum_to_one_hundred_and_count_a_resolution_once(aligned: Holdings) -> None:
    for dyad in (("RUS", "CHN"), ("CHN", "RUS"), ("RUS", "IND"), ("RUS", "BLR"), ("RUS", "USA")):
        found = ask("votes.ukraine", dyad, holdings=aligned, by="all")
        assert sum(p.value for p in found.points) == pytest.approx(100)
        rows = found.rows()
        assert len(rows) == len({(r["symbol"], r["country"]) for r in rows})
    then = ask("votes.ukraine", ("RUS", "USA"), holdings=aligned, by="all", as_of="2025-02-23")
    assert then.points[-1].value == 100
    now = ask("votes.ukraine", ("RUS", "USA"), holdings=aligned)
    assert now.value("2025", "equal"), "on 24 February 2025 the United States voted with Russia"


def test_a_state_outside_the_fourteen_is_found_in_the_transcription(aligned: Holdings) -> None:
    found = ask("votes.ukraine", ("RUS", "SRB"), holdings=aligned)
    assert {r["symbol"] for r in found.rows()} >= {"ES-11/1"}
    assert found.value("2022", "opposed") == pytest.approx(100 * 4 / 6)  # yes to four of six


def test_ukraine_never_reads_what_came_later(aligned: Holdings) -> None:
    assert {
        p.period for p in ask("votes.ukraine", holdings=aligned, as_of="2019-06-01").points
    } == {
        "2014",
        "2016",
        "2017",
        "2018",
    }
    assert "2022" not in ask("votes.ukraine", holdings=aligned, as_of="2019-06-01").note


@pytest.mark.parametrize("wrong", [{"basis": "guess"}, {"method": "kappa"}])
def test_a_parameter_that_is_none_is_refused(aligned: Holdings, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="Use "):
        ask("votes.agreement", holdings=aligned, **wrong)


def test_voeten_agreement_of_published_sessions_is_refused(aligned: Holdings) -> None:
    with pytest.raises(UsageError, match="basis=rollcalls"):
        ask("votes.agreement", holdings=aligned, basis="sessions", method="voeten")
