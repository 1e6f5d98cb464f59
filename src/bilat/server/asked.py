# SPDX-License-Identifier: Apache-2.0
"""What an address asks: its pair, its date and its parameters; what is not known is refused by name."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from bilat.dyad import Dyad
from bilat.errors import UnknownName, UsageError
from bilat.goods.baskets import NAMES as BASKETS
from bilat.measures import measures
from bilat.measures.declare import Measure
from bilat.parties.run.threshold import Threshold
from bilat.parties.run.typed import SCHEMATA
from bilat.places import country
from bilat.places.coalitions import origins
from bilat.server.upload import Form, share, whole
from bilat.when import AsOf, Period

PAIR = "RUS-CHN"
#: Names that one request may ask for; more go in a file.
MOST_NAMES = 200
#: Characters of one parameter.
LONGEST_TEXT = 500


def query(request: Request, *allowed: str, many: Iterable[str] = ()) -> dict[str, str]:
    """The parameters of an address, each once and without blanks round it; blank ones are left out.

    Raises
    ------
    UsageError
        for a parameter that is not allowed here, stands twice, or is too long.
    """
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in many:
            continue
        if name not in allowed:
            raise UsageError(
                f"no parameter {name[:40]!r} here; there are: {', '.join(sorted({*allowed, *many})) or 'none'}"
            )
        if name in found:
            raise UsageError(f"parameter {name} stands twice; give it once")
        if len(value) > LONGEST_TEXT or any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise UsageError(
                f"parameter {name} is not text of up to {LONGEST_TEXT} characters; write it shorter, on one line"
            )
        found[name] = value.strip()
    return {k: v for k, v in found.items() if v}


def pair_of(text: str | None) -> Dyad:
    """The pair that a text names: ``RUS-CHN``, or ``Russia, China``.

    Raises
    ------
    UsageError
        for another text, or a state that is none.
    """
    text = (text or PAIR).strip()
    a, sign, b = text.partition("," if "," in text else "-")
    if not sign or not a.strip() or not b.strip():
        raise UsageError(f"pair {text[:40]!r} is not two states; write RUS-CHN")
    return Dyad(a.strip(), b.strip())


def measure_named(name: str) -> Measure:
    """The measure of a name.

    Raises
    ------
    UsageError
        where there is none.
    """
    found = measures().get(name)
    if found is None:
        raise UnknownName(f"no measure {name[:80]!r}: see /api/measures")
    return found


def written(spec: Measure, given: dict[str, str]) -> dict[str, str]:
    """The parameters of a measure that differ from its defaults, as a person writes them; one spelling each."""
    return {k: str(v) for k, v in spec.written(given).items() if k in given and v != spec.params[k]}


def screening(given: dict[str, str] | Form) -> dict[str, object]:
    """The options of a screening, checked before anything is read.

    Raises
    ------
    UsageError
        for an option that is not allowed.
    """
    threshold = given.get("threshold", "") or None
    Threshold.of(threshold)
    return {
        "as_of": str(AsOf(given.get("as_of", "") or None)),
        "top": whole(given.get("top", "") or "5", "top", 1, 50),
        "threshold": threshold,
        "base_rate": share(given.get("base_rate", ""), "base rate") if given.get("base_rate") else None,
    }


def routes(given: dict[str, str] | Form, *, limit: str = "1000", cases: int = 20) -> dict[str, object]:
    """The question to a search for routes, checked before anything is read.

    Raises
    ------
    UsageError
        for an option that is not allowed.
    """
    basket = given.get("basket", "")
    if basket and basket.partition(":")[0] not in BASKETS:
        raise UsageError(
            f"basket {basket[:40]!r} is not known; use {', '.join(BASKETS)}, or one tier as chpl:1"
        )
    origin, hub = given.get("origin", ""), given.get("hub", "")
    if origin:
        origins(origin)
    for state in [given.get("target", "") or "RUS", hub]:
        for one in filter(None, (s.strip() for s in state.split(","))):
            country(one)
    since, until = given.get("since", "") or "2022-03", given.get("until", "")
    for period in filter(None, (since, until)):
        Period(period)
    return {
        "origin": origin,
        "target": given.get("target", "") or "RUS",
        "since": since,
        "until": until,
        "basket": basket,
        "hub": hub,
        "limit": whole(given.get("limit", "") or limit, "limit", 1, 5000),
        "cases": cases,
        "as_of": str(AsOf(given.get("as_of", "") or None)),
    }


def kind_of(text: str) -> str | None:
    """What a name is said to be.

    Raises
    ------
    UsageError
        for a kind that the lists do not have.
    """
    if text and text not in SCHEMATA:
        raise UsageError(f"schema {text[:40]!r} is not known; use {', '.join(SCHEMATA)}")
    return text or None
