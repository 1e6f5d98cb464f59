# SPDX-License-Identifier: Apache-2.0
"""What the rooms of bilat and other packages add by name: measures, questions, sources, claims.

The ``register.toml`` of a room names the module of each. Another package does the same in its entry
points, whose groups are ``bilat.measures``, ``bilat.questions``, ``bilat.sources`` and
``bilat.claims``::

    [project.entry-points."bilat.measures"]
    "rain.days" = "rain.measures"              # the module whose import declares the measure
    [project.entry-points."bilat.questions"]
    "ask.rain" = "rain.questions:RainQuestion"  # the words of the command, joined by points
    [project.entry-points."bilat.sources"]
    rain_gauges = "rain"                       # the package that contains rain_gauges.toml
    [project.entry-points."bilat.claims"]
    rain = "rain"                              # the package that contains rain.toml, a chapter

Reading the register imports none of them: a module is imported when what it has is asked for.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from bilat.errors import DataError

Kind = Literal["measures", "questions", "sources", "claims"]
_ROOMS = Path(__file__).parent


@dataclass(frozen=True)
class Reference:
    """Where something that is registered is defined.

    Parameters
    ----------
    module, attribute
        the module to import, and the name to take from it; blank for the module itself. For a
        source or a claim, the package with its TOML file.
    package
        the installed distribution that adds it; blank for bilat itself.
    """

    kind: Kind
    name: str
    module: str
    attribute: str = ""
    package: str = ""

    def load(self) -> Any:
        """Import the module and return what is registered.

        Raises
        ------
        DataError
            where another package registers what cannot be imported.
        """
        try:
            found = import_module(self.module)
            return getattr(found, self.attribute) if self.attribute else found
        except Exception as e:
            if not self.package:
                raise
            raise self.error(f"cannot be imported ({type(e).__name__}: {e})") from e

    def text(self) -> str:
        """Return the TOML of a source or claim: ``NAME.toml`` next to ``module``.

        Raises
        ------
        DataError
            where the package or the file does not exist.
        """
        try:
            return resources.files(self.module).joinpath(f"{self.name}.toml").read_text("utf-8")
        except (ImportError, OSError) as e:
            raise self.error(f"has no file {self.name}.toml ({e})") from None

    def error(self, message: str) -> DataError:
        """Return an error that names the package, the group and the name."""
        cure = f"correct or uninstall the package {self.package}"
        file = f"package {self.package or 'bilat'}"
        return DataError(
            message, file=file, column=f"bilat.{self.kind}", value=self.name, cure=cure
        )


def later(package: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """Return a ``__getattr__`` for a package that imports each of its names on first use.

    Parameters
    ----------
    package
        the package whose ``__init__`` gets it.
    names
        each name of the package with the module that defines it; ``module:name`` if it has another
        name there.
    """

    def find(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, attribute = names[name].partition(":")
        return getattr(import_module(f"{package}.{module}"), attribute or name)

    return find


@cache
def registered(kind: Kind) -> dict[str, Reference]:
    """Return everything of one kind that bilat and the installed packages register, by name.

    Raises
    ------
    DataError
        where two of them register one name.
    """
    found = _of_rooms(kind)
    for entry in _entry_points().get(f"bilat.{kind}", ()):
        package = entry.dist.name if entry.dist is not None else "unknown"
        reference = Reference(
            kind, name=entry.name, module=entry.module, attribute=entry.attr, package=package
        )
        if entry.name in found:
            raise reference.error("is registered twice")
        found[entry.name] = reference
    return found


@cache
def packages_digest() -> str:
    """Return one sha256 over the files of the packages that register anything; blank without any.

    Answers are stored under it, so that those of another version of a package are never read.
    """
    packages = {e.module.split(".")[0] for entries in _entry_points().values() for e in entries}
    if not packages:
        return ""
    digest = hashlib.sha256()
    for package in sorted(packages):
        spec = find_spec(package)
        if spec is None:
            continue
        # A package has folders, a module is one file.
        for place in spec.submodule_search_locations or [spec.origin or ""]:
            for path in _files_in(Path(place)):
                # The name counts too, but not where the package is installed.
                name = package / path.relative_to(place)
                digest.update(name.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _files_in(place: Path) -> list[Path]:
    """Return the files of a folder, or a file itself, without compiled code."""
    found = sorted(place.rglob("*")) if place.is_dir() else [place]
    return [path for path in found if path.is_file() and path.suffix != ".pyc"]


@cache
def _entry_points() -> dict[str, list[metadata.EntryPoint]]:
    """Return the entry points of other packages, by group."""
    found: dict[str, list[metadata.EntryPoint]] = {}
    seen = set()
    for package in metadata.distributions():
        if package.name in seen:
            # Of two installations the first on the path is the one that Python imports.
            continue
        seen.add(package.name)
        for entry in package.entry_points:
            if entry.group.startswith("bilat."):
                found.setdefault(entry.group, []).append(entry)
    return found


def _of_rooms(kind: Kind) -> dict[str, Reference]:
    """Return what the rooms register; a value is a module of the room, or ``module:name``."""
    found: dict[str, Reference] = {}
    for path in sorted(_ROOMS.glob("*/register.toml")):
        for name, value in tomllib.loads(path.read_text("utf-8")).get(kind, {}).items():
            module, _, attribute = value.partition(":")
            where = f"bilat.{path.parent.name}.{module}"
            assert name not in found, f"{path}: {name} is registered twice"
            found[name] = Reference(kind, name=name, module=where, attribute=attribute)
    return found
