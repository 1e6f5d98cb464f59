# SPDX-License-Identifier: Apache-2.0
"""Pull: bring each file of a source from its publisher or a mirror folder, and take it in.

What is held of a source and is damaged is restored: from the publisher's bytes that were frozen with it, from
the mirror, or from the publisher. An edition that none of them has any more is taken off the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bilat.catalog import File, Source
from bilat.catalog.fetch import fetch
from bilat.errors import DataError, as_error
from bilat.files.digest import sha256_of
from bilat.files.lock import locked
from bilat.files.write import writable, write_text
from bilat.holdings.store import ELSEWHERE, Added, Store

#: (source, file, bytes so far, bytes in all or None)
Watch = Callable[[Source, File, int, int | None], None]


@dataclass(frozen=True)
class Pulled:
    """What became of one file: added, unchanged, restored, or why it could not be had."""

    source: str
    path: str
    status: str  #: added, unchanged, restored, dropped (damaged, and to be had nowhere), by hand, refused
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
    """Pull each file of each source; one that fails, however it fails, does not stop the others.

    Raises
    ------
    DataError
        if the mirror is not a folder, or the holdings cannot be written.
    """
    if mirror is not None and not mirror.is_dir():
        raise DataError(
            "no such folder", file=mirror, cure="--mirror takes a folder laid out like the catalog's paths"
        )
    with writable(store.root, ELSEWHERE):
        store.root.mkdir(parents=True, exist_ok=True)
        (store.root / "incoming").mkdir(exist_ok=True)
    for source in wanted:
        asked = True
        for file in source.files:
            try:
                yield from _from_frozen(source, file, store)
                done = _one(source, file, store, mirror, watch)
            except Exception as e:
                done = Pulled(source.name, file.path, "refused", why=str(as_error(e, file.path)))
            asked = asked and done.status in ("added", "unchanged", "restored")
            yield done
        if asked:
            yield from _lost(source, store)


def _one(source: Source, file: File, store: Store, mirror: Path | None, watch: Watch | None) -> Pulled:
    raw = in_mirror(mirror, file)
    if raw is not None:
        return _done(store.add(source, file, raw))
    if mirror is not None:
        return Pulled(source.name, file.path, "refused", why=f"{file.path}: not in {mirror}")
    if file.url is None:
        return Pulled(
            source.name,
            file.path,
            "by hand",
            why=f"{source.producer} serves it by hand: save it from {source.url} "
            f"as {file.path} in a folder, and use --mirror FOLDER",
        )
    return _download(source, file, store, watch)


def _from_frozen(source: Source, file: File, store: Store) -> Iterator[Pulled]:
    """Restore what is damaged of a file's editions from the publisher's bytes held with them."""
    for e in store.entries():
        if (e["source"], e["path"]) != (source.name, file.path) or not store.complaints(e):
            continue
        raw = store.frozen(e["sha256"])
        if raw.is_file() and sha256_of(raw) == e["sha256"]:
            yield _done(store.add(source, file, raw))


def _lost(source: Source, store: Store) -> Iterator[Pulled]:
    """Editions that are damaged still, when all that can be had of the source has been: they hold nothing."""
    if not any(store.complaints(e) for e in store.entries() if e["source"] == source.name):
        return
    for e in store.drop_lost(source.name):
        yield Pulled(
            source.name,
            e["path"],
            "dropped",
            snapshot=e["sha256"],
            why=f"{e['path']}: the edition of {e['vintage']} was damaged, and its bytes can be had nowhere any "
            "more: it is no longer held",
        )


def _done(added: Added) -> Pulled:
    status = "restored" if added.restored else "added" if added.new else "unchanged"
    return Pulled(added.source, added.path, status, added.rows, added.snapshot)


def _download(source: Source, file: File, store: Store, watch: Watch | None) -> Pulled:
    assert file.url is not None
    incoming = store.root / "incoming"
    into = incoming / f"{source.name}-{Path(file.path).name}"
    with writable(incoming, ELSEWHERE), locked(into.with_name(f"{into.name}.lock"), file.path):
        held = [e for e in store.entries() if (e["source"], e["path"]) == (source.name, file.path)]
        # What is held damaged is asked for again, whatever the publisher says has not changed.
        sound = bool(held) and not any(store.complaints(e) for e in held)
        validator = fetch(
            file.url,
            into,
            validator=_validators(incoming).get(file.url) if sound else None,
            progress=(lambda have, total: watch(source, file, have, total)) if watch else None,
            most=file.most_bytes,
            hosts=file.hosts,
        )
        if validator is None:
            return Pulled(source.name, file.path, "unchanged")
        try:
            added = store.add(source, file, into)
        finally:
            into.unlink(missing_ok=True)
        if validator:
            with store.locked():
                seen = {**_validators(incoming), file.url: validator}
                write_text(incoming / "validators.json", json.dumps(seen), cure=ELSEWHERE)
    return _done(added)


def _validators(incoming: Path) -> dict[str, str]:
    """What publishers said of the editions held; what cannot be read is asked for again."""
    try:
        seen = json.loads((incoming / "validators.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return {k: v for k, v in seen.items() if isinstance(v, str)} if isinstance(seen, dict) else {}
