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

#: Options that belong to no question: the pair, date and records of the answer, and its form.
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


_KEY = inspect.Parameter.KEYWORD_ONLY


def add(app: typer.Typer, question: type[Question]) -> None:
    """Add the command that asks a question to an application."""
    deliver, more = _delivery(question)
    run = _command(question, deliver, _options(question, more))
    help_text = f"{docstring(question)}\n\nFor example: {'; '.join(question.examples)}"
    command_class = _command_class(question)
    app.command(question.verb[-1], cls=command_class, help=help_text)(run)


def _options(question: type[Question], more: Options) -> Options:
    """Return the options of a command besides the fields of its question, in the order of help.

    Parameters
    ----------
    more
        options of this command alone; one with the name of a common option replaces it.
    """
    wanted = {*question.options, *more}
    if question.pair:
        wanted.add("pair")
    if question.team:
        wanted.add("team")
    if "as_json" in wanted:
        wanted.add("fields")
    # A field of the question replaces a common option of the same name.
    wanted -= {(p.option or p.name).replace("-", "_") for p in question.parameters()}
    in_order = more | {name: option for name, option in _COMMON.items() if name not in more}
    return {name: option for name, option in in_order.items() if name in wanted}


def _delivery(question: type[Question]) -> tuple[Callable[..., None], Options]:
    """Return the function that answers a question and prints the answer, and its own options.

    Screening writes row by row, and the plans set assumptions; all others share one function.
    """
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
    """A command with options that take two words (``--with RUS IND``) or one (``RUS-IND``)."""

    paired: frozenset[str] = frozenset()

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        words = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word in self.paired and self._is_pair(rest):
                word = f"{word}={rest.pop(0)},{rest.pop(0)}"
            words.append(word)
        return super().parse_args(ctx, words)

    @staticmethod
    def _is_pair(rest: list[str]) -> bool:
        """Return whether the next two words are a pair: the first is no option and no pair."""
        return len(rest) >= 2 and "-" not in rest[0] and "," not in rest[0]


def _command_class(question: type[Question]) -> type[TyperCommand]:
    """Return the class of a command: its own if a field can be written as two words."""
    pairs = frozenset(f"--{p.option or p.name}" for p in question.parameters() if p.words == 2)
    if not pairs:
        return TyperCommand

    class PairedCommand(TakesPairs):
        paired = pairs

    return PairedCommand


def _command(
    question: type[Question], deliver: Callable[..., None], options: Mapping[str, tuple[Any, Any]]
) -> Callable[..., None]:
    """Return the function that Typer runs, with the signature that it reads."""
    fields = question.parameters()

    def run(**given: Any) -> None:
        of_command = {name: given[name] for name in options}
        of_question = {field.name: given[_name(field)] for field in fields}
        # Typer gives None or an empty list for what was not written.
        written = {k: value for k, value in of_question.items() if value not in (None, [], ())}
        deliver(question.read(written), **of_command)

    arguments = [_option(field) for field in fields if field.first]
    own_options = [_option(field) for field in fields if not field.first]
    common_options = [
        inspect.Parameter(name, _KEY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
    ]
    signature = [*arguments, *own_options, *common_options]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature}
    return run


def _name(field: Parameter) -> str:
    return field.name.replace("-", "_")


def _option(field: Parameter) -> inspect.Parameter:
    """Return the parameter of a command for a field, as text that the question then parses.

    Typer does not apply the default; it only shows it in the help. Blank, off and none are not
    shown.
    """
    has_default = field.default not in ("", (), None, False)
    make: Callable[..., Any] = partial(
        typer.Argument if field.first else typer.Option,
        help=field.about,
        metavar=field.what or None,
        show_default=str(field.default) if has_default else False,
        autocompletion=_completion(field),
    )
    option = make() if field.first else make(*_flags(field))
    text_type: Any = _text_type(field)
    annotation = Annotated[text_type | None, option]
    return inspect.Parameter(_name(field), _KEY, default=None, annotation=annotation)


def _flags(field: Parameter) -> list[str]:
    """Return the long name of an option, and the short one if it has one."""
    long = f"--{field.option or field.name}"
    return [long, f"-{field.short}"] if field.short else [long]


def _text_type(field: Parameter) -> Any:
    """Return the type that Typer parses: text or a list of texts, except for a switch."""
    if field.kind is bool:
        return bool
    return list[str] if field.many else str


def _completion(field: Parameter) -> Callable[[str], list[str]] | None:
    """Return what completes a word of a field in a shell; None if its words are not known."""
    if not (field.choice or field.literal or field.suggest):
        return None
    return lambda incomplete: [word for word in field.completions if word.startswith(incomplete)]
