# SPDX-License-Identifier: Apache-2.0
"""Drawings as SVG in the page's own colours: quick, alive in light and dark, complete without a script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

Value = str | float


@dataclass(frozen=True)
class Scale:
    """Values to places on the drawing: ``low`` stands at ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def paint(name: str | None) -> str:
    """A variable of the palette as a colour; ``one`` where there is none."""
    return f"var(--{name or 'one'})"


def _text(value: Value) -> str:
    if isinstance(value, str):
        return escape(value, quote=True)
    return f"{value:.1f}".removesuffix(".0")


def _attributes(given: dict[str, Value | None]) -> str:
    return "".join(f' {k.replace("_", "-")}="{_text(v)}"' for k, v in given.items() if v is not None)


def _run(run: tuple[str, bool, str]) -> dict[str, Value | None]:
    return {"fill": paint(run[2]), "font_weight": "600" if run[1] else None}


class Drawing:
    """Elements in the order in which they are painted; lengths are pixels of the drawing."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def put(self, tag: str, *, title: str = "", **given: Value | None) -> None:
        """An element without text; ``title`` is what a pointer over it shows."""
        inside = f"><title>{escape(title)}</title></{tag}>" if title else "/>"
        self._parts.append(f"<{tag}{_attributes(given)}{inside}")

    def line(
        self, x1: float, x2: float, y1: float, y2: float, stroke: str, *, title: str = "", **given: Value
    ) -> None:
        self.put("line", title=title, x1=x1, x2=x2, y1=y1, y2=y2, stroke=stroke, **given)

    def path(self, d: Sequence[Value], fill: str, *, title: str = "", **given: Value) -> None:
        """``d``: letters of SVG's path language and numbers."""
        self.put("path", title=title, d=" ".join(_text(part) for part in d), fill=fill, **given)

    def course(self, xs: Sequence[float], ys: Sequence[float], stroke: str, width: float = 2.0) -> None:
        """A line through the points."""
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        self.put("polyline", points=points, fill="none", stroke=stroke, stroke_width=width)

    def band(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], fill: str) -> None:
        """The area between two courses."""
        rim = [*zip(xs, high, strict=True), *reversed(list(zip(xs, low, strict=True)))]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in rim)
        self.put("polygon", points=points, fill=fill, opacity="0.22")

    def bar(self, x1: float, x2: float, y: float, fill: str, width: float, *, title: str = "") -> None:
        """An interval: a pale bar between its ends."""
        self.line(x1, x2, y, y, fill, title=title, stroke_width=width, stroke_opacity="0.45")

    def diamond(self, x: float, y: float, fill: str, size: float = 6.0, *, title: str = "") -> None:
        s = size
        self.path(["M", x, y - s, "l", s, s, "l", -s, s, "l", -s, -s, "z"], fill, title=title)

    def text(
        self, x: float, y: float, *runs: tuple[str, bool, str], size: float = 12, anchor: str = "", halo: bool = False
    ) -> None:  # fmt: skip
        """Text at a place; ``runs`` are (text, bold, colour), the colour a variable of the palette."""
        given: dict[str, Value | None] = {"x": x, "y": y, "text_anchor": anchor or None, "font_size": size}
        if halo:
            given |= {
                "paint_order": "stroke",
                "stroke": "var(--paper)",
                "stroke_width": 3,
                "stroke_linejoin": "round",
            }
        if len(runs) == 1:
            given |= _run(runs[0])
            said = escape(runs[0][0])
        else:
            said = "".join(f"<tspan{_attributes(_run(run))}>{escape(run[0])}</tspan>" for run in runs)
        self._parts.append(f"<text{_attributes(given)}>{said}</text>")

    def svg(self, alt: str, height: float, *, kind: str = "drawn") -> Markup:
        """The drawing with its text alternative; ``drawn`` shrinks with its column, ``spark`` does not."""
        shrinks = f' style="max-width:{self.width:.0f}px"' if kind == "drawn" else ""
        return Markup(
            f'<svg class="{kind}" role="img" aria-label="{escape(alt, quote=True)}" '
            f'viewBox="0 0 {self.width:.0f} {height:.0f}"{shrinks} width="{self.width:.0f}" height="{height:.0f}">'
            f"{''.join(self._parts)}</svg>"
        )


def short(value: float) -> str:
    """A tick's label: ``40 m``, ``1.5 bn``."""
    for limit, word in ((1e9, "bn"), (1e6, "m")):
        if abs(value) >= limit:
            return f"{value / limit:g} {word}"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:g}"


def value_axis(d: Drawing, scale: Scale, left: float, right: float) -> None:
    """Three lines across the drawing, each with its value left of it."""
    for share in (0.0, 0.5, 1.0):
        value = scale.low + share * (scale.high - scale.low)
        d.line(left, right, scale(value), scale(value), paint("hair" if share else "quiet"))
        d.text(left - 6, scale(value) + 4, (short(value), False, "quiet"), size=11, anchor="end")


def year_axis(d: Drawing, scale: Scale, y: float, size: float) -> None:
    """A tick where each year begins, as many names as there is room for."""
    years = scale.high - scale.low
    step = next((k for k in (1, 2, 5, 10) if (scale.end - scale.start) / max(1.0, years / k) >= 40), 20)
    for year in range(math.ceil(scale.low - 1e-6), math.floor(scale.high + 1e-6) + 1, step):
        if year < scale.high - 0.04:
            x = scale(float(year))
            d.line(x, x, y - 18, y - 12, paint("quiet"))
            d.text(x, y + 2, (str(year), False, "quiet"), size=size)
