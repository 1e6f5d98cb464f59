# SPDX-License-Identifier: Apache-2.0
"""The answer on diversion as a document: hubs over time first, then goods by amount at stake, then a case each.

What is certain is said at the level where it is: purchases of hubs. What was sent on is said where it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bilat.catalog.sources import sources
from bilat.diversion.answer import COUNTERFACTUALS, Clock, Diversion, Excess, Group, Hub, Route
from bilat.diversion.case import (
    NEVER,
    buy,
    case,
    how_likely,
    marks,
    origins,
    period_of,
    scaled,
    short,
    silences,
    silent,
    stake_ends,
    targets,
    up_to,
)
from bilat.diversion.hubs import FLAG_Q
from bilat.diversion.reported import LATE
from bilat.diversion.unit_steps import EXPORTS, PURCHASES
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
from bilat.units.written import counted, figure, interval
from bilat.when import Period

#: Hubs that stand in the table, that are drawn, up to which the records name them; where about even odds end.
MOST_HUBS, DRAWN, NAMED_HUBS, EVEN = 15, 6, 8, 0.55


def document(found: Diversion, question: Question | None = None) -> Document:
    """The whole answer."""
    hubs = [h for h in found.hubs if h.excess][:MOST_HUBS]
    blocks: list[Block] = [Say(_records(found), "answer")]
    blocks += [silences(found)] if found.silences else []
    blocks += [_hub_table(found, hubs)] if hubs else []
    blocks += [_line(found, h) for h in hubs[:DRAWN]]
    blocks += _total(found)
    blocks += [Say(_clock(c)) for c in found.clocks]
    tested = found.fell != 0 and found.rows
    blocks += [_goods(found), *_groups(found)] if tested else []
    blocks += [_unit_values(found)] if any(r.unit_value_z for r in found.rows) else []
    for r in [r for r in _ordered(found) if r.months and tested]:
        title = f"{country_name(r.hub)}, {r.name or r.label} (HS {r.product})"
        blocks.append(Section(title, tuple(case(found, r)), detail=True))
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
        sources=_sources(found),
        table=found.to_arrow,
    )


def _sources(found: Diversion) -> tuple[SourceRef, ...]:
    known = sources()
    refs = [
        SourceRef(n, s.title, s.citation, s.licence, s.url, s.grade, found.after[1])
        if (s := known.get(n)) is not None
        else SourceRef(n, n, f"{n}, a file that was given", "licence not stated", "", "-", found.after[1])
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
    if h.flagged:
        return "stayed" if h.stayed else "surges"
    if any(s.kind == PURCHASES and s.hub == h.hub for s in found.silences):
        return "unknown"
    return "usual" if h.swings < 1 else "stayed" if h.stayed else "unsure"


def _unknown(found: Diversion) -> str:
    """The hubs whose purchases cannot be read, nor taken back to one unit; blank where there are none."""
    broken = {s.hub: s for s in found.silences if s.kind == PURCHASES and s.hub not in found.targets}
    calm = {h.hub for h in found.hubs if _verdict(found, h) != "unknown"}
    return joined([country_name(h) for h in sorted(broken) if h not in calm])


def _title(found: Diversion) -> str:
    hubs, stayed, target = _flagged(found, False), _flagged(found, True), targets(found)
    if not hubs and found.hubs and (unknown := _unknown(found)):
        return f"Not known of {unknown}, whose figures change their unit; no other hub surges"
    if not hubs and stayed:
        their = "its" if len(stayed) == 1 else "their"
        return f"{buy(stayed)} more from {origins(found)}; by {their} own books it did not go on to {target}"
    if not found.hubs:
        return (
            f"No direct sale to {target} fell; nothing was tested"
            if found.fell == 0
            else "Nothing was tested"
        )
    if not hubs:
        did, lost = ("sells", f" {target}") if found.sales else ("buys", "")
        of = f" of what {target} lost" if found.direct_held and not found.sales else ""
        lone = (
            f"{_hub(found.hubs[0])} {did}{lost} no more"
            if len(found.hubs) == 1
            else f"No hub tested {did}{lost} more"
        )
        return f"{lone} than its past foretells{of}"
    if found.sales:
        return f"{buy(hubs).replace('buy', 'sell')} {target} more than before"
    if not found.direct_held:
        return f"{buy(hubs)} more from {origins(found)} than before"
    return f"{buy(hubs)} what {target} no longer gets from {origins(found)}"


def _times(h: Hub) -> str:
    return f"{h.times:.0f} times" if h.times >= 9.5 else f"{h.times:.1f} times"


def _did(found: Diversion, what: str = "") -> str:
    """``bought``, or ``sold Russia``; with ``what`` the thing after it."""
    return f"sold {targets(found)}{what and ' '}{what}" if found.sales else f"bought{what and ' '}{what}"


def _hub(h: Hub) -> str:
    return country_name(h.hub) + (f" (to {when(h.until)})" if h.until else "")


def _untested(found: Diversion) -> str:
    """Why no hub was tested."""
    target = targets(found)
    if found.fell == 0:
        return (
            f"What {origins(found)} sold {target} directly fell in none of the goods asked for after "
            f"{when(found.before[1])}, so there is no loss that a hub could make up for."
        )
    if any(s.kind in (PURCHASES, EXPORTS) and not s.factor for s in found.silences):
        return "The unit of the figures changes within the window: no hub can be set against its own past."
    if found.before[0] == found.before[1]:
        return f"The records begin with {when(found.before[0])}: one {period_of(found)} before the break is no usual."
    return "No hub reports enough trade on both sides of the break to be set against its own past."


def _first(found: Diversion) -> str:
    hubs, t, stayed = _flagged(found, False), found.total, _flagged(found, True)
    if not found.hubs:
        return _untested(found)
    if not hubs and not stayed:
        what = f"Sales to {targets(found)}" if found.sales else "Purchases"
        many = counted(len(found.hubs), "hubs")
        if unknown := _unknown(found):
            many = f"{len(found.hubs) - sum(_verdict(found, h) == 'unknown' for h in found.hubs)} other hubs"
        most = [h for h in sorted(found.hubs, key=lambda h: -h.times) if h.times >= 1.5][:3]
        rises = joined([f"{_hub(h)} {_times(h)}" for h in most])
        rose = f" The largest rises, {rises} a year before, are within what such goods do by themselves."
        if any(h.q_value <= FLAG_Q for h in most):
            others = f"the goods whose sales to {targets(found)} did not fall rose there as well"
            return f"{what} rose, {rises} a year before, but not for what {targets(found)} lost: {others}."
        if unknown:
            rose = (
                f" Whether {unknown} bought more, or its figures are in another unit, is not known."
                + rose * bool(most)
            )
        return f"{what} of the {many} tested stay within the swings of their own past.{rose if most or unknown else ''}"
    lead = f"the goods whose direct sales to {targets(found)} fell"
    fell, kept = lead if found.direct_held else "the goods asked for", ""
    if stayed:
        rose, their = (
            figure(sum(h.onward or 0.0 for h in stayed), found.currency),
            "its" if len(stayed) == 1 else "their",
        )
        kept = (
            f"{_rises(found, stayed)} as much as a year before, and {their} own books show that it did not go on to "
            f"{targets(found)}: sales of such goods there rose by {rose} at most."
        )
    if not hubs:
        return f"Of {fell}, {kept}"
    they, together = ("they", "together ") if len(hubs) > 1 else ("it", "")
    lost = ""
    if t.lost and t.lost > 0:
        share = "up to " if t.low <= 0 else f"{percent(t.low / t.lost)} to "
        lost = f", {share}{percent(t.high / t.lost)} of what {targets(found)} lost"
        if t.high > t.lost:
            lost += f" ({figure(t.lost, found.currency)}; what is beyond it went elsewhere)"
    amount = up_to(t.low, t.high, found.currency)
    more = f"{together}{amount} more than {they} would have {_did(found)} anyway{lost}"
    if any(
        h.onward is not None and h.onward < max(x.value for x in h.excess.values()) for h in hubs if h.excess
    ):
        more = (
            f"sales on to {targets(found)} could carry {amount} of what {they} bought beyond the usual{lost}"
        )
    each = f"{_rises(found, hubs)} as much as a year before in a usual {period_of(found)}"
    return f"Of {fell}, {each}: {more}. {kept}".rstrip()


def _rises(found: Diversion, hubs: list[Hub]) -> str:
    return joined([f"{_hub(h)} {'' if n else _did(found) + ' '}{_times(h)}" for n, h in enumerate(hubs[:4])])


def _second(found: Diversion) -> str:
    exports = [s for s in found.silences if s.kind == EXPORTS]
    speak = exports or [s for s in found.silences if s.kind not in (NEVER, LATE)]
    each = {s.hub: s for s in reversed(speak)}  # of each hub the largest
    lead = "".join(f"{silent(found, s)}. " for s in [*reversed(each.values())][:2])
    placebos = [x.placebo for x in found.total.rests_on.values() if x.placebo is not None]
    check = ""
    if placebos:
        ends = interval(min(placebos), max(placebos), found.currency) or figure(placebos[0])
        check = f" As a check, the same sums about a date a year earlier come to {ends} {found.currency}."
    two = [r for r in found.rows if r.out is not None]
    if found.sales:
        unknown = "Whose goods they were, and when the hubs bought them, these records do not show."
        return f"{lead}{unknown}{check}"
    if not two and not _flagged(found, True):
        what = "of it went on" if _flagged(found) else "the hubs sold on"
        return f"{lead}How much {what} to {targets(found)}, these records do not show.{check}"
    flags, likely = found.flags, [r for r in two if r.probability > EVEN]
    sure = "no single route stands out"
    if likely and not flags:
        goods = f"{country_name(likely[0].hub)}, {likely[0].name or likely[0].label}"
        sure = f"the likeliest route ({goods}) is {how_likely(likely[0])}, and none is certain"
    elif flags:
        many = f"{counted(len(flags), 'routes')} stand out, one in ten of them perhaps false"
        sure = many if len(flags) > 1 else "one route stands out"
    held = {r.hub for r in two} | {h.hub for h in _flagged(found, True)}
    surging = {h.hub for h in _flagged(found, False)}
    stake, theirs = (sum(r.at_stake for r in two if not among or r.hub in among) for among in ((), surging))
    through, above = "", ""
    if surging:  # two figures of two things: each is named
        some = theirs < 0.98 * stake
        through = f" ({figure(theirs, found.currency)} of it through hubs that surge)" if some else ""
        above = "; the amount above is of purchases beyond the usual, whether they went on or not"
    return (
        f"{lead}What the hubs sold {targets(found)} is held of {counted(len(held), 'hubs')}: {sure}. Pair by pair, "
        f"each counted by its probability, goods for {figure(stake, found.currency)} likely went on to "
        f"{targets(found)}{through}{above}.{check}"
    )


def _records(found: Diversion) -> str:
    """Months held and their age, in one line."""
    end, asked = Period(found.after[1]).end, (found.as_of.date if found.as_of else None)
    age = ""
    if asked is not None and (asked - end).days > 45:
        years, months = divmod(round((asked - end).days / 30.44), 12)
        ages = ((years, "years"), (months if years < 3 else 0, "months"))
        parts = [counted(n, what) for n, what in ages if n]
        age = f", {joined(parts)} before the date asked"
    legs = "both legs" if any(r.out for r in found.rows) else "purchases of the hubs alone"
    legs = "sales of the hubs alone" if found.sales else legs
    few = 1 < len(found.hubs) <= NAMED_HUBS
    which = (
        f" ({joined(sorted(country_name(h.hub) for h in found.hubs))}; no other hub is held)" if few else ""
    )
    return (
        f"Records: {legs}{which}, {when(found.after[0])} to {when(found.after[1])} against {when(found.before[0])} to "
        f"{when(found.before[1])}; the last {period_of(found)} held is {when(found.after[1])}{age}."
    )


# -- hubs ------------------------------------------------------------------------------------------


def _line(found: Diversion, h: Hub) -> Series:
    did = "sold" if found.sales else "bought"
    points = [Point(p, v, kind="reported", group=did) for p, v, _ in h.months if v is not None]
    points += [Point(p, u, low, high, "derived", "foretold by its past") for p, u, low, high in h.foretold]
    verdict = _verdict(found, h) + (f", since {when(h.since)}" if h.since else "")
    return Series(
        f"{_hub(h)}: {_times(h)} a year before ({verdict})",
        found.currency,
        tuple(points),
        subtitle=f"{_of_what(found)}, {found.currency} a {period_of(found)}; the band: what its past foretold (80%)",
        marks=marks(found),
        focus=(did,),
        foot=f"{h.swings:.1f} times its usual swing; {_beyond(found, h.excess)}",
    )


def _of_what(found: Diversion) -> str:
    if not found.sales and found.direct_held:
        return f"Goods whose direct sales to {targets(found)} fell"
    return f"Sales to {targets(found)}" if found.sales else f"Purchases from {origins(found)}"


def _beyond(found: Diversion, excess: Any) -> str:
    x: Excess | None = excess.get("other goods") or excess.get("own level")
    if x is None:
        return ""
    grown = f", grown as {possessive(origins(found))} other goods to it" if "other goods" in excess else ""
    return f"{figure(x.value, found.currency)} ({interval(x.low, x.high, found.currency)}) beyond a year before{grown}"


def _hub_table(found: Diversion, hubs: Sequence[Hub]) -> Table:
    by, unit = scaled(max(h.high for h in hubs), found.currency)
    rows = tuple(
        (
            _hub(h), _verdict(found, h), h.times, h.swings,
            h.since and short(h.since), round(h.low / by) + 0.0, round(h.high / by) + 0.0, f"{h.tripled}/{h.goods}",
            f"{h.tripled_before}/{h.goods_before}",
        ) for h in hubs
    )  # fmt: skip
    columns = (
        Column("hub"), Column("verdict"), Column("times", ".1f", True), Column("swings", ".1f", True), Column("since"),
        Column("beyond", ",.0f", True), Column("to (80%)", ",.0f", True), Column("tripled"), Column("earlier"),
    )  # fmt: skip
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
    names = {
        "own level": f"{their} own level a year before",
        "other goods": f"that, grown as {possessive(origins(found))} other goods to {them}",
        "neighbours": "that, grown as the same goods at hubs that do not surge",
        "triple difference": "both (triple difference)",
    }
    rows = tuple(
        (names[c], x.value, x.low, x.high, x.placebo) for c in COUNTERFACTUALS if (x := t.rests_on.get(c))
    )
    columns = (
        Column(f"what {they} would have {_did(found)} anyway"), Column("beyond it", number=True),
        Column("from", number=True),
        Column("to (80%)", number=True), Column("a year earlier", number=True),
    )  # fmt: skip
    who = joined([country_name(h) for h in t.hubs])
    return [
        Table(columns, rows, f"{who}{' together' if len(t.hubs) > 1 else ''}, {found.currency}"),
        Say(
            f"That the hubs {_did(found, 'more')} is certain where it is flagged; by how much depends on what is taken "
            "for usual. The last column is the same reckoning about a break made up a year before, where nothing "
            "should be. A hub that stopped reporting counts up to its last period.", "note",
        ),
    ]  # fmt: skip


def _clock(c: Clock) -> str:
    at = {first: (r, low, high) for first, _, r, low, high in c.ratios}
    named = {-6: "four to six months before", -3: "in the three months before", 0: "in the first three months after",
             3: "in months four to six", 6: "in months seven to nine"}  # fmt: skip
    ratios = [(*at[k], words) for k, words in named.items() if k in at]
    parts = [f"{ratio:.1f} times {words} ({low:.1f} to {high:.1f})" for ratio, low, high, words in ratios]
    listed = day(dt.date.fromisoformat(c.listed))
    return (
        f"Of the {c.goods} goods listed on {listed} the hubs together bought, against the same months a year before: "
        f"{joined(parts)}."
    )


def _groups(found: Diversion) -> list[Block]:
    if not found.groups:
        return []
    rows = []
    for g in ([g for g in found.groups if g.flagged] or list(found.groups))[:30]:
        x = g.excess.get("other goods") or g.excess["own level"]
        ends = (g.since and short(g.since), x.low, x.high, "surges" if g.flagged else "unsure")
        rows.append((country_name(g.hub), _group(g), g.goods, g.times, *ends))
    columns = (
        Column("hub"), Column("group"), Column("goods", number=True), Column("times", ".1f", True), Column("since"),
        Column("beyond", "usd", True), Column("to (80%)", "usd", True), Column("verdict"),
    )  # fmt: skip
    return [
        Table(
            columns,
            tuple(rows),
            "Groups of goods at the hubs that surge",
            total=len(found.groups),
            detail=True,
        )
    ]


def _group(g: Group) -> str:
    if g.kind == "chapter":
        return f"{g.name} {chapter_names().get(g.name, '')}".strip()
    return f"common high priority list, tier {g.name}" if g.kind == "tier" else f"listed on {g.name}"


# -- goods -----------------------------------------------------------------------------------------


def _ordered(found: Diversion) -> list[Route]:
    """By amount at stake, probability times amount if it is a route; first those of hubs that surge and whose own
    books do not say that it stayed."""
    surging = {h.hub for h in _flagged(found, False)}
    return sorted(found.rows, key=lambda r: (r.hub not in surging, -r.at_stake, r.rank))


def _goods(found: Diversion) -> Table:
    ordered = _ordered(found)
    two, main = any(r.out for r in ordered) and not found.sales, "sold" if found.sales else "bought"
    legs = [((r.out if found.sales else r.into) or r.into, r.out) for r in ordered]
    by, unit = scaled(max((leg.actual or 0.0 for leg, _ in legs), default=0.0), found.currency)
    ends = [[f"{x / by:.1f}" for x in stake_ends(r)] for r in ordered]
    ranged = any(low != high for low, high in ends)
    rows = []
    for r, (leg, out) in zip(ordered, legs, strict=True):
        sold = [out.actual if out else None] if two else []
        money = (leg.expected, leg.actual, *sold, *stake_ends(r)[: 1 + ranged])
        amounts = [None if v is None else v / by for v in money]
        word = [how_likely(r)] if two else []
        rows.append((r.rank, country_name(r.hub), r.product, r.name or r.label, *amounts, *word))
    heads = ["usual", main, *(["sold on"] if two else []), "at stake", *(["to"] if ranged else [])]
    columns = [Column("row", ".0f", True), *(Column(c) for c in ("hub", "code", "goods"))]
    columns += [Column(c, ".1f", True) for c in heads]
    columns += [Column("a route?")] if two else []
    title = f"Where to look first, {unit}, surging hubs first; at stake: "
    # What one leg cannot say is said once, not in every row.
    title += (
        "probability times amount" if two or found.sales else "a tenth to a half of what is beyond the usual"
    )
    return Table(tuple(columns), tuple(rows), title, total=found.pairs_tested, listing=True)


# -- unit values, what is held ------------------------------------------------------------


def _unit_values(found: Diversion) -> Table:
    odd = sorted((r for r in found.rows if r.unit_value_z), key=lambda r: -abs(r.unit_value_z or 0.0))[:20]
    rows = tuple((country_name(r.hub), r.product, r.name or r.label, r.unit_value_z) for r in odd)
    columns = (Column("hub"), Column("code"), Column("goods"), Column("value per kg, robust z", ".1f", True))
    return Table(columns, rows, "Unit values out of line with other destinations", detail=True)


def _legs_held(found: Diversion) -> Table:
    columns = (*map(Column, ("leg", "who", "reported by", "from", "to")), Column("periods", number=True))
    rows = tuple((h.leg, country_name(h.who), h.by, h.first, h.last, h.periods) for h in found.held)
    return Table(columns, rows, "What is held of each leg", detail=True)


def _next(found: Diversion) -> list[Block]:
    both = {r.hub for r in found.rows if r.out}
    missing = [h.hub for h in _flagged(found, False) if h.hub not in both]
    if not missing or found.sales:
        return []
    plan = command("sources", "plan", "comtrade", reporter=missing[:3])
    return [
        Next(
            f"What {joined([country_name(h) for h in missing[:3]])} sold on would settle it: get their own reports "
            f"({plan}), then {command('divert', 'THEIR-FILE')}; they are read beside what is held",
            who="the hubs' own statistics",
        )
    ]
