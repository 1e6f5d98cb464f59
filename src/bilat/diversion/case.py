# SPDX-License-Identifier: Apache-2.0
"""One pair of hub and goods as a case: the three legs, what else could explain them, what would
settle it."""

from __future__ import annotations

import re
from typing import Any

from bilat.diversion.answer import INWARD, OUTWARD, SENT_ON, Diversion, LegTotals, Route
from bilat.diversion.words import (
    goods_name,
    how_likely,
    marks,
    origins,
    period_of,
    stake_ends,
    targets,
    up_to,
)
from bilat.document import Block, Column, Facts, Point, Series, Table
from bilat.document.wording import joined, possessive, unit_name
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.errors import command
from bilat.places import country_name
from bilat.units.likelihood import in_words
from bilat.units.notation import count_text, figure, interval

#: Listed firms that a case names.
NAMED = 12
NOT_STORED = "no data"
#: Words after which a description names no longer the good, but what it has or is for: a car *with*
#: an engine is none.
_ATTRIBUTES = re.compile(r"\b(?:with|without|for|having|other than|excluding)\b")
#: Kinds of components that the record abbreviates or names otherwise than descriptions of goods:
#: the name in full, then the words of descriptions.
_KINDS = {
    "mcu": ("microcontroller", "controllers"),
    "antenna": ("antenna", "aerials", "antenna"),
}


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
    table = tuple((name, *_three(leg)) for name, leg in legs)
    heads = ("level before", "expected", "actual")
    columns = (Column("trade flow"), *(Column(c, number=True) for c in heads))
    # A workbook has a sheet for each, by the first words of its title.
    title = f"{_goods(r)} sent to and through {hub}, {unit_name(found.currency)}"
    return [Facts(tuple(_facts(found, r))), Table(columns, table, title), _chart(found, r)]


def _goods(r: Route) -> str:
    """Return the name of the goods with their code."""
    return f"{goods_name(r)} (HS {r.product})"


def _three(leg: LegTotals | None) -> tuple[Any, Any, Any]:
    if leg is None or leg.actual is None:
        return NOT_STORED, NOT_STORED, NOT_STORED
    return leg.before, leg.expected, leg.actual


def _facts(found: Diversion, r: Route) -> list[tuple[str, Any]]:
    currency = found.currency
    listed = f", common high-priority list, tier {r.tier}" if r.tier else ""
    facts: list[tuple[str, Any]] = [
        ("Goods", f"{_goods(r)}{listed}"),
        ("Bought", _bought(found, r)),
    ]
    if weapons := _found_in_weapons(found, r):
        facts.append(("Use in weapons", weapons))
    if r.surge is not None:
        facts.append(("Rise in purchases beyond chance", in_words(r.surge)))
    sold = f"to {targets(found)} {_against(r.out, currency)}" if r.out else NOT_STORED
    if r.months and r.months.ended_at:
        sold += f"; it stopped after {when(r.months.ended_at)}"
    amount = f"{figure(r.diverted or 0.0, currency)} ({interval(r.low, r.high, currency)})"
    facts += [
        ("Onward sales", sold),
        ("Chance of a route", _route(r)),
        ("Amount, if it is a route", amount),
    ]
    if r.out is None and any(h.surged and h.hub == r.hub for h in found.hubs):
        part = "this product's part of the hub's total rise, even if its own rise is not unusual"
        facts.append(("At stake", f"{up_to(*stake_ends(found, r), currency)}: {part}"))
    facts += [
        ("Sold by", _sellers(r)),
        ("Compared with other trade", " ".join(r.compared) or NOT_STORED),
        ("What would settle it", settles(found, r)),
        ("Listed parties", _listed(found, r)),
    ]
    return facts


def _route(r: Route) -> str:
    """How likely the pair is a route, and what that rests on."""
    if r.rests_on == SENT_ON:
        return (
            "unknown, because we have no data on what the hub sold on. In Armenia, the only hub "
            "where this was measured, 10-50% of such purchases were sent on"
        )
    return how_likely(r) + (
        f", based on {r.rests_on}" if r.rests_on else f", {percent(r.probability)}"
    )


def _bought(found: Diversion, r: Route) -> str:
    if r.into.actual is None:
        return NOT_STORED
    began = r.months.break_at if r.months else None
    bought = _against(r.into, found.currency)
    return f"{bought}; rising since {when(began)}" if began else bought


def _against(leg: LegTotals, currency: str) -> str:
    actual = figure(leg.actual or 0.0, currency)
    if not leg.expected:
        return f"{actual}, {'with none before' if leg.before == 0 else 'with none expected'}"
    return f"{actual}, compared with {figure(leg.expected, currency)} expected"


def settles(found: Diversion, r: Route) -> str:
    """What would turn a likelihood into an answer."""
    hub = country_name(r.hub)
    target = targets(found)
    if r.is_unbooked:
        return (
            f"the consignees in {hub} that the export papers name, and whether the goods crossed "
            "its border"
        )
    if r.out is None:
        plan = command("update", "trade", hub=r.hub, goods=r.product[:6])
        sales = f"data on {possessive(hub)} sales to {target} under HS {r.product}"
        return f"{sales}. To download them: {plan}"
    sold = figure(r.out.actual or 0.0, found.currency)
    return f"the consignees in {hub} and their invoices: who sold {target} {sold}"


def _listed(found: Diversion, r: Route) -> str:
    """Listed firms of the hub by name; lists do not say what anybody trades in."""
    firms = found.listed.get(r.hub, ())
    where = f"{country_name(r.hub)} are listed"
    ask = ""
    if found.consignees is None:
        plan = command("divert", parties="FILE")
        ask = f". To compare your consignees with all of them: {plan}"
    if not firms:
        return f"no firms in {where}. The lists do not say what firms trade in{ask}"
    more = f"; and {len(firms) - NAMED} more" if len(firms) > NAMED else ""
    who = f"{count_text(len(firms), 'firms')} with an address in {where}"
    names = "; ".join(f.name for f in firms[:NAMED])
    return f"{who}: {names}{more}. The lists do not say what these firms trade in{ask}"


def _found_in_weapons(found: Diversion, r: Route) -> str:
    """Components of weapons whose kind the good's description names."""
    kinds = kinds_in_weapons(found, r)
    each = [
        f"{count_text(found.components[k][0], 'components')} of this kind ({name_of_kind(k)}) in "
        f"{count_text(found.components[k][1], 'weapons')}"
        for k in kinds
    ]
    listed = f"on the common high-priority list, tier {r.tier}" if r.tier else ""
    return "; ".join(x for x in (listed, joined(each)) if x)


def kinds_in_weapons(found: Diversion, r: Route) -> list[str]:
    """Return the kinds of components found in weapons that the good's description names."""
    text = _ATTRIBUTES.split(r.label.lower())[0]
    return [k for k in found.components if any(word in text for word in _words_of_kind(k))]


def name_of_kind(kind: str) -> str:
    """Return a kind of component in full: ``microcontroller`` for ``mcu``."""
    return _KINDS.get(kind, (kind,))[0]


def _words_of_kind(kind: str) -> tuple[str, ...]:
    """Return the words by which descriptions of goods name a kind of component."""
    return _KINDS[kind][1:] if kind in _KINDS else (kind.lower().rstrip("y"),)


def _sellers(r: Route) -> str:
    if [o for o, _ in r.supplied_by] == ["EU27"]:
        return "the EU (we know its members' shares only for all listed goods together)"
    return joined([f"{country_name(o)} {percent(s)}" for o, s in r.supplied_by]) or NOT_STORED


def _chart(found: Diversion, r: Route) -> Series:
    months = r.months
    points: list[Point] = []
    if months:
        named = (
            ("direct", months.direct),
            (INWARD, months.inward),
            (OUTWARD, months.outward),
        )
        for name, values in named:
            for period, value in zip(months.periods, values or (), strict=False):
                points.append(Point(period, value, kind="reported", group=name))
    return Series(
        f"{_goods(r)} sent to and through {country_name(r.hub)}, by {period_of(found)}",
        found.currency,
        tuple(points),
        marks=marks(found),
        source=joined(list(found.sources)),
    )
