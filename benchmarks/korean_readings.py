# SPDX-License-Identifier: Apache-2.0
"""Reads how Koreans read Han characters out of the Unicode Common Locale Data Repository, and writes
``src/bilat/parties/names/korean_readings.txt``.

Run: ``python benchmarks/korean_readings.py FILE``; FILE is ``common/collation/ko.xml`` of CLDR 46
(in Debian: ``/usr/share/unicode/cldr/common/collation/ko.xml`` of the package unicode-cldr-core). Its
order of sorting puts the Han characters of KS X 1001 behind the syllable by which they are read.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bilat.parties.names.han import simplified

TARGET = Path(__file__).parents[1] / "src/bilat/parties/names/korean_readings.txt"
HEAD = """\
# A syllable of Korean, and the Han characters (simplified) that are read so. Made by
# benchmarks/korean_readings.py of Unicode CLDR 46; licence: KOREAN_READINGS_LICENCE.txt.
"""
_RULE = re.compile("&([가-힣])<<\\*?([^&<]+)")
_RANGE = re.compile(r"(.)-(.)")


def readings(text: str) -> dict[str, str]:
    """Return the characters of each syllable; of several readings of a character the first."""
    found: dict[str, str] = {}
    for syllable, characters in _RULE.findall(text):
        whole = _RANGE.sub(lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), characters)
        for character in simplified("".join(whole.split())):
            if "\u4e00" <= character <= "\u9fff":
                found.setdefault(character, syllable)
    out: dict[str, str] = {}
    for character, syllable in found.items():
        out[syllable] = out.get(syllable, "") + character
    return out


def main() -> None:
    table = readings(Path(sys.argv[1]).read_text("utf-8"))
    lines = [f"{syllable} {characters}\n" for syllable, characters in sorted(table.items())]
    TARGET.write_text(HEAD + "".join(lines), "utf-8")
    print(f"{sum(map(len, table.values()))} characters of {len(table)} syllables")


if __name__ == "__main__":
    main()
