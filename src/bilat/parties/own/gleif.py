# SPDX-License-Identifier: Apache-2.0
"""Who consolidates whom, from GLEIF's level 2 file (relationship records), as links of ownership by LEI.

The file is the golden copy as CSV, plain or packed. A record says that the start node's accounts are consolidated by
the end node: that is control by accounting, and a share only where the record has a quantifier in percent; else the
share is unknown, 0 to 100. A branch is its head office: 100. Ultimate parents count only where no direct one is
named, relations of funds never. Format: https://www.gleif.org/en/about-lei/common-data-file-format
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.parties.identifiers import is_lei
from bilat.formats.parties.text import place_of, rows
from bilat.formats.table import lines, percent
from bilat.parties.own.ownership import Share

START, END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
KIND, STATUS = "Relationship.RelationshipType", "Relationship.RelationshipStatus"
_DIRECT, _ULTIMATE, _BRANCH = (
    "IS_DIRECTLY_CONSOLIDATED_BY",
    "IS_ULTIMATELY_CONSOLIDATED_BY",
    "IS_INTERNATIONAL_BRANCH_OF",
)
#: Relations that are not ownership: funds and who manages them.
_FUNDS = ("IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO")


@dataclass
class Relations:
    """The links of a file, and what of it is not a link."""

    direct: dict[str, list[Share]] = field(default_factory=dict)  # by the firm owned
    ultimate: dict[str, list[Share]] = field(default_factory=dict)
    funds: int = 0
    inactive: int = 0

    def upstream(self, firm: str) -> list[Share]:
        """The links above a firm: direct ones, ultimate ones where there is no direct one."""
        out: list[Share] = []
        seen, stack = {firm}, [firm]
        while stack:
            node = stack.pop()
            for share in self.direct.get(node) or self.ultimate.get(node, []):
                out.append(share)
                if share.owner not in seen:
                    seen.add(share.owner)
                    stack.append(share.owner)
        return out


def is_relations(path: Path) -> bool:
    """Whether a file begins with the header of relationship records."""
    try:
        return START in next((text for _, text in lines(place_of(path))), "")
    except DataError:
        return False  # whoever reads it as something else says what is wrong with it


def relations(path: Path) -> Relations:
    """Read a level 2 file.

    Raises
    ------
    DataError
        for another header, a relation or an LEI that is none, or a share that is none.
    """
    out = Relations()
    for line, r in rows(path, (START, END, KIND, STATUS)):
        kind = r[KIND].strip()
        if kind in _FUNDS:
            out.funds += 1
            continue
        if kind not in (_DIRECT, _ULTIMATE, _BRANCH):
            raise DataError(
                "is not a relation of the format", file=path.name, row=line, column=KIND, value=kind,
                cure=f"write one of {', '.join((_DIRECT, _ULTIMATE, _BRANCH, *_FUNDS))}",
            )  # fmt: skip
        for column in (START, END):
            if not is_lei(r[column].strip()):
                raise DataError(
                    "is not an LEI: the check digits do not hold",
                    file=path.name, row=line, column=column, value=r[column], cure="take the file from gleif.org again",
                )  # fmt: skip
        since, until = _period(r)
        if r[STATUS].strip() == "INACTIVE" and not until:
            out.inactive += 1  # ended, and nobody says when
            continue
        low, high = (100.0, 100.0) if kind == _BRANCH else _share(path, line, r)
        owned, owner = r[START].strip(), r[END].strip()
        share = Share(owner, owned, low, high, f"{path.name} row {line}", since, until)
        (out.ultimate if kind == _ULTIMATE else out.direct).setdefault(owned, []).append(share)
    return out


def _period(r: Mapping[str, str]) -> tuple[str, str]:
    """The dates of the relation itself, not of the accounts that tell of it."""
    for n in range(1, 6):
        stem = f"Relationship.Period.{n}."
        if r.get(stem + "periodType", "").strip() == "RELATIONSHIP_PERIOD":
            return r.get(stem + "startDate", "").strip()[:10], r.get(stem + "endDate", "").strip()[:10]
    return "", ""


def _share(path: Path, line: int, r: Mapping[str, str]) -> tuple[float, float]:
    """The share that a record states, in percent; 0 to 100 where it states none."""
    for n in range(1, 6):
        stem = f"Relationship.Quantifiers.{n}."
        amount = r.get(stem + "QuantifierAmount", "").strip()
        if amount and r.get(stem + "QuantifierUnits", "").strip() in ("PERCENTAGE", ""):
            try:
                value = percent(amount)
            except ValueError:
                raise DataError(
                    "is not a percentage from 0 to 100", file=path.name, row=line, column=stem + "QuantifierAmount",
                    value=amount, cure="take the file from gleif.org again",
                ) from None  # fmt: skip
            if value is not None:
                return value, value
    return 0.0, 100.0
