# SPDX-License-Identifier: Apache-2.0
"""Pull: get each file of a source from its publisher or a mirror folder, and store it.

:mod:`bilat.holdings.acceptance` decides whether a file is stored.

A damaged edition is restored from the publisher's bytes that are stored with it, from the mirror,
or from the publisher. If none of them has it, it is removed from the manifest.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from bilat.catalog import File, Source
from bilat.catalog.fetch import Progress, Refused, Reply
from bilat.errors import DataError, UsageError, as_error, command
from bilat.files.digest import sha256_of
from bilat.files.lock import exclusive_lock
from bilat.files.write import writable, write_text
from bilat.holdings import request_log
from bilat.holdings.acceptance import Pulled, by_content, pulled_of, stored_edition, take_in
from bilat.holdings.addresses import fetch_file, refuse_page, validators
from bilat.holdings.births import Entry, Quarantined
from bilat.holdings.packaging import take_out
from bilat.holdings.store import ELSEWHERE, Store

#: (source, file, bytes so far, bytes in all or None)
Watch = Callable[[Source, File, int, int | None], None]
#: HTTP status with which publishers refuse programs but not a person with a browser. With 200 and
#: 202 they send a page for a browser in place of the file.
BY_HAND = (200, 202, 401, 403, 405, 406, 412, 451)
#: Words of the log for an outcome, where it has its own.
_LOGGED_AS = {"added": "new", "restored": "unchanged"}


#: The folder of the facts that bilat compiled itself: they come with the package.
PACKAGE = Path(str(resources.files("bilat.catalog")))


def in_mirror(mirror: Path | None, file: File) -> Path | None:
    """Return where a mirror or the package has a file; None if neither has it.

    A mirror of ``sources/`` has compiled facts in the folder next to it, so its parent is searched
    too.
    """
    folders = (mirror, mirror.parent, PACKAGE) if mirror else (PACKAGE,)
    for folder in folders:
        path = folder / file.path
        if path.is_file():
            return path
    return None


def pull(
    wanted: list[Source],
    store: Store,
    *,
    mirror: Path | None = None,
    watch: Watch | None = None,
    accept: str = "",
    of_today: bool = False,
) -> Iterator[Pulled]:
    """Pull each file of each source. A file that fails does not stop the others.

    Parameters
    ----------
    mirror
        a folder laid out like the catalog's paths, or one file that was saved by hand.
    watch
        called with the bytes so far.
    accept
        a person's reason to store an edition that differs from the stored one by more than its
        source allows; the manifest keeps it.
    of_today
        whether the newest edition is fetched, and not those that the catalog dates.

    Raises
    ------
    UsageError
        if one file is given for several sources, or for one of several series.
    DataError
        if the mirror is not there, or the holdings cannot be written.
    """
    only: list[File] = []
    if mirror is not None and mirror.is_file():
        only = [_file_of(wanted, mirror)]
    elif mirror is not None and not mirror.is_dir():
        raise DataError(
            "file or folder not found",
            file=mirror,
            cure="`mirror` takes a file, or a folder with the catalog's paths",
        )
    with writable(store.root, ELSEWHERE):
        store.root.mkdir(parents=True, exist_ok=True)
        (store.root / "incoming").mkdir(exist_ok=True)
    for source in wanted:
        all_arrived = True
        for file in only or _files_to_pull(source, of_today=of_today):
            try:
                yield from _restore_from_frozen(source, file, store)
                done = _pull_file(source, file, store, mirror, watch, accept)
            except Exception as e:
                done = _failed(source, file, store, e)
            all_arrived = all_arrived and done.status in ("added", "unchanged", "restored")
            yield done
        if all_arrived:
            yield from _drop_lost(source, store)


def _files_to_pull(source: Source, *, of_today: bool) -> list[File]:
    """Return the files of today, or those that the catalog dates."""
    return [current.file() for current in source.current] if of_today else source.files


def _failed(source: Source, file: File, store: Store, e: Exception) -> Pulled:
    """Return the outcome of a file that could not be stored: one line that says what to do."""
    if isinstance(e, Quarantined):
        return Pulled(source.name, file.path, "quarantined", why=str(e), changes=e.changes)
    why = str(as_error(e, file.path))
    if isinstance(e, Refused) and e.status in BY_HAND:
        why = (
            f"{source.producer} refuses programs (HTTP {e.status}): open {source.url} in a "
            f"browser, save the list in the form of {Path(file.path).name}, then: "
            f"{_command(source, store)}"
        )
    return Pulled(source.name, file.path, "refused", why=why)


def _command(source: Source, store: Store) -> str:
    """Return the command that takes in a file that was saved by hand."""
    return command("sources", "pull", source.name, holdings=store.named, mirror="FILE")


def _file_of(wanted: list[Source], saved: Path) -> File:
    """Return the catalog's entry for a file that was saved by hand.

    It is found by its bytes, then by its name. A file with another name is the edition of the day
    if the source has only one file.
    """
    if len(wanted) != 1:
        raise UsageError(
            "one file is of one source: name it; or give a folder with the catalog's paths"
        )
    (source,) = wanted
    current = [c.file() for c in source.current]
    files = [*source.files, *current]
    snapshot = sha256_of(saved)
    for file in files:
        if file.sha256 == snapshot:
            return file
    name = saved.name.lower()
    for file in reversed(files):
        if name in (Path(file.path).name.lower(), _published_name(file)):
            return file
    if len({f.series for f in files}) == 1:
        return files[-1]
    if len(current) == 1:
        return current[0]
    paths = ", ".join(dict.fromkeys(f.path for f in files))
    raise UsageError(
        f"{source.name} has files of several kinds: name the file as the publisher does, or give "
        f"a folder with {paths}"
    )


def _published_name(file: File) -> str | None:
    """Return the publisher's name of a file in small letters; None for a file without address."""
    return urlsplit(file.url).path.rsplit("/", 1)[-1].lower() if file.url else None


def update(
    wanted: Iterable[Source], store: Store, *, watch: Watch | None = None, accept: str = ""
) -> Iterator[Pulled]:
    """Pull the edition of the day of each source, or say how to get one that has no address.

    Earlier editions stay.
    """
    for source in wanted:
        if source.current:
            yield from pull([source], store, watch=watch, accept=accept, of_today=True)
        else:
            yield by_hand(source, store)


def request_of(
    source: Source, file: File, reply: Reply | None, done: Pulled
) -> request_log.LoggedRequest:
    """Return the line of the log for a request and its outcome."""
    answer = "older" if done.is_older else _LOGGED_AS.get(done.status, done.status)
    return {
        "at": reply.at if reply else dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "day": dt.date.today().isoformat(),
        "source": source.name,
        "series": file.series,
        "path": file.path,
        "address": reply.address if reply else file.url or "",
        "host": reply.host if reply else "",
        "status": reply.status if reply else 0,
        "size": reply.size if reply else 0,
        "rows": done.rows,
        "answer": answer,
        "why": done.why,
    }


def by_hand(source: Source, store: Store) -> Pulled:
    """Return how a person gets the edition of the day of a source that has no address for it."""
    path = source.files[-1].path if source.files else source.name
    pull = _command(source, store)
    if source.by_hand:
        why = source.by_hand.replace("{pull}", pull).replace(
            "{screen}", command("screen", "NAMES", lists="FILE")
        )
        why = why.replace("{trade}", command("update", "trade", hub="KGZ,KAZ,ARM", goods="chpl"))
    elif source.files and in_mirror(None, source.files[-1]):
        why = "was compiled for bilat and comes with it. To get a newer one, upgrade bilat"
    else:
        saved = f"Save it from {source.url} in the form of {path}"
        why = f"has no lasting address. {saved}, then: {pull}"
    return Pulled(source.name, path, "by hand", why=why)


def _pull_file(
    source: Source, file: File, store: Store, mirror: Path | None, watch: Watch | None, accept: str
) -> Pulled:
    """Store a file from the mirror, or without one from its publisher."""
    is_saved_file = mirror is not None and mirror.is_file()
    raw = mirror if is_saved_file else in_mirror(mirror, file)
    if raw is not None:
        return take_in(source, file, raw, store, accept)
    if mirror is not None:
        return Pulled(source.name, file.path, "refused", why=f"{file.path}: not in {mirror}")
    if file.url is None:
        return replace(by_hand(source, store), path=file.path)
    return _download(source, file, store, watch, accept)


def _stored_editions(store: Store, source: Source, file: File) -> list[Entry]:
    """Return the manifest's entries of a file."""
    wanted = (source.name, file.path)
    return [entry for entry in store.entries() if (entry["source"], entry["path"]) == wanted]


def _restore_from_frozen(source: Source, file: File, store: Store) -> Iterator[Pulled]:
    """Restore the damaged editions of a file from the publisher's bytes stored with them."""
    for edition in _stored_editions(store, source, file):
        if not store.complaints(edition):
            continue
        raw = store.frozen(edition["sha256"])
        if raw.is_file() and sha256_of(raw) == edition["sha256"]:
            yield pulled_of(store.add(source, file, raw))


def _drop_lost(source: Source, store: Store) -> Iterator[Pulled]:
    """Remove the editions that are still damaged after everything of the source was pulled."""
    if not any(store.complaints(e) for e in store.entries() if e["source"] == source.name):
        return
    for edition in store.drop_lost(source.name):
        yield Pulled(
            source.name,
            edition["path"],
            "dropped",
            snapshot=edition["sha256"],
            why=f"{edition['path']}: the edition of {edition['vintage']} was damaged, and its bytes "
            "can be had nowhere any more: it is no longer held",
        )


def _download(source: Source, file: File, store: Store, watch: Watch | None, accept: str) -> Pulled:
    """Fetch a file and store it; log the request whatever comes of it."""
    assert file.url is not None
    incoming = store.root / "incoming"
    into = incoming / f"{source.name}-{Path(file.path).name}"
    with (
        writable(incoming, ELSEWHERE),
        exclusive_lock(into.with_name(f"{into.name}.lock"), file.path),
    ):
        stored = _stored_editions(store, source, file)
        is_sound = bool(stored) and not any(store.complaints(edition) for edition in stored)
        # A validator would keep the publisher from sending again what is damaged here.
        validator = validators(incoming).get(file.url) if is_sound and not file.grows else None
        reply: Reply | None = None
        try:
            reply = fetch_file(file, into, validator, _progress_of(source, file, watch))
            if reply.unchanged:
                done = Pulled(source.name, file.path, "unchanged")
            else:
                refuse_page(file, into)
                take_out(file, into)
                _add_to_stored(source, file, store, into)
                done = take_in(source, file, into, store, accept, reply)
        except Exception as e:
            failed = _failed(source, file, store, e)
            request_log.write(store.root, request_of(source, file, reply, failed))
            raise
        finally:
            into.unlink(missing_ok=True)
        with store.locked():
            request_log.write(store.root, request_of(source, file, reply, done))
            if reply.validator:
                known = {**validators(incoming), file.url: reply.validator}
                write_text(incoming / "validators.json", json.dumps(known), cure=ELSEWHERE)
    return done


def _progress_of(source: Source, file: File, watch: Watch | None) -> Progress | None:
    """Return the progress of one file for a watcher of all."""
    if watch is None:
        return None
    return lambda have, total: watch(source, file, have, total)


def _add_to_stored(source: Source, file: File, store: Store, path: Path) -> None:
    """Add the stored days to a file that the publisher sends with its last day only.

    A day that is in both is taken from the new file.
    """
    if not file.grows:
        return
    parts = stored_edition(store, source, file.series)
    if not parts:
        return
    newest = max(parts.values(), key=by_content)
    stored_path = store.frozen(newest.snapshot)
    if not stored_path.exists():
        return
    header, new_days = _rows_by_day(file, path)
    stored_header, stored_days = _rows_by_day(file, stored_path)
    if header != stored_header:
        raise DataError(
            f"the columns are {', '.join(header)[:120]}, where those stored are "
            f"{', '.join(stored_header)[:120]}",
            file=file.path,
            cure="the copy has changed: upgrade bilat; nothing was taken in",
        )
    days = {**stored_days, **new_days}
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    for day in sorted(days):
        out.writerows(days[day])
    path.write_text(text.getvalue(), "utf-8")


def _rows_by_day(file: File, path: Path) -> tuple[list[str], dict[str, list[list[str]]]]:
    """Return the header of a file and its rows by day."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        header, *rows = csv.reader(text)
    if file.grows not in header:
        raise DataError(
            f"has no column {file.grows}", file=file.path, cure="get it again; nothing was taken in"
        )
    column = header.index(file.grows)
    days: dict[str, list[list[str]]] = {}
    for row in rows:
        day = row[column] if column < len(row) else ""
        days.setdefault(day, []).append(row)
    return header, days
