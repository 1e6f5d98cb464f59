# SPDX-License-Identifier: Apache-2.0
"""Commands of ``watch``: dated questions with probabilities, resolutions and scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json

if TYPE_CHECKING:
    from bilat.forecast import Forecast

QuestionsOption = Annotated[
    Path | None,
    typer.Option("--questions", metavar="FILE", help="Your own question file (TOML); default: bilat's."),
]
IdArgument = Annotated[str, typer.Argument(help="Id of a question; see: bilat watch list.")]


def _all(
    file: Path | None, as_of: str | None, holdings: Path | None, only: str | None = None
) -> list[Forecast]:
    from bilat.forecast import forecast, forecasts, questions
    from bilat.forecast.questions import one
    from bilat.when import AsOf

    asked = questions(file)
    when, store = AsOf(as_of), held(holdings)
    if only is not None:  # asked for by name: whatever its opening
        return [forecast(one(asked, only), as_of=when, holdings=store)]
    return forecasts(when, store, asked=asked)


def list_(
    questions: QuestionsOption = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not yet observable.")] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Every question with its probability at the opening and what came."""
    from bilat.forecast.asked import WAITING

    asked = _all(questions, as_of, holdings)
    if open_only:
        asked = [f for f in asked if f.outcome.status == WAITING]
    if as_json:
        print_json([f.to_json() for f in asked])
    else:
        from bilat.terminal.forecast import show_list

        show_list(asked)


def show(
    id: IdArgument,
    questions: QuestionsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """One question: criterion, base rate, evidence with its rows, outcome, and what would move it."""
    found = _all(questions, as_of, holdings, id)[0]
    if as_json:
        print_json(found.to_json())
    else:
        from bilat.terminal.forecast import show_question

        show_question(found)


def resolve(
    id: Annotated[str | None, typer.Argument(help="Id of one question; default: all.")] = None,
    questions: QuestionsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Yes, no or not yet observable, by the stated rule, with the rows that decide."""
    outcomes = _all(questions, as_of, holdings, id)
    if as_json:
        print_json(
            [
                {
                    "id": f.question.id,
                    "outcome": f.outcome.status,
                    "why": f.outcome.why,
                    "rows": [{"row": s.where, "known_on": str(s.known_on)} for s in f.outcome.rows],
                }
                for f in outcomes
            ]
        )
    else:
        from bilat.terminal.forecast import show_outcomes

        show_outcomes(outcomes)


def score(
    questions: QuestionsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Brier and log scores against base rate and persistence."""
    from bilat.forecast import score as scored

    found = scored(_all(questions, as_of, holdings))
    if as_json:
        print_json(found.to_json())
    else:
        from bilat.terminal.forecast import show_scores

        show_scores(found)


def durability(
    as_of: AsOfOption = None, as_json: JsonOption = False, holdings: HoldingsOption = None
) -> None:
    """The tie as a forecast: what would have to fall."""
    from bilat.forecast.durability import durability as fall
    from bilat.when import AsOf

    lasting = fall(AsOf(as_of), held(holdings))
    if as_json:
        print_json(lasting.to_json())
    else:
        from bilat.terminal.forecast import show_durability

        show_durability(lasting)


def add_forecasts(app: typer.Typer) -> None:
    """Hang the commands on a group."""
    app.command("list")(list_)
    for verb in (show, resolve, score, durability):
        app.command()(verb)
