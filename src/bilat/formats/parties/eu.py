# SPDX-License-Identifier: Apache-2.0
"""Annexes of EU sanctions regulations as tables, one row per entry (consolidated text or amendment)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    iso_date,
    named,
    split_names,
    unique,
)
from bilat.formats.parties.text import rows

HEADER = ("recordId", "programKey", "annex", "measure", "startDate", "schema", "name", "alias")
_NUMBERS = {
    "passportNumber": "passport",
    "registrationNumber": "registration",
    "taxNumber": "tax",
    "idNumber": "national",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "leiCode": "lei",
    "swiftBic": "swift",
    "imoNumber": "imo",
    "mmsi": "mmsi",
}
_LABELLED = re.compile(r"([A-Z0-9][A-Z0-9\- ]{4,}[A-Z0-9])\s*(?:\(([^)]*)\))?")


def parties(path: Path) -> Iterator[ListedParty]:
    """The entries of one regulation; ids are regulation, annex and entry."""
    for line, r in rows(path, HEADER, once=True):
        if "celex" not in r and "amendedCelex" not in r:
            raise DataError(
                "no column 'celex' or 'amendedCelex': not a table of an EU regulation",
                file=path.name,
                row=1,
                cure="check the download",
            )
        regulation = r.get("amendedCelex") or r.get("celex") or path.stem
        numbers = []
        for column, kind in _NUMBERS.items():
            for value, label in _LABELLED.findall(r.get(column, "").upper()):
                if any(c.isdigit() for c in value):
                    meant = kind_of(label) if label else kind
                    numbers.append(Identifier(*canonical(kind if meant == "other" else meant, value)))
        aliases = [(a, "alias") for a in split_names(r["alias"])]
        aliases += [(a, "weak") for a in split_names(r.get("weakAlias", ""))]
        aliases += [(a, "former") for a in split_names(r.get("previousName", ""))]
        names = named(
            *((n, "primary" if k == 0 else "alias") for k, n in enumerate(split_names(r["name"]))), *aliases
        )
        if not names:
            continue
        yield ListedParty(
            id=f"eu-{regulation}-{r['annex']}-{r['recordId']}",
            schema=r["schema"] or "LegalEntity",
            names=names,
            locator=f"line {line}",
            addresses=(Address(r["address"], "", r.get("country", "")),) if r.get("address") else (),
            identifiers=unique(tuple(numbers)),
            countries=unique(
                tuple(
                    c for k in ("country", "nationality", "jurisdiction") for c in split_names(r.get(k, ""))
                )
            ),
            born=r.get("birthDate", ""),
            incorporated=r.get("incorporationDate", ""),
            listings=(
                Listing(f"EU {regulation}", f"{r['programKey']} {r['annex']}", iso_date(r["startDate"])),
            ),
            remarks=r.get("reason", ""),
        )
