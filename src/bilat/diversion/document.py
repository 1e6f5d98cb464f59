# SPDX-License-Identifier: Apache-2.0
"""The answer on diversion as a document: hubs first, then goods by amount at stake, then a case
each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bilat.catalog.sources import sources
from bilat.diversion.answer import Diversion, Hub, LegTotals, Route
from bilat.diversion.case import case, kinds_in_weapons, name_of_kind
from bilat.diversion.data_line import records
from bilat.diversion.headline import brief_answer, headline, hubs_to_ask_about
from bilat.diversion.hub_tables import (
    expected_levels,
    groups_of_goods,
    hub_over_time,
    hub_table,
    hubs_together,
    listing_dates,
)
from bilat.diversion.onward import SUPPLIED
from bilat.diversion.records import HUBS
from bilat.diversion.sentences import EVEN
from bilat.diversion.stored_tables import (
    missing_records,
    records_in_detail,
    summary_of_records,
)
from bilat.diversion.trade_records import Consignee
from bilat.diversion.words import (
    NOT_KNOWN,
    bare,
    goods_name,
    how_likely,
    is_banned,
    leading,
    origins,
    period_of,
    scaled,
    silent,
    stake_ends,
    targets,
)
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Question,
    Say,
    Section,
    SourceRef,
    Table,
)
from bilat.document.blocks import Cell
from bilat.document.wording import capital, few, joined, possessive
from bilat.document.wording import period as when
from bilat.errors import command
from bilat.goods.sanction_dates import dates_source
from bilat.places import country_name, spoken_name
from bilat.subject import Flow
from bilat.units.notation import count_text
from bilat.when import Period

#: Hubs in the table; hubs drawn each by itself; goods and names that a terminal shows.
MOST_HUBS = 10
DRAWN = 6
FIRST_GOODS = 6
FIRST_NAMES = 40
#: Rows of the other tables.
MOST_UNIT_VALUES = 20
MOST_UNION = 10
#: Part of a unit below which an amount is printed as 0.0.
LEAST_PRINTED = 0.1
#: Part of the largest amount at stake below which a good does not lead.
LEAST_STAKE = 0.01
#: Chance of a route from which on a consignee is counted.
NOTABLE_ROUTE = 0.1
#: States or codes that a note names.
MOST_NAMED = 6
#: Goods that a page lists first, and that the printed query asks for.
ASKED_GOODS = 20


def document(found: Diversion, question: Question | None = None) -> Document:
    """The whole answer."""
    title, summary = headline(found)
    hubs = [h for h in found.hubs if h.excess or h.likely or h.sales][:MOST_HUBS]
    tested = bool(found.rows)
    blocks: list[Block] = [*_absent(found)]
    if found.hubs or not found.absent:
        blocks.insert(0, Say(records(found)))
    blocks += _consignees(found)
    if found.silences:
        blocks.append(_silences(found))
    if hubs:
        blocks.append(hub_table(found, hubs))
    goods = _goods(found) if tested else None
    if goods:
        blocks.append(_leading_goods(found, goods))
        blocks += _under_same_ban(found)
        blocks += _past_the_books(found)
        blocks += _weapons_and_firms(found)
    elif not hubs:
        blocks += _count_of_firms(found, found.absent)
    blocks += _union(found)
    blocks += _next(found)
    blocks += summary_of_records(found)
    blocks += missing_records(found)
    blocks += _details(found, hubs, goods)
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
        answer=brief_answer(found),
        table=found.to_arrow,
    )


def _absent(found: Diversion) -> list[Block]:
    if not found.absent or not found.hubs:  # without any hub, the title says so
        return []
    names = joined([spoken_name(h) for h in found.absent])
    said = (
        f"We have no data by product on what {names} bought, so we tested no route through there. "
        "That clears nobody"
    )
    return [Say(said, "warning")]


def _details(found: Diversion, hubs: Sequence[Hub], goods: Table | None) -> list[Block]:
    """What stands one click down; ``goods``: the table of all rows, None if nothing was tested."""
    drawn = [h for h in hubs if h.months][:DRAWN]
    blocks: list[Block] = records_in_detail(found)
    if drawn:
        lines = (*hubs_together(found, hubs), *(hub_over_time(found, h) for h in drawn))
        blocks.append(Section("Hubs over time", lines, detail=True))
    blocks += expected_levels(found)
    if found.clocks:
        blocks.append(Section("By date of listing", (listing_dates(found),), detail=True))
    if goods and len(found.rows) > ASKED_GOODS:
        blocks.append(replace(goods, title="All goods by amount at stake", detail=True))
    if goods:
        blocks += groups_of_goods(found)
    if any(r.unit_value_z for r in found.rows):
        blocks.append(_unit_values(found))
    for r in [r for r in found.rows if r.months and goods]:
        heading = f"{country_name(r.hub)}: {goods_name(r)} (HS {r.product})"
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


# -- goods -----------------------------------------------------------------------------------------


def _goods(found: Diversion) -> Table:
    both = any(r.out for r in found.rows) and not found.sales
    legs = [(r.out or r.into) if found.sales else r.into for r in found.rows]
    stakes = _stakes(found)
    by, unit = _scale_of_goods(found, legs, stakes)
    ranged = any(f"{low / by:.1f}" != f"{high / by:.1f}" for low, high in stakes)
    counted = sum(f"{high / by:.1f}" != "0.0" for _, high in stakes)
    rows = [
        _goods_row(r, leg, stake[: 1 + ranged], by, both)
        for r, leg, stake in zip(found.rows, legs, stakes, strict=True)
    ]
    heads = ["expected", bare(found), *(["sold on"] if both else [])]
    heads += ["low", "high"] if ranged else ["at stake"]
    columns = [Column(c) for c in ("hub", "code", "goods")]
    columns += [Column(c, ",.1f", True) for c in heads]
    columns += [Column("chance", number=True)] if both else []
    heading = "Where to look first" if _any_likely(found) else _none_likely(found)
    head = "low, high" if ranged else "at stake"
    title = f"{heading}, {unit} ({head}: {_at_stake(found, both)})"
    return Table(
        tuple(columns),
        tuple(rows),
        title,
        total=found.pairs_tested,
        listing=True,
        first=max(1, min(FIRST_GOODS, counted)),
    )


def _leading_goods(found: Diversion, goods: Table) -> Table:
    """Return the first rows of the table of goods, with those that lead only."""
    places = {r.rank for r in leading(found)}
    rows = [row for r, row in zip(found.rows, goods.rows, strict=True) if r.rank in places]
    first = min(goods.first or ASKED_GOODS, len(rows))
    return replace(goods, rows=tuple(rows[:ASKED_GOODS]), first=first)


def _stakes(found: Diversion) -> list[tuple[float, float]]:
    """Return the ends of the amount at stake in each row."""
    if found.sales:
        return [(r.at_stake, r.at_stake) for r in found.rows]
    return [stake_ends(found, r) for r in found.rows]


def _scale_of_goods(
    found: Diversion, legs: Sequence[LegTotals], stakes: Sequence[tuple[float, float]]
) -> tuple[float, str]:
    """Return what amounts are divided by, and their unit: one in which what is at stake first is
    not printed as 0.0."""
    largest = max((leg.actual or 0.0 for leg in legs), default=0.0)
    first = max((high for _, high in stakes), default=0.0)
    by, unit = scaled(largest, found.currency)
    if first >= LEAST_PRINTED * by:
        return by, unit
    return scaled(first, found.currency)


def _under_same_ban(found: Diversion) -> list[Block]:
    """Which of the first hubs are themselves under the ban, so that goods may be meant for them."""
    first = [r.hub for r in leading(found)[:ASKED_GOODS]]
    banned = [hub for hub in dict.fromkeys(first) if is_banned(found, hub)]
    if not banned:
        return []
    names = joined([spoken_name(hub) for hub in banned])
    verb = "is" if len(banned) == 1 else "are"
    return [Say(f"{names} {verb} under the same ban, so the goods may have stayed there.")]


def _past_the_books(found: Diversion) -> list[Block]:
    """Say for which hubs among the first rows goods were declared that their books lack."""
    first = found.rows[:ASKED_GOODS]
    hubs = dict.fromkeys(r.hub for r in first if r.is_unbooked and r.probability > EVEN)
    if not hubs:
        return []
    names = joined([country_name(hub) for hub in hubs])
    own = "its own books" if len(hubs) == 1 else "their own books"
    return [
        Say(
            f"Some of these goods were declared for {names} but are not in {own}: they may have "
            "gone on without being bought or sold there."
        )
    ]


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


def _none_likely(found: Diversion) -> str:
    """Return the heading of goods of which none is likely a route; where the origins supplied next
    to none of what the hubs sold, it says whose goods these are."""
    sales = [h.sales for h in found.hubs if h.sales and h.sales.from_origins is not None]
    if any(of.suppliers and (of.from_origins or 0.0) < SUPPLIED for of in sales):
        return f"Goods from {origins(found)} only, by amount at stake"
    return "Goods by amount at stake, none likely"


def _any_likely(found: Diversion) -> bool:
    """Whether a hub stands out, or a good is more likely a route than not."""
    return bool(found.named) or any(r.probability > EVEN for r in found.rows)


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
    return "10% and 50% of the likely extra"


def _consignees(found: Diversion) -> list[Block]:
    """The consignees of a user's file, by the chance of a route or of a listing."""
    if found.consignees is None:
        return []
    if not found.consignees:
        return [Say("The file names no consignee and no end user.", "warning")]
    own = any(c.reference for c in found.consignees)
    columns = (
        Column("reference" if own else "row"),
        Column("consignee"),
        Column("state"),
        Column("code"),
        Column("chance of a route", "%", True),
        Column("chance of listing", "%", True),
        Column("listed as"),
    )
    rows = tuple(_consignee_row(c, own) for c in found.consignees)
    title = "Your consignees, by the chance that their goods are a route or that they are listed"
    table = Table(columns, rows, title, listing=True, first=FIRST_NAMES)
    counted = Say(_consignees_counted(found.consignees), "answer")
    return [counted, table, *_states_by_place(found.consignees), *_routes_not_known(found)]


def _states_by_place(consignees: Sequence[Consignee]) -> list[Block]:
    """Say which column was taken for the state of consignees because it stands behind them."""
    columns = dict.fromkeys(c.state_column for c in consignees if c.state_column)
    if not columns:
        return []
    names = joined([f"`{name}`" for name in columns])
    return [Say(f"{names} stands behind the consignee and is taken for its country.", "note")]


def _consignee_row(c: Consignee, own: bool) -> tuple[Cell, ...]:
    """Return the cells of a consignee; ``own``: the file has references."""
    return (
        c.reference or f"row {c.row}" if own else c.row,
        c.name,
        country_name(c.hub) if c.hub else None,
        c.product or None,
        c.route,
        c.listed or None,
        f"{c.listed_as} ({c.list_name})" if c.listed_as else None,
    )


def _consignees_counted(consignees: Sequence[Consignee]) -> str:
    """Return how many may be listed, and how many of the others may be a route."""
    others = [c for c in consignees if c.listed < EVEN]
    listed = len(consignees) - len(others)
    are = "is" if listed < 2 else "are"
    return (
        f"Of {count_text(len(consignees), 'consignees')}, {few(listed, 'none')} {are} probably "
        f"listed.{_routes_counted(others)}"
    )


def _routes_counted(consignees: Sequence[Consignee]) -> str:
    """Return of how many consignees the goods may be a route, and of how many that is unknown."""
    known = [c.route for c in consignees if c.route is not None]
    unknown = len(consignees) - len(known)
    if not consignees:
        return ""
    if not known:
        return " Whether goods of the others are a route is not known."
    routes = sum(route >= NOTABLE_ROUTE for route in known)
    have = "has" if routes < 2 else "have"
    said = (
        f" Of the others, {few(routes, 'none')} {have} a chance of {NOTABLE_ROUTE:.0%} or more "
        "that their goods are a route"
    )
    return f"{said}; of {few(unknown)} this is not known." if unknown else f"{said}."


#: Why a consignee has no chance of a route, in the order in which the reasons are given.
_REASONS = {
    "direct": "Goods for {} need no detour.",
    "no data": "We have no data by product for {}, so a route cannot be tested.",
    "no hub": "We test no route through {}.",
    "other goods": "Not among the goods whose direct sales fell: {}.",
    "not asked": "Not among the goods you asked for: {}.",
    "little": "Too little bought to be tested: {}.",
    "no state": "We cannot tell the country of {} (name its column `consignee country`).",
}


def _routes_not_known(found: Diversion) -> list[Block]:
    """Say why consignees have no chance of a route."""
    things: dict[str, list[str]] = {reason: [] for reason in _REASONS}
    hubs = {r.hub for r in found.rows}
    goods = {r.product for r in found.rows}
    for c in found.consignees or ():
        if c.route is None:
            reason, thing = _why_not_known(found, c, hubs, goods)
            things[reason].append(thing)
    said = [_REASONS[reason].format(_first_few(each)) for reason, each in things.items() if each]
    return [Say(" ".join(said), "note")] if said else []


def _why_not_known(
    found: Diversion, c: Consignee, hubs: Collection[str], goods: Collection[str]
) -> tuple[str, str]:
    """Return why a consignee has no chance of a route, and its state or code."""
    if not c.hub:
        return "no state", c.name
    state = country_name(c.hub)
    if c.hub in found.targets:
        return "direct", state
    if c.hub not in hubs:
        return "no data" if c.hub in HUBS else "no hub", state
    if any(product.startswith(c.product) for product in goods):
        return "little", f"HS {c.product} ({state})"
    return "not asked" if found.basket else "other goods", f"HS {c.product}"


def _first_few(things: Iterable[str]) -> str:
    """Return the first of some things, each once, and how many more there are."""
    once = [*dict.fromkeys(things)]
    shown = once[:MOST_NAMED]
    more = len(once) - len(shown)
    return joined([*shown, f"{more} more"] if more else shown)


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
        f"Rising sales to other members of {possessive(targets(found))} customs union, which has "
        f"no customs borders inside it ({unit} a {period_of(found)})"
    )
    return [Table(columns, rows, title, total=len(found.union))]


def _weapons_and_firms(found: Diversion) -> list[Block]:
    """From the first priority goods to components found in weapons, and to firms listed at the
    hubs; nothing where no leading good is a priority good."""
    most = max((r.at_stake for r in found.rows), default=0.0)
    first = [r for r in leading(found)[:ASKED_GOODS] if r.at_stake > LEAST_STAKE * most]
    if not any(r.tier for r in first) or not _rose(found):
        return []
    blocks: list[Block] = []
    kinds = dict.fromkeys(k for r in first if r.tier for k in kinds_in_weapons(found, r))
    if kinds:
        counts = [found.components[kind] for kind in kinds]
        each = joined([f"{name_of_kind(k)} ({n})" for k, (n, _) in zip(kinds, counts, strict=True)])
        blocks.append(Say(f"Kinds of component found in weapons: {each}."))
    return blocks + _count_of_firms(found, [r.hub for r in first])


def _rose(found: Diversion) -> bool:
    """Whether anything rose, so that it is worth knowing what for and who is there."""
    return _any_likely(found) or any(h.rose or h.goods_rose for h in found.hubs)


def _count_of_firms(found: Diversion, hubs: Sequence[str]) -> list[Block]:
    """How many listed firms have an address in each of some hubs."""
    known = [hub for hub in dict.fromkeys(hubs) if found.listed.get(hub)]
    if not known:
        return []
    names = joined([f"{spoken_name(hub)} {len(found.listed[hub])}" for hub in known])
    text = f"Listed firms: {names} (names: {command('divert', why=True)})."
    if found.consignees is None:
        text += f" To rank your consignees: {command('divert', parties='FILE')}"
    return [Say(text)]


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
    return Table(columns, rows, "Prices that differ from those at other destinations", detail=True)


def _silences(found: Diversion) -> Table:
    largest = max(max(s.before, s.after) for s in found.silences)
    by, unit = scaled(largest, found.currency)
    rows = []
    for s in found.silences:
        span = when(s.first) + (f" to {when(s.last)}" if s.last != s.first else "")
        rows.append((capital(silent(found, s).split(":")[0]), span, s.before / by, s.after / by))
    columns = (
        Column("finding"),
        Column("period"),
        Column("normal level", ",.1f", True),
        Column("level then", ",.1f", True),
    )
    title = f"What is missing or looks wrong, {unit} (normal level: the same number of {period_of(found)}s earlier)"
    return Table(columns, tuple(rows), title)


def _listed_firms(found: Diversion, hub: str) -> Table:
    """Where the enforcers look: firms of a hub by the day of their listing."""
    rows = tuple((f.listed_on or None, f.name, f.list_name) for f in found.listed[hub])
    columns = (Column("listed on"), Column("firm"), Column("list"))
    title = f"Listed firms with an address in {country_name(hub)}, latest first"
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
    missing = hubs_to_ask_about(found)
    if not missing or found.sales:
        return []
    goods = _first_codes(found, missing)
    if not goods:  # no row of the answer is of these hubs
        return []
    plan = command("update", "trade", hub=",".join(missing), goods=",".join(goods))
    named = joined([spoken_name(h) for h in missing])
    these = f"these {count_text(len(goods), 'goods')}" if len(goods) > 1 else f"HS {goods[0]}"
    run = command("divert", "THEIR-FILE")
    text = f"To settle it, get sales by {named} of {these}, then run {run}:"
    return [Next(text, who="the hubs' own statistics"), Say(plan, "paste")]


def _first_codes(found: Diversion, hubs: Sequence[str]) -> list[str]:
    """The HS6 codes of the first goods of some hubs, each once, in order of the list."""
    codes = [r.product[:6] for r in leading(found, hubs)]
    return sorted(dict.fromkeys(codes[:ASKED_GOODS]))
