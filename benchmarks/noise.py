# SPDX-License-Identifier: Apache-2.0
"""Names as papers misspell them: slips of the hand, of a scanner, abbreviations, what stands beside a name.

Two families, so that what is fitted on one is judged on the other: ``FITTED`` (fit_chance.py) and ``JUDGED``, written
apart and used by the scorecard alone; but words without vowels are of both, so that kind judges other names and no
other noise. Each kind is a function of the name and a random generator.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Noise = Callable[[str, random.Random], str]
#: What freight papers shorten, by the word.
SHORT = {
    "technology": "tech", "technologies": "tech", "technical": "tech", "engineering": "eng", "institute": "inst",
    "university": "univ", "corporation": "corp", "industry": "ind", "industrial": "ind", "industries": "inds",
    "international": "intl", "manufacturing": "mfg", "trading": "trdg", "development": "dev", "research": "res",
    "production": "prod", "association": "assn", "scientific": "sci", "science": "sci", "group": "grp",
    "electronic": "elec", "electronics": "elec", "equipment": "equip", "machinery": "mach", "company": "co",
    "limited": "ltd", "communication": "comm", "communications": "comms", "system": "sys", "systems": "sys",
    "services": "svcs", "service": "svc", "national": "natl", "general": "gen", "shipping": "shpg",
    "transport": "transp", "import": "imp", "export": "exp", "aviation": "avn", "aerospace": "aero", "bank": "bk",
    "department": "dept", "management": "mgmt", "investment": "inv", "construction": "constr", "company of": "co of",
    "laboratory": "lab", "chemical": "chem", "petroleum": "petrol", "federal": "fed", "state": "st", "center": "ctr",
    "centre": "ctr", "enterprise": "entpr", "logistics": "log", "security": "sec", "design": "dsgn", "special": "spl",
}  # fmt: skip
_SCAN = (
    ("o", "0"),
    ("l", "1"),
    ("i", "1"),
    ("s", "5"),
    ("b", "8"),
    ("m", "rn"),
    ("rn", "m"),
    ("e", "c"),
    ("u", "v"),
    ("g", "9"),
    ("d", "cl"),
)


def typo(name: str, rng: random.Random) -> str:
    """One slip in a word of four letters and more: two letters turned, one left out, doubled or put for another."""
    words = name.split()
    long = [n for n, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    if not long:
        return name
    n = rng.choice(long)
    w = words[n]
    at = rng.randrange(len(words[n]) - 1)
    kind = rng.randrange(4)
    letters = "abcdefghijklmnopqrstuvwxyz"
    new = rng.choice(letters if w[at].islower() else letters.upper())
    words[n] = (
        w[:at] + w[at + 1] + w[at] + w[at + 2 :],
        w[:at] + w[at + 1 :],
        w[:at] + w[at] + w[at:],
        w[:at] + new + w[at + 1 :],
    )[kind]
    return " ".join(words)


def abbreviated(name: str, rng: random.Random) -> str:
    """Two words and more as papers shorten them; a word that no table has loses its vowels now and then."""
    words = name.split()
    out = [_cased(SHORT.get(w.lower().strip(","), w), w) for w in words]
    others = [n for n, w in enumerate(words) if out[n] == w and len(w) >= 8 and w.isalpha()]
    if others and (out == words or rng.random() < 0.3):
        n = rng.choice(others)
        w = words[n]
        out[n] = (
            w[0] + re.sub("[aeiouAEIOU]", "", w[1:])
            if rng.random() < 0.5
            else w[: rng.randrange(4, 6)]
        )
    return " ".join(out)


def _cased(short: str, as_in: str) -> str:
    return (
        short.upper() if as_in.isupper() else short.capitalize() if as_in[:1].isupper() else short
    )


def scanned(name: str, rng: random.Random) -> str:
    """One or two letters misread."""
    for _ in range(rng.randrange(1, 3)):
        can = [(m.start(), a, b) for a, b in _SCAN for m in re.finditer(a, name, re.IGNORECASE)]
        if can:
            at, a, b = rng.choice(can)
            name = name[:at] + (b.upper() if name[at].isupper() else b) + name[at + len(a) :]
    return name


def with_papers(name: str, rng: random.Random) -> str:
    """A name with a number, a town or a word of papers beside it."""
    return rng.choice(
        (
            f"{name} TEL {rng.randrange(10**6, 10**7)}",
            f"TO ORDER OF {name}",
            f"{name}, {rng.choice(TOWNS)}",
            f"CONSIGNEE: {name}",
            f"{name} / notify same",
            f"{name} (branch {rng.choice(TOWNS)})",
            f"{rng.randrange(1, 99)} pallets {name}",
        )
    )


def without_vowels(name: str, rng: random.Random) -> str:
    """Longer words without their vowels, most of them."""
    return " ".join(
        w[0] + re.sub("[aeiouAEIOU]", "", w[1:])
        if len(w) > 4 and w.isalpha() and rng.random() < 0.7
        else w
        for w in name.split()
    )


def initials(name: str, rng: random.Random) -> str:
    """A person's family name with the first letters of the others, run together or apart, before or behind it."""
    words = [w for w in name.replace(",", " ").split() if w.isalpha()]
    if not 2 <= len(words) <= 3:
        return name
    family, *others = words
    letters = rng.choice(("", " ")).join(f"{w[0]}." for w in others)
    return rng.choice((f"{family} {letters}", f"{letters} {family}", f"{family}, {letters}"))


TOWNS = (
    "Moscow",
    "Dubai",
    "Istanbul",
    "Shenzhen",
    "Hong Kong",
    "Yerevan",
    "Almaty",
    "Tbilisi",
    "Bishkek",
    "Tashkent",
)
FITTED: dict[str, Noise] = {
    "typo": typo,
    "abbreviated": abbreviated,
    "scanned": scanned,
    "papers": with_papers,
    "without vowels": without_vowels,
}
#: Persons are fitted on these too.
OF_PEOPLE: dict[str, Noise] = {"initials": initials}


def _two_slips(name: str, rng: random.Random) -> str:
    return typo(typo(name, rng), rng)


def _neighbour_key(name: str, rng: random.Random) -> str:
    keys = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioplsdfghjkl;xcvbnm,", strict=True))
    can = [n for n, c in enumerate(name) if c.lower() in keys and keys[c.lower()].isalpha()]
    if not can:
        return name
    n = rng.choice(can)
    return (
        name[:n]
        + (keys[name[n].lower()].upper() if name[n].isupper() else keys[name[n].lower()])
        + name[n + 1 :]
    )


def _run_together(name: str, rng: random.Random) -> str:
    words = name.split()
    if len(words) < 2:
        return name
    n = rng.randrange(len(words) - 1)
    return " ".join([*words[:n], words[n] + words[n + 1], *words[n + 2 :]])


def _cut(name: str, _: random.Random) -> str:
    return name[:30].rsplit(" ", 1)[0] if len(name) > 30 else name


def _scheme(name: str, rng: random.Random) -> str:
    """Letters by another romanisation."""
    pairs = rng.choice(
        (
            (("zh", "j"), ("kh", "ch"), ("ya", "ja"), ("yu", "ju"), ("v", "w")),
            (("ts", "tz"), ("sh", "sch"), ("ch", "tsch"), ("y", "i"), ("ei", "ey")),
            (("kh", "x"), ("zh", "z"), ("sh", "s"), ("ch", "c"), ("y", "j")),
            (("q", "ch'"), ("x", "hs"), ("zh", "ch"), ("b", "p"), ("d", "t")),
        )
    )
    lower = name.lower()
    for a, b in pairs:
        lower = lower.replace(a, b)
    return lower.title()


JUDGED: dict[str, Noise] = {
    "two slips": _two_slips,
    "a neighbouring key": _neighbour_key,
    "two words run together": _run_together,
    "cut at 30 letters": _cut,
    "another romanisation": _scheme,
    "words turned": lambda x, r: " ".join(x.split()[1:] + x.split()[:1]),
    "said twice": lambda x, r: f"{x} {x.split()[0]}",
    "on behalf of": lambda x, r: f"FREIGHT WORLD LLC O/B/O {x}",
    "bank and account": lambda x, r: f"{x} ACC {r.randrange(10**9, 10**10)} SWIFT ABCDEFGH",
    "address glued on": lambda x, r: f"{x} {r.randrange(1, 90)} Lenina St {r.choice(TOWNS)}",
    "vowels left out": lambda x, r: " ".join(
        w[0] + re.sub("[aeiouAEIOU]", "", w[1:]) if len(w) > 6 else w for w in x.split()
    ),
    "lower case and dots": lambda x, r: x.lower().replace(" ", "."),
}
