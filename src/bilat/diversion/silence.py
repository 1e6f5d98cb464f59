# SPDX-License-Identifier: Apache-2.0
"""Who stands in the file when: periods for which a country has no rows at all, what their lack explains, and zeros
that speak: a hub that no longer reports its sales to the target, or none at all, and goods declared for a hub that
never arrive."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bilat.diversion.answer import Silence
from bilat.diversion.hubs import Tree
from bilat.diversion.legs import Legs, sql
from bilat.diversion.months import mirror
from bilat.formats.trade.files import Trade

#: Rows a period that a country usually has before an empty period is taken for a missing one.
USUAL = 3


@dataclass(frozen=True)
class Missing:
    """Periods without a row: ``found`` of the ``pre`` and ``post`` periods of the window; ``scaled``: those
    left out already, the rest scaled up to stand for them."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    scaled: tuple[str, ...] = ()
    pre: int = 1
    post: int = 1

    @property
    def none_before(self) -> bool:
        return len(self.before) == self.pre

    def explains(self) -> float:
        """Log growth that periods read as zero would make by themselves, those left out already apart."""
        lost = [
            sum(p not in self.scaled for p in part) / n
            for part, n in ((self.before, self.pre), (self.after, self.post))
        ]
        if lost[0] >= 1:
            return float("inf")
        return float(np.log(max(1 - lost[1], 1e-9)) - np.log(1 - lost[0]))

    @property
    def share(self) -> float:
        """The larger share of either side of the break that is missing."""
        return max(len(self.before) / self.pre, len(self.after) / self.post)


@dataclass(frozen=True)
class Presence:
    """(side, country) -> its missing periods; ``side`` is ``importer`` or ``exporter``."""

    held: dict[tuple[str, str], Missing] = field(default_factory=dict)

    def of(self, side: str, country: str) -> Missing:
        return self.held.get((side, country), Missing())


def presence(trade: Trade, legs: Legs) -> Presence:
    """Look for empty periods of every country, on both sides."""
    rows = trade.engine.table(sql("presence").template)
    pre, post = legs.span.pre, legs.span.post
    window = (*pre, *post)
    at = {p: n for n, p in enumerate(window)}
    counts: dict[tuple[str, str], np.ndarray] = {}
    place = {p: at.get(trade.period(p)) for p in rows.column("period").unique().to_pylist()}
    names = {c: trade.country(c) for c in rows.column("country").unique().to_pylist()}
    for side, who, period, entries in zip(
        *(rows.column(c).to_pylist() for c in ("side", "country", "period", "entries")), strict=True
    ):
        if (n := place[period]) is not None:
            counts.setdefault((side, names[who]), np.zeros(len(window)))[n] += float(entries)
    scaled: dict[tuple[str, str], list[str]] = {}
    for who, side, period in legs.span.gaps:
        scaled.setdefault((side, who), []).append(period)
    out = {}
    for key, row in counts.items():
        usual = float(np.median(row[row > 0])) if (row > 0).any() else 0.0
        left_out = scaled.get(key, [])
        if usual < USUAL and not left_out:
            continue
        empty = [p for p, v in zip(window, row, strict=True) if (v == 0 and usual >= USUAL) or p in left_out]
        if empty:
            before, after = (tuple(p for p in empty if p in set(part)) for part in (pre, post))
            out[key] = Missing(before, after, tuple(left_out), len(pre), len(post))
    return Presence(out)


#: Part of what is declared for a hub that must go missing beyond the usual before it is named.
MISSING = 0.2


def silences(trade: Trade, legs: Legs, grown: Tree) -> tuple[Silence, ...]:
    """The zeros that speak, largest first."""
    out = list(legs.silences)
    hubs = [h.hub for h in grown.hubs if h.flagged]
    d = legs.inward
    rows = np.flatnonzero(np.isin(d["hub"], [legs.hubs.index(h) for h in hubs if h in legs.hubs]))
    pairs = [(legs.hubs[d["hub"][r]], legs.products[d["product"][r]]) for r in rows.tolist()]
    sums: dict[str, np.ndarray] = {}
    for (hub, _), sides in mirror(trade, pairs).items():
        sums[hub] = sums.get(hub, np.zeros(4)) + sides
    for hub, (sent_before, came_before, sent, came) in sums.items():
        lost = sent - came * (sent_before / came_before if came_before > 0 else 1.0)
        if min(sent_before, came_before, sent) > 0 and lost > MISSING * sent:
            out.append(
                Silence("never arrives", hub, legs.span.post[0], sent_before - came_before, sent - came)
            )
    return tuple(sorted(out, key=lambda s: (-max(s.before, s.after), s.hub)))
