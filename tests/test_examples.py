# SPDX-License-Identifier: Apache-2.0
"""The examples in the docstrings run, and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import bilat

#: The functions that a notebook starts with.
FRONT = ("ask", "brief", "claims", "divert", "plot", "screen")


def modules_with_examples() -> list[str]:
    """Return the modules whose text has an example, without those that need an extra package."""
    names = ["bilat"]
    for module in pkgutil.walk_packages(bilat.__path__, "bilat."):
        spec = module.module_finder.find_spec(module.name, None)  # type: ignore[call-arg]
        source = spec.loader.get_source(module.name) if spec and spec.loader else ""  # type: ignore[attr-defined]
        if ">>> " in (source or ""):
            names.append(module.name)
    return names


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_module_print_what_they_say(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.attempted and not result.failed


@pytest.mark.parametrize("name", FRONT)
def test_a_function_for_notebooks_says_all_that_is_needed(name: str) -> None:
    says = getattr(bilat, name).__doc__
    for part in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"\n    {part}\n    {'-' * len(part)}\n" in says, f"{name}: no {part}"
    assert ">>> from bilat import" in says
