# SPDX-License-Identifier: Apache-2.0
"""One-to-one alignment of the words of a query with those of listed names, and what it says: named features.

A word is the same, another spelling of one (some edits away), cut short, or another rendering of its sound. All pairs
of a batch are aligned at once: the same words first, then the nearest; each word is used once. What was found and what
was left over counts by how rare each word is in anybody's names (:mod:`bilat.parties.match.background`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bilat.parties.match.candidates import Candidates
from bilat.parties.match.index import PERSON, UNKNOWN, NameIndex, ragged
from bilat.parties.match.spelling import (
    CUT,
    EDIT,
    MEANT,
    NONE,
    SAME,
    SOUND,
    Unit,
    spelled,
    translated,
)
from bilat.parties.names.legal import generic, legal_words
from bilat.parties.names.script import has_han
from bilat.parties.names.tokens import NO_VOWELS, Form
from bilat.parties.names.unvowelled import across, in_classes, unvowelled

#: What each feature means, in the order of the columns. What a word says is in nats.
FEATURES: dict[str, str] = {
    "found": "what all the words say that found their like",
    "same": "what the words say that are the same",
    "near": "what the words say that are spelled otherwise",
    "edits": "letters by which they differ",
    "cut": "what the words say of which one is cut short, or an initial",
    "contracted": "what the words say of which one has its vowels left out",
    "meant": "what the words say that are a translation of the listed word",
    "sound": "what the renderings in Han say that sound as the listed word",
    "left": "what the words of the query say that are left without their like",
    "left_words": "how many they are, 0 to 4",
    "first_left": "the first word of the query is one of them",
    "listed_left": "what the words of the listed name say that are left; `bank`, `group` and the like aside",
    "clash": "words left on both sides: the fewer of the two, 0 to 3",
    "both_explained": "no word of the query, of several but `bank` and the like, is left, and none of the listed name",
    "spelling": "similarity of the two names letter by letter, words run together",
    "written": "similarity of the two names as written (romanised, lower case, without legal form)",
    "identical_written": "identical as written (of a person: begun at any word)",
    "legal_same": "same legal form",
    "legal_other": "different legal forms",
    "numbers": "numbers that contradict each other",
    "one_word": "the query is one word, `bank`, `group` and the like aside",
    "order": "the shared words stand in the same order (of a person nearly so where they begin at another)",
    "part": "only a part of a written name (what stands in brackets, or before it) was compared",
    "class_other": "a person against an organisation, or a vessel against neither",
}  # fmt: skip
NAMES = tuple(FEATURES)
#: Those that compare letters, which cost the most to know.
LETTERS = ("spelling", "written", "identical_written")
#: How a name agrees, the surest first: the whole name but for its legal form; all its words in a longer listed name, or
#: an acronym or short form of one; another spelling; a listed name within a longer field.
EXACT_NAME, SHORT_NAME, NEAR_NAME, PART_NAME = range(4)
#: Letters of a word up to which it may stand for other initials.
SHORT = 3
#: Letters from which on a word that is read out of Han may have slips.
LONG = 9
#: The most that a listed word left over says against a name, in nats.
MOST_LEFT = 10.0
#: What a step counts at which a person's name turns to its beginning: of two entries of one person, the one that is
#: written as the query comes first.
TURNED = 0.9


@dataclass(frozen=True)
class Aligned:
    """What the pairs of a batch say: arrays of one row a pair."""

    features: np.ndarray  # shape (pairs, len(NAMES))
    agreement: np.ndarray  # EXACT_NAME to PART_NAME
    generic: np.ndarray  # a word such as `bank` of the listed name was left aside
    persons: np.ndarray  # a person is named


@dataclass(frozen=True)
class _Hits:
    """Words that were found one in another: arrays of one row a hit, pair after pair."""

    pair: np.ndarray
    asked: np.ndarray  # place of the word in the query, and
    listed: np.ndarray  # in the listed name
    kind: np.ndarray
    edits: np.ndarray


def _hits(index: NameIndex, near: Candidates, forms: Sequence[Form], persons: np.ndarray) -> _Hits:
    """The words of each query, one to one with those of each listed name that may be the same."""
    units: dict[Unit, int] = {}
    flat = np.asarray(
        [
            units.setdefault(u, len(units))
            for f in forms
            for u in zip(f.tokens, f.written or ("",) * 99, strict=False)
        ],
        dtype=np.int64,
    )
    pairs = len(near.query)
    width = (index.start[near.form + 1] - index.start[near.form]).astype(np.int64)
    pair, q_at, c_at = grid(near.start[near.query + 1] - near.start[near.query], width)
    q = flat[near.start[near.query][pair] + q_at]
    c = index.unit[index.start[near.form][pair] + c_at].astype(np.int64)
    asked = list(units)
    # Words that begin otherwise are one by a slip alone: those of about one length are looked at.
    length = np.asarray([len(t) for t, _ in asked], dtype=np.int32)[q]
    listed = index.token_length[index.unit_token[c]]
    shorter = np.minimum(length, listed)
    longer = np.maximum(length, listed)
    first = np.asarray([ord(t[0]) for t, _ in asked], dtype=np.int32)[q]
    written = np.asarray([ord(w[:1] or "~") for _, w in asked], dtype=np.int32)[q]
    alike = (shorter >= 4) & (longer - shorter <= np.maximum(1, longer // 4))
    alike |= first == index.first_letter[index.unit_token[c]]
    alike |= (shorter == 1) & (written == index.first_written[c])
    alike |= np.asarray(
        [t[0] == "~" or unvowelled(t) or t in translated() for t, _ in asked], dtype=bool
    )[q]
    alike |= index.first_letter[index.unit_token[c]] > ord("~")  # of a script without vowels
    pair, q_at, c_at, q, c, shorter, longer = (
        x[alike] for x in (pair, q_at, c_at, q, c, shorter, longer)
    )
    several = np.int64(max(len(index.unit_token), 1))
    unique, which = np.unique(q * several + c, return_inverse=True)
    of = (unique // several).tolist()
    at = (unique % several).tolist()
    tokens = [index.tokens[n] for n in index.unit_token[at].tolist()]
    kinds, all_edits = spelled(
        [asked[n] for n in of], [*zip(tokens, (index.words[n] for n in at), strict=True)]
    )
    kind = kinds[which]
    edits = all_edits[which]
    # A firm's short word is the same only as it is written: letters that sound alike are other initials.
    other = np.asarray(
        [
            same
            and len(asked[a][0]) <= SHORT
            and asked[a][1] != index.words[b]
            and asked[a][1].isascii()
            and asked[a][1].isalnum()
            and index.words[b].isalnum()
            for same, a, b in zip((kinds == SAME).tolist(), of, at, strict=True)
        ],
        dtype=bool,
    )
    sounds_alike = (kind == SAME) & other[which] & ~persons[pair]
    kind = np.where(sounds_alike, EDIT, kind)
    edits = np.where(sounds_alike, 1.0, edits)
    # A word that is read out of Han, translated or in pinyin, is neither cut short nor misspelled: Sina is not China.
    of_han = np.asarray([has_han(f.plain) for f in forms], dtype=bool)[near.query[pair]]
    kind[of_han & np.isin(kind, (EDIT, CUT)) & (longer < LONG)] = NONE
    dear = np.where(kind == SAME, -2.0, np.where(kind == MEANT, -1.0, edits + (kind == CUT)))
    found = np.flatnonzero(kind != NONE)
    found = found[np.lexsort((np.abs(q_at - c_at)[found], dear[found], pair[found]))]
    pair, q_at, c_at, kind, edits = (x[found] for x in (pair, q_at, c_at, kind, edits))
    accepted: list[np.ndarray] = []
    alive = np.arange(len(pair))
    while len(alive):
        p = pair[alive]
        taken = alive[np.r_[True, p[1:] != p[:-1]]]
        accepted.append(taken)
        taken_of = np.zeros(pairs, dtype=np.int64)
        taken_of[pair[taken]] = taken
        mine = taken_of[p]
        alive = alive[(q_at[alive] != q_at[mine]) & (c_at[alive] != c_at[mine])]
    chosen = np.sort(np.concatenate(accepted)) if accepted else np.zeros(0, dtype=np.int64)
    return _Hits(*(x[chosen] for x in (pair, q_at, c_at, kind, edits)))


@dataclass(frozen=True, slots=True)
class AlignedWords:
    """The words of a query beside those of a listed name, by their places.

    Attributes
    ----------
    pairs
        Place of the query's word, place of the listed word, and how the one may be the other.
    other
        Places of listed words without their like, ``bank``, ``group`` and the like aside.
    """

    pairs: tuple[tuple[int, int, int], ...]
    other: tuple[int, ...]

    @property
    def asked(self) -> frozenset[int]:
        """Places of the query's words that found their like."""
        return frozenset(mine for mine, _, _ in self.pairs)

    @property
    def listed(self) -> frozenset[int]:
        """Places of the listed words that found their like."""
        return frozenset(theirs for _, theirs, _ in self.pairs)

    @property
    def respelled(self) -> list[int]:
        """Places of the query's words that are another spelling of the listed ones."""
        return [mine for mine, _, kind in self.pairs if kind in (EDIT, CUT, SOUND)]

    @property
    def translates(self) -> bool:
        """Whether any word is a translation of the listed one."""
        return any(kind == MEANT for _, _, kind in self.pairs)


def align_words(index: NameIndex, asked: Form, form: int, person: bool) -> AlignedWords:
    """Align the words of one reading of a query with those of one listed name."""
    n = len(asked.tokens)
    zero = np.zeros(1, dtype=np.int64)
    pair = Candidates(zero, zero + form, list(asked.tokens), np.arange(n), np.asarray([0, n]))
    hits = _hits(index, pair, [asked], np.asarray([person]))
    columns = (hits.asked.tolist(), hits.listed.tolist(), hits.kind.tolist())
    pairs = sorted(zip(*columns, strict=True))
    found = {theirs for _, theirs, _ in pairs}
    listed = index.words_of_form(form)
    other = tuple(k for k, word in enumerate(listed) if k not in found and word not in generic())
    return AlignedWords(tuple(pairs), other)


def grid(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(pair, row, column) of all cells of each pair's table."""
    cells = rows * columns
    pair = np.repeat(np.arange(len(rows)), cells)
    within = np.arange(cells.sum()) - np.repeat(np.cumsum(cells) - cells, cells)
    row = within // columns[pair]
    return pair, row, within - row * columns[pair]


def align(
    index: NameIndex, near: Candidates, forms: Sequence[Form], kinds: np.ndarray, says: np.ndarray
) -> Aligned:
    """What each pair of a query's reading and a listed name says, as if their letters were the same: those
    :func:`lettered` compares.

    ``kinds``: class of each reading, -1 where it is not known; ``says``: what each of their words says, flat.
    """
    pairs = len(near.query)
    out = np.zeros((pairs, len(NAMES)), dtype=np.float32)

    def put(name: str, values: np.ndarray) -> None:
        out[:, NAMES.index(name)] = values

    q_class = kinds[near.query]
    c_class = index.party_class[index.form_party[near.form]]
    persons = np.where(q_class >= 0, q_class == PERSON, c_class == PERSON)
    hits = _hits(index, near, forms, persons)
    hp = hits.pair
    q_flat, q_owner = ragged(near.start, near.query)
    c_flat, c_owner = ragged(index.start, near.form)
    qs = np.bincount(q_owner, minlength=pairs)
    cs = np.bincount(c_owner, minlength=pairs)
    q_says = says[q_flat]
    c_says = index.says[c_flat]
    q_hit = np.cumsum(qs)[hp] - qs[hp] + hits.asked
    c_hit = np.cumsum(cs)[hp] - cs[hp] + hits.listed
    c_token = index.flat[c_flat]

    def by_pair(of: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(of, weights=values, minlength=pairs)

    # What was found.
    exact = np.isin(hits.kind, (SAME, SOUND))
    says_found = np.where(exact, q_says[q_hit], np.minimum(q_says[q_hit], c_says[c_hit]))
    cut = hits.kind == CUT
    bare = (hits.kind == CUT) & (hits.edits == 1)
    for name, which in (
        ("found", hits.kind != NONE),
        ("same", hits.kind == SAME),
        ("near", hits.kind == EDIT),
        ("cut", cut & ~bare),
        ("contracted", bare),
        ("meant", hits.kind == MEANT),
        ("sound", hits.kind == SOUND),
    ):
        put(name, by_pair(hp, says_found * which))
    put("edits", by_pair(hp, hits.edits * ~cut))
    # What was left.
    q_left = np.ones(len(q_flat), dtype=bool)
    c_left = np.ones(len(c_flat), dtype=bool)
    q_left[q_hit], c_left[c_hit] = False, False
    # A short name leaves out `bank` or `group`, a person's the father's name of a third word.
    said = np.isin(c_token, [index.vocabulary[t] for t in generic() if t in index.vocabulary])
    of_kind = np.asarray([t in generic() for t in near.tokens], dtype=bool)[near.flat[q_flat]]
    han = np.asarray([has_han(f.plain) for f in forms], dtype=bool)[near.query]
    named = by_pair(q_owner, ~of_kind | han[q_owner])
    aside = c_left & (said | (persons & (cs > 2))[c_owner] & index.fathers[c_token])
    c_left &= ~aside
    left = by_pair(q_owner, q_left)
    listed_left = by_pair(c_owner, c_left)
    put("left", by_pair(q_owner, np.minimum(q_says, MOST_LEFT) * q_left))
    put("left_words", np.minimum(left, 4))
    put("first_left", by_pair(q_owner, q_left & (np.r_[-1, q_owner[:-1]] != q_owner)))
    put("listed_left", by_pair(c_owner, np.minimum(c_says, MOST_LEFT) * c_left))
    put("clash", np.clip(np.minimum(left, listed_left), 0, 3))
    put("one_word", named <= 1)
    put("both_explained", (named > 1) & (left == 0) & (listed_left == 0))
    numeric = np.asarray([t.isdigit() for t in near.tokens], dtype=bool)[near.flat[q_flat]]
    free = by_pair(q_owner, numeric & q_left), by_pair(c_owner, index.numeric[c_token] & c_left)
    put("numbers", np.minimum(*free) > 0)
    put("order", _order(hits, pairs, persons))
    for name in LETTERS:
        put(name, np.ones(pairs))
    ours = index.legal_bits(forms)[near.query]
    theirs = index.legal[near.form]
    both = (ours > 0) & (theirs > 0)
    put("legal_same", both & ((ours & theirs) > 0))
    put("legal_other", both & ((ours & theirs) == 0))
    put(
        "part",
        np.asarray([f.part for f in forms], dtype=np.float32)[near.query] + index.part[near.form],
    )
    put("class_other", (q_class >= 0) & (c_class != UNKNOWN) & (q_class != c_class))
    # How the name agrees.
    others = by_pair(hp, hits.kind != SAME)
    borne = by_pair(c_owner, aside) > 0
    near_or_part = np.where(listed_left <= np.maximum(1, by_pair(hp)), NEAR_NAME, PART_NAME)
    longer = np.where((listed_left > 0) | (borne & (qs > 1)), SHORT_NAME, EXACT_NAME)
    agreement = np.where(left > 0, PART_NAME, np.where(others > 0, near_or_part, longer))
    return Aligned(out, agreement.astype(np.int8), borne, persons)


def _order(hits: _Hits, pairs: int, persons: np.ndarray) -> np.ndarray:
    """Share of the steps from one word found to the next that go forward in the listed name too; a half for none."""
    by_query = np.lexsort((hits.asked, hits.pair))
    sp = hits.pair[by_query]
    sc = hits.listed[by_query]
    same = sp[1:] == sp[:-1]
    forward = np.bincount(sp[1:][same], weights=(sc[1:] > sc[:-1])[same], minlength=pairs)
    steps = np.bincount(sp[1:][same], minlength=pairs)
    # A person's family name stands first on one list and last on most papers: turned, the order is nearly the same.
    first = np.zeros(pairs, dtype=np.int64)
    last = np.zeros(pairs, dtype=np.int64)
    first[sp[::-1]] = sc[::-1]
    last[sp] = sc
    forward = forward + TURNED * (persons & (steps - forward == 1) & (last < first))
    return np.where(steps > 0, forward / np.maximum(steps, 1), 0.5)


def lettered(
    index: NameIndex, near: Candidates, forms: Sequence[Form], found: Aligned, kept: np.ndarray
) -> tuple[Candidates, Aligned]:
    """Those of the pairs that are ``kept``, compared letter by letter, as they stand and with the words sorted,
    whichever agrees better; where words are shortened by leaving vowels out, without vowels.
    """
    near = replace(near, query=near.query[kept], form=near.form[kept])
    found = Aligned(
        found.features[kept], found.agreement[kept], found.generic[kept], found.persons[kept]
    )
    of = near.query.tolist()
    at = near.form.tolist()
    asked = {
        n: _texts(forms[n].tokens, _named(forms[n].plain, bool(forms[n].legal))) for n in set(of)
    }
    listed = {
        n: _texts(index.words_of_form(n), _named(index.plain[n], index.legal[n] > 0))
        for n in set(at)
    }
    texts = [(asked[i], listed[n]) for i, n in zip(of, at, strict=True)]
    voiced = [k for k, (a, b) in enumerate(texts) if across(a[0] or "a", b[0] or "a")]
    for k in voiced:
        mine, theirs = in_classes(forms[of[k]].tokens, index.words_of_form(at[k]))
        texts[k] = _texts(mine, " ".join(mine)), _texts(theirs, " ".join(theirs))
    for k in np.flatnonzero(found.features[:, NAMES.index("contracted")]).tolist():
        texts[k] = _bare(*texts[k][0]), _bare(*texts[k][1])
    alike = Indel.normalized_similarity
    joined, joined_sorted, stands, words_sorted = (
        process.cpdist(
            [a[k] for a, _ in texts], [b[k] for _, b in texts], scorer=alike, dtype=np.float32
        )
        for k in range(4)
    )
    written = np.maximum(stands, words_sorted)
    same = [forms[i].plain == index.plain[n] for i, n in zip(of, at, strict=True)]
    identical = np.asarray(same, dtype=bool)
    for n in np.flatnonzero(found.persons & (written >= 0.9999) & ~identical).tolist():
        identical[n] = turned(forms[of[n]].plain, index.plain[at[n]])
    identical[voiced] = False
    for name, values in zip(
        LETTERS, (np.maximum(joined, joined_sorted), written, identical), strict=True
    ):
        found.features[:, NAMES.index(name)] = values
    return near, found


@lru_cache(maxsize=1 << 14)
def _named(plain: str, legal: bool) -> str:
    """A plain name without its legal form, if it has one."""
    words = plain.split()
    return (
        " ".join(w for w, form in zip(words, legal_words(words), strict=True) if not form)
        if legal
        else plain
    )


def _texts(tokens: Sequence[str], plain: str) -> tuple[str, str, str, str]:
    """The tokens run together, as they stand and sorted; the plain name, as it stands and its words sorted."""
    return "".join(tokens), "".join(sorted(tokens)), plain, " ".join(sorted(plain.split()))


def _bare(*texts: str) -> tuple[str, str, str, str]:
    """The same texts without vowels."""
    a, b, c, d = (t.translate(NO_VOWELS) for t in texts)
    return a, b, c, d


def turned(asked: str, listed: str) -> bool:
    """Whether one plain name is the other begun at another word: ``igor rotenberg``, ``rotenberg igor``."""
    return len(asked) == len(listed) and f" {asked} " in f" {listed} {listed} "
