# SPDX-License-Identifier: Apache-2.0
"""One pair of hub and goods as a case: the three legs, what else could explain them, what would settle it, a paragraph
to paste; and the words that all of an answer shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bilat.diversion.answer import Diversion, Hub, LegTotals, Route, Silence
from bilat.diversion.reported import LATE
from bilat.diversion.unit_steps import SALES, times
from bilat.document import Block, Column, Facts, Point, Series, Table
from bilat.document.wording import joined, possessive
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.errors import command
from bilat.places import country_name
from bilat.places.coalitions import coalitions
from bilat.units.written import counted, figure, interval
from bilat.when import Period

#: Words for a probability (ICD 203, analytic standards of the United States' intelligence community): up to, word.
WORDS = (
    (0.05, "almost no chance"),
    (0.2, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "about even"),
    (0.8, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)
#: Listed firms that a case names; goods declared for a hub that are not in its books.
NAMED = 12
NEVER = "never arrives"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(p: float) -> str:
    """``likely`` for .6."""
    return next(word for most, word in WORDS if p <= most + 1e-9)


def how_likely(r: Route) -> str:
    """The words for a route's probability; where the range of an assumption spans several of them, that it is not
    known."""
    names = [word for _, word in WORDS]
    low, high = (names.index(in_words(p)) for p in (r.probability_low, r.probability_high))
    if high - low > 1:
        return f"not known, {r.probability_low:.0%} to {r.probability_high:.0%}"
    return in_words(r.probability)


def targets(found: Diversion) -> str:
    return joined([country_name(t) for t in found.targets])


def origins(found: Diversion) -> str:
    """``the EU``, the states, or how many they are."""
    if set(found.origins) in ({"EU27"}, set(coalitions()["EU27"])):
        return "the EU"
    if len(found.origins) <= 3:
        return joined([country_name(o) for o in found.origins])
    return f"{len(found.origins)} states"


def up_to(low: float, high: float, unit: str) -> str:
    """A range of what cannot be less than nothing: with a low end below it, ``up to 12 million``, or ``nothing``."""
    if low <= 0:
        return f"up to {figure(high, unit)}" if high > 0 else "nothing"
    return f"{interval(low, high) or figure(high)} {unit}"


def scaled(largest: float, currency: str) -> tuple[float, str]:
    """(what amounts of a table are divided by, their unit)."""
    return (1e6, f"million {currency}") if largest >= 2e6 else (1e3, f"thousand {currency}")


def many(hubs: Sequence[Hub]) -> str:
    """``Two hubs``."""
    number = NUMBERS[len(hubs)] if len(hubs) < len(NUMBERS) else str(len(hubs))
    return f"{number.capitalize()} {'hub' if len(hubs) == 1 else 'hubs'}"


def short(period: str) -> str:
    """``Jun 2022``, for a narrow column."""
    return period if len(period) == 4 else f"{dt.date.fromisoformat(period + '-01'):%b %Y}"


def hub_name(h: Hub) -> str:
    return country_name(h.hub) + (f" (to {when(h.until)})" if h.until else "")


def times_of(h: Hub) -> str:
    return f"{h.times:.0f} times" if h.times >= 9.5 else f"{h.times:.1f} times"


def did(found: Diversion) -> str:
    return f"sold {targets(found)}" if found.sales else "bought"


def window(found: Diversion) -> str:
    """``From March to November 2022``."""
    first, last = (when(p) for p in found.after)
    first = (
        first.removesuffix(f" {found.after[1][:4]}") if found.after[0] != found.after[1] else first
    )
    return f"In {last}" if first == last else f"From {first} to {last}"


def bare(found: Diversion) -> str:
    return "sold" if found.sales else "bought"


def period_of(found: Diversion) -> str:
    return "month" if len(found.after[0]) == 7 else "year"


def marks(found: Diversion) -> tuple[tuple[dt.date, str], ...]:
    """The break, where it is not the invasion, which charts mark anyway."""
    return (
        ()
        if found.since in ("2022", "2022-02", "2022-03")
        else ((Period(found.since).start, "break"),)
    )


def stake_ends(r: Route) -> tuple[float, float]:
    """Probability times amount; its range where an assumption moves it by more than a third."""
    if 3 * r.probability_high <= 4 * r.probability_low or not r.probability:
        return r.at_stake, r.at_stake
    each = r.at_stake / r.probability
    return each * r.probability_low, each * r.probability_high


def settles(found: Diversion, r: Route) -> str:
    """What would turn a likelihood into an answer."""
    hub = country_name(r.hub)
    target = targets(found)
    if r.out is None:
        plan = command("sources", "plan", "comtrade", reporter=[r.hub])
        return f"what {hub} sold {target} of HS {r.product}, which is not held: {plan}"
    return f"the consignees in {hub} and their invoices: who sold {target} {figure(r.out.actual or 0.0)}"


def case(found: Diversion, r: Route) -> list[Block]:
    """One pair: the three legs, what else could explain it, what would settle it."""
    hub = country_name(r.hub)
    target = targets(found)
    origin = origins(found)
    legs = (
        (f"{origin} to {target}, direct", r.direct),
        (f"{origin} to {hub}", r.into),
        (f"{hub} to {target}", r.out),
    )
    table = tuple(
        (
            name,
            *(
                (leg.before, leg.expected, leg.actual)
                if leg and leg.actual is not None
                else ("not held", "not held", "not held")
            ),
        )
        for name, leg in legs
    )
    columns = (
        Column("leg"),
        *(Column(c, number=True) for c in ("level before", "expected", "actual")),
    )
    amount = (
        f"{figure(r.diverted or 0.0, found.currency)} ({interval(r.low, r.high, found.currency)})"
    )
    listed = f", common high priority list, tier {r.tier}" if r.tier else ""
    since = f", from {when(r.months.break_at)} on" if r.months and r.months.break_at else ""
    facts: list[tuple[str, Any]] = [
        ("Goods", f"{r.name or r.label} (HS {r.product}){listed}"),
        (
            "Bought",
            f"{_against(r.into, found.currency)}{since}"
            if r.into.actual is not None
            else "not held",
        ),
        ("Sold on", f"to {target} {_against(r.out, found.currency)}" if r.out else "not held"),
        (
            "A route?",
            how_likely(r) + (f", by {r.rests_on}" if r.rests_on else f", {percent(r.probability)}"),
        ),
        ("Amount, if it is one", amount),
        ("Sold by", _sellers(r)),
        ("What else could explain it", "; ".join(r.compared) or "not held"),
        ("What would settle it", settles(found, r)),
        ("Listed parties", _listed(found, r)),
    ]
    if r.out is None and any(h.flagged and h.hub == r.hub for h in found.hubs):
        part = "its part of the hub's surge, whether or not it stands out by itself"
        facts.insert(5, ("At stake", f"{up_to(*stake_ends(r), found.currency)}, {part}"))
    if r.surge is not None:
        facts.insert(3, ("A surge of purchases?", in_words(r.surge)))
    # A workbook has a sheet for each, by the first words of its title.
    title = f"{r.hub} {r.product}, the three legs, {found.currency}"
    blocks: list[Block] = [Facts(tuple(facts)), Table(columns, table, title)]
    m = r.months
    named = (
        (("direct", m.direct), ("into the hub", m.inward), ("out of the hub", m.outward))
        if m
        else ()
    )
    points = tuple(
        Point(p, v, kind="reported", group=name)
        for name, values in named
        if values
        for p, v in zip(m.periods if m else (), values, strict=True)
    )
    blocks.append(
        Series(f"{r.hub} {r.product} by period", found.currency, points, marks=marks(found))
    )
    return blocks


def _listed(found: Diversion, r: Route) -> str:
    """Listed firms of the hub by name; lists do not say what anybody trades in."""
    names = found.listed.get(r.hub, ())
    some = "; ".join(names[:NAMED]) + (
        f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""
    )
    where = f"{country_name(r.hub)} are on record"
    who = f"{counted(len(names), 'firms')} with an address in {where}: {some}"
    who = who if names else f"no firms in {where}"
    return f"{who}. Lists name no goods: {command('screen', 'CONSIGNEES.csv')} sets the consignees against all of them"


def _against(leg: LegTotals, currency: str) -> str:
    first = " and none before" if leg.before == 0 else ""
    return f"{figure(leg.actual or 0.0, currency)}, against {figure(leg.expected or 0.0)} expected{first}"


def _sellers(r: Route) -> str:
    if [o for o, _ in r.supplied_by] == ["EU27"]:
        return "the EU; which member is not held at this detail"
    return joined([f"{country_name(o)} {percent(s)}" for o, s in r.supplied_by]) or "not held"


def silent(found: Diversion, s: Silence) -> str:
    """What has gone silent, or cannot be, as a sentence without its stop."""
    hub = country_name(s.hub)
    target = targets(found)
    after = f" after {when(s.since)}" if s.since else ""
    if s.kind.startswith("unit"):
        sold = s.kind == SALES or found.sales
        return (
            f"From {when(s.first)} on, the figures of nearly all goods that {hub} "
            f"{f'sold {target}' if sold else f'bought from {origins(found)}'} are {times(s.before, s.after)} those of "
            f"{when(s.since or s.first)}, all alike and at once, as a change of unit does and trade does not. Read "
            "them again; none of them is counted"
        )
    if s.kind == LATE:
        return f"{possessive(hub)} own sales are known to {when(s.since or s.first)}"
    if s.kind == NEVER:
        return f"Goods declared for {hub} are not in its own books"
    if s.kind == "no partner":
        return f"{hub} reports its sales to others and none at all to {target}, which clears nobody"
    if s.kind == "suppressed partner":
        others = "though it goes on reporting its sales to others, which clears nobody"
        return f"{hub} reports no more sales to {target}{after}, {others}"
    return f"{hub} stopped reporting its sales{after}, which clears nobody"


def silences(found: Diversion) -> Table:
    by, unit = scaled(max(max(s.before, s.after) for s in found.silences), found.currency)
    spans = [
        when(s.first) + (f" to {when(s.last)}" if s.last != s.first else "") for s in found.silences
    ]
    rows = tuple(
        (silent(found, s).split(":")[0], span, s.before / by, s.after / by)
        for s, span in zip(found.silences, spans, strict=True)
    )
    columns = (
        Column("finding"),
        Column("compared"),
        Column("usual", ",.1f", True),
        Column("then", ",.1f", True),
    )
    title = f"What has gone silent, or cannot be, {unit}; usual: as many {period_of(found)}s before the break"
    return Table(columns, rows, title)
