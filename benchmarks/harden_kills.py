# SPDX-License-Identifier: Apache-2.0
"""Kills at random moments, full disks, refused permissions, two writers and twenty: what is left must be whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from harden_child import command, done, ended, killed, preload, started

#: Sources whose files come with the package, so that a pull needs no network.
PULLED = ("armour_points", "blockade_facts", "un_ukraine_later")
#: Exit code of a deed that found something wrong.
WRONG = 9


def tree(root: Path) -> dict[str, str]:
    """Every file of a folder by its sha256, without what is on its way."""
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file() and "incoming" not in p.parts and p.name != "lock"
    }


def pulling(root: Path) -> Callable[[], None]:
    return command("sources", "pull", *PULLED, "--holdings", root)


def holdings_are_whole(root: Path) -> Callable[[], int]:
    """Are all files that the manifest names as they were written?"""

    def deed() -> int:
        from bilat.holdings import Store

        return WRONG if Store(root).check() else 0

    return deed


def names(folder: Path, count: int = 60) -> tuple[Path, Path]:
    """A small list and a file of names."""
    listed = folder / "list.jsonl"
    asked = folder / "names.csv"
    firms = [
        f"{a} {b} Works"
        for a in ("Alpha", "Beta", "Gamma", "Delta", "Omega")
        for b in ("Steel", "Optics", "Radio")
    ]
    listed.write_text(
        "".join(
            json.dumps({"id": f"p{n}", "names": [x], "country": "RU"}) + "\n"
            for n, x in enumerate(firms)
        ),
        "utf-8",
    )
    lines = [f"q{n},{firms[n % len(firms)]} {'' if n % 3 else 'LLC'}" for n in range(count)]
    asked.write_text("query_id,name\n" + "\n".join(lines) + "\n", "utf-8")
    return listed, asked


def screening(listed: Path, asked: Path, out: Path) -> Callable[[], None]:
    def deed() -> None:
        from bilat.parties.answers import screen

        screen.BATCH = 4  # many steps, so that a kill falls between two
        command(
            "screen", asked, "--lists", listed, "--out", out, "--threads", 1, "--threshold", 0
        )()

    return deed


def deciding(log: Path, many: int) -> Callable[[], None]:
    """Add decisions and say after each that it is kept."""

    def deed() -> None:
        from bilat.parties.decisions.log import DecisionLog

        for n in range(many):
            DecisionLog(log).add(
                f"name {n}", "p1", "false", "another firm", f"process {os.getpid()}"
            )
            print(n, flush=True)

    return deed


def entries(log: Path) -> list[str]:
    """The names decided on, where the log's chain holds."""
    from bilat.parties.decisions.log import DecisionLog

    return [d.query for d in DecisionLog(log).entries()] if log.exists() else []


def _fresh(work: Path) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work


def _seconds(deed: Callable[[], None], folder: Path) -> float:
    start = time.monotonic()
    assert done(deed, folder).code == 0, (folder / "err").read_text()
    return time.monotonic() - start


def kills_in_pull(work: Path, count: int, rng: Random) -> list[str]:
    """What is wrong after each of so many kills, a line each."""
    clean = _fresh(work / "clean")
    preload(pulling(clean / "warm"), clean)
    lasts = _seconds(pulling(clean / "h"), clean)
    wanted = tree(clean / "h")
    wrong = []
    for n in range(count):
        here = _fresh(work / "killed")
        after = rng.uniform(0, lasts)
        killed(pulling(here / "h"), here, after)
        if done(holdings_are_whole(here / "h"), here).code:
            wrong.append(
                f"kill {n} after {after:.3f} s: files that the manifest names are not whole"
            )
        elif done(pulling(here / "h"), here).code or tree(here / "h") != wanted:
            wrong.append(
                f"kill {n} after {after:.3f} s: the next pull does not end as a clean one does"
            )
    return wrong


def kills_in_screen(work: Path, count: int, rng: Random) -> list[str]:
    """As above for a screening run, which is taken up again and must end with the same bytes."""
    listed, asked = names(_fresh(work))
    clean = _fresh(work / "clean")
    preload(screening(listed, asked, clean / "warm.jsonl"), clean)
    lasts = _seconds(screening(listed, asked, clean / "out.jsonl"), clean)
    wanted = (clean / "out.jsonl").read_bytes()
    wrong = []
    for n in range(count):
        here = _fresh(work / "killed")
        out = here / "out.jsonl"
        after = rng.uniform(0, lasts)
        killed(screening(listed, asked, out), here, after)
        if out.exists() and out.read_bytes() != wanted:
            wrong.append(
                f"kill {n} after {after:.3f} s: an unfinished file stands in the place of the finished one"
            )
        elif done(screening(listed, asked, out), here).code or out.read_bytes() != wanted:
            wrong.append(f"kill {n} after {after:.3f} s: the run that went on gives other bytes")
        elif sorted(p.name for p in here.glob("out.jsonl*")) != ["out.jsonl"]:
            wrong.append(f"kill {n} after {after:.3f} s: files of the run are left")
    return wrong


def kills_in_decide(work: Path, count: int, rng: Random) -> list[str]:
    """As above for a log of decisions: what was said to be kept is there, and the next decision is taken."""
    wrong = []
    _fresh(work)
    preload(deciding(work / "warm.jsonl", 1), work)
    lasts = _seconds(deciding(work / "clean.jsonl", 20), work)
    for n in range(count):
        here = _fresh(work / "killed")
        log = here / "log.jsonl"
        after = rng.uniform(0, lasts)
        kept = killed(deciding(log, 20), here, after).out.count("\n")
        try:
            found = entries(log)
            if found[:kept] != [f"name {k}" for k in range(kept)] or len(found) > kept + 1:
                wrong.append(
                    f"kill {n} after {after:.3f} s: {kept} said to be kept, {len(found)} there"
                )
            elif done(deciding(log, 1), here).code or len(entries(log)) != len(found) + 1:
                wrong.append(f"kill {n} after {after:.3f} s: the next decision is not taken")
        except Exception as e:
            wrong.append(f"kill {n} after {after:.3f} s: {e}")
    return wrong


def full_disks(work: Path, count: int, rng: Random) -> list[str]:
    """A file may grow to a random length and no further: one line, exit 1, and what was there is there."""
    listed, asked = names(_fresh(work), 400)
    out = work / "out.jsonl"
    log = work / "log.jsonl"
    root = work / "h"
    preload(screening(listed, asked, work / "first.jsonl"), work)
    assert done(pulling(root), work).code == 0 and done(deciding(log, 3), work).code == 0
    assert done(screening(listed, asked, work / "warm.jsonl"), work).code == 0
    out.write_text("earlier\n")
    before = (tree(root), log.read_bytes())
    said = out.read_bytes()
    wrong = []
    decided = command(
        "screen",
        "decide",
        log,
        "--query",
        "Alpha Steel",
        "--party",
        "p0",
        "--verdict",
        "false",
        "--why",
        "another firm",
        "--who",
        "me",
        "--lists",
        listed,
    )
    verbs: list[tuple[str, Callable[[], None], int]] = [
        ("pull", pulling(work / "new"), 3_000),
        ("screen", screening(listed, asked, out), 8_000),
        ("decide", decided, len(before[1]) + 100),
    ]
    for n in range(count):
        verb, deed, most = verbs[n % len(verbs)]
        shutil.rmtree(work / "new", ignore_errors=True)
        size = rng.randrange(len(before[1]) if verb == "decide" else 200, most)
        how = done(deed, work, file_size=size)
        if verb == "pull":  # each source that fails is told of in the summary
            fits = (
                how.code == 1
                and "Traceback" not in how.err + how.out
                and "cannot be written" in how.out + how.err
            )
        else:
            fits = how.one_line
        if not fits:
            wrong.append(
                f"{verb} with files up to {size} bytes: exit {how.code}: {how.err[-200:]!r}"
            )
        if (tree(root), log.read_bytes()) != before or out.read_bytes() != said:
            wrong.append(f"{verb} with files up to {size} bytes: what was there has changed")
    return wrong


def permissions(work: Path, _count: int, _rng: Random) -> list[str]:
    """Folders that may only be read and files that may not be: one line, exit 1."""
    listed, asked = names(_fresh(work))
    root = work / "h"
    log = work / "log.jsonl"
    assert done(pulling(root), work).code == 0 and done(deciding(log, 1), work).code == 0
    secret = work / "secret.csv"
    closed = work / "closed"
    told = work / "told"
    secret.write_bytes(asked.read_bytes())
    secret.chmod(0)
    told.mkdir()
    closed.mkdir()
    closed.chmod(0)
    for p in (work, log, *(d for d in root.rglob("*") if d.is_dir()), root):
        p.chmod(0o444 if p.is_file() else 0o555)
    wrong = []
    for verb, deed, code in (
        ("pull of what is held", pulling(root), 0),
        ("pull again", pulling(work / "other"), 1),
        ("check", command("sources", "check", "--holdings", root), 0),
        ("screen --out", screening(listed, asked, work / "out.jsonl"), 1),
        ("screen a secret file", screening(listed, secret, told / "out.jsonl"), 1),
        ("screen a secret list", screening(secret, asked, told / "out.jsonl"), 1),
        (
            "decide",
            command(
                "screen",
                "decide",
                log,
                "--query",
                "Alpha",
                "--party",
                "p0",
                "--verdict",
                "false",
                "--why",
                "x",
                "--who",
                "me",
                "--lists",
                listed,
            ),
            1,
        ),
        ("holdings in a closed folder", command("sources", "list", "--holdings", closed / "h"), 1),
        ("divert a secret file", command("divert", secret), 1),
        (
            "owners of a secret file",
            command("screen", "owners", secret, "Alpha", "--lists", listed),
            1,
        ),
        ("brief", command("brief", "--out", work / "site"), 1),
    ):
        how = done(deed, told, plain=True)
        fine = how.one_line if code else how.code == 0
        if verb.startswith("pull") and how.code == 1 and "Traceback" not in how.err:
            fine = True  # refused source by source, in the summary
        if not fine:
            wrong.append(f"{verb}: exit {how.code}: {how.err[-300:]!r}")
    for p in (work, closed, root, *(d for d in root.rglob("*") if d.is_dir())):
        p.chmod(0o755)
    return wrong


PERMISSIONS = 11


def two_writers(work: Path, count: int, _rng: Random) -> list[str]:
    """Two runs to one file at once: one is refused in a line, or both end, and the file is that of one run."""
    listed, asked = names(_fresh(work), 400)
    preload(screening(listed, asked, work / "first.jsonl"), work)
    assert done(screening(listed, asked, work / "clean.jsonl"), work).code == 0
    wanted = (work / "clean.jsonl").read_bytes()
    wrong = []
    for n in range(count):
        out = work / "out.jsonl"
        out.unlink(missing_ok=True)
        places = [_fresh(work / f"writer{k}") for k in range(2)]
        both = [started(screening(listed, asked, out), p) for p in places]
        how = [ended(child, p) for child, p in zip(both, places, strict=True)]
        fine = all(h.code == 0 or h.one_line for h in how) and any(h.code == 0 for h in how)
        if not fine or out.read_bytes() != wanted:
            wrong.append(f"pair {n}: exit {[h.code for h in how]}, {[h.err[-150:] for h in how]}")
    return wrong


def twenty_writers(work: Path, count: int, _rng: Random) -> list[str]:
    """Twenty processes that decide at once lose nothing and keep the chain."""
    wrong = []
    preload(deciding(_fresh(work) / "first.jsonl", 1), work)
    for n in range(count):
        here = _fresh(work)
        places = [_fresh(here / f"w{k}") for k in range(20)]
        children = [started(deciding(here / "log.jsonl", 3), p) for p in places]
        how = [ended(c, p) for c, p in zip(children, places, strict=True)]
        found = entries(here / "log.jsonl")
        if any(h.code for h in how) or len(found) != 60:
            wrong.append(
                f"round {n}: {len(found)} of 60 kept, exit {sorted({h.code for h in how})}"
            )
    return wrong
