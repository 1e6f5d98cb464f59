# SPDX-License-Identifier: Apache-2.0
"""The states of a pair in the ledger's words: ``{A}``, ``{B}``, their possessives, and their codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilat.document.wording import possessive
from bilat.dyad import Dyad
from bilat.places import spoken_name
from bilat.units import Unit

_NAME = re.compile(r"\{([AB])\}('s)?|\{([ab])\}")


@dataclass(frozen=True)
class Names:
    """Puts names into a text; every other brace is left for the figures."""

    dyad: Dyad

    def said(self, text: str) -> str:
        """The text with the states' names: "the United States'" takes no second s."""

        def put(m: re.Match[str]) -> str:
            if m[3]:
                return self.dyad.a if m[3] == "a" else self.dyad.b
            name = spoken_name(self.dyad.a if m[1] == "A" else self.dyad.b)
            return possessive(name) if m[2] else name

        return _NAME.sub(put, text)

    def unit(self, unit: str) -> str:
        """A unit with the states' names in it; it stays of its kind."""
        if isinstance(unit, Unit):
            return Unit(unit.kind, self.said(str(unit)), self.said(unit.after))
        return self.said(unit)
