# SPDX-License-Identifier: Apache-2.0
"""The formats in which lists of parties are published, and the detection of a file's format."""

from __future__ import annotations

import codecs
import zipfile
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
from bilat.formats.workbook import sheet_rows, workbook


@dataclass(frozen=True)
class ListFormat:
    """A format: its name, what it is, and its reader."""

    name: str
    about: str
    read: Callable[[Path], Iterator[ListedParty]]
    columns: tuple[str, ...] = ()  #: columns of its header, for a table that is told by them
    delimiter: str = ","


def _ofac_with_companions(path: Path) -> Iterator[ListedParty]:
    """Parse ``sdn.csv`` or ``cons_prim.csv`` with the aliases, addresses and remarks that OFAC
    publishes in other files, where those are in the same folder.
    """

    def companion(name: str) -> Path | None:
        file = path.with_name(name)
        return file if file.is_file() and file != path else None

    if path.stem.lower().startswith("cons"):
        list_name = "OFAC non-SDN"
        names = ("cons_alt.csv", "cons_add.csv", "cons_comments.csv")
    else:
        list_name = "OFAC SDN"
        names = ("alt.csv", "add.csv", "sdn_comments.csv")
    aliases, addresses, remarks = map(companion, names)
    return ofac.parties(path, list_name, aliases, addresses, remarks)


#: Every format by its name. A table has the first format all of whose columns it has.
FORMATS: dict[str, ListFormat] = {
    known.name: known
    for known in (
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
    """Return the format of a file, by how it begins; of a workbook, by the columns of its sheets.

    Raises
    ------
    UsageError
        if the file does not exist.
    DataError
        if it has none of the formats.
    """
    if not path.is_file():
        raise UsageError(
            f"{path}: file not found. Name a list file, or one of your lists (see: bilat sources "
            "list)"
        )
    if _is_workbook(path):
        return _workbook_format(path)
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
    name = _text_format(head)
    if name is not None:
        return FORMATS[name]
    raise DataError(
        f"begins {head[:60]!r}: none of the formats known ({', '.join(FORMATS)})",
        file=path.name,
        row=1,
        cure="write a list of your own as CSV with the column name, or as JSON lines "
        '{"id": …, "schema": …, "names": […]}',
    )


#: Workbooks: the columns of a header row, on any sheet, by format.
_WORKBOOK_COLUMNS = {"au-dfat": australia.HEADER, "jp-mof": japan.FREEZE_HEADER}


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _workbook_format(path: Path) -> ListFormat:
    with workbook(path, path.name) as book:
        for _, _, row in sheet_rows(book, path.name):
            cells = {str(cell).strip() for cell in row}
            for name, columns in _WORKBOOK_COLUMNS.items():
                if cells.issuperset(columns):
                    return FORMATS[name]
    raise DataError(
        f"is a workbook without the columns of a list known ({', '.join(_WORKBOOK_COLUMNS)})",
        file=path.name,
        cure="if it is a list of your own, save its table as CSV with the column name",
    )


#: A text near the beginning of an XML file, and its format. A file has the first that applies.
_XML_MARKS = {
    "CONSOLIDATED_LIST": "un-xml",
    "swiss-sanctions-list": "ch-seco",
    "<sanctionEntity": "eu-fsf",
    "<data-set": "ca-sema",
    "<Sanctions": "ofac-advanced",
}
#: A text in the first of JSON lines, and the format.
_JSON_MARKS = {'"properties"': "ftm", '"entity_id"': "ofac-parsed"}


#: The columns of OFAC's ``sdn.csv``, which has no header; the first is a number.
_OFAC_COLUMNS = 12


def _text_format(head: str) -> str | None:
    """Return the name of the format of a text by its beginning; None if it has none of them."""
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
    return _table_format(head)


def _table_format(head: str) -> str | None:
    for known in FORMATS.values():
        if known.columns:
            header = [cell.strip() for cell in first_row(head, known.delimiter)]
            if all(column in header for column in known.columns):
                return known.name
    record = first_row(head)
    if len(record) == _OFAC_COLUMNS and record[0].strip().isdigit():
        return "ofac-csv"
    return None


def load(path: Path) -> list[ListedParty]:
    """Return all parties of a list file of any format.

    Rows with the same id are one party.

    Raises
    ------
    UsageError
        if the file does not exist.
    DataError
        if the file has none of the formats, breaks the rules of its own, or has a party without a
        name.
    """
    rows_of_party: dict[str, PartyRows] = {}
    for party in detect(path).read(path):
        if not party.names:
            raise DataError(
                "a party without a name",
                file=path.name,
                row=party.locator,
                cure="name it, or take it out",
            )
        if party.id in rows_of_party:
            rows_of_party[party.id].more.append(party)
        else:
            rows_of_party[party.id] = PartyRows(party)
    return [rows.joined() for rows in rows_of_party.values()]
