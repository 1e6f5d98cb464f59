# SPDX-License-Identifier: Apache-2.0
"""Several pairs of states side by side: the same figures, as of the same date, with their periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bilat.dyad import Dyad
from bilat.errors import Damaged, UsageError
from bilat.holdings import Holdings
from bilat.listing import ShownList
from bilat.measures import Measurement, Point, ask, default_holdings
from bilat.units.written import number
from bilat.when import AsOf

#: The rows of the comparison: (heading, measure, group with {a} and {b}, years that are averaged).
#: Only measures that any two states can be asked; fixed on 2026-11-25.
FIGURES = (
    ("arms delivered, both ways, a year", "transfers.tiv", ("{a}>{b}", "{b}>{a}"), 5),
    ("agreement in the General Assembly", "votes.agreement", ("sessions",), 1),
    ("distance of ideal points", "votes.ideal_distance", ("{a}-{b}", "{b}-{a}"), 1),
    ("defence agreements, to date", "alignment.agreements", ("defence agreements",), 0),
    ("alliance treaties in force", "alignment.agreements", ("alliance treaties",), 1),
)


@dataclass(frozen=True)
class PairFigure:
    """One figure of one pair."""

    value: float | None
    period: str  #: the period or periods that it rests on
    missing: str = ""  #: why there is none


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of every pair."""

    heading: str
    measure: str
    unit: str
    cells: tuple[PairFigure, ...]


def compare(
    pairs: Sequence[Dyad | tuple[str, str]],
    as_of: AsOf | str | None = None,
    holdings: Holdings | None = None,
) -> list[ComparedFigure]:
    """The figures of several pairs, as of one date.

    Raises
    ------
    UsageError
        for fewer than two pairs, or one that stands twice.
    """
    dyads = [p if isinstance(p, Dyad) else Dyad(*p) for p in pairs]
    if len(dyads) < 2:
        raise UsageError("a comparison needs two pairs: bilat compare RUS CHN --with RUS IRN")
    if len({frozenset(d) for d in dyads}) < len(dyads):
        raise UsageError("a pair stands twice; name each once")
    when, held = AsOf(as_of), holdings or default_holdings()
    columns: dict[str, Callable[[ComparedFigure], Any]] = {
        "figure": lambda f: f.heading,
        "unit": lambda f: f.unit,
    }
    for n, d in enumerate(dyads):
        columns[d.name] = partial(_shown, n)
    return ShownList((_row(f, dyads, when, held) for f in FIGURES), columns, f"As of {when}")


def _shown(pair: int, row: ComparedFigure) -> str:
    """What a notebook shows of one pair's figure."""
    cell = row.cells[pair]
    return f"{number(cell.value)} ({cell.period})" if cell.value is not None else cell.missing


def _row(
    figure: tuple[str, str, tuple[str, ...], int], dyads: list[Dyad], when: AsOf, held: Holdings
) -> ComparedFigure:
    heading, measure, groups, years = figure
    cells, unit = [], ""
    for d in dyads:
        try:
            m = ask(measure, d, as_of=when, holdings=held)
        except (Damaged, UsageError) as e:
            cells.append(PairFigure(None, "", str(e)))
            continue
        unit = str(m.unit)
        cells.append(_cell(m, tuple(g.format(a=d.a, b=d.b) for g in groups), years))
    return ComparedFigure(heading, measure, unit, tuple(cells))


def _cell(m: Measurement, groups: tuple[str, ...], years: int) -> PairFigure:
    points: list[Point] = [
        p for p in m.points if p.group in groups and p.value is not None and not p.open and len(p.period) == 4
    ]
    if not points:
        return PairFigure(None, "", m.note or "no figure")
    last = max(p.period for p in points)
    first = min(p.period for p in points) if years == 0 else str(int(last) - years + 1)
    inside = [p for p in points if p.period >= first]
    total = sum(p.value or 0.0 for p in inside)
    value = total if years == 0 else total / years
    return PairFigure(value, first if first == last else f"{first}-{last}")


def to_json(rows: Sequence[ComparedFigure], dyads: Sequence[Dyad], as_of: AsOf) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "as_of": str(as_of),
        "pairs": [[d.a, d.b] for d in dyads],
        "rows": [
            {
                "figure": r.heading,
                "measure": r.measure,
                "unit": r.unit,
                "pairs": [{"value": c.value, "period": c.period, "missing": c.missing} for c in r.cells],
            }
            for r in rows
        ],
    }
