# SPDX-License-Identifier: Apache-2.0
"""Several pairs of states side by side: the same figures, as of the same date, with their periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any, Literal

from bilat.dyad import Dyad
from bilat.errors import Damaged, UsageError, command
from bilat.files.json_types import JsonObject
from bilat.holdings import Holdings
from bilat.listing import ShownList
from bilat.measures import Measurement, ask, default_holdings
from bilat.units.written import interval, number
from bilat.when import AsOf

#: What a pair is asked: any of a measure's points, or its one figure for all years.
Counted = Literal["points", "whole"]


@dataclass(frozen=True)
class ComparisonRow:
    """One row of the comparison."""

    heading: str
    measure: str
    groups: tuple[str, ...]  #: with {a} and {b}
    years: int  #: that are averaged, the last one with a figure among them
    counts: Counted = "points"
    of: tuple[
        str, ...
    ] = ()  #: the states whose doings the record lists; of other pairs it says a part at best
    inclusion: str = ""  #: the rule of what counts, where the measure has several; it stands in the heading


#: Measures that any two states can be asked; where a record lists the doings of some states alone, another pair is
#: told so in place of a figure. A treaty counts as a duty to defend only where its own row says
#: so; one of non-aggression, neutrality or consultation stands in a row of its own.
FIGURES = (
    ComparisonRow("arms delivered, both ways, a year", "transfers.tiv", ("{a}>{b}", "{b}>{a}"), 5),
    ComparisonRow(  # by the rule on which the ledger judges how many exercises there are
        "joint exercises by the rule both_central, a year", "exercises.count", ("all kinds",), 5,
        of=("RUS", "CHN"), inclusion="both_central",
    ),
    ComparisonRow("partner's share of Russia's joint exercises", "exercises.weight", ("{a}", "{b}"), 1, "whole"),
    ComparisonRow("agreement in the General Assembly", "votes.agreement", ("sessions",), 1),
    ComparisonRow("agreement on what is voted every session", "votes.recurring", ("fixed set",), 1),
    ComparisonRow("distance of ideal points", "votes.ideal_distance", ("{a}-{b}", "{b}-{a}"), 1),
    ComparisonRow("defence agreements in force", "alignment.agreements", ("defence agreements",), 1),
    ComparisonRow("treaties that oblige to defend, in force", "alignment.alliances", ("{a}-{b}",), 1),
    ComparisonRow("other pacts that both are party to", "alignment.alliances", ("{a}-{b} lesser pacts",), 1),
)  # fmt: skip
AXIS = ("RUS", "CHN", "IRN", "PRK")


@dataclass(frozen=True)
class PairFigure:
    """One figure of one pair."""

    value: float | None
    period: str  #: the period or periods that it rests on
    missing: str = ""  #: why there is none
    note: str = ""  #: the band of the figure, or the rule by which it counts


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of every pair."""

    heading: str
    measure: str
    unit: str
    cells: tuple[PairFigure, ...]
    course: tuple[dict[int, float], ...] = ()  #: of each pair, year -> figure, none averaged

    def ended(self, as_of: AsOf) -> int | None:
        """The last year of the record, where it ended more than a year before the date: what came since is unknown."""
        last = max((int(c.period[-4:]) for c in self.cells if c.period), default=as_of.date.year)
        return last if as_of.date.year > last + 1 else None


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
        raise UsageError(
            f"a comparison needs two pairs: {command('compare', 'RUS', 'CHN', with_=('RUS', 'IRN'))}"
        )
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


def axis() -> list[Dyad]:
    """The six pairs of Russia, China, Iran and North Korea."""
    return [Dyad(a, b) for a, b in combinations(AXIS, 2)]


def _row(figure: ComparisonRow, dyads: list[Dyad], when: AsOf, held: Holdings) -> ComparedFigure:
    cells: list[PairFigure] = []
    courses: list[dict[int, float]] = []
    unit = ""
    for d in dyads:
        try:
            # another pair is asked without it: under a narrower rule it might seem that none names both of its states
            own = figure.inclusion and set(d) == {*figure.of}
            rule = {"inclusion": figure.inclusion} if own else {}
            m = ask(figure.measure, d, as_of=when, holdings=held, **rule)
        except (Damaged, UsageError) as e:
            cells.append(PairFigure(None, "", str(e)))
            courses.append({})
            continue
        unit = str(m.unit)
        if figure.of and set(d) != {*figure.of}:
            cells.append(PairFigure(None, "", m.note))
            courses.append({})
            continue
        known = _by_year(m, figure, d)
        courses.append(known)
        cells.append(_told(m, known, figure, d))
    return ComparedFigure(figure.heading, figure.measure, unit, tuple(cells), tuple(courses))


def _by_year(m: Measurement, figure: ComparisonRow, d: Dyad) -> dict[int, float]:
    """Year -> sum over the groups of whole years."""
    groups = {g.format(a=d.a, b=d.b) for g in figure.groups}
    out: dict[int, float] = {}
    for p in m.points:
        if p.group in groups and p.value is not None and not p.open and len(p.period) == 4:
            out[int(p.period)] = out.get(int(p.period), 0.0) + p.value
    return out


def _told(m: Measurement, known: dict[int, float], figure: ComparisonRow, d: Dyad) -> PairFigure:
    if figure.counts == "whole":
        groups = {g.format(a=d.a, b=d.b) for g in figure.groups}
        whole = next((p for p in m.points if p.group in groups and len(p.period) > 4), None)
        if whole is None or whole.value is None:
            return PairFigure(None, "", m.note or "no figure")
        band = interval(whole.low, whole.high, str(m.unit))
        return PairFigure(whole.value, whole.period, note=f"{band}, {m.interval.text}" if band else "")
    cell = _cell(m, known, figure)
    if figure.inclusion and cell.value is not None:
        return replace(cell, note=f"{figure.inclusion}: {m.note}")
    return cell


def _cell(m: Measurement, known: dict[int, float], figure: ComparisonRow) -> PairFigure:
    if not known:
        return PairFigure(None, "", m.note or "no figure")
    last = max(known)
    first = last - figure.years + 1
    value = sum(v for y, v in known.items() if y >= first) / figure.years
    return PairFigure(value, str(last) if first == last else f"{first}-{last}")


def to_json(rows: Sequence[ComparedFigure], dyads: Sequence[Dyad], as_of: AsOf) -> JsonObject:
    """The comparison as plain data."""
    return {
        "as_of": str(as_of),
        "pairs": [[d.a, d.b] for d in dyads],
        "rows": [
            {
                "figure": r.heading,
                "measure": r.measure,
                "unit": r.unit,
                "pairs": [asdict(c) | {"by_year": y} for c, y in zip(r.cells, r.course, strict=True)],
            }
            for r in rows
        ],
    }
