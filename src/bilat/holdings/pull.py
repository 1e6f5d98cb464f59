# SPDX-License-Identifier: Apache-2.0
"""Pull: bring each file of a source from its publisher or a mirror folder, and take it in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bilat.catalog import File, Source
from bilat.catalog.fetch import fetch
from bilat.errors import DataError
from bilat.holdings.store import Added, Store, _writable

#: (source, file, bytes so far, bytes in all or None)
Watch = Callable[[Source, File, int, int | None], None]


@dataclass(frozen=True)
class Pulled:
    """What became of one file: added, unchanged, or why it could not be had."""

    source: str
    path: str
    status: str  #: added, unchanged, by hand, refused
    rows: int = 0
    snapshot: str = ""
    why: str = ""


#: Where facts that bilat compiled itself lie: they come with the package and need no publisher.
PACKAGE = Path(str(resources.files("bilat.catalog")))


def in_mirror(mirror: Path | None, file: File) -> Path | None:
    """The file in a mirror folder, beside it (compiled facts lie in a folder beside ``sources``), or in the
    package (``compiled/``)."""
    for base in (mirror, mirror.parent, PACKAGE) if mirror else (PACKAGE,):
        if (base / file.path).is_file():
            return base / file.path
    return None


def pull(
    wanted: list[Source], store: Store, *, mirror: Path | None = None, watch: Watch | None = None
) -> Iterator[Pulled]:
    """Pull each file of each source; one that is refused does not stop the others.

    Raises
    ------
    DataError
        if the mirror is no folder, or the holdings cannot be written.
    """
    if mirror is not None and not mirror.is_dir():
        raise DataError(
            f"{mirror}: no such folder; --mirror takes a folder laid out like the catalog's paths"
        )
    with _writable(store.root):
        store.root.mkdir(parents=True, exist_ok=True)
        (store.root / "incoming").mkdir(exist_ok=True)
    for source in wanted:
        for file in source.files:
            try:
                raw = in_mirror(mirror, file)
                if raw is not None:
                    yield _done(store.add(source, file, raw))
                elif mirror is not None:
                    yield Pulled(source.name, file.path, "refused", why=f"{file.path}: not in {mirror}")
                elif file.url is None:
                    yield Pulled(
                        source.name,
                        file.path,
                        "by hand",
                        why=f"{source.producer} serves it by hand: save it from {source.url} "
                        f"as {file.path} in a folder, and use --mirror FOLDER",
                    )
                else:
                    yield _download(source, file, store, watch)
            except DataError as e:
                yield Pulled(source.name, file.path, "refused", why=str(e))


def _done(added: Added) -> Pulled:
    status = "added" if added.new else "unchanged"
    return Pulled(added.source, added.path, status, added.rows, added.snapshot)


def _download(source: Source, file: File, store: Store, watch: Watch | None) -> Pulled:
    assert file.url is not None
    incoming = store.root / "incoming"
    seen_path = incoming / "validators.json"
    try:
        seen = json.loads(seen_path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        seen = {}
    held = any(e["source"] == source.name and e["path"] == file.path for e in store.entries())
    into = incoming / f"{source.name}-{Path(file.path).name}"
    validator = fetch(
        file.url,
        into,
        validator=seen.get(file.url) if held else None,
        progress=(lambda have, total: watch(source, file, have, total)) if watch else None,
    )
    if validator is None:
        return Pulled(source.name, file.path, "unchanged")
    try:
        added = store.add(source, file, into)
    finally:
        into.unlink(missing_ok=True)
    if validator:
        seen[file.url] = validator
        with tempfile.NamedTemporaryFile(
            "w", dir=incoming, suffix=".part", delete=False, encoding="utf-8"
        ) as out:
            json.dump(seen, out)
        Path(out.name).replace(seen_path)
    return _done(added)
