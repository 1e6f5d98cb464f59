# SPDX-License-Identifier: Apache-2.0
"""The watch between two dates: what became known, what moved, which verdicts changed and why, which lines are
crossed. Everything is as of the two dates: nothing that was known later enters."""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bilat.catalog import tables
from bilat.dyad import Dyad
from bilat.errors import Damaged, UsageError
from bilat.forecast.moves import Move, moves_between
from bilat.forecast.questions import Record
from bilat.forecast.record import Seen, history
from bilat.holdings import Holdings
from bilat.measures import Ask, default_holdings
from bilat.verdicts import Judgement, judge
from bilat.when import AsOf, Period


class Indicator(BaseModel):
    """A line fixed beforehand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    claim: str
    says: str
    form: Literal["newest", "count"]
    months: int = 0
    line: float
    record: Record


@cache
def indicators() -> tuple[Indicator, ...]:
    """What indicators.toml says."""
    text = resources.files("bilat.forecast").joinpath("indicators.toml").read_text("utf-8")
    return tuple(Indicator(**i) for i in tomllib.loads(text)["indicator"])


@dataclass(frozen=True)
class Known:
    """Rows of one source that became known."""

    table: str
    source: str
    rows: int
    first: str  #: the earliest and the latest period that they speak of
    last: str
    known: str  #: the last day on which one of them became known


@dataclass(frozen=True)
class Changed:
    """A verdict that changed."""

    claim: str
    says: str
    before: str
    after: str
    figure_before: float | None
    figure_after: float | None
    reasons: tuple[str, ...]  #: the world, published since, an edition, new rows; with their numbers
    rows: tuple[str, ...]  #: some of the rows that are new
    rule: str


@dataclass(frozen=True)
class Line:
    """An indicator on the two dates."""

    id: str
    claim: str
    says: str
    line: float
    before: float | None
    after: float | None
    crossed: bool  #: at or above the line on the second date and below it (or not measured) on the first
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Watch:
    """What the watch saw."""

    dyad: Dyad
    first: AsOf
    last: AsOf
    known: tuple[Known, ...]
    moves: tuple[Move, ...]
    verdicts: tuple[Changed, ...]
    lines: tuple[Line, ...]
    failed: tuple[str, ...]  #: what could not be asked, and why

    @property
    def warnings(self) -> list[Move]:
        """The figures that stand out over all that were tested together."""
        return [m for m in self.moves if m.warns]

    @property
    def tested(self) -> int:
        """How many figures were held against a forecast."""
        return sum(m.p is not None for m in self.moves)

    @property
    def alarmed(self) -> bool:
        """Whether there is anything that a reader must see: a warning, a verdict, a line crossed."""
        return bool(self.warnings or self.verdicts or any(x.crossed for x in self.lines))

    def to_json(self) -> dict[str, Any]:
        """The watch as plain data."""
        return {
            "dyad": [self.dyad.a, self.dyad.b],
            "from": str(self.first),
            "to": str(self.last),
            "alarmed": self.alarmed,
            "known": [asdict(k) for k in self.known],
            "tested": self.tested,
            "warnings": [asdict(m) for m in self.warnings],
            "moves": [asdict(m) for m in self.moves],
            "verdicts": [asdict(c) for c in self.verdicts],
            "lines": [asdict(x) for x in self.lines],
            "failed": list(self.failed),
        }


def watch(
    first: AsOf | str,
    last: AsOf | str,
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    *,
    holdings: Holdings | None = None,
) -> Watch:
    """What changed in the public record between two dates.

    Raises
    ------
    UsageError
        if the second date is not after the first.
    """
    a, b = AsOf(first), AsOf(last)
    if a.date >= b.date:
        raise UsageError(f"--from {a} is not before --to {b}; write the earlier date first")
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    held = holdings or default_holdings()
    moves, failed = moves_between(a, b, held, pair)
    lines, failed_lines = _lines(a, b, held, pair)
    return Watch(
        dyad=pair,
        first=a,
        last=b,
        known=tuple(_known(a, b, held, pair)),
        moves=tuple(moves),
        verdicts=tuple(changed(judge(pair, a, held), judge(pair, b, held))),
        lines=tuple(lines),
        failed=(*failed, *failed_lines, *(p.damage for p in held.damaged)),
    )


def _known(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Known]:
    asked = Ask(pair, last, {}, holdings)
    damaged = {p.table for p in holdings.damaged}
    out = []
    for table in sorted(set(tables()) - damaged):
        rows = asked.query(
            "SELECT source, count(*) AS n, min(period) AS first, max(period) AS last, "
            f'max(known_on) AS known FROM "{table}" WHERE known_on > ? GROUP BY source ORDER BY source',
            first.date,
        )
        out += [
            Known(table, r["source"], r["n"], r["first"], r["last"], str(r["known"]))
            for r in rows.to_pylist()
        ]
    return sorted(out, key=lambda k: (k.table, k.source))


def changed(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[Changed]:
    """The claims whose verdict is another one, and why."""
    old = {j.id: j for j in before}
    out = []
    for j in after:
        was = old[j.id]
        if was.verdict == j.verdict:
            continue
        reasons, rows = _reasons(was, j)
        out.append(Changed(j.id, j.claim, was.verdict, j.verdict, was.value, j.value, reasons, rows, j.rule))
    return out


_KINDS = ("world", "belated", "edition", "late")


def _reasons(before: Judgement, after: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why a verdict changed, from the rows under it: the world, an edition, or rows that were missing."""
    old, new = _evidence(before), _evidence(after)
    periods = {key[:3] for key in old}
    editions: dict[str, set[str]] = {}
    for _, _, _, source, _, snapshot in old:
        editions.setdefault(source, set()).add(snapshot)
    kinds: dict[str, list[tuple[str, str, str, str, str, str]]] = {k: [] for k in _KINDS}
    world, belated, edition, late = kinds.values()
    for key in sorted(set(new) - set(old)):
        _, _, period, source, _, snapshot = key
        if key[:3] not in periods:
            (world if _end(period) > before.as_of.date else belated).append(key)
        elif snapshot not in editions.get(source, set()):
            edition.append(key)
        else:
            late.append(key)
    reasons = []
    if world:
        spans = sorted({k[2] for k in world})
        reasons.append(
            f"the world: {len(world)} rows for {spans[0]} to {spans[-1]}, not over on the first date"
        )
    if belated:
        spans = sorted({k[2] for k in belated})
        reasons.append(f"published since: {len(belated)} rows for {spans[0]} to {spans[-1]}, which had none")
    if edition:
        reasons.append(f"an edition: {len(edition)} rows of another edition for periods that had figures")
    if late:
        reasons.append(f"new rows: {len(late)} for periods that had figures")
    if not reasons:
        gone = len(set(old) - set(new))
        reasons.append(f"{gone} rows no longer stand" if gone else "time: the same rows, another date")
    rows = dict.fromkeys(f"{k[3]} {k[4]}" for k in [*world, *belated, *edition, *late])
    return tuple(reasons), tuple(rows)[:4]


def _evidence(j: Judgement) -> set[tuple[str, str, str, str, str, str]]:
    """(measure, group, row's period, source, locator, snapshot) of every row under a judgement."""
    out = set()
    for m in [j.evidence, *j.others]:
        if m is None or not m.evidence.num_rows:
            continue
        for r in m.evidence.select(["grp", "period", "source", "locator", "snapshot"]).to_pylist():
            out.add((m.name, r["grp"] or "", r["period"], r["source"], r["locator"], r["snapshot"]))
    return out


def _end(period: str) -> dt.date:
    return Period(period).end


def _lines(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> tuple[list[Line], list[str]]:
    if set(pair) != {"RUS", "CHN"}:  # the lines speak of Russia and China
        return [], []
    out, failed = [], []
    for i in indicators():
        try:
            (before, _), (after, rows) = (_level(i, d, holdings, pair) for d in (first, last))
        except Damaged as e:
            failed.append(f"{i.id}: {e}")
            continue
        crossed = after is not None and after >= i.line and (before is None or before < i.line)
        out.append(
            Line(i.id, i.claim, i.says, i.line, before, after, crossed, tuple(s.where for s in rows[-4:]))
        )
    return out, failed


def _level(i: Indicator, on: AsOf, holdings: Holdings, pair: Dyad) -> tuple[float | None, list[Seen]]:
    seen = history(i.record, on, holdings, pair).seen
    if i.form == "newest":
        return (seen[-1].value, [seen[-1]]) if seen else (None, [])
    since = _months_before(on.date, i.months)
    inside = [s for s in seen if Period(s.period).end >= since]
    return float(len(inside)), inside


def _months_before(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
