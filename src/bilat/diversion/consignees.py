# SPDX-License-Identifier: Apache-2.0
"""A user's own consignees, ranked by how likely their goods are a route or they are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bilat.diversion.answer import Diversion
from bilat.diversion.records import HUBS
from bilat.diversion.trade_records import Consignee
from bilat.document import Frame
from bilat.registry import registered


def with_consignees(found: Diversion, names: Path, frame: Frame, limit: int) -> Diversion:
    """The answer with every consignee and end user of a file ranked, listed or not.

    Parameters
    ----------
    found
        the answer with all of its pairs.
    names
        a file of names as ``bilat screen`` takes it. Ships, banks, shippers and others who receive
        no goods are left out.
    limit
        the pairs that the answer keeps.
    """
    screening = registered("questions")["screen"].load()
    received, _ = screening(name=(str(names),)).receivers(frame)
    chances = _chances(found)
    people = [_consignee(chances, receiver) for receiver in received]
    routes = [r.probability for r in found.rows]
    usual = sum(routes) / len(routes) if routes else 0.0
    known = {r.hub for r in found.rows}
    unknown = {hub for hub in HUBS if hub not in known}
    people.sort(key=lambda c: (-c.probability(usual if c.hub in unknown else 0.0), c.row))
    return replace(found, rows=found.rows[:limit], consignees=tuple(people))


def _chances(found: Diversion) -> dict[tuple[str, str], float]:
    """Return the chance of a route by hub and code, heading, or '' for a hub's average good.

    A heading has the chance of its likeliest code.
    """
    out: dict[tuple[str, str], float] = {}
    by_hub: dict[str, list[float]] = {}
    for r in found.rows:
        by_hub.setdefault(r.hub, []).append(r.probability)
        for digits in (6, 4):
            key = r.hub, r.product[:digits]
            out[key] = max(out.get(key, 0.0), r.probability)
    return out | {(hub, ""): sum(each) / len(each) for hub, each in by_hub.items()}


def _consignee(chances: dict[tuple[str, str], float], receiver: Any) -> Consignee:
    state, goods, alert = receiver.state, receiver.goods, receiver.alert
    known = [(route_probability(chances, state, code), code) for code in goods or ("",)]
    route, product = max(known, key=lambda pair: -1.0 if pair[0] is None else pair[0])
    effects = alert.effects if alert else []
    listing = effects[0]["list"] if effects else ""
    return Consignee(
        row=receiver.row,
        reference=receiver.reference,
        name=receiver.name,
        role=receiver.role,
        hub=state,
        state_column=receiver.state_column,
        product=product,
        route=route,
        listed=float(alert.listed or 0.0) if alert else 0.0,
        listed_as=alert.name if alert else "",
        list_name=listing or (alert.lists if alert else ""),
        listed_on=(alert.listed_on or "") if alert else "",
    )


def route_probability(
    chances: dict[tuple[str, str], float], hub: str, product: str
) -> float | None:
    """How likely the goods of a consignee in ``hub`` are a route: of its HS code, or of the
    code's heading, or, where no code is given, of the hub's average good. None where the answer
    has nothing of them."""
    if not product:
        return chances.get((hub, ""))
    return chances.get((hub, product), chances.get((hub, product[:4])))
