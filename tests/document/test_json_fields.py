# SPDX-License-Identifier: Apache-2.0
"""Fields of an answer in JSON are chosen by name; an unknown one is refused with those that stand there."""

import json

import pytest
from typer.testing import CliRunner

from bilat.cli import application
from bilat.document.json_fields import chosen
from bilat.errors import UsageError

ANSWER = {"title": "x", "data": {"unit": "%", "points": [{"period": "2022", "value": 1.0}] * 2}}


def test_named_fields_are_kept_and_lists_are_passed_through() -> None:
    assert chosen(ANSWER, "title") == {"title": "x"}
    assert chosen(ANSWER, "data.points.value, data.unit") == {
        "data": {"points": [{"value": 1.0}, {"value": 1.0}], "unit": "%"}
    }
    assert chosen(ANSWER, "") == ANSWER


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("titel", "the answer has no field 'titel'. Choose from: title, data"),
        (
            "data.points.valu",
            "the answer's data.points has no field 'valu'. Choose from: period, value",
        ),
        ("title.text", "the answer's title has no fields of its own"),
    ],
)
def test_an_unknown_field_names_those_that_stand_there(fields: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        chosen(ANSWER, fields)


def test_a_command_prints_the_named_fields_alone() -> None:
    asked = ["ask", "votes.agreement", "--fields", "title,data.unit"]
    done = CliRunner().invoke(application(), asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["data"] == {"unit": "percent of common votes"}
    done = CliRunner().invoke(application(), [*asked[:-1], "data.nothing"])
    assert done.exit_code != 0
