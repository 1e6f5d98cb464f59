# SPDX-License-Identifier: Apache-2.0
"""The sentences that all answers on diversion share, and those of records that allow no test."""

from __future__ import annotations

from bilat.diversion.answer import Diversion, Hub, NewGoods, Route
from bilat.diversion.unit_steps import PURCHASES
from bilat.diversion.words import (
    hub_name,
    largest_of_each_hub,
    many,
    origins,
    period_of,
    silent,
    some_of,
    targets,
    times_of,
)
from bilat.document.wording import capital, joined, possessive
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.places import country_name
from bilat.units.notation import count_text, figure

#: Above this probability the likeliest route is named even if no route stands out.
EVEN = 0.55
#: A smaller part of the loss is printed as "less than 0.1%".
LEAST_SHARE = 0.001
MONTHS_OF_A_YEAR = 12


def rise_of_sales(hub: Hub) -> str:
    """Return `` 7.1 times``, or `` from nothing`` if the hub sold nothing before."""
    sales = hub.sales
    if sales is None or sales.before <= 0:
        return " from nothing"
    ratio = sales.actual / sales.before
    return f" {times_of(ratio)}" if ratio < 1000 else " from next to nothing"


def share_of_loss(found: Diversion, low: float, high: float, target: str) -> str:
    """Return in brackets what part of the target's loss an amount is; blank if there is no loss, or
    if a state under the same ban lost more, since it may have got the same goods."""
    lost = found.total.lost
    if not lost or lost <= 0 or max(found.also_banned.values(), default=0.0) > lost:
        return ""
    said = f" ({_share(low / lost, high / lost)} of what {target} lost)"
    if high > lost:
        said = f" (possibly more than all that {target} lost, {figure(lost, found.currency)})"
    return said


def _share(low: float, high: float) -> str:
    """Return ``2.4% to 12.9%``, ``up to 3.0%`` or ``less than 0.1%``."""
    if high < LEAST_SHARE:
        return f"less than {percent(LEAST_SHARE)}"
    if low <= 0:
        return f"up to {percent(high)}"
    ends = percent(low), percent(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def likeliest(found: Diversion) -> Route | None:
    """Return the route with the highest probability, if that is well above even odds."""
    best = max(found.rows, key=lambda r: r.probability, default=None)
    return best if best is not None and best.probability > EVEN else None


class Untested:
    """The answer of records that allow no test. Other answers inherit the sentences on what is
    missing, on leaps of sales, and on routes that have stopped.

    ``title``, ``first`` and ``second`` are what an answer prints, in this order.
    """

    def __init__(self, found: Diversion) -> None:
        self.found = found
        self.target = targets(found)
        self.origin = origins(found)
        #: Hubs whose figures change their unit: we cannot tell what they bought.
        broken = {s.hub for s in found.silences if s.kind == PURCHASES}
        self.unknown = joined([country_name(h) for h in sorted(broken)])
        self.to = f", to {when(found.after[1])}"
        self.leapt = [
            h for h in found.hubs if h.sales and h.sales.leapt and h.hub not in found.named
        ]
        self.leapt.sort(key=lambda h: -(h.sales.rise if h.sales else 0.0))

    def title(self) -> str:
        found = self.found
        if found.absent and not found.hubs:
            return (
                f"No route through {some_of(found.absent)} was tested: we have no data by product"
            )
        if found.new_goods:
            return f"Nobody bought {self._new_codes()} before sanctions, so no route was tested"
        if self.found.fell == 0:
            return f"No direct sales to {self.target} fell, so no route was tested"
        return "Nothing was tested"

    def first(self) -> str:
        found = self.found
        if found.absent and not found.hubs:
            return (
                f"We do not know which goods {some_of(found.absent)} bought from {self.origin}. "
                "What other data show is below."
            )
        if found.new_goods:
            return self._bought_new(found.new_goods)
        if found.fell == 0:
            return (
                f"Direct sales from {self.origin} to {self.target} fell for none of these goods "
                "after "
                f"{when(found.before[1])}, so there was no loss for a hub to make up."
            )
        if self.unknown:
            return "The hubs' figures change their unit, so none can be compared with its own past."
        if found.before[0] == found.before[1]:
            one = f"one {period_of(found)} before sanctions is too short for a comparison"
            return f"The records begin with {when(found.before[0])}: {one}."
        return (
            "No hub reports enough trade before and after sanctions to be compared with its own "
            "past."
        )

    def _new_codes(self) -> str:
        """Return ``HS 851713``, or how many codes all goods asked for are."""
        new = self.found.new_goods
        codes = new.codes if new else ()
        return f"HS {codes[0]}" if len(codes) == 1 else f"these {len(codes)} codes"

    def _bought_new(self, new: NewGoods) -> str:
        """Return the sentences on goods that have no earlier trade to be compared with."""
        found = self.found
        each = [f"{country_name(hub)} {figure(v, found.currency)}" for hub, v in new.bought[:3]]
        bought = f" Since then, the largest buyers were {joined(each)}." if each else ""
        return (
            "There was no trade under this code, as when the Harmonized System changes, so nothing "
            f"shows how much is normal.{bought}"
        )

    def brief(self) -> str:
        """The answer in one sentence, for a page that only links to it."""
        return self.first()

    def second(self) -> str:
        leaps = [self.leaps()] if self.leapt else []
        return " ".join([*self.missing(), *leaps]) or "These records clear nobody."

    def missing(self) -> list[str]:
        """Return what the records do not tell, for at most two hubs of each kind of gap."""
        said = [f"{silent(self.found, s)}." for s in largest_of_each_hub(self.found.silences)[:2]]
        for hub, times in list(self.found.odd_sizes.items())[:2]:
            size = f"{times_of(times)} larger" if times > 1 else f"{times_of(1 / times)} smaller"
            said.append(
                f"Relative to its purchases, {possessive(country_name(hub))} sales are {size} "
                "than other "
                "hubs': check their unit (thousands, another currency). Nothing here clears it."
            )
        if self.found.size_doubt:
            said.insert(0, self.found.size_doubt)
        if self.found.sales_apart:
            said.append(self._later_sales())
        return said + self._thin()

    def _thin(self) -> list[str]:
        """Return what records of one hub, or of less than a year before the break, cannot tell."""
        found = self.found
        said = []
        if found.buyers == 1 and not found.sales:
            said.append("With one hub only, a rise that all hubs share looks like one of its own.")
        months = found.months_before
        if found.hubs and 0 < months < MONTHS_OF_A_YEAR:
            said.append(
                f"The records have {count_text(months, 'months')} before sanctions, less than a "
                "year, so a season may look like a change."
            )
        return said

    def leaps(self) -> str:
        """Return the sentence on hubs whose sales rose beyond their past, whatever they bought."""
        each = [f"{hub_name(h)}{rise_of_sales(h)}" for h in self.leapt[:3]]
        return (
            f"Sales to {self.target} by {many(self.leapt).lower()} rose far above their past "
            f"level, whoever supplied the goods: {joined(each)}."
        )

    def _later_sales(self) -> str:
        """Return the sentence on sales that were left out: they are later than all purchases."""
        apart = self.found.sales_apart
        assert apart is not None
        known = f"Purchases by the hubs are known only to {when(apart.purchases_to)}"
        if apart.overlap:
            return (
                f"{known}, so sales to {self.target} after that (to {when(apart.to)}) are left out."
            )
        return (
            f"{known} and sales to {self.target} only from {when(apart.since)}: the two cannot be "
            f"compared. Give both for the same {period_of(self.found)}s."
        )

    def stopped(self) -> list[str]:
        """Return the sentence on likely routes that have stopped; none if no such route has."""
        stopped = []
        for route in self.found.rows:
            if route.probability > EVEN and route.months and route.months.ended_at:
                last = when(route.months.ended_at)
                stopped.append(f"{country_name(route.hub)} (HS {route.product}, after {last})")
        if not stopped:
            return []
        if len(stopped) == 1:
            return [f"One leading route has stopped: {stopped[0]}."]
        number = capital(count_text(len(stopped), "leading routes"))
        return [f"{number} have stopped: {joined(stopped[:3])}."]

    def also_banned(self) -> list[str]:
        """Return the sentence on a state under the same ban that lost more of these goods: the hubs
        may have supplied it as well."""
        found = self.found
        lost = found.total.lost
        if not found.also_banned or not lost or lost <= 0:
            return []
        state, other = max(found.also_banned.items(), key=lambda item: item[1])
        if other < lost:
            return []
        return [
            f"{country_name(state)}, under the same ban, lost {times_of(other / lost)} as much of "
            "these "
            f"goods. The hubs may have supplied either; in proportion to the losses, "
            f"{possessive(self.target)} part is {percent(lost / (lost + other))}."
        ]
