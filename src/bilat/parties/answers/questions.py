# SPDX-License-Identifier: Apache-2.0
"""What may be asked of lists and ownership, and the log of decisions. The names to screen have a
question of their own in :mod:`bilat.parties.answers.screening_question`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from bilat.document import Column, Document, Frame, Question, Say, Section, Table
from bilat.document.fields import Local, Written
from bilat.document.wording import day
from bilat.errors import UsageError, command
from bilat.units.notation import count_text

Lists = Annotated[
    tuple[str, ...],
    Local(),
    Written(what="LIST"),
    "Lists on this machine, or files; joined by commas, or given more than once.",
]
_TRAIL = (
    "when",
    "who",
    "query",
    "known",
    "party",
    "verdict",
    "action",
    "reason",
    "snapshot",
    "hash",
)


@dataclass(frozen=True)
class ListDifferenceQuestion(Question):
    """List who was added, removed or changed between two dates or two files."""

    verb = ("lists", "diff")
    title = "What changed on the lists"
    examples = (
        command("lists", "diff", "2022-02-17", "2023-03-15"),
        command("lists", "diff", "2023-03-15", "2024-05-03", programme="RUSSIA*", country="CN"),
    )
    served = False
    options = ("out", "as_json", "holdings")
    needs = ("first", "last")
    first: Annotated[
        str, Written(first=True, what="DATE|FILE"), "The earlier date YYYY-MM-DD, or a list file."
    ] = ""
    last: Annotated[
        str, Written(first=True, what="DATE|FILE"), "The later date, or a list file."
    ] = ""
    lists: Lists = ()
    programme: Annotated[str, Written(what="P"), "Show only these programmes: RUSSIA*."] = ""
    country: Annotated[str, Written(what="STATE"), "Show only parties of this state."] = ""
    what: Annotated[
        str, Written(what="KIND"), "Show only one kind: added, removed, ended or changed."
    ] = ""
    all: Annotated[bool, "Show every change in full, including mere changes of spelling."] = False

    def whole(self) -> bool:
        """Every change is printed where all are asked for."""
        return self.all

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.lists.watchlist import compare, document, only

        if not self.first or not self.last:
            raise UsageError("name two dates or two list files")
        found = compare(
            self.first,
            self.last,
            lists=list(self.lists) or None,
            holdings=frame.holdings,
            form=self.all,
        )
        found.changes = only(
            found.changes, programme=self.programme, state=self.country, what=self.what
        )
        return document(found, self.first, self.last)


@dataclass(frozen=True)
class OwnersQuestion(Question):
    """Work out how much of a firm is owned by listed parties, and what the 50% rules say."""

    verb = ("screen", "owners")
    title = "Owners of a firm"
    examples = (command("screen", "owners", "links.csv", "'Sample Firm'"),)
    served = False
    options = ("as_of", "as_json", "holdings")
    needs = ("links", "firm")
    links: Annotated[
        Path | None,
        Written(first=True, what="FILE"),
        "CSV: owner, owned, low, high (percent; leave blank if unknown).",
    ] = None
    firm: Annotated[str, Written(first=True, what="FIRM"), "The firm, as the file writes it."] = ""
    lists: Lists = ()

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.answers.owner_file import owners
        from bilat.parties.screening.list_index import open_screener

        if self.links is None or not self.firm:
            raise UsageError("name a file of owners and a firm")
        lists = list(self.lists) or None
        screener = open_screener(lists, frame.as_of, frame.holdings).screener
        return _owners(owners(self.links, self.firm, screener, frame.as_of))


@dataclass(frozen=True)
class DecideQuestion(Question):
    """Record an analyst's verdict on a match; without a query, print the audit trail.

    Give what else you knew besides the name. A cleared row returns if new data make a match more
    likely.
    """

    verb = ("screen", "decide")
    title = "Decide on a match"
    examples = (
        command(
            "screen",
            "decide",
            "verdicts.jsonl",
            query="VTB Bank",
            party="ofac-17013",
            verdict="true",
            why="same tax number",
            who="ME",
        ),
        command("screen", "decide", "verdicts.jsonl"),
    )
    served = False
    options = ("as_json", "holdings")
    needs = ("log",)
    log: Annotated[
        Path | None,
        Written(first=True, what="LOG"),
        "The append-only log of verdicts (JSON lines).",
    ] = None
    query: Annotated[str, Written(what="NAME"), "The name that was screened."] = ""
    party: Annotated[
        str,
        Written(what="ID"),
        "Id of the listed party, or all for every party this name alerts on.",
    ] = ""
    verdict: Annotated[str, Written(what="VERDICT"), "true, false or unresolved."] = ""
    action: Annotated[
        str, Written(what="ACTION"), "What to do with the consignment: hold or release."
    ] = ""
    why: Annotated[str, Written(what="TEXT"), "Why."] = ""
    who: Annotated[str, Written(what="NAME"), "Who decides."] = ""
    marking: Annotated[
        str, Written(what="MARKING"), "How far it may be passed on; blank counts as TLP:AMBER."
    ] = ""
    born: Annotated[str, Written(what="DATE"), "Known date of birth."] = ""
    country: Annotated[str, Written(what="STATE"), "Known state."] = ""
    nationality: Annotated[str, Written(what="STATE"), "Known nationality."] = ""
    number: Annotated[
        tuple[str, ...],
        Written(what="N"),
        "A number you know, e.g. inn:7707083893. May be given more than once.",
    ] = ()
    place: Annotated[str, Written(what="TOWN"), "Known town."] = ""
    address: Annotated[str, Written(what="TEXT"), "Known address."] = ""
    anyway: Annotated[
        bool, "Record the verdict although this party was not proposed for the name."
    ] = False
    lists: Lists = ()

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.decisions.log import KNOWN, DecisionLog

        if self.log is None:
            raise UsageError("name the log of verdicts")
        log = DecisionLog(self.log)
        if self.query or self.party or self.verdict:
            self._add(log, frame)
        trail = log.existing().trail()
        rows = tuple(
            (
                t["when"],
                t["who"],
                t["query"],
                "; ".join(f"{k} {t[k]}" for k in KNOWN if t[k]),
                t["party"],
                t["verdict"],
                t["action"],
                t["reason"],
                t["snapshot"][:12],
                t["hash"][:12],
            )
            for t in trail
        )
        table = Table(tuple(map(Column, _TRAIL)), rows, listing=True)
        title = count_text(len(rows), "decisions")
        return Document("decisions", title, (), (table,), data=trail)

    def _add(self, log: Any, frame: Frame) -> None:
        from bilat.parties.screening.decision_entry import Ruling, decide, decide_all
        from bilat.parties.screening.list_index import open_screener

        known = {
            "born": self.born,
            "country": self.country,
            "nationality": self.nationality,
            "place": self.place,
            "address": self.address,
            "number": "; ".join(self.number),
        }
        screener = open_screener(list(self.lists) or None, None, frame.holdings).screener
        ruling = Ruling(
            self.query, self.verdict, self.why, self.who, self.marking, self.action, known
        )
        if self.party == "all":
            decide_all(log, screener, ruling)
        else:
            decide(log, screener, ruling, self.party, anyway=self.anyway)


def _owners(answer: dict[str, Any]) -> Document:
    """The rules by what they say of a firm, each with its reason, and the chains from its owners."""

    def percent(low: float, high: float) -> str:
        return f"{low:g} percent" if low == high else f"{low:g} to {high:g} percent"

    def section(r: Any) -> Section:
        owners = f", from {', '.join(r['owners'])}" if r["owners"] else ""
        lines = (
            r["reason"],
            f"{percent(r['low'], r['high'])} as the rule counts{owners}",
            f"{r['scope']}; {r['cites']}",
        )
        title = f"{r['verdict'].upper()}  {r['rule']}: {r['effect']}"
        return Section(title, tuple(Say(line, "rule") for line in lines if line))

    decided = [r for r in answer["rules"] if r["high"] or r["verdict"] == "listed"]
    others = tuple(section(r) for r in answer["rules"] if r not in decided)
    rest = (Section("The other rules", others, detail=True),) if others else ()
    said: dict[str, list[str]] = {}
    for r in answer["rules"]:
        said.setdefault(r["verdict"], []).append(f"{r['rule']} ({r['effect']})")
    order = [v for v in ("listed", "covered", "not known", "not covered") if v in said]
    summary = tuple(f"{v.capitalize()}: {'; '.join(said[v])}." for v in order)
    notes = tuple(Say(f"note: {note}", "note") for note in answer["notes"])
    chains = tuple(
        Say(f"{' > '.join(p['chain'])}: {percent(p['low'], p['high'])}") for p in answer["paths"]
    )
    title = f"{answer['firm']} as of {day(answer['as_of'])}"
    return Document(
        "owners", title, summary, (*map(section, decided), *rest, *notes, *chains), data=answer
    )
