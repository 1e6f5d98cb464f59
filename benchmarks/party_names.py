# SPDX-License-Identifier: Apache-2.0
"""Names that screening is fitted and judged on, out of the mirror: listed parties, other lists' names, clean people."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

from bilat.parties.match.index import NameIndex, Party


def half(key: str) -> int:
    """0 (fitted on) or 1 (reported on), by hash."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % 2


def read_benchmark(mirror: Path) -> tuple[list[dict], dict[str, list[dict]]]:
    """(parties, queries by set) of the matching benchmark."""
    folder = mirror / "benchmarks/party_matching"
    parties = [
        json.loads(line) for line in (folder / "entities.jsonl").read_text("utf-8").splitlines()
    ]
    queries = {
        s: json.loads((folder / f"queries_{s}.json").read_text("utf-8"))
        for s in ("real", "syn", "zh", "neg")
    }
    return parties, queries


def is_latin(text: str) -> bool:
    """Whether every letter is Latin."""
    return all(re.match("[A-Za-z\u00c0-\u024f]", c) for c in text if c.isalpha())


def latin_names(party: dict) -> tuple[str, ...]:
    """The party's names that are wholly in Latin letters."""
    return tuple(n for n in party["names"] if is_latin(n))


def index_of(parties: list[dict], prefix: str = "") -> NameIndex:
    """Index of the parties whose id begins with ``prefix``, Latin names only."""
    return NameIndex(
        Party(p["id"], p["schema"], latin_names(p)) for p in parties if p["id"].startswith(prefix)
    )


def real_queries(queries: dict[str, list[dict]]) -> list[dict]:
    """Non-verbatim, non-vessel names of other lists that have an OFAC party as their answer."""
    return [
        q
        for q in queries["real"]
        if not q["verbatim"]
        and q["schema"] != "Vessel"
        and any(t.startswith("ofac-") for t in q["target"])
    ]


def clean_people(mirror: Path) -> list[dict]:
    """Generated names of people, not listed."""
    out = []
    for part in ("global", "us"):
        path = mirror / f"sources/parties/labels/yente_candidate__negatives_{part}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            out += [{"q": row["full_name"], "schema": "Person"} for row in csv.DictReader(file)]
    return list({q["q"]: q for q in out if q["q"]}.values())
