# SPDX-License-Identifier: Apache-2.0
"""What every plan has: its numbers, its headlines, and the figures that stand beside them in a
book.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from bilat.document import Frame, Question, Table
from bilat.document.questions import questions
from bilat.planning.assumptions import Assumptions
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
        low, mid, high = (
            self.most if x == float("inf") else f"{x:{self.form}}"
            for x in (self.at.low, self.at.median, self.at.high)
        )
        return mid if low == mid == high else f"{mid} [{low} to {high}]"

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
        """Return the plans of this kind that have numbers of their own in the book."""
        return (cls(),)

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


def every_plan() -> tuple[Plan, ...]:
    """Return every plan that has numbers of its own in the book, in the order of the site."""
    kinds = [q for q in questions().values() if issubclass(q, Plan)]
    kinds.sort(key=lambda kind: (kind.page.rank if kind.page else 100, kind.verb))
    return tuple(plan for kind in kinds for plan in kind.each())


def step(frame: Frame) -> Callable[[str], None]:
    """The frame's progress as a plain word: what is being worked on."""
    return lambda words: frame.progress(words, 0, None) if frame.progress else None
