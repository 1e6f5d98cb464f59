# SPDX-License-Identifier: Apache-2.0
"""Where sanctioned trade goes round, for the first page: hubs that surge, or the hubs that grew most."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.document import Document, Frame
from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask, measure_named
from bilat.places import country_name
from bilat.when import AsOf

SHOWN = 3
#: The state to which the holdings can show diversion, whose exports show it, and the rows kept for the site.
TARGET, KEPT = "RUS", 400
HUBS = "trade.hub_growth"


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    place: str
    goods: str
    figure: str
    why: str


def search(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> tuple[Document | None, str]:
    """(the answer on diversion in the holdings, why there is none)."""
    if TARGET not in (dyad.a, dyad.b):
        return None, f"The holdings show diversion to {country_name(TARGET)} only."
    from bilat.diversion.questions import DivertQuestion

    try:
        return DivertQuestion(limit=KEPT).answer(Frame(dyad, as_of, holdings)), ""
    except DataError as e:
        reason = str(e).rsplit(": ", 1)[0]  # the cure after it is for the command line
        return None, words.sentence(f"Not answered as of {words.day(as_of.date)}: {reason}")


def surging(found: Document | None) -> list[Listed]:
    """The hubs that surge, most first."""
    if found is None:
        return []
    hubs = sorted((h for h in found.data.hubs if h.flagged), key=lambda h: -h.times)
    return [
        Listed(
            country_name(h.hub),
            "goods that Russia no longer gets",
            f"{words.number(h.times)}×"
            + (f" a year before, since {words.period(h.since)}" if h.since else ""),
            f"{words.interval(h.low, h.high)} {found.data.currency} beyond the usual; {h.swings:.1f} of its "
            f"usual swings",
        )
        for h in hubs
    ]


def growth(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Measurement | None:
    """Growth of exports to the hubs round a sanctioned state of the dyad; None where that says nothing, or the file it
    rests on is damaged."""
    spec = measure_named(HUBS)
    if spec is None or spec.params.get("target") not in (dyad.a, dyad.b):
        return None
    try:
        m = ask(HUBS, dyad, as_of=as_of, holdings=holdings)
    except Damaged:
        return None
    return m if any(p.value is not None for p in m.points) else None


def from_growth(m: Measurement) -> list[Listed]:
    """The three hubs whose imports grew most beyond the control, in the last year held."""
    last = max(p.period for p in m.points if p.value is not None)
    now = [p for p in m.points if p.period == last and p.value is not None and p.group != "control"]
    now.sort(key=lambda p: -(p.value or 0.0))
    made = []
    for p in now[:SHOWN]:
        span = words.interval(p.low, p.high)
        figure = f"{words.number(p.value or 0.0)}×" + (f" [{span}]" if span else "")
        who = country_name(str(m.params.get("exporter", "")))
        years = f"{words.period(last)} against {words.period(str(m.params.get('base', '')))}"
        made.append(
            Listed(
                words.group(p.group),
                f"{who}'s exports of all goods",
                figure,
                f"growth to the hub over growth to the rest of the world, {years}",
            )
        )
    return made
