# SPDX-License-Identifier: Apache-2.0
"""What an answer on diversion says first: its title and two sentences.

Where sales of hubs to the targets are stored, the pairs added up decide. Where none is, purchases
do, and every sentence says that they are purchases. No sentence clears a hub.
"""

from __future__ import annotations

from bilat.diversion.answer import Diversion, Hub, Onward, Route
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.onward import SUPPLIED
from bilat.diversion.unit_steps import PURCHASES
from bilat.diversion.words import (
    RISE,
    did,
    ends,
    goods_name,
    how_likely,
    hub_name,
    largest_of_each_hub,
    many,
    more_of,
    origins,
    period_of,
    routes_stand_out,
    silent,
    some_of,
    targets,
    times_of,
    up_to,
    window,
)
from bilat.document.wording import capital, joined, possessive
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.places import country_name
from bilat.units.notation import count_text, figure, interval
from bilat.when import Period

#: Probability above which the likeliest route is named though none stands out.
EVEN = 0.55
#: The smallest part of the loss that is said in figures.
LEAST_SHARE = 0.001
#: Months of a year.
YEAR = 12
#: Hubs in a sentence on purchases.
MOST_RISES = 6


def headline(found: Diversion) -> tuple[str, tuple[str, str]]:
    """The title of an answer, and its two sentences."""
    if not found.hubs or found.fell == 0:
        said = _Untested(found)
    elif found.carried is not None and not found.sales:
        said = _BothLegs(found)
    else:
        said = _Purchases(found)
    return said.title(), (said.first(), said.second())


class _Untested:
    """Nothing could be tested."""

    def __init__(self, found: Diversion) -> None:
        self.found = found
        self.target = targets(found)
        self.origin = origins(found)
        #: Hubs whose figures change their unit: nothing is said of them, which clears nobody.
        broken = {s.hub for s in found.silences if s.kind == PURCHASES}
        self.unknown = joined([country_name(h) for h in sorted(broken)])
        self.to = f", to {when(found.after[1])}"
        self.leapt = [
            h for h in found.hubs if h.sales and h.sales.leapt and h.hub not in found.named
        ]
        self.leapt.sort(key=lambda h: -(h.sales.rise if h.sales else 0.0))

    def title(self) -> str:
        if self.found.fell == 0:
            return f"No direct sales to {self.target} fell, so no route was tested"
        return "Nothing was tested"

    def first(self) -> str:
        found = self.found
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
        return "No hub reports enough trade before and after sanctions to be compared with its own past."

    def second(self) -> str:
        leaps = [self._leaps()] if self.leapt else []
        return " ".join([*self._missing(), *leaps]) or "These records clear nobody."

    def _missing(self) -> list[str]:
        """What is missing of two hubs, the largest."""
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
        """What a file of one hub, or of less than a year before the break, cannot tell."""
        found = self.found
        said = []
        if found.buyers == 1 and not found.sales:
            said.append("With one hub only, a rise that all hubs share looks like one of its own.")
        months = found.months_before
        if found.hubs and 0 < months < YEAR:
            said.append(
                f"The records have {count_text(months, 'months')} before sanctions, less than a "
                "year, so a season may look like a change."
            )
        return said

    def _leaps(self) -> str:
        """Hubs whose sales rose beyond their own past, whatever they bought."""
        each = [f"{hub_name(h)}{_by(h)}" for h in self.leapt[:3]]
        return (
            f"Sales to {self.target} by {many(self.leapt).lower()} rose far above their past "
            f"level, whoever supplied the goods: {joined(each)}."
        )

    def _later_sales(self) -> str:
        """Sales that are later than all purchases, which were left out."""
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

    def _stopped(self) -> list[str]:
        """Routes among the first that have stopped, by hub."""
        rows = [r for r in self.found.rows if r.months and r.months.ended_at]
        rows = [r for r in rows if r.probability > EVEN]
        if not rows:
            return []
        each = [
            f"{country_name(r.hub)} (HS {r.product}, after {when(r.months.ended_at)})"
            for r in rows[:3]
            if r.months and r.months.ended_at
        ]
        if len(rows) == 1:
            return [f"One leading route has stopped: {each[0]}."]
        return [f"{capital(count_text(len(rows), 'leading routes'))} have stopped: {joined(each)}."]

    def _also_banned(self) -> list[str]:
        """That a state under the same ban lost the same goods, so that the hubs may have
        supplied it as well."""
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


class _BothLegs(_Untested):
    """Sales of hubs to the targets are stored: the pairs added up decide."""

    def __init__(self, found: Diversion) -> None:
        super().__init__(found)
        assert found.carried is not None
        self.carried = found.carried
        stored = set(self.carried.hubs)
        self.silent = [h for h in found.hubs if h.surged and h.hub not in stored]
        self.bought_more = [h for h in found.hubs if h.surged and h.hub in stored]
        self.bought_more = [
            h for h in self.bought_more if h.hub not in found.named and h.times >= RISE
        ]

    def title(self) -> str:
        found = self.found
        if found.named:
            goods = f"goods from {self.origin}"
            lost = " that it no longer got" if found.direct_held else ""
            return (
                f"{some_of(found.named)} likely passed {goods} on to {self.target}{lost}{self.to}"
            )
        if self.foreign:
            hub, sales = self.foreign[0]
            who = joined([country_name(s) for s, _ in sales.suppliers]) or "others"
            return (
                f"{possessive(hub_name(hub))} sales to {self.target} reached "
                f"{figure(sales.actual, found.currency)}; {who} supplied the goods, not "
                f"{self.origin}"
            )
        if self.leapt:
            hub = self.leapt[0]
            return (
                f"{possessive(hub_name(hub))} sales to {self.target} rose{_by(hub)}; whether goods "
                f"from {self.origin} passed through is not shown{self.to}"
            )
        if self.silent:
            return (
                f"{some_of([h.hub for h in self.silent])} bought {more_of(self.silent)} from "
                f"{self.origin}; we have no data on what they sold {self.target}{self.to}"
            )
        return f"No route to {self.target} stands out{self.to}"

    def _amount(self) -> str:
        """What went on, all goods of the hubs added up; no more than a bound where no hub is
        likely to have passed goods on."""
        found = self.found
        if not self.carried.hubs:
            return (
                f"What {self.origin} sold the hubs is not in these records, so whose goods went on "
                f"to {self.target} cannot be told; that clears nobody."
            )
        amount = self.carried.amount
        low = amount.low if found.named else 0.0
        lost = _share_of_loss(found, low, amount.high, self.target)
        few = len(self.carried.hubs) == 1
        hubs = "the hub" if few else f"the {count_text(len(self.carried.hubs), 'hubs')}"
        through = f"through {hubs} with known sales"
        if not found.named:
            most = figure(float(f"{amount.high:.2g}"), found.currency)
            return (
                f"{window(found)}, little likely went on to {self.target} {through}: less than "
                f"{most}{lost}. This adds up their goods, each weighted by its probability."
            )
        return (
            f"{window(found)}, goods worth {ends(amount, found.currency)} likely went on to "
            f"{self.target} {through}{lost}. This adds up their goods, each weighted by its "
            "probability."
        )

    @property
    def foreign(self) -> list[tuple[Hub, Onward]]:
        """Hubs that sold the targets goods of which the origins supplied next to nothing, and
        whose sales leapt or have no past to be set against; largest first."""
        out = []
        for hub in self.found.hubs:
            sales = hub.sales
            if sales is None or hub.hub in self.found.named:
                continue
            if sales.from_origins is None or sales.from_origins >= SUPPLIED:
                continue
            if sales.leapt or (sales.q_value is None and sales.actual > RISE * sales.before):
                out.append((hub, sales))
        return sorted(out, key=lambda item: -item[1].actual)

    def first(self) -> str:
        said = [self._amount()]
        if self.foreign:
            said.insert(0, self._foreign_supply())
        elif self.leapt:
            said.append(self._leaps())
        return " ".join(said)

    def _low_books(self) -> list[str]:
        """Hubs that sold far less more than they bought more of the same goods."""
        hubs = [h for h in self.found.hubs if h.likely and h.likely.low_books]
        if not hubs:
            return []
        each = joined(
            [f"{hub_name(h)} {times_of(h.likely.low_books or 0.0)}" for h in hubs[:3] if h.likely]
        )
        return [
            f"On likely routes, purchases rose much more than onward sales ({each} as much). "
            "Either the "
            "rest stayed there, or reported sales are too low and the amounts are minimums."
        ]

    def _foreign_supply(self) -> str:
        found = self.found
        hub, sales = self.foreign[0]
        shares = [f"{country_name(s)} ({percent(part)})" for s, part in sales.suppliers]
        who = f"; the suppliers were {joined(shares)}" if shares else ""
        before = (
            f"up from {figure(sales.before, found.currency)} in the same time before"
            if sales.before
            else "from nothing"
        )
        return (
            f"{hub_name(hub)} sold {self.target} {figure(sales.actual, found.currency)} of these "
            f"goods, {before}{who}, and {self.origin} supplied "
            f"{percent(sales.from_origins or 0.0)}. "
            "Ask again with `origin` ANY, or name the suppliers."
        )

    def second(self) -> str:
        found = self.found
        said = self._missing()
        if found.flags:
            first = found.flags[0]
            largest = f"{country_name(first.hub)}, {goods_name(first)} (HS {first.product})"
            amount = interval(first.low, first.high, found.currency)
            said.append(
                f"{capital(routes_stand_out(found.flags))}. The largest is {largest}, with "
                f"{amount}."
            )
        elif best := _likeliest(found):
            goods = f"{country_name(best.hub)}, {goods_name(best)}"
            said.append(f"The most likely route ({goods}) is {how_likely(best)}; none is certain.")
        elif self.carried.hubs:
            said.append("No single route is likely.")
        said += self._stopped()
        said += self._low_books()
        if self.bought_more:
            rises = joined([f"{hub_name(h)} {times_of(h.times)}" for h in self.bought_more[:3]])
            part = (
                "but their reported sales show no such rise"
                if all(h.stayed for h in self.bought_more[:3])
                else "but at most part of it went on"
            )
            said.append(
                f"Purchases also rose sharply, to a multiple of a year earlier ({rises}), {part}."
            )
        if self.silent:
            names = some_of([h.hub for h in self.silent])
            they = "it" if len(self.silent) == 1 else "they"
            known = self._sales_of_silent()
            said.append(
                f"{names} also bought {more_of(self.silent)}; {known} what {they} sold "
                f"{self.target}."
            )
        said += self._also_banned()
        return " ".join(said)

    def _sales_of_silent(self) -> str:
        """``we have no data on``, or too little where some of the hubs reported sales for a time."""
        until = {s.hub for s in self.found.silences if s.since and s.since >= self.found.after[0]}
        part = any(h.hub in until for h in self.silent)
        return "we have too little data on" if part else "we have no data on"


class _Purchases(_Untested):
    """One leg: purchases of the hubs, or sales by themselves, each hub against its own past."""

    def __init__(self, found: Diversion) -> None:
        super().__init__(found)
        self.surging = [h for h in found.hubs if h.surged and not h.stayed]
        self.surging.sort(key=lambda h: -h.times)
        rose = [h for h in found.hubs if h.times >= RISE]
        rose.sort(key=lambda h: -h.times)
        self.rose = [] if self.surging else rose[:3]
        #: Hubs whose sum does not lie beyond its past, while many more of their goods at least
        #: tripled.
        self.rose_in_goods = [
            h.hub
            for h in found.hubs
            if self.surging and h not in self.surging and h.goods_rose and h.times >= RISE
        ]
        #: They rose beyond their past, but not in what the target lost.
        self.alike = any(h.q_value <= FLAG_Q for h in self.rose)

    def title(self) -> str:
        found = self.found
        if self.surging:
            return self._surge_title()
        if self.unknown:
            return (
                f"Unknown for {self.unknown}, whose figures change their unit; "
                "no other hub rose above its past level"
            )
        if self.alike:
            return f"Hubs bought more of all goods, not especially what {self.target} lost{self.to}"
        if self.rose:
            times = f"{did(found)} {times_of(self.rose[0].times)} as much as a year earlier"
            return f"{hub_name(self.rose[0])} {times}; this may be chance{self.to}"
        what = f"sales to {self.target}" if found.sales else f"purchases from {self.origin}"
        return f"No sign of an unusual rise in {what}{self.to}"

    def _sales_until(self) -> str:
        """``; sales to Russia are known only to December 2020``, where none is known since."""
        found = self.found
        ends = [h.last for h in found.held if h.leg == "out of the hub"]
        if not ends or max(ends) >= found.after[0]:
            return ""
        return f"; sales to {self.target} are known only to {when(max(ends))}"

    def _surge_title(self) -> str:
        found = self.found
        who = many(self.surging)
        rise = more_of(self.surging)
        if found.sales:
            return f"{who} sold {self.target} {rise} than before{self.to}"
        if not found.direct_held:
            return f"{who} bought {rise} from {self.origin} than before{self.to}"
        more = f" (and {some_of(self.rose_in_goods)} more)" if self.rose_in_goods else ""
        return (
            f"{who} bought {rise}{more} of what {self.target} no longer gets from {self.origin}"
            f"{self.to}"
        )

    def first(self) -> str:
        found = self.found
        if not self.surging:
            return self._calm()
        fell = f"the goods whose direct sales to {self.target} fell"
        what = fell if found.direct_held else "the goods asked for"
        return f"{window(found)}, {self._surge(what)}"

    def _surge(self, goods: str) -> str:
        found = self.found
        total = found.total
        hubs = [h for h in self.surging if h.hub in total.hubs]
        they = "Together they" if len(hubs) > 1 else "It"
        amount = up_to(total.low, total.high, found.currency)
        lost = _share_of_loss(found, total.low, total.high, self.target)
        more = f"{they} {did(found)} {amount} more than expected{lost}"
        if total.capped:
            more = f"Onward sales to {self.target} could account for {amount} of the rise{lost}"
        return (
            f"{self._rises(hubs)} as much of {goods} as a year earlier, in a typical "
            f"{period_of(found)}. {more}."
        )

    def _rises(self, hubs: list[Hub]) -> str:
        verb = f"{did(self.found)} "
        each = [
            f"{hub_name(h)} {'' if n else verb}{times_of(h.times)}"
            for n, h in enumerate(hubs[:MOST_RISES])
        ]
        return joined(each)

    def _calm(self) -> str:
        found = self.found
        during = window(found)
        what = f"sales to {self.target}" if found.sales else "purchases"
        if self.alike:
            return (
                f"{during}, {self._rises(self.rose)} as much as a year earlier, but not because "
                "of what "
                f"{self.target} lost: goods whose sales to {self.target} did not fall rose there "
                "too."
            )
        tested = count_text(len(found.hubs), "other hubs" if self.unknown else "hubs")
        if self.rose:
            hub = self.rose[0]
            extra = ""
            if hub.excess and not self.rose[1:]:
                extra = f", {up_to(hub.low, hub.high, found.currency)} more than expected"
            said = (
                f"{during}, {self._rises(self.rose)} as much as a year earlier{extra}. Such "
                f"{what} vary by "
                "themselves, and these records cannot tell the difference. They clear nobody."
            )
        else:
            said = (
                f"{during}, {what} of the {tested} tested did not rise above their past level, "
                "which clears nobody."
            )
        if self.unknown:
            said += f" We cannot tell whether {self.unknown} bought more: the unit of its figures changes."
        return said

    def second(self) -> str:
        found = self.found
        said = self._missing()
        if found.sales:
            said.append(
                "These records do not show whose goods they were or when the hubs bought them."
            )
        else:
            what = "of it went on" if self.surging else "the hubs sold on"
            speak = largest_of_each_hub(found.silences)
            part = any(s.since and s.since >= found.after[0] for s in speak)
            end = ", and what was sold until then is not counted" if part else self._sales_until()
            said.append(f"These records do not show how much {what} to {self.target}{end}.")
        if found.total.placebo:
            low, high = found.total.placebo
            amount = interval(low, high, found.currency) or figure(low, found.currency)
            said.append(f"As a check, the same sum for a date a year earlier gives {amount}.")
        said += self._also_banned()
        return " ".join(said)


def _by(hub: Hub) -> str:
    """`` 7.1 times``, or the amounts where the hub sold next to nothing before."""
    sales = hub.sales
    if sales is None or sales.before <= 0:
        return " from nothing"
    ratio = sales.actual / sales.before
    return f" {times_of(ratio)}" if ratio < 1000 else " from next to nothing"


def _share_of_loss(found: Diversion, low: float, high: float, target: str) -> str:
    lost = found.total.lost
    if not lost or lost <= 0 or max(found.also_banned.values(), default=0.0) > lost:
        return ""  # a state under the same ban that lost more may have got the same goods
    said = f" ({_share(low / lost, high / lost)} of what {target} lost)"
    if high > lost:
        said = f" (possibly more than all that {target} lost, {figure(lost, found.currency)})"
    return said


def _share(low: float, high: float) -> str:
    """``2.4% to 12.9%``, ``up to 3.0%``, ``less than 0.1%``."""
    if high < LEAST_SHARE:
        return f"less than {percent(LEAST_SHARE)}"
    if low <= 0:
        return f"up to {percent(high)}"
    ends = percent(low), percent(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _likeliest(found: Diversion) -> Route | None:
    best = max(found.rows, key=lambda r: r.probability, default=None)
    return best if best is not None and best.probability > EVEN else None


def records(found: Diversion) -> str:
    """Periods stored and their age, in one line."""
    last = Period(found.after[1]).end
    asked = found.as_of.date if found.as_of else None
    age = ""
    if asked is not None and (asked - last).days > 45:
        years, months = divmod(round((asked - last).days / 30.44), 12)
        ages = ((years, "years"), (months if years < 3 else 0, "months"))
        parts = joined([count_text(n, what) for n, what in ages if n])
        age = f"; the last {period_of(found)} is {parts} before the date of this answer"
    gaps = [when(p) for p in found.gaps[:3]]
    if len(found.gaps) > 3:
        gaps.append(f"{len(found.gaps) - 3} more")
    missing = f"; we have no data for {joined(gaps)}" if gaps else ""
    unit = (
        "" if found.currency_stated else f"; the file names no currency, {found.currency} is taken"
    )
    return (
        f"Data: {_legs(found)}{_which(found)}, {_span(found.after, 'from ')}, compared with "
        f"{_span(found.before)}{age}{missing}{unit}."
    )


def _span(ends: tuple[str, str], first: str = "") -> str:
    """``from March to May 2022`` in full; one period by itself."""
    low, high = (when(p) for p in ends)
    return low if low == high else f"{first}{low} to {high}"


def _legs(found: Diversion) -> str:
    """What is stored of purchases and sales: of how many hubs."""
    if found.sales:
        return "the hubs' sales only"
    stored = [h for h in found.held if h.first <= found.after[1] and h.last >= found.after[0]]
    buyers = {h.who for h in stored if h.leg == "into the hub"}
    buyers |= {h.hub for h in found.hubs if h.bought}
    sellers = {h.who for h in stored if h.leg == "out of the hub"}
    if found.carried is not None:
        sellers |= set(found.carried.hubs)
    elif found.hubs and found.fell != 0:
        sellers = set()  # too little was reported to be compared
    bought = f"purchases by {count_text(len(buyers), 'hubs')}"
    if not sellers:
        return f"{bought} only"
    sold = f"sales by {count_text(len(sellers), 'hubs')}"
    if not buyers:
        return f"{sold} only"
    return "purchases and sales" if buyers <= sellers else f"{bought}, {sold}"


def _which(found: Diversion) -> str:
    headings = {r.product[:4] for r in found.rows}
    return f", HS {headings.pop()}" if len(headings) == 1 else ""
