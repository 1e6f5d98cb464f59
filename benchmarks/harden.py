# SPDX-License-Identifier: Apache-2.0
"""``make harden``: kills, damaged files, a misbehaving publisher, full disks, permissions, two writers and twenty,
the same question again, what people and time do to a file, an upgrade.

    python benchmarks/harden.py [--seed N] [--share S] [--only NAME] [--again]

``--share 0.1`` tries a tenth of each; ``--only NAME`` one trial, whose line of the scorecard alone is then replaced.
The scorecard is benchmarks/harden.md and harden.json: tried, survived, and every fault with the seed that makes it
again; ``--again`` makes those of the damaged files again on the code as it is, and writes what became of them.
Short forms of the same run in tests/test_harden.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import harden_fuzz  # noqa: E402
import harden_http  # noqa: E402
import harden_kills  # noqa: E402
import harden_people  # noqa: E402
import harden_same  # noqa: E402
import harden_serve  # noqa: E402

#: name -> (what is tried, how many, the harness)
TRIALS: dict[str, tuple[str, int, Callable[[Path, int, Random], list[str]]]] = {
    "kills in pull": (
        "kill -9 at a random moment, then check, and the next pull",
        200,
        harden_kills.kills_in_pull,
    ),
    "kills in screen": (
        "kill -9, then the run that goes on: same bytes",
        200,
        harden_kills.kills_in_screen,
    ),
    "kills in decide": (
        "kill -9, then every decision that was said to be kept",
        200,
        harden_kills.kills_in_decide,
    ),
    "kills in serve": (
        "kill -9 in an upload, then a start: nothing of the file is left, and pages are given",
        30,
        harden_serve.kills_in_serve,
    ),
    "kills in brief": (
        "kill -9, then the next brief: the same files, nothing else left",
        30,
        harden_serve.kills_in_brief,
    ),
    "upgrade": (
        "a folder as the version before left it, opened and rebuilt",
        10,
        harden_people.upgraded,
    ),
    "full disk": (
        "pull, screen and decide where no file may grow past a random length",
        60,
        harden_kills.full_disks,
    ),
    "permissions": (
        "folders that may only be read, files that may not be",
        harden_kills.PERMISSIONS,
        harden_kills.permissions,
    ),
    "two writers": ("two screening runs to one file at once", 10, harden_kills.two_writers),
    "twenty writers": (
        "twenty processes that decide at once, 3 decisions each",
        10,
        harden_kills.twenty_writers,
    ),
    "publisher": ("ways of a server to misbehave", len(harden_http.WAYS), harden_http.misbehaving),
    "same bytes": (
        "the picture, the ledger, each model, and routes, asked three times with parts, "
        "rows and threads in another order",
        harden_same.ASKED,
        harden_same.same_bytes,
    ),
}
#: Files of the fuzz, over all readers; samples of text times what is done to them.
FILES = 10_000
DEEDS = 800
ALWAYS_WHOLE = ("permissions", "publisher")
#: What may become of a damaged file.
SURVIVED = ("refused", "read the same", "read otherwise")


def trial(name: str, share: float, seed: int, work: Path) -> dict[str, Any]:
    """One line of the scorecard."""
    what, many, harness = TRIALS[name]
    many = many if name in ALWAYS_WHOLE else max(round(many * share), 1)
    start = time.monotonic()
    faults = harness(work / name.replace(" ", "-"), many, Random(f"{seed} {name}"))
    return {
        "trial": name,
        "what": what,
        "seed": seed,
        "full": TRIALS[name][1],
        "tried": many,
        "survived": many - len(faults),
        "faults": faults,
        "seconds": round(time.monotonic() - start),
    }


def fuzz(share: float, seed: int, work: Path) -> dict[str, Any]:
    """The line of the damaged files, and what became of them by reader."""
    start = time.monotonic()
    all_targets = harden_fuzz.targets()
    each = max(round(FILES * share / len(all_targets)), 1)
    counts: Counter[str] = Counter()
    faults: list[str] = []
    by_reader = {}
    for target in all_targets:
        found, wrong = harden_fuzz.fuzzed(target, each, seed, work)
        by_reader[target.name] = dict(sorted(found.items()))
        counts += found
        faults += wrong
    tried = sum(counts.values())
    return {
        "trial": "damaged files",
        "what": f"{each} files for each of {len(all_targets)} readers",
        "seed": seed,
        "full": FILES,
        "tried": tried,
        "survived": tried - len(faults) - counts["read otherwise"],
        "faults": faults,
        "seconds": round(time.monotonic() - start),
        "became": dict(sorted(counts.items())),
        "by_reader": by_reader,
    }


def people(share: float, seed: int, work: Path) -> dict[str, Any]:
    """The line of what people and time do, what became of it by deed, and what was taken in as a new edition."""
    start = time.monotonic()
    many = max(round(DEEDS * share), 1)
    total, by_deed, taken = harden_people.people(work / "people", many, Random(f"{seed} people"))
    tried = sum(total.values())
    return {
        "trial": "people and time",
        "what": "samples of text saved again, older, in other units, with dates and "
        "columns elsewhere, pulled over the edition held",
        "seed": seed,
        "full": DEEDS,
        "tried": tried,
        "survived": tried - len(taken),
        "faults": [],
        "seconds": round(time.monotonic() - start),
        "became": dict(sorted(total.items())),
        "by_deed": {k: dict(v) for k, v in by_deed.items()},
        "otherwise": taken,
    }


def again(rows: list[dict[str, Any]], work: Path) -> None:
    """Make each fault of the damaged files again; what became of it is written beside it."""
    by_name = {t.name: t for t in harden_fuzz.targets()}
    for row in rows:
        if row["trial"] == "damaged files":
            row["again"] = {}
            for fault in row["faults"]:
                name, _, rest = fault.partition(" seed ")
                seed = rest.partition(":")[0]
                found, _ = harden_fuzz.tried(by_name[name], [seed], work)
                row["again"][f"{name} seed {seed}"] = next(iter(found))


def markdown(rows: list[dict[str, Any]]) -> str:
    """The scorecard as a page."""
    out = [
        "# What was done to it, and what it survived",
        "",
        "Written by `make harden`. *Full* is what the whole run tries, *tried* what the run behind this page did. "
        "A file survives if it is refused in one line that names it, or read, within 1.5 GB and 20 s of processor "
        "time; a kill, if nothing said to be kept is lost and the next run ends as an undisturbed one does.",
        "",
        "| trial | what | seed | full | tried | survived | seconds |",
        "|---|---|--:|--:|--:|--:|--:|",
        *(
            f"| {r['trial']} | {r['what']} | {r['seed']} | {r['full']:,} | {r['tried']:,} | {r['survived']:,} | "
            f"{r['seconds']:,} |"
            for r in rows
        ),
    ]
    for r in rows:
        if became := r.get("became"):
            said = ", ".join(f"{n:,} {k}" for k, n in became.items())
            out += [
                "",
                f"Of {r['trial']}: {said}. *Read otherwise* is not survived: a well-formed file that "
                "neither its reader nor the comparison with the edition held can tell from a new one.",
            ]
            out += [f"- {line}" for line in r.get("otherwise", ())]
    faults = [f"- {r['trial']}: {f}" for r in rows for f in r["faults"]]
    out += ["", "## Faults", "", *(faults or ["None."])]
    made_again = {k: v for r in rows for k, v in r.get("again", {}).items()}
    if made_again:
        out += [
            "",
            "Made again, each by its seed, on the code as it was after that run:",
            "",
            *(f"- {k}: {v}" for k, v in made_again.items()),
        ]
    out += [line for r in rows if r.get("remark") for line in ("", r["remark"])]
    return "\n".join(out) + "\n"


def main(argv: list[str]) -> int:
    """Run, write the scorecard, and say whether all survived."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("--only", action="append", default=[])
    asked.add_argument("--again", action="store_true")
    given = asked.parse_args(argv)
    place = HERE / "harden.json"
    with tempfile.TemporaryDirectory(prefix="harden-") as folder:
        os.environ["BILAT_HOLDINGS"] = str(Path(folder) / "default")
        trials = []
        if given.again:
            rows = json.loads(place.read_text("utf-8"))
            again(rows, Path(folder))
            write(rows)
            return int(any(v not in SURVIVED for r in rows for v in r.get("again", {}).values()))
        others = {"damaged files": fuzz, "people and time": people}
        for name in [*TRIALS, *others]:
            if given.only and name not in given.only:
                continue
            one = (
                others[name](given.share, given.seed, Path(folder))
                if name in others
                else trial(name, given.share, given.seed, Path(folder))
            )
            print(f"{name}: {one['survived']} of {one['tried']} in {one['seconds']} s", flush=True)
            trials.append(one)
    old = json.loads(place.read_text("utf-8")) if given.only and place.exists() else []
    fresh = {t["trial"]: t for t in trials}
    rows = [fresh.pop(t["trial"], t) for t in old] + list(fresh.values())
    write(rows)
    return int(any(t["faults"] for t in trials))


def write(rows: list[dict[str, Any]]) -> None:
    """The scorecard, for readers and for the next run."""
    (HERE / "harden.json").write_text(
        json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    (HERE / "harden.md").write_text(markdown(rows), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
