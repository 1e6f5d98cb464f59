# SPDX-License-Identifier: Apache-2.0
"""How far apart two states stand on the main dimension of voting in the General Assembly."""

from __future__ import annotations

from collections import defaultdict

from bilat.measures import Answer, Ask, Interval, Pair, State, Years, measure
from bilat.units import index

#: Standard deviations between the 5% and the 95% quantile of a normal distribution.
SPREAD = 2 * 1.6448536269514722
#: Deviations from zero beyond which a folded normal is a normal to the last digit.
FAR = 40.0


def distance(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Distance of two ideal points with its 90% interval.

    Each point is (estimate, 5% quantile, 95% quantile). The difference is taken as normal, the
    errors as independent; the absolute value of it then follows a folded normal distribution, whose
    5% and 95% quantiles are the bounds. Its square is noncentral chi-square with one degree of
    freedom.
    """
    from scipy.special import chndtrix

    gap = abs(a[0] - b[0])
    deviation = (((a[2] - a[1]) / SPREAD) ** 2 + ((b[2] - b[1]) / SPREAD) ** 2) ** 0.5
    if deviation == 0:
        return gap, gap, gap
    apart = gap / deviation
    if apart > FAR:  # too far for the fold to be felt
        return gap, gap - SPREAD / 2 * deviation, gap + SPREAD / 2 * deviation
    low, high = (float(chndtrix(q, 1, apart**2)) ** 0.5 * deviation for q in (0.05, 0.95))
    return gap, min(low, gap), max(high, gap)


@measure(
    "votes.ideal_distance",
    of=Pair,
    title="Distance between ideal points in the UN General Assembly",
    unit=index("ideal-point units"),
    tables=("series",),
    sources={"series": ("un_ideal_points",)},
    reference="Bailey, Strezhnev and Voeten (2017), Estimating Dynamic State Preferences from "
    "United Nations Voting Data, Journal of Conflict Resolution 61(2)",
    method="The absolute distance between two published ideal points in a session, whose year is "
    "its number plus 1945. It is given for the pair, and for each of the two and the "
    "third state. All members lie between about −3 and 3.",
    interval=Interval(
        "sampling",
        "90%: normal approximation to each state's published 5% and 95% quantiles, errors taken as "
        "independent",
        0.9,
    ),
)
def ideal_distance(ask: Ask, third: State = "USA", years: Years = Years(1991)) -> Answer:
    """Groups: ``RUS-CHN``, ``RUS-USA``, ``CHN-USA``; a point per year.

    third: the third state; blank for none
    years: years of the sessions
    """
    a, b = ask.dyad
    pairs = [(a, b)]
    if third and third not in (a, b):
        pairs += [(a, third), (b, third)]
    out = ask.answer()
    lacks = []
    for one, two in pairs:
        group = f"{one}-{two}"
        rows = ask.rows(
            "SELECT *, period AS point, ? AS grp FROM series WHERE source = 'un_ideal_points' "
            f"AND variable = 'ideal_point' AND entity IN (?, ?) AND {years.sql()} "
            "AND period IN (SELECT period FROM series WHERE source = 'un_ideal_points' "
            "AND variable = 'ideal_point' AND entity IN (?, ?) GROUP BY period "
            "HAVING count(DISTINCT entity) = 2) ORDER BY period, entity",
            group,
            one,
            two,
            one,
            two,
        )
        out.take(rows)
        by_year: dict[str, dict[str, tuple[float, float, float]]] = defaultdict(dict)
        for r in rows.select(["point", "entity", "value", "low", "high"]).to_pylist():
            by_year[r["point"]][r["entity"]] = (r["value"], r["low"], r["high"])
        for year, points in sorted(by_year.items()):
            value, low, high = distance(points[one], points[two])
            out.point(year, value, low=low, high=high, kind="estimated", group=group)
        if not by_year:
            lacks.append(f"we have no ideal points of both {one} and {two}: pull un_ideal_points")
    warning = (
        "a smaller distance is not agreement on every issue: see votes.agreement, which can differ"
    )
    out.note = "; ".join([*lacks, warning]) + "."
    return out
