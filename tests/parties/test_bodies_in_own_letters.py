# SPDX-License-Identifier: Apache-2.0
"""Bodies in Arabic, Persian and Korean letters, which lists write in translation."""

from __future__ import annotations

import numpy as np
import pytest

from bilat.parties.match.bodies import is_kind_of_body, states_in_name
from bilat.parties.match.index import NameIndex, Party
from bilat.parties.match.matcher import Matcher, NameQuery
from bilat.parties.match.prefilter import reach
from bilat.parties.names.forms import forms
from bilat.parties.names.legal import only_kind_and_place

PARTIES = (
    Party("guards", "LegalEntity", ("Islamic Revolutionary Guard Corps",)),
    Party("bank", "LegalEntity", ("Central Bank of Iran",)),
    Party("kwangson", "LegalEntity", ("Korea Kwangson Banking Corporation",)),
    Party("credit", "LegalEntity", ("Daedong Credit Bank",)),
    Party("person", "Person", ("محمد حسن رضا",)),
    Party("houthis", "LegalEntity", ("al-Huthiyyin",)),
    Party("houthi", "Person", ("Houthi",)),
    Party("hamas", "LegalEntity", ("Hamas",)),
    Party("quds", "LegalEntity", ("Quds Corps",)),
    Party("tanker", "LegalEntity", ("National Iranian Tanker Company",)),
    Party("atom", "LegalEntity", ("Atomic Energy Organization of Iran",)),
    Party("mining", "LegalEntity", ("Korea Mining Development Trading Corporation (KOMID)",)),
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(NameIndex(PARTIES))


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("الحرس الثوري الإسلامي", "guards"),
        ("البنك المركزي الإيراني", "bank"),
        ("بانک مرکزی ایران", "bank"),
        ("조선광선은행", "kwangson"),
        ("대동신용은행", "credit"),
        ("الحوثيون", "houthis"),
        ("حركة حماس", "hamas"),
        ("Hamas Movement", "hamas"),
        ("فيلق القدس", "quds"),
        ("شرکت ملی نفتکش ایران", "tanker"),
        ("سازمان انرژی اتمی ایران", "atom"),
        ("伊斯兰革命卫队", "guards"),
        ("朝鲜光鲜银行", "kwangson"),
        ("朝鮮光鮮銀行", "kwangson"),
        ("朝鲜矿业发展贸易公司", "mining"),
    ],
)
def test_a_native_name_finds_its_body(matcher: Matcher, name: str, party: str) -> None:
    pairs = matcher.pairs([NameQuery(name)], every=True)
    best = pairs.best_per_party()[0]
    assert matcher.index.ids[int(pairs.party[best])] == party
    assert pairs.log_odds[best] > 0


def test_articles_of_translated_words_say_nothing() -> None:
    first = forms("الحرس الثوري", person=False)[0]
    assert first.tokens == ("guard", "revolution")
    assert "al" in forms("القاعدة", person=False)[0].tokens  # a name of one word keeps it


def test_an_arabic_name_with_an_article_is_no_state() -> None:
    """The two letters that are Latin in it were looked up as a state, Albania."""
    assert not only_kind_and_place("جماعة al حوثي")
    assert only_kind_and_place("بنك al كويت")


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("وزارة الدفاع السعودية", "SAU"),
        ("البنك المركزي المصري", "EGY"),
        ("وزارة الدفاع الإيرانية", "IRN"),
        ("بانک مرکزی ایران", "IRN"),
    ],
)
def test_arabic_adjectives_name_states(name: str, state: str) -> None:
    assert states_in_name(name) == {state}
    assert is_kind_of_body(name)


def test_names_in_own_letters_are_looked_at_only_where_they_can_matter(matcher: Matcher) -> None:
    """Names with the consonants of a listed one reach the bar, others and parts of it do not."""
    names = ["Mohammad Hassan Reza", "Muhammed Hasan Riza", "Mohammad Trading", "Global Energy"]
    found = reach(matcher, names, [True, True, False, False], 0.0)
    assert np.all(found[:2] >= 0)
    assert np.all(found[2:] < 0)


def test_characters_are_read_in_korean_where_the_name_says_korea() -> None:
    assert any("kvangson" in form.tokens for form in forms("朝鲜光鲜银行", person=False))
    assert not any("kvangson" in form.tokens for form in forms("光鲜银行", person=False))
