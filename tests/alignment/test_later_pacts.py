# SPDX-License-Identifier: Apache-2.0
"""A list of treaties that ends in 2018 does not make allies strangers: later pacts that were found count."""

from bilat.measures import ask


def test_russia_and_north_korea_are_allies_since_their_treaty_came_into_force() -> None:
    m = ask("alignment.alliances", ("RUS", "PRK"))
    assert m.value("2018", "RUS-PRK") == 0 and m.value("2024", "RUS-PRK") == 1
    (row,) = m.rows("2024", "RUS-PRK")
    assert row["starts"] == "2024-12-04" and "Article 4" in row["note"]
    before = ask("alignment.alliances", ("RUS", "PRK"), as_of="2024-12-04")
    assert not [p for p in before.points if p.period > "2018"]


def test_a_treaty_without_a_clause_of_defence_is_a_lesser_pact_and_says_nothing_of_the_others() -> (
    None
):
    m = ask("alignment.alliances", ("RUS", "IRN"))
    later = {(p.period, p.group): p.value for p in m.points if p.period > "2018"}
    assert later == {("2025", "RUS-IRN lesser pacts"): m.value("2018", "RUS-IRN lesser pacts") + 1}


def test_a_pact_adds_to_those_of_the_list_that_had_not_ended() -> None:
    m = ask("alignment.alliances", ("TUR", "AZE"))
    assert m.value("2022", "TUR-AZE") == m.value("2018", "TUR-AZE") + 1


def test_a_window_after_the_list_has_the_later_pacts_alone() -> None:
    m = ask("alignment.alliances", ("RUS", "PRK"), years="2020-2025")
    assert [(p.period, p.group, p.value) for p in m.points] == [("2024", "RUS-PRK", 1)]


def test_a_window_after_the_list_without_a_later_pact_says_that_the_list_has_ended() -> None:
    m = ask("alignment.alliances", ("RUS", "CHN"), years="2020-2025")
    assert not m.points
    assert "no data" not in m.note
    assert "none of the treaties of the two" in m.note and "2018" in m.note
