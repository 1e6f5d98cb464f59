# SPDX-License-Identifier: Apache-2.0
"""Kills of what runs long: the server in an upload, a brief while it is made."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from harden_child import command, done, killed, preload

HERE = Path(__file__).resolve().parents[1]
#: Stands in every line of the file that is sent; nothing of it may be left.
MARK = b"Client of nobody"


def kills_in_serve(work: Path, count: int, rng: Random) -> list[str]:
    """What is wrong after each kill in an upload or in its work, a line each.

    After the next start a file that came whole lies with its job, which goes on; of one that did not, nothing is left.
    """
    sys.path[:0] = [str(HERE / "tests" / "server")]
    import served

    work.mkdir(parents=True, exist_ok=True)
    served.INDEX.append(work / "index")
    body, kind = served.form(
        b"id,name\n" + b"".join(b"%d,%s %d\n" % (n, MARK, n) for n in range(3_000)), "c.csv", {}
    )
    wrong = []
    one = served.Served(work)
    for n in range(count):
        part = len(body) if rng.random() < 0.5 else rng.randrange(len(body))
        after = rng.uniform(0, 1.5)
        with socket.create_connection((one.host, one.port), timeout=30) as link:
            head = f"POST /api/screen HTTP/1.1\r\nHost: {one.netloc}\r\nContent-Type: {kind}\r\n"
            link.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:part])
            time.sleep(after)
            one.process.kill()
        one.process.communicate()
        one = served.Served(work)
        held = {p.parent for p in work.rglob("job.json")}
        marked = [p for p in work.rglob("*") if p.is_file() and MARK in p.read_bytes()]
        left = [p for p in marked if not held & set(p.parents)]
        if left or one.get("/").status != 200:
            wrong.append(
                f"kill {n} after {part} bytes and {after:.2f} s: left {[p.name for p in left]}, or no answer"
            )
    one.stop()
    return wrong


def kills_in_brief(work: Path, count: int, rng: Random) -> list[str]:
    """As above for a brief: the place of the site holds a whole one or none, and the next one is the same."""
    work.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(work)

    def brief(out: Path) -> Callable[[], None]:
        return command("brief", "--out", out)

    start = time.monotonic()
    preload(brief(work / "clean"), work, seconds=900)
    lasts = time.monotonic() - start
    wrong = []
    wanted = {p.relative_to(work / "clean") for p in (work / "clean").rglob("*") if p.is_file()}
    before = {p.name for p in work.iterdir()}
    for n in range(count):
        after = rng.uniform(0, lasts)
        killed(brief(work / "site"), work, after, seconds=900)
        found = {p.relative_to(work / "site") for p in (work / "site").rglob("*") if p.is_file()}
        if found and found != wanted:
            wrong.append(
                f"kill {n} after {after:.1f} s: a site of {len(found)} files of {len(wanted)}"
            )
    if done(brief(work / "site"), work, seconds=900).code:
        wrong.append("the brief after the kills does not end")
    elif left := {p.name for p in work.iterdir()} - before - {"site"}:
        wrong.append(f"left beside the site: {sorted(left)}")
    return wrong
