# SPDX-License-Identifier: Apache-2.0
"""How much a topic of two states stands out: its size times what is surprising in it, and how old it is.

Size is a share of either side's total, scaled by the share at which a state depends on the other.
Surprise is a place at either end of the ranking of all pairs, and a change since the period before.
A topic below the floor is not printed: a supplier of 0.4% of a state's arms is no news of the two.
What a statement says of very many pairs at once is little surprise of any one of them.

Force between the two comes before everything else if it is

- a war, an attack or a deadly clash of the last five years;
- a threat or a clash without deaths of the last eighteen months;
- a clash without deaths of the last five years, if their last deadly one lies within ten.

Force that the two used side by side counts as force. If an agreement has ended their conflict, the
force before it is ranked as any other topic.

The numbers below were set while the pages of some twenty pairs were read (November 2026); they order
topics and decide no answer.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from bilat.dyad import Dyad
from bilat.verdicts.topics import Facet
from bilat.verdicts.topics.topic import FORCE_WITHIN
from bilat.verdicts.topics.treaties import AMONG_FOES, BROKEN
from bilat.when import AsOf

#: Least size of a topic that is printed.
FLOOR = 0.025
#: Days after which force between the two, or a deed, is history.
RECENT = FORCE_WITHIN
#: Days within which a threat, or a clash without deaths, comes before everything else.
_TENSE = 548
#: (days, factor): how much a finding counts whose record ended so long ago.
_FRESHNESS = ((_TENSE, 1.0), (3 * 366, 0.6), (6 * 366, 0.3))
_HISTORY = 0.1
#: Of deadly force within ten years, and of a clash without deaths.
_LATELY_FOUGHT = 0.6
_LATELY_CLASHED = 0.3
#: Of a treaty that a document of the two tells of: nothing says that it ended.
_SIGNED_ONCE = 0.3
#: The duty of such a treaty.
SIGNED = "signed"
#: A share of a ranking of pairs at either end of which a pair stands out.
_TAIL = 0.1
#: Size of a topic that a document leads: what somebody did, and what somebody said.
_DEED = 0.8
_WORD = 0.4
#: Shares, in per cent, at which a state depends on another for its trade and for its crude.
_TRADE_SHARE = 20.0
_ENERGY_SHARE = 15.0
#: A share of trade that is no news, in per cent; and one that is none after three years.
_NO_NEWS = 1.0
_NO_NEWS_LATER = 10.0
_LATER = 3 * 366
#: Share of its arms imports at which a state depends on a supplier; deliveries of five years, in
#: million SIPRI points, that arm a state of which no share is known.
_ARMS_SHARE = 0.3
_ARMS_POINTS = 500.0
#: The most that deliveries count of which nobody knows what share they are; and deliveries of five
#: years below which a share of them says little: the buyer hardly buys.
_ARMS_WITHOUT_SHARE = 0.4
_ARMS_LITTLE = 50.0
#: Years whose deliveries are summed.
_ARMS_YEARS = 5
#: Sales of chips in dollars, and American troops in persons, that are large.
_CHIPS = 1e9
_TROOPS = 10_000.0
#: Gas from one state, in billion cubic metres a year, that is large.
_GAS = 40.0
#: Size of common votes, of those on the war of one of the two, and of meetings. How two vote is a
#: sign of what they do, and comes after it.
_VOTES = 0.03
_WAR_VOTES = 0.2
_MEETINGS = 0.4
#: A share of a ranking of pairs at either end of which common votes are told.
_UNUSUAL = 0.25
#: Size of parties that one lists: for what they do with the other state, with several others, and
#: with one other.
_LISTED = 0.6
_LISTED_FOR_OTHERS = 0.1
_LISTED_FOR_ONE_OTHER = 0.05
#: A list of exercises that was compiled for another pair, which shares no headline with a topic of
#: full size, and one of the two's own.
_WITH_OTHERS = 0.2
_EXERCISES = 0.8
#: A treaty of defence with a document of the last five years, or as young; and an older one of the
#: two alone.
_TREATY = 1.0
_UNUSED_TREATY = 0.5
#: The largest size of a topic whose document tells of one meeting, or of one vote among many.
_MOST_BY_DOCUMENT = {"meetings": _MEETINGS, "votes": 0.2}
#: The largest size of what somebody only says: that two have no treaty is no treaty, and a document
#: on no topic of ours describes the two at large.
_BY_WORD = {"treaties": 0.3, "documents": 0.3}
#: Records that ended long ago: agreements and disputes to 2010.
_OLD_RECORD = 0.3


@dataclass(frozen=True)
class Prominence:
    """How much a topic stands out."""

    size: float  #: 0 to 1
    surprise: float  #: 0 to 1
    freshness: float  #: 0 to 1
    force: bool  #: force between the two that comes before everything else

    @property
    def score(self) -> float:
        """The number by which topics are ranked."""
        return self.size * (1 + self.surprise) * self.freshness + 10 * self.force


def prominence(facet: Facet, dyad: Dyad, as_of: AsOf) -> Prominence:
    """Return how much a topic of a pair stands out as of a date."""
    age = _age(facet, as_of)
    return Prominence(
        size=_size(facet, dyad, age),
        surprise=_surprise(facet),
        freshness=_freshness(facet, age, as_of),
        force=_leads_by_force(facet, age, as_of),
    )


def _age(facet: Facet, as_of: AsOf) -> int:
    """Return how many days ago ended what is told; of arms, how long ago some came."""
    if facet.name == "arms" and not facet.by_document:
        delivered = [int(year) for _, year, points in facet.points if points]
        if delivered:
            return max(0, (as_of.date - dt.date(max(delivered), 12, 31)).days)
    return (as_of.date - facet.data_to).days if facet.data_to else RECENT


def _leads_by_force(facet: Facet, age: int, as_of: AsOf) -> bool:
    """Return whether force comes before everything else: not if the two have settled it since."""
    return not facet.settled and (
        _fought_within(RECENT, facet, as_of) or _is_tense(facet, age, as_of)
    )


def _is_tense(facet: Facet, age: int, as_of: AsOf) -> bool:
    """Return whether lesser force leads: it is new, or goes on soon after a grave one."""
    if not facet.force:
        return False
    goes_on = facet.deed and age <= RECENT and _fought_within(2 * RECENT, facet, as_of)
    return goes_on or age <= _TENSE


def _fought_within(days: int, facet: Facet, as_of: AsOf) -> bool:
    """Return whether a war, an attack or a deadly clash is no older than so many days."""
    return facet.fought is not None and (as_of.date - facet.fought).days <= days


def stands_out(facet: Facet, dyad: Dyad, as_of: AsOf) -> bool:
    """Return whether a topic is large enough to be printed; that nothing is on record always is."""
    return facet.absent or prominence(facet, dyad, as_of).size >= FLOOR


def _size(facet: Facet, dyad: Dyad, age: int) -> float:
    if facet.absent:
        return 0.0
    if facet.by_document:
        size = _DEED if facet.deed else _WORD
        most = _BY_WORD.get(facet.name, size) if not facet.deed else size
        return min(most, _MOST_BY_DOCUMENT.get(facet.name, most))
    return _SIZES[facet.name](facet, dyad, age)


def _freshness(facet: Facet, age: int, as_of: AsOf) -> float:
    """Return how much the age of a finding leaves of it.

    A treaty in force does not age, and neither do relations that nobody resumed. One that a
    document tells of never becomes history: it is not known to have ended.
    """
    if facet.duty in ("defence", BROKEN):
        return 1.0
    if _fought_within(2 * RECENT, facet, as_of):
        return _LATELY_FOUGHT
    fresh = next((factor for days, factor in _FRESHNESS if age <= days), _HISTORY)
    if facet.duty == SIGNED:
        return max(fresh, _SIGNED_ONCE)
    lately = facet.force and facet.deed and age <= 2 * RECENT
    return max(fresh, _LATELY_CLASHED) if lately else fresh


def _surprise(facet: Facet) -> float:
    """Return how unusual a topic is: its place among all pairs, and its change."""
    found = 0.0
    if facet.rank and facet.of:
        above = (facet.rank - 1) / facet.of
        if min(above, 1 - above) <= _TAIL:
            found += 0.5
    if facet.last and facet.last.before:
        change = abs(facet.last.value - facet.last.before) / abs(facet.last.before)
        found += min(0.5, change)
    return found


def _arms(facet: Facet, _dyad: Dyad, _age: int) -> float:
    groups = {group for group, _, _ in facet.points}
    # A buyer whose register is open in part has points of a few years only: the last five of them
    # may reach back for decades.
    newest = facet.data_to.year if facet.data_to else 0
    recent = [(g, v) for g, period, v in facet.points if int(period) > newest - _ARMS_YEARS]
    sums = [sum(v for g, v in recent if g == group) for group in groups]
    most = max(sums, default=0.0)
    if facet.share is not None:
        some = min(1.0, most / _ARMS_LITTLE) if facet.points else 1.0
        return min(1.0, facet.share / _ARMS_SHARE) * some
    return min(_ARMS_WITHOUT_SHARE, most / _ARMS_POINTS)


def _share(largest: float) -> Callable[[Facet, Dyad, int], float]:
    """Return the size of a topic that leads with the last share of its first group."""

    def size(facet: Facet, _dyad: Dyad, _age: int) -> float:
        newest = {group: value for group, _, value in facet.points}
        return min(1.0, next(iter(newest.values()), 0.0) / largest)

    return size


def _trade(facet: Facet, dyad: Dyad, age: int) -> float:
    """Return the size of a share of trade; below what is news it has none."""
    size = _share(_TRADE_SHARE)(facet, dyad, age)
    least = _NO_NEWS_LATER if age > _LATER else _NO_NEWS
    return size if size * _TRADE_SHARE >= least else 0.0


def _value(largest: float) -> Callable[[Facet, Dyad, int], float]:
    """Return the size of a topic by its last value."""

    def size(facet: Facet, _dyad: Dyad, _age: int) -> float:
        return min(1.0, facet.points[-1][2] / largest) if facet.points else 0.0

    return size


def _fixed(size: float) -> Callable[[Facet, Dyad, int], float]:
    return lambda _t, _dyad, _age: size


def _energy(facet: Facet, dyad: Dyad, age: int) -> float:
    if facet.unit.startswith("%"):
        return _share(_ENERGY_SHARE)(facet, dyad, age)
    return _value(_GAS)(facet, dyad, age)


def _votes(facet: Facet, _dyad: Dyad, _age: int) -> float:
    """Return the size of common votes: a pair that agrees as often as most is no news."""
    above = (facet.rank or 0) / facet.of if facet.of else 0.5
    return _VOTES if min(above, 1 - above) <= _UNUSUAL else 0.0


def _treaties(facet: Facet, _dyad: Dyad, age: int) -> float:
    """Return the size of a treaty; one that only forbids to fight is one of hundreds.

    An older one that many states share is as little surprise of two of them as there are pairs;
    of two between whom there was force, or who broke off relations, it says next to nothing.
    """
    if facet.duty == AMONG_FOES:
        return FLOOR
    alive = facet.deed or age <= RECENT
    if facet.duty != "defence":
        return _UNUSED_TREATY if alive else 0.0
    if alive:
        return _TREATY
    pairs = facet.of * (facet.of - 1) / 2
    return _TREATY / (2 + math.log2(pairs)) if pairs > 1 else _UNUSED_TREATY


def _war_votes(facet: Facet, _dyad: Dyad, _age: int) -> float:
    """Return the size of votes on the war: of one at war and a state that stands out beside it."""
    return _WAR_VOTES if facet.usual is not None and facet.usual <= _UNUSUAL else 0.0


def _exercises(_t: Facet, dyad: Dyad, _age: int) -> float:
    return _EXERCISES if {dyad.a, dyad.b} == {"RUS", "CHN"} else _WITH_OTHERS


def _listings(facet: Facet, _dyad: Dyad, _age: int) -> float:
    sizes = {"aimed": _LISTED, "aimed at another": _LISTED_FOR_ONE_OTHER}
    return sizes.get(facet.duty, _LISTED_FOR_OTHERS)


_SIZES: dict[str, Callable[[Facet, Dyad, int], float]] = {
    "arms": _arms,
    "technology": _value(_CHIPS),
    "trade": _trade,
    "energy": _energy,
    "exercises": _exercises,
    "troops": _value(_TROOPS),
    "treaties": _treaties,
    "votes": _votes,
    "war": _war_votes,
    "meetings": _fixed(_MEETINGS),
    "agreements": _fixed(_OLD_RECORD),
    "disputes": _fixed(_OLD_RECORD),
    "together": _fixed(_DEED),
    "listings": _listings,
}
