# SPDX-License-Identifier: Apache-2.0
"""What entries of a team's logs on claims share: how far they may be passed on, and their hash."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, ClassVar

from bilat.files.hash_log import digest
from bilat.handling import Marking, marked


class MarkedEntry:
    """An entry of an append-only log that bears a marking."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    marking: str
    previous: str

    @property
    def handling(self) -> Marking:
        """How far it may be passed on."""
        return marked(self.marking)

    @property
    def hash(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        return digest(self)
