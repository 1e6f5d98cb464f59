# SPDX-License-Identifier: Apache-2.0
"""Recovery of forces in the terminal, in 80 columns: the fit first, then what it says and how far to trust it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bilat.regeneration.fired import FiredProduced
from bilat.regeneration.recovery.ask import Answered, Fired
from bilat.regeneration.recovery.class_fit import Residual
from bilat.regeneration.recovery.plain import months_text
from bilat.regeneration.recovery.regenerate import LEVELS, ClassRecovery, Recovery
from bilat.terminal.tables import figure
from bilat.verdicts.likelihood import word

WIDTH = 80
#: The family whose launches may include decoys.
DRONES = "Shahed-type drones"
HELP = {
    "none": "no help: inputs from China are cut off, a part replaced from elsewhere",
    "components": "components, as today",
    "systems": "components and finished vehicles",
}


def show_recovery(found: Answered, out: Path | None) -> None:
    """Print every class asked for, then missiles."""
    print("\n".join(recovery_lines(found)))
    if out is not None:
        print(f"written: {out}")


def recovery_lines(found: Answered) -> Iterator[str]:
    """The lines, none over 80 columns."""
    if found.recovery:
        for c in found.recovery.classes:
            yield from _class(c, found.recovery)
            yield ""
    if found.fired:
        yield from _fired(found.fired)


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent or "  ")


def _number(x: float) -> str:
    return f"{x:.2f}" if abs(x) < 10 and x != round(x) else f"{x:,.0f}"


def _band(low: float, mid: float, high: float) -> str:
    return f"{_number(mid)} [{_number(low)}-{_number(high)}]"


def _class(c: ClassRecovery, found: Recovery) -> Iterator[str]:
    asked = found.asked
    yield c.klass.label.upper()
    yield from _wrap(
        f"as of {asked['as_of']}; ceasefire {asked['ceasefire']}; seed {asked['seed']}; standing: {c.klass.standing}"
    )
    if c.klass.why:
        yield from _wrap(f"Warning: {c.klass.why}" if c.fit else f"Not estimated. {c.klass.why}")
    yield from _record(c)
    if not c.fit:
        for s in c.stocks:
            yield from _wrap(
                f"published: {s['item']}, {s['period']}: {figure(s['value'])} ({s['originator']})"
            )
        return
    yield from _fit(c)
    yield from _conflicts(c)
    yield from _backtest(c)
    yield from _states(c)
    yield from _months(c)
    yield from _trust(c)


def in_whole(parts: dict[str, float]) -> dict[str, int]:
    """Parts in whole numbers that add up to the rounded sum: the sum so far is rounded, not each part."""
    so_far, whole, last = 0.0, {}, 0
    for name, value in parts.items():
        so_far += value
        whole[name], last = round(so_far) - last, round(so_far)
    return whole


def _record(c: ClassRecovery) -> Iterator[str]:
    r = c.record
    years = ", ".join(f"{y} {n:,}" for y, n in in_whole(r["listed_by_year"]).items())
    yield from _wrap(f"Losses listed by Oryx to {r['last_day']}: {figure(r['listed_total'])} ({years})")
    if r["claimed_total"]:
        yield from _wrap(
            f"claimed by Ukraine's General Staff to then: {figure(r['claimed_total'])} (upper band)"
        )
    if r["months_carried"]:
        yield from _wrap(
            f"after {r['last_month']} nothing is held: the last months' mean is carried on for "
            f"{r['months_carried']} months, with a spread"
        )


def _fit(c: ClassRecovery) -> Iterator[str]:
    left = {x.point.name: x for x in c.left_out}
    yield ""
    yield from _wrap(
        f"Fit to {c.fit['points']} published points; damaged vehicles that come back: outside the balance "
        f"{1 - c.fit['inside_weight']:.0%}, inside {c.fit['inside_weight']:.0%} of the weight. [10% to 90%]"
    )
    yield f"{'point':31}{'published':>9} {'fit':>23} {'z':>5} {'left out':>9}"
    for r in c.residuals:
        x = left.get(r.point.name)
        bound = {"most": "<=", "least": ">="}.get(r.point.bound, "")
        outcome = "shown" if r.point.shown else "" if x is None else "held" if x.holds else "MISSED"
        yield (
            f"{r.point.name[:31]:31}{bound + _number(r.point.value):>9} "
            f"{_band(r.low, r.median, r.high):>23} {r.z:>+5.1f} {outcome:>9}"
        )
    if left:
        held = sum(x.holds for x in left.values())
        yield from _wrap(
            f"Left out one by one, the 80% interval (error of the published figure included) held {held} of "
            f"{len(left)}; about {0.8 * len(left):.0f} are expected."
        )


def _conflicts(c: ClassRecovery) -> Iterator[str]:
    for r in c.conflicts:
        yield from _wrap(
            f"CONFLICT: {r.point.name}: {'; '.join(r.point.originators)} gives {_number(r.point.value)}, "
            f"all other points of the fit give {_band(r.low, r.median, r.high)}. Shown, not fitted away."
            f"{_rivals(r)}"
        )
    for reading in c.readings:
        last = list(reading.active)[-1]
        low, mid, high = reading.active[last]
        yield from _wrap(f"Read as '{reading.name}': active {last} {_band(low, mid, high)}")


def _rivals(r: Residual) -> str:
    """The figures of other publishers beside a conflict, those that say the same first; in no fit."""
    said = ""
    for agrees, words in ((True, "Not alone"), (False, "Published against it")):
        some = [f"{x.originator} gives {x.figure}" for x in r.point.beside if r.agrees(x) == agrees]
        said += f" {words}: {'; '.join(some)} (not in the fit)." if some else ""
    return said


def _backtest(c: ClassRecovery) -> Iterator[str]:
    b = c.backtest
    if b is None:
        return
    yield ""
    ours, rule = b.error(True), b.error(False)
    if ours is None or rule is None:
        yield from _wrap(
            "Backtest: nothing to compare: no figure of a later time has one of its kind before."
        )
        return
    verdict = "beats" if b.beats else "DOES NOT BEAT"
    yield from _wrap(
        f"Backtest from {', '.join(b.fitted)}, nothing known later: the model {verdict} 'things go on at the "
        f"same pace' by mean error ({ours:.1f} against {rule:.1f} stated deviations); it is nearer in {b.nearer} of "
        f"{len(b.compared)} figures, {'as often as chance gives' if b.by_chance else 'more often than by chance'} "
        f"(they are not independent). 80% intervals held {b.held:.0%} of {len(b.forecasts)}."
    )


def _states(c: ClassRecovery) -> Iterator[str]:
    yield ""
    yield f"{'at the end of':16}{'active':>24}{'in storage':>24}"
    active = {s["at"]: s for s in c.states if s["quantity"] == "active"}
    stored = {s["at"]: s for s in c.states if s["quantity"] == "stored"}
    for at, s in active.items():
        t = stored[at]
        yield f"{at:16}{_band(s['low'], s['median'], s['high']):>24}{_band(t['low'], t['median'], t['high']):>24}"
    if c.at_ceasefire:
        a, share, t = (c.at_ceasefire[k] for k in ("active", "share", "stored"))
        yield f"{'ceasefire':16}{_band(*a):>24}{_band(*t):>24}"
        yield from _wrap(
            f"active at the ceasefire, as a share of February 2022: {share[1]:.2f} [{share[0]:.2f}-{share[2]:.2f}]"
        )
    if c.fit["floored_share"]:
        yield from _wrap(f"{c.fit['floored_share']:.1%} of the draws run out of active vehicles on the way.")


def _months(c: ClassRecovery) -> Iterator[str]:
    recovered = next((p for p in c.parameters if p["name"] == "recovered"), None)
    goal = f"{recovered['value']:.0%}" if recovered else ""
    yield ""
    yield from _wrap(
        f"Months from the ceasefire until {goal} of the active stock of February 2022 is back and stays"
    )
    yield f"{'China sends':14}" + "".join(f"{level:>8.0%}" for level in LEVELS) + f"{'never in 10 years':>20}"
    for s in c.scenarios:
        yield f"{s.china:14}" + "".join(f"{months_text(m):>8}" for m in s.months) + f"{s.never:>20.0%}"
    dates = c.scenarios[0].by
    chosen = [n for n, (m, _, _) in enumerate(dates) if m in (12, 24, 36, 60, 120)]
    yield f"{'recovered by':14}" + "".join(f"{dates[n][1][:7]:>10}" for n in chosen)
    for s in c.scenarios:
        yield f"{s.china:14}" + "".join(f"{s.by[n][2]:>10.0%}" for n in chosen)
    for s in c.scenarios:
        p = next(p for m, _, p in s.by if m == 60)
        yield from _wrap(f"Likelihood, {HELP[s.china]}: recovered within 60 months: {word(p)}.")
    for g in c.gains:
        yield from _wrap(
            f"{g.less} to {g.more}: {g.median:.0f} months sooner [{g.low:.0f}-{g.high:.0f}], in the "
            f"{g.both:.0%} of draws that recover with both."
        )
    yield from _growth(c)


def _growth(c: ClassRecovery) -> Iterator[str]:
    """What of the help is growth of production, which the model ties to China's components."""
    g = c.growth_alone
    if g is None:
        return
    growth = next(p for p in c.parameters if p["name"] == "growth")
    yield from _wrap(
        "Part of what components are worth is growth: in the first two years of peace new production "
        f"grows ({growth['low']:.0%} to {growth['high']:.0%}, {growth['origin']}) only with "
        f"China's components. With no dependence at all a cut-off would still cost {g.median:.0f} months "
        f"[{g.low:.0f}-{g.high:.0f}]."
    )


def _trust(c: ClassRecovery) -> Iterator[str]:
    yield ""
    w, reasons = c.confidence
    yield from _wrap(f"Confidence: {w}. " + ("; ".join(reasons) + "." if reasons else "Nothing lowers it."))
    yield from _wrap(
        "What helps after the ceasefire (dependence on China, replacement, finished vehicles) rests on assumed "
        "ranges: read the months as conditional on them."
    )
    if c.drivers:
        yield from _wrap(
            "Drivers (share of the variance five years on): "
            + ", ".join(f"{d.name.replace('_', ' ')} {d.share:.2f} ({d.correlation:+.2f})" for d in c.drivers)
        )


def _fired(f: Fired) -> Iterator[str]:
    yield "MISSILES FIRED FOR EACH ONE PRODUCED"
    yield from _wrap(
        f"windows that end on {f.end}; both ranges: fewest fired over most produced, and the reverse"
    )
    yield f"{'':30}{'days':>5}{'fired':>18}{'produced':>12}{'ratio':>14}"
    shown: list[FiredProduced] = []
    for r in f.windows:
        same = [
            x
            for x in shown
            if (x.family, x.days, x.fired, x.fired_high) == (r.family, r.days, r.fired, r.fired_high)
        ]
        if not same:  # with and without the label are one row where no launch bears it
            shown.append(r)
    for r in shown:
        twice = sum((x.family, x.days) == (r.family, r.days) for x in shown) > 1
        yield from _ratio(r, r.label_kn23 if twice else "")
    if any(r.carried_days for r in f.windows):
        yield from _wrap("* production carried on from its last published figure for part or all of the days")
    if any(r.unrecorded_days for r in f.windows):
        yield from _wrap("+ the window begins before the record of launches: fired is a floor")
    if any(_no_range(r) for r in shown):
        yield from _wrap(
            "no range: the record states none, neither of launches nor of production; not that the figure is exact"
        )
    if any(DRONES in r.family for r in shown):
        yield from _wrap(
            f"{DRONES}: launched ones may include decoys, which their production does not, so that ratio runs high; "
            f"'together' leaves them out and adds {_added(shown)}."
        )
    if any(r.family.startswith("together") for r in shown):
        yield from _wrap("Each figure is rounded by itself: parts may differ from 'together' by one.")
    if f.apart:
        by: dict[str, float] = {}
        for a in f.apart:
            by[a.month[:4] + " " + a.label] = by.get(a.month[:4] + " " + a.label, 0.0) + a.fired
        yield from _wrap(
            "Apart, as they may be North Korean: " + ", ".join(f"{k} {v:.0f}" for k, v in sorted(by.items()))
        )
    for s in f.stockpiles:
        least = "at least 0" if not s.least else f"at least {s.least:,.0f}"
        yield from _wrap(
            f"{s.family}, {s.since} to {s.until}: {least if s.least is not None else 'an open number'}, at most "
            f"{s.most:,.0f} came from stock (or are other models under the label)."
        )


def _no_range(r: FiredProduced) -> bool:
    """Whether the record states no range for the ratio."""
    return r.low is not None and r.low == r.high


def _added(rows: Sequence[FiredProduced]) -> str:
    """The families that 'together' adds, by length of the window where they differ."""
    by = {r.days: r.family.removeprefix("together: ") for r in rows if r.family.startswith("together")}
    if len(set(by.values())) == 1:
        return next(iter(by.values()))
    return "; ".join(f"{days} days: {names}" for days, names in by.items()) or "nothing here"


def _ratio(r: FiredProduced, label: str) -> Iterator[str]:
    name = r.family if not r.family.startswith("together") else "together"
    name += {"without": ", no KN-23 label", "with": ", with KN-23 label"}.get(label, "")
    if len(name) > 30:
        yield name[:WIDTH]
        name = ""
    mark = ("*" if r.carried_days else "") + ("+" if r.unrecorded_days else "")
    made = f"{r.made:,.0f}" + ("+" if r.made_high is None else "")
    low = "?" if r.low is None else f"{r.low:.2f}"
    high = f"{r.high:.2f}" if r.high != float("inf") else "?"
    band = "no range" if _no_range(r) else f"[{low}-{high}]"
    one = r.fired_low == r.fired_high
    fired = f"{r.fired:,.0f}" if one else f"{r.fired:,.0f} [{r.fired_low:,.0f}-{r.fired_high:,.0f}]"
    yield f"{name:30}{r.days:>5}{fired:>18}{made:>9} {f'{r.ratio:.2f} {band}{mark}':>17}"


def show_explained(found: Answered) -> None:
    """Print the parameters of each class with range, unit, origin and rows."""
    print("\n".join(explained_lines(found)))


def explained_lines(found: Answered) -> Iterator[str]:
    """Parameters of each class, the assumed ones marked; then every row that was read."""
    for c in found.recovery.classes if found.recovery else ():
        if not c.parameters:
            continue
        yield f"{c.klass.label.upper()}: parameters before the fit (10% and 90% points)"
        for p in c.parameters:
            yield f"{p['name']:20}{_short(p['value']):>9}  {_short(p['low'])} to {_short(p['high'])}"
            origin = {"rows": ", ".join(p["rows"]), "assumed": "ASSUMED: no published figure",
                      "wide": "WIDE: its figures were not public yet",
                      "asked": "as asked"}.get(p["origin"], p["origin"])  # fmt: skip
            yield from _wrap(f"{p['meaning']} ({p['unit']}); {origin}", "    ")
        yield ""
    yield from _sources(found)


def _short(x: float) -> str:
    return f"{x:,.4g}" if abs(x) < 1000 else f"{x:,.0f}"


def _sources(found: Answered) -> Iterator[str]:
    lineage: Sequence[Any] = found.to_json()["lineage"]
    yield f"{len(lineage)} inputs; with --json their snapshot, row and page"
    for row in lineage:
        if row.get("item"):
            place = f"{row['source']} {row['locator']}: {row['item']}, {row.get('period')}"
            yield from _wrap(f"{place}: {row.get('figure') or ''} ({row.get('originator') or ''})")
