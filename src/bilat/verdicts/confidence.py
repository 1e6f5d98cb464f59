# SPDX-License-Identifier: Apache-2.0
"""Confidence: a sentence of its own, from the sources' number, independence, grade and coverage.

The scale starts at moderate. Two independent producers raise it by one, a grade of A or B for every source
is needed to keep it above low, and each of these lowers it by one: a single producer graded C or worse; one
side of a war speaking alone; figures that stand in for an edition not held; a window half of whose periods
are missing; estimates where reports are needed.
"""

from __future__ import annotations

from bilat.verdicts.rules import Outcome

_LEVELS = ["low", "moderate", "high"]


def confidence(outcomes: list[Outcome]) -> tuple[str, str]:
    """(low | moderate | high, the sentence that says why)."""
    used = {s["name"]: s for o in outcomes if o.measurement for s in o.measurement.sources}
    if not used:
        return "low", "no rows decide it"
    producers = {s["producer"] for s in used.values()}
    grades = sorted({s["grade"] for s in used.values()})
    sides = {s["side"] for s in used.values() if s["side"]}
    points = [p for o in outcomes for p in o.used]
    revised = any("revised later" in p.note for p in points)
    estimated = bool(points) and all(p.kind in ("estimated", "modelled") for p in points)
    level = 1
    said = []
    if len(producers) >= 2:
        level += 1
        said.append(f"{len(producers)} independent producers")
    else:
        said.append(f"one producer ({next(iter(producers))})")
    said.append("graded " + ", ".join(grades))
    if all(g[0] in "CDEF" for g in grades):
        level -= 1
        said.append("none of them usually reliable")
    if sides and len(sides) == 1 and len(used) == len([s for s in used.values() if s["side"]]):
        level -= 1
        said.append(f"only one side speaks ({next(iter(sides))})")
    if revised:
        level -= 1
        said.append("some figures stand in from a later edition")
    if estimated:
        level -= 1
        said.append("estimates, not reports")
    level = max(0, min(2, level))
    return _LEVELS[level], "; ".join(said)
