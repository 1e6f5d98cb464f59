# SPDX-License-Identifier: Apache-2.0
"""Beside the series: mirror gaps, deals of the press, additions to lists, and false rows."""

import datetime as dt
from pathlib import Path

from sample_files import sample

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.forecast.signals import (
    added,
    of_interest,
)
from bilat.holdings import Holdings, Store
from bilat.measures import Ask
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")


def test_additions_are_those_of_the_newest_edition_and_not_of_the_one_before() -> None:
    held, last = Holdings(), AsOf("2024-06-01")
    found = added(AsOf("2023-03-20"), last, held, PAIR)
    chinese = next(a for a in found if (a.country, a.programme) == ("China", "RUSSIA-EO14024"))
    by_hand = Ask(PAIR, last, {}, held).query(
        "SELECT count(DISTINCT party) AS n FROM listings l WHERE source = 'ofac_sdn' AND vintage = '2024-05-03' "
        "AND programme = 'RUSSIA-EO14024' AND party IN (SELECT party FROM addresses WHERE country = 'China' AND NOT "
        "regexp_matches(address, 'Hong ?Kong( [0-9-]+)?, China$')) AND "
        "party NOT IN (SELECT party FROM listings WHERE vintage = '2023-03-15' AND programme = 'RUSSIA-EO14024')"
    )
    assert chinese.parties == by_hand["n"][0].as_py() > 40 and chinese.since == "2023-03-15"
    assert any(a.country == "Hong Kong" and a.list == chinese.list for a in found)
    assert chinese in of_interest(found, PAIR)
    assert not any(a.country == "China" and not a.programme for a in of_interest(found, PAIR))


def test_a_list_of_which_no_newer_edition_is_held_gains_nothing() -> None:
    found = added(AsOf("2023-03-20"), AsOf("2024-03-31"), Holdings(), PAIR)
    assert not any(a.list in ("OFAC SDN", "US DPL") for a in found)


def test_entries_that_bear_their_own_day_are_counted_without_an_earlier_edition() -> None:
    first, last, held = AsOf("2022-02-20"), AsOf("2022-12-31"), Holdings()
    found = added(first, last, held, PAIR)
    by_hand = Ask(PAIR, last, {}, held).query(
        "SELECT count(DISTINCT party) AS n FROM listings WHERE list = 'US EL' AND listed_on > '2022-02-20' AND party "
        "IN (SELECT party FROM addresses WHERE country = 'RU' AND source = 'us_csl')"
    )
    russian = [a for a in found if (a.list, a.country) == ("US EL", "Russia")]
    assert sum(a.parties for a in russian) >= by_hand["n"][0].as_py() > 100
    assert {a.since for a in russian} == {"2022-02-20"}


def test_a_list_whose_first_edition_lies_between_the_dates_counts_from_then_on() -> None:
    found = added(AsOf("2022-01-01"), AsOf("2025-01-01"), Holdings(), PAIR)
    russian = [a for a in found if a.list == "OFAC SDN" and a.country == "Russia"]
    assert russian and {a.since for a in russian} == {"2022-02-17"}


def test_an_edition_from_before_the_window_is_named() -> None:
    found = added(AsOf("2025-06-01"), AsOf("2026-06-01"), Holdings(), PAIR)
    assert {a.since for a in found if a.list == "OFAC SDN"} == {"2024-05-03"}


def planted(folder: Path, *rows: str) -> Holdings:
    """The package's holdings with a later edition of the exercises: the sample, and these rows."""
    source = sources()["exercises"]
    case = sample(source, source.files[0])
    assert case is not None
    raw = folder / "exercises.csv"
    raw.write_text(
        case.path.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", "utf-8"
    )

    Store(folder / "held").add(source, case.file, raw, pulled_on=dt.date(2026, 11, 25))
    return Holdings(folder / "held")


def drill(n: int, day: str, third: str = "") -> str:
    who = ";".join(x for x in ("China", third, "Russia") if x)
    return f"EX9{n:02},False-{n},{day},{day},day,{who},{third},land,bilateral large-scale,Sea,43.1,131.9,x,,,,,,,,,,,https://example.org/{n},,"
