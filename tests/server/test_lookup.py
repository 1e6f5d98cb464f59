# SPDX-License-Identifier: Apache-2.0
"""How pages write what agrees with a listed party."""

import pytest


@pytest.mark.parametrize(
    ("kind", "said"),
    [("exact", "exact name"), ("part", "part of the name"), ("number", "same number")],
)
def test_what_agrees_with_a_listed_party_is_said_in_words(kind: str, said: str) -> None:
    from bilat.server.page_layout import environment

    assert environment().filters["in_common"](kind) == said
    assert environment().filters["moment"](0.0) == "1 January, 00:00 UTC"
