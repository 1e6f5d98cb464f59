# SPDX-License-Identifier: Apache-2.0
"""The reader of every source that declares its columns in TOML (:mod:`bilat.catalog.reading`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.catalog.reading import COLUMN, Read
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.engine import in_memory
from bilat.errors import DataError
from bilat.files.validation import refuse_damaged
from bilat.formats.table import (
    Place,
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

if TYPE_CHECKING:
    import duckdb


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the one table of a file, with its name.

    Raises
    ------
    DataError
        for another header, fewer rows than the file's `min_lines`, a row that breaks a check, a
        cell that is not of its type, or a key that is there twice.
    """
    spec = opened.reading()
    raw = _raw(opened, spec)
    if raw.num_rows < opened.file.min_lines:
        raise DataError(
            f"{raw.num_rows} rows of the publisher's where at least {opened.file.min_lines} are "
            "expected: the file is truncated",
            file=opened.file.path,
            cure="pull it again; nothing was taken in",
        )
    with in_memory() as con:
        con.register("raw", raw)
        _refuse_failed_checks(opened, con, spec)
        if spec.format:
            con.execute(f"CREATE TEMP VIEW shaped AS {shaped_sql(spec.format, spec.header)}")
        selected = con.sql(_with_values(spec.select, opened)).to_arrow_table()
        _refuse_repeated_key(opened, con, spec, selected)
    yield spec.table, _typed(opened, spec, selected)


def _with_values(text: str, opened: Opened) -> str:
    """Replace ``{vintage}``, ``{vintage_year}`` and each ``{option}`` of the file in an SQL text."""
    vintage = opened.file.vintage
    values = {
        **opened.file.options,
        "vintage": vintage.isoformat(),
        "vintage_year": str(vintage.year),
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value.replace("'", "''"))
    return text


def _refuse_failed_checks(opened: Opened, con: duckdb.DuckDBPyConnection, spec: Read) -> None:
    """Refuse the first row for which a check of the source is not true."""
    for check in spec.check:
        wrong = con.execute(
            f'SELECT line, CAST("{check.column}" AS VARCHAR) FROM raw '
            f"WHERE ({_with_values(check.test, opened)}) IS NOT TRUE ORDER BY line LIMIT 1"
        ).fetchone()
        if wrong:
            line, value = wrong
            raise opened.refuse(line, check.column, value, check.why)


def _raw(opened: Opened, spec: Read) -> pa.Table:
    """Return the publisher's columns as they are, and the column ``line``."""
    if spec.parquet:
        return _raw_of_parquet(opened, spec)
    place = opened.place()
    _refuse_other_heading(opened, spec, place)
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
    texts: dict[str, list[str]] = {column: [] for column in spec.header}
    numbers: list[int] = []
    for row in rows:
        for column, cells in texts.items():
            cells.append(row.cells[column])
        numbers.append(row.line)
    columns = {column: pa.array(cells, pa.string()) for column, cells in texts.items()}
    return pa.table({**columns, "line": pa.array(numbers, pa.int64())})


def _raw_of_parquet(opened: Opened, spec: Read) -> pa.Table:
    place = opened.place()
    refuse_damaged(opened.path, place.title, "arrow", f"pull it again; {place.after}")
    try:
        found = pq.read_table(opened.path)
    except (pa.ArrowInvalid, OSError) as e:
        problem = f"is not a whole Parquet file ({e})"
        raise place.refuse(None, None, None, problem, "pull it again") from None
    if not spec.exact and set(spec.header) <= set(found.column_names):
        found = found.select(spec.header)
    if found.column_names != spec.header:
        raise place.refuse(
            None,
            None,
            None,
            f"the columns are {found.column_names}, not {spec.header}",
            f"not the file that {place.whose} publishes: check the download",
        )
    return found.append_column("line", pa.array(range(1, found.num_rows + 1), pa.int64()))


def _refuse_other_heading(opened: Opened, spec: Read, place: Place) -> None:
    """Refuse a file whose lines above the header lack the words that the source declares."""
    if not spec.above:
        return
    above = islice(lines(place, spec.encoding), spec.skip)
    heading = {line: text for line, (_, text) in enumerate(above, start=1)}
    for line, words in spec.above.items():
        text = heading.get(line, "")
        if words not in text:
            raise place.refuse(
                line,
                None,
                text[:40],
                f"does not say {words!r}",
                f"get the file that {place.whose} publishes from {opened.source.url}",
            )


def _refuse_repeated_key(
    opened: Opened, con: duckdb.DuckDBPyConnection, spec: Read, selected: pa.Table
) -> None:
    """Refuse a second row with the same key."""
    if not spec.key:
        return
    con.register("selected", selected)
    key = ", ".join(f'"{column}"' for column in spec.key)
    repeated = con.execute(
        f"SELECT min(line), max(line), {key} FROM selected GROUP BY {key} "
        "HAVING count(*) > 1 ORDER BY 2 LIMIT 1"
    ).fetchone()
    if repeated:
        first, last, *values = repeated
        raise opened.refuse(
            last,
            ", ".join(spec.key),
            " ".join(map(str, values)),
            f"is already in row {first}: the file says it twice. Get it again, or take one out",
        )


def _typed(opened: Opened, spec: Read, selected: pa.Table) -> pa.Table:
    """Return the rows as the catalog's table has them."""
    schema = table(spec.table).schema(stamped=False)
    columns = {
        ours: _parsed_column(opened, spec, selected, ours, schema.field(ours).type)
        for ours in spec.columns
    }
    for ours, value in spec.fixed.items():
        fixed = _with_values(value, opened) if isinstance(value, str) else value
        columns[ours] = pa.repeat(pa.scalar(fixed), selected.num_rows)
    if spec.table == "flows" and "is_aggregate" not in columns:
        columns["is_aggregate"] = _is_aggregate(opened, spec, selected)
    columns.setdefault("locator", _locator(selected, "row" if spec.parquet else "line"))
    if "known_on" not in columns:
        columns["known_on"], columns["known_basis"] = _known(opened, spec, columns["period"])
    unknown = set(columns) - set(schema.names)
    if unknown:
        names = ", ".join(sorted(unknown))
        raise DataError(f"catalog: {opened.source.name}: table {spec.table} has no column {names}")
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(selected.num_rows, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)


@dataclass(frozen=True)
class _Form:
    """The form ``theirs:type*scale!`` of a column, as :data:`bilat.catalog.reading.COLUMN` has it."""

    theirs: str
    type: str
    scale: float | None
    is_needed: bool


def _form_of(opened: Opened, spec: Read, selected: pa.Table, ours: str) -> _Form:
    found = COLUMN.fullmatch(spec.columns[ours])
    assert found is not None  # the catalog was checked when it was read
    if found["theirs"] not in selected.column_names:
        raise DataError(
            f"catalog: {opened.source.name}: columns.{ours} names {found['theirs']!r}, which "
            "select lacks"
        )
    scale = float(found["scale"]) if found["scale"] else None
    return _Form(found["theirs"], found["type"], scale, bool(found["needed"]))


def _parsed_column(
    opened: Opened, spec: Read, selected: pa.Table, ours: str, kind: pa.DataType
) -> pa.Array:
    """Return one of our columns, parsed and scaled."""
    form = _form_of(opened, spec, selected, ours)
    parse = _parser(form.type, spec.words.get(ours, {}))
    column = _parse_each(opened, selected, form.theirs, parse, kind, needed=form.is_needed)
    return column if form.scale is None else pc.multiply(column, form.scale)


def _is_aggregate(opened: Opened, spec: Read, selected: pa.Table) -> pa.Array:
    """Return for each row of trade whether one of its sides is a group of states."""
    result = pa.repeat(pa.scalar(False), selected.num_rows)
    for ours in spec.aggregate:
        if isinstance(spec.fixed.get(ours), str):
            value = _with_values(str(spec.fixed[ours]), opened)
            side = pa.repeat(pa.scalar(_is_group(value)), selected.num_rows)
        elif ours in spec.columns:
            form = _form_of(opened, spec, selected, ours)
            if form.type != "partner":
                continue
            side = _parse_each(opened, selected, form.theirs, _is_group, pa.bool_(), needed=False)
        else:
            continue
        result = pc.or_(result, pc.fill_null(side, False))
    return result


def _is_group(text: str) -> bool:
    return partner_code(text)[1]


def _locator(selected: pa.Table, unit: str) -> pa.Array:
    """Return "line 5" or "row 5" for each row."""
    return pc.binary_join_element_wise(unit, selected["line"].cast(pa.string()), " ")


def _known(opened: Opened, spec: Read, periods: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return known_on and known_basis of each row, by its period."""
    since = dt.date.min
    if spec.since:
        since = dt.date.fromisoformat(_with_values(spec.since, opened))
    coded = _dictionary(periods)
    pairs = [_known_of_period(opened, spec, period) for period in coded.dictionary.to_pylist()]
    days = pa.array([max(day, since) for day, _ in pairs], pa.date32())
    bases = pa.array([basis for _, basis in pairs], pa.string())
    return days.take(coded.indices), bases.take(coded.indices)


def _known_of_period(opened: Opened, spec: Read, period: str) -> tuple[dt.date, str]:
    if spec.known == "vintage":
        return opened.latest, "vintage"
    # Some months come out together with a later one of the same year.
    later_month = spec.published_with.get(period[5:7])
    return opened.known(f"{period[:4]}-{later_month}" if later_month else period)


def _dictionary(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column as its distinct values and an index into them for each row."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_boolean(whole.type):
        whole = whole.cast(pa.string())
    coded = whole.dictionary_encode()
    # Some versions of pyarrow combine chunks to an array, others to a chunked one.
    return coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded


def _parse_each(
    opened: Opened,
    selected: pa.Table,
    theirs: str,
    parse: Callable[[Any], Any],
    kind: pa.DataType,
    *,
    needed: bool,
) -> pa.Array:
    """Parse each distinct value of a column once.

    Raises
    ------
    DataError
        naming the first row with a value that is refused, or that is empty where it may not be.
    """
    coded = _dictionary(selected[theirs])

    def refused(position: int, value: object, problem: str) -> DataError:
        return opened.refuse(selected["line"][position].as_py(), theirs, value, problem)

    values: list[Any] = []
    for code, text in enumerate(coded.dictionary.to_pylist()):
        try:
            value = parse(text)
            if value is None and needed:
                raise ValueError("is empty")
        except ValueError as e:
            position = pc.index(coded.indices, code).as_py()
            raise refused(position, text, str(e)) from None
        values.append(value)
    if needed and coded.indices.null_count:
        position = pc.index(pc.is_null(coded.indices), True).as_py()
        raise refused(position, "", "is empty")
    return pa.array(values, kind).take(coded.indices)


# -- the types of columns --


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    return number(value) if isinstance(value, str) else _finite(float(value))


def _finite(value: float) -> float:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("is not a finite number")
    return value


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else integer(value)


def _whole_text(text: str) -> str | None:
    """Return a number that is used as a name: ``3`` for ``3.0``."""
    found = integer(text)
    return None if found is None else str(found)


def _place(text: str) -> str | None:
    """Return the ISO alpha-3 code of a country, or any other label as published."""
    if not text.strip():
        return None
    return country_or_none(text) or text


def _party(text: str) -> str | None:
    """Return the ISO alpha-3 code of a country, or any other label with a capital first."""
    if not text:
        return None
    return country_or_none(text) or text[:1].upper() + text[1:]


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
    """Return the ISO codes of state numbers, ``;`` between them, each once."""
    numbers = [integer(part) for part in text.split(";")]
    codes = dict.fromkeys(state(number) for number in numbers if number is not None)
    return ";".join(codes)


def _seat(text: str) -> str:
    """Return the state whose seat in the United Nations a code and a year name.

    ``YUG 2005`` is ``SRB``.
    """
    code, _, when = text.partition(" ")
    return seat(code, int(when))


def _digits(text: str, count: int) -> str:
    if not re.fullmatch(f"[0-9]{{{count}}}", text or ""):
        raise ValueError(f"is not a code of {count} digits")
    return text


def _flag(text: str) -> bool | None:
    if text not in ("Yes", "No", ""):
        raise ValueError("is neither Yes nor No")
    return None if text == "" else text == "Yes"


def _url(text: str) -> str | None:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("is not an address. Write https://…")
    return text or None


def _word(words: Mapping[str, str | bool], text: Any) -> str | bool | None:
    if str(text) not in words:
        raise ValueError(f"is not one of {', '.join(list(words)[:12])}")
    ours = words[str(text)]
    return None if ours == "" else ours


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
    "group": lambda text: country_or_none(text) is None,  # whether a label is not a country's
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
            f"catalog: {kind!r} is not a type of column. Choose from: {', '.join(_TYPES)}, word, "
            "digitsN"
        )
    return _TYPES[kind]
