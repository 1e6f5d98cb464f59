# SPDX-License-Identifier: Apache-2.0
"""Build the embedded holdings: derived figures with citation and licence, small enough to ship."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bilat.catalog import File, Source
from bilat.catalog.licences import identifiers
from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.files.write import swap_folder, writable
from bilat.holdings.pull import in_mirror
from bilat.holdings.store import MANIFEST, Added, Store

#: What says whose the embedded figures are.
NOTICE = "NOTICE"
#: The whole embedded set, in bytes.
BUDGET = 14_000_000


def build(
    wanted: list[Source],
    mirror: Path,
    out: Path,
    *,
    verify: Callable[[Path], None],
) -> Iterator[Added]:
    """Make the embedded holdings again in ``out``: only sources whose catalog entry lets them be
    embedded.

    The same files give the same bytes: nothing in the result depends on the day or the machine.

    Parameters
    ----------
    verify
        Called with the folder before it replaces ``out``; what it raises keeps ``out`` as it was.

    Raises
    ------
    DataError
        if a file is missing or is not the edition that the catalog dates, or the set outgrows its
        budget; ``out`` is then as it was.
    """
    with (
        writable(out, "name another folder with `out`"),
        tempfile.TemporaryDirectory(dir=out.parent, prefix=".build-") as temporary,
    ):
        fresh = Store(Path(temporary) / "data", is_packed=True)
        for source in wanted:
            if source.embed == "none":
                continue
            for file in [f for f in source.files if f.embedded]:
                yield fresh.add(
                    source,
                    file,
                    _original(source, file, mirror),
                    pulled_on=file.vintage,
                    derive=True,
                    keep_bytes=False,
                )
        verify(fresh.root)
        (fresh.root / NOTICE).write_text(notice(wanted), "utf-8")
        size = sum(p.stat().st_size for p in fresh.root.rglob("*") if p.is_file())
        if size > BUDGET:
            raise DataError(
                f"the embedded holdings would take {size:,} bytes; the budget is {BUDGET:,}"
            )
        if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
            raise DataError(
                "is not a folder of holdings", file=out, cure="name an empty one with `out`"
            )
        swap_folder(fresh.root, out)


def notice(wanted: Iterable[Source]) -> str:
    """Whose figures are embedded, on what terms and in what form: what a redistributor must pass
    on."""
    kept = [s for s in wanted if s.embed != "none"]
    text = (
        "The figures in this folder are not bilat's. The code is Apache-2.0; each table below "
        "is under the terms\n"
        "named with it. A table whose licence is CC BY-SA is offered under that licence, changed "
        "as its entry says.\n"
    )
    for s in kept:
        text += (
            f"\n{s.name}: {s.title}\n  from      {s.producer}, {s.url}\n  cite      {s.citation}\n"
            f"  licence   {s.licence}\n  SPDX      {', '.join(identifiers(s))}\n"
            f"  embedded  {'as they are' if s.embed == 'rows' else 'derived'}: {s.embed_why}\n"
        )
    return text


def _original(source: Source, file: File, mirror: Path) -> Path:
    raw = in_mirror(mirror, file)
    if raw is None:
        raise DataError(
            f"{file.path}: not in {mirror}; the embedded holdings are built from a full mirror"
        )
    if sha256_of(raw) != file.sha256:
        raise DataError(
            f"{file.path}: its sha256 is not the catalog's: a newer edition. Add it to "
            f"catalog/sources/{source.name}.toml with its date first"
        )
    return raw
