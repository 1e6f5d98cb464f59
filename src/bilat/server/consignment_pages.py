# SPDX-License-Identifier: Apache-2.0
"""The page of a consignment: its parties by role, and one form that decides all of its alerts.

A form answers for each party, or for one of its alerts. All answers are checked before the first
is written into the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.errors import UsageError
from bilat.parties.decisions.log import ACTIONS, REASONS, VERDICTS, pair_key
from bilat.parties.output.decided_workbook import LaterDecision
from bilat.server import entries
from bilat.server.consignments import (
    Consignment,
    ConsignmentParty,
    States,
    next_open,
    read_consignments,
    state_of,
)
from bilat.server.desk import Desk, desk_of
from bilat.server.jobs import Job
from bilat.server.page_layout import page
from bilat.server.queue import STALE, check_seen, read_alerts, standing, version_of
from bilat.server.refusals import Refusal
from bilat.server.upload import UploadedForm, read_form
from bilat.server.verbs import query
from bilat.server.work import Alert

#: Where a decision holds: on this consignment, or on its names in every open one.
SCOPES = ("one", "name")


@dataclass(frozen=True)
class Queue:
    """A job with its alerts, how each is decided, and its consignments.

    Attributes
    ----------
    job
        the screening
    alerts
        its alerts, the surest first
    states
        the decision on each alert; None for an open one
    consignments
        the rows with alerts
    """

    job: Job
    alerts: Sequence[Alert]
    states: States
    consignments: Sequence[Consignment]

    @classmethod
    async def of(cls, desk: Desk, job: Job) -> Queue:
        """Read the queue of a job with the decisions up to now."""
        alerts = await asyncio.to_thread(read_alerts, job)
        found = await asyncio.to_thread(read_consignments, job)
        states = await asyncio.to_thread(lambda: standing(job, desk.decisions()))
        return cls(job, alerts, states, found)

    def consignment(self, number: int) -> Consignment:
        """Return a consignment by its number in the queue.

        Raises
        ------
        Refusal
            404 for a number that is none.
        """
        if not 1 <= number <= len(self.consignments):
            line = f"there is no consignment {number} in this queue. It has "
            raise Refusal(404, f"{line}{len(self.consignments)}")
        return self.consignments[number - 1]

    def decisions(self, consignment: Consignment) -> list[LaterDecision | None]:
        """Return the decision that stands on each alert of a consignment."""
        return [self.states[number - 1] for number in consignment.alerts]


@dataclass(frozen=True)
class ShownAlert:
    """An alert on the page of its consignment.

    Attributes
    ----------
    number
        its place among the alerts of the job, from 1
    alert
        its row
    later
        the decision that stands on it; None while it is open
    """

    number: int
    alert: Alert
    later: LaterDecision | None


def shown_alerts(queue: Queue, party: ConsignmentParty) -> list[ShownAlert]:
    """Return the alerts of a party with their decisions."""
    return [ShownAlert(n, queue.alerts[n - 1], queue.states[n - 1]) for n in party.alerts]


async def consignment(request: Request) -> Response:
    """Show a consignment with the form that decides it.

    POST: decide, then go on to the next open one. A form that cannot be taken is shown again with
    what it lacks and what was filled in.
    """
    desk = desk_of(request)
    job = desk.jobs.get(request.path_params["id"], request.state.reader)
    queue = await Queue.of(desk, job)
    found = queue.consignment(request.path_params["n"])
    if request.method == "POST":
        form = await read_form(request, desk.settings.limits, files=False)
        try:
            await _decide(request, queue, found, form)
        except UsageError as problem:
            return await _shown(request, queue, found, form, str(problem))
        except Refusal as late:
            if late.status != STALE:
                raise
            return await _shown(request, queue, found, UploadedForm([]), str(late), STALE)
        states = await asyncio.to_thread(lambda: standing(job, desk.decisions()))
        to = next_open(queue.consignments, states, found.number)
        here = f"/jobs/{job.id}/consignments/{to}" if to else f"/jobs/{job.id}?show=decided"
        return RedirectResponse(here, 303)
    query(request.query_params.multi_items())
    return await _shown(request, queue, found, UploadedForm([]))


async def _decide(request: Request, queue: Queue, found: Consignment, form: UploadedForm) -> None:
    """Write the decisions of a form into the log."""
    reader = request.state.reader
    agreed = form.get("second")
    check_seen(queue.decisions(found), form.get("seen"))
    made = _second(queue, found, form, reader) if agreed else _entries(queue, found, form)
    chosen = [*made]
    await entries.decide_all(desk_of(request), reader, chosen, anyway=True)


async def _shown(
    request: Request,
    queue: Queue,
    found: Consignment,
    form: UploadedForm,
    problem: str = "",
    status: int = 400,
) -> Response:
    """Show a consignment; with a ``problem``, its form as it was filled in."""
    desk = desk_of(request)
    filled = UploadedForm([]) if form.get("second") else form
    trail = await asyncio.to_thread(desk.settings.handling.trail)
    parties = [(party, shown_alerts(queue, party)) for party in found.parties]
    decided = [x.later.decision.who for _, shown in parties for x in shown if x.later is not None]
    return page(
        request,
        "serve/consignment.html",
        status if problem else 200,
        title=f"{found.id}: {found.title}" if found.id else found.title,
        job=queue.job,
        consignment=found,
        problem=problem,
        filled=filled.get,
        parties=parties,
        state=state_of(found, queue.states),
        seen=version_of(queue.decisions(found)),
        of=len(queue.consignments),
        deciders=", ".join(dict.fromkeys(decided)),
        verdicts=VERDICTS,
        actions=ACTIONS,
        presets=REASONS,
        longest=entries.LONGEST,
        who=trail[-1]["who"] if trail else "",
        takes=desk.settings.decisions is not None,
        not_taken=entries.NOT_TAKEN,
        elsewhere=_elsewhere(queue, found),
        several=sum(bool(shown) for _, shown in parties) > 1,
    )


def _reason(form: UploadedForm, preset: str) -> str:
    texts = (" ".join(text.split()) for text in (preset, form.get("reason")))
    return "; ".join(filter(None, texts))


def _refuse_contradiction(alert: Alert, verdict: str, reason: str) -> None:
    """Refuse a proposed reason that speaks for another verdict.

    Raises
    ------
    UsageError
        for "another state" as the reason that it is the listed party.
    """
    speaks_for = next((v for v, reasons in REASONS.items() if reason in reasons), verdict)
    if speaks_for != verdict:
        raise UsageError(
            f"{reason!r} is a reason for the verdict {speaks_for}, and {alert['name'][:100]} has "
            f"the verdict {verdict}. Choose another reason for that party"
        )


def _entries(queue: Queue, found: Consignment, form: UploadedForm) -> Iterator[Mapping[str, str]]:
    """Yield the decisions that a form takes on a consignment: of each party, or of each alert.

    The verdict of an alert goes before that of its party.

    Raises
    ------
    UsageError
        for an alert without a verdict, a reason that contradicts it, or an unknown scope.
    """
    scope = form.get("scope") or "one"
    if scope not in SCOPES:
        raise UsageError(f"scope {scope[:20]!r} is not one of {', '.join(SCOPES)}")
    common = {"action": form.get("action")}
    if form.get("who"):
        common["who"] = form.get("who")
    verdicts: dict[int, str] = {}
    presets: dict[int, str] = {}
    for place, party in enumerate(found.parties, 1):
        whole = form.get(f"party-{place}")
        for number in party.alerts:
            verdicts[number] = form.get(f"alert-{number}") or whole
            presets[number] = form.get(f"preset-{place}") or form.get("preset")
    if missing := [number for number, verdict in verdicts.items() if not verdict]:
        name = queue.alerts[missing[0] - 1]["name"]
        raise UsageError(f"no verdict on {name[:100]}. Choose one for it or for its party")
    for number, verdict in verdicts.items():
        _refuse_contradiction(queue.alerts[number - 1], verdict, presets[number])
    made: dict[tuple[str, ...], dict[str, str]] = {}
    for number, verdict in verdicts.items():
        common["reason"] = _reason(form, presets[number])
        reach = [number]
        if scope == "name":
            reach += alike(queue, number)
        for one in reach:
            subject = subject_fields(queue.alerts[one - 1])
            made.setdefault(tuple(subject.values()), {**subject, **common, "verdict": verdict})
    yield from made.values()


def _second(
    queue: Queue, found: Consignment, form: UploadedForm, reader: str
) -> Iterator[Mapping[str, str]]:
    """Yield the decisions that stand on a consignment once more, by a second person.

    Raises
    ------
    UsageError
        while an alert is open, or where the person decided it first.
    """
    who = form.get("who")
    for number in found.alerts:
        later = queue.states[number - 1]
        if later is None:
            raise UsageError("a second person agrees when every alert is decided. Decide the rest")
        first = later.decision
        if later.eyes == 1 and (who or reader) == first.who:
            raise UsageError(f"{first.who} decided this. A second pair of eyes is another person's")
        reason = (
            _reason(form, form.get("preset")) or f"second pair of eyes: agrees with {first.who}"
        )
        entry = {"verdict": first.verdict, "action": first.action, "reason": reason}
        if who:
            entry["who"] = who
        yield {**subject_fields(queue.alerts[number - 1]), **entry}


def subject_fields(alert: Alert) -> dict[str, str]:
    """Return what a decision on an alert is about.

    That is the name, the listed party, and what the row says of the party.
    """
    known = {k: str(alert["asked"].get(k, "")) for k in entries.LONGEST if k in alert["asked"]}
    return {**known, "query": alert["query"], "party": alert["party"]}


def alike(queue: Queue, number: int) -> list[int]:
    """Return the open alerts of the same name and party in other consignments."""
    mine = queue.alerts[number - 1]
    key = pair_key(mine["query"], mine["party"])
    return [
        other
        for other, (alert, later) in enumerate(zip(queue.alerts, queue.states, strict=True), 1)
        if later is None and other != number and pair_key(alert["query"], alert["party"]) == key
    ]


def _elsewhere(queue: Queue, found: Consignment) -> int:
    """Return how many other consignments have an open alert of the same name and party."""
    others = {other for number in found.alerts for other in alike(queue, number)}
    rest = (x for x in queue.consignments if x.number != found.number)
    return sum(not others.isdisjoint(x.alerts) for x in rest)


ROUTES = [
    Route("/jobs/{id}/consignments/{n:int}", consignment, methods=["GET", "POST"]),
]
