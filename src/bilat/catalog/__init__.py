# SPDX-License-Identifier: Apache-2.0
"""What sources exist, and how each true file becomes typed rows."""

from bilat.catalog.sources import (
    File,
    Opened,
    Source,
    read,
    reader_digest,
    short_producer,
    source,
    sources,
)
from bilat.catalog.tables import TypedTable, table, tables

__all__ = [
    "File",
    "Opened",
    "Source",
    "TypedTable",
    "read",
    "reader_digest",
    "short_producer",
    "source",
    "sources",
    "table",
    "tables",
]
