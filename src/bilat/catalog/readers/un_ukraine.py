# SPDX-License-Identifier: Apache-2.0
"""Votes on the General Assembly's resolutions about Ukraine, from a chart's JavaScript module."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.json_text import parse_json
from bilat.places import country_or_none

VOTES = {"approve": "yes", "against": "no", "abstain": "abstain", "absent": "absent"}
#: Labels of the chart that no gazetteer has.
LABELS = {
    "Macedonia": "MKD",
    "Saint Vincent and Grenadines": "VCT",
    "Bosnia and Herz.": "BIH",
    "Dominican Rep.": "DOM",
    "Eq. Guinea": "GNQ",
    "eSwatini": "SWZ",
}
#: Every member votes, abstains or is absent.
MEMBERS = 193


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per state and resolution, absences included.

    The module has no dates: the options ``68/262 = "2014-03-27"`` give them, from pages named in the catalog.
    """
    text = opened.text()
    path = opened.file.path
    body = re.sub(r"^\s*export\s+default\s*", "", text).strip().rstrip(";")
    body = re.sub(r"([{,]\s*)([A-Za-z_]\w*)\s*:", r'\1"\2":', body)
    body = re.sub(r",(\s*[\]}])", r"\1", body)
    try:
        resolutions = parse_json(body)
    except ValueError as e:
        raise DataError(
            f"is cut, or is not a module of votes ({e})", file=path, cure="pull the file again"
        ) from None
    if not isinstance(resolutions, list) or not all(isinstance(r, dict) for r in resolutions):
        raise DataError("is not a list of resolutions", file=path, cure="pull the file again")
    rows: list[dict[str, object]] = []
    for n, resolution in enumerate(resolutions, 1):
        code = str(resolution.get("code"))
        missing = [c for c in ("code", "name", *VOTES) if c not in resolution]
        if missing:
            raise DataError(f"{path}: resolution {n}: has no {missing[0]!r}; check the download")
        try:
            voted = dt.date.fromisoformat(opened.file.options[code])
        except KeyError:
            raise opened.refuse(
                n, "code", code, "has no date in the catalog: look it up and add it"
            ) from None
        counted = 0
        for column, vote in VOTES.items():
            for label in resolution[column]:
                if not isinstance(label, str):
                    raise opened.refuse(f"{code} {column}", "country", label, "is not a name")
                state = LABELS.get(label.strip()) or country_or_none(label)
                if state is None:
                    raise opened.refuse(
                        f"{code} {column}", "country", label, "is not a country bilat knows"
                    )
                counted += 1
                rows.append(
                    {
                        "body": "GA",
                        "rollcall": f"A/RES/{code}",
                        "resolution": f"A/RES/{code}",
                        "topic": "ukraine",
                        "country": state,
                        "vote": vote,
                        "period": voted.isoformat(),
                        "kind": "reported",
                        "locator": f"{code}.{column}",
                        "known_on": voted,
                        "known_basis": "published",
                    }
                )
        if (
            counted != MEMBERS
            or len({r["country"] for r in rows if r["rollcall"] == f"A/RES/{code}"}) != MEMBERS
        ):
            raise opened.refuse(
                code, "country", counted, f"states are listed, not each of {MEMBERS} once"
            )
    yield "votes", table("votes").arrow(rows)
