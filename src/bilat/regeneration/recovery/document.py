# SPDX-License-Identifier: Apache-2.0
"""The answer on recovery as a document: what each publisher's figure leads to, then all of them
together.
"""

from __future__ import annotations

import math

from bilat.catalog.sources import sources
from bilat.document import (
    Block,
    Column,
    Document,
    Figure,
    Next,
    Point,
    Question,
    RangedFigure,
    Say,
    Section,
    Series,
    Table,
    wording,
)
from bilat.document.blocks import Cell
from bilat.document.questions import question_named
from bilat.document.wording import day, few, few_text, joined, per_cent, period
from bilat.planning import Quantiles
from bilat.planning.blocks import (
    RANGES,
    assumed_line,
    chance,
    drivers_table,
    numbers_table,
    quantile_text,
    ranged,
    ranged_quantiles,
    written_figure,
    yours_line,
)
from bilat.planning.lineage import first_inputs, model_source
from bilat.planning.plans import PlanHeadline
from bilat.regeneration.recovery.answer import USED_UP, Help, Recovery, months_text
from bilat.regeneration.recovery.backtest import RecoveryBacktest
from bilat.regeneration.recovery.beliefs import SETS, Belief, Beliefs, Believed, beliefs, public
from bilat.regeneration.recovery.classes import OtherClass, balance, published
from bilat.regeneration.recovery.peace import HORIZON
from bilat.regeneration.recovery.readiness import (
    ReadinessStatement,
    WarViews,
    scores,
    statements,
    views_of_war,
)
from bilat.regeneration.recovery.records import (
    LOSSES,
    RecoveryRecords,
    month_end,
    month_index,
    month_text,
)
from bilat.when import Period

#: Kinds of Chinese help in a reader's words.
HELPS = {
    "none": "with nothing from China",
    "components": "with Chinese components as today",
    "systems": "with finished vehicles from China as well",
}
#: What stands before a published figure that only bounds.
_BOUND = {"": "", "least": "at least ", "most": "at most "}
#: Months after the ceasefire for which the share of draws that are back is printed.
SHOWN = (24, 60, 120)


def document(a: Recovery, question: Question) -> Document:
    """The answer for every surface."""
    what = f"Recovery of Russia's {a.klass.label} after a ceasefire in {period(a.ceasefire)}"
    title = f"{what}, as of {day(a.as_of.date)}"
    if not a.helps:
        return Document(
            "recovery",
            title,
            (f"Not known: {a.klass.why}",),
            (*_losses(a), *_rows(a)),
            a,
            question,
            as_of=a.as_of,
        )
    blocks: list[Block] = []
    if a.backtest:
        blocks.append(Section("How well earlier forecasts did", (Say(_verdict(a.backtest)),)))
    blocks += [
        *_beliefs(a),
        Section("All published figures together", _together(a)),
        *_counts(a),
        Section("What China's help is worth", _gains(a)),
        *_said(a),
        Section("What decides", _drivers(a)),
        Section("The model compared with published figures", _fit(a), detail=True),
        *(
            [Section("Each forecast from an earlier date", (_tested(a.backtest),), detail=True)]
            if a.backtest
            else []
        ),
        Section("Numbers", (numbers_table(a.numbers),), detail=True),
        *_rows(a),
        Next("With a figure of your own", question.but(param=("new_plateau=25",))),
        Next(
            "See forecasts from earlier dates, and with each figure left out",
            question.but(checks=True),
        ),
        Next(
            "See how likely we think a ceasefire is", question_named("watch.list")().but(open=True)
        ),
    ]
    return Document(
        "recovery",
        title,
        _summary(a),
        tuple(blocks),
        a,
        question,
        as_of=a.as_of,
        answer=_answer(a),
    )


def _months(q: Quantiles) -> str:
    return f"{months_text(q.median)} [{months_text(q.low)} to {months_text(q.high)}]"


def _ranged_months(q: Quantiles) -> RangedFigure:
    """Return months with their range as a cell; an end beyond the model is "over 120"."""
    return ranged(q, _months(q), endless=f"over {HORIZON}")


def _answer(recovery: Recovery) -> str:
    """Return the answer in a sentence: how long Russia needs."""
    h = recovery.headline
    assert h is not None
    force = recovery.klass.label
    helped = "" if h.china == "components" else f" {HELPS[h.china]}"
    if math.isinf(h.months.median):
        return (
            f"Russia will not have its {force} of February 2022 back within ten years of a "
            f"ceasefire{helped}."
        )
    return (
        f"After a ceasefire, Russia needs {years(h.months)} to get back "
        f"{recovery.numbers('recovered'):.0%} of the {force} it had in February 2022{helped}."
    )


def _summary(a: Recovery) -> tuple[str, ...]:
    h = a.headline
    assert h is not None and a.active is not None and a.share is not None
    lines = [_answer(a)]
    if a.backtest and a.backtest.compared:
        lines.insert(0, _short_verdict(a.backtest))
    lines += _threshold_lines(a)
    lines += _attack_lines(a)
    b = a.beliefs
    if a.decided_by_one and b:
        middle = b.answers[len(b.answers) // 2]
        answers = joined([f"{_when(x)} ({_who(x)})" for x in (b.slowest, middle, b.quickest)])
        lines += [
            f"Publishers' figures give different answers: {answers}.",
            f"Nobody knows who is right. {_separates(b)}",
        ]
    lines += _last_count(a)
    lines += [_without(x) for x in a.helps if x.china == "none" and h.china != "none"]
    lines += [
        f"In the model runs in which Russia recovers with or without them, Chinese {g.more} save "
        f"{years(g.months)}."
        for g in a.gains
        if g.more == h.china
    ]
    day = month_end(month_index(a.ceasefire))
    lines.append(
        f"At a ceasefire in {day:%B %Y}, Russia would have {a.active.about()} {a.klass.label}."
    )
    if a.used_up > USED_UP:
        lines.append(
            f"In {a.used_up:.0%} of model runs, Russia runs out of stored vehicles before it "
            "recovers."
        )
    if a.klass.standing != "published":
        lines.append(f"Use with care: {a.klass.why}")
    lines += [*yours_line(a.numbers), RANGES, assumed_line(a.numbers, a.drivers)]
    return tuple(lines)


def _threshold_lines(recovery: Recovery) -> list[str]:
    """Return how many new ones a month make it five years, and ten."""
    named = [(m, n) for m, n in recovery.thresholds if n is not None]
    if not named:
        return []
    lengths = [("five" if m == 60 else "ten", f"{float(f'{n:.2g}'):g}") for m, n in named]
    if len(named) > 1 and len({n for _, n in lengths}) == 1:
        return [
            f"With fewer than {lengths[0][1]} new {recovery.klass.label} a month, Russia does not "
            "recover within ten years."
        ]
    first, *rest = lengths
    said = f"{first[0]} years with {first[1]} new {recovery.klass.label} a month"
    later = "".join(f", and {years} years with {n}" for years, n in rest)
    return [f"Recovery takes {said}{later}."]


def _attack_lines(recovery: Recovery) -> list[str]:
    """Return what is said now of the smallest war and of the one of which most speak."""
    views = [v for v in _views(recovery) if len(v.newest) > 1]
    if not views:
        return []
    most = max(views, key=lambda v: len(v.newest))
    said = [
        f"{few(len(v.newest))} speakers named {_from_to(v)} for {_an(v.what)}"
        for v in dict.fromkeys((views[0], most))
    ]
    return [
        "This does not say when Russia might attack. In statements of the last two years, "
        f"{joined(said)}."
    ]


def _views(recovery: Recovery) -> list[WarViews]:
    said = [o.statement for o in recovery.said]
    return views_of_war(said, recovery.as_of.date, Period(recovery.ceasefire).start)


def _an(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _from_to(views: WarViews) -> str:
    return str(views.last) if views.first == views.last else f"{views.first} to {views.last}"


def _by_war(recovery: Recovery) -> list[Table]:
    """Return what is said now of each kind of war."""
    rows = tuple(
        (
            v.what,
            len(v.newest),
            _from_to(v),
            f"{v.newest[0].who}: {v.newest[0].words()}",
            v.newest[0].said_on.isoformat(),
        )
        for v in _views(recovery)
    )
    heads = (
        Column("kind of war"),
        Column("speakers", "d", True),
        Column("years named"),
        Column("latest statement"),
        Column("published"),
    )
    title = "What they said in the last two years, by kind of war"
    return [Table(heads, rows, title=title)] if rows else []


def _last_count(recovery: Recovery) -> list[str]:
    """Return the last published count of the active stock, beside the model's."""
    counts = [r for r in recovery.residuals if r.point.quantity == "active"]
    if not counts:
        return [f"No count of active {_word(recovery)} had been published."]
    newest = max(counts, key=lambda r: (r.point.last, r.point.known_on))
    ours = Quantiles(newest.median, newest.low, newest.high)
    last = newest.point
    who = last.originators[0].split(" via ")[0].split(" (")[0]
    who = who.split(",")[0]
    part = _BOUND[last.bound]
    when = period(month_text(last.last))
    counted = f"{part}{last.value:,.0f} {_word(recovery)}"
    count = f"The last count, by {who} for {when}, was {counted}"
    below = last.bound == "least" and ours.high < last.value
    short = " That is fewer than were counted." if below else ""
    return [f"{count}. For the same month, our model gives {ours.about()}.{short}"]


def _short_verdict(backtest: RecoveryBacktest) -> str:
    """Return in a sentence how earlier forecasts did."""
    ours, plain = backtest.error(True), backtest.error(False)
    apart = round(ours / plain - 1, 2) if ours is not None and plain else 0.0
    erred = (
        "as much as" if not apart else f"{abs(apart):.0%} {'more' if apart > 0 else 'less'} than"
    )
    return (
        f"Tested from earlier dates, the forecasts erred {erred} a forecast of no change. "
        f"Their 80% ranges contained {backtest.held:.0%} of the outcomes. {_newest(backtest)}"
    )


def _verdict(b: RecoveryBacktest) -> str:
    if b.held is None or not b.compared:
        return "No later figure can be compared yet."
    last = b.last_of_each
    inside = sum(f.holds for f in last)
    return (
        f"Over {len(b.compared)} figures, the error was {b.error(True):.2f} standard deviations; "
        f"assuming no change, it would have been {b.error(False):.2f}. The 80% ranges contained "
        f"{b.held:.0%} of {len(b.forecasts)} outcomes, and the model's own {b.held_by_draws:.0%}. "
        f"For {inside} of {len(last)} figures, the outcome lay within the latest forecast's range. "
        f"{_newest(b)} The first dates had few published figures and wide ranges."
    )


def _newest(backtest: RecoveryBacktest) -> str:
    """Return how often the model's own ranges held from the newest dates, as today's are made."""
    newest = backtest.newest
    since = min(f.origin for f in newest)
    inside = sum(f.reach <= 1 for f in newest)
    return (
        f"From {wording.period(since[:7])} on, {inside} of {len(newest)} outcomes fell within the "
        "model's own ranges, made like those below."
    )


def _counts(recovery: Recovery) -> tuple[Block, ...]:
    """Return every published count of the active stock beside the model's of the same month."""
    rows = tuple(
        (
            r.point.name,
            f"{_BOUND[r.point.bound]}{r.point.value:,.0f}",
            ranged_quantiles(Quantiles(r.median, r.low, r.high)),
            "; ".join(r.point.originators),
        )
        for r in recovery.residuals
        if r.point.quantity == "active"
    )
    if not rows:
        return ()
    heads = (
        Column("count"),
        Column("published", number=True),
        Column("our model", number=True),
        Column("publisher"),
    )
    return (Section("Counts of the active stock", (Table(heads, rows),)),)


def _said(a: Recovery) -> tuple[Block, ...]:
    """Return what services say of when Russia is ready, replayed, with a score by service."""
    if not a.said:
        return ()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            o.statement.who,
            o.statement.what,
            o.statement.words(),
            o.statement.said_on.isoformat(),
            o.due.isoformat() if o.due else "after the war",
            "" if o.came is None else "right" if o.came else "wrong",
            None if o.ours is None else chance(o.ours),
        )
        for o in reversed(a.said)
    )
    heads = (
        Column("who"),
        Column("what will happen"),
        Column("forecast"),
        Column("published"),
        Column("due"),
        Column("outcome"),
        Column("our probability", ".0%", True),
    )
    table = scores(a.said, a.as_of.date)
    scored: tuple[tuple[Cell, ...], ...] = tuple(
        (s.service, s.statements, s.due, f"{s.right} of {s.decided}" if s.decided else "", s.moved)
        for s in table
        if s.statements > 1 or s.due
    )
    columns = (
        Column("service"),
        Column("statements", "d", True),
        Column("due", "d", True),
        Column("right", number=True),
        Column("how far the date moves in a year, in years", "+.1f", True),
    )
    decided = sum(s.decided for s in table)
    line = (
        f"We have {few_text(len(a.said), 'statements')} by {few_text(len(table), 'speakers')}. "
        "They do not answer quite the same question as our model. "
        f"{_checked(sum(s.due for s in table), decided)}"
    )
    has_moves = any(s.moved is not None for s in table)
    moves = "A date that moves by a year each year never comes. " if has_moves else ""
    note = (
        f"{moves}For statements about rebuilt forces, we also give the chance that Russia has as "
        "many tanks as in February 2022 by the last year named. Years after the war count from "
        "the ceasefire you chose."
    )
    return (
        Section(
            "When Russia is ready to fight: what intelligence services and armies say",
            (
                Say(line),
                *_by_war(a),
                *([Table(columns, scored, title="Score by service")] if scored else []),
                Say(note, "note"),
                Table(heads, rows, title="All statements, latest first", detail=True),
            ),
        ),
    )


def _checked(due: int, decided: int) -> str:
    """Return how many statements are due, and how many of these could be checked."""
    if not due:
        return "None is due yet."
    return (
        f"So far {few(due)} {'is' if due == 1 else 'are'} due. We could check only {few(decided)}, "
        "because nobody can see whether a force is able to attack."
    )


def other_class(force: OtherClass, question: Question, records: RecoveryRecords) -> Document:
    """Return what can be said of a force that the model does not cover."""
    known = records.known
    struck = balance(force, known)
    rows = tuple(
        (
            r.item,
            written_figure(r.figure),
            per_cent(r.unit),
            period(r.period),
            r.originator,
            r.known_on.isoformat(),
            r.url,
        )
        for r in published(force, known)
    )
    lines = [f"We cannot say when Russia's {force.label} will be back. Missing: {force.missing}."]
    if struck is not None:
        lines = [struck.words(), f"We cannot say this of the rest. Missing: {force.missing}."]
    if not rows:
        lines.append(f"No figure was public by {day(records.as_of.date)}.")
    heads = ("figure", "value", "unit", "period", "publisher", "public by", "source")
    blocks: tuple[Block, ...] = (
        *(
            [Section("What is published", (Table(tuple(Column(h) for h in heads), rows),))]
            if rows
            else []
        ),
        Next("See the plan for tanks, which can be estimated", question.but(force="tank")),
    )
    title = f"Recovery of Russia's {force.label}, as of {day(records.as_of.date)}"
    return Document("recovery", title, tuple(lines), blocks, rows, question, as_of=records.as_of)


def years(months: Quantiles) -> str:
    """``about 6.2 years (3.1 to more than 10)``, ``about 9 months (4 to 20)``."""
    unit = "years" if months.median >= 18 else "months"
    q = Quantiles(
        *(x / 12 if unit == "years" else x for x in (months.median, months.low, months.high))
    )
    most = "more than 10" if unit == "years" else "more than 120"
    form = ".2g" if unit == "years" else ",.0f"
    return PlanHeadline("", unit, q, form, most).about()


def _who(believed: Believed) -> str:
    return believed.belief.who.split(",")[0].split(" (")[0]


def _without(h: Help) -> str:
    q = h.months
    takes = "more than 10 years" if math.isinf(q.median) else years(q)
    return f"With nothing from China, Russia needs {takes}."


def _when(believed: Believed) -> str:
    return (
        "not within ten years"
        if math.isinf(believed.months.median)
        else years(believed.months).partition(" (")[0]
    )


def _separates(b: Beliefs) -> str:
    """Whether the next count of active tanks tells the publishers apart."""
    if not b.told_apart:
        return (
            "No count of all of them in the war is published that could tell." if b.answers else ""
        )
    told = (
        f"will show who is right in {len(b.separable)} of {len(b.told_apart)} pairs of publishers"
        if b.separable
        else "will not settle it by itself"
    )
    return f"The next count, in The Military Balance of {b.due:%B %Y}, {told}."


def _beliefs(a: Recovery) -> tuple[Block, ...]:
    b = a.beliefs
    if b is None:
        return ()
    if not b.answers:
        missing = f"no publisher's figure of new {_word(a)} was public by {day(a.as_of.date)}"
        return (Section("By publisher", (Say(f"Not known: {missing}."),)),)
    rows = tuple(
        (
            _who(x),
            x.new_a_year,
            _ranged_months(x.months),
            chance(x.never),
        )
        for x in b.answers
    )
    said = tuple(
        (x.belief.who, x.belief.says, x.active.median, "; ".join(x.pages)) for x in b.answers
    )
    chart = Series(
        f"Months from the ceasefire until Russia has its {_word(a)} back, by publisher",
        "months",
        tuple(
            Point(
                b.count_at,
                _finite(q.median),
                _finite(q.low) if math.isfinite(q.low) else float(HORIZON),
                _finite(q.high),
                "modelled",
                _who(x),
                "" if math.isfinite(q.high) else f"the range reaches beyond {HORIZON} months",
                endless=math.isinf(q.high),
            )
            for x in b.answers
            for q in [x.months]
        ),
        "interval",
        "median and 80% range of the model runs",
        source=model_source(a.lineage),
    )
    return (
        Section(
            "The same model with each publisher's figures",
            (
                Table(
                    (
                        Column("publisher"),
                        Column(f"new {_word(a)} a year", ",.0f", True),
                        Column("months until Russia recovers", ",.0f", True),
                        Column("chance that it does not recover in ten years", ".0%", True),
                    ),
                    rows,
                    listing=True,
                ),
                chart,
                Table(
                    (
                        Column("who"),
                        Column("what it says"),
                        Column(f"active {b.count_at}", ",.0f", True),
                        Column("from"),
                    ),
                    said,
                    title="What each publisher says",
                    detail=True,
                ),
                Say(_remarks(a.klass.name, b), "note"),
            ),
        ),
    )


#: What decides between publishers of a class.
_DECIDES = {
    "tank": "The number of new tanks matters most. Figures on storage or wear also change the "
    "stock at the ceasefire.",
    "ifv_apc": "A figure for the BMP-3 only describes a force that gets no other new vehicles.",
}


def _remarks(klass: str, heard: Beliefs) -> str:
    """Return what decides between publishers, and what must be known of those that were public."""
    remarks = [x.belief.remark for x in heard.answers if x.belief.remark]
    return " ".join((_DECIDES[klass], *remarks))


def _word(recovery: Recovery) -> str:
    """A force in one word."""
    return "tanks" if recovery.klass.name == "tank" else "vehicles"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _together(a: Recovery) -> tuple[Block, ...]:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (HELPS[h.china], _ranged_months(h.months), *(chance(p) for m, _, p in h.by if m in SHOWN))
        for h in a.helps
    )
    heads = (
        Column("Chinese help"),
        Column("months", ",.0f", True),
        *(Column(f"{m // 12} years", ".0%", True) for m, _, _ in a.helps[0].by if m in SHOWN),
    )
    h = a.headline
    assert h is not None
    course = Series(
        f"Active {a.klass.label} after the ceasefire, {HELPS[h.china]}",
        "vehicles",
        tuple(_point(h, a.ceasefire, n) for n in range(len(h.active))),
        subtitle="median and 80% range of the model runs",
        source=model_source(a.lineage),
    )
    return (
        Table(
            heads,
            rows,
            title=f"Share of model runs in which Russia has its {_word(a)} back, by years after "
            "the ceasefire",
        ),
        course,
        Say(
            "Losses fall as the stock shrinks, as they have so far: with half the stock left, "
            f"they are {0.5 ** a.exposure[0]:.0%} of what they were.",
            "note",
        ),
    )


def _point(h: Help, ceasefire: str, n: int) -> Point:
    q = h.active[n]
    return Point(
        month_text(month_index(ceasefire) + 6 * n), q.median, q.low, q.high, "modelled", "active"
    )


def _gains(recovery: Recovery) -> tuple[Block, ...]:
    said = [
        f"Where Russia recovers either way ({g.both:.0%} of model runs), it does so "
        f"{quantile_text(g.months)} months sooner {HELPS[g.more]} than {HELPS[g.less]}."
        for g in recovery.gains
    ]
    if said:
        said.append(
            "How much depends on China is an assumed range, because nobody has published it."
        )
    return tuple(Say(s) for s in said) or (
        Say("In no model run does Russia recover within ten years with two kinds of help."),
    )


def book_tables(klass: str, records: RecoveryRecords) -> tuple[Table, ...]:
    """Sheets of the book: each publisher's figure of what decides, and what others say of the
    answer.
    """
    own = tuple(_of_belief(b, "; ".join(pages)) for b, pages in public(beliefs(klass), records))
    said = tuple(
        (o.who, o.said_on.isoformat(), f"{o.what}: {o.words()}", *_calendar_years(o), o.page)
        for o in statements(records.known)
    )
    return (
        *([_sheet(f"{klass}, beliefs", BELIEF_HEADS, own)] if own else []),
        _sheet("readiness, others", READINESS_HEADS, said),
    )


#: Columns of the sheet of what others say of the year in which Russia is ready.
READINESS_HEADS = ("who", "said on", "says", "first year", "last year", "page")


def _calendar_years(said: ReadinessStatement) -> tuple[float | None, float | None]:
    """Return the years that a statement names; none if it counts from the end of the war."""
    if said.implied is None:
        return None, None
    first, last = said.implied
    return round(first, 1), round(last, 1)


#: Columns of the sheet of publishers' figures.
BELIEF_HEADS = ("who", "says", "low", "high", "unit", "its name on the sheet Assumptions", "page")


def _of_belief(belief: Belief, page: str) -> tuple[Cell, ...]:
    """Return a publisher's figure for the book, with the name under which it can be changed."""
    for name, (own, unit, _, _) in SETS.items():
        ends = getattr(belief, own)
        if ends is not None:
            return (belief.who, belief.says, *ends, unit, f"{belief.name}.{name}", page)
    return (belief.who, belief.says, None, None, "", "fitted: it sets no number", page)


def _sheet(title: str, heads: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    numbers = ("low", "high", "first year", "last year")
    return Table(tuple(Column(h, number=h in numbers) for h in heads), rows, title=title)


def _drivers(recovery: Recovery) -> tuple[Block, ...]:
    decided = f"the number of {recovery.klass.label} five years after the ceasefire"
    table = drivers_table(recovery.drivers, recovery.numbers, decided)
    if sum(d.share for d in recovery.drivers) <= 1:
        return (table,)
    note = (
        "The shares add up to more than 100%, because the stock at the ceasefire follows from the "
        "other numbers."
    )
    return (table, Say(note, "note"))


def _fit(a: Recovery) -> tuple[Block, ...]:
    rows = tuple(
        (
            r.point.name,
            Figure(r.point.value, text=f"{_BOUND[r.point.bound]}{r.point.value:,.4g}"),
            r.median,
            f"{_plain(r.low)} to {_plain(r.high)}",
            "far apart" if r.conflict else "",
            "; ".join(r.point.originators),
        )
        for r in a.residuals
    )
    blocks: list[Block] = [
        Table(
            (
                Column("figure"),
                Column("published", ",.4g", True),
                Column("our model", ",.4g", True),
                Column("80% range", number=True),
                Column("figures of publishers and of our model"),
                Column("publisher"),
            ),
            rows,
            listing=False,
        )
    ]
    if a.left_out:
        blocks.append(
            Say(
                f"If we leave out each of the {len(a.left_out)} figures in turn, "
                f"{sum(a.left_out.values())} are within the range that the others predict."
            )
        )
    states = tuple((q, text, f"{s.median:,.0f}", span(s.low, s.high)) for q, text, s in a.states)
    blocks.append(
        Table(
            (
                Column("stock in our model"),
                Column("month"),
                Column("vehicles", number=True),
                Column("80% range", number=True),
            ),
            states,
        )
    )
    return tuple(blocks)


def _plain(value: float) -> str:
    """Return a figure of a class to three digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,.10g}"


def span(low: float, high: float) -> str:
    """Return ``578 to 1,909``, with a minus sign that no spreadsheet takes for a formula."""
    return f"{low:,.0f} to {high:,.0f}".replace("-", "−")


def _tested(backtest: RecoveryBacktest) -> Table:
    rows = tuple(
        (
            f.origin,
            f.name,
            f.published,
            f.median,
            span(*f.range),
            f.same_pace,
            f.holds,
        )
        for f in backtest.forecasts
    )
    heads = (
        Column("forecast of"),
        Column("what"),
        Column("actual", ",.0f", True),
        Column("forecast", ",.0f", True),
        Column("80% range", number=True),
        Column("if nothing had changed", ",.0f", True),
        Column("within our range"),
    )
    return Table(heads, rows)


def _listed_source(recovery: Recovery) -> str:
    """Return who publishes the losses that a recovery counts."""
    used = (row.source for row in recovery.lineage if row.input.startswith(LOSSES))
    return "; ".join(dict.fromkeys(sources()[name].producer for name in used))


def _losses(recovery: Recovery) -> tuple[Block, ...]:
    points = tuple(Point(y, n, kind="reported", group="listed") for y, n in recovery.listed.items())
    return (
        Series(
            f"Listed losses of {recovery.klass.label}, to {period(recovery.record_to)}",
            "vehicles",
            points,
            "bar",
            source=_listed_source(recovery),
        ),
    )


def _rows(recovery: Recovery) -> tuple[Block, ...]:
    return (Section("Rows", (first_inputs(recovery.lineage),), detail=True),)
