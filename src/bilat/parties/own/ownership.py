# SPDX-License-Identifier: Apache-2.0
"""Ownership: how much of a firm listed parties hold, through chains and circles, as an interval.

The indirect share of x in y is the sum over all chains of the products of their shares; with circles (a firm
that holds itself through others) it is the limit of that sum, solved as linear equations. A share that is
not known is an interval; the least total takes all at their low end, the greatest at their high end, no firm
being held to more than 100 %.

The 50 percent rules count otherwise: a firm owned to half or more by listed parties counts as listed itself,
and its own holdings then count in full (not multiplied). Both are computed; the rule decides on the second.
"""

from __future__ import annotations

import datetime as dt
import heapq
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import prod

import numpy as np

from bilat.errors import DataError, UsageError


@dataclass(frozen=True, slots=True)
class Share:
    """``owner`` holds between ``low`` and ``high`` percent of ``owned``; where it is told."""

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
                f"share of {self.owner} in {self.owned}: {self.low} to {self.high} is not an interval "
                f"within 0 to 100 %"
            )

    def holds_on(self, day: dt.date) -> bool:
        text = day.isoformat()
        return (not self.since or self.since <= text) and (not self.until or self.until > text)


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """A 50 percent rule as a dated switch, with the scope that its regulator gives it."""

    name: str
    lists: tuple[str, ...]
    outside: tuple[str, ...]  # lists whose names begin like one of ``lists`` and that do not count
    programmes: Mapping[str, tuple[str, ...]]  # of a list: the programmes that alone count
    effect: str
    scope: str
    threshold: float
    strict: bool  # more than the threshold, not at least
    aggregate: bool
    since: dt.date
    until: dt.date | None
    suspended: tuple[dt.date, dt.date] | None
    control: str
    cites: str
    url: str
    any_share: bool = False  # the text names no share: less than the threshold not known

    def in_force(self, day: dt.date) -> bool:
        if day < self.since or (self.until is not None and day >= self.until):
            return False
        return self.suspended is None or not (self.suspended[0] <= day <= self.suspended[1])

    def reached(self, share: float) -> bool:
        return share > self.threshold + 1e-9 if self.strict else share >= self.threshold - 1e-9

    def not_among(self, held: Collection[str]) -> list[str]:
        """The rule's lists of which nothing is held."""
        return [x for x in self.lists if not any(entry.startswith(x) for entry in held)]

    def covers(self, lists: Iterable[str]) -> bool | None:
        """Whether a party on these lists counts; None where its programmes decide and are not given.

        An entry is the name of a list, with a programme after it where one is known (``OFAC SDN RUSSIA-EO14024``).
        """
        found: bool | None = False
        for entry in lists:
            own = next((x for x in self.lists if entry.startswith(x)), None)
            if own is None or entry.startswith(self.outside or ("\0",)):
                continue
            wanted = self.programmes.get(own)
            programme = entry[len(own) :].strip()
            if wanted is None or programme in wanted:
                return True
            if not programme:
                found = None
        return found


@cache
def rules() -> tuple[OwnershipRule, ...]:
    """The rules of ``rules.toml``."""
    table = tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return tuple(
        OwnershipRule(
            r["rule"],
            tuple(r["lists"]),
            tuple(r.get("except", ())),
            {k: tuple(v) for k, v in r.get("programmes", {}).items()},
            r["effect"],
            r["scope"],
            r["threshold"],
            r["share"] == "more than",
            r["aggregate"],
            r["since"],
            r.get("until"),
            tuple(r["suspended"]) if "suspended" in r else None,
            r["control"],
            r["cites"],
            r["url"],
            r.get("any_share", False),
        )
        for r in table["ownership"]
    )


@dataclass(frozen=True, slots=True)
class Path:
    """A chain from a listed owner down to the firm; ``low`` and ``high`` are the products of its shares."""

    owners: tuple[str, ...]
    low: float
    high: float


def _products(chain: Iterable[Share]) -> tuple[float, float]:
    """(low, high) products of a chain's shares."""
    chain = tuple(chain)
    return prod(s.low / 100 for s in chain), prod(s.high / 100 for s in chain)


def _path(firm: str, chain: tuple[Share, ...]) -> Path:
    low, high = _products(chain)
    return Path((*(s.owner for s in chain), firm), round(low * 100, 6), round(high * 100, 6))


def _in_queue(chain: tuple[Share, ...]) -> tuple[float, float, int, tuple[str, ...], tuple[Share, ...]]:
    low, high = _products(chain)
    return -high, -low, len(chain), tuple(s.owner for s in chain), chain


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a firm on a date."""

    rule: str
    verdict: str  # listed (itself), covered, not covered, not known
    low: float  # percent held by listed parties as the rule counts
    high: float
    owners: tuple[str, ...]  # listed parties at the heads of chains
    cites: str
    url: str
    effect: str = ""
    scope: str = ""
    control: str = ""
    reason: str = ""  # why, where the shares alone do not say it


class Ownership:
    """The holdings that are known, as of a date."""

    def __init__(self, shares: Iterable[Share], day: dt.date | None = None) -> None:
        self.day = day or dt.date.today()
        merged: dict[tuple[str, str], Share] = {}
        self.own: dict[str, float] = {}  # the greatest percent of itself that a firm holds
        for s in shares:
            if not s.holds_on(self.day):
                continue
            if s.owner == s.owned:
                self.own[s.owned] = max(s.high, self.own.get(s.owned, 0.0))
                continue
            key = (s.owner, s.owned)
            old = merged.get(key)
            # Two sources on one holding: the interval that both allow, else the hull of the two.
            if old is not None:
                low, high = max(old.low, s.low), min(old.high, s.high)
                if low > high:
                    low, high = min(old.low, s.low), max(old.high, s.high)
                s = Share(
                    s.owner, s.owned, low, high, "; ".join(filter(None, sorted({old.source, s.source})))
                )
            merged[key] = s
        self.shares = merged
        self.owners_of: dict[str, list[Share]] = {}
        for s in merged.values():
            self.owners_of.setdefault(s.owned, []).append(s)
        for owned, held in self.owners_of.items():
            if sum(s.low for s in held) > 100 + 1e-6:
                told = ", ".join(f"{s.owner} {s.low:g}" for s in held)
                raise DataError(
                    f"{owned}: its owners hold more than 100 % together ({told}); correct the shares"
                )
            # No owner can hold more than the others leave, in a sum or in a chain.
            lows = sum(s.low for s in held)
            held[:] = [replace(s, high=max(s.low, min(s.high, round(100 - (lows - s.low), 9)))) for s in held]

    def upstream(self, firm: str) -> list[str]:
        """The firm and all its direct and indirect owners."""
        seen, stack = {firm: None}, [firm]
        while stack:
            for s in self.owners_of.get(stack.pop(), ()):
                if s.owner not in seen:
                    seen[s.owner] = None
                    stack.append(s.owner)
        return list(seen)

    def indirect(self, firm: str, listed: set[str]) -> tuple[float, float]:
        """(least, greatest) percent of the firm that listed parties hold through all chains."""
        low = self._least(firm, listed)
        return low, max(low, self._greatest(firm, listed))

    def _least(self, firm: str, listed: set[str]) -> float:
        nodes = self.upstream(firm)
        number = {n: i for i, n in enumerate(nodes)}
        a = np.eye(len(nodes))
        b = np.zeros(len(nodes))
        for n in nodes:
            if n in listed:
                b[number[n]] = 1.0  # a listed party is held by the listed in full
                continue
            for s in self.owners_of.get(n, ()):
                a[number[n], number[s.owner]] -= s.low / 100
        try:
            solved = np.linalg.solve(a, b)
        except np.linalg.LinAlgError:
            solved = np.linalg.lstsq(a, b, rcond=None)[0]  # a circle that no one outside owns
        return float(np.clip(solved[number[firm]], 0, 1) * 100)

    def _greatest(self, firm: str, listed: set[str]) -> float:
        """What is open goes to the owners with most listed parties above them; no firm is held to more than all."""
        nodes = self.upstream(firm)
        value = {n: 1.0 if n in listed else 0.0 for n in nodes}
        for _ in range(1000):
            new = {n: 1.0 if n in listed else self._filled(n, value) for n in nodes}
            moved = max(abs(new[n] - value[n]) for n in nodes)
            value = new
            if moved < 1e-10:
                break
        return min(value[firm], 1.0) * 100

    def _filled(self, firm: str, value: Mapping[str, float]) -> float:
        held = self.owners_of.get(firm, ())
        room = 100.0 - sum(s.low for s in held)
        total = 0.0
        for s in sorted(held, key=lambda s: (-value[s.owner], s.owner)):
            more = min(s.high - s.low, max(room, 0.0))
            room -= more
            total += (s.low + more) * value[s.owner]
        return total / 100

    def by_rule(
        self, firm: str, rule: OwnershipRule, listed: set[str], possible: set[str] | None = None
    ) -> tuple[float, float]:
        """(least, greatest) percent as the rule counts: firms at the threshold count as listed in full.

        ``possible`` are parties that may or may not be under the rule: they count at the greatest.
        """
        low = self._cascade(firm, rule, listed, greatest=False)
        high = self._cascade(firm, rule, listed | (possible or set()), greatest=True)
        return low, max(low, high)

    def _cascade(self, firm: str, rule: OwnershipRule, listed: set[str], *, greatest: bool) -> float:
        nodes = self.upstream(firm)
        covered = {n for n in nodes if n in listed}
        # Least fixed point: firms are added while any reaches the threshold; the order does not matter.
        while True:
            added = {
                n
                for n in nodes
                if n not in covered and rule.reached(self._held_by(n, covered, rule, greatest=greatest))
            }
            if not added:
                break
            covered |= added
        return self._held_by(firm, covered - {firm}, rule, greatest=greatest)

    def _held_by(self, firm: str, covered: set[str], rule: OwnershipRule, *, greatest: bool) -> float:
        held = self.owners_of.get(firm, ())
        own = [s for s in held if s.owner in covered]
        if not own:
            return 0.0
        if not greatest:
            return min(sum(s.low for s in own), 100.0) if rule.aggregate else max(s.low for s in own)
        lows = sum(s.low for s in held)
        if rule.aggregate:
            room = 100.0 - sum(s.low for s in held if s.owner not in covered)
            most = max(min(sum(s.high for s in own), room), 0.0)
        else:
            most = max(min(s.high, 100.0 - (lows - s.low)) for s in own)
        rest = 100.0 - min(self.own.get(firm, 0.0), 99.0)  # of the shares that others hold it is more
        return min(most / rest * 100, 100.0)

    def paths(self, firm: str, listed: set[str]) -> list[Path]:
        """For each listed owner and each direct owner of the firm that it stands behind, the chain with the greatest
        product; the greatest first. A chain ends at the first listed party.

        Not every chain: a dense network of 25 firms has more of them than could be counted. The time is that of one
        search of the greatest product for each direct owner (Dijkstra 1959: products only fall along a chain).
        """
        found = [
            _path(firm, chain)
            for last in self.owners_of.get(firm, ())
            for chain in self._greatest_chains(last, firm, listed)
        ]
        return sorted(found, key=lambda p: (-p.high, -p.low, p.owners))

    def _greatest_chains(self, last: Share, firm: str, listed: set[str]) -> Iterator[tuple[Share, ...]]:
        """Of each listed party above: the chain to the firm through ``last`` with the greatest product."""
        done = {firm}
        # By the greatest high end, then low end, then the fewest links, then the names: no order of the file counts.
        queue = [_in_queue((last,))]
        while queue:
            chain = heapq.heappop(queue)[-1]
            head = chain[0].owner
            if head in done:
                continue
            done.add(head)
            if head in listed:
                yield chain
                continue
            for s in self.owners_of.get(head, ()):
                if s.owner not in done:
                    heapq.heappush(queue, _in_queue((s, *chain)))

    def verdicts(
        self,
        firm: str,
        listings: Mapping[str, Iterable[str]],
        perhaps: Mapping[str, Iterable[str]] | None = None,
        held: Collection[str] | None = None,
    ) -> list[Verdict]:
        """What each rule in force on the day says.

        Parameters
        ----------
        firm
            the firm.
        listings
            listed party -> the lists it stands on.
        perhaps
            the same of parties that may be listed: their shares count at the greatest alone.
        held
            the lists that were looked at; None: all. Where a rule has none of them, it is not known.
        """
        return [
            self._verdict(firm, rule, listings, perhaps or {}, held)
            for rule in rules()
            if rule.in_force(self.day)
        ]

    def _verdict(
        self,
        firm: str,
        rule: OwnershipRule,
        listings: Mapping[str, Iterable[str]],
        perhaps: Mapping[str, Iterable[str]],
        held: Collection[str] | None,
    ) -> Verdict:
        told = {p: rule.covers(lists) for p, lists in listings.items()}
        listed = {p for p, counts in told.items() if counts}
        unsure = {p for p, lists in perhaps.items() if rule.covers(lists) is not False} - listed
        possible = {p for p, counts in told.items() if counts is None} | unsure
        low, high = self.by_rule(firm, rule, listed, possible)
        heads = tuple(dict.fromkeys(p.owners[0] for p in self.paths(firm, listed | possible)))
        missing = rule.not_among(held) if held is not None else []
        reason = ""
        if firm in listed:
            verdict = "listed"
        elif rule.reached(low):
            verdict = "covered"
        elif firm in unsure:
            verdict, reason = "not known", f"{firm} itself may be listed: its name alone does not say"
        elif rule.reached(high) or (rule.any_share and high > 0):
            verdict = "not known"
            if names := [x for x in heads if x in unsure]:
                reason = f"{', '.join(names)} may be listed: the name alone does not say"
            elif own := self.own.get(firm):
                reason = (
                    f"{firm} holds up to {own:g} percent of itself: of the shares of others it may be enough"
                )
        elif held is not None and len(missing) == len(rule.lists):
            verdict, reason = "not known", "none of its lists is held"
        else:
            verdict = "not covered"
            reason = f"without {', '.join(missing)}, of which nothing is held" if missing else ""
        if rule.suspended and self.day > rule.suspended[1]:
            ended = f"its suspension was to end on {rule.suspended[1]}; whether it did was not checked"
            reason = "; ".join(filter(None, (reason, ended)))
        return Verdict(
            rule.name, verdict, round(low, 4), round(high, 4), heads, rule.cites, rule.url, rule.effect,
            rule.scope, rule.control, reason,
        )  # fmt: skip
