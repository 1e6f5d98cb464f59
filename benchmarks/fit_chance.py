# SPDX-License-Identifier: Apache-2.0
"""Fits the printed probability and writes ``src/bilat/parties/match/chance.json``.

Run: ``python benchmarks/fit_chance.py --mirror DIR --firms FILE --han FILE`` where DIR holds
``benchmarks/party_matching`` and ``sources/parties``, and the two files hold names of firms that are not listed, a
name a line: companies of stock exchanges outside the states under sanctions and firms of the states that an officer
meets (docs/parties.md; any script but Han), and short names of Chinese companies (Han).

A fifth of the names, listed or not, is weighed as it stands in a field with more than the name (``noise_freight.py``).
Fitted on the half of every set whose hash is even; the costs of the bands are those of the other half. Listed and
clean names are weighed as one listed name in a hundred has it (``ODDS``), so that the fit is close where the printed
probability is neither near 0 nor near 1. The likeness of a clean name's words to listed ones is counted without that
name, as it is for a name that nobody has seen. ``--folds 5`` prints log score and Brier score by cross-validation on
the half that is fitted on, and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from fit_screening import clean_people, companies, half, index_of, latin_names, read_benchmark, real_queries
from noise_freight import FIRM_KINDS, PERSON_KINDS
from scipy.optimize import minimize

from bilat.parties.match.chance import (
    BENDS,
    BESIDE,
    CANDIDATES,
    CLASSES,
    COLUMNS,
    HAN_NAME,
    KNOTS,
    ONE_WORD,
    OTHER_NAME,
    PERSON_NAME,
    RUNS,
    WORDS,
    Bend,
    Top,
    basis,
    bend_basis,
)
from bilat.parties.match.index import (
    ORGANISATION,
    NameIndex,
    Party,
    clean_counts,
    likeness,
    party_class,
)
from bilat.parties.match.matching import BATCH, Matcher, NameQuery
from bilat.parties.match.pairing import NAMES
from bilat.parties.names.forms import forms
from bilat.parties.names.script import has_han
from bilat.parties.names.skeleton import skeleton, stem

SEED = 7
#: Listed names to a clean one in the fit, and the penalty on the slopes, per class. By cross-validation on the half
#: that is fitted on, against even odds and a penalty of 2 (docs/parties.md has the figures).
ODDS = {PERSON_NAME: 0.01, OTHER_NAME: 0.01, HAN_NAME: 1.0, ONE_WORD: 0.03}
RIDGE = {PERSON_NAME: 0.1, OTHER_NAME: 0.1, HAN_NAME: 2.0, ONE_WORD: 0.02}
#: Folds, and penalty on leaving the straight line, of the last correction; the penalty by log score in nested folds.
FOLDS, STRAIGHT = 5, 0.3
#: Made-up people that are asked.
PEOPLE = 20000
#: Weight of the names copied letter by letter, as a share of that of the others.
COPIED = 0.25
#: Share of fields that hold more than a name, listed or not, in the fit.
NOISY = 0.2
#: Points of the table of costs.
POINTS = np.arange(-4.0, 12.01, 0.25)
#: Direction in which each column may move the chance: a better agreement never lowers it.
RISING = {
    "shared",
    "query_covered",
    "listed_covered",
    "identical_written",
    "legal_same",
    "spelling",
    "identical",
}
FALLING = {"one_word", "short", "query_rest", "listed_rest", "part", "initials", "respelled", "class_other"}
#: Of the columns on single words, those in which a class's chance may only rise, and those that are free.
WORDS_RISING = {
    OTHER_NAME: WORDS[:5],
    ONE_WORD: (*WORDS[:3], *WORDS[6:11]),
}
WORDS_FREE = {OTHER_NAME: WORDS[5:6], ONE_WORD: WORDS[11:]}
#: Sets of clean names whose words are among those counted.
COUNTED = ("people", "firms", "clean words", "noisy clean")
Set = tuple[
    dict[str, np.ndarray], list[dict], int, str
]  # what was found, of which names, listed or not, which set


def word_of(names: Sequence[str], borne: Callable[[str], int]) -> str | None:
    """What a firm goes by in one word, by rule: its first name of one word but for the legal form, else the rarest word
    of its first name (``borne``: listed parties that bear it). None where no word has three letters.
    """
    rarest = None
    for n, name in enumerate(names):
        read = () if has_han(name) else forms(name, False)
        if not read:
            continue
        keys = {w: stem(skeleton(w)) for w in read[0].plain.split() if w.isalpha() and len(w) >= 3}
        words = [w for w, key in keys.items() if key in read[0].tokens]
        if len(words) == 1 and len(read[0].tokens) == 1:
            return words[0]
        if n == 0 and words:
            rarest = min(words, key=lambda w: borne(keys[w]))
    return rarest


def words_of_firms(parties: list[dict], firms: list[dict], index: NameIndex) -> tuple[list[dict], list[dict]]:
    """(listed, clean): single words that OFAC's firms and firms that are not listed go by (:func:`word_of`).

    A clean word is of the half that is not fitted on where all firms that go by it are.
    """

    def borne(token: str) -> int:
        at = index.vocabulary.get(token)
        return 0 if at is None else int(index.df[at])

    listed: dict[str, list[str]] = {}
    for p in parties:
        if p["id"].startswith("ofac-") and party_class(p["schema"]) == ORGANISATION:
            word = word_of(latin_names(p), borne)
            if word:
                listed.setdefault(word, []).append(p["id"])
    clean: dict[str, int] = {}
    for q in firms:
        word = word_of([q["q"]], borne)
        if word:
            clean[word] = min(clean.get(word, 1), half(q["q"]))
    return (
        [
            {"q": w, "schema": "LegalEntity", "target": t, "half": half(t[0])}
            for w, t in sorted(listed.items())
        ],
        [{"q": w, "schema": "LegalEntity", "half": h} for w, h in sorted(clean.items())],
    )


def side(query: dict) -> int:
    """0 (fitted on) or 1 (kept back)."""
    return int(query["half"]) if "half" in query else half(query.get("from_") or query["q"])


def like_of_others(index: NameIndex, tokens: Sequence[str]) -> float:
    """Likeness to listed words of a clean name that is itself among the clean names counted: without it."""
    counts, names = clean_counts()
    at = [index.vocabulary[t] for t in tokens if t in index.vocabulary]
    if not at:
        return 0.0
    away = np.asarray([counts.get(index.tokens[n], 0) - 1 for n in at], dtype=float)
    away[away < 2] = 0
    return float(likeness(index.df[at], len(index), away, names).max())


def tops(
    matcher: Matcher, queries: list[dict], schema: bool = True, counted: bool = False
) -> dict[str, np.ndarray]:
    """Per query the scores, parties (-1: none), right ones, and what is told of the best pair.

    ``counted``: the names of the half that is fitted on are among those of ``clean_counts.json``.
    """
    n = len(queries)
    out: dict[str, np.ndarray] = {
        "scores": np.full((n, CANDIDATES), -np.inf),
        "right": np.zeros((n, CANDIDATES), dtype=bool),
        "features": np.zeros((n, len(NAMES))),
    }
    out |= {key: np.zeros(n) for key in ("like", "letters", "no_form", "derived", "person", "run", "han")}
    index = matcher.index
    for at in range(0, n, BATCH):
        batch = queries[at : at + BATCH]
        pairs = matcher.pairs([NameQuery(q["q"], q.get("schema") if schema else None) for q in batch])
        if not len(pairs.query):
            continue
        best = pairs.best_per_party()
        told = pairs.told(best)
        of = pairs.query[best]
        place = np.arange(len(best)) - np.searchsorted(of, of)
        for k in np.flatnonzero(place < CANDIDATES).tolist():
            pair, q, p = int(best[k]), at + int(of[k]), int(place[k])
            out["scores"][q, p] = pairs.log_odds[pair]
            out["right"][q, p] = index.ids[pairs.party[pair]] in queries[q].get("target", ())
            if p == 0:
                form = pairs.reading[pair].form
                own = counted and side(queries[q]) == 0
                out["features"][q] = told[k]
                out["like"][q] = like_of_others(index, form.tokens) if own else pairs.list_like[pair]
                out["letters"][q] = sum(map(len, form.tokens))
                out["no_form"][q] = not form.legal
                out["derived"][q] = index.made[pairs.form[pair]]
                out["person"][q] = pairs.person[pair]
                out["run"][q] = pairs.reading[pair].run
                out["han"][q] = has_han(pairs.reading[pair].text)
    out["kind"] = top_of(out).kinds(out["han"] > 0)
    return out


def top_of(t: dict[str, np.ndarray]) -> Top:
    """The best pairs, as the package takes them."""
    s = np.where(np.isfinite(t["scores"]), t["scores"], KNOTS[0] - 4)
    told = (t[key] for key in ("features", "like", "letters", "no_form", "derived", "person", "run"))
    return Top(s[:, 0], s[:, 1], *told)


def bounds_of(kind: int) -> list[tuple[float | None, float | None]]:
    """How far each column may move the chance of a class; a column that the class has no use for not at all."""
    rising, falling, free = (0.0, None), (None, 0.0), (None, None)
    first = [rising] * (len(KNOTS) - 1 + 3)
    beside = [rising if b in RISING else falling for b in BESIDE]
    up, any_way = WORDS_RISING.get(kind, ()), WORDS_FREE.get(kind, ())
    words = [rising if w in up else free if w in any_way else (0.0, 0.0) for w in WORDS]
    return [*first, *beside, *words, *([free] * len(RUNS))]


def fit_listed(x: np.ndarray, y: np.ndarray, w: np.ndarray, kind: int) -> tuple[float, np.ndarray]:
    """Intercept (at even odds) and slopes of a logistic model, ridge on standardised columns, monotone."""
    mean, spread = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / spread
    ridge = RIDGE[kind]

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        value = z @ p[1:] + p[0]
        residual = w * (1 / (1 + np.exp(-value)) - y)
        total = np.sum(w * (np.logaddexp(0, value) - y * value)) + ridge * np.sum(p[1:] ** 2) / 2
        return float(total), np.r_[residual.sum(), z.T @ residual + ridge * p[1:]]

    found = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[(None, None), *bounds_of(kind)],
        options={"maxiter": 3000, "maxfun": 6000},
    )  # fmt: skip
    slope = found.x[1:] / spread
    return float(found.x[0] - np.sum(slope * mean) - np.log(ODDS[kind])), slope


def weights_of(kind: int, y: np.ndarray, what: np.ndarray) -> np.ndarray:
    """Weights of a class's names: a set each, listed against clean ones as ``ODDS`` has it; clean ones are 1,000."""
    if kind == ONE_WORD:
        w = np.isin(what, ("real", "words", "clean words")).astype(float)
    else:
        w = (~np.isin(what, ("words", "clean words"))).astype(float)
        of = what == "copied"
        w[of] *= COPIED * np.sum(np.isin(what, ("real", "zh"))) / max(of.sum(), 1)
        for of, than in (
            (what == "noisy", what == "real"),
            (what == "noisy clean", np.isin(what, ("people", "firms"))),
        ):
            w[of] *= NOISY / (1 - NOISY) * than.sum() / max(of.sum(), 1)
    w[y == 0] *= 1000 / w[y == 0].sum()
    w[y == 1] *= 1000 * ODDS[kind] / w[y == 1].sum()
    return w


def fit_shares(t: dict[str, np.ndarray], rows: np.ndarray) -> tuple[float, float]:
    """Sharpness and the score of none of these, by likelihood of the right candidate."""
    s = np.where(np.isfinite(t["scores"][rows]), t["scores"][rows], -30.0)
    right = t["right"][rows]

    def loss(p: np.ndarray) -> float:
        e = np.exp(np.clip(p[0] * (s - s[:, :1]), -60, 0))
        none = np.exp(np.clip(p[0] * (p[1] - s[:, 0]), -60, 60))
        hit = np.where(right.any(1), (e * right).sum(1), none)
        return float(-np.log(np.maximum(hit, 1e-12) / (e.sum(1) + none)).sum())

    found = minimize(loss, np.asarray([1.0, -4.0]), method="Nelder-Mead", bounds=[(0.3, 1.5), (-12.0, 2.0)])
    return float(found.x[0]), float(found.x[1])


def clean_lines(path: Path, most: int) -> list[dict]:
    lines = sorted(set(filter(None, path.read_text("utf-8").split("\n"))))
    random.Random(SEED).shuffle(lines)
    return [{"q": x, "schema": "LegalEntity"} for x in lines[:most]]


def aliases_of(parties: list[dict], most: int) -> list[dict]:
    """Names as OFAC lists them, of firms and persons, one a party."""
    rng = random.Random(SEED)
    out = [
        {"q": rng.choice(names), "schema": p["schema"], "target": [p["id"]]}
        for p in parties
        if p["id"].startswith("ofac-")
        and p["schema"] in ("LegalEntity", "Person")
        and (names := latin_names(p))
    ]
    rng.shuffle(out)
    return out[:most]


def write_clean_counts(names: list[dict], path: Path) -> None:
    """How many names that are not listed bear each token (of the half that is fitted on); one bearer is left out."""
    index = NameIndex(
        Party(str(n), q["schema"], (q["q"],)) for n, q in enumerate(names) if not has_han(q["q"])
    )
    by_count: dict[int, list[str]] = {}
    for token, n in zip(index.tokens, index.df.tolist(), strict=True):
        if n >= 2:
            by_count.setdefault(n, []).append(token)
    table = {
        "about": "names per token (skeleton): made-up people, and companies, that are not listed",
        "made_by": "benchmarks/fit_chance.py",
        "names": len(index),
        "tokens": {str(n): " ".join(sorted(ts)) for n, ts in sorted(by_count.items())},
    }
    path.write_text(json.dumps(table, indent=0) + "\n", "utf-8")
    clean_counts.cache_clear()


def cost_table(value: np.ndarray, clean: np.ndarray) -> list[list[float]]:
    """[log-odds, share of clean names at or above, share of listed names at or above]."""
    return [
        [float(p), round(float(np.mean(value[clean] >= p)), 5), round(float(np.mean(value[~clean] >= p)), 4)]
        for p in POINTS
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--firms", type=Path, required=True)
    parser.add_argument("--han", type=Path, required=True)
    parser.add_argument(
        "--scores", type=Path, help="where the scores are kept, for further runs of the same code"
    )
    parser.add_argument("--folds", type=int, help="cross-validate instead of fitting")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "src/bilat/parties/match/chance.json"
    )
    args = parser.parse_args()
    started = time.perf_counter()
    parties, queries = read_benchmark(args.mirror)
    reported = {q["q"] for q in queries["neg"]}
    people = clean_people(args.mirror)
    random.Random(SEED).shuffle(people)
    firms = [q for q in companies(parties, args.firms) if q["q"] not in reported]
    if not args.folds:
        counted = [q for q in people + firms if half(q["q"]) == 0]
        write_clean_counts(counted, args.out.with_name("clean_counts.json"))
    if args.scores and args.scores.is_file():
        sets = pickle.loads(args.scores.read_bytes())
    else:
        sets = the_sets(parties, queries, people, firms, clean_lines(args.han, 6000))
        if args.scores:
            args.scores.write_bytes(pickle.dumps(sets))
    print(f"{time.perf_counter() - started:.0f} s for the scores")
    data = {k: np.concatenate([t[k] for t, *_ in sets]) for k in sets[0][0]}
    x = np.concatenate([basis(top_of(t)) for t, *_ in sets])
    y = np.concatenate([np.full(len(q), label) for _, q, label, _ in sets])
    what = np.concatenate([np.full(len(q), name) for _, q, _, name in sets])
    held = np.asarray([side(r) for _, q, *_ in sets for r in q], dtype=bool)
    if args.folds:
        keys = [(r.get("target") or [r.get("bare", r["q"])])[0] for _, q, *_ in sets for r in q]
        cross_validate(data, x, y, what, ~held, keys, args.folds)
        return
    table: dict = {"made_by": "benchmarks/fit_chance.py", "columns": list(COLUMNS)}
    found: dict[str, list] = {"intercept": [], "slope": [], "sharpness": [], "none_of_these": []}
    cost = {}
    keys = [(r.get("target") or [r.get("bare", r["q"])])[0] for _, q, *_ in sets for r in q]
    out_of_fold = unseen(data, x, y, what, ~held, folds_of(keys, FOLDS))
    bend = fit_bend(out_of_fold, y, what, ~held & (data["kind"] <= OTHER_NAME))
    for k, name in enumerate(CLASSES):
        of = data["kind"] == k
        intercept, slope, sharp, none = fit_class(k, data, x, y, what, of & ~held)
        for key, v in zip(found, (intercept, [round(float(s), 4) for s in slope], sharp, none), strict=True):
            found[key].append(v if isinstance(v, list) else round(v, 4))
        words = np.isin(what, ("words", "clean words"))
        out = (
            of
            & held
            & ~np.isin(what, ("copied", "noisy", "noisy clean"))
            & (words if k == ONE_WORD else ~words)
        )
        value = bend.of(intercept + x[out] @ slope, np.full(int(out.sum()), k))
        cost[name] = cost_table(value, y[out] == 0)
        print(name, "held out", int(y[out].sum()), int((y[out] == 0).sum()), "sharpness", round(sharp, 3),
              "none", round(none, 2))  # fmt: skip
        for p in (0.9, 0.5, 0.1):
            at = np.log(p / (1 - p)) + np.log(99)
            print(f"   p>={p}: clean {np.mean(value[y[out] == 0] >= at) * 1000:.2f} a thousand, "
                  f"found {np.mean(value[y[out] == 1] >= at):.3f}")  # fmt: skip
        other = of & held & np.isin(what, ("noisy", "noisy clean"))
        value = bend.of(intercept + x[other] @ slope, np.full(int(other.sum()), k))
        for p in (0.5, 0.1) if other.any() else ():
            at = np.log(p / (1 - p)) + np.log(99)
            print(f"   with noise, p>={p}: clean {np.mean(value[y[other] == 0] >= at) * 1000:.2f} a thousand, "
                  f"found {np.mean(value[y[other] == 1] >= at):.3f}")  # fmt: skip
    assert bend.slope is not None
    table["bend"] = {"at": BENDS, "intercept": bend.intercept, "slope": bend.slope.tolist()}
    args.out.write_text(json.dumps({**table, **found, "cost": cost}, indent=1) + "\n", "utf-8")


def the_sets(
    parties: list[dict],
    queries: dict[str, list[dict]],
    people: list[dict],
    firms: list[dict],
    han: list[dict],
) -> list[Set]:
    """All names with what is found of them, once with the kind of party given and once without."""
    latin, every = Matcher(index_of(parties, "ofac-")), Matcher(index_of(parties))
    # Names copied letter by letter are asked too; the lists of the EU and Ukraine have every fourth name so.
    copied = [
        q for q in queries["real"] if q["verbatim"] and q["schema"] != "Vessel" and "ofac-" in q["target"][0]
    ]
    words, clean_words = words_of_firms(parties, firms, latin.index)
    out: list[Set] = []
    for schema in (True, False):
        for name, matcher, these, label in (
            ("real", latin, real_queries(queries), 1),
            ("copied", latin, copied + aliases_of(parties, 600), 1),
            ("words", latin, words, 1),
            ("people", latin, people[:PEOPLE], 0),
            ("firms", latin, firms, 0),
            ("clean words", latin, clean_words, 0),
            ("noisy", latin, noisy(real_queries(queries), 3), 1),
            ("noisy clean", latin, noisy(people[:3000] + firms[:6000], 1), 0),
            ("zh", every, queries["zh"], 1),
            ("han", every, han, 0),
        ):
            found = tops(matcher, these, schema, counted=name in COUNTED)
            if name == "firms":
                same = (found["features"][:, NAMES.index("identical_written")] > 0) & (found["run"] == 0)
                same &= np.asarray([len(q["q"].split()) > 1 for q in these])
                print(f"{int(same.sum())} firms left out that bear the very name of a listed party")
                found = {k: v[~same] for k, v in found.items()}
                these = [q for q, s in zip(these, same, strict=True) if not s]
            out.append((found, these, label, name))
    return out


def noisy(names: list[dict], times: int) -> list[dict]:
    """The names as they stand on freight papers, each ``times`` times over, with another kind of noise each."""
    rng = random.Random(SEED)
    out = []
    for q in names:
        kinds = PERSON_KINDS if q["schema"] == "Person" else FIRM_KINDS
        for kind in rng.sample(sorted(kinds), times):
            out.append({"from_": q["q"], **q, "q": kinds[kind](q["q"], rng), "bare": q["q"]})
    return out


def fit_class(
    kind: int, data: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray, what: np.ndarray, rows: np.ndarray
) -> tuple[float, np.ndarray, float, float]:
    """Intercept, slopes, sharpness and the score of none of these, of one class on the given rows."""
    w = weights_of(kind, y[rows], what[rows])
    use = w > 0
    intercept, slope = fit_listed(x[rows][use], y[rows][use], w[use], kind)
    words = np.isin(what, ("words", "clean words"))
    return intercept, slope, *fit_shares(data, rows & (y == 1) & ((kind == ONE_WORD) | ~words))


def cross_validate(
    data: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray, what: np.ndarray, rows: np.ndarray, keys: list[str],
    folds: int,
) -> None:  # fmt: skip
    """Print log score and Brier score, in thousandths, of the chance of being listed at one name in a hundred, as
    fitted and with the last correction (of the folds left out, too).
    """
    fold = folds_of(keys, folds)
    value = unseen(data, x, y, what, rows, fold)
    bent = value.copy()
    for f in range(folds):
        of = rows & (fold == f)
        bend = fit_bend(value, y, what, rows & (fold != f) & (data["kind"] <= OTHER_NAME))
        bent[of] = bend.of(value[of], data["kind"][of])
    for name, v in (("as fitted", value), ("bent", bent)):
        print(name)
        tell(v, y, what, rows)


def folds_of(keys: list[str], folds: int) -> np.ndarray:
    """The fold of each name, by its party."""
    return np.asarray([int(hashlib.sha1(b"fold " + k.encode()).hexdigest(), 16) % folds for k in keys])


def unseen(
    data: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray, what: np.ndarray, rows: np.ndarray, fold: np.ndarray
) -> np.ndarray:  # fmt: skip
    """Log-odds of each of ``rows`` by the fit of the other folds."""
    value = np.zeros(len(y))
    for kind in range(len(CLASSES)):
        of = rows & (data["kind"] == kind)
        for f in range(int(fold.max()) + 1):
            intercept, slope, *_ = fit_class(kind, data, x, y, what, of & (fold != f))
            value[of & (fold == f)] = intercept + x[of & (fold == f)] @ slope
    return value


def fit_bend(value: np.ndarray, y: np.ndarray, what: np.ndarray, rows: np.ndarray) -> Bend:
    """The curve that makes log-odds of names not fitted on bear out, at one listed name in a hundred."""
    one, none = rows & (what == "real"), rows & np.isin(what, ("people", "firms"))
    use = one | none
    w = np.where(one, 10 / one.sum(), np.where(none, 1000 / none.sum(), 0.0))[use]
    b, truth = bend_basis(value[use] - np.log(99)), y[use]

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        v = p[0] + b @ p[1:]
        residual = w * (1 / (1 + np.exp(-np.clip(v, -40, 40))) - truth)
        away = p[1:] - 1
        total = np.sum(w * (np.logaddexp(0, v) - truth * v)) + STRAIGHT * np.sum(away**2)
        return float(total), np.r_[residual.sum(), b.T @ residual + 2 * STRAIGHT * away]

    n = b.shape[1]
    bounds: list[tuple[float | None, float | None]] = [(None, None), *([(0.05, None)] * n)]
    found = minimize(loss, np.r_[0.0, np.ones(n)], jac=True, method="L-BFGS-B", bounds=bounds)
    return Bend(round(float(found.x[0]), 4), found.x[1:].round(4))


def tell(value: np.ndarray, y: np.ndarray, what: np.ndarray, rows: np.ndarray) -> None:
    """Print the scores, and what each band costs and finds."""
    p = 1 / (1 + np.exp(np.log(99) - np.clip(value, -30, 30)))
    for name, listed, clean in (
        ("names", ("real",), ("people", "firms")), ("single words", ("words",), ("clean words",)),
        ("Han", ("zh",), ("han",)),
    ):  # fmt: skip
        one, none = rows & np.isin(what, listed), rows & np.isin(what, clean)
        w = np.where(one, 0.01 / one.sum(), np.where(none, 0.99 / none.sum(), 0.0))
        log = -np.sum(w * np.log(np.maximum(np.where(y == 1, p, 1 - p), 1e-12)))
        print(f"{name}: log score {log * 1000:.3f}, Brier score {np.sum(w * (p - y) ** 2) * 1000:.3f}")
        for least in (0.9, 0.5, 0.1):
            alerts, hit = np.mean(p[none] >= least) * 1000, np.mean(p[one] >= least)
            print(f"   p>={least}: clean {alerts:.2f} a thousand, found {hit:.3f}")


if __name__ == "__main__":
    main()
