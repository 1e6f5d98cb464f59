# SPDX-License-Identifier: Apache-2.0
"""The ranks of draws are those of SciPy, which is not imported for them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from bilat.planning.draws import _ranks


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30))
def test_equal_values_share_their_mean_rank(values: list[int]) -> None:
    assert _ranks(np.array(values)).tolist() == rankdata(values).tolist()
