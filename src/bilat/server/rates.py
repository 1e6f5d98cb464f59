# SPDX-License-Identifier: Apache-2.0
"""How often one reader may ask: a bucket of tokens for each reader, filled evenly over a minute."""

from __future__ import annotations

import time
from collections import OrderedDict

from bilat.server.refused import Declined

#: Readers whose buckets are remembered; a reader beyond them begins with a full one.
REMEMBERED = 4096


class Rates:
    """``a_minute`` requests of one reader, at once or spread."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, reader: str, now: float | None = None) -> None:
        """Count a request.

        Raises
        ------
        Declined
            429 where the bucket is empty; ``wait`` says for how long.
        """
        at = time.monotonic() if now is None else now
        left, before = self._left.pop(reader, (float(self.a_minute), at))
        left = min(left + (at - before) * self.a_minute / 60, self.a_minute)
        self._left[reader] = (left - 1 if left >= 1 else left, at)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        if left < 1:
            wait = max(int((1 - left) * 60 / self.a_minute) + 1, 1)
            raise Declined(429, f"more than {self.a_minute} such requests a minute; wait {wait} s", wait=wait)
