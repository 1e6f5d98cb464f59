# SPDX-License-Identifier: Apache-2.0
"""Exports of one state to another: published figures, whole periods, honest answers where none is held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.holdings import Holdings, embedded_folder
from bilat.measures import Measurement, ask
from bilat.trade.exports import months, shift_month

WINDOW = dict(by="window", period="2023-01..2023-10")


def exports(h: Holdings, **params: object) -> Measurement:
    return ask("trade.exports", holdings=h, **{"reporter": "DEU", "partner": "KGZ"} | params)


@pytest.mark.parametrize(
    ("partner", "value", "tolerance", "growth"),
    [  # Destatis, January to October 2023, as published (PF01-04)
        ("KGZ", 592e6, 0.02, 180.1),
        ("KAZ", 2.7e9, 0.03, 32.0),
        ("ARM", 423.8e6, 0.01, 19.3),
        ("RUS", 7.6e9, 0.01, -39.1),
    ],
)
def test_german_exports_as_published(
    embedded: Holdings, partner: str, value: float, tolerance: float, growth: float
) -> None:
    m = exports(embedded, reporter="DEU", partner=partner, **WINDOW)
    assert m.unit == "EUR"
    assert m.value("2023-01..2023-10", f"DEU>{partner}") == pytest.approx(value, rel=tolerance)
    (note,) = (p.note for p in m.points if p.period == "2023-01..2023-10")
    assert float(note.partition("%")[0]) == pytest.approx(growth, abs=0.6)


def test_a_window_is_the_sum_of_its_months(embedded: Holdings) -> None:
    window = exports(embedded, reporter="ITA,POL", partner="KGZ,RUS", **WINDOW)
    by_month = exports(
        embedded, reporter="ITA,POL", partner="KGZ,RUS", by="month", period="2023-01..2023-10"
    )
    for group in ("ITA>KGZ", "ITA>RUS", "POL>KGZ", "POL>RUS"):
        total = sum(p.value for p in by_month.points if p.group == group)
        assert window.value("2023-01..2023-10", group) == pytest.approx(total)


def test_months_of_members_add_to_the_union(embedded: Holdings) -> None:
    from bilat.trade.books import EU27

    union = exports(embedded, reporter="EU27", partner="KGZ", **WINDOW)
    members = exports(embedded, reporter=",".join(EU27), partner="KGZ", **WINDOW)
    total = sum(p.value for p in members.points if p.period == "2023-01..2023-10")
    assert union.value("2023-01..2023-10", "EU27>KGZ") == pytest.approx(total, rel=1e-6)


def test_a_window_the_source_covers_in_part_is_left_out(embedded: Holdings) -> None:
    m = exports(embedded, reporter="DEU", partner="RUS", by="window", period="2024-01..2024-10")
    assert [p.period for p in m.points] == [f"{y}-01..{y}-10" for y in range(2019, 2024)]


def test_a_year_in_progress_is_left_out(embedded: Holdings) -> None:
    m = exports(embedded, reporter="DEU", partner="RUS")
    assert [p.period for p in m.points] == ["2019", "2020", "2021", "2022", "2023"]
    britain = exports(embedded, reporter="GBR", partner="RUS", source="eurostat_total_monthly")
    assert [p.period for p in britain.points] == ["2019"]  # it left in January 2020


def test_windows_longer_than_a_year_do_not_overlap(embedded: Holdings) -> None:
    m = exports(embedded, reporter="DEU", partner="RUS", by="window", period="2022-03..2023-08")
    assert [p.period for p in m.points] == ["2020-03..2021-08", "2022-03..2023-08"]


def test_what_is_not_held_is_said_and_what_is_held_instead(embedded: Holdings) -> None:
    m = exports(embedded, reporter="IRN", partner="KGZ")
    assert not m.points and m.evidence.num_rows == 0
    assert (
        "we have no report of exports by Iran with Kyrgyzstan" in m.note
        and "side=importer" in m.note
    )
    other = exports(embedded, reporter="IRN", partner="KGZ", side="importer")
    assert [p.period for p in other.points] == ["2019", "2020", "2021", "2022", "2023"]


def test_a_flow_that_we_have_otherwise_is_not_said_to_be_missing(embedded: Holdings) -> None:
    by_month = exports(embedded, reporter="IRN", partner="KGZ", side="importer", by="month")
    assert not by_month.points and "no report of" not in by_month.note
    assert "IRN>KGZ: we have it only by year: ask with by=year" in by_month.note

    elsewhere = exports(embedded, reporter="DEU", partner="RUS", source="imf_russia")
    assert not elsewhere.points and "no report of" not in elsewhere.note
    assert "DEU>RUS: not in imf_russia, but in eurostat_total_monthly" in elsewhere.note


def test_estimates_are_called_estimates(embedded: Holdings) -> None:
    m = exports(embedded, reporter="CHN", partner="RUS", side="importer")
    kinds = {p.period: p.kind for p in m.points}
    assert kinds["2021"] == "reported" and kinds["2022"] == kinds["2023"] == "estimated"
    # published: up by 60% or more from 2021 to 2023 (PF06)
    assert m.value("2023", "CHN>RUS") / m.value("2021", "CHN>RUS") >= 1.6 - 0.05


def test_the_dyad_in_both_directions(embedded: Holdings) -> None:
    m = ask("trade.exports", ("RUS", "CHN"), holdings=embedded, reporter="", partner="")
    assert m.groups() == ["RUS>CHN", "CHN>RUS"]
    assert m.value("2021", "CHN>RUS") == pytest.approx(67.2e9, rel=0.01)


def test_another_dyad(embedded: Holdings) -> None:
    m = ask("trade.exports", ("ARM", "RUS"), holdings=embedded, reporter="", partner="")
    assert {"ARM>RUS", "RUS>ARM"} == set(m.groups()) and m.unit == "USD"


def test_two_currencies_are_not_put_in_one_answer(embedded: Holdings) -> None:
    m = exports(embedded, reporter="DEU,USA", partner="RUS")
    assert set(m.groups()) == {"DEU>RUS"} and m.unit == "EUR" and "we have USA>RUS in USD" in m.note


def test_american_exports(embedded: Holdings) -> None:
    m = exports(embedded, reporter="USA", partner="RUS,WLD", source="us_census_exports")
    assert m.unit == "USD"
    assert m.value("2024", "USA>WLD") == pytest.approx(2.06e12, rel=0.02)
    assert m.value("2023", "USA>RUS") < 0.12 * m.value("2021", "USA>RUS")
    assert [p.period for p in m.points if p.group == "USA>RUS"] == [
        str(y) for y in range(2013, 2025)
    ]


def test_chinese_customs(embedded: Holdings) -> None:
    m = exports(embedded, reporter="CHN", partner="RUS", source="gacc_exports_russia", by="month")
    assert m.value("2023-06", "CHN>RUS") == 9530188306
    assert m.value("2026-02", "CHN>RUS") == 9222000000
    kinds = {p.period: p.kind for p in m.points}
    assert (kinds["2025-07"], kinds["2025-08"]) == ("reported", "derived")
    years = exports(embedded, reporter="CHN", partner="RUS", source="gacc_exports_russia")
    assert [p.period for p in years.points] == [str(y) for y in range(2017, 2025)]


def test_a_month_that_nobody_printed_is_a_hole_that_is_named(embedded: Holdings) -> None:
    m = exports(embedded, reporter="CHN", partner="RUS", source="gacc_exports_russia", by="month")
    holes = ["2025-01", "2025-02", "2025-11", "2025-12"]
    assert f"no figure is stored for {', '.join(holes)}." in m.note
    assert not {p.period for p in m.points} & set(holes)
    # A year with a hole is no whole year, and growth needs the month of the year before.
    assert "2025" not in {p.period[:4] for p in m.points if len(p.period) == 4}
    notes = {p.period: p.note for p in m.points}
    assert notes["2025-10"].startswith("-22.6% on 2024-10")
    assert notes["2026-01"] == "difference of published sums"


@pytest.mark.parametrize("year", ["2022", "2023", "2024"])
def test_chinese_customs_add_up_to_what_the_press_printed_of_the_year(
    embedded: Holdings, year: str
) -> None:
    """2024: 244.8 billion dollars (Reuters), 2023: 240.11 (TASS), 2022: 190.27 (customs)."""
    printed = {"2022": 190.27, "2023": 240.11, "2024": 244.8}
    sold = exports(embedded, reporter="CHN", partner="RUS", source="gacc_exports_russia")
    bought = exports(
        embedded, reporter="RUS", partner="CHN", source="gacc_exports_russia", side="importer"
    )
    both = sold.value(year, "CHN>RUS") + bought.value(year, "RUS>CHN")
    assert both / 1e9 == pytest.approx(printed[year], rel=0.003)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (dict(by="week"), "'week' is not allowed. Use month, year, window"),
        (dict(by="window"), "needs a period with both ends"),
        (dict(by="window", period="2023-10..2023-01"), "begins after its end"),
        (dict(by="window", period="2023-13..2023-14"), "is not a window"),
        (dict(side="both"), "Use exporter, importer"),
        (dict(reporter="", partner="KGZ"), "name both"),
        (dict(reporter="DEU", partner=" , "), "name both"),
        (dict(partner="ATL"), "unknown country"),
    ],
)
def test_what_cannot_be_asked(embedded: Holdings, params: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        exports(embedded, **params)


@given(st.integers(1950, 2090), st.integers(1, 12), st.integers(-300, 300))
def test_months_shift_and_shift_back(year: int, month: int, by: int) -> None:
    text = f"{year:04d}-{month:02d}"
    assert shift_month(shift_month(text, by), -by) == text
    if by >= 0:
        span = months(text, shift_month(text, by))
        assert len(span) == by + 1 and span == sorted(set(span))


def test_a_sum_of_reported_rows_is_reported_and_a_difference_says_so() -> None:
    """Chapters added up for the package are what Russia reported; only China's months are differences."""
    held = Holdings(embedded_folder())
    before = ask("trade.exports", as_of="2022-01-31", holdings=held, reporter="RUS", partner="CHN")
    assert before.points and not [p for p in before.points if p.kind == "derived"]
    assert not [p for p in before.points if "difference" in p.note]
    months = ask("trade.exports", holdings=held, reporter="CHN", partner="RUS", by="month")
    derived = [p for p in months.points if p.kind == "derived"]
    assert derived and all("difference of published sums" in p.note for p in derived)
