# SPDX-License-Identifier: Apache-2.0
"""Contacts of Russia with other states, from the posts of its foreign ministry.

A copy of the posts has the day and the first 120 small letters of each. A post tells of a contact
if it names another state, by its flag or by somebody's office, and says how the two met or spoke.
Our list (CSV) has the contacts of which the copy told; the copy itself (JSON) has newer posts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.json_text import parse_json
from bilat.formats.table import TableRow, records
from bilat.package_files import TomlTable, read_package_toml
from bilat.places import country_or_none
from bilat.places.countries import codes
from bilat.places.iso3166 import iso_states
from bilat.places.place_codes import by_alpha2

HEADER = [
    "day",
    "posted",
    "form",
    "states",
    "russian_side",
    "other_side",
    "organisation",
    "subject",
]
RUSSIA = "RUS"
PAGE = "https://t.me/s/MFARussia"
#: Letters of a post that the copy has: a longer post is cut there, often within a name.
CUT = 120
#: Days after a contact by which a post of it is news; an older day is remembered, no contact.
LATE = 10
#: States above which a post is a list of states and tells of no meeting.
MOST_STATES = 16
#: Posts before another among which the same contact is looked for.
NEARBY = 40
#: The form of a contact whose post is cut before it says more.
CONTACT = "contact"
#: Offices between which a message is news.
HIGHEST = frozenset({"leader", "head of government"})
#: The most words of a name; the posts give a Russian's first name and surname.
MOST_NAMES = 5
MOST_RUSSIAN = 2
#: Two regional indicators make a flag; the first of them is A.
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_A = 0x1F1E6
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(_MONTHS)
_EARLIER = r"(?:\d\d?\s?[-–−]\s?)?"  # the first day of a visit
_DAY = re.compile(
    rf"\b(?:(?P<month>{_MONTH}) {_EARLIER}(?P<day>\d\d?)"
    rf"|{_EARLIER}(?P<day_first>\d\d?) (?P<month_last>{_MONTH}))\b"
    r"(?:, (?P<year>\d{4}))?"
)
_SUBJECT = re.compile(
    r"consultations (?P<subject>(?:on|regarding) [a-z][a-z ,-]+?)"
    r"(?= (?:in|at|took|were|was|between|held|with|within|opened|under)\b|[./(])"
)
#: An office that the next office has: ``special envoy of the president``.
_OF_OFFICE = re.compile(
    r"\b(?:envoys?|representatives?|advis[eo]rs?|aides?|assistants?|spokes\w+|office)"
    r"(?: of| to| for)(?: the)?(?: \w+)? $"
)
#: Who stands in for the holder of an office that has no word for a deputy, and who held it.
_DEPUTY = re.compile(r"\b(?:vice|deputy|assistant)[- ]$")
_FORMER = re.compile(r"\b(?:former|ex)[- ]$")
#: ``and`` before an office, or before whose it is.
_AND = re.compile(r"(?:\band|&) (?:[\w']+ )?$")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
#: Adjectives that say whose an office is: ``turkish foreign minister``.
_ADJECTIVE = re.compile(r"\b(?!russian)\w+(?:an|ese|ish|i|ch|ek)$")


@dataclass(frozen=True)
class Person:
    """Somebody who took part: of which state, in which office, and the name if it is whole."""

    state: str  #: blank if the post says it by an adjective only, or is cut there
    office: str
    name: str
    is_joined: bool = False  #: whether the post says ``and`` before the office

    @property
    def text(self) -> str:
        """The office and the name."""
        return f"{self.office} {self.name}".strip()


@dataclass(frozen=True)
class Contact:
    """One contact of Russia with other states, as a post tells of it."""

    day: dt.date
    posted: dt.date
    form: str
    states: tuple[str, ...]  #: other than Russia
    russian_side: str  #: office and name of each, separated by semicolons
    other_side: str  #: the same of the other state; blank if there are several
    organisation: str  #: whose meeting it was; blank: of no organisation
    subject: str

    def is_same(self, other: Contact) -> bool:
        """Return whether two posts tell of one contact, of which one may say less."""
        forms = {self.form, other.form} - {CONTACT}
        if self.states != other.states or len(forms) > 1:
            return False
        shorter, longer = sorted((self.russian_side, other.russian_side), key=len)
        return abs((self.day - other.day).days) <= 1 and longer.startswith(shorter)

    def says_more(self, other: Contact) -> bool:
        """Return whether a post of the same contact says how they met, or more of who did."""
        if (self.form == CONTACT) != (other.form == CONTACT):
            return other.form == CONTACT
        return len(self.other_side) > len(other.other_side)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the contacts of our list, or those of which the posts of a copy tell.

    Raises
    ------
    DataError
        for a form or a state that is unknown, or a copy without days and texts.
    """
    if opened.file.path.endswith(".json"):
        found = [(c, f"post of {c.posted}") for c in contacts(_posts(opened))]
    else:
        found = [(_listed(r), r.locator) for r in records(opened.place(), HEADER)]
    numbers: Counter[str] = Counter()
    rows = []
    for contact, locator in found:
        key = f"MP-{contact.day}-{contact.form}-{'-'.join(contact.states)}"
        numbers[key] += 1
        rows.append(_event(contact, f"{key}-{numbers[key]}", locator))
    yield "events", table("events").arrow(rows)


def contacts(posts: Iterable[tuple[dt.date, str]]) -> list[Contact]:
    """Return the contacts of which posts tell, each once, by day."""
    found: list[Contact] = []
    for posted, text in sorted(posts):
        contact = _contact(posted, text)
        if contact is None:
            continue
        same = [c for c in found[-NEARBY:] if c.is_same(contact)]
        if not same:
            found.append(contact)
        elif contact.says_more(same[0]):
            found[found.index(same[0])] = contact
    return sorted(found, key=lambda c: (c.day, c.states, c.form, c.russian_side))


def _event(contact: Contact, number: str, locator: str) -> dict[str, object]:
    people = ";".join(filter(None, (contact.russian_side, contact.other_side)))
    name = ": ".join(filter(None, (contact.form, people.replace(";", ", "))))
    return {
        "period": str(contact.day),
        "event": number,
        "event_type": "post",
        "name": name,
        "starts": contact.day,
        "precision": "day",
        "participants": ";".join([*contact.states, RUSSIA]),
        "class": contact.form,
        "level": contact.organisation or None,
        "side_a": contact.other_side or None,
        "side_b": contact.russian_side or None,
        "url": PAGE,
        "note": contact.subject or None,
        "kind": "reported",
        "locator": locator,
        "known_on": contact.posted,
        "known_basis": "published",
    }


def _listed(r: TableRow) -> Contact:
    """Return a row of our list."""
    states = tuple(r.text("states").split(";"))
    unknown = [state for state in states if country_or_none(state) != state]
    if unknown:
        raise r.refuse("states", f"has no state {unknown[0]}")
    if r["form"] not in {CONTACT, *(name for name, _ in _patterns("form"))}:
        raise r.refuse("form", "is not a form of contact")
    day = r.period("day").start
    posted = r.period("posted").start
    if posted < day:
        raise r.refuse("posted", f"is before the contact of {day}: a plan is not a contact")
    return Contact(
        day,
        posted,
        r["form"],
        states,
        russian_side=r["russian_side"],
        other_side=r["other_side"],
        organisation=r["organisation"],
        subject=r["subject"],
    )


def _posts(opened: Opened) -> list[tuple[dt.date, str]]:
    """Return the day and the text of each post of a copy."""
    path = opened.file.path
    try:
        items = parse_json(opened.text())
        return [(dt.date.fromisoformat(item["d"]), str(item["t"])) for item in items]
    except (ValueError, TypeError, KeyError) as e:
        cure = "get it again, or a copy that has the day (d) and the text (t) of each post"
        raise DataError(f"is not a list of posts: {e}", file=path, cure=cure) from None


@cache
def _words() -> TomlTable:
    return read_package_toml("bilat.catalog.readers", "ministry_posts.toml")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()[name])


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the names of forms or of offices with their patterns."""
    return tuple((entry["name"], re.compile(entry["text"])) for entry in _words()[kind])


@cache
def _offices() -> re.Pattern[str]:
    """Return one pattern for all offices, the longer titles first."""
    each = [f"(?P<o{n}>{p.pattern})" for n, (_, p) in enumerate(_patterns("office"))]
    return re.compile(rf"\b(?:{'|'.join(each)})s?\b")


@cache
def _states() -> re.Pattern[str]:
    """Return a pattern for the names of states in small letters, the longer names first."""
    names = {name.lower() for state in iso_states().values() for name in state.names}
    for written in codes()["aliases"].values():
        names |= {name.lower() for name in written}
    names |= {name.lower() for name in codes()["display"].values()}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?:the )?(?P<state>{'|'.join(map(re.escape, longest_first))})\b")


def _contact(posted: dt.date, text: str) -> Contact | None:
    """Return the contact of which a post tells; None if it tells of none."""
    plain = _plain(text)
    if _pattern("skip").search(plain):
        return None
    day = _day(posted, plain)
    if day is None:
        return None
    is_cut = len(text) >= CUT
    people = _people(plain, is_cut=is_cut)
    russian = [person for person in people if person.state == RUSSIA]
    others = [person for person in people if person.state != RUSSIA]
    organisation, members = _organisation(plain, day) if not others else ("", ())
    states = members or _participants(text, plain, others)
    is_cut_early = is_cut and any(person.is_joined for person in others)
    form = _form(plain, is_of_several=bool(members), is_cut=is_cut_early)
    if not 0 < len(states) <= MOST_STATES or not _is_complete(form, states, russian, others):
        return None
    subject = _SUBJECT.search(plain) if form == "consultations" else None
    return Contact(
        day,
        posted,
        form,
        states,
        russian_side=_side(russian),
        other_side=_side(others) if len(states) == 1 else "",
        organisation=organisation,
        subject=subject["subject"].strip() if subject else "",
    )


def _form(plain: str, *, is_of_several: bool, is_cut: bool) -> str:
    """Return how they met or spoke; blank if a post that is whole does not say it.

    A post that is cut after two sides were named, and before the verb, tells of a contact.
    """
    named = next((name for name, pattern in _patterns("form") if pattern.search(plain)), "")
    if is_of_several:
        return named if named == "video" else "talks"
    return named or (CONTACT if is_cut else "")


def _organisation(plain: str, day: dt.date) -> tuple[str, tuple[str, ...]]:
    """Return the organisation whose meeting a post tells of, and its members other than Russia."""
    is_meeting = _pattern("took_part").search(plain) and _pattern("gathering").search(plain)
    if not is_meeting or "sidelines of" in plain:
        return "", ()
    for entry in _words()["organisation"]:
        known = [each["states"] for each in entry["members"] if each["since"] <= day]
        if known and re.search(entry["text"], plain):
            return entry["name"], tuple(known[-1].split())
    return "", ()


def _participants(text: str, plain: str, others: Sequence[Person]) -> tuple[str, ...]:
    """Return the states of a post other than Russia: those of its flags and of its offices.

    Of several flags, without a word of several states, some are of the place: then only the states
    of the offices count.
    """
    named = {person.state for person in others if person.state}
    flags = set(_flags(text)) - {RUSSIA}
    if len(flags) > 1 and not _pattern("several").search(plain):
        return tuple(sorted(named))
    return tuple(sorted(flags | named))


def _is_complete(
    form: str,
    states: Sequence[str],
    russian: Sequence[Person],
    others: Sequence[Person],
) -> bool:
    """Return whether a post says enough of who took part.

    Consultations may be of experts; messages count between leaders.
    """
    if form in ("", "consultations"):
        return bool(form)
    if form == "message":
        return _is_of_leader(russian) and _is_of_leader(others)
    return bool(russian) and (bool(others) or len(states) > 1)


def _is_of_leader(people: Sequence[Person]) -> bool:
    return any(person.office in HIGHEST for person in people)


def _side(people: Sequence[Person]) -> str:
    """Return who took part; an office without a name counts if no other says the same."""
    named = {person.office for person in people if person.name}
    told = [person.text for person in people if person.name or person.office not in named]
    return ";".join(dict.fromkeys(told))


def _plain(text: str) -> str:
    """Return a post in one line of small letters, without flags and signs for links."""
    text = _FLAG.sub(" ", text).replace("#", "").replace("’", "'")
    return " ".join(text.split()).replace(" '", "'")


def _flags(text: str) -> list[str]:
    """Return the states whose flags a post has."""
    letters = ("".join(chr(ord(sign) - _A + ord("A")) for sign in f) for f in _FLAG.findall(text))
    return [by_alpha2()[code] for code in letters if code in by_alpha2()]


def _day(posted: dt.date, plain: str) -> dt.date | None:
    """Return the day that a post names, else its own; None if that is to come or long past."""
    found = _DAY.search(plain)
    if found is None:
        return posted
    month = _MONTHS.index(found["month"] or found["month_last"]) + 1
    number = int(found["day"] or found["day_first"])
    year = int(found["year"] or posted.year - (month > posted.month + 1))
    try:
        day = dt.date(year, month, number)
    except ValueError:
        return None
    return day if 0 <= (posted - day).days <= LATE else None


def _people(plain: str, *, is_cut: bool) -> list[Person]:
    """Return who is named with an office, in the order of the post."""
    found: list[Person] = []
    for office in _offices().finditer(plain):
        before = plain[: office.start()]
        if (
            _OF_OFFICE.search(before)
            or _FORMER.search(before)
            or plain.startswith("-elect", office.end())
        ):
            continue  # whose envoy it is, or nobody in office
        numbered = enumerate(_patterns("office"))
        title = next(name for n, (name, _) in numbered if office[f"o{n}"] is not None)
        if _DEPUTY.search(before):
            title = f"deputy {title}"
        state, after = _state_of_office(plain, office)
        if state == RUSSIA and not _is_said(plain, office) and found:
            state = ""  # Russia's ministry need not say whose its own is, and names them first
        rest = plain[after:]
        if _offices().match(re.sub(r"^(?: and|[ ,—–/-])+", "", rest)):
            continue  # the first of two offices of one person
        most = MOST_RUSSIAN if state == RUSSIA else MOST_NAMES
        is_joined = _AND.search(before) is not None
        found.append(Person(state, title, _name(rest, most, is_cut=is_cut), is_joined))
    return found


def _state_of_office(plain: str, office: re.Match[str]) -> tuple[str, int]:
    """Return whose office it is, and where the name begins.

    An office of which no state is said is Russia's, whose ministry writes.
    """
    after = office.end()
    of = re.match(r" (?:of|for) ", plain[after:])
    if of:
        named = _states().match(plain, after + of.end())
        if named is None or named.end() == len(plain):
            return "", len(plain)
        return country_or_none(named["state"]) or "", named.end()
    before = plain[: office.start()].rstrip()
    owner = re.search(r"(?P<state>\w+)'s$", before) or re.search(r"\b(?P<state>us|uk|uae)$", before)
    if owner:
        return country_or_none(owner["state"]) or "", after
    return "" if _ADJECTIVE.search(before) else RUSSIA, after


def _is_said(plain: str, office: re.Match[str]) -> bool:
    """Return whether a post says that an office is Russia's."""
    near = plain[max(0, office.start() - len("russia's ")) : office.end() + len(" of the russia")]
    return "russia" in near


def _name(rest: str, most: int, *, is_cut: bool) -> str:
    """Return the name that a text begins with; blank if it is cut or none stands there."""
    words: list[str] = []
    rest = rest.lstrip(" ,")
    place = 0
    while len(words) < most:
        word = _WORD.match(rest, place)
        if word is None or word[0].removesuffix("'s") in _words()["ends"]:
            break
        words.append(word[0].removesuffix("'s"))
        if is_cut and word.end() == len(rest):
            return ""
        if word[0].endswith("'s") or rest[word.end() : word.end() + 1] != " ":
            break
        place = word.end() + 1
    if len(words) < 2 or min(map(len, words)) < 2:
        return ""
    return " ".join("-".join(part.capitalize() for part in w.split("-")) for w in words)
