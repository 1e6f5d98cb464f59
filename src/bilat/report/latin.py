# SPDX-License-Identifier: Apache-2.0
"""Names in other scripts as the fonts of the PDF can show them.

Typst carries Latin, Greek and Cyrillic letters, and those of Hebrew, Arabic and Persian. Han, kana,
Hangul, Armenian, Georgian and Thai are written in Latin letters. Words that the fonts cannot show
and that cannot be read without their vowels, as in Urdu, are named by their script. The Word file
has every name as it was written.
"""

from __future__ import annotations

import re
import unicodedata

from bilat.parties.names.romanisation import pinyin, romanise

#: Letters written from right to left that the fonts of Typst have: of Hebrew, Arabic and Persian.
RIGHT_TO_LEFT = (
    r"\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0640-\u0655\u0660-\u066d\u0679-\u067b"
    r"\u067e-\u0680\u0683\u0684\u0686\u0687\u0691\u0698\u06a4\u06a9\u06af\u06be\u06cc\u06f0-\u06f9"
)
#: Letters and signs that the fonts of Typst have.
_SHOWN = rf"\u0000-\u052f{RIGHT_TO_LEFT}\u1e00-\u2bff\ufb00-\ufb06\ufffc\ufffd"
#: Letters that the fonts lack, with the words from right to left in which they stand.
_OTHER = re.compile(rf"[{RIGHT_TO_LEFT}]*[^{_SHOWN}]+(?:[ \u3000]*[^{_SHOWN}]+)*[{RIGHT_TO_LEFT}]*")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
#: Marks of East Asian text with a Latin counterpart of their own.
_MARKS = str.maketrans("、。「」『』（）", ",.\u201c\u201d\u201c\u201d()")


def in_latin(text: str) -> str:
    """Return a text whose every letter the fonts of the PDF can show."""
    return _OTHER.sub(lambda found: _run(found[0]), text)


def _run(text: str) -> str:
    """Return one run of letters that the fonts lack, in Latin letters."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return f"[name in {_script(text)} script: see the Word file]"
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
