# SPDX-License-Identifier: Apache-2.0
"""Fits the printed probability and writes ``src/bilat/parties/match/chance.json``.

Run: ``python benchmarks/fit_chance.py --mirror DIR``; DIR holds ``benchmarks/party_matching``, ``sources/parties`` and
``sources/names``. Fitted on the half of the listed names whose hash is even and on the tenth of GLEIF's names that
:func:`background.part_of` puts in part 8; judged, and the costs of the bands measured, on the other half and on part 9.
The background counts neither. Single words, slips and abbreviations of listed names, and of clean ones, are fitted on
too (``noise.FITTED``). Listed and clean names are weighed as one listed name in a hundred has it (``ODDS``).
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import noise
import numpy as np
from background import gleif
from fit_screening import clean_people, half, index_of, latin_names, read_benchmark, real_queries
from scipy.optimize import minimize

from bilat.parties.match.background import people
from bilat.parties.match.chance import CANDIDATES, CLASSES, COLUMNS, HAN_NAME, SCORE, top
from bilat.parties.match.index import ORGANISATION, NameIndex, party_class
from bilat.parties.match.matching import BATCH, Matcher, NameQuery
from bilat.parties.match.pairing import NAMES
from bilat.parties.names.forms import forms
from bilat.parties.names.script import has_han
from bilat.parties.names.skeleton import skeleton, stem

SEED = 7
ODDS = {"person": 0.01, "other": 0.01, "han": 1.0}
RIDGE = {"person": 0.1, "other": 0.1, "han": 2.0}
#: What each set counts among the listed, and among the clean, names of its class.
SHARE = {
    "real": 0.4, "copied": 0.1, "words": 0.15, "slips": 0.15, "abbreviated": 0.2,
    "people": 0.35, "drawn": 0.4, "firms": 0.55, "clean words": 0.2, "noisy clean": 0.25, "zh": 1.0, "han": 1.0,
}  # fmt: skip
#: Names of a state that are asked.
A_STATE = 120
#: Points of the table of costs.
POINTS = np.arange(-4.0, 12.01, 0.25)
#: Columns in which the chance may only fall, may only rise; the others are free.
FALLING = ("edits", "words cut", "words left", "listed left", "listed words left", "part", "class_other",
           "initials", "legal_other", "numbers")  # fmt: skip
RISING = (
    "same",
    "score",
    "gap",
    "near",
    "cut",
    "sound",
    "identical_written",
    "legal_same",
    "order",
    "explained",
    "both explained",
)


def word_of(names: Sequence[str], index: NameIndex) -> str | None:
    """What a firm goes by in one word: its first name of one word but for the legal form, else the word of its first
    name that the fewest listed parties have. None where no word has three letters.
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
            rarest = min(
                words, key=lambda w: index.df[index.vocabulary[keys[w]]] if keys[w] in index.vocabulary else 0
            )
    return rarest


def listed_words(parties: list[dict], index: NameIndex) -> list[dict]:
    """Single words that OFAC's firms go by."""
    out: dict[str, list[str]] = {}
    for p in parties:
        firm = p["id"].startswith("ofac-") and party_class(p["schema"]) == ORGANISATION
        if firm and (word := word_of(latin_names(p), index)):
            out.setdefault(word, []).append(p["id"])
    return [
        {"q": w, "schema": "LegalEntity", "target": t, "half": half(t[0])} for w, t in sorted(out.items())
    ]


def registered(mirror: Path, part: int, a_state: int = A_STATE) -> list[dict]:
    """Clean firms of a part of GLEIF's names, at most ``a_state`` of each state."""
    of: dict[str, list[str]] = defaultdict(list)
    for name, state in gleif(mirror, [part]):
        of[state].append(name)
    rng = random.Random(SEED)
    out = []
    for state, names in sorted(of.items()):
        rng.shuffle(names)
        out += [
            {"q": n, "schema": "LegalEntity", "state": state, "half": int(part == 9)}
            for n in names[:a_state]
            if not has_han(n)
        ]
    return out


def drawn(mirror: Path, n: int) -> list[dict]:
    """People at the frequencies of their names: Russians with and without the father's name, and of every zone."""
    import pyarrow.parquet as pq

    rng = random.Random(SEED)
    read = {}
    for key in ("surnames", "names", "midnames"):
        t = pq.read_table(mirror / f"sources/names/russiannames_{key}.parquet").to_pydict()
        for sex in "mf":
            rows = [(x, c) for x, c, g in zip(t["text"], t["count"], t["gender"], strict=True) if g == sex]
            read[key, sex] = ([x for x, _ in rows], [c for _, c in rows])
    out = []
    for k in range(n):
        sex = "m" if k % 4 else "f"
        family, given, father = (rng.choices(*read[key, sex])[0] for key in ("surnames", "names", "midnames"))
        out.append(
            {"q": " ".join([family, given, father][: 2 + k % 2]), "schema": "Person", "half": (k // 2) % 2}
        )
    for name, zone in sorted(people().zones.items()):
        for k in range(max(n // 40, 40) * (4 if name in ("zh", "tr", "fa", "arab", "ru", "turk") else 1)):
            given = rng.choices([*zone.given], [*zone.given.values()])[0]
            family = rng.choices([*zone.family], [*zone.family.values()])[0]
            out.append({"q": f"{given} {family}".title(), "schema": "Person", "half": k % 2})
    return out


def side(query: dict) -> int:
    """0 (fitted on) or 1 (kept back)."""
    return int(query["half"]) if "half" in query else half(query.get("from_") or query["q"])


def tops(matcher: Matcher, queries: list[dict], schema: bool = True) -> dict[str, np.ndarray]:
    """Per query the scores, right ones, and the columns and class of the best pair."""
    n, index = len(queries), matcher.index
    out: dict[str, np.ndarray] = {
        "scores": np.full((n, CANDIDATES), -np.inf),
        "right": np.zeros((n, CANDIDATES), dtype=bool),
        "x": np.zeros((n, len(COLUMNS))),
        "kind": np.zeros(n, dtype=np.int64),
        "written": np.zeros(n, dtype=bool),
    }
    for at in range(0, n, BATCH):
        batch = queries[at : at + BATCH]
        pairs = matcher.pairs([NameQuery(q["q"], q.get("schema") if schema else None) for q in batch])
        if not len(pairs.query):
            continue
        best = pairs.best_per_party()
        of = pairs.query[best]
        place = np.arange(len(best)) - np.searchsorted(of, of)
        for k in np.flatnonzero(place < CANDIDATES).tolist():
            pair, q, p = int(best[k]), at + int(of[k]), int(place[k])
            out["scores"][q, p] = pairs.log_odds[pair]
            out["right"][q, p] = index.ids[pairs.party[pair]] in queries[q].get("target", ())
        first = best[place == 0]
        rows = at + pairs.query[first]
        second = np.where(np.isfinite(out["scores"][rows, 1]), out["scores"][rows, 1], SCORE[0] - 4)
        t = top(index, pairs, first, pairs.log_odds[first], second)
        out["x"][rows], out["kind"][rows] = t.basis(), t.of
        out["written"][rows] = pairs.told(first)[:, NAMES.index("identical_written")] > 0
    return out


def noisy(names: list[dict], kinds: Sequence[str], table: dict = noise.FITTED) -> list[dict]:
    """Names with a kind of noise each, those that it changes; each remembers its bare name."""
    rng = random.Random(SEED)
    out = []
    for n, q in enumerate(names):
        text = table[kinds[n % len(kinds)]](q["q"], rng)
        if text != q["q"]:
            out.append({"from_": q["q"], **q, "q": text, "bare": q["q"]})
    return out


def the_index(parties: list[dict]) -> Matcher:
    """A matcher over OFAC's parties, Latin names only."""
    return Matcher(index_of(parties, "ofac-"))


def aliases_of(parties: list[dict]) -> list[dict]:
    """Names as OFAC lists them, of firms and persons, one a party."""
    rng = random.Random(SEED)
    out = [
        {"q": rng.choice(names), "schema": p["schema"], "target": [p["id"]], "half": half(p["id"])}
        for p in parties
        if p["id"].startswith("ofac-")
        and p["schema"] in ("LegalEntity", "Person")
        and (names := latin_names(p))
    ]
    rng.shuffle(out)
    return out


def the_sets(mirror: Path) -> list[tuple[dict[str, np.ndarray], list[dict], int, str]]:
    """(what was found, names, listed or not, set), every second name of a set without its kind of party."""
    parties, queries = read_benchmark(mirror)
    latin, every = the_index(parties), Matcher(index_of(parties))
    reported = {q["q"] for q in queries["neg"]}
    men = [q for q in clean_people(mirror) if q["q"] not in reported]
    random.Random(SEED).shuffle(men)
    own = aliases_of(parties)
    firms = registered(mirror, 8) + registered(mirror, 9)
    words = {w: q for q in firms if (w := word_of([q["q"]], latin.index))}
    with gzip.open(
        mirror / "sources/names/cn_company_short_forms_280k.txt.gz", "rt", encoding="utf-8-sig"
    ) as file:
        han = sorted({line.strip() for line in file if has_han(line)})
    random.Random(SEED).shuffle(han)
    verbatim = [
        q for q in queries["real"] if q["verbatim"] and q["schema"] != "Vessel" and "ofac-" in q["target"][0]
    ]
    of_firms = [q for q in own if q["schema"] != "Person"]
    sets = (
        ("real", latin, real_queries(queries), 1),
        ("copied", latin, verbatim + own[:800], 1),
        ("words", latin, random.Random(SEED).sample(listed_words(parties, latin.index), 4000), 1),
        (
            "slips",
            latin,
            noisy(own[800:2600] + real_queries(queries), ("typo", "scanned", "typo", "papers")),
            1,
        ),
        ("abbreviated", latin, noisy(of_firms[:1200], ("abbreviated",)), 1),
        ("people", latin, men[:4000], 0),
        ("drawn", latin, drawn(mirror, 2000), 0),
        ("firms", latin, firms, 0),
        ("clean words", latin, [{**q, "q": w} for w, q in sorted(words.items())][:4000], 0),
        (
            "noisy clean",
            latin,
            noisy(firms[::3], tuple(noise.FITTED)) + noisy(men[:1500], ("typo", "papers")),
            0,
        ),
        ("zh", every, queries["zh"], 1),
        ("han", every, [{"q": x} for x in han[:2000]] + [{"q": x + "有限公司"} for x in han[2000:3000]], 0),
    )
    out = []
    for name, matcher, these, label in sets:
        started = time.process_time()
        for schema in (True, False) if name in ("real", "zh") else (True,):
            part = (
                these
                if name in ("real", "zh")
                else [
                    q if n % 2 else {k: v for k, v in q.items() if k != "schema"} for n, q in enumerate(these)
                ]
            )
            found = tops(matcher, part, schema)
            if name == "firms":  # the very name of a listed party: it may be the party
                same = found["written"] & np.asarray([len(q["q"].split()) > 1 for q in these])
                found, these = (
                    {k: v[~same] for k, v in found.items()},
                    [q for q, s in zip(these, same, strict=True) if not s],
                )
            out.append((found, these, label, name))
        print(name, len(these), f"{time.process_time() - started:.0f} s")
    return out


def fit_listed(x: np.ndarray, y: np.ndarray, w: np.ndarray, name: str) -> tuple[float, np.ndarray]:
    """Intercept (at even odds) and slopes of a logistic model, ridge on standardised columns, monotone."""
    mean, spread = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / spread
    ridge = RIDGE[name]

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        value = z @ p[1:] + p[0]
        residual = w * (1 / (1 + np.exp(-value)) - y)
        total = np.sum(w * (np.logaddexp(0, value) - y * value)) + ridge * np.sum(p[1:] ** 2) / 2
        return float(total), np.r_[residual.sum(), z.T @ residual + ridge * p[1:]]

    bounds: list[tuple[float | None, float | None]] = [(None, None)]
    for column in COLUMNS:
        rises, falls = column.startswith(RISING), column in FALLING
        bounds.append((0.0, None) if rises else (None, 0.0) if falls else (None, None))
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds,
                     options={"maxiter": 3000, "maxfun": 6000})  # fmt: skip
    slope = found.x[1:] / spread
    return float(found.x[0] - np.sum(slope * mean) - np.log(ODDS[name])), slope


def fit_shares(scores: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Sharpness and the score of none of these, by likelihood of the right candidate."""
    s = np.where(np.isfinite(scores), scores, -30.0)

    def loss(p: np.ndarray) -> float:
        e = np.exp(np.clip(p[0] * (s - s[:, :1]), -60, 0))
        none = np.exp(np.clip(p[0] * (p[1] - s[:, 0]), -60, 60))
        hit = np.where(right.any(1), (e * right).sum(1), none)
        return float(-np.log(np.maximum(hit, 1e-12) / (e.sum(1) + none)).sum())

    found = minimize(loss, np.asarray([1.0, -4.0]), method="Nelder-Mead", bounds=[(0.3, 1.5), (-12.0, 2.0)])
    return float(found.x[0]), float(found.x[1])


def cost_table(clean: np.ndarray, listed: np.ndarray) -> list[list[float]]:
    """[log-odds, share of clean names at or above, share of listed names at or above]."""
    return [
        [float(p), round(float(np.mean(clean >= p)), 5), round(float(np.mean(listed >= p)), 4)]
        for p in POINTS
    ]


def weights_of(what: np.ndarray, y: np.ndarray, odds: float) -> np.ndarray:
    """Weights of a class's names: of each set its share, clean names 1,000 in all, listed ones as ``odds`` has it."""
    size = Counter(what.tolist())
    w = np.asarray([SHARE[s] / size[s] for s in what])
    w[y == 0] *= 1000 / w[y == 0].sum()
    w[y == 1] *= 1000 * odds / w[y == 1].sum()
    return w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument(
        "--scores", type=Path, help="where the columns are kept, for further fits of the same code"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "src/bilat/parties/match/chance.json"
    )
    args = parser.parse_args()
    if args.scores and args.scores.is_file():
        sets = pickle.loads(args.scores.read_bytes())
    else:
        sets = the_sets(args.mirror)
        if args.scores:
            args.scores.write_bytes(pickle.dumps(sets))
    data = {k: np.concatenate([t[k] for t, *_ in sets]) for k in sets[0][0]}
    y = np.concatenate([np.full(len(q), label) for _, q, label, _ in sets])
    what = np.concatenate([np.full(len(q), name) for _, q, _, name in sets])
    held = np.asarray([side(r) for _, q, *_ in sets for r in q], dtype=bool)
    state = np.asarray([r.get("state", "") for _, q, *_ in sets for r in q])
    table: dict = {"made_by": "benchmarks/fit_chance.py", "columns": list(COLUMNS)}
    found: dict[str, list] = {"intercept": [], "slope": [], "sharpness": [], "none_of_these": []}
    value = np.zeros(len(y))
    for k, name in enumerate(CLASSES):
        of = (data["kind"] == k) & ~held
        intercept, slope = fit_listed(data["x"][of], y[of], weights_of(what[of], y[of], ODDS[name]), name)
        value[data["kind"] == k] = intercept + data["x"][data["kind"] == k] @ slope
        hit = of & (y == 1) & np.isin(what, ("real", "zh"))
        sharp, none = fit_shares(data["scores"][hit], data["right"][hit])
        for key, v in zip(found, (intercept, [round(float(s), 4) for s in slope], sharp, none), strict=True):
            found[key].append(v if isinstance(v, list) else round(v, 4))
        print(name, {c: round(float(s), 2) for c, s in zip(COLUMNS, slope, strict=True) if abs(s) > 1e-3})
    among = data["right"].any(axis=1)
    for s in SHARE:
        of = held & (what == s)
        print(f"{s:12} {int(of.sum()):6}", *(
            f"p>={p}: {np.mean(value[of] >= np.log(p / (1 - p)) + np.log(99)) * 1000:.1f}" for p in (0.9, 0.5, 0.1)
        ), f"right among ten {np.mean(among[of]):.3f}" if y[of].any() else "")  # fmt: skip
    table["cost"] = costs(value, y, what, held, state, data["kind"])
    firms = held & (what == "firms")
    alerts = {s: float(np.mean(value[firms & (state == s)] >= np.log(1 / 9) + np.log(99)) * 1000)
              for s in set(state[firms]) if (state[firms] == s).sum() >= 100}  # fmt: skip
    print("states by alerts a thousand:", sorted(alerts.items(), key=lambda x: -x[1])[:12])
    args.out.write_text(json.dumps({**table, **found}, indent=None, separators=(",", ":")) + "\n", "utf-8")


def costs(
    value: np.ndarray, y: np.ndarray, what: np.ndarray, held: np.ndarray, state: np.ndarray, kind: np.ndarray
) -> dict[str, list[list[float]]]:
    """Tables of what a least probability costs, by class, of single words, of Russians, and of firms by state."""
    real = held & (what == "real")
    person = held & np.isin(what, ("people", "drawn"))
    out = {
        "person": cost_table(value[person], value[real & (kind == 0)]),
        "other": cost_table(value[held & (what == "firms")], value[real & (kind == 1)]),
        "han": cost_table(value[held & (what == "han")], value[held & (what == "zh") & (kind == HAN_NAME)]),
        "word": cost_table(value[held & (what == "clean words")], value[held & (what == "words")]),
    }
    for s in sorted(set(state)):
        of = held & (what == "firms") & (state == s)
        if s and of.sum() >= 100:
            out[s] = cost_table(value[of], value[real & (kind == 1)])[::4]
    return out


if __name__ == "__main__":
    main()
