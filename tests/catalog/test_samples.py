# SPDX-License-Identifier: Apache-2.0
"""The samples: written again they are the same, they read as they did, and they look as the real files look."""

import bz2
import gzip
import json
from pathlib import Path

import pytest
from sample_files import FOLDER, ROWS, SAMPLES, Case
from sample_writing import as_read, written


def plain(raw: bytes) -> bytes:
    if raw.startswith(b"\x1f\x8b"):
        return gzip.decompress(raw)
    return bz2.decompress(raw) if raw.startswith(b"BZh") else raw


def test_what_is_committed_is_what_the_script_writes(tmp_path: Path) -> None:
    fresh = written()
    assert {f"{p.parent.name}/{p.name}" for p in fresh} == set(ROWS)
    for path, raw in fresh.items():
        if (
            path.suffix == ".parquet"
        ):  # the bytes of Parquet change with its writer, the rows do not
            (tmp_path / path.parent.name).mkdir(exist_ok=True)
            other = tmp_path / path.parent.name / path.name
            other.write_bytes(raw)
            assert as_read(other) == as_read(path), path.name
        else:
            assert plain(path.read_bytes()) == plain(raw), (
                f"{path}: run python tests/samples/make.py"
            )


@pytest.mark.parametrize("case", SAMPLES)
def test_a_sample_reads_as_it_did(case: Case) -> None:
    """What changes here is a change of a reader: if it is meant, write the samples again."""
    assert as_read(case.path) == ROWS[f"{case.source.name}/{case.path.name}"]


def test_all_samples_together_are_small() -> None:
    assert (
        sum(p.stat().st_size for p in FOLDER.rglob("*") if "__pycache__" not in p.parts) < 850_000
    )


def test_no_folder_or_file_is_left_over() -> None:
    kept = {
        f"{p.parent.name}/{p.name}" for p in FOLDER.glob("*/*") if p.parent.name != "__pycache__"
    }
    assert kept == set(ROWS)


def head(raw: bytes, line: int) -> bytes:
    return raw.split(b"\n", line + 1)[line]


#: What packed files begin with, and a byte-order mark.
PACKED = (b"\x1f\x8b", b"BZ", b"PK", b"\xef\xbb")


def fields(raw: bytes) -> set[str]:
    """The fields of a JSON object, of the first of an array, or of any line of JSON lines."""
    text = raw.decode("utf-8-sig")
    try:
        found = json.loads(text)
    except ValueError:
        return {name for line in text.splitlines() if line for name in json.loads(line)}
    first = found[0] if isinstance(found, list) else found
    return set(first)


@pytest.mark.shared
@pytest.mark.parametrize("case", SAMPLES)
def test_a_sample_looks_as_the_real_file_looks(case: Case, mirror: Path) -> None:
    """Packing, byte order mark, header, line ends, quoting of the first line of values, end of the file."""
    from bilat.holdings.pull import in_mirror

    real = in_mirror(mirror, case.file)
    assert real is not None
    if case.path.suffix == ".parquet":
        import pyarrow.parquet as pq

        ours, theirs = (pq.read_schema(p).remove_metadata() for p in (case.path, real))
        assert ours.names == theirs.names
        for name in ours.names:
            assert ours.field(name).equals(theirs.field(name)), name
        return
    raw, other = case.path.read_bytes(), real.read_bytes()
    packed = raw.startswith(PACKED) or other.startswith(PACKED)
    assert not packed or raw[:2] == other[:2]
    if case.path.suffix == ".xlsx":  # what is in a workbook its reader looks at
        return
    ours, theirs = plain(raw), plain(other)
    if any(suffix.startswith(".json") for suffix in case.path.suffixes):
        assert fields(ours) <= fields(theirs)
        return
    if case.path.suffix in (".xml", ".js", ".rda"):
        assert ours[:14] == theirs[:14]
        return
    if case.source.name == "jp_export_bans":
        for word in ("禁止措置", "指定日：", "最終更新日：", "所在地："):
            assert word.encode() in ours and word.encode() in theirs
        return
    if not case.source.name.startswith("ofac_"):
        at = 11 if case.source.name == "sipri_register" else 0
        assert head(ours, at) == head(theirs, at)
        assert head(ours, at + 1).startswith(b'"') == head(theirs, at + 1).startswith(b'"')
        assert head(ours, at + 1).endswith(b"\r") == head(theirs, at + 1).endswith(b"\r")
    assert ours.endswith(b"\n") == theirs.endswith(b"\n")
    assert ours.endswith(b"\x1a") == theirs.endswith(b"\x1a")
