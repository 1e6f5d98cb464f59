# SPDX-License-Identifier: Apache-2.0
"""A question's criterion in words, written from the fields that are tested."""

from __future__ import annotations

import datetime as dt

from bilat.document.wording import period
from bilat.forecast.questions import Criterion, ForecastQuestion, Record


def criterion_in_words(question: ForecastQuestion) -> str:
    """When the answer is yes and when no: what :func:`bilat.forecast.resolution.resolve` tests, in words."""
    record = question.record
    criterion = question.criterion
    if record is None or criterion is None:
        if question.closing:
            return f"Pages resolved it: {', '.join(question.closing.pages)}."
        return f"None of our data can resolve it. Needed: {question.needs}."
    if criterion.form == "count":
        first, last = criterion.window or (question.opened + dt.timedelta(days=1), question.closes)
        said = (
            f"Yes if the record has at least {criterion.at_least:g} from {first} to {last}: "
            f"{_rows(record)}. "
            "No if it covers a later date and has fewer."
        )
    elif criterion.form == "month":
        assert criterion.window is not None
        how = "above" if criterion.strict else "at least"
        said = (
            f"Yes if the figure of {period(criterion.window[0])} ({record.stream}) is {how} "
            f"{criterion.at_least:g}; no if it is not."
        )
    else:
        said = _figures(record, criterion)
    if criterion.known_by:
        said += f" What became public after {criterion.known_by} does not count."
    elif record.measure or record.table == "transfers":
        said += " The newest version on the day of the answer decides."
    if record.rule:
        said += f" Not counted: {record.rule.leaves_out}."
    return said


def _rows(record: Record) -> str:
    states = f" with {', '.join(record.members)} among the participants" if record.members else ""
    if record.rule:
        return f"{record.rule.says}; rows of {record.source}{states}"
    chosen = [f"{column} {' or '.join(values)}" for column, values in record.equals.items()]
    left = [f"{column} not {' or '.join(values)}" for column, values in record.without.items()]
    return f"rows of {record.source}{states}, {', '.join([*chosen, *left])}"


def _figures(record: Record, criterion: Criterion) -> str:
    assert criterion.window is not None
    first, last = criterion.window
    how = "above" if criterion.strict else "at least"
    group = f", {record.group}" if record.group else ""
    which = (
        f"the figure of {period(first)}"
        if first == last
        else f"the {criterion.statistic} of {first} to {last}"
    )
    if criterion.form == "rise":
        times = "" if criterion.at_least == 1 else f"{criterion.at_least:g} times "
        line = f"{times}that of {criterion.against}"
    else:
        line = f"{criterion.at_least:g}"
    given = "".join(f", {k} {v}" for k, v in criterion.params.items())
    said = f"Yes if {which} ({record.measure}{group}{given}) is {how} {line}; no if it is not."
    if criterion.interval == "clear":
        other = "the other figure's interval" if criterion.form == "rise" else "the line"
        said += f" Only an interval wholly on one side of {other} decides; otherwise the question cannot be decided."
    elif criterion.interval == "figure":
        said += f" The figure decides without its interval: {criterion.interval_why}."
    return said
