# SPDX-License-Identifier: Apache-2.0
"""The officer's desk: a home, each job with its result and its queue, decisions and letters."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.errors import UsageError
from bilat.parties.decisions.log import ACTIONS, REASONS, VERDICTS, pair_key
from bilat.parties.output.decided_workbook import Decisions, LaterDecision
from bilat.parties.queries.headers import meaning_of, with_currency
from bilat.report.letter import LetterHead
from bilat.server import entries
from bilat.server.consignment_pages import Queue, ShownAlert, shown_alerts, subject_fields
from bilat.server.consignments import (
    Consignment,
    ConsignmentState,
    next_open,
    read_consignments,
    state_of,
)
from bilat.server.desk import Desk, desk_of
from bilat.server.jobs import Job
from bilat.server.page_layout import page
from bilat.server.queue import check_seen, read_alerts, standing, version_of
from bilat.server.refusals import Refusal
from bilat.server.releases import REASON, ShownRelease, shown_releases
from bilat.server.results import made_for, result_file
from bilat.server.upload import read_form
from bilat.server.verbs import VERBS, query
from bilat.server.work import ALERTS, DOCUMENT, FRAGMENT, Alert

#: Consignments on one page of a result.
SHOWN = 100
#: The consignments that a reader may choose to see. ``second`` are those that wait for a second
#: person's decision, ``clean`` those in which nothing was found.
SHOW = ("open", "decided", "second", "all", "clean")
#: What the page calls those that it does not call by the words above.
SHOW_WORDS = {"second": "decided by one person only", "clean": "nothing found"}
#: What one decision is about: the alert shown, or all open ones of its name.
SCOPES = ("one", "name")
#: What an officer writes of the consignment into a letter, with the label of each.
LETTER = {
    "consignment": "Consignment",
    "goods": "Goods",
    "hs": "HS code",
    "value": "Value",
    "remark": "Remark",
}
#: The fields of the letter's head and foot, with the label of each.
HEAD = {
    "sender": "From",
    "addressee": "Addressee",
    "reference": "Our reference",
    "request": "Request",
    "signatory": "Who signs",
}
#: What a letter may ask of its addressee.
REQUESTS = (
    "Please tell us whether the consignment is bound for the listed party.",
    "Please send the contract, the end-user statement and the transport papers.",
    "Please confirm the name, the registration number and the owners of the party.",
    "Please tell us whether a licence was asked for or given.",
)
#: The most characters in a field of a letter.
LONGEST = 500
#: What a decision says of the party, by its verdict.
DECIDED = {"true": "it is this party", "false": "it is someone else"}


@dataclass(frozen=True)
class _ShownJob:
    """A job on the desk, with its alerts and cases counted, and when it is deleted."""

    job: Job
    count: dict[str, int]
    deleted_at: float | None


@dataclass(frozen=True)
class _ShownConsignment:
    """A consignment in the list of a queue."""

    consignment: Consignment
    state: ConsignmentState
    alerts: list[ShownAlert]


async def home(request: Request) -> Response:
    """``/``: two places to drop a file, what is open, and one's own results."""
    query(request.query_params.multi_items())
    desk = desk_of(request)
    desk.jobs.forget()
    decisions = await asyncio.to_thread(desk.decisions)
    rows = await asyncio.to_thread(_shown_jobs, desk, request.state.reader, decisions)
    total = {key: sum(row.count[key] for row in rows) for key in ("open", "decided", "cases")}
    in_log = sum(later.decision.verdict != "unresolved" for later in decisions.values())
    job_with_open = next((row.job for row in rows if row.count["open"]), None)
    return page(
        request,
        "serve/home.html",
        title="Desk",
        rows=rows,
        total=total,
        in_log=in_log,
        first=job_with_open,
        files=[(v, ",".join(v.file)) for v in VERBS.values() if v.file],
        plans=[v for v in VERBS.values() if v.path.startswith("plan/")],
        most=desk.settings.limits.upload_bytes >> 20,
    )


def _shown_jobs(desk: Desk, reader: str, decisions: Decisions) -> list[_ShownJob]:
    """Return the jobs of a reader, each with the numbers of its consignments and cases."""
    rows = []
    for job in desk.jobs.of(reader):
        states = standing(job, decisions)
        number_open = [state_of(x, states).open for x in read_consignments(job)]
        has_routes = job.kind == "divert" and job.status == "done"
        count = {
            "open": sum(n > 0 for n in number_open),
            "decided": sum(n == 0 for n in number_open),
            "cases": _cases(job.out / DOCUMENT) if has_routes else 0,
        }
        rows.append(_ShownJob(job, count, desk.jobs.deleted_at(job)))
    return rows


@lru_cache(maxsize=64)
def _cases(path: Path) -> int:
    """Return the number of routes in an answer that have a case with their months.

    It is read once: the file of a finished job does not change.
    """
    rows = json.loads(path.read_text("utf-8"))["data"]["rows"]
    return sum(bool(row["months"]) for row in rows)


def _job(request: Request) -> Job:
    return desk_of(request).jobs.get(request.path_params["id"], request.state.reader)


async def job(request: Request) -> Response:
    """Show how far a job is, or its result: the consignments that the reader chooses to see."""
    desk = desk_of(request)
    found = _job(request)
    given = query(request.query_params.multi_items(), "show", "band")
    show = given.get("show", "all")
    band = given.get("band", "")
    if show not in SHOW:
        raise UsageError(f"show {show[:20]!r} is not one of {', '.join(SHOW)}")
    html = ""
    rows = []
    clean: list[ShownRelease] = []
    queue = Queue(found, (), (), ())
    if found.status == "done":
        html = await asyncio.to_thread((found.out / FRAGMENT).read_text, "utf-8")
        queue = await Queue.of(desk, found)
        clean = await asyncio.to_thread(lambda: shown_releases(found, desk.decisions()))
        rows = [] if show == "clean" else _shown_rows(queue, show, band)
    standings = [state_of(x, queue.states) for x in queue.consignments]
    answer = page(
        request,
        "serve/job.html",
        title=found.title or "Result",
        job=found,
        html=html,
        kept=desk.jobs.choices(found),
        deleted_at=desk.jobs.deleted_at(found),
        show=show,
        band=band,
        rows=rows[:SHOWN],
        total=len(rows),
        bands=list(dict.fromkeys(a["band"] for a in queue.alerts)),
        open=next_open(queue.consignments, queue.states, 0),
        shows={s: SHOW_WORDS.get(s, s) for s in SHOW},
        clean=clean,
        takes=desk.settings.decisions is not None,
        not_taken=entries.NOT_TAKEN,
        reason=REASON,
        longest=entries.LONGEST,
        counts={
            "open": sum(bool(x.open) for x in standings),
            "decided": sum(not x.open for x in standings),
            "second": sum(x.awaits_second for x in standings),
            "all": len(standings),
            "clean": len(clean),
        },
        released=sum(x.released is not None for x in clean),
        alerts_decided=sum(later is not None for later in queue.states),
        alerts=len(queue.alerts),
        asked={k: v for k, v in found.asked if v},
        verb=VERBS[found.kind],
    )
    if found.status in ("waiting", "running"):
        answer.headers["refresh"] = "2"
    return answer


def _next_open_alert(states: list[LaterDecision | None], number: int) -> int:
    """Return the number, from 1, of the next open alert after another; 0 if none is open.

    After the last alert it goes on with the first.
    """
    places = [*range(number, len(states)), *range(number)]
    return next((place + 1 for place in places if states[place] is None), 0)


def _shown_rows(queue: Queue, show: str, band: str) -> list[_ShownConsignment]:
    """Return the consignments of a queue that a reader asks for, by state and band."""
    rows = []
    for consignment in queue.consignments:
        state = state_of(consignment, queue.states)
        is_in = {
            "open": state.open > 0,
            "decided": not state.open,
            "second": state.awaits_second,
            "all": True,
        }
        alerts = [one for party in consignment.parties for one in shown_alerts(queue, party)]
        has_band = not band or any(one.alert["band"] == band for one in alerts)
        if is_in[show] and has_band:
            rows.append(_ShownConsignment(consignment, state, alerts))
    return rows


async def alert(request: Request) -> Response:
    """Show an alert with the form that decides it; a POST decides it and leads to the next."""
    desk = desk_of(request)
    found = _job(request)
    n = request.path_params["n"]
    rows = await asyncio.to_thread(read_alerts, found)
    if not 1 <= n <= len(rows):
        raise Refusal(404, f"there is no alert {n} in this result. It has {len(rows)}")
    row = rows[n - 1]
    if request.method == "POST":
        return await _decide(request, found, rows, n)
    query(request.query_params.multi_items())
    states = await _standing_now(desk, found)
    trail = await asyncio.to_thread(desk.settings.handling.trail)
    key = pair_key(row["query"], row["party"])
    earlier = [entry for entry in trail if pair_key(entry["query"], entry["party"]) == key]
    name = pair_key(row["query"], "")
    open_of_name = [
        other
        for other, decided in zip(rows, states, strict=True)
        if decided is None and pair_key(other["query"], "") == name
    ]
    return page(
        request,
        "serve/alert.html",
        title=f"{row['query']}: {row['name']}",
        job=found,
        n=n,
        of=len(rows),
        a=row,
        earlier=earlier,
        open=sum(decided is None for decided in states),
        verdicts=VERDICTS,
        actions=ACTIONS,
        presets=REASONS,
        longest=entries.LONGEST,
        who=trail[-1]["who"] if trail else "",
        decided=states[n - 1],
        seen=version_of(states[n - 1 : n]),
        letter=LETTER | HEAD,
        requests=REQUESTS,
        filled={k: v[:LONGEST] for k, v in _letter_fields(found, row).items()},
        takes=desk.settings.decisions is not None,
        alike=len(open_of_name),
        not_taken=entries.NOT_TAKEN,
    )


async def _standing_now(desk: Desk, job: Job) -> list[LaterDecision | None]:
    """Return the decision that stands on each alert of a job; None for an open one."""
    return await asyncio.to_thread(lambda: standing(job, desk.decisions()))


async def _decide(request: Request, job: Job, rows: Sequence[Alert], n: int) -> Response:
    """Take the decision in a form on alert number ``n``, and lead to the next open one."""
    desk = desk_of(request)
    form = await read_form(request, desk.settings.limits, files=False)
    given = dict(form.items)
    scope = given.pop("scope", "one")
    if scope not in SCOPES:
        raise UsageError(f"scope {scope[:20]!r} is not one of {', '.join(SCOPES)}")
    reasons = (given.pop("preset", ""), given.get("reason", ""))
    given["reason"] = "; ".join(filter(None, (" ".join(text.split()) for text in reasons)))
    states = await _standing_now(desk, job)
    check_seen(states[n - 1 : n], given.pop("seen", ""))
    chosen = [given | subject_fields(one) for one in _in_scope(rows, states, n - 1, scope)]
    await entries.decide_all(desk, request.state.reader, chosen, anyway=True)
    following = _next_open_alert(await _standing_now(desk, job), n)
    to = f"/alerts/{following}" if following else "?show=decided"
    return RedirectResponse(f"/jobs/{job.id}{to}", 303)


def _letter_fields(job: Job, alert: Alert) -> dict[str, str]:
    """Return what the officer's file says of a consignment, by the field of the letter.

    A row without a reference of its own goes by its number, which is no reference.
    """
    number = alert.get("row", 0)
    reference = str(alert["query_id"])
    fields = {"reference": reference if reference != str(number) else ""}
    if job.sent and number:
        fields["consignment"] = f"row {number} of {job.title}"
    for header, cell in alert["asked"].items():
        name = meaning_of(header).field
        if cell and name in ("goods", "hs", "value"):
            fields.setdefault(name, with_currency(header, cell) if name == "value" else cell)
    return fields


def _in_scope(
    rows: Sequence[Alert], states: Sequence[LaterDecision | None], at: int, scope: str
) -> list[Alert]:
    """Return the alerts that one decision is about: the one shown, or all open ones of its name.

    Of alerts on the same party with the same data only one is returned. Those with other data, such
    as another date of birth, are decided too.
    """
    name = pair_key(rows[at]["query"], "")
    alike = [rows[at]]
    for row, decided in zip(rows, states, strict=True):
        if scope == "name" and decided is None and pair_key(row["query"], "") == name:
            alike.append(row)
    by_data = {}
    for row in alike:
        data = [str(row["asked"].get(field, "")) for field in entries.LONGEST]
        by_data[row["party"], *data] = row
    return list(by_data.values())


async def letter(request: Request) -> Response:
    """Return a letter on an alert or a route as a file, with what the officer has filled in.

    The form's ``row`` is the number of the route; without one, the address has that of the alert.
    """
    desk = desk_of(request)
    found = _job(request)
    form = await read_form(request, desk.settings.limits, files=False)
    row = form.get("row")[:6]
    n = int(row) if row.isdecimal() else request.path_params["n"]
    fields = {k: " ".join(form.get(k).split()) for k in (*LETTER, *HEAD)}
    too_long = [name for name, text in fields.items() if len(text) > LONGEST]
    if too_long:
        raise UsageError(f"{too_long[0]} is longer than {LONGEST} characters. Shorten it")
    ending = form.get("as") or "pdf"
    if ending not in ("pdf", "docx"):
        raise UsageError(f"as {ending[:10]!r}: a letter is pdf or docx")
    facts = [(label, fields[k]) for k, label in LETTER.items() if fields[k]]
    head = LetterHead(**{k: fields[k] for k in HEAD}, date=dt.datetime.now(dt.UTC).date())
    if found.kind == "screen":
        states = await _standing_now(desk, found)
        later = states[n - 1] if 1 <= n <= len(states) else None
        if later is not None:
            decision = later.decision
            action = f", {decision.action} the consignment" if decision.action else ""
            by = f"{decision.who}, {decision.when[: len('2026-01-31')]}: {decision.reason}"
            facts.append(("Decision", f"{DECIDED[decision.verdict]}{action}; {by}"))
    source = found.out / (ALERTS if found.kind == "screen" else DOCUMENT)
    return await made_for(
        desk,
        request.state.reader,
        found,
        f"letter.{ending}",
        "letter",
        file=source,
        row=n,
        facts=facts,
        head=head,
    )


async def delete(request: Request) -> Response:
    """Delete a result at once."""
    desk = desk_of(request)
    desk.jobs.delete(_job(request))
    return RedirectResponse("/", 303)


async def keep(request: Request) -> Response:
    """Keep a result for as long as the reader chooses."""
    desk = desk_of(request)
    form = await read_form(request, desk.settings.limits, files=False)
    found = _job(request)
    desk.jobs.keep(found, form.get("for"))
    return RedirectResponse(f"/jobs/{found.id}", 303)


async def result(request: Request) -> Response:
    """Return a file of a result."""
    query(request.query_params.multi_items())
    found = _job(request)
    name = request.path_params["path"]
    return await result_file(
        desk_of(request),
        request.state.reader,
        found,
        name,
        download=not name.endswith(".html"),
    )


ROUTES = [
    Route("/", home),
    Route("/jobs/{id}", job),
    Route("/jobs/{id}/alerts/{n:int}", alert, methods=["GET", "POST"]),
    Route("/jobs/{id}/letter/{n:int}", letter, methods=["POST"]),
    Route("/jobs/{id}/delete", delete, methods=["POST"]),
    Route("/jobs/{id}/keep", keep, methods=["POST"]),
    Route("/jobs/{id}/files/{path:path}", result),
]
