# SPDX-License-Identifier: Apache-2.0
"""Parameters: what may be asked of a measure, a model or a verb, read from an annotated signature or dataclass.

What a person types is turned into the annotated type, and refused, here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from bilat.errors import UsageError
from bilat.places import country
from bilat.when import Period, Window, Years


@dataclass(frozen=True)
class Parse:
    """A type that reads its own text: ``read`` gives the value or raises UsageError."""

    read: Callable[[str], Any]
    says: str  #: what a value looks like


@dataclass(frozen=True)
class Range:
    """The numbers that are allowed, both ends included."""

    least: float
    most: float


@dataclass(frozen=True)
class Written:
    """How a person writes the parameter: ``first`` without its name, ``short`` by one letter, as
    ``option`` where the command line has another name for it, in so many ``words``; ``what`` stands
    in help for a value."""

    first: bool = False
    short: str = ""
    what: str = ""
    option: str = ""
    words: int = 1


@dataclass(frozen=True)
class Choice:
    """Choices that are data and not written in the signature, as the kinds of exercise in a TOML table."""

    allowed: Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Local:
    """Marks a field that only the command on this machine may set: its files, its processor, what
    no marking is applied to. Pages, tools and the HTTP interface do not offer it. A field whose
    type is ``Path`` is local without the mark."""


@dataclass(frozen=True)
class Suggest:
    """Marks a text with what a shell may complete it to; other texts are allowed too."""

    values: Callable[[], Iterable[str]]


@dataclass(frozen=True)
class OrFile:
    """Marks a text that names a file of this machine unless it begins with a known name, up to a
    colon. A reader of a page, tool or interface may write the known names only."""

    known: Callable[[], Iterable[str]]


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a date. Write YYYY-MM-DD") from None


def _past_day(text: str) -> str:
    day = _day(text)
    today = dt.date.today()
    if day > today.isoformat():
        raise UsageError(f"{day} is in the future; today is {today}")
    return day


def _length(length: int, form: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            if len(text) == length:
                return Period(text).text
        except UsageError:
            pass
        raise UsageError(f"{text!r} is not a {form}")

    return read


def _plain(value: float) -> str:
    """Return a limit as a reader writes it: ``1,000,000`` and not ``1e+06``."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as e:
        raise UsageError(f"{text!r} is not a regular expression: {e}") from None
    return text


#: A state or group, by code or English name; the measure sees its code. Blank only where the default is.
State = Annotated[str, Parse(country, "a state: RUS, Russia")]
#: States joined by commas; the measure sees a tuple of codes, each once.
States = Annotated[tuple[str, ...], Parse(country, "states joined by commas: RUS,CHN,IRN")]
#: A day YYYY-MM-DD as text. Blank only where the default is.
Day = Annotated[str, Parse(_day, "a day: 2022-02-24")]
PastDay = Annotated[str, Parse(_past_day, "a day until today: 2022-02-24")]

#: A year YYYY, a month YYYY-MM, as text. Blank only where the default is.
Year = Annotated[str, Parse(_length(4, "year; write 2022"), "a year: 2022")]
Month = Annotated[str, Parse(_length(7, "month; write 2022-03"), "a month: 2022-03")]
#: A regular expression.
Pattern = Annotated[str, Parse(_pattern, "a regular expression")]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a measure or a question: its name, type, default, choices and meaning."""

    name: str
    kind: type  #: str, int, float, bool, Path, Window or Years; of the members where ``many``
    default: Any
    about: str
    many: bool = False  #: a list joined by commas
    parse: Parse | None = None
    choice: Choice | None = None
    literal: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    first: bool = False  #: written without its name, in the order of the fields
    short: str = ""
    what: str = ""
    option: str = ""
    words: int = 1
    local: bool = False  #: only the command on this machine may set it
    or_file: OrFile | None = None
    suggest: Suggest | None = None

    @property
    def completions(self) -> tuple[str, ...]:
        """What a shell may complete it to."""
        return tuple(self.suggest.values()) if self.suggest else self.choices

    @property
    def choices(self) -> tuple[str, ...]:
        """What is allowed; () where anything is that has the type."""
        return self.literal or (tuple(self.choice.allowed()) if self.choice else ())

    @property
    def form(self) -> str:
        """What may be written, for help and documents."""
        if self.choices:
            named = ", ".join(choice for choice in self.choices if choice)
            return named + (" joined by commas" if self.many else "")
        if self.parse:
            return self.parse.says
        if issubclass(self.kind, Window):
            return (
                "years: 2014-2021"
                if self.kind is Years
                else "a window: 2014-2021, 2022-03..2023-02"
            )
        if self.least is not None and self.most is not None:
            return f"a number from {_plain(self.least)} to {_plain(self.most)}"
        return {
            bool: "true or false",
            int: "a whole number",
            float: "a number",
            Path: "a file",
        }.get(self.kind, "texts joined by commas" if self.many else "text")

    def check_no_file(self, text: str) -> None:
        """Refuse a text by which a reader of another machine would open a file of this one.

        Raises
        ------
        UsageError
            naming what may be written.
        """
        if self.or_file is None or text.partition(":")[0] in (known := [*self.or_file.known()]):
            return
        raise UsageError(f"{self.name} {text[:40]!r} is not known. Choose from: {', '.join(known)}")

    def value(self, given: Any) -> Any:
        """The typed value of what was given.

        Raises
        ------
        UsageError
            saying what is allowed.
        """
        if self.many:
            parts = given.split(",") if isinstance(given, str) else given
            if not isinstance(parts, Iterable):
                raise UsageError(f"{given!r} is not a list. Write {self.form}")
            return tuple(dict.fromkeys(self._one(str(p).strip()) for p in parts if str(p).strip()))
        return self._one(given)

    def _one(self, given: Any) -> Any:
        if given == self.default and type(given) is type(self.default):
            return given
        if isinstance(given, bool) and self.kind is not bool:
            raise UsageError(f"{given!r} is not allowed. Write {self.form}")
        if issubclass(self.kind, Window):
            return self._window(given)
        if self.kind is bool:
            return self._truth(given)
        if self.kind in (int, float):
            try:
                number = self.kind(str(given))
            except ValueError:
                raise UsageError(f"{given!r} is not allowed. Write {self.form}") from None
            if self.choices and str(number) not in self.choices:
                raise UsageError(f"{given!r} is not allowed. Use {self.form}")
            if (self.least is not None and number < self.least) or (
                self.most is not None and number > self.most
            ):
                raise UsageError(f"{given}: write {self.form}")
            return number
        if self.kind is Path:
            return None if given in (None, "") else Path(given)
        text = str(given)
        if self.choices and text not in self.choices:
            raise UsageError(f"{text!r} is not allowed. Use {self.form}")
        return self.parse.read(text) if self.parse else text

    def _window(self, given: Any) -> Window:
        window = given if isinstance(given, Window) else Window.parse(str(given))
        return Years(window.first, window.last) if self.kind is Years else window

    def _truth(self, given: Any) -> bool:
        if isinstance(given, bool):
            return given
        truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if str(given).lower() not in truth:
            raise UsageError(f"{given!r} is not allowed. Write true or false")
        return truth[str(given).lower()]


def text_of(value: Any) -> Any:
    """A parameter's value as a person writes it: lists by commas, windows by their text."""
    if isinstance(value, (tuple, list)):
        return ",".join(str(v) for v in value)
    return str(value) if isinstance(value, Window) else value


def parameter_of(asked: str, hint: Any, default: Any, about: str, whose: str) -> Parameter:
    """A parameter from its annotation, unwrapped layer by layer; ``whose`` names the declaration in an error.

    Raises
    ------
    AssertionError
        for a type that no text can be turned into.
    """
    literal: tuple[str, ...] = ()
    many = False
    marks_of: dict[str, Any] = {}
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *marks = get_args(hint)
            for mark in marks:
                if isinstance(mark, str):
                    about = about or mark
                else:
                    marks_of |= _meaning(mark)
        elif origin is tuple and get_args(hint)[1:] == (...,):
            many = True
            hint = get_args(hint)[0]
        elif origin is Literal:
            literal = tuple(str(v) for v in get_args(hint))
            hint = type(get_args(hint)[0])
        elif origin in (Union, UnionType) and {*get_args(hint)} == {Path, NoneType}:
            hint = Path
        elif origin in (Union, UnionType) or not isinstance(hint, type):
            raise AssertionError(
                f"{whose}: parameter {asked} has a type that no text can be turned into"
            )
        else:
            break
    if not issubclass(hint, (str, int, float, Window, Path)):
        raise AssertionError(
            f"{whose}: parameter {asked} has a type that no text can be turned into"
        )
    marks_of["local"] = marks_of.get("local", False) or issubclass(hint, Path)
    return Parameter(asked, hint, default, about, many, literal=literal, **marks_of)


def _meaning(mark: object) -> dict[str, object]:
    """What a mark of an annotation says of a parameter, by the parameter's own fields."""
    match mark:
        case Parse():
            return {"parse": mark}
        case Choice():
            return {"choice": mark}
        case Range(least=least, most=most):
            return {"least": least, "most": most}
        case Written():
            return {f.name: getattr(mark, f.name) for f in fields(mark)}
        case Local():
            return {"local": True}
        case OrFile():
            return {"or_file": mark}
        case Suggest():
            return {"suggest": mark}
    return {}
