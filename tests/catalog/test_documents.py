# SPDX-License-Identifier: Apache-2.0
"""Documents: dated or bounded, from sites that may carry them, graded by originator and site."""

import csv
import datetime as dt
import io
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from bilat.catalog import read, source
from bilat.catalog.compiled import second_reading
from bilat.catalog.compiled.second_reading import FILE, HEADLINE, _reading, second_readings
from bilat.catalog.compiled.sites import assessed, refused, site_of, trust_of
from bilat.catalog.readers.documents import HEADER
from bilat.errors import DataError
from bilat.holdings.pull import in_mirror
from bilat.measures import default_holdings
from bilat.verdicts.evidence import documents
from bilat.when import AsOf

NUMBER = re.compile(r"\d[\d,.]*\d|\d")
SPELLED = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, in figures or in words (those above nine stand in figures)."""
    words = re.findall(r"[a-z]+", text.casefold())
    return {*NUMBER.findall(text), *(str(SPELLED.index(word)) for word in words if word in SPELLED)}


#: The columns of the second reading.
SECOND = (
    resources.files("bilat.catalog.compiled")
    .joinpath(FILE)
    .read_text("utf-8")
    .partition("\n")[0]
    .split(",")
)
ROW = {
    "id": "made-up-1",
    "date": "2023-05-04",
    "known_on": "2023-06",
    "topic": "trade",
    "kind": "estimate",
    "actors": "RUS;CHN",
    "what": "made up",
    "publisher": "Example Institute",
    "title": "Page",
    "url": "https://example.org/page",
    "locator": "first line",
    "grade": "B2",
    "read_on": "2026-11-01",
}


def rows_of(tmp_path: Path, **changes: str) -> list[dict]:
    """What the reader makes of a list with one document."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerow({**dict.fromkeys(HEADER, ""), **ROW, **changes})
    path = tmp_path / "documents.csv"
    path.write_text(text.getvalue(), "utf-8")
    file = source("documents").files[0].model_copy(update={"min_rows": 1})
    return read(source("documents"), file, path)[0][1].to_pylist()


def test_a_month_of_publication_becomes_bounds_and_counts_from_the_later_one(tmp_path) -> None:
    (row,) = rows_of(tmp_path)
    assert (row["public_from"], row["public_to"]) == (dt.date(2023, 6, 1), dt.date(2023, 6, 30))
    assert row["known_on"] == dt.date(2023, 6, 30)
    assert row["known_basis"] == "inferred" and "2023-06-30" in row["caution"]


def test_a_site_that_nobody_assessed_lowers_the_grade(tmp_path) -> None:
    assert rows_of(tmp_path)[0]["grade"] == "C2"
    assert rows_of(tmp_path, url="https://www.reuters.com/x")[0]["grade"] == "B2"


def test_a_year_of_publication_counts_from_its_last_day(tmp_path) -> None:
    (row,) = rows_of(tmp_path, known_on="2023")
    assert row["known_on"] == dt.date(2023, 12, 31)


def test_what_is_told_of_a_page_is_told_of_the_page_that_is_cited(tmp_path) -> None:
    """Where a second reader found a better page, publisher, title and place of the first one go."""
    (row,) = rows_of(tmp_path, id="rus-2022-spief")
    assert row["publisher"] == site_of(row["url"]) == "wionews.com"
    assert row["title"] is None and row["place"] is None
    (row,) = rows_of(tmp_path, id="rus-2022-spief", url=row["url"])
    assert (row["publisher"], row["title"]) == ("Example Institute", "Page")


REFUSED = [
    ({"known_on": ""}, ["known_on", "neither a day nor bounds", "find the page's date"]),
    ({"known_on": "2026-11-02"}, ["read_on", "2026-11-01", "2026-11-02", "correct one"]),
    ({"url": "https://trump.news-pravda.com/x"}, ["news-pravda.com", "Portal Kombat", "better"]),
    ({"actors": "Russia"}, ["actors", "Russia", "codes"]),
    ({"topic": "disputes"}, ["topic", "disputes", "uses_of_force.csv"]),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED)
def test_a_document_that_may_not_enter_is_refused_by_name_and_with_the_cure(
    tmp_path, changes, said
) -> None:
    with pytest.raises(DataError) as caught:
        rows_of(tmp_path, **changes)
    text = str(caught.value)
    assert "row 2" in text and all(s in text for s in said), text


def test_no_document_that_is_held_comes_from_a_refused_site_or_was_read_before_it_was_public():
    held = documents(AsOf(None), default_holdings())
    for row in held.values():
        assert refused(row["url"]) is None, row["document"]
        assert row["public_from"] <= row["public_to"] <= row["read_on"], row["document"]
        assert row["public_to"] <= row["known_on"], row["document"]


def test_no_document_counts_from_the_day_on_which_it_was_read() -> None:
    held = documents(AsOf(None), default_holdings())
    typed = [d["document"] for d in held.values() if d["known_on"] >= dt.date(2026, 11, 1)]
    assert not typed


def test_each_refused_site_has_a_reason_and_a_source() -> None:
    for page in ("https://x.news-pravda.com/1", "https://947631.windlasstrade-hk.tech/a"):
        entry = refused(page)
        assert entry is not None and entry.reason and entry.source.startswith("https://")
    assert refused("https://www.pravda.com.ua/eng/news/") is None
    assert (
        trust_of("https://www.bbc.com/news") == "B" and trust_of("https://unknown.example") == "C"
    )
    assert site_of("https://github.com/agorahub/pen0/blob/x/y.md") == "github:agorahub/pen0"


def test_a_document_with_two_second_readings_is_refused(monkeypatch, tmp_path: Path) -> None:
    lines = resources.files("bilat.catalog.compiled").joinpath(FILE).read_text("utf-8").splitlines()
    (tmp_path / FILE).write_text("\n".join([*lines[:3], lines[1]]), "utf-8")
    monkeypatch.setattr(second_reading.resources, "files", lambda _: tmp_path)
    with pytest.raises(DataError, match="second reading already"):
        second_readings.__wrapped__()


def test_every_second_reading_is_of_a_document_on_a_list() -> None:
    text = resources.files("bilat.catalog.compiled").joinpath("documents_more.csv").read_text()
    ours = {r["id"] for r in csv.DictReader(text.splitlines())}
    assert ours <= second_readings().keys()


@pytest.mark.parametrize(
    "name", ["energy_facts", "enablers", "tech_dependence", "published_figures", "documents"]
)
def test_no_compiled_fact_counts_from_the_day_on_which_it_was_typed(mirror: Path, name) -> None:
    for file in source(name).files:
        # A file from which nothing is left out has an empty table of what was left out.
        days: list[dt.date] = []
        for _, rows in read(source(name), file, in_mirror(mirror, file)):
            days += rows["known_on"].to_pylist()
        assert max(days) < file.vintage, file.path


@pytest.mark.parametrize("name", ["treaty_exits", "later_pacts", "leader_meetings", "exercises"])
def test_no_compiled_list_cites_a_page_of_a_refused_site(name: str) -> None:
    for file in source(name).files:
        if not file.path.startswith("compiled/"):
            continue
        text = resources.files("bilat.catalog").joinpath(file.path).read_text("utf-8")
        cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
        assert not [c for c in cells if c.startswith("http") and refused(c)], file.path


@pytest.mark.parametrize(
    "text",
    [
        "The same act bars it.",
        "Both signed a treaty.",
        "The two name the shield a harm.",
        "It was the sixth summit.",
        "A week earlier four states voted for it.",
        "The day after, China banned exports.",
    ],
)
def test_a_text_that_leans_on_another_row_is_refused(tmp_path, text: str) -> None:
    with pytest.raises(DataError, match="leans on another row") as caught:
        rows_of(tmp_path, what=text)
    assert "made-up-1" in str(caught.value) or "row" in str(caught.value)
    assert "column what" in str(caught.value)


def test_a_text_may_begin_with_both_things_that_it_names(tmp_path) -> None:
    (row,) = rows_of(tmp_path, what="Both pipes of Nord Stream 1 are damaged.")
    assert row["what"].startswith("Both pipes")


def test_a_headline_is_short_and_has_no_number_that_its_document_lacks() -> None:
    stored = documents(AsOf("2026-11-30"), default_holdings())
    with_headline = [d for d in stored.values() if d["headline"]]
    assert len(with_headline) > 30
    for d in with_headline:
        assert len(d["headline"].split()) <= HEADLINE, d["document"]
        figures = set(NUMBER.findall(d["headline"]))
        assert figures <= numbers(d["what"]), d["document"]


def test_a_long_headline_is_refused() -> None:
    row = {**dict.fromkeys(SECOND, ""), "originator": "Institute", "originator_kind": "institute"}
    assert _reading({**row, "headline": "word " * HEADLINE}).headline
    with pytest.raises(ValueError, match="more than 25 words"):
        _reading({**row, "headline": "word " * (HEADLINE + 1)})


def test_a_site_assessed_by_itself_has_a_reason_and_a_source_and_stands_nowhere_else() -> None:
    raw = tomllib.loads(
        resources.files("bilat.catalog.compiled").joinpath("sites.toml").read_text("utf-8")
    )
    listed = {site for sites in raw["trust"].values() for site in sites}
    assert assessed()
    for entry in assessed():
        assert entry.reason and entry.source.startswith("http")
        assert entry.trust == trust_of(f"https://www.{entry.site}/page")
        assert entry.site not in listed and not refused(f"https://{entry.site}/")
