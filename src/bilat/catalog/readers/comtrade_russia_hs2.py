# SPDX-License-Identifier: Apache-2.0
"""Russia's own reports of trade by partner, year and HS chapter, before it stopped (Parquet, USD)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError

COLUMNS = ["partner_m49", "flow", "year", "hs2", "value_usd"]
#: Where UN Comtrade's code of a partner is not the ISO number.
_COMTRADE = {251: "FRA", 381: "ITA", 490: "TWN", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA"}


@cache
def _partners() -> dict[int, str]:
    import pycountry

    return {int(c.numeric): c.alpha_3 for c in pycountry.countries} | _COMTRADE


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner, direction, chapter and year."""
    path = opened.file.path
    try:
        raw = pq.read_table(opened.path)
    except pa.ArrowInvalid as e:
        raise DataError(f"{path}: is no whole Parquet file ({e}); pull it again") from None
    if raw.column_names != COLUMNS:
        raise DataError(f"{path}: the columns are {raw.column_names}, not {COLUMNS}; check the download")
    flows = {"Import": "M", "Export": "X"}
    for name, wrong, why in (
        ("flow", pc.invert(pc.is_in(raw["flow"], pa.array(list(flows)))), "is neither Import nor Export"),
        (
            "partner_m49",
            pc.invert(pc.is_in(raw["partner_m49"], pa.array(list(_partners())))),
            "is no partner",
        ),
        ("hs2", pc.invert(pc.is_in(raw["hs2"], pa.array(range(1, 100)))), "is no chapter"),
        ("value_usd", pc.invert(pc.greater_equal(raw["value_usd"], 0)), "is no value"),
        ("value_usd", pc.is_null(raw["value_usd"]), "is empty"),
    ):
        at = pc.index(wrong, True).as_py()
        if at >= 0:
            raise opened.refuse(at + 1, name, raw[name][at].as_py(), why)
    n = raw.num_rows
    years = {y: opened.known(str(y)) for y in pc.unique(raw["year"]).to_pylist()}
    ours = {
        "reporter": pa.repeat("RUS", n),
        "partner": pa.array([_partners()[c] for c in raw["partner_m49"].to_pylist()]),
        "flow": pa.array([flows[f] for f in raw["flow"].to_pylist()]),
        "product": pc.utf8_lpad(raw["hs2"].cast(pa.string()), 2, "0"),
        "nomenclature": pa.repeat("HS2", n),
        "value": raw["value_usd"].cast(pa.float64()),
        "currency": pa.repeat("USD", n),
        "valuation": pa.array(["CIF" if f == "Import" else "FOB" for f in raw["flow"].to_pylist()]),
        "is_aggregate": pa.repeat(False, n),
        "period": raw["year"].cast(pa.string()),
        "kind": pa.repeat("reported", n),
        "locator": pa.array([f"row {i}" for i in range(1, n + 1)]),
        "known_on": pa.array([years[y][0] for y in raw["year"].to_pylist()], pa.date32()),
        "known_basis": pa.array([years[y][1] for y in raw["year"].to_pylist()]),
    }
    schema = table("flows").schema(stamped=False)
    yield (
        "flows",
        pa.table(
            [ours[f.name].cast(f.type) if f.name in ours else pa.nulls(n, f.type) for f in schema],
            schema=schema,
        ),
    )
