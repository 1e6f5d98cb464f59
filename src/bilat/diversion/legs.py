# SPDX-License-Identifier: Apache-2.0
"""The three legs of a triangle (origin -> target, origin -> hub, hub -> target) out of any number of rows.

The big file is read in three column-pruned scans (totals, leg one, leg two). What remains is one row
per (destination, product) and per (hub, target, product); everything after this module works on those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from string import Template
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Silence
from bilat.diversion.window import Span, find_span, own_span, weights_of, with_gaps
from bilat.engine import DuckDB, Spark
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade
from bilat.goods.sanction_dates import first_month, listed_on
from bilat.places.coalitions import coalitions, is_country
from bilat.places.place_codes import OTHER_ASIA
from bilat.units.written import counted

Array = np.ndarray[Any, Any]
WORLD = "WLD"
#: Origins that can have a bit of their own in a whole number of 64 bits.
BITS = 62
#: Placebo triangles beyond which no further decoy is taken.
PLACEBO_PAIRS = 600_000


@dataclass(frozen=True)
class Question:
    """Who diverts what, since when. ``targets`` count as one market; ``window`` is the baseline's length in years."""

    origins: frozenset[str]
    targets: tuple[str, ...]
    since: str
    until: str | None = None
    hubs: frozenset[str] | None = None
    window: int = 3
    decoys: int = 10
    #: Whether goods that the EU listed later than ``since`` have the date of their listing as their break.
    listed: bool = False

    def __post_init__(self) -> None:
        for target in self.targets:
            if target in self.origins:
                raise UsageError(f"{target} is both origin and target")
        if len(self.since) not in (4, 7):
            raise UsageError(f"`since` {self.since!r}: write a month 2022-03 or a year 2022")

    @property
    def target(self) -> str:
        """The targets in one word: ``RUS`` or ``RUS,BLR``."""
        return ",".join(self.targets)


@dataclass(frozen=True)
class Legs:
    """Arrays of equal length per leg. Values in USD over the whole post-break window.

    ``inward``: hub, product, before, after, late_*, then_* (a made-up break within the baseline), rest_* (from
    others than the origins), ``swing`` (standard deviation of ln(1 + value / offset) over the periods of the
    baseline); ``outward``: also target (0 is the true target, 1.. the decoys), no rest_*; ``sold``: hub, product,
    before, after of sales to all markets; ``direct``: origins to the targets. ``hubs`` and ``products`` decode the
    integers. ``books``: hubs whose sales to the target are held; ``direct_held``: whether direct trade is.
    """

    question: Question
    span: Span
    hubs: list[str]
    products: list[str]
    inward: dict[str, Array]
    outward: dict[str, Array]
    direct: dict[str, Array]
    sold: dict[str, Array]
    decoys: tuple[str, ...]
    books: frozenset[str]
    direct_held: bool
    notes: tuple[str, ...] = field(default=())
    #: Spans of products with a break of their own.
    own: dict[str, Span] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()

    def span_of(self, product: str) -> Span:
        """The periods compared of one product."""
        return self.own.get(product, self.span)

    def cohorts(self, product: str) -> dict[str, str]:
        """See :func:`cohorts_of`."""
        return cohorts_of(self.own, product)


def cohorts_of(own: dict[str, Span], product: str) -> dict[str, str]:
    """What a query that weighs periods needs: the cohort of a row whose product is the SQL ``product``."""
    if not own:
        return {"cohorts": "", "cohort": "0"}
    return {
        "cohorts": f"LEFT JOIN cohorts b ON b.product = {product}",
        "cohort": "COALESCE(b.cohort, 0)",
    }


@cache
def sql(name: str) -> Template:
    """The text of ``sql/<name>.sql``: one dialect, both engines."""
    return Template(resources.files("bilat.diversion").joinpath(f"sql/{name}.sql").read_text("utf-8"))


def literals(values: Sequence[Any]) -> str:
    """``1, 2`` or ``'a', 'b'``; an empty list becomes NULL, which is in nothing."""
    return (
        ", ".join(str(v) if isinstance(v, (int, np.integer)) else "'" + str(v).replace("'", "''") + "'"
                  for v in values) or "NULL"
    )  # fmt: skip


def gather(trade: Trade, question: Question, splices: dict[str, str] | None = None) -> Legs:
    """Read the legs of ``question`` out of ``trade``.

    Raises
    ------
    DataError
        if the file holds nothing before or nothing after the break, or nothing from the origins.
    """
    engine = trade.engine
    engine.keep("totals", sql("totals").template)
    listed = engine.table(
        "SELECT exporter, importer, period, value, entries, least, valued FROM totals "
        "ORDER BY exporter, importer, period"
    ).to_pydict()
    if not listed["period"]:
        raise DataError("the file holds no rows of trade: nothing to compare")
    native = {trade.country(c): c for c in {*listed["exporter"], *listed["importer"]}}
    stamp = {trade.period(p): p for p in set(listed["period"])}
    origins = sorted(c for c in question.origins if c in native)
    if coalitions()["EU27"] <= question.origins and "EU27" in set(map(trade.country, listed["exporter"])):
        # The EU as one reporter stands for its members: both together would count double.
        origins = sorted({"EU27", *(c for c in origins if c not in coalitions()["EU27"])})
    if not origins:
        raise DataError(
            f"the file holds no exports of {', '.join(sorted(question.origins)[:6])}: "
            f"name origins that it holds ({', '.join(sorted(native)[:12])} ...) with `origin`; what hubs sell "
            f"on is read "
            "beside the EU's exports where it is by month and `origin` has the EU27"
        )
    if not set(question.targets) & set(map(trade.country, listed["importer"])):
        raise DataError(
            f"the file holds no trade with the target {question.target} as buyer: "
            "add its imports, or the exports of others to it"
        )
    names, dates = {c: n for n, c in native.items()}, {p: s for s, p in stamp.items()}
    exporter = np.array([names[c] for c in listed["exporter"]])
    importer = np.array([names[c] for c in listed["importer"]])
    period = np.array([dates[p] for p in listed["period"]])
    value = np.array(listed["value"], dtype=float)
    entries = np.array(listed["entries"], dtype=float)
    sound = np.isfinite(value) & (np.array(listed["least"], dtype=float) >= 0)
    sound &= np.array(listed["valued"]) == entries
    if not sound.all():
        n = int(np.argmin(sound))
        raise DataError(
            f"among the values of {exporter[n]} to {importer[n]} in {period[n]} one is missing, negative or no "
            "number; fix the file"
        )
    span = find_span(question.since, question.until, question.window, sorted(stamp))
    span = with_gaps(span, exporter, importer, period, entries)
    decoys = _decoys(question, origins, exporter, importer, period, value, entries, span)
    to_target = set(exporter[np.isin(importer, question.targets)].tolist())
    books, direct_held = _books(trade, question, native, to_target & set(origins))
    silences = _silences(trade, question, span, exporter, importer, period, value)
    books -= {s.hub for s in silences if s.kind == "suppressed partner"}
    left = _no_states(exporter, importer, value, entries)
    if str(native.get("TWN")) in OTHER_ASIA:
        left.append(
            f"{native['TWN']} (Other Asia, not elsewhere specified) is read as Taiwan, which the UN does not list by "
            "itself"
        )

    engine.register("splices", _splices(trade, splices or {}, engine))
    own = _own_spans(trade, question, span, sorted(stamp), splices or {}) if question.listed else {}
    spans = _register_spans(trade, span, own, native, stamp)
    window = [stamp[p] for s in spans for p in (*s.pre, *s.post)]
    terms = {"first": literals([min(window)]), "last": literals([max(window)])}
    barred = question.origins | ({"EU27"} if "EU27" in origins else set())
    markets = {c: 0 for c in question.targets} | {c: n for n, c in enumerate(decoys, 1)}
    engine.register("parties", _parties(native, set(origins), set(barred), markets))
    engine.keep("inflow", sql("inflow").substitute(terms))
    engine.keep("outflow", sql("outflow").substitute(terms))
    _refuse_twice(trade, origins, (question.target, *decoys))
    del listed
    of_file, of_trade = (cohorts_of(own, f"COALESCE(s.earlier, {x}.product)") for x in ("f", "t"))
    inward, hub_in, product_in = _columns(engine.table(sql("pairs_in").substitute(of_file)), trade)
    outward, hub_out, product_out = _columns(engine.table(sql("pairs_out").substitute(of_file)), trade)
    sold, hub_sold, product_sold = _columns(engine.table(sql("sold").substitute(terms | of_trade)), trade)

    _swing(inward, hub_in, [own.get(p, span) for p in product_in], "importer")
    _swing(outward, hub_out, [own.get(p, span) for p in product_out], "exporter")
    hubs = sorted({*hub_in, *hub_out, *hub_sold})
    products = sorted({*product_in, *product_out})
    _recode(inward, hub_in, product_in, hubs, products)
    _recode(outward, hub_out, product_out, hubs, products)
    wanted = set(products)
    if product_sold:
        keep = np.array([p in wanted for p in product_sold], dtype=bool)[sold["product"]]
        sold = {c: v[keep] for c, v in sold.items()}
    _recode(sold, hub_sold, [p if p in wanted else products[0] for p in product_sold], hubs, products)
    outward["target"] = outward["target"].astype(np.int64)
    at_target = np.isin(np.array(hubs), question.targets)[inward["hub"]]
    direct = {c: v[at_target] for c, v in inward.items()}
    inward = {c: v[~at_target] for c, v in inward.items()}
    notes = list(trade.notes)
    for c, side, p in span.gaps[:20]:
        notes.append(f"{c} has next to no rows as {side} in {p}: left out and scaled")
    notes += left
    return Legs(
        question,
        span,
        hubs,
        products,
        inward,
        outward,
        direct,
        sold,
        decoys,
        books,
        direct_held,
        tuple(notes),
        own,
        tuple(silences),
    )


def _own_spans(
    trade: Trade, question: Question, span: Span, held: list[str], joined: dict[str, str]
) -> dict[str, Span]:
    """Product -> the span about the month in which the EU listed it, where that is later than the break of all."""
    listed = trade.engine.table("SELECT DISTINCT product FROM trade").column("product").to_pylist()
    own: dict[str, Span] = {}
    by_month: dict[str, Span | None] = {}
    for code in sorted({joined.get(p, p) for p in map(trade.product, listed)}):
        day = listed_on(code)
        month = first_month(day) if day is not None else ""
        if month > question.since:
            if month not in by_month:
                by_month[month] = own_span(span, month, question.until, question.window, held)
            found = by_month[month]
            if found is not None:
                own[code] = found
    return own


def _register_spans(
    trade: Trade, span: Span, own: dict[str, Span], native: dict[str, Any], stamp: dict[str, Any]
) -> list[Span]:
    """Register ``spans``, and ``cohorts`` (product, place of its span) where some product has one of its own."""
    spans = [span, *sorted({id(s): s for s in own.values()}.values(), key=lambda s: s.post[0])]
    trade.engine.register("spans", weights_of(spans, native, stamp))
    if own:
        at = {s.post[0]: n for n, s in enumerate(spans)}
        probe = trade.engine.table("SELECT product FROM trade LIMIT 1").column("product")
        number = pa.types.is_integer(probe.type)
        codes = pa.array([int(p) for p in own], pa.int64()) if number else pa.array(list(own), pa.string())
        trade.engine.register(
            "cohorts", pa.table({"product": codes, "cohort": [at[s.post[0]] for s in own.values()]})
        )
    return spans


def _books(
    trade: Trade, question: Question, native: dict[str, Any], direct: set[str]
) -> tuple[frozenset[str], bool]:
    """(countries whose sales to the target are held, whether the origins' are); ``direct``: origins with a row to it.

    A sale is held where its seller or its buyer reports on both sides of the break; what neither reports is not
    nothing. BACI holds everybody.
    """
    reports = trade.reporters
    if reports is None:
        return frozenset(native), bool(direct)
    if any(("M", t) in reports for t in question.targets):
        return frozenset(native), bool(direct)
    return frozenset(c for c in native if ("X", c) in reports), any(("X", c) in reports for c in direct)


def _silences(
    trade: Trade, q: Question, span: Span, exporter: Array, importer: Array, period: Array, value: Array
) -> list[Silence]:
    """Sellers that reported sales to the targets in most periods of the baseline and in next to none since: a zero that
    begins at the break is no zero. BACI, where others' reports fill the holes, has none."""
    if trade.reporters is None or any(("M", t) in trade.reporters for t in q.targets):
        return []
    out, window = [], (*span.pre, *span.post)
    for who in sorted(
        set(exporter[np.isin(importer, q.targets)].tolist()) - q.origins - {*q.targets, WORLD, "EU27"}
    ):
        mine = exporter == who
        there = mine & np.isin(importer, q.targets) & (value > 0)
        held = [p for p in window if (there & (period == p)).any()]
        before = [p for p in held if p in span.pre]
        since = [p for p in held if p not in span.pre]
        if 2 * len(before) < len(span.pre) or 5 * len(since) > len(span.post):
            continue
        others = {p for p in span.post if (mine & ~np.isin(importer, q.targets) & (period == p)).any()}
        kind = "suppressed partner" if 2 * len(others) >= len(span.post) else "stopped reporting"
        sold = [float(value[there & np.isin(period, part)].sum()) for part in (span.pre, span.post)]
        out.append(Silence(kind, who, held[-1], sold[0] * len(span.post) / len(span.pre), sold[1]))
    return out


def _no_states(exporter: Array, importer: Array, value: Array, entries: Array) -> list[str]:
    """A note on what stands under no state (areas not specified, free zones, groups): never a hub or an origin."""
    odd = sorted(
        c for c in {*exporter.tolist(), *importer.tolist()} if not is_country(c) and c not in (WORLD, "EU27")
    )
    if not odd:
        return []
    at = np.isin(exporter, odd) | np.isin(importer, odd)
    share = float(value[at].sum() / max(value.sum(), 1e-9))
    return [
        f"{counted(int(entries[at].sum()), 'rows')} ({share:.1%} of the value) of areas that are not states "
        f"({', '.join(odd)}): counted, and no hub"
    ]


def _refuse_twice(trade: Trade, origins: list[str], markets: tuple[str, ...]) -> None:
    """A key that stands twice in either leg would count double."""
    rows = trade.engine.table(
        "SELECT exporter, market, product, period FROM outflow WHERE twice = 1 LIMIT 1"
    ).to_pylist()
    if not rows and len(origins) <= BITS:
        rows = trade.engine.table(
            "SELECT importer, product, period FROM inflow WHERE twice = 1 LIMIT 1"
        ).to_pylist()
    for r in rows:
        seller = trade.country(r["exporter"]) if "exporter" in r else "one of the origins"
        buyer = markets[r["market"]] if "market" in r else trade.country(r["importer"])
        raise DataError(
            f"{seller} to {buyer} {trade.product(r['product'])} "
            f"{trade.period(r['period'])} stands more than once: keep one row of each key"
        )


def _decoys(
    q: Question,
    origins: list[str],
    exporter: Array,
    importer: Array,
    period: Array,
    value: Array,
    entries: Array,
    span: Span,
) -> tuple[str, ...]:
    """Importers outside the coalition that buy about as much from third countries as the target does.

    They stand in for the target as placebos: a route found to a decoy is false by construction.
    """
    pre = np.isin(period, span.pre) & ~np.isin(exporter, [*origins, WORLD])
    names, at = np.unique(importer[pre], return_inverse=True)
    bought = dict(zip(names.tolist(), np.bincount(at, weights=value[pre]).tolist(), strict=True))
    own = sum(bought.get(t, 0.0) for t in q.targets)
    holed = {c for c, side, _ in span.gaps if side == "importer"}
    barred = {*q.origins, *q.targets} | holed
    fit = [c for c, v in bought.items() if c not in barred and is_country(c) and v > 0.02 * own]
    fit.sort(key=lambda c: (abs(np.log(bought[c] / own)), c) if own > 0 else (0.0, c))
    if len(fit) < 4:
        return ()
    # Enough placebo triangles are enough: in a very large file fewer decoys give them, in bounded memory.
    most: dict[str, float] = {}
    for p in span.pre[-1:] + span.post[-1:]:
        at_period = (period == p) & ~np.isin(exporter, [*origins, WORLD])
        for c, n in zip(importer[at_period].tolist(), entries[at_period].tolist(), strict=True):
            most[f"{c} {p}"] = most.get(f"{c} {p}", 0.0) + n
    chosen: list[str] = []
    pairs = 0.0
    for c in fit[: q.decoys]:
        pairs += 1.5 * max(most.get(f"{c} {p}", 0.0) for p in span.pre[-1:] + span.post[-1:])
        if len(chosen) >= 4 and pairs > PLACEBO_PAIRS:
            break
        chosen.append(c)
    return tuple(chosen)


def _parties(
    native: dict[str, Any], origins: set[str], barred: set[str], markets: dict[str, int]
) -> pa.Table:
    """Every country of the file: own = 1 for an origin; market = 0 for a target, 1.. for the decoys, else -1; ``bit``
    is of its own for each origin, and for each target.

    A member of the coalition that is not counted (its group is) is neither origin nor hub: it is left out.
    """
    kept = {name: code for name, code in native.items() if name in origins or name not in barred}
    bits = {name: 1 << n for n, name in enumerate(sorted(origins)[:BITS])}
    bits |= {name: 1 << n for n, name in enumerate(markets)}
    return pa.table(
        {
            "code": list(kept.values()),
            "own": [1.0 if name in origins else 0.0 for name in kept],
            "bit": pa.array([bits.get(name, 0) for name in kept], pa.int64()),
            "market": pa.array([markets.get(name, -1) for name in kept], pa.int64()),
        }
    )


def _splices(trade: Trade, splices: dict[str, str], engine: DuckDB | Spark) -> pa.Table:
    """Later code -> earlier code, in the file's own type of code."""
    probe = engine.table("SELECT product FROM trade LIMIT 1").column("product")
    if pa.types.is_integer(probe.type):
        numbers = pa.int64()
        return pa.table({"later": pa.array([int(x) for x in splices], numbers),
                         "earlier": pa.array([int(x) for x in splices.values()], numbers)})  # fmt: skip
    return pa.table(
        {"later": pa.array(list(splices), pa.string()), "earlier": pa.array(splices.values(), pa.string())}
    )


def _columns(table: pa.Table, trade: Trade) -> tuple[dict[str, Array], list[str], list[str]]:
    """Plain arrays; ``hub`` and ``product`` as dictionary codes with their decoded words."""
    out: dict[str, Array] = {}
    words: dict[str, list[str]] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in ("hub", "product"):
            coded = column.combine_chunks().dictionary_encode()
            if isinstance(coded, pa.ChunkedArray):
                coded = coded.combine_chunks()
            read = trade.country if name == "hub" else trade.product
            words[name] = [read(w) for w in coded.dictionary.to_pylist()]
            out[name] = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        elif name == "target":
            out[name] = column.to_numpy()
        else:
            out[name] = _settled(np.nan_to_num(column.to_numpy().astype(float)))
    return out, words["hub"], words["product"]


def _settled(sums: Array) -> Array:
    """Sums to twelve digits: an engine adds in the order that rows reach it, which moves the last ones."""
    _, exponent = np.frexp(sums)
    step = np.ldexp(1.0, exponent - 40)  # a power of two: exact to divide by
    return np.asarray(np.round(sums / step) * step)


def _swing(leg: dict[str, Array], hubs: list[str], spans: list[Span], side: str) -> None:
    """Replace the sums of logs and of their squares by the standard deviation; absent trade counts as zero. ``spans``:
    that of each product."""
    if not spans:
        del leg["logs"], leg["squares"]
        leg["swing"] = np.zeros(0)
        return
    each = {s.post[0]: s for s in spans}
    reported = {
        start: np.array([max(1, s.reported(c, side)) for c in hubs], dtype=float) for start, s in each.items()
    }
    place = {start: n for n, start in enumerate(reported)}
    of = np.array([place[s.post[0]] for s in spans])[leg["product"]]
    periods = np.array(list(reported.values()))[of, leg["hub"]]
    mean = leg.pop("logs") / periods
    leg["swing"] = np.sqrt(np.maximum(leg.pop("squares") / periods - mean**2, 0.0))


def _recode(
    leg: dict[str, Array], hub: list[str], product: list[str], hubs: list[str], products: list[str]
) -> None:
    at = {c: n for n, c in enumerate(hubs)}
    leg["hub"] = np.array([at[c] for c in hub], dtype=np.int64)[leg["hub"]] if hub else leg["hub"]
    at = {c: n for n, c in enumerate(products)}
    leg["product"] = (
        np.array([at[c] for c in product], dtype=np.int64)[leg["product"]] if product else leg["product"]
    )
    # An engine gives rows in no order; draws below go by place.
    order = np.lexsort((leg["product"], leg["hub"], leg.get("target", leg["hub"])))
    for name, column in leg.items():
        leg[name] = column[order]
