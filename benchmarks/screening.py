# SPDX-License-Identifier: Apache-2.0
"""Screening, side by side: bilat, rapidfuzz, TF-IDF and, where installed, nomenklatura, in one run.

Run: ``python benchmarks/screening.py --mirror DIR [--systems bilat,rapidfuzz,tfidf] [--nomenklatura PYTHON]`` where
PYTHON is the interpreter of an environment that has nomenklatura. Writes ``benchmarks/screening.md`` (the scorecard),
``screening.json`` and ``screening_reliability.svg``. ``--more-clean 'Russia, Cyrillic=FILE'`` (repeatable; a name a
line) adds firms that are not listed, state by state. ``--probability`` measures anew only what rests on the printed
probability and takes the rest from ``screening.json``: for a fit of ``chance.json`` alone.

Index: Latin names only. Real cross-list names are scored against OFAC's parties; perturbed and Chinese names
against all parties. A name is detected when its right party scores above the threshold that lets a given
share of the clean names through.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np
from fit_chance import top_of, tops, words_of_firms
from fit_screening import clean_people, companies, half, index_of, latin_names, read_benchmark, real_queries
from screening_noise import SETS, noise_figures
from screening_pairs import nomenklatura_scores, pairs_figures

from bilat.parties.match.chance import BANDS, KNOTS, chance
from bilat.parties.match.matching import BATCH, Matcher, NameQuery
from bilat.parties.match.screener import BASE_RATE

#: Clean names of the benchmark that set the 1 % threshold.
NEGATIVE = 370
#: Clean names for the systems that are too slow for all of them.
FEW = 300
Ranked = list[list[tuple[str, float]]]  # per query: (party id, score), best first


@dataclass
class System:
    """A matcher under test: built on parties, then asked batches of names."""

    name: str
    build: Callable[[list[dict]], Callable[[list[dict]], Ranked]]


def bilat_system(parties: list[dict], most: int = 10) -> Callable[[list[dict]], Ranked]:
    """bilat's name matching: the best ``most`` parties a query."""
    matcher = Matcher(index_of(parties))

    def ask(queries: list[dict]) -> Ranked:
        out: Ranked = [[] for _ in queries]
        for at in range(0, len(queries), BATCH):
            batch = [NameQuery(q["q"], q.get("schema")) for q in queries[at : at + BATCH]]
            pairs = matcher.pairs(batch)
            for n in pairs.best_per_party().tolist():
                q = at + int(pairs.query[n])
                if len(out[q]) < most:
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

    from bilat.parties.match.index import ngram_matrix, weigh_columns

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


def nomenklatura_system(python: str) -> Callable[[list[dict]], Callable[[list[dict]], Ranked]]:
    """logic-v2 on the twenty candidates that bilat proposes (it has no retrieval of its own).

    ``python`` is the interpreter of an environment that has it.
    """

    def build(parties: list[dict]) -> Callable[[list[dict]], Ranked]:
        retrieve = bilat_system(parties, 20)
        by_id = {p["id"]: p for p in parties}

        def ask(queries: list[dict]) -> Ranked:
            found = retrieve(queries)
            asked = [
                [
                    q.get("schema") or "LegalEntity",
                    q["q"],
                    [[by_id[key]["schema"], list(latin_names(by_id[key]))] for key, _ in of],
                ]
                for q, of in zip(queries, found, strict=True)
            ]
            scores, _ = nomenklatura_scores(asked, python)
            return [
                sorted(zip((k for k, _ in of), s, strict=True), key=lambda x: (-x[1], x[0]))[:10]
                for of, s in zip(found, scores, strict=True)
            ]

        return ask

    return build


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
    started = time.perf_counter()
    ranked = ask(real)
    seconds = time.perf_counter() - started
    thresholds = {"at_1pct": float(np.quantile(top_scores(ask(queries["neg"])), 0.99))}
    started = time.perf_counter()
    many = top_scores(ask(clean))
    clean_seconds = time.perf_counter() - started
    firms = np.asarray([q["schema"] != "Person" for q in clean], dtype=bool)
    if firms.sum() >= 5_000:
        thresholds["at_01pct_firms"] = float(np.quantile(many[firms], 0.999))
    if len(clean) >= 10_000:
        thresholds["at_1pct_many"] = float(np.quantile(many, 0.99))
        thresholds["at_01pct_many"] = float(np.quantile(many, 0.999))
    groups = {
        "real": lambda q: True,
        "real_held_out": lambda q: half(q["from_"]) == 1,
        "original_script": lambda q: q["kind"] == "real_orig_script",
        "original_script_held_out": lambda q: q["kind"] == "real_orig_script" and half(q["from_"]) == 1,
    }
    out: dict = {"system": system.name, "build_s": build, "clean": len(clean)}
    out["names_per_s"] = (len(real) + len(clean)) / (seconds + clean_seconds)
    for name, keep in groups.items():
        chosen = [n for n, q in enumerate(real) if keep(q)]
        out[name] = figures([ranked[n] for n in chosen], [real[n] for n in chosen], thresholds)
    ask = system.build(parties)
    out["perturbed"] = figures(ask(queries["syn"]), queries["syn"], {})
    firms = [q for q in queries["zh"] if q["kind"] == "zh_org"]
    out["chinese_firms"] = figures(ask(firms), firms, {})
    out["chinese_names"] = figures(ask(queries["zh"]), queries["zh"], {})
    return out


def printed(parties: list[dict], queries: dict[str, list[dict]], clean: list[dict]) -> dict[str, np.ndarray]:
    """The first row of each name as it is printed: ``p`` (of the party), ``listed`` (of the name), whether it is
    ``right``, whether the right party is among ten (``among``), and the ``weight`` of the name.

    One name in a hundred is listed, as the printed column takes it: the held-out half of the real names weighs 1 %,
    clean names that nothing was fitted on 99 %.
    """
    matcher = Matcher(index_of(parties, "ofac-"))
    prior = BASE_RATE / (1 - BASE_RATE)
    out: dict[str, list] = {"p": [], "listed": [], "right": [], "among": [], "weight": [], "of": []}
    for of, these, share in (
        ("listed", [q for q in real_queries(queries) if half(q["from_"]) == 1], BASE_RATE),
        ("clean", clean, 1 - BASE_RATE),
    ):
        t = tops(matcher, these)
        s = np.where(np.isfinite(t["scores"]), t["scores"], KNOTS[0] - 4)
        listed = chance().listed(t["kind"], top_of(t))
        for n, query in enumerate(these):
            odds = prior * float(np.exp(min(listed[n], 40.0)))
            first = float(chance().shares(int(t["kind"][n]), s[n])[0])
            out["p"].append(odds * first / (1 + odds))
            out["listed"].append(odds / (1 + odds))
            out["right"].append(float(t["right"][n, 0]))
            out["among"].append(float(t["right"][n].any()))
            out["weight"].append(share / len(these))
            person = query.get("schema") == "Person"
            out["of"].append(of if of == "listed" else "clean people" if person else "clean firms")
    return {k: np.asarray(v) for k, v in out.items()}


def reliability(t: dict[str, np.ndarray]) -> list[dict]:
    """Predicted against observed shares of right first rows, in bins of the probability that is printed."""
    p, y, w = t["p"], t["right"], t["weight"]
    edges = [0.0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 1.0000001]
    out = []
    for low, high in pairwise(edges):
        m = (p >= low) & (p < high)
        if m.any():
            rate = float(np.average(y[m], weights=w[m]))
            n = int(m.sum())
            low_y, high_y = wilson(rate, n)
            out.append({"from": low, "to": min(high, 1.0), "candidates": n,
                        "predicted": float(np.average(p[m], weights=w[m])), "observed": rate,
                        "low": low_y, "high": high_y})  # fmt: skip
    return out


def bands(t: dict[str, np.ndarray]) -> list[dict]:
    """At each band's least probability: listed names that alert with the right party among ten, and false alerts in a
    thousand clean people and firms.
    """
    out = []
    for name, least in BANDS[:-1]:
        said = t["listed"] >= least
        row: dict = {"band": name, "least": least}
        row["found"] = float(np.mean((said & (t["among"] > 0))[t["of"] == "listed"]))
        for kind in ("clean people", "clean firms"):
            row[kind] = float(np.mean(said[t["of"] == kind])) * 1000 if (t["of"] == kind).any() else None
        out.append(row)
    brier = float(np.average((t["p"] - t["right"]) ** 2, weights=t["weight"]))
    return [*out, {"band": "Brier score of the first rows", "brier": brier}]


def at_alerts(t: dict[str, np.ndarray]) -> dict[str, float]:
    """Share of the held-out listed names with the right party among ten whose printed chance of being listed lies above
    that of all but one clean name in a hundred, and in a thousand: of people, of firms, of both.
    """
    asked, out = t["of"] == "listed", {}
    for name, clean in (
        ("people", t["of"] == "clean people"), ("firms", t["of"] == "clean firms"), ("both", ~asked),
    ):  # fmt: skip
        for share in (0.01, 0.001):
            if clean.sum() * share >= 3:
                least = float(np.quantile(t["listed"][clean], 1 - share))
                hit = (t["listed"] > least) & (t["among"] > 0)
                out[f"{name} at {share:.1%}"] = float(np.mean(hit[asked]))
    return out


def single_words(parties: list[dict], firms: list[dict]) -> list[dict]:
    """Single words that firms go by (the half that nothing was fitted on): in each band, the share of OFAC's firms that
    alert with the right party among ten, and false alerts in a thousand words of firms that are not listed.
    """
    matcher = Matcher(index_of(parties, "ofac-"))
    shares, right = [], np.zeros(0)
    for these in words_of_firms(parties, firms, matcher.index):
        held = [q for q in these if q["half"] == 1]
        t = tops(matcher, held, schema=False)
        value = chance().listed(t["kind"], top_of(t)) + np.log(BASE_RATE / (1 - BASE_RATE))
        shares.append(1 / (1 + np.exp(-value)))
        right = right if len(shares) > 1 else t["right"].any(axis=1)
    listed, clean = shares
    return [
        {
            "band": name,
            "least": least,
            "found": float(np.mean((listed >= least) & right)),
            "clean": float(np.mean(clean >= least)) * 1000,
            "words": len(listed),
            "clean words": len(clean),
        }
        for name, least in BANDS[:-1]
    ]


def firms_of_states(parties: list[dict], sets: list[tuple[str, Path]]) -> list[dict]:
    """Per set of firms that are not listed (the half that nothing is fitted on): false alerts in a thousand names from
    each band up, asked with the kind of party and without.
    """
    matcher = Matcher(index_of(parties, "ofac-"))
    out = []
    for label, path in sets:
        lines = sorted(set(filter(None, path.read_text("utf-8").split("\n"))))
        held = [{"q": x, "schema": "LegalEntity"} for x in lines if half(x) == 1]
        row: dict = {"set": label, "names": len(held)}
        for way, schema in (("with", True), ("without", False)):
            t = tops(matcher, held, schema)
            value = chance().listed(t["kind"], top_of(t)) + np.log(BASE_RATE / (1 - BASE_RATE))
            row[way] = {name: float(np.mean(value >= np.log(p / (1 - p)))) * 1000 for name, p in BANDS[:-1]}
        out.append(row)
    return out


def _states_lines(rows: list[dict]) -> list[str]:
    if not rows:
        return []
    names = [name for name, _ in BANDS[:-1]]
    return [
        "",
        "## Clean firms of the states that an officer meets",
        "",
        "Firms that are not listed, of the half that nothing was fitted on (docs/parties.md: from whom): false",
        "alerts in a thousand names from each band up, asked without the kind of party, as a file of names is, and",
        "with it. What the lists do not say of a party's kind is said here.",
        "",
        "| firms | names | " + " | ".join(f"{n}, kind not said" for n in names) + " | "
        + " | ".join(f"{n}, kind said" for n in names) + " |",
        "|---|" + "--:|" * (1 + 2 * len(names)),
        *(
            f"| {r['set']} | {r['names']:,} | "
            + " | ".join(f"{r[way][n]:.2f}" for way in ("without", "with") for n in names)
            + " |"
            for r in rows
        ),
    ]  # fmt: skip


def _words_lines(rows: list[dict]) -> list[str]:
    out = [
        "",
        "## Single words",
        "",
        "What firms go by in one word, by rule: a name of one word but for its legal form, else the rarest word of the",
        f"first name. {rows[0]['words']:,} words of OFAC's firms and {rows[0]['clean words']:,} of firms that are not",
        "listed, of the half that nothing was fitted on, asked without any kind of party; the same base rate.",
        "",
        "| band | from | listed firms found | false alerts in a thousand words |",
        "|---|--:|--:|--:|",
    ]
    return [
        *out,
        *(f"| {r['band']} | {r['least']:.1f} | {r['found']:.3f} | {r['clean']:.2f} |" for r in rows),
    ]


def speed(names: list[str]) -> list[dict]:
    """Wall time, CPU time and memory of ``bilat screen``: one name with the index kept, and a file of names.

    The modules' bytecode is kept, as in an installed package.
    """
    out = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["name"], *[[n] for n in names]])
        rows = Path(folder) / "rows.jsonl"
        one = ["VTB Bank", "--json"]
        many = [str(path), "--out", str(rows), "--fresh"]
        for what, of, options, times in (("one name", 1, one, 5), ("a file", len(names), many, 1)):
            runs = []
            for _ in range(times):
                command = [
                    "/usr/bin/env",
                    "time",
                    "-f",
                    "%e %U %S %M",
                    sys.executable,
                    "-m",
                    "bilat",
                    "screen",
                ]
                done = subprocess.run(
                    [*command, *options], capture_output=True, text=True, check=True,
                    env={**environment, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")},
                )  # fmt: skip
                wall, user, system, memory = map(float, done.stderr.split("\n")[-2].split())
                runs.append((wall, user + system, memory / 1024))
            wall, cpu, memory = min(runs)
            out.append({"what": what, "names": of, "wall_s": wall, "cpu_s": cpu, "mb": memory})
    return out


def wilson(rate: float, n: int) -> tuple[float, float]:
    """95 % Wilson interval of a share."""
    z = 1.96
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    spread = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(max(middle - spread, 0)), float(min(middle + spread, 1))


def diagram(bins: list[dict], path: Path) -> None:
    """The reliability diagram as SVG."""
    import vl_convert

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 360,
        "height": 360,
        "background": "white",
        "title": {
            "text": "Of first rows printed with this probability, how many are right",
            "subtitle": "held-out real names (1 %) and clean names (99 %); 95 % Wilson intervals",
        },
        "layer": [
            {
                "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
                "mark": {"type": "line", "color": "#999"},
                "encoding": {
                    "x": {"field": "x", "type": "quantitative"},
                    "y": {"field": "y", "type": "quantitative"},
                },
            },
            {
                "data": {"values": bins},
                "mark": {"type": "rule", "color": "#0072B2"},
                "encoding": {
                    "x": {"field": "predicted", "type": "quantitative"},
                    "y": {"field": "low", "type": "quantitative"},
                    "y2": {"field": "high"},
                },
            },
            {
                "data": {"values": bins},
                "mark": {"type": "point", "filled": True, "size": 70, "color": "#0072B2"},
                "encoding": {
                    "x": {"field": "predicted", "type": "quantitative", "title": "predicted probability"},
                    "y": {"field": "observed", "type": "quantitative", "title": "share that is right"},
                },
            },
        ],
    }
    path.write_text(vl_convert.vegalite_to_svg(spec), "utf-8")


def _noise_lines(noise: list[dict]) -> list[str]:
    """What noise in the name field costs."""
    out = [
        "",
        "## Noise in the name field",
        "",
        "Held-out names in a workbook as they stand on papers (`screening_noise.py`; 24 kinds of noise for firms and",
        "12 for persons in each of the last three sets, written without sight of the program). `freight` is fitted on,",
        "with other names; `payments` was read while the code was made; with `office` nothing that stands was made.",
        "Share of the names whose party comes out, bare and with noise, and false alerts in a thousand clean names.",
        "",
        "| set | rows | possible, bare | with noise | likely, bare | with noise | clean people: bare | with noise "
        "| clean firms: bare | with noise |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for f in noise:
        cells = [f["set"], f"{f['rows']:,}"]
        cells += [
            f"{f[f'{what} {band}']:.3f}" for band in ("possible", "likely") for what in ("bare", "noisy")
        ]
        cells += [
            f"{f.get(f'clean {k}, {w}, possible', 0):.1f}"
            for k in ("person", "firm")
            for w in ("bare", "noisy")
        ]
        out.append("| " + " | ".join(cells) + " |")
    return out


def _more_lines(more: dict) -> list[str]:
    """Bands, labelled pairs and speed, as lines of the scorecard."""
    out = [
        "",
        "## What a band costs",
        "",
        "At the printed base rate of one name in a hundred: listed names of the held-out half whose right party is",
        "among the ten candidates, and false alerts in a thousand clean names.",
        "",
        "| band | from | listed names found | false alerts, people | firms |",
        "|---|--:|--:|--:|--:|",
    ]
    for b in more["bands"][:-1]:
        people, firms = (f"{b[k]:.2f}" if b[k] is not None else "–" for k in ("clean people", "clean firms"))
        out.append(f"| {b['band']} | {b['least']:.1f} | {b['found']:.3f} | {people} | {firms} |")
    out += [
        "",
        f"Brier score of the first rows: {more['bands'][-1]['brier']:.4f}.",
        "",
        "Detected by the printed chance of being listed, at the share of clean names that would alert (the table at",
        "the top goes by the score of the name alone): "
        + ", ".join(f"{name} {share:.3f}" for name, share in more["at_alerts"].items())
        + ".",
        *_words_lines(more["words"]),
        *_noise_lines(more["noise"]),
        *_states_lines(more.get("states") or []),
        "",
        "## Labelled pairs",
        "",
        "The labelled pairs of names that come with nomenklatura, most of them persons with a name changed: each",
        "system at the threshold of its own greatest F1 (accuracy: at that of its own greatest).",
        "",
        "| system | F1 | precision | recall | average precision | accuracy | pairs |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, f in more["pairs"].items():
        version = f" {f['version']}" if "version" in f else ""
        out.append(
            f"| {name}{version} | {f['f1']:.3f} | {f['precision']:.3f} | {f['recall']:.3f} "
            f"| {f['average_precision']:.3f} | {f['accuracy']:.3f} | {f['n']} |"
        )
    out += [
        "",
        "## Speed",
        "",
        "`bilat screen` end to end against all embedded lists, the index kept from an earlier run; the least of runs.",
        "",
        "| run | names | wall s | CPU s | peak MB (largest process) |",
        "|---|--:|--:|--:|--:|",
    ]
    for s in more["speed"]:
        out.append(f"| {s['what']} | {s['names']:,} | {s['wall_s']:.1f} | {s['cpu_s']:.1f} | {s['mb']:.0f} |")
    out += ["", f"Load of the machine at that time: {more['load']:.1f} processes on {more['cores']} cores."]
    return out


def what_of(clean: list[dict]) -> dict:
    """What a run is of: the version, the fitted files by their SHA-256, and how many clean names of each kind."""
    folder = resources.files("bilat.parties")
    people = sum(q["schema"] == "Person" for q in clean)
    return {
        "bilat": version("bilat"),
        "files": {
            name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()
            for name in ("weights.json", "chance.json", "clean_counts.json", "token_counts.json")
        },
        "clean people": people,
        "clean firms": len(clean) - people,
    }


def scorecard(results: list[dict], bins: list[dict], more: dict, path: Path) -> None:
    """The scorecard in Markdown."""

    def share(group: dict, key: str) -> str:
        return f"{group[key]:.3f}" if key in group else "–"

    of = more["of"]
    lines = [
        "# Screening: scorecard",
        "",
        "Written by `benchmarks/screening.py`, every system in one run on the same names; do not edit. "
        "Recall at 1 and 10 (R@1, R@10) of the right",
        "party; detection: share of listed names whose right party scores above the threshold "
        "that lets a share of",
        "clean names through. Index: Latin names only. Speed: names a second on one core, from a cold start.",
        "",
        f"{results[0]['real']['n']} real names of the EU's and Ukraine's lists against OFAC's parties; "
        f"{results[0]['perturbed']['n']} perturbed and {results[0]['chinese_firms']['n']} Chinese "
        f"names of firms "
        "against all parties.",
        "Weights were fitted on the half of the real names whose hash is even; `held out` is the other half.",
        f"Clean names, of the half that nothing was fitted on: {of['clean people']:,} made-up people and "
        f"{of['clean firms']:,} firms that are not listed",
        f"({FEW} of the people for rapidfuzz and nomenklatura). A clean name that is also a listed party's name "
        "stays in and counts as a false alert.",
        "",
        f"Of bilat {of['bilat']} with these files (SHA-256): "
        + ", ".join(f"`{name}` {digest[:12]}" for name, digest in of["files"].items())
        + ".",
        "",
        "| system | R@1 | R@1 held out | R@10 | original script R@1 | held out | detected at 1 % | at 0.1 % "
        "| at 0.1 % of firms | perturbed R@1 | Chinese firms R@1 | names/s | build s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in results:
        cells = [
            r["system"], share(r["real"], "r1"), share(r["real_held_out"], "r1"), share(r["real"], "r10"),
            share(r["original_script"], "r1"), share(r["original_script_held_out"], "r1"),
            share(r["real"], "at_1pct"), share(r["real"], "at_01pct_many"),
            share(r["real"], "at_01pct_firms"), share(r["perturbed"], "r1"),
            share(r["chinese_firms"], "r1"), f"{r['names_per_s']:,.0f}", f"{r['build_s']:.1f}",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    first = results[0]
    lines += [
        "",
        f"Detection at 1 % is at the alert rate of the benchmark's {NEGATIVE} clean names; at 0.1 % of "
        f"{first['clean']:,} clean names of people and firms, none of them fitted on. A dash: not "
        f"measured with "
        "fewer than 10,000 clean names. nomenklatura is given the twenty candidates that bilat proposes.",
        *(
            f"{r['system']}: of an earlier run, with other clean names for 0.1 % ({r['earlier']})."
            for r in results
            if "earlier" in r
        ),
        "",
        "## Calibration of the printed column (held out, one name in a hundred listed)",
        "",
        "![reliability diagram](screening_reliability.svg)",
        "",
        "| printed probability | first rows | predicted | observed | 95 % interval |",
        "|---|--:|--:|--:|---|",
    ]
    for b in bins:
        lines.append(
            f"| {b['from']:.2f} to {b['to']:.2f} | {b['candidates']:,} | {b['predicted']:.3f} | "
            f"{b['observed']:.3f} "
            f"| {b['low']:.3f} to {b['high']:.3f} |"
        )
    lines += _more_lines(more)
    path.write_text("\n".join(lines) + "\n", "utf-8")


SYSTEMS = {
    "bilat": System("bilat", bilat_system),
    "rapidfuzz": System("rapidfuzz token sort", rapidfuzz_system),
    "tfidf": System("TF-IDF 3-grams", tfidf_system),
}


def state_and_file(text: str) -> tuple[str, Path]:
    """``STATE=FILE``."""
    state, equals, path = text.partition("=")
    if not (state.strip() and equals and Path(path).is_file()):
        raise argparse.ArgumentTypeError(f"{text!r}: write STATE=FILE, with a file of names, a line each")
    return state.strip(), Path(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--firms", type=Path, help="names of firms that are not listed, a line each")
    parser.add_argument(
        "--more-clean",
        metavar="STATE=FILE",
        type=state_and_file,
        action="append",
        default=[],
        help="firms of a state that are not listed, a name a line; repeatable",
    )
    parser.add_argument("--systems", default="bilat,rapidfuzz,tfidf")
    parser.add_argument("--nomenklatura", metavar="PYTHON", help="an interpreter that has nomenklatura")
    parser.add_argument("--clean", type=int, default=20000, help="clean names for the 0.1 %% figure")
    parser.add_argument(
        "--others",
        action="store_true",
        help="take the other systems' rows from screening.json, of an earlier run",
    )
    parser.add_argument(
        "--probability", action="store_true", help="measure only the printed probability anew"
    )
    args = parser.parse_args()
    parties, queries = read_benchmark(args.mirror)
    clean = [q for q in clean_people(args.mirror) if half(q["q"]) == 1]
    random.Random(11).shuffle(clean)
    clean = clean[: args.clean]
    clean += [q for q in companies(parties, args.firms) if half(q["q"]) == 1][: args.clean]
    results = []
    systems = [SYSTEMS[key] for key in args.systems.split(",")]
    folder = Path(__file__).parent
    earlier = json.loads((folder / "screening.json").read_text()) if args.probability or args.others else {}
    before = earlier if args.probability else {}
    if before:
        results, systems = before["systems"], []
    elif args.nomenklatura and not args.others:
        systems.append(System("nomenklatura logic-v2", nomenklatura_system(args.nomenklatura)))
    for system in systems:
        few = clean if system.name in ("bilat", "TF-IDF 3-grams") else clean[:FEW]
        results.append(evaluate(system, parties, queries, few))
        print(json.dumps(results[-1]), flush=True)
    if args.others and not before:
        of_before = f"{earlier['of']['clean people']:,} people and {earlier['of']['clean firms']:,} firms"
        results += [
            {"earlier": of_before, **r}
            for r in earlier["systems"] if r["system"] not in {r["system"] for r in results}
        ]  # fmt: skip
    rows = printed(parties, queries, clean)
    bins = reliability(rows)
    more = {
        "of": what_of(clean),
        "bands": bands(rows),
        "at_alerts": at_alerts(rows),
        "words": single_words(parties, companies(parties, args.firms)),
        "noise": noise_figures(args.mirror, args.firms, 60, list(SETS)),
        "states": firms_of_states(parties, args.more_clean),
        "pairs": before.get("pairs") or pairs_figures(args.mirror, args.nomenklatura),
        "speed": before.get("speed") or speed([q["q"] for q in real_queries(queries) + clean][:10_000]),
        "load": before.get("load") or os.getloadavg()[1],
        "cores": os.cpu_count(),
    }
    print(json.dumps(more), flush=True)
    (folder / "screening.json").write_text(
        json.dumps({"systems": results, "reliability": bins, **more}, indent=1) + "\n"
    )
    diagram(bins, folder / "screening_reliability.svg")
    scorecard(results, bins, more, folder / "screening.md")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, all "
        f"systems together"
    )


if __name__ == "__main__":
    main()
