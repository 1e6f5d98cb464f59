# SPDX-License-Identifier: Apache-2.0
"""Commands of screening: ``screen``, ``screen decide``, ``screen owners``, ``lists diff``."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    asked_marking,
    held,
)
from bilat.cli.questions import OutOption, show
from bilat.document import Column, Document, Frame, Say, Section, Table
from bilat.errors import UsageError
from bilat.parties.run.question import ScreenQuestion
from bilat.terminal.shown import as_options
from bilat.units.written import counted
from bilat.when import AsOf

_TRAIL = tuple(
    map(Column, ("when", "who", "query", "known", "party", "verdict", "reason", "snapshot", "hash"))
)
#: Where the rows of a screening go, not its document.
RowsOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write every alert as .xlsx, .csv, .jsonl or .parquet."
    ),
]
ListsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--lists", help="A list that you have, or a file; repeatable, or joined by commas."
    ),
]


def screen(
    question: ScreenQuestion,
    *,
    as_of: str | None = None,
    why: bool = False,
    out: Path | None = None,
    marking: str | None = None,
    as_json: bool = False,
    holdings: Path | None = None,
) -> None:
    """Screen, rows to ``out``; print the document, or as JSON a row a line."""
    from bilat.terminal.progress import progress

    mark = asked_marking(marking)
    more = {"marking": mark, **_marks(question.decisions, mark)}
    if as_json:
        more["emit"] = _print_row
    frame = Frame(as_of=AsOf(as_of), holdings=held(holdings))
    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        asked = question.asked(lambda: _standard_input(Path(folder)))
        with progress(quiet=as_json or not isinstance(asked, Path)) as tell:
            watch = None if tell is None else lambda done, of: tell("names", done, of)
            document, run = question.document(frame, asked, progress=watch, out=out, **more)
    if as_json:
        for line in [run.age, *run.summary(), *run.notes]:
            print(as_options(line), file=sys.stderr)
    else:
        show(document, why=why, marking=marking)


def _print_row(row: Mapping[str, object]) -> None:
    from bilat.terminal.shown import escaped

    sys.stdout.write(escaped(json.dumps(row, ensure_ascii=False, default=str)) + "\n")


def _marks(decisions: Path | None, marking: Any) -> dict[str, Any]:
    """Markings given to decisions later, which count in place of their own; how many stay out is said."""
    if decisions is None or marking is None:
        return {}
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.server.team import Handling

    given = Handling(decisions.parent, marking, decisions).screening()
    log = DecisionLog(decisions)
    left_out = sum(1 for _ in log.entries()) - sum(1 for _ in log.within(marking, given["marks"]))
    if left_out:
        said = f"left out: {counted(left_out, 'decisions')}, marked above {marking}"
        print(f"bilat: note: {said}", file=sys.stderr)
    return {"marks": given["marks"]}


def _standard_input(folder: Path) -> Path:
    """What stands on standard input as a file: names a line each, or a table with a header."""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise UsageError("standard input is empty; give names a line each, or a file with a header")
    path = folder / ("standard-input.jsonl" if raw.lstrip()[:1] == b"{" else "standard-input.txt")
    path.write_bytes(raw)
    return path


def decide(
    log: Annotated[Path, typer.Argument(help="The append-only log of verdicts (JSON lines).")],
    query: Annotated[
        str | None, typer.Option("--query", help="The name that was screened.")
    ] = None,
    party: Annotated[
        str | None,
        typer.Option(
            "--party", help="The listed party's id, or all: each that the name alerts on."
        ),
    ] = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="true, false or unresolved.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="Why.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who decides.")] = "",
    marking: Annotated[
        str,
        typer.Option(
            "--marking", help="How far it may be passed on.", show_default="counts as TLP:AMBER"
        ),
    ] = "",
    born: Annotated[str, typer.Option("--born", metavar="DATE", help="Date of birth known.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="STATE", help="State known.")] = "",
    nationality: Annotated[
        str, typer.Option("--nationality", metavar="STATE", help="Nationality known.")
    ] = "",
    number: Annotated[
        list[str] | None,
        typer.Option("--number", help="Number known, as inn:7707083893; repeatable."),
    ] = None,
    place: Annotated[str, typer.Option("--place", help="Town known.")] = "",
    address: Annotated[str, typer.Option("--address", help="Address known.")] = "",
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="The party is meant though it is not proposed for the name."),
    ] = False,
    lists: ListsOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Record an analyst's verdict on a match; without --query, print the audit trail.

    Give what was known beside the name: a cleared row that says more for the party comes out again.
    """
    from bilat.parties.decide.decisions import KNOWN, DecisionLog

    kept = DecisionLog(log)
    if query is not None or party is not None or verdict is not None:
        from bilat.parties.decide.known import decide as add
        from bilat.parties.decide.known import decide_all
        from bilat.parties.run.opened import open_screener

        known = {
            "born": born,
            "country": country,
            "nationality": nationality,
            "place": place,
            "address": address,
            "number": "; ".join(number or []),
        }
        screener = open_screener(lists, None, held(holdings)).screener
        if party == "all":
            name = query or ""
            decided = verdict or ""
            decide_all(kept, screener, name, decided, why, who, marking=marking, known=known)
        else:
            add(
                kept,
                screener,
                query or "",
                party or "",
                verdict or "",
                why,
                who,
                marking=marking,
                known=known,
                anyway=anyway,
            )
    trail = kept.existing().trail()
    rows = tuple(
        (
            t["when"],
            t["who"],
            t["query"],
            "; ".join(f"{k} {t[k]}" for k in KNOWN if t[k]),
            t["party"],
            t["verdict"],
            t["reason"],
            t["snapshot"][:12],
            t["hash"][:12],
        )
        for t in trail
    )
    table = Table(_TRAIL, rows, listing=True)
    show(
        Document("decisions", counted(len(rows), "decisions"), (), (table,), data=trail),
        as_json=as_json,
    )


def owners(
    links: Annotated[
        Path,
        typer.Argument(help="CSV: owner, owned, low, high (percent; blank: unknown)."),
    ],
    firm: Annotated[str, typer.Argument(help="The firm, as the file writes it.")],
    lists: ListsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """How much of a firm listed parties hold, through chains and circles, and what the 50% rules say."""
    from bilat.parties.own.owners import owners as ask
    from bilat.parties.run.opened import open_screener

    screener = open_screener(lists, AsOf(as_of), held(holdings)).screener
    answer = ask(links, firm, screener, AsOf(as_of))
    show(_owners(answer), as_json=as_json)


def _owners(answer: dict[str, Any]) -> Document:
    """The rules by what they say of a firm, then each with its reason, and the chains from its listed owners."""

    def percent(low: float, high: float) -> str:
        return f"{low:g} percent" if low == high else f"{low:g} to {high:g} percent"

    def section(r: Any) -> Section:
        owners = f", from {', '.join(r['owners'])}" if r["owners"] else ""
        lines = (
            r["reason"],
            f"{percent(r['low'], r['high'])} as the rule counts{owners}",
            f"{r['scope']}; {r['cites']}",
        )
        title = f"{r['verdict'].upper()}  {r['rule']}: {r['effect']}"
        return Section(title, tuple(Say(line, "rule") for line in lines if line))

    decided = [r for r in answer["rules"] if r["high"] or r["verdict"] == "listed"]
    others = tuple(section(r) for r in answer["rules"] if r not in decided)
    rest = (Section("The other rules", others, detail=True),) if others else ()
    said: dict[str, list[str]] = {}
    for r in answer["rules"]:
        said.setdefault(r["verdict"], []).append(f"{r['rule']} ({r['effect']})")
    order = [v for v in ("listed", "covered", "not known", "not covered") if v in said]
    summary = tuple(f"{v.capitalize()}: {'; '.join(said[v])}." for v in order)
    notes = tuple(Say(f"note: {note}", "note") for note in answer["notes"])
    chains = tuple(
        Say(f"{' > '.join(p['chain'])}: {percent(p['low'], p['high'])}") for p in answer["paths"]
    )
    title = f"{answer['firm']} as of {answer['as_of']}"
    return Document(
        "owners", title, summary, (*map(section, decided), *rest, *notes, *chains), data=answer
    )


def difference(
    a: Annotated[str, typer.Argument(help="The earlier date YYYY-MM-DD, or a list file.")],
    b: Annotated[str, typer.Argument(help="The later date, or a list file.")],
    lists: ListsOption = None,
    programme: Annotated[
        str, typer.Option("--programme", metavar="P", help="Of these alone: RUSSIA*.")
    ] = "",
    country: Annotated[
        str, typer.Option("--country", metavar="STATE", help="Of this state alone.")
    ] = "",
    what: Annotated[str, typer.Option("--what", help="added, removed, ended or changed.")] = "",
    full: Annotated[
        bool,
        typer.Option(
            "--all", help="Also what a publisher only wrote another way; every change in full."
        ),
    ] = False,
    out: OutOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Who was added, removed or changed between two dates or two files: a summary, then the parties.

    For example: bilat lists diff 2023-03-15 2024-05-03 --programme 'RUSSIA*' --country CN
    """
    from bilat.parties.lists.watchlist import compare, document, only

    found = compare(a, b, lists=lists, holdings=held(holdings), form=full)
    found.changes = only(found.changes, programme=programme, state=country, what=what)
    show(document(found, a, b), why=full, out=out, as_json=as_json)
