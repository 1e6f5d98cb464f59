# SPDX-License-Identifier: Apache-2.0
"""What the words of the search box name: a state, a code of goods, and who is asked for beside them."""

import pytest

from bilat.server.lookup import Hit, SearchWords, matching, split_words


@pytest.mark.parametrize(
    ("text", "state", "code", "who"),
    [
        ("Sberbank", "", "", "Sberbank"),
        ("kgz", "KGZ", "", ""),
        ("Ivan Ivanov Kyrgyzstan", "KGZ", "", "Ivan Ivanov"),
        ("Guinea-Bissau", "GNB", "", ""),  # the longest name, and not Guinea
        ("8542.31 Hong Kong", "HKG", "854231", ""),
        ("unit 29155", "", "", "unit 29155"),
        ("us el", "", "", "us el"),
    ],
)
def test_a_state_and_a_code_are_read_beside_a_name(
    text: str, state: str, code: str, who: str
) -> None:
    assert split_words(text) == SearchWords(state, code, who)


def test_hits_are_sorted_by_id_then_beginning_then_title() -> None:
    ids = ("other", "arms.text", "arms.title", "arms", "about")
    titles = {"arms.title": "Arms sold", "about": "Of arms"}
    hits = [Hit(id, titles.get(id, ""), "", "") for id in ids]
    found = matching(["arms"], [("arms", hit) for hit in hits])
    assert [hit.id for hit in found.hits] == ["arms", "arms.title", "arms.text", "about", "other"]
    assert matching(["arms", "tanks"], [("arms", hits[0])]).total == 0


@pytest.mark.parametrize(
    ("kind", "said"),
    [("exact", "exact name"), ("part", "part of the name"), ("number", "same number")],
)
def test_what_agrees_with_a_listed_party_is_said_in_words(kind: str, said: str) -> None:
    from bilat.server.page_layout import environment

    assert environment().filters["in_common"](kind) == said
    assert environment().filters["moment"](0.0) == "1 January, 00:00 UTC"
