# SPDX-License-Identifier: Apache-2.0
"""Each good's own break: the month in which the EU listed it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from test_known_cases import GOODS, MONTHS, PLACES, place, quiet, write

from bilat.diversion.search import Diversion, divert
from bilat.errors import UsageError
from bilat.goods.descriptions import descriptions
from bilat.goods.sanction_dates import first_month, listed_on

NEVER = "010190"


def _code_of(day: dt.date) -> str:
    """A code that was listed on a day."""
    return next(c for c in sorted(descriptions()) if listed_on(c) == day)


LATER_CODE, LAST_CODE = _code_of(dt.date(2022, 4, 8)), _code_of(dt.date(2022, 10, 6))
HUBS = PLACES[:3]


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ((2022, 2, 25), "2022-03"), ((2022, 3, 15), "2022-03"), ((2022, 4, 8), "2022-04"),
        ((2022, 7, 21), "2022-08"), ((2022, 12, 17), "2023-01"),
    ],
)  # fmt: skip
def test_the_month_of_a_listing_is_the_first_that_lies_under_it(
    day: tuple[int, int, int], month: str
) -> None:
    assert first_month(dt.date(*day)) == month


def test_dates_are_those_of_the_list_and_of_sister_codes() -> None:
    assert listed_on("854231") == dt.date(2022, 2, 25)
    assert listed_on("870323") == dt.date(2022, 3, 15)
    assert listed_on("851771") == listed_on("851770") == dt.date(2022, 2, 25)  # HS2022 split it
    assert listed_on(NEVER) is None


def asked(path: Path, since: str) -> Diversion:
    return divert([path], origin="DEU,ITA", since=since, limit=None, cases=0, hubs=HUBS)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quiet trade in which two of the goods are renamed: one to a code listed in April, one to one of October 2022."""
    renamed = {GOODS[0]: LATER_CODE, GOODS[1]: LAST_CODE}
    trade = quiet(3)
    rows = [
        (a, b, renamed.get(p, p), t, float(v))
        for (a, b, p), values in trade.items()
        for t, v in zip(MONTHS, values, strict=True)
    ]
    return write(tmp_path_factory.mktemp("own") / "t.csv", rows)


@pytest.fixture(scope="module")
def both(file: Path) -> tuple[Diversion, Diversion]:
    return asked(file, "2022-03"), asked(file, "listed")


def test_a_good_listed_later_is_compared_about_its_own_month(
    file: Path, both: tuple[Diversion, Diversion]
) -> None:
    one, own = both
    assert own.listed and any("for 2 goods later" in n for n in own.notes)
    cells = [line.split(",") for line in file.read_text("utf-8").splitlines()[1:]]
    for code, since in ((LATER_CODE, "2022-04"), (LAST_CODE, "2022-10")):
        row = next(r for r in own.rows if r.product == code)
        assert row.window["after"] == [since, "2023-12"]
        bought = sum(
            float(c[5])
            for c in cells
            if c[0] in ("DEU", "ITA") and c[1] == row.hub and c[2] == code and c[3] >= since
        )
        assert row.into.actual == pytest.approx(bought, rel=1e-6)
        whole = place(one, row.hub, code)
        assert whole.window is None and row.into.actual < whole.into.actual
    same = next(r for r in own.rows if r.window is None)
    assert same.into.actual == place(one, same.hub, same.product).into.actual


def test_the_eu_s_dates_are_of_goods_to_russia(file: Path) -> None:
    with pytest.raises(UsageError, match="of goods to Russia"):
        divert([file], origin="DEU,ITA", target="IRN", since="listed")
