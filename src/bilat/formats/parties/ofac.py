# SPDX-License-Identifier: Apache-2.0
"""OFAC's delimited files: SDN or consolidated parties (``sdn.csv``, ``cons_prim.csv``), aliases,
addresses, remarks.

No header, twelve, five, six and two fields; ``-0-`` stands for nothing; the file ends with a
Ctrl-Z. Numbers, nationalities, aliases in quotes and ties to other parties stand in the remarks,
separated by semicolons.
Format: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas (read 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.parties.identifiers import canonical, identifier_kind, is_imo
from bilat.formats.parties.record import (
    Address,
    Identifier,
    Link,
    ListedParty,
    Listing,
    name_tuple,
    refuse,
    unique,
)
from bilat.formats.parties.text import list_file, load_json
from bilat.formats.table import fields

SCHEMAS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane", "": "LegalEntity"}
_REMARK = re.compile(r";\s*")
_ALIAS = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s+['\"](.+?)['\"]\.?(?=;|$|\s*$)")
_NUMBER = re.compile(
    r"^(?P<label>(?:[A-Z][A-Za-z.,'/() "
    r"]*?)?(?:No\.|Number|Passport|ID|Code|\(USCC\)|Identification|RIF|RFC|NIT|"
    r"C\.U\.R\.P\.|SWIFT/BIC|Folio|Cedula No\.))(?!\s*(?:No\.|Number|\())\s*#?\s*(?P<value>(?:IMO "
    r")?[A-Z0-9][A-Za-z0-9./\- ]*?)"
    r"(?:\s*\((?P<country>[^()]+)\))?(?:\s+(?:expires|issued).*)?\.?$"
)
_LINKED = re.compile(r"\(?Linked To:\s*(.+?)\)?\.?$")
_ORIGIN = re.compile(r"(?:nationality|citizen)\s+([A-Z][A-Za-z ,'-]+)", re.IGNORECASE)


def _records(path: Path, width: int, beside: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Rows of a width; ``beside``: the width of another file's rows that follow, or go before, in
    the same one.
    """
    for line, record in fields(list_file(path)):
        if record == ["\x1a"] or len(record) == beside:
            continue
        if len(record) != width:
            raise refuse(
                path.name,
                line,
                f"{len(record)} fields where OFAC's file has {width} (first field "
                f"{record[0][:40]!r})",
                "pull the file again",
            )
        if not re.fullmatch("[0-9]+", record[0].strip()):
            raise refuse(
                path.name,
                line,
                f"party number {record[0][:40]!r} is not a number",
                "pull the file again",
            )
        yield line, ["" if (f := x.strip()) == "-0-" else f for x in record]


def programmes(text: str) -> list[str]:
    """The programmes of one party: ``SDGT] [IRGC`` -> SDGT, IRGC."""
    return [p.strip() for p in re.split(r"\]\s*\[", text.strip("[] ")) if p.strip()]


def identifiers(remarks: str) -> tuple[Identifier, ...]:
    """The numbers that stand in a party's remarks."""
    found = []
    for part in _REMARK.split(remarks):
        part = part.strip().removeprefix("Alt. ").removeprefix("alt. ")
        match = _NUMBER.match(part)
        if match is None:
            continue
        label = match["label"] + (" russia" if match["country"] == "Russia" else "")
        kind, value = canonical(identifier_kind(label), match["value"])
        bic = kind == "swift" and len(value) in (8, 11)  # a BIC need hold no digit
        if not (bic or any(c.isdigit() for c in value)):
            continue
        found.append(Identifier(kind, value, match["country"] or ""))
    return unique(tuple(found))


def links(remarks: str) -> tuple[Link, ...]:
    """Ties that the remarks state (``Linked To: X``)."""
    return tuple(
        Link("linked", m[1].strip())
        for part in _REMARK.split(remarks)
        if (m := _LINKED.match(part.strip()))
    )


def parties(
    path: Path,
    list_name: str = "OFAC SDN",
    aliases: Path | None = None,
    addresses: Path | None = None,
    comments: Path | None = None,
) -> Iterator[ListedParty]:
    """The parties of ``sdn.csv`` or ``cons_prim.csv``, with the files of aliases, addresses and
    further remarks (those beyond the thousandth character) where given; the remarks may stand
    behind the parties in the same file.
    """
    alt: dict[str, list[tuple[str, str]]] = {}
    add: dict[str, list[Address]] = {}
    for _, number, name, kind in alias_rows(aliases) if aliases else ():
        alt.setdefault(number, []).append((name, kind))
    for _, number, address in address_rows(addresses) if addresses else ():
        add.setdefault(number, []).append(address)
    further: dict[str, str] = {}
    for _, (number, text) in _records(comments, 2, 12) if comments else ():
        further[number] = further.get(number, "") + text
    for line, r in _records(path, 12, 2 if comments == path else 0):
        number = r[0]
        name = r[1]
        kind = r[2].lower()
        programme = r[3]
        title = r[4]
        remarks = r[11] + further.get(number, "")
        if kind not in SCHEMAS:
            raise DataError(
                f"{path.name}: row {line}: type {r[2]!r} is not individual, vessel or aircraft; "
                f"pull the file again"
            )
        own = [(m, "alias") for m in _ALIAS.findall(remarks)]
        yield ListedParty(
            id=f"ofac-{number}",
            schema=SCHEMAS[kind],
            names=name_tuple((name, "primary"), *alt.get(number, ()), *own),
            locator=f"line {line}",
            addresses=unique(tuple(add.get(number, ()))),
            identifiers=identifiers(remarks),
            countries=unique(tuple(c.strip(" .") for c in _ORIGIN.findall(remarks))),
            born=next(
                (p[4:].strip(" .") for p in _REMARK.split(remarks) if p.startswith("DOB ")), ""
            ),
            listings=tuple(Listing(list_name, p) for p in programmes(programme)),
            links=links(remarks),
            remarks="; ".join(x for x in (title, remarks) if x),
        )


_KINDS = {"aka": "alias", "fka": "former", "nka": "alias"}


def alias_rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """(line, party number, name, kind) of ``alt.csv``."""
    for line, r in _records(path, 5):
        if r[3]:
            yield line, r[0], r[3], _KINDS.get(r[2].lower(), "alias")


def address_rows(path: Path) -> Iterator[tuple[int, str, Address]]:
    """(line, party number, address) of ``add.csv``; an address may be a country alone."""
    for line, r in _records(path, 6):
        if r[2] or r[3] or r[4]:
            yield line, r[0], Address(", ".join(x for x in (r[2], r[3], r[4]) if x), r[3], r[4])


def advanced_from_json(path: Path) -> Iterator[ListedParty]:
    """Names of ``sdn_advanced.xml`` as passed on in JSON lines: no type, programme or address is in
    them.
    """
    from bilat.formats.parties.json_lines import objects

    for line, obj in objects(path):
        number = obj.get("entity_id")
        names = obj.get("names")
        if not isinstance(number, int) or not isinstance(names, list):
            raise DataError(
                f"{path.name}: row {line}: lacks entity_id or names. Pull the file again"
            )
        ordered = sorted(names, key=lambda n: not n.get("is_primary"))
        found = name_tuple(
            *(
                (str(n.get("full_name") or ""), "primary" if n.get("is_primary") else "alias")
                for n in ordered
            )
        )
        if found:
            yield ListedParty(
                f"ofac-{number}", "Unknown", found, f"line {line}", listings=(Listing("OFAC SDN"),)
            )


def described_in_comments(path: Path) -> Iterator[ListedParty]:
    """Parse ``sdn_comments.csv``: the numbers in remarks beyond the thousandth character.

    These parties have no listing: the file describes parties that stand in ``sdn.csv``.
    """
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, (number, text) in _records(path, 2):
        if text and text in texts.get(number, ""):
            raise refuse(path.name, line, f"repeats the remarks of {number}", "pull the file again")
        texts[number] = texts.get(number, "") + text
        lines.setdefault(number, line)
    for number, text in texts.items():
        if found := identifiers(text):
            party = f"ofac-{number}"
            yield ListedParty(
                party, "Unknown", name_tuple((party, "primary")), f"line {lines[number]}", (), found
            )


def described_ships(path: Path) -> Iterator[ListedParty]:
    """Parse a JSON object of the list's ships with their IMO numbers and without OFAC's own.

    These parties have no listing: the file describes ships that stand in ``sdn.csv``.
    """
    try:
        ships = [
            (n, str(s["name"]), str(s["imo"])) for n, s in enumerate(load_json(path)["vessels"], 1)
        ]
    except (ValueError, TypeError, KeyError) as wrong:
        raise refuse(path.name, 1, f"lacks {wrong} of a ship", "get the file again") from None
    for place, name, number in ships:
        if not is_imo(number):
            raise refuse(
                path.name, f"ship {place}", f"{number!r} is not an IMO number", "get the file again"
            )
        yield ListedParty(
            f"ofac-ship-{place}",
            "Vessel",
            name_tuple((name, "primary")),
            f"ship {place}",
            identifiers=(Identifier("imo", number),),
        )
