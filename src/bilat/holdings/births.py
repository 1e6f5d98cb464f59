# SPDX-License-Identifier: Apache-2.0
"""The profile of an edition's rows in a manifest, and the differences between two editions.

A profile says which years the rows cover, on which days they became public, and how their values
are distributed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict

import pyarrow as pa

from bilat.catalog import Source, table
from bilat.engine import in_memory
from bilat.errors import DataError
from bilat.places import country_name, country_or_none
from bilat.when import Period

if TYPE_CHECKING:
    import duckdb

#: Columns on the origin of a row, which are not compared.
_ABOUT = ("locator", "known_on", "known_basis", "source", "snapshot", "vintage", "corrected")
#: Limits of the differences up to which a new edition is stored without asking. A source's
#: ``bounds`` replace them, for all of its tables or for one (``listings.gone``).
BOUNDS: Mapping[str, float] = {
    "gone": 0.1,  #: share of the stored rows whose key the new edition lacks
    "factor": 3.0,  #: median factor, up or down, of the changed values, where a tenth or more changed
    "moved": 0.3,  #: share of the values that changed by more than a tenth
    "wild": 0.02,  #: share of the values that changed by a factor of more than thirty, up or down
    "slid": 0.5,  #: share of the changed values that now equal the stored value one row above or below
    "zeros": 0.1,  #: share of the values that are now zero or blank
    "shifted": 0.25,  #: share of the rows with a date that moved by more than a month
    "texts": 0.5,  #: share of the rows with a changed word or date
}


class TableProfile(TypedDict):
    """The profile of a table's rows; older manifests have only the years."""

    first: int
    last: int
    content: NotRequired[str]
    known: NotRequired[str]
    profile: NotRequired[dict[str, str | list[float]]]


class TableEntry(TableProfile):
    """A table of a snapshot: its file, and the profile of its rows."""

    file: str
    rows: int
    sha256: str


class Lineage(TypedDict):
    """The origin of a snapshot's bytes; for a file handed over only ``how`` is known."""

    how: str  #: fetched, handed over, or built with the package
    address: NotRequired[str]
    host: NotRequired[str]  #: that sent the file, after redirects
    at: NotRequired[str]  #: when, in UTC
    etag: NotRequired[str]
    modified: NotRequired[str]  #: Last-Modified, as it was sent
    name: NotRequired[str]  #: the publisher's name of the file


class Entry(TypedDict):
    """A snapshot's entry in a manifest."""

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
    content_to: NotRequired[str]  #: the last day in its rows; "" if they have no days
    stated: NotRequired[str]  #: the date printed on the edition; "" if there is none
    stated_by: NotRequired[str]  #: see :data:`bilat.freshness.WITNESSES`
    lineage: NotRequired[Lineage]


class Quarantined(DataError):
    """An edition that differs from the stored one by more than its source allows.

    ``changes`` has a line for each difference.
    """

    def __init__(self, path: str, reasons: tuple[str, ...], changes: tuple[str, ...]) -> None:
        super().__init__(
            "; ".join(reasons),
            file=path,
            cure="it is kept aside and nothing is taken in; if the publisher means it: `accept` WHY",
        )
        self.changes = changes


def described(rows: pa.Table, vintage: dt.date) -> TableProfile:
    """Return the profile of rows."""
    with in_memory() as con:
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
    return {
        "first": int(first[:4]) if first else 0,
        "last": int(last[:4]) if last else 0,
        "content": str(min(Period(last).end, vintage) if last else vintage),
        "known": " ".join(days or ()),
        "profile": profile,
    }


def _short(value: float) -> float:
    """Round to nine digits, so that sums added in another order are equal."""
    return float(f"{value:.9g}")


@dataclass(frozen=True)
class MeasureDrift:
    """The differences of one column of figures, in the rows that both editions have."""

    changed: float  #: share of the values that changed
    moved: float  #: share of those that changed by more than a tenth
    zeros: float  #: share of those that became zero or blank
    wild: float  #: share of those that changed by a factor of more than thirty, up or down
    ratio: float  #: median ratio of new to old, among the changed values
    total: float  #: ratio of the new sum to the old one
    slid: float  #: share of the changed values that equal the old value one row above or below
    zeroed: str = ""  #: the newest period, if it came without values and the one before it did not


@dataclass(frozen=True)
class Drift:
    """The differences between the stored and a new edition of a table.

    Values, dates and texts are compared in the rows that both have.
    """

    table: str
    rows: tuple[int, int]  #: of the stored edition, and of the new one
    #: First and last period of the stored edition, and of the new one.
    span: tuple[str, str, str, str]
    gone: int  #: rows whose key only the stored edition has
    come: int  #: rows whose key only the new edition has
    values: dict[str, MeasureDrift] = field(default_factory=dict)  #: by column
    shifted: float = 0.0  #: share of the rows with a date that moved by more than a month
    texts: int = 0  #: rows with a changed word or date

    @property
    def same(self) -> bool:
        """Whether both editions have the same rows."""
        has_changed_values = any(drift.changed for drift in self.values.values())
        return not (self.gone or self.come or self.texts or has_changed_values)

    def lines(self) -> Iterator[str]:
        """Yield two lines: the rows that came and went, and what changed in the others."""
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
        """Yield a line for each reason not to store the edition without asking."""
        most = self._limits(bounds)
        stored = self.rows[0]
        both = stored - self.gone
        if stored and self.gone / stored > most["gone"]:
            gone = self.gone / stored
            yield f"{self.table}: {gone:.0%} of the earlier rows are gone (bound {most['gone']:.0%})"
        if self.shifted > most["shifted"]:
            yield (
                f"{self.table}: dates of {self.shifted:.0%} of the rows lie more than a month "
                "elsewhere"
            )
        if both and self.texts / both > most["texts"]:
            yield f"{self.table}: words or dates differ in {self.texts / both:.0%} of the rows"
        for column, drift in self.values.items():
            yield from _beyond(f"{self.table}.{column}", drift, most)

    def _limits(self, bounds: Mapping[str, float]) -> dict[str, float]:
        """Return the limits: the general ones, those of the source, and those of this table."""
        prefix = f"{self.table}."
        own = {
            name.removeprefix(prefix): limit
            for name, limit in bounds.items()
            if name.startswith(prefix)
        }
        return {**BOUNDS, **bounds, **own}


def _beyond(column: str, drift: MeasureDrift, most: Mapping[str, float]) -> Iterator[str]:
    """Yield a line for each limit that the values of a column exceed."""

    def is_within(ratio: float) -> bool:
        return 1 / most["factor"] < ratio < most["factor"]

    if drift.changed > 0.02 and drift.slid > most["slid"]:
        yield (
            f"{column}: {drift.slid:.0%} of the values that changed are those of the row above or "
            "below"
        )
    if drift.zeros > most["zeros"]:
        yield f"{column}: {drift.zeros:.0%} of the earlier values are zero or blank now"
    elif drift.zeroed:
        yield f"{column}: nearly all values of {drift.zeroed} are zero or blank"
    if drift.changed > 0.1 and not is_within(drift.ratio):
        yield f"{column}: the values that changed are {drift.ratio:.4g} times the earlier ones"
    elif drift.moved > most["moved"]:
        yield f"{column}: {drift.moved:.0%} of the values differ by more than a tenth"
    elif drift.wild > most["wild"] or not is_within(drift.total):
        yield (
            f"{column}: {drift.wild:.1%} of the values differ thirtyfold, the sum "
            f"{drift.total:.4g} times"
        )


def compared(source: Source, name: str, held: pa.Table, new: pa.Table) -> Drift:
    """Compare two editions of a table row by row.

    Rows are matched by the source's key, or without one by all columns that are not figures.
    """
    with in_memory() as con:
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
            table=name,
            rows=(held.num_rows, new.num_rows),
            span=(span_held.first, span_held.last, span_new.first, span_new.last),
            gone=_rows_only_in(con, "held", "new"),
            come=_rows_only_in(con, "new", "held"),
            values={m: _measure_drift(con, m, key) for m in measures},
            shifted=shifted,
            texts=texts,
        )
    return drift


#: The tables of the two editions.
_EDITIONS = ("held", "new")
#: The join of their rows by key.
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

    Columns that are empty in the stored edition are left out. So is the period of a list of
    parties, and of a table ``stamped`` with one period: it only repeats the day of listing, which
    has a column of its own, or the date of the edition.
    """
    schema = table(name).schema()
    without_period = stamped or "party" in schema.names
    all_rows = max(held.num_rows, 1)
    return [
        f
        for f in schema
        if f.name not in _ABOUT
        and not (without_period and f.name == "period")
        and held[f.name].null_count < all_rows
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
    """Make a table with one row per key: a hash of the other words, the first dates, the sums."""
    con.execute(
        f"CREATE TEMP TABLE {edition}_by_key AS SELECT {_hash(key)} AS k, count(*) AS n, "
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


#: The share of zeros and blanks above which a period came without values, if the period before it
#: has at most half that share.
ALL_ZERO = 0.9
#: The fewest values of a period for which this is decided.
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


#: The share of the changed values that equal the old value one row above or below: in the file, or
#: among the rows of the same period, since a file may have a column for each year.
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
#: The most programmes or states that are named in a list's gains and losses.
_NAMED = 6
#: The parties that each programme or state gained and lost.
_CHANGED = """
SELECT what, count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM (
  SELECT what, party, TRUE AS is_new FROM (SELECT what, party FROM {new} EXCEPT SELECT what, party FROM {held})
  UNION ALL
  SELECT what, party, FALSE FROM (SELECT what, party FROM {held} EXCEPT SELECT what, party FROM {new})
) GROUP BY what ORDER BY count(DISTINCT party) DESC, what"""


def news(both: Mapping[str, tuple[pa.Table, pa.Table]]) -> Iterator[str]:
    """Yield a line each on the parties that a list gained and lost by programme and by state."""
    if "listings" not in both or "parties" not in both:
        return
    with in_memory() as con:
        for name, pair in both.items():
            for side, rows in zip(("held", "new"), pair, strict=True):
                con.register(f"{side}_{name}", rows)
        for side in ("held", "new"):
            con.execute(
                f"CREATE TEMP TABLE {side}_programme AS SELECT DISTINCT party, concat_ws(' ', list, programme) AS what "
                f"FROM {side}_listings"
            )
            of = f"SELECT party, unnest(string_split(countries, ';')) AS what FROM {side}_parties"
            if "addresses" in both:
                of += f" UNION SELECT party, country FROM {side}_addresses"
            con.execute(
                f"CREATE TEMP TABLE {side}_state AS SELECT DISTINCT * FROM ({of}) WHERE what <> ''"
            )
        for by in ("programme", "state"):
            found = con.execute(_CHANGED.format(held=f"held_{by}", new=f"new_{by}")).fetchall()
            changes = [_change(by, what, come, gone) for what, come, gone in found[:_NAMED]]
            if found:
                more = f", {len(found) - _NAMED} more" if len(found) > _NAMED else ""
                yield f"  by {by}: {', '.join(changes)}{more}"


def _change(by: str, what: str, come: int, gone: int) -> str:
    """Return "Iran +2 -1" for a programme or a state."""
    code = country_or_none(what) if by == "state" else None
    name = country_name(code) if code else what
    return name + (f" +{come}" if come else "") + (f" -{gone}" if gone else "")


def _hash(columns: Sequence[str]) -> str:
    listed = ", ".join(f'"{c}"' for c in columns)
    return f"hash({listed})" if columns else "CAST(0 AS UBIGINT)"
