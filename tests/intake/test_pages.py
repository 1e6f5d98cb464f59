# SPDX-License-Identifier: Apache-2.0
"""Text, HTML and PDF to passages with places; each bad file is one line."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_pages import BODY, HTML, TEXT, TITLE, pdf, pdf_lines

from bilat.errors import DataError
from bilat.intake.dating import dated
from bilat.intake.markup import Markup
from bilat.intake.page import LEAST, Page, read_page
from bilat.intake.speaker import speaker
from bilat.intake.states import is_english, states_in

TODAY = dt.date(2026, 11, 30)


def saved(folder: Path, name: str, content: str | bytes) -> Page:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_page(path)


def test_html_gives_its_paragraphs_and_what_it_declares(tmp_path) -> None:
    page = saved(tmp_path, "page.html", HTML)
    assert page.title == TITLE
    assert page.passages[-3:] == BODY
    assert page.address == "https://news.example.org/chip-flows?x=1"
    assert dated(page, TODAY).day == dt.date(2024, 7, 21)
    assert "tracker" not in page.text and "Home" not in page.text


def test_text_gives_the_day_in_its_first_lines(tmp_path) -> None:
    page = saved(tmp_path, "page.txt", TEXT)
    assert page.title == TITLE and page.places[0] == "paragraph 1"
    assert dated(page, TODAY).day == dt.date(2024, 7, 21)


def test_markdown_declares_its_title_and_day(tmp_path) -> None:
    head = f"---\ntitle: {TITLE}\ndate: 2024-07-21 12:00\nauthor: A. Writer\n---\n"
    page = saved(tmp_path, "page.md", head + "\n\n".join(BODY))
    assert page.title == TITLE and page.passages == BODY
    assert dated(page, TODAY).found == "declared by the page"
    assert speaker(page, []).name == "A. Writer"


def test_a_day_after_the_date_asked_is_named_and_not_taken(tmp_path) -> None:
    found = dated(saved(tmp_path, "page.html", HTML), dt.date(2024, 1, 1))
    assert found.day is None and "2024-07-21" in found.found


def test_pdf_gives_its_text_by_page(tmp_path) -> None:
    page = saved(tmp_path, "page.pdf", pdf(*pdf_lines()))
    assert page.title == "Chip flows" and page.places[0] == "page 1"
    assert "fell 28 percent between January" in " ".join(page.passages)
    assert dated(page, TODAY).day == dt.date(2024, 7, 22)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scan.pdf", pdf(), "is a scan without text"),
        ("cut.pdf", pdf(*pdf_lines())[:40], "cannot be read as PDF"),
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n ", "empty"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 30,
            "neither text nor HTML nor PDF",
        ),
        ("short.html", "<html><body><p>Nothing to see here today.</p></body></html>", "fewer than"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path, name, content, said) -> None:
    with pytest.raises(DataError, match=said) as caught:
        saved(tmp_path, name, content)
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path) -> None:
    with pytest.raises(DataError, match="file not found"):
        read_page(tmp_path / "nowhere.html")


@given(st.text(alphabet="<>/abp \"'=!-&;\n", max_size=200))
def test_no_markup_breaks_the_reader(text) -> None:
    markup = Markup()
    markup.feed(text)
    markup.close()
    assert all(isinstance(p, str) for p in markup.passages())


def test_the_same_words_are_the_same_page(tmp_path) -> None:
    first = saved(tmp_path, "a.txt", TEXT)
    second = saved(tmp_path, "b.txt", TEXT.replace("\n\n", "\r\n\r\n").upper())
    assert first.digest == second.digest


def test_the_originator_is_whom_the_page_repeats(tmp_path) -> None:
    page = saved(tmp_path, "page.html", HTML)
    assert speaker(page, ["US Commerce Department", "SIPRI"]).name == "US Commerce Department"
    assert speaker(page, ["SIPRI"]).name == "Example News"
    assert speaker(page, ["Russia"]).name == "Example News"  # a state is no originator


def test_languages_and_states() -> None:
    assert is_english(" ".join(BODY))
    assert not is_english("Le président russe a dit que la Chine est un partenaire important.")
    assert not is_english("Россия и Китай подписали соглашение о поставках газа.")
    assert states_in("Moscow and the Kremlin spoke with Beijing")[:2] == ["RUS", "CHN"]
    assert states_in("The cat sat on the mat.") == []


@pytest.mark.parametrize("graph", ["null", "5", '{"headline": "The only object"}'])
def test_a_page_whose_json_has_an_odd_graph_is_read(graph: str) -> None:
    markup = Markup()
    markup.feed(f'<script type="application/ld+json">{{"@graph": {graph}}}</script><p>Text</p>')
    markup.close()
    assert markup.title == ("The only object" if "only" in graph else "")


def test_a_page_has_at_least_so_many_characters_of_text(tmp_path) -> None:
    words = "w" * (LEAST - 1)
    assert saved(tmp_path, "enough.txt", f"Title\n{words}w").passages == (f"{words}w",)
    with pytest.raises(DataError, match="fewer than 120 characters"):
        saved(tmp_path, "short.txt", f"Title\n{words}")
