# SPDX-License-Identifier: Apache-2.0
"""Rebuild: read what is held again, from the publisher's bytes that were frozen with it, by the
readers of today."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bilat.catalog import File, source
from bilat.errors import DataError, as_error, command
from bilat.files.digest import sha256_of
from bilat.holdings.acceptance import Pulled
from bilat.holdings.births import Entry
from bilat.holdings.store import Store


def rebuild(store: Store, names: Collection[str] = ()) -> Iterator[Pulled]:
    """Make the rows again of each edition that another reader made, or a version that did not say
    which.

    An edition whose bytes are not held, or that today's reader refuses, stays as it is and says
    why.
    """
    for entry in store.lacking():
        if names and entry["source"] not in names:
            continue
        try:
            raw = store.frozen(entry["sha256"])
            if not raw.is_file() or sha256_of(raw) != entry["sha256"]:
                cure = f"get it again: {command('sources', 'pull', entry['source'], holdings=store.named)}"
                raise DataError(
                    "the publisher's bytes are not kept with it", file=entry["path"], cure=cure
                )
            added = store.add(source(entry["source"]), _file(entry), raw, again=True)
            yield Pulled(added.source, added.path, "rebuilt", added.rows, added.snapshot)
        except Exception as e:
            why = str(as_error(e, entry["path"]))
            yield Pulled(
                entry["source"], entry["path"], "refused", snapshot=entry["sha256"], why=why
            )


def _file(entry: Entry) -> File:
    """What the catalog says of the file: of these very bytes where it knows them, else of its
    path."""
    files = source(entry["source"]).files
    for f in [
        *(f for f in files if f.sha256 == entry["sha256"]),
        *(f for f in files if f.path == entry["path"]),
    ]:
        return f
    raise DataError(
        "the catalog names it no longer", file=entry["path"], cure="pull its source again"
    )
