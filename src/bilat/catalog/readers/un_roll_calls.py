# SPDX-License-Identifier: Apache-2.0
"""Roll calls of the General Assembly, one line each with the votes of fourteen states, dated to the day."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import day, integer, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

STATES = {
    "BY": "BLR", "CN": "CHN", "DE": "DEU", "FR": "FRA", "GB": "GBR", "IN": "IND", "IR": "IRN",
    "JP": "JPN", "KP": "PRK", "PK": "PAK", "RU": "RUS", "UA": "UKR", "US": "USA", "ZA": "ZAF",
}  # fmt: skip
HEADER = ["rcid", "session", "date", "year", "unres", *STATES]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per state and roll call in which it voted; an empty cell (absent, no member) is no row.

    The option ``ukraine`` lists the resolutions on the war and on Crimea, by their symbols.
    """
    ukraine = set(opened.file.options.get("ukraine", "").split())
    rows: dict[str, list[object]] = {name: [] for name in table("votes").schema(stamped=False).names}
    for line, r in records(opened, HEADER):
        held = integer(opened, line, "rcid", r["rcid"])
        voted = day(opened, line, "date", r["date"])
        if held is None or voted is None:
            raise opened.refuse(line, "rcid" if held is None else "date", "", "is empty; mend the line")
        if r["year"] != str(voted.year):
            raise opened.refuse(line, "year", r["year"], f"is not the year of {voted}; mend the line")
        session = integer(opened, line, "session", r["session"])
        for column, state in STATES.items():
            vote = r[column]
            if not vote:
                continue
            if vote not in ("yes", "no", "abstain"):
                raise opened.refuse(line, column, vote, "is not yes, no or abstain; mend the cell")
            for name, value in (
                ("body", "GA"),
                ("rollcall", str(held)),
                ("session", session),
                ("resolution", r["unres"] or None),
                ("title", None),
                ("topic", "ukraine" if r["unres"] in ukraine else None),
                ("country", state),
                ("vote", vote),
                ("period", voted.isoformat()),
                ("kind", "reported"),
                ("locator", f"line {line}"),
                ("known_on", voted),
                ("known_basis", "published"),
            ):
                rows[name].append(value)
    yield "votes", pa.table(rows, schema=table("votes").schema(stamped=False))
