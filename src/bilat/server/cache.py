# SPDX-License-Identifier: Apache-2.0
"""The cache folder: answers by the digest of holdings and code and by what was asked; the longest unused go first.

Everything in it can be made again, and nothing in it tells what a reader sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.files.write import atomic_write, writable

_CURE = "free space, or name another folder with `cache`"


class Cache:
    """The folder: ``<digest>/<key>.json``, each as old as its last use, all within ``most`` bytes."""

    def __init__(self, root: Path, most: int) -> None:
        self.root = root
        self.most = most
        with writable(root, _CURE):
            root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _place(self, digest: str, asked: Any) -> Path:
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return (
            self.root
            / "answers"
            / digest[:16]
            / f"{hashlib.sha256(text.encode()).hexdigest()[:40]}.json"
        )

    def answer(self, digest: str, asked: Any) -> bytes | None:
        """The answer kept for a question; None where there is none."""
        place = self._place(digest, asked)
        try:
            found = place.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(place)
        return found

    def keep(self, digest: str, asked: Any, answer: bytes) -> None:
        """Keep an answer; a disk that does not take it is no reason to withhold it."""
        place = self._place(digest, asked)
        with contextlib.suppress(DataError, OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(place, cure=_CURE) as temporary:
                temporary.write_bytes(answer)
            sized = sorted(
                (f.stat().st_mtime, f.stat().st_size, f) for f in self.root.glob("answers/*/*.json")
            )
            over = sum(size for _, size, _ in sized) - self.most
            for _, size, path in sized:
                if over <= 0:
                    break
                path.unlink(missing_ok=True)
                over -= size
