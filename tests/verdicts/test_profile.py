# SPDX-License-Identifier: Apache-2.0
"""Any two states: what everybody knows of them appears unasked, and nothing that is false or empty."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache

import pycountry
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilat.document import Frame
from bilat.document.text import text
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import MeasureQuestion, ask, default_holdings
from bilat.measures.document import of_measurement
from bilat.verdicts.assessment import judge, judge_one
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import ledger
from bilat.verdicts.outcome import Last
from bilat.verdicts.pairs import cast
from bilat.verdicts.profile import (
    Profile,
    _weight,
    _with_documents,
    document_facet,
    findings,
    telling,
)
from bilat.verdicts.profile import profile as make_profile
from bilat.verdicts.prominence import prominence, stands_out
from bilat.verdicts.questions import ProfileQuestion
from bilat.verdicts.sentences import WORDS, fits
from bilat.verdicts.topics import TOPICS, Between, Facet, FromTo
from bilat.verdicts.topics.arms import _years_on_record
from bilat.verdicts.topics.listings import aimed_at
from bilat.verdicts.topics.treaties import AMONG_FOES, BROKEN, relations
from bilat.verdicts.topics.treaty_names import common_names
from bilat.when import AsOf

#: A profile of two states on a day, made once for all tests.
profile = cache(make_profile)
PAIRS = [
    "IND-USA", "CHN-PAK", "RUS-IND", "FRA-DEU", "RUS-BLR", "RUS-IRN", "CHN-PRK", "USA-GBR", "RUS-VNM", "CHN-BGD",
    "TUR-AZE", "ISR-IND", "USA-JPN", "RUS-DZA", "CHN-MMR", "KAZ-RUS", "BRA-ARG", "IRN-SYR", "SAU-USA", "RUS-TUR",
    "IND-CHN", "ARE-FRA", "PHL-CHN", "NLD-RUS", "ZAF-BRA", "EGY-RUS", "KOR-PRK", "MEX-CUB", "UKR-POL", "SRB-CHN",
]  # fmt: skip
#: The last year of SIPRI's register that is embedded.
LAST_OF_REGISTER = 2025
TODAY = "2026-11-27"
#: What of ships, ports and seas must not be said of a state without a coast.
SEA = re.compile(r"\b(frigates?|destroyers?|submarines?|anti-ship|ports?|coast)\b")
LANDLOCKED = {"SRB", "AZE", "KAZ", "BLR"}


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def sentences(found: Profile) -> dict[str, str]:
    return {t.name: " ".join([t.sentence, *t.more]) for t in found.topics}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_has_topics_and_no_empty_or_broken_sentence(pair: str, held: Holdings) -> None:
    a, b = pair.split("-")
    found = profile((a, b), TODAY, held, claims=False)
    assert len(found.topics) >= 2
    for t in found.topics:
        assert t.sentence[0].isupper() or t.sentence[0].isdigit(), t.sentence
        assert t.sentence.endswith(".") and "None" not in t.sentence and "{" not in t.sentence
        assert len(t.sentence.split()) <= WORDS, t.sentence
        assert t.sources and t.data_to is not None and t.data_to <= found.as_of.date
        assert t.rank is None or 1 <= t.rank <= t.of
        if {a, b} & LANDLOCKED:
            assert not SEA.search(t.sentence), t.sentence
        plain = t.to_json()
        assert plain["sentence"] and plain["sources"]
    again = profile((b, a), TODAY, held, claims=False)
    assert {t.name for t in again.topics} == {t.name for t in found.topics}


@pytest.mark.parametrize("pair", ["USA-CHN", "USA-RUS", "RUS-CHN", "IND-CHN", "USA-IND", "RUS-IND"])
def test_great_powers_have_at_least_eight_topics(pair: str, held: Holdings) -> None:
    assert len(profile(tuple(pair.split("-")), TODAY, held, claims=False).topics) >= 8  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pair", "as_of", "topic", "says"),
    [
        (
            "RUS-PRK",
            TODAY,
            "treaties",
            "The Treaty on Comprehensive Strategic Partnership of 2024 makes Russia and North Korea defence allies",
        ),
        ("RUS-PRK", "2024-11-30", "treaties", "Article 4"),
        ("RUS-PRK", TODAY, "arms", "North Korea supplied"),
        ("RUS-PRK", "2024-11-30", "arms", "shells"),
        ("RUS-PRK", TODAY, "troops", "11,000"),
        ("RUS-PRK", "2024-11-30", "troops", "10,000"),
        ("RUS-IRN", TODAY, "arms", "Shahed"),
        ("CHN-PAK", TODAY, "arms", "80% of Pakistan's arms imports"),
        ("USA-JPN", TODAY, "treaties", "defence allies"),
        ("USA-JPN", "2021-12-31", "treaties", "declares that it would act"),
        ("USA-JPN", TODAY, "troops", "about 55,000 troops"),
        ("IND-FRA", TODAY, "arms", "Rafale"),
        ("TUR-AZE", TODAY, "arms", "drones"),
        ("TUR-AZE", "2021-12-31", "arms", "drones"),
        ("TUR-AZE", TODAY, "treaties", "defence allies"),
        ("RUS-CHN", TODAY, "votes", "of 2025"),
        ("USA-DEU", TODAY, "war", "They differed on Ukraine's text of February 2025"),
        ("USA-FIN", TODAY, "treaties", "both belong to NATO, which Finland joined in 2023"),
        ("FRA-GBR", TODAY, "treaties", "both belong to NATO (on a list that ends in 2018)"),
        ("DEU-FRA", TODAY, "treaties", "Treaty of Aachen on 22 January 2019"),
        ("POL-KOR", TODAY, "arms", "180 more K2 tanks"),
        ("JPN-PHL", TODAY, "treaties", "came into force on 11 September 2025"),
        ("ETH-ERI", TODAY, "disputes", "to withdraw troops"),
        ("CHN-SRB", TODAY, "exercises", "Peace Guardian 2025"),
        ("IND-RUS", TODAY, "exercises", "Zapad-2025"),
        ("IRN-RUS", TODAY, "exercises", "Maritime Security Belt 2026"),
        ("USA-CHN", TODAY, "trade", "China took 7% of the United States' exports of goods in 2024"),
        ("RUS-UKR", TODAY, "disputes", "Russia invaded Ukraine in February 2022"),
        ("IND-PAK", TODAY, "disputes", "May 2025"),
        ("JPN-AUS", TODAY, "treaties", "Reciprocal Access Agreement"),
        ("JPN-AUS", TODAY, "arms", "11 Mogami frigates"),
        ("EGY-FRA", "2021-12-31", "arms", "30 Rafale"),
        ("BLR-CHN", TODAY, "exercises", "Eagle Assault"),
        ("PRK-IRN", TODAY, "arms", "long-range missiles"),
        ("DEU-UKR", TODAY, "arms", "12% of Ukraine's arms imports"),
        ("IND-ISR", TODAY, "arms", "34% of Israel's arms exports"),
        ("RUS-PRK", "2024-06-30", "treaties", "mutual help if either is attacked"),
    ],
)
def test_what_everybody_knows_appears_unasked(
    pair: str, as_of: str, topic: str, says: str, held: Holdings
) -> None:
    found = sentences(profile(tuple(pair.split("-")), as_of, held, claims=False))  # type: ignore[arg-type]
    assert says in found[topic], found


def test_nothing_of_a_profile_was_unknown_on_its_date(held: Holdings) -> None:
    for as_of in ("2021-12-31", "2023-03-20", "2024-12-31"):
        for pair in (("RUS", "PRK"), ("RUS", "IRN"), ("USA", "CHN")):
            found = profile(pair, as_of, held, claims=False)
            for t in found.topics:
                assert all(d["known_on"] <= as_of for d in t.documents)
                happened = t.sentence
                if t.by_document:
                    # A document of that day may say what it expects of a later year.
                    happened = re.sub(r"\b(?:expected|due) in \d{4}", "", happened)
                years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", happened)]
                assert all(y <= found.as_of.date.year for y in years), t.sentence
            told = " ".join(sentences(found).values())
            assert "2024" not in told or as_of > "2024"


def test_a_list_of_exercises_with_russia_says_nothing_of_two_others_nor_before_it_was_public(
    held: Holdings,
) -> None:
    for pair in (("USA", "JPN"), ("IND", "MNG")):
        for topic in profile(pair, TODAY, held, claims=False).topics:
            assert topic.name != "exercises" or "Russia" not in topic.sentence
    both = sentences(profile(("CHN", "KAZ"), TODAY, held, claims=False))["exercises"]
    assert "together with Russia from 2003" in both
    assert (
        "list that ends in 2018"
        not in sentences(profile(("RUS", "IND"), "2023-03-20", held, claims=False))["exercises"]
    )
    assert (
        "a list that ends in 2018"
        in sentences(profile(("RUS", "IND"), TODAY, held, claims=False))["exercises"]
    )
    first = sentences(profile(("RUS", "CHN"), "2004-06-30", held, claims=False))["exercises"]
    assert "one exercise together" in first and "1 exercises" not in first


def test_topics_with_nothing_stand_last_and_a_war_first(held: Holdings) -> None:
    found = findings(profile(("UKR", "RUS"), TODAY, held, claims=False))
    assert found[0].name == "disputes" and "invaded" in found[0].sentence
    absent = [t.absent for t in findings(profile(("SAU", "USA"), "2024-12-31", held, claims=False))]
    assert absent == sorted(absent) and absent[-1]


def test_what_is_held_of_kazakhstan_and_china_appears(held: Holdings) -> None:
    """Gas by pipe, arms of the one year on record, and exports that are called exports."""
    found = sentences(profile(("KAZ", "CHN"), TODAY, held, claims=False))
    assert "supplied China with 5 billion cubic metres of gas in 2023, 7 in 2020" in found["energy"]
    assert "In 2025, China delivered arms to Kazakhstan" in found["arms"]
    assert "took 0.4% of China's exports of goods in 2021" in found["trade"]


def test_votes_of_years_with_other_roll_calls_are_not_compared(held: Holdings) -> None:
    """In 2025 twice as many texts were put to the vote: a share of it and one of 2019 are of other things."""
    for pair in (("RUS", "CHN"), ("USA", "JPN")):
        votes = next(
            t for t in profile(pair, TODAY, held, claims=False).topics if t.name == "votes"
        )
        assert votes.last is None and not re.search(r"\bin 20(19|2[0-4])\b", votes.sentence)
    assert (
        "resolutions on the war in Ukraine in which both voted"
        in sentences(profile(("IND", "PAK"), TODAY, held, claims=False))["war"]
    )


def test_a_claim_of_which_nothing_is_held_is_not_put_to_other_pairs(held: Holdings) -> None:
    for pair in (("KAZ", "CHN"), ("RUS", "PRK"), ("UKR", "RUS"), ("CHN", "PAK"), ("RUS", "BLR")):
        for j in judge(pair, TODAY, held):
            assert {j.when_written.answer, j.since.answer} != {"not known"}, j.claim


def test_a_share_of_arms_in_a_document_has_its_years(held: Holdings) -> None:
    """It is as old as its last year; without a headline that names its years it heads nothing."""
    paper = {
        "document": "X1", "period": "2021", "known_on": dt.date(2022, 3, 14), "actors": "MAR;ISR",
        "topic": "arms", "grade": "C2", "form": "estimate", "figure": 11.0,
        "unit": "% of Morocco's arms imports", "what": "SIPRI counted 11% of 2017 to 2021.",
        "headline": "Israel supplied 11% of Morocco's arms imports of 2017 to 2021",
    }  # fmt: skip

    def arms(row: dict[str, object]) -> Facet:
        asked = Between(Dyad("MAR", "ISR"), AsOf(TODAY), held, {"X1": row})
        made = TOPICS["arms"](asked)
        assert made is not None
        return made

    found = arms(paper)
    assert found.heading == paper["headline"] and found.share == 0.11
    assert found.data_to == dt.date(2021, 12, 31)
    unnamed = arms({**paper, "headline": None})
    assert unnamed.share is None and "11%" not in unnamed.heading
    for row in documents(AsOf(TODAY), held).values():
        if "arms imports" in (row["unit"] or "") and row["headline"]:
            assert re.search(r"\b20\d\d\b", row["headline"]), row["document"]


def test_no_share_is_stated_where_single_deliveries_are_summed(held: Holdings) -> None:
    """The open register has China's deliveries to Pakistan, not all of others': a share would be wrong."""
    arms = sentences(profile(("CHN", "PAK"), TODAY, held, claims=False))["arms"]
    assert "5,100 million" in arms and "largest supplier" not in arms.split(".")[0]


@pytest.mark.parametrize("pair", PAIRS[:12])
def test_a_claim_asked_of_a_pair_names_no_other_state_and_is_short(
    pair: str, held: Holdings
) -> None:
    dyad = Dyad(*pair.split("-"))
    for claim in ledger():
        if claim.applies == "these two":
            continue
        part = cast(claim.applies, dyad, AsOf(TODAY), held)
        if part is None:
            continue
        j = judge_one(claim.model_copy(update={"rivals": []}), part, AsOf(TODAY), held)
        for half in (j.when_written, j.since):
            assert fits(half.sentence) and "{" not in half.sentence
            for name, code in (("Russia", "RUS"), ("China", "CHN"), ("Putin", "RUS")):
                if code not in (dyad.a, dyad.b):
                    assert name not in half.sentence, f"{pair} {j.id}: {half.sentence}"
            assert all(e.kind == "indicator" for e in half.evidence)


def test_the_papers_pair_is_asked_every_claim_and_a_profile_carries_them(held: Holdings) -> None:
    assert [j.id for j in judge(("CHN", "RUS"), TODAY, held)] == [c.id for c in ledger()]
    first = findings(profile(("RUS", "CHN"), TODAY, held, claims=False))[0]
    assert first.name == "arms" and first.last is not None and first.last.direction == "down"


@pytest.mark.parametrize(
    ("pair", "left"),
    [
        ("UZB-RUS", "1992"),
        ("GEO-RUS", "1992"),
        ("MEX-USA", "1947"),
        ("BOL-PRY", "1947"),
        ("USA-NZL", "1951"),
    ],
)
def test_a_treaty_that_a_member_left_binds_it_no_more(pair: str, left: str, held: Holdings) -> None:
    """Tashkent without Uzbekistan and Georgia, Rio without Mexico and Bolivia, ANZUS without New Zealand."""
    found = sentences(profile(tuple(pair.split("-")), TODAY, held, claims=False))  # type: ignore[arg-type]
    assert f"{left} treaty" not in found["treaties"], found["treaties"]


def test_states_at_war_are_not_said_to_keep_the_peace(held: Holdings) -> None:
    for pair in (("RUS", "UKR"), ("ARM", "AZE"), ("IND", "PAK"), ("USA", "IRN")):
        found = profile(pair, TODAY, held, claims=False)
        assert "treaties" not in {t.name for t in found.topics}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pair=st.lists(
        st.sampled_from(sorted(s.alpha_3 for s in pycountry.countries)),
        min_size=2,
        max_size=2,
        unique=True,
    ),
    as_of=st.dates(dt.date(2015, 1, 1), dt.date(2026, 11, 27)),
)
def test_any_two_states_at_any_date(pair: list[str], as_of: dt.date, held: Holdings) -> None:
    a, b = pair
    found = profile((a, b), as_of, held, claims=False)
    assert {t.name for t in found.topics} == {
        t.name for t in profile((b, a), as_of, held, claims=False).topics
    }
    for t in found.topics:
        said = " ".join([t.sentence, *t.more])
        assert t.sentence.endswith(".") and not re.search(
            r"None|nan|\{|\b0 of the|only 0 |than 100%|  ", said
        ), said
        assert t.data_to is not None and t.data_to <= as_of
        assert all(int(y) <= as_of.year for y in re.findall(r"\b20\d\d\b", t.sentence)), t.sentence


def test_of_two_others_the_open_register_says_no_nought_and_no_share(held: Holdings) -> None:
    """Single deliveries of others than Russia and China are left out of it."""
    arms = sentences(profile(("KOR", "THA"), TODAY, held, claims=False))["arms"]
    assert "between 2015 and 2021; it may lack later ones" in arms
    assert "no arms" not in arms and "%" not in arms
    for pair in (("RUS", "ARM"), ("RUS", "BLR"), ("TUR", "AZE"), ("JPN", "PHL")):
        found = sentences(profile(pair, TODAY, held, claims=False))["arms"]
        of_register = found.rpartition("According to our records: ")[2].partition("Also on record")[
            0
        ]
        assert not re.search(r"\d% of|largest supplier|few arms", of_register), found


@pytest.mark.parametrize(
    ("pair", "topic", "says", "says_not"),
    [
        (
            "RUS-PRK",
            "arms",
            "Russia had given North Korea at least one Pantsir air-defence vehicle",
            "1995 and 2010.",
        ),
        ("IRN-RUS", "treaties", "obliges Iran and Russia not to help an aggressor", "stay neutral"),
        (
            "TUR-AZE",
            "treaties",
            "Shusha Declaration on Allied Relations, signed on 15 June 2021",
            "2022 treaty",
        ),
        ("CHN-PAK", "trade", "Pakistan took 0.7% of China's exports of goods in 2021.", "not held"),
        (
            "USA-TWN",
            "disputes",
            "had one dispute that involved a threat or use of force",
            "use of force against each other",
        ),
    ],
)
def test_a_sentence_says_what_its_documents_say(
    pair: str, topic: str, says: str, says_not: str, held: Holdings
) -> None:
    found = sentences(profile(tuple(pair.split("-")), TODAY, held, claims=False))[topic]  # type: ignore[arg-type]
    assert says in found and says_not not in found, found


def test_a_heading_is_of_its_own_figure(held: Holdings) -> None:
    """One dispute of 1949 makes none; a share of equal votes or of trade stands in it as a figure, with its year."""
    one = {t.name: t for t in profile(("USA", "TWN"), TODAY, held, claims=False).topics}
    assert not one["disputes"].heading
    two = {t.name: t for t in profile(("RUS", "PRK"), TODAY, held, claims=False).topics}
    assert two["votes"].heading == (
        "Russia and North Korea voted the same way in 91% of the roll calls of 2025"
    )
    assert two["trade"].heading.endswith("of Russia's trade in goods in 2021")
    many = {t.name: t for t in profile(("IRN", "RUS"), TODAY, held, claims=False).topics}
    assert many["disputes"].heading == (
        "The last of their eight disputes that involved a threat or use of force began in 1987"
    )


def test_the_side_that_depends_more_comes_first(held: Holdings) -> None:
    found = findings(profile(("CHN", "PAK"), TODAY, held, claims=False))
    assert found[0].name == "arms" and found[0].sentence.startswith(
        "SIPRI counts 80% of Pakistan's"
    )
    assert found[0].heading == (
        "China supplied 80% of Pakistan's arms imports of 2021 to 2025, by SIPRI's count"
    )
    assert "trade" not in [t.name for t in found[:3]]
    for pair in (("RUS", "CHN"), ("CHN", "RUS")):
        trade = next(
            t for t in profile(pair, TODAY, held, claims=False).topics if t.name == "trade"
        )
        assert trade.sentence.startswith("China accounted for")
    told = text(ProfileQuestion().answer(Frame(Dyad("IND", "RUS"), AsOf(TODAY), held)))
    assert "India ranks second among Russia's 186 trading partners." in told


def test_a_small_share_of_trade_is_told_only_while_it_is_new(held: Holdings) -> None:
    """Japan took 5% of China's exports in 2021, and Pakistan less than 1%."""
    for pair, is_told in ((Dyad("CHN", "JPN"), True), (Dyad("CHN", "PAK"), False)):
        trade = TOPICS["trade"](Between(pair, AsOf(TODAY), held))
        assert trade is not None
        assert not stands_out(trade, pair, AsOf(TODAY))
        assert stands_out(trade, pair, AsOf("2023-03-20")) == is_told
    named = findings(profile(("BLR", "RUS"), TODAY, held, claims=False))
    assert "trade" in [t.name for t in named]  # 35% of Belarus' exports


def test_votes_are_told_only_of_a_pair_that_is_unusual(held: Holdings) -> None:
    """Saudi Arabia and the Emirates agree as most Arab states do; the Koreas do not."""
    for pair, is_told in ((("ARE", "SAU"), False), (("KOR", "PRK"), True)):
        found = profile(pair, TODAY, held, claims=False)
        votes = {t.name: t for t in found.topics}["votes"]
        assert stands_out(votes, found.dyad, found.as_of) == is_told
        assert re.search(r"\(\d+% from 2020 to 2024\)", votes.sentence)
    war = {t.name: t for t in profile(("IND", "RUS"), TODAY, held, claims=False).topics}["war"]
    assert war.usual is not None and war.usual > 0.5  # most states have not voted with Russia
    war = {t.name: t for t in profile(("PRK", "RUS"), TODAY, held, claims=False).topics}["war"]
    assert war.usual is not None and war.usual < 0.1


def test_the_heading_of_a_treaty_says_which_one(held: Holdings) -> None:
    for pair, says in (
        ("FIN-SWE", "Finland and Sweden both belong to NATO, which Sweden joined in 2024"),
        ("DEU-POL", "Germany and Poland both belong to NATO, a defence treaty signed in 1949"),
        ("USA-AUS", "ANZUS, signed in 1951, makes"),
        ("USA-THA", "The Manila Pact, signed in 1954, makes"),
        ("BRA-CHL", "Brazil and Chile are both parties to the Rio Treaty, a defence treaty"),
        ("AUT-IRL", "Austria and Ireland both belong to the European Union, whose treaty"),
        ("SAU-PAK", "The Strategic Mutual Defence Agreement of 2025 makes"),
        ("PHL-USA", "A 1951 treaty makes"),
    ):
        a, b = pair.split("-")
        topics = {t.name: t for t in profile((a, b), TODAY, held, claims=False).topics}
        assert topics["treaties"].headline.startswith(says)


def test_each_common_name_is_of_a_listed_treaty_of_many_and_says_its_year(held: Holdings) -> None:
    sql = "SELECT DISTINCT event FROM events WHERE event_type = 'alliance'"
    rows = Between(Dyad("DEU", "POL"), AsOf(TODAY), held).rows(sql, needs=("events",))
    listed = {event for (event,) in rows}
    listed |= {event.rpartition(" ")[0] for event in listed}
    for event, known in common_names().items():
        assert event in listed, event
        assert str(known.signed) in known.told
        assert known.source.startswith("http")


def test_a_treaty_of_the_two_comes_before_one_of_many(held: Holdings) -> None:
    found = {t.name: t for t in profile(("DEU", "FRA"), TODAY, held, claims=False).topics}
    assert "Treaty of Aachen" in found["treaties"].sentence
    assert any("both belong to NATO" in line for line in found["treaties"].more)


@pytest.mark.parametrize(
    ("pair", "as_of", "year", "states"),
    [
        ("SDN-ARE", TODAY, 1950, 19),  # without both states of Yemen before 1990, and Syria
        ("RUS-AZE", TODAY, 1993, 8),  # without Georgia
        ("USA-DEU", TODAY, 1949, 29),
    ],
)
def test_a_treaty_of_many_has_the_members_of_the_day_and_makes_no_two_allies(
    pair: str, as_of: str, year: int, states: int, held: Holdings
) -> None:
    found = {t.name: t for t in profile(Dyad.read(pair), as_of, held, claims=False).topics}
    treaty = found["treaties"]
    assert treaty.of == states
    unnamed = f"are both parties to a {year} treaty among {states} states"
    assert unnamed in treaty.sentence or f"signed in {year}" in treaty.sentence
    assert "allies" not in f"{treaty.sentence} {treaty.heading}"


def test_a_treaty_of_many_says_little_of_two_between_whom_there_was_force(held: Holdings) -> None:
    """Rwanda attacked in the DR Congo in 2025; both have signed a treaty of twelve states."""
    before, after = (
        profile(Dyad("COD", "RWA"), day, held, claims=False) for day in ("2023-01-01", TODAY)
    )
    scores = [
        prominence(t, found.dyad, found.as_of).score
        for found in (before, after)
        for t in found.topics
        if t.name == "treaties"
    ]
    assert len(scores) == 2 and scores[1] < scores[0] / 10
    recorded = [t.name for t in findings(after) if not t.absent]
    assert recorded[0] == "disputes" and recorded[-1] == "treaties"


def test_a_programme_is_told_of_the_state_that_it_punishes(held: Holdings) -> None:
    assert aimed_at("UKRAINE-EO13685") == aimed_at("CAATSA - RUSSIA") == "RUS"
    assert aimed_at("SOUTH SUDAN") == "SSD" and aimed_at("DPRK2") == "PRK"
    assert aimed_at("SDGT") == aimed_at("HRIT-IR") == aimed_at(None) == ""
    found = {t.name: t for t in profile(Dyad("USA", "UKR"), TODAY, held, claims=False).topics}
    listed = found["listings"]
    assert "under programmes aimed at Russia" in listed.sentence
    assert listed.heading.endswith("most on account of Russia")
    first = findings(profile(Dyad("USA", "UKR"), TODAY, held, claims=False))[:2]
    assert "listings" not in {t.name for t in first}


@pytest.mark.parametrize("pair", ["AFG-PAK", "SDN-ARE", "COD-UGA", "ETH-ERI"])
def test_a_topic_without_a_record_is_no_main_finding(pair: str, held: Holdings) -> None:
    dyad = Dyad.read(pair)
    absent = {t.headline for t in profile(dyad, TODAY, held, claims=False).topics if t.absent}
    page = ProfileQuestion().answer(Frame(dyad, AsOf(TODAY), held))
    assert absent and page.summary
    assert not absent & {line.rstrip(".") for line in page.summary}


def test_of_two_findings_that_weigh_the_same_the_newer_leads(held: Holdings) -> None:
    """The leaders met in December 2025, the foreign ministers in November."""
    found = {t.name: t for t in profile(Dyad("IND", "RUS"), TODAY, held, claims=False).topics}
    assert found["meetings"].sentence.startswith("Putin met Modi in Delhi in December 2025")
    assert any("November 2025" in line for line in found["meetings"].more)


def test_of_two_topics_that_weigh_the_same_the_newer_leads() -> None:
    older, newer = (
        facet(name, by_document=True, deed=True, data_to=day)
        for name, day in (
            ("exercises", dt.date(2026, 1, 31)),
            ("treaties", dt.date(2026, 3, 31)),
        )
    )
    for topics in ((older, newer), (newer, older)):
        found = Profile(Dyad("PRT", "URY"), AsOf(TODAY), topics)
        assert [t.name for t in findings(found)] == ["treaties", "exercises"]


def test_a_pair_of_which_sums_are_held_is_told_why_no_year_has_a_figure(held: Holdings) -> None:
    m = ask("transfers.tiv", ("USA", "TWN"), as_of=TODAY, holdings=held)
    said = of_measurement(m, MeasureQuestion("transfers.tiv")).summary[0]
    assert not m.points and said.startswith(
        "No figure: years of one or two deliveries are in their supplier's sum"
    )
    assert "USA>TWN at least 18551 from 1992 to 2025, 1229 of it from 2021 on" in said


def test_a_treaty_that_one_has_left_is_none_of_the_two(held: Holdings) -> None:
    """Nicaragua left the Organization of American States on 19 November 2023; the list of treaties ends before."""
    before, after = (
        sentences(profile(("USA", "NIC"), day, held, claims=False))["treaties"]
        for day in ("2023-11-18", TODAY)
    )
    assert "1948" in before and "1948" not in after
    assert "1948" not in sentences(profile(("USA", "VEN"), TODAY, held, claims=False))["treaties"]


SOME_YEARS = (("FRA", "EGY"), ("DEU", "UKR"), ("RUS", "VNM"), ("RUS", "TUR"), ("ISR", "AZE"))


@pytest.mark.parametrize("pair", SOME_YEARS, ids="-".join)
def test_a_sum_of_deliveries_speaks_of_the_years_on_record(
    pair: tuple[str, str], held: Holdings
) -> None:
    """Only a year without a figure may hide a few deliveries, which the open register sums by
    supplier. "Russia delivered arms to Turkey from 2021 to 2025" stood over one delivery of 2021."""
    seller, buyer = pair
    found = profile(pair, TODAY, held, claims=False).topics
    arms = next(topic for topic in found if topic.name == "arms")
    years = [
        int(year) for flow, year, value in arms.points if flow == f"{seller}>{buyer}" and value
    ]
    last_year = int(max(year for _, year, _ in arms.points))
    recent = [year for year in years if year > LAST_OF_REGISTER - 5]
    told = " ".join([arms.sentence, *arms.more])
    sums = re.findall(r"that SIPRI puts at (about )?[\d,]+ million points.*?\.", told)
    assert last_year <= LAST_OF_REGISTER
    if not recent:
        assert not sums
        return
    sentence = next(part for part in told.split(". ") if "that SIPRI puts at" in part)
    assert ("or more" in sentence) == (len(recent) < 5)
    assert {int(year) for year in re.findall(r"20\d\d", sentence)} == {min(recent), max(recent)}
    assert ("shows none since" in sentence) == (max(recent) < LAST_OF_REGISTER)


def test_what_is_to_come_is_not_told_as_done(held: Holdings) -> None:
    """A law of March 2025 ends an agreement on 1 January 2026; it had not ended in June 2025."""
    law = {
        "document": "X1",
        "period": "2026-01-01",
        "known_on": dt.date(2025, 3, 27),
        "actors": "FIN;RUS",
        "topic": "treaties",
        "grade": "B2",
    }
    for as_of, count in (("2025-06-30", 0), ("2026-06-30", 1)):
        between = Between(Dyad("FIN", "RUS"), AsOf(as_of), held, {"X1": law})
        assert len(between.papers("treaties")) == count


def test_a_treaty_is_an_act_wherever_its_text_was_read() -> None:
    paper = {
        "document": "X1",
        "period": "2025-10-06",
        "what": "A and B signed a treaty.",
        "headline": "A and B signed a treaty",
        "grade": "C2",
        "figure": None,
        "unit": None,
    }
    treaty, word, event = (
        document_facet("treaties", [{**paper, "form": form}], (), dt.date(2026, 11, 27))
        for form in ("treaty", "statement", "event")
    )
    assert treaty.deed and treaty.sure == "fair"
    assert not word.deed and event.deed and event.sure == word.sure == "thin"


def page_of(**fields: object) -> dict[str, object]:
    """Return a document of Portugal and Uruguay: Uruguay did something, Reuters told."""
    name = fields.get("document", "it")
    made = {
        "document": name, "period": "2026-05-01", "known_on": dt.date(2026, 5, 1),
        "actors": "PRT;URY", "topic": "arms", "form": "event", "grade": "C2",
        "what": f"Uruguay did {name}.", "headline": f"Uruguay did {name}", "figure": None,
        "unit": None, "publisher": "A Paper", "url": "https://example.org", "force": None,
        "asserts": "states", "originator": "Reuters", "originator_kind": "press", "actor": None,
    }  # fmt: skip
    return {**made, **fields}


def test_a_better_page_leads_before_a_lesser_one_of_eighteen_months_later_and_no_newer() -> None:
    day = dt.date(2026, 11, 27)
    old = page_of(document="old", period="2024-09-28", grade="B2")
    for later, first in (("2025-09-20", "old"), ("2026-07-20", "new")):
        new = page_of(document="new", period=later)
        assert telling([new, old], [], day)[0]["document"] == first


def test_a_plan_of_over_a_year_ago_is_little_sure() -> None:
    plan = page_of(
        document="plan", period="2025-10-09", form="contract", grade="B2", asserts="plans"
    )
    event = page_of(document="event", period="2025-02-01", grade="B2")
    for today, first, sure in (("2026-03-01", "plan", "fair"), ("2026-12-01", "event", "thin")):
        day = dt.date.fromisoformat(today)
        assert telling([plan, event], [], day)[0]["document"] == first
        assert document_facet("arms", [plan], (), day).sure == sure


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({}, "Uruguay did it, Reuters reported"),
        (
            {"originator": "Uruguay, armed forces", "originator_kind": "official"},
            "Uruguay did it, Uruguay's armed forces said",
        ),
        ({"headline": "Uruguay did it, Reuters wrote"}, "Uruguay did it, Reuters wrote"),
        ({"form": "statement", "originator": "Uruguay, police"}, "Uruguay did it"),
        ({"grade": "B2"}, "Uruguay did it"),
    ],
)
def test_a_lesser_page_leads_a_topic_with_its_voice(fields: dict[str, object], ends: str) -> None:
    paper = page_of(**fields)
    found = document_facet("arms", [paper], (), dt.date(2026, 11, 27))
    assert found.heading == ends


def test_a_document_leads_where_the_record_of_its_topic_is_too_small(held: Holdings) -> None:
    """Of New Zealand and Australia a list has a treaty of 1944 on consulting, too old to print."""
    event = page_of(document="a pact", period="2024-12-06", actors="NZL;AUS", topic="treaties")
    asked = Between(Dyad("NZL", "AUS"), AsOf(TODAY), held, {"a pact": event})
    record = TOPICS["treaties"](asked)
    assert record is not None and not stands_out(record, asked.dyad, asked.as_of)
    found = _with_documents(asked, "treaties", record)
    assert found is not None and found.heading == "Uruguay did a pact, Reuters reported"
    assert stands_out(found, asked.dyad, asked.as_of)
    assert any(record.sentence in remark.text for remark in found.remarks)


def test_what_was_bought_of_late_leads_before_a_sum_of_deliveries(held: Holdings) -> None:
    """Of what Russia delivered to Algeria no share is known."""
    for day, leads in (("2025-02-01", True), ("2019-02-01", False)):
        paper = page_of(period=day, form="statement", actors="DZA;RUS")
        asked = Between(Dyad("DZA", "RUS"), AsOf(TODAY), held, {"buy": paper})
        record = TOPICS["arms"](asked)
        assert record is not None and record.share is None
        found = _with_documents(asked, "arms", record)
        assert found is not None and found.by_document == leads
        scores = [_weight(t, asked.dyad, asked.as_of) for t in (record, found)]
        assert scores[1] >= scores[0]


def test_votes_lead_no_page_that_has_a_dated_fact(held: Holdings) -> None:
    for pair in ("RUS-BFA", "GBR-OMN", "BRA-ARG", "BRA-SWE", "MLI-RUS"):
        a, b = pair.split("-")
        first = findings(profile((a, b), TODAY, held, claims=False))[0]
        assert first.name not in ("votes", "war"), pair


def facet(name: str = "arms", **fields: object) -> Facet:
    made = {"data_to": dt.date(2026, 6, 30), **fields}
    return Facet(name, "A sentence.", **made)  # type: ignore[arg-type]


def test_a_topic_stands_out_by_size_surprise_and_age() -> None:
    pair = Dyad("RUS", "IND")
    today = AsOf(TODAY)

    def score(t: Facet) -> float:
        return prominence(t, pair, today).score

    assert score(facet(share=0.3)) > score(facet(share=0.1)) > score(facet(share=0.01))
    assert score(facet(share=0.3, rank=1, of=200)) > score(facet(share=0.3, rank=100, of=200))
    rose = Last("2025", 300.0, "2024", 100.0)
    assert score(facet(share=0.3, last=rose)) > score(facet(share=0.3))
    old = replace(facet(share=0.3), data_to=dt.date(2015, 12, 31))
    assert score(facet(share=0.1)) > score(old)
    day = dt.date(2026, 6, 30)
    war = facet("disputes", by_document=True, deed=True, force="war", fought=day)
    assert score(war) > 10 > score(facet(share=1.0, rank=1, of=200, last=rose))
    old = dt.date(2012, 1, 1)
    assert score(replace(war, data_to=old, fought=old)) < 1


def test_a_treaty_is_as_little_surprise_as_there_are_pairs_that_share_it() -> None:
    pair = Dyad("RUS", "IND")
    today = AsOf(TODAY)
    long_ago = dt.date(2018, 12, 31)

    def score(states: int, day: dt.date = long_ago, *, deed: bool = False) -> float:
        t = facet("treaties", duty="defence", of=states, data_to=day, deed=deed)
        return prominence(t, pair, today).score

    sizes = [score(states) for states in (2, 3, 6, 12, 29, 60)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 4 * sizes[4]
    assert score(29, today.date) > score(29)  # the two joined it of late
    assert score(29, deed=True) > score(2)  # a document of the two tells of it
    assert stands_out(facet("treaties", duty="defence", of=60, data_to=long_ago), pair, today)


def test_a_share_of_arms_says_little_where_the_buyer_hardly_buys() -> None:
    pair = Dyad("SYR", "RUS")
    today = AsOf(TODAY)

    def score(points: float, year: str = "2025") -> float:
        t = facet(share=0.9, points=(("RUS>SYR", year, points), ("RUS>SYR", "2025", 0.0)))
        return prominence(t, pair, today).score

    assert score(500.0) == score(60.0) > score(20.0) > score(5.0)
    assert score(60.0) > score(60.0, "2021")  # nothing came since


def test_deliveries_of_decades_ago_are_none_of_the_last_five_years() -> None:
    """Germany's deliveries to Norway of 1992 stood for most of those of the five years to 2025."""
    pair = Dyad("DEU", "NOR")
    end = dt.date(2025, 12, 31)
    few = facet(points=(("DEU>NOR", "2025", 15.0),), data_to=end)
    old = facet(points=(("DEU>NOR", "1992", 210.0), ("DEU>NOR", "2025", 15.0)), data_to=end)
    sizes = [prominence(t, pair, AsOf(TODAY)).size for t in (few, old)]
    assert sizes[0] == sizes[1] > 0


def test_a_few_crates_of_chips_are_no_news(held: Holdings) -> None:
    """Sales are in dollars: $100,000 of 2024 led the page of Japan and Russia as if it were a
    billion."""
    found = {
        pair: TOPICS["technology"](Between(Dyad.read(pair), AsOf(TODAY), held))
        for pair in ("JPN-RUS", "TWN-CHN")
    }
    few = found["JPN-RUS"]
    many = found["TWN-CHN"]
    assert few is not None and few.points[-1][2] < 1e6
    assert many is not None and many.points[-1][2] > 1e10
    assert not stands_out(few, Dyad("JPN", "RUS"), AsOf(TODAY))
    assert prominence(many, Dyad("TWN", "CHN"), AsOf(TODAY)).size == 1.0


def test_one_vote_among_a_hundred_a_year_leads_no_page() -> None:
    pair = Dyad("USA", "CHN")
    today = AsOf(TODAY)
    vote = facet("votes", by_document=True, deed=True)
    deal = facet("trade", by_document=True, deed=True)
    said = facet("trade", by_document=True)
    scores = [prominence(t, pair, today).score for t in (deal, said, vote)]
    assert scores == sorted(scores, reverse=True) and scores[0] > 3 * scores[2]


def test_a_newer_share_of_trade_leads_before_a_larger_one_of_years_ago(held: Holdings) -> None:
    """America took 17% of China's exports in 2021, and China 7% of America's in 2024."""
    for pair in (Dyad("USA", "CHN"), Dyad("CHN", "USA")):
        trade = TOPICS["trade"](Between(pair, AsOf(TODAY), held))
        assert trade is not None and trade.data_to == dt.date(2024, 12, 31)
        assert trade.sentence.startswith("China took 7% of the United States' exports")
        assert "17% of China's exports of goods in 2021" in trade.sentence
        size = prominence(trade, pair, AsOf(TODAY)).size
        assert 0.3 < size < 0.4  # of the 7% that lead, and not of the 17
    trade = TOPICS["trade"](Between(Dyad("GEO", "RUS"), AsOf(TODAY), held))
    assert trade is not None and trade.data_to == dt.date(2021, 12, 31)


def test_every_heading_of_a_page_is_a_finding(held: Holdings) -> None:
    """No heading is the name of a topic alone, such as "Troops"."""
    for pair in ("SRB-CHN", "IRN-CHN", "FIN-RUS", "IND-USA", "KAZ-RUS", "KGZ-RUS", "SAU-USA"):
        a, b = pair.split("-")
        for t in findings(profile((a, b), TODAY, held, claims=False)):
            assert t.headline, f"{pair}: {t.title}: {t.sentence}"
            assert len(t.headline.split()) <= 25


def test_a_document_that_can_stand_as_a_heading_comes_first() -> None:
    def paper(name: str, day: str, words: int) -> dict[str, object]:
        what = " ".join([name] * words)
        return {
            "document": name, "period": day, "what": what, "headline": None, "form": "event",
            "grade": "B2",
        }  # fmt: skip

    day = dt.date(2026, 11, 27)
    long = paper("long", "2026-06-30", 30)
    short = paper("short", "2026-03-31", 10)
    assert [p["document"] for p in telling([long, short], [], day)] == ["short", "long"]
    named = {**long, "headline": "A few words"}
    assert telling([named, short], [], day)[0]["document"] == "long"


def test_a_treaty_read_on_a_lesser_page_comes_before_an_older_event() -> None:
    def paper(name: str, day: str, form: str, grade: str) -> dict[str, object]:
        return {
            "document": name, "period": day, "what": f"Something of {name}.", "headline": None,
            "form": form, "grade": grade,
        }  # fmt: skip

    day = dt.date(2026, 11, 27)
    event = paper("event", "2025-01-31", "event", "B2")
    treaty = paper("treaty", "2025-08-08", "treaty", "C2")
    word = paper("word", "2025-08-09", "statement", "C2")
    assert [p["document"] for p in telling([word, treaty, event], [], day)] == [
        "treaty",
        "event",
        "word",
    ]


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("SYR-RUS", "Hmeimim and Tartus"),
        ("EGY-ETH", "dam on the Blue Nile"),
        ("HUN-RUS", "Druzhba"),
        ("GRC-TUR", "Aegean"),
        ("VNM-CHN", "clash without deaths"),
        ("QAT-USA", "any armed attack on Qatar"),
        ("CHN-KHM", "Ream"),
        ("BLR-RUS", "treaty of 6 December 2024"),
        ("CUB-RUS", "military cooperation"),
        ("EGY-TUR", "framework agreement"),
        ("MMR-RUS", "military cooperation to 2030"),
        ("IRN-VEN", "20 years"),
        ("ARM-AZE", "initialled, not signed"),
    ],
)
def test_a_page_leads_with_what_an_expert_names_first(pair: str, says: str, held: Holdings) -> None:
    a, b = pair.split("-")
    assert says in findings(profile((a, b), TODAY, held, claims=False))[0].headline


def test_a_topic_below_the_floor_is_not_printed_and_an_empty_record_is() -> None:
    pair = Dyad("USA", "RUS")
    today = AsOf(TODAY)
    assert not stands_out(facet(share=0.004), pair, today)
    neutral = facet("treaties", duty="neutrality", data_to=dt.date(2018, 12, 31))
    assert not stands_out(neutral, pair, today)
    assert stands_out(facet(absent=True), pair, today)
    shown = {t.name for t in findings(profile(("DEU", "RUS"), TODAY, claims=False))}
    assert "treaties" not in shown


@pytest.mark.parametrize("pair", ["ETH-EGY", "BRA-ARG", "KOR-JPN", "IND-PAK", "FRA-DEU"])
def test_votes_on_a_war_of_others_lead_no_page(pair: str, held: Holdings) -> None:
    a, b = pair.split("-")
    assert findings(profile((a, b), TODAY, held, claims=False))[0].name != "war"


def test_a_finding_stands_once_on_a_page(held: Holdings) -> None:
    """No sentence is printed twice, and two documents with the same figures are one report."""
    for pair in ("RUS-PRK", "RUS-CHN", "TUR-AZE", "IRN-RUS", "USA-IND"):
        dyad = Dyad(*pair.split("-"))
        lines = text(ProfileQuestion().answer(Frame(dyad, AsOf(TODAY), held))).replace("\n", " ")
        for t in findings(profile(dyad, TODAY, held, claims=False)):
            for said in (t.sentence, *t.more):
                # The summary repeats a short sentence that has no heading of its own.
                most = 2 if said.rstrip(".") == t.headline else 1
                assert 1 <= lines.count(said) <= most, f"{pair} {t.name}: {said}"
    arms = sentences(profile(("RUS", "IRN"), TODAY, held, claims=False))["arms"]
    assert arms.count("Shahed-136 drones for Russia at about 6,600") == 1


def test_what_happened_of_late_leads_where_the_register_counts_nothing(held: Holdings) -> None:
    """Deeds before words, and no fact of a year of which the open register is silent."""
    for pair, says in (
        ("JPN-AUS", "Mogami"),
        ("EGY-FRA", None),
        ("DEU-FRA", None),
        ("CHN-SRB", None),
        ("RUS-BLR", None),
    ):
        topics = {
            t.name: t for t in profile(tuple(pair.split("-")), TODAY, held, claims=False).topics
        }  # type: ignore[arg-type]
        assert says is None or says in topics["arms"].sentence
        assert findings(profile(tuple(pair.split("-")), TODAY, held, claims=False))[0].name in (
            "arms",
            "treaties",
            "exercises",
        )  # type: ignore[arg-type]
    assert topics["documents"].sentence.startswith(
        "Lukashenko said that the nuclear-capable Oreshnik"
    )


def test_a_treaty_that_ended_is_not_said_to_have_never_been(held: Holdings) -> None:
    for pair in (("USA", "TWN"), ("EGY", "RUS")):
        said = sentences(profile(pair, TODAY, held, claims=False))["treaties"]
        assert "no treaty in force" in said and "up to" not in said


def test_a_year_without_a_row_of_an_incomplete_register_is_not_nought(held: Holdings) -> None:
    arms = next(
        t for t in profile(("RUS", "PRK"), TODAY, held, claims=False).topics if t.name == "arms"
    )
    to_korea = [value for group, _, value in arms.points if group == "RUS>PRK"]
    assert to_korea and all(to_korea)


def test_a_record_that_ended_long_ago_comes_after_a_newer_document() -> None:
    found = findings(profile(("IRN", "PRK"), dt.date(2026, 12, 1), claims=False))
    names = [t.name for t in found if not t.absent]
    assert names.index("arms") < names.index("agreements")


def test_broken_relations_come_before_a_treaty_that_many_share(held: Holdings) -> None:
    for pair in (("DZA", "MAR"), ("SDN", "ARE")):
        found = profile(pair, "2026-11-30", held, claims=False)
        topics = {t.name: t for t in found.topics}
        assert topics["relations"].duty == BROKEN
        assert topics["treaties"].duty == AMONG_FOES
        order = [t.name for t in findings(found)]
        assert order.index("relations") < 2
        assert order.index("relations") < order.index("treaties")


@pytest.mark.parametrize("pair", [("DZA", "MAR"), ("GEO", "RUS"), ("IRN", "SAU")], ids="-".join)
def test_relations_are_headed_by_the_newest_document_on_them(
    held: Holdings, pair: tuple[str, str]
) -> None:
    as_of = AsOf("2026-11-30")
    asked = Between(Dyad(*pair), as_of, held, documents(as_of, held))
    papers = asked.papers("relations")
    found = relations(asked)
    assert found is not None and found.sentence == papers[0]["what"]
    assert papers[0]["period"] == max(paper["period"] for paper in papers)
    assert found.heading and found.heading == papers[0]["headline"].rstrip(".")


def test_a_treaty_of_many_counts_while_relations_are_not_broken_off(held: Holdings) -> None:
    found = profile(("EGY", "MAR"), "2026-11-30", held, claims=False)
    topics = {t.name: t for t in found.topics}
    assert "relations" not in topics
    assert topics["treaties"].duty == "defence"


def test_relations_that_were_resumed_age_and_broken_ones_do_not(held: Holdings) -> None:
    for pair, freshness in ((("GEO", "RUS"), 1.0), (("DZA", "MAR"), 1.0), (("IRN", "SAU"), 0.3)):
        found = profile(pair, "2026-11-30", held, claims=False)
        relations = next(t for t in found.topics if t.name == "relations")
        assert prominence(relations, found.dyad, found.as_of).freshness == freshness


@pytest.mark.parametrize(
    "pair",
    [
        "GBR-RUS", "GBR-FRA", "GBR-UKR", "FRA-UKR", "DZA-MAR", "ISR-TUR", "PRK-USA", "IND-JPN",
        "LTU-RUS", "SDN-ARE", "COD-UGA", "HUN-UKR", "GEO-RUS", "BDI-RWA", "GAB-GNQ", "VNM-PHL",
        "NGA-CHN", "NER-FRA", "AZE-ARM", "KOR-JPN", "IND-CHN", "DEU-ISR", "LAO-CHN", "BLR-POL",
        "MNG-RUS", "BRA-FRA",
    ],
)  # fmt: skip
def test_a_pair_leads_with_a_dated_fact_and_no_vote_or_old_treaty(
    pair: str, held: Holdings
) -> None:
    a, b = pair.split("-")
    first = findings(profile((a, b), "2026-11-30", held, claims=False))[0]
    assert first.name not in ("votes", "treaties", "agreements", "trade")
    assert first.documents or first.by_document


@pytest.mark.parametrize("pair", ["VNM-PHL", "DEU-ISR", "BLR-POL", "BRA-FRA"])
def test_votes_come_after_a_dated_fact_of_another_topic(pair: str, held: Holdings) -> None:
    a, b = pair.split("-")
    second = findings(profile((a, b), "2026-11-30", held, claims=False))[1]
    assert second.name != "votes" and second.by_document


@given(st.lists(st.tuples(st.integers(1995, 2021), st.booleans()), min_size=1).map(sorted))
def test_deliveries_are_on_record_from_the_first_year_to_the_last(
    rows: list[tuple[int, bool]],
) -> None:
    """A row of five years may end after one of a single year that begins later."""
    table = [("RUS", "IND", first, five_years, 2021) for first, five_years in rows]
    years = {year for first, five in rows for year in range(first, first + (5 if five else 1))}
    assert _years_on_record(FromTo("RUS", "IND"), table) == (min(years), max(years))
    assert _years_on_record(FromTo("IND", "RUS"), table) is None


def test_chips_are_told_of_whole_years_alone(held: Holdings) -> None:
    """Of 2024 the compilation lacks reports, so that year is no fall from the year before."""
    for pair in (("TUR", "RUS"), ("HKG", "RUS")):
        found = next(
            t for t in profile(pair, TODAY, held, claims=False).topics if t.name == "technology"
        )
        assert found.last is not None
        assert (found.last.before_period, found.last.period) == ("2022", "2023")
        assert "2024" not in found.sentence


def test_a_year_earlier_is_the_year_before(held: Holdings) -> None:
    """Turkey's chips of 2018 are below what is printed: 2019 is not compared with 2017."""
    found = profile(("TUR", "RUS"), "2021-12-31", held, claims=False)
    for told in found.topics:
        if (
            told.name == "technology"
            and told.last is not None
            and "a year earlier" in told.sentence
        ):
            assert int(told.last.period) - int(told.last.before_period) == 1
