# SPDX-License-Identifier: Apache-2.0
"""Vega-Lite specifications become SVG, without a browser, on two processes where there is much to draw.

The second process runs this very file, which imports nothing of bilat: it starts quickly, and a caller's
script needs no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

VEGA_LITE = "6.4"
#: Fewer drawings than this are not worth a second process.
WORTH_SHARING = 12


def draw(specs: Sequence[dict[str, Any] | str]) -> list[str]:
    """SVG texts of the specifications (or their JSON), in their order, as the renderer gives them."""
    if len(specs) < WORTH_SHARING:
        return [_one(s) for s in specs]
    theirs, mine = list(specs[::2]), list(specs[1::2])
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        json.dump(theirs, child.stdin)
        child.stdin.close()
        drawn = [_one(s) for s in mine]
        answer = child.stdout.read()
    if child.returncode != 0:
        raise RuntimeError(f"the drawing process ended with {child.returncode}")
    made: list[str] = [""] * len(specs)
    made[::2] = json.loads(answer)
    made[1::2] = drawn
    return made


def script() -> str:
    """Vega, Vega-Lite and vega-embed as one script for a page, with no other name left in its scope."""
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", VEGA_LITE)
    return f"(function(){{{bundle}\n}})();\n"


_ROOT = re.compile(r"<svg [^>]*?viewBox=\"(?P<box>[^\"]*)\"[^>]*>")
_ID = re.compile(r"""(\bid="|url\(#|href="#)([A-Za-z_][\w-]*)""")


def inline(svg: str, name: str, alt: str) -> str:
    """The SVG fit to stand in a page: scales with its column, has a text alternative, and ids of its own."""
    from html import escape

    box = _ROOT.search(svg)
    if box is None:
        raise ValueError("no SVG")
    width, height = box["box"].split()[2:]
    head = (
        f'<svg class="drawn" role="img" aria-label="{escape(alt, quote=True)}" viewBox="{box["box"]}" '
        f'style="max-width:{width}px" width="{width}" height="{height}">'
    )
    body = _ROOT.sub("", svg, count=1)
    return head + _ID.sub(lambda m: f"{m[1]}{name}-{m[2]}", body)


def _one(spec: dict[str, Any] | str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))


def _serve() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    json.dump([_one(s) for s in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    _serve()
