# SPDX-License-Identifier: Apache-2.0
"""Oil pipelines of Global Energy Monitor, as a snapshot holds them beside lines that others wrote by hand.

The hand-made lines (some of the same pipelines) are left out: their licence is another, and the two do not add up.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.json_text import parse_json
from bilat.places import country

#: What marks a line that was taken from Global Energy Monitor.
_MARK = "gem-import-v1"


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Capacity by pipeline; ``entity`` is the state that it ends in, or ``KAZ>CHN`` where it begins in another."""
    rows: list[dict[str, object]] = []
    for name, p in parse_json(opened.text())["pipelines"].items():
        if p["evidence"]["classifierVersion"] != _MARK:
            continue
        first, last = (country(p[k]) for k in ("fromCountry", "toCountry"))
        since = p["inService"]
        note = f"{p['evidence']['physicalState']}; {p['lengthKm']:g} km" + (
            f"; since {since}" if since else ""
        )
        if not 0 < p["capacityMbd"] < 10:
            raise opened.refuse(
                name, "capacityMbd", p["capacityMbd"], "is not a capacity of a pipeline"
            )
        rows.append(
            {
                "period": opened.file.vintage.isoformat()[:7],
                "item": p["name"],
                "metric": "pipeline_capacity_oil",
                "entity": last if first == last else f"{first}>{last}",
                "figure": repr(p["capacityMbd"]),
                "value": float(p["capacityMbd"]),
                "unit": "million b/d",
                "when_text": opened.file.vintage.isoformat()[:7],
                "originator": "Global Energy Monitor",
                "note": note,
                "kind": "reported",
                "locator": name,
                "known_on": opened.file.vintage,
                "known_basis": "vintage",
            }
        )
    yield "estimates", table("estimates").arrow(rows)
