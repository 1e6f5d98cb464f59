# SPDX-License-Identifier: Apache-2.0
"""Romanisation of other scripts into lower-case Latin letters.

Cyrillic, Greek, Georgian and Armenian by tables of letters; Han by Hanyu Pinyin (pypinyin); syllabic scripts (kana,
Hangul, the Indic scripts, Ethiopic) by the reading that Unicode gives in the character's own name. Words of scripts
that leave vowels out stay in their own letters (:mod:`bilat.parties.names.abjad`). The schemes differ (BGN/PCGN,
ISO 9, GOST, ICAO, German, French): :mod:`bilat.parties.names.skeleton` brings their spellings to one form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from bilat.parties.names.abjad import SOUNDS

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
    # Ukrainian, Belarusian
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
    # Serbian, Macedonian
    "ј": "j", "љ": "lj", "њ": "nj", "ћ": "ch", "ђ": "dj", "џ": "dzh", "ѓ": "gj", "ќ": "kj", "ѕ": "dz",
    # Turkic and other languages of the former Soviet Union
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ҳ": "h", "ҷ": "j",
    "ӣ": "i", "ӯ": "u", "җ": "j", "ҙ": "z", "ҡ": "k", "ҫ": "s", "ӑ": "a", "ӗ": "e", "ӳ": "u", "ӏ": "",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        ("a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h").split(),  # noqa: SIM905
        strict=True,
    )
)
_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        [
            "a",
            "b",
            "g",
            "d",
            "e",
            "z",
            "e",
            "y",
            "t",
            "zh",
            "i",
            "l",
            "kh",
            "ts",
            "k",
            "h",
            "dz",
            "gh",
            "ch",
            "m",
            "y",
            "n",
            "sh",
            "o",
            "ch",
            "p",
            "j",
            "r",
            "s",
            "v",
            "t",
            "r",
            "ts",
            "v",
            "p",
            "k",
            "o",
            "f",
            "ev",
        ],
        strict=True,
    )
)
# Letters that lose their sound if only the accent is dropped.
_LATIN_SPECIAL = {
    "č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ś": "sh", "ş": "sh", "ș": "sh", "ž": "zh", "ż": "zh",
    "ź": "z", "ğ": "g", "ı": "i", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
    "ø": "o", "ə": "a", "ŋ": "n", "ħ": "h", "ĸ": "k", "ț": "ts", "ţ": "ts", "ŝ": "sh", "ĉ": "ch", "ẑ": "zh",
    "ĵ": "zh",
}  # fmt: skip
TABLE: dict[str, str] = {
    **_CYRILLIC,
    **_GREEK,
    **_GEORGIAN,
    **_ARMENIAN,
    **_LATIN_SPECIAL,
}
_UNICODE_READING = re.compile(
    r"^(?:HIRAGANA|KATAKANA|HANGUL|DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM"
    r"|SINHALA|ETHIOPIC|MYANMAR|KHMER|LAO|TIBETAN|CHEROKEE)"
    r" (LETTER|SYLLABLE|VOWEL SIGN|SIGN|INDEPENDENT VOWEL)(?: SMALL| RRA)? ([A-Z ]+)$"
)


@lru_cache(maxsize=65536)
def letter(c: str) -> str:
    """Latin letters for one lower-case character; a space where the character is not a letter or digit."""
    if c.isascii():
        return c if c.isalnum() else " "
    found = c if c in SOUNDS else TABLE.get(c)
    if found is not None:
        return found
    decomposed = unicodedata.normalize("NFKD", c)
    if decomposed != c and decomposed[0] in TABLE:
        return TABLE[decomposed[0]]
    if decomposed[0].isascii() and decomposed[0].isalnum():
        return "".join(x for x in decomposed if x.isascii() and x.isalnum())
    if (digit := unicodedata.digit(c, None)) is not None:
        return str(digit)
    category = unicodedata.category(c)
    read = _UNICODE_READING.match(unicodedata.name(c, ""))
    if read:
        return (
            read[2].split()[-1].lower()
            if read[1] != "SIGN"
            else ("n" if "ANUSVARA" in read[2] else "")
        )
    if category.startswith("M") or category == "Lm":
        return ""
    if category.startswith("L"):
        # An unknown alphabet still compares with itself: a stable two-letter stand-in.
        n = ord(c)
        return chr(97 + n % 26) + chr(97 + n // 26 % 26)
    return " "


_INDIC = re.compile("[\u0900-\u0dff]")


def _indic(text: str) -> str:
    """Abugidas: a vowel sign or virama replaces the inherent vowel of the consonant before it."""
    out: list[str] = []
    for c in text:
        name = unicodedata.name(c, "")
        if "SIGN VIRAMA" in name:
            if out and out[-1].endswith("a"):
                out[-1] = out[-1][:-1]
        elif "VOWEL SIGN" in name:
            if out and out[-1].endswith("a"):
                out[-1] = out[-1][:-1]
            out.append(letter(c)[:2])
        elif "SIGN ANUSVARA" in name or "SIGN CANDRABINDU" in name:
            out.append("n")
        elif "SIGN NUKTA" in name:
            continue
        else:
            out.append(letter(c))
    return "".join(out)


#: Greek letters that are one sound together (ELOT 743).
_GREEK_PAIR = re.compile("(ο[υύ])|([αε])[υύ](?=([θκξπσςτφχψ])?)|(γγ)|(?<![α-ώ])(μπ)")


def _greek(m: re.Match[str]) -> str:
    if m[2]:
        return ("a" if m[2] == "α" else "e") + ("f" if m[3] else "v")
    return "ou" if m[1] else "ng" if m[4] else "b"


#: Family names of Korea as passports of the South write them, where that is not their reading.
_FAMILIES = {
    "이": "lee",
    "박": "park",
    "최": "choi",
    "조": "cho",
    "정": "jung",
    "임": "lim",
    "노": "roh",
    "유": "yoo",
    "김": "kim",
}


def korean(text: str) -> tuple[str, str]:
    """A Korean name by its syllables as passports of the North write it (``김정은``, ``kim jong un``), and as those of
    the South do (``이재용``, ``lee jae yong``).
    """
    letters = [c for c in text if "가" <= c <= "힣"]
    spoken = [letter(c) for c in letters]
    plain = [s.replace("eo", "o").replace("eu", "u") for s in spoken]
    south = [_FAMILIES.get(letters[0], spoken[0]), *spoken[1:]] if letters else []
    return " ".join("k" + s[1:] if s[0] == "g" else s for s in plain if s), " ".join(
        filter(None, south)
    )


#: How the North writes a consonant that begins a word, and the vowels of two letters.
_NORTHERN = (("^g", "k"), ("^d", "t"), ("^b", "p"), ("^j", "ch"), ("eo", "o"), ("eu", "u"))


def northern_korean(word: str) -> str:
    """A Korean word in Latin letters as firms of the North write it: ``광선``, ``kwangson``."""
    spoken = romanise(word)
    for southern, ours in _NORTHERN:
        spoken = re.sub(southern, ours, spoken)
    return spoken


def korean_of_russian(text: str) -> str:
    """A Korean name that Russian spells, as passports of the North write it: ``Ким Чен Ын``, ``kim jong un``."""
    read = text.lower()
    for cyrillic, latin in (
        ("чж", "j"),
        ("чх", "ch"),
        ("ч", "j"),
        ("ён", "yong"),
        ("[ео]н", "ong"),
        ("ы", "u"),
        ("[её]", "yo"),
        (r"р(?=$|[ \-])", "l"),
    ):
        read = re.sub(cyrillic, latin, read)
    return romanise(read)


def _table_word(word: str) -> str:
    if _INDIC.search(word):
        return _indic(word)
    word = _GREEK_PAIR.sub(_greek, word)
    return "".join(map(letter, word))


def romanise(text: str) -> str:
    """Lower-case Latin letters, digits and spaces for a lower-case text without Han; words without vowels stay."""
    if text.isascii():
        return text
    return _table_word(text)


@cache
def _readings() -> dict[int, str]:
    """pypinyin's table of characters. Its table of phrases (twelve times as large) is not loaded for this."""
    import os

    given = os.environ.get("PYPINYIN_NO_PHRASES")
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    try:
        from pypinyin.constants import PINYIN_DICT
    finally:
        if given is None:
            del os.environ["PYPINYIN_NO_PHRASES"]
        else:
            os.environ["PYPINYIN_NO_PHRASES"] = given
    return PINYIN_DICT


@lru_cache(maxsize=65536)
def _syllable(c: str) -> str:
    read = _readings().get(ord(c), "").split(",")[0]
    letters = unicodedata.normalize("NFD", read)
    if "\u0308" in letters:  # ü
        letters = letters.replace("u", "v")
    read = "".join(x for x in letters if x.isascii() and x.isalpha())
    if not read and unicodedata.category(c) == "Lo":
        # A rare character without a known reading still compares with itself.
        n = ord(c)
        return "z" + chr(97 + n % 26) + chr(97 + n // 26 % 26) + chr(97 + n // 676 % 26)
    return read


@lru_cache(maxsize=65536)
def pinyin(text: str) -> tuple[str, ...]:
    """Hanyu Pinyin syllables without tones, one per Han character (its commonest reading); others are left
    out.
    """
    return tuple(s for c in text if (s := _syllable(c)))


_WADE_INITIAL = {
    "b": "p",
    "p": "p",
    "d": "t",
    "t": "t",
    "g": "k",
    "k": "k",
    "zh": "ch",
    "ch": "ch",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "r": "j",
    "z": "ts",
    "c": "ts",
}
_WADE_FINAL = {
    "ian": "ien",
    "ie": "ieh",
    "ue": "ueh",
    "ong": "ung",
    "iong": "iung",
    "e": "e",
    "ui": "ui",
    "uo": "o",
    "i": "i",
    "v": "u",
    "ve": "ueh",
    "ü": "u",
}
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.+)")


@lru_cache(maxsize=4096)
def wade_giles(syllable: str) -> str:
    """The Wade-Giles spelling (without apostrophes) of a pinyin syllable, as Taiwan's passports have it."""
    match = _SYLLABLE.match(syllable)
    if match is None:
        return syllable
    initial = match[1]
    final = match[2]
    if initial in ("zh", "ch", "sh", "r") and final == "i":
        return {"zh": "chih", "ch": "chih", "sh": "shih", "r": "jih"}[initial]
    if initial in ("z", "c", "s") and final == "i":
        return {"z": "tzu", "c": "tzu", "s": "ssu"}[initial]
    if initial == "y":
        return {"i": "i", "ou": "yu", "an": "yen", "e": "yeh", "ong": "yung"}.get(
            final, "y" + final
        )
    if initial in ("g", "k", "h") and final in ("e", "uo"):
        return _WADE_INITIAL.get(initial, initial) + {"e": "o", "uo": "uo"}[final]
    return _WADE_INITIAL.get(initial, initial) + _WADE_FINAL.get(final, final)
