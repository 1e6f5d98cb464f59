# SPDX-License-Identifier: Apache-2.0
"""Files that readers send: a screening or a search for routes is begun, and the upload deleted once it was read."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request

from bilat.errors import UsageError
from bilat.server import asked
from bilat.server.desk import Desk
from bilat.server.jobs import Job
from bilat.server.team import told
from bilat.server.upload import NAMES, TRADE, Form, put, read_form

SCREEN_FIELDS = ("as_of", "top", "threshold", "base_rate", "columns")
DIVERT_FIELDS = ("as_of", "origin", "target", "since", "until", "basket", "hub", "limit")


async def begin_screen(request: Request, desk: Desk, form: Form | None = None) -> Job:
    """Begin to screen the file of a form.

    Raises
    ------
    Declined, UsageError
        for a form without a file, an option or an ending that is not allowed, or a body above its limits.
    """
    form = form or await _form(request, desk, SCREEN_FIELDS)
    options = asked.screening(form)
    job, path = await _taken(request, desk, "screen", form, NAMES, options)
    given = {
        "file": str(path), "out": str(job.out), "columns": form.get("columns") or None,
        "decisions": desk.settings.decided, **options, **told(desk.settings),
    }  # fmt: skip
    desk.begin(job, "screen_file", given, path)
    return job


async def begin_divert(request: Request, desk: Desk, form: Form | None = None) -> Job:
    """Begin to rank the routes of the trade file in a form.

    Raises
    ------
    Declined, UsageError
        as :func:`begin_screen`.
    """
    form = form or await _form(request, desk, DIVERT_FIELDS)
    question = asked.routes(form)
    job, path = await _taken(request, desk, "divert", form, TRADE, question)
    marking = told(desk.settings)["marking"]
    given = {"files": [str(path)], "out": str(job.out), "asked": question, "marking": marking}
    desk.begin(job, "divert", given, path)
    return job


async def received(request: Request, desk: Desk) -> Form:
    """A form that may bring a file; a reader's limit is taken before its body is read."""
    desk.uploads.take(request.state.reader)
    return await read_form(request, desk.settings.limits, files=True)


async def _form(request: Request, desk: Desk, fields: tuple[str, ...]) -> Form:
    asked.query(request)
    form = await received(request, desk)
    for name in form.fields:
        if name not in fields:
            raise UsageError(f"no field {name[:40]!r} here; there are: file, {', '.join(fields)}")
    return form


async def _taken(
    request: Request, desk: Desk, kind: str, form: Form, endings: tuple[str, ...], options: dict[str, object]
) -> tuple[Job, Path]:
    """A job with the form's file in its folder."""
    if form.file is None:
        raise UsageError("file is missing or empty; choose a file to send")
    job = desk.jobs.new(request.state.reader, kind, "", dict(options))
    with desk.jobs.or_none(job):
        path = await put(form.file, job.folder, endings)
    job.title = path.name
    return job, path
