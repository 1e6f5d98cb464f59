# SPDX-License-Identifier: Apache-2.0
"""The whole in one drawing: from the origins through the hubs to the target, each band as wide as its value.

Drawn as SVG by hand, in the colours of the page: quick, alive in light and dark, and complete without a
script.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from bilat.picture import words
from bilat.picture.cases import case_words
from bilat.picture.charts import palette
from bilat.picture.charts.charts import Chart
from bilat.picture.charts.figures import Figure
from bilat.places import country_name

MOST_HUBS = 9
BAR = 14


def flow(summary: Mapping[str, Any]) -> Figure | None:
    """The flagged routes by hub; None where nothing is flagged."""
    hubs = [(h, v) for h, v in summary["hubs"].items() if v["diverted"] > 0]
    if not hubs:
        return None
    unit = str(summary["currency"])
    shown = hubs[:MOST_HUBS]
    if left := hubs[MOST_HUBS:]:
        rest = {k: sum(v[k] for _, v in left) for k in ("pairs", "diverted", "low", "high")}
        shown.append((f"{len(left)} further hubs", rest))
    one_leg = case_words.one_leg(summary)
    first = shown[0]
    total = summary["worth"]
    whole = "the whole" if case_words.one_leg(summary) else "what is flagged"
    title = (
        f"{country_name(first[0])} leads with {words.figure(first[1]['diverted'], unit)}, "
        f"{words.bare(first[1]['diverted'] / total, 'share')} of {whole}"
    )
    told = "; ".join(
        f"{country_name(h)} {words.figure(v['diverted'], unit)} "
        f"[{words.interval(v['low'], v['high'], unit)}], {_pairs(v['pairs'])}"
        for h, v in shown
    )
    origin, target = case_words.origin_name(summary["origin"]), country_name(summary["target"])
    alt = f"Flow from {origin} through hubs to {target}. {title}. By hub: {told}."
    notes = [
        f"Second step dashed: what the hubs sold on to {target} is not held, and a rise in leg one alone is not "
        "proof of diversion"
        if one_leg
        else "Each band is the smaller of the excess in and the excess out"
    ]
    chart = Chart(
        spec={},
        rows=[{"hub": h, **v} for h, v in shown],
        title=title,
        subtitle=f"Value beyond what was expected, {summary['worth_of']}, {case_words.window(summary)}; {unit}",
        foot=case_words.source(summary),
        alt=alt,
        notes=tuple(notes),
    )
    return Figure(
        name="flow",
        chart=chart,
        wide=_draw(shown, summary, alt, 1060, 13),
        narrow=_draw(shown, summary, alt, 344, 12),
        json=Markup(),
    )


def _pairs(n: float) -> str:
    return f"{int(n):,} pair{'s' if n != 1 else ''}"


def _draw(
    shown: list[tuple[str, Mapping[str, float]]], summary: Mapping[str, Any], alt: str, width: int, size: int
) -> Markup:
    wide = width > 500
    unit, one_leg = str(summary["currency"]), case_words.one_leg(summary)
    total = sum(v["diverted"] for _, v in shown)
    scale = (260 if wide else 200) / total
    head = 2 * size + 12
    label = 2 * (size + 4) if not wide else size + 8
    heights = [max(2.0, v["diverted"] * scale) for _, v in shown]
    tall = head + sum(heights) + len(shown) * (label + 12)
    left, right = 2, width - BAR - 2
    middle = width * (0.42 if wide else 0.36)
    top = head + (tall - head - sum(heights)) / 2
    parts: list[str] = []
    labels: list[str] = []  # above every band
    y, at = float(head), top
    origin = escape(_capital(case_words.origin_name(summary["origin"])))
    begin = (
        f'<text x="{left}" y="{top - size - 9:.1f}" {_type(size, True)}>{origin}</text>'
        f'<text x="{left}" y="{top - 6:.1f}" {_type(size)}>{escape(words.figure(total, unit))}</text>'
    )
    end = (
        f'<text x="{width - 2}" y="{top - size - 9:.1f}" text-anchor="end" {_type(size, True)}>'
        f"{escape(country_name(summary['target']))}</text>"
        f'<text x="{width - 2}" y="{top - 6:.1f}" text-anchor="end" {_type(size)}>'
        f"{'not held' if one_leg else escape(words.figure(total, unit))}</text>"
    )
    for (hub, v), height in zip(shown, heights, strict=True):
        y += label
        colour = f"var(--{palette.of_group(hub) or 'one'})"
        name = escape(country_name(hub))
        value = escape(words.figure(v["diverted"], unit))
        bounds = words.interval(v["low"], v["high"], unit)
        more = escape(f"[{bounds}], {_pairs(v['pairs'])}" if bounds else _pairs(v["pairs"]))
        tip = f"<title>{name}: {value} {more}</title>"
        parts.append(
            f'<path d="{_band(left + BAR, at, middle, y, height)}" fill="{colour}" '
            f'fill-opacity="0.32">{tip}</path>'
        )
        style = (
            f'fill="none" stroke="{colour}" stroke-width="1" stroke-dasharray="4 3"'
            if one_leg
            else f'fill="{colour}" fill-opacity="0.32"'
        )
        parts.append(f'<path d="{_band(middle + BAR, y, right, at, height)}" {style}>{tip}</path>')
        parts.append(
            f'<rect x="{middle:.1f}" y="{y:.1f}" width="{BAR}" height="{height:.1f}" '
            f'fill="{colour}">{tip}</rect>'
        )
        if wide:
            said = (
                f'<tspan font-weight="600">{name}</tspan> {value} <tspan fill="var(--quiet)">{more}</tspan>'
            )
            labels.append(_halo(middle, y - 6, size, said))
        else:
            labels.append(
                _halo(middle, y - size - 8, size, f'<tspan font-weight="600">{name}</tspan>')
                + _halo(middle, y - 5, size, value)
            )
        y += height + 12
        at += height
    body = at - top
    ends = (
        f'<rect x="{left}" y="{top:.1f}" width="{BAR}" height="{body:.1f}" fill="var(--{_side(summary)})"/>'
    )
    own = palette.of_group(summary["target"]) or "two"
    hollow = (
        f'fill="none" stroke="var(--{own})" stroke-dasharray="4 3"' if one_leg else f'fill="var(--{own})"'
    )
    ends += f'<rect x="{right}" y="{top:.1f}" width="{BAR}" height="{body:.1f}" {hollow}/>'
    return Markup(
        f'<svg class="drawn" role="img" aria-label="{escape(alt, quote=True)}" '
        f'viewBox="0 0 {width} {tall:.0f}" style="max-width:{width}px" width="{width}" height="{tall:.0f}">'
        f"{''.join(parts)}{ends}{''.join(labels)}{begin}{end}</svg>"
    )


def _side(summary: Mapping[str, Any]) -> str:
    origin = case_words.origin_option(summary["origin"])
    return palette.of_group(origin) or "one"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _type(size: int, bold: bool = False) -> str:
    return f'font-size="{size}" fill="var(--ink)"' + (' font-weight="600"' if bold else "")


def _halo(x: float, y: float, size: int, said: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {_type(size)} paint-order="stroke" stroke="var(--paper)" '
        f'stroke-width="3" stroke-linejoin="round">{said}</text>'
    )


def _band(x1: float, y1: float, x2: float, y2: float, height: float) -> str:
    bend = (x1 + x2) / 2
    return (
        f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        f"V{y2 + height:.1f}C{bend:.1f} {y2 + height:.1f} {bend:.1f} {y1 + height:.1f} "
        f"{x1:.1f} {y1 + height:.1f}Z"
    )
