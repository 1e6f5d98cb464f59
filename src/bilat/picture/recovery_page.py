# SPDX-License-Identifier: Apache-2.0
"""A page on the recovery of one class: sliders over answers computed beforehand, the fit, what nobody measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bilat.files.write import write_text
from bilat.picture.pages import templates
from bilat.regeneration.recovery.grid import Cell, Curve, RecoveryGrid
from bilat.regeneration.recovery.outlook import China
from bilat.regeneration.recovery.plain import class_json
from bilat.regeneration.recovery.regenerate import HORIZON, ClassRecovery
from bilat.verdicts.likelihood import word

#: Size of a panel in the units of its drawing; the page's script draws on the same.
WIDTH, HEIGHT, TOP = 320, 180, 1.4
NAMES: dict[China, str] = {
    "none": "No help",
    "components": "Components, as today",
    "systems": "Finished vehicles too",
}


def panel(curve: Curve) -> dict[str, str]:
    """Band and median of a curve as the points of a drawing; the share is cut off at 1.4."""
    last = len(curve.median) - 1

    def place(n: int, share: float) -> str:
        return f"{n / last * WIDTH:.1f},{HEIGHT - min(share, TOP) / TOP * HEIGHT:.1f}"

    up = [place(n, v) for n, v in enumerate(curve.high)]
    down = [place(n, v) for n, v in reversed(list(enumerate(curve.low)))]
    return {
        "china": curve.china,
        "name": NAMES[curve.china],
        "band": " ".join(up + down),
        "line": " ".join(place(n, v) for n, v in enumerate(curve.median)),
    }


def months_words(cell: Cell) -> str:
    """``69 months [34 to >120]``: the median with the 80% interval."""
    low, _, mid, _, high = (f">{HORIZON}" if m is None else f"{m:.0f}" for m in cell.months)
    return f"{mid} months [{low} to {high}]"


def recovery_page(grid: RecoveryGrid, recovery: ClassRecovery, *, home: str = "") -> str:
    """The page as HTML that opens from disk, loads nothing, and says the same without its script.

    ``home`` is the link back to the site that the page stands in; blank where it stands alone.
    """
    ceasefire = grid.axes["ceasefire"][0]
    cells = {
        c.china: c for c in grid.cells if (c.ceasefire, c.new_production, c.goal) == (ceasefire, "all", 0.9)
    }
    curves = {c.china: c for c in grid.curves if (c.ceasefire, c.new_production) == (ceasefire, "all")}
    data = grid.to_json()
    embedded = {"axes": data["axes"], "cells": data["cells"], "curves": data["curves"]}
    unmeasured = [
        p for p in recovery.parameters if p["origin"] in ("assumed", "wide") and p["low"] != p["high"]
    ]
    soon = next(p for s in recovery.scenarios if s.china == "components" for m, _, p in s.by if m == 60)
    return (
        templates()
        .get_template("recovery.html")
        .render(
            grid=grid,
            home=home,
            found=class_json(recovery),
            label=grid.label,
            ceasefire=ceasefire,
            headline=months_words(cells["components"]),
            likelihood=word(soon),
            cells=cells,
            words={k: months_words(c) for k, c in cells.items()},
            names=NAMES,
            panels=[panel(curves[k]) for k in NAMES],
            width=WIDTH,
            height=HEIGHT,
            top=TOP,
            horizon=HORIZON,
            unmeasured=unmeasured,
            # "</" would end the script element
            data=Markup(json.dumps(embedded, separators=(",", ":")).replace("</", "<\\/")),
            style=Markup(templates().get_template("style.css").render()),
        )
    )


def write_recovery_page(grid: RecoveryGrid, found: ClassRecovery, out: Path) -> None:
    """Write the page and its JSON twin beside it.

    Raises
    ------
    DataError
        if the place cannot be written.
    """
    twin: dict[str, Any] = {"grid": grid.to_json(), "class": class_json(found)}
    write_text(out, recovery_page(grid, found))
    write_text(out.with_suffix(".json"), json.dumps(twin, ensure_ascii=False, indent=1) + "\n")
