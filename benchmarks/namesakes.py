# SPDX-License-Identifier: Apache-2.0
"""Chance namesakes of listed persons among real people: predicted from counts of names, and found.

Run: ``python benchmarks/namesakes.py FOLDER``. FOLDER holds files of public repositories as they stood at the commit:
``imo.csv`` (gbotosh/tidy_tuesday_projects b9ff58dc ``data/individual_results_df.csv``: contestants of the International
Mathematical Olympiad; tried while the counts were made, and no word is counted on it), ``atp.csv`` and ``wta.csv``
(JeffSackmann/tennis_atp 5b6263dc ``atp_players.csv`` and tennis_wta 225f6afd ``wta_players.csv``, CC BY-NC-SA 4.0:
tennis players, left untouched until the counts were final). Nothing of them is kept but the numbers.

Two questions. How many people of two names bear one that is, in these two words, in the name of a person on the lists
held, against the number that ``name_shares.json`` predicts for their state's zone. And in which band the screener puts
them, with and without the bound: none of them is taken to be listed.
"""

from __future__ import annotations

import argparse
import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from fit_bearers import ZONE, state_of, tokens

from bilat.parties.match.bearers import Bearers, words_of_form, zones
from bilat.parties.match.chance import band_of
from bilat.parties.match.index import PERSON, NameIndex
from bilat.parties.match.screener import Screener
from bilat.parties.run.opened import open_screener
from bilat.parties.run.queries import Query

FILES = {
    "imo": [("imo.csv", ("contestant",), "country")],
    "tennis": [
        ("atp.csv", ("name_first", "name_last"), "ioc"),
        ("wta.csv", ("name_first", "name_last"), "ioc"),
    ],
}
Person = tuple[str, str, tuple[str, ...]]  # zone, name, skeletons of its words
Row = tuple[str, int, float, int, int]  # zone, people, predicted, found with known words, found


def people(folder: Path, which: str) -> Iterator[Person]:
    """People of the zones, each name once a state."""
    seen = set()
    for file, names, state in FILES[which]:
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            for r in csv.DictReader(lines):
                name = " ".join(r[n] or "" for n in names).strip()
                code, words = state_of(r[state] or ""), tuple(tokens(name))
                if ZONE.get(code or "") in zones() and len(words) > 1 and (code, words) not in seen:
                    seen.add((code, words))
                    yield ZONE[str(code)], name, words


def listed_pairs(index: NameIndex) -> set[frozenset[str]]:
    """Pairs of words that stand in one name of a listed person; syllables of a given name are one word too."""
    out = set()
    for form in np.flatnonzero((index.party_class[index.form_party] == PERSON) & (index.made == 0)).tolist():
        words = words_of_form(index, form)
        if any(w[0] == "~" for w in words) or not 2 <= len(words) <= 5:
            continue
        out |= {frozenset(p) for p in itertools.combinations(words, 2)}
        if len(words) == 3:
            out |= {frozenset((words[0], words[1] + words[2])), frozenset((words[0] + words[1], words[2]))}
    return out


def bands(screener: Screener, asked: list[Person]) -> tuple[Counter, float]:
    """Names by the band of their chance of being listed; and the sum of that chance."""
    out: Counter = Counter()
    total = 0.0
    for at in range(0, len(asked), 500):
        queries = [
            Query(str(n), name, n, schema="Person") for n, (_, name, _) in enumerate(asked[at : at + 500])
        ]
        for found in screener.find(queries)[0]:
            out[band_of(found.listed)] += 1
            total += found.listed
    return out, total


def _sum(label: str, rows: list[Row]) -> Row:
    return (label, *(sum(r[k] for r in rows) for k in range(1, 5)))  # type: ignore[return-value]


def report(folder: Path, which: str, screener: Screener) -> Iterator[str]:
    """Lines of a table for one set of people."""
    asked = list(people(folder, which))
    two = [p for p in asked if len(p[2]) == 2]
    pairs = [tuple(p) if len(p) == 2 else (*p, *p) for p in listed_pairs(screener.index)]
    wanted = {frozenset(p) for p in pairs}
    yield f"\n## {which}: {len(asked):,} people, {len(two):,} of two words\n"
    yield "| zone | people of two words | predicted namesakes | found, words in the table | found in all |"
    yield "|---|--:|--:|--:|--:|"
    rows = []
    for name, zone in zones().items():
        mine = [w for z, _, w in two if z == name]
        hits = [w for w in mine if frozenset(w) in wanted]
        known = sum(zone.share(w) > 0 for w in hits)
        rows.append((name, len(mine), len(mine) * sum(zone.share(p) for p in pairs), known, len(hits)))
    rows.sort(key=lambda r: -r[2])
    shown = [r for r in rows if r[2] >= 1 or r[4] >= 3]
    rest = [r for r in rows if r not in shown]
    shown += [_sum("others", rest), _sum("all", rows)]
    for label, n, said, known, all_ in shown:
        yield f"| {label} | {n:,} | {said:.1f} | {known} | {all_} |"
    after, sum_after = bands(screener, asked)
    bounded = Bearers.bounded
    Bearers.bounded = lambda self, value, *_: (value, "")  # type: ignore[method-assign]
    before, sum_before = bands(screener, asked)
    Bearers.bounded = bounded  # type: ignore[method-assign]
    yield "\n| band | names without the bound | with it |\n|---|--:|--:|"
    for band in ("match", "likely", "possible", "unlikely"):
        yield f"| {band} | {before[band]:,} | {after[band]:,} |"
    yield f"| sum of the chances | {sum_before:.1f} | {sum_after:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", default="imo,tennis")
    args = parser.parse_args()
    screener = open_screener(None, None, None).screener
    for which in args.sets.split(","):
        print("\n".join(report(args.folder, which, screener)))


if __name__ == "__main__":
    main()
