# SPDX-License-Identifier: Apache-2.0
"""Listed persons asked as papers write them: given name first, patronymic or second family name left out.

Run: ``python benchmarks/screening_orders.py --mirror DIR [--each 300]``. OFAC writes ``FAMILY, Given Patronymic``.
Names of listed persons are turned and shortened by rule and screened against OFAC's lists without a state; a person is
found when a row of it comes out, and likely when that row's band is likely or match.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from fit_screening import read_benchmark

from bilat.parties.names.patronymic import PATRONYMIC
from bilat.parties.names.script import is_latin
from bilat.parties.names.skeleton import skeleton
from bilat.parties.run.queries import Query
from bilat.parties.run.screen import screen

SEED = 4
Parts = tuple[str, list[str], list[str]]  # party, words of the family name, given names


def parts_of(parties: list[dict]) -> Iterator[Parts]:
    """Listed persons with the words of their first Latin name: the family name stands in capitals or before a comma."""
    for p in parties:
        name = next((n for n in p["names"] if is_latin(n) and len(n.split()) > 1), "")
        if p["schema"] != "Person" or not p["id"].startswith("ofac-") or not name:
            continue
        family, comma, given = name.partition(",")
        if not comma:
            family = " ".join(w for w in name.split() if w.isupper())
            given = " ".join(w for w in name.split() if not w.isupper())
        if family.strip() and given.strip():
            yield p["id"], family.split(), given.split()


def _father(word: str) -> bool:
    return PATRONYMIC.match(skeleton(word.lower())) is not None


Written = Callable[[list[str], list[str]], str]
KINDS: dict[str, tuple[Callable[[list[str], list[str]], bool], Written]] = {
    "given family, patronymic left out": (
        lambda f, g: len(g) == 2 and _father(g[1]),
        lambda f, g: f"{g[0]} {f[0]}",
    ),
    "family given, patronymic left out": (
        lambda f, g: len(g) == 2 and _father(g[1]),
        lambda f, g: f"{f[0]} {g[0]}",
    ),
    "given patronymic family": (
        lambda f, g: len(g) == 2 and _father(g[1]),
        lambda f, g: f"{g[0]} {g[1]} {f[0]}",
    ),
    "two names, given family": (lambda f, g: len(f) == len(g) == 1, lambda f, g: f"{g[0]} {f[0]}"),
    "two names, family given": (lambda f, g: len(f) == len(g) == 1, lambda f, g: f"{f[0]} {g[0]}"),
    "given, first of two family names": (
        lambda f, g: len(f) == 2 and len(g) == 1,
        lambda f, g: f"{g[0]} {f[0]}",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--each", type=int, default=300, help="persons of each kind")
    args = parser.parse_args()
    rng = random.Random(SEED)
    persons = list(parts_of(read_benchmark(args.mirror)[0]))
    for kind, (fits, written) in KINDS.items():
        of = [p for p in persons if fits(p[1], p[2])]
        of = rng.sample(of, min(args.each, len(of)))
        rows: list[dict] = []
        queries = [Query(str(n), written(f, g), n) for n, (_, f, g) in enumerate(of)]
        screen(queries, lists=["ofac"], top=10, emit=rows.append)
        right = {
            r["query_id"]: r["band"]
            for r in reversed(rows)
            if of[int(r["query_id"])][0] in {r["party"], *(x["party"] for x in r["listings"])}
        }
        likely = sum(band in ("match", "likely") for band in right.values())
        print(
            f"{kind:36} {len(of):4} persons, found {len(right) / len(of):.3f}, likely {likely / len(of):.3f}"
        )


if __name__ == "__main__":
    main()
