# SPDX-License-Identifier: Apache-2.0
"""Topics of ties: trade, technology, energy, votes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from bilat.document import Point
from bilat.holdings import Holdings
from bilat.places import spoken_name
from bilat.trade.chips import is_incomplete
from bilat.units import count
from bilat.units.notation import money
from bilat.verdicts.sentences import WordedNumber, capital, spoken
from bilat.verdicts.topics.topic import Between, Facet, FromTo, Remark, last_of, owner, year_end
from bilat.when import AsOf

#: Whose votes on the war in Ukraine are about the two themselves.
AT_WAR = frozenset({"RUS", "UKR"})
#: Fewest common votes of a year for a share of them.
FEWEST_VOTES = 20

#: Records of trade by partner: source -> what its share is of.
_TRADE = {
    "imf_russia": "trade in goods",
    "comtrade_world_2021": "exports of goods",
    "us_census_exports": "exports of goods",
}
#: Least share of one's trade, in per cent, that is told of the side that depends less, and of the
#: side whose record ends more than so many years earlier.
LEAST_SHARE = 1.0
LEAST_OLD_SHARE = 10.0
YEARS_APART = 2
#: The record of exports and imports, in which a partner's place is told, and the places that are.
_WHOLE_TRADE = "imf_russia"
_PLACES = {1: "largest", 2: "second-largest", 3: "third-largest"}
_VERB = {"trade in goods": "accounted for", "exports of goods": "took"}
_SHARES = """
SELECT source, left(period, 4) AS y,
       coalesce(sum(value) FILTER (partner = $1 AND length(period) = 4),
                CASE WHEN count(*) FILTER (partner = $1) = 12 THEN sum(value) FILTER (partner = $1) END),
       sum(value) FILTER (partner = 'WLD'), sum(value) FILTER (NOT is_aggregate AND length(period) = 4)
FROM flows WHERE reporter = $2 AND product = 'TOTAL' AND value IS NOT NULL
  AND source IN ('imf_russia', 'comtrade_world_2021', 'us_census_exports') GROUP BY ALL ORDER BY y
"""


def trade(asked: Between) -> Facet | None:
    """Each one's share of the other's trade in goods, by the newest record."""
    found = _trade_shares(asked)
    if not found:
        return None
    mine, other, source, points = found[0]
    year = points[-1][0]
    said = [
        f"{spoken_name(o)} {_VERB[_TRADE[s]]} {_percent(p[-1][1])} of {owner(m)} {_TRADE[s]} in {p[-1][0]}"
        for m, o, s, p in found
    ]
    moved = (
        len(points) > 1 and points[-1][1] >= 0.1 and not 0.8 < points[0][1] / points[-1][1] < 1.25
    )
    change = f" ({_percent(points[0][1])} in {points[0][0]})" if moved else ""
    rank, of = _trade_rank(asked, mine=mine, other=other, source=source, year=year)
    place = f", its {_PLACES[rank]} partner" if rank in _PLACES and source == _WHOLE_TRADE else ""
    return Facet(
        "trade",
        sentence=capital("; ".join([said[0] + change + place, *said[1:]])) + ".",
        unit=f"% of {_TRADE[source]}",
        last=last_of(points),
        rank=rank,
        of=of,
        ranked=other,
        among=mine,
        data_to=year_end(year, asked.as_of),
        sure="firm" if int(year) >= asked.as_of.date.year - 3 else "fair",
        sources=tuple(dict.fromkeys(f[2] for f in found)),
        points=tuple((_share_group(o, m, _TRADE[s]), y, v) for m, o, s, p in found for y, v in p),
        heading=capital(said[0]),
        absent=points[-1][1] < 0.1,
    )


def _share_group(other: str, mine: str, what: str) -> str:
    """Return the name of a state's share in another's trade: ``India's share of Russia's ...``."""
    return f"{owner(other)} share of {owner(mine)} {what}"


def _trade_shares(asked: Between) -> list[tuple[str, str, str, list[tuple[str, float]]]]:
    """Return who trades with whom, by which source, and the shares by year.

    The side that depends more comes first, of those whose record is new: a share of years ago is
    history, and comes first only where the newer one is too small to be told.
    """
    found: list[tuple[str, str, str, list[tuple[str, float]]]] = []
    for mine, other in ((asked.a, asked.b), (asked.b, asked.a)):
        by: dict[str, list[tuple[str, float]]] = {}
        for source, y, part, world, summed in asked.rows(_SHARES, other, mine, needs=("flows",)):
            whole = world or summed
            if part and whole and int(y) < asked.as_of.date.year:
                by.setdefault(source, []).append((y, 100 * float(part) / float(whole)))
        if by:
            source = max(by, key=lambda s: (by[s][-1][0], len(by[s])))
            found.append((mine, other, source, by[source]))
    newest = max((int(f[3][-1][0]) for f in found), default=0)

    def order(side: tuple[str, str, str, list[tuple[str, float]]]) -> tuple[bool, float]:
        year, share = side[3][-1]
        is_new = newest - int(year) <= YEARS_APART and share >= LEAST_SHARE
        return not is_new, -share

    found.sort(key=order)
    rest = [f for f in found[1:] if f[3][-1][1] >= _least_share(f[3], newest)]
    return [*found[:1], *rest]


def _least_share(points: list[tuple[str, float]], newest: int) -> float:
    """Return the share from which a side is told beside the one that leads."""
    is_new = newest - int(points[-1][0]) <= YEARS_APART
    return LEAST_SHARE if is_new else LEAST_OLD_SHARE


def _percent(x: float) -> str:
    return "less than 0.1%" if x < 0.1 else format(WordedNumber(x), "percent")


def _trade_rank(
    asked: Between, mine: str, other: str, source: str, year: str
) -> tuple[int | None, int]:
    rows = asked.rows(
        "SELECT partner, sum(value) AS v FROM flows WHERE reporter = ? AND source = ? AND period = ? AND product = "
        "'TOTAL' AND NOT is_aggregate AND value > 0 GROUP BY 1 ORDER BY 2 DESC",
        mine,
        source,
        year,
        needs=("flows",),
    )
    partners = [p for p, _ in rows]
    return (partners.index(other) + 1 if other in partners else None), len(partners)


def _dollars(amount: float) -> str:
    """Return an amount of dollars with two figures: ``$52bn``."""
    return money(float(f"{amount:.2g}"), "USD")


def technology(asked: Between) -> Facet | None:
    """Return exports of chips from one to the other in whole years, where they are on record."""
    for seller, buyer in ((asked.a, asked.b), (asked.b, asked.a)):
        rows = asked.rows(
            "SELECT left(period, 4) AS y, sum(value) FROM flows "
            "WHERE source = 'atlas_techai_baskets' AND product = 'basket:chips' "
            "AND reporter = ? AND partner = ? AND value IS NOT NULL GROUP BY 1 ORDER BY 1",
            seller,
            buyer,
            needs=("flows",),
        )
        today = asked.as_of.date.year
        points = [(y, float(v)) for y, v in rows if int(y) <= today and not is_incomplete(y)]
        if last := last_of(points):
            sold = f"{capital(spoken_name(seller))} sold {spoken_name(buyer)} chips"
            now = f"{_dollars(last.value)} in {last.period}"
            is_next = int(last.period) - int(last.before_period) == 1
            earlier = "a year earlier" if is_next else f"in {last.before_period}"
            compared = f"compared with {_dollars(last.before)} {earlier}"
            said = f"{sold} and similar goods worth {now}, {compared}."
            return Facet(
                "technology",
                sentence=said,
                unit="USD",
                last=last,
                data_to=year_end(last.period, asked.as_of),
                sure="fair",
                sources=("atlas_techai_baskets",),
                points=tuple((f"{seller}>{buyer}", y, v) for y, v in points),
                heading=f"{sold} worth {now}",
            )
    return None


_GAS = """
SELECT period, sum(quantity) FROM flows WHERE source = 'china_energy_by_source' AND reporter = 'CHN' AND flow = 'M'
  AND product IN ('fuel:lng', 'fuel:pipeline_gas') AND quantity_unit = 'bcm' AND partner IN (?, ?)
GROUP BY 1 HAVING sum(quantity) >= 0.5 ORDER BY 1
"""


def energy(asked: Between) -> Facet | None:
    """China's crude and gas from the other, the one importer whose purchases by origin are on record."""
    other = asked.b if asked.a == "CHN" else asked.a if asked.b == "CHN" else ""
    if not other:
        return None
    from bilat.measures import ask

    share = ask("energy.share", ("RUS", "CHN"), as_of=asked.as_of, holdings=asked.holdings)
    points = [
        (p.period, 100 * p.value) for p in share.points if p.group == other and p.value is not None
    ]
    who = capital(spoken_name(other))
    gas = [
        (y, float(v))
        for y, v in asked.rows(_GAS, other, f"From {spoken_name(other)}", needs=("flows",))
    ]
    sent = ""
    if gas:
        earlier = f", {gas[0][1]:.0f} in {gas[0][0]}" if gas[1:] else ""
        sent = f"{who} supplied China with {gas[-1][1]:.0f} billion cubic metres of gas in {gas[-1][0]}{earlier}."
    if not points or points[-1][1] < 0.05:
        return (
            Facet(
                "energy",
                sentence=sent,
                unit="billion cubic metres of gas",
                last=last_of(gas),
                data_to=year_end(gas[-1][0], asked.as_of),
                sure="firm",
                sources=("china_energy_by_source",),
                points=tuple((f"Gas from {spoken_name(other)}", *g) for g in gas),
                heading=f"{who} supplied China with gas in {gas[-1][0]}",
            )
            if gas
            else None
        )
    rank = sorted(
        {p.group: p.value or 0 for p in share.points if p.period == points[-1][0]}.values(),
        reverse=True,
    )
    given = format(WordedNumber(points[-1][1]), "percent")
    before = f", {_percent(points[-2][1])} in {points[-2][0]}" if len(points) > 1 else ""
    text = (
        f"China's customs recorded {given} of its crude imports in {points[-1][0]} as from "
        f"{spoken_name(other)}{before}; oil of others that was relabelled counts as from there."
    )
    return Facet(
        "energy",
        sentence=text,
        unit="% of China's crude imports",
        last=last_of(points),
        rank=rank.index(points[-1][1] / 100) + 1 if points[-1][1] / 100 in rank else None,
        of=len(rank),
        ranked=other,
        among="CHN",
        data_to=share.data_to,
        sure="firm",
        sources=tuple(s["name"] for s in share.sources),
        points=tuple((other, y, v) for y, v in points),
        remarks=(Remark(sent),) if sent else (),
        flow=FromTo(other, "CHN"),
        heading=(
            f"China's customs recorded {given} of its crude imports in {points[-1][0]} as from "
            f"{spoken_name(other)}"
        ),
    )


_RANK = """
WITH v AS (SELECT rollcall, country, vote FROM votes WHERE source = 'unga_votes_later' AND left(period, 4) = ?
           AND vote IN ('yes', 'no', 'abstain')),
one AS (SELECT p.country AS a, q.country AS b, count(*) AS n, avg(CAST(p.vote = q.vote AS INTEGER)) AS same
        FROM v p JOIN v q ON p.rollcall = q.rollcall AND p.country < q.country GROUP BY ALL HAVING count(*) >= ?)
SELECT same FROM one
"""
#: First year of the record of all members, among which a pair is ranked.
SINCE_VOTES = "2020"
#: Shares of equal votes of all pairs in a year, as long as the holdings live: every pair is ranked among the same.
_EQUAL: WeakKeyDictionary[Holdings, dict[tuple[AsOf, str], list[float]]] = WeakKeyDictionary()


def _equal(asked: Between, year: str) -> list[float]:
    kept = _EQUAL.setdefault(asked.holdings, {})
    if (asked.as_of, year) not in kept:
        kept[asked.as_of, year] = [
            s for (s,) in asked.rows(_RANK, year, FEWEST_VOTES, needs=("votes",))
        ]
    return kept[asked.as_of, year]


def votes(asked: Between) -> Facet | None:
    """Equal votes in the General Assembly by year, and where that stands among all pairs."""
    from bilat.measures import ask
    from bilat.measures.figures import named

    m = ask("votes.agreement", (asked.a, asked.b), as_of=asked.as_of, holdings=asked.holdings)
    whole = [
        p for p in m.points if p.group == "roll calls" and p.period >= SINCE_VOTES and not p.open
    ]
    if not whole or whole[-1].value is None:
        return None
    year = whole[-1].period
    share = whole[-1].value
    equal = _equal(asked, year)
    above = sum(s > share / 100 + 1e-12 for s in equal)
    of = len(equal)
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    high = above < of / 2
    most = max(above, of - above) / of
    others = f"{'nearly all' if most > 0.95 else f'{most:.0%} of'} pairs agree {'less' if high else 'more'} often"
    cast = f"voted the same way in {share:.0f}% of the roll calls of {year}"
    both = f"{capital(a)} and {b} {cast}"
    said = f"{both} in the General Assembly{_years_before(whole)}; {others}."
    return Facet(
        "votes",
        sentence=said,
        unit="% of common votes",
        rank=above + 1,
        of=of,
        data_to=year_end(year, asked.as_of),
        sure="firm",
        sources=("unga_votes_later",),
        points=(("", year, share),),  # unlike roll calls are no series
        heading=both,
        figures=named(m, whole[-1:]),
    )


def _years_before(whole: Sequence[Point]) -> str:
    """Return the mean share of the years before the last, with these years; blank for fewer than
    two."""
    before = [p.value for p in whole[:-1] if p.value is not None]
    if len(before) < 2:
        return ""
    return f" ({sum(before) / len(before):.0f}% from {whole[0].period} to {whole[-2].period})"


def war(asked: Between) -> Facet | None:
    """Equal votes on the resolutions on Ukraine since the invasion, of all sessions whose votes are held by state."""
    rows = asked.rows(
        "SELECT p.period, p.vote, q.vote, p.resolution FROM votes p JOIN votes q ON p.rollcall = q.rollcall AND "
        "q.source = p.source WHERE p.source IN ('unga_votes_later', 'un_ukraine_later') AND p.topic = 'ukraine' "
        "AND p.period >= '2022-02-24' AND p.country = ? AND q.country = ? ORDER BY p.period, p.resolution",
        asked.a,
        asked.b,
        needs=("votes",),
    )
    if not rows:
        return None
    same = sum(x == y for _, x, y, _ in rows)
    n = len(rows)
    many = f"all {n}" if same == n > 1 else f"none of the {n}" if not same else f"{same} of the {n}"
    of = f"{many} {'resolutions' if n > 1 else 'resolution'} on the war in Ukraine in which both voted"
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    day, mine, theirs, _ = rows[-1]
    last = f"both {_CAST[mine]}" if mine == theirs else f"{a} {_CAST[mine]} and {b} {_CAST[theirs]}"
    said = f"{capital(a)} and {b} voted alike in {of}; in {spoken(day[:7])} {last}."
    side = next((state for state in asked.dyad if state in AT_WAR), None)
    split = [(x, y) for _, x, y, r in rows if r == "A/RES/ES-11/7"]
    more = [
        f"They differed on Ukraine's text of February 2025: {a} {_CAST[x]} and {b} {_CAST[y]}."
        for x, y in split
        if x != y
    ]
    return Facet(
        "war",
        sentence=said,
        unit=count("resolutions"),
        data_to=dt.date.fromisoformat(day),
        sure="firm",
        sources=("unga_votes_later", *(("un_ukraine_later",) if split else ())),
        points=tuple(("", p, float(x == y)) for p, x, y, _ in rows),
        remarks=tuple(Remark(text) for text in more),
        usual=_as_far_out(asked, side, same / n) if side else None,
        heading=f"{capital(a)} and {b} voted alike in {many} resolutions on the war in Ukraine"
        if n > 1
        else "",
    )


_ALIKE = """
SELECT avg(CAST(p.vote = q.vote AS INTEGER)) FROM votes p JOIN votes q
    ON p.rollcall = q.rollcall AND q.source = p.source AND q.country <> p.country
WHERE p.source IN ('unga_votes_later', 'un_ukraine_later') AND p.topic = 'ukraine'
    AND p.period >= '2022-02-24' AND p.country = ? GROUP BY q.country
"""


def _as_far_out(asked: Between, side: str, share: float) -> float | None:
    """Return the share of states that vote as rarely, or as often, with a state at war."""
    shares = [float(s) for (s,) in asked.rows(_ALIKE, side, needs=("votes",))]
    if not shares:
        return None
    as_low = sum(s <= share + 1e-12 for s in shares)
    as_high = sum(s >= share - 1e-12 for s in shares)
    return min(as_low, as_high) / len(shares)


_CAST = {"yes": "voted yes", "no": "voted no", "abstain": "abstained"}
