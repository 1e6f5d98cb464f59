# SPDX-License-Identifier: Apache-2.0
"""Trade by command: the calls are planned, paced and taken up after a cut, and what came is read at once."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from trade_server import Service, by_country, on_loopback

from bilat.document import Document
from bilat.errors import DataError, UsageError
from bilat.formats.trade import answers, files
from bilat.holdings import Holdings, Store
from bilat.holdings import trade_calls as trade
from bilat.holdings.trade_services import SERVICES
from bilat.records.trade_update import plan_trade_update, update_trade
from bilat.when import AsOf

HUBS = ["KGZ", "KAZ", "ARM", "UZB", "GEO", "TUR", "ARE", "HKG", "TJK", "AZE", "SRB", "MDA"]
MONTHS = {"first": "2026-08", "last": "2026-09"}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr("bilat.catalog.fetch.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    with on_loopback(monkeypatch) as server:
        yield server


def rows_in(store: Store) -> dict[str, list[dict[str, Any]]]:
    """The stored flows that an update brought, by source."""
    names = ", ".join(f"'{service.source}'" for service in SERVICES.values())
    sql = (
        "SELECT source, reporter, partner, flow, product, period, currency, valuation, value, quantity, "
        f"kind FROM flows WHERE source IN ({names}) ORDER BY ALL"
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in Holdings(store.root).connect(AsOf()).table(sql).to_pylist():
        found.setdefault(row["source"], []).append(row)
    return found


def update(store: Store, hubs: list[str], publishers: list[str], **months: str) -> Document:
    """Carry out an update as the command does."""
    calls = trade.plan_trade(hubs, "chpl", publishers=publishers, **{**MONTHS, **months})
    return update_trade(calls, store, "chpl", None)


def test_fifty_goods_and_twelve_hubs_are_counted_before_anything_is_asked(service: Service) -> None:
    calls = trade.plan_trade(HUBS, "chpl", publishers=["comext", "census", "hmrc", "imts", "gacc"])
    assert 100 <= len(calls) <= 300
    assert len({c.file for c in calls}) == len(calls)
    assert all(len(c.url) < 2000 for c in calls)
    said = plan_trade_update(calls)
    assert service.asked == []
    assert "No request was made" in said.summary[0]
    both = trade.plan_trade(
        HUBS[:1], "chpl", publishers=["comtrade"], first="2026-01", last="2026-09"
    )
    assert len(both) == 9


def test_what_cannot_be_asked_says_why(service: Service) -> None:
    for hubs, how, said in (
        ([], {}, "name the hubs"),
        (["EU27"], {}, "is a group"),
        (["KGZ"], {"publishers": ["oecd"]}, "no publisher 'oecd': choose from comext"),
        (["KGZ"], {"first": "2026-12", "last": "2026-01"}, "later than the last"),
        (["PSE"], {"publishers": ["census"]}, "has no number for it"),
    ):
        with pytest.raises(UsageError, match=said):
            trade.plan_trade(hubs, "chpl", **how)  # type: ignore[arg-type]


def test_what_each_publisher_sends_is_in_the_stored_flows_at_once(
    service: Service, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    said = update(store, ["KGZ", "ARM"], list(SERVICES))
    assert said.exit == 0
    goods = len(trade.comtrade.codes_of("chpl"))
    rows = rows_in(store)
    eu = rows["comext_goods"]
    assert len(eu) == 2 * 2 * goods
    assert {(r["reporter"], r["flow"], r["currency"]) for r in eu} == {("EU27", "X", "EUR")}
    assert (eu[0]["value"], eu[0]["quantity"]) == (1000.0, 100_000.0), "of 100 kg"
    us = rows["us_census_goods"]
    assert len(us) == 2 * 2 * goods
    assert {(r["reporter"], r["partner"], r["value"], r["valuation"]) for r in us} == {
        ("USA", "ARM", 1200.0, "FAS"),
        ("USA", "KGZ", 1200.0, "FAS"),
    }
    uk = rows["hmrc_goods"]
    assert {(r["reporter"], r["partner"], r["currency"]) for r in uk} == {
        ("GBR", "ARM", "GBP"),
        ("GBR", "KGZ", "GBP"),
    }
    assert {(r["value"], r["quantity"]) for r in uk} == {(200.0, 14.0)}, (
        "ports summed, one suppressed"
    )
    imf = rows["imf_trade"]
    assert {(r["reporter"], r["partner"], r["flow"], r["value"]) for r in imf} == {
        (hub, partner, flow, value)
        for hub in ("ARM", "KGZ")
        for partner, value in (("RUS", 12345678.0), ("WLD", 98765432.0))
        for flow in "XM"
    }
    china = {
        (r["partner"], r["period"], r["flow"]): r["value"] for r in rows_in(store)["gacc_trade"]
    }
    assert china["RUS", "2026-09", "X"] == 11_000_500.0
    assert china["RUS", "2026-08", "M"] == 9_000_000.0
    assert ("DEU", "2026-09", "M") not in china, "a cell that overflowed is no figure"
    un = rows["comtrade_goods"]
    assert {(r["reporter"], r["partner"], r["value"]) for r in un} == {
        ("ARM", "RUS", 5.0),
        ("KGZ", "RUS", 5.0),
    }, "the part that went by air is not added"
    accepted = {
        accept
        for path, accept in zip(service.asked, service.accepts, strict=True)
        if "imts" in path
    }
    assert accepted == {"application/vnd.sdmx.data+csv;version=1.0.0"}


def test_divert_reads_the_files_that_the_update_names(service: Service, tmp_path: Path) -> None:
    store = Store(tmp_path / "h")
    said = update(store, ["KGZ"], ["census", "comtrade"])
    (line,) = [text for text in said.summary if text.startswith("Next: ")]
    named = [word.strip("'") for word in line.split() if word.strip("'").endswith(".csv")]
    assert [Path(n).name for n in named] == ["us_census_goods.csv", "comtrade_goods.csv"]
    work = tmp_path / "work"
    work.mkdir()
    found = files.read([Path(n) for n in named], work)
    assert found.currency == "USD"
    assert {
        note.split(": read as ")[1].split(",")[0] for note in found.notes if "read as" in note
    } == {
        "US Census CSV",
        "Comtrade v1 CSV",
    }
    update(store, ["KGZ"], ["hmrc"])
    pounds = files.read([store.root / "trade" / "hmrc_goods.csv"], work)
    assert pounds.currency == "GBP"


def test_other_hubs_are_added_and_the_same_answer_is_no_news(
    service: Service, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    by_good = ("comext", "census", "hmrc")
    for publisher in (*by_good, "imts"):
        update(store, ["KGZ"], [publisher])
        update(store, ["ARM"], [publisher])
        again = update(store, ["KGZ"], [publisher])
        assert any("unchanged" in text for text in again.summary)
    rows = rows_in(store)
    for publisher in by_good:
        assert {r["partner"] for r in rows[source_of(publisher)]} == {"ARM", "KGZ"}
    assert {r["reporter"] for r in rows["imf_trade"]} == {"ARM", "KGZ"}


def source_of(publisher: str) -> str:
    """The source that a publisher's rows go to."""
    return SERVICES[publisher].source


def test_an_answer_to_more_months_takes_the_place_of_that_to_fewer(
    service: Service, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    update(store, ["KGZ"], ["imts"], last="2026-08")
    update(store, ["KGZ"], ["imts"])
    kept = [p.name for p in (store.root / "trade").glob("imts-*")]
    assert kept == ["imts-KGZ-2026-08-2026-09.csv"]


def test_three_hundred_calls_go_through_a_slow_and_rude_server(
    service: Service, tmp_path: Path
) -> None:
    calls = trade.plan_trade(
        HUBS, "chpl", first="2019-01", publishers=["comext", "census", "hmrc", "imts", "gacc"]
    )
    months = [c for c in calls if c.publisher == "gacc"]
    assert len(calls) > 180
    more = trade.plan_trade(
        HUBS[:2], "chpl", first="2021-10", last="2026-09", publishers=["comtrade"]
    )
    calls = [*(c for c in calls if c not in months[24:]), *more]
    assert len(calls) >= 280
    service.seconds = 0.001
    service.cut = 7  # each seventh answer ends in the middle
    service.fails = [0, 429, 0, 503, 0, 500] * 20
    told: list[tuple[int, int | None]] = []
    done = list(trade.carry_out(calls, tmp_path, progress=lambda n, of: told.append((n, of))))
    assert {came.state for _, came in done} <= {"added", "not out"}, done[-1]
    assert told[-1] == (len(calls), len(calls))
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 30_000_000
    asked = len(service.asked)
    again = list(trade.carry_out(calls, tmp_path))
    assert len(service.asked) == asked, "what was answered today is not asked again"
    assert {came.state for _, came in again} <= {"held", "not out"}


def test_a_stop_at_any_call_loses_nothing_that_came(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext", "census"], **MONTHS)
    for stop in range(1, len(calls)):
        running = trade.carry_out(calls, tmp_path)
        for _ in range(stop):
            next(running)
        running.close()
        assert len([p for p in tmp_path.iterdir() if p.name != "lock"]) == stop
    assert len(service.asked) == len(calls) - 1
    assert not list(tmp_path.glob("*.new"))


def test_a_publisher_that_refuses_is_named_and_the_others_are_asked(
    service: Service, tmp_path: Path
) -> None:
    service.refuses = "/hmrc"
    store = Store(tmp_path / "h")
    said = update(store, ["KGZ"], ["comext", "hmrc", "imts"])
    assert said.exit == 1
    (line,) = [text for text in said.summary if text.startswith("HMRC: ")]
    assert "HTTP 403" in line
    assert "0 of 7 answers are stored, and the same command goes on" in line
    assert sum("/hmrc" in path for path in service.asked) == 1, "it is asked nothing more"
    assert rows_in(store)["imf_trade"]
    service.refuses = ""
    assert update(store, ["KGZ"], ["comext", "hmrc", "imts"]).exit == 0
    assert rows_in(store)["hmrc_goods"]


def test_a_key_goes_to_the_publisher_and_stands_in_no_message(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "h")
    service.page = b"<html><head><title>Missing Key</title></head></html>"
    without = " ".join(update(store, ["KGZ"], ["census"]).summary)
    assert "may ask for a free key: set CENSUS_API_KEY" in without
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret&key")
    service.page = b""
    service.fails = [400]
    refused = " ".join(update(store, ["KGZ"], ["census"]).summary)
    assert "HTTP 400" in refused
    assert "s3cret" not in refused
    update(store, ["KGZ"], ["census"])
    assert service.asked[-1].endswith("&key=s3cret%26key")
    assert not any(b"s3cret" in p.read_bytes() for p in store.root.rglob("*") if p.is_file())


def test_pages_of_one_answer_are_put_together(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SERVICES, "hmrc", replace(SERVICES["hmrc"], page=2))
    monkeypatch.setattr("bilat.holdings.trade_services.PAGE_ROWS", 2)
    service.hmrc_rows = 5  # the one of port 2 is suppressed
    store = Store(tmp_path / "h")
    update(store, ["KGZ"], ["hmrc"])
    assert {r["value"] for r in rows_in(store)["hmrc_goods"]} == {400.0}
    assert sum("%24skip=4" in path or "$skip=4" in path for path in service.asked) == 7


def test_an_answer_without_rows_is_empty_and_a_page_is_refused(
    service: Service, tmp_path: Path
) -> None:
    service.is_empty = True
    for publisher in ("comext", "census", "imts"):
        store = Store(tmp_path / publisher)
        said = update(store, ["KGZ"], [publisher])
        assert {row["answer"] for row in said.data} == {"empty"}
        assert not (store.root / "manifest.json").exists(), "nothing came"
    service.is_empty = False
    service.page = b"<!DOCTYPE html><html>Maintenance</html>"
    for publisher in SERVICES:
        said = update(Store(tmp_path / f"page-{publisher}"), ["KGZ"], [publisher])
        assert said.exit == 1, publisher
        assert not list((tmp_path / f"page-{publisher}" / "trade").glob(f"{publisher}-*")), (
            publisher
        )


def test_an_answer_that_the_preview_cut_off_is_refused(service: Service, tmp_path: Path) -> None:
    row = {"period": "201901", "cmdCode": "854231"}
    service.page = json.dumps({"data": [row] * 500, "error": ""}).encode()
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comtrade"], **MONTHS)
    (_, came), *_ = trade.carry_out(calls, tmp_path)
    assert came.state == "refused" and "where the preview cuts off" in came.why


def test_two_at_once_do_not_ask_twice(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])
    running = trade.carry_out(calls, tmp_path)
    next(running)
    with pytest.raises(DataError, match="wait until it is done"):
        next(trade.carry_out(calls, tmp_path))
    list(running)


def test_calls_keep_their_pace(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])[:3]
    began = time.monotonic()
    list(trade.carry_out(calls, tmp_path, pauses={"comext": 0.2}))
    assert time.monotonic() - began > 0.4


def test_a_month_that_is_long_settled_is_not_asked_for_again(
    service: Service, tmp_path: Path
) -> None:
    calls = trade.plan_trade(
        ["KGZ"], "chpl", publishers=["comtrade"], first="2020-01", last="2020-02"
    )
    new = trade.plan_trade(["KGZ"], "chpl", publishers=["comtrade"], **MONTHS)
    list(trade.carry_out([*calls, *new], tmp_path))
    for path in tmp_path.glob("preview-*"):
        two_days_ago = time.time() - 2 * trade.FRESH
        os.utime(path, (two_days_ago, two_days_ago))
    again = [came.state for _, came in trade.carry_out([*calls, *new], tmp_path)]
    assert again == ["held", "held", "added", "added"]


# -- China's pages -------------------------------------------------------------------------------


def test_a_page_of_another_month_table_or_unit_is_refused() -> None:
    for page, said in (
        (by_country(8), "not the table by country of 2026-09"),
        (by_country(9, year=2025), "not the table by country of 2026-09"),
        (by_country(9).replace(b"by Country", b"by Trade Mode"), "not the table by country"),
        (by_country(9, unit="10,000 head"), "does not say its unit"),
    ):
        with pytest.raises(DataError, match=said):
            answers.gacc_rows("gacc-2026-09.html", page, "2026-09")


def test_january_and_february_together_are_no_month() -> None:
    page = by_country(2).replace(b"<td>2</td><td>1- to-2</td>", b"<td>1-to-2</td><td>x</td>")
    assert answers.gacc_rows("gacc-2026-02.html", page, "2026-02") == []


def test_units_are_read_from_the_page() -> None:
    for unit, factor in (("US$1,000", 1e3), ("USD 1 Million", 1e6), ("CNY 100 Million", 1e8)):
        rows = answers.gacc_rows("p", by_country(9, unit=unit), "2026-09")
        assert {float(r[-1]) for r in rows} == {factor}


@pytest.mark.shared
def test_pages_of_the_publisher(shared: Path) -> None:
    """Two pages and an index of China's customs, as a public program keeps them."""
    sources = shared / "sources"
    folder = sources / "gacc"
    march = (folder / "release_section4_by_country_mar2026_cny.html").read_bytes()
    rows = {(r[1], r[2]): r for r in answers.gacc_rows("p", march, "2026-03")}
    assert rows["Germany", "X"][3:] == ("711.8", "CNY", "1e+08")
    assert rows["European Union", "M"][3] == "1624.3"
    both = (folder / "release_section4_by_country_janfeb2025_cny.html").read_bytes()
    assert answers.gacc_rows("p", both, "2025-02") == []
    index = (sources / "formats" / "gacc_preliminary_index_2026.html").read_bytes()
    assert answers.gacc_link("p", index, 3).endswith("66580503-6688-49b2-bd23-de154e5677d5.html")
    assert answers.gacc_link("p", index, 4) == ""
