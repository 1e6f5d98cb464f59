# SPDX-License-Identifier: Apache-2.0
"""The answer as files: ``backfill.json`` and one Parquet file a table."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from bilat.contingency.backfill.answer import Backfill
from bilat.files.write import writable, write_text, written


def write(answer: Backfill, folder: Path) -> list[Path]:
    """Write the answer to a folder, each file whole or not at all; the paths written."""
    with writable(folder, "name another folder"):
        folder.mkdir(parents=True, exist_ok=True)
    tables = {folder / f"{name}.parquet": table for name, table in answer.to_arrow().items()}
    for place, table in tables.items():
        with written(place) as part:
            pq.write_table(table, part)
    place = folder / "backfill.json"
    write_text(place, json.dumps(answer.to_json(), ensure_ascii=False, indent=1) + "\n")
    return [*tables, place]
