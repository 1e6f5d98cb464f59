# SPDX-License-Identifier: Apache-2.0
"""Many short texts in one block of bytes: an eighth of the memory that Python's own take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np


class PackedTexts(Sequence[str]):
    """Texts that are decoded when they are asked for.

    Parameters
    ----------
    packed
        the texts in UTF-8, one after another, as bytes.
    ends
        where each text ends.
    """

    def __init__(self, packed: np.ndarray, ends: np.ndarray) -> None:
        self.packed = packed
        self.ends = ends
        self._bytes = memoryview(packed)  # type: ignore[arg-type]

    @classmethod
    def of(cls, texts: Iterable[str]) -> PackedTexts:
        """Return texts packed; a character that UTF-8 does not have becomes a question mark."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    def __reduce__(self) -> tuple[type[PackedTexts], tuple[np.ndarray, np.ndarray]]:
        return PackedTexts, (self.packed, self.ends)

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        start = int(self.ends[at - 1]) if at else 0
        return str(self._bytes[start : int(self.ends[at])], "utf-8")

    def __iter__(self) -> Iterator[str]:
        text = self.packed.tobytes()
        start = 0
        for end in self.ends.tolist():
            yield text[start:end].decode("utf-8")
            start = end


class TextSet:
    """Whether a text is among packed ones, by the hashes of these."""

    def __init__(self, texts: PackedTexts) -> None:
        self._texts = texts
        hashes = np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
        self._order = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._order]

    def __contains__(self, text: object) -> bool:
        wanted = hash(text)
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            if self._texts[int(self._order[at])] == text:
                return True
            at += 1
        return False
