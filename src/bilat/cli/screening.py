# SPDX-License-Identifier: Apache-2.0
"""``bilat screen``: names on standard input, and every row of an answer."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.cli.answers import show
from bilat.cli.options import marking_of_option, open_holdings
from bilat.document import Frame
from bilat.errors import UsageError
from bilat.parties.answers.screening_question import ScreenQuestion
from bilat.parties.screening.alerts import Row
from bilat.units.notation import count_text
from bilat.when import AsOf

#: Where the rows of a screening go, not its document.
RowsOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write every alert as .xlsx, .csv, .jsonl or .parquet."
    ),
]
ReceiptOption = Annotated[
    Path | None,
    typer.Option(
        "--receipt",
        metavar="FILE",
        help="Write what was screened against which lists, to be checked by `bilat verify`.",
    ),
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Sign the receipt with the key in this file."),
]


def screen(
    question: ScreenQuestion,
    *,
    as_of: str | None = None,
    why: bool = False,
    out: Path | None = None,
    marking: str | None = None,
    as_json: bool = False,
    fields: str = "",
    holdings: Path | None = None,
    receipt: Path | None = None,
    key: Path | None = None,
) -> None:
    """Screen, rows to ``out``; print the document, as JSON with every row."""
    from bilat.parties.answers.receipt import read_key, receipt_of, sealed, write_receipt
    from bilat.terminal.progress import progress

    if key is not None and receipt is None:
        raise UsageError("`key` seals a receipt: name its file with `receipt`")
    mark = marking_of_option(marking)
    more = {"marking": mark, **_marks(question.decisions, mark)}
    rows: list[Row] = []
    plain = as_json or bool(fields)
    if plain:
        more["emit"] = rows.append
    frame = Frame(as_of=AsOf(as_of), holdings=open_holdings(holdings))
    with tempfile.TemporaryDirectory(prefix="bilat-") as folder:
        asked = question.asked(lambda: _standard_input(Path(folder)))
        with progress(quiet=plain or not isinstance(asked, Path)) as tell:
            watch = None if tell is None else lambda done, of: tell("names", done, of)
            document, run = question.document(frame, asked, progress=watch, out=out, **more)
        if receipt is not None:
            made = receipt_of(
                run,
                question,
                frame.holdings,
                names=asked if isinstance(asked, Path) else None,
                rows=out,
            )
            write_receipt(made if key is None else sealed(made, read_key(key)), receipt)
    if plain and document.data is not None:
        document = replace(document, data={**document.data, "rows": rows})
    show(document, why=why, marking=marking, as_json=as_json, fields=fields)


def _marks(decisions: Path | None, marking: Any) -> dict[str, Any]:
    """Markings given to decisions later, which count in place of their own; how many stay out is
    said.
    """
    if decisions is None or marking is None:
        return {}
    from bilat.parties.decisions.log import DecisionLog
    from bilat.server.team import Handling

    given = Handling(decisions.parent, marking, decisions).screening()
    log = DecisionLog(decisions)
    left_out = sum(1 for _ in log.entries()) - sum(1 for _ in log.within(marking, given["marks"]))
    if left_out:
        said = f"left out: {count_text(left_out, 'decisions')}, marked above {marking}"
        print(f"bilat: note: {said}", file=sys.stderr)
    return {"marks": given["marks"]}


def _standard_input(folder: Path) -> Path:
    """What stands on standard input as a file: names a line each, or a table with a header."""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise UsageError("standard input is empty. Give one name per line, or a file with a header")
    path = folder / ("standard-input.jsonl" if raw.lstrip()[:1] == b"{" else "standard-input.txt")
    path.write_bytes(raw)
    return path
