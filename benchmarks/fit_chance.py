# SPDX-License-Identifier: Apache-2.0
"""Fits the printed probability and writes ``src/bilat/parties/chance.json``.

Run: ``python benchmarks/fit_chance.py --mirror DIR --firms FILE --han FILE`` where DIR holds
``benchmarks/party_matching`` and ``sources/parties``, and the two files hold names of firms that are not listed, a
name a line: registered companies of stock exchanges outside the states under sanctions (Latin letters), and short
names of Chinese companies (Han).

Fitted on the half of every set whose hash is even; the costs of the bands are those of the other half.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
from fit_screening import clean_people, companies, half, index_of, latin_names, read_benchmark, real_queries
from scipy.optimize import minimize

from bilat.parties.chance import BESIDE, CANDIDATES, CLASSES, HAN_NAME, KNOTS, OTHER_NAME, PERSON_NAME, basis
from bilat.parties.index import NameIndex, Party, clean_counts
from bilat.parties.matching import BATCH, Matcher, NameQuery
from bilat.parties.names.script import has_han, is_latin
from bilat.parties.pairing import NAMES

SEED = 7
#: Penalty on the slopes. 0.5 was tried too: on the other half the log score is worse by .0004 (90%: .0001 to .0007),
#: the Brier score no different, so it stays.
RIDGE = 2.0
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


def tops(matcher: Matcher, queries: list[dict], schema: bool = True) -> dict[str, np.ndarray]:
    """Per query the scores, parties (-1: none), right ones, and the features of the best pair."""
    n = len(queries)
    scores = np.full((n, CANDIDATES), -np.inf)
    right = np.zeros((n, CANDIDATES), dtype=bool)
    features = np.zeros((n, len(NAMES)))
    like = np.zeros(n)
    person = np.zeros(n, dtype=bool)
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
            pair, q, p = best[k], at + int(of[k]), int(place[k])
            scores[q, p] = pairs.log_odds[pair]
            right[q, p] = matcher.index.ids[pairs.party[pair]] in queries[q].get("target", ())
            if p == 0:
                features[q] = told[k]
                like[q] = pairs.list_like[pair]
                person[q] = pairs.person[pair]
    kind = np.where([has_han(q["q"]) for q in queries], HAN_NAME, np.where(person, PERSON_NAME, OTHER_NAME))
    return {"scores": scores, "right": right, "features": features, "like": like, "kind": kind}


def columns(t: dict[str, np.ndarray]) -> np.ndarray:
    s = np.where(np.isfinite(t["scores"]), t["scores"], KNOTS[0] - 4)
    return basis(s[:, 0], s[:, 1], t["like"], t["features"])


def fit_listed(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    """Intercept and slopes of a logistic model, ridge on standardised columns, monotone."""
    mean, spread = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / spread

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        value = z @ p[1:] + p[0]
        residual = w * (1 / (1 + np.exp(-value)) - y)
        total = np.sum(w * (np.logaddexp(0, value) - y * value)) + RIDGE * np.sum(p[1:] ** 2) / 2
        return float(total), np.r_[residual.sum(), z.T @ residual + RIDGE * p[1:]]

    pieces = len(KNOTS) - 1
    bounds = [(None, None), *([(0.0, None)] * (pieces + 3))]
    bounds += [(0.0, None) if b in RISING else (None, 0.0) for b in BESIDE]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    slope = found.x[1:] / spread
    return float(found.x[0] - np.sum(slope * mean)), slope


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
    index = NameIndex(Party(str(n), q["schema"], (q["q"],)) for n, q in enumerate(names) if is_latin(q["q"]))
    by_count: dict[int, list[str]] = {}
    for token, n in zip(index.tokens, index.df.tolist(), strict=True):
        if n >= 2:
            by_count.setdefault(n, []).append(token)
    table = {
        "about": "names per token (skeleton): made-up people, and companies of stock exchanges, that are not listed",
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
        "--out", type=Path, default=Path(__file__).parents[1] / "src/bilat/parties/chance.json"
    )
    args = parser.parse_args()
    started = time.perf_counter()
    parties, queries = read_benchmark(args.mirror)
    reported = {q["q"] for q in queries["neg"]}
    people = clean_people(args.mirror)
    random.Random(SEED).shuffle(people)
    firms = [q for q in companies(parties, args.firms) if q["q"] not in reported]
    write_clean_counts(
        [q for q in people + firms if half(q["q"]) == 0], args.out.with_name("clean_counts.json")
    )
    latin = Matcher(index_of(parties, "ofac-"))
    every = Matcher(index_of(parties))
    real = real_queries(queries)
    # Names copied letter by letter are asked too; the lists of the EU and Ukraine have every fourth name so.
    copied = [
        q for q in queries["real"] if q["verbatim"] and q["schema"] != "Vessel" and "ofac-" in q["target"][0]
    ]
    copied += aliases_of(parties, 600)
    han = clean_lines(args.han, 6000)
    tested = firms[:10000]
    sets = []
    for schema in (True, False):
        for matcher, these, label, weight in (
            (latin, real, 1, 1.0),
            (latin, copied, 1, 0.25 * len(real) / len(copied)),
            (latin, people[:8000], 0, 1.0),
            (latin, tested, 0, 1.0),
            (every, queries["zh"], 1, 1.0),
            (every, han, 0, 1.0),
        ):
            found = tops(matcher, these, schema)
            if these is tested:
                same = found["features"][:, NAMES.index("identical_written")] > 0
                same &= np.asarray([len(q["q"].split()) > 1 for q in tested])
                print(f"{int(same.sum())} firms left out that bear the very name of a listed party")
                found = {k: v[~same] for k, v in found.items()}
                these = [q for q, s in zip(tested, same, strict=True) if not s]
            sets.append((found, these, label, weight))
    print(f"{time.perf_counter() - started:.0f} s for the scores")
    data = {k: np.concatenate([t[k] for t, *_ in sets]) for k in sets[0][0]}
    x = np.concatenate([columns(t) for t, *_ in sets])
    y = np.concatenate([np.full(len(q), label) for _, q, label, _ in sets])
    given = np.concatenate([np.full(len(q), w) for _, q, _, w in sets])
    shown = np.concatenate([np.full(len(q), q is not copied) for _, q, *_ in sets])
    held = np.concatenate([[half(r.get("from_") or r["q"]) for r in q] for _, q, *_ in sets]).astype(bool)
    table: dict = {
        "made_by": "benchmarks/fit_chance.py",
        "columns": [*map(str, KNOTS[:-1]), "gap", "like", "like covered", *BESIDE],
    }
    found: dict[str, list] = {"intercept": [], "slope": [], "sharpness": [], "none_of_these": []}
    cost = {}
    for k, name in enumerate(CLASSES):
        rows = (data["kind"] == k) & ~held
        n_listed, n_clean = int((y[rows] == 1).sum()), int((y[rows] == 0).sum())
        listed = given[rows][y[rows] == 1].sum()
        w = np.where(y[rows] == 1, given[rows] * n_clean / max(listed, 1), 1.0) * 1000 / max(n_clean, 1)
        intercept, slope = fit_listed(x[rows], y[rows], w)
        sharp, none = fit_shares(data, rows & (y == 1))
        for key, v in zip(found, (intercept, [round(float(s), 4) for s in slope], sharp, none), strict=True):
            found[key].append(v if isinstance(v, list) else round(v, 4))
        out = (data["kind"] == k) & held & shown
        value = intercept + x[out] @ slope
        cost[name] = cost_table(value, y[out] == 0)
        exact = (data["kind"] == k) & held & ~shown
        print(f"   copied names, p>=0.5: {np.mean(intercept + x[exact] @ slope >= np.log(99)):.3f}")
        print(name, "fitted on", n_listed, n_clean, "held out", int(y[out].sum()), int((y[out] == 0).sum()),
              "sharpness", round(sharp, 3), "none", round(none, 2))  # fmt: skip
        for p in (0.9, 0.5, 0.1, 0.05, 0.01):
            at = np.log(p / (1 - p)) + np.log(99)
            print(f"   p>={p}: clean {np.mean(value[y[out] == 0] >= at) * 1000:.2f} a thousand, "
                  f"found {np.mean(value[y[out] == 1] >= at):.3f}")  # fmt: skip
    args.out.write_text(json.dumps({**table, **found, "cost": cost}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
