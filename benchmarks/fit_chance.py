# SPDX-License-Identifier: Apache-2.0
"""Fits the score of a listed name and writes ``src/bilat/parties/match/chance.json``.

Run: ``python benchmarks/fit_chance.py --mirror DIR``; DIR holds ``benchmarks/party_matching``, ``sources/parties`` and
``sources/names``. Fitted on the half of the listed names whose hash is even and on the tenth of GLEIF's names that
:func:`background.part_of` puts in part 8; judged, and the costs of the bands measured, on the other half and on part 9.
The background counts neither. Single words, slips and abbreviations of listed names, initials of listed persons, and
the same of clean names, are fitted on too (``noise.FITTED``, ``noise.OF_PEOPLE``). Listed and clean names are weighed
as one listed name in a hundred has it (``ODDS``). The curves are monotone. Loss: logistic, of the right party's score
and of the best score of a clean name; and the logarithm of the right party's share among the candidates. Which listed
names are compared is chosen by the model before: run it until it changes no more (twice). A fit is taken where it ranks
and tells apart the names that no half has (``screening.by_number``) at least as well as the curves before; else these
are kept (``--keep``) and the costs alone are measured anew.
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
from functools import cache
from pathlib import Path

import noise
import numpy as np
from background import gleif
from party_names import clean_people, half, index_of, latin_names, read_benchmark, real_queries
from scipy.optimize import minimize

from bilat.parties.match.background import informations, people
from bilat.parties.match.chance import CANDIDATES, CLASSES, HAN_NAME, chance, expand
from bilat.parties.match.index import ORGANISATION, party_class
from bilat.parties.match.matcher import BATCH, Matcher, NameQuery
from bilat.parties.match.pair_features import NAMES
from bilat.parties.names.forms import forms
from bilat.parties.names.script import has_han
from bilat.parties.names.skeleton import skeleton, stem

SEED = 7
ODDS = {"person": 0.01, "other": 0.01, "han": 1.0}
RIDGE = {"person": 0.1, "other": 0.1, "han": 2.0}
#: What each set counts among the listed, and among the clean, names of its class.
SHARE = {
    "real": 0.4,
    "left out": 0.05,
    "copied": 0.1,
    "words": 0.15,
    "slips": 0.15,
    "abbreviated": 0.2,
    "people": 0.35,
    "drawn": 0.4,
    "firms": 0.55,
    "clean words": 0.2,
    "noisy clean": 0.25,
    "zh": 1.0,
    "han": 1.0,
}
#: Names of a state that are asked.
A_STATE = 120
#: Points of the table of costs.
POINTS = np.arange(-4.0, 12.01, 0.25)
#: What the place of the right party among the candidates counts beside whether the name is listed (of 1, 4 and 16, by
#: the half that is fitted on).
RANKING = {"person": 4.0, "other": 4.0, "han": 1.0}
#: Features in which a score may only rise, may only fall; the others are free.
RISING = (
    "found",
    "same",
    "near",
    "cut",
    "contracted",
    "meant",
    "sound",
    "both_explained",
    "spelling",
    "written",
    "identical_written",
    "legal_same",
    "order",
)
FALLING = (
    "edits",
    "left",
    "left_words",
    "first_left",
    "listed_left",
    "clash",
    "part",
    "class_other",
    "legal_other",
    "numbers",
)
#: An exact agreement and a rarer one always count for something, and so do words without their like, another legal form
#: and another number: scores stay ordered at the top, and no name is another one for the words that they share.
FLOOR = {
    "left_words": 0.7,
    "listed_left": 0.1,
    "legal_other": 1.5,
    "same": 0.02,
    "identical_written": 0.5,
    "written": 0.3,
    "order": 0.2,
    "legal_same": 0.1,
    "numbers": 4.0,
}


@cache
def rarity(token: str) -> float:
    """How rare a word is in anybody's names, in nats."""
    return float(informations([[token]], [None], [""])[0, 0])


def word_of(names: Sequence[str]) -> str | None:
    """What a firm goes by in one word: its first name of one word but for the legal form, else the word of its first
    name that is rarest. None where no word has three letters.
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
            rarest = max(words, key=lambda w: rarity(keys[w]))
    return rarest


def listed_words(parties: list[dict]) -> list[dict]:
    """Single words that OFAC's firms go by."""
    out: dict[str, list[str]] = {}
    for p in parties:
        firm = p["id"].startswith("ofac-") and party_class(p["schema"]) == ORGANISATION
        if firm and (word := word_of(latin_names(p))):
            out.setdefault(word, []).append(p["id"])
    return [
        {"q": w, "schema": "LegalEntity", "target": t, "half": half(t[0])}
        for w, t in sorted(out.items())
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
            rows = [
                (x, c)
                for x, c, g in zip(t["text"], t["count"], t["gender"], strict=True)
                if g == sex
            ]
            read[key, sex] = ([x for x, _ in rows], [c for _, c in rows])
    out = []
    for k in range(n):
        sex = "m" if k % 4 else "f"
        family, given, father = (
            rng.choices(*read[key, sex])[0] for key in ("surnames", "names", "midnames")
        )
        out.append(
            {
                "q": " ".join([family, given, father][: 2 + k % 2]),
                "schema": "Person",
                "half": (k // 2) % 2,
            }
        )
    for name, zone in sorted(people().zones.items()):
        for k in range(
            max(n // 40, 40) * (4 if name in ("zh", "tr", "fa", "arab", "ru", "turk") else 1)
        ):
            given = rng.choices([*zone.given], [*zone.given.values()])[0]
            family = rng.choices([*zone.family], [*zone.family.values()])[0]
            out.append({"q": f"{given} {family}".title(), "schema": "Person", "half": k % 2})
    return out


def side(query: dict) -> int:
    """0 (fitted on) or 1 (kept back)."""
    return int(query["half"]) if "half" in query else half(query.get("from_") or query["q"])


def tops(matcher: Matcher, queries: list[dict], schema: bool = True) -> dict[str, np.ndarray]:
    """Of each query the features and classes of its nearest parties, which of them are right, and what the best scores.

    ``x`` has shape (queries, CANDIDATES, features), ``kind`` (queries, CANDIDATES): -1 where there is none.
    """
    n = len(queries)
    index = matcher.index
    out: dict[str, np.ndarray] = {
        "right": np.zeros((n, CANDIDATES), dtype=bool),
        "x": np.zeros((n, CANDIDATES, len(NAMES)), dtype=np.float32),
        "kind": np.full((n, CANDIDATES), -1, dtype=np.int8),
        "value": np.full((n, CANDIDATES), -np.inf),
        "cost": np.zeros((n, CANDIDATES)),
        "written": np.zeros(n, dtype=bool),
    }
    for at in range(0, n, BATCH):
        batch = queries[at : at + BATCH]
        pairs = matcher.pairs(
            [NameQuery(q["q"], q.get("schema") if schema else None) for q in batch]
        )
        best = pairs.best_per_party()
        of = pairs.query[best]
        place = np.arange(len(best)) - np.searchsorted(of, of)
        best, of, place = (x[place < CANDIDATES] for x in (best, of, place))
        out["x"][at + of, place], out["kind"][at + of, place] = (
            pairs.features[best],
            pairs.kind[best],
        )
        out["value"][at + of, place], out["cost"][at + of, place] = (
            pairs.log_odds[best],
            pairs.cost[best],
        )
        for q, k, p in zip(
            (at + of).tolist(), place.tolist(), pairs.party[best].tolist(), strict=True
        ):
            out["right"][q, k] = index.ids[p] in queries[q].get("target", ())
        first = best[place == 0]
        out["written"][at + pairs.query[first]] = pairs.whole(first)
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


def left_out(parties: list[dict]) -> tuple[Matcher, list[dict]]:
    """A matcher over OFAC's parties, less one name of those that have another with a word of it, and these names."""
    rng = random.Random(SEED)
    kept = []
    asked = []
    for p in (p for p in parties if p["id"].startswith("ofac-")):
        names = list(latin_names(p))
        read = [{tuple(sorted(f.tokens)) for f in forms(n, p["schema"] == "Person")} for n in names]
        words = [{w for tokens in of for w in tokens} for of in read]
        can = [
            n
            for n, of in enumerate(read)
            if any(words[n] & w for k, w in enumerate(words) if k != n)
            and not any(of & r for k, r in enumerate(read) if k != n)
        ]
        if can and p["schema"] == "LegalEntity":
            name = names.pop(rng.choice(can))
            asked.append(
                {"q": name, "schema": p["schema"], "target": [p["id"]], "half": half(p["id"])}
            )
        kept.append({**p, "names": names})
    return the_index(kept), asked


def the_sets(mirror: Path) -> list[tuple[dict[str, np.ndarray], list[dict], int, str]]:
    """(what was found, names, listed or not, set), every second name of a set without its kind of party."""
    parties, queries = read_benchmark(mirror)
    latin = the_index(parties)
    every = Matcher(index_of(parties))
    reported = {q["q"] for q in queries["neg"]}
    men = [q for q in clean_people(mirror) if q["q"] not in reported]
    random.Random(SEED).shuffle(men)
    own = aliases_of(parties)
    firms = registered(mirror, 8) + registered(mirror, 9)
    words = {w: q for q in firms if (w := word_of([q["q"]]))}
    with gzip.open(
        mirror / "sources/names/cn_company_short_forms_280k.txt.gz", "rt", encoding="utf-8-sig"
    ) as file:
        han = sorted({line.strip() for line in file if has_han(line)})
    random.Random(SEED).shuffle(han)
    verbatim = [
        q
        for q in queries["real"]
        if q["verbatim"] and q["schema"] != "Vessel" and "ofac-" in q["target"][0]
    ]
    of_firms = [q for q in own if q["schema"] != "Person"]
    of_people = [q for q in own[2600:] if q["schema"] == "Person"]
    sets = (
        ("real", latin, real_queries(queries), 1),
        ("left out", *left_out(parties), 1),
        ("copied", latin, verbatim + own[:800], 1),
        ("words", latin, random.Random(SEED).sample(listed_words(parties), 4000), 1),
        (
            "slips",
            latin,
            noisy(
                own[800:2600] + real_queries(queries),
                ("typo", "scanned", "typo", "papers", "without vowels"),
            )
            + noisy(of_people[:300], ("initials",), noise.OF_PEOPLE),
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
            noisy(firms[::3], tuple(noise.FITTED))
            + noisy(men[:1500], ("typo", "papers"))
            + noisy(men[1500:1900], ("initials",), noise.OF_PEOPLE),
            0,
        ),
        ("zh", every, queries["zh"], 1),
        (
            "han",
            every,
            [{"q": x} for x in han[:2000]] + [{"q": x + "有限公司"} for x in han[2000:3000]],
            0,
        ),
    )
    out = []
    for name, matcher, these, label in sets:
        started = time.process_time()
        for schema in (True, False) if name in ("real", "zh") else (True,):
            part = (
                these
                if name in ("real", "left out", "zh")
                else [
                    q if n % 2 else {k: v for k, v in q.items() if k != "schema"}
                    for n, q in enumerate(these)
                ]
            )
            found = tops(matcher, part, schema)
            if name == "firms":  # the very name of a listed party: it may be the party
                same = found["written"] & np.asarray([len(q["q"].split()) > 1 for q in these])
                found = {k: v[~same] for k, v in found.items()}
                these = [q for q, s in zip(these, same, strict=True) if not s]
            out.append((found, these, label, name))
        print(name, len(these), f"{time.process_time() - started:.0f} s")
    return out


def fit_class(
    data: dict[str, np.ndarray], y: np.ndarray, w: np.ndarray, name: str
) -> tuple[float, np.ndarray]:
    """Intercept (at even odds) and slopes of one class; ridge on standardised columns."""
    here = data["kind"] >= 0
    query = np.repeat(np.arange(len(y)), here.sum(1))
    basis, owners = expand(data["x"][here])
    cost = data["cost"][here]
    right = data["right"][here]
    spread = basis.std(0) + 1e-3
    z = basis / spread
    starts = np.flatnonzero(np.r_[True, query[1:] != query[:-1]])
    group = np.cumsum(np.r_[False, query[1:] != query[:-1]])
    listed = y[query[starts]] == 1
    wanted = np.add.reduceat(right, starts) > 0
    weight = w[query[starts]] * (~listed | wanted)
    ridge = RIDGE[name]

    def softmax(value: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        v = np.where(among, value, -1e9)
        top = np.maximum.reduceat(v, starts)
        e = np.exp(v - top[group])
        total = np.add.reduceat(e, starts)
        return top + np.log(total), e / total[group]

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        value = z @ p[1:] + p[0] - cost
        every, share = softmax(value, np.ones(len(value), dtype=bool))
        its, right_share = softmax(value, right | ~listed[group])
        # A listed name by its right party, a clean one by whichever it is taken for.
        residual = weight * (1 / (1 + np.exp(-its)) - listed)
        total = np.sum(weight * (np.logaddexp(0, its) - listed * its))
        gradient = residual[group] * right_share
        ranked = RANKING[name] * weight * listed
        total += np.sum(ranked * (every - its)) + ridge * np.sum(p[1:] ** 2) / 2
        gradient = gradient + ranked[group] * (share - right_share)
        return float(total), np.r_[gradient.sum(), z.T @ gradient + ridge * p[1:]]

    bounds: list[tuple[float | None, float | None]] = [(None, None)]
    for owner, s in zip(owners, spread, strict=True):
        rises = owner in RISING
        falls = owner in FALLING
        least = FLOOR.get(owner, 0.0) * s
        bounds.append((least, None) if rises else (None, -least) if falls else (None, None))
    start = np.asarray([0.0, *(low or high or 0.0 for low, high in bounds[1:])])
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 1500, "maxfun": 3000},
    )
    return float(found.x[0] - np.log(ODDS[name])), found.x[1:] / spread


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
        "--out",
        type=Path,
        default=Path(__file__).parents[1] / "src/bilat/parties/match/chance.json",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the curves, and measure what the bands cost anew"
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
    table: dict = {
        "made_by": "benchmarks/fit_chance.py",
        "columns": expand(np.zeros((1, len(NAMES))))[1],
    }
    found: dict[str, list] = {"intercept": [], "slope": []}
    values = np.full(data["kind"].shape, -np.inf)
    for k, name in enumerate(CLASSES):
        of = (data["kind"][:, 0] == k) & ~held
        some = {key: v[of] for key, v in data.items()}
        if args.keep:
            intercept = float(chance().intercept[k])
            slope = chance().slope[k]
        else:
            intercept, slope = fit_class(some, y[of], weights_of(what[of], y[of], ODDS[name]), name)
        mine = data["kind"] == k
        values[mine] = intercept + expand(data["x"][mine])[0] @ slope - data["cost"][mine]
        found["intercept"].append(round(intercept, 4))
        found["slope"].append([round(float(s), 4) for s in slope])
        owners = table["columns"]
        print(
            name,
            round(intercept, 2),
            [(c, round(float(s), 2)) for c, s in zip(owners, slope, strict=True) if abs(s) > 1e-3],
        )
    value = values.max(axis=1)
    first = np.take_along_axis(data["right"], values.argmax(axis=1)[:, None], 1)[:, 0]
    among = data["right"].any(axis=1)
    for s in SHARE:
        of = held & (what == s)
        print(
            f"{s:12} {int(of.sum()):6}",
            *(
                f"p>={p}: {np.mean(value[of] >= np.log(p / (1 - p)) + np.log(99)) * 1000:.1f}"
                for p in (0.9, 0.5, 0.1)
            ),
            f"first {np.mean(first[of]):.3f} among ten {np.mean(among[of]):.3f}"
            if y[of].any()
            else "",
        )
    table["cost"] = costs(value, y, what, held, state, data["kind"][:, 0])
    firms = held & (what == "firms")
    alerts = {
        s: float(np.mean(value[firms & (state == s)] >= np.log(1 / 9) + np.log(99)) * 1000)
        for s in set(state[firms])
        if (state[firms] == s).sum() >= 100
    }
    print("states by alerts a thousand:", sorted(alerts.items(), key=lambda x: -x[1])[:12])
    args.out.write_text(
        json.dumps({**table, **found}, indent=None, separators=(",", ":")) + "\n", "utf-8"
    )


def costs(
    value: np.ndarray,
    y: np.ndarray,
    what: np.ndarray,
    held: np.ndarray,
    state: np.ndarray,
    kind: np.ndarray,
) -> dict[str, list[list[float]]]:
    """Tables of what a least probability costs, by class, of single words, of Russians, and of firms by state."""
    real = held & (what == "real")
    person = held & np.isin(what, ("people", "drawn"))
    out = {
        "person": cost_table(value[person], value[real & (kind == 0)]),
        "other": cost_table(value[held & (what == "firms")], value[real & (kind == 1)]),
        "han": cost_table(
            value[held & (what == "han")], value[held & (what == "zh") & (kind == HAN_NAME)]
        ),
        "word": cost_table(value[held & (what == "clean words")], value[held & (what == "words")]),
    }
    for s in sorted(set(state)):
        of = held & (what == "firms") & (state == s)
        if s and of.sum() >= 100:
            out[s] = cost_table(value[of], value[real & (kind == 1)])[::4]
    return out


if __name__ == "__main__":
    main()
