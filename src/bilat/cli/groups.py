# SPDX-License-Identifier: Apache-2.0
"""Groups of commands that are commands themselves: ``screen FILE`` beside ``screen decide LOG``."""

from __future__ import annotations

import sys

import typer
from typer.core import TyperGroup


class AsGroup(typer.Context):
    """The context of a group's first command, which has no word of its own."""

    @property
    def command_path(self) -> str:
        return self.parent.command_path if self.parent else ""


class First(TyperGroup):
    """A group whose words go to its first command where they do not begin with the name
    of another.
    """

    def __init__(self, **attributes) -> None:  # type: ignore[no-untyped-def]
        super().__init__(**attributes)
        first, *others = self.commands.values()
        self.help = first.help
        self.no_args_is_help = False
        first.context_class = AsGroup
        first.epilog = "See also: " + "; ".join(f"`{self.name} {c.name}`" for c in others)

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        if not args or args[0] not in self.commands:
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]
        name, found, rest = super().resolve_command(ctx, args)
        return ("" if name == next(iter(self.commands)) else name), found, rest


def group(app: typer.Typer, name: str, about: str = "") -> typer.Typer:
    """A group of commands; one without words ``about`` it is its first command."""
    made = typer.Typer(
        cls=None if about else First, help=about or None, no_args_is_help=bool(about)
    )
    app.add_typer(made, name=name)
    return made


#: The last day on which commands and options of earlier versions run: docs/deprecations.md.
LAST_DAY = "30 June 2027"

#: Commands of earlier versions by their words, and those of today.
_RENAMED = {
    "backfill": "plan backfill",
    "blockade": "plan blockade",
    "compare": "ask compare",
    "decide": "screen decide",
    "dissent": "team dissents",
    "dissent add": "team dissent",
    "dissent list": "team dissents",
    "exposure": "plan exposure",
    "export": "write export",
    "forecast": "watch",
    "import": "team import",
    "letter": "write letter",
    "mark": "team mark",
    "measure": "ask",
    "owners": "screen owners",
    "profile": "ask profile",
    "regenerate": "plan recovery",
    "report": "write report",
    "rescreen": "screen",
    "trace": "ask",
    "watch resolve": "watch show",
    "watchlist": "lists",
}


#: Options of earlier versions, by the command of today.
_OPTIONS = {
    "screen decide": {"--reason": "--why"},
    "write report": {"--pdf": "--out", "--annex": "--why"},
    "lists diff": {"--atom": "--out"},
    "watch": {"--from": "--since"},
}


def replace_old_words(given: list[str]) -> list[str]:
    """The words of a command with those of an earlier version replaced; today's are named on the
    error stream.
    """
    given = _commands(given)
    for words in (" ".join(given[:2]), *given[:1]):
        for old, now in _OPTIONS.get(words, {}).items():
            if old in given:
                _note(old, now)
                given = [now if w == old else w for w in given]
    return given


def _note(old: str, now: str) -> None:
    print(f"bilat: note: {old} is now: {now} (until {LAST_DAY})", file=sys.stderr)


def _commands(given: list[str]) -> list[str]:
    for words in (given[:2], given[:1]):
        if now := _RENAMED.get(old := " ".join(words)):
            _note(old, f"bilat {now}")
            return [*now.split(), *given[len(words) :], *(["--rows"] if old == "trace" else [])]
    return given
