# SPDX-License-Identifier: Apache-2.0
"""Typographic quotation marks, apostrophes and primes for pages, drawings and print.

Texts of answers have straight marks, which terminals, files of data and other programs expect.
Whatever a person reads as a page is typeset when it is rendered; code and addresses stay as typed.
What a person reads in a terminal has straight marks, whoever wrote the text.
"""

from __future__ import annotations

import re
from html import escape, unescape

#: What stays as it is: an address, or code between grave accents. Otherwise, a straight mark.
_TOKEN = re.compile(r"""https?://[^\s<>"]*[^\s<>"'.,;:!?)\]]|`[^`]*`|["']""")
#: After an apostrophe at the start of a word: the digits of a year, or the rest of a word.
_SHORTENED = re.compile(r"\d\ds?\b(?!')|(?:tis|twas|til|em|cause|n)\b(?!\w)", re.IGNORECASE)
#: Letters after a mark that decide what it becomes: more than any shortened word has.
_AHEAD = 8
_STRAIGHT = str.maketrans("‘’“”′″", "''\"\"'\"")
#: Signs after which a quotation mark opens.
_BEFORE_OPENING = frozenset("([{<-–—/=\u201c\u2018")
#: Elements whose text is code, or is sent back by a form as it stands.
_LITERAL = "script|style|pre|code|kbd|samp|textarea|option"
#: A comment, an element of code with all that it contains, or a tag with its attributes.
_MARKUP = re.compile(
    rf"""<!--.*?-->|<(?P<literal>{_LITERAL})\b(?:"[^"]*"|'[^']*'|[^'">])*>.*?</(?P=literal)\s*>"""
    r"""|</?(?P<name>[a-zA-Z][\w:-]*)(?:"[^"]*"|'[^']*'|[^'">])*>|<![^>]*>""",
    re.DOTALL,
)
#: Elements that do not interrupt a sentence.
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|data|dfn|em|i|mark|q|s|small|span|strong|sub|sup|time|tspan|u|var"
)
_HAS_MARK = re.compile(r"""['"]|&(?:quot|apos|#39|#34|#x27|#x22);""")


class _Sentence:
    """The marks of one run of text, which may come in several pieces."""

    def __init__(self) -> None:
        self.before = ""
        self.open: list[str] = []

    def typeset(self, text: str) -> str:
        """Return the next piece with its marks typeset."""
        parts = []
        place = 0
        for token in _TOKEN.finditer(text):
            plain = text[place : token.start()]
            self.before = plain[-1:] or self.before
            sign = token[0]
            if len(sign) == 1:
                sign = self._mark(sign, text[token.end() : token.end() + _AHEAD])
            parts += [plain, sign]
            self.before = sign[-1]
            place = token.end()
        parts.append(text[place:])
        self.before = parts[-1][-1:] or self.before
        return "".join(parts)

    def _mark(self, sign: str, after: str) -> str:
        """Return what a straight mark becomes between what stands before and after it."""
        starts = not self.before or self.before.isspace() or self.before in _BEFORE_OPENING
        if starts and after[:1].isspace():
            if sign not in self.open:
                return sign  # it stands alone
            starts = False
        if self.before.isdigit() and self._is_prime(sign, after):
            return "′" if sign == "'" else "″"
        if sign == "'":
            return self._single(starts, after)
        if self.before.isalnum() and after[:1].isalnum():
            return sign  # within a word, as in Hebrew abbreviations
        return self._pair(sign, starts, "“", "”")

    def _is_prime(self, sign: str, after: str) -> bool:
        """Return whether a mark after a digit means feet, minutes, inches or seconds."""
        possessive = sign == "'" and after[:1].isalpha()
        return sign not in self.open and not possessive

    def _single(self, starts: bool, after: str) -> str:
        if starts and not _SHORTENED.match(after):
            return self._pair("'", starts, "‘", "’")
        if not after[:1].isalnum():
            self._close("'")
        return "’"

    def _pair(self, sign: str, starts: bool, opening: str, closing: str) -> str:
        if starts:
            self.open.append(sign)
            return opening
        self._close(sign)
        return closing

    def _close(self, sign: str) -> None:
        if sign in self.open:
            self.open.remove(sign)


def typeset(text: str) -> str:
    """Return plain text with typographic marks; addresses and code between grave accents stay."""
    return _Sentence().typeset(text)


def straight(text: str) -> str:
    """Return a text whose quotation marks, apostrophes and primes are straight."""
    return text.translate(_STRAIGHT)


def typeset_number(text: str) -> str:
    """Return the text of a number with a minus sign in place of a hyphen."""
    return f"\u2212{text[1:]}" if text.startswith("-") else text


def typeset_page(page: str) -> str:
    """Return HTML or SVG with typographic marks in its text.

    Tags, attributes, comments, code and what a form sends back stay as they are.
    """
    parts = []
    place = 0
    sentence = _Sentence()
    for markup in _MARKUP.finditer(page):
        parts += [_text(sentence, page[place : markup.start()]), markup[0]]
        place = markup.end()
        if markup["literal"]:
            sentence.before = "x"  # code is a word of the sentence
        elif not _INLINE.fullmatch((markup["name"] or "").lower()):
            sentence = _Sentence()
    parts.append(_text(sentence, page[place:]))
    return "".join(parts)


def _text(sentence: _Sentence, text: str) -> str:
    """Return the text between two tags, whose marks may be written as entities."""
    if not _HAS_MARK.search(text):
        sentence.before = text[-1:] or sentence.before
        return text
    return escape(sentence.typeset(unescape(text)), quote=False)
