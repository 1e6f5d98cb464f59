# SPDX-License-Identifier: Apache-2.0
"""What ``bilat brief`` costs: first and again, in yardsticks of plain Python measured in the same run, and its size.

``python benchmarks/brief.py`` prints one JSON object. A yardstick is the processor time of a sum of 40 million squares.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

YARDSTICK = ("-c", "sum(i*i for i in range(40_000_000))")


def processor(*arguments: str, cache: Path) -> float:
    """Processor seconds of a Python process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "BILAT_CACHE": str(cache)}
    subprocess.run(
        (sys.executable, *arguments), check=True, stdout=subprocess.DEVNULL, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        cache = Path(work) / "cache"
        site = Path(work) / "site"
        brief = ("-m", "bilat", "brief", "--out", str(site))
        sticks = [processor(*YARDSTICK, cache=cache)]
        first = processor(*brief, cache=cache)
        sticks.append(processor(*YARDSTICK, cache=cache))
        again = processor(*brief, cache=cache)
        sticks.append(processor(*YARDSTICK, cache=cache))
        stick = sorted(sticks)[1]
        size = sum(p.stat().st_size for p in site.rglob("*") if p.is_file())
        kept = sum(p.stat().st_size for p in cache.rglob("*") if p.is_file())
    print(
        json.dumps(
            {
                "yardstick_seconds": round(stick, 2),
                "first_in_yardsticks": round(first / stick, 1),
                "again_in_yardsticks": round(again / stick, 1),
                "site_megabytes": round(size / 1e6, 1),
                "kept_megabytes": round(kept / 1e6, 1),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
