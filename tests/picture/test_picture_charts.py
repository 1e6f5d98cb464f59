# SPDX-License-Identifier: Apache-2.0
"""One chart grammar: bands for intervals, a rule at the earlier date, colours by country, gaps left open."""

import datetime as dt
import itertools
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_made_up import PAPER_DATE, THEN, arms, classes, counts, made_up, ranking, yearly

from bilat.document import palette
from bilat.measures import Point
from bilat.picture.charts import charts, render, sparks
from bilat.picture.charts.inline import inline
from bilat.units import PERCENT, RATIO, count, quantity


def marks(spec: dict) -> list[str]:
    inside = [spec, *spec.get("concat", [])]
    return [layer["mark"]["type"] for part in inside for layer in part.get("layer", [])]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    bright, dim = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("ground", [0, 1], ids=["light", "dark"])
def test_every_colour_stands_out_on_its_ground(ground: int) -> None:
    paper = palette.THEME["paper"][ground]
    for name, pair in palette.THEME.items():
        if name in ("paper", "hair", "land", "coast", "faint", "hatch"):
            continue
        need = 4.5 if name in ("ink", "quiet") else 3.0
        assert contrast(pair[ground], paper) >= need, f"{name} {contrast(pair[ground], paper):.2f}"


def test_light_colours_are_unique_so_that_each_finds_its_variable() -> None:
    lights = [pair[0] for pair in palette.THEME.values()]
    assert len(set(lights)) == len(lights)


def test_russia_and_china_differ_to_eyes_without_red_or_green() -> None:
    # Viénot, Brettel and Mollon (1999): what a protanope and a deuteranope see of a colour, in linear RGB
    seen = {
        "protan": [(0.11238, 0.88762), (0.11238, 0.88762), (0.00401, -0.00401)],
        "deutan": [(0.29275, 0.70725), (0.29275, 0.70725), (-0.02234, 0.02234)],
    }
    for ground in (0, 1):
        for rows in seen.values():
            found = []
            for name in ("RUS", "CHN"):
                c = palette.THEME[name][ground]
                r, g, b = (int(c[i : i + 2], 16) / 255 for i in (1, 3, 5))
                r, g, b = r**2.2, g**2.2, b**2.2
                found.append([x * r + y * g + (b if i == 2 else 0) for i, (x, y) in enumerate(rows)])
            distance = sum((x - y) ** 2 for x, y in zip(*found, strict=True)) ** 0.5
            assert distance > 0.25


def test_a_line_with_an_interval_has_a_band_and_the_rule_at_the_papers_date() -> None:
    c = charts.chart(arms(), rule=PAPER_DATE)
    assert c is not None
    assert "area" in marks(c.spec)
    rules = [x for x in c.spec["layer"] if x["mark"]["type"] == "rule" and "data" in x]
    assert rules[0]["encoding"]["x"]["datum"] == 1000 * dt.datetime(2023, 3, 20, tzinfo=dt.UTC).timestamp()
    assert "20 Mar 2023" in render.Studio().draw([json.dumps(c.whole())])[0]


def test_figures_revised_since_are_drawn_beside_todays() -> None:
    c = charts.chart(arms(), rule=PAPER_DATE, then=arms(THEN))
    assert c is not None
    then = [r for r in c.rows if r["k"] == "then"]
    assert [(r["p"], r["y"]) for r in then] == [("2018", 1500)]
    assert any("since revised" in n for n in c.notes)


def test_a_gap_in_the_years_is_left_open() -> None:
    points = yearly("", 2000, [1.5, 2.5, 3.5, 2, 3, 4]) + yearly("", 2010, [4.5, 5.5, 7, 6, 5])
    c = charts.chart(made_up("made.gap", points, unit=quantity("Mt")))
    assert c is not None
    assert len({r["s"] for r in c.rows}) == 2


def test_estimates_are_hollow() -> None:
    points = [Point("2020", 5.0, kind="reported"), Point("2021", 6.5, kind="estimated")]
    c = charts.chart(made_up("made.kinds", points))
    assert c is not None
    assert [r["k"] for r in c.rows] == ["full", "hollow"]
    assert any("estimated" in n for n in c.notes)


def test_counts_are_bars_that_begin_at_zero() -> None:
    c = charts.chart(counts(), rule=PAPER_DATE)
    assert c is not None
    assert "bar" in marks(c.spec)
    bar = next(x for x in c.spec["layer"] if x["mark"]["type"] == "bar")
    assert bar["encoding"]["y"]["scale"]["domain"][0] == 0


def test_many_groups_become_small_multiples() -> None:
    c = charts.chart(classes(), rule=PAPER_DATE)
    assert c is not None
    assert len(c.spec["concat"]) == 7


def test_lines_are_labelled_at_their_end_and_not_by_a_legend() -> None:
    c = charts.chart(arms(), rule=PAPER_DATE)
    assert c is not None
    texts = [x["mark"]["text"] for x in c.spec["layer"] if x["mark"]["type"] == "text"]
    assert ["Russia to China"] in texts and ["China to Russia"] in texts
    assert "legend" not in json.dumps(c.spec)


def test_labels_never_overlap() -> None:
    points = [
        p for i, g in enumerate(("RUS", "CHN", "USA", "IRN")) for p in yearly(g, 2000, [1, 2, 3.01 + i / 99])
    ]
    c = charts.chart(made_up("made.close", points))
    assert c is not None
    tops = sorted(x["encoding"]["y"]["value"] for x in c.spec["layer"] if x["mark"]["type"] == "text")
    assert all(b - a >= 14 for a, b in itertools.pairwise(tops))


def test_a_country_has_one_colour_in_every_chart_and_small_drawing() -> None:
    drawn = json.dumps(charts.chart(arms()).spec)  # type: ignore[union-attr]
    ranked = json.dumps(charts.chart(ranking()).rows)  # type: ignore[union-attr]
    assert palette.light("RUS") in drawn
    assert palette.light("CHN") in drawn and palette.light("CHN") in ranked
    assert "var(--RUS)" in sparks.spark(arms(), rule=PAPER_DATE)


def test_no_figure_no_chart() -> None:
    assert charts.chart(made_up("made.none", [Point("2020", None)])) is None


def test_an_svg_in_a_page_has_its_text_and_no_colour_of_its_own() -> None:
    c = charts.chart(arms(), rule=PAPER_DATE)
    assert c is not None
    svg = palette.themed(inline(render.Studio().draw([json.dumps(c.whole())])[0], "made", c.alt))
    assert 'role="img"' in svg and "aria-label=" in svg
    assert set(re.findall(r"#[0-9a-fA-F]{6}", svg)) == set()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "RUS", "CHN", "RUS>CHN", "tanks", "A & B <c>", "Oryx"]),
            st.sampled_from(["2018", "2019", "2021-04", "2022-02-24", "2014-2021", "early 2023"]),
            st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False)),
            st.floats(0, 1e6, allow_nan=False),
        ),
        max_size=14,
    )
)
def test_any_measurement_can_be_drawn(found: list[tuple[str, str, float | None, float]]) -> None:
    points = [
        Point(p, v, None if v is None else v - w, None if v is None else v + w, "derived", g)
        for g, p, v, w in found
    ]
    m = made_up("made.any", points)
    for width in (charts.WIDE, charts.NARROW):
        c = charts.chart(m, rule=PAPER_DATE, width=width)
        if c is None:
            assert all(p.value is None for p in points)
        else:
            assert render.Studio().draw([json.dumps(c.whole())])[0].startswith("<svg")


def test_the_years_that_a_rule_compares_are_shaded() -> None:
    c = charts.chart(arms(), rule=PAPER_DATE, windows=[(2014.0, 2018.0), (2019.0, 2023.0)])
    assert c is not None
    shade = next(x for x in c.spec["layer"] if x["mark"]["type"] == "rect")
    assert len(shade["data"]["values"]) == 2
    assert any(n.startswith("Shaded") for n in c.notes)


def test_only_the_groups_in_focus_are_drawn_where_there_are_many() -> None:
    c = charts.chart(classes(), rule=PAPER_DATE, focus=["tanks"])
    assert c is not None
    assert {r["g"] for r in c.rows} == {"tanks"}
    assert c.title.startswith("Tanks: up from")
    assert any("6 further groups" in n for n in c.notes)


def test_one_figure_from_each_of_several_sources_is_not_joined() -> None:
    points = [Point("2023-06", v, group=f"Stock (source {i})") for i, v in enumerate((4000, 4700, 5000))]
    points.append(Point("2024-02", 3600, group="Stock (source 3)"))
    c = charts.chart(made_up("made.stocks", points, unit=count("tanks")))
    assert c is not None
    assert "line" not in marks(c.spec) and len(c.rows) == 4


def test_bands_that_would_hide_one_another_get_panels() -> None:
    points = [p for g in ("equal", "halfway", "opposed") for p in yearly(g, 2014, [50, 60, 55, 40], 0.9)]
    c = charts.chart(made_up("made.votes", points, unit=PERCENT))
    assert c is not None
    assert len(c.spec["concat"]) == 3


def test_ratios_of_one_period_stand_on_a_log_axis_about_one() -> None:
    points = [Point("2024", v, v / 4, v * 4, group=g) for g, v in (("RUS", 0.5), ("CHN", 13.8))]
    c = charts.chart(made_up("made.ratios", points, unit=RATIO))
    assert c is not None
    x = c.spec["encoding"]["x"]
    assert x["scale"]["type"] == "log" and 1 in x["axis"]["values"]
    assert [layer["encoding"]["x"] for layer in c.spec["layer"] if "x2" in layer["encoding"]][1] == {
        "datum": 1
    }
    assert render.Studio().draw([json.dumps(c.whole())])[0].startswith("<svg")
