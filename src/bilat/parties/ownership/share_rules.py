# SPDX-License-Identifier: Apache-2.0
"""Ownership: how much of a firm listed parties hold as the 50 percent rules count, as an interval.

A firm owned to half or more by listed parties counts as listed itself, and its own holdings then count in full: shares
along a chain are not multiplied. A share that is not known is an interval; the least total takes all at their low end,
the greatest at their high end, no firm being held to more than 100 %.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from bilat.errors import DataError, UsageError
from bilat.package_files import read_package_toml

#: Listed party -> the lists it stands on, each with a programme after it where one is known.
Listings = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Share:
    """``owner`` holds between ``low`` and ``high`` percent of ``owned``; where that is said, from when until when."""

    owner: str
    owned: str
    low: float
    high: float
    source: str = ""
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.high <= 100):
            raise UsageError(
                f"share of {self.owner} in {self.owned}: {self.low} to {self.high} is not an "
                "interval within 0 to 100 %"
            )

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day.isoformat() < (self.until or "9999")

    def beside(self, other: Share) -> Share:
        """Two statements on one holding: the interval that both allow, else the hull of the two."""
        low = max(self.low, other.low)
        high = min(self.high, other.high)
        if low > high:
            low = min(self.low, other.low)
            high = max(self.high, other.high)
        source = "; ".join(filter(None, sorted({self.source, other.source})))
        return replace(self, low=low, high=high, source=source)


@dataclass(frozen=True)
class OwnershipRule:
    """A 50 percent rule as a dated switch, with the scope that its regulator gives it (``rules.toml``)."""

    name: str
    lists: Sequence[str]
    effect: str
    scope: str
    threshold: float
    share: str  # "more than" the threshold, or "at least"
    aggregate: bool
    since: dt.date
    control: str
    cites: str
    url: str
    outside: Sequence[
        str
    ] = ()  # lists whose names begin like one of ``lists`` and that do not count
    programmes: Mapping[str, Sequence[str]] | None = (
        None  # of a list: the programmes that alone count
    )
    until: dt.date = dt.date.max
    suspended: Sequence[dt.date] = ()  # first and last day
    any_share: bool = False  # the text names no share: less than the threshold not known

    def in_force(self, day: dt.date) -> bool:
        suspended = bool(self.suspended) and self.suspended[0] <= day <= self.suspended[1]
        return self.since <= day < self.until and not suspended

    def reached(self, share: float) -> bool:
        return (
            share > self.threshold + 1e-9
            if self.share == "more than"
            else share >= self.threshold - 1e-9
        )

    def covers(self, lists: Iterable[str]) -> bool | None:
        """Whether a party on these lists counts; None where its programmes decide and are not given."""
        found: bool | None = False
        for entry in lists:
            own = next((x for x in self.lists if entry.startswith(x)), None)
            if own is None or any(map(entry.startswith, self.outside)):
                continue
            wanted = (self.programmes or {}).get(own)
            programme = entry[len(own) :].strip()
            if wanted is None or programme in wanted:
                return True
            if not programme:
                found = None
        return found


@cache
def rules() -> tuple[OwnershipRule, ...]:
    """The rules of ``rules.toml``."""
    table = read_package_toml(__package__, "rules.toml")
    return tuple(OwnershipRule(**r) for r in table["ownership"])


@dataclass(frozen=True, slots=True)
class Path:
    """A chain from a listed owner down to the firm; ``low`` and ``high`` are the products of its shares."""

    owners: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a firm on a date."""

    rule: str
    verdict: str  # listed (itself), covered, not covered, not known
    reason: str  # why, where the shares alone do not say it
    effect: str
    low: float  # percent held by listed parties as the rule counts
    high: float
    owners: tuple[str, ...]  # listed parties at the heads of chains
    scope: str
    control: str
    cites: str
    url: str


class Ownership:
    """The holdings that are known, as of a date.

    Raises
    ------
    DataError
        where the owners of a firm hold more than all of it.
    """

    def __init__(self, shares: Iterable[Share], day: dt.date | None = None) -> None:
        self.day = day or dt.date.today()
        self.own: dict[str, float] = {}  # the greatest percent of itself that a firm holds
        merged: dict[tuple[str, str], Share] = {}
        for s in shares:
            if not s.holds_on(self.day):
                continue
            if s.owner == s.owned:
                self.own[s.owned] = max(s.high, self.own.get(s.owned, 0.0))
                continue
            known = merged.get((s.owner, s.owned))
            merged[s.owner, s.owned] = known.beside(s) if known else s
        self.owners_of: dict[str, list[Share]] = {}
        for s in merged.values():
            self.owners_of.setdefault(s.owned, []).append(s)
        for owned, held in self.owners_of.items():
            lows = sum(s.low for s in held)
            if lows > 100 + 1e-6:
                told = ", ".join(f"{s.owner} {s.low:g}" for s in held)
                raise DataError(
                    f"{owned}: its owners hold more than 100 % together ({told}). Correct the "
                    "shares"
                )
            # No owner can hold more than the others leave, in a sum or in a chain.
            held[:] = [
                replace(s, high=max(s.low, min(s.high, round(100 - (lows - s.low), 9))))
                for s in held
            ]

    def upstream(self, firm: str) -> list[str]:
        """The firm and all its direct and indirect owners."""
        seen = {firm: None}
        stack = [firm]
        while stack:
            for s in self.owners_of.get(stack.pop(), ()):
                if s.owner not in seen:
                    seen[s.owner] = None
                    stack.append(s.owner)
        return list(seen)

    def by_rule(self, firm: str, rule: OwnershipRule, listed: set[str], *, greatest: bool) -> float:
        """The least or greatest percent as the rule counts: firms at the threshold count as listed in full."""
        nodes = self.upstream(firm)
        covered = {n for n in nodes if n in listed}
        # Least fixed point: firms are added while any reaches the threshold; the order does not matter.
        while added := {
            n
            for n in nodes
            if n not in covered and rule.reached(self._held_by(n, covered, rule, greatest=greatest))
        }:
            covered |= added
        return self._held_by(firm, covered - {firm}, rule, greatest=greatest)

    def _held_by(
        self, firm: str, covered: set[str], rule: OwnershipRule, *, greatest: bool
    ) -> float:
        held = self.owners_of.get(firm, ())
        own = [s for s in held if s.owner in covered]
        if not own:
            return 0.0
        ends = [s.high if greatest else s.low for s in own]
        if not greatest:
            return min(sum(ends), 100.0) if rule.aggregate else max(ends)
        room = 100.0 - sum(s.low for s in held if s.owner not in covered)
        most = max(min(sum(ends), room), 0.0) if rule.aggregate else max(ends)
        rest = 100.0 - min(
            self.own.get(firm, 0.0), 99.0
        )  # of the shares that others hold it is more
        return min(most / rest * 100, 100.0)

    def paths(self, firm: str, listed: set[str]) -> list[Path]:
        """For each listed owner and each direct owner of the firm that it stands behind, the chain with the greatest
        product; the greatest first. A chain ends at the first listed party.

        Not every chain: a dense network of 25 firms has more of them than could be counted. The time is that of one
        search of the greatest product for each direct owner (Dijkstra 1959: products only fall along a chain).
        """
        found = [
            p for last in self.owners_of.get(firm, ()) for p in self._greatest_chains(last, listed)
        ]
        return sorted(found, key=lambda p: (-p.high, -p.low, p.owners))

    def _greatest_chains(self, last: Share, listed: set[str]) -> Iterator[Path]:
        """Of each listed party above: the chain that ends with ``last`` and has the greatest product."""
        done = {last.owned}
        # By the greatest high end, then low end, then the fewest links, then the names: no order of the file counts.
        queue: list[tuple[float, float, int, tuple[str, ...]]] = [
            (-last.high, -last.low, 1, (last.owner, last.owned))
        ]
        while queue:
            high, low, links, owners = heapq.heappop(queue)
            if owners[0] in done:
                continue
            done.add(owners[0])
            if owners[0] in listed:
                yield Path(owners, round(-low, 6), round(-high, 6))
                continue
            for s in self.owners_of.get(owners[0], ()):
                if s.owner not in done:
                    longer = (high * s.high / 100, low * s.low / 100, links + 1, (s.owner, *owners))
                    heapq.heappush(queue, longer)

    def verdicts(
        self,
        firm: str,
        listings: Listings,
        perhaps: Listings = MappingProxyType({}),
        held: Collection[str] | None = None,
    ) -> list[Verdict]:
        """What each rule in force on the day says.

        ``listings``: listed party -> the lists it stands on; ``perhaps``: the same of parties that may be listed, whose
        shares count at the greatest alone; ``held``: the lists that were looked at, None for all. Where a rule has none
        of them, it is not known.
        """
        in_force = (rule for rule in rules() if rule.in_force(self.day))
        return [self._by(rule, firm, listings, perhaps, held) for rule in in_force]

    def _by(
        self,
        rule: OwnershipRule,
        firm: str,
        listings: Listings,
        perhaps: Listings,
        held: Collection[str] | None,
    ) -> Verdict:
        """Return what one rule says; the arguments are those of :meth:`verdicts`."""
        counts = {p: rule.covers(lists) for p, lists in listings.items()}
        listed = {p for p, counted in counts.items() if counted}
        perhaps_listed = {p for p, lists in perhaps.items() if rule.covers(lists) is not False}
        unsure = perhaps_listed - listed
        possible = listed | unsure | {p for p, counted in counts.items() if counted is None}
        low = self.by_rule(firm, rule, listed, greatest=False)
        high = max(low, self.by_rule(firm, rule, possible, greatest=True))
        heads = tuple(dict.fromkeys(p.owners[0] for p in self.paths(firm, possible)))
        if firm in listed:
            verdict, reason = "listed", ""
        elif rule.reached(low):
            verdict, reason = "covered", ""
        elif firm in unsure:
            verdict = "not known"
            reason = f"{firm} itself may be listed: its name alone does not tell"
        elif rule.reached(high) or (rule.any_share and high > 0):
            verdict = "not known"
            reason = self._why_it_may_be_covered(firm, [x for x in heads if x in unsure])
        else:
            verdict, reason = _not_reached(rule, held)
        if rule.suspended and self.day > rule.suspended[1]:
            ended = (
                f"its suspension was to end on {rule.suspended[1]}; we have not checked whether it "
                "did"
            )
            reason = "; ".join(filter(None, (reason, ended)))
        return Verdict(
            rule=rule.name,
            verdict=verdict,
            reason=reason,
            effect=rule.effect,
            low=round(low, 4),
            high=round(high, 4),
            owners=heads,
            scope=rule.scope,
            control=rule.control,
            cites=rule.cites,
            url=rule.url,
        )

    def _why_it_may_be_covered(self, firm: str, unsure_heads: Sequence[str]) -> str:
        """Return why only the greatest count of shares reaches a rule; "" where ranges alone do."""
        if unsure_heads:
            return f"{', '.join(unsure_heads)} may be listed: the name alone does not tell"
        own = self.own.get(firm)
        if own:
            return (
                f"{firm} holds up to {own:g} percent of itself: of the shares of others it may be "
                "enough"
            )
        return ""


def _not_reached(rule: OwnershipRule, held: Collection[str] | None) -> tuple[str, str]:
    """Return verdict and reason of a rule whose share is not reached, by which lists we have."""
    if held is None:
        return "not covered", ""
    missing = [x for x in rule.lists if not any(e.startswith(x) for e in held)]
    if len(missing) == len(rule.lists):
        return "not known", "we have none of its lists"
    if missing:
        return "not covered", f"without {', '.join(missing)}, on which we have no data"
    return "not covered", ""
