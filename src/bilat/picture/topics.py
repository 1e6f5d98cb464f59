# SPDX-License-Identifier: Apache-2.0
"""The topics of the first page and the series that it follows, as ``topics.toml`` declares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from bilat.dyad import Dyad
from bilat.package_files import read_package_toml


@dataclass(frozen=True)
class Topic:
    """A topic of the paper's pair, as ``topics.toml`` declares it.

    Parameters
    ----------
    claims
        the claims that answer it: the first of them that has an answer does.
    weight
        the score to which the reasons for its place are added.
    heading, history, so
        for each answer: the heading, the heading in the past tense, and what follows from it.
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
        parameters that ask for an older record, which is shown up to where the newest one begins.
    """

    id: str
    name: str
    measure: str
    groups: tuple[str, ...]
    labels: tuple[str, ...] = ()
    sum: str = ""
    unit: str = ""
    subtitle: str = ""
    up: str = ""
    down: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    pair: tuple[str, str] | tuple[()] = ()
    params: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)


@cache
def _declared() -> tuple[tuple[Topic, ...], tuple[Gauge, ...], dict[str, str]]:
    raw = read_package_toml("bilat.picture", "topics.toml")
    series = []
    for declared in raw["series"]:
        lists = {k: tuple(declared.get(k, ())) for k in ("groups", "labels", "pair")}
        series.append(Gauge(**(declared | lists)))
    topics_ = tuple(Topic(**{**t, "claims": tuple(t["claims"])}) for t in raw["topic"])
    return topics_, tuple(series), raw["unseen"]


@cache
def other_pairs() -> tuple[Dyad, ...]:
    """Return the other pairs for which a site has a first page."""
    raw = read_package_toml("bilat.picture", "topics.toml")
    return tuple(map(Dyad.read, raw["pairs"]))


def unseen() -> dict[str, str]:
    """Return what the record of a topic cannot show, for pairs that the paper is not about."""
    return _declared()[2]


def topics() -> tuple[Topic, ...]:
    """Return the topics of the paper's pair."""
    return _declared()[0]


def gauges() -> tuple[Gauge, ...]:
    """Return the series that are followed for the paper's pair."""
    return _declared()[1]
