# SPDX-License-Identifier: Apache-2.0
"""The topics of the first page and the series that it follows, as ``topics.toml`` declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from bilat.dyad import Dyad
from bilat.package_files import read_package_toml

_Declared = TypeVar("_Declared")


@dataclass(frozen=True)
class Topic:
    """A topic of the paper's pair, as ``topics.toml`` declares it.

    Parameters
    ----------
    claims
        the claims that may answer it. The first does if it has any answer, and otherwise the first
        of the others that is answered yes or in part.
    weight
        the score to which the reasons for its place are added.
    heading, history, so
        for each answer: the heading, the heading in the past tense, and what follows from it (so
        what?).
    between
        whether it is about what passes between the two states.
    series
        the followed series that its chart shows; blank for none.
    who
        who can act on it.
    unseen
        what public data cannot show of it.
    """

    id: str
    name: str
    claims: tuple[str, ...]
    weight: float
    heading: dict[str, str]
    history: dict[str, str]
    so: dict[str, str] = field(default_factory=dict)
    between: bool = False
    series: str = ""
    who: str = ""
    unseen: str = ""


@dataclass(frozen=True)
class Gauge:
    """A series that is followed, as ``topics.toml`` declares it.

    Parameters
    ----------
    groups
        the groups of the measure that are shown.
    labels
        their names on the chart, if others than their own.
    sum
        the name of the sum of the groups; blank if they are not added up.
    unit
        the unit in a reader's words; blank for that of the measure.
    up, down
        what a rise and a fall mean.
    marks
        documents whose day the chart marks, each with its word.
    pair
        the two states that the measure is asked for, if others than the page's.
    params
        parameters of the measure.
    earlier
        parameters that ask for an older record; it is shown for the periods before the newest one.
    """

    id: str
    name: str
    measure: str
    groups: tuple[str, ...]
    labels: tuple[str, ...] = ()
    sum: str = ""
    unit: str = ""
    subtitle: str = ""  #: what the chart counts; blank for a series without a chart
    up: str = ""
    down: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    pair: tuple[str, str] | tuple[()] = ()
    params: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)


def _declared(name: str) -> Any:
    """Return what the file declares under a name."""
    return read_package_toml("bilat.picture", "topics.toml")[name]


@cache
def other_pairs() -> tuple[Dyad, ...]:
    """Return the other pairs for which a site has a first page."""
    return tuple(map(Dyad.read, _declared("pairs")))


@cache
def unseen() -> dict[str, str]:
    """Return what the record of a topic cannot show, for pairs that the paper is not about."""
    return dict(_declared("unseen"))


@cache
def topics() -> tuple[Topic, ...]:
    """Return the topics of the paper's pair."""
    return tuple(_made(Topic, declared) for declared in _declared("topic"))


@cache
def gauges() -> tuple[Gauge, ...]:
    """Return the series that are followed for the paper's pair."""
    return tuple(_made(Gauge, declared) for declared in _declared("series"))


def _made(kind: type[_Declared], fields: Mapping[str, object]) -> _Declared:
    """Return a topic or a series from its fields; lists become tuples."""
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
        }
    )
