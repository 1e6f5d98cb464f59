# SPDX-License-Identifier: Apache-2.0
"""Force between two states: the newest leads, typed, and nobody reads another pair's war."""

from __future__ import annotations

import csv
import datetime as dt
from importlib import resources

import pytest

from bilat.catalog.compiled.sites import refused
from bilat.catalog.readers.documents import FORCE, HEADER
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.places import country
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.profile import findings, profile
from bilat.verdicts.prominence import prominence
from bilat.verdicts.topics import Between, Facet
from bilat.verdicts.topics.force import (
    FORCES,
    GRAVE_FORCES,
    disputes,
    looked_for_to,
    together,
)
from bilat.verdicts.topics.topic import TOGETHER
from bilat.when import AsOf, Period

TODAY = "2026-11-30"
FILE = "uses_of_force.csv"
#: Words of a sentence of the list, at most.
LONGEST = 25


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def paper(name: str, day: str, force: str, **fields: str) -> Paper:
    """Return a made-up row of Portugal and Uruguay, which no record tells of."""
    row = {
        "document": name,
        "period": day,
        "known_on": Period(day).end,
        "form": "event",
        "topic": "disputes",
        "force": force,
        "actors": "PRT;URY",
        "what": f"Something of {name} happened.",
        "grade": "B2",
        "figure": None,
        "unit": None,
        "headline": None,
    }
    return {**row, **fields}


def told(held: Holdings, *papers: Paper, pair: str = "PRT-URY", as_of: str = TODAY) -> Facet | None:
    public = {p["document"]: p for p in papers}
    return disputes(Between(Dyad.read(pair), AsOf(as_of), held, public))


def rows() -> list[dict[str, str]]:
    text = resources.files("bilat.catalog.compiled").joinpath(FILE).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_documents_are_enough_and_the_newest_leads(held: Holdings) -> None:
    old = paper("old", "2022-03-01", "clash")
    new = paper("new", "2025-05-04", "attack")
    for pair in ("PRT-URY", "URY-PRT"):
        found = told(held, old, new, pair=pair)
        assert found is not None and found.by_document and found.deed
        assert found.sentence == new["what"] and found.force == "attack"
        assert found.heading == "Attack by Portugal in Uruguay, May 2025"
        assert [r.text for r in found.remarks] == [old["what"]]
        assert found.data_to == dt.date(2025, 5, 4)


def test_the_heading_of_a_row_has_the_last_word(held: Holdings) -> None:
    """An attack on an armed group is no attack on the state: the row's heading names the group."""
    named = paper("named", "2025-05-04", "attack")
    named["headline"] = "Portugal bombed an armed group in Uruguay in May 2025."
    found = told(held, named)
    assert found is not None
    assert found.heading == "Portugal bombed an armed group in Uruguay in May 2025"


def test_a_later_threat_does_not_push_aside_force_of_the_last_five_years(held: Holdings) -> None:
    war = paper("war", "2024-03-01", "war")
    threat = paper("threat", "2026-05-04", "threat")
    found = told(held, war, threat)
    assert found is not None and found.force == "war" and found.remarks[0].text == threat["what"]
    found = told(held, paper("war", "2014-03-01", "war"), threat)
    assert found is not None and found.force == "threat" and not found.deed


@pytest.mark.parametrize(
    ("force", "form", "heading"),
    [
        ("war", "event", "War between Portugal and Uruguay, May 2025"),
        ("attack", "statement", "Reported attack by Portugal in Uruguay, May 2025"),
        ("clash", "event", "Deadly clash between Portugal and Uruguay, May 2025"),
        (
            "clash without deaths",
            "event",
            "Clash without deaths between Portugal and Uruguay, May 2025",
        ),
        (
            "threat",
            "statement",
            "Reported threat or show of force between Portugal and Uruguay, May 2025",
        ),
    ],
)
def test_the_heading_is_of_the_type_and_not_of_the_words(
    force: str, form: str, heading: str, held: Holdings
) -> None:
    found = told(held, paper("one", "2025-05-04", force, form=form, what="War and attack."))
    assert found is not None and found.heading == heading


def test_deadly_force_of_five_years_leads_and_lesser_force_while_it_is_new(held: Holdings) -> None:
    pair = Dyad("PRT", "URY")
    today = AsOf(TODAY)

    def leads(day: str, force: str) -> bool:
        found = told(held, paper("one", day, force))
        assert found is not None
        return prominence(found, pair, today).force

    assert all(leads("2022-05-04", force) for force in GRAVE_FORCES)
    for lesser in ("threat", "clash without deaths"):
        assert leads("2026-05-04", lesser)
        assert not leads("2025-05-04", lesser)
    assert not leads("2020-05-04", "war")


def test_a_bloodless_clash_leads_for_five_years_where_a_deadly_one_lies_within_ten(
    held: Holdings,
) -> None:
    def leads(*papers: Paper) -> bool:
        found = told(held, *papers)
        assert found is not None
        return prominence(found, Dyad("PRT", "URY"), AsOf(TODAY)).force

    clash = paper("new", "2022-12-09", "clash without deaths")
    assert leads(clash, paper("old", "2020-06-15", "clash"))
    assert not leads(clash, paper("old", "2012-06-15", "clash"))
    assert not leads(paper("new", "2022-12-09", "threat"), paper("old", "2020-06-15", "clash"))


def test_a_bloodless_clash_after_a_war_is_told_first_and_the_page_still_leads(
    held: Holdings,
) -> None:
    war = paper("war", "2024-03-01", "war")
    ships = paper("ships", "2026-05-04", "clash without deaths")
    found = told(held, war, ships)
    assert found is not None and found.sentence == ships["what"]
    assert prominence(found, Dyad("PRT", "URY"), AsOf(TODAY)).force


def test_force_that_the_two_settled_since_does_not_lead_and_newer_force_does(
    held: Holdings,
) -> None:
    clash = paper("clash", "2023-03-01", "clash")
    peace = {**paper("peace", "2025-03-01", ""), "topic": "peace", "force": None}
    ceasefire = {**peace, "topic": "change"}
    again = paper("again", "2026-03-01", "clash without deaths")
    pair = Dyad.read("PRT-URY")

    def leads(*papers: Paper) -> bool:
        found = told(held, *papers)
        assert found is not None
        return prominence(found, pair, AsOf(TODAY)).force

    assert leads(clash) and leads(clash, ceasefire)
    assert not leads(clash, peace)
    assert leads(clash, peace, again)
    before = told(held, clash, {**peace, "period": "2022-03-01"})
    assert before is not None and prominence(before, pair, AsOf(TODAY)).force


def test_a_balloon_of_years_ago_does_not_lead_the_page_of_two_great_powers(held: Holdings) -> None:
    found = findings(profile(("USA", "CHN"), TODAY, held, claims=False))
    assert found[0].name != "disputes"
    assert any(t.force == "clash without deaths" for t in found)


def test_a_document_of_three_states_or_of_another_pair_says_nothing(held: Holdings) -> None:
    for actors in ("PRT;ESP", "ESP;PRT;URY", "USA;PRT;URY"):
        found = told(held, paper("one", "2025-05-04", "war", actors=actors))
        assert found is not None and found.absent, actors


def test_a_pair_without_a_row_is_told_that_the_list_is_ours_and_how_far_it_goes(
    held: Holdings,
) -> None:
    found = told(held)
    assert found is not None and found.absent
    assert found.sentence == (
        "Our own list of uses of force since 2011 has none by Portugal or Uruguay against the "
        "other; it is incomplete, and our search ended on 31 July 2026."
    )
    assert found.heading == (
        "Our incomplete list to 31 July 2026 has no use of force by Portugal or Uruguay against "
        "the other since 2011"
    )
    then = told(held, as_of="2014-02-03")
    assert then is not None and "our search ended on 3 February 2014" in then.sentence
    assert then.data_to == dt.date(2014, 2, 3)
    assert told(held, as_of="2009-02-03") is None
    counted = told(held, pair="IRN-RUS")
    assert counted is not None and not counted.absent
    assert "since 2011 has none by Iran or Russia against the other" in counted.remarks[0].text


@pytest.mark.parametrize(
    ("pair", "force", "says"),
    [
        ("USA-VEN", "attack", "3 January 2026"),
        ("SYR-TUR", "clash", "27 February 2020"),
        ("GEO-RUS", "war", "August 2008"),
        ("ISR-QAT", "attack", "9 September 2025"),
        ("KGZ-TJK", "clash", "September 2022"),
        ("AFG-PAK", "war", "27 February 2026"),
        ("IRN-PAK", "attack", "18 January 2024"),
        ("COD-RWA", "attack", "The United States accused Rwanda in December 2025"),
        ("ISR-YEM", "attack", "Houthi government"),
        ("CHN-TWN", "threat", "30 December 2025"),
        ("POL-RUS", "clash without deaths", "Russia denied"),
        ("IRN-USA", "war", "ceasefire in the war"),
        ("KOR-PRK", "clash without deaths", "8 April 2025"),
    ],
)
def test_what_an_expert_names_first_is_told_in_both_orders(
    pair: str, force: str, says: str, held: Holdings
) -> None:
    one, two = pair.split("-")
    sentences = set()
    for order in ((one, two), (two, one)):
        topics = profile(order, TODAY, held, claims=False).topics
        found = {t.name: t for t in topics}["disputes"]
        assert found.force == force and says in found.sentence
        sentences.add(found.sentence)
    assert len(sentences) == 1


@pytest.mark.parametrize("pair", ["USA-VEN", "ISR-QAT", "AFG-PAK", "COD-RWA", "IND-PAK"])
def test_force_of_the_last_years_leads_the_page(pair: str, held: Holdings) -> None:
    one, two = pair.split("-")
    first = findings(profile((one, two), TODAY, held, claims=False))[0]
    assert first.name == "disputes" and first.force


def test_nothing_is_told_before_its_page_was_public(held: Holdings) -> None:
    for row in rows():
        one, two = row["actors"].split(";")[:2]
        known = Period(row["known_on"]).end
        before = AsOf(known - dt.timedelta(days=1))
        for topic in (disputes, together):
            found = topic(_between(one, two, before, held))
            assert found is None or row["what"] not in (
                found.sentence,
                *(r.text for r in found.remarks),
            )


def _between(one: str, two: str, as_of: AsOf, held: Holdings) -> Between:
    return Between(Dyad(one, two), as_of, held, documents(as_of, held))


def test_no_event_of_one_pair_stands_on_the_page_of_another(held: Holdings) -> None:
    owner = {row["what"]: set(row["actors"].split(";")[:2]) for row in rows()}
    pairs = {tuple(sorted(states)) for states in owner.values()}
    for one, two in pairs:
        between = _between(one, two, AsOf(TODAY), held)
        topics = [found for found in (disputes(between), together(between)) if found]
        assert topics
        told_of = [t for f in topics for t in (f.sentence, *(r.text for r in f.remarks))]
        assert all(owner.get(text, {one, two}) == {one, two} for text in told_of)


@pytest.mark.parametrize(
    "pair",
    ["FRA-DEU", "JPN-AUS", "BRA-ARG", "CAN-MEX", "SWE-NOR", "ITA-ESP", "NZL-AUS", "CHL-URY",
     "ZAF-NAM", "IDN-IND"],
)  # fmt: skip
def test_a_pair_without_force_is_led_by_none(pair: str, held: Holdings) -> None:
    one, two = pair.split("-")
    shown = findings(profile((one, two), TODAY, held, claims=False))
    assert shown[0].name != "disputes"
    assert all(not t.force for t in shown)


def test_each_row_is_typed_dated_short_and_of_two_states() -> None:
    found = rows()
    assert list(found[0]) == [*HEADER, FORCE]
    assert len({r["id"] for r in found}) == len(found)
    for r in found:
        states = r["actors"].split(";")
        most = 3 if r["force"] == TOGETHER else 2
        assert 2 <= len(states) <= most and [country(s) for s in states] == states, r["id"]
        assert r["force"] in FORCES and r["kind"] in ("event", "statement"), r["id"]
        assert len(r["what"].split()) <= LONGEST, r["id"]
        assert Period(r["date"]).start <= Period(r["known_on"]).end, r["id"]
        assert r["url"].startswith("http") and r["locator"] and not refused(r["url"]), r["id"]
        assert r["date"][:4] in r["what"], r["id"]
        assert not r["claims"], r["id"]


def side_by_side(held: Holdings, *papers: Paper) -> Facet | None:
    public = {p["document"]: p for p in papers}
    return together(Between(Dyad("PRT", "URY"), AsOf(TODAY), held, public))


def test_force_used_side_by_side_is_force_and_no_dispute_of_the_two(held: Holdings) -> None:
    joint = paper("joint", "2025-05-04", TOGETHER, actors="PRT;URY;ESP")
    found = side_by_side(held, joint)
    assert found is not None and found.name == "together" and found.sentence == joint["what"]
    assert found.heading == "Portugal and Uruguay used force together against Spain, May 2025"
    assert prominence(found, Dyad("PRT", "URY"), AsOf(TODAY)).force
    between_the_two = told(held, joint)
    assert between_the_two is not None and between_the_two.absent
    assert side_by_side(held, paper("one", "2025-05-04", "war")) is None
    said = side_by_side(held, {**joint, "form": "statement"})
    assert said is not None and "were reported to have used force together" in said.heading


def test_force_used_together_leads_against_a_state_and_while_it_is_new(held: Holdings) -> None:
    def score(day: str, actors: str) -> float:
        found = side_by_side(held, paper("joint", day, TOGETHER, actors=actors))
        assert found is not None
        return prominence(found, Dyad("PRT", "URY"), AsOf(TODAY)).score

    assert score("2025-05-04", "PRT;URY;ESP") > 10
    assert score("2015-05-04", "PRT;URY;ESP") < 1
    assert score("2025-05-04", "PRT;URY") < 1  # against an armed group


def test_a_newer_joint_blow_at_a_group_hides_no_joint_war_on_a_state(held: Holdings) -> None:
    war = paper("war", "2025-05-04", TOGETHER, actors="PRT;URY;ESP")
    blow = paper("blow", "2026-02-04", TOGETHER, actors="PRT;URY")
    found = side_by_side(held, war, blow)
    assert found is not None and found.sentence == blow["what"]
    assert found.fought == dt.date(2025, 5, 4)


@pytest.mark.parametrize("pair", ["ISR-USA", "PRK-RUS"])
def test_who_fought_together_of_late_is_told_first(pair: str, held: Holdings) -> None:
    one, two = pair.split("-")
    for order in ((one, two), (two, one)):
        assert findings(profile(order, TODAY, held, claims=False))[0].name == "together"


def test_a_clash_without_deaths_of_ten_years_counts_more_than_a_treaty_of_very_many(
    held: Holdings,
) -> None:
    clash = told(held, paper("one", "2018-05-04", "clash without deaths"))
    older = told(held, paper("one", "2015-05-04", "clash without deaths"))
    assert clash is not None and older is not None
    day = dt.date(2018, 12, 31)
    treaty = Facet("treaties", "A treaty.", duty="defence", of=29, data_to=day)

    def score(t: Facet) -> float:
        return prominence(t, Dyad("PRT", "URY"), AsOf(TODAY)).score

    assert score(clash) > score(treaty) > score(older)


def test_it_was_looked_for_to_the_end_of_the_pages_read() -> None:
    assert looked_for_to(AsOf(TODAY)) == dt.date(2026, 7, 31)
    assert looked_for_to(AsOf("2020-02-01")) == dt.date(2020, 2, 1)
