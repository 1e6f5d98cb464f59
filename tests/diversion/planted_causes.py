# SPDX-License-Identifier: Apache-2.0
"""Small worlds in which one known cause, a route or another, makes a hub's trade in one product rise.

The hub is Kyrgyzstan, the product 848210, the break 2022; the same goods stay quiet everywhere else unless
the cause itself moves them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

ORIGINS = ("DEU", "FRA", "ITA")
OTHERS = ("CHN", "KOR")  #: suppliers outside the coalition
HUB, TARGET, GOODS = "KGZ", "RUS", "848210"
PLACES = (
    "KAZ",
    "ARM",
    "GEO",
    "UZB",
    "TUR",
    "SRB",
    "VNM",
    "THA",
    "MAR",
    "EGY",
    "PER",
    "COL",
    "UKR",
    "MDA",
    "AZE",
)
PRODUCTS = (GOODS, "854231", "853690", "841391", "850440", "840999", "902620", "870830")
YEARS = range(2018, 2024)


def world(
    path: Path,
    cause: str,
    seed: int,
    *,
    others: int = len(PLACES),
    products: int = len(PRODUCTS),
    both_sides: bool = False,
) -> Path:
    """Write the flows of one world; ``others``: how many destinations beside the hub it holds."""
    rng = np.random.default_rng(seed)
    places = PLACES[:others]
    lines = ["reporter,partner,product,period,flow,value,quantity"]

    def put(
        exporter: str,
        importer: str,
        product: str,
        year: int,
        value: float,
        kg: float,
        booked: float = 1.0,
    ) -> None:
        if value <= 0:
            return
        lines.append(f"{exporter},{importer},{product},{year},X,{value:.0f},{kg:.0f}")
        if both_sides:
            seen = value * booked * rng.lognormal(0.03, 0.05)
            lines.append(f"{importer},{exporter},{product},{year},M,{seen:.0f},{kg * booked:.0f}")

    def noise() -> float:
        return float(rng.lognormal(0, 0.1))

    for product in PRODUCTS[:products]:
        price = float(np.exp(rng.normal(2, 0.5)))
        size = {c: float(np.exp(rng.normal(14.5, 0.5))) for c in (HUB, *places)}
        for year in YEARS:
            war, here = year >= 2022, product == GOODS
            dear = 8.0 if cause == "price" and here and war else 1.0
            grown = 12.0 if cause in ("route", "transit") and here and war else 1.0
            for importer in (HUB, *places):
                hub = importer == HUB
                for exporter in (*ORIGINS, *OTHERS):
                    kg = size[importer] * noise() * (1.0 + 0.03 * (year - 2018)) / price
                    booked = 1.0
                    if hub and exporter in ORIGINS:
                        kg *= grown
                        booked = 1 / 11 if cause == "transit" and here and war else 1.0
                    if cause == "code" and here and war:
                        kg *= 9.0  # all that was booked under another code is booked here now
                    if hub and cause == "boom" and war:
                        kg *= 9.0
                    if cause == "holes" and hub and year in (2019, 2020, 2021):
                        kg *= 0.0  # the hub's books are lost, save 2018's
                    put(exporter, importer, product, year, kg * price * dear, kg, booked)
                for market in (TARGET, "UKR", "MDA", "AZE", "TUR", "GEO", "ARM"):
                    if market == importer or (market != TARGET and market not in places):
                        continue
                    kg = size[importer] * 0.08 * noise() / price
                    if hub and cause == "boom" and war:
                        kg *= 9.0
                    if cause == "code" and here and war:
                        kg *= 9.0
                    if hub and here and war and market == TARGET and cause in ("route", "transit"):
                        kg += size[HUB] * 3 * 11 * 0.9 * noise() / price
                    if cause == "holes" and hub and year in (2019, 2020, 2021):
                        kg = 0.0
                    put(importer, market, product, year, kg * price * dear, kg)
            for exporter in ORIGINS:
                kg = 40e6 * noise() / price * (0.05 if war else 1.0)
                put(exporter, TARGET, product, year, kg * price * dear, kg)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
