# SPDX-License-Identifier: Apache-2.0
"""Files that cannot bear a whole answer: two months, one hub, a currency that nobody names, purchases and sales of
different years. The answer says what it cannot tell, and no part of it says more than another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from test_reports import HUBS, ORIGINS, asked, world

from bilat.diversion.answer import BeforeAndSince, Diversion, NotTested
from bilat.diversion.book_sizes import odd_sizes
from bilat.diversion.document import document
from bilat.diversion.legs import Legs
from bilat.diversion.search import divert
from bilat.diversion.sentences import Untested
from bilat.diversion.words import finding
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.errors import DataError

Row = list[str]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    path = world(tmp_path_factory.mktemp("world") / "whole.csv")
    return [line.split(",") for line in path.read_text("utf-8").splitlines()]


def file_of(rows: list[Row], path: Path, keep: Callable[[Row], bool] = lambda row: True) -> Path:
    lines = [rows[0], *(row for row in rows[1:] if keep(row))]
    path.write_text("\n".join(",".join(row) for row in lines) + "\n", "utf-8")
    return path


def later(row: Row, years: int) -> Row:
    month = f"{int(row[3][:4]) + years}{row[3][4:]}"
    return [*row[:3], month, *row[4:]]


def is_sale(row: Row) -> bool:
    return row[0] in HUBS


def words(found: Diversion) -> str:
    return " ".join(text(document(found)).split())


def yearly(rows: list[Row], years: tuple[str, ...]) -> list[Row]:
    sums: dict[tuple[str, ...], float] = {}
    for row in rows[1:]:
        key = (*row[:3], row[3][:4], "X")
        sums[key] = sums.get(key, 0.0) + float(row[5])
    return [rows[0], *([*key, f"{value:.2f}"] for key, value in sums.items() if key[3] in years)]


@pytest.mark.parametrize("kind", ["two months", "two years"])
def test_where_nothing_was_tested_nothing_is_listed(
    kind: str, rows: list[Row], tmp_path: Path
) -> None:
    months = ("2022-02", "2022-06")
    table = rows if kind == "two months" else yearly(rows, ("2021", "2022"))
    path = file_of(
        table, tmp_path / "short.csv", lambda row: row[3] in months or kind == "two years"
    )
    found = asked(path)
    assert not found.rows and not found.flags and not found.named
    said = words(found)
    assert "Nothing was tested" in said and "too short for a comparison" in said
    assert "Where to look first" not in said and "chance" not in said
    assert "we cannot tell whether any hub bought or sold more than usual" in said
    assert "Data: purchases and sales" in said and "0 hubs" not in said
    data = envelope(document(found))["data"]
    assert data["rows"] == [] and data["pairs_tested"] == 0 and data["carried"] is None


@pytest.mark.parametrize(
    ("codes", "title", "first"),
    [
        (("851713",), "HS 851713 has been traded only since January 2022", "under this code"),
        (("851713", "851714"), "These 2 codes have been traded only since", "under these codes"),
    ],
)
def test_new_codes_are_as_many_in_the_text_as_in_the_title(
    codes: tuple[str, ...], title: str, first: str, rows: list[Row], tmp_path: Path
) -> None:
    found = asked(file_of(rows, tmp_path / "whole.csv"))
    bought = (("ARM", BeforeAndSince(0.0, 2e6)),)
    goods = NotTested(codes, "2022-01", BeforeAndSince(3e6, 0.0), bought)
    new = Untested(replace(found, not_tested=goods))
    assert new.title().startswith(title) and first in new.first()
    never = Untested(replace(found, not_tested=replace(goods, began=None)))
    assert never.title().startswith("Nobody bought")


def test_where_nothing_fell_a_leap_of_sales_is_still_named(tmp_path: Path) -> None:
    found = asked(world(tmp_path / "w.csv", fell=1.0))
    made = document(found)
    assert made.title.startswith("Armenia's sales to Russia rose 2.6-fold. Direct sales to Russia")
    assert "did not fall, so no route was tested" in made.title
    assert not found.rows
    assert "Sales to Russia by two hubs rose far above their past level" in made.summary[1]
    table = next(block for block in made.blocks if getattr(block, "rows", ()))
    assert all(row[-2:] == (None, None) for row in table.rows)  # nothing was likely passed on


def test_sales_after_the_last_purchase_change_nothing_and_are_named(
    rows: list[Row], tmp_path: Path
) -> None:
    whole = asked(file_of(rows, tmp_path / "whole.csv"))
    more = [later(row, 1) for row in rows[1:] if is_sale(row) and row[3] >= "2022"]
    found = asked(file_of([*rows, *more], tmp_path / "more.csv"))
    assert found.after == whole.after and found.rows == whole.rows
    assert found.total.lost == whole.total.lost
    assert (
        "Purchases by the hubs are known only to December 2022, so sales to Russia after that (to "
        "December 2023) are left out." in words(found)
    )
    assert "left out" not in words(whole)


def test_an_end_that_was_asked_for_is_no_gap(rows: list[Row], tmp_path: Path) -> None:
    more = [later(row, 1) for row in rows[1:] if is_sale(row) and row[3] >= "2022"]
    path = file_of([*rows, *more], tmp_path / "more.csv")
    found = divert(
        [path], origin=",".join(ORIGINS), only_file=True, cases=0, until="2022-10", limit=0
    )
    assert found.after[1] == "2022-10" and found.sales_apart is None


def test_purchases_and_sales_without_a_common_month_are_not_compared(
    rows: list[Row], tmp_path: Path
) -> None:
    apart = [rows[0], *(later(row, 3) if is_sale(row) else row for row in rows[1:])]
    found = asked(file_of(apart, tmp_path / "apart.csv"))
    said = words(found)
    assert found.after[1] == "2022-12" and found.carried is None
    assert "sales to Russia only from January 2023: the two cannot be compared" in said
    assert "purchases by five hubs only" in said


def test_sales_that_ended_before_sanctions_are_dated(rows: list[Row], tmp_path: Path) -> None:
    path = file_of(rows, tmp_path / "early.csv", lambda row: not is_sale(row) or row[3] < "2021")
    assert "sales to Russia are known only to December 2020" in words(asked(path))


def test_what_the_target_reports_is_counted_as_sales(rows: list[Row], tmp_path: Path) -> None:
    bought = [["RUS", row[0], row[2], row[3], "M", row[5]] for row in rows if row[1] == "RUS"]
    said = words(asked(file_of([rows[0], *bought], tmp_path / "target.csv")))
    assert "Data: sales by five hubs only" in said
    assert "No single route is likely" not in said


def test_one_hub_has_no_other_to_be_compared_with(rows: list[Row], tmp_path: Path) -> None:
    path = file_of(
        rows, tmp_path / "one.csv", lambda row: {"KGZ", "RUS"} >= {*row[:2]} - {*ORIGINS}
    )
    alone = "a rise that all hubs share looks like one of its own"
    assert alone in words(asked(path))
    whole = file_of(rows, tmp_path / "whole.csv")
    of_five = divert([whole], origin=",".join(ORIGINS), only_file=True, hubs=["KGZ"], cases=0)
    assert [hub.hub for hub in of_five.hubs] == ["KGZ"] and alone not in words(of_five)


def test_less_than_a_year_before_sanctions_is_said(rows: list[Row], tmp_path: Path) -> None:
    path = file_of(rows, tmp_path / "short.csv", lambda row: row[3] >= "2021-10")
    assert "5 months before March 2022, less than a year" in words(asked(path))
    assert "less than a year" not in words(asked(file_of(rows, tmp_path / "whole.csv")))


def test_a_currency_that_nobody_names_is_an_assumption_and_is_said(
    rows: list[Row], tmp_path: Path
) -> None:
    said = "the file names no currency, so we take USD"
    assert said in words(asked(file_of(rows, tmp_path / "unnamed.csv")))
    header = [*rows[0][:5], "value_usd"]
    assert said not in words(asked(file_of([header, *rows[1:]], tmp_path / "named.csv")))


def test_a_list_in_which_nothing_is_likely_is_not_where_to_look_first(
    rows: list[Row], tmp_path: Path
) -> None:
    calm = file_of(rows, tmp_path / "calm.csv", lambda row: {"KGZ", "ARM"}.isdisjoint(row[:2]))
    said = words(asked(calm))
    assert "Goods by amount at stake, none likely" in said and "Where to look first" not in said
    assert "at most" not in said


def test_flags_that_chance_may_explain_are_their_doubts_added_up(
    rows: list[Row], tmp_path: Path
) -> None:
    found = asked(file_of(rows, tmp_path / "whole.csv"))
    by_chance = sum(1 - row.probability for row in found.flags)
    assert len(found.flags) == 12 and 0.5 < by_chance < 1.5
    assert "12 routes stand out, about one of them expected by chance" in document(found).summary[1]


def test_a_hub_whose_unit_is_in_doubt_is_not_without_sign(rows: list[Row], tmp_path: Path) -> None:
    lira = [[*row[:5], f"{30 * float(row[5])}"] if row[0] == "TUR" else row for row in rows[1:]]
    found = asked(file_of([rows[0], *lira], tmp_path / "lira.csv"))
    assert set(found.odd_sizes) == {"TUR"}
    table = next(block for block in document(found).blocks if getattr(block, "rows", ()))
    assert {row[0]: row[1] for row in table.rows}["Turkey"] == "check its unit"


@pytest.mark.parametrize("hubs", [HUBS, ("KGZ",)])
def test_a_code_that_began_after_the_break_moves_no_expectation(
    hubs: tuple[str, ...], rows: list[Row], tmp_path: Path
) -> None:
    kept = [row for row in rows[1:] if {*row[:2]} <= {*hubs, *ORIGINS, "RUS", "CHN"}]
    renamed = [
        [*row[:2], "852491" if row[2] == "902610" and row[3] >= "2022-03" else row[2], *row[3:]]
        for row in kept
    ]
    plain = asked(file_of([rows[0], *kept], tmp_path / "plain.csv"))
    found = asked(file_of([rows[0], *renamed], tmp_path / "renamed.csv"))
    expected = {(r.hub, r.product): r.into.expected for r in found.rows}
    assert "852491" not in {product for _, product in expected}
    assert any(
        note.startswith("852491: nobody bought under these codes before") for note in found.notes
    )
    for row in plain.rows:
        if row.product != "902610":
            assert expected[row.hub, row.product] == pytest.approx(row.into.expected, rel=0.1)


def test_books_that_may_be_too_low_widen_the_sum_as_they_widen_the_hub(
    rows: list[Row], tmp_path: Path
) -> None:
    low = [[*row[:5], f"{0.3 * float(row[5])}"] if row[0] == "KGZ" else row for row in rows[1:]]
    one = [
        row for row in low if row[0] == "KGZ" or (row[0] in ORIGINS and row[1] in ("KGZ", "RUS"))
    ]
    for table in (low, one):
        found = asked(file_of([rows[0], *table], tmp_path / "low.csv"))
        hubs = {hub.hub: hub.likely for hub in found.hubs if hub.likely}
        assert found.carried is not None and hubs["KGZ"].low_books
        assert found.carried.amount.high >= max(likely.amount.high for likely in hubs.values())
    assert found.carried.amount.high == pytest.approx(hubs["KGZ"].amount.high)


def test_a_file_of_the_target_alone_is_answered_from_the_sales_of_hubs(
    rows: list[Row], tmp_path: Path
) -> None:
    """The target reports what it bought of the origins and of the hubs, and nobody else reports."""
    path = tmp_path / "target.csv"
    bought = [["RUS", row[0], *row[2:4], "M", row[5]] for row in rows[1:] if row[1] == "RUS"]
    path.write_text("\n".join(map(",".join, [rows[0], *bought])) + "\n", "utf-8")
    found = asked(path)
    made = document(found)
    assert found.fell and not found.rows
    assert made.title.startswith("Two hubs sold Russia much more than before; what they bought")
    assert "is not on record" in made.title
    assert "Kyrgyzstan" in made.summary[0] and "Armenia" in made.summary[0]
    assert "Nothing was tested" not in words(found)


def test_a_file_whose_codes_change_before_the_break_is_refused_in_one_line(
    rows: list[Row], tmp_path: Path
) -> None:
    """Codes of another revision since 2021 have no past, and those before have no present."""
    path = tmp_path / "revisions.csv"
    turned = [
        [*row[:2], f"1{row[2][1:]}" if row[3] >= "2021" else row[2], *row[3:]] for row in rows[1:]
    ]
    path.write_text("\n".join(map(",".join, [rows[0], *turned])) + "\n", "utf-8")
    with pytest.raises(DataError, match="two revisions of the Harmonized System"):
        asked(path)


def test_a_hub_whose_sales_rose_is_not_called_calm_in_its_row(
    rows: list[Row], tmp_path: Path
) -> None:
    found = asked(file_of(rows, tmp_path / "whole.csv"))
    hub = found.hubs[-1]
    sales = hub.sales
    assert sales is not None and hub.hub not in found.named
    louder = replace(sales, actual=40 * sales.before, leapt=False)
    assert finding(found, replace(hub, sales=louder)) == "sold more"
    calm = replace(sales, actual=sales.before, leapt=False)
    assert finding(found, replace(hub, sales=calm)) == finding(found, hub)


def test_a_title_on_one_route_names_its_code(rows: list[Row], tmp_path: Path) -> None:
    found = asked(file_of(rows, tmp_path / "whole.csv"))
    first = found.flags[0]
    assert found.carried is not None
    one = replace(found, rows=(first,), carried=replace(found.carried, named=(first.hub,)))
    made = document(one)
    assert f"likely passed HS {first.product} from" in made.title
    assert "One route stands out:" in made.summary[1] and "The largest" not in made.summary[1]
    assert "HS" not in document(found).title


def test_both_legs_that_rise_with_a_probable_route_are_in_the_title(
    rows: list[Row], tmp_path: Path
) -> None:
    found = asked(file_of(rows, tmp_path / "whole.csv"))
    assert found.carried is not None
    hub = next(h for h in found.hubs if h.hub == found.named[0])
    assert hub.sales is not None
    row = replace(next(r for r in found.rows if r.hub == hub.hub), probability=0.7, q_value=0.3)
    quiet = replace(hub, surged=True, sales=replace(hub.sales, leapt=False))
    doubtful = replace(found, hubs=(quiet,), rows=(row,), carried=replace(found.carried, named=()))
    assert "may have passed goods from" in document(doubtful).title
    unlikely = replace(doubtful, rows=(replace(row, probability=0.2),))
    assert document(unlikely).title.startswith("No route to Russia stands out")


def test_purchases_that_end_before_the_break_are_not_two_revisions(tmp_path: Path) -> None:
    """Legs of different years: purchases to 2021, sales of 2022, twelve codes."""
    codes = [f"8482{n}0" for n in range(1, 9)] + ["854231", "854232", "854233", "854239"]
    lines = ["reporter,partner,product,period,flow,value"]
    for code in codes:
        for month in (f"{year}-{n:02d}" for year in (2020, 2021, 2022) for n in range(1, 13)):
            if month < "2022":
                lines.append(f"DEU,KGZ,{code},{month},X,100000")
            else:
                lines.append(f"KGZ,RUS,{code},{month},X,90000")
            lines.append(f"DEU,RUS,{code},{month},X,{900000 if month < '2022-03' else 9000}")
    path = tmp_path / "years.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(DataError, match="before 2022-03 and none since"):
        divert([path], origin="DEU", only_file=True)


@pytest.mark.parametrize(("unit", "times"), [(1e-3, 1e-3), (1e3, 1e3)])
def test_a_unit_is_told_although_half_of_the_hubs_carry_routes(unit: float, times: float) -> None:
    """Five hubs sold two hundredths of what they bought; since, two sell half of it."""
    number = np.arange(5)
    bought = np.full(5, 1e8)
    shares = np.array([unit, 1.0, 1.0, 1.0, 1.0])
    nothing = np.zeros(5)

    def legs(since: list[float]) -> Legs:
        inward = {
            "hub": number,
            "before": bought,
            "after": 2 * bought,
            "rest_before": nothing,
            "rest_after": nothing,
        }
        outward = {
            "hub": number,
            "before": 0.02 * bought * shares,
            "after": np.array(since) * 2 * bought * shares,
        }
        empty = {"hub": number[:0], "before": nothing[:0], "after": nothing[:0]}
        hubs = ["KGZ", "KAZ", "ARM", "UZB", "GEO"]
        made = {"hubs": hubs, "inward": inward, "outward": outward, "sold": empty}
        return cast(Legs, SimpleNamespace(**made, books=frozenset(hubs)))

    with_routes = odd_sizes(legs([0.5, 0.5, 0.5, 0.02, 0.02]))
    assert with_routes == {"KGZ": pytest.approx(times)}
    shares[0] = 1.0
    assert not odd_sizes(legs([0.5, 0.5, 0.5, 0.02, 0.02]))
