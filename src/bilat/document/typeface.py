# SPDX-License-Identifier: Apache-2.0
"""The one typeface of pages, drawings and PDF: Inter, cut by scaffold/fonts.py.

A page carries the letters of English within its style sheet, since a browser loads no font from
disk for a page opened from disk; letters of other names come from a file where there is one.
PNG and PDF are made with the shipped files and none of the machine.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bilat.document.typography import typeset

#: The typeface, and what is taken for a letter that it lacks.
FAMILY = "Inter, Helvetica, Arial, sans-serif"
FOLDER = Path(__file__).parent / "fonts"
#: The OpenType files by the weights of style sheets that each serves.
FILES = {"400 500": "inter-regular.otf", "600 800": "inter-semibold.otf"}
#: The width of a letter that the typeface lacks: one of Chinese, in thousandths of its size.
_OTHER_WIDTH = 1000
#: Pixels of the words of a chart.
_LABEL = 12


@dataclass(frozen=True)
class Letters:
    """What the files of the typeface have, and how wide each letter is.

    Attributes
    ----------
    latin
        the letters of English, as ranges of a style sheet
    further
        those that the OpenType files have besides
    widths
        of each letter in thousandths of its size, by weight
    """

    latin: str
    further: str
    widths: dict[str, dict[str, int]]

    @classmethod
    @cache
    def shipped(cls) -> Letters:
        """Return those of the shipped files."""
        table = json.loads((FOLDER / "inter.json").read_text("utf-8"))
        return cls(table["latin"], table["further"], table["widths"])


def files() -> list[str]:
    """Return the paths of the OpenType files."""
    return [str(FOLDER / name) for name in FILES.values()]


def has_all(text: str) -> bool:
    """Return whether the typeface has every letter of a text."""
    known = Letters.shipped().widths["regular"]
    return all(letter in known or letter.isspace() for letter in text)


def width(words: str, size: float = 12, *, bold: bool = False) -> float:
    """Return how wide words are in pixels, but for kerning, which makes them narrower.

    Parameters
    ----------
    words
        plain text of one line
    size
        of the letters in pixels
    bold
        whether they are semibold
    """
    widths = Letters.shipped().widths["semibold" if bold else "regular"]
    return sum(widths.get(letter, _OTHER_WIDTH) for letter in typeset(words)) * size / 1000


def shortened(words: str, room: float) -> str:
    """Return words of a chart that fit into so many pixels; cut ones end with an ellipsis."""
    kept = typeset(words)
    if width(kept, _LABEL) <= room:
        return kept
    while kept and width(f"{kept.rstrip()}…", _LABEL) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def lines(words: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Return words in lines of so many pixels; a word that is longer has a line of its own."""
    broken: list[str] = []
    for word in typeset(words).split():
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and width(longer, size, bold=bold) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    return broken


@cache
def embedded_faces() -> str:
    """Return the style rules that hold the letters of English within them."""
    letters = Letters.shipped().latin
    rules = []
    for weight, name in FILES.items():
        small = FOLDER / name.replace("inter-", "inter-latin-").replace(".otf", ".woff2")
        data = base64.b64encode(small.read_bytes()).decode()
        source = f'url("data:font/woff2;base64,{data}") format("woff2")'
        rules.append(_rule(weight, source, letters))
    return "".join(rules)


def referenced_faces() -> str:
    """Return the style rules for further letters, whose files lie beside the style sheet."""
    letters = Letters.shipped().further
    sources = {weight: f'url("{name}") format("opentype")' for weight, name in FILES.items()}
    return "".join(_rule(weight, source, letters) for weight, source in sources.items())


def _rule(weight: str, source: str, letters: str) -> str:
    return (
        f"@font-face{{font-family:Inter;font-style:normal;font-weight:{weight};"
        f"font-display:swap;src:{source};unicode-range:{letters}}}\n"
    )
