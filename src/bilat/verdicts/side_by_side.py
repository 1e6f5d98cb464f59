# SPDX-License-Identifier: Apache-2.0
"""Several pairs of states side by side: each one's finding on the same topics of its profile, as of the same date."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from bilat.document import Column, Document, Section, Table
from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.errors import UsageError, command
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.verdicts.profile import Profile, profile
from bilat.verdicts.topics import TITLES
from bilat.when import AsOf

AXIS = ("RUS", "CHN", "IRN", "PRK")
_COLUMNS = (Column("pair"), Column("finding"))


def axis() -> list[Dyad]:
    """Compare the six pairs of Russia, China, Iran and North Korea."""
    return [Dyad(a, b) for a, b in combinations(AXIS, 2)]


def compare(
    pairs: Sequence[Dyad | tuple[str, str]],
    as_of: AsOf | str | None = None,
    holdings: Holdings | None = None,
) -> list[Profile]:
    """The profiles of several pairs, as of one date.

    Raises
    ------
    UsageError
        for fewer than two pairs, or one that appears twice.
    """
    dyads = [p if isinstance(p, Dyad) else Dyad(*p) for p in pairs]
    if len(dyads) < 2:
        raise UsageError(
            f"a comparison needs two pairs: {command('compare', 'RUS', 'CHN', with_=('RUS', 'IRN'))}"
        )
    if len({frozenset(d) for d in dyads}) < len(dyads):
        raise UsageError("a pair appears twice. Name each once")
    when = AsOf(as_of)
    held = holdings or default_holdings()
    return [profile(d, when, held, claims=False) for d in dyads]


def of_pairs(found: Sequence[Profile]) -> Document:
    """The profiles as one document: a section a topic, a row a pair."""
    sections = []
    for name, title in TITLES.items():
        mine = [(p.dyad.name, next((t for t in p.topics if t.name == name), None)) for p in found]
        if any(t for _, t in mine):
            rows = tuple((who, (t.heading or t.sentence) if t else "no data") for who, t in mine)
            sections.append(Section(title, (Table(_COLUMNS, rows),)))
    when = found[0].as_of
    said = (
        "The topics and records are the same for each pair. A difference does not tell its cause."
    )
    title = f"{len(found)} pairs side by side, as of {day(when.date)}"
    return Document(
        "comparison", title, (said,), tuple(sections), data=[p.to_json() for p in found], as_of=when
    )
