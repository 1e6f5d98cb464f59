# SPDX-License-Identifier: Apache-2.0
"""Write the states that the programmes of the stored lists are named for.

Run: python benchmarks/programme_states.py. It overwrites programme_states.csv in
bilat.parties.lists.
"""

from __future__ import annotations

import csv
from pathlib import Path

import bilat.parties.lists
from bilat.holdings import Holdings, embedded_folder
from bilat.parties.lists.regimes import read_states
from bilat.when import AsOf

TABLE = Path(bilat.parties.lists.__file__).with_name("programme_states.csv")
PROGRAMMES = "SELECT DISTINCT programme FROM listings WHERE programme <> '' ORDER BY programme"


def main() -> None:
    connection = Holdings(embedded_folder()).connect(AsOf(None), PROGRAMMES).connection
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["programme", "states"])
        for (programme,) in connection.sql(PROGRAMMES).fetchall():
            out.writerow([programme, " ".join(sorted(read_states(programme)))])


if __name__ == "__main__":
    main()
