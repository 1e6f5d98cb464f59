# SPDX-License-Identifier: Apache-2.0
"""Charts that a spreadsheet draws itself, from cells of the sheet on which they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bilat.document.blocks import Column, Point, Series, Table
from bilat.document.wording import group

if TYPE_CHECKING:
    from openpyxl.chart import BarChart, LineChart
    from openpyxl.worksheet.worksheet import Worksheet

#: Lines that a chart of a spreadsheet keeps apart.
MOST_LINES = 16
#: Lines of which each also has the ends of its range.
MOST_RANGES = 2
#: Columns of a table that leave room for a chart to the right of them.
MOST_COLUMNS_BESIDE = 7
#: Size of a chart in centimetres, and the height that a bar needs.
WIDE = 26
HIGH = 13.0
HIGH_PER_BAR = 0.9
#: Numbers below this one have two places after the point.
SMALL = 100
#: Periods that sort by their text: 2026, 2026-12 and 2026-12-02.
_DATED = re.compile(r"\d{4}(-\d\d){0,2}")


def chart_table(series: Series) -> Table | None:
    """Return the numbers that a spreadsheet can draw, or None for a map, a flow or too many
    lines."""
    if not series.points or series.shape not in ("line", "bar", "interval"):
        return None
    if series.shape == "interval":
        return _by_group(series.points)
    if len({point.group for point in series.points}) > MOST_LINES:
        return None
    return _by_period(series.points)


def _by_group(points: Sequence[Point]) -> Table:
    """Return a row for each group, with the low end, the middle and the high end."""
    rows = [(group(point.group), point.low, *_upper(point)) for point in points]
    return _table(("", "low", "value", "high"), rows)


def _upper(point: Point) -> tuple[str | float | None, str | float | None]:
    """Return the middle and the high end of a point, in words beyond what was computed."""
    if not point.endless:
        return _drawn(point), point.high
    return "never" if point.value is None else point.value, "no end"


def _by_period(points: Sequence[Point]) -> Table:
    """Return a row for each period, with a column for each group, and for few groups columns for
    the ends of the range."""
    groups = list(dict.fromkeys(point.group for point in points))
    periods = list(dict.fromkeys(point.period for point in points))
    if all(_DATED.fullmatch(period) for period in periods):
        periods.sort()
    found = {(point.period, point.group): point for point in points}
    ranged = _groups_with_ranges(points)
    head = ["period"]
    for name in groups:
        label = group(name) or "value"
        head += [label, f"{label}, low", f"{label}, high"] if name in ranged else [label]
    rows = []
    for period in periods:
        cells: list[str | float | None] = [period]
        for name in groups:
            point = found.get((period, name))
            cells.append(_drawn(point))
            if name in ranged:
                cells += [point.low, point.high] if point else [None, None]
        rows.append(tuple(cells))
    return _table(head, rows)


def _groups_with_ranges(points: Sequence[Point]) -> set[str]:
    """Return the groups of which the ends of the ranges are drawn: none if they are many."""
    ranged = {point.group for point in points if point.low is not None}
    return ranged if len(ranged) <= MOST_RANGES else set()


def _table(head: Sequence[str], rows: Sequence[tuple[str | float | None, ...]]) -> Table:
    """Return a table of numbers with a first column of words."""
    numbers = [abs(cell) for row in rows for cell in row if isinstance(cell, int | float)]
    form = ",.2f" if max(numbers, default=0) < SMALL else ",.0f"
    columns = (Column(head[0]), *(Column(name, form, True) for name in head[1:]))
    return Table(columns, tuple(rows))


def _drawn(point: Point | None) -> float | None:
    """Return the value of a point, if the record has one."""
    return None if point is None or point.unrecorded else point.value


def keeps_all(series: Series) -> bool:
    """Return whether the numbers of the chart leave out nothing that its points say."""
    points = series.points
    if any(p.note or p.revised or p.open or p.unrecorded for p in points):
        return False
    if len({point.kind for point in points}) > 1:
        return False
    ranged = {point.group for point in points if point.low is not None}
    return series.shape == "interval" or ranged == _groups_with_ranges(points)


def add_chart(
    sheet: Worksheet,
    title: str,
    kind: str,
    column: int,
    lines: int,
    rows: int,
    least: float | None = None,
) -> None:
    """Draw some columns of a sheet: to the right of its cells, or below a wide table.

    Parameters
    ----------
    kind
        ``line``, or ``bar`` for bars that lie.
    column
        the first of the lines, from 1; the categories are in the first column of the sheet.
    rows
        how many rows there are below the head.
    least
        where the scale begins; by default the spreadsheet decides.
    """
    from openpyxl.chart import BarChart, LineChart, Reference
    from openpyxl.worksheet.pagebreak import Break

    if not rows:
        return
    chart: BarChart | LineChart = LineChart()
    chart.height = HIGH
    if kind == "bar":
        chart = BarChart()
        chart.type = "bar"
        chart.height = max(7.0, HIGH_PER_BAR * rows)
        chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = False
    chart.y_axis.delete = False
    chart.dispBlanksAs = "span"
    if chart.legend and lines > MOST_RANGES:
        chart.legend.position = "b"
    chart.y_axis.scaling.min = least
    chart.title = title
    chart.width = WIDE
    last = column + lines - 1
    numbers = Reference(sheet, min_col=column, max_col=last, min_row=1, max_row=rows + 1)
    chart.add_data(numbers, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    if sheet.max_column <= MOST_COLUMNS_BESIDE:
        place = f"{sheet.cell(1, sheet.max_column + 2).column_letter}2"
    else:
        place = f"A{sheet.max_row + 3}"
        sheet.row_breaks.append(Break(id=sheet.max_row + 1))
    sheet.add_chart(chart, place)
