# SPDX-License-Identifier: Apache-2.0
"""Pages and print have typographic marks in text, and only there."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bilat.document import Document, Say, Table
from bilat.document.blocks import Column, Next, Series
from bilat.document.blocks import Point as SeriesPoint
from bilat.document.chart import svg
from bilat.document.page import document_page
from bilat.document.text import text
from bilat.document.typography import straight, typeset, typeset_page
from bilat.report.paper import paper_of


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("Russia's share", "Russia’s share"),
        ("the presidents' meetings", "the presidents’ meetings"),
        ('He said "no limits" twice.', "He said “no limits” twice."),
        ("\"I said 'no',\" he said.", "“I said ‘no’,” he said."),
        ('("new era")', "(“new era”)"),
        ("exercises in '22 and the '90s", "exercises in ’22 and the ’90s"),
        ("the 1990's", "the 1990’s"),
        ("the Type 055's radar", "the Type 055’s radar"),
        ("no measure 'votes.agrement'", "no measure ‘votes.agrement’"),
        ("the year '22' is", "the year ‘22’ is"),
        ('in "2022" and "2023"', "in “2022” and “2023”"),
        ("6'2\" tall", "6′2″ tall"),
        ("55°45'30\"N", "55°45′30″N"),
        ('a 5" gun', "a 5″ gun"),
        ('OOO "ROMASHKA"', "OOO “ROMASHKA”"),
        ("'Abd al-Rahman", "‘Abd al-Rahman"),
        ("Xi'an", "Xi’an"),
        ('צה"ל', 'צה"ל'),
        ("rock 'n' roll", "rock ’n’ roll"),
        ('run `bilat screen "O\'Brien"` first', 'run `bilat screen "O\'Brien"` first'),
        ("see https://a.b/Xi'an?q='x'y now", "see https://a.b/Xi'an?q='x'y now"),
        ('"https://a.b/c"', "“https://a.b/c”"),
        ("“already” set ’22", "“already” set ’22"),
        ("", ""),
    ],
)
def test_known_marks(plain: str, printed: str) -> None:
    assert typeset(plain) == printed


_TEXTS = st.text(
    st.one_of(st.sampled_from("'\"` aZ5.,()‘’-&<>;#x2739"), st.characters(codec="utf-8"))
)


@given(_TEXTS)
@example("'\"'\"")
def test_typesetting_changes_marks_only_and_once(text: str) -> None:
    printed = typeset(text)
    assert straight(printed) == straight(text)
    assert len(printed) == len(text)
    changed = [(a, b) for a, b in zip(text, printed, strict=True) if a != b]
    assert all(a in "'\"" for a, _ in changed)


@given(st.text(st.sampled_from("ab Z5.,'\""), max_size=30))
def test_an_apostrophe_within_a_word_is_never_straight(text: str) -> None:
    assert not re.search(r"[a-z]'[a-z]", typeset(text))


class _Texts(HTMLParser):
    """The text of a page outside code, the text within code, and the attributes, as parsed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.code: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.within: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag in ("code", "pre", "script", "style", "textarea", "option"):
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        (self.code if self.within else self.text).append(data)


@given(text=_TEXTS, command=_TEXTS, address=_TEXTS)
def test_code_attributes_and_addresses_of_a_page_stay(
    text: str, command: str, address: str
) -> None:
    from markupsafe import escape

    page = (
        f'<p title="{escape(address)}" data-t=\'a"b\'>{escape(text)} <em>{escape(text)}</em></p>'
        f"<pre>{escape(command)}</pre><p>or <code class='x'>{escape(command)}</code>'s</p>"
        f"<script>var a = \"it's\" + '<p>';</script><!-- it's --><option>{escape(command)}</option>"
        f"<textarea>{escape(command)}</textarea>"
    )
    before = _Texts(page)
    after = _Texts(typeset_page(page))
    assert after.code == before.code
    assert after.attributes == before.attributes
    assert straight("".join(after.text)) == straight("".join(before.text))
    assert "<!-- it's -->" in typeset_page(page)
    assert typeset_page(typeset_page(page)) == typeset_page(page)


def test_a_quotation_may_contain_elements() -> None:
    assert typeset_page('<p>"<a href="#">No</a> limits", it\'s</p>') == (
        '<p>“<a href="#">No</a> limits”, it’s</p>'
    )
    assert (
        typeset_page("<td>the 5&#x27;</td><td>&quot;a&quot;</td>") == "<td>the 5′</td><td>“a”</td>"
    )


def _document() -> Document:
    points = tuple(SeriesPoint(str(year), float(year - 2000)) for year in range(2019, 2025))
    return Document(
        "divert",
        'Russia\'s "friends"',
        ("China's share rose.",),
        (
            Say("It is 'no limits', they say."),
            Say('bilat screen "O\'Brien"', "paste"),
            Table((Column("party's name"),), (('OOO "ROMASHKA"',),), "Hubs' rows"),
            Table((Column("excess"), Column("part")), ((-328, "-A328"),)),
            Series("China's sales", "USD", points, source="China's customs"),
            Next("India's answer"),
        ),
    )


def test_a_page_a_drawing_and_print_have_typographic_marks_and_data_have_straight_ones() -> None:
    document = _document()
    for page in (document_page(document), document._repr_html_()):
        read = _Texts(page)
        assert not re.search("['\"]", "".join(read.text))
        assert 'bilat screen "O\'Brien"' in read.code
        assert "OOO “ROMASHKA”" in read.text
        assert "−328" in read.text and "-A328" in read.text
    drawing = svg(document.blocks[4])
    assert "'" not in re.sub(r"<[^>]*>", "", unescape(drawing))
    paper = paper_of(document)
    printed = repr([v for b in paper["blocks"] for k, v in b.items() if k != "svg"])
    assert {"kind": "paste", "text": 'bilat screen "O\'Brien"'} in paper["blocks"]
    assert "It is ‘no limits’, they say." in printed
    assert "OOO “ROMASHKA”" in printed
    assert paper["title"] == "Russia’s “friends”"
    assert document.title == 'Russia\'s "friends"'


def test_a_terminal_has_straight_marks_and_a_program_the_text_as_stored() -> None:
    table = Table((Column("name"),), (("Xi’an “Star”",),), listing=True)
    document = Document("made up", "Russia’s share", ("He said “no”.",), (table,))
    shown = text(document)
    assert "Russia's share" in shown and 'He said "no".' in shown and 'Xi\'an "Star"' in shown
    assert "Xi’an “Star”" in text(document, piped=True)
