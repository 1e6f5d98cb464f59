# SPDX-License-Identifier: Apache-2.0
"""Files of a result as they are handed out, with the decisions that the log has at that moment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse

from bilat.server.desk import Desk
from bilat.server.files import file_answer, made_file_answer
from bilat.server.jobs import Job
from bilat.server.queue import begun
from bilat.server.work import ALERTS, BOOK


async def result_file(
    desk: Desk, reader: str, job: Job, name: str, *, download: bool
) -> FileResponse:
    """Return a file of a result; a workbook or alerts of a screening with the decisions up to now.

    Raises
    ------
    Refusal
        404 for a name that is not a file of the result.
    """
    decided = job.kind == "screen" and desk.settings.decisions is not None and name in job.files
    if decided and name == BOOK:
        return await made_for(desk, reader, job, name, "decided_workbook", folder=job.out)
    if decided and name == ALERTS:
        return await made_for(
            desk, reader, job, name, "decided_alerts", folder=job.out, begun=begun(job)
        )
    return file_answer(job.out, name, job.files, download=download)


async def made_for(
    desk: Desk, reader: str, job: Job, name: str, task: str, /, **given: Any
) -> FileResponse:
    """Return a file that a task makes for this request alone, so that a second tab gets its own."""
    place = job.folder / f"{secrets.token_hex(8)}-{name}"
    handling = desk.settings.handling
    await desk.ask(reader, task, out=place, handling=handling, **given)
    return made_file_answer(Path(place), name)
