# SPDX-License-Identifier: Apache-2.0
"""``bilat divert``: which goods reach the target through which hub, since when, how surely, and what else
could explain it.

For exporter coalition C, target R, hub h and product k the answer is one probability that an amount D of C's goods
reached R through h, and D's 10, 50 and 90% given that one did. The probability ranks the list, and its running mean
flags (see :mod:`bilat.diversion.estimate`). Where h's sales are not held the pair stands in the same list, less sure.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bilat.diversion.beside import Beside, beside
from bilat.diversion.code_history import code_history
from bilat.diversion.embedded import Held, held_trade
from bilat.diversion.legs import Legs, Question, gather
from bilat.diversion.months import Series, china_and_concentration, flag, hub_breaks, mirror_change, monthly
from bilat.diversion.pairs import Screened, screen
from bilat.diversion.rivals import RouteRecords, rivals
from bilat.diversion.silence import presence
from bilat.diversion.sums import by_heading, by_hub, front, in_front
from bilat.diversion.unit_values import weigh
from bilat.engine import DuckDB, connect
from bilat.errors import DataError, UsageError
from bilat.formats.trade import read
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import Basket, basket, splices, successors
from bilat.goods.descriptions import description
from bilat.goods.sanction_dates import dates_source
from bilat.goods.short_names import short_name
from bilat.holdings import Holdings
from bilat.listing import MOST_ROWS, html_table
from bilat.places import country, country_name
from bilat.places.coalitions import origins as origins_of
from bilat.when import AsOf, Period

#: Flags at most this false-discovery rate are called flags; the rest of the list is a ranking.
FLAG_Q = 0.10
#: The break of each good by itself, and that of goods without a date of their own.
LISTED, FIRST = "listed", "2022-03"
#: The basket that is every product, with no goods in front.
EVERYTHING = "all"
#: Rows for which rivals are tested and weights read: beyond them the list is a ranking.
EXPLAINED = 100


@dataclass(frozen=True)
class Diversion:
    """The answer of :func:`divert`.

    ``rows``: by probability, then by amount, one plain dict per (hub, product) with the keys ``rank, hub, product,
    label, name, tier, probability, excess_in, excess_out, low, diverted, high, legs, q_value, substitution,
    mirror_gap_change, unit_value_z, break, rivals, score``, and of the first rows what stands beside them (``controls,
    unit_values, placebo, civil, origins``; see :mod:`bilat.diversion.beside`). ``low``, ``diverted`` and ``high`` are
    the 10, 50 and 90% of the amount given that there is one; ``q_value`` is the mean of 1 - probability down to the
    row. Values are over the whole post-break window, in ``currency``.
    ``summary``: what was asked, over which periods, totals, China's share, notes; ``as_of`` of the holdings.
    """

    rows: list[dict[str, Any]]
    summary: dict[str, Any]
    series: dict[tuple[str, str], Series] = field(default_factory=dict)

    @property
    def flags(self) -> list[dict[str, Any]]:
        """The rows whose q-value is at most :data:`FLAG_Q`."""
        return [r for r in self.rows if r["q_value"] <= FLAG_Q]

    def _repr_html_(self) -> str:
        columns = ("hub", "product", "label", "tier", "low", "diverted", "high", "probability", "q_value")
        rows = ([r[c] for c in columns] for r in self.rows[:MOST_ROWS])
        title = f"Routes to {self.summary['target']}, {self.summary['currency']}"
        return html_table(columns, rows, title=title, total=len(self.rows))

    def plain(self) -> dict[str, Any]:
        """Everything as plain lists and dicts, for JSON and the site."""
        return {
            "summary": self.summary,
            "rows": self.rows,
            "series": [s.plain(h, p) for (h, p), s in self.series.items()],
        }


def divert(
    files: Sequence[Path | str] = (),
    *,
    origin: str = "COALITION",
    target: str = "RUS",
    since: str = "2022-03",
    until: str | None = None,
    basket_name: str | None = None,
    hubs: Sequence[str] | None = None,
    engine: str = "duckdb",
    memory: str | None = "700MB",
    threads: int | None = None,
    window: int = 3,
    limit: int | None = 1000,
    cases: int = 20,
    settings: Mapping[str, str] | None = None,
    holdings: Holdings | None = None,
    as_of: AsOf | None = None,
) -> Diversion:
    """Rank the pairs of hub and product through which the origins' goods reach the target.

    Parameters
    ----------
    files
        trade files in any format of :mod:`bilat.formats.trade`; none: the embedded EU exports, or for other
        origins what hubs report themselves (:mod:`bilat.diversion.embedded`).
    origin
        ``COALITION``, ``EU27``, or ISO codes joined by commas.
    target
        an ISO code, or several joined by commas that count as one market.
    since, until
        the break (month or year) and the last period looked at; ``listed``: for each good the month in which the EU
        listed it, March 2022 for those that it listed before or never (:mod:`bilat.goods.sanction_dates`).
    basket_name
        ``chpl``, ``chpl:1``, ``eu-sanctioned``, ``civilian``, a TOML file; None or ``all``: every product. With None
        the goods of the common high priority list have ``limit`` and ``cases`` of their own (``summary["front"]``).
    engine
        ``duckdb`` or ``spark://host:port``; ``settings`` are Spark's own (``spark.sql.shuffle.partitions``).
    window
        years of baseline before the break.
    limit, cases
        rows returned; rows for which months and break date are worked out.

    Raises
    ------
    UsageError, DataError
        for what cannot be asked, and for files that cannot answer it.
    """
    chosen = basket(basket_name) if basket_name and basket_name != EVERYTHING else None
    targets = targets_of(target)
    listed = since == LISTED
    if listed and "RUS" not in targets:
        raise UsageError(
            f"`since` {LISTED}: the EU's dates are of goods to Russia; write a month with `target` {target}"
        )
    since = FIRST if listed else since
    ask = Question(
        origins=origins_of(origin),
        targets=targets,
        since=since,
        listed=listed,
        until=until,
        hubs=frozenset(country(h) for h in hubs) if hubs else None,
        window=window,
    )
    run = connect(engine, settings=settings) if engine != "duckdb" else DuckDB(memory=memory, threads=threads)
    try:
        if files:
            with tempfile.TemporaryDirectory(prefix="bilat-trade-") as work:
                last = str(Period(until).end.year) if until else "9999"
                used = (str(Period(since).start.year - window), last)
                reports = read([Path(f) for f in files], Path(work), years=used)
                trade = reports.trade(run, since)
                shown = Shown(limit, cases, basket_name is None)
                return _answer(trade, ask, chosen, reports.currency, shown, None)
        known = as_of or AsOf()
        held = held_trade(run, holdings or Holdings(), known, ask)
        shown = Shown(limit, cases, basket_name is None)
        found = _answer(held.trade, ask, chosen, held.currency, shown, held)
        found.summary["as_of"] = str(known)
        return found
    finally:
        run.close()


@dataclass(frozen=True)
class Shown:
    """How much of a list is given: rows, rows with months, and whether the goods in front have as many of their own."""

    limit: int | None
    cases: int
    front: bool

    def rows(self, found: Screened, most: int | None) -> list[int]:
        """The first ``most`` rows (None: all), and of the goods in front as many; in rank order."""
        first = range(len(found.hub) if most is None else min(most, len(found.hub)))
        own = in_front(found)[1].tolist()[:most] if self.front else []
        return sorted({*first, *own})


def _answer(
    trade: Trade, ask: Question, chosen: Basket | None, currency: str, shown: Shown, held: Held | None
) -> Diversion:
    joined = applicable_splices(trade)
    legs = gather(trade, ask, joined)
    bought = legs.inward["hub"][legs.inward["before"] + legs.inward["after"] > 0]
    absent = sorted((ask.hubs or frozenset()) - {legs.hubs[h] for h in np.unique(bought).tolist()})
    if absent and len(absent) == len(ask.hubs or ()):
        raise DataError(
            f"no purchase of {', '.join(absent)} from the origins is held: give a file of its trade, or another `hub`"
        )
    products = chosen.choose(legs.products) if chosen else None
    if chosen is not None and not products:
        raise UsageError(
            f"the file holds no product of the basket {chosen.name!r}; "
            f"its codes look like {', '.join(legs.products[:3])}"
        )
    own = held.own_growth(legs) if held is not None and held.totals else None
    found = screen(legs, products, own)
    given = shown.rows(found, shown.limit)
    rich = set(given) & set(shown.rows(found, max(EXPLAINED, shown.cases)))
    worked = set(given) & set(shown.rows(found, shown.cases))
    explained = _named(found, sorted(rich))
    records = _records(trade, legs, explained, joined)
    aside = beside(trade, found, explained, records.weights)
    series = monthly(trade, legs, _named(found, sorted(worked)))
    labels = chosen or basket("chpl")
    rows = [_row(found, n, labels, records, series, aside if n in rich else None) for n in given]
    summary = _summary(trade, found, chosen, currency, products)
    summary["front"] = front(found, FLAG_Q) if shown.front else None
    if absent:
        summary["notes"].append(
            f"no purchase of {', '.join(absent)} from the origins is held: nothing is said of it, which clears nobody"
        )
    if not found.two.any():
        summary["notes"].append("what the hubs sold on is not held: every row is one leg")
    elif float(legs.inward["rest_after"].sum()) > 0:
        summary["notes"].append(
            "what a hub sold on may come from any of its suppliers: answers for single origins do not add up"
        )
    if "CHN" in legs.books or "CHN" in ask.targets:
        supplied = {product for _, product in explained} | (products or frozenset())
        summary["suppliers"] = china_and_concentration(trade, legs, supplied)
    else:
        summary["notes"].append(
            f"China's share and the concentration of suppliers are not held: the file says nothing of what China sold "
            f"{ask.target}"
        )
    return Diversion(rows, summary, series)


def _named(found: Screened, rows: Sequence[int]) -> list[tuple[str, str]]:
    """(hub, product) of rows."""
    return [(found.legs.hubs[found.hub[n]], found.legs.products[found.product[n]]) for n in rows]


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


def _records(
    trade: Trade, legs: Legs, explained: list[tuple[str, str]], joined: dict[str, str]
) -> RouteRecords:
    """What the rivals of some pairs are tested against."""
    weights = weigh(trade, legs, {product for _, product in explained})
    if not explained:
        return RouteRecords(weights)
    mirror = mirror_change(trade, legs, explained)
    flag(trade, explained)
    return RouteRecords(weights, mirror, code_history(trade, legs, joined), presence(trade, legs))


def applicable_splices(trade: Trade) -> dict[str, str]:
    """The HS2017-HS2022 splices whose earlier code the file holds too: else there is no break to fix."""
    listed = trade.engine.table("SELECT DISTINCT product FROM trade").column("product").to_pylist()
    held = {trade.product(p) for p in listed}
    return {later: earlier for later, earlier in splices().items() if earlier in held and later in held}


def _number(value: Any) -> float | None:
    v = float(value)
    return None if not np.isfinite(v) else round(v, 4) if abs(v) < 100 else round(v)


def _known(value: float | None) -> float | None:
    return None if value is None else _number(value)


def label_of(chosen: Basket, product: str) -> str:
    """The basket's label of a code; of a spliced code, those of its successors in the basket; outside the
    basket the Harmonized System's own description; ``HS 123456`` where there is none."""
    known = [
        chosen.labels[p] for p in (product[:6], *successors().get(product[:6], ())) if p in chosen.labels
    ]
    return "; ".join(dict.fromkeys(known)) or description(product) or f"HS {product}"


def _leg(before: Any, expected: Any, after: Any) -> dict[str, float | None]:
    """``before``: the pre-break level scaled to the window; ``expected``: the counterfactual; ``actual``."""
    return {"before": _number(before), "expected": _number(expected), "actual": _number(after)}


def _row(
    screened: Screened, n: int, chosen: Basket, records: RouteRecords, series: dict[tuple[str, str], Series],
    aside: Beside | None,
) -> dict[str, Any]:  # fmt: skip
    legs = screened.legs
    k = int(screened.product[n])
    hub, product = legs.hubs[int(screened.hub[n])], legs.products[k]
    gap, shown = records.mirror.get((hub, product)), series.get((hub, product))
    one, two = screened.first, screened.second
    before, after = screened.direct
    expected = before[k] * np.exp(screened.gamma[k])
    gone = float(screened.loss[k])
    two_legs = bool(screened.two[n])
    label = label_of(chosen, product)
    return {
        "rank": n + 1,
        "hub": hub,
        "hub_name": country_name(hub),
        "product": product,
        "label": label,
        "name": short_name(product, label),
        "tier": chosen.tier(product),
        "probability": float(f"{screened.probability[n]:.4g}"),
        "excess_in": _number(one.after[n] - one.expected[n]),
        "excess_out": _number(two.after[n] - two.expected[n]) if two_legs else None,
        "diverted": _number(screened.diverted[n]),
        "low": _number(screened.low[n]),
        "high": _number(screened.high[n]),
        "window": _window(legs, product),
        "legs": {
            "known": "two legs" if two_legs else "one leg",
            "in": _leg(one.before[n], one.expected[n], one.after[n]),
            "out": _leg(two.before[n], two.expected[n], two.after[n]) if two_legs else None,
            "direct": _leg(before[k], expected, after[k])
            if legs.direct_held and before[k] + after[k] > 0
            else None,
        },
        "q_value": float(f"{screened.q[n]:.4g}"),
        "calibrated": bool(screened.calibrated[n]),
        "substitution": _number(screened.diverted[n] / gone) if gone > 0 else None,
        "mirror_gap_change": _number(gap) if gap is not None else None,
        "unit_value_z": _known(records.weights.z(hub, product)),
        "break": shown.break_at if shown else None,
        "rivals": [r.plain() for r in rivals(screened, n, records)] if aside else [],
        "score": _number(screened.score[n]),
        **(aside.plain(screened, n) if aside else {}),
    }


def _window(legs: Legs, product: str) -> dict[str, list[str]] | None:
    """The periods compared, of a product with a break of its own."""
    span = legs.own.get(product)
    return None if span is None else {
        "before": [span.pre[0], span.pre[-1]], "after": [span.post[0], span.post[-1]]
    }  # fmt: skip


def _summary(
    trade: Trade, screened: Screened, chosen: Basket | None, currency: str, products: frozenset[str] | None
) -> dict[str, Any]:
    """What was asked and found, for the head of every output."""
    legs, ask = screened.legs, screened.legs.question
    flagged = np.flatnonzero(screened.q <= FLAG_Q)
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    loss = float(screened.loss[asked].sum()) if legs.direct_held else 0.0
    every = screened.total(np.arange(len(screened.hub)), FLAG_Q)
    sure = screened.total(flagged, FLAG_Q)
    notes = list(legs.notes)
    if ask.listed:
        notes.append(
            f"the break is the month in which the EU listed a good, for {len(legs.own):,} goods later than {ask.since} "
            f"({dates_source()})"
        )
    if screened.told:
        notes.append(f"probability: {screened.told}")
    if not legs.direct_held:
        notes.append(
            f"what the origins sold {ask.target} directly is not held: the amount is taken as a share of what the hub "
            "bought, and no goods are known that still go there"
        )
    return {
        "origin": sorted(ask.origins),
        "target": ask.target,
        "since": LISTED if ask.listed else ask.since,
        "before": [legs.span.pre[0], legs.span.pre[-1]],
        "after": [legs.span.post[0], legs.span.post[-1]],
        "basket": chosen.about if chosen else None,
        "currency": currency,
        "as_of": None,
        "pairs_tested": len(screened.hub),
        "flags": len(flagged),
        "flag_q": FLAG_Q,
        "direct_held": legs.direct_held,
        "calibrated": bool(screened.calibrated.all()) if len(screened.calibrated) else False,
        "null": screened.told or "no pair to calibrate",
        "counterfactual": {"in": screened.first.basis, "out": screened.second.basis or None},
        "decoys": list(legs.decoys),
        "direct_loss": round(loss),
        "diverted_flagged": round(sure.diverted),
        "worth": round(every.diverted),
        "worth_low": round(every.low),
        "worth_high": round(every.high),
        "worth_of": "all pairs, each by its probability",
        "routes_expected": round(every.routes, 1),
        "substitution": _number(every.diverted / loss) if loss > 0 else None,
        "hubs": by_hub(screened, FLAG_Q),
        "headings": by_heading(screened, np.arange(len(screened.hub))),
        "hub_breaks": hub_breaks(trade, legs, products) if chosen or len(legs.products) < 3000 else {},
        "suppliers": [],
        "notes": notes,
    }
