# SPDX-License-Identifier: Apache-2.0
"""The answer on recovery as a document: what each publisher's figure leads to, then all of them together."""

from __future__ import annotations

import math

from bilat.document import (
    Block,
    Column,
    Document,
    Figure,
    Finding,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.blocks import Cell
from bilat.planning import Quantiles
from bilat.planning.blocks import between, numbers_table
from bilat.planning.lineage import shown
from bilat.planning.plans import PlanHeadline
from bilat.regeneration.recovery.answer import HORIZON, USED_UP, Help, Recovery, months_text
from bilat.regeneration.recovery.backtest import RecoveryBacktest
from bilat.regeneration.recovery.beliefs import Beliefs, Believed, beliefs, others, public
from bilat.regeneration.recovery.records import RecoveryRecords, month_end, month_index, month_text

#: Kinds of Chinese help in a reader's words.
HELPS = {
    "none": "with nothing from China",
    "components": "with Chinese components as today",
    "systems": "with finished vehicles from China too",
}
#: Drivers in a reader's words.
NAMES = {
    "new_plateau": "new vehicles a month", "wear": "wear in the war", "detection": "share of losses that is listed",
    "detection_slope": "how that share moves", "detection_2026": "how that share moved in 2026",
    "good_share": "share of the store in good condition", "effort": "what repair plants can do",
    "overhaul": "vehicles overhauled", "stored": "what is left in storage",
}  # fmt: skip
#: Months after the ceasefire for which the share of draws that are back is printed.
SHOWN = (24, 60, 120)


def document(a: Recovery, question: Question) -> Document:
    """The answer for every surface."""
    title = (
        f"Recovery of Russia's {a.klass.label} after a ceasefire in {a.ceasefire}, as of {a.as_of}"
    )
    if not a.helps:
        return Document(
            "recovery",
            title,
            (f"Not known: {a.klass.why}",),
            (*_losses(a), *_beyond(a), *_rows(a)),
            a,
            question,
            as_of=a.as_of,
        )
    blocks: list[Block] = [*_beliefs(a)]
    blocks += [
        Section("All published figures together", _together(a)),
        Section("What China's help is worth", _gains(a)),
        *_others(a),
        *_beyond(a),
        Section("What decides", (_drivers(a),)),
        Section("The fit against what was published", _fit(a), detail=True),
        *(
            [Section("Forecasts from earlier dates", _tested(a.backtest), detail=True)]
            if a.backtest
            else []
        ),
        Section("Numbers", (numbers_table(a.numbers),), detail=True),
        *_rows(a),
        Next("With another figure of your own", question.but(param=("new_plateau=25",))),
        Next("Forecasts from earlier dates, points left out one by one", question.but(checks=True)),
    ]
    return Document("recovery", title, _summary(a), tuple(blocks), a, question, as_of=a.as_of)


def _months(q: Quantiles) -> str:
    return f"{months_text(q.median)} [{months_text(q.low)} to {months_text(q.high)}]"


def _summary(a: Recovery) -> tuple[str, ...]:
    h = a.headline
    assert h is not None and a.active is not None and a.share is not None
    force = a.klass.label
    helped = "" if h.china == "components" else f" {HELPS[h.china]}"
    if math.isinf(h.months.median):
        lines = [
            f"Russia does not have its {force} of February 2022 back within ten years of a ceasefire{helped}."
        ]
    else:
        lines = [
            f"After a ceasefire Russia needs {years(h.months)} to have its {force} of February 2022 back{helped}, "
            f"counted at {a.numbers('recovered'):.0%}."
        ]
    b = a.beliefs
    if a.decided_by_one and b:
        middle = b.answers[len(b.answers) // 2]
        lines += [
            "How many new ones are made decides, and publishers differ: "
            + "; ".join(f"by {_who(x)} {_when(x)}" for x in (b.slowest, middle, b.quickest))
            + ".",
            f"Who is right is not known. {_separates(b)}",
        ]
    lines += [_without(x) for x in a.helps if x.china == "none" and h.china != "none"]
    lines += [
        f"Where it comes back either way, Chinese {g.more} save {years(g.months)}."
        for g in a.gains
        if g.more == h.china
    ]
    day = month_end(month_index(a.ceasefire))
    lines.append(f"At a ceasefire in {day:%B %Y} {a.active.about()} {force} would stand.")
    if a.used_up > USED_UP:
        lines.append(f"In {a.used_up:.0%} of the draws the stock is used up on the way.")
    if a.klass.standing != "published":
        lines.append(f"Use with care: {a.klass.why}")
    return tuple(lines)


def years(months: Quantiles) -> str:
    """``about 6 years (3 to more than 10)``, ``about 9 months (4 to 20)``: as much as the range bears."""
    unit = "years" if months.median >= 18 else "months"
    q = Quantiles(
        *(x / 12 if unit == "years" else x for x in (months.median, months.low, months.high))
    )
    most = "more than 10" if unit == "years" else "more than 120"
    return PlanHeadline("", unit, q, most=most).about()


def _who(b: Believed) -> str:
    return b.belief.who.split(",")[0].split(" (")[0]


def _without(h: Help) -> str:
    q = h.months
    takes = "more than 10 years" if math.isinf(q.median) else years(q)
    return f"With nothing from China it takes {takes}."


def _when(b: Believed) -> str:
    return (
        "never within ten years"
        if math.isinf(b.months.median)
        else years(b.months).partition(" (")[0]
    )


def _separates(b: Beliefs) -> str:
    """Whether the next count of active tanks tells the publishers apart."""
    if not b.told_apart:
        return ""
    told = (
        f"will tell {len(b.separable)} of {len(b.told_apart)} pairs of publishers apart"
        if b.separable
        else "will not by itself tell them apart"
    )
    return f"The next count, in The Military Balance of {b.due:%B %Y}, {told}."


def _beliefs(a: Recovery) -> tuple[Block, ...]:
    b = a.beliefs
    if b is None:
        return ()
    if not b.answers:
        return (
            Section("By belief", (Say(f"No figure of what decides was public by {a.as_of}."),)),
        )
    rows = tuple(
        (_who(x), x.new_a_year, Figure(_finite(x.months.median), text=_months(x.months)), x.never)
        for x in b.answers
    )
    said = tuple(
        (x.belief.who, x.belief.says, x.active.median, x.belief.url or "; ".join(x.locators))
        for x in b.answers
    )
    chart = Series(
        "Months from the ceasefire until it is back, by belief",
        "months",
        tuple(
            Point(
                b.count_at,
                _finite(q.median),
                _finite(q.low),
                _finite(q.high),
                "modelled",
                _who(x),
                "" if math.isfinite(q.high) else f"the upper end lies beyond {HORIZON} months",
            )
            for x in b.answers
            for q in [x.months]
        ),
        "interval",
        "median, 10% to 90% of the draws",
    )
    return (
        Section(
            "By belief: one publisher's figure, one model",
            (
                Table(
                    (
                        Column("on whose figure"),
                        Column("new a year", ",.0f", True),
                        Column("months", number=True),
                        Column("never", "%", True),
                    ),
                    rows,
                    listing=True,
                ),
                chart,
                Table(
                    (
                        Column("who"),
                        Column("says"),
                        Column(f"active {b.count_at}", ",.0f", True),
                        Column("from"),
                    ),
                    said,
                    title="What each says",
                    detail=True,
                ),
                Say(
                    "New ones are what decides; a belief about what left storage moves the stock at the ceasefire too. "
                    "Figures of different publishers may count different things: Janes's 'up to' counts T-80BVM, which "
                    "may be rebuilt hulls.",
                    "note",
                ),
            ),
        ),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _together(a: Recovery) -> tuple[Block, ...]:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (HELPS[h.china], _months(h.months), *(p for m, _, p in h.by if m in SHOWN)) for h in a.helps
    )
    heads = (
        Column("help"),
        Column("months", number=True),
        *(Column(f"{m // 12} years", "%", True) for m, _, _ in a.helps[0].by if m in SHOWN),
    )
    h = a.headline
    assert h is not None
    course = Series(
        f"Active {a.klass.label} after the ceasefire, {HELPS[h.china]}",
        "vehicles",
        tuple(_point(h, a.ceasefire, n) for n in range(len(h.active))),
        subtitle="median, 10% to 90% of the draws",
    )
    return (
        Table(heads, rows, title="Share of draws back by then"),
        course,
        Say(
            "Losses fall with the stock, as they did in the record: with half of it left, to "
            f"{0.5 ** a.exposure[0]:.0%} of what they were.",
            "note",
        ),
    )


def _point(h: Help, ceasefire: str, n: int) -> Point:
    q = h.active[n]
    return Point(
        month_text(month_index(ceasefire) + 6 * n), q.median, q.low, q.high, "modelled", "active"
    )


def _gains(a: Recovery) -> tuple[Block, ...]:
    said = [
        f"{HELPS[g.more][0].upper()}{HELPS[g.more][1:]} instead of {HELPS[g.less].removeprefix('with ')} saves "
        f"{between(g.months)} months, over the {g.both:.0%} of draws that recover with both."
        for g in a.gains
    ]
    if said:
        said.append("What depends on China is an assumed range: nobody has published it.")
    return tuple(Say(s) for s in said) or (
        Say("No draw recovers within ten years under two kinds of help."),
    )


def book_tables(klass: str, records: RecoveryRecords) -> tuple[Table, ...]:
    """Sheets of the book: each publisher's figure of what decides, and what others say of the answer."""
    own = tuple(
        (
            b.who,
            b.says,
            b.new[0] if b.new else None,
            b.new[1] if b.new else None,
            b.url or "; ".join(locators),
        )
        for b, locators in public(beliefs(klass), records)
    )
    said = tuple((o.who, o.of, o.said, *o.years, o.url) for o in others(records.as_of))
    return (
        *(
            [_sheet(f"{klass}, beliefs", ("who", "says", "new a year, low", "high", "page"), own)]
            if own
            else []
        ),
        _sheet(f"{klass}, others", ("who", "of", "says", "years, low", "high", "page"), said),
    )


def _sheet(title: str, heads: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    return Table(tuple(Column(h) for h in heads), rows, title=title)


def _others(a: Recovery) -> tuple[Block, ...]:
    if not a.others:
        return ()
    said = (Say(f"{o.who}, {o.of}: {o.said}.") for o in a.others)
    pages = Table(
        (Column("who"), Column("page")),
        tuple((o.who, o.url) for o in a.others),
        title="Pages",
        detail=True,
    )
    return (Section("What others say of the same", (*said, pages)),)


def _beyond(a: Recovery) -> tuple[Block, ...]:
    if not a.beyond:
        return ()
    return (
        Section(
            "Artillery, air defence, people",
            tuple(
                Finding(f"{b.force.capitalize()}: {b.said}", would_change=f"Missing: {b.missing}.")
                for b in a.beyond
            ),
        ),
    )


def _drivers(a: Recovery) -> Table:
    rows = tuple((NAMES.get(d.name, d.name.replace("_", " ")), d.rank) for d in a.drivers)
    heads = (Column("number"), Column("goes with more tanks (+1) or fewer (-1)", "+.2f", True))
    return Table(heads, rows, title=f"{a.klass.label.capitalize()} five years after the ceasefire")


def _fit(a: Recovery) -> tuple[Block, ...]:
    rows = tuple(
        (
            r.point.name,
            r.point.value,
            r.median,
            f"{r.low:,.3g} to {r.high:,.3g}",
            "conflict" if r.conflict else "",
            "; ".join(r.point.originators),
        )
        for r in a.residuals
    )
    blocks: list[Block] = [
        Table(
            (
                Column("figure"),
                Column("published", ",.4g", True),
                Column("fit", ",.4g", True),
                Column("80%", number=True),
                Column(""),
                Column("who"),
            ),
            rows,
            listing=False,
        )
    ]
    if a.left_out:
        blocks.append(
            Say(
                f"{sum(a.left_out.values())} of {len(a.left_out)} figures lie where the others lead one to expect."
            )
        )
    states = tuple(
        (q, text, f"{s.median:,.0f}", f"{s.low:,.0f} to {s.high:,.0f}") for q, text, s in a.states
    )
    blocks.append(
        Table(
            (Column(""), Column("at"), Column("vehicles", number=True), Column("80%", number=True)),
            states,
        )
    )
    return tuple(blocks)


def _tested(b: RecoveryBacktest) -> tuple[Block, ...]:
    rows = tuple(
        (f.origin, f.name, f.published, f.median, f"{f.low:,.0f} to {f.high:,.0f}", f.holds)
        for f in b.forecasts
    )
    verdict = (
        f"{b.error(True):.1f} stated deviations off against {b.error(False):.1f} of the rule that things go on as they "
        f"did; the 80% intervals held {b.held:.0%} of {len(b.forecasts)}."
        if b.held is not None and b.compared
        else "No later figure can be compared yet."
    )
    return (
        Say(verdict),
        Table(
            (
                Column("asked on"),
                Column("of"),
                Column("came", ",.0f", True),
                Column("said", ",.0f", True),
                Column("80%", number=True),
                Column("held"),
            ),
            rows,
        ),
    )


def _losses(a: Recovery) -> tuple[Block, ...]:
    points = tuple(Point(y, n, kind="reported", group="listed") for y, n in a.listed.items())
    return (
        Series(f"Listed losses of {a.klass.label}, to {a.record_to}", "vehicles", points, "bar"),
    )


def _rows(a: Recovery) -> tuple[Block, ...]:
    return (Section("Rows", (shown(a.lineage),), detail=True),)
