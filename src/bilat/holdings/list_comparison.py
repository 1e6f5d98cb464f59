# SPDX-License-Identifier: Apache-2.0
"""Compare a new edition of a list of parties with the stored one, and say what cannot be right.

Parties leave a list for a reason, few at a time, and mostly on the end date that the list gives
for them. An edition is doubtful if too many are gone before their own end date, for the time that
has passed, or if parties are on it twice.

The bounds are twice the highest rates that were measured. Of the parties of OFAC's list 2.5 to 3.2%
were gone a year later (editions of 2022-02-17, 2023-03-15, 2024-05-03 and 2025-11-30). The largest
batch that left the UN's list at once, between January and August 2026, was 0.8%.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bilat.engine import in_memory
from bilat.files.text import is_mojibake

if TYPE_CHECKING:
    import duckdb

#: Share of the parties that may be gone at once, and for each year between the two editions.
GONE_AT_ONCE = 0.02
GONE_A_YEAR = 0.065
#: Share of the names, addresses and listings that the parties of both editions may have lost.
LOST_OF_PARTIES = 0.15
#: Share of the parties of both editions that may have none of their earlier addresses, or aliases:
#: the bound of :data:`bilat.holdings.births.BOUNDS` for words that differ.
OF_ANOTHER = 0.5
#: The fewest parties that this share is tested on: if one of two moved, that says nothing.
FEWEST_OF_ANOTHER = 4
#: How much larger the share of parties that are on the list twice may be than before.
TWICE = 0.02
#: The fewest parties of a programme that cannot leave with it within a year.
PROGRAMME = 5
#: Days of the longest year.
YEAR = 366
#: Share of the parties, from the end of the list, that cannot all be gone.
TAIL = 0.003
#: The fewest parties of that share.
SHORTEST_TAIL = 3
#: How many more names may be in the wrong encoding than before: so many a person may have typed.
SPOILT = 2


@dataclass(frozen=True)
class ListEdition:
    """The tables of one edition of a list, with its day."""

    tables: Mapping[str, pa.Table]
    day: dt.date


def complaints(
    before: ListEdition,
    now: ListEdition,
    reference: ListEdition | None = None,
    *,
    is_other_form: bool = False,
    is_older: bool = False,
) -> Iterator[str]:
    """Yield each reason to ask a person before the new edition is stored.

    Parameters
    ----------
    before
        the newest stored edition that has all tables.
    now
        the new edition.
    reference
        a stored edition that is newer than ``before``, with no more than the parties and their
        programmes: only who is gone is judged by it.
    is_other_form
        whether the new edition comes in another format, which may lack tables of the other.
    is_older
        whether the new edition is of an earlier day than the stored one. Parties that were listed
        between the two are then rightly missing.
    """
    # Tables in SQL: before_*, now_*, and last_* of the edition by which it is judged who is gone.
    with in_memory() as con:
        for side, edition in (("before", before), ("now", now)):
            for name, rows in edition.tables.items():
                con.register(f"{side}_{name}", rows)
        con.execute(_KNOWN)
        last = before if reference is None else reference
        for name, rows in last.tables.items():
            con.register(f"last_{name}", rows)
        yield from _doubled(con, last, now)
        yield from _spoilt(con, before, now)
        if "parties" not in last.tables or is_older:
            return
        con.execute(_GONE.format(ended=_ended(before, now)))
        days = max((now.day - last.day).days, 0)
        yield from _disappeared(con, last.tables["parties"].num_rows, days)
        if days <= YEAR and "listings" in last.tables:
            yield from _dropped(con, now)
        if not is_other_form:
            yield from _lost(con, before, now)
            yield from _of_another(con, before, now)


#: Who is on the new list: by id, and by name since a publisher may number its entries anew.
_KNOWN = "CREATE TEMP TABLE known AS SELECT party, lower(name) AS name FROM now_parties"
#: Who is gone, with their place on the earlier list; not those whose listings had ended. A name may
#: be NULL, which no NOT IN compares.
_GONE = """
CREATE TEMP TABLE gone AS
SELECT party, place
FROM (SELECT party, lower(name) AS name, row_number() OVER () AS place FROM last_parties) AS earlier
WHERE party NOT IN (SELECT party FROM known)
  AND NOT EXISTS (SELECT 1 FROM known WHERE known.name = earlier.name)
  AND party NOT IN ({ended})
"""


def _ended(before: ListEdition, now: ListEdition) -> str:
    """Return the query for parties all of whose listings have ended by the day of the new
    edition."""
    if "listings" not in before.tables:
        return "SELECT NULL WHERE FALSE"
    ended = f'"until" IS NOT NULL AND "until" <= DATE \'{now.day}\''
    return f"SELECT party FROM before_listings GROUP BY party HAVING bool_and({ended})"


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """Return the only row of a query."""
    (row,) = con.execute(sql).fetchall()
    return tuple(row)


def _disappeared(con: duckdb.DuckDBPyConnection, count: int, days: int) -> Iterator[str]:
    """Yield what is wrong with the number of the parties that are gone, and with their places.

    Parameters
    ----------
    count
        the number of parties on the earlier list.
    days
        the days between the two editions.
    """
    (gone,) = _one(con, "SELECT count(*) FROM gone")
    bound = GONE_AT_ONCE + GONE_A_YEAR * days / 365.25
    if count and gone / count > bound:
        yield (
            f"{gone:,} of {count:,} parties are gone before their own end date ({gone / count:.1%}; "
            f"bound {bound:.1%} for {days:,} days)"
        )
    tail = max(SHORTEST_TAIL, round(TAIL * count))
    (cut,) = _one(con, f"SELECT count(*) FROM gone WHERE place > {count - tail}")
    if count > 10 * tail and cut == tail:
        (last_kept,) = _one(
            con,
            "SELECT coalesce(max(place), 0) "
            "FROM (SELECT row_number() OVER () AS place, party FROM last_parties) "
            "WHERE party NOT IN (SELECT party FROM gone)",
        )
        yield f"the last {count - last_kept:,} parties of the list are gone: the file was cut"


#: Each programme that is gone with at least half of its parties: its name, how many it had, and how
#: many of them are gone.
_DROPPED = f"""
SELECT
  concat_ws(' ', list, programme) AS what,
  count(DISTINCT party) AS parties,
  count(DISTINCT party) FILTER (WHERE party IN (SELECT party FROM gone)) AS gone
FROM last_listings
GROUP BY what
HAVING parties >= {PROGRAMME} AND 2 * gone >= parties
  AND what NOT IN (SELECT concat_ws(' ', list, programme) FROM now_listings)
ORDER BY parties DESC, what
"""


def _dropped(con: duckdb.DuckDBPyConnection, now: ListEdition) -> Iterator[str]:
    """Yield each programme that is gone with at least half of its parties."""
    if "listings" not in now.tables:
        return  # no programme is named at all, which `_lost` says
    for what, parties, gone in con.execute(_DROPPED).fetchall():
        if gone == parties:
            yield f"the programme {what} is gone with all its {parties:,} parties"
        else:
            yield f"the programme {what} is gone, and {gone:,} of its {parties:,} parties with it"


def _lost(con: duckdb.DuckDBPyConnection, before: ListEdition, now: ListEdition) -> Iterator[str]:
    """Yield each table in which too many parties of both editions have no row any more."""
    for name, key in (("names", "name"), ("addresses", "address"), ("listings", "list")):
        if name not in before.tables:
            continue
        of_now = "SELECT NULL WHERE FALSE"
        if name in now.tables:
            of_now = f"SELECT party FROM now_{name}"
        count, lost = _one(
            con,
            "SELECT count(DISTINCT party), "
            f"count(DISTINCT party) FILTER (WHERE party NOT IN ({of_now})) "
            f"FROM before_{name} WHERE party IN (SELECT party FROM known)",
        )
        if count and lost / count > LOST_OF_PARTIES:
            yield f"{lost / count:.0%} of the parties on both lists have no {key} in {name} any more"


def _of_another(
    con: duckdb.DuckDBPyConnection, before: ListEdition, now: ListEdition
) -> Iterator[str]:
    """Yield each table in which most parties have none of their earlier addresses or aliases.

    If a column of the file slid by a row, there are as many parties as before, with the same names,
    but each has the addresses of its neighbour. Parties are compared by name, because an id may be
    made from such columns.
    """
    for name, column, condition in (
        ("addresses", "address", "TRUE"),
        ("names", "name", "name_kind <> 'primary'"),
    ):
        needed = {"parties", name}
        if not needed <= set(before.tables) or not needed <= set(now.tables):
            continue
        values_before, values_now = (
            f"SELECT lower(p.name) AS party, list_distinct(list(lower(t.{column}))) AS own "
            f"FROM {side}_parties AS p JOIN {side}_{name} AS t USING (party) "
            f"WHERE {condition.replace('name_kind', 't.name_kind')} GROUP BY 1"
            for side in ("before", "now")
        )
        count, other = _one(
            con,
            "SELECT count(*), count(*) FILTER (WHERE NOT list_has_any(b.own, n.own)) "
            f"FROM ({values_before}) AS b JOIN ({values_now}) AS n USING (party)",
        )
        if count >= FEWEST_OF_ANOTHER and other / count > OF_ANOTHER:
            yield (
                f"{other:,} of {count:,} parties on both lists have not one of their earlier "
                f"{name}: the rows may have slid"
            )


#: Columns that distinguish two parties of one name. In some editions a whole column is blank.
_DISTINGUISHING = ("schema", "countries", "born", "identifiers")


def _doubled(con: duckdb.DuckDBPyConnection, last: ListEdition, now: ListEdition) -> Iterator[str]:
    """Yield that more parties are on the new list twice than on the earlier one.

    Two rows are one party if they agree in the name and in every column that both editions fill.
    With a column that only one of them fills, parties of one name would differ in that one alone.
    """
    stored = [e.tables["parties"] for e in (last, now) if "parties" in e.tables]
    shared = [c for c in _DISTINGUISHING if all(t[c].null_count < t.num_rows for t in stored)]
    key = ", ".join(("lower(name)", *shared))
    share_before = _share_twice(con, "last_parties", key) if "parties" in last.tables else 0.0
    share_now = _share_twice(con, "now_parties", key) if "parties" in now.tables else 0.0
    if share_now > share_before + TWICE:
        yield f"{share_now:.0%} of the parties stand on the list twice ({share_before:.0%} before)"


def _share_twice(con: duckdb.DuckDBPyConnection, table: str, key: str) -> float:
    """Return the share of rows whose key an earlier row has."""
    rows, keys = _one(con, f"SELECT count(*), count(DISTINCT ({key})) FROM {table}")
    return 1 - keys / rows if rows else 0.0


def _spoilt(con: duckdb.DuckDBPyConnection, before: ListEdition, now: ListEdition) -> Iterator[str]:
    """Yield that more names are in the wrong encoding than before."""
    earlier = _spoilt_names(con, "before", before)
    spoilt = _spoilt_names(con, "now", now)
    if len(spoilt) > len(earlier) + SPOILT:
        yield (
            f"{len(spoilt):,} names came in the wrong encoding ({len(earlier):,} before), "
            f"such as {spoilt[0][:40]!r}"
        )


def _spoilt_names(con: duckdb.DuckDBPyConnection, side: str, edition: ListEdition) -> list[str]:
    """Return the names of an edition that are in the wrong encoding."""
    tables = [table for table in ("parties", "names") if table in edition.tables]
    if not tables:
        return []
    names = " UNION ALL ".join(f"SELECT name FROM {side}_{table}" for table in tables)
    # Names of ASCII letters alone cannot be in the wrong encoding.
    sql = f"SELECT name FROM ({names}) WHERE NOT regexp_full_match(name, '[\\x00-\\x7F]*')"
    return [name for (name,) in con.execute(sql).fetchall() if is_mojibake(name)]
