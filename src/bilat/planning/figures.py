# SPDX-License-Identifier: Apache-2.0
"""The published figures that plans may rest on, by key, as they were public on a date.

Keys are short: ``N201`` and ``B11`` are ids of compiled lists, ``73`` is a line of the enablers,
``L126`` a line of the energy facts, and ``P61`` a line of the production estimates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bilat.catalog.sources import sources
from bilat.holdings import Holdings
from bilat.planning.lineage import InputRow
from bilat.when import AsOf

#: The letter before the line numbers of a source; lists with ids of their own are not here.
LINES = {"enablers": "", "energy_facts": "L", "production_estimates": "P"}
#: The SQL of each view. A row whose date is only that of its compilation is left out: that day is
#: not news. The order is fixed, since of two rows with one key the later one counts.
_ROWS = {
    "estimates": """
        SELECT item, figure, unit, coalesce(when_text, period), originator, url, known_on, source,
            snapshot, locator, low, high, metric
        FROM estimates WHERE source IN (
            'plan_figures', 'blockade_facts', 'enablers', 'energy_facts', 'production_estimates'
        ) AND known_basis <> 'vintage'
        ORDER BY source, snapshot, length(locator), locator, item
        """,
    "flows": """
        SELECT reporter, quantity, quantity_unit, period, '', '', known_on, source, snapshot,
            locator, quantity, quantity, 'imports'
        FROM flows WHERE source = 'energy_facts' AND known_basis <> 'vintage'
        ORDER BY source, snapshot, length(locator), locator, reporter
        """,
}


@dataclass(frozen=True)
class FigureRow:
    """A published figure: what it measures, as it was written, who says so, and since when it was
    public."""

    table: str  #: the view that has it: estimates or flows
    item: str
    figure: str
    unit: str
    period: str
    originator: str
    url: str
    known_on: dt.date
    source: str
    snapshot: str
    locator: str
    low: float | None
    high: float | None
    metric: str

    @property
    def who(self) -> str:
        """Who says so: the originator, or who compiled a row that names none."""
        return self.originator or sources()[self.source].producer

    def input(self, name: str, unit: str) -> InputRow:
        """Return the figure as an input of a plan."""
        return InputRow(
            input=name,
            value=self.figure,
            unit=unit,
            period=self.period,
            source=self.source,
            grade=sources()[self.source].grade,
            snapshot=self.snapshot,
            locator=self.locator,
            known_on=str(self.known_on),
            url=self.url or None,
            note=None,
            originator=self.originator or None,
        )


@dataclass(frozen=True)
class Figures:
    """Rows by key, as of a date."""

    as_of: AsOf
    rows: Mapping[str, FigureRow]

    def has(self, keys: Iterable[str]) -> bool:
        """Return whether every one of the figures was public."""
        return all(k in self.rows for k in keys)

    def public_since(self, keys: Iterable[str]) -> dt.date | None:
        """Return the day from which all of the figures were public, None without keys."""
        return max((self.rows[k].known_on for k in keys), default=None)

    def lineage(self, name: str, unit: str, keys: Iterable[str]) -> list[InputRow]:
        """Return an input for each figure that was public, with its row."""
        return [self.rows[k].input(name, unit) for k in keys if k in self.rows]


_READ: WeakKeyDictionary[Holdings, dict[str, Figures]] = WeakKeyDictionary()


def figures(holdings: Holdings, as_of: AsOf) -> Figures:
    """Return every figure that was public on the date; read once for each holdings and date."""
    cache = _READ.setdefault(holdings, {})
    key = str(as_of)
    if key not in cache:
        cache[key] = _read(holdings, as_of)
    return cache[key]


def _read(holdings: Holdings, as_of: AsOf) -> Figures:
    cursor = holdings.connect(as_of, " ".join(_ROWS.values())).connection.cursor()
    found = {}
    try:
        for table, sql in _ROWS.items():
            for values in cursor.sql(sql).fetchall():
                item, figure, unit, period, who, url = (str(v or "") for v in values[:6])
                row = FigureRow(table, item, figure, unit, period, who, url, *values[6:])
                found[_key(row)] = row
    finally:
        cursor.close()
    return Figures(as_of, found)


def _key(row: FigureRow) -> str:
    """Return the short name of a row: its own id, or its line under the letter of its source."""
    line, _, own = row.locator.removeprefix("line ").partition(" (")
    return own.removesuffix(")") if own else LINES[row.source] + line
