# SPDX-License-Identifier: Apache-2.0
"""How sure a case is, drawn: the excess of each leg, and what may have been diverted with its 80% interval."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from bilat.picture import words
from bilat.picture.cases import case_words
from bilat.picture.charts import axes, palette
from bilat.picture.charts.charts import NARROW, WIDE, Chart
from bilat.picture.charts.figures import Figure
from bilat.places import country_name

ROW = 38


def interval_chart(row: Mapping[str, Any], summary: Mapping[str, Any]) -> Figure:
    """Dots on one axis of value: excess in, excess out, and the diverted value with a bar from low to high."""
    unit, hub, target = str(summary["currency"]), row["hub_name"], country_name(summary["target"])
    one_leg = row["legs"]["out"] is None
    title = f"{case_words.worth_name(row)}: {case_words.money(row, summary)}"
    lines: list[tuple[str, float | None, float | None, float | None]] = [
        (f"Excess into {hub}", row["excess_in"], None, None),
        (f"Excess from {hub} to {target}", row["excess_out"], None, None),
        (
            f"Diverted, if all of it went on to {target}" if one_leg else "Diverted: the smaller of the two",
            row["diverted"],
            row["low"],
            row["high"],
        ),
    ]
    told = "; ".join(
        f"{name}: " + ("not held" if value is None else words.figure(value, unit))
        for name, value, _, _ in lines
    )
    alt = f"{title}. {told}. 80% interval {words.interval(row['low'], row['high'], unit)}."
    notes = [
        "Bar: 80% interval of this model, a mark-up of the hub allowed for; other causes of a rise are not in it"
    ]
    if one_leg:
        notes.append("One leg: how much of it went on is not known, and may be nothing")
    chart = Chart(
        spec={},
        rows=[],
        title=title,
        subtitle=f"Value beyond what was expected, {case_words.window(summary)}; {unit}",
        foot=case_words.source(summary),
        alt=alt,
        notes=tuple(notes),
    )
    drawn = [_draw(lines, row, unit, alt, width) for width in (WIDE, NARROW)]
    return Figure("interval", chart, drawn[0], drawn[1], Markup())


def _draw(
    lines: list[tuple[str, float | None, float | None, float | None]], row: Mapping[str, Any], unit: str, alt: str,
    width: int,
) -> Markup:  # fmt: skip
    wide = width > 500
    left, right = (300, width - 110) if wide else (4, width - 14)
    known = [v for line in lines for v in line[1:] if v is not None]
    low, high = axes.nice(min(0.0, *known), max(*known, 1.0))
    colour = f"var(--{palette.of_group(row['hub']) or 'one'})"

    def px(v: float) -> float:
        return left + (v - low) / (high - low) * (right - left)

    step, y = ROW if wide else ROW + 14, 8.0
    body = y + step * len(lines)
    parts = []
    for share in (0.0, 0.5, 1.0):
        at = px(low + share * (high - low))
        anchor = "middle" if wide or share == 0.5 else "start" if share == 0.0 else "end"
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y:.1f}" y2="{body:.1f}" stroke="var(--hair)"/>'
            f'<text x="{at:.1f}" y="{body + 16:.1f}" text-anchor="{anchor}" font-size="11" '
            f'fill="var(--quiet)">{escape(words.number(low + share * (high - low)))}</text>'
        )
    for name, value, a, b in lines:
        middle = y + (step / 2 if wide else step - 14)
        bold = ' font-weight="600"' if a is not None else ""
        parts.append(
            f'<text x="{0 if wide else left}" y="{middle + 4 if wide else y + 16:.1f}" font-size="13" '
            f'fill="var(--ink)"{bold}>{escape(name)}</text>'
        )
        if value is None:
            parts.append(
                f'<text x="{left + 8}" y="{middle + 4:.1f}" font-size="12" fill="var(--quiet)">not held</text>'
            )
        else:
            if a is not None and b is not None:
                parts.append(
                    f'<line x1="{px(a):.1f}" x2="{px(b):.1f}" y1="{middle:.1f}" y2="{middle:.1f}" '
                    f'stroke="{colour}" stroke-width="7" stroke-opacity="0.45"><title>80% interval: '
                    f"{escape(words.interval(a, b, unit))}</title></line>"
                )
                for end in (a, b):
                    parts.append(
                        f'<line x1="{px(end):.1f}" x2="{px(end):.1f}" y1="{middle - 7:.1f}" y2="{middle + 7:.1f}" '
                        f'stroke="{colour}" stroke-width="2"/>'
                    )
            parts.append(
                f'<path d="M{px(value):.1f} {middle - 6:.1f}l6 6l-6 6l-6 -6z" fill="{colour}">'
                f"<title>{escape(name)}: {escape(words.figure(value, unit))}</title></path>"
            )
            if wide:
                at = px(max(value, b if b is not None else value))
                parts.append(
                    f'<text x="{at + 12:.1f}" y="{middle + 4:.1f}" font-size="12" fill="var(--quiet)">'
                    f"{escape(words.number(value))}</text>"
                )
        y += step
    tall = body + 24
    return Markup(
        f'<svg class="drawn" role="img" aria-label="{escape(alt, quote=True)}" viewBox="0 0 {width} {tall:.0f}" '
        f'style="max-width:{width}px" width="{width}" height="{tall:.0f}">{"".join(parts)}</svg>'
    )


def whisker(low: float, value: float, high: float, most: float) -> Markup:
    """A small bar from low to high with the value marked, for a cell of a table, on an axis from 0 to ``most``."""
    said = escape(f"{words.number(value)}, 80% interval {words.interval(low, high)}", quote=True)
    width, height = 150, 14

    def px(v: float) -> float:
        return 2 + max(0.0, v) / most * (width - 6) if most > 0 else 2.0

    return Markup(
        f'<svg class="spark" role="img" aria-label="{said}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">'
        f'<line x1="{px(low):.1f}" x2="{px(high):.1f}" y1="7" y2="7" stroke="var(--one)" stroke-width="6" '
        f'stroke-opacity="0.45"/><path d="M{px(value):.1f} 1l4 6l-4 6l-4 -6z" fill="var(--one)"/></svg>'
    )
