# SPDX-License-Identifier: Apache-2.0
"""Two or more teams' folders as one: everything of each is kept, and what contradicts is shown.

Nothing is overwritten. The folders are only read. In the merged folder

- decisions, dissents and markings of all teams stand in the order of time, one that several teams have once;
- on a match that teams decided differently follows one more decision, *unresolved*, that says who decided what: a
  screening with the merged log shows the disagreement instead of whoever wrote last;
- a thing that teams marked differently bears the stricter marking;
- rows of one id and another content are both kept, the later team's under ``id@team``;
- holdings are joined by the hash of the publisher's file; where two teams hold other rows of one file, the first
  team's count and the other's lie in ``conflicts/<team>/``;
- ``conflicts.jsonl`` lists every contradiction with the marking of what it quotes.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.files.json_types import JsonObject
from bilat.files.write import swap_folder, writable, write_text
from bilat.handling import Marking, join, marked
from bilat.holdings import Store
from bilat.holdings.births import Entry
from bilat.parties.decide.decisions import Decided, Decision, DecisionLog
from bilat.sharing.own_rows import OwnRow, rows_text
from bilat.sharing.team import DECISIONS, DISSENTS, MARKINGS, ROWS, Mark, MarkLog, Team
from bilat.verdicts.dissents import Dissent, DissentLog

#: Who a decision is by that a merge adds.
MERGE = "merge"


@dataclass(frozen=True)
class Conflict:
    """Something on which teams contradict one another. ``sides`` is (team, what it says) in the order given."""

    what: str  #: decision, dissent, marking, row, holdings
    about: str
    sides: tuple[tuple[str, str], ...]
    kept: str  #: what stands in the merged folder
    marking: str

    def to_json(self) -> JsonObject:
        """Plain data: a line of ``conflicts.jsonl``."""
        return {**asdict(self), "sides": [list(s) for s in self.sides]}


@dataclass(frozen=True)
class Merged:
    """What a merge made."""

    out: Path
    teams: tuple[str, ...]
    decisions: int
    dissents: int
    markings: int
    rows: int
    snapshots: int
    conflicts: tuple[Conflict, ...]

    def to_json(self) -> JsonObject:
        """Plain data."""
        told = {k: v for k, v in asdict(self).items() if k not in ("out", "conflicts")}
        return {**told, "conflicts": [c.to_json() for c in self.conflicts]}


def merge(folders: Sequence[Path | str], out: Path | str) -> Merged:
    """Merge teams' folders into a new one.

    Raises
    ------
    UsageError
        for fewer than two folders, two of one name, or a place that is not new.
    DataError
        for a folder that is damaged, or a place that cannot be written; nothing is left behind then.
    """
    teams, place = [Team(f) for f in folders], Path(out)
    names = [t.name for t in teams]
    if len(teams) < 2:
        raise UsageError("a merge needs two folders or more")
    if len(set(names)) < len(names):
        raise UsageError(
            f"two folders are called {max(names, key=names.count)!r}; rename one: teams are known by it"
        )
    if place.exists():
        raise UsageError(f"{place} exists; name a new folder with `out`: nothing is overwritten")
    with writable(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            made = _merged(teams, fresh, place)
            fresh.chmod(0o755)
            swap_folder(fresh, place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return made


def _merged(teams: list[Team], root: Path, place: Path) -> Merged:
    conflicts: list[Conflict] = []
    marks = _marks(teams, conflicts)
    decisions = _decisions(teams, conflicts)
    dissents = _dissents(teams, conflicts)
    rows = _rows(teams, conflicts)
    snapshots = _holdings(teams, root, conflicts)
    _write_log(MarkLog(root / MARKINGS), marks)
    _write_log(DecisionLog(root / DECISIONS), decisions)
    _write_log(DissentLog(root / DISSENTS), dissents)
    if rows:
        write_text(root / ROWS, rows_text(rows))
    lines = "".join(json.dumps(c.to_json(), ensure_ascii=False) + "\n" for c in conflicts)
    write_text(root / "conflicts.jsonl", lines)
    return Merged(
        place, tuple(t.name for t in teams), len(decisions), len(dissents), len(marks), len(rows), snapshots,
        tuple(conflicts),
    )  # fmt: skip


def _write_log(log: Any, records: Sequence[Any]) -> None:
    """The records as a new log with a chain of its own; no file where there are none."""
    if records:
        log.write(*(_linked(r) for r in records))


def _linked(record: Any) -> Callable[[str], Any]:
    return lambda previous: replace(record, previous=previous)


def _in_time(
    teams: list[Team], entries: Callable[[Team], Sequence[Any]], what: str, conflicts: list[Conflict]
) -> list[Any]:
    """The records of all teams in the order of time, one that several have once, with the stricter marking."""
    found: dict[Any, dict[str, Marking]] = {}
    for team in teams:
        for record in entries(team):
            bare = replace(record, previous="", marking="")
            before = found.setdefault(bare, {}).get(team.name, Marking())
            found[bare][team.name] = before.joined(marked(record.marking))
    out = []
    for bare, sides in sorted(found.items(), key=lambda item: item[0].when):
        strict = str(join(sides.values()))
        if len(set(sides.values())) > 1:
            said = tuple((name, str(m)) for name, m in sides.items())
            conflicts.append(
                Conflict("marking", f"{what} of {bare.when} by {bare.who}", said, strict, strict)
            )
        out.append(replace(bare, marking=strict))
    return out


def _decisions(teams: list[Team], conflicts: list[Conflict]) -> list[Decision]:
    every = _in_time(teams, Team.decisions, "decision", conflicts)
    last: dict[tuple[str, str], dict[str, Decided]] = {}
    for team in teams:
        for key, decided in team.decision_log.latest().items():
            last.setdefault(key, {})[team.name] = decided
    own = {t.name: {d.digest(): d for d in t.decision_log.entries()} for t in teams}
    counting = {t.name: dict(zip(own[t.name], t.decisions(), strict=True)) for t in teams}
    for key, sides in sorted(last.items()):
        if len({s.decision.verdict for s in sides.values()}) < 2:
            continue
        told = {name: counting[name][s.decision.digest()] for name, s in sides.items()}
        said = tuple(
            (name, f"{d.verdict} by {d.who} on {d.when[:10]}: {d.reason}") for name, d in told.items()
        )
        marking = str(join(marked(d.marking) for d in told.values()))
        newest = max(told.values(), key=lambda d: d.when)
        every.append(
            replace(
                newest,
                verdict="unresolved",
                who=MERGE,
                marking=marking,
                previous="",
                reason="teams differ: " + "; ".join(f"{name} says {text}" for name, text in said),
            )
        )
        about = f"{newest.query} / {key[1]}"
        conflicts.append(Conflict("decision", about, said, "unresolved, after both", marking))
    return every


def _dissents(teams: list[Team], conflicts: list[Conflict]) -> list[Dissent]:
    latest: dict[str, dict[str, Dissent]] = {}
    for team in teams:
        for d in team.dissents():
            latest.setdefault(d.claim, {})[team.name] = d
    for claim, sides in sorted(latest.items()):
        if len({d.verdict for d in sides.values()}) > 1:
            said = tuple((n, f"{d.verdict} by {d.who} as of {d.as_of}: {d.why}") for n, d in sides.items())
            marking = str(join(d.handling for d in sides.values()))
            conflicts.append(Conflict("dissent", f"claim {claim}", said, "both, beside our verdict", marking))
    return _in_time(teams, Team.dissents, "dissent", conflicts)


def _marks(teams: list[Team], conflicts: list[Conflict]) -> list[Mark]:
    """Every marking of a claim. What was marked otherwise (a decision, a dissent, a row) bears its marking itself in
    the merged folder: its hash is another there, and an id may be another team's row."""
    kept: dict[Mark, None] = {}
    sided: dict[str, dict[str, Marking]] = {}
    for team in teams:
        kept.update(
            {replace(m, previous=""): None for m in team.mark_log.entries() if m.about.startswith("claim ")}
        )
        for about, marking in team.marks.items():
            if about.startswith("claim "):
                sided.setdefault(about, {})[team.name] = marking
    out = sorted(kept, key=lambda m: m.when)
    for about, sides in sorted(sided.items()):
        if len(set(sides.values())) > 1:
            strict = str(join(sides.values()))
            said = tuple((name, str(m)) for name, m in sides.items())
            conflicts.append(Conflict("marking", about, said, strict, strict))
            newest = [m for m in out if m.about == about][-1]
            out.append(replace(newest, marking=strict, who=MERGE, why="teams differ: the stricter"))
    return out


def _rows(teams: list[Team], conflicts: list[Conflict]) -> list[OwnRow]:
    kept: dict[str, tuple[str, OwnRow]] = {}
    for team in teams:
        for row in team.rows():
            before = kept.get(row.id)
            if before is None:
                kept[row.id] = (team.name, row)
                continue
            strict = str(before[1].handling.joined(row.handling))
            if replace(before[1], marking="") == replace(row, marking=""):
                if before[1].marking != row.marking:
                    sides = ((before[0], before[1].marking), (team.name, row.marking))
                    conflicts.append(Conflict("marking", f"row {row.id}", sides, strict, strict))
                    kept[row.id] = (before[0], replace(row, marking=strict))
                continue
            other = f"{row.id}@{team.name}"
            if other in kept:
                raise DataError(
                    "is an id that a merge gives", file=team.folder / ROWS, value=other, cure="rename it"
                )
            kept[other] = (team.name, replace(row, id=other))
            said = tuple(
                (n, f"{r.value:g} {r.unit} in {r.period} ({r.source})") for n, r in (before, (team.name, row))
            )
            conflicts.append(Conflict("row", row.id, said, f"both, the second as {other}", strict))
    return [row for _, row in kept.values()]


def _holdings(teams: list[Team], root: Path, conflicts: list[Conflict]) -> int:
    """Join the holdings; how many snapshots there are then."""
    joined: dict[tuple[str, str], tuple[Team, Entry]] = {}
    for team in teams:
        store = Store(team.folder)
        for entry in store.entries():
            _files(team, entry)
            if wrong := store.complaints(entry):
                raise DataError(wrong[0])
            key = (entry["source"], entry["sha256"])
            if key in joined:
                _other_rows(joined[key], team, entry, root, conflicts)
            else:
                joined[key] = (team, entry)
    _two_editions(joined, conflicts)
    for team, entry in joined.values():
        _copy(team, root, entry)
    if joined:
        Store(root).take_over([entry for _, entry in joined.values()])
    return len(joined)


_TABLE_FILE = re.compile(r"tables/[a-z0-9_]+/[A-Za-z0-9_-]+\.parquet")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def _files(team: Team, entry: Entry) -> list[str]:
    """The files of a snapshot, all within the folder.

    Raises
    ------
    DataError
        for a name that leads elsewhere: another team's manifest is not taken at its word.
    """
    names = [t["file"] for t in entry["tables"].values()]
    wrong = next((n for n in names if not _TABLE_FILE.fullmatch(n)), None)
    if wrong is not None or not _SHA256.fullmatch(entry["sha256"]):
        raise DataError(
            "names a file that no table of a snapshot has", file=team.folder / "manifest.json",
            value=wrong or entry["sha256"], cure="get the folder again",
        )  # fmt: skip
    kept = f"snapshots/{entry['sha256']}"
    return [*names, *([kept] if (team.folder / kept).exists() else [])]


def _copy(team: Team, target: Path, entry: Entry) -> None:
    for name in _files(team, entry):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(team.folder / name, target / name)


def _other_rows(
    held: tuple[Team, Entry],
    team: Team,
    entry: Entry,
    root: Path,
    conflicts: list[Conflict],
) -> None:
    """Two teams hold one publisher's file: are its rows the same? If not, the second's are laid aside."""
    first, before = held
    hashes = [{n: t["sha256"] for n, t in e["tables"].items()} for e in (before, entry)]
    if hashes[0] == hashes[1]:
        return
    _copy(team, root / "conflicts" / team.name, entry)
    said = tuple(
        (t.name, ", ".join(f"{x['rows']} rows of {n}" for n, x in sorted(e["tables"].items())))
        for t, e in ((first, before), (team, entry))
    )
    about = f"{entry['source']} {entry['path']} {entry['sha256'][:12]}"
    kept = f"{first.name}'s rows; the others lie in conflicts/{team.name}"
    conflicts.append(Conflict("holdings", about, said, kept, str(Marking())))


def _two_editions(joined: dict[tuple[str, str], tuple[Team, Entry]], conflicts: list[Conflict]) -> None:
    """Two files that both say that they are the edition of one day."""
    editions: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for team, e in joined.values():
        key = (e["source"], e["series"], e["vintage"])
        editions.setdefault(key, []).append((team.name, f"{e['path']} {e['sha256'][:12]}"))
    for (source, series, day), sides in sorted(editions.items()):
        paths = {text.rsplit(" ", 1)[0] for _, text in sides}
        if len(sides) > 1 and len(paths) < len(sides):
            conflicts.append(
                Conflict("holdings", f"{source}/{series} of {day}", tuple(sides), "both", str(Marking()))
            )
