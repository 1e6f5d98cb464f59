# SPDX-License-Identifier: Apache-2.0
"""What a house asks of others on the strength of a figure: its own file beside the holdings, never ours.

``asks.toml`` in the folder of the user's holdings holds one table an ask::

    [[ask]]
    figure = "listed_eu"              # a series of the first page, by the id that its JSON gives
    addressee = "European Commission"
    verb = "list the forwarders in Hong Kong"
    withdrawn = "below 100"           # or above a number, rising, falling
    names = "Firms on the EU's list"  # what the figure counts, in few words; may be left out
    pair = "RUS-CHN"                  # may be left out

An ask is printed as long as its figure carries it. Without the file the drafts of
``asks_drafts.toml`` are printed, for somebody to sign or strike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.package_files import read_package_toml
from bilat.picture.movements import Movement
from bilat.picture.topics import gauges
from bilat.verdicts.topics import TITLES
from bilat.when import AsOf

FILE = "asks.toml"
#: What a figure does when an ask on it is withdrawn.
_SPOKEN = {"falling": "falls", "rising": "rises"}
_CURES = {"withdrawn": "write below N, above N, rising or falling", "pair": "write it as RUS-CHN"}


@dataclass(frozen=True, config=ConfigDict(extra="forbid", str_strip_whitespace=True))
class Request:
    """One ask: the figure that carries it, who is asked, to do what, and when it falls."""

    figure: str
    addressee: str = Field(min_length=1)
    verb: str = Field(min_length=1)
    withdrawn: str = Field(pattern=r"^((below|above) -?\d+(\.\d+)?|rising|falling)$")
    pair: str = "RUS-CHN"
    names: str = ""  #: what the figure counts, in few words; blank for the name of its series
    rests_on: str = ""  #: the figure as it stands

    @property
    def line(self) -> str:
        """The ask as a sentence, and the figure that carries it as another."""
        change = _SPOKEN.get(self.withdrawn, f"is {self.withdrawn}")
        withdraw = f"Withdraw the request if this figure {change}."
        return f"{self.addressee}: {self.verb}. {self.rests_on}. {withdraw}"

    def resting_on(self, m: Movement) -> Request:
        """Return the ask with the newest figure of its series."""
        return replace(self, rests_on=f"{self.names or m.name}: {m.written(m.last)}")

    def carried(self, movement: Movement) -> bool:
        """Whether the figure still carries it."""
        word, _, limit = self.withdrawn.partition(" ")
        if limit and movement.last.value is not None:
            return (
                movement.last.value >= float(limit)
                if word == "below"
                else movement.last.value <= float(limit)
            )
        if movement.before is None or movement.before.value is None or movement.last.value is None:
            return True
        rose = movement.last.value - movement.before.value
        return rose <= 0 if word == "rising" else rose >= 0


def text_of(folder: Path | None) -> str:
    """The file as it stands, for what is kept under it; blank where there is none."""
    path = folder / FILE if folder else None
    return path.read_text("utf-8", errors="replace") if path is not None and path.is_file() else ""


def drafts(moved: Iterable[Movement], dyad: Dyad, as_of: AsOf) -> list[Request]:
    """Return the drafts of bilat that their figures carry; none before the day of the drafts."""
    given = read_package_toml("bilat.picture", "asks_drafts.toml")
    if as_of.date < given["written"]:
        return []
    by = {m.id: m for m in moved}
    standing = []
    for row in given["ask"]:
        draft = Request(**row)
        m = by.get(draft.figure)
        if Dyad.read(draft.pair) == dyad and m is not None and draft.carried(m):
            standing.append(draft.resting_on(m))
    return standing


def has_asks(folder: Path | None) -> bool:
    """Return whether a folder has asks of its own."""
    return folder is not None and (folder / FILE).is_file()


def asked(folder: Path | None, moved: Iterable[Movement], dyad: Dyad) -> list[Request]:
    """Return the asks of a folder about two states that still stand; none without the file.

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
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        cure = "write [[ask]] above each ask"
        raise DataError("has an ask that is no table of a list", file=path, cure=cure)
    by = {m.id: m for m in moved}
    known = sorted({*by, *TITLES, *(g.id for g in gauges())})
    standing = []
    for n, row in enumerate(given, 1):
        column = ""
        try:
            ask = Request(**row)
            column = "figure" * (ask.figure not in known)
            pair = Dyad.read(ask.pair)
        except ValidationError as e:
            column = str(e.errors()[0]["loc"][0])
        except UsageError:
            column = "pair"
        if column:
            cure = _CURES.get(
                column, f"write one of {', '.join(known)}" if column == "figure" else "write a text"
            )
            value = str(row.get(column, ""))
            raise DataError(
                "cannot be used", file=path, row=n, column=column, value=value, cure=cure
            )
        m = by.get(ask.figure)  # a series may not have been public at the date
        if pair == dyad and m is not None and ask.carried(m):
            standing.append(ask.resting_on(m))
    return standing
