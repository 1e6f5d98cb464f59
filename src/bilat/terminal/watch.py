# SPDX-License-Identifier: Apache-2.0
"""The watch in the terminal, within 80 columns: first what must be read, last what merely became known."""

from __future__ import annotations

import textwrap

from bilat.forecast.feed import change_line, cross_line, move_line
from bilat.forecast.moves import Move
from bilat.forecast.watch import Watch

WIDTH = 80


def _wrapped(text: str, indent: str = "  ") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def show_watch(w: Watch) -> None:
    """The whole watch."""
    print(f"{w.dyad.name}, {w.first} to {w.last}\n")
    crossed = [x for x in w.lines if x.crossed]
    print(f"LINES CROSSED: {len(crossed)} of {len(w.lines)}")
    for x in crossed:
        _wrapped(f"{x.claim} {cross_line(x)}")
        _wrapped(f"rows: {'; '.join(x.rows)}", "    ")
    print(f"\nVERDICTS CHANGED: {len(w.verdicts)}")
    for c in w.verdicts:
        _wrapped(change_line(c))
        if c.rows:
            _wrapped(f"rows: {'; '.join(c.rows)}", "    ")
    print(f"\nUNUSUAL FIGURES: {len(w.warnings)} of {w.tested} tested")
    for m in w.warnings:
        _wrapped(move_line(m))
        if m.rows:
            _wrapped(f"rows: {'; '.join(m.rows)}", "    ")
    beyond = [m for m in w.moves if _beyond(m) and not m.warns]
    if beyond:
        _wrapped(
            f"{len(beyond)} more lie outside their 95% interval and do not stand out among "
            f"{w.tested} (about {w.tested / 20:.0f} would by chance): "
            + ", ".join(f"{m.series} {m.period}" for m in beyond[:6])
            + (" …" if len(beyond) > 6 else "")
        )
    _revisions(w)
    print(f"\nBECAME KNOWN: {sum(k.rows for k in w.known):,} rows of {len(w.known)} sources")
    for k in w.known:
        print(f"  {k.rows:7,}  {k.source[:30]:30} {k.first} to {k.last}"[:WIDTH])
    for line in w.failed:
        _wrapped(f"not asked: {line}", "")


def _beyond(m: Move) -> bool:
    return m.low is not None and m.high is not None and not m.low <= m.value <= m.high


def _revisions(w: Watch) -> None:
    by_series: dict[str, list[Move]] = {}
    for m in w.moves:
        if m.kind == "revision" and m.before is not None:
            by_series.setdefault(m.series, []).append(m)
    print(f"\nREVISED: {sum(map(len, by_series.values()))} figures of {len(by_series)} series")
    for name, moves in by_series.items():
        most = max(moves, key=lambda m: abs(m.value - (m.before or 0.0)))
        _wrapped(f"{name}: {len(moves)}, most in {most.period} from {most.before:.4g} to {most.value:.4g}")
