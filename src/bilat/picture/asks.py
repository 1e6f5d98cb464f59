# SPDX-License-Identifier: Apache-2.0
"""What a house asks of others on the strength of a figure: its own file beside the holdings, never ours.

``asks.toml`` in the folder of the user's holdings holds one table an ask::

    [[ask]]
    figure = "listed_eu"              # a series of the first page, by the id that its JSON gives
    addressee = "European Commission"
    verb = "list the forwarders in Hong Kong"
    withdrawn = "below 100"           # or above a number, rising, falling
    pair = "RUS-CHN"                  # may be left out

An ask is printed as long as its figure carries it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.picture.lead import Movement, gauges
from bilat.verdicts.topics import TITLES

FILE = "asks.toml"
_CONDITION = re.compile(r"(below|above) (-?\d+(?:\.\d+)?)|rising|falling")


@dataclass(frozen=True)
class Request:
    """One ask that its figure carries: what the figure is, who is asked, to do what, and when it falls."""

    figure: str
    addressee: str
    verb: str
    withdrawn: str
    rests_on: str = ""

    @property
    def line(self) -> str:
        """The ask as a sentence."""
        return f"{self.addressee}: {self.verb}. It rests on {self.rests_on}, and falls when that is {self.withdrawn}."


def text_of(folder: Path | None) -> str:
    """The file as it stands, for what is kept under it; blank where there is none."""
    path = folder / FILE if folder else None
    return path.read_text("utf-8", errors="replace") if path is not None and path.is_file() else ""


def asked(folder: Path | None, moved: Iterable[Movement], dyad: Dyad) -> list[Request]:
    """The asks of a folder about two states that still stand; none where it has no such file.

    Raises
    ------
    DataError
        for a file that is no list of asks, an unknown figure or a condition that cannot be read.
    """
    path = folder / FILE if folder else None
    if path is None or not path.is_file():
        return []
    try:
        given = tomllib.loads(path.read_text("utf-8")).get("ask", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise DataError(f"is not TOML ({e})", file=path) from None
    by = {m.id: m for m in moved}
    known = {*by, *TITLES, *(g.id for g in gauges())}
    standing = []
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise DataError(
            "has an ask that is no table of a list", file=path, cure="write [[ask]] above each ask"
        )
    wanted = [f.name for f in fields(Request)][:4]
    for n, row in enumerate(given, 1):
        for name in wanted:
            if not isinstance(row.get(name), str) or not row[name].strip():
                raise DataError("is missing", file=path, row=n, column=name, cure=f'write {name} = "…"')
        found = _CONDITION.fullmatch(row["withdrawn"])
        if not found:
            cure = "write below N, above N, rising or falling"
            raise DataError(
                "is no condition", file=path, row=n, column="withdrawn", value=row["withdrawn"], cure=cure
            )
        if row["figure"] not in known:
            cure = f"write one of {', '.join(sorted(known))}"
            raise DataError("is no series", file=path, row=n, column="figure", value=row["figure"], cure=cure)
        m = by.get(row["figure"])  # a series may not have been public at the date
        try:
            pair = Dyad.read(str(row.get("pair", "RUS-CHN")))
        except UsageError:
            raise DataError("is not two states", file=path, row=n, column="pair", value=str(row["pair"]),
                            cure="write it as RUS-CHN") from None  # fmt: skip
        if pair == dyad and m is not None and not _fallen(m, found):
            texts = {name: row[name].strip() for name in wanted}
            standing.append(Request(**texts, rests_on=f"{m.name}, {m.written(m.last)}"))
    return standing


def _fallen(m: Movement, condition: re.Match[str]) -> bool:
    value = m.last.value
    if condition[1] and value is not None:
        return value < float(condition[2]) if condition[1] == "below" else value > float(condition[2])
    return m.direction == ("up" if condition[0] == "rising" else "down")
