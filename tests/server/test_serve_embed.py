# SPDX-License-Identifier: Apache-2.0
"""A chart alone at an address of its own, for pages elsewhere: who may embed it, and what it shows."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from served import Answer, Served

from bilat.cli import main
from bilat.errors import UsageError
from bilat.server import pages
from bilat.server.app import application
from bilat.server.settings import Settings

HOUSE = "https://house.example"
FRAMED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}


@pytest.fixture(scope="module")
def embedding(index: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    run = Served(tmp_path_factory.mktemp("embedding"), "--embed-in", HOUSE)
    yield run
    assert run.stop() == (0, "")


def asked(run: Served, **params: str) -> str:
    """The page of a measure, once it is made."""
    query = urlencode({"name": "transfers.tiv", "pair": "RUS-CHN", **params})
    got = made_at(run, f"/ask?{query}")
    assert got.status == 200
    return got.text


def made_at(run: Served, target: str) -> Answer:
    """What stands at an address once it is made."""
    for _ in range(60):
        got = run.ask("GET", target)
        if got.status != 202:
            break
        time.sleep(1)
    return got


def address_of(page: str) -> str:
    """The address in the first line of a page that embeds a chart."""
    line = re.search(r'<code class="embed">(.*?)</code>', page, re.DOTALL)
    assert line is not None
    found = re.fullmatch(
        r'<iframe src="([^"]+)" title="[^"]+" width="\d+" height="\d+" loading="lazy"></iframe>',
        html.unescape(line[1]),
    )
    assert found is not None, line[1]
    return html.unescape(found[1])


def test_the_line_beside_a_chart_leads_to_the_chart_alone(embedding: Served) -> None:
    at = address_of(asked(embedding, as_of="2024-06-30"))
    assert at.startswith("/charts/ask?")
    got = made_at(embedding, at)
    assert got.status == 200
    assert "<svg" in got.text and "Source:" in got.text and "As of 30 June 2024." in got.text
    assert "<nav" not in got.text and "<form" not in got.text
    whole = re.search(r'href="([^"]+)" target="_top"', got.text)
    assert whole is not None
    assert embedding.ask("GET", html.unescape(whole[1])).status == 200


def test_without_a_date_it_shows_the_newest_figures(embedding: Served) -> None:
    at = address_of(asked(embedding))
    assert "as_of" not in at
    old = made_at(embedding, f"{at}&as_of=2019-06-30").text
    assert "2025" in made_at(embedding, at).text and "2025" not in old


def test_only_pages_of_the_given_origins_may_hold_it(embedding: Served, server: Served) -> None:
    at = address_of(asked(embedding))
    framed = embedding.ask("GET", at, headers=FRAMED)
    assert framed.status == 200
    assert f"frame-ancestors 'self' {HOUSE}" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    # elsewhere nothing is framed, and a server that was given no origin frames for itself alone
    other = embedding.ask("GET", "/ask", headers=FRAMED)
    assert other.status == 403
    own = server.ask("GET", at)
    assert own.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert server.ask("GET", at, headers=FRAMED).status == 403


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/charts/ask?name=transfers.tiv&chart=none", "no such chart"),
        ("/charts/ask?name=transfers.tiv", "no such chart"),
        ("/charts/screen?chart=x", "no such address"),
        ("/charts/nothing?chart=x", "no such address"),
    ],
)
def test_what_is_no_chart_is_not_found(embedding: Served, target: str, said: str) -> None:
    got = made_at(embedding, target)
    assert got.status == 404
    assert said in html.unescape(got.text).casefold()


@pytest.mark.parametrize("origin", ["house.example", "https://a/b", "https://a; script-src *", "*"])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(UsageError, match="is not an origin"):
        Settings(embed_in=(origin,))


def test_the_command_line_refuses_it_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--embed-in", "house.example"])
    assert "write it as https://house.example" in capsys.readouterr().err.lower()


class SlowDesk:
    """A desk whose answer comes when the test says so."""

    def __init__(self, page: str) -> None:
        self.settings = Settings()
        self.page = page
        self.is_ready = asyncio.Event()

    async def answer(self, reader: str, asked: object) -> tuple[bytes, bytes]:
        await self.is_ready.wait()
        return b"{}", self.page.encode()


def test_a_chart_that_is_slow_says_so_at_once_and_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    httpx = pytest.importorskip("httpx")
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    app = application(Settings(), lambda: frozenset({"here"}))
    figure = '<figure class="chart" data-chart="arms"><svg/></figure>'

    async def visit() -> list[httpx.Response]:
        desk = app.state.desk = SlowDesk(figure)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            at = "/charts/ask?name=transfers.tiv&chart=arms"
            early = await asyncio.wait_for(client.get(at), timeout=5)
            desk.is_ready.set()
            return [early, await client.get(at)]

    early, later = asyncio.run(visit())
    assert (early.status_code, early.headers["refresh"]) == (202, "3")
    assert 'role="status"' in early.text and "<svg" not in early.text
    assert (later.status_code, "refresh" in later.headers) == (200, False)
    assert figure in later.text
