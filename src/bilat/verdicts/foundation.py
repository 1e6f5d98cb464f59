# SPDX-License-Identifier: Apache-2.0
"""What an answer rests on: who carries it, what it falls without, and what would turn it.

Each originator is taken out in turn, with every record that cannot be computed without it, and the
answer is decided again. Then one contrary finding of an originator that is not yet among them is
added, of the weakest grade first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bilat.verdicts.judgement import Carrier, Evidence, Foundation, Word
from bilat.verdicts.ledger import Claim, Half
from bilat.verdicts.outcome import Speaks
from bilat.verdicts.weights import Weighing, decide
from bilat.when import AsOf

#: Weights of one new finding, by its grade, the weakest first.
_GRADES = (("C", 1.0), ("B", 2.0), ("A", 3.0))
_OPPOSITE: dict[str, Speaks] = {"for": "against", "against": "for"}
#: Sides on which a new finding is contrary to an answer.
_CONTRARY: dict[Word, tuple[Speaks, ...]] = {"yes": ("against",), "no": ("for",)}
_EITHER: tuple[Speaks, ...] = ("for", "against")


def independent(evidence: Iterable[Evidence]) -> int:
    """Return the number of independent voices: pieces that share an originator are one."""
    groups: list[set[str]] = []
    for e in evidence:
        merged = set(e.originators)
        apart = []
        for group in groups:
            if group & merged:
                merged |= group
            else:
                apart.append(group)
        groups = [*apart, merged]
    return len(groups)


def agreeing(weighing: Weighing, part: str) -> list[Evidence]:
    """Return the deciding evidence of a part that does not speak against its answer."""
    word, _ = weighing.parts[part]
    contrary = {"yes": "against", "no": "for"}.get(word, "")
    return [e for e in weighing.deciding if e.part == part and e.side != contrary]


def foundation(
    claim: Claim, half: Half, evidence: Sequence[Evidence], as_of: AsOf, weighing: Weighing
) -> Foundation:
    """Return what the answer that ``weighing`` gives rests on."""
    deciding = weighing.deciding
    if not deciding:
        return Foundation()

    def word_of(pieces: Sequence[Evidence]) -> Word:
        return decide(claim, half, pieces, as_of).word

    names = sorted({name for e in deciding for name in e.originators})
    carriers = []
    for name in names:
        left = [e for e in evidence if name not in e.originators]
        word = word_of(left)
        if word != weighing.word:
            carriers.append(Carrier(name, word))
    turned_by, turned_to = _turning(evidence, weighing, word_of)
    voices = min(independent(agreeing(weighing, part)) for part in weighing.parts)
    return Foundation(
        originators=tuple(names),
        voices=voices,
        carriers=tuple(carriers),
        pieces=len(deciding),
        misreadings=_misreadings(evidence, weighing, word_of),
        turned_by=turned_by,
        turned_to=turned_to,
    )


def _misreadings(
    evidence: Sequence[Evidence],
    weighing: Weighing,
    word_of: Callable[[Sequence[Evidence]], Word],
) -> int:
    """Return how many pieces would change the answer if they spoke for the other side."""
    count = 0
    for piece in weighing.deciding:
        if piece.side not in _OPPOSITE:
            continue
        turned = replace(piece, side=_OPPOSITE[piece.side])
        count += word_of([turned if e is piece else e for e in evidence]) != weighing.word
    return count


def _turning(
    evidence: Sequence[Evidence],
    weighing: Weighing,
    word_of: Callable[[Sequence[Evidence]], Word],
) -> tuple[str, Word | None]:
    """Return the weakest grade of one contrary finding that changes the answer, and to what."""
    newest = max(weighing.deciding, key=lambda e: (e.reaches is not None, e.reaches))
    for grade, weight in _GRADES:
        for part, (word, _) in weighing.parts.items():
            for side in _CONTRARY.get(word, _EITHER):
                finding = replace(
                    newest,
                    kind="document",
                    id="",
                    part=part,
                    side=side,
                    weight=weight,
                    originators=("",),
                    grade=grade,
                )
                turned = word_of([*evidence, finding])
                if turned != weighing.word:
                    return grade, turned
    return "", None
