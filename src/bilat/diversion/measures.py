# SPDX-License-Identifier: Apache-2.0
"""Diversion as measures: what the hubs took beyond the expected, and as a share of the fall to the target."""

from __future__ import annotations

from typing import Annotated

from bilat.diversion.embedded import LISTED_ROWS
from bilat.diversion.search import FLAG_Q, divert
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Month, State, Window, measure
from bilat.units import EUR, share

Origin = Annotated[str, "EU27, COALITION, or ISO codes joined by commas"]
Target = Annotated[State, "where the goods end"]
Since = Annotated[Month, "the break"]
_METHOD = (
    "bilat divert on the embedded EU exports of goods under export sanctions: for each neighbour the excess over what "
    "was to be expected, rises and falls of all its six-digit products together, where that sum is above zero. One leg "
    "only: what the neighbours sent on is not held at this detail, and no single product stands out from chance."
)
_INTERVAL = "80%, the products taken as drawn anew; ends of the hubs added as if they all erred the same way"
_REFERENCE = "Eurostat DS-045409; docs/diversion.md"


def _answer(ask: Ask, origin: str, target: str, since: str, *, share: bool) -> Answer:
    if target not in ask.dyad:
        return ask.answer().missing(f"the exports held are those towards {target}: ask a dyad that has it")
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
        return ask.answer().missing(str(e))
    s = found.summary
    period = str(Window(*s["after"]))
    loss = float(s["direct_loss"])
    scale = 1 / loss if share and loss > 0 else 1.0
    hubs = {h: (v["diverted"], v["low"], v["high"]) for h, v in s["hubs"].items()}
    totals = {"all hubs": tuple(sum(v[i] for v in hubs.values()) for i in range(3)), **hubs}
    among = ", ".join(f"'{h}'" for h in (*hubs, target))
    rows = ask.rows(
        f"SELECT '{period}' AS point, CASE WHEN partner = '{target}' THEN 'all hubs' ELSE partner END AS grp, * "
        f"FROM flows WHERE {LISTED_ROWS} AND partner IN ({among}) ORDER BY grp, product, period"
    )
    out = ask.answer(
        rows,
        f"{s['flags']} of {s['pairs_tested']} pairs of hub and product stand out by themselves at a "
        f"false-discovery rate of {FLAG_Q:.0%}; the fall to {target} is {loss / 1e9:,.1f} bn {s['currency']} over "
        f"all listed products; rows: all listed products to the hubs and to {target}",
    )
    for group, (value, low, high) in totals.items():
        if not share or loss > 0:  # no fall, no share
            out.point(period, value, low=low, high=high, kind="modelled", group=group, scale=scale)
    return out


@measure(
    "trade.diversion",
    title="Excess exports of sanctioned goods to third countries, as a share of the fall to Russia",
    unit=share("the fall"),
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diversion(ask: Ask, origin: Origin = "EU27", target: Target = "RUS", since: Since = "2022-03") -> Answer:
    """Groups: ``all hubs`` and each hub with a sum above zero; one point, the window after the break."""
    return _answer(ask, origin, target, since, share=True)


@measure(
    "trade.diverted_value",
    title="Excess exports of sanctioned goods to third countries",
    unit=EUR,
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diverted_value(
    ask: Ask, origin: Origin = "EU27", target: Target = "RUS", since: Since = "2022-03"
) -> Answer:
    """Groups: ``all hubs`` and each hub with a sum above zero; one point, the window after the break."""
    return _answer(ask, origin, target, since, share=False)
