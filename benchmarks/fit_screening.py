# SPDX-License-Identifier: Apache-2.0
"""Fits the weights of the name score and writes ``src/bilat/parties/match/weights.json``.

Run: ``python benchmarks/fit_screening.py --mirror DIR --firms FILE`` where DIR holds ``benchmarks/party_matching`` and
``sources/parties`` (files of the publishers as named in the catalogue), and FILE names of firms that are not listed,
a name a line (see ``fit_chance.py``).

What it learns from, none of it the half that is reported on:

* aliases: one name of a listed OFAC party is taken out and must be found by the party's other names;
* names of the same parties in the EU's and Ukraine's lists (the half of the queries whose hash is even);
* verbatim names, lightly, so that an exact name counts for more than a nearly exact one;
* names of people and firms that are not on the list;
* persons of the EU's, the UN's and Ukraine's lists (the half whose hash is even) against OFAC's persons of like names
  who were born in other years: two persons, however alike their names;
* made names: a listed name with one letter changed, or a person's without one of three words (the same party), and
  with one of its words put for that of another listed name (another party).

The curves are monotone by construction. Loss: logistic, plus the logarithm of the rank probability of the
right party within its query. Ridge penalty on standardised columns.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import time
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Indel
from scipy.optimize import minimize

from bilat.formats.parties.formats import load
from bilat.parties.match.index import NameIndex, Party, background
from bilat.parties.match.matching import BATCH, Matcher, NameQuery, Pairs
from bilat.parties.match.pairing import NAMES
from bilat.parties.match.scores import KNOTS, Weights, expand
from bilat.parties.names.legal import legal_span
from bilat.parties.names.skeleton import skeleton

SEED = 7
RIDGE = 3.0
#: Parties of a query that are fitted on, the most alike first; the others are right away not alike.
NEAREST = 12
#: Two persons' years of birth that are further apart than this tell them apart: lists err by one or two.
APART = 3
#: What a pair of namesakes, and of a made name, counts. Chosen among five settings on pairs of names of the other half
#: of the lists; heavier made names (1.0) cost detection at 0.1 % (from 0.83 to 0.76) and four of 100 Chinese firms.
NAMESAKES, MADE = 1.5, 0.15
#: An exact agreement and a rarer agreement always count for something: scores stay ordered at the top.
FLOOR = {
    "identical": 0.2,
    "identical_written": 0.5,
    "shared": 0.25,
    "written": 0.3,
    "order": 0.4,
    "legal_same": 0.1,
}

#: Direction in which a feature may move the log-odds: fitted curves are monotone, so that a better agreement
#: never lowers a score.
DIRECTION: dict[str, int] = {
    **dict.fromkeys(
        ("query_covered", "shared", "spelling", "written", "identical",
         "identical_written", "legal_same", "order"), 1),
    **dict.fromkeys(
        ("query_rest", "listed_rest", "legal_other", "numbers", "short", "part",
         "class_other", "first_differs", "clash", "clash_unlike"), -1),
}  # fmt: skip


def half(key: str) -> int:
    """0 (fitted on) or 1 (reported on), by hash."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % 2


def read_benchmark(mirror: Path) -> tuple[list[dict], dict[str, list[dict]]]:
    """(parties, queries by set) of the matching benchmark."""
    folder = mirror / "benchmarks/party_matching"
    parties = [json.loads(line) for line in (folder / "entities.jsonl").read_text("utf-8").splitlines()]
    queries = {
        s: json.loads((folder / f"queries_{s}.json").read_text("utf-8")) for s in ("real", "syn", "zh", "neg")
    }
    return parties, queries


def is_latin(text: str) -> bool:
    """Whether every letter is Latin."""
    return all(re.match("[A-Za-z\u00c0-\u024f]", c) for c in text if c.isalpha())


def latin_names(party: dict) -> tuple[str, ...]:
    """The party's names that are wholly in Latin letters."""
    return tuple(n for n in party["names"] if is_latin(n))


def index_of(parties: list[dict], prefix: str = "") -> NameIndex:
    """Index of the parties whose id begins with ``prefix``, Latin names only."""
    return NameIndex(
        Party(p["id"], p["schema"], latin_names(p)) for p in parties if p["id"].startswith(prefix)
    )


def real_queries(queries: dict[str, list[dict]]) -> list[dict]:
    """Non-verbatim, non-vessel names of other lists that have an OFAC party as their answer."""
    return [
        q
        for q in queries["real"]
        if not q["verbatim"] and q["schema"] != "Vessel" and any(t.startswith("ofac-") for t in q["target"])
    ]


def clean_people(mirror: Path) -> list[dict]:
    """Generated names of people, not listed."""
    out = []
    for part in ("global", "us"):
        path = mirror / f"sources/parties/labels/yente_candidate__negatives_{part}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            out += [{"q": row["full_name"], "schema": "Person"} for row in csv.DictReader(file)]
    return list({q["q"]: q for q in out if q["q"]}.values())


def clean_firms(mirror: Path, parties: list[dict]) -> list[dict]:
    """Firms that OFAC does not list: targets of China's countermeasures and makers of components."""
    names = [p["names"][0] for p in parties if p["id"].startswith("cn-") and p["schema"] == "LegalEntity"]
    with (mirror / "sources/parties/ua/gur_manufacturers.csv").open(encoding="utf-8", newline="") as file:
        names += [row["name"] for row in csv.DictReader(file) if row.get("name")]
    return [{"q": n, "schema": "LegalEntity"} for n in dict.fromkeys(names)]


def companies(parties: list[dict], extra: Path | None = None) -> list[dict]:
    """Firms that OFAC does not list: targets of China's countermeasures, and the lines of ``extra``.

    Ukraine's list of makers of components is not among them: some of those makers are listed.
    """
    names = [p["names"][0] for p in parties if p["id"].startswith("cn-") and p["schema"] == "LegalEntity"]
    if extra is not None:
        lines = sorted(set(filter(None, extra.read_text("utf-8").split("\n"))))
        random.Random(SEED).shuffle(lines)
        names += lines
    return [{"q": n, "schema": "LegalEntity"} for n in dict.fromkeys(names)]


def listed_nowhere(parties: list[dict], path: Path, reported: set[str]) -> list[dict]:
    """The firms of ``path`` of the half that is fitted on."""
    return [q for q in companies(parties, path) if half(q["q"]) == 0 and q["q"] not in reported]


def years(text: str) -> frozenset[int]:
    """The years in a text of dates."""
    return frozenset(int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))


def namesakes(mirror: Path) -> tuple[list[dict], dict[str, frozenset[int]]]:
    """Persons of the EU's, the UN's and Ukraine's lists (the half whose hash is even) with the years in which they may
    have been born; and the same years of OFAC's persons, by id.
    """
    folder = mirror / "sources/parties"
    files = sorted((folder / "eu/consolidated").glob("*.csv"))
    files += [folder / "un/UN_consolidated.xml", *sorted((folder / "ua").glob("war_sanctions_targets_*.csv"))]
    asked = []
    for file in files:
        for party in load(file):
            born = years(party.born)
            if party.schema == "Person" and born and half(party.name) == 0:
                names = [n.text for n in party.names if "(" not in n.text and is_latin(n.text)]
                asked += [{"q": n, "schema": "Person", "born": born} for n in names[:2]]
    ofac: dict[str, frozenset[int]] = {}
    for file in sorted((folder / "ofac").glob("sdn_20??-??-??.csv")):
        ofac.update((p.id, years(p.born)) for p in load(file) if p.born)
    return asked, ofac


def apart(a: frozenset[int], b: frozenset[int]) -> bool:
    """Whether two persons cannot be one by their years of birth."""
    return bool(a and b) and min(abs(x - y) for x in a for y in b) > APART


def respelled(name: str, rng: random.Random) -> str | None:
    """The name with one letter of one word changed, left out, doubled in, or two swapped."""
    words = name.split()
    long = [n for n, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    if not long:
        return None
    n = rng.choice(long)
    word, at = words[n], rng.randrange(len(words[n]))
    letter = rng.choice("abcdefghiklmnoprstuvyz")
    letter = letter.upper() if word.isupper() else letter
    words[n] = rng.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)


def another(name: str, other: str, rng: random.Random) -> str | None:
    """The name with one of its words put for the word of another name that stands at the same place."""
    words, theirs = name.split(), other.split()
    n = rng.randrange(len(words))
    if len(theirs) != len(words) or len(words) < 2 or min(len(words[n]), len(theirs[n])) < 3:
        return None
    a, b = (skeleton(w.strip(",.").lower()) for w in (words[n], theirs[n]))
    if Indel.normalized_similarity(a, b) > 0.6 or legal_span(words[n]) or legal_span(theirs[n]):
        return None
    words[n] = theirs[n]
    return " ".join(words)


def made(parties: list[dict], rng: random.Random, most: int) -> list[dict]:
    """Names made of listed ones: respelled, or without one of three words (the same party), with a word of another
    party's name (nobody's name).
    """
    out: list[dict] = []
    of: dict[tuple[str, int], list[str]] = {}
    listed = [p for p in parties if p["id"].startswith("ofac-") and p["schema"] in ("LegalEntity", "Person")]
    listed = [p for p in listed if latin_names(p)]
    for p in listed:
        of.setdefault((p["schema"], len(latin_names(p)[0].split())), []).append(latin_names(p)[0])
    for p in rng.sample(listed, min(most, len(listed))):
        name = rng.choice(latin_names(p))
        words = name.split()
        alike = respelled(name, rng)
        target = {"schema": p["schema"], "target": [p["id"]]}
        if alike:
            out.append({"q": alike, **target})
        if p["schema"] == "Person" and len(words) > 2:
            gone = rng.randrange(len(words))
            out.append({"q": " ".join(w for n, w in enumerate(words) if n != gone), **target})
        others = of.get((p["schema"], len(words)))
        swaps = [another(name, rng.choice(others), rng) for _ in range(8)] if others else []
        out += [{"q": s, "schema": p["schema"]} for s in list(filter(None, swaps))[:2]]
    return out


def nearest(value: np.ndarray, query: np.ndarray, among: np.ndarray, most: int = NEAREST) -> np.ndarray:
    """Which of the pairs ``among`` are of the greatest values of their query."""
    at = np.flatnonzero(among)
    at = at[np.lexsort((-value[at], query[at]))]
    place = np.arange(len(at)) - np.searchsorted(query[at], query[at])
    out = np.zeros(len(value), dtype=bool)
    out[at[place < most]] = True
    return out


def score(matcher: Matcher, queries: list[dict], schema: bool = True) -> Pairs:
    """Pairs of all queries, batch after batch."""
    parts, offset = [], 0
    for at in range(0, len(queries), BATCH):
        batch = queries[at : at + BATCH]
        pairs = matcher.pairs([NameQuery(q["q"], q.get("schema") if schema else None) for q in batch])
        pairs.query = pairs.query + offset
        parts.append(pairs)
        offset += len(batch)
    parts = [p for p in parts if len(p.query)]
    return Pairs(
        *(
            np.concatenate([getattr(p, f) for p in parts])
            for f in ("query", "form", "party", "log_odds", "features", "person", "cost")
        ),
        [r for p in parts for r in p.reading],
    )


def fit_class(
    basis: np.ndarray, owners: list[str], truth: np.ndarray, query: np.ndarray, weight: np.ndarray
) -> tuple[float, np.ndarray]:
    """Intercept and slopes of one class of parties."""
    order = np.argsort(query, kind="stable")
    basis, truth, query, weight = (
        basis[order].astype(float),
        truth[order].astype(float),
        query[order],
        weight[order],
    )
    starts = np.flatnonzero(np.r_[True, query[1:] != query[:-1]])
    group = np.cumsum(np.r_[True, query[1:] != query[:-1]]) - 1
    has_truth = np.bincount(group, weights=truth) > 0
    group_weight = weight[starts] * has_truth
    mean, spread = basis.mean(0), basis.std(0) + 1e-3
    z = (basis - mean) / spread

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        value = z @ p[1:] + p[0]
        probability = 1 / (1 + np.exp(-value))
        total = np.sum(weight * (np.logaddexp(0, value) - truth * value))
        gradient = weight * (probability - truth)
        top = np.maximum.reduceat(value, starts)
        e = np.exp(value - top[group])
        all_of = np.add.reduceat(e, starts)
        right = np.where(truth > 0, e, 0)
        right_of = np.add.reduceat(right, starts) + 1e-300
        total += np.sum(group_weight * (np.log(all_of) - np.log(right_of) * has_truth))
        gradient = gradient + group_weight[group] * (e / all_of[group] - right / right_of[group])
        total += RIDGE * np.sum(p[1:] ** 2) / 2
        return float(total), np.r_[gradient.sum(), z.T @ gradient + RIDGE * p[1:]]

    bounds = [(None, None)]
    for owner, s in zip(owners, spread, strict=True):
        floor = FLOOR.get(owner, 0.0) * s
        bounds.append({1: (floor, None), -1: (None, 0), 0: (None, None)}[DIRECTION.get(owner, 0)])
    start = np.asarray([0.0] + [max(b[0] or 0.0, 0.0) if b[0] is not None else 0.0 for b in bounds[1:]])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 800})
    slope = found.x[1:] / spread
    return float(found.x[0] - np.sum(slope * mean)), slope


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "src/bilat/parties/match/weights.json"
    )
    parser.add_argument("--firms", type=Path, required=True, help="names of firms that are not listed")
    args = parser.parse_args()
    started = time.perf_counter()
    parties, queries = read_benchmark(args.mirror)
    write_counts(index_of(parties, "ofac-"), args.out.with_name("token_counts.json"))
    index = index_of(parties, "ofac-")
    flat = Weights(np.zeros(2), np.zeros((2, len(expand(np.zeros((1, len(NAMES))))[1]))))
    matcher = Matcher(index, flat)
    rng = random.Random(SEED)
    real = [q for q in real_queries(queries) if half(q["from_"]) == 0]
    aliases = []
    for p in parties:
        names = latin_names(p)
        if p["id"].startswith("ofac-") and p["schema"] in ("LegalEntity", "Person") and len(names) > 1:
            aliases.append({"q": rng.choice(names), "schema": p["schema"], "target": [p["id"]]})
    rng.shuffle(aliases)
    aliases = aliases[:5000]
    verbatim = aliases[:1500]
    people = [q for q in clean_people(args.mirror) if half(q["q"]) == 0]
    rng.shuffle(people)
    reported = {q["q"] for q in queries["neg"]}
    firms = [q for q in clean_firms(args.mirror, parties) if half(q["q"]) == 0 and q["q"] not in reported]
    sets = [
        (real, 3.0, False),
        (aliases, 1.0, True),
        (verbatim, 0.5, False),
        (people[3000:9000] + listed_nowhere(parties, args.firms, reported)[:9000], 0.3, False),
        (people[:3000] + firms, 1.0, False),
    ]
    asked, born = namesakes(args.mirror)
    sets[3:3] = [(made(parties, rng, 2500), MADE, False), (asked, NAMESAKES, False)]
    number = {i: n for n, i in enumerate(index.ids)}
    features, truth, query, person, weight, party = [], [], [], [], [], []
    offset = 0
    for these, w, leave_out in sets:
        pairs = score(matcher, these)
        keep = np.ones(len(pairs.query), dtype=bool)
        if leave_out:
            keep &= np.asarray(
                [index.names[f] != these[q]["q"] for q, f in zip(pairs.query, pairs.form, strict=True)]
            )
        if these is asked:  # who was born in other years is somebody else; of the rest nothing is known
            keep = np.asarray(
                [
                    apart(these[q]["born"], born.get(index.ids[p], frozenset()))
                    for q, p in zip(pairs.query, pairs.party, strict=True)
                ]
            )
        right = [{number[t] for t in q.get("target", ()) if t in number} for q in these]
        features.append(pairs.features[keep])
        truth.append(
            np.asarray([p in right[q] for q, p in zip(pairs.query[keep], pairs.party[keep], strict=True)])
        )
        query.append(pairs.query[keep] + offset)
        person.append(pairs.person[keep])
        party.append(pairs.party[keep])
        weight.append(np.full(int(keep.sum()), w))
        offset += len(these)
        print(f"{len(these):6} queries, {int(keep.sum()):7} pairs, {int(truth[-1].sum()):5} right")
    x, y, q, k, w, p = map(np.concatenate, (features, truth, query, person, weight, party))
    basis, owners = expand(x)
    names = list(dict.fromkeys(owners))
    print(f"{len(names)} features, {basis.shape[1]} columns, {time.perf_counter() - started:.0f} s so far")
    current = x[:, NAMES.index("query_covered")] + x[:, NAMES.index("spelling")]
    for _ in range(3):
        # A party is represented by its best reading under the current weights.
        order = np.lexsort((-current, p, q))
        first = np.r_[True, (q[order][1:] != q[order][:-1]) | (p[order][1:] != p[order][:-1])]
        best = np.zeros(len(q), dtype=bool)
        best[order[first]] = True
        best &= y | nearest(current, q, best)
        fitted = [fit_class(basis[best & m], owners, y[best & m], q[best & m], w[best & m]) for m in (k, ~k)]
        new = Weights(np.asarray([f[0] for f in fitted]), np.asarray([f[1] for f in fitted]))
        current = new.log_odds(x, k)
    scale, shift = calibrate(new.log_odds(x, k), y, q, p, len(real), len(people[:3000] + firms), offset)
    out = {
        "made_by": "benchmarks/fit_screening.py",
        "calibration": {"scale": round(scale, 4), "shift": round(shift, 4), "base_rate": 0.5},
        "columns": [[o, *piece] for o, piece in zip(owners, _pieces(owners), strict=True)],
        "intercept": [round(float(v), 4) for v in new.intercept],
        "slope": [[round(float(v), 4) for v in row] for row in new.slope],
    }
    args.out.write_text(json.dumps(out, indent=1) + "\n", "utf-8")
    print(f"wrote {args.out.name}: {time.perf_counter() - started:.0f} s")


def write_counts(index: NameIndex, path: Path) -> None:
    """How many of OFAC's parties bear each token; tokens of fewer than four parties are rare enough to leave
    out.
    """
    by_count: dict[int, list[str]] = {}
    for token, n in zip(index.tokens, index.df.tolist(), strict=True):
        if n >= 4:
            by_count.setdefault(n, []).append(token)
    table = {
        "about": "parties per token (skeleton) in names of OFAC's list of November 2025; public domain",
        "made_by": "benchmarks/fit_screening.py",
        "parties": len(index),
        "tokens": {str(n): " ".join(sorted(ts)) for n, ts in sorted(by_count.items())},
    }
    path.write_text(json.dumps(table, indent=0) + "\n", "utf-8")
    background.cache_clear()


def calibrate(
    value: np.ndarray,
    truth: np.ndarray,
    query: np.ndarray,
    party: np.ndarray,
    n_real: int,
    n_clean: int,
    n_all: int,
) -> tuple[float, float]:
    """Scale and shift that make the sums probabilities where half of the names asked are listed.

    Cases: each (query, party) among the candidates of the real names and of the clean names that were fitted
    on.
    """
    order = np.lexsort((-value, party, query))
    first = np.r_[True, (query[order][1:] != query[order][:-1]) | (party[order][1:] != party[order][:-1])]
    best = order[first]
    value, truth, query = value[best], truth[best].astype(float), query[best]
    real, clean = query < n_real, query >= n_all - n_clean
    weight = np.where(real, 0.5 / n_real, np.where(clean, 0.5 / n_clean, 0.0)) * (n_real + n_clean)

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        z = p[0] * value + p[1]
        gradient = weight * (1 / (1 + np.exp(-z)) - truth)
        return float(np.sum(weight * (np.logaddexp(0, z) - truth * z))), np.asarray(
            [np.sum(gradient * value), np.sum(gradient)]
        )

    found = minimize(
        loss, np.asarray([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.1, None), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])


def _pieces(owners: list[str]) -> list[tuple[float, ...]]:
    seen: dict[str, int] = {}
    out = []
    for owner in owners:
        knots, n = KNOTS.get(owner), seen.get(owner, 0)
        out.append((knots[n], knots[n + 1]) if knots else ())
        seen[owner] = n + 1
    return out


if __name__ == "__main__":
    main()
