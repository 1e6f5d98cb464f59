# SPDX-License-Identifier: Apache-2.0
"""The questions that are served: each at an address of its own, read by its own fields.

The questions say themselves which of their fields are local to this machine and therefore not a
reader's, whether a file can be sent with them, and whether what is asked may be part of an address
(names may not: addresses are kept in histories and in the logs of proxies).
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

PAIR = "RUS-CHN"
#: Characters of one parameter.
LONGEST_TEXT = 500
#: Names that one request may ask for; more go in a file.
MOST_NAMES = 200


@dataclass(frozen=True)
class Verb:
    """A question as a reader of the server meets it."""

    question: type[Question]

    @property
    def path(self) -> str:
        """Its address, without ``/api`` or the first stroke."""
        return "/".join(self.question.verb)

    @property
    def title(self) -> str:
        """What heads its form."""
        return self.question.title

    @property
    def about(self) -> str:
        """What it answers, in a sentence."""
        return self.question.about()

    @property
    def file(self) -> tuple[str, ...]:
        """Endings of the file it takes, whose result is a job."""
        return self.question.file

    @property
    def slow(self) -> bool:
        """Whether it may take as long as a site."""
        return self.question.slow

    @property
    def needs(self) -> bool:
        """Whether it means nothing without a field."""
        return bool(self.question.needs)

    @property
    def names(self) -> bool:
        """Whether it asks of names, which stand in bodies alone."""
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
    dated: bool = False  #: whether the request names the date
    named: bool = False  #: whether it names another pair than the one that every form begins with

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
        """The request as the query of an address."""
        return urlencode(
            _query(self.question, str(self.pair), str(self.as_of) if self.dated else "")
        )


def read(verb: Verb, items: Iterable[tuple[str, str]]) -> AskedQuestion:
    """Parse a request. Blank fields are left out; ``param.NAME=value`` is ``param=NAME=value``.

    Raises
    ------
    UsageError
        for a field that is not a reader's, appears twice, is too long, or is not allowed by the
        question.
    """
    known = {p.name: p for p in verb.fields}
    given = _fields_of(verb, known, items)
    for name, values in given.items():
        _refuse_too_many(name, values, has_many=name in known and known[name].many)
    pair = given.pop("pair", [PAIR])[0]
    as_of = given.pop("as-of", [""])[0]
    for name, values in given.items():
        known[name].check_no_file(values[0])
    question = verb.question.read(
        {name: _value_of(known[name], values) for name, values in given.items()}
    )
    dyad = Dyad.read(pair)
    return AskedQuestion(
        question, dyad, AsOf(as_of or None), dated=bool(as_of), named=str(dyad) != PAIR
    )


def _fields_of(
    verb: Verb, known: Mapping[str, Parameter], items: Iterable[tuple[str, str]]
) -> dict[str, list[str]]:
    """Return the values of each field that is not blank.

    Raises
    ------
    UsageError
        for a field that is not a reader's, or a text that is too long.
    """
    frame = ("as-of", "pair") if verb.question.pair else ("as-of",)
    given: dict[str, list[str]] = {}
    for written, text in items:
        name = written.replace("_", "-")
        value = text.strip()
        if name == "columns" and "map" in known:  # the name of `map` in earlier versions
            name = "map"
        if written.startswith("param.") and "param" in known:
            name = "param"
            value = value and f"{written.removeprefix('param.')}={value}"
        if name not in known and name not in frame:
            there = ", ".join(other.replace("-", "_") for other in (*known, *frame))
            raise UsageError(f"no parameter {written[:40]!r}. Choose from: {there}")
        _line(written, value)
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
    """Return a field for the question: a list, or one text that may have several with commas.

    A single name, or parameter of a measure, stays in a list, since it may have a comma of its own.
    """
    is_list = parameter.name in ("name", "param") or len(values) > 1
    return values if parameter.many and is_list else values[0]


def query(items: Iterable[tuple[str, str]], *allowed: str) -> dict[str, str]:
    """The parameters of an address that asks no question, each once; blank ones are left out.

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
        found[name] = _line(name, value).strip()
    return {k: v for k, v in found.items() if v}


def _line(name: str, value: str) -> str:
    if len(value) > LONGEST_TEXT or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise UsageError(
            f"parameter {name[:40]} is not text of up to {LONGEST_TEXT} characters. Shorten it, "
            "and keep it on one line"
        )
    return value


def address(question: Question, pair: str = "", as_of: str = "") -> str:
    """Where a question is answered in a browser; blank for one that is not served, or asks of names."""
    verb = VERBS.get("/".join(question.verb))
    if verb is None or verb.names:
        return ""
    if isinstance(question, BriefQuestion):
        return f"/{pair or PAIR}/" + (f"?{urlencode({'as_of': as_of})}" if as_of else "")
    asked = urlencode(_query(question, pair, as_of))
    return f"/{verb.path}?{asked}" if asked else f"/{verb.path}"


#: Where charts stand alone, for pages elsewhere that embed them.
CHARTS = "/charts/"


def chart_address(asked: AskedQuestion, key: str) -> str:
    """Where a chart of an answer stands alone, with its newest figures."""
    path = "/".join(asked.question.verb)
    if path not in VERBS or VERBS[path].names:
        return ""
    more = f"{asked.query}&" if asked.query else ""
    return f"{CHARTS}{path}?{more}{urlencode({'chart': key})}"


def _query(question: Question, pair: str, as_of: str) -> list[tuple[str, str]]:
    many = {p.name for p in question.parameters() if p.many}
    local = {p.name for p in question.parameters() if p.local}
    found: list[tuple[str, str]] = []
    for name, text in question.written().items():
        if name in local:
            continue
        values = (
            [str(text_of(v)) for v in getattr(question, name.replace("-", "_"))]
            if name in many
            else [text]
        )
        found += [
            (name.replace("-", "_"), str(v).lower() if isinstance(v, bool) else str(v))
            for v in values
        ]
    if question.takes_pair and pair:
        found.append(("pair", pair))
    return [*found, ("as_of", as_of)] if as_of else found
