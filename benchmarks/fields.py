# SPDX-License-Identifier: Apache-2.0
"""Composes name fields with known tags, fits the tagger on them and writes ``src/bilat/parties/names/tagger.npz``.

Run: ``python benchmarks/fields.py --mirror DIR`` with python-crfsuite installed. A third of the towns, carriers,
addresses and persons' names, and the registered names of nine states, are kept out of training; the tagger is judged on
fields made of these alone. Names are from GLEIF (CC0), persons' names from yente's generated names and russiannames,
street addresses and a part of the names from the lists that bilat embeds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from background import gleif
from party_names import clean_people

from bilat.parties.names import places as gazetteer
from bilat.parties.names.places import folded, place_matches
from bilat.parties.names.script import has_han
from bilat.parties.names.tagging import TAGS, _phrases, evidence, split_words
from bilat.parties.screening.list_index import open_screener

SEED = 20261130
TARGET = Path(__file__).parents[1] / "src/bilat/parties/names/tagger.npz"
#: States whose registered names are kept out of training.
UNSEEN_STATES = frozenset(("POL", "TUR", "SWE", "BRA", "MEX", "ZAF", "KOR", "PRT", "NOR"))
#: Weights below this are left out of the stored model.
LEAST_WEIGHT = 0.05
#: Fields in which a word must occur for its identity to be a feature.
LEAST_WORD = 8
CARRIER_WORDS = (
    "Freight", "Cargo", "Logistics", "Forwarding", "Shipping", "Transport", "Lines", "Express", "Trans", "Spedition",
)  # fmt: skip

Part = tuple[str, str]  # tag, text


def is_kept_out(text: str, share: int = 3) -> bool:
    """Return whether a text belongs to the share that training does not see."""
    return int(hashlib.sha1(text.encode()).hexdigest(), 16) % share == 0


@dataclass
class Material:
    """What fields are composed of."""

    firms: list[str]
    people: list[str]
    towns: list[tuple[str, str, int]]  # name, state, size
    states: list[tuple[str, str]]  # name, code
    addresses: list[list[Part]]
    carriers: list[str]


def town_lines() -> list[tuple[str, int, str, list[str]]]:
    """Return kind, size, state and names of each line of the gazetteer."""
    import lzma
    from importlib import resources

    data = resources.files(gazetteer.__package__).joinpath("places.txt.xz").read_bytes()
    out = []
    for line in lzma.decompress(data).decode("utf-8").splitlines():
        code, _, names = line.partition("\t")
        out.append((code[0], int(code[1]), code[2:], names.split("|")))
    return out


def address_parts(text: str) -> list[Part]:
    """Return an address of a list as street, town and state; the last chunks alone can be a town or a state."""
    chunks = [c.strip() for c in text.replace("\n", ",").split(",") if c.strip()]
    out: list[Part] = []
    for n, chunk in enumerate(chunks):
        words = split_words(chunk)
        keys = [w.key for w in words]
        matches = place_matches(keys, [False] * len(keys))
        covered = {k for m in matches for k in range(m.first, m.after)}
        digits = {k for k, w in enumerate(words) if any(map(str.isdigit, w.text))}
        late = len(chunks) - n <= 4 and (n > 0 or len(chunks) == 1)
        if not (late and matches and covered | digits == {*range(len(words))}):
            out.append(("A", chunk))
            continue
        last = n == len(chunks) - 1
        for k, word in enumerate(words):
            match = next((m for m in matches if m.first <= k < m.after), None)
            if match is None:
                out.append(("A", word.text))
            else:
                is_state = "S" in match.kinds and (last or {*match.kinds} == {"S"})
                out.append(("S" if is_state else "T", word.text))
        out.append(("", ","))
    return out


def material(mirror: Path, training: bool) -> Material:
    """Return what the fields of training, or those of judging, are made of."""
    rng = random.Random(SEED)
    parts = range(7) if training else [8]
    firms = [
        name
        for name, state in gleif(mirror, parts)
        if (state in UNSEEN_STATES) != training and len(name) < 70
    ]
    rng.shuffle(firms)
    people = [q["q"] for q in clean_people(mirror)]
    people = [p for p in people if is_kept_out(p) != training]
    towns: list[tuple[str, str, int]] = []
    states: list[tuple[str, str]] = []
    for kind, size, state, names in town_lines():
        if kind == "S":
            states += [(n, state) for n in names]
        elif is_kept_out(names[0]) != training:
            weight = (1, 1, 4, 12)[size - 1] if kind == "T" else 4
            short = names[:1] * 4 + rng.sample(names, min(3, len(names)))
            towns += [(n, state, weight) for n in short]
    screener = open_screener(None, None, None).screener
    texts = [
        a
        for a in screener.addresses.text
        if is_kept_out(a) != training and len(a) < 140 and "c/o" not in a.lower()
    ]
    listed = []
    for n in range(len(screener)):
        record = screener.record(n)
        if record["schema"] not in ("Vessel", "Airplane") and not is_kept_out(record["id"], 2):
            listed.append(record["name"])
    if training:
        firms = firms[:60_000] + listed
    return Material(
        firms,
        people,
        towns,
        states,
        [address_parts(t) for t in texts],
        [f for f in firms if any(w in f.split() for w in CARRIER_WORDS)][
            : 4000 if training else 1000
        ],
    )


class Composer:
    """Composes one field after another."""

    def __init__(self, of: Material, seed: int) -> None:
        self.of = of
        self.rng = random.Random(seed)
        self.weights = [w for *_, w in of.towns]
        self.phrases = [" ".join(k) for k in _phrases()["papers"]]

    def towns(self, count: int) -> list[tuple[str, str, int]]:
        """Return towns, larger ones more often."""
        return self.rng.choices(self.of.towns, self.weights, k=count)

    def name(self) -> str:
        """Return a name: a firm's, a person's, an acronym, the first word of a firm, or one with a town in it."""
        rng = self.rng
        draw = rng.random()
        if draw < 0.14:
            return self._person()
        firm = rng.choice(self.of.firms)
        words = [w for w in firm.split() if w[0].isalnum()]
        if draw < 0.2 and len(words) > 2:
            return "".join(w[0] for w in words)[:5].upper()
        if draw < 0.34 and words and len(words[0]) > 3:
            return words[0].strip(",.")
        if draw < 0.42 and len(words) > 2:
            return " ".join(words[:2]).strip(",.")
        if draw < 0.46:
            return self._with_town(words)
        if draw < 0.48:
            return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVZ") for _ in range(rng.randrange(3, 5)))
        return firm

    def _person(self) -> str:
        """Return a person's name, at times with the family name first."""
        words = self.rng.choice(self.of.people).split()
        draw = self.rng.random()
        if draw < 0.25 and len(words) > 1:
            return f"{words[-1]}, {' '.join(words[:-1])}"
        if draw < 0.35 and len(words) > 1:
            return f"{words[-1]} {words[0][0]}."
        return " ".join(words)

    def _with_town(self, words: list[str]) -> str:
        """Return a name that begins with a town, or ends with 'of' and one."""
        town, code, _ = self.towns(1)[0]
        if self.rng.random() < 0.3:
            town = self.state_of(code)
        rest = " ".join(words[1:4]) or "Plant"
        if self.rng.random() < 0.3:
            return f"{self.rng.choice(('Bank', 'University', 'Port', 'Institute'))} of {town}"
        return f"{town} {rest}"

    def state_of(self, code: str) -> str:
        """Return one name of a state."""
        names = [n for n, c in self.of.states if c == code] or [self.rng.choice(self.of.states)[0]]
        return self.rng.choice(names[:3] + self.rng.sample(names, min(2, len(names))))

    def where(self) -> list[Part]:
        """Return a town, a state, or both."""
        town, code, _ = self.towns(1)[0]
        draw = self.rng.random()
        if draw < 0.4:
            return [("T", town)]
        if draw < 0.65:
            return [("S", self.state_of(code))]
        mark = self.rng.choice((", ", ", ", " ", "\n", " / ", " - "))
        return [("T", town), ("", mark), ("S", self.state_of(code))]

    def number(self) -> list[Part]:
        """Return a labelled number."""
        rng = self.rng
        label = rng.choice([" ".join(k) for k in _phrases()["labels"]])
        digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((6, 7, 9, 10, 12, 13))))
        return [
            ("I", label.upper() if rng.random() < 0.5 else label),
            ("", rng.choice((" ", ": ", "."))),
            ("I", digits),
        ]

    def paper(self) -> str:
        """Return a word of papers as it is written."""
        phrase = self.rng.choice(self.phrases)
        if all(len(w) == 1 for w in phrase.split()):
            return self.rng.choice((phrase.replace(" ", "/"), phrase.upper().replace(" ", "/")))
        return self.rng.choice((phrase, phrase.upper(), phrase.title(), phrase + ":"))

    def address(self) -> list[Part]:
        """Return an address of the lists, its chunks divided by one mark."""
        mark = self.rng.choice((", ", ", ", "\n", " ", "; ", " / "))
        out: list[Part] = []
        for tag, text in self.rng.choice(self.of.addresses):
            if tag:
                out += [("", mark if out and out[-1][0] != tag else " "), (tag, text)]
        return out[1:]

    def field(self) -> list[Part]:
        """Return one field as parts."""
        rng = self.rng
        name: Part = ("N", self.name())
        draw = rng.random()
        comma: Part = ("", rng.choice((", ", ", ", ",", "\n", "; ", " - ", " / ", " | ")))
        blank: Part = ("", " ")
        if draw < 0.14:
            return [name]
        if draw < 0.36:
            return [name, comma, *self.where()]
        if draw < 0.48:
            return [name, blank, *self.where()]
        if draw < 0.52:
            return [name, ("", " ("), *self.where(), ("", ")")]
        if draw < 0.60:
            return [*self.where(), rng.choice((comma, blank, ("", ": "))), name]
        if draw < 0.74:
            mark = rng.choice((comma, comma, ("", "\n"), blank))
            return [name, mark, *self.address()]
        other: Part = ("X", rng.choice(self.of.carriers) if rng.random() < 0.6 else self.name())
        if draw < 0.84:
            mark = rng.choice((blank, comma))
            paper: Part = ("P", self.paper())
            tail = [comma, *self.where()] if rng.random() < 0.4 else []
            first, second = rng.choice(((name, other), (other, name)))
            return [(("N"), first[1]), mark, paper, blank, ("X", second[1]), *tail]
        if draw < 0.89:
            tail = [comma, *self.where()] if rng.random() < 0.5 else []
            return [("P", self.paper()), ("", rng.choice((" ", ": "))), name, *tail]
        if draw < 0.95:
            tail = [comma, *self.where()] if rng.random() < 0.4 else []
            return [name, *tail, rng.choice((comma, blank)), *self.number()]
        if draw < 0.97:
            word = rng.choice(("branch", "office", "филиал", "factory", "plant"))
            return [name, comma, *self.where()[:1], blank, ("A", word)]
        return [name, comma, other, *([comma, *self.where()] if rng.random() < 0.5 else [])]

    def tagged(self) -> tuple[str, list[str]]:
        """Return a field as written and the tag of each of its words."""
        parts = self.field()
        if self.rng.random() < 0.4:
            parts = [(tag, text.upper()) for tag, text in parts]
        elif self.rng.random() < 0.06:
            parts = [(tag, text.lower()) for tag, text in parts]
        text = ""
        spans: list[tuple[int, int, str]] = []
        for tag, piece in parts:
            if tag:
                spans.append((len(text), len(text) + len(piece), tag))
            text += piece
        tags = []
        for word in split_words(text):
            tags.append(next((t for a, b, t in spans if a <= word.start < b), "A"))
        return text, tags


def counts_of(mirror: Path) -> dict[str, int]:
    """Return how often names of the gazetteer are words of firms' and persons' names, as powers of two."""
    found: Counter[str] = Counter()
    names = [n for n, _ in gleif(mirror, range(7))]
    names += [q["q"] for q in clean_people(mirror) if not is_kept_out(q["q"])]
    people = pq.read_table(mirror / "sources/names/russiannames_surnames.parquet").to_pydict()
    column = "text" if "text" in people else next(iter(people))
    names += [str(n) for n in people[column]] * 3
    for name in names:
        keys = [folded(w) for w in name.split()]
        for match in place_matches(keys, [False] * len(keys)):
            found[" ".join(keys[match.first : match.after])] += 1
    return {w: 1 + int(math.log2(n)) for w, n in found.items() if n > 2}


def common_words(mirror: Path) -> list[str]:
    """Return the words that at least one firm in two thousand has: alone they name nobody."""
    names = [n for n, _ in gleif(mirror, range(7))]
    found = Counter(w for n in names for w in {*map(folded, n.split())})
    return sorted(
        w for w, n in found.items() if n * 2000 >= len(names) and len(w) > 1 and w.isalpha()
    )


def allowed(features: list[str], common: frozenset[str]) -> list[str]:
    """Return the features without the identities of rare words."""
    return [
        f
        for f in features
        if not (f.startswith("w=") or f[1:4] == "1w=") or f.partition("=")[2] in common
    ]


def fit(mirror: Path, fields: int, iterations: int) -> None:
    """Compose, fit and write the model."""
    import pycrfsuite

    counts = counts_of(mirror)
    composer = Composer(material(mirror, True), SEED)
    made = [composer.tagged() for _ in range(fields)]
    words = Counter(
        w.key for text, _ in made for w in {x.key: x for x in split_words(text)}.values()
    )
    common = frozenset(w for w, n in words.items() if n >= LEAST_WORD and not has_han(w))
    trainer = pycrfsuite.Trainer(verbose=False)
    for text, tags in made:
        found = evidence(text, counts)
        if found.words:
            trainer.append([allowed(f, common) for f in found.features], tags)
    trainer.set_params(
        {"c1": 0.3, "c2": 0.01, "max_iterations": iterations, "feature.possible_transitions": True}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
    write(info, counts, common_words(mirror))


def write(info: object, counts: dict[str, int], common: list[str]) -> None:
    """Write the weights of a fitted model and the counts."""
    rows: dict[str, np.ndarray] = {}
    for (feature, tag), weight in info.state_features.items():  # type: ignore[attr-defined]
        rows.setdefault(feature, np.zeros(len(TAGS)))[TAGS.index(tag)] = weight
    rows = {f: w for f, w in sorted(rows.items()) if np.abs(w).max() >= LEAST_WEIGHT}
    transitions = np.zeros((len(TAGS), len(TAGS)))
    for (a, b), weight in info.transitions.items():  # type: ignore[attr-defined]
        transitions[TAGS.index(a), TAGS.index(b)] = weight
    sizes: dict[str, list[str]] = {}
    for word, size in sorted(counts.items()):
        sizes.setdefault(str(size), []).append(word)
    text = json.dumps({k: "|".join(v) for k, v in sizes.items()}, ensure_ascii=False)
    np.savez_compressed(
        TARGET,
        features=np.frombuffer("\n".join(rows).encode(), dtype=np.uint8),
        weights=np.asarray([*rows.values()], dtype=np.float16),
        transitions=transitions.astype(np.float32),
        counts=np.frombuffer(text.encode(), dtype=np.uint8),
        common=np.frombuffer("|".join(common).encode(), dtype=np.uint8),
    )
    print(f"{len(rows):,} features, {TARGET.stat().st_size:,} bytes")


def judge(mirror: Path, fields: int) -> None:
    """Print precision and recall by tag, and the share of names found whole, on what training did not see."""
    from bilat.parties.names.tagging import tag

    for label, training in (("seen towns, other draw", True), ("unseen", False)):
        composer = Composer(material(mirror, training), SEED + 1)
        hits: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        given: Counter[str] = Counter()
        whole = 0
        begin = time.process_time()
        for _ in range(fields):
            text, tags = composer.tagged()
            found = tag(text).tags
            wanted.update(tags)
            given.update(found)
            hits.update(a for a, b in zip(tags, found, strict=True) if a == b)
            whole += [t == "N" for t in tags] == [t in ("N",) for t in found]
        speed = fields / (time.process_time() - begin)
        print(f"{label}: name right {whole / fields:.3f}; {speed:,.0f} a second")
        for t in TAGS:
            print(
                f"  {t} precision {hits[t] / max(given[t], 1):.3f} recall {hits[t] / max(wanted[t], 1):.3f}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--fields", type=int, default=40_000)
    parser.add_argument("--iterations", type=int, default=80)
    parser.add_argument("--judge", action="store_true", help="only judge the model that is there")
    asked = parser.parse_args(sys.argv[1:])
    if not asked.judge:
        fit(asked.mirror, asked.fields, asked.iterations)
    judge(asked.mirror, 2000)
