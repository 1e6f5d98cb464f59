# SPDX-License-Identifier: Apache-2.0
"""A case as a letter: a route of diversion, or an alert of a screening, complete without the page it comes from.

Both are written from their row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bilat.document import wording as words
from bilat.document.plain import SCHEMA
from bilat.errors import DataError, UsageError
from bilat.formats.json_text import bounded
from bilat.handling import Marking
from bilat.places import country_name

#: A case of `divert` or a line of alerts has no more bytes; a file of alerts is read a line at a time.
LONGEST = 8 << 20


@dataclass(frozen=True)
class LetterTable:
    """A table of a letter; ``numbers`` are the columns that stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What a letter says, whatever it is written as."""

    subject: str
    kind: str  #: "Diversion case", "Screening alert"
    as_of: str  #: in words, or blank
    day: dt.date  #: the date that the file bears
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    tables: tuple[LetterTable, ...]
    notes: tuple[str, ...] = ()
    marking: str = ""
    links: tuple[str, ...] = field(default=())


def letter_of(path: Path, row: int = 1, marking: Marking | None = None) -> Letter:
    """The letter on row ``row`` of an answer of ``bilat divert``, or on alert number ``row`` of ``bilat screen``.

    Raises
    ------
    UsageError
        for a file that is neither, or without that row, or marked above ``marking``.
    DataError
        for a file that cannot be read.
    """
    if path.suffix == ".json":
        found = _parsed(path, _text(path))
        if found.get("kind") == "divert" and found.get("schema") == SCHEMA:
            rows = found["data"]["rows"]
            if not 1 <= row <= len(rows):
                raise UsageError(f"{path} has no row {row}: it has {len(rows)}")
            return _case(found, rows[row - 1], found["data"], _marked(path, found, marking))
    elif path.suffix == ".jsonl":
        found = _parsed(path, _line(path, row))
        if {"query", "party", "listings"} <= found.keys():
            return _alert(found, _marked(path, found, marking))
    raise UsageError(
        f"{path} is neither an answer of `bilat divert` (.json) nor alerts of `bilat screen` (.jsonl)"
    )


def _marked(path: Path, found: Mapping[str, Any], marking: Marking | None) -> str:
    """The letter's marking: the one that is asked, else that of what it is made from; blank where there is neither."""
    told = str(found.get("marking") or "")
    own = Marking.parse(told) if told else None
    if own is not None and marking is not None and not own.may_leave_in(marking):
        raise UsageError(f"{path} is {own} and may not leave in a letter of {marking}; leave `marking` out")
    return str(marking or own or "")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            data = handle.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise DataError(
                f"is larger than {LONGEST >> 20} MB, as no case is", file=path, cure="name one case"
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
        found = bounded(text)
    except ValueError as e:
        raise DataError(f"is not JSON ({e})", file=path, cure="make it again") from None
    if not isinstance(found, dict):
        raise DataError("is not a case and no alert", file=path, cure="make it again")
    return found


def _case(found: Mapping[str, Any], row: Mapping[str, Any], asked: Mapping[str, Any], marking: str) -> Letter:
    """A row of an answer."""
    legs = [row["direct"], row["into"], row["out"]]
    currency, hub = asked["currency"], country_name(row["hub"])
    target = words.joined([country_name(t) for t in asked["targets"]])
    into, out = legs[1], legs[2]
    goods = f"{row['label']} (HS {row['product']})"
    after, before = asked["after"], asked["before"]
    amount = (
        f"{words.figure(row['diverted'], currency)} ({words.interval(row['low'], row['high'], currency)})"
    )
    paragraph = (
        f"From {words.period(after[0])} to {words.period(after[1])}, "
        + (f"what {hub} bought of {goods} is not held. " if into["actual"] is None else
           f"{hub} bought {words.figure(into['actual'], currency)} of {goods} from the origins asked, against "
           f"{words.figure(into['expected'], currency)} expected. ")
        + (f"It sold {target} {words.figure(out['actual'], currency)}, against "
           f"{words.figure(out['expected'], currency)} expected. "
           if out else f"What it sold {target} is not held. ")
        + f"If it is a route, some {amount} went on. Trade records name no firm and prove no diversion."
    )  # fmt: skip
    chance = words.chance(row["probability"])
    if row.get("rests_on"):
        ends = f"{words.chance(row['probability_low'])} to {words.chance(row['probability_high'])}"
        chance += f" ({ends} by {row['rests_on']})"
    facts = (
        ("Amount, if it is a route", amount),
        ("Probability of a route", chance),
        ("q, false-discovery rate", words.chance(row["q_value"])),
        ("Goods", goods),
        ("Rank", f"{row['rank']} of {asked['pairs_tested']:,} pairs tested"),
        ("Compared", f"{after[0]} to {after[1]} with {before[0]} to {before[1]}"),
    )
    totals = tuple(
        (name, *(words.figure(v, currency) if v is not None else "not held" for v in _values(leg)))
        for name, leg in zip(("Direct", "Into the hub", "Out of the hub"), legs, strict=True)
    )  # fmt: skip
    rivals = tuple(
        (words.capital(v["name"]), v["verdict"], words.sentence(v["because"])) for v in row["rivals"]
    )
    as_of = str(found.get("as_of") or asked.get("as_of") or "")
    return Letter(
        subject=f"{hub}, {goods}: on to {target}?",
        kind="Diversion case",
        as_of=words.day(as_of) if as_of else "",
        day=dt.date.fromisoformat(as_of) if as_of else _end(after[1]),
        paragraphs=(paragraph,),
        facts=facts,
        tables=(
            LetterTable("The legs", ("Leg", "Before", "Expected", "Actual"), totals, (1, 2, 3)),
            LetterTable("Other explanations, and what the records say", ("Explanation", "Verdict", "Because"), rivals),
        ),
        notes=tuple(words.sentence(n) for n in asked["notes"]),
        marking=marking,
        links=(f"Made again by: {found['command']}",) if found.get("command") else (),
    )  # fmt: skip


def _values(leg: Mapping[str, Any] | None) -> tuple[float | None, ...]:
    return tuple((leg or {}).get(k) for k in ("before", "expected", "actual"))


def _end(period: str) -> dt.date:
    from bilat.when import Period

    return Period(period).end


def _alert(a: Mapping[str, Any], marking: str) -> Letter:
    probability = float(a["probability"]) if a["probability"] is not None else None
    listings = a["listings"]
    newest = max((x.get("edition") or "" for x in listings), default="")
    listed = a.get("listed")  # what the band of the likeliest party is of
    beside = f" ({words.chance(float(listed))} that the name is listed at all)" if listed is not None else ""
    chance = (
        f"with probability {words.chance(probability)}{beside}"
        if probability is not None
        else "by number or address"
    )
    said = (
        f"The name {a['query']} was screened. It is {_article(a['band'])}, {chance}, of {a['name']} ({a['party']}), "
        f"whose gravest listing means: {a['effect']}. This is a lead for an officer and no finding of identity."
    )
    facts = [
        ("Name screened", a["query"]), ("Party", f"{a['name']} ({a['party']})"),
        ("Matched", f"{a['name_matched']} by {a['matched_by']}"), ("Band", a["band"]), ("Effect", a["effect"]),
        ("Countries", words.prose(_listed(a["countries"]))), ("Born", _listed(a["born"])),
        ("Numbers", _listed(a["identifiers"])),
        ("Also known as", _listed(a["aliases"])), ("Joined because", _listed(a["joined"])),
        ("From", f"{a['source']}, {a['locator']}, file {str(a['snapshot'])[:12]}"),
    ]  # fmt: skip
    rows = tuple(
        (x["list"], x["programme"], x["listed_on"] or (f"by {x['listed_by']}" if x.get("listed_by") else "not stated"),
         x["effect"], x.get("edition") or "not known")
        for x in listings
    )  # fmt: skip
    tables = (LetterTable("Listings", ("List", "Programme", "Listed on", "Effect", "Edition"), rows),)
    return Letter(
        subject=f"{a['query']}: {a['band']}, {a['name']}",
        kind="Screening alert",
        as_of="",
        day=dt.date.fromisoformat(newest[:10]) if newest else dt.date(1980, 1, 1),
        paragraphs=(said,),
        facts=tuple((k, str(v)) for k, v in facts if v),
        tables=tables,
        notes=tuple(words.sentence(str(f["says"])) for f in a["flags"]),
        marking=marking,
        links=tuple(str(x) for x in [a["link"]] if x),
    )


def _article(band: str) -> str:
    return (
        f"an {band} match" if band[:1] in "aeiou" else f"a {band}" if band == "match" else f"a {band} match"
    )


def _listed(value: Any) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value or "")
