# SPDX-License-Identifier: Apache-2.0
"""Figures that others published, next to the model's own, and the assumption under which the model
gives each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bilat.contingency.blockade.draws import Spread
from bilat.contingency.blockade.gas import WAYS, WEST, cover
from bilat.contingency.blockade.inputs import Inputs
from bilat.contingency.blockade.routes import sources
from bilat.planning import Quantiles
from bilat.planning.assumptions import Assumptions
from bilat.planning.draws import two_figures

STRAITS = frozenset({"malacca", "lombok", "sunda"})
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
    """A published figure next to the model's.

    ``reproduced`` is the model's value under ``assumption``; ``ours`` is its own answer to the
    question for which the figure is quoted, and ``ours_is`` says what that is.
    """

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


#: When each figure was published: the EIA's table of straits, the Pentagon's report of 2023. CEPA's
#: page has no date and counts from the day on which it was listed.
PUBLIC = {
    "PF25": dt.date(2024, 6, 25),
    "PF26": dt.date(2023, 10, 19),
    "PF27": dt.date(2023, 10, 19),
    "PF28": dt.date(2026, 11, 24),
}


def gained(stock: float, gap: float, line: float) -> float:
    """Return the days by which a pipeline prolongs a stock: I/(X-O) - I/X.

    ``stock`` (I) is a volume, ``gap`` (X) what is missing a day, ``line`` (O) what the pipeline
    brings a day, all in one unit of volume.
    """
    return stock / (gap - line) - stock / gap


def added(days: float, before: float) -> float:
    """Return how many days there are more than ``before``: 0 if both are without end."""
    return 0.0 if days == before else days - before


def _malacca(inputs: Inputs) -> list[Published]:
    """Return the EIA's figure for Malacca; nothing if it was not public yet."""
    if inputs.through_malacca is None:
        return []
    crude = 0.0
    for name, source in sources().items():
        route = source.shortest(frozenset())
        if route is not None and "malacca" in route.passes:
            crude += inputs.flows.get(name, 0.0)
    return [
        Published(
            id="PF25",
            figure="oil through Malacca, all users, 2023",
            published=23.7,
            unit="mb/d",
            reproduced=inputs.through_malacca,
            assumption="This is the EIA's own figure for the latest year; it covers all "
            "users, not only China",
            ours=crude,
            ours_is="crude for which Malacca is China's shortest route",
        )
    ]


@dataclass(frozen=True)
class OwnResults:
    """The results of the plan that stand next to figures of others: medians of its model runs."""

    closures: Mapping[frozenset[str], Spread]
    drawable: Quantiles  #: crude in stock that can be used, million barrels
    pipes: Quantiles  #: days that Russian oil by pipeline adds, everything by sea stopped


def against(inputs: Inputs, assumptions: Assumptions, own: OwnResults) -> list[Published]:
    """Return PF25 (if its row was public), PF26, PF27 and PF28."""
    shares = {
        row.input.removeprefix("share of "): float(row.value)
        for row in inputs.used
        if row.input.startswith("share of ")
    }
    oil = 100 * sum(shares.get(label, 0.0) for label in MIDDLE_EAST_AND_AFRICA)
    detour = own.closures[STRAITS].lost.median
    no_detour = own.closures[STRAITS | {"australia", "pacific"}].lost.median
    stopped = own.closures[frozenset({"sea"})]
    supplies = {
        name.removeprefix("LNG "): volume
        for name, volume in inputs.gas.items()
        if name.startswith("LNG ")
    }
    lng = sum(supplies.values())
    west = sum(
        volume for supplier, volume in supplies.items() if WAYS.get(supplier, WEST)[0] == WEST[0]
    )
    gas = sum(inputs.gas.values())
    gas_store = assumptions("gas_storage")
    siberia = assumptions("siberia_1")
    return [
        *_malacca(inputs),
        Published(
            id="PF26",
            figure="China's oil imports through the South China Sea and Malacca, 2022",
            published=62,
            unit="percent",
            reproduced=oil,
            assumption="This is the share of China's crude imports from the Middle East and "
            "Africa, if each cargo takes the shortest route. It shows what passes through, not "
            "what would be lost",
            ours=100 * detour,
            ours_is="what China loses if Malacca, Lombok and Sunda are closed and the route "
            f"south of Australia is open ({no_detour:.0%} if no detour is left)",
        ),
        Published(
            id="PF26",
            figure="China's gas imports through the same waters, 2022",
            published=17,
            unit="percent",
            reproduced=100 * west / gas,
            assumption="We divide LNG from west of Malacca by all gas imports. LNG from "
            "Australia and Indonesia is not counted",
            ours=0.0,
            ours_is="what is lost if only Malacca is closed and ships can be found for the detour",
        ),
        Published(
            id="PF27",
            figure="days that 600 million barrels cover",
            published=60,
            unit="days",
            reproduced=600 / 10.2,
            assumption="We divide the oil by imports of 10.2 million barrels a day, as if China "
            "produced none",
            ours=two_figures(stopped.days.median),
            ours_is=f"{two_figures(own.drawable.median):,.0f} million barrels that can be used, "
            "with all seaborne imports stopped",
        ),
        Published(
            id="PF28",
            figure="days that Russian overland oil adds",
            published=33,
            unit="days",
            reproduced=gained(1200, 0.62 * 11.1, 1.1),
            assumption="We assume 1,200 million barrels in stock and a shortage of 62% of "
            "11.1 million barrels a day, and treat all 1.1 million by pipeline as additional. "
            "This fits the figure; we have not read the publisher's own inputs",
            ours=two_figures(own.pipes.median),
            ours_is="all seaborne imports stopped; today's pipelines compared with no pipelines",
        ),
        Published(
            id="PF28",
            figure="days that Russian overland gas adds",
            published=10,
            unit="days",
            reproduced=365.25 * gained(18.5, 180.0, 38.0),
            assumption="We assume 18.5bn m³ in stock and the loss of all 180bn m³ of imports",
            ours=added(cover(gas_store, lng), cover(gas_store, lng + siberia)),
            ours_is=f"{gas_store:.0f}bn m³ in stock and all LNG lost; with Power of Siberia 1 "
            "compared with none",
        ),
    ]
