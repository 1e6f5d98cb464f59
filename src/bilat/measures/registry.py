# SPDX-License-Identifier: Apache-2.0
"""Which measures there are: the modules that declare one are found by walking the packages."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from bilat.listing import Catalogue, Columns
from bilat.measures.declare import DECLARED, Measure
from bilat.measures.own import own_measures


def measures() -> dict[str, Measure]:
    """Every measure by name, sorted: those declared, and one for each source that the user added."""
    _load()
    return Catalogue(dict(sorted({**DECLARED, **own_measures()}.items())), _COLUMNS, "Measures")


def measure_named(name: str) -> Measure | None:
    """The declared measure of that name."""
    _load()
    return DECLARED.get(name) or own_measures().get(name)


#: What a notebook shows of a measure.
_COLUMNS: Columns = {
    "measure": lambda m: m.name,
    "what": lambda m: m.title,
    "unit": lambda m: m.unit,
    "parameters": lambda m: [f"{k}={v}" for k, v in m.params.items()],
    "tables": lambda m: m.tables,
}


@cache
def _load() -> None:
    for module in declaring():
        importlib.import_module(module)


def declaring() -> list[str]:
    """The modules of the package that declare measures, by their text, so that no other is imported."""
    return list(_declaring([str(Path(__file__).parents[1])], "bilat."))


def _declaring(path: Iterable[str], prefix: str) -> Iterator[str]:
    for info in pkgutil.iter_modules(path, prefix):
        spec = info.module_finder.find_spec(info.name, None)
        if spec is None or spec.loader is None:
            continue
        if info.ispkg:
            yield from _declaring(spec.submodule_search_locations or [], f"{info.name}.")
        elif "\n@measure(" in (spec.loader.get_source(info.name) or ""):  # type: ignore[attr-defined]
            yield info.name


@contextlib.contextmanager
def trial() -> Iterator[None]:
    """What is declared within is forgotten after: for tests."""
    _load()
    before = dict(DECLARED)
    try:
        yield
    finally:
        DECLARED.clear()
        DECLARED.update(before)
