# SPDX-License-Identifier: Apache-2.0
"""A recovery as plain data, as rows of one table, and as a file (JSON or Parquet)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bilat.errors import UsageError
from bilat.files.write import write_text, written
from bilat.regeneration.fired import Apart, FiredProduced, Stockpile
from bilat.regeneration.recovery.backtest import Backtest
from bilat.regeneration.recovery.class_fit import Residual
from bilat.regeneration.recovery.regenerate import HORIZON, LEVELS, ClassRecovery, Recovery

SCHEMA = pa.schema(
    [(c, pa.string()) for c in ("class", "part", "name", "at", "china")]
    + [("level", pa.float64()), ("value", pa.float64())]
    + [(c, pa.string()) for c in ("unit", "kind", "note")]
)


def months_text(months: float) -> str:
    """``58``; ``>120`` where it does not come within the horizon."""
    return f">{HORIZON}" if math.isinf(months) else f"{months:.0f}"


def to_json(found: Recovery) -> dict[str, Any]:
    """Everything, with infinite months as null and their text beside them."""
    return {
        "asked": found.asked,
        "classes": [class_json(c) for c in found.classes],
        "lineage": list(found.lineage),
    }


def class_json(c: ClassRecovery) -> dict[str, Any]:
    """One class as plain data: the fit first."""
    return {
        "class": c.klass.name, "label": c.klass.label, "standing": c.klass.standing, "why": c.klass.why,
        "fit": c.fit, "record": c.record,
        "residuals": [_residual(r) for r in c.residuals],
        "left_out": [
            {"point": x.point.name, "published": x.point.value, "median": x.median, "low": x.low, "high": x.high,
             "holds": x.holds}
            for x in c.left_out
        ],
        "conflicts": [r.point.name for r in c.conflicts],
        "readings": [asdict(r) for r in c.readings],
        "states": list(c.states), "at_ceasefire": c.at_ceasefire,
        "scenarios": [
            {"china": s.china,
             "months": [{"level": level, "months": None if math.isinf(m) else m, "text": months_text(m)}
                        for level, m in zip(LEVELS, s.months, strict=True)],
             "never": s.never,
             "by": [{"months": m, "date": day, "probability": p} for m, day, p in s.by],
             "active": [{"month": 6 * n, "low": a, "median": b, "high": d} for n, (a, b, d) in enumerate(s.active)]}
            for s in c.scenarios
        ],
        "gains": [asdict(g) for g in c.gains],
        "growth_alone": asdict(c.growth_alone) if c.growth_alone else None, "drivers": [asdict(d) for d in c.drivers],
        "backtest": _backtest(c.backtest) if c.backtest else None,
        "confidence": {"word": c.confidence[0], "reasons": list(c.confidence[1])},
        "parameters": list(c.parameters), "stocks": list(c.stocks),
    }  # fmt: skip


def _residual(r: Residual) -> dict[str, Any]:
    return {
        "point": r.point.name, "published": r.point.value, "sd": r.point.sd, "bound": r.point.bound,
        "median": r.median, "low": r.low, "high": r.high, "z": r.z, "conflict": r.conflict,
        "in_fit": not r.point.shown, "why": r.point.why, "rows": list(r.point.rows),
        "originators": list(r.point.originators),
        "rivals": [{**asdict(x), "agrees": r.agrees(x)} for x in r.point.beside],
    }  # fmt: skip


def _backtest(b: Backtest) -> dict[str, Any]:
    return {
        "forecasts": [{**asdict(f), "holds": f.holds, "better": f.better} for f in b.forecasts],
        "fitted": b.fitted, "compared": len(b.compared), "error_model": b.error(True),
        "error_same_pace": b.error(False), "score_model": b.score(), "nearer": b.nearer,
        "by_chance": b.by_chance, "beats": b.beats, "held": b.held,
    }  # fmt: skip


def fired_json(
    windows: list[FiredProduced], months: list[FiredProduced], apart: list[Apart], piles: list[Stockpile]
) -> dict[str, Any]:
    """Fired against produced as plain data."""

    def one(r: FiredProduced) -> dict[str, Any]:
        row = {k: v for k, v in asdict(r).items() if not k.endswith("_rows")}
        return {
            **row,
            "ratio": r.ratio,
            "ratio_low": r.low,
            "ratio_high": None if math.isinf(r.high) else r.high,
        }

    return {
        "windows": [one(r) for r in windows], "months": [one(r) for r in months],
        "north_korean": [asdict(a) for a in apart], "from_stock": [asdict(s) for s in piles],
    }  # fmt: skip


def to_arrow(found: Recovery) -> pa.Table:
    """One row a figure: class, part, name, at, china, level, value, unit, kind, note.

    ``level`` is the quantile; ``value`` is null for months beyond the horizon, and the note says so. What was
    asked and every row read stand in the schema's metadata under ``bilat``.
    """
    rows = [row for c in found.classes for row in _rows(c)]
    table = pa.Table.from_pylist(
        [{"class": None, "china": None, "at": None, "level": None, "note": "", **r} for r in rows], SCHEMA
    )
    about = {"asked": found.asked, "lineage": list(found.lineage)}
    return table.replace_schema_metadata({"bilat": json.dumps(about, ensure_ascii=False)})


def _rows(c: ClassRecovery) -> Iterator[dict[str, Any]]:
    k = c.klass.name

    def quantiles(
        part: str, name: str, unit: str, values: list[float], **more: Any
    ) -> Iterator[dict[str, Any]]:
        for level, value in zip((0.1, 0.5, 0.9), values, strict=True):
            yield {"class": k, "part": part, "name": name, "level": level, "value": value, "unit": unit,
                   "kind": "modelled", **more}  # fmt: skip

    for year, count in c.record["listed_by_year"].items():
        yield {"class": k, "part": "losses listed", "name": "listed", "at": year, "value": count,
               "unit": "vehicles", "kind": "derived"}  # fmt: skip
    for r in c.residuals:
        yield {"class": k, "part": "points", "name": r.point.name, "value": r.point.value, "unit": "as published",
               "kind": "estimated", "note": "; ".join(r.point.rows)}  # fmt: skip
        yield from quantiles("fit", r.point.name, "as published", [r.low, r.median, r.high],
                             note="conflict" if r.conflict else "")  # fmt: skip
    for x in c.left_out:
        yield from quantiles("left out", x.point.name, "as published", [x.low, x.median, x.high],
                             note="" if x.holds else "interval misses the published figure")  # fmt: skip
    for s in c.states:
        yield from quantiles(
            "states", s["quantity"], "vehicles", [s["low"], s["median"], s["high"]], at=s["at"]
        )
    for sc in c.scenarios:
        for level, m in zip(LEVELS, sc.months, strict=True):
            yield {"class": k, "part": "months", "name": "months to recovery", "china": sc.china, "level": level,
                   "value": None if math.isinf(m) else m, "unit": "months from the ceasefire", "kind": "modelled",
                   "note": months_text(m) if math.isinf(m) else ""}  # fmt: skip
        for _, day, p in sc.by:
            yield {"class": k, "part": "recovered by", "name": "probability", "china": sc.china, "at": day,
                   "value": p, "unit": "share of draws", "kind": "modelled"}  # fmt: skip
        for n, (low, mid, high) in enumerate(sc.active):
            yield from quantiles(
                "active after ceasefire", f"month {6 * n}", "vehicles", [low, mid, high], china=sc.china
            )


def write(path: Path, data: dict[str, Any], table: pa.Table) -> None:
    """Write ``.json`` or ``.parquet``: whole or not at all.

    Raises
    ------
    UsageError
        for another suffix.
    DataError
        if the file cannot be written.
    """
    if path.suffix not in (".json", ".parquet"):
        raise UsageError(f"--out {path}: name a file that ends in .json or .parquet")
    if path.suffix == ".json":
        write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n", cure="name another place")
        return
    with written(path, cure="name another place") as temporary:
        pq.write_table(table, temporary, compression="zstd")
