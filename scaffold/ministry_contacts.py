# SPDX-License-Identifier: Apache-2.0
"""Write the contacts of Russia with other states that its foreign ministry posted, a file a year.

    python scaffold/ministry_contacts.py FOLDER

FOLDER has a copy of the ministry's posts by year, 2022.json and later: docs/data/mfa/search of
github.com/lobsterbush/kremlin-speeches, which follows https://t.me/MFARussia. The lists hold days,
states, offices and names, and no text of a post.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from pathlib import Path

from bilat.catalog.readers.ministry_posts import HEADER, contacts

COMPILED = Path(__file__).resolve().parents[1] / "src" / "bilat" / "catalog" / "compiled"


def main() -> None:
    """Write a list for each year of the folder."""
    for copy in sorted(Path(sys.argv[1]).glob("20??.json")):
        posts = json.loads(copy.read_text("utf-8"))
        found = contacts((dt.date.fromisoformat(post["d"]), post["t"]) for post in posts)
        target = COMPILED / f"ministry_contacts_{copy.stem}.csv"
        with target.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(HEADER)
            for c in found:
                row = vars(c) | {"states": ";".join(c.states)}
                out.writerow([row[column] for column in HEADER])
        print(f"{target.name}: {len(found)} contacts from {len(posts)} posts")


if __name__ == "__main__":
    main()
