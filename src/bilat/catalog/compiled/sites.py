# SPDX-License-Identifier: Apache-2.0
"""Grades of the sites on which documents were read, and the sites whose documents are refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from bilat.package_files import read_package_toml

#: The grade of a site that nobody has assessed.
UNKNOWN = "C"


@dataclass(frozen=True)
class RefusedSites:
    """Sites from which no document is taken in, with the reason and where it can be read."""

    sites: tuple[str, ...]
    reason: str
    source: str


@dataclass(frozen=True)
class AssessedSite:
    """A site assessed one by one, with the reason and where it can be read."""

    site: str
    trust: str
    reason: str
    source: str


@dataclass(frozen=True)
class _Declared:
    """What the file says of sites."""

    refused: tuple[RefusedSites, ...]
    assessed: tuple[AssessedSite, ...]
    trust: dict[str, str]  #: of each assessed site


@cache
def _declared() -> _Declared:
    raw = read_package_toml("bilat.catalog.compiled", "sites.toml")
    entries = tuple(AssessedSite(**entry) for entry in raw["assessed"])
    trust = {site: grade for grade, sites in raw["trust"].items() for site in sites}
    trust |= {entry.site: entry.trust for entry in entries}
    refused = tuple(
        RefusedSites(tuple(entry["sites"]), entry["reason"], entry["source"])
        for entry in raw["refused"]
    )
    return _Declared(refused=refused, assessed=entries, trust=trust)


def assessed() -> tuple[AssessedSite, ...]:
    """Return the sites that were assessed one by one, in the order of the file."""
    return _declared().assessed


def site_of(page: str) -> str:
    """Return the host of an address without ``www.``; of a repository ``github:owner/name``."""
    parts = urlsplit(page)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if host == "github.com":
        return "github:" + "/".join(parts.path.split("/")[1:3])
    return host


def trust_of(page: str) -> str:
    """Return what the site of a page is worth: A to D."""
    trust = _declared().trust
    return next((trust[s] for s in _domains(site_of(page)) if s in trust), UNKNOWN)


def refused(page: str) -> RefusedSites | None:
    """Return the entry of the list that refuses the site of a page, if one does."""
    domains = set(_domains(site_of(page)))
    return next((r for r in _declared().refused if domains & set(r.sites)), None)


def _domains(site: str) -> list[str]:
    """The site and the domains that it belongs to: ``a.b.org``, ``b.org``, ``org``."""
    labels = site.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]
