# SPDX-License-Identifier: Apache-2.0
"""The trade services on loopback, each in the shape of its publisher: slow and rude where a test wants it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from bilat.holdings.trade_services import SERVICES

COMEXT = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
IMTS = (
    "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,PRECISION,"
    "DECIMALS_DISPLAYED,TRADE_FLOW,VALUATION,UNIT,DERIVATION_TYPE,OVERLAP,STATUS"
)
MONTHS = ("2026-08", "2026-09")


class Service(ThreadingHTTPServer):
    """All services at one address; the first part of the path says which."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.accepts: list[str] = []
        self.fails: list[int] = []  #: statuses of the next answers; 0: as usual
        self.refuses = ""  #: part of a path that is always answered 403
        self.page = b""  #: what is answered in place of data
        self.is_empty = False
        self.seconds = 0.0  #: before each answer
        self.cut = 0  #: every so many answers the connection ends in the middle
        self.hmrc_rows = 3

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """One answer."""

    server: Service

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the publisher does, or as badly as the test wants it."""
        server = self.server
        server.asked.append(self.path)
        server.accepts.append(self.headers.get("Accept", ""))
        time.sleep(server.seconds)
        name = self.path.split("/")[1].split("?")[0]
        if server.fails and (status := server.fails.pop(0)):
            self.send_error(status)
            return
        if server.refuses and server.refuses in self.path:
            self.send_error(403)
            return
        if server.is_empty and (status := {"census": 204, "comext": 404, "imts": 404}.get(name, 0)):
            self.send_response(status)
            self.end_headers()
            return
        body = server.page or getattr(self, f"_{name}")()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_cut = server.cut and len(server.asked) % server.cut == 0
        self.wfile.write(body[: len(body) // 2] if is_cut else body)

    def _query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)

    def _comext(self) -> bytes:
        key = urlsplit(self.path).path.rsplit("/", 1)[-1]
        _, reporter, partner, products, flow, indicators = key.split(".")
        rows = [
            f"ESTAT:DS-045409(1.0),15/09/26,M,{reporter},{partner},{p},{flow},{i},{month},{1000 + n}"
            for n, p in enumerate(products.split("+"))
            for i in indicators.split("+")
            for month in MONTHS
        ]
        return "\n".join([COMEXT, *rows, ""]).encode()

    def _preview(self) -> bytes:
        asked = self._query()
        (period,) = asked["period"]
        assert "," not in period, "the preview takes one period a call"
        row = {
            "reporterCode": int(asked["reporterCode"][0]),
            "partnerCode": int(asked["partnerCode"][0]),
            "cmdCode": asked["cmdCode"][0].split(",")[0],
            "flowCode": "X",
            "period": period,
            "primaryValue": 5.0,
            "partner2Code": 0,
            "motCode": 0,
            "customsCode": "C00",
        }
        by_air = {**row, "motCode": 1000, "primaryValue": 4.0}
        return json.dumps({"data": [row, by_air], "error": ""}).encode()

    def _census(self) -> bytes:
        asked = self._query()
        assert asked["COMM_LVL"] == ["HS6"]
        header = ["CTY_NAME", "ALL_VAL_MO", "COMM_LVL", "time", "CTY_CODE", "E_COMMODITY"]
        names = {"4635": "KYRGYZSTAN", "4631": "ARMENIA"}
        rows = [
            [names.get(state, "KAZAKHSTAN"), "1200", "HS6", month, state, good]
            for state in asked["CTY_CODE"]
            for good in asked["E_COMMODITY"]
            for month in MONTHS
        ]
        return json.dumps([header, *rows]).encode()

    def _hmrc(self) -> bytes:
        asked = self._query()
        where = asked["$filter"][0]
        assert " in (" not in where, "HMRC answers 403 to that"
        state = where.split("CountryCodeAlpha eq '")[1][:2]
        good = where.split("Hs6Code eq '")[1][:6]
        skip = int(asked.get("$skip", ["0"])[0])
        size = int(asked["$top"][0])
        rows = [
            {
                "MonthId": 202608,
                "FlowTypeId": 4,
                "SuppressionIndex": 1 if port == 2 else 0,
                "CommodityId": 1,
                "CountryId": 1,
                "PortId": port,
                "Value": 100.0,
                "NetMass": 7.0,
                "SuppUnit": 0.0,
                "Commodity": {"Hs6Code": good},
                "Country": {"CountryCodeAlpha": state},
            }
            for port in range(self.server.hmrc_rows)[skip : skip + size]
        ]
        return json.dumps({"value": rows}).encode()

    def _imts(self) -> bytes:
        key = urlsplit(self.path).path.rsplit("/", 1)[-1]
        reporters, indicators, partners, often = key.split(".")
        rows = [
            f"IMF.STA:IMTS(1.0.0),{r},{i},{p},{often},{month[:4]}-M{month[5:]},{value},6,,,XG,FOB,USD,M,OL,"
            for r in reporters.split("+")
            for i in indicators.split("+")
            for p, value in zip(partners.split("+"), (12345678, 98765432), strict=False)
            for month in MONTHS
        ]
        return "\n".join([IMTS, *rows, ""]).encode()

    def _gacc(self) -> bytes:
        if self.path.startswith("/gacc/monthly"):
            return self._index()
        year, month = self.path.rsplit("/", 1)[-1].removesuffix(".html").split("-")
        return by_country(int(month), year=int(year))

    def _index(self) -> bytes:
        port = self.server.server_address[1]
        year = self.path.rsplit("monthly", 1)[1].removesuffix(".html")
        links = "".join(
            f"<a href=http://127.0.0.1:{port}/gacc/Statics/{year}-{n}.html> {name}.</a>"
            for n, name in ((8, "Aug"), (9, "Sep"))
        )
        rows = "".join(
            f"<tr><td>{title}</td><td><span>Jan.</span>{links}<span>Oct.</span></td></tr>"
            for title in (
                "(1) Summary of Imports and Exports (In USD)",
                "(2) Imports and Exports by Country (Region) of Origin/Destination (in USD)",
            )
        )
        return f"<!DOCTYPE html><html><body><table>{rows}</table></body></html>".encode()


def by_country(month: int, *, year: int = 2026, unit: str = "US$1,000") -> bytes:
    """A page of China's customs by country, in the shape of the publisher's."""
    name = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
        month
    ]
    title = f"(2) Imports and Exports by Country （Region） of Origin/Destination, {name} {year} (in USD)"
    span = f"1- to-{month}"
    head = ["Import Source", *(["Export & Import"] * 2), *(["Export"] * 2), *(["Import"] * 2)]
    below = ["Export Destination", str(month), span, str(month), span, str(month), span]
    states = (
        ["Total", "9", "9", "7", "7", "2", "2"],
        ["&nbsp;&nbsp;European Union", "5", "5", "3", "3", "2", "2"],
        ["&nbsp;of which: Germany", "1", "1", "1", "1", "####", "1"],
        ["Russia&nbsp;", "20,000", "1", "11,000.5&nbsp;", "1", "9,000", "1"],
        ["Kyrgyzstan", "3", "1", "2", "1", "1", "1"],
    )
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in ([title], [f"Unit: {unit}"], head, below, *states)
    )
    return f"<html><head><title>{title}</title></head><body><table>{rows}</table></body></html>".encode()


@contextmanager
def on_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """All services answered from here, without waiting between tries."""
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    places = {
        "comext": "comext/DS-045409",
        "comtrade": "preview",
        "census": "census",
        "hmrc": "hmrc",
        "imts": "imts/IMF.STA,IMTS",
        "gacc": "gacc/monthly",
    }
    for name, place in places.items():
        there = replace(SERVICES[name], address=f"{server.url}/{place}", pause=0.0)
        monkeypatch.setitem(SERVICES, name, there)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
