# SPDX-License-Identifier: Apache-2.0
"""What stands below the cut and must be named all the same: a listed name that holds the whole of the name asked.

A short name (VTB, Rostec) is part of many names, so that its probability is low; who typed it still has to know
that a listed party bears it, and whether a graver effect than the one shown hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bilat.parties.lists.effects import gravest_first

_WORD = re.compile(r"\w+")


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _gravest(effect: str) -> int:
    order = gravest_first()
    return min((order[e] for e in effect.split("; ") if e in order), default=len(order))


def below_the_cut(
    shown: Sequence[dict[str, Any]],
    all_rows: Sequence[dict[str, Any]],
    folded: Sequence[dict[str, str]] = (),
) -> list[str]:
    """A line a query with a row of :func:`rows_below`."""
    return [line for _, line in rows_below(shown, all_rows, folded)]


def rows_below(
    shown: Sequence[dict[str, Any]],
    all_rows: Sequence[dict[str, Any]],
    folded: Sequence[dict[str, str]] = (),
) -> list[tuple[dict[str, Any], str]]:
    """A row a query, with a line that tells of it.

    It is the nearest listed name that holds all its words, where none or a lighter one is shown.

    Parameters
    ----------
    shown
        the rows above the cut.
    all_rows
        every candidate of the same queries, best first.
    folded
        rows that an earlier decision cleared: they are told apart and stand below no cut.
    """
    cleared = {(f["query"], f["party"]) for f in folded}
    seen = {(r["query_id"], r["party"]) for r in shown}
    lightest: dict[str, int] = {}
    for r in shown:
        grave = _gravest(r["effect"])
        lightest[r["query_id"]] = min(grave, lightest.get(r["query_id"], grave))
    found, said = [], set()
    for r in all_rows:
        asked = r["query_id"]
        if (r["query"], r["party"]) in cleared:
            continue
        if asked in said or (asked, r["party"]) in seen or not _words(r["query"]):
            continue
        holds = _words(r["query"]) <= _words(r["name_matched"])
        if holds and (asked not in lightest or _gravest(r["effect"]) < lightest[asked]):
            what = "a graver entry holds this name" if asked in lightest else "a listed name holds it"
            line = (
                f"{r['query']}: below the cut {what}: {r['name']}, {r['effect'].upper()} "
                f"({r['probability'] or 0:.1%}, {r['party']}); see it with `threshold` 0"
            )
            found.append((r, line))
            said.add(asked)
    return found
