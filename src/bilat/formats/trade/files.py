# SPDX-License-Identifier: Apache-2.0
"""Many files, one question's trade: each told, checked and shaped, and whose report counts for
which pair.

Large Parquet files (BACI, ``flows``) are never copied: they are read where they lie, in their own
codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bilat.engine import DuckDB, quote
from bilat.errors import DataError, UsageError
from bilat.files.archives import UnpackedFile, unpack, with_plain_name
from bilat.files.text import head
from bilat.formats.trade import publishers, wide
from bilat.formats.trade.agreement import agree
from bilat.formats.trade.parquet import parquet
from bilat.formats.trade.shape import Shaped, open_raw, shape
from bilat.formats.trade.text_file import open_text
from bilat.places import place_codes
from bilat.units.notation import count_text


@dataclass(frozen=True)
class Trade:
    """A view ``trade`` on an engine: exporter, importer, product, period, value (USD), quantity (kg
    or NULL).

    Codes stay as the file has them (a scan of integers is several times cheaper than one of names);
    the three functions turn them into ISO 3166 alpha-3, HS code and ``YYYY`` or ``YYYY-MM``.
    """

    engine: DuckDB
    country: Callable[[Any], str] = str
    product: Callable[[Any], str] = str
    period: Callable[[Any], str] = str
    notes: tuple[str, ...] = ()
    both_sides: bool = (
        False  #: behind it stands a view ``reports`` with exporters' and importers' figures
    )
    #: (flow, reporter) whose reports cover both sides of the break; None: reconciled figures of
    #: everybody (BACI)
    reporters: frozenset[tuple[str, str]] | None = None


@dataclass(frozen=True)
class Reports:
    """Sound files: ``paths`` (Parquet) in one kind of shape, ``flows`` or ``BACI``."""

    kind: str
    paths: tuple[Path, ...]
    currency: str
    rows: int
    notes: tuple[str, ...]
    states_currency: bool = True  #: every file does, or its publisher

    def trade(self, engine: DuckDB, since: str) -> Trade:
        """The view ``trade`` on an engine, one row per exporter, importer, product and period."""
        engine.register("reports", [str(p) for p in self.paths])
        if self.kind == "BACI":
            has = "q" in pq.read_schema(self.paths[0]).names
            weight = f"{_known('q')} * 1000" if has else "CAST(NULL AS DOUBLE)"
            engine.run(
                "CREATE OR REPLACE TEMPORARY VIEW trade AS SELECT i AS exporter, j AS importer, k "
                f"AS product, t AS period, v * 1000 AS value, {weight} AS quantity FROM reports"
            )
            return Trade(engine, _baci_country, _baci_product, _baci_period, self.notes)
        return _resolved(engine, since, self.notes)


def _known(column: str) -> str:
    """SQL: a weight, NULL where it is not a number (NaN is greater than every number)."""
    return f"CASE WHEN {column} >= 0 AND {column} < 1e300 THEN {column} END"


def _baci_country(code: int | str) -> str:
    found = place_codes.by_number().get(int(code))
    if found is None:
        raise DataError(
            f"BACI country code {code} is in no list of codes (CEPII country_codes). Fix the file"
        )
    return found


def _baci_product(code: int | str) -> str:
    return str(code).zfill(6)


def _baci_period(code: int | str) -> str:
    text = str(code)
    return text if len(text) != 6 else f"{text[:4]}-{text[4:]}"


def read(
    paths: Sequence[Path | str], work: Path, *, years: tuple[str, str] = ("0000", "9999")
) -> Reports:
    """Tell, check and shape every file; ``work`` is a folder for what is made on the way.

    ``years``: the first and the last that the question uses: where files are in euros and in
    dollars, a year outside them needs no rate.

    Raises
    ------
    UsageError
        if no file is named, or one twice.
    DataError
        for a file that is not sound, and for files that do not go together (see
        :mod:`bilat.formats.trade.agreement`).
    """
    files = [Path(p) for p in paths]
    if not files:
        raise UsageError("no file of trade was named")
    if len({p.resolve() for p in files}) < len(files):
        raise UsageError("one file is named twice: its trade would count double")
    shaped: Sequence[Shaped] = [s for p in files for s in _all(p, work)]
    kinds = {"BACI" if s.format == "BACI Parquet" else "flows" for s in shaped}
    if len(kinds) > 1:
        raise DataError(
            "BACI Parquet beside files that are reports: ask of one or the other (BACI is "
            "reconciled)"
        )
    kind = kinds.pop()
    notes = tuple(
        f"{s.path.name}: read as {s.format}, {count_text(s.rows, 'rows')}" for s in shaped
    )
    currency = shaped[0].currency
    if kind == "flows":
        shaped, currency = agree(shaped, work, years)
    else:
        _refuse_shared_years(shaped, work)
    notes += tuple(f"{s.path.name}: {n}" for s in shaped for n in s.notes)
    return Reports(
        kind,
        paths=tuple(s.parquet for s in shaped),
        currency=currency,
        rows=sum(s.rows for s in shaped),
        notes=notes,
        states_currency=all(s.states_currency for s in shaped),
    )


def _all(path: Path, work: Path) -> list[Shaped]:
    """The one file, or every file of trade in an archive."""
    sources = unpack(path, work)
    if len(sources) == 1:
        return [_one(sources[0], work)]
    trade = [s for s in sources if _told(s, work)]
    if not trade:
        raise DataError(
            f"{path}: none of the {len(sources)} files in the archive is of a format bilat knows "
            f"({publishers.NAMES}): name the data file itself"
        )
    left = ", ".join(s.at.name for s in sources if s not in trade)
    out = [_one(s, work) for s in trade]
    return (
        [replace(out[0], notes=(*out[0].notes, f"beside it, no trade: {left}")), *out[1:]]
        if left
        else out
    )


def _told(source: UnpackedFile, work: Path) -> bool:
    """Is the file of an archive one of trade, or a list of codes or a note beside it?"""
    if not source.at.stat().st_size:
        return False
    if _json(head(source.at)):
        return True
    try:
        publishers.detect_format(open_text(source.at, work, source.path))
    except DataError:
        return source.at.suffix.lower() == ".dat"
    return True


def _json(start: bytes) -> bool:
    return start.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _one(source: UnpackedFile, work: Path) -> Shaped:
    path = source.path
    start = head(source.at, shown=path)
    if start.startswith(b"PAR1"):
        return parquet(source, work)
    con = duckdb.connect(
        ":memory:", config={"threads": 2, "memory_limit": "700MB", "temp_directory": str(work)}
    )
    try:
        if start.startswith(b"PK\x03\x04"):
            wide.load(con, wide.databrowser(source.at, path), wide.LONG)
            return shape(con, wide.DATABROWSER, path, None, work)
        if _json(start):
            wide.load(con, wide.comtrade_json(source.at, path), wide.FIELDS)
            form = publishers.comtrade_v1(wide.FIELDS, path)
            return shape(con, replace(form, name="Comtrade v1 JSON"), path, None, work)
        text = open_text(with_plain_name(source.at, work), work, path)
        if {"COUNTRY.ID", "COUNTERPART_COUNTRY.ID", "SCALE.ID"} <= set(text.header):
            open_raw(con, text)
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE long AS SELECT {wide.IMTS_LONG} FROM "
                f"({wide.imts_sql(text.header)})"
            )
            con.execute("DROP TABLE raw; ALTER TABLE long RENAME TO raw")
            return shape(con, wide.IMTS, path, None, work)
        form = publishers.detect_format(text)
        open_raw(con, text, form)
        return shape(con, form, path, text, work)
    finally:
        con.close()


def _refuse_shared_years(files: Sequence[Shaped], work: Path) -> None:
    """Two BACI files of one year, two editions perhaps, would be added up. Years are read off the
    files' statistics; only where they meet are the keys themselves compared.
    """
    for n, one in enumerate(files):
        for two in files[n + 1 :]:
            (a, b), (c, d) = _years(one.parquet), _years(two.parquet)
            if a > d or c > b:
                continue
            listed = f"[{quote(one.parquet)}, {quote(two.parquet)}]"
            with duckdb.connect(
                ":memory:",
                config={"memory_limit": "1GB", "threads": 2, "temp_directory": str(work)},
            ) as con:
                twice = con.execute(
                    f"SELECT i, j, k, t FROM read_parquet({listed}, union_by_name = true) WHERE t "
                    f"BETWEEN {max(a, c)} AND {min(b, d)} GROUP BY i, j, k, t HAVING count(*) > 1 "
                    "LIMIT 1"
                ).fetchone()
            if twice:
                raise DataError(
                    f"{one.path.name}, {two.path.name}: {' '.join(map(str, twice))} (i, j, k, t) "
                    "appears in more than one file. Keep one edition"
                )


def _years(path: Path) -> tuple[int, int]:
    """The least and the greatest ``t`` of a BACI file, from the statistics of its row groups."""
    meta = pq.read_metadata(path)
    column = meta.schema.to_arrow_schema().names.index("t")
    parts = [meta.row_group(g).column(column).statistics for g in range(meta.num_row_groups)]
    if any(p is None or not p.has_min_max for p in parts):
        return 0, 999999
    return min(p.min for p in parts), max(p.max for p in parts)


def _resolved(engine: DuckDB, since: str, notes: tuple[str, ...]) -> Trade:
    """Of each pair of countries one side's report: the exporter's, or the importer's where it says
    more.

    The exporter's counts where its reports cover both sides of the break as well as the importer's
    do.
    """
    labels = engine.table(
        "SELECT flow, reporter, partner, MIN(period) AS first, MAX(period) AS last, COUNT(*) AS "
        "entries FROM reports WHERE product <> 'TOTAL' GROUP BY flow, reporter, partner"
    ).to_pylist()
    if not labels:
        raise DataError("the files hold totals only: diversion is looked for by product (HS codes)")
    cover: dict[tuple[str, str], set[str]] = {}
    for r in labels:
        sides = cover.setdefault((r["flow"], r["reporter"]), set())
        sides |= {
            side
            for side, there in (
                ("pre", r["first"] < since),
                ("post", r["last"] >= since[: len(r["last"])]),
            )
            if there
        }
    pairs: dict[tuple[str, str], dict[str, int]] = {}
    for r in labels:
        pair = (r["reporter"], r["partner"]) if r["flow"] == "X" else (r["partner"], r["reporter"])
        reporter = (r["flow"], r["reporter"])
        pairs.setdefault(pair, {})[r["flow"]] = len(cover[reporter])
    mirrored = sorted(p for p, sides in pairs.items() if sides.get("M", 0) > sides.get("X", 0))
    engine.register(
        "mirrored",
        pa.table(
            {
                "exporter": pa.array([a for a, _ in mirrored], pa.string()),
                "importer": pa.array([b for _, b in mirrored], pa.string()),
            }
        ),
    )
    columns = {f.name for f in engine.table("SELECT * FROM reports LIMIT 0").schema}
    weight = _known("quantity") if "quantity" in columns else "CAST(NULL AS DOUBLE)"
    engine.run(
        "CREATE OR REPLACE TEMPORARY VIEW trade AS SELECT r.reporter AS exporter, r.partner AS "
        f"importer, r.product, r.period, r.value, {weight} AS quantity FROM reports r LEFT JOIN "
        "mirrored m ON m.exporter = r.reporter AND m.importer = r.partner WHERE m.exporter IS NULL "
        "AND r.flow = 'X' AND r.product <> 'TOTAL' UNION ALL SELECT r.partner AS exporter, "
        f"r.reporter AS importer, r.product, r.period, r.value, {weight} AS quantity FROM reports "
        "r JOIN mirrored m ON m.exporter = r.partner AND m.importer = r.reporter WHERE r.flow = "
        "'M' AND r.product <> 'TOTAL'"
    )
    by = sorted({b for _, b in mirrored})
    told = notes
    if mirrored:
        origin = sorted({a for a, _ in mirrored})
        told += (
            f"{len(mirrored)} pairs rest on the importer's report, the exporter not reporting "
            f"them: exporters {', '.join(origin[:8])}{' ...' if len(origin) > 8 else ''}; "
            f"importers {', '.join(by[:8])}{' ...' if len(by) > 8 else ''}",
        )
    covered = frozenset(reporter for reporter, sides in cover.items() if len(sides) == 2)
    return Trade(
        engine, notes=told, both_sides={r["flow"] for r in labels} == {"X", "M"}, reporters=covered
    )
