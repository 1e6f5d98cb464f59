# SPDX-License-Identifier: Apache-2.0
"""Stored records to print next to an answer: what hubs booked, who dispatched, where goods went.

They are totals or one group of goods, and their publishers are not those of the trade that was
compared. Each record ends where its publisher's data end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from typing import Any

from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.queries import literals, sql
from bilat.diversion.trade_records import Dispatch, LostOnTheWay, StoredRecords, StoredTrade
from bilat.holdings import Holdings
from bilat.places.coalitions import coalitions
from bilat.units.exchange import usd_per_eur
from bilat.when import AsOf

#: States through which goods under the ban on Russia are published to have gone.
HUBS = ("KGZ", "KAZ", "ARM", "GEO", "UZB", "TJK", "AZE", "TUR", "ARE", "HKG", "CHN", "SRB")
#: Sources of the EU's exports of all goods; where two have a year, the later one here is used.
EUROPEAN = ("eurostat_total_annual", "eurostat_total_monthly", "eurostat_hubs_to_2025")
UNITED_STATES = "us_census_exports"
CHIPS = "atlas_techai_baskets"
ARMENIA = "armstat_trade"
#: Imports as the hubs recorded them, from members of the EU.
BOOKS = ("national_imports", ARMENIA)
#: A member of the EU that Armenia's records do not name.
UNSPECIFIED = "XX_EU"
#: The year before the ban, against which later years are set.
BASE = "2021"
LISTED = "eurostat_cn8_sanctioned"


def is_on_record(
    origins: Collection[str], targets: Collection[str], hubs: Collection[str] | None = None
) -> bool:
    """Return whether records of hubs are stored: of what the EU sells round the ban on Russia."""
    if not coalitions()["EU27"] <= {*origins}:
        return False
    if hubs is not None and not {*HUBS} & {*hubs}:
        return False
    return any("RUS" in (target, *ALSO_BANNED.get(target, ())) for target in targets)


def stored_records(
    holdings: Holdings,
    as_of: AsOf,
    targets: Collection[str],
    hubs: Collection[str] | None,
    months: Sequence[str],
) -> StoredRecords | None:
    """Return the records of the twelve hubs, or of those asked for.

    None if no record is stored.

    Parameters
    ----------
    months
        the months since the break, for what each member dispatched.
    """
    chosen = tuple(hub for hub in HUBS if hubs is None or hub in hubs)
    members = sorted(coalitions()["EU27"])
    union = sorted(coalitions()["EAEU"] - set(targets))
    terms = {
        "european": literals(EUROPEAN),
        "hubs": literals(chosen),
        "members": literals(members),
        "markets": literals([*targets, *union]),
        "targets": literals(sorted(targets)),
    }
    query = sql("stored").substitute(terms)
    with closing(holdings.connect(as_of, query).connection.cursor()) as con:
        rows = con.sql(query).to_arrow_table().to_pylist()
        dispatch = _dispatch(con, chosen, months)
    trade = [t for t in map(_trade, rows) if t is not None]
    if not trade and not dispatch:
        return None
    return StoredRecords(
        hubs=chosen,
        european=_one_source_a_year(trade, "EU27"),
        american=tuple(t for t in trade if t.source == UNITED_STATES),
        chips=tuple(t for t in trade if t.source == CHIPS),
        markets=tuple(t for t in trade if t.source == ARMENIA and t.seller == "ARM"),
        lost=_lost(trade, chosen, ""),
        lost_by_member=_lost_by_member(trade, chosen),
        dispatch=dispatch,
    )


def _trade(row: dict[str, Any]) -> StoredTrade | None:
    """Return a year of trade between two states; None if only a part of the year is stored."""
    value = row["of_months"] if row["months"] == 12 else row["of_year"]
    if value is None:
        return None
    is_export = row["flow"] == "X"
    seller = row["reporter"] if is_export else row["partner"]
    buyer = row["partner"] if is_export else row["reporter"]
    return StoredTrade(
        seller=seller,
        buyer=buyer,
        year=row["year"],
        value=float(value),
        currency=row["currency"],
        source=row["source"],
        entries=row["entries"],
        locator=row["locator"],
    )


def _one_source_a_year(trade: Sequence[StoredTrade], seller: str) -> tuple[StoredTrade, ...]:
    """Return the exports of the EU or of one member by hub and year, each from the last source of
    ``EUROPEAN`` that has it."""
    found: dict[tuple[str, str], StoredTrade] = {}
    for source in EUROPEAN:
        for t in trade:
            if t.source == source and t.seller == seller:
                found[t.buyer, t.year] = t
    return tuple(found[key] for key in sorted(found))


def _lost(
    trade: Sequence[StoredTrade], hubs: Sequence[str], member: str
) -> tuple[LostOnTheWay, ...]:
    """Return, by hub and year since the ban, what the EU recorded as exported there and what the
    hub recorded as bought from it; of one ``member`` if it is not blank."""
    sellers = {member} if member else coalitions()["EU27"] | {UNSPECIFIED}
    sent = {(t.buyer, t.year): t for t in _one_source_a_year(trade, member or "EU27")}
    booked: dict[tuple[str, str], float] = {}
    entries: dict[tuple[str, str], int] = {}
    for t in trade:
        if t.source not in BOOKS or t.seller not in sellers or t.buyer not in hubs:
            continue
        value = _in_euro(t)
        if value is not None:
            key = (t.buyer, t.year)
            booked[key] = booked.get(key, 0.0) + value
            entries[key] = entries.get(key, 0) + t.entries
    out = []
    for hub, year in sorted(booked):
        base = (hub, BASE)
        is_comparable = (hub, year) in sent and base in sent and base in booked
        if year <= BASE or not is_comparable:
            continue
        out.append(
            LostOnTheWay(
                hub=hub,
                member=member,
                year=year,
                sent_before=sent[base].value,
                sent=sent[hub, year].value,
                booked_before=booked[base],
                booked=booked[hub, year],
                entries=entries[hub, year] + sent[hub, year].entries,
            )
        )
    return tuple(out)


def _lost_by_member(trade: Sequence[StoredTrade], hubs: Sequence[str]) -> tuple[LostOnTheWay, ...]:
    """Return the same for each member of the EU, by what the hubs never recorded, largest first."""
    lost: list[LostOnTheWay] = []
    for member in sorted(coalitions()["EU27"]):
        lost += _lost(trade, hubs, member)
    return tuple(sorted(lost, key=lambda one: -one.never_booked))


def _in_euro(t: StoredTrade) -> float | None:
    """Return a figure in euro at the European Central Bank's mean rate of the year; None if none is
    stored."""
    if t.currency == "EUR":
        return t.value
    rate = usd_per_eur().get(t.year)
    return t.value / rate if rate and t.currency == "USD" else None


def _dispatch(con: Any, hubs: Sequence[str], months: Sequence[str]) -> tuple[Dispatch, ...]:
    """Return what each member sold each hub of the listed goods a month, before and since.

    Since: the first twelve months after the break that are stored. Before: the same months of the
    year before.
    """
    newest = f"SELECT max(period) FROM flows WHERE source = '{LISTED}' AND nomenclature = 'basket'"
    last = con.sql(newest).fetchall()[0][0] or ""
    after = [month for month in months if len(month) == len("2022-03") and month <= last][:12]
    if not after:
        return ()
    before = [f"{int(month[:4]) - 1}{month[4:]}" for month in after]
    terms = {"hubs": literals(hubs), "before": literals(before), "after": literals(after)}
    rows = con.sql(sql("dispatch").substitute(terms)).to_arrow_table().to_pylist()
    return tuple(
        Dispatch(
            member=r["member"],
            hub=r["hub"],
            before=float(r["before"] or 0.0) / len(after),
            after=float(r["after"] or 0.0) / len(after),
            until=after[-1],
            entries=r["entries"],
            locator=r["locator"],
        )
        for r in rows
        if r["after"]
    )
