# SPDX-License-Identifier: Apache-2.0
"""Many short texts in one block of bytes, which takes a fraction of the memory of Python's own."""

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
        """Pack texts.

        A character that UTF-8 does not have becomes a question mark.
        """
        encoded = [text.encode("utf-8", "replace") for text in texts]
        sizes = [len(text) for text in encoded]
        ends = np.cumsum(sizes, dtype=np.int64)
        packed = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(packed, ends)

    def __reduce__(self) -> tuple[type[PackedTexts], tuple[np.ndarray, np.ndarray]]:
        """Return what another process makes the same texts of."""
        return PackedTexts, (self.packed, self.ends)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.ends)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return the text of a place, or those of several."""
        if isinstance(at, slice):
            places = range(*at.indices(len(self)))
            return [self[n] for n in places]
        if at < 0:
            at += len(self)
        end = int(self.ends[at])
        start = int(self.ends[at - 1]) if at else 0
        return str(self._bytes[start:end], "utf-8")

    def __iter__(self) -> Iterator[str]:
        """Yield the texts in order."""
        packed = self.packed.tobytes()
        start = 0
        for end in self.ends.tolist():
            yield packed[start:end].decode("utf-8")
            start = end


class TextSet:
    """A set of packed texts.

    It has their hashes in order, and decodes only the text whose hash is asked for.
    """

    def __init__(self, texts: PackedTexts) -> None:
        self._texts = texts
        count = len(texts)
        hashes = np.fromiter(map(hash, texts), dtype=np.int64, count=count)
        order = np.argsort(hashes)
        self._order = order.astype(np.int32)
        self._hashes = hashes[order]

    def __contains__(self, text: object) -> bool:
        """Return whether a text is one of them."""
        wanted = hash(text)
        first, after = np.searchsorted(self._hashes, (wanted, wanted + 1))
        places = self._order[first:after].tolist()
        return any(self._texts[place] == text for place in places)
