# SPDX-License-Identifier: Apache-2.0
"""Every state's vote in every roll call of the General Assembly, from an R data file that holds no dates."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.rdata import frame
from bilat.places import country_or_none
from bilat.places.cow import SERBIA_FROM, seat

#: Codes and names of states that ISO 3166 has dropped or never had.
PAST = {"CS": "CSK", "DD": "DDR", "YU": "YUG", "YD": "YMD", "Yemen Arab Republic": "YAR"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per state and roll call in which it voted, sorted by roll call.

    The year of a roll call is that of the run it falls in: the option ``years`` gives, for each run of
    roll calls of one calendar year, the first roll call's id and the year (``3:1946 46:1947 ...``).
    A vote counts as known on the last day of its year.
    """
    data = frame(opened.path, "un_votes")
    missing = [c for c in ("rcid", "country", "country_code", "vote") if c not in data]
    if missing:
        raise DataError(f"{opened.file.path}: lacks column {missing[0]!r}: check the download")
    levels = data["vote"].levels
    if set(levels) != {"yes", "abstain", "no"}:
        raise opened.refuse(
            "levels", "vote", levels, "are not yes, abstain and no. Check the download"
        )
    ids = data["rcid"].values.astype("i8")
    votes = data["vote"].values
    outside = np.flatnonzero((votes < 1) | (votes > len(levels)))
    if len(outside):
        at = int(outside[0])
        raise opened.refuse(at + 1, "vote", int(votes[at]), "is not a vote. Check the download")
    runs = [pair.split(":") for pair in opened.file.options["years"].split()]
    firsts = [int(first) for first, _ in runs]
    years = [year for _, year in runs]
    if len(ids) and ids.min() < firsts[0]:
        raise opened.refuse(1, "rcid", int(ids.min()), "stands before the first dated roll call")

    codes = np.array(
        [
            code if code is not None else name
            for code, name in zip(data["country_code"].values, data["country"].values, strict=True)
        ],
        dtype=object,
    )
    labels, state = np.unique(codes.astype(str), return_inverse=True)
    iso = [PAST.get(label) or country_or_none(label) or label for label in labels]
    order = np.lexsort((state, ids))
    ids = ids[order]
    state = state[order]
    votes = votes[order]
    unique, which = np.unique(ids, return_inverse=True)
    run = [bisect.bisect_right(firsts, int(i)) - 1 for i in unique]

    year_of_row = np.array([int(years[i]) for i in run])[which]
    for n, code in enumerate(list(iso)):
        if seat(code, 9999) != code:
            iso.append(seat(code, 9999))
            state = np.where((state == n) & (year_of_row >= SERBIA_FROM), len(iso) - 1, state)

    def spread(per_call: list[object], kind: pa.DataType) -> pa.Array:
        return pa.DictionaryArray.from_arrays(
            which.astype("i4"), pa.array(per_call, kind)
        ).dictionary_decode()

    n = len(ids)
    columns = {
        "body": pa.repeat("GA", n),
        "rollcall": spread([str(i) for i in unique], pa.string()),
        "country": pa.DictionaryArray.from_arrays(
            state.astype("i4"), pa.array(iso, pa.string())
        ).dictionary_decode(),
        "vote": pa.DictionaryArray.from_arrays(
            (votes - 1).astype("i4"), pa.array(list(levels), pa.string())
        ).dictionary_decode(),
        "period": spread([years[i] for i in run], pa.string()),
        "kind": pa.repeat("reported", n),
        "locator": spread([f"rcid {i}" for i in unique], pa.string()),
        "known_on": spread([dt.date(int(years[i]), 12, 31) for i in run], pa.date32()),
        "known_basis": pa.repeat("published", n),
    }
    schema = table("votes").schema(stamped=False)
    yield (
        "votes",
        pa.table([columns.get(f.name, pa.nulls(n, f.type)) for f in schema], schema=schema),
    )
