# SPDX-License-Identifier: Apache-2.0
"""One model, many publishers: each belief's answer, which belief decides, and what would tell them
apart by when.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from bilat.errors import UsageError
from bilat.package_files import read_package_toml
from bilat.planning import Assumption, Assumptions, Quantiles, quantiles_of
from bilat.planning.assumptions import split
from bilat.regeneration.recovery.class_fit import ClassFit, at_ceasefire, fit_class
from bilat.regeneration.recovery.outlook import China
from bilat.regeneration.recovery.parameters import Changes
from bilat.regeneration.recovery.peace import PeaceRuns, peace_runs
from bilat.regeneration.recovery.points import force_class
from bilat.regeneration.recovery.records import RecoveryRecords, Selector, month_index

#: Draws of each belief's fit and of its outlook.
FIT_DRAWS = 1000
DRAWS = 4000
#: Error of a published count of active tanks, one standard deviation: as in points.toml.
COUNT_SD = 150.0
#: The month in which the count comes that would tell beliefs apart: The Military Balance appears
#: each February.
COUNT_MONTH = 2
#: Standard deviations between two beliefs' counts that tell them apart.
APART = 2.0
#: Width of an 80% interval of a normal distribution, in standard deviations.
WIDTH_OF_80_PER_CENT = 2.563


@dataclass(frozen=True)
class Belief:
    """A publisher's figures of what decides, as published. ``new`` is new vehicles a year (low,
    high); None: fitted.
    """

    name: str
    klass: str
    who: str
    says: str
    new: tuple[float, float] | None
    wear: tuple[float, float] | None  #: share of the active stock a month; None: fitted
    figures: tuple[str, ...]  #: keys of the compiled figures behind it
    drops: frozenset[str]
    rows: tuple[Selector, ...]
    url: str
    known: dt.date | None
    until: dt.date | None = None  #: when a figure of a later pace was public, which replaces it
    remark: str = ""  #: what a reader must know of it


@dataclass(frozen=True)
class Believed:
    """The answer under one belief: months from the ceasefire, infinite where not within the
    horizon.
    """

    belief: Belief
    pages: tuple[str, ...]  #: the pages of the rows behind it
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
    return read_package_toml("bilat.regeneration.recovery", "beliefs.toml")


def beliefs(klass: str = "tank") -> list[Belief]:
    """Every belief about a class."""
    return [
        Belief(
            name=b["name"],
            klass=b["class"],
            who=b["who"],
            says=b["says"],
            new=tuple(b["new"]) if "new" in b else None,
            wear=tuple(b["wear"]) if "wear" in b else None,
            figures=tuple(b.get("figures", ())),
            drops=frozenset(b["drops"]),
            rows=tuple((x, y, z) for x, y, z in b.get("rows", [])),
            url=b.get("url", ""),
            known=b.get("known"),
            until=b.get("until"),
            remark=b.get("remark", ""),
        )
        for b in _raw()["belief"]
        if b["class"] == klass
    ]


#: What a belief sets, with its unit and limits: new vehicles a year, wear a month.
SETS = {
    "new_plateau": ("new", "vehicles a year", 0.0, 24_000.0),
    "wear": ("wear", "share a month", 0.0, 0.2),
}


def belief_numbers(klass: str, records: RecoveryRecords) -> Assumptions:
    """Return what each public belief sets as numbers of the book: ``janes.new_plateau``."""
    found = Assumptions()
    for belief, pages in public(beliefs(klass), records):
        for name, (own, unit, least, most) in SETS.items():
            ends = getattr(belief, own)
            if ends is None:
                continue
            number = Assumption(
                f"{belief.name}.{name}",
                unit,
                sum(ends) / 2,
                ends[0],
                ends[1],
                least,
                most,
                f"{belief.who}: {belief.says}",
                belief.who,
                drawn=True,
                known=belief.known,
                shape="uniform",
                who=belief.who,
                page=pages[0] if pages else "",
                derived=name == "wear",
            )
            found[number.name] = number
    return found


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
                f"`beliefs` {name}: not a publisher's figure about {klass}. Choose from: "
                f"{', '.join(known) or 'none'}"
            )
    return [known[n] for n in names] if names else list(known.values())


def public(
    asked: Sequence[Belief], records: RecoveryRecords
) -> list[tuple[Belief, tuple[str, ...]]]:
    """The beliefs that were public by the records' date and not yet replaced by a figure of a later
    pace, each with the pages that a reader can open:
    its own, or those of the rows behind it; a row without one is named by its place.
    """
    found = []
    for belief in asked:
        rows = records.figures(list(belief.rows), f"the figure of {belief.who}")
        today = records.as_of.date
        dated = belief.known is None or belief.known <= today
        dated = dated and (belief.until is None or today < belief.until)
        if dated and records.known.has(belief.figures) and (rows or not belief.rows):
            named = [records.known.rows[k] for k in belief.figures]
            pages = [r["url"] or f"{r['source']} {r['locator']}" for r in rows]
            pages += [r.url or f"{r.source} {r.locator}" for r in named]
            found.append((belief, (belief.url,) if belief.url else tuple(dict.fromkeys(pages))))
    return found


def side_by_side(
    asked: Sequence[Belief],
    records: RecoveryRecords,
    ceasefire: int,
    *,
    china: China = "components",
    seed: int = 1,
    changes: Changes | None = None,
) -> Beliefs:
    """Each belief that was public by the records' date through the same model, with the same
    draws.
    """
    count = _next_count(records.as_of.date)
    given = _texts(changes)
    made = []
    for belief, pages in public(asked, records):
        fitted, runs = believed_runs(belief, records, ceasefire, china, seed, given)
        active = _active_at(fitted, month_index(count), seed)
        made.append(_answer(belief, pages, runs, active))
    ordered = tuple(sorted(made, key=lambda b: (-b.months.median, -b.never)))
    pairs = _pairs(ordered) if _is_counted(asked) else ()
    return Beliefs(ordered, count, dt.date(int(count[:4]) + 1, COUNT_MONTH, 15), pairs)


def _is_counted(asked: Sequence[Belief]) -> bool:
    """Whether active vehicles of the class are counted in the war, so that a count could tell."""
    return any(force_class(b.klass).standing == "published" for b in asked)


def _pairs(ordered: Sequence[Believed]) -> tuple[tuple[str, str, float], ...]:
    """Each two beliefs, and how far apart a count would put them."""
    found = []
    for n, slow in enumerate(ordered):
        for quick in ordered[n + 1 :]:
            found.append((slow.belief.name, quick.belief.name, _apart(slow, quick)))
    return tuple(found)


def _next_count(day: dt.date) -> str:
    """The end of the year that the next Military Balance counts."""
    return f"{day.year if (day.month, day.day) > (COUNT_MONTH, 15) else day.year - 1}-12"


def _texts(changes: Changes | None) -> dict[str, str]:
    """Return the numbers that a user sets, by name."""
    if isinstance(changes, Mapping):
        return dict(changes)
    return dict(split(text) for text in changes or ())


def believed_runs(
    belief: Belief,
    records: RecoveryRecords,
    ceasefire: int,
    china: China,
    seed: int,
    given: Mapping[str, str],
) -> tuple[ClassFit, PeaceRuns]:
    """Return the fit on a publisher's figures, and its model runs after a ceasefire."""
    own = {name: text for name, text in given.items() if "." not in name}
    own |= own_numbers(belief, given)
    fitted = fit_class(
        belief.klass, records, seed=seed, changes=own, draws=FIT_DRAWS, drops=belief.drops
    )
    return fitted, peace_runs(fitted, ceasefire, china, draws=DRAWS, seed=seed)


def _active_at(fitted: ClassFit, month: int, seed: int) -> np.ndarray:
    """Return the active stock at the end of a month of the war, by run."""
    if month <= fitted.months:
        return fitted.state("active", month)
    start, _, _ = at_ceasefire(fitted, month + 1, DRAWS, seed)
    return start.active


def _answer(
    belief: Belief, pages: tuple[str, ...], runs: PeaceRuns, active: np.ndarray
) -> Believed:
    """Return what one publisher's figures lead to; ``active`` is the stock at the next count."""
    a_year = float(np.median(runs.start.rates["new_plateau"])) * 12
    never = float(np.mean(np.isinf(runs.late)))
    return Believed(belief, pages, a_year, quantiles_of(runs.late), never, quantiles_of(active))


@dataclass(frozen=True)
class BeliefCourse:
    """What one publisher's figures lead to by month after a ceasefire."""

    belief: Belief
    #: Median share of the stock of February 2022, by month after the ceasefire.
    share: np.ndarray = field(metadata={"plain": np.ndarray.tolist})
    #: Share of runs in which the force is back, by month after the ceasefire.
    back: Sequence[float]


def courses(
    asked: Sequence[Belief],
    records: RecoveryRecords,
    ceasefire: int,
    *,
    china: China = "components",
    seed: int = 1,
    changes: Changes | None = None,
) -> list[BeliefCourse]:
    """Return each public belief's course after a ceasefire, from the runs of `side_by_side`."""
    found = []
    given = _texts(changes)
    for belief, _ in public(asked, records):
        _, runs = believed_runs(belief, records, ceasefire, china, seed, given)
        median = np.median(runs.share(), axis=1)
        found.append(BeliefCourse(belief, median, runs.back))
    return found


def own_numbers(belief: Belief, given: Mapping[str, str]) -> dict[str, str]:
    """Return the numbers that a belief sets, as a user may have changed them, and take its own
    names out.
    """
    found = {}
    for name, ends, times in (("new_plateau", belief.new, 1 / 12), ("wear", belief.wear, 1.0)):
        said = given.get(f"{belief.name}.{name}")
        if said is not None:
            parts = [float(x) * times for x in said.split(":")]
        elif ends is not None:
            parts = [x * times for x in ends]
        else:
            continue
        low, high = parts[0], parts[-1]
        found[name] = f"{low:.6g}" if low == high else f"{low:.6g}:{high:.6g}"
    return found


def _apart(a: Believed, b: Believed) -> float:
    """Standard deviations between what two beliefs say of the next count, the count's own error
    included.
    """
    first, second = ((x.active.high - x.active.low) / WIDTH_OF_80_PER_CENT for x in (a, b))
    spread = math.sqrt(first**2 + second**2 + COUNT_SD**2)
    return abs(a.active.median - b.active.median) / spread
