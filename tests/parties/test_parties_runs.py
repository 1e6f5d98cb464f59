# SPDX-License-Identifier: Apache-2.0
"""Listed names inside fields of many words, without a mark between the name and the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.parties.match.index import NameIndex, Party
from bilat.parties.match.matching import Matcher, NameQuery
from bilat.parties.match.readings import as_written
from bilat.parties.names.apart import taken_apart
from bilat.parties.names.legal import legal_span, only_form
from bilat.parties.names.tokens import organisation, organisation_spans, paper_words, person_spans, words_of

LISTED = [
    Party("uvz", "Company", ("Uralvagonzavod Research and Production Corporation JSC",)),
    Party("almaz", "Company", ("Almaz Antey Concern",)),
    Party("kazan", "Company", ("Kazan Optical Mechanical Plant JSC",)),
    Party("rostov", "Company", ("Rostov Optical Mechanical Plant PJSC",)),
    Party("petrov", "Person", ("Anatoly Gennadievich PETRUSHENKO",)),
    Party("orion", "Company", ("Orion Trading LLC",)),
    *(
        Party(f"other{n}", "Company", (f"{w} Trading LLC",))
        for n, w in enumerate(["Sirius", "Vega", "Altair"])
    ),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(NameIndex(LISTED))


def best(matcher: Matcher, name: str, schema: str | None = None) -> tuple[str, float, str]:
    """The party of the best pair, its score, and the text that was compared."""
    pairs = matcher.pairs([NameQuery(name, schema)])
    at = int(pairs.best_per_party()[0])
    return matcher.index.ids[pairs.party[at]], float(pairs.log_odds[at]), pairs.reading[at].text


@pytest.mark.parametrize(
    ("field", "party", "text"),
    [
        ("driver waiting Almaz Antey Concern gate closed", "almaz", "Almaz Antey Concern"),
        (
            "zwrot do nadawcy Kazan Optical Mechanical Plant JSC",
            "kazan",
            "Kazan Optical Mechanical Plant JSC",
        ),
        ("под роспись Anatoly Gennadievich Petrushenko багаж", "petrov", "Anatoly Gennadievich Petrushenko"),
    ],
)
def test_a_listed_name_is_found_between_words_that_are_none(
    matcher: Matcher, field: str, party: str, text: str
) -> None:
    found = best(matcher, field)
    assert (found[0], found[2]) == (party, text)
    bare = best(matcher, text)[1]
    assert bare - 4 < found[1] < bare


def test_words_of_papers_cost_less_than_words_that_may_be_a_part_of_a_name(matcher: Matcher) -> None:
    papers = best(matcher, "warehouse Almaz Antey Concern urgent")
    others = best(matcher, "Zorbik Almaz Antey Concern Quandle")
    assert papers[0] == others[0] == "almaz"
    assert papers[1] > others[1] + 0.5


def test_a_plant_of_another_town_is_not_found_by_leaving_its_town_out(matcher: Matcher) -> None:
    pairs = matcher.pairs([NameQuery("Tambov Optical Mechanical Plant", "Company")])
    assert not any(r.run for r in pairs.reading)


def test_a_person_with_a_name_more_is_not_cut_to_the_listed_one() -> None:
    matcher = Matcher(NameIndex([Party("a", "Person", ("Maria GARCIA",))]))
    pairs = matcher.pairs([NameQuery("Maria Garcia Nikolaevna", "Person")])
    assert not any(r.run for r in pairs.reading)


def test_a_single_word_is_no_run_beside_words_that_are_not_of_papers() -> None:
    matcher = Matcher(NameIndex([Party("a", "Company", ("Nova",)), Party("b", "Company", ("Zarya Works",))]))
    for field, found in (("Quandle Nova Biotech", False), ("warehouse Nova urgent", True)):
        assert any(r.run for r in matcher.pairs([NameQuery(field)]).reading) is found


@pytest.mark.parametrize(
    ("field", "piece"),
    [
        ("приказу ПАО Ромашка", "ПАО Ромашка"),
        ("груз для Акционерное Общество «Ромашка» выдать", "Акционерное Общество Ромашка"),
        ("收货人 Romashka LLC 宁波", "Romashka LLC"),
        ("Romashka LLC left at gate", "Romashka LLC"),
    ],
)
def test_form_quotes_and_script_close_a_name_off(field: str, piece: str) -> None:
    assert piece in [p.text for p in taken_apart(field).pieces]


def test_a_suffix_form_closes_the_name_before_it_alone() -> None:
    assert not any(p.text.startswith("GmbH") for p in taken_apart("Romashka GmbH Versand Tor").pieces)


def test_forms_of_three_letters_count_inside_a_name() -> None:
    assert legal_span("приказу ООО Ромашка выдать") == (1, 2)
    assert legal_span("Romashka LLC driver") == (1, 2)


def test_forms_alone_are_no_name() -> None:
    assert only_form("a Limited") and only_form("АО") and not only_form("Alpha Limited")


WORDS = ["ooo", "alpha", "zavod", "joint", "stock", "company", "of", "the", "gmbh", "llc", "12", "bin"]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_each_token_has_its_words(words: list[str]) -> None:
    tokens, spans, families = organisation_spans(words)
    assert organisation(words) == (tokens, families)
    assert len(tokens) == len(spans) and all(0 <= a < b <= len(words) for a, b in spans)
    assert all(0 <= n < len(words) for _, n in person_spans(words))


def test_a_run_is_shown_as_it_is_written() -> None:
    assert as_written("склад АО «КАЗАНСКИЙ ЗАВОД», 3", "kazanskiy zavod") == "«КАЗАНСКИЙ ЗАВОД»"
    assert as_written("quite another", "kazanskiy zavod") == "kazanskiy zavod"


def test_words_of_papers_are_words_and_no_part_of_many_names() -> None:
    words = paper_words()
    assert len(words) > 1000 and "" not in words
    assert not words & {"trading", "oil", "invest", "group", "bank"}


def test_quotes_part_words_and_apostrophes_do_not() -> None:
    assert words_of('ООО"Ромашка"GmbH'.lower()) == ["ooo", "romashka", "gmbh"]
    assert words_of("o'brien") == ["obrien"]
