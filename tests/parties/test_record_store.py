# SPDX-License-Identifier: Apache-2.0
"""Records come back from their blocks as they were put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.parties.lists.record_store import RecordStore

_RECORDS = st.lists(
    st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.none(), max_size=3),
    max_size=40,
)


@given(_RECORDS)
def test_records_come_back_by_number_and_in_order(records: list[dict[str, str | None]]) -> None:
    store = RecordStore.of(records)
    again = RecordStore.from_kept(store.kept())
    for found in (store, again):
        assert len(found) == len(records)
        assert [*found] == records
        assert [found[n] for n in range(len(records))] == records


def test_a_text_is_found_in_the_records_that_have_it() -> None:
    store = RecordStore.of(
        [{"id": f"p{n}", "name": "Яблоко" if n % 7 == 0 else ""} for n in range(40)]
    )
    assert [*store.having("Яблоко")] == [0, 7, 14, 21, 28, 35]
    assert [*store.having("p3")] == [3]
    assert [*store.having("p")] == []


def test_a_changed_record_changes_nobody_elses() -> None:
    store = RecordStore.of([{"a": 1}, {"a": 2}])
    store[0]["a"] = 3
    assert [*store] == [{"a": 1}, {"a": 2}]


def test_no_record_has_a_number_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        RecordStore.of([])[0]
