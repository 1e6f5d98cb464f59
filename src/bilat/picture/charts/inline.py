# SPDX-License-Identifier: Apache-2.0
"""A drawn SVG fit to stand in a page: slim, in the page's colours, with what each mark says."""

from __future__ import annotations

import re
from html import escape

from bilat.document.palette import THEME

_ROOT = re.compile(r"<svg [^>]*?viewBox=\"(?P<box>[^\"]*)\"[^>]*>")
_ID = re.compile(r"""(\bid="|url\(#|href="#)([A-Za-z_][\w-]*)""")
#: What a page has no use for: names of groups, and shapes that are drawn without colour.
_IDLE = re.compile(r' (?:class|role|aria-roledescription|aria-hidden|pointer-events|font-family)="[^"]*"')
_UNSEEN = re.compile(r'<path(?: transform="[^"]*")? d="[^"]*"(?: fill="none")?(?: stroke-width="[^"]*")?/>')
_EMPTY = re.compile(r"<g(?: transform=\"translate\(0,0\)\")?>\s*</g>")
_DOT = re.compile(
    r'<path( aria-label="[^"]*")? transform="translate\((-?[\d.]+),(-?[\d.]+)\)" '
    r'd="M([\d.]+),0A\4,\4,0,1,1,-\4,0A\4,\4,0,1,1,\4,0"'
)
#: What is so without being said.
_PLAIN = re.compile(r' (?:(?:fill-|stroke-)?opacity="1"|stroke-dasharray="1,0"|stroke-miterlimit="10")')
_RUN = re.compile(r"<g>((?:<(circle|line) [^>]*/>)+|(?:<(?:text) [^>]*>[^<]*</text>)+)</g>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_SHARED = frozenset(
    [
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "opacity",
        "font-size",
        "text-anchor",
    ]
)
_PLACE = re.compile(r' (?:d|transform|[xy][12]?|c[xy]|r|width|height)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
#: The pattern of what is not known, in place of the plain colour that a notebook shows.
_HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0,0V5" stroke="{THEME["faint"][0]}" stroke-width="1.4"/></pattern></defs>'
)


def inline(svg: str, name: str, alt: str) -> str:
    """The SVG fit to stand in a page: scales with its column, has a text alternative, and ids of its own.

    Coordinates keep one decimal, a tenth of a pixel; what each mark says stands in ``data-t``.
    """
    box = _ROOT.search(svg)
    if box is None:
        raise ValueError("no SVG")
    width, height = box["box"].split()[2:]
    head = (
        f'<svg class="drawn" role="img" aria-label="{escape(alt, quote=True)}" viewBox="{box["box"]}" '
        f'style="max-width:{width}px" width="{width}" height="{height}">'
    )
    body = _PLACE.sub(lambda m: _LONG.sub(_short, m[0]), slim(_ROOT.sub("", svg, count=1)))
    hatch = f'fill="{THEME["hatch"][0]}"'
    if hatch in body:
        body = _HATCH + body.replace(hatch, 'fill="url(#hatch)"')
    ids: dict[str, str] = {}  # the renderer counts on from drawing to drawing: here each begins again
    return head + _ID.sub(lambda m: f"{m[1]}{name}-{ids.setdefault(m[2], str(len(ids) + 1))}", body)


def _short(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")


def slim(body: str) -> str:
    """The drawing without what nobody sees or reads."""
    body = _UNSEEN.sub("", _IDLE.sub("", body))
    body = _DOT.sub(r'<circle\1 cx="\2" cy="\3" r="\4"', body)
    body = _PLAIN.sub("", body.replace('<path d="" display="none"/>', ""))
    for _ in range(4):
        body, n = _EMPTY.subn("", body)
        if not n:
            break
    body = _RUN.sub(_hoisted, body)
    return body.replace("aria-label=", "data-t=").replace(' role="graphics-symbol"', "")


def _hoisted(found: re.Match[str]) -> str:
    """A group whose members say the same of their colour and size says it once."""
    members = found[1]
    each = [
        dict(_ATTRIBUTE.findall(tag)) for tag in re.findall(rf"<{found[2] or 'text'} ([^>]*?)/?>", members)
    ]
    same = {
        k: v
        for k, v in each[0].items()
        if k in _SHARED and len(each) > 2 and all(e.get(k) == v for e in each[1:])
    }
    for k, v in same.items():
        members = members.replace(f' {k}="{v}"', "")
    return f"<g{''.join(f' {k}={chr(34)}{v}{chr(34)}' for k, v in same.items())}>{members}</g>"
