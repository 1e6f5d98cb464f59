# SPDX-License-Identifier: Apache-2.0
"""The package's metadata names the licence of every table that it carries."""

import re
import tomllib
from pathlib import Path

from bilat.catalog import source, sources
from bilat.catalog.licences import OTHER, expression, identifiers

ROOT = Path(__file__).parents[2]


def test_the_metadata_cover_every_embedded_table() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"]
    assert told == expression(sources().values())
    for s in sources().values():
        if s.embed != "none":
            assert set(identifiers(s)) <= set(told.split(" AND ")), s.name


def test_a_licence_is_read_from_what_the_source_states() -> None:
    assert identifiers(source("uk_sanctions")) == ["OGL-UK-3.0"]
    assert identifiers(source("eu_financial")) == ["LicenseRef-EU-Decision-2011-833"]
    assert identifiers(source("us_csl")) == ["LicenseRef-Public-Domain"]
    assert identifiers(source("sipri_register")) == [OTHER]


def test_nothing_of_a_non_commercial_table_is_embedded_but_counts_and_facts() -> None:
    for s in sources().values():
        if "BY-NC" in s.licence:
            assert s.embed == "none" or "counts" in s.embed_why, s.name


def test_a_table_without_a_free_licence_is_cut_to_facts_and_says_why() -> None:
    """The publisher's rows as they stand are in the package only where he allows their reuse."""
    notice = (ROOT / "src/bilat/data/NOTICE").read_text("utf-8")
    for s in sources().values():
        if s.embed == "none" or OTHER not in identifiers(s):
            continue
        assert s.embed == "derived" or "reuse" in s.licence, s.name
        assert s.embed_why in notice, s.name
        for table, sql in s.embed_sql.items():
            is_smaller = any(word in sql.upper() for word in ("WHERE", "GROUP BY", "DISTINCT"))
            is_narrower = "*" not in sql.split("FROM")[0] or "EXCLUDE" in sql
            may_be_whole = re.search("facts|free to use|extracts", s.licence)
            assert is_smaller or is_narrower or may_be_whole, (
                f"{s.name}: {table} is passed on whole"
            )
