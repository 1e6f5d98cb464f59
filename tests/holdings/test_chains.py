# SPDX-License-Identifier: Apache-2.0
"""Each publisher's chain of answers, replayed under its own name: redirects, signed addresses, refusals."""

import datetime as dt
import json
import socket
from pathlib import Path

import pytest
from publishers import ANSWERS, oryx_of
from recorded import CHAINS, INSIDE, PUBLIC, STRANGER, Internet, Misbehaviour, small, status

from bilat.catalog import source, sources
from bilat.catalog.fetch import fetch
from bilat.catalog.hosts import is_local
from bilat.errors import DataError
from bilat.holdings import Holdings, Store, request_log
from bilat.holdings.pull import update
from bilat.when import AsOf


def test_every_source_with_an_address_has_a_chain() -> None:
    assert set(CHAINS) == {s.name for s in sources().values() if s.current}


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_the_publishers_own_chain_ends_with_the_list(
    name: str, internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS[name]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    one = small(name)
    assert {(d.status, d.why) for d in update([one], store)} == {("added", "")}
    chain = CHAINS[name]
    for entry in store.entries():
        lineage = entry["lineage"]
        assert lineage["how"] == "fetched"
        assert lineage["host"] == chain.get("store", chain["host"])
        assert lineage["address"].startswith(f"https://{chain['host']}/")
        assert dt.datetime.fromisoformat(lineage["at"]).tzinfo is not None
        assert bool(lineage["etag"]) == bool(chain.get("etag"))
        assert "Signature" not in json.dumps(entry)
    assert {d.status for d in update([one], store)} == {"unchanged"}
    answers = [r["answer"] for r in request_log.read(store.root)]
    assert answers == ["new"] * len(one.current) + ["unchanged"] * len(one.current)


def test_a_date_that_no_file_bears_is_the_publishers_header_or_name(
    internet: Internet, tmp_path: Path
) -> None:
    for name, day, witness in (
        ("ofac_sdn", "2026-11-27", "header"),
        ("uk_sanctions", "2026-11-20", "file"),
        ("ch_seco", "2026-11-20", "file"),
        ("ua_general_staff", "", ""),
    ):
        internet.files = ANSWERS[name]("2026-11-20", 0, 40)
        store = Store(tmp_path / name)
        list(update([small(name)], store))
        stated = {(e["stated"], e["stated_by"]) for e in store.entries()}
        assert stated == {(day, witness)}, name


def test_a_cut_transfer_goes_on_with_a_newly_signed_address(
    internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["ofac_sdn"]("2026-11-20", 0, 2000)
    internet.cut_at = [150_000, 100_000]
    assert {d.status for d in update([small("ofac_sdn")], Store(tmp_path / "h"))} == {"added"}
    stored = [
        (path, part) for host, path, part in internet.asked if host == CHAINS["ofac_sdn"]["store"]
    ]
    assert any(part for _, part in stored), "it was taken up where it stopped"
    assert len({path for path, _ in stored}) == len(stored), "no signed address was used twice"


def test_a_signed_address_that_expires_at_once_is_asked_for_again_and_then_refused(
    internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40)
    internet.instead["unsolprodfiles.blob.core.windows.net"] = status(403)
    (done,) = update([small("un_sc")], Store(tmp_path / "h"))
    assert done.status == "refused"
    assert [h for h, *_ in internet.asked].count("scsanctions.un.org") == 2


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (f"https://{STRANGER}/x.xml", "which the catalog does not name"),
        ("http://unsolprodfiles.blob.core.windows.net/x.xml", "from https to http"),
        ("https://127.0.0.1/x.xml", "which the catalog does not name"),
        ("file:///etc/passwd", "from https to file"),
        ("https://2130706433/x.xml", "which the catalog does not name"),
        ("https://[::ffff:10.1.2.3]/x.xml", "which the catalog does not name"),
        ("https://scsanctions.un.org:8443/x.xml", "to port 8443"),
        ("https://scsanctions.un.org@files.example.org/x", "which the catalog does not name"),
    ],
)
def test_a_redirect_to_elsewhere_is_refused(
    location: str, said: str, internet: Internet, tmp_path: Path
) -> None:
    internet.instead["scsanctions.un.org"] = status(302, Location=location)
    store = Store(tmp_path / "h")
    (done,) = update([small("un_sc")], store)
    assert done.status == "refused"
    assert said in done.why
    assert store.entries() == []
    assert [r["answer"] for r in request_log.read(store.root)] == ["refused"]


def test_a_named_host_in_a_private_network_is_refused(internet: Internet, tmp_path: Path) -> None:
    internet.instead["scsanctions.un.org"] = status(302, Location=f"https://{INSIDE}/x.xml")
    url = "https://scsanctions.un.org/resources/xml/en/consolidated.xml"
    with pytest.raises(DataError, match="an address of a private network"):
        fetch(url, tmp_path / "f", hosts=[INSIDE], pause=0)
    assert INSIDE not in [h for h, *_ in internet.asked]


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("::1", "fd00::1", "fec0::1", "fe80::1%eth0", "::ffff:10.1.2.3"),
        *("64:ff9b::10.1.2.3", "2002:a01:203::1", "2001:0:a01:203::1"),
    ],
)
def test_no_address_of_a_private_network_passes_for_a_public_one(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (PUBLIC, 443)), (0, 0, 0, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert is_local("files.example.net")


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_passes(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", (address, 443))])
    assert not is_local("files.example.net")


REFUSALS: dict[str, Misbehaviour] = {
    "403": status(403, b"Forbidden"),
    "a challenge with 202": status(202, b"<html>", x_amzn_waf_action="challenge"),
    "a challenge with 403": status(403, b"<html>", cf_mitigated="challenge"),
    "a page": status(200, b"<!DOCTYPE html><html><body>Just a moment</body></html>"),
    "405": status(405, b""),
}


@pytest.mark.parametrize("way", sorted(REFUSALS))
def test_what_a_publisher_refuses_is_one_line_and_the_rest_goes_on(
    way: str, internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40)
    internet.instead["webgate.ec.europa.eu"] = REFUSALS[way]
    store = Store(tmp_path / "h")
    refused, added = update([small("eu_financial"), small("un_sc")], store)
    assert (refused.status, added.status) == ("refused", "added")
    assert "\n" not in refused.why
    for part in ("refuses programs", source("eu_financial").url, "sources pull eu_financial"):
        assert part in refused.why
    assert [r["answer"] for r in request_log.read(store.root)] == ["refused", "new"]


def test_the_newest_file_that_a_page_links_to_is_brought(
    internet: Internet, tmp_path: Path
) -> None:
    """Some publishers put the day into the file's name, and link to it from one page."""
    one = source("un_sc")
    page = b"""<html><a href="/x/list20260305.xml">5 March</a> <a href="/x/list20261120.xml">now</a>
        <a href="https://files.example.org/x/list20261130.xml.exe">other</a></html>"""
    internet.files = {
        "consolidated.xml": page,
        "list20261120.xml": ANSWERS["un_sc"]("2026-11-20", 0, 40)["consolidated.xml"],
        "list20260305.xml": ANSWERS["un_sc"]("2026-03-05", 0, 20)["consolidated.xml"],
    }
    host = "unsolprodfiles.blob.core.windows.net"
    linked = one.current[0].model_copy(
        update={
            "url": f"https://{host}/consolidated.xml",
            "link": r'href="([^"]*/list20[0-9]{6}[.]xml)"',
            "min_rows": 10,
        }
    )
    store = Store(tmp_path / "h")
    (done,) = update([one.model_copy(update={"current": [linked]})], store)
    assert done.status == "added", done.why
    (entry,) = store.entries()
    assert entry["lineage"]["address"] == f"https://{host}/x/list20261120.xml"
    assert entry["lineage"]["name"] == "list20261120.xml"
    internet.files["consolidated.xml"] = page.replace(b"/x/list", b"https://10.0.0.1/list")
    (done,) = update([one.model_copy(update={"current": [linked]})], store)
    assert done.status == "refused"
    assert "links to https://10.0.0.1" in done.why
    internet.files["consolidated.xml"] = b"<html>We have moved</html>"
    (done,) = update([one.model_copy(update={"current": [linked]})], store)
    assert done.status == "refused"
    assert "has no link" in done.why


def test_a_list_that_its_publisher_dates_speaks_though_its_entries_are_old(
    internet: Internet, tmp_path: Path
) -> None:
    """No entry for years is no sign of an old edition where the publisher dates it."""
    store = Store(tmp_path / "h")
    internet.files = ANSWERS["us_csl"]("2026-11-20", 0, 200)
    list(update([small("us_csl")], store))
    (entry,) = store.entries()
    assert (entry["content_to"], entry["closed_on"]) == ("2024-01-02", "2026-11-30")
    internet.files = ANSWERS["us_csl"]("2026-11-21", 500, 700)
    (done,) = update([small("us_csl")], store)
    assert done.status == "quarantined", "another list is no newer edition of this one"


def test_a_file_a_day_is_added_to_the_days_that_are_stored(
    internet: Internet, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    one = source("oryx_daily")
    days = [dt.date.today() - dt.timedelta(days=n) for n in (9, 4, 0)]
    for number, day in enumerate(days):
        internet.files |= oryx_of(day, number)
        assert [(d.status, d.why) for d in update([one], store)] == [("added", "")]
    revised = oryx_of(days[-1], 50)
    internet.files |= revised
    assert [d.status for d in update([one], store)] == ["added"]
    rows = (
        Holdings(store.root)
        .connect(AsOf())
        .table(
            "SELECT period, cumulative FROM losses WHERE source = 'oryx_daily' AND side = 'RUS' "
            "AND class = 'tanks' AND status = 'total' ORDER BY period"
        )
        .to_pylist()
    )
    assert [(r["period"], r["cumulative"]) for r in rows] == [
        (str(days[0]), 118.0),
        (str(days[1]), 119.0),
        (str(days[2]), 168.0),
    ]
    internet.files = {}
    (gone,) = update([one], store)
    assert gone.status == "refused"
    assert "HTTP 404" in gone.why
