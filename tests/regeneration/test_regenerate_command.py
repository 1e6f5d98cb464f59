# SPDX-License-Identifier: Apache-2.0
"""``bilat regenerate``: 80 columns, JSON, Parquet, errors of one line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from missing_parts import need


def bilat(*args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ, BILAT_HOLDINGS="/nonexistent/holdings")
    done = subprocess.run(
        [sys.executable, "-m", "bilat", "regenerate", *args], capture_output=True, text=True, env=env
    )
    assert done.returncode == code, (done.returncode, done.stdout[-500:], done.stderr[-2000:])
    return done


def test_everything_fits_in_80_columns_and_the_fit_comes_first() -> None:
    text = bilat("--as-of", "2026-11-24", "--draws", "1000").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("Fit to") < text.index("CONFLICT") < text.index("Backtest") < text.index("Months from")
    words = " ".join(text.split())
    assert (
        "Not alone: IISS Military Balance 2025 via press gives >1500; RUSI" in words
        and "gives ~2000" in words
    )
    assert "TUBE ARTILLERY" in text and "Not estimated." in text and ">120" in text
    assert "MISSILES FIRED" in text and "carried on" in text
    assert "Likelihood" in text and "Confidence: low." in text


def test_json_has_fit_scenarios_and_lineage(tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    done = bilat(
        "--class", "mlrs", "--quick", "--draws", "500", "--as-of", "2026-11-24", "--json", "--out", str(out)
    )
    found = json.loads(done.stdout)
    assert found == json.loads(out.read_text("utf-8"))
    (c,) = found["classes"]
    assert c["residuals"] and c["confidence"]["word"] == "low" and len(c["scenarios"]) == 3
    for row in found["lineage"]:
        assert (
            row["source"]
            and len(row["snapshot"]) == 64
            and row["locator"]
            and row["known_on"] <= "2026-11-24"
        )
    assert {r["source"] for r in found["lineage"]} >= {"oryx_totals", "production_estimates"}


def test_parquet_has_a_row_a_figure(tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    bilat("--class", "mlrs,missiles", "--quick", "--draws", "500", "--as-of", "2026-11-24", "--out", str(out))
    table = pq.read_table(out)
    assert {"months", "recovered by", "fit", "states", "84 days"} <= set(table["part"].to_pylist())
    assert json.loads(table.schema.metadata[b"bilat"])["asked"]["classes"] == ["mlrs"]


def test_the_page_says_the_same_as_its_data_and_loads_nothing(tmp_path: Path) -> None:
    out = tmp_path / "mlrs.html"
    bilat("--class", "mlrs", "--quick", "--draws", "1000", "--as-of", "2026-11-24", "--page", str(out))
    html, twin = out.read_text("utf-8"), json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert "Numbers on this page that nobody has measured" in html and "Warning." in html
    assert not re.search(r"(src|href)=[\"'](?!data:|#)", html) and "@import" not in html
    cell = next(
        c for c in twin["grid"]["cells"]
        if (c["ceasefire"], c["china"], c["new_production"], c["goal"]) == ("2026-12", "systems", "all", 0.9)
    )  # fmt: skip
    shown = [">120" if m is None else f"{m:.0f}" for m in cell["months"]]
    assert f"{shown[2]} months [{shown[0]} to {shown[4]}]" in html.replace("&gt;", ">")
    assert twin["grid"]["lineage"] and all(len(r["snapshot"]) == 64 for r in twin["grid"]["lineage"])


@pytest.mark.browser
def test_the_sliders_of_the_page_work_without_a_network(tmp_path: Path) -> None:
    need(Path("/usr/bin/chromium").exists(), "Chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    out = tmp_path / "tank.html"
    bilat("--class", "tank", "--quick", "--draws", "1000", "--as-of", "2026-11-24", "--page", str(out))
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page, errors = browser.new_page(), []
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on(
            "request", lambda r: errors.append(r.url) if not r.url.startswith(("file:", "data:")) else None
        )
        page.goto(out.as_uri())
        before = page.inner_text("figure[data-china=components] figcaption")
        page.evaluate(
            "() => { const e = document.getElementById('new'); e.value = 3; e.dispatchEvent(new Event('input')); }"
        )
        after = page.inner_text("figure[data-china=components] figcaption")
        browser.close()
    assert before != after and not errors


def test_explain_names_the_row_of_each_range_and_marks_what_is_assumed() -> None:
    text = bilat("--class", "tank", "--explain", "--as-of", "2026-11-24").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "production_estimates line 77" in text and "ASSUMED" in text


def test_what_the_record_does_not_say_of_a_ratio_is_said() -> None:
    """An interval without width is no certainty; launched drones may be decoys; what together adds is named."""
    text = bilat("--class", "missiles", "--as-of", "2026-11-24").stdout
    words = " ".join(text.split())
    assert not re.search(r"\[(\d+\.\d+)-\1\]", text), text
    assert "Shahed-type drones 30 8,093 2,661 3.04 no range*" in words
    assert "the record states none" in words and "may include decoys" in words
    assert "leaves them out and adds Kh-101, Kalibr, Iskander-M and Iskander-K." in words
    assert max(map(len, text.splitlines())) <= 80


def test_whole_parts_add_up_to_the_whole() -> None:
    from bilat.terminal.recovery import in_whole

    parts = {"2022": 1594.0, "2023": 989.909, "2024": 1084.091, "2025": 618.29, "2026": 161.415}
    assert list(in_whole(parts).values()) == [1594, 990, 1084, 618, 162]
    assert sum(in_whole(parts).values()) == round(sum(parts.values()))
    assert all(abs(n - v) < 1 for n, v in zip(in_whole(parts).values(), parts.values(), strict=True))


def test_growth_that_hangs_on_components_is_said_beside_the_months() -> None:
    words = " ".join(bilat("--class", "tank", "--quick", "--as-of", "2026-11-24").stdout.split())
    assert "With no dependence at all a cut-off would still cost 6 months [1-16]." in words
    assert "With no dependence" not in bilat("--class", "tank", "--quick", "--china", "none").stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [(("--class", "tank", "--param", "detection=1.4"), 2, "choose a value in between"),
     (("--class", "tank", "--param", "detection"), 2, "write name=value"),
     (("--class", "tank", "--ceasefire", "soon"), 2, "soon"),
     (("--class", "tank", "--china", "everything"), 2, "none, components, systems"),
     (("--class", "tank", "--out", "x.docx"), 2, ".json or .parquet"),
     (("--quick", "--page", "x.html"), 2, "takes one class"),
     (("--class", "mlrs", "--quick", "--out", "/nonexistent/x.json"), 1, "cannot be written"),
     (("--class", "tank", "--as-of", "2022-03-01"), 1, "choose a later --as-of")],
)  # fmt: skip
def test_an_error_is_one_line_with_the_cure(args: tuple[str, ...], code: int, said: str) -> None:
    done = bilat(*args, code=code)
    assert done.stderr.startswith("bilat: ") and done.stderr.count("\n") == 1 and said in done.stderr, (
        done.stderr
    )
