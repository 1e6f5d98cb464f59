# SPDX-License-Identifier: Apache-2.0
"""Figures that others published, and what has to be assumed to arrive at each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bilat.contingency.blockade.closed_form import solve
from bilat.contingency.blockade.gas import WAYS, WEST, cover
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.relief import relief
from bilat.contingency.blockade.routes import sources
from bilat.planning.assumptions import Assumptions

#: Labels of the Statistical Review that make up the Middle East and Africa.
MIDDLE_EAST_AND_AFRICA = (
    "SAU",
    "ARE",
    "IRQ",
    "KWT",
    "Other Middle East",
    "North Africa",
    "West Africa",
    "East & S. Africa",
)


@dataclass(frozen=True)
class Published:
    """A published figure beside the model's: ``reproduced`` is the value under ``assumption``,
    ``ours`` the
    model's own answer to the question the figure is quoted for."""

    id: str
    figure: str
    published: float
    unit: str
    reproduced: float
    assumption: str
    ours: float
    ours_is: str

    @property
    def known(self) -> dt.date:
        """The day from which the figure was public."""
        return PUBLIC[self.id]


#: When each figure was published: the EIA's table of straits, the Pentagon's report of 2023; CEPA's
#: page bears no
#: day and counts from the day on which it was listed.
PUBLIC = {
    "PF25": dt.date(2024, 6, 25),
    "PF26": dt.date(2023, 10, 19),
    "PF27": dt.date(2023, 10, 19),
    "PF28": dt.date(2026, 11, 24),
}


def gained(stock: float, gap: float, line: float) -> float:
    """Days that ``line`` adds to a ``stock`` that covers ``gap``: I/(X-O) - I/X, any one unit of
    volume.
    """
    return stock / (gap - line) - stock / gap


def added(days: float, before: float) -> float:
    """Days more than ``before``: none where neither has an end."""
    return 0.0 if days == before else days - before


def _malacca(inputs: Inputs) -> list[Published]:
    if inputs.through_malacca is None:
        return []
    usual = 0.0
    for name, s in sources().items():
        way = s.shortest(frozenset())
        usual += inputs.flows.get(name, 0.0) if way is not None and "malacca" in way.passes else 0.0
    return [
        Published(
            "PF25",
            "oil through Malacca, all users, 2023",
            23.7,
            "mb/d",
            inputs.through_malacca,
            "the EIA's own figure for the newest year: all users, not only China",
            usual,
            "the crude for which Malacca is China's shortest route",
        )
    ]


def against(inputs: Inputs, p: Assumptions) -> list[Published]:
    """PF25 (where its row was public), PF26, PF27 and PF28."""
    by = {
        u.input.removeprefix("share of "): float(u.value)
        for u in inputs.used
        if u.input.startswith("share of ")
    }
    oil = 100 * sum(by.get(k, 0.0) for k in MIDDLE_EAST_AND_AFRICA)
    straits = frozenset({"malacca", "lombok", "sunda"})
    detour = solve(inputs, straits, p)
    shut = solve(inputs, straits | {"australia", "pacific"}, p)
    west = sum(
        v
        for k, v in inputs.gas.items()
        if k.startswith("LNG ") and WAYS.get(k[4:], WEST)[0] == WEST[0]
    )
    gas = sum(inputs.gas.values())
    sea = frozenset({"sea"})
    stock = inputs.stock * p("usable_stock")
    lines = {r.state: r.gained.median for r in relief(inputs, sea, p)}
    lng = sum(v for k, v in inputs.gas.items() if k.startswith("LNG "))
    store = p("gas_storage")
    siberia = p("siberia_1")
    return [
        *_malacca(inputs),
        Published(
            "PF26",
            "China's oil imports through the South China Sea and Malacca, 2022",
            62,
            "percent",
            oil,
            "the share of the Middle East and Africa in imports by shortest path: a share of "
            "flow, not a loss",
            100 * (1 - detour.imports / inputs.imports),
            "imports lost with Malacca, Lombok and Sunda shut and the way south of Australia open "
            f"({100 * (1 - shut.imports / inputs.imports):.0f}% with no detour left)",
        ),
        Published(
            "PF26",
            "China's gas imports through the same, 2022",
            17,
            "percent",
            100 * west / gas,
            "LNG from west of Malacca over all gas imports; Australian and Indonesian LNG left out",
            0.0,
            "lost with only Malacca shut, if ships can be found for the detour",
        ),
        Published(
            "PF27",
            "days that 600 million barrels cover",
            60,
            "days",
            600 / 10.2,
            "days of imports at 10.2 mb/d, as if domestic output stopped counting",
            solve(inputs, sea, p).days(stock),
            f"{stock:,.0f} million barrels that can be drawn, everything by sea stopped",
        ),
        Published(
            "PF28",
            "days that Russian overland oil adds",
            33,
            "days",
            gained(1200, 0.62 * 11.1, 1.1),
            "1,200 million barrels, a gap of 62% of 11.1 mb/d, and all 1.1 mb/d of pipes counted "
            "as new; "
            "a reading that fits, as the publisher's own inputs were not read",
            lines["as it is"],
            "all seaborne imports stopped, with today's pipelines compared with none",
        ),
        Published(
            "PF28",
            "days that Russian overland gas adds",
            10,
            "days",
            365.25 * gained(18.5, 180.0, 38.0),
            "18.5bn m³ in stock and all 180bn m³ of imports lost",
            added(cover(store, lng), cover(store, lng + siberia)),
            f"{store:.0f}bn m³ in stock and all LNG lost; with Power of Siberia 1 compared with none",
        ),
    ]
