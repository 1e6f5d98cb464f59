# SPDX-License-Identifier: Apache-2.0
"""Named figures: a value that may be printed in several places has one name and one owner.

The name says which measure, about whom, with which parameters, of which group and period, and as
known on which day. Two places that print a figure of one name print one value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from bilat.document.blocks import Point
from bilat.measures.measurement import Measurement
from bilat.subject import Subject, to_plain


@dataclass(frozen=True)
class NamedFigure:
    """One point of a measurement with its name."""

    figure: str  #: its name
    value: float | None
    unit: str
    subject: Subject = field(metadata={"plain": to_plain})
    period: str
    data_to: dt.date | None  #: the last day that the rows of its measurement speak of
    producers: tuple[str, ...]  #: who publishes what it rests on


def named(measurement: Measurement, points: Iterable[Point]) -> tuple[NamedFigure, ...]:
    """Return points of a measurement as named figures."""
    producers = tuple(dict.fromkeys(s["producer"] for s in measurement.sources))
    return tuple(
        NamedFigure(
            figure=measurement.figure_name(p.period, p.group),
            value=p.value,
            unit=str(measurement.unit),
            subject=measurement.subject,
            period=p.period,
            data_to=measurement.data_to,
            producers=producers,
        )
        for p in points
    )
