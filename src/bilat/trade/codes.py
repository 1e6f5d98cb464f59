# SPDX-License-Identifier: Apache-2.0
"""China's exports to Russia by six-digit code, in reconciled trade (BACI): the common high priority
list, and chips.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import pyarrow as pa

from bilat.engine import quote
from bilat.goods.baskets import Basket, basket, breaks, successors
from bilat.measures import Answer, Ask, Interval, flow, labelled, measure
from bilat.units import USD

SOURCE = "baci_russia_china"
Goods = Literal[
    "chpl",
    "chpl:1",
    "chpl:2",
    "chpl:3",
    "chpl:3.A",
    "chpl:3.B",
    "chpl:4",
    "chpl:4.A",
    "chpl:4.B",
    "chips",
]
_BREAK = "without Russia's own reports, which stop after 2021"


@cache
def wider_codes() -> frozenset[str]:
    """Codes of HS2017 that hold a priority good beside goods that are not listed: of what they
    became, only a part is on the list (photocells with solar panels, cameras of every kind).
    """
    listed = basket("chpl").codes
    return frozenset(
        earlier
        for earlier, many in successors().items()
        if set(many) & listed and not set(many) <= listed
    )


def codes_of(chosen: Basket, whole: bool) -> frozenset[str]:
    """The basket's codes as HS2017 writes them, without wider ones and those that another edition
    broke; ``whole`` takes these too.
    """
    earlier = {later: e for e, many in successors().items() for later in many}
    found = frozenset(earlier.get(code, code) for code in chosen.codes)
    return (
        found
        if whole
        else found - wider_codes() - {c for c, why in breaks().items() if why == "revision"}
    )


@measure(
    "trade.single_codes",
    of=flow("CHN", "RUS", "goods"),
    title="China's exports of priority goods and chips to Russia, by product code",
    unit=USD,
    tables=("flows",),
    sources={"flows": (SOURCE,)},
    reference=(
        "Gaulier and Zignago, BACI: International Trade Database at the Product-Level (CEPII); "
        "common high priority list of February 2024 (50 codes of HS2022 in tiers); chips: OECD, "
        "doi:10.1787/4154cdbf-en"
    ),
    method=(
        "Adds up BACI's yearly values over the codes, in HS2017. Some listed codes were split "
        "from a wider code that also covers other goods (852580: cameras; 854140: photocells "
        "and solar panels). The wider code is left out unless whole=true. The same goes for "
        "901380 and 852990, from which HS2022 moved display modules to heading 8524. Up to "
        "2021, the figures reconcile the reports of both sides. Russia's stop after that, so "
        "part of any change from 2021 to 2022 is a break in measurement."
    ),
    interval=Interval(name="none: the publisher states none"),
)
def single_codes(
    ask: Ask, goods: Goods = "chpl", by: Literal["tier", "code"] = "tier", whole: bool = False
) -> Answer:
    """Groups: ``all``, and one a tier where the goods have several; or one a six-digit code; a
    point a year.

    goods: the common high priority list (chpl), a tier of it (chpl:1, chpl:3 for 3.A and 3.B), or
      chips
    by: tiers (with their sum), or codes
    whole: whether to count in full the codes that also contain unlisted goods, or that another
      version of the HS split
    """
    chosen = basket(goods)
    rows = ask.query(
        """SELECT source, snapshot, part_row, vintage, locator, known_on, known_basis,
                  revised_later, period, kind, reporter, partner, flow, product, nomenclature,
                  value, currency, valuation, basis, period AS point, product AS grp
        FROM flows
        WHERE source = ? AND reporter = 'CHN' AND partner = 'RUS' AND nomenclature = 'HS6'
          AND value IS NOT NULL AND product IN (SELECT unnest(?)) ORDER BY period, product""",
        SOURCE,
        sorted(codes_of(chosen, whole)),
    )
    out = ask.answer()
    if not rows.num_rows:
        return out.missing(f"we have no code of {goods} from China to Russia as of {ask.as_of}.")
    parts = [rows] if by == "code" else _by_tier(rows, chosen)
    note = f"CASE WHEN max(period) >= '2022' THEN {quote(_BREAK)} ELSE '' END"
    for part in parts:
        out.each(part, "sum(value)", kind="estimated", note=note)
    return out


def _by_tier(rows: pa.Table, chosen: Basket) -> list[pa.Table]:
    """All rows together, and where there are several tiers once more under their tiers."""
    tiers = [chosen.tier(product) or "" for product in rows["product"].to_pylist()]
    whole = [labelled(rows, group="all")]
    return [*whole, labelled(rows, group=tiers)] if len(set(tiers)) > 1 else whole
