# SPDX-License-Identifier: Apache-2.0
"""Questions as data: a criterion that a stranger can resolve, dates, a base rate, evidence with its rows.

A question file is TOML with one ``[[question]]`` each. The record that resolves a question is the one that its
base rate is counted from: rows of a typed table, or one group of a measure. Filters are lists of values, never
SQL, so that a file from a stranger can do no more than ask.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bilat.errors import DataError, UnknownName
from bilat.forecast.counting_rules import CountingRule, counting_rules
from bilat.when import Period

#: What the words for the strength of a piece of evidence mean as a likelihood ratio.
STRENGTHS = {"weak": 1.5, "moderate": 2.0, "strong": 4.0}

#: Most words of a question's brief form.
BRIEF = 25


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(_Part):
    """What is counted: rows of a table of one source, one group of a measure, or one stream of the
    watch."""

    source: str = ""
    table: str = ""
    key: str = ""  #: column that makes one event of several rows
    day: str = "period"  #: column that dates it
    equals: dict[str, list[str]] = {}
    without: dict[str, list[str]] = {}
    members: list[str] = []  #: states that the column participants must hold
    counting: str = ""  #: rule of counting.toml that says which exercises count
    measure: str = ""
    params: dict[str, object] = {}
    group: str = ""
    stream: str = ""  #: family and name, as the watch prints them

    @model_validator(mode="after")
    def _whole(self) -> Record:
        if sum(map(bool, (self.table, self.measure, self.stream))) != 1:
            raise ValueError(
                "a record is rows of a table, a measure or a stream: give one of the three"
            )
        if self.table and not (self.source and self.key):
            raise ValueError("rows of a table need source and key")
        if self.counting and self.counting not in counting_rules():
            raise ValueError(
                f"no rule of counting {self.counting!r}: choose from {', '.join(counting_rules())}"
            )
        if self.counting and (self.table != "events" or "class" in self.equals):
            raise ValueError(
                "a rule of counting chooses rows of the table events, and their classes itself"
            )
        return self

    @property
    def rule(self) -> CountingRule | None:
        """The rule of what counts, where one is named."""
        return counting_rules()[self.counting] if self.counting else None

    @property
    def allowed(self) -> dict[str, list[str]]:
        """Column -> values that count, those of the rule of counting among them."""
        if self.rule is None:
            return self.equals
        return {**self.equals, "event_type": self.rule.event_types, "class": self.rule.classes}


class Criterion(_Part):
    """When the answer is yes.

    ``count``  at least so many events in the window;
    ``level``  a statistic of the window's figures is at least (or, with ``strict``, above) ``at_least``;
    ``rise``   the figure of ``window`` is at least (or above) ``at_least`` times that of
               ``against``;
    ``month``  the figure of a stream in the month ``window`` is at least (or above) ``at_least``.

    ``interval`` says what decides where figures bear an interval: ``clear``, only an interval that lies wholly on one
    side (for a rise: that does not overlap the other's), else the question is not decidable; ``figure``, the figure
    itself, and ``interval_why`` says why that is enough.
    """

    form: Literal["count", "level", "rise", "month"]
    window: tuple[str, str] | None = None  #: years or months; None: from opening to closing
    at_least: float
    strict: bool = False
    statistic: Literal["sum", "max", "mean"] = "max"
    against: str = ""
    interval: Literal["", "clear", "figure"] = ""
    interval_why: str = ""
    params: dict[
        str, object
    ] = {}  #: of the measure, for the answer alone: days after the opening, as a rule
    known_by: dt.date | None = None  #: what was known later does not decide

    @model_validator(mode="after")
    def _whole(self) -> Criterion:
        if (self.interval == "figure") != bool(self.interval_why):
            raise ValueError(
                "where the figure alone decides, interval_why says why, and only there"
            )
        if self.form == "rise" and not (
            self.against and self.window and self.window[0] == self.window[1]
        ):
            raise ValueError("a rise needs against and a window of one year")
        if self.form == "level" and self.window is None:
            raise ValueError("a level needs a window of years")
        if self.form == "month" and not (
            self.window and self.window[0] == self.window[1] and len(self.window[0]) == 7
        ):
            raise ValueError("a month needs a window of one month, written twice: 2027-06")
        return self


class Base(_Part):
    """How the base rate is counted. ``discount`` is what a year of age leaves of a past period's weight."""

    since: int
    discount: float = Field(default=0.8, gt=0, le=1)
    prior: float = Field(
        default=0.5, gt=0
    )  #: events (or successes) taken as seen before the record begins
    why: str


class EvidenceRow(_Part):
    """The row behind a piece of evidence: a point of a measure, or a row of a table by its key."""

    measure: str = ""
    params: dict[str, object] = {}
    group: str = ""
    period: str = ""
    table: str = ""
    source: str = ""
    locator: str = ""

    @model_validator(mode="after")
    def _whole(self) -> EvidenceRow:
        if bool(self.measure and self.period) == bool(self.table and self.source and self.locator):
            raise ValueError("evidence names measure and period, or table, source and locator")
        return self


class ForecastEvidence(_Part):
    """One piece of evidence that the base rate does not already count."""

    cluster: str  #: pieces with a common cause share a cluster
    says: str
    strength: Literal["weak", "moderate", "strong"]
    speaks: Literal["for", "against"]
    row: EvidenceRow

    @property
    def ratio(self) -> float:
        """The likelihood ratio, above 1 for yes."""
        lr = STRENGTHS[self.strength]
        return lr if self.speaks == "for" else 1 / lr


class Mover(_Part):
    """What would move an open question, and by how much."""

    event: str
    ratio: float = Field(gt=0)


class Closing(_Part):
    """How a question was closed that no record resolves: by pages."""

    status: Literal["yes", "no", "not decidable"]
    on: dt.date  #: the day from which it can be said: the closing day, or that of the page
    why: str
    pages: list[str] = Field(min_length=1)
    read_on: dt.date


class ForecastQuestion(_Part):
    """One question."""

    id: str
    claim: str  #: id in the ledger
    statement: str  #: the paper's statement, paraphrased
    asks: str
    brief: str = ""  #: the question in few words, for a page that links to it
    opened: dt.date
    closes: dt.date
    written: dt.date  #: when this entry was written: later than ``closes`` means with hindsight
    record: Record | None = None  #: None where no record held can resolve it
    criterion: Criterion | None = None
    base: Base | None = None
    dependence: float = Field(default=0.5, ge=0, le=1)  #: of pieces within one cluster
    evidence: list[ForecastEvidence] = []
    movers: list[Mover] = []
    near_misses: list[str] = []
    needs: str = ""  #: what would resolve it, where no record does
    judged: float | None = Field(
        default=None, gt=0, lt=1
    )  #: a prior where no record gives a base rate
    judged_why: str = ""
    closing: Closing | None = None  #: of a question that pages resolved

    @model_validator(mode="after")
    def _whole(self) -> ForecastQuestion:
        if self.opened >= self.closes:
            raise ValueError("a question closes after it opens")
        if len(self.brief.split()) > BRIEF:
            raise ValueError(f"the brief form of a question has at most {BRIEF} words")
        if self.record is None:
            if not self.needs or self.judged is None or not self.judged_why:
                raise ValueError("without a record a question needs: needs, judged, judged_why")
        elif self.criterion is None or self.base is None:
            raise ValueError("a question with a record needs criterion and base")
        elif (self.criterion.form == "count") != bool(self.record.table):
            raise ValueError("a count asks rows of a table; level and rise ask a measure")
        elif (self.criterion.form == "month") != bool(self.record.stream):
            raise ValueError("a month asks a stream of the watch, and a stream is asked by month")
        elif self.criterion.window and Period(self.criterion.window[1]).end > self.closes:
            raise ValueError(
                f"the window ends after the question closes: {self.criterion.window[1]}, {self.closes}"
            )
        return self


def read_questions(text: str, name: str) -> tuple[ForecastQuestion, ...]:
    """The questions of a TOML text.

    Raises
    ------
    DataError
        naming the file, the question and what is wrong with it.
    """
    try:
        entries = tomllib.loads(text).get("question", [])
    except tomllib.TOMLDecodeError as e:
        raise DataError(
            f"is not TOML: {e}", file=name, cure="see docs/forecast.md for the form"
        ) from None
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise DataError(
            "holds no [[question]]", file=name, cure="see docs/forecast.md for the form"
        )
    questions: list[ForecastQuestion] = []
    for n, entry in enumerate(entries, 1):
        try:
            questions.append(ForecastQuestion(**entry))
        except ValidationError as e:
            first = e.errors()[0]
            at = ".".join(str(p) for p in first["loc"]) or None
            raise DataError(
                str(first["msg"]), file=name, row=f"question {entry.get('id', n)}", column=at
            ) from None
    ids = [q.id for q in questions]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise DataError(
            f"appears twice: {', '.join(twice)}", file=name, cure="give each question its own id"
        )
    if not questions:
        raise DataError(
            "holds no [[question]]", file=name, cure="see docs/forecast.md for the form"
        )
    return tuple(questions)


@cache
def built_in() -> tuple[ForecastQuestion, ...]:
    """The questions that come with bilat: the paper's forward statements, and the open ones."""
    folder = resources.files("bilat.forecast").joinpath("sets")
    return tuple(
        q
        for name in ("paper.toml", "open.toml", "year.toml")
        for q in read_questions(folder.joinpath(name).read_text("utf-8"), f"forecast/sets/{name}")
    )


def questions(path: Path | None = None) -> tuple[ForecastQuestion, ...]:
    """The questions of a file; without one, those that come with bilat.

    Raises
    ------
    DataError
        if the file cannot be read or breaks the form.
    """
    if path is None:
        return built_in()
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise DataError(
            f"cannot be read ({e})", file=path, cure="name a TOML file in UTF-8"
        ) from None
    return read_questions(text, str(path))


def one(asked: tuple[ForecastQuestion, ...], id: str) -> ForecastQuestion:
    """The question of that id.

    Raises
    ------
    UsageError
        if there is none.
    """
    for q in asked:
        if q.id.casefold() == id.casefold():
            return q
    raise UnknownName(f"no question {id!r}: choose from {', '.join(q.id for q in asked)}")
