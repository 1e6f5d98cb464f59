# SPDX-License-Identifier: Apache-2.0
"""Files of one question meet at one level of the HS and in one currency, or are refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from bilat.engine import DuckDB
from bilat.errors import DataError
from bilat.formats.trade import Reports, read
from bilat.units.exchange import usd_per_eur

COMEXT = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,"
    "VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
)
V1 = (
    "typeCode,freqCode,period,reporterCode,flowCode,partnerCode,partner2Code,cmdCode,customsCode,motCode,netWgt,"
    "primaryValue\n"
)
FLOWS = "reporter,partner,product,period,flow,value,quantity\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def comext(path: Path, *rows: tuple[str, str, str, str, int, int]) -> Path:
    """Exports: reporter, partner, CN8, month, euros, kilograms."""
    line = "{},{},E,{},74610,2,1,NO_SU,{},{},{},{},0\n"
    return write(
        path, COMEXT + "".join(line.format(a, b, c, m, v, v, q) for a, b, c, m, v, q in rows)
    )


def comtrade(path: Path, *rows: tuple[int, int, str, str, int]) -> Path:
    """Exports: reporter, partner, HS6, month, dollars."""
    line = "C,M,{},{},X,{},0,{},C00,0,1,{}\n"
    return write(path, V1 + "".join(line.format(m, a, b, c, v) for a, b, c, m, v in rows))


def figures(found: Reports) -> dict[tuple[str, str, str, str], tuple[float, float | None]]:
    return {
        (r["reporter"], r["partner"], r["product"], r["period"]): (r["value"], r["quantity"])
        for p in found.paths
        for r in pq.read_table(p).to_pylist()
    }


def leg_one(path: Path) -> Path:
    return comext(
        path,
        ("DE", "KG", "84821010", "202106", 100, 3),
        ("DE", "KG", "84821090", "202106", 50, 2),
        ("DE", "KG", "84821010", "202206", 900, 30),
        ("DE", "KG", "84821090", "202206", 500, 0),
    )


def leg_two(path: Path) -> Path:
    return comtrade(path, (417, 643, "848210", "202106", 10), (417, 643, "848210", "202206", 800))


def test_comext_in_euros_goes_beside_comtrade_in_dollars_at_hs6(tmp_path: Path) -> None:
    found = read([leg_one(tmp_path / "comext.csv"), leg_two(tmp_path / "kgz.csv")], tmp_path)
    rate = usd_per_eur()
    assert found.currency == "USD"
    got = figures(found)
    assert got["DEU", "KGZ", "848210", "2021-06"] == (pytest.approx(150 * rate["2021"]), 5.0)
    value, kilos = got["DEU", "KGZ", "848210", "2022-06"]
    # One of the two codes has no weight: the weight of the sum is unknown, not that of the other code.
    assert (value, kilos) == (pytest.approx(1400 * rate["2022"]), None)
    assert got["KGZ", "RUS", "848210", "2022-06"] == (800.0, 1.0)
    assert any("comext.csv: its codes of 8 digits are summed to HS6" in n for n in found.notes)
    assert any(
        "converted to USD (kind: derived)" in n
        and "2021 1.1827, 2022 1.0530" in n
        and "EXR.A.USD.EUR" in n
        for n in found.notes
    )


def test_the_sums_are_those_of_the_raw_files(tmp_path: Path) -> None:
    one = leg_one(tmp_path / "comext.csv")
    found = read([one, leg_two(tmp_path / "kgz.csv")], tmp_path)
    raw = duckdb.sql(
        f"SELECT sum(VALUE_EUR * CASE PERIOD // 100 WHEN 2021 THEN 1.1827 ELSE 1.0530 END) FROM '{one}'"
    ).fetchall()[0]
    assert sum(v for k, (v, _) in figures(found).items() if k[0] == "DEU") == pytest.approx(
        float(raw[0])
    )


def test_euros_alone_stay_euros_at_eight_digits(tmp_path: Path) -> None:
    found = read([leg_one(tmp_path / "comext.csv")], tmp_path)
    assert found.currency == "EUR" and {k[2] for k in figures(found)} == {"84821010", "84821090"}
    more = comext(tmp_path / "more.csv", ("FR", "KG", "84821010", "202206", 7, 1))
    both = read([tmp_path / "comext.csv", more], tmp_path)
    assert both.currency == "EUR" and {len(k[2]) for k in figures(both)} == {8}


def test_eight_digits_of_two_lists_meet_at_six(tmp_path: Path) -> None:
    """The EU's 85423119 and China's 85423119 are different goods."""
    china = write(
        tmp_path / "export_202206.csv",
        "数据年月,商品编码,贸易伙伴编码,贸易伙伴名称,美元\n202206,85423119,344,俄罗斯联邦,70\n202206,85423190,344,俄罗斯联邦,5\n",
    )
    eu = comext(tmp_path / "eu.csv", ("DE", "CN", "85423119", "202206", 100, 1))
    got = figures(read([eu, china], tmp_path))
    assert got["CHN", "RUS", "854231", "2022-06"][0] == 75
    assert got["DEU", "CHN", "854231", "2022-06"][0] == pytest.approx(100 * usd_per_eur()["2022"])


def test_one_trade_at_two_levels_in_two_files_is_refused(tmp_path: Path) -> None:
    twice = comtrade(tmp_path / "deu.csv", (276, 417, "848210", "201906", 10))
    with pytest.raises(
        DataError,
        match=r"comext\.csv, deu\.csv: the trade of DEU with KGZ \(X\) in 848210 appears at two",
    ):
        read([leg_one(tmp_path / "comext.csv"), twice], tmp_path)


def test_levels_that_overlap_inside_a_file_or_above_hs6_stay_refused(tmp_path: Path) -> None:
    inside = comext(
        tmp_path / "both.csv",
        ("DE", "KG", "84821010", "202206", 1, 1),
        ("FR", "KG", "848210", "202206", 1, 1),
    )
    with pytest.raises(
        DataError, match=r"both\.csv: the product 848210 contains the product 84821010"
    ):
        read([inside, leg_two(tmp_path / "kgz.csv")], tmp_path)
    heading = comtrade(tmp_path / "heading.csv", (417, 643, "8482", "202206", 10))
    with pytest.raises(
        DataError,
        match=r"heading\.csv: the product 8482 contains the product 848210, .*in comext\.csv",
    ):
        read([leg_one(tmp_path / "comext.csv"), heading], tmp_path)


def test_a_year_without_a_rate_is_refused_unless_the_question_does_not_use_it(
    tmp_path: Path,
) -> None:
    last = max(usd_per_eur())
    beyond = f"{int(last) + 1}01"
    late = comext(
        tmp_path / "late.csv",
        ("DE", "KG", "84821010", f"{last}12", 7, 1),
        ("DE", "KG", "84821010", beyond, 9, 1),
    )
    other = leg_two(tmp_path / "kgz.csv")
    with pytest.raises(
        DataError,
        match=rf"late\.csv: .*no yearly rate of the euro for {beyond[:4]}.*`until` {last}-12",
    ):
        read([late, other], tmp_path)
    found = read([late, other], tmp_path, years=("2019", last))
    assert ("DEU", "KGZ", "848210", f"{last}-12") in figures(found)
    assert not [k for k in figures(found) if k[3][:4] == beyond[:4]]
    assert any(f"late.csv: {beyond[:4]} left out: there is no rate" in n for n in found.notes)


def test_the_question_is_answered_in_dollars(tmp_path: Path) -> None:
    trade = read([leg_one(tmp_path / "comext.csv"), leg_two(tmp_path / "kgz.csv")], tmp_path).trade(
        DuckDB(), "2022-03"
    )
    rows = trade.engine.table(
        "SELECT exporter, product, SUM(value) AS v FROM trade GROUP BY 1, 2"
    ).to_pylist()
    rate = usd_per_eur()
    assert {(r["exporter"], r["product"]): round(r["v"], 6) for r in rows} == {
        ("DEU", "848210"): round(150 * rate["2021"] + 1400 * rate["2022"], 6),
        ("KGZ", "848210"): 810.0,
    }


def test_a_parquet_of_flows_at_eight_digits_is_summed_too(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table(
        {
            "reporter": ["DEU", "DEU"],
            "partner": ["KGZ", "KGZ"],
            "product": ["84821010", "84821090"],
            "period": ["2022-06", "2022-06"],
            "flow": ["X", "X"],
            "value": [1.0, 2.0],
        }
    )
    pq.write_table(table, tmp_path / "eight.parquet")
    got = figures(read([tmp_path / "eight.parquet", leg_two(tmp_path / "kgz.csv")], tmp_path))
    assert got["DEU", "KGZ", "848210", "2022-06"] == (3.0, None)


@pytest.mark.parametrize("code", ["10121", "8482101"])
def test_codes_that_lost_their_leading_zero_are_refused(code: str, tmp_path: Path) -> None:
    bad = write(tmp_path / "lost.csv", FLOWS + f"DEU,KGZ,{code},2022-06,X,1,\n")
    with pytest.raises(
        DataError, match=rf"line 2, column product: '{code}' is not an HS code: leading zeros"
    ):
        read([bad], tmp_path)
    mixed = write(
        tmp_path / "ten.csv",
        FLOWS + "DEU,KGZ,8482101000,2022-06,X,1,\nDEU,KGZ,101210000,2022-06,X,1,\n",
    )
    with pytest.raises(
        DataError, match="101210000 has 9 digits, others 10: leading zeros are lost"
    ):
        read([mixed], tmp_path)


def test_the_last_year_asked_bounds_the_years_that_need_a_rate(tmp_path: Path) -> None:
    from bilat.diversion.search import divert
    from bilat.errors import UsageError

    last = max(usd_per_eur())
    files = [
        comext(tmp_path / "late.csv", ("DE", "KG", "84821010", f"{int(last) + 1}01", 9, 1)),
        leg_two(tmp_path / "kgz.csv"),
    ]
    with pytest.raises(DataError, match="no yearly rate of the euro"):
        divert(files, origin="DEU")
    with pytest.raises(UsageError, match="period 'soon' cannot be read"):
        divert(files, origin="DEU", until="soon")
    with pytest.raises(DataError, match="no exports of DEU"):
        divert(files, origin="DEU", until=last)
