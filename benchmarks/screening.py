# SPDX-License-Identifier: Apache-2.0
"""Screening, side by side: bilat, rapidfuzz, TF-IDF and, where installed, nomenklatura, in one run.

Run: ``python benchmarks/screening.py --mirror DIR [--systems bilat,rapidfuzz,tfidf,nomenklatura]``. Writes
``benchmarks/screening.md`` (the scorecard), ``screening.json`` and ``screening_reliability.svg``.

Index: Latin names only. Real cross-list names are scored against OFAC's parties; perturbed and Chinese names
against all parties. A name is detected when its right party scores above the threshold that lets a given
share of the clean names through.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_screening import clean_firms, clean_people, half, index_of, latin_names, read_benchmark, real_queries

from bilat.parties.matching import BATCH, Matcher, NameQuery

Ranked = list[list[tuple[str, float]]]  # per query: (party id, score), best first


@dataclass
class System:
    """A matcher under test: built on parties, then asked batches of names."""

    name: str
    build: Callable[[list[dict]], Callable[[list[dict]], Ranked]]


def bilat_system(parties: list[dict]) -> Callable[[list[dict]], Ranked]:
    matcher = Matcher(index_of(parties))

    def ask(queries: list[dict]) -> Ranked:
        out: Ranked = [[] for _ in queries]
        for at in range(0, len(queries), BATCH):
            batch = [NameQuery(q["q"], q.get("schema")) for q in queries[at : at + BATCH]]
            pairs = matcher.pairs(batch)
            for n in pairs.best_per_party().tolist():
                q = at + int(pairs.query[n])
                if len(out[q]) < 10:
                    out[q].append((matcher.index.ids[pairs.party[n]], float(pairs.log_odds[n])))
        return out

    return ask


def _romanised(text: str) -> str:
    from bilat.parties.names.romanise import pinyin, romanise
    from bilat.parties.names.script import has_han

    text = " ".join(pinyin(text)) if has_han(text) else romanise(text.lower())
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def rapidfuzz_system(parties: list[dict]) -> Callable[[list[dict]], Ranked]:
    """token_sort_ratio on romanised lower-case names: what most scripts do."""
    from rapidfuzz import fuzz, process

    owner, choices = [], []
    for p in parties:
        for name in latin_names(p):
            owner.append(p["id"])
            choices.append(_romanised(name))
    sorted_choices = [" ".join(sorted(c.split())) for c in choices]

    def ask(queries: list[dict]) -> Ranked:
        out: Ranked = []
        for at in range(0, len(queries), 100):
            asked = [" ".join(sorted(_romanised(q["q"]).split())) for q in queries[at : at + 100]]
            scores = process.cdist(asked, sorted_choices, scorer=fuzz.ratio, dtype=np.uint8, workers=1)
            for row in scores:
                best: dict[str, float] = {}
                for n in np.argpartition(-row.astype(np.int16), min(60, len(row) - 1))[:60]:
                    best[owner[n]] = max(best.get(owner[n], 0.0), float(row[n]))
                out.append(sorted(best.items(), key=lambda x: -x[1])[:10])
        return out

    return ask


def tfidf_system(parties: list[dict]) -> Callable[[list[dict]], Ranked]:
    """Cosine of character 3-grams on romanised names."""
    from sparse_dot_topn import sp_matmul_topn

    from bilat.parties.index import ngram_matrix, weigh_columns

    owner, choices = [], []
    for p in parties:
        for name in latin_names(p):
            owner.append(p["id"])
            choices.append(_romanised(name).replace(" ", "9"))
    grams = ngram_matrix(choices, (3,), edges=True)
    df = np.bincount(grams.indices, minlength=grams.shape[1])
    weight = np.log((len(choices) + 1) / (df + 1)).astype(np.float32) + np.float32(0.1)
    index = weigh_columns(grams, weight).T.tocsr()

    def ask(queries: list[dict]) -> Ranked:
        out: Ranked = []
        for at in range(0, len(queries), 1000):
            asked = [_romanised(q["q"]).replace(" ", "9") for q in queries[at : at + 1000]]
            rows = weigh_columns(ngram_matrix(asked, (3,), edges=True), weight)
            found = sp_matmul_topn(rows, index, top_n=60, threshold=0.1, sort=True, n_threads=1)
            for i in range(len(asked)):
                best: dict[str, float] = {}
                for n in range(found.indptr[i], found.indptr[i + 1]):
                    p = owner[found.indices[n]]
                    best[p] = max(best.get(p, 0.0), float(found.data[n]))
                out.append(sorted(best.items(), key=lambda x: -x[1])[:10])
        return out

    return ask


def nomenklatura_system(parties: list[dict]) -> Callable[[list[dict]], Ranked]:
    """logic-v2 on the 20 candidates that character TF-IDF proposes (it has no retrieval of its own for
    this).
    """
    from followthemoney import model  # type: ignore[import-not-found]
    from nomenklatura.matching import get_algorithm  # type: ignore[import-not-found]

    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    retrieve = tfidf_system(parties)
    by_id = {p["id"]: p for p in parties}
    made: dict[str, object] = {}

    def proxy(key: str, schema: str, names: tuple[str, ...]) -> object:
        return model.get_proxy({"id": key, "schema": schema, "properties": {"name": list(names)}})

    def ask(queries: list[dict]) -> Ranked:
        out: Ranked = []
        for q, found in zip(queries, retrieve(queries), strict=True):
            query = proxy("q", q.get("schema") or "LegalEntity", (q["q"],))
            scored = []
            for key, _ in found:
                if key not in made:
                    made[key] = proxy(key, by_id[key]["schema"], latin_names(by_id[key]))
                scored.append((key, algorithm.compare(query, made[key], config).score))
            out.append(sorted(scored, key=lambda x: -x[1]))
        return out

    return ask


def right_rank(ranked: list[tuple[str, float]], targets: set[str]) -> int | None:
    """Rank (from 0) of the first right party, None where none is among the ten."""
    return next((n for n, (key, _) in enumerate(ranked) if key in targets), None)


def figures(ranked: Ranked, queries: list[dict], thresholds: dict[str, float]) -> dict[str, float]:
    """Recall at 1 and 10, and the share detected above each threshold."""
    ranks = [right_rank(r, set(q["target"])) for r, q in zip(ranked, queries, strict=True)]
    out = {
        "n": len(queries),
        "r1": float(np.mean([r == 0 for r in ranks])),
        "r10": float(np.mean([r is not None for r in ranks])),
    }
    for name, threshold in thresholds.items():
        scores = [-np.inf if r is None else rows[r][1] for r, rows in zip(ranks, ranked, strict=True)]
        out[name] = float(np.mean(np.asarray(scores) > threshold))
    return out


def top_scores(ranked: Ranked) -> np.ndarray:
    """Best score per query (minus infinity where nothing came back)."""
    return np.asarray([r[0][1] if r else -np.inf for r in ranked])


def evaluate(system: System, parties: list[dict], queries: dict[str, list[dict]], clean: list[dict]) -> dict:
    """All figures of one system."""
    ofac = [p for p in parties if p["id"].startswith("ofac-")]
    started = time.perf_counter()
    ask = system.build(ofac)
    build = time.perf_counter() - started
    real = real_queries(queries)
    ask(real[:20])
    started = time.perf_counter()
    ranked = ask(real)
    seconds = time.perf_counter() - started
    negative = top_scores(ask(queries["neg"]))
    many = top_scores(ask(clean))
    thresholds = {
        "at_1pct": float(np.quantile(negative, 0.99)),
        "at_1pct_many": float(np.quantile(many, 0.99)),
        "at_01pct_many": float(np.quantile(many, 0.999)),
    }
    groups = {
        "real": lambda q: True,
        "real_held_out": lambda q: half(q["from_"]) == 1,
        "original_script": lambda q: q["kind"] == "real_orig_script",
        "original_script_held_out": lambda q: q["kind"] == "real_orig_script" and half(q["from_"]) == 1,
    }
    out: dict = {
        "system": system.name,
        "build_s": build,
        "names_per_s": len(real) / seconds,
        "clean": len(clean),
    }
    for name, keep in groups.items():
        chosen = [n for n, q in enumerate(real) if keep(q)]
        out[name] = figures([ranked[n] for n in chosen], [real[n] for n in chosen], thresholds)
    out["seconds_clean"] = None
    ask = system.build(parties)
    for key, name in (("syn", "perturbed"), ("zh", "chinese")):
        out[name] = figures(ask(queries[key]), queries[key], {})
    firms = [q for q in queries["zh"] if q["kind"] != "zh_person"]
    only = [q for q in firms if q["kind"] == "zh_org"]
    out["chinese_firms"] = figures(ask(only), only, {})
    out["chinese_organisations"] = figures(ask(firms), firms, {})
    out["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return out


SYSTEMS = {
    "bilat": System("bilat", bilat_system),
    "rapidfuzz": System("rapidfuzz token sort", rapidfuzz_system),
    "tfidf": System("TF-IDF 3-grams", tfidf_system),
    "nomenklatura": System("nomenklatura logic-v2", nomenklatura_system),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--systems", default="bilat,rapidfuzz,tfidf")
    parser.add_argument("--clean", type=int, default=20000, help="clean names for the 0.1 %% figure")
    args = parser.parse_args()
    parties, queries = read_benchmark(args.mirror)
    clean = [q for q in clean_people(args.mirror) if half(q["q"]) == 1]
    random.Random(11).shuffle(clean)
    clean = clean[: args.clean]
    clean += [q for q in clean_firms(args.mirror, parties) if half(q["q"]) == 1]
    results = []
    for key in args.systems.split(","):
        few = clean if key in ("bilat", "tfidf") else clean[:300]
        results.append(evaluate(SYSTEMS[key], parties, queries, few))
        print(json.dumps(results[-1], indent=1))


if __name__ == "__main__":
    main()
