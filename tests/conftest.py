# SPDX-License-Identifier: Apache-2.0
"""Where the real source files lie, and holdings of named sources that every room's tests share."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import indexes
import pytest
import run_answers
from hypothesis import settings
from real_files import HERE, NAMED, SHARED

from bilat.catalog import sources
from bilat.catalog.sources import default_folder
from bilat.holdings import Holdings, Store, embedded_folder
from bilat.holdings.pull import in_mirror

# An example has no deadline: on a busy machine it takes what it takes, and a test that fails then tells nothing.
settings.register_profile("bilat", deadline=None)
settings.load_profile("bilat")

# A test sees what the code does now: nothing kept of a run before it or of a release, no holdings or team of this
# machine's user.
run_answers.begin()
for own in ("BILAT_HOLDINGS", "BILAT_TEAM"):
    os.environ.pop(own, None)
HOME = tempfile.TemporaryDirectory(prefix="bilat-home-")
for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[variable] = str(Path(HOME.name) / variable.removeprefix("XDG_").lower())
indexes.begin()
indexes.share(default_folder())

#: Marks of tests that take long.
LONG = ("slow", "browser", "cluster")
#: holdings(names, embedded=False)
MakeHoldings = Callable[..., Holdings]


def pytest_sessionstart() -> None:
    """From here on a patch is a test's own, and none of pytest itself."""
    run_answers.stop_while_patched()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who asks for the real files is marked ``shared``; so is, where they are here, who would read every row.

    Files with a long test come first, so that at the end no process waits for another's last file.
    """
    long = {item.path for item in items if any(map(item.get_closest_marker, LONG))}
    items.sort(key=lambda item: item.path not in long)
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "shared" in asked or (HERE and "every_row" in asked):
            item.add_marker("shared")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked ``shared`` needs the real files, even where its fixtures could do without."""
    if item.get_closest_marker("shared") and not HERE:
        missing = pytest.fail if NAMED else pytest.skip
        missing(f"the folder of source files {SHARED} is missing")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real source files and facts."""
    return SHARED


@pytest.fixture(scope="session")
def every_row() -> Path | None:
    """The mirror of real source files; none where they are not here, and the embedded rows stand in."""
    return SHARED / "sources" if HERE else None


@pytest.fixture(scope="session")
def mirror(shared: Path) -> Path:
    return shared / "sources"


class OnlyThese(Store):
    """The entries of some sources in a folder of holdings."""

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        super().__init__(root)
        self.names = frozenset(names)

    def entries(self) -> list[dict[str, Any]]:
        return [e for e in super().entries() if e["source"] in self.names]


@pytest.fixture(scope="session")
def holdings(
    every_row: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeHoldings]:
    """A maker of holdings of named sources and no other: each source is pulled once in a session.

    ``holdings(names)`` has every row of the real files; where those are not here, the rows that come with
    the package stand in, so that a room's tests run on a fresh clone. A test that cannot do without every row,
    or compares the two, is marked ``shared``. ``holdings(names, embedded=True)`` has the package's rows always.
    """
    store = Store(tmp_path_factory.mktemp("full"))
    pulled: set[str] = set()
    given: list[Holdings] = []

    def make(names: Iterable[str], *, embedded: bool = False) -> Holdings:
        wanted = tuple(names)
        root = embedded_folder()
        if every_row and not embedded:
            for name in wanted:
                if name in pulled:
                    continue
                for file in sources()[name].files:
                    raw = in_mirror(every_row, file)
                    assert raw is not None, f"{file.path} is not in the mirror"
                    store.add(sources()[name], file, raw, keep_bytes=False)
                pulled.add(name)
            root = store.root
        out = Holdings(embedded_folder())
        out.stores = [OnlyThese(root, wanted)]
        given.append(out)
        return out

    yield make
    for one in given:
        one.close()
