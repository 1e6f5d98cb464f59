# SPDX-License-Identifier: Apache-2.0
"""Screening as it is shown: famous names as they are typed, slips, abbreviations, noise, clean names by state.

Run: ``python benchmarks/screening.py --mirror DIR [--nomenklatura PYTHON]``; PYTHON is the interpreter of one that has
nomenklatura. Writes ``screening.json`` and ``screening.md``. Lists: those that bilat ships. rapidfuzz (ratio of words
sorted, at 88) and nomenklatura (logic-v2 at its own 0.7, on bilat's ten candidates) are asked the same names in the
same run. No name judged was fitted on or counted: the odd half of the names of other lists, GLEIF's part 9, noise of
``noise.JUDGED``, of which words without vowels are a kind that was fitted on too. The famous names are written by
hand and were fixed before the fit. Misses of the odd half have been read, and the causes of some mended; none of the
names known by number was, which chose between two fits.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import noise
import numpy as np
import yaml
from fit_chance import drawn, listed_words, registered, the_index, tops
from party_names import half, is_latin, read_benchmark, real_queries
from rapidfuzz import fuzz, process, utils
from screening_fields import (
    consignments,
    exact_ones,
    named_rules,
    places_beside,
    places_by_kind,
)
from screening_pairs import nomenklatura_scores, pairs_figures

from bilat.parties.answers.screen import TYPED_RATE
from bilat.parties.match.chance import BANDS
from bilat.parties.match.matcher import BATCH
from bilat.parties.queries.query import Query
from bilat.parties.screening.list_index import open_screener
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import BASE_RATE, Screener

HERE = Path(__file__).parent
SEED = 20261127
#: Names as people type them, and a part of the listed party's name that is right.
FAMOUS = {
    "Sberbank": "SBERBANK", "VTB": "VTB", "Rosneft": "ROSNEFT", "Rostec": "ROSTEC", "Huawei": "HUAWEI",
    "Wagner": "WAGNER", "Hezbollah": "HIZBALLAH", "Hamas": "HAMAS", "Taliban": "TALIBAN", "DJI": "DJI",
    "SMIC": "SEMICONDUCTOR", "Hikvision": "HIKVISION", "Gazprombank": "GAZPROMBANK", "Lukoil": "LUKOIL",
    "Norinco": "NORTH INDUSTRIES", "Uralvagonzavod": "URALVAGONZAVOD", "Promsvyazbank": "PROMSVYAZBANK",
    "Rosoboronexport": "ROSOBORON", "Kalashnikov": "KALASHNIKOV", "Almaz-Antey": "ALMAZ", "Sukhoi": "SUKHO",
    "Tupolev": "TUPOLEV", "IRISL": "ISLAMIC REPUBLIC OF IRAN SHIPPING", "Mahan Air": "MAHAN",
    "Bank Melli": "MELLI", "PDVSA": "PETROLEOS DE VENEZUELA", "Kamaz": "KAMAZ", "Mikron": "MIKRON",
    "Severstal": "SEVERSTAL", "Alrosa": "ALROSA", "Vladimir Putin": "PUTIN", "Putin": "PUTIN",
    "Igor Sechin": "SECHIN", "Sergei Shoigu": "SHOIGU", "Oleg Deripaska": "DERIPASKA",
    "Ramzan Kadyrov": "KADYROV", "Yevgeniy Prigozhin": "PRIGOZHIN", "Bashar al-Assad": "ASSAD",
    "Kim Jong Un": "KIM", "Ali Khamenei": "KHAMENEI", "Alisher Usmanov": "USMANOV", "华为": "HUAWEI", "大疆": "DJI",
    "中芯国际": "SEMICONDUCTOR", "海康威视": "HIKVISION", "Сбербанк": "SBERBANK", "Роснефть": "ROSNEFT",
    "Владимир Путин": "PUTIN", "Inspur": "INSPUR", "CASIC": "AEROSPACE",
}  # fmt: skip
Asked = list[dict]
#: A program that runs another one and prints its seconds of processor and its most memory, in kB.
MEASURED = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def ask(screener: Screener, names: Sequence[Query], typed: bool) -> list[list[dict]]:
    """Rows of each name as ``bilat screen`` gives them."""
    cut = Cut(5, typed=typed, base_rate=TYPED_RATE if typed else BASE_RATE)
    out: list[list[dict]] = []
    for at in range(0, len(names), BATCH):
        batch = [replace(q, id=str(n)) for n, q in enumerate(names[at : at + BATCH])]
        rows: list[list[dict]] = [[] for _ in batch]
        for r in (r.cells() for answer in rows_of(screener, batch, cut) for r in answer.rows):
            rows[int(r["query_id"])].append(r)
        out += rows
    return out


def queries(names: Asked, *, schema: bool = True) -> list[Query]:
    """As lines of a file."""
    return [
        Query(str(n), q["q"], n, q.get("schema") if schema else None) for n, q in enumerate(names)
    ]


def alerts(rows: list[dict]) -> bool:
    return any(r["band"] != "unlikely" for r in rows)


def right(rows: list[dict], says: Callable[[dict], bool]) -> bool:
    return any(says(r) for r in rows)


def names_of(r: dict) -> str:
    return " ".join((r["name"], r["name_matched"], *r["aliases"])).upper()


def famous(screener: Screener) -> dict:
    """Famous names typed as they are, and with one slip: shown, first, and said to be exact or a group's."""
    rng = random.Random(SEED)
    slips = {noise.typo(n, rng): w for n, w in FAMOUS.items() for _ in range(3) if n.isascii()}
    out = {}
    for label, table in (("as they are", FAMOUS), ("one slip", slips)):
        found = ask(screener, [Query("", n, 0) for n in table], True)
        wanted = list(table.values())
        shown = [
            right(rows, lambda r, w=w: w in names_of(r))
            for rows, w in zip(found, wanted, strict=True)
        ]
        first = [
            bool(rows) and w in names_of(rows[0]) for rows, w in zip(found, wanted, strict=True)
        ]
        told = [
            f and rows[0]["agreement"] in ("exact", "short") and rows[0]["band"] != "unlikely"
            for f, rows in zip(first, found, strict=True)
        ]
        out[label] = {
            "names": len(table),
            "shown": float(np.mean(shown)),
            "first": float(np.mean(first)),
            "told as such": float(np.mean(told)),
            "not shown": [n for n, s in zip(table, shown, strict=True) if not s][:20],
        }
    return out


def abbreviated(screener: Screener, n: int = 300) -> dict:
    """Listed firms as they are and as papers shorten them: the right party alerts, and is first with the cut off."""
    rng = random.Random(SEED)
    firms = []
    for k in rng.sample(range(len(screener)), len(screener)):
        record = screener.record(k)
        name = record["name"]
        short = noise.abbreviated(name, rng)
        changed = sum(a != b for a, b in zip(name.split(), short.split(), strict=False))
        if record["schema"] != "Person" and name.isascii() and changed >= 2:
            firms.append((record["id"], name, short))
        if len(firms) == n:
            break
    out = {"firms": len(firms)}
    for label, at in (("full", 1), ("abbreviated", 2)):
        found = ask(screener, [Query("", f[at], 0) for f in firms], False)
        out[label] = sum(
            any(r["party"] == f[0] and r["band"] != "unlikely" for r in rows)
            for f, rows in zip(firms, found, strict=True)
        )
    typed = ask(screener, [Query("", f[2], 0) for f in firms], True)
    out["abbreviated, typed"] = sum(
        any(r["party"] == f[0] for r in rows) for f, rows in zip(firms, typed, strict=True)
    )
    return out


def kept_half(screener: Screener, mirror: Path) -> dict:
    """The odd half of OFAC's parties as other lists write them, and names of Ukraine's list that neither half has.

    The parties of these are known by their numbers of tax and registration.
    """
    parties, asked = read_benchmark(mirror)
    matcher = the_index(parties)
    real = [q for q in real_queries(asked) if half(q["from_"]) == 1]
    clean = tops(matcher, asked["neg"])
    firms = tops(matcher, registered(mirror, 9, 40))
    bar = clean["value"].max(axis=1)
    words = tops(matcher, [q for q in listed_words(parties) if q["half"] == 1], schema=False)
    at = np.log(1 / 1) + np.log(99)

    def figures(names: list[dict]) -> dict:
        found = tops(matcher, names)
        value = found["value"].max(axis=1)
        among = found["right"].any(axis=1)
        script = np.asarray([not is_latin(q["q"]) for q in names])
        return {
            "names": len(names),
            "right first": float(found["right"][:, 0].mean()),
            "right among ten": float(among.mean()),
            "original script, right first": float(found["right"][script, 0].mean()),
            "found at 1 % of clean names": float(np.mean((value > np.quantile(bar, 0.99)) & among)),
            "found at 0.5": float(np.mean((value >= at) & among)),
        }

    return {
        **figures(real),
        "clean firms at 0.5, a thousand": float(np.mean(firms["value"].max(axis=1) >= at) * 1000),
        "clean names at 0.5, a thousand": float(np.mean(bar >= at) * 1000),
        "single words found at 0.5": float(
            np.mean((words["value"].max(axis=1) >= at) & words["right"].any(axis=1))
        ),
        "by number": figures(by_number(mirror, parties, asked)),
        "by number, all lists that are shipped": by_number_on_all_lists(screener, mirror, asked),
    }


def by_number(mirror: Path, parties: list[dict], asked: dict[str, list[dict]]) -> list[dict]:
    """Names of Ukraine's list, of entries not in the benchmark, that have a number of OFAC's parties.

    Those that OFAC has letter by letter are left out.
    """
    # The index that is asked holds OFAC's parties: a name that only others list has no answer in it.
    named = {
        p["id"]: {n.casefold() for n in p["names"]} for p in parties if p["id"].startswith("ofac-")
    }
    return numbered(mirror, asked, named)


def by_number_on_all_lists(screener: Screener, mirror: Path, asked: dict[str, list[dict]]) -> dict:
    """The same of all parties of the lists that are shipped, as a line of a file and as a typed name."""
    named = {}
    for n in range(len(screener)):
        record = screener.record(n)
        written = {text.casefold() for text, *_ in record["names"]}
        named.update(dict.fromkeys(record["ids"], written))
    names = numbered(mirror, asked, named)
    out: dict = {"names": len(names)}
    for label, typed in (("in a file", False), ("typed", True)):
        found = ask(screener, queries(names), typed)
        pairs = [*zip(names, found, strict=True)]
        out[label] = {
            "right first": float(np.mean([bool(r) and right_party(r[0], q) for q, r in pairs])),
            "right among those shown": float(
                np.mean([any(right_party(x, q) for x in r) for q, r in pairs])
            ),
        }
    return out


def numbered(mirror: Path, asked: dict[str, list[dict]], named: dict[str, set[str]]) -> list[dict]:
    """Names of entries of Ukraine's list that have a tax or company number of a party of ``named``.

    An entry with the number of a ship besides speaks of two parties, and is left out.
    """
    screener = open_screener(None, None, None).screener
    used = {q["from_"] for q in asked["real"]}
    out = []
    with (mirror / "sources/parties/ua/war_sanctions_targets_2026-03.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = [
            r
            for r in csv.DictReader(file)
            if f"ua-{r['id']}" not in used and r["schema"] != "Vessel"
        ]
    for r in rows:
        if re.search(r"IMO\W?\d{7}", r["identifiers"]):
            continue
        keys = [
            f"{kind}:{n}"
            for n in re.findall(r"\d{9,15}", r["identifiers"])
            for kind in ("inn", "ogrn")
        ]
        target = {
            i for k in keys for p in screener.numbers.get(k, ()) for i in screener.record(p)["ids"]
        }
        own = set[str]().union(*(named.get(t, ()) for t in target))
        names = (
            n
            for n in dict.fromkeys([r["name"], *r["aliases"].split(";")])
            if n and n.casefold() not in own
        )
        if target & named.keys():
            out += [{"q": n, "schema": r["schema"], "target": target} for n in names]
    return out


def with_noise(screener: Screener, mirror: Path, each: int = 40) -> dict:
    """Held-out names bare and with each kind of noise nothing was made with: the right party alerts."""
    _, asked = read_benchmark(mirror)
    real = [q for q in real_queries(asked) if half(q["from_"]) == 1 and q["q"].isascii()][
        : each * 2
    ]
    clean = registered(mirror, 9, 3)[: each * 2]
    out: dict = {}
    for kind in ("", *noise.JUDGED):
        rng = random.Random(SEED)
        put = noise.JUDGED[kind] if kind else lambda x, r: x
        rows = ask(screener, [Query("", put(q["q"], rng), 0) for q in real], False)
        false = ask(screener, [Query("", put(q["q"], rng), 0) for q in clean], False)
        hit = [
            any(x["listings"] and right_party(x, q) and x["band"] != "unlikely" for x in r)
            for q, r in zip(real, rows, strict=True)
        ]
        out[kind or "bare"] = {
            "found": float(np.mean(hit)),
            "false a thousand": float(np.mean(list(map(alerts, false))) * 1000),
        }
    return out


def noisy_rules(screener: Screener, mirror: Path, each: int = 20) -> dict:
    """What the named rules decide on the noise corpus: held-out names and clean firms, each kind."""
    _, asked = read_benchmark(mirror)
    real = [q for q in real_queries(asked) if half(q["from_"]) == 1][: each * 2]
    clean = registered(mirror, 9, 10)[: each * 6]
    rng = random.Random(SEED)
    kinds = [lambda x, r: x, *noise.JUDGED.values()]
    noisy = [(put(q["q"], rng), q) for put in kinds for q in real]
    false = [put(q["q"], rng) for put in kinds for q in clean]

    def measure() -> tuple[float, float]:
        rows = ask(screener, [Query("", name, 0) for name, _ in noisy], False)
        hits = [
            any(right_party(x, q) and x["band"] != "unlikely" for x in found)
            for (_, q), found in zip(noisy, rows, strict=True)
        ]
        clean_rows = ask(screener, [Query("", name, 0) for name in false], False)
        return float(np.mean(hits)), float(np.mean(list(map(alerts, clean_rows))) * 1000)

    return {"names": len(noisy), "clean": len(false), **named_rules(measure)}


def fields(screener: Screener, mirror: Path) -> dict:
    """Names as consignments have them: with places, beside ships and banks; every `exact`."""
    firms = [q["q"] for q in registered(mirror, 9, 400)]
    random.Random(SEED).shuffle(firms)
    return {
        "places": places_beside(screener, ask, firms[:1200], FAMOUS),
        "places by kind": places_by_kind(screener, ask, FAMOUS),
        "consignments": consignments(screener, firms[:100]),
        "exact": exact_ones(screener, ask, firms[:10_000]),
    }


def right_party(row: dict, query: dict) -> bool:
    return bool({row["party"], *(x["party"] for x in row["listings"])} & set(query["target"]))


def clean_by_state(screener: Screener, mirror: Path, a_state: int = 120) -> dict:
    """Alerts in a thousand registered firms of part 9, by state, and of people at the frequencies of their names."""
    firms = registered(mirror, 9, a_state)
    found = [alerts(r) for r in ask(screener, queries(firms), False)]
    by: dict[str, list[bool]] = {}
    for q, f in zip(firms, found, strict=True):
        by.setdefault(q["state"], []).append(f)
    states = {s: round(float(np.mean(v) * 1000), 1) for s, v in by.items() if len(v) >= 100}
    men = [q for q in drawn(mirror, 2000) if q["half"] == 1]
    russians = men[:1000]
    others = men[1000:]

    def rate(these):
        return float(np.mean([alerts(r) for r in ask(screener, queries(these), False)]) * 1000)

    return {
        "firms": len(firms),
        "alerts a thousand": float(np.mean(found) * 1000),
        "worst states": dict(sorted(states.items(), key=lambda x: -x[1])[:8]),
        "states": len(states),
        "Russians": rate(russians),
        "people of the world": rate(others),
    }


def public_cases(mirror: Path) -> dict:
    """Cases that others published: nomenklatura's checks and pairs; members of Congress, none of whom is listed."""
    checks = yaml.safe_load((mirror / "sources/parties/labels/nk_checks.yml").read_text("utf-8"))[
        "checks"
    ]
    from bilat.parties.match.index import NameIndex, Party
    from bilat.parties.match.matcher import Matcher, NameQuery

    said = []
    truth = []
    for c in checks:
        names = c["candidate"].get("name"), c["query"].get("name")
        if not all(isinstance(n, str) for n in names):
            continue
        pairs = Matcher(NameIndex([Party("0", c["schema"], (names[0],))])).pairs(
            [NameQuery(names[1], c["schema"])]
        )
        said.append(float(pairs.log_odds.max()) if len(pairs.log_odds) else -20.0)
        truth.append(bool(c["match"]))
    value = np.asarray(said)
    real = np.asarray(truth)
    best = max((float(np.mean((value >= t) == real)), float(t)) for t in np.unique(value))
    with (
        mirror / "sources/parties/labels/yente_candidate__positives_us_congress_untreated.csv"
    ).open(encoding="utf-8", newline="") as file:
        congress = [row["full_name"] for row in csv.DictReader(file)]
    screener = open_screener(None, None, None).screener
    rows = ask(screener, [Query("", n, 0, "Person") for n in congress], False)
    return {
        "checks": len(said),
        "checks right": best[0],
        "Congress": len(congress),
        "Congress, alerts a thousand": float(np.mean(list(map(alerts, rows))) * 1000),
        "pairs": pairs_figures(mirror, None),
    }


def peers(screener: Screener, mirror: Path, python: str | None) -> dict:
    """rapidfuzz and nomenklatura at their own defaults on the famous names, one slip, and clean firms."""
    rng = random.Random(SEED)
    slips = {noise.typo(n, rng): w for n, w in FAMOUS.items() if n.isascii()}
    clean = [q["q"] for q in registered(mirror, 9, 10)][:400]
    sets: dict[str, list[tuple[str, str]]] = {
        "famous": list(FAMOUS.items()),
        "one slip": list(slips.items()),
        "clean firms": [(n, "") for n in clean],
    }
    listed = [(n, t) for n in range(len(screener)) for t, *_ in screener.record(n)["names"]]
    texts = [utils.default_process(t) for _, t in listed]
    out: dict = {}
    for label, these in sets.items():
        names = [utils.default_process(n) for n, _ in these]
        scores = process.cdist(
            names, texts, scorer=fuzz.token_sort_ratio, dtype=np.uint8, score_cutoff=88
        )
        hit = []
        for (_, wanted), row in zip(these, scores, strict=True):
            found = [listed[k] for k in np.flatnonzero(row)[:200]]
            hit.append(
                any(
                    not wanted
                    or wanted in t.upper()
                    or wanted in screener.record(n)["name"].upper()
                    for n, t in found
                )
            )
        out.setdefault("rapidfuzz", {})[label] = float(np.mean(hit))
        if python:
            out.setdefault("logic-v2", {})[label] = _logic(screener, these, python)
    return out


def _logic(screener: Screener, these: list[tuple[str, str]], python: str) -> float:
    found = screener.find([Query("", n, 0) for n, _ in these])[0]
    records = [[screener.record(c.party) for c in f.candidates[:10]] for f in found]
    asked = [
        ["LegalEntity", n, [[r["schema"], [t for t, *_ in r["names"]]] for r in of]]
        for (n, _), of in zip(these, records, strict=True)
    ]
    scores, _ = nomenklatura_scores(asked, python)
    return float(
        np.mean(
            [
                any(
                    s >= 0.7 and (not w or any(w in t.upper() for t, *_ in r["names"]))
                    for s, r in zip(ss, of, strict=True)
                )
                for (_, w), ss, of in zip(these, scores, records, strict=True)
            ]
        )
    )


def speed(mirror: Path) -> dict:
    """Names a second of one processor, start included, and the greatest memory, of ``bilat screen FILE``."""
    names = [q["q"] for q in registered(mirror, 9, 400)][:10_000]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.csv"
        out = Path(folder) / "out.jsonl"
        with file.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([["name"], *([n] for n in names)])
        asked = [
            sys.executable,
            "-m",
            "bilat",
            "screen",
            str(file),
            "--out",
            str(out),
            "--threads",
            "1",
        ]
        # A child is charged with the memory of the process that starts it: a small one does.
        ran = subprocess.run(
            [sys.executable, "-c", MEASURED, *asked], check=True, capture_output=True, text=True
        )
        used, most = map(float, ran.stdout.split()[-2:])
    return {
        "names": len(names),
        "names a second of processor": round(len(names) / used),
        "memory, MB": round(most / 1024),
    }


def lines_of(value: object, depth: int = 0) -> list[str]:
    """Nested figures as a Markdown list."""
    out = []
    for key, v in value.items() if isinstance(value, dict) else ():
        if isinstance(v, dict):
            out += [f"{'  ' * depth}- {key}", *lines_of(v, depth + 1)]
        else:
            text = f"{v:.3f}".rstrip("0").rstrip(".") if isinstance(v, float) else str(v)
            out.append(f"{'  ' * depth}- {key}: {text}")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--nomenklatura", help="interpreter of an environment that has it")
    args = parser.parse_args()
    screener = open_screener(None, None, None).screener
    out: dict = {
        "made_by": "benchmarks/screening.py",
        "bands": dict(BANDS),
        "rapidfuzz": version("rapidfuzz"),
    }
    for name, figures in (
        ("speed", lambda: speed(args.mirror)),  # the first: no other child has run
        ("famous names, typed", lambda: famous(screener)),
        ("kept half", lambda: kept_half(screener, args.mirror)),
        ("abbreviated", lambda: abbreviated(screener)),
        ("clean names", lambda: clean_by_state(screener, args.mirror)),
        ("noise", lambda: with_noise(screener, args.mirror)),
        ("fields", lambda: fields(screener, args.mirror)),
        ("named rules", lambda: noisy_rules(screener, args.mirror)),
        ("peers", lambda: peers(screener, args.mirror, args.nomenklatura)),
        ("public cases", lambda: public_cases(args.mirror)),
    ):
        out[name] = figures()
        print(name, json.dumps(out[name], ensure_ascii=False), flush=True)
        write(out)


def write(out: dict) -> None:
    """The scorecard as far as it is measured."""
    (HERE / "screening.json").write_text(
        json.dumps(out, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    about = (__doc__ or "").split("\n\n")
    text = ["# Screening, as it is shown", "", " ".join(about[1].split()), "", *lines_of(out)]
    (HERE / "screening.md").write_text("\n".join(text) + "\n", "utf-8")


if __name__ == "__main__":
    main()
