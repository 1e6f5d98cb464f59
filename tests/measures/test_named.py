# SPDX-License-Identifier: Apache-2.0
"""Names of measures complete, and each function has the measure's own parameters."""

import inspect

import pytest

import bilat.measures
from bilat import ask
from bilat.errors import UsageError
from bilat.measures import measures


def test_every_measure_is_reached_by_names_that_complete() -> None:
    for name, spec in measures().items():
        family, thing = name.split(".", 1)
        assert family in dir(bilat.measures) and thing in dir(getattr(bilat.measures, family))
        function = getattr(getattr(bilat.measures, family), thing)
        asked = inspect.signature(function).parameters
        assert list(asked) == ["pair", "as_of", *spec.arguments.values()] and spec.title in (
            function.__doc__ or ""
        )


def test_a_function_answers_as_ask_does() -> None:
    made = bilat.measures.transfers.tiv(("RUS", "CHN"), as_of="2026-11-24", years="2020-")  # type: ignore[attr-defined]
    assert (
        made.points
        == ask("transfers.tiv", ("RUS", "CHN"), as_of="2026-11-24", years="2020-").points
    )
    with pytest.raises(UsageError, match="no parameter"):
        bilat.measures.transfers.tiv(no_such=1)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="tiv"):
        bilat.measures.transfers.no_such  # type: ignore[attr-defined]  # noqa: B018
