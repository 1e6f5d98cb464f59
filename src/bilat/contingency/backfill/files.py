# SPDX-License-Identifier: Apache-2.0
"""The answer as files: ``backfill.json`` and one Parquet file a table."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq

from bilat.contingency.backfill.answer import Backfill
from bilat.errors import UsageError


def write(answer: Backfill, folder: Path) -> list[Path]:
    """Write the answer to a folder, each file whole or not at all; the paths written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise UsageError(f"--out {folder}: cannot be made ({e.strerror}); name another folder") from None
    written = []
    for name, table in answer.to_arrow().items():
        place = folder / f"{name}.parquet"
        part = place.with_suffix(".part")
        pq.write_table(table, part)
        os.replace(part, place)
        written.append(place)
    place = folder / "backfill.json"
    part = place.with_suffix(".part")
    part.write_text(json.dumps(answer.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(part, place)
    return [*written, place]
