# SPDX-License-Identifier: Apache-2.0
"""What lists, their programmes and entries are called in a sentence (``list_names.toml``)."""

from __future__ import annotations

import re
from functools import cache

from bilat.catalog import sources
from bilat.package_files import read_package_toml

#: The number of an EU act as its list has it: ``32014R0833`` is Regulation 833/2014.
_ACT = re.compile(r"EU 3(?P<year>\d{4})R(?P<number>\d{4})")
#: The year from which the EU writes the year of a regulation first.
_YEAR_FIRST = 2015
#: An annex of an EU act: ``EU-RUS XLII``, ``EU-UKR I.ENTITIES``.
_ANNEX = re.compile(r"EU-[A-Z]{3} (?P<annex>[IVXL]+)\b.*")
#: Regulations of the UK: ``The Russia (Sanctions) (EU Exit) Regulations 2019``.
_BRITISH = re.compile(
    r"The (?P<of>.+?) \((?:International )?Sanctions\).* Regulations (?P<year>\d{4})"
)
#: The number with which the id of an entry ends: ``379`` of ``eu-32014R0833-XLII-379``.
_ENTRY = re.compile(r"-(?P<number>[A-Z]*\d+)$")
#: Ids of entries that their publisher does not number.
_NO_NUMBER = "csl-"


@cache
def _spoken() -> dict[str, str]:
    table = read_package_toml(__package__, "list_names.toml")
    return {str(name): str(spoken) for name, spoken in table["spoken"].items()}


def title_of(name: str) -> str:
    """Return the title of a list of the catalog, in quotes; a file's own name as it is."""
    known = sources().get(name)
    return f"“{known.title}”" if known else name


def spoken_list(name: str) -> str:
    """Return what a list is called: ``EU Regulation 833/2014``; a list of one's own by its name."""
    act = _ACT.fullmatch(name)
    if act is None:
        return _spoken().get(name, name)
    year = int(act["year"])
    number = int(act["number"])
    named = f"{year}/{number}" if year >= _YEAR_FIRST else f"{number}/{year}"
    return f"EU Regulation {named}"


def spoken_programme(programme: str) -> str:
    """Return what a programme is called: ``Annex XLII``, ``Russia Regulations 2019``."""
    if annex := _ANNEX.fullmatch(programme):
        return f"Annex {annex['annex']}"
    if british := _BRITISH.fullmatch(programme):
        return f"{british['of']} Regulations {british['year']}"
    return programme


def spoken_listing(name: str, programme: str) -> str:
    """Return a list with the programme: ``EU Regulation 833/2014, Annex XLII``."""
    parts = (spoken_list(name), spoken_programme(programme))
    return ", ".join(filter(None, parts))


def entry_number(party: str) -> str:
    """Return the publisher's number of an entry from its id; blank without one."""
    found = None if party.startswith(_NO_NUMBER) else _ENTRY.search(party)
    return found["number"] if found else ""
