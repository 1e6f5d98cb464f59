# SPDX-License-Identifier: Apache-2.0
"""The sources of this room pulled from the real files once: whole, and as they are embedded."""

from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.holdings import Holdings
from bilat.holdings.pull import in_mirror
from bilat.holdings.store import Store

SOURCES = (
    "sipri_register",
    "sipri_tiv_pairs",
    "exercises",
    "russian_exercises",
    "leader_meetings",
    "military_contacts",
    "gur_components",
    "natural_earth",
)


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
def full(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    return pulled(tmp_path_factory.mktemp("full"), mirror, derive=False)


@pytest.fixture(scope="session")
def embedded(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    return pulled(tmp_path_factory.mktemp("embedded"), mirror, derive=True)
