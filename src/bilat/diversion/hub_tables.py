# SPDX-License-Identifier: Apache-2.0
"""Tables and charts on hubs: what each bought and sold, by month, and how much was expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.catalog.sources import sources
from bilat.diversion.answer import COUNTERFACTUALS, Clock, Diversion, Excess, Group, Hub
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.words import (
    bare,
    did,
    finding,
    hub_label,
    marks,
    origins,
    period_of,
    scaled,
    short,
    targets,
    times_of,
)
from bilat.document import Block, Column, Point, Say, Section, Series, Table
from bilat.document.wording import day, joined, unit_name
from bilat.document.wording import period as when
from bilat.goods.descriptions import chapter_names
from bilat.places import country_name, spoken_name

#: Hubs in the chart that compares them.
COMPARED_HUBS = 3
#: Rows of the table of groups of goods.
MOST_GROUPS = 30
#: Amounts of a table from which on it has no decimals.
LEAST_WHOLE = 100
#: Characters of the names of hubs that a row of a table has room for.
ROOM_FOR_NAMES = 40


def _drawn_from(found: Diversion) -> str:
    """Return the source of a chart."""
    catalogue = sources()
    titles = [catalogue[name].title if name in catalogue else name for name in found.sources]
    return joined(titles) if titles else "your file"


def hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    """Return a row for each hub: what it bought and sold on if both are stored, else its rise."""
    has_sales_only = found.sales
    if not has_sales_only and any(hub.likely or hub.sales for hub in hubs):
        return _purchases_and_sales(found, hubs)
    return _rises(found, hubs)


def _rises(found: Diversion, hubs: Sequence[Hub]) -> Table:
    """Return how far the purchases of each hub, or its sales, rose above a year earlier."""
    largest = max(hub.high for hub in hubs)
    divisor, unit = scaled(largest, found.currency)
    digits = 0 if largest >= LEAST_WHOLE * divisor else 1
    rows = tuple(
        (
            hub_label(hub),
            finding(found, hub, with_verb=False),
            None if hub.is_from_nothing else hub.times,
            hub.ratio,
            _period_of_rise(hub),
            round(hub.low / divisor, digits),
            round(hub.high / divisor, digits),
            _share_of_tripled(hub),
        )
        for hub in hubs
    )
    amount = f",.{digits}f"
    columns = (
        Column("hub"),
        Column("finding"),
        Column(f"typical {period_of(found)}", ".1f", True),
        Column("total", ".1f", True),
        Column("rising since"),
        Column("extra, low", amount, True),
        Column("extra, high", amount, True),
        Column("trebled", number=True),
    )
    what = f"sales to {targets(found)}" if found.sales else f"purchases from {origins(found)}"
    title = (
        f"Hubs: {what} (2.0 = twice as much as a year earlier). "
        f"Extra: {unit} above expected (80%). "
        "Trebled: share of the goods (a year before)"
    )
    return Table(columns, rows, title, total=len(found.hubs))


def _period_of_rise(hub: Hub) -> str | None:
    """Return ``May 2022``, or ``May 2022 to Jan 2023`` for a rise that has stopped."""
    if hub.since is None:
        return None
    return f"{short(hub.since)} to {short(hub.ended)}" if hub.ended else short(hub.since)


def _share_of_tripled(hub: Hub) -> str | None:
    """Return ``40% (5%)``: the share of goods at three times or more, and that a year earlier."""
    if not hub.goods:
        return None
    share = f"{hub.tripled / hub.goods:.0%}"
    if not hub.goods_before:
        return share
    return f"{share} ({hub.tripled_before / hub.goods_before:.0%})"


def _purchases_and_sales(found: Diversion, hubs: Sequence[Hub]) -> Table:
    """Return what each hub bought, sold to the targets, and likely passed on."""
    amounts = [hub.likely.amount.high for hub in hubs if hub.likely]
    amounts += [hub.sales.actual for hub in hubs if hub.sales]
    divisor, unit = scaled(max(amounts, default=0.0), found.currency)
    rows = []
    for hub in hubs:
        times_bought = hub.ratio if hub.bought else None
        times_sold = sold = None
        if hub.sales:
            sold = hub.sales.actual / divisor
            if hub.sales.before > 0:
                times_sold = hub.sales.actual / hub.sales.before
        low = high = None
        if hub.likely:
            low = hub.likely.amount.low / divisor
            high = hub.likely.amount.high / divisor
        name = hub_label(hub)
        rows.append((name, finding(found, hub), times_bought, times_sold, sold, low, high))
    target = targets(found)
    columns = (
        Column("hub"),
        Column("finding"),
        Column("bought, multiple", ".1f", True),
        Column("sold, multiple", ".1f", True),
        Column("sold", ",.1f", True),
        Column("at stake, low", ",.1f", True),
        Column("at stake, high", ",.1f", True),
    )
    title = (
        f"Hubs: what they bought from {origins(found)} and sold {target}, as a multiple of the "
        f"time before {when(found.since)}. At stake: goods weighted by their probability "
        f"({unit}, 80% range)"
    )
    return Table(columns, tuple(rows), title, total=len(found.hubs))


def hubs_together(found: Diversion, hubs: Sequence[Hub]) -> list[Block]:
    """Return the chart that compares the first hubs; nothing if none of them has a figure."""
    drawn = [hub for hub in hubs if hub.months][:COMPARED_HUBS]
    points = [point for hub in drawn for point in _reported(hub, country_name(hub.hub))]
    if not points:
        return []
    title = f"{_trade_of_hubs(found)}: {joined([spoken_name(hub.hub) for hub in drawn])}"
    return [
        Series(
            title,
            found.currency,
            tuple(points),
            subtitle=f"{unit_name(found.currency)} a {period_of(found)}",
            marks=marks(found),
            source=_drawn_from(found),
        )
    ]


def _reported(hub: Hub, group: str) -> list[Point]:
    """Return the hub's own figures as points of a chart."""
    return [
        Point(period, value, kind="reported", group=group)
        for period, value, _ in hub.months
        if value is not None
    ]


def _trade_of_hubs(found: Diversion) -> str:
    """Return which trade of the hubs the figures are of."""
    if found.sales:
        return f"Sales to {targets(found)}"
    if found.direct_held:
        return f"Purchases of goods whose direct sales to {targets(found)} fell"
    return f"Purchases from {origins(found)}"


def hub_over_time(found: Diversion, hub: Hub) -> Series:
    """Return the chart of one hub, with the range that its past makes likely."""
    points = _reported(hub, bare(found))
    points += [
        Point(period, usual, low, high, "derived", "expected from past trade")
        for period, usual, low, high in hub.foretold
    ]
    traded = "sales" if found.sales else "purchases"
    multiple = f"{hub.times:.0%} of" if hub.times < 1 else times_of(hub.times)
    level = f"{traded} {multiple} the level of a year earlier"
    if hub.is_from_nothing:
        level = f"{traded} after nothing a year earlier"
    title = f"{hub_label(hub)}: {level} ({_rise_or_finding(found, hub)})"
    unit = f"{unit_name(found.currency)} a {period_of(found)}"
    return Series(
        title,
        found.currency,
        tuple(points),
        subtitle=f"{_trade_of_hubs(found)}, {unit}; band: expected from past trade (80% range)",
        marks=marks(found),
        focus=(bare(found),),
        source=_drawn_from(found),
    )


def _rise_or_finding(found: Diversion, hub: Hub) -> str:
    """Return when a hub's trade began to rise; else what the records say of it."""
    if hub.since is None:
        said = finding(found, hub)
        return "no sign of diversion" if said == "no sign" else said
    if hub.ended:
        return f"rose from {when(hub.since)} to {when(hub.ended)}"
    return f"rising since {when(hub.since)}"


def expected_levels(found: Diversion) -> list[Block]:
    """Return what the named hubs bought above each of the four levels that were expected."""
    total = found.total
    if not total.rests_on:
        return []
    names = _names_of_levels(found)
    rows = []
    for name in COUNTERFACTUALS:
        excess = total.rests_on.get(name)
        if excess is None:
            continue
        # The range is the spread over headings of goods: one heading has none.
        low = high = None
        if excess.low < excess.high:
            low = excess.low
            high = excess.high
        rows.append((names[name], excess.value, low, high, excess.placebo))
    is_one_hub = len(total.hubs) == 1
    columns = (
        Column(f"what we expect {'it' if is_one_hub else 'they'} would have {did(found)} anyway"),
        Column("more than expected", number=True),
        Column("low", number=True),
        Column("high", number=True),
        Column("same calculation a year earlier", number=True),
    )
    hubs = joined([spoken_name(hub) for hub in total.hubs])
    together = "" if is_one_hub else " together"
    capped = ", at most what was sold on" if total.capped else ""
    title = (
        f"{hubs}{together}: purchases above each of four expected levels, {found.currency} (80% "
        f"range){capped}"
    )
    note = (
        "The choice of the expected level matters more than anything else. The last column is the "
        "same calculation for a date a year earlier, when it should give about zero."
    )
    table = Table(columns, tuple(rows), title)
    return [Section("How the amount was worked out", (table, Say(note, "note")), detail=True)]


def _names_of_levels(found: Diversion) -> dict[str, str]:
    """Return each counterfactual in words, for one hub or several."""
    their, them = ("its", "it") if len(found.total.hubs) == 1 else ("their", "them")
    return {
        "own level": f"{their} own level a year earlier",
        "other goods": (
            f"that level, adjusted for the change in other goods sold by {origins(found)} to {them}"
        ),
        "neighbours": (
            f"that level, adjusted for the change in these goods in {_unaffected_hubs(found)}"
        ),
        "triple difference": "both adjustments (triple difference)",
    }


def _unaffected_hubs(found: Diversion) -> str:
    """Return the hubs that the others are compared with: their purchases did not rise, and they
    are not under the same ban as the target."""
    banned: set[str] = set()
    for target in found.targets:
        banned.update(ALSO_BANNED.get(target, ()))
    hubs = [hub for hub in found.hubs if not hub.surged and hub.hub not in banned]
    names = joined([spoken_name(hub.hub) for hub in hubs])
    return names if len(names) < ROOM_FOR_NAMES else "hubs whose purchases did not rise"


def listing_dates(found: Diversion) -> Table:
    """Return a row for each day of listing, with purchases about that day by span of months."""
    spans = sorted({span for clock in found.clocks for span in _ranges_by_span(clock)})
    rows = []
    for clock in found.clocks:
        ranges = _ranges_by_span(clock)
        date = day(dt.date.fromisoformat(clock.listed))
        rows.append((date, clock.goods, *(ranges.get(span) for span in spans)))
    columns = (
        Column("date of listing"),
        Column("number of goods", number=True),
        *(Column(_span_in_words(first, last), number=True) for first, last in spans),
    )
    title = (
        "Purchases of all hubs before and after goods were listed, as a multiple of the same "
        "months a year earlier (80% range)"
    )
    return Table(columns, tuple(rows), title)


def _ranges_by_span(clock: Clock) -> dict[tuple[int, int], str]:
    """Return ``1.2 to 1.9`` by (first month, last month), counted from the month of listing."""
    return {(first, last): f"{low:.1f} to {high:.1f}" for first, last, _, low, high in clock.ratios}


def _span_in_words(first: int, last: int) -> str:
    """Return ``1 to 3 months after`` for the months 0 to 2, of which 0 is the month of listing."""
    if first < 0:
        return f"{-first} to {-last} months before"
    return f"{first + 1} to {last + 1} months after"


def groups_of_goods(found: Diversion) -> list[Block]:
    """Return the groups that stand out, or all of them if none does, with what is extra in each."""
    if not found.groups:
        return []
    flagged = [group for group in found.groups if group.flagged]
    groups = flagged or list(found.groups)
    groups = groups[:MOST_GROUPS]
    divisor, unit = scaled(max(_extra(group).high for group in groups), found.currency)
    rows = []
    for group in groups:
        extra = _extra(group)
        rows.append(
            (
                country_name(group.hub),
                _group_name(group),
                group.goods,
                group.times,
                short(group.since) if group.since else None,
                extra.low / divisor,
                extra.high / divisor,
                "much more" if group.flagged else "more",
            )
        )
    columns = (
        Column("hub"),
        Column("group"),
        Column("goods", number=True),
        Column("multiple", ".1f", True),
        Column("rising since"),
        Column("extra, low", ",.1f", True),
        Column("extra, high", ",.1f", True),
        Column("finding"),
    )
    title = f"Groups of goods (extra: {unit} more than expected)"
    return [Table(columns, tuple(rows), title, total=len(found.groups), detail=True)]


def _extra(group: Group) -> Excess:
    """Return what a group's purchases exceed: the growth of other goods, else their own past."""
    return group.excess.get("other goods") or group.excess["own level"]


def _group_name(group: Group) -> str:
    if group.kind == "chapter":
        return f"{group.name} {chapter_names().get(group.name, '')}".strip()
    if group.kind == "tier":
        return f"common high-priority list, tier {group.name}"
    return f"listed on {group.name}"
