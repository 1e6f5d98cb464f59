# SPDX-License-Identifier: Apache-2.0
"""A user's own consignees, ranked by how likely their hub and goods are a route and how likely
they are listed."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from bilat.diversion.answer import Diversion
from bilat.diversion.trade_records import Consignee
from bilat.document import Frame
from bilat.places import country_or_none
from bilat.registry import registered


def with_consignees(found: Diversion, names: Path, frame: Frame) -> Diversion:
    """The answer with the names of a file ranked; names that no list bears out are not in it.

    Parameters
    ----------
    names
        a file of names as ``bilat screen`` takes it; columns of state and HS code are used where it
        has them.
    """
    screening = registered("questions")["screen"].load()
    with tempfile.TemporaryDirectory(prefix="bilat-names-") as work:
        out = Path(work) / "alerts.jsonl"
        _, run = screening(name=(str(names),), threshold="0.01").document(frame, names, out=out)
        lines = out.read_text("utf-8").splitlines()
    alerts = [_consignee(found, line) for line in lines]
    best = [a for a in alerts if a is not None]
    routes = [r.probability for r in found.rows]
    usual = sum(routes) / len(routes) if routes else 1.0
    best.sort(key=lambda c: (-c.probability(usual), -c.listed, c.name))
    return replace(found, consignees=tuple(best), consignees_read=run.queries)


def _consignee(found: Diversion, line: str) -> Consignee | None:
    """The first row of a name; None for its further ones."""
    alert = json.loads(line)
    if alert["rank"] != 1:
        return None
    asked = alert["asked"]
    state = str(country_or_none(asked.get("country", "")) or "")
    product = re.sub(r"\D", "", str(asked.get("hs", "")))[:6]
    return Consignee(
        name=alert["query"],
        hub=state,
        product=product,
        route=route_probability(found, state, product),
        listed=float(alert["probability"]),
        listed_as=alert["name"],
        list_name=alert["list"],
        listed_on=alert["listed_on"] or "",
    )


def route_probability(found: Diversion, hub: str, product: str) -> float | None:
    """How likely the goods of a consignee in ``hub`` are a route: of its HS code, or of the
    code's heading, or, where no code is given, of any good of the hub. None where the answer has
    nothing of them."""
    rows = [r for r in found.rows if r.hub == hub]
    for digits in (6, 4):
        same = [r for r in rows if product and r.product[:digits] == product[:digits]]
        if same:
            return max(r.probability for r in same)
    return None if product else max((r.probability for r in rows), default=None)
