# SPDX-License-Identifier: Apache-2.0
"""Who seems to say first what a page says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bilat.catalog.compiled.sites import site_of
from bilat.intake.page import Page
from bilat.places import country_or_none

#: The part of a page in which it names whom it repeats.
HEAD = 2_500
#: Shorter names are found in other words.
SHORTEST = 3
#: Words before a name that make it the one who says so.
_BEFORE = (
    r"(?:according to|citing|cited by|reports? by|reported by|data (?:from|of|by)|"
    r"figures (?:from|of|by)|told|said by|analysis by|study by|published by|"
    r"estimates? (?:of|by)|via|source:)\s+(?:the\s+)?"
)
#: Words after one.
_AFTER = (
    r"(?:'s)?\s+(?:said|says|reported|reports|estimates?|estimated|told|announced|wrote|found|"
    r"data)\b"
)


@dataclass(frozen=True)
class Speaker:
    """The originator that a page seems to have, how that was found, and the site of the page."""

    name: str
    found: str
    site: str


def speaker(page: Page, known: Iterable[str]) -> Speaker:
    """Return whom the page repeats, else who publishes it.

    Parameters
    ----------
    known
        originators of stored documents: names that a page may repeat.
    """
    site = site_of(page.address) if page.address else ""
    head = page.text[:HEAD]
    repeated = _repeated(head, known)
    if repeated:
        return Speaker(repeated, "named by the page as its source", site)
    for key, found in (("site", "the page's publisher"), ("author", "the page's author")):
        if page.declared.get(key):
            return Speaker(page.declared[key], found, site)
    return Speaker(site, "the page's site" if site else "the page names nobody", site)


def _repeated(head: str, known: Iterable[str]) -> str:
    counts: Counter[str] = Counter()
    for name in known:
        if len(name) < SHORTEST or name not in head or country_or_none(name):
            continue
        escaped = re.escape(name)
        brackets = rf"\({escaped}\)"
        cue = rf"(?i:{_BEFORE}){escaped}\b|\b{escaped}(?i:{_AFTER})|{brackets}"
        counts[name] = len(re.findall(cue, head))
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] else ""
