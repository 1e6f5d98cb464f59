# SPDX-License-Identifier: Apache-2.0
"""From a name as written to the tokens that are compared.

A :class:`Form` is one reading of a name: its tokens (skeletons, with words of industry replaced by one
English word for all languages), the families of legal forms that were found and taken out, and its plain
romanised text. One written name may have several readings: with and without what stands in brackets,
Ukrainian g or h, pinyin or translation of Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bilat.package_files import read_package_text, read_package_toml
from bilat.parties.names.abjad import SOUNDS, own_words, unvowelled
from bilat.parties.names.romanisation import northern_korean, romanise
from bilat.parties.names.script import fold_homoglyphs, has_cyrillic
from bilat.parties.names.skeleton import skeleton, stem

#: Tokens beyond this many are left out (the longest listed names have some thirty words).
MAX_TOKENS = 28

_QUOTES = re.compile('["“”„«»＂]')
_MARKS = re.compile("[‘’‚‛`´'′ʼʹʻˈ＇]")
_DOTTED = re.compile(r"(?<![^\W\d_])((?:[^\W\d_]\.)+[^\W\d_](?:\.|(?![^\W_])))(?![^\W_])")
_ORDINAL = re.compile(
    r"(?<![^\W_])(\d+)(?:st|nd|rd|th|-?й|-?я|-?го|-?ый|-?ой|-?ая|-?е|-?а)(?![^\W_])"
)
_DIGIT = re.compile("[0-9]")
_HANGUL = re.compile("[가-힣]")
_SPLIT = re.compile(r"[^a-z0-9]+")
_SPLIT_OWN = re.compile(f"[^a-z0-9{''.join(SOUNDS)}]+")
_DIGITS = re.compile(r"(?<=[a-z]{3})(?=\d)|(?<=\d)(?=[a-z]{3})")
_EMPTY = frozenset(
    (  # noqa: SIM905
        "the of and i for a de la da do dos del und et ve va v s on in to by y e le les el na z ze das der "
        "die den dlya ta us u o po "
    ).split()
)
_TITLES = frozenset(
    (  # noqa: SIM905
        "mr mrs ms dr prof sheikh shaykh haji hajji general colonel captain major lieutenant sir mullah "
        "maulavi mawlawi qari ayatollah hojatoleslam gospodin nee born jr sr "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a name."""

    tokens: tuple[str, ...]  # skeletons; empty when nothing comparable is left
    legal: frozenset[str]  # families of legal forms found ("limited", "stock", ...)
    plain: str  # romanised lower-case text without punctuation, for the comparison of spellings
    part: bool = False  # a part of the written name (what stood in brackets, or the rest of it)
    #: The romanised word of each token; of a phrase that one English word stands for `=` and its words, `#` and its
    #: words where it is not in Latin script.
    written: tuple[str, ...] = ()


def _lexicon_key(token: str) -> str:
    key = stem(token)
    if len(key) > 4:
        trimmed = key.rstrip("aeiou")
        if len(trimmed) >= 4:
            return trimmed
    return key


def is_empty(word: str) -> bool:
    """Whether a romanised word links others and says nothing (``of``, ``und``)."""
    return word in _EMPTY


def words_of(text: str) -> list[str]:
    """Romanised lower-case words of a cleaned text."""
    return list(_words(text))


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> tuple[str, ...]:
    text = fold_homoglyphs(text, _latin_forms()).lower()
    text = _MARKS.sub("", _QUOTES.sub(" ", text))
    digits = _DIGIT.search(text) is not None
    if digits:
        text = _ORDINAL.sub(r"\1", text)
    if "." in text:
        text = _DOTTED.sub(lambda m: m[0].replace(".", ""), text)
    if "&" in text:
        text = text.replace("&", " and ")
    if not text.isascii():
        text = romanise(own_words(text))
    words = (_SPLIT if text.isascii() else _SPLIT_OWN).split(text)
    if digits:
        return tuple(w for part in words for w in (_DIGITS.split(part) if part else ()) if w)
    return tuple(w for w in words if w)


@cache
def _latin_forms() -> frozenset[str]:
    """Return Cyrillic legal forms in Latin capitals, which may stand beside a Cyrillic name: by its
    shape ``PAO`` would be another word.
    """
    phrases = (p for of in _read("legal_forms.toml").values() for p in of)
    return frozenset(romanise(p).upper() for p in phrases if has_cyrillic(p) and p.isalpha())


@cache
def _read(name: str) -> dict:  # type: ignore[type-arg]
    return read_package_toml(__package__, name)


class _Phrases:
    """Phrases by their first key and how many follow, the most first: rest of the keys -> what stands for them."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        self.by_first: dict[str, dict[int, dict[tuple[str, ...], tuple[str, ...]]]] = {}
        self.keys: set[str] = set()  # all words of them
        for keys, value in sorted(entries, key=lambda e: -len(e[0])):
            if keys:
                of = self.by_first.setdefault(keys[0], {}).setdefault(len(keys) - 1, {})
                of.setdefault(keys[1:], value)
                self.keys |= {*keys}

    def match(self, keys: list[str], at: int) -> tuple[int, tuple[str, ...]] | None:
        for more, phrases in self.by_first.get(keys[at], {}).items():
            end = at + 1 + more
            if (value := phrases.get(tuple(keys[at + 1 : end]))) is not None:
                return end, value
        return None


@cache
def legal_phrases() -> _Phrases:
    """Legal forms: skeletons of the phrase -> its family; bilat's own list first, then that of ISO 20275."""
    own = [(family, p) for family, phrases in _read("legal_forms.toml").items() for p in phrases]
    lines = read_package_text(__package__, "iso20275.txt").splitlines()
    iso = [(line.split("\t")[0], line.split("\t")[1]) for line in lines if not line.startswith("#")]
    return _Phrases((tuple(_letters_key(w) for w in words_of(p)), (f,)) for f, p in (*own, *iso))


def _letters_key(word: str) -> str:
    """The skeleton of a word; of letters that stand for words, themselves: NPP is no NP."""
    return word if len(word) < 4 and not set(word) & set("aeiouy") else skeleton(word)


@cache
def _form_words() -> dict[str, str]:
    """The words of bilat's own list of legal forms, as they are written: their skeletons."""
    phrases = (words_of(p) for phrases in _read("legal_forms.toml").values() for p in phrases)
    return {w: _letters_key(w) for words in phrases for w in words if w.isalpha()}


@cache
def spellings(meaning: str) -> frozenset[str]:
    """Return the words of all languages that mean one word of industry or institution."""
    return frozenset(_read("lexicon_ru_en.toml")["words"][meaning])


#: Letters of a skeleton from which on a longer word may be another spelling of a legal form.
_SHORTEST_KEY = 3


@lru_cache(maxsize=1 << 17)
def _form_key(word: str) -> str:
    """The skeleton of a word; of one that is a slip away from a word of a legal form, or that word without its vowels
    (``Vompany``, ``Cmpny``), that word's.
    """
    key = _letters_key(word)
    if len(key) < _SHORTEST_KEY and len(word) > len(key) + 1:
        return word  # letters that stand for words sound like a short form by chance
    forms = _form_words()
    if len(word) < 3 or word in forms:
        return key
    if bare := _shortened().get(word):
        return bare
    if len(word) < 6 or key in legal_phrases().keys:
        return key
    slip = process.extractOne(word, _form_words_of(len(word)), scorer=OSA.distance, score_cutoff=1)
    return forms[slip[0]] if slip else key


def may_be_of_form(word: str) -> bool:
    """Return whether any legal form has a romanised word: which forms there are in a name need not
    be looked up where none of its words may be of one.
    """
    return _form_key(word) in legal_phrases().keys


@cache
def _form_words_of(length: int) -> list[str]:
    """Those that a slip may make a word of this length."""
    return [w for w in _form_words() if abs(len(w) - length) <= 1]


@cache
def _shortened() -> dict[str, str]:
    """The longer words of legal forms without their vowels, y among them or not: their skeletons."""
    out: dict[str, str] = {}
    for word, key in _form_words().items():
        if len(word) > 4:
            for short in (without_vowels(word), without_vowels(word).replace("y", "")):
                out.setdefault(short, key)
    return out


def without_vowels(word: str) -> str:
    """A word as it is shortened by leaving its vowels out, but for a first one: ``cmpny``."""
    return word[:1] + word[1:].translate(NO_VOWELS)


NO_VOWELS = str.maketrans("", "", "aeiou")


@cache
def _industry() -> dict[str, frozenset[str]]:
    """The words of industry as they are written, by their key."""
    table = _read("lexicon_ru_en.toml")
    out: dict[str, set[str]] = {}
    for phrase in (
        *table["abbreviations"],
        *(p for phrases in table["words"].values() for p in phrases),
    ):
        for word in words_of(phrase):
            out.setdefault(_lexicon_key(skeleton(word)), set()).add(word)
    return {key: frozenset(words) for key, words in out.items()}


@cache
def _written_together() -> re.Pattern[str]:
    """Words of industry of Thai and Korean, which writes them together with the name, and legal forms of Korean."""
    table = _read("lexicon_ru_en.toml")
    phrases = (
        *table["abbreviations"],
        *(p for of in table["words"].values() for p in of),
        "주식회사",
    )
    found = sorted(
        (p for p in phrases if "ก" <= p[0] <= "๛" or "가" <= p[0] <= "힣"), key=len, reverse=True
    )
    return re.compile("|".join(found))


def words_apart(text: str) -> str:
    """The text with such words apart from what they are written together with."""
    return " ".join(_written_together().sub(r" \g<0> ", text).split())


def northern(text: str) -> str:
    """Return a text with its Korean words in the Latin letters of the North, but for industry's."""
    kept = _written_together()
    return " ".join(
        w if kept.fullmatch(w) or not _HANGUL.search(w) else northern_korean(w)
        for w in words_apart(text).split()
    )


@lru_cache(maxsize=1 << 17)
def _industry_key(word: str) -> str:
    """The key by which a written word is sought among those of industry. One of three letters must be within a letter
    of one (``VKC`` sounds as ``ЧВК``, private military company, and is none), one of two must be one.
    """
    key = _lexicon_key(skeleton(word))
    if len(key) <= 3 and all(
        OSA.distance(word, w) > (len(word) > 2) for w in _industry().get(key, ())
    ):
        return ""
    several = _homonyms().get(key)
    return min(several, key=lambda w: OSA.distance(word, w)) if several else key


@cache
def _homonyms() -> dict[str, list[str]]:
    """The words of several meanings that differ in their endings alone (``объединение``, association, and
    ``объединённая``, united), by their key; each is its own key, and another form of them that of the nearest.
    """
    meanings: dict[str, dict[str, str]] = {}
    for concept, phrases in _read("lexicon_ru_en.toml")["words"].items():
        for word in (w for w, *more in map(words_of, phrases) if not more):
            meanings.setdefault(_lexicon_key(skeleton(word)), {})[word] = concept
    return {key: [*of] for key, of in meanings.items() if len({*of.values()}) > 1}


@cache
def lexicon() -> tuple[_Phrases, frozenset[tuple[str, str]]]:
    """Words of industry: keys of the phrase -> English skeletons; and the pairs of near meanings."""
    table = _read("lexicon_ru_en.toml")
    words = ((concept, phrase) for concept, phrases in table["words"].items() for phrase in phrases)
    entries: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (
            tuple(_industry_key(w) for w in words_of(phrase) if w not in _EMPTY),
            (skeleton(concept.replace("_", "")),),
        )
        for concept, phrase in words
    ]
    known = {concept: skeleton(concept.replace("_", "")) for concept in table["words"]}
    for short, meaning in table["abbreviations"].items():
        value = tuple(known[w] if w in known else skeleton(w) for w in meaning.split())
        entries.append((tuple(_industry_key(w) for w in words_of(short)), value))
    near = {(known[a], known[b]) for a, others in table["near"].items() for b in others}
    return _Phrases(entries), frozenset(near | {(b, a) for a, b in near})


@lru_cache(maxsize=1 << 11)
def legal_marks(words: tuple[str, ...]) -> tuple[list[tuple[int, int]], set[str]]:
    """Return the spans of the romanised words that are a legal form, and their families.

    Where a name ends with one form, another word of a form may be a word of the name: a final
    "corporation", or letters before it, which are initials (``GP Shipping Limited``).
    """
    found = _legal_phrases_in(words)
    ends_in_form = bool(found) and found[-1][0][1] == len(words)
    if ends_in_form and len(found) > 1 and words[-1] in ("corporation", "korporatsiya"):
        found = found[:-1]
        ends_in_form = found[-1][0][1] == len(words)
    if ends_in_form and len(found) > 1 and found[0][0] == (0, 1) and len(words[0]) <= 2:
        found = found[1:]
    return [span for span, _ in found], {family for _, family in found}


def _legal_phrases_in(words: tuple[str, ...]) -> list[tuple[tuple[int, int], str]]:
    """Return each legal form within the words: its span and its family.

    A form of two letters inside a name is rather a word (``as``, ``se``, ``de``): it counts at
    either end only. A misspelled word is one of a form beside others of it, or where it is long.
    """
    keys = [_form_key(w) for w in words]
    legal = legal_phrases()
    at = 0
    phrases: list[tuple[tuple[int, int], str]] = []
    while at < len(keys):
        found = legal.match(keys, at) if keys[at] in legal.by_first else None
        size = found[0] - at if found else 0
        if size == 1 and len(words[at]) < 6 and keys[at] != _letters_key(words[at]):
            found = None
        if found and (size > 1 or len(words[at]) > 2 or at <= 1 or found[0] == len(keys)):
            phrases.append(((at, found[0]), found[1][0]))
            at = found[0]
        else:
            at += 1
    return phrases


#: The Arabic article, as a word of its own (:func:`~bilat.parties.names.abjad.own_words`).
ARTICLE = "al"
Words = list[tuple[str, str]]  # (token, the word as in :class:`Form`)


def organisation(words: list[str]) -> tuple[Words, set[str]]:
    """(tokens with their words, families of legal forms) of the romanised words of a firm's name."""
    tokens, families = _organisation(tuple(words[: 2 * MAX_TOKENS]))
    return list(tokens), set(families)


@lru_cache(maxsize=1 << 13)
def _organisation(words: tuple[str, ...]) -> tuple[Words, set[str]]:
    spans, families = legal_marks(words)
    form = {n for a, b in spans for n in range(a, b)}
    every = [(skeleton(w), w) for w in words]
    kept = [pair for n, pair in enumerate(every) if n not in form]
    content = _without_links(kept)
    tokens = _translated(content)
    if any(unvowelled(w) for _, w in content) and any(w.startswith("=") for _, w in tokens):
        # Where words are translated, it is no name of one word: the article says nothing.
        tokens = [pair for pair in tokens if pair[1] != ARTICLE] or tokens
    # A name of linking words or initials (`J & E S. de R.L.`), or of a legal form alone, keeps them.
    if not any(len(t) > 1 for t, _ in tokens):
        tokens = kept or every
    return tokens[:MAX_TOKENS], families


def _without_links(kept: Words) -> Words:
    """Return the words that say something; a last single letter is an initial: `PSB I and I`."""
    ends = kept[-1:] if len(kept) > 1 and len(kept[-1][1]) == 1 else []
    before = kept[: len(kept) - len(ends)]
    return [(s, w) for s, w in before if s and not is_empty(w)] + ends


def _translated(content: Words) -> Words:
    """Return the tokens of words, with those of a phrase of the lexicon by their meaning."""
    keys = [_industry_key(w) for _, w in content]
    phrases = lexicon()[0]
    tokens: Words = []
    at = 0
    while at < len(content):
        found = phrases.match(keys, at)
        if found:
            end, meanings = found
            written = "=" + " ".join(w for _, w in content[at:end])
            tokens += [(token, written) for token in meanings]
            at = end
        else:
            tokens.append((stem(content[at][0]), content[at][1]))
            at += 1
    return tokens


@cache
def _given() -> dict[str, str]:
    """Skeletons of given and fathers' names in Ukrainian and Belarusian, and of the Russian ones that lists write for
    them: those of the Russian ones.
    """
    return {
        skeleton(word): skeleton(name)
        for name, others in _read("lexicon_ru_en.toml")["given"].items()
        for word in (name, *(w for text in others for w in words_of(text)))
    }


@lru_cache(maxsize=1 << 14)
def _of_person(word: str) -> tuple[str, str]:
    """The token of a word of a person's name, and the word as in :class:`Form`."""
    key = skeleton(word)
    russian = _given().get(key)
    return (russian, f"={word}") if russian else (key, word)


def _person(words: list[str]) -> Words:
    kept = [_of_person(w) for w in words if w not in _TITLES] or [_of_person(w) for w in words]
    # Articles and prefixes of Arabic, Persian and Western surnames belong to the word after them.
    articles = ("al", "el", "ul", "as", "ar", "ad", "an", "az") if len(kept) > 1 else ()
    return [(t, w) for t, w in kept if t and t not in articles][:MAX_TOKENS]


def form_of(words: list[str], person: bool, part: bool = False, latin: bool = True) -> Form | None:
    """One reading of a name, from its romanised words; None where there are none. ``latin``: it is written so."""
    if not words:
        return None
    found, families = (_person(words), set()) if person else organisation(words)
    tokens = tuple(t for t, _ in found)
    written = tuple(w if latin else w.replace("=", "#") for _, w in found)
    return Form(tokens, frozenset(families), " ".join(words)[:200], part, written)
