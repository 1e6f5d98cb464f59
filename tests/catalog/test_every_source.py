# SPDX-License-Identifier: Apache-2.0
"""Every file of the catalog reads whole, and is refused in one line when it is cut, renamed or spoilt."""

import gzip
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from bilat.catalog import File, Source, read, sources
from bilat.catalog.sources import Opened
from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.holdings.pull import in_mirror

FILES = [pytest.param(s, f, id=f"{s.name}:{Path(f.path).name}") for s in sources().values() for f in s.files]


def there(mirror: Path, file: File) -> Path:
    found = in_mirror(mirror, file)
    assert found is not None, f"{file.path} is not in the mirror"
    return found


@pytest.mark.parametrize(("source", "file"), FILES)
def test_the_file_is_the_edition_that_the_catalog_dates(source: Source, file: File, mirror: Path) -> None:
    assert sha256_of(there(mirror, file)) == file.sha256


def refused(source: Source, file: File, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(source, file, path)
    text = str(caught.value)
    assert "\n" not in text.strip() and Path(file.path).name in text, text
    return text


def spoilt(mirror: Path, file: File, tmp_path: Path, change: Callable[[bytes], bytes]) -> Path:
    raw = there(mirror, file).read_bytes()
    out = tmp_path / Path(file.path).name
    if out.suffix == ".gz":
        out.write_bytes(gzip.compress(change(gzip.decompress(raw)), 1))
    else:
        out.write_bytes(change(raw))
    return out


@pytest.mark.parametrize(("source", "file"), FILES)
def test_a_file_cut_in_the_middle_is_refused(
    source: Source, file: File, mirror: Path, tmp_path: Path
) -> None:
    refused(source, file, spoilt(mirror, file, tmp_path, lambda b: b[: int(len(b) * 0.6) - 3]))


@pytest.mark.parametrize(("source", "file"), FILES)
def test_half_a_file_cut_cleanly_between_two_lines_is_refused(
    source: Source, file: File, mirror: Path, tmp_path: Path
) -> None:
    """Only the number of rows can tell."""

    def cut(raw: bytes) -> bytes:
        return raw[: raw.rfind(b"\n", 0, len(raw) // 2) + 1]

    half = spoilt(mirror, file, tmp_path, cut)
    if source.name == "russian_exercises":  # its second half is empty lines: nothing is lost, nothing refused
        assert sum(t.num_rows for _, t in read(source, file, half)) >= file.min_rows
    else:
        refused(source, file, half)


TEXT = [f for f in FILES if str(f.values[1].path).endswith((".csv", ".csv.gz", ".txt", ".jsonl"))]


@pytest.mark.parametrize(("source", "file"), TEXT)
def test_a_body_that_was_appended_to_itself_is_refused(
    source: Source, file: File, mirror: Path, tmp_path: Path
) -> None:
    """Sent twice, a file would double every figure made of it."""
    above = source.read.get("skip", 0)
    headed = not file.path.endswith(".jsonl") and file.options.get("format") not in (
        "ofac-csv",
        "ofac-alt",
        "ofac-add",
    )

    def doubled(raw: bytes) -> bytes:
        raw = raw.rstrip(b"\x1a\r\n") + b"\n"
        lines = raw.split(b"\n", above + 1) if headed else [b"", raw]
        return raw + lines[-1]

    refused(source, file, spoilt(mirror, file, tmp_path, doubled))


@pytest.mark.parametrize(("source", "file"), FILES)
def test_the_floor_of_rows_is_the_edition_less_one_percent(source: Source, file: File, mirror: Path) -> None:
    rows = sum(t.num_rows for _, t in read(source, file, there(mirror, file)))
    assert file.min_rows == math.ceil(0.99 * rows)


@pytest.mark.parametrize(("source", "file"), FILES)
def test_a_file_with_another_header_is_refused(
    source: Source, file: File, mirror: Path, tmp_path: Path
) -> None:
    if file.path.endswith(".parquet"):
        import pyarrow.parquet as pq

        whole = pq.read_table(there(mirror, file))
        out = tmp_path / Path(file.path).name
        pq.write_table(whole.rename_columns(["x" + whole.column_names[0], *whole.column_names[1:]]), out)
        refused(source, file, out)
    else:
        other = spoilt(mirror, file, tmp_path, lambda b: (b"y" if b[:1] == b"x" else b"x") + b[1:])
        refused(source, file, other)


@pytest.mark.parametrize(("source", "file"), FILES)
def test_an_empty_file_and_noise_are_refused(source: Source, file: File, tmp_path: Path) -> None:
    out = tmp_path / Path(file.path).name
    for bad in (b"", bytes(range(256)) * 40, b"<html><body>404 Not Found</body></html>\n"):
        out.write_bytes(bad)
        refused(source, file, out)


@pytest.mark.parametrize("source", [pytest.param(s, id=s.name) for s in sources().values()])
def test_no_row_is_known_before_its_year_began(source: Source, mirror: Path) -> None:
    import pyarrow.compute as pc

    for file in source.files:
        for name, rows in read(source, file, there(mirror, file)):
            if name == "estimates":
                continue  # plans and forecasts speak of years to come
            years = pc.cast(pc.utf8_slice_codeunits(rows["period"], 0, 4), "int64")
            early = pc.sum(pc.less(pc.year(rows["known_on"]), years)).as_py() or 0
            assert early == 0, f"{name}: {early} rows known before their year"


@pytest.mark.parametrize(("source", "file"), FILES)
def test_a_stated_lag_never_dates_a_row_after_its_edition(source: Source, file: File, mirror: Path) -> None:
    known_on, basis = Opened(source, file, there(mirror, file)).known("2010")
    assert known_on <= file.vintage and basis in ("inferred", "vintage")
