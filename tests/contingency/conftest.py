# SPDX-License-Identifier: Apache-2.0
"""Holdings with the sources of losses, strikes, production, energy and enablers: whole, and as embedded."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.holdings import Holdings, Store
from bilat.holdings.pull import in_mirror, pull

NAMES = (
    "oryx_totals",
    "ua_general_staff",
    "missile_attacks",
    "missiles_and_uavs",
    "production_estimates",
    "portwatch_chokepoints",
    "china_energy_by_source",
    "china_energy_2020_bp",
    "china_customs_wind",
    "energy_facts",
    "enablers",
    "published_figures",
    "blockade_facts",
    "baci_russia_china",
    "comtrade_world_2021",
    "gacc_exports_russia",
    "world_imports_18_codes",
)


def only(root: Path) -> Holdings:
    """Holdings of one folder, without what comes with the package."""
    held = Holdings(root)
    held.stores = [Store(root)]
    return held


@pytest.fixture(scope="session")
def whole(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holdings]:
    root = tmp_path_factory.mktemp("whole")
    done = list(pull([sources()[n] for n in NAMES], Store(root), mirror=mirror))
    assert {p.status for p in done} == {"added"}, done
    held = only(root)
    yield held
    held.close()


@pytest.fixture(scope="session")
def embedded(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holdings]:
    root = tmp_path_factory.mktemp("embedded")
    store = Store(root)
    for name in NAMES:
        for file in sources()[name].files:
            raw = in_mirror(mirror, file)
            assert raw is not None, file.path
            store.add(sources()[name], file, raw, derive=True, keep_bytes=False)
    held = only(root)
    yield held
    held.close()


@pytest.fixture(scope="session")
def size_of_embedded(embedded: Holdings) -> Callable[[], int]:
    return lambda: sum(p.path.stat().st_size for p in embedded.parts)
