# SPDX-License-Identifier: Apache-2.0
"""Odd but true files give the sums of their rows; broken ones are refused with their place and a cure."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.engine import DuckDB
from bilat.errors import DataError
from bilat.files.archives import with_plain_name
from bilat.formats.trade import read

Row = dict[str, str]
V1 = [
    "typeCode", "freqCode", "refYear", "period", "reporterCode", "reporterDesc", "flowCode", "partnerCode",
    "partnerDesc", "partner2Code", "classificationCode", "cmdCode", "cmdDesc", "aggrLevel", "customsCode", "mosCode",
    "motCode", "qtyUnitCode", "qty", "netWgt", "primaryValue", "isReported", "isAggregate",
]  # fmt: skip


def made(**changed: object) -> Row:
    plain = {
        "typeCode": "C",
        "freqCode": "A",
        "refYear": "2022",
        "period": "2022",
        "reporterCode": "276",
        "flowCode": "X",
        "partnerCode": "417",
        "partner2Code": "0",
        "classificationCode": "H6",
        "cmdCode": "848210",
        "aggrLevel": "6",
        "customsCode": "C00",
        "mosCode": "0",
        "motCode": "0",
        "qtyUnitCode": "8",
        "qty": "5",
        "netWgt": "5",
        "primaryValue": "100",
    }
    return plain | {k: str(v) for k, v in changed.items()}


def base() -> list[Row]:
    """Reporters, partners and codes that the UN numbers otherwise than ISO among them."""
    return [
        made(period=y, refYear=y, reporterCode=r, partnerCode=p, cmdCode=c, primaryValue=10 * n + 7)
        for n, (y, r, p, c) in enumerate(
            (y, r, p, c)
            for y in ("2021", "2022")
            for r in ("276", "251", "842", "699", "757", "579", "490", "711")
            for p in ("417", "643")
            for c in ("848210", "010121")
        )
    ]


def v1(
    rows: Iterable[Row], *, eol: str = "\n", extra: str = "", delimiter: str = ",", quoting: int = 0
) -> str:
    out = io.StringIO()
    write = csv.DictWriter(
        out, V1, restval="", delimiter=delimiter, lineterminator=eol, quoting=quoting
    )  # type: ignore[arg-type]
    write.writeheader()
    head = out.getvalue()
    for row in rows:
        write.writerow(row)
    return head + out.getvalue()[len(head) :].replace(eol, extra + eol)


ISO = {
    "276": "DEU",
    "251": "FRA",
    "842": "USA",
    "699": "IND",
    "757": "CHE",
    "579": "NOR",
    "490": "TWN",
    "711": "ZAF",
    "417": "KGZ",
    "643": "RUS",
}


def expected(rows: Iterable[Row]) -> dict[tuple[str, ...], float]:
    """The sum of the plain rows by key, without bilat."""
    out: dict[tuple[str, ...], float] = defaultdict(float)
    for r in rows:
        out[ISO[r["reporterCode"]], ISO[r["partnerCode"]], r["cmdCode"], r["period"]] += float(
            r["primaryValue"]
        )
    return dict(out)


def got(path: Path, work: Path) -> dict[tuple[str, ...], float]:
    """What the question sees: exporter, importer, product, period."""
    trade = read([path], work).trade(DuckDB(), "2022")
    rows = trade.engine.table(
        "SELECT exporter, importer, product, period, SUM(value) AS v FROM trade GROUP BY ALL"
    )
    return {
        (
            trade.country(r["exporter"]),
            trade.country(r["importer"]),
            trade.product(r["product"]),
            trade.period(r["period"]),
        ): r["v"]
        for r in rows.to_pylist()
    }


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def answer(rows: Iterable[Row]) -> bytes:
    return json.dumps({"count": 1, "data": [*rows], "error": ""}).encode()


BASE = base()
PLAIN = v1(BASE).encode()
SOUND: dict[str, Callable[[], bytes]] = {
    "comma at the end of data rows.csv": lambda: v1(BASE, extra=",").encode(),
    "byte order mark and CRLF.csv": lambda: (
        b"\xef\xbb\xbf" + v1(BASE, eol="\r\n", extra=",").encode()
    ),
    "Türkiye in Latin-1.csv": lambda: v1([{**r, "partnerDesc": "Türkiye"} for r in BASE]).encode(
        "latin-1"
    ),
    "Türkiye in UTF-16.csv": lambda: v1(
        [{**r, "partnerDesc": "Türkiye"} for r in BASE], delimiter="\t"
    ).encode("utf-16"),
    "line breaks inside quotes.csv": lambda: v1(
        [{**r, "cmdDesc": 'Bearings,\n"ball"'} for r in BASE]
    ).encode(),
    "everything quoted.csv": lambda: v1(BASE, quoting=csv.QUOTE_ALL).encode(),
    "semicolons.csv": lambda: v1(BASE, delimiter=";").encode(),
    "gzip.csv.gz": lambda: gzip.compress(PLAIN),
    "bzip2.csv.bz2": lambda: bz2.compress(PLAIN),
    "xz.csv.xz": lambda: lzma.compress(PLAIN),
    "zip.zip": lambda: zipped({"a.csv": PLAIN}),
    "zip beside a readme.zip": lambda: zipped({"Readme.txt": b"about\n", "a.csv": PLAIN}),
    "zip of two years.zip": lambda: zipped(
        {y: v1(r for r in BASE if r["period"] == y[:4]).encode() for y in ("2021.csv", "2022.csv")}
    ),
    "json.json": lambda: answer(BASE),
    "json in gzip.json.gz": lambda: gzip.compress(answer(BASE)),
    "re-exports beside exports.csv": lambda: v1(
        [*BASE, *({**r, "flowCode": f} for r in BASE for f in ("RX", "DX", "XIP", "XOP"))]
    ).encode(),
    "services.csv": lambda: v1(
        [*BASE, *({**r, "typeCode": "S", "cmdCode": "9"} for r in BASE)]
    ).encode(),
    "modes beside their total.csv": lambda: v1(
        [*BASE, *({**r, "motCode": "1000"} for r in BASE)]
    ).encode(),
    "customs procedures beside C00.csv": lambda: v1(
        [*BASE, *({**r, "customsCode": "C04"} for r in BASE)]
    ).encode(),
    "second partners beside the total.csv": lambda: v1(
        [*BASE, *({**r, "partner2Code": "156", "motCode": m} for r in BASE for m in ("0", "2100"))]
    ).encode(),
    # Water holds sea and inland waterway: only the outer mode counts where no total stands.
    "modes inside modes.csv": lambda: v1(
        {**r, "motCode": m, "primaryValue": v}
        for r in BASE
        for m, v in (("2000", r["primaryValue"]), ("2100", "1"), ("2200", "2"))
    ).encode(),
    "weights NA.csv": lambda: v1({**r, "netWgt": "NA"} for r in BASE).encode(),
    "trade[1] 'odd'.csv": lambda: PLAIN,
}


@pytest.mark.parametrize("name", SOUND)
def test_a_true_file_in_any_wrapping_gives_the_sums_of_its_rows(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SOUND[name]())
    assert got(path, tmp_path) == expected(BASE)


def test_world_and_group_rows_stay_apart_from_countries(tmp_path: Path) -> None:
    world = [
        {**r, "partnerCode": "0", "primaryValue": "9999"} for r in BASE if r["partnerCode"] == "643"
    ]
    union = [
        {**r, "partnerCode": "97", "primaryValue": "5555"}
        for r in BASE
        if r["partnerCode"] == "643"
    ]
    path = tmp_path / "a.csv"
    path.write_text(v1([*BASE, *world, *union]))
    found = got(path, tmp_path)
    assert {k: v for k, v in found.items() if k[1] not in ("WLD", "EU27")} == expected(BASE)
    assert {v for k, v in found.items() if k[1] == "WLD"} == {9999}


def test_parts_without_a_total_are_summed_whatever_splits_them(tmp_path: Path) -> None:
    split = {
        "motCode": ("1000", "3200"),
        "customsCode": ("C01", "C04"),
        "partner2Code": ("156", "40"),
    }
    for column, parts in (split | {"mosCode": ("1", "2")}).items():
        path = tmp_path / f"{column}.csv"
        path.write_text(v1({**r, column: p} for r in BASE for p in parts))
        assert got(path, tmp_path) == {k: 2 * v for k, v in expected(BASE).items()}, column


def test_a_name_that_is_a_pattern_reads_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "trade1.csv").write_text(v1([made(primaryValue=1)]))
    (tmp_path / "trade[1].csv").write_text(v1([made(primaryValue=2)]))
    (tmp_path / "trade*.csv").write_text(v1([made(primaryValue=4)]))
    assert [*got(tmp_path / "trade[1].csv", tmp_path).values()] == [2]
    assert [*got(tmp_path / "trade*.csv", tmp_path).values()] == [4]
    assert with_plain_name(tmp_path / "trade1.csv", tmp_path) == tmp_path / "trade1.csv"


FLOWS = "reporter,partner,product,period,flow,value,quantity"
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cr.csv": (lambda: v1(BASE, eol="\r").encode(), r"row 1 has lines that end in CR only; save"),
    "torn.csv.gz": (
        lambda: gzip.compress(PLAIN)[:300],
        r"damaged, cut off or protected .*[Dd]ownload it again",
    ),
    "torn.zip": (
        lambda: zipped({"a.csv": PLAIN})[:400],
        r"a damaged zip archive .*[Dd]ownload it again",
    ),
    "none.zip": (
        lambda: zipped({}),
        r"holds no CSV, DAT, TXT, TSV or JSON file \(it holds nothing\)",
    ),
    "word.docx": (lambda: zipped({"word/document.xml": b"<x/>"}), r"it holds word/document.xml"),
    "notes.zip": (
        lambda: zipped({"a.txt": b"a,b\n", "b.csv": b"c,d\n"}),
        r"none of the 2 files in the archive",
    ),
    "comext.7z": (lambda: b"7z\xbc\xaf\x27\x1c" + b"\x00" * 99, r"a 7z archive: unpack it"),
    "old.xls": (
        lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 99,
        r"an old Excel workbook .*[Ss]ave it as CSV",
    ),
    "page.html": (
        lambda: b"<html><body>Access denied</body></html>",
        r"line 1: bilat does not recognise the columns .*",
    ),
    "short.csv": (
        lambda: PLAIN + b"C,A,2021\n",
        r"row 66: value 'C' begins a row of 3 fields .* has 23; fix",
    ),
    "quote.csv": (lambda: PLAIN + b'C,"A,2021\n', r"row 66: .* opens a quote that is never closed"),
    "twice.csv": (
        lambda: v1([*BASE, BASE[0]]).encode(),
        r"total row of DEU KGZ 848210 2021 X appears twice.*[Kk]eep one",
    ),
    "reexports.csv": (
        lambda: v1({**r, "flowCode": "RX"} for r in BASE).encode(),
        r"no row of total imports or exports of goods \(64 rows of other flows .*left out\)",
    ),
    "bec.csv": (
        lambda: v1([*BASE, made(classificationCode="B4", cmdCode="41")]).encode(),
        r"line 66, column classificationCode: 'B4' is not an edition of the Harmonized System",
    ),
    # The skipped re-export has the same blank value: the line told is that of the row at fault.
    "blank.csv": (
        lambda: v1(
            [*BASE, made(flowCode="RX", primaryValue=""), made(cmdCode="847130", primaryValue="")]
        ).encode(),
        r"line 67, column primaryValue: .* is not a value",
    ),
    "levels.csv": (
        lambda: v1([*BASE, made(cmdCode="8482"), made(cmdCode="84")]).encode(),
        r"the product 84 contains the product 8482, .*Keep one level",
    ),
    "error.json": (
        lambda: b'{"count":0,"data":[],"error":"Invalid key"}',
        r"an error of Comtrade's: Invalid key",
    ),
    "message.json": (
        lambda: b'{"statusCode":401,"message":"Access denied"}',
        r'holds no list "data"',
    ),
    "twins.csv": (
        lambda: (
            b"t,i,j,k,v,q\n2021,276,417,848210,1,NA\n2021,276,643,848210,1,NA\n2021,276,417,848210,2,NA\n"
        ),
        r"lines 2, 4: DEU KGZ 848210 2021 X appears 2 times",
    ),
    "nobody.csv": (
        lambda: b"t,i,j,k,v,q\n2021,276,417,848210,1,NA\n2021,999,417,848210,1,NA\n",
        r"line 3, column i: '999' is not a country code",
    ),
    "currencies.csv": (
        lambda: (
            f"{FLOWS},currency\nDEU,KGZ,848210,2022,X,1,,USD\nFRA,KGZ,848210,2022,X,1,,EUR\n".encode()
        ),
        r"line 2, column currency: mixed units: the values are in 'EUR', 'USD'; give one currency "
        r"per file",
    ),
    "tonnes.csv": (
        lambda: (
            f"{FLOWS},unit\nDEU,KGZ,848210,2022,X,1,1,kg\nFRA,KGZ,848210,2022,X,1,1,t\n".encode()
        ),
        r"line 3, column unit: 't' is not kg",
    ),
    "torn.xlsx": (
        lambda: zipped({"xl/workbook.xml": b"<a/>"})[:60],
        r"a damaged zip archive or workbook",
    ),
    "hollow.xlsx": (lambda: zipped({"xl/workbook.xml": b"<a/>"}), r"a damaged workbook"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_its_name_and_a_cure(name: str, tmp_path: Path) -> None:
    content, said = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(DataError, match=said) as refusal:
        read([path], tmp_path)
    assert name in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_currency_column_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "euros.csv"
    path.write_text(f"{FLOWS},currency,unit\nDEU,KGZ,848210,2022,X,1,3,eur,KG\n")
    assert read([path], tmp_path).currency == "EUR"


BACI = {
    "t": [2021, 2022],
    "i": [842, 490],
    "j": [417, 699],
    "k": [10121, 854231],
    "v": [1.5, 2.0],
    "q": [0.1, 0.2],
}


def parquet(path: Path, columns: dict[str, object], **changed: object) -> Path:
    pq.write_table(pa.table({**columns, **changed}), path)
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {c: pa.array(BACI[c], pa.int32()) for c in "tijk"},
        {"t": pa.array(BACI["t"], pa.uint16()), "k": pa.array(BACI["k"], pa.uint32())},
        {"k": ["010121", "854231"]},
        {"v": pa.array(BACI["v"], pa.float32())},
        {"v": pa.array([15, 20], pa.int64()).cast(pa.decimal128(21, 1)), "scaled": [10, 10]},
        {"q": [float("nan"), None]},
    ],
    ids=["int32", "unsigned", "text codes", "float32", "decimal", "weights not known"],
)
def test_baci_parquet_in_whatever_types(changed: dict[str, object], tmp_path: Path) -> None:
    scale = 10 if changed.pop("scaled", None) else 1
    path = parquet(tmp_path / "baci.parquet", BACI, **changed)
    assert got(path, tmp_path) == {
        ("USA", "KGZ", "010121", "2021"): 1500.0 * scale,
        ("TWN", "IND", "854231", "2022"): 2000.0 * scale,
    }
    if "q" in changed:
        trade = read([path], tmp_path).trade(DuckDB(), "2022")
        assert trade.engine.table("SELECT SUM(quantity) AS q FROM trade").to_pylist() == [
            {"q": None}
        ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"i": [None, 842]}, r"row 1, column i: None is missing"),
        ({"t": [None, 2022]}, r"row 1, column t: None is missing"),
        ({"k": [10121, None]}, r"row 2, column k: None is missing"),
        ({"v": [1.0, None]}, r"row 2, column v: None is not a value"),
        ({"v": [-1.0, 1.0]}, r"row 1, column v: -1.0 is not a value"),
        ({"v": [1.0, float("inf")]}, r"row 2, column v: inf is not a value"),
        ({"v": ["1", "2"]}, r"column v is string; write it as a number"),
        ({"q": [-0.1, 0.2]}, r"row 1, column q: -0.1 is not a weight"),
        ({"q": ["NA", "1"]}, r"column q is string; .*null where the weight is unknown"),
        ({"t": [21, 2022]}, r"row 1, column t: 21 is not a year"),
        ({"k": [12345678, 854231]}, r"row 1, column k: 12345678 is not an HS6 code"),
        ({"k": [-5, 854231]}, r"row 1, column k: -5 is not an HS6 code"),
        ({"k": ["01012", "8542"]}, r"row 2, column k: '8542' is not an HS6 code"),
        ({"i": [842, 999]}, r"row 2, column i: 999 is in no list of country codes"),
        ({"t": [2021.0, 2022.0]}, r"column t is double; BACI has integers there"),
    ],
)
def test_baci_parquet_that_is_not_sound_is_refused(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    path = parquet(tmp_path / "bad.parquet", BACI, **changed)
    with pytest.raises(DataError, match=r"bad\.parquet: " + said):
        read([path], tmp_path)


PLAIN_FLOWS = {
    "reporter": ["DEU", "FRA"],
    "partner": ["KGZ", "KGZ"],
    "product": ["848210", "848210"],
    "period": ["2022", "2022"],
    "flow": ["X", "X"],
    "value": [1.0, 2.0],
    "quantity": [1.0, None],
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"period": [2022, 2022]}, r"column period is int64; write it as text"),
        ({"product": [848210, 848210]}, r"column product is int64; write it as text"),
        ({"flow": ["X", "export"]}, r"row 2, column flow: 'export'"),
        ({"reporter": ["DEU", "fra"]}, r"row 2, column reporter: 'fra' is not an ISO"),
        ({"quantity": [1.0, -1.0]}, r"row 2, column quantity: -1.0 is not a weight"),
        (
            {"currency": ["EUR", "USD"]},
            r"row 2, column currency: 'USD' appears together with EUR: mixed units",
        ),
        ({"unit": ["kg", "t"]}, r"row 2, column unit: 't' is not kg"),
    ],
)
def test_flows_parquet_that_is_not_sound_is_refused(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    path = parquet(tmp_path / "bad.parquet", PLAIN_FLOWS, **changed)
    with pytest.raises(DataError, match=r"bad\.parquet: " + said):
        read([path], tmp_path)


def test_parquet_under_another_name_and_a_damaged_one(tmp_path: Path) -> None:
    sound = parquet(tmp_path / "a.parquet", BACI).read_bytes()
    (tmp_path / "a.dat").write_bytes(sound)
    assert len(got(tmp_path / "a.dat", tmp_path)) == 2
    (tmp_path / "torn.parquet").write_bytes(sound[: len(sound) // 2])
    with pytest.raises(DataError, match=r"torn\.parquet: not a valid Parquet file"):
        read([tmp_path / "torn.parquet"], tmp_path)
    (tmp_path / "holed.parquet").write_bytes(sound[:20] + b"\xff" * 100 + sound[120:])
    with pytest.raises(DataError, match=r"holed\.parquet: not a valid Parquet file"):
        read([tmp_path / "holed.parquet"], tmp_path)


def test_a_packed_line_without_end_stops_early(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(f"{FLOWS}\n".encode())
        for _ in range(64):
            out.write(b"8" * (1 << 20))
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(
        DataError, match=r"bomb\.csv\.gz: packed in it is a line longer than 1024 KB"
    ):
        read([path], work)
    assert sum(p.stat().st_size for p in work.rglob("*") if p.is_file()) < 8 << 20


def test_the_command_refuses_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(v1([*BASE, BASE[0]]))
    done = subprocess.run(
        [sys.executable, "-m", "bilat", "divert", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0 and "Traceback" not in done.stderr and not done.stdout
    assert "twice.csv: the total row of DEU KGZ 848210 2021 X appears twice" in " ".join(
        done.stderr.split()
    )


def test_the_true_samples_give_what_is_in_them(mirror: Path, tmp_path: Path) -> None:
    legacy = mirror / "formats/comtrade_legacy_csv_SME_2016_2020.csv"
    raw: dict[tuple[str, ...], float] = defaultdict(float)
    with legacy.open(encoding="latin-1") as f:
        for r in csv.DictReader(f):
            if r["Trade Flow Code"] in "12":
                flow = {"1": "M", "2": "X"}[r["Trade Flow Code"]]
                raw[r["Reporter ISO"], flow, r["Commodity Code"], r["Period"]] += float(
                    r["Trade Value (US$)"]
                )
    found = pq.read_table(read([legacy], tmp_path).paths[0]).to_pylist()
    mine = {(r["reporter"], r["flow"], r["product"], r["period"]): r["value"] for r in found}
    # Taiwan stands there as "Other Asia, nes", which has no ISO code of its own.
    assert {k: v for k, v in mine.items() if k[0] != "TWN"} == {
        k: v for k, v in raw.items() if k[0] not in ("", "N/A")
    }

    thailand = mirror / "comtrade/thailand_imports_8542_by_partner_2014_2024.csv"
    with thailand.open() as f:
        listed = [
            (r["refYear"], r["partnerISO"], float(r["primaryValue"])) for r in csv.DictReader(f)
        ]
    found = pq.read_table(read([thailand], tmp_path).paths[0]).to_pylist()
    world = {r["period"]: r["value"] for r in found if r["partner"] == "WLD"}
    assert world == {y: v for y, p, v in listed if p == "W00"}
    assert sum(r["value"] for r in found) == pytest.approx(sum(v for _, _, v in listed))


def test_a_nul_is_named_with_its_own_line(tmp_path: Path) -> None:
    from bilat.formats.trade.text_file import open_text

    path = tmp_path / "trade.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 99 + b"1,\x00\n" + b"1,2\n" * 500)
    with pytest.raises(DataError, match="line 101 holds NUL"):
        open_text(path, tmp_path)
