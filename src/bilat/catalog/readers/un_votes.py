# SPDX-License-Identifier: Apache-2.0
"""Every state's vote in every roll call of the General Assembly, from an R file without dates."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.rdata import RVector, frame
from bilat.places import country_or_none
from bilat.places.cow import SERBIA_FROM, seat

#: Codes and names of states that ISO 3166 has dropped or never had.
PAST = {"CS": "CSK", "DD": "DDR", "YU": "YUG", "YD": "YMD", "Yemen Arab Republic": "YAR"}


#: A year after which no code of a state has changed.
_TODAY = 9999
_ANSWERS = {"yes", "abstain", "no"}


@dataclass(frozen=True)
class _Votes:
    """The votes of the file, one beside the other, sorted by roll call and state.

    Parameters
    ----------
    roll_call
        the id of each row's roll call.
    state
        the number of the state in ``labels``.
    labels
        codes of states, or the publisher's name where there is no code.
    answer
        the number of the answer in ``answers``, from 0.
    answers
        yes, abstain and no, in the publisher's order.
    """

    roll_call: np.ndarray
    state: np.ndarray
    labels: list[str]
    answer: np.ndarray
    answers: list[str]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield a row for each state and roll call in which it voted, sorted by roll call.

    The year of a roll call is that of the run it falls in: the option ``years`` gives, for each run
    of roll calls of one calendar year, the first roll call's id and the year (``3:1946 46:1947
    ...``). A vote counts as known on the last day of its year.
    """
    votes = _votes(opened)
    calls, call_of_row = np.unique(votes.roll_call, return_inverse=True)
    years = _years(opened, calls)
    labels, state = _with_successors(votes, np.array(list(map(int, years)))[call_of_row])
    n = len(call_of_row)

    def of_call(values: Sequence[object], kind: pa.DataType) -> pa.Array:
        return _spread(call_of_row, pa.array(values, kind))

    columns = {
        "body": pa.repeat("GA", n),
        "rollcall": of_call([str(call) for call in calls], pa.string()),
        "country": _spread(state, pa.array(labels, pa.string())),
        "vote": _spread(votes.answer, pa.array(votes.answers, pa.string())),
        "period": of_call(years, pa.string()),
        "kind": pa.repeat("reported", n),
        "locator": of_call([f"rcid {call}" for call in calls], pa.string()),
        "known_on": of_call([dt.date(int(year), 12, 31) for year in years], pa.date32()),
        "known_basis": pa.repeat("published", n),
    }
    schema = table("votes").schema(stamped=False)
    arrays = [columns.get(field.name, pa.nulls(n, field.type)) for field in schema]
    yield "votes", pa.table(arrays, schema=schema)


def _spread(place: np.ndarray, values: pa.Array) -> pa.Array:
    """Return the value of each row, by its place among the values."""
    return pa.DictionaryArray.from_arrays(place.astype("i4"), values).dictionary_decode()


def _votes(opened: Opened) -> _Votes:
    """Read the file, and refuse what is no vote."""
    data = frame(opened.path, "un_votes")
    missing = [c for c in ("rcid", "country", "country_code", "vote") if c not in data]
    if missing:
        raise DataError(f"{opened.file.path}: lacks column {missing[0]!r}: check the download")
    answers = data["vote"].levels
    if set(answers) != _ANSWERS:
        raise opened.refuse(
            "levels", "vote", answers, "are not yes, abstain and no. Check the download"
        )
    answer = data["vote"].values
    outside = np.flatnonzero((answer < 1) | (answer > len(answers)))
    if len(outside):
        at = int(outside[0])
        raise opened.refuse(at + 1, "vote", int(answer[at]), "is not a vote. Check the download")
    roll_call = data["rcid"].values.astype("i8")
    labels, state = np.unique(_codes_or_names(data), return_inverse=True)
    order = np.lexsort((state, roll_call))
    return _Votes(
        roll_call=roll_call[order],
        state=state[order],
        labels=[PAST.get(label) or country_or_none(label) or label for label in labels],
        answer=answer[order] - 1,
        answers=list(answers),
    )


def _codes_or_names(data: Mapping[str, RVector]) -> np.ndarray:
    """Return the code of each row's state, or its name where it has no code."""
    both = zip(data["country_code"].values, data["country"].values, strict=True)
    return np.array([name if code is None else code for code, name in both], dtype=str)


def _years(opened: Opened, calls: np.ndarray) -> list[str]:
    """Return the year of each roll call, by the runs of the option ``years``."""
    runs = [pair.split(":") for pair in opened.file.options["years"].split()]
    first_calls = [int(first) for first, _ in runs]
    if len(calls) and calls[0] < first_calls[0]:
        raise opened.refuse(1, "rcid", int(calls[0]), "stands before the first dated roll call")
    return [runs[bisect.bisect_right(first_calls, int(call)) - 1][1] for call in calls]


def _with_successors(votes: _Votes, year: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the labels and the state of each row, where a seat has passed to another state."""
    labels = list(votes.labels)
    state = votes.state
    for number, code in enumerate(votes.labels):
        successor = seat(code, _TODAY)
        if successor == code:
            continue
        labels.append(successor)
        has_passed = (state == number) & (year >= SERBIA_FROM)
        state = np.where(has_passed, len(labels) - 1, state)
    return labels, state
