# SPDX-License-Identifier: Apache-2.0
"""Evaluate a measure: ask it about a subject as of a date, or take the answer from a cache."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from bilat.document.fields import text_of
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.holdings import Holdings
from bilat.measures.answer import Ask
from bilat.measures.answer_cache import Finished, cached_answer
from bilat.measures.declare import Measure
from bilat.measures.measurement import Measurement
from bilat.measures.registry import known_measure, measure_named
from bilat.subject import Subject
from bilat.units import Unit
from bilat.when import AsOf

#: The measurements of each holdings object, as long as it lives.
_ANSWERS: WeakKeyDictionary[Holdings, dict[tuple[Any, ...], Measurement]] = WeakKeyDictionary()


def ask(
    name: str,
    dyad: Dyad | tuple[str, str] | str | None = None,
    *,
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    **params: Any,
) -> Measurement:
    """Ask a measure about two states as of a date.

    Parameters
    ----------
    name
        the measure, as in ``transfers.tiv``; ``bilat.measures`` lists all.
    dyad
        the two states; Russia and China by default. Leave it out for a measure of no pair.
    as_of
        a date that hides what the public could not know on it; today by default.
    holdings
        the records to ask; those that come with the package and were added to it by default.
    **params
        parameters of the measure; each has a default.

    Returns
    -------
    Measurement
        the points with unit, interval, method, sources and the rows behind each point.

    Raises
    ------
    UsageError
        for an unknown measure or parameter, or a pair that the measure is not about.
    Damaged
        if a file that the measure rests on is not the one that was written.

    Examples
    --------
    >>> from bilat import ask
    >>> tiv = ask("transfers.tiv", ("RUS", "CHN"), as_of="2023-03-20")
    >>> str(tiv.unit)
    'million TIV'
    >>> tiv.value("2019", "RUS>CHN")
    1179.0
    >>> len(tiv.rows("2019", "RUS>CHN"))
    1
    """
    spec = known_measure(name)
    asked = PAPER_PAIR if dyad is None else Dyad.of(dyad)
    when = AsOf(as_of)
    source = holdings or default_holdings()
    typed = spec.binding.bind(spec.typed(params), asked)
    if dyad is not None:
        spec.binding.check(typed, asked)
    pair = asked if spec.binding.from_pair else None
    answers = _ANSWERS.setdefault(source, {})
    key = (spec.function, pair, when, tuple((k, repr(v)) for k, v in typed.items()))
    if key not in answers:
        read = spec.rests_on(source)
        read.need(spec.tables)
        place = cached_answer(spec, pair, when, typed, read)
        found = place.read() if place else None
        if found is None:
            found, rests = _run(spec, pair, when, typed, read)
            if place:
                place.write(found, rests)
        answers[key] = _measurement(spec, pair, when, typed, found)
    return answers[key]


def ask_for(
    name: str,
    dyad: Dyad,
    *,
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    **params: Any,
) -> Measurement:
    """Ask a measure on behalf of a pair; leave the pair out for a measure that none changes."""
    spec = measure_named(name)
    pair = None if spec is not None and not spec.binding.from_pair else dyad
    return ask(name, pair, as_of=as_of, holdings=holdings, **params)


def _run(
    spec: Measure, dyad: Dyad | None, as_of: AsOf, typed: Mapping[str, object], holdings: Holdings
) -> tuple[Finished, set[str]]:
    """Run a measure; return its answer, and what this depends on besides rows (``Ask.rests``)."""
    holdings.expect(spec.tables, as_of)
    pair = dyad or PAPER_PAIR
    question = Ask(pair, as_of, typed, holdings)
    answer = spec.answer(question)
    points, rows, last = answer.finish()
    if spec.binding.needs_states and points and answer.subject is None:
        raise AssertionError(
            f'measure {spec.name} is about states and does not say which. Call out.about("RUS")'
        )
    unit = answer.unit or spec.unit
    found = Finished(
        points=points,
        rows=rows,
        note=answer.note,
        unit=unit if isinstance(unit, Unit) else Unit(spec.unit.kind, unit),
        interval=answer.interval or spec.interval,
        intervals=answer.intervals,
        data_to=last,
        record_to=answer.record_to,
        subject=answer.subject or spec.binding.subject(typed, pair),
    )
    return found, question.rests


def _measurement(
    spec: Measure,
    dyad: Dyad | None,
    as_of: AsOf,
    typed: Mapping[str, object],
    found: Finished,
) -> Measurement:
    return Measurement(
        name=spec.name,
        title=spec.title,
        subject=found.subject,
        figure=_figures_of(spec, found.subject, as_of, typed),
        dyad=dyad,
        as_of=as_of,
        unit=found.unit,
        method=spec.method,
        reference=spec.reference,
        interval=found.interval,
        intervals=found.intervals,
        params={k: text_of(v) for k, v in typed.items()},
        points=found.points_of(as_of),
        note=found.note,
        evidence=found.rows,
        data_to=found.data_to,
        record_to=found.record_to,
    )


def _figures_of(spec: Measure, subject: Subject, as_of: AsOf, typed: Mapping[str, object]) -> str:
    """Return the beginning of the names of a measurement's figures."""
    texts = {k: text_of(v) for k, v in typed.items()}
    params = [f"{k}={v}" for k, v in sorted(texts.items()) if spec.params.get(k) != v]
    return " ".join([spec.name, str(subject), *params, f"as known on {as_of}"])


_DEFAULT: list[Holdings] = []


def default_holdings() -> Holdings:
    """Return the holdings used when none are named: the embedded ones and the user's own."""
    if not _DEFAULT:
        _DEFAULT.append(Holdings())
    return _DEFAULT[0]
