# SPDX-License-Identifier: Apache-2.0
"""Charts: every point that counts is drawn and named, nothing leaves the drawing, claims of one side stand apart."""

import datetime as dt
import itertools
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bilat import ask
from bilat.catalog import short_producer
from bilat.document import Document, Point, Section, Series, SourceRef, fragment
from bilat.document.chart import NARROW, SIZES, WIDE, description, standalone, svg
from bilat.document.html import Surface
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.units import count, percent, quantity

TIV = quantity("million TIV")


def line(**values: dict[str, float]) -> Series:
    points = tuple(Point(y, v, group=g) for g, ys in values.items() for y, v in ys.items())
    return Series("Arms", TIV, points, source="SIPRI")


def numbers(drawing: str) -> list[float]:
    """Every place in the drawing: of lines, circles, columns and paths."""
    tree = ElementTree.fromstring(drawing)
    found = []
    for e in tree.iter():
        found += [float(e.get(k, "0")) for k in ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy")]
        found += [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", e.get("d", ""))]
    return found


def test_the_last_point_is_drawn_named_and_valued() -> None:
    made = svg(line(a={"2019": 5.0, "2020": 7.0, "2021": 41.0}, b={"2019": 1.0, "2021": 2.0}))
    assert made.count('r="3.5"') == 2 and made.count("data-t=") == 5
    assert ">41 (2021)<" in made and ">2 (2021)<" in made and "invasion" not in made


def test_a_chart_that_is_taken_away_has_the_marking_and_no_text_for_pointers() -> None:
    marking = Marking.parse("TLP:GREEN")
    d = Document("t", "T", (), (line(a={"2019": 5.0, "2020": 7.0, "2021": 41.0}),)).within(marking)
    page = fragment(d, Surface(cite="bilat"))
    drawn = [unquote(x) for x in re.findall(r"svg\+xml,([^\"]+)", page)]
    for x in drawn:
        ElementTree.fromstring(x)
    assert len(drawn) == 2 and all(
        "TLP:GREEN" in x and "data-t" not in x and "spot" not in x for x in drawn
    )


def test_the_invasion_stands_on_every_chart_that_reaches_across_it() -> None:
    assert "invasion" in svg(line(a={"2020": 1.0, "2021": 2.0, "2023": 3.0}))


def test_a_mark_has_its_day_or_its_month_where_there_is_less_room() -> None:
    series = line(a={"2020": 1.0, "2021": 2.0, "2023": 3.0})
    assert ">invasion, 24 February 2022<" in svg(series, WIDE)
    later = ((dt.date(2023, 4, 1), "an order"),)
    made = svg(replace(series, marks=later), WIDE)
    assert ">invasion, Feb 2022<" in made or ">invasion, 24 February 2022<" in made


def test_days_whose_words_have_no_room_are_numbered_and_named_above() -> None:
    series = line(a={"2020": 1.0, "2021": 2.0, "2023": 3.0})
    crowded = [(dt.date(2022, month, 1), f"event {month}") for month in (1, 2, 3, 4)]
    made = svg(replace(series, marks=tuple(crowded)), NARROW)
    named = " ".join(re.findall(r">([^<]*(?:event|invasion)[^<]*)<", made))
    for n, words in enumerate(
        ("event 1, 1 January", "event 2, 1 February", "invasion, 24 February")
    ):
        assert f"{n + 1} {words} 2022" in named
    spots = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>[1-5]<', made)]
    assert len(spots) >= 5 and all(b - a > 10 for a, b in itertools.pairwise(spots[-5:]))


def test_the_latest_days_are_named_where_there_are_very_many() -> None:
    series = line(a={"2020": 1.0, "2021": 2.0, "2023": 3.0})
    many = [(dt.date(2022, 1, day), f"an event of a long name {day}") for day in range(1, 29)]
    made = svg(replace(series, marks=tuple(many)), NARROW)
    assert "invasion, 24 February 2022" in made and "long name 1," not in made
    assert max(numbers(made)) < NARROW.width + 60


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (("2026-02", "2026-03"), ["Feb 2026", "Mar 2026"]),
        (("2026-05", "2026-06"), ["May 2026", "Jun 2026"]),
        (("2026-02", "2026-09"), ["Apr 2026", "Jul 2026"]),
    ],
)
def test_a_record_of_a_few_months_has_months_below_it(
    months: tuple[str, ...], told: list[str]
) -> None:
    values = dict.fromkeys(months, 3.0)
    below = re.findall(r">([A-Z][a-z]{2} 20\d\d)<", svg(line(a=values)))
    assert below[: len(told)] == told


def test_counts_are_columns_from_zero_and_an_open_year_is_pale() -> None:
    points = tuple(
        Point(str(y), float(n), open=y == 2026) for y, n in ((2024, 3), (2025, 4), (2026, 1))
    )
    made = svg(Series("Exercises", count("exercises a year"), points))
    assert (
        made.count("<rect") == 3
        and made.count("fill-opacity") == 1
        and "part of the period" in made
    )


def test_the_last_column_has_its_date() -> None:
    points = tuple(Point(str(year), 10.0 + year % 7) for year in range(1990, 2025))
    made = svg(Series("Troops", count("persons"), points), WIDE)
    assert ">2024<" in made and ">2023<" not in made


def test_things_without_time_are_rows_with_their_ranges() -> None:
    points = (
        Point("2021", 12.0, 9.0, 15.0, group="Kyrgyzstan"),
        Point("2021", 3.0, group="Georgia"),
    )
    made = svg(Series("Excess", percent("past"), points))
    assert "Kyrgyzstan" in made and "12%" in made and made.count("<circle") == 2


def test_text_of_strangers_is_escaped_and_blank_stays_blank() -> None:
    made = svg(line(**{"<script": {"2020": 1.0, "2021": 2.0}}))
    assert "<script" not in made and "&lt;script" in made
    assert svg(Series("None", TIV, (Point("2020", None),))) == ""


def test_a_slide_has_title_unit_source_and_no_variable() -> None:
    made = standalone(line(a={"2020": 1.0, "2021": 2.0}))
    tree = ElementTree.fromstring(made)
    assert (tree.get("width"), tree.get("height")) == ("1280", "720")
    assert (
        "var(" not in made and "Source: SIPRI" in made and "million TIV" in made and "Arms" in made
    )


@given(
    st.lists(
        st.tuples(
            st.integers(1950, 2030),
            st.floats(-1e12, 1e12),
            st.sampled_from(["", "a", "RUS>CHN", "c"]),
        ),
        min_size=1,
        max_size=40,
        unique_by=lambda t: (t[0], t[2]),
    ),
    st.sampled_from([WIDE, NARROW]),
)
@example([(1950, 5e-324, "")], WIDE)
@example([(1950, 5e-324, "a"), (1951, -5e-324, "a")], NARROW)
def test_nothing_leaves_the_drawing(points: list[tuple[int, float, str]], size: object) -> None:
    made = svg(Series("Any", TIV, tuple(Point(str(y), v, group=g) for y, v, g in points)), size)  # type: ignore[arg-type]
    assert made and all(-60 <= n <= size.width + 60 for n in numbers(made))  # type: ignore[attr-defined]


def test_the_description_gives_first_and_last() -> None:
    assert description(line(a={"2020": 1.0, "2021": 2.0})) == "Arms. a: 1 in 2020 to 2 in 2021."


def test_claims_of_one_side_stand_under_no_other_title(tmp_path: Path) -> None:
    m = ask("losses.share_of_stock", as_of="2026-11-25")
    shown = {p.group for p in m.plot().series.points}
    assert "tanks" in shown and not [g for g in shown if "claimed" in g]
    assert {p.group for p in m.plot("tanks, claimed").series.points} == {"tanks, claimed"}
    last = max(p.period for p in m.points if p.group == "tanks" and p.value is not None)
    assert last in {p.period for p in m.plot("tanks").series.points}
    with pytest.raises(UsageError, match="has no group 'tank'"):
        m.plot("tank")


def test_a_figure_is_cited_with_its_producer() -> None:
    m = ask("transfers.tiv", as_of="2026-11-25")
    assert "SIPRI" in m.cite() and "as of 25 November 2026" in m.cite()
    assert m.cite("bibtex").count("@misc{") == len(m.sources) + 1
    assert len(repr(m)) < 200


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_drawn(size: str, tmp_path: Path) -> None:
    made = ask("transfers.tiv", as_of="2026-11-25").plot(size=size)
    assert f'width="{SIZES[size].width}"' in made.svg()


def test_a_part_of_a_year_is_dashed_and_named() -> None:
    points = (
        Point("2023", 5.0),
        Point("2024", 7.0),
        Point("2025", 6.0),
        Point("2026", 2.0, open=True),
    )
    columns = svg(Series("Meetings", count("meetings"), points))
    beside = re.findall(r"<text[^>]*>([^<]*)</text>", columns)
    assert {"part of", "2026"} <= set(beside)
    assert columns.count('stroke-dasharray="3 2"') == 1
    lines = svg(Series("Oil", quantity("million tonnes"), points))
    assert "2 (part of 2026)" in lines and 'stroke-dasharray="2 3"' in lines


def test_a_chart_without_a_source_takes_that_of_its_document() -> None:
    bare = Series("Oil", "Mt", (Point("2023", 5.0), Point("2024", 7.0)))
    named = (SourceRef("own", "A record", "A record, 2024", "CC0", "", "A1"),)
    page = fragment(Document("oil", "Oil", (), (bare,), sources=named))
    assert "Source: A record" in page
    own = replace(bare, source="its own")
    shown = fragment(Document("oil", "Oil", (), (own,), sources=named))
    assert "Source: its own" in shown and "Source: A record" not in shown


def test_a_chart_without_a_source_is_refused() -> None:
    bare = Series("Oil", "Mt", (Point("2023", 5.0), Point("2024", 7.0)))
    with pytest.raises(DataError, match="the chart 'Oil' of oil names no source"):
        Document("oil", "Oil", (), (Section("Behind", (bare,), detail=True),))
    with pytest.raises(DataError, match="the chart 'Oil' names no source"):
        standalone(bare)
    Document("oil", "Oil", (), (replace(bare, points=()),))


def test_what_is_counted_whole_has_no_halves_on_its_scale() -> None:
    points = tuple(Point(str(2017 + n), v) for n, v in enumerate((2, 1, 2, 1, 2, 0, 1, 1, 1)))
    made = svg(Series("Exercises", count("exercises a year"), points), WIDE)
    assert ">1<" in made and ">2<" in made and ">0.5<" not in made and ">1.5<" not in made
    halves = tuple(Point(str(2017 + n), v) for n, v in enumerate((2, 1.5, 2)))
    assert re.search(r">1\.\d<", svg(Series("Mean score", quantity("points"), halves), WIDE))


def test_the_last_value_of_a_line_that_ends_early_is_not_struck_through_by_the_axis() -> None:
    early = tuple(Point(str(year), 0.5, group="b") for year in range(1992, 2011))
    late = tuple(Point(str(year), 200.0, group="a") for year in range(1992, 2026))
    made = svg(Series("Arms", quantity("points"), (*early, *late)), NARROW)
    tree = ElementTree.fromstring(made)
    words = [e for e in tree.iter() if e.tag.endswith("text") and "0.5" in "".join(e.itertext())]
    zero = next(e for e in tree.iter() if e.tag.endswith("text") and "".join(e.itertext()) == "0")
    assert float(words[-1].attrib["y"]) < float(zero.attrib["y"]) - 6


def test_a_producer_is_named_in_one_short_line() -> None:
    assert short_producer("Stockholm International Peace Research Institute (SIPRI)") == "SIPRI"
    assert short_producer("Oryx (Stijn Mitzer, Joost Oliemans and others)") == "Oryx"
    assert short_producer("US Data Center, as kept by M. Flynn and others (x)") == "US Data Center"
    assert short_producer("E. Voeten; R package unvotes (D. Robinson)") == "E. Voeten"
    customs = "General Administration of Customs of China"
    assert short_producer(f"{customs} (GACC)") == customs
