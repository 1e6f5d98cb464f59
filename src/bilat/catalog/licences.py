# SPDX-License-Identifier: Apache-2.0
"""The licences of embedded tables as SPDX identifiers, for the metadata of the package and its NOTICE."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bilat.catalog.sources import Source

#: What a source's licence says, and the identifier that stands for it. Counts of a table under
#: CC BY-NC carry no identifier of it: nothing of the table itself is in the package.
_IDENTIFIERS = (
    (r"Apache-2\.0", "Apache-2.0"),
    (r"CC BY 4\.0", "CC-BY-4.0"),
    (r"CC BY-SA 4\.0", "CC-BY-SA-4.0"),
    (r"Etalab", "etalab-2.0"),
    (r"GPL-2", "GPL-2.0-only"),
    (r"GPL-3", "GPL-3.0-only"),
    (r"\bISC\b", "ISC"),
    (r"\bMIT\b", "MIT"),
    (r"Open Government Licence - Canada", "OGL-Canada-2.0"),
    (r"Open Government Licence v3", "OGL-UK-3.0"),
    (r"2011/833/EU", "LicenseRef-EU-Decision-2011-833"),
    (r"Japan Government", "LicenseRef-Japan-Government-Standard-Terms-2.0"),
    (r"public domain|United States government|US government", "LicenseRef-Public-Domain"),
)
#: Of the typeface that pages, charts and PDF use.
TYPEFACE = "OFL-1.1"
#: For a table whose publisher states terms of his own, or none: NOTICE has them.
OTHER = "LicenseRef-Publisher-Terms"


def identifiers(source: Source) -> list[str]:
    """Return the SPDX identifiers of a source's licence, in alphabetical order."""
    found = {name for pattern, name in _IDENTIFIERS if re.search(pattern, source.licence)}
    return sorted(found) or [OTHER]


def expression(sources: Iterable[Source]) -> str:
    """Return the SPDX expression of the package: its code, typeface and every embedded table."""
    found = {name for s in sources if s.embed != "none" for name in identifiers(s)}
    found.add(TYPEFACE)
    return " AND ".join(["Apache-2.0", *sorted(found - {"Apache-2.0"}, key=_listed_last)])


def _listed_last(name: str) -> tuple[bool, str]:
    return name.startswith("LicenseRef-"), name.casefold()
