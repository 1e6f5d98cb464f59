# SPDX-License-Identifier: Apache-2.0
"""Every file of the catalog reads whole, and is refused in one line when it is cut, renamed or spoilt.

Each test runs on a small sample of the file in its publisher's format, and on the real file where it is here.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_files import EVERY, REAL, Case

from bilat.catalog import read, sources
from bilat.catalog.sources import Opened
from bilat.errors import DataError
from bilat.files.digest import sha256_of


@pytest.mark.parametrize("case", REAL)
def test_the_file_is_the_edition_that_the_catalog_dates(case: Case) -> None:
    assert sha256_of(case.path) == case.file.sha256


def test_every_source_can_be_tried_on_any_machine() -> None:
    """A sample, or a file that comes with the package."""
    from sample_files import FOLDER

    from bilat.holdings.pull import in_mirror

    for source in sources().values():
        names = [Path(f.path).name for f in source.files]
        here = [f for f in source.files if in_mirror(None, f)]
        assert here or any((FOLDER / source.name / n).is_file() for n in names), source.name


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
        assert sum(t.num_rows for _, t in read(case.source, case.file, half)) == case.file.min_rows
    else:
        refused(case, half)


@pytest.mark.parametrize("case", EVERY)
def test_a_file_with_another_header_is_refused(case: Case, tmp_path: Path) -> None:
    if case.path.suffix == ".parquet":
        import pyarrow.parquet as pq

        whole = pq.read_table(case.path)
        out = tmp_path / case.path.name
        pq.write_table(whole.rename_columns(["x" + whole.column_names[0], *whole.column_names[1:]]), out)
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
