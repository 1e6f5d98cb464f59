# SPDX-License-Identifier: Apache-2.0
"""A measurement, its rows and the list of measures as documents."""

from __future__ import annotations

from typing import Any

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
from bilat.measures.measurement import Measurement
from bilat.measures.registry import measures
from bilat.units.notation import figure


def of_measurement(m: Measurement, question: Question) -> Document:
    """Its points, then what they are, how they are made and whose they are."""
    facts = {
        "unit": str(m.unit),
        "interval": m.interval.text,
        "note": m.note if m.points else "",  # the summary has it
        "method": m.method,
        "reference": m.reference,
    }
    blocks: list[Block] = [
        *((_series(m),) if m.points else ()),
        Facts(tuple((k, v) for k, v in facts.items() if v)),
        *(Facts((("source", f"{s['citation']} [{s['grade']}] {s['url']}"),)) for s in m.sources),
    ]
    if m.points:
        blocks.append(Next("The rows behind it", question.but(rows=True)))
    return Document(
        kind="measurement",
        title=f"{m.heading}, as of {m.as_of}",
        summary=_summary(m),
        blocks=tuple(blocks),
        data=m,
        question=question,
        dyad=m.dyad,
        subject=m.subject,
        as_of=m.as_of,
        known_to=m.data_to,
        sources=source_refs(m.sources),
        table=m.to_arrow,
    )


def _series(m: Measurement) -> Series:
    # A count of zeros has no row behind it, so its source is the record that has none.
    source = "" if m.sources else m.reference
    return Series(m.title, m.unit, m.points, source=source, listing=True)


def _summary(m: Measurement) -> tuple[str, ...]:
    """The newest whole figure of each of the first groups; what is missing where there is none."""
    whole = [p for p in m.points if p.value is not None and not p.open]
    newest = {p.group: p for p in whole if not p.unrecorded}
    last = {p.group: p for p in whole}
    if not newest:
        return (f"No figure: {m.note or 'no record'}.",)
    said = []
    for group, point in list(newest.items())[:3]:
        since = "" if last[group] is point else f", none on record to {last[group].period}"
        named = group or m.subject.name
        said.append(f"{named} {point.period}: {figure(point.value, m.unit)}{since}")
    return ("Newest: " + "; ".join(said) + ".",)


def of_rows(m: Measurement, rows: list[dict[str, Cell]], question: Question) -> Document:
    """The rows behind a measurement's figures, where each comes from first."""
    columns = tuple(rows[0]) if rows else ()
    block = Rows(columns, tuple(tuple(r.values()) for r in rows), len(rows), question, listing=True)
    return Document(
        kind="rows",
        title=f"{m.heading}, the rows behind it, as of {m.as_of}",
        summary=(f"{len(rows):,} rows." if rows else "No rows.",),
        blocks=(block,) if rows else (),
        data=rows,
        question=question,
        dyad=m.dyad,
        subject=m.subject,
        as_of=m.as_of,
        known_to=m.data_to,
        sources=source_refs(m.sources),
    )


def catalogue(question: Question) -> Document:
    """Every measure with its unit and parameters."""
    found = list(measures().values())
    columns = (Column("measure"), Column("unit"), Column("parameters"), Column("what"))
    rows = tuple(
        (m.name, str(m.unit), ", ".join(f"{k}={v}" for k, v in m.params.items()), m.title)
        for m in found
    )
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
            Section("How each is made", tuple(_how(m) for m in found), detail=True),
        ),
        data=data,
        question=question,
    )


def _how(m: Any) -> Say:
    return Say(f"{m.name}: {m.method} {m.reference}", "rule")
