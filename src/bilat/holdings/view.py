# SPDX-License-Identifier: Apache-2.0
"""As-of views: the rows that were public on a date, from the newest edition of that time.

For each series of editions the newest one dated on or before the as-of date is used. If there was
none yet, or for years that it does not cover, the earliest later edition is used instead: only its
rows that were public by the as-of date according to the source's publication lag, marked
``revised_later``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from bilat.catalog import sources, tables
from bilat.engine import DuckDB, quote
from bilat.errors import Damaged, DataError, command
from bilat.freshness import Freshness
from bilat.holdings import request_log
from bilat.holdings.births import Entry
from bilat.holdings.request_log import LoggedRequest
from bilat.holdings.store import Part, Store, default_folder, embedded_folder
from bilat.when import AsOf

#: A table with fewer rows is copied to memory (some 500 bytes a row) when it is asked repeatedly.
SMALL = 300_000
#: The first questions to a table as of a date, which read the files; later ones read the copy.
FROM_FILES = 2
#: A column that views have besides those of the table: the number of the row in its part.
_ROW = pa.field("part_row", pa.int64())
#: The table that decides how fresh a source of lists is.
LISTS = "parties"
#: The table of what lists do to them: a file without it lists nobody.
LISTINGS = "listings"
#: The most as-of dates with copies in memory: two are compared at a time.
NEAR = 2


@dataclass(frozen=True)
class Age:
    """The day until which a source is complete, and the days from it to the as-of date."""

    source: str
    to: dt.date
    days: int


class Holdings:
    """The embedded holdings, with the rows of a user's own folder in place of theirs if there is one.

    Parameters
    ----------
    folder
        a folder that ``bilat sources pull`` made; None: the default one if it exists.
    note
        called once with a line for each damaged part, when the holdings are first read.

    A damaged part makes its table unusable: questions to this table are refused, others are
    answered.

    Raises
    ------
    DataError
        if a folder that was named does not exist or holds nothing.
    """

    def __init__(
        self, folder: Path | str | None = None, note: Callable[[str], None] | None = None
    ) -> None:
        self._note = note
        self.stores = [Store(embedded_folder())]
        if folder is not None:
            path = Path(folder)
            pull = command("sources", "pull", holdings=path)
            if not path.is_dir():
                raise DataError(f"{path}: there is no such data folder. Make one with: {pull}")
            if not (path / "manifest.json").exists():
                raise DataError(f"{path}: it has no manifest.json. Fill it with: {pull}")
            self.stores.append(Store(path))
        elif (default_folder() / "manifest.json").exists():
            self.stores.append(Store(default_folder()))
        self._begin()

    def _begin(self) -> None:
        """Start without any connection."""
        self._connections: dict[AsOf, DuckDB] = {}
        self._selections: dict[str, Selection] = {}
        self._made: dict[AsOf, set[str]] = {}
        self._asked: dict[AsOf, Counter[str]] = {}
        self._near: dict[AsOf, set[str]] = {}
        self._earlier: dict[AsOf, Earlier] = {}
        self._digests: dict[tuple[frozenset[str], AsOf, bool], str] = {}
        self._changing = threading.Lock()
        self._making = threading.Lock()

    def only(self, names: Iterable[str], sources: Mapping[str, Sequence[str]]) -> Selection:
        """Return the same holdings with nothing but some tables, and of these some sources.

        Parameters
        ----------
        names
            the tables.
        sources
            by table, the sources whose rows stay, where "*" stands for any letters; of a table that
            is not named here, all rows stay.
        """
        wanted = {name: tuple(sources.get(name, ("*",))) for name in sorted(set(names))}
        key = json.dumps(wanted)
        if key not in self._selections:
            self._selections.setdefault(key, Selection(self, wanted))
        return self._selections[key]

    def known_by(self, day: AsOf) -> Earlier:
        """Return the same holdings without what became public after a day.

        A date after that day moves the periods of a question, and brings no row and no edition.
        """
        if day not in self._earlier:
            self._earlier.setdefault(day, Earlier(self, day))
        return self._earlier[day]

    def _seen_on(self, as_of: AsOf) -> AsOf:
        """Return the day whose rows are seen as of a date: itself unless later rows are hidden."""
        return as_of

    @property
    def whole(self) -> Holdings:
        """The holdings of which these are a part."""
        return self

    @property
    def folder(self) -> Path | None:
        """The user's own folder; None if there is none."""
        return self.stores[1].root if len(self.stores) > 1 else None

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The undamaged parts in use; a user's rows of a file replace the embedded ones."""
        return tuple(p for p in self._every_part if not p.damage)

    @cached_property
    def damaged(self) -> tuple[Part, ...]:
        """The parts that differ from what was written; their ``damage`` names fault and cure."""
        return tuple(p for p in self._every_part if p.damage)

    @cached_property
    def _every_part(self) -> tuple[Part, ...]:
        seen: dict[tuple[str, str, str], Part] = {}
        for store in self.stores:
            for part in store.parts():
                seen[(part.table, part.source, part.snapshot)] = part
        for part in seen.values():
            if part.damage and self._note is not None:
                self._note(f"{part.damage}; what rests on {part.table} is not answered until then")
        for store in self.stores[1:]:
            if self._note is not None and (old := store.lacking()):
                self._note(
                    f"{store.root}: {len(old)} {'edition was' if len(old) == 1 else 'editions were'} read by another "
                    f"version of bilat; read again with: {command('sources', 'rebuild', holdings=store.named)}"
                )
        if not seen:
            raise DataError(
                "no holdings at all: reinstall bilat, or fill a folder with: bilat sources pull"
            )
        return tuple(seen.values())

    @cached_property
    def digest(self) -> str:
        """sha256 of the stored rows: runs with the same digest had the same rows."""
        text = "\n".join(
            sorted(f"{p.table} {p.source} {p.snapshot} {p.digest}" for p in self.parts)
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def visible(self, names: Iterable[str], as_of: AsOf, *, marks: bool = True) -> str:
        """Return a digest of the rows that are visible as of a date, without reading them.

        Two dates, or two holdings, with the same digest answer from the same rows; with ``marks``
        their marks ``revised_later`` are the same too.
        """
        as_of = self._seen_on(as_of)
        key = (frozenset(names), as_of, marks)
        if key not in self._digests:
            self._digests[key] = self._visible(*key)
        return self._digests[key]

    def _visible(self, names: frozenset[str], as_of: AsOf, marks: bool) -> str:
        lines = []
        for name in sorted(names):
            for part, outside in self._editions(name, as_of):
                recorded = part.days or not part.rows
                # Without recorded days each as-of date has to count as different.
                seen = part.seen(as_of.date) if recorded else str(as_of)
                mark = f" {part.vintage > as_of.date}" if marks else ""
                if seen:
                    lines.append(f"{name} {part.digest} {seen}{mark}{outside}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def ages(self, names: Iterable[str], as_of: AsOf) -> tuple[Age, ...]:
        """Return until when each source of these tables is complete as of a date, oldest first."""
        seen_on = self._seen_on(as_of)
        to: dict[str, dt.date] = {}
        for name in set(names):
            for part, _ in self._editions(name, seen_on):
                if not part.days or part.seen(seen_on.date):
                    day = min(part.closed_on, as_of.date)
                    to[part.source] = max(to.get(part.source, day), day)
        return tuple(
            Age(s, day, (as_of.date - day).days)
            for s, day in sorted(to.items(), key=lambda e: e[::-1])
        )

    def closed_on(self, table_name: str, source: str, as_of: AsOf) -> dt.date | None:
        """Return the last day for which a missing row means anything; None for an unknown source."""
        return next((a.to for a in self.ages([table_name], as_of) if a.source == source), None)

    def freshness(self, source: str, table: str, as_of: AsOf) -> Freshness:
        """Return how fresh a source's table is as of a date, from manifest and log of requests."""
        mine = [e for e in self.entries() if e["source"] == source]
        return _freshness(mine, table, as_of, self._last_answers(as_of))

    def newest(self, as_of: AsOf) -> dict[str, Freshness]:
        """Return how fresh each source is as of a date: its parties, else its newest table."""
        answers = self._last_answers(as_of)
        by_source: dict[str, list[Entry]] = {}
        for entry in self.entries():
            by_source.setdefault(entry["source"], []).append(entry)
        found = {}
        for source, mine in by_source.items():
            names = {name for e in mine for name in e["tables"]}
            names = {LISTS} & names or names
            every = [_freshness(mine, name, as_of, answers) for name in sorted(names)]
            found[source] = max(every, key=lambda f: (f.current_on, f.content_to))
        return found

    def _last_answers(self, as_of: AsOf) -> dict[tuple[str, str], LoggedRequest]:
        """Return the last answer to an update by that day, of each series of a source."""
        found = {}
        for store in self.stores[1:]:
            for request in request_log.read(store.root):
                if request["answer"] not in request_log.PROBED and request["day"] <= str(as_of):
                    found[(request["source"], request["series"])] = request
        return found

    def entries(self) -> list[Any]:
        """Return the manifest's entry of every snapshot in use."""
        seen = {}
        for store in self.stores:
            for e in store.entries():
                seen[(e["source"], e["sha256"])] = e
        return sorted(seen.values(), key=lambda e: (e["source"], e["path"], e["vintage"]))

    def need(self, tables: Iterable[str]) -> None:
        """Refuse tables with a damaged part.

        Raises
        ------
        Damaged
            naming the file and what restores it.
        """
        for name in tables:
            for part in self.damaged:
                if part.table == name:
                    raise Damaged(part.damage)

    def connect(self, as_of: AsOf, sql: str = "") -> DuckDB:
        """Return an engine with a view of each table as of a date; the same one for each caller.

        A view of a table with a damaged part raises when it is read; :meth:`need` checks that first.

        Parameters
        ----------
        sql
            the question that will be asked: views are made of the tables whose names stand in it,
            so that a date of which two tables are read costs no view of the others; of all tables
            by default.
        """
        words = set(re.findall(r"\w+", sql))
        asked = [name for name in tables() if not sql or name in words]
        made = self._made.get(as_of, set())
        if as_of not in self._connections or not made.issuperset(asked):
            with self._making:
                self._make(asked, as_of)
        return self._connections[as_of]

    def _make(self, names: Iterable[str], as_of: AsOf) -> None:
        """Make the views of tables that are not made yet."""
        engine = self._connections.get(as_of) or DuckDB()
        made = self._made.setdefault(as_of, set())
        for name in names:
            if name not in made:
                engine.connection.execute(f'CREATE VIEW "{name}" AS {self.sql(name, as_of)}')
                made.add(name)
        self._connections[as_of] = engine

    def expect(self, names: Sequence[str], as_of: AsOf) -> None:
        """Prepare for a question to tables: copy small ones to memory that are asked repeatedly.

        Copies are kept for the last :data:`NEAR` dates. Answers are the same with and without them.
        """
        with self._changing:
            asked = self._asked.setdefault(as_of, Counter())
            asked.update(names)
            near = self._near.setdefault(as_of, set())
            wanted = [
                n for n in names if asked[n] > FROM_FILES and n not in near and self._is_small(n)
            ]
            for name in wanted:
                self._replace("VIEW", "TABLE", name, as_of)
                near.add(name)
            with_copies = [day for day, copied in self._near.items() if copied]
            for day in with_copies[:-NEAR]:
                for name in self._near.pop(day):
                    self._replace("TABLE", "VIEW", name, day)
                self._asked.pop(day)

    def _is_small(self, name: str) -> bool:
        return sum(p.rows for p in self.parts if p.table == name) < SMALL and not any(
            p.table == name for p in self.damaged
        )

    def _replace(self, old: str, new: str, name: str, as_of: AsOf) -> None:
        """Replace a view by a table or the reverse, in one transaction for the sake of readers."""
        cursor = self.connect(as_of, name).connection.cursor()
        try:
            cursor.begin()
            cursor.execute(f'DROP {old} "{name}"')
            cursor.execute(f'CREATE {new} "{name}" AS {self.sql(name, as_of)}')
            cursor.commit()
        finally:
            cursor.close()

    def sql(self, table_name: str, as_of: AsOf) -> str:
        """Return the as-of view of a table as a SELECT."""
        if line := next((p.damage for p in self.damaged if p.table == table_name), ""):
            return _refusal(table_name, line)
        as_of = self._seen_on(as_of)
        selects = [
            "SELECT * EXCLUDE (file_row_number), file_row_number AS part_row, "
            f"vintage > DATE '{as_of}' AND known_basis = 'inferred' AS revised_later "
            f"FROM read_parquet({quote(part.path)}, file_row_number = true) WHERE known_on <= "
            f"DATE '{as_of}'{outside}"
            for part, outside in self._editions(table_name, as_of)
        ]
        if not selects:
            return f"SELECT {_no_values(table_name)} WHERE FALSE"
        return "\nUNION ALL BY NAME\n".join(selects)

    def _editions(self, table_name: str, as_of: AsOf) -> list[tuple[Part, str]]:
        """Return the editions used as of a date, each with an SQL condition on its years."""
        by_series: dict[str, list[Part]] = {}
        for part in self.parts:
            if part.table == table_name:
                by_series.setdefault(part.series, []).append(part)
        chosen: list[tuple[Part, str]] = []
        for editions in by_series.values():
            # Of two editions the one with the newer content is used for the years of both, even if
            # it was published earlier.
            known = sorted(
                (p for p in editions if p.vintage <= as_of.date),
                key=lambda p: (p.content, p.vintage),
            )
            later = sorted(
                (p for p in editions if p.vintage > as_of.date),
                key=lambda p: (p.vintage, -p.content.toordinal()),
            )
            covered: list[tuple[int, int]] = []
            for part in [*reversed(known), *later]:
                if any(a <= part.first and part.last <= b for a, b in covered):
                    continue
                outside = "".join(
                    f" AND CAST(substr(period, 1, 4) AS INTEGER) NOT BETWEEN {a} AND {b}"
                    for a, b in covered
                )
                chosen.append((part, outside))
                covered.append((part.first, part.last))
        return chosen

    def close(self) -> None:
        """Close the engines."""
        for part_of_these in (*self._selections.values(), *self._earlier.values()):
            part_of_these.close()
        for engine in self._connections.values():
            engine.close()
        self._connections.clear()
        self._made.clear()
        self._asked.clear()
        self._near.clear()


class Selection(Holdings):
    """Some sources of some tables of other holdings.

    What lies outside is not there: a question to another table is refused, and the rows of another
    source are in no view. So an answer made from a selection rests on nothing else.
    """

    def __init__(self, whole: Holdings, wanted: Mapping[str, Sequence[str]]) -> None:
        self._whole = whole
        self._wanted = wanted
        self._note = None
        self.stores = whole.stores
        self._begin()

    @cached_property
    def _every_part(self) -> tuple[Part, ...]:
        return tuple(p for p in self._whole._every_part if self.has(p.table, p.source))

    def _seen_on(self, as_of: AsOf) -> AsOf:
        return self._whole._seen_on(as_of)

    @property
    def whole(self) -> Holdings:
        """The holdings of which these are a selection, with all their rows."""
        return self._whole.whole

    def has_tables(self, names: Iterable[str]) -> bool:
        """Return whether the selection has all of some tables."""
        return self._wanted.keys() >= set(names)

    def has(self, table_name: str, source: str) -> bool:
        """Return whether the rows of a source in a table belong to the selection."""
        patterns = self._wanted.get(table_name, ())
        return any(fnmatchcase(source, pattern) for pattern in patterns)

    def sql(self, table_name: str, as_of: AsOf) -> str:
        """Return the as-of view of a table as a SELECT; of another table, one that raises."""
        if table_name in self._wanted:
            return super().sql(table_name, as_of)
        line = f"table {table_name} is read, but the measure does not declare it"
        return _refusal(table_name, line)

    def assert_within(self, sql: str, values: Sequence[object]) -> None:
        """Check that a question names no source that the selection lacks.

        Raises
        ------
        AssertionError
            for the name of such a source in the text or among the values.
        """
        words = set(re.findall(r"\w+", sql))
        texts = {*re.findall(r"'(\w+)'", sql), *(v for v in values if isinstance(v, str))}
        asked = [name for name in self._wanted if name in words]
        for source in sorted(texts & sources().keys()):
            if asked and not any(self.has(name, source) for name in asked):
                raise AssertionError(
                    f"source {source} of {', '.join(asked)} is read, but the measure does not "
                    "declare it. Add it to `sources` of its @measure"
                )


class Earlier(Holdings):
    """Other holdings without what became public after a day."""

    def __init__(self, whole: Holdings, day: AsOf) -> None:
        self._whole = whole
        self._day = day
        self._note = None
        self.stores = whole.stores
        self._begin()

    @cached_property
    def _every_part(self) -> tuple[Part, ...]:
        return self._whole._every_part

    @property
    def whole(self) -> Holdings:
        """The holdings with the later rows too."""
        return self._whole.whole

    @cached_property
    def digest(self) -> str:
        """sha256 of the stored rows, and of the day after which none is seen."""
        return hashlib.sha256(f"{self._whole.digest} {self._day}".encode()).hexdigest()

    def _seen_on(self, as_of: AsOf) -> AsOf:
        return min(self._whole._seen_on(as_of), self._day)


def _refusal(table_name: str, line: str) -> str:
    """Return a SELECT with the columns of a table that raises when it is read."""
    return f"SELECT {_no_values(table_name)} WHERE CAST(error({quote(line)}) AS BOOLEAN)"


def _no_values(table_name: str) -> str:
    """Return the columns of the view of a table, each without a value, for a SELECT."""
    schema = tables()[table_name].schema()
    columns = [f'CAST(NULL AS {_sql_type(f.type)}) AS "{f.name}"' for f in [*schema, _ROW]]
    return ", ".join([*columns, "FALSE AS revised_later"])


def _freshness(
    entries: Iterable[Entry],
    table: str,
    as_of: AsOf,
    answers: Mapping[tuple[str, str], LoggedRequest],
) -> Freshness:
    """Return how fresh one table of one source is, by its entries of the manifest."""
    mine = [e for e in entries if table in e["tables"] and e["vintage"] <= str(as_of)]
    if table == LISTS:
        # A file that describes parties and lists none of them does not make a list newer.
        mine = [e for e in mine if LISTINGS in e["tables"]] or mine
    if not mine:
        return Freshness()
    newest = max(mine, key=lambda e: (e["tables"][table].get("content", ""), e["vintage"]))
    stated, stated_by = _stated(newest)
    asked = answers.get((newest["source"], newest["series"]))
    return Freshness(
        # A list without days in its entries is complete on the date of the edition.
        content_to=_content_to(newest, table) or (stated if table == LISTS else ""),
        stated=stated,
        stated_by=stated_by,
        public_from=stated,
        public_to=stated or newest["pulled_on"],
        asked=asked["day"] if asked else "",
        answer=asked["answer"] if asked else "",
        read=newest["pulled_on"],
    )


#: The basis of the date of an undated edition, in older manifests.
_UNDATED = "the day it was pulled"


def _stated(entry: Entry) -> tuple[str, str]:
    """Return the date of an edition, and who states it.

    If the catalog says up to which day the content goes, that day counts.
    """
    if end := _catalogued_end(entry):
        return end, "catalog"
    if "stated" in entry:
        return entry["stated"], entry["stated_by"]
    if entry["vintage_basis"] == _UNDATED:
        return "", ""
    by_file = entry["vintage_basis"] == "the date in the file"
    return entry["vintage"], "file" if by_file else "catalog"


def _catalogued_end(entry: Entry) -> str:
    """Return the day up to which a file's content goes, by the catalog; "" if that is not known."""
    known = sources().get(entry["source"])
    files = known.files if known else []
    return next(
        (f.options.get("content", "") for f in files if f.sha256 == entry["sha256"]),
        "",
    )


def _content_to(entry: Entry, table: str) -> str:
    """Return the last day or period in the rows of a table; "" if they have none."""
    if end := _catalogued_end(entry):
        return end
    if "content_to" in entry:
        return entry["content_to"]
    content = entry["tables"][table].get("content", "")
    # An undated edition has the day of the pull as its vintage, which says nothing of its content.
    is_day_of_pull = content == entry["vintage"] and entry["vintage_basis"] == _UNDATED
    return "" if is_day_of_pull else content


def _sql_type(kind: pa.DataType) -> str:
    return {
        "string": "VARCHAR",
        "double": "DOUBLE",
        "int64": "BIGINT",
        "date32[day]": "DATE",
        "bool": "BOOLEAN",
    }[str(kind)]
