# SPDX-License-Identifier: Apache-2.0
"""Frozen records beside the hubs and routes of an answer on diversion: other
stored trade, sales within a customs union, listed firms, a user's consignees."""

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


@dataclass(frozen=True)
class UnionSales:
    """What a hub sold another member of the targets' customs union of the lost goods, a period
    before the break and since."""

    hub: str
    member: str
    before: float
    after: float


@dataclass(frozen=True)
class ListedFirm:
    """A firm with an address in a hub, on a list for the target since ``listed_on`` (blank: not
    stated)."""

    name: str
    listed_on: str
    list_name: str


@dataclass(frozen=True)
class Consignee:
    """A consignee or end user of a user's file.

    Attributes
    ----------
    row, reference
        Where it stands: the row of the sheet, and the user's own reference.
    name, role
        Its name as written, and its part in the consignment; '' where the file names none.
    hub, product
        Its state and HS code; '' where the row has none.
    route
        How likely these are a route; None if the answer has nothing of them.
    listed, listed_as, list_name, listed_on
        How likely it is listed, as whom, on which list and since when.
    state_column
        The header of its state, if only the place of that column tells that it is its own.
    """

    row: int
    reference: str
    name: str
    role: str
    hub: str
    product: str
    route: float | None
    listed: float
    listed_as: str
    list_name: str
    listed_on: str
    state_column: str = ""

    def probability(self, usual: float) -> float:
        """The chance of a route or of a listing, taken as independent; a route that is not known
        is as likely as ``usual``."""
        route = usual if self.route is None else self.route
        return 1 - (1 - route) * (1 - self.listed)
