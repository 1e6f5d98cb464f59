# SPDX-License-Identifier: Apache-2.0
"""One document on every surface: what stands in it stands on each, within its width, and nothing above its marking."""

import json
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Annotated

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import (
    Column,
    Document,
    Facts,
    Figure,
    Finding,
    Frame,
    Next,
    Point,
    Question,
    RangedFigure,
    Rows,
    Say,
    Section,
    Series,
    Table,
    words,
)
from bilat.document.commands import command
from bilat.document.fields import Range, Written
from bilat.document.page import document_page
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.document.workbook import number_format
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.report.handout import write_answer
from bilat.units import percent
from bilat.units.notation import figure
from bilat.when import AsOf

SECRET = Marking.parse("TLP:RED")


@dataclass(frozen=True)
class Planted(Question):
    """A question with a field of each kind."""

    verb = ("plant", "one")
    name: Annotated[str, Written(first=True), "What it is called."] = ""
    months: Annotated[int, Range(1, 120), "How long."] = 12
    close: Annotated[tuple[str, ...], Written(short="c"), "What is closed."] = ()
    deep: Annotated[bool, "Whether deeply."] = False

    def answer(self, frame: Frame) -> Document:
        return planted()


def planted() -> Document:
    return Document(
        kind="planted",
        title="A planted answer",
        summary=("It is 41% of common votes.", "A second sentence."),
        blocks=(
            Say("A paragraph <b>with a tag</b> & an ampersand."),
            Say("Only for few.", marking=SECRET),
            Finding(
                "Votes agree less.",
                topic="votes",
                answer="in part",
                sure="fair",
                now=Figure(41.0, percent("common votes")),
                then=Figure(47.5, percent("common votes")),
            ),
            Facts((("unit", "percent"), ("since", date(2022, 2, 24)))),
            Table(
                (Column("state"), Column("sales", "usd", True), Column("share", "%", True)),
                (("Kyrgyzstan", 2.4e9, 0.071), ("=cmd()", 31e6, None)),
                title="Sales",
                markings=(None, SECRET),
            ),
            Series(
                "Votes",
                percent("common votes"),
                (Point("2021", 47.5, 45, 50), Point("2022", 41.0, group="g")),
                source="a register",
            ),
            Rows(("source", "locator"), (("register", "line 7"),), 9),
            Section(
                "How it is made",
                (Say("The rule."), Table((Column("p"),), ((0.31,),), "Parameters")),
                detail=True,
            ),
            Next("Ask for a year", Planted(months=24)),
        ),
        data={"value": 0.41, "none": float("nan")},
        question=Planted("x"),
        as_of=AsOf("2026-11-25"),
    )


def test_a_question_is_read_from_texts_and_written_back_as_its_command() -> None:
    asked = Planted.read({"name": "tank", "months": "24", "close": "malacca,lombok", "deep": "yes"})
    assert asked == Planted("tank", 24, ("malacca", "lombok"), True)
    assert (
        command(asked) == "bilat plant one tank --months 24 --close malacca --close lombok --deep"
    )
    assert command(Planted()) == "bilat plant one"


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"months": "121"}, "months: .*1 to 120"),
        ({"month": "1"}, "no parameter 'month'"),
        ({"months": "x"}, "months"),
    ],
)
def test_what_is_not_allowed_is_refused_by_the_question_itself(
    given_: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        Planted.read(given_)


def test_text_keeps_its_width_and_hides_details_until_asked() -> None:
    plain, whole = text(planted(), command=command), text(planted(), why=True, command=command)
    assert all(len(line) <= 80 for line in whole.splitlines())
    assert "The rule." not in plain and "More detail: How it is made." in plain
    assert "The rule." in whole and "bilat plant one --months 24" in plain
    assert (
        "$2.4bn" in plain
        and "7.1%" in plain
        and "47.5% of common votes → 41% of common votes" in plain
    )


def test_the_lines_of_one_chart_are_drawn_on_one_scale() -> None:
    points = tuple(
        Point(f"202{n}", v, group=g)
        for g, size in (("large", 80.0), ("small", 10.0))
        for n, v in enumerate((0.0, size))
    )
    large, small = text(
        Document("list", "A", ("B.",), (Series("", "t", points, source="a count"),))
    ).splitlines()[-2:]
    assert "█" in large and "█" not in small


def test_a_listing_is_whole_and_tab_separated_where_it_is_piped() -> None:
    rows = tuple((str(i), float(i)) for i in range(100))
    d = Document(
        "list", "A list", ("100.",), (Table((Column("a"), Column("b", ".0f")), rows, listing=True),)
    )
    piped = text(d, piped=True).splitlines()
    assert piped[0] == "a\tb" and len(piped) == 101 and piped[-1] == "99\t99"
    assert "60 of 100 rows." in text(d)


def test_every_surface_says_the_same(tmp_path: Path) -> None:
    d = planted()
    page = document_page(d, command=command)
    words = unescape(re.sub(r"<[^>]+>", " ", page))
    for said in (
        *d.summary,
        "Votes agree less.",
        "Kyrgyzstan",
        "$2.4bn",
        "line 7",
        "The rule.",
        "Only for few.",
    ):
        assert said in words, said
    assert "&lt;b&gt;with a tag&lt;/b&gt; &amp; an ampersand" in page
    made = envelope(d)
    assert made["data"] == {"value": 0.41, "none": None} and made["question"] == {
        "verb": "plant one",
        "name": "x",
    }
    assert json.loads(json.dumps(made, allow_nan=False))["summary"] == list(d.summary)
    write_answer(d, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = {
        str(c.value)
        for sheet in book
        for row in sheet.iter_rows()
        for c in row
        if c.value is not None
    }
    assert "A planted answer" in cells and "2400000000" in cells and "'=cmd()" in cells
    assert all(sheet.page_setup.fitToWidth == 1 for sheet in book)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Firms: on other lists, of which none is here", "Firms on other lists, of"),
        ("[a/b]*?", "a b"),
        ("x" * 60, "x" * 28),
        ("", "Table"),
    ],
)
def test_a_sheet_is_named_by_the_first_whole_words_of_its_table(
    tmp_path: Path, title: str, name: str
) -> None:
    tables = (Table((Column("x"),), ((1,),), title),) * 2
    write_answer(Document("plant", "A title", (), tables), tmp_path / "a.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[1:]
    assert sheets == [name, f"{name}1"]


def test_what_is_marked_above_the_limit_is_on_no_surface_and_counted() -> None:
    d = planted().within(Marking.parse("TLP:GREEN"))
    for made in (text(d, why=True), document_page(d), json.dumps(envelope(d))):
        assert "Only for few" not in made and "=cmd()" not in made
        assert "TLP:GREEN" in made
    assert d.left_out == 2 and "2 left out" in text(d)


def test_an_ending_that_is_no_form_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Choose from: .html, .pdf, .docx, .xlsx"):
        write_answer(planted(), tmp_path / "a.doc")
    with pytest.raises(UsageError, match="no table of its own"):
        write_answer(planted(), tmp_path / "a.csv")
    with pytest.raises(DataError, match="cannot be written"):
        write_answer(planted(), tmp_path / "no" / "a.json")
    assert not list(tmp_path.iterdir())


@given(st.lists(st.lists(st.text(max_size=90), min_size=3, max_size=3), max_size=4))
def test_any_cells_stay_within_the_width(rows: list[list[str]]) -> None:
    d = Document(
        "t", "T", (), (Table((Column("a"), Column("b"), Column("c")), tuple(map(tuple, rows))),)
    )
    assert all(len(line) <= 80 for line in text(d).split("\n"))


def test_a_series_has_a_bar_for_each_whole_period_and_all_groups_one_scale() -> None:
    points = (
        Point("2020", 0.0, group="a"),
        Point("2021", 10.0, group="a"),
        Point("2022", 99.0, group="a", open=True),
        Point("2020", 5.0, group="b"),
        Point("2021", 10.0, group="b"),
    )
    printed = text(
        Document("list", "A", (), (Series("Aircraft", "items", points, source="a count"),))
    )
    assert printed.splitlines() == ["A", "  Aircraft", "  2020 ▁█ 2021 a", "  2020 ▅█ 2021 b"]


@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [
        (2.35e9, "usd", "$2.35bn"),
        (-3.1e8, "usd", "−$310m"),
        (586_634.0, "eur", "€587,000"),
        (1.4e12, "usd", "$1.4trn"),
        (0.0, "eur", "€0"),
    ],
)
def test_money_in_a_column_is_printed_as_in_a_sentence(
    value: float, form: str, printed: str
) -> None:
    assert words.written(value, form) == printed
    assert words.written(value, form) == figure(value, form.upper())


def test_a_wide_table_is_printed_on_several_pages_with_its_first_column(tmp_path: Path) -> None:
    """On one page 20 columns of 30 letters would be too small to read."""
    wide = Table(tuple(Column(f"column {i:020}") for i in range(20)), (("x" * 30,) * 20,), "Wide")
    narrow = Table((Column("a"), Column("b")), (("x", "y"),), "Narrow")
    told = Document("t", "Two tables", ("s",), (wide, narrow, Say("A long paragraph. " * 40)))
    write_answer(told, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Wide"].page_setup.fitToWidth == 4
    assert book["Wide"].print_title_cols == "$A:$A"
    assert book["Narrow"].page_setup.fitToWidth == 1
    assert all(sheet.page_setup.paperSize == 9 for sheet in book)
    first = book.worksheets[0]
    assert all(one.alignment.wrap_text for (one,) in first.iter_rows(max_col=1))


def test_the_first_sheet_of_a_workbook_leads_to_each_other_one(tmp_path: Path) -> None:
    row = (("x",),)
    named = Table((Column("a"),), row, "Hub's firms: by list")
    bare = Table((Column("a"),), row)
    section = Section("Firms", (bare,))
    write_answer(Document("t", "Two tables", ("s",), (named, section)), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    lines = [*book["Answer"].iter_rows(max_col=2)]
    assert [a.value for a, _ in lines] == ["Two tables", "s", "Hub's firms: by list", "Firms"]
    links = {b.value: b.hyperlink.location for _, b in lines if b.hyperlink}
    assert links == {"Hub's firms by list": "'Hub''s firms by list'!A1", "Firms": "'Firms'!A1"}
    assert lines[0][0].font.bold and set(links) < set(book.sheetnames)


def test_a_series_is_a_native_chart_with_its_numbers_in_columns(tmp_path: Path) -> None:
    points = [Point(str(y), float(y), y - 1.0, y + 1.0, group="stock") for y in (2028, 2027)]
    lines = Series("Stock by year", "vehicles", tuple(points), source="made up")
    ends = Point("2027", None, 6.0, group="Alpha", endless=True, note="beyond ten years")
    bars = Series("Months until back", "months", (ends,), "interval", source="made up")
    write_answer(Document("t", "Two charts", (), (lines, bars)), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    words_of_first = [row[0] for row in book["Answer"].values]
    assert "Stock by year: vehicles. Source: made up." in words_of_first
    drawn = book["Stock by year"]
    assert list(drawn.values) == [
        ("period", "stock", "stock, low", "stock, high"),
        ("2027", 2027, 2026, 2028),
        ("2028", 2028, 2027, 2029),
    ]
    assert len(drawn._charts) == 1 and len(drawn._charts[0].series) == 3
    assert list(book["Months until back"].values)[1] == ("Alpha", 6, "never", "no end")
    noted = book["Months until back1"]  # what the chart's numbers leave out
    assert "beyond ten years" in [row[-1] for row in noted.values]


def test_a_figure_with_its_range_has_the_ends_as_numbers_and_the_sheet_its_heading(
    tmp_path: Path,
) -> None:
    ranged = RangedFigure(0.4, low=0.2, high=None, text="40% [20% to no end]")
    table = Table((Column("what"), Column("share", ".0%", True)), (("all", ranged),))
    d = Document("t", "A range", (), (Section("What is left", (table,)),))
    assert "40% [20% to no end]" in text(d)
    write_answer(d, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["What is left"]
    assert list(sheet.values) == [
        ("what", "share", "share, low", "share, high"),
        ("all", 0.4, 0.2, "no end"),
    ]
    assert sheet["B2"].number_format == "0%"


@pytest.mark.parametrize(
    ("form", "shown"),
    [(",.1f", "#,##0.0"), (",.0f", "#,##0"), (".0%", "0%"), (".2f", "0.00"), (",.3g", "General")],
)
def test_a_sheet_formats_numbers_as_the_page_does(form: str, shown: str) -> None:
    assert number_format(form) == shown
