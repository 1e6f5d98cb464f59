# SPDX-License-Identifier: Apache-2.0
"""Common names of treaties that many states have signed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilat.package_files import read_package_toml


@dataclass(frozen=True)
class CommonName:
    """What readers call a treaty of many states.

    Parameters
    ----------
    name
        the subject of a sentence on it.
    tie
        what two of its states have to do with it, such as ``both belong to NATO``.
    brief
        what it is, in a heading.
    told
        what it is and obliges to, in a sentence.
    signed
        the year that both of these name.
    source
        the page that gives the name and the year.
    """

    name: str
    tie: str
    brief: str
    told: str
    signed: int
    source: str


def common_name(event: str) -> CommonName | None:
    """Return the common name of a treaty, if it has one.

    Parameters
    ----------
    event
        its identifier in one of our lists. A state that joined later has a row for each other
        member, whose code follows the identifier: ``LP006 SWE``.
    """
    names = common_names()
    listed, _, _ = event.rpartition(" ")
    return names.get(event) or names.get(listed)


@cache
def common_names() -> dict[str, CommonName]:
    """Return all common names by the identifiers of their treaties."""
    declared = read_package_toml(
        "bilat.verdicts.topics",
        "treaty_names.toml",
    )
    names: dict[str, CommonName] = {}
    for entry in declared["treaty"]:
        ids = entry.pop("ids")
        known = CommonName(**entry)
        names.update(dict.fromkeys(ids, known))
    return names
