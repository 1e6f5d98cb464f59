# SPDX-License-Identifier: Apache-2.0
"""The answer to a screening as a document: who is on the lists and who else bears the name, before anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from bilat.document import Block, Column, Document, Facts, Next, Question, Say, Section, Table, wording
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.joined import letters
from bilat.parties.match.chance import BANDS
from bilat.parties.names.legal import legal_span
from bilat.parties.run.opened import list_lines
from bilat.parties.run.queries import bare_numbers
from bilat.parties.run.rows import since
from bilat.parties.run.screen import Run, counting

Row = dict[str, Any]
#: Alerts of a file that a document shows, the surest first; the file written has them all.
MOST_SHOWN = 40
_EFFECTS = (Column("party"), Column("states"), Column("effect"), Column("since"), Column("list"))
_ALERTS = (Column("row"), Column("name asked"), Column("result"), Column("agreement"), Column("listed party"),
           Column("effect"), Column("chance listed", "%"))  # fmt: skip


def verdict(rows: Sequence[Row], until: str) -> str:
    """The answer to one name, in a sentence or two, with who lists it; ``until``: what the lists used do not reach."""
    if not rows:
        return f"NOT FOUND on the lists used.{until}"
    first = rows[0]
    who, on = _who(first), f"ON THE LISTS of {_publishers(first)}"
    others, many = first["bearers_says"], first["bearers"] == "many"
    more = (
        f"{counting(first['group'] - 1, 'more listed party', 'more listed parties')}"
        if first["group"] > 1
        else ""
    )
    if first["agreement"] == "number":
        return f"{on}. The number {', '.join(first['identifiers'])} is that of {who}."
    if first["agreement"] == "exact":
        head = f"{on}{', BUT A NAME OF MANY' if many else ''}. The exact name of {who}; "
        return head + (f"in that of {more} too; " if more else "") + f"{others}."
    if first["agreement"] == "short":
        head = f"IN A LONGER NAME {on}{', AND A WORD OF MANY' if many else ''}. {who} has all its words"
        return head + (f", as {more}" if more else "") + f"; {others}."
    if first["agreement"] == "near" and "in translation" in first["matched_by"]:
        return f"NEAR A LISTED NAME, in translation: {first['name_matched']}, that is {who}.{until}"
    if first["agreement"] == "near":
        head = "NOT FOUND AS IT IS WRITTEN" if first["band"] == "unlikely" else "NEAR A LISTED NAME"
        return f"{head}. Did you mean {who}? As it is written, {others}.{until}"
    if first["agreement"] == "part":
        return f"A LISTED NAME IN THE FIELD: {who}.{until}"
    return f"A LISTED ADDRESS: that of {who}."


def _who(row: Row) -> str:
    """A listed party with the name that agrees, what its listing means, and the list: ``(blocked, OFAC SDN)``."""
    also = f", as {row['name_matched']}" if letters(row["name_matched"]) not in letters(row["name"]) else ""
    first = row["effects"][0] if row["effects"] else {"effect": "listed", "list": row["list"]}
    return f"{row['name']}{also} ({first['effect']}, {first['list']})"


def _publishers(row: Row) -> str:
    """Who lists a party, the gravest first; a list of one's own by its name."""
    names = [x["list"] for x in (*row["effects"], *row["listings"])] or [row["source"]]
    return wording.joined(list(dict.fromkeys(publisher(x) for x in names)))


def name_blocks(rows: Sequence[Row], run: Run) -> Iterator[Block]:
    """What stands under one name that was asked."""
    yield Say(verdict(rows, run.known_to), "answer")
    lines = []
    for row in rows:
        effects = row["effects"] if row is rows[0] else row["effects"][:1]
        for n, e in enumerate(effects):
            place = ", ".join(filter(None, (e["list"], e["programme"])))
            lead = (_short(row["name"]), " ".join(row["countries"])) if not n else ("", "")
            more = (
                f" and {len(row['effects']) - 1} more"
                if row is not rows[0] and len(row["effects"]) > 1
                else ""
            )
            lines.append((*lead, e["effect"] + more, since(e) or "not stated", place))
    if lines:
        yield Table(_EFFECTS, tuple(lines))
    first = rows[0] if rows else None
    if first is not None:
        if first["group"] > len(rows) > 0:
            yield Say(f"{first['group'] - len(rows):,} more of the group: ask with a greater `top`.", "note")
        facts = [("numbers", ", ".join(first["identifiers"])), ("born", "; ".join(first["born"])),
                 ("entry", f"{first['party']} {first['link']}".strip())]  # fmt: skip
        yield Facts(tuple((k, v) for k, v in facts if v))
        for flag in first["flags"]:
            if flag["flag"] not in ("tied_to", "tied_from", "identifier"):
                yield Say(f"{flag['flag']}: {flag['says']}", "warning")
        parties = (Section(f"{row['name']} ({row['party']})", tuple(_details(row, run))) for row in rows)
        yield Section("What each alert rests on", tuple(parties), detail=True)


def _short(name: str) -> str:
    """A name as a table has room for it: without the legal form that stands before it."""
    span, words = legal_span(name), name.split()
    kept = " ".join(words[span[1] :]) if span and span[0] == 0 and span[1] < len(words) else " ".join(words)
    return kept if len(kept) <= 48 else kept[:47] + "…"


def _lists(row: Row, run: Run) -> tuple[str, str]:
    """Since when each list has the party, the first first; and the lists used that have not."""
    days: dict[str, str] = {}
    for x in sorted(row["listings"], key=lambda x: (x["listed_on"] or x["listed_by"] or "9999", x["list"])):
        day = x["listed_on"] or (f"by {x['listed_by']}" if x["listed_by"] else "day not stated")
        days.setdefault(x["list"], day)
    have = {x["source"] for x in row["listings"]}
    without = dict.fromkeys(u.source for u in run.lists if u.parties and u.source not in have)
    return "; ".join(f"{name} {day}" for name, day in days.items()), ", ".join(without)


def _details(row: Row, run: Run) -> Iterator[Block]:
    chance = f"{row['listed']:.1%} that a listed party is named"
    if row["probability"] is not None:
        chance += f", {row['probability']:.1%} that it is this one"
    has, without = _lists(row, run)
    facts = {
        "on": has, "not on": without, "agreement": row["agreement"],
        "matched": f"{row['matched_by']}: {row['name_matched']}",
        "who else has the name": row["bearers_says"], "result": row["band"], "chance": chance,
        "also": "; ".join(row["aliases"][:6]), "joined": "; ".join(row["joined"]),
    }  # fmt: skip
    yield Facts(tuple((k, v) for k, v in facts.items() if v))
    for flag in row["flags"]:
        yield Say(f"{flag['flag']}: {flag['says']}", "note")


def typed_document(question: Question, run: Run, rows: Sequence[Row], names: Sequence[str]) -> Document:
    """The answer to names that were typed."""
    by = {key: list(of) for key, of in groupby(rows, key=lambda r: r["query_id"])}
    blocks: list[Block] = []
    for n, name in enumerate(names, 1):
        cleared = [f for f in run.folded if f["query"] == name]
        rest = name_blocks(by.get(str(n), []), run) if str(n) in by or not cleared else ()
        of = (
            *(Say(f"CLEARED EARLIER. {f['name']} ({f['party']}): {f['says']}", "answer") for f in cleared),
            *rest,
        )
        if str(n) not in by and (name.isupper() or any(map(str.isdigit, name))) and bare_numbers(name):
            of = (*of, Say(run.numbers, "note"))
        blocks += of if len(names) == 1 else [Section(name, of)]
    said = [verdict(by.get(str(n), []), run.known_to).split(".")[0] for n in range(1, len(names) + 1)]
    title = names[0] if len(names) == 1 else counting(len(names), "name")
    summary = () if len(names) == 1 else tuple(f"{n}: {s}" for n, s in zip(names, said, strict=True))
    return _document(question, run, rows, title, summary, blocks)


def file_document(question: Question, run: Run, rows: Sequence[Row], out: str) -> Document:
    """The end of a file's screening: counts, what they cost, the surest alerts, where the rest is."""
    order = {band: n for n, (band, _) in enumerate(BANDS)}
    surest = sorted(rows, key=lambda r: (order[r["band"]], -(r["probability"] or 0)))[:MOST_SHOWN]
    lines = tuple(
        (r["query_id"], r["query"], r["band"], r["agreement"], r["name"], r["effect"], r["listed"])
        for r in surest
    )
    blocks: list[Block] = [Table(_ALERTS, lines, "The surest first", total=run.rows)] if lines else []
    blocks += [Say(line, "note") for line in run.notes]
    blocks += [
        Say(f"cleared earlier: {f['query']}, {f['name']} ({f['party']}): {f['says']}")
        for f in run.folded[:20]
    ]
    if out:
        blocks.append(Next(f"every name with what was found: {out}"))
    return _document(question, run, rows, run.summary()[0], tuple(run.summary()[1:]), blocks)


def _document(
    question: Question,
    run: Run,
    rows: Sequence[Row],
    title: str,
    summary: tuple[str, ...],
    blocks: list[Block],
) -> Document:
    lists = tuple(
        (line.partition(": ")[0], line.partition(": ")[2])
        for line in list(list_lines(run.lists, run.day))[1:]
    )
    return Document(
        "screening",
        title,
        summary,
        (
            *blocks,
            *((Say(run.blind, "note"),) if rows and run.blind else ()),
            Say(run.age, "note"),
            Section("The lists used", (Facts(lists), Say(run.numbers, "note")), detail=True),
        ),
        data={"rows": list(rows), "names": run.names, "queries": run.queries, "folded": run.folded,
              "summary": run.summary(), "notes": run.notes, "lists": run.age, "data_version": run.data_version},
        question=question,
        as_of=None,
    )  # fmt: skip
