# SPDX-License-Identifier: Apache-2.0
"""Who makes a figure, and how a clause says so: "by SIPRI's count", "by our score"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bilat.document.blocks import SourceUsed
from bilat.document.wording import possessive
from bilat.verdicts.claim_tests import Test

#: An acronym that stands behind a publisher's name.
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z-]*[A-Z])\)")


def is_ours(producer: str) -> bool:
    """Return whether a record is one of bilat's compilations."""
    return producer.startswith(("bilat", "compiled"))


def originator(producer: str, title: str) -> str:
    """Return whom a record is by, short: its acronym where the name gives one.

    A compilation of bilat's has many originators, and stands or falls as one record.
    """
    if is_ours(producer):
        return f"bilat's compilation \u201c{title}\u201d"
    acronym = _ACRONYM.search(producer)
    return acronym[1] if acronym else producer.partition(":")[0].partition(" (")[0]


def aside(test: Test, behind: Sequence[SourceUsed]) -> str:
    """Return who makes the figure of a test, as an aside: "by our count", "by SIPRI's count".

    A figure is ours where the record is, and where the test says that we compute it from a record
    whose maker does not state it.

    ``behind``: the sources of the rows behind the figure.
    """
    if not behind:
        return ""
    producers = [source["producer"] for source in behind]
    others = [producer for producer in producers if not is_ours(producer)]
    if test.ours or not others:
        return f"by our {test.counted}"
    return f"by {possessive(originator(others[0], title=''))} {test.counted}"
