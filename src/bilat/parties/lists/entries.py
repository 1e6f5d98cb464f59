# SPDX-License-Identifier: Apache-2.0
"""The listed parties as of a date: from the holdings, or from list files of any known format."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from bilat.catalog import sources as catalog_sources
from bilat.errors import DataError, UsageError
from bilat.files.digest import sha256_of
from bilat.formats.json_text import Cells
from bilat.formats.parties import Address, Identifier, Link, ListedParty, Listing, Name
from bilat.formats.parties.record import names_by_language, separate_names
from bilat.freshness import Freshness
from bilat.holdings import Holdings
from bilat.parties.lists.list_files import (
    Borrowed,
    ListFile,
    Tables,
    donors_of,
    list_files,
    read_rows,
)
from bilat.when import AsOf


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A listed party with the file it came from."""

    party: ListedParty
    source: str  # name in the catalog, or the file's name
    snapshot: str  # sha256 of the file
    edition: str  # the date of that file, or '' where it is not known
    later: frozenset[str] = (
        frozenset()
    )  # names and addresses that only a later edition is known to have


class ListAge(TypedDict):
    """How old a list is, for a program that reads an answer."""

    list: str
    parties: int  #: 0 of a list that is not stored; `more` says how to get it
    edition: str
    content_to: str
    stated: str
    stated_by: str
    asked: str
    answer: str
    days_old: int | None  #: since it was last known to be the newest
    more: str


@dataclass(frozen=True, slots=True)
class Used:
    """A list as it was used: which edition, and to which day its content reaches."""

    source: str  # name in the catalog, or the file's name
    edition: str  # date of the file, '' where it is not known
    content: str  # last day its content is known to reach, '' where it is not known
    parties: int
    more: str = ""  # what later files add
    stated: str = ""  # the edition's own date, and who states it
    stated_by: str = ""
    public_from: str = ""  # the first and the last day on which it can have been published
    public_to: str = ""
    asked: str = ""  # the day on which the publisher was last asked, and what it answered
    answer: str = ""

    @property
    def freshness(self) -> Freshness:
        """How fresh the list is."""
        return Freshness(
            content_to=self.content,
            stated=self.stated,
            stated_by=self.stated_by,
            public_from=self.public_from,
            public_to=self.public_to,
            asked=self.asked,
            answer=self.answer,
        )

    def age(self, day: dt.date) -> int | None:
        """Days since the list was known to be the newest; None where it is not known."""
        return self.freshness.age(day)

    def age_in_fields(self, day: dt.date) -> ListAge:
        """Return what :func:`bilat.parties.screening.list_index.list_lines` prints, in fields."""
        return {
            "list": self.source,
            "parties": self.parties,
            "edition": self.edition,
            "content_to": self.content,
            "stated": self.stated,
            "stated_by": self.stated_by,
            "asked": self.asked,
            "answer": self.answer,
            "days_old": self.age(day) if self.parties else None,
            "more": self.more,
        }


def list_sources() -> list[str]:
    """The catalog's sources that are lists of parties."""
    return [name for name, s in catalog_sources("parties").items() if "parties" in s.tables]


def lists_named(name: str) -> list[str]:
    """Return the lists that a name means: itself, or all that begin with it (``ofac``, ``us``)."""
    return [s for s in list_sources() if name in (s, s.split("_")[0])]


def split_lists(lists: Sequence[str] | None) -> list[str]:
    """The lists asked for, those joined by commas apart, names of lists in lower case."""
    out: list[str] = []
    for item in lists or ():
        parts = (
            [item] if Path(item).is_file() else [p.strip() for p in item.split(",") if p.strip()]
        )
        out += [p.lower() if not Path(p).is_file() and lists_named(p.lower()) else p for p in parts]
    return out


def held_parties(
    lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[list[ListEntry], list[Used]]:
    """Return the parties of the lists asked for, or of all, and the editions that were used.

    Raises
    ------
    UsageError
        for a list that is neither stored nor a file, or a file without dates under ``as_of``.
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
                f"{item} is neither the file of a list nor a list that we have. Name a file, or "
                f"one of {', '.join(list_sources())}"
            )
    if names or not lists:
        from_holdings = _from_holdings(
            names or None, as_of or AsOf(), holdings or Holdings(), notes
        )
        asked_for = set(names) - {h.source for h in from_holdings}
        if not lists and not from_holdings:
            raise DataError(
                "we have no lists. Download them with `bilat update`, or name a file with `lists`"
            )
        if names and len(asked_for) == len(set(names)):
            when = f" as of {as_of}" if as_of else ""
            raise UsageError(
                f"{', '.join(sorted(asked_for))}: we do not have it{when}. Download it with `bilat "
                f"update {sorted(asked_for)[0]}`, or name its file"
            )
        notes += [
            Used(name, "", "", 0, f"not in our data; download it with `bilat update {name}`")
            for name in sorted(asked_for)
        ]
        parties += from_holdings
    return parties, notes


def _in_force(listings: Sequence[Listing], day: dt.date) -> tuple[Listing, ...]:
    return tuple(e for e in listings if e.listed_on <= day.isoformat() < (e.until or "9999"))


def _from_file(path: Path, as_of: AsOf | None, notes: list[Used]) -> list[ListEntry]:
    from bilat.formats.parties.formats import load  # all formats of lists

    snapshot = sha256_of(path)
    day = (as_of or AsOf()).date
    edition = _edition_of(snapshot)
    out: list[ListEntry] = []
    undated = 0
    past = day < dt.date.today() and (edition is None or edition > day)
    for party in load(path):
        listings = _in_force(party.listings, day)
        if party.listings and not listings:
            continue
        if past and not any(e.listed_on for e in listings):
            first = _first_in_ofac_files(party.id)
            undated += first is None and edition is None
            if first is None or first > day:
                continue
        listed = replace(party, listings=listings, names=_separated(party.names))
        out.append(ListEntry(listed, path.name, snapshot, str(edition or "")))
    if undated:
        raise UsageError(
            f"{path.name}: {undated} entries have no date of listing, so who was on the list on "
            f"{day} is not known. Leave out `as_of`, or give an edition of that date"
        )
    last = max((e.listed_on for h in out for e in h.party.listings), default="")
    reaches = content_of(snapshot) or str(edition or last)
    notes.append(Used(path.name, str(edition or ""), reaches, len(out)))
    return out


def _edition_of(snapshot: str) -> dt.date | None:
    """Return the edition of a file that the catalog knows by its digest; None for another one."""
    for source in catalog_sources().values():
        for file in source.files:
            if file.sha256 == snapshot:
                return file.vintage
    return None


def _first_in_ofac_files(party_id: str) -> dt.date | None:
    """Return the day of the first file of OFAC that has an entry; None for entries of others."""
    from bilat.catalog.readers.party_list import first_held

    number = party_id.removeprefix("ofac-")
    if number == party_id or not number.isdigit():
        return None
    return first_held(int(number))


#: The tables of lists, with the columns that are read of each; the order of rows is theirs.
_COLUMNS = {
    "parties": "schema, name, countries, born, incorporated, identifiers, locator, snapshot",
    "names": "name, name_kind, revised_later, locator, vintage, snapshot",
    "addresses": "address, city, country, revised_later, locator, vintage, snapshot",
    "listings": "list, programme, listed_on, until, snapshot",
    "links": "tie, other, share_low, share_high, snapshot",
}
#: The list that a source's companion files belong to.
_LIST_OF = {"ofac_sdn": "OFAC SDN"}


def _from_holdings(
    names: list[str] | None, as_of: AsOf, holdings: Holdings, notes: list[Used]
) -> list[ListEntry]:
    holdings.need(tuple(_COLUMNS))
    engine = holdings.connect(
        as_of, " ".join(_COLUMNS)
    ).connection.cursor()  # for this thread alone
    wanted = ", ".join(f"'{n}'" for n in (names or list_sources()))
    series_of = {(p.source, p.snapshot): p.series for p in holdings.parts}
    editions: dict[str, list[ListFile]] = {}
    descriptions: dict[str, list[ListFile]] = {}
    for file in list_files(engine, wanted, series_of):
        if file.lists:
            editions.setdefault(file.series, []).append(file)
        else:
            descriptions.setdefault(file.source, []).append(file)
    out: list[ListEntry] = []
    sources: dict[str, list[list[ListFile]]] = {}
    for _, of_series in sorted(editions.items()):
        sources.setdefault(of_series[-1].source, []).append(of_series)
    for source, series in sources.items():
        out += _of_source(engine, series, descriptions.get(source, []), as_of.date, notes)
    return out


def entries_of_lists(holdings: Holdings) -> list[Any]:
    """Return the manifest's entries of the snapshots that have rows of lists."""
    return [e for e in holdings.entries() if not {*_COLUMNS}.isdisjoint(e["tables"])]


def changes_around(as_of: AsOf, holdings: Holdings) -> tuple[str, str]:
    """Return on which days the lists that we have changed last and will change next, as of a date.

    A list changes with an edition, with a row that becomes public, and with an entry that begins or
    ends to be in force; the last alone are known before. If none is, the next day is in year 9999.
    """
    holdings.need(tuple(_COLUMNS))
    public = " UNION ALL ".join(f"SELECT known_on AS day FROM {table}" for table in _COLUMNS)
    in_force = "SELECT listed_on AS day FROM listings UNION ALL SELECT until FROM listings"
    engine = holdings.connect(
        as_of, " ".join(_COLUMNS)
    ).connection.cursor()  # for this thread alone
    ((last, following),) = engine.execute(
        f"SELECT max(day) FILTER (day <= DATE '{as_of}'), min(day) FILTER (day > DATE '{as_of}') "
        f"FROM ({public} UNION ALL {in_force})"
    ).fetchall()
    editions = [entry["vintage"] for entry in entries_of_lists(holdings)]
    last_edition = max((v for v in editions if v <= str(as_of)), default="")
    return max(str(last or ""), last_edition), str(following or "9999-12-31")


def _of_source(
    engine: Any,
    series: Sequence[Sequence[ListFile]],
    descriptions: list[ListFile],
    day: dt.date,
    notes: list[Used],
) -> list[ListEntry]:
    """Return the parties of one list: of the newest edition of each series, and of companions."""
    source = series[0][0].source
    donors = [donors_of(current, earlier, descriptions) for *earlier, current in series]
    lent = {d.snapshot for of_series in donors for d in of_series}
    unused = {f.snapshot for *earlier, _ in series for f in earlier} - lent
    tables = _tables(engine, source, unused)
    made: list[ListEntry] = []
    for (*_, current), lenders in zip(series, donors, strict=True):
        made += _edition(tables, current, lenders, day)
    newest = max(editions[-1].vintage for editions in series)
    known = {h.party.id for h in made} | set(tables["parties"])
    added = _companions(engine, tables, source, newest, known | {""})
    days = Counter(h.edition for h in added)
    more = ", ".join(f"{n} more from files of {written}" for written, n in sorted(days.items()))
    content = (content_of(e[-1].snapshot) or e[-1].vintage.isoformat() for e in series)
    notes.append(
        Used(
            source,
            newest.isoformat(),
            max(content),
            len(made) + len(added),
            f"including {more}" if more else "",
        )
    )
    return made + added


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


def _tables(engine: Any, source: str, without: set[str]) -> Tables:
    """Rows of a source by table and party, but for some editions; in one order: the engine reads several files with
    several threads, and the order of parties and names decides between candidates that agree equally well.
    """
    others = ", ".join(f"'{s}'" for s in sorted(without)) or "''"
    out: Tables = {table: defaultdict(list) for table in _COLUMNS}
    for table, columns in _COLUMNS.items():
        where = f"source = '{source}' AND snapshot NOT IN ({others})"
        for row in read_rows(
            engine, f"SELECT party, {columns} FROM {table} WHERE {where} ORDER BY ALL"
        ):
            out[table][row["party"]].append(row)
    return out


def _addresses(rows: Sequence[Cells]) -> tuple[Address, ...]:
    return tuple(Address(a["address"], a["city"] or "", a["country"] or "") for a in rows)


def _edition(
    tables: Tables, current: ListFile, donors: Sequence[ListFile], day: dt.date
) -> list[ListEntry]:
    """Return the parties of one edition.

    Names and addresses come from files beside it too. What the edition leaves out for all of its
    parties is what the donors say.
    """
    borrowed = Borrowed(tables, current, donors)
    lent = {d.snapshot for d in donors}
    out: list[ListEntry] = []
    for key, records in tables["parties"].items():
        row = next((r for r in records if r["snapshot"] == current.snapshot), None)
        if row is None:
            continue
        entries = _listings(borrowed, tables["listings"][key], key)
        in_force = _in_force(entries, day)
        if entries and not in_force:
            continue
        names, addresses = (
            [r for r in tables[t][key] if r["snapshot"] not in lent] for t in ("names", "addresses")
        )
        addresses = addresses or borrowed.rows("address", key)
        known = [Name(row["name"]), *(Name(n["name"], n["name_kind"]) for n in names)]
        links = [k for k in tables["links"][key] if k["snapshot"] == current.snapshot]
        countries = borrowed.text("countries", row, key)
        party = ListedParty(
            id=key,
            schema=borrowed.text("schema", row, key),
            names=_separated(known),
            locator=row["locator"],
            addresses=_addresses(addresses),
            identifiers=_identifiers(borrowed.text("identifiers", row, key)),
            countries=tuple(countries.split(";")) if countries else (),
            born=borrowed.text("born", row, key),
            incorporated=borrowed.text("incorporated", row, key),
            listings=in_force,
            links=tuple(
                Link(k["tie"], k["other"], k["share_low"], k["share_high"])
                for k in links or borrowed.rows("other", key)
            ),
        )
        late = _late_texts(names, addresses) - {row["name"]}
        out.append(
            ListEntry(party, current.source, current.snapshot, current.vintage.isoformat(), late)
        )
    return out


def _separated(names: Iterable[Name]) -> tuple[Name, ...]:
    """Return names with those of another language apart; as they are where only languages stand."""
    listed = tuple(names)
    return separate_names(listed) or listed


def _late_texts(names: Sequence[Cells], addresses: Sequence[Cells]) -> frozenset[str]:
    """Return names and addresses that only editions later than the date asked have."""
    texts = [(name, n["revised_later"]) for n in names for name in names_by_language(n["name"])]
    texts += [(a["address"], a["revised_later"]) for a in addresses]
    dated = {text for text, later in texts if not later}
    return frozenset(text for text, later in texts if later) - dated


def _listings(borrowed: Borrowed, rows: Sequence[Cells], key: str) -> list[Listing]:
    """Return the listings of a party; programmes and dates are borrowed if it has none."""
    entries = [e for e in rows if e["snapshot"] == borrowed.current.snapshot]
    entries = borrowed.rows("programme", key) or entries
    days = {(e["list"], e["programme"]): e["listed_on"] for e in borrowed.rows("listed_on", key)}
    return [
        Listing(
            e["list"],
            e["programme"] or "",
            _iso(e["listed_on"] or days.get((e["list"], e["programme"]))),
            _iso(e["until"]),
        )
        for e in entries
    ]


def _companions(
    engine: Any, tables: Tables, source: str, vintage: dt.date, known: set[str]
) -> list[ListEntry]:
    """Parties that the list's own files of aliases and addresses name and that the edition, being older, does not.

    Their name is the one that another list or edition has under the publisher's number, else an alias.
    """

    def fresh(rows: Sequence[Cells]) -> list[Cells]:
        return [r for r in rows if r["vintage"] > vintage and not r["revised_later"]]

    keys = (tables["names"].keys() | tables["addresses"].keys()) - known
    wanted = {k: (fresh(tables["names"][k]), fresh(tables["addresses"][k])) for k in sorted(keys)}
    if not any(map(any, wanted.values())):
        return []
    elsewhere = read_rows(
        engine,
        "SELECT party, arg_max(name, vintage) AS name, arg_max(schema, vintage) AS schema FROM "
        "parties "
        "WHERE party LIKE 'ofac-%' GROUP BY party",
    )
    named = {r["party"]: r for r in elsewhere}
    out = []
    for key, (names, places) in wanted.items():
        if not names and not places:
            continue
        known_as = [named[key]["name"]] if key in named else []
        first = (names or places)[0]
        party = ListedParty(
            id=key,
            schema=named[key]["schema"] if key in named else "Unknown",
            names=separate_names(
                [*map(Name, known_as), *(Name(n["name"], n["name_kind"]) for n in names)]
            )
            or (Name(f"{key}, whose name we do not have", "none"),),
            locator=first["locator"],
            addresses=_addresses(places),
            listings=(Listing(_LIST_OF[source]),) if source in _LIST_OF else (),
        )
        out.append(ListEntry(party, source, first["snapshot"], first["vintage"].isoformat()))
    return out


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _identifiers(text: str | None) -> tuple[Identifier, ...]:
    return tuple(Identifier(*part.split(":", 1)) for part in (text or "").split(";") if ":" in part)
