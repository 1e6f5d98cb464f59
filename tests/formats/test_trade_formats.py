# SPDX-License-Identifier: Apache-2.0
"""The publishers' own files come out right; what is not sound is refused with its place, whole."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.errors import DataError, UsageError
from bilat.formats.trade import read


def rows(path: Path, work: Path) -> list[dict]:
    return pq.read_table(read([path], work).paths[0]).to_pylist()


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


FLOWS = "reporter,partner,product,period,flow,value,quantity\n"


def test_comtrade_counts_the_total_row_and_not_its_parts_beside_it(
    mirror: Path, tmp_path: Path
) -> None:
    found = read([mirror / "formats/comtrade_v1_csv_CHN_USA_8542.csv"], tmp_path)
    table = pq.read_table(found.paths[0]).to_pylist()
    assert len(table) == 15 and len({r["period"] for r in table}) == 15
    with (mirror / "formats/comtrade_v1_csv_CHN_USA_8542.csv").open() as f:
        totals = {
            r["period"]: float(r["primaryValue"])
            for r in csv.DictReader(f)
            if r["partner2Code"] == "0"
        }
    assert {r["period"]: r["value"] for r in table} == totals
    assert any("only the total counts" in n for n in found.notes)


V1 = "typeCode,period,reporterCode,flowCode,partnerCode,partner2Code,cmdCode,customsCode,motCode,netWgt,primaryValue\n"


def test_comtrade_sums_the_parts_where_no_total_stands(tmp_path: Path) -> None:
    text = V1 + (
        "C,2022,276,X,417,0,848210,C00,1000,5,10\n"
        "C,2022,276,X,417,0,848210,C00,3000,7,32\n"
        "C,2023,276,X,417,0,848210,C00,0,9,50\n"
        "C,2023,276,X,417,0,848210,C00,3000,9,50\n"
        "C,2023,276,RX,417,0,848210,C00,0,1,3\n"
    )
    found = read([write(tmp_path / "a.csv", text)], tmp_path)
    got = {
        r["period"]: (r["value"], r["quantity"]) for r in pq.read_table(found.paths[0]).to_pylist()
    }
    assert got == {"2022": (42.0, 12.0), "2023": (50.0, 9.0)}
    assert any("1 of 2 figures have no total row: their parts are summed" in n for n in found.notes)
    assert any("1 row left out as parts of a total" in n for n in found.notes)


def test_comtrade_json_says_what_its_csv_says(mirror: Path, tmp_path: Path) -> None:
    got = rows(mirror / "formats/comtrade_v1_get_C_A_HS.json", tmp_path)
    raw = json.loads((mirror / "formats/comtrade_v1_get_C_A_HS.json").read_text())["data"]
    assert sorted(r["value"] for r in got) == sorted(float(r["primaryValue"]) for r in raw)
    assert {r["partner"] for r in got} == {r["partnerISO"] for r in raw}


def test_comtrade_json_that_was_cut_off_is_refused(mirror: Path, tmp_path: Path) -> None:
    text = (mirror / "formats/comtrade_v1_get_C_A_HS.json").read_text()
    cut = write(tmp_path / "cut.json", text[: len(text) // 2])
    with pytest.raises(DataError, match=r'cut.json: row \d of "data" is cut off'):
        read([cut], tmp_path)


def test_comtrade_legacy_leaves_out_reexports(mirror: Path, tmp_path: Path) -> None:
    path = mirror / "formats/comtrade_legacy_csv_SME_2016_2020.csv"
    with path.open(encoding="latin-1") as f:
        kept = [r for r in csv.DictReader(f) if r["Trade Flow Code"] in "12"]
    got = rows(path, tmp_path)
    assert sum(r["value"] for r in got) == pytest.approx(
        sum(float(r["Trade Value (US$)"]) for r in kept)
    )
    assert {r["reporter"] for r in got} >= {"DZA", "AUS", "DEU"}


def test_comext_bulk_places_withheld_codes_nowhere_and_says_so(
    mirror: Path, tmp_path: Path
) -> None:
    found = read([mirror / "formats/eurostat_comext_bulk_v2_sample.csv"], tmp_path)
    assert found.currency == "EUR"
    got = pq.read_table(found.paths[0]).to_pylist()
    assert {(r["reporter"], r["partner"], r["flow"]) for r in got} == {("AUT", "AND", "X")}
    assert any("1 row of goods whose code is withheld" in n for n in found.notes)


def test_comext_older_edition_is_read_alike(tmp_path: Path) -> None:
    header = (
        "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA2002,"
        "PRODUCT_CPA2008,PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,"
        "VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY\n"
    )
    line = "004,DE,0083,KG,E,{},74610,,,,,16,2,{},A,202206,{},{},0\n"
    text = header + line.format("84821010", 1, 700, 3) + line.format("84821010", 4, 300, 1)
    (got,) = rows(write(tmp_path / "full202206.dat", text), tmp_path)
    assert (got["reporter"], got["partner"], got["period"], got["flow"]) == (
        "DEU",
        "KGZ",
        "2022-06",
        "X",
    )
    assert (got["value"], got["quantity"]) == (1000.0, 4.0)


def test_databrowser_workbook_agrees_with_the_table_cut_from_it(
    mirror: Path, tmp_path: Path
) -> None:
    import duckdb

    path = mirror / "formats/eurostat_databrowser_DS-045409_multisheet.xlsx"
    got = read([path], tmp_path).paths[0]
    cut = mirror / "eurostat/cn8_sanctioned_exports_eu27_to_7_2020_2022.parquet"
    wrong = duckdb.sql(
        f"SELECT count(*) FILTER (WHERE abs(a.value - b.value_eur) > 0.5), count(*) FROM '{got}' a "
        f"JOIN '{cut}' b ON a.product = b.code AND a.period = b.period "
        "AND a.partner = CASE b.partner WHEN 'KG' THEN 'KGZ' WHEN 'RU' THEN 'RUS' WHEN 'KZ' THEN 'KAZ' END "
        "AND a.reporter = CASE b.reporter WHEN 'DE' THEN 'DEU' WHEN 'IT' THEN 'ITA' WHEN 'AT' THEN 'AUT' END"
    ).fetchall()[0]
    assert wrong[0] == 0 and wrong[1] > 500


def test_easy_comext_reads_labels_as_countries(mirror: Path, tmp_path: Path) -> None:
    text = (mirror / "formats/eurostat_easycomext_relational_view.csv").read_text()
    got = rows(write(tmp_path / "easy.csv", text), tmp_path)
    by = {r["reporter"]: r["value"] for r in got}
    assert by["CYP"] == 11421 and by["PRT"] == 1358290
    assert {"EU27", "EA"} <= set(by) and {r["period"] for r in got} == {"2024-08"}


def test_china_customs_in_gbk_with_quoted_thousands(tmp_path: Path) -> None:
    header = (
        "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,贸易方式编码,贸易方式名称,"
        "注册地编码,注册地名称,第一数量,第一计量单位,第二数量,第二计量单位,人民币\n"
    )
    text = header + (
        '202206,85423119,"集成电路",344,俄罗斯联邦,10,一般贸易,44,广东省,"1,200",千克,0,-,"1,234,567"\n'
        '202206,85423119,"集成电路",344,俄罗斯联邦,39,其他,44,广东省,300,千克,0,-,"1,000"\n'
        '202206,85423119,"集成电路",146,吉尔吉斯斯坦,10,一般贸易,44,广东省,5,千克,0,-,70\n'
    )
    path = write(tmp_path / "export_202206.csv", text, "gb18030")
    found = read([path], tmp_path)
    got = {r["partner"]: r for r in pq.read_table(found.paths[0]).to_pylist()}
    assert found.currency == "CNY"
    assert (got["RUS"]["value"], got["RUS"]["quantity"], got["RUS"]["flow"]) == (
        1235567.0,
        1500.0,
        "X",
    )
    assert got["KGZ"]["period"] == "2022-06"


def test_china_customs_header_without_rows_or_month_is_refused(
    mirror: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no column 数据年月"):
        read([mirror / "formats/gacc_header_only.csv"], tmp_path)


def test_imf_wide_file_gives_totals_in_dollars(mirror: Path, tmp_path: Path) -> None:
    got = rows(mirror / "imf/imts_russia_by_partner_annual.csv", tmp_path)
    china = {r["period"]: r["value"] for r in got if r["partner"] == "CHN" and r["flow"] == "M"}
    assert 70e9 < china["2021"] < 75e9 and set(china) >= {str(y) for y in range(2016, 2022)}


def test_imf_wide_file_has_no_weights_and_sums_the_areas_that_are_no_countries(
    tmp_path: Path,
) -> None:
    header = (
        '"DATASET","SERIES_CODE","OBS_MEASURE","COUNTRY.ID","COUNTRY","INDICATOR.ID","INDICATOR",'
        '"COUNTERPART_COUNTRY.ID","COUNTERPART_COUNTRY","FREQUENCY.ID","FREQUENCY","SCALE.ID",'
        '"SCALE","TRADE_FLOW.ID","TRADE_FLOW","2020","2021"\n'
    )
    line = (
        '"IMF.STA:IMTS(1.0.0)","RUS.MG_CIF_USD.{code}.A","OBS_VALUE","RUS","Russian Federation",'
        '"MG_CIF_USD","Imports of goods, Cost insurance freight (CIF), US dollar","{code}",'
        '"{code}","A","Annual","6","Millions","MG","Imports of goods","{y2020}","{y2021}"\n'
    )
    text = header
    text += line.format(code="CHN", y2020="1.5", y2021="2")
    text += line.format(code="G163", y2020="", y2021="3")
    text += line.format(code="TX899", y2020="", y2021="4")
    got = rows(write(tmp_path / "imts.csv", text), tmp_path)
    assert {(r["partner"], r["period"]): (r["value"], r["quantity"]) for r in got} == {
        ("CHN", "2020"): (1.5e6, None),
        ("CHN", "2021"): (2e6, None),
        ("NES", "2021"): (7e6, None),
    }


def test_baci_csv_and_parquet_have_cepii_s_own_country_numbers(tmp_path: Path) -> None:
    from bilat.engine import DuckDB

    path = write(
        tmp_path / "BACI.csv", "t,i,j,k,v,q\n2021,842,417,10121,1.5,NA\n2021,490,251,854231,2,0.5\n"
    )
    assert {
        (r["reporter"], r["partner"], r["product"], r["value"], r["quantity"])
        for r in rows(path, tmp_path)
    } == {
        ("USA", "KGZ", "010121", 1500.0, None),
        ("TWN", "FRA", "854231", 2000.0, 500.0),
    }
    table = pa.table(
        {
            "t": [2021, 2022],
            "i": [842, 842],
            "j": [417, 417],
            "k": [10121, 10121],
            "v": [1.5, 2.0],
            "q": [0.1, 0.2],
        }
    )
    pq.write_table(table, tmp_path / "baci.parquet")
    trade = read([tmp_path / "baci.parquet"], tmp_path).trade(DuckDB(), "2022")
    row = trade.engine.table("SELECT * FROM trade ORDER BY period").to_pylist()[0]
    assert (trade.country(row["exporter"]), trade.product(row["product"]), row["value"]) == (
        "USA",
        "010121",
        1500.0,
    )


def test_a_hub_s_own_imports_stand_in_where_the_origin_does_not_report(tmp_path: Path) -> None:
    from bilat.engine import DuckDB

    text = FLOWS + (
        "KGZ,DEU,848210,2021,M,5,\nKGZ,DEU,848210,2022,M,50,\n"
        "FRA,KGZ,848210,2021,X,7,\nFRA,KGZ,848210,2022,X,70,\nKGZ,FRA,848210,2021,M,8,\nKGZ,FRA,848210,2022,M,80,\n"
    )
    trade = read([write(tmp_path / "f.csv", text)], tmp_path).trade(DuckDB(), "2022")
    got = {
        (r["exporter"], r["period"]): r["value"]
        for r in trade.engine.table("SELECT * FROM trade").to_pylist()
    }
    assert got == {("DEU", "2021"): 5, ("DEU", "2022"): 50, ("FRA", "2021"): 7, ("FRA", "2022"): 70}
    assert any("rest on the importer's report" in n and "DEU" in n for n in trade.notes)


GOOD = "DEU,KGZ,848210,2022-06,X,100,3\n"


def test_a_plain_file_may_write_its_flows_as_words(tmp_path: Path) -> None:
    words = [
        ("Export", "X"),
        (" exports ", "X"),
        ("IMPORT", "M"),
        ("imports", "M"),
        ("x", "X"),
        ("M", "M"),
    ]
    lines = [f"DEU,KGZ,848210,2022-{n:02d},{word},{n},1\n" for n, (word, _) in enumerate(words, 1)]
    found = read([write(tmp_path / "words.csv", FLOWS + "".join(lines))], tmp_path)
    rows = sorted(pq.read_table(found.paths[0]).to_pylist(), key=lambda r: r["period"])
    assert [(r["flow"], r["value"]) for r in rows] == [
        (flow, n) for n, (_, flow) in enumerate(words, 1)
    ]
    with pytest.raises(DataError, match="'transit' is neither import nor export: write M or X"):
        read(
            [write(tmp_path / "odd.csv", FLOWS + "DEU,KGZ,848210,2022-01,transit,1,1\n")], tmp_path
        )


BAD = [
    ("DEU,KGZ,848210,2022-06,X,1O0,3\n", r"line 3, column value: '1O0' is not a value"),
    ("DEU,KGZ,848210,2022-06,X,-5,3\n", r"line 3, column value: '-5' is not a value"),
    ("DEU,KGZ,848210,2022-13,X,5,3\n", r"line 3, column period: '2022-13' is not a year or month"),
    ("DEU,KGZ,8482x0,2022-07,X,5,3\n", r"line 3, column product: '8482x0' is not an HS code"),
    ("DEU,QQQ,848210,2022-07,X,5,3\n", r"line 3, column partner: 'QQQ' is not a country code"),
    ("DEU,KGZ,848210,2022-07,Z,5,3\n", r"line 3, column flow: 'Z' is neither import nor export"),
    ("DEU,KGZ,848210,2022-07,X,5,heavy\n", r"line 3, column quantity: 'heavy' is not a weight"),
    ("DEU,KGZ,848210,2022-07,X,5\n", r"row 3"),
    ("DEU,KGZ,848210,2022-06,X,7,3\n", r"lines 2, 3: DEU KGZ 848210 2022-06 X appears 2 times"),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_one_bad_row_refuses_the_file_with_its_line_and_value(
    line: str, said: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "bad.csv", FLOWS + GOOD + line + "FRA,KGZ,848210,2022-06,X,9,1\n")
    with pytest.raises(DataError, match=r"bad\.csv: .*" + said):
        read([path], tmp_path)


def test_overlapping_levels_years_beside_months_and_mixed_units_are_refused(tmp_path: Path) -> None:
    levels = write(tmp_path / "levels.csv", FLOWS + GOOD + "DEU,KGZ,8482,2022-06,X,500,\n")
    with pytest.raises(DataError, match="8482 contains the product 848210"):
        read([levels], tmp_path)
    both = write(tmp_path / "both.csv", FLOWS + GOOD + "DEU,KGZ,848210,2021,X,500,\n")
    with pytest.raises(DataError, match="appear next to months"):
        read([both], tmp_path)
    yuan = write(
        tmp_path / "export_202206.csv",
        "数据年月,商品编码,贸易伙伴编码,贸易伙伴名称,人民币\n202206,85423119,344,俄罗斯联邦,70\n",
    )
    with pytest.raises(
        DataError, match=r"mixed units: good\.csv is in USD, export_202206\.csv is in CNY; .*in USD"
    ):
        read([write(tmp_path / "good.csv", FLOWS + GOOD), yuan], tmp_path)


def test_empty_missing_twice_named_and_unknown_files_are_refused(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.csv", "")
    with pytest.raises(DataError, match="the file is empty"):
        read([empty], tmp_path)
    with pytest.raises(DataError, match="file not found"):
        read([tmp_path / "none.csv"], tmp_path)
    good = write(tmp_path / "good.csv", FLOWS + GOOD)
    with pytest.raises(UsageError, match="named twice"):
        read([good, tmp_path / "." / "good.csv"], tmp_path)
    with pytest.raises(DataError, match="line 1: bilat does not recognise the columns 'a, b'"):
        read([write(tmp_path / "x.csv", "a,b\n1,2\n")], tmp_path)
    with pytest.raises(DataError, match="holds no row"):
        read([write(tmp_path / "h.csv", FLOWS)], tmp_path)
    copy = write(tmp_path / "copy.csv", FLOWS + GOOD)
    with pytest.raises(DataError, match="appears in more than one file"):
        read([good, copy], tmp_path)


def test_a_line_of_two_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "long.csv"
    with path.open("wb") as f:
        f.write((FLOWS + GOOD).encode())
        f.write(b"DEU,KGZ," + b"8" * (3 << 20))
        f.truncate(2 << 30)  # sparse: two gigabytes without a line break, next to nothing on disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match=r"long\.csv: line 3 is longer than 1024 KB"):
        read([path], tmp_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_bad_parquet_is_refused(tmp_path: Path) -> None:
    base = {
        "t": [2021, 2021],
        "i": [842, 842],
        "j": [417, 417],
        "k": [10121, 10121],
        "v": [1.5, 2.0],
    }
    pq.write_table(pa.table(base), tmp_path / "twice.parquet")
    with pytest.raises(DataError, match="appears 2 times"):
        read([tmp_path / "twice.parquet"], tmp_path)
    pq.write_table(
        pa.table({**base, "k": [1, 2], "v": [1.0, float("nan")]}), tmp_path / "nan.parquet"
    )
    with pytest.raises(DataError, match="row 2, column v: nan"):
        read([tmp_path / "nan.parquet"], tmp_path)
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(DataError, match="not a valid Parquet"):
        read([tmp_path / "torn.parquet"], tmp_path)


def test_two_editions_of_a_year_of_baci_are_refused(tmp_path: Path) -> None:
    def year(name: str, t: int, j: int = 417) -> Path:
        table = pa.table({"t": [t], "i": [842], "j": [j], "k": [10121], "v": [1.5], "q": [0.1]})
        pq.write_table(table, tmp_path / name)
        return tmp_path / name

    one, next_year, other = (
        year("a.parquet", 2021),
        year("b.parquet", 2022),
        year("c.parquet", 2021, j=643),
    )
    assert read([one, next_year, other], tmp_path).rows == 3
    with pytest.raises(
        DataError, match=r"a\.parquet, d\.parquet: 842 417 10121 2021 .* appears in more than one"
    ):
        read([one, next_year, year("d.parquet", 2021)], tmp_path)
