# SPDX-License-Identifier: Apache-2.0
"""The readiness window as a document: chances by year, one chart of the three plans behind them,
and which observations would reduce the uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bilat.contingency.backfill.inputs import BackfillInputs
from bilat.contingency.blockade.document import days
from bilat.contingency.window.answer import ReadinessWindow
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.questions import question_named
from bilat.document.wording import day, joined, period
from bilat.planning.blocks import (
    RANGES,
    assumed_line,
    chance,
    numbers_table,
    ranged_share,
    yours_line,
)
from bilat.planning.lineage import model_source
from bilat.regeneration.recovery.beliefs import BeliefCourse
from bilat.regeneration.recovery.peace import JULY
from bilat.regeneration.recovery.records import month_index, month_text
from bilat.when import AsOf

TITLE = "When Russia has recovered and Europe is not ready"
#: Months between two points of a line in the chart.
MONTHS_BETWEEN_POINTS = 6
DAYS_OF_A_YEAR = 365.25
#: The chart ends here: oil that lasts longer is drawn at this height.
MOST_YEARS_OF_OIL = 2.0
#: The name that the chart gives to China's oil.
OIL = "China's oil, years of closure"
#: The name that it gives to Russia's tanks on all published figures.
TOGETHER = "Russia's tanks, all figures"
REPLACED = "replaced in Europe"
#: Where the forces become known that America would leave in Europe.
OFFER = "the American offer at NATO's next conference on forces"
#: A number of the plans -> what would be observed to know it, and where or when.
OBSERVED = {
    "recovery.new_plateau": (
        "how many new tanks Russia makes a month",
        "dated photographs of new hulls by serial number; The Military Balance, each February",
    ),
    "recovery.active": (
        "how many tanks Russia has when the war ends",
        "a count of active tanks: The Military Balance, each February",
    ),
    "recovery.wear": (
        "how many tanks wear out",
        "tanks written off without combat, which nobody publishes",
    ),
    "backfill.gone": (
        "what share of the American forces would leave",
        f"{OFFER}, capability by capability",
    ),
    "backfill.fighters.gone": ("how many American fighters would leave", OFFER),
    "backfill.drones.gone": ("how many American drones would leave", OFFER),
    "backfill.lead": (
        "how long orders take in Europe",
        "deliveries of equipment ordered in 2024 and 2025",
    ),
    "backfill.line_share": (
        "how much industry can take orders for",
        "yearly figures on orders from the production lines",
    ),
    "backfill.refuelling.us_part": ("how many American tankers Europe needs", "NATO's targets"),
}


#: What the chance is not, and what it takes for granted.
_SUPPOSED = (
    "This is not the chance of an attack. We assume, but do not forecast, that the war "
    "ends then and that a Pacific crisis takes American forces away."
)


def document(answer: ReadinessWindow, question: Question) -> Document:
    """Return the answer for every surface."""
    blocks: tuple[Block, ...] = (
        Section("The risk, year by year", (_years(answer),)),
        Section("The three plans in one chart", (_chart(answer), Say(_assumed(answer), "note"))),
        Section("What would reduce the uncertainty", (_observations(answer),)),
        Section("Numbers", (numbers_table(answer.numbers),), detail=True),
        Next("If Europe must replace 80%", question.but(enough=0.8)),
        Next("If Russia gets nothing from China", question.but(china="none")),
        Next(
            "See how likely we think a ceasefire is", question_named("watch.list")().but(open=True)
        ),
    )
    return Document(
        "window",
        f"{TITLE}, as of {day(answer.as_of.date)}",
        _summary(answer),
        blocks,
        answer,
        question,
        as_of=answer.as_of,
    )


def not_known(tables: BackfillInputs, question: Question, as_of: AsOf) -> Document:
    """Return the answer for a date on which too few figures of American forces were public."""
    lines = (
        f"Not known as of {day(as_of.date)}: {tables.too_few}.",
        "Without these figures we cannot say how much of the American forces Europe would have "
        "replaced. The plans for recovery and blockade can still be asked.",
    )
    title = f"{TITLE}, as of {day(as_of.date)}"
    return Document("window", title, lines, (), tables, question, as_of=as_of)


def _summary(answer: ReadinessWindow) -> tuple[str, ...]:
    top = answer.likeliest
    lines = [
        f"If the war ends in {period(answer.ceasefire)}, the chance that Russia has recovered and "
        f"Europe is not ready peaks at {chance(top.open):.0%}, in {_likeliest_years(answer)}.",
        f"This window is open when Russia has {answer.recovered:.0%} of its tanks of February 2022 "
        f"back and Europe has not yet replaced {answer.enough:.0%} of what America would take "
        "away.",
        _SUPPOSED,
        _likely_years(answer),
        *_by_publisher(answer),
    ]
    if not answer.missing:
        lines.append(
            f"If all imports by sea stopped, China's oil stocks would last {days(answer.oil)}. "
            f"There is {_a_chance(answer.oil_lasts)} that they would last {answer.months} months. "
            "The chance that the window is open and China has oil for that long is "
            f"{chance(top.open_with_oil):.0%} in {top.year}."
        )
    if answer.decides:
        driver = answer.decides[0]
        what, when = _observation(driver.name)
        lines.append(
            f"One observation would tell us most about {answer.decided}, the year in which the "
            f"chance is closest to even: {what} ({driver.share:.0%} of the uncertainty). It "
            f"would come from {when}."
        )
    lines += [f"Left out because it is not public: {plan}." for plan in answer.missing]
    lines += yours_line(answer.numbers)
    if any(a.set_by_user and name.count(".") == 2 for name, a in answer.numbers.items()):
        lines.append("A publisher's figure moves that publisher's line, not the chances by year.")
    lines.append(assumed_line(answer.numbers, answer.decides))
    lines.append(RANGES)
    lines.append(
        "Each part comes from its own plan. The chance of the window is their product, which "
        "has not been tested."
    )
    return tuple(lines)


def _a_chance(x: float) -> str:
    """Return a chance with its article: ``a 25% chance``, ``an 80% chance``."""
    text = f"{chance(x):.0%}"
    article = "an" if text.startswith("8") or text in ("11%", "18%") else "a"
    return f"{article} {text} chance"


def _likeliest_years(answer: ReadinessWindow) -> str:
    """Return the years whose printed chance is the highest, as part of a sentence."""
    most = chance(answer.likeliest.open)
    return joined([str(y.year) for y in answer.years if chance(y.open) == most])


def _likely_years(answer: ReadinessWindow) -> str:
    """Return the sentence on the years in which the window is more likely open than not.

    The chance rises while Russia rebuilds and falls again while Europe replaces, so such a year
    may be followed by years that are not.
    """
    years = [year.year for year in answer.years if chance(year.open) > 0.5]
    if not years:
        return "In no year is it more likely open than not."
    first, last = years[0], years[-1]
    if first == last:
        return f"Only in {first} is it more likely open than not."
    if last - first + 1 > len(years):
        return f"It is more likely open than not in {joined([str(year) for year in years])}."
    end = ", the last year that we look at" if last == answer.years[-1].year else ""
    return f"From {first} to {last}{end}, it is more likely open than not."


def _by_publisher(answer: ReadinessWindow) -> list[str]:
    """Return the sentence on how far single publishers' figures lie apart."""
    top = answer.likeliest
    found = answer.back_by_publisher(top.year)
    together = f"The chance that Russia has recovered by July {top.year} is {chance(top.back):.0%}"
    if len(found) < 2:
        return [f"{together}."]
    (least, slowest), (most, quickest) = found[0], found[-1]
    return [
        f"{together} on all published figures together, {chance(least):.0%} on the figures of "
        f"{_publisher(slowest)}, and {chance(most):.0%} on those of {_publisher(quickest)}."
    ]


def _publisher(course: BeliefCourse) -> str:
    """Return the publisher's short name: ``IISS`` of ``IISS, February 2024``."""
    return course.belief.who.split(",")[0].split(" (")[0]


def _observation(name: str) -> tuple[str, str]:
    """Return what would be observed to know a number, and where or when; the number's own name if
    nothing is written about it."""
    return OBSERVED.get(name, (name.replace("_", " "), ""))


def _years(answer: ReadinessWindow) -> Table:
    rows = tuple(
        (
            year.year,
            chance(year.back),
            ranged_share(year.replaced),
            chance(year.lacking),
            chance(year.open),
            chance(year.open_with_oil),
        )
        for year in answer.years
    )
    heads = (
        Column("July of", "d", True),
        Column("chance that Russia has recovered", ".0%", True),
        Column("US forces replaced", ".0%", True),
        Column("chance that Europe lacks the forces", ".0%", True),
        Column("chance that the window is open", ".0%", True),
        Column("chance that it is open and China has oil", ".0%", True),
    )
    return Table(heads, rows, listing=True)


def _chart(answer: ReadinessWindow) -> Series:
    """Return the three plans by month: a line for each publisher's view of Russia's tanks, one for
    Europe and one for China's oil."""
    points = [*_points_of_tanks(answer), *_points_of_europe_and_oil(answer)]
    return Series(
        "Russia's tanks by publisher, what Europe replaces, and China's oil",
        "share",
        tuple(points),
        subtitle="tanks as a share of their number in February 2022; replacements as a share of "
        "the forces that leave Europe; oil stocks: years that they would last in a closure",
        focus=(TOGETHER, REPLACED, OIL),
        source=model_source(answer.used),
    )


def _points_of_tanks(answer: ReadinessWindow) -> Iterator[Point]:
    ceasefire = month_index(answer.ceasefire)
    lines = [(TOGETHER, answer.together)]
    lines += [(_publisher(course), course.share) for course in answer.courses]
    for name, share_by_month in lines:
        for month in range(0, len(share_by_month), MONTHS_BETWEEN_POINTS):
            when = month_text(ceasefire + month)
            yield Point(when, float(share_by_month[month]), kind="modelled", group=name)


def _points_of_europe_and_oil(answer: ReadinessWindow) -> Iterator[Point]:
    has_oil = math.isfinite(answer.oil.median) and not answer.missing
    years_of_oil = min(answer.oil.median / DAYS_OF_A_YEAR, MOST_YEARS_OF_OIL)
    for year in answer.years:
        july = f"{year.year}-{JULY:02d}"
        replaced = year.replaced
        yield Point(july, replaced.median, replaced.low, replaced.high, "modelled", REPLACED)
        if has_oil:
            yield Point(july, years_of_oil, kind="modelled", group=OIL)


def _assumed(answer: ReadinessWindow) -> str:
    """Return the note under the chart: what the three plans assume."""
    return (
        f"We assume a ceasefire in {period(answer.ceasefire)}. Tanks stand for Russia's ground forces, and "
        f"Europe spends {_money(answer.budget)}. China's stocks stay at today's level, because "
        "nobody publishes how they will be filled."
    )


def _money(budget: float) -> str:
    return f"${budget:g}bn a year" if math.isfinite(budget) else "without limit"


def _observations(answer: ReadinessWindow) -> Table:
    rows = []
    for driver in answer.decides:
        what, when = _observation(driver.name)
        rows.append((what, driver.share, when))
    heads = (
        Column("what we would need to know"),
        Column("share of the uncertainty", ".0%", True),
        Column("where we would see it, and when"),
    )
    title = f"Share of the uncertainty about {answer.decided} that each would take away"
    return Table(heads, tuple(rows), title=title)
