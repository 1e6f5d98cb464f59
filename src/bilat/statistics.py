# SPDX-License-Identifier: Apache-2.0
"""Exact intervals and tests for small counts, and the best cut of a series into two levels.

Functions take plain numbers or arrays and return plain floats; they know nothing of states or
sources. Intervals are two-sided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

from bilat.errors import UsageError

#: The level of every interval unless another is asked for.
LEVEL = 0.95


@dataclass(frozen=True)
class ConfidenceInterval:
    """An estimate with its lower and upper bound."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RateRatio:
    """Rate after over rate before, with the exact conditional interval and p-value.

    Parameters
    ----------
    value
        infinite if nothing happened before and something after, nan if nothing happened at all.
    p
        two-sided: the probability of all outcomes that are no likelier than the one seen.
    before, after
        counts of events.
    years_before, years_after
        lengths of the two windows in years.
    """

    value: float
    low: float
    high: float
    p: float
    before: int
    after: int
    years_before: float
    years_after: float


def _alpha(level: float) -> float:
    """Return the probability outside an interval of this level, in both tails together."""
    if not 0 < level < 1:
        raise UsageError(f"level {level} of an interval must lie between 0 and 1")
    return 1 - level


def _whole(count: float, what: str) -> int:
    if count != int(count) or count < 0:
        raise UsageError(f"{what} {count} must be a whole number of events, none below zero")
    return int(count)


def dispersion(*windows: Sequence[float]) -> float | None:
    """Return how much more counts vary than those of independent events at a constant rate.

    It is Pearson's chi-square around the mean of each window, divided by its degrees of freedom: 1
    for independent events, more if they come in bunches.

    Parameters
    ----------
    windows
        the counts of each window, one for each period of equal length.

    Returns
    -------
    float or None
        None if no window with any event has two periods.
    """
    squares = 0.0
    freedom = 0
    for counts in windows:
        mean = sum(counts) / len(counts) if len(counts) else 0.0
        if mean > 0:
            squares += sum((c - mean) ** 2 for c in counts) / mean
            freedom += len(counts) - 1
    return squares / freedom if freedom else None


def poisson_interval(
    count: int, exposure: float = 1.0, level: float = LEVEL, bunched: float = 1.0
) -> ConfidenceInterval:
    """Return a rate per unit of exposure with Garwood's exact interval.

    Parameters
    ----------
    count
        number of events.
    exposure
        the time, or other quantity, in which they happened; above zero.
    level
        probability that the interval covers, as 0.95.
    bunched
        the dispersion of the events (:func:`dispersion`), 1 if they are independent. Events that
        come in bunches tell as much as ``count / bunched`` independent ones, so the interval is
        that of as many bunches, each of ``bunched`` events.

    Raises
    ------
    UsageError
        for a count that is not a whole number, an exposure of zero, or a level outside 0 to 1.

    References
    ----------
    Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28.
    """
    from scipy.special import gammaincinv

    count = _whole(count, "count")
    alpha = _alpha(level)
    if exposure <= 0:
        raise UsageError(f"exposure {exposure} must be above zero")
    bunches = count / bunched
    low = 0.0 if count == 0 else bunched * gammaincinv(bunches, alpha / 2)
    high = bunched * gammaincinv(bunches + 1, 1 - alpha / 2)
    return ConfidenceInterval(count / exposure, float(low) / exposure, float(high) / exposure)


def _share(successes: int, trials: int) -> tuple[int, int]:
    successes = _whole(successes, "successes")
    trials = _whole(trials, "trials")
    if trials == 0 or successes > trials:
        raise UsageError(
            f"a share needs trials, and no more successes than trials: {successes} of {trials}"
        )
    return successes, trials


def _binomial(k: float, n: float, alpha: float) -> ConfidenceInterval:
    """Return a share with the bounds of Clopper and Pearson.

    Counts may be fractions: numbers of effective events, as in Korn and Graubard (1998).
    """
    from scipy.special import betaincinv

    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, alpha / 2))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - alpha / 2))
    return ConfidenceInterval(k / n, low, high)


def _binomial_test(successes: int, trials: int, share: float) -> float:
    """Return the exact two-sided p-value: the probability of all counts that are no likelier.

    Equal to ``scipy.stats.binomtest``, whose import costs most of a second.
    """
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    counts = np.arange(trials + 1.0)
    ways = gammaln(trials + 1) - gammaln(counts + 1) - gammaln(trials - counts + 1)
    chances = np.exp(ways + xlogy(counts, share) + xlog1py(trials - counts, -share))
    no_likelier = chances <= chances[successes] * (1 + 1e-7)
    return min(1.0, float(chances[no_likelier].sum()))


def wilson(successes: int, trials: int, level: float = LEVEL) -> ConfidenceInterval:
    """Return a share, 0 to 1, with Wilson's score interval.

    Raises
    ------
    UsageError
        without a trial, or for more successes than trials.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22.
    """
    k, n = _share(successes, trials)
    z = NormalDist().inv_cdf(1 - _alpha(level) / 2)  # scipy takes a second to load
    share = k / n
    spread = z * z / n
    middle = share + spread / 2
    half = z * ((share * (1 - share) + spread / 4) / n) ** 0.5
    low = 0.0 if k == 0 else (middle - half) / (1 + spread)
    high = 1.0 if k == n else (middle + half) / (1 + spread)
    return ConfidenceInterval(share, low, high)


def rate_ratio(
    before: int,
    years_before: float,
    after: int,
    years_after: float,
    level: float = LEVEL,
    bunched: float = 1.0,
) -> RateRatio:
    """Return the ratio of two Poisson rates, exact given the sum of the counts.

    Given the sum, the count after is binomial with share r t2 / (t1 + r t2), where r is the ratio
    and t1 and t2 are the lengths of the windows. The interval is the image of the Clopper-Pearson
    interval of that share; the p-value is that of the exact binomial test of r = 1.

    Parameters
    ----------
    before, after
        counts of events.
    years_before, years_after
        lengths of the two windows, above zero.
    level
        probability that the interval covers, as 0.95.
    bunched
        the dispersion of the events (:func:`dispersion`), 1 if they are independent. The interval
        is that of both counts divided by it; the p-value does not depend on it.

    Raises
    ------
    UsageError
        for a count that is not a whole number, or a window without length.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31; Lehmann and Romano, section 4.5.
    """
    before = _whole(before, "count before")
    after = _whole(after, "count after")
    if years_before <= 0 or years_after <= 0:
        raise UsageError("both windows of a rate ratio must be longer than nothing")
    total = before + after
    if total == 0:
        nan = float("nan")
        return RateRatio(
            nan,
            low=0.0,
            high=float("inf"),
            p=1.0,
            before=0,
            after=0,
            years_before=years_before,
            years_after=years_after,
        )
    expected = years_after / (years_before + years_after)

    def ratio(share: float) -> float:
        return float("inf") if share >= 1 else share / (1 - share) * years_before / years_after

    bounds = _binomial(after / bunched, total / bunched, _alpha(level))
    return RateRatio(
        ratio(after / total),
        low=ratio(bounds.low),
        high=ratio(bounds.high),
        p=_binomial_test(after, total, expected),
        before=before,
        after=after,
        years_before=years_before,
        years_after=years_after,
    )


def break_date(periods: Sequence[str], values: Sequence[float], offset: float) -> str | None:
    """Return the first period of the new level; None for a flat series or one of under five.

    Two levels are fitted to ln(value + offset) by least squares, with a break at each period.

    Parameters
    ----------
    periods, values
        a complete series, shape (n,): a month without anything is a zero, not a gap.
    offset
        what is added before the logarithm, above zero if a value may be zero.
    """
    import numpy as np

    if len(periods) < 5 or np.ptp(values) <= 0:
        return None
    series = np.log(np.asarray(values, dtype=float) + offset)
    return periods[two_levels(series, 2 if len(periods) >= 12 else 1)]


def two_levels(series: np.ndarray, least: int) -> int:
    """Return the index at which the second of two levels begins that fit a series best.

    It is the cut with the smallest sum of squares around the two means; if several are equal, the
    first of them (Truong, Oudre and Vayatis 2020: optimal partition with one break).

    Parameters
    ----------
    series
        the values, shape (n,), with n at least twice ``least``.
    least
        the smallest number of values in a level.
    """

    def squares(part: np.ndarray) -> float:
        return float(((part - part.mean()) ** 2).sum())

    return min(
        range(least, len(series) - least + 1),
        key=lambda k: squares(series[:k]) + squares(series[k:]),
    )


def fisher_greater(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Return the one-sided p-value of Fisher's exact test.

    The alternative is that the share of ``hits`` in ``trials`` is larger than that of
    ``other_hits`` in ``other_trials``.
    """
    from math import comb

    together = hits + other_hits
    most = min(together, trials)
    ways = sum(comb(trials, k) * comb(other_trials, together - k) for k in range(hits, most + 1))
    return ways / comb(trials + other_trials, together)
