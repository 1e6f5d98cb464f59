# SPDX-License-Identifier: Apache-2.0
"""What Japan and Taiwan detected: against the sums that the ministries print themselves."""

import pytest

from bilat.measures import ask


def test_scrambles_add_up_to_the_fiscal_year_that_japan_prints() -> None:
    """Release of 17 April 2026: 214 times against Russian, 366 times against Chinese aircraft."""
    found = ask("sightings.scrambles", ("RUS", "CHN"), as_of="2026-11-30")
    year = [p for p in found.points if "2025-04" <= p.period <= "2026-03"]
    assert sum(p.value for p in year if p.group == "RUS") == 214
    assert sum(p.value for p in year if p.group == "CHN") == 366
    assert found.value("2026-06", "RUS") == 20


@pytest.mark.parametrize(("as_of", "last"), [("2026-04-16", "2026-02"), ("2026-07-24", "2026-06")])
def test_a_month_is_known_from_its_release_on(as_of: str, last: str) -> None:
    found = ask("sightings.scrambles", ("RUS", "CHN"), as_of=as_of)
    assert max(p.period for p in found.points) == last


def test_a_state_that_japan_does_not_count_is_unknown_and_not_zero() -> None:
    found = ask("sightings.scrambles", ("IND", "PAK"), as_of="2026-11-30")
    assert not found.points and "Russian and Chinese aircraft only" in found.note


def test_taiwans_months_say_which_of_them_lack_days() -> None:
    found = ask("sightings.around_taiwan", ("RUS", "CHN"), as_of="2026-11-30")
    assert found.value("2025-12", "aircraft") == 492
    assert "2026-06 has 25 of 30 days" in found.note
    assert "2026-08 has 18 of 31 days" in found.note
    assert "2025-12" not in found.note
    for month in ("2025-10", "2026-05"):
        crossed = found.value(month, "aircraft across the median line")
        assert 0 < crossed < found.value(month, "aircraft")
