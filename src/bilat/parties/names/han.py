# SPDX-License-Identifier: Apache-2.0
"""Names in Han characters: segmentation by a lexicon, pinyin, Wade-Giles, and the sound of foreign names.

A Chinese name of a foreign firm is part translation (``公司`` company) and part sounds (``格鲁曼``
Grumman). Words of the lexicon are translated; what remains becomes one token written ``~ge.lu.man``, which is
compared both as pinyin (for Chinese firms) and by its consonants (for foreign ones).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from bilat.package_files import read_package_text
from bilat.parties.names.romanisation import northern_korean, pinyin, wade_giles
from bilat.parties.names.script import has_han
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import Form, organisation, words_of

_RUN = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_SEPARATORS = re.compile("[·•・‧．.\\-—–―_/\\s,，、()（）“”\"'《》【】]+")
#: The hundred or so commonest surnames cover some 85 % of the people of China; plus compound ones.
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文葛蓝游柯萧施洪颜倪温季纪"
    "俞章鲁凌毕安裴霍柳关祝詹涂盛欧管卓穆单阮翁殷邢辛褚管"
)
_COMPOUND_SURNAMES = frozenset(
    ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐"]
)


@cache
def _traditional() -> dict[int, str]:
    return _pairs_of("traditional.txt")


@cache
def _japanese() -> dict[int, str]:
    """Return the simplified character of each Japanese one, from the tables JPVariants and
    TSCharacters of OpenCC (Apache-2.0).
    """
    return _pairs_of("japanese.txt")


def _pairs_of(table: str) -> dict[int, str]:
    text = read_package_text(__package__, table).strip()
    return {ord(a): b for a, b in zip(text[::2], text[1::2], strict=True)}


@cache
def _lexicon() -> tuple[dict[str, str], int]:
    table: dict[str, str] = {}
    for line in read_package_text(__package__, "lexicon_zh_en.txt").splitlines():
        if line and not line.startswith("#"):
            han, _, english = line.partition(" ")
            table.setdefault(han, english.strip())
    return table, max(map(len, table))


def translations() -> frozenset[str]:
    """Return the English words of the lexicon."""
    return frozenset(_lexicon()[0].values()) - {"*"}


@cache
def translated_syllables() -> frozenset[str]:
    """Return the English words of the lexicon that are the sounds of their characters:
    ``jiaotong``, ``beijing``.
    """
    return frozenset(
        word
        for han, english in _lexicon()[0].items()
        for word in english.split()[:1]
        if "".join(pinyin(han)).startswith(word) and word.isalpha() and len(word) > _SHORTEST_SOUNDS
    )


#: Letters of the longest single syllable in pinyin.
_SHORTEST_SOUNDS = 6


def simplified(text: str) -> str:
    """The text with common traditional characters replaced by simplified ones."""
    return text.translate(_traditional())


_DIGITS = "〇零一二三四五六七八九"
#: The number of an institute, academy or factory, which its counter ends (``五〇八所``); 第 may stand
#: before it.
_COUNTED = re.compile(f"第?([{_DIGITS}十百]+)(?=所|院|厂|工厂|研究所|研究院)")
#: A number that 第 alone marks: one digit, or one with tens and hundreds (``第一三共`` begins with 1).
_ORDINAL = re.compile(
    f"第([{_DIGITS}]?百[{_DIGITS}]*十?[{_DIGITS}]?|[{_DIGITS}]?十[{_DIGITS}]?|[{_DIGITS}]|(?=[0-9]))"
)


def with_ordinals(text: str) -> str:
    """Return a simplified text with the numbers of bodies in figures: ``第三十八研究所`` as
    ``38 研究所``.
    """
    for pattern in (_COUNTED, _ORDINAL):
        text = pattern.sub(lambda found: f" {_figures(found[1])} ", text)
    return text


def _figures(numerals: str) -> str:
    """Return a number written with tens and hundreds, or digit by digit, in figures."""
    if not {*numerals} & {*"十百"}:
        return "".join(str(max(_DIGITS.index(c) - 1, 0)) for c in numerals)
    value = 0
    digit = 0
    for numeral in numerals:
        if numeral in _DIGITS:
            digit = max(_DIGITS.index(numeral) - 1, 0)
            continue
        value += max(digit, 1) * (100 if numeral == "百" else 10)
        digit = 0
    return str(value + digit)


def _word_at(text: str, at: int) -> bool:
    """Whether a word of at least two characters begins here."""
    table, longest = _lexicon()
    return any(text[at : at + size] in table for size in range(2, min(longest, len(text) - at) + 1))


def segments(text: str, single: bool) -> list[tuple[str, str | None]]:
    """(piece, English or None) by longest match; single characters are words only where asked."""
    table, longest = _lexicon()
    out: list[tuple[str, str | None]] = []
    rest = ""
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 0, -1):
            piece = text[at : at + size]
            english = table.get(piece)
            if english is None or (size == 1 and not single and english != "*"):
                continue
            if size == 1 and english == "*" and (rest or not _word_at(text, at + 1)):
                continue  # an empty word inside or before a rendering of sounds is a sound
            if rest:
                out.append((rest, None))
                rest = ""
            out.append((piece, english))
            at += size
            break
        else:
            rest += text[at]
            at += 1
    if rest:
        out.append((rest, None))
    return out


@lru_cache(maxsize=1 << 12)
def han_words(text: str) -> frozenset[str]:
    """Return the words in Han of a firm's name without its legal form, in simplified characters,
    also of a name in traditional or Japanese ones.
    """
    plain = with_ordinals(simplified(text).translate(_japanese()))
    runs = (run for run in _RUN.findall(plain) if has_han(run))
    words = (word for run in runs for word in segments(_SEPARATORS.sub("", run), False))
    return frozenset(han for han, english in words if not english or _says_more(english))


def _says_more(english: str) -> bool:
    """Return whether a word of the lexicon is more than a legal form or an empty word."""
    return english != "*" and bool(organisation(english.split())[0])


_INITIAL = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*?)(ng?|)$")
_CLASS = {
    "b": "p",
    "p": "p",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "t",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "k",
    "h": "h",
    "j": "s",
    "q": "s",
    "x": "s",
    "zh": "s",
    "ch": "s",
    "sh": "s",
    "r": "l",
    "z": "s",
    "c": "s",
    "s": "s",
    "y": "",
    "w": "f",
    "": "",
}
#: Syllables that stand for a consonant alone (``Cruz`` is ``ke.lu.zi``).
_ALONE = frozenset("bu pu fu mu te de le ge ke he si shi zi ci zhi chi ri".split())  # noqa: SIM905
_REPEAT = re.compile(r"(.)\1+")
#: A consonant counts twice what a vowel does, which renderings change at will.
_TWICE = {ord(c): 2 * c for c in "pmftnlkhs"}


@lru_cache(maxsize=1 << 16)
def sound_of_pinyin(syllables: tuple[str, ...]) -> str:
    """Classes of the consonants and vowels of a phonetic rendering."""
    out = ""
    for syllable in syllables:
        match = _INITIAL.match("l" if syllable == "er" else syllable)
        assert match is not None
        initial, final, nasal = match.groups()
        back = (
            "o" if final[-1:] in ("o", "u") else "a" if final[-1:] == "a" else "e" if final else ""
        )
        alone = syllable in _ALONE or (final == "e" and not nasal)
        out += _CLASS[initial] + ("" if alone else back) + nasal[:1]
    return _REPEAT.sub(r"\1", out).translate(_TWICE)


_LATIN_CLASS = str.maketrans("bpmfdtnlgkhjqxrzcswviu", "ppmfttnlkkhssslssssfeo", "0123456789")


_SILENT_R = re.compile(r"r(?![aeiou])")


@lru_cache(maxsize=1 << 16)
def sound_of_token(token: str) -> str:
    """Classes of the consonants and vowels of a skeleton; an r that closes a syllable is silent, as in renderings."""
    if len(token) > 3 and "r" in token:
        token = _SILENT_R.sub("", token)
    return _REPEAT.sub(r"\1", token.translate(_LATIN_CLASS).replace("mp", "np")).translate(_TWICE)


def may_be_person(text: str) -> bool:
    """Whether a name in Han is made as a person's: marks between its parts, or a Chinese family name first."""
    text = simplified(text.strip())
    family = text[:1] in _SURNAMES or text[:2] in _COMPOUND_SURNAMES
    return len([p for p in _SEPARATORS.split(text) if p]) > 1 or (family and 2 <= len(text) <= 4)


def _sound_token(piece: str) -> str | None:
    syllables = pinyin(piece)
    return "~" + ".".join(syllables) if syllables else None


#: Tokens of one reading at most, and letters of its text.
_MOST_TOKENS = 28
_LONGEST_TEXT = 200
#: Pieces of a name that are put into pinyin whole, at most.
_MOST_PIECES = 6


class _Readings:
    """Readings of one name, each kept once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.forms: list[Form] = []

    def add(self, tokens: list[str], legal: set[str], *, part: bool = False) -> None:
        """Keep a reading if it has words and none has the same."""
        words = tuple(tokens[:_MOST_TOKENS])
        if words and all(tuple(tokens) != form.tokens for form in self.forms):
            self.forms.append(Form(words, frozenset(legal), self.text[:_LONGEST_TEXT], part))


#: How Chinese and Japanese call North Korea, in simplified characters.
_KOREAS = ("朝鲜", "北韩")


@cache
def _korean_syllables() -> dict[str, str]:
    """Return the syllable by which Koreans read each character."""
    text = read_package_text(__package__, "korean_readings.txt")
    lines = (line.split(" ") for line in text.splitlines() if not line.startswith("#"))
    return {character: syllable for syllable, characters in lines for character in characters}


def _is_read_by_koreans(pieces: list[str]) -> bool:
    """Return whether all Han characters of a name have a reading in Korean."""
    known = _korean_syllables()
    return all(c in known for piece in pieces for c in piece if has_han(c))


def _korean_token(piece: str) -> str:
    """Return the word that characters are in Korean, as firms of the North spell it (``光鲜``,
    ``kwangson``).
    """
    known = _korean_syllables()
    return stem(skeleton(northern_korean("".join(known[character] for character in piece))))


def han_forms(text: str, person: bool) -> tuple[Form, ...]:
    """Return the readings of a name that contains Han characters.

    See :func:`bilat.parties.names.forms.forms`.
    """
    text = simplified(text)
    pieces = [piece for piece in _SEPARATORS.split(text) if piece]
    readings = _Readings(text)
    if person:
        _read_person(pieces, readings)
    else:
        _read_firm(pieces, readings)
    return tuple(readings.forms)


def _read_person(pieces: list[str], readings: _Readings) -> None:
    """Add the readings of a person's name: family name and the rest, or the sounds of its parts."""
    if len(pieces) == 1 and may_be_person(pieces[0]):
        for tokens in _family_first(pieces[0]):
            readings.add(tokens, set())
    elif len(pieces) > 1 and all(len(piece) <= 2 and has_han(piece) for piece in pieces):
        spoken = ("".join(pinyin(piece)) for piece in pieces)
        readings.add([skeleton(word) for word in spoken if word], set())
    tokens = []
    for piece in pieces:
        token = _sound_token(piece) if has_han(piece) else None
        tokens += [token] if token else [skeleton(word) for word in words_of(piece)]
    readings.add(tokens, set())


def _family_first(name: str) -> Iterator[list[str]]:
    """Yield the family name and the rest of a Chinese name, in pinyin and in Wade-Giles."""
    cut = 2 if name[:2] in _COMPOUND_SURNAMES else 1
    syllables = pinyin(name[:cut]), pinyin(name[cut:])
    yield [skeleton("".join(spoken)) for spoken in syllables if spoken]
    taiwanese = ["".join(map(wade_giles, spoken)) for spoken in syllables]
    yield [skeleton(word) for word in taiwanese if word]


def _read_firm(pieces: list[str], readings: _Readings) -> None:
    """Add the readings of a firm's name: translated, with words of one character or without."""
    for single in (False, True):
        words, sounds = _translated(pieces, single)
        translated, legal = organisation(words)
        readings.add(sounds + [token for token, _ in translated], legal)
    if any(korea in readings.text for korea in _KOREAS) and _is_read_by_koreans(pieces):
        words, names = _translated(pieces, False, _korean_token)
        translated, legal = organisation(words)
        readings.add(names + [token for token, _ in translated], legal)
    # The whole name in pinyin, as Chinese firms often romanise it.
    spoken = ["".join(pinyin(piece)) for piece in pieces if has_han(piece)]
    readings.add([skeleton(word) for word in spoken][:_MOST_PIECES], set(), part=True)


def _translated(
    pieces: list[str], single: bool, spoken: Callable[[str], str | None] = _sound_token
) -> tuple[list[str], list[str]]:
    """Return the words of a name, those in Han in English, and tokens of what has none.

    Parameters
    ----------
    single
        Whether single characters are words.
    spoken
        The token of characters that are no word.
    """
    words: list[str] = []
    sounds: list[str] = []
    for run in (run for piece in pieces for run in _RUN.findall(with_ordinals(piece))):
        if not has_han(run):
            words += words_of(run)
            continue
        for segment, english in segments(run, single):
            if english is None:
                sounds += filter(None, (spoken(segment),))
            elif english != "*":
                words += english.split()
    return words, sounds
