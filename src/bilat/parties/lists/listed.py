# SPDX-License-Identifier: Apache-2.0
"""The listed parties as of a date: from the holdings, or from list files of any known format."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bilat.catalog import sources as catalog_sources
from bilat.catalog.readers.party_list import first_held
from bilat.errors import DataError, UsageError
from bilat.files.digest import sha256_of
from bilat.formats.parties import Address, Identifier, Link, ListedParty, Listing, Name, load
from bilat.formats.parties.record import without_joiner
from bilat.holdings import Holdings
from bilat.when import AsOf


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A listed party with the file it came from."""

    party: ListedParty
    source: str  # name in the catalog, or the file's name
    snapshot: str  # sha256 of the file
    edition: str  # the date of that file, or '' where it is not known
    later: frozenset[str] = frozenset()  # names and addresses that only a later edition is known to have


@dataclass(frozen=True, slots=True)
class Used:
    """A list as it was used: which edition, and to which day its content reaches."""

    source: str  # name in the catalog, or the file's name
    edition: str  # date of the file, '' where it is not known
    content: str  # last day its content is known to reach, '' where it is not known
    parties: int
    more: str = ""  # what later files add

    def age(self, day: dt.date) -> int | None:
        """Days from the content's last day to ``day``; None where it is not known."""
        return (day - dt.date.fromisoformat(self.content)).days if self.content else None


def list_sources() -> list[str]:
    """The catalog's sources that are lists of parties."""
    return [name for name, s in catalog_sources().items() if "parties" in s.tables]


def lists_named(name: str) -> list[str]:
    """The list sources that a name means: itself, or all whose name begins with it (``ofac``, ``us``)."""
    every = list_sources()
    if name in every:
        return [name]
    return [s for s in every if s.split("_")[0] == name]


def split_lists(lists: Sequence[str] | None) -> list[str]:
    """The lists asked for, those joined by commas apart, names of lists in lower case."""
    out = []
    for item in lists or ():
        if Path(item).is_file():
            out.append(item)
        else:
            out += [part.strip() for part in item.split(",") if part.strip()]
    every = list_sources()
    known = {*every, *(s.split("_")[0] for s in every)}
    return [x.lower() if x.lower() in known and not Path(x).is_file() else x for x in out]


def held_parties(
    lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[list[ListEntry], list[Used]]:
    """Parties of the lists asked for (all that are held, where none is), and the editions that were used.

    Raises
    ------
    UsageError
        for a list that is neither held nor a file, or a file whose entries cannot be dated under ``as_of``.
    """
    parties: list[ListEntry] = []
    notes: list[Used] = []
    names: list[str] = []
    for item in split_lists(lists):
        if Path(item).is_file():
            parties += _from_file(Path(item), as_of, notes)
        elif meant := lists_named(item):
            names += meant
        else:
            raise UsageError(
                f"{item}: is not a list file, and no list held: name a file, or one of "
                f"{', '.join(list_sources())}"
            )
    if names or not lists:
        from_holdings = _from_holdings(names or None, as_of or AsOf(), holdings or Holdings(), notes)
        asked_for = set(names) - {h.source for h in from_holdings}
        if not lists and not from_holdings:
            raise DataError("no lists are held: bring them with `bilat update`, or name a file with `lists`")
        if names and len(asked_for) == len(set(names)):
            when = f" as of {as_of}" if as_of else ""
            raise UsageError(
                f"{', '.join(sorted(asked_for))}: not held{when}; bring it with `bilat update "
                f"{sorted(asked_for)[0]}`, or name its file"
            )
        notes += [
            Used(name, "", "", 0, f"not held; bring it with `bilat update {name}`")
            for name in sorted(asked_for)
        ]
        parties += from_holdings
    return parties, notes


def _in_force(listings: Sequence[Listing], day: dt.date) -> tuple[Listing, ...]:
    text = day.isoformat()
    return tuple(
        entry
        for entry in listings
        if (not entry.listed_on or entry.listed_on <= text) and (not entry.until or entry.until > text)
    )


def _from_file(path: Path, as_of: AsOf | None, notes: list[Used]) -> list[ListEntry]:
    snapshot = sha256_of(path)
    day = (as_of or AsOf()).date
    edition = next(
        (f.vintage for s in catalog_sources().values() for f in s.files if f.sha256 == snapshot), None
    )
    out: list[ListEntry] = []
    undated = 0
    for party in load(path):
        listings = _in_force(party.listings, day)
        if party.listings and not listings:
            continue
        if (
            day < dt.date.today()
            and (edition is None or edition > day)
            and not any(e.listed_on for e in listings)
        ):
            number = party.id.removeprefix("ofac-")
            first = first_held(int(number)) if party.id.startswith("ofac-") and number.isdigit() else None
            if first is None:
                if edition is None:
                    undated += 1
                continue
            if first > day:
                continue
        out.append(ListEntry(replace(party, listings=listings), path.name, snapshot, str(edition or "")))
    if undated:
        raise UsageError(
            f"{path.name}: {undated} entries have no date of listing, so who was on the list on "
            f"{day} is not known; leave out `as_of`, or give an edition of that date"
        )
    last = max((e.listed_on for h in out for e in h.party.listings), default="")
    notes.append(Used(path.name, str(edition or ""), content_of(snapshot) or str(edition or last), len(out)))
    return out


def _from_holdings(
    names: list[str] | None, as_of: AsOf, holdings: Holdings, notes: list[Used]
) -> list[ListEntry]:
    holdings.need(("parties", "names", "addresses", "links", "listings"))
    engine = holdings.connect(as_of)
    wanted = ", ".join(f"'{n}'" for n in (names or list_sources()))
    series_of = {(p.source, p.snapshot): p.series for p in holdings.parts}
    editions: dict[str, list[tuple[dt.date, str, str, bool]]] = {}
    for source, snapshot, vintage, untyped in _tuples(
        engine,
        "SELECT source, snapshot, max(vintage), bool_or(schema = 'Unknown') FROM parties "
        f"WHERE source IN ({wanted}) GROUP BY source, snapshot",
    ):
        series = series_of[source, snapshot]
        editions.setdefault(series, []).append((vintage, snapshot, source, untyped))
    out: list[ListEntry] = []
    for series in sorted(editions):
        of_series = sorted(editions[series])
        vintage, snapshot, source, untyped = of_series[-1]
        # An edition of names only borrows type, numbers and programmes from the newest one that has them.
        fuller = next((s for _, s, _, u in reversed(of_series[:-1]) if not u), None) if untyped else None
        known = {e[1] for e in of_series}
        made = _edition(engine, source, snapshot, fuller, known, as_of.date, vintage)
        added = _companions(engine, source, known, vintage, {h.party.id for h in made})
        notes.append(
            Used(
                source,
                vintage.isoformat(),
                content_of(snapshot) or vintage.isoformat(),
                len(made) + len(added),
                _more(added),
            )
        )
        out += made + added
    return out


def _more(added: list[ListEntry]) -> str:
    """How many parties come from which later files; blank where none does."""
    days = Counter(h.edition for h in added)
    each = ", ".join(f"{n} from files of {day}" for day, n in sorted(days.items()))
    return f"parties more: {each}" if each else ""


def content_of(snapshot: str) -> str:
    """The last day to which a file's content is known to reach, where the catalog says; else ''."""
    return next(
        (
            f.options["content"]
            for s in catalog_sources().values()
            for f in s.files
            if f.sha256 == snapshot and "content" in f.options
        ),
        "",
    )


def _companions(
    engine: Any, source: str, editions: set[str], vintage: dt.date, known: set[str]
) -> list[ListEntry]:
    """Parties that the list's own files of aliases and addresses name and that the edition, being older,
    does not.

    Their name is the one that another list or edition has under the publisher's number, else an alias.
    """
    told = ", ".join(f"'{e}'" for e in sorted(editions))
    newer = (
        f"source = '{source}' AND snapshot NOT IN ({told}) AND vintage > DATE '{vintage}' "
        "AND NOT revised_later"
    )
    names = _grouped(
        engine, f"SELECT party, name, name_kind, snapshot, locator, vintage FROM names WHERE {newer}"
    )
    places = _grouped(
        engine,
        f"SELECT party, address, city, country, snapshot, locator, vintage FROM addresses WHERE {newer}",
    )
    wanted = sorted((names.keys() | places.keys()) - known)
    if not wanted:
        return []
    elsewhere = {
        key: (name, schema)
        for key, name, schema in _tuples(
            engine,
            "SELECT party, arg_max(name, vintage), arg_max(schema, vintage) FROM parties "
            "WHERE party LIKE 'ofac-%' GROUP BY party ORDER BY party",
        )
    }
    out = []
    for key in wanted:
        name, schema = elsewhere.get(key, ("", "Unknown"))
        aliases = [Name(n, kind) for n, kind, *_ in names.get(key, ())]
        all_names = ([Name(name)] if name else []) + aliases
        *_, snapshot, locator, day = (names.get(key) or places[key])[0]
        out.append(
            ListEntry(
                ListedParty(
                    id=key,
                    schema=schema,
                    names=tuple(dict.fromkeys(all_names))
                    or (Name(f"{key}, whose name is not held", "none"),),
                    locator=locator,
                    addresses=tuple(Address(a[0], a[1] or "", a[2] or "") for a in places.get(key, ())),
                    listings=(Listing(_LIST_OF[source]),) if source in _LIST_OF else (),
                ),
                source,
                snapshot,
                day.isoformat(),
            )
        )
    return out


#: The list that a source's companion files belong to.
_LIST_OF = {"ofac_sdn": "OFAC SDN"}


def _tuples(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor = engine.connection.cursor()
    try:
        return cursor.execute(sql).fetchall()
    finally:
        cursor.close()


def _grouped(engine: Any, sql: str) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by party, in one order: the engine reads several files with several threads, and the order of parties and
    names decides between candidates that agree equally well.
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    for key, *rest in _tuples(engine, f"{sql} ORDER BY ALL"):
        found.setdefault(key, []).append(tuple(rest))
    return found


def _edition(
    engine: Any,
    source: str,
    snapshot: str,
    fuller: str | None,
    editions: set[str],
    day: dt.date,
    vintage: dt.date,
) -> list[ListEntry]:
    """The parties of one edition; names and addresses also from files that are not edition (companions)."""
    others = ", ".join(f"'{e}'" for e in editions if e != snapshot) or "''"
    from_here = f"source = '{source}' AND snapshot NOT IN ({others})"
    snapshots = ", ".join(f"'{s}'" for s in (snapshot, fuller) if s)

    parties = _grouped(
        engine,
        "SELECT party, snapshot, schema, name, countries, born, incorporated, identifiers, locator "
        f"FROM parties WHERE source = '{source}' AND snapshot IN ({snapshots})",
    )
    names = _grouped(engine, f"SELECT party, name, name_kind, revised_later FROM names WHERE {from_here}")
    addresses = _grouped(
        engine, f"SELECT party, address, city, country, revised_later FROM addresses WHERE {from_here}"
    )
    listings = _grouped(
        engine,
        "SELECT party, snapshot, list, programme, listed_on, until FROM listings "
        f"WHERE source = '{source}' AND snapshot IN ({snapshots})",
    )
    links = _grouped(
        engine,
        "SELECT party, snapshot, tie, other, share_low, share_high FROM links "
        f"WHERE source = '{source}' AND snapshot IN ({snapshots})",
    )
    out: list[ListEntry] = []
    for key, records in parties.items():
        current = next((r for r in records if r[0] == snapshot), None)
        if current is None:
            continue
        full = next((r for r in records if r[0] == fuller), current)
        entries = [e for e in listings.get(key, ()) if e[0] == full[0]] or listings.get(key, [])
        in_force = _in_force(tuple(Listing(e[1], e[2] or "", _iso(e[3]), _iso(e[4])) for e in entries), day)
        if entries and not in_force:
            continue
        known = [Name(current[2]), *(Name(n[0], n[1]) for n in names.get(key, ()))]
        dated = {n[0] for n in names.get(key, ()) if not n[2]} | {current[2]}
        dated |= {a[0] for a in addresses.get(key, ()) if not a[3]}
        late = {n[0] for n in names.get(key, ()) if n[2]} | {a[0] for a in addresses.get(key, ()) if a[3]}
        party = ListedParty(
            id=key,
            schema=full[1],
            names=tuple(dict.fromkeys(replace(n, text=without_joiner(n.text)) for n in known)),
            locator=current[7],
            addresses=tuple(Address(a[0], a[1] or "", a[2] or "") for a in addresses.get(key, ())),
            identifiers=_identifiers(full[6]),
            countries=tuple(full[3].split(";")) if full[3] else (),
            born=full[4] or "",
            incorporated=full[5] or "",
            listings=in_force,
            links=tuple(Link(*k[1:]) for k in links.get(key, ()) if k[0] == full[0]),
        )
        out.append(ListEntry(party, source, snapshot, vintage.isoformat(), frozenset(late - dated)))
    return out


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _identifiers(text: str | None) -> tuple[Identifier, ...]:
    return tuple(Identifier(*part.split(":", 1)) for part in (text or "").split(";") if ":" in part)
