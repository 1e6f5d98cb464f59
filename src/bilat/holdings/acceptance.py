# SPDX-License-Identifier: Apache-2.0
"""Acceptance: whether a file is stored, by its differences from the stored edition.

Bytes that the catalog does not know are compared with the stored edition. The same rows saved in
another way are no new edition. One that differs by more than the source allows is put in
``quarantine/`` until a person accepts it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from bilat.catalog import File, Source, table
from bilat.catalog.fetch import Reply
from bilat.files.digest import sha256_of
from bilat.holdings.births import Drift, Quarantined, compared, news
from bilat.holdings.edition import Prepared, embeddable, prepare
from bilat.holdings.list_comparison import ListEdition, complaints
from bilat.holdings.store import Added, Part, Store, embedded_folder
from bilat.when import Period


@dataclass(frozen=True)
class Pulled:
    """The outcome of one file.

    ``status`` is added, unchanged, restored, rebuilt, dropped (damaged and lost), by hand,
    quarantined or refused; ``why`` gives the reason of the last three.
    """

    source: str
    path: str
    status: str
    rows: int = 0
    snapshot: str = ""
    why: str = ""
    changes: tuple[str, ...] = ()  #: its differences from the stored edition
    is_older: bool = False  #: whether a newer edition stays in use


def take_in(
    source: Source,
    file: File,
    raw: Path,
    store: Store,
    accept: str = "",
    reply: Reply | None = None,
) -> Pulled:
    """Store a file: bytes that the catalog knows at once, others if their differences allow it.

    Parameters
    ----------
    source, file
        its entries in the catalog.
    raw
        the file.
    store
        the folder of holdings.
    accept
        a person's reason to store an edition that differs by more than its source allows; the
        manifest keeps it.
    reply
        the publisher's answer, if the file was fetched.

    Raises
    ------
    Quarantined
        for an edition that differs by more than its source allows; it is put in ``quarantine/``.
    DataError
        for a file that its reader refuses.
    """
    snapshot = sha256_of(raw)
    is_known = any(known.sha256 == snapshot for known in source.files)
    if is_known or store.holds(source.name, snapshot):
        return pulled_of(store.add(source, file, raw))
    made = prepare(source, file, raw, snapshot, reply=reply)
    copied: tuple[str, ...] = ()
    if file.copy_by:
        copied = (f"taken from the copy that {file.copy_by} keeps",)
    before = _stored_before(source, made, store)
    if before.newest is None:
        return replace(pulled_of(store.keep(made)), changes=copied)
    found = _compare(source, made, before)
    if found.is_same:
        same = max(before.full.values(), key=by_content)
        why = f"{file.path}: the rows of the edition of {same.vintage}, saved otherwise"
        return Pulled(source.name, file.path, "unchanged", snapshot=same.snapshot, why=why)
    lines = (*found.lines(), *copied)
    last = _end(made)
    is_older = bool(last) and last < str(before.newest.content)
    if is_older:
        newest = before.newest.content
        lines += (f"it ends {last}, before the one you have ({newest}), which stays in use",)
    beyond = (
        *_beyond_bounds(source, made, before, found),
        *_complaints(store, made, before, found, is_older=is_older),
    )
    if beyond and not accept:
        store.set_aside(raw, snapshot)
        raise Quarantined(file.path, beyond, lines)
    done = pulled_of(store.keep(made, accepted=accept if beyond else ""))
    return replace(done, changes=lines, is_older=is_older)


@dataclass(frozen=True)
class _StoredBefore:
    """The stored editions of a series, before a new one is stored.

    Parameters
    ----------
    full
        the newest full edition: its part of each table.
    listed
        the parties of the newest edition of a list, which may have nothing but parties.
    is_other_form
        whether the new edition is in another format than the full one.
    """

    full: Mapping[str, Part]
    listed: Part | None
    is_other_form: bool

    @property
    def newest(self) -> Part | None:
        """The newest part of both."""
        parts = [*self.full.values(), *filter(None, [self.listed])]
        return max(parts, key=by_content, default=None)


def _stored_before(source: Source, made: Prepared, store: Store) -> _StoredBefore:
    full = stored_edition(store, source, made.file.series)
    listed = _last_listed(store, source, made.file.series)
    form = made.file.options.get("format", "")
    return _StoredBefore(full, listed, is_other_form=_form(source, full) not in ("", form))


@dataclass(frozen=True)
class _Comparison:
    """A new edition compared with the stored one, table by table.

    Parameters
    ----------
    tables
        the stored rows and the new ones.
    changes
        their differences.
    is_same
        whether the new edition has the same rows and no further table.
    """

    tables: Mapping[str, tuple[pa.Table, pa.Table]]
    changes: Sequence[Drift]
    is_same: bool

    def lines(self) -> Iterator[str]:
        """Yield the differences in words."""
        for change in self.changes:
            yield from change.lines()
        yield from news(self.tables)


def _compare(source: Source, made: Prepared, before: _StoredBefore) -> _Comparison:
    both = {name: _alike(source, name, part, made) for name, part in before.full.items()}
    changes = [compared(source, name, *pair) for name, pair in both.items()]
    has_no_more = bool(both) and set(made.tables) <= set(both)
    return _Comparison(both, changes, is_same=has_no_more and all(c.same for c in changes))


def _beyond_bounds(
    source: Source, made: Prepared, before: _StoredBefore, found: _Comparison
) -> Iterator[str]:
    """Yield the differences that exceed the limits of the source."""
    bounds = dict(source.bounds)
    if "parties" in made.tables:
        # How many parties may leave a list depends on the time passed: see list_comparison.
        bounds = {name: most for name, most in bounds.items() if not name.endswith("gone")}
        bounds["gone"] = 1.0
    if before.is_other_form:
        bounds |= OTHER_FORM
    for change in found.changes:
        yield from change.beyond(bounds)


def _complaints(
    store: Store, made: Prepared, before: _StoredBefore, found: _Comparison, *, is_older: bool
) -> Iterator[str]:
    """Yield the reasons to doubt a new edition of a list of parties."""
    has_parties = "parties" in made.tables or "parties" in found.tables
    if not has_parties or "party" not in made.source.keys.get("parties", ()):
        return
    judged = _editions_judged(store, found.tables, made, before)
    yield from complaints(*judged, is_other_form=before.is_other_form, is_older=is_older)


#: The limits for a list in another format: its entries have other words, so only the parties are
#: compared.
OTHER_FORM = {"texts": 1.0, "shifted": 1.0}


def _form(source: Source, held: Mapping[str, Part]) -> str:
    """Return the format of the edition that is stored; "" if the catalog does not know it."""
    stored = {part.snapshot for part in held.values()}
    for file in source.files:
        if file.sha256 in stored:
            return file.options.get("format", "")
    return ""


def _end(made: Prepared) -> str:
    """Return the last day that an edition covers; "" if it has no days."""
    if made.closed_on:
        return str(made.closed_on)
    if made.content_to:
        last = Period(made.content_to).end
        return str(min(last, made.file.vintage) if made.stated else last)
    return str(made.stated or "")


def _editions_judged(
    store: Store,
    both: Mapping[str, tuple[pa.Table, pa.Table]],
    made: Prepared,
    before: _StoredBefore,
) -> tuple[ListEdition, ListEdition, ListEdition | None]:
    """Return the stored full edition of a list, the new one, and a newer stored one of parties only."""
    full = max(before.full.values(), key=by_content, default=None)
    listed = before.listed
    stored = ListEdition(
        tables={name: earlier for name, (earlier, _) in both.items()},
        day=full.vintage if full else made.file.vintage,
    )
    tables = {**made.tables, **{name: new for name, (_, new) in both.items()}}
    now = ListEdition(tables=tables, day=made.file.vintage)
    if listed is None or (full is not None and listed.vintage <= full.vintage):
        return stored, now, None
    return stored, now, _who_stood(store, made.source, listed)


def by_content(part: Part) -> tuple[dt.date, dt.date]:
    """Return the sort key of parts by the last day of their content."""
    return part.content, part.vintage


def _last_listed(store: Store, source: Source, series: str) -> Part | None:
    """Return the parties of the newest edition of a list, which may have nothing else."""
    parties = [p for p in _editions(store, source, series) if p.table == "parties"]
    return parties[-1] if parties else None


def _who_stood(store: Store, source: Source, listed: Part) -> ListEdition:
    """Return the parties of an edition of a list, and their programmes if it has them."""
    import pyarrow.parquet as pq

    _, _, series = listed.series.partition("/")
    tables = {}
    for part in _editions(store, source, series):
        if part.snapshot == listed.snapshot and part.table in ("parties", "listings"):
            tables[part.table] = pq.read_table(part.path)
    return ListEdition(tables, listed.vintage)


def _editions(store: Store, source: Source, series: str) -> list[Part]:
    """Return the undamaged parts of a series, of the folder and the package, oldest first."""
    named = f"{source.name}/{series}"
    every = [*Store(embedded_folder()).parts(), *store.parts()]
    sound = [part for part in every if part.series == named and not part.damage]
    return sorted(sound, key=by_content)


def stored_edition(store: Store, source: Source, series: str) -> dict[str, Part]:
    """Return the newest full edition of a series: its part of each table.

    An edition that lacks something (``File.partial``) is returned only if there is no full one.
    """
    partial = {file.sha256 for file in source.files if file.partial}
    found = _editions(store, source, series)
    full = [part for part in found if part.snapshot not in partial]
    return {part.table: part for part in full or found}


def _alike(source: Source, name: str, part: Part, made: Prepared) -> tuple[pa.Table, pa.Table]:
    """Return a table of both editions, the new one derived as the stored one was."""
    import pyarrow.parquet as pq

    stored = pq.read_table(part.path)
    new = made.tables.get(name)
    if new is None:
        new = table(name).schema().empty_table()
    if part.path.is_relative_to(embedded_folder()):
        new = embeddable(source, name, new)
    return stored, new


def pulled_of(added: Added) -> Pulled:
    """Return the outcome of a file that was added to a store."""
    status = "unchanged"
    if added.new:
        status = "added"
    if added.restored:
        status = "restored"
    return Pulled(added.source, added.path, status, added.rows, added.snapshot)
