# SPDX-License-Identifier: Apache-2.0
"""A real server process on loopback at a free port, and a plain client that shows what came back."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

#: Where the index of names is kept, once for all servers of a session.
INDEX: list[Path] = []
SRC = Path(__file__).resolve().parents[2] / "src"
DAY = "2023-03-20"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def line(self) -> str:
        """The one line of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.text[:300]
        said = str(self.json["detail"])
        assert self.json["status"] == self.status and "\n" not in said and "Traceback" not in said
        return said


class Served:
    """A server that runs in a process of its own until it is stopped."""

    def __init__(self, folder: Path, *options: str, **more: str) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        env = {
            **os.environ,
            "PYTHONPATH": str(SRC),
            "TMPDIR": str(self.temporary),
            "PYTHONUNBUFFERED": "1",
        }
        env |= {"HOME": str(folder), "BILAT_HOLDINGS": str(INDEX[-1]), **more}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bilat",
                "serve",
                "--port",
                "0",
                "--cache",
                str(self.cache),
                *options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=folder,
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://([\d.]+):(\d+)/", said)
        assert found, said + self.process.stderr.read()
        self.host, self.port = found[1], int(found[2])
        self.netloc = f"{self.host}:{self.port}"

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        wait: float = 120,
    ) -> Answer:
        """One request as it is given: no redirect is followed."""
        link = http.client.HTTPConnection(self.host, self.port, timeout=wait)
        try:
            link.request(method, target, body or None, headers or {})
            got = link.getresponse()
            told = {k.lower(): v for k, v in got.getheaders()}
            return Answer(got.status, told, got.read(), got.headers.get_all("set-cookie") or [])
        finally:
            link.close()

    def get(self, target: str, **params: Any) -> Answer:
        """GET, with parameters."""
        return self.ask("GET", f"{target}?{urlencode(params, doseq=True)}" if params else target)

    def post(self, target: str, **fields: Any) -> Answer:
        """POST of a form without a file; of the interface's search, of JSON."""
        if target == "/api/search":
            return self.ask(
                "POST", target, json.dumps(fields).encode(), {"Content-Type": "application/json"}
            )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", target, urlencode(fields, doseq=True).encode(), kind)

    def raw(self, text: bytes, wait: float = 20) -> bytes:
        """Bytes in, bytes out, as long as the server says anything."""
        with socket.create_connection((self.host, self.port), timeout=wait) as link:
            link.sendall(text)
            found = b""
            try:
                while piece := link.recv(65536):
                    found += piece
            except (TimeoutError, ConnectionResetError):
                pass
            return found

    def send(
        self,
        target: str,
        content: bytes,
        name: str,
        fields: dict[str, str] | None = None,
        **headers: str,
    ) -> Answer:
        """A file in a form, as a browser sends it."""
        body, kind = form(content, name, fields or {})
        return self.ask("POST", target, body, {"Content-Type": kind, **headers})

    def done(self, job: dict[str, Any], wait: float = 120) -> dict[str, Any]:
        """The job when it is done or failed."""
        ends = time.monotonic() + wait
        while job["status"] in ("waiting", "running"):
            assert time.monotonic() < ends, job
            time.sleep(0.1)
            job = self.get(f"/api/jobs/{job['id']}").json
        return job

    def stop(self) -> tuple[int, str]:
        """(exit code, what it said on standard error)."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


def form(content: bytes, name: str, fields: dict[str, str]) -> tuple[bytes, str]:
    """(body, content type) of a multipart form with one file."""
    mark = "----a-boundary-of-the-tests"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    shown = name.replace('"', "%22")
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
    )
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
