# SPDX-License-Identifier: Apache-2.0
"""Markings: what a text means, who may have what, and what comes of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.handling import PUBLIC, TLP, UNMARKED, Marking, is_marking, join, marked

STATES = ["DEU", "EST", "POL", "USA"]
markings = st.builds(
    lambda tlp, states: Marking(tlp, None if tlp == "CLEAR" else states),
    st.sampled_from(TLP),
    st.none() | st.frozensets(st.sampled_from(STATES)),
)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("amber", Marking("AMBER")),
        ("TLP:AMBER+STRICT", Marking("AMBER+STRICT")),
        ("TLP:GREEN REL EST POL", Marking("GREEN", frozenset({"EST", "POL"}))),
        ("TLP:GREEN//REL TO Poland, EST", Marking("GREEN", frozenset({"EST", "POL"}))),
        ("TLP:RED REL NONE", Marking("RED", frozenset())),
    ],
)
def test_what_a_text_means(text: str, means: Marking) -> None:
    assert (
        Marking.parse(text) == means
        and Marking.parse(str(means)) == means
        and is_marking(str(means))
    )


@pytest.mark.parametrize(
    "text", ["", "WHITE", "TLP:CLEAR REL POL", "AMBER REL", "AMBER REL Atlantis", "RED; DROP"]
)
def test_a_text_that_is_no_marking_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Marking.parse(text)
    assert not is_marking(text)


def test_what_bears_none_counts_as_amber() -> None:
    assert marked(" ") == UNMARKED == Marking("AMBER") and join([]) == PUBLIC


def test_releasable_to_two_does_not_leave_to_three_or_to_everybody() -> None:
    two = Marking.parse("GREEN REL EST POL")
    assert two.may_leave_in(Marking.parse("GREEN REL EST POL")) and two.may_leave_in(
        Marking.parse("RED REL POL")
    )
    assert not two.may_leave_in(Marking.parse("GREEN REL EST POL USA")) and not two.may_leave_in(
        Marking("RED")
    )
    assert not two.may_leave_in(Marking("CLEAR"))


@given(markings, markings, markings)
def test_a_joined_marking_lets_out_no_more_than_either(
    a: Marking, b: Marking, export: Marking
) -> None:
    both = a.joined(b).may_leave_in(export)
    assert both == (a.may_leave_in(export) and b.may_leave_in(export))
    assert a.joined(b) == b.joined(a) and a.joined(a) == a
