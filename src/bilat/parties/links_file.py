# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file of one's own: who holds what share of whom, and who of them is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.parties.ownership import Ownership, Share
from bilat.when import AsOf


def _percent(path: Path, line: int, column: str, text: str, missing: float) -> float:
    if not text.strip():
        return missing
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise DataError(
            f"{path.name}: row {line}: column {column}: value {text!r} is no percentage from 0 to 100"
        )
    return value


def owners(links: Path, firm: str, listed: Path, as_of: AsOf | None = None) -> dict[str, Any]:
    """What each rule in force on the date says of ``firm``, its listed share as an interval, and the chains.

    Parameters
    ----------
    links
        CSV with the columns owner, owned, low, high (percent); a blank share is unknown: 0 to 100.
    listed
        CSV with the columns party, list (``OFAC SDN``, ``US EL``, ``EU``, …).

    Raises
    ------
    DataError
        for another header, a share that is none, or a firm that no link names.
    """
    shares = [
        Share(
            r["owner"].strip(), r["owned"].strip(),
            _percent(links, n, "low", r["low"], 0.0), _percent(links, n, "high", r["high"], 100.0),
            f"{links.name} row {n}",
        )
        for n, r in rows(links, ("owner", "owned", "low", "high"))
    ]  # fmt: skip
    if not any(s.owned == firm for s in shares):
        raise DataError(f"{links.name}: no row has owned = {firm!r}: write the firm as the file does")
    lists: dict[str, set[str]] = {}
    for _, r in rows(listed, ("party", "list")):
        lists.setdefault(r["party"].strip(), set()).add(r["list"].strip())
    graph = Ownership(shares, (as_of or AsOf()).date)
    low, high = graph.indirect(firm, set(lists))
    return {
        "firm": firm,
        "as_of": str(as_of or AsOf()),
        "listed_share": {"low": round(low, 4), "high": round(high, 4), "unit": "percent, through all chains"},
        "rules": [
            {"rule": v.rule, "verdict": v.verdict, "low": v.low, "high": v.high, "owners": list(v.owners),
             "cites": v.cites, "url": v.url}
            for v in graph.verdicts(firm, lists)
        ],
        "paths": [{"chain": list(p.owners), "low": p.low, "high": p.high} for p in graph.paths(firm, set(lists))],
    }  # fmt: skip
