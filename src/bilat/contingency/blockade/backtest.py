# SPDX-License-Identifier: Apache-2.0
"""The closure of Hormuz in 2026 as a test by month, and what it showed of refineries.

Every number in the rule was public on 27 February 2026; the rule itself was written afterwards. It
is given the
traffic through the strait (that is the closure itself) and nothing else that came after: imports =
the year
before, less the part loaded inside Hormuz that no longer passes, plus China's part of the lines
around it, a
voyage later, and no replacement from elsewhere. Beside it stand the same rule with the traffic that
PortWatch counts,
a flat line, one line of arithmetic, and the month before.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.routes import sources
from bilat.errors import DataError
from bilat.measures import Ask
from bilat.planning import Assumption, Assumptions, Quantiles, load
from bilat.planning.figures import figures
from bilat.planning.lineage import InputRow, record
from bilat.when import AsOf

PACKAGE = "bilat.contingency.blockade"
BEFORE = AsOf("2026-02-27")
CLOSED_FROM = dt.date(2026, 2, 28)  #: the first day of the war; traffic fell on the next
QUARTER = ("2026-04", "2026-05", "2026-06")
#: Months whose traffic is that of an open strait, to set PortWatch's counts against.
OPEN = ("2025-12", "2026-01", "2026-02")
#: Days that a month must have to be set beside others.
FEWEST_DAYS = 7


@dataclass(frozen=True)
class Rule:
    """A rule with its forecast by month (million barrels a day): mean absolute error, and error of
    the quarter.
    """

    name: str
    months: dict[str, float]
    error: float
    mae: float


@dataclass(frozen=True)
class Traffic:
    """One month of the strait: share of its usual traffic, as published and as PortWatch counts
    tankers.
    """

    month: str
    published: float | None
    counted: float | None
    days: int  #: days that PortWatch has of it

    @property
    def conflict(self) -> bool:
        """Whether the two differ by more than a tenth of the usual traffic."""
        if self.published is None or self.counted is None:
            return False
        return abs(self.published - self.counted) > 0.1


@dataclass(frozen=True)
class BlockadeBacktest:
    """The test whole, best rule first."""

    observed: dict[str, float]
    quarter: float
    traffic: tuple[Traffic, ...]
    lag_days: int
    rules: tuple[Rule, ...]
    rationing: Quantiles  #: runs cut for each barrel of imports lost, by month: middle, least, most
    used: tuple[InputRow, ...]

    @property
    def ours(self) -> Rule:
        """The rule that the model stands for."""
        return next(r for r in self.rules if r.name == OURS)

    @property
    def counted(self) -> Rule | None:
        """The same rule with the traffic that PortWatch counts."""
        return next((r for r in self.rules if r.name == COUNTED), None)

    @property
    def plain(self) -> Rule:
        """The best of the plain rules."""
        return next(r for r in self.rules if r.name in PLAIN)


OURS = "our model, with published traffic figures"
COUNTED = "our model, with PortWatch's traffic counts"
STEADY = "our model, with constant traffic"
FLAT = "imports in the same month a year earlier"
ONE_LINE = "simple rule: imports without the share that is stuck behind Hormuz"
LAST = "same imports as in the month before"
PLAIN = (STEADY, FLAT, ONE_LINE, LAST)


def backtest(ask: Ask, p: Assumptions) -> BlockadeBacktest:
    """The rule of 27 February 2026 against the months from March on.

    Raises
    ------
    DataError
        if the months observed, or the traffic of the strait, were not public on the as-of date.
    """
    used: list[InputRow] = []
    observed = _months(ask, "customs_crude", p, used, since="2026-03")
    if not set(QUARTER) <= set(observed):
        raise DataError(
            f"imports of April to June 2026 were not public by {ask.as_of}: ask for 2026-08-20 or "
            "later"
        )
    p = _numbers_before(ask, p)
    before = read_inputs(ask.at(BEFORE), p)
    normal = _one(ask, "hormuz_flow", used)
    published = {m: t / normal for m, t in _months(ask, "hormuz_transit", p, used).items()}
    if not published:
        raise DataError(
            f"no published traffic through Hormuz since March 2026 was public by {ask.as_of}: "
            "ask for a later date"
        )
    counted, days = _portwatch(ask, used)
    gulf = next(r.miles for r in sources()["gulf_inside"].routes if r.name == "malacca")
    lag = round(gulf / (p("speed") * 24) + p("port_days") / 2)
    exposed = sum(before.flows.get(n, 0.0) for n, s in sources().items() if s.hormuz)
    around = p("bypass") * p("china_share_of_hormuz")
    base = before.imports
    passing = sum(published.values()) / len(published)
    forecasts = {
        OURS: {m: base - _late(m, lag, published, exposed, around) for m in observed},
        STEADY: {
            m: base - _late(m, lag, dict.fromkeys(published, passing), exposed, around)
            for m in observed
        },
        FLAT: dict.fromkeys(observed, base),
        ONE_LINE: dict.fromkeys(observed, base - exposed * (1 - passing) + around),
        LAST: _last(observed, base),
    }
    if any(m in counted for m in observed):
        forecasts[COUNTED] = {m: base - _late(m, lag, counted, exposed, around) for m in observed}
    rules = [
        Rule(
            name,
            months,
            _mean(months) - _mean(observed),
            float(np.mean([abs(months[m] - v) for m, v in observed.items()])),
        )
        for name, months in forecasts.items()
    ]
    months = sorted({*published, *(m for m in counted if m >= "2026-03")})
    return BlockadeBacktest(
        observed,
        _mean(observed),
        tuple(Traffic(m, published.get(m), counted.get(m), days.get(m, 0)) for m in months),
        lag,
        tuple(sorted(rules, key=lambda r: r.mae)),
        shown_rationing(ask, p, before, used),
        tuple(before.used + used),
    )


def shown_rationing(
    ask: Ask,
    assumptions: Assumptions,
    before: Inputs | None = None,
    used: list[InputRow] | None = None,
) -> Quantiles:
    """Runs cut for each barrel of imports lost, April 2026 on: middle, least and most of the
    months.

    Raises
    ------
    DataError
        if those months were not public.
    """
    used = [] if used is None else used
    before = before or read_inputs(ask.at(BEFORE), _numbers_before(ask, assumptions))
    imports = _months(ask, "customs_crude", assumptions, used, "2026-04")
    intake = _months(ask, "intake_month", assumptions, used, "2026-04")
    both = sorted(set(imports) & set(intake))
    if not set(QUARTER) <= set(both):
        raise DataError(f"refinery runs of April to June 2026 were not public by {ask.as_of}")
    ratios = [
        max(0.0, before.intake - intake[m]) / max(before.imports - imports[m], 1e-9) for m in both
    ]
    return Quantiles(float(np.median(ratios)), min(ratios), max(ratios))


def _numbers_before(ask: Ask, assumptions: Assumptions) -> Assumptions:
    """Return the numbers as the public knew them before the closure, with what the user sets."""
    then = load(PACKAGE, figures(ask.holdings, BEFORE))
    return Assumptions(
        {
            n: assumptions[n] if n in assumptions and assumptions[n].set_by_user else a
            for n, a in then.items()
        }
    )


def fitted(ask: Ask, assumptions: Assumptions) -> Assumptions:
    """The numbers with what 2026 showed of refineries, where it was public and the user has not
    set it.
    """
    own = assumptions["rationing"]
    if own.set_by_user:
        return assumptions
    try:
        shown = shown_rationing(ask, assumptions)
    except DataError:
        return assumptions
    return Assumptions({**assumptions, "rationing": _shown(own, shown)})


def _shown(own: Assumption, shown: Quantiles) -> Assumption:
    return replace(
        own,
        value=min(shown.median, own.most),
        low=min(shown.low, own.most),
        high=min(shown.high, own.most),
        assumed=False,
        derived=True,
        who="China Customs and the statistics office",
        period="2026-04..2026-07",
        wanted="",
        source="lowest and highest month since April 2026 (table blockade_facts: refinery output "
        "and imports)",
    )


def _last(observed: Mapping[str, float], base: float) -> dict[str, float]:
    months = sorted(observed)
    return {m: base if n == 0 else observed[months[n - 1]] for n, m in enumerate(months)}


def _portwatch(ask: Ask, used: list[InputRow]) -> tuple[dict[str, float], dict[str, int]]:
    """Tankers through Hormuz a day by month over those of an open strait, and the days counted.

    Counts by day or week come first, a week as seven equal days; a month without them is the
    publisher's own.
    """
    rows = ask.rows(
        "SELECT *, period AS point, variable AS grp FROM series WHERE source LIKE 'portwatch%' "
        "AND entity = 'Strait of Hormuz' AND variable LIKE '%transits, tanker%' AND period >= "
        "'2025-11' ORDER BY period"
    ).to_pylist()
    by_day: dict[dt.date, float] = {}
    months: dict[str, tuple[float, int]] = {}
    for r in rows:
        if len(r["period"]) == 10:
            span = 7 if r["variable"].startswith("weekly") else 1
            first = dt.date.fromisoformat(r["period"])
            by_day |= {first + dt.timedelta(days=n): r["value"] / span for n in range(span)}
        else:
            part = r["variable"].removeprefix("transits, tanker").strip(", ").removesuffix(" days")
            whole = calendar.monthrange(int(r["period"][:4]), int(r["period"][5:]))[1]
            days = int(part) if part.isdigit() else whole
            months[r["period"]] = (r["value"] / days, days)
        if r["period"] >= "2026-03":
            used.append(record(f"tankers through Hormuz {r['period']}", r["value"], "ships", r))
    for month in {f"{d:%Y-%m}" for d in by_day}:
        own = [v for d, v in by_day.items() if f"{d:%Y-%m}" == month]
        if len(own) >= months.get(month, (0.0, FEWEST_DAYS))[1]:
            months[month] = (sum(own) / len(own), len(own))
    usual = [months[m][0] for m in OPEN if m in months]
    if not usual:
        return {}, {}
    mean = float(np.mean(usual))
    return {m: v / mean for m, (v, _) in months.items()}, {m: n for m, (_, n) in months.items()}


def _gone(month: str, lag: int, passing: Mapping[str, float]) -> list[float]:
    """By day of a month, the share of the strait's traffic that was missing when the day's arrivals
    loaded.

    Arrivals loaded ``lag`` days before; a loading month without traffic of its own takes the last
    one known.
    """
    year = int(month[:4])
    number = int(month[5:])
    out = []
    for day in range(1, calendar.monthrange(year, number)[1] + 1):
        loaded = dt.date(year, number, day) - dt.timedelta(days=lag)
        key = max(f"{loaded:%Y-%m}", min(passing))
        out.append(
            0.0 if loaded < CLOSED_FROM else max(0.0, 1 - passing.get(key, passing[max(passing)]))
        )
    return out


def _late(month: str, lag: int, passing: Mapping[str, float], loss: float, more: float) -> float:
    """Mean over a month's days of what does not arrive; the lines around never carry more than is
    missing.
    """
    gone = _gone(month, lag, passing)
    return sum(loss * g - min(more, loss * g) for g in gone) / len(gone)


def _mean(months: Mapping[str, float]) -> float:
    """Mean of the second quarter, by days."""
    weight = {m: calendar.monthrange(2026, int(m[5:]))[1] for m in QUARTER}
    return sum(months[m] * w for m, w in weight.items()) / sum(weight.values())


def _months(
    ask: Ask, metric: str, assumptions: Assumptions, used: list[InputRow], since: str = ""
) -> dict[str, float]:
    rows = ask.rows(
        "SELECT *, period AS point, metric AS grp FROM estimates WHERE source = 'blockade_facts' "
        "AND metric = ? AND period >= ? ORDER BY period",
        metric,
        since,
    ).to_pylist()
    out = {}
    for r in rows:
        value = r["value"]
        days = calendar.monthrange(int(r["period"][:4]), int(r["period"][5:7]))[1]
        out[r["period"]] = (
            value * assumptions("barrels_per_tonne") / days
            if r["unit"] == "million tonnes"
            else value
        )
        used.append(record(f"{metric} {r['period']}", out[r["period"]], "million barrels a day", r))
    return out


def _one(ask: Ask, metric: str, used: list[InputRow]) -> float:
    rows = ask.rows(
        "SELECT *, period AS point, metric AS grp FROM estimates WHERE source = 'blockade_facts' "
        "AND metric = ? ORDER BY period DESC LIMIT 1",
        metric,
    ).to_pylist()
    if not rows:
        raise DataError(f"no {metric} was public by {ask.as_of}")
    used.append(record(metric, rows[0]["value"], rows[0]["unit"], rows[0]))
    return float(rows[0]["value"])
