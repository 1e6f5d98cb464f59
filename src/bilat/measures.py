# SPDX-License-Identifier: Apache-2.0
"""The contract of a measure: asked for a dyad as of a date, it answers with points and the rows behind them.

A measure is one decorated function::

    @measure("arms.tiv", title="…", unit="million TIV", tables=("transfers",), reference="…", method="…")
    def tiv(ask: Ask) -> Answer:
        rows = ask.rows("SELECT *, period AS point, recipient AS grp FROM transfers WHERE …")
        return Answer(ask.points(rows, "sum(tiv)", kind="reported"), rows)

``point`` is the period and ``grp`` the group of the point that a row feeds: that is the lineage.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from bilat.catalog import sources as catalog_sources
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.when import AsOf

if TYPE_CHECKING:
    import pandas as pd

#: The rooms of layer 4; importing one declares its measures.
ROOMS = ("trade", "diversion", "parties", "channels", "alignment", "regeneration", "contingency")


@dataclass(frozen=True)
class Point:
    """One value of a measure. ``low`` and ``high`` are None where the data give no interval."""

    period: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "derived"  #: reported, estimated, derived or modelled
    group: str = ""
    note: str = ""  #: "revised later" and the like


@dataclass(frozen=True)
class Answer:
    """What a measure's function returns: its points, and the rows with ``point`` and ``grp``."""

    points: Sequence[Point]
    rows: pa.Table
    note: str = ""  #: what the answer cannot show
    interval: str = ""  #: what low and high are, where that depends on the answer
    unit: str = ""  #: the unit, where that depends on the answer (the currency of the source found)


@dataclass(frozen=True)
class Ask:
    """What a measure is asked: dyad, as-of date, parameters; and the as-of views to answer from."""

    dyad: Dyad
    as_of: AsOf
    params: Mapping[str, Any]
    holdings: Holdings

    def rows(self, sql: str, *values: Any) -> pa.Table:
        """Rows of an as-of view. The SQL yields ``point``, ``grp`` and the table's columns; ? are bound."""
        found = self.query(sql, *values)
        missing = {"point", "grp", "source", "snapshot", "locator", "known_on"} - set(found.column_names)
        if missing:
            raise AssertionError(f"a measure's rows must carry {', '.join(sorted(missing))}")
        return found

    def query(self, sql: str, *values: Any) -> pa.Table:
        """Any query on the as-of views, as Arrow."""
        cursor = self.holdings.connect(self.as_of).connection.cursor()
        try:
            return cursor.sql(sql, params=list(values)).to_arrow_table()
        finally:
            cursor.close()

    def points(
        self,
        rows: pa.Table,
        value: str,
        *,
        low: str = "NULL",
        high: str = "NULL",
        kind: str = "derived",
        where: str = "TRUE",
    ) -> list[Point]:
        """One point per (point, grp) of ``rows``; value, low and high are SQL aggregates over its rows."""
        import duckdb

        con = duckdb.connect(":memory:")
        con.register("r", rows)
        revised = "bool_or(revised_later)" if "revised_later" in rows.column_names else "FALSE"
        found = con.execute(
            f"SELECT point, {value}, {low}, {high}, coalesce(grp, ''), {revised} FROM r WHERE {where} "
            "GROUP BY point, grp ORDER BY grp, point"
        ).fetchall()
        con.close()
        return [
            Point(str(at), _float(v), _float(lo), _float(hi), kind, grp, "revised later" if rev else "")
            for at, v, lo, hi, grp, rev in found
        ]


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


@dataclass(frozen=True)
class Measure:
    """A declared measure."""

    name: str
    function: Callable[[Ask], Answer]
    title: str
    unit: str
    tables: tuple[str, ...]
    reference: str
    method: str
    interval: str = ""  #: what low and high are
    params: Mapping[str, Any] = field(
        default_factory=dict
    )  #: name -> default; the default's type is the type
    about: Mapping[str, str] = field(default_factory=dict)  #: name -> meaning of the parameter


_REGISTRY: dict[str, Measure] = {}


def measure(
    name: str,
    *,
    title: str,
    unit: str,
    tables: Iterable[str],
    reference: str,
    method: str,
    interval: str = "",
    params: Mapping[str, tuple[Any, str]] | None = None,
) -> Callable[[Callable[[Ask], Answer]], Callable[[Ask], Answer]]:
    """Declare a measure.

    Parameters
    ----------
    name
        ``room-word.thing``, as ``arms.tiv``.
    unit, reference, method
        printed with every figure; ``method`` says in a sentence or two how it is made.
    interval
        what ``low`` and ``high`` are ("90% credible interval of the published estimates"), blank if none.
    params
        name -> (default, meaning).
    """

    def declare(function: Callable[[Ask], Answer]) -> Callable[[Ask], Answer]:
        if name in _REGISTRY and _REGISTRY[name].function.__module__ != function.__module__:
            raise AssertionError(f"measure {name} is declared twice")
        _REGISTRY[name] = Measure(
            name=name,
            function=function,
            title=title,
            unit=unit,
            tables=tuple(tables),
            reference=reference,
            method=method,
            interval=interval,
            params={k: v[0] for k, v in (params or {}).items()},
            about={k: v[1] for k, v in (params or {}).items()},
        )
        return function

    return declare


def measures() -> dict[str, Measure]:
    """Every declared measure by name, sorted."""
    for room in ROOMS:
        importlib.import_module(f"bilat.{room}")
    return dict(sorted(_REGISTRY.items()))


#: Draws a Measurement; the picture's room puts its function here (this layer draws nothing itself).
plotter: Callable[[Measurement], Any] | None = None


@dataclass(frozen=True)
class Measurement:
    """A measure's answer for a dyad as of a date, with the rows behind each point."""

    name: str
    title: str
    dyad: Dyad
    as_of: AsOf
    unit: str
    method: str
    reference: str
    interval: str
    params: Mapping[str, Any]
    points: tuple[Point, ...]
    note: str
    evidence: pa.Table

    def rows(self, period: str | None = None, group: str | None = None) -> list[dict[str, Any]]:
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

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Each source used: name, title, producer, citation, licence, url, grade, snapshots with vintages."""
        used: dict[str, dict[str, str]] = {}
        if self.evidence.num_rows:
            pairs = (
                self.evidence.select(["source", "snapshot", "vintage"])
                .group_by(["source", "snapshot", "vintage"])
                .aggregate([])
            )
            for r in sorted(pairs.to_pylist(), key=lambda r: (r["source"], r["vintage"], r["snapshot"])):
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

    def value(self, period: str, group: str = "") -> float | None:
        """The value of one point; None if there is no such point."""
        return next((p.value for p in self.points if p.period == period and p.group == group), None)

    def groups(self) -> list[str]:
        """The groups, in order of first appearance."""
        return list(dict.fromkeys(p.group for p in self.points))

    def to_json(self) -> dict[str, Any]:
        """The measurement as plain data: what ``bilat measure --json`` prints."""
        return {
            "name": self.name,
            "title": self.title,
            "dyad": [self.dyad.a, self.dyad.b],
            "as_of": str(self.as_of),
            "unit": self.unit,
            "method": self.method,
            "reference": self.reference,
            "interval": self.interval,
            "params": dict(self.params),
            "note": self.note,
            "points": [asdict(p) for p in self.points],
            "sources": self.sources,
        }

    def to_arrow(self) -> pa.Table:
        """Points as Arrow: period, value, low, high, kind, group, note."""
        schema = pa.schema(
            [("period", pa.string()), ("value", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
            + [(c, pa.string()) for c in ("kind", "group", "note")]
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

    def plot(self) -> Any:
        """A chart that a notebook shows."""
        if plotter is None:
            importlib.import_module("bilat.picture")
        if plotter is None:
            raise AssertionError("bilat.picture sets the plotter")
        return plotter(self)

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{c}</th>" for c in ("period", "group", "value", "low", "high", "kind", "note"))
        body = "".join(
            "<tr>"
            + "".join(
                f"<td>{escape(_shown(v))}</td>"
                for v in (p.period, p.group, p.value, p.low, p.high, p.kind, p.note)
            )
            + "</tr>"
            for p in self.points
        )
        used = "; ".join(s["citation"] for s in self.sources)
        return (
            f"<h4>{escape(self.title)}: {escape(self.dyad.name)}</h4>"
            f"<p>{escape(self.unit)}; as of {self.as_of}. {escape(self.note)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>Sources: {escape(used)}</p>"
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):  # DuckDB sums whole numbers into decimals, which JSON does not know
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def typed_params(spec: Measure, given: Mapping[str, Any]) -> dict[str, Any]:
    """The measure's parameters, defaults filled in, texts turned into the default's type.

    Raises
    ------
    UsageError
        for a parameter that the measure does not have, or a value of another type.
    """
    unknown = set(given) - set(spec.params)
    if unknown:
        known = ", ".join(spec.params) or "none"
        raise UsageError(f"measure {spec.name} has no parameter {sorted(unknown)[0]!r}; it has: {known}")
    out: dict[str, Any] = {}
    for name, default in spec.params.items():
        value = given.get(name, default)
        if isinstance(value, str) and not isinstance(default, str) and default is not None:
            try:
                value = (
                    value.lower() in ("1", "true", "yes")
                    if isinstance(default, bool)
                    else type(default)(value)
                )
            except ValueError:
                raise UsageError(
                    f"measure {spec.name}: {name}={value!r} is no {type(default).__name__}"
                ) from None
        out[name] = value
    return out


#: Answers kept for each holdings object as long as it lives; another object never sees them.
_CACHE: WeakKeyDictionary[Holdings, dict[tuple[Any, ...], Measurement]] = WeakKeyDictionary()


def ask(
    name: str,
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    *,
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    **params: Any,
) -> Measurement:
    """Ask a measure.

    Raises
    ------
    UsageError
        for an unknown measure or parameter.
    """
    spec = measures().get(name)
    if spec is None:
        import difflib

        near = difflib.get_close_matches(name, _REGISTRY, n=1)
        hint = f"did you mean {near[0]}?" if near else "see: bilat measure --list"
        raise UsageError(f"no measure {name!r}: {hint}")
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    filled = typed_params(spec, params)
    kept = _CACHE.setdefault(held, {})
    key = (name, pair, when, tuple(sorted((k, repr(v)) for k, v in filled.items())))
    found = kept.get(key)
    if found is None:
        answer = spec.function(Ask(pair, when, filled, held))
        found = Measurement(
            name=name,
            title=spec.title,
            dyad=pair,
            as_of=when,
            unit=answer.unit or spec.unit,
            method=spec.method,
            reference=spec.reference,
            interval=answer.interval or spec.interval,
            params=filled,
            points=tuple(answer.points),
            note=answer.note,
            evidence=answer.rows,
        )
        kept[key] = found
    return found


_DEFAULT: list[Holdings] = []


def default_holdings() -> Holdings:
    """The holdings used when none are named: the embedded ones under the user's own."""
    if not _DEFAULT:
        _DEFAULT.append(Holdings())
    return _DEFAULT[0]
