# SPDX-License-Identifier: Apache-2.0
"""The question ``lists gap``, and the document that answers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from bilat.catalog.sources import sources
from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Series, Table
from bilat.document.blocks import Cell, Point
from bilat.document.fields import Written
from bilat.document.wording import joined
from bilat.errors import UsageError, command
from bilat.parties.lists.allied_gap import (
    NextListing,
    Overlap,
    Pair,
    Standing,
    candidates,
    half_year,
    pair,
    shares,
    standings,
    states_of,
    tempo,
)
from bilat.parties.lists.capitals import CAPITALS, Capital, named
from bilat.places import country, country_name

#: Pairs of capitals whose lists date their ships.
PAIRS = (("London", "Brussels"), ("London", "Canberra"), ("Brussels", "Canberra"))
#: States shown for a capital's firms, and rows of candidates that a document shows.
MOST_STATES = 6
MOST_SHOWN = 40
#: Rows that the part one click down and the workbook have.
MOST_ROWS = 1000
#: The first half year of the tempo: the invasion of 24 February 2022.
SINCE = "2022-01"
#: Washington's count by month: OFAC's entries bear no dates.
_WASHINGTON = (
    "SELECT period, sum(value) AS added FROM series "
    "WHERE source = 'ofac_monthly' AND entity = 'RUS' GROUP BY period ORDER BY period"
)
_LIMITS = (
    "Entries removed since then are missing, so earlier half-years are too low.",
    "The capitals are counted in three ways, so compare directions, not levels. Washington: "
    "parties with an address in Russia, as a third party counted them in OFAC's files. London, "
    "Brussels and Canberra: entries still on the list, people and ships included. Tokyo: entries "
    "on its asset-freeze list.",
    "If a list gives no date of listing, we use that of its latest legal act.",
    "Delays count only parties that both capitals now list, so those of recent years look too "
    "short. That a capital listed second does not prove that it "
    "followed the first.",
    "Firms are matched by number, or by name if their countries do not differ; people by number, "
    "or by name and date of birth. Screening by name finds more.",
    "If a list has the same whole name with another country, another date of birth or none, the "
    "party may be listed already. Such parties are shown separately.",
)


@dataclass(frozen=True)
class GapQuestion(Question):
    """Compare whom allies list over Russia's war: who lists alone, who follows, what is next."""

    verb = ("lists", "gap")
    title = "The gap between allies"
    examples = (
        command("lists", "gap"),
        command("lists", "gap", capital="London", state="CHN"),
    )
    slow = True
    capital: Annotated[
        str,
        Written(what="CAPITAL"),
        "Show what this capital could list next: London, Brussels, Tokyo.",
    ] = "Brussels"
    state: Annotated[
        str,
        Written(what="STATE"),
        "Show only parties with an address or nationality in this state.",
    ] = ""

    def answer(self, frame: Frame) -> Document:
        """Return the document that answers it.

        Raises
        ------
        UsageError
            for a capital or a state that is none.
        """
        from bilat.parties.screening.list_index import open_screener  # it loads what matches names

        try:
            capital = named([self.capital])[0]
        except KeyError:
            known = ", ".join(c.name for c in CAPITALS)
            raise UsageError(f"{self.capital}: not one of the capitals {known}") from None
        state = country(self.state) if self.state else ""
        screener = open_screener(None, frame.as_of, frame.holdings).screener
        parties = standings(screener.record(n) for n in range(len(screener)))
        if state:
            parties = [p for p in parties if state in p.states]
        engine = frame.holdings.connect(frame.as_of, _WASHINGTON)
        rows = engine.connection.cursor()
        washington = {m: int(n) for m, n in rows.execute(_WASHINGTON).fetchall()}
        return _document(self, frame, parties, capital, washington)


def _document(
    question: GapQuestion,
    frame: Frame,
    parties: Sequence[Standing],
    capital: Capital,
    washington: dict[str, int],
) -> Document:
    months = {c.name: tempo(parties, c.name) for c in CAPITALS if c.is_western}
    if not question.state:
        months["Washington"] = Counter(washington)
    pairs = [pair(parties, one, two) for one, two in PAIRS]
    pairs = [p for p in pairs if p.on_both]
    counts = list(_shares(parties))
    every = candidates(parties, capital)
    found = [c for c in every if not c.may_be(capital)]
    perhaps = [c for c in every if c.may_be(capital)]
    blocks: list[Block] = []
    if any(months.values()):
        blocks += [_tempo_table(months), _tempo_chart(months)]
    if pairs:
        blocks.append(_lag_table(pairs))
    fleet = _fleet(parties)
    blocks += fleet
    blocks.append(_share_table(counts))
    blocks += _next_tables(found, capital)
    blocks += _namesake_tables(perhaps, capital)
    blocks.append(Section("What these data cannot show", tuple(Say(x, "note") for x in _LIMITS)))
    data = {
        "tempo": {name: dict(sorted(of.items())) for name, of in months.items()},
        "pairs": [asdict(p) for p in pairs],
        "shares": [asdict(s) for s in counts],
        "capital": capital.name,
        "next": [_row_data(c) for c in found],
        "check_first": [
            {**_row_data(c), "may_be": [asdict(n) for n in c.may_be(capital)]} for c in perhaps
        ],
        "limits": list(_LIMITS),
    }
    where = f" in {country_name(country(question.state))}" if question.state else ""
    return Document(
        "lists",
        f"The gap between allies{where}",
        (*_summary(pairs, counts, parties), _next_in_words(capital, len(found), len(perhaps))),
        tuple(blocks),
        data=data,
        question=question,
        as_of=frame.as_of,
    )


def _summary(
    pairs: Sequence[Pair],
    counts: Sequence[Overlap],
    parties: Sequence[Standing],
) -> Iterator[str]:
    for p in pairs[:1]:
        years = [lag for lag in p.lags if not lag.first and lag.year]
        told = joined(
            [f"{lag.days:.0f} days if the ship was first listed in {lag.year}" for lag in years]
        )
        yield (
            f"{p.one} lists {p.on_one:,} ships and {p.two} {p.on_two:,}; {p.on_both:,} are on both "
            f"lists. The median time until the second capital followed was {told}."
        )
    kyiv = [p for p in parties if p.kind == "ships" and "Kyiv" in p.anywhere and p.imo]
    if kyiv:
        western = {c.name for c in CAPITALS if c.is_western}
        none = sum(not p.anywhere & western for p in kyiv)
        yield (
            f"Of the {len(kyiv):,} ships that Ukraine names by IMO number, {none:,} "
            f"({none / len(kyiv):.0%}) are on no Western list."
        )
    for share in counts:
        if (
            share.capital == "London"
            and share.kind == "firms"
            and not share.state
            and share.parties
        ):
            yield (
                f"Of London's {share.parties:,} firms listed for Russia, {share.alone:,} "
                f"({share.alone / share.parties:.0%}) are on no list of another Western capital."
            )


def _next_in_words(capital: Capital, clear: int, perhaps: int) -> str:
    """Say how many parties a capital could list next, and how many it may have listed already."""
    where = f"on another Western list for Russia but not on {capital.name}'s"
    said = f"{clear:,} parties are {where}."
    if perhaps:
        said += (
            f" Another {perhaps:,} have the same name as one of its entries and may be listed "
            "already: check these first."
        )
    return said


def _tempo_table(months: dict[str, Counter[str]]) -> Table:
    halves = sorted({half_year(m) for of in months.values() for m in of if m >= SINCE})
    lines = []
    for half in halves:
        cells: list[Cell] = [half]
        for of in months.values():
            last = max(of, default="")
            number = sum(n for m, n in of.items() if half_year(m) == half)
            ended = last and half > half_year(last)
            cells.append("not known" if ended else number)
        lines.append(tuple(cells))
    columns = (
        Column("half year"),
        *(Column(_until(name, of), ",.0f") for name, of in months.items()),
    )
    return Table(columns, tuple(lines), "Parties newly listed for Russia's war, by half year")


def _until(name: str, months: Counter[str]) -> str:
    """Head a column with the capital and the month of its last entry."""
    return f"{name} (to {max(months)})" if months else name


def _publishers(months: dict[str, Counter[str]]) -> Iterator[str]:
    """Yield who publishes what each capital's count is made of."""
    for capital in CAPITALS:
        if months.get(capital.name):
            names = ("ofac_monthly",) if capital.name == "Washington" else capital.sources
            yield sources()[names[0]].producer


def _tempo_chart(months: dict[str, Counter[str]]) -> Series:
    points = [
        Point(month, float(of[month]), group=name)
        for name, of in months.items()
        for month in sorted(of)
        if month >= SINCE
    ]
    return Series(
        "New listings over Russia's war, by month",
        "parties",
        tuple(points),
        foot=_LIMITS[1],
        source="; ".join(_publishers(months)),
    )


def _lag_table(pairs: Sequence[Pair]) -> Table:
    columns = (
        Column("ships listed first by"),
        Column("followed by"),
        Column("year of first listing"),
        Column("ships", ",.0f"),
        Column("median days", ",.0f"),
        Column("followed within 90 days"),
    )
    lines: list[tuple[Cell, ...]] = []
    for p in pairs:
        for lag in p.lags:
            hits, of = p.soon.get(lag.second, (0, 0))
            soon = f"{hits} of {of}" if lag.first and not lag.year else ""
            who = (lag.first, lag.second) if lag.first else (f"{p.one} or {p.two}", "the other")
            lines.append((*who, lag.year or "all years", lag.parties, lag.days, soon))
    return Table(
        columns,
        tuple(lines),
        "How long until the second capital lists a ship (matched by IMO number)",
    )


def _fleet(parties: Sequence[Standing]) -> list[Block]:
    """Tell on which lists the ships that Ukraine names stand."""
    ships = [p for p in parties if p.kind == "ships" and "Kyiv" in p.anywhere and p.imo]
    if not ships:
        return []
    large = ("Washington", "London", "Brussels")
    groups = Counter(tuple(c for c in large if c in p.anywhere) for p in ships)
    lines = tuple(
        (" and ".join(who) or "none of the three", number, f"{number / len(ships):.0%}")
        for who, number in groups.most_common()
    )
    columns = (Column("on the lists of"), Column("ships", ",.0f"), Column("share"))
    return [Table(columns, lines, f"Who lists the {len(ships):,} ships that Ukraine names")]


def _shares(parties: Sequence[Standing]) -> Iterator[Overlap]:
    for kind in ("firms", "ships", "people"):
        for capital in (c for c in CAPITALS if c.is_western):
            whole = shares(parties, capital.name, kind)
            if not whole.parties:
                continue
            yield whole
            if kind == "firms":
                for state in states_of(parties, capital.name, kind, MOST_STATES):
                    yield shares(parties, capital.name, kind, state)


def _share_table(counts: Sequence[Overlap]) -> Table:
    names = [c.name for c in CAPITALS]
    columns = (
        Column("listed by"),
        Column("kind"),
        Column("state"),
        Column("parties", ",.0f"),
        Column("on no other Western list", ",.0f"),
        Column("of these, on another list by name only", ",.0f"),
        *(Column(f"also {name}", ",.0f") for name in names),
    )
    lines = tuple(
        (
            s.capital,
            s.kind,
            country_name(s.state) if s.state else "all",
            s.parties,
            s.alone,
            s.perhaps,
            *(s.also.get(name, "") for name in names),
        )
        for s in counts
    )
    return Table(
        columns,
        lines,
        "Parties listed over Russia's war, and which other capitals list them under any programme",
        listing=True,
    )


def _next_tables(found: Sequence[NextListing], capital: Capital) -> Iterator[Table]:
    columns = (
        Column("party"),
        Column("kind"),
        Column("IMO"),
        Column("states"),
        Column("listed by"),
        Column("latest listing"),
        Column("id"),
    )
    lines = tuple(
        (
            c.standing.name,
            c.standing.kind,
            c.standing.imo,
            " ".join(c.standing.states),
            ", ".join(c.others),
            c.newest,
            c.standing.id,
        )
        for c in found
    )
    title = f"Parties on other Western lists for Russia but not on {capital.name}'s"
    yield Table(columns, lines[:MOST_SHOWN], title, total=len(lines))
    if len(lines) > MOST_SHOWN:
        rows = lines[:MOST_ROWS]
        yield Table(
            columns, rows, f"All {title[0].lower()}{title[1:]}", total=len(lines), detail=True
        )


def _namesake_tables(perhaps: Sequence[NextListing], capital: Capital) -> Iterator[Table]:
    """Show who may be listed already, each with the entries of that name."""
    columns = (
        Column("party"),
        Column("kind"),
        Column("listed by"),
        Column("id"),
        Column("entry that may be the same"),
        Column("how they compare"),
    )
    lines = tuple(
        (
            c.standing.name,
            c.standing.kind,
            ", ".join(c.others),
            c.standing.id,
            ", ".join(n.id for n in c.may_be(capital)),
            "; ".join(dict.fromkeys(n.why for n in c.may_be(capital))),
        )
        for c in perhaps
    )
    title = f"Parties to check first: {capital.name}'s lists have the same name"
    if lines:
        rows = lines[:MOST_ROWS]
        yield Table(columns, rows, title, total=len(lines), detail=True)


def _row_data(candidate: NextListing) -> dict[str, object]:
    standing = candidate.standing
    return {
        "party": standing.id,
        "name": standing.name,
        "kind": standing.kind,
        "imo": standing.imo,
        "states": list(standing.states),
        "listed_by": {c: standing.on_russia[c] for c in candidate.others},
        "newest": candidate.newest,
    }
