# SPDX-License-Identifier: Apache-2.0
"""Options that several verbs share, and what they mean."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.errors import UsageError

Pair = Annotated[
    list[str] | None, typer.Argument(help="Two states, as codes or names: RUS CHN.", show_default="RUS CHN")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Hide what the public could not know on YYYY-MM-DD."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HoldingsOption = Annotated[
    Path | None, typer.Option("--holdings", metavar="DIR", help="A folder made by `bilat sources pull`.")
]


def dyad_of(pair: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.dyad import Dyad

    if not pair:
        return Dyad("RUS", "CHN")
    if len(pair) != 2:
        raise UsageError(f"a dyad is two states; {len(pair)} given: {' '.join(pair)}")
    return Dyad(pair[0], pair[1])


def held(folder: Path | None):  # type: ignore[no-untyped-def]
    from bilat.holdings import Holdings

    return Holdings(folder, note=lambda line: print(f"bilat: note: {line}", file=sys.stderr))


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")
