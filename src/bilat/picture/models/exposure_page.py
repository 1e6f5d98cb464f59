# SPDX-License-Identifier: Apache-2.0
"""Exposure on one page: a single file that opens from disk, with sliders on a grid worked out beforehand.

Without JavaScript it shows the same figures at the first stops of the sliders.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bilat.contingency.exposure import GAPS, Exposure
from bilat.contingency.exposure.loss import lost_share
from bilat.goods.descriptions import chapter_names, description
from bilat.picture.charts.palette import THEME
from bilat.picture.pages import templates
from bilat.places import country_name

#: Shares of the sales that sanctions touch: the stops of the slider, besides the share that was asked for.
SCOPES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
#: The panels: width and height of the plot, and the greatest loss over gain drawn.
WIDE, HIGH, MOST = 180.0, 84.0, 5.0
#: Names of coalitions as a reader says them; ISO codes and lists stand as they are.
NAMES = {
    "USA": "United States",
    "EU27": "European Union",
    "G7": "G7 with the EU",
    "COALITION": "Sanctioning states",
    "WIDE": "Those and others with controls",
}


@dataclass(frozen=True)
class CoalitionPanel:
    """A coalition: its sales, the area between both bounds of the loss over the scope, and the figures at first."""

    name: str
    sales: float
    area: str
    x: float
    low: float
    high: float
    even: float | None  #: the scope at which the greater loss equals the gain; None: never


def scopes_of(a: Exposure) -> tuple[float, ...]:
    """The stops of the slider: the share of the answer is among them, and the page opens at it."""
    return tuple(sorted({*SCOPES, a.parameters("scope")}))


def first_scope(a: Exposure) -> int:
    """Where the slider stands at first."""
    return scopes_of(a).index(a.parameters("scope"))


def coalitions_of(a: Exposure) -> list[tuple[str, float]]:
    """Coalitions and their sales, a panel each: the one asked for first where it is none of the standard ones."""
    standard = [(n, sales) for n, sales, _ in a.standard]
    asked = (a.coalition.name, a.to_coalition)
    return standard if asked[0] in {n for n, _ in standard} else [asked, *standard]


def times(a: Exposure, sales: float, cut: float, scope: float) -> tuple[float, float]:
    """Loss over gain with deflection as published and with none."""
    gain = a.gain * a.parameters("margin_ratio")
    cheaper = a.parameters("price_cut")
    low, high = (sales * scope * lost_share(cut, d, cheaper) / gain for d in (a.deflected, 0.0))
    return low, high


def grid(a: Exposure) -> dict[str, Any]:
    """Loss over gain, low and high, of every coalition, cut and scope: what the sliders look up."""
    return {
        "scopes": list(scopes_of(a)),
        "cuts": [c.name for c in a.cuts],
        "coalitions": [n for n, _ in coalitions_of(a)],
        "times": [
            [[[round(v, 5) for v in times(a, sales, c.share, s)] for s in scopes_of(a)] for c in a.cuts]
            for _, sales in coalitions_of(a)
        ],
        "first": {"scope": first_scope(a), "cut": _middle(a)},
    }


def _middle(a: Exposure) -> int:
    return (len(a.cuts) - 1) // 2


def panels(a: Exposure) -> list[CoalitionPanel]:
    """One panel a coalition, as the page's script draws them."""
    cut, scopes, first = a.cuts[_middle(a)], scopes_of(a), first_scope(a)
    made = []
    for name, sales in coalitions_of(a):
        both = [times(a, sales, cut.share, s) for s in scopes]
        up = [_place(s, high) for s, (_, high) in zip(scopes, both, strict=True)]
        down = [_place(s, low) for s, (low, _) in zip(scopes, both, strict=True)]
        low, high = both[first]
        even = 1 / times(a, sales, cut.share, 1.0)[1] if cut.share and sales else None
        made.append(
            CoalitionPanel(
                NAMES.get(name, name), sales, "M" + "L".join([*up, *reversed(down)]) + "Z",
                WIDE * scopes[first], low, high, even if even is not None and even <= 1 else None,
            )
        )  # fmt: skip
    return made


def _place(scope: float, share: float) -> str:
    return f"{WIDE * scope:.1f},{HIGH * (1 - min(share, MOST) / MOST):.1f}"


def exposure_page(answer: Exposure, *, home: str = "") -> str:
    """The page as one HTML text.

    Parameters
    ----------
    answer
        what ``exposure`` returned; the grid is worked out here with its parameters.
    home
        link back to the site that the page stands in; blank where it stands alone.
    """
    env = templates()
    here = resources.files("bilat.picture").joinpath("templates")
    data = json.dumps(grid(answer), separators=(",", ":")) if answer.gain > 0 else "{}"
    return env.get_template("exposure.html").render(
        a=answer,
        home=home,
        style=env.get_template("style.css").render(theme=THEME),
        script=here.joinpath("exposure.js").read_text("utf-8"),
        data=data.replace("<", "\\u003c"),
        panels=panels(answer) if answer.gain > 0 else [],
        cut=answer.cuts[_middle(answer)],
        cuts=answer.cuts,
        first={"scope": first_scope(answer), "cut": _middle(answer)},
        scopes=scopes_of(answer),
        wide=WIDE,
        high=HIGH,
        most=MOST,
        markets=[(country_name(m.code), m) for m in answer.markets[:12]],
        products=[(chapter_names().get(q.chapter, ""), q) for q in answer.products[:10]],
        codes=[(description(c.code) or "", c) for c in answer.codes],
        parameters=answer.parameters.plain(),
        drawn=answer.spread.get(answer.parameters("scope")),
        gaps=GAPS,
        names=NAMES,
    )
