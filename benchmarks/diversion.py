# SPDX-License-Identifier: Apache-2.0
"""How good and how fast ``bilat divert`` is, beside what analysts do today. Its parts:

    python benchmarks/diversion.py score            planted worlds: precision, flags, coverage, reliability
    python benchmarks/diversion.py family NAME SEED ... a family of worlds in `worlds/NAME.py`, kept as unseen
    python benchmarks/diversion.py placebos         questions whose answer is not a route
    python benchmarks/diversion.py ablations        what each part is worth
    python benchmarks/diversion.py sensitivity      what half and double of each parameter do
    python benchmarks/diversion.py one-leg          what the ends of each assumption do to an answer of one leg alone
    python benchmarks/diversion.py speed [ROWS ...] BACI-shaped files: against a bare group-by, and against pandas

Results are kept in diversion.json, and every part writes the scorecard diversion.md from it. Every figure stands
beside its rival from the same run; on a busy machine read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
KEPT = HERE / "diversion.json"


def _lift(world: dict[str, Any]) -> float:
    ap = {name: value[0] for name, value in world["rankings"].items()}
    return ap.pop("divert") / max(ap.values())


def _family(name: str) -> str:
    """``first``, ``second``, ``third, large markets``, ``third, small markets`` of a world's key."""
    return name.split(":")[0].split(", seed")[0]


FAMILIES = {
    "first": "First simulator (`benchmarks/worlds/first.py`), at hand when the estimator was made",
    "second": "Second simulator (`worlds/second.py`), made from customs records without sight of the estimator",
    "fourth": "Fourth family (`worlds/fourth.py`): silent hubs, chains, neighbour codes, bans in stages",
    "fifth, two legs": "Fifth family (`worlds/fifth.py`): consignments, seasons, growth of whole hubs, bans in stages",
    "fifth, one leg": "The same, files in which the origins alone report",
    "sixth": "Sixth family (`worlds/sixth.py`): yearly reports, entrepots, silent target and hubs",
    "seventh": "Seventh family (`worlds/seventh.py`): whole hubs surge, each sends its own share on, in bursts",
    "eighth": "Eighth family (`worlds/eighth.py`): consignments, a customs union, traders in some headings",
    "ninth": "Ninth family (`worlds/ninth.py`): orders, trades of the hub's own, low books, third suppliers",
    "tenth": "Tenth family (`worlds/tenth.py`): forwarders compete, offices leave gaps",
    "eleventh": "Eleventh family (`worlds/eleventh.py`): trading houses, goods lost on the way, pressed hubs",
    "twelfth": "Twelfth family (`worlds/twelfth.py`): the cheapest hub, pressure, false papers",
    "thirteenth": "Thirteenth family (`worlds/thirteenth.py`): firms listed and opened elsewhere, legal trade beside",
    "fourteenth": "Fourteenth family (`worlds/fourteenth.py`): dealers of one industry, bonded goods, banks",
    "third, large markets": "Third family (`worlds/third.py`): real customs records with routes planted, large markets",
    "third, small markets": "The same, sets of small markets",
    "third, kept markets": "The same, four markets in which no route had been planted until the end (`third.KEPT`)",
}


def _summary(found: dict[str, dict[str, Any]]) -> list[str]:
    out = [
        "| family | worlds | routes | average precision | best naive | lift: median | least | flags at 10% | false "
        "| power | interval: below, holds, above | sum p D over the truth | silent hubs: expected, true |",
        "|---" * 13 + "|",
    ]
    for family, about in FAMILIES.items():
        worlds = [w for key, w in found.items() if _family(key) == family and w["routes"]]
        if not worlds:
            continue
        naive = [max(v[0] for n, v in w["rankings"].items() if n != "divert") for w in worlds]
        lifts = [_lift(w) for w in worlds]
        flags, false = (sum(w["flags"]["0.1"][n] for w in worlds) for n in (0, 1))
        routes = sum(w["routes"] for w in worlds)
        ends = np.array([w["covered"] for w in worlds]).sum(axis=0)
        share = ends / max(1, ends.sum())
        sums = np.array([w["sum"][:2] for w in worlds]).sum(axis=0)
        silent = np.array([w.get("silent", (0, 0.0)) for w in worlds]).sum(axis=0)
        out.append(
            f"| {about} | {len(worlds)} | {routes:,} | {np.mean([w['rankings']['divert'][0] for w in worlds]):.2f} "
            f"| {np.mean(naive):.2f} | {np.median(lifts):.2f} | {min(lifts):.2f} | {flags} "
            f"| {false / max(flags, 1):.0%} | {(flags - false) / routes:.2f} "
            f"| {share[0]:.0%}, {share[1]:.0%}, {share[2]:.0%} | {sums[1] / max(sums[0], 1):.2f} "
            f"| {silent[1]:.0f}, {silent[0]:.0f} |"
        )
    return [*out, ""]


def _found_first(found: dict[str, dict[str, Any]]) -> list[str]:
    """What is found first, and what more knowledge would be worth, of the worlds that have been asked."""
    out = [
        "What is found first: shares of the amount diverted in the first twenty rows and at the hubs named; how many "
        "hubs are named, how many of them by their purchases alone, and how many carry no route; of worlds "
        "without a route, those in which a hub is named. And what the ranking would be if it were known which hubs, or "
        "which goods, carry a route at all: pairs of others leave the list, the order stays.",
        "",
        "| family | worlds | in twenty rows | at hubs named | hubs: named, by purchases, false "
        "| no route: named, worlds | average precision | hubs known | goods known |",
        "|---" * 9 + "|",
    ]
    if not any("first" in w for w in found.values()):
        return []
    for family in FAMILIES:
        asked = [w for key, w in found.items() if _family(key) == family and "first" in w]
        worlds = [w for w in asked if w["routes"]]
        if not worlds:
            continue
        empty = [w for w in asked if not w["routes"]]
        wrong = sum(w["first"]["named"] > 0 for w in empty)
        rows, hubs = (np.mean([w["first"][part] for w in worlds]) for part in ("rows", "hubs"))
        by_hubs, by_goods = (
            np.mean([w["known"][kind] for w in worlds]) for kind in ("hubs", "goods")
        )
        precision = np.mean([w["rankings"]["divert"][0] for w in worlds])
        out.append(
            f"| {family} | {len(worlds)} | {rows:.2f} | {hubs:.2f} | {_hubs_named(worlds)} "
            f"| {wrong}, {len(empty)} "
            f"| {precision:.2f} | {by_hubs:.2f} | {by_goods:.2f} |"
        )
    return [*out, ""]


def _hubs_named(worlds: list[dict[str, Any]]) -> str:
    """How many hubs are named, by purchases alone, and without a route; older results have no such count."""
    if any("by_purchases" not in w["first"] for w in worlds):
        return "–"
    counts = (sum(w["first"][part] for w in worlds) for part in ("named", "by_purchases", "false"))
    return ", ".join(str(count) for count in counts)


def _classes(found: dict[str, dict[str, Any]]) -> list[str]:
    from diversion_score import CLASSES

    out = [
        "Probabilities against what came true: mean probability, share of true routes (pairs).",
        "",
    ]
    spans = [f"{a:g} to {b:g}" for a, b in pairwise(CLASSES)]
    out += [f"| family | {' | '.join(spans)} |", "|---" * (len(spans) + 1) + "|"]
    for family in FAMILIES:
        worlds = [w for key, w in found.items() if _family(key) == family]
        if not worlds:
            continue
        cells = []
        for n in range(len(spans)):
            pairs, p, true = (sum(w["classes"][n][k] for w in worlds) for k in range(3))
            cells.append(f"{p / pairs:.2f}, {true / pairs:.2f} ({pairs:,})" if pairs else "–")
        out.append(f"| {family} | {' | '.join(cells)} |")
    return [*out, ""]


def _scores(found: dict[str, dict[str, Any]]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for key in found:
        groups.setdefault(key.split(":")[0], []).append(key)
    names = list(next(iter(found.values()))["rankings"])
    out = [
        "## Ranking, flags, intervals",
        "",
        *_summary(found),
        *_found_first(found),
    ]
    out += _classes(found)
    out += [
        "Beside `divert` stand what analysts use, on the same pairs in the same run: growth ratios, absolute growth "
        "and the triangular minimum (the smaller rise of the two legs). The mirror gap needs both sides' reports of "
        "leg one; the twelfth family alone has them, and it is not measured here.",
        "",
    ]
    for group, keys in groups.items():
        out += [
            f"### {group[0].upper()}{group[1:]}",
            "",
            "Average precision (recall among the first 50).",
            "",
            f"| world | routes | pairs | {' | '.join(names)} | lift | flags q <= 0.1 (false) | 80% interval |",
            "|---" * (len(names) + 6) + "|",
        ]
        for key in keys:
            w = found[key]
            cells = [f"{v[0]:.2f} ({v[1]:.2f})" if v else "–" for v in w["rankings"].values()]
            flags, false = w["flags"]["0.1"]
            of = sum(w["covered"])
            lift = f"{_lift(w):.2f}" if w["routes"] else "–"
            inside = f"{w['covered'][1] / of:.0%}" if of else "–"
            out.append(
                f"| {key.split(': ')[1]} | {w['routes']} | {w['pairs']:,} | {' | '.join(cells)} | "
                f"{lift} | {flags} ({false}) | {inside} |"
            )
        out.append("")
    return out


def _unseen(found: dict[str, dict[str, Any]]) -> list[str]:
    return [
        "## Seeds on which nothing was tried",
        "",
        "No parameter was chosen by them. Measured once on the code of this card, 3 December 2026; few seeds of each "
        "family (91 and 9100 to 9112).",
        "",
        *_summary(found),
        *_found_first(found),
        *_classes(found),
    ]


def _placebos(found: list[dict[str, Any]]) -> list[str]:
    out = [
        "## Placebos",
        "",
        f"{len(found)} questions whose answer is not a route: {sum(f['flags'] for f in found)} flags at 10% among "
        f"{sum(f['pairs'] for f in found):,} pairs; {sum(f['expected'] for f in found):.1f} routes expected.",
        "",
        "| question | pairs | flags | routes expected | highest probability |",
        "|---|--:|--:|--:|--:|",
    ]
    out += [
        f"| {f['name']} | {f['pairs']:,} | {f['flags']} | {f['expected']:.1f} | {f['most']:.2f} |"
        for f in found
    ]
    return [*out, ""]


def _without(title: str, found: dict[str, dict[str, Any]]) -> list[str]:
    out = [
        f"## {title}",
        "",
        "| | average precision | flags at 10% | false | 80% interval holds | routes expected, of "
        "| sum p D over the truth |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    out += [
        f"| {name} | {f['precision']:.3f} | {f['flags']} | {f['false']:.0%} | {f['inside']:.0%} "
        f"| {f['expected']:.0f}, {f['routes']} | {f['sums']:.2f} |"
        for name, f in found.items()
    ]
    return [*out, ""]


def _one_leg(found: dict[str, dict[str, Any]]) -> list[str]:
    out = [
        "## One leg alone: the embedded exports, each assumption at its ends",
        "",
        "| | hubs flagged | beyond the usual, bn EUR (80%) | of the loss | routes expected |",
        "|---|---|--:|--:|--:|",
    ]
    for name, f in found.items():
        low, middle, high = (x / 1e9 for x in f["total"])
        share = f["total"][1] / f["lost"] if f["lost"] else float("nan")
        out.append(
            f"| {name} | {f['hubs']} | {middle:.2f} ({low:.2f} to {high:.2f}) | {share:.1%} | {f['routes']:.0f} |"
        )
    return [*out, ""]


def _speeds(found: list[dict[str, Any]]) -> list[str]:
    out = [
        "## Speed and memory",
        "",
        "Processor seconds (peak GB), two threads; the bare group-by is DuckDB's, by the whole key.",
        "",
        "| rows | products | years | bare group-by | divert, everything | times bare | pandas, same estimates "
        "| times divert |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in found:
        (b, bg), (m, mg), p = r["bare"], r["divert"], r["pandas"]
        out.append(
            f"| {r['rows']:,} | {r['products']:,} | {r['years']} | {b:.1f} ({bg:.2f}) | {m:.1f} ({mg:.2f}) "
            f"| {m / b:.2f} | "
            + (f"{p[0]:.1f} ({p[1]:.2f}) | {p[0] / m:.1f} |" if p else "– | – |")
        )
    return [*out, ""]


def scorecard(results: dict[str, Any]) -> str:
    """The text of diversion.md."""
    out = [
        "# Diversion: scorecard",
        "",
        "Written by `benchmarks/diversion.py`; do not edit.",
        "",
        "Only the seeds on which nothing was tried and the placebos are of the present code; "
        "the rest is earlier: speed of 2 December 2026, the others before makers were told from conduits and before "
        "hubs' own books were read.",
        "",
    ]
    out += _scores(results["score"]) if "score" in results else []
    out += _unseen(results["unseen"]) if "unseen" in results else []
    out += _placebos(results["placebos"]) if "placebos" in results else []
    few = "in five worlds of all families"
    out += (
        _without(f"What each part is worth, {few}", results["ablations"])
        if "ablations" in results
        else []
    )
    out += (
        _without(
            "Each parameter at half and double, in two of them, real records with routes planted",
            results["sensitivity"],
        )
        if "sensitivity" in results
        else []
    )
    out += _one_leg(results["one leg"]) if "one leg" in results else []
    out += _speeds(results["speed"]) if "speed" in results else []
    return "\n".join(out).rstrip() + "\n"


def main() -> None:
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = ask.add_subparsers(dest="part", required=True)
    card = parts.add_parser("score")
    card.add_argument(
        "--seeds",
        type=int,
        nargs="*",
        default=[0, 100],
        help="added to the first simulator's seeds",
    )
    card.add_argument(
        "--thirds",
        type=int,
        nargs="*",
        default=[1, 2, 3],
        help="seeds of the third family (real records)",
    )
    card.add_argument(
        "--only", nargs="*", default=[], help="worlds whose name has one of these words"
    )
    card.add_argument(
        "--unseen", action="store_true", help="keep the result apart: nothing was tried on it"
    )
    family = parts.add_parser("family")
    family.add_argument("name", help="the module of the worlds: thirteenth")
    family.add_argument("seeds", type=int, nargs="+")
    parts.add_parser("placebos")
    parts.add_parser("ablations")
    parts.add_parser("sensitivity")
    parts.add_parser("one-leg")
    card.add_argument(
        "--others", type=int, nargs="*", default=[1, 2, 3], help="seeds of the second simulator"
    )
    card.add_argument(
        "--fourths", type=int, nargs="*", default=[1, 2, 3], help="seeds of the fourth family"
    )
    card.add_argument(
        "--fifths", type=int, nargs="*", default=[1, 2, 3], help="seeds of the fifth family"
    )
    card.add_argument("--sixths", type=int, nargs="*", default=[], help="seeds of the sixth family")
    card.add_argument(
        "--sevenths", type=int, nargs="*", default=[], help="seeds of the seventh family"
    )
    card.add_argument(
        "--eighths", type=int, nargs="*", default=[], help="seeds of the eighth family"
    )
    card.add_argument("--ninths", type=int, nargs="*", default=[], help="seeds of the ninth family")
    card.add_argument("--tenths", type=int, nargs="*", default=[], help="seeds of the tenth family")
    card.add_argument(
        "--elevenths", type=int, nargs="*", default=[], help="seeds of the eleventh family"
    )
    clock = parts.add_parser("speed")
    clock.add_argument("rows", type=float, nargs="*", default=[30e6, 300e6])
    clock.add_argument("--repeats", type=int, default=3)
    clock.add_argument("--no-pandas", action="store_true")
    clock.add_argument(
        "--folder", type=Path, help="where the file is made (300 million rows need 3 GB)"
    )
    given = ask.parse_args()
    results = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if given.part == "score":
        from diversion_score import scores

        kept = "unseen" if given.unseen else "score"
        asked = (
            tuple(given.seeds),
            tuple(given.others),
            tuple(given.thirds),
            tuple(given.only),
            tuple(given.fourths),
            tuple(given.fifths),
            tuple(given.sixths),
            tuple(given.sevenths),
            tuple(given.eighths),
            tuple(given.ninths),
            tuple(given.tenths),
            tuple(given.elevenths),
        )
        results.setdefault(kept, {})
        for name, found in scores(
            *asked
        ):  # kept as they come: a run may be broken off and taken up
            results[kept][name] = found
            KEPT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    elif given.part == "family":
        from diversion_score import scores_of_family

        kept = "unseen"
        for name, found in scores_of_family(given.name, given.seeds):
            results.setdefault(kept, {})[name] = found
    elif given.part == "placebos":
        from diversion_score import placebos

        kept, results["placebos"] = "placebos", placebos()
    elif given.part == "ablations":
        from diversion_score import ablations

        kept, results["ablations"] = "ablations", ablations()
    elif given.part == "one-leg":
        from diversion_score import one_leg

        kept, results["one leg"] = "one leg", one_leg()
    elif given.part == "sensitivity":
        from diversion_score import sensitivity

        kept, results["sensitivity"] = "sensitivity", sensitivity()
    else:
        from diversion_speed import measure

        # pandas holds the whole file: beyond 50 million rows it would not fit into the memory of a desk machine.
        kept = "speed"
        results["speed"] = [
            measure(int(n), years, given.repeats, not given.no_pandas and n <= 50e6, given.folder)
            for n in given.rows
            for years in ((8, 30) if n > 50e6 else (8,))
        ]
    KEPT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "diversion.md").write_text(scorecard(results), encoding="utf-8")
    print(scorecard({kept: results[kept]}))


if __name__ == "__main__":
    main()
