# SPDX-License-Identifier: Apache-2.0
"""Routes on the overview: those that a search found, or the hubs that grew most, said to be a sign only."""

import pytest
from picture_made_up import made_up

from bilat.errors import UsageError
from bilat.measures import Point
from bilat.picture.cases import routes
from bilat.units import RATIO


def test_a_route_is_told_with_hub_goods_value_interval_and_rivals() -> None:
    found = [
        {
            "hub": "KGZ",
            "label": "bearings",
            "diverted": 12.5e6,
            "low": 8e6,
            "high": 17e6,
            "rivals": ["prices"],
        },
        *({"hub": "ARM", "product": "8542", "diverted": 1e6} for _ in range(5)),
    ]
    told = routes.from_search(found)
    assert len(told) == 3
    assert told[0].place == "Kyrgyzstan"
    assert told[0].figure == "12.5 million USD [8 to 17 million]"
    assert told[0].why == "Rival readings: prices"


def test_a_route_without_its_value_is_refused() -> None:
    with pytest.raises(UsageError, match="needs diverted"):
        routes.from_search([{"hub": "KGZ"}])


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
