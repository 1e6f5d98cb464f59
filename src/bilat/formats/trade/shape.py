# SPDX-License-Identifier: Apache-2.0
"""From a publisher's rows to one shape: reporter, partner, product, period, flow, value, quantity.

A format says with SQL expressions over its own columns (all text) how each column of the shape is
made. Here every row is checked against the shape; the first that fails is refused with its file,
line, column and value, and nothing of the file is used. Rows that split one figure into parts
(customs procedures, modes of transport, second partners) are summed, unless a total row stands
beside them: then only that one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from bilat.engine import quote
from bilat.errors import DataError
from bilat.files.text import head
from bilat.formats.trade.text_file import Text, numbered_rows, refuse_broken
from bilat.places import place_codes
from bilat.units.notation import count_text

#: The columns of the shape, in order.
COLUMNS = ("reporter", "partner", "product", "period", "flow", "value", "quantity")
#: What a code and a period of the shape look like. A code of 1, 3, 5 or 7 digits lost its leading
#: zero.
PRODUCTS = "(TOTAL|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8,12})"
PERIODS = "(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?"
#: SQL: kilograms of a sum; unknown where a part of some value has none, or value and weight would
#: be of different goods.
SUM_OF_WEIGHTS = (
    "CASE WHEN count(*) FILTER (WHERE quantity IS NULL AND value > 0) = 0 THEN SUM(quantity) END"
)


#: A publisher's column in SQL.
_COLUMN = re.compile('"([^"]+)"')


@dataclass(frozen=True)
class TradeFormat:
    """One publisher's format.

    ``columns`` makes the shape's columns (SQL over text columns; the first column named is the one
    that a refusal names). ``place`` turns a country code or name into ISO alpha-3, or None.
    ``parts`` lists tests (SQL) that are true for the total of one dimension of detail. ``skip``
    drops rows that are not trade of this kind (re-exports are inside exports). ``currency`` of the
    value.
    """

    name: str
    columns: Mapping[str, str]
    place: Callable[[str], str | None]
    currency: str = "USD"
    parts: tuple[str, ...] = ()
    skip: str = "FALSE"
    suppressed: str = "FALSE"
    mode: str = ""  #: SQL: a mode of transport, whose code begins as the mode that contains it does
    checks: tuple[tuple[str, str, str], ...] = ()  #: column, test (SQL) that no row may meet, why
    currency_column: str = ""  #: the publisher's column that names the currency, where there is one
    sums: bool = False  #: several rows of one key are parts of it by design
    codes: str = "HS"  #: whose list the digits beyond the sixth are from: CN (the EU), CHN, own
    notes: tuple[str, ...] = field(default=())
    states_currency: bool = True  #: the publisher or the header says what the values are in

    def published_column(self, name: str) -> str:
        """Return the publisher's column of which ours is made; our own name for a constant, and for
        what the publisher does not give.
        """
        found = _COLUMN.search(self.columns.get(name, ""))
        return found[1] if found else name


@dataclass(frozen=True)
class Shaped:
    """A checked file in the one shape, as Parquet, and what was done to it."""

    path: Path
    parquet: Path
    format: str
    currency: str
    rows: int
    notes: tuple[str, ...]
    codes: str = "HS"
    states_currency: bool = True


def open_raw(con: duckdb.DuckDBPyConnection, text: Text, form: TradeFormat | None = None) -> None:
    """``raw``: the file's rows as text, of the columns that the format reads; of all where none is
    given.

    Raises
    ------
    DataError
        for a row with too many or too few fields or an open quote, with its line.
    """
    names = [*text.header, *(f"_extra{n}" for n in range(text.extra))]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise DataError(f"{text.path}: line 1: the column {twice!r} appears twice in the header")
    listed = ", ".join(f"{quote(n)}: 'VARCHAR'" for n in names)
    reader = (
        f"read_csv({quote(text.utf8)}, auto_detect = false, header = true, delim = "
        f"{quote(text.delimiter)}, quote = '\"', escape = '\"', columns = {{{listed}}}, "
        "max_line_size = 2000000, null_padding = false, strict_mode = true)"
    )
    try:
        used = ", ".join(_quoted([h for h in text.header if form is None or _reads(form, h)]))
        con.execute(f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {used} FROM {reader}").fetchall()
    except duckdb.Error as e:
        refuse_broken(text)
        line = re.search(r"CSV Error on Line: (\d+)", str(e))
        said = ("Expected", "Value with", "Error when", "Maximum line", "Invalid unicode")
        why = next((w for w in str(e).splitlines() if w.startswith(said)), str(e).splitlines()[0])
        why = re.sub(
            r"^Expected Number of Columns: (\d+) Found: (\d+)",
            r"\2 fields where the header has \1",
            why,
        )
        ends = [head(text.utf8).count(end) for end in (b"\r\n", b"\n")]
        if "invalid state" in why and 0 < ends[0] < ends[1]:
            raise DataError(
                f"{text.path}: its line ends are mixed, LF and CRLF: save it with one kind (sed -i "
                "'s/\\r$//' FILE)"
            ) from None
        at = f"line {line[1]}: " if line else ""
        raise DataError(
            f"{text.path}: {at}{why.rstrip('.')}; fix or download the file again: nothing of it "
            "was used"
        ) from None


def _reads(form: TradeFormat, column: str) -> bool:
    """Does any expression of the format name this column?"""
    texts = (
        *form.columns.values(),
        *form.parts,
        form.skip,
        form.suppressed,
        form.mode,
        *(t for c, test, _ in form.checks for t in (_quoted([c])[0], test)),
    )
    return column == form.currency_column or any(_quoted([column])[0] in t for t in texts)


def shape(
    con: duckdb.DuckDBPyConnection, form: TradeFormat, path: Path, text: Text | None, work: Path
) -> Shaped:
    """Check ``raw`` against the shape and write it as Parquet.

    Raises
    ------
    DataError
        naming file, line, column, value and the cure, for the first row that fails.
    """
    made = ", ".join(f"{form.columns.get(c, 'NULL')} AS _{c}" for c in COLUMNS)
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW made AS SELECT *, {made}, ({form.skip}) AS _skip, "
        f"({form.suppressed}) AS _suppressed FROM raw"
    )
    places = con.execute(
        "SELECT DISTINCT _reporter FROM made WHERE NOT _skip UNION "
        "SELECT DISTINCT _partner FROM made WHERE NOT _skip"
    ).fetchall()
    known = [(p, form.place(p)) for (p,) in places if p is not None]
    con.execute("CREATE OR REPLACE TEMP TABLE places (label VARCHAR, iso VARCHAR)")
    if known:
        con.executemany("INSERT INTO places VALUES (?, ?)", known)
    _refuse_bad(con, form, path, text)
    currency = _currency(con, form, path, text)
    notes = list(form.notes)
    chosen, sums = _totals(con, form, path, notes)
    target = work / f"{len(list(work.glob('*.parquet')))}-{path.stem}.parquet"
    grouped = f"SUM(value) AS value, {SUM_OF_WEIGHTS} AS quantity"
    key = "reporter, partner, product, period, flow"
    if form.sums or sums:
        body = f"SELECT {key}, {grouped} FROM ({chosen}) GROUP BY {key}"
    else:
        if not form.parts:
            _refuse_duplicates(con, path, text, chosen)
        body = f"SELECT {key}, value, quantity FROM ({chosen})"
    con.execute(
        "SET preserve_insertion_order = false"
    )  # until here, so that the first bad row is told
    con.execute(f"COPY ({body}) TO {quote(target)} (FORMAT parquet, COMPRESSION zstd)").fetchall()
    dropped = con.execute(
        "SELECT count(*) FILTER (WHERE _suppressed), count(*) FILTER (WHERE _skip) FROM made"
    ).fetchone()
    assert dropped is not None
    notes += _odd_places(con, known)
    if dropped[0]:
        notes.append(
            f"{count_text(dropped[0], 'rows')} of goods whose code is withheld cannot be placed: "
            "left out"
        )
    if dropped[1]:
        notes.append(
            f"{count_text(dropped[1], 'rows')} of other flows (re-exports, re-imports, not goods) "
            "left out"
        )
    rows = con.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchone()
    assert rows is not None
    if not rows[0]:
        told = f" ({'; '.join(notes)})" if notes else ""
        raise DataError(
            f"{path}: read as {form.name}, it holds no row of total imports or exports of "
            f"goods{told}; check the download"
        )
    return Shaped(
        path,
        parquet=target,
        format=form.name,
        currency=currency,
        rows=int(rows[0]),
        notes=tuple(notes),
        codes=form.codes,
        states_currency=form.states_currency,
    )


def _odd_places(
    con: duckdb.DuckDBPyConnection, known: Sequence[tuple[str, str | None]]
) -> list[str]:
    """Notes on rows of areas that are not states, and of the area that stands for Taiwan."""
    notes = []
    for areas, told in (
        (
            sorted(str(label) for label, iso in known if iso == place_codes.NES),
            "of areas that are not states ({}): counted as one, and not hubs",
        ),
        (
            sorted(str(label) for label, _ in known if label in place_codes.OTHER_ASIA),
            "of {} (Other Asia, not elsewhere specified): read as Taiwan, which the UN does not "
            "list by itself",
        ),
    ):
        if areas:
            named = ", ".join("'" + a.replace("'", "''") + "'" for a in areas)
            found = con.execute(
                f"SELECT count(*) FROM made WHERE NOT _skip AND (_reporter IN ({named}) OR "
                f"_partner IN ({named}))"
            ).fetchone()
            assert found is not None
            notes.append(f"{count_text(found[0], 'rows')} " + told.format(", ".join(areas)))
    return notes


def weight(column: str) -> str:
    """SQL: kilograms as text; NULL where the file has nothing, zero, or a word for "not
    available".
    """
    c = f"trim({column})"
    unknown = "'', '0', '0.0', '-', 'na', 'n/a', 'nan', 'none', 'null'"
    return f"CASE WHEN lower({c}) NOT IN ({unknown}) THEN {c} END"


def clean(column: str) -> str:
    """SQL: the text of a column without blanks and thousands separators, NULL when empty."""
    return f"nullif(replace(trim({column}), ',', ''), '')"


_TESTS: tuple[tuple[str, str, str], ...] = (
    (
        "reporter",
        "(SELECT iso FROM places WHERE label = _reporter) IS NULL",
        "is not a country code or name of this publisher",
    ),
    (
        "partner",
        "(SELECT iso FROM places WHERE label = _partner) IS NULL",
        "is not a country code or name of this publisher",
    ),
    (
        "product",
        f"_product IS NULL OR NOT regexp_full_match(_product, '{PRODUCTS}')",
        "is not an HS code: leading zeros may be lost (0101 became 101)",
    ),
    (
        "period",
        f"_period IS NULL OR NOT regexp_full_match(_period, '{PERIODS}')",
        "is not a year or month",
    ),
    (
        "flow",
        "_flow IS NULL OR _flow NOT IN ('X', 'M')",
        "is neither import nor export: write M or X",
    ),
    (
        "value",
        "TRY_CAST(_value AS DOUBLE) IS NULL OR TRY_CAST(_value AS DOUBLE) < 0 "
        "OR NOT isfinite(TRY_CAST(_value AS DOUBLE))",
        "is not a value: a number of at least 0 was expected",
    ),
    (
        "quantity",
        "_quantity IS NOT NULL AND (TRY_CAST(_quantity AS DOUBLE) IS NULL "
        "OR TRY_CAST(_quantity AS DOUBLE) < 0 OR NOT isfinite(TRY_CAST(_quantity AS DOUBLE)))",
        "is not a weight: leave it blank where it is unknown",
    ),
)


def _refuse_bad(
    con: duckdb.DuckDBPyConnection, form: TradeFormat, path: Path, text: Text | None
) -> None:
    # A code such as 1701XXXX is withheld, not wrong; everything else in its row is checked all the
    # same.
    tests = [
        (
            form.published_column(c),
            f"_{c}",
            f"({wrong}) AND NOT _suppressed" if c == "product" else wrong,
            why,
        )
        for c, wrong, why in _TESTS
    ] + [(c, f'"{c}"', wrong, why) for c, wrong, why in form.checks]
    columns = _columns(con)
    # One scan tells which test fails anywhere; mostly none does.
    failed = con.execute(
        "SELECT "
        + ", ".join(f"bool_or({wrong})" for _, _, wrong, _ in tests)
        + " FROM made WHERE NOT _skip"
    ).fetchall()[0]
    for (name, made, wrong, why), fails in zip(tests, failed, strict=True):
        if not fails:
            continue
        shown = f'"{name}"' if name in columns else made
        found = con.execute(
            f"SELECT {shown}, {', '.join(_quoted(columns))} FROM made WHERE NOT _skip AND "
            f"({wrong}) LIMIT 1"
        ).fetchone()
        if found is None:
            continue
        lines = _lines(text, columns, [found[1:]])
        at = f"line {lines[0]}, " if lines else ""
        raise DataError(
            f"{path}: {at}column {name}: {found[0]!r} {why}. Nothing of the file was used; "
            "fix the row or take it out"
        )


def _columns(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [d[0] for d in con.execute("SELECT * FROM raw LIMIT 0").description]


def _quoted(columns: list[str]) -> list[str]:
    return ['"' + c.replace('"', '""') + '"' for c in columns]


def _lines(text: Text | None, columns: list[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """The lines on which these rows of ``raw`` stand, the first three of them."""
    if text is None:
        return []
    at = [(n, c) for n, c in enumerate(columns) if c in text.header]
    wanted = {tuple(r[n] or "" for n, _ in at) for r in rows}
    found = (
        n for n, row in numbered_rows(text) if tuple(row.get(c) or "" for _, c in at) in wanted
    )
    return list(islice(found, 3))


def _currency(
    con: duckdb.DuckDBPyConnection, form: TradeFormat, path: Path, text: Text | None
) -> str:
    """The currency of the values: the format's, or the one that the file's own column names."""
    if not form.currency_column:
        return form.currency
    name = f"upper(trim({_quoted([form.currency_column])[0]}))"
    found = con.execute(f"SELECT DISTINCT {name} FROM made WHERE NOT _skip ORDER BY 1").fetchall()
    if not found:
        return form.currency
    first = found[0][0]
    columns = _columns(con)
    if len(found) > 1 or not first:
        odd = con.execute(
            f"SELECT {', '.join(_quoted(columns))} FROM made WHERE NOT _skip AND "
            f"coalesce({name}, '') <> ? LIMIT 1",
            [first or found[-1][0] or "-"],
        ).fetchall()
        lines = _lines(text, columns, odd)
        at = f"line {lines[0]}, " if lines else ""
        raise DataError(
            f"{path}: {at}column {form.currency_column}: mixed units: the values are in "
            f"{', '.join(repr(c) for (c,) in found[:4])}; give one currency per file. Nothing of "
            "the "
            "file was used"
        )
    return str(first)


def _totals(
    con: duckdb.DuckDBPyConnection, form: TradeFormat, path: Path, notes: list[str]
) -> tuple[str, bool]:
    """SQL of the rows that count, of each dimension of detail the total where there is one; and
    whether several of them are parts of one figure.
    """
    key = "reporter, partner, product, period, flow"
    select = (
        "SELECT (SELECT iso FROM places WHERE label = _reporter) AS reporter, "
        "(SELECT iso FROM places WHERE label = _partner) AS partner, _product AS product, "
        "_period AS period, _flow AS flow, CAST(_value AS DOUBLE) AS value, "
        "CAST(_quantity AS DOUBLE) AS quantity"
    )
    flags = "".join(f", ({p}) AS part{n}" for n, p in enumerate(form.parts))
    mode = f", {form.mode or 'NULL'} AS mode"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE counted AS {select}{flags}{mode} FROM made WHERE NOT _skip "
        "AND NOT _suppressed"
    ).fetchall()
    if not form.parts:
        return "SELECT * FROM counted", form.sums
    sql = "SELECT * FROM counted"
    flagged = ", ".join(f"bool_and(part{n})" for n in range(len(form.parts)))
    whole_everywhere = con.execute(f"SELECT {flagged} FROM counted").fetchall()[0]
    for n in range(len(form.parts)):
        if whole_everywhere[n]:
            continue  # every row is a total of this dimension: nothing to choose
        sql = (
            f"SELECT * EXCLUDE (has) FROM (SELECT *, bool_or(part{n}) OVER (PARTITION BY {key}) AS "
            f"has FROM ({sql})) WHERE part{n} OR NOT has"
        )
    if all(whole_everywhere):
        con.execute("ALTER TABLE counted RENAME TO chosen").fetchall()
        before = "chosen"
    else:
        con.execute(f"CREATE OR REPLACE TEMP TABLE chosen AS {sql}").fetchall()
        before = "counted"
    if form.mode and before == "counted":
        _outer_modes(con, key)
    whole = " AND ".join(f"part{n}" for n in range(len(form.parts)))
    twice = con.execute(
        f"SELECT {key} FROM chosen WHERE {whole} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if twice:
        raise DataError(
            f"{path}: the total row of {' '.join(map(str, twice))} appears twice: the same "
            "download "
            "was added two times, or two editions are mixed. Keep one. Nothing of the file was used"
        )
    rows, used, parts = con.execute(
        f"SELECT (SELECT count(*) FROM {before}), count(*), count(*) FILTER (WHERE NOT ({whole})) "
        "FROM chosen"
    ).fetchall()[0]
    if rows > used:
        notes.append(
            f"{count_text(rows - used, 'rows')} left out as parts of a total that is "
            "also given: only the total counts"
        )
    if parts:
        split, keys = con.execute(
            "SELECT count(*) FILTER (WHERE parts > 1), count(*) FROM (SELECT count(*) FILTER "
            f"(WHERE NOT ({whole})) AS parts FROM chosen GROUP BY {key})"
        ).fetchall()[0]
        if split:
            notes.append(f"{split} of {keys} figures have no total row: their parts are summed")
    return "SELECT * FROM chosen", bool(parts)


def _outer_modes(con: duckdb.DuckDBPyConnection, key: str) -> None:
    """Where no total stands, the modes of transport that are not inside another one: water (2)
    holds sea (2.1).

    Reference: International Merchandise Trade Statistics 2010, para. 7.2 (classification of modes).
    """
    inner = con.execute("SELECT count(*) FROM chosen WHERE length(mode) > 1").fetchone()
    if inner is None or not inner[0]:
        return
    con.execute(
        "CREATE OR REPLACE TEMP TABLE outer_modes AS SELECT * FROM chosen c WHERE "
        f"coalesce(length(mode), 0) < 2 OR NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT {key}, mode "
        "FROM chosen WHERE mode <> '') o WHERE "
        + " AND ".join(f"o.{c.strip()} = c.{c.strip()}" for c in key.split(","))
        + " AND length(o.mode) < length(c.mode) AND starts_with(c.mode, o.mode))"
    ).fetchall()
    con.execute("DROP TABLE chosen; ALTER TABLE outer_modes RENAME TO chosen").fetchall()


def _refuse_duplicates(
    con: duckdb.DuckDBPyConnection, path: Path, text: Text | None, chosen: str
) -> None:
    key = "reporter, partner, product, period, flow"
    twice = con.execute(
        f"SELECT {key}, count(*) FROM ({chosen}) GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if twice is None:
        return
    columns = _columns(con)
    rows = con.execute(
        f"SELECT {', '.join(_quoted(columns))} FROM made WHERE NOT _skip AND "
        "(SELECT iso FROM places WHERE label = _reporter) = ? AND "
        "(SELECT iso FROM places WHERE label = _partner) = ? "
        "AND _product = ? AND _period = ? AND _flow = ? LIMIT 3",
        list(twice[:5]),
    ).fetchall()
    lines = _lines(text, columns, rows)
    where = f"lines {', '.join(map(str, lines))}: " if len(lines) > 1 else ""
    raise DataError(
        f"{path}: {where}{' '.join(map(str, twice[:5]))} appears {twice[5]} times (duplicate key: "
        "reporter, partner, product, period, flow). Keep one row of each. Nothing of the file was "
        "used"
    )
