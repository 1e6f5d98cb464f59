# SPDX-License-Identifier: Apache-2.0
"""A sentence of a lesser page says whose word it is, in the words of a reader."""

from __future__ import annotations

import pytest

from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.verdicts.evidence import documents
from bilat.verdicts.profile_voices import is_word, voiced, whose_word
from bilat.when import AsOf


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def row(originator: str, kind: str = "official", actor: str | None = None) -> dict[str, object]:
    return {
        "originator": originator,
        "originator_kind": kind,
        "actor": actor,
        "form": "event",
    }


@pytest.mark.parametrize(
    ("originator", "kind", "says"),
    [
        ("CIA", "intelligence", "the CIA"),
        ("CIA, The World Factbook", "official", "the CIA"),
        ("US Central Intelligence Agency", "intelligence", "the US Central Intelligence Agency"),
        ("European Union", "official", "the European Union"),
        ("European Union, Council", "official", "the European Union"),
        ("United States, White House", "official", "the United States"),
        ("Government of China (leader named in the text)", "official", "China's government"),
        ("President of the Philippines", "official", "the Philippines' president"),
        ("Ministry of National Defense of Taiwan", "official", "Taiwan's ministry"),
        ("Pakistan, armed forces", "official", "Pakistan's armed forces"),
        (
            "Australia and Canada, governments",
            "official",
            "the governments of Australia and Canada",
        ),
        (
            "United States and Kenya, defence ministers",
            "official",
            "the defence ministers of the United States and Kenya",
        ),
        (
            "Japan and the Philippines, defence ministers",
            "official",
            "the defence ministers of Japan and the Philippines",
        ),
        ("Philippine military, told by Reuters", "official", "the Philippine military"),
        ("Israel Defense Forces, in CSIS", "official", "the Israel Defense Forces"),
        ("Donald Trump through CNA", "official", "Donald Trump"),
        ("Reuters via Devdiscourse", "press", "Reuters"),
        ("Central News Agency citing foreign press", "press", "the Central News Agency"),
        ("Associated Press", "press", "the Associated Press"),
        ("The New York Times", "press", "The New York Times"),
        ("Bloomberg; Dmitry Peskov", "press", "Bloomberg"),
        ("Reuters (three sources)", "press", "Reuters"),
        ("Justin Bronk, RUSI", "institute", "Justin Bronk of RUSI"),
        ("Mankoff and Bergmann (CSIS)", "institute", "Mankoff and Bergmann of CSIS"),
        ("CSIS (Mark Cancian)", "institute", "CSIS"),
        ("CSIS and Asan Institute", "institute", "CSIS and Asan Institute"),
        ("Wellington Koo, defence minister of Taiwan", "official", "Wellington Koo"),
        (
            "Netherlands, defence ministry; Nieuws.nl",
            "official",
            "the Netherlands' defence ministry",
        ),
        ("unclear; same text traced by GV Wire", "press", ""),
        ("Embraer and Saab", "company", "Embraer and Saab"),
    ],
)
def test_a_voice_is_named_as_a_sentence_names_it(originator: str, kind: str, says: str) -> None:
    assert whose_word(row(originator, kind)) == says


def test_what_a_writer_thinks_of_a_treaty_is_a_word() -> None:
    treaty = {**row("CSIS", "institute"), "form": "treaty"}
    assert not is_word({**treaty, "what": "A and B signed a treaty."})
    assert is_word({**treaty, "what": "A treaty of A and B renewed trust, CSIS authors write."})
    assert not is_word({**row("A, king"), "what": "A and B signed a treaty, A's king said."})


def test_a_named_actor_is_whose_word_it_is() -> None:
    assert whose_word(row("China", actor="China's army")) == "China's army"


def test_a_voice_that_the_sentence_names_is_not_named_again() -> None:
    assert voiced("The CIA saw it", row("CIA")) == "The CIA saw it"
    assert voiced("Uruguay did it", row("CIA")) == "Uruguay did it, the CIA said"
    assert voiced("Uruguay did it", row("archived", "press")) == "Uruguay did it"


def test_no_voice_of_a_document_keeps_the_words_of_its_chain(held: Holdings) -> None:
    for paper in documents(AsOf("2026-12-02"), held).values():
        voice = whose_word(paper)
        assert not any(word in voice for word in (";", " via ", " through ", "("))
        assert not any(word in voice for word in (" told by ", " citing ", "Government of"))
