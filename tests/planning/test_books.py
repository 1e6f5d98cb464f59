# SPDX-License-Identifier: Apache-2.0
"""The book of assumptions as a person uses it: written, changed, read back by a plan, and set beside another."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bilat.cli import main
from bilat.contingency.questions import BlockadeQuestion, ExposureQuestion
from bilat.document import Document, Frame
from bilat.errors import DataError, UsageError
from bilat.planning import Assumption, Assumptions, Quantiles, with_user
from bilat.planning.book import changes_of, read_book
from bilat.planning.book_columns import COLUMNS
from bilat.planning.book_writing import write_book
from bilat.planning.comparison import compare_books, document
from bilat.planning.plans import CombinedPlan, Plan, PlanHeadline, plans_in_book
from bilat.regeneration.questions import RecoveryQuestion

A = Assumption(
    "speed",
    "knots",
    13,
    11,
    15,
    5,
    25,
    "of tankers",
    "Clarksons",
    known=date(2024, 1, 1),
    drawn=True,
)
B = Assumption(
    "spare",
    "share",
    0.2,
    0.1,
    0.5,
    0,
    5,
    "=cmd()",
    "set by hand",
    assumed=True,
    drawn=True,
    shape="uniform",
)
C = Assumption("lead", "years", 4, 3, 6, 0, 40, assumed=True, source="no row", whole=True)
KNOWN = ("made",)


@dataclass(frozen=True)
class Made(Plan):
    """A plan whose headline is known: twice the speed and the spare share."""

    verb = ("plan", "made")
    param: tuple[str, ...] = ()

    def answer(self, frame: Frame) -> Document:
        return Document("made", str(self.headlines(frame)[0].at.median), (), ())

    def numbers(self, frame: Frame) -> Assumptions:
        return with_user(Assumptions({"speed": A, "spare": B, "lead": C}), self.param)

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        n = self.numbers(frame).medians()
        return (PlanHeadline("sum", "", Quantiles(*[2 * n("speed") + n("spare")] * 3), ".2f"),)


@dataclass(frozen=True)
class MadeToo(Made):
    """A second plan, which has a number of its own and one with the name of another plan's."""

    verb = ("plan", "made too")

    def numbers(self, frame: Frame) -> Assumptions:
        return with_user(
            Assumptions({"speed": A, "draught": replace(A, name="draught")}), self.param
        )

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        n = self.numbers(frame).medians()
        return (PlanHeadline("depth", "", Quantiles(*[n("draught")] * 3), ".2f"),)


@dataclass(frozen=True)
class Both(CombinedPlan):
    """A plan on the numbers of both: its headline is the product of theirs."""

    verb = ("plan", "both")
    param: tuple[str, ...] = ()

    def parts(self) -> tuple[Plan, ...]:
        return Made(), MadeToo()

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        one, other = (p.headlines(frame)[0].at.median for p in self.parts_with_param(frame))
        return (PlanHeadline("product", "", Quantiles(*[one * other] * 3), ".2f"),)

    def answer(self, frame: Frame) -> Document:
        return Document("both", str(self.headlines(frame)[0].at.median), (), ())


BOTH = ("made", "made too")


def written(tmp_path: Path, ending: str) -> Path:
    place = tmp_path / f"book{ending}"
    write_book([Made()], Frame(), place)
    return place


def edited(path: Path, cells: dict[tuple[str, str], object]) -> Path:
    """A copy of a workbook with cells changed, by name of the number and column."""
    book = load_workbook(path)
    sheet = book["Assumptions"]
    head = [c.value for c in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for (name, column), value in cells.items():
            if row[1].value == name:
                row[head.index(column)].value = value
    made = path.with_name("mine.xlsx")
    book.save(made)
    return made


@pytest.mark.parametrize("ending", [".xlsx", ".toml"])
def test_a_book_that_nobody_changed_changes_nothing(tmp_path: Path, ending: str) -> None:
    lines = read_book(written(tmp_path, ending))
    assert lines["made"]["speed"].source == "Clarksons"
    assert changes_of(tmp_path, Made(), Frame(), lines, KNOWN) == ()


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ({("spare", "value"): 0.3}, ("spare=0.3",)),
        ({("spare", "low"): 0.15, ("spare", "high"): 0.4}, ("spare=0.15:0.2:0.4",)),
        ({("speed", "value"): 12, ("speed", "low"): 12, ("speed", "high"): 12}, ("speed=12.0",)),
        ({("lead", "value"): 5}, ("lead=5.0",)),
        ({("speed", "value"): 20}, ("speed=20.0",)),  # outside the shipped range, allowed
        ({("spare", "value"): 0.9}, ("spare=0.9",)),
    ],
)
def test_a_value_alone_fixes_and_ends_are_a_range(
    tmp_path: Path, cells: dict[tuple[str, str], object], texts: tuple[str, ...]
) -> None:
    mine = edited(written(tmp_path, ".xlsx"), cells)
    assert changes_of(mine, Made(), Frame(), read_book(mine), KNOWN) == texts


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {("speed", "value"): "fast"},
            "row 2: column value, cell C2: value 'fast' is not a number",
        ),
        ({("speed", "value"): None}, "row 2: column value, cell C2: value '' is not a number"),
        (
            {("speed", "value"): 99, ("speed", "high"): 100},
            r"row 2: column value, cell C2: speed=.* Write a number from 5 to 25",
        ),
        ({("speed", "low"): 14}, "row 2: column value, cell C2: value 13.0 is not between low 14"),
        (
            {("spare", "name"): "spaer"},
            "row 3: column name, cell B3: spaer: there is no parameter called “spaer”; did you mean spare",
        ),
        ({("spare", "name"): "speed"}, "row 3: value 'speed' appears twice, first in row 2"),
        (
            {("spare", "low"): 0.9, ("spare", "high"): 0.1},
            "row 3: column low, cell D3: value 0.9 is above high 0.1; exchange",
        ),
        ({("spare", "plan"): "maed"}, "row 3: value 'maed' is not a plan; write one of: made"),
        ({("lead", "value"): 3.5}, "row 4: column value, cell C4: lead=3.5: is counted"),
        ({("lead", "low"): 2}, "row 4: .*the draws do not vary it. Write one value"),
        ({("speed", "value"): 30}, "row 2: column value, cell C2: speed=30: .* from 5 to 25"),
        ({("speed", "value"): "=6*2"}, "row 2: .*, cell C2: .*if it is a formula, open and save"),
    ],
)
def test_a_bad_row_is_refused_by_file_row_value_and_cure(
    tmp_path: Path, cells: dict[tuple[str, str], object], said: str
) -> None:
    mine = edited(written(tmp_path, ".xlsx"), cells)
    before = mine.read_bytes()
    with pytest.raises(DataError, match="mine.xlsx: " + said):
        changes_of(mine, Made(), Frame(), read_book(mine), KNOWN)
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("b.toml", b"[a", "not readable as TOML"),
        ("b.toml", b"p = 1\n", "holds no numbers"),
        ("b.toml", b"[made.speed]\nvalue = true\n", "is not a number"),
        (
            "b.toml",
            b"[made.speed]\nvalue = 1\nlow = -inf\n",
            "column low: value -inf is not a number",
        ),
        ("b.toml", "[made.speed]\nvalue = 1\n# \u00e9".encode("latin-1"), "not readable as TOML"),
        ("b.xlsx", b"no workbook", "is a damaged workbook"),
    ],
)
def test_a_file_that_is_no_book_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_book(tmp_path / name)


def test_a_book_without_its_columns_names_the_one_that_lacks(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["plan", "name", "value"])
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(DataError, match="row 1: there is no column 'low'"):
        read_book(tmp_path / "b.xlsx")


def test_a_book_is_never_written_over_and_must_be_there_to_be_read(tmp_path: Path) -> None:
    place = written(tmp_path, ".toml")
    with pytest.raises(UsageError, match="already exists"):
        write_book([Made()], Frame(), place)
    with pytest.raises(UsageError, match="bilat plan book"):
        read_book(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="must end in"):
        write_book([Made()], Frame(), tmp_path / "book.csv")


def test_a_force_that_cannot_be_estimated_has_no_book(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"cannot be estimated, so it has no numbers; write tank or ifv_apc"
    ):
        write_book([RecoveryQuestion("tube_artillery")], Frame(), tmp_path / "b.toml")
    assert not (tmp_path / "b.toml").exists()


def test_no_text_of_a_book_is_a_formula(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path, ".xlsx"))["Assumptions"]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


def test_two_books_say_what_differs_who_says_so_and_what_moves_the_headline(tmp_path: Path) -> None:
    shipped = written(tmp_path, ".xlsx")
    cells = {
        ("speed", "value"): 12,
        ("speed", "who says so"): "a captain",
        ("spare", "value"): 0.25,
    }
    found = compare_books([Made()], edited(shipped, cells), shipped, Frame())
    by = {d.name: d for d in found.differences}
    assert set(by) == {"speed", "spare"} and by["speed"].first_source == "a captain"
    assert (
        by["speed"].second_source == "Clarksons" and by["spare"].first_source == "no source given"
    )
    assert by["speed"].first == "12 in every run" and by["speed"].second == "13 (11 to 15)"
    ends = {("speed", "value"): 12, ("speed", "low"): 10, ("speed", "high"): 14}
    whole = compare_books([Made()], edited(shipped, ends), shipped, Frame())
    assert whole.differences[0].first == "12 (10 to 14)"
    (moved,) = found.moved
    assert moved.first[0].at.median == pytest.approx(24.25)
    assert [name for name, _ in moved.alone] == ["speed", "spare"]
    d = document(found, Frame())
    (differences, _) = d.blocks[1].blocks  # type: ignore[union-attr]
    assert [column.number for column in differences.columns] == [False, True, True, False]
    headline = replace(moved.first[0], name="the first headline")
    unmoved = replace(moved, first=(headline, *moved.first), second=(headline, *moved.first))
    summary = document(replace(found, moved=(unmoved,)), Frame()).summary
    assert "no headline moves; the first headline: " in summary[1]
    assert (
        d.summary[0] == "2 numbers differ, in made."
        and "With speed as in book.xlsx" in d.summary[1]
    )
    assert moved.mover(0) == ("speed", moved.alone[0][1][0])
    lacking = tmp_path / "lacking.toml"
    lacking.write_text("[made.speed]\nvalue = 12\n", "utf-8")
    few = compare_books([Made()], lacking, shipped, Frame())
    assert ("made", "spare", 1) in few.alone and all(n == 1 for _, _, n in few.alone)
    assert any(
        "lacking.toml has no row of them" in getattr(b, "text", "")
        for b in document(few, Frame()).blocks
    )
    same = compare_books([Made()], shipped, None, Frame())
    assert same.differences == () and "no headline moves" in document(same, Frame()).summary[0]


def test_a_combined_plan_takes_the_numbers_of_its_parts_by_plan() -> None:
    def product(*texts: str) -> float:
        return Both(param=texts).headlines(Frame())[0].at.median

    usual = product()
    assert product("made.spare=0.45") == product("spare=0.45") != usual
    assert product("draught=10") == pytest.approx(usual / A.of_quantile(0.5) * 10)
    assert set(Both().numbers(Frame())) == {
        "made.speed",
        "made.spare",
        "made.lead",
        "made too.speed",
        "made too.draught",
    }
    with pytest.raises(
        UsageError, match=r"speed: several plans .* Write made.speed or made too.sp"
    ):
        product("speed=12")
    with pytest.raises(
        UsageError, match=r"spede: there is no parameter called “spede”; .* with its value"
    ):
        product("spede=12")
    with pytest.raises(UsageError, match=r"did you mean spare=0.2 \("):
        product("made.spaer=0.2")
    with pytest.raises(UsageError, match=r"choose from speed=13 \(\S+ to \S+\), spare="):
        product("made.wind=3")
    with pytest.raises(UsageError, match="speed=99: the unit is knots"):
        product("made.speed=99")


def test_a_book_moves_a_combined_plan_and_compare_says_by_which_number(tmp_path: Path) -> None:
    shipped = tmp_path / "book.xlsx"
    write_book([Made(), MadeToo()], Frame(), shipped)
    mine = edited(shipped, {("draught", "value"): 12, ("spare", "value"): 0.4})
    texts = changes_of(mine, Both(), Frame(), read_book(mine), BOTH)
    assert texts == ("made.spare=0.4", "made too.draught=12.0")
    found = compare_books([Made(), MadeToo(), Both()], mine, shipped, Frame())
    assert [d.plan for d in found.differences] == ["made", "made too"]
    both = found.moved[-1]
    assert both.plan == "both" and both.first[0].at.median != both.second[0].at.median
    assert {name for name, _ in both.alone} == {"made.spare", "made too.draught"}
    mover = both.mover(0)
    assert mover is not None and mover[0] == "made too.draught"
    said = document(found, Frame()).summary
    assert said[0] == "2 numbers differ, in made, made too."
    assert any("both: product" in s and "With made too.draught as in book.xlsx" in s for s in said)


def test_a_bad_row_is_refused_by_its_cell_for_a_combined_plan_too(tmp_path: Path) -> None:
    shipped = tmp_path / "book.xlsx"
    write_book([Made(), MadeToo()], Frame(), shipped)
    mine = edited(shipped, {("draught", "value"): 99, ("draught", "high"): 100})
    with pytest.raises(DataError, match=r"column value, cell C6: draught=.* from 5 to 25"):
        changes_of(mine, Both(), Frame(), read_book(mine), BOTH)
    none = tmp_path / "none.toml"
    none.write_text("[other.speed]\nvalue = 12\n", "utf-8")
    with pytest.raises(UsageError, match="has no number of made or made too"):
        changes_of(none, Both(), Frame(), read_book(none), ("made", "made too", "other"))


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    return int(stopped.value.code or 0)


def test_every_plan_takes_the_whole_book_and_a_scenario_moves_its_headline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, mine = tmp_path / "book.toml", tmp_path / "mine.toml"
    assert run("plan", "book", str(book)) == 0
    lines = read_book(book)
    assert set(lines) == {p.book for p in plans_in_book()}
    assert all(len(own) >= 5 for own in lines.values())
    text = book.read_text("utf-8")
    start = text.index('["exposure"."margin_ratio"]')
    mine.write_text(text[:start] + text[start:].replace("value = 1.0", "value = 2.0", 1), "utf-8")
    capsys.readouterr()
    assert run("plan", "exposure", "--book", str(book)) == 0
    shipped = capsys.readouterr().out
    assert run("plan", "exposure", "--book", str(mine)) == 0
    assert "lost 3.4% of" in shipped and "lost 6.9% of" in capsys.readouterr().out
    assert run("plan", "compare", str(book), str(mine), "--out", str(tmp_path / "c.xlsx")) == 0
    assert (
        load_workbook(tmp_path / "c.xlsx").worksheets[0]["A2"].value
        == "1 number differs, in exposure."
    )
    mine.write_text(text.replace('["exposure"."margin_ratio"]', '["exposure"."margin"]'), "utf-8")
    assert run("plan", "exposure", "--book", str(mine)) == 1
    assert "[exposure.margin]" in capsys.readouterr().err


REFERENCE = re.compile(r"(Assumptions!)?\$([A-Z])\$(\d+)")


def worked_out(path: Path, sheet: str, row: int) -> float:
    """A formula of a sheet as a spreadsheet works it out; the few functions that the book uses."""
    book = load_workbook(path)

    def value(where: str, cell: str) -> object:
        held = book[where][cell].value
        if not (isinstance(held, str) and held.startswith("=")):
            return held
        code = REFERENCE.sub(
            lambda m: f"at('{'Assumptions' if m[1] else where}', '{m[2]}{m[3]}')", held[1:]
        )
        code = code.replace("^", "**").replace("<>", "!=")
        return eval(code, {"at": value, "IF": lambda c, a, b: a if c else b, "MAX": max})

    found = value(sheet, f"B{row}")
    assert isinstance(found, float)
    return found


def test_the_formulas_of_the_workbook_give_what_the_models_give(tmp_path: Path) -> None:
    path, frame = tmp_path / "book.xlsx", Frame()
    write_book(plans_in_book(), frame, path)
    rows = {
        s: [r[0].value for r in load_workbook(path)[s].iter_rows()]
        for s in ("exposure", "blockade")
    }

    def of(sheet: str, label: str) -> float:
        return worked_out(
            path,
            sheet,
            1 + next(n for n, text in enumerate(rows[sheet]) if str(text).startswith(label)),
        )

    even = ExposureQuestion().headlines(frame)[0].at.median
    assert of("exposure", "share of the sales whose") == pytest.approx(even)
    sea = {h.name: h.at for h in BlockadeQuestion("sea").headlines(frame)}
    assert of("blockade", "stocks last") == pytest.approx(
        sea["stocks last, everything by sea closed"].median, rel=0.03
    )
    assert of("blockade", "Russian lines add") == pytest.approx(
        sea["Russian pipelines add, with all seaborne imports stopped"].median, rel=0.05
    )
    assert {"tank, beliefs", "readiness, others"} <= set(load_workbook(path).sheetnames)


@pytest.fixture(scope="module")
def shipped_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    write_book([RecoveryQuestion(), BlockadeQuestion()], Frame(), path)
    return path


def changed_cell(book: Path, to: Path, sheet: str, cell: str, value: object) -> Path:
    held = load_workbook(book)
    held[sheet][cell].value = value
    held.save(to)
    return to


def test_a_workbook_has_lists_limits_locked_cells_frozen_heads_and_charts(
    shipped_book: Path,
) -> None:
    book = load_workbook(shipped_book)
    main = book["Assumptions"]
    rules = main.data_validations.dataValidation
    assert {rule.type for rule in rules} == {"decimal", "list"}
    (markings,) = (rule for rule in rules if rule.type == "list")
    (cells,) = markings.sqref.ranges
    assert (cells.min_row, cells.max_row) == (2, main.max_row)
    assert main.freeze_panes and main.auto_filter.ref and main.protection.sheet
    head = [c.value for c in main[1]]
    assert not main.cell(2, head.index("value") + 1).protection.locked
    assert main.cell(2, head.index("unit") + 1).protection.locked
    assert book["As written"].sheet_state == "veryHidden"
    assert book["Standing"]._charts and book["tank, beliefs"]._charts
    readiness = book["readiness, others"]
    first_years = [row[3] for row in readiness.iter_rows(min_row=2, values_only=True) if row[3]]
    assert min(first_years) > 2020  # calendar years, whatever a statement counts from
    assert readiness._charts[0].y_axis.scaling.min == min(first_years) - 1
    assert all(sheet.page_setup.fitToWidth for sheet in book if sheet.sheet_state == "visible")
    bars = [(sheet.max_row, chart) for sheet in book for chart in sheet._charts]
    tallest = max(bars, key=lambda bar: bar[0])[1]
    assert tallest.anchor.ext.height > min(chart.anchor.ext.height for _, chart in bars)


@pytest.mark.parametrize("column", ["unit", "meaning", "standing", "of", "to know it"])
def test_an_edit_in_a_column_for_reading_is_refused_with_its_cell(
    shipped_book: Path, tmp_path: Path, column: str
) -> None:
    letter = "ABCDEFGHIJKLMN"[COLUMNS.index(column)]
    mine = changed_cell(shipped_book, tmp_path / "mine.xlsx", "Assumptions", f"{letter}9", "kg")
    with pytest.raises(DataError, match=f"cell {letter}9, column '{column}': this column is for"):
        read_book(mine)


def test_a_row_that_was_left_out_or_moved_is_read_by_its_name(
    shipped_book: Path, tmp_path: Path
) -> None:
    book = load_workbook(shipped_book)
    book["Assumptions"].delete_rows(3)
    book.save(tmp_path / "mine.xlsx")
    found = read_book(tmp_path / "mine.xlsx")
    left_out = sum(map(len, read_book(shipped_book).values())) - sum(map(len, found.values()))
    assert left_out == 1


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [("tank, beliefs", "C2"), ("readiness, others", "B3"), ("blockade", "B2"), ("Standing", "B2")],
)
def test_an_edit_on_a_sheet_for_reading_is_refused_with_its_cell(
    shipped_book: Path, tmp_path: Path, sheet: str, cell: str
) -> None:
    mine = changed_cell(shipped_book, tmp_path / "mine.xlsx", sheet, cell, 999)
    with pytest.raises(DataError, match=f"cell {cell}: this sheet is for reading"):
        read_book(mine)
    assert read_book(shipped_book)["blockade"]


def test_a_figure_of_others_has_no_number_to_change_instead(
    shipped_book: Path, tmp_path: Path
) -> None:
    mine = changed_cell(shipped_book, tmp_path / "mine.xlsx", "readiness, others", "B3", 999)
    with pytest.raises(DataError, match="shown for comparison, and no plan reads it"):
        read_book(mine)


def test_a_sheet_of_ones_own_is_refused_and_not_swallowed(
    shipped_book: Path, tmp_path: Path
) -> None:
    held = load_workbook(shipped_book)
    held.create_sheet("mine").append(["stock", 900])
    held.save(tmp_path / "mine.xlsx")
    with pytest.raises(DataError, match="sheet 'mine' is not read"):
        read_book(tmp_path / "mine.xlsx")


def test_a_book_without_its_hidden_sheet_has_the_sheet_of_numbers_alone(
    shipped_book: Path, tmp_path: Path
) -> None:
    """Without the hidden sheet an edit on a sheet for reading could not be seen."""
    held = load_workbook(shipped_book)
    del held["As written"]
    held.save(tmp_path / "mine.xlsx")
    with pytest.raises(DataError, match=r"the hidden sheet 'As written'.* is missing"):
        read_book(tmp_path / "mine.xlsx")
    for name in held.sheetnames[1:]:
        del held[name]
    held.save(tmp_path / "mine.xlsx")
    assert read_book(tmp_path / "mine.xlsx") == read_book(shipped_book)


def test_a_belief_and_a_store_of_ones_own_move_their_headlines_and_keep_their_marking(
    tmp_path: Path,
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '["recovery tank"."janes.new_plateau"]\nvalue = 100\nmarking = "TLP:AMBER REL EST"\n'
        "[blockade.stock]\nvalue = 900\n",
        "utf-8",
    )
    plans = [RecoveryQuestion(draws=500), BlockadeQuestion("sea", draws=500)]
    found = compare_books(plans, mine, None, Frame())
    by = {m.plan: m for m in found.moved}
    (janes,) = [a for _, a, _ in by["recovery tank"].moving]
    assert janes.name == "until back, by Janes, 2025"
    assert any(a.name.startswith("stocks last") for _, a, _ in by["blockade"].moving)
    d = document(found, Frame())
    assert str(d.marking) == "TLP:AMBER REL EST"
    assert "until back, by Janes, 2025" in " ".join(d.summary)
    mine.write_text('[blockade.stock]\nvalue = 900\nmarking = "SECRET-ISH"\n', "utf-8")
    with pytest.raises(DataError, match="marking"):
        read_book(mine)


AMBER = """[exposure.margin_ratio]
value = 2.0
marking = "TLP:AMBER"
"""


def test_an_answer_from_marked_rows_bears_their_marking_wherever_it_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(AMBER, "utf-8")
    assert run("plan", "exposure", "--book", str(mine)) == 0
    assert capsys.readouterr().out.startswith("TLP:AMBER\n")
    assert run("plan", "exposure", "--book", str(mine), "--json") == 0
    assert json.loads(capsys.readouterr().out)["marking"] == "TLP:AMBER"
    page = tmp_path / "page.html"
    assert run("plan", "exposure", "--book", str(mine), "--out", str(page)) == 0
    assert "TLP:AMBER" in page.read_text("utf-8")
    capsys.readouterr()
    assert run("plan", "exposure", "--book", str(mine), "--marking", "TLP:RED") == 0
    assert capsys.readouterr().out.startswith("TLP:RED\n")
    assert run("plan", "exposure", "--book", str(mine), "--marking", "TLP:GREEN") == 2
    assert "rows of your book are marked TLP:AMBER" in capsys.readouterr().err


def test_a_workbook_that_a_spreadsheet_saved_is_read_as_it_was(
    shipped_book: Path, tmp_path: Path
) -> None:
    """LibreOffice writes the numbers of formulas with fifteen digits, and 1300.0 as 1300."""
    book = load_workbook(shipped_book)
    sheet = book["blockade"]
    changed = 0
    for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2):
        if isinstance(cell.value, str) and cell.value.startswith("="):
            shorter = re.sub(r"(?<![\w$.])\d+\.\d+", lambda m: f"{float(m[0]):.15g}", cell.value)
            changed += shorter != cell.value
            cell.value = shorter
    assert changed
    book.save(tmp_path / "saved.xlsx")
    assert read_book(tmp_path / "saved.xlsx") == read_book(shipped_book)


def test_a_number_changed_in_a_formula_is_refused(shipped_book: Path, tmp_path: Path) -> None:
    book = load_workbook(shipped_book)
    cell = book["blockade"]["B2"]
    assert "1300.0" in cell.value
    cell.value = cell.value.replace("1300.0", "1301", 1)
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(DataError, match="sheet 'blockade', cell B2"):
        read_book(tmp_path / "mine.xlsx")
