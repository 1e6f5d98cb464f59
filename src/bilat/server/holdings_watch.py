# SPDX-License-Identifier: Apache-2.0
"""Holdings that follow their folder: opened again when a pull has changed what the manifest says."""

from __future__ import annotations

from pathlib import Path

from bilat.holdings import Holdings
from bilat.holdings.store import MANIFEST, default_folder, embedded_folder


class HoldingsWatch:
    """The holdings of a folder as they are now."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._held: Holdings | None = None
        self._seen: tuple[tuple[int, int], ...] = ()

    def now(self) -> Holdings:
        """The holdings; the same object as long as no manifest changed."""
        seen = self._signature()
        if self._held is None or seen != self._seen:
            if self._held is not None:
                self._held.close()
            self._held = Holdings(self.folder)
            self._seen = seen
        return self._held

    def _signature(self) -> tuple[tuple[int, int], ...]:
        files = [root / MANIFEST for root in (embedded_folder(), self.folder or default_folder())]
        return tuple((f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.is_file())
