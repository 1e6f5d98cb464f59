# SPDX-License-Identifier: Apache-2.0
"""``bilat serve``: the pages live, with search, screening, routes, decisions and a JSON
interface.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import (
    HoldingsOption,
    MarkingOption,
    TeamOption,
    marking_of_option,
    team_of_options,
)
from bilat.errors import UsageError

Host = Annotated[
    str,
    typer.Option(
        "--host", metavar="ADDRESS", help="Address to listen on; any other needs --token-file."
    ),
]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes any free one.")
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help="File of permitted readers, one NAME TOKEN a line, mode 600.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="HOST",
        help="Host name that readers use, e.g. behind a proxy. May be given more than once.",
    ),
]
Certificate = Annotated[
    Path | None, typer.Option("--cert", metavar="FILE", help="TLS certificate.")
]
Key = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="Key of the TLS certificate.")
]
Decisions = Annotated[
    Path | None,
    typer.Option("--decisions", metavar="FILE", help="Log in which to enter decisions."),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep", metavar="DIR", help="Folder for jobs and results; default ~/.local/state."
    ),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Folder for cached pages; default ~/.cache."),
]
MostUpload = Annotated[
    int, typer.Option("--most-upload", metavar="MB", min=1, help="Largest upload, in MB.")
]
UploadTime = Annotated[
    int,
    typer.Option(
        "--upload-time", metavar="SECONDS", min=1, help="Longest time for one upload, in seconds."
    ),
]
JobTime = Annotated[
    int,
    typer.Option(
        "--job-time",
        metavar="SECONDS",
        min=1,
        help="Longest time for one screening or search, in seconds.",
    ),
]
EmbedIn = Annotated[
    list[str] | None,
    typer.Option(
        "--embed-in",
        metavar="ORIGIN",
        help="Let pages of this origin show charts in a frame. May be given more than once.",
    ),
]
Memory = Annotated[
    int,
    typer.Option(
        "--memory", metavar="MB", min=256, help="Memory for each of the three workers, in MB."
    ),
]

_IN_CLEAR = "note: without --cert and --key, tokens are sent unencrypted. Give both, or use a proxy with TLS"


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8321,
    token_file: TokenFile = None,
    name: Names = None,
    embed_in: EmbedIn = None,
    cert: Certificate = None,
    key: Key = None,
    decisions: Decisions = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    keep: Keep = None,
    cache: CacheFolder = None,
    most_upload: MostUpload = 50,
    upload_time: UploadTime = 60,
    job_time: JobTime = 900,
    memory: Memory = 2048,
    holdings: HoldingsOption = None,
) -> None:
    """Serve live pages for any pair and date, with search, screening and routes.

    By default, only this machine can open them.

    For example: bilat serve --decisions decisions.jsonl
    """
    _needs("serve", "python_multipart", "starlette", "uvicorn")
    from bilat.holdings import Holdings
    from bilat.server.run import serve as run
    from bilat.server.settings import (
        CACHE,
        KEEP,
        MEGABYTE,
        Limits,
        Settings,
        on_loopback,
        writable_folder,
    )
    from bilat.server.tokens import read_tokens
    from bilat.sharing.team import DECISIONS

    if (cert is None) != (key is None):
        raise UsageError("--cert and --key go together. Give both")
    Holdings(holdings)  # a folder that holds nothing is refused before anything listens
    place = _folder(team, marking)
    log = decisions or (place / DECISIONS if place is not None else None)

    def note(line: str) -> None:
        print(f"note: {line}", file=sys.stderr)

    cache = writable_folder(cache, CACHE, note)
    keep = writable_folder(keep, KEEP, note)
    settings = Settings(
        host=host,
        port=port,
        names=tuple(name or ()),
        embed_in=tuple(embed_in or ()),
        holdings=holdings,
        cache=cache,
        decisions=log,
        team=place,
        marking=marking_of_option(marking),
        keep=keep,
        tokens=read_tokens(token_file) if token_file else {},
        certificate=(cert, key) if cert and key else None,
        limits=Limits(
            upload_bytes=most_upload * MEGABYTE,
            upload_seconds=upload_time,
            job_seconds=job_time,
            worker_bytes=memory * MEGABYTE,
        ),
    )

    def ready(address: str) -> None:
        print(f"bilat serves {address}", flush=True)
        if settings.tokens and not settings.certificate and not on_loopback(host):
            print(_IN_CLEAR, flush=True)

    run(settings, ready)


def mcp(
    team: TeamOption = None, marking: MarkingOption = None, holdings: HoldingsOption = None
) -> None:
    """Offer bilat's questions to an AI assistant as tools (needs the `mcp` extra).

    For example, in the assistant's settings: bilat mcp --holdings ours
    """
    _needs("mcp", "mcp")
    from bilat.server.assistant import Assistant, run
    from bilat.server.team import Handling

    run(Assistant(holdings, Handling(_folder(team, marking), marking_of_option(marking))))


def _folder(team: Path | None, marking: str | None) -> Path | None:
    """The team's folder, where one is named or lies where it is looked for."""
    whose = team_of_options(team, marking)
    return (
        whose.folder if whose is not None and (team is not None or whose.folder.is_dir()) else None
    )


def _needs(extra: str, *parts: str) -> None:
    for part in parts:
        if find_spec(part) is None:
            raise UsageError(f"bilat {extra} needs {part}: pip install 'bilat[{extra}]'")
