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
from html import escape
from types import TracebackType
from typing import Any

VEGA_LITE = "6.4"
Spec = dict[str, Any]


class Studio:
    """Two drawing hands: this process and a second one, which warms up while the figures are computed.

    Use as a context manager; without entering it, everything is drawn here.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._script: str | None = None

    def __enter__(self) -> Studio:
        self._child = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._tell("script")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            if kind is not None:
                self._child.kill()
            self._child.communicate()
            self._child = None

    def script(self) -> str:
        """Vega, Vega-Lite and vega-embed as one script for a page; it lends ``window.vegaEmbed`` alone."""
        if self._script is None:
            self._script = _script() if self._child is None else str(self._hear())
        return self._script

    def draw(self, specs: Sequence[Spec | str]) -> list[str]:
        """SVG texts of the specifications (or their JSON), in their order, as the renderer gives them."""
        if self._child is None:
            return [_draw(s) for s in specs]
        self.script()  # the second process speaks one answer at a time
        self._tell(list(specs[::2]))
        made = [""] * len(specs)
        made[1::2] = [_draw(s) for s in specs[1::2]]
        made[::2] = self._hear()
        return made

    def _tell(self, task: Any) -> None:
        assert self._child is not None and self._child.stdin is not None
        self._child.stdin.write(json.dumps(task) + "\n")
        self._child.stdin.flush()

    def _hear(self) -> Any:
        assert self._child is not None and self._child.stdout is not None
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError(f"the drawing process ended with {self._child.wait()}")
        return json.loads(answer)


_ROOT = re.compile(r"<svg [^>]*?viewBox=\"(?P<box>[^\"]*)\"[^>]*>")
_ID = re.compile(r"""(\bid="|url\(#|href="#)([A-Za-z_][\w-]*)""")


def inline(svg: str, name: str, alt: str) -> str:
    """The SVG fit to stand in a page: scales with its column, has a text alternative, and ids of its own."""
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


def _draw(spec: Spec | str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))


def _script() -> str:
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", VEGA_LITE)
    return f"(function(){{{bundle}\n}})();\n"


def _serve() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        task = json.loads(line)
        json.dump(_script() if task == "script" else [_draw(s) for s in task], sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
