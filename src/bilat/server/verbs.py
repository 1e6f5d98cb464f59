# SPDX-License-Identifier: Apache-2.0
"""The questions that are served: each at an address of its own, read by its own fields.

A door adds three things to a question and checks nothing else: which fields name files or means of this machine and are
therefore not a reader's, whether it takes a file, and whether what is asked may stand in an address (names may not: an
address lies in histories and in the logs of proxies).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import getdoc
from urllib.parse import urlencode

from bilat.contingency.questions import BackfillQuestion, BlockadeQuestion, ExposureQuestion
from bilat.diversion.questions import DivertQuestion
from bilat.document import Parameter, Question
from bilat.document.fields import text_of
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.forecast.asking import ForecastListQuestion, OneForecastQuestion, WatchQuestion
from bilat.goods.baskets import NAMES as BASKETS
from bilat.measures import MeasureQuestion
from bilat.parties.run.question import ScreenQuestion
from bilat.picture.brief import BriefQuestion
from bilat.picture.sources import SourcesQuestion
from bilat.regeneration.questions import RecoveryQuestion
from bilat.server.questions import GoodsQuestion, PartyQuestion, StateQuestion
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion
from bilat.when import AsOf

PAIR = "RUS-CHN"
#: Characters of one parameter.
LONGEST_TEXT = 500
#: Names that one request may ask for; more go in a file.
MOST_NAMES = 200
#: Endings of a file of names, and of a trade file.
NAMES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet", ".pq", ".xlsx", ".xlsm")
TRADE = (".csv", ".tsv", ".txt", ".json", ".parquet", ".pq", ".xlsx", ".gz", ".zip", ".dat")
#: Fields of any question that name files or means of this machine.
OF_THE_MACHINE = frozenset(
    {
        "deals",
        "decisions",
        "engine",
        "files",
        "fresh",
        "lists",
        "memory",
        "questions",
        "threads",
    }
)


@dataclass(frozen=True)
class Verb:
    """A question that is served; ``title`` heads its form."""

    question: type[Question]
    title: str
    file: tuple[str, ...] = ()  #: endings of the file it takes, whose result is a job
    without: frozenset[str] = frozenset()
    slow: bool = False  #: may take as long as a site
    needs: bool = False  #: means nothing without a field

    @property
    def path(self) -> str:
        return "/".join(self.question.verb)

    @property
    def about(self) -> str:
        """What it answers, in a sentence."""
        return " ".join(str(getdoc(self.question)).split("\n\n")[0].split())

    @property
    def names(self) -> bool:
        """Whether it asks of names, which stand in bodies alone."""
        return self.question is ScreenQuestion

    @property
    def fields(self) -> tuple[Parameter, ...]:
        """The fields that a reader may set."""
        return tuple(
            p
            for p in self.question.parameters()
            if p.name not in OF_THE_MACHINE and p.name not in self.without
        )


VERBS: dict[str, Verb] = {
    v.path: v
    for v in (
        Verb(BriefQuestion, "The picture", slow=True),
        Verb(MeasureQuestion, "Measures"),
        Verb(ClaimsQuestion, "Claims", slow=True),
        # the claims of a profile know no team's marking: they are asked by themselves
        Verb(ProfileQuestion, "Profile of two states", without=frozenset({"claims"})),
        Verb(WatchQuestion, "The watch", slow=True),
        Verb(ScreenQuestion, "Screen names", NAMES, frozenset({"since"}), needs=True),
        Verb(DivertQuestion, "Rank routes", TRADE, slow=True, needs=True),
        Verb(RecoveryQuestion, "Recovery of Russia's forces", slow=True),
        Verb(BackfillQuestion, "Backfill of Europe", slow=True),
        Verb(BlockadeQuestion, "A blockade of China"),
        Verb(ExposureQuestion, "Exposure to secondary sanctions"),
        Verb(ForecastListQuestion, "Dated questions", slow=True),
        Verb(OneForecastQuestion, "A dated question", slow=True, needs=True),
        Verb(PartyQuestion, "A listed party", needs=True),
        Verb(StateQuestion, "A state", needs=True),
        Verb(GoodsQuestion, "A kind of goods", needs=True),
        Verb(SourcesQuestion, "Sources"),
    )
}


@dataclass(frozen=True)
class AskedQuestion:
    """A question as a request asks it, with its two states and its date."""

    question: Question
    pair: Dyad
    as_of: AsOf
    dated: bool = False  #: whether the request names the date

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
    """What a request asks: blank fields are left out, ``param.NAME=value`` is ``param=NAME=value``.

    Raises
    ------
    UsageError
        for a field that is not a reader's, stands twice, is too long, or is not allowed by the question.
    """
    known = {p.name: p for p in verb.fields}
    frame = {"as-of", "pair"} if verb.question.pair else {"as-of"}
    given: dict[str, list[str]] = {}
    for written, text in items:
        name = written.replace("_", "-")
        value = text.strip()
        if name == "columns" and "map" in known:  # as it was called before
            name = "map"
        if written.startswith("param.") and "param" in known:
            name = "param"
            value = value and f"{written.removeprefix('param.')}={value}"
        if name not in known and name not in frame:
            there = ", ".join(n.replace("-", "_") for n in (*known, *sorted(frame)))
            raise UsageError(f"no parameter {written[:40]!r} here; there are: {there}")
        _line(written, value)
        if value:
            given.setdefault(name, []).append(value)
    for name, values in given.items():
        if len(values) > (MOST_NAMES if name in known and known[name].many else 1):
            raise UsageError(
                f"{len(values)} names; ask for at most {MOST_NAMES} at once, or send a file"
                if name == "name"
                else f"parameter {name} stands {len(values)} times; give it once"
            )
    pair = given.pop("pair", [""])[0]
    as_of = given.pop("as-of", [""])[0]
    basket = given.get("basket", [""])[0]
    if basket and basket.partition(":")[0] not in (
        *BASKETS,
        "all",
    ):  # the question would open a file of that name
        raise UsageError(
            f"basket {basket[:40]!r} is not known; use {', '.join(BASKETS)}, or one tier as chpl:1"
        )
    # one value may hold several joined by commas; a name or a measure's parameter may have a comma of its own
    whole = ("name", "param")
    question = verb.question.read(
        {k: v if known[k].many and (k in whole or len(v) > 1) else v[0] for k, v in given.items()}
    )
    return AskedQuestion(question, Dyad.read(pair or PAIR), AsOf(as_of or None), bool(as_of))


def query(items: Iterable[tuple[str, str]], *allowed: str) -> dict[str, str]:
    """The parameters of an address that asks no question, each once; blank ones are left out.

    Raises
    ------
    UsageError
        for a parameter that is not allowed here, stands twice, or is too long.
    """
    found: dict[str, str] = {}
    for name, value in items:
        if name not in allowed:
            raise UsageError(
                f"no parameter {name[:40]!r} here; there are: {', '.join(sorted(allowed)) or 'none'}"
            )
        if name in found:
            raise UsageError(f"parameter {name} stands twice; give it once")
        found[name] = _line(name, value).strip()
    return {k: v for k, v in found.items() if v}


def _line(name: str, value: str) -> str:
    if len(value) > LONGEST_TEXT or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise UsageError(
            f"parameter {name[:40]} is not text of up to {LONGEST_TEXT} characters; write it shorter, on one line"
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


def _query(question: Question, pair: str, as_of: str) -> list[tuple[str, str]]:
    many = {p.name for p in question.parameters() if p.many}
    found: list[tuple[str, str]] = []
    for name, text in question.written().items():
        if name in OF_THE_MACHINE:
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
    if question.pair and pair:
        found.append(("pair", pair))
    return [*found, ("as_of", as_of)] if as_of else found
