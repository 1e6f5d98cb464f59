# SPDX-License-Identifier: Apache-2.0
"""The cache folder: sites and answers by holdings digest, pair and as-of date; the longest unused go first.

::

    sites/<digest>/<pair>/<date>/     a site as ``bilat brief`` writes it
    answers/<digest>/<key>.json       an answer of the JSON interface

Everything in it can be made again, and nothing in it tells what a reader sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.files.lock import locked
from bilat.files.write import writable, written
from bilat.picture.folder import CONTENTS

_CURE = "free space, or name another folder with `cache`"


class Cache:
    """The folder, opened for one digest of holdings at a time."""

    def __init__(self, root: Path, most: int) -> None:
        self.root = root
        self.most = most
        with writable(root, _CURE):
            root.mkdir(parents=True, exist_ok=True, mode=0o700)

    # -- sites -----------------------------------------------------------------------------------
    def site(self, digest: str, pair: str, as_of: str) -> Path:
        """Where the site of a pair as of a date lies, or will."""
        return self.root / "sites" / digest[:16] / pair / as_of

    def contents(self, site: Path) -> Mapping[str, str] | None:
        """File -> sha256 of a finished site; None where it is not made yet."""
        try:
            return _contents(site, (site / CONTENTS).stat().st_mtime_ns)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    # -- answers ---------------------------------------------------------------------------------
    def _place(self, digest: str, asked: Any) -> Path:
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return self.root / "answers" / digest[:16] / f"{hashlib.sha256(text.encode()).hexdigest()[:40]}.json"

    def answer(self, digest: str, asked: Any) -> bytes | None:
        """The answer kept for a question; None where there is none."""
        try:
            return self._place(digest, asked).read_bytes()
        except OSError:
            return None

    def keep(self, digest: str, asked: Any, answer: bytes) -> None:
        """Keep an answer; a disk that does not take it is no reason to withhold it."""
        place = self._place(digest, asked)
        with contextlib.suppress(DataError, OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with written(place, cure=_CURE) as temporary:
                temporary.write_bytes(answer)

    # -- size ------------------------------------------------------------------------------------
    def trim(self, keep: Path | None = None) -> None:
        """Take away what was unused longest until the folder is within its size; ``keep`` stays."""
        with contextlib.suppress(OSError, DataError), locked(self.root / "lock", self.root, wait=0):
            sized = [(p.stat().st_mtime, p, _size(p)) for p in self._pieces()]
            total = sum(size for _, _, size in sized)
            for _, path, size in sorted(sized, key=lambda s: s[:2]):
                if total <= self.most:
                    break
                if path == keep:
                    continue
                shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True) if path.is_file() else None
                total -= size

    def _pieces(self) -> list[Path]:
        return [*self.root.glob("sites/*/*/[0-9]*"), *self.root.glob("answers/*/*.json")]


@lru_cache(maxsize=64)
def _contents(site: Path, seen: int) -> Mapping[str, str]:
    found = dict(json.loads((site / CONTENTS).read_text("utf-8"))["files"])
    with contextlib.suppress(OSError):
        os.utime(site)  # it is used
    return found


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
