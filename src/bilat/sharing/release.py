# SPDX-License-Identifier: Apache-2.0
"""What of our verdicts and a team's dissents may stand in something of a marking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bilat.handling import Marking, join
from bilat.sharing.team import Team
from bilat.verdicts.dissents import beside
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.ledger import ledger
from bilat.verdicts.signed_pages import with_signed_pages


@dataclass(frozen=True)
class ReleasedJudgements:
    """Judgements with their dissents; ``marking`` is that of the whole, ``left_out`` says what is
    not in it.
    """

    judged: list[Judgement]
    marking: Marking
    left_out: str = ""


def release_judgements(
    team: Team, judged: Sequence[Judgement], marking: Marking | None = None
) -> ReleasedJudgements:
    """Our judgements with the team's dissents beside them, as far as ``marking`` lets them leave;
    None: all of them.

    Raises
    ------
    DataError
        for a damaged log of the team's.
    """
    dissents = {d: d.handling for d in team.dissents()}
    full = with_signed_pages(beside(judged, dissents), team.pages())
    if marking is None:
        held = [team.claim_marking(j.id) for j in full]
        held += [dissents[d] for j in full for d in j.dissents]  # type: ignore[index]
        held += [Marking.parse(s.entry.marking) for j in full for s in j.signatures]
        return ReleasedJudgements(full, join(held))
    kept = [j for j in full if team.claim_marking(j.id).may_leave_in(marking)]
    open_to = {d for d, handling in dissents.items() if handling.may_leave_in(marking)}
    cut = [
        replace(
            j,
            dissents=tuple(d for d in j.dissents if d in open_to),
            signatures=tuple(
                s for s in j.signatures if Marking.parse(s.entry.marking).may_leave_in(marking)
            ),
        )
        for j in kept
    ]
    lost = sum(len(j.dissents) for j in full) - sum(len(j.dissents) for j in cut)
    unsigned = sum(len(j.signatures) for j in full) - sum(len(j.signatures) for j in cut)
    counts = ((len(full) - len(kept), "claims"), (lost, "dissents"), (unsigned, "signed pages"))
    parts = [f"{n} {what}" for n, what in counts if n]
    return ReleasedJudgements(cut, marking, f"left out: {' and '.join(parts)}" if parts else "")


@dataclass(frozen=True)
class ReleaseTerms:
    """How far something that speaks of our verdicts may be passed on, and the claims that are
    therefore not in it.
    """

    marking: Marking
    withheld: frozenset[str] = frozenset()


def release_terms(team: Team, marking: Marking | None = None) -> ReleaseTerms:
    """What a team's markings of claims mean for something of ``marking``; None: all is in it, and
    marks it.

    Raises
    ------
    DataError
        for a damaged log of the team's.
    """
    marks = {c.id: team.claim_marking(c.id) for c in ledger()}
    if marking is None:
        return ReleaseTerms(join(marks.values()))
    return ReleaseTerms(
        marking, frozenset(c for c, m in marks.items() if not m.may_leave_in(marking))
    )
