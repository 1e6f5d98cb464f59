# SPDX-License-Identifier: Apache-2.0
"""What sources exist: one TOML each, with producer, citation, licence, files and checks."""

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

#: Days for which a file a day is asked at most, from today backwards.
LATEST_DAYS = 10


class _Asked(BaseModel):
    """Where a file lies, and what is expected of it."""

    model_config = ConfigDict(extra="forbid")

    path: str  #: place in a mirror folder
    url: str | None = (
        None  #: where it can be fetched; {day}: the newest day that is there; None: by hand only
    )
    more: list[str] = Field(
        default_factory=list
    )  #: further addresses, whose answers follow in the same file
    page: int = (
        0  #: rows of an answer, where `url` has {offset} and more answers follow until none is full
    )
    series: str = ""  #: files of one series are editions of one another; others stand side by side
    min_rows: int = 1  #: 99% of the rows of the edition held; a file with fewer is refused as cut
    most_bytes: int = MOST  #: more bytes than this, as sent or unpacked: refused
    hosts: list[str] = Field(
        default_factory=list
    )  #: hosts that the address may redirect to, beside its own
    options: dict[str, str] = Field(
        default_factory=dict
    )  #: what the reader needs to know of this file
    headers: dict[str, str] = Field(
        default_factory=dict
    )  #: that the publisher wants to see in a request
    link: str = ""  #: pattern of a link on the page at `url`: what it leads to is the file
    copy_by: str = ""  #: who keeps the copy at `url`, where it is not the publisher's own file
    grows: str = ""  #: column of the day or month, where what comes is added to what is stored
    body: str = ""  #: the question in JSON, where it is sent by POST; {year}: of the day

    def question(self) -> str:
        """Return the body to send, with this year filled in."""
        return self.body.replace("{year}", str(dt.date.today().year))

    def addresses(self) -> list[str]:
        """Return where the file may lie, best first: that of today may not be out yet."""
        if self.url is None:
            return []
        today = dt.date.today()
        late = range(LATEST_DAYS) if "{day}" in self.url else range(1)
        days = [str(today - dt.timedelta(days=n)) for n in late]
        return [self.url.replace("{day}", day) for day in days]


class File(_Asked):
    """One file of a source, as the publisher or a dated copy has it."""

    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$"
    )  #: of the edition that `vintage` dates; other bytes are a newer one
    vintage: dt.date  #: the date of this edition
    vintage_basis: str  #: how we know that date
    closed_on: dt.date | None = (
        None  #: until when its list is complete, where that is not its last row's day
    )
    partial: str = ""  #: what it lacks that later editions have: these are not compared with it
    embedded: bool = True  #: whether the package has it, if it has the source
    min_lines: int = Field(
        0, ge=0
    )  #: 99% of the publisher's own rows, where the reader counts rows together; 0: `min_rows` alone tells a cut
    read: Toml = Field(
        default_factory=dict
    )  #: what of the source's [read] is otherwise in this file


class Current(_Asked):
    """Where the edition of the day is had."""

    url: str
    answered: dt.date | None = None  #: the last day on which the address is known to have answered
    answered_in: str  #: how that is known, and what was seen

    def file(self) -> File:
        """A file whose bytes the catalog does not know: its date is the one that it bears, else the
        day of the pull."""
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
    #: How the rows of its files that are not as published were derived. Sums that bilat makes for
    #: the embedded holdings are not meant: they are what the publisher reports, added up.
    derived: str = ""
    tables: list[str]
    #: A module of catalog/readers, or a module of another package; "declared" reads by [read].
    reader: str = "declared"
    read: Toml = Field(default_factory=dict)  #: see bilat.catalog.reading
    keys: dict[str, list[str]] = Field(
        default_factory=dict
    )  #: table -> columns by which a row is known
    keyless: dict[str, str] = Field(
        default_factory=dict
    )  #: table -> why no key, and what goes unseen
    lag_days: int | None = None  #: stated publication lag after the period's end
    lag_why: str = ""
    traps: str = ""
    stated: str = ""  #: pattern with groups y, m and d that finds the date of the edition in the head of a file
    bounds: dict[str, float] = Field(default_factory=dict)  #: see bilat.holdings.births.BOUNDS
    plans: str = ""  #: why rows may speak of times after the day of the pull; blank where none may
    embed: Literal["rows", "derived", "none"]
    embed_why: str
    embed_sql: dict[str, str] = Field(
        default_factory=dict
    )  #: table -> SQL over `rows`, for embed = derived
    files: list[File]
    current: list[Current] = Field(default_factory=list)  #: what ``bilat update`` asks for
    by_hand: str = ""  #: how the edition of the day is had where no address gives it; {pull}, {screen}: commands

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
        """The date that the file bears, where ``stated`` finds one in its first 4,096 bytes."""
        if not self.stated:
            return None
        with open_unpacked(path, file.path, file.most_bytes) as handle:
            head = handle.read(4096).decode("utf-8", "replace")
        found = re.search(self.stated, head)
        try:
            month = found["m"] if found else ""
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            return dt.date(int(found["y"]), number, int(found["d"])) if found else None
        except ValueError:
            return None

    def undated(self, path: str) -> File:
        """Return a file of this source that nobody dates but itself."""
        return File(
            path=path,
            sha256="0" * 64,
            vintage=dt.date.today(),
            vintage_basis="the day it was pulled",
            min_lines=0,
        )

    def words(self, column: str) -> dict[str, str]:
        """The publisher's words for a column -> ours, where [read.words] says them; {} where it
        does not."""
        words = self.read.get("words")
        of = words.get(column) if isinstance(words, dict) else None
        return {k: str(v) for k, v in of.items()} if isinstance(of, dict) else {}


#: A reader turns one file into (table name, rows) pairs;
#: the rows carry period, kind, locator, known_on and known_basis.
Reader = Callable[["Opened"], Iterator[tuple[str, pa.Table]]]


@dataclass(frozen=True)
class Opened:
    """What a reader gets: the bytes' place on disk, and what the catalog says of the file."""

    source: Source
    file: File
    path: Path

    def place(self) -> Place:
        """The file as the strict reader takes it."""
        return Place(self.path, self.file.path, self.source.producer, self.file.most_bytes)

    def reading(self) -> Read:
        """How the catalog says that this file is read."""
        return merged(self.source.read, self.file.read)

    def text(self) -> str:
        """The whole file as text; no longer than the catalog allows.

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

        Of a list compiled from stored pages that is the end of their archive, as the option
        ``archive_end`` of the file says: the day on which the list was typed is no news.
        """
        end = self.file.options.get("archive_end")
        return dt.date.fromisoformat(end) if end else self.file.vintage

    def known(self, period: str) -> tuple[dt.date, str]:
        """(known_on, known_basis) of a figure for ``period``, by the source's stated lag.

        Never later than the edition itself: what stands in a dated file was known on its date.
        """
        from bilat.when import Period

        if self.source.lag_days is None:
            return self.latest, "vintage"
        by_lag = Period(period).known_after(self.source.lag_days)
        return (by_lag, "inferred") if by_lag < self.latest else (self.latest, "vintage")

    def refuse(self, row: int | str, column: str, value: object, cure: str) -> DataError:
        """The error for a cell that cannot be read; raise what it returns."""
        return DataError(
            cure,
            file=self.file.path,
            row=row,
            column=column,
            value=value,
            cure="nothing was taken in",
        )


def default_folder() -> Path:
    """Where a user's own holdings are: $BILAT_HOLDINGS, else the platform's data folder."""
    given = os.environ.get("BILAT_HOLDINGS")
    if given:
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "bilat" / "holdings"


_SHIPPED = Path(str(resources.files("bilat.catalog").joinpath("sources")))


def sources(having: str = "") -> dict[str, Source]:
    """All sources by name, sorted, those that the user added among them; those alone whose text has
    a word."""
    own = _read_folder(default_folder() / "sources", having)
    shipped = _read_folder(_SHIPPED, having)
    added = _of_packages(having)
    if not own and not added:
        return shipped
    return Catalogue(dict(sorted({**shipped, **added, **own}.items())), _COLUMNS, "Sources")


def own_sources() -> dict[str, Source]:
    """The sources that the user added, by name: see :mod:`bilat.holdings.own`."""
    return _read_folder(default_folder() / "sources")


def forget() -> None:
    """Read what the user added again when it is next asked for."""
    _read_folder.cache_clear()


@cache
def _read_folder(folder: Path, having: str = "") -> dict[str, Source]:
    """The sources that a folder declares."""
    texts = {e.stem: e.read_text("utf-8") for e in folder.glob("*.toml")}
    return _declared(folder.name, texts, having)


@cache
def _of_packages(having: str = "") -> dict[str, Source]:
    """The sources that other packages declare: see :mod:`bilat.registry`."""
    texts = {name: reference.text() for name, reference in registered("sources").items()}
    return _declared("bilat.sources", texts, having)


def _declared(place: str, texts: Mapping[str, str], having: str) -> dict[str, Source]:
    """Sources from their TOML texts; ``[read] like = NAME`` reads as another of them does."""
    found: dict[str, Source] = {}
    for name in sorted(n for n, text in texts.items() if having in text):
        try:
            raw = tomllib.loads(texts[name])
            if like := raw.get("read", {}).pop("like", ""):
                raw["read"] = laid_over(tomllib.loads(texts[like])["read"], raw["read"])
            found[name] = Source(name=name, **raw)
        except (ValidationError, tomllib.TOMLDecodeError, KeyError) as e:
            raise DataError(f"{place}/{name}.toml: {e}") from None
    return Catalogue(found, _COLUMNS, "Sources")


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IMPORT = re.compile(
    r"^\s*(?:from (bilat[\w.]*) import (?:\(([^)]*)\)|(.*))|import (bilat[\w.]*))", re.MULTILINE
)


@cache
def _code(module: str) -> str:
    """One digest over a module, all that it imports of the package, and the data beside them."""
    if not module.startswith("bilat."):  # a reader of another package: any change to one counts
        return packages_digest()
    seen: dict[str, str] = {}
    due = {module}
    while due:
        name = due.pop()
        base = Path(str(resources.files("bilat"))).joinpath(*name.split(".")[1:])
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        if name in seen or name == "bilat" or not path.is_file():
            continue
        beside = sorted(p for p in path.parent.iterdir() if p.suffix in (".toml", ".csv", ".json"))
        seen[name] = hashlib.sha256(b"".join(p.read_bytes() for p in [path, *beside])).hexdigest()
        for package, inside, line, plain in _IMPORT.findall(path.read_text("utf-8")):
            due |= {
                package or plain,
                *(f"{package}.{n.split()[0]}" for n in (inside or line).split(",") if n.strip()),
            }
    return hashlib.sha256(
        "\n".join(f"{n} {d}" for n, d in sorted(seen.items())).encode()
    ).hexdigest()


@cache
def reader_digest(name: str, path: str) -> str:
    """What made a source's rows of a file: the code of its reader, all that this imports, and the
    catalog's entry."""
    source = sources()[name]
    used = {"reader", "read", "keys", "keyless", "lag_days", "stated", "tables", "plans"}
    about = source.model_dump(mode="json", include=used)
    about["files"] = [
        f.model_dump(mode="json", exclude_defaults=True) for f in source.files if f.path == path
    ]
    text = json.dumps(about, sort_keys=True) + _code(source.reader_module)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


#: What a notebook shows of a source.
_COLUMNS: Columns = {
    "source": lambda s: s.name,
    "what": lambda s: s.title,
    "producer": lambda s: s.producer,
    "grade": lambda s: s.grade,
    "licence": lambda s: s.licence,
    "cadence": lambda s: s.cadence,
}


def source(name: str) -> Source:
    """The source of that name.

    Raises
    ------
    UsageError
        if the catalog has none.
    """
    found = sources().get(name)
    if found is None:
        like = [s for s in sources() if s.startswith(name)]
        there = f"there are {', '.join(like)}" if like else "see: bilat sources list"
        raise UsageError(f"no source {name!r}: {nearest(name, sources(), there)}")
    return found


def read(source: Source, file: File, path: Path) -> list[tuple[str, pa.Table]]:
    """Read one file whole and check every row; all or nothing.

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
    except Exception as e:  # whatever a hostile file makes a reader raise, a person sees one line
        raise as_error(e, file.path) from e
    total = 0
    out: list[tuple[str, pa.Table]] = []
    for name, rows in made:
        if name not in source.tables:
            raise DataError(
                f"reader {source.reader} made rows for {name}, which the catalog does not list"
            )
        rows = rows.select(table(name).schema(stamped=False).names).cast(
            table(name).schema(stamped=False)
        )
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
