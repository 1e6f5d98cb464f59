# SPDX-License-Identifier: Apache-2.0
"""Vega-Lite specifications become SVG, without a browser, on two processes where there is much to draw.

The second process runs this very file, which imports nothing of bilat: it starts quickly, and a caller's
script needs no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from threading import Thread
from types import TracebackType
from typing import Any

VEGA_LITE = "6.4"


class Studio:
    """Two drawing hands: a second process, which begins as soon as it is given something, and this one.

    The second process warms up while the figures are computed, and draws while this one does other things; whoever
    waits for a drawing draws what is left. Use as a context manager; without entering it, everything is drawn here.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._todo: deque[str] = deque()
        self._made: dict[str, str] = {}
        self._hand: Thread | None = None
        self._broken: Exception | None = None

    def __enter__(self) -> Studio:
        self._child = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._todo.clear()
            if kind is not None:
                self._child.kill()
            if self._hand is not None:
                self._hand.join()
            self._child.communicate()
            self._child = None

    def begin(self, specs: Iterable[str]) -> None:
        """Let the second process begin on these specifications (as JSON); :meth:`draw` gives them back."""
        if self._child is None:
            return
        self._todo.extend(specs)
        self._hand = Thread(target=self._pass_on, daemon=True)
        self._hand.start()

    def draw(self, specs: Sequence[str]) -> list[str]:
        """SVG texts of the specifications (as JSON), in their order, as the renderer gives them."""
        while self._todo:
            with contextlib.suppress(IndexError):  # the other hand may have taken the last one
                spec = self._todo.pop()
                self._made[spec] = _draw(spec)
        self._settle()
        return [self._made[s] if s in self._made else _draw(s) for s in specs]

    def _pass_on(self) -> None:
        try:
            while self._todo:
                with contextlib.suppress(IndexError):
                    spec = self._todo.popleft()
                    self._tell(spec)
                    self._made[spec] = str(self._hear())
        except Exception as e:  # kept for the thread that waits
            self._broken = e

    def _settle(self) -> None:
        """Wait for the second process."""
        if self._hand is not None:
            self._hand.join()
            self._hand = None
        if self._broken is not None:
            raise self._broken

    def _tell(self, task: str) -> None:
        assert self._child is not None and self._child.stdin is not None
        self._child.stdin.write(json.dumps(task) + "\n")
        self._child.stdin.flush()

    def _hear(self) -> Any:
        assert self._child is not None and self._child.stdout is not None
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError(f"the drawing process ended with {self._child.wait()}")
        return json.loads(answer)


def _draw(spec: str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))


#: Drawn once before the first task: the renderer takes a while to wake.
_FIRST = '{"data": {"values": []}, "mark": "point"}'


def png(spec: str) -> bytes:
    """A specification (as JSON) as a PNG of twice its size."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2))


def _serve() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    _draw(_FIRST)
    for line in sys.stdin:
        json.dump(_draw(json.loads(line)), sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
