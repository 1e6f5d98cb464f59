# SPDX-License-Identifier: Apache-2.0
"""Who may ask, from where, and for what: hosts, origins, paths, headers, tokens, sizes and times."""

from __future__ import annotations

import base64
import html
import socket
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from served import DAY, Answer, Served, form

from bilat.cli import main
from bilat.document.questions import question_named, question_names
from bilat.document.typography import straight
from bilat.errors import UsageError
from bilat.server import tokens
from bilat.server.jobs import MOST
from bilat.server.settings import Settings


def test_another_host_name_is_refused(server: Served) -> None:
    for host in (
        "evil.example",
        f"evil.example:{server.port}",
        "127.0.0.1",
        f"127.0.0.1:{server.port}.evil.example",
        "",
    ):
        got = server.ask("GET", "/api/jobs", headers={"Host": host})
        assert (got.status, "is not served here" in got.line) == (421, True), host
    assert server.ask("GET", "/health", headers={"Host": f"localhost:{server.port}"}).status == 200


def test_two_host_names_are_refused(server: Served) -> None:
    got = server.raw(
        f"GET /health HTTP/1.1\r\nHost: {server.netloc}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
    )
    assert got.split()[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_write_from_another_site_is_refused(server: Served, headers: dict[str, str]) -> None:
    got = server.send("/api/screen", b"name\nVTB Bank\n", "a.csv", None, **headers)
    assert got.status == 403 and got.line


def test_a_form_of_a_page_that_says_no_origin_is_refused(server: Served) -> None:
    got = server.send("/screen", b"name\nVTB Bank\n", "a.csv", None, Origin="null")
    assert got.status == 403 and "without an origin" in got.text
    assert not server.get("/screen").cookies


@pytest.mark.parametrize(
    "target",
    [
        "/health",
        "/search",
        "/RUS-CHN",
        "/api/nothing",
        "/nothing-at-all",
        "/assets/serve.css",
    ],
)
def test_every_answer_bears_the_headers(server: Served, target: str) -> None:
    told = server.ask("GET", target).headers
    assert (
        "default-src 'none'" in told["content-security-policy"]
        and "unsafe-eval" not in told["content-security-policy"]
    )
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "no-referrer")
    assert (
        "private" in told["cache-control"]
        and "access-control-allow-origin" not in told
        and "server" not in told
    )


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "secret.txt",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2f..%2fetc/passwd",
        "claims/../../x",
        "contents.json",
        "claims//P1.html",
        "./index.html",
        "index.html%00.json",
        "..\\..\\x",
        "/etc/passwd",
    ],
)
def test_no_path_leads_to_a_file_of_the_machine(server: Served, path: str) -> None:
    for target in (
        f"/RUS-CHN/{path}?as_of={DAY}",
        f"/jobs/x/files/{path}",
        f"/api/jobs/x/files/{path}",
        f"/assets/{path}",
    ):
        got = server.raw(
            f"GET {target} HTTP/1.1\r\nHost: {server.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        assert got.split()[1] in (b"404", b"400"), (target, got[:200])
        assert b"root:" not in got


def test_the_first_page_of_a_pair_is_live_and_stays_in_its_date(server: Served) -> None:
    """The page, its JSON and the command say the same; addresses of a site lead to what answers now."""
    made = server.get("/api/brief", pair="RUS-PRK", as_of=DAY).json
    page = made_at(server, f"/RUS-PRK/?as_of={DAY}")
    shown = straight(html.unescape(page.text))
    assert made["title"] in shown and 'role="search"' in page.text
    assert all(x["heading"] in shown for x in made["data"]["lead"])
    home = made_at(server, f"/RUS-CHN/?as_of={DAY}")
    assert f'href="/claims?only=I3&amp;pair=RUS-CHN&amp;as_of={DAY}"' in home.text
    for old, now in (
        ("/rus-chn/index.html", "/RUS-CHN/"),
        ("/RUS-CHN", "/RUS-CHN/"),
        ("/RUS-CHN/claims/P8.html", "/claims?only=P8&pair=RUS-CHN"),
        ("/RUS-CHN/claims.html", "/claims?pair=RUS-CHN"),
    ):
        moved = server.get(old, as_of=DAY)
        joint = "&" if "?" in now else "?"
        assert (moved.status, moved.headers["location"]) == (308, f"{now}{joint}as_of={DAY}")
    went = server.get("/go", a="Russia", b="China", as_of=DAY)
    assert (went.status, went.headers["location"]) == (303, f"/RUS-CHN/?as_of={DAY}")


def made_at(server: Served, target: str) -> Answer:
    """The page of an address when it is made."""
    ends = time.monotonic() + 240
    while (got := server.ask("GET", target)).status == 202 and time.monotonic() < ends:
        time.sleep(0.5)
    assert got.status == 200, got.text[:300]
    return got


def test_every_plan_is_a_link_on_the_first_page(server: Served) -> None:
    home = server.ask("GET", "/").text
    plans = [name for name in question_names("plan") if question_named(name).page]
    assert len(plans) > 4
    for name in plans:
        assert f'href="/{name.replace(".", "/")}"' in home


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2023-02-30", "is not a valid as-of date"),
        ("yesterday", "is not a valid as-of date"),
        ("2999-01-01", "in the future"),
        ("' OR 1=1", "is not a valid as-of date"),
    ],
)
def test_a_date_that_is_none_is_refused_in_one_line(server: Served, as_of: str, said: str) -> None:
    for target in (
        "/api/ask?name=transfers.tiv",
        "/api/claims",
        "/api/watch/list",
        "/api/divert",
    ):
        got = server.get(f"{target}{'&' if '?' in target else '?'}{urlencode({'as_of': as_of})}")
        assert (got.status, said in got.line) == (400, True)
    got = server.post("/api/screen", name="VTB", as_of=as_of)
    assert (got.status, said in got.line) == (400, True)
    page = server.get("/RUS-CHN/", as_of=as_of)
    assert page.status == 400 and said in page.text


def test_an_address_that_is_none_is_not_found(server: Served) -> None:
    for target in ("/robots.txt", "/wp-login.php", "/RUS-NARNIA/", "/a/b/c"):
        assert server.get(target).status in (400, 404), target
    assert server.ask("PUT", "/api/ask").status == 405
    assert server.ask("POST", "/api/ask").line.startswith("POST is not allowed here")
    assert server.get("/api/ask", name="transfers.tivv").status == 404
    assert server.get("/api/ask", name="transfers.tiv", nonsense="1").status == 400
    assert server.get("/api/ask", name="transfers.tiv", **{"param.nonsense": "1"}).status == 400


def test_a_too_large_upload_ends_in_one_line(server: Served) -> None:
    body, kind = form(b"name\n" + b"x" * (3 << 20), "a.csv", {})
    head = f"POST /api/screen HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
    said = server.raw(
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode()
    )  # refused before a byte of it is sent
    assert said.startswith(b"HTTP/1.1 413") and b"larger than 2 MB" in said
    pieces = b"".join(
        f"{len(p):x}\r\n".encode() + p + b"\r\n"
        for p in (body[:2_100_000], body[2_100_000:2_200_000])
    )
    said = server.raw(
        f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + pieces
    )  # its size was not told
    assert said.startswith(b"HTTP/1.1 413") and b"larger than 2 MB" in said


def test_a_too_slow_upload_ends_in_one_line(server: Served) -> None:
    body, kind = form(b"name\nVTB Bank\n", "a.csv", {})
    begun = time.monotonic()
    with socket.create_connection((server.host, server.port), timeout=20) as link:
        link.sendall(
            f"POST /api/screen HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        link.sendall(body[:20])
        said = b""
        while piece := link.recv(65536):
            said += piece
    assert said.startswith(b"HTTP/1.1 408") and b"took longer than 2 seconds" in said
    assert 1.5 < time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("a.exe", b"MZ", 415, "a file ends in .csv"),
        ("noending", b"x", 415, "a file ends in"),
        ("a.csv", b"", 400, "file is missing or empty"),
    ],
)
def test_a_file_that_is_none_is_refused(
    server: Served, name: str, content: bytes, status: int, said: str
) -> None:
    got = server.send("/api/screen", content, name)
    assert (got.status, said in got.line) == (status, True)


def test_a_broken_form_is_refused(server: Served) -> None:
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json",
    ):
        got = server.ask("POST", "/api/screen", b"--x\r\nrubbish", {"Content-Type": kind})
        assert got.status in (400, 415) and got.line, kind


def test_elsewhere_than_on_loopback_a_token_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "::", "example.org"):
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--host", host])
        assert ended.value.code == 2 and "--token-file" in capsys.readouterr().err


def test_only_those_with_a_token_are_answered(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    secret = "a" * 30 + "1"
    file.write_text(f"# who reads\nanna {secret}\nben {'b' * 30}2\n", "utf-8")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        tokens.read_tokens(file)
    file.chmod(0o600)
    run = Served(tmp_path, "--token-file", str(file), "--decisions", str(tmp_path / "d.jsonl"))
    try:
        assert run.get("/api/jobs").line.startswith("give your token")
        for wrong in (
            "Bearer x",
            f"Bearer {secret}x",
            f"Basic {secret}",
            "Basic %",
            "Bearer ",
            "Digest x",
        ):
            assert run.ask("GET", "/api/jobs", headers={"Authorization": wrong}).status == 401
        assert (
            run.ask("GET", "/api/jobs", headers={"Authorization": f"Bearer {secret}"}).status == 200
        )
        sent = run.get("/decisions")
        assert sent.status == 401 and "give your token" in sent.text.casefold()
        assert sent.headers["www-authenticate"].startswith(
            "Basic realm="
        )  # a browser asks its reader
        typed = base64.b64encode(f"anna:{secret}".encode()).decode()
        inside = run.ask("GET", "/decisions", headers={"Authorization": f"Basic {typed}"})
        assert inside.status == 200 and not inside.cookies
        # what one sent another does not see
        made = run.send(
            "/api/screen", b"name\nVTB Bank\n", "a.csv", None, Authorization=f"Bearer {secret}"
        ).json
        assert (
            run.ask(
                "GET", f"/api/jobs/{made['id']}", headers={"Authorization": f"Bearer {'b' * 30}2"}
            ).status
            == 404
        )
        assert (
            run.ask(
                "GET", f"/api/jobs/{made['id']}", headers={"Authorization": f"Bearer {secret}"}
            ).status
            == 200
        )
    finally:
        code, said = run.stop()
    assert (code, said) == (0, "")


def test_the_extra_is_named_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "starlette", None)
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err
        == "bilat: bilat serve needs starlette: pip install 'bilat[serve]'\n"
    )


def test_an_address_that_is_taken_is_told(
    server: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", str(server.port), "--cache", str(tmp_path / "c")])
    told = capsys.readouterr().err
    assert ended.value.code == 1 and "cannot be listened on" in told and told.count("\n") == 1


def test_hosts_of_an_address() -> None:
    assert Settings().hosts(80) >= {"127.0.0.1", "localhost", "localhost:80", "[::1]:80"}
    elsewhere = Settings(host="0.0.0.0", names=("Picture.example",), tokens={"x": "anna"})
    assert elsewhere.hosts(8321) == {"picture.example"}


def test_no_address_has_a_name_in_it(server: Served) -> None:
    """What somebody looks up stands in no history and in no log of a proxy."""
    assert "names must not appear in an address" in server.get("/api/screen", name="VTB Bank").line
    for target in ("/search", "/api/search"):
        assert server.get(target, q="VTB Bank").status in (400, 404, 405)
    for target in ("/screen", "/decisions", "/ask/party"):
        assert server.get(target, query="VTB Bank", name="VTB Bank").status == 400
    found = server.post("/search", q="VTB Bank")
    assert found.status == 200 and "VTB" in found.text
    for page in (found, server.get("/"), server.get("/screen")):
        assert "=VTB" not in page.text and "/VTB" not in page.text
        assert 'method="post" role="search"' in page.text


def test_no_field_names_a_file_or_means_of_the_server(server: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name\nVTB Bank\n", "utf-8")
    got = server.post("/api/screen", name=str(secret))  # a name like any other
    assert got.status == 200 and got.json["data"]["queries"] == 1 and "VTB BANK" not in got.text
    for field in ("decisions", "lists", "engine", "threads"):
        assert (
            f"no parameter '{field}'"
            in server.post("/api/screen", name="VTB", **{field: str(secret)}).line
        )
    for field in ("files", "memory", "threads"):
        assert f"no parameter '{field}'" in server.get("/api/divert", **{field: str(secret)}).line
    assert "is not known" in server.get("/api/divert", basket=str(secret.with_suffix(".toml"))).line
    assert "no parameter 'claims'" in server.get("/api/ask/profile", claims="true").line


def test_names_are_no_uploads(server: Served) -> None:
    """Who types names is not stopped at the number of files that a reader may have here."""
    assert {server.post("/api/screen", name="???").status for _ in range(MOST + 5)} == {400}


def test_a_read_that_another_site_embeds_starts_no_work(server: Served) -> None:
    away = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
    for target in ("/ISL-FJI/", "/api/ask?name=transfers.tiv&pair=ISL-FJI", "/ask/state?state=FJI"):
        assert server.ask("GET", target, headers=away).status == 403
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert server.ask("GET", "/", headers=followed).status == 200
