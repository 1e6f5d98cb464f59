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
from bilat.parties.output.decided_workbook import LaterDecision
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
from bilat.server.desk import desk_of
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
#: Which consignments are shown; ``second``: those that one person alone decided; ``clean``: those
#: in which nothing was found.
SHOW = ("open", "decided", "second", "all", "clean")
#: The words for them.
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
#: What stands around it.
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
LONGEST = 500


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

    def counted() -> tuple[list[_ShownJob], dict[str, int], int]:
        log = desk.decisions()
        rows = []
        total = dict.fromkeys(("open", "decided", "cases"), 0)
        for job in desk.jobs.of(request.state.reader):
            states = standing(job, log)
            of = [state_of(x, states) for x in read_consignments(job)]
            routes = job.kind == "divert" and job.status == "done"
            count = {"open": sum(bool(x.open) for x in of), "decided": sum(not x.open for x in of)}
            count["cases"] = _cases(job.out / DOCUMENT) if routes else 0
            rows.append(_ShownJob(job, count, desk.jobs.deleted_at(job)))
            total = {k: n + count[k] for k, n in total.items()}
        return rows, total, sum(d.decision.verdict != "unresolved" for d in log.values())

    rows, total, in_log = await asyncio.to_thread(counted)
    first = next((row.job for row in rows if row.count["open"]), None)
    return page(
        request,
        "serve/home.html",
        title="Desk",
        rows=rows,
        total=total,
        in_log=in_log,
        first=first,
        files=[(v, ",".join(v.file)) for v in VERBS.values() if v.file],
        plans=[v for v in VERBS.values() if v.path.startswith("plan/")],
        most=desk.settings.limits.upload_bytes >> 20,
    )


@lru_cache(maxsize=64)
def _cases(path: Path) -> int:
    """Goods of an answer on routes that have a case with their months."""
    return sum(bool(r["months"]) for r in json.loads(path.read_text("utf-8"))["data"]["rows"])


def _job(request: Request) -> Job:
    return desk_of(request).jobs.get(request.path_params["id"], request.state.reader)


async def job(request: Request) -> Response:
    """How a job stands; at the end its result, with its consignments by how they were decided."""
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


def _next(of: list[LaterDecision | None], after: int) -> int:
    """The number of the next open alert after one, from the first again; 0 where none is open."""
    order = [*range(after, len(of)), *range(after)]
    return next((n + 1 for n in order if of[n] is None), 0)


def _shown_rows(queue: Queue, show: str, band: str) -> list[_ShownConsignment]:
    """Return the consignments of a queue that a reader asks for, by state and band."""
    out = []
    for x in queue.consignments:
        state = state_of(x, queue.states)
        wanted = {
            "open": state.open > 0,
            "decided": not state.open,
            "second": state.awaits_second,
            "all": True,
        }
        shown = [one for party in x.parties for one in shown_alerts(queue, party)]
        if wanted[show] and (not band or any(one.alert["band"] == band for one in shown)):
            out.append(_ShownConsignment(x, state, shown))
    return out


async def alert(request: Request) -> Response:
    """Show an alert with the form that decides it. POST: decide, then on to the next open one."""
    desk = desk_of(request)
    found = _job(request)
    n = request.path_params["n"]
    rows = await asyncio.to_thread(read_alerts, found)
    if not 1 <= n <= len(rows):
        raise Refusal(404, f"there is no alert {n} in this result. It has {len(rows)}")
    row = rows[n - 1]
    if request.method == "POST":
        form = await read_form(request, desk.settings.limits, files=False)
        given = dict(form.items)
        scope = given.pop("scope", "one")
        reasons = (given.pop("preset", ""), given.get("reason", ""))
        given["reason"] = "; ".join(filter(None, (" ".join(text.split()) for text in reasons)))
        if scope not in SCOPES:
            raise UsageError(f"scope {scope[:20]!r} is not one of {', '.join(SCOPES)}")
        log = await asyncio.to_thread(desk.decisions)
        decided = await asyncio.to_thread(standing, found, log)
        check_seen(decided[n - 1 : n], given.pop("seen", ""))
        alike = _in_scope(rows, decided, n - 1, scope)
        chosen = [given | subject_fields(one) for one in alike]
        await entries.decide_all(desk, request.state.reader, chosen, anyway=True)
        to = _next(await asyncio.to_thread(lambda: standing(found, desk.decisions())), n)
        return RedirectResponse(
            f"/jobs/{found.id}/alerts/{to}" if to else f"/jobs/{found.id}?show=decided", 303
        )
    query(request.query_params.multi_items())
    log = await asyncio.to_thread(desk.decisions)
    key = pair_key(row["query"], row["party"])
    of = await asyncio.to_thread(standing, found, log)
    trail = await asyncio.to_thread(desk.settings.handling.trail)
    earlier = [t for t in trail if pair_key(t["query"], t["party"]) == key]
    same = [pair_key(a["query"], "") == pair_key(row["query"], "") for a in rows]
    return page(
        request,
        "serve/alert.html",
        title=f"{row['query']}: {row['name']}",
        job=found,
        n=n,
        of=len(rows),
        a=row,
        earlier=earlier,
        open=sum(d is None for d in of),
        verdicts=VERDICTS,
        actions=ACTIONS,
        presets=REASONS,
        longest=entries.LONGEST,
        who=trail[-1]["who"] if trail else "",
        decided=of[n - 1],
        seen=version_of(of[n - 1 : n]),
        letter=LETTER | HEAD,
        requests=REQUESTS,
        filled={k: v[:LONGEST] for k, v in _letter_fields(found, row).items()},
        takes=desk.settings.decisions is not None,
        alike=sum(a and d is None for a, d in zip(same, of, strict=True)),
        not_taken=entries.NOT_TAKEN,
    )


def _letter_fields(job: Job, alert: Alert) -> dict[str, str]:
    """Return what a row says of its consignment, by the field of the letter that has it."""
    number = alert.get("row", 0)
    own = str(alert["query_id"])
    fields = {"reference": own if own != str(number) else ""}
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

    An alert that says something else of the party (another date of birth, another number) is one of
    its own.
    """
    name = pair_key(rows[at]["query"], "")
    alike = [rows[at]]
    for row, decided in zip(rows, states, strict=True):
        if scope == "name" and decided is None and pair_key(row["query"], "") == name:
            alike.append(row)
    fields = [*entries.LONGEST]
    once = {(row["party"], *(str(row["asked"].get(k, "")) for k in fields)): row for row in alike}
    return [*once.values()]


async def letter(request: Request) -> Response:
    """Return a letter on an alert or a row of routes, with what the officer says, as a file."""
    desk = desk_of(request)
    found = _job(request)
    n = request.path_params["n"]
    form = await read_form(request, desk.settings.limits, files=False)
    n = int(row) if (row := form.get("row")[:6]).isdecimal() else n
    fields = {k: " ".join(form.get(k).split()) for k in (*LETTER, *HEAD)}
    if long := next((k for k, v in fields.items() if len(v) > LONGEST), ""):
        raise UsageError(f"{long} is longer than {LONGEST} characters. Shorten it")
    ending = form.get("as") or "pdf"
    if ending not in ("pdf", "docx"):
        raise UsageError(f"as {ending[:10]!r}: a letter is pdf or docx")
    facts = [(label, fields[k]) for k, label in LETTER.items() if fields[k]]
    head = LetterHead(**{k: fields[k] for k in HEAD}, date=dt.datetime.now(dt.UTC).date())
    if found.kind == "screen":
        of = await asyncio.to_thread(lambda: standing(found, desk.decisions()))
        decided = of[n - 1] if 1 <= n <= len(of) else None
        if decided is not None:
            d = decided.decision
            said = {"true": "it is this party", "false": "it is someone else"}[d.verdict]
            action = f", {d.action} the consignment" if d.action else ""
            facts.append(("Decision", f"{said}{action}; {d.who}, {d.when[:10]}: {d.reason}"))
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
    """Take a result away at once."""
    desk = desk_of(request)
    desk.jobs.delete(_job(request))
    return RedirectResponse("/", 303)


async def keep(request: Request) -> Response:
    """Keep a result for as long as the reader says."""
    desk = desk_of(request)
    form = await read_form(request, desk.settings.limits, files=False)
    found = _job(request)
    desk.jobs.keep(found, form.get("for"))
    return RedirectResponse(f"/jobs/{found.id}", 303)


async def result(request: Request) -> Response:
    """A file of a result."""
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
