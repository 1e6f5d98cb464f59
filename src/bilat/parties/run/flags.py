# SPDX-License-Identifier: Apache-2.0
"""Flags beside a row: what else the query and the party say, each with its rule (``flags.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from bilat.parties.match.evidence import Weighed


@cache
def flag_rules() -> dict[str, dict[str, str]]:
    """What each flag says and on which rule it rests."""
    return tomllib.loads(resources.files(__package__).joinpath("flags.toml").read_text("utf-8"))["flags"]


def flag(name: str, detail: str = "") -> dict[str, str]:
    """One flag as it stands in a row."""
    rule = flag_rules()[name]
    says = rule["says"] + (f": {detail}" if detail else "")
    return {"flag": name, "says": says, "rule": rule["rule"], "url": rule["url"]}


def flags_of(
    record: dict[str, Any],
    weighed: Sequence[Weighed],
    *,
    numbered: bool,
    elsewhere: str,
    place: str,
    later: bool,
    borne: str = "",
) -> list[dict[str, str]]:
    """The flags of a row. ``place`` is the listed address that the query's is, '' for none; ``borne``
    says how many others bear the name, '' for too few to matter.
    """
    out = []
    if borne:
        out.append(flag("common_name", borne))
    if numbered:
        out.append(flag("identifier"))
    if elsewhere:
        out.append(flag("number_elsewhere", elsewhere))
    by_what = {w.what: w for w in weighed}
    if not numbered and not elsewhere and "number" in by_what:
        out.append(flag("identifier_conflict", by_what["number"].says))
    if place:
        out.append(flag("listed_address" if _address_only(record) else "address_of_listed", place))
    if later:
        out.append(flag("later_edition"))
    if "state" in by_what and by_what["state"].factor < 1:
        out.append(flag("country_differs", by_what["state"].says))
    if "birth" in by_what and by_what["birth"].factor < 1:
        out.append(flag("birth_differs", by_what["birth"].says))
    if record["links"]:
        told = "; ".join(
            f"{kind}: {other}" + (f" ({more[0]})" if more else "")
            for kind, other, _, _, *more in record["links"][:5]
        )
        out.append(flag("tied_to", told))
    if record["tied_count"]:
        rest = record["tied_count"] - len(record["tied"])
        out.append(flag("tied_from", "; ".join(record["tied"]) + (f" and {rest:,} more" if rest else "")))
    return out


def _address_only(record: dict[str, Any]) -> bool:
    """An entry of the Entity List that names an address and no party."""
    name = record["name"].strip().lower()
    return name.startswith("address ") and any(c.isdigit() for c in name[:12])


def address_key(text: str) -> str:
    """An address by its letters and digits."""
    return "".join(c for c in text.casefold() if c.isalnum())
