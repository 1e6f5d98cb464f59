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
    print_marking,
)
from bilat.errors import UsageError
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


class _Rows(list[dict[str, Any]]):
    """Rows as they come: kept for the table, or each printed at once as a line of JSON."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def emit(self, row: dict[str, Any]) -> None:
        if self.as_json:
            from bilat.terminal.shown import escaped

            sys.stdout.write(escaped(json.dumps(row, ensure_ascii=False, default=str)) + "\n")
        else:
            self.append(row)


def add_screening(app: typer.Typer) -> None:
    """Hang the verbs on the command line."""
    for verb in (screen, rescreen, decide, owners):
        app.command()(verb)


def screen(
    names: Annotated[
        list[str],
        typer.Argument(
            help="A file (.csv, .jsonl, .parquet, .xlsx), names to look up, or - for names on standard input.",
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
    explain: Annotated[bool, typer.Option("--explain", help="Show what each score is made of.")] = False,
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
    """Which names are listed: one alert a party, with its band, probability, lists and legal effect.

    For example: bilat screen 'VTB Bank'; bilat screen consignments.xlsx --map name=Consignee --out alerts.xlsx
    """
    from bilat.parties.run.headers import parse_map
    from bilat.parties.run.screen import screen as run
    from bilat.terminal.progress import counting
    from bilat.terminal.screening import show_age, show_alerts

    rows, mark = _Rows(as_json), asked_marking(marking)
    decided = _decided(decisions, four_eyes, mark)

    def begin(started: Any) -> None:
        if as_json:
            print(started.age, file=sys.stderr)
        else:
            show_age(started)

    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        asked = _asked(names, born, country, schema, Path(folder))
        with counting("names", quiet=as_json or not isinstance(asked, Path)) as watch:
            done = run(
                asked,
                typed=not isinstance(asked, Path),
                lists=lists,
                as_of=AsOf(as_of),
                top=top,
                threshold=threshold,
                base_rate=base_rate,
                out=out,
                engine=engine,
                holdings=held(holdings),
                **decided,
                columns=parse_map(columns),
                max_age=max_age,
                threads=threads,
                progress=watch,
                resume=not fresh,
                emit=rows.emit if out is None or as_json else None,
                begin=begin,
            )
    if as_json:
        for line in [*done.summary(), *done.notes]:
            print(line, file=sys.stderr)
    else:
        print_marking(mark)
        show_alerts(rows, done, out, explain=explain)


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
    from bilat.parties.run.headers import parse_map
    from bilat.parties.run.rescreen import rescreen as run
    from bilat.terminal.screening import show_age, show_alerts

    rows, mark = _Rows(as_json), asked_marking(marking)
    decided = _decided(decisions, four_eyes, mark)

    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        done = run(
            _asked(names, "", "", None, Path(folder)),
            since,
            lists=lists,
            as_of=AsOf(as_of),
            holdings=held(holdings),
            top=top,
            threshold=threshold,
            base_rate=base_rate,
            columns=parse_map(columns),
            threads=threads,
            out=out,
            **decided,
            emit=rows.emit if out is None or as_json else None,
            begin=None if as_json else show_age,
        )
    if as_json:
        for line in [done.age, *done.summary(), *done.notes]:
            print(line, file=sys.stderr)
    else:
        print_marking(mark)
        show_alerts(rows, done, out, explain=False)


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


#: Endings of files: a word that ends so is a file that is not there, and no name.
_FILES = frozenset(
    (  # noqa: SIM905
        ".csv .tsv .txt .jsonl .ndjson .json .parquet .pq .xlsx .xlsm .xls .xlsb .ods .zip .gz .7z .pdf .doc .docx"
    ).split()
)


def _asked(names: list[str], born: str, country: str, schema: str | None, folder: Path) -> Any:
    """A file of queries, or the names that were typed."""
    from bilat.parties.run.queries import read_queries
    from bilat.parties.run.typed import typed

    if names == ["-"]:
        return _standard_input(folder)
    path = Path(names[0])
    if len(names) == 1 and (path.is_file() or path.suffix.lower() in _FILES):
        if born or country or schema:
            raise UsageError("--born, --country and --schema go with a name; a file has columns for them")
        read_queries(path)  # refused where there is no such file
        return path
    return typed(names, born, country, schema, option="--")


def _standard_input(folder: Path) -> Any:
    """Names on standard input, a line each; or a file with a header."""
    from bilat.parties.run.headers import columns_of
    from bilat.parties.run.queries import Query

    raw = sys.stdin.buffer.read()
    if not raw.strip():
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
