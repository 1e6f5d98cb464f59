# SPDX-License-Identifier: Apache-2.0
"""Stored records next to an answer: what the hubs booked, who dispatched, where goods went, to the
last period stored.

They are totals or one group of goods, of other publishers than the legs; each goes as far as its
own records do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from typing import Any

from bilat.diversion.queries import literals, sql
from bilat.diversion.trade_records import Dispatch, LostOnTheWay, StoredRecords, StoredTrade
from bilat.holdings import Holdings
from bilat.places.coalitions import coalitions
from bilat.units.exchange import usd_per_eur
from bilat.when import AsOf

#: States through which goods under the ban on Russia are published to have gone.
HUBS = ("KGZ", "KAZ", "ARM", "GEO", "UZB", "TJK", "AZE", "TUR", "ARE", "HKG", "CHN", "SRB")
#: Sources of the EU's exports of all goods; of one year the last source that has it stands.
EUROPEAN = ("eurostat_total_annual", "eurostat_total_monthly", "eurostat_hubs_to_2025")
UNITED_STATES = "us_census_exports"
CHIPS = "atlas_techai_baskets"
ARMENIA = "armstat_trade"
#: Books of hubs: what each recorded as bought from the members of the EU.
BOOKS = ("national_imports", ARMENIA)
#: A member of the EU that Armenia's books do not name.
UNSPECIFIED = "XX_EU"
#: The year before the ban, against which later years are set.
BASE = "2021"
LISTED = "eurostat_cn8_sanctioned"


def stored_records(
    holdings: Holdings,
    as_of: AsOf,
    targets: Collection[str],
    hubs: Collection[str] | None,
    months: Sequence[str],
) -> StoredRecords | None:
    """The records of the twelve hubs, or of those asked for; None for another target than Russia.

    Parameters
    ----------
    months
        the months since the break of the answer, for dispatch by member.
    """
    if "RUS" not in targets:
        return None
    asked = tuple(h for h in HUBS if hubs is None or h in hubs)
    members = sorted(coalitions()["EU27"])
    union = sorted(coalitions()["EAEU"] - set(targets))
    terms = {
        "european": literals(EUROPEAN),
        "hubs": literals(asked),
        "members": literals(members),
        "markets": literals([*targets, *union]),
        "targets": literals(sorted(targets)),
    }
    with closing(holdings.connect(as_of).connection.cursor()) as con:
        rows = con.sql(sql("stored").substitute(terms)).to_arrow_table().to_pylist()
        dispatch = _dispatch(con, asked, months)
    trade = [t for t in map(_trade, rows) if t is not None]
    if not trade and not dispatch:
        return None
    return StoredRecords(
        hubs=asked,
        european=_one_source_a_year(trade, "EU27"),
        american=tuple(t for t in trade if t.source == UNITED_STATES),
        chips=tuple(t for t in trade if t.source == CHIPS),
        markets=tuple(t for t in trade if t.source == ARMENIA and t.seller == "ARM"),
        lost=_lost(trade, asked, ""),
        lost_by_member=_lost_by_member(trade, asked),
        dispatch=dispatch,
    )


def _trade(row: dict[str, Any]) -> StoredTrade | None:
    """A year of trade between two states; None for part of a year."""
    value = row["of_months"] if row["months"] == 12 else row["of_year"]
    if value is None:
        return None
    sells = row["flow"] == "X"
    seller, buyer = (row["reporter"], row["partner"])[:: 1 if sells else -1]
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
    """The exports of the EU or of one member, of each hub and year those of the newest source."""
    found: dict[tuple[str, str], StoredTrade] = {}
    for source in EUROPEAN:
        for t in trade:
            if t.source == source and t.seller == seller:
                found[t.buyer, t.year] = t
    return tuple(found[key] for key in sorted(found))


def _lost(
    trade: Sequence[StoredTrade], hubs: Sequence[str], member: str
) -> tuple[LostOnTheWay, ...]:
    """By hub and year since the ban: what the EU, or one ``member``, says that it exported
    there, and what the hub booked from it."""
    sellers = {member} if member else coalitions()["EU27"] | {UNSPECIFIED}
    sent = {(t.buyer, t.year): t for t in _one_source_a_year(trade, member or "EU27")}
    booked: dict[tuple[str, str], float] = {}
    entries: dict[tuple[str, str], int] = {}
    for t in trade:
        value = _in_euro(t)
        of_eu = t.seller in sellers and t.buyer in hubs
        if t.source in BOOKS and of_eu and value is not None:
            key = (t.buyer, t.year)
            booked[key] = booked.get(key, 0.0) + value
            entries[key] = entries.get(key, 0) + t.entries
    out = []
    for hub, year in sorted(booked):
        base = (hub, BASE)
        if year <= BASE or (hub, year) not in sent or base not in sent or base not in booked:
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
    found = [x for member in sorted(coalitions()["EU27"]) for x in _lost(trade, hubs, member)]
    return tuple(sorted(found, key=lambda x: -x.never_booked))


def _in_euro(t: StoredTrade) -> float | None:
    """A figure in euro, by the European Central Bank's mean rate of the year; None where none is
    stored."""
    if t.currency == "EUR":
        return t.value
    rate = usd_per_eur().get(t.year)
    return t.value / rate if rate and t.currency == "USD" else None


def _dispatch(con: Any, hubs: Sequence[str], months: Sequence[str]) -> tuple[Dispatch, ...]:
    """Listed goods by member, in the first twelve months of the answer that are stored."""
    newest = f"SELECT max(period) FROM flows WHERE source = '{LISTED}' AND nomenclature = 'basket'"
    last = con.sql(newest).fetchall()[0][0]
    after = [m for m in months if len(m) == 7 and m <= (last or "")][:12]
    if not after:
        return ()
    before = [f"{int(m[:4]) - 1}{m[4:]}" for m in after]
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
