# SPDX-License-Identifier: Apache-2.0
"""Judgements as documents: one claim with its evidence, and the list of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.document import (
    Block,
    Column,
    Document,
    Facts,
    Figure,
    Frame,
    Next,
    Question,
    Rows,
    Say,
    Section,
    Table,
)
from bilat.document import wording as words
from bilat.document.blocks import source_refs
from bilat.document.wording import day
from bilat.handling import Marking
from bilat.measures import Measurement, MeasureQuestion, measure_named
from bilat.units.notation import count_text
from bilat.verdicts.claim_charts import charts_of
from bilat.verdicts.judgement import Answered, Evidence, Judgement, Leg, Rival, Signature
from bilat.verdicts.ledger import Claim
from bilat.verdicts.names import Names
from bilat.verdicts.pairs import THESE
from bilat.verdicts.searches import Search
from bilat.verdicts.sentences import capital, spoken
from bilat.when import PAPER_DATE

#: What is said of two states of which no claim can be answered.
NONE = "None of the paper's claims can be answered for these two states; see their profile for what is public."
#: Rows of one claim's document.
MOST_ROWS = 8
#: When a test of another explanation decides nothing.
CANNOT_TELL = (
    "If the interval around a result includes the threshold, or if we have no data, we cannot say "
    "whether the explanation holds."
)


def of_claims(judged: Sequence[Judgement], question: Question, frame: Frame) -> Document:
    """Every claim with its two answers, a row each."""
    count = {
        w: sum(j.current.answer == w for j in judged) for w in ("yes", "in part", "no", "not known")
    }
    said = ", ".join(f"{n} {word}" for word, n in count.items() if n)
    searched = [j.search for j in judged if j.search and j.search.has_left_out]
    turned = sum(s.answer_if_counted is not None for s in searched)
    return Document(
        kind="claims",
        title=f"The claims of the 2023 paper about {frame.dyad.name}, as of {day(frame.as_of.date)}",
        summary=(f"{len(judged)} claims: {said}.",) if judged else (NONE,),
        blocks=(table(judged), *_left_out(len(searched), turned)) if judged else (),
        data=[j.to_json() for j in judged],
        question=question,
        dyad=frame.dyad,
        as_of=frame.as_of,
        known_to=max((j.record_to for j in judged if j.record_to), default=None),
    )


def _left_out(claims: int, turned: int) -> tuple[Say, ...]:
    """How many answers the documents that were read and left out would change."""
    if not claims:
        return ()
    return (
        Say(
            f"For {count_text(claims, 'claims')} we also read documents that we do not count. If "
            f"we did, {turned} of the answers would change. Each claim\u2019s page lists its own.",
            "note",
        ),
    )


def spoken_claim(claim: Claim) -> str:
    """Return what a claim says of Russia and China."""
    return capital(Names(THESE).said(claim.claim))


def table(judged: Sequence[Judgement]) -> Table:
    """Claims as rows; a dissent stands under its claim with its own marking."""
    rows: list[tuple[str, ...]] = []
    markings: list[Marking | None] = []
    for j in judged:
        rows.append((j.id, j.claim, j.when_written.answer, j.since.answer, j.why))
        markings.append(None)
        for d in j.dissents:
            said = f"dissent, {d.who} as of {d.as_of}, {d.marking}"
            rows.append((j.id, said, "", d.verdict, d.why))
            markings.append(Marking.parse(d.marking))
        for signature in j.signatures:
            e = signature.entry
            said = f"signed page, {e.who}, published {e.published}, {e.marking}"
            rows.append((j.id, said, "", e.side, e.says))
            markings.append(Marking.parse(e.marking))
    columns = tuple(Column(c) for c in ("id", "claim", "when written", "now", "why"))
    marked = tuple(markings) if any(markings) else ()
    return Table(columns, tuple(rows), listing=True, markings=marked)


def of_claim(judgement: Judgement, question: Question) -> Document:
    """One claim: the answer, why, what speaks against it, what would change it, and the details."""
    later = judgement.as_of.date > PAPER_DATE
    blocks: list[Block] = [
        *_answers(judgement, later),
        *charts_of(judgement),
        *_sides(judgement.current, judgement.as_of.date),
    ]
    blocks += [
        Say(
            f"Dissent by {d.who} as of {d.as_of} ({d.marking}): {d.verdict}; {d.why}",
            "conflict",
            Marking.parse(d.marking),
        )
        for d in judgement.dissents
    ]
    blocks += [_signed(s, judgement.current.answer) for s in judgement.signatures]
    blocks += _change(judgement)
    if later:
        before: list[Block] = [
            Say(judgement.when_written.sentence),
            *_sides(judgement.when_written, PAPER_DATE),
        ]
        blocks.append(Section("Our answer when the paper was written", tuple(before), detail=True))
    blocks.append(Section("How we tested it", tuple(_how(judgement)), detail=True))
    blocks += _notes(judgement.current)
    blocks += _not_weighed(judgement)
    blocks += _search(judgement)
    blocks += _rows(judgement)
    return Document(
        kind="claim",
        title=judgement.claim,
        summary=(judgement.current.sentence,),
        blocks=tuple(blocks),
        data=judgement.to_json(),
        question=question,
        dyad=judgement.dyad,
        as_of=judgement.as_of,
        known_to=judgement.record_to,
        sources=source_refs([s for m in judgement.measurements for s in m.sources]),
    )


def _signed(signature: Signature, answer: str) -> Say:
    """A page that a person signed, under that person's name."""
    entry = signature.entry
    published = words.day(dt.date.fromisoformat(entry.published))
    source = f"{entry.originator}, {published}, {entry.place}; {entry.address or entry.title}"
    signed = words.day(dt.date.fromisoformat(entry.when[:10]))
    kept = signature.answer == answer
    turn = (
        "not change the answer" if kept else f"change the answer to \u201c{signature.answer}\u201d"
    )
    text = (
        f"Signed by {entry.who} on {signed} ({entry.marking}), {entry.side}: {entry.says} "
        f"({source}). {words.sentence(entry.why)} If we counted it, it would {turn}."
    )
    return Say(text, "conflict", Marking.parse(entry.marking))


def _answers(judgement: Judgement, later: bool) -> list[Block]:
    current = judgement.current
    facts: list[tuple[str, str]] = [("in the paper", f"{judgement.section} (claim {judgement.id})")]
    if later:
        facts.append((f"our answer in {PAPER_DATE:%B %Y}", judgement.when_written.answer))
    facts.append(("our answer now" if later else "our answer", current.answer))
    if current.evidence_to:
        facts.append(("latest evidence", words.latest_evidence(current.evidence_to)))
    facts.append(("strength of evidence", current.sure_why))
    if current.answer == "not known" and judgement.needs:
        facts.append(("what we would need", f"evidence on {judgement.needs}"))
    for rival in judgement.rivals:
        if rival.outcome == "holds":
            said = f"{words.sentence(rival.reading)} {words.sentence(rival.found)}"
            facts.append(("what else could explain it", said))
    return [Facts(tuple(facts))]


#: Headings of the evidence, by the sides under them.
_HEADINGS = (
    (("for",), "What supports the claim"),
    (("in part",), "What supports it in part"),
    (("against",), "What speaks against it"),
    (("neither",), "What bears on it without deciding"),
)


def _sides(answered: Answered, asked: dt.date) -> list[Block]:
    """The evidence, a table for each side.

    That nothing speaks against an answer is said, so that a reader need not wonder.
    """
    made: list[Block] = []
    for sides, heading in _HEADINGS:
        pieces = answered.side(*sides)
        if pieces:
            made.append(Section(heading, (_evidence(pieces),)))
        elif sides == ("against",) and answered.evidence:
            said = f"We found nothing published by {day(asked)} that speaks against it."
            made.append(Section(heading, (Say(said),)))
    return made


def _evidence(pieces: Sequence[Evidence]) -> Table:
    """The pieces, each once, though it may speak of two parts of the claim."""
    heads = ("what it says", "publisher", "evidence to")
    columns = (*map(Column, heads), Column("page", "site"))
    rows = (
        (
            words.sentence(e.says),
            f"{'; '.join(dict.fromkeys(e.publishers))} ({e.grade})",
            e.reaches.isoformat() if e.reaches else "",
            e.url,
        )
        for e in pieces
    )
    return Table(columns, tuple(dict.fromkeys(rows)))


def _change(judgement: Judgement) -> list[Block]:
    """What the answer rests on, and what would change it.

    Where nobody has searched, the kind of evidence that would tell is named here.
    """
    said = (
        [Say(judgement.current.foundation.sentence)]
        if judgement.current.foundation.sentence
        else []
    )
    if judgement.needs and judgement.search is None:
        said.append(Say(f"To answer, we need evidence on {judgement.needs}.", "note"))
    return [Section("What would change the answer", tuple(said))] if said else []


def _notes(answered: Answered) -> list[Block]:
    """Why each document counts as it does, in its reader's words, and where to read it."""
    notes = tuple(
        ("; ".join(e.publishers), f"{words.sentence(e.why)} {e.url} ({e.id})")
        for e in answered.evidence
        if e.url
    )
    return (
        [Section("Readers' notes on the documents", (Facts(notes),), detail=True)] if notes else []
    )


def _not_weighed(judgement: Judgement) -> list[Block]:
    """What is stored of the year asked, bears on the claim and counts on neither side, and why."""
    year = judgement.as_of.date.year
    pieces = judgement.search.not_weighed(year) if judgement.search else []
    if not pieces:
        return []
    rows = tuple((p.says, p.publisher, words.sentence(p.reason), p.page) for p in pieces)
    columns = tuple(
        Column(c) for c in ("what it says", "publisher", "why it does not count", "page")
    )
    title = f"Other documents on {year} in our data"
    return [Section(title, (Table(columns, rows),), detail=True)]


#: What a document says of a claim, by its side.
_SIDES = {
    "for": "supports the claim",
    "against": "contradicts the claim",
    "neither": "on neither side",
}
#: What was done with a page that a query brought.
_DONE = {
    "stored": "already in our documents:",
    "same report": "the same report is already in our documents:",
    "taken in": "added to our documents:",
    "left out": "left out:",
}


def _search(judgement: Judgement) -> list[Block]:
    """What was looked for, read and left out."""
    search = judgement.search
    if search is None:
        return []
    looked_for = Say(f"We looked for evidence on {judgement.needs}.", "note")
    columns = tuple(
        Column(c) for c in ("title", "publisher", "why we left it out", "side", "page", "document")
    )
    rows = tuple(
        (
            piece.title,
            piece.publisher,
            words.sentence(piece.reason),
            _SIDES.get(piece.side, piece.side),
            piece.page,
            piece.document,
        )
        for piece in search.left_out
    )
    blocks: list[Block] = [Say(search.sentence), *([looked_for] if judgement.needs else [])]
    if rows:
        blocks.append(Table(columns, rows))
    if search.queries:
        blocks += [Say(search.queries_sentence), _of_queries(search)]
    return [Section("How we searched", tuple(blocks), detail=True)]


def _of_queries(search: Search) -> Table:
    """Each stored query with its pages of weight, and what was done with each."""
    columns = tuple(Column(c) for c in ("query", "page", "what we did with it", "side", "address"))
    rows: list[tuple[str, ...]] = []
    for query in search.queries:
        said = f"{query.words} ({len(query.pages)} of {query.results} pages)"
        for found in query.pages:
            reason = found.reason or "; ".join(found.titles or found.documents)
            where = f"{found.publisher}: {found.about}"
            done = f"{_DONE[found.outcome]} {reason}"
            rows.append((said, where, done, _SIDES.get(found.side, ""), found.page))
            said = ""
    return Table(columns, tuple(rows))


def _how(judgement: Judgement) -> list[Block]:
    """The tests with thresholds and results, other explanations, and what the evidence leaves out.

    Each test is a list of its own: a paragraph with all of them, numbered, cannot be read.
    """
    blocks: list[Block] = []
    for leg in judgement.legs:
        blocks.append(_test(leg))
    for text in judgement.remarks:
        blocks.append(Say(words.sentence(text)))
    if judgement.rivals:
        others: list[Block] = []
        for rival in judgement.rivals:
            others.append(_other_explanation(rival))
        others.append(Say(CANNOT_TELL, "note"))
        blocks.append(Section("What else could explain it", tuple(others)))
    if judgement.limits:
        blocks.append(
            Section("What the evidence cannot show", (Say(words.sentence(judgement.limits)),))
        )
    return blocks


def _test(leg: Leg) -> Facts:
    """A test, its result with periods and interval, the side it takes, and where to compute it.

    A test without data has no result, and says why.
    """
    facts: list[tuple[str, str | Figure]] = [("test", leg.asks)]
    if leg.value is not None:
        facts.append(("result", Figure(leg.value, leg.unit, leg.low, leg.high)))
        facts.append(("periods", spoken(leg.period)))
    facts += [
        ("interval" if leg.value is not None else "result", leg.interval),
        ("side", _SIDES.get(leg.verdict, "supports the claim in part")),
        ("thresholds", leg.bounds),
        ("measure", leg.measured),
    ]
    return Facts(tuple(facts))


def _other_explanation(rival: Rival) -> Facts:
    """Another explanation, its test, when it would hold, and whether it does.

    One that nobody can test has no threshold.
    """
    facts = [("explanation", words.sentence(rival.reading)), ("test", rival.asks or "not tested")]
    if rival.holds_if:
        facts.append(("it holds if the result is", rival.holds_if))
    facts += [("outcome", rival.outcome), ("what we found", words.sentence(rival.found))]
    return Facts(tuple(fact for fact in facts if fact[1]))


def _rows(judgement: Judgement) -> list[Block]:
    """The newest rows behind the first reading, and what gives all of them."""
    m = judgement.evidence
    if m is None:
        return []
    ask = question_of(m)
    columns = ("period", "source", "locator", "known_on", "snapshot")
    newest = m.evidence.select(columns).sort_by(
        [("period", "descending"), ("locator", "descending")]
    )
    shown = tuple(
        tuple(str(r[c] or "")[:32] for c in columns) for r in newest.slice(0, MOST_ROWS).to_pylist()
    )
    newest_rows = Rows(columns, shown, m.evidence.num_rows, ask, f"Latest data rows: {m.title}")
    return [
        Section("Rows", (newest_rows, Next("See all data rows", ask, pair=m.dyad)), detail=True)
    ]


def question_of(m: Measurement) -> MeasureQuestion:
    """The question that gives the rows behind a measurement."""
    spec = measure_named(m.name)
    defaults = spec.params if spec else {}
    return MeasureQuestion(
        m.name, tuple(f"{k}={v}" for k, v in m.params.items() if v != defaults.get(k)), rows=True
    )
