# SPDX-License-Identifier: Apache-2.0
"""What an officer asks beside a screening: one listed party, one state, one code of goods."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from bilat.document import Block, Column, Document, Facts, Frame, Next, Question, Say, Section, Table
from bilat.document.fields import State, Written
from bilat.dyad import Dyad
from bilat.errors import DataError, UnknownName, UsageError
from bilat.places import country_name

if TYPE_CHECKING:
    from bilat.diversion.answer import Diversion

#: Parties, codes and rows of goods that a page lists.
MOST = 60
_LISTINGS = tuple(Column(c) for c in ("list", "programme", "effect", "since", "until", "edition"))
_GOODS = (Column("tier"), Column("direct sales", ",.0f"), Column("bought before", ",.0f"),
          Column("bought after", ",.0f"), Column("times", ",.1f"), Column("if sent on", ",.0f"))  # fmt: skip


@dataclass(frozen=True)
class PartyQuestion(Question):
    """One listed party: every listing with its effect and date, names, numbers, addresses, and who is tied to it."""

    verb = ("party",)
    id: Annotated[
        str, Written(first=True, what="ID"), "Its id on a list, as a result of a screening has it."
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.run.opened import list_lines, open_screener

        opened = open_screener(None, frame.as_of, frame.holdings)
        try:
            p = opened.screener.by_id(self.id)
        except DataError as e:
            raise UnknownName(str(e)) from None
        listings = tuple(
            (x["list"], x["programme"], x["effect"], x["listed_on"] or (f"by {x['listed_by']}" if x["listed_by"] else
             "not stated"), x["until"], x["edition"]) for x in p["listings"]
        )  # fmt: skip
        facts = {
            "kind": p["schema"], "states": ", ".join(country_name(c) for c in p["countries"]),
            "names": "; ".join(dict.fromkeys(n[0] for n in p["names"])), "born": "; ".join(p["born"]),
            "incorporated": p["incorporated"], "numbers": "; ".join(p["identifiers"]),
            "addresses": "; ".join(a[0] for a in p["addresses"]), "one party because": "; ".join(p["joined"]),
            "entry": "; ".join(dict.fromkeys(x["link"] for x in p["listings"] if x["link"])),
            "row": f"{p['source']}, {p['locator']}, snapshot {p['snapshot'][:12]}",
        }  # fmt: skip
        ties: list[Block] = [
            Next(f"{kind}: {name}", PartyQuestion(other) if other else None) for kind, name, other in _ties(p)
        ]
        lists = tuple(
            (line.partition(": ")[0], line.partition(": ")[2])
            for line in list(list_lines(opened.lists, frame.as_of.date))[1:]
        )
        return Document(
            "party",
            p["name"],
            (f"{'; '.join(p['effects']).capitalize()}.",),
            (
                Table(_LISTINGS, listings, "Listings"),
                Facts(tuple((k, v) for k, v in facts.items() if v)),
                *([Section("Tied to", tuple(ties))] if ties else []),
                Section("The lists used", (Facts(lists),), detail=True),
            ),
            data=p,
            question=self,
            as_of=frame.as_of,
        )


def _ties(party: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(kind of tie, name, id or blank) of the parties that a record names, and of those that name it."""
    for kind, other, _, _, *listed in party["links"]:
        yield kind, other, listed[0].partition(",")[0] if listed else ""
    for text in party["tied"]:
        name, _, id = text.rpartition(" (")
        yield "names it", name, id.rstrip(")")


@dataclass(frozen=True)
class StateQuestion(Question):
    """One state in the public record: what it bought that Russia no longer gets, who is listed there, its ties."""

    verb = ("state",)
    state: Annotated[State, Written(first=True, what="STATE"), "Which state: KGZ, Kyrgyzstan."] = ""
    towards: Annotated[State, Written(what="STATE"), "Whose ties to it are looked at."] = "RUS"

    def answer(self, frame: Frame) -> Document:
        from bilat.verdicts.questions import ProfileQuestion

        if not self.state or self.state == self.towards:
            raise UsageError(f"state: name a state other than {country_name(self.towards)}")
        name = country_name(self.state)
        tie = ProfileQuestion().answer(replace(frame, dyad=Dyad(self.towards, self.state)))
        goods, said = _bought(frame, self.towards, self.state)
        listed = list(_listed(frame, self.state))
        count = Counter(x for p in listed for x in {x["list"] for x in p["listings"]})
        lists = ", ".join(f"{n:,} on {of}" for of, n in count.most_common(6))
        parties: list[Block] = [
            Next(f"{p['name']}: {'; '.join(p['effects'])}", PartyQuestion(p["id"])) for p in listed[:MOST]
        ]
        if len(listed) > MOST:
            parties.append(
                Say(f"{MOST} of {len(listed):,} shown; search for a name to find the others.", "note")
            )
        return Document(
            "state",
            f"{name} in the public record, as of {frame.as_of}",
            (*said, f"{len(listed):,} listed parties with an address or nationality there: {lists}." if listed
             else "No party with an address or nationality there is on the lists used.", *tie.summary[:1]),
            (
                *goods,
                Section(f"Listed parties ({len(listed):,})", tuple(parties), detail=True),
                Section(f"{country_name(self.towards)} and {name}", tie.blocks),
            ),
            data={"listed": dict(count), "parties": [p["id"] for p in listed], "ties": tie.data},
            question=self,
            as_of=frame.as_of,
            known_to=tie.known_to,
            sources=tie.sources,
        )  # fmt: skip


def _listed(frame: Frame, state: str) -> Iterator[dict[str, Any]]:
    """Records of the parties listed with a state, in the order of their names."""
    from bilat.parties.match.states import state_of
    from bilat.parties.run.opened import open_screener

    screener = open_screener(None, frame.as_of, frame.holdings).screener
    found = [
        r
        for r in (json.loads(bytes(b)) for b in screener.blobs)
        if state in r["countries"] or any(state_of(c) == state for c in r["countries"])
    ]
    yield from sorted(found, key=lambda r: r["name"])


def _searched(frame: Frame, target: str) -> Diversion:
    """The search for routes in the records held."""
    from bilat.diversion.questions import DivertQuestion

    found: Diversion = DivertQuestion(target=target, cases=1, threads=1).answer(frame).data
    return found


def _bought(frame: Frame, target: str, state: str) -> tuple[list[Block], tuple[str, ...]]:
    """Goods that a state bought since the break, and the sentence on it; nothing where it is no hub."""
    try:
        found = _searched(frame, target)
    except (DataError, UsageError):  # no trade is known by then
        return [], ()
    hub = next((h for h in found.hubs if h.hub == state), None)
    if hub is None:
        return [], ()
    rows = sorted((r for r in found.rows if r.hub == state), key=lambda r: -r.at_stake)
    span = f"from {found.after[0]} to {found.after[1]}"
    foretold = "beyond what its past foretells" if hub.flagged else "not surely more than its past foretells"
    said = (
        f"Of the goods whose direct sales to {country_name(target)} fell it bought {hub.times:.1f} times as much as a "
        f"year before {span}: {foretold}."
    )  # fmt: skip
    title = f"Goods bought there, {span}, {found.currency}"
    return [_goods_table(found, rows, title, product=True), *_codes(rows)], (said,)


def _goods_table(found: Diversion, rows: list[Any], title: str, *, product: bool) -> Table:
    lines = tuple(
        (
            f"{r.name} ({r.product})" if product else r.hub_name, r.tier or "",
            r.direct.actual if r.direct else None, r.into.before, r.into.actual,
            r.into.actual / r.into.before if r.into.before else None, r.diverted,
        )
        for r in rows[:MOST]
    )  # fmt: skip
    first = Column("goods" if product else "state")
    return Table((first, *_GOODS), lines, title, total=len(rows))


def _codes(rows: list[Any]) -> list[Block]:
    links = tuple(Next(f"{r.name} ({r.product})", GoodsQuestion(r.product[:6])) for r in rows[:12])
    return [Section("Each of these goods", links, detail=True)] if links else []


@dataclass(frozen=True)
class GoodsQuestion(Question):
    """One code of the Harmonized System: what it is, on which lists of goods it stands, and who bought it since."""

    verb = ("goods",)
    code: Annotated[str, Written(first=True, what="HS"), "Two, four or six digits: 854231."] = ""
    target: Annotated[State, Written(what="STATE"), "Where the goods may end."] = "RUS"

    def answer(self, frame: Frame) -> Document:
        from bilat.goods.baskets import NAMES, basket
        from bilat.goods.descriptions import descriptions
        from bilat.goods.sanction_dates import dates_source, listed_on

        code = self.code.replace(".", "").replace(" ", "")
        below = {c: text for c, text in descriptions().items() if code.isdigit() and c.startswith(code)}
        if len(code) not in (2, 4, 6) or not below:
            raise UnknownName(
                f"no goods {self.code[:20]!r} in HS 2022: write two, four or six digits, as 854231"
            )
        if len(code) < 6:
            each = tuple(
                Next(f"{c}: {text}", GoodsQuestion(c)) for c, text in list(below.items())[: 4 * MOST]
            )
            return Document("goods", f"HS {code}", (f"{len(below)} codes of six digits.",), each, data=below,
                            question=self, as_of=frame.as_of)  # fmt: skip
        within = [(b, b.tier(code)) for b in (basket(n) for n in NAMES) if b.holds(code)]
        day = listed_on(code)
        known = day if day is not None and day <= frame.as_of.date else None
        facts: list[tuple[str, Any]] = [(b.title, f"tier {tier}" if tier else "in it") for b, tier in within]
        facts += [("sanctioned by the EU since", known), ("after", dates_source())] if known else []
        blocks: list[Block] = [Facts(tuple(facts))] if facts else []
        summary = [f"In {len(within)} of {len(NAMES)} lists of goods: {'; '.join(b.title for b, _ in within)}."
                   if within else f"In none of the {len(NAMES)} lists of goods."]  # fmt: skip
        try:
            found = _searched(frame, self.target)
            rows = [r for r in found.rows if r.product.startswith(code)]
        except (DataError, UsageError):
            rows = []
        if rows:
            span = f"{found.after[0]} to {found.after[1]}, {found.currency}"
            blocks.append(_goods_table(found, rows, f"Who bought it, {span}", product=False))
            blocks += [Next(r.hub_name, StateQuestion(r.hub)) for r in rows[:12]]
            most = max(rows, key=lambda r: r.at_stake)
            summary.append(
                f"{most.hub_name} bought most beyond the usual of it among {len(rows)} states, {span}."
            )
        else:
            summary.append("No state that bought more of it stands out in the trade records held.")
        return Document("goods", f"{below[code]} (HS {code})", tuple(summary), tuple(blocks),
                        data={"code": code, "baskets": [b.name for b, _ in within], "listed_on": known, "rows": rows},
                        question=self, as_of=frame.as_of)  # fmt: skip
