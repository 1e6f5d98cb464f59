# SPDX-License-Identifier: Apache-2.0
"""Take another team's dissents, decisions and rows into one's own folder; what is there is neither
changed nor doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from bilat.errors import DataError
from bilat.exchange.parcel import Parcel
from bilat.files.write import write_text
from bilat.parties.decide.decisions import Decision, pair_key
from bilat.sharing import OwnRow, Team
from bilat.sharing.own_rows import rows_text
from bilat.sharing.team import ROWS
from bilat.units.notation import count_text
from bilat.verdicts.dissents import Dissent
from bilat.verdicts.ledger import ledger

LogEntry = TypeVar("LogEntry", Dissent, Decision)


@dataclass(frozen=True)
class ImportReport:
    """What became of a parcel.

    Parameters
    ----------
    added
        one line for each kind of entry: how many were added.
    left_out
        one line for each entry that was left out, with the reason.
    """

    added: tuple[str, ...]
    left_out: tuple[str, ...]


def import_parcel(parcel: Parcel, folder: Path) -> ImportReport:
    """Add the entries of a parcel that a team's folder lacks.

    Parameters
    ----------
    parcel
        what another team exported.
    folder
        the team's folder; it is made if there is none.

    Raises
    ------
    DataError
        for a folder that is damaged or cannot be written; it is then as it was.
    """
    team = Team(folder, must_exist=False)
    folder.mkdir(parents=True, exist_ok=True)
    # Everything is compared before anything is written, since reading may fail.
    dissents = _NewDissents.of(parcel, team)
    decisions = _NewDecisions.of(parcel, team)
    rows = _NewRows.of(parcel, team)
    if dissents.new:
        team.dissent_log.write(*map(_linked, dissents.new))
    if decisions.new:
        team.decision_log.write(*map(_linked, decisions.new))
    if rows.new:
        write_text(folder / ROWS, rows.text)
    there = dissents.known
    return ImportReport(
        added=(
            f"{count_text(len(dissents.new), 'dissents')} added, "
            f"{there} {'was' if there == 1 else 'were'} there",
            f"{count_text(len(decisions.new), 'decisions')} added",
            f"{count_text(len(rows.new), 'rows')} added",
        ),
        left_out=(*dissents.left_out, *decisions.left_out, *rows.left_out),
    )


@dataclass(frozen=True)
class _NewDissents:
    """The dissents to add, the number that are there already, and why others are left out."""

    new: list[Dissent]
    known: int
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewDissents:
        known = {replace(dissent, previous="") for dissent in team.dissent_log.entries()}
        claims = {claim.id for claim in ledger()}
        unknown = [d for d in parcel.dissents if replace(d, previous="") not in known]
        new = [d for d in unknown if d.claim in claims and team.dissent_log.sound(d)]
        strange = [d for d in unknown if d.claim not in claims]
        return cls(
            new=new,
            known=len(parcel.dissents) - len(new) - len(strange),
            left_out=[
                f"kept out: a dissent on {d.claim}, which the ledger does not hold" for d in strange
            ],
        )


@dataclass(frozen=True)
class _NewDecisions:
    """The decisions to add, and where the team decided otherwise."""

    new: list[Decision]
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewDecisions:
        own = {pair_key(d.query, d.party): d for d in team.decision_log.entries()}
        new = []
        left_out = []
        for theirs in parcel.decisions:
            mine = own.get(pair_key(theirs.query, theirs.party))
            if mine is None:
                if team.decision_log.sound(theirs):
                    new.append(theirs)
            elif mine.verdict != theirs.verdict:
                left_out.append(
                    f"kept out: {theirs.query}, {theirs.party}: yours is {mine.verdict} "
                    f"by {mine.who}, theirs {theirs.verdict} by {theirs.who}"
                )
        return cls(new, left_out)


@dataclass(frozen=True)
class _NewRows:
    """The rows to add, the whole file with them, and why others are left out."""

    new: list[OwnRow]
    text: str
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewRows:
        own = {row.id: row for row in team.rows()}
        unfit = {row.id: why for row in parcel.rows if (why := _unfit(row))}
        new = []
        differing = []
        for row in parcel.rows:
            if row.id in unfit:
                continue
            # A marking of a row that is not there yet was not given to this one.
            if row.id not in own and f"row {row.id}" not in team.marks:
                new.append(row)
            elif row.id not in own or not _same(own[row.id], row):
                differing.append(row.id)
        left_out = [f"kept out: row {name}: {why}" for name, why in unfit.items()]
        left_out += [
            f"kept out: row {name}: the folder has another of that id, or a marking for one"
            for name in differing
        ]
        return cls(new, rows_text([*own.values(), *new]) if new else "", left_out)


def _same(one: OwnRow, other: OwnRow) -> bool:
    """Return whether two rows differ in their marking at most."""
    return replace(one, marking="") == replace(other, marking="")


def _unfit(row: OwnRow) -> str:
    """Return why a row cannot be written into the folder's file; blank if it can."""
    try:
        rows_text([row])
    except DataError as e:
        return str(e)
    return ""


def _linked(record: LogEntry) -> Callable[[str], LogEntry]:
    """Return a function that gives a record the hash of the one before it."""
    return lambda previous: replace(record, previous=previous)
