# SPDX-License-Identifier: Apache-2.0
"""What ``bilat update`` of all lists costs: processor time and memory at the size of the real lists.

Run: python benchmarks/update_cost.py [FOLDER]

Each publisher is a server on loopback under its own name that sends a made-up list in its own form,
with as many entries as the real list of 2026 has, in fewer bytes (the real files have some 180 MB);
each is read, checked, compared with the edition of the package, and stored. It may take 60 seconds of
processor time and 600 MB of memory.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests/holdings"
sys.path.insert(0, str(TESTS))

from publishers import ANSWERS  # noqa: E402
from recorded import serving  # noqa: E402

#: Entries of each list in 2026 (the mirror's MANIFEST.csv and today's editions held).
SIZES = {
    "ofac_sdn": 18_700,
    "ofac_consolidated": 450,
    "us_csl": 25_900,
    "un_sc": 1_000,
    "uk_sanctions": 6_350,
    "eu_financial": 6_240,
    "ch_seco": 6_000,
    "au_dfat": 3_800,
    "ca_sema": 5_600,
    "jp_mof": 1_300,
    "us_1286": 600,
    "us_mieu": 100,
    "cn_countermeasures": 600,
    "eu_russia": 9_600,
    "ua_war_sanctions": 20_100,
}


def main() -> None:
    """Print a line a list, and the sums."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    with serving(folder / "keys") as (net, port, authority):
        sent = {}
        for name, entries in SIZES.items():
            files = ANSWERS[name]("2026-11-28", 0, entries)
            net.files |= files
            sent[name] = sum(map(len, files.values()))
        env = {
            **os.environ,
            "SSL_CERT_FILE": str(authority),
            "BILAT_HOLDINGS": str(folder / "holdings"),
            "BILAT_CACHE": str(folder / "cache"),
        }
        line = [sys.executable, str(TESTS / "whole_update.py"), json.dumps(net.addresses)]
        line += [str(port), "update", *SIZES, "--json", "--accept", "the size of the real lists"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        done = subprocess.run(line, capture_output=True, text=True, env=env, check=False)
        took = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("| list | MB sent | rows | what became |\n|---|---|---|---|")
    found: dict[str, list[dict[str, object]]] = {}
    for entry in json.loads(done.stdout)["data"]:
        found.setdefault(str(entry["source"]), []).append(entry)
    for name, entries in found.items():
        rows = sum(int(str(e["rows"])) for e in entries)
        what = ", ".join(sorted({f"{e['status']} {e['why']}".strip()[:150] for e in entries}))
        print(f"| {name} | {sent[name] / 1e6:.1f} | {rows:,} | {what} |")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"\n{sum(sent.values()) / 1e6:.0f} MB, {processor:.1f} s of processor time, {took:.1f} s in "
        f"all, at most {after.ru_maxrss / 1024:.0f} MB of memory"
    )


if __name__ == "__main__":
    main()
