# SPDX-License-Identifier: Apache-2.0
"""What an officer asks beside a screening: one listed party, one state, one code of goods."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, TypedDict, cast

from bilat import subject
from bilat.document import (
    Block,
    Column,
    Document,
    Facts,
    Frame,
    Next,
    Question,
    Say,
    Section,
    Table,
    wording,
)
from bilat.document.fields import State, Written
from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.errors import DataError, UnknownName, UsageError, command
from bilat.places import country_name
from bilat.subject import Good, PartySubject

if TYPE_CHECKING:
    from bilat.diversion.answer import Diversion, Route
    from bilat.goods.baskets import Basket

#: Parties, codes and rows of goods that a page lists.
MOST = 60
_LISTINGS = tuple(Column(c) for c in ("list", "programme", "effect", "since", "until", "edition"))
_BOUGHT = (
    Column("state"),
    Column("direct sales", ",.0f"),
    Column("bought before", ",.0f"),
    Column("bought after", ",.0f"),
    Column("times", ",.1f"),
    Column("if sent on", ",.0f"),
)


class _Listing(TypedDict):
    """An entry of a party on a list, as a record of the lists has it."""

    list: str
    programme: str
    effect: str
    listed_on: str
    listed_by: str
    until: str
    edition: str
    link: str


class _Party(TypedDict):
    """What is read here of a record of the lists."""

    id: str
    name: str
    schema: str
    effects: list[str]
    listings: list[_Listing]
    countries: list[str]
    names: list[tuple[str, ...]]
    born: list[str]
    incorporated: str
    identifiers: list[str]
    addresses: list[tuple[str, ...]]
    joined: list[str]
    source: str
    locator: str
    snapshot: str
    links: list[tuple[str, ...]]
    tied: list[str]


@dataclass(frozen=True)
class PartyQuestion(Question):
    """Show one listed party: its listings and their effects, names, numbers, addresses and ties."""

    verb = ("ask", "party")
    title = "A listed party"
    examples = (command("ask", "party", "ofac-17013"),)
    needs = ("id",)
    id: Annotated[
        str, Written(first=True, what="ID"), "Id of the party, as a screening gives it."
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.screening.list_index import open_screener

        screener = open_screener(None, frame.as_of, frame.holdings).screener
        try:
            party = cast(_Party, screener.by_id(self.id))
        except DataError as e:
            raise UnknownName(str(e)) from None
        blocks: list[Block] = [
            Table(_LISTINGS, tuple(map(_listing, party["listings"])), "Listings"),
            Facts(tuple(_party_facts(party))),
        ]
        if ties := [*_links(party), *(Say(f"named by: {text}") for text in party["tied"])]:
            blocks.append(Section("Tied to", tuple(ties)))
        return Document(
            "party",
            party["name"],
            (f"{'; '.join(party['effects']).capitalize()}.",),
            tuple(blocks),
            data=party,
            question=self,
            subject=PartySubject(self.id),
            as_of=frame.as_of,
        )


def _listing(listing: _Listing) -> tuple[str, ...]:
    """Return the cells of a listing, in the order of the table's columns."""
    seen = f"by {listing['listed_by']}" if listing["listed_by"] else "not stated"
    return (
        listing["list"],
        listing["programme"],
        listing["effect"],
        listing["listed_on"] or seen,
        listing["until"],
        listing["edition"],
    )


def _party_facts(party: _Party) -> Iterator[tuple[str, str]]:
    """Yield what a record says of a party, without what it leaves blank."""
    links = [listing["link"] for listing in party["listings"] if listing["link"]]
    facts = {
        "kind": party["schema"],
        "states": ", ".join(map(country_name, party["countries"])),
        "names": "; ".join(dict.fromkeys(name[0] for name in party["names"])),
        "born": "; ".join(party["born"]),
        "incorporated": party["incorporated"],
        "numbers": "; ".join(party["identifiers"]),
        "addresses": "; ".join(address[0] for address in party["addresses"]),
        "one party because": "; ".join(party["joined"]),
        "entry": "; ".join(dict.fromkeys(links)),
        "row": f"{party['source']}, {party['locator']}, snapshot {party['snapshot'][:12]}",
    }
    yield from ((name, text) for name, text in facts.items() if text)


def _links(party: _Party) -> Iterator[Block]:
    """Yield each party that a record names, with its page if it is listed itself."""
    for kind, name, _, _, *listed in party["links"]:
        other = listed[0].partition(",")[0] if listed else ""
        yield Next(f"{kind}: {name}", PartyQuestion(other) if other else None)


@dataclass(frozen=True)
class StateQuestion(Question):
    """Show one state: what it bought that Russia no longer gets, who is listed there, its ties."""

    verb = ("ask", "state")
    title = "A state"
    examples = (command("ask", "state", "KGZ"),)
    needs = ("state",)
    state: Annotated[
        State, Written(first=True, what="STATE"), "The state, as code or name: KGZ, Kyrgyzstan."
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.verdicts.questions import ProfileQuestion

        if self.state in ("", "RUS"):
            raise UsageError("state: name a state other than Russia")
        name = country_name(self.state)
        tie = ProfileQuestion().answer(replace(frame, pair=Dyad("RUS", self.state)))
        goods, sentences = _bought(frame, self.state)
        listed = list(_listed(frame, self.state))
        by_list = Counter(
            name for party in listed for name in {entry["list"] for entry in party["listings"]}
        )
        parties = Section(f"Listed parties ({len(listed):,})", tuple(_linked(listed)), detail=True)
        return Document(
            "state",
            f"{name} in the public record, as of {day(frame.as_of.date)}",
            (*sentences, _count_of_listed(len(listed), by_list), *tie.summary[:1]),
            (*goods, parties, Section(f"Russia and {name}", tie.blocks)),
            data={
                "listed": dict(by_list),
                "parties": [party["id"] for party in listed],
                "ties": tie.data,
            },
            question=self,
            subject=subject.State(self.state),
            as_of=frame.as_of,
            known_to=tie.known_to,
            sources=tie.sources,
        )


def _count_of_listed(number: int, by_list: Counter[str]) -> str:
    """Return the sentence on the parties listed with a state, with its longest lists."""
    if not number:
        return "No party with an address or nationality there is on any list that we check."
    lists = ", ".join(f"{count:,} on {name}" for name, count in by_list.most_common(6))
    return f"{number:,} listed parties with an address or nationality there: {lists}."


def _linked(listed: Sequence[_Party]) -> Iterator[Block]:
    """Yield the first parties, each with its page, and how many there are in all."""
    for party in listed[:MOST]:
        effects = "; ".join(party["effects"])
        yield Next(f"{party['name']}: {effects}", PartyQuestion(party["id"]))
    if len(listed) > MOST:
        text = f"{MOST} of {len(listed):,} shown; search for a name to find the others."
        yield Say(text, "note")


def _listed(frame: Frame, state: str) -> Iterator[_Party]:
    """Records of the parties listed with a state, in the order of their names."""
    from bilat.parties.names.states import state_of
    from bilat.parties.screening.list_index import open_screener

    screener = open_screener(None, frame.as_of, frame.holdings).screener
    found = [
        record
        for record in cast(Iterable[_Party], screener.records)
        if state in record["countries"] or state in map(state_of, record["countries"])
    ]
    yield from sorted(found, key=lambda record: record["name"])


def _bought(frame: Frame, state: str) -> tuple[list[Block], tuple[str, ...]]:
    """Goods that a state bought since the break, and the sentence on it; nothing where it is no
    hub.
    """
    from bilat.diversion.questions import DivertQuestion

    try:
        answer = DivertQuestion(hub=(state,), cases=3, limit=MOST, threads=1).answer(frame)
    except (DataError, UsageError):  # no trade is known by then
        return [], ()
    found: Diversion = answer.data
    hub = next((h for h in found.hubs if h.hub == state), None)
    if hub is None:
        return [], ()
    span = f"from {wording.period(found.after[0])} to {wording.period(found.after[1])}"
    foretold = (
        "more than its past trade would lead one to expect"
        if hub.surged
        else "which may be no more than its past trade would lead one to expect"
    )
    sentence = (
        f"Of goods whose direct sales to Russia fell, it bought {hub.times:.1f} times as much "
        f"as a year earlier {span}, {foretold}."
    )
    goods = tuple(
        Next(f"{row.name} ({row.product})", GoodsQuestion(row.product[:6]))
        for row in found.rows[:12]
    )
    each = Section("Each of these goods", goods)
    return [Section("Goods bought there", (*answer.blocks, each), detail=True)], (sentence,)


@dataclass(frozen=True)
class GoodsQuestion(Question):
    """Show one product code: what it covers, which lists include it, and who bought more of it."""

    verb = ("ask", "goods")
    title = "A kind of goods"
    examples = (command("ask", "goods", "854231"),)
    needs = ("code",)
    code: Annotated[str, Written(first=True, what="HS"), "Two, four or six digits: 854231."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.goods.descriptions import descriptions

        code = self.code.replace(".", "").replace(" ", "")
        below = {
            c: text for c, text in descriptions().items() if code.isdigit() and c.startswith(code)
        }
        if len(code) not in (2, 4, 6) or not below:
            raise UnknownName(
                f"no goods {self.code[:20]!r} in HS 2022: write two, four or six digits, as 854231"
            )
        if len(code) < 6:
            return self._heading(code, below, frame)
        return self._product(code, below[code], frame)

    def _heading(self, code: str, below: dict[str, str], frame: Frame) -> Document:
        """Return the page of a chapter or heading: its codes of six digits."""
        codes = list(below.items())[: 4 * MOST]
        return Document(
            "goods",
            f"HS {code}",
            (f"{len(below)} codes of six digits.",),
            tuple(Next(f"{c}: {text}", GoodsQuestion(c)) for c, text in codes),
            data=below,
            question=self,
            subject=Good(code),
            as_of=frame.as_of,
        )

    def _product(self, code: str, text: str, frame: Frame) -> Document:
        """Return the page of one code of six digits."""
        from bilat.goods.short_names import short_name

        lists = _GoodsLists.of(code, frame)
        buyers = _Buyers.of(code, frame)
        return Document(
            "goods",
            f"{short_name(code)} (HS {code})",
            (f"{text}.", lists.sentence, buyers.sentence),
            (*lists.blocks, *buyers.blocks),
            data={
                "code": code,
                "baskets": [b.name for b, _ in lists.baskets],
                "listed_on": lists.sanctioned_on,
                "rows": list(buyers.rows),
            },
            question=self,
            subject=Good(code),
            as_of=frame.as_of,
        )


@dataclass(frozen=True)
class _GoodsLists:
    """The lists of goods that contain a code, each with its tier, and the day of the EU's ban."""

    baskets: tuple[tuple[Basket, str | None], ...]
    sanctioned_on: dt.date | None

    @classmethod
    def of(cls, code: str, frame: Frame) -> _GoodsLists:
        """Look a code up; a day after the as-of date is not known yet."""
        from bilat.goods.baskets import NAMES, basket
        from bilat.goods.sanction_dates import listed_on

        baskets = [b for b in map(basket, NAMES) if b.holds(code)]
        day = listed_on(code)
        return cls(
            baskets=tuple((b, b.tier(code)) for b in baskets),
            sanctioned_on=day if day is not None and day <= frame.as_of.date else None,
        )

    @property
    def sentence(self) -> str:
        """Return which lists contain the code."""
        from bilat.goods.baskets import NAMES

        if not self.baskets:
            return f"On none of the {len(NAMES)} lists of goods, as of today."
        titles = "; ".join(b.title for b, _ in self.baskets)
        count = f"{len(self.baskets)} of {len(NAMES)}"
        return f"On {count} lists of goods, as of today: {titles}."

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return a table of the lists and of the day, if there is anything to say."""
        from bilat.goods.sanction_dates import dates_source

        facts = [(b.title, f"tier {tier}" if tier else "on the list") for b, tier in self.baskets]
        if self.sanctioned_on:
            by = dates_source()[1]
            facts.append(("sanctioned by the EU since", f"{self.sanctioned_on}, by {by}"))
        return (Facts(tuple(facts)),) if facts else ()


@dataclass(frozen=True)
class _Buyers:
    """The states that bought more of a code from the EU than expected, most at stake first."""

    rows: tuple[Route, ...]
    span: str
    currency: str

    @classmethod
    def of(cls, code: str, frame: Frame) -> _Buyers:
        """Search the trade records; without any known by the as-of date there are no buyers."""
        from bilat.diversion.questions import DivertQuestion

        question = DivertQuestion(cases=1, threads=1, limit=1_000_000)
        try:
            found: Diversion = question.answer(frame).data
        except (DataError, UsageError):
            return cls((), "", "")
        rows = [
            row
            for row in found.rows
            if row.product.startswith(code)
            and (row.into.actual or 0.0) > (row.into.expected or 0.0)
        ]
        rows.sort(key=lambda row: -row.at_stake)
        span = f"{wording.period(found.after[0])} to {wording.period(found.after[1])}"
        return cls(tuple(rows), span, found.currency)

    @property
    def sentence(self) -> str:
        """Return who has most at stake, and how many others bought more."""
        if not self.rows:
            return "No state stands out in the trade data as buying more of it."
        name = country_name(self.rows[0].hub)
        others = ""
        if len(self.rows) > 1:
            others = f", most at stake of {len(self.rows)} states that did"
        return f"{name} bought more of it from the EU than usual, {self.span}{others}."

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the table of the buyers, and links to the pages of the first."""
        if not self.rows:
            return ()
        table = Table(
            _BOUGHT,
            tuple(map(_purchase, self.rows[:MOST])),
            f"Who bought it from the EU, {self.span}, {self.currency}",
            total=len(self.rows),
        )
        links = [Next(country_name(row.hub), StateQuestion(row.hub)) for row in self.rows[:12]]
        return (table, *links)


def _purchase(row: Route) -> tuple[str | float | None, ...]:
    """Return the cells of a buyer, in the order of the table's columns."""
    before = row.into.before
    after = row.into.actual
    return (
        country_name(row.hub),
        row.direct.actual if row.direct else None,
        before,
        after,
        after / before if before and after else None,
        row.diverted,
    )
