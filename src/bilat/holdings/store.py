# SPDX-License-Identifier: Apache-2.0
"""What we hold: frozen snapshots by sha256, and the typed tables made from each.

A folder of holdings::

    manifest.json                      the state: which snapshots count, and their tables' hashes
    snapshots/<sha256>                 the publisher's bytes (absent from the embedded holdings)
    tables/<table>/<source>-<sha>.parquet
    lock

Only the manifest says what is held, and it is replaced in one rename after every file it names is on
disk: a crash leaves the last good state, and files that no manifest names are swept by :meth:`Store.check`.
Whatever is written or swept is so under the lock, so that no process sweeps what another has just written.
The manifest carries a hash of itself. A damaged part takes down the table it belongs to and no other; the
next pull of its source restores it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import os
import shlex
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa

from bilat.catalog import File, Source, read, table
from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.files.lock import locked
from bilat.files.write import writable, written
from bilat.holdings.corrections import correct

MANIFEST = "manifest.json"
#: Version 2 has a hash of its own; version 1, which had none, is read and written again as 2.
VERSION = 2
ELSEWHERE = "free space, or name another folder with --holdings"
#: What every entry of a manifest has, and every table of an entry.
_ENTRY = {"source": str, "path": str, "series": str, "sha256": str, "bytes": int, "vintage": str,
          "vintage_basis": str, "pulled_on": str, "tables": dict}  # fmt: skip
_TABLE = {"file": str, "rows": int, "sha256": str, "first": int, "last": int}


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


@dataclass(frozen=True)
class Added:
    """What taking in a file did: ``new`` is False when these bytes were already held whole, ``restored`` is
    True when they were held and something of them was damaged."""

    source: str
    path: str
    snapshot: str
    new: bool
    rows: int
    restored: bool = False


def default_folder() -> Path:
    """Where a user's own pulls go: $BILAT_HOLDINGS, else the platform's data folder."""
    given = os.environ.get("BILAT_HOLDINGS")
    if given:
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "bilat" / "holdings"


def embedded_folder() -> Path:
    """The holdings that come with the package."""
    return Path(str(resources.files("bilat").joinpath("data")))


class Store:
    """One folder of holdings."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # -- reading ---------------------------------------------------------------------------------
    def entries(self) -> list[dict[str, Any]]:
        """The snapshots that count, as the manifest has them; [] where there is no manifest yet.

        Raises
        ------
        DataError
            for a manifest that cannot be read, or is not the one that was written.
        """
        path = self.root / MANIFEST
        try:
            state = json.loads(path.read_text("utf-8"))
            if state["version"] not in (1, VERSION):
                raise DataError(
                    f"version {state['version']} is newer than this bilat", file=path, cure="upgrade bilat"
                )
            entries = list(state["snapshots"])
            if (state["version"] == VERSION or "sha256" in state) and state["sha256"] != _hash(entries):
                raise ValueError("its hash is not the one it was written with")
            for e in entries:
                _refuse_odd(e, _ENTRY)
                dt.date.fromisoformat(e["vintage"])
                for t in e["tables"].values():
                    _refuse_odd(t, _TABLE)
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
            if isinstance(e, DataError):
                raise
            raise DataError(
                f"is damaged ({e})", file=path, cure="restore it from a copy, or pull into an empty folder"
            ) from None
        except OSError as e:
            raise DataError(
                f"cannot be read ({e.strerror})", file=path, cure="check its permissions"
            ) from None
        return entries

    def parts(self, *, verify: bool = True) -> list[Part]:
        """Every table part held, each file checked against its hash; ``damage`` says what is wrong with one."""
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
                damage=self._damage(e, t) if verify else "",
            )
            for e in self.entries()
            for name, t in e["tables"].items()
        ]

    def _damage(self, entry: dict[str, Any], table: dict[str, Any]) -> str:
        """What is wrong with a part, as one line that names its cure; blank for a sound one."""
        path = self.root / table["file"]
        cure = self._cure(entry["source"])
        try:
            return "" if sha256_of(path) == table["sha256"] else f"{path}: is damaged; {cure}"
        except FileNotFoundError:
            return f"{path}: is missing; {cure}"
        except OSError as e:
            return f"{path}: cannot be read ({e.strerror}); check its permissions, or {cure}"

    def _cure(self, source: str) -> str:
        """What restores a file of a source in this folder, as it is typed."""
        if self.root == embedded_folder():
            return "reinstall bilat"
        where = "" if self.root == default_folder() else f" --holdings {shlex.quote(str(self.root))}"
        return f"run: bilat sources pull {source}{where}"

    def frozen(self, snapshot: str) -> Path:
        """Where the publisher's bytes of a snapshot lie, if they do."""
        return self.root / "snapshots" / snapshot

    def complaints(self, entry: dict[str, Any]) -> list[str]:
        """What is wrong with the files of an entry, a line each."""
        wrong = [line for t in entry["tables"].values() if (line := self._damage(entry, t))]
        if self.frozen(entry["sha256"]).exists():
            kept = {"file": f"snapshots/{entry['sha256']}", "sha256": entry["sha256"]}
            wrong += [line] if (line := self._damage(entry, kept)) else []
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
    ) -> Added:
        """Take in one file: all of it, or nothing. What is held of it and is damaged is written again.

        Parameters
        ----------
        derive
            keep only what may be embedded (``embed_sql`` of the catalog).
        keep_bytes
            freeze the publisher's bytes too.

        Raises
        ------
        DataError
            if the file is not what its reader expects, or the folder cannot be written.
        """
        snapshot = sha256_of(raw)
        before = self._entry(source.name, snapshot)
        if before is not None:
            if not self.complaints(before):
                return Added(source.name, file.path, snapshot, new=False, rows=0)
            pulled_on = dt.date.fromisoformat(before["pulled_on"])
        pulled_on = pulled_on or dt.date.today()
        if snapshot != file.sha256:  # an edition newer than the catalog knows: dated by the day it was pulled
            file = file.model_copy(update={"vintage": pulled_on, "vintage_basis": "the day it was pulled"})
        tables = read(source, file, raw)
        ready = []
        for name, rows in _together(tables):
            rows = _stamp(name, correct(source.name, name, rows), source, snapshot, file.vintage)
            if derive and source.embed == "derived":
                rows = _derive(name, rows, source.embed_sql[name])
            ready.append((name, rows))
        with writable(self.root, ELSEWHERE):
            self.root.mkdir(parents=True, exist_ok=True)
            entry = _entry(source, file, snapshot, raw.stat().st_size, pulled_on)
            with self.locked():
                for name, rows in ready:
                    entry["tables"][name] = self._write(name, source.name, snapshot, rows)
                if keep_bytes:
                    self._freeze(raw, snapshot)
                others = [e for e in self.entries() if (e["source"], e["sha256"]) != (source.name, snapshot)]
                self._commit([*others, entry])
        rows_made = sum(r.num_rows for _, r in tables)
        return Added(source.name, file.path, snapshot, before is None, rows_made, before is not None)

    def take_over(self, entries: list[dict[str, Any]]) -> None:
        """Make these snapshots count, whose files lie in the folder already, as another folder's manifest has them.

        Raises
        ------
        DataError
            for a file that is not what its entry says; the manifest is then as it was.
        """
        if wrong := [line for e in entries for line in self.complaints(e)]:
            raise DataError(wrong[0])
        with writable(self.root, ELSEWHERE), self.locked():
            known = {(e["source"], e["sha256"]) for e in entries}
            others = [e for e in self.entries() if (e["source"], e["sha256"]) not in known]
            self._commit([*others, *entries])

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """One writer at a time to this folder."""
        return locked(self.root / "lock", self.root, cure="wait until it is done, and run this again")

    def _entry(self, source: str, snapshot: str) -> dict[str, Any] | None:
        return next((e for e in self.entries() if (e["source"], e["sha256"]) == (source, snapshot)), None)

    def _write(self, name: str, source: str, snapshot: str, rows: pa.Table) -> dict[str, Any]:
        import pyarrow.compute as pc  # here: what only asks starts sooner without the two
        import pyarrow.parquet as pq

        folder = self.root / "tables" / name
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / f"{source}-{snapshot[:12]}.parquet"
        with written(final, cure=ELSEWHERE) as temporary:
            pq.write_table(rows, temporary, compression="zstd", compression_level=15, use_dictionary=True)
            digest = sha256_of(temporary)
        years = pc.cast(pc.utf8_slice_codeunits(rows["period"], 0, 4), pa.int32())
        span = pc.min_max(years).as_py()
        return {
            "file": str(final.relative_to(self.root).as_posix()),
            "rows": rows.num_rows,
            "sha256": digest,
            "first": span["min"] or 0,
            "last": span["max"] or 0,
        }

    def _freeze(self, raw: Path, snapshot: str) -> None:
        final = self.frozen(snapshot)
        final.parent.mkdir(exist_ok=True)
        if final.exists() and (final.samefile(raw) or sha256_of(final) == snapshot):
            return
        with written(final, cure=ELSEWHERE) as temporary:
            shutil.copyfile(raw, temporary)

    def _commit(self, entries: list[dict[str, Any]]) -> None:
        entries.sort(key=lambda e: (e["source"], e["path"], e["vintage"], e["sha256"]))
        state = {"version": VERSION, "sha256": _hash(entries), "snapshots": entries}
        with (
            written(self.root / MANIFEST, cure=ELSEWHERE) as temporary,
            temporary.open("w", encoding="utf-8") as out,
        ):
            json.dump(state, out, indent=1, ensure_ascii=False)
            out.write("\n")

    def check(self) -> list[str]:
        """What is wrong, a line each; sweeps files that no manifest names."""
        if self.root == embedded_folder() or not self.root.is_dir():
            return [line for e in self.entries() for line in self.complaints(e)]
        try:
            with self.locked():
                entries = self.entries()
                self._sweep(entries)
                return [line for e in entries for line in self.complaints(e)]
        except PermissionError:  # a folder that may only be read is checked all the same
            return [line for e in self.entries() for line in self.complaints(e)]
        except OSError as e:
            if e.errno != errno.EROFS:
                raise
            return [line for entry in self.entries() for line in self.complaints(entry)]

    def _sweep(self, entries: list[dict[str, Any]]) -> None:
        named = {t["file"] for e in entries for t in e["tables"].values()}
        named |= {f"snapshots/{e['sha256']}" for e in entries} | {MANIFEST}
        for pattern in ("tables/*/*", "snapshots/*", "*.part", ".*.part"):
            for path in self.root.glob(pattern):
                if path.is_file() and path.relative_to(self.root).as_posix() not in named:
                    path.unlink(missing_ok=True)

    def drop_lost(self, source: str) -> list[dict[str, Any]]:
        """Take the editions of a source off the manifest that have lost a table; the entries that went.

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


def _lost(path: Path, digest: str) -> bool:
    """Is the file missing, or another than was written?"""
    try:
        return sha256_of(path) != digest
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _entry(source: Source, file: File, snapshot: str, size: int, pulled_on: dt.date) -> dict[str, Any]:
    """What the manifest says of a snapshot, without its tables."""
    return {
        "source": source.name,
        "path": file.path,
        "series": file.series,
        "sha256": snapshot,
        "bytes": size,
        "vintage": file.vintage.isoformat(),
        "vintage_basis": file.vintage_basis,
        "pulled_on": pulled_on.isoformat(),
        "tables": {},
    }


def _hash(entries: list[dict[str, Any]]) -> str:
    """sha256 of what a manifest says, however it is laid out."""
    text = json.dumps(entries, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_odd(entry: Any, shape: dict[str, type]) -> None:
    for name, kind in shape.items():
        if not isinstance(entry[name], kind) or isinstance(entry[name], bool):
            raise ValueError(f"an entry's {name} is {str(entry[name])[:40]!r}")


def _together(made: list[tuple[str, pa.Table]]) -> list[tuple[str, pa.Table]]:
    by_name: dict[str, list[pa.Table]] = {}
    for name, rows in made:
        by_name.setdefault(name, []).append(rows)
    return [(name, pa.concat_tables(parts)) for name, parts in by_name.items()]


def _stamp(name: str, rows: pa.Table, source: Source, snapshot: str, vintage: dt.date) -> pa.Table:
    n = rows.num_rows
    for column, value, kind in (
        ("source", source.name, pa.string()),
        ("snapshot", snapshot, pa.string()),
        ("vintage", vintage, pa.date32()),
    ):
        rows = rows.append_column(column, pa.repeat(pa.scalar(value, kind), n))
    if "corrected" not in rows.column_names:
        rows = rows.append_column("corrected", pa.nulls(n, pa.string()))
    return rows.select(table(name).schema().names).cast(table(name).schema())


def _derive(name: str, rows: pa.Table, sql: str) -> pa.Table:
    """What may be embedded of a table: SQL over ``rows``; columns it leaves out are null."""
    import duckdb

    con = duckdb.connect(":memory:")
    con.register("rows", rows)
    made: pa.Table = con.sql(sql).to_arrow_table()
    schema = table(name).schema()
    n = made.num_rows
    columns = [
        made[f.name].cast(f.type) if f.name in made.column_names else pa.nulls(n, f.type) for f in schema
    ]
    con.close()
    return pa.Table.from_arrays(columns, schema=schema)
