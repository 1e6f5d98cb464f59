# SPDX-License-Identifier: Apache-2.0
"""Falls of direct sales by 50 to 60%: what is a loss depends on the other goods of the file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from bilat.diversion.candidates import CandidatePairs, direct_fall, lost_probability
from bilat.diversion.legs import Legs

CALM = [0.0, 0.02, 0.05, 0.08, -0.05, 0.1, -0.02, 0.04, 0.06, -0.08]


def has_fallen(falls: list[float]) -> np.ndarray:
    """Whether direct trade fell, by product; ``falls``: as shares of what was sold before."""
    before = np.full(len(falls), 1e8)
    span = SimpleNamespace(offset=1.0, post=["2022"])
    legs = SimpleNamespace(direct_held=True, direct={}, products=falls, span=span)
    after = before * (1 - np.array(falls))
    pairs = SimpleNamespace(before=before, after=after)
    nothing = np.zeros(len(falls))
    _, fallen = direct_fall(cast(Legs, legs), cast(CandidatePairs, pairs), nothing, late=False)
    return fallen


@pytest.mark.parametrize("share", [0.5, 0.55, 0.6])
def test_half_a_fall_is_one_where_the_others_did_not_fall(share: float) -> None:
    fallen = has_fallen([*CALM, share, share, share])
    assert fallen.tolist() == [False] * len(CALM) + [True] * 3


@pytest.mark.parametrize("share", [0.5, 0.55, 0.6])
def test_half_a_fall_is_none_where_the_others_were_cut_off(share: float) -> None:
    """A file of banned goods: what was cut to a twentieth sets the cut, at 63% at most."""
    fallen = has_fallen([*CALM, *[0.95] * 20, share])
    assert fallen.tolist() == [False] * len(CALM) + [True] * 20 + [False]
    deeper = has_fallen([*CALM, *[0.95] * 20, 0.65])
    assert deeper[-1]


def test_a_fall_between_the_two_kinds_is_a_loss_with_a_chance_that_grows() -> None:
    """Goods that fell by 40 to 80%, beside calm ones: no step from certain to impossible."""
    shares = np.concatenate([np.linspace(-0.2, 0.3, 30), np.linspace(0.4, 0.8, 30)])
    falls = -np.log(1 - shares)
    chance = lost_probability(falls, falls > 0.7, np.ones(len(falls), dtype=bool))
    assert np.all(np.diff(chance) >= 0)
    between = chance[(shares >= 0.5) & (shares <= 0.6)]
    assert between.min() > 0.5
    assert chance[0] == 0.0 and chance[-1] == 1.0
