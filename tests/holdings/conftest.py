# SPDX-License-Identifier: Apache-2.0
"""An internet of publishers on loopback."""

import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from recorded import INSIDE, PRIVATE, PUBLIC, STRANGER, Internet, serving, turn_to_loopback


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Internet]:
    """Every publisher under its own name; nothing is embedded, nobody waits between two tries."""
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, getattr(socket, name))
    monkeypatch.setattr("bilat.holdings.acceptance.embedded_folder", lambda: tmp_path / "empty")
    monkeypatch.setattr("bilat.catalog.fetch.time", SimpleNamespace(sleep=lambda _: None))
    (tmp_path / "keys").mkdir()
    with serving(tmp_path / "keys", {STRANGER: PUBLIC, INSIDE: PRIVATE}) as (net, port, authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        turn_to_loopback(net.addresses, port)
        yield net
