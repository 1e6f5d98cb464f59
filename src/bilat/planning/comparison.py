# SPDX-License-Identifier: Apache-2.0
"""Two books of assumptions side by side: which numbers differ, who says so, how the headlines move,
and which number
moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bilat.document import Block, Column, Document, Frame, Say, Section, Table
from bilat.document.blocks import Cell
from bilat.document.wording import day
from bilat.handling import Marking
from bilat.planning.assumptions import Assumption, split
from bilat.planning.book import BookLine, changes_of, marking_of, read_book
from bilat.planning.book_columns import page_of
from bilat.planning.plans import CombinedPlan, Plan, PlanHeadline, step

#: Numbers that are changed alone, at most, in each plan.
ALONE = 8
#: Numbers of one book alone that are named; more are counted.
MOST_NAMED = 8


@dataclass(frozen=True)
class BookDifference:
    """One number that two books have differently."""

    plan: str
    name: str
    unit: str
    meaning: str
    first: str  #: as it is written: a value, or low to high
    second: str
    first_source: str
    second_source: str


@dataclass(frozen=True)
class HeadlineChange:
    """A plan's headline in two books, and with one number of the second book in the first;
    ``alone`` is in the order
    in which they move it."""

    plan: str
    first: tuple[PlanHeadline, ...]
    second: tuple[PlanHeadline, ...]
    alone: tuple[tuple[str, tuple[PlanHeadline, ...]], ...]

    @property
    def moving(self) -> list[tuple[int, PlanHeadline, PlanHeadline]]:
        """The headlines that differ as they are printed, by their place."""
        both = zip(self.first, self.second, strict=False)
        return [(n, a, b) for n, (a, b) in enumerate(both) if a.measured() != b.measured()]

    def mover(self, place: int) -> tuple[str, PlanHeadline] | None:
        """The one number that moves the headline of a place most, with what it makes of it."""
        at = self.first[place].at.median
        made = [(name, h[place]) for name, h in self.alone if len(h) > place]
        made = [(n, h) for n, h in made if h.measured() != self.first[place].measured()]
        return max(made, key=lambda x: _apart(x[1].at.median, at), default=None)


def _apart(a: float, b: float) -> float:
    return 0.0 if a == b else abs(a - b)


@dataclass(frozen=True)
class BookComparison:
    """Two books: the shipped one where ``second`` is None."""

    first: Path
    second: Path | None
    differences: tuple[BookDifference, ...]
    moved: tuple[HeadlineChange, ...]
    #: (plan, name, 0 or 1: the book that has it) of numbers that stand in one of two books alone.
    alone: tuple[tuple[str, str, int], ...] = ()
    marking: Marking | None = None  #: the narrowest that a row of either book bears


def compare_books(
    plans: Sequence[Plan], first: Path, second: Path | None, frame: Frame
) -> BookComparison:
    """Read both books whole, then run the plans in which they differ.

    Raises
    ------
    UsageError, DataError
        for a book that cannot be read or asked.
    """
    a = read_book(first)
    b = read_book(second) if second else {}
    known = [p.book for p in plans if not isinstance(p, CombinedPlan)]
    asked = [
        (p, _changes(first, p, frame, a, known), _changes(second, p, frame, b, known))
        for p in plans
    ]
    differences: list[BookDifference] = []
    moved: list[HeadlineChange] = []
    marking = marking_of({**a, **{f"2 {k}": v for k, v in b.items()}})
    for plan, mine, other in asked:
        if mine == other:
            continue
        if not isinstance(plan, CombinedPlan):  # its numbers are those of its parts
            differences += _differences(
                plan, frame, (mine, a.get(plan.book, {})), (other, b.get(plan.book, {}))
            )
        step(frame)(plan.book)
        moved.append(_moved(plan, frame, mine, other))
    lines = [{(plan, name) for plan, own in book.items() for name in own} for book in (a, b)]
    alone = [(*key, n) for n in (0, 1) for key in sorted(lines[n] - lines[1 - n])] if second else []
    return BookComparison(first, second, tuple(differences), tuple(moved), tuple(alone), marking)


#: Name -> text, as ``param`` takes them.
Changes = dict[str, str]
#: What a book changes, and its lines.
Own = tuple[Changes, Mapping[str, BookLine]]


def _changes(
    path: Path | None,
    plan: Plan,
    frame: Frame,
    lines: Mapping[str, Mapping[str, BookLine]],
    known: Sequence[str],
) -> Changes:
    has_lines = any(part.book in lines for part in plan.parts())
    if path is None or (not has_lines and all(name in known for name in lines)):
        return {}
    return dict(split(text) for text in changes_of(path, plan, frame, lines, known))


def _texts(changes: Changes) -> tuple[str, ...]:
    return tuple(f"{name}={text}" for name, text in changes.items())


def _differences(plan: Plan, frame: Frame, first: Own, second: Own) -> list[BookDifference]:
    numbers = [plan.given(_texts(changes)).numbers(frame) for changes, _ in (first, second)]
    shipped = plan.numbers(frame)
    found = []
    for name in shipped:
        if first[0].get(name) != second[0].get(name):
            one = shipped[name]
            sources = [
                _source(one, lines.get(name), name in changes) for changes, lines in (first, second)
            ]
            shown = [_in_full(n[name], one) for n in numbers]
            found.append(
                BookDifference(plan.book, name, one.unit, one.meaning, shown[0], shown[1], *sources)
            )
    return found


def _in_full(number: Assumption, shipped: Assumption) -> str:
    """Return a number as the model runs use it: with its range, or that it has lost it."""
    if number.varies:
        return f"{number.value:g} ({number.shown})"
    return f"{number.value:g} in every run" if shipped.varies else number.shown


def _source(shipped: Assumption, line: BookLine | None, changed: bool) -> str:
    """Who says so: what the book's own column says, where the number is changed and so is the
    column.
    """
    said = "; ".join(x for x in (shipped.source, page_of(shipped)) if x)
    if not changed:
        return said
    if line is not None and line.source and line.source != shipped.source:
        return line.source
    return "no source given"


def _moved(plan: Plan, frame: Frame, mine: Changes, other: Changes) -> HeadlineChange:
    plan = plan.watching([*mine, *other])
    first, second = (plan.given(_texts(c)).headlines(frame) for c in (mine, other))
    differing = [n for n in {**mine, **other} if mine.get(n) != other.get(n)]
    alone: list[tuple[str, tuple[PlanHeadline, ...]]] = []
    for name in differing[:ALONE] if len(differing) > 1 and first else ():
        swapped = {k: v for k, v in {**mine, name: other.get(name, "")}.items() if v}
        alone.append((name, plan.given(_texts(swapped)).headlines(frame)))
    at = first[0].at.median if first else 0.0
    alone.sort(key=lambda x: -_apart(x[1][0].at.median, at) if x[1] else 0.0)
    return HeadlineChange(plan.book, first, second, tuple(alone))


def document(comparison: BookComparison, frame: Frame) -> Document:
    """The comparison for every surface."""
    names = _names(comparison)
    title = f"{names[0]} against {names[1]}, as of {day(frame.as_of.date)}"
    lacks = _lacks(comparison, names)
    if not comparison.differences:
        return Document(
            "books",
            title,
            ("The two workbooks give the same values: no headline moves.",),
            lacks,
            comparison,
            as_of=frame.as_of,
        )
    heads = [
        (m.plan, a, b) for m in comparison.moved for a, b in zip(m.first, m.second, strict=False)
    ]
    blocks: list[Block] = [
        Section("How the headlines move", (_headlines(heads, names),)),
        Section("Which numbers differ", (_numbers(comparison, names), _sources(comparison, names))),
        *(_alone(m, names) for m in comparison.moved if m.alone),
        *lacks,
    ]
    return Document(
        "books",
        title,
        _summary(comparison, names),
        tuple(blocks),
        comparison,
        as_of=frame.as_of,
        marking=comparison.marking,
    )


def _names(comparison: BookComparison) -> tuple[str, str]:
    first = comparison.first.name
    second = comparison.second.name if comparison.second else "the shipped book"
    return (first, second) if first != second else (str(comparison.first), str(comparison.second))


def _summary(comparison: BookComparison, names: tuple[str, str]) -> tuple[str, ...]:
    n = len(comparison.differences)
    differ = "number differs" if n == 1 else "numbers differ"
    plans = ", ".join(dict.fromkeys(d.plan for d in comparison.differences))
    lines = [f"{n} {differ}, in {plans}."]
    for change in comparison.moved:
        lines += _told(change, names)
    return tuple(lines)


def _told(change: HeadlineChange, names: tuple[str, str]) -> list[str]:
    """Return how each headline of a plan moves, and which number moves it most."""
    plan = change.plan
    if not change.first or not change.second:
        return [f"{plan}: nothing can be estimated."]
    if not change.moving:
        same = change.first[0]
        return [f"{plan}: no headline moves; {same.name}: {same.measured()} in both."]
    lines = []
    for place, a, b in change.moving:
        said = f"{plan}: {_of_both(a, b)}: {a.measured()} in {names[0]}, "
        said += f"{b.measured()} in {names[1]}."
        most = change.mover(place)
        if most:
            name, made = most
            said += f" With {name} as in {names[1]}, {names[0]} gives {made.measured()}."
        lines.append(said)
    return lines


def _of_both(a: PlanHeadline, b: PlanHeadline) -> str:
    """What two headlines of one place are of; a book may change what is asked, as the share of
    sales touched.
    """
    return a.name if a.name == b.name else f"{a.name}, against {b.name}"


def _lacks(comparison: BookComparison, names: tuple[str, str]) -> tuple[Say, ...]:
    """What stands in one book alone: the other one has the shipped number for it."""
    out = []
    for n, has in enumerate(names):
        missing = [f"{plan}.{name}" for plan, name, which in comparison.alone if which == n]
        if not missing:
            continue
        some = ", ".join(missing[:MOST_NAMED])
        if len(missing) > MOST_NAMED:
            some += f" and {len(missing) - MOST_NAMED} more"
        lack = "has no row of it"
        if len(missing) > 1:
            lack = "has no row of them and keeps the shipped numbers"
        out.append(Say(f"In {has} alone: {some}. {names[1 - n]} {lack}.", "note"))
    return tuple(out)


def _headlines(
    heads: Sequence[tuple[str, PlanHeadline, PlanHeadline]], names: tuple[str, str]
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{plan}: {_of_both(a, b)}" + (f", {a.unit}" if a.unit else ""), a.words(), b.words())
        for plan, a, b in heads
    )
    return Table(
        (Column("headline"), Column(names[0], number=True), Column(names[1], number=True)),
        rows,
        listing=True,
    )


def _numbers(comparison: BookComparison, names: tuple[str, str]) -> Table:
    rows = tuple(
        (
            d.name if d.meaning in ("", d.name) else f"{d.meaning} ({d.name})",
            d.first,
            d.second,
            d.unit,
        )
        for d in comparison.differences
    )
    heads = (Column("number"), *(Column(n, number=True) for n in names), Column("unit"))
    return Table(heads, rows)


def _sources(comparison: BookComparison, names: tuple[str, str]) -> Table:
    rows = tuple((d.name, d.first_source, d.second_source) for d in comparison.differences)
    return Table(
        (Column("number"), *(Column(f"who says so, {n}") for n in names)), rows, title="Who says so"
    )


def _alone(change: HeadlineChange, names: tuple[str, str]) -> Section:
    rows = tuple((name, *(h.words() for h in headlines)) for name, headlines in change.alone)
    heads = (
        Column(f"the one number of {names[1]}"),
        *(Column(h.name, number=True) for h in change.first),
    )
    return Section(
        f"Each number alone: {change.plan}",
        (Say(f"{names[0]} with one number of {names[1]} in it:"), Table(heads, rows)),
    )
