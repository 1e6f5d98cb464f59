# SPDX-License-Identifier: Apache-2.0
"""Today's edition from the publisher: a server on loopback in the publisher's form, changed, lying and gone."""

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bilat.catalog import Source, source, sources
from bilat.holdings import Holdings, Store
from bilat.holdings.pull import silent, update
from bilat.when import AsOf


def un_list(day: str, names: int) -> bytes:
    """The consolidated list in the form of its publisher, with made-up parties."""
    entities = "".join(
        f"<ENTITY><DATAID>{690000 + n}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>MADE UP TRADING {n}</FIRST_NAME>"
        f"<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.{n:03}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2016-03-02</LISTED_ON><ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>MUT {n}</ALIAS_NAME>"
        "</ENTITY_ALIAS><ENTITY_ADDRESS><COUNTRY>Made up</COUNTRY></ENTITY_ADDRESS></ENTITY>"
        for n in range(names)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{day}T04:00:00.000Z">'
        f"<INDIVIDUALS></INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


class Publisher(BaseHTTPRequestHandler):
    body = b""
    status = 200

    def do_GET(self) -> None:
        mark = f'"{hash(self.body)}"'
        unchanged = self.headers.get("If-None-Match") == mark
        self.send_response(304 if unchanged else type(self).status)
        self.send_header("ETag", mark)
        body = b"" if unchanged else self.body
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def asked() -> Iterator[Source]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = source("un_sc")
    (now,) = one.current
    url = f"http://127.0.0.1:{server.server_address[1]}/consolidated.xml"
    Publisher.status = 200
    yield one.model_copy(update={"current": [now.model_copy(update={"url": url, "min_rows": 10})]})
    server.shutdown()
    server.server_close()


def test_todays_edition_is_dated_by_itself_compared_and_older_ones_stay(
    asked: Source, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    Publisher.body = un_list("2026-10-01", 40)
    assert [d.status for d in update([asked], store)] == ["added"]
    assert [d.status for d in update([asked], store)] == ["unchanged"]
    Publisher.body = un_list("2026-11-20", 42)
    (done,) = update([asked], store)
    assert done.status == "added" and any("2 new, 0 gone" in line for line in done.changes)
    assert [(e["vintage"], e["closed_on"]) for e in store.entries()] == [
        ("2026-10-01",) * 2,
        ("2026-11-20",) * 2,
    ]
    held = Holdings(store.root)
    assert held.closed_on("parties", "un_sc", AsOf("2026-11-25")) == dt.date(2026, 11, 20)
    for day, many in (("2026-10-15", 40), ("2026-11-25", 42)):
        sql = "SELECT count(*) AS n FROM parties WHERE source = 'un_sc'"
        assert held.connect(AsOf(day)).table(sql)["n"].to_pylist() == [many]


@pytest.mark.parametrize(("body", "status"), [
    (b"<html><body>We moved</body></html>", "refused"),
    (un_list("2026-11-20", 1), "refused"),
    (un_list("2026-11-20", 20), "quarantined"),
    (un_list("2036-11-20", 40), "refused"),
])  # fmt: skip
def test_a_publisher_that_lies_changes_nothing(
    asked: Source, tmp_path: Path, body: bytes, status: str
) -> None:
    store = Store(tmp_path / "h")
    Publisher.body = un_list("2026-10-01", 40)
    assert [d.status for d in update([asked], store)] == ["added"]
    before = store.entries()
    Publisher.body = body
    (done,) = update([asked], store)
    assert done.status == status and store.entries() == before and store.check() == []


def test_a_check_says_which_addresses_do_not_answer(asked: Source) -> None:
    assert [d.status for d in silent([asked])] == ["answers"]
    Publisher.status = 404
    (done,) = silent([asked])
    assert done.status == "silent" and "404" in done.why


def test_every_address_says_how_it_is_known_and_is_the_publishers_own() -> None:
    for s in sources().values():
        for c in s.current:
            assert c.answered_in and c.url.startswith("https://") and "githubusercontent" not in c.url
            assert c.path not in {f.path for f in s.files}
