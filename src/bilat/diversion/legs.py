# SPDX-License-Identifier: Apache-2.0
"""The three legs of a triangle (origin -> target, origin -> hub, hub -> target) out of any number
of rows.

The big file is read in three column-pruned scans (totals, leg one, leg two). What remains is one
row per (destination, product) and per (hub, target, product); everything after this module works on
those.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow.compute import index_in

from bilat.diversion.answer import SalesApart, Silence
from bilat.diversion.queries import literals, sql
from bilat.diversion.reports import LATE, Totals, read_totals, silent_sellers
from bilat.diversion.unit_steps import PURCHASES, SALES, unit_steps
from bilat.diversion.window import Span, find_span, weights, with_gaps, without
from bilat.engine import DuckDB
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import splices
from bilat.places.coalitions import coalitions, is_country
from bilat.places.place_codes import OTHER_ASIA
from bilat.units.notation import count_text

Array = np.ndarray[Any, Any]
WORLD = "WLD"
#: Origins that can have a bit of their own in a whole number of 64 bits.
BITS = 62
#: Silences of a hub that reports nothing any more, or not yet.
STOPPED = ("stopped reporting", LATE)
#: Power of two to which a sum of dollars is settled at the finest: a tenth of a cent.
FINEST = -10


@dataclass(frozen=True)
class DiversionScope:
    """Who diverts what, since when. ``targets`` count as one market; ``window`` is the
    baseline's length in years."""

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
            if target in (self.hubs or ()):
                raise UsageError(f"{target} is both `hub` and target: a hub is what lies between")
        if len(self.since) not in (4, 7):
            raise UsageError(f"`since` {self.since!r}: write a month 2022-03 or a year 2022")

    @property
    def target(self) -> str:
        """The targets in one word: ``RUS`` or ``RUS,BLR``."""
        return ",".join(self.targets)


@dataclass(frozen=True)
class Legs:
    """Arrays of equal length per leg. Values in USD over the whole post-break window.

    ``inward``: hub, product, before, after, late_* (the last part of the window), then_* (a made-up
    break within the baseline), rest_* (from others than the origins); ``outward``: before, after
    and late_* of sales to the targets, ``sold`` of sales to others; ``direct``: as ``inward``,
    origins to the targets. ``hubs`` and ``products`` decode the integers. ``books``: hubs whose
    sales to the target are held; ``direct_held``: whether direct trade is.
    """

    question: DiversionScope
    span: Span
    totals: Totals
    hubs: list[str]
    products: list[str]
    inward: dict[str, Array]
    outward: dict[str, Array]
    direct: dict[str, Array]
    sold: dict[str, Array]
    books: frozenset[str]
    direct_held: bool
    notes: tuple[str, ...] = field(default=())
    sales_apart: SalesApart | None = None
    silences: tuple[Silence, ...] = ()
    #: by hub and product what the origins sent and what the hub booked; None where no hub books
    both_books: dict[str, Array] | None = None
    #: hub -> the first and the last period since the break that it booked
    booked_periods: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    origins: tuple[
        str, ...
    ] = ()  #: whose sales are held; the EU as one reporter stands for its members
    barred: frozenset[str] = frozenset()  #: whose purchases are in another unit since a step
    #: hubs whose sales to the target are in the records only since the break
    without_past: frozenset[str] = frozenset()
    throughout: frozenset[str] = (
        frozenset()
    )  #: those of ``books`` that sold to the target as often as before


def gather(trade: Trade, question: DiversionScope, whole: Totals | None = None) -> Legs:
    """Read the legs of ``question`` out of ``trade``; ``whole``: of sales that were turned about,
    all that was sold.

    Raises
    ------
    DataError
        if the file holds nothing before or nothing after the break, or nothing from the origins, or
        the unit of an
        origin or a target changes.
    """
    totals = read_totals(trade)
    origins, sellers = _origins(totals, question)
    periods = _with_purchases(totals, origins, question)
    span = find_span(question.since, question.until, question.window, periods)
    span = with_gaps(span, totals.exporter, totals.importer, totals.period, totals.entries)
    silences = _silences(trade, question, span, whole or totals)
    span = _without_silent(span, silences, question)
    books, direct_held = _books(trade, question, totals, origins)
    reported = books
    books -= _not_held(span, silences, question)

    terms = _register(trade, question, totals, span, origins)
    _refuse_twice(trade.engine, len(origins), question.target)
    steps = unit_steps(trade, terms, span.post[-1], question.targets)
    books -= {step.hub for step in steps if step.kind == SALES}
    bought, sales, elsewhere = (
        trade.engine.table(sql(name).substitute(terms))
        for name in ("pairs_in", "pairs_out", "sold")
    )
    hubs = _names("hub", bought, sales, elsewhere)
    products = _names("product", bought, sales)
    both_books, booked_periods = _both_books(trade, hubs, products)
    inward = _columns(bought, hubs, products)
    outward = _columns(sales, hubs, products)
    at_target = np.isin(np.array(hubs), question.targets)[inward["hub"]]
    _refuse_legs_apart(question, totals, inward, outward)
    as_often = _throughout(totals, span, question.targets) & books & _reporters(trade, books)
    return Legs(
        question=question,
        span=span,
        totals=totals,
        hubs=hubs,
        products=products,
        inward={name: column[~at_target] for name, column in inward.items()},
        outward=outward,
        direct={name: column[at_target] for name, column in inward.items()},
        sold=_columns(elsewhere, hubs, products),
        books=books,
        both_books=both_books,
        booked_periods=booked_periods,
        direct_held=direct_held,
        notes=(*trade.notes, *_gap_notes(span), *_no_states(totals)),
        sales_apart=_sales_apart(totals, origins, question, span),
        silences=(*steps, *silences),
        origins=sellers,
        barred=frozenset(step.hub for step in steps if step.kind == PURCHASES),
        without_past=_sold(totals, span, question.targets) - reported,
        throughout=as_often - {silence.hub for silence in (*steps, *silences)},
    )


def _seller_side(question: DiversionScope) -> str:
    """Return on which side of the file hubs report their sales: of sales alone, which are turned
    about, as importers."""
    return "exporter" if question.targets else "importer"


def _without_silent(span: Span, silences: Collection[Silence], question: DiversionScope) -> Span:
    """Return the span without the periods of hubs that stopped reporting."""
    kinds = {*STOPPED}
    if not question.targets:
        # Who leaves out a partner goes on reporting of others, which sales alone do not have.
        kinds.add("suppressed partner")
    side = _seller_side(question)
    return without(span, [(s.hub, side, s.first) for s in silences if s.kind in kinds])


def _not_held(span: Span, silences: Collection[Silence], question: DiversionScope) -> set[str]:
    """Return the hubs whose sales to the target are not held because they fell silent.

    Of who stopped reporting they are held if at least half of the window is.
    """
    side = _seller_side(question)
    return {
        silence.hub
        for silence in silences
        if silence.kind not in STOPPED or span.lacks(silence.hub, side) > 0.5
    }


def _register(
    trade: Trade,
    question: DiversionScope,
    totals: Totals,
    span: Span,
    origins: list[str],
) -> dict[str, str]:
    """Register what the scans read, and keep both legs; return the first and last period as SQL."""
    engine = trade.engine
    engine.register("goods", _goods(trade))
    engine.register("spans", weights(span, sorted(totals.codes)))
    engine.register("parties", _parties(totals.codes, origins, question))
    periods = (*span.pre, *span.post)
    codes = [totals.stamps[period] for period in periods]
    engine.register("stamps", pa.table({"code": codes, "name": periods}))
    terms = {"first": literals([min(codes)]), "last": literals([max(codes)])}
    engine.keep("inflow", sql("inflow").substitute(terms))
    engine.keep("outflow", sql("outflow").substitute(terms))
    return terms


def _both_books(
    trade: Trade, hubs: list[str], products: list[str]
) -> tuple[dict[str, Array] | None, dict[str, tuple[str, str]]]:
    """Return what the origins sent to each hub and what it booked, and the periods that it booked.

    Nothing where no file has both sides.
    """
    if not trade.both_sides:
        return None, {}
    found = trade.engine.table(sql("both_books").template)
    ends = ("hub", "first_period", "last_period")
    periods = {
        hub: (first, last)
        for hub, first, last in zip(*(found[c].to_pylist() for c in ends), strict=True)
    }
    if not found.num_rows:
        return None, {}
    numbers = found.drop_columns(["first_period", "last_period"])
    return _columns(numbers, hubs, products), periods


def _names(column: str, *tables: pa.Table) -> list[str]:
    """Return the names in a column of several tables, sorted."""
    names: set[str] = set()
    for table in tables:
        names.update(table[column].unique().to_pylist())
    return sorted(names)


def _reporters(trade: Trade, everybody: frozenset[str]) -> frozenset[str]:
    """Return who reports sales; ``everybody`` where the file does not say who reports."""
    if trade.reporters is None:
        return everybody
    return frozenset(who for flow, who in trade.reporters if flow == "X")


def _origins(totals: Totals, question: DiversionScope) -> tuple[list[str], tuple[str, ...]]:
    """(the origins that the file names, those of them that sell in it)."""
    named = sorted(totals.codes)
    members = coalitions()["EU27"]
    origins = [c for c in named if c in question.origins]
    if members <= question.origins and "EU27" in totals.exporter:
        # The EU as one reporter stands for its members: both together would count double.
        origins = sorted({"EU27", *(c for c in origins if c not in members)})
    if not origins:
        raise DataError(
            f"the file holds no exports of {', '.join(sorted(question.origins)[:6])}: name "
            f"origins that it holds ({', '.join(named[:12])} ...) with `origin`; what hubs sell "
            "on is read beside the EU's exports where it is by month and `origin` has the EU27"
        )
    sell = set(totals.exporter[totals.value > 0].tolist())
    if not (sellers := tuple(c for c in origins if c in sell)):
        raise DataError(
            f"the file holds no exports of {', '.join(origins[:6])}: it has them as buyers "
            "alone. Name with `origin` who sells in it"
        )
    if question.targets and not np.isin(totals.importer, question.targets).any():
        raise DataError(
            f"these records have no trade with the target {question.target} as buyer: give a file "
            "with its imports, or with the exports of others to it"
        )
    return origins, sellers


def _with_purchases(
    totals: Totals, origins: Collection[str], question: DiversionScope
) -> list[str]:
    """Return the periods from the first to the last in which the origins sold anything to a hub.

    Sales of hubs may begin earlier and end later. There the purchases are unknown, not zero. Where
    no hub bought anything, or none since the break, every period counts.
    """
    every = sorted(totals.stamps)
    sold = np.isin(totals.exporter, list(origins)) & (totals.value > 0)
    to_hubs = sold & ~np.isin(totals.importer, question.targets)
    known = sorted(set(totals.period[to_hubs].tolist()))
    if not question.targets or not known or known[-1] < question.since[: len(known[-1])]:
        return every
    return [period for period in every if known[0] <= period <= known[-1]]


def _sales_apart(
    totals: Totals, origins: Collection[str], question: DiversionScope, span: Span
) -> SalesApart | None:
    """Return the sales to the targets since the break that are later than all purchases."""
    asked = find_span(question.since, question.until, question.window, sorted(totals.stamps))
    by_hubs = ~np.isin(totals.exporter, list(origins)) & (totals.value > 0)
    sold = set(totals.period[by_hubs & np.isin(totals.importer, question.targets)].tolist())
    later = [period for period in asked.post if period in sold and period > span.post[-1]]
    if not later:
        return None
    compared = bool(sold & set(span.post))
    return SalesApart(span.post[-1], later[0], later[-1], compared)


def _sold(t: Totals, span: Span, targets: tuple[str, ...]) -> frozenset[str]:
    """Return who sold the targets anything since the break."""
    sold = np.isin(t.importer, targets) & (t.value > 0) & np.isin(t.period, span.post)
    return frozenset(t.exporter[sold].tolist())


def _throughout(t: Totals, span: Span, targets: tuple[str, ...]) -> frozenset[str]:
    """Sellers that have sold to the targets since the break as often as before it, but for a
    tenth, and of which no period is left out."""
    sold = np.isin(t.importer, targets) & (t.value > 0)
    held = set(zip(t.exporter[sold].tolist(), t.period[sold].tolist(), strict=True))

    def often(who: str, part: tuple[str, ...]) -> float:
        return sum((who, p) in held for p in part) / len(part)

    whole = {
        who for who, _ in held if not span.lacks(who, "exporter") and often(who, span.post) > 0
    }
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
            f"{who} has next to no rows as {side} in {named}: left out; what its routes carried "
            f"is scaled up from {len(span.post) - lost} of {count_text(len(span.post), 'periods')} "
            "since the break"
        )
    return out


def _books(
    trade: Trade, question: DiversionScope, totals: Totals, origins: Collection[str]
) -> tuple[frozenset[str], bool]:
    """(countries whose sales to the target are held, whether the origins' are).

    A sale is held where its seller or its buyer reports on both sides of the break; what neither
    reports is not nothing. BACI holds everybody.
    """
    reports = trade.reporters
    everybody = frozenset(totals.codes)
    direct = set(totals.exporter[np.isin(totals.importer, question.targets)].tolist()) & set(
        origins
    )
    if reports is None or any(("M", t) in reports for t in question.targets):
        return everybody, bool(direct)
    return frozenset(c for c in everybody if ("X", c) in reports), any(
        ("X", c) in reports for c in direct
    )


def _silences(trade: Trade, q: DiversionScope, span: Span, totals: Totals) -> list[Silence]:
    """Sellers that fell silent; BACI, where others' reports fill the holes, has none, nor has
    what the target reports. Sales alone are turned about: their origin is the target, and who
    buys is who reports selling."""
    if trade.reporters is None or any(("M", t) in trade.reporters for t in q.targets):
        return []
    targets = q.targets or tuple(q.origins)
    reports = trade.engine.table("SELECT DISTINCT reporter FROM reports WHERE flow = 'X'")
    sellers = set(reports.column("reporter").to_pylist())
    return silent_sellers(totals, span, targets, {*q.origins, *targets, WORLD, "EU27"}, sellers)


def _no_states(t: Totals) -> list[str]:
    """Notes on what stands under no state (areas not specified, free zones, groups), which is
    never a hub or an origin, and on Taiwan, which the UN does not list."""
    odd = sorted(c for c in t.codes if not is_country(c) and c not in (WORLD, "EU27"))
    notes = []
    if odd:
        at = np.isin(t.exporter, odd) | np.isin(t.importer, odd)
        share = float(t.value[at].sum() / max(t.value.sum(), 1e-9))
        notes.append(
            f"{count_text(int(t.entries[at].sum()), 'rows')} ({share:.1%} of the value) of areas "
            f"that are not states ({', '.join(odd)}): counted, and no hub"
        )
    if (code := str(t.codes.get("TWN"))) in OTHER_ASIA:
        notes.append(
            f"{code} (Other Asia, not elsewhere specified) is read as Taiwan, which the UN does "
            "not list by itself"
        )
    return notes


def _refuse_legs_apart(
    question: DiversionScope, totals: Totals, inward: dict[str, Array], outward: dict[str, Array]
) -> None:
    """A file whose purchases end before the break while its sales go on has no period with both
    legs."""
    if not question.targets or inward["after"].sum() > 0 or not outward["after"].sum() > 0:
        return
    sold = np.isin(totals.importer, question.targets) & (totals.value > 0)
    bought = np.isin(totals.exporter, sorted({*question.origins, "EU27"})) & (totals.value > 0)
    if bought.any():
        raise DataError(
            f"what the origins sold ends with {max(totals.period[bought])}, before the break, "
            f"and sales to {question.target} go on to {max(totals.period[sold])}: give both legs "
            "for the same years"
        )


def _refuse_twice(engine: DuckDB, origins: int, target: str) -> None:
    """A key that appears twice in either leg would count double."""
    twice = "SELECT hub, product, period FROM {} WHERE twice = 1 LIMIT 1"
    rows = engine.table(twice.format("outflow")).to_pylist()
    sides = "{hub} to " + target
    if not rows and origins <= BITS:
        rows = engine.table(twice.format("inflow")).to_pylist()
        sides = "one of the origins to {hub}"
    for r in rows:
        key = f"{sides.format(hub=r['hub'])} {r['product']} {r['period']}"
        raise DataError(f"{key} appears more than once: keep one row of each key")


def _parties(
    codes: Mapping[str, str | int], origins: list[str], question: DiversionScope
) -> pa.Table:
    """Every country of the file: own = 1 for an origin, target = 1 for a target; ``bit`` is of its
    own for each.

    A member of the coalition that is not counted (its group is) is neither origin nor hub: it is
    left out.
    """
    targets = question.targets
    names = [c for c in codes if c in origins or c not in question.origins]
    bits = {name: 1 << n for n, name in enumerate(origins[:BITS])}
    bits |= {name: 1 << n for n, name in enumerate(targets)}
    return pa.table(
        {
            "code": [codes[c] for c in names],
            "name": names,
            "own": [float(c in origins) for c in names],
            "target": pa.array([int(c in targets) for c in names], pa.int64()),
            "bit": pa.array([bits.get(c, 0) for c in names], pa.int64()),
        }
    )


def _goods(trade: Trade) -> pa.Table:
    """The file's own code of every product, with its HS code: of one that HS 2022 changed the
    earlier, where the file holds both; else there is no break to mend."""
    codes = trade.engine.table("SELECT DISTINCT product FROM trade").column("product")
    names = [trade.product(c) for c in codes.to_pylist()]
    earlier = splices()
    held = set(names)
    joined = [n if earlier.get(n) not in held else earlier[n] for n in names]
    return pa.table({"code": codes, "name": joined})


def _columns(table: pa.Table, hubs: list[str], products: list[str]) -> dict[str, Array]:
    """Plain arrays, by hub and product, which are their places in the lists; what is in none of
    them is left out."""
    # An engine gives rows in no order; draws below go by place.
    table = table.sort_by([("hub", "ascending"), ("product", "ascending")])
    at = {
        c: index_in(table[c], pa.array(names))
        for c, names in (("hub", hubs), ("product", products))
    }
    known = at["product"].is_valid().to_numpy()
    out = {c: v.fill_null(0).to_numpy()[known].astype(np.int64) for c, v in at.items()}
    numbers = (c for c in table.column_names if c not in out)
    return out | {
        c: _settled(np.nan_to_num(table[c].to_numpy().astype(float)))[known] for c in numbers
    }


def _settled(sums: Array) -> Array:
    """Sums to twelve digits, and none finer than a tenth of a cent: an engine adds in the order
    that rows reach it, which moves the last ones."""
    _, exponent = np.frexp(sums)
    # A power of two: exact to divide by.
    step = np.ldexp(1.0, np.maximum(exponent - 40, FINEST))
    return np.asarray(np.round(sums / step) * step)
