# SPDX-License-Identifier: Apache-2.0
"""The columns of a file by the meaning of their headers: a role, and what a column says of the party in that role.

A row is a consignment that names several parties: shipper, consignee, notify party, vessel, bank
and so on. IMO numbers, MMSI numbers and flags belong to the vessel, BIC and IBAN to a bank. Every
other number belongs to the role that its header names. If the header names no role and several
parties could have the number, the number belongs to nobody: it is screened alone, and the notes ask
the user whose it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.formats.parties.identifiers import STRONG, canonical, has_form_of_bic
from bilat.package_files import TomlTable, read_package_toml
from bilat.parties.names.places import folded
from bilat.parties.names.script import has_han

#: The roles of a consignment, and that of a number whose owner the header does not name.
PARTY = "party"
VESSEL = "vessel"
BANK = "bank"
OWNER = "owner"
UNKNOWN_OWNER = "unknown owner"
#: Roles whose name is not their word.
_WORDS_OF_ROLES = {"vessel": "ship", "notify": "notify party"}
#: Fields whose name is not their word.
_WORDS_OF_FIELDS = {
    "hs": "HS code", "place": "town", "birth_date": "born", "country": "state", "schema": "kind",
}  # fmt: skip
#: Roles of those who move or pay for the goods, or are what moves them: no row states their owners
#: without saying so.
NOT_OWNED = frozenset({OWNER, UNKNOWN_OWNER, VESSEL, BANK, "carrier", "forwarder"})
#: Roles of a party that may be a ship, by its number; others have no ship's number of their own.
MAY_BE_SHIP = frozenset({"", PARTY, VESSEL, UNKNOWN_OWNER})
#: Numbers that belong to one role, whatever other parties a row has.
NUMBERS_OF_ROLE = {"imo": VESSEL, "mmsi": VESSEL, "swift": BANK, "iban": BANK}
_BRACKETS = re.compile(r"\([^()]*\)")
#: Fields that say nothing of one party.
_OF_ROW = ("query_id", "hs", "value", "goods")
#: Fields that a user may map.
_FIELDS = (
    "name", "query_id", "schema", "address", "country", "nationality", "birth_date", "place",
    "identifiers", "flag", "share", "hs", "goods", "value",
)  # fmt: skip
#: A field and the header of the column that it is.
Pairs = Sequence[tuple[str, str]]


def role_in_words(role: str) -> str:
    """Return a role as a sentence names it: ``vessel`` is a ship."""
    return _WORDS_OF_ROLES.get(role, role.replace("_", " "))


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What one header means: the role it names, the field, and the kind of its numbers."""

    role: str = ""
    field: str = ""
    kind: str = ""


@dataclass
class _Slot:
    """A party of a row, while columns are assigned: its role, the column of its name, and its other
    columns.
    """

    role: str
    name: int = -1
    fields: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a file: ``parties[k][n]`` is what column n is of the k-th party of a row, '' where
    it is not used.
    """

    labels: tuple[str, ...]  # header of each column, as written
    parties: tuple[tuple[str, ...], ...]
    roles: tuple[str, ...] = ()  # the role of each party
    kinds: tuple[str, ...] = ()  # the kind of the numbers in each column
    of_row: tuple[str, ...] = ()  # what each column says of the consignment as a whole
    questions: tuple[str, ...] = ()  # what the user is asked of the columns

    @property
    def fields(self) -> tuple[str, ...]:
        """What each column is of the first party."""
        return self.parties[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The header by which each party goes: that of its name, or of its first number; a header
        that stands again has its number behind it.
        """
        out: list[str] = []
        for fields in self.parties:
            at = fields.index("name") if "name" in fields else fields.index("identifiers")
            out.append(_label_of(self.labels, at))
        return tuple(out)

    def records(self, cells: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """Yield each party of a row as field and cell; columns of numbers are joined, each with its
        kind.
        """
        kinds = self.kinds or ("",) * len(self.labels)
        for fields in self.parties:
            out: dict[str, Any] = {}
            numbers: list[str] = []
            for name, label, kind, cell in zip(fields, self.labels, kinds, cells, strict=True):
                if name == "identifiers":
                    each = cell if isinstance(cell, (list, tuple)) else [cell]
                    texts = ("" if x is None else str(x) for x in each)
                    parts = (p for x in texts for p in x.split(";") if p.strip())
                    own = kind == "identifiers"
                    numbers += [p if own or ":" in p else f"{kind or label}:{p}" for p in parts]
                elif name:
                    out[name] = cell
            yield {**out, "identifiers": ";".join(numbers)} if numbers else out

    def row_fields(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says of its consignment as a whole: ``hs``, ``value`` and ``goods``."""
        out: dict[str, str] = {}
        for name, label, cell in zip(self.of_row, self.labels, cells, strict=False):
            if name and cell.strip():
                out.setdefault(name, with_currency(label, cell) if name == "value" else cell)
        return out

    def of_party(self, column: str, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says of one of its parties besides the name, by what it is."""
        fields = self.parties[self.names.index(column)] if column in self.names else self.fields
        kinds = self.kinds or ("",) * len(self.labels)
        out: dict[str, str] = {}
        for name, kind, cell in zip(fields, kinds, cells, strict=False):
            if name and name != "name" and name not in _OF_ROW and cell.strip():
                what = kind.upper() if name == "identifiers" else _WORDS_OF_FIELDS.get(name, name)
                out.setdefault(what or "number", cell)
        return out

    def in_other_form(self, column: str, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each number of a party that has not the form of the kind its header names, with
        that kind: a ship's number under ``INN``.
        """
        fields = self.parties[self.names.index(column)] if column in self.names else self.fields
        kinds = self.kinds or ("",) * len(self.labels)
        for name, kind, cell in zip(fields, kinds, cells, strict=False):
            if name != "identifiers" or kind not in STRONG:
                continue
            for value in filter(None, map(str.strip, cell.split(";"))):
                known, number = canonical(kind, value)
                is_other = known != kind or (kind == "swift" and not has_form_of_bic(number))
                if ":" not in value and is_other:
                    yield kind, value

    def of_nobody(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says of none of its parties, by header, without its reference."""
        used = {n for fields in self.parties for n, name in enumerate(fields) if name}
        rest = enumerate(zip(self.labels, cells, strict=False))
        return {label: cell for n, (label, cell) in rest if n not in used and label and cell}

    def beside(self, column: str, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says besides the fields of one of its parties, by header."""
        fields = self.parties[self.names.index(column)] if column in self.names else self.fields
        named = zip(fields, self.labels, cells, strict=False)
        return {label: cell for name, label, cell in named if not name and label and cell}

    def notes(self) -> list[str]:
        """Return in words how columns were read, which are not used, and what the user is asked."""
        used: dict[int, str] = {}
        roles = self.roles or (PARTY,) * len(self.parties)
        for role, fields in zip(reversed(roles), reversed(self.parties), strict=True):
            for n, name in enumerate(fields):
                if name:
                    plain_role = role in (PARTY, "") or name in _OF_ROW
                    used[n] = name if plain_role else f"{role_in_words(role)}’s {name}"
        of_row = {n: name for n, name in enumerate(self.of_row) if name}
        used |= {n: _WORDS_OF_FIELDS.get(name, name) for n, name in of_row.items()}
        plain = [folded(h) for h in self.labels]
        guessed = [
            f"{self.labels[n]} → {what}"
            for n, what in sorted(used.items())
            if plain[n] != what.replace("_", " ").lower()
        ]
        unused = [h for n, h in enumerate(self.labels) if n not in used and h.strip()]
        groups = (
            ("we matched your columns as follows: ", guessed),
            ("columns that we do not use: ", unused),
        )
        return [what + ", ".join(of) for what, of in groups if of] + [*self.questions]


def _label_of(labels: Sequence[str], column: int) -> str:
    """Return the header of a column, with its number behind it where it stands again."""
    before = labels[:column].count(labels[column])
    return f"{labels[column]} ({before + 1})" if before else labels[column]


@cache
def _table() -> TomlTable:
    return read_package_toml(__package__, "headers.toml")


def _plain(header: str) -> str:
    text = header.replace("№", " no ").replace("_", " ").lstrip("\ufeff")
    return folded("".join(_divided_at_scripts(text)))


def _divided_at_scripts(text: str) -> Iterator[str]:
    """Yield the letters of a text, with a space where Chinese characters meet others: ``IMO编号``."""
    before = ""
    for letter in text:
        if before.isalnum() and letter.isalnum() and has_han(before) != has_han(letter):
            yield " "
        yield letter
        before = letter


@dataclass(frozen=True)
class _Phrases:
    """Phrases of one meaning: texts of whole words, and stems of words that may go on."""

    words: tuple[tuple[str, ...], ...]
    han: tuple[str, ...]

    def find(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Return the first word and the word after the last of the longest phrase among words."""
        for phrase in self.words:
            size = len(phrase)
            for at in range(len(words) - size + 1):
                if all(_fits(w, p) for w, p in zip(words[at : at + size], phrase, strict=True)):
                    return at, at + size
        return None


def _fits(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@cache
def _phrases() -> dict[str, dict[str, _Phrases]]:
    """Return the table of headers by group and meaning, the longest phrases first."""
    table = _table()
    groups = {
        "roles": {**table["roles"], PARTY: table["party"]},
        "fields": table["fields"],
        "numbers": {k: v for k, v in table["numbers"].items() if k != "beside"},
        "row": {k: v for k, v in table["row"].items() if k in _OF_ROW},
    }
    out: dict[str, dict[str, _Phrases]] = {}
    for group, meanings in groups.items():
        for meaning, phrases in meanings.items():
            words = {tuple(_pattern(w) for w in p.split()) for p in phrases if not has_han(p)}
            flat = {part for part in (_flat(w) for w in words) if part}
            han = sorted((p for p in phrases if has_han(p)), key=len, reverse=True)
            longest = sorted(flat, key=lambda w: (-len(w), w))
            out.setdefault(group, {})[meaning] = _Phrases(tuple(longest), tuple(han))
    return out


def _pattern(word: str) -> str:
    return folded(word) + ("*" if word.endswith("*") else "")


def _flat(words: Iterable[str]) -> tuple[str, ...]:
    """Return words of which a folded one has become several, such as ``ф.и.о``, as single words."""
    return tuple(part for w in words for part in w.split() if part != "*")


@cache
def _beside(table: str) -> frozenset[str]:
    whole = _table()
    if table == "numbers":
        found = whole["numbers"]["beside"]
    elif table == "row":
        found = [*whole["row"]["beside"], *whole["row"]["currencies"]]
    elif table == "bare numbers":
        found = whole["bare_numbers"]
    elif table == "currencies":
        found = whole["row"]["currencies"]
    else:
        found = whole["fillers"]
    return frozenset(part for w in found for part in (folded(w) or w).split())


@lru_cache(maxsize=1 << 12)
def meaning_of(header: str) -> ColumnMeaning:
    """Return what a header means; an empty :class:`ColumnMeaning` if bilat cannot read it."""
    found = _meaning_of_words(_plain(header).split())
    if "(" not in header:
        return found
    # What stands in brackets behind a name, or is unknown, is a remark: `Name (born)`.
    words = _plain(_BRACKETS.sub(" ", header)).split()
    is_name = any(_whole_field([word]) == "name" for word in words)
    return _meaning_of_words(words) if is_name or not found.field else found


def _meaning_of_words(words: Sequence[str]) -> ColumnMeaning:
    if not words:
        return ColumnMeaning()
    if name := _whole_field(words):
        return ColumnMeaning("", name)
    if kind := _number(words):
        return ColumnMeaning("", "identifiers", kind)
    return _meaning_of_role(words) or ColumnMeaning("", _field(words) or _row_field(words))


def _meaning_of_role(words: Sequence[str]) -> ColumnMeaning | None:
    """Return what words mean that name a role; None if they name none."""
    for role, phrases in _phrases()["roles"].items():
        rest = _without(words, phrases)
        if rest is None or _is_inside_another(words, phrases):
            continue
        while (other := _without(rest, phrases)) is not None:
            rest = other  # `Shipper/Exporter` is one role in two words
        left = [w for w in rest if w not in _beside("names")]
        if _is_bare_number(rest):
            return ColumnMeaning(role, "identifiers")
        name = _field(rest) or _field(left)
        both = name == "address" and any(_field([w]) == "name" for w in rest)
        if not left or name == "name" or both or _is_party(left):
            return ColumnMeaning(role, "name")  # `name and address` of a party is one field
        if name and name not in _OF_ROW:
            return ColumnMeaning(role, name)
        if kind := _number(rest):
            return ColumnMeaning(role, "identifiers", kind)
        return ColumnMeaning(role)
    return None


@lru_cache(maxsize=1 << 10)
def owned_role(header: str) -> str:
    """Return the role of the party whose owner a header names, as ``Owner of consignee``; '' for
    none.
    """
    rest = _without(_plain(header).split(), _phrases()["roles"][OWNER])
    found = _meaning_of_role(rest) if rest else None
    return found.role if found is not None and found.role not in NOT_OWNED else ""


@lru_cache(maxsize=1 << 10)
def role_meant(field: str) -> str:
    """Return the role that a field names in place of a party, as ``same as consignee``; '' for
    none.
    """
    words = _plain(field).split()
    while words:
        found = _meaning_of_role(words)
        if found is not None and found.field == "name":
            return found.role
        words = words[1:]
    return ""


def _is_bare_number(words: Sequence[str]) -> bool:
    """Return whether words name a number of a party and not which: `Number` under `Consignee`.

    The first of several parties may be numbered too (`Notify no 1`).
    """
    known = _beside("bare numbers")
    return bool(words) and all(word in known for word in words)


def _is_inside_another(words: Sequence[str], phrases: _Phrases) -> bool:
    """Return whether the words of a role are a part of another role's: Kazakh for ``buyer`` ends in
    the word for ``receiver``.
    """
    span = phrases.find(words)
    if span is None:
        return False
    every = (other.find(words) for other in _phrases()["roles"].values())
    spans = [other for other in every if other is not None and other != span]
    return any(other[0] <= span[0] and span[1] <= other[1] for other in spans)


def _is_party(words: Sequence[str]) -> bool:
    """Return whether words name a party and no more, such as the second half of ``Shipper /
    exporter``.
    """
    left = [*words]
    for phrases in _phrases()["roles"].values():
        while left and (found := phrases.find(left)):
            left[found[0] : found[1]] = []
    return not left


def _without(words: Sequence[str], phrases: _Phrases) -> list[str] | None:
    """Return the words besides those of a role; None if they do not name the role."""
    if found := phrases.find(words):
        return [*words[: found[0]], *words[found[1] :]]
    if any(map(has_han, words)):
        text = "".join(words)
        part = next((p for p in phrases.han if p in text), "")
        if part:
            rest = _plain(text.replace(part, " ", 1)).split()
            return [w for w in rest if w != "的"]
    return None


def _whole_field(words: Sequence[str]) -> str:
    """Return the field that words name and nothing else; '' for none."""
    for name, phrases in _phrases()["fields"].items():
        if phrases.find(words) == (0, len(words)) or "".join(words) in phrases.han:
            return name
    return ""


def _field(words: Sequence[str]) -> str:
    """Return the field that words name, whole or by a part of a word; '' for none."""
    if name := _whole_field(words):
        return name
    text = " ".join(words)
    parts = _table()["parts"]
    for name in parts:
        if name == "never" or any(folded(x) in text for x in parts["never"] if len(x) > 1):
            continue
        if any((folded(x) or x) in text for x in parts[name]):
            return name
    return ""


def _row_field(words: Sequence[str]) -> str:
    """Return what words say of a consignment as a whole, and of nothing else; '' for nothing.

    ``Goods HS code`` and ``Goods value EUR`` stand under one merged header: the words of goods may
    stand beside those of the code and the value.
    """
    for name in ("hs", "value", "goods", "query_id"):
        rest = _besides(name, words)
        if rest is not None and all(w in _beside("row") or w.isdigit() for w in rest):
            return name
    return ""


def _besides(name: str, words: Sequence[str]) -> list[str] | None:
    """Return the words besides those of a field of the row; None if they do not name it."""
    phrases = _phrases()["row"]
    rest = _without(words, phrases[name])
    if rest is None:
        return None
    repeated = [phrases[name]]
    if name in ("hs", "value"):
        repeated.append(phrases["goods"])
    for other in repeated:
        while rest and (left := _without(rest, other)) is not None:
            rest = left
    if name in ("hs", "query_id"):
        rest = [w for w in rest if w not in _beside("numbers")]
    return rest


def with_currency(label: str, cell: str) -> str:
    """Return a value with the currency that its header names."""
    known = _beside("currencies")
    words = [w.upper() for w in _plain(label).split() if w in known]
    return f"{words[0]} {cell}" if words and words[0] not in cell.upper() else cell


def _number(words: Sequence[str]) -> str:
    """Return the kind of number that words name and nothing else; '' for none."""
    found = []
    left = [*words]
    for kind, phrases in _phrases()["numbers"].items():
        while left and (span := phrases.find(left)):
            found.append(kind)
            left[span[0] : span[1]] = []
        for part in phrases.han:
            if part in "".join(left):
                found.append(kind)
                left = "".join(left).replace(part, " ").split()
    return found[0] if found and _beside("numbers").issuperset(left) else ""


def parse_map(text: str | None) -> Pairs:
    """Return ``name=Consignee,country=Ctry`` as pairs of field and header.

    ``name`` may occur more than once. A field may name its role: ``consignee.inn=Tax number``.

    Raises
    ------
    UsageError
        for a pair that is none, a field that bilat does not read, or one that occurs twice.
    """
    out: list[tuple[str, str]] = []
    for pair in filter(None, (p.strip() for p in (text or "").split(","))):
        key, sign, header = (x.strip() for x in pair.partition("="))
        if not sign or not header:
            raise UsageError(f"`map` {pair!r}: write field=Header, name=Consignee,country=Ctry")
        role, _, name = key.rpartition(".")
        if name not in _FIELDS and name not in _table()["numbers"]:
            raise UsageError(
                f"`map` {pair!r}: {key} is not a field; the fields are {', '.join(_FIELDS)}"
            )
        if role and role not in _phrases()["roles"]:
            raise UsageError(
                f"`map` {pair!r}: {role} is not a role; the roles are "
                + ", ".join(_phrases()["roles"])
            )
        if key != "name" and key in dict(out):
            raise UsageError(f"`map` {pair!r}: {key} appears twice. Name one column for it")
        out.append((key, header))
    return out


def _mapped(key: str, known: ColumnMeaning) -> ColumnMeaning:
    """Return the meaning that a user gives a column."""
    role, _, name = key.rpartition(".")
    if name in _table()["numbers"]:
        return ColumnMeaning(role or known.role, "identifiers", name)
    kind = known.kind if name == "identifiers" else ""
    return ColumnMeaning(role or (known.role if name == "name" else ""), name, kind)


def columns_of(file: str, header: Sequence[str], said: Pairs = (), row: int = 1) -> Columns:
    """Return what each column of a header is.

    ``said`` is followed; other fields are read by their headers, and the notes name what is not
    used.

    Raises
    ------
    DataError
        for a header without a name or a number, one that says a field twice, or a mapped column that does not exist.
    """
    labels = [*map(str, header)]
    plain = [_plain(h) for h in labels]
    shown = ", ".join([*labels[:8], *["..."][: len(labels[8:])]])
    meanings = [meaning_of(h) for h in labels]
    fixed: dict[int, str] = {}
    for key, label in said:
        if _plain(label) not in plain:
            raise DataError(
                f"no column {label!r} in the header ({shown}). Correct `map`", file=file, row=row
            )
        at = plain.index(_plain(label))
        fixed[at] = key
        meanings[at] = _mapped(key, meanings[at])
    _refuse_twice(file, row, plain, fixed)
    slots, dropped = _slots(meanings, fixed)
    if not _names_a_party(slots, meanings):
        raise DataError(
            f"no column 'name' in the header ({shown}); say which it is with `map` name=HEADER, "
            "or write a first row that names the columns where there is none",
            file=file,
            row=row,
        )
    kinds = [m.kind for m in meanings]
    questions = _assign(labels, meanings, slots, dropped, fixed, kinds)
    slots = [s for s in slots if s.name >= 0 or "identifiers" in s.fields.values()]
    whole = {n: m.field for n, m in enumerate(meanings) if m.field in _OF_ROW}
    ids = _column_of_reference([n for n, name in whole.items() if name == "query_id"], plain)
    return Columns(
        tuple(labels),
        tuple(_fields_of(slot, ids, len(labels)) for slot in slots),
        tuple(s.role for s in slots),
        tuple(kinds),
        tuple(whole.get(n, "").replace("query_id", "") for n in range(len(labels))),
        tuple(questions),
    )


def _names_a_party(slots: Sequence[_Slot], meanings: Sequence[ColumnMeaning]) -> bool:
    """Return whether a header has a name of a party, or a number that has a role of its own."""
    numbered = (m.kind in NUMBERS_OF_ROLE and m.field == "identifiers" for m in meanings)
    return any(slot.name >= 0 for slot in slots) or any(numbered)


def _fields_of(slot: _Slot, reference: int, columns: int) -> tuple[str, ...]:
    """Return what each column of a header is for one party; ``reference`` is -1 for none."""
    own = dict(slot.fields)
    if reference >= 0:
        own[reference] = "query_id"
    if slot.name >= 0:
        own[slot.name] = "name"
    return tuple(own.get(n, "") for n in range(columns))


def _column_of_reference(columns: Sequence[int], plain: Sequence[str]) -> int:
    """Return the column of the reference; -1 for none.

    A column that is named so goes before one of running numbers.
    """
    named = [n for n in columns if _row_field(plain[n].split()) == "query_id"]
    return min(named or columns, default=-1)


def _refuse_twice(file: str, row: int, plain: Sequence[str], fixed: Mapping[int, str]) -> None:
    """Refuse a header that says a field twice by its own name."""
    for name in ("name", "query_id", "schema", "birth_date"):
        if name not in fixed.values() and plain.count(name.replace("_", " ")) > 1:
            raise DataError(
                f"column {name!r} appears twice in the header. Rename one", file=file, row=row
            )


def _slots(
    meanings: Sequence[ColumnMeaning], fixed: Mapping[int, str]
) -> tuple[list[_Slot], frozenset[str]]:
    """Return a slot for each column of a name, and the roles that the user left out."""
    told = [n for n, key in fixed.items() if key.rpartition(".")[2] == "name"]
    every = [n for n, m in enumerate(meanings) if m.field == "name"]
    names = told or every
    # A name without a role is the row's party only if no other column of names has a role.
    neutral = [n for n in names if not meanings[n].role]
    slots = [_Slot(meanings[n].role or PARTY, n) for n in names if n not in neutral[1:] or told]
    left_out = frozenset(meanings[n].role or PARTY for n in every if n not in names)
    return sorted(slots, key=lambda s: s.name), left_out - {s.role for s in slots}


def _assign(
    labels: Sequence[str],
    meanings: Sequence[ColumnMeaning],
    slots: list[_Slot],
    dropped: frozenset[str],
    fixed: Mapping[int, str],
    kinds: list[str],
) -> list[str]:
    """Give every other column to the party that it speaks of; return what the user is asked."""
    questions: list[str] = []
    plain = [_plain(h) for h in labels]
    alone = len(slots) == 1 and not meanings[slots[0].name].role
    for n, meaning in enumerate(meanings):
        if meaning.field in ("", "name", *_OF_ROW) or meaning.role in dropped:
            continue
        if meaning.kind == "imo" and meaning.role not in ("", VESSEL, PARTY):
            kinds[n] = "registration"
            questions.append(_note_on_imo_number(labels[n], meaning.role))
        role = _role_of(meaning, alone=alone)
        if meaning.field == "birth_date" and role in ("", PARTY) and _is_behind_owner(n, slots):
            role = OWNER
        slot = _slot_of(n, role, slots, plain)
        if slot is None and n in fixed:
            slot = slots[0]
        if slot is None:
            questions.append(_question(labels[n], meaning, slots))
            if meaning.field != "identifiers":
                continue
            slot = _Slot(UNKNOWN_OWNER)
            slots.append(slot)
        name = "country" if meaning.field == "flag" else meaning.field
        if name == "identifiers" or name not in slot.fields.values():
            slot.fields[n] = name
    questions += _notes_on_owners(labels, slots)
    return questions + _notes_on_repeated_roles(labels, slots)


def _note_on_imo_number(label: str, role: str) -> str:
    return (
        f"{label!r} is an IMO number of the {role_in_words(role)}: it is compared as a "
        "company's number, not a ship's"
    )


def _role_of(meaning: ColumnMeaning, *, alone: bool) -> str:
    """Return the role of the party that a column speaks of.

    Parameters
    ----------
    alone
        whether the file names one party a row, without a role.
    """
    role = meaning.role
    if meaning.field == "share" and not role:
        return OWNER
    if role and role != PARTY:
        return role
    role = VESSEL if meaning.field == "flag" else NUMBERS_OF_ROLE.get(meaning.kind, role)
    # A file of ships: its only name is the ship's.
    return PARTY if alone and role == VESSEL else role


def _is_behind_owner(n: int, slots: Sequence[_Slot]) -> bool:
    """Return whether the nearest name before column n is an owner's: of the parties of a
    consignment, an owner is the one that has a date of birth.
    """
    before = [slot for slot in slots if 0 <= slot.name < n]
    return bool(before) and max(before, key=lambda slot: slot.name).role == OWNER


def _notes_on_owners(labels: Sequence[str], slots: Sequence[_Slot]) -> list[str]:
    """Return a note on owners, where several parties of a row could be the one that is owned."""
    owned = [s for s in slots if s.name >= 0 and s.role not in NOT_OWNED]
    roles = {s.role for s in owned}
    owners = [
        repr(labels[s.name])
        for s in slots
        if s.role == OWNER and s.name >= 0 and owned_role(labels[s.name]) not in roles
    ]
    if not owners or len(owned) < 2:
        return []
    return [f"the header does not say of which party {', '.join(owners)} is the owner"]


def _notes_on_repeated_roles(labels: Sequence[str], slots: Sequence[_Slot]) -> list[str]:
    """Return a note on each role that several columns name."""
    counts = Counter(slot.role for slot in slots)
    notes = []
    for role in sorted(role for role, count in counts.items() if count > 1):
        if role in (PARTY, UNKNOWN_OWNER):
            continue
        named = [s.name for s in slots if s.role == role and s.name >= 0]
        shown = ", ".join(repr(_label_of(labels, n)) for n in named)
        notes.append(
            f"several columns name a {role_in_words(role)} ({shown}): each is screened as a party "
            "of its own"
        )
    return notes


def _question(label: str, meaning: ColumnMeaning, slots: Sequence[_Slot]) -> str:
    roles = [s.role for s in slots if s.role not in (VESSEL, BANK, UNKNOWN_OWNER)]
    roles = roles or [s.role for s in slots]
    example = f"`map` {roles[0]}.{meaning.kind or meaning.field}={label}"
    owners = " or the ".join(dict.fromkeys(map(role_in_words, roles)))
    lead = f"the header does not say whether {label!r} is of the {owners}"
    if meaning.field == "identifiers":
        return (
            f"{lead}. We screen its numbers, but they count for no party. To say whose: {example}"
        )
    return f"{lead}, so we do not use it. To use it: {example}"


def _slot_of(n: int, role: str, slots: list[_Slot], plain: Sequence[str]) -> _Slot | None:
    """Return the party that column n speaks of; None if several could be meant."""
    if role and role != PARTY:
        same = [s for s in slots if s.role == role]
        if not same:
            same = [_Slot(role)]
            slots.append(same[0])
        before = [s for s in same if 0 <= s.name < n]
        return before[-1] if before else same[0]
    named = [s for s in slots if s.name >= 0]
    able = [s for s in named if s.role not in (VESSEL, BANK)] or named
    if len(able) == 1:
        return able[0]
    # The same header behind each party speaks of the party before it.
    again = [k for k, h in enumerate(plain) if h == plain[n]]
    owners = [next((s for s in reversed(able) if s.name < k), None) for k in again]
    if (
        len(again) == len(able)
        and None not in owners
        and len({s.name for s in owners if s}) == len(able)
    ):
        return owners[again.index(n)]
    return None
