# SPDX-License-Identifier: Apache-2.0
"""Screened names with their alerts as cells by column, as they are written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilat.parties.queries.query import Query
from bilat.parties.screening.rows import Cut
from bilat.parties.screening.rows import rows_of as alerts_of
from bilat.parties.screening.screener import Screener


@dataclass
class Cells:
    """What was found of a name."""

    rows: list[dict[str, Any]]


def rows_of(screener: Screener, queries: Sequence[Query], cut: Cut) -> list[Cells]:
    """Screen queries and return the cells of each one's alerts."""
    answers = alerts_of(screener, queries, cut)
    return [Cells([alert.cells() for alert in answer.rows]) for answer in answers]
