# SPDX-License-Identifier: Apache-2.0
"""The picture of the ledger itself, on the embedded holdings: what a newcomer gets from one command."""

import csv
import gzip
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from test_picture_browser import FAINT, Visit, every
from test_picture_site import Page

from bilat.catalog import sources
from bilat.holdings import Holdings
from bilat.picture import Picture, brief, findings
from bilat.terminal.picture import plain
from bilat.verdicts.thresholds import verdict


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return brief(("RUS", "CHN"), None, tmp_path_factory.mktemp("real") / "picture", Holdings())


def rows_of(path: Path) -> TextIO:
    """The rows of a file beside a page, plain or compressed."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def place(made: Picture) -> Path:
    assert made.out is not None
    return made.out


def test_five_sentences_each_with_a_number(real: Picture) -> None:
    assert len(real.bottom_line) == 5
    for line in real.bottom_line:
        assert re.search(r"\d", line.sentence), line.sentence
        assert re.search(r"\d", line.entry.figure)


def test_up_to_three_findings_one_a_chapter_each_with_a_number_of_its_own_legs(real: Picture) -> None:
    found = real.findings
    assert 2 <= len(found) <= 3 and len({f.entry.now.chapter for f in found}) == len(found)
    for f in found:
        assert f.entry.now.verdict in ("supported", "contradicted")
        assert f.sentence != f.entry.now.why and "{" not in f.sentence
    page = (place(real) / "index.html").read_text("utf-8")
    first = page.index("Chosen by a rule")
    assert all(page.index(f"claims/{f.entry.id}.html") < first for f in found)


def test_what_to_watch_turns_where_it_says(real: Picture) -> None:
    watched = findings.watch(real.entries)
    assert watched and [w.share for w in watched] == sorted(w.share for w in watched)
    tried = 0
    for d in (leg.decision for e in real.entries for leg in e.now.legs):
        turn = d.turn() if d else None
        if d is None or turn is None or d.band is not None or turn.at == d.value:
            continue
        step = 1e-6 * (abs(turn.at) or 1.0) * (1 if turn.at > d.value else -1)
        assert verdict(d.test, turn.at - step, None) == verdict(d.test, d.value, None)
        assert verdict(d.test, turn.at + step, None) == turn.verdict
        tried += 1
    assert tried > 20


def test_the_arithmetic_gives_the_figure_and_its_operands_lead_to_rows(real: Picture) -> None:
    for e in real.entries:
        page = Page(place(real) / "claims" / f"{e.id}.html")
        ids = {a["id"] for _, a in page.elements if a.get("id")}
        for leg in e.now.legs:
            d = leg.decision
            if d is None or d.test.form not in ("change", "gap"):
                continue
            first, last = d.sides[0].figure, d.sides[-1].figure
            again = last - first if d.test.compare == "difference" else last / first
            assert abs(again - d.value) <= 1e-9 * max(1.0, abs(d.value)), e.id
        linked = [a["href"] for a in page.all("a") if str(a.get("href", "")).startswith("#r-")]
        assert all(h[1:] in ids for h in linked if h), e.id


def test_every_claim_of_the_ledger_has_its_page(real: Picture) -> None:
    from bilat.verdicts.ledger import ledger

    assert {p.stem for p in (place(real) / "claims").glob("*.html")} == {c.id for c in ledger()}


def strings(value: object) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for k, v in value.items():
            yield from (k, *strings(v))
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)


def shows_braces(text: str) -> bool:
    """True for a brace in prose; a cell of a publisher's row may be a JSON object."""
    if "{" not in text and "}" not in text:
        return False
    try:
        return not isinstance(json.loads(text), dict)
    except ValueError:
        return True


@pytest.mark.parametrize("dyad", [("RUS", "CHN"), ("RUS", "IND")])
def test_no_text_of_a_page_shows_a_name_in_braces(
    real: Picture, dyad: tuple[str, str], tmp_path: Path
) -> None:
    whole = real if dyad == ("RUS", "CHN") else brief(dyad, None, tmp_path / "picture", Holdings())
    texts: dict[str, list[str]] = {"terminal": plain(whole).splitlines()}
    for path in place(whole).rglob("*.html"):
        page = Page(path)
        texts[path.name] = [*page.text, *(v for _, attrs in page.elements for v in attrs.values() if v)]
    for path in place(whole).rglob("*.json"):
        texts[path.name] = list(strings(json.loads(path.read_text("utf-8"))))
    assert len(texts) > (80 if whole is real else 15)
    raw = [f"{name}: {t.strip()}" for name, found in texts.items() for t in found if shows_braces(t)]
    assert not raw


def test_every_row_leads_to_a_snapshot_that_is_held(real: Picture) -> None:
    held = {(e["source"], e["sha256"]) for e in real.holdings.entries()}
    for path in (place(real) / "rows").glob("*.csv*"):
        if ".figures." in path.name:
            continue
        with rows_of(path) as f:
            for row in csv.DictReader(f):
                assert (row["source"], row["snapshot"]) in held, f"{path.name}: {row}"
                assert row["locator"] and row["known_on"] <= str(real.as_of)


def test_every_source_used_is_on_the_sources_page(real: Picture) -> None:
    listed = {s["name"] for s in json.loads((place(real) / "sources.json").read_text("utf-8"))["sources"]}
    used = {name for e in real.entries for name in e.now.sources}
    assert used <= listed <= set(sources())


def test_every_measured_claim_shows_a_chart_and_a_command(real: Picture) -> None:
    for e in real.entries:
        page = Page(place(real) / "claims" / f"{e.id}.html")
        if e.measured:
            assert any(a.get("class") == "chart" for a in page.all("figure")), e.id
            assert "bilat measure " in " ".join(page.text), e.id


def test_headings_and_texts_of_the_real_pages_are_in_order(real: Picture) -> None:
    for path in every(place(real)):
        page = Page(path)
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), path.name
        ids = [a["id"] for _, a in page.elements if a.get("id")]
        assert len(ids) == len(set(ids)), path.name


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_real_pages_open_clean_narrow_and_wide(
    browser: object,
    real: Picture,
    width: int,
    scheme: str,
) -> None:
    with Visit(browser, viewport={"width": width, "height": 844}, color_scheme=scheme) as visit:
        for path in every(place(real)):
            page = visit.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert page.evaluate(FAINT) == [], path.name
        assert visit.wrong == []


def test_as_of_the_papers_date_no_row_was_known_later(tmp_path: Path) -> None:
    made = brief(("RUS", "CHN"), "2023-03-20", tmp_path / "then", Holdings())
    assert made.since is None
    for path in (tmp_path / "then" / "rows").glob("*.csv*"):
        if ".figures." in path.name:
            continue
        with rows_of(path) as f:
            assert all(
                r["known_on"] <= "2023-03-20" and r["period"] <= "2023-03-20" for r in csv.DictReader(f)
            )
