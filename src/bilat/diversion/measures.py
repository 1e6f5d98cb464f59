# SPDX-License-Identifier: Apache-2.0
"""Diversion as measures: what the hubs took beyond the expected, and as a share of the fall to the target."""

from __future__ import annotations

import pyarrow as pa

from bilat.diversion.embedded import LISTED_ROWS
from bilat.diversion.search import FLAG_Q, divert
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country

_PARAMS = {
    "origin": ("EU27", "EU27, COALITION, or ISO codes joined by commas"),
    "target": ("RUS", "where the goods end"),
    "since": ("2022-03", "the break, YYYY-MM"),
}
_METHOD = (
    "bilat divert on the embedded EU exports of goods under export sanctions: for each neighbour the excess over what "
    "was to be expected, rises and falls of all its six-digit products together, where that sum is above zero. One leg "
    "only: what the neighbours sent on is not held at this detail, and no single product stands out from chance."
)
_INTERVAL = "80%, the products taken as drawn anew; ends of the hubs added as if they all erred the same way"
_REFERENCE = "Eurostat DS-045409; docs/diversion.md"


def _answer(ask: Ask, *, share: bool) -> Answer:
    target = country(ask.params["target"])
    if target not in ask.dyad:
        return Answer(
            [], _no_rows(ask), note=f"the exports held are those towards {target}: ask a dyad that has it"
        )
    try:
        found = divert(
            origin=ask.params["origin"], target=target, since=ask.params["since"], holdings=ask.holdings,
            as_of=ask.as_of, limit=None, cases=0,
        )  # fmt: skip
    except DataError as e:
        return Answer([], _no_rows(ask), note=str(e))
    s = found.summary
    period = f"{s['after'][0]}..{s['after'][1]}"
    loss = float(s["direct_loss"])
    scale = (1 / loss if loss > 0 else float("nan")) if share else 1.0
    hubs = {h: (v["diverted"], v["low"], v["high"]) for h, v in s["hubs"].items()}
    totals = {"all hubs": tuple(sum(v[i] for v in hubs.values()) for i in range(3)), **hubs}
    points = [
        Point(period, v * scale, low * scale, high * scale, "modelled", group)
        for group, (v, low, high) in totals.items()
    ]
    if share:
        points = [p for p in points if p.value == p.value]  # no fall, no share
    among = ", ".join(f"'{h}'" for h in (*hubs, target))
    rows = ask.rows(
        f"SELECT '{period}' AS point, CASE WHEN partner = '{target}' THEN 'all hubs' ELSE partner END AS grp, * "
        f"FROM flows WHERE {LISTED_ROWS} AND partner IN ({among}) ORDER BY grp, product, period"
    )
    note = (
        f"{s['flags']} of {s['pairs_tested']} pairs of hub and product stand out by themselves at a false-discovery "
        f"rate of {FLAG_Q:.0%}; the fall to {target} is {loss / 1e9:,.1f} bn {s['currency']} over all listed products; "
        f"rows: all listed products to the hubs and to {target}"
    )
    return Answer(points, rows, note=note)


def _no_rows(ask: Ask) -> pa.Table:
    return ask.rows("SELECT '' AS point, '' AS grp, * FROM flows WHERE FALSE")


@measure(
    "trade.diversion",
    title="Excess exports of sanctioned goods to third countries, as a share of the fall to Russia",
    unit="share of the fall (0 to 1)",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
    params=_PARAMS,
)
def diversion(ask: Ask) -> Answer:
    """Groups: ``all hubs`` and each hub with a sum above zero; one point, the window after the break."""
    return _answer(ask, share=True)


@measure(
    "trade.diverted_value",
    title="Excess exports of sanctioned goods to third countries",
    unit="EUR",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
    params=_PARAMS,
)
def diverted_value(ask: Ask) -> Answer:
    """As :func:`diversion`, in euros."""
    return _answer(ask, share=False)
