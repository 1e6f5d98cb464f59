# SPDX-License-Identifier: Apache-2.0
"""Which of two lists has a party first: counted by hand, properties, and on the lists that come with the package."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import Frame
from bilat.document.text import text
from bilat.errors import UsageError
from bilat.parties.answers.list_lead import ListsQuestion, on_list, precedences


def record(schema: str = "Company", **days: str) -> dict:
    """A joined party with a day, ``by DAY`` or nothing on each list."""
    return {
        "schema": schema,
        "listings": [
            {
                "list": name,
                "listed_on": "" if d.startswith("by") else d,
                "listed_by": d[3:] if d.startswith("by") else "",
            }
            for name, d in days.items()
        ],
    }


LISTS = [
    record(A="2022-01-01"),
    record(B="2022-01-01"),  # the first days known
    record("Vessel", A="2022-02-01", B="2022-03-01"),  # 28 days
    record("Vessel", A="2022-02-01", B="2022-06-01"),  # 120 days: in a year, not in a quarter
    record("Vessel", B="2022-06-01"),
    record("Vessel", B="2022-07-01"),
    record("Vessel", A="by 2023-06-30", B="2022-08-01"),  # on A, nobody knows since when
    record("Vessel", A="by 2021-08-18", B="2022-08-01"),  # on A before, by an edition
    record("Vessel", A="2022-02-01"),  # never followed
    record(A="2024-01-01"),
    record(B="2024-01-01"),  # the last
]


def test_shares_and_leads_counted_by_hand() -> None:
    ab, ba = (p for p in precedences(LISTS, "A", "B") if p.kind == "vessels")
    assert (ab.earlier, ab.later, ab.span) == ("A", "B", ("2022-01-01", "2024-01-01"))
    assert (ab.stood.hits, ab.stood.of) == (3, 5)
    # One stood there before anybody counted: 348 days are the least of its lead, and the middle one is known.
    assert ab.lead == 120 and not ab.lead_least and ab.followed == ("2022-02-01", "2022-02-01")
    old = [
        *LISTS,
        *(record("Vessel", A="by 2021-08-18", B=f"2022-01-{n:02d}") for n in range(2, 9)),
    ]
    (more, _) = (p for p in precedences(old, "A", "B") if p.kind == "vessels")
    assert more.lead_least and more.stood.hits == 10
    assert (ab.quarter.hits, ab.quarter.of, ab.year.hits, ab.year.of) == (1, 3, 2, 3)
    assert (ba.stood.hits, ba.stood.of, ba.lead) == (0, 3, None)


def test_the_day_of_a_list_is_its_first_and_an_edition_before_it_leaves_it_open() -> None:
    assert (
        on_list(record(A="2022-05-01", AB="2022-03-01"), "a").day == dt.date(2022, 3, 1).toordinal()
    )  # type: ignore[union-attr]
    assert on_list(record(A="2022-05-01", AB="by 2021-01-01"), "a").day == 0  # type: ignore[union-attr]
    assert on_list(record(A="2022-05-01"), "B") is None


days = (
    st.dates(dt.date(2022, 1, 1), dt.date(2023, 12, 31)).map(str)
    | st.just("by 2023-01-01")
    | st.just("")
)


@given(st.lists(st.tuples(days, days), max_size=30))
def test_hits_never_exceed_what_they_are_of_and_the_interval_holds_the_share(
    pairs: list[tuple[str, str]],
) -> None:
    records = [
        *LISTS,
        *(record("Vessel", **{k: d for k, d in zip("AB", p, strict=True) if d}) for p in pairs),
    ]
    for p in precedences(records, "A", "B"):
        for share in (p.stood, p.quarter, p.year):
            assert 0 <= share.hits <= share.of
            if share.low is not None and share.high is not None:
                assert 0 <= share.low <= share.high <= 1
        assert p.usual is None or p.usual >= 0
        assert p.lead is None or p.lead > 0


def test_the_lists_of_the_package() -> None:
    document = ListsQuestion("OFAC SDN", "US EL").answer(Frame())
    (row,) = [
        r
        for r in document.data["precedence"]
        if r["kind"] == "firms" and r["earlier"] == "OFAC SDN"
    ]
    assert (
        row["stood"]["of"] > 300
        and 0 < row["stood"]["hits"] < 100
        and row["span"][1] <= "2022-05-16"
    )
    assert "Firms: of " in document.summary[0]
    page = text(document)
    assert (
        "is not the chance of one party" in " ".join(page.split())
        and max(map(len, page.splitlines())) <= 80
    )
    alone = document.data["alone"]["OFAC SDN"]
    assert alone[0]["kind"] == "Vessel"
    assert not {r["party"] for r in alone} & {r["party"] for r in document.data["alone"]["US EL"]}


def test_additions_under_a_programme_alone() -> None:
    whole, some = (
        ListsQuestion("OFAC SDN", "US EL", programme=g).answer(Frame()) for g in ((), ("russia*",))
    )
    of = [
        next(
            r["stood"]["of"]
            for r in d.data["precedence"]
            if (r["kind"], r["later"]) == ("firms", "OFAC SDN")
        )
        for d in (whole, some)
    ]
    assert 0 < of[1] < of[0]
    with pytest.raises(UsageError, match="NARNIA"):
        ListsQuestion("OFAC SDN", "US EL", programme=("NARNIA*",)).answer(Frame())


@pytest.mark.parametrize(
    ("one", "two", "says"),
    [("", "EU", "a list"), ("OFAC SDN", "Narnia", "Narnia"), ("US EL", "us el", "two different")],
)
def test_a_list_that_is_none_is_refused(one: str, two: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        ListsQuestion(one, two).answer(Frame())
