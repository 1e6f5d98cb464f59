# SPDX-License-Identifier: Apache-2.0
"""Rows of ``flows``, gathered column by column; two rows that say the same thing twice are refused."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.places.labels import partner_code

_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])$")
_YEAR = re.compile(r"(19|20)\d{2}$")


@dataclass
class FlowRows:
    """Gathers rows of ``flows``.

    Parameters
    ----------
    fixed
        columns that are the same in every row (currency, product, …).
    as_published
        judge duplicates by the publisher's own label of the partner, not by the code made of it: where
        two labels come to mean one country, a correction says which.
    """

    opened: Opened
    fixed: dict[str, str]
    as_published: bool = False
    columns: dict[str, list[Any]] = field(default_factory=dict)
    seen: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def add(
        self,
        locator: str,
        *,
        reporter: str,
        partner: str,
        flow: str,
        period: str,
        value: float | None,
        known: tuple[dt.date, str] | None = None,
        aggregate: bool | None = None,
        **more: Any,
    ) -> None:
        """One row. ``reporter`` and ``partner`` are the publisher's labels.

        Raises
        ------
        DataError
            if a row with the same key stands above it.
        """
        who, who_is_group = partner_code(reporter)
        whom, whom_is_group = partner_code(partner)
        key = (
            who,
            partner if self.as_published else whom,
            flow,
            more.get("product"),
            more.get("basis"),
            period,
        )
        above = self.seen.setdefault(key, locator)
        if above is not locator:
            raise DataError(
                f"{self.opened.file.path}: {locator}: {flow} of {reporter!r} with {partner!r} in {period} "
                f"stands already at {above}: the file says it twice; pull it again, or mend it; "
                "nothing was taken in"
            )
        known_on, basis = known or self.opened.known(period)
        row = {
            **self.fixed,
            "reporter": who,
            "partner": whom,
            "flow": flow,
            "period": period,
            "value": value,
            "is_aggregate": (who_is_group or whom_is_group) if aggregate is None else aggregate,
            "locator": locator,
            "known_on": known_on,
            "known_basis": basis,
            **more,
        }
        for name in table("flows").schema(stamped=False).names:
            self.columns.setdefault(name, []).append(row.get(name))

    def table(self) -> pa.Table:
        """All rows as Arrow."""
        schema = table("flows").schema(stamped=False)
        return pa.table([pa.array(self.columns.get(f.name, []), type=f.type) for f in schema], schema=schema)


def month(opened: Opened, line: int, column: str, text: str) -> str:
    """A month ``2022-03``; anything else is refused."""
    if not _MONTH.match(text):
        raise opened.refuse(line, column, text, "is no month YYYY-MM")
    return text


def year(opened: Opened, line: int, column: str, text: str) -> str:
    """A year ``2022``; anything else is refused."""
    if not _YEAR.match(text):
        raise opened.refuse(line, column, text, "is no year")
    return text


def word(opened: Opened, line: int, column: str, text: str, known: dict[str, str]) -> str:
    """One of the publisher's words, as ours; anything else is refused."""
    if text not in known:
        raise opened.refuse(line, column, text, f"is none of {', '.join(known)}")
    return known[text]
