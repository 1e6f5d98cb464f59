# SPDX-License-Identifier: Apache-2.0
"""The files of a list as they are stored, and what one of them leaves out that others say."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.catalog import sources as catalog_sources
from bilat.formats.json_text import Cells

Tables = dict[str, dict[str, list[Cells]]]  # table -> party -> rows
#: What an edition may leave out for all of its parties, and the table that it would be in. A file
#: without such a column says nothing of it, so the parties keep what an earlier one said.
LEFT_OUT = {
    "schema": "parties",
    "countries": "parties",
    "born": "parties",
    "incorporated": "parties",
    "identifiers": "parties",
    "programme": "listings",
    "listed_on": "listings",
    "address": "addresses",
    "other": "links",
}


OF_PARTIES = {name for name, table in LEFT_OUT.items() if table == "parties"}


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file of a list as it is stored, with the fields that it states for any of its parties."""

    vintage: dt.date
    snapshot: str
    source: str
    series: str
    states: frozenset[str]
    lists: bool  # has listings; a file without them describes parties of another one
    is_partial: bool  # the catalog says that it lacks something for some of its parties


def list_files(engine: Any, wanted: str, series_of: dict[tuple[str, str], str]) -> list[ListFile]:
    """Return the files of the lists that have parties, oldest first."""
    partial = {
        (f"{c.name}/{f.series}", f.vintage)
        for c in catalog_sources("parties").values()
        for f in c.files
        if f.partial
    }
    found: dict[tuple[str, str], tuple[dt.date, set[str]]] = {}
    fields = {
        "parties": {n: f"count({n}) > 0" for n, t in LEFT_OUT.items() if t == "parties"},
        "listings": {n: f"count({n}) > 0" for n in ("programme", "listed_on", "list")},
        "addresses": {"address": "count(address) > 0"},
        "links": {"other": "count(other) > 0"},
    }
    fields["parties"]["schema"] = "NOT bool_or(schema = 'Unknown')"
    for table, tests in fields.items():
        columns = ", ".join(f"{test} AS {name}" for name, test in tests.items())
        for row in read_rows(
            engine,
            f"SELECT source, snapshot, max(vintage) AS vintage, {columns} FROM {table} "
            f"WHERE source IN ({wanted}) GROUP BY source, snapshot",
        ):
            key = (row["source"], row["snapshot"])
            if table == "parties":
                found[key] = (row["vintage"], set())
            if key in found:
                found[key][1].update(name for name in tests if row[name])
    return sorted(
        (
            ListFile(
                vintage,
                snapshot,
                source,
                series_of[source, snapshot],
                frozenset(states),
                "list" in states,
                (series_of[source, snapshot], vintage) in partial,
            )
            for (source, snapshot), (vintage, states) in found.items()
        ),
        key=lambda f: (f.vintage, f.snapshot, f.source),
    )


def donors_of(
    current: ListFile, earlier: list[ListFile], descriptions: list[ListFile]
) -> list[ListFile]:
    """Return the files that state what the current edition leaves out, newest first.

    Of earlier editions only the newest one that states a field is needed.
    """
    lacking = LEFT_OUT.keys() - current.states
    if current.is_partial:
        lacking |= OF_PARTIES
    chosen = [f for f in descriptions if f.states & lacking]
    for name in lacking:
        chosen += [f for f in earlier if name in f.states][-1:]
    return sorted(set(chosen), key=lambda f: (f.vintage, f.snapshot), reverse=True)


def read_rows(engine: Any, sql: str) -> list[Cells]:
    return engine.sql(sql).to_arrow_table().to_pylist()


class Borrowed:
    """What earlier files of a list say of a party where its current edition says nothing at all."""

    def __init__(self, tables: Tables, current: ListFile, donors: Sequence[ListFile]) -> None:
        self.tables = tables
        self.current = current
        self.donors = donors
        self.names = self._described_by_name()

    def _described_by_name(self) -> dict[str, str]:
        """Match ships that a file describes by name only, where the name is unique."""
        here: dict[tuple[str, str], list[str]] = defaultdict(list)
        there: dict[tuple[str, str], list[str]] = defaultdict(list)
        described = {d.snapshot for d in self.donors if not d.lists}
        for key, records in self.tables["parties"].items():
            snapshots = {r["snapshot"] for r in records}
            if self.current.snapshot in snapshots:
                row = next(r for r in records if r["snapshot"] == self.current.snapshot)
                here[row["schema"], row["name"]].append(key)
            elif snapshots & described and records[0]["schema"] != "Unknown":
                there[records[0]["schema"], records[0]["name"]].append(key)
        return {
            here[who][0]: keys[0]
            for who, keys in there.items()
            if len(keys) == 1 and len(here.get(who, ())) == 1
        }

    def rows(self, field: str, key: str) -> list[Cells]:
        """Return the newest earlier rows of a party that state the field.

        There are none if the edition states it, for any party or, if it is partial, for this one.
        """
        stated = field in self.current.states
        if stated and not (self.current.is_partial and field in OF_PARTIES):
            return []
        keys = {key, self.names.get(key, key)}
        for donor in self.donors:
            found = [
                r
                for k in keys
                for r in self.tables[LEFT_OUT[field]][k]
                if r["snapshot"] == donor.snapshot and r[field] not in (None, "Unknown")
            ]
            if found:
                return found
        return []

    def text(self, field: str, row: Cells, key: str) -> str:
        """Return a field of a party as it is now, else as it was."""
        value = row[field]
        if value in (None, "Unknown"):
            value = next((r[field] for r in self.rows(field, key)), value)
        return value or ""
