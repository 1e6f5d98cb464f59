# SPDX-License-Identifier: Apache-2.0
"""Publishers' recorded chains of answers, replayed over TLS on loopback under the publishers' own names.

The code under test resolves names, checks certificates and follows redirects as it does on the internet: only the
two calls by which a process finds and reaches a host are turned to loopback.
"""

import datetime as dt
import ipaddress
import itertools
import json
import socket
import ssl
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bilat.catalog import Source, source

CHAINS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("chains.toml").read_text("utf-8")
)
#: A public address for every publisher, and one of a private network.
PUBLIC = "8.8.8.8"
PRIVATE = "10.1.2.3"
#: Hosts that no source names: one of the internet, one of a private network.
STRANGER = "files.example.org"
INSIDE = "files.example.net"
Misbehaviour = Callable[[BaseHTTPRequestHandler], None]
EXPIRED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'


@dataclass
class Internet:
    """Publishers by host: what they send, and how they misbehave."""

    files: dict[str, bytes] = field(default_factory=dict)  #: the address's end -> file
    addresses: dict[str, str] = field(default_factory=dict)  #: host -> IP address
    asked: list[tuple[str, str, str]] = field(default_factory=list)  #: (host, path, Range)
    signatures: Iterator[int] = field(default_factory=itertools.count)
    good: set[str] = field(default_factory=set)  #: signatures that were not used yet
    cut_at: list[int] = field(default_factory=list)  #: bytes after which the next answers break off
    #: host -> what it does instead of its chain
    instead: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)

    def hosts(self) -> set[str]:
        """Every host that answers."""
        return set(self.addresses)


def _chain(host: str) -> dict[str, Any]:
    return next(c for c in CHAINS.values() if host in (c["host"], c.get("store")))


def _handler(net: Internet) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_HEAD(self) -> None:
            self.send_response(_chain(self.headers["Host"])["head"])
            self.end_headers()

        def do_GET(self) -> None:
            host = self.headers["Host"]
            net.asked.append((host, self.path, self.headers.get("Range", "")))
            if host in net.instead:
                net.instead[host](self)
                return
            chain = _chain(host)
            if chain.get("agent") and "bilat" not in self.headers.get("User-Agent", ""):
                self._send(403, b"Forbidden")
            elif host == chain["host"] and "store" in chain:
                self._send(302, b"", Location=self._stored(chain))
            elif chain.get("signed") and not self._is_signed():
                self._send(403, EXPIRED)
            else:
                self._file(chain)

        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"])).decode()
            chain = _chain(self.headers["Host"])
            json.loads(question)
            if chain.get("question", "nothing") not in question or "Origin" not in self.headers:
                self._send(400, b"Bad Request")
                return
            self.do_GET()

        def _stored(self, chain: dict[str, Any]) -> str:
            end = urlsplit(self.path).path.rsplit("/", 1)[-1]
            address = f"https://{chain['store']}/EN/{end}"
            if not chain.get("signed"):
                return address
            signature = f"s{next(net.signatures)}"
            net.good.add(signature)
            return f"{address}?X-Amz-Expires=60&X-Amz-Signature={signature}"

        def _is_signed(self) -> bool:
            (signature,) = parse_qs(urlsplit(self.path).query).get("X-Amz-Signature", [""])
            was_good = signature in net.good
            net.good.discard(signature)
            return was_good

        def _file(self, chain: dict[str, Any]) -> None:
            end = self.path.rsplit("/", 1)[-1]
            if "resultOffset" not in end:
                end = end.split("?")[0]
            else:
                offset = parse_qs(urlsplit(self.path).query)["resultOffset"][0]
                end = f"query?resultOffset={offset}"
            body = net.files.get(end)
            if body is None:
                self._send(404, b"Not Found")
                return
            mark = f'"{hash(body)}"' if chain.get("etag") else ""
            about = {"ETag": mark} if mark else {}
            about |= {"Last-Modified": chain["modified"]} if "modified" in chain else {}
            if "named" in chain:
                about["Content-Disposition"] = f'attachment; filename="{chain["named"]}"'
            if mark and self.headers.get("If-None-Match") == mark:
                self._send(304, b"", **about)
                return
            asked = self.headers.get("Range", "")
            if asked and mark and self.headers.get("If-Range") == mark:
                start = int(asked.removeprefix("bytes=").split("-")[0])
                about["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                self._send(206, body[start:], **about)
                return
            self._send(200, body, **about)

        def _send(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            is_cut = net.cut_at and len(body) > net.cut_at[0]
            self.wfile.write(body[: net.cut_at.pop(0)] if is_cut else body)
            self.close_connection = True

    return Answer


def certificate(folder: Path, hosts: list[str]) -> tuple[Path, Path]:
    """Make an authority for this test and a certificate of it for these hosts: (authority, both keys).

    Both name their keys, and what the authority's key is for: since Python 3.13 a client asks for it.
    """
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = dt.datetime.now(dt.UTC)
    signs_certificates = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )

    def made(name: str, key: Any, signer: Any, *, issuer: str, is_authority: bool) -> Any:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False
            )
        )
        if is_authority:
            builder = builder.add_extension(signs_certificates, critical=True)
        else:
            names = [x509.DNSName(h) for h in hosts if not h[:1].isdigit()]
            names += [x509.IPAddress(ipaddress.ip_address(h)) for h in hosts if h[:1].isdigit()]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(signer, hashes.SHA256())

    root_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    root = made("test authority", root_key, root_key, issuer="test authority", is_authority=True)
    leaf = made("publishers", key, root_key, issuer="test authority", is_authority=False)
    pem = serialization.Encoding.PEM
    authority = folder / "authority.pem"
    authority.write_bytes(root.public_bytes(pem))
    both = folder / "publishers.pem"
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(secret + leaf.public_bytes(pem))
    return authority, both


@contextmanager
def serving(
    folder: Path, more: dict[str, str] | None = None
) -> Iterator[tuple[Internet, int, Path]]:
    """Serve every chain: (the internet, the port on loopback, the authority's certificate)."""
    net = Internet()
    for chain in CHAINS.values():
        for host in (chain["host"], chain.get("store")):
            if host:
                net.addresses[host] = PUBLIC
    net.addresses |= more or {}
    authority, both = certificate(folder, sorted(net.addresses))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(net))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield net, server.server_address[1], authority
    finally:
        server.shutdown()
        server.server_close()


def turn_to_loopback(addresses: dict[str, str], port: int) -> None:
    """Let this process find these hosts, and reach them on loopback; no other host is found."""
    found = socket.getaddrinfo
    reached = socket.create_connection

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in addresses:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (addresses[host], 443))]
        if str(host).startswith("127."):
            return found(host, *args, **kwargs)
        raise socket.gaierror(socket.EAI_NONAME, "not in this test's internet")

    def create_connection(address: Any, *args: Any, **kwargs: Any) -> Any:
        if address[0] in addresses and address[1] == 443:
            return reached(("127.0.0.1", port), *args, **kwargs)
        raise OSError(f"not in this test's internet: {address}")

    socket.getaddrinfo = getaddrinfo
    socket.create_connection = create_connection


def small(name: str) -> Source:
    """The source as the catalog has it, but for the least number of rows."""
    one = source(name)
    few = [c.model_copy(update={"min_rows": 4, "page": min(c.page, 10)}) for c in one.current]
    return one.model_copy(update={"current": few})


def status(code: int, body: bytes = b"", **headers: str) -> Misbehaviour:
    """An answer of this status."""

    def send(answer: BaseHTTPRequestHandler) -> None:
        answer.send_response(code)
        for name, value in headers.items():
            answer.send_header(name.replace("_", "-"), value)
        answer.send_header("Content-Length", str(len(body)))
        answer.end_headers()
        answer.wfile.write(body)

    return send


@contextmanager
def internet_on_loopback(folder: Path) -> Iterator[Internet]:
    """Every publisher under its own name; nothing is embedded, nobody waits between two tries."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("getaddrinfo", "create_connection"):
            patch.setattr(socket, name, getattr(socket, name))
        patch.setattr("bilat.holdings.acceptance.embedded_folder", lambda: folder / "empty")
        patch.setattr("bilat.catalog.fetch.time", SimpleNamespace(sleep=lambda _: None))
        (folder / "keys").mkdir()
        strangers = {STRANGER: PUBLIC, INSIDE: PRIVATE}
        with serving(folder / "keys", strangers) as (net, port, authority):
            patch.setenv("SSL_CERT_FILE", str(authority))
            turn_to_loopback(net.addresses, port)
            yield net
