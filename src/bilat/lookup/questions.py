# SPDX-License-Identifier: Apache-2.0
"""What an officer asks beside a screening: one listed party, one state, one code of goods."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

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
from bilat.dyad import Dyad
from bilat.errors import DataError, UnknownName, UsageError, command
from bilat.places import country_name
from bilat.subject import Good, PartySubject

if TYPE_CHECKING:
    from bilat.diversion.answer import Diversion

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


@dataclass(frozen=True)
class PartyQuestion(Question):
    """One listed party: every listing with its effect and date, names, numbers, addresses, and who
    is tied to it.
    """

    verb = ("ask", "party")
    title = "A listed party"
    examples = (command("ask", "party", "ofac-17013"),)
    needs = ("id",)
    id: Annotated[
        str, Written(first=True, what="ID"), "Its id on a list, as a result of a screening has it."
    ] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.run.opened import open_screener

        screener = open_screener(None, frame.as_of, frame.holdings).screener
        try:
            p = screener.by_id(self.id)
        except DataError as e:
            raise UnknownName(str(e)) from None
        listings = tuple(
            (
                x["list"],
                x["programme"],
                x["effect"],
                x["listed_on"] or (f"by {x['listed_by']}" if x["listed_by"] else "not stated"),
                x["until"],
                x["edition"],
            )
            for x in p["listings"]
        )
        facts = {
            "kind": p["schema"],
            "states": ", ".join(country_name(c) for c in p["countries"]),
            "names": "; ".join(dict.fromkeys(n[0] for n in p["names"])),
            "born": "; ".join(p["born"]),
            "incorporated": p["incorporated"],
            "numbers": "; ".join(p["identifiers"]),
            "addresses": "; ".join(a[0] for a in p["addresses"]),
            "one party because": "; ".join(p["joined"]),
            "entry": "; ".join(dict.fromkeys(x["link"] for x in p["listings"] if x["link"])),
            "row": f"{p['source']}, {p['locator']}, snapshot {p['snapshot'][:12]}",
        }
        ties: list[Block] = [
            Next(f"{kind}: {name}", PartyQuestion(other) if other else None)
            for kind, name, other in _ties(p)
        ]
        ties += [Say(f"named by: {text}") for text in p["tied"]]
        return Document(
            "party",
            p["name"],
            (f"{'; '.join(p['effects']).capitalize()}.",),
            (
                Table(_LISTINGS, listings, "Listings"),
                Facts(tuple((k, v) for k, v in facts.items() if v)),
                *([Section("Tied to", tuple(ties))] if ties else []),
            ),
            data=p,
            question=self,
            subject=PartySubject(self.id),
            as_of=frame.as_of,
        )


def _ties(party: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(kind of tie, name, id or blank) of the parties that a record names."""
    for kind, other, _, _, *listed in party["links"]:
        yield kind, other, listed[0].partition(",")[0] if listed else ""


@dataclass(frozen=True)
class StateQuestion(Question):
    """One state in the public record: what it bought that Russia no longer gets, who is listed
    there, its ties.
    """

    verb = ("ask", "state")
    title = "A state"
    examples = (command("ask", "state", "KGZ"),)
    needs = ("state",)
    state: Annotated[State, Written(first=True, what="STATE"), "Which state: KGZ, Kyrgyzstan."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.verdicts.questions import ProfileQuestion

        if self.state in ("", "RUS"):
            raise UsageError("state: name a state other than Russia")
        name = country_name(self.state)
        tie = ProfileQuestion().answer(replace(frame, pair=Dyad("RUS", self.state)))
        goods, said = _bought(frame, self.state)
        listed = list(_listed(frame, self.state))
        count = Counter(x for p in listed for x in {x["list"] for x in p["listings"]})
        lists = ", ".join(f"{n:,} on {of}" for of, n in count.most_common(6))
        parties: list[Block] = [
            Next(f"{p['name']}: {'; '.join(p['effects'])}", PartyQuestion(p["id"]))
            for p in listed[:MOST]
        ]
        if len(listed) > MOST:
            parties.append(
                Say(
                    f"{MOST} of {len(listed):,} shown; search for a name to find the others.",
                    "note",
                )
            )
        return Document(
            "state",
            f"{name} in the public record, as of {frame.as_of}",
            (
                *said,
                f"{len(listed):,} listed parties with an address or nationality there: {lists}."
                if listed
                else "No party with an address or nationality there is on the lists used.",
                *tie.summary[:1],
            ),
            (
                *goods,
                Section(f"Listed parties ({len(listed):,})", tuple(parties), detail=True),
                Section(f"Russia and {name}", tie.blocks),
            ),
            data={"listed": dict(count), "parties": [p["id"] for p in listed], "ties": tie.data},
            question=self,
            subject=subject.State(self.state),
            as_of=frame.as_of,
            known_to=tie.known_to,
            sources=tie.sources,
        )


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
        "beyond what its past foretells"
        if hub.surged
        else "not surely more than its past foretells"
    )
    said = (
        f"Of the goods whose direct sales to Russia fell it bought {hub.times:.1f} times as much "
        f"as a year before {span}: {foretold}."
    )
    goods = tuple(
        Next(f"{r.name} ({r.product})", GoodsQuestion(r.product[:6])) for r in found.rows[:12]
    )
    return [
        Section(
            "Goods bought there",
            (*answer.blocks, Section("Each of these goods", goods)),
            detail=True,
        )
    ], (said,)


@dataclass(frozen=True)
class GoodsQuestion(Question):
    """One code of the Harmonized System: what it is, on which lists of goods it stands, and who
    bought it since.
    """

    verb = ("ask", "goods")
    title = "A kind of goods"
    examples = (command("ask", "goods", "854231"),)
    needs = ("code",)
    code: Annotated[str, Written(first=True, what="HS"), "Two, four or six digits: 854231."] = ""

    def answer(self, frame: Frame) -> Document:
        from bilat.diversion.questions import DivertQuestion
        from bilat.goods.baskets import NAMES, basket
        from bilat.goods.descriptions import descriptions
        from bilat.goods.sanction_dates import dates_source, listed_on
        from bilat.goods.short_names import short_name

        code = self.code.replace(".", "").replace(" ", "")
        below = {
            c: text for c, text in descriptions().items() if code.isdigit() and c.startswith(code)
        }
        if len(code) not in (2, 4, 6) or not below:
            raise UnknownName(
                f"no goods {self.code[:20]!r} in HS 2022: write two, four or six digits, as 854231"
            )
        if len(code) < 6:
            each = tuple(
                Next(f"{c}: {text}", GoodsQuestion(c))
                for c, text in list(below.items())[: 4 * MOST]
            )
            return Document(
                "goods",
                f"HS {code}",
                (f"{len(below)} codes of six digits.",),
                each,
                data=below,
                question=self,
                subject=Good(code),
                as_of=frame.as_of,
            )
        within = [(b, b.tier(code)) for b in (basket(n) for n in NAMES) if b.holds(code)]
        day = listed_on(code)
        known = day if day is not None and day <= frame.as_of.date else None
        facts: list[tuple[str, Any]] = [
            (b.title, f"tier {tier}" if tier else "in it") for b, tier in within
        ]
        facts += (
            [("sanctioned by the EU since", f"{known}, by {dates_source()[1]}")] if known else []
        )
        blocks: list[Block] = [Facts(tuple(facts))] if facts else []
        summary = [
            f"In {len(within)} of {len(NAMES)} lists of goods as they stand today: "
            f"{'; '.join(b.title for b, _ in within)}."
            if within
            else f"In none of the {len(NAMES)} lists of goods as they stand today."
        ]
        try:
            found: Diversion = (
                DivertQuestion(cases=1, threads=1, limit=1_000_000).answer(frame).data
            )
            rows = [
                r
                for r in found.rows
                if r.product.startswith(code) and (r.into.actual or 0.0) > (r.into.expected or 0.0)
            ]
        except (DataError, UsageError):
            rows = []
        if rows:
            rows.sort(key=lambda r: -r.at_stake)
            span = f"{wording.period(found.after[0])} to {wording.period(found.after[1])}"
            lines = tuple(
                (
                    country_name(r.hub),
                    r.direct.actual if r.direct else None,
                    r.into.before,
                    r.into.actual,
                    r.into.actual / r.into.before if r.into.before and r.into.actual else None,
                    r.diverted,
                )
                for r in rows[:MOST]
            )
            blocks.append(
                Table(
                    _BOUGHT,
                    lines,
                    f"Who bought it from the EU, {span}, {found.currency}",
                    total=len(rows),
                )
            )
            blocks += [Next(country_name(r.hub), StateQuestion(r.hub)) for r in rows[:12]]
            most = rows[0]
            others = f", most at stake of {len(rows)} states that did" if len(rows) > 1 else ""
            summary.append(
                f"{country_name(most.hub)} bought more of it from the EU than usual, "
                f"{span}{others}."
            )
        else:
            summary.append("No state that bought more of it stands out in the trade records.")
        return Document(
            "goods",
            f"{short_name(code)} (HS {code})",
            (f"{below[code]}.", *summary),
            tuple(blocks),
            data={
                "code": code,
                "baskets": [b.name for b, _ in within],
                "listed_on": known,
                "rows": rows,
            },
            question=self,
            subject=Good(code),
            as_of=frame.as_of,
        )
