# SPDX-License-Identifier: Apache-2.0
"""The fixed set of recurring resolutions moves with the record and never with the calendar."""

from bilat.measures import ask


def test_a_session_counts_by_the_record_and_not_by_the_calendar() -> None:
    """No roll call was held on the first of February: that the day passes makes no session over."""
    before, after = (
        ask("votes.recurring", ("RUS", "CHN"), as_of=d).points for d in ("2025-01-31", "2025-02-01")
    )
    assert before and after == before
