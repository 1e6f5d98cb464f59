# SPDX-License-Identifier: Apache-2.0
"""The reader of every source whose TOML says how its file is read (:mod:`bilat.catalog.reading`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.catalog.reading import COLUMN, Read
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.files.validation import refuse_damaged
from bilat.formats.table import (
    day,
    first_of_month,
    historic_year,
    integer,
    lines,
    month,
    number,
    period,
    records,
    year,
)
from bilat.formats.trade.publishers import shaped_sql
from bilat.places import country_or_none, place_codes
from bilat.places.cow import seat, state
from bilat.places.labels import partner_code


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """The rows of the one table that the file holds.

    Raises
    ------
    DataError
        for another header, fewer rows than the file's `min_lines`, a row that breaks a check, a cell that is not of
        its type, or a key that stands twice.
    """
    spec = opened.reading()
    raw = _raw(opened, spec)
    if raw.num_rows < opened.file.min_lines:
        raise DataError(
            f"{raw.num_rows} rows of the publisher's where at least {opened.file.min_lines} are "
            "expected: "
            "the file is truncated",
            file=opened.file.path,
            cure="pull it again; nothing was taken in",
        )
    at = "row" if spec.parquet else "line"
    con = duckdb.connect(":memory:")
    try:
        con.register("raw", raw)
        for check in spec.check:
            bad = con.execute(
                f'SELECT line, CAST("{check.column}" AS VARCHAR) FROM raw '
                f"WHERE ({_filled(check.test, opened)}) IS NOT TRUE ORDER BY line LIMIT 1"
            ).fetchone()
            if bad:
                raise opened.refuse(bad[0], check.column, bad[1], check.why)
        if spec.format:
            con.execute(f"CREATE TEMP VIEW shaped AS {shaped_sql(spec.format, spec.header)}")
        picked = con.sql(_filled(spec.select, opened)).to_arrow_table()
        _refuse_twice(opened, con, spec, picked)
    finally:
        con.close()
    yield spec.table, _typed(opened, spec, picked, at)


def _filled(text: str, opened: Opened) -> str:
    vintage = opened.file.vintage
    given = {
        **opened.file.options,
        "vintage": vintage.isoformat(),
        "vintage_year": str(vintage.year),
    }
    for name, value in given.items():
        text = text.replace(f"{{{name}}}", value.replace("'", "''"))
    return text


def _raw(opened: Opened, spec: Read) -> pa.Table:
    place = opened.place()
    if spec.parquet:
        refuse_damaged(opened.path, place.title, "arrow", f"pull it again; {place.after}")
        try:
            made = pq.read_table(opened.path)
        except (pa.ArrowInvalid, OSError) as e:
            raise place.refuse(
                None, None, None, f"is not a whole Parquet file ({e})", "pull it again"
            ) from None
        if not spec.exact and set(spec.header) <= set(made.column_names):
            made = made.select(spec.header)
        if made.column_names != spec.header:
            raise place.refuse(
                None,
                None,
                None,
                f"the columns are {made.column_names}, not {spec.header}",
                f"not the file that {place.whose} publishes: check the download",
            )
        return made.append_column("line", pa.array(range(1, made.num_rows + 1), pa.int64()))
    if spec.above:
        top = dict(
            zip(
                range(1, spec.skip + 1),
                (text for _, text in lines(place, spec.encoding)),
                strict=False,
            )
        )
        for n, text in spec.above.items():
            if text not in top.get(n, ""):
                raise place.refuse(
                    n,
                    None,
                    top.get(n, "")[:40],
                    f"does not say {text!r}",
                    f"get the file that {place.whose} publishes from {opened.source.url}",
                )
    rows = records(
        place,
        spec.header,
        skip=spec.skip,
        delimiter=spec.delimiter,
        encoding=spec.encoding,
        exact=spec.exact,
        skip_end=spec.skip_end,
        once=spec.once,
    )
    made_of: dict[str, list[Any]] = {c: [] for c in [*spec.header, "line"]}
    for r in rows:
        for c in spec.header:
            made_of[c].append(r.cells[c])
        made_of["line"].append(r.line)
    return pa.table(
        {c: pa.array(v, pa.int64() if c == "line" else pa.string()) for c, v in made_of.items()}
    )


def _refuse_twice(
    opened: Opened, con: duckdb.DuckDBPyConnection, spec: Read, picked: pa.Table
) -> None:
    """No two rows have one key of the publisher's."""
    if not spec.key:
        return
    con.register("picked", picked)
    key = ", ".join(f'"{c}"' for c in spec.key)
    twice = con.execute(
        f"SELECT min(line), max(line), {key} FROM picked GROUP BY {key} HAVING count(*) > 1 ORDER "
        "BY 2 LIMIT 1"
    ).fetchone()
    if twice:
        raise opened.refuse(
            twice[1],
            ", ".join(spec.key),
            " ".join(map(str, twice[2:])),
            f"stands already in row {twice[0]}: the file says it twice. Get it again, or take "
            "one out",
        )


def _typed(opened: Opened, spec: Read, picked: pa.Table, at: str) -> pa.Table:
    n = picked.num_rows
    columns: dict[str, pa.Array] = {}
    groups: dict[str, pa.Array] = {}
    for ours, text in spec.columns.items():
        form = COLUMN.fullmatch(text)
        assert form is not None  # the catalog was checked when it was read
        if form["theirs"] not in picked.column_names:
            raise DataError(
                f"catalog: {opened.source.name}: columns.{ours} names {form['theirs']!r}, which "
                "select lacks"
            )
        parse = _parser(form["type"], spec.words.get(ours, {}))
        kind = table(spec.table).schema(stamped=False).field(ours).type
        columns[ours] = _each(opened, picked, form["theirs"], parse, kind, bool(form["needed"]))
        if form["scale"]:
            columns[ours] = pc.multiply(columns[ours], float(form["scale"]))
        if form["type"] == "partner":
            groups[ours] = _each(
                opened, picked, form["theirs"], lambda t: partner_code(t)[1], pa.bool_(), False
            )
    for ours, value in spec.fixed.items():
        value = _filled(value, opened) if isinstance(value, str) else value
        columns[ours] = pa.repeat(pa.scalar(value), n)
        if isinstance(value, str):
            groups[ours] = pa.repeat(
                pa.scalar(partner_code(value)[1] if ours in spec.aggregate else False), n
            )
    if spec.table == "flows" and "is_aggregate" not in columns:
        sides = [groups[c] for c in spec.aggregate if c in groups]
        columns["is_aggregate"] = partial_or(sides, n)
    columns.setdefault("locator", _locator(picked, at))
    if "known_on" not in columns:
        columns["known_on"], columns["known_basis"] = _known(opened, spec, columns["period"])
    schema = table(spec.table).schema(stamped=False)
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise DataError(
            f"catalog: {opened.source.name}: table {spec.table} has no column {', '.join(sorted(unknown))}"
        )
    return pa.table(
        [
            columns[f.name].cast(f.type) if f.name in columns else pa.nulls(n, f.type)
            for f in schema
        ],
        schema=schema,
    )


def partial_or(sides: list[pa.Array], n: int) -> pa.Array:
    """Whether any of the sides is true, row by row."""
    out = pa.repeat(pa.scalar(False), n)
    for side in sides:
        out = pc.or_(out, pc.fill_null(side, False))
    return out


def _locator(picked: pa.Table, at: str) -> pa.Array:
    return pc.binary_join_element_wise(at, picked["line"].cast(pa.string()), " ")


def _known(opened: Opened, spec: Read, periods: pa.Array) -> tuple[pa.Array, pa.Array]:
    def when(text: str) -> tuple[dt.date, str]:
        if spec.known == "vintage":
            return opened.latest, "vintage"
        later = spec.published_with.get(text[5:7])
        return opened.known(f"{text[:4]}-{later}" if later else text)

    coded = _coded(periods)
    pairs = [when(p) for p in coded.dictionary.to_pylist()]
    since = dt.date.fromisoformat(_filled(spec.since, opened)) if spec.since else dt.date.min
    days = pa.array([max(d, since) for d, _ in pairs], pa.date32()).take(coded.indices)
    return days, pa.array([b for _, b in pairs], pa.string()).take(coded.indices)


def _coded(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_boolean(whole.type):
        whole = whole.cast(pa.string())
    coded = whole.dictionary_encode()
    return (
        coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    )  # by version of pyarrow


def _each(
    opened: Opened,
    picked: pa.Table,
    theirs: str,
    parse: Callable[[Any], Any],
    kind: pa.DataType,
    needed: bool,
) -> pa.Array:
    """A column with each distinct value parsed once; the first row of a value that is refused is told."""
    coded = _coded(picked[theirs])
    values: list[Any] = []
    for n, text in enumerate(coded.dictionary.to_pylist()):
        try:
            value = parse(text)
            if value is None and needed:
                raise ValueError("is empty")
        except ValueError as e:
            at = pc.index(coded.indices, n).as_py()
            raise opened.refuse(picked["line"][at].as_py(), theirs, text, str(e)) from None
        values.append(value)
    if needed and coded.indices.null_count:
        at = pc.index(pc.is_null(coded.indices), True).as_py()
        raise opened.refuse(picked["line"][at].as_py(), theirs, "", "is empty")
    return pa.array(values, kind).take(coded.indices)


# -- what the types of columns mean ------------------------------------------------------------------------------


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _number(value: Any) -> float | None:
    return (
        number(value)
        if isinstance(value, str)
        else None
        if value is None
        else _finite(float(value))
    )


def _finite(value: float) -> float:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("is not a finite number")
    return value


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else integer(value)


def _whole_text(text: str) -> str | None:
    """A number that names something: ``3`` of ``3.0``."""
    found = integer(text)
    return None if found is None else str(found)


def _place(text: str) -> str | None:
    """ISO alpha-3 of a country; any other label as published."""
    return country_or_none(text) or text if text.strip() else None


def _party(text: str) -> str | None:
    """ISO alpha-3 of a country; any other label as published, with a capital letter first."""
    return country_or_none(text) or text[:1].upper() + text[1:] or None


def _country(text: str) -> str | None:
    found = country_or_none(text) if text else None
    if text and found is None:
        raise ValueError("is not a country. Write an ISO code such as RUS")
    return found


def _iso3(text: str) -> str | None:
    if _country(text) != (text or None):
        raise ValueError("is not an ISO 3166-1 alpha-3 code")
    return text or None


def _m49(value: Any) -> str:
    found = place_codes.by_number().get(int(value)) if str(value).isdecimal() else None
    if found is None:
        raise ValueError("is not a code of a country")
    return found


def _cow(text: str) -> str | None:
    found = integer(text)
    return None if found is None else state(found)


def _cows(text: str) -> str:
    """ISO codes of state numbers, both joined with ``;``: each once, in order."""
    return ";".join(
        dict.fromkeys(state(n) for part in text.split(";") if (n := integer(part)) is not None)
    )


def _seat(text: str) -> str:
    """Whose seat in the United Nations a code stood for: ``SRB`` of ``YUG 2005``."""
    code, _, when = text.partition(" ")
    return seat(code, int(when))


def _digits(text: str, count: int) -> str:
    if not re.fullmatch(f"[0-9]{{{count}}}", text or ""):
        raise ValueError(f"is not a code of {count} digits")
    return text


def _flag(text: str) -> bool | None:
    if text not in ("Yes", "No", ""):
        raise ValueError("is neither Yes nor No")
    return {"Yes": True, "No": False}.get(text)


def _url(text: str) -> str | None:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("is not an address. Write https://…")
    return text or None


def _word(words: Mapping[str, str | bool], text: Any) -> str | bool | None:
    if str(text) not in words:
        raise ValueError(f"is not one of {', '.join(list(words)[:12])}")
    return words[str(text)] if words[str(text)] != "" else None


def _period_text(text: str) -> str | None:
    found = period(text)
    return None if found is None else str(found)


_TYPES: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "id": _whole_text,
    "number": _number,
    "integer": _whole,
    "year": lambda value: year(str(value)),
    "historic_year": lambda value: historic_year(str(value)),
    "month": month,
    "day": day,
    "first_of_month": first_of_month,
    "period": _period_text,
    "country": _country,
    "iso3": _iso3,
    "place": _place,
    "party": _party,
    "partner": lambda text: partner_code(text)[0] if text else None,
    "m49": _m49,
    "cow": _cow,
    "cows": _cows,
    "seat": _seat,
    "group": lambda text: country_or_none(text) is None,
    "flag": _flag,
    "url": _url,
}


def _parser(kind: str, words: Mapping[str, str | bool]) -> Callable[[Any], Any]:
    if kind == "word":
        return partial(_word, words)
    if digits := re.fullmatch(r"digits(\d+)", kind):
        return partial(_digits, count=int(digits[1]))
    if kind not in _TYPES:
        raise DataError(
            f"catalog: {kind!r} is not a type of column; there are {', '.join(_TYPES)}, word, "
            "digitsN"
        )
    return _TYPES[kind]
