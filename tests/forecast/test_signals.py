# SPDX-License-Identifier: Apache-2.0
"""Beside the series: mirror gaps, deals of the press, additions to lists, and false rows."""

import datetime as dt
from pathlib import Path

import pytest
from sample_files import sample

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.forecast.signals import (
    Mirror,
    _by_country,
    added,
    deals,
    gaps,
    of_interest,
    read_deals,
    signals,
)
from bilat.holdings import Holdings, Store
from bilat.measures import Ask
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")


def test_a_gap_opens_when_the_year_is_known_and_then_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Mirror(since="2022", pairs=[("DEU", "KGZ"), ("CHN", "RUS")])
    chosen = signals().model_copy(update={"mirror": two})
    monkeypatch.setattr("bilat.forecast.signals.signals", lambda: chosen)
    found, unjudged = gaps(AsOf("2023-03-20"), AsOf("2024-03-31"), Holdings())
    kyrgyz = next(g for g in found if (g.exporter, g.importer, g.period) == ("DEU", "KGZ", "2022"))
    assert kyrgyz.new and kyrgyz.high < 0 and kyrgyz.recorded < 0.6 and kyrgyz.rows
    assert any("CHN>RUS" in u for u in unjudged)  # said, not passed over
    again, _ = gaps(AsOf("2024-03-31"), AsOf("2024-04-30"), Holdings())
    assert not any(g.new for g in again) and again


def test_a_deal_of_the_press_is_looked_up_in_the_register(tmp_path: Path) -> None:
    held, first, last = Holdings(), AsOf("2025-01-01"), AsOf("2026-01-01")
    (leaked,) = deals(first, last, held, PAIR)
    assert leaked.new and leaked.looked_for == ("BMD-4M", "Sprut-SDM1", "BTR-MDM") and leaked.url
    assert deals(first, AsOf("2025-09-25"), held, PAIR) == []  # not known yet
    file = tmp_path / "deals.csv"
    file.write_text(
        "supplier,recipient,item,status,known_on,url\n"
        "RUS,CHN,24 Su-35S,ordered,2025-02-01,\n"
        "Russia,CHN,2 T-14,ordered,2025-02-01,javascript:alert(1)\n",
        "utf-8",
    )
    found = deals(first, last, held, PAIR, read_deals(file))
    assert [d.item for d in found] == [leaked.item, "2 T-14"]  # the register has Su-35
    file.write_text("supplier,recipient,item,status,known_on,url\nRUS,Narnia,x,y,2025-02-01,\n", "utf-8")
    with pytest.raises(DataError, match=r"deals.csv.*recipient.*Narnia"):
        read_deals(file)


def test_additions_are_those_of_the_newest_edition_and_not_of_the_one_before() -> None:
    held, last = Holdings(), AsOf("2024-06-01")
    found, cannot = added(AsOf("2023-03-20"), last, held, PAIR)
    chinese = next(a for a in found if (a.country, a.programme) == ("China", "RUSSIA-EO14024"))
    by_hand = Ask(PAIR, last, {}, held).query(
        "SELECT count(DISTINCT party) AS n FROM listings l WHERE source = 'ofac_sdn' AND vintage = '2024-05-03' "
        "AND programme = 'RUSSIA-EO14024' AND party IN (SELECT party FROM addresses WHERE country = 'China') AND "
        "party NOT IN (SELECT party FROM listings WHERE vintage = '2023-03-15' AND programme = 'RUSSIA-EO14024')"
    )
    assert chinese.parties == by_hand["n"][0].as_py() > 50
    assert chinese in of_interest(found, PAIR) and chinese.rows[0].startswith("ofac_sdn ")
    assert not any(a.country == "China" and not a.programme for a in of_interest(found, PAIR))
    assert any(
        "OFAC SDN" in x and "what was added after 2024-05-03, the newest edition held" in x for x in cannot
    )


def test_a_list_of_which_no_newer_edition_is_held_is_not_told_as_unchanged() -> None:
    found, untold = added(AsOf("2023-03-20"), AsOf("2024-03-31"), Holdings(), PAIR)
    assert not any(a.list == "OFAC SDN" for a in found)
    (sdn,) = [x for x in untold if x.startswith("OFAC SDN (")]
    assert "one edition, of 2023-03-15, stands for both dates" in sdn
    assert any(
        x.startswith("US DPL (bis_dpl): what was added after 2019-06-05, the newest edition held")
        for x in untold
    )


def test_entries_that_bear_their_own_day_are_told_without_an_earlier_edition() -> None:
    first, last, held = AsOf("2022-02-20"), AsOf("2022-12-31"), Holdings()
    found, untold = added(first, last, held, PAIR)
    by_hand = Ask(PAIR, last, {}, held).query(
        "SELECT count(DISTINCT party) AS n FROM listings WHERE list = 'US EL' AND listed_on > '2022-02-20' AND party "
        "IN (SELECT party FROM addresses WHERE country = 'RU' AND source = 'us_csl')"
    )
    russian = [a for a in found if (a.list, a.country) == ("US EL", "Russia")]
    assert {w for a in russian for w in a.written} == {"RU"}  # the publisher's own spelling is kept
    assert sum(a.parties for a in russian) >= by_hand["n"][0].as_py() > 100
    (said,) = [x for x in untold if x.startswith("US EL (")]
    assert "bear no day" in said and "what was added after 2022-05-16, the newest edition held" in said
    assert not any("the edition of 2022-05-16 is the first held" in x for x in untold if "US EL" in x)


def test_a_list_whose_first_edition_lies_between_the_dates_is_told_from_then_on() -> None:
    found, untold = added(AsOf("2022-01-01"), AsOf("2025-01-01"), Holdings(), PAIR)
    assert any(a.list == "OFAC SDN" and a.country == "Russia" for a in found)
    (said,) = [x for x in untold if x.startswith("OFAC SDN (")]
    assert "what was added before 2022-02-17, the first edition held, is not known" in said


def test_additions_to_an_edition_from_before_the_window_are_not_told_as_the_windows() -> None:
    first, last, held = AsOf("2025-06-01"), AsOf("2026-06-01"), Holdings()
    found, untold = added(first, last, held, PAIR)
    sdn = [a for a in found if a.list == "OFAC SDN"]
    # its editions bear no days, so that none can be placed in the window
    assert sdn and {(a.against, a.dated) for a in sdn} == {("2024-05-03", None)}
    told = "counted against the edition of 2024-05-03: some may have come before 2025-06-01"
    assert [x.split(" (")[0] for x in untold if told in x] == ["OFAC SDN"]
    assert {a.against for a in found if a.list == "OFAC SDN"} == {"2024-05-03"}
    # an edition of the first date itself says what came since
    exact, _ = added(AsOf("2024-05-03"), last, held, PAIR)
    assert {a.against for a in exact} == {""} and {a.parties for a in exact} == {a.parties for a in found}


def test_entries_with_a_day_of_their_own_are_counted_apart_under_an_older_edition() -> None:
    row = {"programme": "P", "name": "n", "locator": "line 1", "country": "Russia"}
    days = (dt.date(2025, 5, 1), dt.date(2025, 7, 1), None)
    rows = [{**row, "party": str(n), "listed_on": day} for n, day in enumerate(days)]
    window = AsOf("2025-06-01"), AsOf("2025-12-31")
    (group,) = _by_country("s", "L", rows, window, "2025-01-01")
    assert (group.parties, group.dated, group.against) == (3, 1, "2025-01-01")


def planted(folder: Path, *rows: str) -> Holdings:
    """The package's holdings with a later edition of the exercises: the sample, and these rows."""
    source = sources()["exercises"]
    case = sample(source, source.files[0])
    assert case is not None
    raw = folder / "exercises.csv"
    raw.write_text(case.path.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", "utf-8")

    Store(folder / "held").add(source, case.file, raw, pulled_on=dt.date(2026, 11, 25))
    return Holdings(folder / "held")


def drill(n: int, day: str, third: str = "") -> str:
    who = ";".join(x for x in ("China", third, "Russia") if x)
    return f"EX9{n:02},False-{n},{day},{day},day,{who},{third},land,bilateral large-scale,Sea,43.1,131.9,x,,,,,,,,,,,https://example.org/{n},,"
