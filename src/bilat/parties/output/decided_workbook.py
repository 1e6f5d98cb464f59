# SPDX-License-Identifier: Apache-2.0
"""The results of a screening once more, with the decisions that were taken after it.

A screening leaves its names with their rows in a file. The workbook is written from that file again
when somebody takes it, so that it says what was decided up to then.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, takewhile
from operator import itemgetter
from pathlib import Path

from bilat.errors import DataError
from bilat.files.write import atomic_write
from bilat.parties.decisions.log import (
    KNOWN,
    NOBODY,
    Decided,
    Decision,
    consignment_key,
    pair_key,
)
from bilat.parties.decisions.reach import decision_fields, decision_in_words
from bilat.parties.lists.entries import Used
from bilat.parties.match.chance import BANDS
from bilat.parties.output.workbook import WorkbookRun, write_workbook
from bilat.parties.screening.alerts import Row, row_in_words
from bilat.parties.screening.rows import CLEARED

#: Decisions by name and party.
Decisions = Mapping[tuple[str, str], Decided]
#: Flags of a row that an earlier decision no longer settles.
OUTGROWN = frozenset({"decision_expired", "cleared_on_less"})


@dataclass
class StoredRun:
    """What a workbook says of a run as a whole, as the file of its names keeps it."""

    columns: tuple[str, ...]
    lists: list[Used]
    day: dt.date
    notes: list[str]
    age: str
    counts: list[str]
    begun: str  # when the decisions were read that its rows know
    four_eyes: bool = False
    marking: str = ""
    labels: tuple[str, ...] = ()

    def summary(self) -> list[str]:
        """Return the counts of names."""
        return self.counts


@dataclass(frozen=True, slots=True)
class AlertSubject:
    """What a decision on an alert is about: name and party, and what the row says of the party."""

    key: tuple[str, str]
    said: tuple[str, ...]
    outgrown: bool  # an earlier decision is known not to reach this row


@dataclass(frozen=True)
class LaterDecision:
    """The last decision on an alert, and how many people took it."""

    decision: Decision
    eyes: int

    def clears(self, *, four_eyes: bool) -> bool:
        """Return whether it settles that the party is another one."""
        return self.decision.verdict == "false" and self.eyes > four_eyes


def stored_run(run: WorkbookRun, begun: str, marking: str, labels: Sequence[str]) -> StoredRun:
    """Return what a workbook says of a run, to be kept with its names.

    ``begun``: when it began.
    """
    return StoredRun(
        columns=tuple(run.columns),
        lists=run.lists,
        day=run.day,
        notes=run.notes,
        age=run.age,
        counts=run.summary(),
        begun=begun,
        four_eyes=run.four_eyes,
        marking=marking,
        labels=tuple(labels),
    )


def store_names(names: Iterable[Row], path: Path, run: StoredRun) -> None:
    """Write the names of a run with their rows, under a line that says what the run was."""
    with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps(asdict(run), ensure_ascii=False, default=str) + "\n")
        handle.writelines(json.dumps(name, ensure_ascii=False) + "\n" for name in names)


def write_decided_workbook(stored: Path, out: Path, decisions: Decisions) -> None:
    """Write the workbook of a stored run, with the decisions taken since.

    Raises
    ------
    DataError
        if the run was not stored.
    """
    if not stored.is_file():
        raise DataError(
            "this result was made by an earlier version of bilat, so its workbook has no decisions",
            cure="send the file again",
        )
    with stored.open(encoding="utf-8") as handle:
        run = _run_of(json.loads(handle.readline()))

    def names() -> Iterator[Row]:
        with stored.open(encoding="utf-8") as lines:
            next(lines)
            for _, group in groupby(map(json.loads, lines), key=itemgetter("row")):
                yield from _with_decisions([*group], decisions, run)

    with atomic_write(out) as temporary:
        write_workbook(names, temporary, run, run.marking, run.labels)


def _run_of(told: Row) -> StoredRun:
    day = dt.date.fromisoformat(told["day"])
    lists = [Used(**used) for used in told["lists"]]
    sequences = {name: tuple(told[name]) for name in ("columns", "labels")}
    return StoredRun(**{**told, **sequences, "lists": lists, "day": day})


def _with_decisions(names: list[Row], decisions: Decisions, run: StoredRun) -> list[Row]:
    """Return the names of one row of the file, each alert with its decision.

    What was decided stands behind the sentence of the consignment.
    """
    released = _released(names, decisions, run.begun)
    if released is not None:
        return [{**name, "released": decision_fields(released)} for name in names]
    said = []
    for name in names:
        for row in name["rows"]:
            later = decision_on(subject_of(row), decisions, run.begun)
            if later is None:
                continue
            _add_flag(row, later)
            if later.clears(four_eyes=run.four_eyes):
                row["band"] = CLEARED
            said.append(_in_sentence(name, row, later.decision))
        name["rows"].sort(key=lambda row: row["band"] == CLEARED)
        bands = {row["band"] for row in name["rows"]}
        if bands:
            name["band"] = next(band for band in (*dict(BANDS), CLEARED) if band in bands)
    for name in names:
        if said and name["consignment"]:
            name["consignment"] = " ".join((name["consignment"], *dict.fromkeys(said)))
    return names


def _released(names: Sequence[Row], decisions: Decisions, begun: str) -> Decision | None:
    """Return the release of a row of the file in which nothing was found; None if it has none."""
    if any(name["rows"] for name in names):
        return None
    place = row_in_words(names[0].get("reference", ""), names[0]["row"])
    key = consignment_key(place, [name["query"] for name in names])
    found = decisions.get(pair_key(key, NOBODY))
    return found.decision if found is not None and found.decision.when >= begun else None


def add_decisions(rows: Iterable[Row], decisions: Decisions, since: str) -> Iterator[Row]:
    """Yield alerts, each with the flag of the decision that was taken on it since a moment."""
    for row in rows:
        later = decision_on(subject_of(row), decisions, since)
        if later is not None:
            _add_flag(row, later)
        yield row


def _add_flag(row: Row, later: LaterDecision) -> None:
    """Put a decision in the place of what was said of earlier ones."""
    words = decision_in_words(later.decision, later.eyes)
    made = {"flag": "decided", "says": words, "rule": "decision after the screening", "url": ""}
    made |= decision_fields(later.decision)
    row["flags"] = [flag for flag in row["flags"] if not _is_decision(flag)] + [made]


def _is_decision(flag: Mapping[str, str]) -> bool:
    return flag["flag"].startswith(("decided", "decision", "cleared"))


def _in_sentence(name: Row, row: Row, made: Decision) -> str:
    what = {"true": "is", "false": "is not", "unresolved": "may be"}[made.verdict]
    return f"Decided since: {name['query'][:80]} {what} {row['name']} ({made.who})."


def subject_of(row: Row) -> AlertSubject:
    """Return what a decision on an alert is about."""
    said = tuple(" ".join(str(row["asked"].get(k, "")).split()) for k in KNOWN)
    flags = {flag["flag"] for flag in row["flags"]}
    return AlertSubject(pair_key(row["query"], row["party"]), said, not flags.isdisjoint(OUTGROWN))


def decision_on(
    subject: AlertSubject, decisions: Decisions, since: str = ""
) -> LaterDecision | None:
    """Return the last decision on an alert that was taken since a moment; None for none.

    A decision is about a row that says no more of the party than was known when it was taken:
    another date of birth is another person's.
    """
    found = decisions.get(subject.key)
    if found is None:
        return None
    reach = [d for d in found.history if _reaches(d, subject)]
    if not reach or reach[-1].when < since:
        return None
    last = reach[-1]
    agree = takewhile(lambda d: (d.verdict, d.entry) == (last.verdict, last.entry), reach[::-1])
    return LaterDecision(last, len({d.who for d in agree}))


def _reaches(decision: Decision, subject: AlertSubject) -> bool:
    known = decision.known
    return all(text in ("", known[k]) for k, text in zip(KNOWN, subject.said, strict=True))


def standing_decision(
    subject: AlertSubject, decisions: Decisions, begun: str
) -> LaterDecision | None:
    """Return the decision that stands on an alert now; None where it is open.

    ``begun``: when its screening began. ``unresolved`` is open, and so is an alert whose earlier
    decision expired or was taken on less.
    """
    since = begun if subject.outgrown else ""
    found = decision_on(subject, decisions, since)
    return None if found is None or found.decision.verdict == "unresolved" else found
