# SPDX-License-Identifier: Apache-2.0
"""Write the table of ISO 3166 that the package reads: src/bilat/places/iso3166.csv.

    python scaffold/iso3166.py

Codes and names are those of the package pycountry (LGPL-2.1-only), which carries Debian's iso-codes
(LGPL-2.1-or-later): https://salsa.debian.org/iso-codes-team/iso-codes. It is needed to write the
table and in the tests, which compare the two; an install of bilat reads the table alone.
"""

from __future__ import annotations

import csv
import gettext
import io
import sys
from importlib import metadata
from pathlib import Path

import pycountry

TABLE = Path(__file__).resolve().parents[1] / "src" / "bilat" / "places" / "iso3166.csv"
#: The names of a state in ISO's list: short, long, and the one in daily use where it differs.
NAMES = ("name", "official_name", "common_name")
#: Languages whose names of states are read in publishers' and officers' files.
LANGUAGES = {"zh": "zh_CN", "ru": "ru", "de": "de", "fa": "fa"}
HEAD = (
    "# ISO 3166-1 and, with status withdrawn, 3166-3: Debian iso-codes as in pycountry {version}; "
    "LGPL-2.1-or-later; written by scaffold/iso3166.py\n"
)


def text() -> str:
    """Return the table as CSV: a state a row, those that were withdrawn last."""
    words = {
        short: gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[name])
        for short, name in LANGUAGES.items()
    }
    translated = [f"{language}_{name}" for language in LANGUAGES for name in NAMES]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["alpha3", "alpha2", "numeric", "status", *NAMES, *translated])
    for state in pycountry.countries:
        names = [getattr(state, name, "") for name in NAMES]
        other = []
        for language in LANGUAGES:
            for name in names:
                said = words[language].gettext(name) if name else ""
                other.append("" if said == name else said)
        table.writerow([state.alpha_3, state.alpha_2, state.numeric, "", *names, *other])
    blank = [""] * (len(NAMES) + len(translated) - 1)
    for gone in pycountry.historic_countries:
        table.writerow([gone.alpha_3, "", "", "withdrawn", gone.name, *blank])
    return HEAD.format(version=metadata.version("pycountry")) + out.getvalue()


def main() -> None:
    """Write the table."""
    TABLE.write_text(text(), "utf-8")
    print(f"wrote {TABLE}", file=sys.stderr)


if __name__ == "__main__":
    main()
