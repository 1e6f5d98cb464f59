# SPDX-License-Identifier: Apache-2.0
"""The circumvention monitor's verb ``divert``."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Annotated

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
from bilat.when import AsOf


def add_monitor(app: typer.Typer) -> None:
    """Hang the verb on the command line."""
    app.command()(divert)


def divert(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Trade files in any of the formats of docs/diversion.md; none: the embedded EU exports, or with "
            "--origin USA,JPN,DEU --since 2022 Armenia's cars."
        ),
    ] = None,
    origin: Annotated[
        str,
        typer.Option(
            "--origin",
            metavar="STATES",
            help="EU27, COALITION, or ISO codes joined by commas.",
            show_default="COALITION; without files EU27",
        ),
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--target", metavar="STATE,...", help="Where the goods end: RUS, or RUS,BLR as one market."
        ),
    ] = "RUS",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="PERIOD",
            help="The break: YYYY-MM, YYYY, or listed (for each good the month in which the EU listed it).",
        ),
    ] = "2022-03",
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="PERIOD", help="The last period looked at.", show_default="the last held"
        ),
    ] = None,
    window: Annotated[
        int, typer.Option("--window", metavar="YEARS", min=1, help="Years of baseline before the break.")
    ] = 3,
    basket: Annotated[
        str | None,
        typer.Option(
            "--basket",
            metavar="NAME",
            help="chpl, chpl:1 (one tier), eu-sanctioned, civilian, a TOML file, or all (one list of every product).",
            show_default="every product, the common high priority list (chpl) in front",
        ),
    ] = None,
    hub: Annotated[
        list[str] | None, typer.Option("--hub", metavar="STATE", help="Only this hub; repeatable.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            help="Rows of the list; the goods in front have as many of their own.",
        ),
    ] = 1000,
    cases: Annotated[
        int,
        typer.Option(
            "--cases",
            metavar="N",
            min=0,
            help="First rows, and first rows in front, with a case: months, break, a page.",
        ),
    ] = 20,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Write the pages, and the list as CSV, JSON and Excel, to this folder.",
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="ENGINE", help="duckdb, or spark://host:port (extra spark).")
    ] = "duckdb",
    memory: Annotated[
        str,
        typer.Option(
            "--memory",
            metavar="SIZE",
            help="DuckDB's memory before it spills to disk: 700MB, 4GB. The process as a whole takes more.",
        ),
    ] = "700MB",
    threads: Annotated[
        int | None,
        typer.Option("--threads", metavar="N", min=1, help="DuckDB's threads.", show_default="all cores"),
    ] = None,
    spark_setting: Annotated[
        list[str] | None,
        typer.Option(
            "--spark-setting",
            metavar="KEY=VALUE",
            help="A setting of the Spark session (spark.sql.shuffle.partitions=64); repeatable.",
        ),
    ] = None,
    marking: MarkingOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Where sanctioned trade is diverted: hubs and goods, ranked, with intervals, rivals and rows.

    For example: bilat divert trade.csv --origin EU27 --since 2022-03 --basket chpl --out cases

    With --json hubs, groups, rows (in rank order) and total go to standard output; notes go to
    standard error. The exit code is 0 for an answer (flags or none), 1 for a file
    that cannot answer, 2 for a question that cannot be asked.
    """
    from bilat.diversion.search import divert as find

    settings, mark = _settings(spark_setting, engine), asked_marking(marking)
    if not re.fullmatch(r"\d+(\.\d+)?\s*([KMGT]i?B)", memory.strip(), re.IGNORECASE):
        raise UsageError(f"--memory {memory!r}: write a size with its unit, 700MB or 4GB")
    answer = find(
        [str(f) for f in files or []],
        origin=origin or ("COALITION" if files else "EU27"),
        target=target,
        since=since,
        until=until,
        basket_name=basket,
        hubs=hub,
        engine=engine,
        memory=memory,
        threads=threads,
        window=window,
        limit=limit,
        cases=cases,
        settings=settings,
        holdings=held(holdings),
        as_of=AsOf(as_of),
    )
    if out is not None:
        from bilat.picture.cases.cases import write_cases

        asked = {
            "--origin": origin, "--target": target, "--since": since, "--until": until,
            "--window": str(window) if window != 3 else None, "--basket": basket,
            "--engine": engine if engine != "duckdb" else None,
            "--as-of": str(AsOf(as_of)) if not files else None,
            "--holdings": str(holdings) if holdings else None,
        }  # fmt: skip
        given = [word for option, value in asked.items() if value for word in (option, value)]
        given += [word for h in hub or [] for word in ("--hub", h)]
        given += [word for s in spark_setting or [] for word in ("--spark-setting", s)]
        given += ["--limit", str(limit), "--cases", str(cases), "--out", str(out)]
        given += ["--marking", str(mark)] if mark else []
        write_cases(
            answer.plain(),
            out,
            command=shlex.join(["bilat", "divert", *map(str, files or []), *given]),
            marking=mark,
        )
    if as_json:
        told = {k: v for k, v in answer.plain().items() if k != "series"}
        print_json({"marking": str(mark), **told} if mark else told)
        for note in answer.summary["notes"]:
            print(f"note: {note}", file=sys.stderr)
    else:
        from bilat.picture.cases.route import search_of
        from bilat.terminal.monitor import show_diversion

        print_marking(mark)
        show_diversion(search_of(answer.plain()), out)


def _settings(given: list[str] | None, engine: str) -> dict[str, str] | None:
    """``key=value`` texts as a mapping; None where there are none."""
    if not given:
        return None
    if engine == "duckdb":
        raise UsageError("--spark-setting needs --engine spark://host:port")
    pairs = [text.partition("=") for text in given]
    for text, (key, sign, _) in zip(given, pairs, strict=True):
        if not sign or not key.strip():
            raise UsageError(f"--spark-setting {text!r}: write key=value, spark.sql.shuffle.partitions=64")
    return {key.strip(): value for key, _, value in pairs}
