# SPDX-License-Identifier: Apache-2.0
"""An alert: a listed party that a query may name, with everything that is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bilat.document.wording import capital, day, joined
from bilat.parties.lists.effects import in_words
from bilat.parties.lists.list_names import spoken_list, spoken_listing
from bilat.parties.match.agreement import TRANSLATED, Agreement, WordPair
from bilat.parties.names.places import folded
from bilat.parties.names.script import letters

#: What lists add to a name in brackets: its short form, or the same name in another script.
_BRACKETS = re.compile(r"\s*\([^()]*\)")
#: An alert as it is written: cells by :data:`COLUMNS`.
Row = dict[str, Any]
#: The column that rows have besides where they are marked.
MARKED = "marking"
#: What a row has, in order (docs/parties.md says what each is).
COLUMNS = (
    "query_id", "row", "column", "role", "query", "consignment", "asked", "rank", "agreement",
    "bearers", "bearers_count", "bearers_says", "group", "band", "listed", "probability",
    "effect", "effects", "party", "schema", "name", "name_matched", "matched_by", "name_agrees",
    "words", "words_left", "list", "programme", "listed_on", "countries", "born", "aliases",
    "joined", "link", "identifiers", "flags", "listings", "source", "snapshot", "locator",
)  # fmt: skip
#: Columns whose cells are lists or tables.
NESTED = (
    "asked",
    "effects",
    "identifiers",
    "flags",
    "listings",
    "countries",
    "born",
    "aliases",
    "joined",
    "words",
    "words_left",
)
#: Of these, the ones that hold a list of texts.
_TEXTS = ("countries", "born", "aliases", "joined")
#: Columns that an :class:`~bilat.parties.match.agreement.Agreement` fills.
_OF_AGREEMENT = frozenset(
    ("agreement", "name_matched", "matched_by", "name_agrees", "words", "words_left", "identifiers")
)
#: Kinds of identity numbers whose names are acronyms.
_ACRONYMS = frozenset({"inn", "ogrn", "imo", "uscc", "lei", "mmsi", "swift"})
#: The column of an attribute that has another name.
_LISTS = "list"


@dataclass(slots=True)
class Alert:
    """A listed party that a query may name.

    Attributes
    ----------
    query_id, row, column, role, query
        Which name was asked: the user's reference or else the row, the row as a spreadsheet
        numbers it (0 for a typed name), its column and role, the field.
    consignment
        What was found of all parties of its row, in a sentence.
    asked
        What the row says beside the name.
    rank
        Place among the alerts of its name, 1 the first.
    agreement
        How the names, numbers or addresses agree.
    bearers, bearers_count, bearers_says
        Who else has the name: ``nobody known``, ``some`` or ``many``, how many, in words.
    group
        Listed parties that have all words of the name.
    band, listed, probability
        How sure it is: in a word, that the name is listed at all, that it is this party.
    effects
        What the listing means, the gravest first, each with date, list and programme.
    party, schema, name
        The listed party: id, kind and name.
    flags
        What else is to be known.
    listings
        Its entries on each list.
    namesakes
        Other listed parties that have the exact name, where it was screened just now.
    """

    query: str
    agreement: Agreement
    party: str
    name: str
    query_id: str = ""
    row: int = 0
    rank: int = 1
    band: str = ""
    listed: float = 0.0
    probability: float | None = None
    schema: str = ""
    column: str = ""
    role: str = ""
    consignment: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    bearers: str = ""
    bearers_count: int = 0
    bearers_says: str = ""
    group: int = 1
    effect: str = ""
    effects: list[dict[str, str]] = field(default_factory=list)
    lists: str = ""
    programme: str = ""
    listed_on: str = ""
    countries: list[str] = field(default_factory=list)
    born: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    link: str = ""
    flags: list[dict[str, str]] = field(default_factory=list)
    listings: list[dict[str, str]] = field(default_factory=list)
    source: str = ""
    snapshot: str = ""
    locator: str = ""
    marking: str = ""
    namesakes: tuple[str, ...] = ()

    def agrees_in(self, what: str) -> bool:
        """Return whether something besides the name speaks for the party: ``birth``, ``state``."""
        return what in self.agreement.basis.split(", ")

    def cells(self) -> Row:
        """Return the alert as it is written: a cell for each of :data:`COLUMNS`."""
        agreement = self.agreement
        cells = {
            "agreement": agreement.kind,
            "name_matched": agreement.listed_name,
            "matched_by": agreement.basis,
            "name_agrees": agreement.by_name,
            "words": [asdict(word) for word in agreement.words],
            "words_left": {
                "asked": [*agreement.asked_left],
                "listed": [*agreement.listed_left],
            },
            "identifiers": [*agreement.numbers],
            _LISTS: self.lists,
        }
        row = {c: cells[c] if c in cells else getattr(self, c) for c in COLUMNS}
        return row | {MARKED: self.marking} if self.marking else row


def alert_of(cells: Row) -> Alert:
    """Return the alert that was written as cells; what an earlier version did not write is blank."""
    left = cells.get("words_left") or {}
    basis = cells["matched_by"]
    agreement = Agreement(
        kind=cells["agreement"],
        listed_name=cells["name_matched"],
        basis=basis,
        words=tuple(WordPair(**word) for word in cells.get("words", ())),
        asked_left=tuple(left.get("asked", ())),
        listed_left=tuple(left.get("listed", ())),
        translated=TRANSLATED in basis,
        numbers=tuple(cells["identifiers"]),
        by_name=bool(cells.get("name_agrees")),
    )
    own = {c: cells[c] for c in COLUMNS if c in cells and c not in _OF_AGREEMENT | {_LISTS}}
    marking = cells.get(MARKED, "")
    lists = cells.get(_LISTS, "")
    return Alert(agreement=agreement, lists=lists, marking=marking, **own)


def flat(row: Row) -> Row:
    """Return cells whose nested ones are texts, joined by ``; ``."""
    alert = alert_of(row)
    left = row["words_left"]
    return {
        **row,
        **{c: "; ".join(map(str, row[c])) for c in ("identifiers", *_TEXTS)},
        "asked": "; ".join(f"{k} {v}" for k, v in alert.asked.items()),
        "effects": effects_by_list(alert.effects),
        "flags": "; ".join(f"{f['flag']}: {f['says']} [{f['rule']}]" for f in alert.flags),
        "listings": "; ".join(map(_listing_line, alert.listings)),
        "words": ", ".join(map(str, alert.agreement.words)),
        "words_left": "; ".join(f"{k}: {', '.join(v)}" for k, v in left.items() if v),
    }


def _listing_line(listing: Mapping[str, str]) -> str:
    edition = listing["edition"] and f"edition {listing['edition']}"
    said = (in_words(listing["effect"]), listed_since(listing), edition, listing["party"])
    which = spoken_listing(listing["list"], listing["programme"])
    return f"{which} ({', '.join(filter(None, said))})"


def since(effect: Mapping[str, str]) -> str:
    """Return the date of one effect as it is written: ``2022-04-06``, ``by 2023-03-15``, or ''."""
    return effect["since"] or (f"by {effect['by']}" if effect["by"] else "")


def since_in_words(effect: Mapping[str, str]) -> str:
    """Return since when an effect holds, as a phrase: ``since 2022-04-06``, ``since 2023-03-15 or
    earlier``.
    """
    if effect["since"]:
        return f"since {effect['since']}"
    return f"since {effect['by']} or earlier" if effect["by"] else "date not stated"


def list_with_edition(listing: Mapping[str, str]) -> str:
    """Return a list with the day of its edition: ``OFAC SDN of 31 July 2026``."""
    edition = listing.get("edition") or ""
    name = spoken_list(listing["list"])
    try:
        return f"{name} of {day(edition)}"
    except ValueError:
        return f"{name} of unknown age"


def lists_with_editions(listings: Iterable[Mapping[str, str]]) -> str:
    """Return the lists of some entries, each once with the day of its edition."""
    return joined(list(dict.fromkeys(map(list_with_edition, listings))))


def listed_since(listing: Mapping[str, str]) -> str:
    """Return the date of one listing, as :func:`since`."""
    return since({"since": listing["listed_on"], "by": listing.get("listed_by") or ""})


def effects_by_list(effects: Iterable[Mapping[str, str]]) -> str:
    """Return each effect with the lists that have it: ``Assets frozen: OFAC SDN, RUSSIA-EO14024
    (since 6 April 2022); UK Sanctions List (date not stated).``
    """
    lists: dict[str, list[str]] = {}
    for effect in effects:
        where = spoken_listing(effect["list"], effect["programme"])
        line = f"{where} ({_since_day(effect)})"
        lists.setdefault(effect["effect"], []).append(line)
    said = (f"{capital(in_words(name))}: {'; '.join(of)}." for name, of in lists.items())
    return " ".join(said)


def _since_day(effect: Mapping[str, str]) -> str:
    """Return since when an effect holds, with the day as it is spoken: ``since 6 April 2022``."""
    return since_in_words({key: _spoken_day(effect[key]) for key in ("since", "by")})


def _spoken_day(text: str) -> str:
    """Return a day as it is spoken; a date that is less than a day as it is written."""
    try:
        return day(text)
    except ValueError:
        return text


def effect_since(effect: Mapping[str, str]) -> str:
    """Return what an effect forbids and since when: ``assets frozen since 2022-04-06``, or
    ``assets frozen, date not stated``.
    """
    dated = effect["since"] or effect["by"]
    between = " " if dated else ", "
    return f"{in_words(effect['effect'])}{between}{since_in_words(effect)}"


def effects_in_words(effects: Sequence[Mapping[str, str]]) -> str:
    """Return what the effects of a party forbid, each once, the gravest first.

    That it is listed is said only where nothing else is.
    """
    names = dict.fromkeys(effect["effect"] for effect in effects)
    return "; ".join(in_words(name) for name in names if name != "listed" or len(names) == 1)


def row_in_words(reference: str, row: int) -> str:
    """Return where a name stands: ``A-7, row 4``, ``row 4``; the reference alone without a row."""
    if not row:
        return reference
    own = reference if reference not in ("", str(row)) else ""
    return ", ".join(filter(None, (own, f"row {row}")))


def number_in_words(number: str) -> str:
    """Return an identity number with its kind as a reader has it: ``IMO number 9299123``."""
    kind, colon, value = number.partition(":")
    if not colon or not kind.isalpha():
        return f"number {number}"
    name = kind.upper() if kind in _ACRONYMS else kind
    return f"{name} number {value}" if kind != "other" else f"number {value}"


def numbers_in_words(numbers: Iterable[str]) -> str:
    """Return identity numbers in a row: ``INN number 7703 and IMO number 9187629``."""
    return joined([*map(number_in_words, numbers)])


#: Words of a name beside the listed one that a sentence names; of more it says that there are some.
_MOST_NAMED = 3


def words_not_listed(row: Alert) -> str:
    """Return the words of a name that contains a listed one and more, as the end of a sentence; ''
    for none.
    """
    agreement = row.agreement
    if agreement.kind != "part" or agreement.listed_left or not agreement.asked_left:
        return ""
    if len(agreement.asked_left) > _MOST_NAMED:
        return "other words of it are not in that name"
    written = {folded(word): word for word in row.query.split()}
    words = [f"“{written.get(folded(word), word)}”" for word in agreement.asked_left]
    return f"{joined(words)} {'is' if len(words) == 1 else 'are'} not in that name"


def name_with_spelling(name: str, spelling: str) -> str:
    """Return a listed party's name, with the listed spelling that agrees where it is another."""
    spellings = (spelling, _BRACKETS.sub("", spelling))
    if any(letters(text) in letters(name) for text in spellings):
        return name
    return f"{name}, listed as {spelling}"
