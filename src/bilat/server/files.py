# SPDX-License-Identifier: Apache-2.0
"""Files of a folder as answers: only those on its list of contents, so that no address leads
anywhere else.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Collection
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from bilat.server.refusals import Refusal


def file_answer(
    folder: Path, name: str, contents: Collection[str], *, download: bool = False
) -> FileResponse:
    """A file of a folder as an answer.

    Raises
    ------
    Refusal
        404 for a name that is not on the list.
    """
    path = folder / name
    if name not in contents or not path.is_file():
        raise Refusal(404, f"file not found: {name[:80]!r}")
    return FileResponse(
        path, media_type=_media_type(name), filename=path.name if download else None
    )


def made_file_answer(path: Path, name: str) -> FileResponse:
    """Return a file that was made for one request as a download; it is deleted once it is sent."""
    deletes = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=_media_type(name), filename=name, background=deletes)


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
