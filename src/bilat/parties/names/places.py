# SPDX-License-Identifier: Apache-2.0
"""The gazetteer: towns, regions and states by their names in the scripts that bilat reads.

``places.txt.xz`` is built by ``benchmarks/places.py`` from GeoNames (CC BY 4.0) and CLDR. Each line
has a kind (S state, R region, T town), a size from 1 to 4, the state in two letters, and the names.
"""

from __future__ import annotations

import lzma
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

#: Words of the longest place that is looked up: `Democratic People's Republic of Korea` has six.
MOST_WORDS = 6
#: The kind of place that is a state.
STATE = "S"
#: Chinese suffixes that a town or region may have or lack: town, province, district, county.
_HAN_SUFFIXES = "市省区县"


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """One reading of a place name: the kind (S, R, T), the size from 1 to 4 and the state."""

    kind: str
    size: int
    state: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A run of words that names a place: the first word, the word after the last, and the readings."""

    first: int
    after: int
    places: tuple[PlaceReading, ...]

    @property
    def kinds(self) -> str:
        """Return the kinds of its readings, states first."""
        return "".join(sorted({p.kind for p in self.places}))

    @property
    def size(self) -> int:
        """Return the size of its largest reading."""
        return max(p.size for p in self.places)


class _Folding(dict[int, str | None]):
    """What stands for each character of a decomposed text: its small letter, a blank, nothing."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        small: str | None = None
        if not unicodedata.combining(character):
            small = "".join(c if c.isalnum() else " " for c in character.casefold())
        self[code] = small
        return small


_FOLDING = _Folding()
#: What divides the names of one line, and the lines, of the gazetteer's file.
_NAMES, _LINES = "|", "\n"
_FOLDING_OF_FILE = _Folding({ord(_NAMES): _NAMES, ord(_LINES): _LINES})


@lru_cache(maxsize=1 << 13)
def folded(text: str) -> str:
    """Return a text without case, accents and punctuation."""
    return " ".join(unicodedata.normalize("NFKD", text).translate(_FOLDING).split())


@cache
def _gazetteer() -> dict[str, str]:
    """Return place names with their codes, such as ``S4RU`` or ``T4RU T1US``.

    The names are folded all at once: one after another they would take a second.
    """
    data = resources.files(__package__).joinpath("places.txt.xz").read_bytes()
    lines = [line.partition("\t") for line in lzma.decompress(data).decode("utf-8").splitlines()]
    text = unicodedata.normalize("NFKD", _LINES.join(names for _, _, names in lines))
    names_of_lines = text.translate(_FOLDING_OF_FILE).split(_LINES)
    found: dict[str, str] = {}
    known_codes: dict[str, str] = {}  # one string for each code, which saves memory
    for (code, _, _), names in zip(lines, names_of_lines, strict=True):
        code = known_codes.setdefault(code, code)
        for name in names.split(_NAMES):
            key = " ".join(name.split())
            known = found.get(key)
            if known is None:
                found[key] = code
            elif code[0] + code[2:] not in [c[0] + c[2:] for c in known.split()]:
                both = f"{known} {code}"
                found[key] = known_codes.setdefault(both, both)
    return found


@cache
def _lines() -> bytes:
    """Return the gazetteer as it is written, in small letters where they are Latin."""
    data = resources.files(__package__).joinpath("places.txt.xz").read_bytes()
    return lzma.decompress(data).lower()


@lru_cache(maxsize=1 << 12)
def are_one_place(one: str, other: str) -> bool:
    """Return whether two folded names are of one place, as `peking` and `beijing`."""
    lines = _lines()
    wanted = {one, other}
    name = one.encode()
    at = lines.find(name)
    while at >= 0:
        end = lines.find(b"\n", at)
        line = lines[lines.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None]
        if other.encode() in line:
            _, _, names = line.decode("utf-8").partition("\t")
            if wanted <= {*map(folded, names.split(_NAMES))}:
                return True
        at = lines.find(name, end) if end >= 0 else -1
    return False


@cache
def _longest_names() -> dict[str, int]:
    """Return the words of the longest place name of several words that begins with a word."""
    found: dict[str, int] = {}
    for key in _gazetteer():
        first, blank, rest = key.partition(" ")
        if blank:
            found[first] = max(found.get(first, 1), 2 + rest.count(" "))
    return found


def states_by_name() -> dict[str, str]:
    """Return the two letters of each state by its names in the scripts that bilat reads."""
    states = ((key, codes.split()) for key, codes in _gazetteer().items() if STATE in codes)
    return {key: code[2:] for key, codes in states for code in codes if code[0] == STATE}


@cache
def state_codes() -> frozenset[str]:
    """Return the two letters of each state."""
    return frozenset(states_by_name().values())


@lru_cache(maxsize=1 << 12)
def _places(codes: str) -> tuple[PlaceReading, ...]:
    return tuple(PlaceReading(c[0], int(c[1]), c[2:]) for c in codes.split())


def places_of(text: str) -> tuple[PlaceReading, ...]:
    """Return the places that a text can name, whole; an empty tuple if it names none."""
    return _lookup(folded(text))


def _lookup(key: str) -> tuple[PlaceReading, ...]:
    table = _gazetteer()
    codes = table.get(key)
    if codes is None and len(key) > 2 and key[-1] in _HAN_SUFFIXES:
        codes = table.get(key[:-1])
    return _places(codes) if codes else ()


def place_matches(words: Sequence[str], breaks: Sequence[bool]) -> list[PlaceMatch]:
    """Return the places among folded words, the longest from each word on.

    ``breaks[n]`` is true where a mark separates word n from the word before it: no place crosses a
    mark.
    """
    out: list[PlaceMatch] = []
    longest = _longest_names()
    at = 0
    while at < len(words):
        end = at + 1
        most = min(longest.get(words[at].partition(" ")[0], 1), MOST_WORDS)
        while end < len(words) and end - at < most and not breaks[end]:
            end += 1
        match = next(
            (
                PlaceMatch(at, after, places)
                for after in range(end, at, -1)
                if (places := _lookup(" ".join(words[at:after])))
            ),
            None,
        )
        if match is not None:
            out.append(match)
        at = match.after if match else at + 1
    return out
