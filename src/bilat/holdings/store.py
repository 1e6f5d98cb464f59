# SPDX-License-Identifier: Apache-2.0
"""What we hold: frozen snapshots by sha256, and the typed tables made from each.

A folder of holdings::

    manifest.json                      the state: which snapshots count, and their tables' hashes
    snapshots/<sha256>                 the publisher's bytes (absent from the embedded holdings)
    tables/<table>/<source>-<sha>.parquet
    lock

Only the manifest says what is held, and it is replaced in one rename after every file it names is on
disk: a crash leaves the last good state, and files that no manifest names are swept by :meth:`Store.check`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.catalog import File, Source, read, table
from bilat.errors import DataError
from bilat.holdings.corrections import correct

MANIFEST = "manifest.json"


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


@dataclass(frozen=True)
class Added:
    """What taking in a file did: ``new`` is False when these bytes were already held."""

    source: str
    path: str
    snapshot: str
    new: bool
    rows: int


def sha256_of(path: Path) -> str:
    """sha256 of a file, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


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


@contextlib.contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        raise DataError(
            f"{folder}: cannot be written ({e.strerror or e}); name another folder with --holdings"
        ) from None


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One writer at a time; the system lets go of the lock when its holder dies."""
    with (root / "lock").open("a+b") as handle:
        if os.name == "nt":  # pragma: no cover
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _settle(temporary: Path, final: Path) -> None:
    """Put a finished file in its place, durably."""
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(
        0o666 & ~umask
    )  # temporary files are private; holdings are for whoever may read the folder
    with temporary.open("rb+") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, final)
    if os.name != "nt":
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
            for a manifest that cannot be read.
        """
        path = self.root / MANIFEST
        try:
            state = json.loads(path.read_text("utf-8"))
            if state["version"] != 1:
                raise DataError(f"{path}: version {state['version']} is newer than this bilat; upgrade bilat")
            return list(state["snapshots"])
        except FileNotFoundError:
            return []
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as e:
            raise DataError(f"{path}: is damaged ({e}); restore it, or pull into an empty folder") from None
        except OSError as e:
            raise DataError(f"{path}: cannot be read ({e.strerror})") from None

    def parts(self, *, verify: bool = True) -> list[Part]:
        """Every table part held, each file checked against its hash.

        Raises
        ------
        DataError
            for a file that is missing or is not the one that was written.
        """
        found = []
        for e in self.entries():
            for name, t in e["tables"].items():
                path = self.root / t["file"]
                if verify:
                    try:
                        intact = sha256_of(path) == t["sha256"]
                    except OSError as err:
                        raise DataError(
                            f"{path}: cannot be read ({err.strerror}); "
                            f"pull {e['source']} again, or reinstall bilat"
                        ) from None
                    if not intact:
                        raise DataError(
                            f"{path}: is damaged (its sha256 is not the manifest's); "
                            f"pull {e['source']} again, or reinstall bilat"
                        )
                found.append(
                    Part(
                        table=name,
                        source=e["source"],
                        series=f"{e['source']}/{e['series']}",
                        snapshot=e["sha256"],
                        vintage=dt.date.fromisoformat(e["vintage"]),
                        path=path,
                        rows=t["rows"],
                        first=t["first"],
                        last=t["last"],
                    )
                )
        return found

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
        """Take in one file: all of it, or nothing.

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
        pulled_on = pulled_on or dt.date.today()
        snapshot = sha256_of(raw)
        if any(e["sha256"] == snapshot and e["source"] == source.name for e in self.entries()):
            return Added(source.name, file.path, snapshot, new=False, rows=0)
        if snapshot != file.sha256:  # an edition newer than the catalog knows: dated by the day it was pulled
            file = file.model_copy(update={"vintage": pulled_on, "vintage_basis": "the day it was pulled"})
        made = read(source, file, raw)
        with _writable(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            entry: dict[str, Any] = {
                "source": source.name,
                "path": file.path,
                "series": file.series,
                "sha256": snapshot,
                "bytes": raw.stat().st_size,
                "vintage": file.vintage.isoformat(),
                "vintage_basis": file.vintage_basis,
                "pulled_on": pulled_on.isoformat(),
                "tables": {},
            }
            for name, rows in _together(made):
                rows = _stamp(name, correct(source.name, name, rows), source, snapshot, file.vintage)
                if derive and source.embed == "derived":
                    rows = _derive(name, rows, source.embed_sql[name])
                entry["tables"][name] = self._write(name, source.name, snapshot, rows)
            if keep_bytes:
                self._freeze(raw, snapshot)
            with _locked(self.root):
                now = self.entries()
                if not any(e["sha256"] == snapshot and e["source"] == source.name for e in now):
                    self._commit([*now, entry])
        return Added(source.name, file.path, snapshot, new=True, rows=sum(r.num_rows for _, r in made))

    def _write(self, name: str, source: str, snapshot: str, rows: pa.Table) -> dict[str, Any]:
        folder = self.root / "tables" / name
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / f"{source}-{snapshot[:12]}.parquet"
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        os.close(handle)
        try:
            pq.write_table(rows, temporary, compression="zstd", compression_level=15, use_dictionary=True)
            digest = sha256_of(Path(temporary))
            _settle(Path(temporary), final)
        finally:
            Path(temporary).unlink(missing_ok=True)
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
        folder = self.root / "snapshots"
        folder.mkdir(exist_ok=True)
        final = folder / snapshot
        if final.exists():
            return
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        os.close(handle)
        try:
            shutil.copyfile(raw, temporary)
            _settle(Path(temporary), final)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _commit(self, entries: list[dict[str, Any]]) -> None:
        entries.sort(key=lambda e: (e["source"], e["path"], e["vintage"], e["sha256"]))
        handle, temporary = tempfile.mkstemp(dir=self.root, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump({"version": 1, "snapshots": entries}, out, indent=1, ensure_ascii=False)
                out.write("\n")
            _settle(Path(temporary), self.root / MANIFEST)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def check(self) -> list[str]:
        """What is wrong, a line each; sweeps files that no manifest names."""
        wrong: list[str] = []
        named = {MANIFEST, "lock"}
        for e in self.entries():
            for t in e["tables"].values():
                named.add(t["file"])
                path = self.root / t["file"]
                if not path.is_file():
                    wrong.append(f"{path}: missing; pull {e['source']} again")
                elif sha256_of(path) != t["sha256"]:
                    wrong.append(f"{path}: damaged; pull {e['source']} again")
            frozen = self.root / "snapshots" / e["sha256"]
            named.add(f"snapshots/{e['sha256']}")
            if frozen.is_file() and sha256_of(frozen) != e["sha256"]:
                wrong.append(f"{frozen}: damaged; pull {e['source']} again")
        if self.root != embedded_folder() and self.root.is_dir():
            with contextlib.suppress(PermissionError), _locked(self.root):
                for path in [
                    *self.root.glob("tables/*/*"),
                    *self.root.glob("snapshots/*"),
                    *self.root.glob("*.part"),
                ]:
                    if path.is_file() and path.relative_to(self.root).as_posix() not in named:
                        path.unlink(missing_ok=True)
        return wrong


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
