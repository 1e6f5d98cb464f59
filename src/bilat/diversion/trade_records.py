# SPDX-License-Identifier: Apache-2.0
"""Other stored records that stand next to an answer on diversion, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredTrade:
    """One year of trade between two states as one publisher has it, with its number of rows and
    the place of the first."""

    seller: str
    buyer: str
    year: str
    value: float
    currency: str
    source: str
    entries: int
    locator: str


@dataclass(frozen=True)
class LostOnTheWay:
    """What the EU says that it exported to a hub in a year, and what the hub booked from the EU,
    EUR, each with the year before the ban."""

    hub: str
    member: str
    year: str
    sent_before: float
    sent: float
    booked_before: float
    booked: float
    entries: int

    @property
    def more_sent(self) -> float:
        return self.sent - self.sent_before

    @property
    def never_booked(self) -> float:
        """The part of the additional exports that the hub did not book."""
        return self.more_sent - (self.booked - self.booked_before)


@dataclass(frozen=True)
class Dispatch:
    """What one member of the EU sold one hub of listed goods, EUR a month, before the break and
    since."""

    member: str
    hub: str
    before: float
    after: float
    until: str
    entries: int
    locator: str

    @property
    def rise(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class StoredRecords:
    """Other stored records of the ``hubs``, each to its own last period: exports of the EU and
    of the United States, chips that each exporter sold the targets, a hub's sales by market,
    what was lost on the way, dispatch by member."""

    hubs: tuple[str, ...]
    european: tuple[StoredTrade, ...]
    american: tuple[StoredTrade, ...]
    chips: tuple[StoredTrade, ...]
    markets: tuple[StoredTrade, ...]
    lost: tuple[LostOnTheWay, ...]
    lost_by_member: tuple[LostOnTheWay, ...]
    dispatch: tuple[Dispatch, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of all records, each once."""
        trade = (*self.european, *self.american, *self.chips, *self.markets)
        names = {t.source for t in trade}
        if self.lost:
            names |= {"national_imports"}
        if self.dispatch:
            names |= {"eurostat_cn8_sanctioned"}
        return tuple(sorted(names))
