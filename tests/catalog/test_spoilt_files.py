# SPDX-License-Identifier: Apache-2.0
"""Each reader on seeded damage to its sample: it refuses in one line that names file and cure, or reads the same.

Damage that leaves another well-formed file (a digit changed) can be seen by nobody and is not tried.
"""

import bz2
import gzip
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest
from sample_files import SAMPLES, Case
from sample_writing import digest

from bilat.catalog import read
from bilat.errors import BilatError

#: Words by which a refusal says what to do, or that nothing happened.
CURES = (
    "pull",
    "check",
    "get it again",
    "from its publisher again",
    "get the file again",
    "nothing was taken in",
    "save the file",
    "export",
    "add it",
    "write ",
    "give ",
    "set ",
    "keep one",
    "close it",
    "double the quote",
)


def cut(raw: bytes, rng: Random) -> bytes:
    """Ends somewhere in its middle."""
    return raw[: int(len(raw) * rng.uniform(0.1, 0.9))]


def cut_between_lines(raw: bytes, rng: Random) -> bytes:
    """Ends after a line of its middle."""
    return raw[: raw.rfind(b"\n", 0, int(len(raw) * rng.uniform(0.3, 0.9))) + 1]


def body_twice(raw: bytes, rng: Random) -> bytes:
    """Everything below the first line appears twice."""
    below = raw.split(b"\n", 1)[-1]
    return raw + (b"" if raw.endswith(b"\n") else b"\n") + below


def whole_twice(raw: bytes, rng: Random) -> bytes:
    """The file stands in the file twice, header and all."""
    return raw + (b"" if raw.endswith(b"\n") else b"\n") + raw


def open_quote(raw: bytes, rng: Random) -> bytes:
    """A field near the middle opens a quote that nothing closes."""
    at = raw.find(b",", int(len(raw) * rng.uniform(0.3, 0.7)))
    at = at if at >= 0 else len(raw) // 2
    return raw[: at + 1] + b'"' + raw[at + 1 :]


def nul(raw: bytes, rng: Random) -> bytes:
    """A NUL in the middle."""
    at = int(len(raw) * rng.uniform(0.3, 0.9))
    return raw[:at] + b"\x00" + raw[at:]


def no_text(raw: bytes, rng: Random) -> bytes:
    """Bytes that are not UTF-8, in the middle of a line."""
    at = int(len(raw) * rng.uniform(0.3, 0.9))
    return raw[:at] + b"\xff\xfe\x81" + raw[at:]


def other_header(raw: bytes, rng: Random) -> bytes:
    """The first letter of the file is another."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    return raw[:start] + (b"z" if raw[start : start + 1] != b"z" else b"q") + raw[start + 1 :]


def a_line_short(raw: bytes, rng: Random) -> bytes:
    """A line in the middle has lost its last fields."""
    lines = raw.split(b"\n")
    at = rng.randrange(len(lines) // 3, max(len(lines) // 3 + 1, len(lines) - 2))
    delimiter = b"\t" if b"\t" in lines[0] else b","
    lines[at] = delimiter.join(lines[at].split(delimiter)[:-1])
    return b"\n".join(lines)


def a_row_twice(raw: bytes, rng: Random) -> bytes:
    """A row of the middle stands there twice."""
    rows, seen = [], b""
    for line in raw.splitlines(keepends=True):
        seen += line
        if seen.count(b'"') % 2 == 0:  # a quoted field may run over lines
            rows.append(seen)
            seen = b""
    at = rng.randrange(len(rows) // 3, max(len(rows) // 3 + 1, len(rows) - 1))
    full = [r for r in rows[max(at, 1) :] if r.strip(b",;\t\r\n ")]
    again = full[0] if full else rows[-1]
    end = b"" if again.endswith(b"\n") else b"\n"
    return raw.replace(again, again + end + again, 1)


def a_page_of_error(raw: bytes, rng: Random) -> bytes:
    """The publisher's server sent a page in place of the file."""
    return b"<!DOCTYPE html>\n<html><body><h1>503 Service Unavailable</h1></body></html>\n"


Damage = Callable[[bytes, Random], bytes]
#: What any file can suffer, what any text can, and what text with delimiters can.
ANY: list[Damage] = [cut, a_page_of_error]
TEXT: list[Damage] = [cut_between_lines, body_twice, whole_twice, nul, no_text, other_header]
DELIMITED: list[Damage] = [open_quote, a_line_short, a_row_twice]


def _damages(case: Case) -> list[Damage]:
    name = case.path.name
    if case.source.keyless and name.endswith((".csv", "dpl.txt")):
        return [
            d for d in ANY + TEXT + DELIMITED if d is not a_row_twice
        ]  # the catalog says what goes unseen
    if name.endswith((".parquet", ".rda")):
        return ANY
    if name.endswith((".csv", ".csv.gz", "dpl.txt")):
        return ANY + TEXT + DELIMITED
    return ANY + TEXT


TRIED = [
    pytest.param(p.values[0], damage, id=f"{p.id}:{damage.__name__}")
    for p in SAMPLES
    for damage in _damages(p.values[0])
]


def spoilt(case: Case, folder: Path, damage: Damage, rng: Random) -> Path:
    """The sample with damage to its text, packed as it was; a packed binary file is damaged as it is."""
    raw, out = case.path.read_bytes(), folder / case.path.name
    if raw.startswith(b"\x1f\x8b"):
        out.write_bytes(gzip.compress(damage(gzip.decompress(raw), rng), 1))
    elif raw.startswith(b"BZh"):
        out.write_bytes(bz2.compress(damage(bz2.decompress(raw), rng)))
    else:
        out.write_bytes(damage(raw, rng))
    return out


def rows_of(case: Case, path: Path) -> list[tuple[str, str]]:
    """(table, hash over its rows), without where in the file each stands."""
    return [
        (name, digest(rows.drop_columns(["locator"])))
        for name, rows in read(case.source, case.file, path)
    ]


@cache
def sound(path: Path) -> list[tuple[str, str]]:
    """What the undamaged sample gives."""
    case: Case = next(p.values[0] for p in SAMPLES if p.values[0].path == path)
    return rows_of(case, path)


def wrong(case: Case, damage: Damage, folder: Path) -> str:
    """What is wrong with what the reader does with a damaged file; blank where all is well."""
    rng = Random(f"{case.source.name} {case.path.name} {damage.__name__}")
    path = spoilt(case, folder, damage, rng)
    assert path.read_bytes() != case.path.read_bytes()
    try:
        got = rows_of(case, path)
    except BilatError as e:
        said = str(e)
        if "\n" in said.strip():
            return f"is not one line: {said}"
        if case.path.name not in said:
            return f"names no file: {said}"
        return "" if any(word in said for word in CURES) else f"names no cure: {said}"
    return "" if got == sound(case.path) else "other rows are taken in"


@pytest.mark.parametrize(("case", "damage"), TRIED)
def test_damage_is_refused_or_changes_no_row(case: Case, damage: Damage, tmp_path: Path) -> None:
    assert not wrong(case, damage, tmp_path)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "Java\tScript:alert(1)", "data:text/html;x", "file:///etc/passwd"],
)
def test_an_address_that_a_click_would_run_is_refused(address: str, tmp_path: Path) -> None:
    case: Case = next(p.values[0] for p in SAMPLES if p.values[0].source.name == "exercises")
    text = case.path.read_text("utf-8")
    link = re.search(r"https?://[^,\"\s;]+", text)
    assert link
    path = tmp_path / case.path.name
    path.write_text(text.replace(link[0], address, 1), "utf-8")
    with pytest.raises(BilatError, match="another kind than http and https"):
        rows_of(case, path)
