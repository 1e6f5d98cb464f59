# SPDX-License-Identifier: Apache-2.0
"""Exports to disk, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bilat.errors import UsageError
from bilat.exchange import frictionless, ftm, stix
from bilat.exchange.parcel import Parcel
from bilat.files.write import swap_folder, writable, write_text

#: Format -> what of a parcel it carries.
FORMATS: dict[str, tuple[str, ...]] = {
    "frictionless": ("claims", "figures", "parties", "sources", "dissents", "decisions", "rows"),
    "ftm": ("parties", "sources"),
    "stix": ("claims", "dissents", "parties", "sources"),
}
_WRITERS = {"frictionless": frictionless.write, "ftm": ftm.write, "stix": stix.write}


def check_format(to: str) -> str:
    """The name of a format.

    Raises
    ------
    UsageError
        for one that is none.
    """
    if to not in FORMATS:
        raise UsageError(f"no format {to!r}: choose from {', '.join(FORMATS)}")
    return to


def write_export(parcel: Parcel, to: str, out: Path) -> list[Path]:
    """Write what the format carries of the parcel as a folder; the files written.

    Raises
    ------
    UsageError
        for an unknown format, or a folder that exists and was not made by an export of this format.
    DataError
        if it cannot be written; what was there is then as it was.
    """
    made = _WRITERS[check_format(to)](parcel.only(*FORMATS[to]))
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
    """Whether a place may be replaced: an empty folder, or one that an export of the
    format made.
    """
    return out.is_dir() and (not any(out.iterdir()) or (out / first).is_file())
