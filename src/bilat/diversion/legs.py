# SPDX-License-Identifier: Apache-2.0
"""The three legs of a triangle (origin -> target, origin -> hub, hub -> target) out of any number of rows.

The big file is read in three column-pruned scans (totals, leg one, leg two). What remains is one row
per (destination, product) and per (hub, target, product); everything after this module works on those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Silence
from bilat.diversion.queries import distinct, literals, sql
from bilat.diversion.reported import LATE, Totals, read_totals, silent_sellers
from bilat.diversion.unit_steps import PURCHASES, SALES, in_one_unit, unit_steps
from bilat.diversion.window import Span, find_span, weights, with_gaps, without
from bilat.engine import DuckDB, Spark
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade
from bilat.places.coalitions import coalitions, is_country
from bilat.places.place_codes import OTHER_ASIA
from bilat.units.written import counted

Array = np.ndarray[Any, Any]
WORLD = "WLD"
#: Origins that can have a bit of their own in a whole number of 64 bits.
BITS = 62


@dataclass(frozen=True)
class DiversionScope:
    """Who diverts what, since when. ``targets`` count as one market; ``window`` is the baseline's length in years."""

    origins: frozenset[str]
    targets: tuple[str, ...]
    since: str
    until: str | None = None
    hubs: frozenset[str] | None = None
    window: int = 3

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

    ``inward``: hub, product, before, after, late_* (the last part of the window), then_* (a made-up break within the
    baseline), rest_* (from others than the origins); ``outward``: before, after and late_* of sales to the targets,
    ``sold`` of sales to others; ``direct``: as ``inward``, origins to the targets. ``hubs`` and ``products`` decode the
    integers. ``books``: hubs whose sales to the target are held; ``direct_held``: whether direct trade is.
    """

    question: DiversionScope
    span: Span
    hubs: list[str]
    products: list[str]
    inward: dict[str, Array]
    outward: dict[str, Array]
    direct: dict[str, Array]
    sold: dict[str, Array]
    books: frozenset[str]
    direct_held: bool
    notes: tuple[str, ...] = field(default=())
    silences: tuple[Silence, ...] = ()
    origins: tuple[str, ...] = ()  #: whose sales are held; the EU as one reporter stands for its members
    barred: frozenset[str] = frozenset()  #: whose purchases are in another unit since a step
    throughout: frozenset[str] = frozenset()  #: those of ``books`` that sold to the target as often as before


def gather(
    trade: Trade, question: DiversionScope, splices: dict[str, str] | None = None, whole: Totals | None = None,
    mended: tuple[Silence, ...] = (),
) -> Legs:  # fmt: skip
    """Read the legs of ``question`` out of ``trade``; ``whole``: of sales that were turned about, all that was sold;
    ``mended``: changes of unit that were found and taken back.

    Raises
    ------
    DataError
        if the file holds nothing before or nothing after the break, or nothing from the origins.
    """
    engine = trade.engine
    totals = read_totals(trade)
    codes = [c for side in ("exporter", "importer") for c in distinct(trade, side)]
    native = {trade.country(c): c for c in codes}
    stamp = {trade.period(p): p for p in distinct(trade, "period")}
    exporter, importer, period = totals.exporter, totals.importer, totals.period
    origins = sorted(c for c in question.origins if c in native)
    if coalitions()["EU27"] <= question.origins and "EU27" in exporter:
        # The EU as one reporter stands for its members: both together would count double.
        origins = sorted({"EU27", *(c for c in origins if c not in coalitions()["EU27"])})
    if not origins:
        raise DataError(
            f"the file holds no exports of {', '.join(sorted(question.origins)[:6])}: "
            f"name origins that it holds ({', '.join(sorted(native)[:12])} ...) with `origin`; what hubs sell "
            "on is read beside the EU's exports where it is by month and `origin` has the EU27"
        )
    if not (sellers := tuple(c for c in origins if c in exporter[totals.value > 0])):
        raise DataError(
            f"the file holds no exports of {', '.join(origins[:6])}: it has them as buyers alone; name with `origin` "
            "who sells in it"
        )
    if question.targets and not np.isin(importer, question.targets).any():
        raise DataError(
            f"the file holds no trade with the target {question.target} as buyer: "
            "add its imports, or the exports of others to it"
        )
    span = find_span(question.since, question.until, question.window, sorted(stamp))
    span = with_gaps(span, exporter, importer, period, totals.entries)
    to_target = set(exporter[np.isin(importer, question.targets)].tolist())
    books, direct_held = _books(trade, question, native, to_target & set(origins))
    silences = _silences(trade, question, span, whole or totals)
    side = "exporter" if question.targets else "importer"
    # A partner that is left out does not touch what is reported of others, which sales alone do not have.
    stopped = {"stopped reporting", LATE, "" if question.targets else "suppressed partner"}
    span = without(span, [(s.hub, side, s.first) for s in silences if s.kind in stopped])
    books -= {
        s.hub for s in silences if s.kind not in ("stopped reporting", LATE) or span.lacks(s.hub, side) > 0.5
    }
    left = _no_states(exporter, importer, totals.value, totals.entries)
    if str(native.get("TWN")) in OTHER_ASIA:
        left.append(
            f"{native['TWN']} (Other Asia, not elsewhere specified) is read as Taiwan, which the UN does not list by "
            "itself"
        )

    engine.register("splices", _splices(splices or {}, engine))
    engine.register("spans", weights(span, native, stamp))
    window = [stamp[p] for p in (*span.pre, *span.post)]
    terms = {"first": literals([min(window)]), "last": literals([max(window)])}
    barred = question.origins | ({"EU27"} if "EU27" in origins else set())
    engine.register("parties", _parties(native, set(origins), set(barred), question.targets))
    engine.keep("inflow", sql("inflow").substitute(terms))
    engine.keep("outflow", sql("outflow").substitute(terms))
    _refuse_twice(trade, origins, question.target)
    steps = unit_steps(trade, terms["first"], terms["last"], span.monthly, question.targets)
    if known := [
        s for s in steps if s.factor and not any((m.hub, m.first) == (s.hub, s.first) for m in mended)
    ]:
        in_one_unit(trade, known, f"in_one_unit_{len(mended)}")
        return gather(trade, question, splices, whole, (*mended, *known))
    direct_held &= not any(s.hub in question.targets for s in steps)
    books -= {s.hub for s in steps if s.kind == SALES}
    barred_hubs = frozenset(s.hub for s in steps if s.kind == PURCHASES)
    inward, hub_in, product_in = _columns(engine.table(sql("pairs_in").template), trade)
    outward, hub_out, product_out = _columns(engine.table(sql("pairs_out").template), trade)
    sold, hub_sold, product_sold = _columns(engine.table(sql("sold").substitute(terms)), trade)
    hubs = sorted({*hub_in, *hub_out, *hub_sold})
    products = sorted({*product_in, *product_out})
    _recode(inward, hub_in, product_in, hubs, products)
    _recode(outward, hub_out, product_out, hubs, products)
    wanted = set(products)
    if product_sold:
        keep = np.array([p in wanted for p in product_sold], dtype=bool)[sold["product"]]
        sold = {c: v[keep] for c, v in sold.items()}
    _recode(sold, hub_sold, [p if p in wanted else products[0] for p in product_sold], hubs, products)
    at_target = np.isin(np.array(hubs), question.targets)[inward["hub"]]
    direct = {c: v[at_target] for c, v in inward.items()}
    inward = {c: v[~at_target] for c, v in inward.items()}
    notes = [*trade.notes, *_gap_notes(span), *left]
    own = books if trade.reporters is None else {who for flow, who in trade.reporters if flow == "X"}
    return Legs(
        question, span, hubs, products, inward, outward, direct, sold, books, direct_held, tuple(notes),
        (*mended, *steps, *silences), sellers, barred_hubs,
        (books & own & _throughout(totals, span, question.targets)) - {s.hub for s in (*steps, *silences)},
    )  # fmt: skip


def _throughout(t: Totals, span: Span, targets: tuple[str, ...]) -> frozenset[str]:
    """Sellers that have sold to the targets since the break as often as before it, but for a tenth, and of which no
    period is left out."""
    sold = np.isin(t.importer, targets) & (t.value > 0)
    held = set(zip(t.exporter[sold].tolist(), t.period[sold].tolist(), strict=True))

    def often(who: str, part: tuple[str, ...]) -> float:
        return sum((who, p) in held for p in part) / len(part)

    whole = {who for who, _ in held if not span.lacks(who, "exporter") and often(who, span.post) > 0}
    return frozenset(who for who in whole if often(who, span.post) >= 0.9 * often(who, span.pre))


def _gap_notes(span: Span) -> list[str]:
    """One line for each side of each state that did not report in some periods."""
    gaps: dict[tuple[str, str], list[str]] = {}
    for who, side, period in span.gaps:
        gaps.setdefault((who, side), []).append(period)
    out = []
    for (who, side), periods in list(gaps.items())[:20]:
        named = ", ".join(periods[:3]) + (f" ... {periods[-1]}" if len(periods) > 3 else "")
        lost = sum(p in span.post for p in periods)
        out.append(
            f"{who} has next to no rows as {side} in {named}: left out; what its routes carried is scaled up from "
            f"{len(span.post) - lost} of {counted(len(span.post), 'periods')} since the break"
        )
    return out


def _books(
    trade: Trade, question: DiversionScope, native: dict[str, object], direct: set[str]
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


def _silences(trade: Trade, q: DiversionScope, span: Span, totals: Totals) -> list[Silence]:
    """Sellers that fell silent; BACI, where others' reports fill the holes, has none, nor has what the target reports.
    Sales alone are turned about: their origin is the target, and who buys is who reports selling."""
    if trade.reporters is None or any(("M", t) in trade.reporters for t in q.targets):
        return []
    targets = q.targets or tuple(q.origins)
    sellers = {c for flow, c in trade.reporters if flow == ("X" if q.targets else "M")}
    return silent_sellers(totals, span, targets, {*q.origins, *targets, WORLD, "EU27"}, sellers)


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


def _refuse_twice(trade: Trade, origins: list[str], target: str) -> None:
    """A key that stands twice in either leg would count double."""
    twice = "SELECT {}, product, period FROM {} WHERE twice = 1 LIMIT 1"
    rows = trade.engine.table(twice.format("exporter", "outflow")).to_pylist()
    if not rows and len(origins) <= BITS:
        rows = trade.engine.table(twice.format("importer", "inflow")).to_pylist()
    for r in rows:
        seller = trade.country(r["exporter"]) if "exporter" in r else "one of the origins"
        buyer = target if "exporter" in r else trade.country(r["importer"])
        raise DataError(
            f"{seller} to {buyer} {trade.product(r['product'])} "
            f"{trade.period(r['period'])} stands more than once: keep one row of each key"
        )


def _parties(
    native: dict[str, object], origins: set[str], barred: set[str], targets: tuple[str, ...]
) -> pa.Table:
    """Every country of the file: own = 1 for an origin, target = 1 for a target; ``bit`` is of its own for each.

    A member of the coalition that is not counted (its group is) is neither origin nor hub: it is left out.
    """
    kept = {name: code for name, code in native.items() if name in origins or name not in barred}
    bits = {name: 1 << n for n, name in enumerate(sorted(origins)[:BITS])}
    bits |= {name: 1 << n for n, name in enumerate(targets)}
    return pa.table(
        {
            "code": list(kept.values()),
            "own": [1.0 if name in origins else 0.0 for name in kept],
            "target": pa.array([int(name in targets) for name in kept], pa.int64()),
            "bit": pa.array([bits.get(name, 0) for name in kept], pa.int64()),
        }
    )


def _splices(splices: dict[str, str], engine: DuckDB | Spark) -> pa.Table:
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
        else:
            out[name] = _settled(np.nan_to_num(column.to_numpy().astype(float)))
    return out, words["hub"], words["product"]


def _settled(sums: Array) -> Array:
    """Sums to twelve digits: an engine adds in the order that rows reach it, which moves the last ones."""
    _, exponent = np.frexp(sums)
    step = np.ldexp(1.0, exponent - 40)  # a power of two: exact to divide by
    return np.asarray(np.round(sums / step) * step)


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
    order = np.lexsort((leg["product"], leg["hub"]))
    for name, column in leg.items():
        leg[name] = column[order]
