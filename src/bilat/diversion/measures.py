# SPDX-License-Identifier: Apache-2.0
"""Diversion as measures: what is likely to have gone through the hubs, and as a share of the fall to the target."""

from __future__ import annotations

from typing import Annotated

from bilat.diversion.embedded import LISTED_ROWS
from bilat.diversion.search import FLAG_Q, divert
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, Month, States, Window, measure
from bilat.units import EUR, share

Origin = Annotated[str, "EU27, COALITION, or ISO codes joined by commas"]
Target = Annotated[States, "where the goods end: a state, or several joined by commas"]
Since = Annotated[Month, "the break"]

_METHOD = (
    "bilat divert on the embedded EU exports of goods under export sanctions: for each neighbour the sum over all its "
    "six-digit products of the probability of a route times its amount. One leg only: what the neighbours sent on is "
    "not held at this detail, so that few products are likely by themselves, and the sum is what stands out, not all "
    "that may have gone."
)
_INTERVAL = Interval(
    "model",
    "80%: routes independent of each other, and an error that all amounts of a file have in common, taken from worlds "
    "with known routes",
    0.8,
)
_REFERENCE = "Eurostat DS-045409; docs/diversion.md"


def _answer(ask: Ask, origin: str, target: tuple[str, ...], since: str, *, share: bool) -> Answer:
    if not set(target) & set(ask.dyad):
        return ask.answer().missing(
            f"the exports held are those towards {', '.join(target)}: ask a dyad that has it"
        )
    try:
        found = divert(
            origin=origin,
            target=",".join(target),
            since=since,
            holdings=ask.holdings,
            as_of=ask.as_of,
            limit=0,  # the sums alone: no row is worked out
            cases=0,
        )
    except DataError as e:
        return ask.answer().missing(str(e))
    s = found.summary
    period = str(Window(*s["after"]))
    loss = float(s["direct_loss"])
    scale = 1 / loss if share and loss > 0 else 1.0
    hubs = {h: (v["diverted"], v["low"], v["high"]) for h, v in s["hubs"].items()}
    totals = {"all hubs": (s["worth"], s["worth_low"], s["worth_high"]), **hubs}
    among = ", ".join(f"'{h}'" for h in (*hubs, *target))
    listed = ", ".join(f"'{t}'" for t in target)
    rows = ask.rows(
        f"SELECT '{period}' AS point, CASE WHEN partner IN ({listed}) THEN 'all hubs' ELSE partner END AS grp, * "
        f"FROM flows WHERE {LISTED_ROWS} AND partner IN ({among}) ORDER BY grp, product, period"
    )
    out = ask.answer(
        rows,
        f"{s['routes_expected']} routes are expected among {s['pairs_tested']:,} pairs of hub and product; "
        f"{s['flags']} stand out by themselves at an expected {FLAG_Q:.0%} of false ones; the fall to "
        f"{', '.join(target)} is {loss / 1e9:,.1f} bn {s['currency']} over all listed products; rows: all listed "
        f"products to the hubs and to {', '.join(target)}",
    )
    for group, (value, low, high) in totals.items():
        if not share or loss > 0:  # no fall, no share
            out.point(period, value, low=low, high=high, kind="modelled", group=group, scale=scale)
    return out


@measure(
    "trade.diversion",
    title="Sanctioned goods likely to have gone round through third countries, as a share of the fall to Russia",
    unit=share("the fall"),
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diversion(
    ask: Ask, origin: Origin = "EU27", target: Target = ("RUS",), since: Since = "2022-03"
) -> Answer:
    """Groups: ``all hubs`` and each hub; one point, the window after the break."""
    return _answer(ask, origin, target, since, share=True)


@measure(
    "trade.diverted_value",
    title="Sanctioned goods likely to have gone round through third countries",
    unit=EUR,
    tables=("flows",),
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diverted_value(
    ask: Ask, origin: Origin = "EU27", target: Target = ("RUS",), since: Since = "2022-03"
) -> Answer:
    """Groups: ``all hubs`` and each hub; one point, the window after the break."""
    return _answer(ask, origin, target, since, share=False)
