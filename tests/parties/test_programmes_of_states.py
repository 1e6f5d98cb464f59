# SPDX-License-Identifier: Apache-2.0
"""The states that programmes are named for: the stored table says what their names say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bilat.holdings import Holdings, embedded_folder
from bilat.package_files import read_package_text
from bilat.parties.lists.regimes import read_states, states_of_programme
from bilat.when import AsOf

PROGRAMMES = "SELECT DISTINCT programme FROM listings WHERE programme <> '' ORDER BY programme"


@pytest.fixture(scope="module")
def stored() -> list[str]:
    connection = Holdings(embedded_folder()).connect(AsOf(None), PROGRAMMES).connection
    return [programme for (programme,) in connection.sql(PROGRAMMES).fetchall()]


def test_each_programme_has_the_states_that_its_name_says(stored: list[str]) -> None:
    found = {programme: states_of_programme(programme) for programme in stored}
    assert found == {programme: read_states(programme) for programme in stored}
    assert sum(map(bool, found.values())) > 100


def test_a_programme_that_no_list_has_yet_is_read() -> None:
    assert states_of_programme("BELARUS-EO99999") == {"BLR"}
    assert states_of_programme("") == read_states("") == frozenset()


def test_the_programmes_of_the_stored_lists_need_no_gazetteer(stored: list[str]) -> None:
    """Nearly all are in the table: a list that was read since has a few that are not."""
    text = read_package_text("bilat.parties.lists", "programme_states.csv")
    lacking = [programme for programme in stored if programme not in text]
    assert len(lacking) < 0.05 * len(stored)
    code = (
        "from bilat.parties.lists.regimes import states_of_programme\n"
        "from bilat.parties.names.places import _gazetteer\n"
        "assert states_of_programme('RUSSIA-EO14024') == {'RUS'}\n"
        "assert not _gazetteer.cache_info().currsize\n"
        "assert states_of_programme('BELARUS-EO99999') == {'BLR'}\n"
        "assert _gazetteer.cache_info().currsize\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
