# SPDX-License-Identifier: Apache-2.0
"""What the workers do: each task takes plain values and gives plain values or writes into a folder.

A task runs in a process of its own kind (see :mod:`bilat.server.lanes`), so nothing here is shared with the
application. ``told`` passes progress on: how much is done, of how much, and of what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.files.write import write_text
from bilat.holdings import Holdings
from bilat.server.refused import Declined
from bilat.server.team import opened
from bilat.when import AsOf

#: told(done, of how many or None, of what)
Told = Callable[[int, int | None, str], None]
#: Rows of a result that a page shows; the workbook has all.
MOST_SHOWN = 500
#: Rows of a trace in one answer.
MOST_ROWS = 2000
#: Candidates that the page of a search lists.
MOST_PARTIES = 10


def site(
    held: Holdings, told: Told, pair: str, as_of: str, out: str, team: str | None, marking: str | None
) -> None:
    """The whole site of a pair as of a date, as ``bilat brief`` makes it, into a folder."""
    from bilat.picture.brief import brief

    told(0, None, "judging every claim at both dates, then drawing")
    whose, limit = opened(team, marking)
    brief(Dyad(*pair.split("-")), AsOf(as_of), out=Path(out), holdings=held, team=whose, marking=limit)


def measure(held: Holdings, told: Told, name: str, pair: str, as_of: str, params: Mapping[str, str]) -> Any:
    """A measurement as its JSON has it."""
    from bilat.measures import ask

    return ask(name, Dyad(*pair.split("-")), as_of=AsOf(as_of), holdings=held, **params).to_json()


def trace(
    held: Holdings, told: Told, name: str, pair: str, as_of: str, params: Mapping[str, str],
    period: str | None, group: str | None, offset: int, limit: int,
) -> Any:  # fmt: skip
    """The rows behind a measurement, from ``offset`` on."""
    from bilat.measures import ask

    found = ask(name, Dyad(*pair.split("-")), as_of=AsOf(as_of), holdings=held, **params)
    rows = found.rows(period, group)
    if not rows and period is not None:
        known = sorted({p.period for p in found.points})
        raise DataError(
            f"{name} has no rows for period {period} as of {found.as_of}; it has "
            + (f"{known[0]} to {known[-1]}" if known else f"no points ({found.note or 'nothing held'})")
        )
    return {
        "name": name,
        "as_of": str(found.as_of),
        "total": len(rows),
        "offset": offset,
        "rows": rows[offset : offset + limit],
    }


def claims(held: Holdings, told: Told, pair: str, as_of: str, only: str | None) -> Any:
    """The ledger judged, or one claim of it."""
    from bilat.verdicts import judge

    return [j.to_json() for j in judge(Dyad(*pair.split("-")), AsOf(as_of), held, only)]


def forecasts(held: Holdings, told: Told, as_of: str, only: str | None) -> Any:
    """Every question that is asked by a date, or one."""
    from bilat.forecast import forecast, questions
    from bilat.forecast import forecasts as every
    from bilat.forecast.questions import one

    when = AsOf(as_of)
    if only is not None:
        return [forecast(one(questions(), only), as_of=when, holdings=held).to_json()]
    return [f.to_json() for f in every(when, held)]


def sources(held: Holdings, told: Told) -> Any:
    """The catalog, each source with the editions held."""
    from bilat.catalog import sources as catalog

    editions: dict[str, list[str]] = {}
    for e in held.entries():
        editions.setdefault(e["source"], []).append(e["vintage"])
    keys = ("name", "title", "producer", "citation", "licence", "url", "grade", "side", "cadence")
    return [
        {**{k: str(getattr(s, k) or "") for k in keys}, "held": sorted(set(editions.get(s.name, [])))}
        for s in catalog().values()
    ]


def screen_names(
    held: Holdings, told: Told, names: list[str], born: str, country: str, schema: str | None, as_of: str,
    top: int, threshold: str | None, base_rate: float | None, decisions: str | None, team: str | None,
    marking: str | None,
) -> Any:  # fmt: skip
    """Names typed: rows and summary."""
    from bilat.parties.run.screen import screen
    from bilat.parties.run.typed import typed

    asked = typed(names, born, country, schema)
    rows: list[dict[str, Any]] = []
    log = Path(decisions) if decisions else None
    run = screen(
        asked, typed=True, as_of=AsOf(as_of), top=top, threshold=threshold, base_rate=base_rate, holdings=held,
        decisions=log, threads=1, emit=rows.append, **_handled(team, marking),
    )  # fmt: skip
    return {"rows": rows, **_told_of(run), "below": []}


def _handled(team: str | None, marking: str | None) -> dict[str, Any]:
    """How far alerts may be passed on, and the markings that decisions were given later."""
    whose, limit = opened(team, marking)
    marks = whose.marks if whose is not None else {}
    of_decisions = {k.partition(" ")[2]: m for k, m in marks.items() if k.startswith("decision ")}
    return {"marking": limit, "marks": of_decisions}


def _told_of(run: Any) -> dict[str, Any]:
    return {
        "age": run.age,
        "summary": run.summary(),
        "notes": list(run.notes),
        "folded": list(run.folded),
        "names": dict(run.names),
        "queries": run.queries,
        "total": run.rows,
        "data_version": run.data_version,
    }


def screen_file(
    held: Holdings, told: Told, file: str, out: str, as_of: str, top: int, threshold: str | None,
    base_rate: float | None, columns: str | None, decisions: str | None, team: str | None, marking: str | None,
) -> Any:  # fmt: skip
    """A file of names: the workbook into the folder ``out``, the first rows back."""
    from bilat.parties.run.headers import parse_map
    from bilat.parties.run.screen import screen

    path, folder = Path(file), Path(out)
    shown: list[dict[str, Any]] = []

    def emit(row: dict[str, Any]) -> None:
        if len(shown) < MOST_SHOWN:
            shown.append(row)

    told(0, None, "reading the lists")
    run = screen(
        path,
        as_of=AsOf(as_of),
        top=top,
        threshold=threshold,
        base_rate=base_rate,
        columns=parse_map(columns),
        holdings=held,
        threads=1,
        decisions=Path(decisions) if decisions else None,
        out=folder / "alerts.xlsx",
        **_handled(team, marking),
        emit=emit,
        progress=lambda done, of: told(done, of, "names"),
    )
    return {"rows": shown, **_told_of(run), "below": [], "files": ["alerts.xlsx"]}


def divert(
    held: Holdings,
    told: Told,
    files: list[str],
    out: str | None,
    asked: Mapping[str, Any],
    marking: str | None = None,
) -> Any:
    """The answer as a document's plain form; with ``out``, as page, workbook, CSV and JSON in that folder."""
    from bilat.diversion.questions import DivertQuestion
    from bilat.document import Frame
    from bilat.document.html import fragment
    from bilat.document.plain import envelope

    told(0, None, "reading the trade records" if files else "looking for hubs in the holdings")
    question = DivertQuestion(
        files=tuple(Path(f) for f in files),
        origin=asked.get("origin") or "",
        target=asked["target"],
        since=asked["since"],
        until=asked.get("until") or "",
        basket=_basket(asked.get("basket")) or "",
        hub=tuple(h.strip() for h in str(asked.get("hub") or "").split(",") if h.strip()),
        threads=1,
        limit=asked["limit"],
        cases=asked["cases"],
    )
    document = question.answer(Frame(as_of=AsOf(asked["as_of"]), holdings=held))
    limit = opened(None, marking)[1]
    if limit is not None:
        document = document.within(limit)
    # An upload lies in a folder of the server's: its path is nothing for a reader.
    document = replace(document, question=question.but(files=()))
    if out is None:
        return envelope(document)
    told(0, None, "writing the pages")
    from pyarrow.csv import write_csv

    from bilat.document.workbook import write_workbook
    from bilat.picture.document_page import document_page

    place = Path(out)
    write_text(place / "answer.html", document_page(document))
    write_workbook(document, place / "answer.xlsx")
    write_csv(document.data.to_arrow(), place / "answer.csv")
    write_text(
        place / "answer.json", json.dumps(envelope(document), ensure_ascii=False, allow_nan=False) + "\n"
    )
    made = ["answer.html", "answer.xlsx", "answer.csv", "answer.json"]
    return {"html": fragment(document), "title": document.title, "files": made}


def _basket(name: str | None) -> str | None:
    """A basket of bilat's own: a path to a file on the server's disk is not taken from a reader."""
    from bilat.goods.baskets import NAMES

    if not name:
        return None
    if name.partition(":")[0] not in NAMES:
        raise UsageError(f"basket {name!r} is not known; use {', '.join(NAMES)} or one tier as chpl:1")
    return name


def parties(held: Holdings, told: Told, text: str, as_of: str) -> Any:
    """Listed parties whose name a text may be, the likeliest first."""
    from bilat.parties.run.screen import screen

    rows: list[dict[str, Any]] = []
    screen([text], as_of=AsOf(as_of), top=MOST_PARTIES, holdings=held, threads=1, emit=rows.append)
    keys = (
        "party",
        "name",
        "name_matched",
        "agreement",
        "bearers",
        "band",
        "listed",
        "probability",
        "effect",
        "list",
        "programme",
    )
    return [{k: r[k] for k in keys} for r in rows]


def party(held: Holdings, told: Told, id: str, as_of: str) -> Any:
    """The record of a listed party."""
    from bilat.parties.run.opened import open_screener

    try:
        return open_screener(None, AsOf(as_of), held).screener.by_id(id)
    except DataError as e:
        raise Declined(404, str(e)) from None


def decide(
    held: Holdings, told: Told, log: str, query: str, party: str, verdict: str, reason: str, who: str,
    known: Mapping[str, str],
) -> Any:  # fmt: skip
    """Append a decision to the log, as ``bilat decide`` does."""
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.parties.run.opened import open_screener

    screener = open_screener(None, None, held).screener
    made = DecisionLog(Path(log)).decide(screener, query, party, verdict, reason, who, known=known)
    return {**asdict(made), "hash": made.digest()}


def trail(held: Holdings, told: Told, log: str, team: str | None, marking: str | None) -> Any:
    """The audit trail of decisions, oldest first, as far as the marking lets them be shown."""
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.server.team import decisions

    return decisions(DecisionLog(Path(log)).trail(), *opened(team, marking))


def dissent(
    held: Holdings, told: Told, team: str, claim: str, verdict: str, why: str, who: str, as_of: str, marking: str
) -> Any:  # fmt: skip
    """Append a dissent to the team's log, as ``bilat dissent add`` does."""
    from bilat.sharing import Team

    log = Team(team, must_exist=False).dissent_log
    made = log.add(claim, verdict, why, who, as_of=as_of or None, marking=marking)
    return {**asdict(made), "hash": made.hash}


def dissents(held: Holdings, told: Told, team: str, marking: str | None) -> Any:
    """Dissents, oldest first, as far as the marking lets them be shown."""
    from bilat.server.team import dissents as shown
    from bilat.sharing import Team

    return shown(Team(team, must_exist=False), opened(None, marking)[1])


TASKS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        site, measure, trace, claims, forecasts, sources, screen_names, screen_file, divert, parties, party,
        decide, trail, dissent, dissents,
    )
}  # fmt: skip
