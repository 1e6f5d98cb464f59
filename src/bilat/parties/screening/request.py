# SPDX-License-Identifier: Apache-2.0
"""What a screening is asked: names or a file, and how they are to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bilat.document.fields import Local, Range, Written
from bilat.errors import UsageError
from bilat.formats.table import number
from bilat.parties.decisions.log import checked
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, band_in_words
from bilat.parties.names.segmentation import names_nobody
from bilat.parties.queries.query import Query
from bilat.parties.queries.query_files import read_queries

#: What a typed name may be said to be: the schemata of the lists.
SCHEMATA = ("Person", "LegalEntity", "Company", "Organization", "Vessel", "Airplane")
#: Endings of files: a word that ends so is a file that is not there, and no name.
_FILES = frozenset(
    (  # noqa: SIM905
        ".csv .tsv .txt .jsonl .ndjson .json .parquet .pq .xlsx .xlsm .xls .xlsb .ods .zip .gz "
        ".7z .pdf .doc .docx"
    ).split()
)


@dataclass(frozen=True)
class Screening:
    """The fields of a screening's question."""

    name: Annotated[
        tuple[str, ...],
        Written(first=True, what="FILE | NAME... | -"),
        "A file (.csv, .txt, .jsonl, .parquet, .xlsx), names, or - for names on standard input.",
    ] = ()
    lists: Annotated[
        tuple[str, ...],
        Local(),
        Written(what="LIST"),
        "A list already on this machine, or a file. May be given more than once.",
    ] = ()
    top: Annotated[
        int, Range(1, 1000), Written(what="N"), "Most parties to show for each name."
    ] = 5
    threshold: Annotated[
        str,
        Written(what="P"),
        "For a file: lowest probability (0.5) or result (probable) to report.",
    ] = ""
    base_rate: Annotated[
        float,
        Range(0, 1),
        Written(what="SHARE"),
        "Share of the names that are listed. By default 0.15 for typed names, 0.01 for a small "
        "file, and estimated from a large file.",
    ] = 0.0
    born: Annotated[str, Written(what="DATE"), "Date of birth of the person named."] = ""
    country: Annotated[str, Written(what="STATE"), "State of the party named."] = ""
    schema: Annotated[
        str, Written(what="KIND"), "Kind of party: Person, Company, Vessel, Airplane."
    ] = ""
    map: Annotated[
        str, Written(what="F=H,..."), "Which columns to use: name=Consignee,country=Ctry."
    ] = ""
    decisions: Annotated[Path | None, "Log of decisions to apply."] = None
    four_eyes: Annotated[bool, "Hide a cleared row only once two people have cleared it."] = False
    engine: Annotated[str, Local(), "duckdb, or spark://host:port."] = "duckdb"
    threads: Annotated[
        int, Local(), Range(0, 1000), Written(what="N"), "Number of processes; 0 uses all cores."
    ] = 0
    max_age: Annotated[
        int,
        Range(0, 100_000),
        Written(what="DAYS"),
        "Refuse lists older than this many days; 0 refuses none.",
    ] = 0
    since: Annotated[
        str,
        Local(),
        Written(what="EDITION"),
        "Screen only against changes since this day, or since an earlier file of the named list.",
    ] = ""

    def asked(self, standard_input: Callable[[], Path] | None = None) -> Path | list[Query]:
        """The file, or the names that were typed.

        Raises
        ------
        UsageError
            for no name, a file that is not there or not alone, or what goes with a name alone beside a file.
        """
        if not self.name:
            raise UsageError("screen: give a name, or a file of names")
        if self.name == ("-",) and standard_input is not None:
            return standard_input()
        if len(self.name) > 1 and (files := [x for x in self.name if Path(x).is_file()]):
            raise UsageError(
                f"screen: {files[0]} is a file and one of {len(self.name)} names. Give one file "
                "alone"
            )
        path = Path(self.name[0])
        if len(self.name) == 1 and (path.is_file() or path.suffix.lower() in _FILES):
            if self.born or self.country or self.schema:
                raise UsageError(
                    "born, country and schema go with a name; a file has columns for them"
                )
            read_queries(path)  # refused where there is no such file
            return path
        return typed(self.name, self.born, self.country, self.schema or None)


def typed(
    names: Sequence[str | Query], born: str = "", country: str = "", schema: str | None = None
) -> list[Query]:
    """The queries that typed names are, numbered from 1; queries stay as they are.

    Raises
    ------
    UsageError
        for a name that names nobody, a date, state or kind that is none.
    """
    for n, name in enumerate(names, 1):
        if isinstance(name, str) and names_nobody(name):
            raise UsageError(f"name {n}: {name!r} names nobody. Write a name")
    if schema and schema not in SCHEMATA:
        raise UsageError(f"schema {schema!r} is not known. Use {', '.join(SCHEMATA)}")
    checked({"country": country})
    if born:
        try:
            dt.date.fromisoformat(born + {4: "-01-01", 7: "-01"}.get(len(born), ""))
        except ValueError:
            raise UsageError(
                f"born {born!r} is not a date. Write 1970, 1970-03 or 1970-03-21"
            ) from None
    return [
        Query(str(n), name, n, schema or None, country=country, born=born)
        if isinstance(name, str)
        else name
        for n, name in enumerate(names, 1)
    ]


def least_of(threshold: str) -> float:
    """The least probability of ``0.5`` or a band (``likely``; none: ``possible``).

    Raises
    ------
    UsageError
        for anything else.
    """
    bands = dict(BANDS)
    bands |= {band_in_words(band): least for band, least in BANDS}
    text = threshold.strip().lower() or DEFAULT_BAND
    if text in bands:
        return bands[text]
    try:
        value = number(text)
    except ValueError:
        value = None
    if value is None or not 0 <= value <= 1:
        results = ", ".join(band_in_words(band) for band, _ in BANDS)
        raise UsageError(
            f"threshold {threshold!r}: write a probability, such as 0.5, or one of: {results}"
        )
    return value
