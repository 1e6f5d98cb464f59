# SPDX-License-Identifier: Apache-2.0
"""The line of an answer on diversion that says which periods and hubs are stored."""

from __future__ import annotations

from bilat.diversion.answer import INWARD, OUTWARD, Diversion
from bilat.diversion.words import age, period_of
from bilat.document.wording import joined
from bilat.document.wording import period as when
from bilat.units.notation import count_text

#: Currencies whose amounts are comparable from year to year.
CONVERTED = ("EUR", "USD")


def records(found: Diversion) -> str:
    """Periods stored and their age, in one line."""
    old = age(found)
    aged = f"; the last {period_of(found)} is {old} before this answer" if old else ""
    gaps = [when(p) for p in found.gaps[:3]]
    if len(found.gaps) > 3:
        gaps.append(f"{len(found.gaps) - 3} more")
    missing = f"; we have no data for {joined(gaps)}" if gaps else ""
    currency = found.currency
    unit = "" if found.currency_stated else f"; the file names no currency, {currency} is taken"
    if currency not in CONVERTED:
        unit = f"; {currency} of all periods count alike, whatever it was worth"
    return (
        f"Data: {_legs(found)}{_which(found)}, {_span(found.after, 'from ')}, compared with "
        f"{_span(found.before)}{aged}{missing}{unit}."
    )


def _span(ends: tuple[str, str], first: str = "") -> str:
    """``from March to May 2022`` in full; one period by itself."""
    low, high = (when(p) for p in ends)
    return low if low == high else f"{first}{low} to {high}"


def _legs(found: Diversion) -> str:
    """What is stored of purchases and sales: of how many hubs."""
    if found.sales:
        return "the hubs' sales only"
    stored = [h for h in found.held if h.first <= found.after[1] and h.last >= found.after[0]]
    buyers = {h.who for h in stored if h.leg == INWARD}
    buyers |= {h.hub for h in found.hubs if h.bought}
    sellers = {h.who for h in stored if h.leg == OUTWARD}
    if found.carried is not None:
        sellers |= set(found.carried.hubs)
    elif found.hubs and found.fell != 0:
        sellers = set()  # too little was reported to be compared
    bought = f"purchases by {count_text(len(buyers), 'hubs')}"
    if not sellers:
        return f"{bought} only"
    sold = f"sales by {count_text(len(sellers), 'hubs')}"
    if not buyers:
        return f"{sold} only"
    return "purchases and sales" if buyers <= sellers else f"{bought}, {sold}"


def _which(found: Diversion) -> str:
    headings = {r.product[:4] for r in found.rows}
    return f", HS {headings.pop()}" if len(headings) == 1 else ""
