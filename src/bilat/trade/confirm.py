# SPDX-License-Identifier: Apache-2.0
"""``--confirm N``: a Poisson event study of the best flags, with fixed effects.

The first leg of a flagged (hub, product) against the origins' other destinations:
E[value] = exp(effect of exporter x importer x product, of exporter x period, of product x period, of
event time in the flagged pair), clustered by exporter-product, and by a bootstrap that draws
importer-product pairs, since clustered errors alone came out too small in trials (design notes).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bilat.dyad import DataError, UsageError
from bilat.trade.legs import Array, Legs, Trade, literals


@dataclass(frozen=True)
class Confirmed:
    """The jump of one flagged pair after the break: factor exp(coefficient), 95% bounds of both kinds.

    ``placebo``: the same factor for a made-up break half-way through the baseline; near 1 is good.
    """

    hub: str
    product: str
    factor: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    placebo: float | None
    observations: int

    def plain(self) -> dict[str, Any]:
        return asdict(self)


class NotEstimable(Exception):
    """The effects take up all that varies: there is no jump left to estimate."""


def confirm(
    trade: Trade,
    legs: Legs,
    pairs: list[tuple[str, str]],
    draws: int = 200,
    seed: int = 1,
    refused: list[str] | None = None,
) -> list[Confirmed]:
    """Estimate the jump of each pair; pairs for which none can be estimated go to ``refused`` with the reason.

    Raises
    ------
    UsageError
        without the extra ``[econometrics]``.
    DataError
        for a file with fewer than three destinations of a product: there is no control.
    """
    try:
        import pyfixest  # noqa: F401
    except ImportError:
        raise UsageError("--confirm needs pyfixest: pip install 'bilat[econometrics]'") from None
    rng = np.random.default_rng(seed)
    done = []
    for hub, product in pairs:
        try:
            done.append(_one(trade, legs, hub, product, draws, rng))
        except NotEstimable as e:
            if refused is None:
                raise DataError(f"{hub} {product}: {e}") from None
            refused.append(f"{hub} {product}: {e}")
    return done


def _rows(trade: Trade, legs: Legs, product: str) -> Any:
    """exporter, importer, period, value of one product, complete: absent trade is zero."""
    import pandas as pd

    later = [p for p in trade.engine.table("SELECT DISTINCT product FROM inflow").column("product").to_pylist()
             if trade.product(p) == product]  # fmt: skip
    spliced = trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
    later += [s["later"] for s in spliced if trade.product(s["earlier"]) == product]
    found = trade.engine.table(
        "SELECT t.exporter, t.importer, t.period, SUM(t.value) AS value FROM trade t "
        "JOIN parties p ON p.code = t.exporter AND p.own = 1 JOIN parties d ON d.code = t.importer AND d.own = 0 "
        f"WHERE t.product IN ({literals(later)}) GROUP BY t.exporter, t.importer, t.period"
    ).to_pandas()
    found["exporter"] = found["exporter"].map(trade.country)
    found["importer"] = found["importer"].map(trade.country)
    found["period"] = found["period"].map(trade.period)
    window = [*legs.span.pre, *legs.span.post]
    found = found[found["period"].isin(window) & (found["importer"] != legs.question.target)]
    lanes = found[["exporter", "importer"]].drop_duplicates()
    full = lanes.merge(pd.DataFrame({"period": window}), how="cross")
    return full.merge(found, how="left").fillna({"value": 0.0})


def _coefficient(frame: Any, cluster: bool) -> tuple[float, float, int]:
    """(log jump, clustered standard error, observations) of ``treated``."""
    import warnings

    import pyfixest as pf

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = pf.fepois(
                "value ~ treated | lane + exporter_period",
                data=frame,
                vcov={"CRV1": "lane"} if cluster else "iid",
            )
        except ValueError as e:
            # pyfixest: all is collinear once empty lanes and periods are dropped, or the effects never settle
            if "collinear" not in str(e) and "Demeaning failed" not in str(e):
                raise
            raise NotEstimable(
                "no trade before the break, or too few other destinations, leaves no jump to estimate"
            ) from None
    return float(fit.coef()["treated"]), float(fit.se()["treated"]), len(frame)


def _one(trade: Trade, legs: Legs, hub: str, product: str, draws: int, rng: np.random.Generator) -> Confirmed:
    frame = _rows(trade, legs, product)
    if hub not in set(frame["importer"]) or frame["importer"].nunique() < 3:
        raise DataError(
            f"{hub} {product}: the file holds {frame['importer'].nunique()} destinations of this product, an event "
            "study needs at least three; add files with other destinations"
        )
    frame["lane"] = frame["exporter"] + "-" + frame["importer"]
    frame["exporter_period"] = frame["exporter"] + "-" + frame["period"]
    frame["treated"] = ((frame["importer"] == hub) & (frame["period"] >= legs.span.post[0])).astype(float)
    for when, part in (("before", frame["period"] < legs.span.post[0]), ("after", frame["treated"] > 0)):
        if not frame.loc[part & (frame["importer"] == hub), "value"].sum() > 0:
            raise NotEstimable(f"the hub bought none {when} the break: no factor is finite")
    jump, error, n = _coefficient(frame, cluster=True)
    boot = _bootstrap(frame, hub, draws, rng)
    before = frame[frame["period"] < legs.span.post[0]].copy()
    middle = legs.span.pre[len(legs.span.pre) // 2] if len(legs.span.pre) >= 4 else None
    placebo = None
    if middle is not None:
        before["treated"] = ((before["importer"] == hub) & (before["period"] >= middle)).astype(float)
        with suppress(NotEstimable):
            placebo = float(np.exp(_coefficient(before, cluster=False)[0]))
    return Confirmed(
        hub, product, float(np.exp(jump)), float(np.exp(jump - 1.96 * error)), float(np.exp(jump + 1.96 * error)),
        float(np.quantile(boot, 0.025)), float(np.quantile(boot, 0.975)), placebo, n,
    )  # fmt: skip


def _bootstrap(frame: Any, hub: str, draws: int, rng: np.random.Generator) -> Array:
    """The factor over draws of lanes with replacement, controls and the hub's apart.

    Each draw is the ratio of ratios that the event study reduces to for one treated importer: the hub's
    growth over that of the drawn controls.
    """
    post = frame["period"] >= frame.loc[frame["treated"] > 0, "period"].min()
    sums = (
        frame.assign(after=np.where(post, frame["value"], 0.0), before=np.where(post, 0.0, frame["value"]))
        .groupby(["lane", "importer"], as_index=False)[["before", "after"]]
        .sum()
    )
    own = sums[sums["importer"] == hub][["before", "after"]].to_numpy()
    rest = sums[sums["importer"] != hub][["before", "after"]].to_numpy()
    out = np.empty(draws)
    for d in range(draws):
        a = own[rng.integers(0, len(own), len(own))].sum(axis=0)
        b = rest[rng.integers(0, len(rest), len(rest))].sum(axis=0)
        out[d] = (a[1] + 1) / (a[0] + 1) / ((b[1] + 1) / (b[0] + 1))
    return out
