# SPDX-License-Identifier: Apache-2.0
"""Who receives the goods of a file, each with its goods and its likeliest listed party."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.parties.answers.screen import screen
from bilat.parties.match.evidence import states
from bilat.parties.names.states import codes_of as codes_of_states
from bilat.parties.queries.headers import PARTY, meaning_of
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import QueryRows

if TYPE_CHECKING:
    from bilat.document import Frame

#: Roles of those who receive goods; a file of one party a row may name none.
RECEIVERS = frozenset({"consignee", "end_user", "buyer", PARTY, ""})
#: An HS code as people write it, with dots or spaces between pairs of digits.
_CODE = re.compile(r"\d[\d. ]*")
_HEADING, _SUBHEADING = 4, 6


@dataclass(frozen=True)
class Receiver:
    """A consignee or end user of a file.

    Attributes
    ----------
    row, reference
        Where it stands: the row of the sheet, and the user's own reference; '' without one.
    name, role
        Its name as written, and its part in the consignment; '' where the file names no role.
    state, state_column
        ISO code of its state; '' if the row states none. If only the place of a column tells that
        it is of this receiver, the header of the column.
    goods
        HS codes of the row, of four or six digits.
    alert
        Its likeliest listed party; None if nobody is close.
    """

    row: int
    reference: str
    name: str
    role: str
    state: str
    goods: tuple[str, ...]
    alert: Alert | None
    state_column: str = ""


def receivers(file: Path, frame: Frame) -> tuple[list[Receiver], list[str]]:
    """Screen a file; return its receivers in order, and the notes of the run."""
    out: list[Receiver] = []

    def keep(queries: Sequence[Query], answers: Sequence[QueryRows]) -> None:
        for query, answer in zip(queries, answers, strict=True):
            if query.role in RECEIVERS and query.name.strip():
                out.append(_receiver(query, answer))

    run = screen(file, as_of=frame.as_of, holdings=frame.holdings, each=keep)
    return out, run.notes


def _receiver(query: Query, answer: QueryRows) -> Receiver:
    state = next(iter(states(query)), "")
    column = ""
    if not state:
        column, state = _state_behind_name(query)
    return Receiver(
        row=query.row,
        reference=query.reference,
        name=query.name,
        role="" if query.role == PARTY else query.role,
        state=state,
        goods=codes_of(query.row_fields().get("hs", "")),
        alert=answer.rows[0] if answer.rows else None,
        state_column=column,
    )


def _state_behind_name(query: Query) -> tuple[str, str]:
    """Return the header and the state of a column of states that no party has and that stands
    behind the receiver's name, before the next name; blank if there is none."""
    columns = query.columns
    if columns is None or query.column not in columns.names:
        return "", ""
    fields = columns.parties[columns.names.index(query.column)]
    if "name" not in fields:
        return "", ""
    own = fields.index("name")
    others = [each.index("name") for each in columns.parties if "name" in each]
    end = min((n for n in others if n > own), default=len(columns.labels))
    free = columns.of_nobody(query.cells)
    for label in columns.labels[own + 1 : end]:
        meaning = meaning_of(label)
        if label not in free or meaning.role or meaning.field != "country":
            continue
        found = codes_of_states((free[label],))
        if len(found) == 1:
            return label, found.pop()
    return "", ""


def codes_of(cell: str) -> tuple[str, ...]:
    """Return the HS codes of a cell, at most six digits each.

    A spreadsheet drops the zero at the head of a number, so one of an odd length gets it back.
    """
    codes = []
    for found in _CODE.findall(cell.replace(",", ";")):
        digits = re.sub(r"\D", "", found)
        if len(digits) % 2:
            digits = f"0{digits}"
        if len(digits) >= _HEADING:
            codes.append(digits[:_SUBHEADING])
    return tuple(dict.fromkeys(codes))
