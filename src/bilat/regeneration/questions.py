# SPDX-License-Identifier: Apache-2.0
"""What may be asked of recovery. The fit loads when a question is answered, so that help stays
quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Self

from bilat.document import Document, Frame, Table
from bilat.document.blocks import SitePage
from bilat.document.fields import Range, Written
from bilat.errors import UsageError, command
from bilat.planning import Assumptions, with_user
from bilat.planning.assumptions import split
from bilat.planning.draws import RUNS
from bilat.planning.lineage import InputRow
from bilat.planning.plans import Plan, PlanHeadline, step

if TYPE_CHECKING:
    from bilat.regeneration.recovery.answer import Recovery


@dataclass(frozen=True)
class RecoveryQuestion(Plan):
    """Work out how long Russia's forces would need to recover, using each publisher's figures."""

    verb = ("plan", "recovery")
    title = "Recovery of Russia's forces"
    examples = (
        command("plan", "recovery"),
        command("plan", "recovery", book="mine.xlsx"),
    )
    slow = True
    page = SitePage("plans/recovery", "Russia's tanks", 2)
    force: Annotated[
        str,
        Written(first=True, what="FORCE"),
        "tank, ifv_apc or tube_artillery. For aircraft, air_defence, missiles, shells and people "
        "you get published figures only.",
    ] = "tank"
    ceasefire: Annotated[
        str,
        Written(what="MONTH"),
        "First month of peace, YYYY-MM; by default the month after the as-of date.",
    ] = ""
    beliefs: Annotated[
        tuple[str, ...],
        Written(what="NAMES"),
        "Whose figures to use: iiss, janes, cit; by default all.",
    ] = ()
    china: Annotated[
        Literal["", "none", "components", "systems"], "One kind of Chinese help; by default all."
    ] = ""
    checks: Annotated[
        bool, "Also test the model on earlier dates and with each figure left out."
    ] = False
    param: Annotated[
        tuple[str, ...],
        Written(short="p", what="K=V"),
        "Change a number, to one value or low:high. May be given more than once.",
    ] = ()
    draws: Annotated[int, Range(200, 1_000_000), Written(what="N"), "Number of model runs."] = RUNS
    seed: Annotated[int, Range(0, 2**31), Written(what="N"), "Seed of the random numbers."] = 1

    @classmethod
    def each(cls) -> tuple[Self, ...]:
        """The forces whose recovery can be estimated."""
        return cls("tank"), cls("ifv_apc")

    @property
    def book(self) -> str:
        """Each force has its own numbers."""
        from bilat.regeneration.recovery.answer import class_name

        return f"recovery {class_name(self.force)}"

    def numbers(self, frame: Frame) -> Assumptions:
        """Parameters and settings of the force, as of a date."""
        from bilat.regeneration.recovery.answer import class_name
        from bilat.regeneration.recovery.beliefs import belief_numbers
        from bilat.regeneration.recovery.parameters import steering
        from bilat.regeneration.recovery.points import force_class
        from bilat.regeneration.recovery.records import RecoveryRecords

        name = class_name(self.force)
        if force_class(name).standing == "not estimable":
            said = "its recovery cannot be estimated, so it has no numbers; write tank or ifv_apc"
            raise UsageError(f"`force` {self.force}: {said}")
        records = RecoveryRecords(frame.holdings, frame.as_of)
        own = belief_numbers(name, records)
        dotted = [text for text in self.param if "." in split(text)[0]]
        numbers = steering(name, records, self.param).numbers()
        return Assumptions({**numbers, **with_user(own, dotted)})

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """Months until the force is back, and what stands at the ceasefire."""
        from bilat.regeneration.recovery.notation import HELPS, years
        from bilat.regeneration.recovery.peace import HORIZON

        asked = self.but(beliefs=(), checks=False, china=self.china or "components")
        found = asked._found(frame, [], explained=False)
        if found.headline is None or found.active is None:
            return ()
        beliefs = self._belief_headlines(frame) if self.beliefs else ()
        return (
            PlanHeadline(
                f"until back, {HELPS[found.headline.china]}",
                "months",
                found.headline.months,
                most=f"over {HORIZON}",
                said=years(found.headline.months),
            ),
            PlanHeadline("standing at the ceasefire", "", found.active),
            *beliefs,
        )

    def _belief_headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """Months until the force is back by each belief that is asked for."""
        from bilat.regeneration.recovery.answer import class_name, first_month_of_peace
        from bilat.regeneration.recovery.beliefs import chosen, side_by_side
        from bilat.regeneration.recovery.peace import HORIZON
        from bilat.regeneration.recovery.records import RecoveryRecords

        month, _ = first_month_of_peace(self.ceasefire, frame.as_of)
        records = RecoveryRecords(frame.holdings, frame.as_of)
        asked = chosen(self.beliefs, class_name(self.force))
        found = side_by_side(asked, records, month, seed=self.seed, changes=self.param)
        by = {b.belief.name: b for b in found.answers}
        return tuple(
            PlanHeadline(
                f"until back, by {by[name].belief.who}",
                "months",
                by[name].months,
                most=f"over {HORIZON}",
            )
            for name in self.beliefs
            if name in by
        )

    def watching(self, names: Iterable[str]) -> Self:
        """The plan with a headline for each belief of which a number is named."""
        of = dict.fromkeys(n.partition(".")[0] for n in names if "." in n)
        return self.but(beliefs=tuple(of)) if of else self

    def rests_on(self, frame: Frame) -> tuple[InputRow, ...]:
        """The published figures and the losses that the fit used."""
        asked = self.but(beliefs=(), checks=False, china="none")
        return asked._found(frame, [], explained=False).lineage

    def beside(self, frame: Frame) -> tuple[Table, ...]:
        """Each publisher's figure of what decides, and what others say of the answer."""
        from bilat.regeneration.recovery.answer import class_name
        from bilat.regeneration.recovery.book_sheets import book_tables
        from bilat.regeneration.recovery.records import RecoveryRecords

        return book_tables(class_name(self.force), RecoveryRecords(frame.holdings, frame.as_of))

    def answer(self, frame: Frame) -> Document:
        from bilat.regeneration.recovery.classes import CLASSES
        from bilat.regeneration.recovery.document import document, other_class
        from bilat.regeneration.recovery.records import RecoveryRecords

        if self.force in CLASSES and self.force != "artillery":
            records = RecoveryRecords(frame.holdings, frame.as_of)
            return other_class(CLASSES[self.force], self, records)
        return document(self._found(frame, self.beliefs or None), self)

    def _found(
        self, frame: Frame, beliefs: Sequence[str] | None, *, explained: bool = True
    ) -> Recovery:
        from bilat.regeneration.recovery.answer import recovery

        return recovery(
            self.force,
            ceasefire=self.ceasefire,
            beliefs=beliefs,
            china=self.china or None,
            draws=self.draws,
            seed=self.seed,
            changes=self.param,
            as_of=frame.as_of,
            holdings=frame.holdings,
            checks=self.checks,
            explained=explained,
            progress=step(frame),
        )
