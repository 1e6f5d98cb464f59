# SPDX-License-Identifier: Apache-2.0
"""Consignments in which nothing was found: their list, and the form that releases them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.errors import UsageError
from bilat.parties.decisions.log import NOBODY, Decision, pair_key
from bilat.parties.output.decided_workbook import Decisions
from bilat.server import entries
from bilat.server.consignments import Consignment, read_clean
from bilat.server.desk import Desk, desk_of
from bilat.server.jobs import Job
from bilat.server.queue import begun
from bilat.server.upload import read_form

#: The reason that a form proposes.
REASON = "found on none of the lists checked"


@dataclass(frozen=True)
class ShownRelease:
    """A consignment in which nothing was found.

    Attributes
    ----------
    consignment
        the row of the file
    released
        the decision that released it; None while it is open
    """

    consignment: Consignment
    released: Decision | None


def shown_releases(job: Job, decisions: Decisions) -> list[ShownRelease]:
    """Return the consignments in which nothing was found, in the order of the file."""
    since = begun(job)
    shown = []
    for consignment in read_clean(job):
        released = _released(consignment, decisions, since)
        shown.append(ShownRelease(consignment, released))
    return shown


def _released(consignment: Consignment, decisions: Decisions, since: str) -> Decision | None:
    """Return the decision that released a consignment since a moment; None if none did."""
    found = decisions.get(pair_key(consignment.key, NOBODY))
    if found is None or found.decision.when < since:
        return None
    return found.decision


async def releases(request: Request) -> Response:
    """Release the consignments that a form names, or all open ones of the list.

    Raises
    ------
    UsageError
        where the form names none, or does not say who decides.
    """
    desk = desk_of(request)
    job = desk.jobs.get(request.path_params["id"], request.state.reader)
    form = await read_form(request, desk.settings.limits, files=False)
    shown = await asyncio.to_thread(lambda: shown_releases(job, desk.decisions()))
    chosen = {value for name, value in form.items if name == "row"}
    every = form.get("all") == "true"
    open_ones = [x.consignment for x in shown if x.released is None]
    wanted = [x for x in open_ones if every or str(x.number) in chosen]
    if not wanted:
        raise UsageError("no consignment is chosen. Tick those to release")
    await _release(desk, request.state.reader, wanted, form.get("reason"), form.get("who"))
    return RedirectResponse(f"/jobs/{job.id}?show=clean", 303)


async def _release(
    desk: Desk, reader: str, wanted: Sequence[Consignment], reason: str, who: str
) -> None:
    """Write a decision on each consignment into the log, all fields checked before."""
    log = entries.log_of(desk)
    fields = {
        "query": wanted[0].key,
        "party": NOBODY,
        "verdict": "false",
        "reason": reason or REASON,
    }
    if who:
        fields["who"] = who
    checked = entries.check(desk, reader, fields)
    await desk.ask(
        reader,
        "release",
        log=log,
        consignments=[consignment.key for consignment in wanted],
        reason=checked["reason"],
        who=checked["who"],
    )


ROUTES = [Route("/jobs/{id}/releases", releases, methods=["POST"])]
