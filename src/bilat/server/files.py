# SPDX-License-Identifier: Apache-2.0
"""Files out of a folder: only those on its list of contents, so that no address leads anywhere else."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from starlette.responses import FileResponse

from bilat.server.refused import Declined

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xml": "application/atom+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def listed(name: str, contents: Collection[str]) -> str:
    """The name, if the folder has it.

    Raises
    ------
    Declined
        404 for any other.
    """
    if name not in contents:
        raise Declined(404, f"no such file: {name[:80]!r}")
    return name


def file_answer(
    folder: Path, name: str, contents: Collection[str], *, download: bool = False
) -> FileResponse:
    """A file of a folder as an answer.

    Raises
    ------
    Declined
        404 for a name that is not on the list.
    """
    path = folder / listed(name, contents)
    if not path.is_file():
        raise Declined(404, f"no such file: {name[:80]!r}")
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind, filename=path.name if download else None)
