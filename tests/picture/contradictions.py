# SPDX-License-Identifier: Apache-2.0
"""Declared contradictions: what one room must not say while another says or holds the contrary."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import ask_for
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.profile import Profile
from bilat.when import AsOf

DECLARED = Path(__file__).with_name("contradictions.toml")


@dataclass(frozen=True)
class Pages:
    """What is printed about two states as of a date."""

    dyad: Dyad
    as_of: AsOf
    holdings: Holdings
    judged: Sequence[Judgement]
    headings: Sequence[str]  #: of the first page
    profile: Profile


@dataclass(frozen=True)
class ClaimAgainstLists:
    """A claim that says that nobody else accuses parties that are on a list."""

    claim: str
    words: str  #: a regular expression
    parties: tuple[str, ...]

    def found(self, pages: Pages) -> Iterator[str]:
        """Yield a line for each party that contradicts a sentence of the claim."""
        for j in (j for j in pages.judged if j.id == self.claim):
            for sentence in (j.current.sentence, j.when_written.sentence):
                for name in self.parties if re.search(self.words, sentence) else ():
                    lists = _lists_of(name, pages)
                    if lists:
                        yield f"{self.claim} says {sentence!r}, and {name} is on: {lists}"


@dataclass(frozen=True)
class FrontAgainstProfile:
    """A first page that says that something is over, and a profile that says that it leads."""

    front: str  #: a regular expression
    profile: str

    def found(self, pages: Pages) -> Iterator[str]:
        """Yield a line for each heading that contradicts the profile."""
        told = [s for t in pages.profile.topics for s in (t.heading, t.sentence, *t.more)]
        against = next((s for s in told if self.profile in s), "")
        for heading in pages.headings if against else ():
            if re.search(self.front, heading):
                yield f"the first page says {heading!r}, and the profile {against!r}"


@dataclass(frozen=True)
class MeasureAgainstPage:
    """A measure whose newest whole period is another than the one that the profile tells."""

    measure: str
    group: str
    topic: str
    params: Mapping[str, str] = field(default_factory=dict)

    def found(self, pages: Pages) -> Iterator[str]:
        """Yield a line where the two end differently."""
        figures = [f for t in pages.profile.topics if t.name == self.topic for f in t.figures]
        m = ask_for(
            self.measure,
            pages.dyad,
            as_of=pages.as_of,
            holdings=pages.holdings,
            **self.params,
        )
        whole = max(
            (p.period for p in m.points if p.group == self.group and not p.open), default=""
        )
        told = max((f.period for f in figures), default="")
        if told and whole and told != whole:
            yield f"{self.measure} ends with {whole}, and the profile's {self.topic} with {told}"


Contradiction: TypeAlias = ClaimAgainstLists | FrontAgainstProfile | MeasureAgainstPage


def declared() -> list[Contradiction]:
    """Return the contradictions that ``contradictions.toml`` declares."""
    read = tomllib.loads(DECLARED.read_text("utf-8"))
    listed = [ClaimAgainstLists(**entry) for entry in read["listed"]]
    front = [FrontAgainstProfile(**entry) for entry in read["front"]]
    newest = [MeasureAgainstPage(**entry) for entry in read["newest"]]
    return [*listed, *front, *newest]


def contradictions(pages: Pages) -> list[str]:
    """Return a line for each declared contradiction that the pages contain."""
    return [line for entry in declared() for line in entry.found(pages)]


def _lists_of(name: str, pages: Pages) -> str:
    """The lists on which a party of that name is; blank for none."""
    cursor = pages.holdings.connect(pages.as_of).connection.cursor()
    try:
        found = cursor.execute(
            "SELECT DISTINCT l.list FROM names n JOIN listings l USING (party) "
            "WHERE contains(upper(n.name), ?) ORDER BY 1",
            [name],
        ).fetchall()
    finally:
        cursor.close()
    return ", ".join(text for (text,) in found if text)
