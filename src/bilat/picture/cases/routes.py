# SPDX-License-Identifier: Apache-2.0
"""Where sanctioned trade goes round: routes that the diversion search found, or the hubs that grew most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError, UsageError
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask, measure_named
from bilat.picture.cases import case_words
from bilat.picture.cases.route import Search, search_of
from bilat.places import country_name
from bilat.when import AsOf

SHOWN = 3
#: The state to which the holdings can tell diversion, whose exports tell it, and the rows kept for the site.
TARGET, ORIGIN, KEPT = "RUS", "EU27", 400
HUBS = "trade.hub_growth"


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    place: str
    goods: str
    figure: str
    why: str
    link: str = ""  #: its line in the list of routes, where that is written


def from_search(found: Sequence[Mapping[str, Any]]) -> list[Listed]:
    """The first three of a diversion search: mappings with ``hub``, ``label`` or ``product``, ``diverted``,
    ``low``, ``high``, ``unit`` and ``rivals``.

    Raises
    ------
    UsageError
        for a route without hub or diverted value.
    """
    routes = []
    for r in found[:SHOWN]:
        missing = {"hub", "diverted"} - set(r)
        if missing:
            raise UsageError(f"a diversion route needs {', '.join(sorted(missing))}; it has: {', '.join(r)}")
        unit = str(r.get("unit", "USD"))
        span = words.interval(r.get("low"), r.get("high"), unit)
        rivals = r.get("rivals") or ""
        why = rivals if isinstance(rivals, str) else words.joined([str(x) for x in rivals])
        goods = str(r.get("label") or r.get("product") or "")
        figure = words.figure(float(r["diverted"]), unit) + (f" [{span}]" if span else "")
        routes.append(
            Listed(
                country_name(str(r["hub"])),
                goods,
                figure,
                f"Rival readings: {why}" if why else "",
                str(r.get("link", "")),
            )
        )
    return routes


def search(
    dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> tuple[tuple[Mapping[str, Any], ...], Search | None, str]:
    """(the largest routes, the whole answer, why there is none) of a search in the holdings."""
    if TARGET not in (dyad.a, dyad.b):
        return (), None, f"The holdings tell diversion to {country_name(TARGET)} only."
    from bilat.diversion.search import divert

    try:
        answer = divert(origin=ORIGIN, target=TARGET, holdings=holdings, as_of=as_of, limit=KEPT).plain()
    except DataError as e:
        reason = str(e).rsplit(": ", 1)[0]  # the cure after it is for the command line
        told = f"Routes by product cannot be told as of {words.day(as_of.date)}: {reason}"
        return (), None, words.sentence(told)
    found = search_of(answer)
    flagged = sorted((r for r in found.routes if found.flagged(r)), key=lambda r: -r.diverted)
    largest = tuple(
        {
            **{k: getattr(r, k) for k in ("hub", "product", "diverted", "low", "high", "q_value")},
            "label": r.goods,
            "unit": found.currency,
            "rivals": r.standing,
            "link": f"diversion.html#{r.name}",
        }
        for r in flagged[:SHOWN]
    )
    return largest, found, "" if largest else case_words.finding(found)


def command(as_of: AsOf) -> str:
    """The command that makes the search of the site again."""
    return f"bilat divert --origin {ORIGIN} --target {TARGET} --limit {KEPT} --as-of {as_of} --out DIR"


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
