# SPDX-License-Identifier: Apache-2.0
"""Which answers changed between two dates, why, and the rows that are new under them.

Beside a change stand the evidence and the rows that the later judgement rests on and the earlier one did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.units.written import counted
from bilat.verdicts import Judgement
from bilat.when import Period


@dataclass(frozen=True)
class Changed:
    """An answer that changed."""

    claim: str
    says: str
    before: str
    after: str
    sentence: str  #: the later answer
    reasons: tuple[str, ...]  #: what is new: documents first, then rows, sorted by what they are
    rows: tuple[str, ...]  #: every row that is new
    rule: str


def changed(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[Changed]:
    """The claims whose answer is another one, and what is new under it."""
    old = {j.id: j for j in before}
    out = []
    for now in after:
        was = old.get(now.id)
        if was is None or was.verdict == now.verdict:
            continue
        reasons, rows = _reasons(was, now)
        held = {e.id for e in was.current.evidence if e.kind == "document"}
        new = [e for e in now.current.evidence if e.kind == "document" and e.id not in held]
        said = tuple(f"{', '.join(e.publishers)}, {e.period}: {e.says}" for e in new[:MOST])
        out.append(
            Changed(now.id, now.claim, was.verdict, now.verdict, now.why, said + reasons, rows, now.rule)
        )
    return out


#: Documents that are named under a change.
MOST = 3
_KINDS = ("world", "belated", "edition", "late")


def _reasons(before: Judgement, after: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows that are new under a judgement, sorted: of periods since, belated, restated, late."""
    old, new = _evidence(before), _evidence(after)
    periods = {key[:3] for key in old}
    editions: dict[str, set[str]] = {}
    for _, _, _, source, _, snapshot in old:
        editions.setdefault(source, set()).add(snapshot)
    kinds: dict[str, list[tuple[str, str, str, str, str, str]]] = {k: [] for k in _KINDS}
    world, belated, edition, late = kinds.values()
    for key in sorted(set(new) - set(old)):
        _, _, period, source, _, snapshot = key
        if key[:3] not in periods:
            (world if Period(period).end > before.as_of.date else belated).append(key)
        elif snapshot not in editions.get(source, set()):
            edition.append(key)
        else:
            late.append(key)
    _once([world, edition, late, belated])
    counts = {kind: len({k[3:] for k in keys}) for kind, keys in kinds.items()}
    reasons = []
    if world:
        reasons.append(
            f"since then: {counted(counts['world'], 'rows')} for {_spanned(world)}, not over on the first date"
        )
    if belated:
        reasons.append(
            f"belated: {counted(counts['belated'], 'rows')} for {_spanned(belated)}, which had none"
        )
    if edition:
        reasons.append(
            f"restated: {counted(counts['edition'], 'rows')} of another edition for periods that had figures"
        )
    if late:
        reasons.append(
            f"late: {counted(counts['late'], 'rows')} of the same edition for periods that had figures"
        )
    if not reasons:
        gone = len({k[3:] for k in old} - {k[3:] for k in new})
        verb = "stands" if gone == 1 else "stand"
        reasons.append(
            f"{counted(gone, 'rows')} no longer {verb}" if gone else "the same rows on another date"
        )
    rows = dict.fromkeys(f"{k[3]} {k[4]}" for k in [*world, *belated, *edition, *late])
    return tuple(reasons), tuple(rows)


def _once(kinds: Sequence[list[tuple[str, str, str, str, str, str]]]) -> None:
    """Leave a row under the first kind of reason that has it: it may feed several groups or measures, and a period
    that had a figure in one of them is not one that had none."""
    seen: set[tuple[str, ...]] = set()
    for keys in kinds:
        keys[:] = [k for k in keys if (k[2], k[3], k[4], k[5]) not in seen]
        seen |= {(k[2], k[3], k[4], k[5]) for k in keys}


def _spanned(keys: Sequence[tuple[str, str, str, str, str, str]]) -> str:
    """The first and last period of rows: ``2022 to 2024``, or the one."""
    first, last = min(k[2] for k in keys), max(k[2] for k in keys)
    return first if first == last else f"{first} to {last}"


def _evidence(j: Judgement) -> set[tuple[str, str, str, str, str, str]]:
    """(measure, group, row's period, source, locator, snapshot) of every row under a judgement."""
    out = set()
    for m in j.measurements:
        if not m.evidence.num_rows:
            continue
        for r in m.evidence.select(["grp", "period", "source", "locator", "snapshot"]).to_pylist():
            out.add((m.name, r["grp"] or "", r["period"], r["source"], r["locator"], r["snapshot"]))
    return out
