# SPDX-License-Identifier: Apache-2.0
"""The topic of listings: parties with an address in the other state that Washington has blocked."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache

from bilat.places import alpha2, country_name, country_or_none, spoken_name
from bilat.places.address_regions import REGIONS, place_of_address
from bilat.verdicts.sentences import WordedNumber
from bilat.verdicts.topics.topic import Between, Facet

#: Parties in a state that stand out though no programme is named after it.
MANY = 100
#: Share of the parties in a state from which on the state that they are blocked for is told.
MOST = 0.5
#: Words of programmes that stand for a state, where they are not its name. A programme may be
#: named after the state that was attacked: those on Ukraine are aimed at Russia.
_PROGRAMMES = {
    "DPRK": "PRK",
    "BURMA": "MMR",
    "DRCONGO": "COD",
    "CAR": "CAF",
    "UKRAINE": "RUS",
}

_IN_STATE = """
SELECT DISTINCT l.party, l.programme, l.known_on, d.country, d.address, coalesce(d.city, '')
FROM listings l JOIN addresses d ON d.party = l.party
WHERE l.source = 'ofac_sdn' AND list_contains(?, d.country)
"""


def listings(asked: Between) -> Facet | None:
    """Parties on the American list with an address in the other."""
    if "USA" not in (asked.a, asked.b):
        return None
    other = asked.b if asked.a == "USA" else asked.a
    rows = _listed_in(asked, other)
    if not rows:
        return None
    targets = {(party, aimed_at(programme)) for party, programme, _ in rows}
    parties = Counter(target for _, target in targets if target)
    count = len({party for party, _ in targets})
    third, for_third = max(parties.items(), key=lambda item: item[1], default=("", 0))
    where = spoken_name(other)
    duty = ""
    if parties[other]:
        sentence = (
            f"The United States has {count:,} parties with an address in {where} on its list of "
            "blocked parties."
        )
        heading = f"Washington has blocked {count:,} parties in {where}"
        duty = "aimed"
    elif count < MANY:
        return None
    elif for_third > MOST * count:
        against = spoken_name(third)
        sentence = (
            f"The United States has blocked {count:,} parties with an address in {where}, "
            f"{for_third:,} of them under programmes aimed at {against}."
        )
        heading = (
            f"Washington has blocked {count:,} parties in {where}, most on account of {against}"
        )
        duty = "aimed at another"
    else:  # blocked for dealings with third states, for drugs or terror
        about = format(WordedNumber(count), "about")
        sentence = (
            f"The United States has blocked {about} parties with an address in {where}, all under "
            "programmes on other states, drugs, terror or weapons."
        )
        heading = (
            f"Washington has blocked {about} parties in {where} on account of others or of crime"
        )
    return Facet(
        "listings",
        sentence,
        "parties",
        data_to=_newest(rows),
        sure="firm",
        sources=("ofac_sdn",),
        heading=heading,
        duty=duty,
    )


def _listed_in(asked: Between, state: str) -> list[tuple[str, str | None, dt.date]]:
    """Return party, programme and day; Hong Kong and Macao count separately from China."""
    states = {state, "CHN"} if state in REGIONS else {state}
    labels = {x: code for code in states for x in (code, alpha2(code), country_name(code))}
    found = asked.rows(_IN_STATE, list(labels), needs=("listings", "addresses"))
    return [
        (party, programme, day)
        for party, programme, day, label, address, city in found
        if place_of_address(labels[label], address, city) == state
    ]


@cache
def aimed_at(programme: str | None) -> str:
    """Return the state that a programme of the American list punishes; blank for none."""
    words = re.sub("[^A-Z]+", " ", (programme or "").upper()).split()
    for first in range(len(words)):
        for last in range(len(words), first, -1):
            state = _named(" ".join(words[first:last]))
            if state:
                return state
    return ""


def _named(words: str) -> str | None:
    """Return the state that words of a programme name; codes of three letters are no names."""
    return _PROGRAMMES.get(words) or (country_or_none(words) if len(words) > 3 else None)


def _newest(rows: list[tuple[str, str | None, dt.date]]) -> dt.date:
    return max(known_on for *_, known_on in rows)
