# SPDX-License-Identifier: Apache-2.0
"""From evidence to one of four answers, and the sentence that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from bilat.verdicts.confidence import confidence
from bilat.verdicts.foundation import foundation
from bilat.verdicts.judgement import LIVING, Answered, Evidence, is_living
from bilat.verdicts.ledger import Claim, Half
from bilat.verdicts.sentences import fits, join_clauses, sentence, whole
from bilat.verdicts.weights import Weighing, decide
from bilat.when import PAPER_DATE, AsOf

#: What joins a clause to one that speaks against it, and to any other.
BUT = ", but "
NEXT = ". "
#: What a sentence may say, and the evidence that it prints.
Telling: TypeAlias = tuple[str, tuple[Evidence, ...]]


def answer(claim: Claim, half: Half, evidence: list[Evidence], as_of: AsOf) -> Answered:
    """Return the answer of one half of a claim."""
    day = as_of.date if half == "since" else min(as_of.date, PAPER_DATE)
    if claim.begins and claim.begins > day:
        return _unknown(
            "this is about a time that had not yet come", "nothing about that time can be known"
        )
    if half == "since" and as_of.date <= PAPER_DATE:
        return _unknown(
            "nothing about the time after the paper was public yet",
            "the date is not later than the paper",
        )
    weighing = decide(claim, half, evidence, as_of)
    if weighing.word == "not known":
        return _unknown(
            f"we have no dated record of {claim.needs}",
            "we have no evidence",
            weighing.used,
            _nearest(weighing)[:1],
        )
    stated = state(claim, weighing, day)
    rests = foundation(claim, half, evidence, as_of, weighing)
    sure, why = confidence(
        weighing,
        rests,
        stated.leads,
        day,
        open_ended=claim.forecast or bool(weighing.silent),
    )
    return Answered(
        answer=weighing.word,
        sentence=stated.text,
        clause=whole(stated.clause),
        records_end=stated.records_end,
        sure=sure,
        sure_why=why,
        evidence=weighing.used,
        leads=stated.leads,
        day=day,
        foundation=rests,
    )


def _unknown(
    needs: str, why: str, evidence: tuple[Evidence, ...] = (), nearest: Sequence[Evidence] = ()
) -> Answered:
    """Return the answer that nothing decides, with the nearest of what takes no side."""
    said = " ".join([sentence("not known", needs), *(whole(e.says) for e in nearest)])
    return Answered(
        "not known",
        sentence=said,
        clause=said,
        sure="thin",
        sure_why=why,
        evidence=evidence,
        leads=tuple(nearest),
    )


@dataclass(frozen=True)
class Statement:
    """A sentence with the evidence whose clauses it prints."""

    word: str  #: the answer
    records_end: int | None  #: the year in which old records end
    clause: str  #: what the answer rests on
    leads: tuple[Evidence, ...]
    parts: tuple[str, ...] = ()  #: the parts that the word is about, where others are untested

    @property
    def text(self) -> str:
        """The whole sentence."""
        word = f"{self.word} for {' and '.join(self.parts)}" if self.parts else self.word
        if self.records_end is None:
            return sentence(word, self.clause)
        return sentence(f"{word}, on records that end in {self.records_end}", self.clause)


def state(claim: Claim, weighing: Weighing, day: dt.date) -> Statement:
    """Return the sentence: clauses of the most telling evidence, and the part that has none."""

    def stated(clause: str, *leads: Evidence) -> Statement:
        end = _records_end(weighing, day, *leads)
        return Statement(weighing.word, end, clause, leads, _tested_parts(weighing))

    able = [e for e in weighing.used if e.leads and e.weight]
    if not able:
        return _spare(claim, weighing, day)
    for clause, leads in _tellings(weighing, able, day):
        told = stated(clause, *leads)
        if fits(told.text):
            return told
    first = _ranked(weighing, able)[0]
    return stated(first.says, first)


def _tested_parts(weighing: Weighing) -> tuple[str, ...]:
    """Return the parts that a *no* is about, where another part has no evidence."""
    if weighing.word == "no" and weighing.silent:
        return tuple(weighing.parts)
    return ()


def _tellings(
    weighing: Weighing,
    able: list[Evidence],
    day: dt.date,
) -> Iterator[Telling]:
    """Yield what a sentence may say and the evidence that it prints, the best first."""
    if _names_silent_part(weighing, able):
        yield from _beside_silence(weighing, able)
        return
    if weighing.word == "in part" and len(weighing.parts) <= 1:
        # A document that speaks in part tells both sides of a claim that is one.
        split = [e for e in able if e.side == "in part" and e.kind == "document"]
        yield from ((e.says, (e,)) for e in split)
    # What speaks against the answer leaves out its third part where room is short; a document of
    # no side is told after it.
    contrary = _contrary(weighing, able)
    if contrary:
        yield from _before(weighing, able, contrary)
    yield from _brought_up_to_date(weighing, able, day)
    yield from _next_on_its_side(weighing, able)
    yield from _both_sides_of_a_part(weighing, able)
    yield from _across_three_parts(weighing, able)
    if not contrary:
        yield from _before(weighing, able, _aside(weighing))
    yield from _fallen_later(weighing, able)
    for first, second, joint in _pairs(weighing, able):
        yield (
            join_clauses(first.says, second.says, joint),
            (first, second),
        )


def _fallen_later(weighing: Weighing, able: list[Evidence]) -> Iterator[Telling]:
    """Yield a *yes* on a claim that is one, with its measure at a later time last.

    What passed at first and goes half the way later has fallen, and that is told against the *yes*.
    """
    if weighing.word != "yes" or len(weighing.parts) > 1:
        return
    favour, split, _ = _sides(able)
    for first, second in product(favour[:1], favour[1:]):
        two = join_clauses(first.says, second.says)
        same = [e for e in split if e.kind == "indicator" and e.id == first.id]
        for later in same:
            if _content_to(later) > _content_to(first):
                yield (
                    join_clauses(two, later.says, BUT),
                    (first, second, later),
                )


def _beside_silence(
    weighing: Weighing,
    able: list[Evidence],
) -> Iterator[Telling]:
    """Yield clauses that end with the part that has no evidence.

    Where there is room a second piece is told before it: of another part, else of the same one. A
    document on that part that takes no side, or a model that assumes the claim, is told in place of
    the silence.
    """
    first = _ranked(weighing, able)[0]
    silent = _says_silence(weighing)
    nearest = [e for e in _nearest(weighing) if e.part == weighing.silent[0]][:1]
    for e in nearest:
        silent = e.says
    agreed = [e for e in able if e.side == first.side and e.says != first.says]
    others = _of_other_parts(first, agreed)
    for second in [*others, *agreed]:
        told = join_clauses(first.says, second.says)
        yield (
            join_clauses(told, silent, BUT),
            (first, second, *nearest),
        )
    yield (
        join_clauses(first.says, silent, BUT),
        (first, *nearest),
    )


def _across_three_parts(
    weighing: Weighing,
    able: list[Evidence],
) -> Iterator[Telling]:
    """Yield clauses on three parts of a claim, the third next to the one on whose side it is.

    Where the first two dispute one part, a piece on another part that does not speak against the
    claim stands between them: also a model that assumes what the claim says of it. So does a part
    that is met half way, between one that holds and one that does not. Where nothing is disputed
    and there is room, a fourth piece is told last, of another measure, as one measure would say
    much the same twice.
    """
    supposed = {e.part for e in able if e.supposed}
    for place, (first, second, joint) in enumerate(_pairs(weighing, able)):
        told = {first.part, second.part}
        is_dispute = len(told) < 2 and joint == BUT and not place
        if len(told) < 2 and not is_dispute:
            continue
        untold = (weighing.parts.keys() | supposed) - told
        for third in able:
            if third.part not in untold:
                continue
            if third.side == second.side:
                two = join_clauses(first.says, second.says, joint)
                three = join_clauses(two, third.says)
                if joint != BUT:
                    measures = {first.id, second.id, third.id}
                    alike = [e for e in able if e.side == third.side and e.id not in measures]
                    for fourth in alike:
                        yield join_clauses(three, fourth.says), (first, second, third, fourth)
                yield (
                    three,
                    (first, second, third),
                )
            elif (
                is_dispute or third.side == first.side or (joint == BUT and third.side == "in part")
            ):
                yield _in_between(first, third, second, joint)


def _in_between(
    first: Evidence,
    third: Evidence,
    second: Evidence,
    joint: str,
) -> Telling:
    """Return two pieces with a third one between them."""
    two = join_clauses(first.says, third.says)
    told = join_clauses(two, second.says, joint)
    return told, (first, third, second)


def _next_on_its_side(
    weighing: Weighing,
    able: list[Evidence],
) -> Iterator[Telling]:
    """Yield two sides of a claim that is one, with the next most telling piece on its side."""
    if weighing.word != "in part" or len(weighing.parts) > 1:
        return
    for first, second, joint in islice(_pairs(weighing, able), 1):
        if joint != BUT:
            return
        for third in [e for e in able if e not in (first, second)]:
            if third.side == second.side:
                two = join_clauses(first.says, second.says, joint)
                yield join_clauses(two, third.says), (first, second, third)
            else:
                yield _in_between(first, third, second, joint)


def _both_sides_of_a_part(
    weighing: Weighing,
    able: list[Evidence],
) -> Iterator[Telling]:
    """Yield a part that holds and one that is disputed, with what speaks for the latter too.

    Where there is room, another part that holds is told before the disputed one.
    """
    pairs = _across_parts(weighing, able)
    for first, second, joint in islice(pairs, 1):
        if joint != BUT:
            return
        disputed = [e for e in able if e.part == second.part and e.side in ("for", "in part")]
        agreed = [e for e in able if e.side == first.side and e.part != second.part]
        for third in disputed:
            for other in _of_other_parts(first, agreed):
                two = join_clauses(first.says, other.says)
                three = join_clauses(two, third.says)
                yield join_clauses(three, second.says, joint), (first, other, third, second)
            yield _in_between(first, third, second, joint)


def _brought_up_to_date(
    weighing: Weighing,
    able: list[Evidence],
    day: dt.date,
) -> Iterator[Telling]:
    """Yield two sides that are both old, with the newest piece not against it between them."""
    pairs = _pairs(weighing, able)
    for first, second, joint in islice(pairs, 1):
        if joint != BUT:
            return
        if is_living(first, day) or is_living(second, day):
            return
        dated = [e for e in able if e.content_to]
        alike = [e for e in dated if e.part == first.part and e.side in (first.side, "in part")]
        living = [e for e in alike if is_living(e, day)]
        living.sort(key=_content_to, reverse=True)
        for newer in living:
            yield _in_between(first, newer, second, joint)


def _content_to(evidence: Evidence) -> dt.date:
    """Return the last day that a piece speaks of."""
    return evidence.content_to or dt.date.min


def _contrary(weighing: Weighing, able: list[Evidence]) -> list[Evidence]:
    """Return what speaks against a *yes* or a *no*, the most telling first.

    A level that passes and has fallen speaks for a *yes*, and its fall is told as what speaks
    against it.
    """
    favour, _, against_claim = _sides(able)
    if weighing.word == "no":
        return favour
    return [*(e for e in favour if e.has_fallen), *against_claim]


def _before(
    weighing: Weighing,
    able: list[Evidence],
    last: list[Evidence],
) -> Iterator[Telling]:
    """Yield a *yes* or a *no* with what is told last, after two clauses on parts of their own.

    Three parts are told before it where there is room. Where the claim is one, what speaks against
    it follows two clauses where there is room, else the first; a document that takes no side does
    so only where nothing speaks against it and no part is without evidence.
    """
    if weighing.word == "in part":
        return
    agreed = [e for e in _ranked(weighing, able) if e not in last] or _ranked(weighing, able)
    first = agreed[0]
    last = [e for e in last if e.says != first.says]
    seconds = _of_other_parts(first, agreed)
    for second, against in product(seconds, last):
        two = join_clauses(first.says, second.says)
        for third in _of_other_parts(second, seconds):
            three = join_clauses(two, third.says)
            yield (
                join_clauses(three, against.says, BUT),
                (first, second, third, against),
            )
    if len(weighing.parts) <= 1:
        if weighing.silent:
            last = [e for e in last if e.side != "neither"]
        seconds = [*seconds, *(e for e in agreed if e.says != first.says)]
    for second, against in product(seconds, last):
        two = join_clauses(first.says, second.says)
        yield (
            join_clauses(two, against.says, BUT),
            (first, second, against),
        )
    if len(weighing.parts) > 1:
        return
    for against in last:
        yield (
            join_clauses(first.says, against.says, BUT),
            (first, against),
        )


def _says_silence(weighing: Weighing) -> str:
    """Return what is said of a part without evidence: nothing held, or nothing as new as asked."""
    part = weighing.silent[0]
    years = sorted(e.reaches.year for e in weighing.older if e.part == part and e.reaches)
    if not years:
        return f"none of our records is about {part}"
    first, last = years[0], years[-1]
    span = f"{first}" if first == last else f"{first} to {last}"
    return f"what we have on {part} dates from {span}"


def _records_end(weighing: Weighing, day: dt.date, *leads: Evidence) -> int | None:
    """Return the year in which the records end, where they are old.

    Records are old where nothing newer than the paper speaks, and where all that decides the parts
    of which the sentence tells, printed below it or not, ends over eighteen months before the day.
    A register that is kept to this day ends nowhere, however old its last entry is.
    """
    told = {e.part for e in leads}
    decides = [
        *leads,
        *(e for e in weighing.deciding if weighing.stale or e.part in told),
    ]
    if not weighing.stale and any(is_living(e, day) for e in decides):
        return None
    ends = [e.reaches for e in decides]
    known = [end for end in ends if end]
    newest = max(known, default=None)
    if newest is None or newest > day - LIVING:
        return None
    return newest.year


def _spare(claim: Claim, weighing: Weighing, day: dt.date) -> Statement:
    """Return the first clause that is short enough, where none was written to lead."""
    for e in weighing.used:
        stated = Statement(weighing.word, _records_end(weighing, day, e), e.says, (e,))
        if e.weight and fits(stated.text):
            return stated
    return Statement(weighing.word, _records_end(weighing, day), claim.needs, ())


def _sides(able: list[Evidence]) -> tuple[list[Evidence], list[Evidence], list[Evidence]]:
    favour = [e for e in able if e.side == "for"]
    split = [e for e in able if e.side == "in part"]
    contrary = [e for e in able if e.side == "against"]
    return favour, split, contrary


def _ranked(weighing: Weighing, able: list[Evidence]) -> list[Evidence]:
    """Return the evidence that may stand first, the most telling first."""
    favour, split, contrary = _sides(able)
    if weighing.word == "no":
        return contrary or split or favour
    return favour or split or contrary


def _names_silent_part(weighing: Weighing, able: list[Evidence]) -> bool:
    """Return whether the sentence says that a part has no evidence.

    Not where two sides leave no room for it, or where a piece that takes no side is told instead.
    """
    favour, split, contrary = _sides(able)
    if weighing.word == "no":
        return bool(weighing.silent) and not _aside(weighing)
    two_sides = bool(contrary) and bool(favour or split)
    return weighing.word == "in part" and bool(weighing.silent) and not two_sides


def _pairs(weighing: Weighing, able: list[Evidence]) -> Iterator[tuple[Evidence, Evidence, str]]:
    """Yield two pieces that may stand together, and what joins their clauses."""
    yield from _across_parts(weighing, able)
    favour, split, contrary = _sides(able)
    ranked = _ranked(weighing, able)
    first = ranked[0]
    if weighing.word == "in part":
        others = contrary or (split if favour else [])
        yield from _of_two_sides(favour or split, others)
        seconds = [] if others and (favour or split) else able
    elif weighing.word == "yes":
        seconds = [*_of_other_parts(first, favour), *_aside(weighing), *favour, *split]
    else:
        seconds = [*_of_other_parts(first, contrary), *_aside(weighing), *contrary]
    for second in seconds:
        if second.says != first.says:
            yield first, second, NEXT


def _of_two_sides(
    agreed: list[Evidence], contrary: list[Evidence]
) -> Iterator[tuple[Evidence, Evidence, str]]:
    """Yield a piece that may stand first and one against it.

    Where the most telling piece leaves no room for the other side, the next one stands first.
    """
    for first, second in product(agreed, contrary):
        if second.says != first.says:
            yield first, second, _joint(second)


def _across_parts(
    weighing: Weighing, able: list[Evidence]
) -> Iterator[tuple[Evidence, Evidence, str]]:
    """Yield a piece for a part that is *yes*, and one against a part that is not.

    A claim is *in part* where its parts differ; a sentence about one of them would not say why.
    """
    words = {part: word for part, (word, _) in weighing.parts.items()}
    if weighing.word != "in part" or len(set(words.values())) < 2:
        return
    favour, split, contrary = _sides(able)
    agreed = [e for e in favour if words.get(e.part) == "yes"]
    for others in (contrary, split):
        disputed = [e for e in others if words.get(e.part) != "yes"]
        for first, second in product(agreed, disputed):
            if second.says != first.says:
                yield first, second, _joint(second)


def _joint(second: Evidence) -> str:
    """Return what joins a clause to one before it that speaks for the claim.

    What speaks in part says its own limit and is nothing against the claim.
    """
    return NEXT if second.side == "in part" else BUT


def _of_other_parts(first: Evidence, able: list[Evidence]) -> list[Evidence]:
    """Return the evidence on other parts of the claim: each part that decides is told of."""
    return [e for e in able if e.part != first.part]


def _nearest(weighing: Weighing) -> list[Evidence]:
    """Return what may be told where nothing decides: of no side, or a model that assumes the claim."""
    return [*_aside(weighing), *(e for e in weighing.used if e.leads and e.supposed)]


def _aside(weighing: Weighing) -> list[Evidence]:
    """Return documents that take no side and may stand second."""
    return [e for e in weighing.used if e.leads and e.kind == "document" and e.side == "neither"]
