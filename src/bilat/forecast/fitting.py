# SPDX-License-Identifier: Apache-2.0
"""A question's criterion in words, written from the fields that are tested; and whether its dates fit each other."""

from __future__ import annotations

import datetime as dt

from bilat.forecast.questions import Criterion, Question, Record
from bilat.forecast.record import History
from bilat.when import Period, Window


def resolves_as(question: Question) -> str:
    """When the answer is yes and when no: what :func:`bilat.forecast.asked.resolve` tests, in words."""
    record, criterion = question.record, question.criterion
    if record is None or criterion is None:
        return f"No record held resolves it; needed: {question.needs}."
    if criterion.form == "count":
        first, last = criterion.window or (question.opened + dt.timedelta(days=1), question.closes)
        said = (
            f"Yes if the record has at least {criterion.at_least:g} from {first} to {last}: {_rows(record)}. "
            "No if it speaks past that and has fewer."
        )
    else:
        said = _figures(record, criterion)
    if criterion.known_by:
        said += f" What became known after {criterion.known_by} does not decide."
    elif record.measure or record.table == "transfers":
        said += " The newest edition on the day of the answer decides."
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
    which = f"the figure of {first}" if first == last else f"the {criterion.statistic} of {first} to {last}"
    if criterion.form == "rise":
        times = "" if criterion.at_least == 1 else f"{criterion.at_least:g} times "
        line = f"{times}that of {criterion.against}"
    else:
        line = f"{criterion.at_least:g}"
    given = "".join(f", {k} {v}" for k, v in criterion.params.items())
    said = f"Yes if {which} ({record.measure}{group}{given}) is {how} {line}; no if it is not."
    if criterion.interval == "clear":
        other = "the other figure's interval" if criterion.form == "rise" else "the line"
        said += (
            f" Only an interval that lies wholly on one side of {other} decides; else it is not decidable."
        )
    elif criterion.interval == "figure":
        said += f" The figure decides without an interval: {criterion.interval_why}."
    return said


def misfits(question: Question, past: History) -> list[str]:
    """What does not fit in a question's dates and criterion, given its record as of the opening; empty if all does.

    No figure of the window is known at the opening. A window of several periods begins with the first that the record
    did not cover then, so that no stretch is left out; where that period had begun, days before the opening do not
    count if the record has days. A rise is held against the newest figure known. Estimates and figures with an interval
    need a criterion that says how an interval decides.
    """
    criterion, record = question.criterion, question.record
    if criterion is None or record is None:
        return []
    out = []
    if criterion.window is not None:
        first, last = criterion.window
        known = [
            s.period for s in past.seen if first <= s.period[: len(first)] and s.period[: len(last)] <= last
        ]
        if known:
            out.append(f"{known[0]} lies in the window and was known at the opening")
        begins = str(int(past.reach[:4]) + 1) if len(past.reach) == 4 else str(question.opened.year)
        if first != last and first[:4] != begins:
            out.append(
                f"the window begins in {first}; the first period not covered at the opening is {begins}"
            )
        out += _days(question, criterion, first)
    if criterion.form == "rise" and past.seen and past.seen[-1].period != criterion.against:
        out.append(
            f"it is held against {criterion.against}; the newest figure known was {past.seen[-1].period}"
        )
    unsure = any(s.low is not None or s.estimated for s in past.seen)
    if criterion.form != "count" and not criterion.interval and unsure:
        out.append(
            "its figures are estimates or bear an interval: the criterion does not say how that decides"
        )
    return out


def _days(question: Question, criterion: Criterion, first: str) -> list[str]:
    """Where the measure is asked by days, they begin after the opening and end by the window's end."""
    given = criterion.params.get("period")
    if given is None or criterion.window is None:
        return []
    days = Window.parse(given)
    begins, ends = Period(days.first).start, Period(days.last).end
    if begins != question.opened + dt.timedelta(days=1) or ends != Period(criterion.window[1]).end:
        return [f"the days {given} are not those after the opening to the window's end"]
    return []
