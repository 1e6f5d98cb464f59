# SPDX-License-Identifier: Apache-2.0
"""How good and how fast ``bilat divert`` is, beside what analysts do today. Two parts:

    python benchmarks/diversion.py score            planted worlds: precision, recall, false discoveries, coverage
    python benchmarks/diversion.py speed [ROWS ...] BACI-shaped files: against a bare group-by, and against pandas

Results are kept in diversion.json, and both parts write the scorecard diversion.md from it. Every figure stands
beside its rival from the same run; on a busy machine read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
KEPT = HERE / "diversion.json"


def _lift(world: dict[str, Any]) -> float:
    ap = {name: value[0] for name, value in world["rankings"].items()}
    return ap.pop("divert") / max(ap.values())


def _summary(name: str, worlds: list[dict[str, Any]]) -> list[str]:
    planted = [w for w in worlds if w["routes"]]
    large = [w for w in planted if w["routes"] >= 15]
    lifts = [_lift(w) for w in large]
    hit, of = (sum(w["covered"][n] for w in worlds) for n in (0, 1))
    each = [w["covered"][0] / w["covered"][1] for w in worlds if w["covered"][1] >= 15]
    out = [
        f"- Average precision over the best naive ranking of the same world, {len(large)} worlds with at least 15 "
        f"routes: least {min(lifts):.2f}, lower tenth {np.quantile(lifts, 0.1):.2f}, median {np.median(lifts):.2f}; "
        f"mean precision {np.mean([w['rankings']['divert'][0] for w in planted]):.2f} against "
        f"{np.mean([max(v[0] for n, v in w['rankings'].items() if n != 'divert') for w in planted]):.2f}.",
        f"- 80% intervals hold the truth for {hit / of:.0%} of {of:,} planted routes (by world, of at least 15: "
        f"{min(each):.0%} to {max(each):.0%}).",
    ]
    for level in worlds[0]["flags"]:
        flags, false = (sum(w["flags"][level][n] for w in worlds) for n in (0, 1))
        out.append(
            f"- Flags at q <= {level}: {flags:,}, of which false {false} ({false / max(flags, 1):.1%})."
        )
    return [f"### {name}", "", *out, ""]


def _scores(found: dict[str, dict[str, Any]]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for key in found:
        groups.setdefault(key.split(":")[0], []).append(key)
    names = list(next(iter(found.values()))["rankings"])
    out = ["## Ranking, flags, intervals", ""]
    for which, about in (
        ("first", "First simulator (`benchmarks/worlds/first.py`)"),
        (
            "second",
            "Second simulator (`worlds/second.py`, calibrated on customs records, made without sight of the estimator)",
        ),
    ):
        out += _summary(about, [w for key, w in found.items() if key.startswith(which)])
    for group, keys in groups.items():
        out += [
            f"### {group[0].upper()}{group[1:]}", "", "Average precision (recall among the first 50).", "",
            f"| world | routes | pairs | {' | '.join(names)} | lift | flags q <= 0.1 (false) | 80% interval |",
            "|---" * (len(names) + 6) + "|",
        ]  # fmt: skip
        for key in keys:
            w = found[key]
            cells = [f"{v[0]:.2f} ({v[1]:.2f})" if v else "–" for v in w["rankings"].values()]
            flags, false = w["flags"]["0.1"]
            hit, of = w["covered"]
            lift = f"{_lift(w):.2f}" if w["routes"] else "–"
            out.append(
                f"| {key.split(': ')[1]} | {w['routes']} | {w['pairs']:,} | {' | '.join(cells)} | "
                f"{lift} | {flags} ({false}) | {f'{hit / of:.0%}' if of else '–'} |"
            )
        out.append("")
    return out


def _speeds(found: list[dict[str, Any]]) -> list[str]:
    out = [
        "## Speed and memory", "",
        "Seconds (peak GB) on two threads; the bare group-by is DuckDB's, by exporter, importer, product and year.", "",
        "| rows | products | years | bare group-by | divert, everything | times bare | pandas, same estimates "
        "| times divert |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for r in found:
        (b, bg), (m, mg), p = r["bare"], r["divert"], r["pandas"]
        out.append(
            f"| {r['rows']:,} | {r['products']:,} | {r['years']} | {b:.1f} ({bg:.2f}) | {m:.1f} ({mg:.2f}) "
            f"| {m / b:.2f} | " + (f"{p[0]:.1f} ({p[1]:.2f}) | {p[0] / m:.1f} |" if p else "– | – |")
        )
    return [*out, ""]


def scorecard(results: dict[str, Any]) -> str:
    """The text of diversion.md."""
    out = ["# Diversion: scorecard", "", "Written by `benchmarks/diversion.py`; do not edit.", ""]
    out += _scores(results["score"]) if "score" in results else []
    out += _speeds(results["speed"]) if "speed" in results else []
    return "\n".join(out).rstrip() + "\n"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = ask.add_subparsers(dest="part", required=True)
    card = parts.add_parser("score")
    card.add_argument(
        "--seeds", type=int, nargs="*", default=[0, 100], help="added to the first simulator's seeds"
    )
    card.add_argument(
        "--others", type=int, nargs="*", default=[1, 2, 3], help="seeds of the second simulator"
    )
    clock = parts.add_parser("speed")
    clock.add_argument("rows", type=float, nargs="*", default=[30e6, 300e6])
    clock.add_argument("--repeats", type=int, default=3)
    clock.add_argument("--no-pandas", action="store_true")
    clock.add_argument("--folder", type=Path, help="where the file is made (300 million rows need 3 GB)")
    given = ask.parse_args()
    results = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if given.part == "score":
        from diversion_score import scores

        results["score"] = scores(tuple(given.seeds), tuple(given.others))
    else:
        from diversion_speed import measure

        # pandas holds the whole file: beyond 50 million rows it would not fit into the memory of a desk machine.
        results["speed"] = [
            measure(int(n), years, given.repeats, not given.no_pandas and n <= 50e6, given.folder)
            for n in given.rows
            for years in ((8, 30) if n > 50e6 else (8,))
        ]
    KEPT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "diversion.md").write_text(scorecard(results), encoding="utf-8")
    print(scorecard({given.part: results[given.part]}))


if __name__ == "__main__":
    main()
