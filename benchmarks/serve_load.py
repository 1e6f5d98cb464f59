# SPDX-License-Identifier: Apache-2.0
"""Fifty readers at once: latencies and memory of a running ``bilat serve``, by kind of request.

Run beside it:  python benchmarks/serve_load.py http://127.0.0.1:8321 [--readers 50] [--rounds 6] [--pid PID]
The pages must be there already (open them once): what is measured is serving, not the first making of a site.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

TARGETS = (
    "/RUS-CHN/",
    "/RUS-CHN/claims/P8.html",
    "/sources/list",
    "/",
    "/ask?name=transfers.tiv&as_of=2023-03-20",
    "/api/ask?name=transfers.tiv&as_of=2023-03-20",
    "/api/ask",
    "/search q={word}",
    "/api/screen name={word}",
)
#: Every reader asks its own words, so that no answer is shared.
WORDS = (
    "VTB Bank",
    "Rosoboronexport",
    "Mikron",
    "Huawei",
    "Angstrem",
    "Sovcomflot",
    "tanks",
    "chips",
    "854231",
    "SIPRI",
)


def memory(pid: int) -> int:
    """MB of a process and its children (Linux)."""
    total = 0
    children = [pid]
    while children:
        one = children.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1]) * 4096
            children += [
                int(c) for c in Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split()
            ]
        except OSError:
            continue
    return total >> 20


def reader(
    base: str, number: int, rounds: int, took: dict[str, list[float]], wrong: list[str]
) -> None:
    """One reader: every target once a round, in an order of its own."""
    for n in range(rounds * len(TARGETS)):
        target = TARGETS[(n + number) % len(TARGETS)]
        word = WORDS[(n // len(TARGETS) + number) % len(WORDS)].replace(" ", "+")
        begun = time.monotonic()
        try:
            path, _, body = target.format(word=word).partition(" ")  # names go in bodies
            with urllib.request.urlopen(base + path, body.encode() or None, timeout=120) as got:
                got.read()
                if got.status != 200:
                    wrong.append(f"{target} {got.status}")
        except OSError as e:
            wrong.append(f"{target} {e}")
        took[target].append(time.monotonic() - begun)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("base")
    asked.add_argument("--readers", type=int, default=50)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--pid", type=int, default=0)
    given = asked.parse_args()
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    hands = [
        threading.Thread(target=reader, args=(given.base.rstrip("/"), n, given.rounds, took, wrong))
        for n in range(given.readers)
    ]
    begun = time.monotonic()
    most = 0
    for h in hands:
        h.start()
    while any(h.is_alive() for h in hands):
        most = max(most, memory(given.pid)) if given.pid else 0
        time.sleep(0.2)
    spent = time.monotonic() - begun
    count = sum(map(len, took.values()))
    pace = f"{count} requests in {spent:.1f} s ({count / spent:.0f} a second)"
    print(f"{given.readers} readers, {pace}, {len(wrong)} failed")
    for target, times in took.items():
        worst = max(times)
        print(
            f"{target:48} median {statistics.median(times) * 1000:7.0f} ms  worst {worst * 1000:7.0f} ms"
        )
    if most:
        print(f"memory of the server and its workers: {most:,} MB at most")
    for line in sorted(set(wrong))[:10]:
        print(f"failed: {line}")


if __name__ == "__main__":
    main()
