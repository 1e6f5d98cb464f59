# SPDX-License-Identifier: Apache-2.0
"""One-to-one alignment of the tokens of a query with those of a candidate, and what it says: named features.

All pairs of a batch are aligned at once. Hits (a query token that resembles a candidate token) are taken
greedily, most similar first; each token is used once. Features are computed from what matched and what was
left over, weighted by rarity.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bilat.parties.match.candidates import Candidates, edit_similarity
from bilat.parties.match.index import PERSON, UNKNOWN, NameIndex
from bilat.parties.names.tokens import Form

#: What each feature means, in the order of the columns.
FEATURES: dict[str, str] = {
    "query_covered": "share of the query's weight that found its like in the listed name",
    "shared": "weight (rarity) of what is shared, logarithm",
    "query_rest": "weight of the rarest word of the query left without its like",
    "listed_rest": "weight of the rarest word of the listed name left without its like",
    "spelling": "similarity of the two names letter by letter, words run together",
    "written": "similarity of the two names as written (romanised, lower case)",
    "identical": "all words have their exact like, in both directions",
    "identical_written": "identical as written (of a person: begun at any word)",
    "initials": "initials standing for names",
    "legal_same": "same legal form",
    "legal_other": "different legal forms",
    "numbers": "numbers that contradict each other",
    "one_word": "the query is one word",
    "short": "the shared part is shorter than five letters",
    "order": "the shared words stand in the same order (of a person nearly so where they begin at another)",
    "part": "only a part of a written name (what stands in brackets, or before it) was compared",
    "class_other": "a person against an organisation, or a vessel against neither",
    "sound": "compared by sound (foreign name in Chinese characters)",
    "first_differs": "the first word of the query has no like",
    "clash": "words of the query without a like, beside as many of the listed name: the fewer of the two, 0 to 3",
    "clash_unlike": "how unlike, letter by letter, the rarest two words are that have no like, one on each side",
}
NAMES = tuple(FEATURES)
#: What a step counts at which a person's name turns to its beginning: of two entries of one person, the one that is
#: written as the query comes first.
TURNED = 0.8
#: Similarity from which on two words are one in another spelling.
_LIKE = 0.4


def query_weights(index: NameIndex, found: Candidates) -> np.ndarray:
    """Weight (rarity) per unique query token; unknown tokens weigh as their nearest like, the rest as
    unique.
    """
    out = np.empty(len(found.tokens), dtype=np.float32)
    for n, (token, near) in enumerate(zip(found.tokens, found.neighbours, strict=True)):
        known = index.vocabulary.get(token)
        if known is not None:
            out[n] = index.weight[known]
            continue
        if len(near.ids):
            best = int(np.argmax(near.similarity))
            s = float(near.similarity[best])
            out[n] = s * index.weight[near.ids[best]] + (1 - s) * index.top_weight
        else:
            out[n] = index.top_weight
        if len(token) == 1:
            out[n] *= 0.35
    return out


def _ragged(start: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(position in the flat array, which of ``rows``) of all elements of the given ragged rows."""
    sizes = start[rows + 1] - start[rows]
    owner = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(start[rows], sizes) + within, owner


def align(
    index: NameIndex,
    near: Candidates,
    query_forms: Sequence[Form],
    query_class: np.ndarray,
) -> np.ndarray:
    """Features, shape (pairs, len(NAMES)).

    ``query_class`` is per query form, -1 where the schema was not given.
    """
    pairs = len(near.query)
    weight_q = query_weights(index, near)
    n_tokens = np.int64(max(len(index.tokens), 1))
    # All combinations of a query token and a listed token, per pair.
    qs = near.start[near.query + 1] - near.start[near.query]
    cs = index.start[near.form + 1] - index.start[near.form]
    combos = qs * cs
    pair = np.repeat(np.arange(pairs), combos)
    within = np.arange(combos.sum()) - np.repeat(np.cumsum(combos) - combos, combos)
    width = cs[pair]
    q_at = within // width
    c_at = within - q_at * width
    q_tok = near.flat[near.start[near.query][pair] + q_at]
    c_tok = index.flat[index.start[near.form][pair] + c_at]
    # Similarity from the neighbours' table.
    sizes = np.fromiter((len(nb.ids) for nb in near.neighbours), dtype=np.int64, count=len(near.neighbours))
    if sizes.sum():
        table_key = np.repeat(np.arange(len(sizes)), sizes) * n_tokens + np.concatenate(
            [nb.ids for nb in near.neighbours]
        )
        table_sim = np.concatenate([nb.similarity for nb in near.neighbours])
        wanted = q_tok * n_tokens + c_tok
        place = np.searchsorted(table_key, wanted)
        place[place == len(table_key)] = 0
        similarity = np.where(table_key[place] == wanted, table_sim[place], 0).astype(np.float32)
    else:
        similarity = np.zeros(len(pair), dtype=np.float32)
    # Initials.
    q_first = np.asarray([ord(t[0]) for t in near.tokens], dtype=np.int32)
    q_len = np.asarray([len(t) for t in near.tokens], dtype=np.int32)
    initial = ((q_len[q_tok] == 1) ^ (index.token_length[c_tok] == 1)) & (
        q_first[q_tok] == index.first_letter[c_tok]
    )
    similarity = np.where(initial, np.maximum(similarity, 0.6), similarity)
    hit = np.flatnonzero(similarity > 0.05)
    pair, q_at, c_at, similarity, initial = pair[hit], q_at[hit], c_at[hit], similarity[hit], initial[hit]
    q_tok, c_tok = q_tok[hit], c_tok[hit]
    order = np.lexsort((np.abs(q_at - c_at), -similarity, pair))
    pair, q_at, c_at, similarity = pair[order], q_at[order], c_at[order], similarity[order]
    initial, q_tok, c_tok = initial[order], q_tok[order], c_tok[order]
    accepted: list[np.ndarray] = []
    alive = np.arange(len(pair))
    while len(alive):
        p = pair[alive]
        first = np.r_[True, p[1:] != p[:-1]]
        taken = alive[first]
        accepted.append(taken)
        taken_of = np.zeros(pairs, dtype=np.int64)
        taken_of[pair[taken]] = taken
        mine = taken_of[p]
        alive = alive[(q_at[alive] != q_at[mine]) & (c_at[alive] != c_at[mine])]
    chosen = np.concatenate(accepted) if accepted else np.zeros(0, dtype=np.int64)
    chosen.sort()
    hp, hs = pair[chosen], similarity[chosen]
    hq, hc = q_at[chosen], c_at[chosen]
    wq_hit, wc_hit = weight_q[q_tok[chosen]], index.weight[c_tok[chosen]]
    # Sums over whole names.
    q_flat, q_owner = _ragged(near.start, near.query)
    c_flat, c_owner = _ragged(index.start, near.form)
    q_total = np.bincount(q_owner, weights=weight_q[near.flat[q_flat]], minlength=pairs)
    c_total = np.bincount(c_owner, weights=index.weight[index.flat[c_flat]], minlength=pairs)
    q_hit = np.bincount(hp, weights=wq_hit * hs, minlength=pairs)
    c_hit = np.bincount(hp, weights=wc_hit * hs, minlength=pairs)
    shared = np.bincount(hp, weights=np.minimum(wq_hit, wc_hit) * hs, minlength=pairs)
    out = np.zeros((pairs, len(NAMES)), dtype=np.float32)

    def put(name: str, values: np.ndarray) -> None:
        out[:, NAMES.index(name)] = values

    put("query_covered", q_hit / np.maximum(q_total, 1e-6))
    put("shared", np.log1p(shared))
    # The rarest word left over, on either side.
    rest_q = weight_q[near.flat[q_flat]].astype(np.float32)
    base_q = np.cumsum(qs) - qs
    rest_q[base_q[hp] + hq] *= 1 - hs
    left_q = _max_by(q_owner, rest_q, pairs)
    put("query_rest", left_q / index.top_weight)
    rest_c = index.weight[index.flat[c_flat]].astype(np.float32)
    base_c = np.cumsum(cs) - cs
    rest_c[base_c[hp] + hc] *= 1 - hs
    left_c = _max_by(c_owner, rest_c, pairs)
    put("listed_rest", left_c / index.top_weight)
    first_at = base_q[qs > 0]
    first_rest = np.zeros(pairs, dtype=np.float32)
    first_rest[qs > 0] = rest_q[first_at] / np.maximum(weight_q[near.flat[q_flat[first_at]]], 1e-6)
    put("first_differs", first_rest)
    identical = (np.abs(q_hit - q_total) < 1e-4) & (np.abs(c_hit - c_total) < 1e-4)
    put("identical", identical)
    put("initials", np.bincount(hp, weights=initial[chosen], minlength=pairs))
    # Order: neighbours among the hits (by query position) that also ascend in the listed name.
    cls_q, cls_c = query_class[near.query], index.party_class[index.form_party[near.form]]
    persons = np.where(cls_q >= 0, cls_q == PERSON, cls_c == PERSON)
    if len(hp):
        by_query = np.lexsort((hq, hp))
        sp, sc = hp[by_query], hc[by_query]
        same = sp[1:] == sp[:-1]
        ascends = np.bincount(sp[1:][same], weights=(sc[1:] > sc[:-1])[same], minlength=pairs)
        steps = np.bincount(sp[1:][same], minlength=pairs)
        # A person's family name stands first on one list and last on most papers: turned, the order is nearly the same.
        first_at, last_at = np.zeros(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
        first_at[sp[::-1]] = sc[::-1]
        last_at[sp] = sc
        ascends = ascends + TURNED * (persons & (steps - ascends == 1) & (last_at < first_at))
        put("order", np.where(steps > 0, ascends / np.maximum(steps, 1), 0.5))
    # Letters.
    # As they stand, and with the words sorted, whichever agrees better: order has a feature of its own.
    q_joined = ["".join(f.tokens) for f in query_forms]
    q_joined_sorted = ["".join(sorted(f.tokens)) for f in query_forms]
    q_plain_sorted = [" ".join(sorted(f.plain.split())) for f in query_forms]
    of, at = near.query.tolist(), near.form.tolist()
    spelling = np.maximum(
        _ratio([q_joined[i] for i in of], [index.joined[i] for i in at]),
        _ratio([q_joined_sorted[i] for i in of], [index.joined_sorted[i] for i in at]),
    )
    put("spelling", spelling)
    as_it_stands = _ratio([query_forms[i].plain for i in of], [index.plain[i] for i in at])
    written = np.maximum(
        as_it_stands,
        _ratio([q_plain_sorted[i] for i in of], [index.plain_sorted[i] for i in at]),
    )
    put("written", written)
    for n in np.flatnonzero(persons & (written >= 0.9999) & (as_it_stands < 0.9999)).tolist():
        as_it_stands[n] = turned(query_forms[of[n]].plain, index.plain[at[n]])
    put("identical_written", as_it_stands >= 0.9999)
    # Legal forms, numbers, classes.
    q_legal = index.legal_bits(query_forms)[near.query]
    c_legal = index.legal[near.form]
    both = (q_legal > 0) & (c_legal > 0)
    put("legal_same", both & ((q_legal & c_legal) > 0))
    put("legal_other", both & ((q_legal & c_legal) == 0))
    q_number = np.asarray([t.isdigit() for t in near.tokens], dtype=bool)
    free_q = np.bincount(q_owner, weights=q_number[near.flat[q_flat]], minlength=pairs) - np.bincount(
        hp, weights=q_number[q_tok[chosen]], minlength=pairs
    )
    free_c = np.bincount(c_owner, weights=index.numeric[index.flat[c_flat]], minlength=pairs) - np.bincount(
        hp, weights=index.numeric[c_tok[chosen]], minlength=pairs
    )
    put(
        "numbers", np.where((free_q > 0) & (free_c > 0), 1.0, np.where((free_q > 0) | (free_c > 0), 0.5, 0.0))
    )
    put("one_word", qs == 1)
    shared_letters = np.bincount(
        hp, weights=np.minimum(q_len[q_tok[chosen]], index.token_length[c_tok[chosen]]), minlength=pairs
    )
    put("short", np.clip((5 - shared_letters) / 4, 0, 1))
    q_part = np.asarray([f.part for f in query_forms], dtype=bool)
    put("part", q_part[near.query].astype(np.float32) + index.part[near.form])
    put("class_other", (cls_q >= 0) & (cls_c != UNKNOWN) & (cls_q != cls_c))
    sounded = np.asarray([t[0] == "~" for t in near.tokens], dtype=bool)
    put(
        "sound",
        np.bincount(hp, weights=sounded[q_tok[chosen]] * wq_hit, minlength=pairs) / np.maximum(q_total, 1e-6),
    )
    found_words = np.bincount(hp, weights=hs >= _LIKE, minlength=pairs)
    put("clash", np.clip(np.minimum(qs - found_words, cs - found_words), 0, 3))
    clash = np.flatnonzero(out[:, NAMES.index("clash")] > 0)
    if len(clash):
        unlike = np.zeros(pairs, dtype=np.float32)
        at_q = _where_greatest(q_owner, rest_q, left_q, pairs)[clash]
        at_c = _where_greatest(c_owner, rest_c, left_c, pairs)[clash]
        unlike[clash] = 1 - edit_similarity(
            [near.tokens[i] for i in near.flat[q_flat[at_q]].tolist()],
            [index.tokens[i] for i in index.flat[c_flat[at_c]].tolist()],
        )
        put("clash_unlike", unlike)
    return out


def turned(asked: str, listed: str) -> bool:
    """Whether one plain name is the other begun at another word: ``igor rotenberg``, ``rotenberg igor``."""
    return len(asked) == len(listed) and f" {asked} " in f" {listed} {listed} "


def _max_by(owner: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    out = np.zeros(n, dtype=np.float32)
    np.maximum.at(out, owner, values)
    return out


def _where_greatest(owner: np.ndarray, values: np.ndarray, greatest: np.ndarray, n: int) -> np.ndarray:
    """A position of the greatest value of each owner (0 where it has none)."""
    out = np.zeros(n, dtype=np.int64)
    at = np.flatnonzero(values >= greatest[owner])
    out[owner[at]] = at
    return out


def _ratio(a: list[str], b: list[str]) -> np.ndarray:
    if not a:
        return np.zeros(0, dtype=np.float32)
    return process.cpdist(a, b, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
