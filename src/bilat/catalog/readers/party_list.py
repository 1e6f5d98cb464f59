# SPDX-License-Identifier: Apache-2.0
"""Lists of parties, whatever their format: the typed tables parties, names, addresses, links, listings.

Options of a file: ``format`` (a name in :data:`bilat.formats.parties.FORMATS`, or ``ofac-alt``,
``ofac-add``), ``list`` (what the list is called), ``only`` (lists to keep of a compilation, joined by ;),
``without`` (the publisher's numbers of entries to leave out, joined by ;), ``comments`` (OFAC's file of further
remarks stands behind the parties). A file of the format ``names`` has the names of parties that were added since an
edition, each on a line under the word ``name``, and no more.

Dates: a list that dates its entries dates its rows (``published``). An edition of a list that does
not is known from its own date (``vintage``). Rows of OFAC's files of aliases and addresses are dated
by the first stored edition of the list on which the party stands (``inferred``), so that no party is
known before its listing. What was added to a party later cannot be told from the rest: such rows are
marked as revised later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.files.text import is_mojibake
from bilat.formats.parties import ListedParty
from bilat.formats.parties.formats import FORMATS
from bilat.formats.parties.ofac import address_rows, alias_rows
from bilat.formats.parties.ofac import parties as ofac_parties
from bilat.formats.parties.text import rows as rows_of
from bilat.package_files import read_package_toml


@cache
def _first_held() -> list[tuple[dt.date, int, frozenset[int]]]:
    out = []
    for e in read_package_toml(__package__, "ofac_first_held.toml")["editions"]:
        absent: set[int] = set()
        for a, b in e["absent"]:
            absent.update(range(a, b + 1))
        out.append((e["date"], e["highest"], frozenset(absent)))
    return out


def first_held(number: int) -> dt.date | None:
    """The first held SDN edition that lists a party, by OFAC's number; None where no edition held does."""
    return next(
        (d for d, highest, absent in _first_held() if number <= highest and number not in absent),
        None,
    )


def _dated(opened: Opened, listed_on: str) -> tuple[dt.date, str]:
    if listed_on:
        day = dt.date.fromisoformat(listed_on)
        if day <= opened.file.vintage:
            return day, "published"
    return opened.file.vintage, "vintage"


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """The rows of one file, per table; empty tables are left out."""
    form = opened.file.options["format"]
    made: dict[str, list[dict[str, object]]] = {}
    if form in ("ofac-alt", "ofac-add"):
        _companion(opened, form, made)
    elif form == "names":
        made["names"] = [
            {
                "party": f"added-{opened.file.vintage}-{line}",
                "name": r["name"],
                "name_kind": "primary",
                "period": opened.file.vintage.isoformat(),
                "kind": "reported",
                "locator": f"line {line}",
                "known_on": opened.file.vintage,
                "known_basis": "vintage",
            }
            for line, r in rows_of(opened.path, ("name",), once=True)
        ]
    else:
        only = set(filter(None, opened.file.options.get("only", "").split(";")))
        without = set(filter(None, opened.file.options.get("without", "").split(";")))
        seen: dict[str, ListedParty] = {}
        words: set[str] = set()
        twice = 0
        for party in _parties(opened, form):
            if party.id.partition("-")[2] in without:
                continue
            if not only or any(entry.list in only for entry in party.listings):
                twice += _party(opened, party, made, seen, words)
        if twice and 2 * twice >= len(made["parties"]):
            raise opened.refuse(
                "1 on", "party", None, "every party appears twice: the body was appended to itself"
            )
        _refuse_spoilt(opened, made)
    for name, rows in made.items():
        yield name, table(name).arrow(rows)


def _parties(opened: Opened, form: str) -> Iterator[ListedParty]:
    if form == "ofac-csv":
        behind = opened.path if "comments" in opened.file.options else None
        return ofac_parties(
            opened.path, opened.file.options.get("list", "OFAC SDN"), comments=behind
        )
    return FORMATS[form].read(opened.path)


def _companion(opened: Opened, form: str, rows: dict[str, list[dict[str, object]]]) -> None:
    def row(line: int, number: str) -> dict[str, object]:
        first = first_held(int(number))
        known = first or opened.file.vintage
        return {
            "party": f"ofac-{number}",
            "period": known.isoformat(),
            "kind": "reported",
            "locator": f"line {line}",
            "known_on": known,
            "known_basis": "inferred" if first else "vintage",
        }

    if form == "ofac-alt":
        for line, number, name, kind in alias_rows(opened.path):
            rows.setdefault("names", []).append(
                {**row(line, number), "name": name, "name_kind": kind}
            )
    else:
        for line, number, a in address_rows(opened.path):
            rows.setdefault("addresses", []).append(
                {
                    **row(line, number),
                    "address": a.text,
                    "city": a.city or None,
                    "country": a.country or None,
                }
            )


def _party(
    opened: Opened,
    p: ListedParty,
    rows: dict[str, list[dict[str, object]]],
    seen: dict[str, ListedParty],
    words: set[str],
) -> bool:
    """Add the rows of one party; whether the very same party stands above it."""
    since = min((entry.listed_on for entry in p.listings if entry.listed_on), default="")
    known, basis = _dated(opened, since)
    if not p.names:
        raise opened.refuse(p.locator, "name", "", "a party without a name")
    # The European Union numbers some annexes as a whole: one id, several parties. The same party is another thing.
    above = seen.get(p.id)
    again = above is not None and replace(above, locator="") == replace(p, locator="")
    # Of a file without ids the place stands for one: then what is said of the party tells.
    said = repr(replace(p, id="", locator=""))
    doubled = said in words
    words.add(said)
    if above is not None and again and "parties" not in opened.source.keyless:
        raise opened.refuse(
            p.locator, "party", p.id, f"is already at {above.locator}: the file says it twice"
        )
    key = p.id if above is None else f"{p.id}#{len(seen)}"
    seen[key] = p
    row: dict[str, object] = {
        "party": key,
        "period": known.isoformat(),
        "kind": "reported",
        "locator": p.locator,
        "known_on": known,
        "known_basis": basis,
    }
    rows.setdefault("parties", []).append(
        {
            **row,
            "schema": p.schema,
            "name": p.name,
            "countries": ";".join(p.countries) or None,
            "born": p.born or None,
            "incorporated": p.incorporated or None,
            "identifiers": ";".join(f"{i.kind}:{i.value}" for i in p.identifiers) or None,
        }
    )
    _names_and_ties(p, row, rows)
    _listings(opened, p, row, rows)
    return again or doubled


def _names_and_ties(
    party: ListedParty, row: dict[str, object], rows: dict[str, list[dict[str, object]]]
) -> None:
    """Add a party's other names, its addresses and its links to other parties."""
    for n in party.names[1:]:
        rows.setdefault("names", []).append(
            {**row, "name": n.text, "name_kind": n.kind if n.kind != "primary" else "alias"}
        )
    for a in party.addresses:
        rows.setdefault("addresses", []).append(
            {**row, "address": a.text, "city": a.city or None, "country": a.country or None}
        )
    for link in party.links:
        tie = link.kind if link.kind in ("owner", "parent") else "linked"
        rows.setdefault("links", []).append(
            {**row, "tie": tie, "other": link.other, "share_low": link.low, "share_high": link.high}
        )


#: Names in the wrong encoding above which a file is refused, and their share of the names that are
#: not plain ASCII.
SPOILT = 3
SPOILT_SHARE = 0.2


def _refuse_spoilt(opened: Opened, made: dict[str, list[dict[str, object]]]) -> None:
    """Refuse a list whose names were read in the wrong encoding before they came."""
    names = [str(r["name"]) for t in ("parties", "names") for r in made.get(t, ())]
    beyond = [n for n in names if not n.isascii()]
    spoilt = [n for n in beyond if is_mojibake(n)]
    if len(spoilt) >= SPOILT and len(spoilt) >= SPOILT_SHARE * len(beyond):
        cure = f"{len(spoilt):,} names came in the wrong encoding: save the file as UTF-8"
        raise opened.refuse("1 on", "name", spoilt[0][:60], cure)


def _listings(
    opened: Opened,
    party: ListedParty,
    row: dict[str, object],
    made: dict[str, list[dict[str, object]]],
) -> None:
    for entry in party.listings:
        on, how = _dated(opened, entry.listed_on)
        made.setdefault("listings", []).append(
            {
                **row,
                "period": on.isoformat(),
                "known_on": on,
                "known_basis": how,
                "list": entry.list,
                "programme": entry.programme or None,
                "listed_on": dt.date.fromisoformat(entry.listed_on) if entry.listed_on else None,
                "until": dt.date.fromisoformat(entry.until) if entry.until else None,
            }
        )
