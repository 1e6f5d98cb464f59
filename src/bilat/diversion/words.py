# SPDX-License-Identifier: Apache-2.0
"""Words that all parts of an answer on diversion share: names of hubs, likelihoods, ranges,
findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from bilat.diversion.answer import RISE, SENT_ON, Amount, Diversion, Hub, Route, Silence
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.parameters import parameters
from bilat.diversion.reports import LATE
from bilat.diversion.unit_steps import PURCHASES, SALES, times
from bilat.document.wording import capital, few, few_text, joined, possessive
from bilat.document.wording import period as when
from bilat.places import country_name, spoken_name
from bilat.places.coalitions import coalitions
from bilat.units.likelihood import WORDS, in_words
from bilat.units.notation import count_text, figure, interval, money
from bilat.when import Period

#: The kind of goods that were declared for a hub and are not in its books.
NEVER = "never arrives"
#: What is said of a probability that an assumption about the hub decides.
NOT_KNOWN = "not known here"
#: Hubs that a sentence names before it counts the others.
NAMED_HUBS = 3


def how_likely(r: Route) -> str:
    """The words for a route's probability; where an assumption about the hub decides, that it is
    not known."""
    names = [word for _, word in WORDS]
    low, high = (names.index(in_words(p)) for p in (r.probability_low, r.probability_high))
    if high - low > 1:
        return f"{NOT_KNOWN}, {r.probability_low:.0%} to {r.probability_high:.0%}"
    return in_words(r.probability)


def targets(found: Diversion) -> str:
    return joined([spoken_name(t) for t in found.targets])


def origins(found: Diversion) -> str:
    """``the EU``, the states, or how many they are."""
    return sellers(found.origins)


def sellers(states: Sequence[str]) -> str:
    """``the EU``, the states, or how many they are."""
    if set(states) in ({"EU27"}, set(coalitions()["EU27"])):
        return "the EU"
    if len(states) <= 3:
        return joined([spoken_name(state) for state in states])
    kind = "sanctioning states" if coalitions()["COALITION"] >= {*states} else "states"
    return f"{len(states)} {kind}"


def up_to(low: float, high: float, unit: str) -> str:
    """A range of what cannot be less than nothing: with a low end below it, ``up to 12
    million``, or ``nothing``."""
    if low <= 0:
        return f"up to {figure(high, unit)}" if high > 0 else "nothing"
    return range_of_money(low, high, unit) or figure(high, unit)


def range_of_money(low: float, high: float, unit: str) -> str:
    """``$2m to $3m``, ``2 to 3 million TRY``; blank where both ends print alike."""
    said = interval(low, high, unit)
    return f"{said} {unit}" if said and not money(low, unit) else said


def ends(amount: Amount, unit: str) -> str:
    return up_to(amount.low, amount.high, unit)


def scaled(largest: float, currency: str) -> tuple[float, str]:
    """(what amounts of a table are divided by, their unit)."""
    return (1e6, f"million {currency}") if largest >= 2e6 else (1e3, f"thousand {currency}")


def many(hubs: Sequence[object], what: str = "hub") -> str:
    """``Two hubs``."""
    number = few(len(hubs))
    return f"{number.capitalize()} {what if len(hubs) == 1 else what + 's'}"


def some_of(hubs: Sequence[str]) -> str:
    """``Georgia, Kenya, Peru and 2 other hubs``."""
    names = [spoken_name(h) for h in hubs]
    if len(names) <= NAMED_HUBS + 1:
        return joined(names)
    return joined([*names[:NAMED_HUBS], f"{len(names) - NAMED_HUBS} other hubs"])


def short(period: str) -> str:
    """``Jun 2022``, for a narrow column."""
    return period if len(period) == 4 else f"{dt.date.fromisoformat(period + '-01'):%b %Y}"


def hub_name(h: Hub) -> str:
    """Return the name of a hub as a sentence has it, with the last period that it reported."""
    return spoken_name(h.hub) + _until(h)


def hub_label(h: Hub) -> str:
    """Return the same for a row of a table."""
    return country_name(h.hub) + _until(h)


def _until(h: Hub) -> str:
    return f" (to {when(h.until)})" if h.until else ""


def paragraph(sentences: Sequence[str]) -> str:
    """Return sentences in a row, each with a capital first."""
    return " ".join(capital(sentence) for sentence in sentences)


def times_of(times: float) -> str:
    return f"{times:.0f} times" if times >= 9.5 else f"{times:.1f} times"


def fold(times: float) -> str:
    """Return ``7.1-fold``: a rise to a multiple of what was before."""
    return f"{times:.0f}-fold" if times >= 9.5 else f"{times:.1f}-fold"


def is_banned(found: Diversion, state: str) -> bool:
    """Whether a hub is itself under the target's ban."""
    return any(state in ALSO_BANNED.get(target, ()) for target in found.targets)


def did(found: Diversion) -> str:
    return f"sold {targets(found)}" if found.sales else "bought"


def window(found: Diversion) -> str:
    """``From March to November 2022``."""
    span = span_in_words(found.after)
    return f"From {span}" if " to " in span else f"In {span}"


def span_in_words(ends: tuple[str, str]) -> str:
    """``March to November 2022``; one period by itself."""
    first, last = (when(p) for p in ends)
    if first == last:
        return last
    return f"{first.removesuffix(f' {ends[1][:4]}')} to {last}"


def age(found: Diversion) -> str:
    """``four years``: how long before the answer its last period ended; blank up to 45 days, or if
    the data are a user's own."""
    last = Period(found.after[1]).end
    asked = found.as_of.date if found.as_of else None
    if asked is None or (asked - last).days <= 45:
        return ""
    years, months = divmod(round((asked - last).days / 30.44), 12)
    ages = ((years, "years"), (months if years < 3 else 0, "months"))
    return joined([few_text(n, what) for n, what in ages if n])


def bare(found: Diversion) -> str:
    return "sold" if found.sales else "bought"


def period_of(found: Diversion) -> str:
    return "month" if len(found.after[0]) == 7 else "year"


def marks(found: Diversion) -> tuple[tuple[dt.date, str], ...]:
    """The break, where it is not the invasion, which charts mark anyway."""
    if found.since in ("2022", "2022-02", "2022-03"):
        return ()
    return ((Period(found.since).start, "break"),)


def more_of(hubs: Sequence[Hub]) -> str:
    """``much more``, where all of them rose by half and more; a rise may be sure and small."""
    return "much more" if all(h.times >= RISE for h in hubs) else "more"


def finding(found: Diversion, h: Hub, *, with_verb: bool = True) -> str:
    """What the records say of a hub, in a few words. Nothing here clears a hub.

    ``with_verb``: say ``bought much more``, and not ``much more``, where nothing else says so.
    """
    verb = f"{bare(found)} " if with_verb else ""
    if by_pairs := _finding_by_pairs(found, h):
        return by_pairs
    if h.hub in found.odd_sizes:
        return "check its unit"
    if h.sales is not None and h.sales.leapt:
        return "sold much more"
    if h.surged:
        return f"{verb}{more_of([h])}"
    if h.sales is not None and not h.sales.has_past:
        return "no earlier sales"
    since = [value is not None for period, value, _ in h.months if period >= found.after[0]]
    if 3 * sum(since) < len(since):
        return "not known"  # it reported too little since the break
    has_bought_more = h.swings >= 1 or h.times >= RISE or h.goods_rose or h.rose_in_total
    if has_bought_more and not _bought_less(h):
        return f"{verb}more"
    if h.sales_rose:
        return "sold more"
    if h.likely is not None and not h.likely.stored:
        return "no data on sales"
    return "no sign"


def _finding_by_pairs(found: Diversion, h: Hub) -> str:
    """Return what all pairs of a hub say together; blank if it does not stand out."""
    if found.carried is None:
        return ""
    if h.hub in found.carried.without_sales:
        return "likely by purchases"
    return "likely route" if h.hub in found.named else ""


def _bought_less(h: Hub) -> bool:
    """Whether a hub bought less than expected, whatever the expected level."""
    return bool(h.excess) and h.high <= 0


def leading(found: Diversion, hubs: Collection[str] | None = None) -> tuple[Route, ...]:
    """Return the rows that an answer lists first, of some hubs if they are given.

    If purchases alone decide, goods that a hub bought no more of than expected do not lead, unless
    it has no others.
    """
    rows = tuple(r for r in found.rows if hubs is None or r.hub in hubs)
    if found.sales or any(r.out for r in rows):
        return rows
    above = tuple(r for r in rows if (r.into.actual or 0.0) > (r.into.expected or 0.0))
    return above or rows


def stake_ends(found: Diversion, r: Route) -> tuple[float, float]:
    """Return the ends of the amount at stake: probability times amount.

    They differ if an assumption moves it by more than a third. Of a hub that surges they are the
    parts sent on of what it bought above expectation, whether or not the pair's own rise is known.
    """
    if r.rests_on == SENT_ON and r.hub in found.named:
        extra = max((r.into.actual or 0.0) - (r.into.expected or 0.0), 0.0)
        share = parameters()["share_sent_on"]
        return extra * float(share["low"]), extra * float(share["high"])
    if 3 * r.probability_high <= 4 * r.probability_low or not r.probability:
        return r.at_stake, r.at_stake
    each = r.at_stake / r.probability
    return each * r.probability_low, each * r.probability_high


def silent(found: Diversion, s: Silence) -> str:
    """What is missing, or cannot be right, as a sentence without its stop."""
    hub = spoken_name(s.hub)
    target = targets(found)
    after = f" after {when(s.since)}" if s.since else ""
    if s.kind in (PURCHASES, SALES):
        sold = s.kind == SALES or found.sales
        what = f"sold {target}" if sold else f"bought from {origins(found)}"
        return (
            f"From {when(s.first)}, the figures for nearly all goods that {hub} {what} are "
            f"{times(s.before, s.after)} those of {when(s.since or s.first)}. They all change at "
            "once, as happens when a unit changes, not when trade does. Check them; we count none"
        )
    if s.kind == LATE:
        return f"{possessive(hub)} own sales are known only to {when(s.since or s.first)}"
    if s.kind == NEVER:
        return f"Goods declared for {hub} do not appear in its own books"
    if s.kind == "no partner":
        return f"{hub} reports sales to others but none to {target}, which clears nobody"
    if s.kind == "suppressed partner":
        others = "though it still reports its sales to others, which clears nobody"
        return f"{hub} has reported no sales to {target}{after}, {others}"
    return f"{hub} stopped reporting its sales{after}, which clears nobody"


def largest_of_each_hub(silences: Sequence[Silence]) -> list[Silence]:
    """The largest silence of each hub, in their order, which is by size."""
    largest: dict[str, Silence] = {}
    for silence in silences:
        if silence.kind not in (NEVER, LATE):
            largest.setdefault(silence.hub, silence)
    return list(largest.values())


def goods_name(r: Route) -> str:
    return r.name or r.label


def routes_stand_out(flags: Sequence[Route]) -> str:
    """``12 routes stand out``, with how many of them are expected to be chance."""
    if len(flags) == 1:
        return "one route stands out"
    by_chance = sum(1.0 - r.probability for r in flags)
    expected = f"about {by_chance:.0f}" if by_chance >= 1.5 else "about one"
    if by_chance < 0.5:
        expected = "fewer than one"
    return f"{count_text(len(flags), 'routes')} stand out, {expected} of them expected by chance"
