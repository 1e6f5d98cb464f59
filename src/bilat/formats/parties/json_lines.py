# SPDX-License-Identifier: Apache-2.0
"""Lists as JSON lines: a user's own ``{id, schema, names, ids?, country?}``, and FollowTheMoney
entities.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bilat.formats.json_text import Cells, parse_json
from bilat.formats.parties.identifiers import canonical
from bilat.formats.parties.record import (
    Address,
    Identifier,
    Link,
    ListedParty,
    Listing,
    iso_date,
    name_tuple,
    refuse,
    unique,
)
from bilat.formats.parties.text import list_file, rows
from bilat.formats.table import lines

_NUMBERS = {
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "imoNumber": "imo",
    "leiCode": "lei",
    "uscCode": "uscc",
    "mmsi": "mmsi",
    "passportNumber": "passport",
    "registrationNumber": "registration",
    "taxNumber": "tax",
    "idNumber": "national",
    "swiftBic": "swift",
}
#: Properties of a FollowTheMoney entity with names, and the kind of each.
_FTM_NAMES = {"name": "primary", "alias": "alias", "previousName": "former", "weakAlias": "weak"}
_FTM_STATES = ("country", "nationality", "jurisdiction")
#: Kinds of numbers that a list of one's own may name.
_OWN_KINDS = ("imo", "lei", "inn", "ogrn", "uscc")
_PARTIES = {"Person", "Company", "Organization", "LegalEntity", "PublicBody", "Vessel", "Airplane"}


def objects(path: Path) -> Iterator[tuple[int, Cells]]:
    """(line, object) of each line.

    Raises
    ------
    DataError
        for a line that is not a JSON object, or bytes that are not UTF-8.
    """
    for n, line in lines(list_file(path)):
        if not line.strip():
            continue
        try:
            found = parse_json(line)
        except ValueError as e:
            raise refuse(path.name, n, f"is not JSON ({e})", "write one object per line") from None
        if not isinstance(found, dict):
            raise refuse(path.name, n, "is not a JSON object", "write one object per line")
        yield n, found


def _strings(path: Path, n: int, obj: Mapping[str, object], key: str) -> list[str]:
    value = obj.get(key) or []
    if isinstance(value, str):
        value = [value] if key != "country" else value.split(";")
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise refuse(
            path.name, n, f"{key} {value!r} is not a list of texts", f'write "{key}": ["…"]'
        )
    return [v for v in value if v.strip()]


def own(path: Path) -> Iterator[ListedParty]:
    """A list of one's own; ``ids`` are ``kind:value`` (``imo:9187629``), an ``id`` must
    not repeat.
    """
    seen: dict[str, int] = {}
    for n, obj in objects(path):
        key = obj.get("id")
        if not isinstance(key, str) or not key:
            raise refuse(path.name, n, "has no id", 'give every party an "id" of its own')
        if key in seen:
            raise refuse(
                path.name,
                n,
                f"id {key!r} is already in row {seen[key]}",
                "give every party its own id",
            )
        seen[key] = n
        names = name_tuple(
            *(
                (x, "primary" if k == 0 else "alias")
                for k, x in enumerate(_strings(path, n, obj, "names"))
            )
        )
        if not names:
            continue
        numbers = [_own_number(text) for text in _strings(path, n, obj, "ids")]
        yield ListedParty(
            id=key,
            schema=str(obj.get("schema") or "LegalEntity"),
            names=names,
            locator=f"line {n}",
            addresses=tuple(Address(a) for a in _strings(path, n, obj, "addresses")),
            identifiers=unique(tuple(numbers)),
            countries=tuple(_strings(path, n, obj, "country")),
            listings=(
                Listing(
                    str(obj.get("list") or obj.get("src") or path.stem),
                    str(obj.get("programme") or ""),
                    iso_date(str(obj.get("listed_on") or "")),
                ),
            ),
        )


#: Columns of a list of one's own as CSV: the name is needed.
TABLE_HEADER = ("name",)
_TABLE_COLUMNS = (
    *TABLE_HEADER,
    "id",
    "schema",
    "aliases",
    "ids",
    "country",
    "addresses",
    "born",
    "list",
    "programme",
    "listed_on",
)


def own_table(path: Path) -> Iterator[ListedParty]:
    """Parse a list of one's own as CSV: ``name`` and, as wanted, other columns of ``own``.

    ``aliases``, ``ids`` (``kind:value``), ``country`` and ``addresses`` hold several values parted
    by semicolons. A list without the column ``id`` knows its parties by their names.
    """
    seen: dict[str, int] = {}
    for line, row in rows(path, TABLE_HEADER):
        if unknown := sorted(set(row) - {*_TABLE_COLUMNS, ""}):
            known = ", ".join(_TABLE_COLUMNS)
            raise refuse(
                path.name, 1, f"column {unknown[0]!r} is unknown", f"leave it out; known: {known}"
            )
        named_only = "id" not in row
        key = _id_of_name(path, row["name"]) if named_only else row["id"].strip()
        if not key or not row["name"].strip():
            raise refuse(path.name, line, "has no id or no name", "give every party both")
        if key in seen:
            same = f"name {row['name']!r}" if named_only else f"id {key!r}"
            what = f"{same} is already in row {seen[key]}"
            raise refuse(path.name, line, what, "give every party its own id")
        seen[key] = line
        if row.get("listed_on") and not iso_date(row["listed_on"]):
            what = f"listed_on {row['listed_on']!r} is not a day"
            raise refuse(path.name, line, what, "write it as 2024-02-29")
        aliases = [(a, "alias") for a in _several(row, "aliases")]
        yield ListedParty(
            id=key,
            schema=row.get("schema", "").strip() or "LegalEntity",
            names=name_tuple((row["name"], "primary"), *aliases),
            locator=f"line {line}",
            addresses=tuple(Address(a) for a in _several(row, "addresses")),
            identifiers=unique(tuple(_own_number(text) for text in _several(row, "ids"))),
            countries=tuple(_several(row, "country")),
            born=row.get("born", ""),
            listings=(
                Listing(
                    row.get("list", "") or path.stem,
                    row.get("programme", ""),
                    iso_date(row.get("listed_on", "")),
                ),
            ),
        )


def _id_of_name(path: Path, name: str) -> str:
    """Return the id of a party that its list gives none: it stays while the name does."""
    words = " ".join(name.split()).casefold()
    return f"{path.stem}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _several(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split(";") if part.strip()]


def _own_number(text: str) -> Identifier:
    kind, _, value = text.rpartition(":")
    return Identifier(*canonical(kind if kind in _OWN_KINDS else "other", value))


def ftm(path: Path) -> Iterator[ListedParty]:
    """Parse FollowTheMoney entities (OpenSanctions' bulk ``entities.ftm.json``), for whoever holds
    a licence to them.

    Two passes: sanctions and ownership first, then the parties they speak of.
    """
    sanctions: dict[str, list[Listing]] = {}
    owners: dict[str, list[Link]] = {}
    for n, entity in objects(path):
        properties = entity.get("properties") or {}
        if not isinstance(properties, dict):
            cure = "is this a FollowTheMoney file?"
            raise refuse(path.name, n, "properties is not an object", cure)
        if entity.get("schema") == "Sanction":
            listing = _ftm_listing(entity, properties)
            for about in properties.get("entity", []):
                sanctions.setdefault(about, []).append(listing)
        elif entity.get("schema") == "Ownership":
            low, high = share(_first(properties, "percentage"))
            links = [Link("owner", owner, low, high) for owner in properties.get("owner", [])]
            for asset in properties.get("asset", []):
                owners.setdefault(asset, []).extend(links)
    for n, entity in objects(path):
        if entity.get("schema") not in _PARTIES:
            continue
        party = _ftm_party(entity, n)
        if party.names:
            of_list = Listing(",".join(entity.get("datasets", [])) or path.stem)
            yield replace(
                party,
                listings=unique(tuple(sanctions.get(party.id, ()))) or (of_list,),
                links=unique(tuple(owners.get(party.id, ()))),
            )


def _first(properties: Mapping[str, list[str]], *names: str) -> str:
    """Return the first value of the first of some properties that has one."""
    return next((properties[name][0] for name in names if properties.get(name)), "")


def _ftm_listing(entity: Cells, properties: Mapping[str, list[str]]) -> Listing:
    programmes = properties.get("program") or properties.get("programId") or []
    return Listing(
        _first(properties, "authority") or ",".join(entity.get("datasets", [])),
        "; ".join(programmes),
        iso_date(_first(properties, "listingDate", "startDate")),
        iso_date(_first(properties, "endDate")),
    )


def _ftm_party(entity: Cells, line: int) -> ListedParty:
    """Return a party with what its own entity says."""
    properties = entity["properties"]
    names = [(text, kind) for key, kind in _FTM_NAMES.items() for text in properties.get(key, [])]
    numbers = []
    for key, kind in _NUMBERS.items():
        numbers += [Identifier(*canonical(kind, value)) for value in properties.get(key, [])]
    states = [state for key in _FTM_STATES for state in properties.get(key, [])]
    return ListedParty(
        id=str(entity.get("id")),
        schema=entity["schema"],
        names=name_tuple(*names),
        locator=f"line {line}",
        addresses=tuple(Address(a) for a in properties.get("address", [])),
        identifiers=unique(tuple(numbers)),
        countries=unique(tuple(states)),
        born=_first(properties, "birthDate"),
        incorporated=_first(properties, "incorporationDate"),
    )


def share(text: str) -> tuple[float | None, float | None]:
    """(low, high) percent of a share written ``51``, ``51%``, ``50-75``, ``>50``, ``up to 25``;
    (None, None) if unknown.
    """
    import re

    numbers = [float(x.replace(",", ".")) for x in re.findall(r"\d+(?:[.,]\d+)?", text)]
    numbers = [x for x in numbers if 0 <= x <= 100]
    if not numbers:
        return None, None
    if len(numbers) >= 2:
        return min(numbers[:2]), max(numbers[:2])
    if re.search(r">|more than|over|at least|from", text):
        return numbers[0], 100.0
    if re.search(r"<|less than|under|up to", text):
        return 0.0, numbers[0]
    return numbers[0], numbers[0]


#: Whose list has states for addresses.
_STATES = "Japan METI"
#: What a registry of lists calls each, and what it is here: authority and list.
_REGISTERED = {
    "cn-export-control-watchlist": ("CN MOFCOM", "export control list"),
    "cn-unreliable-entity-list": ("CN MOFCOM", "unreliable entity list"),
    "cn-attention-list": ("CN MOFCOM", "attention list"),
    "jp-end-user-list": ("Japan METI", "end user list"),
}


def registry(path: Path) -> Iterator[ListedParty]:
    """Parse lists of China's and Japan's ministries: one JSON array of ``{id, entity_name, list_id,
    date_added, …}``.

    An id that appears twice is of two parties: the second is known by its place as well. In Japan's
    list the state stands in the place of the address, and of some rows before a name that was not
    split off from it.
    """
    entries = _registered(path)
    in_states = (e for e in entries if e.authority == _STATES and e.name)
    states = {state for e in in_states for state in e.where}
    seen: set[str] = set()
    for e in entries:
        name = e.name
        where = e.where
        if not name and where:
            state = max((s for s in states if where[0].startswith(s)), key=len, default="")
            if state:
                name = where[0].removeprefix(state).strip()
                where = [state, *where[1:]]
        with_states = e.authority == _STATES
        aliases = [(a, "alias") for a in e.item.get("aliases") or []]
        organization = e.item.get("entity_type") == "organization"
        yield ListedParty(
            id=e.id if e.id not in seen else f"{e.id}-{e.number}",
            schema="Organization" if organization else "LegalEntity",
            names=name_tuple((name, "primary"), *aliases),
            locator=f"item {e.number}",
            addresses=() if with_states else tuple(Address(a) for a in where),
            countries=tuple(where) if with_states else (),
            listings=(Listing(e.authority, e.programme, iso_date(e.item.get("date_added") or "")),),
            remarks=e.item.get("reason") or "",
        )
        seen.add(e.id)


@dataclass(frozen=True)
class _Registered:
    """An item of the array: its number in it, and what every item must have."""

    number: int
    id: str
    name: str
    authority: str
    programme: str
    item: Cells

    @property
    def where(self) -> list[str]:
        """Return its addresses."""
        return list(self.item.get("addresses") or [])


def _registered(path: Path) -> list[_Registered]:
    try:
        items = parse_json("\n".join(line for _, line in lines(list_file(path))))
        return [
            _Registered(n, item["id"], item["entity_name"], *_REGISTERED[item["list_id"]], item)
            for n, item in enumerate(items, 1)
        ]
    except (ValueError, TypeError, KeyError) as wrong:
        what = f"is not an array of registered parties ({wrong})"
        raise refuse(path.name, 1, what, "get it again") from None
