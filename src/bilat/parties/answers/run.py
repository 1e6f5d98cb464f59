# SPDX-License-Identifier: Apache-2.0
"""What came of a run: names by band with what a band costs, what was folded away, what could not be read."""

from __future__ import annotations

import datetime as dt
import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.catalog import source
from bilat.document import wording
from bilat.errors import UsageError, command
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.entries import Used, list_sources
from bilat.parties.lists.list_names import title_of
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, band_in_words, chance
from bilat.parties.match.evidence import states
from bilat.parties.names.script import has_han
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import COLUMNS, Alert, Row, lists_with_editions
from bilat.parties.screening.faults import FaultCounts
from bilat.parties.screening.list_index import list_lines
from bilat.parties.screening.rows import CLEARED, QueryRows, workbook_line
from bilat.parties.screening.screener import BASE_RATE
from bilat.units.notation import count_text

if TYPE_CHECKING:
    import pandas as pd

#: Names cleared by one person that a note gives.
NAMED = 5
#: Rows of a file that a document shows, the surest first; the file written has them all.
MOST_SHOWN = 40
#: Alerts of a file that are kept besides the likely ones: a row may have several.
MOST_KEPT = 10 * MOST_SHOWN
#: Kinds of names in words, where their name does not say it.
_KINDS = {
    "person": "people",
    "other": "firms of other states or of no named state",
    "han": "names in Chinese characters",
}


@dataclass(repr=False)
class Run:
    """What a run was asked and what came of it."""

    queries: int = 0
    rows: int = 0
    lists: list[Used] = field(default_factory=list)
    day: dt.date = field(default_factory=dt.date.today)
    typed: bool = False
    data_version: str = ""
    numbers: str = ""  # how many listed parties have any
    base_rate: float = BASE_RATE
    estimated: bool = False  # the base rate is estimated from the file
    four_eyes: bool = False  # a name is cleared only by two people
    columns: tuple[str, ...] = ()  # of names, where a row has several
    consignments: int = 0  # rows of a file in which a party was found
    names: Counter[str] = field(
        default_factory=Counter
    )  # names per band; cleared: folded away; none: no row
    folded: list[dict[str, str]] = field(default_factory=list)
    #: Of the names: person, other, han, or a state of firms.
    kinds: Counter[str] = field(default_factory=Counter)
    faults: FaultCounts = field(default_factory=FaultCounts)  # of the values of its rows
    notes: list[str] = field(default_factory=list)
    whole: bool = (
        True  # whether all rows are kept here; of a file the likely ones and some to show are
    )
    found: list[Alert] = field(default_factory=list)
    labels: tuple[str, ...] = ()  # the columns of the user's table
    #: Every name with its rows, where all are kept: what a workbook is made of.
    lines: list[Row] = field(default_factory=list)

    @property
    def alerts(self) -> list[Row]:
        """The alerts as cells by column."""
        return [alert.cells() for alert in self.found]

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the alerts, in the order of the names."""
        return iter(self.alerts)

    def __len__(self) -> int:
        """Return the number of alerts."""
        return len(self.found)

    def __bool__(self) -> bool:
        """A run is true even if it alerts on nobody."""
        return True

    def to_pandas(self) -> pd.DataFrame:
        """Return the alerts as a data frame, a row each.

        Raises
        ------
        UsageError
            if pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise UsageError("to_pandas() needs pandas: pip install 'bilat[pandas]'") from None
        return pd.DataFrame(self.alerts, columns=[*COLUMNS])

    def to_excel(self, path: Path | str) -> Path:
        """Write every name with what was found, the alerts and the lists as .xlsx.

        Raises
        ------
        UsageError
            for a run over a file, whose rows are not all kept in memory.
        """
        from bilat.parties.output.workbook import write_workbook

        if not self.whole:
            raise UsageError("a file's rows are not kept in memory: give `out` to screen()")
        write_workbook(lambda: iter(self.lines), Path(path), self, "", self.labels)
        return Path(path)

    @property
    def age(self) -> str:
        """The age of the lists, in a line."""
        return next(list_lines(self.lists, self.day))

    @property
    def blind(self) -> str:
        """What was not looked at, in a line; "" for nothing.

        Each list of the catalog that is not stored, with how to get it, and what came after the day
        on which each of the others was last known to be the newest, the oldest first.
        """
        seen = {u.source for u in self.lists if u.parties}
        unseen = [s for s in list_sources() if s not in seen]
        renewable = [s for s in unseen if source(s).current]
        by_hand = [s for s in unseen if s not in renewable]

        dated = [u for u in self.lists if u.parties and u.freshness.current_on]
        dated.sort(key=lambda u: u.freshness.current_on)
        days = "; ".join(
            f"{title_of(u.source)}, {wording.day(u.freshness.current_on)}"
            f"{u.more and f' ({u.more})'}"
            for u in dated
        )
        said = []
        if renewable:
            said.append(f"To get {_titles(renewable)}: {command('update', *renewable)}.")
        if by_hand:
            said.append(
                f"To see how to download {_titles(by_hand)}: {command('update', *by_hand)}."
            )
        if days:
            said.append(f"We did not check anything added to our lists after these dates: {days}.")
        return " ".join(said)

    @property
    def not_checked(self) -> str:
        """What was not looked at, in few words; :attr:`blind` has the dates and the commands."""
        seen = {u.source for u in self.lists if u.parties}
        unseen = [f"{title_of(s)} ({_publisher_of(s)})" for s in list_sources() if s not in seen]
        added = ["anything added to our lists after their dates"] if seen else []
        said = wording.joined([*unseen, *added])
        return f"Not checked: {said}." if said else ""

    @property
    def assumed(self) -> str:
        """The share of names that is taken to be listed, on which each chance rests, in a line."""
        how = ", as estimated from the file" if self.estimated else ""
        return f"we assume that one name in {wording.few(round(1 / self.base_rate))} is listed{how}"

    def __repr__(self) -> str:
        alerts = self.found if self.typed else ()
        found = (
            f"{a.query}: {a.name} "
            f"({a.agreement.kind}; {a.effect}; {lists_with_editions(a.listings)})"
            for a in alerts
        )
        return "\n".join([self.summary()[0], *found, self.age])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def add(self, batch: Sequence[Query], found: Sequence[QueryRows]) -> None:
        """Count a batch and its rows."""
        for q in batch:
            self.faults.add(q)
        rows_found = {q.row for q, a in zip(batch, found, strict=False) if a.rows}
        self.consignments += len(rows_found)
        self.queries += len(batch)
        self.kinds.update(map(kind_of, batch))
        if self.whole:
            self.lines += [workbook_line(q, a) for q, a in zip(batch, found, strict=False)]
        for answer in found:
            self.names[answer.band] += 1
            self.folded += answer.folded
            self.rows += len(answer.rows)
            for row in answer.rows:
                if self.whole or row.band in ("match", "likely") or len(self.found) < MOST_KEPT:
                    self.found.append(row)

    def left_out(self) -> Iterator[str]:
        """What could not be screened or read, in words."""
        yield from self.faults.sentences()

    def summary(self) -> list[str]:
        """Names in each band with what the band costs, then what was folded, read and left out."""
        words = {b: band_in_words(b) for b, _ in BANDS}
        words |= {CLEARED: "cleared earlier", "none": "not found"}
        bands = [f"{self.names[b]:,} {said}" for b, said in words.items() if self.names.get(b)]
        under = f" under {wording.joined(list(self.columns))}" if self.columns else ""
        out = [
            f"{count_text(self.queries, 'names')}{under}: {', '.join(bands) or 'none'} "
            f"({count_text(self.rows, 'alerts')})"
        ]
        exact = [f for f in self.folded if f["agreement"] in ("exact", "number")]
        if who := dict.fromkeys(f["query"] for f in exact if f["eyes"] == "one"):
            more = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
            out[0] += (
                f". CLEARED BY ONE PERSON ONLY, although exact: {'; '.join([*who][:NAMED])}{more}"
            )
        if not self.typed:
            for name, low in BANDS:
                if low and self.names.get(name):
                    out.append(f"{band_in_words(name)}: {cost(low, self.base_rate, self.kinds)}")
        out.append(self.assumed)
        if self.folded:
            hidden = count_text(len(self.folded), "alerts")
            out.append(f"{hidden} hidden, because cleared earlier")
        return out


def _publisher_of(source: str) -> str:
    """Return who publishes the list of a source, in words."""
    return publisher(source.split("_")[0].upper())


def kind_of(query: Query) -> str:
    """The kind of names whose measured cost is this name's: people, Han, firms of a state, or other."""
    if has_han(query.name):
        return "han"
    if query.schema == "Person":
        return "person"
    state = next(iter(states(query)), "")
    return state if state in chance().cost else "other"


def cost(least: float, base_rate: float, kinds: Mapping[str, int]) -> str:
    """What a least probability costs for names of these kinds, in words: false alerts measured on names that nothing
    was fitted on, of the same states and scripts.
    """
    costs = chance().costs(least, base_rate)
    mean = sum(costs[k][0] * n for k, n in kinds.items()) / max(sum(kinds.values()), 1)
    most = ""
    if worst := [k for k in kinds if costs[k][0] > 2 * mean and costs[k][0] >= 1]:
        kind = max(worst, key=lambda k: costs[k][0])
        most = f" (most for {_KINDS.get(kind, kind)}: {_of_ten_thousand(costs[kind][0])})"
    exact = least == dict(BANDS)[DEFAULT_BAND]
    always = ", or any exact name or number of a listed party" if exact else ""
    return (
        f"a chance of at least {least:.0%}{always}. Of 10,000 unlisted names like those in this "
        f"file, about {_of_ten_thousand(mean)} get this result{most}. So do "
        f"{costs['other'][1]:.0%} of listed firms and {costs['person'][1]:.0%} of listed people "
        "whose names are spelled as on other lists"
    )


def _of_ten_thousand(per_thousand: float) -> str:
    """Return a rate in a thousand as a count in ten thousand, with two digits."""
    return wording.few(round(float(f"{10 * per_thousand:.2g}")), "none")


def _titles(lists: Sequence[str]) -> str:
    """Return the titles of lists with their publishers, as a part of a sentence."""
    return wording.joined([f"{title_of(s)} ({_publisher_of(s)})" for s in lists])
