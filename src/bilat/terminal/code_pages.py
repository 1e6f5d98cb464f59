# SPDX-License-Identifier: Apache-2.0
"""Output in an encoding that lacks some characters: as near as can be, and never an error.

Windows writes to files and pipes in the code page of its language, and a plain Unix locale in
ASCII. Text falls back to characters of similar shape, JSON to its own escapes, which stand for the
same text.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import TextIO

#: What stands for a character that the encoding lacks: bars of the little charts, and signs.
_SIMILAR = {
    **dict(zip("▁▂▃▄▅▆▇█", ".,:;-=+#", strict=True)),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("–—−‑", "-"),
    **dict.fromkeys("─━", "-"),
    **dict.fromkeys("│┃", "|"),
    "·": "|",
    "…": "...",
    "→": "->",
    "←": "<-",
    "×": "x",
    "≥": ">=",
    "≤": "<=",
    "≈": "~",
    "±": "+-",
    "€": "EUR",
    "•": "*",
}
_SHAPE = "bilat.similar"
_ESCAPE = "bilat.json"


def _similar(error: UnicodeError) -> tuple[str, int]:
    """Return what looks like the characters that cannot be written."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    """Return ASCII for a character: of similar shape, without its accents, or a question mark."""
    if character in _SIMILAR:
        return _SIMILAR[character]
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return bare or "?"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return the escapes of JSON for the characters that cannot be written."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[i : i + 2] for i in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs), error.end


codecs.register_error(_SHAPE, _similar)
codecs.register_error(_ESCAPE, _escaped)


def fit(stream: TextIO, *, is_json: bool) -> None:
    """Let a stream write every character in the encoding that it has."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_ESCAPE if is_json else _SHAPE)
