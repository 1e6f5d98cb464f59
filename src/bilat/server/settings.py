# SPDX-License-Identifier: Apache-2.0
"""What a server is started with: its address, folders and limits."""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.write import writable
from bilat.handling import Marking
from bilat.server.team import Handling

MEGABYTE = 1 << 20
#: An origin: scheme, host and, if need be, port.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


def default_folder(variable: str, below: str) -> Path:
    """The server's folder of a kind on this platform: ``$XDG_CACHE_HOME/bilat/serve``."""
    return Path(os.environ.get(variable) or Path.home() / below) / "bilat" / "serve"


#: The variables and folders of the cache, and of jobs with their results.
CACHE = ("XDG_CACHE_HOME", ".cache")
KEEP = ("XDG_STATE_HOME", ".local/state")


def writable_folder(
    named: Path | None, usual: tuple[str, str], note: Callable[[str], None]
) -> Path:
    """Return the folder that was named, else the usual one, else a new one if neither can be made.

    Parameters
    ----------
    usual
        the variable and the folder of :func:`default_folder`.
    note
        is told where a new folder takes the place of the usual one.

    Raises
    ------
    DataError
        for a folder that was named and cannot be written.
    """
    place = named or default_folder(*usual)
    try:
        with writable(place):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=place):
                return place
    except DataError as e:
        if named is not None:
            raise
        instead = Path(tempfile.mkdtemp(prefix="bilat-serve-"))
        note(f"{e}; {instead} is used, until this computer clears it")
        return instead


def on_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Limits:
    """What one request, one reader and one worker may take; the figures are chosen, not measured."""

    upload_bytes: int = 50 * MEGABYTE  #: of one upload
    upload_seconds: float = 60.0  #: from the first byte of an upload to its last
    ask_seconds: float = 90.0  #: of a short question
    job_seconds: float = 900.0  #: of a screening, a search for routes, or the making of a site
    queue: int = 200  #: questions of one reader that wait for a worker
    worker_bytes: int = 2048 * MEGABYTE  #: memory of a worker: above it what it does is ended
    cache_bytes: int = 2048 * MEGABYTE  #: of the cache folder: the pages unused longest go first
    forget_seconds: float = (
        1800.0  #: from its end to when a result is deleted, where its reader says nothing
    )


@dataclass(frozen=True)
class Settings:
    """Everything that ``bilat serve`` is told.

    Raises
    ------
    UsageError
        for an address that others can reach without tokens.
    """

    host: str = "127.0.0.1"
    port: int = 8321
    names: tuple[str, ...] = ()  #: further host names that readers may use, as behind a proxy
    embed_in: tuple[str, ...] = ()  #: origins whose pages may hold a chart in a frame
    holdings: Path | None = None
    cache: Path = field(default_factory=lambda: default_folder(*CACHE))
    decisions: Path | None = None  #: the log; none: decisions cannot be entered
    team: Path | None = None  #: whose dissents and markings count
    marking: Marking | None = (
        None  #: how far the pages may be passed on; what is marked above is not in them
    )
    keep: Path = field(
        default_factory=lambda: default_folder(*KEEP)
    )  #: where jobs and their results lie
    tokens: Mapping[str, str] = field(default_factory=dict)  #: sha256 of the token -> who has it
    certificate: tuple[Path, Path] | None = None  #: TLS certificate and its key
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for origin in self.embed_in:
            if not _ORIGIN.fullmatch(origin):
                raise UsageError(
                    f"`embed_in` {origin!r} is not an origin. Write it as https://house.example"
                )
        if not self.tokens and not on_loopback(self.host):
            raise UsageError(
                f"`host` {self.host} can be reached by others. Give `token_file` FILE, or leave "
                "out `host`"
            )

    @property
    def handling(self) -> Handling:
        """What stands beside answers, and how far they may be passed on."""
        return Handling(self.team, self.marking, self.decisions)

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    def hosts(self, port: int) -> frozenset[str]:
        """The Host headers that are answered: this address with its port, and the names that were given."""
        own = [self.host] if self.host not in ("0.0.0.0", "::") else []
        if on_loopback(self.host):
            own += ["127.0.0.1", "localhost", "::1"]
        bracketed = [f"[{h.strip('[]')}]" if ":" in h else h for h in own]
        bare = {"http": 80, "https": 443}[self.scheme]
        found = {f"{h}:{port}" for h in bracketed} | ({*bracketed} if port == bare else set())
        return frozenset(h.lower() for h in (*found, *self.names))
