# SPDX-License-Identifier: Apache-2.0
"""The sentences that all answers on diversion share, and those of records that allow no test."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.diversion.answer import (
    RISE,
    BeforeAndSince,
    Diversion,
    Hub,
    NotTested,
    Onward,
    Route,
    SalesApart,
)
from bilat.diversion.onward import SUPPLIED
from bilat.diversion.unit_steps import PURCHASES
from bilat.diversion.words import (
    age,
    fold,
    hub_name,
    largest_of_each_hub,
    many,
    origins,
    paragraph,
    period_of,
    silent,
    some_of,
    targets,
    times_of,
    window,
)
from bilat.document.wording import capital, joined, possessive
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.places import spoken_name
from bilat.units.notation import count_text, figure

#: Above this probability the likeliest route is named even if no route stands out. It is a little
#: more than even odds, so that a route that is as likely as not is not named.
EVEN = 0.55
#: A smaller part of the loss is printed as "less than 0.1%".
LEAST_SHARE = 0.001
#: A smaller fall of direct sales is not called one.
LEAST_FALL = 0.05
#: A larger rise is printed as "from next to nothing".
MOST_TIMES = 1000
MONTHS_OF_A_YEAR = 12


def rise_of_sales(hub: Hub) -> str:
    """Return how much a hub's sales rose since the break, to be put after its name.

    It begins with a blank: `` 7.1-fold``, or `` from nothing`` if the hub sold nothing before.
    """
    sales = hub.sales
    if sales is None or sales.before <= 0:
        return " from nothing"
    ratio = sales.actual / sales.before
    return f" {fold(ratio)}" if ratio < MOST_TIMES else " from next to nothing"


def share_of_loss(found: Diversion, low: float, high: float, target: str) -> str:
    """Return in brackets what part of the target's loss an amount is.

    It is blank if there is no loss. It is blank too if a state under the same ban lost more: the
    goods may have gone there.
    """
    lost = found.total.lost
    if not lost or lost <= 0:
        return ""
    if max(found.also_banned.values(), default=0.0) > lost:
        return ""
    if high > lost:
        return f" (possibly more than all that {target} lost, {figure(lost, found.currency)})"
    return f" ({_share(low / lost, high / lost)} of what {target} lost)"


def _share(low: float, high: float) -> str:
    """Return ``2.4% to 12.9%``, ``up to 3.0%`` or ``less than 0.1%``."""
    if high < LEAST_SHARE:
        return f"less than {percent(LEAST_SHARE)}"
    if low <= 0:
        return f"up to {percent(high)}"
    first = percent(low)
    last = percent(high)
    return first if first == last else f"{first} to {last}"


def likeliest(found: Diversion) -> Route | None:
    """Return the route with the highest probability, if that is well above even odds."""
    best = max(found.rows, key=lambda r: r.probability, default=None)
    return best if best is not None and best.probability > EVEN else None


class Untested:
    """The answer if the records allow no test, and the base class of all other answers.

    An answer prints its ``title``, its ``first`` sentences and its ``second`` ones, in this order.
    Subclasses replace these, and share the sentences on missing data, on hubs whose sales rose, and
    on routes that have stopped.

    Attributes
    ----------
    target, origin
        the names of the targets and of the origins.
    start
        the period from which on trade is compared with earlier trade.
    unknown
        the names of hubs whose figures change their unit, so that their purchases are unknown.
    to
        the end of a title: to when the records go, and how long ago that was.
    leapt
        hubs that are not named as routes although their sales rose beyond their past, those with
        the largest rise first.
    """

    def __init__(self, found: Diversion) -> None:
        self.found = found
        self.target = targets(found)
        self.origin = origins(found)
        in_two_units = {s.hub for s in found.silences if s.kind == PURCHASES}
        self.start = when(found.since)
        self.unknown = joined([spoken_name(hub) for hub in sorted(in_two_units)])
        years_old = age(found)
        how_old = f", {years_old} old" if years_old else ""
        self.to = f" (data to {when(found.after[1])}{how_old})"
        rises: list[tuple[float, Hub]] = []
        for hub in found.hubs:
            if hub.sales and hub.sales.leapt and hub.hub not in found.named:
                rises.append((hub.sales.rise, hub))
        rises.sort(key=lambda item: item[0], reverse=True)
        self.leapt = [hub for _, hub in rises]

    @property
    def _only_absent_hubs(self) -> bool:
        """Whether we have no purchases of any hub that the question names."""
        return bool(self.found.absent) and not self.found.hubs

    @property
    def foreign(self) -> list[tuple[Hub, Onward]]:
        """Hubs whose sales rose while the origins supplied next to none of the goods.

        Their sales to the targets leapt, or are many times those before where too little past is
        known for a test. Those with the largest sales come first.
        """
        found = []
        for hub in self.found.hubs:
            sales = hub.sales
            if sales is None or hub.hub in self.found.named:
                continue
            if sales.from_origins is None or sales.from_origins >= SUPPLIED:
                continue
            is_untested = sales.q_value is None
            if sales.leapt or (is_untested and sales.actual > RISE * sales.before):
                found.append((hub, sales))
        return sorted(found, key=lambda item: -item[1].actual)

    def foreign_title(self) -> str:
        """Return the title on the first of :attr:`foreign`, with its suppliers."""
        hub, sales = self.foreign[0]
        who = joined([spoken_name(s) for s, _ in self._others(sales)]) or "others"
        return (
            f"{possessive(hub_name(hub))} sales to {self.target} reached "
            f"{figure(sales.actual, self.found.currency)}; {who} supplied the goods, not "
            f"{self.origin}{self.to}"
        )

    def _others(self, sales: Onward) -> list[tuple[str, float]]:
        """Return the suppliers of a hub other than the origins, each with its part, 0 to 1."""
        return [(s, part) for s, part in sales.suppliers if s not in self.found.origins]

    def foreign_supply(self) -> str:
        """Return the sentence on the first of :attr:`foreign`."""
        found = self.found
        hub, sales = self.foreign[0]
        shares = [f"{spoken_name(s)} ({percent(part)})" for s, part in self._others(sales)]
        who = f"The suppliers were {joined(shares)}; " if shares else ""
        if not sales.has_past:
            before = "with no earlier figures to compare it with"
        elif sales.before:
            before = f"up from {figure(sales.before, found.currency)} in the same period before"
        else:
            before = "from nothing"
        return (
            f"{hub_name(hub)} sold {self.target} {figure(sales.actual, found.currency)} of these "
            f"goods, {before}. {capital(f'{who}{self.origin} supplied ')}"
            f"{percent(sales.from_origins or 0.0)}. "
            "Ask again with `origin` ANY, or name the suppliers."
        )

    def of_unknown_sales(self) -> list[Hub]:
        """Return the hubs that bought more and whose sales to the targets are not stored."""
        return []

    def title(self) -> str:
        found = self.found
        if self._only_absent_hubs:
            return (
                f"No route through {some_of(found.absent)} was tested: we have no data by product"
            )
        if found.not_tested:
            why = f"{self._why_not_tested(found.not_tested)}, so no route was tested{self.to}"
            if not self.leapt:
                return why
            hub = self.leapt[0]
            sold = f"{possessive(hub_name(hub))} sales to {self.target} rose{rise_of_sales(hub)}"
            return f"{sold}. {why}"
        return "Nothing was tested"

    def _why_not_tested(self, goods: NotTested) -> str:
        """Return why goods cannot be tested: they have no past, or direct sales fell too little."""
        if not goods.has_past:
            codes = _code_or_count(goods.codes)
            verb = "has" if len(goods.codes) == 1 else "have"
            if goods.began is None:
                return f"Nobody bought {codes} before {self.start}"
            return f"{capital(codes)} {verb} been traded only since {when(goods.began)}"
        if goods.direct is None or goods.direct.before <= 0:
            return f"{self.origin} sold {self.target} none of these goods before {self.start}"
        fall = 1.0 - goods.direct.since / goods.direct.before
        if fall < LEAST_FALL:
            return f"Direct sales to {self.target} did not fall"
        return f"Direct sales to {self.target} fell by {fall:.0%}, too little for a test"

    def first(self) -> str:
        found = self.found
        if self._only_absent_hubs:
            return (
                f"We do not know which goods {some_of(found.absent)} bought from {self.origin}. "
                "What other data show is below."
            )
        if found.not_tested:
            return paragraph(self._trade_not_tested(found.not_tested))
        if self.unknown:
            return "The hubs' figures change their unit, so none can be compared with its own past."
        if found.before[0] == found.before[1]:
            one = f"one {period_of(found)} before {self.start} is too short for a comparison"
            return (
                f"The records begin with {when(found.before[0])}: {one}. So we cannot tell whether "
                "any hub bought or sold more than usual."
            )
        return (
            f"No hub reports enough trade before and since {self.start} to be compared with its "
            "own past."
        )

    def _trade_not_tested(self, goods: NotTested) -> list[str]:
        """Return the sentences on goods that cannot be tested: what was sold directly, why that
        allows no test, and who bought most."""
        said = []
        if not goods.has_past:
            codes = "this code" if len(goods.codes) == 1 else "these codes"
            said.append(
                f"Nothing was bought under {codes} {self._as_long_before}, as happens when the "
                "Harmonized System changes. So we cannot say how much is normal."
            )
        if goods.direct:
            said.append(self._direct_sales(goods.direct, goods.began))
        if goods.has_past and goods.direct:
            said.append(self._why_no_route(goods.direct))
        if goods.bought:
            buyers = [self._purchase(hub, trade) for hub, trade in goods.bought[:3]]
            said.append(f"Largest purchases by hubs: {joined(buyers)}.")
        return said

    def _why_no_route(self, direct: BeforeAndSince) -> str:
        """Return why no route is looked for in goods of which direct sales fell little or rose."""
        if direct.since >= (1.0 - LEAST_FALL) * direct.before:
            return "So there was no loss for a hub to make up."
        return (
            "We test routes only for goods that were cut off. These fell no further than goods "
            f"that {self.target} still gets."
        )

    def _direct_sales(self, sold: BeforeAndSince, began: str | None) -> str:
        """Return what the origins sold the targets before the break and since."""
        currency = self.found.currency
        sold_before, sold_since = (figure(v, currency) if v > 0 else "nothing" for v in sold)
        since = (
            f"{window(self.found)}, {self.origin} sold {self.target} {sold_since} of these goods"
        )
        if began:
            return f"{since}, after {sold_before} from {when(began)} until {self.start}."
        return f"{since}, against {sold_before} {self._as_long_before}."

    @property
    def _as_long_before(self) -> str:
        """Return what trade since the break is compared with."""
        if period_of(self.found) == "month":
            return f"in the same months before {self.start}"
        return f"in as long a time before {self.start}"

    def _purchase(self, hub: str, bought: BeforeAndSince) -> str:
        """Return ``Georgia €2.5m (1.8 times as much as before)``."""
        purchase = f"{spoken_name(hub)} {figure(bought.since, self.found.currency)}"
        if bought.before <= 0:
            return purchase
        return f"{purchase} ({times_of(bought.since / bought.before)} as much as before)"

    def brief(self) -> str:
        """Return the answer in one sentence, for a page that only links to it."""
        return self.first()

    def second(self) -> str:
        leaps = [self.leaps()] if self.leapt else []
        return paragraph([*self.missing(), *leaps]) or "These records clear nobody."

    def most_untested(self) -> list[str]:
        """Return the sentence on purchases under new codes, if they exceed what is tested."""
        new = self.found.untested
        if new is None or not self.found.is_mostly_untested:
            return []
        currency = self.found.currency
        amount = figure(sum(trade.since for _, trade in new.bought), currency)
        buyers = [f"{spoken_name(hub)} {figure(t.since, currency)}" for hub, t in new.bought[:3]]
        number = len(new.codes)
        which = f"HS {new.codes[0]}, a new code"
        if number > 1:
            which = f"{number} new codes, mostly HS {new.codes[0]}"
        return [
            f"Most of what the hubs bought cannot be tested: {amount} of {which} without earlier "
            f"figures ({joined(buyers)})."
        ]

    def missing(self) -> list[str]:
        """Return the sentences on missing and doubtful data.

        A doubt about all figures comes first. At most two hubs with gaps are named, and at most two
        with figures of an odd size.
        """
        found = self.found
        sentences = [found.size_doubt] if found.size_doubt else []
        sentences += [f"{silent(found, s)}." for s in largest_of_each_hub(found.silences)[:2]]
        odd_sizes = list(found.odd_sizes.items())
        sentences += [_odd_size(hub, times) for hub, times in odd_sizes[:2]]
        if found.sales_apart:
            sentences.append(self._later_sales(found.sales_apart))
        return sentences + self._limits_of_comparison()

    def _limits_of_comparison(self) -> list[str]:
        """Return what records of one hub, or of less than a year before the break, cannot show."""
        found = self.found
        sentences = []
        if found.buyers == 1 and not found.sales:
            sentences.append(
                "With one hub only, a rise that all hubs share looks like one of its own."
            )
        months = found.months_before
        if found.hubs and 0 < months < MONTHS_OF_A_YEAR:
            sentences.append(
                f"The records have {count_text(months, 'months')} before {self.start}, less than "
                "a year, so a season may look like a change."
            )
        return sentences

    def leaps(self) -> str:
        """Return the sentence on hubs whose sales rose beyond their past, whatever they bought."""
        rises = [f"{hub_name(hub)}{rise_of_sales(hub)}" for hub in self.leapt[:3]]
        return (
            f"Sales to {self.target} by {many(self.leapt).lower()} rose far above their past "
            f"level, whoever supplied the goods: {joined(rises)}."
        )

    def _later_sales(self, left_out: SalesApart) -> str:
        """Return the sentence on sales that were left out because they follow all purchases."""
        known = f"Purchases by the hubs are known only to {when(left_out.purchases_to)}"
        if left_out.overlap:
            last = when(left_out.to)
            return f"{known}, so sales to {self.target} after that (to {last}) are left out."
        return (
            f"{known} and sales to {self.target} only from {when(left_out.since)}: the two cannot "
            f"be compared. Give both for the same {period_of(self.found)}s."
        )

    def stopped(self) -> list[str]:
        """Return the sentence on likely routes that have stopped; none if no such route has."""
        leapt = {h.hub for h in self.leapt}
        routes = []
        for route in self.found.rows:
            leads = route.probability > EVEN or route.hub in leapt
            if leads and route.months and route.months.ended_at:
                last = when(route.months.ended_at)
                routes.append(f"{spoken_name(route.hub)} (HS {route.product}, after {last})")
        if not routes:
            return []
        if len(routes) == 1:
            return [f"One leading route has stopped: {routes[0]}."]
        number = capital(count_text(len(routes), "leading routes"))
        return [f"{number} have stopped: {joined(routes[:3])}."]

    def also_banned(self) -> list[str]:
        """Return the sentences on a state under the same ban that lost more of these goods.

        The hubs may have supplied it as well.
        """
        found = self.found
        lost = found.total.lost
        if not found.also_banned or not lost or lost <= 0:
            return []
        state, lost_there = max(found.also_banned.items(), key=lambda item: item[1])
        if lost_there < lost:
            return []
        times = times_of(lost_there / lost)
        part = percent(lost / (lost + lost_there))
        return [
            f"{spoken_name(state)}, under the same ban, lost {times} as much of these goods. The "
            "hubs may have supplied either; in proportion to the losses, "
            f"{possessive(self.target)} part is {part}."
        ]


def _code_or_count(codes: Sequence[str]) -> str:
    """Return ``HS 851713``, or ``these 3 codes``."""
    return f"HS {codes[0]}" if len(codes) == 1 else f"these {len(codes)} codes"


def _odd_size(hub: str, times: float) -> str:
    """Return the sentence on a hub whose figures of sales may be in another unit."""
    size = f"{times_of(times)} larger" if times > 1 else f"{times_of(1 / times)} smaller"
    return (
        f"Relative to its purchases, {possessive(spoken_name(hub))} sales are {size} than other "
        "hubs': check their unit (thousands, another currency). Nothing here clears it."
    )
