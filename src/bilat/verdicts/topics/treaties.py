# SPDX-License-Identifier: Apache-2.0
"""The topics of treaties: what obliges two states, what they signed, and relations broken off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bilat.places import spoken_name
from bilat.units import count
from bilat.verdicts.evidence import Paper
from bilat.verdicts.sentences import WordedNumber, capital, fits
from bilat.verdicts.topics.events_by_year import events_by_year
from bilat.verdicts.topics.topic import FORCE_WITHIN, Between, Facet, Remark
from bilat.verdicts.topics.treaty_names import CommonName, common_name
from bilat.when import Period

#: A treaty of more states than this that does not oblige to defend is none of a pair.
WIDEST = 12
#: The list of alliances, which has no names that can be printed.
LIST_WITHOUT_NAMES = "atop"
#: The last day of the list of alliances, and of the list of defence agreements.
ALLIANCES_TO = dt.date(2018, 12, 31)
AGREEMENTS_TO = dt.date(2010, 12, 31)

#: What a treaty obliges to, by the terms of the list of alliances.
_DUTIES = {
    "nonaggression": "keep the peace",
    "consultation": "consult",
    "neutrality": "stay neutral",
    "offence": "fight together",
}
_NOT_TO_HELP = "no help to an aggressor"
#: What a treaty is called, by the first of these duties that it has: the list has no names.
_KINDS = {
    "defence": "defence treaty",
    "offence": "alliance",
    "neutrality": "treaty of neutrality",
    "nonaggression": "non-aggression treaty",
    "consultation": "treaty on consultation",
    _NOT_TO_HELP: "treaty not to help an aggressor",
}

_IN_FORCE = """
SELECT event, name, class, starts, source, participants FROM events
WHERE event_type = 'alliance' AND starts <= $3 AND (ends IS NULL OR ends > $3)
  AND list_contains(string_split(participants, ';'), $1)
  AND list_contains(string_split(participants, ';'), $2)
"""
# Members that left, and states that ended.
_EXITS = "SELECT name, participants FROM events WHERE event_type = 'treaty_exit' AND starts <= ?"
#: The duty of a treaty of many states, two of which used or threatened force of late, or have
#: broken off their relations.
AMONG_FOES = "defence among foes"
#: The topic of documents by which two states broke off relations; others tell that they resumed.
BROKEN = "broken relations"


@dataclass(frozen=True)
class Treaty:
    """A treaty in force between two states."""

    name: str
    duties: tuple[str, ...]
    starts: dt.date  #: the day from which it binds the two
    source: str
    parties: int
    common: CommonName | None = None  #: what readers call it

    @property
    def of_defence(self) -> bool:
        """Whether it obliges its parties to defend one another."""
        return "defence" in self.duties

    @property
    def of_the_two(self) -> bool:
        """Whether it binds the two alone."""
        return self.parties == 2

    @property
    def is_shared(self) -> bool:
        """Whether more states than the two are bound by a treaty with a common name.

        The list of alliances says who left. A later list has a row for each pair of its states.
        """
        has_two_left = self.of_the_two and self.source == LIST_WITHOUT_NAMES
        return self.common is not None and not has_two_left

    def called(self) -> str:
        """Return the subject of a sentence on it: its name, where it has one."""
        if self.common is not None:
            return f"{capital(self.common.name)}, signed in {self.common.signed},"
        if self.source == LIST_WITHOUT_NAMES:
            among = f" among {self.parties} states (on a list that ends in {ALLIANCES_TO.year})"
            return f"{_of_year(self.starts.year)} treaty{'' if self.of_the_two else among}"
        comma = "," if "," in self.name else ""
        return f"The {self.name}{comma}"

    def short_name(self) -> str:
        """Return what a heading calls it: its name, or its year where it has none."""
        if self.common is not None:
            return self.called()
        if self.source == LIST_WITHOUT_NAMES:
            return f"{_of_year(self.starts.year)} treaty"
        return f"The {self.name.partition(',')[0]}"

    def told_of(self, a: str, b: str) -> tuple[str, str]:
        """Return the sentence on it and its heading.

        A treaty of many states says that both are parties, and not that the two are allies: many a
        pair of them is at odds.
        """
        if self.common is not None and self.is_shared:
            return self._shared(f"{capital(a)} and {b} {self.common.tie}", self.common)
        if self.of_defence and not self.of_the_two:
            called = f"{self.called()[:1].lower()}{self.called()[1:]}".rstrip(",")
            parties = f"{capital(a)} and {b} are both parties to"
            sentence = f"{parties} {called}, which obliges each to defend the others."
            year = _of_year(self.starts.year).lower()
            return sentence, f"{parties} {year} defence treaty among {self.parties} states"
        bound = self.binds(a, b)
        return f"{self.called()} {bound}.", f"{self.short_name()} {bound}"

    def _shared(self, parties: str, common: CommonName) -> tuple[str, str]:
        """Return the sentence and the heading on a treaty that more states share.

        The list of alliances says who was bound on its last day; a later list, who joined and when.
        """
        if self.source == LIST_WITHOUT_NAMES:
            listed = f"{parties} (on a list that ends in {ALLIANCES_TO.year})"
            return f"{listed}, {common.told}.", f"{parties}, {common.brief}"
        _, _, joined = self.name.partition(", ")
        heading = f"{parties}, {joined}"
        return f"{heading}, and each has to defend the others.", heading

    def binds(self, a: str, b: str) -> str:
        """Return what it does to the two, after its subject."""
        if self.of_defence:
            return f"makes {a} and {b} defence allies"
        if _NOT_TO_HELP in self.duties:
            return f"obliges {a} and {b} not to help an aggressor"
        duties = dict.fromkeys(_DUTIES.get(duty, duty) for duty in self.duties)
        return f"obliges {a} and {b} to {' and '.join(duties)}"


def _of_year(year: int) -> str:
    """Return ``A 2001``, or ``An 1893``: the article and the year before a noun."""
    return f"{'An' if str(year).startswith('18') else 'A'} {year}"


def kind_of(duties: str) -> str:
    """Return what a treaty is, by its duties as the lists write them: ``defence;consultation``."""
    known = duties.split(";")
    return next((kind for duty, kind in _KINDS.items() if duty in known), "treaty")


def treaties(asked: Between) -> Facet | None:
    """Treaties in force that oblige the two, to defend one another or to less."""
    if _fought_since_the_list(asked):
        return None
    found = _in_force(asked)
    if not found:
        return _none_known(asked)
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    strongest = [treaty for treaty in found if treaty.of_defence] or found
    lead = min(strongest, key=_order)
    sentence, heading = lead.told_of(a, b)
    papers = _papers(asked)
    fresh = lead.source != LIST_WITHOUT_NAMES or bool(papers)
    duty = "defence" if lead.of_defence else ";".join(lead.duties)
    foes = _force_of_late(asked) or _relations_broken(asked)
    if lead.of_defence and not lead.of_the_two and not papers and foes:
        duty = AMONG_FOES
    beside = [Remark(paper["what"], document=True) for paper in papers[:1]]
    told = next((paper for paper in papers if paper["headline"]), papers[0] if papers else None)
    if told and _says_more(told, lead):
        beside = [Remark(sentence)]
        sentence = told["what"]
        heading = (told["headline"] or "").rstrip(".")
    return Facet(
        "treaties",
        sentence=sentence,
        unit="treaties",
        of=lead.parties,
        data_to=_data_to(asked, lead, papers),
        sure="firm" if fresh else "fair",
        sources=tuple(dict.fromkeys(treaty.source for treaty in sorted(found, key=_order))),
        remarks=tuple(beside),
        heading=heading,
        deed=bool(papers),
        duty=duty,
    )


def _says_more(paper: Paper, treaty: Treaty) -> bool:
    """Return whether a document of the two tells more than a treaty of the list.

    One of the two alone says more than one of many states, and one signed since the list ends more
    than an older treaty, of which the list gives no name.
    """
    unnamed = treaty.source == LIST_WITHOUT_NAMES
    signed_later = Period(paper["period"]).end > ALLIANCES_TO
    return not treaty.of_the_two or (unnamed and signed_later)


def _in_force(asked: Between) -> list[Treaty]:
    rows = asked.rows(_IN_FORCE, asked.a, asked.b, asked.as_of.date, needs=("events",))
    exits = set(asked.rows(_EXITS, asked.as_of.date, needs=("events",)))
    every = []
    for event, name, duties, starts, source, participants in rows:
        members = {state for state in participants.split(";") if (event, state) not in exits}
        if {asked.a, asked.b} <= members:
            obliges = tuple((duties or "consultation").split(";"))
            common = common_name(event)
            every.append(Treaty(name, obliges, starts, source, len(members), common))
    return [treaty for treaty in every if treaty.of_defence or treaty.parties <= WIDEST]


def _order(treaty: Treaty) -> tuple[int, int]:
    """Return the key by which treaties are ordered: the newest of the two alone, then the oldest.

    Unions of many that were made later have lost members whom the list keeps.
    """
    return (0, -treaty.starts.year) if treaty.of_the_two else (1, treaty.starts.year)


def _fought_since_the_list(asked: Between) -> bool:
    """Return whether the two went to war after the list of alliances ends."""
    wars = [paper for paper in asked.papers("disputes") if paper["force"] == "war"]
    return any(Period(war["period"]).end > ALLIANCES_TO for war in wars)


def _force_of_late(asked: Between) -> bool:
    """Return whether one of the two used or threatened force against the other in late years."""
    today = asked.as_of.date
    told = [paper for paper in asked.papers("disputes") if paper["force"]]
    return any((today - Period(paper["period"]).end).days <= FORCE_WITHIN for paper in told)


def relations(asked: Between) -> Facet | None:
    """Diplomatic relations that one of the two broke off, or that the two resumed."""
    told = asked.papers("relations")
    if not told:
        return None
    last = told[0]
    return Facet(
        "relations",
        sentence=last["what"],
        data_to=Period(last["period"]).end,
        sure="thin" if last["grade"][0] == "C" else "fair",
        sources=("documents",),
        heading=(last["headline"] or "").rstrip("."),
        by_document=True,
        deed=last["form"] == "event",
        duty=BROKEN if last["topic"] == BROKEN else "",
    )


def _relations_broken(asked: Between) -> bool:
    """Return whether one of the two broke off relations that nobody resumed."""
    found = relations(asked)
    return found is not None and found.duty == BROKEN


def _papers(asked: Between) -> list[Paper]:
    """Return the documents of treaties of the two, the newest first."""
    papers = asked.papers("treaties")
    return [paper for paper in papers if paper["form"] == "treaty" and fits(paper["what"])]


def _data_to(asked: Between, lead: Treaty, papers: list[Paper]) -> dt.date:
    if papers:
        last = Period(papers[0]["period"]).end
    elif lead.source == LIST_WITHOUT_NAMES:
        last = ALLIANCES_TO
    else:
        last = lead.starts
    return min(asked.as_of.date, last)


def _none_known(asked: Between) -> Facet | None:
    held = asked.rows("SELECT 1 FROM events WHERE source = 'atop' LIMIT 1", needs=("events",))
    if not held:
        return None
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    to = ALLIANCES_TO.year
    return Facet(
        "treaties",
        sentence=(
            f"We know of no treaty in force that obliges {a} and {b} to defend or consult each "
            f"other. The list of alliances ends in {to}; our search for later ones is incomplete."
        ),
        unit="treaties",
        data_to=ALLIANCES_TO,
        sure="fair",
        sources=(LIST_WITHOUT_NAMES,),
        absent=True,
        heading=f"We know of no defence treaty in force between {a} and {b}",
    )


def agreements(asked: Between) -> Facet | None:
    """Defence cooperation agreements that the two signed."""
    years = events_by_year(asked, "dcad")
    if not years:
        return None
    total = sum(year.count for year in years)
    to = AGREEMENTS_TO.year
    many = f"{format(WordedNumber(total), 'count')} defence cooperation agreement"
    if total > 1:
        many = f"{many}s"
        when = f"from 1980 to {to}, the last in {years[-1].year}"
    else:
        when = f"in {years[-1].year}"
    a = capital(spoken_name(asked.a))
    b = spoken_name(asked.b)
    heading = f"{a} and {b} signed {many} {when}"
    return Facet(
        "agreements",
        sentence=f"{heading}.",
        unit=count("agreements"),
        data_to=AGREEMENTS_TO,
        sure="fair",
        sources=("dcad",),
        points=tuple(("", year.year, year.count) for year in years),
        heading=heading,
    )
