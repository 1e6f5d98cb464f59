# SPDX-License-Identifier: Apache-2.0
"""A measurement, its rows and the list of measures as documents."""

from __future__ import annotations

from bilat.document import (
    Block,
    Column,
    Document,
    Facts,
    Next,
    Question,
    Rows,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.blocks import Cell, source_refs
from bilat.document.wording import day, period
from bilat.document.wording import group as group_name
from bilat.measures.declare import Measure
from bilat.measures.measurement import Measurement
from bilat.measures.registry import measures
from bilat.units.notation import figure

#: The most groups of the summary.
MOST_GROUPS = 3


def of_measurement(measurement: Measurement, question: Question) -> Document:
    """Return a measurement as a document: its points, unit, method and sources."""
    facts = {
        "unit": str(measurement.unit),
        "interval": measurement.interval.text,
        "note": measurement.note if measurement.points else "",  # without points the summary has it
        "method": measurement.method,
        "reference": measurement.reference,
    }
    blocks: list[Block] = [_series(measurement)] if measurement.points else []
    blocks.append(Facts(tuple((name, text) for name, text in facts.items() if text)))
    for source in measurement.sources:
        citation = f"{source['citation']} [{source['grade']}] {source['url']}"
        blocks.append(Facts((("source", citation),)))
    if measurement.points:
        blocks.append(Next("The rows behind it", question.but(rows=True)))
    return Document(
        kind="measurement",
        title=f"{measurement.heading}, as of {day(measurement.as_of.date)}",
        summary=_summary(measurement),
        blocks=tuple(blocks),
        data=measurement,
        question=question,
        dyad=measurement.dyad,
        subject=measurement.subject,
        as_of=measurement.as_of,
        known_to=measurement.data_to,
        sources=source_refs(measurement.sources),
        table=measurement.to_arrow,
    )


def _series(measurement: Measurement) -> Series:
    # Zeros have no row behind them, so the reference names the record that was searched.
    source = "" if measurement.sources else measurement.reference
    return Series(
        measurement.title, measurement.unit, measurement.points, source=source, listing=True
    )


def _summary(measurement: Measurement) -> tuple[str, ...]:
    """Name the newest figure of a whole period in each of the first groups.

    If the record shows nothing in later periods, up to the last one is said too.
    """
    whole = [p for p in measurement.points if p.value is not None and not p.open]
    # Points are in order of time, so the last of a group stays in the dictionary.
    newest = {p.group: p for p in whole if not p.unrecorded}
    last = {p.group: p for p in whole}
    if not newest:
        return (f"No figure: {measurement.note or 'no record'}.",)
    phrases = []
    for group, point in list(newest.items())[:MOST_GROUPS]:
        name = group_name(group) or measurement.subject.name
        phrase = f"{name}, {figure(point.value, measurement.unit)} ({period(point.period)})"
        if last[group] is not point:
            phrase += f", and none on record to {period(last[group].period)}"
        phrases.append(phrase)
    return ("Newest: " + "; ".join(phrases) + ".",)


def of_rows(measurement: Measurement, rows: list[dict[str, Cell]], question: Question) -> Document:
    """Return the rows behind a measurement's figures as a document."""
    columns = tuple(rows[0]) if rows else ()
    block = Rows(columns, tuple(tuple(r.values()) for r in rows), len(rows), question, listing=True)
    return Document(
        kind="rows",
        title=f"{measurement.heading}, the rows behind it, as of {day(measurement.as_of.date)}",
        summary=(f"{len(rows):,} rows." if rows else "No rows.",),
        blocks=(block,) if rows else (),
        data=rows,
        question=question,
        dyad=measurement.dyad,
        subject=measurement.subject,
        as_of=measurement.as_of,
        known_to=measurement.data_to,
        sources=source_refs(measurement.sources),
    )


def catalogue(question: Question) -> Document:
    """Return the list of all measures with their units and parameters."""
    found = list(measures().values())
    columns = (Column("measure"), Column("unit"), Column("parameters"), Column("what"))
    rows = tuple((m.name, str(m.unit), _parameters_of(m), m.title) for m in found)
    data = [
        {
            "name": m.name,
            "title": m.title,
            "unit": str(m.unit),
            "tables": list(m.tables),
            "method": m.method,
            "params": {k: [v, m.about[k]] for k, v in m.params.items()},
            "reference": m.reference,
            "interval": m.interval.text,
        }
        for m in found
    ]
    return Document(
        kind="measures",
        title="What can be measured",
        summary=(f"{len(found)} measures.",),
        blocks=(
            Table(columns, rows, listing=True),
            Section("How each measure is calculated", tuple(_how(m) for m in found), detail=True),
        ),
        data=data,
        question=question,
    )


def _parameters_of(measure: Measure) -> str:
    return ", ".join(f"{name}={default}" for name, default in measure.params.items())


def _how(m: Measure) -> Section:
    """Return how a measure is calculated, under its title and name."""
    return Section(
        f"{m.title} ({m.name})", (Say(m.method, "rule"), Say(f"Source: {m.reference}.", "rule"))
    )
