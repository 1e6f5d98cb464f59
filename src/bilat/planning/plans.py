# SPDX-License-Identifier: Apache-2.0
"""What every plan has: its numbers, its headlines, and the figures that stand beside them in a
book.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from bilat.document import Frame, Question, Table
from bilat.document.questions import questions
from bilat.errors import UsageError, closest
from bilat.planning.assumptions import Assumption, Assumptions, numbers_near, split
from bilat.planning.draws import Quantiles
from bilat.planning.lineage import InputRow


@dataclass(frozen=True)
class PlanHeadline:
    """What a plan comes to: the median of its draws with the range. ``most`` is where the horizon
    ends.
    """

    name: str
    unit: str
    at: Quantiles
    form: str = ",.0f"
    most: str = "no end"  #: what is written for an infinite number
    said: str = ""  #: the result with its range as the plan's own page says it, if not by `about`

    def words(self) -> str:
        """``68 [34 to over 120]``."""
        low, mid, high = (self._written(x) for x in (self.at.low, self.at.median, self.at.high))
        return mid if low == mid == high else f"{mid} [{low} to {high}]"

    def _written(self, value: float) -> str:
        """Return a number to three figures: two books share their runs, but no run bears more."""
        if value == float("inf"):
            return self.most
        rounded = value if self.form.endswith("%") else float(f"{value:.3g}")
        return f"{rounded:{self.form}}"

    def measured(self) -> str:
        """``68 [34 to over 120] months``."""
        return f"{self.words()} {self.unit}".rstrip()

    def about(self) -> str:
        """``about 390 days (280 to 570)``: as a page says it in a sentence."""
        if self.said:
            return self.said
        said = self.at.about(self.form, self.most)
        if not self.unit:
            return said
        if "(" in said:
            return said.replace(" (", f" {self.unit} (")
        return f"{said} {self.unit}"


@dataclass(frozen=True)
class Sum:
    """A line of arithmetic that a spreadsheet can work out again.

    ``value`` is a figure of the record, or a formula in which ``{name}`` is a number of the plan
    and ``[key]`` the
    line of that key.
    """

    key: str
    label: str
    value: float | str
    unit: str
    source: str = ""


class Plan(Question):
    """A question about the future that rests on a book of assumptions."""

    param: tuple[str, ...] = ()

    @property
    def book(self) -> str:
        """The plan's name in a book."""
        return self.verb[-1]

    @classmethod
    def each(cls) -> tuple[Self, ...]:
        """Return the plans of this kind that a book is compared by."""
        return (cls(),)

    def parts(self) -> tuple[Plan, ...]:
        """Return the plans that have the numbers of this one in the book: by default itself."""
        return (self,)

    def parts_with_param(self, frame: Frame) -> tuple[Plan, ...]:
        """Return the parts, each with its own of the numbers that the user sets."""
        return (self,)

    def name_of(self, part: Plan, name: str) -> str:
        """Return what ``param`` calls a number of one of the parts."""
        return name

    @abstractmethod
    def numbers(self, frame: Frame) -> Assumptions:
        """Every number that the plan rests on as of a date, with those of ``param`` in their
        place.
        """

    @abstractmethod
    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """What the plan comes to, the first one the one that it is asked for."""

    def rests_on(self, frame: Frame) -> tuple[InputRow, ...]:
        """The rows of the record that the plan starts from; none by default."""
        return ()

    def sums(self, frame: Frame) -> tuple[Sum, ...]:
        """The part of the plan that is plain arithmetic; none by default."""
        return ()

    def beside(self, frame: Frame) -> tuple[Table, ...]:
        """What others say, to be read beside the numbers; none by default."""
        return ()

    def watching(self, names: Iterable[str]) -> Self:
        """Return the plan with headlines for what these numbers move; by default it has them
        all.
        """
        return self

    def given(self, texts: tuple[str, ...]) -> Self:
        """The plan with numbers set, those of ``param`` after them."""
        return self.but(param=(*texts, *self.param))


class CombinedPlan(Plan):
    """A plan that rests on the numbers of other plans, and has none of its own.

    ``param`` names a number with its plan (``backfill.gone``); a name that only one of the plans
    has may stand alone.
    """

    @abstractmethod
    def parts(self) -> tuple[Plan, ...]:
        """Return the plans that it combines, without numbers set by the user."""

    def name_of(self, part: Plan, name: str) -> str:
        """Return the name of a number with its plan."""
        return f"{part.verb[-1]}.{name}"

    def numbers(self, frame: Frame) -> Assumptions:
        """Every number of the combined plans, each named with its plan."""
        found = Assumptions()
        for part in self.parts_with_param(frame):
            for name, number in part.numbers(frame).items():
                full = self.name_of(part, name)
                found[full] = replace(number, name=full)
        return found

    def parts_with_param(self, frame: Frame) -> tuple[Plan, ...]:
        """Return the combined plans, each with its own of the numbers that the user sets.

        Raises
        ------
        UsageError
            for a name that none of the plans has, or that several have.
        """
        parts = {part.verb[-1]: part for part in self.parts()}
        texts: dict[str, list[str]] = {plan: [] for plan in parts}
        for text in self.param:
            name, value = split(text)
            plan, _, own = name.partition(".")
            if plan not in parts or not own:
                plan, own = _only_plan_with(name, parts, frame), name
            texts[plan].append(f"{own}={value}")
        return tuple(part.given(tuple(texts[plan])) for plan, part in parts.items())


def _only_plan_with(name: str, parts: Mapping[str, Plan], frame: Frame) -> str:
    """Return the one plan that has a number of this name."""
    names = {plan: part.numbers(frame) for plan, part in parts.items()}
    having = [plan for plan, own in names.items() if name in own]
    if len(having) == 1:
        return having[0]
    if having:
        choices = " or ".join(f"{plan}.{name}" for plan in having)
        raise UsageError(f"`param` {name}: several plans have this number. Write {choices}")
    every: dict[str, Assumption] = {}
    for plan, numbers in names.items():
        every |= {f"{plan}.{own}": number for own, number in numbers.items()}
    choices = ", ".join(f"{plan}.NAME" for plan in parts)
    there = f"write {choices}; `bilat plan book` lists every number with its value"
    if closest(name, every):
        there = numbers_near(name, every)
    raise UsageError(f"`param` {name}: there is no parameter called “{name}”; {there}")


def every_plan() -> tuple[Plan, ...]:
    """Return every plan that a book of assumptions moves, in the order of the site."""
    kinds = [q for q in questions().values() if issubclass(q, Plan)]
    kinds.sort(key=lambda kind: (kind.page.rank if kind.page else 100, kind.verb))
    return tuple(plan for kind in kinds for plan in kind.each())


def plans_in_book() -> tuple[Plan, ...]:
    """Return every plan that has numbers of its own in the book."""
    return tuple(plan for plan in every_plan() if not isinstance(plan, CombinedPlan))


def step(frame: Frame) -> Callable[[str], None]:
    """The frame's progress as a plain word: what is being worked on."""
    return lambda words: frame.progress(words, 0, None) if frame.progress else None
