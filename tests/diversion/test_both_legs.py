# SPDX-License-Identifier: Apache-2.0
"""Where hubs' sales are stored their pairs decide: made-up figures whose answer is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reports import MONTHS as REPORTED_MONTHS
from test_reports import ORIGINS, world

from bilat.cli import main
from bilat.diversion.candidates import lost_probability
from bilat.diversion.document import document
from bilat.diversion.levels import ends
from bilat.diversion.likely_amounts import _carrying
from bilat.diversion.search import divert
from bilat.statistics import fisher_greater

MONTHS = [f"2022-{m:02d}" for m in range(1, 13)]


def test_goods_that_kept_their_direct_trade_are_told_from_those_that_lost_it() -> None:
    rng = np.random.default_rng(1)
    fall = np.concatenate([rng.normal(0.1, 0.15, 60), rng.normal(2.3, 0.4, 25), [0.4, 1.1]])
    lost = lost_probability(fall, fall > 1.0, np.ones(len(fall), dtype=bool))
    assert lost[:60].max() < 0.3 and lost[60:85].min() > 0.9
    assert (
        lost[-2] < 0.5 < lost[-1]
    )  # a third less is noise of these goods; two thirds less is a loss


@given(st.lists(st.floats(-2, 5), min_size=25, max_size=60))
def test_a_deeper_fall_is_never_less_of_a_loss(falls: list[float]) -> None:
    fall = np.array(falls)
    lost = lost_probability(fall, fall > 1.0, np.ones(len(fall), dtype=bool))
    assert (np.diff(lost[np.argsort(fall, kind="stable")]) >= 0).all()
    assert ((lost >= 0) & (lost <= 1)).all()


def test_a_deep_fall_is_a_loss_however_widely_the_falls_are_spread() -> None:
    # Half of the goods fell by 63 to 95%, and a few stopped: these alone are one distribution.
    falls = np.concatenate(
        [np.linspace(-0.6, 0.6, 60), np.linspace(1.0, 3.0, 50), np.full(12, 9.0)]
    )
    found = lost_probability(falls, falls > 0.7, np.ones(len(falls), dtype=bool))
    assert (found[falls >= 1.0] == 1.0).all()
    assert found[falls < 0.0].max() < 0.5


def test_with_few_goods_the_cut_decides() -> None:
    fall = np.array([0.1, 2.0, 3.0])
    assert lost_probability(fall, fall > 1, np.ones(3, dtype=bool)).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ([10.0] * 6 + [0.5] * 6, "2022-06"),
        ([10.0] * 12, None),
        ([1.0] * 6 + [10.0] * 6, None),
        ([10.0] * 10 + [0.0] * 2, None),  # two months are no end
        ([10.0, None, 9.0, 11.0, 10.0, 9.0, 0.0, 0.0, None, 0.0, 0.1, 0.0], "2022-06"),
    ],
)
def test_a_flow_has_stopped_where_it_falls_below_a_quarter_for_three_periods(
    values: list[float | None], last: str | None
) -> None:
    assert ends(values, MONTHS) == last


def test_hubs_are_named_until_they_carry_nearly_all() -> None:
    assert _carrying(["A", "B", "C"], [90.0, 9.0, 1.0]) == ["A", "B"]
    assert _carrying([], []) == []


def test_fisher_s_exact_test_has_the_value_of_the_tea_tasting() -> None:
    # Fisher 1935: three of four cups right against one of four: 17/70.
    assert fisher_greater(3, 4, 1, 4) == pytest.approx(17 / 70)


def test_sales_to_another_member_of_the_customs_union_stand_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = world(tmp_path / "w.csv")
    more = [
        f"KGZ,KAZ,854210,{month},X,{1e5 if month < '2022-05' else 9e5:.0f}"
        for month in REPORTED_MONTHS
    ]
    path.write_text(path.read_text("utf-8") + "\n".join(more) + "\n", "utf-8")
    asked = ["--origin", ",".join(ORIGINS), "--only-file", "--json"]
    with pytest.raises(SystemExit):
        main(["divert", str(path), *asked])
    data = json.loads(capsys.readouterr().out)["data"]
    (sales,) = data["union"]
    assert (sales["hub"], sales["member"]) == ("KGZ", "KAZ") and sales["after"] > 7 * sales[
        "before"
    ]
    assert sorted(data["carried"]["named"]) == ["ARM", "KGZ"]


def test_suppliers_of_foreign_goods_are_others_than_the_origins(tmp_path: Path) -> None:
    rows = [["reporter", "partner", "product", "period", "flow", "value_usd"]]
    for month in (f"{year}-{n:02d}" for year in (2020, 2021, 2022, 2023) for n in range(1, 13)):
        late = month >= "2022-05"
        bought = {"DEU": 2e5, "USA": 1e5, "VNM": 3e7 if late else 2e5}
        rows += [["ARM", s, "851713", month, "M", str(v)] for s, v in bought.items()]
        if late:
            rows.append(["ARM", "RUS", "851713", month, "X", "3e7"])
        rows.append(["ARM", "GEO", "851713", month, "X", "5e4"])
    path = tmp_path / "phones.csv"
    path.write_text("\n".join(map(",".join, rows)) + "\n", "utf-8")
    made = document(divert([path]))
    assert "Vietnam supplied the goods, not Germany" in made.title
    assert "The suppliers were Vietnam" in made.summary[0]
    assert "little of what Germany and the United States sold" in made.summary[0]
