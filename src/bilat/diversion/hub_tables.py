# SPDX-License-Identifier: Apache-2.0
"""Tables and charts on hubs: what each bought and sold, over time, and above which level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.catalog.sources import sources
from bilat.diversion.answer import COUNTERFACTUALS, Diversion, Group, Hub
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.words import (
    bare,
    did,
    finding,
    hub_name,
    marks,
    origins,
    period_of,
    scaled,
    short,
    targets,
    times_of,
)
from bilat.document import Block, Column, Point, Say, Section, Series, Table
from bilat.document.blocks import Cell
from bilat.document.wording import day, joined, unit_name
from bilat.document.wording import period as when
from bilat.goods.descriptions import chapter_names
from bilat.places import country_name

#: Hubs drawn together, and groups of goods in their table.
TOGETHER = 3
MOST_GROUPS = 30


def _drawn_from(found: Diversion) -> str:
    """Return the source of a chart."""
    known = sources()
    titles = [known[name].title if name in known else name for name in found.sources]
    return joined(titles) if titles else "your file"


def hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    if not found.sales and any(h.likely or h.sales for h in hubs):
        return _both_legs_table(found, hubs)
    by, unit = scaled(max(h.high for h in hubs), found.currency)
    rows = tuple(
        (
            hub_name(h),
            finding(found, h, with_verb=False),
            h.times,
            h.ratio,
            _since(h),
            round(h.low / by) + 0.0,
            round(h.high / by) + 0.0,
            _threefold(h),
        )
        for h in hubs
    )
    columns = (
        Column("hub"),
        Column("finding"),
        Column(f"typical {period_of(found)}", ".1f", True),
        Column("total", ".1f", True),
        Column("rising since"),
        Column("extra, low", ",.0f", True),
        Column("extra, high", ",.0f", True),
        Column("3 times or more", number=True),
    )
    what = f"sales to {targets(found)}" if found.sales else f"purchases from {origins(found)}"
    title = (
        f"Hubs: {what} as a multiple of a year earlier, {unit} above expected (extra, 80%) and "
        "share of goods at 3 times or more (a year earlier)"
    )
    return Table(columns, rows, title, total=len(found.hubs))


def _since(h: Hub) -> str | None:
    """``May 2022``, with the last period of a rise that has stopped."""
    if h.since is None:
        return None
    return short(h.since) + (f" to {short(h.ended)}" if h.ended else "")


def _threefold(h: Hub) -> str | None:
    if not h.goods:
        return None
    earlier = f" ({h.tripled_before / h.goods_before:.0%})" if h.goods_before else ""
    return f"{h.tripled / h.goods:.0%}{earlier}"


def _both_legs_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    amounts = [h.likely.amount.high for h in hubs if h.likely]
    amounts += [h.sales.actual for h in hubs if h.sales]
    by, unit = scaled(max(amounts, default=0.0), found.currency)
    rows = []
    for h in hubs:
        sold: tuple[Cell, Cell] = (None, None)
        if h.sales:
            ratio = h.sales.actual / h.sales.before if h.sales.before > 0 else None
            sold = (ratio, h.sales.actual / by)
        passed: tuple[Cell, Cell] = (None, None)
        if h.likely:
            passed = (h.likely.amount.low / by, h.likely.amount.high / by)
        bought = h.ratio if h.bought else None
        rows.append((hub_name(h), finding(found, h), bought, *sold, *passed))
    target = targets(found)
    columns = (
        Column("hub"),
        Column("finding"),
        Column("bought, times", ".1f", True),
        Column("sold, times", ".1f", True),
        Column("sold", ",.1f", True),
        Column("passed on, low", ",.1f", True),
        Column("high", ",.1f", True),
    )
    title = (
        f"Hubs: what they bought from {origins(found)} and sold {target}, as a multiple of before "
        f"sanctions; what they sold and likely passed on ({unit}, 80% range)"
    )
    return Table(columns, tuple(rows), title, total=len(found.hubs))


def hubs_together(found: Diversion, hubs: Sequence[Hub]) -> list[Block]:
    """The first hubs in one chart."""
    drawn = [h for h in hubs if h.months][:TOGETHER]
    points = [
        Point(period, value, kind="reported", group=country_name(h.hub))
        for h in drawn
        for period, value, _ in h.months
        if value is not None
    ]
    if not points:
        return []
    title = f"{_what(found)}: {joined([country_name(h.hub) for h in drawn])}"
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


def _what(found: Diversion) -> str:
    if found.sales:
        return f"Sales to {targets(found)}"
    if found.direct_held:
        return f"Purchases of goods whose direct sales to {targets(found)} fell"
    return f"Purchases from {origins(found)}"


def hub_over_time(found: Diversion, h: Hub) -> Series:
    points = [
        Point(period, value, kind="reported", group=bare(found))
        for period, value, _ in h.months
        if value is not None
    ]
    points += [
        Point(period, usual, low, high, "derived", "expected from past trade")
        for period, usual, low, high in h.foretold
    ]
    since = f", since {when(h.since)}" if h.since else ""
    level = f"{times_of(h.times)} the level of a year earlier"
    title = f"{hub_name(h)}: {level} ({finding(found, h)}{since})"
    unit = f"{unit_name(found.currency)} a {period_of(found)}"
    return Series(
        title,
        found.currency,
        tuple(points),
        subtitle=f"{_what(found)}, {unit}; band: expected from past trade (80% range)",
        marks=marks(found),
        focus=(bare(found),),
        source=_drawn_from(found),
    )


def expected_levels(found: Diversion) -> list[Block]:
    t = found.total
    if not t.rests_on:
        return []
    one = len(t.hubs) == 1
    they, their, them = ("it", "its", "it") if one else ("they", "their", "them")
    names = {
        "own level": f"{their} own level a year earlier",
        "other goods": f"the same, growing like other goods from {origins(found)} to {them}",
        "neighbours": f"the same, growing like these goods in {_neighbours(found)}",
        "triple difference": "both adjustments (triple difference)",
    }
    rows = []
    for name in COUNTERFACTUALS:
        excess = t.rests_on.get(name)
        if excess is not None:
            # One heading of goods has no spread of headings.
            ranged = (excess.low, excess.high) if excess.low < excess.high else (None, None)
            rows.append((names[name], excess.value, *ranged, excess.placebo))
    columns = (
        Column(f"what we expect {they} would have {did(found)} anyway"),
        Column("more than expected", number=True),
        Column("low", number=True),
        Column("high", number=True),
        Column("same sum a year earlier", number=True),
    )
    who = joined([country_name(h) for h in t.hubs])
    together = " together" if not one else ""
    capped = ", at most what was sold on" if t.capped else ""
    title = f"{who}{together}: purchases above four expected levels, {found.currency} (80% range){capped}"
    note = (
        "The expected level matters more than anything else. The last column is the same sum for a "
        "date a year earlier, where it should be about zero."
    )
    table = Table(columns, tuple(rows), title)
    return [Section("How the amount was worked out", (table, Say(note, "note")), detail=True)]


def _neighbours(found: Diversion) -> str:
    banned = {b for t in found.targets for b in ALSO_BANNED.get(t, ())}
    calm = [country_name(h.hub) for h in found.hubs if not h.surged and h.hub not in banned]
    names = joined(calm)
    return names if len(names) < 40 else "hubs whose purchases did not rise"


def listing_dates(found: Diversion) -> Table:
    spans = sorted({(first, last) for c in found.clocks for first, last, *_ in c.ratios})
    rows = []
    for c in found.clocks:
        at = {first: f"{low:.1f} to {high:.1f}" for first, _, _, low, high in c.ratios}
        cells = (at.get(first) for first, _ in spans)
        rows.append((day(dt.date.fromisoformat(c.listed)), c.goods, *cells))
    heads = []
    for first, last in spans:
        after = f"{first + 1} to {last + 1} months after"
        heads.append(after if first >= 0 else f"{-first} to {-last} months before")
    columns = (
        Column("date of listing"),
        Column("number of goods", number=True),
        *(Column(h, number=True) for h in heads),
    )
    title = (
        "Purchases of all hubs by months before and after goods were listed, as a multiple of the "
        "same months a year earlier (80% range)"
    )
    return Table(columns, tuple(rows), title)


def groups_of_goods(found: Diversion) -> list[Block]:
    if not found.groups:
        return []
    flagged = [g for g in found.groups if g.flagged]
    shown = (flagged or list(found.groups))[:MOST_GROUPS]
    above = [g.excess.get("other goods") or g.excess["own level"] for g in shown]
    by, unit = scaled(max(excess.high for excess in above), found.currency)
    rows = []
    for g, excess in zip(shown, above, strict=True):
        rows.append(
            (
                country_name(g.hub),
                _group_name(g),
                g.goods,
                g.times,
                g.since and short(g.since),
                excess.low / by,
                excess.high / by,
                "much more" if g.flagged else "more",
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
    title = f"Groups of goods (extra: {unit})"
    return [Table(columns, tuple(rows), title, total=len(found.groups), detail=True)]


def _group_name(g: Group) -> str:
    if g.kind == "chapter":
        return f"{g.name} {chapter_names().get(g.name, '')}".strip()
    if g.kind == "tier":
        return f"common high-priority list, tier {g.name}"
    return f"listed on {g.name}"
