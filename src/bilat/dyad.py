# SPDX-License-Identifier: Apache-2.0
"""The dyad: two states, in the order asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bilat.errors import UsageError
from bilat.places import country, country_name


@dataclass(frozen=True)
class Dyad:
    """Two states, in the order asked. ``Dyad("RUS", "CHN")`` accepts codes or English names."""

    a: str
    b: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", country(self.a))
        object.__setattr__(self, "b", country(self.b))
        if self.a == self.b:
            raise UsageError(f"a pair needs two different states; you gave {self.a} twice")

    @classmethod
    def read(cls, text: str) -> Self:
        """The two states that a text names: ``RUS-CHN``, or ``Russia, China``."""
        a, sign, b = (x.strip() for x in text.partition("," if "," in text else "-"))
        if not (sign and a and b):
            raise UsageError(f"pair {text[:40]!r} is not two states. Write RUS-CHN")
        return cls(a, b)

    @classmethod
    def of(cls, pair: Dyad | tuple[str, str] | str) -> Dyad:
        """The two states that somebody gives: as they are, as two texts, or as one."""
        return (
            pair
            if isinstance(pair, Dyad)
            else cls.read(pair)
            if isinstance(pair, str)
            else cls(*pair)
        )

    def __str__(self) -> str:
        return f"{self.a}-{self.b}"

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((self.a, self.b))

    @property
    def states(self) -> tuple[str, str]:
        """The two codes."""
        return self.a, self.b

    @property
    def name(self) -> str:
        """``Russia and China``."""
        return f"{country_name(self.a)} and {country_name(self.b)}"


#: The pair that a question is asked of where nobody names one: that of the paper.
PAPER_PAIR = Dyad("RUS", "CHN")
