# SPDX-License-Identifier: Apache-2.0
"""The catalog of sources: one TOML each, with producer, citation, licence, files and checks."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bilat.catalog.reading import Read, Toml, laid_over, merged
from bilat.errors import DataError, UsageError, as_error, nearest
from bilat.files.archives import MOST, open_unpacked
from bilat.formats.table import Place
from bilat.listing import Catalogue, Columns
from bilat.registry import packages_digest, registered

#: The most days, from today backwards, that are tried for a daily file.
LATEST_DAYS = 10


class _Address(BaseModel):
    """The address of a file, and what is expected of it."""

    model_config = ConfigDict(extra="forbid")

    path: str  #: place in a mirror folder
    #: The address; None: by hand only. "{day}" stands for the newest day that has a file.
    url: str | None = None
    #: Further addresses, whose answers follow in the same file.
    more: list[str] = Field(default_factory=list)
    #: Rows of a page, where ``url`` has "{offset}": after a full page the next one is fetched.
    page: int = 0
    #: Files of one series are editions of one another; other files are independent.
    series: str = ""
    #: About 99% of the rows of the stored edition; a file with fewer is refused as truncated.
    min_rows: int = 1
    #: The most bytes of a file, as sent or unpacked.
    most_bytes: int = MOST
    #: Hosts that the address may redirect to, besides its own.
    hosts: list[str] = Field(default_factory=list)
    #: Options of the reader for this file.
    options: dict[str, str] = Field(default_factory=dict)
    #: Headers that the publisher requires in a request.
    headers: dict[str, str] = Field(default_factory=dict)
    #: Pattern of the link to the file, where ``url`` is a page that links to it.
    link: str = ""
    #: Who keeps the copy at ``url``, where it is not the publisher's own file.
    copy_by: str = ""
    #: Column of the day or month, for a file whose rows are added to those that are stored.
    grows: str = ""
    #: A question in JSON that is sent by POST; "{year}" stands for this year.
    body: str = ""

    def question(self) -> str:
        """Return the body to send, with this year filled in."""
        return self.body.replace("{year}", str(dt.date.today().year))

    def addresses(self) -> list[str]:
        """Return the addresses to try in turn: of today, and of earlier days if it is not out yet."""
        if self.url is None:
            return []
        if "{day}" not in self.url:
            return [self.url]
        today = dt.date.today()
        days = [today - dt.timedelta(days=ago) for ago in range(LATEST_DAYS)]
        return [self.url.replace("{day}", str(day)) for day in days]


class File(_Address):
    """One file of a source, as the publisher or a dated copy has it."""

    #: Hash of the edition that ``vintage`` dates; other bytes are a newer edition.
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    vintage: dt.date  #: the date of this edition
    vintage_basis: str  #: how that date is known
    #: The day until which the list is complete, where that is not the day of its last row.
    closed_on: dt.date | None = None
    #: What this edition lacks, so that later ones are not compared with it in that.
    partial: str = ""
    #: Whether the package has the file, if it has the source.
    embedded: bool = True
    #: About 99% of the publisher's own rows, where the reader adds rows up, so that ``min_rows``
    #: would not notice a truncated file.
    min_lines: int = Field(0, ge=0)
    #: What differs from the source's [read] in this file.
    read: Toml = Field(default_factory=dict)


class Current(_Address):
    """The address of the edition of the day."""

    url: str
    answered: dt.date | None = None  #: the last day on which the address is known to have answered
    answered_in: str  #: how that is known, and what was seen

    def file(self) -> File:
        """Return a file whose bytes the catalog does not know, dated by the day of the pull."""
        about = self.model_dump(exclude={"answered", "answered_in"})
        return File(
            sha256="0" * 64, vintage=dt.date.today(), vintage_basis="the day it was pulled", **about
        )


class Source(BaseModel):
    """One source. Grade is the Admiralty scale: reliability A-F, credibility 1-6."""

    model_config = ConfigDict(extra="forbid")

    name: str
    title: str
    producer: str
    citation: str
    licence: str
    url: str  #: landing page
    cadence: str
    grade: str = Field(pattern=r"^[A-F][1-6]$")
    grade_why: str
    side: str = ""  #: whose claim it is, where a party to the war speaks
    #: How rows were derived that are not as published. It does not apply to the sums in the
    #: embedded holdings, which only add up what the publisher reports.
    derived: str = ""
    tables: list[str]
    #: A module of catalog/readers, or a module of another package; "declared" reads by [read].
    reader: str = "declared"
    read: Toml = Field(default_factory=dict)  #: see bilat.catalog.reading
    #: For each table the columns that identify a row.
    keys: dict[str, list[str]] = Field(default_factory=dict)
    #: For each table without a key the reason, and the errors that go unnoticed.
    keyless: dict[str, str] = Field(default_factory=dict)
    lag_days: int | None = None  #: stated publication lag after the period's end
    lag_why: str = ""
    traps: str = ""
    #: Pattern with groups y, m and d that finds the date of an edition in the head of its file.
    stated: str = ""
    bounds: dict[str, float] = Field(default_factory=dict)  #: see bilat.holdings.births.BOUNDS
    #: Why rows may be about days after the day of the pull; blank where none may.
    plans: str = ""
    embed: Literal["rows", "derived", "none"]
    embed_why: str
    #: For each table SQL over ``rows``, where embed = "derived".
    embed_sql: dict[str, str] = Field(default_factory=dict)
    files: list[File]
    #: The addresses that ``bilat update`` asks.
    current: list[Current] = Field(default_factory=list)
    #: How a person gets the edition of the day; {pull}, {screen} and {trade} stand for commands.
    by_hand: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Source:
        if self.embed == "derived" and set(self.embed_sql) != set(self.tables):
            raise ValueError("embed = 'derived' needs embed_sql for each table")
        if self.lag_days is not None and not self.lag_why:
            raise ValueError("lag_days needs lag_why: how the publication lag is known")
        if self.reader != "declared" and any(f.min_lines for f in self.files):
            raise ValueError("min_lines is checked by the declared reader alone: leave it out")
        for file in self.files if self.reader == "declared" else []:
            merged(self.read, file.read)
        return self

    @property
    def reader_module(self) -> str:
        """The module that reads its files."""
        return self.reader if "." in self.reader else f"bilat.catalog.readers.{self.reader}"

    def date_in(self, file: File, path: Path) -> dt.date | None:
        """Return the date that ``stated`` finds in the first 4,096 bytes of a file."""
        if not self.stated:
            return None
        with open_unpacked(path, file.path, file.most_bytes) as handle:
            head = handle.read(4096).decode("utf-8", "replace")
        found = re.search(self.stated, head)
        if found is None:
            return None
        try:
            return dt.date(int(found["y"]), _month_number(found["m"]), int(found["d"]))
        except ValueError:
            return None

    def undated(self, path: str) -> File:
        """Return a file of this source that only its own text can date."""
        return File(
            path=path,
            sha256="0" * 64,
            vintage=dt.date.today(),
            vintage_basis="the day it was pulled",
            min_lines=0,
        )

    def words(self, column: str) -> dict[str, str]:
        """Return our word for each of the publisher's words in a column, as [read.words] has them."""
        by_column = self.read.get("words")
        words = by_column.get(column) if isinstance(by_column, dict) else None
        if not isinstance(words, dict):
            return {}
        return {theirs: str(ours) for theirs, ours in words.items()}


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _month_number(text: str) -> int:
    """Return the number of a month that is written as a number or as a name.

    Raises
    ------
    ValueError
        for another word.
    """
    return int(text) if text.isdecimal() else _MONTHS.index(text[:3].lower()) + 1


#: A reader turns one file into (table name, rows) pairs;
#: the rows carry period, kind, locator, known_on and known_basis.
Reader = Callable[["Opened"], Iterator[tuple[str, pa.Table]]]


@dataclass(frozen=True)
class Opened:
    """The file that a reader reads, with its entries in the catalog."""

    source: Source
    file: File
    path: Path

    def place(self) -> Place:
        """Return the file for the strict table reader."""
        return Place(self.path, self.file.path, self.source.producer, self.file.most_bytes)

    def reading(self) -> Read:
        """Return the catalog's rules for reading this file."""
        return merged(self.source.read, self.file.read)

    def text(self) -> str:
        """Return the whole file as text.

        Raises
        ------
        DataError
            for a file that is longer, damaged, or not UTF-8.
        """
        with open_unpacked(self.path, self.file.path, self.file.most_bytes) as handle:
            raw = handle.read()
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as e:
            raise DataError(
                f"byte {e.start} is not UTF-8 text", file=self.file.path, cure="get it again"
            ) from None

    @property
    def latest(self) -> dt.date:
        """The day by which everything in the file was public.

        For a list that was compiled from stored pages it is the end of their archive (the file's
        option ``archive_end``), and not the day on which the list was typed.
        """
        end = self.file.options.get("archive_end")
        return dt.date.fromisoformat(end) if end else self.file.vintage

    def known(self, period: str) -> tuple[dt.date, str]:
        """Return (known_on, known_basis) of a figure for ``period``, by the source's stated lag.

        It is never later than the date of the edition, in which the figure is printed.
        """
        from bilat.when import Period

        if self.source.lag_days is None:
            return self.latest, "vintage"
        by_lag = Period(period).known_after(self.source.lag_days)
        return (by_lag, "inferred") if by_lag < self.latest else (self.latest, "vintage")

    def refuse(self, row: int | str, column: str, value: object, problem: str) -> DataError:
        """Return the error for a cell that cannot be read, for the caller to raise."""
        return DataError(
            problem,
            file=self.file.path,
            row=row,
            column=column,
            value=value,
            cure="nothing was taken in",
        )


def default_folder() -> Path:
    """Return the folder of the user's holdings: $BILAT_HOLDINGS, else the platform's data folder."""
    given = os.environ.get("BILAT_HOLDINGS")
    if given:
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "bilat" / "holdings"


_SHIPPED = Path(str(resources.files("bilat.catalog").joinpath("sources")))


def sources(having: str = "") -> dict[str, Source]:
    """Return all sources by name, sorted, with those that the user or a package added.

    Parameters
    ----------
    having
        a text that the declaration of a source must contain.
    """
    own = _read_folder(default_folder() / "sources", having)
    shipped = _read_folder(_SHIPPED, having)
    added = _of_packages(having)
    if not own and not added:
        return shipped
    return Catalogue(dict(sorted({**shipped, **added, **own}.items())), _COLUMNS, "Sources")


def own_sources() -> dict[str, Source]:
    """Return the sources that the user added, by name: see :mod:`bilat.holdings.own`."""
    return _read_folder(default_folder() / "sources")


def forget() -> None:
    """Forget the sources that were read, so that new ones of the user are found."""
    _read_folder.cache_clear()


@cache
def _read_folder(folder: Path, having: str = "") -> dict[str, Source]:
    """Return the sources that a folder declares."""
    texts = {e.stem: e.read_text("utf-8") for e in folder.glob("*.toml")}
    return _declared(folder.name, texts, having)


@cache
def _of_packages(having: str = "") -> dict[str, Source]:
    """Return the sources that other packages declare: see :mod:`bilat.registry`."""
    texts = {name: reference.text() for name, reference in registered("sources").items()}
    return _declared("bilat.sources", texts, having)


def _declared(place: str, texts: Mapping[str, str], having: str) -> dict[str, Source]:
    """Parse sources from their TOML texts.

    ``[read] like = NAME`` takes over the [read] of another of them.
    """
    found: dict[str, Source] = {}
    for name in sorted(n for n, text in texts.items() if having in text):
        try:
            raw = tomllib.loads(texts[name])
            like = raw.get("read", {}).pop("like", "")
            if like:
                shared = tomllib.loads(texts[like])["read"]
                raw["read"] = laid_over(shared, raw["read"])
            found[name] = Source(name=name, **raw)
        except (ValidationError, tomllib.TOMLDecodeError, KeyError) as e:
            raise DataError(f"{place}/{name}.toml: {e}") from None
    return Catalogue(found, _COLUMNS, "Sources")


#: An import from the package: ``from bilat.x import (a, b)``, ``from bilat.x import a`` or
#: ``import bilat.x``. It is a pattern because parsing every file would slow each command down.
_IMPORT = re.compile(
    r"^\s*(?:from (?P<package>bilat[\w.]*) import (?:\((?P<inside>[^)]*)\)|(?P<line>.*))"
    r"|import (?P<module>bilat[\w.]*))",
    re.MULTILINE,
)
_DATA = (".toml", ".csv", ".json")


@cache
def _code_digest(module: str) -> str:
    """Return a digest of a module, of all it imports from the package, and of the data next to them."""
    if not module.startswith("bilat."):  # a reader of another package: any change to one counts
        return packages_digest()
    digests: dict[str, str] = {}
    due = {module}
    while due:
        name = due.pop()
        path = _path_of(name)
        if name in digests or name == "bilat" or not path.is_file():
            continue
        data = sorted(p for p in path.parent.iterdir() if p.suffix in _DATA)
        content = b"".join(p.read_bytes() for p in [path, *data])
        digests[name] = hashlib.sha256(content).hexdigest()
        due |= _imported(path.read_text("utf-8"))
    lines = "\n".join(f"{name} {digest}" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _path_of(module: str) -> Path:
    """Return the file of a module of the package, which need not exist."""
    base = Path(str(resources.files("bilat"))).joinpath(*module.split(".")[1:])
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def _imported(code: str) -> set[str]:
    """Return what may be a module among the imports of a code: packages, and names from them."""
    modules: set[str] = set()
    for found in _IMPORT.finditer(code):
        package = found["package"]
        if not package:
            modules.add(found["module"])
            continue
        modules.add(package)
        names = (found["inside"] or found["line"] or "").split(",")
        modules |= {f"{package}.{name.split()[0]}" for name in names if name.strip()}
    return modules


@cache
def reader_digest(name: str, path: str) -> str:
    """Return a digest of what decides the rows of a file: its reader's code and its catalog entry."""
    source = sources()[name]
    deciding = {"reader", "read", "keys", "keyless", "lag_days", "stated", "tables", "plans"}
    entry = source.model_dump(mode="json", include=deciding)
    entry["files"] = [
        file.model_dump(mode="json", exclude_defaults=True)
        for file in source.files
        if file.path == path
    ]
    text = json.dumps(entry, sort_keys=True) + _code_digest(source.reader_module)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


#: Characters of a producer's name above which a chart gives its abbreviation.
LONGEST_PRODUCER = 44


def short_producer(producer: str) -> str:
    """Return who makes a record as a chart names it: ``Oryx``, ``SIPRI``.

    Persons and remarks that follow the name are left out; a long name is abbreviated.
    """
    first = producer.partition(";")[0]
    name = re.sub(r" \([^)]*\)", "", first)
    short = re.search(r"\(([A-Z]{3,})\)", first)
    if short and len(name) > LONGEST_PRODUCER:
        return short[1]
    return re.split(r", (?:as|from|counted) ", name)[0]


#: The columns of the table of sources in a notebook.
_COLUMNS: Columns = {
    "source": lambda s: s.name,
    "what": lambda s: s.title,
    "producer": lambda s: s.producer,
    "grade": lambda s: s.grade,
    "licence": lambda s: s.licence,
    "cadence": lambda s: s.cadence,
}


def source(name: str) -> Source:
    """Return the source of a name.

    Raises
    ------
    UsageError
        if the catalog has none.
    """
    found = sources().get(name)
    if found is None:
        like = [s for s in sources() if s.startswith(name)]
        there = (
            f"choose from {', '.join(like)}" if like else "to list the sources: bilat sources list"
        )
        raise UsageError(f"there is no source {name!r}; {nearest(name, sources(), there)}")
    return found


def read(source: Source, file: File, path: Path) -> list[tuple[str, pa.Table]]:
    """Read one file and check every row. A fault in one row refuses the whole file.

    Raises
    ------
    DataError
        for a wrong header, a truncated file or a row that breaks its schema.
    """
    from bilat.catalog.tables import check, refuse_repeated, table

    reader: Reader = importlib.import_module(source.reader_module).read
    try:
        made = list(reader(Opened(source, file, path)))
    except UnicodeDecodeError as e:
        raise DataError(
            f"byte {e.start} is not {e.encoding} text", file=file.path, cure="pull the file again"
        ) from None
    except Exception as e:  # a damaged file may raise anything; a person gets one line
        raise as_error(e, file.path) from e
    total = 0
    out: list[tuple[str, pa.Table]] = []
    for name, rows in made:
        if name not in source.tables:
            raise DataError(
                f"reader {source.reader} made rows for {name}, which the catalog does not list"
            )
        schema = table(name).schema(stamped=False)
        rows = rows.select(schema.names).cast(schema)
        check(name, rows, file.path)
        refuse_repeated(rows, file.path, source.keys.get(name, []), keyless=name in source.keyless)
        total += rows.num_rows
        out.append((name, rows))
    if total < file.min_rows:
        raise DataError(
            f"{file.path}: {total} rows where at least {file.min_rows} are expected: "
            "the file is truncated. Pull it again; nothing was taken in"
        )
    return out
