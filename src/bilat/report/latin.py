# SPDX-License-Identifier: Apache-2.0
"""Names in other scripts as the fonts of the PDF can show them.

Typst carries Latin, Greek and Cyrillic letters. Han, kana, Hangul, Armenian, Georgian and Thai are
written in Latin letters; Arabic and Hebrew, whose names cannot be read without their vowels, are
named by their script. The Word file has every name as it was written.
"""

from __future__ import annotations

import re
import unicodedata

from bilat.parties.names.romanise import pinyin, romanise

#: Letters and signs that the fonts of Typst have.
_SHOWN = r"\u0000-\u052f\u1e00-\u2bff\ufb00-\ufb06\ufffc\ufffd"
_OTHER = re.compile(rf"[^{_SHOWN}]+(?:[ \u3000]+[^{_SHOWN}]+)*")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
#: Marks of East Asian text with a Latin counterpart of their own.
_MARKS = str.maketrans("、。「」『』（）", ",.\u201c\u201d\u201c\u201d()")


def in_latin(text: str) -> str:
    """Return a text whose every letter the fonts of the PDF can show."""
    return _OTHER.sub(lambda found: _run(found[0]), text)


def _run(text: str) -> str:
    """Return one run of letters that the fonts lack, in Latin letters."""
    plain = unicodedata.normalize("NFKC", text).translate(_MARKS)
    spelled = _HAN.sub(lambda han: f" {' '.join(pinyin(han[0]))} ", plain)
    made = " ".join(romanise(spelled.lower()).split())
    if not re.search(rf"[^{_SHOWN}]", made):
        return made.title()
    return f"[name in {_script(text)} script: see the Word file]"


def _script(text: str) -> str:
    """Return the script of the first letter, as Unicode names it."""
    first = next((c for c in text if c.isalpha()), text[0])
    return unicodedata.name(first, "another").split()[0].capitalize()
