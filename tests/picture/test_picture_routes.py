# SPDX-License-Identifier: Apache-2.0
"""Routes on the overview: those that a search found, or the hubs that grew most, said to be a sign only."""

from picture_made_up import made_up

from bilat.measures import Point
from bilat.picture import routes
from bilat.units import RATIO


def test_hubs_are_ranked_by_the_last_year_without_the_control() -> None:
    points = [
        Point("2022", 9.0, group="ARM"),
        *(
            Point("2023", v, v - 0.1, v + 0.1, group=g)
            for g, v in (("KGZ", 8.0), ("ARM", 2.3), ("control", 9.9))
        ),
    ]
    told = routes.from_growth(made_up("made.hubs", points, unit=RATIO))
    assert [(r.place, r.figure) for r in told] == [
        ("Kyrgyzstan", "8× [7.9 to 8.1]"),
        ("Armenia", "2.3× [2.2 to 2.4]"),
    ]
