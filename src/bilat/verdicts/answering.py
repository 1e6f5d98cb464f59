# SPDX-License-Identifier: Apache-2.0
"""From evidence to one of four answers, how sure it is, and the sentence that says so.

One rule for every claim. Within a part of a claim each publisher counts once a side, with the weight of its
reliability (A 3, B 2, C 1; below C nothing); an indicator counts 3 and is split where it passes in part. Three quarters
of the weight make the part *yes* or *no*, less makes it *in part*. A claim whose parts differ is *in part*; one without
evidence is *not known*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.verdicts.judgement import Answered, Evidence, Sure, Word
from bilat.verdicts.ledger import Claim, Half
from bilat.verdicts.sentences import first_that_fits, fits, sentence
from bilat.when import PAPER_DATE, AsOf

#: Share of the weight that makes a part yes or no.
MOST = 0.75
#: Years after which evidence no longer makes an answer firm, and after which it makes it thin.
FRESH = 3.0
OLD = 6.0


def weighed(evidence: Sequence[Evidence]) -> tuple[float, float]:
    """The weight for and against."""
    sides: dict[tuple[str, tuple[object, ...]], float] = {}
    for e in evidence:
        shares = {
            "for": [("for", 1.0)],
            "against": [("against", 1.0)],
            "in part": [("for", 0.5), ("against", 0.5)],
        }
        for side, share in shares.get(e.side, []):
            figure = (
                e.value if e.value is not None else e.says
            )  # one figure, tested from both ends, counts once
            key = side, (e.id, e.period, figure) if e.kind == "indicator" else e.publishers
            sides[key] = max(sides.get(key, 0.0), share * e.weight)
    return (
        sum(w for (side, _), w in sides.items() if side == "for"),
        sum(w for (side, _), w in sides.items() if side == "against"),
    )


def part_answer(evidence: Sequence[Evidence]) -> tuple[Word, float]:
    """The answer of one part, and the share of the weight that agrees with it (of a split one, the larger side)."""
    for_, against = weighed(evidence)
    if not for_ + against:
        return "not known", 0.0
    share = for_ / (for_ + against)
    if share >= MOST:
        return "yes", share
    return ("no", 1 - share) if share <= 1 - MOST else ("in part", max(share, 1 - share))


def answer(claim: Claim, half: Half, evidence: list[Evidence], as_of: AsOf) -> Answered:
    """One half of a claim from its evidence."""
    day = as_of.date if half == "since" else min(as_of.date, PAPER_DATE)
    if claim.begins and claim.begins > day:
        return _unknown(
            "this speaks of a time that had not come", "nothing of that time can be known"
        )
    if half == "since" and as_of.date <= PAPER_DATE:
        return _unknown(
            "nothing of the time after the paper was public yet",
            "the date is not later than the paper",
        )
    fresh = [e for e in evidence if e.standing or (e.reaches and e.reaches > PAPER_DATE)]
    stale = half == "since" and not any(e.weight for e in fresh)
    used = evidence if half == "when_written" or stale else fresh
    parts = {p: part_answer([e for e in used if e.part == p]) for p in claim.parts(half)}
    known = {p: a for p, a in parts.items() if a[0] != "not known"}
    if not known:
        return _unknown(claim.needs, "no evidence is held", tuple(used))
    words = {a for a, _ in known.values()}
    word: Word = words.pop() if len(words) == 1 else "in part"
    if word == "yes" and len(known) < len(parts):
        word = "in part"
    deciding = [e for e in used if e.weight and e.side != "neither"]
    dated = [e.reaches for e in deciding if e.reaches]
    to = max((min(d, day) for d in dated), default=None)
    silent = [p for p in parts if p not in known]
    sure, why = how_sure(word, known, deciding, to, day, stale=stale)
    sure = "fair" if sure == "firm" and (claim.forecast or silent) else sure
    return Answered(
        word,
        say(claim, word, used, to if stale else None, silent),
        sure,
        why,
        tuple(used),
        to,
    )


def _unknown(needs: str, why: str, evidence: tuple[Evidence, ...] = ()) -> Answered:
    return Answered("not known", sentence("not known", needs), "thin", why, evidence)


def how_sure(
    word: Word,
    parts: dict[str, tuple[Word, float]],
    deciding: list[Evidence],
    to: dt.date | None,
    day: dt.date,
    *,
    stale: bool,
) -> tuple[Sure, str]:
    """How sure, by the weakest part: how much of the weight agrees, how many publishers say so, how good they are, and
    how old it is."""
    agreed = min(share for _, share in parts.values())
    of = {
        p: [e for e in deciding if e.part == p and (e.side != "against" or word != "yes")]
        for p in parts
    }
    voices = min((len({e.publishers for e in part}) for part in of.values()), default=0)
    best = max(min((e.grade for e in part if e.grade), default="F") for part in of.values())
    standing = any(e.standing for e in deciding)
    age = (day - to).days / 365.25 if to and not standing else 0.0
    split = any(a == "in part" for a, _ in parts.values())
    why = f"{agreed:.0%} of the weight agrees; {voices} publisher{'s' * (voices != 1)}, the best of grade {best}"
    why += f"; the evidence is {age:.1f} years old" if age >= 1 else ""
    heavy = sum({e.publishers: e.weight for e in deciding}.values())
    if stale or heavy < 3 or age > OLD:
        return "thin", why
    firm = voices >= 2 and best[0] <= "B" and age <= FRESH
    return ("firm" if firm and not split and agreed >= MOST else "fair"), why


def say(
    claim: Claim, word: Word, used: Sequence[Evidence], ends: dt.date | None, silent: list[str]
) -> str:
    """The sentence: clauses of the most telling evidence, in the ledger's order, and the part that has none."""
    able = [e for e in used if e.leads and e.weight]
    split = [e for e in able if e.side == "in part"]
    favour = [e for e in able if e.side == "for"]
    contrary = [e for e in able if e.side == "against"]
    aside = [e for e in used if e.leads and e.kind == "document" and e.side == "neither"]
    head = f"{word}, by a record that ends in {ends.year}" if ends else word
    match word:
        case "yes":
            firsts = favour or split
            seconds = [*aside, *favour]
            joint = "; "
        case "no":
            firsts = contrary or split
            seconds = contrary
            joint = "; "
        case _:
            firsts = favour or split or contrary
            seconds = (contrary or split) if favour else contrary if split else []
            joint = ", but "
            if not seconds:
                seconds = [e for e in able if e not in firsts[:1]]
                joint = "; "
    pairs = [(a.says, b.says) for a in firsts[:1] for b in seconds if b is not a] or [
        (e.says, "") for e in firsts[:1]
    ]
    if word == "in part" and silent and not (favour and contrary):
        pairs = [(e.says, f"what is public does not cover {silent[0]}") for e in firsts[:1]]
        joint = ", but "
    if not pairs:
        whole = (sentence(head, e.says) for e in used if e.weight)
        return next((s for s in whole if fits(s)), sentence(head, claim.needs))
    return first_that_fits(head, pairs, joint)
