# SPDX-License-Identifier: Apache-2.0
"""Total-trade sources read whole, with known figures; a broken file is refused with its place."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bilat.catalog import read, source
from bilat.errors import DataError
from bilat.holdings.pull import in_mirror

#: source -> rows in all its files
ROWS = {
    "armstat_trade": 58764,
    "atlas_techai_baskets": 728 + 62,
    "comtrade_china_minerals": 6442,
    "comtrade_russia_hs2": 173996,
    "comtrade_thailand_chips": 1178,
    "comtrade_world_2021": 22383,
    "eurostat_cn8_sanctioned": 1141670,
    "eurostat_total_annual": 3407,
    "eurostat_total_monthly": 13587,
    "gacc_exports_russia": 212,
    "national_imports": 688 + 437 + 1175,
    "taiwan_customs_8542": 9683,
    "us_census_exports": 36283,
}
DELIMITED = [n for n in ROWS if n not in ("comtrade_russia_hs2", "eurostat_cn8_sanctioned")]


@pytest.fixture(scope="module")
def tables(mirror: Path) -> dict[str, dict[str, pa.Table]]:
    """source -> table -> rows, read whole."""
    out: dict[str, dict[str, pa.Table]] = {}
    for name in ROWS:
        for file in source(name).files:
            for table, rows in read(source(name), file, in_mirror(mirror, file)):
                held = out.setdefault(name, {})
                held[table] = pa.concat_tables([held[table], rows]) if table in held else rows
    return out


def value(rows: pa.Table, **where: str) -> float:
    """The sum of ``value`` over the rows with the given columns; there must be some."""
    for column, wanted in where.items():
        rows = rows.filter(pc.equal(rows[column], wanted))
    assert rows.num_rows, where
    return float(pc.sum(rows["value"]).as_py())


@pytest.mark.parametrize("name", ROWS)
def test_read_whole(tables: dict[str, dict[str, pa.Table]], name: str) -> None:
    assert sum(t.num_rows for t in tables[name].values()) == ROWS[name]


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [  # each figure stands in one line of the file
        (
            "eurostat_total_monthly",
            dict(reporter="AUT", partner="ARM", period="2019-01", flow="X"),
            982972,
        ),
        (
            "eurostat_total_monthly",
            dict(reporter="SVK", partner="KGZ", period="2024-08", flow="M"),
            157734,
        ),
        ("eurostat_total_annual", dict(partner="BVT", period="2019"), 9360),
        ("eurostat_total_annual", dict(partner="EXTRA_EU27", period="2010"), 1435577806995),
        ("national_imports", dict(reporter="KGZ", partner="AFG", period="2019"), 21669.64),
        ("national_imports", dict(reporter="UZB", partner="SVK", period="2023"), 42106728.97),
        ("national_imports", dict(reporter="KAZ", partner="WLD", period="2023"), 56460077883.12),
        ("armstat_trade", dict(partner="DEU", period="2023-01", flow="X"), 7942487.02),
        ("armstat_trade", dict(partner="DEU", period="2023-01", basis="origin"), 43790731.03),
        ("armstat_trade", dict(partner="DEU", period="2023-01", basis="consignment"), 48168472.78),
        (
            "atlas_techai_baskets",
            dict(reporter="CHN", partner="RUS", period="2012", product="basket:chips"),
            48e6,
        ),
        (
            "taiwan_customs_8542",
            dict(partner="TUR", period="2013", product="85423100002"),
            229171.91,
        ),
        ("gacc_exports_russia", dict(period="2023-06", flow="X"), 9530188306),
        ("us_census_exports", dict(partner="SRB", period="2013-01"), 17529960),
        ("us_census_exports", dict(partner="WLD", period="2024-12"), 165358300606),
        (
            "comtrade_china_minerals",
            dict(partner="VNM", period="2024-12", product="250410"),
            110960,
        ),
        ("comtrade_thailand_chips", dict(partner="WLD", period="2014"), 9680795326),
        ("comtrade_world_2021", dict(reporter="ALB", partner="WLD"), 3562297235.872),
        (
            "comtrade_russia_hs2",
            dict(partner="BGR", period="2000", product="30", flow="M"),
            28896900,
        ),
        (
            "eurostat_cn8_sanctioned",
            dict(reporter="DEU", partner="BLR", product="01012100", period="2020-12"),
            92708,
        ),
    ],
)
def test_known_figures(
    tables: dict[str, dict[str, pa.Table]], name: str, where: dict[str, str], expected: float
) -> None:
    assert value(tables[name]["flows"], **where) == pytest.approx(expected, rel=1e-12)


def test_groups_are_marked_and_countries_are_not(tables: dict[str, dict[str, pa.Table]]) -> None:
    national = tables["national_imports"]["flows"]
    marked = set(national.filter(national["is_aggregate"])["partner"].to_pylist())
    assert {"WLD", "EU27", "EAEU", "CIS", "AFRICA", "ASIA", "EUROPE", "ROW"} <= marked
    assert not {"DEU", "RUS", "KOR", "HKG", "XX"} & marked
    census = tables["us_census_exports"]["flows"]
    groups = set(census.filter(census["is_aggregate"])["partner"].to_pylist())
    assert {"WLD", "EU27", "EA", "OECD", "NATO"} <= groups and not {"RUS", "CHN", "KAZ"} & groups


def test_every_label_of_a_country_became_its_code(tables: dict[str, dict[str, pa.Table]]) -> None:
    import pycountry

    iso = {c.alpha_3 for c in pycountry.countries}
    allowed = {
        "EU27",
        "High seas",
        "Haute mer",
        "Ceuta (incl. Melilla 'XL' -> 1998)",
        "Melilla",
        "XKX",
        "ANT",
        "Channel Islands",
        "Nagorno Karabagh",
        "Nagorno-Karabakh",
        "ROW",
        "Census code 8220",
        "GAZA STRIP ADMINISTERED BY ISRAEL",
        "WEST BANK ADMINISTERED BY ISRAEL",
        "Bunkers",
        "Free Zones",
        "LAIA, nes",
        "North America and Central America, nes",
        "Oceania, nes",
        "Other Africa, nes",
        "Other Europe, nes",
        "Special Categories",
    }
    for name, held in tables.items():
        rows = held["flows"]
        plain = rows.filter(pc.invert(rows["is_aggregate"]))
        codes = set(plain["partner"].to_pylist()) | set(plain["reporter"].to_pylist())
        strange = {c for c in codes if c not in iso and not c.startswith("XX")} - allowed
        assert not strange, (name, strange)


def test_the_unions_exports_to_the_world_are_the_sum_of_its_partners(
    tables: dict[str, dict[str, pa.Table]],
) -> None:
    """To 2018 the publisher's own Extra-EU row stands beside the partners: they must agree."""
    from bilat.trade.books import EU27

    #: The Union's trade within itself that no partner is named for: no part of its exports to the world.
    within = ("XX_INTRA", "XX_INTRA_SECRET", "XX_INTRA_STORES")
    rows = tables["eurostat_total_annual"]["flows"]
    outside = rows.filter(
        pc.and_(
            pc.invert(rows["is_aggregate"]),
            pc.invert(pc.is_in(rows["partner"], pa.array([*EU27, *within]))),
        )
    )
    for year in map(str, range(2010, 2019)):
        assert value(outside, period=year) == pytest.approx(
            value(rows, period=year, partner="EXTRA_EU27"), rel=1e-3
        )


def test_months_add_to_the_years_of_the_annual_file(tables: dict[str, dict[str, pa.Table]]) -> None:
    monthly, annual = (
        tables[n]["flows"] for n in ("eurostat_total_monthly", "eurostat_total_annual")
    )
    monthly = monthly.append_column("year", pc.utf8_slice_codeunits(monthly["period"], 0, 4))
    for partner in ("RUS", "KGZ", "ARM", "KAZ", "GEO", "UZB"):
        for year in ("2019", "2020", "2021", "2022", "2023"):
            assert value(
                monthly, reporter="EU27", partner=partner, flow="X", year=year
            ) == pytest.approx(value(annual, partner=partner, period=year), rel=5e-4), (
                partner,
                year,
            )


def test_the_union_of_the_monthly_file_is_the_sum_of_its_members(
    tables: dict[str, dict[str, pa.Table]],
) -> None:
    from bilat.trade.books import EU27

    rows = tables["eurostat_total_monthly"]["flows"]
    rows = rows.filter(pc.equal(rows["flow"], "X"))
    members = rows.filter(pc.is_in(rows["reporter"], pa.array(EU27)))
    for partner in ("RUS", "KGZ"):
        for period in ("2019-06", "2022-06", "2023-10"):
            assert value(members, partner=partner, period=period) == pytest.approx(
                value(rows, reporter="EU27", partner=partner, period=period), rel=1e-6
            )


def test_taiwans_figures_for_russia_fell_by_half_in_2022(
    tables: dict[str, dict[str, pa.Table]],
) -> None:
    rows = tables["taiwan_customs_8542"]["flows"]
    assert value(rows, partner="RUS", period="2021") == pytest.approx(21.6e6, rel=0.01)
    assert value(rows, partner="RUS", period="2022") == pytest.approx(10.6e6, rel=0.01)


def test_a_basket_holds_what_its_publisher_says(tables: dict[str, dict[str, pa.Table]]) -> None:
    rows = tables["atlas_techai_baskets"]["baskets"]
    chips = rows.filter(pc.equal(rows["basket"], "chips"))
    assert rows.num_rows == 62 and chips.num_rows == 16
    assert pc.sum(chips["high_priority"].cast(pa.int64())).as_py() == 9


def test_code_rows_come_from_members_alone(tables: dict[str, dict[str, pa.Table]]) -> None:
    from bilat.trade.books import EU27

    rows = tables["eurostat_cn8_sanctioned"]["flows"]
    assert set(pc.unique(rows["reporter"]).to_pylist()) == set(EU27)
    assert set(pc.unique(rows["partner"]).to_pylist()) == {
        "ARM",
        "BLR",
        "GEO",
        "KGZ",
        "KAZ",
        "RUS",
        "UZB",
    }
    assert rows["locator"][0].as_py() == "row 1" and rows["locator"][-1].as_py() == "row 1141670"


def test_nothing_is_known_before_it_happened_or_after_its_edition(
    tables: dict[str, dict[str, pa.Table]],
) -> None:
    for name, held in tables.items():
        last = max(f.vintage for f in source(name).files).isoformat()
        for rows in held.values():
            known = rows["known_on"].cast(pa.string())
            start = pc.utf8_slice_codeunits(rows["period"], 0, 7)
            assert pc.all(pc.greater(known, start)).as_py(), name
            assert pc.max(known).as_py() <= last, name


def test_chinas_january_is_known_with_its_february(tables: dict[str, dict[str, pa.Table]]) -> None:
    rows = tables["gacc_exports_russia"]["flows"]
    known = dict(zip(rows["period"].to_pylist(), rows["known_on"].to_pylist(), strict=True))
    assert known["2023-01"] == known["2023-02"] > known["2022-12"]


# -- what is broken is refused ---------------------------------------------------------------------------


def first_file(name: str, mirror: Path) -> tuple[object, Path]:
    file = source(name).files[0]
    return file, mirror / file.path


@pytest.mark.parametrize("name", DELIMITED)
def test_another_header_is_refused(mirror: Path, tmp_path: Path, name: str) -> None:
    file, path = first_file(name, mirror)
    head, rest = path.read_text("utf-8-sig").split("\n", 1)
    broken = tmp_path / "broken.csv"
    broken.write_text("nonsense," + head + "\n" + rest, "utf-8")
    with pytest.raises(DataError, match="line 1: the header"):
        read(source(name), file, broken)


@pytest.mark.parametrize("name", DELIMITED)
def test_a_file_cut_in_a_line_is_refused(mirror: Path, tmp_path: Path, name: str) -> None:
    file, path = first_file(name, mirror)
    text = path.read_text("utf-8-sig")
    at = text.rfind("\n", 0, len(text) * 2 // 3)
    cut = tmp_path / "cut.csv"
    cut.write_text(text[: at + 4], "utf-8")
    with pytest.raises(
        DataError,
        match=r"row \d+: .*[Gg]et it again|says it twice|not a |is empty|cut|never closed",
    ):
        read(source(name), file, cut)


@pytest.mark.parametrize("name", DELIMITED)
def test_a_file_cut_between_lines_is_refused(mirror: Path, tmp_path: Path, name: str) -> None:
    file, path = first_file(name, mirror)
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    cut = tmp_path / "cut.csv"
    cut.write_text("".join(lines[: len(lines) // 2]), "utf-8")
    with pytest.raises(DataError, match=r"at least \d+ are expected: the file is truncated"):
        read(source(name), file, cut)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("eurostat_total_monthly", "value_eur"),
        ("eurostat_total_annual", "value_eur"),
        ("national_imports", "VALUE_IN_EUR"),
        ("armstat_trade", "import_origin"),
        ("atlas_techai_baskets", "value_usd"),
        ("taiwan_customs_8542", "value_usd"),
        ("gacc_exports_russia", "CHN_exp_to_RUS_bn"),
        ("us_census_exports", "all_val_mo"),
        ("comtrade_china_minerals", "val"),
        ("comtrade_thailand_chips", "primaryValue"),
        ("comtrade_world_2021", "export_value_usd"),
    ],
)
@pytest.mark.parametrize(("text", "why"), [("12,3x", "not a number"), ("-5", "value >= 0")])
def test_a_bad_value_is_refused_with_its_line_and_column(
    mirror: Path, tmp_path: Path, name: str, column: str, text: str, why: str
) -> None:
    import csv
    import io

    file, path = first_file(name, mirror)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    rows[40][rows[0].index(column)] = text
    broken = tmp_path / "broken.csv"
    with broken.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    with pytest.raises(DataError, match=f"{why}.*nothing was taken in") as error:
        read(source(name), file, broken)
    assert "41" in str(error.value) and file.path in str(error.value)


@pytest.mark.parametrize("name", [n for n in DELIMITED if n != "eurostat_total_annual"])
def test_a_statement_made_twice_is_refused_with_both_places(
    mirror: Path, tmp_path: Path, name: str
) -> None:
    file, path = first_file(name, mirror)
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    twice = tmp_path / "twice.csv"
    twice.write_text("".join([*lines, lines[10]]), "utf-8")
    with pytest.raises(DataError, match=r"line 11.*says it twice"):
        read(source(name), file, twice)


@pytest.mark.parametrize(
    ("name", "find", "put", "why"),
    [
        (
            "eurostat_total_monthly",
            "AT,False,AM,EXPORT,2019-01",
            "AT,False,AM,EXPORT,2019-13",
            "not a month",
        ),
        (
            "eurostat_total_monthly",
            "AT,False,AM,EXPORT,2019-01",
            "AT,False,AM,TRANSIT,2019-01",
            "not one of EXPORT",
        ),
        ("eurostat_total_annual", "EU27_2020,Bouvet", "DE,Bouvet", "not the EU of 27"),
        ("national_imports", "Kyrgyzstan,Albania,TOTAL", "Kyrgyzstan,Albania,8542", "is not TOTAL"),
        (
            "taiwan_customs_8542",
            "854231,85423100002",
            "854231,84713000002",
            "not a code of heading 8542",
        ),
        ("us_census_exports", "2488,ST VINCENT", "24X8,ST VINCENT", "not a code of a country"),
    ],
)
def test_a_word_the_publisher_does_not_use_is_refused(
    mirror: Path, tmp_path: Path, name: str, find: str, put: str, why: str
) -> None:
    file, path = first_file(name, mirror)
    text = path.read_text("utf-8-sig")
    assert find in text
    broken = tmp_path / "broken.csv"
    broken.write_text(text.replace(find, put, 1), "utf-8")
    with pytest.raises(DataError, match=why):
        read(source(name), file, broken)


# -- Parquet ---------------------------------------------------------------------------------------------


def small(mirror: Path, name: str, n: int = 2000) -> tuple[object, pa.Table]:
    file = source(name).files[0]
    whole = next(pq.ParquetFile(mirror / file.path).iter_batches(batch_size=n))
    return file.model_copy(update={"min_rows": 1}), pa.Table.from_batches([whole])


def changed(rows: pa.Table, column: str, at: int, value: object) -> pa.Table:
    values = rows[column].to_pylist()
    values[at] = value
    return rows.set_column(
        rows.schema.get_field_index(column),
        column,
        pa.array(values, rows.schema.field(column).type),
    )


@pytest.mark.parametrize(
    ("name", "column", "value", "why"),
    [
        ("eurostat_cn8_sanctioned", "code", "0101", "not a code of its level"),
        ("eurostat_cn8_sanctioned", "level", "CN6", "CN8 or HS4"),
        ("eurostat_cn8_sanctioned", "period", "2021-00", "not a month"),
        ("eurostat_cn8_sanctioned", "value_eur", -1, "value >= 0"),
        ("eurostat_cn8_sanctioned", "value_eur", None, "is empty"),
        ("comtrade_russia_hs2", "flow", "Transit", "not one of Import, Export"),
        ("comtrade_russia_hs2", "hs2", 0, "not a chapter"),
        ("comtrade_russia_hs2", "partner_m49", 9999, "not a code of a country"),
        ("comtrade_russia_hs2", "value_usd", None, "is empty"),
    ],
)
def test_a_bad_cell_of_a_parquet_file_is_refused_with_its_row(
    mirror: Path, tmp_path: Path, name: str, column: str, value: object, why: str
) -> None:
    file, rows = small(mirror, name)
    assert sum(t.num_rows for _, t in _read(name, file, rows, tmp_path)) == rows.num_rows
    with pytest.raises(DataError, match=f"row 18: column (?:{column}|code|value).*{why}"):
        _read(name, file, changed(rows, column, 17, value), tmp_path)


def test_a_parquet_row_that_stands_twice_is_refused(mirror: Path, tmp_path: Path) -> None:
    file, rows = small(mirror, "eurostat_cn8_sanctioned")
    with pytest.raises(DataError, match="is already in row"):
        _read("eurostat_cn8_sanctioned", file, pa.concat_tables([rows, rows.slice(5, 1)]), tmp_path)


@pytest.mark.parametrize("name", ["eurostat_cn8_sanctioned", "comtrade_russia_hs2"])
def test_a_parquet_file_that_is_cut_or_another_is_refused(
    mirror: Path, tmp_path: Path, name: str
) -> None:
    file = source(name).files[0]
    cut = tmp_path / "cut.parquet"
    shutil.copyfile(mirror / file.path, cut)
    with cut.open("rb+") as handle:
        handle.truncate(cut.stat().st_size // 2)
    with pytest.raises(DataError, match="not a valid Parquet file"):
        read(source(name), file, cut)
    _, rows = small(mirror, name)
    with pytest.raises(DataError, match="the columns are"):
        _read(name, file, rows.drop_columns([rows.column_names[-1]]), tmp_path)
    with pytest.raises(DataError, match="truncated"):
        _read(name, file, rows, tmp_path)


def _read(name: str, file: object, rows: pa.Table, tmp_path: Path) -> list[tuple[str, pa.Table]]:
    path = tmp_path / "made.parquet"
    pq.write_table(rows, path)
    return read(source(name), file, path)  # type: ignore[arg-type]
