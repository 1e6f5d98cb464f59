# SPDX-License-Identifier: Apache-2.0
"""Trade by command: the calls are planned, paced and taken up after a cut, and what came is read at once."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings, Store
from bilat.holdings import trade_calls as trade
from bilat.when import AsOf

HEADER = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
HUBS = ["KGZ", "KAZ", "ARM", "UZB", "GEO", "TUR", "ARE", "HKG", "TJK", "AZE", "SRB", "MDA"]


class Service(ThreadingHTTPServer):
    """Eurostat and Comtrade on loopback, slow and rude where a test wants it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.fails: list[int] = []
        self.page = b""
        self.is_empty = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.fails and (status := self.server.fails.pop(0)):
            self.send_error(status)
            return
        if self.server.is_empty:
            self.send_error(404)
            return
        body = self.server.page or (self._preview() if "preview" in self.path else self._comext())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _comext(self) -> bytes:
        key = urlsplit(self.path).path.rsplit("/", 1)[-1]
        _, reporter, partner, products, flow, indicators = key.split(".")
        rows = [
            f"ESTAT:DS-045409(1.0),15/09/26,M,{reporter},{partner},{p},{flow},{i},{month},{1000 + n}"
            for n, p in enumerate(products.split("+"))
            for i in indicators.split("+")
            for month in ("2026-08", "2026-09")
        ]
        return "\n".join([HEADER, *rows, ""]).encode()

    def _preview(self) -> bytes:
        asked = parse_qs(urlsplit(self.path).query)
        (period,) = asked["period"]
        assert "," not in period, "the preview takes one period a call"
        row = {
            "reporterCode": int(asked["reporterCode"][0]),
            "partnerCode": int(asked["partnerCode"][0]),
            "cmdCode": asked["cmdCode"][0].split(",")[0],
            "flowCode": "X",
            "period": period,
            "primaryValue": 5.0,
        }
        return json.dumps({"data": [row], "error": ""}).encode()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(trade, "COMEXT", f"{server.url}/DS-045409")
    monkeypatch.setattr(trade, "PREVIEW", f"{server.url}/preview")
    monkeypatch.setattr("bilat.catalog.fetch.time", SimpleNamespace(sleep=lambda _: None))
    yield server
    server.shutdown()
    server.server_close()


QUICK = {"comext": 0.0, "comtrade": 0.0}


def test_fifty_goods_and_twelve_hubs_are_counted_before_anything_is_asked(service: Service) -> None:
    calls = trade.plan_trade(HUBS, "chpl", publishers=["comext"])
    assert 60 <= len(calls) <= 300
    assert len({c.file for c in calls}) == len(calls)
    assert service.asked == []
    assert all(len(c.url) < 2000 for c in calls)
    both = trade.plan_trade(HUBS[:1], "chpl", first="2026-01", last="2026-09")
    assert sum(c.publisher == "comtrade" for c in both) == 9


def test_what_cannot_be_asked_says_why(service: Service) -> None:
    for hubs, how, said in (
        ([], {}, "name the hubs"),
        (["EU27"], {}, "is a group"),
        (["KGZ"], {"publishers": ["imf"]}, "no publisher"),
        (["KGZ"], {"first": "2026-12", "last": "2026-01"}, "later than the last"),
    ):
        with pytest.raises(UsageError, match=said):
            trade.plan_trade(hubs, "chpl", **how)  # type: ignore[arg-type]


def test_what_came_is_in_the_stored_flows_at_once(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ", "ARM"], "chpl", publishers=["comext"])
    store = Store(tmp_path / "h")
    done = list(trade.carry_out(calls, store.root / "trade", pauses=QUICK))
    assert {status for _, status in done} == {"added"}
    taken = trade.take_in_comext(calls, store.root / "trade", store)
    assert taken is not None
    assert taken.status == "added"
    sql = (
        "SELECT reporter, partner, flow, currency, quantity_unit, count(*) AS n, min(value) AS low, "
        "min(quantity) AS kilos FROM flows WHERE source = 'comext_goods' GROUP BY ALL ORDER BY partner"
    )
    rows: list[dict[str, Any]] = Holdings(store.root).connect(AsOf()).table(sql).to_pylist()
    assert [(r["reporter"], r["partner"], r["flow"]) for r in rows] == [
        ("EU27", "ARM", "X"),
        ("EU27", "KGZ", "X"),
    ]
    assert all((r["currency"], r["quantity_unit"]) == ("EUR", "kg") for r in rows)
    assert all((r["low"], r["kilos"]) == (1000.0, 100_000.0) for r in rows), "of 100 kg"
    again = trade.take_in_comext(calls, store.root / "trade", store)
    assert again is not None
    assert again.status == "unchanged"


def test_a_cut_is_taken_up_where_it_was(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", first="2026-01", last="2026-09")
    service.fails = [0, 0, 403]
    with pytest.raises(DataError, match=r"2 of \d+ answers are in .* the same command goes on"):
        list(trade.carry_out(calls, tmp_path, pauses=QUICK))
    asked = len(service.asked)
    done = list(trade.carry_out(calls, tmp_path, pauses=QUICK))
    assert [status for _, status in done][:2] == ["held", "held"]
    assert len(service.asked) == asked + len(calls) - 2
    assert not list(tmp_path.glob("*.new"))


def test_a_busy_service_is_waited_for(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])[:2]
    service.fails = [429, 503, 0, 429, 0]
    done = list(trade.carry_out(calls, tmp_path, pauses=QUICK))
    assert [status for _, status in done] == ["added", "added"]


def test_a_partner_without_rows_is_empty_and_a_page_is_refused(
    service: Service, tmp_path: Path
) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])[:1]
    service.is_empty = True
    assert [s for _, s in trade.carry_out(calls, tmp_path / "a", pauses=QUICK)] == ["empty"]
    assert trade.take_in_comext(calls, tmp_path / "a", Store(tmp_path / "h")) is None
    service.is_empty = False
    service.page = b"<!DOCTYPE html><html>Maintenance</html>"
    with pytest.raises(DataError, match="is not a table of Eurostat's"):
        list(trade.carry_out(calls, tmp_path / "b", pauses=QUICK))
    assert not list((tmp_path / "b").glob("comext-*"))


def test_an_answer_that_the_preview_cut_off_is_refused(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comtrade"])[:1]
    row = {"period": "201901", "cmdCode": "854231"}
    service.page = json.dumps({"data": [row] * 500, "error": ""}).encode()
    with pytest.raises(DataError, match="where the preview cuts off"):
        list(trade.carry_out(calls, tmp_path, pauses=QUICK))


def test_two_at_once_do_not_ask_twice(service: Service, tmp_path: Path) -> None:
    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])
    running = trade.carry_out(calls, tmp_path, pauses=QUICK)
    next(running)
    with pytest.raises(DataError, match="wait until it is done"):
        next(trade.carry_out(calls, tmp_path, pauses=QUICK))
    list(running)


def test_calls_keep_their_pace(service: Service, tmp_path: Path) -> None:
    import time

    calls = trade.plan_trade(["KGZ"], "chpl", publishers=["comext"])[:3]
    began = time.monotonic()
    list(trade.carry_out(calls, tmp_path, pauses={"comext": 0.2}))
    assert time.monotonic() - began > 0.4
