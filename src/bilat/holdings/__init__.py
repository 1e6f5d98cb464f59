# SPDX-License-Identifier: Apache-2.0
"""What we hold: snapshots, typed tables, as-of views, corrections, lineage."""

from bilat.holdings.store import Added, Part, Store, default_folder, embedded_folder
from bilat.holdings.view import Age, Holdings, Selection

__all__ = [
    "Added",
    "Age",
    "Holdings",
    "Part",
    "Selection",
    "Store",
    "default_folder",
    "embedded_folder",
]
