# SPDX-License-Identifier: Apache-2.0
"""The watch as a page: what a reader must act on first, what merely became known last."""

from __future__ import annotations

import math
from pathlib import Path

from bilat.document.wording import bare, joined, number
from bilat.forecast.lines import Line, line_rule
from bilat.forecast.signals import of_interest
from bilat.forecast.told import added_line, break_line, deal_line, gap_line, items
from bilat.forecast.watch import Watch
from bilat.handling import Marking
from bilat.picture.foresight import standalone, write_with_twin

#: What a kind of item is called, one and several, and what a reader does with it.
KINDS = {
    "verdict": (
        "verdict changed", "verdicts changed",
        "Reread what rests on the old verdict. Only “the world moved it” is news; an edition or new rows correct "
        "the record.",
    ),
    "warning": (
        "unusual figure", "unusual figures",
        "Outside its forecast, beyond what chance gives over all figures tested. Look at the rows, then ask why.",
    ),
    "line": (
        "line crossed", "lines crossed",
        "Set on 1 January from the pair’s own past. A year seldom moves so far; read what else moved before you act.",
    ),
    "break": ("new level", "new levels", "Several figures keep it: plan with the new level."),
    "gap": (
        "mirror gap opened", "mirror gaps opened",
        "Goods left one state's books and did not reach the other's. Ask both customs services.",
    ),
    "deal": (
        "deal absent from the register", "deals absent from the register",
        "Reported, not registered: not counted in any arms figure here. Look for a second source.",
    ),
}  # fmt: skip


def headline(w: Watch) -> str:
    """``2 verdicts changed and 1 line crossed``, or that nothing stands out."""
    told = items(w)
    counts = {k: sum(i.kind == k for i in told) for k in KINDS}
    parts = [f"{n} {KINDS[k][n > 1]}" for k, n in counts.items() if n]
    return joined(parts) if parts else "Nothing stands out"


def distance(x: Line) -> str:
    """How far the newest figure is from its line now."""
    if x.after is None:
        return "not measured"
    if x.beyond:
        return "crossed"
    if x.unit == "events":  # the least whole number past the line
        past = math.floor(x.line) + 1 if x.toward == "up" else math.ceil(x.line) - 1
        return f"{number(abs(past - x.after))} to go"
    return "at the line" if x.after == x.line else f"{bare(abs(x.line - x.after), x.unit)} to go"


def watch_page(w: Watch, claims: str = "", home: str = "", marking: Marking | None = None) -> str:
    """The page as HTML; ``claims`` is where the claim pages lie, with a slash at its end, and ``home`` the site's
    first page, or blank; ``marking`` stands at head and foot."""
    told = items(w)
    standing = [break_line(b) for b in w.breaks if not b.new]
    standing += [gap_line(g) for g in w.gaps if not g.new] + [deal_line(d) for d in w.deals if not d.new]
    beyond = [
        m
        for m in w.moves
        if m.low is not None and m.high is not None and not m.low <= m.value <= m.high and not m.warns
    ]
    near = of_interest(w.added, w.dyad)
    revised = [m for m in w.moves if m.kind == "revision"]
    return standalone(
        "watch.html",
        w=w,
        claims=claims,
        home=home,
        marking=marking,
        headline=headline(w),
        groups=[(k, KINDS[k][1], KINDS[k][2], [i for i in told if i.kind == k]) for k in KINDS],
        lines=[(x, distance(x)) for x in w.lines if x.fixed == f"{w.last.date.year}-01-01"],
        written=line_rule().set,
        standing=standing,
        beyond=beyond,
        revised=revised,
        near=near,
        gained=added_line(near, str(w.first)),
        rows=sum(k.rows for k in w.known),
    )


def write_watch_page(w: Watch, out: Path, marking: Marking | None = None) -> None:
    """Write the page and its JSON twin beside it."""
    write_with_twin(watch_page(w, marking=marking), w.to_json(), out, marking)
