# SPDX-License-Identifier: Apache-2.0
"""The answer to a screening as a document: who is on the lists and who else bears the name, before anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bilat.document import (
    Block,
    Column,
    Document,
    Facts,
    Next,
    Question,
    Say,
    Section,
    Table,
    wording,
)
from bilat.parties.answers.run import MOST_SHOWN, Run
from bilat.parties.lists.effects import gravest_first, in_words, publisher
from bilat.parties.lists.list_names import spoken_list, spoken_listing, title_of
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, band_in_words
from bilat.parties.names.legal import legal_span
from bilat.parties.names.script import letters
from bilat.parties.queries.query import bare_numbers
from bilat.parties.screening.alerts import (
    Alert,
    effects_in_words,
    listed_since,
    lists_with_editions,
    name_with_spelling,
    numbers_in_words,
    row_in_words,
    since,
    words_not_listed,
)
from bilat.parties.screening.list_index import age_of_list
from bilat.parties.screening.rows import CLEARED
from bilat.parties.screening.screener import BASE_RATE
from bilat.units.notation import count_text

#: Words of an answer that a terminal shows in capitals.
_CAPITALS = re.compile(r"\b[A-Z]+(?: [A-Z]+)+\b")
_BRACKET = re.compile(r"\s*\([^()]*\)\.?\s*$")
_EFFECTS = tuple(map(Column, ("party", "states", "effect", "since", "list")))
_SENTENCES = (*map(Column, ("row", "what was found")), Column("chance listed", "%"))
_ALERTS = (
    *map(Column, ("row", "name asked", "result", "listed party", "effect")),
    Column("chance listed", "%"),
)

#: How a name agrees with a listed one, in words.
_AGREEMENTS = {
    "exact": "the whole name",
    "short": "all its words, in a longer listed name",
    "near": "another spelling",
    "part": "a listed name within it",
    "number": "an identity number",
}
#: A chance above this is written as a bound, for no figure of ours is surer.
_NEXT_TO_ONE = 0.999
#: Listed parties of one exact name that a sentence names.
_MOST_BEARING = 3
#: Why an exact name of a file may have a lower chance than the same name typed.
_EXACT_IN_A_FILE = (
    "Even a name that agrees exactly may be another firm's: its chance depends on what share of "
    "the names in the file is listed. A typed name is taken to be listed more often, so its "
    "chance is higher for the same agreement. Look at every exact name, whatever its chance; "
    "`base-rate` sets another share."
)


@dataclass(frozen=True)
class NameVerdict:
    """The answer to one name.

    Attributes
    ----------
    head
        the answer in a few words, for a list of names.
    more
        which party it is, and what speaks against it.
    joint
        what stands between the two.
    """

    head: str
    more: str = ""
    joint: str = ". "

    def __str__(self) -> str:
        if not self.more:
            return f"{self.head}."
        end = "" if self.more.endswith((".", "?")) else "."
        return f"{self.head}{self.joint}{self.more}{end}"

    @property
    def quiet(self) -> str:
        """The same in a sentence of a letter, without capitals."""
        head = _CAPITALS.sub(lambda words: words[0].lower(), self.head)
        if head.startswith("on the lists"):
            head = f"the party is {head}"
        return str(replace(self, head=wording.capital(head)))


def verdict(rows: Sequence[Alert], blind: str) -> NameVerdict:
    """Return the answer to one name, with who lists it.

    Parameters
    ----------
    rows
        the alerts of the name, the surest first.
    blind
        what was not looked at.
    """
    if not rows:
        return NameVerdict("NOT FOUND on any list that we checked", blind)
    first = rows[0]
    alike = [row for row in rows if row.agreement.kind == first.agreement.kind]
    on = f"ON THE LISTS of {wording.joined(_publishers(alike))}"
    who = _who(first)
    match first.agreement.kind:
        case "number":
            numbers = numbers_in_words(first.agreement.numbers)
            verb = "is that of" if len(first.agreement.numbers) == 1 else "are those of"
            return NameVerdict(on, f"The {numbers} {verb} {who}")
        case "exact":
            return _of_exact_name(rows, on)
        case "short":
            return _of_short_name(first, on, who)
        case "near" if first.agreement.by_initials:
            return _of_initials(rows)
        case "near":
            return _of_near_name(first, who)
        case "part":
            return _of_part(first, who)
        case _:
            return NameVerdict("A LISTED ADDRESS", f"that of {who}", ", ")


def _of_exact_name(rows: Sequence[Alert], on: str) -> NameVerdict:
    row = rows[0]
    bearing = [row, *filter(_has_namesake, rows[1:])][:_MOST_BEARING]
    wider = _more_gravely_listed(rows, bearing)
    exact_ones = [other for other in rows if other.agreement.kind == "exact"]
    more = _not_in(_publishers([wider]), _publishers(exact_ones)) if wider else []
    longer = f", AND IN A LONGER NAME ON THOSE of {wording.joined(more)}" if more else ""
    common = ", BUT THE NAME IS COMMON" if row.bearers == "many" else ""
    head = f"{on}{longer}{common}"
    several = f"{wording.few_text(len(bearing), 'listed parties')}: " if len(bearing) > 1 else ""
    exact = f"The name is exactly that of {several}{wording.joined([*map(_who, bearing)])}"
    left = max(row.group - len(bearing), 0)
    others = wording.few_text(left, "other listed parties") if left else ""
    has = "has" if left == 1 else "have"
    theirs = "its name" if left == 1 else "their names"
    shared = f"{others} {has} it in {theirs}" if others else ""
    if shared and wider and more:
        shared += f", {'among them ' if left > 1 else ''}{_who(wider)}"
    return NameVerdict(head, _sentences(exact, shared, row.bearers_says))


def _more_gravely_listed(rows: Sequence[Alert], bearing: Sequence[Alert]) -> Alert | None:
    """Return the body or ship with the name in its own whose listing weighs most, if it weighs more
    than that of each party of the exact name: a bare entry does not hide it.

    A person's longer name is another person's.
    """
    longer = [row for row in rows if row.agreement.kind == "short" and row.schema != "Person"]
    if not longer:
        return None
    heaviest = min(longer, key=_weight)
    return heaviest if _weight(heaviest) < min(map(_weight, bearing)) else None


def _not_in(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if name not in others]


def _weight(row: Alert) -> tuple[int, int]:
    """Return what orders listings: the gravest effect first, then the one on the most lists."""
    if not row.effects:
        return len(gravest_first()), 0
    gravest = row.effects[0]["effect"]
    lists = {e["list"] for e in row.effects if e["effect"] == gravest}
    return gravest_first()[gravest], -len(lists)


def _sentences(*parts: str) -> str:
    """Return the parts that are not blank as sentences in a row, without the last stop."""
    return ". ".join(map(wording.capital, filter(None, parts)))


def _has_namesake(row: Alert) -> bool:
    """Return whether a row has the exact name that another listed party has too."""
    return row.agreement.kind == "exact" and any(f["flag"] == "same_name" for f in row.flags)


def _of_short_name(row: Alert, on: str, who: str) -> NameVerdict:
    head = f"PART OF A LONGER NAME {on}"
    if row.bearers == "many":
        head += ", BUT A COMMON WORD"
    others = _others(row)
    contains = f"{who} contains all its words"
    if others:
        contains += f", as {'does' if row.group == 2 else 'do'} {others}"
    return NameVerdict(head, _sentences(contains, row.bearers_says))


def _of_initials(rows: Sequence[Alert]) -> NameVerdict:
    """Return the answer to an acronym: each body of one name once."""
    alike = [row for row in rows if row.agreement.by_initials]
    bodies = [*{letters(row.agreement.listed_name): row for row in reversed(alike)}.values()][::-1]
    named = wording.joined([*map(_who, bodies[:_MOST_BEARING])])
    return NameVerdict("NOT FOUND AS WRITTEN", f"These are the initials of {named}")


def _others(row: Alert) -> str:
    """Return how many further listed parties a name may be; blank for none."""
    return wording.few_text(row.group - 1, "other listed parties") if row.group > 1 else ""


def _of_near_name(row: Alert, who: str) -> NameVerdict:
    if row.agreement.translated:
        return NameVerdict("NEAR A LISTED NAME", f"in translation: {who}", ", ")
    head = "NOT FOUND AS WRITTEN" if row.band == "unlikely" else "NEAR A LISTED NAME"
    asked = f"Did you mean {who}?"
    bearers = row.bearers_says
    return NameVerdict(head, f"{asked} As written, {bearers}" if bearers else asked)


def _of_part(row: Alert, who: str) -> NameVerdict:
    """Return the answer where a part of the name agrees: its state may differ, or words be missing."""
    other_state = any(flag["flag"] == "country_differs" and flag["says"] for flag in row.flags)
    if other_state and row.band in ("possible", "unlikely"):
        other = f"A body of the same kind is listed, of another state: {who}"
        return NameVerdict("NOT FOUND AS WRITTEN", other)
    if row.agreement.listed_left:
        return NameVerdict("SHARES WORDS WITH A LISTED NAME", who, ": ")
    said = (who, wording.sentence(words_not_listed(row)))
    return NameVerdict("CONTAINS A LISTED NAME", ". ".join(filter(None, said)), ": ")


def _who(row: Alert) -> str:
    """A listed party with the name that agrees, the gravest effect of its listing, and the lists
    that have it so: ``(blocked: OFAC SDN and UK Sanctions List)``.
    """
    name = name_with_spelling(row.name, row.agreement.listed_name)
    if not row.effects:
        return f"{name} (listed, {spoken_list(row.lists)})"
    gravest = row.effects[0]["effect"]
    lists = [spoken_list(e["list"]) for e in row.effects if e["effect"] == gravest]
    return f"{name} ({in_words(gravest)}: {wording.joined(lists)})"


def _publishers(rows: Sequence[Alert]) -> list[str]:
    """Return who lists parties, of each the gravest first; a list of one's own by its name."""
    names: list[str] = []
    for row in rows:
        names += [x["list"] for x in (*row.effects, *row.listings)] or [row.source]
    return list(dict.fromkeys(map(publisher, names)))


def name_blocks(rows: Sequence[Alert], run: Run) -> Iterator[Block]:
    """What stands under one name that was asked: the group by its head, its branches one click down."""
    yield Say(str(verdict(rows, run.not_checked)), "answer")
    if not rows:
        return
    first = rows[0]
    heads = _heads(rows)
    branches = [row for row in rows if row not in heads]
    yield Table(_EFFECTS, tuple(_effect_lines(heads)))
    if branches:
        more = first.group - len(rows)
        rest = (
            (Say(f"The group has {more:,} more. To see them, raise `top`.", "note"),)
            if more > 0
            else ()
        )
        yield Section(
            "The group", (Table(_EFFECTS, tuple(_effect_lines(branches))), *rest), detail=True
        )
    facts = [
        ("numbers", numbers_in_words(first.agreement.numbers)),
        ("born", "; ".join(first.born)),
        ("entry", f"{first.party} {first.link}".strip()),
        ("lists", lists_with_editions(first.listings)),
    ]
    yield Facts(tuple((k, v) for k, v in facts if v))
    for flag in first.flags:
        if flag["flag"] not in ("tied_to", "tied_from", "identifier"):
            yield Say(wording.sentence(flag["says"]), "warning")
    parties = (Section(f"{row.name} ({row.party})", tuple(_details(row, run))) for row in rows)
    yield Section("Details of each alert", tuple(parties), detail=True)


def _heads(rows: Sequence[Alert]) -> list[Alert]:
    """Return the rows that are seen at once: all but branches, and of those that agree as the
    first does whoever is the only one that a publisher lists: the first sentence names him.
    """
    first = rows[0]
    heads = [row for row in rows if not _is_branch(row, first)]
    shown = {publisher(e["list"]) for row in heads for e in row.effects}
    for row in rows:
        publishers = {publisher(e["list"]) for e in row.effects}
        alike = row.agreement.kind == first.agreement.kind
        if alike and row not in heads and not publishers <= shown:
            heads.append(row)
            shown |= publishers
    return heads


def _is_branch(row: Alert, head: Alert) -> bool:
    """Whether a row is another firm of the head's group; a person or a ship of the same name is somebody else."""
    if _has_namesake(row):
        return False
    group = {row.agreement.kind, head.agreement.kind} <= {"exact", "short"}
    firms = not {"Person", "Vessel", "Airplane"} & {row.schema, head.schema}
    # The short name in brackets, as one list adds it, is no other name: `... Corporation (SMIC)`.
    own, heads = (letters(_BRACKET.sub("", r.name)) for r in (row, head))
    return group and firms and own != heads


def _effect_lines(rows: Sequence[Alert]) -> Iterator[tuple[str, str, str, str, str]]:
    """Each effect of parties by each publisher, with its date and list; of further parties the
    gravest of each publisher alone.
    """
    for row in rows:
        effects = row.effects if row is rows[0] else _gravest_of_each(row)
        rest = len(row.effects) - len(effects)
        for n, e in enumerate(effects):
            place = spoken_listing(e["list"], e["programme"])
            lead = ("", "") if n else (_short(row.name), " ".join(row.countries))
            more = "" if n or not rest else f" and {rest} more"
            yield (*lead, in_words(e["effect"]) + more, since(e) or "not stated", place)


def _gravest_of_each(row: Alert) -> list[dict[str, str]]:
    """Return the gravest effect that each publisher has on a party."""
    gravest: dict[str, dict[str, str]] = {}
    for effect in row.effects:
        gravest.setdefault(publisher(effect["list"]), effect)
    return [*gravest.values()]


def _short(name: str) -> str:
    """A name as a table has room for it: without the legal form that stands before it."""
    span = legal_span(name)
    words = name.split()
    kept = (
        " ".join(words[span[1] :])
        if span and span[0] == 0 and span[1] < len(words)
        else " ".join(words)
    )
    return kept if len(kept) <= 48 else kept[:47] + "…"


def _lists(row: Alert, run: Run) -> tuple[str, str]:
    """Since when each list has the party, the first first; and the lists used that have not."""
    days: dict[str, str] = {}
    for x in sorted(
        row.listings, key=lambda x: (x["listed_on"] or x["listed_by"] or "9999", x["list"])
    ):
        days.setdefault(x["list"], listed_since(x) or "date not stated")
    have = {x["source"] for x in row.listings}
    lists = (u.source for u in run.lists if u.parties and u.source not in have)
    without = dict.fromkeys(map(title_of, lists))
    return "; ".join(f"{name} {day}" for name, day in days.items()), "; ".join(without)


def _details(row: Alert, run: Run) -> Iterator[Block]:
    chance = f"{_percent(row.listed)} that the name is listed"
    if row.probability is not None:
        chance += f", {_percent(row.probability)} that it is this party"
    chance += f"; {run.assumed}"
    has, without = _lists(row, run)
    facts = {
        "on these lists": has,
        "not on these": without,
        "agreement": _AGREEMENTS.get(row.agreement.kind, row.agreement.kind),
        "matched": f"{row.agreement.listed_name} (by {row.agreement.basis})",
        "matching words": row.agreement.words_in_text(),
        "who else has the name": row.bearers_says,
        "result": band_in_words(row.band),
        "chance": chance,
        "other names": "; ".join(row.aliases[:6]),
        "entries merged because of": "; ".join(row.joined),
    }
    yield Facts(tuple((k, v) for k, v in facts.items() if v))
    for flag in row.flags:
        yield Say(wording.sentence(flag["says"]), "note")


def _percent(chance: float) -> str:
    """Return a chance with a digit; one next to certainty or zero as a bound."""
    if chance > _NEXT_TO_ONE:
        return "over 99.9%"
    return "under 0.1%" if 0 < chance < 1 - _NEXT_TO_ONE else f"{chance:.1%}"


def typed_document(question: Question, run: Run, names: Sequence[str]) -> Document:
    """The answer to names that were typed."""
    by = {key: list(of) for key, of in groupby(run.found, key=lambda r: r.query_id)}
    blocks: list[Block] = []
    summary = []
    for n, name in enumerate(names, 1):
        own = by.get(str(n), [])
        folded = [f for f in run.folded if f["query"] == name]
        cleared = [f"CLEARED EARLIER. {f['name']} ({f['party']}): {f['says']}" for f in folded]
        of: list[Block] = [Say(line, "answer") for line in cleared]
        of += name_blocks(own, run) if own or not cleared else ()
        if not own and (name.isupper() or any(map(str.isdigit, name))) and bare_numbers(name):
            of.append(Say(wording.sentence(run.numbers), "note"))
        blocks += of if len(names) == 1 else [Section(name, tuple(of))]
        head = "CLEARED EARLIER" if cleared and not own else verdict(own, run.not_checked).head
        summary.append(f"{name}: {head}")
    if len(names) == 1:
        return _document(question, run, names[0], (), blocks)
    return _document(question, run, count_text(len(names), "names"), tuple(summary), blocks)


def file_document(question: Question, run: Run, out: str) -> Document:
    """The end of a file's screening: counts, what they cost, the surest alerts, where the rest is."""
    of: dict[tuple[str, str, str], list[Alert]] = {}
    for r in run.found:
        of.setdefault((r.query_id, r.column, r.query), []).append(r)
    order = [*dict(BANDS)]
    surest = sorted(of.values(), key=lambda x: (order.index(x[0].band), -x[0].listed))
    lines = tuple(
        (
            ", ".join(filter(None, (row_in_words(r.query_id, r.row), r.column))),
            r.query,
            f"{band_in_words(r.band)}, {r.agreement.kind}",
            _short(r.name) + (f" and {len(more)} more" if more else ""),
            effects_in_words(r.effects),
            r.listed,
        )
        for r, *more in surest[:MOST_SHOWN]
    )
    named = run.queries - run.names["none"] - run.names[CLEARED]
    blocks: list[Block] = []
    if sentences := _consignments(surest):
        total = run.consignments
        blocks.append(Table(_SENTENCES, sentences[:MOST_SHOWN], "Consignments", total=total))
    elif lines:
        blocks.append(Table(_ALERTS, lines, "Most certain first", total=named))
    is_doubted = any(r.agreement.kind == "exact" and r.band == DEFAULT_BAND for r, *_ in surest)
    if is_doubted and run.base_rate == BASE_RATE:
        blocks.append(Say(_EXACT_IN_A_FILE, "note"))
    blocks += [Say(wording.sentence(line), "note") for line in run.notes]
    cleared = (
        f"Cleared earlier: {f['query']}, {f['name']} ({f['party']}): {f['says']}"
        for f in run.folded
    )
    blocks += [Say(line) for line in [*dict.fromkeys(cleared)][:20]]
    if out:
        blocks.append(Next(f"All names with their results: {out}"))
    title, *rest = run.summary()
    if rest:
        means = tuple(Say(wording.sentence(line), "note") for line in rest)
        blocks.append(Section("What the results mean", means))
    return _document(question, run, title, (), blocks)


def _consignments(surest: Sequence[Sequence[Alert]]) -> tuple[tuple[str, str, float], ...]:
    """Return each consignment once, with its sentence and its greatest chance, the surest first."""
    out: dict[tuple[str, str], float] = {}
    for first, *_ in surest:
        if first.consignment:
            place = row_in_words(first.query_id, first.row)
            out.setdefault((place, first.consignment), first.listed)
    return tuple((row, sentence, chance) for (row, sentence), chance in out.items())


def _document(
    question: Question, run: Run, title: str, summary: tuple[str, ...], blocks: list[Block]
) -> Document:
    lists = tuple((f"{title_of(u.source)} ({u.source})", age_of_list(u)) for u in run.lists)
    return Document(
        "screening",
        title,
        summary,
        (
            *blocks,
            *((Say(run.not_checked, "note"),) if run.found and run.not_checked else ()),
            Say(wording.sentence(run.age), "note"),
            Section(
                "The lists that we checked",
                (
                    Facts(lists),
                    Say(wording.sentence(run.numbers), "note"),
                    *((Say(run.blind, "note"),) if run.blind else ()),
                ),
                detail=True,
            ),
        ),
        data={
            "rows": run.alerts,
            "names": run.names,
            "queries": run.queries,
            "folded": run.folded,
            "summary": run.summary(),
            "notes": run.notes,
            "lists": run.age,
            "list_ages": [u.age_in_fields(run.day) for u in run.lists],
            "data_version": run.data_version,
        },
        question=question,
        as_of=None,
    )
