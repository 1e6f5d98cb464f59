# SPDX-License-Identifier: Apache-2.0
"""Files that come with the package: tables in TOML and texts that stand next to the code."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, TypeAlias

#: A table of TOML: whoever reads it knows the types of its values.
TomlTable: TypeAlias = dict[str, Any]


def read_package_text(package: str, name: str) -> str:
    """Return a file of a package as text.

    Parameters
    ----------
    package
        the package in full, such as ``bilat.goods``.
    name
        the file, below the folder of the package.
    """
    return resources.files(package).joinpath(name).read_text("utf-8")


def read_package_toml(package: str, name: str) -> TomlTable:
    """Return a TOML file of a package, as :func:`read_package_text` names it."""
    return tomllib.loads(read_package_text(package, name))
