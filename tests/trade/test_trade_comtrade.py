# SPDX-License-Identifier: Apache-2.0
"""The plan names what is lacking to the letter; a pull keeps its pace, resumes, and keeps no bad answer."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from bilat.dyad import DataError, UsageError
from bilat.trade.comtrade import plan, pull


class Service(ThreadingHTTPServer):
    """Comtrade's v1 on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[float, dict[str, list[str]], str]] = []
        self.answers: list[tuple[int, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/data/v1/get/C/M/HS"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        key = self.headers.get("Ocp-Apim-Subscription-Key", "")
        self.server.asked.append((time.monotonic(), parse_qs(urlparse(self.path).query), key))
        status, body = (
            self.server.answers.pop(0) if self.server.answers else (200, b'{"data": [{}, {}], "error": ""}')
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_plan_asks_what_we_lack_of_whom_and_only_for_totals() -> None:
    queries = plan(first="2021-06", last="2023-02")
    assert {(q.reporter, q.partner) for q in queries} == {(r, "RUS") for r in ("CHN", "HKG", "TUR", "ARE")}
    asked = parse_qs(urlparse(queries[0].url).query)
    assert asked["reporterCode"] == ["156"] and asked["partnerCode"] == ["643"]
    assert (asked["customsCode"], asked["motCode"], asked["partner2Code"]) == (["C00"], ["0"], ["0"])
    china = [p for q in queries if q.reporter == "CHN" for p in q.periods]
    assert china == sorted(set(china)) and china[0] == "202106" and china[-1] == "202302" and len(china) == 21
    assert max(len(q.periods) for q in queries) <= 12
    assert {"854231", "854150", "854151", "854159"} <= set(queries[0].codes), (
        "both editions of a code that was split"
    )


def test_codes_of_the_service_that_are_not_iso_numbers() -> None:
    assert "reporterCode=757&" in plan(["CHE"], first="2022-01", last="2022-01")[0].url
    with pytest.raises(UsageError, match="is a group"):
        plan(["EU27"], first="2022-01", last="2022-01")[0].url  # noqa: B018


def test_what_cannot_be_asked_is_refused() -> None:
    for wrong in ({"first": "2023-02", "last": "2022-01"}, {"first": "soon"}, {"flow": "Z"}):
        with pytest.raises(UsageError):
            plan(**wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        plan(["Atlantis"])
    with pytest.raises(UsageError, match="COMTRADE_API_KEY"):
        list(pull(plan(first="2022-01", last="2022-01"), Path("x"), " "))


def test_a_pull_keeps_its_pace_sends_the_key_and_does_not_ask_twice(service: Service, tmp_path: Path) -> None:
    queries = plan(["CHN", "HKG"], first="2022-01", last="2023-12")
    done = list(pull(queries, tmp_path, "secret", pause=0.15, service=service.url))
    assert [(s, n) for _, s, n in done] == [("added", 2)] * 4
    moments = [t for t, _, _ in service.asked]
    assert all(b - a >= 0.14 for a, b in pairwise(moments))
    assert {k for _, _, k in service.asked} == {"secret"}
    again = list(pull(queries, tmp_path, "secret", pause=0.15, service=service.url))
    assert [s for _, s, _ in again] == ["held"] * 4 and len(service.asked) == 4
    assert not any(b"secret" in p.read_bytes() or "secret" in p.name for p in tmp_path.iterdir())


def test_a_pull_cut_off_goes_on_where_it_stopped(service: Service, tmp_path: Path) -> None:
    queries = plan(["CHN"], first="2020-01", last="2023-12")
    running = pull(queries, tmp_path, "k", pause=0, service=service.url)
    next(running), next(running)
    running.close()
    assert [s for _, s, _ in pull(queries, tmp_path, "k", pause=0, service=service.url)] == [
        "held",
        "held",
        "added",
        "added",
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"<html>maintenance</html>"), "is no answer of Comtrade"),
        ((200, json.dumps({"data": [], "error": "quota exceeded"}).encode()), "quota exceeded"),
        ((401, b"{}"), "HTTP 401"),
    ],
)
def test_a_bad_answer_is_told_and_not_kept(
    service: Service, tmp_path: Path, answer: tuple[int, bytes], said: str
) -> None:
    service.answers = [answer]
    queries = plan(["CHN"], first="2022-01", last="2022-12")
    with pytest.raises(DataError, match=said):
        list(pull(queries, tmp_path, "k", pause=0, service=service.url))
    assert not list(tmp_path.glob("*.json"))
    assert [s for _, s, _ in pull(queries, tmp_path, "k", pause=0, service=service.url)] == ["added"]


def test_a_busy_service_is_asked_again(service: Service, tmp_path: Path) -> None:
    service.answers = [(429, b""), (503, b"")]
    queries = plan(["CHN"], first="2022-01", last="2022-12")
    assert [s for _, s, _ in pull(queries, tmp_path, "k", pause=0, service=service.url)] == ["added"]
    assert len(service.asked) == 3
