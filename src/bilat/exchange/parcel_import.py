# SPDX-License-Identifier: Apache-2.0
"""Add another team's dissents, decisions and rows to a team's folder, each once, without changing
what the folder has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bilat.errors import DataError
from bilat.exchange.parcel import Parcel, without_previous
from bilat.files.hash_log import HashLog
from bilat.files.write import write_text
from bilat.parties.decisions.log import Decision, pair_key
from bilat.sharing import OwnRow, Team
from bilat.sharing.own_rows import read_rows, rows_text
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
        team.dissent_log.write(*map(_chained, dissents.new))
    if decisions.new:
        team.decision_log.write(*map(_chained, decisions.new))
    if rows.new:
        write_text(folder / ROWS, rows.text)
    was = "was" if dissents.known == 1 else "were"
    return ImportReport(
        added=(
            f"{count_text(len(dissents.new), 'dissents')} added, {dissents.known} {was} there",
            f"{count_text(len(decisions.new), 'decisions')} added",
            f"{count_text(len(rows.new), 'rows')} added",
        ),
        left_out=(*dissents.left_out, *decisions.left_out, *rows.left_out),
    )


@dataclass(frozen=True)
class _NewDissents:
    """The dissents to add, the number that the folder has already, and why others are left out."""

    new: list[Dissent]
    known: int
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewDissents:
        """Compare the dissents of a parcel with those of the folder."""
        log = team.dissent_log
        own = {without_previous(dissent) for dissent in log.entries()}
        claims = {claim.id for claim in ledger()}
        new = []
        left_out = []
        for theirs in parcel.dissents:
            if without_previous(theirs) in own:
                continue
            if theirs.claim not in claims:
                left_out.append(
                    f"kept out: a dissent on {theirs.claim}, which the ledger does not hold"
                )
            elif not _is_sound(log, theirs):
                left_out.append(
                    f"kept out: a dissent on {theirs.claim} by {theirs.who}: its verdict "
                    f"({theirs.verdict}), date ({theirs.as_of}) or marking ({theirs.marking}) "
                    "cannot be read"
                )
            else:
                new.append(theirs)
        known = len(parcel.dissents) - len(new) - len(left_out)
        return cls(new, known, left_out)


@dataclass(frozen=True)
class _NewDecisions:
    """The decisions to add, and why others are left out: the team may have decided otherwise.

    A decision that the team has taken too is neither added nor named.
    """

    new: list[Decision]
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewDecisions:
        """Compare the decisions of a parcel with those of the folder."""
        log = team.decision_log
        own = {pair_key(d.query, d.party): d for d in log.entries()}
        new = []
        left_out = []
        for theirs in parcel.decisions:
            name = f"kept out: {theirs.query}, {theirs.party}"
            mine = own.get(pair_key(theirs.query, theirs.party))
            if mine is None and _is_sound(log, theirs):
                new.append(theirs)
            elif mine is None:
                left_out.append(
                    f"{name}: verdict ({theirs.verdict}), action ({theirs.action}) or marking "
                    f"({theirs.marking}) cannot be read"
                )
            elif mine.verdict != theirs.verdict:
                left_out.append(
                    f"{name}: yours is {mine.verdict} by {mine.who}, theirs {theirs.verdict} "
                    f"by {theirs.who}"
                )
        return cls(new, left_out)


@dataclass(frozen=True)
class _NewRows:
    """The rows to add, the text of the whole file with them, and why others are left out."""

    new: list[OwnRow]
    text: str
    left_out: list[str]

    @classmethod
    def of(cls, parcel: Parcel, team: Team) -> _NewRows:
        """Compare the rows of a parcel with those of the folder."""
        rows = {row.id: row for row in team.rows()}
        new = []
        unreadable = []
        differing = []
        for row in parcel.rows:
            if problem := _problem(row):
                unreadable.append(f"kept out: row {row.id}: {problem}")
            elif row.id in rows:
                if not _are_equal_but_for_marking(rows[row.id], row):
                    differing.append(row.id)
            elif f"row {row.id}" in team.marks:
                # The folder's marking is for another row that had this id, not for theirs.
                differing.append(row.id)
            else:
                new.append(row)
                rows[row.id] = row
        different = [
            f"kept out: row {name}: the folder has another of that id, or a marking for one"
            for name in differing
        ]
        text = rows_text(rows.values()) if new else ""
        return cls(new, text, [*unreadable, *different])


def _are_equal_but_for_marking(one: OwnRow, other: OwnRow) -> bool:
    """Return whether two rows are equal, whatever their markings."""
    return replace(one, marking="") == replace(other, marking="")


def _problem(row: OwnRow) -> str:
    """Return why a row cannot be written to a file and read back; blank if it can."""
    try:
        text = rows_text([row])
        with TemporaryDirectory() as folder:
            write_text(Path(folder) / ROWS, text)
            read_rows(Path(folder) / ROWS)
    except DataError as e:
        return str(e)
    return ""


def _is_sound(log: HashLog[LogEntry], entry: LogEntry) -> bool:
    """Return whether a log would read an entry back."""
    try:
        return log.is_valid(entry)
    except ValueError:
        return False


def _chained(entry: LogEntry) -> Callable[[str], LogEntry]:
    """Return a function that makes the entry to append from the hash of a log's last entry."""
    return lambda previous: replace(entry, previous=previous)
