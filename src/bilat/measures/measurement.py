# SPDX-License-Identifier: Apache-2.0
"""A measurement: the answer of a measure about a subject as of a date, and its chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pyarrow as pa

from bilat.catalog import sources as catalog_sources
from bilat.document.blocks import Cell, Point, Series, SourceUsed
from bilat.document.interval import Interval
from bilat.document.plain import plain
from bilat.document.plot import Plot
from bilat.document.wording import day
from bilat.document.workbook import write_workbook
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.files.json_types import JsonObject
from bilat.files.write import atomic_write
from bilat.measures.registry import measure_named
from bilat.subject import Subject, heading, key_of, pair_of, to_plain
from bilat.units import Unit
from bilat.when import AsOf

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from bilat.document import Document


def point_name(measurement: str, period: str, group: str) -> str:
    """Return the name of a point of a measurement."""
    return f"{measurement}: {' '.join(filter(None, (group, period)))}"


class PeriodKnown(NamedTuple):
    """A period that rows behind a point speak of."""

    point: str
    group: str
    period: str  #: blank where the rows name none
    known: dt.date  #: the last day on which one of the rows became known


@dataclass(frozen=True)
class Measurement:
    """A measure's answer about a subject as of a date, with the rows behind each point."""

    name: str
    title: str
    subject: Subject = field(metadata={"plain": to_plain})
    dyad: Dyad | None  #: the pair that was asked; None for a measure that no pair changes
    as_of: AsOf
    unit: Unit
    method: str
    reference: str
    interval: Interval  #: what low and high of its points are
    params: Mapping[str, str]
    points: tuple[Point, ...]
    note: str
    evidence: pa.Table = field(metadata={"plain": False})
    data_to: dt.date | None = None  #: the last day that the rows speak of
    #: the last day of the record looked through, where the measure knows it: a register goes on after its last match
    record_to: dt.date | None = None
    intervals: Mapping[str, Interval] = field(
        default_factory=dict
    )  #: of the groups that have another
    figure: str = ""  #: what the names of its figures begin with

    def rows(self, period: str | None = None, group: str | None = None) -> list[dict[str, Cell]]:
        """The rows behind the points: {source, snapshot, locator, known_on, known_basis, ...columns}.

        ``period`` narrows to one point's period, ``group`` to one group. Dates are ISO strings; columns
        that are empty throughout are left out.
        """
        import pyarrow.compute as pc

        found = self.evidence
        if period is not None:
            found = found.filter(pc.equal(found["point"].cast(pa.string()), period))
        if group is not None:
            found = found.filter(pc.equal(found["grp"], group))
        first = ["source", "snapshot", "locator", "known_on", "known_basis"]
        order = first + [c for c in found.column_names if c not in first]
        kept = [c for c in order if c in first or found[c].null_count < found.num_rows]
        return [{k: _plain(v) for k, v in r.items()} for r in found.select(kept).to_pylist()]

    @cached_property
    def sources(self) -> list[SourceUsed]:
        """Each source used: name, title, producer, citation, licence, url, grade, snapshots with vintages."""
        used: dict[str, dict[str, str]] = {}
        if self.evidence.num_rows:
            pairs = (
                self.evidence.select(["source", "snapshot", "vintage"])
                .group_by(["source", "snapshot", "vintage"])
                .aggregate([])
            )
            for r in sorted(
                pairs.to_pylist(), key=lambda r: (r["source"], r["vintage"], r["snapshot"])
            ):
                used.setdefault(r["source"], {})[r["snapshot"]] = _plain(r["vintage"])
        catalog = catalog_sources()
        return [
            {
                "name": name,
                "title": catalog[name].title,
                "producer": catalog[name].producer,
                "citation": catalog[name].citation,
                "licence": catalog[name].licence,
                "url": catalog[name].url,
                "grade": catalog[name].grade,
                "side": catalog[name].side,
                "snapshots": snapshots,
            }
            for name, snapshots in used.items()
        ]

    def sources_of(self, groups: Iterable[str]) -> list[SourceUsed]:
        """Return the sources of the rows behind some groups; every source if no row names them."""
        wanted = {*groups}
        names = {source for group, source in self._sources_by_group if group in wanted}
        return [source for source in self.sources if not names or source["name"] in names]

    @cached_property
    def sided(self) -> frozenset[str]:
        """Groups that rest on the word of one side of a war."""
        catalog = catalog_sources()
        return frozenset(group for group, source in self._sources_by_group if catalog[source].side)

    @cached_property
    def _sources_by_group(self) -> frozenset[tuple[str, str]]:
        """Each group with each source of the rows behind it."""
        if not self.evidence.num_rows:
            return frozenset()
        pairs = self.evidence.select(["grp", "source"]).group_by(["grp", "source"]).aggregate([])
        return frozenset((r["grp"] or "", r["source"]) for r in pairs.to_pylist())

    @cached_property
    def last_known(self) -> tuple[PeriodKnown, ...]:
        """The periods of the rows behind each point, with the last day on which one became known."""
        if not self.evidence.num_rows:
            return ()
        keys = ["point", "grp", "period"]
        rows = self.evidence.select([*keys, "known_on"])
        found = rows.group_by(keys).aggregate([("known_on", "max")]).to_pylist()
        return tuple(
            PeriodKnown(str(r["point"]), r["grp"] or "", r["period"] or "", r["known_on_max"])
            for r in found
        )

    def value(self, period: str, group: str = "") -> float | None:
        """Return the value of one point; None where the point says that there is no figure.

        Raises
        ------
        UsageError
            for a group or a period that the measurement does not have, naming those it has.
        """
        mine = [p for p in self.points if p.group == group]
        if not mine:
            there = ", ".join(self.groups()[:12]) or f"none: {self.note or 'no record'}"
            raise UsageError(f"{self._whole} has no group {group!r}; it has: {there}")
        for p in mine:
            if p.period == period:
                return p.value
        periods = sorted(p.period for p in mine)
        raise UsageError(
            f"{self._whole} has no point {period}{f' of {group}' if group else ''}; "
            f"it has {periods[0]} to {periods[-1]}"
        )

    @property
    def _whole(self) -> str:
        """The measure and what it is about, for an error."""
        return heading(self.name, self.subject)

    def figure_name(self, period: str, group: str = "") -> str:
        """Return the name of a point: wherever a figure of this name is printed, it has one value."""
        return point_name(self.figure, period, group)

    @property
    def heading(self) -> str:
        """The title with whom it is about."""
        return heading(self.title, self.subject)

    def declared(self, group: str) -> Interval:
        """What low and high of a group's points are."""
        return self.intervals.get(group, self.interval)

    def groups(self) -> list[str]:
        """The groups, in order of first appearance."""
        return list(dict.fromkeys(p.group for p in self.points))

    def to_json(self) -> JsonObject:
        """The measurement as plain data, with its sources."""
        return {
            **plain(self),
            "pair": plain(pair_of(self.subject)),
            "sources": self.sources,
        }

    def to_arrow(self) -> pa.Table:
        """Points as Arrow: period, value, low, high, kind, group, note, revised, open."""
        schema = pa.schema(
            [
                ("period", pa.string()),
                ("value", pa.float64()),
                ("low", pa.float64()),
                ("high", pa.float64()),
            ]
            + [(c, pa.string()) for c in ("kind", "group", "note")]
            + [(c, pa.bool_()) for c in ("revised", "open")]
        )
        return pa.Table.from_pylist([asdict(p) for p in self.points], schema=schema)

    def to_pandas(self) -> pd.DataFrame:
        """Points as a DataFrame (needs pandas)."""
        try:
            return self.to_arrow().to_pandas()
        except ModuleNotFoundError:
            raise UsageError(
                "to_pandas() needs pandas: pip install 'bilat[pandas]'; to_arrow() needs nothing"
            ) from None

    def to_polars(self) -> pl.DataFrame:
        """Return points as a data frame of Polars (needs polars)."""
        try:
            import polars
        except ModuleNotFoundError:
            raise UsageError(
                "to_polars() needs Polars: pip install polars; to_arrow() needs nothing"
            ) from None
        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)  # of a table, not of one column
        return frame

    def to_csv(self, path: Path | str) -> Path:
        """Write points as CSV in UTF-8, with the columns of :meth:`to_arrow`.

        Raises
        ------
        DataError
            if it cannot be written.
        """
        from pyarrow import csv

        with atomic_write(Path(path)) as temporary:
            csv.write_csv(self.to_arrow(), temporary)
        return Path(path)

    def to_parquet(self, path: Path | str) -> Path:
        """Write points as Parquet, with the columns of :meth:`to_arrow`; the citation lies in the
        file's metadata under ``citation``.

        Raises
        ------
        DataError
            if it cannot be written.
        """
        from pyarrow import parquet

        table = self.to_arrow().replace_schema_metadata(
            {"citation": self.cite(), "unit": self.unit}
        )
        with atomic_write(Path(path)) as temporary:
            parquet.write_table(table, temporary)
        return Path(path)

    def document(self) -> Document:
        """The measurement as a document, for any surface."""
        from bilat.measures import MeasureQuestion, of_measurement

        spec = measure_named(self.name)
        default = spec.params if spec else {}
        params = tuple(f"{k}={v}" for k, v in self.params.items() if default.get(k) != v)
        return of_measurement(self, MeasureQuestion(self.name, params))

    def plot(
        self,
        group: str | tuple[str, ...] = (),
        *,
        since: str | int = "",
        title: str = "",
        size: str = "slide",
    ) -> Plot:
        """The chart of its points, to be shown or saved.

        Parameters
        ----------
        group
            one group or several; where none is named all but the claims of one side.
        since
            the first period that is drawn: 2014, 2022-03.
        title
            the finding that it shows; the measure's own title where blank.
        size
            slide (16:9), square or column.

        Raises
        ------
        UsageError
            for a group that the measurement does not have.
        """
        groups = (group,) if isinstance(group, str) else tuple(group)
        for name in groups:
            if name not in self.groups():
                raise UsageError(
                    f"{self.name} has no group {name!r}; it has: {', '.join(self.groups())}"
                )
        shown = (
            groups or tuple(g for g in self.groups() if g not in self.sided) or tuple(self.groups())
        )
        points = tuple(p for p in self.points if p.group in shown and p.period >= str(since))
        citations = "; ".join(dict.fromkeys(s["citation"] for s in self.sources))
        return Plot(
            Series(
                title or self.title,
                self.unit,
                points,
                focus=groups,
                source=citations or self.reference,
            ),
            size,
        )

    def cite(self, form: Literal["text", "bibtex"] = "text") -> str:
        """How to cite the figure: its producers and this measurement of it."""
        if form not in ("text", "bibtex"):
            raise UsageError(f"no form {form!r} of a citation: write text or bibtex")
        made = f"bilat, {self.heading}, as of {day(self.as_of.date)}, measure {self.name}"
        if form == "text":
            return "; ".join([*dict.fromkeys(s["citation"] for s in self.sources), made])
        entries = [
            f"@misc{{{s['name']},\n  author = {{{{{s['producer']}}}}},\n  title = "
            f"{{{{{s['citation']}}}}},\n"
            f"  url = {{{s['url']}}}\n}}"
            for s in self.sources
        ]
        key = f"bilat_{self.name.replace('.', '_')}_{key_of(self.subject)}"
        return "\n".join(
            [*entries, f"@misc{{{key},\n  author = {{{{bilat}}}},\n  title = {{{{{made}}}}}\n}}"]
        )

    def to_excel(self, path: Path | str) -> Path:
        """Write points, method and sources as .xlsx.

        Raises
        ------
        DataError
            if it cannot be written.
        """
        write_workbook(self.document(), Path(path))
        return Path(path)

    def _repr_html_(self) -> str:
        return self.document()._repr_html_()

    def __repr__(self) -> str:
        return f"<{self._whole} as of {self.as_of}: {len(self.points)} points, {self.unit}>"


def _plain(value: Any) -> Any:
    # DuckDB sums whole numbers into decimals, which JSON does not have.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def plot(measurement: Measurement, **given: Any) -> Plot:
    """Draw a measurement as a chart.

    Parameters
    ----------
    measurement
        what :func:`bilat.ask` returned.
    **given
        ``group``, ``since``, ``title`` and ``size``, as of :meth:`Measurement.plot`.

    Returns
    -------
    Plot
        a chart that a notebook shows and that ``save`` writes as .svg or .png.

    Raises
    ------
    UsageError
        for a group that the measurement does not have.

    Examples
    --------
    >>> from bilat import ask, plot
    >>> tiv = ask("transfers.tiv", ("RUS", "CHN"), as_of="2023-03-20")
    >>> chart = plot(tiv, group="RUS>CHN", since=2010)
    >>> chart.svg().startswith("<svg")
    True
    """
    return measurement.plot(**given)
