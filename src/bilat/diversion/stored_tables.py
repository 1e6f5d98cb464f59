# SPDX-License-Identifier: Apache-2.0
"""Where the goods went, by other stored records: blocks of the answer on diversion."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.catalog.sources import sources
from bilat.diversion.answer import Diversion
from bilat.diversion.trade_records import LostOnTheWay, StoredRecords, StoredTrade
from bilat.diversion.words import targets
from bilat.document import Block, Column, Next, Say, Section, Table
from bilat.document.blocks import Cell
from bilat.document.wording import capital, joined, possessive
from bilat.document.wording import period as when
from bilat.errors import command
from bilat.places import country_name, spoken_name
from bilat.places.coalitions import coalitions

BASE = "2021"
#: Members of the EU and exporters of chips that a table shows.
MOST_MEMBERS = 12
MOST_EXPORTERS = 8
MOST_LOST = 12
BILLION = 1e9
MILLION = 1e6


def summary_of_records(found: Diversion) -> list[Block]:
    """The records of the twelve hubs in one table, and what was lost on the way in a sentence."""
    stored = found.stored
    if stored is None:
        return []
    blocks: list[Block] = []
    if stored.lost:
        blocks.append(Say(_lost_sentence(stored.lost)))
    if not found.files:  # a user's own file comes first: the table is one click down
        blocks.append(_twelve(found, stored))
    return blocks


def records_in_detail(found: Diversion) -> list[Block]:
    """Each record with its years, one click down."""
    stored = found.stored
    if stored is None:
        return []
    blocks: list[Block] = [_twelve(found, stored)] if found.files else []
    if stored.lost:
        blocks.append(_lost_table(stored.lost))
    if stored.lost_by_member:
        blocks.append(_lost_table(stored.lost_by_member))
    if stored.dispatch:
        blocks.append(_dispatch_table(stored))
    if stored.markets:
        blocks.append(_markets_table(found, stored.markets))
    if stored.chips:
        blocks += [Say(_moved_sentence(found, stored.chips)), _chips_table(found, stored.chips)]
    blocks.append(_origin_of_records(stored))
    return [Section("Other data on where goods went", tuple(blocks), detail=True)]


def missing_records(found: Diversion) -> list[Block]:
    """One line on the hubs of which no record by good is stored, with the query that fetches
    them."""
    stored = found.stored
    if stored is None:
        return []
    by_good = {h.hub for h in found.hubs} | {leg.who for leg in found.held}
    missing = [hub for hub in stored.hubs if hub not in by_good]
    if not missing:
        return []
    names = joined([spoken_name(h) for h in missing])
    plan = command("update", "trade", hub=",".join(missing), goods=found.query_goods)
    lack = "Your file has no" if found.files else "We have no"
    what = "data on priority goods" if found.query_goods == "chpl" else "data on these goods"
    text = f"{lack} data by product for {names}. To download {what}:"
    return [Next(text, who="the hubs' own statistics"), Say(plan, "paste")]


# -- lost on the way -------------------------------------------------------------------------------


def _lost_sentence(lost: Sequence[LostOnTheWay]) -> str:
    hubs = list(dict.fromkeys(x.hub for x in lost))
    parts = {hub: _part_lost([x for x in lost if x.hub == hub]) for hub in hubs}
    missing = [hub for hub in hubs if (parts[hub] or 0.0) > 0]
    if not missing:
        names = joined([spoken_name(hub) for hub in hubs])
        years = sorted({x.year for x in lost})
        return (
            f"{names} recorded all of the rise in EU exports since {BASE} (all goods, "
            f"{years[0]}-{years[-1][2:]})."
        )
    missing.sort(key=lambda hub: -(parts[hub] or 0.0))
    years = sorted({x.year for x in lost if x.hub in missing})
    first, *others = [*missing, *(hub for hub in hubs if hub not in missing)]
    rest = [f"{possessive(spoken_name(hub))} {max(parts[hub] or 0.0, 0.0):.0%}" for hub in others]
    span = f"{years[0]}-{years[-1][2:]}"
    return (
        f"{capital(possessive(spoken_name(first)))} records lack {parts[first] or 0.0:.0%} of the "
        f"rise in EU exports to it since {BASE} (all goods, {span})"
        f"{', ' if rest else ''}{joined(rest)}."
    )


def _part_lost(lost: Sequence[LostOnTheWay]) -> float | None:
    """The part of the additional exports that was not booked; None where exports did not rise."""
    more = sum(x.more_sent for x in lost)
    return sum(x.never_booked for x in lost) / more if more > 0 else None


def _lost_table(lost: Sequence[LostOnTheWay]) -> Table:
    by_member = bool(lost[0].member)
    rows = tuple(
        (
            country_name(x.hub),
            country_name(x.member) if by_member else None,
            x.year,
            x.sent_before / MILLION,
            x.sent / MILLION,
            x.booked_before / MILLION,
            x.booked / MILLION,
            x.never_booked / MILLION,
            x.never_booked / x.more_sent if x.more_sent > 0 else None,
        )
        for x in lost[:MOST_LOST]
    )
    columns = (
        Column("hub"),
        Column("EU member"),
        Column("year"),
        Column(f"sent {BASE}", ",.0f", True),
        Column("sent", ",.0f", True),
        Column(f"recorded {BASE}", ",.0f", True),
        Column("recorded", ",.0f", True),
        Column("missing", ",.0f", True),
        Column("share of rise", "%", True),
    )
    who = "EU member and year, largest first" if by_member else "year"
    title = f"EU exports that the hub never recorded, by {who}, million EUR (rise since {BASE})"
    return Table(columns, rows, title, total=len(lost))


# -- the twelve hubs -------------------------------------------------------------------------------


def _twelve(found: Diversion, stored: StoredRecords) -> Table:
    european = _by_hub(stored.european, "buyer")
    american = _by_hub(stored.american, "buyer")
    chips = _by_hub(stored.chips, "seller")
    last_eu = max((t.year for t in stored.european), default=BASE)
    last_us = max((t.year for t in stored.american), default=BASE)
    years = sorted({BASE, "2023", last_eu})
    us_years = sorted({BASE, last_us})
    rows = []
    for hub in stored.hubs:
        eu = european.get(hub, {})
        us = american.get(hub, {})
        rows.append(
            (
                country_name(hub),
                *(_in(eu, year, BILLION) for year in years),
                *(_in(us, year, BILLION) for year in us_years),
                _in(chips.get(hub, {}), BASE, MILLION),
                _in(chips.get(hub, {}), "2023", MILLION),
            )
        )
    columns = (
        Column("hub"),
        *(Column(f"EU {year}" if year == BASE else year, ",.2f", True) for year in years),
        *(Column(f"US {year}" if year == BASE else year, ",.2f", True) for year in us_years),
        Column(f"chips {BASE}", ",.1f", True),
        Column("2023", ",.1f", True),
    )
    number = "Twelve hubs" if len(stored.hubs) == 12 else "Hubs"
    sold = f", chips to {targets(found)} ($m)" if chips.keys() & set(stored.hubs) else ""
    title = f"{number}: all goods from the EU (€bn) and US ($bn){sold}"
    return Table(columns, tuple(rows), title)


def _by_hub(trade: Sequence[StoredTrade], side: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for t in trade:
        found.setdefault(getattr(t, side), {})[t.year] = t.value
    return found


def _in(values: dict[str, float], year: str, by: float) -> float | None:
    value = values.get(year)
    return None if value is None else value / by


# -- dispatch, markets, chips ----------------------------------------------------------------------


def _dispatch_table(stored: StoredRecords) -> Table:
    largest = sorted(stored.dispatch, key=lambda d: -d.rise)[:MOST_MEMBERS]
    rows = tuple(
        (
            country_name(d.member),
            country_name(d.hub),
            d.before / MILLION,
            d.after / MILLION,
            d.after / d.before if d.before > 0 else None,
        )
        for d in largest
    )
    columns = (
        Column("EU member"),
        Column("destination"),
        Column("year before the sanctions", ",.1f", True),
        Column("since sanctions", ",.1f", True),
        Column("multiple", ".1f", True),
    )
    title = (
        "Exports of listed goods by EU member, million EUR a month, to "
        f"{when(largest[0].until)}: largest rises"
    )
    return Table(columns, rows, title, total=len(stored.dispatch))


def _markets_table(found: Diversion, markets: Sequence[StoredTrade]) -> Table:
    by_buyer = _by_hub(markets, "buyer")
    years = sorted({t.year for t in markets if t.year >= BASE})
    order = sorted(
        by_buyer, key=lambda b: (b not in found.targets, -by_buyer[b].get(years[-1], 0.0))
    )
    rows = tuple(
        (country_name(buyer), *(_in(by_buyer[buyer], year, MILLION) for year in years))
        for buyer in order
    )
    columns = (Column("destination"), *(Column(year, ",.0f", True) for year in years))
    title = (
        f"Armenia's own figures for sales to {targets(found)} and other members of its customs union, "
        "all goods, $m"
    )
    return Table(columns, rows, title)


def _chips_table(found: Diversion, chips: Sequence[StoredTrade]) -> Table:
    by_seller = _by_hub(chips, "seller")
    years = [y for y in sorted({t.year for t in chips}) if y >= BASE]
    order = sorted(by_seller, key=lambda s: -max(by_seller[s].values()))[:MOST_EXPORTERS]
    rows: list[tuple[Cell, ...]] = [
        (country_name(seller), *(_in(by_seller[seller], year, MILLION) for year in years))
        for seller in order
    ]
    columns = (Column("seller"), *(Column(year, ",.0f", True) for year in years))
    title = f"Chips sold to {targets(found)}, on partners' figures, $m; 2024 is incomplete"
    return Table(columns, tuple(rows), title, total=len(by_seller))


def _moved_sentence(found: Diversion, chips: Sequence[StoredTrade]) -> str:
    """Who sold less chips and who took over, between the year before the ban and the last whole
    year."""
    by_seller = _by_hub(chips, "seller")
    last = "2023"
    coalition = coalitions()["COALITION"] | {"TWN"}
    lost = 0.0
    gained: dict[str, float] = {}
    for seller, values in by_seller.items():
        change = values.get(last, 0.0) - values.get(BASE, 0.0)
        if seller in coalition:
            lost -= change
        elif change > 0 and seller != "ROW":
            gained[seller] = change
    takers = sorted(gained, key=lambda s: -gained[s])[:3]
    who = joined([f"{spoken_name(s)} (by ${gained[s] / MILLION:,.0f}m)" for s in takers])
    return (
        f"Between {BASE} and {last}, the coalition's and Taiwan's annual chip sales to "
        f"{targets(found)} fell by ${lost / MILLION:,.0f}m. Sales rose most from {who}."
    )


def _origin_of_records(stored: StoredRecords) -> Table:
    """Source, last year, rows and the place of the first, of each kind of record."""
    known = sources()
    rows = []
    trade = (*stored.european, *stored.american, *stored.chips, *stored.markets)
    for name in dict.fromkeys(t.source for t in trade):
        mine = [t for t in trade if t.source == name]
        title = known[name].title if name in known else name
        last = max(t.year for t in mine)
        rows.append((title, last, sum(t.entries for t in mine), mine[0].locator))
    columns = (
        Column("data"),
        Column("last year"),
        Column("data rows", ",.0f", True),
        Column("first row"),
    )
    return Table(columns, tuple(rows), "Sources of these data")
