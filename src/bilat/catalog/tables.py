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
    """One column: its Arrow type, unit and meaning; ``check`` is SQL that must not be false; ``code``: of a state."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    optional: bool = False
    check: str = ""
    code: bool = False


@dataclass(frozen=True)
class TypedTable:
    """One typed table."""

    name: str
    about: str
    columns: tuple[TypedColumn, ...]

    def schema(self, *, stamped: bool = True) -> pa.Schema:
        """Arrow schema; with ``stamped=False`` only what a reader makes."""
        return pa.schema(
            [
                pa.field(c.name, c.type, nullable=True)
                for c in self.columns
                if stamped or c.name not in STAMPED
            ]
        )

    def arrow(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows of a reader as an Arrow table; a column that is missing becomes null."""
        schema = self.schema(stamped=False)
        unknown = {k for r in rows[:1] for k in r} - set(schema.names)
        if unknown:
            raise DataError(f"table {self.name} has no column {', '.join(sorted(unknown))}")
        return pa.Table.from_pylist(rows, schema=schema)


@cache
def tables() -> dict[str, TypedTable]:
    """All tables by name."""
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
    """The table of that name."""
    found = tables().get(name)
    if found is None:
        raise DataError(f"there is no table {name!r}. Choose from: {', '.join(tables())}")
    return found


#: Columns that become links. A remark may stand in one; an address that a click would run may not.
ADDRESSES = ("url", "url_2")
OTHER_SCHEME = (
    "regexp_matches(regexp_replace(\"{0}\", '[\\x00-\\x20]', '', 'g'), '^[A-Za-z][A-Za-z0-9+.-]*:') "
    "AND NOT regexp_matches(\"{0}\", '^https?://')"
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
        # One look at all rows; which row it is, is asked only of a rule that is broken.
        broken = ", ".join(f"bool_or({rule.broken})" for rule in rules)
        answers = con.execute(f"SELECT {broken} FROM rows").fetchall()[0]
        rule = next((r for r, is_broken in zip(rules, answers, strict=True) if is_broken), None)
        if rule is None:
            return
        column = rule.column
        where, value = con.execute(
            f'SELECT locator, CAST("{column.name}" AS VARCHAR) FROM rows WHERE {rule.broken} LIMIT 1'
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
    """What no row of a table may be."""

    column: TypedColumn
    broken: str  #: SQL that is true for a row that may not be
    complaint: str


def _rules(con: duckdb.DuckDBPyConnection, column: TypedColumn) -> Iterator[_Rule]:
    """Yield the rules of a column; those on codes need its words."""
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
        asked = f'SELECT DISTINCT "{name}" FROM rows WHERE length("{name}") <> 3'
        for (text,) in con.execute(asked).fetchall():
            if (code := country_or_none(text)) and alpha2(code):
                complaint = f"is where the code {code} should be"
                yield _Rule(column, f'"{name}" = {quote(text)}', complaint)


def refuse_repeated(rows: pa.Table, path: str, key: list[str], *, keyless: bool = False) -> None:
    """Refuse a file that says something twice.

    Without ``key`` no two rows may be equal in every column but their place. ``keyless`` is for a table whose rows
    may: then only a body that appears twice is seen, every row having its double.

    Raises
    ------
    DataError
        naming the file, both rows and the cure.
    """
    by = key or [c for c in rows.column_names if c != "locator"]
    listed = ", ".join(f'"{c}"' for c in by)
    with in_memory() as con:
        con.register("rows", rows)
        grouped = f"FROM (SELECT *, row_number() OVER () AS n FROM rows) GROUP BY {listed}"
        every, once = con.execute(
            f"SELECT count(*), count(*) FILTER (WHERE times = 1) FROM (SELECT count(*) AS times {grouped})"
        ).fetchall()[0]
        if every == rows.num_rows or (keyless and once):
            return
        twice = con.execute(
            f"SELECT arg_min(locator, n), arg_max(locator, n), {listed} {grouped} HAVING count(*) > 1 "
            "ORDER BY min(n) LIMIT 1"
        ).fetchall()[0]
    raise DataError(
        f"is already at {twice[0]}: the file says it twice"
        + ("" if once else ", as it does every row"),
        file=path,
        row=twice[1],
        column=", ".join(key) or None,
        value=" ".join("-" if v is None else str(v) for v in twice[2:])[:120],
        cure="get it again, or take one out; nothing was taken in",
    )
