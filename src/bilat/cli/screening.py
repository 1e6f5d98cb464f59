# SPDX-License-Identifier: Apache-2.0
"""The verbs of screening: ``screen``, ``decide``, ``owners``, ``watchlist diff``."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    asked_marking,
    held,
    print_json,
)
from bilat.units.written import counted
from bilat.when import AsOf

watchlist_app = typer.Typer(help="What changed on the lists of parties.", no_args_is_help=True)

ListsOption = Annotated[
    list[str] | None, typer.Option("--lists", help="A list held, or a file; repeatable, or joined by commas.")
]
BaseRateOption = Annotated[
    float | None,
    typer.Option(
        "--base-rate",
        metavar="SHARE",
        help="Share of the names asked that is assumed to be listed.",
        show_default="0.15 of typed names, 0.01 of a small file; estimated from a large one",
    ),
]
ThresholdOption = Annotated[
    str | None,
    typer.Option(
        "--threshold",
        help="Least probability (0.5), band (match, likely, possible, unlikely), or alerts per thousand (5/1000).",
        show_default="possible",
    ),
]
DecisionsOption = Annotated[
    Path | None, typer.Option("--decisions", metavar="FILE", help="The log of verdicts to apply.")
]

TopOption = Annotated[int, typer.Option("--top", help="Parties a query.")]
MapOption = Annotated[
    str | None,
    typer.Option("--map", metavar="F=H,...", help="Which column is what: name=Consignee,country=Ctry."),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", metavar="N", help="Processes.", show_default="all cores")
]
RowsOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=".jsonl, .csv, .parquet or .xlsx.")
]
FourEyesOption = Annotated[
    bool, typer.Option("--four-eyes", help="Fold a cleared row away only after two people cleared it.")
]


def add_screening(app: typer.Typer) -> None:
    """Hang the verbs on the command line."""
    for verb in (screen, rescreen, decide, owners):
        app.command()(verb)


def screen(
    names: Annotated[
        list[str],
        typer.Argument(
            help="A file (.csv, .txt, .jsonl, .parquet, .xlsx), names to look up, or - for names on standard input.",
            metavar="FILE | NAME... | -",
        ),
    ],
    lists: ListsOption = None,
    as_of: AsOfOption = None,
    top: TopOption = 5,
    threshold: ThresholdOption = None,
    base_rate: BaseRateOption = None,
    born: Annotated[
        str, typer.Option("--born", metavar="DATE", help="Date of birth of the name asked.")
    ] = "",
    country: Annotated[str, typer.Option("--country", metavar="STATE", help="State of the name asked.")] = "",
    schema: Annotated[
        str | None,
        typer.Option("--schema", help="What the name asked is: Person, Company, Vessel, Airplane."),
    ] = None,
    columns: MapOption = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb or spark://host:port.")] = "duckdb",
    threads: ThreadsOption = None,
    out: RowsOption = None,
    why: Annotated[
        bool, typer.Option("--why", "--explain", help="Show what each alert rests on, and the score.")
    ] = False,
    decisions: DecisionsOption = None,
    four_eyes: FourEyesOption = False,
    marking: MarkingOption = None,
    max_age: Annotated[
        int | None, typer.Option("--max-age", metavar="DAYS", help="Refuse lists whose content is older.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Do not take up an unfinished run.")] = False,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Who of these names is on the lists: how exactly it agrees, who else bears it, what each listing does since when.

    For example: bilat screen 'VTB Bank'; bilat screen consignments.xlsx --map name=Consignee --out alerts.xlsx
    """
    from bilat.document import Frame
    from bilat.parties.run.question import ScreenQuestion

    given = {
        "name": tuple(names), "lists": tuple(lists or ()), "top": top, "threshold": threshold or "",
        "base-rate": base_rate or 0.0, "born": born, "country": country, "schema": schema or "", "map": columns or "",
        "decisions": decisions, "four-eyes": four_eyes, "max-age": max_age or 0,
    }  # fmt: skip
    question, mark = ScreenQuestion.read(given), asked_marking(marking)
    told = _decided(decisions, four_eyes, mark)
    more = {"marking": mark, "marks": told["marks"]} if "marks" in told else {"marking": mark}
    if as_json:
        more |= {"emit": _print_row, "begin": lambda run: print(run.age, file=sys.stderr)}
    _ask(question, Frame(as_of=AsOf(as_of), holdings=held(holdings)), why, as_json, out, engine=engine, out=out,
         threads=threads, resume=not fresh, **more)  # fmt: skip


def _print_row(row: dict[str, Any]) -> None:
    from bilat.terminal.shown import escaped

    sys.stdout.write(escaped(json.dumps(row, ensure_ascii=False, default=str)) + "\n")


def _ask(question: Any, frame: Any, why: bool, as_json: bool, rows: Path | None, **more: Any) -> None:
    """Ask, and print the document, or as JSON a row a line with what is to be said on standard error."""
    from bilat.cli.questions import show
    from bilat.terminal.progress import counting

    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        asked = question.asked(lambda: _standard_input(Path(folder)))
        with counting("names", quiet=as_json or not isinstance(asked, Path)) as watch:
            document, run = question.document(frame, asked, why=why, progress=watch, **more)
    if as_json:
        for line in [*run.summary(), *run.notes]:
            print(line, file=sys.stderr)
    else:
        show(document, why=why, marking=str(more["marking"]) if more.get("marking") else None)


def rescreen(
    names: Annotated[
        list[str], typer.Argument(help="The file screened before, or names.", metavar="FILE | NAME... | -")
    ],
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="EDITION",
            help="Date of the lists before, or the earlier file of --lists FILE.",
        ),
    ],
    lists: ListsOption = None,
    as_of: AsOfOption = None,
    top: TopOption = 5,
    threshold: ThresholdOption = None,
    base_rate: BaseRateOption = None,
    columns: MapOption = None,
    threads: ThreadsOption = None,
    out: RowsOption = None,
    decisions: DecisionsOption = None,
    four_eyes: FourEyesOption = False,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Names screened before, against what changed on the lists since: parties new, changed or removed.

    For example: bilat rescreen customers.xlsx --since 2024-05-03 --out news.xlsx
    """
    from bilat.cli.questions import show
    from bilat.document import Frame
    from bilat.parties.run.answer import file_document
    from bilat.parties.run.question import ScreenQuestion
    from bilat.parties.run.rescreen import rescreen as run

    mark, rows = asked_marking(marking), list[dict[str, Any]]()
    question = ScreenQuestion(tuple(names), tuple(lists or ()), top, threshold or "", base_rate or 0.0,
                              map=columns or "", decisions=decisions, four_eyes=four_eyes)  # fmt: skip
    told = _decided(decisions, four_eyes, mark)
    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        done = run(
            question.asked(lambda: _standard_input(Path(folder))),
            since,
            **(question.options(Frame(as_of=AsOf(as_of), holdings=held(holdings))) | told),
            threads=threads,
            out=out,
            emit=_print_row if as_json else rows.append,
        )
    if as_json:
        for line in [done.age, *done.summary(), *done.notes]:
            print(line, file=sys.stderr)
    else:
        show(file_document(question, done, rows, str(out or "")), marking=marking)


def _decided(decisions: Path | None, four_eyes: bool, marking: Any) -> dict[str, Any]:
    """What a screening is told of decisions: those marked above it are left out, which is said.

    A marking given to a decision later stands in the log beside the decisions and counts in place of its own.
    """
    told = {"decisions": decisions, "four_eyes": four_eyes, "marking": marking}
    if decisions is None or marking is None:
        return told
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.sharing import Team

    marks = {
        about.partition(" ")[2]: m
        for about, m in Team(decisions.parent).marks.items()
        if about.startswith("decision ")
    }
    log = DecisionLog(decisions)
    left_out = sum(1 for _ in log.entries()) - sum(1 for _ in log.within(marking, marks))
    if left_out:
        print(
            f"bilat: note: left out: {counted(left_out, 'decisions')}, marked above {marking}",
            file=sys.stderr,
        )
    return {**told, "marks": marks}


def _standard_input(folder: Path) -> Any:
    """Names on standard input, a line each; or a file with a header."""
    from bilat.parties.run.headers import columns_of
    from bilat.parties.run.queries import Query

    raw = sys.stdin.buffer.read()
    if not raw.strip():
        from bilat.errors import UsageError

        raise UsageError("standard input is empty; give names a line each, or a file with a header")
    if raw.lstrip()[:1] == b"{":
        path = folder / "standard-input.jsonl"
        path.write_bytes(raw)
        return path
    path = folder / "standard-input.csv"
    path.write_bytes(raw)
    from bilat.parties.run.encodings import code_page

    text = raw.decode(code_page(path), "replace")
    first = text.splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        columns_of("standard input", first.split(delimiter))
        return path
    except Exception as e:
        if "no column 'name'" not in str(e):
            raise
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [Query(str(n), line, n) for n, line in enumerate(lines, 1)]


def decide(
    log: Annotated[Path, typer.Argument(help="The append-only log of verdicts (JSON lines).")],
    query: Annotated[str | None, typer.Option("--query", help="The name that was screened.")] = None,
    party: Annotated[str | None, typer.Option("--party", help="The listed party's id.")] = None,
    verdict: Annotated[str | None, typer.Option("--verdict", help="true, false or unresolved.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who decides.")] = "",
    marking: Annotated[
        str,
        typer.Option("--marking", help="How far it may be passed on.", show_default="counts as TLP:AMBER"),
    ] = "",
    born: Annotated[str, typer.Option("--born", metavar="DATE", help="Date of birth known.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="STATE", help="State known.")] = "",
    nationality: Annotated[
        str, typer.Option("--nationality", metavar="STATE", help="Nationality known.")
    ] = "",
    number: Annotated[
        list[str] | None, typer.Option("--number", help="Number known, as inn:7707083893; repeatable.")
    ] = None,
    place: Annotated[str, typer.Option("--place", help="Town known.")] = "",
    address: Annotated[str, typer.Option("--address", help="Address known.")] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="The party is meant though it is not proposed for the name.")
    ] = False,
    lists: ListsOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Record an analyst's verdict on a match; without --query, print the audit trail.

    Give what was known beside the name: a cleared row that says more for the party comes out again.
    """
    from bilat.parties.decide.decisions import DecisionLog
    from bilat.terminal.screening import show_trail

    kept = DecisionLog(log)
    if query is not None or party is not None or verdict is not None:
        from bilat.parties.run.opened import open_screener

        known = {"born": born, "country": country, "nationality": nationality, "place": place, "address": address,
                 "number": "; ".join(number or [])}  # fmt: skip
        kept.decide(
            open_screener(lists, None, held(holdings)).screener, query or "", party or "", verdict or "", reason,
            who, marking, known, anyway,
        )  # fmt: skip
    trail = kept.existing().trail()
    if as_json:
        print_json(trail)
    else:
        show_trail(trail)


def owners(
    links: Annotated[
        Path,
        typer.Argument(
            help="CSV: owner, owned, low, high (percent; blank: unknown); or GLEIF's relationship records.",
        ),
    ],
    firm: Annotated[str, typer.Argument(help="The firm, as the file writes it; an LEI in GLEIF's file.")],
    listed: Annotated[
        Path | None,
        typer.Option("--listed", metavar="FILE", help="CSV: party, list.", show_default="the lists held"),
    ] = None,
    gleif: Annotated[
        Path | None, typer.Option("--gleif", metavar="FILE", help="GLEIF's level 2 file, beside the links.")
    ] = None,
    lists: ListsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """How much of a firm listed parties hold, through chains and circles, and what the 50% rules say."""
    from bilat.parties.own.gleif import is_relations
    from bilat.parties.own.links_file import owners as ask
    from bilat.parties.run.opened import open_screener
    from bilat.terminal.screening import show_owners

    own: Path | None = links
    if gleif is None and is_relations(links):
        own, gleif = None, links
    screener = open_screener(lists, AsOf(as_of), held(holdings)).screener if listed is None else None
    answer = ask(own, firm, listed, AsOf(as_of), gleif=gleif, screener=screener)
    if as_json:
        print_json(answer)
    else:
        show_owners(answer)


@watchlist_app.command("diff")
def watchlist_diff(
    a: Annotated[str, typer.Argument(help="The earlier date YYYY-MM-DD, or a list file.")],
    b: Annotated[str, typer.Argument(help="The later date, or a list file.")],
    lists: ListsOption = None,
    programme: Annotated[str, typer.Option("--programme", metavar="P", help="Of these alone: RUSSIA*.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="STATE", help="Of this state alone.")] = "",
    what: Annotated[str, typer.Option("--what", help="added, removed, ended or changed.")] = "",
    full: Annotated[
        bool,
        typer.Option("--all", help="Also what a publisher only wrote another way; every change in full."),
    ] = False,
    atom: Annotated[Path | None, typer.Option("--atom", metavar="FILE", help="Write an Atom feed.")] = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Who was added, removed or changed between two dates or two files: a summary, then the parties.

    For example: bilat watchlist diff 2023-03-15 2024-05-03 --programme 'RUSSIA*' --country CN
    """
    from bilat.parties.lists.watchlist import as_rows, compare, only
    from bilat.terminal.screening import show_difference

    found = compare(a, b, lists=lists, holdings=held(holdings), form=full)
    found.changes = only(found.changes, programme=programme, state=country, what=what)
    if atom is not None:
        from bilat.files.write import write_text
        from bilat.parties.lists.watchlist_feed import atom as feed

        write_text(atom, feed(found.changes, a, b))
    if as_json:
        print_json(as_rows(found.changes))
    else:
        show_difference(found, full=full)
