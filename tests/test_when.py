# SPDX-License-Identifier: Apache-2.0
"""Periods: what is a year, a month or a day, and nothing else."""

import pytest

from bilat.errors import UsageError
from bilat.when import Period, Years


@pytest.mark.parametrize("text", ["2018\n", "2022-03\n", "２０１８", "2018-", "201", "2022-13"])
def test_a_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        Period(text)


def test_bounds_of_years_are_years() -> None:
    with pytest.raises(UsageError, match="2022-03"):
        Years("2022-03")
