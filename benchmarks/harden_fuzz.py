# SPDX-License-Identifier: Apache-2.0
"""Damaged files into every reader: refused in one line that names the file, or read; never a traceback or past bounds.

Each source has a seed of its own, so that one file can be made again. Files are read in children that are bounded in
memory and processor time; one that ends its child is counted and the next goes on.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from harden_child import done

HERE = Path(__file__).resolve().parents[1]
#: Files that one child reads before the next is started.
A_CHILD = 40
#: Processor seconds that one file may take.
SECONDS = 20


@dataclass(frozen=True)
class Target:
    """A reader and a small sound file for it; ``read`` gives the rows as one text."""

    name: str
    file: str
    raw: bytes
    read: Callable[[Path], str]
    #: A file of one's own, which may be as long as its owner likes: rows over and over are then no bomb.
    own: bool = False


def targets() -> list[Target]:
    """Every reader of the catalog on its sample, and every format that a person gives."""
    sys.path[:0] = [str(HERE / "tests"), str(HERE / "tests" / "samples")]
    from sample_files import SAMPLES
    from sample_writing import digest

    from bilat.catalog import read

    def of(case: Any) -> Target:
        def rows(path: Path) -> str:
            made = read(case.source, case.file, path)
            return json.dumps([(n, digest(t.drop_columns(["locator"]))) for n, t in made])

        return Target(
            f"{case.source.name}/{case.path.name}", case.path.name, case.path.read_bytes(), rows
        )

    return [of(p.values[0]) for p in SAMPLES] + _given()


def _given() -> list[Target]:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bilat.formats.parties.formats import load
    from bilat.formats.trade import read as read_trade
    from bilat.parties.answers.owner_file import owners
    from bilat.parties.decisions.log import DecisionLog
    from bilat.parties.queries.query_files import read_queries
    from bilat.parties.screening.screener import Screener

    def listed(path: Path) -> str:
        return repr([(p.id, p.names, p.listings) for p in load(path)])

    def asked(path: Path) -> str:
        return repr([(q.id, q.name, q.country) for q in read_queries(path)])

    def traded(path: Path) -> str:
        import duckdb

        (path.parent / "work").mkdir(exist_ok=True)
        reports = read_trade([path], path.parent / "work")
        total = (
            duckdb.connect()
            .execute(
                "SELECT count(*), sum(v) FROM read_parquet(?)"
                if reports.kind == "BACI"
                else "SELECT count(*), sum(value) FROM read_parquet(?)",
                [[str(p) for p in reports.paths]],
            )
            .fetchall()
        )
        return repr(total)

    def held(path: Path) -> str:
        return json.dumps(owners(path, "X", Screener(())))

    def decided(path: Path) -> str:
        return repr(DecisionLog(path).trail())

    lines = [
        ["query_id", "name", "country"],
        *([f"q{n}", f'Works "{n}", Ltd', "RU"] for n in range(40)),
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    sheet = io.BytesIO()
    parquet = io.BytesIO()
    baci = io.BytesIO()
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(sheet)
    pq.write_table(
        pa.table(dict(zip(lines[0], map(list, zip(*lines[1:], strict=True)), strict=True))), parquet
    )
    pq.write_table(
        pa.table(
            {
                "t": [2019 + n % 4 for n in range(80)],
                "i": [276 if n % 8 < 4 else 398 for n in range(80)],
                "j": [643] * 80,
                "k": [854231 + n // 8 for n in range(80)],
                "v": [1.5 * n for n in range(80)],
                "q": [0.1 * n for n in range(80)],
            }
        ),
        baci,
    )
    jsonl = "".join(json.dumps(dict(zip(lines[0], x, strict=True))) + "\n" for x in lines[1:])
    own = "".join(
        json.dumps({"id": f"p{n}", "names": [f"Works {n}"], "country": "RU"}) + "\n"
        for n in range(40)
    )
    shares = "owner,owned,low,high\nA,B,30,60\nB,X,50,50\nC,X,,20\nA,X,5,10\n"
    log = _log(HERE)
    samples = HERE / "tests" / "parties" / "samples"
    return [
        *(
            Target(f"list/{p.name}", p.name, p.read_bytes(), listed)
            for p in sorted(samples.iterdir())
        ),
        Target("list/own.jsonl", "own.jsonl", own.encode(), listed),
        Target("names/q.csv", "q.csv", text.getvalue().encode(), asked, own=True),
        Target("names/q.jsonl", "q.jsonl", jsonl.encode(), asked, own=True),
        Target("names/q.xlsx", "q.xlsx", sheet.getvalue(), asked, own=True),
        Target("names/q.parquet", "q.parquet", parquet.getvalue(), asked, own=True),
        Target("trade/baci.parquet", "baci.parquet", baci.getvalue(), traded),
        Target("owners/links.csv", "links.csv", shares.encode(), held),
        Target("decisions/log.jsonl", "log.jsonl", log, decided),
    ]


def _log(_: Path) -> bytes:
    import datetime as dt
    import tempfile

    from bilat.parties.decisions.log import DecisionLog

    with tempfile.TemporaryDirectory() as folder:
        log = DecisionLog(Path(folder) / "log.jsonl")
        for n in range(6):
            log.add(
                f"name {n}",
                "p1",
                "false",
                "another firm",
                "me",
                when=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
            )
        return log.path.read_bytes()


# -- damage ------------------------------------------------------------------------------------------------------


def _flip(raw: bytes, rng: Random) -> bytes:
    out = bytearray(raw)
    for _ in range(rng.choice((1, 1, 3, 20))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _hole(raw: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(raw))
    size = rng.choice((1, 8, 64, 512))
    return raw[:at] + raw[at + size :]


def _twice(raw: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(raw))
    size = rng.choice((16, 256, 4096))
    return raw[: at + size] + raw[at:]


def _noise(raw: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(raw))
    return raw[:at] + rng.randbytes(rng.choice((1, 4, 64))) + raw[at:]


def _words(raw: bytes, rng: Random) -> bytes:
    """Something in it becomes what readers stumble over."""
    odd = (
        b"null",
        b"NaN",
        b"-1",
        b"1e400",
        b"9" * 5000,
        b"\xef\xbc\x91\xef\xbc\x92",
        "²".encode(),
        b"0000-00-00",
        b"9999-99-99",
        b"[" * 3000,
        b'{"a":' * 2000,
        b"<x>" * 3000,
        b"&lol;",
        b'"',
        b"\r",
        b"\t",
        b",,,,",
        b"=cmd|' /C calc'!A0",
        b"\x1b]0;owned\x07",
        "\u202e".encode(),
        b"x" * 2_000_000,
        b"\n\n\n",
        b"{}",
        b"true",
    )
    at = rng.randrange(len(raw))
    return raw[:at] + rng.choice(odd) + raw[at + rng.choice((0, 1, 4, 10)) :]


def _lines(raw: bytes, rng: Random) -> bytes:
    """Lines in another order, one lost, or one over and over."""
    lines = raw.split(b"\n")
    at = rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            lines[at], lines[0] = lines[0], lines[at]
        case 1:
            del lines[at]
        case _:
            lines[at:at] = [lines[at]] * rng.choice((1, 3, 2000))
    return b"\n".join(lines)


def _cut(raw: bytes, rng: Random) -> bytes:
    return raw[: rng.randrange(len(raw))]


def _zeros(raw: bytes, rng: Random) -> bytes:
    """Packed: zeros without end."""
    return gzip.compress(b"\x00" * 80_000_000, 1)


def _bomb(raw: bytes, rng: Random) -> bytes:
    """Packed: zeros without end, or the body over and over."""
    inside = b"\x00" * 80_000_000 if rng.random() < 0.5 else raw * (80_000_000 // max(len(raw), 1))
    return gzip.compress(inside, 1)


DAMAGES: list[tuple[Callable[[bytes, Random], bytes], int]] = [
    (_flip, 20),
    (_hole, 15),
    (_twice, 12),
    (_noise, 12),
    (_words, 20),
    (_lines, 12),
    (_cut, 8),
    (_bomb, 1),
]


def damaged(target: Target, seed: str) -> bytes:
    """The sample with damage that the seed decides; what is packed is damaged inside, or as it is."""
    rng = Random(f"{seed} {target.name}")
    damage = rng.choices([d for d, _ in DAMAGES], [w for _, w in DAMAGES])[0]
    damage = _zeros if damage is _bomb and target.own else damage
    raw = target.raw
    packed = damage not in (_bomb, _zeros)
    if raw.startswith(b"\x1f\x8b") and packed and rng.random() < 0.7:
        return gzip.compress(damage(gzip.decompress(raw), rng), 1, mtime=0)
    if raw.startswith(b"BZh") and packed and rng.random() < 0.7:
        return bz2.compress(damage(bz2.decompress(raw), rng), 1)
    return damage(raw, rng)


# -- reading it --------------------------------------------------------------------------------------------------


class _TooLong(BaseException):
    pass


def _stop(*_: object) -> None:
    raise _TooLong


def _judged(target: Target, path: Path, sound: str) -> tuple[str, str]:
    """(what became of it, in words where it is a fault)."""
    from bilat.errors import BilatError, as_error

    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return ("read the same" if target.read(path) == sound else "read otherwise"), ""
    except BilatError as e:
        said = str(e)
        if "\n" in said:
            return "more than one line", said
        return ("refused", "") if path.name in said else ("names no file", said)
    except _TooLong:
        return "over 20 s", ""
    except MemoryError:
        return "over 1.5 GB", ""
    except Exception as e:
        return "traceback", str(as_error(e))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _some(target: Target, seeds: list[str], here: Path) -> Callable[[], None]:
    def deed() -> None:
        path = here / target.file
        path.write_bytes(target.raw)
        sound = target.read(path)
        for seed in seeds:
            path.write_bytes(damaged(target, seed))
            print("begun", seed, flush=True)
            print(json.dumps([seed, *_judged(target, path, sound)]), flush=True)

    return deed


def fuzzed(target: Target, many: int, seed: int, work: Path) -> tuple[Counter[str], list[str]]:
    """What became of so many damaged files of one reader, and the faults, a line each."""
    return tried(target, [f"{seed}.{n}" for n in range(many)], work)


def tried(target: Target, seeds: list[str], work: Path) -> tuple[Counter[str], list[str]]:
    """As above for the damage of these seeds."""
    here = work / target.name.replace("/", "-")
    here.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    faults: list[str] = []
    waiting = list(seeds)
    while waiting:
        now = waiting[:A_CHILD]
        waiting = waiting[A_CHILD:]
        # The bound of a child's processor time is for all its files; each file has its own.
        how = done(_some(target, now, here), here, seconds=A_CHILD * SECONDS)
        seen = [json.loads(x) for x in how.out.splitlines() if x.startswith("[")]
        for one, became, said in seen:
            counts[became] += 1
            if became not in ("refused", "read the same", "read otherwise"):
                faults.append(f"{target.name} seed {one}: {became} {said}"[:300])
        if how.code and len(seen) < len(now):
            if not seen and not how.out:
                raise RuntimeError(f"{target.name}: the sound sample is not read: {how.err[-500:]}")
            counts["ended its process"] += 1
            faults.append(
                f"{target.name} seed {now[len(seen)]}: ended its process ({how.code}) {how.err[-150:]!r}"
            )
            waiting = now[len(seen) + 1 :] + waiting
    return counts, faults
