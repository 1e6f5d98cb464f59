# SPDX-License-Identifier: Apache-2.0
"""What a notebook shows of forecasts and the watch: tables, of lists that stay lists."""

from __future__ import annotations

from html.parser import HTMLParser

from bilat.forecast import forecasts, score
from bilat.forecast.document import listed, scored, shown
from bilat.forecast.questions import questions
from bilat.holdings import Holdings, embedded_folder
from bilat.units.likelihood import in_words


class Rows(HTMLParser):
    """The cells of the rows of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], "a mark is not closed"

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.rows[-1][-1] += data


def table(shown: object) -> list[list[str]]:
    rows = Rows(shown._repr_html_()).rows  # type: ignore[attr-defined]
    assert len({len(r) for r in rows}) == 1, "a row has another number of cells"
    return rows


def test_forecasts_are_a_table_and_a_list() -> None:
    held = Holdings(embedded_folder())
    few = [q for q in questions() if str(q.opened) == "2023-03-20"][:4]
    late = next(q for q in questions() if str(q.opened) > "2024-01-01")
    found = forecasts("2024-01-01", held, asked=[*few, late])
    assert isinstance(found, list) and [f.question.id for f in found] == [q.id for q in few]
    every = Rows(listed(found)._repr_html_()).rows
    head, *rows = [r for r in every if len(r) == len(every[0])]
    soonest = sorted(found, key=lambda f: f.question.closes)
    assert [r[0] for r in rows] == [f.question.id for f in soonest]
    assert [r[head.index("now")] for r in rows] == [f"{f.now:.0%}" for f in soonest]
    assert [r[0] for r in every[len(rows) + 2 :]] == [f.question.id for f in soonest]
    word = in_words(found[0].probability)
    said = f"We gave this {found[0].probability:.0%} ({word}) on "
    assert said in shown(found[0]).summary[0]
    done = score(forecasts("2026-11-24", held, asked=few))
    assert [
        "base rate with evidence",
        *(f"{x:.3f}" for x in done.rows["base rate with evidence"]),
    ] in Rows(scored(done)._repr_html_()).rows
