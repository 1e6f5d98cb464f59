# SPDX-License-Identifier: Apache-2.0
"""Makers of components joined to the lists."""

from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.holdings import Holdings
from bilat.holdings.pull import in_mirror
from bilat.holdings.store import Store
from bilat.measures import ask
from bilat.parties.run.makers import makers_listed
from bilat.when import AsOf


@pytest.fixture(scope="module")
def pulled(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    folder = tmp_path_factory.mktemp("makers")
    for name in ("gur_components", "us_csl", "ofac_sdn"):
        for file in sources()[name].files:
            raw = in_mirror(mirror, file)
            assert raw is not None
            Store(folder).add(sources()[name], file, raw, keep_bytes=False)
    holdings = Holdings(folder)
    holdings.stores = [Store(folder)]
    return holdings


def test_known_makers_are_found_on_the_lists_and_others_are_not(pulled: Holdings) -> None:
    found = {m["maker"]: m for m in makers_listed(pulled, AsOf("2026-06-30"))}
    assert found["PKK MILANDR JSC"]["party"] and found["Baikal Electronics"]["party"]
    for clean in ("Texas Instruments", "Analog Devices", "STMicroelectronics"):
        if clean in found:
            assert found[clean]["party"] is None, found[clean]


def test_the_share_is_of_components_and_its_rows_are_the_makers(pulled: Holdings) -> None:
    answer = ask("parties.listed_makers", as_of="2026-06-30", holdings=pulled)
    groups = {p.group: p.value for p in answer.points}
    assert 0 < groups[""] < groups["RUS"] <= 1 and groups["CHN"] < groups["RUS"]
    assert answer.evidence.num_rows > 500


def test_without_names_of_makers_the_measure_says_what_to_pull() -> None:
    answer = ask("parties.listed_makers", as_of="2026-06-30", holdings=Holdings())
    assert not answer.points and "pull" in answer.note
