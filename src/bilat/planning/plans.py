# SPDX-License-Identifier: Apache-2.0
"""The base class of all plans: its numbers, its headlines, and the tables of its book."""

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
    """One result of a plan: the median of its draws with the range.

    Parameters
    ----------
    form
        the format of a number.
    most
        what is printed for an infinite number, as for one beyond the last month of the plan.
    said
        the text of :meth:`about`, where the plan's own page words its result in another way.
    """

    name: str
    unit: str
    at: Quantiles
    form: str = ",.0f"
    most: str = "no end"
    said: str = ""

    def words(self) -> str:
        """Return the median and its range: ``68 [34 to over 120]``."""
        low = self._written(self.at.low)
        middle = self._written(self.at.median)
        high = self._written(self.at.high)
        return middle if low == middle == high else f"{middle} [{low} to {high}]"

    def _written(self, value: float) -> str:
        """Return a number in the form of the headline, with three significant figures.

        No result is more certain than that. Two books are compared on the same draws, so that a
        difference in the third figure is one of the books.
        """
        if value == float("inf"):
            return self.most
        rounded = value if self.form.endswith("%") else float(f"{value:.3g}")
        return f"{rounded:{self.form}}"

    def measured(self) -> str:
        """Return the median and its range with the unit: ``68 [34 to over 120] months``."""
        return f"{self.words()} {self.unit}".rstrip()

    def about(self) -> str:
        """Return the result as part of a sentence: ``about 390 days (280 to 570)``."""
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

    Parameters
    ----------
    key
        the name by which formulas of other lines refer to this one.
    value
        a figure of the record, or a formula: ``{name}`` stands for a number of the plan, ``[key]``
        for the value of another line.
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
        """Return the plans of this kind to which a book is applied when it is compared."""
        return (cls(),)

    def parts(self) -> tuple[Plan, ...]:
        """Return the plans whose numbers this one uses: by default itself."""
        return (self,)

    def parts_with_param(self, frame: Frame) -> tuple[Plan, ...]:
        """Return the parts; the numbers in ``param`` are set in the part that has them."""
        return (self,)

    def name_of(self, part: Plan, name: str) -> str:
        """Return what ``param`` calls a number of one of the parts."""
        return name

    @abstractmethod
    def numbers(self, frame: Frame) -> Assumptions:
        """Return every number that the plan uses as of a date, after ``param`` has changed some."""

    @abstractmethod
    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """Return the results of the plan, the main one first."""

    def rests_on(self, frame: Frame) -> tuple[InputRow, ...]:
        """Return the rows of the record that the plan starts from; none by default."""
        return ()

    def sums(self, frame: Frame) -> tuple[Sum, ...]:
        """Return the lines of the plan that are plain arithmetic; none by default."""
        return ()

    def beside(self, frame: Frame) -> tuple[Table, ...]:
        """Return tables of what others say, which the book prints after the numbers.

        There are none by default.
        """
        return ()

    def watching(self, names: Iterable[str]) -> Self:
        """Return a plan whose headlines include those that a change of these numbers moves.

        By default that is the plan itself.
        """
        return self

    def given(self, texts: tuple[str, ...]) -> Self:
        """Return the plan with more numbers set, as ``name=value``; those of ``param`` win."""
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
        """Return the combined plans; the numbers in ``param`` are set in the plan that has them.

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
            elif own not in (numbers := parts[plan].numbers(frame)):
                there = numbers_near(own, numbers)
                raise UsageError(f"`param` {name}: there is no parameter called “{name}”; {there}")
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
    """Return a function that reports by name the step that a plan is at, if anybody listens."""

    def report(words: str) -> None:
        if frame.progress:
            frame.progress(words, 0, None)

    return report
