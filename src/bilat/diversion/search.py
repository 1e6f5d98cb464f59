# SPDX-License-Identifier: Apache-2.0
"""``bilat divert``: which hubs buy what the target lost, which goods reach it through them, since
when, how surely, and what else could explain it. See :mod:`bilat.diversion.hubs` for hubs and
:mod:`bilat.diversion.estimate` for pairs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from bilat.diversion.all_trade import larger_than_all
from bilat.diversion.answer import (
    CodesAsked,
    Diversion,
    Hub,
    Likely,
    NotTested,
    Onward,
    PassedOn,
    unbought,
)
from bilat.diversion.book_sizes import odd_sizes
from bilat.diversion.candidates import new_codes
from bilat.diversion.coverage import held_legs, notes
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.hub_purchases import ALSO_BANNED
from bilat.diversion.hubs import Tree, tree
from bilat.diversion.legs import Array, DiversionScope, Legs, gather
from bilat.diversion.likely_amounts import likely_by_hub
from bilat.diversion.listed_firms import components_by_kind, listed_in
from bilat.diversion.months import silences
from bilat.diversion.not_tested import not_tested
from bilat.diversion.onward import onward_sales, union_sales
from bilat.diversion.pairs import Screened, screen
from bilat.diversion.records import HUBS, is_on_record, stored_records
from bilat.diversion.reports import Totals
from bilat.diversion.routes import routes
from bilat.diversion.sales_only import ANYBODY, anybody, as_sales, sales_alone
from bilat.diversion.store import HeldTrade, held_trade, lacks_origins
from bilat.document.wording import joined
from bilat.engine import DuckDB
from bilat.errors import DataError, UsageError, command
from bilat.formats.trade import read
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import Basket, basket, splices, successors
from bilat.goods.descriptions import descriptions
from bilat.holdings import Holdings
from bilat.places import country
from bilat.places.coalitions import is_country
from bilat.places.coalitions import origins as origins_of
from bilat.when import AsOf, Period

#: The most hubs for which an answer says what is stored.
MOST_HELD = 20
#: The most codes that a printed query names, and the lists that it may name instead.
MOST_CODES = 20
LISTS = ("chpl", "eu-sanctioned")
#: Codes that ended, and their part of all purchases before the break, from which on a file has two
#: revisions of codes.
LEAST_ENDED = 10
MOST_ENDED = 1 / 3
#: The name of the basket that contains every product.
EVERYTHING = "all"
_SIZE = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B)", re.IGNORECASE)
#: The pairs and hubs of the stored trade, for as long as the holdings live: the same question is
#: often asked with other rows or cases.
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
    ask = DiversionScope(
        origins=frozenset() if origin == ANYBODY else origins_of(origin),
        targets=states_of(target, "target"),
        since=since,
        until=until,
        hubs=frozenset(states_of(",".join(hubs), "hub")) if hubs else None,
        window=window,
    )
    if not _SIZE.fullmatch(memory.strip()):
        raise UsageError(f"`memory` {memory!r}: write a size with its unit, 700MB or 4GB")
    store = holdings or Holdings()
    known = as_of or AsOf()
    engine = DuckDB(memory=memory, threads=threads)
    try:
        with tempfile.TemporaryDirectory(prefix="bilat-trade-") as work:
            reader = _Reader(engine, Path(work), store, known)
            records = reader.read([Path(f) for f in files], ask, only_file=only_file)
            scope = records.ask
            if origin == ANYBODY:
                scope = replace(scope, origins=anybody(records.trade, scope))
            # Sales without purchases are searched as if they were purchases, and turned back.
            trade, turned_scope, totals = sales_alone(records.trade, scope)
            records = replace(records, trade=trade, ask=turned_scope)
            found = _answer(records, chosen, limit=limit, cases=cases, whole=totals)
            on_record = is_on_record(scope.origins, scope.targets, scope.hubs)
            if cases and not only_file and on_record:
                months = found.months_since
                stored = stored_records(store, known, scope.targets, scope.hubs, months)
                found = replace(found, stored=stored)
            return found if totals is None else as_sales(found, scope)
    finally:
        engine.close()


@dataclass(frozen=True)
class _Records:
    """The trade that answers a question."""

    trade: Trade
    currency: str
    ask: DiversionScope  #: what is asked, up to the last period of the trade
    files: tuple[str, ...]  #: names of the user's files
    held: HeldTrade | None  #: stored trade, if the files lack the origins' sales
    store: Holdings
    known: AsOf
    states_currency: bool = True  #: whether the user's files, or their publisher, name it


@dataclass(frozen=True)
class _Reader:
    """Reads trade into an engine; ``work`` is a folder for its temporary files."""

    engine: DuckDB
    work: Path
    store: Holdings
    known: AsOf

    def read(self, files: Sequence[Path], ask: DiversionScope, *, only_file: bool) -> _Records:
        """Read a user's files, and the stored trade too if they lack the origins' sales."""
        found = _Records(
            trade=Trade(self.engine),
            currency="",
            ask=ask,
            files=tuple(file.name for file in files),
            held=None,
            store=self.store,
            known=self.known,
        )
        if files:
            found = self._with(found, files)
            if only_file or not lacks_origins(found.trade, ask):
                return found
        held = held_trade(self.work, self.store, self.known, ask)
        files_state_currency = found.states_currency
        found = self._with(found, [*files, held.path])
        trade = found.trade
        own = [note for note in trade.notes if not note.startswith(held.path.name)]
        # After the last stored month of the origins' sales nothing is compared: what is not stored
        # is unknown, not zero.
        until = min(ask.until or _last_year(ask), held.until)
        return replace(
            found,
            trade=replace(trade, notes=(*own, *held.notes)),
            ask=replace(ask, until=until),
            held=held,
            states_currency=files_state_currency,
        )

    def _with(self, found: _Records, files: Sequence[Path]) -> _Records:
        """Return the records with the trade of some files."""
        ask = found.ask
        first = str(Period(ask.since).start.year - ask.window)
        reports = read(files, self.work, years=(first, _last_year(ask)))
        return replace(
            found,
            trade=reports.trade(self.engine, ask.since),
            currency=reports.currency,
            states_currency=reports.states_currency,
        )


def _last_year(ask: DiversionScope) -> str:
    """Return the last year asked for; "9999" if no end is asked for."""
    return str(Period(ask.until).end.year) if ask.until else "9999"


def _absent_hubs(legs: Legs, *, has_files: bool) -> list[str]:
    """Return the hubs asked for that bought nothing from the origins.

    Raises
    ------
    DataError
        if none of them bought anything, and no other record of them is stored.
    """
    wanted = legs.question.hubs or frozenset()
    bought = legs.inward["hub"][legs.inward["before"] + legs.inward["after"] > 0]
    absent = sorted(wanted - {legs.hubs[h] for h in np.unique(bought).tolist()})
    ask = legs.question
    on_record = not has_files and is_on_record(ask.origins, ask.targets) and wanted <= {*HUBS}
    if absent and len(absent) == len(wanted) and not on_record:
        raise DataError(
            f"we have no purchases of {', '.join(absent)} from the origins. Give a file of its "
            f"trade ({command('update', 'trade', hub=','.join(absent), goods='chpl')}), or "
            "another `hub`"
        )
    return absent


def _refuse_two_revisions(legs: Legs) -> None:
    """Refuse files in which most trade changes its codes.

    Raises
    ------
    DataError
        if nobody has bought since the break most of what was bought before, by code, or nothing at
        all.
    """
    leg = legs.inward
    size = len(legs.products)
    before = np.bincount(leg["product"], leg["before"], size)
    after = np.bincount(leg["product"], leg["after"], size)
    ended = (before > 0) & (after <= 0)
    share = float(before[ended].sum()) / max(float(before.sum()), 1.0)
    if ended.sum() < LEAST_ENDED or share < MOST_ENDED:
        return
    if not after.any():
        raise DataError(
            f"these records have purchases by hubs before {legs.question.since} and none since: "
            "give later purchases too, or ask for an earlier time (`since`)"
        )
    raise DataError(
        f"the codes of {share:.0%} of what hubs bought before {legs.question.since} have no "
        f"purchase since ({ended.sum()} codes), as when a file has two revisions of the Harmonized "
        "System: convert the older codes, or ask for a time of one revision (`since`, `until`)"
    )


def _became(chosen: Basket) -> str:
    """Return ``, which became 851713 and 851714 in 2022``, of the codes that ended then."""
    ended = [code for prefix in chosen.prefixes for code in successors().get(prefix, ())]
    return f", which became {joined(ended)} in 2022" if ended else ""


def _chosen_products(legs: Legs, chosen: Basket | None) -> frozenset[str] | None:
    """Return the products of the basket; None for every product.

    Raises
    ------
    UsageError
        for a basket of which the trade has no product.
    """
    if chosen is None:
        return None
    products = chosen.choose(legs.products)
    if not products:
        raise UsageError(
            f"these records have no product of the basket {chosen.name!r}{_became(chosen)}; their "
            f"codes look like {', '.join(legs.products[:3])}. Give a file that has it, or another "
            "`basket`"
        )
    return products


def _answer(
    records: _Records,
    chosen: Basket | None,
    *,
    limit: int | None,
    cases: int,
    whole: Totals | None = None,
) -> Diversion:
    """Search trade, and return the answer. ``whole`` has totals of all goods, of sales alone."""
    trade = records.trade
    ask = records.ask
    held = records.held
    lists = records.store, records.known
    legs = gather(trade, ask, whole)
    _refuse_two_revisions(legs)
    absent = _absent_hubs(legs, has_files=bool(records.files))
    is_asked = _is_asked(legs, chosen)
    found, grown = _searched(records, legs, chosen, is_asked)
    surging = grown.flagged
    goods = _goods(trade, legs, found, is_asked)
    answer_notes = notes(found, sales=whole is not None)  # before the pairs may be dropped
    results = _results(trade, legs, found, grown, goods)
    hubs = results.hubs
    found = results.found
    pairs = np.arange(len(found.hub))
    by_worth = np.lexsort((pairs, -found.worth(pairs, surging)))
    given = by_worth[:limit]
    named_hubs = {h.hub for h in hubs[:MOST_HELD]} | _largest(legs)
    return Diversion(
        hubs=hubs,
        groups=grown.groups,
        clocks=grown.clocks,
        rows=routes(trade, found, given, min(cases, len(given)), chosen or basket("chpl"), surging),
        total=grown.total,
        silences=silences(trade, legs, [h.hub for h in grown.hubs]),
        held=held_legs(legs, trade.reporters, named_hubs),
        buyers=int((_sums(legs.inward, legs) > 0).sum()),
        origins=legs.origins,
        targets=ask.targets,
        since=ask.since,
        before=(legs.span.pre[0], legs.span.pre[-1]),
        after=(legs.span.post[0], legs.span.post[-1]),
        basket=chosen.about if chosen else None,
        currency=records.currency,
        as_of=records.known if held else None,
        pairs_tested=len(found.hub),
        direct_held=legs.direct_held,
        absent=tuple(absent),
        gaps=legs.span.holes,
        fell=goods.fell,
        flag_q=FLAG_Q,
        notes=answer_notes,
        sales_apart=legs.sales_apart,
        currency_stated=records.states_currency,
        size_doubt=larger_than_all(legs.totals, *lists) if records.files else "",
        sources=(*records.files, *(held.sources if held else ())),
        listed=listed_in(
            *lists,
            {*absent, *(found.pair(n)[0] for n in given[:cases].tolist())},
            ask.targets or tuple(ask.origins),
        ),
        components=components_by_kind(*lists) if cases and "RUS" in ask.targets else {},
        carried=results.carried,
        odd_sizes=odd_sizes(legs) if ask.targets else {},
        union=union_sales(trade, legs, goods.lost, _on_the_way(hubs, legs)),
        also_banned=_also_banned(legs, goods.lost),
        files=records.files,
        query_goods=_goods_of_query(legs, chosen, is_asked),
        not_tested=goods.not_tested,
        untested=goods.untested,
        codes=_codes_asked(legs, chosen, is_asked),
    )


@dataclass(frozen=True)
class _Goods:
    """The goods of a question, by whether they can be tested."""

    is_asked: Array  #: by product
    lost: Array  #: by product: goods asked for whose direct trade fell
    fell: int | None  #: their number; None if direct trade is not stored
    not_tested: NotTested | None  #: all goods asked for, if none of them can be tested
    untested: NotTested | None  #: new codes among them, if others can be tested


def _goods(trade: Trade, legs: Legs, found: Screened, is_asked: Array) -> _Goods:
    """Return which of the goods asked for can be tested."""
    lost = found.fallen & is_asked
    fell = int(lost.sum()) if legs.direct_held else None
    begun = new_codes(legs)
    is_tested = fell != 0 and bool((is_asked & ~begun).any())
    return _Goods(
        is_asked=is_asked,
        lost=lost,
        fell=fell,
        not_tested=None if is_tested else not_tested(trade, legs, is_asked),
        untested=not_tested(trade, legs, is_asked & begun) if is_tested else None,
    )


@dataclass(frozen=True)
class _Results:
    """The hubs of an answer, its pairs, and what they carried together."""

    hubs: tuple[Hub, ...]
    found: Screened
    carried: PassedOn | None


def _results(trade: Trade, legs: Legs, found: Screened, grown: Tree, goods: _Goods) -> _Results:
    """Return the hubs with their sales and the sums of their pairs; if nothing was tested, no pair
    is a finding."""
    ask = legs.question
    sales = onward_sales(trade, legs, goods.is_asked) if ask.targets else {}
    if ask.hubs is not None:  # every hub is tested, and only those asked for are answered
        sales = {hub: of for hub, of in sales.items() if hub in ask.hubs}
    likely, carried = likely_by_hub(found)
    has_purchases = bool((legs.inward["after"] > 0).any())
    hubs = _with_sales(grown.hubs, sales, likely, carried, has_purchases=has_purchases)
    if goods.fell != 0 and hubs:
        return _Results(hubs, found, carried)
    hubs = _with_sales(grown.hubs, sales, {}, None, has_purchases=has_purchases)
    no_pairs = found.take(np.arange(0))
    return _Results(hubs, no_pairs, None)


def _goods_of_query(legs: Legs, chosen: Basket | None, is_asked: Array) -> str:
    """Return the goods that a query for missing records asks for: the list of the question, its
    codes where they are few, else priority goods."""
    if chosen is not None and chosen.name in LISTS:
        return chosen.name
    codes = sorted({p[:6] for p, asked in zip(legs.products, is_asked, strict=True) if asked})
    return ",".join(codes) if len(codes) <= MOST_CODES else "chpl"


def _codes_asked(legs: Legs, chosen: Basket | None, is_asked: Array) -> CodesAsked | None:
    """Return how many codes of the basket the records have; None for a question on all goods.

    A code of 2022 counts as stored if the code that it replaced is.
    """
    if chosen is None:
        return None
    stored = {p[:6] for p, asked in zip(legs.products, is_asked, strict=True) if asked}
    wanted = chosen.choose(descriptions())
    earlier = splices()
    there = {code for code in wanted if stored & {code, earlier.get(code, code)}}
    ended = stored - wanted - {earlier.get(code, code) for code in wanted}
    absent = [p for p in chosen.prefixes if not any(code.startswith(p) for code in stored | there)]
    return CodesAsked(len(there | ended), len(wanted | ended), tuple(absent))


def _is_asked(legs: Legs, chosen: Basket | None) -> Array:
    """Return by product whether the question is about it."""
    products = _chosen_products(legs, chosen)
    return np.array([products is None or p in products for p in legs.products], dtype=bool)


def _searched(
    records: _Records, legs: Legs, chosen: Basket | None, is_asked: Array
) -> tuple[Screened, Tree]:
    """Return the pairs and the hubs; those of the stored trade are cached with its holdings."""
    held = records.held
    others = held.others if held else None
    key = records.known if held else None, records.ask
    is_whole_store = not records.files and chosen is None
    cache = _SEARCHED.setdefault(records.store, {}) if is_whole_store else {}
    if key not in cache:
        found = screen(legs, _chosen_products(legs, chosen), others)
        cache[key] = found, tree(records.trade, legs, found.fallen, is_asked, others)
    return cache[key]


def _with_sales(
    hubs: Sequence[Hub],
    sales: Mapping[str, Onward],
    likely: Mapping[str, Likely],
    carried: PassedOn | None,
    *,
    has_purchases: bool,
) -> tuple[Hub, ...]:
    """Return the hubs with their sales to the targets and the sum of their pairs, and hubs whose
    sales leapt though they bought nothing; if no purchase is stored, all whose sales rose. If any
    sale is stored, the largest likely amount comes first, then leaps of sales, then purchases."""
    found = [
        replace(
            h,
            flagged=_is_flagged(h, likely, carried),
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
        if hub not in known and (of.leapt or (not has_purchases and of.rise > 0))
    ]
    if sales:
        found.sort(key=_amount_then_leap)
    return tuple(found)


def _largest(legs: Legs) -> set[str]:
    """Return the hubs that bought most from the origins or sold most to the targets."""
    only = legs.question.hubs
    found = set()
    for leg in (legs.inward, legs.outward):
        sums = _sums(leg, legs)
        order = np.argsort(-sums, kind="stable")[:MOST_HELD].tolist()
        found |= {legs.hubs[n] for n in order if sums[n] > 0}
    return found if only is None else found & only


def _sums(leg: Mapping[str, Array], legs: Legs) -> Array:
    """Return the sum of a leg by hub, of shape (hubs,); zero for origins, targets and codes of no
    state."""
    barred = {*legs.question.origins, *legs.question.targets, *legs.origins}
    usable = np.array([h not in barred and is_country(h) for h in legs.hubs], dtype=bool)
    return np.where(usable, np.bincount(leg["hub"], leg["before"] + leg["after"], len(usable)), 0.0)


def _on_the_way(hubs: Sequence[Hub], legs: Legs) -> set[str]:
    """Return the hubs whose sales are stored and that bought or sold far more than before: their
    sales to the customs union are looked at too."""
    return {
        h.hub
        for h in hubs
        if h.hub in legs.books | legs.without_past
        and (h.flagged or h.surged or h.times >= 2 or _sales_speak(h))
    }


def _sales_speak(hub: Hub) -> bool:
    """Return whether a hub's sales to the targets leapt, or have no past to be compared with."""
    return hub.sales is not None and (hub.sales.leapt or not hub.sales.has_past)


def _is_flagged(hub: Hub, likely: Mapping[str, Likely], carried: PassedOn | None) -> bool:
    """Return whether a hub stands out: by its pairs if they are judged by both legs, else by its
    purchases."""
    if carried is not None and hub.hub in likely:
        return hub.hub in carried.stand_out
    return hub.flagged


def _amount_then_leap(hub: Hub) -> tuple[float, bool]:
    """Return the key that sorts hubs by likely amount, then those whose sales leapt first."""
    amount = hub.likely.amount.middle if hub.likely else 0.0
    return -amount, not (hub.sales and hub.sales.leapt)


def _also_banned(legs: Legs, lost: Array) -> dict[str, float]:
    """Return, for each state under the same ban as a target, by how much the origins' sales to it
    fell in the goods that the targets lost."""
    leg = legs.inward
    out = {}
    banned = {b for t in legs.question.targets for b in ALSO_BANNED.get(t, ())}
    for state in sorted(banned & set(legs.hubs)):
        rows = (leg["hub"] == legs.hubs.index(state)) & lost[leg["product"]]
        fall = float((leg["before"] - leg["after"])[rows].sum())
        if fall > 0:
            out[state] = fall
    return out


def states_of(text: str, option: str) -> tuple[str, ...]:
    """Return the codes of ``RUS`` or ``RUS,BLR``, each once.

    Raises
    ------
    UsageError
        for an empty list or an unknown name.
    """
    found = tuple(dict.fromkeys(country(w.strip()) for w in text.split(",") if w.strip()))
    if not found:
        raise UsageError(f"`{option}` {text!r} names no country: write RUS, or RUS,BLR")
    return found
