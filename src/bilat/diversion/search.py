# SPDX-License-Identifier: Apache-2.0
"""``bilat divert``: which hubs buy what the target lost, which goods reach it through them, since
when, how surely, and what else could explain it. See :mod:`bilat.diversion.hubs` for hubs and
:mod:`bilat.diversion.estimate` for pairs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from bilat.diversion.all_trade import larger_than_all
from bilat.diversion.amount import LegFlows
from bilat.diversion.answer import (
    Diversion,
    Hub,
    LegHeld,
    LegTotals,
    Likely,
    Onward,
    Route,
    unbought,
)
from bilat.diversion.candidates import new_codes
from bilat.diversion.compared import compared
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.hubs import Tree, tree
from bilat.diversion.judge import CARRIED, REASONS
from bilat.diversion.legs import WORLD, Array, DiversionScope, Legs, gather
from bilat.diversion.likely import likely_by_hub
from bilat.diversion.listed import components_by_kind, listed_in
from bilat.diversion.months import flag, monthly, silences, suppliers
from bilat.diversion.onward import odd_sizes, onward_sales, union_sales
from bilat.diversion.pairs import Screened, screen
from bilat.diversion.queries import literals, replace_trade
from bilat.diversion.records import stored_records
from bilat.diversion.reported import Totals, read_totals
from bilat.diversion.store import HeldTrade, held_trade, lacks_origins
from bilat.diversion.unit_values import TradedWeights, weigh
from bilat.engine import DuckDB
from bilat.errors import DataError, UsageError, command
from bilat.formats.trade import read
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import Basket, basket, successors
from bilat.goods.descriptions import description
from bilat.goods.short_names import short_name
from bilat.holdings import Holdings
from bilat.places import country
from bilat.places.coalitions import coalitions
from bilat.places.coalitions import origins as origins_of
from bilat.when import AsOf, Period

#: The basket that is every product, and the origins that are whoever sells to the hubs.
EVERYTHING = "all"
ANYBODY = "ANY"
#: Rows beside which stands what else could explain them: beyond them the list is a ranking.
EXPLAINED = 100
#: Pairs and hubs of what is held, as long as the holdings live: the measure and the monitor ask the
#: same.
_SEARCHED: WeakKeyDictionary[
    Holdings, dict[tuple[AsOf | None, DiversionScope], tuple[Screened, Tree]]
] = WeakKeyDictionary()


def divert(
    files: Sequence[Path | str] = (),
    *,
    origin: str = "COALITION",
    target: str = "RUS",
    since: str = "2022-03",
    until: str | None = None,
    basket_name: str | None = None,
    hubs: Sequence[str] | None = None,
    memory: str = "700MB",
    threads: int | None = None,
    window: int = 3,
    limit: int | None = 1000,
    cases: int = 20,
    holdings: Holdings | None = None,
    as_of: AsOf | None = None,
    only_file: bool = False,
) -> Diversion:
    """Find the states and goods through which sanctioned goods may still reach a state.

    Parameters
    ----------
    files
        trade files in any format of :mod:`bilat.formats.trade`. They are read with the stored
        trade, or alone if ``only_file``; without files the embedded exports of the EU are used, or
        for other origins what hubs report themselves.
    origin
        ``COALITION``, ``EU27``, ISO codes separated by commas, or ``ANY``: everyone who sells to
        the hubs that report.
    target
        an ISO code, or several separated by commas that count as one market.
    since, until
        the break (month or year), and the last period to use.
    basket_name
        ``chpl``, ``chpl:1``, ``eu-sanctioned``, ``civilian`` or a TOML file; every product by
        default.
    hubs
        the states to look at; all by default.
    memory, threads
        what the engine may hold before it writes to disk, and its threads; None for all cores.
    window
        years of baseline before the break.
    limit, cases
        rows to return, and how many of them, by amount at stake, get months and a break date.
    holdings
        the records to use; those that come with the package and were added to it by default.
    as_of
        a date that hides what the public could not know on it; today by default.
    only_file
        whether to leave the stored trade out.

    Returns
    -------
    Diversion
        ``hubs``, ``rows`` (each a route: a hub and a product) and ``flags``; values are in the
        currency that ``currency`` names.

    Raises
    ------
    UsageError, DataError
        for what cannot be asked, and for files that cannot answer it.

    Examples
    --------
    >>> from bilat import AsOf, divert
    >>> day = AsOf("2024-06-30")
    >>> found = divert(hubs=["KGZ"], basket_name="chpl", cases=0, threads=1, as_of=day)
    >>> [hub.hub for hub in found.hubs]
    ['KGZ']
    >>> found.currency
    'EUR'
    """
    chosen = basket(basket_name) if basket_name and basket_name != EVERYTHING else None
    targets = targets_of(target)
    ask = DiversionScope(
        origins=frozenset() if origin == ANYBODY else origins_of(origin),
        targets=targets,
        since=since,
        until=until,
        hubs=frozenset(country(h) for h in hubs) if hubs else None,
        window=window,
    )
    if not re.fullmatch(r"\d+(\.\d+)?\s*([KMGT]i?B)", memory.strip(), re.IGNORECASE):
        raise UsageError(f"`memory` {memory!r}: write a size with its unit, 700MB or 4GB")
    run = DuckDB(memory=memory, threads=threads)
    known = as_of or AsOf()
    store = holdings or Holdings()
    try:
        with tempfile.TemporaryDirectory(prefix="bilat-trade-") as work:
            named = [Path(f) for f in files]
            last = str(Period(until).end.year) if until else "9999"
            used = str(Period(since).start.year - window), last

            def opened(paths: Sequence[Path]) -> tuple[Trade, str]:
                reports = read(paths, Path(work), years=used)
                return reports.trade(run, since), reports.currency

            trade, currency = opened(named) if named else (Trade(run), "")
            held = None
            if not named or (not only_file and lacks_origins(trade, ask)):
                held = held_trade(Path(work), store, known, ask)
                trade, currency = opened([*named, held.path])
                own = (n for n in trade.notes if not n.startswith(held.path.name))
                trade = replace(trade, notes=(*own, *held.notes))
                # Beyond the last month of leg one nothing is compared: what is not held is not
                # nothing.
                ask = replace(ask, until=min(until or last, held.until))
            if origin == ANYBODY:
                ask = replace(ask, origins=_anybody(trade, ask))
            trade, turned, whole = _sales_alone(trade, ask)
            found = _answer(
                trade,
                turned,
                chosen,
                currency,
                (limit, cases),
                held,
                (store, known),
                [f.name for f in named],
                whole,
            )
            if cases and not only_file and ask.origins >= coalitions()["EU27"]:
                months = found.months_since
                records = stored_records(store, known, ask.targets, ask.hubs, months)
                found = replace(found, stored=records)
            return found if whole is None else _as_sales(found, ask)
    finally:
        run.close()


def _sellers(trade: Trade) -> set[str]:
    rows = trade.engine.table("SELECT DISTINCT exporter FROM trade").column("exporter").to_pylist()
    return set(map(trade.country, rows))


def _anybody(trade: Trade, ask: DiversionScope) -> frozenset[str]:
    """Whoever sells and does not report: the origin of goods of which only the hubs' books are
    held."""
    if trade.reporters is None:
        raise UsageError(f"`origin` {ANYBODY} takes hubs' own reports; of BACI name the origins")
    return frozenset(_sellers(trade) - {who for _, who in trade.reporters} - {*ask.targets, WORLD})


def _sales_alone(trade: Trade, ask: DiversionScope) -> tuple[Trade, DiversionScope, Totals | None]:
    """The trade and the question as they are; where no origin sells in the file, but hubs report
    sales to the targets, those sales turned about, with the sums of all that the file has: each
    hub against its own past, as if the target were the origin and the hub the buyer."""
    reports = trade.reporters
    if ask.origins and not coalitions()["EU27"] <= ask.origins:
        return trade, ask, None  # who names origins is told that the file has none of theirs
    sellers = _sellers(trade)
    if (
        reports is None
        or sellers & (ask.origins | {"EU27"})
        or not any(("X", s) in reports for s in sellers)
    ):
        return trade, ask, None
    whole = read_totals(trade)
    if not set(ask.targets) & set(whole.importer.tolist()):
        return trade, ask, None
    replace_trade(
        trade.engine,
        "sales",
        "SELECT importer AS exporter, exporter AS importer, product, period, value, quantity "
        f"FROM trade WHERE importer IN ({literals(ask.targets)})",
    )
    turned = frozenset(("M", who) for flow, who in reports if flow == "X")
    return (
        replace(trade, reporters=turned),
        replace(ask, origins=frozenset(ask.targets), targets=()),
        whole,
    )


def _as_sales(found: Diversion, ask: DiversionScope) -> Diversion:
    """The answer on sales that were turned about, as sales: leg two, of goods whose origin is
    not held."""
    nothing = LegTotals(None, None, None)
    rows = tuple(
        replace(
            r,
            into=nothing,
            out=r.into,
            at_stake=max(0.0, (r.into.actual or 0.0) - (r.into.expected or 0.0)),
            months=r.months and replace(r.months, inward=(), outward=r.months.inward),
        )
        for r in found.rows
    )
    rows = tuple(
        replace(r, rank=n + 1) for n, r in enumerate(sorted(rows, key=lambda r: -r.at_stake))
    )
    held = tuple(replace(h, leg="out of the hub", by="the seller") for h in found.held)
    notes = tuple(n for n in found.notes if "is not held" not in n)
    told = "what the hubs bought, and from whom, is not held: sales alone, each hub against its own past"
    return replace(
        found,
        sales=True,
        origins=(),
        targets=ask.targets,
        rows=rows,
        held=held,
        notes=(*notes, told),
    )


def _absent_hubs(legs: Legs) -> list[str]:
    """Hubs asked for that bought nothing from the origins."""
    wanted = legs.question.hubs or frozenset()
    bought = legs.inward["hub"][legs.inward["before"] + legs.inward["after"] > 0]
    absent = sorted(wanted - {legs.hubs[h] for h in np.unique(bought).tolist()})
    if absent and len(absent) == len(wanted):
        raise DataError(
            f"no purchase of {', '.join(absent)} from the origins is held: give a file of its "
            f"trade ({command('update', 'trade', hub=','.join(absent), goods='chpl')}), or "
            "another `hub`"
        )
    return absent


def _chosen_products(legs: Legs, chosen: Basket | None) -> frozenset[str] | None:
    """The products of the basket; None for every product."""
    if chosen is None:
        return None
    products = chosen.choose(legs.products)
    if not products:
        raise UsageError(
            f"the file holds no product of the basket {chosen.name!r}; "
            f"its codes look like {', '.join(legs.products[:3])}"
        )
    return products


def _answer(
    trade: Trade,
    ask: DiversionScope,
    chosen: Basket | None,
    currency: str,
    shown: tuple[int | None, int],
    held: HeldTrade | None,
    lists: tuple[Holdings, AsOf],
    files: Sequence[str] = (),
    whole: Totals | None = None,
) -> Diversion:
    legs = gather(trade, ask, whole)
    absent = _absent_hubs(legs)
    products = _chosen_products(legs, chosen)
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    limit, cases = shown
    as_of = lists[1] if held else None
    kept = _SEARCHED.setdefault(lists[0], {}) if not files and chosen is None else {}
    if (as_of, ask) not in kept:
        others = held.others if held else None
        found = screen(legs, products, others)
        kept[as_of, ask] = found, tree(trade, legs, found.fallen, asked, others)
    found, grown = kept[as_of, ask]
    surging = grown.flagged
    likely, carried = likely_by_hub(found)
    sales = onward_sales(trade, legs, asked) if ask.targets else {}
    hubs = _with_sales(grown.hubs, sales, likely)
    everything = np.arange(len(found.hub))
    order = np.lexsort((everything, -found.worth(everything, surging)))
    given = order[:limit]
    return Diversion(
        hubs=hubs,
        groups=grown.groups,
        clocks=grown.clocks,
        rows=_rows(trade, found, given, min(cases, len(given)), chosen or basket("chpl"), surging),
        total=grown.total,
        silences=silences(trade, legs, [h.hub for h in grown.hubs]),
        held=_held(legs, trade.reporters, {h.hub for h in hubs[:20]}),
        origins=legs.origins,
        targets=ask.targets,
        since=ask.since,
        before=(legs.span.pre[0], legs.span.pre[-1]),
        after=(legs.span.post[0], legs.span.post[-1]),
        basket=chosen.about if chosen else None,
        currency=currency,
        as_of=as_of,
        pairs_tested=len(found.hub),
        direct_held=legs.direct_held,
        absent=tuple(absent),
        gaps=legs.span.holes,
        fell=int((found.fallen & asked).sum()) if legs.direct_held else None,
        flag_q=FLAG_Q,
        notes=_notes(found),
        size_doubt=larger_than_all(legs.totals, *lists) if files else "",
        sources=(*files, *(held.sources if held else ())),
        listed=listed_in(
            *lists,
            {found.pair(n)[0] for n in given[:cases].tolist()},
            ask.targets or tuple(ask.origins),
        ),
        components=components_by_kind(*lists) if cases and "RUS" in ask.targets else {},
        carried=carried,
        odd_sizes=odd_sizes(legs) if ask.targets else {},
        union=union_sales(trade, legs, found.fallen & asked, _on_the_way(hubs, legs)),
        also_banned=_also_banned(legs, found.fallen & asked),
    )


def _with_sales(
    hubs: Sequence[Hub], sales: Mapping[str, Onward], likely: Mapping[str, Likely]
) -> tuple[Hub, ...]:
    """The hubs with their sales to the targets and what their pairs come to. Where any sale is
    stored the largest likely amount comes first, then leaps of sales, then purchases."""
    found = [
        replace(
            h,
            flagged=_is_flagged(h, likely),
            surged=h.flagged,
            sales=sales.get(h.hub),
            likely=likely.get(h.hub),
        )
        for h in hubs
    ]
    known = {h.hub for h in hubs}
    found += [
        replace(unbought(hub), sales=of, likely=likely.get(hub))
        for hub, of in sales.items()
        if of.leapt and hub not in known
    ]
    if sales:
        found.sort(key=_amount_then_leap)
    return tuple(found)


def _on_the_way(hubs: Sequence[Hub], legs: Legs) -> set[str]:
    """Hubs whose sales are stored and that bought or sold far more: their sales to the customs
    union are looked at."""
    return {
        h.hub
        for h in hubs
        if h.hub in legs.books
        and (h.flagged or h.surged or h.times >= 2 or (h.sales is not None and h.sales.leapt))
    }


def _is_flagged(hub: Hub, likely: Mapping[str, Likely]) -> bool:
    """Whether a hub stands out: by its pairs where they are judged by both legs, else by its
    purchases."""
    if hub.hub in likely:
        return likely[hub.hub].q_value <= FLAG_Q
    return hub.flagged


def _amount_then_leap(hub: Hub) -> tuple[float, bool]:
    amount = hub.likely.amount.middle if hub.likely else 0.0
    return -amount, not (hub.sales and hub.sales.leapt)


def _also_banned(legs: Legs, lost: Array) -> dict[str, float]:
    """State under the same ban as a target -> what the origins sold it less of the goods that
    the targets lost."""
    leg = legs.inward
    out = {}
    banned = {b for t in legs.question.targets for b in ALSO_BANNED.get(t, ())}
    for state in sorted(banned & set(legs.hubs)):
        rows = (leg["hub"] == legs.hubs.index(state)) & lost[leg["product"]]
        fall = float((leg["before"] - leg["after"])[rows].sum())
        if fall > 0:
            out[state] = fall
    return out


def _notes(found: Screened) -> tuple[str, ...]:
    legs = found.legs
    ask = found.legs.question
    notes = list(legs.notes)
    if (found.judged.rests_on == REASONS.index(CARRIED)).any():
        notes.append(
            "hubs whose sales are not held are judged as purchases alone turned out at hubs "
            "whose are"
        )
    if not legs.direct_held:
        notes.append(
            f"what the origins sold {ask.target} directly is not held: the amount is taken as a "
            "share of what the hub bought, and no goods are known that still go there"
        )
    if begun := [p for p, new in zip(legs.products, new_codes(legs), strict=True) if new]:
        notes.append(
            f"{', '.join(begun[:12])}{' ...' if len(begun) > 12 else ''}: codes that nobody "
            "bought before the break and several states do since, as where the Harmonized "
            "System changes; without a usual they are not ranked"
        )
    if len({p[:4] for p in legs.products}) == 1:
        notes.append(
            "one heading of goods: ranges cannot be read from the spread over headings, and are "
            "too narrow; they are over the expectations only"
        )
    if not found.two.any():
        notes.append(
            "we have no data on what the hubs sold on: every row shows one trade flow only"
        )
    elif float(legs.inward["rest_after"].sum()) > 0:
        notes.append(
            "what a hub sold on may come from any of its suppliers: answers for single origins "
            "do not add up"
        )
    return tuple(notes)


def _held(
    legs: Legs, reports: Collection[tuple[str, str]] | None, hubs: Collection[str]
) -> tuple[LegHeld, ...]:
    """What is held of each leg: of the direct trade, and of the hubs that were tested."""
    t = legs.totals
    periods = dict[tuple[str, str, str], set[str]]()
    origins = {*legs.question.origins, "EU27"}
    targets = set(legs.question.targets)
    columns = (column[t.value > 0].tolist() for column in (t.exporter, t.importer, t.period))
    for seller, buyer, period in zip(*columns, strict=True):
        leg = ("direct", buyer) if seller in origins and buyer in targets else None
        leg = ("into the hub", buyer) if seller in origins and buyer in hubs else leg
        leg = ("out of the hub", seller) if seller in hubs and buyer in targets else leg
        if leg is not None:
            by = (
                "both"
                if reports is None
                else "the seller"
                if ("X", seller) in reports
                else "the buyer"
            )
            periods.setdefault((*leg, by), set()).add(period)
    return tuple(
        LegHeld(leg, who, by, min(p), max(p), len(p))
        for (leg, who, by), p in sorted(periods.items())
    )


def targets_of(text: str) -> tuple[str, ...]:
    """``RUS`` or ``RUS,BLR`` as codes, each once.

    Raises
    ------
    UsageError
        for an empty list or an unknown name.
    """
    found = tuple(dict.fromkeys(country(w.strip()) for w in text.split(",") if w.strip()))
    if not found:
        raise UsageError(f"`target` {text!r} names no country: write RUS, or RUS,BLR")
    return found


def _number(value: Any) -> float | None:
    v = np.nan if value is None else float(value)
    return None if not np.isfinite(v) else round(v, 4) if abs(v) < 100 else round(v)


def label_of(chosen: Basket, product: str) -> str:
    """The basket's label of a code; of a spliced code, those of its successors in the basket;
    outside the basket the Harmonized System's own description; ``HS 123456`` where there is
    none."""
    known = [
        chosen.labels[p]
        for p in (product[:6], *successors().get(product[:6], ()))
        if p in chosen.labels
    ]
    return "; ".join(dict.fromkeys(known)) or description(product) or f"HS {product}"


def _leg(before: Any, expected: Any, after: Any) -> LegTotals:
    return LegTotals(_number(before), _number(expected), _number(after))


def _side(side: LegFlows, n: int, lacks: float) -> LegTotals:
    """One leg in the periods that were reported: what the estimate scales up to the whole window
    is scaled back."""
    return _leg(*((1 - lacks) * x[n] for x in (side.before, side.expected, side.after)))


def _rows(
    trade: Trade,
    found: Screened,
    given: Array,
    cases: int,
    labels: Basket,
    surging: frozenset[str],
) -> tuple[Route, ...]:
    """The ``given`` rows in their order: the first with what else could explain them, ``cases``
    of these with months."""
    explained = given[: max(EXPLAINED, cases)].tolist()
    legs = found.legs
    pairs = {n: found.pair(n) for n in explained}
    first, last = (literals([legs.totals.stamps[legs.span.post[n]]]) for n in (0, -1))
    products = flag(trade.engine, list(pairs.values()))
    weights = weigh(trade, products)
    sellers = suppliers(trade, {"products": products, "first": first, "last": last})
    series = monthly(trade, legs, [pairs[n] for n in explained[:cases]])
    rows = []
    for place, n in enumerate(given.tolist()):
        row = _row(found, n, place + 1, labels, surging)
        if n in pairs:
            weighed = weights.get(pairs[n], TradedWeights())
            row = replace(
                row,
                compared=compared(found, n, weighed, surging),
                months=series.get(pairs[n]),
                supplied_by=sellers.get(pairs[n], ()),
                unit_value_z=_number(weighed.z),
            )
        rows.append(row)
    return tuple(rows)


def _row(screened: Screened, n: int, rank: int, chosen: Basket, surging: frozenset[str]) -> Route:
    legs = screened.legs
    judged = screened.judged
    k = int(screened.product[n])
    hub, product = screened.pair(n)
    before, after = screened.direct
    label = label_of(chosen, product)
    surge = float(judged.surge[n])
    reason = int(judged.rests_on[n])
    low, diverted, high = map(_number, judged.quantiles[n])
    second = screened.second if screened.two[n] else None
    return Route(
        rank=rank,
        hub=hub,
        product=product,
        label=label,
        name=short_name(product, label),
        tier=chosen.tier(product),
        probability=_p(judged.p[n]),
        probability_low=_p(judged.low[n]),
        probability_high=_p(judged.high[n]),
        rests_on=REASONS[reason] if reason else "",
        surge=None if np.isnan(surge) else _p(surge),
        q_value=_p(screened.q[n]),
        low=low,
        diverted=diverted,
        high=high,
        at_stake=float(round(screened.worth(np.array([n]), surging)[0])),
        into=_side(screened.first, n, legs.span.lacks(hub, "importer")),
        out=_side(second, n, legs.span.lacks(hub, "exporter")) if second else None,
        direct=_leg(before[k], before[k] * np.exp(screened.gamma[k]), after[k])
        if legs.direct_held and before[k] + after[k] > 0
        else None,
    )


def _p(value: Any) -> float:
    return float(f"{float(value):.4g}")
