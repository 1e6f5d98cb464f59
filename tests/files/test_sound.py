# SPDX-License-Identifier: Apache-2.0
"""A damaged Parquet file is one line, whatever reads it."""

from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.errors import DataError
from bilat.files.validation import refuse_damaged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "a [1].parquet"
    pq.write_table(
        pa.table({"t": list(range(2000)), "name": [f"firm {n % 70}" for n in range(2000)]}), place
    )
    return place


@pytest.mark.parametrize("engine", ["arrow", "duckdb"])
def test_a_sound_file_passes_and_one_with_bytes_changed_does_not(path: Path, engine: str) -> None:
    refuse_damaged(path, path, engine)
    raw = path.read_bytes()
    path.write_bytes(raw[:20] + b"\xff" * 200 + raw[220:])
    with pytest.raises(
        DataError, match=r"a \[1\]\.parquet: .*Parquet file.*[;.] [Cc]opy or download it again"
    ):
        refuse_damaged(path, path, engine)


@pytest.mark.parametrize("engine", ["arrow", "duckdb"])
def test_bytes_changed_anywhere_are_refused_in_a_line_or_read(path: Path, engine: str) -> None:
    raw, rng, refused = path.read_bytes(), Random(engine), 0
    for n in range(60):
        changed = bytearray(raw)
        for _ in range(rng.choice((1, 3, 20))):
            changed[rng.randrange(len(raw))] = rng.randrange(256)
        place = path.with_name(f"{n}.parquet")
        place.write_bytes(changed)
        try:
            refuse_damaged(place, "given.parquet", engine)
        except DataError as e:
            refused += 1
            assert "\n" not in str(e) and str(e).startswith(
                "given.parquet: not a valid Parquet file"
            )
    assert refused
