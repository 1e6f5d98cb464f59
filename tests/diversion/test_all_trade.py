# SPDX-License-Identifier: Apache-2.0
"""A file whose figures are larger than all trade between the same states is doubted aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilat.diversion.document import document
from bilat.diversion.search import divert
from bilat.document.text import text
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf

TRADE = """SELECT reporter, partner, period, value FROM flows WHERE source = 'eurostat_total_monthly'
  AND flow = 'X' AND reporter IN ('DEU', 'FRA', 'ITA') AND partner IN ('KAZ', 'KGZ', 'ARM', 'RUS')
  AND period BETWEEN '2020-01' AND '2022-12' ORDER BY ALL"""


def write(path: Path, times: float) -> Path:
    """Two goods that are a fifth of all that three members sold, as Eurostat has it."""
    rows = Holdings(embedded_folder()).connect(AsOf("2026-11-30")).connection.cursor()
    lines = ["reporter,partner,product,period,flow,value"]
    for reporter, partner, period, value in rows.execute(TRADE).fetchall():
        for product in ("850440", "848210"):
            lines.append(f"{reporter},{partner},{product},{period},X,{value * times / 10:.2f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(("times", "doubted"), [(1.0, False), (100.0, True)])
def test_a_file_in_another_currency_is_asked_about(
    tmp_path: Path, times: float, doubted: bool
) -> None:
    path = write(tmp_path / "w.csv", times)
    got = divert([path], origin="DEU,FRA,ITA", since="2022-03", window=2, cases=0)
    assert bool(got.size_doubt) == doubted
    said = " ".join(text(document(got)).split())
    assert ("Are they in another currency" in said) == doubted
    if doubted:
        # A fifth of all trade, a hundred times as large, beside the largest report that is stored.
        times_all = float(got.size_doubt.removeprefix("The figures are ").split(" times")[0])
        assert 10 <= times_all <= 20
        assert "Germany to Russia" in got.size_doubt
