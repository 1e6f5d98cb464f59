# SPDX-License-Identifier: Apache-2.0
"""Which answers changed between two dates, why, and the rows that are new under them.

Only a claim whose records differ between the dates is judged on both: time that passes over the
same records is no news. Beside a change stand the documents that pull towards the later answer, and
the rows that the later judgement rests on and that became public after the earlier date. An answer
that changed without any of these, or that the later date gives without them too, changed because
time passed, and that is what is said of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Measure, known_measure
from bilat.units.notation import count_text
from bilat.verdicts import Judgement, judge
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import ledger
from bilat.when import PAPER_DATE, AsOf

#: What turned an answer: something published between the dates; a page that we read since and that
#: may have appeared before; or neither, since the periods that its tests look at move on, or since
#: the later date asks whether the claim has been right since it was written.
Cause = Literal["published", "newly read", "time", "question"]


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
    cause: Cause

    @property
    def published(self) -> bool:
        """Whether something that turned it is known to be published between the dates."""
        return self.cause == "published"


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
    return compared(pair, first, last, holdings, moved)


def compared(
    pair: Dyad, first: AsOf, last: AsOf, holdings: Holdings, claims: Sequence[str]
) -> tuple[list[Changed], list[NewGround]]:
    """Return of some claims those that are answered otherwise on the later of two dates, and those
    whose answer rests on something new."""
    before = judge(pair, first, holdings, only=claims, context=False)
    after = judge(pair, last, holdings, only=claims, context=False)
    turned = turned_answers(pair, before, after, holdings)
    return turned, new_grounds(before, after, first.date)


def turned_answers(
    pair: Dyad, before: Sequence[Judgement], after: Sequence[Judgement], holdings: Holdings
) -> list[Changed]:
    """Return the claims whose answer is another one on the later of two dates, and why.

    Each that seems to be turned by what is new is judged on the later date without it too. Where
    that gives the later answer, a period has ended and nothing else turned it.
    """
    if not before or not after:
        return []
    first = before[0].as_of
    found = changed(before, after, first.date)
    seem_new = [c.claim for c in found if c.cause != "time"]
    if not seem_new:
        return found
    known = holdings.known_by(first)
    without_news = judge(pair, after[0].as_of, known, only=seem_new, context=False)
    return changed(before, after, first.date, without_news)


def new_grounds(
    before: Sequence[Judgement], after: Sequence[Judgement], first: dt.date
) -> list[NewGround]:
    """Return the claims that are answered as before in another sentence, because of rows or of a
    page that became public after ``first``; none whose question is another one."""
    old = {j.id: j for j in before}
    out = []
    for now in after:
        was = old.get(now.id)
        if was is None or was.verdict != now.verdict or was.current.clause == now.current.clause:
            continue
        if _is_asked_otherwise(was, now):
            continue
        pages = [
            e
            for e in now.current.evidence
            if e.kind == "document" and e.public_from is not None and e.public_from > first
        ]
        if pages or _new_rows(was, now, first):
            ground = NewGround(
                now.id, says=now.claim, answer=now.verdict, before=was.why, after=now.why
            )
            out.append(ground)
    return out


def with_other_records(first: AsOf, last: AsOf, holdings: Holdings) -> list[str]:
    """Return the claims whose rows, or cited documents, differ between two dates.

    Rows of a source that a claim's measures declare not to read do not count: a measure cannot see
    them.
    """
    before, after = (documents(date, holdings).keys() for date in (first, last))
    came_or_went = before ^ after
    is_other: dict[str, bool] = {}
    found = []
    for claim in ledger():
        measures = {test.measure for test in claim.tests}
        for name in measures - is_other.keys():
            is_other[name] = _has_other_rows(known_measure(name), first, last, holdings)
        cited = {c.id for c in claim.documents}
        if any(is_other[name] for name in measures) or cited & came_or_went:
            found.append(claim.id)
    return found


def _has_other_rows(spec: Measure, first: AsOf, last: AsOf, holdings: Holdings) -> bool:
    """Return whether a measure sees other rows as of two dates."""
    read = spec.rests_on(holdings)
    was, now = (read.visible(spec.tables, date, marks=False) for date in (first, last))
    return was != now


def changed(
    before: Sequence[Judgement],
    after: Sequence[Judgement],
    first: dt.date,
    without_news: Sequence[Judgement] = (),
) -> list[Changed]:
    """Return the claims whose answer is another one, and what is new under it.

    A page that can have been published on or before ``first``, the earlier of the two dates, is no
    news of the days since: we read it, and nobody knows that it appeared then. ``without_news`` has
    judgements of the later date that see nothing newer than ``first``: an answer that is the same
    there was turned by time. If only the later date is after that of the paper, the two answer
    different questions, and whatever is new turned neither.
    """
    old = {j.id: j for j in before}
    by_time = {j.id: j.verdict for j in without_news}
    out = []
    for now in after:
        was = old.get(now.id)
        if was is None or was.verdict == now.verdict:
            continue
        rows = _new_rows(was, now, first)
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
        if by_time.get(now.id) == now.verdict:
            cause: Cause = "time"
            reasons = [_reason_of_time(is_more_known=bool(rows or new))]
        else:
            cause = _cause(rows=bool(rows), dated=bool(dated), read=bool(new))
            reasons = [*said, _reason(rows, cause)]
        if _is_asked_otherwise(was, now):
            reasons = [ASKED_SINCE] if cause == "time" else [ASKED_SINCE, *reasons]
            cause = "question"
        out.append(
            Changed(
                now.id,
                says=now.claim,
                before=was.verdict,
                after=now.verdict,
                sentence=now.why,
                below=now.current.below,
                reasons=tuple(reasons),
                rows=tuple(dict.fromkeys(f"{r.source} {r.locator}" for r in rows)),
                rule=now.rule,
                cause=cause,
            )
        )
    return out


#: What is said of an answer that is given to another question on the later date.
ASKED_SINCE = (
    f"Up to {day(PAPER_DATE)} we answer whether the claim was right when it was written; after "
    "that day, whether it has been right since."
)


def _is_asked_otherwise(was: Judgement, now: Judgement) -> bool:
    """Return whether only the later judgement says if a claim has been right since written."""
    return was.as_of.date <= PAPER_DATE < now.as_of.date


#: Documents that are named under a change.
MOST = 3
#: Answers from the worst for a claim to the best; one that is not among them is reached from either side.
ORDER = ("no", "in part", "yes")


def _pulls(before: str, after: str) -> tuple[str, ...]:
    """The sides of the evidence that lead from one answer to the other."""
    if before not in ORDER or after not in ORDER:
        return ("for", "in part", "against")
    return ("for",) if ORDER.index(after) > ORDER.index(before) else ("in part", "against")


def _cause(*, rows: bool, dated: bool, read: bool) -> Cause:
    """Return what turned an answer, by whether there are new rows, dated pages, any new pages."""
    if rows or dated:
        return "published"
    return "newly read" if read else "time"


def _reason(rows: Sequence[_Row], cause: Cause) -> str:
    """Return how many rows are new under a judgement and of when; or why it changed without."""
    if rows:
        span = rows[0].period
        if rows[-1].period != span:
            span = f"{span} to {rows[-1].period}"
        return f"{count_text(len(rows), 'new data rows')}, for {span}."
    return _reason_of_time(is_more_known=False) if cause == "time" else "No data row is new."


def _reason_of_time(*, is_more_known: bool) -> str:
    """Return why an answer changed with time, by whether anything became known meanwhile."""
    if is_more_known:
        return (
            "The period that this answer looks at has moved on; what became known meanwhile does "
            "not change it."
        )
    return "Nothing new was published: the period that this answer looks at has moved on."


class _Row(NamedTuple):
    """A row under a judgement."""

    period: str
    source: str
    locator: str
    snapshot: str


def _new_rows(was: Judgement, now: Judgement, first: dt.date) -> list[_Row]:
    """Return the rows under the later judgement that the earlier one did not have, and that became
    public after ``first``, in order of their periods.

    A window that moves on takes in rows that were public before. Of an edition that replaced
    another after that day, every row is new.
    """
    recent = _rows_public_after(now, first)
    return sorted(recent - _rows_at(was, recent)) if recent else []


def _rows_public_after(judgement: Judgement, first: dt.date) -> set[_Row]:
    """Return the rows under a judgement that became public after a day."""
    found: set[_Row] = set()
    for measurement in judgement.measurements:
        rows = measurement.evidence
        if rows.num_rows:
            edition = rows["vintage"]
            # What is read from an edition of after the date asked was public before that.
            is_replaced = pc.and_(
                pc.greater(edition, first),
                pc.less_equal(edition, judgement.as_of.date),
            )
            is_recent = pc.or_(pc.greater(rows["known_on"], first), is_replaced)
            found |= _read(rows.filter(is_recent))
    return found


def _rows_at(judgement: Judgement, wanted: Collection[_Row]) -> set[_Row]:
    """Return the rows under a judgement that have the locators of those wanted."""
    locators = pa.array({row.locator for row in wanted}, pa.string())
    found: set[_Row] = set()
    for measurement in judgement.measurements:
        rows = measurement.evidence
        if rows.num_rows:
            found |= _read(rows.filter(pc.is_in(rows["locator"], locators)))
    return found


def _read(rows: pa.Table) -> set[_Row]:
    columns = (rows[name].to_pylist() for name in _Row._fields)
    return {_Row(*values) for values in zip(*columns, strict=True)}
