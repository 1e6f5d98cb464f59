# SPDX-License-Identifier: Apache-2.0
"""Annexes of EU sanctions regulations as tables, a row an entry, and the Commission's list of financial sanctions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bilat.errors import DataError
from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    Name,
    iso_date,
    named,
    refuse,
    split_names,
    unique,
)
from bilat.formats.parties.text import elements, local, refuse_absent, rows

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
                    numbers.append(
                        Identifier(*canonical(kind if meant == "other" else meant, value))
                    )
        aliases = [(a, "alias") for a in split_names(r["alias"])]
        aliases += [(a, "weak") for a in split_names(r.get("weakAlias", ""))]
        aliases += [(a, "former") for a in split_names(r.get("previousName", ""))]
        names = named(
            *((n, "primary" if k == 0 else "alias") for k, n in enumerate(split_names(r["name"]))),
            *aliases,
        )
        if not names:
            continue
        yield ListedParty(
            id=f"eu-{regulation}-{r['annex']}-{r['recordId']}",
            schema=r["schema"] or "LegalEntity",
            names=names,
            locator=f"line {line}",
            addresses=(Address(r["address"], "", r.get("country", "")),)
            if r.get("address")
            else (),
            identifiers=unique(tuple(numbers)),
            countries=unique(
                tuple(
                    c
                    for k in ("country", "nationality", "jurisdiction")
                    for c in split_names(r.get(k, ""))
                )
            ),
            born=r.get("birthDate", ""),
            incorporated=r.get("incorporationDate", ""),
            listings=(
                Listing(
                    f"EU {regulation}", f"{r['programKey']} {r['annex']}", iso_date(r["startDate"])
                ),
            ),
            remarks=r.get("reason", ""),
        )


def financial(path: Path) -> Iterator[ListedParty]:
    """The consolidated list of persons under financial sanctions (``xmlFullSanctionsList_1_1``).

    A party is dated by its designation where the file says it, else by the oldest act that stands with its details.
    """
    many = 0
    seen = dict.fromkeys(("address", "identification", "citizenship"), 0)
    for e in elements(path, {"sanctionEntity"}, {"": frozenset({"export"})}):
        many += 1
        row = f"entity {e.get('logicalId')}"
        parts: dict[str, list[ElementTree.Element]] = {}
        for part in e:
            parts.setdefault(local(part.tag), []).append(part)
        for part_name in seen:
            seen[part_name] += part_name in parts
        for needed, of in (
            ("nameAlias", "wholeName"),
            ("regulation", "programme"),
            ("subjectType", "code"),
        ):
            if not any(part.get(of) for part in parts.get(needed, ())):
                raise refuse(path.name, row, f"has no {needed} with its {of}", "get the file again")
        acts = [a.get("publicationDate", "") for a in e.iter() if a.get("publicationDate")]
        listed_on = iso_date(e.get("designationDate") or min(acts, default=""))
        born = (p.get("birthdate", "") or p.get("year", "") for p in parts.get("birthdate", ()))
        yield ListedParty(
            id=f"eu-fsf-{e.get('logicalId')}",
            schema="Person" if parts["subjectType"][0].get("code") == "person" else "LegalEntity",
            names=_named(parts["nameAlias"]),
            locator=row,
            addresses=unique(tuple(a for p in parts.get("address", ()) if (a := _address(p)).text)),
            identifiers=unique(
                tuple(_number(p) for p in parts.get("identification", ()) if _is_number(p))
            ),
            countries=unique(tuple(filter(None, map(_state, parts.get("citizenship", ()))))),
            born="; ".join(filter(None, born)),
            listings=unique(
                tuple(
                    Listing("EU FSF", p.get("programme", ""), listed_on)
                    for p in parts["regulation"]
                )
            ),
            remarks="; ".join(
                filter(None, ((p.text or "").strip() for p in parts.get("remark", ())))
            ),
        )
    if not many:
        raise refuse(path.name, "export", "has no sanctionEntity", "get the file again")
    refuse_absent(path, many, seen)


def _named(aliases: list[ElementTree.Element]) -> tuple[Name, ...]:
    """A strong name in English first."""
    weak = [n.get("strong") == "false" for n in aliases]
    order = sorted(
        range(len(aliases)),
        key=lambda k: (weak[k], aliases[k].get("nameLanguage", "") not in ("", "EN")),
    )
    return named(
        *(
            (
                aliases[k].get("wholeName", ""),
                "weak" if weak[k] else "primary" if k == order[0] else "alias",
            )
            for k in order
        )
    )


def _is_number(part: ElementTree.Element) -> bool:
    return bool(part.get("number")) and part.get("knownFalse") != "true"


def _number(part: ElementTree.Element) -> Identifier:
    kind = kind_of(part.get("identificationTypeDescription", ""))
    return Identifier(*canonical(kind, part.get("number", "")), _state(part))


def _state(part: ElementTree.Element) -> str:
    code = part.get("countryIso2Code", "")
    return "" if code == "00" else code


def _address(part: ElementTree.Element) -> Address:
    words = [part.get(k, "") for k in ("street", "poBox", "zipCode", "city", "place", "region")]
    country = part.get("countryDescription", "") if _state(part) else ""
    return Address(", ".join(filter(None, [*words, country])), part.get("city", ""), _state(part))
