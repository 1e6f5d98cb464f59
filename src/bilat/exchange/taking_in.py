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
from bilat.units.written import counted
from bilat.verdicts.dissents import Dissent
from bilat.verdicts.ledger import ledger

Entered = TypeVar("Entered", Dissent, Decision)


@dataclass(frozen=True)
class Taken:
    """What became of a parcel: a line for each kind that was added, one for each entry left out."""

    added: tuple[str, ...]
    left_out: tuple[str, ...]


def take(parcel: Parcel, folder: Path) -> Taken:
    """Add what the folder lacks.

    Raises
    ------
    DataError
        for a folder that is damaged or cannot be written; it is then as it was.
    """
    team = Team(folder, must_exist=False)
    folder.mkdir(parents=True, exist_ok=True)
    added = []
    left_out = []
    known = {replace(d, previous="") for d in team.dissent_log.entries()}
    claims = {c.id for c in ledger()}
    fresh = [d for d in parcel.dissents if replace(d, previous="") not in known]
    strange = [d for d in fresh if d.claim not in claims]
    fresh = [d for d in fresh if d.claim in claims and team.dissent_log.sound(d)]
    decided = {pair_key(d.query, d.party): d for d in team.decision_log.entries()}
    judged = [(d, decided.get(pair_key(d.query, d.party))) for d in parcel.decisions]
    decisions = [d for d, mine in judged if mine is None and team.decision_log.sound(d)]
    own = {r.id: r for r in team.rows()}
    unfit = {r.id: told for r in parcel.rows if (told := _unfit(r))}
    # a marking of a row that is not there yet was not given to this one
    new = [r for r in parcel.rows if r.id not in {*own, *unfit} and f"row {r.id}" not in team.marks]
    rows = (
        rows_text([*own.values(), *new]) if new else ""
    )  # before anything is written: it may be refused
    if fresh:
        team.dissent_log.write(*(_linked(d) for d in fresh))
    there = len(parcel.dissents) - len(fresh) - len(strange)
    added.append(
        f"{counted(len(fresh), 'dissents')} added, {there} {'was' if there == 1 else 'were'} there"
    )
    left_out += [
        f"kept out: a dissent on {d.claim}, which the ledger does not hold" for d in strange
    ]
    if decisions:
        team.decision_log.write(*(_linked(d) for d in decisions))
    added.append(f"{counted(len(decisions), 'decisions')} added")
    left_out += [
        f"kept out: {d.query}, {d.party}: yours is {mine.verdict} by {mine.who}, theirs "
        f"{d.verdict} by {d.who}"
        for d, mine in judged
        if mine is not None and mine.verdict != d.verdict
    ]
    if new:
        write_text(folder / ROWS, rows)
    added.append(f"{counted(len(new), 'rows')} added")
    left_out += [f"kept out: row {name}: {told}" for name, told in unfit.items()]
    left_out += [
        f"kept out: row {r.id}: the folder has another of that id, or a marking for one"
        for r in parcel.rows
        if r not in new
        and r.id not in unfit
        and (r.id not in own or replace(own[r.id], marking="") != replace(r, marking=""))
    ]
    return Taken(tuple(added), tuple(left_out))


def _unfit(row: OwnRow) -> str:
    """Why a row cannot stand in the folder's file; blank where it can."""
    try:
        rows_text([row])
    except DataError as e:
        return str(e)
    return ""


def _linked(record: Entered) -> Callable[[str], Entered]:
    return lambda previous: replace(record, previous=previous)
