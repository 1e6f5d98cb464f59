# SPDX-License-Identifier: Apache-2.0
"""Readers of the blockade's and the exposure's files, on small files of each publisher's format."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.catalog import File, read, source
from bilat.errors import DataError

FACTS = (
    "id,metric,item,period,value,low,high,unit,url,page_date,originator,read,note\n"
    "X1,crude_imports,China,2025,577.73,,,million "
    "tonnes,https://a.example/1,2026-01-17,Customs,copy,a note\n"
    "X2,customs_crude,China,2026-06,29.27,29,30,million "
    "tonnes,https://a.example/2,,Customs,secondary,\n"
)
BACI = "t,i,j,k,v,q\n2021,156,643,10620,48.641,3.124\n2021,643,156,270900,1000.5,\n"


def taken(name: str, path: Path, table: str) -> list[dict]:
    s = source(name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    file = File(
        path=path.name, sha256=digest, vintage=s.files[0].vintage, vintage_basis="test", min_rows=1
    )
    return dict(read(s, file, path))[table].to_pylist()


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return path


def test_facts_say_how_they_were_read_and_when_they_were_public(tmp_path: Path) -> None:
    first, second = taken("blockade_facts", written(tmp_path, FACTS), "estimates")
    assert first["note"] == "copy: a note" and (first["low"], first["high"]) == (577.73, 577.73)
    assert (str(first["known_on"]), first["known_basis"]) == ("2026-01-17", "published")
    assert second["note"] == "secondary" and second["known_basis"] == "inferred"
    assert str(second["known_on"]) == "2026-07-31" and (second["low"], second["high"]) == (29, 30)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("X2,", "X1,", "was used before"),
        (",copy,", ",hearsay,", "is not one of page, copy, secondary"),
        (",2025,", ",lately,", "Write 2025 or 2025-06"),
        ("29.27", "", "is empty"),
        ("29.27,29,30", "31,29,30", "is outside low and high"),
        ("2026-01-17", "2026-13-17", "is not a date"),
    ],
)
def test_a_fact_that_fails_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        taken("blockade_facts", written(tmp_path, FACTS.replace(old, new, 1)), "estimates")
    assert "\n" not in str(caught.value) and "nothing was taken in" in str(caught.value)


def test_baci_is_in_dollars_with_padded_codes(tmp_path: Path) -> None:
    first, second = taken("baci_russia_china", written(tmp_path, BACI), "flows")
    assert (first["reporter"], first["partner"], first["product"]) == ("CHN", "RUS", "010620")
    assert first["value"] == pytest.approx(48_641) and first["quantity"] == 3.124
    assert (
        second["reporter"] == "RUS"
        and second["quantity"] is None
        and second["quantity_unit"] is None
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("156,643", "156,840", "is not one of 156, 643"),
        ("10620", "1062x", "is not a code of 6 digits"),
        ("48.641", "-1", "breaks the rule value >= 0"),
        ("2021,643,156,270900", "2021,156,643,10620", "is already at line 2"),
    ],
)
def test_a_row_of_baci_that_fails_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        taken("baci_russia_china", written(tmp_path, BACI.replace(old, new, 1)), "flows")


def test_world_imports_name_the_world_and_refuse_another_flow(tmp_path: Path) -> None:
    row = {
        "refYear": 2023,
        "reporterISO": "DEU",
        "flowCode": "M",
        "partnerISO": "W00",
        "classificationCode": "H6",
        "cmdCode": "870380",
        "primaryValue": 5.0,
    }
    path = tmp_path / "file.parquet"
    pq.write_table(pa.Table.from_pylist([row, {**row, "partnerISO": "CHN"}]), path)
    world, china = taken("world_imports_18_codes", path, "flows")
    assert world["partner"] == "WLD" and world["is_aggregate"] and not china["is_aggregate"]
    pq.write_table(pa.Table.from_pylist([{**row, "flowCode": "X"}]), path)
    with pytest.raises(DataError, match="is not M"):
        taken("world_imports_18_codes", path, "flows")
