# SPDX-License-Identifier: Apache-2.0
"""What a case shows beside its legs: placebos and civil goods, unit values, what is not held, whom to ask; and the
table of hub by heading. Each line is made from the row of the route, and says so where the row has nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import wording as words
from bilat.picture.cases.route import Heading, Leg, Route, Search
from bilat.picture.pages import say
from bilat.places import country_name

#: Hubs of the table of hub by heading, and shades of its cells below the darkest.
GRID_HUBS, SHADES = 8, 4
#: Names of markets written out.
MARKETS = 4


@dataclass(frozen=True)
class Line:
    """A flow before and since the break; ``why`` it is not there where it is not."""

    what: str
    before: float = 0.0
    since: float = 0.0
    why: str = ""

    @property
    def held(self) -> bool:
        return not self.why

    @property
    def times(self) -> str:
        """``8.6×``; in words where nothing was before."""
        if self.before > 0:
            return f"{words.number(self.since / self.before)}×"
        return "first trade" if self.since > 0 else "none"


def beside(route: Route, search: Search) -> list[Line]:
    """The legs, and below them what no route would move."""
    hub, target, origin = route.hub_name, search.target_name, words.capital(search.origin_name)
    aside = route.aside
    lines = [_leg(f"{origin} to {hub}", route.into), _leg(f"{hub} to {target}", route.out)]
    lines.append(_direct(route, search, f"{origin} to {target}, direct"))
    named = f"Placebo markets: {hub} to "
    if aside.markets:
        markets = [country_name(m) for m in aside.markets["markets"]]
        more = f" and {len(markets) - MARKETS} more" if len(markets) > MARKETS else ""
        shown = ", ".join(markets[:MARKETS]) if more else words.joined(markets)
        lines.append(_flow(f"{named}{shown}{more}", aside.markets))
    else:
        why = (
            "not held: what it sold is not in the records"
            if route.one_leg
            else "no similar market in the records"
        )
        lines.append(Line(f"{named}similar markets", why=why))
    lines += _earlier(route, search, origin)
    civil = aside.civil
    for name, leg in ((f"{origin} to {hub}", "in"), (f"{hub} to {target}", "out")):
        what = f"Civil goods (food, medicines, books): {name}"
        held = civil and civil[leg]
        lines.append(
            _flow(what, held) if held else Line(what, why="not held: the records have no such goods of it")
        )
    return lines


def _leg(what: str, leg: Leg | None) -> Line:
    if leg is None:
        return Line(what, why="not held")
    return Line(what, leg.before or 0.0, leg.actual or 0.0)


def _direct(route: Route, search: Search, what: str) -> Line:
    if route.direct is None:
        return Line(what, why="no trade" if search.direct_held else "not held")
    return _leg(what, route.direct)


def _flow(what: str, held: Mapping[str, Any]) -> Line:
    return Line(what, held["before"], held["after"])


def _earlier(route: Route, search: Search, origin: str) -> list[Line]:
    earlier = route.aside.earlier
    if not earlier:
        return [Line("A break made up before the break", why="the baseline is too short for one")]
    named = f"A break made up in {words.period(earlier['since'])}"
    lines = [_flow(f"{named}: {origin} to {route.hub_name}", earlier["in"])]
    what = f"{named}: {route.hub_name} to {search.target_name}"
    lines.append(_flow(what, earlier["out"]) if earlier["out"] else Line(what, why="not held"))
    return lines


def weighed(route: Route, search: Search) -> list[tuple[str, float | None, float | None]]:
    """(leg, value per kg before, since); empty where no leg was weighed."""
    held = route.aside.unit_values
    if not held:
        return []
    origin = words.capital(search.origin_name)
    named = (("in", f"{origin} to {route.hub_name}"), ("out", f"{route.hub_name} to {search.target_name}"))
    rows = [(what, *_two(held[leg])) for leg, what in named]
    return [*rows, (f"{origin} to other destinations, median", None, held["elsewhere"])]


def _two(held: Mapping[str, float | None] | None) -> tuple[float | None, float | None]:
    return (held["before"], held["after"]) if held else (None, None)


def lacking(route: Route, search: Search) -> list[str]:
    """What these records do not hold of this route, a sentence each."""
    hub, target = route.hub_name, search.target_name
    verdicts = {v.name: v.verdict for v in route.rivals}
    made = []
    if route.one_leg:
        made.append(f"What {hub} sold {target}: leg two.")
    if not search.direct_held:
        made.append(
            f"What {search.origin_name} sold {target} directly: how far it fell is not known, and the amount is taken "
            f"as a share of what {hub} bought."
        )
    if search.supplier(route) is None:
        made.append(f"What China and other suppliers sold {target} of it.")
    if route.aside.told and not route.aside.unit_values:
        made.append("Weights or numbers: a rise in price is not told from a rise in goods.")
    if verdicts.get("transit recording") == "not testable":
        made.append(
            "Both sides' reports of leg one: goods declared for the hub that never arrive do not show."
        )
    if route.aside.told and not route.aside.civil:
        made.append(f"{hub}'s trade in civil goods, as a control.")
    if route.aside.told and not route.aside.markets:
        made.append(f"What {hub} sold similar markets, as a placebo.")
    if [who for who, _ in route.aside.origins] == ["EU27"]:
        made.append("Which member of the EU exported it.")
    made.append("Firms, consignees and end users: records of this kind name none.")
    return [words.sentence(m) for m in made]


def ask_next(route: Route, search: Search) -> list[str]:
    """Whom to ask next, the most useful first."""
    made = [say("case", "ask_origin", route, search)] if route.aside.origins else []
    made.append(say("case", "ask_hub", route, search))
    made += [
        say("case", "ask_rival", v.name, route, search)
        for v in route.rivals
        if v.outcome == "holds" or v.verdict == "in part"
    ]
    return [words.sentence(m) for m in made]


@dataclass(frozen=True)
class Grid:
    """Amounts by heading and hub: (heading, (amount, shade) by hub)."""

    hubs: Sequence[str]
    rows: Sequence[tuple[Heading, Sequence[tuple[float, int]]]]


def grid(search: Search) -> Grid:
    """The table of hub by heading, of the goods in front where there are some."""
    headings = search.front.headings if search.front else search.headings
    totals: dict[str, float] = {}
    for h in headings:
        for hub, value in h.hubs.items():
            totals[hub] = totals.get(hub, 0.0) + value
    hubs = sorted(totals, key=lambda hub: (-totals[hub], hub))[:GRID_HUBS]
    most = max((v for h in headings for v in h.hubs.values()), default=0.0)

    def shade(value: float) -> int:
        return min(SHADES, int(1 + SHADES * (value / most) ** 0.5)) if value > 0 and most > 0 else 0

    cells = [(h, [(h.hubs.get(hub, 0.0), shade(h.hubs.get(hub, 0.0))) for hub in hubs]) for h in headings]
    return Grid(hubs, cells)
