# SPDX-License-Identifier: Apache-2.0
"""Questions as commands: options from a question's fields, and those of every command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

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


def add(app: typer.Typer, question: type[Question]) -> None:
    """Add the command that asks a question to an application."""
    answered, more = _answering(question)
    own = {(p.option or p.name).replace("-", "_") for p in question.parameters()}
    wanted = {*question.options, *(["pair"] * question.pair), *(["team"] * question.team), *more}
    if "as_json" in wanted:
        wanted.add("fields")
    options = {k: v for k, v in {**more, **_FRAME, **more}.items() if k in wanted - own}
    help_text = f"{docstring(question)}\n\nFor example: {'; '.join(question.examples)}"
    kind = _command_class(question)
    app.command(question.verb[-1], cls=kind, help=help_text)(_command(question, answered, options))


def _answering(question: type[Question]) -> tuple[Callable[..., None], dict[str, tuple[Any, Any]]]:
    """What puts the answer where it is wanted, and the options that this needs of its own."""
    if question.verb == ("screen",):
        from bilat.cli.screening import KeyOption, ReceiptOption, RowsOption, screen

        own = {"receipt": (ReceiptOption, None), "key": (KeyOption, None)}
        return screen, {"out": (RowsOption, None), **own}
    if question.verb[0] == "plan" and "param" in {p.name for p in question.parameters()}:
        from bilat.cli.plans import OPTIONS, answer_plan

        return answer_plan, OPTIONS
    return answer, {}


def _command_class(question: type[Question]) -> type[TyperCommand]:
    """The class of a command: one whose options take two words where a field is written so."""
    paired = frozenset(f"--{p.option or p.name}" for p in question.parameters() if p.words == 2)
    return type("Paired", (TakesPairs,), {"paired": paired}) if paired else TyperCommand


class TakesPairs(TyperCommand):
    """A command some of whose options take two words, each time that they stand."""

    paired: frozenset[str] = frozenset()

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        out = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word in self.paired and len(rest) >= 2 and not {"-", ","} & {*rest[0]}:
                word = f"{word}={rest.pop(0)},{rest.pop(0)}"
            out.append(word)
        return super().parse_args(ctx, out)


def _command(
    question: type[Question], answered: Callable[..., None], options: Mapping[str, tuple[Any, Any]]
) -> Callable[..., None]:
    parameters = question.parameters()

    def run(**given: Any) -> None:
        frame = {k: given.pop(k) for k in options}
        asked = {
            p.name: given[_name(p)] for p in parameters if given[_name(p)] not in (None, [], ())
        }
        answered(question.read(asked), **frame)

    first = [_option(p) for p in parameters if p.first]
    others = [_option(p) for p in parameters if not p.first]
    frame = [
        inspect.Parameter(name, _KEY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
    ]
    signature = [*first, *others, *frame]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature}
    return run


_KEY = inspect.Parameter.KEYWORD_ONLY
_FRAME: dict[str, tuple[Any, Any]] = {
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


def _name(p: Parameter) -> str:
    return p.name.replace("-", "_")


def _option(p: Parameter) -> inspect.Parameter:
    """A field as Typer has it: a text that the question itself reads, so that no door checks it."""
    kind: Any = bool if p.kind is bool else list[str] if p.many else str
    shown = None if p.default in ("", (), None) else str(p.default)
    common: Callable[..., Any] = partial(
        typer.Argument if p.first else typer.Option,
        help=p.about,
        metavar=p.what or None,
        show_default=shown or False,
        autocompletion=_completion(p),
    )
    short = [f"-{p.short}"] if p.short else []
    option: Any = common() if p.first else common(f"--{p.option or p.name}", *short)
    return inspect.Parameter(
        _name(p), _KEY, default=None, annotation=Annotated[kind | None, option]
    )


def _completion(p: Parameter) -> Callable[[str], list[str]] | None:
    """What a shell is offered for a field; None where nothing is known."""
    if not (p.choice or p.literal or p.suggest):
        return None
    return lambda incomplete: [w for w in p.completions if w.startswith(incomplete)]
