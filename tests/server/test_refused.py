# SPDX-License-Identifier: Apache-2.0
"""The status of an answer hangs on the class of the error, and on no word of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bilat import AsOf, Dyad
from bilat.errors import (
    BilatError,
    Damaged,
    DataError,
    Unforeseen,
    UnknownName,
    UsageError,
    as_error,
)
from bilat.forecast.questions import one, questions
from bilat.measures import ask, default_holdings
from bilat.server.refusals import Refusal, status_of
from bilat.verdicts import judge


@pytest.mark.parametrize("line", ["no measure 'x'", "this should not happen", "was ist das", ""])
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (UsageError, 400),
        (UnknownName, 404),
        (DataError, 422),
        (Unforeseen, 500),
        (Damaged, 503),
        (BilatError, 500),
    ],
)
def test_whatever_an_error_says_its_class_gives_the_status(
    kind: type[BilatError], status: int, line: str
) -> None:
    assert status_of(kind(line)) == status
    assert status_of(Refusal(418, line)) == 418


@pytest.mark.parametrize(
    "asked",
    [
        lambda: ask("transfers.tivv"),
        lambda: judge(Dyad("RUS", "CHN"), AsOf(None), default_holdings(), "X99"),
        lambda: one(questions(), "nobody-asked"),
    ],
)
def test_a_name_that_nothing_has_is_an_error_of_its_own(asked: Callable[[], object]) -> None:
    with pytest.raises(UnknownName) as caught:
        asked()
    assert status_of(caught.value) == 404


def test_what_nobody_foresaw_is_an_error_of_its_own() -> None:
    assert status_of(as_error(ZeroDivisionError("x"))) == 500
    assert status_of(as_error(ZeroDivisionError("x"), Path("a.csv"))) == 422
    assert status_of(as_error(FileNotFoundError(2, "gone", "a.csv"))) == 422
