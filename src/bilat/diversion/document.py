# SPDX-License-Identifier: Apache-2.0
"""The answer on diversion as a document: hubs over time first, then goods by amount at stake, then a case each.

What is certain is said at the level where it is: purchases of hubs. What was sent on is said where it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.catalog.sources import sources
from bilat.diversion.answer import COUNTERFACTUALS, Diversion, Group, Hub, Route
from bilat.diversion.case import (
    NEVER,
    bare,
    case,
    did,
    how_likely,
    hub_name,
    many,
    marks,
    origins,
    period_of,
    scaled,
    short,
    silences,
    silent,
    stake_ends,
    targets,
    times_of,
    up_to,
    window,
)
from bilat.diversion.hubs import ALSO_BANNED, FLAG_Q
from bilat.diversion.reported import LATE
from bilat.diversion.unit_steps import PURCHASES
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
    SourceRef,
    Table,
)
from bilat.document.wording import day, joined, possessive
from bilat.document.wording import period as when
from bilat.document.words import percent
from bilat.errors import command
from bilat.goods.descriptions import chapter_names
from bilat.goods.sanction_dates import dates_source
from bilat.places import country_name
from bilat.subject import Flow
from bilat.units.written import counted, figure, interval
from bilat.when import Period

#: Hubs that stand in the table, that are drawn, up to which the records name them; where about even odds end.
MOST_HUBS = 15
DRAWN = 6
NAMED_HUBS = 8
EVEN = 0.55


def document(found: Diversion, question: Question | None = None) -> Document:
    """The whole answer."""
    hubs = [h for h in found.hubs if h.excess][:MOST_HUBS]
    headline = _Headline(found)
    blocks: list[Block] = [Say(_records(found), "answer")]
    if found.absent:
        names = joined([country_name(h) for h in found.absent])
        blocks.append(
            Say(
                f"No purchase of {names} is held: nothing is said of it, which clears nobody",
                "warning",
            )
        )
    blocks += [silences(found)] if found.silences else []
    blocks += [_hub_table(found, hubs)] if hubs else []
    blocks += [_line(found, h) for h in hubs[:DRAWN]]
    blocks += _total(found)
    blocks += [_clocks(found)] if found.clocks else []
    tested = found.fell != 0 and found.rows
    blocks += [_goods(found), *_groups(found)] if tested else []
    blocks += [_unit_values(found)] if any(r.unit_value_z for r in found.rows) else []
    for r in [r for r in _ordered(found) if r.months and tested]:
        title = f"{country_name(r.hub)}, {r.name or r.label} (HS {r.product})"
        blocks.append(Section(title, tuple(case(found, r)), detail=True))
    blocks.append(_legs_held(found))
    blocks.append(
        Section("What it rests on", tuple(Say(n, "note") for n in found.notes), detail=True)
    )
    blocks += _next(found)
    return Document(
        kind="divert",
        title=headline.title(),
        summary=(headline.first(), headline.second()),
        blocks=tuple(blocks),
        data=found,
        question=question,
        subject=Flow(found.origins, found.targets),
        as_of=found.as_of,
        known_to=Period(found.after[1]).end,
        sources=_sources(found),
        table=found.to_arrow,
    )


def _sources(found: Diversion) -> tuple[SourceRef, ...]:
    known = sources()
    refs = [
        SourceRef(n, s.title, s.citation, s.licence, s.url, s.grade, found.after[1])
        if (s := known.get(n)) is not None
        else SourceRef(
            n, n, f"{n}, a file that was given", "licence not stated", "", "-", found.after[1]
        )
        for n in found.sources
    ]
    if found.clocks:
        refs.append(SourceRef("eu_sanction_dates", *dates_source(), "", "-"))
    return tuple(refs)


# -- what is said first ----------------------------------------------------------------------------


def _flagged(found: Diversion, stayed: bool | None = None) -> list[Hub]:
    mine = (h for h in found.hubs if h.flagged and stayed in (None, h.stayed))
    return sorted(mine, key=lambda h: -h.times)


def _verdict(found: Diversion, h: Hub) -> str:
    since = [v is not None for p, v, _ in h.months if p >= found.after[0]]
    if h.flagged:
        return "stayed" if h.stayed else "surges"
    if 3 * sum(since) < len(since):
        return "not known"  # it reported too little since the break
    return (
        ("usual" if h.swings > -1 else "lower")
        if h.swings < 1
        else "stayed"
        if h.stayed
        else "unsure"
    )


class _Headline:
    """The title of an answer, and its two sentences."""

    def __init__(self, found: Diversion) -> None:
        self.found, self.target, self.origin = found, targets(found), origins(found)
        self.surging, self.stayed = _flagged(found, False), _flagged(found, True)
        # The hubs whose purchases are in another unit since the break: nothing is said of them, which clears nobody.
        broken = {s.hub for s in found.silences if s.kind == PURCHASES}
        self.unknown = joined([country_name(h) for h in sorted(broken)])
        rose = [h for h in sorted(found.hubs, key=lambda h: -h.times) if h.times >= 1.5]
        self.rose = [] if self.surging or self.stayed else rose[:3]
        #: They rose beyond their past, but not in what the target lost.
        self.alike = any(h.q_value <= FLAG_Q for h in self.rose)

    def title(self) -> str:
        found = self.found
        target = self.target
        origin = self.origin
        to = f", to {when(found.after[1])}"
        if not found.hubs:
            none = f"No direct sale to {target} fell; nothing" if found.fell == 0 else "Nothing"
            return f"{none} was tested"
        if not self.surging and self.unknown:
            return (
                f"Not known of {self.unknown}, whose figures change their unit; no other hub surges"
            )
        if self.stayed and not self.surging:
            its = "its" if len(self.stayed) == 1 else "their"
            return f"{many(self.stayed)} bought more from {origin}; by {its} own books it did not go on to {target}"
        if self.alike:
            return f"Hubs bought more of all goods alike, no more of what {target} lost{to}"
        if not self.surging and found.flags:
            through = joined(
                [country_name(h) for h in dict.fromkeys(r.hub for r in found.flags)][:4]
            )
            stand = "stand" if len(found.flags) > 1 else "stands"
            return f"{counted(len(found.flags), 'routes')} to {target} through {through} {stand} out{to}"
        if self.rose:
            times = f"{did(found)} {times_of(self.rose[0])} as much as a year before"
            return f"{hub_name(self.rose[0])} {times}; that it is a surge is not certain{to}"
        if not self.surging:
            lost = f" of what {target} lost" if found.direct_held and not found.sales else ""
            who = hub_name(found.hubs[0]) if len(found.hubs) == 1 else "No hub tested"
            no = "no more" if len(found.hubs) == 1 else "more"
            return f"{who} {did(found)} {no} than its past foretold{lost}{to}"
        if found.sales:
            return f"{many(self.surging)} sold {target} more than before{to}"
        if not found.direct_held:
            return f"{many(self.surging)} bought more from {origin} than before{to}"
        return f"{many(self.surging)} bought what {target} no longer got from {origin}{to}"

    def first(self) -> str:
        """What is certain, at the level where it is."""
        if not self.found.hubs:
            return self._untested()
        if not self.surging and not self.stayed:
            return self._calm()
        fell = f"the goods whose direct sales to {self.target} fell"
        said = [
            f"{window(self.found)}, of {fell if self.found.direct_held else 'the goods asked for'}, "
        ]
        said += [self._surge()] if self.surging else []
        if self.stayed:
            rose = figure(sum(h.onward or 0.0 for h in self.stayed), self.found.currency)
            its = "its" if len(self.stayed) == 1 else "their"
            said.append(
                f"{self._rises(self.stayed)} as much as a year before, and {its} own books show that it did not go on "
                f"to {self.target}: sales of such goods there rose by {rose} at most."
            )
        return said[0] + " ".join(said[1:])

    def _untested(self) -> str:
        found = self.found
        if found.fell == 0:
            return (
                f"What {self.origin} sold {self.target} directly fell in none of the goods asked for after "
                f"{when(found.before[1])}, so there is no loss that a hub could make up for."
            )
        if self.unknown:
            return "The hubs' figures change their unit: none can be set against its own past."
        if found.before[0] == found.before[1]:
            one = f"one {period_of(found)} before the break is no usual"
            return f"The records begin with {when(found.before[0])}: {one}."
        return (
            "No hub reports enough trade on both sides of the break to be set against its own past."
        )

    def _calm(self) -> str:
        hubs = self.found.hubs
        during = window(self.found)
        what = f"sales to {self.target}" if self.found.sales else "purchases"
        if self.alike:
            return (
                f"{during} {self._rises(self.rose)} as much as a year before, but not for what {self.target} lost: the "
                f"goods whose sales to {self.target} did not fall rose there as well."
            )
        tested = counted(len(hubs), "other hubs" if self.unknown else "hubs")
        said = [
            f"{during} {what} of the {tested} tested stayed within the swings of their own past."
        ]
        if self.rose:
            h = self.rose[0]
            currency = self.found.currency
            beyond = (
                f", {up_to(h.low, h.high, currency)} beyond the usual"
                if h.excess and not self.rose[1:]
                else ""
            )
            said = [
                f"{during} {self._rises(self.rose)} as much as a year before{beyond}. These records cannot tell that "
                f"from how much such {what} swing by themselves, and clear nobody."
            ]
        if self.unknown:
            said.append(
                f"Whether {self.unknown} bought more, or its figures are in another unit, is not known."
            )
        return " ".join(said)

    def _surge(self) -> str:
        found = self.found
        t = self.found.total
        hubs = self.surging
        they, together = ("they", "together ") if len(hubs) > 1 else ("it", "")
        lost = ""
        if t.lost and t.lost > 0:
            share = "up to " if t.low <= 0 else f"{percent(t.low / t.lost)} to "
            lost = f", {share}{percent(t.high / t.lost)} of what {self.target} lost"
            if t.high > t.lost:
                lost = f", up to more than all that {self.target} lost ({figure(t.lost, found.currency)})"
        amount = up_to(t.low, t.high, found.currency)
        more = f"{together}{amount} more than {they} would have {did(found)} anyway{lost}"
        if t.capped:
            more = f"sales on to {self.target} could carry {amount} of what {they} bought beyond the usual{lost}"
        return (
            f"{self._rises(hubs)} as much as a year before in a usual {period_of(found)}: {more}."
        )

    def _rises(self, hubs: list[Hub]) -> str:
        each = [
            f"{hub_name(h)} {'' if n else did(self.found) + ' '}{times_of(h)}"
            for n, h in enumerate(hubs[:6])
        ]
        return joined(each)

    def second(self) -> str:
        """What has gone silent, what went on where that is held, and the same sums about an earlier date."""
        found = self.found
        speak = [s for s in found.silences if s.kind not in (NEVER, LATE)]
        each = {s.hub: s for s in reversed(speak)}  # of each hub the largest
        said = [f"{silent(found, s)}." for s in [*reversed(each.values())][:2]]
        if found.sales:
            said.append(
                "Whose goods they were, and when the hubs bought them, these records do not show."
            )
        elif any(r.out for r in found.rows) or self.stayed:
            said.append(self._onward([r for r in found.rows if r.out]))
        else:
            what = "of it went on" if self.surging else "the hubs sold on"
            part = any(s.since and s.since >= found.after[0] for s in each.values())
            end = (
                " in whole: what was sold until then is in the file and is not counted"
                if part
                else ""
            )
            said.append(f"How much {what} to {self.target}, these records do not show{end}.")
        if found.total.placebo:
            ends = interval(*found.total.placebo, found.currency) or figure(found.total.placebo[0])
            same = "the same sums about a date a year earlier"
            said.append(f"As a check, {same} come to {ends} {found.currency}.")
        return " ".join(said)

    def _onward(self, two: list[Route]) -> str:
        """What went on, of hubs whose sales are held."""
        found = self.found
        flags = self.found.flags
        likely = [r for r in two if r.probability > EVEN]
        sure = "no single route stands out"
        if flags:
            some = f"{counted(len(flags), 'routes')} stand out, one in ten of them perhaps false"
            sure = some if len(flags) > 1 else "one route stands out"
        elif likely:
            goods = f"{country_name(likely[0].hub)}, {likely[0].name or likely[0].label}"
            sure = f"the likeliest route ({goods}) is {how_likely(likely[0])}, and none is certain"
        held = {r.hub for r in two} | {h.hub for h in self.stayed}
        surging = {h.hub for h in self.surging}
        stake = sum(r.at_stake for r in two)
        theirs = sum(r.at_stake for r in two if r.hub in surging)
        through = ""
        above = ""
        if surging:  # two figures of two things: each is named
            some = f" ({figure(theirs, found.currency)} of it through hubs that surge)"
            through = some if theirs < 0.98 * stake else ""
            above = (
                "; the amount above is of purchases beyond the usual, whether they went on or not"
            )
        return (
            f"What the hubs sold {self.target} is held of {counted(len(held), 'hubs')}: {sure}. Pair by pair, each "
            f"counted by its probability, goods for {figure(stake, found.currency)} likely went on to "
            f"{self.target}{through}{above}."
        )


def _records(found: Diversion) -> str:
    """Months held and their age, in one line."""
    end = Period(found.after[1]).end
    asked = found.as_of.date if found.as_of else None
    age = ""
    if asked is not None and (asked - end).days > 45:
        years, months = divmod(round((asked - end).days / 30.44), 12)
        ages = ((years, "years"), (months if years < 3 else 0, "months"))
        parts = [counted(n, what) for n, what in ages if n]
        age = f", {joined(parts)} before the date asked"
    legs = "both legs" if any(r.out for r in found.rows) else "purchases of the hubs alone"
    legs = "sales of the hubs alone" if found.sales else legs
    few = joined(sorted(country_name(h.hub) for h in found.hubs))
    which = f" ({few}; no other hub is tested)" if 1 < len(found.hubs) <= NAMED_HUBS else ""
    headings = {r.product[:4] for r in found.rows}
    which += f", HS {headings.pop()}" if len(headings) == 1 else ""
    named = [when(p) for p in found.gaps[:3]] + [f"{len(found.gaps) - 3} more"] * (
        len(found.gaps) > 3
    )
    gaps = f"; nothing is held of {joined(named)}" if named else ""
    return (
        f"Records: {legs}{which}, {when(found.after[0])} to {when(found.after[1])} against {when(found.before[0])} to "
        f"{when(found.before[1])}; the last {period_of(found)} held is {when(found.after[1])}{age}{gaps}."
    )


# -- hubs ------------------------------------------------------------------------------------------


def _line(found: Diversion, h: Hub) -> Series:
    points = [
        Point(p, v, kind="reported", group=bare(found)) for p, v, _ in h.months if v is not None
    ]
    points += [
        Point(p, u, low, high, "derived", "foretold by its past") for p, u, low, high in h.foretold
    ]
    verdict = _verdict(found, h) + (f", since {when(h.since)}" if h.since else "")
    of = f"Purchases from {origins(found)}"
    if found.sales or found.direct_held:
        of = f"{'Sales' if found.sales else 'Goods whose direct sales'} to {targets(found)}"
        of += "" if found.sales else " fell"
    return Series(
        f"{hub_name(h)}: {times_of(h)} a year before ({verdict})",
        found.currency,
        tuple(points),
        subtitle=f"{of}, {found.currency} a {period_of(found)}; the band: what its past foretold (80%)",
        marks=marks(found),
        focus=(bare(found),),
        foot=f"{h.swings:.1f} times its usual swing; {up_to(h.low, h.high, found.currency)} beyond the usual (80%)",
    )


def _hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    by, unit = scaled(max(h.high for h in hubs), found.currency)
    rows = tuple(
        (
            hub_name(h),
            _verdict(found, h),
            h.times,
            h.swings,
            h.since and short(h.since),
            round(h.low / by) + 0.0,
            round(h.high / by) + 0.0,
            f"{h.tripled}/{h.goods}",
            f"{h.tripled_before}/{h.goods_before}",
        )
        for h in hubs
    )
    columns = (
        Column("hub"),
        Column("verdict"),
        Column("times", ".1f", True),
        Column("swings", ".1f", True),
        Column("since"),
        Column("beyond", ",.0f", True),
        Column("to (80%)", ",.0f", True),
        Column("tripled"),
        Column("earlier"),
    )
    title = (
        f"Hubs: {'sales' if found.sales else 'purchases'} against a year before, in usual swings, and beyond the usual "
        f"in {unit}; goods that tripled, and about a break made up earlier"
    )
    return Table(columns, rows, title, total=len(found.hubs))


def _total(found: Diversion) -> list[Block]:
    t = found.total
    if not t.rests_on:
        return []
    they, their, them = ("they", "their", "them") if len(t.hubs) > 1 else ("it", "its", "it")
    banned = {b for t in found.targets for b in ALSO_BANNED.get(t, ())}
    calm = joined(
        [country_name(h.hub) for h in found.hubs if not h.flagged and h.hub not in banned]
    )
    names = {
        "own level": f"{their} own level a year before",
        "other goods": f"that, grown as {possessive(origins(found))} other goods to {them}",
        "neighbours": f"that, grown as the same goods at {calm if len(calm) < 40 else 'hubs that do not surge'}",
        "triple difference": "both (triple difference)",
    }
    # One heading of goods has no spread of headings.
    rows = tuple(
        (names[c], x.value, *((x.low, x.high) if x.low < x.high else (None, None)), x.placebo)
        for c in COUNTERFACTUALS
        if (x := t.rests_on.get(c))
    )
    columns = (
        Column(f"what {they} would have {did(found)} anyway"),
        Column("beyond it", number=True),
        Column("from", number=True),
        Column("to (80%)", number=True),
        Column("a year earlier", number=True),
    )
    who = joined([country_name(h) for h in t.hubs])
    note = (
        "What is taken for usual moves the amount more than anything else. The last column is the same reckoning about "
        "a break made up a year before, where nothing should be."
    )
    together = " together" if len(t.hubs) > 1 else ""
    capped = ", no more than was sold on" if t.capped else ""
    return [Table(columns, rows, f"{who}{together}, {found.currency}{capped}"), Say(note, "note")]


def _clocks(found: Diversion) -> Table:
    spans = sorted({(first, last) for c in found.clocks for first, last, *_ in c.ratios})
    rows = []
    for c in found.clocks:
        at = {first: f"{low:.1f} to {high:.1f}" for first, _, _, low, high in c.ratios}
        rows.append(
            (day(dt.date.fromisoformat(c.listed)), c.goods, *(at.get(first) for first, _ in spans))
        )
    heads = [
        f"{first + 1} to {last + 1}" if first >= 0 else f"{first} to {last}"
        for first, last in spans
    ]
    columns = (
        Column("listed on"),
        Column("goods", number=True),
        *(Column(h, number=True) for h in heads),
    )
    title = "What all hubs tested together bought of goods listed on one day, times the same months a year before (80%)"
    return Table(columns, tuple(rows), f"{title}, by months from the listing")


def _groups(found: Diversion) -> list[Block]:
    if not found.groups:
        return []
    rows = []
    for g in ([g for g in found.groups if g.flagged] or list(found.groups))[:30]:
        x = g.excess.get("other goods") or g.excess["own level"]
        ends = (g.since and short(g.since), x.low, x.high, "surges" if g.flagged else "unsure")
        rows.append((country_name(g.hub), _group(g), g.goods, g.times, *ends))
    columns = (
        Column("hub"),
        Column("group"),
        Column("goods", number=True),
        Column("times", ".1f", True),
        Column("since"),
        Column("beyond", "usd", True),
        Column("to (80%)", "usd", True),
        Column("verdict"),
    )
    title = "Groups of goods at the hubs that surge"
    return [Table(columns, tuple(rows), title, total=len(found.groups), detail=True)]


def _group(g: Group) -> str:
    if g.kind == "chapter":
        return f"{g.name} {chapter_names().get(g.name, '')}".strip()
    return (
        f"common high priority list, tier {g.name}" if g.kind == "tier" else f"listed on {g.name}"
    )


# -- goods -----------------------------------------------------------------------------------------


def _ordered(found: Diversion) -> list[Route]:
    """By amount at stake, probability times amount if it is a route; first those of hubs that surge and whose own
    books do not say that it stayed."""
    surging = {h.hub for h in _flagged(found, False)}
    return sorted(found.rows, key=lambda r: (r.hub not in surging, -r.at_stake, r.rank))


def _goods(found: Diversion) -> Table:
    ordered = _ordered(found)
    two = any(r.out for r in ordered) and not found.sales
    legs = [r.out or r.into if found.sales else r.into for r in ordered]
    by, unit = scaled(max((leg.actual or 0.0 for leg in legs), default=0.0), found.currency)
    stakes = [(r.at_stake, r.at_stake) if found.sales else stake_ends(r) for r in ordered]
    ranged = any(f"{low / by:.1f}" != f"{high / by:.1f}" for low, high in stakes)
    heads = [
        "usual",
        bare(found),
        *(["sold on"] if two else []),
        "at stake",
        *(["to"] if ranged else []),
    ]
    rows = []
    for r, leg, stake in zip(ordered, legs, stakes, strict=True):
        sold = [r.out.actual if r.out else None] if two else []
        money = (leg.expected, leg.actual, *sold, *stake[: 1 + ranged])
        amounts = [None if v is None else v / by for v in money]
        word = [how_likely(r)] if two else []
        rows.append((r.rank, country_name(r.hub), r.product, r.name or r.label, *amounts, *word))
    columns = [Column("row", ".0f", True), *(Column(c) for c in ("hub", "code", "goods"))]
    columns += [Column(c, ".1f", True) for c in heads]
    columns += [Column("a route?")] if two else []
    # What one leg cannot say is said once, not in every row.
    part = "at hubs that surge a tenth to a half of what is beyond the usual, else probability times amount"
    stake_is = "probability times amount" if two or not _flagged(found) else part
    stake_is = "sales beyond the usual" if found.sales else stake_is
    title = f"Where to look first, {unit}, surging hubs first; at stake: {stake_is}"
    return Table(tuple(columns), tuple(rows), title, total=found.pairs_tested, listing=True)


# -- unit values, what is held ------------------------------------------------------------


def _unit_values(found: Diversion) -> Table:
    odd = sorted(
        (r for r in found.rows if r.unit_value_z), key=lambda r: -abs(r.unit_value_z or 0.0)
    )[:20]
    rows = tuple((country_name(r.hub), r.product, r.name or r.label, r.unit_value_z) for r in odd)
    columns = (
        Column("hub"),
        Column("code"),
        Column("goods"),
        Column("value per kg, robust z", ".1f", True),
    )
    return Table(columns, rows, "Unit values out of line with other destinations", detail=True)


def _legs_held(found: Diversion) -> Table:
    columns = (
        *map(Column, ("leg", "who", "reported by", "from", "to")),
        Column("periods", number=True),
    )
    rows = tuple((h.leg, country_name(h.who), h.by, h.first, h.last, h.periods) for h in found.held)
    return Table(columns, rows, "What is held of each leg", detail=True)


def _next(found: Diversion) -> list[Block]:
    both = {r.hub for r in found.rows if r.out}
    missing = [h.hub for h in _flagged(found, False) if h.hub not in both]
    if not missing or found.sales:
        return []
    plan = command("sources", "plan", "comtrade", reporter=missing[:3])
    named = joined([country_name(h) for h in missing[:3]])
    get = f"get their own reports ({plan}), then {command('divert', 'THEIR-FILE')}"
    text = f"What {named} sold on would settle it: {get}; they are read beside what is held"
    return [Next(text, who="the hubs' own statistics")]
