# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the plans. The solvers load when a question is answered, so that help stays
quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from bilat.document import Document, Frame, Table
from bilat.document.blocks import SitePage
from bilat.document.fields import Range, Written
from bilat.errors import command
from bilat.planning import Assumptions
from bilat.planning.draws import EVEN_RUNS, RUNS
from bilat.planning.lineage import InputRow
from bilat.planning.plans import CombinedPlan, Plan, PlanHeadline, Sum, step

if TYPE_CHECKING:
    from bilat.contingency.backfill.answer import Backfill
    from bilat.contingency.backfill.crisis import Order
    from bilat.contingency.backfill.inputs import BackfillInputs
    from bilat.contingency.blockade import Blockade
    from bilat.contingency.exposure import Exposure
    from bilat.contingency.window.answer import ReadinessWindow
    from bilat.regeneration.recovery.peace import ForceInYear

#: Numbers of a plan set by the user.
Numbers = Annotated[
    tuple[str, ...],
    Written(short="p", what="K=V"),
    "Change a number, to one value or low:high. May be given more than once.",
]
Budget = Annotated[
    str, Written(what="MONEY"), "New money a year, in dollars: 10bn, 800m, unlimited."
]
Seed = Annotated[int, Range(0, 2**31), Written(what="N"), "Seed of the random numbers."]


@dataclass(frozen=True)
class ExposureQuestion(Plan):
    """Weigh what China's exporters would lose to secondary sanctions against their sales to Russia."""

    verb = ("plan", "exposure")
    title = "Exposure to secondary sanctions"
    examples = (command("plan", "exposure", coalition="G7"),)
    page = SitePage("plans/exposure", "China's exporters under sanctions", 5)
    coalition: Annotated[
        str,
        Written(what="NAMES"),
        "Who imposes sanctions: G7 (with the EU), EU27, COALITION, WIDE, or ISO codes.",
    ] = "G7"
    param: Numbers = ()
    draws: Annotated[int, Range(1, 1_000_000), Written(what="N"), "Number of model runs."] = RUNS
    seed: Seed = 1

    def numbers(self, frame: Frame) -> Assumptions:
        """The parameters of exposure."""
        from bilat.contingency.exposure.answer import PACKAGE
        from bilat.planning import load, with_user
        from bilat.planning.figures import figures

        return with_user(load(PACKAGE, figures(frame.holdings, frame.as_of)), self.param)

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """The share of sales that equals the gain, and what the scope asked for would cost."""
        from bilat.contingency.exposure.book import headlines

        return headlines(self._found(frame))

    def sums(self, frame: Frame) -> tuple[Sum, ...]:
        """Gain against loss, as formulas."""
        from bilat.contingency.exposure.book import sums

        return sums(self._found(frame))

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.exposure.document import document

        return document(self._found(frame), self)

    def _found(self, frame: Frame) -> Exposure:
        from bilat.contingency.exposure import exposure

        return exposure(
            self.coalition,
            as_of=frame.as_of,
            params=self.param,
            draws=self.draws,
            seed=self.seed,
            holdings=frame.holdings,
        )


@dataclass(frozen=True)
class BlockadeQuestion(Plan):
    """Work out what China would lack if its sea lanes were closed, and how long its stocks would last."""

    verb = ("plan", "blockade")
    title = "Blockade of China"
    examples = (command("plan", "blockade"),)
    page = SitePage("plans/blockade", "China's oil in a blockade", 4)
    close: Annotated[
        str,
        Written(what="NAMES"),
        "Straits to close: malacca, lombok, sunda, hormuz, australia, pacific, myanmar, sea.",
    ] = "malacca,lombok,sunda"
    param: Numbers = ()
    draws: Annotated[int, Range(100, 10_000_000), Written(what="N"), "Number of model runs."] = RUNS
    seed: Seed = 1

    def numbers(self, frame: Frame) -> Assumptions:
        """The parameters of the blockade, with what 2026 showed where it was public."""
        from bilat.contingency.blockade.answer import ask_for, numbers_of

        return numbers_of(ask_for(frame.as_of, frame.holdings), self.param)

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """What the closure takes, what is lacking, and how long stocks last."""
        from bilat.contingency.blockade.book import headlines

        return headlines(self._found(frame))

    def rests_on(self, frame: Frame) -> tuple[InputRow, ...]:
        """The rows of China's balance."""
        from bilat.contingency.blockade.answer import ask_for
        from bilat.contingency.blockade.inputs import read_inputs

        return tuple(read_inputs(ask_for(frame.as_of, frame.holdings), self.numbers(frame)).used)

    def sums(self, frame: Frame) -> tuple[Sum, ...]:
        """Everything by sea stopped, as formulas."""
        from bilat.contingency.blockade.book import sums

        return sums(self._found(frame))

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.blockade.document import document

        return document(self._found(frame), self)

    def _found(self, frame: Frame) -> Blockade:
        from bilat.contingency.blockade import blockade

        return blockade(
            self.close,
            as_of=frame.as_of,
            params=self.param,
            draws=self.draws,
            seed=self.seed,
            holdings=frame.holdings,
        )


@dataclass(frozen=True)
class WindowQuestion(CombinedPlan):
    """Find when Russia's army could be back before Europe has replaced American forces, and
    what would help.
    """

    verb = ("plan", "window")
    title = "Window of risk"
    examples = (
        command("plan", "window"),
        command("plan", "window", book="mine.xlsx"),
    )
    slow = True
    page = SitePage("plans/window", "Window of risk", 6)
    ceasefire: Annotated[
        str,
        Written(what="MONTH"),
        "First month of peace, YYYY-MM; by default the month after the as-of date.",
    ] = ""
    enough: Annotated[
        float, Range(0, 1), Written(what="N"), "Share Europe must have replaced, from 0 to 1."
    ] = 0.5
    months: Annotated[
        int, Range(1, 60), Written(what="N"), "Months of closure that China's oil must cover."
    ] = 12
    china: Annotated[
        Literal["none", "components", "systems"], "What China sends Russia after the ceasefire."
    ] = "components"
    budget: Budget = "10bn"
    param: Annotated[
        tuple[str, ...],
        Written(short="p", what="PLAN.K=V"),
        "Change a number of recovery, backfill or blockade, to one value or low:high: "
        "backfill.gone=0.3. May be given more than once.",
    ] = ()
    seed: Seed = 1

    def parts(self) -> tuple[Plan, ...]:
        """Tanks after the ceasefire, Europe's orders, and China with everything by sea stopped."""
        from bilat.regeneration.questions import RecoveryQuestion

        return (
            RecoveryQuestion(ceasefire=self.ceasefire, china=self.china, seed=self.seed),
            BackfillQuestion(budget=self.budget, seed=self.seed),
            BlockadeQuestion("sea", seed=self.seed),
        )

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """The chance that the window is open in each year, and that China's oil lasts; none where
        too few figures were public.
        """
        from bilat.contingency.window.answer import headlines

        found = self._found(frame)
        return headlines(found) if found else ()

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.backfill.inputs import tables_of
        from bilat.contingency.window.document import document, not_known
        from bilat.planning.figures import figures

        found = self._found(frame)
        if found is None:
            tables = tables_of(figures(frame.holdings, frame.as_of))
            return not_known(tables, self, frame.as_of)
        return document(found, self)

    def _found(self, frame: Frame) -> ReadinessWindow | None:
        """Return the answer; None where too few figures of American forces were public."""
        from bilat.contingency.backfill.crisis import Order, money
        from bilat.contingency.backfill.inputs import tables_of
        from bilat.contingency.window.answer import OwnNumbers, window
        from bilat.planning.figures import figures

        parts = {part.verb[-1]: part for part in self.parts_with_param(frame)}
        numbers = self.numbers(frame)  # refuses a number that cannot be
        if not tables_of(figures(frame.holdings, frame.as_of)).enough:
            return None
        return window(
            as_of=frame.as_of,
            holdings=frame.holdings,
            ceasefire=self.ceasefire,
            enough=self.enough,
            months=self.months,
            china=self.china,
            order=Order(money(self.budget)),
            own=OwnNumbers(**{plan: part.param for plan, part in parts.items()}),
            numbers=numbers,
            seed=self.seed,
            progress=step(frame),
        )


@dataclass(frozen=True)
class BackfillQuestion(Plan):
    """Work out what Europe should order in case a Pacific crisis takes American forces away."""

    verb = ("plan", "backfill")
    title = "Backfill of Europe"
    examples = (command("plan", "backfill"),)
    slow = True
    page = SitePage("plans/backfill", "Europe without American forces", 3)
    budget: Budget = "10bn"
    definition: Annotated[
        str,
        Written(what="NAME"),
        "Which European tankers to count: dedicated, a330, tankers, capable, fleet.",
    ] = "tankers"
    weight: Annotated[
        tuple[str, ...],
        Written(what="CAPABILITY=N"),
        "How much a capability counts; by default 1. May be given more than once.",
    ] = ()
    param: Numbers = ()
    draws: Annotated[int, Range(10, 5000), Written(what="N"), "Number of model runs."] = EVEN_RUNS
    seed: Seed = 1

    def numbers(self, frame: Frame) -> Assumptions:
        """Every number of the tables as the date knows them."""
        from bilat.planning import with_user

        return with_user(self._tables(frame).numbers, self.param)

    def headlines(self, frame: Frame) -> tuple[PlanHeadline, ...]:
        """The share replaced by the budget and by any budget; none where too few figures were
        public.
        """
        from bilat.contingency.backfill.answer import headline

        tables = self._tables(frame)
        if not tables.enough:
            return ()
        own = tables.with_numbers(self.numbers(frame))
        bought, most = headline(own, self._order(), self.draws, self.seed)
        return (
            PlanHeadline("replaced", "", bought, ".0%"),
            PlanHeadline("replaced with unlimited money", "", most, ".0%"),
        )

    def _tables(self, frame: Frame) -> BackfillInputs:
        from bilat.contingency.backfill.inputs import tables_of
        from bilat.planning.figures import figures

        return tables_of(figures(frame.holdings, frame.as_of))

    def beside(self, frame: Frame) -> tuple[Table, ...]:
        """What others publish of the whole, capability by capability."""
        from bilat.contingency.backfill.document import quantities

        return (quantities(self._tables(frame).known),)

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.backfill.answer import backfill
        from bilat.contingency.backfill.document import document, not_known

        tables = self._tables(frame)
        if not tables.enough:
            return not_known(tables, self, frame.as_of)
        found = backfill(
            self._order(),
            params=self.param,
            draws=self.draws,
            seed=self.seed,
            holdings=frame.holdings,
            as_of=frame.as_of,
            progress=step(frame),
        )
        return document(found, self, self._russia(frame, found))

    def _russia(self, frame: Frame, found: Backfill) -> Sequence[ForceInYear]:
        """What Russia would have in the years of the crisis; none where its losses were not
        public.
        """
        from bilat.errors import DataError
        from bilat.regeneration.recovery.answer import first_month_of_peace
        from bilat.regeneration.recovery.class_fit import fit_class
        from bilat.regeneration.recovery.peace import peace_runs
        from bilat.regeneration.recovery.records import RecoveryRecords

        years = [year for year, _ in found.by_crisis]
        month, _ = first_month_of_peace(None, frame.as_of)
        records = RecoveryRecords(frame.holdings, frame.as_of)
        try:
            fitted = fit_class("tank", records, seed=self.seed)
        except DataError:
            return ()
        runs = peace_runs(fitted, month, seed=self.seed)
        return runs.by_july(range(min(years), max(years) + 1))

    def _order(self) -> Order:
        from bilat.contingency.backfill.crisis import Order, money, weights

        return Order(money(self.budget), self.definition, weights(self.weight))
