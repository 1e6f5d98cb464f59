# SPDX-License-Identifier: Apache-2.0
"""A joined party as the plain record that rows are made from, and that an index file keeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from bilat.catalog.readers.party_list import first_held
from bilat.formats.parties import ListedParty
from bilat.package_files import read_package_text
from bilat.parties.lists.effects import effect_of, in_order, link_of
from bilat.parties.lists.entity_resolution import ResolvedParty
from bilat.parties.lists.entries import ListEntry
from bilat.parties.lists.party_states import countries_of, publisher_of
from bilat.parties.lists.regimes import connected_states
from bilat.parties.names.script import letters

#: A joined party as a plain record: see :func:`record_of`.
Record = dict[str, Any]
#: Parties tied to one that its record names; the rest are counted.
MOST_TIED = 5
#: Kinds of names, the surest first: of two lists that have a name, the surer one decides.
_KINDS = ("primary", "alias", "former", "weak")
#: What parts a name from the next one in a list.
_PARTING = " ,;،、"
#: Kinds of names that are none: the entry is an address, or its name is not held.
NAMELESS = "none"


def record_of(party: ResolvedParty) -> Record:
    """Names, listings with their effect and link, addresses, numbers and births of a joined party.

    Names and addresses are ``[text, kind, later]``, ``[text, later]``: ``later`` is true where only an edition
    after the as-of date is known to have them.
    """
    members = [entry.party for entry in party.members]
    listings = [listing for entry in party.members for listing in _listings(entry)]
    main = party.members[0]
    first = next((_tidy(p.name) for p in members if p.names[0].kind != NAMELESS), "")
    schema = next((p.schema for p in members if p.schema != "Unknown"), main.party.schema)
    return {
        "id": party.id,
        "ids": list(dict.fromkeys(p.id for p in members)),
        "schema": schema,
        "name": first or f"name not held ({party.id})",
        "names": _names(party.members),
        "listings": listings,
        "effects": in_order(x["effect"] for x in listings) or ["listed"],
        "addresses": _addresses(party.members),
        "countries": sorted({c for p in members for c in countries_of(p)}),
        "connected": sorted(frozenset().union(*map(connected_states, members))),
        "identifiers": list(
            dict.fromkeys(f"{i.kind}:{i.value}" for p in members for i in p.identifiers)
        ),
        "born": list(dict.fromkeys(p.born for p in members if p.born)),
        "incorporated": next((p.incorporated for p in members if p.incorporated), ""),
        "links": _links(members),
        "tied": [],
        "tied_count": 0,
        "joined": list(party.reasons),
        "source": main.source,
        "snapshot": main.snapshot,
        "locator": main.party.locator,
    }


def _names(entries: Sequence[ListEntry]) -> list[list[Any]]:
    """Return each name once, with the best kind that any entry gives it."""
    found: dict[str, list[Any]] = {}
    for entry in entries:
        for name in entry.party.names:
            if name.kind == NAMELESS:
                continue
            row = [_tidy(name.text), name.kind, name.text in entry.later]
            known = found.setdefault(letters(name.text), row)
            known[1] = min(known[1], name.kind, key=_KINDS.index)
    return list(found.values())


def _tidy(name: str) -> str:
    """Return a name without the comma or semicolon by which a list parts it from the next."""
    return name.strip(_PARTING) or name


def _addresses(entries: Sequence[ListEntry]) -> list[list[Any]]:
    """Return each address once, as the first entry has it."""
    found: dict[str, list[Any]] = {}
    for entry in entries:
        for address in entry.party.addresses:
            found.setdefault(address.text, [address.text, address.text in entry.later])
    return list(found.values())


def _links(members: Sequence[ListedParty]) -> list[list[Any]]:
    """Return each tie to another party once, with the bounds of a share."""
    found: dict[str, list[Any]] = {}
    for member in members:
        for link in member.links:
            row = [link.kind, link.other, link.low, link.high]
            found.setdefault(f"{link.kind} {link.other}", row)
    return list(found.values())


def tie(records: Sequence[Record], parties: Sequence[ResolvedParty]) -> None:
    """Name the listed parties that ties lead to, and note in each who is tied to it.

    A list ties a party to another by the name that it has there itself: where lists write the name
    of one party in several ways, or several parties bear it, that of the same publisher is meant.
    """
    by_name: dict[tuple[str, str], int] = {}
    for n, party in enumerate(parties):
        for h in party.members:
            name = letters(h.party.name)
            by_name.setdefault((publisher_of(h.party), name), n)
            by_name.setdefault(("", name), n)
    for r, party in zip(records, parties, strict=True):
        publishers = [
            (publisher_of(h.party), {k.other for k in h.party.links}) for h in party.members
        ]
        for link in r["links"]:
            name = letters(link[1])
            own = [(p, name) for p, others in publishers if link[1] in others]
            other = next((by_name[key] for key in (*own, ("", name)) if key in by_name), None)
            if other is not None and records[other] is not r:
                link.append(f"{records[other]['id']}, {records[other]['effects'][0]}")
                if link[0] == "linked":
                    back = records[other]["tied"]
                    if len(back) < MOST_TIED:
                        back.append(f"{r['name']} ({r['id']})")
                    records[other]["tied_count"] += 1


#: The first copy of ``sdn_first_seen.txt``, and the first edition held: what the edition has and no later copy brought
#: stood in the first copy.
_FIRST_COPY = "2021-08-18"
_SECOND = "2022-02-17"


@cache
def first_copies() -> dict[int, str]:
    """SDN entry -> the day of the first copy of the list that has it, of copies a day or two apart."""
    out: dict[int, str] = {}
    for line in read_package_text(__package__, "sdn_first_seen.txt").splitlines():
        if not line.startswith("#"):
            day, *spans = line.split()
            for a, _, b in (s.partition("-") for s in spans):
                out.update(dict.fromkeys(range(int(a), int(b or a) + 1), day))
    return out


def _listings(h: ListEntry) -> list[Record]:
    number = h.party.id.removeprefix("ofac-")
    by = day = ""
    if h.party.id.startswith("ofac-") and number.isdigit() and h.source == "ofac_sdn":
        first = first_held(int(number))
        by = first.isoformat() if first else ""
        day = first_copies().get(int(number), "")
        if not day and by == _SECOND:
            by = _FIRST_COPY
    return [
        {
            "list": e.list,
            "programme": e.programme,
            "effect": effect_of(e.list, e.programme),
            "listed_on": e.listed_on or day,
            "listed_by": "" if e.listed_on or day else by,
            "until": e.until,
            "party": h.party.id,
            "link": link_of(e.list, e.programme, h.party.id),
            "source": h.source,
            "edition": h.edition,
            "snapshot": h.snapshot,
            "locator": h.party.locator,
        }
        for e in h.party.listings
    ]
