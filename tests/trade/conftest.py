# SPDX-License-Identifier: Apache-2.0
"""Holdings of the trade sources: the full rows, and the cut that comes with the package."""

from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest

from bilat.catalog import read, source
from bilat.holdings import Holdings
from bilat.holdings.pull import in_mirror
from bilat.holdings.store import Store

SOURCES = (
    "armstat_trade", "atlas_techai_baskets", "comtrade_russia_hs2", "comtrade_world_2021",
    "eurostat_cn8_sanctioned", "eurostat_total_annual", "eurostat_total_monthly", "gacc_exports_russia",
    "imf_russia", "national_imports", "taiwan_customs_8542", "us_census_exports",
)  # fmt: skip


@cache
def _read(name: str, path: Path):  # type: ignore[no-untyped-def]
    file = next(f for f in source(name).files if path.as_posix().endswith(f.path))
    return read(source(name), file, path)


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory, mirror: Path) -> tuple[Holdings, Holdings]:
    """(full, embedded): each file is read once for the two."""
    stores = {derive: Store(tmp_path_factory.mktemp(f"derive-{derive}")) for derive in (False, True)}
    with patch("bilat.holdings.store.read", lambda source, file, path: _read(source.name, path)):
        for name in SOURCES:
            for file in source(name).files:
                raw = in_mirror(mirror, file)
                assert raw is not None, file.path
                for derive, store in stores.items():
                    store.add(source(name), file, raw, derive=derive, keep_bytes=False)
    _read.cache_clear()
    return Holdings(stores[False].root), Holdings(stores[True].root)


@pytest.fixture(scope="session")
def full(both: tuple[Holdings, Holdings]) -> Holdings:
    return both[0]


@pytest.fixture(scope="session")
def embedded(both: tuple[Holdings, Holdings]) -> Holdings:
    return both[1]
