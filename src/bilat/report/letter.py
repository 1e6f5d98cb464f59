# SPDX-License-Identifier: Apache-2.0
"""Letters on one case: a route of diversion, or an alert of a screening.

A letter is a document that is complete without the page it comes from. It is made from the row of
the case, and from what its sender adds about the consignment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bilat.diversion.words import sellers, span_in_words
from bilat.document import Block, Column, Document, Facts, Next, Say, Section, Table
from bilat.document import wording as words
from bilat.document.plain import SCHEMA
from bilat.errors import DataError, UsageError
from bilat.formats.json_text import parse_json
from bilat.goods.short_names import LONGEST as LONGEST_NAME
from bilat.goods.short_names import short_name
from bilat.handling import Marking
from bilat.parties.lists.effects import in_words
from bilat.parties.lists.list_names import (
    entry_number,
    spoken_list,
    spoken_listing,
    spoken_programme,
)
from bilat.parties.match.chance import band_of
from bilat.parties.names.script import letters
from bilat.parties.queries.headers import UNKNOWN_OWNER, role_in_words
from bilat.parties.screening.alerts import (
    effects_in_words,
    listed_since,
    lists_with_editions,
    numbers_in_words,
)
from bilat.places import country_name
from bilat.when import AsOf, Period

#: The most bytes of an answer of `divert`, or of one line of a file of alerts.
LONGEST = 8 << 20


#: Facts by name: of the case, or what an officer adds about the consignment.
NamedFacts = Sequence[tuple[str, str]]
#: An answer of `divert`, a row of it, a leg of a route, or a listing, as JSON.
JsonRow = Mapping[str, Any]
#: A line of a file of alerts.
Alert = JsonRow


@dataclass(frozen=True)
class LetterHead:
    """The parts of a letter around its case: sender, addressee, date, and what is requested."""

    sender: str = ""
    addressee: str = ""
    date: dt.date | None = None
    reference: str = ""
    request: str = ""
    signatory: str = ""

    def lines(self) -> Facts:
        """Return the head of the letter."""
        day = words.day(self.date) if self.date else ""
        lines = {
            "From": self.sender,
            "To": self.addressee,
            "Date": day,
            "Our reference": self.reference,
        }
        return Facts(tuple((name, text) for name, text in lines.items() if text))

    def closing(self) -> tuple[Block, ...]:
        """Return the sections with the request and the signature, as far as they are given."""
        sections = []
        if self.request:
            sections.append(Section("Request", (Say(self.request),)))
        if self.signatory:
            lines = (("Signature", _TO_FILL_IN), ("Name and office", self.signatory))
            sections.append(Section("Signed", (Facts(lines),)))
        return tuple(sections)


#: What a row may state of a party, and the word that is written before it.
_STATED = {
    "address": "",
    "place": "",
    "country": "",
    "nationality": "nationality",
    "born": "born",
    "number": "",
}
#: The columns by which an alert is recognised.
_OF_AN_ALERT = frozenset({"query", "party", "listings", "agreement", "effects"})
#: A blank to fill in by hand.
_TO_FILL_IN = "_" * 30


def letter_of(
    path: Path,
    row: int = 1,
    marking: Marking | None = None,
    *,
    said: NamedFacts = (),
    head: LetterHead | None = None,
) -> Document:
    """Return the letter on a row of an answer of ``bilat divert``, or on an alert of ``bilat screen``.

    Parameters
    ----------
    path
        the answer (.json) or the alerts (.jsonl).
    row
        the number of the row or the alert, from one.
    marking
        the marking of the letter; by default that of the file.
    said
        what the sender adds about the consignment.
    head
        sender, addressee and the like.

    Raises
    ------
    UsageError
        for a file that is neither, or without that row, or marked above ``marking``.
    DataError
        for a file that cannot be read.
    """
    found: JsonRow = {}
    if path.suffix == ".json":
        found = _parsed(path, _text(path))
    elif path.suffix == ".jsonl":
        found = _parsed(path, _line(path, row))
    try:
        case = _case_or_alert(path, found, row)
    except (KeyError, TypeError, AttributeError) as e:
        raise DataError(
            f"lacks what a letter is made from ({e})", file=path, cure="make it again"
        ) from None
    blocks = _complete(case.blocks, said, head or LetterHead())
    return replace(case, blocks=blocks, marking=_letter_marking(path, found, marking))


def _case_or_alert(path: Path, found: JsonRow, row: int) -> Document:
    """Return the letter's own part: the case or the alert that a file is about."""
    if path.suffix == ".json" and (found.get("kind"), found.get("schema")) == ("divert", SCHEMA):
        return _case(found, _row_of(path, found, row))
    if path.suffix == ".jsonl" and found.keys() >= _OF_AN_ALERT:
        return _alert(found)
    raise UsageError(
        f"{path} contains neither an answer of `bilat divert` (.json) nor alerts of `bilat "
        "screen` (.jsonl)"
    )


def _row_of(path: Path, found: JsonRow, row: int) -> JsonRow:
    """Return a row of an answer by its number."""
    rows = found["data"]["rows"]
    if not 1 <= row <= len(rows):
        raise UsageError(f"{path} has no row {row}: it has {len(rows)}")
    return rows[row - 1]


def _complete(case: Sequence[Block], said: NamedFacts, head: LetterHead) -> tuple[Block, ...]:
    """Return the blocks of a letter: its head, what the sender adds, the case, and its closing.

    The command or the address that the case comes from is put below the signature.
    """
    blocks: list[Block] = []
    lines = head.lines()
    if lines.facts:
        blocks.append(lines)
    if said:
        blocks.append(Facts(tuple(said)))
    ends_with_link = isinstance(case[-1], Next)
    blocks += case[:-1] if ends_with_link else case
    blocks += head.closing()
    if ends_with_link:
        blocks.append(case[-1])
    return tuple(blocks)


def _letter_marking(path: Path, found: JsonRow, marking: Marking | None) -> Marking | None:
    """Return the marking of a letter: the given one, or that of the file it is made from.

    Raises
    ------
    UsageError
        if the file must not be used in a letter of the given marking.
    """
    text = str(found.get("marking") or "")
    own = Marking.parse(text) if text else None
    if own is not None and marking is not None and not own.may_leave_in(marking):
        raise UsageError(
            f"{path} is {own} and must not be used in a letter marked {marking}. Leave out "
            "`marking`"
        )
    return marking or own


@contextmanager
def _readable(path: Path, row: int | None = None) -> Iterator[None]:
    """Turn an error of reading a file, or a row of it, into a DataError."""
    try:
        yield
    except FileNotFoundError:
        raise DataError("file not found", file=path, cure="check its name and folder") from None
    except OSError as e:
        raise DataError(
            f"cannot be read ({e.strerror})", file=path, cure="check its permissions"
        ) from None
    except UnicodeDecodeError:
        raise DataError("is not UTF-8 text", file=path, row=row, cure="make it again") from None


def _text(path: Path) -> str:
    """Return the text of a file that holds one answer."""
    with _readable(path), path.open("rb") as handle:
        data = handle.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise DataError(
                f"is larger than {LONGEST >> 20} MB, more than any case",
                file=path,
                cure="name one case",
            )
        return data.decode("utf-8")


def _line(path: Path, row: int) -> str:
    """Return a line of a file by its number."""
    with _readable(path, row), path.open("rb") as handle:
        for n in range(1, row + 1):
            raw = handle.readline(LONGEST + 1)
            if not raw:
                break
            if len(raw) > LONGEST:
                raise DataError(
                    f"is longer than {LONGEST >> 20} MB, more than any alert",
                    file=path,
                    row=n,
                    cure="make it again",
                )
            if n == row:
                return raw.decode("utf-8")
    raise UsageError(f"{path} has no row {row}")


def _parsed(path: Path, text: str) -> JsonRow:
    """Return the JSON object of a text."""
    try:
        found = parse_json(text)
    except ValueError as e:
        raise DataError(f"is not JSON ({e})", file=path, cure="make it again") from None
    if not isinstance(found, dict):
        raise DataError("is neither a case nor an alert", file=path, cure="make it again")
    return found


def _case(document: JsonRow, row: JsonRow) -> Document:
    """Return the letter on a row of an answer of `divert`, which the JSON document has as data."""
    answer = document["data"]
    currency = answer["currency"]
    hub = country_name(row["hub"])
    target = words.joined([country_name(state) for state in answer["targets"]])
    label = str(row["label"])
    full = _goods(label, row["product"])
    # A title that is as long as the customs' text of a code cannot be read.
    is_long = len(label) > LONGEST_NAME
    goods = _goods(short_name(row["product"], label), row["product"]) if is_long else full
    first, last = answer["after"]
    span = span_in_words((first, last))
    range_text = words.interval(row["low"], row["high"], currency)
    amount = f"{words.figure(row['diverted'], currency)} ({range_text})"
    origin = sellers(answer["origins"])
    bought = _bought(row["into"], hub=hub, goods=goods, currency=currency, origin=origin)
    sentences = (
        f"{'From' if ' to ' in span else 'In'} {span}, {bought}",
        _sold(row["out"], target, currency),
        f"If this is a route, about {amount} went on.",
        "Trade records do not name firms and do not prove diversion.",
    )
    as_of = str(document.get("as_of") or answer.get("as_of") or "")
    return _letter(
        "Diversion case",
        f"Did {goods} reach {target} through {hub}?",
        " ".join(sentences),
        AsOf(as_of) if as_of else AsOf(Period(last).end),
        _case_facts(row, answer, amount, full),
        _flows_table(row, currency),
        notes=answer["notes"],
        link=f"To make this again: {document['command']}" if document.get("command") else "",
    )


def _goods(label: str, code: str) -> str:
    """Return goods as a sentence has them: ``chips (other; HS 854239)`` for ``Chips: other``."""
    kind, _, rest = label.partition(": ")
    kind = kind[:1].lower() + kind[1:] if kind[1:2].islower() else kind
    return f"{kind} ({'; '.join(filter(None, (rest, f'HS {code}')))})"


def _bought(into: JsonRow, *, hub: str, goods: str, currency: str, origin: str) -> str:
    """Return what the hub bought, as the end of a sentence."""
    if into["actual"] is None:
        return f"we have no data on {hub}’s purchases of {goods}."
    actual = words.figure(into["actual"], currency)
    expected = words.figure(into["expected"], currency)
    return f"{hub} bought {actual} of {goods} from {origin}. We expected {expected}."


def _sold(out: JsonRow | None, target: str, currency: str) -> str:
    """Return a sentence on what the hub sold the target."""
    if not out:
        return f"We have no data on what it sold {target}."
    actual = words.figure(out["actual"], currency)
    expected = words.figure(out["expected"], currency)
    return f"It sold {target} {actual}. We expected {expected}."


def _case_facts(row: JsonRow, answer: JsonRow, amount: str, goods: str) -> NamedFacts:
    """Return the figures of a case by name."""
    probability = _percent(row["probability"])
    if row.get("rests_on"):
        low = _percent(row["probability_low"])
        high = _percent(row["probability_high"])
        probability += f" ({low} to {high}, depending on {row['rests_on']})"
    after = " to ".join(map(words.period, answer["after"]))
    before = " to ".join(map(words.period, answer["before"]))
    facts = [
        ("Amount, if it is a route", amount),
        ("Probability of a route", probability),
        ("Chance of a false alarm (q-value)", words.chance(row["q_value"])),
        ("Goods", words.capital(goods)),
        ("Rank", f"{row['rank']} of {answer['pairs_tested']:,} pairs tested"),
        ("Periods compared", f"{after} with {before}"),
    ]
    # Answers of earlier versions have a verdict on each of the other explanations.
    explanations = row.get("compared") or [rival["because"] for rival in row.get("rivals", ())]
    if explanations:
        facts.append(("What else could explain it", words.sentence(_as_sentences(explanations))))
    return facts


def _as_sentences(explanations: Sequence[str]) -> str:
    """Return explanations one after the other, each with one stop."""
    return " ".join(f"{text.rstrip('.')}." for text in explanations)


def _flows_table(row: JsonRow, currency: str) -> Table:
    """Return the trade on each leg of a route: before, expected and actual."""
    names = ("before", "expected", "actual")
    legs = {"Direct": row["direct"], "Into the hub": row["into"], "Out of the hub": row["out"]}
    rows = []
    for name, leg in legs.items():
        values = [(leg or {}).get(column) for column in names]
        rows.append((name, *(_figure_or_missing(value, currency) for value in values)))
    heads = ("earlier level", "expected", "actual")
    columns = (Column("trade flow"), *(Column(name, number=True) for name in heads))
    return Table(columns, tuple(rows), "The trade flows")


def _figure_or_missing(value: float | None, currency: str) -> str:
    return "no data" if value is None else words.figure(value, currency)


def _letter(
    kind: str,
    subject: str,
    says: str,
    as_of: AsOf,
    facts: NamedFacts,
    *tables: Table,
    notes: Iterable[str],
    link: str,
) -> Document:
    """Return the letter's own part: what it says, its figures, tables and notes, and a link."""
    blocks: list[Block] = [Say(says), Section("The case in figures", (Facts(tuple(facts)),))]
    blocks += [table for table in tables if table.rows]
    if texts := tuple(Say(words.sentence(note), "note") for note in notes):
        blocks.append(Section("Notes", texts))
    if link:
        blocks.append(Next(link))
    return Document("letter", subject, (f"{kind}.",), tuple(blocks), as_of=as_of)


def _alert(row: Alert) -> Document:
    """Return the letter on an alert of a screening."""
    from bilat.parties.answers.screening_answer import verdict
    from bilat.parties.screening.alerts import alert_of

    alert = alert_of(dict(row))
    listings = row["listings"]
    newest = max((listing.get("edition") or "" for listing in listings), default="")
    of_this_name = verdict([alert], "")  # as if this name alone had been screened
    sentences = (
        _asked_in_words(row),
        of_this_name.quiet,
        "This is a lead for an officer to check, not proof of identity.",
    )
    facts = [
        ("Legal basis", "; ".join(legal_bases(listings))),
        ("Name screened", row["query"]),
        ("Role", role_in_words(row.get("role", ""))),
        ("Other details given", _stated(row.get("asked") or {})),
        ("Listed party", row["name"]),
        ("Listed name that matches", f"{row['name_matched']} (by {row['matched_by']})"),
        ("Matching words", alert.agreement.words_in_text()),
        ("Probability", _how_sure(row)),
        ("Legal effect", effects_in_words(row["effects"]) or row["effect"]),
        ("Countries", words.prose(_comma_list(row["countries"]))),
        ("Born", _comma_list(row["born"])),
        ("Numbers that match", numbers_in_words(row["identifiers"])),
        ("Also known as", _comma_list(row["aliases"])),
        ("Entries merged because of", _comma_list(row["joined"])),
        ("Lists checked", lists_with_editions(listings)),
        ("Entries", "; ".join(_entries(listings))),
    ]
    return _letter(
        "Screening alert",
        _subject(row),
        " ".join(sentences),
        AsOf(newest[:10]) if newest else AsOf(None),
        [(name, str(value)) for name, value in facts if value],
        _listings_table(listings),
        notes=[
            *(str(flag["says"]) for flag in row["flags"]),
            "any list not named here either does not contain the party or was not checked",
        ],
        link=str(row["link"] or ""),
    )


def _entries(listings: Sequence[JsonRow]) -> Iterator[str]:
    """Yield where a party is on each list: ``EU Regulation 833/2014, Annex XLII, entry 379``."""
    for listing in listings:
        where = spoken_listing(listing["list"], listing["programme"])
        number = entry_number(str(listing.get("party") or ""))
        yield f"{where}, entry {number}" if number else where


def _stated(asked: Mapping[str, str]) -> str:
    """Return what the row states of the party: its town, state, date of birth and numbers."""
    stated = []
    for field, word in _STATED.items():
        if text := asked.get(field, ""):
            is_number = field == "number"
            said = numbers_in_words(text.split("; ")) if is_number else f"{word} {text}".strip()
            stated.append(said)
    return "; ".join(dict.fromkeys(stated))


def _how_sure(alert: Alert) -> str:
    """Return the probabilities that a name is this party's, and that it is listed at all."""
    chances = {"is this party’s": alert["probability"], "is listed at all": alert.get("listed")}
    return "; ".join(
        f"{_percent(chance)} that the name {what}"
        for what, chance in chances.items()
        if chance is not None
    )


def _listings_table(listings: Sequence[JsonRow]) -> Table:
    """Return the listings of a party, one a row.

    Two files of one publisher may hold the same entry, and only one of them its date. The one
    without a date is then left out.
    """
    rows = []
    dated = {_entry(listing) for listing in listings if listed_since(listing)}
    for listing in listings:
        day = listed_since(listing)
        if not day and _entry(listing) in dated:
            continue
        edition = listing.get("edition") or "not known"
        since = day or "not stated"
        effect = in_words(listing["effect"])
        name = spoken_list(listing["list"])
        programme = spoken_programme(listing["programme"])
        rows.append((name, programme, since, effect, edition))
    columns = tuple(map(Column, ("list", "programme", "listed on", "effect", "version")))
    return Table(columns, tuple(rows), "Listings")


def _entry(listing: JsonRow) -> tuple[str, str, str]:
    """Return what identifies an entry of a list: list, programme and the publisher's id."""
    return str(listing["list"]), str(listing["programme"]), str(listing.get("party", ""))


#: The word for the chance that a name is a listed party's, by its band.
_SURE = {"match": "very probably", "likely": "probably", "possible": "possibly"}


def _subject(alert: Alert) -> str:
    """Return what a letter on an alert is about."""
    if letters(alert["query"]) == letters(alert["name"]):
        return f"{alert['query']}: a name on sanctions or export control lists"
    # The title names one party, so the chance is that of this party, where it is known.
    chance = alert["probability"]
    if chance is None:
        chance = alert.get("listed") or 0.0
    sure = _SURE.get(band_of(chance), "possibly")
    return f"{alert['query']} is {sure} {alert['name']}, a listed party"


#: The number of an EU act as its list has it: `32014R0833` is Regulation (EU) No 833/2014.
_CELEX = re.compile(r"3(?P<year>\d{4})R(?P<number>\d{4})")
#: An order of the President of the United States: `E.O. 14024`, `EO14024`.
_ORDER = re.compile(r"\bE\.?O\.? ?(?P<number>\d{5})\b")
#: The year from which the EU writes the year of a regulation first.
_YEAR_FIRST = 2015


def legal_bases(listings: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the acts that listings rest on, as their list and programme name them, each once."""
    return list(dict.fromkeys(_legal_basis(x["list"], x["programme"]) for x in listings))


def _legal_basis(list_name: str, programme: str) -> str:
    if act := _CELEX.search(list_name):
        year = int(act["year"])
        number = int(act["number"])
        named = f"{year}/{number}" if year >= _YEAR_FIRST else f"No {number}/{year}"
        return f"Regulation (EU) {named}"
    if order := _ORDER.search(programme):
        return (
            f"Executive Order {order['number']} of the President of the United States "
            f"({spoken_list(list_name)})"
        )
    return spoken_listing(list_name, programme)


def _asked_in_words(alert: Alert) -> str:
    """Return a sentence on the name and its role, and one on the consignment if there is one."""
    name = alert["query"]
    role = role_in_words(alert.get("role", ""))
    if role in ("", "party"):
        return f"We checked the name {name} against sanctions and export control lists."
    sentence = f"We checked the {role} {name} against sanctions and export control lists."
    if role == UNKNOWN_OWNER:
        sentence = (
            f"We checked the number {name} against sanctions and export control lists. The column "
            "does not say whose it is."
        )
    consignment = alert.get("consignment")
    return f"{sentence} {consignment}" if consignment else sentence


def _percent(chance: float) -> str:
    """Return a chance in whole percent, or that it is over 99% or under 1%."""
    if chance > 0.99:
        return "over 99%"
    if 0 < chance < 0.01:
        return "under 1%"
    return f"{chance:.0%}"


def _comma_list(value: Any) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value or "")
