# SPDX-License-Identifier: Apache-2.0
"""An index of cooperation by year, never without its uncertainty.

An index is made of choices that nobody can settle: how parts are put on one scale, what each weighs, whether a strong
part makes up for a weak one, what stands for a part whose record has ended. All four are sampled together, so the
index of a year is a band; and how much of the band each choice makes is told by its Sobol shares: alone
(first-order) and with all that it shares with others (total).

Reference: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7; Saltelli and others (2010),
Computer Physics Communications 181 (first-order, estimator b); Jansen (1999), same journal 117 (total).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.errors import Damaged, UsageError
from bilat.holdings import Holdings
from bilat.listing import html_table
from bilat.measures import ask, default_holdings
from bilat.when import AsOf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Draws of each of the two sample matrices: a power of two.
DRAWS = 1024
#: The band of every figure.
LEVEL = 0.9
SEED = 20261126
NORMALISATIONS = ("least to greatest", "distance from the mean", "rank")
AGGREGATIONS = ("sum", "product", "harmonic")
GAPS = ("left out", "carried on")
CHOICES = ("normalisation", "weights", "aggregation", "ended records")
#: A part's least value on the scale from 0 to 1: a product would be zero for ever by one of them.
FLOOR = 0.01


class IndexPart(BaseModel):
    """One part of the index."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    says: str
    measure: str
    params: dict[str, Any] = {}
    groups: list[str]
    years: int = 1
    sign: int = 1
    zero: bool = False
    set_after: str = ""  #: what was changed once an output had been seen; blank for a part fixed before
    only: list[str] = []  #: the two states that it can be asked of; empty for any


class Plan(BaseModel):
    """What composite.toml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    set: dt.date
    first: int
    carry: int
    least_parts: int
    reference: list[tuple[str, str]]
    part: list[IndexPart]


@cache
def plan() -> Plan:
    """The parts and the choices."""
    text = resources.files("bilat.forecast").joinpath("composite.toml").read_text("utf-8")
    return Plan(**tomllib.loads(text))


@dataclass(frozen=True)
class Banded:
    """The index of one pair in one year, from 0 to 1.

    Raises
    ------
    UsageError
        without a band around the middle: an index without its uncertainty is not given.
    """

    year: int
    low: float
    middle: float
    high: float
    parts: tuple[str, ...]  #: the parts that have a figure for the year, none carried on

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:  # a nan fails too
            raise UsageError(f"the index of {self.year} has no band; it is not given without one")


@dataclass(frozen=True)
class Share:
    """How much of the spread of the index one choice makes, averaged over the years by their variance."""

    choice: str
    first: float  #: alone
    total: float  #: with what it shares with the other choices


@dataclass(frozen=True)
class Index:
    """The index of one pair."""

    dyad: Dyad
    years: tuple[Banded, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Composite:
    """The index of several pairs on one scale."""

    as_of: AsOf
    parts: tuple[IndexPart, ...]
    indices: tuple[Index, ...]
    above: tuple[
        tuple[str, str, int, float], ...
    ]  #: (pair, other pair, year, share of draws in which it is above)
    missing: tuple[str, ...]  #: parts that could not be asked, with their reason

    def _repr_html_(self) -> str:
        years = sorted({y.year for i in self.indices for y in i.years})
        by_pair = [
            {y.year: f"{y.middle:.2f} ({y.low:.2f} to {y.high:.2f})" for y in i.years} for i in self.indices
        ]
        rows: list[list[Any]] = [[year, *(by.get(year) for by in by_pair)] for year in years]
        for c in dict.fromkeys(s.choice for i in self.indices for s in i.shares):
            of = [next((s for s in i.shares if s.choice == c), None) for i in self.indices]
            rows.append(
                [f"made by {c}", *(f"{s.first:.0%} alone, {s.total:.0%} in all" if s else None for s in of)]
            )
        title = f"Index of cooperation, 0 to 1, with its {LEVEL:.0%} band, as of {self.as_of}"
        return html_table(["year", *(i.dyad.name for i in self.indices)], rows, title=title)

    def to_json(self) -> dict[str, Any]:
        """The index as plain data."""
        return {
            "as_of": str(self.as_of), "level": LEVEL, "draws": 2 * DRAWS, "seed": SEED,
            "choices": {"normalisation": NORMALISATIONS, "weights": "uniform over all weights that sum to one",
                        "aggregation": AGGREGATIONS, "ended records": GAPS},
            "parts": [{"id": p.id, "says": p.says, "measure": p.measure, "set_after": p.set_after} for p in self.parts],
            "indices": [
                {
                    "pair": [i.dyad.a, i.dyad.b],
                    "years": [{"year": y.year, "low": y.low, "index": y.middle, "high": y.high,
                               "parts": y.parts} for y in i.years],
                    "shares": [{"choice": s.choice, "first": s.first, "total": s.total} for s in i.shares],
                }
                for i in self.indices
            ],
            "above": [{"pair": a, "other": b, "year": y, "share": s} for a, b, y, s in self.above],
            "missing": list(self.missing),
        }  # fmt: skip


def composite(
    pairs: Sequence[Dyad | tuple[str, str]],
    as_of: AsOf | str | None = None,
    holdings: Holdings | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Composite:
    """The index of the pairs by year. Parts that only some of several pairs can be asked are left out for all.

    Raises
    ------
    UsageError
        for no pair, one that stands twice, or a pair of which fewer than two parts can be asked.
    """
    dyads = [p if isinstance(p, Dyad) else Dyad(*p) for p in pairs]
    if not dyads or len({frozenset(d) for d in dyads}) < len(dyads):
        raise UsageError("name each pair once: bilat index RUS CHN --with USA JPN")
    when, held = AsOf(as_of), holdings or default_holdings()
    chosen = plan()
    parts = [p for p in chosen.part if all(not p.only or set(p.only) == set(d) for d in dyads)]
    pool = dyads + [
        d for a, b in chosen.reference if frozenset(d := Dyad(a, b)) not in {frozenset(x) for x in dyads}
    ]
    figures, missing = _figures(parts, pool, when, held)
    years = range(chosen.first, when.date.year + 1)
    scaled = {
        (norm, gap): np.stack([_scaled(figures[p.id], p, gap, norm, years, chosen.carry) for p in parts])
        for norm in NORMALISATIONS
        for gap in GAPS
    }
    covered = ~np.isnan(scaled[NORMALISATIONS[0], "left out"])  # parts, pairs, years
    shown = covered.sum(axis=0) >= chosen.least_parts
    values, shares = _sampled(scaled, len(parts), shown[: len(dyads)], draws, seed)
    indices = []
    for n, d in enumerate(dyads):
        at = np.flatnonzero(shown[n])
        if len(at) == 0:
            raise UsageError(f"{d.name}: fewer than {chosen.least_parts} parts of the index have a figure")
        low, mid, high = np.quantile(values[:, n, at], [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0)
        banded = tuple(
            Banded(
                years[y], float(low[i]), float(mid[i]), float(high[i]),
                tuple(p.id for k, p in enumerate(parts) if covered[k, n, y]),
            )
            for i, y in enumerate(at)
        )  # fmt: skip
        indices.append(Index(d, banded, shares[n]))
    above, unlike = _above(values, covered & shown, dyads, years)
    return Composite(when, tuple(parts), tuple(indices), above, (*missing, *unlike))


def _above(
    values: Floats, covered: NDArray[np.bool_], dyads: Sequence[Dyad], years: range
) -> tuple[tuple[tuple[str, str, int, float], ...], list[str]]:
    """The first pair against each other in the last year in which both are made of the same parts."""
    out, unlike = [], []
    for other in range(1, len(dyads)):
        alike = (covered[:, 0] == covered[:, other]).all(axis=0) & covered[:, 0].any(axis=0)
        first, second = (f"{d.a}-{d.b}" for d in (dyads[0], dyads[other]))
        if not alike.any():
            unlike.append(f"{first} beside {second}: no year in which the same parts have a figure for both")
            continue
        y = int(np.flatnonzero(alike)[-1])
        out.append((first, second, years[y], float(np.mean(values[:, 0, y] > values[:, other, y]))))
    return tuple(out), unlike


def _figures(
    parts: Sequence[IndexPart], pool: Sequence[Dyad], when: AsOf, held: Holdings
) -> tuple[dict[str, list[dict[int, float]]], list[str]]:
    """IndexPart -> for each pair of the pool, year -> figure; and what could not be asked."""
    out: dict[str, list[dict[int, float]]] = {}
    missing = []
    for part in parts:
        out[part.id] = []
        for d in pool:
            found: dict[int, float] = {}
            if not part.only or set(part.only) == set(d):
                try:
                    m = ask(part.measure, d, as_of=when, holdings=held, **part.params)
                except Damaged as e:
                    missing.append(f"{part.id}, {d.a}-{d.b}: {e}")
                else:
                    names = {g.format(a=d.a, b=d.b) for g in part.groups}
                    for p in m.points:
                        if p.group in names and p.value is not None and not p.open and len(p.period) == 4:
                            found[int(p.period)] = found.get(int(p.period), 0.0) + p.value
            out[part.id].append(found)
        if part.zero:
            newest = max((y for f in out[part.id] for y in f), default=0)
            for f in out[part.id]:
                f.update({y: 0.0 for y in range(plan().first - part.years + 1, newest + 1) if y not in f})
    return out, missing


def _scaled(
    figures: Sequence[dict[int, float]], part: IndexPart, gap: str, norm: str, years: range, carry: int
) -> Floats:
    """(pairs, years) of a part on the scale from 0 to 1; nan where it has none."""
    raw = np.full((len(figures), len(years)), np.nan)
    for n, known in enumerate(figures):
        for i, y in enumerate(years):
            window = [known[k] for k in range(y - part.years + 1, y + 1) if k in known]
            if len(window) == part.years or (window and y in known):
                raw[n, i] = part.sign * sum(window) / len(window)
    there = raw[~np.isnan(raw)]
    if not len(there):
        return raw
    if norm == "rank":
        ordered = np.sort(there)
        below = np.searchsorted(ordered, raw, "left") + np.searchsorted(ordered, raw, "right")
        out = np.where(np.isnan(raw), np.nan, below / (2 * len(ordered)))
    elif norm == "distance from the mean":
        from scipy.special import ndtr

        out = ndtr((raw - there.mean()) / (there.std() or 1.0))
    else:
        out = (raw - there.min()) / ((there.max() - there.min()) or 1.0)
    if gap == "carried on":
        for row in out:
            last = np.flatnonzero(~np.isnan(row))
            if len(last):
                row[last[-1] + 1 : last[-1] + 1 + carry] = row[last[-1]]
    return np.asarray(out)


def _indexed(scaled: dict[tuple[str, str], Floats], parts: int, pairs: int, unit: Floats) -> Floats:
    """(pairs, years) of one draw: ``unit`` has a number from 0 to 1 for each discrete choice, then the weights'."""
    norm = NORMALISATIONS[int(unit[0] * len(NORMALISATIONS))]
    how = AGGREGATIONS[int(unit[1] * len(AGGREGATIONS))]
    u = np.maximum(scaled[norm, GAPS[int(unit[2] * len(GAPS))]][:, :pairs], FLOOR)
    weights = -np.log1p(-unit[3 : 3 + parts])  # exponentials over their sum: uniform over the simplex
    w = np.where(np.isnan(u), 0.0, weights[:, None, None])
    total = w.sum(axis=0)
    w = w / np.where(total > 0, total, np.nan)
    filled = np.where(np.isnan(u), 1.0, u)
    if how == "sum":
        return np.asarray((w * filled).sum(axis=0))
    if how == "product":
        return np.asarray(np.exp((w * np.log(filled)).sum(axis=0)))
    return np.asarray(1 / (w / filled).sum(axis=0))


def sobol(
    run: Callable[[Floats], Floats], columns: Mapping[str, Sequence[int]], width: int, draws: int, seed: int
) -> tuple[Floats, dict[str, tuple[Floats, Floats]]]:
    """A function of independent uniforms over two Sobol samples, and what each group of its inputs makes.

    Parameters
    ----------
    run
        takes (draws, width) numbers from 0 to 1 and gives (draws, ...) values.
    columns
        group -> its columns.

    Returns
    -------
    (2 draws, ...) values; group -> (variance that it makes alone, variance that is left when all else is fixed),
    each in the shape of one value.
    """
    from scipy.stats import qmc

    both = qmc.Sobol(2 * width, rng=np.random.default_rng(seed)).random(draws)
    a, b = np.minimum(both[:, :width], 1 - 1e-9), np.minimum(both[:, width:], 1 - 1e-9)
    of_a, of_b = run(a), run(b)
    out = {}
    for group, mine in columns.items():
        mixed = a.copy()
        mixed[:, mine] = b[:, mine]
        of_mixed = run(mixed)
        out[group] = (of_b * (of_mixed - of_a)).mean(axis=0), ((of_a - of_mixed) ** 2).mean(axis=0) / 2
    return np.concatenate([of_a, of_b]), out


def _sampled(
    scaled: dict[tuple[str, str], Floats], parts: int, shown: NDArray[np.bool_], draws: int, seed: int
) -> tuple[Floats, list[tuple[Share, ...]]]:
    """All draws (draws, pairs, years), and for each pair the Sobol shares of the choices."""
    columns = {"normalisation": [0], "weights": range(3, 3 + parts), "aggregation": [1], "ended records": [2]}

    def run(units: Floats) -> Floats:
        return np.stack([_indexed(scaled, parts, len(shown), u) for u in units])

    values, made = sobol(run, columns, 3 + parts, draws, seed)
    variance = values.var(axis=0)
    shares = []
    for n, at in enumerate(shown):
        spread = float(variance[n, at].sum())
        found = []
        for choice in CHOICES:
            alone, whole = (float(x[n, at].sum()) / spread if spread > 0 else 0.0 for x in made[choice])
            found.append(Share(choice, min(1.0, max(0.0, alone)), min(1.0, max(0.0, whole))))
        shares.append(tuple(found))
    return values, shares
