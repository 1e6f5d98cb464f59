# SPDX-License-Identifier: Apache-2.0
"""The title of an answer on diversion, and its first two sentences.

If sales of hubs to the targets are stored, the sum over all pairs of hub and product decides. If
not, purchases decide, and every sentence says that they are purchases. No sentence clears a hub.
"""

from __future__ import annotations

from dataclasses import replace

from bilat.diversion.answer import INWARD, OUTWARD, RISE, Diversion, Hub, OwnGoods
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.heading import Heading
from bilat.diversion.sentences import (
    EVEN,
    MONTHS_OF_A_YEAR,
    Untested,
    likeliest,
    rise_of_sales,
    share_of_loss,
)
from bilat.diversion.words import (
    did,
    ends,
    fold,
    goods_name,
    how_likely,
    hub_name,
    largest_of_each_hub,
    many,
    more_of,
    paragraph,
    period_of,
    range_of_money,
    routes_stand_out,
    some_of,
    times_of,
    up_to,
    window,
)
from bilat.document.wording import capital, few, few_text, joined, possessive
from bilat.document.wording import period as when
from bilat.places import spoken_name
from bilat.units.notation import count_text, figure

#: What a hub passed on, where that is more than one code.
GOODS = "goods"
#: The most hubs in a sentence on purchases.
MOST_RISES = 6


def headline(found: Diversion) -> tuple[str, tuple[str, str]]:
    """Return the title of an answer, and its two sentences."""
    answer = _sentences(found)
    first = paragraph([*answer.most_untested(), answer.first()])
    return capital(answer.title()), (first, answer.second())


def brief_answer(found: Diversion) -> str:
    """Return the answer in one sentence, for a page that only links to it."""
    return _sentences(found).brief()


def _sentences(found: Diversion) -> Untested:
    """Return the kind of answer that the records allow."""
    if not found.hubs or found.fell == 0:
        return Untested(found)
    if not found.sales and all(leg.leg != INWARD for leg in found.held):
        return SalesOfHubs(found)
    if found.carried is not None and not found.sales:
        return BothLegs(found)
    return PurchasesAlone(found)


def hubs_to_ask_about(found: Diversion) -> tuple[str, ...]:
    """Return the hubs that the title says bought more and whose sales are not stored."""
    return tuple(hub.hub for hub in _sentences(found).of_unknown_sales())


def _surest_amount(hub: Hub) -> tuple[float, float, float]:
    """Return the key that sorts hubs by what they certainly bought more, then by the likely
    amount."""
    return -max(hub.low, 0.0), -hub.middle, -hub.times


class SalesOfHubs(Untested):
    """The answer if the origins' sales to the targets and those of the hubs are stored, and no
    purchase of the hubs: a file of the target's own reports."""

    def __init__(self, found: Diversion) -> None:
        super().__init__(found)
        rises = [(h.sales.rise, h) for h in found.hubs if h.sales and h.sales.rise > 0]
        rises.sort(key=lambda item: item[0], reverse=True)
        self.rose = [hub for _, hub in rises]

    def title(self) -> str:
        if not self.rose:
            return f"No hub sold {self.target} more than before{self.to}"
        much = [hub for hub in self.rose if hub.sales_rose]
        who = many(much or self.rose)
        more = "much more" if much else "more"
        they = "it" if len(much or self.rose) == 1 else "they"
        return Heading(
            finding=f"{who} sold {self.target} {more} than before",
            doubt=f"; what {they} bought is not on record",
            to=self.to,
        ).text()

    def first(self) -> str:
        found = self.found
        if not self.rose:
            return f"{window(found)}, no hub sold {self.target} more than before."
        each = [self._sold(hub) for hub in self.rose[:MOST_RISES]]
        return (
            f"{window(found)}, sales to {self.target} rose most from {joined(each)}. We have no "
            "data on what these hubs bought, so we cannot say whose goods they sold."
        )

    def _sold(self, hub: Hub) -> str:
        """Return ``Turkey ($41.7m, 96-fold)``."""
        sold = figure(hub.sales.actual if hub.sales else None, self.found.currency)
        return f"{hub_name(hub)} ({sold}, {rise_of_sales(hub).strip()})"


class BothLegs(Untested):
    """The answer if sales of hubs to the targets are stored: the sum over all pairs decides.

    ``unrecorded`` are hubs that stand out by their purchases alone, because their sales are not
    stored; ``silent`` are others of unknown sales whose purchases surged; ``bought_more`` are those
    whose sales are stored but do not make them likely.
    """

    def __init__(self, found: Diversion) -> None:
        super().__init__(found)
        assert found.carried is not None
        self.carried = found.carried
        stored = set(self.carried.hubs)
        surged = [h for h in found.hubs if h.surged]
        by_code = {h.hub: h for h in found.hubs}
        self.unrecorded = [by_code[h] for h in self.carried.without_sales if h in by_code]
        known = stored | set(self.carried.without_sales)
        self.silent = [h for h in surged if h.hub not in known]
        self.bought_more = [
            h for h in surged if h.hub in stored - set(found.named) and h.times >= RISE
        ]

    def of_unknown_sales(self) -> list[Hub]:
        unknown = [*self.unrecorded, *self.silent]
        if unknown or self.found.named:
            return unknown
        stored = set(self.carried.hubs)
        unknown = [h for h in self.found.hubs if h.hub not in stored]
        return [h for h in unknown if h.goods_rose or h.rose][:MOST_RISES]

    def title(self) -> str:
        if self.found.named:
            return self._title_of_routes()
        if self.unrecorded:
            names = some_of([h.hub for h in self.unrecorded])
            its = "its" if len(self.unrecorded) == 1 else "their"
            return (
                f"Purchases by {names} point to a route to {self.target}; {its} sales are not on "
                f"record{self.to}"
            )
        if self.foreign:
            return self.foreign_title()
        if self.leapt:
            return self._title_of_leap()
        if self.silent:
            they = "it" if len(self.silent) == 1 else "they"
            return (
                f"{some_of([h.hub for h in self.silent])} bought {more_of(self.silent)} from "
                f"{self.origin}; we have no data on what {they} sold {self.target}{self.to}"
            )
        best = likeliest(self.found)
        if best and best.hub in [h.hub for h in self.bought_more if h.sales_rose]:
            (hub,) = (h for h in self.bought_more if h.hub == best.hub)
            return (
                f"{hub_name(hub)} may have passed goods from {self.origin} on to {self.target}: "
                f"purchases rose {fold(hub.times)}, sales{rise_of_sales(hub)}{self.to}"
            )
        return f"No route to {self.target} stands out{self.to}"

    def _title_of_routes(self) -> str:
        """Return the title on the hubs that likely passed goods on."""
        found = self.found
        hubs = some_of(found.named)
        goods = self._goods_passed_on()
        origin = f" from {self.origin}"
        if self._rests_on_papers():
            declared = f"{capital(goods)}{origin}, declared for {hubs}"
            return f"{declared}, likely went on to {self.target}{self.to}"
        if not found.direct_held or goods != GOODS:
            return f"{hubs} likely passed {goods}{origin} on to {self.target}{self.to}"
        no_longer = "it no longer gets" if len(found.targets) == 1 else "they no longer get"
        passed = f"{hubs} likely passed goods on to {self.target} that {no_longer}"
        return Heading(finding=passed, origin=origin, to=self.to).text()

    def _title_of_leap(self) -> str:
        """Return the title on the hub whose sales rose most above their past."""
        hub = self.leapt[0]
        own = hub.likely.own if hub.likely else None
        rose = f"{possessive(hub_name(hub))} sales to {self.target} rose{rise_of_sales(hub)}"
        if own:
            return f"{rose}, but it {self._bought(own)} from {self.origin}{self.to}"
        through = f"we cannot tell whether goods from {self.origin} passed through"
        return f"{rose}; {through}{self.to}"

    def _goods_passed_on(self) -> str:
        """Return ``goods``, or the one code on which a title rests: no other good of the hub named
        is more likely a route than not, and this one is flagged."""
        found = self.found
        routes = [r for r in found.rows if r.hub in found.named and r.probability > EVEN]
        if len(found.named) > 1 or len(routes) != 1:
            return GOODS
        (route,) = routes
        return f"HS {route.product}" if route.q_value <= found.flag_q else GOODS

    def _amount(self) -> str:
        """Return the sentence on what went on, the goods of all hubs added up; only an upper bound
        if no hub is likely to have passed goods on."""
        found = self.found
        if not self.carried.hubs:
            return (
                f"These records do not show what {self.origin} sold the hubs, so we cannot tell "
                f"whose goods went on to {self.target}. That clears nobody."
            )
        amount = self.carried.amount
        low = amount.low if found.named else 0.0
        lost = share_of_loss(found, low, amount.high, self.target)
        number = len(self.carried.hubs)
        hubs = "the hub" if number == 1 else f"the {count_text(number, 'hubs')}"
        through = f"through {hubs} whose sales we have"
        if not found.named:
            two_digits = float(f"{amount.high:.2g}")
            most = figure(two_digits, found.currency)
            foreign = {hub.hub for hub, _ in self.foreign}
            if likeliest(found) or any(h.hub not in foreign for h in self.leapt):
                return (
                    f"{window(found)}, up to {most} may have gone on to {self.target} {through}"
                    f"{lost}. We add up their goods, each weighted by its probability."
                )
            return (
                f"{window(found)}, little of what {self.origin} sold is likely to have gone on to "
                f"{self.target} {through}: less than {most}{lost}. We add up their goods, each "
                "weighted by its probability."
            )
        return (
            f"{window(found)}, goods worth {ends(amount, found.currency)} likely went on to "
            f"{self.target} {through}{lost}. We add up their goods, each weighted by its "
            "probability."
        )

    def first(self) -> str:
        said = [self._amount()]
        if self.foreign:
            said.insert(0, self.foreign_supply())
        elif self.leapt:
            said.append(self.leaps())
        return paragraph(said)

    def _routes_by_purchases(self) -> list[str]:
        """Return the sentence on hubs that stand out although their sales are not stored."""
        if not self.unrecorded:
            return []
        names = some_of([h.hub for h in self.unrecorded])
        is_one = len(self.unrecorded) == 1
        are = "is" if is_one else "are"
        they = "it" if is_one else "they"
        also = "also " if self.found.named else ""
        return [
            f"By purchases alone, {names} {are} {also}likely on a route to {self.target}; what "
            f"{they} sold is not on record."
        ]

    def _low_books(self) -> list[str]:
        """Return the sentence on hubs whose sales rose far less than their purchases of the same
        goods."""
        hubs = [h for h in self.found.hubs if h.likely and h.likely.low_books]
        if not hubs:
            return []
        each = joined(
            [f"{hub_name(h)} {times_of(h.likely.low_books or 0.0)}" for h in hubs[:3] if h.likely]
        )
        return [
            f"On likely routes, purchases rose much more than onward sales ({each} as much). "
            "Either the rest stayed there, or reported sales are too low and the amounts are "
            "minimums."
        ]

    def _rests_on_papers(self) -> bool:
        """Whether every route that stands out at the hubs named is of goods that their own books
        lack."""
        named = [r for r in self.found.flags if r.hub in self.found.named]
        return bool(named) and all(r.is_unbooked for r in named)

    def _unbooked(self) -> list[str]:
        """Return the sentence on goods that were declared for hubs and never entered their
        books."""
        routes = [r for r in self.found.flags if r.is_unbooked]
        if not routes:
            return []
        amount = figure(sum(r.diverted or 0.0 for r in routes), self.found.currency)
        hubs = some_of([*dict.fromkeys(r.hub for r in routes)])
        one = len(routes) == 1
        number = f"{capital(few(len(routes)))} of these routes"
        if len(self.found.flags) == 1:
            number = "It"
        verb = "rests" if one else "rest"
        books = "its books show" if len({r.hub for r in routes}) == 1 else "their books show"
        return [
            f"{number} {verb} on papers alone: {self.origin} declared goods worth some {amount} "
            f"more for {hubs} than {books}. They may never have arrived."
        ]

    def _bought(self, own: OwnGoods) -> str:
        """Return ``bought no more of these goods``, or ``only $270m more of these goods``."""
        if own.bought <= 0:
            return "bought no more of these goods"
        rise = figure(own.bought, self.found.currency)
        return f"bought only {rise} more of these goods"

    def _makers(self) -> list[str]:
        """Return the sentences on the hub that sold most of its own goods in place of lost ones."""
        found = self.found
        makers: list[tuple[float, Hub, OwnGoods]] = []
        for hub in found.hubs:
            own = hub.likely.own if hub.likely else None
            if own is None or hub.hub in found.named:
                continue
            makers.append((own.sold, hub, own))
        if not makers:
            return []
        _, hub, own = max(makers, key=lambda maker: maker[0])
        sold = figure(own.sold, found.currency)
        name = hub_name(hub)
        goods = f"the goods that {self.target} lost"
        rose = f"{name} sold {self.target} {sold} more than expected of {goods}"
        bought = f"{self._bought(own)} from {self.origin}"
        meaning = "As far as these records show, it sold its own goods or those of others."
        return [f"{rose}, but {bought}. {meaning}"]

    def second(self) -> str:
        found = self.found
        said = self.missing()
        if found.flags:
            first = found.flags[0]
            largest = f"{spoken_name(first.hub)}, {goods_name(first)} (HS {first.product})"
            judged = "" if first.out else ", judged by purchases alone"
            amount = range_of_money(first.low or 0.0, first.high or 0.0, found.currency)
            is_one = len(found.flags) == 1
            which = f": {largest}" if is_one else f". The largest is {largest}"
            said.append(f"{capital(routes_stand_out(found.flags))}{which}{judged}, with {amount}.")
        elif best := likeliest(found):
            goods = f"{spoken_name(best.hub)}, {goods_name(best)}"
            said.append(f"The most likely route ({goods}) is {how_likely(best)}; none is certain.")
        elif self.carried.hubs:
            said.append("No single route is likely.")
        said += self._routes_by_purchases()
        said += self._unbooked()
        said += self.stopped()
        said += self._low_books()
        said += self._makers()
        if self.bought_more:
            rises = joined([f"{hub_name(h)} {times_of(h.times)}" for h in self.bought_more[:3]])
            part = (
                "but their reported sales show no such rise"
                if all(h.stayed for h in self.bought_more[:3])
                else "but at most part of it went on"
            )
            said.append(
                f"Compared with a year earlier, purchases also rose sharply ({rises}), {part}."
            )
        if self.silent:
            names = some_of([h.hub for h in self.silent])
            they = "it" if len(self.silent) == 1 else "they"
            known = self._sales_of_silent()
            said.append(
                f"{names} also bought {more_of(self.silent)}; {known} what {they} sold "
                f"{self.target}."
            )
        said += self.also_banned()
        return paragraph(said)

    def _sales_of_silent(self) -> str:
        """Return ``we have no data on``, or ``too little`` if a hub fell silent after the break."""
        found = self.found
        fell_silent = {s.hub for s in found.silences if s.since and s.since >= found.after[0]}
        has_part = any(h.hub in fell_silent for h in self.silent)
        return "we have too little data on" if has_part else "we have no data on"


class PurchasesAlone(Untested):
    """The answer if only purchases of the hubs, or only their sales, are stored: each hub is
    compared with its own past.

    ``surging`` are hubs beyond their past; ``rose``, if there is none, those that bought more, the
    surest amount first.
    """

    def __init__(self, found: Diversion) -> None:
        super().__init__(found)
        by_rise = sorted(found.hubs, key=lambda h: -h.times)
        self.surging = [h for h in by_rise if h.surged and not h.stayed]
        rose = [h for h in found.hubs if h.rose]
        rose.sort(key=_surest_amount)
        self.rose = [] if self.surging else rose[:MOST_RISES]
        #: Other hubs that rose, though their sum is not beyond its past.
        self.rose_too = [h.hub for h in found.hubs if self.surging and self._rose_too(h)]
        #: Whether a hub rose beyond its past, but in all goods alike, not in what the target lost.
        self.alike = any(h.q_value <= FLAG_Q for h in self.rose)

    def _rose_too(self, hub: Hub) -> bool:
        """Return whether a hub rose, by the number of its goods or by more than another hub that
        surged."""
        if hub in self.surging or not hub.rose or hub.middle <= 0:
            return False
        least = min(h.middle for h in self.surging)
        return hub.goods_rose or (hub.low > 0 and hub.middle > least)

    def of_unknown_sales(self) -> list[Hub]:
        known = {r.hub for r in self.found.rows if r.out}
        surged = [h for h in self.found.hubs if h in self.surging or h.hub in self.rose_too]
        unknown = surged or [h for h in self.found.hubs if h in self.rose]
        return [h for h in unknown if h.hub not in known]

    def title(self) -> str:
        found = self.found
        if self.foreign:
            return self.foreign_title()
        if self.surging:
            return self._surge_title()
        if self.unknown:
            return (
                f"We cannot tell whether {self.unknown} bought more, because the unit of its "
                f"figures changes; no other hub's rise is unusual{self.to}"
            )
        if self.alike:
            return f"Hubs bought more of all goods, not especially what {self.target} lost{self.to}"
        if self.rose:
            return self._first_rise().text()
        what = f"sales to {self.target}" if found.sales else f"purchases from {self.origin}"
        return f"No sign of an unusual rise in {what}{self.to}"

    def _first_rise(self) -> Heading:
        """Return the heading on the hub that rose most: its purchases of what the target lost, or
        its sales."""
        found = self.found
        hub = self.rose[0]
        origin = "" if found.sales else f" from {self.origin}"
        goods = f" of goods {self.target} lost" if found.direct_held else ""
        traded = f"sales to {self.target}" if found.sales else f"purchases{goods}"
        if hub.is_from_nothing:
            amount = self._figure_of(hub)
            said = f"{possessive(hub_name(hub))} {traded}"
            change = f" rose from nothing to {amount}"
        else:
            times = hub.ratio or 0.0 if hub.rose_in_total else hub.times
            kind = self._kind_of_rise(hub)
            said = f"{possessive(hub_name(hub))} {kind}{traded}"
            change = f" rose {fold(times)}"
        doubt = f"; this may be chance{self._against_chance(hub)}"
        return Heading(finding=said, origin=origin, change=change, doubt=doubt, to=self.to)

    def _against_chance(self, hub: Hub) -> str:
        """Return what speaks against chance though the rise is within the hub's past: its goods, or
        its amount; blank if nothing does."""
        if self._goods_that_rose():
            return ", but unusually many goods trebled"
        if hub.low > 0:
            return ", but the amount exceeds expectations"
        return ""

    def _kind_of_rise(self, hub: Hub) -> str:
        """Return ``total ``, or ``monthly `` for a typical month; blank of a single period."""
        first, last = self.found.after
        if hub.rose_in_total:
            return "total "
        return "" if first == last else f"{period_of(self.found)}ly "

    def _goods_that_rose(self) -> str:
        """Return ``Purchases of half of its goods reached more than three times their earlier
        mean``, with the year before; blank if they are not more than chance makes of the hub that
        rose most."""
        hub = self.rose[0]
        if not hub.goods_rose or 0 < self.found.months_before < MONTHS_OF_A_YEAR:
            return ""
        traded = "Sales" if self.found.sales else "Purchases"
        part = "all" if hub.tripled == hub.goods else f"{hub.tripled / hub.goods:.0%}"
        of = f"{part} of {possessive(hub_name(hub))} goods"
        share = f"{traded} of {of} exceed three times their mean of earlier years"
        if not hub.goods_before:
            return f"{share}."
        earlier = f"{hub.tripled_before / hub.goods_before:.0%}" if hub.tripled_before else "none"
        return f"{share}; a year before, those of {earlier} did."

    def _sales_until(self) -> str:
        """Return ``; sales to Russia are known only to December 2020``; blank if later ones are."""
        found = self.found
        last = max((leg.last for leg in found.held if leg.leg == OUTWARD), default="")
        if not last or last >= found.after[0]:
            return ""
        return f"; sales to {self.target} are known only to {when(last)}"

    @property
    def no_longer(self) -> str:
        """Return ``Russia no longer gets``, with the verb of one target or of several."""
        verb = "get" if len(self.found.targets) > 1 else "gets"
        return f"{self.target} no longer {verb}"

    def _surge_title(self) -> str:
        found = self.found
        one = len(self.surging) == 1
        who = hub_name(self.surging[0]) if one else many(self.surging)
        rise = more_of(self.surging)
        if found.sales:
            return f"{who} sold {self.target} {rise} than before{self.to}"
        known = any(h.sales for h in found.hubs)
        heading = Heading(
            finding=f"{who} bought {rise} than before",
            origin=f" from {self.origin}",
            doubt=f"; {'earlier ' if known else ''}onward sales are unknown",
            to=self.to,
        )
        if not found.direct_held:
            return heading.text()
        bought = f"{who} bought {rise} of what {self.target} lost"
        others = f", {some_of(self.rose_too)} more" if self.rose_too else ""
        return replace(heading, finding=bought, others=others).text()

    def first(self) -> str:
        found = self.found
        said = self._sales_without_past()
        if not self.surging:
            return paragraph([*said, self._calm()])
        fell = f"the goods whose direct sales to {self.target} fell"
        what = fell if found.direct_held else "the goods asked for"
        return paragraph([*said, self._surge(what)])

    def _sales_without_past(self) -> list[str]:
        """Return the sentences on hubs whose sales are stored only since the break."""
        if self.foreign:
            return [self.foreign_supply()]
        found = self.found
        hubs = [(h, h.sales) for h in found.hubs if h.sales and not h.sales.has_past]
        if not hubs:
            return []
        each = joined(
            [f"{figure(s.actual, found.currency)} from {hub_name(h)}" for h, s in hubs[:3]]
        )
        return [
            f"Since {when(found.after[0])}, {self.target} has bought goods worth {each}. We have "
            "no earlier figures to compare them with."
        ]

    def brief(self) -> str:
        """Return the hub that rose most, if its purchases of what the target lost are known."""
        found = self.found
        if not self.surging or found.sales or not found.direct_held:
            return super().brief()
        rise = f"{hub_name(self.surging[0])} {did(found)} {times_of(self.surging[0].times)}"
        goods = f"what {self.no_longer} from {self.origin}"
        return f"{window(found)}, {rise} as much as a year earlier of {goods}."

    def _surge(self, goods: str) -> str:
        found = self.found
        total = found.total
        hubs = [h for h in self.surging if h.hub in total.hubs]
        they = "In all, they" if len(hubs) > 1 else "In all, it"
        amount = up_to(total.low, total.high, found.currency)
        lost = share_of_loss(found, total.low, total.high, self.target)
        more = f"{they} {did(found)} {amount} more than expected{lost}"
        if total.capped:
            more = f"Onward sales to {self.target} could account for {amount} of the rise{lost}"
        return f"{self._rises(hubs, f' of {goods}')}. {more}.{self._larger_of_others(hubs)}"

    def _larger_of_others(self, hubs: list[Hub]) -> str:
        """Return the sentence on the largest amount of a hub that is not beyond its past, if it is
        surely more than that of one that is; blank if there is none."""
        least = min((h.low for h in hubs), default=0.0)
        others = [h for h in self.found.hubs if h.hub in self.rose_too and h.low > max(least, 0.0)]
        if not others:
            return ""
        hub = min(others, key=_surest_amount)
        amount = up_to(hub.low, hub.high, self.found.currency)
        did_more = f"also {did(self.found)} {amount} more than expected"
        return f" {hub_name(hub)} {did_more}, which may be chance."

    def _rises(self, hubs: list[Hub], goods: str = "") -> str:
        """Return ``In a typical month from March to November 2022, Kyrgyzstan bought 6.6 times and
        Armenia 4.1 times as much as a year earlier``; of hubs that bought nothing then, their
        amounts. ``goods``: `` of these goods``."""
        shown = hubs[:MOST_RISES]
        began = [h for h in shown if h.is_from_nothing]
        in_total = [h for h in shown if h.rose_in_total]
        usual = [h for h in shown if h not in began and h not in in_total]
        first, last = self.found.after
        during = window(self.found)
        typical = self._typical()
        if len(usual) == len(shown) and first != last:
            span = f"{during[:1].lower()}{during[1:]}"
            during = f"In a typical {period_of(self.found)} {span}"
            typical = ""
        parts = []
        if usual:
            each = self._each([(hub_name(h), times_of(h.times)) for h in usual])
            parts.append(f"{each} as much as a year earlier{goods}{typical}")
        if in_total:
            each = self._each([(hub_name(h), times_of(h.ratio or 0.0)) for h in in_total])
            as_much = "as much" if usual else f"as much as a year earlier{goods}"
            parts.append(f"{each} {as_much} in total")
        if began:
            each = self._each([(hub_name(h), self._figure_of(h)) for h in began])
            which = "" if usual or in_total else goods
            parts.append(f"{each}{which} after nothing a year earlier")
        return f"{during}, {', and '.join(parts)}"

    def _each(self, amounts: list[tuple[str, str]]) -> str:
        """Return ``Kyrgyzstan bought 6.6 times and Armenia 4.1 times``."""
        (first, much), *others = amounts
        rest = [f"{name} {amount}" for name, amount in others]
        return joined([f"{first} {did(self.found)} {much}", *rest])

    def _figure_of(self, hub: Hub) -> str:
        return figure(hub.bought, self.found.currency)

    def _typical(self) -> str:
        """Return `` (in a typical month)``; blank of a single period."""
        first, last = self.found.after
        return "" if first == last else f" (in a typical {period_of(self.found)})"

    def _calm(self) -> str:
        found = self.found
        during = window(found)
        what = f"sales to {self.target}" if found.sales else "purchases"
        if self.alike:
            return (
                f"{self._rises(self.rose)}, but not because "
                f"of what {self.target} lost: goods whose sales to {self.target} did not fall "
                "rose there too."
            )
        tested = few_text(len(found.hubs), "other hubs" if self.unknown else "hubs")
        if len(found.hubs) == 1 and not self.unknown:
            tested = "hub"
        if self.rose:
            hub = self.rose[0]
            goods = self._goods_that_rose()
            such = "As totals, such" if goods else "Such"
            origin = "" if found.sales else f" from {self.origin}"
            said = paragraph(
                [
                    f"{self._rises(self.rose, origin)}{self._extra(hub)}.",
                    *([goods] if goods else []),
                    f"{such} {what} vary even without diversion, and these records cannot tell the "
                    "difference. They clear nobody.",
                ]
            )
        else:
            said = (
                f"{during}, {what} of the {tested} tested rose no more than they usually vary, "
                "which clears nobody."
            )
        if self.unknown:
            said += (
                f" We cannot tell whether {self.unknown} bought more: the unit of its figures "
                "changes."
            )
        return said

    def _extra(self, hub: Hub) -> str:
        """Return how much more than expected a hub bought; blank if that may be nothing and other
        hubs rose too."""
        is_one_of_several = len(self.rose) > 1
        if not hub.excess or (is_one_of_several and hub.low <= 0):
            return ""
        amount = f"{up_to(hub.low, hub.high, self.found.currency)} more than expected"
        who = hub_name(hub) if is_one_of_several else "it"
        return f". In all, {who} {did(self.found)} {amount}"

    def second(self) -> str:
        found = self.found
        said = self.missing()
        if found.sales:
            said.append(
                "These records do not show whose goods they were or when the hubs bought them."
            )
        else:
            hub = hub_name(found.hubs[0]) if len(found.hubs) == 1 else "the hubs"
            what = "of it went on" if self.surging else f"{hub} sold on"
            speak = largest_of_each_hub(found.silences)
            part = any(s.since and s.since >= found.after[0] for s in speak)
            end = ", and what was sold until then is not counted" if part else self._sales_until()
            is_known = any(h.sales for h in found.hubs)
            if not is_known and (end or not self.surging):  # else the title says it
                said.append(f"These records do not show how much {what} to {self.target}{end}.")
        ended = [h for h in self.surging if h.ended]
        if ended:
            each = joined([f"{spoken_name(h.hub)} after {when(h.ended or '')}" for h in ended])
            what = f"Sales to {self.target}" if found.sales else "Purchases"
            said.append(f"{what} fell back to less than a quarter: {each}.")
        if found.total.placebo:
            low, high = found.total.placebo
            amount = range_of_money(low, high, found.currency) or figure(low, found.currency)
            said.append(f"As a check, the same sum dated a year earlier is {amount}.")
        elif self.surging and found.total.hubs:
            said.append("The data do not go back far enough to check this at an earlier date.")
        said += self.also_banned()
        return paragraph(said)
