# SPDX-License-Identifier: Apache-2.0
"""The answers that a release brings along: those of the shipped pair's picture, today and when the paper was written.

``python docs/kept.py`` makes the picture from the embedded holdings with an empty cache and packs what was kept. It is
the last thing that is done before a release: answers of other code are never used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pyarrow as pa

from bilat.files.cache import MADE_BY, SHIPPED
from bilat.files.digest import code


def plain(path: Path) -> None:
    """Write an answer's rows uncompressed: the archive finds what many answers share."""
    with pa.OSFile(str(path), "rb") as source:
        rows = pa.ipc.open_file(source).read_all()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as out:
        out.write_table(rows)


def timeless(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without the day and the user that packed it."""
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
    return entry


def main() -> None:
    SHIPPED.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as work:
        quiet = {**os.environ, "BILAT_CACHE": work, "BILAT_HOLDINGS": os.devnull}
        brief = (sys.executable, "-m", "bilat", "brief", "--out", str(Path(work) / "site"))
        subprocess.run(brief, check=True, env=quiet, stdout=subprocess.DEVNULL)
        (version,) = (Path(work) / "bilat" / "kept").iterdir()
        for path in version.rglob("*.arrow"):
            plain(path)
        header = {MADE_BY: code()}
        with tarfile.open(
            SHIPPED, "w:xz", preset=9, format=tarfile.PAX_FORMAT, pax_headers=header
        ) as out:
            for path in [version, *sorted(version.rglob("*"))]:
                name = Path("kept", path.relative_to(version))
                out.add(path, str(name), recursive=False, filter=timeless)
    print(f"{SHIPPED}: {SHIPPED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
