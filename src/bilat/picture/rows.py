# SPDX-License-Identifier: Apache-2.0
"""The rows behind a measurement, written whole as CSV beside the pages."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path
from typing import Any

import pyarrow.csv

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.measures import Measurement, measure_named

#: Longer tables are written as csv.gz, and the longest not at all: the page names the command that gives them.
MOST_PLAIN = 250
MOST_WRITTEN = 20_000
PROVENANCE = ("source", "snapshot", "locator", "known_on", "known_basis")


def key(measurement: Measurement, home: Dyad) -> str:
    """The stable name of a measurement: its measure, its states where they are others than the picture's, and what it
    was asked beyond the defaults."""
    spec = measure_named(measurement.name)
    default = spec.params if spec else {}
    pair = [] if measurement.dyad in (home, None) else [str(measurement.dyad)]
    extra = [f"{k}-{v}" for k, v in sorted(measurement.params.items()) if default.get(k) != v]
    return words.slug(".".join([measurement.name, *pair, *extra]))


def written(measurement: Measurement) -> bool:
    """Whether the rows of a measurement lie beside the pages."""
    return 0 < measurement.evidence.num_rows <= MOST_WRITTEN


def csv_name(measurement: Measurement, name: str) -> str:
    """Where the rows of a measurement lie, from the root of the site."""
    return f"rows/{name}.csv" + (".gz" if measurement.evidence.num_rows > MOST_PLAIN else "")


def write_csv(measurement: Measurement, path: Path) -> None:
    """Every row with every column that holds anything; gzip where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = measurement.evidence
    columns = [
        c for c in table.column_names if table[c].null_count < table.num_rows or c in PROVENANCE
    ]
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(path.open("wb"))
        out: Any = raw
        if (
            path.suffix == ".gz"
        ):  # no name and no time in the header: the same rows give the same bytes
            out = stack.enter_context(
                gzip.GzipFile("", "wb", compresslevel=4, fileobj=raw, mtime=0)
            )
        pyarrow.csv.write_csv(table.select(columns), out)
