# SPDX-License-Identifier: Apache-2.0
"""Treaties that oblige states to defend one another: between the two, and how many
allies each has.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from bilat.measures import Answer, Ask, Pair, Years, measure
from bilat.units import count

#: First and last year that the list of treaties covers.
FIRST_YEAR = 1946
LAST_YEAR = 2018

#: The treaties of the list in each year from one to before another in which they were in force:
#: those to defend of any states, and all those of the two states.
_TREATIES_BY_YEAR = """
SELECT e.* REPLACE (CAST(y.year AS VARCHAR) AS period),
       CAST(y.year AS VARCHAR) AS point,
       CAST(NULL AS VARCHAR) AS grp
FROM events e
JOIN (SELECT unnest(range(?, ?)) AS year) y
  ON y.year >= year(e.starts) AND (e.ends IS NULL OR y.year <= year(e.ends))
WHERE e.source = 'atop' AND e.event_type = 'alliance' AND (
  list_contains(string_split(e.class, ';'), 'defence') OR (
    list_contains(string_split(e.participants, ';'), ?)
    AND list_contains(string_split(e.participants, ';'), ?)
  )
)
ORDER BY y.year, e.event
"""
#: The pacts of the two states that the list does not say to have ended, and all later ones.
_PACTS_OF_THE_TWO = """
SELECT *, substr(period, 1, 4) AS point, CAST(NULL AS VARCHAR) AS grp
FROM events
WHERE source IN ('atop', 'later_pacts') AND event_type = 'alliance'
  AND (ends IS NULL OR source = 'later_pacts')
  AND list_contains(string_split(participants, ';'), ?)
  AND list_contains(string_split(participants, ';'), ?)
ORDER BY starts, event
"""


@measure(
    "alignment.alliances",
    of=Pair,
    title="Treaties that oblige each party to defend the other, and the allies they create",
    unit=count("treaties or states"),
    tables=("events",),
    sources={"events": ("atop", "later_pacts", "treaty_exits")},
    reference="Leeds and others (2002), International Interactions 28(3), ATOP 5.1; later pacts: "
    "each row cites its page",
    method="Counts the treaties that both states have joined and that oblige their parties to "
    "defend one another, if they were in force at any time in the year. For each state, "
    "it also counts the other states with which it shares such a treaty. Treaties that "
    "promise only neutrality, non-aggression or consultation form a separate group, "
    "“lesser pacts”. A member that leaves a treaty counts up to the year in which it "
    "leaves. The list of treaties ends in 2018. We have added the later pacts between the "
    "two states that we found, from the year in which each took effect.",
)
def alliances(ask: Ask, years: Years = Years(1990)) -> Answer:
    """Groups: ``RUS-CHN`` (treaties to defend), ``RUS-CHN lesser pacts``, and ``RUS allies`` and
    ``CHN allies`` (states). Points: one for each year to 2018, and one for each later year in which
    a pact between the two began.

    years: the years to count, of those that the record covers or that have a later pact
    """
    a = ask.dyad.a
    b = ask.dyad.b
    first = max(years.first_year or FIRST_YEAR, FIRST_YEAR)
    last = min(years.last_year or LAST_YEAR, LAST_YEAR)
    rows = ask.rows(_TREATIES_BY_YEAR, first, last + 1, a, b)
    out = ask.answer(
        note=f"Treaties after {LAST_YEAR} are unknown, not absent: of the later ones, we "
        "have only those that we found."
    )
    if first > LAST_YEAR:
        if _add_later_pacts(ask, out, years) == 0:
            return out.missing(
                f"the list of treaties ends in {LAST_YEAR}, and we have none of the treaties of "
                "the two that may have begun later"
            )
        return out
    if rows.num_rows == 0:
        return out.missing("we have no data on treaties")
    pacts = _pacts(ask, rows)
    for year in map(str, range(first, last + 1)):
        in_force = [pact for pact in pacts if pact.year == year]
        _add_pacts(ask, out, rows, year, in_force)
        for state in (a, b):
            _add_allies(out, rows, year, in_force, state=state)
    _add_later_pacts(ask, out, years)
    return out


@dataclass(frozen=True)
class _Pact:
    """A treaty in one year: its row, the states bound by it, and whether it obliges to defend."""

    row: int
    year: str
    parties: frozenset[str]
    defence: bool


def _pacts(ask: Ask, rows: pa.Table) -> list[_Pact]:
    """Return the treaties of each year, without the members that had left by then."""
    # The row of an exit has the treaty's id as its name, and the state that left as participant.
    exits = ask.query(
        "SELECT name AS treaty, participants AS state, year(starts) AS year "
        "FROM events WHERE event_type = 'treaty_exit'"
    )
    last_year = {(row["treaty"], row["state"]): row["year"] for row in exits.to_pylist()}
    pacts = []
    listed = rows.select(["event", "participants", "point", "class"]).to_pylist()
    for number, row in enumerate(listed):
        parties = frozenset(
            state
            for state in row["participants"].split(";")
            if int(row["point"]) <= last_year.get((row["event"], state), 9999)
        )
        defence = "defence" in (row["class"] or "").split(";")
        pacts.append(_Pact(number, row["point"], parties, defence))
    return pacts


def _add_pacts(ask: Ask, out: Answer, rows: pa.Table, year: str, in_force: list[_Pact]) -> None:
    """Add how many treaties of both kinds the two states share in a year."""
    dyad = ask.dyad
    pair = {dyad.a, dyad.b}
    for group, defence in (
        (f"{dyad.a}-{dyad.b}", True),
        (f"{dyad.a}-{dyad.b} lesser pacts", False),
    ):
        shared = [p.row for p in in_force if p.defence is defence and pair <= p.parties]
        used = rows.take(pa.array(shared, pa.int64()))
        _add(out, year, group, len(shared), used, "no treaty between the two on record")


def _add_allies(
    out: Answer, rows: pa.Table, year: str, in_force: list[_Pact], *, state: str
) -> None:
    """Add how many other states share a treaty to defend with a state in a year."""
    own = [p for p in in_force if p.defence and state in p.parties]
    allies = set().union(*(p.parties for p in own)) - {state}
    used = rows.take(pa.array([p.row for p in own], pa.int64()))
    _add(out, year, f"{state} allies", len(allies), used, "no treaty of this state in the record")


def _add_later_pacts(ask: Ask, out: Answer, years: Years) -> int:
    """Add a point for each year after the list in which a pact of the two began.

    It counts the pacts of that kind (to defend, or lesser) which had begun by then: later ones, and
    those of the list without an end. The other kind gets no point: the new treaty may have replaced
    one of it.

    Returns
    -------
    int
        the number of points added.
    """
    a = ask.dyad.a
    b = ask.dyad.b
    rows = ask.rows(_PACTS_OF_THE_TWO, a, b)
    pacts = [
        (row["starts"].year, "defence" in row["class"].split(";"), row["source"] == "later_pacts")
        for row in rows.select(["source", "starts", "class"]).to_pylist()
    ]
    begun_later = {(year, defence) for year, defence, is_later in pacts if is_later}
    points = [(y, defence) for y, defence in sorted(begun_later) if years.holds(str(y))]
    for year, defence in points:
        in_force = [
            number
            for number, (start, obliges, _) in enumerate(pacts)
            if start <= year and obliges is defence
        ]
        out.point(
            str(year),
            float(len(in_force)),
            group=f"{a}-{b}" if defence else f"{a}-{b} lesser pacts",
            kind="reported",
            rows=rows.take(pa.array(in_force, pa.int64())),
        )
    return len(points)


def _add(out: Answer, year: str, group: str, value: int, rows: pa.Table, if_zero: str) -> None:
    """Add a count with its rows; a count of zero has no row, and ``if_zero`` as its note."""
    if value:
        out.point(year, float(value), group=group, kind="reported", rows=rows)
    else:
        out.absent(year, group=group, kind="reported", note=if_zero)
