# SPDX-License-Identifier: Apache-2.0
"""China's exports of common high priority goods to Russia by six-digit code, in reconciled trade (BACI)."""

from __future__ import annotations

from functools import cache
from typing import Literal

import pyarrow as pa

from bilat.goods.baskets import Basket, basket, successors
from bilat.measures import Answer, Ask, labelled, measure
from bilat.units import USD

SOURCE = "baci_russia_china"
Tier = Literal["all", "1", "2", "3", "3.A", "3.B", "4", "4.A", "4.B"]
_BREAK = "without reports of Russia, which stop after 2021"


@cache
def wider() -> frozenset[str]:
    """Codes of HS2017 that hold a listed good beside goods that are not listed: of what they became, only a part is
    on the list (photocells with solar panels, cameras of every kind)."""
    listed = basket("chpl").codes
    return frozenset(
        earlier for earlier, many in successors().items() if set(many) & listed and not set(many) <= listed
    )


def codes_of(chosen: Basket, whole: bool) -> frozenset[str]:
    """The basket's codes as HS2017 writes them; ``whole`` takes the wider ones too."""
    earlier = {later: e for e, many in successors().items() for later in many}
    found = frozenset(earlier.get(code, code) for code in chosen.codes)
    return found if whole else found - wider()


@measure(
    "trade.priority_goods",
    title="China's exports of common high priority goods to Russia",
    unit=USD,
    tables=("flows",),
    reference=(
        "Gaulier and Zignago, BACI: International Trade Database at the Product-Level (CEPII); common high priority "
        "list of February 2024 (50 codes of HS2022 in tiers)"
    ),
    method=(
        "Sum of BACI's value by year over the list's codes, in HS2017. Where a listed code came out of a wider one "
        "that holds other goods too (852580 cameras, 854140 photocells with solar panels) the wider code is left out, "
        "or taken whole with whole=true. Both sides' reports are reconciled up to 2021; Russia's stop after that, so "
        "part of a change from 2021 to 2022 is a break in measurement."
    ),
    interval="none: the publisher states none",
)
def priority_goods(
    ask: Ask, tier: Tier = "all", by: Literal["tier", "code"] = "tier", whole: bool = False
) -> Answer:
    """Groups: ``all`` and one a tier, or one a six-digit code; a point a year.

    tier: tiers of the list: all, one (1, 2, 3.A, 3.B, 4.A, 4.B), or 3 or 4 for both parts
    by: tiers (with their sum), or codes
    whole: whether codes that hold unlisted goods too are taken whole
    """
    chosen = basket("chpl" if tier == "all" else f"chpl:{tier}")
    rows = ask.query(
        """SELECT source, snapshot, vintage, locator, known_on, known_basis, revised_later, period, kind, reporter,
                  partner, flow, product, nomenclature, value, currency, valuation, basis, period AS point,
                  product AS grp
        FROM flows WHERE source = ? AND reporter = 'CHN' AND partner = 'RUS' AND nomenclature = 'HS6'
          AND value IS NOT NULL AND product IN (SELECT unnest(?)) ORDER BY period, product""",
        SOURCE,
        sorted(codes_of(chosen, whole)),
    )
    out = ask.answer()
    if not rows.num_rows:
        return out.missing(f"no code of the list from China to Russia is held as of {ask.as_of}.")
    parts = [rows] if by == "code" else _by_tier(rows, chosen)
    note = f"CASE WHEN max(period) >= '2022' THEN '{_BREAK}' ELSE '' END"
    for part in parts:
        out.each(part, "sum(value)", kind="estimated", note=note)
    return out


def _by_tier(rows: pa.Table, chosen: Basket) -> list[pa.Table]:
    """The rows under their tiers, and all of them once more where there are several tiers."""
    tiers = [chosen.tier(product) or "" for product in rows["product"].to_pylist()]
    parts = [labelled(rows, group=tiers)]
    return [labelled(rows, group="all"), *parts] if len(set(tiers)) > 1 else parts
