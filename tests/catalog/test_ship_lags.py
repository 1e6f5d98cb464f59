# SPDX-License-Identifier: Apache-2.0
"""How long London and Brussels follow each other with a ship, counted from the files by other means than bilat's."""

import csv
import datetime as dt
import gzip
import json
import re
import statistics
from collections import defaultdict
from pathlib import Path

import pytest

from bilat.measures import ask


def london(folder: Path) -> dict[str, str]:
    """The IMO number of each ship of the Russia regime -> the day of its designation.

    The list has the number in its text: "NAME (IMO 9826902) is involved in …".
    """
    found: dict[str, str] = {}
    with gzip.open(folder / "uk/ammitto_uk_2026-08-22.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            is_ship = entry.get("individual_entity_ship") == "Ship"
            if not is_ship or "Russia" not in entry.get("regime_name", ""):
                continue
            told = f"{entry.get('uk_statement_of_reasons')} {entry.get('other_information')} {line}"
            number = re.search(r"IMO\D{0,12}(\d{7})", told)
            if number:
                day = entry["date_designated"]
                found[number[1]] = min(found.get(number[1], day), day)
    return found


def brussels(folder: Path) -> dict[str, str]:
    """The IMO number of each ship of annex XLII, with the amendments -> its first day."""
    found: dict[str, str] = {}
    paths = [folder / "eu/consolidated/32014R0833.csv", *(folder / "eu/amendments").glob("*.csv")]
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                number = re.sub(r"\D", "", row["imoNumber"])
                if number and row["annex"] == "XLII":
                    day, month, year = map(int, row["startDate"].split("."))
                    first = f"{year}-{month:02d}-{day:02d}"
                    found[number] = min(found.get(number, first), first)
    return found


@pytest.mark.shared
def test_the_lags_of_ships_are_those_of_the_files(shared: Path) -> None:
    uk = london(shared / "sources/parties")
    eu = brussels(shared / "sources/parties")
    lags: dict[str, list[int]] = defaultdict(list)
    for number in set(uk) & set(eu):
        first, second = sorted((uk[number], eu[number]))
        days = dt.date.fromisoformat(second) - dt.date.fromisoformat(first)
        lags[first[:4]].append(days.days)
    told = {p.period: p.value for p in ask("parties.allied_gap").points}
    counted = {year: statistics.median(days) for year, days in lags.items()}
    assert told == {year: float(counted[year]) for year in told}
    assert {"2024", "2025"} <= set(told)
