# SPDX-License-Identifier: Apache-2.0
"""What reaches a terminal: text, and no control sequence but those of our own tables and bars.

A name in a file of a stranger may hold an escape sequence that renames the window, moves the cursor
or writes to the clipboard. Everything that a verb prints goes through :class:`CleanStream`, which puts a
visible sign in the place of each control character; tables and progress bars go around it by
:func:`console`, whose segments are cleaned one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

#: C0 without tab and line feed, DEL, C1, and the marks that turn the direction of text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SIGN = "\ufffd"


def clean(text: str) -> str:
    """The text with a sign in the place of each control character."""
    return _CONTROL.sub(SIGN, text)


def as_options(text: str) -> str:
    """The text with each parameter that the library names (```base_rate```) as the option of the
    command line.
    """
    return re.sub(r"`([a-z][a-z_]*)`", lambda m: "--" + m[1].replace("_", "-"), text)


def escape_controls(text: str) -> str:
    """A JSON text with its control characters written as ``\\u009b``: the same value, and nothing
    that acts.
    """
    return _CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


class CleanStream:
    """A stream of text that lets no control character through; everything else is that of the
    stream behind it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.bare = underlying_stream(stream)

    def write(self, text: str) -> int:
        """Write, cleaned; the number of characters that were given."""
        self.bare.write(clean(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each, cleaned."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)


def underlying_stream(stream: Any) -> TextIO:
    """The stream itself, without what cleans it."""
    found: TextIO = stream.bare if isinstance(stream, CleanStream) else stream
    return found


def console(stream: Any, **options: Any) -> Console:
    """Where tables and bars are drawn: colours and moves are its own, what stands in a cell is
    cleaned.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Cleaned(Console):
        def render(self, *args: Any, **options: Any) -> Iterable[Segment]:
            for s in super().render(*args, **options):
                yield s if s.control else Segment(clean(s.text), s.style)

    return Cleaned(file=underlying_stream(stream), **options)
