# SPDX-License-Identifier: Apache-2.0
"""The sources of this room pulled from the real files once: whole, and as they are embedded."""

from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.holdings import Holdings
from bilat.holdings.pull import in_mirror
from bilat.holdings.store import Store

SOURCES = (
    "un_agreement", "un_ideal_points", "un_roll_calls", "un_votes", "un_ukraine",
    "un_ukraine_later", "unsc_vetoes",
    "vdem_constraints_v12", "vdem_constraints_v9", "vdem_polyarchy_v15", "vdem_polyarchy_v16",
    "vdem_rule_of_law_v15", "marquez_personalism", "morgenbesser_personalism", "gwf_regimes", "gml_disputes",
    "cow_disputes", "dcad", "atop", "imf_russia", "trade_finance", "tech_dependence",
)  # fmt: skip


class OnlyThese(Holdings):
    """Holdings of one folder, nothing embedded under it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.stores = [Store(folder)]


def pulled(folder: Path, mirror: Path, *, derive: bool) -> Holdings:
    store = Store(folder)
    for name in SOURCES:
        for file in sources()[name].files:
            raw = in_mirror(mirror, file)
            assert raw is not None, f"{file.path} is not in the mirror"
            store.add(sources()[name], file, raw, derive=derive, keep_bytes=False)
    return OnlyThese(folder)


@pytest.fixture(scope="session")
def aligned(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    """Every row."""
    return pulled(tmp_path_factory.mktemp("aligned"), mirror, derive=False)


@pytest.fixture(scope="session")
def aligned_embedded(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    """The rows that come with the package."""
    return pulled(tmp_path_factory.mktemp("aligned_embedded"), mirror, derive=True)
