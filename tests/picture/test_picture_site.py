# SPDX-License-Identifier: Apache-2.0
"""The site and the lead: one lead on every surface, pages that lead to their rows, nothing stale or withheld."""

import datetime as dt
import gzip
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from few_claims import CLAIMS, NOW, PAIR, judge_some
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_team import MOMENT, team

from bilat.catalog import sources, tables
from bilat.document import Frame, Point, Section
from bilat.document.html import Surface, fragment
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.document.typography import straight
from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.measures import measures
from bilat.picture import Picture, brief, page_cache
from bilat.picture.asks import asked
from bilat.picture.front import new_since, to_watch
from bilat.picture.front import topic as printed_topic
from bilat.picture.lead import MOST_TOPICS, of_claims
from bilat.picture.movements import Movement
from bilat.picture.topics import gauges, other_pairs, topics
from bilat.report.paper import paper_of
from bilat.units import count, share
from bilat.verdicts import ANSWERS
from bilat.verdicts import judge as judge_ledger
from bilat.verdicts.ledger import ledger
from bilat.verdicts.sentences import WORDS
from bilat.when import AsOf

#: Words of the method that no reader should meet on the first page.
METHOD = re.compile(
    r"\b(threshold|leading test|defensible|edition|the test turns|changed in kind|verdict)\b|\{[AB]\}"
)


def plain_text(html: str) -> str:
    return " ".join(
        unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.S)).split()
    )


def _printed(paper: Any) -> str:
    """Return all texts of a document in print, one a line, with straight marks."""
    if isinstance(paper, str):
        return straight(paper)
    parts = paper.values() if isinstance(paper, dict) else paper if isinstance(paper, list) else ()
    return "\n".join(_printed(part) for part in parts)


def words_of(page: Path) -> str:
    return straight(plain_text(page.read_text("utf-8")))


def test_site_terminal_pdf_and_json_print_one_lead(picture: Picture, site: Path) -> None:
    d = picture.document
    page, plain = words_of(site / "index.html"), straight(" ".join(text(d).split()))
    paper = _printed(paper_of(d))
    twin = json.loads((site / "index.json").read_text("utf-8"))
    assert picture.leads and [x["claim"] for x in twin["data"]["lead"]] == [
        x.claim for x in picture.leads
    ]
    for said in (d.title, *d.summary, *(x.heading for x in picture.leads)):
        assert all(straight(said) in where for where in (page, plain, paper))
    for lead in picture.leads[:MOST_TOPICS]:
        assert all(straight(lead.finding.sentence) in where for where in (page, plain, paper))
    for c in d.data["changed"]:
        assert all(straight(x) in page and straight(x) in paper for x in (c.what, c.then, c.now))
    for line in (*(w.line for w in d.data["watch"]), *d.data["unseen"]):
        assert all(straight(line) in where for where in (page, plain, paper))


def test_the_page_of_sources_says_on_what_terms_each_comes_and_what_each_table_holds(
    site: Path,
) -> None:
    said = words_of(site / "sources.html")
    for s in sources().values():
        parts = (s.name, s.licence, s.embed_why)
        assert all(straight(" ".join(part.split())) in said for part in parts), s.name
    for t in tables().values():
        parts = (t.about, *(c.meaning for c in t.columns))
        assert all(straight(" ".join(part.split())) in said for part in parts), t.name


def test_the_first_page_is_short_plain_and_speaks_of_the_world(picture: Picture) -> None:
    said = text(picture.document)
    assert len(said.split()) <= 850 and all(len(line) <= 80 for line in said.splitlines())
    assert not METHOD.search(said), METHOD.search(said)
    for lead in picture.leads:
        assert len(lead.says.split()) <= WORDS


def test_each_heading_is_the_meaning_of_its_claims_answer(picture: Picture) -> None:
    by, declared = {j.id: j for j in picture.judged}, {t.id: t for t in topics()}
    for lead in picture.leads:
        answer = by[lead.claim].current.answer
        topic = declared[lead.id]
        old = f"{topic.history[answer]} (to "
        assert lead.heading == topic.heading[answer] or lead.heading.startswith(old)
        assert lead.finding.answer == answer
        assert lead.finding.so_what == declared[lead.id].so.get(answer, "")


def test_every_topic_names_claims_of_the_ledger_and_has_a_heading_for_each_answer() -> None:
    known, followed = {c.id for c in ledger()}, {g.id for g in gauges()}
    for topic in topics():
        assert set(topic.claims) <= known and {topic.series} <= followed | {""}
    for (
        gauge
    ) in gauges():  # a measure that is gone would leave a topic without its chart, and say nothing
        assert gauge.measure in measures() and set(gauge.params) <= set(
            measures()[gauge.measure].params
        ), gauge.id
        assert set(topic.heading) == set(ANSWERS) - {"not known"} >= set(topic.so)
        assert all(
            h and len(h.split()) <= 14 and not h.endswith(".") for h in topic.heading.values()
        )


def test_a_second_claim_leads_only_with_what_its_topic_says(held: Holdings) -> None:
    """That deliveries fell is not that the market is gone: the topic's first claim says that."""
    (second,) = [j for j in judge_ledger(PAIR, AsOf("2026-11-27"), held, "F1")]
    assert second.current.answer == "no" and of_claims([second], {}) == []


DATES = ("2021-12-31", "2022-03-01", "2023-03-20", "2024-06-30")


@pytest.mark.parametrize("as_of", DATES)
def test_the_first_page_of_an_earlier_day_rests_on_nothing_later(
    as_of: str, held: Holdings
) -> None:
    day = AsOf(as_of)
    made = Picture(PAIR, day, tuple(judge_some(PAIR, day, held)), held)
    d = made.document
    check(made)
    assert made.leads and 1 <= len(d.summary) <= 3
    assert bool(d.data["changed"]) <= (as_of > "2023-03-20")
    for lead in made.leads:
        assert lead.finding.data_to is None or lead.finding.data_to <= day.date
        for p in lead.series.points if lead.series else ():
            assert p.period[:4] <= as_of[:4]
    for m in made.movements:
        assert m.last.period[: len(as_of)] <= as_of and not m.last.open


def test_then_and_now_are_of_one_edition(picture: Picture) -> None:
    summed = {g.id: g.groups for g in gauges() if g.sum}
    for m in picture.movements:
        found = m.measurement.points if m.measurement else ()
        points = {(p.period, p.value) for p in found}
        if groups := summed.get(m.id):
            mine = [p for p in found if p.group in groups]
            points = {
                (p.period, sum(q.value or 0 for q in mine if q.period == p.period)) for p in mine
            }
        assert {(p.period, p.value) for p in (m.last, m.then, m.before) if p} <= points
        assert m.then is None or m.then.period <= "2023-03-20"


def check(made: Picture) -> None:
    """A first page that nobody would laugh at: never empty, a headline, sentences that fit, lines of a terminal."""
    d, said = made.document, text(made.document)
    assert d.kind == "brief" and d.title and d.summary and not d.title.endswith(".")
    assert len(d.title.split()) <= 40 and all(len(s.split()) <= WORDS for s in d.summary)
    assert all(len(line) <= 80 for line in said.splitlines()) and len(said.split()) <= 900
    assert not re.search(r"\bNone\b|\bnan\b|e-\d\d|\{|\bTIV\b", said), said
    assert len({x.heading for x in made.leads}) == len(made.leads)
    site, paper = straight(plain_text(fragment(d, Surface()))), _printed(paper_of(d))
    twin, terminal = envelope(d), straight(" ".join(said.split()))
    assert [x["heading"] for x in twin["data"]["lead"]] == [x.heading for x in made.leads]
    lines = [d.title, *d.summary, *(x.line.rstrip(".") for x in made.leads), *d.data["unseen"]]
    lines += [w.line for w in (*d.data["watch"], *d.data["new"])]
    recorded = [x for x in made.leads if not x.absent][:MOST_TOPICS]
    for x in recorded:
        printed = printed_topic(x, d.summary)[0]
        lines += [x.finding.sentence, x.finding.so_what, printed.quiet]
    for line in filter(None, lines):
        said_once = straight(line.rstrip("."))  # a heading that says it all has no full stop
        assert all(said_once in where for where in (site, paper, terminal)), line
    for c in d.data["changed"]:  # cells of a terminal are folded
        assert all(x in site and x in paper for x in (c.what, c.then, c.now))
    headings = [b.title for b in d.blocks if isinstance(b, Section)]
    if d.data["new"]:  # what changed in the quarter leads
        assert headings.pop(0) == new_since(made.as_of)
    assert headings[: len(recorded)] == [x.heading for x in recorded]


@pytest.mark.parametrize("pair", [*map(str, other_pairs()), "FJI-TUV", "BRA-ARG", "TUR-AZE"])
def test_the_first_page_of_any_pair_is_full_at_every_date(pair: str, held: Holdings) -> None:
    for as_of in (*DATES, str(NOW)):
        check(Picture(Dyad(*pair.split("-")), AsOf(as_of), (), held))


STATES = ("RUS", "CHN", "USA", "IND", "DEU", "BRA", "ZAF", "VUT", "MNG", "PRK", "ISR", "NRU")


@settings(max_examples=6, deadline=None)
@given(
    pair=st.lists(st.sampled_from(STATES), min_size=2, max_size=2, unique=True).filter(
        lambda p: set(p) != {"RUS", "CHN"}
    ),
    day=st.dates(dt.date(2015, 1, 1), NOW.date),
)
def test_the_first_page_of_states_and_days_drawn_at_random_is_full(
    held: Holdings, pair: list[str], day: dt.date
) -> None:
    made = Picture(Dyad(*pair), AsOf(day), (), held)
    check(made)
    assert all(x.finding.data_to is None or x.finding.data_to <= day for x in made.leads)


def test_other_states_are_led_by_what_is_known_of_them(held: Holdings, tmp_path: Path) -> None:
    made = brief(("RUS", "PRK"), NOW, tmp_path / "p", held, judge=lambda *_: [])
    page = words_of(tmp_path / "p" / "index.html")
    assert "used force together against Ukraine" in made.headline
    assert "supplier of arms" in made.headline
    assert all(s in page for s in (made.headline, *made.document.summary))
    assert "Down from 170 million SIPRI points in 2024 to 86.7 million in 2025" in page


def test_what_to_watch_is_another_series_than_what_changed(picture: Picture) -> None:
    changed = {shift.series for shift in picture.document.data["changed"]}
    watched = {signpost.series for signpost in picture.document.data["watch"]}
    assert changed and watched and not changed & watched


def test_every_chart_names_its_source_but_those_of_plans(site: Path) -> None:
    charts = 0
    plans = {"blockade.html", "exposure.html"}
    for page in (p for p in site.rglob("*.html") if p.name not in plans):
        figures = re.findall(
            r'<figure class="(?:chart|plot)"[^>]*>.*?</figure>', page.read_text("utf-8"), re.S
        )
        for figure in figures:
            charts += "<svg" in figure
            assert "<svg" not in figure or "ource" in figure, f"{page.name}: {figure[:80]}"
    assert charts


# -- asks


def ask_file(folder: Path, **given: str) -> Path:
    row = {
        "figure": "listed_eu",
        "addressee": "Commission",
        "verb": "list more",
        "withdrawn": "below 100",
        **given,
    }
    (folder / "asks.toml").write_text(
        "[[ask]]\n" + "".join(f'{k} = "{v}"\n' for k, v in row.items()), "utf-8"
    )
    return folder


def test_an_ask_stands_as_long_as_its_figure_carries_it(picture: Picture, tmp_path: Path) -> None:
    assert asked(None, picture.movements, PAIR) == [] == asked(tmp_path, picture.movements, PAIR)
    (one,) = asked(ask_file(tmp_path), picture.movements, PAIR)
    assert one.line.startswith("Commission: list more. Firms in China and Hong Kong under the EU")
    assert "110 on 24 July 2026. Withdraw the request if this figure is below 100" in one.line
    for fallen in ({"withdrawn": "above 100"}, {"withdrawn": "rising"}, {"pair": "RUS-PRK"}):
        assert asked(ask_file(tmp_path, **fallen), picture.movements, PAIR) == []
    assert asked(ask_file(tmp_path, figure="missiles"), [], PAIR) == []


@pytest.mark.parametrize(
    "given",
    [{"figure": "no_such"}, {"withdrawn": "some day"}, {"verb": " "}],
    ids=["figure", "condition", "verb"],
)
def test_an_ask_that_cannot_be_read_names_the_row_and_the_cure(
    given: dict[str, str], picture: Picture, tmp_path: Path
) -> None:
    with pytest.raises(
        DataError, match=rf"asks\.toml.*row 1.*column {next(iter(given))}.*[Ww]rite"
    ):
        asked(ask_file(tmp_path, **given), picture.movements, PAIR)


def test_every_link_leads_to_a_file_and_every_page_has_its_twin(site: Path) -> None:
    for page in sorted(site.rglob("*.html")):
        html = page.read_text("utf-8")
        for link in re.findall(r'(?:href|src)="([^"#]+)', html):
            if not re.match(r"https?:|data:", link):
                assert (page.parent / link).is_file(), f"{page.name}: {link}"
        twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
        assert twin["schema"] == "bilat/document/1" and twin["as_of"] in (str(NOW), None)


def test_a_claims_page_leads_to_the_rows_behind_it(picture: Picture, site: Path) -> None:
    html = (site / "claims/I6.html").read_text("utf-8")
    (csv,) = set(re.findall(r'href="\.\./(rows/transfers[^"]+)"', html))
    data = (site / csv).read_bytes()
    head = (gzip.decompress(data) if csv.endswith(".gz") else data).decode().splitlines()
    j = next(j for j in picture.judged if j.id == "I6")
    assert j.evidence is not None and len(head) == j.evidence.evidence.num_rows + 1
    assert {"source", "snapshot", "locator", "known_on"} <= set(re.findall(r'"?(\w+)"?', head[0]))


def test_no_page_shows_a_code_of_the_ledgers_fields(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = re.search(r"\{[ABab]\}|None\b.{0,3}<|\bnan\b", words_of(page))
        assert not found, f"{page.name}: {found[0] if found else ''}"


def test_all_claims_of_the_picture_have_a_page(site: Path) -> None:
    assert {p.stem for p in (site / "claims").glob("*.html")} == set(CLAIMS)


def test_what_is_marked_above_the_picture_is_in_no_file(held: Holdings, tmp_path: Path) -> None:
    t = team(tmp_path / "team")
    for claim, why, mark in (("I6", "our own count", "GREEN"), ("I7", "kept back", "RED")):
        t.dissent_log.add(
            claim, "in part", why, "Ann", as_of="2025-01-01", marking=mark, when=MOMENT
        )
    brief(
        PAIR,
        NOW,
        tmp_path / "p",
        held,
        judge=lambda *a: judge_some(*a)[1:3],
        team=t,
        marking=Marking("GREEN"),
    )
    texts = [
        p.read_text("utf-8") for p in (tmp_path / "p").rglob("*") if p.suffix in (".html", ".json")
    ]
    assert any("our own count" in x for x in texts) and not any("kept back" in x for x in texts)
    assert all("TLP:GREEN" in p.read_text("utf-8") for p in (tmp_path / "p").rglob("*.html"))


# -- kept pages


def made(calls: list[int]) -> Any:
    def make(question: object) -> page_cache.CachedPage:
        calls.append(1)
        return page_cache.CachedPage(f"page {len(calls)}", "", "", {})

    return make


def test_a_page_is_kept_until_its_rows_its_code_or_its_question_change(
    held: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bilat.contingency.questions import ExposureQuestion

    monkeypatch.setenv("BILAT_CACHE", str(tmp_path))
    calls: list[int] = []
    frame, question = Frame(PAIR, NOW, held), ExposureQuestion()
    assert page_cache.page(question, frame, made(calls)) == page_cache.page(
        question, frame, made(calls)
    )
    assert len(calls) == 1
    page_cache.page(ExposureQuestion("USA"), frame, made(calls))
    page_cache.page(question, replace(frame, as_of=AsOf("2023-03-20")), made(calls))
    assert len(calls) == 3
    monkeypatch.setattr("bilat.files.cache.code_digest", lambda: "another version")
    assert page_cache.page(question, frame, made(calls)).title == "page 4"


def test_a_damaged_kept_page_is_made_again(
    held: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bilat.contingency.questions import ExposureQuestion

    monkeypatch.setenv("BILAT_CACHE", str(tmp_path))
    calls: list[int] = []
    frame, question = Frame(PAIR, NOW, held), ExposureQuestion()
    page_cache.page(question, frame, made(calls))
    (place,) = tmp_path.rglob(f"{page_cache.key(question, frame)}.json")
    place.write_text("{", "utf-8")
    assert page_cache.page(question, frame, made(calls)).title == "page 2"


def test_the_map_shows_russia_across_the_date_line(site: Path) -> None:
    """The ring of a state that crosses 180 degrees is drawn whole, and no line runs across."""
    html = (site / "map.html").read_text("utf-8")
    (path,) = re.findall(r'class="land" d="([^"]+)"', html)
    rings = [
        [float(x) for x, _ in re.findall(r"(-?[\d.]+),(-?[\d.]+)", r)] for r in path.split("Z") if r
    ]
    widest = max(max(xs) - min(xs) for xs in rings)
    assert 500 < widest < 560  # Russia, half as wide as the map
    assert ">Russia</text>" in html and ">China</text>" in html and html.count("data-t=") > 100


@pytest.mark.parametrize(
    ("before", "now", "unit", "told"),
    [
        (8, 6, count("exercises a year"), False),
        (8, 40, count("exercises a year"), True),
        (0.30, 0.20, share("of trade"), True),
    ],
)
def test_two_counts_that_chance_keeps_apart_are_no_movement(
    before: float, now: float, unit: str, told: bool
) -> None:
    """A rate of seven a year gives six after eight in most pairs of years; a share is no count."""
    moved = Movement(
        "x",
        "Something",
        unit,
        Point("2025", now),
        Point("2024", before),
        None,
        "it rises",
        "it falls",
    )
    assert bool(to_watch([moved], AsOf("2026-03-01"))) == told
