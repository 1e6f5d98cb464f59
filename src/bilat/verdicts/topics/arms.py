# SPDX-License-Identifier: Apache-2.0
"""The topic of arms: deliveries of major arms both ways, from SIPRI's register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bilat.places import spoken_name
from bilat.verdicts.sentences import WordedNumber, capital, fits
from bilat.verdicts.topics.topic import Between, Facet, last_of, owner, year_end
from bilat.when import Period

#: The unit of deliveries in a reader's words: SIPRI's trend-indicator value.
SIPRI_POINTS = "million SIPRI points"
#: Deliveries of five years, in such points, from which on a seller is said to arm the buyer.
LEAST_TO_ARM = 25
#: Years of deliveries that make a share, as the register's publisher compares them.
SPAN = 5
#: Share of a seller's deliveries at which one kind of arms is "mostly" what it delivered.
MOSTLY = 0.25
#: First year of the table of all pairs that is read.
FIRST_OF_PAIRS = 1995
#: Buyers of whom the open register holds every delivery.
HELD_WHOLE = frozenset({"RUS", "CHN"})

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
SELECT description, sum(tiv) AS points FROM transfers
WHERE source = 'sipri_register' AND supplier = ? AND recipient = ?
  AND left(period, 4) >= ? AND description IS NOT NULL
GROUP BY 1 ORDER BY points DESC, description LIMIT 1
"""
_POOLED = """
SELECT 1 FROM transfers
WHERE source = 'sipri_register' AND recipient = 'other recipients' LIMIT 1
"""
# A row without a value covers five years from its own on; a value of nought is no delivery.
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


class ArmsFlow(NamedTuple):
    """Deliveries from one state to another."""

    seller: str
    buyer: str


class ArmsText(NamedTuple):
    """What is said of one direction: in a sentence, and in a few words."""

    sentence: str
    heading: str


@dataclass(frozen=True)
class Register:
    """Deliveries in SIPRI's points by flow and year, as of a date."""

    by_flow: dict[ArmsFlow, dict[int, float]]
    last_year: int

    @property
    def first_year(self) -> int:
        """The first of the last five years."""
        return self.last_year - SPAN + 1

    def recent(self, flow: ArmsFlow) -> float:
        """Return the points of the last five years."""
        years = self.by_flow.get(flow, {})
        return sum(points for year, points in years.items() if year >= self.first_year)

    def to_buyer(self, buyer: str) -> list[float]:
        """Return what each supplier of a buyer delivered in the last five years, largest first."""
        sums = [self.recent(flow) for flow in self.by_flow if flow.buyer == buyer]
        return sorted(sums, reverse=True)

    def share(self, flow: ArmsFlow) -> float:
        """Return a seller's share of the buyer's imports in the last five years, 0 to 1."""
        total = sum(self.to_buyer(flow.buyer))
        return self.recent(flow) / total if total else 0.0

    def rank(self, flow: ArmsFlow) -> int:
        """Return the place of a flow among all flows of the last five years, 1 the largest."""
        mine = self.recent(flow)
        return 1 + sum(self.recent(other) > mine for other in self.by_flow)

    def active(self) -> int:
        """Return the number of flows of the last five years."""
        return sum(max(years) >= self.first_year for years in self.by_flow.values())

    def points(self, flow: ArmsFlow, *, whole: bool) -> list[tuple[str, float]]:
        """Return the years of a flow with their points.

        Of a buyer whose deliveries are all held a year without any is nought, and the last five
        are shown. Of others a year without a row is not known, and none is shown.
        """
        years = self.by_flow[flow]
        if not whole:
            return [(str(year), years[year]) for year in sorted(years)]
        first = min(*years, self.first_year)
        return [(str(year), years.get(year, 0.0)) for year in range(first, self.last_year + 1)]


def arms(asked: Between) -> Facet | None:
    """Deliveries both ways in five years, and each one's share of what the other got."""
    register = _read(asked)
    if register is None:
        return None
    both_ways = (ArmsFlow(asked.a, asked.b), ArmsFlow(asked.b, asked.a))
    flows = [flow for flow in both_ways if flow in register.by_flow]
    if not flows:
        return _without_deliveries(asked, both_ways, register.last_year)
    flows.sort(key=register.recent, reverse=True)
    lead = flows[0]
    whole = not pooled(asked, lead.buyer)
    findings = [_finding(asked, register, flow) for flow in flows]
    share = None if whole else _share_in_a_document(asked, lead)
    if share is not None:
        findings.insert(0, share)
    first, *others = findings
    found = register.recent(lead)
    return Facet(
        "arms",
        sentence=first.sentence,
        unit=SIPRI_POINTS,
        last=last_of(register.points(lead, whole=True)) if whole else None,
        rank=register.rank(lead) if whole and found else None,
        of=register.active(),
        data_to=year_end(str(register.last_year), asked.as_of),
        sure="firm" if share is None else "fair",
        sources=("sipri_register",),
        points=tuple(
            (f"{flow.seller}>{flow.buyer}", year, points)
            for flow in sorted(flows, key=both_ways.index)
            for year, points in register.points(flow, whole=not pooled(asked, flow.buyer))
        ),
        more=tuple(finding.sentence for finding in others),
        heading=first.heading,
        absent=not found,
        share=register.share(lead) if whole else None,
    )


def pooled(asked: Between, buyer: str) -> bool:
    """Return whether deliveries to a state may be missing from the open register."""
    if buyer in HELD_WHOLE:
        return False
    return bool(asked.rows(_POOLED, needs=("transfers",)))


def _read(asked: Between) -> Register | None:
    by_flow: dict[ArmsFlow, dict[int, float]] = {}
    for seller, buyer, year, points in asked.rows(_DELIVERIES, needs=("transfers",)):
        by_flow.setdefault(ArmsFlow(seller, buyer), {})[year] = float(points)
    if not by_flow:
        return None
    return Register(by_flow, last_year=max(max(years) for years in by_flow.values()))


def _share_in_a_document(asked: Between, flow: ArmsFlow) -> ArmsText | None:
    """Return the share of a buyer's imports that a document gives, where the register has a part."""
    unit = f"% of {owner(flow.buyer)} arms imports"
    for paper in asked.papers("arms"):
        if paper["unit"] == unit and fits(paper["what"]):
            came = f"{paper['figure']:.0f}{unit} came from {spoken_name(flow.seller)}"
            return ArmsText(paper["what"], came)
    return None


def _finding(asked: Between, register: Register, flow: ArmsFlow) -> ArmsText:
    """Return what one state delivered to the other, by what the register can tell of the buyer."""
    recent = register.recent(flow)
    if pooled(asked, flow.buyer):
        if recent:
            return _at_least(register, flow)
        years = register.by_flow[flow]
        return _on_record(asked, flow, min(years), max(years))
    if recent:
        return _share(asked, register, flow)
    return _ended(register, flow)


def _at_least(register: Register, flow: ArmsFlow) -> ArmsText:
    """Return a sum to which years of one or two deliveries may be missing: no share, no nought."""
    recent = register.recent(flow)
    years = range(register.first_year, register.last_year + 1)
    every_year = all(year in register.by_flow[flow] for year in years)
    bound = "" if every_year else "at least "
    amount = format(WordedNumber(recent), "about")
    seller = capital(spoken_name(flow.seller))
    buyer = spoken_name(flow.buyer)
    return ArmsText(
        f"{seller} delivered arms of {bound}{amount} {SIPRI_POINTS} to {buyer} from "
        f"{register.first_year} to {register.last_year}.",
        f"{seller} arms {buyer}" if recent >= LEAST_TO_ARM else f"{seller} sells arms to {buyer}",
    )


def _ended(register: Register, flow: ArmsFlow) -> ArmsText:
    """Return that a buyer of whom every delivery is held got nothing of late."""
    last = max(register.by_flow[flow])
    seller = capital(spoken_name(flow.seller))
    buyer = spoken_name(flow.buyer)
    return ArmsText(
        f"{seller} delivered no major arms to {buyer} from {register.first_year} to "
        f"{register.last_year}; the last came in {last}.",
        f"{seller} has delivered no major arms to {buyer} since {last}",
    )


def _share(asked: Between, register: Register, flow: ArmsFlow) -> ArmsText:
    """Return a seller's share of a buyer's imports, its place among the suppliers, and the trend."""
    recent = register.recent(flow)
    place = register.to_buyer(flow.buyer).index(recent) + 1
    rank = _RANKS.get(place, f"supplier no. {place}")
    seller = capital(spoken_name(flow.seller))
    buyer = owner(flow.buyer)
    share = format(WordedNumber(register.share(flow)), "share")
    amount = format(WordedNumber(recent), "about")
    kind = _main_kind(asked, register, flow)
    mostly = f", mostly {kind}" if kind else ""
    return ArmsText(
        f"{seller} delivered {share} of {buyer} imports of major arms from {register.first_year} to "
        f"{register.last_year}, its {rank}{mostly} ({amount} {SIPRI_POINTS}{_fall(register, flow)}).",
        f"{seller} is {buyer} {rank} of arms",
    )


def _fall(register: Register, flow: ArmsFlow) -> str:
    """Return what came in the last year, where that is under half of a usual one."""
    latest = register.by_flow[flow].get(register.last_year, 0.0)
    if latest >= 0.5 * register.recent(flow) / SPAN:
        return ""
    little = f"only {format(WordedNumber(latest), 'about')}" if latest else "none"
    return f", {little} in {register.last_year}"


def _main_kind(asked: Between, register: Register, flow: ArmsFlow) -> str:
    """Return the kind of arms that made the largest part of the last five years, in the plural."""
    first = str(register.first_year)
    rows = asked.rows(_LARGEST_KIND, flow.seller, flow.buyer, first, needs=("transfers",))
    if not rows:
        return ""
    kind, points = rows[0]
    if points < MOSTLY * register.recent(flow):
        return ""
    plural = kind if kind.endswith(("aircraft", "s")) else f"{kind}s"
    return _PLURALS.get(kind, plural)


def _without_deliveries(
    asked: Between, both_ways: tuple[ArmsFlow, ArmsFlow], to: int
) -> Facet | None:
    """Return the topic of two states between which the register holds nothing.

    Of two states other than Russia and China the table of every pair tells, which ends in 2021 and
    says of five years at a time whether something was delivered.
    """
    source = "sipri_register"
    findings: list[ArmsText] = []
    if all(pooled(asked, state) for state in both_ways[0]):
        source = "sipri_tiv_pairs"
        rows = asked.rows(_PAIRS, FIRST_OF_PAIRS, needs=("transfers",))
        if not rows:
            return None
        to = rows[0][-1]
        for flow in both_ways:
            years = _years_on_record(flow, rows)
            if years is not None:
                findings.append(_on_record(asked, flow, years[0], min(years[1], to)))
    absent = not findings
    first, *others = findings or [_nothing(both_ways[0], to)]
    return Facet(
        "arms",
        first.sentence,
        SIPRI_POINTS,
        data_to=year_end(str(to), asked.as_of),
        sources=(source,),
        more=tuple(finding.sentence for finding in others),
        absent=absent,
        heading=first.heading,
    )


def _years_on_record(
    flow: ArmsFlow, rows: list[tuple[str, str, int, bool, int]]
) -> tuple[int, int] | None:
    """Return the first and the last year of a flow in the table of every pair."""
    spans = [
        (first, first + SPAN - 1 if five_years else first)
        for seller, buyer, first, five_years, _ in rows
        if (seller, buyer) == flow
    ]
    return (spans[0][0], spans[-1][1]) if spans else None


def _on_record(asked: Between, flow: ArmsFlow, first: int, last: int) -> ArmsText:
    """Return for which years deliveries are on record, where later ones may be missing.

    A document of a later delivery between the two is told in its place.
    """
    for paper in asked.papers("arms"):
        later = Period(paper["period"]).start.year > last
        if later and paper["form"] == "delivery" and fits(paper["what"]):
            return ArmsText(paper["what"], "")
    seller = spoken_name(flow.seller)
    buyer = spoken_name(flow.buyer)
    when = f"in {first}" if first == last else f"between {first} and {last}"
    return ArmsText(
        f"The register shows deliveries of major arms from {seller} to {buyer} {when}; it may lack "
        "later ones.",
        f"{capital(seller)} delivered arms to {buyer}, on record {when}",
    )


def _nothing(flow: ArmsFlow, to: int) -> ArmsText:
    a = spoken_name(flow.seller)
    b = spoken_name(flow.buyer)
    return ArmsText(
        f"The register shows no deliveries of major arms between {a} and {b} from {FIRST_OF_PAIRS} "
        f"to {to}.",
        f"No arms deliveries between {a} and {b} up to {to}",
    )
