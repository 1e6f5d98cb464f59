# SPDX-License-Identifier: Apache-2.0
"""A new edition of a list is judged by who disappeared, for the time that has passed, and by who stands on it twice."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.catalog import source
from bilat.files.text import is_mojibake
from bilat.holdings import Store
from bilat.holdings.acceptance import Pulled, take_in
from bilat.holdings.list_comparison import ListEdition, complaints

Rows = list[dict[str, Any]]
LAST = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _nothing_embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bilat.holdings.acceptance.embedded_folder", lambda: tmp_path / "empty")


def entries(count: int = 1000) -> Rows:
    """A made-up list with two regimes of six parties in a hundred each, and one of the rest."""
    regimes = {0: "NAURU", 1: "TUVALU"}
    return [
        {
            "n": n,
            "name": f"ТОРГ Товарищество {n}",
            "regime": regimes.get(n * 100 // count // 6, "OTHER"),
            "listed": "2024-03-01",
        }
        for n in range(count)
    ]


def un_list(rows: Rows, day: dt.date) -> bytes:
    """The rows in the form of the UN's list."""
    entities = "".join(
        f"<ENTITY><DATAID>{690000 + r['n']}</DATAID><VERSIONNUM>1</VERSIONNUM>"
        f"<FIRST_NAME>{r['name']}</FIRST_NAME><UN_LIST_TYPE>{r['regime']}</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>XXe.{r['n']:05}</REFERENCE_NUMBER><LISTED_ON>{r['listed']}</LISTED_ON>"
        f"<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>MUT {r['n']}</ALIAS_NAME></ENTITY_ALIAS>"
        "<ENTITY_ADDRESS><COUNTRY>Iran</COUNTRY></ENTITY_ADDRESS></ENTITY>"
        for r in rows
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{day}T04:00:00.000Z">'
        f"<INDIVIDUALS></INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def second(tmp_path: Path, rows: Rows, *, days: int = 7, first: Rows | None = None) -> Pulled:
    """Hold the made-up list, then hand over what became of it so many days later; how that ends."""
    one = source("un_sc")
    file = one.current[0].file().model_copy(update={"min_rows": 1})
    store = Store(tmp_path / "h")
    before = tmp_path / "before.xml"
    before.write_bytes(un_list(first or entries(), LAST - dt.timedelta(days=days)))
    assert take_in(one, file, before, store).status == "added"
    after = tmp_path / "after.xml"
    after.write_bytes(un_list(rows, LAST))
    from bilat.holdings.births import Quarantined

    try:
        return take_in(one, file, after, store)
    except Quarantined as e:
        assert [d["sha256"] for d in store.entries()] != [], "the earlier edition stays"
        return Pulled(one.name, file.path, "quarantined", why=str(e))


def without(rows: Rows, share: float, seed: int = 7) -> Rows:
    """The rows without a share of them, drawn by lot."""
    gone = set(random.Random(seed).sample(range(len(rows)), int(share * len(rows))))
    return [r for i, r in enumerate(rows) if i not in gone]


def test_a_batch_that_left_is_taken_in_and_a_tenth_is_held_back(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert second(tmp_path / "a", without(entries(), 0.015)).status == "added"
    (tmp_path / "b").mkdir()
    done = second(tmp_path / "b", without(entries(), 0.1))
    assert done.status == "quarantined"
    assert "100 of 1,000 parties are gone before their own end date" in done.why


def test_what_may_be_gone_grows_with_the_time_that_passed(tmp_path: Path) -> None:
    for days, status in ((7, "quarantined"), (900, "added")):
        (tmp_path / str(days)).mkdir()
        done = second(tmp_path / str(days), without(entries(), 0.12), days=days)
        assert done.status == status, done


def test_a_programme_that_is_gone_whole_is_held_back(tmp_path: Path) -> None:
    few = [r for r in entries(5000) if r["regime"] != "NAURU" or r["n"] > 40]
    rows = [r for r in few if r["regime"] != "NAURU"]
    done = second(tmp_path, rows, first=few, days=30)
    assert done.status == "quarantined"
    assert "NAURU is gone with all its" in done.why


@pytest.mark.parametrize("share", [0.005, 0.01])
def test_a_list_that_lacks_its_end_is_held_back(share: float, tmp_path: Path) -> None:
    rows = entries()
    done = second(tmp_path, rows[: len(rows) - int(share * len(rows))])
    assert done.status == "quarantined"
    assert f"the last {int(share * len(rows))} parties of the list are gone" in done.why


def test_a_list_in_another_order_is_the_same_list(tmp_path: Path) -> None:
    rows = entries()
    random.Random(3).shuffle(rows)
    assert second(tmp_path, rows).status == "unchanged"


def test_a_list_whose_entries_were_numbered_anew_is_not_a_new_list(tmp_path: Path) -> None:
    rows = [{**r, "n": r["n"] + 5000} for r in entries()]
    done = second(tmp_path, rows)
    assert "gone before" not in done.why


def test_names_in_the_wrong_encoding_are_held_back(tmp_path: Path) -> None:
    rows = entries()
    for r in rows[::9]:
        r["name"] = r["name"].encode("utf-8").decode("latin-1")
    done = second(tmp_path, rows)
    assert done.status == "quarantined"
    assert "names came in the wrong encoding" in done.why


def test_parties_that_stand_twice_under_new_numbers_are_held_back(tmp_path: Path) -> None:
    rows = entries()
    done = second(tmp_path, [*rows, *({**r, "n": r["n"] + 5000} for r in rows[:300])])
    assert done.status == "quarantined"
    assert "of the parties stand on the list twice" in done.why


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.05, 0.95))
def test_whatever_is_cut_beyond_the_bound_is_said(
    seed: int, share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = second(
        tmp_path_factory.mktemp("x"), without(entries(400), share, seed), first=entries(400)
    )
    assert done.status == "quarantined"


REGISTRY = [
    ("jp_end_users", "jp_meti_end_user_list_2026-07-20.json"),
    ("cn_announcements", "cn_mofcom_lists_2026-07-19.json"),
]


@pytest.mark.parametrize(
    ("text", "is_spoilt"),
    [
        ("Société Générale", False),
        ("Société Générale".encode().decode("latin-1"), True),
        ("Завод".encode().decode("cp1252", "ignore"), True),
        ("ТОВ «Ромашка»", False),
        ("中国电子", False),
        ("中国电子".encode().decode("latin-1"), True),
        ("Ñandú Ltda", False),
        ("Ã", False),
        ("plain", False),
    ],
)
def test_mojibake_is_told_from_names(text: str, is_spoilt: bool) -> None:
    assert is_mojibake(text) == is_spoilt


def edition(parties: int, gone: int = 0, *, programme: str = "NAURU", listings: bool = True) -> Any:
    """An edition of a made-up list without its first parties; ``programme`` is that of the first
    ten, and the others have another."""
    import pyarrow as pa

    from bilat.holdings.list_comparison import ListEdition

    numbers = range(gone, parties)
    names = [f"Party {n}" for n in numbers]
    made = {"parties": pa.table({"party": [str(n) for n in numbers], "name": names})}
    for column in ("schema", "countries", "born", "identifiers"):
        none = pa.nulls(len(numbers), pa.string())
        made["parties"] = made["parties"].append_column(column, none)
    if listings:
        made["listings"] = pa.table(
            {
                "party": [str(n) for n in numbers],
                "list": ["UN"] * len(numbers),
                "programme": [programme if n < 10 else "OTHER" for n in numbers],
                "until": pa.nulls(len(numbers), pa.date32()),
            }
        )
    return ListEdition(made, LAST)


def test_of_a_programme_that_is_gone_it_is_said_how_many_of_its_parties_are() -> None:
    from bilat.holdings.list_comparison import complaints

    whole = list(complaints(edition(5000), edition(5000, 10)))
    assert any("UN NAURU is gone with all its 10 parties" in said for said in whole)
    half = list(complaints(edition(5000), edition(5000, 6, programme="RENAMED")))
    assert any("UN NAURU is gone, and 6 of its 10 parties with it" in said for said in half)


def test_an_edition_without_listings_is_compared_by_what_it_has() -> None:
    from bilat.holdings.list_comparison import complaints

    said = list(complaints(edition(5000), edition(5000, listings=False)))
    assert any("have no list in listings any more" in one for one in said)


def test_a_party_without_a_name_hides_no_other_that_is_gone() -> None:
    """In SQL nothing is unlike a name that is NULL: one such row made every party seem present."""
    parties = [{"party": f"p{n}", "name": f"Firm {n}"} for n in range(200)]
    kept = parties[:150]
    day = dt.date(2026, 11, 20)

    def said(before: list[Any], now: list[Any]) -> list[str]:
        columns = {"schema": "Company", "countries": "RUS", "born": "", "identifiers": ""}
        editions = []
        for rows in (before, now):
            made = pa.Table.from_pylist([row | columns for row in rows])
            editions.append(ListEdition({"parties": made}, day))
        return list(complaints(*editions))

    nameless = {"party": "x", "name": None}
    whole = said(parties, kept)
    assert whole[0].startswith("50 of 200 parties are gone")
    assert said(parties, [*kept, nameless])[0] == whole[0]
    assert said([nameless, *parties], kept)[0].startswith("51 of 201 parties are gone")
    assert said([nameless, *parties], [*kept, nameless])[0].startswith("50 of 201 parties are gone")
