# SPDX-License-Identifier: Apache-2.0
"""The topic of arms: deliveries of major arms both ways, from SIPRI's register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from bilat.channels.register import KEPT_WHOLE
from bilat.places import spoken_name
from bilat.verdicts.sentences import WordedNumber, capital, fits
from bilat.verdicts.topics.topic import (
    Between,
    Facet,
    FromTo,
    Remark,
    last_of,
    owner,
    year_end,
)
from bilat.when import Period

#: The unit of deliveries in a reader's words: SIPRI's trend-indicator value.
SIPRI_POINTS = "million SIPRI points"
#: Years of deliveries that make a share, as the register's publisher compares them.
SPAN = 5
#: Share of a seller's deliveries at which one kind of arms is "mostly" what it delivered.
MOSTLY = 0.25
#: First year of the table of all pairs that is read.
FIRST_OF_PAIRS = 1995
#: Below this part of a usual year the last year's deliveries are told beside the sum.
LITTLE = 0.5

_RANKS = {
    1: "largest supplier",
    2: "second-largest supplier",
    3: "third-largest supplier",
}
_PLURALS = {
    "FGA aircraft": "combat aircraft",
    "fighter aircraft": "fighters",
    "SAM system": "air-defence systems",
    "SAM": "air-defence missiles",
    "SSM": "surface-to-surface missiles",
    "ASM": "air-to-surface missiles",
    "one-way attack drone": "one-way attack drones (Shahed)",
    "armed UAV": "armed drones",
    "turbofan": "jet engines",
    "ASW aircraft": "anti-submarine aircraft",
}

_DELIVERIES = """
SELECT supplier, recipient, CAST(left(period, 4) AS INTEGER) AS year, sum(tiv)
FROM transfers WHERE source = 'sipri_register' GROUP BY ALL
"""
_LARGEST_KIND = """
SELECT description, sum(tiv) AS points, bool_or(revised_later), max(vintage) FROM transfers
WHERE source = 'sipri_register' AND supplier = ? AND recipient = ?
  AND left(period, 4) >= ? AND description IS NOT NULL
GROUP BY 1 ORDER BY points DESC, description LIMIT 1
"""
_POOLED = """
SELECT 1 FROM transfers
WHERE source = 'sipri_register' AND recipient = 'other recipients' LIMIT 1
"""
# A row without a value covers the five years from its own on; a value of zero is no delivery.
_PAIRS = """
WITH pairs AS (
  SELECT supplier, recipient, tiv, CAST(left(period, 4) AS INTEGER) AS first_year
  FROM transfers WHERE source = 'sipri_tiv_pairs'
)
SELECT supplier, recipient, first_year, tiv IS NULL AS five_years,
       (SELECT max(first_year) FROM pairs) AS last_year
FROM pairs
WHERE recipient <> 'other recipients' AND first_year >= ? AND coalesce(tiv, 1) > 0
ORDER BY first_year
"""


class ArmsText(NamedTuple):
    """The finding on one direction: a sentence, and a heading of a few words.

    Parameters
    ----------
    document
        whether the sentence is that of a document, and not made from the register.
    share
        the seller's share of the buyer's imports, 0 to 1, if a document gives it.
    ended
        the last day of the years of that share.
    """

    sentence: str
    heading: str
    flow: FromTo
    document: bool = False
    share: float | None = None
    ended: dt.date | None = None

    def remark(self) -> Remark:
        """Return it as a remark under the finding of the other direction."""
        return Remark(self.sentence, self.flow, document=self.document)


@dataclass(frozen=True)
class Register:
    """Deliveries in millions of SIPRI's points by flow and year, as of a date."""

    by_flow: dict[FromTo, dict[int, float]]
    last_year: int

    @property
    def first_year(self) -> int:
        """The first of the last five years."""
        return self.last_year - SPAN + 1

    def recent(self, flow: FromTo) -> float:
        """Return the points of the last five years."""
        years = self.by_flow.get(flow, {})
        return sum(points for year, points in years.items() if year >= self.first_year)

    def to_buyer(self, buyer: str) -> list[float]:
        """Return what each supplier of a buyer delivered in the last five years, largest first."""
        sums = [self.recent(flow) for flow in self.by_flow if flow.taker == buyer]
        return sorted(sums, reverse=True)

    def share(self, flow: FromTo) -> float:
        """Return a seller's share of the buyer's imports in the last five years, 0 to 1."""
        total = sum(self.to_buyer(flow.taker))
        return self.recent(flow) / total if total else 0.0

    def rank(self, flow: FromTo) -> int:
        """Return the place of a flow among all flows of the last five years, 1 the largest."""
        mine = self.recent(flow)
        return 1 + sum(self.recent(other) > mine for other in self.by_flow)

    def active(self) -> int:
        """Return the number of flows of the last five years."""
        return sum(max(years) >= self.first_year for years in self.by_flow.values())

    def points(self, flow: FromTo, *, is_complete: bool) -> list[tuple[str, float]]:
        """Return the years of a flow with their points, in order of time.

        Parameters
        ----------
        is_complete
            whether the register has every delivery to the buyer. A year without a row is then a
            zero, and the last five years are all returned; otherwise such a year is unknown, and
            left out.
        """
        years = self.by_flow[flow]
        if not is_complete:
            return [(str(year), years[year]) for year in sorted(years)]
        first = min(*years, self.first_year)
        return [(str(year), years.get(year, 0.0)) for year in range(first, self.last_year + 1)]


def arms(asked: Between) -> Facet | None:
    """Return the topic: deliveries both ways in five years, and the buyer's share of each seller.

    It leads with the larger flow. What it says depends on whether the register has every delivery
    to the buyer: only then are there shares, ranks, and years without a delivery.
    """
    register = _read(asked)
    if register is None:
        return None
    both_ways = (FromTo(asked.a, asked.b), FromTo(asked.b, asked.a))
    flows = [flow for flow in both_ways if flow in register.by_flow]
    if not flows:
        return _without_deliveries(asked, both_ways, register.last_year)
    flows.sort(key=register.recent, reverse=True)
    lead = flows[0]
    is_complete = not is_pooled(asked, lead.taker)
    findings = [_finding(asked, register, flow) for flow in flows]
    share = register.share(lead) if is_complete else None
    from_document = None if is_complete else _share_in_a_document(asked, lead)
    if from_document is not None:
        findings.insert(0, from_document)
        share = from_document.share
    first, *others = findings
    points = tuple(
        (f"{flow.giver}>{flow.taker}", year, points)
        for flow in sorted(flows, key=both_ways.index)
        for year, points in register.points(flow, is_complete=not is_pooled(asked, flow.taker))
    )
    recent = register.recent(lead)
    of_register = year_end(str(register.last_year), asked.as_of)
    is_ranked = is_complete and recent > 0
    note_on_edition = _note_on_edition(asked, register, lead) if is_ranked else ()
    return Facet(
        "arms",
        sentence=first.sentence,
        unit=SIPRI_POINTS,
        last=last_of(register.points(lead, is_complete=True)) if is_complete else None,
        rank=register.rank(lead) if is_ranked else None,
        of=register.active(),
        data_to=min(first.ended or of_register, of_register),
        sure="firm" if from_document is None else "fair",
        sources=("sipri_register",),
        points=points,
        unrecorded=frozenset((group, year) for group, year, value in points if not value),
        remarks=(*note_on_edition, *(finding.remark() for finding in others)),
        flow=lead,
        heading=first.heading,
        absent=not recent,
        share=share,
    )


def is_pooled(asked: Between, buyer: str) -> bool:
    """Return whether deliveries to a state may be missing from the open register.

    It adds up small deliveries to most buyers under "other recipients".
    """
    if buyer in KEPT_WHOLE:
        return False
    return bool(asked.rows(_POOLED, needs=("transfers",)))


def _read(asked: Between) -> Register | None:
    by_flow: dict[FromTo, dict[int, float]] = {}
    for seller, buyer, year, points in asked.rows(_DELIVERIES, needs=("transfers",)):
        by_flow.setdefault(FromTo(seller, buyer), {})[year] = float(points)
    if not by_flow:
        return None
    return Register(by_flow, last_year=max(max(years) for years in by_flow.values()))


def _share_in_a_document(asked: Between, flow: FromTo) -> ArmsText | None:
    """Return a document's sentence on a seller's share of the buyer's imports, if one has it.

    The row's headline names the years of the share. A row without one gives no heading: a share
    of unnamed years would read as one of today.
    """
    unit = f"% of {owner(flow.taker)} arms imports"
    for paper in asked.papers("arms"):
        if paper["unit"] == unit and paper["headline"] and fits(paper["what"]):
            return ArmsText(
                paper["what"],
                paper["headline"].rstrip("."),
                flow,
                document=True,
                share=paper["figure"] / 100,
                ended=Period(paper["period"]).end,
            )
    return None


def _finding(asked: Between, register: Register, flow: FromTo) -> ArmsText:
    """Return what one state delivered to the other, as precisely as the register allows."""
    has_recent = register.recent(flow) > 0
    if is_pooled(asked, flow.taker):
        if has_recent:
            return _sum_on_record(register, flow)
        years = register.by_flow[flow]
        return _years_only(asked, flow, min(years), max(years))
    if has_recent:
        return _share(asked, register, flow)
    return _ended(register, flow)


def _sum_on_record(register: Register, flow: FromTo) -> ArmsText:
    """Return the sum of the last five years' deliveries to a buyer that may have got more.

    It names the years on record only, and no share: the register may lack small deliveries of
    other years.
    """
    years = [year for year in register.by_flow[flow] if year >= register.first_year]
    first = min(years)
    last = max(years)
    whole = len(years) == SPAN
    amount = format(WordedNumber(register.recent(flow)), "about")
    bound = "" if whole else " or more"
    seller = capital(spoken_name(flow.giver))
    buyer = spoken_name(flow.taker)
    when = f"from {first} to {last}"
    if not whole:
        when = _these_years(first, last)
    later = "" if last == register.last_year else "; the open register shows none since"
    return ArmsText(
        f"{capital(when)}, {spoken_name(flow.giver)} delivered arms to {buyer} with a military "
        f"value that SIPRI puts at {amount} million points{bound}{later}.",
        f"{seller} delivered arms to {buyer} {when}",
        flow,
    )


def _ended(register: Register, flow: FromTo) -> ArmsText:
    """Return that a buyer of which the register has every delivery got none in five years."""
    last = max(register.by_flow[flow])
    seller = capital(owner(flow.giver))
    buyer = spoken_name(flow.taker)
    return ArmsText(
        f"The register shows no major arms from {spoken_name(flow.giver)} to {buyer} from "
        f"{register.first_year} to {register.last_year}; the last came in {last}.",
        f"{seller} last delivery of major arms to {buyer} on record came in {last}",
        flow,
    )


def _share(asked: Between, register: Register, flow: FromTo) -> ArmsText:
    """Return a seller's share of a buyer's imports, its place among the suppliers, and the trend."""
    recent = register.recent(flow)
    place = register.to_buyer(flow.taker).index(recent) + 1
    rank = _RANKS.get(place, f"supplier no. {place}")
    seller = capital(spoken_name(flow.giver))
    buyer = owner(flow.taker)
    share = format(WordedNumber(register.share(flow)), "share")
    amount = format(WordedNumber(recent), "about")
    kind = _main_kind(asked, register, flow)
    mostly = f", mostly {kind.plural}" if kind and not kind.revised else ""
    when = f"from {register.first_year} to {register.last_year}"
    return ArmsText(
        f"{seller} supplied {share} of {buyer} imports of major arms {when}{mostly}, and was its "
        f"{rank}. SIPRI puts their military value at {amount} million points"
        f"{_weak_last_year(register, flow)}.",
        f"{seller} was {buyer} {rank} of arms {when}",
        flow,
    )


def _weak_last_year(register: Register, flow: FromTo) -> str:
    """Return what came in the last year, if that is under half of the five years' mean."""
    latest = register.by_flow[flow].get(register.last_year, 0.0)
    if latest >= LITTLE * register.recent(flow) / SPAN:
        return ""
    little = f"only {format(WordedNumber(latest), 'about')}" if latest else "none"
    return f" ({little} in {register.last_year})"


class ArmsKind(NamedTuple):
    """The kind of arms that made the largest part of deliveries.

    Parameters
    ----------
    plural
        its name in the plural, as ``fighters``.
    revised
        whether a later edition changed rows of it.
    edition
        the date of the edition that the rows are from.
    """

    plural: str
    revised: bool
    edition: dt.date


def _main_kind(asked: Between, register: Register, flow: FromTo) -> ArmsKind | None:
    """Return the kind of arms with most points in five years; None if it is under a quarter."""
    first = str(register.first_year)
    rows = asked.rows(_LARGEST_KIND, flow.giver, flow.taker, first, needs=("transfers",))
    if not rows:
        return None
    kind, points, revised, edition = rows[0]
    if points < MOSTLY * register.recent(flow):
        return None
    plural = kind if kind.endswith(("aircraft", "s")) else f"{kind}s"
    return ArmsKind(_PLURALS.get(kind, plural), revised=bool(revised), edition=edition)


def _note_on_edition(asked: Between, register: Register, flow: FromTo) -> tuple[Remark, ...]:
    """Return a remark that names the edition of the figures, if a later one revised them."""
    kind = _main_kind(asked, register, flow)
    if kind is None or not kind.revised:
        return ()
    return (
        Remark(
            f"These are figures of SIPRI's edition of {kind.edition:%B %Y}, which classed most of "
            f"the arms as {kind.plural}; a later edition revised them."
        ),
    )


def _without_deliveries(asked: Between, both_ways: tuple[FromTo, FromTo], to: int) -> Facet | None:
    """Return the topic of two states between which the register has no delivery.

    If the register may lack deliveries to both of them, SIPRI's table of all pairs is read. It ends
    in 2021 and says for five years at a time whether something was delivered.

    Parameters
    ----------
    to
        the last year of the register.
    """
    source = "sipri_register"
    findings: list[ArmsText] = []
    last_year = to
    if all(is_pooled(asked, state) for state in both_ways[0]):
        source = "sipri_tiv_pairs"
        rows = asked.rows(_PAIRS, FIRST_OF_PAIRS, needs=("transfers",))
        if not rows:
            return None
        to = rows[0][-1]
        for flow in both_ways:
            years = _years_on_record(flow, rows)
            if years is not None:
                findings.append(_years_only(asked, flow, years[0], min(years[1], to)))
    absent = not findings
    first, *others = findings or [_nothing(both_ways[0], to, last_year)]
    return Facet(
        "arms",
        first.sentence,
        SIPRI_POINTS,
        data_to=year_end(str(to), asked.as_of),
        sources=(source,),
        remarks=tuple(finding.remark() for finding in others),
        flow=None if absent else first.flow,
        absent=absent,
        heading=first.heading,
    )


def _years_on_record(
    flow: FromTo, rows: list[tuple[str, str, int, bool, int]]
) -> tuple[int, int] | None:
    """Return the first and the last year of a flow in the table of all pairs; None without one."""
    firsts = []
    lasts = []
    for seller, buyer, first, five_years, _ in rows:
        if (seller, buyer) == flow:
            firsts.append(first)
            lasts.append(first + SPAN - 1 if five_years else first)
    return (min(firsts), max(lasts)) if firsts else None


def _years_only(asked: Between, flow: FromTo, first: int, last: int) -> ArmsText:
    """Return the years for which deliveries are on record, when later ones may be missing.

    If a document tells of a later delivery, its sentence is returned instead.
    """
    for paper in asked.papers("arms"):
        later = Period(paper["period"]).start.year > last
        if later and paper["form"] == "delivery" and fits(paper["what"]):
            return ArmsText(paper["what"], "", flow, document=True)
    seller = spoken_name(flow.giver)
    buyer = spoken_name(flow.taker)
    when = _these_years(first, last)
    return ArmsText(
        f"The register shows deliveries of major arms from {seller} to {buyer} {when}; it may lack "
        "later ones.",
        f"{capital(seller)} delivered arms to {buyer}, on record {when}",
        flow,
    )


def _these_years(first: int, last: int) -> str:
    """Return when some deliveries were made: ``in 2023``, ``in 2023 and 2024``, ``between ...``."""
    if first == last:
        return f"in {first}"
    return f"in {first} and {last}" if last == first + 1 else f"between {first} and {last}"


def _nothing(flow: FromTo, to: int, last_year: int) -> ArmsText:
    """Return that no delivery is on record.

    Parameters
    ----------
    to
        the last year for which the record is complete.
    last_year
        the last year of the register, which lacks small deliveries after that.
    """
    years = f"in {last_year}" if last_year == to + 1 else f"from {to + 1} to {last_year}"
    larger = f"; {years} we have only its larger flows, none of them theirs"
    later = larger if last_year > to else ""
    a = spoken_name(flow.giver)
    b = spoken_name(flow.taker)
    return ArmsText(
        f"The register shows no deliveries of major arms between {a} and {b} from {FIRST_OF_PAIRS} "
        f"to {to}{later}.",
        f"No arms deliveries between {a} and {b} up to {to}",
        flow,
    )
