# SPDX-License-Identifier: Apache-2.0
"""Days on which a state put parties of another on one of its lists, as events between the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple, TypedDict, cast

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.package_files import read_package_toml
from bilat.parties.lists.capitals import is_on_russia
from bilat.parties.lists.party_states import code_of
from bilat.parties.lists.records import first_copies
from bilat.parties.lists.regimes import states_of_programme
from bilat.places import spoken_name
from bilat.places.address_regions import place_of_address
from bilat.units.notation import count_text
from bilat.when import AsOf

#: The list whose entries bear no day, of which dated copies are known instead.
COPIED = "ofac_sdn"


@dataclass(frozen=True)
class Issuer:
    """A state, or the Union, with the sources of its lists."""

    state: str
    name: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ListingDay:
    """The parties of one state that an issuer listed on one day, under programmes on one state."""

    issuer: Issuer
    day: dt.date
    state: str  #: of the addresses; else that of the programme
    programme: str  #: the state that the programme is named for; blank where it names none
    has_place: bool  #: whether the list says where the parties are
    list: str  #: the list with the most of them
    source: str
    parties: int

    @property
    def actors(self) -> frozenset[str]:
        """The issuer, the state of the parties, and the state that the programme is on."""
        return frozenset({self.issuer.state, self.state, self.programme} - {""})

    @property
    def text(self) -> str:
        """Who listed how many parties, where they are, and under which programme."""
        who = self.issuer.name[0].upper() + self.issuer.name[1:]
        where = f" in {spoken_name(self.state)}" if self.has_place else ""
        on = f" under its programme on {spoken_name(self.programme)}" if self.programme else ""
        return f"{who} listed {count_text(self.parties, 'parties')}{where}{on}"


@dataclass(frozen=True)
class ListedMonth:
    """The parties of one state that one list gained in a month."""

    issuer: str
    list: str
    state: str
    month: str
    parties: int
    last_day: dt.date  #: on which one of them was listed
    until: dt.date  #: the day to which the list is known


class _Row(TypedDict):
    """One entry of a list with one of the party's addresses."""

    source: str
    list: str
    party: str
    programme: str
    day: dt.date
    country: str | None
    address: str | None
    city: str | None
    countries: str | None


class _Key(NamedTuple):
    """What tells one entry from others."""

    source: str
    list: str
    party: str
    day: dt.date


class _Entry(NamedTuple):
    """The states of one entry's addresses, blank where it has none, and of its programmes."""

    places: set[str]
    programmes: set[str]


class _Group(NamedTuple):
    """What one event is of, before its parties are counted."""

    issuer: Issuer
    day: dt.date
    state: str
    programme: str
    has_place: bool


@cache
def issuers() -> tuple[Issuer, ...]:
    """Return who publishes lists with days, as signals.toml has them."""
    found = []
    for entry in read_package_toml("bilat.forecast", "signals.toml")["issuers"]:
        sources = tuple(entry["sources"])
        found.append(Issuer(entry["state"], entry["name"], sources))
    return tuple(found)


@cache
def _issuers_by_source() -> dict[str, Issuer]:
    return {source: issuer for issuer in issuers() for source in issuer.sources}


def listing_days(after: dt.date, last: AsOf, holdings: Holdings) -> list[ListingDay]:
    """Return the days after one date and up to another on which parties were listed.

    An entry counts on the day that its list gives or, on the American list, on the day of the
    first copy that has it: what such an entry says is read from a later edition.
    """
    parties: dict[_Group, dict[tuple[str, str], set[str]]] = {}
    for key, entry in _entries(after, last, holdings).items():
        issuer = _issuers_by_source()[key.source]
        for group in _groups(issuer, key.day, entry):
            of_list = parties.setdefault(group, {})
            of_list.setdefault((key.list, key.source), set()).add(key.party)
    found = []
    for group, of_list in parties.items():
        # Two sources may have the same legal act: the one with the most parties counts.
        name, source = max(of_list, key=lambda each: (len(of_list[each]), each))
        many = len(of_list[name, source])
        found.append(ListingDay(*group, name, source, many))
    return sorted(found, key=lambda d: (d.day, d.issuer.state, d.state, d.programme))


def listed_parties(last: AsOf, holdings: Holdings) -> list[ListedMonth]:
    """Return how many parties of each state each list gained by month, up to a date."""
    days: dict[tuple[str, str, str, str], dict[str, dt.date]] = {}
    for key, entry in _entries(dt.date.min, last, holdings).items():
        month = f"{key.day:%Y-%m}"
        issuer = _issuers_by_source()[key.source]
        for state in (entry.places - {""}) or entry.programmes:
            if state != issuer.state:
                of_month = days.setdefault((key.source, key.list, state, month), {})
                of_month[key.party] = max(key.day, of_month.get(key.party, key.day))
    ends = _ends(last, holdings)
    found = []
    for (source, name, state, month), parties in sorted(days.items()):
        listed = ListedMonth(
            issuer=_issuers_by_source()[source].state,
            list=name,
            state=state,
            month=month,
            parties=len(parties),
            last_day=max(parties.values()),
            until=ends[source, name],
        )
        found.append(listed)
    return found


def _groups(issuer: Issuer, day: dt.date, entry: _Entry) -> Iterable[_Group]:
    """Yield what an entry is counted under: each state of the party with each of its programmes."""
    programmes = sorted(entry.programmes) or [""]
    places = sorted(entry.places - {""}) or [""]
    for programme in programmes:
        for place in places:
            state = place or programme
            if state and state != issuer.state:
                yield _Group(issuer, day, state, programme, bool(place))


def _entries(after: dt.date, last: AsOf, holdings: Holdings) -> dict[_Key, _Entry]:
    """Return the entries of days after one date and up to another."""
    entries: dict[_Key, _Entry] = {}
    dated = _of_dated_entries(after, last, holdings, list(_issuers_by_source()))
    copied = _of_copies(after, last, holdings)
    for row in [*dated, *copied]:
        key = _Key(row["source"], row["list"], row["party"], row["day"])
        entry = entries.setdefault(key, _Entry(set(), set()))
        entry.places.add(_place(row["country"], row["address"], row["city"], row["countries"]))
        entry.programmes.update(_states_of_programme(row["source"], row["programme"]))
    return entries


@lru_cache(maxsize=4096)
def _states_of_programme(source: str, programme: str) -> frozenset[str]:
    """Return the states that a programme is on, by its name or by what the issuer says of it."""
    named = states_of_programme(programme)
    if not named and is_on_russia(source, programme):
        return frozenset({"RUS"})
    return named


def _place(country: str | None, address: str | None, city: str | None, named: str | None) -> str:
    """Return the state of an address; without one, the first that the list names for the party."""
    state = code_of(country) if country else ""
    if state:
        return place_of_address(state, address or "", city or "")
    for other in (named or "").split(";"):
        if code := code_of(other):
            return code
    return ""


#: Joins the entries of ``now`` with where their parties are.
_DETAILS = """
SELECT DISTINCT
  now.source,
  now.list,
  now.party,
  now.programme,
  now.day,
  a.country,
  a.address,
  a.city,
  p.countries
FROM now
LEFT JOIN addresses a
  ON a.party = now.party
  AND a.source = now.source
  AND a.country IS NOT NULL
LEFT JOIN parties p
  ON p.party = now.party
  AND p.source = now.source
  AND p.countries IS NOT NULL
ORDER BY ALL
"""

#: Entries of the newest edition of each list that bear a day between two.
_DATED = """
WITH newest AS (
  SELECT source, list, max(vintage) AS vintage
  FROM listings
  WHERE list_contains(?, source)
  GROUP BY ALL
),
now AS (
  SELECT
    source,
    list,
    party,
    coalesce(programme, '') AS programme,
    listed_on AS day
  FROM listings
  JOIN newest USING (source, list, vintage)
  WHERE listed_on > ?
    AND listed_on <= ?
)
"""


def _of_dated_entries(
    after: dt.date,
    last: AsOf,
    holdings: Holdings,
    names: Sequence[str],
) -> list[_Row]:
    """Return the entries that bear their own day, of the newest edition of each list."""
    rows = _ask(last, holdings).query(
        _DATED + _DETAILS,
        list(names),
        after,
        last.date,
    )
    return cast("list[_Row]", rows.to_pylist())


_COPIES = """
WITH now AS (
  SELECT DISTINCT
    source,
    list,
    party,
    coalesce(programme, '') AS programme,
    CAST(NULL AS DATE) AS day
  FROM listings
  WHERE source = ?
    AND party IN (SELECT unnest(?))
)
"""


def _of_copies(after: dt.date, last: AsOf, holdings: Holdings) -> list[_Row]:
    """Return the entries that copies of the American list had for the first time."""
    days = {}
    for number, day in first_copies().items():
        if str(after) < day <= str(last.date):
            days[f"ofac-{number}"] = dt.date.fromisoformat(day)
    if not days:
        return []
    found = _ask(AsOf(None), holdings).query(
        _COPIES + _DETAILS,
        COPIED,
        list(days),
    )
    rows = cast("list[_Row]", found.to_pylist())
    for row in rows:
        row["day"] = days[row["party"]]
    return rows


_ENDS = """
SELECT source, list, max(vintage) AS vintage
FROM listings
WHERE listed_on IS NOT NULL
  OR source = ?
GROUP BY ALL
"""


def _ends(last: AsOf, holdings: Holdings) -> dict[tuple[str, str], dt.date]:
    """Return the day to which the days of each list are known."""
    rows = _ask(AsOf(None), holdings).query(_ENDS, COPIED)
    copied = dt.date.fromisoformat(max(first_copies().values()))
    ends = {}
    for row in rows.to_pylist():
        end = min(row["vintage"], last.date)
        if row["source"] == COPIED:
            end = min(end, copied)
        ends[row["source"], row["list"]] = end
    return ends


def _ask(as_of: AsOf, holdings: Holdings) -> Ask:
    """Return the records of all states; the pair is asked of nothing."""
    return Ask(Dyad("RUS", "CHN"), _as_of=as_of, params={}, _holdings=holdings)
