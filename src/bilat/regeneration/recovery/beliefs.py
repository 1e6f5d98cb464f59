# SPDX-License-Identifier: Apache-2.0
"""One model, many publishers: each belief's answer, which belief decides, and what would tell them apart by when."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from bilat.errors import UsageError
from bilat.planning import Quantiles, median_of
from bilat.planning.assumptions import split
from bilat.regeneration.recovery.class_fit import at_ceasefire, fit_class
from bilat.regeneration.recovery.outlook import China, first_passage, peace_course
from bilat.regeneration.recovery.parameters import Changes
from bilat.regeneration.recovery.records import RecoveryRecords, Selector, month_index
from bilat.when import AsOf

#: Draws of each belief's fit and of its outlook.
FIT_DRAWS = 1000
DRAWS = 4000
#: Error of a published count of active tanks, one standard deviation: as in points.toml.
COUNT_SD = 150.0
#: The month in which the count comes that would tell beliefs apart: The Military Balance appears each February.
COUNT_MONTH = 2
#: Standard deviations between two beliefs' counts that tell them apart.
APART = 2.0


@dataclass(frozen=True)
class Belief:
    """A publisher's figures of what decides, as published. ``new`` is new vehicles a year (low, high); None: fitted."""

    name: str
    klass: str
    who: str
    says: str
    new: tuple[float, float] | None
    drops: frozenset[str]
    rows: tuple[Selector, ...]
    url: str
    known: dt.date | None


@dataclass(frozen=True)
class Other:
    """What somebody else says of the answer itself: years until the force is back, with the words and the page."""

    who: str
    said: str
    years: tuple[float, float]
    of: str  #: the month in which it was said
    known: dt.date | None  #: None: the page bears no date, so that it decides nothing about then
    url: str


@dataclass(frozen=True)
class Beyond:
    """A force that is not modelled: what can be said of it and what is missing."""

    force: str
    said: str
    missing: str
    known: dt.date


@dataclass(frozen=True)
class Believed:
    """The answer under one belief: months from the ceasefire, infinite where not within the horizon."""

    belief: Belief
    locators: tuple[str, ...]  #: the held rows behind it
    new_a_year: float  #: median of the draws
    months: Quantiles
    never: float  #: share of draws not back within the horizon
    active: Quantiles  #: at the next count


@dataclass(frozen=True)
class Beliefs:
    """All beliefs side by side, from the slowest to the quickest."""

    answers: tuple[Believed, ...]
    count_at: str  #: month of the next count of active vehicles
    due: dt.date  #: when it is published
    told_apart: tuple[
        tuple[str, str, float], ...
    ]  #: pairs, and how many deviations apart that count would put them

    @property
    def slowest(self) -> Believed:
        """The belief with the latest recovery."""
        return self.answers[0]

    @property
    def quickest(self) -> Believed:
        """The belief with the earliest recovery."""
        return self.answers[-1]

    @property
    def separable(self) -> list[tuple[str, str, float]]:
        """Pairs that one count would tell apart."""
        return [p for p in self.told_apart if p[2] >= APART]


@cache
def _raw() -> Mapping[str, list[dict]]:  # type: ignore[type-arg]
    folder = resources.files("bilat.regeneration.recovery")
    return tomllib.loads(folder.joinpath("beliefs.toml").read_text("utf-8"))


def beliefs(klass: str = "tank") -> list[Belief]:
    """Every belief about a class."""
    return [
        Belief(
            b["name"],
            b["class"],
            b["who"],
            b["says"],
            tuple(b["new"]) if "new" in b else None,
            frozenset(b["drops"]),
            tuple((x, y, z) for x, y, z in b.get("rows", [])),
            b.get("url", ""),
            b.get("known"),
        )
        for b in _raw()["belief"]
        if b["class"] == klass
    ]


def others(as_of: AsOf) -> list[Other]:
    """Estimates of the answer by others that were public; undated pages only where nothing is asked about then."""
    found = [
        Other(o["who"], o["said"], tuple(o["years"]), o["of"], o.get("known"), o["url"])
        for o in _raw()["other"]
    ]
    return [o for o in found if (o.known <= as_of.date if o.known else as_of.date >= _READ)]


#: The day on which the pages were read: an undated one was public then.
_READ = dt.date(2026, 11, 24)


def beyond(as_of: AsOf) -> list[Beyond]:
    """Forces that are not modelled."""
    return [b for b in (Beyond(**raw) for raw in _raw()["beyond"]) if b.known <= as_of.date]


def chosen(names: Sequence[str] | None, klass: str = "tank") -> list[Belief]:
    """The beliefs named; all where none is.

    Raises
    ------
    UsageError
        for a name that is none.
    """
    known = {b.name: b for b in beliefs(klass)}
    for name in names or ():
        if name not in known:
            raise UsageError(
                f"`beliefs` {name}: is not a belief about {klass}; there are {', '.join(known) or 'none'}"
            )
    return [known[n] for n in names] if names else list(known.values())


def public(
    asked: Sequence[Belief], records: RecoveryRecords
) -> list[tuple[Belief, tuple[str, ...]]]:
    """The beliefs that were public by the records' date, each with the held rows behind it."""
    found = []
    for belief in asked:
        rows = records.figures(list(belief.rows), f"belief {belief.name}")
        if (belief.known is None or belief.known <= records.as_of.date) and (
            rows or not belief.rows
        ):
            found.append((belief, tuple(f"{r['source']} {r['locator']}" for r in rows)))
    return found


def side_by_side(
    asked: Sequence[Belief],
    records: RecoveryRecords,
    ceasefire: int,
    *,
    china: China = "components",
    horizon: int = 120,
    seed: int = 1,
    changes: Changes | None = None,
) -> Beliefs:
    """Each belief that was public by the records' date through the same model, with the same draws."""
    count = _next_count(records.as_of.date)
    made = [
        _answer(
            belief, locators, records, ceasefire, month_index(count), china, horizon, seed, changes
        )
        for belief, locators in public(asked, records)
    ]
    ordered = tuple(sorted(made, key=lambda b: (-b.months.median, -b.never)))
    pairs = [
        (a.belief.name, b.belief.name, _apart(a, b))
        for n, a in enumerate(ordered)
        for b in ordered[n + 1 :]
    ]
    return Beliefs(ordered, count, dt.date(int(count[:4]) + 1, COUNT_MONTH, 15), tuple(pairs))


def _next_count(day: dt.date) -> str:
    """The end of the year that the next Military Balance counts."""
    return f"{day.year if (day.month, day.day) > (COUNT_MONTH, 15) else day.year - 1}-12"


def _answer(
    belief: Belief,
    locators: tuple[str, ...],
    records: RecoveryRecords,
    ceasefire: int,
    count: int,
    china: China,
    horizon: int,
    seed: int,
    changes: Changes | None,
) -> Believed:
    own = (
        dict(changes)
        if isinstance(changes, Mapping)
        else dict(split(text) for text in changes or ())
    )
    if belief.new is not None:
        low, high = (n / 12 for n in belief.new)
        own["new_plateau"] = f"{low:.6g}" if low == high else f"{low:.6g}:{high:.6g}"
    found = fit_class(
        belief.klass, records, seed=seed, changes=own, draws=FIT_DRAWS, drops=belief.drops
    )
    start, before, _ = at_ceasefire(found, ceasefire, DRAWS, seed)
    run = int(found.steering.setting("run"))
    active = peace_course(start, china, horizon + run)
    passage = first_passage(
        active, np.asarray(found.steering.setting("recovered") * before, np.float32), run
    )
    late = np.where(passage > horizon, np.inf, passage)
    if count > found.months:
        then = at_ceasefire(found, count + 1, DRAWS, seed)[0].active
    else:
        then = found.state("active", count)
    plateau = start.rates["new_plateau"]
    return Believed(
        belief,
        locators,
        float(np.median(plateau) * 12),
        median_of(late),
        float(np.mean(np.isinf(late))),
        median_of(then),
    )


def _apart(a: Believed, b: Believed) -> float:
    """Standard deviations between what two beliefs say of the next count, the count's own error included."""
    spread = [(x.active.high - x.active.low) / 2.563 for x in (a, b)]
    return abs(a.active.median - b.active.median) / math.sqrt(
        spread[0] ** 2 + spread[1] ** 2 + COUNT_SD**2
    )
