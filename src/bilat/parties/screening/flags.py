# SPDX-License-Identifier: Apache-2.0
"""Flags beside a row: what else the query and the party say, each with its rule (``flags.toml``)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bilat.package_files import read_package_toml
from bilat.parties.match.agreement import Agreement
from bilat.parties.match.evidence import STATE_OF_NAME
from bilat.parties.screening.screener import Candidate


@cache
def flag_rules() -> dict[str, dict[str, str]]:
    """What each flag says and on which rule it rests."""
    return read_package_toml(__package__, "flags.toml")["flags"]


def flag(name: str, detail: str = "") -> dict[str, str]:
    """One flag as it stands in a row."""
    rule = flag_rules()[name]
    says = rule["says"] + (f": {detail}" if detail else "")
    return {"flag": name, "says": says, "rule": rule["rule"], "url": rule["url"]}


def flags_of(
    record: dict[str, Any],
    c: Candidate,
    agreement: Agreement,
    *,
    later: bool,
    borne: str,
    namesakes: str,
) -> list[dict[str, str]]:
    """Return the flags of an alert.

    Parameters
    ----------
    record, c, agreement
        The listed party, and how it agrees.
    later
        Whether the name or the address is only on a later list.
    borne
        How many others bear the name; '' for too few to matter.
    namesakes
        Other listed parties that have the exact name; '' for none.
    """
    against = {w.what: w.says for w in c.weighed if w.factor < 1}
    # An entry of the Entity List may name an address and no party.
    address_only = re.match(r"\s*address \D{0,3}\d", record["name"], re.IGNORECASE)
    ties = (
        f"{kind}: {other}" + (f" ({more[0]})" if more else "")
        for kind, other, _, _, *more in record["links"][:5]
    )
    rest = record["tied_count"] - len(record["tied"])
    details: dict[str, str | bool] = {
        "same_name": namesakes,
        "common_name": borne,
        "identifier": bool(agreement.numbers),
        "number_elsewhere": c.elsewhere,
        "identifier_conflict": ""
        if agreement.numbers or c.elsewhere
        else against.get("number", ""),
        "listed_address" if address_only else "address_of_listed": agreement.place,
        "later_edition": later,
        "country_differs": against.get("state", "") or against.get(STATE_OF_NAME, ""),
        "birth_differs": against.get("birth", ""),
        "tied_to": "; ".join(ties),
        "tied_from": "; ".join(record["tied"]) + (f" and {rest:,} more" if rest else ""),
    }
    return [
        flag(name, says if isinstance(says, str) else "") for name, says in details.items() if says
    ]
