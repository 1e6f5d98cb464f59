# SPDX-License-Identifier: Apache-2.0
"""Hong Kong and Macao, which a list writes as states or as towns of China."""

from __future__ import annotations

import re

#: A whole part of an address between commas.
_REGIONS = {
    code: re.compile(
        rf"{name}(?: island| sar| s\.a\.r\.?| special administrative region)?(?: [\d-]+)?",
        re.IGNORECASE,
    )
    for code, name in (("HKG", "hong ?kong"), ("MAC", "maca[uo]"))
}
REGIONS = frozenset(_REGIONS)
_PARTS = re.compile(r"[,;，；]")


def parts_of_address(text: str, city: str = "") -> list[str]:
    """Return what stands between the commas of an address, its city first."""
    plain = [" ".join(part.split()).rstrip(".") for part in _PARTS.split(f"{city},{text}")]
    return [part for part in plain if part]


def regions_of_address(text: str, city: str = "") -> frozenset[str]:
    """Return the codes of the regions that an address names."""
    parts = parts_of_address(text, city)
    return frozenset(
        code for code, name in _REGIONS.items() if any(name.fullmatch(part) for part in parts)
    )


def place_of_address(state: str, text: str, city: str = "") -> str:
    """Return the code of the state of an address; of one in Hong Kong or Macao that of the region.

    ``state`` is the code of the country in the list's own field. China has no Hong Kong in it
    here, whether the list writes “Hong Kong” or “Hong Kong, China”.
    """
    found = regions_of_address(text, city) if state == "CHN" else frozenset[str]()
    return min(found) if len(found) == 1 else state
