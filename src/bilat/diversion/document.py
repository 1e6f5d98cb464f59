# SPDX-License-Identifier: Apache-2.0
"""The answer on diversion as a document: hubs over time first, then goods by amount at stake, then a case each.

What is certain is said at the level where it is: purchases of hubs. What was sent on is said where it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bilat.diversion.answer import COUNTERFACTUALS, Clock, Diversion, Excess, Group, Hub, Route
from bilat.document import (
    Block,
    Column,
    Document,
    Facts,
    Figure,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.words import percent
from bilat.goods.descriptions import chapter_names
from bilat.places import country_name
from bilat.places.coalitions import coalitions
from bilat.units.written import counted, figure, interval
from bilat.when import Period

#: Rows and hubs that stand in the document; hubs drawn.
MOST_ROWS, MOST_HUBS, DRAWN = 200, 15, 6
#: Words for a probability (ICD 203, analytic standards of the United States' intelligence community): up to, word.
WORDS = (
    (0.05, "almost no chance"), (0.2, "very unlikely"), (0.45, "unlikely"), (0.55, "about even"), (0.8, "likely"),
    (0.95, "very likely"), (1.0, "almost certain"),
)  # fmt: skip
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(p: float) -> str:
    """``likely`` for .6."""
    return next(word for most, word in WORDS if p <= most + 1e-9)


def how_likely(r: Route) -> str:
    """The words for a route's probability; where the range of an assumption spans several of them, that it is not
    known."""
    names = [word for _, word in WORDS]
    low, high = (names.index(in_words(p)) for p in (r.probability_low, r.probability_high))
    if high - low > 1:
        return f"not known, {r.probability_low:.0%} to {r.probability_high:.0%}"
    return in_words(r.probability)


def document(found: Diversion, question: Question | None = None, command: str = "") -> Document:
    """The whole answer; ``command``: how it is made again, for the paragraph to paste."""
    hubs = [h for h in found.hubs if h.excess][:MOST_HUBS]
    blocks: list[Block] = [Say(_records(found), "answer"), *([_hub_table(found, hubs)] if hubs else [])]
    blocks += [_line(found, h) for h in hubs[:DRAWN]]
    blocks += _total(found)
    blocks += [Say(_clock(c)) for c in found.clocks]
    blocks += [_silences(found)] if found.silences else []
    blocks += [_goods(found), *_groups(found)]
    blocks += [_unit_values(found)] if any(r.unit_value_z for r in found.rows) else []
    cases = [r for r in sorted(found.rows, key=lambda r: -r.at_stake) if r.months]
    blocks += [Section(_case_title(r), tuple(case(found, r)), detail=True) for r in cases]
    blocks.append(_legs_held(found))
    blocks.append(Section("What it rests on", tuple(Say(n, "note") for n in found.notes), detail=True))
    blocks += _next(found)
    return Document(
        kind="divert",
        title=_title(found),
        summary=(_first(found), _second(found)),
        blocks=tuple(blocks),
        data=found,
        question=question,
        as_of=found.as_of,
        known_to=Period(found.after[1]).end,
        table=found.to_arrow,
    )


# -- what is said first ----------------------------------------------------------------------------


def targets(found: Diversion) -> str:
    return _joined([country_name(t) for t in found.targets])


def origins(found: Diversion) -> str:
    """``the EU``, the states, or how many they are."""
    if set(found.origins) in ({"EU27"}, set(coalitions()["EU27"])):
        return "the EU"
    if len(found.origins) <= 3:
        return _joined([country_name(o) for o in found.origins])
    return f"{len(found.origins)} states"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def _flagged(found: Diversion) -> list[Hub]:
    return sorted((h for h in found.hubs if h.flagged), key=lambda h: -h.times)


def _title(found: Diversion) -> str:
    hubs, target = _flagged(found), targets(found)
    if not hubs:
        return f"No hub buys more than its past foretells of what {target} lost"
    number = NUMBERS[len(hubs)] if len(hubs) < len(NUMBERS) else str(len(hubs))
    noun, verb = ("hub", "buys") if len(hubs) == 1 else ("hubs", "buy")
    return f"{number.capitalize()} {noun} {verb} what {target} no longer gets from {origins(found)}"


def _times(h: Hub) -> str:
    return f"{h.times:.0f} times" if h.times >= 9.5 else f"{h.times:.1f} times"


def _first(found: Diversion) -> str:
    hubs, t = _flagged(found), found.total
    if not found.direct_held:
        lead = (
            f"Of these goods {_joined([f'{country_name(h.hub)} bought {_times(h)} as much' for h in hubs])}"
            if hubs
            else ""
        )
    elif hubs:
        each = [
            f"{country_name(h.hub)} {'bought ' if not n else ''}{_times(h)}" for n, h in enumerate(hubs[:4])
        ]
        lead = f"Of the goods whose direct sales to {targets(found)} fell, {_joined(each)} as much as a year before"
    else:
        lead = ""
    if not lead:
        return f"Purchases of the {counted(len(found.hubs), 'hubs')} tested stay within the swings of their own past."
    lost = (
        f", {percent(t.low / t.lost)} to {percent(t.high / t.lost)} of what {targets(found)} lost"
        if t.lost and t.lost > 0
        else ""
    )
    amount = f"{interval(t.low, t.high)} {found.currency} more than they would have bought anyway{lost}"
    return f"{lead} in the usual {_period(found)}: together {amount}."


def _period(found: Diversion) -> str:
    return "month" if len(found.after[0]) == 7 else "year"


def _second(found: Diversion) -> str:
    two = [r for r in found.rows if r.out is not None]
    if not two:
        went = f"How much of it went on to {targets(found)} these records do not show"
        return f"{went}: what the hubs sold on is not held."
    flags = found.flags
    sure = (
        f"{counted(len(flags), 'routes')} {'stands' if len(flags) == 1 else 'stand'} out at one in ten false"
        if flags
        else "no single route stands out"
    )
    stake = sum(r.at_stake for r in two)
    return (
        f"Where what the hubs sold {targets(found)} is held ({counted(len({r.hub for r in two}), 'hubs')}), "
        f"{sure}; all pairs, "
        f"each by its probability, come to {figure(stake, found.currency)}."
    )  # fmt: skip


def _records(found: Diversion) -> str:
    """Months held and their age, in one line."""
    end, asked = Period(found.after[1]).end, (found.as_of.date if found.as_of else None)
    age = ""
    if asked is not None and (asked - end).days > 45:
        years, months = divmod(round((asked - end).days / 30.44), 12)
        parts = [
            counted(n, what) for n, what in ((years, "years"), (months if years < 3 else 0, "months")) if n
        ]
        age = f", {_joined(parts)} before the date asked"
    legs = "both legs" if any(r.out for r in found.rows) else "purchases of the hubs alone"
    return (
        f"Records: {legs}, {_when(found.after[0])} to {_when(found.after[1])} against {_when(found.before[0])} to "
        f"{_when(found.before[1])}; the last {_period(found)} held is {_when(found.after[1])}{age}."
    )


def _when(period: str) -> str:
    return period if len(period) == 4 else f"{dt.date.fromisoformat(period + '-01'):%B %Y}"


# -- hubs ------------------------------------------------------------------------------------------


def _line(found: Diversion, h: Hub) -> Series:
    points = [Point(p, v, kind="reported", group="bought") for p, v, _ in h.months if v is not None]
    points += [
        Point(p, u, low, high, "derived", "foretold by its past")
        for p, u, low, high in h.foretold
        if u is not None
    ]
    since = f", since {_when(h.since)}" if h.since else ""
    verdict = f"surges{since}" if h.flagged else "not surely"
    return Series(
        f"{country_name(h.hub)}: {_times(h)} a year before ({verdict})",
        found.currency,
        tuple(points),
        subtitle=f"Goods whose sales to {targets(found)} fell, {found.currency} a {_period(found)}; "
        "the band: what its past foretold (80%)",
        marks=_marks(found),
        focus=("bought",),
        foot=f"{h.swings:.1f} times its usual swing; {_beyond(found, h.excess)}",
    )


def _marks(found: Diversion) -> tuple[tuple[dt.date, str], ...]:
    """The break, where it is not the invasion, which charts mark anyway."""
    return () if found.since in ("2022", "2022-02", "2022-03") else ((Period(found.since).start, "break"),)


def _beyond(found: Diversion, excess: Any) -> str:
    x: Excess | None = excess.get("other goods") or excess.get("own level")
    if x is None:
        return ""
    against = f"what {origins(found)} sold it of other goods" if "other goods" in excess else "its own level"
    return f"{figure(x.value, found.currency)} ({interval(x.low, x.high, found.currency)}) beyond {against}"


def _hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    rows = tuple(
        (
            country_name(h.hub), "surges" if h.flagged else "not surely", h.times, h.swings, _since(h.since),
            h.low, h.high, f"{h.tripled}/{h.goods}", f"{h.tripled_before}/{h.goods_before}",
        ) for h in hubs
    )  # fmt: skip
    columns = (
        Column("hub"), Column("verdict"), Column("times", ".1f", True), Column("swings", ".1f", True), Column("since"),
        Column("beyond", "usd", True), Column("to (80%)", "usd", True), Column("tripled"), Column("earlier"),
    )  # fmt: skip
    title = (
        f"Hubs: purchases against a year before, in usual swings, and beyond the usual in {found.currency}; goods that "
        "tripled, and about a break made up earlier"
    )
    return Table(columns, rows, title, total=len(found.hubs))


def _total(found: Diversion) -> list[Block]:
    t = found.total
    if not t.rests_on:
        return []
    names = {
        "own level": "their own level a year before",
        "other goods": f"that, grown as {origins(found)}'s other goods to them",
        "neighbours": "that, grown as the same goods at hubs that do not surge",
        "triple difference": "both (triple difference)",
    }
    rows = tuple(
        (names[c], x.value, x.low, x.high, x.placebo) for c in COUNTERFACTUALS if (x := t.rests_on.get(c))
    )
    columns = (
        Column("what they would have bought anyway"), Column("beyond it", number=True), Column("from", number=True),
        Column("to (80%)", number=True), Column("a year earlier", number=True),
    )  # fmt: skip
    who = _joined([country_name(h) for h in t.hubs])
    return [
        Table(columns, rows, f"{who} together, {found.currency}"),
        Say(
            "A surge of purchases is certain where it is flagged; an amount depends on what is taken for usual. "
            "The last column "
            "is the same reckoning about a break made up a year before, where nothing should be.", "note",
        ),
    ]  # fmt: skip


def _clock(c: Clock) -> str:
    at = {first: (r, low, high) for first, _, r, low, high in c.ratios}
    named = {-6: "four to six months before", -3: "in the three months before", 0: "in the first three months after",
             3: "in months four to six", 6: "in months seven to nine"}  # fmt: skip
    parts = [
        f"{at[k][0]:.1f} times {words} ({at[k][1]:.1f} to {at[k][2]:.1f})"
        for k, words in named.items()
        if k in at
    ]
    return (
        f"Of the {c.goods} goods listed on {dt.date.fromisoformat(c.listed):%-d %B %Y} the hubs together "
        f"bought, against the "
        f"same months a year before: {_joined(parts)}."
    )


def _groups(found: Diversion) -> list[Block]:
    if not found.groups:
        return []
    flagged = [g for g in found.groups if g.flagged] or list(found.groups)
    rows = tuple(
        (country_name(g.hub), _group(g), g.goods, g.times, _since(g.since), *_ends(g),
         "surges" if g.flagged else "not surely")
        for g in flagged[:30]
    )  # fmt: skip
    columns = (
        Column("hub"), Column("group"), Column("goods", number=True), Column("times", ".1f", True), Column("since"),
        Column("beyond", "usd", True), Column("to (80%)", "usd", True), Column("verdict"),
    )  # fmt: skip
    return [
        Table(columns, rows, "Groups of goods at the hubs that surge", total=len(found.groups), detail=True)
    ]


def _ends(g: Group) -> tuple[float | None, float | None]:
    x = g.excess.get("other goods") or g.excess.get("own level")
    return (x.low, x.high) if x else (None, None)


def _since(period: str | None) -> str | None:
    return _when(period) if period else None


def _group(g: Group) -> str:
    if g.kind == "chapter":
        return f"{g.name} {chapter_names().get(g.name, '')}".strip()
    return f"common high priority list, tier {g.name}" if g.kind == "tier" else f"listed on {g.name}"


# -- goods and cases -------------------------------------------------------------------------------


def _goods(found: Diversion) -> Table:
    """Pairs by amount at stake: probability times amount, if it is a route."""
    rows = tuple(
        (
            country_name(r.hub), r.product, r.name or r.label, _stake(r),
            None if r.surge is None else in_words(r.surge), how_likely(r),
        ) for r in sorted(found.rows, key=lambda r: (-r.at_stake, r.rank))
    )  # fmt: skip
    columns = (
        Column("hub"), Column("code"), Column("goods"), Column("at stake", number=True),
        Column("a surge?"), Column("a route?"),
    )  # fmt: skip
    by = {r.rests_on for r in found.rows if r.rests_on}
    named = f"; ranges by {', '.join(sorted(by))}" if by else ""
    title = f"Where to look first, {found.currency} (at stake: probability times amount{named})"
    return Table(columns, rows, title, total=found.pairs_tested, listing=True)


def _stake(r: Route) -> Figure:
    """Probability times amount; its range where an assumption moves it by more than a third."""
    if 3 * r.probability_high <= 4 * r.probability_low or not r.probability:
        return Figure(r.at_stake)
    each = r.at_stake / r.probability
    return Figure(r.at_stake, text=interval(each * r.probability_low, each * r.probability_high))


def settles(found: Diversion, r: Route) -> str:
    """What would turn a likelihood into an answer."""
    hub, target = country_name(r.hub), targets(found)
    if r.out is None:
        return f"what {hub} sold {target}: not held"
    before, now = r.out.before or 0.0, r.out.actual or 0.0
    moved = "rose" if now > before else "fell"
    return f"{hub}'s sales to {target} {moved}, {figure(before)} to {figure(now)}: consignees"


def _case_title(r: Route) -> str:
    return f"{country_name(r.hub)}, {r.name or r.label} (HS {r.product})"


def case(found: Diversion, r: Route) -> list[Block]:
    """One pair: the three legs, what else could explain it, what would settle it, a paragraph to paste."""
    hub, target, origin = country_name(r.hub), targets(found), origins(found)
    legs = (
        (f"{origin} to {target}, direct", r.direct), (f"{origin} to {hub}", r.into), (f"{hub} to {target}", r.out),
    )  # fmt: skip
    table = tuple(
        (name, *((leg.before, leg.expected, leg.actual) if leg else ("not held", "not held", "not held")))
        for name, leg in legs
    )
    columns = (
        Column("leg"),
        *(Column(c, number=True) for c in ("level before", "expected", "actual")),
    )
    amount = f"{figure(r.diverted or 0.0, found.currency)} ({interval(r.low, r.high, found.currency)})"
    facts: list[tuple[str, Any]] = [
        ("A route", how_likely(r) + (f", by {r.rests_on}" if r.rests_on else f", {percent(r.probability)}")),
        ("Amount, if it is a route", amount),
        ("At stake", _stake(r)),
        ("What would settle it", settles(found, r)),
        ("Exported by", _joined([f"{country_name(o)} {percent(s)}" for o, s in r.supplied_by]) or "not held"),
    ]
    if r.surge is not None:
        facts.insert(1, ("A surge of purchases", f"{in_words(r.surge)}, {percent(r.surge)}"))
    if [o for o, _ in r.supplied_by] == ["EU27"]:
        facts[-1] = ("Exported by", "the EU; which member is not held at this detail")
    blocks: list[Block] = [Facts(tuple(facts)), Table(columns, table, f"The three legs, {found.currency}")]
    named = (
        (("direct", r.months.direct), ("into the hub", r.months.inward), ("out of the hub", r.months.outward))
        if r.months
        else ()
    )
    points = tuple(
        Point(p, v, kind="reported", group=name)
        for name, values in named if values is not None
        for p, v in zip(r.months.periods if r.months else (), values, strict=True)
    )  # fmt: skip
    blocks.append(Series("By period", found.currency, points, marks=_marks(found)))
    if r.placebo:
        blocks.append(Table(
            (Column("where no route can be"), Column("before", number=True), Column("after", number=True)),
            tuple((what, before, after) for what, before, after in r.placebo), "Placebos",
        ))  # fmt: skip
    if r.rivals:
        blocks.append(Table(
            (Column("other explanation"), Column("outcome"), Column("because")),
            tuple((v.name, v.outcome, v.because) for v in r.rivals), "What else could explain it",
        ))  # fmt: skip
    blocks.append(Say(paragraph(found, r), "paste"))
    blocks.append(
        Next(
            f"Listed parties in {hub}: screen the consignees' names (bilat screen FILE)",
            who="the licensing officer",
        )
    )
    return blocks


def paragraph(found: Diversion, r: Route) -> str:
    """A paragraph that is complete without what stands round it."""
    hub, target = country_name(r.hub), targets(found)
    goods = f"{r.name or r.label} (HS {r.product})"
    bought, expected = figure(r.into.actual or 0.0, found.currency), figure(r.into.expected or 0.0)
    into = f"{hub} bought {bought} of {goods} from {origins(found)}, against {expected} expected"
    span = f"{_when(found.after[0])} to {_when(found.after[1])}"
    if r.out is None:
        out = f"What it sold {target} is not held"
    else:
        sold, usual = figure(r.out.actual or 0.0, found.currency), figure(r.out.expected or 0.0)
        out = f"It sold {target} {sold}, against {usual} expected"
    return (
        f"From {span}, {into}. {out}. Whether the goods went on to {target}: {how_likely(r)}; if so, some "
        f"{figure(r.diverted or 0.0, found.currency)} ({interval(r.low, r.high)}). Trade records name no firm "
        f"and prove no diversion."
    )


# -- silence, unit values, what is held ------------------------------------------------------------


def _silences(found: Diversion) -> Table:
    kinds = {
        "suppressed partner": "reports no more sales to {t}, and goes on reporting to others",
        "stopped reporting": "stopped reporting its sales",
        "never arrives": "declared for it, not in its own books",
    }
    rows = tuple(
        (country_name(s.hub), kinds[s.kind].format(t=targets(found)), _since(s.since), s.before, s.after)
        for s in found.silences
    )  # fmt: skip
    columns = (
        Column("hub"), Column("what has gone silent"), Column("since"), Column("before", number=True),
        Column("after", number=True),
    )  # fmt: skip
    return Table(columns, rows, "What has gone silent")


def _unit_values(found: Diversion) -> Table:
    odd = sorted((r for r in found.rows if r.unit_value_z), key=lambda r: -abs(r.unit_value_z or 0.0))[:20]
    rows = tuple((country_name(r.hub), r.product, r.name or r.label, r.unit_value_z) for r in odd)
    columns = (Column("hub"), Column("code"), Column("goods"), Column("value per kg, robust z", ".1f", True))
    return Table(columns, rows, "Unit values out of line with other destinations", detail=True)


def _legs_held(found: Diversion) -> Table:
    columns = (
        Column("leg"),
        Column("who"),
        Column("reported by"),
        Column("from"),
        Column("to"),
        Column("periods", number=True),
    )
    rows = tuple((h.leg, country_name(h.who), h.by, h.first, h.last, h.periods) for h in found.held)
    return Table(columns, rows, "What is held of each leg", detail=True)


def _next(found: Diversion) -> list[Block]:
    missing = [h for h in _flagged(found) if not any(r.hub == h.hub and r.out for r in found.rows)]
    blocks: list[Block] = []
    if missing:
        names = " ".join(f"--reporter {h.hub}" for h in missing[:1])
        blocks.append(Next(
            f"What {_joined([country_name(h.hub) for h in missing[:3]])} sold on would settle it: get their own "
            f"reports (bilat "
            f"sources plan comtrade {names}), then bilat divert THEIR-FILE; they are read beside what is held",
            who="the hubs' own statistics",
        ))  # fmt: skip
    return blocks
