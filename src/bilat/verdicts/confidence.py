# SPDX-License-Identifier: Apache-2.0
"""Confidence: a sentence of its own, from the sources' number, independence, grade and coverage.

The sources are those with rows behind the figures that enter the judgement. The scale starts at moderate.
Two independent producers raise it by one, and each of these lowers it by one: one side of a war speaking
alone; figures that stand in for an edition not held; a window half of whose periods are missing; estimates
where reports are needed; a verdict that other defensible choices give less often than another. A grade of A or
B for every source is needed to keep it above low. Sources that transcribe one record (``records.toml``) are
one producer.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bilat.verdicts.outcome import Outcome

_LEVELS = ["low", "moderate", "high"]


@cache
def _records() -> dict[str, str]:
    """Source -> the record that it transcribes."""
    table = tomllib.loads(resources.files("bilat.verdicts").joinpath("records.toml").read_text("utf-8"))
    return {source: record for record, sources in table.items() for source in sources}


def confidence(outcomes: list[Outcome], *, common: bool = True) -> tuple[str, str]:
    """(low | moderate | high, the sentence that says why).

    ``common``: no other verdict is more frequent than the claim's own over its grid of choices.
    """
    used = {s["name"]: s for o in outcomes for s in _entering(o)}
    if not used:
        return "low", "no rows decide it"
    producers = {_records().get(name, s["producer"]) for name, s in used.items()}
    grades = sorted({s["grade"] for s in used.values()})
    sides = {s["side"] for s in used.values() if s["side"]}
    points = [p for o in outcomes for p in o.used]
    revised = any(p.revised for p in points)
    estimated = bool(points) and all(p.kind in ("estimated", "modelled") for p in points)
    coverage = min(o.coverage for o in outcomes)
    doubtful = sorted(name for name, s in used.items() if s["grade"][0] not in "AB")
    level = 1
    said = []
    if len(producers) >= 2:
        level += 1
        said.append(f"{len(producers)} independent producers")
    else:
        said.append(f"one producer ({next(iter(producers))})")
    said.append("graded " + ", ".join(grades))
    if sides and len(sides) == 1 and len(used) == len([s for s in used.values() if s["side"]]):
        level -= 1
        said.append(f"only one side speaks ({next(iter(sides))})")
    if revised:
        level -= 1
        said.append("some figures stand in from a later edition")
    if coverage <= 0.5:
        level -= 1
        said.append(f"figures for {coverage:.0%} of the periods asked")
    if estimated:
        level -= 1
        said.append("estimates, not reports")
    if not common:
        level -= 1
        said.append("another verdict is more frequent among defensible choices")
    if doubtful:
        level = 0
        said.append(f"not usually reliable: {', '.join(doubtful)}")
    return _LEVELS[max(0, min(2, level))], "; ".join(said)


def _entering(outcome: Outcome) -> list[dict[str, Any]]:
    """The sources with rows behind the figures used; all of the measure's where none of these has a row."""
    m = outcome.measurement
    if m is None:
        return []
    keys = pa.array([f"{p.period}\x1f{p.group}" for p in outcome.used], pa.string())
    point, group = (m.evidence[c].cast(pa.string()) for c in ("point", "grp"))
    of = pc.binary_join_element_wise(point, pc.fill_null(group, ""), "\x1f")
    behind = m.evidence.filter(pc.is_in(of, value_set=keys))
    return (replace(m, evidence=behind) if behind.num_rows else m).sources
