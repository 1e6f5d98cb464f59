# SPDX-License-Identifier: Apache-2.0
"""Topics of force: arms, exercises, troops, treaties, agreements, disputes, listings."""

from __future__ import annotations

import datetime as dt
import re

from bilat.dyad import Dyad
from bilat.measures import ask_for
from bilat.measures.figures import NamedFigure, named
from bilat.places import alpha2, country_name, spoken_name
from bilat.verdicts.sentences import WordedNumber, capital, fits, spoken
from bilat.verdicts.topics.topic import Between, Facet, last_of, owner, year_end
from bilat.when import Period

#: The unit of deliveries in a reader's words: SIPRI's trend-indicator value.
SIPRI_POINTS = "million SIPRI points"
#: Deliveries of five years, in such points, below which one does not arm the other.
FEW = 25
#: Years of deliveries that make a share, as the register's publisher compares them.
SPAN = 5
#: A treaty of more states than this that does not oblige to defend is none of a pair.
WIDEST = 12


def arms(asked: Between) -> Facet | None:
    """Deliveries of major arms both ways, and each one's share of what the other got in five years."""
    every = asked.rows(
        "SELECT supplier, recipient, left(period, 4) AS y, sum(tiv) FROM transfers WHERE source = 'sipri_register' "
        "GROUP BY ALL",
        needs=("transfers",),
    )
    if not every:
        return None
    to = max(y for *_, y, _ in every)
    first = str(int(to) - SPAN + 1)
    sums: dict[tuple[str, str], float] = {}
    for s, r, y, v in every:
        if y >= first:
            sums[s, r] = sums.get((s, r), 0.0) + float(v)
    said: list[tuple[float, str, str]] = []
    points: list[tuple[str, str, float]] = []
    for seller, buyer in ((asked.a, asked.b), (asked.b, asked.a)):
        series = {y: float(v) for s, r, y, v in every if (s, r) == (seller, buyer)}
        if not series:
            continue
        # of a buyer whose deliveries are all held a year without any is nought
        begins = min(series) if pooled(asked, buyer) else min(*series, first)
        years = [str(y) for y in range(int(begins), int(to) + 1)]
        points += [(f"{seller}>{buyer}", y, series.get(y, 0.0)) for y in years]
        sentence, heading = _deliveries(
            asked, seller=seller, buyer=buyer, series=series, sums=sums, first=first, to=to
        )
        said.append((sums.get((seller, buyer), 0.0), sentence, heading))
    if not said:
        return _old(asked, to)
    said.sort(key=lambda x: -x[0])
    pairs = sorted(sums.values(), reverse=True)
    most = said[0][0]
    lead = max({g for g, *_ in points}, key=lambda g: sums.get((g[:3], g[4:]), 0.0))
    whole = not pooled(asked, lead[4:])
    share = f"% of {owner(lead[4:])} arms imports"  # of a buyer that the open register holds in part, by a document
    told = [
        d for d in asked.papers("arms") if d["unit"] == share and not whole and fits(d["what"])
    ][:1]
    for d in told:
        said.insert(
            0, (most, d["what"], f"{d['figure']:.0f}{share} came from {spoken_name(lead[:3])}")
        )
    return Facet(
        "arms",
        sentence=said[0][1],
        unit=SIPRI_POINTS,
        last=last_of([(p, v) for g, p, v in points if g == lead]) if whole else None,
        rank=pairs.index(most) + 1 if most and whole else None,
        of=len(pairs),
        data_to=year_end(to, asked.as_of),
        sure="fair" if told else "firm",
        sources=("sipri_register",),
        points=tuple(points),
        more=tuple(s for _, s, _ in said[1:]),
        heading=said[0][2],
        absent=not most,
        share=_share_of(lead, sums) if whole else None,
    )


def _share_of(flow: str, sums: dict[tuple[str, str], float]) -> float:
    """Return a supplier's share of what a state got of all suppliers in the last five years."""
    seller, _, buyer = flow.partition(">")
    got = sum(v for (_, recipient), v in sums.items() if recipient == buyer)
    return sums.get((seller, buyer), 0.0) / got if got else 0.0


def _old(asked: Between, to: str) -> Facet | None:
    """Two states between which the register holds nothing; of others than Russia and China the table of every pair
    tells, which ends in 2021 and says of five years at a time whether something was delivered."""
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    source = "sipri_register"
    spans = []
    if pooled(asked, asked.a) and pooled(asked, asked.b):
        source = "sipri_tiv_pairs"
        rows = "FROM transfers WHERE source = 'sipri_tiv_pairs'"
        spans = asked.rows(
            f"SELECT supplier, recipient, period, tiv IS NULL, (SELECT max(period) {rows}) {rows} AND period >= '1995' "
            "AND recipient <> 'other recipients' AND coalesce(tiv, 1) > 0 ORDER BY period",
            needs=("transfers",),
        )
        if not spans:
            return None
        to = spans[0][4]
    said = []
    for seller, buyer in ((asked.a, asked.b), (asked.b, asked.a)):
        if of := [(int(y), five) for s, r, y, five, _ in spans if (s, r) == (seller, buyer)]:
            last = of[-1][0] + (SPAN - 1 if of[-1][1] else 0)
            said.append(_listed(asked, seller, buyer, of[0][0], min(last, int(to))))
    some = bool(said)
    said = said or [
        (
            f"The register shows no deliveries of major arms between {a} and {b} from 1995 to {to}.",
            f"No arms deliveries between {a} and {b} up to {to}",
        )
    ]
    return Facet(
        "arms",
        said[0][0],
        SIPRI_POINTS,
        data_to=year_end(to, asked.as_of),
        sources=(source,),
        more=tuple(x for x, _ in said[1:]),
        absent=not some,
        heading=said[0][1],
    )


def _listed(asked: Between, seller: str, buyer: str, first: int, last: int) -> tuple[str, str]:
    """For which years deliveries are on record, after what a document says of later ones: a sentence and a heading."""
    a = spoken_name(seller)
    b = spoken_name(buyer)
    when = f"in {first}" if first == last else f"between {first} and {last}"
    gave = "(?:has )?(?:gave|given|delivered|sent|shipped|supplied)"
    for d in asked.papers("arms"):
        told = re.search(
            rf"(?:^|[;:] )({re.escape(capital(a))} {gave} [^;]*)", d["what"].rstrip(".")
        )
        if told and d["period"][:4] > str(last):
            return f"{told[1]} ({spoken(d['period'])}, by {d['publisher']}).", ""
    said = f"The register shows deliveries of major arms from {a} to {b} {when}; it may lack later ones."
    return said, f"{capital(a)} delivered arms to {b}, on record {when}"


def pooled(asked: Between, buyer: str) -> bool:
    """Whether deliveries to a state may be missing: of Russia's and China's alone the open register has them all."""
    some = (
        "SELECT 1 FROM transfers WHERE source = 'sipri_register' AND recipient = 'other recipients'"
    )
    return buyer not in ("RUS", "CHN") and bool(asked.rows(some, needs=("transfers",)))


def _deliveries(
    asked: Between,
    seller: str,
    buyer: str,
    series: dict[str, float],
    sums: dict[tuple[str, str], float],
    first: str,
    to: str,
) -> tuple[str, str]:
    """What one delivered to the other, as a sentence and as a heading."""
    a = spoken_name(seller)
    b = spoken_name(buyer)
    mine = sums.get((seller, buyer), 0.0)
    if pooled(
        asked, buyer
    ):  # years of one or two deliveries are summed by supplier: no share, no nought
        if not mine:
            return _listed(asked, seller, buyer, int(min(series)), int(max(series)))
        amount = format(WordedNumber(mine), "about")
        every = all(
            str(y) in series for y in range(int(first), int(to) + 1)
        )  # else a few deliveries may be missing
        return (
            f"{capital(a)} delivered arms of {'' if every else 'at least '}{amount} million SIPRI points to {b} from "
            f"{first} to {to}.",
            f"{capital(a)} arms {b}" if mine >= FEW else f"{capital(a)} sells arms to {b}",
        )
    if not mine:
        return (
            f"{capital(a)} delivered no major arms to {b} from {first} to {to}; the last came in {max(series)}.",
            f"{capital(a)} has delivered no major arms to {b} since {max(series)}",
        )
    whole = sum(v for (_, r), v in sums.items() if r == buyer)
    place = sorted((v for (_, r), v in sums.items() if r == buyer), reverse=True).index(mine) + 1
    what = asked.rows(
        "SELECT description, sum(tiv) AS v FROM transfers WHERE source = 'sipri_register' AND supplier = ? AND "
        "recipient = ? AND left(period, 4) >= ? AND description IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
        seller,
        buyer,
        first,
        needs=("transfers",),
    )
    kind = _plural(what[0][0]) if what and what[0][1] >= 0.25 * mine else ""
    named = f", mostly {kind}" if kind else ""
    ordinal = {
        1: "its largest supplier",
        2: "its second-largest supplier",
        3: "its third-largest supplier",
    }
    rank = ordinal.get(place, f"its supplier no. {place}")
    share = format(WordedNumber(mine / whole), "share")
    amount = format(WordedNumber(mine), "about")
    latest = series.get(to, 0.0)
    little = f"only {format(WordedNumber(latest), 'about')}" if latest else "none"
    fell = f", {little} in {to}" if latest < 0.5 * mine / SPAN else ""
    return (
        f"{capital(a)} delivered {share} of {owner(buyer)} imports of major arms from {first} to {to}, {rank}{named} "
        f"({amount} million SIPRI points{fell}).",
        f"{capital(a)} is {owner(buyer)} {rank.removeprefix('its ')} of arms",
    )


def _plural(what: str) -> str:
    return _PLURALS.get(what, what if what.endswith(("aircraft", "s")) else f"{what}s")


_PLURALS = {
    "FGA aircraft": "combat aircraft", "fighter aircraft": "fighters", "SAM system": "air-defence systems",
    "SAM": "air-defence missiles", "SSM": "surface-to-surface missiles", "ASM": "air-to-surface missiles",
    "one-way attack drone": "one-way attack drones (Shahed)",
    "armed UAV": "armed drones", "turbofan": "jet engines", "ASW aircraft": "anti-submarine aircraft",
}  # fmt: skip


_TOGETHER = """
SELECT left(period, 4) AS y, arg_max(name, period), max(left(period, 7)), count(DISTINCT event)
FROM events WHERE source = ? AND event_type IN ('exercise', 'agreement')
  AND list_contains(string_split(participants, ';'), ?) AND list_contains(string_split(participants, ';'), ?)
  AND (source <> 'russian_exercises' OR vintage <= ?) AND (? OR class NOT IN ('multinational hosted', 'competition'))
GROUP BY 1 ORDER BY 1
"""


def _by_year(asked: Between, source: str, every: bool = True) -> list[tuple[str, str, str, float]]:
    """Events of a list that name both: year, the last one's name and month, how many; of the list of exercises with
    Russia once it was public, and all of them or those alone that are no contest and had no host of many."""
    day = asked.as_of.date
    rows = asked.rows(_TOGETHER, source, asked.a, asked.b, day, every, needs=("events",))
    return [(y, name or "", month, float(n)) for y, name, month, n in rows]


def exercises(asked: Between) -> Facet | None:
    """Joint exercises: of Russia and China, and of others with both of them, by a list that goes on; of Russia with
    anyone by one that ends in 2018."""
    mine = {asked.a, asked.b}
    if not mine & {"RUS", "CHN"}:
        return None  # what two others did by themselves is in neither list
    these = mine == {"RUS", "CHN"}
    rows = _by_year(asked, "exercises", these)
    older = _by_year(asked, "russian_exercises") if "RUS" in mine and not these else []
    if not rows and not older:
        return None
    names = f"{capital(spoken_name(asked.a))} and {spoken_name(asked.b)}"
    third = f" with {'China' if 'RUS' in mine else 'Russia'}" if rows and not these else ""
    listed = _told(names, third, rows, older)
    found, source = (rows, "exercises") if rows else (older, "russian_exercises")
    points = [(y, n) for y, _, _, n in found if int(y) < asked.as_of.date.year]
    central = _central(asked) if these else ()
    if central:  # a claim tells the same count
        points = [(f.period, f.value or 0.0) for f in central]
    among_all = " in which the two were central" if central else ""
    year = found[-1][0]
    return Facet(
        "exercises",
        sentence=listed[0],
        unit=f"exercises a year{among_all}",
        figures=central[-2:],
        last=last_of(points),
        data_to=year_end(year, asked.as_of),
        sure="fair" if rows else "thin",
        sources=(source, *(("russian_exercises",) if rows and older else ())),
        points=tuple(("", y, n) for y, n in points),
        more=tuple(listed[1:]),
        heading=f"{names} trained together{third} in {spoken(found[-1][2]) if rows else year}",
    )


def _told(
    names: str,
    third: str,
    rows: list[tuple[str, str, str, float]],
    older: list[tuple[str, str, str, float]],
) -> list[str]:
    """The sentences on exercises: by the list that goes on, then by the one that ends in 2018."""
    listed = (
        [_counted(names, older, "", ", according to a list that ends in 2018")] if older else []
    )
    if rows:
        last = f", the last {rows[-1][1]} in {spoken(rows[-1][2])}"
        among = ", multinational ones among them" if not third and len(rows) > 1 else ""
        listed.insert(0, _counted(names, rows, third, among or last))
    return listed


def _central(asked: Between) -> tuple[NamedFigure, ...]:
    """Exercises in which Russia and China were central, in each whole year."""
    m = ask_for(
        "exercises.count",
        Dyad(asked.a, asked.b),
        as_of=asked.as_of,
        holdings=asked.holdings,
        inclusion="both_central",
    )
    return named(m, [p for p in m.points if p.group == "all kinds" and not p.open])


def _counted(names: str, rows: list[tuple[str, str, str, float]], third: str, tail: str) -> str:
    """How many exercises two states had together, and when."""
    total = sum(r[3] for r in rows)
    first = rows[0][0]
    last = rows[-1][0]
    once = f"in {first}" if first == last else f"from {first} to {last}"
    many = f"{format(WordedNumber(total), 'count')} exercise{'s' * (total > 1)}"
    return f"{names} took part in {many} together{third} {once}{tail}."


def troops(asked: Between) -> Facet | None:
    """American troops stationed in the other, the one country that publishes where its forces are."""
    if "USA" not in (asked.a, asked.b):
        return None
    other = asked.b if asked.a == "USA" else asked.a
    rows = asked.rows(
        "SELECT entity, period, value FROM series WHERE source = 'us_troops_abroad' ORDER BY period",
        needs=("series",),
    )
    points = [(p, float(v)) for e, p, v in rows if e == other]
    if not points:
        return None
    year, count = points[-1]
    if int(year) < int(rows[-1][1]) - 3:
        return None  # no longer listed
    ranked = sorted((float(v) for e, p, v in rows if p == year), reverse=True)
    place = ranked.index(count) + 1
    most = (
        "more than in any other country" if place == 1 else f"no. {place} of its deployments abroad"
    )
    some = format(WordedNumber(count), "about")
    said = f"The United States stationed about {some} troops in {spoken_name(other)} in {year}, {most}."
    return Facet(
        "troops",
        sentence=said,
        unit="persons",
        last=last_of(points),
        rank=place,
        of=len(ranked),
        data_to=year_end(year, asked.as_of),
        sure="firm",
        sources=("us_troops_abroad",),
        points=tuple(("", y, v) for y, v in points),
        heading=f"About {some} American troops are stationed in {spoken_name(other)}"
        if count >= 100
        else "",
    )


def treaties(asked: Between) -> Facet | None:
    """Treaties in force that oblige the two, to defend one another or to less."""
    rows = asked.rows(
        "SELECT name, class, starts, ends, source, participants, note FROM events e WHERE event_type = 'alliance' AND "
        "list_contains(string_split(participants, ';'), ?) AND list_contains(string_split(participants, ';'), ?) "
        "AND starts <= ? AND (ends IS NULL OR ends > ?) AND NOT EXISTS (SELECT 1 FROM events x WHERE x.event_type = "
        "'treaty_exit' AND x.name = e.event AND x.participants IN (?, ?) AND x.starts <= ?)",
        asked.a,
        asked.b,
        asked.as_of.date,
        asked.as_of.date,
        asked.a,
        asked.b,
        asked.as_of.date,
        needs=("events",),
    )
    rows = [r for r in rows if "defence" in (r[1] or "") or len(r[5].split(";")) <= WIDEST]
    if any(d["form"] == "event" for d in asked.papers("disputes")):  # a war since the list
        return None
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    if not rows:
        whole = asked.rows(
            "SELECT max(period) FROM events WHERE source = 'atop'", needs=("events",)
        )
        if not whole or whole[0][0] is None:
            return None
        said = (
            f"We know of no treaty up to 2018 that obliged {a} and {b} to defend or consult each "
            "other. Our search for later ones is incomplete."
        )
        return Facet(
            "treaties",
            sentence=said,
            unit="treaties",
            data_to=dt.date(2018, 12, 31),
            sure="fair",
            sources=("atop",),
            absent=True,
            heading=f"We know of no defence treaty between {a} and {b} up to 2018",
        )
    # the newest of the two alone, else the oldest of many: unions made since have lost members that the list keeps
    rows.sort(key=lambda r: (0, -r[2].year) if len(r[5].split(";")) == 2 else (1, r[2].year))
    defence = [r for r in rows if "defence" in (r[1] or "").split(";")]
    name, duties, begins, _, origin, parties, note = (defence or rows)[0]
    less = note.split(";")[0] if (note or "").startswith("not to ") else f"to {_duties(duties)}"
    bound = f"makes {a} and {b} allies in defence" if defence else f"obliges {a} and {b} {less}"
    many = len(parties.split(";"))
    among = f" among {many} states" if many > 2 else ""
    source = tuple(dict.fromkeys(r[4] for r in rows))
    recent = [d for d in asked.papers("treaties") if d["form"] == "treaty" and fits(d["what"])]
    fresh = origin != "atop" or bool(recent)  # the list ends in 2018
    newest = [Period(recent[0]["period"]).end] if recent else [begins]
    to = min(asked.as_of.date, max(newest) if fresh else dt.date(2018, 12, 31))
    which = (
        f"The {name} in {begins.year},"
        if ", which " in name
        else f"A treaty of {begins.year}{among}"
    )
    if (note or "").startswith("signed "):
        which = f"The {name}, signed on {note.split(';')[0].removeprefix('signed ')},"
    said = f"{which} {bound}."
    return Facet(
        "treaties",
        sentence=said,
        unit="treaties",
        of=many,
        data_to=to,
        sure="firm" if fresh else "fair",
        sources=source,
        more=tuple(d["what"] for d in recent[:1]),
        heading=f"A treaty {bound}",
        deed=bool(recent),
        duty="defence" if defence else duties,
    )


def _duties(text: str) -> str:
    words = {
        "nonaggression": "keep the peace",
        "consultation": "consult",
        "neutrality": "stay neutral",
        "offence": "fight together",
    }
    return " and ".join(dict.fromkeys(words.get(w, w) for w in (text or "consult").split(";")))


def disputes(asked: Between) -> Facet | None:
    """Militarized disputes between the two since 1946."""
    one, two = sorted((asked.a, asked.b))
    rows = asked.rows(
        "SELECT period, sum(value) FROM series WHERE source = 'gml_disputes' AND variable = 'disputes_between' "
        "AND entity IN (?, ?) GROUP BY 1 ORDER BY 1",
        f"{one}-{two}",
        f"{two}-{one}",
        needs=("series",),
    )
    points = [(y, float(n)) for y, n in rows if float(n) > 0]
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    if not points:
        return None
    wars = asked.papers("disputes")
    total = sum(n for _, n in points)
    many = format(WordedNumber(total), "count")
    said = (
        f"From 1946 to 2010, {a} and {b} had {many} disputes with threat or use of force; "
        f"the last began in {points[-1][0]}."
        if total > 1
        else f"Up to 2010, {a} and {b} had one dispute with threat or use of force, in {points[0][0]}."
    )
    if wars:
        to = Period(wars[0]["period"]).end
        return Facet(
            "disputes",
            wars[0]["what"],
            data_to=to,
            sources=("documents",),
            more=(said,),
            by_document=True,
            deed=wars[0]["form"] == "event",
        )
    return Facet(
        "disputes",
        sentence=said,
        unit="disputes",
        data_to=dt.date(2010, 12, 31),
        sure="fair",
        sources=("gml_disputes",),
        points=tuple(("", y, n) for y, n in points),
        heading=f"The last of their {many} disputes with threat or use of force began in {points[-1][0]}"
        if total > 1
        else "",
    )


def agreements(asked: Between) -> Facet | None:
    """Defence cooperation agreements that the two signed."""
    points = [(y, n) for y, _, _, n in _by_year(asked, "dcad")]
    if not points:
        return None
    total = sum(n for _, n in points)
    count = format(WordedNumber(total), "count")
    many = f"{count} defence cooperation agreement{'s' * (total > 1)}"
    when = f"from 1980 to 2010, the last in {points[-1][0]}" if total > 1 else f"in {points[-1][0]}"
    said = f"{capital(spoken_name(asked.a))} and {spoken_name(asked.b)} signed {many} {when}."
    return Facet(
        "agreements",
        sentence=said,
        unit="agreements",
        data_to=dt.date(2010, 12, 31),
        sure="fair",
        sources=("dcad",),
        points=tuple(("", y, n) for y, n in points),
        heading=f"{capital(many)} by 2010",
    )


#: Parties in a state that stand out though no programme is named after it.
MANY = 100
#: What programmes of the list call a state, where it is not by its name.
_PROGRAMME = {"PRK": "DPRK", "MMR": "BURMA", "COD": "DRCONGO", "CAF": "CAR"}


def listings(asked: Between) -> Facet | None:
    """Parties on the American list with an address in the other."""
    if "USA" not in (asked.a, asked.b):
        return None
    other = asked.b if asked.a == "USA" else asked.a
    named = _PROGRAMME.get(other, country_name(other).upper())
    rows = asked.rows(
        "SELECT count(DISTINCT l.party), count(DISTINCT l.party) FILTER (starts_with(l.programme, ?)), "
        "max(l.known_on) FROM listings l JOIN addresses d ON d.party = l.party WHERE l.source = 'ofac_sdn' AND "
        "d.country IN (?, ?, ?)",
        named,
        other,
        alpha2(other),
        country_name(other),
        needs=("listings", "addresses"),
    )
    count, aimed, to = rows[0]
    if not aimed and count < MANY:
        return None
    where = spoken_name(other)
    if aimed:
        said = f"The United States has {count:,} parties with an address in {where} on its list of blocked parties."
        heading = f"Washington has blocked {count:,} parties in {where}"
    else:  # blocked for dealings with third states, for drugs or terror
        heading = f"Washington has blocked {format(WordedNumber(count), 'about')} parties in {where} for other reasons"
        said = (
            f"The United States has blocked {format(WordedNumber(count), 'about')} parties with an address in {where}, "
            "all under programmes on other states, drugs, terror or weapons."
        )
    return Facet(
        "listings",
        said,
        "parties",
        data_to=to,
        sure="firm",
        sources=("ofac_sdn",),
        heading=heading,
        duty="aimed" if aimed else "",
    )
