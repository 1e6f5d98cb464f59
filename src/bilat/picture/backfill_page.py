# SPDX-License-Identifier: Apache-2.0
"""The page of the backfill: assumed numbers first, draws, and sliders over cells that were planned beforehand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bilat.contingency.backfill.inputs import shipped
from bilat.errors import UsageError
from bilat.files.write import write_text
from bilat.picture.foresight import standalone


def _inline(value: Any) -> Markup:
    """JSON that is safe between script tags."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def page(plain: Mapping[str, Any], grid: Mapping[str, Any], *, home: str = "") -> str:
    """HTML of one file, nothing fetched; ``plain`` is ``Backfill.to_json()``, ``grid`` is ``Grid.to_json()``."""
    low, mid, high = plain["draws"]["floor_share"]
    whole = plain["floor"]["nothing"]
    if not whole:
        raise UsageError("a page needs a withdrawal above zero; nothing is missing here")
    budget = plain["question"]["budget"]
    money = "unlimited money" if budget is None else f"${budget:g}bn a year"
    closed = (plain["score"]["nothing"] - plain["score"]["portfolio"]) / plain["score"]["nothing"]
    run_off = next(r for r in plain["inputs"] if r["name"] == "settings.run_off")
    years = (
        f"{run_off['low']:g} to {run_off['high']:g}"
        if run_off["high"] > run_off["low"]
        else f"{run_off['value']:g}"
    )
    finding = (
        f"{mid:.0%} of the gap that an American withdrawal opens stays open whatever Europe spends "
        f"({low:.0%} to {high:.0%}, the need counted {years} years beyond the last order); {money} closes {closed:.0%} "
        "(procurement only: no crews, munitions or upkeep)"
    )
    asked = {
        "budget": budget,
        "definition": plain["question"]["definition"],
        "years": plain["question"]["years"],
        "power": next(r for r in plain["inputs"] if r["name"] == "settings.size_exponent")["value"],
    }
    labels = {k: label for k, (label, _) in shipped().definitions.items()}
    return standalone(
        "backfill.html",
        home=home,
        plain=plain,
        finding=finding,
        by_run_off=plain["floor_share_by_years_counted_after_the_last_order"],
        run_off=run_off,
        grid=_inline(grid),
        asked=_inline(asked),
        definitions=_inline(labels),
        whole=whole,
    )


def write_page(plain: Mapping[str, Any], grid: Mapping[str, Any], folder: Path) -> Path:
    """Write ``backfill.html`` and its twin ``backfill_grid.json``, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"backfill.html": page(plain, grid), "backfill_grid.json": json.dumps(grid, indent=None) + "\n"}
    for name, text in texts.items():
        write_text(folder / name, text)
    return folder / "backfill.html"
