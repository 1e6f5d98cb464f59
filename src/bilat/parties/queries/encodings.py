# SPDX-License-Identifier: Apache-2.0
"""Which code page a text file is in, told by its bytes: UTF-8 or UTF-16, else the page in which its letters make
words. Detectors that know every page of the world take a file of plain names with one foreign one for another page.
"""

from __future__ import annotations

import codecs
from itertools import pairwise
from pathlib import Path

from bilat.files.archives import open_unpacked

#: Bytes that are looked at.
_LOOKED_AT = 1 << 18
_RUSSIAN = "ст но то на ен ов ни ра во ко ро ос ан ер ли по ва ре ор та ал об го ри ит ол ес ла ин"
#: Common pairs of letters, or characters, by page: text in the right page has many of them.
_COMMON = {
    **dict.fromkeys(("cp1251", "cp866", "koi8-r"), _RUSSIAN),
    "gb18030": "的 公 司 有 限 国 技 科 中 司 海 电 业 工 子 大 北 京 上 深 圳 术 器 份 股",
    "big5": "的 公 司 有 限 國 技 科 中 海 電 業 工 子 大 北 台 灣 份 股 術 器",
    "shift_jis": "の 株 式 会 社 日 本 大 学 工 業 電 機 ン ス ル",
    "cp1254": "ş ı ğ ü ö ç İ Ş Ğ",
    "cp1250": "ł ą ę ś ž č ř š ě ů ő",
    "cp1252": "é è ü ö ä ß ñ ç à ó í á ã",
}


def code_page(path: Path) -> str:
    """The encoding of a text file: ``utf-8-sig`` wherever its bytes allow, else the likeliest code page."""
    with open_unpacked(path, path.name, None) as handle:
        raw = handle.read(_LOOKED_AT)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _likeness(raw, "utf-8") >= 0:
        return "utf-8-sig"
    likeness = {page: _likeness(raw, page) for page in _COMMON}
    best = max(likeness, key=lambda page: likeness[page])
    return best if likeness[best] > 0 else "utf-8-sig"


def _likeness(raw: bytes, page: str) -> float:
    """How many of the letters beyond ASCII stand in what is common in the page's language, less what no text has; below
    0 for bytes that are not of the page.
    """
    try:
        text = codecs.getincrementaldecoder(page)().decode(raw)
    except UnicodeDecodeError:
        return -1.0
    common = set(_COMMON.get(page, "").split())
    foreign = [c for c in text if c > "\x7f"]
    if not common or not foreign:
        return 0.0
    size = len(min(common))
    low = text.lower() if _COMMON[page] is _RUSSIAN else text
    hits = sum(low[n : n + size] in common for n in range(len(low)))
    odd = sum(not c.isalpha() for c in foreign)
    if size == 2:  # words change case at most once: the wrong Cyrillic page mixes cases
        odd += sum(
            a.islower() and b.isupper() for a, b in pairwise(text) if a > "\x7f" and b > "\x7f"
        )
    elif page.startswith(
        "cp12"
    ):  # letters with marks stand among plain ones: runs are another alphabet
        odd += sum(a > "\x7f" and b > "\x7f" for a, b in pairwise(text))
    return max(hits - (2.0 if size == 2 else 0.5) * odd, 0.0) / len(foreign)
