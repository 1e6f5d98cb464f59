# SPDX-License-Identifier: Apache-2.0
"""The answer on diversion as a document: hubs first, then goods by amount at stake, then a case
each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.catalog.sources import sources
from bilat.diversion.answer import COUNTERFACTUALS, Diversion, Group, Hub, LegTotals, Route
from bilat.diversion.case import case
from bilat.diversion.headline import headline, records
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.stored_tables import (
    missing_records,
    records_in_detail,
    summary_of_records,
)
from bilat.diversion.words import (
    NOT_KNOWN,
    bare,
    did,
    finding,
    goods_name,
    how_likely,
    hub_name,
    marks,
    origins,
    period_of,
    scaled,
    short,
    silent,
    stake_ends,
    targets,
    times_of,
)
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    SourceRef,
    Table,
)
from bilat.document.blocks import Cell
from bilat.document.wording import day, joined, possessive
from bilat.document.wording import period as when
from bilat.errors import command
from bilat.goods.descriptions import chapter_names
from bilat.goods.sanction_dates import dates_source
from bilat.places import country_name
from bilat.subject import Flow
from bilat.units.notation import count_text
from bilat.when import Period

#: Hubs in the table; hubs drawn together and each by itself; goods that a terminal shows.
MOST_HUBS = 10
TOGETHER = 3
DRAWN = 6
FIRST_GOODS = 6
FIRST_NAMES = 10
#: Rows of the other tables.
MOST_GROUPS = 30
MOST_UNIT_VALUES = 20
MOST_UNION = 10
#: Goods that the printed query asks for.
ASKED_GOODS = 20


def document(found: Diversion, question: Question | None = None) -> Document:
    """The whole answer."""
    title, summary = headline(found)
    hubs = [h for h in found.hubs if h.excess or h.likely or h.sales][:MOST_HUBS]
    tested = bool(found.fell != 0 and found.rows)
    blocks: list[Block] = [Say(records(found), "answer"), *_absent(found)]
    if found.silences:
        blocks.append(_silences(found))
    if hubs:
        blocks.append(_hub_table(found, hubs))
    blocks += _consignees(found)
    blocks += summary_of_records(found)
    if tested:
        blocks.append(_goods(found))
    blocks += _union(found)
    blocks += _next(found)
    blocks += missing_records(found)
    blocks += _details(found, hubs, tested)
    return Document(
        kind="divert",
        title=title,
        summary=summary,
        blocks=tuple(blocks),
        data=found,
        question=question,
        subject=Flow(found.origins, found.targets),
        as_of=found.as_of,
        known_to=Period(found.after[1]).end,
        sources=_sources(found),
        table=found.to_arrow,
    )


def _absent(found: Diversion) -> list[Block]:
    if not found.absent:
        return []
    names = joined([country_name(h) for h in found.absent])
    said = (
        f"We have no data on what {names} bought, so this says nothing about it and clears nobody"
    )
    return [Say(said, "warning")]


def _details(found: Diversion, hubs: Sequence[Hub], tested: bool) -> list[Block]:
    """What stands one click down."""
    drawn = [h for h in hubs if h.months][:DRAWN]
    blocks: list[Block] = records_in_detail(found)
    if drawn:
        lines = (*_hubs_together(found, hubs), *(_line(found, h) for h in drawn))
        blocks.append(Section("Hubs over time", lines, detail=True))
    blocks += _total(found)
    if found.clocks:
        blocks.append(
            Section("By the date on which goods were listed", (_clocks(found),), detail=True)
        )
    if tested:
        blocks += _groups(found)
    if any(r.unit_value_z for r in found.rows):
        blocks.append(_unit_values(found))
    for r in [r for r in found.rows if r.months and tested]:
        heading = f"{country_name(r.hub)}, {goods_name(r)} (HS {r.product})"
        blocks.append(Section(heading, tuple(case(found, r)), detail=True))
    blocks += [_listed_firms(found, hub) for hub in found.listed]
    blocks.append(_stored_legs(found))
    notes = tuple(Say(n, "note") for n in found.notes)
    blocks.append(Section("Notes on the data", notes, detail=True))
    return blocks


def _sources(found: Diversion) -> tuple[SourceRef, ...]:
    known = sources()
    refs = []
    others = found.stored.sources if found.stored else ()
    for name in dict.fromkeys((*found.sources, *others)):
        source = known.get(name)
        if source is None:
            about = f"{name}, your file"
            ref = SourceRef(name, name, about, "licence not stated", "", "-", found.after[1])
        else:
            ref = SourceRef(
                name,
                source.title,
                source.citation,
                source.licence,
                source.url,
                source.grade,
                found.after[1],
            )
        refs.append(ref)
    if found.clocks:
        refs.append(SourceRef("eu_sanction_dates", *dates_source(), "", "-"))
    return tuple(refs)


def _drawn_from(found: Diversion) -> str:
    """Return the source of a chart."""
    known = sources()
    titles = [known[name].title if name in known else name for name in found.sources]
    return joined(titles) if titles else "your file"


# -- hubs ------------------------------------------------------------------------------------------


def _hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    if found.carried is not None and not found.sales:
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
        Column(f"times, typical {period_of(found)}", ".1f", True),
        Column("times, total", ".1f", True),
        Column("rising since"),
        Column("more than expected, low", ",.0f", True),
        Column("high", ",.0f", True),
        Column("goods that tripled", number=True),
    )
    what = f"sales to {targets(found)}" if found.sales else f"purchases from {origins(found)}"
    title = (
        f"Hubs: {what}, as a multiple of a year earlier, and how far above expected ({unit}, 80% "
        "range). Last column: share of goods that at least tripled (a year earlier in brackets)"
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
        Column("bought, multiple", ".1f", True),
        Column("sold, multiple", ".1f", True),
        Column("sold", ",.1f", True),
        Column("likely passed on, low", ",.1f", True),
        Column("high", ",.1f", True),
    )
    title = (
        f"Hubs: what they bought from {origins(found)} and sold {target}, as a multiple of before "
        f"sanctions; what they sold and likely passed on ({unit}, 80% range)"
    )
    return Table(columns, tuple(rows), title, total=len(found.hubs))


def _hubs_together(found: Diversion, hubs: Sequence[Hub]) -> list[Block]:
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
    title = f"{_what(found)}, {joined([country_name(h.hub) for h in drawn])}"
    return [
        Series(
            title,
            found.currency,
            tuple(points),
            subtitle=f"{found.currency} a {period_of(found)}",
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


def _line(found: Diversion, h: Hub) -> Series:
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
    title = f"{hub_name(h)}: {times_of(h.times)} the level of a year earlier ({finding(found, h)}{since})"
    return Series(
        title,
        found.currency,
        tuple(points),
        subtitle=f"{_what(found)}, {found.currency} a {period_of(found)}; band: expected from "
        "past trade (80% range)",
        marks=marks(found),
        focus=(bare(found),),
        source=_drawn_from(found),
    )


def _total(found: Diversion) -> list[Block]:
    t = found.total
    if not t.rests_on:
        return []
    one = len(t.hubs) == 1
    they, their, them = ("it", "its", "it") if one else ("they", "their", "them")
    names = {
        "own level": f"{their} own level a year earlier",
        "other goods": f"the same, growing like other goods from {origins(found)} to {them}",
        "neighbours": f"the same, growing like these goods at {_neighbours(found)}",
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


def _clocks(found: Diversion) -> Table:
    spans = sorted({(first, last) for c in found.clocks for first, last, *_ in c.ratios})
    rows = []
    for c in found.clocks:
        at = {first: f"{low:.1f} to {high:.1f}" for first, _, _, low, high in c.ratios}
        cells = (at.get(first) for first, _ in spans)
        rows.append((day(dt.date.fromisoformat(c.listed)), c.goods, *cells))
    heads = []
    for first, last in spans:
        heads.append(f"{first + 1} to {last + 1}" if first >= 0 else f"{first} to {last}")
    columns = (
        Column("date of listing"),
        Column("number of goods", number=True),
        *(Column(h, number=True) for h in heads),
    )
    title = (
        "Purchases by month after goods were listed, all hubs, as a multiple of the same months a "
        "year earlier (80% range)"
    )
    return Table(columns, tuple(rows), title)


def _groups(found: Diversion) -> list[Block]:
    if not found.groups:
        return []
    flagged = [g for g in found.groups if g.flagged]
    rows = []
    for g in (flagged or list(found.groups))[:MOST_GROUPS]:
        excess = g.excess.get("other goods") or g.excess["own level"]
        rows.append(
            (
                country_name(g.hub),
                _group_name(g),
                g.goods,
                g.times,
                g.since and short(g.since),
                excess.low,
                excess.high,
                "much more" if g.flagged else "more",
            )
        )
    columns = (
        Column("hub"),
        Column("group"),
        Column("goods", number=True),
        Column("multiple", ".1f", True),
        Column("rising since"),
        Column("more than expected, low", "usd", True),
        Column("high", "usd", True),
        Column("finding"),
    )
    title = "Groups of goods at the hubs that bought much more"
    return [Table(columns, tuple(rows), title, total=len(found.groups), detail=True)]


def _group_name(g: Group) -> str:
    if g.kind == "chapter":
        return f"{g.name} {chapter_names().get(g.name, '')}".strip()
    if g.kind == "tier":
        return f"common high-priority list, tier {g.name}"
    return f"listed on {g.name}"


# -- goods -----------------------------------------------------------------------------------------


def _goods(found: Diversion) -> Table:
    both = any(r.out for r in found.rows) and not found.sales
    legs = [(r.out or r.into) if found.sales else r.into for r in found.rows]
    by, unit = scaled(max((leg.actual or 0.0 for leg in legs), default=0.0), found.currency)
    stakes = [(r.at_stake, r.at_stake) if found.sales else stake_ends(r) for r in found.rows]
    ranged = any(f"{low / by:.1f}" != f"{high / by:.1f}" for low, high in stakes)
    rows = [
        _goods_row(r, leg, stake[: 1 + ranged], by, both)
        for r, leg, stake in zip(found.rows, legs, stakes, strict=True)
    ]
    heads = ["expected", bare(found), *(["sold on"] if both else []), "at stake"]
    heads += ["to"] if ranged else []
    columns = [Column(c) for c in ("hub", "code", "goods")]
    columns += [Column(c, ",.1f", True) for c in heads]
    columns += [Column("chance", number=True)] if both else []
    title = f"Where to look first, {unit} (at stake: {_at_stake(found, both)})"
    return Table(
        tuple(columns),
        tuple(rows),
        title,
        total=found.pairs_tested,
        listing=True,
        first=FIRST_GOODS,
    )


def _goods_row(
    r: Route, leg: LegTotals, stake: tuple[float, ...], by: float, both: bool
) -> tuple[Cell, ...]:
    money = [leg.expected, leg.actual]
    if both:
        money.append(r.out.actual if r.out else None)
    money += stake
    amounts = [None if v is None else v / by for v in money]
    chance = [_chance(r)] if both else []
    return (country_name(r.hub), r.product, goods_name(r), *amounts, *chance)


def _chance(r: Route) -> str:
    """The probability of a route, or its range where an assumption about the hub decides."""
    if how_likely(r).startswith(NOT_KNOWN):
        return f"{100 * r.probability_low:.0f} to {r.probability_high:.0%}"
    return f"{r.probability:.0%}"


def _at_stake(found: Diversion, both: bool) -> str:
    """What "at stake" is, in words."""
    if found.sales:
        return "sales above expected"
    if both or not found.named:
        return "amount times probability"
    return "10-50% of extra purchases"


def _consignees(found: Diversion) -> list[Block]:
    """The names of a user's file, by how likely they are listed and their goods a route."""
    if found.consignees is None:
        return []
    if not found.consignees:
        return [Say("No name in the file is close to a listed one, which clears nobody", "answer")]
    rows = tuple(
        (
            c.name,
            country_name(c.hub) if c.hub else None,
            c.product,
            c.route,
            c.listed,
            c.listed_as,
            c.list_name,
        )
        for c in found.consignees
    )
    columns = (
        Column("consignee"),
        Column("state"),
        Column("code"),
        Column("chance of a route", "%", True),
        Column("chance of listing", "%", True),
        Column("listed as"),
        Column("list"),
    )
    title = (
        "Your consignees, by the chance that hub and goods are a route and that the name is listed"
    )
    return [Table(columns, rows, title, listing=True, first=FIRST_NAMES)]


def _union(found: Diversion) -> list[Block]:
    """Sales to the other members of the target's customs union, next to those to the target."""
    shown = found.union[:MOST_UNION]
    if not shown:
        return []
    by, unit = scaled(max(sales.after for sales in shown), found.currency)
    rows = tuple(
        (country_name(sales.hub), country_name(sales.member), sales.before / by, sales.after / by)
        for sales in shown
    )
    columns = (
        Column("from"),
        Column("to"),
        Column("before", ",.2f", True),
        Column("since", ",.2f", True),
    )
    title = (
        f"Sales to other members of {possessive(targets(found))} customs union, where no customs "
        "border "
        f"follows, that rose ({unit} a {period_of(found)})"
    )
    return [Table(columns, rows, title, total=len(found.union))]


# -- unit values, what is stored, what comes next --------------------------------------------------


def _unit_values(found: Diversion) -> Table:
    odd = [r for r in found.rows if r.unit_value_z]
    odd.sort(key=lambda r: -abs(r.unit_value_z or 0.0))
    rows = tuple(
        (country_name(r.hub), r.product, goods_name(r), r.unit_value_z)
        for r in odd[:MOST_UNIT_VALUES]
    )
    columns = (
        Column("hub"),
        Column("code"),
        Column("goods"),
        Column("price per kg, standard deviations (robust)", ".1f", True),
    )
    return Table(columns, rows, "Prices out of line with other destinations", detail=True)


def _silences(found: Diversion) -> Table:
    largest = max(max(s.before, s.after) for s in found.silences)
    by, unit = scaled(largest, found.currency)
    rows = []
    for s in found.silences:
        span = when(s.first) + (f" to {when(s.last)}" if s.last != s.first else "")
        rows.append((silent(found, s).split(":")[0], span, s.before / by, s.after / by))
    columns = (
        Column("finding"),
        Column("period"),
        Column("normal level", ",.1f", True),
        Column("level then", ",.1f", True),
    )
    title = f"What is missing or looks wrong, {unit} (normal level: the same number of {period_of(found)}s before)"
    return Table(columns, tuple(rows), title)


def _listed_firms(found: Diversion, hub: str) -> Table:
    """Where the enforcers look: firms of a hub by the day of their listing."""
    rows = tuple((f.listed_on or None, f.name, f.list_name) for f in found.listed[hub])
    columns = (Column("listed on"), Column("firm"), Column("list"))
    title = f"Listed firms with an address in {country_name(hub)}, newest first"
    return Table(columns, rows, title, detail=True)


def _stored_legs(found: Diversion) -> Table:
    columns = (
        *map(Column, ("trade flow", "state", "reported by", "from", "to")),
        Column("periods", number=True),
    )
    rows = tuple((h.leg, country_name(h.who), h.by, h.first, h.last, h.periods) for h in found.held)
    return Table(columns, rows, "What data we have", detail=True)


def _next(found: Diversion) -> list[Block]:
    """The query that would settle it: what the hubs sold on, of the goods that the answer lists
    first."""
    stored = {r.hub for r in found.rows if r.out}
    missing = [h.hub for h in found.hubs if h.surged and not h.stayed and h.hub not in stored]
    if not missing or found.sales:
        return []
    goods = _first_codes(found, missing)
    if not goods:  # no row of the answer is of these hubs
        return []
    plan = command("update", "trade", hub=",".join(missing[:3]), goods=",".join(goods))
    named = joined([country_name(h) for h in missing[:3]])
    these = f"these {count_text(len(goods), 'goods')}" if len(goods) > 1 else f"HS {goods[0]}"
    text = (
        f"Data on what {named} sold on of {these} would settle it. Download their reports, then "
        "run "
        f"{command('divert', 'THEIR-FILE')}:"
    )
    return [Next(text, who="the hubs' own statistics"), Say(plan, "paste")]


def _first_codes(found: Diversion, hubs: Sequence[str]) -> list[str]:
    """The HS6 codes of the first goods of some hubs, each once, in order of the list."""
    codes = [r.product[:6] for r in found.rows if r.hub in hubs]
    return sorted(dict.fromkeys(codes[:ASKED_GOODS]))
