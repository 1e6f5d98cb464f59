# SPDX-License-Identifier: Apache-2.0
"""What people and time do to a file and to a folder: saved again, an older download, other units, dates and columns
elsewhere, an upgrade. Each sample of delimited text is held, changed, and pulled once more."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parents[1]
Rows = list[list[str]]
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_DATE = re.compile(r"(?<![0-9])(19|20)([0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class Sheet:
    """A delimited file taken apart: what stands above the header, the header, the rows, and how it is written."""

    above: str
    header: list[str]
    rows: Rows
    delimiter: str
    end: str
    encoding: str
    packed: bool

    def written(
        self, rows: Rows, *, end: str = "", mark: bool = False, spreadsheet: bool = False
    ) -> bytes:
        """Its bytes with these rows; ``spreadsheet``: as one saves it, each number and day in its shortest form."""
        out = io.StringIO()
        quoting = csv.QUOTE_MINIMAL
        writer = csv.writer(
            out, delimiter=self.delimiter, lineterminator=end or self.end, quoting=quoting
        )
        cells = [[_shortest(c) for c in r] for r in rows] if spreadsheet else rows
        writer.writerows([self.header, *cells] if self.header else cells)
        text = (
            ("\ufeff" if mark else "")
            + self.above.replace(self.end, end or self.end)
            + out.getvalue()
        )
        raw = text.encode(self.encoding, "replace")
        return gzip.compress(raw, 1, mtime=0) if self.packed else raw

    def numbers(self) -> list[int]:
        """The columns that measure: every filled cell a number, some with decimals or above 3,000."""
        found = []
        for n in range(len(self.rows[0])):
            cells = [r[n] for r in self.rows if n < len(r) and r[n]]
            if (
                cells
                and all(_NUMBER.fullmatch(c) for c in cells)
                and any("." in c or abs(float(c)) > 3000 for c in cells)
            ):
                found.append(n)
        return found


def _shortest(cell: str) -> str:
    return f"{float(cell):.15g}" if _NUMBER.fullmatch(cell) and "." in cell else cell


def sheet(raw: bytes, skip: int, headed: bool, delimiter: str, encoding: str) -> Sheet:
    """A file taken apart."""
    packed = raw.startswith(b"\x1f\x8b")
    text = (gzip.decompress(raw) if packed else raw).decode(encoding).removeprefix("\ufeff")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    above = "".join(line + end for line in lines[:skip])
    rows = [
        r
        for r in csv.reader(io.StringIO(end.join(lines[skip:]), newline=""), delimiter=delimiter)
        if r
    ]
    header = rows.pop(0) if headed else []
    return Sheet(above, header, rows, delimiter, end, encoding, packed)


def _units(s: Sheet, factor: float) -> Rows:
    of = set(s.numbers())
    return [
        [
            f"{float(c) * factor:.10g}" if n in of and c and _NUMBER.fullmatch(c) else c
            for n, c in enumerate(r)
        ]
        for r in s.rows
    ]


def _slid(s: Sheet) -> Rows:
    """The last measure slides down a row."""
    n = s.numbers()[-1]
    cells = [r[n] for r in s.rows]
    return [[*r[:n], c, *r[n + 1 :]] for r, c in zip(s.rows, [cells[-1], *cells[:-1]], strict=True)]


def _left(s: Sheet) -> Rows:
    """Each row loses a cell in its middle and gains an empty one at its end."""
    at = len(s.rows[0]) // 2
    return [[*r[:at], *r[at + 1 :], ""] for r in s.rows]


def _later(s: Sheet) -> Rows:
    """Ten years are added in every column that holds years or days alone."""
    whole = re.compile(r"(19|20)[0-9]{2}([-/][0-9]{1,2}){0,2}( [0-9:]+)?")
    of = {
        n
        for n in range(len(s.rows[0]))
        if all(whole.fullmatch(r[n]) for r in s.rows if n < len(r) and r[n])
    }
    return [
        [_DATE.sub(lambda m: str(int(m[0]) + 10), c) if n in of else c for n, c in enumerate(r)]
        for r in s.rows
    ]


#: What is done -> (the bytes that come of it; None where the file has nothing of the kind, what may become of them).
# unchanged: nothing that is read has changed
SAME = ("unchanged",)
APART = ("unchanged", "refused", "quarantined")
OLDER = (*APART, "older")
DEEDS: dict[str, tuple[Callable[[Sheet], bytes | None], tuple[str, ...]]] = {
    "saved with CRLF": (lambda s: s.written(s.rows, end="\r\n"), SAME),
    "saved with a byte-order mark": (lambda s: s.written(s.rows, mark=True), SAME),
    "saved by a spreadsheet": (
        lambda s: s.written(s.rows, end="\r\n", mark=True, spreadsheet=True),
        SAME,
    ),
    "rows in another order": (lambda s: s.written(s.rows[::-1]), SAME),
    "an older download": (
        lambda s: s.written(sorted(s.rows, key=_when)[: max(len(s.rows) * 9 // 10, 1)]),
        OLDER,
    ),
    "units times a thousand": (
        lambda s: s.written(_units(s, 1000)) if s.numbers() else None,
        APART,
    ),
    "units by a thousand": (lambda s: s.written(_units(s, 0.001)) if s.numbers() else None, APART),
    "every measure zero": (lambda s: s.written(_units(s, 0)) if s.numbers() else None, APART),
    "a column slid down a row": (lambda s: s.written(_slid(s)) if s.numbers() else None, APART),
    "cells slid to the left": (lambda s: s.written(_left(s)), APART),
    "dates ten years on": (lambda s: s.written(_later(s)) if _later(s) != s.rows else None, APART),
    "half of the rows": (lambda s: s.written(s.rows[::2]), APART),
}


def _when(row: list[str]) -> str:
    found = [c for c in row if re.match(r"(19|20)[0-9]{2}(-[0-9]{2})*", c)]
    return max(found, default="")


def people(
    work: Path, many: int, rng: Random
) -> tuple[Counter[str], dict[str, Counter[str]], list[str]]:
    """(what became of all, by deed, and a line for each that was taken in as if it were a new edition)."""
    sys.path[:0] = [str(HERE / "tests"), str(HERE / "tests" / "samples")]
    from sample_files import SAMPLES

    from bilat.errors import BilatError
    from bilat.holdings import acceptance

    cases = [p.values[0] for p in SAMPLES]
    cases = [
        c
        for c in cases
        if c.path.name.endswith((".csv", ".csv.gz", ".txt"))
        and c.source.name != "jp_export_bans"
        and not c.file.partial  # which says too little of a list for another to be held against it
    ]
    tried = [(c, deed) for c in cases for deed in DEEDS]
    tried = tried if many >= len(tried) else rng.sample(tried, many)
    total: Counter[str] = Counter()
    by_deed: dict[str, Counter[str]] = {}
    taken: list[str] = []
    embedded, acceptance.embedded_folder = acceptance.embedded_folder, lambda: work / "nothing"
    try:
        for n, (case, deed) in enumerate(tried):
            make, wanted = DEEDS[deed]
            read = case.source.read | case.file.read
            headed = case.file.options.get("format") not in ("ofac-csv", "ofac-alt", "ofac-add")
            tab = "\t" if case.path.suffix == ".txt" else read.get("delimiter", ",")
            try:
                apart = sheet(
                    case.path.read_bytes(),
                    read.get("skip", 0),
                    headed,
                    tab,
                    read.get("encoding", "utf-8"),
                )
                raw = make(apart)
            except (UnicodeDecodeError, IndexError, csv.Error):
                continue
            if raw is None or len(apart.rows) < 4:
                continue
            became = _pulled(case, raw, work / str(n), BilatError)
            what = (
                became
                if became in wanted
                else "refused"
                if became == "refused"
                else f"read otherwise: {became}"
            )
            total[what.split(":")[0]] += 1
            by_deed.setdefault(deed, Counter())[what.split(":")[0]] += 1
            if what.startswith("read otherwise"):
                taken.append(f"{case.source.name}/{case.path.name}: {deed}: {became}")
    finally:
        acceptance.embedded_folder = embedded
    return total, by_deed, taken


def _pulled(case: object, raw: bytes, work: Path, ours: type[Exception]) -> str:
    """What a pull makes of the sample and then of these bytes: unchanged, refused, quarantined, older, or changed."""
    from bilat.files.digest import sha256_of
    from bilat.holdings import Store
    from bilat.holdings.pull import pull

    name = case.path.name  # type: ignore[attr-defined]
    (work / "a").mkdir(parents=True)
    (work / "b").mkdir()
    (work / "a" / name).write_bytes(case.path.read_bytes())  # type: ignore[attr-defined]
    (work / "b" / name).write_bytes(raw)
    about = {
        "path": name,
        "sha256": sha256_of(work / "a" / name),
        "min_rows": 1,
        "min_lines": 0,
        "closed_on": None,
    }
    file = case.file.model_copy(update=about)  # type: ignore[attr-defined]
    source = case.source.model_copy(update={"files": [file]})  # type: ignore[attr-defined]
    store = Store(work / "h")
    (first,) = pull([source], store, mirror=work / "a")
    if first.status != "added":
        raise RuntimeError(f"{name}: the sound sample is not taken in: {first.why}")
    (done,) = pull([source], store, mirror=work / "b")
    if done.status == "added":
        return "older" if done.changes and "goes on speaking" in done.changes[-1] else "changed"
    return done.status


def upgraded(work: Path, many: int, rng: Random) -> list[str]:
    """A folder as the version before left it (manifest 2, another reader): opened, rebuilt, and then as if new."""
    from bilat.catalog import source
    from bilat.holdings import Holdings, Store
    from bilat.holdings.pull import pull
    from bilat.holdings.rebuild import rebuild
    from bilat.holdings.store import _hash
    from bilat.when import AsOf

    wrong = []
    for n in range(many):
        store = Store(work / f"folder-{n}")
        names = rng.sample(
            ["armour_points", "blockade_facts", "un_ukraine_later", "later_pacts"], 2
        )
        list(pull([source(x) for x in names], store))
        whole = store.entries()
        before = json.loads(json.dumps(whole))
        for e in before:
            for gone in ("reader", "closed_on"):
                e.pop(gone, None)
            for t in e["tables"].values():
                for gone in ("content", "known", "profile"):
                    t.pop(gone, None)
        state = {"version": 2, "sha256": _hash(before), "snapshots": before}
        (store.root / "manifest.json").write_text(json.dumps(state), "utf-8")
        notes: list[str] = []
        held = Holdings(store.root, note=notes.append)
        rows = held.connect(AsOf()).table("SELECT count(*) AS n FROM series")["n"].to_pylist()
        if not any("sources rebuild" in x for x in notes) or rows == [0]:
            wrong.append(f"folder {n} ({', '.join(names)}): opened without a word, or without rows")
        if (
            {d.status for d in rebuild(store)} != {"rebuilt"}
            or store.entries() != whole
            or store.check()
        ):
            wrong.append(f"folder {n} ({', '.join(names)}): not as a new one after the rebuild")
    return wrong
