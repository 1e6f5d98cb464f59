# SPDX-License-Identifier: Apache-2.0
"""``bilat divert`` at the command line: what goes to the list, to the reader, to the files, and the exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from planted_rivals import ORIGINS, world

from bilat.cli import main
from bilat.diversion.search import divert


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["divert", *args])
    told = capsys.readouterr()
    assert ended.value.code == code, told.err
    return told.out, told.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return world(tmp_path / "w.csv", "route", 1)


ASKED = ("--origin", ",".join(ORIGINS), "--since", "2022-03")


def test_json_has_hubs_groups_rows_in_rank_order_and_total_and_notes_go_to_standard_error(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = run(capsys, str(file), *ASKED, "--json")
    told = json.loads(out)
    rows = told["rows"]
    assert {"hubs", "groups", "rows", "total"} <= set(told) and {"low", "high", "rests_on"} <= set(
        told["total"]
    )
    assert (rows[0]["hub"], rows[0]["product"]) == ("KGZ", "848210")
    assert [r["probability"] for r in rows] == sorted((r["probability"] for r in rows), reverse=True)
    assert [r["q_value"] for r in rows] == sorted(r["q_value"] for r in rows)
    assert "note: w.csv: read as flows" in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--spark-setting", "spark.executor.memory=2g"), "needs --engine spark://"),
        (("--engine", "spark://localhost:7077", "--spark-setting", "memory"), "key=value"),
        (("--target", "XXX1"), "XXX1"),
        (("--memory", "plenty"), "--memory"),
        (("--threads", "0"), "threads"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_exit_code_2_and_one_line(
    given: tuple[str, ...], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, str(file), *ASKED, *given, code=2)
    assert said in err and err.count("\n") == 1


def test_a_file_that_cannot_answer_is_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.csv").write_text("reporter,partner,product,period,flow,value\n", "utf-8")
    _, err = run(capsys, str(tmp_path / "empty.csv"), *ASKED, code=1)
    assert err.startswith("bilat: ") and err.count("\n") == 1


def test_spark_settings_reach_the_search(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    seen: dict[str, object] = {}

    def find(*args: object, **more: object) -> object:
        seen.update(more)
        raise SystemExit(0)

    monkeypatch.setattr("bilat.diversion.search.divert", find)
    with pytest.raises(SystemExit):
        main(["divert", str(file), "--engine", "spark://h:1", "--spark-setting", "a.b=1", "--spark-setting",
              "c=x=y", "--threads", "3", "--window", "2"])  # fmt: skip
    assert seen["settings"] == {"a.b": "1", "c": "x=y"} and seen["threads"] == 3 and seen["window"] == 2


def test_the_folder_holds_the_list_as_csv_json_and_excel_with_the_question_and_the_notes(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    listed, _ = run(capsys, str(file), *ASKED, "--json", "--out", str(out))
    rows = json.loads(listed)["rows"]
    kept = json.loads((out / "routes.json").read_text("utf-8"))
    assert kept["rows"] == rows
    assert kept["question"]["target"] == "RUS" and kept["question"]["command"].startswith("bilat divert")
    assert any("read as flows" in n for n in kept["notes"])
    with (out / "routes.csv").open(encoding="utf-8", newline="") as f:
        written = list(csv.DictReader(f))
    book = openpyxl.load_workbook(out / "routes.xlsx")
    cells = list(book["routes"].iter_rows(values_only=True))
    assert list(cells[0]) == list(written[0])
    assert [(c[1], c[3]) for c in cells[1:]] == [(r["hub"], r["product"]) for r in rows]
    at = cells[0].index("diverted")
    assert cells[1][at] == rows[0]["diverted"]  # a number, not a text
    about = " ".join(str(x) for row in book["question"].iter_rows(values_only=True) for x in row if x)
    beside = (out / "routes-about.txt").read_text("utf-8")
    for told in (about, beside):
        assert "Russia" in told and "read as flows" in told and "bilat divert" in told and "80%" in told


def test_the_same_answer_makes_the_same_excel_file(file: Path, tmp_path: Path) -> None:
    from bilat.picture.cases.cases import write_cases

    plain = divert([file], origin=",".join(ORIGINS), since="2022-03").plain()
    made = []
    for name in ("a", "b"):
        write_cases(plain, tmp_path / name, command="bilat divert")
        made.append((tmp_path / name / "routes.xlsx").read_bytes())
    assert made[0] == made[1]


def test_suppliers_of_the_target_are_told_for_the_listed_products_without_a_basket(file: Path) -> None:
    got = divert([file], origin=",".join(ORIGINS), since="2022-03")
    by = {s["product"]: s for s in got.summary["suppliers"]}
    assert set(by) == {r.product for r in got.rows}
    goods = by["848210"]
    assert goods["share_before"] == 0.0  # China sells nothing to the target here
    assert goods["concentration_after"] is not None and goods["value_after"] > 0


def test_one_leg_says_that_the_suppliers_are_not_held() -> None:
    got = divert(origin="EU27", limit=3, cases=1)
    assert got.summary["suppliers"] == []
    assert any("suppliers" in n and "not held" in n for n in got.summary["notes"])


def test_goods_that_reach_china_itself_have_no_share_of_china(tmp_path: Path) -> None:
    text = world(tmp_path / "w.csv", "route", 1).read_text("utf-8")
    swapped = text.replace("CHN", "@").replace("RUS", "CHN").replace("@", "IND")
    (tmp_path / "c.csv").write_text(swapped, "utf-8")
    got = divert([tmp_path / "c.csv"], origin=",".join(ORIGINS), target="CHN", since="2022-03")
    assert got.rows[0].hub == "KGZ"
    assert all(s["share_after"] is None for s in got.summary["suppliers"])
    assert got.summary["suppliers"][0]["concentration_after"] is not None
