# SPDX-License-Identifier: Apache-2.0
"""The files that readers are tried on: a small sample of each, and the real one where it is here."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from real_files import HERE, SHARED

from bilat.catalog import File, Source, sources
from bilat.holdings.pull import in_mirror

FOLDER = Path(__file__).parent / "samples"
#: "source/name" -> {table: rows and hash}
ROWS: dict[str, dict[str, dict[str, object]]] = json.loads(
    (FOLDER / "rows.json").read_text("utf-8")
)


@dataclass(frozen=True)
class Case:
    """One file of a source, and where its bytes lie."""

    source: Source
    file: File
    path: Path

    @property
    def is_sample(self) -> bool:
        return FOLDER in self.path.parents


def sample(source: Source, file: File) -> Case | None:
    """The sample of a file: it has as many rows as stand in ``rows.json``, of the publisher's too, and fewer are
    refused."""
    path = FOLDER / source.name / Path(file.path).name
    if not path.is_file():
        return None
    kept = ROWS[f"{source.name}/{path.name}"].values()
    rows = sum(int(str(t["rows"])) for t in kept)
    lines = max(int(str(t.get("lines", 0))) for t in kept)
    return Case(source, file.model_copy(update={"min_rows": rows, "min_lines": lines}), path)


def _samples() -> list[Case]:
    return [c for s in sources().values() for f in s.files if (c := sample(s, f)) is not None]


def _real() -> list[Case]:
    """The files in the folder of real ones; those that come with the package are here on every machine."""
    out = []
    for source in sources().values():
        for file in source.files:
            path = in_mirror(SHARED / "sources" if HERE else None, file)
            if path is None and HERE:
                path = SHARED / "sources" / file.path  # missing: the test fails on it by name
            if path is not None:
                out.append(Case(source, file, path))
    return out


def _params(cases: list[Case]) -> list[Any]:
    """Each case as a parameter of a test; one that lies in the folder of real files is marked ``shared``."""
    return [
        pytest.param(
            c,
            id=f"{c.source.name}:{c.path.name}{':sample' if c.is_sample else ''}",
            marks=[pytest.mark.shared] if SHARED in c.path.parents else [],
        )
        for c in cases
    ]


SAMPLES = _params(_samples())
REAL = _params(_real())
EVERY = [*SAMPLES, *REAL]
