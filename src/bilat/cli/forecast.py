# SPDX-License-Identifier: Apache-2.0
"""``bilat forecast``: questions with probabilities, updates, resolutions and scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json

if TYPE_CHECKING:
    from bilat.forecast import Forecast

forecast_app = typer.Typer(
    help="Questions: probabilities, updates, resolutions, scores.", no_args_is_help=True
)

QuestionsOption = Annotated[
    Path | None,
    typer.Option("--questions", metavar="FILE", help="Your own question file (TOML); default: bilat's."),
]
LogOption = Annotated[
    Path, typer.Option("--log", metavar="FILE", help="The log of updates (append-only JSON lines).")
]
IdArgument = Annotated[str, typer.Argument(help="Id of a question; see: bilat forecast list.")]
DEFAULT_LOG = Path("forecasts.jsonl")


def _all(
    file: Path | None, log: Path, as_of: str | None, holdings: Path | None, only: str | None = None
) -> list[Forecast]:
    from bilat.forecast import forecast, forecasts, questions
    from bilat.forecast.questions import one
    from bilat.forecast.updates import UpdateLog
    from bilat.when import AsOf

    asked = questions(file)
    when, store = AsOf(as_of), held(holdings)
    given = list(UpdateLog(log).entries())
    if only is not None:  # asked for by name: whatever its opening
        return [forecast(one(asked, only), as_of=when, holdings=store, updates=given)]
    return forecasts(when, store, asked=asked, updates=given)


@forecast_app.command("list")
def list_(
    questions: QuestionsOption = None,
    log: LogOption = DEFAULT_LOG,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not yet observable.")] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Every question with its probability at the opening and what came."""
    from bilat.forecast.asked import WAITING

    asked = _all(questions, log, as_of, holdings)
    if open_only:
        asked = [f for f in asked if f.outcome.status == WAITING]
    if as_json:
        print_json([f.to_json() for f in asked])
    else:
        from bilat.terminal.forecast import show_list

        show_list(asked)


@forecast_app.command()
def show(
    id: IdArgument,
    questions: QuestionsOption = None,
    log: LogOption = DEFAULT_LOG,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """One question: criterion, base rate, evidence with its rows, outcome, and what would move it."""
    found = _all(questions, log, as_of, holdings, id)[0]
    if as_json:
        print_json(found.to_json())
    else:
        from bilat.terminal.forecast import show_question

        show_question(found)


@forecast_app.command()
def update(
    id: IdArgument,
    p: Annotated[float, typer.Option("--p", metavar="P", help="Your probability of yes, such as 0.35.")],
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who forecasts.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why.")],
    questions: QuestionsOption = None,
    log: LogOption = DEFAULT_LOG,
    as_json: JsonOption = False,
) -> None:
    """Put a probability of yours into the log; the latest of each forecaster counts."""
    import dataclasses

    from bilat.forecast import questions as read
    from bilat.forecast.questions import one
    from bilat.forecast.updates import UpdateLog

    asked = one(read(questions), id)
    entry = UpdateLog(log).add(asked.id, p, who, why)
    if as_json:
        print_json({**dataclasses.asdict(entry), "hash": UpdateLog(log).digest(entry)})
    else:
        typer.echo(f"{entry.question}: {entry.who} gives {entry.probability:g}; in {log}")
        if entry.when[:10] > str(asked.closes):
            typer.echo(f"it closed on {asked.closes}: the entry stands in the log and counts for nothing")


@forecast_app.command()
def resolve(
    id: Annotated[str | None, typer.Argument(help="Id of one question; default: all.")] = None,
    questions: QuestionsOption = None,
    log: LogOption = DEFAULT_LOG,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Yes, no or not yet observable, by the stated rule, with the rows that decide."""
    outcomes = _all(questions, log, as_of, holdings, id)
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


@forecast_app.command()
def score(
    questions: QuestionsOption = None,
    log: LogOption = DEFAULT_LOG,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Brier and log scores against base rate and persistence, and what the Brier score is made of."""
    from bilat.forecast import score as scored

    found = scored(_all(questions, log, as_of, holdings))
    if as_json:
        print_json(found.to_json())
    else:
        from bilat.terminal.forecast import show_scores

        show_scores(found)


@forecast_app.command()
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
