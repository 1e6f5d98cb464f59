# SPDX-License-Identifier: Apache-2.0
"""A case as a letter: a route of diversion, or an alert of a screening, complete without the page
it comes from.

A letter is a document, made from its row and from what its sender says of the consignment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bilat.document import Block, Column, Document, Facts, Next, Say, Section, Table
from bilat.document import wording as words
from bilat.document.plain import SCHEMA
from bilat.errors import DataError, UsageError
from bilat.formats.json_text import parse_json
from bilat.handling import Marking
from bilat.parties.match.chance import band_of
from bilat.parties.names.script import letters
from bilat.parties.run.headers import UNKNOWN_OWNER, role_in_words
from bilat.places import country_name
from bilat.when import AsOf, Period

#: A case of `divert` or a line of alerts has no more bytes; a file of alerts is read a line at a
#: time.
LONGEST = 8 << 20


#: What an officer says of the consignment: name and value of each.
Said = Sequence[tuple[str, str]]
#: An alert of a screening as its row has it.
Alert = Mapping[str, Any]


@dataclass(frozen=True)
class LetterHead:
    """What a letter has around its case: who writes to whom, when, and what is asked."""

    sender: str = ""
    addressee: str = ""
    date: dt.date | None = None
    reference: str = ""
    request: str = ""
    signatory: str = ""

    def lines(self) -> Facts:
        """Return the head of the letter."""
        day = _day(self.date) if self.date else ""
        lines = {
            "From": self.sender,
            "To": self.addressee,
            "Date": day,
            "Our reference": self.reference,
        }
        return Facts(tuple((name, text) for name, text in lines.items() if text))

    def closing(self) -> tuple[Block, ...]:
        """Return what is asked, and the place for a signature; nothing where neither is given."""
        asked = (Section("Request", (Say(self.request),)),) if self.request else ()
        if not self.signatory:
            return asked
        lines = (("Signature", _TO_FILL_IN), ("Name and office", self.signatory))
        return (*asked, Section("Signed", (Facts(lines),)))


#: What is left to be filled in by hand.
_TO_FILL_IN = "_" * 30


def letter_of(
    path: Path,
    row: int = 1,
    marking: Marking | None = None,
    *,
    said: Said = (),
    head: LetterHead | None = None,
) -> Document:
    """The letter on row ``row`` of an answer of ``bilat divert``, or on alert number ``row`` of
    ``bilat screen``.

    Raises
    ------
    UsageError
        for a file that is neither, or without that row, or marked above ``marking``.
    DataError
        for a file that cannot be read.
    """
    made: Document | None = None
    if path.suffix == ".json":
        found = _parsed(path, _text(path))
        if found.get("kind") == "divert" and found.get("schema") == SCHEMA:
            rows = found["data"]["rows"]
            if not 1 <= row <= len(rows):
                raise UsageError(f"{path} has no row {row}: it has {len(rows)}")
            made = _case(found, rows[row - 1], found["data"])
    elif path.suffix == ".jsonl":
        found = _parsed(path, _line(path, row))
        if {"query", "party", "listings", "agreement", "effects"} <= found.keys():
            made = _alert(found)
    if made is None:
        raise UsageError(
            f"{path} contains neither an answer of `bilat divert` (.json) nor alerts of `bilat "
            "screen` (.jsonl)"
        )
    head = head or LetterHead()
    lines = head.lines()
    opening = (lines,) if lines.facts else ()
    own = (Facts(tuple(said)),) if said else ()
    *blocks, last = made.blocks
    # The command or the address that the case comes from stays behind the signature.
    ends = (last,) if isinstance(last, Next) else ()
    body = (*blocks, *(() if ends else (last,)))
    blocks = [*opening, *own, *body, *head.closing(), *ends]
    return replace(made, blocks=tuple(blocks), marking=_letter_marking(path, found, marking))


def _letter_marking(
    path: Path, found: Mapping[str, Any], marking: Marking | None
) -> Marking | None:
    """The letter's marking: the one that is asked, else that of what it is made from; None where
    there is neither.
    """
    told = str(found.get("marking") or "")
    own = Marking.parse(told) if told else None
    if own is not None and marking is not None and not own.may_leave_in(marking):
        raise UsageError(
            f"{path} is {own} and must not be used in a letter marked {marking}. Leave out "
            "`marking`"
        )
    return marking or own


def _text(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            data = handle.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise DataError(
                f"is larger than {LONGEST >> 20} MB, more than any case",
                file=path,
                cure="name one case",
            )
        return data.decode("utf-8")
    except OSError as e:
        raise DataError(
            f"cannot be read ({e.strerror})", file=path, cure="name a file that is there"
        ) from None
    except UnicodeDecodeError:
        raise DataError("is not UTF-8 text", file=path, cure="make it again") from None


def _line(path: Path, row: int) -> str:
    try:
        with path.open("rb") as handle:
            for n, raw in enumerate(iter(lambda: handle.readline(LONGEST), b""), 1):
                if n == row:
                    return raw.decode("utf-8")
    except OSError as e:
        raise DataError(
            f"cannot be read ({e.strerror})", file=path, cure="name a file that is there"
        ) from None
    except UnicodeDecodeError:
        raise DataError("is not UTF-8 text", file=path, row=row, cure="make it again") from None
    raise UsageError(f"{path} has no row {row}")


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        found = parse_json(text)
    except ValueError as e:
        raise DataError(f"is not JSON ({e})", file=path, cure="make it again") from None
    if not isinstance(found, dict):
        raise DataError("is not a case and no alert", file=path, cure="make it again")
    return found


def _case(found: Mapping[str, Any], row: Mapping[str, Any], asked: Mapping[str, Any]) -> Document:
    """A row of an answer."""
    legs = [row["direct"], row["into"], row["out"]]
    currency = asked["currency"]
    hub = country_name(row["hub"])
    target = words.joined([country_name(t) for t in asked["targets"]])
    into = legs[1]
    out = legs[2]
    goods = f"{row['label']} (HS {row['product']})"
    after = asked["after"]
    before = asked["before"]
    amount = (
        f"{words.figure(row['diverted'], currency)} "
        f"({words.interval(row['low'], row['high'], currency)})"
    )
    paragraph = (
        f"From {words.period(after[0])} to {words.period(after[1])}, "
        + (
            f"we do not have what {hub} bought of {goods}. "
            if into["actual"] is None
            else f"{hub} bought {words.figure(into['actual'], currency)} of {goods} "
            f"from the origins asked, against {words.figure(into['expected'], currency)} expected. "
        )
        + (
            f"It sold {target} {words.figure(out['actual'], currency)}, against "
            f"{words.figure(out['expected'], currency)} expected. "
            if out
            else f"We do not have what it sold {target}. "
        )
        + f"If this is a route, about {amount} went on. "
        + "Trade records name no firm and prove no diversion."
    )
    chance = words.chance(row["probability"])
    if row.get("rests_on"):
        ends = f"{words.chance(row['probability_low'])} to {words.chance(row['probability_high'])}"
        chance += f" ({ends} by {row['rests_on']})"
    facts: tuple[tuple[str, str], ...] = (
        ("Amount, if it is a route", amount),
        ("Probability of a route", chance),
        ("chance of a false alarm (q)", words.chance(row["q_value"])),
        ("Goods", goods),
        ("Rank", f"{row['rank']} of {asked['pairs_tested']:,} pairs tested"),
        ("Compared", f"{after[0]} to {after[1]} with {before[0]} to {before[1]}"),
    )
    totals = tuple(
        (
            name,
            *(
                words.figure(v, currency) if v is not None else "not in our data"
                for v in _values(leg)
            ),
        )
        for name, leg in zip(("Direct", "Into the hub", "Out of the hub"), legs, strict=True)
    )
    # Answers of earlier versions have a verdict on each of the other explanations.
    beside = row.get("compared") or [v["because"] for v in row.get("rivals", ())]
    facts += (("What else could explain it", words.sentence("; ".join(beside))),) if beside else ()
    as_of = str(found.get("as_of") or asked.get("as_of") or "")
    return _letter(
        "Diversion case",
        f"{hub}, {goods}: on to {target}?",
        paragraph,
        AsOf(as_of) if as_of else AsOf(Period(after[1]).end),
        facts,
        Table(
            (Column("leg"), *(Column(c, number=True) for c in ("before", "expected", "actual"))),
            totals,
            "The trade flows",
        ),
        notes=asked["notes"],
        link=f"Made again by: {found['command']}" if found.get("command") else "",
    )


def _letter(
    kind: str,
    subject: str,
    says: str,
    as_of: AsOf,
    facts: Said,
    *tables: Table,
    notes: Iterable[str],
    link: str,
) -> Document:
    blocks: list[Block] = [Say(says), Section("The case in figures", (Facts(tuple(facts)),))]
    blocks += [t for t in tables if t.rows]
    if shown := tuple(Say(words.sentence(n), "note") for n in notes):
        blocks.append(Section("Notes on the records", shown))
    blocks += [Next(link)] if link else []
    return Document("letter", subject, (f"{kind}.",), tuple(blocks), as_of=as_of)


def _values(leg: Mapping[str, Any] | None) -> tuple[float | None, ...]:
    return tuple((leg or {}).get(k) for k in ("before", "expected", "actual"))


def _alert(a: Alert) -> Document:
    from bilat.parties.run.alerts import alert_of
    from bilat.parties.run.answer import verdict

    listings = a["listings"]
    newest = max((x.get("edition") or "" for x in listings), default="")
    said = (
        f"{_asked_in_words(a)} {verdict([alert_of(dict(a))], '')} "
        "This is a lead for an officer, not a finding of identity."
    )
    listed = (("is this party", a["probability"]), ("is listed at all", a.get("listed")))
    chance = "; ".join(f"{_percent(p)} that the name {what}" for what, p in listed if p is not None)
    facts = [
        ("Legal basis", "; ".join(legal_bases(listings))),
        ("Consignment", a.get("consignment", "")),
        ("Name screened", a["query"]),
        ("Role", role_in_words(a.get("role", ""))),
        ("Party", f"{a['name']} ({a['party']})"),
        ("Matched", f"{a['name_matched']} by {a['matched_by']}"),
        ("Words that agree", alert_of(dict(a)).agreement.words_in_text()),
        ("How sure", chance),
        ("Effect", a["effect"]),
        ("Countries", words.prose(_listed(a["countries"]))),
        ("Born", _listed(a["born"])),
        ("Numbers", _listed(a["identifiers"])),
        ("Also known as", _listed(a["aliases"])),
        ("Joined because", _listed(a["joined"])),
        ("Lists used", words.joined(list(dict.fromkeys(map(_edition, listings))))),
        ("From", f"{a['source']}, {a['locator']}, file {str(a['snapshot'])[:12]}"),
    ]
    rows = tuple(
        (
            x["list"],
            x["programme"],
            x["listed_on"] or (f"by {x['listed_by']}" if x.get("listed_by") else "not stated"),
            x["effect"],
            x.get("edition") or "not known",
        )
        for x in listings
    )
    columns = tuple(map(Column, ("list", "programme", "listed on", "effect", "edition")))
    return _letter(
        "Screening alert",
        _subject(a),
        said,
        AsOf(newest[:10]) if newest else AsOf(None),
        [(k, str(v)) for k, v in facts if v],
        Table(columns, rows, "Listings"),
        notes=[
            *(str(f["says"]) for f in a["flags"]),
            "lists not named here were not checked, or do not contain it",
        ],
        link=str(a["link"] or ""),
    )


#: Words for how sure it is that a name is a listed party's.
_SURE = {"match": "very probably", "likely": "probably", "possible": "possibly"}


def _subject(a: Alert) -> str:
    """Return what a letter on an alert is about."""
    if letters(a["query"]) == letters(a["name"]):
        return f"{a['query']}: a name on sanctions or export control lists"
    # The band says how sure it is that the name is listed at all; the title names one party.
    sure = a["probability"]
    if sure is None:
        sure = a.get("listed") or 0.0
    return f"{a['query']}: {_SURE.get(band_of(sure), 'possibly')} the listed {a['name']}"


def _edition(listing: Mapping[str, str]) -> str:
    """Return a list with the day of its edition: ``OFAC SDN of 31 July 2026``."""
    try:
        day = dt.date.fromisoformat(listing.get("edition") or "")
    except ValueError:
        return f"{listing['list']} of unknown age"
    return f"{listing['list']} of {_day(day)}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


_CELEX = re.compile(r"3(?P<year>\d{4})R(?P<number>\d{4})")
_ORDER = re.compile(r"\bE\.?O\.? ?(?P<number>\d{5})\b")
#: The year from which the EU writes the year of a regulation first.
_YEAR_FIRST = 2015


def legal_bases(listings: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the acts that listings rest on, as their list and programme name them, each once."""
    return list(dict.fromkeys(_legal_basis(x["list"], x["programme"]) for x in listings))


def _legal_basis(list_name: str, programme: str) -> str:
    if act := _CELEX.search(list_name):
        year, number = int(act["year"]), int(act["number"])
        named = f"{year}/{number}" if year >= _YEAR_FIRST else f"No {number}/{year}"
        return f"Regulation (EU) {named}"
    if order := _ORDER.search(programme):
        return (
            f"Executive Order {order['number']} of the President of the United States ({list_name})"
        )
    return ", ".join(filter(None, (list_name, programme)))


def _asked_in_words(a: Any) -> str:
    """Return what was screened, by role, and what was found of the whole consignment."""
    role = role_in_words(a.get("role", ""))
    if role in ("", "party"):
        return f"The name {a['query']} was screened."
    whole = f" {a['consignment']}" if a.get("consignment") else ""
    if role == UNKNOWN_OWNER:
        return f"The number {a['query']} was screened. The column does not say whose it is.{whole}"
    return f"The {role} {a['query']} was screened.{whole}"


def _percent(p: float) -> str:
    return "over 99%" if p > 0.99 else f"{p:.0%}"


def _listed(value: Any) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value or "")
