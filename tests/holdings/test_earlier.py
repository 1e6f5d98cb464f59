# SPDX-License-Identifier: Apache-2.0
"""Holdings without what became public after a day: later dates see the rows of that day."""

from bilat.holdings import Holdings
from bilat.when import AsOf

BEFORE, DAY, LATER = AsOf("2022-06-01"), AsOf("2023-12-01"), AsOf("2026-11-24")
NAMES = ("baskets", "losses", "events")
ALL = "SELECT * FROM {} ORDER BY ALL"


def test_a_later_date_sees_the_rows_of_the_day_and_an_earlier_date_its_own() -> None:
    held = Holdings()
    earlier = held.known_by(DAY)
    assert held.known_by(DAY) is earlier
    assert earlier.digest not in (held.digest, held.known_by(BEFORE).digest)
    for kept in (earlier, earlier.only(NAMES, {"losses": ["*"]})):
        for name in NAMES:
            query = ALL.format(name)
            rows = kept.connect(LATER, query).table(query)
            assert rows.equals(held.connect(DAY, query).table(query)), name
            assert kept.visible([name], LATER) == held.visible([name], DAY)
            assert kept.visible([name], BEFORE) == held.visible([name], BEFORE)
    assert held.visible(NAMES, LATER) != held.visible(NAMES, DAY)
    held.close()


def test_a_list_that_is_complete_until_later_stays_so() -> None:
    """Time passes over the same rows: a source with an edition of today goes as far as the date."""
    held = Holdings()
    earlier = held.known_by(DAY)
    until = {a.source: a.to for a in earlier.ages(NAMES, LATER)}
    assert {a.source for a in held.ages(NAMES, DAY)} == until.keys()
    assert all(until[a.source] >= a.to for a in held.ages(NAMES, DAY))
    assert any(until[a.source] > DAY.date for a in held.ages(NAMES, DAY))
    held.close()
