# SPDX-License-Identifier: Apache-2.0
"""Files as publishers pack them: gzip, bzip2, xz, and zip archives; unpacked to disk in bounded
memory.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from bilat.errors import DataError
from bilat.files.text import CHUNK, LONGEST_LINE, head

#: Bytes that unpacking leaves free on the disk.
MARGIN = 256 << 20
#: Bytes that a file may unpack to, where its catalog entry says no more: the largest of the catalog
#: takes 33 MB.
MOST = 64 << 20

_STREAMS: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
#: What cannot be opened here, by its first bytes.
_FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive: unpack it (7z x) and name the file inside",
    b"Rar!": "a RAR archive: unpack it and name the file inside",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard: unpack it (zstd -d) and name the file inside",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (xls): save it as CSV",
    b"%PDF": "a PDF, no table: get the data file",
}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # a password, or a method of packing that zipfile does not know
)


@dataclass(frozen=True)
class UnpackedFile:
    """``path`` is what the person named (with the member of an archive); ``at`` is where its bytes
    lie.
    """

    path: Path
    at: Path


class _Bounded(io.RawIOBase):
    """The bytes of a packed file, up to a bound; damage is told in one line."""

    def __init__(self, packed: IO[bytes], title: str | Path, most: int | None) -> None:
        super().__init__()
        self._packed = packed
        self._title = title
        self._most = most
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._packed.read(len(buffer))
        except _DAMAGE as e:
            raise DataError(
                f"the packed file is damaged or cut off ({e})",
                file=self._title,
                cure="download it again",
            ) from None
        self._seen += len(chunk)
        if self._most is not None and self._seen > self._most:
            raise DataError(
                f"unpacks to more than {self._most >> 20} MB, which no edition of it does",
                file=self._title,
                cure="check the download",
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._packed.close()
        super().close()


def open_unpacked(
    path: Path, title: str | Path | None = None, most: int | None = MOST
) -> io.BufferedReader:
    """The bytes of a file, unpacked on the way where its first bytes say gzip, bzip2 or xz.

    ``title`` is the file's name to a person, ``most`` how many bytes it may unpack to (None: no
    bound); reading on past that, or into damage, raises DataError.

    Raises
    ------
    DataError
        for a file that cannot be read.
    """
    title = title or path
    try:
        with path.open("rb") as handle:
            start = handle.read(8)
        packer = next((f for mark, f in _STREAMS.items() if start.startswith(mark)), None)
        plain: IO[bytes] = packer(path) if packer else path.open("rb")
    except OSError as e:
        raise DataError(
            f"cannot be read ({e.strerror or e})",
            file=title,
            cure="check its place and permissions",
        ) from None
    return io.BufferedReader(_Bounded(plain, title, most), CHUNK)


def unpack(path: Path, work: Path) -> list[UnpackedFile]:
    """The file, or the files packed into it.

    Raises
    ------
    DataError
        for an archive that is damaged, foreign, empty or larger than the room on the disk.
    """
    start = head(path, 512)
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise DataError(f"{path}: {what}")
    for mark, open_stream in _STREAMS.items():
        if start.startswith(mark):
            inner = path.name.removesuffix(path.suffix) or path.name
            return [UnpackedFile(path, _written(path, partial(open_stream, path), inner, work))]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _members(path, work)
    return [UnpackedFile(path, path)]


def _members(path: Path, work: Path) -> list[UnpackedFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [m for m in archive.infolist() if not m.is_dir()]
    except _DAMAGE as e:
        raise DataError(
            f"{path}: a damaged zip archive or workbook ({e}). Download it again"
        ) from None
    names = {m.filename for m in listed}
    if "xl/workbook.xml" in names:
        return [UnpackedFile(path, path)]
    wanted = [
        m
        for m in listed
        if m.filename.lower().endswith((".csv", ".dat", ".txt", ".tsv", ".json"))
        and not Path(m.filename).name.startswith(".")
        and not m.filename.startswith("__MACOSX")
    ]
    if not wanted:
        raise DataError(
            f"{path}: the archive holds no CSV, DAT, TXT, TSV or JSON file (it holds "
            f"{', '.join(sorted(names)[:5]) or 'nothing'}): name the data file itself"
        )
    room = shutil.disk_usage(work).free - MARGIN
    asked = sum(m.file_size for m in wanted)
    if asked > room:
        raise DataError(
            f"{path}: unpacked it takes {asked:,} bytes, {max(room, 0):,} are free in {work}: make "
            "room"
        )
    out = []
    with zipfile.ZipFile(path) as archive:
        for m in wanted:
            shown = Path(f"{path}!{m.filename}") if len(wanted) > 1 else path
            at = _written(shown, partial(archive.open, m), Path(m.filename).name, work)
            out.append(UnpackedFile(shown, at))
    return out


def _written(shown: Path, open_stream: Callable[[], IO[bytes]], name: str, work: Path) -> Path:
    """The bytes of a packed file on disk; a line that no publisher writes stops it early."""
    target = Path(tempfile.mkdtemp(prefix="packed-", dir=work)) / name
    since_newline = 0
    text = True
    try:
        with open_stream() as packed, target.open("wb") as out:
            first = True
            while chunk := packed.read(CHUNK):
                if first:
                    # The answers of a service are one long line; Parquet and workbooks have none.
                    text = not chunk.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
                        (b"{", b"[", b"PAR1", b"PK")
                    )
                    first = False
                last = chunk.rfind(b"\n")
                since_newline = since_newline + len(chunk) if last < 0 else len(chunk) - last - 1
                if text and since_newline > 2 * LONGEST_LINE:
                    raise DataError(
                        f"{shown}: packed in it is a line longer than {LONGEST_LINE // 1024} KB; "
                        "no publisher writes such a row: the file is damaged, download it again"
                    )
                if shutil.disk_usage(work).free < MARGIN:
                    raise DataError(
                        f"{shown}: no room to unpack it in {work}: make room, or set TMPDIR"
                    )
                out.write(chunk)
    except _DAMAGE as e:
        raise DataError(
            f"{shown}: the packed file is damaged, cut off or protected ({e}). Download it again"
        ) from None
    return target


def with_plain_name(path: Path, work: Path, suffix: str = "") -> Path:
    """The same file under a name without ``* ? [``, which the engine would take for a pattern, and
    with the suffix by which it tells Parquet.
    """
    if not set(str(path)) & set("*?[") and (not suffix or str(path).endswith((".parquet", ".pq"))):
        return path
    target = Path(tempfile.mkdtemp(prefix="named-", dir=work)) / f"file{suffix or path.suffix}"
    try:
        os.symlink(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)
    return target
