# SPDX-License-Identifier: Apache-2.0
"""What we hold: frozen snapshots by sha256, and the typed tables made from each.

A folder of holdings::

    manifest.json                      the state: which snapshots count, and their tables' hashes
    snapshots/<sha256>                 the publisher's bytes (absent from the embedded holdings)
    tables/<table>/<source>-<sha>.parquet
    lock

Only the manifest says what is held, and it is replaced in one rename after every file it names is
on disk: a crash leaves the last good state, and files that no manifest names are swept by
:meth:`Store.check`. Whatever is written or swept is so under the lock, so that no process sweeps
what another has just written. The manifest carries a hash of itself. A damaged part takes down the
table it belongs to and no other; the next pull of its source restores it.
"""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import errno
import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa

from bilat.catalog import File, Source, reader_digest, sources
from bilat.catalog.sources import default_folder as default_folder
from bilat.errors import DataError, command
from bilat.files.digest import sha256_of
from bilat.files.lock import exclusive_lock
from bilat.files.write import atomic_write, writable
from bilat.holdings.births import Entry, TableEntry, described
from bilat.holdings.edition import Prepared, prepare
from bilat.when import Period

MANIFEST = "manifest.json"
#: Version 3 says of each table how far it speaks, since when each of its rows was public, and which
#: reader made
#: it. Versions 1 and 2 are read; what they lack is made by a rebuild.
VERSION = 3
ELSEWHERE = "free space, or name another folder with `holdings`"
#: What every entry of a manifest has, and every table of an entry.
_ENTRY = {
    "source": str,
    "path": str,
    "series": str,
    "sha256": str,
    "bytes": int,
    "vintage": str,
    "vintage_basis": str,
    "pulled_on": str,
    "tables": dict,
}
_TABLE = {"file": str, "rows": int, "sha256": str, "first": int, "last": int}
#: What version 3 adds to a table.
_BORN = {"content": str, "known": str, "profile": dict}


@dataclass(frozen=True)
class Part:
    """The rows of one table from one snapshot: a Parquet file."""

    table: str
    source: str
    series: str
    snapshot: str
    vintage: dt.date
    path: Path
    rows: int
    first: int
    last: int
    damage: str = ""  #: what is wrong with the file, as one line; blank for a sound one
    digest: str = ""  #: sha256 of its rows as they are written
    content: dt.date = dt.date.min  #: the last day that its rows speak of, as found in the file
    closed_on: dt.date = dt.date.min  #: until when the publisher's list is complete
    days: tuple[
        str, ...
    ] = ()  #: the days on which rows of it became public, in order; () where not recorded

    def seen(self, day: dt.date) -> int:
        """How many of :attr:`days` lie on or before a day: what fixes the rows that a date sees."""
        return bisect.bisect_right(self.days, day.isoformat())


@dataclass(frozen=True)
class Added:
    """What taking in a file did: ``new`` is False when these bytes were already held whole,
    ``restored`` is True when they were held and something of them was damaged."""

    source: str
    path: str
    snapshot: str
    new: bool
    rows: int
    restored: bool = False


def embedded_folder() -> Path:
    """The holdings that come with the package."""
    return Path(str(resources.files("bilat").joinpath("data")))


#: Rows of a table that is written both with and without a dictionary, to keep the smaller file.
TRIED_BOTH_WAYS = 250_000
#: Bytes of a page: names and addresses of one table compress as one text.
_PAGE = 8 << 20


def _write_quickly(rows: pa.Table, path: Path) -> None:
    """Write a table of a user's own holdings: an update is not to wait for the last byte."""
    import pyarrow.parquet as pq  # here: what only asks starts sooner without it

    pq.write_table(rows, path, compression="zstd", compression_level=3)


def _write_small(rows: pa.Table, path: Path) -> None:
    """Write a table as small as it gets: a dictionary helps codes and hinders names."""
    import pyarrow.parquet as pq

    if rows.num_rows > TRIED_BOTH_WAYS:
        pq.write_table(rows, path, compression="zstd", compression_level=15, use_dictionary=True)
        return
    made = []
    for use_dictionary in (True, False):
        out = pa.BufferOutputStream()
        pq.write_table(
            rows,
            out,
            compression="zstd",
            compression_level=19,
            use_dictionary=use_dictionary,
            data_page_size=_PAGE,
        )
        made.append(out.getvalue())
    path.write_bytes(min(made, key=lambda written: written.size).to_pybytes())


class Store:
    """One folder of holdings.

    ``is_packed``: whether its tables are written as small as they get, as those of the package are.
    """

    def __init__(self, root: Path, *, is_packed: bool = False) -> None:
        self.root = root
        self.is_packed = is_packed

    # -- reading ---------------------------------------------------------------------------------
    def entries(self) -> list[Entry]:
        """The snapshots that count, as the manifest has them; [] where there is no manifest yet.

        Raises
        ------
        DataError
            for a manifest that cannot be read, or is not the one that was written.
        """
        path = self.root / MANIFEST
        try:
            state = json.loads(path.read_text("utf-8"))
            if state["version"] not in (1, 2, VERSION):
                raise DataError(
                    f"version {state['version']} is newer than this bilat",
                    file=path,
                    cure="upgrade bilat",
                )
            entries = list(state["snapshots"])
            if (state["version"] > 1 or "sha256" in state) and state["sha256"] != _hash(entries):
                raise ValueError("its hash is not the one it was written with")
            for e in entries:
                _refuse_odd(e, _ENTRY)
                dt.date.fromisoformat(e["vintage"])
                for t in e["tables"].values():
                    # An entry that an older version wrote stays as it is beside those of this one,
                    # until it is rebuilt.
                    _refuse_odd(t, _TABLE | _BORN if "reader" in e else _TABLE)
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
            if isinstance(e, DataError):
                raise
            raise DataError(
                f"is damaged ({e})",
                file=path,
                cure="restore it from a copy, or pull into an empty folder",
            ) from None
        except OSError as e:
            raise DataError(
                f"cannot be read ({e.strerror})", file=path, cure="check its permissions"
            ) from None
        return entries

    def parts(self, *, verify: bool = True) -> list[Part]:
        """Every table part held, each file checked against its hash; ``damage`` says what is wrong
        with one."""
        return [
            Part(
                table=name,
                source=e["source"],
                series=f"{e['source']}/{e['series']}",
                snapshot=e["sha256"],
                vintage=dt.date.fromisoformat(e["vintage"]),
                path=self.root / t["file"],
                rows=t["rows"],
                first=t["first"],
                last=t["last"],
                damage=self._damage(e["source"], t["file"], t["sha256"]) if verify else "",
                digest=t["sha256"],
                content=_content(e, t),
                closed_on=dt.date.fromisoformat(e.get("closed_on", _content(e, t).isoformat())),
                days=tuple(t.get("known", "").split()),
            )
            for e in self.entries()
            for name, t in e["tables"].items()
        ]

    def _damage(self, source: str, file: str, digest: str) -> str:
        """What is wrong with a file, as one line that names its cure; blank for a sound one."""
        path = self.root / file
        cure = self._cure(source)
        try:
            return "" if sha256_of(path) == digest else f"{path}: is damaged; {cure}"
        except FileNotFoundError:
            return f"{path}: is missing; {cure}"
        except OSError as e:
            return f"{path}: cannot be read ({e.strerror}); check its permissions, or {cure}"

    def _cure(self, source: str) -> str:
        """What restores a file of a source in this folder, as it is typed."""
        if self.root == embedded_folder():
            return "reinstall bilat"
        return f"run: {command('sources', 'pull', source, holdings=self.named)}"

    @property
    def named(self) -> Path | None:
        """The folder where a command must be given it; None for the one that it takes by itself."""
        return None if self.root == default_folder() else self.root

    def frozen(self, snapshot: str) -> Path:
        """Where the publisher's bytes of a snapshot lie, if they do."""
        return self.root / "snapshots" / snapshot

    def complaints(self, entry: Entry) -> list[str]:
        """What is wrong with the files of an entry, a line each."""
        files = [(t["file"], t["sha256"]) for t in entry["tables"].values()]
        if self.frozen(entry["sha256"]).exists():
            files.append((f"snapshots/{entry['sha256']}", entry["sha256"]))
        wrong = [line for f in files if (line := self._damage(entry["source"], *f))]
        return wrong

    # -- writing ---------------------------------------------------------------------------------
    def add(
        self,
        source: Source,
        file: File,
        raw: Path,
        *,
        pulled_on: dt.date | None = None,
        derive: bool = False,
        keep_bytes: bool = True,
        again: bool = False,
    ) -> Added:
        """Take in one file: all of it, or nothing. What is held of it and is damaged is written
        again.

        Parameters
        ----------
        derive
            keep only what may be embedded (``embed_sql`` of the catalog).
        keep_bytes
            freeze the publisher's bytes too.
        again
            read it again though it is held whole.

        Raises
        ------
        DataError
            if the file is not what its reader expects, or the folder cannot be written.
        """
        snapshot = sha256_of(raw)
        before = self._entry(source.name, snapshot)
        if before is not None and not again and not self.complaints(before):
            return Added(source.name, file.path, snapshot, new=False, rows=0)
        return self.keep(
            prepare(source, file, raw, snapshot, pulled_on=pulled_on, before=before, derive=derive),
            keep_bytes,
        )

    def keep(self, made: Prepared, keep_bytes: bool = True, accepted: str = "") -> Added:
        """Write what was read of a file; ``accepted``: why, where it differs by more than is
        declared."""
        source = made.source
        file = made.file
        snapshot = made.snapshot
        before = self._entry(source.name, snapshot)
        with writable(self.root, ELSEWHERE):
            self.root.mkdir(parents=True, exist_ok=True)
            entry = _entry(made)
            if accepted or (before and before.get("accepted")):
                entry["accepted"] = accepted or (before["accepted"] if before else "")
            with self.locked():
                for name, rows in made.tables.items():
                    told = self._write(name, source.name, snapshot, rows, file.vintage)
                    if made.closed_on:
                        told["content"] = str(made.closed_on)
                    entry["tables"][name] = told
                if not made.stated and made.content_to:
                    # The day of the pull says nothing about the content of an undated edition.
                    _date_by_rows(entry, made.content_to)
                content = max(
                    (t["content"] for t in entry["tables"].values()), default=entry["vintage"]
                )
                entry["closed_on"] = str(made.closed_on or content)
                if keep_bytes:
                    self._freeze(made.raw, snapshot)
                # What grows has all of what it was: of one file and day the last one counts.
                is_whole = file.series == "own" or bool(file.grows)
                others = [
                    e
                    for e in self.entries()
                    if (e["source"], e["sha256"]) != (source.name, snapshot)
                    and not (is_whole and _is_of_one_day(entry, e))
                ]
                self._commit([*others, entry])
        return Added(
            source.name, file.path, snapshot, before is None, made.lines, before is not None
        )

    def holds(self, source: str, snapshot: str) -> bool:
        """Whether these bytes are held of a source, damaged or not."""
        return self._entry(source, snapshot) is not None

    def set_aside(self, raw: Path, snapshot: str) -> None:
        """Keep the bytes of an edition that was not taken in, for whoever decides on it."""
        aside = self.root / "quarantine" / snapshot
        aside.parent.mkdir(exist_ok=True)
        if not aside.exists():
            with atomic_write(aside, cure=ELSEWHERE) as temporary:
                shutil.copyfile(raw, temporary)

    def lacking(self) -> list[Entry]:
        """Entries that another reader than today's made, or a version that did not say which."""
        if self.root == embedded_folder():
            return []
        return [
            e
            for e in self.entries()
            if e["source"] in sources() and e.get("reader") != reader_digest(e["source"], e["path"])
        ]

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """One writer at a time to this folder."""
        return exclusive_lock(
            self.root / "lock", self.root, cure="wait until it is done, and run this again"
        )

    def _entry(self, source: str, snapshot: str) -> Entry | None:
        return next(
            (e for e in self.entries() if (e["source"], e["sha256"]) == (source, snapshot)), None
        )

    def _write(
        self, name: str, source: str, snapshot: str, rows: pa.Table, vintage: dt.date
    ) -> TableEntry:
        folder = self.root / "tables" / name
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / f"{source}-{snapshot[:12]}.parquet"
        with atomic_write(final, cure=ELSEWHERE) as temporary:
            (_write_small if self.is_packed else _write_quickly)(rows, temporary)
            digest = sha256_of(temporary)
        return {
            "file": str(final.relative_to(self.root).as_posix()),
            "rows": rows.num_rows,
            "sha256": digest,
            **described(rows, vintage),
        }

    def _freeze(self, raw: Path, snapshot: str) -> None:
        final = self.frozen(snapshot)
        final.parent.mkdir(exist_ok=True)
        if final.exists() and (final.samefile(raw) or sha256_of(final) == snapshot):
            return
        with atomic_write(final, cure=ELSEWHERE) as temporary:
            shutil.copyfile(raw, temporary)

    def _commit(self, entries: list[Entry]) -> None:
        entries.sort(key=lambda e: (e["source"], e["path"], e["vintage"], e["sha256"]))
        state = {"version": VERSION, "sha256": _hash(entries), "snapshots": entries}
        with (
            atomic_write(self.root / MANIFEST, cure=ELSEWHERE) as temporary,
            temporary.open("w", encoding="utf-8") as out,
        ):
            json.dump(state, out, indent=1, ensure_ascii=False)
            out.write("\n")

    def check(self) -> list[str]:
        """What is wrong, a line each; sweeps files that no manifest names."""
        if self.root != embedded_folder() and self.root.is_dir():
            try:
                with self.locked():
                    self._sweep(self.entries())
            except OSError as e:  # a folder that may only be read is checked all the same
                if e.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
                    raise
        return [line for e in self.entries() for line in self.complaints(e)]

    def _sweep(self, entries: list[Entry]) -> None:
        named = {t["file"] for e in entries for t in e["tables"].values()}
        named |= {f"snapshots/{e['sha256']}" for e in entries} | {MANIFEST}
        for pattern in ("tables/*/*", "snapshots/*", "*.part", ".*.part"):
            for path in self.root.glob(pattern):
                if path.is_file() and path.relative_to(self.root).as_posix() not in named:
                    path.unlink(missing_ok=True)

    def drop_lost(self, source: str) -> list[Entry]:
        """Take the editions of a source off the manifest that have lost a table; the entries that
        went.

        Publisher's bytes that are damaged go too. A file that only may not be read is left alone.
        """
        gone = []
        with writable(self.root, ELSEWHERE), self.locked():
            entries = self.entries()
            for e in entries:
                if e["source"] != source:
                    continue
                if any(_lost(self.root / t["file"], t["sha256"]) for t in e["tables"].values()):
                    gone.append(e)
                elif (kept := self.frozen(e["sha256"])).exists() and _lost(kept, e["sha256"]):
                    kept.unlink()
            if gone:
                self._commit([e for e in entries if e not in gone])
        return gone

    def drop(self, source: str) -> int:
        """Remove every version of a source, rows and bytes; return how many there were."""
        with writable(self.root, ELSEWHERE), self.locked():
            entries = self.entries()
            kept = [e for e in entries if e["source"] != source]
            if len(kept) < len(entries):
                self._commit(kept)
                self._sweep(kept)
        return len(entries) - len(kept)


def _lost(path: Path, digest: str) -> bool:
    """Is the file missing, or another than was written?"""
    try:
        return sha256_of(path) != digest
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _entry(made: Prepared) -> Entry:
    """What the manifest says of a snapshot, without its tables."""
    source = made.source
    file = made.file
    return {
        "source": source.name,
        "path": file.path,
        "series": file.series,
        "sha256": made.snapshot,
        "bytes": made.raw.stat().st_size,
        "vintage": file.vintage.isoformat(),
        "vintage_basis": file.vintage_basis,
        "pulled_on": made.pulled_on.isoformat(),
        "reader": reader_digest(source.name, file.path),
        "content_to": made.content_to,
        "stated": str(made.stated or ""),
        "stated_by": made.stated_by,
        "lineage": made.lineage,
        "tables": {},
    }


def _is_of_one_day(entry: Entry, older: Entry) -> bool:
    """Return whether two entries are one file on one day."""
    return all(entry[k] == older[k] for k in ("source", "path", "vintage"))


def _date_by_rows(entry: Entry, content_to: str) -> None:
    """Let each table of an undated edition speak to the last day that its rows bear."""
    last = str(Period(content_to).end)
    for t in entry["tables"].values():
        t["content"] = min(t["content"], last)


def _content(entry: Entry, table: TableEntry) -> dt.date:
    """The last day that a part's rows speak of; of older manifests, which do not say it, from its
    last year."""
    if "content" in table:
        return dt.date.fromisoformat(table["content"])
    vintage = dt.date.fromisoformat(entry["vintage"])
    return min(dt.date(table["last"], 12, 31), vintage) if table["last"] else vintage


def _hash(entries: list[Entry]) -> str:
    """sha256 of what a manifest says, however it is laid out."""
    text = json.dumps(entries, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_odd(entry: Any, shape: dict[str, type]) -> None:
    for name, kind in shape.items():
        if not isinstance(entry[name], kind) or isinstance(entry[name], bool):
            raise ValueError(f"an entry's {name} is {str(entry[name])[:40]!r}")
