# SPDX-License-Identifier: Apache-2.0
"""The labelled pairs of names that come with nomenklatura: F1, average precision, accuracy of bilat and nomenklatura.

Run: ``python benchmarks/screening_pairs.py --mirror DIR [--nomenklatura PYTHON]`` where PYTHON is the interpreter of an
environment with nomenklatura. The threshold of each system is the one at which its own F1 is greatest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import time
from pathlib import Path

import numpy as np

from bilat.parties.match.index import NameIndex, Party
from bilat.parties.match.matcher import Matcher, NameQuery


def read_pairs(mirror: Path) -> list[dict[str, str]]:
    """The labelled pairs: schema, name1, name2, is_match."""
    with (mirror / "sources/parties/labels/nk_cases.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def looked_at(pair: dict[str, str]) -> bool:
    """Whether a pair is of the third (by hash of its first name) whose errors were read when the fit was last improved.
    Nothing is fitted on any pair; the others were scored once, after the fit.
    """
    return int(hashlib.sha1(pair["name1"].encode()).hexdigest(), 16) % 3 == 0


def bilat_scores(pairs: list[dict[str, str]]) -> np.ndarray:
    """Log-odds that each pair is one party; minus infinity where nothing agrees."""
    out = np.full(len(pairs), -np.inf)
    for n, pair in enumerate(pairs):
        matcher = Matcher(NameIndex([Party("0", pair["schema"], (pair["name2"],))]))
        found = matcher.pairs([NameQuery(pair["name1"], pair["schema"])])
        if len(found.log_odds):
            out[n] = float(found.log_odds.max())
    return out


def nomenklatura_scores(
    asked: list[list], python: str, algorithm: str = "logic-v2"
) -> tuple[list[list[float]], dict]:
    """Scores of each query's candidates, and the version with the seconds of scoring."""
    script = Path(__file__).with_name("nomenklatura_scores.py")
    text = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in asked)
    done = subprocess.run(
        [python, str(script), algorithm], input=text, capture_output=True, text=True, check=True
    )
    *lines, last = done.stdout.splitlines()
    return [json.loads(line) for line in lines], json.loads(last)


def best_f1(scores: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Precision and recall at the threshold of the greatest F1."""
    best = {"f1": 0.0, "precision": 0.0, "recall": 0.0, "threshold": 0.0}
    for threshold in np.unique(scores[np.isfinite(scores)]):
        said = scores >= threshold
        hit = float(np.sum(said & truth))
        if hit:
            precision = hit / said.sum()
            recall = hit / truth.sum()
            f1 = 2 * precision * recall / (precision + recall)
            if f1 > best["f1"]:
                best = {
                    "f1": f1,
                    "precision": precision,
                    "recall": recall,
                    "threshold": float(threshold),
                }
    return best


def average_precision(scores: np.ndarray, truth: np.ndarray) -> float:
    """Mean of the precision at each matching pair, the likeliest first."""
    right = truth[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())


def best_accuracy(scores: np.ndarray, truth: np.ndarray) -> float:
    """Greatest share of pairs told rightly at any threshold."""
    return max(float(np.mean((scores >= t) == truth)) for t in np.unique(scores))


def figures_of(scores: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Best F1 with its precision and recall, average precision, best accuracy."""
    return {
        **best_f1(scores, truth),
        "average_precision": average_precision(scores, truth),
        "accuracy": best_accuracy(scores, truth),
        "n": len(truth),
    }


def pairs_figures(mirror: Path, python: str | None) -> dict[str, dict]:
    """Best F1 per system."""
    pairs = read_pairs(mirror)
    truth = np.asarray([p["is_match"] == "true" for p in pairs])
    started = time.perf_counter()
    ours = bilat_scores(pairs)
    out = {"bilat": {**figures_of(ours, truth), "seconds": time.perf_counter() - started}}
    unread = np.asarray([not looked_at(p) for p in pairs])
    out["bilat, the two thirds kept from the last fit"] = figures_of(ours[unread], truth[unread])
    if python:
        asked = [[p["schema"], p["name1"], [[p["schema"], [p["name2"]]]]] for p in pairs]
        scores, more = nomenklatura_scores(asked, python)
        out["nomenklatura logic-v2"] = {
            **figures_of(np.asarray([s[0] for s in scores]), truth),
            **more,
        }
        theirs = np.asarray([s[0] for s in scores])
        out["nomenklatura logic-v2, the same two thirds"] = figures_of(
            theirs[unread], truth[unread]
        )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--nomenklatura", metavar="PYTHON")
    parser.add_argument(
        "--wrong",
        action="store_true",
        help="print the pairs of the third that may be read which are on the wrong side",
    )
    args = parser.parse_args()
    print(json.dumps(pairs_figures(args.mirror, args.nomenklatura), indent=1))
    if args.wrong:
        pairs = read_pairs(args.mirror)
        truth = np.asarray([p["is_match"] == "true" for p in pairs])
        scores = bilat_scores(pairs)
        least = best_f1(scores, truth)["threshold"]
        for p, s, t in zip(pairs, scores, truth, strict=True):
            if looked_at(p) and (s >= least) != t:
                print(
                    "missed" if t else "false ",
                    f"{s:7.2f}",
                    p["schema"],
                    p["name1"],
                    "~",
                    p["name2"],
                    p["case_group"],
                )


if __name__ == "__main__":
    main()
