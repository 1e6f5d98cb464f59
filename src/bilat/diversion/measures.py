# SPDX-License-Identifier: Apache-2.0
"""Diversion as measures: what is likely to have gone through the hubs, and as a share of the fall to the target."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa

from bilat.diversion.embedded import LISTED_ROWS
from bilat.diversion.search import FLAG_Q, divert, targets_of
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Point, measure

Origin = Annotated[str, "EU27, COALITION, or ISO codes joined by commas"]
Target = Annotated[str, "where the goods end: a state, or several joined by commas"]
Since = Annotated[str, "the break, YYYY-MM"]

_METHOD = (
    "bilat divert on the embedded EU exports of goods under export sanctions: for each neighbour the sum over all its "
    "six-digit products of the probability of a route times its amount. One leg only: what the neighbours sent on is "
    "not held at this detail, so that few products are likely by themselves, and the sum is what stands out, not all "
    "that may have gone."
)
_INTERVAL = (
    "80%: routes independent of each other, and an error that all amounts of a file have in common, taken from worlds "
    "with known routes"
)
_REFERENCE = "Eurostat DS-045409; docs/diversion.md"


def _answer(ask: Ask, origin: str, target: str, since: str, *, share: bool) -> Answer:
    targets = targets_of(target)
    if not set(targets) & set(ask.dyad):
        return Answer(
            [], _no_rows(ask), note=f"the exports held are those towards {target}: ask a dyad that has it"
        )
    try:
        found = divert(
            origin=origin,
            target=target,
            since=since,
            holdings=ask.holdings,
            as_of=ask.as_of,
            limit=None,
            cases=0,
        )
    except DataError as e:
        return Answer([], _no_rows(ask), note=str(e))
    s = found.summary
    period = f"{s['after'][0]}..{s['after'][1]}"
    loss = float(s["direct_loss"])
    scale = (1 / loss if loss > 0 else float("nan")) if share else 1.0
    hubs = {h: (v["diverted"], v["low"], v["high"]) for h, v in s["hubs"].items()}
    totals = {"all hubs": (s["worth"], s["worth_low"], s["worth_high"]), **hubs}
    points = [
        Point(period, v * scale, low * scale, high * scale, "modelled", group)
        for group, (v, low, high) in totals.items()
    ]
    if share:
        points = [p for p in points if p.value == p.value]  # no fall, no share
    among = ", ".join(f"'{h}'" for h in (*hubs, *targets))
    listed = ", ".join(f"'{t}'" for t in targets)
    rows = ask.rows(
        f"SELECT '{period}' AS point, CASE WHEN partner IN ({listed}) THEN 'all hubs' ELSE partner END AS grp, * "
        f"FROM flows WHERE {LISTED_ROWS} AND partner IN ({among}) ORDER BY grp, product, period"
    )
    note = (
        f"{s['routes_expected']} routes are expected among {s['pairs_tested']:,} pairs of hub and product; "
        f"{s['flags']} stand out by themselves at an expected {FLAG_Q:.0%} of false ones; the fall to {target} is "
        f"{loss / 1e9:,.1f} bn {s['currency']} over all listed products; rows: all listed products to the hubs and to "
        f"{target}"
    )
    return Answer(points, rows, note=note)


def _no_rows(ask: Ask) -> pa.Table:
    return ask.rows("SELECT '' AS point, '' AS grp, * FROM flows WHERE FALSE")


@measure(
    "trade.diversion",
    title="Sanctioned goods likely to have gone round through third countries, as a share of the fall to Russia",
    unit="share of the fall (0 to 1)",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diversion(ask: Ask, origin: Origin = "EU27", target: Target = "RUS", since: Since = "2022-03") -> Answer:
    """Groups: ``all hubs`` and each hub; one point, the window after the break."""
    return _answer(ask, origin, target, since, share=True)


@measure(
    "trade.diverted_value",
    title="Sanctioned goods likely to have gone round through third countries",
    unit="EUR",
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diverted_value(
    ask: Ask, origin: Origin = "EU27", target: Target = "RUS", since: Since = "2022-03"
) -> Answer:
    """As :func:`diversion`, in euros."""
    return _answer(ask, origin, target, since, share=False)
