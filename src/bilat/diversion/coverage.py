# SPDX-License-Identifier: Apache-2.0
"""What an answer rests on: which legs are held of whom, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Collection

from bilat.diversion.answer import INWARD, OUTWARD, LegHeld
from bilat.diversion.candidates import new_codes
from bilat.diversion.judge import CARRIED, REASONS
from bilat.diversion.legs import Legs
from bilat.diversion.pairs import Screened
from bilat.document.wording import period as when


def notes(found: Screened, *, sales: bool = False) -> tuple[str, ...]:
    """Return what an answer cannot tell; ``sales``: only what hubs sold is held."""
    legs = found.legs
    ask = found.legs.question
    notes = list(legs.notes)
    if (found.judged.rests_on == REASONS.index(CARRIED)).any():
        notes.append(
            "hubs whose sales we do not have are judged by purchases only, as these turned "
            "out at hubs whose sales we have"
        )
    if sales:
        notes.append(
            "we have no data on what the hubs bought, or from whom, so we count only sales "
            "and compare each hub with its own past"
        )
    elif not legs.direct_held:
        notes.append(
            f"we have no data on what the origins sold {ask.target} directly, so the amount "
            "is a share of what the hub bought, and we know of no goods that still go there"
        )
    if begun := [p for p, new in zip(legs.products, new_codes(legs), strict=True) if new]:
        notes.append(
            f"{', '.join(begun[:12])}{' ...' if len(begun) > 12 else ''}: nobody bought "
            f"under these codes before {when(ask.since)} and several states have since, as "
            "happens when the Harmonized System changes. They have no normal level and are not "
            "ranked"
        )
    if len({p[:4] for p in legs.products}) == 1:
        notes.append(
            "there is only one heading of goods, so the ranges cover the expected levels only, not "
            "the spread over headings, and are too narrow"
        )
    if not found.two.any():
        notes.append(
            "we have no data on what the hubs sold on: every row shows one trade flow only"
        )
    elif float(legs.inward["rest_after"].sum()) > 0:
        notes.append(
            "what a hub sold on may come from any of its suppliers: answers for single origins "
            "do not add up"
        )
    return tuple(notes)


def held_legs(
    legs: Legs, reports: Collection[tuple[str, str]] | None, hubs: Collection[str]
) -> tuple[LegHeld, ...]:
    """What is held of each leg: of the direct trade, and of the hubs that were tested."""
    t = legs.totals
    periods = dict[tuple[str, str, str], set[str]]()
    origins = {*legs.question.origins, "EU27"}
    targets = set(legs.question.targets)
    columns = (column[t.value > 0].tolist() for column in (t.exporter, t.importer, t.period))
    for seller, buyer, period in zip(*columns, strict=True):
        leg = ("direct", buyer) if seller in origins and buyer in targets else None
        leg = (INWARD, buyer) if seller in origins and buyer in hubs else leg
        leg = (OUTWARD, seller) if seller in hubs and buyer in targets else leg
        if leg is not None:
            by = (
                "both"
                if reports is None
                else "the seller"
                if ("X", seller) in reports
                else "the buyer"
            )
            periods.setdefault((*leg, by), set()).add(period)
    return tuple(
        LegHeld(leg, who, by, min(p), max(p), len(p))
        for (leg, who, by), p in sorted(periods.items())
    )
