# SPDX-License-Identifier: Apache-2.0
"""Which format a list's file has, told by its content, and the reader of each."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.archives import open_unpacked
from bilat.formats.parties import (
    australia,
    canada,
    china,
    eu,
    japan,
    json_lines,
    ofac,
    ofac_advanced,
    seco,
    uk,
    uk_copies,
    ukraine,
    un,
    us,
)
from bilat.formats.parties.record import ListedParty, PartyRows
from bilat.formats.parties.text import MOST
from bilat.formats.table import first_row


@dataclass(frozen=True)
class ListFormat:
    """A format: its name, what it is, and its reader."""

    name: str
    about: str
    read: Callable[[Path], Iterator[ListedParty]]
    columns: tuple[str, ...] = ()
    delimiter: str = ","


def _ofac_with_companions(path: Path) -> Iterator[ListedParty]:
    """SDN or consolidated parties; files of aliases, addresses and further remarks beside the file
    are read with it.
    """
    stem = path.stem.lower()
    prefix = "cons_" if stem.startswith("cons") else ""
    beside = [path.with_name(f"{prefix}{kind}.csv") for kind in ("alt", "add")]
    beside.append(path.with_name(f"{prefix or 'sdn_'}comments.csv"))
    alt, add, comments = (p if p.is_file() and p != path else None for p in beside)
    return ofac.parties(path, "OFAC non-SDN" if prefix else "OFAC SDN", alt, add, comments)


FORMATS: dict[str, ListFormat] = {
    f.name: f
    for f in (
        ListFormat("ofac-csv", "OFAC sdn.csv or cons_prim.csv", _ofac_with_companions),
        ListFormat("ofac-advanced", "OFAC sdn_advanced.xml", ofac_advanced.parties),
        ListFormat("us-csl", "US Consolidated Screening List, csv", us.csl, us.CSL_HEADER),
        ListFormat("us-csl-parsed", "US Consolidated Screening List, JSON", us.csl_from_json),
        ListFormat("bis-dpl", "BIS denied persons, dpl.txt", us.dpl, us.DPL_HEADER, "\t"),
        ListFormat("us-1260h", "section 1260H companies", us.section_1260h, us.H1260_HEADER),
        ListFormat("us-1286", "section 1286 institutions", us.section_1286, us.S1286_HEADER),
        ListFormat("us-mieu", "military-intelligence end users", us.mieu, us.MIEU_HEADER),
        ListFormat("eu-csv", "annexes of EU regulations", eu.parties, eu.HEADER),
        ListFormat("un-xml", "UN consolidated list", un.parties),
        ListFormat(
            "ua-targets",
            "Ukraine's War and Sanctions, simple targets",
            ukraine.parties,
            ukraine.HEADER,
        ),
        ListFormat(
            "ua-ships", "ships that Ukraine names, csv", ukraine.ships, ukraine.SHIPS_HEADER
        ),
        ListFormat(
            "cn-csv", "China's countermeasures and control lists", china.parties, china.HEADER
        ),
        ListFormat("jp-txt", "Japan's export bans, text", japan.parties),
        ListFormat("jp-mof", "Japan's asset freezes, workbook", japan.asset_freezes),
        ListFormat("au-dfat", "Australia's consolidated list, workbook", australia.parties),
        ListFormat("ca-sema", "Canada's autonomous sanctions, XML", canada.parties),
        ListFormat("uk-csv", "United Kingdom, UK-Sanctions-List.csv", uk.parties),
        ListFormat("uk-parsed", "United Kingdom's list, JSON lines", uk_copies.parties_from_json),
        ListFormat(
            "uk-numbers", "numbers of British entries", uk_copies.numbers, uk_copies.NUMBERS_HEADER
        ),
        ListFormat(
            "uk-births", "births of British entries", uk_copies.births, uk_copies.BIRTHS_HEADER
        ),
        ListFormat(
            "uk-nationalities",
            "nationalities of British entries",
            uk_copies.nationalities,
            uk_copies.NATIONALITIES_HEADER,
        ),
        ListFormat("eu-fsf", "EU financial sanctions, XML", eu.financial),
        ListFormat("eu-fsf-parsed", "EU financial sanctions, JSON lines", eu.financial_from_json),
        ListFormat("ch-seco", "Swiss SECO list, XML", seco.parties),
        ListFormat(
            "ofac-parsed", "names of sdn_advanced.xml as JSON lines", ofac.advanced_from_json
        ),
        ListFormat("ofac-comments", "OFAC sdn_comments.csv", ofac.described_in_comments),
        ListFormat("ofac-ships", "ships of the SDN list, JSON", ofac.described_ships),
        ListFormat("ftm", "FollowTheMoney entities, JSON lines", json_lines.ftm),
        ListFormat(
            "registry", "lists of China's and Japan's ministries, a JSON array", json_lines.registry
        ),
        ListFormat("own", "JSON lines {id, schema, names, ids?, country?}", json_lines.own),
        ListFormat(
            "own-csv", "CSV name,id,schema,...", json_lines.own_table, json_lines.TABLE_HEADER
        ),
    )
}


def detect(path: Path) -> ListFormat:
    """The format of a file, by its first bytes.

    Raises
    ------
    UsageError
        if the file does not exist.
    DataError
        if it is none of the formats.
    """
    if not path.is_file():
        raise UsageError(
            f"{path}: no such file. Name a list file, or one of your lists (see: bilat sources "
            "list)"
        )
    with open_unpacked(path, path.name, MOST) as handle:
        start = handle.read(8192)
    try:
        head = codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    except UnicodeDecodeError:
        raise DataError(
            "is not UTF-8 text", file=path.name, cure="give the list as its publisher offers it"
        ) from None
    if not head.strip():
        raise DataError("is empty", file=path.name, cure="get the file again")
    name = _name(head)
    if name is not None:
        return FORMATS[name]
    raise DataError(
        f"begins {head[:60]!r}: none of the formats known ({', '.join(FORMATS)})",
        file=path.name,
        row=1,
        cure="write a list of your own as CSV with the column name, or as JSON lines "
        '{"id": …, "schema": …, "names": […]}',
    )


#: What an XML file of each format has near its beginning; the first that is met tells it.
_XML_MARKS = {
    "CONSOLIDATED_LIST": "un-xml",
    "swiss-sanctions-list": "ch-seco",
    "<sanctionEntity": "eu-fsf",
    "<data-set": "ca-sema",
    "<Sanctions": "ofac-advanced",
}
#: What the first line of JSON lines has.
_JSON_MARKS = {'"properties"': "ftm", '"entity_id"': "ofac-parsed"}


def _name(head: str) -> str | None:
    """Return the name of the format that begins so; None for none."""
    first = head.lstrip()[:1]
    if first == "<":
        return next((name for mark, name in _XML_MARKS.items() if mark in head), None)
    if first == "{":
        line = head.splitlines()[0]
        return next((name for mark, name in _JSON_MARKS.items() if mark in line), "own")
    if first == "[" and '"list_id"' in head:
        return "registry"
    if "禁止措置" in head:
        return "jp-txt"
    if "Unique ID" in head and "Regime Name" in head:
        return "uk-csv"
    return _name_by_columns(head)


def _name_by_columns(head: str) -> str | None:
    for known in FORMATS.values():
        if known.columns:
            header = [cell.strip() for cell in first_row(head, known.delimiter)]
            if all(column in header for column in known.columns):
                return known.name
    record = first_row(head)
    if len(record) == 12 and record[0].strip().isdigit():
        return "ofac-csv"
    return None


def load(path: Path) -> list[ListedParty]:
    """All parties of a list file, whatever its format; rows with one id are joined into
    one party.
    """
    found: dict[str, PartyRows] = {}
    for party in detect(path).read(path):
        if not party.names:
            raise DataError(
                "a party without a name",
                file=path.name,
                row=party.locator,
                cure="name it, or take it out",
            )
        held = found.get(party.id)
        if held is None:
            found[party.id] = PartyRows(party)
        else:
            held.more.append(party)
    return [g.joined() for g in found.values()]
