# SPDX-License-Identifier: Apache-2.0
"""Lines of the watch: set each 1 January from a pair's own past by one rule, and held against the year that follows.

A line is the last whole year's figure and the change that a year seldom passes: the rank of the quantile among past
changes, so that the next change passes it with at most the chance that is printed, if years can be exchanged (Vovk and
others 2005). It is fixed from the record as of its day. A figure that passes it because the year before was revised
crosses nothing.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from statistics import median
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.forecast.moves import largest_first
from bilat.forecast.questions import Record
from bilat.forecast.record import Seen, history
from bilat.forecast.series import fit_scale, from_scale, to_scale
from bilat.holdings import Holdings
from bilat.measures import ask, measures
from bilat.places import spoken_name
from bilat.units import count
from bilat.units.written import counted
from bilat.when import AsOf

Toward = Literal["up", "down"]
WAYS: tuple[Toward, ...] = ("up", "down")


class Kind(BaseModel):
    """What a line is set for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    claim: str
    of: list[str] = []
    up: str = ""
    down: str = ""
    scale: Literal["log", "root", "raw"] = "raw"
    since: int = 0
    provisional: int = 0
    most: float = math.inf  #: of a share: all of it
    counts: bool = False  #: whole numbers of events, as rows of a table always are
    record: Record

    @property
    def unit(self) -> str:
        """The unit of its figures; events where rows are counted."""
        return measures()[self.record.measure].unit if self.record.measure else count("events")

    def line(self, known: Mapping[int, float], toward: Toward) -> Setting | str:
        """The line of the kind from the figures known, or why there is none."""
        counts = self.counts or bool(self.record.table)
        return set_line(known, toward, self.scale, self.most, counts=counts)

    def filled(self, a: str, b: str) -> Kind:
        """The kind with two states in place of {a} and {b}, and their names in place of {A} and {B}."""
        names = {"a": a, "b": b, "A": spoken_name(a), "B": spoken_name(b)}
        says = {k: _capital(getattr(self, k).format(**names)) for k in ("up", "down")}
        group = self.record.group.format(**names)
        return self.model_copy(update={**says, "record": self.record.model_copy(update={"group": group})})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class Rule(BaseModel):
    """What lines.toml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    set: dt.date
    quantile: float
    least: int
    window: int
    kind: list[Kind]


@cache
def line_rule() -> Rule:
    """The rule and the kinds of line."""
    return Rule(**tomllib.loads(resources.files("bilat.forecast").joinpath("lines.toml").read_text("utf-8")))


def kinds_of(pair: Dyad) -> list[Kind]:
    """The kinds of line of a pair; those with {a} and {b} in both orders where the record has a direction."""
    out: dict[tuple[str, str], Kind] = {}
    for kind in line_rule().kind:
        if not set(kind.of) <= set(pair):
            continue
        a, b = (pair.a, pair.b) if not kind.of or kind.of[0] == pair.a else (pair.b, pair.a)
        one_way = "{a}" not in kind.record.group or "{a}-{b}" in kind.record.group
        for x, y in ((a, b),) if one_way else ((a, b), (b, a)):
            filled = kind.filled(x, y)
            out.setdefault((kind.id, filled.record.group), filled)
    return list(out.values())


@dataclass(frozen=True)
class Figures:
    """Yearly figures of a kind as of a day: whole years, and of counts the year under way."""

    whole: Mapping[int, float]
    started: Mapping[int, float] = field(default_factory=dict)  #: years of a count that are not over
    rows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def figures_of(kind: Kind, on: AsOf, holdings: Holdings, pair: Dyad) -> Figures:
    """What a kind's record says as of a day, by year."""
    past = history(kind.record, on, holdings, pair, strict=False)
    rows: dict[int, tuple[str, ...]] = {}
    for s in past.seen:
        rows[int(s.period[:4])] = (*rows.get(int(s.period[:4]), ()), s.where)
    if kind.record.table:
        return _counted(kind, past.seen, past.reach, on, rows)
    yearly = sorted((int(s.period), s.value) for s in past.seen if len(s.period) == 4)
    return Figures(dict(yearly[: max(0, len(yearly) - kind.provisional)]), rows=rows)


def _counted(
    kind: Kind, seen: tuple[Seen, ...], reach: str, on: AsOf, rows: Mapping[int, tuple[str, ...]]
) -> Figures:
    if not reach:
        return Figures({})
    n = Counter(int(s.period[:4]) for s in seen)
    # a yearly register speaks to the year in which it ends, a list of dated events to the day that is asked
    last = int(reach) if len(reach) == 4 else on.date.year - 1
    whole = {y: float(n[y]) for y in range(kind.since, last + 1)}
    return Figures(whole, {y: float(k) for y, k in n.items() if y > last}, rows)


@dataclass(frozen=True)
class Setting:
    """A line as it was set."""

    year: int  #: of the last figure known
    held: float
    line: float
    step: float  #: the change on the scale
    scale: str
    chance: float  #: at most this that a year's change passes it
    changes: int

    def passed(self, toward: Toward, value: float, held: float) -> bool:
        """Whether a figure is past the line, and past it as counted from the year's figure as it now stands."""
        now = from_scale(to_scale([held], self.scale)[0] + self.step, self.scale)
        if toward == "up":
            return value > self.line and value > now
        return value < self.line and value < now


def set_line(
    known: Mapping[int, float],
    toward: Toward,
    scale: str = "raw",
    most: float = math.inf,
    *,
    counts: bool = False,
) -> Setting | str:
    """The line from the figures known, or why there is none.

    ``most`` is what no figure can pass. Counts scatter by their root, as Poisson counts do: a year with one event fewer
    than two crosses nothing, though none had fewer before.
    """
    rule = line_rule()
    if not known:
        return "no figure was known"
    last = max(known)
    first = last
    while first - 1 in known and last - first < rule.window:
        first -= 1
    raw = [known[y] for y in range(first, last + 1)]
    chosen = fit_scale(raw, scale)
    values = to_scale(raw, chosen)
    sign = 1 if toward == "up" else -1
    changes = sorted(sign * (b - a) for a, b in pairwise(values))
    n = len(changes)
    if n < rule.least:
        return f"{counted(n, 'changes')} from year to year {'was' if n == 1 else 'were'} known, {rule.least} needed"
    rank = min(n, math.ceil(rule.quantile * (n + 1)))
    # where the past moved the other way alone, any turn would cross: no change of a usual size may
    scatter = math.sqrt(raw[-1]) if counts and raw[-1] > 0 else 0.0
    step = sign * max(median(map(abs, changes)), changes[rank - 1], scatter)
    if toward == "down" and chosen != "log" and min(raw) >= 0 and values[-1] + step <= 0:
        return "a fall to nothing would be no more than past changes"
    line = from_scale(values[-1] + step, chosen)
    if line >= most:
        return "a rise to all of it would be no more than past changes"
    return Setting(last, raw[-1], line, step, chosen, (n + 1 - rank) / (n + 1), n)


@dataclass(frozen=True)
class Line:
    """A line between the two dates of a watch."""

    id: str
    claim: str
    says: str
    toward: Toward
    fixed: str  #: the day as of which it was set
    held: float  #: the last figure known on that day
    held_of: str  #: and its year
    line: float
    chance: float  #: at most this that a year passes it
    before: float | None  #: the newest figure on the earlier date
    after: float | None  #: on the later date
    period: str  #: the year of that figure
    crossed: bool
    history: bool  #: crossed before the rule was written: no test of it
    rows: tuple[str, ...] = ()
    unit: str = ""

    @property
    def beyond(self) -> bool:
        """Whether the newest figure lies past the line."""
        if self.after is None:
            return False
        return self.after > self.line if self.toward == "up" else self.after < self.line


@dataclass(frozen=True)
class Lines:
    """What a watch says of the lines of a pair."""

    lines: tuple[Line, ...]  #: in force on the later date, and those of years between that were crossed
    none: tuple[str, ...]  #: for what there is no line, and why
    failed: tuple[str, ...]  #: what could not be asked
    held_against: int = 0  #: lines of all the years between that a figure could have crossed
    by_chance: float = 0.0  #: at most so many of them are crossed if years can be exchanged


def lines_between(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> Lines:
    """Each year's lines against what became known in that year between the two dates."""
    found: list[Line] = []
    failed: list[str] = []
    chances: list[float] = []
    none: dict[str, list[str]] = {}
    for kind in kinds_of(pair):
        try:
            views = _views(kind, first, last, holdings, pair)
        except Damaged as e:
            failed.append(f"{kind.id}: {e}")
            continue
        for toward in WAYS:
            if getattr(kind, toward):
                lines, every, why = _of_kind(kind, toward, views, first, last)
                found += [_with_rows(x, kind, last, holdings, pair) for x in lines]
                chances += every
                if why:
                    none.setdefault(why, []).append(f"“{getattr(kind, toward)}”")
    told = tuple(f"no line for {', '.join(says)}: {why}" for why, says in none.items())
    return Lines(tuple(found), (*unlined(pair), *told), tuple(failed), len(chances), sum(chances))


def unlined(pair: Dyad) -> list[str]:
    """What has no line because its record is of other states, in one sentence; nothing for Russia and China."""
    every = line_rule().kind
    others = sum(not set(k.of) <= set(pair) for k in every)
    if not others:
        return []
    return [
        f"{others} of the {len(every)} kinds of line rest on records of Russia or of Russia and China, and are not set "
        f"for {pair.a}-{pair.b}"
    ]


def _views(kind: Kind, first: AsOf, last: AsOf, held: Holdings, pair: Dyad) -> dict[dt.date, Figures]:
    """What the record says on each 1 January and on the two dates."""
    days = {dt.date(y, 1, 1) for y in range(first.date.year, last.date.year + 1)}
    return {d: figures_of(kind, AsOf(d), held, pair) for d in sorted({*days, first.date, last.date})}


def _of_kind(
    kind: Kind, toward: Toward, views: Mapping[dt.date, Figures], first: AsOf, last: AsOf
) -> tuple[list[Line], list[float], str]:
    """(lines in force or crossed, the chance of every line over the days watched, why none is in force)."""
    out: list[Line] = []
    chances: list[float] = []
    why = ""
    for year in range(first.date.year, last.date.year + 1):
        day, end = dt.date(year, 1, 1), min(last.date, dt.date(year + 1, 1, 1))
        setting = kind.line(views[day].whole, toward)
        if isinstance(setting, str):
            why = setting if year == last.date.year else ""
            continue
        watched = (end - max(day, first.date)).days / 365
        chances.append(setting.chance * min(1.0, watched))
        past = passing(setting, toward, views[end])
        new = past is not None and passing(setting, toward, views[max(day, first.date)]) is None
        if not new and year < last.date.year:
            continue
        shown = past if past is not None else max(views[end].whole, default=None)
        out.append(
            Line(
                f"{kind.id}:{toward}:{kind.record.group}".rstrip(":"), kind.claim, getattr(kind, toward), toward,
                str(day), setting.held, str(setting.year), setting.line, setting.chance,
                _newest(views[first.date]), _of(views[end], shown), str(shown or ""), new,
                new and end <= line_rule().set, views[end].rows.get(shown or 0, ()), kind.unit,
            )
        )  # fmt: skip
    return out, chances, why


def _with_rows(line: Line, kind: Kind, last: AsOf, holdings: Holdings, pair: Dyad) -> Line:
    """A crossed line of a measure with the rows behind its figure, so that a false one is traced to it."""
    if not line.crossed or not kind.record.measure:
        return line
    end = min(last.date, dt.date(int(line.fixed[:4]) + 1, 1, 1))
    m = ask(kind.record.measure, pair, as_of=AsOf(end), holdings=holdings, **kind.record.params)
    rows = largest_first(m.rows(line.period, kind.record.group))
    where = tuple(dict.fromkeys(f"{r['source']} {r['locator']}" for r in rows))
    return replace(line, rows=where or line.rows)


def _newest(view: Figures) -> float | None:
    return view.whole[max(view.whole)] if view.whole else None


def _of(view: Figures, year: int | None) -> float | None:
    return None if year is None else view.whole.get(year, view.started.get(year))


def passing(setting: Setting, toward: Toward, view: Figures) -> int | None:
    """The first year after the line's own whose figure is past it. A count under way can only rise."""
    later = {**(view.started if toward == "up" else {}), **view.whole}
    held = view.whole.get(setting.year, setting.held)
    return next(
        (y for y in sorted(later) if y > setting.year and setting.passed(toward, later[y], held)), None
    )
