# SPDX-License-Identifier: Apache-2.0
"""Which measures there are: those that a room, another package or a file of the user's own adds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bilat.catalog.sources import own_sources
from bilat.errors import UnknownName, command, nearest
from bilat.listing import Catalogue, Columns
from bilat.measures.declare import DECLARED, Measure
from bilat.measures.own import own_measure
from bilat.registry import registered


def measure_names() -> list[str]:
    """Return the name of every measure, sorted; no module is imported for it."""
    return sorted({*registered("measures"), *DECLARED, *own_sources()})


def measures() -> dict[str, Measure]:
    """Return every measure by name, sorted; the modules that declare them are imported."""
    found = {name: _measure(name) for name in measure_names()}
    return Catalogue(found, _COLUMNS, "Measures")


def measure_named(name: str) -> Measure | None:
    """Return the measure of that name, or None; only the module that declares it is imported."""
    return _measure(name) if name in measure_names() else None


def known_measure(name: str) -> Measure:
    """Return the measure of that name.

    Raises
    ------
    UnknownName
        naming the nearest, where there is none.
    """
    spec = measure_named(name)
    if spec is None:
        names = measure_names()
        family = [known for known in names if known.partition(".")[0] == name.partition(".")[0]]
        if family:
            advice = f"choose from {', '.join(family)}"
        else:
            search = command("search", repr(name))
            advice = f"to list the measures: {command('ask')}; to search everything: {search}"
        raise UnknownName(f"there is no measure {name!r}; {nearest(name, names, advice)}")
    return spec


def _measure(name: str) -> Measure:
    """Return a measure that is known to exist."""
    reference = registered("measures").get(name)
    if name not in DECLARED and reference is not None:
        reference.load()  # the module declares its measures as it is imported
        if name not in DECLARED:
            raise reference.error(f"is not declared by the module {reference.module}")
    return DECLARED[name] if name in DECLARED else own_measure(name)


#: What a notebook shows of a measure.
_COLUMNS: Columns = {
    "measure": lambda m: m.name,
    "what": lambda m: m.title,
    "unit": lambda m: m.unit,
    "parameters": lambda m: [f"{k}={v}" for k, v in m.params.items()],
    "tables": lambda m: m.tables,
}


@contextlib.contextmanager
def trial() -> Iterator[None]:
    """Forget afterwards what is declared inside the ``with`` block: for tests."""
    measures()
    before = dict(DECLARED)
    try:
        yield
    finally:
        DECLARED.clear()
        DECLARED.update(before)
