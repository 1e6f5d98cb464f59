# SPDX-License-Identifier: Apache-2.0
"""The records of listed parties, packed in blocks: one is unpacked when it is asked for.

Of most parties nobody asks, and their records are the largest part of an index.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bilat.parties.lists.records import Record

#: Records of a block: more pack better, fewer are unpacked faster.
_OF_A_BLOCK = 16
#: Blocks, unpacked, that are remembered.
_REMEMBERED = 16
#: How hard to pack, from 1 to 9.
_EFFORT = 6


class RecordStore:
    """Records by their numbers.

    Parameters
    ----------
    packed
        the blocks one after another.
    block_ends
        where each block ends in ``packed``.
    ends
        where each record ends among all records, unpacked and one after another.
    """

    def __init__(self, packed: np.ndarray, block_ends: np.ndarray, ends: np.ndarray) -> None:
        self._packed = packed
        self._block_ends = np.concatenate([[0], block_ends])
        self._ends = np.concatenate([[0], ends])
        self._block = lru_cache(maxsize=_REMEMBERED)(self._unpacked)

    @classmethod
    def of(cls, records: Iterable[Record]) -> RecordStore:
        """Return the store of some records."""
        texts = [
            json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
            for record in records
        ]
        starts = range(0, len(texts), _OF_A_BLOCK)
        blocks = [zlib.compress(b"".join(texts[n : n + _OF_A_BLOCK]), _EFFORT) for n in starts]
        return cls(
            np.frombuffer(b"".join(blocks), dtype=np.uint8),
            np.cumsum([len(block) for block in blocks], dtype=np.int64),
            np.cumsum([len(text) for text in texts], dtype=np.int64),
        )

    @classmethod
    def from_kept(cls, stored: dict[str, np.ndarray]) -> RecordStore:
        """Return the store out of what an index file kept."""
        return cls(stored["records"], stored["record_blocks"], stored["record_ends"])

    def kept(self) -> dict[str, np.ndarray]:
        """Return everything that an index file must keep."""
        return {
            "records": self._packed,
            "record_blocks": self._block_ends[1:],
            "record_ends": self._ends[1:],
        }

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> Record:
        """Return a record, read anew each time."""
        record: Record = json.loads(self._text(number))
        return record

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self)))

    def having(self, text: str) -> Iterator[int]:
        """Yield the numbers of the records in which a text occurs as JSON writes it."""
        mark = json.dumps(text, ensure_ascii=False).encode()
        return (number for number in range(len(self)) if mark in self._text(number))

    def _text(self, number: int) -> bytes:
        block = number // _OF_A_BLOCK
        first = self._ends[block * _OF_A_BLOCK]
        start = int(self._ends[number] - first)
        end = int(self._ends[number + 1] - first)
        return self._block(block)[start:end]

    def _unpacked(self, block: int) -> bytes:
        start, end = self._block_ends[block : block + 2].tolist()
        return zlib.decompress(self._packed[start:end].tobytes())
