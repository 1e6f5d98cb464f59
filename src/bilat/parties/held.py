# SPDX-License-Identifier: Apache-2.0
"""The listed parties as of a date: from the holdings, or from list files of any known format."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bilat.catalog import sources as catalog_sources
from bilat.catalog.party_lists import Address, Identifier, Link, ListedParty, Listing, Name, load
from bilat.catalog.readers.party_list import first_held
from bilat.dyad import AsOf, DataError, UsageError
from bilat.holdings import Holdings


@dataclass(frozen=True, slots=True)
class Held:
    """A listed party with the file it came from."""

    party: ListedParty
    source: str  # name in the catalog, or the file's name
    snapshot: str  # sha256 of the file
    edition: str  # the date of that file, or '' where it is not known


def list_sources() -> list[str]:
    """The catalog's sources that are lists of parties."""
    return [name for name, s in catalog_sources().items() if "parties" in s.tables]


def lists_named(name: str) -> list[str]:
    """The list sources that a name means: itself, or all whose name begins with it (``ofac``, ``us``)."""
    every = list_sources()
    if name in every:
        return [name]
    return [s for s in every if s.split("_")[0] == name]


def held_parties(
    lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[list[Held], list[str]]:
    """Parties of the lists asked for (all that are held, where none is), and notes on what was used.

    Raises
    ------
    UsageError
        for a list that is neither held nor a file, or a file whose entries cannot be dated under ``as_of``.
    """
    found: list[Held] = []
    notes: list[str] = []
    names: list[str] = []
    for item in lists or ():
        if Path(item).is_file():
            found += _from_file(Path(item), as_of, notes)
        elif meant := lists_named(item):
            names += meant
        else:
            raise UsageError(
                f"{item}: is no list file, and no list held: name a file, or one of {', '.join(list_sources())}"
            )
    if names or not lists:
        from_holdings = _from_holdings(names or None, as_of or AsOf(), holdings or Holdings(), notes)
        asked_for = set(names) - {h.source for h in from_holdings}
        if not lists and not from_holdings:
            raise DataError(
                "no lists are held: pull one with `bilat sources pull`, or name a file with --lists"
            )
        if names and len(asked_for) == len(set(names)):
            when = f" as of {as_of}" if as_of else ""
            raise UsageError(
                f"{', '.join(sorted(asked_for))}: not held{when}; pull it with `bilat sources pull "
                f"{sorted(asked_for)[0]}`, or name its file"
            )
        notes += [f"{name}: not held; pull it with `bilat sources pull {name}`" for name in sorted(asked_for)]
        found += from_holdings
    return found, notes


def _in_force(listings: Sequence[Listing], day: dt.date) -> tuple[Listing, ...]:
    text = day.isoformat()
    return tuple(
        entry
        for entry in listings
        if (not entry.listed_on or entry.listed_on <= text) and (not entry.until or entry.until > text)
    )


def _from_file(path: Path, as_of: AsOf | None, notes: list[str]) -> list[Held]:
    snapshot = hashlib.sha256(path.read_bytes()).hexdigest()
    day = (as_of or AsOf()).date
    edition = next(
        (f.vintage for s in catalog_sources().values() for f in s.files if f.sha256 == snapshot), None
    )
    out: list[Held] = []
    undated = 0
    for party in load(path):
        listings = _in_force(party.listings, day)
        if party.listings and not listings:
            continue
        if as_of and (edition is None or edition > day) and not any(e.listed_on for e in listings):
            number = party.id.removeprefix("ofac-")
            first = first_held(int(number)) if party.id.startswith("ofac-") and number.isdigit() else None
            if first is None:
                if edition is None:
                    undated += 1
                continue
            if first > day:
                continue
        out.append(Held(replace(party, listings=listings), path.name, snapshot, str(edition or "")))
    if undated:
        raise UsageError(
            f"{path.name}: {undated} entries bear no date of listing, so who was on the list on {day} cannot be "
            "told; leave out --as-of, or give an edition of that date"
        )
    notes.append(f"{path.name}: {len(out)} parties" + (f", edition of {edition}" if edition else ""))
    return out


def _groups(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = {}
    for r in rows:
        out.setdefault(r["party"], []).append(r)
    return out


def _from_holdings(names: list[str] | None, as_of: AsOf, holdings: Holdings, notes: list[str]) -> list[Held]:
    engine = holdings.connect(as_of)
    wanted = names or list_sources()
    series_of = {(p.source, p.snapshot): p.series for p in holdings.parts}
    chosen_list = ", ".join(f"'{n}'" for n in wanted)

    def rows(table: str) -> list[dict[str, Any]]:
        return engine.table(f"SELECT * FROM {table} WHERE source IN ({chosen_list})").to_pylist()

    editions: dict[str, list[dict[str, Any]]] = {}
    for r in rows("parties"):
        editions.setdefault(series_of[r["source"], r["snapshot"]], []).append(r)
    listing_rows, name_rows = rows("listings"), rows("names")
    address_rows, link_rows = _groups(rows("addresses")), _groups(rows("links"))
    listings_of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for r in listing_rows:
        listings_of.setdefault((r["snapshot"], r["party"]), []).append(r)
    names_of: dict[str, list[dict[str, Any]]] = {}
    for r in name_rows:
        names_of.setdefault(r["party"], []).append(r)
    out: list[Held] = []
    for series in sorted(editions):
        of_series = sorted(editions[series], key=lambda r: r["vintage"])
        newest = of_series[-1]["vintage"]
        older: dict[str, list[dict[str, Any]]] = {}
        for r in of_series:
            if r["vintage"] < newest:
                older.setdefault(r["party"], []).append(r)
        current = [r for r in of_series if r["vintage"] == newest]
        editions_names = {r["snapshot"] for r in of_series}
        notes.append(f"{current[0]['source']}: {len(current)} parties, edition of {newest}")
        for r in current:
            told = r
            if r["schema"] == "Unknown" and older.get(r["party"]):
                told = older[r["party"]][-1]
            entries = listings_of.get((r["snapshot"], r["party"]), [])
            if told is not r:
                entries = listings_of.get((told["snapshot"], r["party"]), []) or entries
            listings = _in_force(
                tuple(
                    Listing(e["list"], e["programme"] or "", _iso(e["listed_on"]), _iso(e["until"]))
                    for e in entries
                ),
                as_of.date,
            )
            if entries and not listings:
                continue
            known = [Name(r["name"])]
            for n in names_of.get(r["party"], ()):
                # Of the editions of one list only the newest speaks; companion files (aliases) always do.
                if n["source"] == r["source"] and (
                    n["snapshot"] == r["snapshot"] or n["snapshot"] not in editions_names
                ):
                    known.append(Name(n["name"], n["name_kind"]))
            out.append(
                Held(
                    ListedParty(
                        id=r["party"],
                        schema=told["schema"],
                        names=tuple(dict.fromkeys(known)),
                        locator=r["locator"],
                        addresses=tuple(
                            Address(a["address"], a["city"] or "", a["country"] or "")
                            for a in address_rows.get(r["party"], ())
                            if a["source"] == r["source"]
                        ),
                        identifiers=_identifiers(told["identifiers"]),
                        countries=tuple((told["countries"] or "").split(";")) if told["countries"] else (),
                        born=told["born"] or "",
                        incorporated=told.get("incorporated") or "",
                        listings=listings,
                        links=tuple(
                            Link(k["tie"], k["other"], k["share_low"], k["share_high"])
                            for k in link_rows.get(r["party"], ())
                            if k["snapshot"] == told["snapshot"]
                        ),
                    ),
                    r["source"],
                    r["snapshot"],
                    newest.isoformat(),
                )
            )
    return out


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _identifiers(text: str | None) -> tuple[Identifier, ...]:
    return tuple(Identifier(*part.split(":", 1)) for part in (text or "").split(";") if ":" in part)
