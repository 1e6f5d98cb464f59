# SPDX-License-Identifier: Apache-2.0
"""Files of one line per country and year: indices of regimes, with their published bounds."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import integer, number, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.places import country_or_none
from bilat.places.cow import state


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per country, year and index that has a value.

    Options of the file: ``entity`` the column of the country and ``entity_is`` ``name``, ``code`` or
    ``cow``; ``index.NAME`` the column(s) of an index: value, or value low high, or value sd;
    ``header`` the columns the file must have; ``interval`` what the bounds are; ``unit``.
    """
    options = opened.file.options
    entity, kind = options["entity"], options["entity_is"]
    indices = {
        name.removeprefix("index."): columns.split()
        for name, columns in options.items()
        if name.startswith("index.")
    }
    rows: list[dict[str, object]] = []
    for line, r in records(opened, options["header"].split()):
        year = integer(opened, line, "year", r["year"])
        if year is None or not 1500 <= year <= 2100:
            raise opened.refuse(line, "year", r["year"], "is no year")
        label = r[entity].strip()
        if not label:
            raise opened.refuse(line, entity, label, "names no country")
        if kind == "cow":
            code = integer(opened, line, entity, label)
            assert code is not None
            where = state(code)
        else:
            where = country_or_none(label) or label
        known_on, basis = opened.known(str(year))
        for name, columns in indices.items():
            values = [None if r[c] in ("", "nan", "NA") else number(opened, line, c, r[c]) for c in columns]
            value = values[0]
            if value is None:
                continue
            low = high = None
            if len(values) == 3:
                low, high = values[1], values[2]
            elif len(values) == 2 and values[1] is not None:
                low, high = value - values[1], value + values[1]
            rows.append(
                {
                    "entity": where,
                    "variable": name,
                    "value": value,
                    "low": low,
                    "high": high,
                    "interval": options.get("interval") if low is not None else None,
                    "unit": options["unit"],
                    "period": str(year),
                    "kind": "estimated",
                    "locator": f"line {line}",
                    "known_on": known_on,
                    "known_basis": basis,
                }
            )
    yield "series", table("series").arrow(rows)
