# SPDX-License-Identifier: Apache-2.0
"""Holdings for the map, and one site of made-up judgements for every test that looks at pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from picture_made_up import NOW, PAIR, judge_made_up

from bilat.catalog import source
from bilat.holdings import Holdings
from bilat.holdings.pull import pull
from bilat.holdings.store import Store


@pytest.fixture(scope="session")
def held(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    """Outlines and exercises, as their publishers have them."""
    folder = tmp_path_factory.mktemp("held")
    wanted = [source("natural_earth"), source("exercises")]
    for done in pull(wanted, Store(folder), mirror=mirror):
        assert done.status == "added", done
    return Holdings(folder)


@pytest.fixture(scope="session")
def site(held: Holdings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole site of made-up judgements."""
    from bilat.picture import brief

    out = tmp_path_factory.mktemp("site") / "picture"
    brief(PAIR, NOW, out, held, judge=judge_made_up)
    return out
