# SPDX-License-Identifier: Apache-2.0
"""What is exchanged, free of any format: plain records that a format writes and reads back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bilat.handling import Marking
from bilat.parties.decisions.log import Decision
from bilat.sharing.own_rows import OwnRow
from bilat.verdicts.dissents import Dissent


@dataclass(frozen=True)
class ClaimRecord:
    """A claim as judged: the current answer with its sentence, and that of when it was written;
    ``marking`` as text.
    """

    id: str
    claim: str
    verdict: str
    why: str
    rule: str
    as_of: str
    written: str  #: the answer when the paper was written
    written_why: str
    confidence: str  #: firm, fair or thin
    confidence_why: str
    rests_on: str  #: who carries the answer, and what would turn it
    data_to: str  #: last day that the deciding figures speak of, or blank
    needs: str
    limits: str
    sources: tuple[str, ...]
    marking: str


@dataclass(frozen=True)
class FigureRecord:
    """One point of a measure; ``params`` are those beyond the measure's own defaults, as ``k=v``
    joined by blanks.
    """

    measure: str
    title: str
    pair: str  #: RUS-CHN
    params: str
    group: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    interval: str
    unit: str
    kind: str  #: reported, estimated, derived or modelled
    note: str
    revised: bool
    open: bool
    as_of: str
    grade: str  #: the lowest Admiralty grade among its sources
    sources: tuple[str, ...]
    marking: str


@dataclass(frozen=True)
class PartyRecord:
    """A listed party of one list. Pairs are (text, kind) of names, (kind, value) of numbers;
    listings are (list, programme, listed on, until), links (kind, other, low, high).
    """

    id: str
    schema: str
    names: tuple[tuple[str, str], ...]
    countries: tuple[str, ...]
    born: str
    incorporated: str
    addresses: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    listings: tuple[tuple[str, str, str, str], ...]
    links: tuple[tuple[str, str, float | None, float | None], ...]
    source: str
    snapshot: str
    locator: str
    edition: str
    as_of: str


@dataclass(frozen=True)
class SourceRecord:
    """A source that something in the parcel rests on."""

    name: str
    title: str
    producer: str
    citation: str
    licence: str
    url: str
    grade: str


@dataclass(frozen=True)
class Parcel:
    """Everything of one export; all of it may leave in one of ``marking``."""

    pair: tuple[str, str]
    as_of: str
    marking: Marking
    holdings: str  #: digest of the holdings
    version: str  #: of bilat
    claims: tuple[ClaimRecord, ...] = ()
    figures: tuple[FigureRecord, ...] = ()
    parties: tuple[PartyRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rows: tuple[OwnRow, ...] = ()

    def only(self, *parts: str) -> Parcel:
        """The parcel with these parts and no others."""
        every = ("claims", "figures", "parties", "sources", "dissents", "decisions", "rows")
        dropped: dict[str, Any] = {part: () for part in every if part not in parts}
        return replace(self, **dropped)


def without_previous(record: Any) -> Any:
    """A dissent or decision without its place in a log: the hash of the one before it may be of a
    thing that does not leave.
    """
    return replace(record, previous="")
