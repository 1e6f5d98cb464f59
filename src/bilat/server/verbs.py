# SPDX-License-Identifier: Apache-2.0
"""The questions that the server answers: their addresses, and the requests that ask them.

Each question declares which of its fields only this machine's user may set, whether a file can be
sent with it, and whether it is private. A private question (about names) is never put into an
address, because browsers and proxies store addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bilat.document import Parameter, Question
from bilat.document.fields import text_of
from bilat.document.questions import questions
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.picture.questions import BriefQuestion
from bilat.when import AsOf

#: The pair that is asked about if a request names none.
PAIR = "RUS-CHN"
#: The most characters of one parameter.
LONGEST_TEXT = 500
#: The most names that one request may ask for; more can be sent in a file.
MOST_NAMES = 200


@dataclass(frozen=True)
class Verb:
    """A question that the server answers."""

    question: type[Question]

    @property
    def path(self) -> str:
        """Its address, without ``/api`` and without the slash before it."""
        return "/".join(self.question.verb)

    @property
    def title(self) -> str:
        """The heading of its form."""
        return self.question.title

    @property
    def about(self) -> str:
        """What it answers, in a sentence."""
        return self.question.about()

    @property
    def file(self) -> tuple[str, ...]:
        """The endings of the files that it takes; an answer about a file is computed in a job."""
        return self.question.file

    @property
    def slow(self) -> bool:
        """Whether it may take as long as writing a site."""
        return self.question.slow

    @property
    def has_required_fields(self) -> bool:
        """Whether it cannot be asked without a field."""
        return bool(self.question.needs)

    @property
    def is_private(self) -> bool:
        """Whether it is about names, which are sent in the body of a request only."""
        return self.question.private

    @property
    def fields(self) -> tuple[Parameter, ...]:
        """The fields that a reader may set."""
        return tuple(p for p in self.question.parameters() if not p.local)


#: Every question that is served, by its address.
VERBS: dict[str, Verb] = {v.path: v for v in map(Verb, questions().values()) if v.question.served}


@dataclass(frozen=True)
class AskedQuestion:
    """A question as a request asks it, with its two states and its date."""

    question: Question
    pair: Dyad
    as_of: AsOf
    has_date: bool = False  #: whether the request names the date
    is_other_pair: bool = False  #: whether it is about another pair than :data:`PAIR`

    @property
    def key(self) -> dict[str, object]:
        """What the answer depends on, besides records and code."""
        return {
            "verb": self.question.verb,
            **self.question.written(),
            "pair": str(self.pair),
            "as_of": str(self.as_of),
        }

    @property
    def query(self) -> str:
        """The request as the query of an address, the part after ``?``."""
        day = str(self.as_of) if self.has_date else ""
        return urlencode(_query_items(self.question, str(self.pair), day))


def read(verb: Verb, items: Iterable[tuple[str, str]]) -> AskedQuestion:
    """Parse a request. Blank fields are left out; ``param.NAME=value`` is ``param=NAME=value``.

    Raises
    ------
    UsageError
        for a field that a reader may not set, that appears too often, is too long, or has a value
        that the question refuses.
    """
    known = {p.name: p for p in verb.fields}
    given = _fields_of(verb, known, items)
    for name, values in given.items():
        _refuse_too_many(name, values, has_many=name in known and known[name].many)
    # The pair and the date appear once at most.
    (pair_text,) = given.pop("pair", [PAIR])
    (day,) = given.pop("as-of", [""])
    for name, values in given.items():
        for value in values:
            known[name].check_no_file(value)
    fields = {name: _value_of(known[name], values) for name, values in given.items()}
    pair = Dyad.read(pair_text)
    return AskedQuestion(
        verb.question.read(fields),
        pair,
        AsOf(day or None),
        has_date=bool(day),
        is_other_pair=str(pair) != PAIR,
    )


def _fields_of(
    verb: Verb, known: Mapping[str, Parameter], items: Iterable[tuple[str, str]]
) -> dict[str, list[str]]:
    """Return the values of each field that is not blank.

    Raises
    ------
    UsageError
        for a field that a reader may not set, or a text that is too long.
    """
    # Besides its own fields, a question takes a date, and a pair if it is about one.
    frame = ("as-of", "pair") if verb.question.pair else ("as-of",)
    given: dict[str, list[str]] = {}
    for written, text in items:
        name = written.replace("_", "-")
        value = text.strip()
        if name == "columns" and "map" in known:  # the name of `map` in earlier versions
            name = "map"
        if written.startswith("param.") and "param" in known:
            name = "param"
            if value:
                value = f"{written.removeprefix('param.')}={value}"
        if name not in known and name not in frame:
            allowed = ", ".join(other.replace("-", "_") for other in (*known, *frame))
            raise UsageError(f"no parameter {written[:40]!r}. Choose from: {allowed}")
        _check_line(written, value)
        if value:
            given.setdefault(name, []).append(value)
    return given


def _refuse_too_many(name: str, values: Sequence[str], *, has_many: bool) -> None:
    """Refuse a field that appears more often than it may."""
    if len(values) <= (MOST_NAMES if has_many else 1):
        return
    if name == "name":
        raise UsageError(
            f"{len(values)} names are too many. Send at most {MOST_NAMES} at once, or a file"
        )
    raise UsageError(f"parameter {name} appears {len(values)} times. Give it once")


def _value_of(parameter: Parameter, values: list[str]) -> str | list[str]:
    """Return the value of a field: a list, or a text in which commas separate the values.

    A name or a parameter of a measure may contain a comma, so even a single one is a list.
    """
    has_own_commas = parameter.name in ("name", "param")
    if parameter.many and (has_own_commas or len(values) > 1):
        return values
    return values[0]


def query(items: Iterable[tuple[str, str]], *allowed: str) -> dict[str, str]:
    """Return the parameters of an address that asks no question, without blank ones.

    Raises
    ------
    UsageError
        for a parameter that is not allowed here, appears twice, or is too long.
    """
    found: dict[str, str] = {}
    for name, value in items:
        if name not in allowed:
            raise UsageError(
                f"no parameter {name[:40]!r}. Choose from: {', '.join(sorted(allowed)) or 'none'}"
            )
        if name in found:
            raise UsageError(f"parameter {name} appears twice. Give it once")
        _check_line(name, value)
        found[name] = value.strip()
    return {k: v for k, v in found.items() if v}


def _check_line(name: str, value: str) -> None:
    """Refuse a value that is too long, or that is more than one line of text."""
    if len(value) > LONGEST_TEXT or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise UsageError(
            f"parameter {name[:40]} is not text of up to {LONGEST_TEXT} characters. Shorten it, "
            "and keep it on one line"
        )


def address(question: Question, pair: str = "", as_of: str = "") -> str:
    """Return the address of a question in a browser; "" if it is not served, or about names."""
    verb = VERBS.get("/".join(question.verb))
    if verb is None or verb.is_private:
        return ""
    if isinstance(question, BriefQuestion):
        path = f"/{pair or PAIR}/"
        query_text = urlencode({"as_of": as_of}) if as_of else ""
    else:
        path = f"/{verb.path}"
        query_text = urlencode(_query_items(question, pair, as_of))
    return f"{path}?{query_text}" if query_text else path


#: The path below which each chart has a page of its own, which other sites can embed.
CHARTS = "/charts/"


def chart_address(asked: AskedQuestion, key: str) -> str:
    """Return the address of one chart of an answer; "" as for :func:`address`."""
    path = "/".join(asked.question.verb)
    if path not in VERBS or VERBS[path].is_private:
        return ""
    more = f"{asked.query}&" if asked.query else ""
    return f"{CHARTS}{path}?{more}{urlencode({'chart': key})}"


def _query_items(question: Question, pair: str, as_of: str) -> list[tuple[str, str]]:
    """Return the names and values of a question's query; each of many values has its own item."""
    many = {p.name for p in question.parameters() if p.many}
    local = {p.name for p in question.parameters() if p.local}
    items: list[tuple[str, str]] = []
    for written, value in question.written().items():
        if written in local:
            continue
        name = written.replace("-", "_")
        if written in many:
            items += [(name, str(text_of(one))) for one in getattr(question, name)]
        elif isinstance(value, bool):
            items.append((name, str(value).lower()))
        else:
            items.append((name, str(value)))
    if question.takes_pair and pair:
        items.append(("pair", pair))
    if as_of:
        items.append(("as_of", as_of))
    return items
