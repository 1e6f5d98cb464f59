# SPDX-License-Identifier: Apache-2.0
"""Exports to disk and back, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from bilat.errors import UsageError
from bilat.exchange import frictionless, ftm, jsonld, sdmx, stix
from bilat.exchange.parcel import Parcel
from bilat.files.write import swap_folder, writable, write_text

#: Format -> what of a parcel it carries; a format in _FOLDERS is a folder, another one file.
FORMATS: dict[str, tuple[str, ...]] = {
    "ftm": ("parties", "sources"),
    "stix": ("claims", "dissents", "parties", "sources"),
    "sdmx": ("figures", "rows"),
    "frictionless": ("claims", "figures", "parties", "sources", "dissents", "decisions", "rows"),
    "jsonld": ("claims", "dissents", "sources"),
}
_FOLDERS: dict[str, ModuleType] = {"ftm": ftm, "sdmx": sdmx, "frictionless": frictionless}
_FILES: dict[str, ModuleType] = {"stix": stix, "jsonld": jsonld}


def checked(to: str) -> str:
    """The name of a format.

    Raises
    ------
    UsageError
        for one that is none.
    """
    if to not in FORMATS:
        raise UsageError(f"no format {to!r}: there is {', '.join(FORMATS)}")
    return to


def write_export(parcel: Parcel, to: str, out: Path) -> list[Path]:
    """Write what the format carries of the parcel; the files written.

    Raises
    ------
    UsageError
        for an unknown format, or a folder that exists and was not made by an export of this format.
    DataError
        if it cannot be written; what was there is then as it was.
    """
    carried = parcel.only(*FORMATS[checked(to)])
    if to in _FILES:
        if out.is_dir():
            raise UsageError(f"{out} is a folder; {to} is one file: name it with `out`")
        write_text(out, _FILES[to].write(carried))
        return [out]
    made: dict[str, str] = _FOLDERS[to].write(carried)
    if out.exists() and not _ours(out, next(iter(made))):
        raise UsageError(f"{out} exists and is not an export to {to}; name a new folder with `out`")
    with writable(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            for name, text in made.items():
                write_text(fresh / name, text)
            fresh.chmod(0o755)
            swap_folder(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return [out / name for name in made]


def _ours(out: Path, first: str) -> bool:
    """Whether a place may be replaced: an empty folder, or one that an export of the format made."""
    return out.is_dir() and (not any(out.iterdir()) or (out / first).is_file())


def read_export(place: Path, to: str) -> Parcel:
    """What an export of a format holds.

    Raises
    ------
    UsageError
        for an unknown format.
    DataError
        for a place that holds no such export.
    """
    read: Callable[[Path], Parcel] = (_FILES | _FOLDERS)[checked(to)].read
    return read(place)
