# SPDX-License-Identifier: Apache-2.0
"""Cut the typeface of pages, charts and PDF out of Inter.

    python scaffold/fonts.py FOLDER LICENCE

FOLDER has Inter-Regular.otf and Inter-SemiBold.otf of a release of Inter
(https://github.com/rsms/inter; Debian and Ubuntu: the package fonts-inter), LICENCE is the text
of its licence. It needs fonttools and brotli, which bilat itself does not. Written are, of each
weight, an OpenType file with Latin, Greek and Cyrillic letters for PNG and PDF, a small WOFF2
file with the letters of English pages, which a page or a drawing carries within itself, and a
table of widths by which words are placed in charts.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "bilat" / "document" / "fonts"
WEIGHTS = {"regular": "Inter-Regular.otf", "semibold": "Inter-SemiBold.otf"}
#: What English pages print. The circles of verdicts are left to one other typeface, since Inter
#: has two of the three.
LATIN = (
    "U+0020-007E,U+00A0-00FF,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2030,"
    "U+20AC,U+2190-2195,U+2212,U+2248,U+2264-2265"
)
#: Further letters of names: Latin, Greek and Cyrillic, and signs of lists.
FURTHER = (
    "U+0100-017F,U+0218-021B,U+0259,U+02BB-02BC,U+02C6-02C7,U+02DA,U+02DC,U+0386-038A,U+038C,"
    "U+038E-03A1,U+03A3-03CE,U+0400-045F,U+0490-0493,U+049A-049B,U+04A2-04A3,U+04AE-04B1,"
    "U+04BA-04BB,U+04D8-04D9,U+04E8-04E9,U+1E9E,U+2010-2012,U+2015,U+2020-2021,U+202F,"
    "U+2032-2033,U+2039-203A,U+2044,U+2070,U+2074-2079,U+2080-2089,U+20BD,U+2116,U+2122,U+2260"
)
#: Kerning, figures of one width for tables, forms of a language.
FEATURES = ["kern", "tnum", "locl"]


def codepoints(ranges: str) -> list[int]:
    """Return the letters of a list of ranges as CSS writes it."""
    found: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return found


def write_subset(source: Path, target: Path, letters: list[int], flavour: str | None) -> None:
    """Write some letters of a font file, without hints."""
    options = subset.Options()
    options.flavor = flavour
    options.hinting = False
    options.desubroutinize = flavour is not None
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def widths_of(source: Path, letters: list[int]) -> dict[str, int]:
    """Return how wide each letter of a font is, in thousandths of its size."""
    font = TTFont(source)
    glyphs = font.getBestCmap()
    scale = 1000 / font["head"].unitsPerEm
    present = [letter for letter in letters if letter in glyphs]
    return {chr(letter): round(font["hmtx"][glyphs[letter]][0] * scale) for letter in present}


def main(folder: Path, licence: Path) -> None:
    """Write the files of the typeface into the package."""
    every = codepoints(f"{LATIN},{FURTHER}")
    table: dict[str, object] = {"latin": LATIN, "further": FURTHER, "cut from": {}, "widths": {}}
    for weight, name in WEIGHTS.items():
        source = folder / name
        write_subset(source, TARGET / f"inter-{weight}.otf", every, None)
        write_subset(source, TARGET / f"inter-latin-{weight}.woff2", codepoints(LATIN), "woff2")
        version = TTFont(source)["name"].getDebugName(5)
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        table["cut from"][weight] = f"{name}, {version}, sha256 {digest}"
        table["widths"][weight] = widths_of(source, every)
    text = json.dumps(table, ensure_ascii=False, indent=0)
    (TARGET / "inter.json").write_text(text + "\n", "utf-8")
    shutil.copyfile(licence, TARGET / "OFL.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
