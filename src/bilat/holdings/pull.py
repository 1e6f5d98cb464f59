# SPDX-License-Identifier: Apache-2.0
"""Pull: bring each file of a source from its publisher or a mirror folder, and take it in.

What becomes of a file that was brought is decided in :mod:`bilat.holdings.acceptance`.

What is held of a source and is damaged is restored: from the publisher's bytes that were frozen
with it, from the mirror, or from the publisher. An edition that none of them has any more is taken
off the manifest.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bilat.catalog import File, Source
from bilat.catalog.fetch import Progress, Refused, Reply, fetch, is_page
from bilat.errors import DataError, UsageError, as_error, command
from bilat.files.digest import sha256_of
from bilat.files.lock import exclusive_lock
from bilat.files.write import writable, write_text
from bilat.holdings import request_log
from bilat.holdings.acceptance import Pulled, by_content, pulled_of, stored_edition, take_in
from bilat.holdings.births import Quarantined
from bilat.holdings.packaging import take_out
from bilat.holdings.store import ELSEWHERE, Store

#: (source, file, bytes so far, bytes in all or None)
Watch = Callable[[Source, File, int, int | None], None]


#: Where facts that bilat compiled itself lie: they come with the package and need no publisher.
PACKAGE = Path(str(resources.files("bilat.catalog")))


def in_mirror(mirror: Path | None, file: File) -> Path | None:
    """The file in a mirror folder, beside it (compiled facts lie in a folder beside ``sources``),
    or in the package (``compiled/``)."""
    for base in (mirror, mirror.parent, PACKAGE) if mirror else (PACKAGE,):
        if (base / file.path).is_file():
            return base / file.path
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
    """Pull each file of each source; one that fails, however it fails, does not stop the others.

    ``mirror``: a folder laid out like the catalog's paths, or one file that was saved by hand.
    ``accept``: why an edition is taken in that differs from the one held by more than is declared;
    it stays in the manifest with the edition. ``of_today``: ask for the newest edition at the
    publisher's own address, not for those that the catalog dates.

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
            "no such file or folder",
            file=mirror,
            cure="`mirror` takes a file, or a folder with the catalog's paths",
        )
    with writable(store.root, ELSEWHERE):
        store.root.mkdir(parents=True, exist_ok=True)
        (store.root / "incoming").mkdir(exist_ok=True)
    for source in wanted:
        asked = True
        for file in only or ([c.file() for c in source.current] if of_today else source.files):
            try:
                yield from _from_frozen(source, file, store)
                done = _one(source, file, store, mirror, watch, accept)
            except Exception as e:
                done = _failed(source, file, store, e)
            asked = asked and done.status in ("added", "unchanged", "restored")
            yield done
        if asked:
            yield from _lost(source, store)


def _failed(source: Source, file: File, store: Store, e: Exception) -> Pulled:
    """Return what became of a file that could not be taken in: one line that says what to do."""
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
    """Return which file of a source one is that was saved by hand.

    Its bytes tell it, else its name; under another name it is the edition of the day, where the
    source has one file alone.
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
    for file in reversed(files):
        if saved.name.lower() in {Path(file.path).name.lower(), *_published_names(file)}:
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


def _published_names(file: File) -> set[str]:
    """Return what the publisher calls a file, in small letters."""
    return {urlsplit(file.url).path.rsplit("/", 1)[-1].lower()} if file.url else set()


def update(
    wanted: Iterable[Source], store: Store, *, watch: Watch | None = None, accept: str = ""
) -> Iterator[Pulled]:
    """Bring the edition of the day of each source whose publisher has an address for it; older ones
    stay."""
    for source in wanted:
        yield from (
            pull([source], store, watch=watch, accept=accept, of_today=True)
            if source.current
            else [by_hand(source, store)]
        )


def request_of(
    source: Source, file: File, reply: Reply | None, done: Pulled, why: str = ""
) -> request_log.LoggedRequest:
    """Return the line of the log for a request and what came of it."""
    answers = {"added": "new", "restored": "unchanged"}
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
        "answer": "older" if done.is_older else answers.get(done.status, done.status),
        "why": why or done.why,
    }


#: Status by which a publisher turns programs away: a person with a browser is let in.
BY_HAND = (200, 202, 401, 403, 405, 406, 412, 451)


def by_hand(source: Source, store: Store) -> Pulled:
    """What a person does for the edition of the day where no address gives it."""
    path = source.files[-1].path if source.files else source.name
    pull = _command(source, store)
    if source.by_hand:
        why = source.by_hand.replace("{pull}", pull).replace(
            "{screen}", command("screen", "NAMES", lists="FILE")
        )
        why = why.replace("{trade}", command("update", "trade", hub="KGZ,KAZ,ARM", goods="chpl"))
    elif source.files and in_mirror(None, source.files[-1]):
        why = "was compiled for bilat and comes with it: upgrade bilat"
    else:
        why = f"no address of the day: save it from {source.url} in the form of {path}, and: {pull}"
    return Pulled(source.name, path, "by hand", why=why)


def _one(
    source: Source, file: File, store: Store, mirror: Path | None, watch: Watch | None, accept: str
) -> Pulled:
    raw = mirror if mirror is not None and mirror.is_file() else in_mirror(mirror, file)
    if raw is not None:
        return take_in(source, file, raw, store, accept)
    if mirror is not None:
        return Pulled(source.name, file.path, "refused", why=f"{file.path}: not in {mirror}")
    if file.url is None:
        return replace(by_hand(source, store), path=file.path)
    return _download(source, file, store, watch, accept)


def _from_frozen(source: Source, file: File, store: Store) -> Iterator[Pulled]:
    """Restore what is damaged of a file's editions from the publisher's bytes held with them."""
    for e in store.entries():
        if (e["source"], e["path"]) != (source.name, file.path) or not store.complaints(e):
            continue
        raw = store.frozen(e["sha256"])
        if raw.is_file() and sha256_of(raw) == e["sha256"]:
            yield pulled_of(store.add(source, file, raw))


def _lost(source: Source, store: Store) -> Iterator[Pulled]:
    """Editions that are damaged still, when all that can be had of the source has been: they hold
    nothing."""
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


def _download(source: Source, file: File, store: Store, watch: Watch | None, accept: str) -> Pulled:
    assert file.url is not None
    incoming = store.root / "incoming"
    into = incoming / f"{source.name}-{Path(file.path).name}"
    with (
        writable(incoming, ELSEWHERE),
        exclusive_lock(into.with_name(f"{into.name}.lock"), file.path),
    ):
        held = [e for e in store.entries() if (e["source"], e["path"]) == (source.name, file.path)]
        # What is held damaged is asked for again, whatever the publisher says has not changed.
        sound = bool(held) and not any(store.complaints(e) for e in held)
        validator = validators(incoming).get(file.url) if sound and not file.grows else None
        progress = None
        if watch is not None:
            progress = lambda have, total: watch(source, file, have, total)  # noqa: E731
        reply: Reply | None = None
        try:
            reply = _brought(file, into, validator, progress)
            if reply.unchanged:
                done = Pulled(source.name, file.path, "unchanged")
            else:
                _refuse_page(file, into)
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
                seen = {**validators(incoming), file.url: reply.validator}
                write_text(incoming / "validators.json", json.dumps(seen), cure=ELSEWHERE)
    return done


def _add_to_stored(source: Source, file: File, store: Store, path: Path) -> None:
    """Put the rows of the days that are stored before those of a file that has one day alone."""
    if not file.grows:
        return
    held = stored_edition(store, source, file.series)
    kept = store.frozen(max(held.values(), key=by_content).snapshot) if held else None
    if kept is None or not kept.exists():
        return
    header, fresh = _days(file, path)
    before, stored = _days(file, kept)
    if header != before:
        raise DataError(
            f"the columns are {', '.join(header)[:120]}, where those stored are "
            f"{', '.join(before)[:120]}",
            file=file.path,
            cure="the copy has changed: upgrade bilat; nothing was taken in",
        )
    every = {**stored, **fresh}
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    for day in sorted(every):
        out.writerows(every[day])
    path.write_text(text.getvalue(), "utf-8")


def _days(file: File, path: Path) -> tuple[list[str], dict[str, list[list[str]]]]:
    """Return the header of a file and its rows by day."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        header, *rows = csv.reader(text)
    if file.grows not in header:
        raise DataError(
            f"has no column {file.grows}", file=file.path, cure="get it again; nothing was taken in"
        )
    at = header.index(file.grows)
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        found.setdefault(row[at] if at < len(row) else "", []).append(row)
    return header, found


def _refuse_page(file: File, path: Path) -> None:
    """Refuse a page for a browser that came in place of the file.

    Raises
    ------
    Refused
        as of a publisher that turns programs away.
    """
    if Path(file.path).suffix in (".html", ".htm"):
        return
    with path.open("rb") as handle:
        if is_page(handle.read(1024)):
            raise Refused(f"{file.url}: answers with a page in place of the file", 200)


def _brought(file: File, into: Path, validator: str | None, progress: Progress | None) -> Reply:
    """Bring the answer of each address of a file, one behind the other; as :func:`fetch`.

    One of several answers is not asked for on condition: that the first has not changed says
    nothing of the others.
    """

    def answer(url: str, into: Path, validator: str | None = None) -> Reply:
        return fetch(
            url,
            into,
            validator=validator,
            progress=progress,
            most=file.most_bytes,
            hosts=file.hosts,
            plain_headers=file.headers,
            body=file.question(),
        )

    url, *earlier = file.addresses()
    for day_before in earlier:
        try:
            return answer(url, into)
        except Refused as e:
            if e.status != 404:
                raise
        url = day_before
    if file.link:
        answer(url, into)
        found = answer(linked(file, into, url), into)
        return replace(found, name=found.name or urlsplit(found.address).path.rsplit("/", 1)[-1])
    found = answer(
        url.replace("{offset}", "0"), into, None if file.more or file.page else validator
    )
    last = into
    rest = list(file.more)
    offset = 0
    while not found.unchanged and (rest or (file.page and FULL_PAGE.search(last.read_bytes()))):
        offset += file.page
        last = into.with_name(f"{into.name}.next")
        answer(rest.pop(0) if rest else url.replace("{offset}", str(offset)), last)
        with into.open("ab") as out:
            out.write(b"\n" + last.read_bytes())
            if out.tell() > file.most_bytes or offset > MOST_ROWS:
                raise DataError(
                    f"no end after {offset:,} rows, {out.tell():,} bytes", file=file.path
                )
    into.with_name(f"{into.name}.next").unlink(missing_ok=True)
    return found


def linked(file: File, page: Path, url: str) -> str:
    """Return the address of the newest file that a page links to: the last by name.

    Raises
    ------
    Refused
        for a page without such a link, or a link to another host than the catalog names.
    """
    text = page.read_bytes()[:LARGEST_PAGE].decode("utf-8", "replace")
    links = {html.unescape(found) for found in re.findall(file.link, text)}
    if not links:
        raise Refused(f"{url}: has no link of the form {file.link}", 404)
    there = urljoin(url, max(links, key=lambda link: link.rsplit("/", 1)[-1]))
    here = urlsplit(url)
    to = urlsplit(there)
    if to.scheme != here.scheme or to.netloc not in (here.netloc, *file.hosts):
        raise Refused(f"{url}: links to {there}, which the catalog does not name", 404)
    return there


#: Bytes of a page in which a link is looked for.
LARGEST_PAGE = 2_000_000
#: Rows that are asked for at most, a page after another.
MOST_ROWS = 1_000_000
#: What an answer says of which more follows (ArcGIS REST, query of a feature service).
FULL_PAGE = re.compile(rb'"exceededTransferLimit"\s*:\s*true')


def validators(incoming: Path) -> dict[str, str]:
    """What publishers said of the editions held; what cannot be read is asked for again."""
    try:
        seen = json.loads((incoming / "validators.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return {k: v for k, v in seen.items() if isinstance(v, str)} if isinstance(seen, dict) else {}
