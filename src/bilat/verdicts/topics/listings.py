# SPDX-License-Identifier: Apache-2.0
"""The topic of listings: parties with an address in the other state that Washington has blocked."""

from __future__ import annotations

from bilat.places import alpha2, country_name, spoken_name
from bilat.verdicts.sentences import WordedNumber
from bilat.verdicts.topics.topic import Between, Facet

#: Parties in a state that stand out though no programme is named after it.
MANY = 100
#: What programmes of the list call a state, where it is not by its name.
_PROGRAMMES = {"PRK": "DPRK", "MMR": "BURMA", "COD": "DRCONGO", "CAF": "CAR"}

_IN_STATE = """
SELECT count(DISTINCT l.party),
       count(DISTINCT l.party) FILTER (starts_with(l.programme, ?)),
       max(l.known_on)
FROM listings l JOIN addresses d ON d.party = l.party
WHERE l.source = 'ofac_sdn' AND d.country IN (?, ?, ?)
"""


def listings(asked: Between) -> Facet | None:
    """Parties on the American list with an address in the other."""
    if "USA" not in (asked.a, asked.b):
        return None
    other = asked.b if asked.a == "USA" else asked.a
    name = country_name(other)
    programme = _PROGRAMMES.get(other, name.upper())
    rows = asked.rows(
        _IN_STATE, programme, other, alpha2(other), name, needs=("listings", "addresses")
    )
    count, aimed, to = rows[0]
    where = spoken_name(other)
    if aimed:
        sentence = (
            f"The United States has {count:,} parties with an address in {where} on its list of "
            "blocked parties."
        )
        heading = f"Washington has blocked {count:,} parties in {where}"
    elif count >= MANY:  # blocked for dealings with third states, for drugs or terror
        about = format(WordedNumber(count), "about")
        sentence = (
            f"The United States has blocked {about} parties with an address in {where}, all under "
            "programmes on other states, drugs, terror or weapons."
        )
        heading = f"Washington has blocked {about} parties in {where} for other reasons"
    else:
        return None
    return Facet(
        "listings",
        sentence,
        "parties",
        data_to=to,
        sure="firm",
        sources=("ofac_sdn",),
        heading=heading,
        duty="aimed" if aimed else "",
    )
