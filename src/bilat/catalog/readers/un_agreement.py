# SPDX-License-Identifier: Apache-2.0
"""Shares of votes in agreement with six states, by session, from the file of ideal points."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.readers.un_ideal_points import AGREEMENT, header, who_and_when
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Per state and year (session + 1945): the number of votes it cast, and the share of the votes that
    it and another state both cast in which the two agreed."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), header("2024")):
        shared = who_and_when(opened, r)
        votes = r.integer_or_none("NVotesAll")
        rows.append(
            shared | {"variable": "session_votes", "value": votes, "unit": "votes", "kind": "reported"}
        )
        for column, other in AGREEMENT.items():
            share = None if r[column] == "NA" else r.number_or_none(column)
            if share is None:
                continue
            if not 0 <= share <= 1:
                raise r.refuse(column, "is not a share between 0 and 1")
            rows.append(
                shared
                | {"variable": f"agreement:{other}", "value": share, "unit": "share", "kind": "reported"}
            )
    yield "series", table("series").arrow(rows)
