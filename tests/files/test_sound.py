# SPDX-License-Identifier: Apache-2.0
"""A Parquet file that ends, stalls or bloats the program that reads it ends a child and gives a line."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.errors import DataError
from bilat.files import sound
from bilat.files.sound import refuse_unsound


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "a [1].parquet"
    pq.write_table(pa.table({"t": list(range(2000)), "name": [f"firm {n % 70}" for n in range(2000)]}), place)
    return place


@pytest.mark.parametrize("engine", ["arrow", "duckdb"])
def test_a_sound_file_passes_and_one_with_bytes_changed_does_not(path: Path, engine: str) -> None:
    refuse_unsound(path, path, engine)
    raw = path.read_bytes()
    path.write_bytes(raw[:20] + b"\xff" * 200 + raw[220:])
    with pytest.raises(DataError, match=r"a \[1\]\.parquet: .*Parquet file.*; copy or download it again"):
        refuse_unsound(path, path, engine)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os; os.abort()", r"ends the program that reads it \(signal 6\)"),
        ("import time; time.sleep(60)", "is not read within 1 s"),
        ("import sys; sys.path.insert(0, sys.argv[1]); x = b'x' * (1 << 40)", r"exit code 1"),
    ],
)
def test_whatever_the_reading_does_to_its_process_is_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    child = path.with_name("child.py")
    child.write_text(program)
    monkeypatch.setattr(sound, "_CHILD", child)
    monkeypatch.setattr(sound, "SECONDS", 1.0)
    with pytest.raises(DataError, match=said) as caught:
        refuse_unsound(path, "given.parquet", "arrow")
    assert "\n" not in str(caught.value) and str(caught.value).startswith("given.parquet: ")
