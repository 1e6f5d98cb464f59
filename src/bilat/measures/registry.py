# SPDX-License-Identifier: Apache-2.0
"""Which measures there are: the modules that declare one are found by walking the packages."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from bilat.measures.declare import Measure

_REGISTRY: dict[str, Measure] = {}


def register(spec: Measure) -> None:
    """Add a measure.

    Raises
    ------
    AssertionError
        if another module has declared one of this name.
    """
    other = _REGISTRY.get(spec.name)
    if other is not None and other.function.__module__ != spec.function.__module__:
        raise AssertionError(f"measure {spec.name} is declared twice")
    _REGISTRY[spec.name] = spec


def measures() -> dict[str, Measure]:
    """Every declared measure by name, sorted."""
    _load()
    return dict(sorted(_REGISTRY.items()))


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
    before = dict(_REGISTRY)
    try:
        yield
    finally:
        _REGISTRY.clear()
        _REGISTRY.update(before)
