# SPDX-License-Identifier: Apache-2.0
"""Downloads are taken up where they stopped, asked for conditionally, and never left half done."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bilat.catalog import File, source
from bilat.catalog.fetch import fetch
from bilat.errors import DataError
from bilat.holdings import Store
from bilat.holdings.pull import pull

BODY = (
    "supplier,recipient,year,value,supplier_cown,recipient_cown,supplier_lon,supplier_lat,recipient_lon,recipient_lat\n"
    + "".join(f"Russia,China,{1950 + i % 72},{i},365,710,0,0,0,0\n" for i in range(9000))
).encode()


class Publisher(ThreadingHTTPServer):
    """A publisher on loopback that can cut a transfer, fail, or change its file."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = BODY
        self.etag = '"one"'
        self.cut_at: list[int] = []
        self.fail: list[int] = []
        self.seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/pairs.csv"


class Handler(BaseHTTPRequestHandler):
    server: Publisher

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        s = self.server
        s.seen.append(dict(self.headers))
        if s.fail:
            self.send_error(s.fail.pop(0))
            return
        if self.headers.get("If-None-Match") == s.etag:
            self.send_response(304)
            self.end_headers()
            return
        start = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == s.etag:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
        else:
            self.send_response(200)
        body = s.body[start:]
        self.send_header("ETag", s.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if s.cut_at:
            self.wfile.write(body[: s.cut_at.pop(0)])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_cut_transfer_is_taken_up_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut_at = [100_000, 150_000]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY
    ranges = [s.get("Range") for s in publisher.seen]
    assert ranges[0] is None and all(ranges[1:]), ranges
    assert not (tmp_path / "f.part").exists() and not (tmp_path / "f.etag").exists()


def test_a_file_that_changed_meanwhile_is_started_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut_at = [100_000]
    with pytest.raises(DataError, match="not reached after 1 tries"):
        fetch(publisher.url, tmp_path / "f", pause=0, retries=0)
    assert 0 < (tmp_path / "f.part").stat().st_size < len(BODY)
    publisher.etag, publisher.body = '"two"', BODY.replace(b"Russia", b"France")
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == publisher.body


def test_a_busy_publisher_is_tried_again_and_a_refusal_is_final(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail = [503, 500]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY
    publisher.fail = [404]
    with pytest.raises(DataError, match="HTTP 404"):
        fetch(publisher.url, tmp_path / "g", pause=0)
    assert not (tmp_path / "g").exists()


def test_an_address_where_nobody_listens_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not reached after 2 tries"):
        fetch("http://127.0.0.1:9/x", tmp_path / "f", pause=0, retries=1)


def test_pull_asks_conditionally_and_a_new_edition_adds_to_the_old(
    publisher: Publisher, tmp_path: Path
) -> None:
    base = source("sipri_tiv_pairs")
    file = File(
        path="pairs.csv", url=publisher.url, sha256=hashlib.sha256(BODY).hexdigest(),
        vintage=base.files[0].vintage, vintage_basis="made for this test",
    )  # fmt: skip
    src = base.model_copy(update={"files": [file]})
    store = Store(tmp_path / "h")
    assert [p.status for p in pull([src], store)] == ["added"]
    assert [p.status for p in pull([src], store)] == ["unchanged"]
    assert publisher.seen[-1].get("If-None-Match") == '"one"'
    publisher.etag, publisher.body = '"two"', BODY + b"Russia,China,2021,5,365,710,0,0,0,0\n"
    assert [p.status for p in pull([src], store)] == ["added"]
    assert len(store.entries()) == 2
    publisher.etag, publisher.body = '"three"', BODY[:-30]
    (refused,) = pull([src], store)
    assert refused.status == "refused" and "pairs.csv" in refused.why
    assert len(store.entries()) == 2


def test_a_source_served_by_hand_says_how_to_get_it(tmp_path: Path) -> None:
    base = source("sipri_tiv_pairs")
    src = base.model_copy(update={"files": [base.files[0].model_copy(update={"url": None})]})
    (done,) = pull([src], Store(tmp_path / "h"))
    assert done.status == "by hand" and "--mirror" in done.why and base.url in done.why
