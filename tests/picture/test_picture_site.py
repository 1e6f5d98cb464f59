# SPDX-License-Identifier: Apache-2.0
"""The site as files: every link leads somewhere, every figure has a way to its rows, nothing is fetched."""

import csv
import itertools
import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from picture_made_up import NOW, PAIR, SNAPSHOT, THEN, arms, judge_made_up, judgement

from bilat.cli import app
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.picture import Picture, brief, story
from bilat.picture.models.in_site import MODELS, Model
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf

VOID = {"meta", "link", "br", "img", "input", "hr", "col", "source", "wbr"}


class Page(HTMLParser):
    """Elements of a page, in order, with a check that they nest."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(path.read_text("utf-8"))
        assert not self.open, f"{path}: never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {p.relative_to(site).as_posix(): Page(p) for p in sorted(site.rglob("*.html"))}


def test_the_pages_are_those_that_were_promised(pages: dict[str, Page]) -> None:
    assert {"index.html", "map.html", "sources.html", "claims/I6.html", "chapters/war.html"} <= set(pages)
    assert sum(p.startswith("claims/") for p in pages) == 7


def test_every_link_inside_leads_to_a_file_and_a_place(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        here = (site / name).parent
        for attrs in page.all("a", "link", "script", "img"):
            target = attrs.get("href") or attrs.get("src")
            if not target or target.startswith(("http", "data:")):
                continue
            path, _, place = target.partition("#")
            file = (here / path).resolve() if path else site / name
            assert file.is_file(), f"{name}: {target}"
            if place:
                other = pages[file.relative_to(site.resolve()).as_posix() if path else name]
                assert any(a.get("id") == place for _, a in other.elements), f"{name}: {target}"


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for tag, attrs in page.elements:
            for key in ("src", "srcset", "data", "action", "poster", "xlink:href"):
                assert not str(attrs.get(key) or "").startswith(("http", "//")), f"{name}: {tag} {key}"
            if tag == "link":
                assert not str(attrs["href"]).startswith(("http", "//"))
    css = (site / "assets/style.css").read_text("utf-8")
    assert "url(" not in css and "@import" not in css


def test_every_page_has_a_json_twin_that_can_be_read(site: Path, pages: dict[str, Page]) -> None:
    for name in pages:
        twin = json.loads((site / name).with_suffix(".json").read_text("utf-8"))
        assert twin["as_of"] == str(NOW)
        assert str(twin["dyad"]) in ("RUS-CHN", "['RUS', 'CHN']")


def test_headings_go_down_one_level_at_a_time_under_one_h1(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), f"{name}: {levels}"


def test_every_picture_has_a_text_and_every_label_its_target(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        ids = [a["id"] for _, a in page.elements if a.get("id")]
        assert len(ids) == len(set(ids)), f"{name}: an id stands twice"
        for tag, attrs in page.elements:
            if tag == "svg":
                assert attrs.get("role") == "img" and len(attrs.get("aria-label") or "") > 15, name
            for key in ("aria-labelledby", "aria-describedby"):
                if attrs.get(key):
                    assert attrs[key] in ids, f"{name}: {tag} {key}={attrs[key]}"
            if attrs.get("role") == "region":
                assert attrs.get("aria-label") or attrs.get("aria-labelledby")
                assert attrs.get("tabindex") == "0", f"{name}: what scrolls must take the keyboard"


def test_pages_have_landmarks_language_title_and_a_way_past_the_menu(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.all("html")[0]["lang"] == "en"
        for tag in ("header", "nav", "main", "footer", "title"):
            assert page.all(tag), f"{name}: no {tag}"
        first = page.all("a")[0]
        assert first["class"] == "skip" and first["href"] == "#main"


def test_tables_have_captions_and_their_headers_a_scope(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert len(page.all("table")) == len(page.all("caption")), name
        assert all(a.get("scope") for a in page.all("th")), name


def test_what_others_wrote_cannot_become_markup(site: Path) -> None:
    text = (site / "claims/I6.html").read_text("utf-8")
    assert "<b>row</b>" not in text
    assert "a &lt;b&gt;row&lt;/b&gt; &amp; its text" in text


def test_rows_stand_on_the_page_with_source_snapshot_and_known_date(site: Path) -> None:
    text = " ".join(Page(site / "claims/I6.html").text)
    assert "2023-03-10 (vintage)" in text and SNAPSHOT[:12] in text and "line 0" in text
    assert "https://example.org/register" in (site / "claims/I6.html").read_text("utf-8")


def test_the_whole_of_the_rows_lies_beside_as_csv(site: Path) -> None:
    assert "8 of 756 rows, the newest" in (site / "claims/P8.html").read_text("utf-8")
    assert "756 rows, the newest 100 shown" in (site / "rows/made.losses.html").read_text("utf-8")
    with (site / "rows/made.losses.csv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == 756
    assert {"source", "snapshot", "locator", "known_on", "known_basis"} <= set(rows[0])


def test_the_site_is_light_and_its_rows_lie_beside(site: Path) -> None:
    files = [p for p in site.rglob("*") if p.is_file() and p.relative_to(site).parts[0] != "rows"]
    assert sum(p.stat().st_size for p in files) < 8e6


def test_a_claim_page_says_then_and_now_rule_rivals_and_the_command(site: Path) -> None:
    text = " ".join(" ".join(Page(site / "claims/I6.html").text).split())
    for part in (
        "partly supported", "weakened", "20 March 2023", "30 June 2025", "The last value is at most half",
        "It was the pandemic", "bilat measure made.arms RUS CHN --as-of 2025-06-30", "fn 3",
    ):  # fmt: skip
        assert part in text, part


def test_the_first_line_of_every_page_has_a_number(pages: dict[str, Page], site: Path) -> None:
    for name in pages:
        text = (site / name).read_text("utf-8")
        answer = re.search(r'class="answer">(.*?)</p>', text, re.S)
        assert answer, name
        if "K3" in name or "P11" in name or "constraints" in name or "indopacific" in name:
            continue  # nothing is measured there
        assert re.search(r"\d", answer[1]), f"{name}: {answer[1]}"


def test_the_map_shows_where_when_how_large_and_who_joined(site: Path) -> None:
    held = json.loads((site / "map.json").read_text("utf-8"))["exercises"]
    assert len(held) > 80
    first = next(e for e in held if e["event"] == "EX002")
    assert first["troops"] == 10000 and first["joined"] == []
    page = (site / "map.html").read_text("utf-8")
    assert "10,000 troops" in page and "Iran" in page
    assert "EX037" not in {e["event"] for e in held}, "an announcement is not an exercise"


def test_as_of_the_papers_date_nothing_later_is_told(held: Holdings, tmp_path: Path) -> None:
    brief(PAIR, THEN, tmp_path / "then", held, judge=judge_made_up)
    held_then = json.loads((tmp_path / "then/map.json").read_text("utf-8"))["exercises"]
    assert held_then and max(e["known_on"] for e in held_then) <= str(THEN)
    assert max(e["period"] for e in held_then) <= str(THEN)
    page = (tmp_path / "then/claims/I6.html").read_text("utf-8")
    assert "2024" not in page and "Then " not in page


def test_two_runs_write_the_same_bytes(held: Holdings, site: Path, tmp_path: Path) -> None:
    brief(PAIR, NOW, tmp_path / "again", held, judge=judge_made_up)
    one = json.loads((site / "contents.json").read_text("utf-8"))
    two = json.loads((tmp_path / "again/contents.json").read_text("utf-8"))
    assert one == two


def test_without_a_folder_nothing_is_written(held: Holdings, tmp_path: Path) -> None:
    made = brief(PAIR, NOW, None, held, judge=judge_made_up)
    assert isinstance(made, Picture) and made.out is None
    assert not list(tmp_path.iterdir())


def test_the_bottom_line_takes_one_claim_a_question_and_none_twice(held: Holdings) -> None:
    made = brief(PAIR, NOW, None, held, judge=judge_made_up)
    ids = [line.entry.id for line in made.bottom_line]
    assert ids == ["P2", "I6", "I7", "P8", "F1"]


def test_what_moved_is_told_in_words() -> None:
    def moved(then: str, now: str) -> str:
        return story.Entry(
            judgement("I6", "intro", arms(THEN), THEN, verdict=then),
            judgement("I6", "intro", arms(), NOW, verdict=now),
            PAIR,
        ).moved

    assert moved("supported", "supported") == ""
    assert moved("partly supported", "supported") == "strengthened"
    assert moved("supported", "contradicted") == "weakened"
    assert moved("not measurable", "not supported") == "now decided"
    assert moved("supported", "not measurable") == "no longer decided"
    assert moved("published figure only", "not measurable") == "changed in kind"


def test_a_dyad_without_any_figure_still_has_a_picture(held: Holdings, tmp_path: Path) -> None:
    def nothing(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
        return [judgement("I6", "intro", None, as_of)]

    made = brief(("FRA", "BRA"), NOW, tmp_path / "none", held, judge=nothing)
    assert made.bottom_line == []
    page = (tmp_path / "none/index.html").read_text("utf-8")
    assert "No claim is decided by a figure" in page
    assert "No joint exercise" in page


def test_a_claim_says_its_verdict_in_title_and_heading(site: Path) -> None:
    page = (site / "claims/F1.html").read_text("utf-8")
    assert "<title>F1, contradicted: " in page
    heading = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert heading is not None and "contradicted" in heading[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_the_commands_of_the_models_are_the_programs_own(model: Model) -> None:
    verb, *given = shlex.split(model.command)[1:]
    command = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]
    known = {o for p in command.params for o in p.opts}
    assert {w for w in given if w.startswith("--")} <= known
    assert (Path(__file__).parents[2] / model.docs).exists()


def test_the_quick_models_stand_in_the_site_and_the_slow_ones_say_how(site: Path) -> None:
    page = (site / "models.html").read_text("utf-8")
    for model in MODELS:
        assert (site / model.page).exists() != model.slow
        assert model.question.replace("'", "&#39;") in page
    assert "bilat brief --models" in page
    assert "../index.html" in (site / "models/exposure.html").read_text("utf-8")
