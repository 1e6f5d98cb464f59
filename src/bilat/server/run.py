# SPDX-License-Identifier: Apache-2.0
"""The server as a process: bound before it says so, stopped by SIGTERM or Ctrl-C after what is being answered."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bilat.errors import DataError
from bilat.server.app import application
from bilat.server.settings import Settings

#: Seconds that answers under way have when the server is stopped.
GRACE = 10
#: Seconds from the opening of a connection to the end of its first header.
FIRST = 15
#: Open connections beyond which a further one is answered with status 503.
CONNECTIONS = 256


class Prompt(H11Protocol):
    """Connections that say nothing are closed: a server that waits for them for ever has none left for others."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(FIRST, self._close_silent)

    def _close_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; ``ready`` is called with the address once it answers there.

    Raises
    ------
    DataError
        for an address that cannot be had, or a certificate that cannot be read.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
    except (OSError, OverflowError) as e:
        listener.close()
        raise DataError(
            f"{settings.host}:{settings.port} cannot be listened on ({getattr(e, 'strerror', None) or e}); "
            "name another with `host` and `port`"
        ) from None
    port = listener.getsockname()[1]
    hosts = settings.hosts(port)
    certificate, key = settings.certificate or (None, None)
    config = uvicorn.Config(
        application(settings, lambda: hosts),
        http=Prompt,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    try:
        _Announced(config, lambda: ready(f"{settings.scheme}://{shown}:{port}/")).run(
            sockets=[listener]
        )
    except OSError as e:
        raise DataError(f"the server cannot start ({e}). Check `cert` and `key`") from None
    finally:
        listener.close()


class _Announced(uvicorn.Server):
    """Says that it is ready when it is."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal ends the server after what is being answered; uvicorn would raise it again at the end."""
        before = {s: signal.signal(s, self.handle_exit) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
