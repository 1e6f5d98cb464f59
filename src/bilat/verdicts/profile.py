# SPDX-License-Identifier: Apache-2.0
"""A profile of any two states: what the public record has on them, both directions, a topic at a time.

Each topic is a finding in a sentence with its last figure, the one before, its direction, where the pair stands among
all pairs of the same record, and the points of a chart. A topic of which nothing is public is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.files.json_types import JsonObject
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.judging import judge
from bilat.verdicts.sentences import fits
from bilat.verdicts.topics import TITLES, TOPICS, Between, Facet
from bilat.when import AsOf, Period

#: Documents shown of a topic, newest first.
SHOWN = 6


@dataclass(frozen=True)
class Profile:
    """What is public on two states, and the claims of the paper that can be asked of them."""

    dyad: Dyad
    as_of: AsOf
    topics: tuple[Facet, ...]
    claims: tuple[Judgement, ...] = ()

    def to_json(self) -> JsonObject:
        """Plain data."""
        return {
            "dyad": [self.dyad.a, self.dyad.b],
            "as_of": str(self.as_of),
            "topics": [t.to_json() for t in self.topics],
            "claims": [c.to_json() for c in self.claims],
        }


def profile(
    dyad: Dyad | tuple[str, str] | str,
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    *,
    claims: bool = True,
) -> Profile:
    """What the public record has on two states as of a date.

    Parameters
    ----------
    claims
        whether the paper's claims that can be asked of the pair are judged too.
    """
    pair = Dyad.of(dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    asked = Between(pair, when, held, documents(when, held))
    topics = []
    for name in TITLES:
        try:
            found = TOPICS[name](asked) if name in TOPICS else None
        except Damaged:
            found = None
        topic = _with_documents(asked, name, found)
        if topic is not None:
            topics.append(topic)
    judged = tuple(judge(pair, when, held)) if claims else ()
    return Profile(pair, when, tuple(topics), judged)


#: Topics in the order of what they mean for a reader who asks of two states.
FIRST = ("arms", "treaties", "troops", "technology", "trade", "energy", "exercises", "war", "votes")


def place(t: Facet) -> int:
    """Where a topic stands by what it means: a war of the two before all else."""
    if t.name == "disputes" and "documents" in t.sources[:1]:
        return -1
    if t.name == "arms" and not t.points and "documents" not in t.sources:
        return len(FIRST)  # years of deliveries, and nothing of how many
    if t.name == "trade" and len({g for g, *_ in t.points}) == 1 and t.points[-1][2] < 1:
        return len(
            FIRST
        )  # under 1% of one state's trade, and how far the other depends is not held
    if _small(t):
        return len(FIRST)
    return FIRST.index(t.name) if t.name in FIRST else len(FIRST) + (t.name == "disputes")


def _small(t: Facet) -> bool:
    """Whether customs show a supplier of little crude: what is relabelled they do not see."""
    return t.name == "energy" and t.unit.startswith("%") and bool(t.points) and t.points[-1][2] < 5


def findings(found: Profile) -> list[Facet]:
    """The topics from which a first page chooses, the weightiest first; thin ones last, and those with nothing."""
    return sorted(found.topics, key=lambda t: (t.absent, t.sure == "thin", place(t)))


def _with_documents(asked: Between, name: str, topic: Facet | None) -> Facet | None:
    """The topic with its newest documents; where no record has a figure, the newest document is the finding."""
    papers = asked.papers(name)
    plain = tuple(
        {
            k: d[k].isoformat() if isinstance(d[k], dt.date) else d[k]
            for k in ("document", "period", "form", "what", "publisher", "url", "grade", "known_on")
        }
        for d in papers[:SHOWN]
    )
    said = [topic.sentence, *topic.more] if topic is not None else []
    able = telling(papers, said)
    led = topic is None or topic.absent or (name == "arms" and not topic.points) or _small(topic)
    if able and led:
        first = able[0]
        told = [d["what"] for d in able[1:3]]
        done = first["grade"][0] != "C" and first["form"] not in ("estimate", "statement")
        known = () if topic is None or topic.absent else tuple(said)
        return Facet(
            name,
            first["what"],
            data_to=Period(first["period"]).end,
            sure="fair" if done or len(papers) > 2 else "thin",
            sources=("documents",),
            more=(*told, *known),
            documents=plain,
        )
    if topic is None:
        return None
    more = (*topic.more, *(d["what"] for d in able[:2]))
    return replace(
        topic,
        documents=plain,
        more=more,
        sources=(*topic.sources, *(("documents",) if plain else ())),
    )


#: Days before the newest document of a topic in which another may tell more.
RECENT = 400
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def telling(papers: Sequence[Paper], said: Sequence[str]) -> list[Paper]:
    """Documents short enough for a sentence: of the newest year deeds before words and the better grade first; one
    whose figures have been given already is the same report again."""
    able = [d for d in papers if fits(d["what"]) and not d["what"].startswith("The same ")]
    if not able:
        return []
    new = Period(able[0]["period"]).end - dt.timedelta(days=RECENT)
    able.sort(
        key=lambda d: (
            Period(d["period"]).end < new,
            d["form"] == "statement" or d["grade"][0] == "C",
            -Period(d["period"]).end.toordinal(),
        )
    )
    kept: list[Paper] = []
    given = [set(_FIGURE.findall(text)) for text in said]
    for d in able:
        mine = set(_FIGURE.findall(d["what"]))
        if d["what"] not in said and not any(len(mine & other) > 2 for other in given):
            kept.append(d)
            given.append(mine)
    return kept
