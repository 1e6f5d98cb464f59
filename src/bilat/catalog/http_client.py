# SPDX-License-Identifier: Apache-2.0
"""What an HTTP request needs: the library, the trusted certificates, and a deadline."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from bilat.errors import UsageError

if TYPE_CHECKING:
    import ssl


def httpx_library() -> Any:
    """The library that asks; an extra, for whoever never pulls needs none.

    Raises
    ------
    UsageError
        where it is not installed.
    """
    try:
        import httpx
    except ImportError:
        raise UsageError(
            "asking a publisher needs httpx: pip install 'bilat[pull]', or take saved files with "
            "`mirror` FOLDER"
        ) from None
    return httpx


def trusted_certificates() -> ssl.SSLContext:
    """Return the certificates that are trusted, by the environment of today."""
    return _certificates(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@cache
def _certificates(file: str, folder: str) -> ssl.SSLContext:
    """Read the certificates once; httpx finds ``file`` and ``folder`` in the environment itself.

    Reading them takes longer than a call.
    """
    del file, folder
    found: ssl.SSLContext = httpx_library().create_ssl_context()
    return found


class Deadline:
    """Cuts the connection after so many seconds: a time-out between two bytes does not stop a slow
    trickle."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self.passed = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember each connection that is made (a trace extension of httpcore)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            made = info["return_value"].get_extra_info("socket")
            if made is not None:
                self._sockets.append(made)

    def _cut(self) -> None:
        self.passed = True
        for made in self._sockets:
            with suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
