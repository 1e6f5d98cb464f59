# SPDX-License-Identifier: Apache-2.0
"""Diversion as measures: what surging hubs bought beyond their usual, and as a share of the fall
to the target."""

from __future__ import annotations

from typing import Annotated

from bilat.diversion.store import LISTED, LISTED_ROWS, OWN_BOOKS, TOTALS
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, Month, States, Window, flow, measure
from bilat.places import country_name
from bilat.units import share

Origin = Annotated[str, "EU27, COALITION, or ISO codes joined by commas"]
Target = Annotated[States, "where the goods end up: a state, or several joined by commas"]
Since = Annotated[Month, "the break"]

_METHOD = (
    "The result of bilat divert on the EU's exports of goods under export sanctions. For "
    "goods whose sales to the target fell, it shows how much more each neighbour has "
    "bought since the sanctions than it would have bought anyway. The figure is the middle "
    "of four estimates, all equally likely. The first is the neighbour's own level a year "
    "earlier; the second lets that level grow like the EU's other exports to it; the "
    "third, like the same goods in neighbours without a surge; the fourth does both. 'All "
    "hubs' are those whose growth is unusual for them (false discovery rate 10%). These "
    "are purchases, not deliveries: the records do not show what was sent on."
)
_INTERVAL = Interval(
    "model", "80% over the four counterfactuals and over resampled headings of goods", 0.8
)
_REFERENCE = "Eurostat DS-045409; docs/diversion.md"


@measure(
    "trade.diversion",
    of=flow("origin", "target", blank="all"),
    title="Sanctioned goods that hubs with a surge bought above normal, as a share of the fall in "
    "sales to Russia",
    unit=share("the fall"),
    tables=("flows",),
    sources={"flows": [LISTED, TOTALS, *OWN_BOOKS]},
    reference=_REFERENCE,
    method=_METHOD,
    interval=_INTERVAL,
)
def diversion(
    ask: Ask, origin: Origin = "EU27", target: Target = ("RUS",), since: Since = "2022-03"
) -> Answer:
    """Groups: ``all hubs`` and each hub; one point, the window after the break."""
    if not set(target) & set(ask.dyad):
        return ask.answer().missing(
            f"the exports held are those towards {', '.join(target)}: ask for a pair that includes "
            f"it"
        )
    from bilat.diversion.search import divert

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
    total = found.total
    period = str(Window(*found.after))
    loss = total.lost or 0.0
    scale = 1 / loss if loss > 0 else 1.0
    totals = {h.hub: (h.middle, h.low, h.high) for h in found.hubs if h.excess}
    if total.hubs:
        totals = {"all hubs": (total.middle, total.low, total.high), **totals}
    among = ", ".join(f"'{h}'" for h in (*(h.hub for h in found.hubs), *target))
    listed = ", ".join(f"'{t}'" for t in target)
    rows = ask.rows(
        f"SELECT '{period}' AS point, CASE WHEN partner IN ({listed}) THEN 'all hubs' ELSE "
        f"partner END AS grp, * FROM flows WHERE {LISTED_ROWS} AND partner IN ({among}) ORDER BY "
        "grp, product, period, source, locator"
    )
    named = ", ".join(country_name(h) for h in total.hubs) or "no neighbour"
    out = ask.answer(
        rows,
        f"hubs that bought unusually much: {named}; the fall to {', '.join(target)} is "
        f"{loss / 1e9:,.1f} bn {found.currency} over the goods that fell; rows: all listed "
        f"products to the hubs and to {', '.join(target)}",
    )
    for group, (value, low, high) in totals.items():
        if loss > 0:  # no fall, no share
            out.point(period, value, low=low, high=high, kind="modelled", group=group, scale=scale)
    return out
