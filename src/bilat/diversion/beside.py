# SPDX-License-Identifier: Apache-2.0
"""What stands beside a route so that it can be judged: the controls of its counterfactual by name and number, unit
values, two placebos (the hub's other markets, a break made up within the baseline), the hub's trade in civil goods, and
which origins the goods came from. Whatever the file does not hold is None, never nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bilat.diversion.legs import WORLD, Array, literals, sql
from bilat.diversion.pairs import Screened
from bilat.diversion.parameters import parameter
from bilat.diversion.unit_values import LEAST, Weights
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import basket

#: The control basket: goods left free by the bans.
CIVIL = "civilian"
#: Origins named for a route, largest first.
NAMED = 3

Both = dict[str, float]


@dataclass(frozen=True)
class Beside:
    """``civil``: hub -> its civil goods; ``origins``: (hub, product) -> [(origin, value since the break)]."""

    weights: Weights
    civil: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    origins: Mapping[tuple[str, str], list[tuple[str, float]]] = field(default_factory=dict)

    def plain(self, found: Screened, n: int) -> dict[str, Any]:
        """The keys ``controls, unit_values, placebo, civil, origins`` of the n-th pair's row."""
        hub, product = found.legs.hubs[int(found.hub[n])], found.legs.products[int(found.product[n])]
        shares = self.origins.get((hub, product), [])
        total = sum(v for _, v in shares)
        return {
            "controls": controls(found, n),
            "unit_values": unit_values(self.weights, hub, product),
            "placebo": placebo(found, n),
            "civil": self.civil.get(hub),
            "origins": [
                {"origin": who, "share": round(v / total, 4)} for who, v in shares[:NAMED] if total > 0
            ],
        }


def beside(trade: Trade, found: Screened, explained: Sequence[tuple[str, str]], weights: Weights) -> Beside:
    """Read what stands beside some pairs; they must be registered as ``flagged`` (see ``months.flag``)."""
    if not explained:
        return Beside(weights)
    return Beside(
        weights,
        civil_goods(found, {hub for hub, _ in explained}),
        _origins(trade, found, {product for _, product in explained}),
    )


def _both(before: float, after: float) -> Both:
    return {"before": round(float(before)), "after": round(float(after))}


# -- the counterfactual -------------------------------------------------------------------------


def controls(found: Screened, n: int) -> dict[str, str | None]:
    """On what the expected value of each leg of this very pair rests, with numbers."""
    hub, product = int(found.hub[n]), int(found.product[n])
    into = [_bought(found, product), _hub_in(found, hub)]
    out = [_sold(found, product), _hub_out(found, hub)] if found.two[n] else []
    level = "the level before the break, with nothing to compare it with"
    return {
        "in": "; ".join(filter(None, into)) or level,
        "out": ("; ".join(filter(None, out)) or level) if found.two[n] else None,
        "direct": (_bought(found, product) or level) if found.legs.direct_held else None,
    }


def _rows(leg: dict[str, Array], found: Screened, target: bool | None = None) -> Array:
    legs = found.legs
    country = np.array([h != WORLD for h in legs.hubs], dtype=bool)[leg["hub"]]
    rows = country & (leg["before"] + leg["after"] > 0)
    if target is not None:
        rows &= (leg["target"] == 0) == target
    return np.flatnonzero(rows)


def _bought(found: Screened, product: int) -> str:
    """The product's growth, as leg one counts it."""
    if _other_goods(found):
        return ""
    d = found.legs.inward
    rows, least = _rows(d, found), int(parameter("least_controls"))
    there, of_it = len(np.unique(d["hub"][rows])), int((d["product"][rows] == product).sum())
    if there < least:
        return (
            "the origins' sales of the product to the rest of the world"
            if "world" in found.first.basis
            else ""
        )
    if of_it >= least:
        return f"what {of_it} destinations bought of this product from the origins"
    return (
        f"what {there} destinations bought of all these goods from the origins (only {of_it} bought this one)"
    )


def _other_goods(found: Screened) -> bool:
    return "other goods to the same hub" in found.first.basis


def _hub_in(found: Screened, hub: int) -> str:
    """The hub's own growth, as leg one counts it."""
    if _other_goods(found):
        return "what the origins sold the hub of other goods"
    legs, d, c = found.legs, found.legs.inward, found.first.offset
    rows = _rows(d, found)
    if len(np.unique(d["hub"][rows])) == 1:
        return "the hub's own level before the break: the file has no other destination to compare with"
    mine = rows[d["hub"][rows] == hub]
    others = int((d["rest_before"][mine] + d["rest_after"][mine] > c).sum())
    calm = int((~found.fallen[d["product"][mine]]).sum()) if legs.direct_held else 0
    return _clean(others, "purchases from other suppliers", calm)


def _sold(found: Screened, product: int) -> str:
    """The product's growth, as leg two counts it."""
    o, least = found.legs.outward, int(parameter("least_controls"))
    rows = _rows(o, found, target=True)
    there, of_it = len(np.unique(o["hub"][rows])), int((o["product"][rows] == product).sum())
    if there < least:
        return ""
    if of_it >= least:
        return f"what {of_it} suppliers sold the target of this product"
    return f"what {there} suppliers sold the target of all these goods (only {of_it} sold this one)"


def _hub_out(found: Screened, hub: int) -> str:
    """The hub's own growth, as leg two counts it."""
    o, legs = found.legs.outward, found.legs
    lanes, here = _rows(o, found, target=False), _rows(o, found, target=True)
    others = int((o["hub"][lanes] == hub).sum())
    mine = here[o["hub"][here] == hub]
    calm = int((~found.fallen[o["product"][mine]]).sum()) if legs.direct_held else 0
    markets = sorted({legs.decoys[int(t) - 1] for t in o["target"][lanes[o["hub"][lanes] == hub]]})
    named = f"sales to similar markets ({', '.join(markets)})" if markets else "sales to similar markets"
    return _clean(others, named, calm)


def _clean(others: int, what: str, calm: int) -> str:
    parts = []
    if others:
        parts.append(f"the hub's {what}, {others} flow{'s' if others != 1 else ''}")
    if calm:
        parts.append(f"{calm} of its goods that still go to the target directly")
    return " and ".join(parts) or "the hub's other goods of this file, within bounds"


# -- weights, placebos, civil goods -------------------------------------------------------------


def unit_values(weights: Weights, hub: str, product: str) -> dict[str, Any] | None:
    """Value per kg of each leg before and since, and the median of the other destinations since; None unweighed."""
    out: dict[str, Any] = {"in": None, "out": None, "elsewhere": None}
    for leg in ("in", "out"):
        held = weights.held.get((leg, hub, product))
        if held is not None:
            value, kilos = held[:2], held[2:]
            each = [round(v / k, 3) if v > 0 and k > 0 else None for v, k in zip(value, kilos, strict=True)]
            out[leg] = dict(zip(("before", "after"), each, strict=True)) if any(each) else None
    others = [
        held[1] / held[3]
        for (leg, who, code), held in weights.held.items()
        if (leg, code) == ("in", product) and who != hub and held[1] > 0 and held[3] > 0
    ]
    if len(others) >= LEAST:
        out["elsewhere"] = round(float(np.median(others)), 3)
    return out if out["in"] or out["out"] else None


def placebo(found: Screened, n: int) -> dict[str, Any]:
    """Where no route can be: the hub's sales of this product to the placebo markets, and both legs about a break made
    up within the baseline."""
    legs, hub, product = found.legs, int(found.hub[n]), int(found.product[n])
    o, d = legs.outward, legs.inward
    mine = (o["hub"] == hub) & (o["product"] == product)
    lanes = np.flatnonzero(mine & (o["target"] > 0))
    elsewhere = None
    if found.two[n] and legs.decoys:
        markets = sorted(m for m in legs.decoys if m != legs.hubs[hub])
        elsewhere = {"markets": markets, **_both(o["before"][lanes].sum(), o["after"][lanes].sum())}
    earlier = None
    span = legs.span_of(legs.products[product])
    if span.then:
        at = found.row_in[n]
        here = np.flatnonzero(mine & (o["target"] == 0))
        earlier = {
            "since": span.then[0],
            "until": span.then[-1],
            "in": _both(d["then_before"][at], d["then_after"][at]),
            "out": _both(o["then_before"][here].sum(), o["then_after"][here].sum()) if found.two[n] else None,
        }
    return {"markets": elsewhere, "earlier": earlier}


def civil_goods(found: Screened, hubs: set[str]) -> dict[str, dict[str, Any]]:
    """Hub -> what it bought from the origins, and sold the target, of goods of the civilian basket; hubs of which the
    file holds no such trade are left out."""
    legs, chosen = found.legs, basket(CIVIL)
    civil = np.array([chosen.holds(p) for p in legs.products], dtype=bool)
    out: dict[str, dict[str, Any]] = {}
    for hub in sorted(legs.hubs.index(h) for h in hubs):
        told: dict[str, Any] = {"goods": 0, "in": None, "out": None}
        for name, leg in (("in", legs.inward), ("out", legs.outward)):
            mine = (leg["hub"] == hub) & civil[leg["product"]]
            if name == "out":
                mine &= leg["target"] == 0
            rows = np.flatnonzero(mine)
            if len(rows):
                told[name] = _both(leg["before"][rows].sum(), leg["after"][rows].sum())
                told["goods"] = max(told["goods"], len(np.unique(leg["product"][rows])))
        if told["goods"]:
            out[legs.hubs[hub]] = told
    return out


def _origins(
    trade: Trade, found: Screened, products: set[str]
) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """Who of the origins the goods of each flagged pair came from since the break."""
    span = found.legs.span
    stamp = {
        trade.period(p): p
        for p in trade.engine.table("SELECT DISTINCT period FROM totals").column("period").to_pylist()
    }
    listed = trade.engine.table("SELECT DISTINCT product FROM inflow").column("product").to_pylist()
    codes = [p for p in listed if trade.product(p) in products]
    codes += [
        s["later"]
        for s in trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
        if trade.product(s["earlier"]) in products
    ]
    rows = trade.engine.table(
        sql("origins").substitute(
            products=literals(sorted(set(codes), key=str)),
            first=literals([stamp[span.post[0]]]),
            last=literals([stamp[span.post[-1]]]),
        )
    ).to_pylist()
    out: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for r in rows:
        key = trade.country(r["hub"]), trade.product(r["product"])
        out.setdefault(key, []).append((trade.country(r["exporter"]), float(r["value"] or 0)))
    return {key: sorted(shares, key=lambda s: (-s[1], s[0])) for key, shares in out.items()}
