# SPDX-License-Identifier: Apache-2.0
"""The plan names what is lacking to the letter; a pull keeps its pace, resumes, and keeps no bad answer."""

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyarrow.parquet as pq
import pytest

from bilat.errors import DataError, UsageError
from bilat.formats.trade import read
from bilat.goods.baskets import basket
from bilat.holdings.comtrade import plan, pull


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
            self.server.answers.pop(0)
            if self.server.answers
            else (200, b'{"data": [{}, {}], "error": ""}')
        )
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", body.decode())
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
    assert {(q.reporter, q.partner) for q in queries} == {
        (r, "RUS") for r in ("CHN", "HKG", "TUR", "ARE")
    }
    asked = parse_qs(urlparse(queries[0].url).query)
    assert asked["reporterCode"] == ["156"] and asked["partnerCode"] == ["643"]
    assert (asked["customsCode"], asked["motCode"], asked["partner2Code"]) == (
        ["C00"],
        ["0"],
        ["0"],
    )
    china = [p for q in queries if q.reporter == "CHN" for p in q.periods]
    assert (
        china == sorted(set(china))
        and china[0] == "202106"
        and china[-1] == "202302"
        and len(china) == 21
    )
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


def test_a_pull_keeps_its_pace_sends_the_key_and_does_not_ask_twice(
    service: Service, tmp_path: Path
) -> None:
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
        ((200, b"<html>maintenance</html>"), "is not an answer of Comtrade"),
        ((200, json.dumps({"data": [], "error": "quota exceeded"}).encode()), "quota exceeded"),
        ((401, b"{}"), r"HTTP 401: the key was not accepted.*0 of 1 answers are in"),
        ((403, b"{}"), r"HTTP 403: .*calls of the day are spent .*go on tomorrow"),
        (
            (200, json.dumps({"data": [{}] * 100_000}).encode()),
            "100000 records, where the service cuts off",
        ),
        ((200, b'{"data": ["row"]}'), "is not an answer of Comtrade"),
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
    assert [s for _, s, _ in pull(queries, tmp_path, "k", pause=0, service=service.url)] == [
        "added"
    ]


def test_a_busy_service_is_asked_again(service: Service, tmp_path: Path) -> None:
    service.answers = [(429, b""), (503, b"")]
    queries = plan(["CHN"], first="2022-01", last="2022-12")
    assert [s for _, s, _ in pull(queries, tmp_path, "k", pause=0, service=service.url)] == [
        "added"
    ]
    assert len(service.asked) == 3


@pytest.mark.parametrize("name", ["chpl", "eu-sanctioned", "civilian"])
def test_every_basket_is_asked_at_six_digits_in_addresses_the_service_takes(name: str) -> None:
    queries = plan(["CHN"], basket_name=name, first="2022-01", last="2022-12")
    assert all(len(q.url) <= 4096 for q in queries)
    asked = [c for q in queries for c in q.codes]
    assert len(asked) == len(set(asked)) > 50 and {len(c) for c in asked} == {6}
    held = basket(name)
    assert {c[:6] for c in held.codes} <= set(asked)
    assert {p for p in held.prefixes} <= {c[:2] for c in asked}
    assert len({q.file for q in queries}) == len(queries)


def test_the_key_is_not_carried_to_where_a_redirect_points(
    service: Service, tmp_path: Path
) -> None:
    elsewhere = Service()
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    try:
        service.answers = [(302, elsewhere.url.encode())]
        with pytest.raises(DataError, match="HTTP 302") as refusal:
            list(
                pull(
                    plan(["CHN"], first="2022-01", last="2022-12"),
                    tmp_path,
                    "secret",
                    pause=0,
                    service=service.url,
                )
            )
        assert not elsewhere.asked and "secret" not in str(refusal.value)
    finally:
        elsewhere.shutdown()
        elsewhere.server_close()


def answered(*periods: str) -> tuple[int, bytes]:
    return 200, json.dumps({"data": [{"period": p} for p in periods], "error": ""}).encode()


def test_months_not_yet_published_are_asked_for_again_the_next_day(
    service: Service, tmp_path: Path
) -> None:
    (query,) = plan(["CHN"], first="2022-01", last="2022-12")
    asking = {"into": tmp_path, "key": "k", "pause": 0, "service": service.url}
    service.answers = [answered("202201", "202208"), answered("202201", "202212")]
    assert [n for _, _, n in pull([query], **asking)] == [2]
    assert [s for _, s, _ in pull([query], **asking)] == ["held"]
    old = time.time() - 90_000
    os.utime(tmp_path / query.file, (old, old))
    assert [s for _, s, _ in pull([query], **asking)] == ["added"]
    os.utime(tmp_path / query.file, (old, old))
    assert [s for _, s, _ in pull([query], **asking)] == ["held"] and len(service.asked) == 2


def test_an_answer_to_more_months_replaces_that_to_fewer(service: Service, tmp_path: Path) -> None:
    """Both together would hold the same months twice, and `divert` would refuse them."""
    service.answers = [answered("202210"), answered("202211"), answered("202211")]
    for last, codes in (("2022-10", "chpl"), ("2022-11", "chpl:1"), ("2022-11", "chpl")):
        queries = plan(["CHN"], first="2022-01", last=last, basket_name=codes)
        list(pull(queries, tmp_path, "k", pause=0, service=service.url))
    assert sorted(p.name[-18:] for p in tmp_path.iterdir()) == ["202201-202211.json"] * 2
    fewer = plan(["CHN"], first="2022-01", last="2022-09")
    assert [s for _, s, _ in pull(fewer, tmp_path, "k", pause=0, service=service.url)] == ["held"]
    assert len(service.asked) == 3


def test_what_was_pulled_is_what_divert_reads(service: Service, tmp_path: Path) -> None:
    row = {
        "typeCode": "C",
        "reporterCode": 156,
        "partnerCode": 643,
        "flowCode": "X",
        "partner2Code": 0,
        "cmdCode": "848210",
        "customsCode": "C00",
        "motCode": 0,
        "mosCode": "0",
        "netWgt": None,
        "classificationCode": "H6",
    }
    service.answers = [
        (
            200,
            json.dumps(
                {"data": [{**row, "period": f"{y}06", "primaryValue": 10.0 * y}], "error": ""}
            ).encode(),
        )
        for y in (2021, 2022)
    ]
    list(
        pull(
            plan(["CHN"], first="2021-01", last="2022-12"),
            tmp_path,
            "k",
            pause=0,
            service=service.url,
        )
    )
    found = read(sorted(tmp_path.glob("*.json")), tmp_path)
    rows = [r for p in found.paths for r in pq.read_table(p).to_pylist()]
    assert {(r["reporter"], r["partner"], r["period"], r["value"]) for r in rows} == {
        ("CHN", "RUS", "2021-06", 20210.0),
        ("CHN", "RUS", "2022-06", 20220.0),
    }
