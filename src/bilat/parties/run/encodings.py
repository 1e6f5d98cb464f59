# SPDX-License-Identifier: Apache-2.0
"""Which code page a text file is in, told by its bytes: UTF-8 or UTF-16, else the page in which its letters make
words.
"""

from __future__ import annotations

import codecs
from functools import cache
from itertools import pairwise
from pathlib import Path

from bilat.files.packed import opened

#: Bytes that are looked at.
_LOOKED_AT = 1 << 18
_PAGES = ("cp1251", "cp866", "koi8-r", "gb18030", "big5", "shift_jis", "cp1254", "cp1250", "cp1252")
#: Common pairs of letters and characters, by page: text in the right page has many of them.
_COMMON = {
    "cp1251": "ст но то на ен ов ни ра во ко ро ос ан ер ли по ва ре ор та ал об го ри ит ол ес ла ин",
    "gb18030": "的 公 司 有 限 国 技 科 中 司 海 电 业 工 子 大 北 京 上 深 圳 术 器 份 股",
    "big5": "的 公 司 有 限 國 技 科 中 海 電 業 工 子 大 北 台 灣 份 股 術 器",
    "shift_jis": "の 株 式 会 社 日 本 大 学 工 業 電 機 ン ス ル",
    "cp1254": "ş ı ğ ü ö ç İ Ş Ğ",
    "cp1250": "ł ą ę ś ž č ř š ě ů ő",
    "cp1252": "é è ü ö ä ß ñ ç à ó í á ã",
}


@cache
def _common(page: str) -> frozenset[str]:
    like = "cp1251" if page in ("cp866", "koi8-r") else page
    return frozenset(_COMMON[like].split())


def code_page(path: Path) -> str:
    """The encoding of a text file: ``utf-8-sig`` wherever its bytes allow, else the likeliest code page."""
    with opened(path, path.name, None) as handle:
        raw = handle.read(_LOOKED_AT)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
        return "utf-8-sig"
    except UnicodeDecodeError:
        pass
    best, found = 0.0, ""
    for page in _PAGES:
        try:
            text = codecs.getincrementaldecoder(page)().decode(raw)
        except UnicodeDecodeError:
            continue
        score = _likeness(text, page)
        if score > best:
            best, found = score, page
    return found or "utf-8-sig"


def _likeness(text: str, page: str) -> float:
    """Share of the letters beyond ASCII that stand in common pairs of the page's language."""
    common = _common(page)
    size = len(next(iter(common)))
    foreign = [c for c in text if c > "\x7f"]
    if not foreign:
        return 0.0
    if size == 2:
        low = text.lower()
        hits = sum(low[n : n + 2] in common for n in range(len(low) - 1))
        # Words change case at most once: the wrong Cyrillic page mixes cases and signs.
        odd = sum(not c.isalpha() for c in foreign) + sum(
            a.islower() and b.isupper() for a, b in pairwise(text) if a > "\x7f" and b > "\x7f"
        )
        return (hits - 2.0 * odd) / len(foreign)
    hits = sum(c in common for c in foreign)
    odd = sum(not c.isalpha() for c in foreign)
    if page.startswith("cp12"):
        # Letters with marks stand among plain ones: runs of them are another alphabet in the wrong page.
        odd += sum(a > "\x7f" and b > "\x7f" for a, b in pairwise(text))
    return (hits - 0.5 * odd) / len(foreign)
