# SPDX-License-Identifier: Apache-2.0
"""Downloads are taken up where they stopped, asked for conditionally, and never left half done."""

import contextlib
import datetime as dt
import email.utils
import gzip
import hashlib
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
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
    + "".join(f"Russia,Buyer {i // 72},{1950 + i % 72},{i},365,710,0,0,0,0\n" for i in range(9000))
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
        #: How the next answers misbehave, one each; after the last the publisher is itself again.
        self.odd: list[Callable[[Handler], None]] = []

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
        if s.odd:
            s.odd.pop(0)(self)
            return
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
            self.send_header("Content-Range", f"bytes {start}-{len(s.body) - 1}/{len(s.body)}")
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


def test_a_file_that_changed_meanwhile_is_started_again(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.cut_at = [100_000]
    with pytest.raises(DataError, match="not reached after 1 tries"):
        fetch(publisher.url, tmp_path / "f", pause=0, retries=0)
    assert 0 < (tmp_path / "f.part").stat().st_size < len(BODY)
    publisher.etag, publisher.body = '"two"', BODY.replace(b"Russia", b"France")
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == publisher.body


def test_a_busy_publisher_is_tried_again_and_a_refusal_is_final(
    publisher: Publisher, tmp_path: Path
) -> None:
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
        path="pairs.csv",
        url=publisher.url,
        sha256=hashlib.sha256(BODY).hexdigest(),
        vintage=base.files[0].vintage,
        vintage_basis="made for this test",
    )
    src = base.model_copy(update={"files": [file]})
    store = Store(tmp_path / "h")
    assert [p.status for p in pull([src], store)] == ["added"]
    assert [p.status for p in pull([src], store)] == ["unchanged"]
    assert publisher.seen[-1].get("If-None-Match") == '"one"'
    publisher.etag, publisher.body = '"two"', BODY + b"Russia,China,2020,5,365,710,0,0,0,0\n"
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
    assert done.status == "by hand" and "--mirror FILE" in done.why and base.url in done.why


def answer(status: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    """A whole answer with these headers; Content-Length is the body's unless given."""

    def send(h: Handler) -> None:
        h.send_response(status)
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | given).items():
            if value:
                h.send_header(name, value)
        h.end_headers()
        with contextlib.suppress(OSError):
            h.wfile.write(body)
            h.wfile.flush()
        h.close_connection = True

    return send


def cut(publisher: Publisher, tmp_path: Path) -> int:
    """A download that stopped in the middle; bytes that lie there."""
    publisher.cut_at = [100_000]
    with pytest.raises(DataError):
        fetch(publisher.url, tmp_path / "f", pause=0, retries=0)
    return (tmp_path / "f.part").stat().st_size


@pytest.mark.parametrize(
    "wrong", ["another validator", "no validator", "starts elsewhere", "no range", "ends early"]
)
def test_a_part_that_does_not_go_on_from_the_one_there_is_not_put_to_it(
    publisher: Publisher, tmp_path: Path, wrong: str
) -> None:
    have = cut(publisher, tmp_path)
    other = BODY.replace(b"Russia", b"France")
    start = have - 200 if wrong == "starts elsewhere" else have
    whole = len(BODY) + (500 if wrong == "ends early" else 0)
    headers = {
        "ETag": {"another validator": '"two"', "no validator": ""}.get(wrong, '"one"'),
        "Content_Range": "" if wrong == "no range" else f"bytes {start}-{len(BODY) - 1}/{whole}",
    }
    publisher.odd = [answer(206, other[start:], **headers)]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_part_that_nobody_asked_for_is_not_taken(publisher: Publisher, tmp_path: Path) -> None:
    publisher.odd = [
        answer(206, BODY[:50_000], ETag='"one"', Content_Range=f"bytes 0-49999/{len(BODY)}")
    ]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY


def test_nothing_changed_is_no_answer_where_nothing_is_held(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.odd = [answer(304, Content_Length="")]
    assert fetch(publisher.url, tmp_path / "f", pause=0).validator == '"one"'
    assert (tmp_path / "f").read_bytes() == BODY
    publisher.odd = [answer(304, Content_Length="") for _ in range(2)]
    with pytest.raises(DataError, match="304"):
        fetch(publisher.url, tmp_path / "g", pause=0, retries=1)


def test_an_honest_packed_answer_is_taken_and_a_bomb_is_not(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.odd = [answer(200, gzip.compress(BODY), Content_Encoding="gzip", ETag='"one"')]
    fetch(publisher.url, tmp_path / "f", pause=0, retries=0)
    assert (tmp_path / "f").read_bytes() == BODY
    publisher.odd = [answer(200, gzip.compress(bytes(30 << 20)), Content_Encoding="gzip")]
    with pytest.raises(DataError, match="more than"):
        fetch(publisher.url, tmp_path / "g", pause=0, most=1 << 20)
    publisher.odd = [answer(200, b"x", Content_Encoding="gzip, gzip")]
    with pytest.raises(DataError, match="packed as"):
        fetch(publisher.url, tmp_path / "g", pause=0)
    assert not (tmp_path / "g").exists() and not (tmp_path / "g.part").exists()


def endless(h: Handler) -> None:
    h.send_response(200)
    h.end_headers()
    with contextlib.suppress(OSError):
        while True:
            h.wfile.write(b"y" * 65536)


def trickle(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Length", "1000")
    h.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(100):
            h.wfile.write(b"y")
            h.wfile.flush()
            time.sleep(0.1)


def slow_headers(h: Handler) -> None:
    with contextlib.suppress(OSError):
        for c in b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1000:
            h.wfile.write(bytes([c]))
            h.wfile.flush()
            time.sleep(0.1)


def test_an_endless_body_stops_at_the_bound(publisher: Publisher, tmp_path: Path) -> None:
    publisher.odd = [endless]
    with pytest.raises(DataError, match="more than 5,000,000 bytes"):
        fetch(publisher.url, tmp_path / "f", pause=0, most=5_000_000)
    publisher.odd = [answer(200, b"", Content_Length=str(1 << 40))]
    with pytest.raises(DataError, match="where the catalog allows"):
        fetch(publisher.url, tmp_path / "f", pause=0)


@pytest.mark.parametrize("slow", [trickle, slow_headers])
def test_a_trickle_stops_at_the_total_time(
    publisher: Publisher, tmp_path: Path, slow: Callable[[Handler], None]
) -> None:
    publisher.odd = [slow]
    began = time.monotonic()
    with pytest.raises(DataError, match=r"took longer than 0\.5 seconds"):
        fetch(publisher.url, tmp_path / "f", pause=0, retries=0, longest=0.5)
    assert time.monotonic() - began < 3


def test_a_redirect_stays_with_its_host_unless_the_catalog_allows_it(
    publisher: Publisher, tmp_path: Path
) -> None:
    port = publisher.server_address[1]
    publisher.odd = [answer(302, Location="/elsewhere.csv")]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY
    away = answer(302, Location=f"http://localhost:{port}/pairs.csv")
    publisher.odd = [away]
    with pytest.raises(DataError, match="redirects to localhost, which the catalog does not name"):
        fetch(publisher.url, tmp_path / "g", pause=0)
    publisher.odd = [away]
    fetch(publisher.url, tmp_path / "g", pause=0, hosts=["localhost"])
    assert (tmp_path / "g").read_bytes() == BODY
    for place in ("file:///etc/passwd", "ftp://127.0.0.1/x", "http://[broken"):
        publisher.odd = [answer(302, Location=place)]
        with pytest.raises(DataError, match=r"127\.0\.0\.1"):
            fetch(publisher.url, tmp_path / "h", pause=0, retries=0)
    publisher.odd = [answer(302, Location="/again") for _ in range(9)]
    with pytest.raises(DataError, match="redirects more than"):
        fetch(publisher.url, tmp_path / "h", pause=0)
    publisher.odd = [answer(302, Location="/elsewhere.csv")]
    with pytest.raises(DataError, match="with a key"):
        fetch(publisher.url, tmp_path / "h", pause=0, headers={"Key": "secret"})


def test_a_validator_that_cannot_be_sent_back_is_not_kept(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.etag = '"caf\xe9"'
    publisher.cut_at = [100_000]
    with pytest.raises(DataError):
        fetch(publisher.url, tmp_path / "f", pause=0, retries=0)
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert (tmp_path / "f").read_bytes() == BODY
    (tmp_path / "g.part").write_bytes(BODY[:10])
    (tmp_path / "g.etag").write_text('"café"', "utf-8")  # an earlier bilat left it
    fetch(publisher.url, tmp_path / "g", pause=0)
    assert (tmp_path / "g").read_bytes() == BODY


@pytest.mark.parametrize("text", ["2", "99999999999999", "²", "tomorrow", ""])
def test_retry_after_is_a_number_or_a_date(
    publisher: Publisher, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    ours = threading.get_ident()

    def sleep(seconds: float) -> None:
        if threading.get_ident() == ours:  # a thread of an earlier test may sleep too
            waited.append(seconds)

    monkeypatch.setattr("bilat.catalog.fetch.time.sleep", sleep)
    date = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=50))
    publisher.odd = [answer(503, Retry_After=text), answer(429, Retry_After=date)]
    fetch(publisher.url, tmp_path / "f", pause=0)
    assert waited[0] == {"2": 2, "99999999999999": 60}.get(text, 0) and 10 < waited[1] <= 50


def _pull_one(root: str, url: str) -> None:
    base = source("sipri_tiv_pairs")
    file = base.files[0].model_copy(update={"path": "pairs.csv", "url": url, "min_rows": 1})
    (done,) = pull(
        [base.model_copy(update={"files": [file]})], Store(Path(root)), accept="made-up rows"
    )
    assert done.status in ("added", "unchanged"), done


def test_processes_that_pull_one_file_at_once_all_succeed(
    publisher: Publisher, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_pull_one, args=(str(tmp_path / "h"), publisher.url))
        for _ in range(3)
    ]
    for w in workers:
        w.start()
    for w in workers:
        w.join(100)
        assert w.exitcode == 0
    assert len(Store(tmp_path / "h").entries()) == 1 and Store(tmp_path / "h").check() == []


def test_a_damaged_part_is_fetched_again_though_the_publisher_has_nothing_new(
    publisher: Publisher, tmp_path: Path
) -> None:
    _pull_one(str(tmp_path / "h"), publisher.url)
    next((tmp_path / "h" / "tables").rglob("*.parquet")).write_bytes(b"x")
    for kept in (tmp_path / "h" / "snapshots").iterdir():
        kept.unlink()
    base = source("sipri_tiv_pairs")
    file = base.files[0].model_copy(
        update={"path": "pairs.csv", "url": publisher.url, "min_rows": 1}
    )
    (done,) = pull(
        [base.model_copy(update={"files": [file]})], Store(tmp_path / "h"), accept="made-up rows"
    )
    assert done.status == "restored" and Store(tmp_path / "h").check() == []
