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
from bilat.verdicts.assessment import judge
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.profile_voices import is_word, voiced
from bilat.verdicts.prominence import SIGNED, prominence, stands_out
from bilat.verdicts.sentences import fits
from bilat.verdicts.topics import TITLES, TOPICS, Between, Facet, Remark
from bilat.verdicts.topics.topic import LONGEST_HEADLINE
from bilat.verdicts.topics.treaties import ALLIANCES_TO
from bilat.when import AsOf, Period

#: Documents told of a topic in sentences, and those listed in its table, newest first.
SHOWN = 6
LISTED = 40
#: What is left of the weight of a finding that is little sure.
THIN = 0.5


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


def findings(found: Profile) -> list[Facet]:
    """Return the topics that stand out, the most prominent first; last those of which nothing is on
    record.

    Where none stands out, the largest is shown: that nothing is on record leads no page. A finding
    that hangs on one weak word counts for less, and of two that weigh the same the newer leads.
    """
    scores = {t.name: _weight(t, found.dyad, found.as_of) for t in found.topics}
    shown = [t for t in found.topics if stands_out(t, found.dyad, found.as_of)]
    recorded = [t for t in found.topics if not t.absent]
    if recorded and all(t.absent for t in shown):
        shown.append(max(recorded, key=lambda t: scores[t.name]))

    def order(facet: Facet) -> tuple[bool, float, int]:
        newest = facet.data_to.toordinal() if facet.data_to and not facet.absent else 0
        return facet.absent, -scores[facet.name], -newest

    return sorted(shown, key=order)


def _weight(facet: Facet, dyad: Dyad, as_of: AsOf) -> float:
    """Return how much a topic stands out, and less where it is little sure.

    A document that leads a record makes its topic no smaller.
    """
    score = prominence(facet, dyad, as_of).score
    return max(facet.least, score * THIN if facet.sure == "thin" else score)


def _with_documents(asked: Between, name: str, topic: Facet | None) -> Facet | None:
    """The topic with its newest documents; where no record has a figure, the newest document is the finding."""
    papers = asked.papers(name)
    plain = tuple(
        {
            k: d[k].isoformat() if isinstance(d[k], dt.date) else d[k]
            for k in ("document", "period", "form", "what", "publisher", "url", "grade", "known_on")
        }
        for d in papers[:LISTED]
    )
    said = [topic.sentence, *(r.text for r in topic.remarks)] if topic is not None else []
    able = telling(papers, said, asked.as_of.date)
    if able:
        read = document_facet(name, able, plain, asked.as_of.date)
        read = replace(read, data_to=min(read.data_to or asked.as_of.date, asked.as_of.date))
        if topic is None or topic.absent:
            return read
        if _leads_a_record(read, topic, asked):
            of_record = (Remark(topic.sentence, topic.flow, record="our records"), *topic.remarks)
            least = _weight(topic, asked.dyad, asked.as_of)
            return replace(
                read,
                unit=topic.unit,
                points=topic.points,
                unrecorded=topic.unrecorded,
                sources=tuple(dict.fromkeys((*read.sources, *topic.sources))),
                remarks=(*read.remarks, *of_record),
                figures=topic.figures,
                least=least,
            )
    if topic is None:
        return None
    return replace(
        topic,
        documents=plain,
        remarks=(*topic.remarks, *map(_documented, able[:SHOWN])),
        sources=tuple(dict.fromkeys((*topic.sources, *(("documents",) if plain else ())))),
    )


def _leads_a_record(read: Facet, topic: Facet, asked: Between) -> bool:
    """Return whether a document leads a topic, and the finding of a record follows.

    It does where the record's finding is too small to be printed, where it is only a sum of
    deliveries while the document says what was bought of late, where it tells what the two did
    after the list of treaties ends, and where the document weighs more.
    Its grade says how sure it is, and is part of its weight.
    """
    if not read.headline:
        return False
    if not stands_out(topic, asked.dyad, asked.as_of) or _is_after_the_list(read, topic):
        return True
    assert read.data_to is not None
    is_sum = topic.name == "arms" and topic.share is None and not topic.by_document
    if is_sum and (asked.as_of.date - read.data_to).days <= RECENT:
        return True
    scores = [_weight(t, asked.dyad, asked.as_of) for t in (topic, read)]
    return (scores[1], read.data_to) > (scores[0], topic.data_to or dt.date.min)


def _is_after_the_list(read: Facet, topic: Facet) -> bool:
    """Return whether a document tells what two did when the list of their treaties had ended.

    They may have signed more, or turned away from what the list still has in force.
    """
    if topic.name != "treaties" or read.data_to is None or topic.data_to is None:
        return False
    return read.deed and topic.data_to <= ALLIANCES_TO < read.data_to


def document_facet(
    name: str, able: Sequence[Paper], plain: tuple[Paper, ...], today: dt.date
) -> Facet:
    """Return the topic as its most telling document gives it.

    What somebody did is a deed on any page; a lesser page makes it less sure, and is named. So does
    a plan of over a year ago, of which nothing later tells.
    """
    first = able[0]
    well_read = _is_well_read(first)
    is_sure = well_read and not _is_stale_plan(first, today)
    return Facet(
        name,
        first["what"] if well_read else f"{voiced(first['what'].rstrip('.'), first)}.",
        data_to=Period(first["period"]).end,
        sure="fair" if is_sure else "thin",
        sources=("documents",),
        remarks=tuple(map(_documented, able[1:SHOWN])),
        documents=plain,
        heading=_heading_of(first, well_read=well_read),
        by_document=True,
        deed=first["form"] != "estimate" and not is_word(first),
        duty=SIGNED if first["form"] == "treaty" else "",
    )


def _heading_of(paper: Paper, *, well_read: bool) -> str:
    """Return a document's headline; of a lesser page with its voice, if that leaves it short."""
    heading = (paper["headline"] or "").rstrip(".")
    if well_read or not heading:
        return heading
    with_voice = voiced(heading, paper)
    return with_voice if len(with_voice.split()) <= LONGEST_HEADLINE else heading


def _is_stale_plan(paper: Paper, today: dt.date) -> bool:
    """Return whether a document only plans something, and said so over a year ago."""
    return paper.get("asserts") == "plans" and (today - Period(paper["period"]).end).days > YEAR


def _is_well_read(paper: Paper) -> bool:
    """Return whether a page is good enough: the text of a treaty is the act on any page."""
    is_act = paper["form"] == "treaty" and not is_word(paper)
    return is_act or paper["grade"][0] != "C"


def _documented(paper: Paper) -> Remark:
    """Return a document as a remark, with its figure."""
    return Remark(
        paper["what"], document=True, value=paper["figure"], unit=str(paper["unit"] or "")
    )


def _has_heading(paper: Paper) -> bool:
    """Return whether a document has a heading of its own or a sentence short enough for one."""
    return bool(paper["headline"]) or len(paper["what"].split()) <= LONGEST_HEADLINE


#: Days before the newest document of a topic in which another may tell more: a deed of last year
#: says more of two states than a word of this one.
RECENT = 800
#: Days by which a better page may be older than a lesser one and still say more.
BETTER_WITHIN = 548
#: Days after which a plan of which nothing later tells is little sure.
YEAR = 366
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def telling(papers: Sequence[Paper], said: Sequence[str], today: dt.date) -> list[Paper]:
    """Return the documents short enough for a sentence, those that tell most first.

    Within :data:`RECENT` days of the newest, deeds come before words and stale plans, and a better
    page before a lesser one that is not much newer. Then come those that can stand as a heading
    before longer ones, the newer, and of the same day the better graded. A document whose figures
    have been given already is the same report again, and so is a share of earlier years by the same
    house.
    """
    able = _newest_of_series([d for d in papers if fits(d["what"])])
    if not able:
        return []
    new = Period(able[0]["period"]).end - dt.timedelta(days=RECENT)
    better = max((Period(d["period"]).end for d in able if _is_well_read(d)), default=None)

    def is_lesser(paper: Paper) -> bool:
        if better is None or _is_well_read(paper):
            return False
        return (Period(paper["period"]).end - better).days <= BETTER_WITHIN

    able.sort(
        key=lambda d: (
            Period(d["period"]).end < new,
            is_word(d) or is_lesser(d) or _is_stale_plan(d, today),
            not _has_heading(d),
            -Period(d["period"]).end.toordinal(),
            d["grade"],
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


def _newest_of_series(papers: Sequence[Paper]) -> list[Paper]:
    """Return documents, of those that give one share for several periods only the newest."""
    given: set[tuple[str, str]] = set()
    kept: list[Paper] = []
    for paper in papers:
        unit = str(paper.get("unit") or "")
        series = (unit, str(paper.get("originator") or ""))
        if unit.startswith("% of ") and series in given:
            continue
        given.add(series)
        kept.append(paper)
    return kept
