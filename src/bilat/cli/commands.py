# SPDX-License-Identifier: Apache-2.0
"""Questions as commands: options from a question's fields, and those of every command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeAlias

import typer
from typer.core import TyperCommand

from bilat.cli.answers import OutOption, WhyOption, answer
from bilat.cli.options import (
    AsOfOption,
    FieldsOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
)
from bilat.document import Parameter, Question
from bilat.document.docstrings import docstring

#: Name of an option -> its annotation for Typer, and its default.
Options: TypeAlias = dict[str, tuple[Any, Any]]

#: Options that do not belong to a question: what is asked within, and where the answer goes.
_COMMON: Options = {
    "pair": (Pair, None),
    "as_of": (AsOfOption, None),
    "why": (WhyOption, False),
    "out": (OutOption, None),
    "team": (TeamOption, None),
    "marking": (MarkingOption, None),
    "as_json": (JsonOption, False),
    "fields": (FieldsOption, ""),
    "holdings": (HoldingsOption, None),
}


def add(app: typer.Typer, question: type[Question]) -> None:
    """Add the command that asks a question to an application."""
    deliver, more = _delivery(question)
    run = _command(question, deliver, _options(question, more))
    help_text = f"{docstring(question)}\n\nFor example: {'; '.join(question.examples)}"
    command_class = _command_class(question)
    app.command(question.verb[-1], cls=command_class, help=help_text)(run)


def _options(question: type[Question], more: Options) -> Options:
    """Return the options of a command beside the fields of its question, in the order of help."""
    fields = {(p.option or p.name).replace("-", "_") for p in question.parameters()}
    wanted = {*question.options, *more}
    if question.pair:
        wanted.add("pair")
    if question.team:
        wanted.add("team")
    if "as_json" in wanted:
        wanted.add("fields")
    own_first = [*more, *(name for name in _COMMON if name not in more)]
    known = {**_COMMON, **more}
    return {name: known[name] for name in own_first if name in wanted - fields}


def _delivery(question: type[Question]) -> tuple[Callable[..., None], Options]:
    """Return what brings the answer to where it is wanted, and the options that this needs."""
    if question.verb == ("screen",):
        from bilat.cli.screening import KeyOption, ReceiptOption, RowsOption, screen

        options: Options = {
            "out": (RowsOption, None),
            "receipt": (ReceiptOption, None),
            "key": (KeyOption, None),
        }
        return screen, options
    if question.verb[0] == "plan" and "param" in {p.name for p in question.parameters()}:
        from bilat.cli.plans import OPTIONS, answer_plan

        return answer_plan, OPTIONS
    return answer, {}


class TakesPairs(TyperCommand):
    """A command some of whose options take two words, each time they are written."""

    paired: frozenset[str] = frozenset()

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        joined = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word in self.paired and self._is_pair(rest):
                word = f"{word}={rest.pop(0)},{rest.pop(0)}"
            joined.append(word)
        return super().parse_args(ctx, joined)

    @staticmethod
    def _is_pair(rest: list[str]) -> bool:
        """Return whether two words follow that were not joined by the user."""
        return len(rest) >= 2 and "-" not in rest[0] and "," not in rest[0]


def _command_class(question: type[Question]) -> type[TyperCommand]:
    """Return the class of a command: another one where a field is written as two words."""
    paired = frozenset(f"--{p.option or p.name}" for p in question.parameters() if p.words == 2)
    return type("Paired", (TakesPairs,), {"paired": paired}) if paired else TyperCommand


def _command(
    question: type[Question], deliver: Callable[..., None], options: Mapping[str, tuple[Any, Any]]
) -> Callable[..., None]:
    """Return the function that Typer runs, with the signature that it reads."""
    fields = question.parameters()

    def run(**given: Any) -> None:
        common = {name: given.pop(name) for name in options}
        written = {p.name: given[_name(p)] for p in fields}
        asked = {name: value for name, value in written.items() if value not in (None, [], ())}
        deliver(question.read(asked), **common)

    common = [
        inspect.Parameter(name, _KEY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
    ]
    arguments = [_option(p) for p in fields if p.first]
    others = [_option(p) for p in fields if not p.first]
    signature = [*arguments, *others, *common]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature}
    return run


_KEY = inspect.Parameter.KEYWORD_ONLY


def _name(field: Parameter) -> str:
    return field.name.replace("-", "_")


def _option(field: Parameter) -> inspect.Parameter:
    """Return a field as Typer has it: a text that the question itself reads and checks."""
    # A switch that is off needs no word on it.
    default = None if field.default in ("", (), None, False) else str(field.default)
    make: Callable[..., Any] = partial(
        typer.Argument if field.first else typer.Option,
        help=field.about,
        metavar=field.what or None,
        show_default=default or False,
        autocompletion=_completion(field),
    )
    option = make() if field.first else make(*_flags(field))
    written: Any = _text_type(field)
    annotation = Annotated[written | None, option]
    return inspect.Parameter(_name(field), _KEY, default=None, annotation=annotation)


def _flags(field: Parameter) -> list[str]:
    long = f"--{field.option or field.name}"
    return [long, f"-{field.short}"] if field.short else [long]


def _text_type(field: Parameter) -> Any:
    if field.kind is bool:
        return bool
    return list[str] if field.many else str


def _completion(field: Parameter) -> Callable[[str], list[str]] | None:
    """Return what a shell is offered for a field; None where nothing is known."""
    if not (field.choice or field.literal or field.suggest):
        return None
    return lambda incomplete: [word for word in field.completions if word.startswith(incomplete)]
