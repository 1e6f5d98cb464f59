# SPDX-License-Identifier: Apache-2.0
"""One colour per country, everywhere, readable by colour-blind eyes on white and on black.

The hues follow Okabe and Ito (2008, jfly.uni-koeln.de/color), darkened for white ground and lightened for
black until each stands at 3:1 or more against its ground. A chart names the light colour; on a page it is
replaced by a CSS variable, so that one SVG serves both.
"""

from __future__ import annotations

import re

#: variable -> (on light ground, on dark ground). The light values are unique: they are how a colour is found.
THEME: dict[str, tuple[str, str]] = {
    "paper": ("#fdfdfb", "#14171a"),
    "ink": ("#1b1f23", "#eceff1"),
    "quiet": ("#5b636b", "#a7b0b8"),
    "hair": ("#d8dcdf", "#353b41"),
    "land": ("#e7e9e6", "#2a3036"),
    "water": ("#f1f5f7", "#1a1f24"),
    "coast": ("#c3c8c5", "#454d55"),
    "hatch": ("#dfe3e1", "#2f363c"),
    "gate": ("#8a2f5b", "#f2a0c4"),
    "faint": ("#a3aab0", "#69727b"),
    "rule": ("#74797e", "#8f989f"),
    "RUS": ("#0067a5", "#5db0f0"),
    "CHN": ("#c2480a", "#ff8a4c"),
    "USA": ("#007a5c", "#3ecfa3"),
    "EU27": ("#6a5acd", "#b3a7ff"),
    "IRN": ("#7b4a12", "#d9a05b"),
    "PRK": ("#5c6400", "#c9d04e"),
    "TWN": ("#2a7f8e", "#6fd0de"),
    "HKG": ("#9c2f86", "#f08fd6"),
    "KAZ": ("#44760f", "#9fd65a"),
    "KGZ": ("#58707a", "#a9c4d0"),
    "TUR": ("#5d4e8c", "#c3b2f2"),
    "ARE": ("#3f6b3a", "#8fcf8a"),
    "KOR": ("#2f5f9e", "#8fb9f5"),
    "JPN": ("#8c4a63", "#e3a0b9"),
    "IND": ("#96600a", "#ecb65b"),
    "ZAF": ("#6b5b95", "#bdb0e6"),
    "one": ("#3b4650", "#cfd6dc"),
    "two": ("#8a6a12", "#e0bb57"),
    "three": ("#1f7a70", "#62cbbf"),
    "four": ("#874d8f", "#d79fe0"),
    "five": ("#7a3b2e", "#e39a89"),
}
#: For groups that are not countries.
SEQUENCE = ("one", "two", "three", "four", "five")
#: Told apart by dash too, so that colour is never the only sign.
DASHES = ("", "7 3", "2 2", "9 3 2 3", "4 2")

_CODE = re.compile(r"^(EU27|[A-Z]{3})(?:\b|$)")


def of_group(group: str) -> str | None:
    """The variable of the country that a group begins with (``RUS``, ``RUS>CHN``), None for any other."""
    found = _CODE.match(group)
    return found[1] if found and found[1] in THEME else None
