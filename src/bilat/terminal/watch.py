# SPDX-License-Identifier: Apache-2.0
"""The watch in the terminal, within 80 columns: first what must be read, last what merely became known."""

from __future__ import annotations

import textwrap

from bilat.forecast.moves import Move
from bilat.forecast.signals import of_interest
from bilat.forecast.told import added_line, break_line, deal_line, gap_line, items
from bilat.forecast.watch import Watch
from bilat.units.written import counted

WIDTH = 80


def _wrapped(text: str, indent: str = "  ") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


#: Rows that are named under an item, and additions to lists that are printed; the JSON has all of them.
MOST_ROWS, MOST_ADDED = 4, 12
HEADINGS = {
    "verdict": "VERDICTS CHANGED", "warning": "UNUSUAL FIGURES", "line": "LINES CROSSED", "break": "NEW LEVELS",
    "gap": "MIRROR GAPS OPENED", "deal": "REPORTED BY THE PRESS, ABSENT FROM THE REGISTER",
}  # fmt: skip


def show_watch(w: Watch) -> None:
    """The whole watch."""
    print(f"{w.dyad.name}, {w.first} to {w.last}")
    told = items(w)
    of = {
        "line": f" of {w.held_against}, at most {w.by_chance:.0f} by chance",
        "warning": f" of {w.tested} tested",
    }
    for kind, heading in HEADINGS.items():
        mine = [i for i in told if i.kind == kind]
        print(f"\n{heading}: {len(mine)}{of.get(kind, '')}")
        for i in mine:
            _wrapped(f"{i.claim} {i.text}".strip())
            if i.rows:
                more = f" and {len(i.rows) - MOST_ROWS} more" if len(i.rows) > MOST_ROWS else ""
                _wrapped(f"rows: {'; '.join(i.rows[:MOST_ROWS])}{more}", "    ")
        if kind == "warning":
            _unremarkable(w)
    _standing(w)
    _revisions(w)
    _added(w)
    rows, sources = counted(sum(k.rows for k in w.known), "rows"), counted(w.sources, "sources")
    print(f"\nBECAME KNOWN: {rows} of {sources}, of all that is held, by table")
    for k in w.known:
        print(f"  {k.rows:7,}  {k.source[:26]:26} {k.table[:16]:16} {k.first} to {k.last}"[:WIDTH])
    for line in (*w.failed, *w.unjudged):
        _wrapped(f"not judged: {line}", "")


def show_resting(w: Watch, row: str) -> None:
    """What in the watch rests on one row."""
    found = w.resting_on(row)
    verb = "rests" if len(found) == 1 else "rest"
    print(f"{row}: {counted(len(found), 'things')} {verb} on it between {w.first} and {w.last}")
    for line in found:
        _wrapped(line)


def _unremarkable(w: Watch) -> None:
    beyond = [m for m in w.moves if _beyond(m) and not m.warns]
    if beyond:
        _wrapped(
            f"{len(beyond)} more {'lies' if len(beyond) == 1 else 'lie'} outside the 95% interval and "
            f"{'does' if len(beyond) == 1 else 'do'} not stand out among "
            f"{w.tested} (about {w.tested / 20:.0f} would by chance): "
            + ", ".join(f"{m.series} {m.period}" for m in beyond[:6])
            + (" …" if len(beyond) > 6 else "")
        )


def _standing(w: Watch) -> None:
    """What was there before, and still is."""
    old = [break_line(b) for b in w.breaks if not b.new]
    old += [gap_line(g) for g in w.gaps if not g.new] + [deal_line(d) for d in w.deals if not d.new]
    if old:
        print(f"\nSTANDING SINCE BEFORE: {len(old)}")
        for text in old:
            _wrapped(text)


def _added(w: Watch) -> None:
    near = of_interest(w.added, w.dyad)
    some = f"; {counted(len(w.untold), 'lists')} told in part" if w.untold else ""
    print()
    _wrapped(f"ADDED TO LISTS: {added_line(near, str(w.first))}{some}", "")
    for a in near[:MOST_ADDED]:
        print(f"  {a.parties:5,}  {a.list[:14]:14} {a.country[:22]:22} {a.programme}"[:WIDTH])
    if len(near) > MOST_ADDED:
        print(f"  and {len(near) - MOST_ADDED} more of a country and programme")
    for line in w.untold:
        _wrapped(line)


def _beyond(m: Move) -> bool:
    return m.low is not None and m.high is not None and not m.low <= m.value <= m.high


def _revisions(w: Watch) -> None:
    by_series: dict[str, list[Move]] = {}
    for m in w.moves:
        if m.kind == "revision" and m.before is not None:
            by_series.setdefault(m.series, []).append(m)
    print(f"\nREVISED: {counted(sum(map(len, by_series.values())), 'figures')} of {len(by_series)} series")
    for name, moves in by_series.items():
        most = max(moves, key=lambda m: abs(m.value - (m.before or 0.0)))
        _wrapped(f"{name}: {len(moves)}, most in {most.period} from {most.before:.4g} to {most.value:.4g}")
