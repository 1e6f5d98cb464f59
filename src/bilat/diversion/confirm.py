# SPDX-License-Identifier: Apache-2.0
"""``--confirm N``: a Poisson event study of the best flags, with fixed effects, of both legs.

Leg one, origins and other suppliers e selling product k to destination m in period t (hubs and controls):

    E[value] = exp(lane(e, m, k) + period(e, t) + period(k, t) + period(m, t) + jump(hub, k) since the break)

The jump is that of the origins alone. lane is exporter-product for each destination; period(m, t) is the hub's
own growth, told from the jump by products that are not flagged and by its other suppliers. Leg two, hubs and
other suppliers selling to the target and to other markets, has period(m, k, t) in place of the last two: what
the target buys more of from everybody is no route.

A jump is that of one pair, so errors clustered by lane are those of a handful of clusters and too small. Beside
them stands a pairs bootstrap: the jumps that the same model leaves unexplained in control pairs of about the
same size are drawn in place of the pair's own error (Conley and Taber 2011, Rev. Econ. Stat. 93:113-125,
inference where few units are treated).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bilat.diversion import expected as cf
from bilat.diversion.legs import Array, Legs
from bilat.diversion.panel import Panel, panels
from bilat.errors import DataError, UsageError
from bilat.formats.trade.files import Trade

Pair = tuple[str, str]

#: Pairs estimated in one model.
POOL = 10
#: Control pairs of the nearest size from which the bootstrap draws.
NEAREST = 60
#: Weight, in control pairs, of the usual noise of customs data where the file has few controls.
PRIOR = 10
#: Lanes into a hub, of other products or from others than the origins, that an effect of importer and period needs.
LEAST_LANES = 3


@dataclass(frozen=True)
class Effect:
    """The jump of one leg: factor exp(coefficient), 95% bounds clustered by lane and by the pairs bootstrap.

    ``placebo``: the same factor for a made-up break within the baseline; near 1 is good, None where the baseline
    is shorter than three periods. ``controls``: pairs behind the bootstrap.
    """

    factor: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    placebo: float | None
    observations: int
    controls: int
    effects: str

    @property
    def stands(self) -> bool:
        """Do both intervals lie above 1."""
        return min(self.low, self.boot_low) > 1.0


@dataclass(frozen=True)
class Confirmed:
    """A flagged pair: leg one ``inward``, leg two ``outward``; None where it cannot be estimated."""

    hub: str
    product: str
    inward: Effect | None
    outward: Effect | None

    @property
    def verdict(self) -> str:
        """``both legs``, ``leg one only``, ``leg two only`` or ``not confirmed``."""
        one, two = (e is not None and e.stands for e in (self.inward, self.outward))
        return (
            "both legs" if one and two else "leg one only" if one else "leg two only" if two
            else "not confirmed"
        )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """``hub``, ``product``, ``verdict``, the fields of leg one (None where it cannot be estimated), and
        ``out``: the same fields of leg two, or None."""
        one = dict.fromkeys(Effect.__dataclass_fields__) if self.inward is None else asdict(self.inward)
        two = None if self.outward is None else asdict(self.outward)
        return {"hub": self.hub, "product": self.product, "verdict": self.verdict, **one, "out": two}


class NotEstimable(Exception):
    """The effects take up all that varies: there is no jump left to estimate."""


def confirm(
    trade: Trade,
    legs: Legs,
    pairs: Sequence[Pair],
    draws: int = 999,
    seed: int = 1,
    refused: list[str] | None = None,
    suspect: frozenset[Pair] = frozenset(),
) -> list[Confirmed]:
    """Estimate the jump of each pair; a leg for which none can be estimated goes to ``refused`` with the reason.

    ``suspect`` are further pairs that may be routes: they serve as no controls. A pair of which neither leg can
    be estimated is left out.

    Raises
    ------
    UsageError
        without the extra ``[econometrics]``.
    DataError
        where ``refused`` is None, for what cannot be estimated.
    """
    try:
        import pyfixest  # noqa: F401
    except ImportError:
        raise UsageError("--confirm needs pyfixest: pip install 'bilat[econometrics]'") from None
    told = [] if refused is None else refused
    rng = np.random.default_rng(seed)
    done = []
    for start in range(0, len(pairs), POOL):
        pool = list(pairs[start : start + POOL])
        one, two = panels(trade, legs, pool, suspect)
        inward = _leg(one, legs, pool, "in", draws, rng, told)
        outward = _leg(two, legs, pool, "out", draws, rng, told)
        done += [
            Confirmed(*p, inward.get(p), outward.get(p)) for p in pool if p in inward or p in outward
        ]  # fmt: skip
    if refused is None and told:
        raise DataError(told[0])
    return done


def _leg(
    panel: Panel, legs: Legs, pairs: Sequence[Pair], leg: str, draws: int, rng: np.random.Generator,
    refused: list[str],
) -> dict[Pair, Effect]:  # fmt: skip
    """The effect of every pair of one leg that has one."""
    if not len(panel.frame):
        return {}  # the file holds none of this leg: its absence is told of the whole answer, once
    name = "leg one" if leg == "in" else "leg two"
    frame = _effects(panel, leg, legs.question.target)
    sound = []
    for pair in pairs:
        try:
            _check(frame, pair, leg, panel.since)
            sound.append(pair)
        except NotEstimable as e:
            refused.append(f"{pair[0]} {pair[1]}, {name}: {e}")
    terms = _terms(frame, sound, leg)
    out: dict[Pair, Effect] = {}
    fit = None
    try:
        fit = _fit(frame, sound, terms, panel.since) if sound else None
    except NotEstimable as e:
        refused += [f"{hub} {product}, {name}: {e}" for hub, product in sound]
    if fit is None:
        return out
    placebo = _placebo(frame, sound, terms, legs)
    for n, (hub, product) in enumerate(sound):
        if f"treated_{n}" not in fit.jumps:
            refused.append(
                f"{hub} {product}, {name}: no other exporter, destination or product is left to compare with"
            )
            continue
        jump, error = fit.jumps[f"treated_{n}"]
        spread, controls = _drawn(fit, (hub, product), legs, draws, rng)
        far, near = (float(np.quantile(spread, q)) for q in (0.975, 0.025))
        out[hub, product] = Effect(
            factor=_factor(jump),
            low=_factor(jump - 1.96 * error),
            high=_factor(jump + 1.96 * error),
            boot_low=_factor(jump - far),
            boot_high=_factor(jump - near),
            placebo=placebo.get((hub, product)),
            observations=len(frame),
            controls=controls,
            effects=terms.told,
        )
    return out


def _factor(log: float) -> float:
    return float(np.exp(np.clip(log, -50, 50)))


def _effects(panel: Panel, leg: str, target: str) -> Any:
    """The panel with a column for each fixed effect; ``pair``: the unit whose jump is asked for."""
    f = panel.frame.copy()
    f["lane"] = f["exporter"] + "-" + f["importer"] + "-" + f["product"]
    f["exporter_period"] = f["exporter"] + "-" + f["period"]
    f["importer_period"] = f["importer"] + "-" + f["period"]
    f["product_period"] = f["product"] + "-" + f["period"]
    f["importer_product_period"] = f["importer"] + "-" + f["product_period"]
    f["hub"] = f["importer"] if leg == "in" else f["exporter"]
    f["there"] = f["own"] == 1 if leg == "in" else f["importer"] == target
    return f


@dataclass(frozen=True)
class Terms:
    formula: str
    told: str


def _terms(frame: Any, pairs: Sequence[Pair], leg: str) -> Terms:
    flagged = {p for _, p in pairs}
    others = frame[~frame["product"].isin(flagged) | ~frame["there"]]
    if leg == "out":
        return Terms(
            "lane + exporter_period + importer_product_period",
            "exporter-importer-product, exporter-period, importer-product-period",
        )
    untouched = [
        others.loc[others["hub"] == hub, ["exporter", "product"]].drop_duplicates() for hub, _ in pairs
    ]
    if pairs and all(len(lanes) >= LEAST_LANES for lanes in untouched):
        return Terms(
            "lane + exporter_period + product_period + importer_period",
            "exporter-importer-product, exporter-period, product-period, importer-period",
        )
    return Terms(
        "lane + exporter_period + product_period",
        "exporter-importer-product, exporter-period, product-period",
    )


def _check(frame: Any, pair: Pair, leg: str, since: str) -> None:
    """Is there trade on both sides of the break, and something to compare it with."""
    hub, product = pair
    own = frame[(frame["hub"] == hub) & (frame["product"] == product) & frame["there"]]
    verb = "bought none" if leg == "in" else "sold the target none"
    for when, part in (("before", own["period"] < since), ("after", own["period"] >= since)):
        if not own.loc[part, "value"].sum() > 0:
            raise NotEstimable(f"the hub {verb} {when} the break: no factor is finite")
    if leg == "in":
        others = frame.loc[(frame["product"] == product) & frame["there"], "importer"].nunique()
        if others < 3:
            raise NotEstimable(
                f"the file holds {others} destinations of this product, an event study needs at least three; "
                "add files with other destinations"
            )
    else:
        others = frame.loc[(frame["product"] == product) & frame["there"], "exporter"].nunique() - 1
        markets = frame.loc[frame["hub"] == hub, "importer"].nunique() - 1
        if others < 2 or markets < 1:
            raise NotEstimable(
                f"the file holds {others} other suppliers of the target and {markets} other markets of the hub; "
                "an event study needs two and one"
            )


@dataclass(frozen=True)
class Fit:
    """``jumps``: treated column -> (log jump, clustered error). ``control``: hub, product, log jump left
    unexplained, and value before, of every control pair (or lane, in leg two)."""

    jumps: dict[str, tuple[float, float]]
    hubs: Array
    products: Array
    left: Array
    before: Array
    own: dict[Pair, float]


def _fit(frame: Any, pairs: Sequence[Pair], terms: Terms, since: str) -> Fit:
    import pyfixest as pf

    data = frame.copy()
    post = data["period"] >= since
    for n, (hub, product) in enumerate(pairs):
        data[f"treated_{n}"] = (
            (data["hub"] == hub) & (data["product"] == product) & data["there"] & post
        ).astype(float)
    treated = " + ".join(f"treated_{n}" for n in range(len(pairs)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = pf.fepois(f"value ~ {treated} | {terms.formula}", data=data, vcov={"CRV1": "lane"})
        except ValueError as e:
            # pyfixest: all is collinear once empty lanes and periods are dropped, or the effects never settle
            if "collinear" not in str(e) and "Demeaning failed" not in str(e):
                raise
            raise NotEstimable(
                "no trade before the break, or too few others, leaves no jump to estimate"
            ) from None
        except RuntimeError as e:
            if "convergence" not in str(e).lower() and "converge" not in str(e).lower():
                raise
            raise NotEstimable("the estimate does not settle") from None
        coefficients, errors = fit.coef(), fit.se()
        jumps = {
            c: (float(coefficients[c]), float(errors[c]))
            for c in coefficients.index
            if np.isfinite(coefficients[c]) and np.isfinite(errors[c])
        }
        used = fit._data
        level = np.asarray(fit.predict(type="response"), dtype=float).ravel()
    frame = used[["hub", "product", "importer", "there", "period", "value"]].assign(level=level)
    frame = frame[frame["there"]]
    after = frame["period"] >= since
    sums = (
        frame.assign(
            a=frame["value"].where(after, 0.0), b=frame["value"].where(~after, 0.0),
            la=frame["level"].where(after, 0.0), lb=frame["level"].where(~after, 0.0),
        )
        .groupby(["hub", "product"], as_index=False)[["a", "b", "la", "lb"]]
        .sum()
    )  # fmt: skip
    flagged = set(pairs)
    at = [(h, p) in flagged for h, p in zip(sums["hub"], sums["product"], strict=True)]
    own = {
        (h, p): float(b)
        for h, p, b, mine in zip(sums["hub"], sums["product"], sums["b"], at, strict=True)
        if mine
    }
    rest = sums[[not x for x in at]]
    rest = rest[(rest[["a", "b", "la", "lb"]] > 0).all(axis=1)]
    left = np.log(rest["a"] / rest["la"]) - np.log(rest["b"] / rest["lb"])
    return Fit(
        jumps,
        rest["hub"].to_numpy(),
        rest["product"].to_numpy(),
        left.to_numpy(),
        rest["b"].to_numpy(),
        own,
    )


def _drawn(fit: Fit, pair: Pair, legs: Legs, draws: int, rng: np.random.Generator) -> tuple[Array, int]:
    """Errors of the log jump: those of control pairs of about the same size, and the usual noise where few."""
    size = fit.own.get(pair, 0.0)
    order = np.argsort(np.abs(np.log(fit.before + 1.0) - np.log(size + 1.0)), kind="stable")
    near = fit.left[order[:NEAREST]]
    c = cf.offset_of(legs) * len(legs.span.pre) / len(legs.span.post)
    scale = float(cf.prior_mad(np.array([size]), c)[0]) / cf.LOGISTIC_MAD
    usual = rng.logistic(0.0, scale, draws)
    if not len(near):
        return usual, 0
    # The model has taken the controls' mean out of them, not out of the pair.
    found = near[rng.integers(0, len(near), draws)] * np.sqrt(1 + 1 / len(near))
    own = rng.random(draws) < len(near) / (len(near) + PRIOR)
    return np.where(own, found, usual), len(near)


def _placebo(frame: Any, pairs: Sequence[Pair], terms: Terms, legs: Legs) -> dict[Pair, float]:
    """The factor of a made-up break within the baseline; blank where that has fewer than three periods."""
    pre = legs.span.pre
    if len(pre) < 3:
        return {}
    middle = pre[(len(pre) + 1) // 2]
    before = frame[frame["period"].isin(pre)]
    out = {}
    sound = []
    for hub, product in pairs:
        own = before[(before["hub"] == hub) & (before["product"] == product) & before["there"]]
        if (
            own.loc[own["period"] < middle, "value"].sum()
            > 0
            < own.loc[own["period"] >= middle, "value"].sum()
        ):
            sound.append((hub, product))
    if not sound:
        return {}
    try:
        fit = _fit(before, sound, terms, middle)
    except NotEstimable:
        return {}
    for n, pair in enumerate(sound):
        if f"treated_{n}" in fit.jumps:
            out[pair] = _factor(fit.jumps[f"treated_{n}"][0])
    return out
