# SPDX-License-Identifier: Apache-2.0
"""What a manifest says of the rows of one edition: how far they speak, since when they were public,
their profile; and what differs between two editions of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict

import pyarrow as pa

from bilat.catalog import Source, table
from bilat.errors import DataError
from bilat.places import country_name, country_or_none
from bilat.when import Period

if TYPE_CHECKING:
    import duckdb

#: Columns that say where a row stands, and not what it says.
_ABOUT = ("locator", "known_on", "known_basis", "source", "snapshot", "vintage", "corrected")
#: Shares of the edition held beyond which a new one is not taken in unasked; a source's ``bounds``
#: go
#: before, and of those one of a table (``listings.gone``).
BOUNDS: Mapping[str, float] = {
    "gone": 0.1,  #: rows whose key the new one lacks
    "factor": 3.0,  #: median ratio of the values that changed, up or down, where a tenth or more changed
    "moved": 0.3,  #: values that changed by more than a tenth
    "wild": 0.02,  #: values that are more than thirty times, or less than a thirtieth of, those held
    "slid": 0.5,  #: values that changed to those of the row above or below, where one in fifty changed
    "zeros": 0.1,  #: values that were some and are zero or blank
    "shifted": 0.25,  #: rows with a date that lies more than a month elsewhere
    "texts": 0.5,  #: rows of which some word or date changed
}


class TableProfile(TypedDict):
    """What a manifest says of the rows of a table; older ones lack all but the years."""

    first: int
    last: int
    content: NotRequired[str]
    known: NotRequired[str]
    profile: NotRequired[dict[str, str | list[float]]]


class TableEntry(TableProfile):
    """A table of a snapshot: its file, and what is said of its rows."""

    file: str
    rows: int
    sha256: str


class Lineage(TypedDict):
    """Where the bytes of a snapshot came from; of what was handed over only ``how`` is known."""

    how: str  #: fetched, handed over, or built with the package
    address: NotRequired[str]
    host: NotRequired[str]  #: that sent the file, after redirects
    at: NotRequired[str]  #: when, in UTC
    etag: NotRequired[str]
    modified: NotRequired[str]  #: Last-Modified, as it was sent
    name: NotRequired[str]  #: the publisher's name of the file


class Entry(TypedDict):
    """A snapshot as a manifest has it."""

    source: str
    path: str
    series: str
    sha256: str
    bytes: int
    vintage: str
    vintage_basis: str
    pulled_on: str
    tables: dict[str, TableEntry]
    reader: NotRequired[str]
    closed_on: NotRequired[str]
    accepted: NotRequired[str]
    content_to: NotRequired[str]  #: the last day that its own rows bear; "" if none bears any
    stated: NotRequired[str]  #: the date that the edition bears; "" if none
    stated_by: NotRequired[str]  #: see :data:`bilat.freshness.WITNESSES`
    lineage: NotRequired[Lineage]


class Quarantined(DataError):
    """An edition that differs from the one held by more than is declared; ``changes``: all that
    differs."""

    def __init__(self, path: str, reasons: tuple[str, ...], changes: tuple[str, ...]) -> None:
        super().__init__(
            "; ".join(reasons),
            file=path,
            cure="it is kept aside and nothing is taken in; if the publisher means it: `accept` WHY",
        )
        self.changes = changes


def described(rows: pa.Table, vintage: dt.date) -> TableProfile:
    """What a manifest says of rows: years, the last day they speak of, the days they became public,
    profile."""
    import duckdb

    con = duckdb.connect(":memory:")
    con.register("rows", rows)
    first, last, days = con.execute(
        "SELECT min(period), max(period), list_sort(list(DISTINCT CAST(known_on AS VARCHAR))) FROM rows"
    ).fetchall()[0]
    measures = [f.name for f in rows.schema if pa.types.is_floating(f.type)]
    profile: dict[str, str | list[float]] = {"first": first or "", "last": last or ""}
    for name in measures:
        found = con.execute(
            f'SELECT count("{name}"), count(*) FILTER (WHERE "{name}" = 0), fsum("{name}"), '
            f'quantile_disc("{name}", [0, .25, .5, .75, 1]) FROM rows'
        ).fetchall()[0]
        if found[0]:
            profile[name] = [*found[:2], _short(found[2]), *map(_short, found[3])]
    con.close()
    return {
        "first": int(first[:4]) if first else 0,
        "last": int(last[:4]) if last else 0,
        "content": str(min(Period(last).end, vintage) if last else vintage),
        "known": " ".join(days or ()),
        "profile": profile,
    }


def _short(value: float) -> float:
    """Nine digits, the same on any machine whatever the order in which was added."""
    return float(f"{value:.9g}")


@dataclass(frozen=True)
class MeasureDrift:
    """What became of one measure, in the rows that both editions have."""

    changed: float  #: share of the values that differ
    moved: float  #: by over a tenth
    zeros: float  #: to zero or blank
    wild: float  #: by a factor of thirty, up or down
    ratio: float  #: median of new to old, of those that changed
    total: float  #: the new sum to the old one
    slid: float  #: share of those that changed which are now those of the row above or below
    zeroed: str = ""  #: the newest period, if its values are zero and those before it are not


@dataclass(frozen=True)
class Drift:
    """What a new edition of a table has against the one held. Values are those of rows that both
    have."""

    table: str
    rows: tuple[int, int]  #: in the edition held, and in the new one
    span: tuple[
        str, str, str, str
    ]  #: first and last period of the edition held, and of the new one
    gone: int  #: rows whose key is in the edition held alone
    come: int  #: rows whose key is in the new one alone
    values: dict[str, MeasureDrift] = field(default_factory=dict)  #: by column
    shifted: float = 0.0  #: share of rows with a date more than a month elsewhere
    texts: int = 0  #: rows of which some word or date changed

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not (
            self.gone or self.come or self.texts or any(v.changed for v in self.values.values())
        )

    def lines(self) -> Iterator[str]:
        """What changed, in two lines."""
        yield (
            f"{self.table}: {self.rows[1]:,} rows to {self.span[3]} ({self.rows[0]:,} to {self.span[1]} held); "
            f"{self.come:,} new, {self.gone:,} gone"
        )
        changed = [
            f"{c} {v.changed:.1%} of its values" for c, v in self.values.items() if v.changed
        ]
        changed += [f"words or dates of {self.texts:,} rows"] if self.texts else []
        yield "  changed: " + (", ".join(changed) or "nothing in the rows that both have")

    def beyond(self, bounds: Mapping[str, float]) -> Iterator[str]:
        """Why it is not taken in unasked, a line each."""
        own = {
            k.removeprefix(f"{self.table}."): v
            for k, v in bounds.items()
            if k.startswith(f"{self.table}.")
        }
        most = {**BOUNDS, **bounds, **own}
        if self.rows[0] and self.gone / self.rows[0] > most["gone"]:
            gone = self.gone / self.rows[0]
            yield f"{self.table}: {gone:.0%} of the earlier rows are gone (bound {most['gone']:.0%})"
        if self.shifted > most["shifted"]:
            yield f"{self.table}: dates of {self.shifted:.0%} of the rows lie more than a month elsewhere"
        if (both := self.rows[0] - self.gone) and self.texts / both > most["texts"]:
            yield f"{self.table}: words or dates differ in {self.texts / both:.0%} of the rows"
        for column, v in self.values.items():
            what = f"{self.table}.{column}"
            if v.changed > 0.02 and v.slid > most["slid"]:
                yield f"{what}: {v.slid:.0%} of the values that changed are those of the row above or below"
            if v.zeros > most["zeros"]:
                yield f"{what}: {v.zeros:.0%} of the earlier values are zero or blank now"
            elif v.zeroed:
                yield f"{what}: nearly all values of {v.zeroed} are zero or blank"
            if v.changed > 0.1 and not 1 / most["factor"] < v.ratio < most["factor"]:
                yield f"{what}: the values that changed are {v.ratio:.4g} times the earlier ones"
            elif v.moved > most["moved"]:
                yield f"{what}: {v.moved:.0%} of the values differ by more than a tenth"
            elif v.wild > most["wild"] or not 1 / most["factor"] < v.total < most["factor"]:
                yield f"{what}: {v.wild:.1%} of the values differ thirtyfold, the sum {v.total:.4g} times"


def compared(source: Source, name: str, held: pa.Table, new: pa.Table) -> Drift:
    """Two editions of one table, row by row: by the source's key, else by all that is no
    measure."""
    import duckdb

    con = duckdb.connect(":memory:")
    con.register("held", held)
    con.register("new", new)
    span_held = _span(con, "held")
    span_new = _span(con, "new")
    used = _used(name, held, stamped=max(span_held.periods, span_new.periods) <= 1)
    measures = [f.name for f in used if pa.types.is_floating(f.type)]
    key = source.keys.get(name) or [f.name for f in used if f.name not in measures]
    rest = [f.name for f in used if f.name not in key and f.name not in measures]
    dates = [f.name for f in used if pa.types.is_date(f.type) and f.name in rest]
    for edition in _EDITIONS:
        _group_by_key(con, edition, key=key, rest=rest, dates=dates, measures=measures)
    elsewhere = " OR ".join(f'abs(h."{d}" - w."{d}") > 31' for d in dates) or "FALSE"
    texts, shifted = con.execute(
        f"SELECT count(*) FILTER (WHERE h.words <> w.words OR h.n <> w.n), "
        f"coalesce(avg(CAST(({elsewhere}) AS INTEGER)), 0) {_JOIN}"
    ).fetchall()[0]
    drift = Drift(
        name,
        (held.num_rows, new.num_rows),
        (span_held.first, span_held.last, span_new.first, span_new.last),
        _rows_only_in(con, "held", "new"),
        _rows_only_in(con, "new", "held"),
        {m: _measure_drift(con, m, key) for m in measures},
        shifted,
        texts,
    )
    con.close()
    return drift


#: The two tables that are compared, and what joins them by their keys.
_EDITIONS = ("held", "new")
_JOIN = "FROM held_by_key h JOIN new_by_key w ON h.k = w.k"


class _Span(NamedTuple):
    """First and last period of a table, and how many it has."""

    first: str
    last: str
    periods: int


def _span(con: duckdb.DuckDBPyConnection, edition: str) -> _Span:
    query = f"SELECT min(period), max(period), count(DISTINCT period) FROM {edition}"
    first, last, periods = con.execute(query).fetchall()[0]
    return _Span(first or "", last or "", periods)


def _used(name: str, held: pa.Table, *, stamped: bool) -> list[pa.Field]:
    """Return the fields that are compared.

    The period of a list's row is the day of listing, which has a column of its own, else that of
    the edition; so is that of a table ``stamped`` with one period.
    """
    schema = table(name).schema()
    without_period = stamped or "party" in schema.names
    least = max(held.num_rows, 1)
    return [
        f
        for f in schema
        if f.name not in _ABOUT
        and not (without_period and f.name == "period")
        and held[f.name].null_count < least
    ]


def _group_by_key(
    con: duckdb.DuckDBPyConnection,
    edition: str,
    *,
    key: Sequence[str],
    rest: Sequence[str],
    dates: Sequence[str],
    measures: Sequence[str],
) -> None:
    """Make a table with one row a key: a hash of the other words, the first dates, the sums."""
    con.execute(
        f"CREATE TABLE {edition}_by_key AS SELECT {_hash(key)} AS k, count(*) AS n, "
        f"bit_xor({_hash(rest)}) AS words, "
        + "".join(f'min("{d}") AS "{d}", ' for d in dates)
        + "".join(f'sum("{m}") AS "{m}", ' for m in measures)
        + f"FROM {edition} GROUP BY k"
    )


def _rows_only_in(con: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    query = f"SELECT coalesce(sum(n), 0) FROM {one}_by_key ANTI JOIN {other}_by_key USING (k)"
    return int(con.execute(query).fetchall()[0][0])


def _measure_drift(
    con: duckdb.DuckDBPyConnection, measure: str, key: Sequence[str]
) -> MeasureDrift:
    """Return how the values of one measure moved between the editions."""
    before = f'h."{measure}"'
    after = f'coalesce(w."{measure}", 0)'
    off = f"abs({after} - {before}) > {{0}} * abs({before})"
    shares = (
        off.format("1e-9"),
        off.format("0.1"),
        f"{after} = 0",
        f"{after} <> 0 AND abs(ln(abs({after} / {before}))) > ln(30)",
    )
    means = ", ".join(f"coalesce(avg(CAST(({share}) AS INTEGER)), 0)" for share in shares)
    found = con.execute(
        f"SELECT {means}, "
        f"coalesce(median({after} / {before}) FILTER (WHERE {shares[0]} AND {after} <> 0), 1), "
        f"coalesce(fsum(abs({after})) / nullif(fsum(abs({before})), 0), 1) "
        f"{_JOIN} WHERE {before} <> 0"
    ).fetchall()[0]
    slid = con.execute(_SLID.format(key=_hash(key), m=measure)).fetchall()[0]
    return replace(MeasureDrift(*(*found, *slid)), zeroed=_zeroed(con, measure))


#: Share of the values of the newest period that are zero or blank, above which it was not filled in,
#: where of the period before it at most half as many are; and the fewest values that tell.
ALL_ZERO = 0.9
FEWEST = 3
_ZEROS = """
SELECT period, count(*) AS n, avg(CAST(coalesce("{m}", 0) = 0 AS INTEGER)) AS zeros
FROM new GROUP BY period ORDER BY period DESC LIMIT 2"""


def _zeroed(con: Any, measure: str) -> str:
    """Return the newest period of the new edition if it came without values; "" if it has some."""
    found = con.execute(_ZEROS.format(m=measure)).fetchall()
    if len(found) < 2 or min(n for _, n, _ in found) < FEWEST:
        return ""
    (newest, _, zeros), (_, _, before) = found
    return str(newest) if zeros > ALL_ZERO and before <= zeros / 2 else ""


#: Of the values of a measure that changed, those that the edition held has in the row above or
#: below, of the file or
#: of the same period (a file may have a column for each year).
_SLID = """
WITH of_both AS (
  SELECT w.n, w.period, w.m AS now, h."{m}" AS was
  FROM (SELECT {key} AS k, row_number() OVER () AS n, period, "{m}" AS m FROM new) AS w JOIN held_by_key AS h USING (k)
), near AS (
  SELECT now, was, [lag(was) OVER whole, lead(was) OVER whole, lag(was) OVER years, lead(was) OVER years] AS beside
  FROM of_both WINDOW whole AS (ORDER BY n), years AS (PARTITION BY period ORDER BY n)
)
SELECT coalesce(avg(CAST(list_contains(beside, now) AS INTEGER)), 0) FROM near
WHERE now <> 0 AND now IS DISTINCT FROM was
"""
#: Programmes and states that are named of what a list gained and lost.
_NAMED = 6
#: Parties that a programme or state gained and lost: a party counts once for each that it came to or left.
_CHANGED = """
SELECT what, count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM (
  SELECT what, party, TRUE AS is_new FROM (SELECT what, party FROM {new} EXCEPT SELECT what, party FROM {held})
  UNION ALL
  SELECT what, party, FALSE FROM (SELECT what, party FROM {held} EXCEPT SELECT what, party FROM {new})
) GROUP BY what ORDER BY count(DISTINCT party) DESC, what"""


def news(both: Mapping[str, tuple[pa.Table, pa.Table]]) -> Iterator[str]:
    """What a list gained and lost, in parties by programme and by state, a line each."""
    import duckdb

    if "listings" not in both or "parties" not in both:
        return
    with duckdb.connect(":memory:") as con:
        for name, pair in both.items():
            for side, rows in zip(("held", "new"), pair, strict=True):
                con.register(f"{side}_{name}", rows)
        for side in ("held", "new"):
            con.execute(
                f"CREATE TABLE {side}_programme AS SELECT DISTINCT party, concat_ws(' ', list, programme) AS what "
                f"FROM {side}_listings"
            )
            of = f"SELECT party, unnest(string_split(countries, ';')) AS what FROM {side}_parties"
            if "addresses" in both:
                of += f" UNION SELECT party, country FROM {side}_addresses"
            con.execute(
                f"CREATE TABLE {side}_state AS SELECT DISTINCT * FROM ({of}) WHERE what <> ''"
            )
        for by in ("programme", "state"):
            found = con.execute(_CHANGED.format(held=f"held_{by}", new=f"new_{by}")).fetchall()
            named = [
                f"{country_name(code) if by == 'state' and (code := country_or_none(what)) else what}"
                + (f" +{come}" if come else "")
                + (f" -{gone}" if gone else "")
                for what, come, gone in found[:_NAMED]
            ]
            if found:
                more = f", {len(found) - _NAMED} more" if len(found) > _NAMED else ""
                yield f"  by {by}: {', '.join(named)}{more}"


def _hash(columns: Sequence[str]) -> str:
    listed = ", ".join(f'"{c}"' for c in columns)
    return f"hash({listed})" if columns else "CAST(0 AS UBIGINT)"
