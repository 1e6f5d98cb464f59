# SPDX-License-Identifier: Apache-2.0
"""What makes a new edition of a list of parties unbelievable next to the one that is stored.

A list is no table of trade: entries leave it for a reason, few at a time, and mostly by the end
date that stands with them. So it is judged by who disappeared before their own end date, for the
time that has passed, and by who stands on it twice.

Rates: of OFAC's list 2.5 to 3.2% of the parties of an edition were gone a year later (editions of
2022-02-17, 2023-03-15, 2024-05-03 and 2025-11-30); the largest single batch of the UN's list
between January and August 2026 was 0.8%. The bounds are twice that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
#: Share of the parties of both editions of which not one address, or alias, is an earlier one:
#: the bound of :data:`bilat.holdings.births.BOUNDS` for words that differ.
OF_ANOTHER = 0.5
#: Parties that tell: one of two that moved says nothing.
FEWEST_OF_ANOTHER = 4
#: Share of parties that stand on the new list twice, beyond that of the old one.
TWICE = 0.02
#: Parties of a programme that cannot all leave at once, unless the editions lie more than a year
#: apart.
PROGRAMME = 5
YEAR = 366
#: Share of the list at its end, and the fewest parties, that cannot all be gone.
TAIL = 0.003
SHORTEST_TAIL = 3
#: Names in the wrong encoding that a person may have typed.
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
    """Yield why the new edition is not taken in unasked.

    Parameters
    ----------
    before
        the youngest full edition that is stored.
    reference
        a younger edition that has the parties alone, and perhaps their programmes: it says who was
        listed, and nothing else.
    is_other_form
        whether the new edition comes in another format, which may leave out what the other had.
    is_older
        whether it speaks for a time before the stored one: it lacks who came later.
    """
    with in_memory() as con:
        for side, edition in (("before", before), ("now", now)):
            for name, rows in edition.tables.items():
                con.register(f"{side}_{name}", rows)
        con.execute(_KNOWN.format(side="now"))
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
            yield from _dropped(con)
        if not is_other_form:
            yield from _lost(con, before, now)
            yield from _of_another(con, before, now)


#: Who stands on the new list: by id, and by name where a publisher numbers its entries anew.
_KNOWN = "CREATE TEMP TABLE known AS SELECT party, lower(name) AS name FROM {side}_parties"
_GONE = """
CREATE TEMP TABLE gone AS SELECT party, place FROM (
  SELECT party, lower(name) AS name, row_number() OVER () AS place FROM last_parties
) WHERE party NOT IN (SELECT party FROM known) AND name NOT IN (SELECT name FROM known)
AND party NOT IN ({ended})"""


def _ended(before: ListEdition, now: ListEdition) -> str:
    """Return the query for parties all of whose listings have ended by the day of the new
    edition."""
    if "listings" not in before.tables:
        return "SELECT NULL WHERE FALSE"
    ended = f'"until" IS NOT NULL AND "until" <= DATE \'{now.day}\''
    return f"SELECT party FROM before_listings GROUP BY party HAVING bool_and({ended})"


def _one(con, sql: str) -> tuple:  # type: ignore[no-untyped-def, type-arg]
    found: tuple = con.execute(sql).fetchall()[0]  # type: ignore[type-arg]
    return found


def _disappeared(con, count: int, days: int) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Yield what is wrong with the number and the place of the parties that are gone."""
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
        (run,) = _one(
            con,
            f"SELECT {count} - coalesce(max(place), 0) FROM (SELECT row_number() OVER () AS place, party "
            "FROM last_parties) WHERE party NOT IN (SELECT party FROM gone)",
        )
        yield f"the last {run:,} parties of the list are gone: the file was cut"


def _dropped(con) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Yield each programme that is gone with its parties."""
    found = con.execute(
        "SELECT concat_ws(' ', list, programme) AS what, count(DISTINCT party) AS n, "
        "count(DISTINCT party) FILTER (WHERE party IN (SELECT party FROM gone)) AS left_list "
        "FROM last_listings GROUP BY what "
        f"HAVING n >= {PROGRAMME} AND 2 * left_list >= n AND what NOT IN "
        "(SELECT concat_ws(' ', list, programme) FROM now_listings) ORDER BY n DESC"
    ).fetchall()
    for what, n, _ in found:
        yield f"the programme {what} is gone with all its {n:,} parties"


def _lost(con, before: ListEdition, now: ListEdition) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Yield each table of which the parties of both editions lost too much."""
    for name, key in (("names", "name"), ("addresses", "address"), ("listings", "list")):
        if name not in before.tables:
            continue
        both = f"before_{name} WHERE party IN (SELECT party FROM known)"
        kept = (
            f"(SELECT party FROM now_{name})" if name in now.tables else "(SELECT NULL WHERE FALSE)"
        )
        count, lost = _one(
            con,
            f"SELECT count(DISTINCT party), count(DISTINCT party) FILTER (WHERE party NOT IN {kept}) FROM {both}",
        )
        if count and lost / count > LOST_OF_PARTIES:
            yield f"{lost / count:.0%} of the parties on both lists have no {key} in {name} any more"


def _of_another(
    con: duckdb.DuckDBPyConnection, before: ListEdition, now: ListEdition
) -> Iterator[str]:
    """Yield each table in which most parties have nothing of their own any more.

    Names that slid by a row leave as many parties as before under the same names, and each with
    the addresses of its neighbour. A party is known by its name: ids may be made of more.
    """
    for name, what, only in (
        ("addresses", "address", "TRUE"),
        ("names", "name", "name_kind <> 'primary'"),
    ):
        needed = {"parties", name}
        if not needed <= set(before.tables) or not needed <= set(now.tables):
            continue
        own = (
            f"SELECT lower(p.name) AS party, list_distinct(list(lower(t.{what}))) AS own "
            f"FROM {{side}}_parties AS p JOIN (SELECT * FROM {{side}}_{name} WHERE {only}) AS t "
            "USING (party) GROUP BY 1"
        )
        count, other = _one(
            con,
            "SELECT count(*), count(*) FILTER (WHERE NOT list_has_any(b.own, n.own)) "
            f"FROM ({own.format(side='before')}) AS b JOIN ({own.format(side='now')}) AS n "
            "USING (party)",
        )
        if count >= FEWEST_OF_ANOTHER and other / count > OF_ANOTHER:
            yield (
                f"{other:,} of {count:,} parties on both lists have not one of their earlier "
                f"{name}: the rows may have slid"
            )


#: Columns that distinguish two parties of one name; an edition may lack some of them.
_DISTINGUISHING = ("schema", "countries", "born", "identifiers")


def _doubled(con: duckdb.DuckDBPyConnection, last: ListEdition, now: ListEdition) -> Iterator[str]:
    """Yield that parties stand on the new list twice, where on the old one they did not.

    Both are counted by what both say of a party: with the states of one edition alone, two
    parties of one name would be two in it and one in the other.
    """
    sides = {"last_parties": last, "now_parties": now}
    stored = [e.tables["parties"] for e in sides.values() if "parties" in e.tables]
    shared = [c for c in _DISTINGUISHING if all(t[c].null_count < t.num_rows for t in stored)]
    key = ", ".join(("lower(name)", *shared))
    shares = []
    for rows, edition in sides.items():
        if "parties" not in edition.tables:
            shares.append(0.0)
            continue
        count, apart = _one(con, f"SELECT count(*), count(DISTINCT ({key})) FROM {rows}")
        shares.append(1 - apart / count if count else 0.0)
    if shares[1] > shares[0] + TWICE:
        yield f"{shares[1]:.0%} of the parties stand on the list twice ({shares[0]:.0%} before)"


def _spoilt(con, before: ListEdition, now: ListEdition) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Yield that names came in the wrong encoding."""
    counts = []
    examples: list[str] = []
    for side, edition in (("before", before), ("now", now)):
        tables = [t for t in ("parties", "names") if t in edition.tables]
        every = " UNION ALL ".join(f"SELECT name FROM {side}_{t}" for t in tables)
        sql = f"SELECT name FROM ({every}) WHERE NOT regexp_full_match(name, '[\\x00-\\x7F]*')"
        names = [n for (n,) in con.execute(sql).fetchall()] if tables else []
        examples = [n for n in names if is_mojibake(n)]
        counts.append(len(examples))
    if counts[1] > counts[0] + SPOILT:
        yield (
            f"{counts[1]:,} names came in the wrong encoding ({counts[0]:,} before), "
            f"such as {examples[0][:40]!r}"
        )
