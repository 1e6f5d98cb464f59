# SPDX-License-Identifier: Apache-2.0
"""Owners in a row of a file: whether their shares extend a listing to the party that they own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bilat.document import wording
from bilat.errors import DataError
from bilat.formats.table import percent
from bilat.parties.ownership.share_rules import Ownership, Share, Verdict

#: What a firm is called while the rules look at it: no owner has this name.
_FIRM = "\0firm"


@dataclass(frozen=True)
class Owner:
    """An owner as a row of a file names it, and the lists of the parties that it is or may be."""

    name: str
    share: str  # as it is written
    lists: tuple[str, ...] = ()  # each with its programme
    may_be: tuple[str, ...] = ()  # of parties that it is only perhaps

    @property
    def low(self) -> float:
        """The least share in percent."""
        found = share_of(self.share)
        return 0.0 if found is None else found

    @property
    def high(self) -> float:
        """The greatest share in percent."""
        found = share_of(self.share)
        return 100.0 if found is None else found


def share_of(text: str) -> float | None:
    """Return a share in percent; None for a blank, or for what is none.

    A share below one is none: ``0.6`` may be six tenths of a percent, or 60 percent.
    """
    bare = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        found = percent(bare) if bare else None
    except ValueError:
        return None
    return None if found is not None and 0 < found <= 1 else found


def ownership_sentence(owned: str, owners: Sequence[Owner], day: dt.date) -> str:
    """Return whether listed owners extend their listing to a party; "" where no owner is listed.

    ``owned``: the party in words, such as ``the consignee``.
    """
    if not any(owner.lists or owner.may_be for owner in owners):
        return ""
    shares = [Share(o.name, _FIRM, o.low, o.high) for o in owners]
    try:
        holdings = Ownership(shares, day)
    except DataError:
        return f"The owners of {owned} hold more than 100% together: correct the shares."
    listed = {o.name: o.lists for o in owners if o.lists}
    perhaps = {o.name: o.may_be for o in owners if o.may_be}
    verdicts = holdings.verdicts(_FIRM, listed, perhaps)
    return " ".join(_sentences(owned, owners, verdicts))


def _sentences(owned: str, owners: Sequence[Owner], verdicts: Sequence[Verdict]) -> Iterator[str]:
    covered = [v for v in verdicts if v.verdict == "covered"]
    unknown = [v for v in verdicts if v.verdict == "not known" and v.high > 0]
    if covered:
        names = dict.fromkeys(name for v in covered for name in v.owners)
        told = [_with_share(o) for o in owners if o.name in names]
        yield (
            f"{owned[:1].upper()}{owned[1:]} is covered by {_rules(covered)}, "
            f"as its owners are {wording.joined(told)}."
        )
    elif unknown:
        blank = [o.name for o in owners if share_of(o.share) is None and (o.lists or o.may_be)]
        reason = (
            f"the share of {wording.joined(blank)}, which the row does not say"
            if blank
            else f"whether {wording.joined([o.name for o in owners if o.may_be])} is the listed party"
        )
        yield f"Whether {owned} is covered by {_rules(unknown)} depends on {reason}."
    elif any(o.lists for o in owners):
        yield f"The shares of listed owners bring {owned} under no ownership rule."


def _with_share(owner: Owner) -> str:
    return f"{owner.name} ({owner.low:g}%)" if owner.low == owner.high else owner.name


def _rules(verdicts: Sequence[Verdict]) -> str:
    return wording.joined([f"the {v.rule} ({v.effect})" for v in verdicts])
