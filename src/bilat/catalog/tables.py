# SPDX-License-Identifier: Apache-2.0
"""The typed tables: schema, units and checks, read from ``tables.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from bilat.engine import in_memory, quote
from bilat.errors import DataError
from bilat.package_files import read_package_toml
from bilat.places import alpha2, country_or_none

if TYPE_CHECKING:
    import duckdb

_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "bool": pa.bool_(),
}
#: Columns that the holdings add; a reader does not make them.
STAMPED = ("source", "snapshot", "vintage", "corrected")


@dataclass(frozen=True)
class TypedColumn:
    """One column of a typed table."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    optional: bool = False  #: whether it may be empty
    check: str = ""  #: SQL that must not be false for any row
    code: bool = False  #: whether it has codes of states


@dataclass(frozen=True)
class TypedTable:
    """One typed table."""

    name: str
    about: str
    columns: tuple[TypedColumn, ...]

    def schema(self, *, stamped: bool = True) -> pa.Schema:
        """Return the Arrow schema; with ``stamped=False`` only the columns that a reader makes."""
        return pa.schema(
            [
                pa.field(c.name, c.type, nullable=True)
                for c in self.columns
                if stamped or c.name not in STAMPED
            ]
        )

    def arrow(self, rows: list[dict[str, object]]) -> pa.Table:
        """Return the rows of a reader as an Arrow table; a column that is missing becomes null.

        Raises
        ------
        DataError
            for a column that the table does not have. Only the first row is tested, since a reader
            makes all of its rows alike.
        """
        schema = self.schema(stamped=False)
        first: dict[str, object] = rows[0] if rows else {}
        unknown = first.keys() - set(schema.names)
        if unknown:
            raise DataError(f"table {self.name} has no column {', '.join(sorted(unknown))}")
        return pa.Table.from_pylist(rows, schema=schema)


@cache
def tables() -> dict[str, TypedTable]:
    """Return all tables by name."""
    raw = read_package_toml("bilat.catalog", "tables.toml")

    def columns(entries: Any) -> tuple[TypedColumn, ...]:
        return tuple(
            TypedColumn(
                name=name,
                type=_TYPES[e["type"]],
                meaning=e["meaning"],
                unit=e.get("unit", ""),
                optional=e.get("optional", False),
                check=e.get("check", ""),
                code=e.get("code", False),
            )
            for name, e in entries.items()
        )

    shared = columns(raw.pop("provenance"))
    return {
        name: TypedTable(name=name, about=t["about"], columns=columns(t["columns"]) + shared)
        for name, t in raw.items()
    }


def table(name: str) -> TypedTable:
    """Return the table of a name.

    Raises
    ------
    DataError
        if there is none.
    """
    found = tables().get(name)
    if found is None:
        raise DataError(f"there is no table {name!r}. Choose from: {', '.join(tables())}")
    return found


#: Columns that become links.
ADDRESSES = ("url", "url_2")
#: SQL that is true for an address which a browser might run, such as ``javascript:``: one that
#: begins with a scheme other than http and https. Browsers ignore control characters and spaces in
#: a scheme. A text without any scheme, such as a remark, is allowed.
OTHER_SCHEME = (
    "regexp_matches(regexp_replace(\"{0}\", '[\\x00-\\x20]', '', 'g'), "
    "'^[A-Za-z][A-Za-z0-9+.-]*:') AND NOT regexp_matches(\"{0}\", '^https?://')"
)


def check(name: str, rows: pa.Table, path: str) -> None:
    """Refuse a table whose rows break its schema.

    Raises
    ------
    DataError
        naming the file, the row's locator, the column, the value and the cure.
    """
    spec = table(name)
    with in_memory() as con:
        con.register("rows", rows)
        rules = [rule for column in spec.columns for rule in _rules(con, column)]
        if not rules:
            return
        # All rules are tested in one scan. Only if one is broken, another scan finds the row.
        tests = ", ".join(f"bool_or({rule.broken})" for rule in rules)
        answers = con.execute(f"SELECT {tests} FROM rows").fetchall()[0]
        broken = [rule for rule, is_broken in zip(rules, answers, strict=True) if is_broken]
        if not broken:
            return
        rule = broken[0]
        column = rule.column
        where, value = con.execute(
            f'SELECT locator, CAST("{column.name}" AS VARCHAR) '
            f"FROM rows WHERE {rule.broken} LIMIT 1"
        ).fetchall()[0]
    unit = f" ({column.unit})" if column.unit else ""
    raise DataError(
        rule.complaint,
        file=path,
        row=where,
        column=f"{column.name}{unit}",
        value=value or "",
        cure="fix the file, or pull it again; nothing was taken in",
    )


class _Rule(NamedTuple):
    """A rule that every row of a table must keep."""

    column: TypedColumn
    broken: str  #: SQL that is true for a row that breaks it
    complaint: str  #: what is wrong with such a row


def _rules(con: duckdb.DuckDBPyConnection, column: TypedColumn) -> Iterator[_Rule]:
    """Yield the rules of a column of the table ``rows``, which is read for those on codes."""
    name = column.name
    if name in STAMPED:
        return
    if not column.optional:
        yield _Rule(column, f'"{name}" IS NULL', "is empty")
    if column.check:
        yield _Rule(column, f"NOT ({column.check})", f"breaks the rule {column.check}")
    if name in ADDRESSES:
        complaint = "is an address of another kind than http and https"
        yield _Rule(column, OTHER_SCHEME.format(name), complaint)
    if column.code:
        # Codes of three letters may be of groups or of states that are no more; any other text
        # that names a state of today was not translated.
        not_codes = f'SELECT DISTINCT "{name}" FROM rows WHERE length("{name}") <> 3'
        for (text,) in con.execute(not_codes).fetchall():
            code = country_or_none(text)
            if code and alpha2(code):
                complaint = f"is where the code {code} should be"
                yield _Rule(column, f'"{name}" = {quote(text)}', complaint)


def refuse_repeated(rows: pa.Table, path: str, key: list[str], *, keyless: bool = False) -> None:
    """Refuse a file that has a row twice.

    Parameters
    ----------
    key
        the columns that tell rows apart; if empty, all but the locator.
    keyless
        whether equal rows are allowed. Then a file is refused only if every row has an equal one,
        as in a file whose whole content was written twice.

    Raises
    ------
    DataError
        naming the file, both rows and the cure.
    """
    compared = key or [name for name in rows.column_names if name != "locator"]
    columns = ", ".join(f'"{name}"' for name in compared)
    numbered = "(SELECT *, row_number() OVER () AS n FROM rows)"
    with in_memory() as con:
        con.register("rows", rows)
        distinct, once = con.execute(
            "SELECT count(*), count(*) FILTER (WHERE times = 1) "
            f"FROM (SELECT count(*) AS times FROM rows GROUP BY {columns})"
        ).fetchall()[0]
        if distinct == rows.num_rows or (keyless and once):
            return
        first, last, *values = con.execute(
            f"SELECT arg_min(locator, n), arg_max(locator, n), {columns} FROM {numbered} "
            f"GROUP BY {columns} HAVING count(*) > 1 ORDER BY min(n) LIMIT 1"
        ).fetchall()[0]
    raise DataError(
        f"is already at {first}: the file says it twice"
        + ("" if once else ", as it does every row"),
        file=path,
        row=last,
        column=", ".join(key) or None,
        value=" ".join("-" if v is None else str(v) for v in values)[:120],
        cure="get it again, or take one out; nothing was taken in",
    )
