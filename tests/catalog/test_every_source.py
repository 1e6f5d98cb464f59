# SPDX-License-Identifier: Apache-2.0
"""Every file of the catalog reads whole, and is refused in one line when it is cut, renamed or spoilt.

Each test runs on a small sample of the file in its publisher's format, and on the real file where it is here.
"""

import gzip
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_files import EVERY, REAL, SAMPLES, Case
from sample_writing import lines_of

from bilat.catalog import read, sources
from bilat.catalog.sources import Opened
from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.holdings.pull import in_mirror


@pytest.mark.parametrize("case", REAL)
def test_the_file_is_the_edition_that_the_catalog_dates(case: Case) -> None:
    assert sha256_of(case.path) == case.file.sha256


def test_every_file_can_be_tried_on_any_machine() -> None:
    """A sample of it, or the file itself where it comes with the package; one of the EU's regulations for all."""
    tried = {(c.values[0].source.name, Path(c.values[0].file.path).name) for c in SAMPLES}
    for source in sources().values():
        for file in source.files[:1] if source.name == "eu_sanctions" else source.files:
            name = Path(file.path).name
            able = in_mirror(None, file) or (source.name, name) in tried
            assert able, file.path


def refused(case: Case, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(case.source, case.file, path)
    text = str(caught.value)
    assert "\n" not in text.strip() and case.path.name in text, text
    return text


def spoilt(case: Case, tmp_path: Path, change: Callable[[bytes], bytes]) -> Path:
    raw = case.path.read_bytes()
    out = tmp_path / case.path.name
    if out.suffix == ".gz":
        out.write_bytes(gzip.compress(change(gzip.decompress(raw)), 1))
    else:
        out.write_bytes(change(raw))
    return out


@pytest.mark.parametrize("case", EVERY)
def test_a_file_cut_in_the_middle_is_refused(case: Case, tmp_path: Path) -> None:
    refused(case, spoilt(case, tmp_path, lambda b: b[: int(len(b) * 0.6) - 3]))


@pytest.mark.parametrize("case", EVERY)
def test_half_a_file_cut_cleanly_between_two_lines_is_refused(case: Case, tmp_path: Path) -> None:
    """Only the number of rows can tell."""

    def cut(raw: bytes) -> bytes:
        return raw[: raw.rfind(b"\n", 0, len(raw) // 2) + 1]

    half = spoilt(case, tmp_path, cut)
    if case.source.name == "russian_exercises" and not case.is_sample:
        # The second half of the real file is empty lines: nothing is lost, nothing refused.
        assert sum(t.num_rows for _, t in read(case.source, case.file, half)) >= case.file.min_rows
    else:
        refused(case, half)


TEXT = [c for c in EVERY if c.values[0].path.name.endswith((".csv", ".csv.gz", ".txt", ".jsonl"))]


@pytest.mark.parametrize("case", TEXT)
def test_a_body_that_was_appended_to_itself_is_refused(case: Case, tmp_path: Path) -> None:
    """Sent twice, a file would double every figure made of it."""
    above = case.source.read.get("skip", 0)
    no_header = case.file.options.get("format") in ("ofac-csv", "ofac-alt", "ofac-add")
    headed = not no_header and case.path.suffix != ".jsonl"

    def doubled(raw: bytes) -> bytes:
        raw = raw.rstrip(b"\x1a\r\n") + b"\n"
        lines = raw.split(b"\n", above + 1) if headed else [b"", raw]
        return raw + lines[-1]

    refused(case, spoilt(case, tmp_path, doubled))


@pytest.mark.parametrize("case", REAL)
def test_the_floor_of_rows_is_the_edition_less_one_percent(case: Case) -> None:
    rows = sum(t.num_rows for _, t in read(case.source, case.file, case.path))
    assert case.file.min_rows == math.ceil(0.99 * rows)


COUNTED = [c for c in EVERY if c.values[0].file.min_lines]


@pytest.mark.parametrize("case", COUNTED)
def test_where_rows_are_counted_together_the_publishers_own_have_a_floor(
    case: Case, tmp_path: Path
) -> None:
    """One place may hold most entries: what is left of a cut file still makes a row for each place."""
    own = lines_of(case.path)
    assert case.file.min_lines == (own if case.is_sample else math.ceil(0.99 * own))

    def cut(raw: bytes) -> bytes:
        kept = raw.splitlines(keepends=True)
        return b"".join(kept[: case.file.min_lines])  # the header, and one row too few

    short = spoilt(case, tmp_path, cut)
    assert f"at least {case.file.min_lines} are expected" in refused(case, short)


def test_every_sample_and_file_that_is_counted_together_is_tried() -> None:
    assert {c.values[0].source.name for c in COUNTED if c.values[0].is_sample} == {
        "eu_export_controlled"
    }


@pytest.mark.parametrize("case", EVERY)
def test_a_file_with_another_header_is_refused(case: Case, tmp_path: Path) -> None:
    if case.path.suffix == ".parquet":
        import pyarrow.parquet as pq

        whole = pq.read_table(case.path)
        out = tmp_path / case.path.name
        pq.write_table(
            whole.rename_columns(["x" + whole.column_names[0], *whole.column_names[1:]]), out
        )
        refused(case, out)
    else:
        refused(case, spoilt(case, tmp_path, lambda b: (b"y" if b[:1] == b"x" else b"x") + b[1:]))


@pytest.mark.parametrize("case", EVERY)
def test_an_empty_file_and_noise_are_refused(case: Case, tmp_path: Path) -> None:
    out = tmp_path / case.path.name
    for bad in (b"", bytes(range(256)) * 40, b"<html><body>404 Not Found</body></html>\n"):
        out.write_bytes(bad)
        refused(case, out)


@pytest.mark.parametrize("case", EVERY)
def test_no_row_is_known_before_its_year_began(case: Case) -> None:
    import pyarrow.compute as pc

    for name, rows in read(case.source, case.file, case.path):
        if name == "estimates":
            continue  # plans and forecasts speak of years to come
        years = pc.cast(pc.utf8_slice_codeunits(rows["period"], 0, 4), "int64")
        early = pc.sum(pc.less(pc.year(rows["known_on"]), years)).as_py() or 0
        assert early == 0, f"{name}: {early} rows known before their year"


@pytest.mark.parametrize("case", EVERY)
def test_a_stated_lag_never_dates_a_row_after_its_edition(case: Case) -> None:
    known_on, basis = Opened(case.source, case.file, case.path).known("2010")
    assert known_on <= case.file.vintage and basis in ("inferred", "vintage")
