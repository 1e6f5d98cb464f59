# SPDX-License-Identifier: Apache-2.0
"""Counts how common words of people's names are and writes ``src/bilat/parties/match/name_shares.json``.

Run: ``python benchmarks/fit_bearers.py FOLDER``. FOLDER holds, under the names below, files of public repositories as
they stood at the commit (read on 27 November 2026). Only shares of people come out of them, no person's name:

* ``population.csv``: datasets/population 425fc447 ``data/population.csv`` (World Bank; PDDL as it says);
* ``rio2016.csv``: flother/rio2016 3c93a1e5 ``athletes.csv``; ``tokyo2020.csv``: AbdoulMa/Tokyo-2020-Athletes-Results
  57c33d62 ``athletes.csv``; ``olympics.csv``: abnave/olympic-history-sa 0ff70c6f ``athletes.csv``; ``fifa17.csv``:
  SoumitraAgarwal/Fifa-Ratings 6fffa3e ``FullData.csv`` (facts on athletes and football players; no licence stated);
* ``football/``: openfootball/players 125d20f7, all ``*.players.txt`` (CC0); ``politicians/COUNTRY+HOUSE.csv``:
  tijmenb/everypolitician-data 0642e77a, each ``data/COUNTRY/HOUSE/names.csv`` (members of parliaments);
* ``zh_family.csv``, ``zh_given.csv``, ``zh_char.csv``: psychbruce/ChineseNames dd948e73 ``data-csv/familyname.csv``,
  ``top1000name.prov.csv``, ``givenname.csv`` (counts of the identity register of 2008; GPL-3 and CC BY-NC-SA: only sums
  by pinyin are kept);
* ``ru_names.parquet``, ``ru_mid.parquet``: datacoon/russiannames ac26a24a ``data/parquet/names.parquet`` and
  ``midnames.parquet`` (BSD-3); ``ru_surnames.csv``: sorokinpf/russian_names b23cda8a (its counts of surnames).

States are pooled by language (``ZONES``). A word is kept where at least ``KEPT`` of the world's people bear it in its
place; in a sample of people at least ``LEAST`` must, and one of them is taken off, since a word is kept for being met.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
from party_names import is_latin

from bilat.parties.names.forms import forms
from bilat.places import country_or_none

OUT = Path(__file__).parents[1] / "src/bilat/parties/match/name_shares.json"
#: What the table is derived from, as it is written into it: what, where, licence.
SOURCES = [
    "people by state: World Bank, datasets/population 425fc447, which states PDDL",
    "China: Bao, H. W. S. (2021), ChineseNames, 10.32614/CRAN.package.ChineseNames (register of 2008), psychbruce/"
    "ChineseNames dd948e73, GPL-3 and CC BY-NC-SA; sums by pinyin alone",
    "Russia: datacoon/russiannames ac26a24a, BSD-3; surnames as counted in sorokinpf/russian_names b23cda8a, "
    "none stated",
    "elsewhere, samples of real people: openfootball/players 125d20f7, CC0; members of parliaments, tijmenb/"
    "everypolitician-data 0642e77a, none stated; athletes of Olympic Games, flother/rio2016 3c93a1e5, AbdoulMa/"
    "Tokyo-2020-Athletes-Results 57c33d62, abnave/olympic-history-sa 0ff70c6f, and players, "
    "SoumitraAgarwal/Fifa-Ratings 6fffa3e, none stated; shares alone",
]
#: Least share of the world's people; words in a zone borne by fewer are left out.
KEPT = 4.5e-6
LEAST = 2
#: Least share of a Chinese given name of two syllables that is not among the thousand commonest.
PAIR = 8e-5
#: Least people of a zone's sample.
PEOPLE = 400
#: Steps of the logarithm of a share (base 10).
STEP = 0.1
ZONES = {
    "zh": "CHN", "hk": "HKG TWN MAC SGP", "ko": "KOR PRK", "ja": "JPN", "vi": "VNM",
    "ru": "RUS BLR", "uk": "UKR", "turk": "KAZ KGZ UZB TKM TJK AZE", "arm": "ARM", "ge": "GEO",
    "arab": "EGY IRQ JOR KWT LBN OMN PSE QAT SAU SDN SYR ARE YEM BHR LBY SOM", "maghreb": "DZA MAR TUN",
    "fa": "IRN AFG", "tr": "TUR", "pk": "PAK BGD", "in": "IND NPL LKA", "id": "IDN MYS", "th": "THA", "ph": "PHL",
    "es": "ESP MEX COL ARG PER VEN CHL ECU GTM CUB BOL DOM HND PRY SLV NIC CRI PAN URY PRI",
    "pt": "BRA PRT AGO MOZ", "en": "USA GBR CAN AUS NZL IRL JAM TTO", "fr": "FRA", "de": "DEU AUT CHE", "it": "ITA",
    "nl": "NLD BEL", "nord": "SWE NOR DNK ISL", "fi": "FIN EST", "pl": "POL", "cz": "CZE SVK", "hu": "HUN",
    "ro": "ROU MDA", "bg": "BGR MKD", "yu": "SRB HRV BIH MNE SVN", "gr": "GRC CYP", "il": "ISR", "za": "ZAF ZWE ZMB",
    "ng": "NGA GHA", "east": "KEN ETH UGA TZA ERI", "west": "SEN MLI CIV BFA GIN CMR NER BEN TGO COD COG",
}  # fmt: skip
ZONE = {state: zone for zone, states in ZONES.items() for state in states.split()}
#: Codes of the International Olympic Committee and names that are not those of ISO 3166 or of bilat's table.
OTHER = {
    "GER": "DEU", "IRI": "IRN", "KSA": "SAU", "UAE": "ARE", "NED": "NLD", "SUI": "CHE", "DEN": "DNK", "CRO": "HRV",
    "GRE": "GRC", "POR": "PRT", "RSA": "ZAF", "NGR": "NGA", "ALG": "DZA", "BUL": "BGR", "CHI": "CHL", "URU": "URY",
    "PAR": "PRY", "VIE": "VNM", "MAS": "MYS", "INA": "IDN", "PHI": "PHL", "TPE": "TWN", "KUW": "KWT", "BRN": "BHR",
    "LIB": "LBN", "LBA": "LBY", "SLO": "SVN", "LAT": "LVA", "HAI": "HTI", "GUA": "GTM", "HON": "HND", "CRC": "CRI",
    "ESA": "SLV", "PUR": "PRI", "MGL": "MNG", "SRI": "LKA", "NEP": "NPL", "BAN": "BGD", "MYA": "MMR", "CAM": "KHM",
    "ZIM": "ZWE", "ZAM": "ZMB", "TAN": "TZA", "SUD": "SDN", "PLE": "PSE", "OMA": "OMN", "MTN": "MRT", "ANG": "AGO",
    "ROC": "RUS", "C21": "RUS", "URS": "RUS", "Union of Soviet Socialist Republics": "RUS", "England": "GBR",
    "Scotland": "GBR", "Wales": "GBR", "Northern Ireland": "GBR", "Great Britain": "GBR", "Korea Republic": "KOR",
    "Korea DPR": "PRK", "Republic of Ireland": "IRL", "China PR": "CHN", "Hong Kong, China": "HKG", "UK": "GBR",
}  # fmt: skip
FAMILY_FIRST = frozenset({"CHN", "HKG", "TWN", "MAC", "SGP", "KOR", "PRK", "VNM"})
Person = tuple[
    str, list[str], list[str]
]  # state, words of the given name, words of the family name


def state_of(text: str) -> str | None:
    """ISO code of a state as the sources write it."""
    text = text.strip().replace("_", " ")
    return OTHER.get(text) or country_or_none(text)


def tokens(text: str) -> list[str]:
    """Skeletons of a name's words, as the matcher compares them."""
    read = forms(text, True) if text.strip() and is_latin(text) else ()
    return [t for t in read[0].tokens if t[0] != "~"] if read else []


def split(state: str, words: list[str], first: bool) -> Person | None:
    """A name written in one piece; ``first``: whether the source writes East Asian family names first."""
    if len(words) < 2:
        return None
    if state in FAMILY_FIRST and first:
        return state, words[1:], words[:1]
    if ZONE.get(state) == "es" and len(words) >= 4:
        return state, words[:-2], words[-2:]
    return state, words[:-1], words[-1:]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


def people(folder: Path) -> Iterator[Person]:
    """People of the samples, once a source."""
    for file, name, state, first in (
        ("rio2016.csv", "name", "nationality", False),
        ("olympics.csv", "name", "team", True),
        ("fifa17.csv", "Name", "Nationality", True),
    ):
        for r in _rows(folder / file):
            if (code := state_of(r[state] or "")) and (p := split(code, tokens(r[name]), first)):
                yield p
    for r in _rows(folder / "tokyo2020.csv"):
        words = r["name"].split()
        family = [w for w in words if w.isupper()]
        code = state_of(r["country"])
        given = [w for w in words if not w.isupper()]
        if code and family and given and tokens(" ".join(given)) and tokens(" ".join(family)):
            yield code, tokens(" ".join(given)), tokens(" ".join(family))
    for path in sorted((folder / "football").glob("*.txt")):
        code = state_of(
            {"eng": "GBR", "sco": "GBR", "wal": "GBR", "nir": "GBR"}.get(
                path.stem[:3], path.stem.split(".")[0].upper()
            )
        )
        for line in path.read_text("utf-8").splitlines():
            name = line.split(",")[0].split("(")[0]
            if (
                code
                and "," in line
                and not line.startswith(("=", "#"))
                and (p := split(code, tokens(name), True))
            ):
                yield p
    for path in sorted((folder / "politicians").glob("*.csv")):
        code = state_of(path.stem.partition("+")[0])
        seen = set()
        for r in _rows(path):
            if code is None or code in FAMILY_FIRST or not r.get("id") or r["id"] in seen:
                continue
            if (p := split(code, tokens(r["name"] or ""), True)) is not None:
                seen.add(r["id"])
                yield p


def joined(words: list[str]) -> str:
    """A given name of syllables as one word."""
    return "".join(words)


def sampled(folder: Path) -> dict[str, tuple[int, Counter, Counter, Counter]]:
    """Per zone: (people, given words, family words, given names of two syllables)."""
    given: dict[str, Counter] = {z: Counter() for z in ZONES}
    family: dict[str, Counter] = {z: Counter() for z in ZONES}
    double: dict[str, Counter] = {z: Counter() for z in ZONES}
    n: Counter = Counter()
    seen: set[tuple[str, frozenset[str]]] = set()
    for state, first, last in people(folder):
        zone = ZONE.get(state)
        name = (state, frozenset((*first, *last)))
        if zone is None or name in seen:  # mostly one person in two sources
            continue
        seen.add(name)
        n[zone] += 1
        given[zone][joined(first) if zone in ("ko", "hk", "zh") else first[0]] += 1
        if len(first) == 2:
            double[zone][tuple(first)] += 1
        family[zone][last[0] if zone == "es" else last[-1]] += 1
    return {z: (n[z], given[z], family[z], double[z]) for z in ZONES}


def shares(count: Counter, people: float) -> dict[str, float]:
    return {w: (c - 1) / people for w, c in count.items() if c >= LEAST}


def korean(given: dict[str, float], double: Counter, people_: int) -> dict[str, float]:
    """Shares of Korean given names: as counted, or of two syllables taken as independent where that is more."""
    total = sum(double.values())
    first = Counter()
    second = Counter()
    for (a, b), n in double.items():
        first[a] += n
        second[b] += n
    out = dict(given)
    for a, x in first.items():
        for b, y in second.items():
            share = total / people_ * x / total * y / total
            if share > PAIR and x >= LEAST and y >= LEAST:
                out[a + b] = max(out.get(a + b, 0.0), share)
    return out


def chinese(folder: Path) -> dict[str, dict[str, float]]:
    """Shares of Chinese family names and given names by pinyin."""
    family: Counter = Counter()
    for r in _rows(folder / "zh_family.csv"):
        read = forms(r["surname"] + "伟", True)
        if read and len(read[0].tokens) == 2:
            family[read[0].tokens[0]] += int(r["n.1930_2008"])
    people_ = sum(int(r["n.1930_2008"]) for r in _rows(folder / "zh_family.csv"))
    known: Counter = Counter()
    for r in _rows(folder / "zh_given.csv"):
        known[_pinyin_given(r["name"])] += int(r["n.male"]) + int(r["n.female"])
    # Two-syllable names beyond the thousand commonest: syllables taken as independent, by all characters.
    of: Counter = Counter()
    for r in _rows(folder / "zh_char.csv"):
        of["".join(c for c in r["pinyin"] if c.isalpha())] += int(r["n.male"]) + int(r["n.female"])
    places = sum(of.values())
    double = places / people_ - 1  # people with two syllables, since each has one or two
    pairs: Counter = Counter()
    for a, x in of.items():
        for b, y in of.items():
            share = double * x / places * y / places
            if share > PAIR:
                pairs["".join(tokens(a + b))] += share
    given = {w: c / people_ for w, c in known.items()}
    for w, share in pairs.items():
        given[w] = max(given.get(w, 0.0), share)
    return {"given": given, "family": {w: c / people_ for w, c in family.items()}}


def _pinyin_given(name: str) -> str:
    read = forms("王" + name, True)
    return "".join(read[0].tokens[1:]).replace("~", "").replace(".", "")


def russian(folder: Path) -> dict[str, dict[str, float]]:
    """Shares of Russian given names, patronymics and family names; the last two among people of their form's sex."""
    given: Counter = Counter()
    total = 0
    table = str(folder / "ru_names.parquet")
    for text, count in duckdb.sql(f"select text, count from '{table}'").fetchall():
        total += count or 0
        if text and (t := _word(text)):
            given[t] += count or 0
    out = {"given": {w: c / total for w, c in given.items()}}
    table = str(folder / "ru_mid.parquet")
    rows = duckdb.sql(f"select text, count, gender from '{table}'").fetchall()
    out["father"] = _by_sex((text, count or 0) for text, count, _ in rows)
    with (folder / "ru_surnames.csv").open(encoding="utf-8", newline="") as file:
        out["family"] = _by_sex((r[0], int(r[1])) for r in csv.reader(file))
    return out


def _word(text: str) -> str:
    read = forms(text, True)
    return read[0].tokens[0] if read and len(read[0].tokens) == 1 else ""


def _by_sex(rows: Iterator[tuple[str, int]]) -> dict[str, float]:
    """Shares of words among people of the sex that the word's end says."""
    count: Counter = Counter()
    people_: Counter = Counter()
    for text, n in rows:
        if text:
            people_[text.endswith(("а", "я"))] += n
            if n > 20 and (t := _word(text)):
                count[t, text.endswith(("а", "я"))] += n
    return {w: n / people_[sex] for (w, sex), n in count.items()}


def by_step(table: dict[str, float], weight: float) -> dict[str, str]:
    """Words by the share of people, in steps of its logarithm; words borne by too few are left out."""
    out: dict[int, list[str]] = {}
    for word, share in table.items():
        if share * weight >= KEPT and len(word) > 1:
            out.setdefault(round(math.log10(share) / STEP), []).append(word)
    return {str(k): " ".join(sorted(v)) for k, v in sorted(out.items(), reverse=True)}


def populations(folder: Path) -> tuple[dict[str, int], str]:
    """(people by state and of the world, year): the newest year of the world."""
    rows = list(_rows(folder / "population.csv"))
    year = max(int(r["Year"]) for r in rows if r["Country Code"] == "WLD")
    return {r["Country Code"]: int(float(r["Value"])) for r in rows if int(r["Year"]) == year}, str(
        year
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    population, year = populations(folder)
    zones = {}
    counted = {"zh": chinese(folder), "ru": russian(folder)}
    for zone, (n, given, family, double) in sampled(folder).items():
        states = {s: population[s] for s in ZONES[zone].split() if s in population}
        weight = sum(states.values()) / population["WLD"]
        if zone not in counted and n < PEOPLE:
            print(f"{zone}: {n} people, left out")
            continue
        table = {"given": shares(given, n), "family": shares(family, n)}
        if zone == "ko":
            table["given"] = korean(table["given"], double, n)
            weight = KEPT / PAIR
        if zone == "zh":
            table = counted[zone]
        if (
            zone == "ru"
        ):  # spellings in Latin letters that the Cyrillic ones do not give (Alexander)
            table = {place: table.get(place, {}) | words for place, words in counted[zone].items()}
        zones[zone] = {"people": n if zone not in counted else "all", "states": states}
        zones[zone] |= {place: by_step(words, weight) for place, words in table.items()}
        print(
            zone,
            n,
            round(weight, 4),
            {k: sum(len(x.split()) for x in zones[zone][k].values()) for k in table},
        )
    out = {
        "about": f"share of a zone's people who bear a word (skeleton) as given, family or father's name, by steps "
        f"of a tenth of the logarithm; people of each state in {year}",
        "kind": "derived",
        "date": "2026-11-27",
        "made_by": "benchmarks/fit_bearers.py",
        "sources": SOURCES,
        "world": population["WLD"],
        "zones": zones,
    }
    OUT.write_text(json.dumps(out, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
