# SPDX-License-Identifier: Apache-2.0
"""Declared contradictions: what one room must not say while another says or holds the contrary."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import ask_for
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.profile import Profile
from bilat.when import AsOf


@dataclass(frozen=True)
class Pages:
    """What is printed about two states as of a date: claims, the headings of the front, the profile."""

    dyad: Dyad
    as_of: AsOf
    holdings: Holdings
    judged: Sequence[Judgement]
    headings: Sequence[str]
    profile: Profile


def declared() -> dict[str, list[dict[str, Any]]]:
    """Return the declared contradictions by kind: ``listed``, ``front``, ``newest``."""
    text = resources.files("bilat.picture").joinpath("contradictions.toml").read_text("utf-8")
    return tomllib.loads(text)


def contradictions(pages: Pages) -> list[str]:
    """Return a line for each declared contradiction that the pages contain."""
    kinds: dict[str, Callable[..., Iterator[str]]] = {
        "listed": _listed,
        "front": _front,
        "newest": _newest,
    }
    return [
        line
        for kind, entries in declared().items()
        for entry in entries
        for line in kinds[kind](pages, **entry)
    ]


def _listed(pages: Pages, claim: str, words: str, parties: Iterable[str]) -> Iterator[str]:
    """A claim that says that nobody else accuses parties that are on a list."""
    for j in pages.judged:
        if j.id != claim:
            continue
        for sentence in (j.current.sentence, j.when_written.sentence):
            for name in parties if re.search(words, sentence) else ():
                lists = _lists_of(name, pages)
                if lists:
                    yield f"{claim} says {sentence!r}, and {name} is on: {', '.join(lists)}"


def _lists_of(name: str, pages: Pages) -> list[str]:
    """The lists on which a party of that name is."""
    cursor = pages.holdings.connect(pages.as_of).connection.cursor()
    try:
        found = cursor.execute(
            "SELECT DISTINCT l.list FROM names n JOIN listings l USING (party) "
            "WHERE contains(upper(n.name), ?) ORDER BY 1",
            [name],
        ).fetchall()
    finally:
        cursor.close()
    return [text for (text,) in found if text]


def _front(pages: Pages, front: str, profile: str) -> Iterator[str]:
    """A heading of the front page against a sentence of the profile."""
    told = [s for t in pages.profile.topics for s in (t.heading, t.sentence, *t.more)]
    against = next((s for s in told if profile in s), "")
    for heading in pages.headings if against else ():
        if re.search(front, heading):
            yield f"the first page says {heading!r}, and the profile {against!r}"


def _newest(
    pages: Pages, measure: str, group: str, topic: str, params: dict[str, Any] | None = None
) -> Iterator[str]:
    """The newest whole period of a measure against that which the profile tells."""
    facet = next((t for t in pages.profile.topics if t.name == topic), None)
    if facet is None:
        return
    m = ask_for(measure, pages.dyad, as_of=pages.as_of, holdings=pages.holdings, **(params or {}))
    whole = [p.period for p in m.points if p.group == group and not p.open]
    told = [f.period for f in facet.figures]
    if whole and told and max(told) != max(whole):
        yield f"{measure} ends with {max(whole)}, and the profile's {topic} with {max(told)}"
