# SPDX-License-Identifier: Apache-2.0
"""Which answers changed between two dates, why, and the rows that are new under them.

Only a claim whose records differ between the dates is judged on both: time that passes over the
same records is no news. Beside a change stand the documents that pull towards the later answer, and
the rows that the later judgement rests on and the earlier one did not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import known_measure
from bilat.units.notation import count_text
from bilat.verdicts import Judgement, judge
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import Claim, ledger
from bilat.when import AsOf


@dataclass(frozen=True)
class Changed:
    """An answer that changed."""

    claim: str
    says: str
    before: str
    after: str
    sentence: str  #: the later answer
    below: str  #: the same without the answer, which stands before it
    reasons: tuple[str, ...]  #: what is new: documents first, then rows
    rows: tuple[str, ...]  #: every row that is new
    rule: str
    published: bool  #: whether something that turned it is known to be published between the dates


@dataclass(frozen=True)
class NewGround:
    """An answer that is the same, and rests on something that became public between the dates."""

    claim: str
    says: str
    answer: str
    before: str  #: the sentence on the earlier date
    after: str


def changes(
    pair: Dyad, first: AsOf, last: AsOf, holdings: Holdings
) -> tuple[list[Changed], list[NewGround]]:
    """Return the claims of a pair whose answer is another one on the later of two dates, and those
    whose answer rests on something new."""
    moved = with_other_records(first, last, holdings)
    if not moved:
        return [], []
    before = judge(pair, first, holdings, only=moved, context=False)
    after = judge(pair, last, holdings, only=moved, context=False)
    return changed(before, after, first.date), new_grounds(before, after, first.date)


def new_grounds(
    before: Sequence[Judgement], after: Sequence[Judgement], first: dt.date
) -> list[NewGround]:
    """Return the claims that are answered as before in another sentence, because of rows or of a
    page that became public after ``first``."""
    old = {j.id: j for j in before}
    out = []
    for now in after:
        was = old.get(now.id)
        if was is None or was.verdict != now.verdict or was.current.clause == now.current.clause:
            continue
        pages = [
            e
            for e in now.current.evidence
            if e.kind == "document" and e.public_from is not None and e.public_from > first
        ]
        if pages or _evidence(now) - _evidence(was):
            ground = NewGround(
                now.id, says=now.claim, answer=now.verdict, before=was.why, after=now.why
            )
            out.append(ground)
    return out


def with_other_records(first: AsOf, last: AsOf, holdings: Holdings) -> list[str]:
    """Return the claims whose rows, or cited documents, differ between two dates."""
    before, after = (documents(day, holdings).keys() for day in (first, last))
    came_or_went = before ^ after
    needed = {claim.id: _tables_of(claim) for claim in ledger()}
    other = set()
    for name in set().union(*needed.values()):
        was, now = (holdings.visible([name], day, marks=False) for day in (first, last))
        if was != now:
            other.add(name)
    found = []
    for claim in ledger():
        cited = {c.id for c in claim.documents}
        if needed[claim.id] & other or cited & came_or_went:
            found.append(claim.id)
    return found


def _tables_of(claim: Claim) -> set[str]:
    """The tables that a claim's indicators are measured from."""
    return {name for t in claim.tests for name in known_measure(t.measure).tables}


def changed(
    before: Sequence[Judgement], after: Sequence[Judgement], first: dt.date
) -> list[Changed]:
    """Return the claims whose answer is another one, and what is new under it.

    A page that can have been published on or before ``first``, the earlier of the two dates, is no
    news of the days since: we read it, and nobody knows that it appeared then.
    """
    old = {j.id: j for j in before}
    out = []
    for now in after:
        was = old.get(now.id)
        if was is None or was.verdict == now.verdict:
            continue
        reasons, rows = _reasons(was, now)
        held = {e.id for e in was.current.evidence if e.kind == "document"}
        pulls = _pulls(was.verdict, now.verdict)
        new = [
            e
            for e in now.current.evidence
            if e.kind == "document" and e.id not in held and e.side in pulls
        ]
        dated = [e for e in new if e.public_from is not None and e.public_from > first]
        told = [*dated, *(e for e in new if e not in dated)]
        said = tuple(
            f"{', '.join(e.publishers)}, {e.period}: {e.says.rstrip('.')}." for e in told[:MOST]
        )
        out.append(
            Changed(
                now.id,
                says=now.claim,
                before=was.verdict,
                after=now.verdict,
                sentence=now.why,
                below=now.current.below,
                reasons=said + reasons,
                rows=rows,
                rule=now.rule,
                published=bool(rows or dated or not new),
            )
        )
    return out


#: Documents that are named under a change.
MOST = 3
#: Answers from the worst for a claim to the best; one that is not among them is reached from either side.
ORDER = ("no", "in part", "yes")


def _pulls(before: str, after: str) -> tuple[str, ...]:
    """The sides of the evidence that lead from one answer to the other."""
    if before not in ORDER or after not in ORDER:
        return ("for", "in part", "against")
    return ("for",) if ORDER.index(after) > ORDER.index(before) else ("in part", "against")


def _reasons(before: Judgement, after: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows that are new under a judgement: how many, and of when."""
    old = _evidence(before)
    new = _evidence(after)
    fresh = sorted(new - old)
    if not fresh:
        gone = len(old - new)
        verb = "stands" if gone == 1 else "stand"
        return (
            (
                f"{count_text(gone, 'data rows')} no longer {verb}."
                if gone
                else "The same data, on another date.",
            ),
            (),
        )
    first = fresh[0][0]
    last = fresh[-1][0]
    span = first if first == last else f"{first} to {last}"
    return (f"{count_text(len(fresh), 'new data rows')}, for {span}.",), tuple(
        dict.fromkeys(f"{s} {at}" for _, s, at, _ in fresh)
    )


def _evidence(j: Judgement) -> set[tuple[str, str, str, str]]:
    """(period, source, locator, snapshot) of every row under a judgement."""
    return {
        (r["period"], r["source"], r["locator"], r["snapshot"])
        for m in j.measurements
        if m.evidence.num_rows
        for r in m.evidence.select(["period", "source", "locator", "snapshot"]).to_pylist()
    }
