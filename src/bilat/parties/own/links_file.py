# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file of one's own: who holds what share of whom, and who of them is listed."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.formats.table import percent
from bilat.parties.match.screener import Screener
from bilat.parties.own.owners_screened import OnLists, lists_held, on_lists
from bilat.parties.own.ownership import Ownership, Share, Verdict, rules
from bilat.when import AsOf


def owners(links: Path, firm: str, screener: Screener, as_of: AsOf | None = None) -> dict[str, Any]:
    """What each rule in force on the date says of ``firm``, its listed share as an interval, and the chains.

    Parameters
    ----------
    links
        CSV with the columns owner, owned, low, high (percent); a blank share is unknown: 0 to 100.
    screener
        over the lists: the firm and its owners are looked up by their LEI or by their name, as surely as it says; below
        ``likely`` what rests on it is not known.

    Raises
    ------
    DataError
        for another header, a share that is none, or a firm that no link names.
    """
    as_of, shares = as_of or AsOf(), _shares(links)
    if not any(s.owned == firm for s in shares):
        raise DataError(f"{links.name}: no row has owned = {firm!r}: write the firm as the file does")
    graph = Ownership(shares, as_of.date)
    found = on_lists(screener, graph.upstream(firm))
    lists, notes = found.listed, found.notes
    verdicts = [
        _named(v, firm, found) for v in graph.verdicts(firm, lists, found.perhaps, lists_held(screener))
    ]
    heads = (set(lists) | set(found.perhaps)) - {firm}
    if firm in lists:
        notes.insert(0, f"{firm} is itself on {', '.join(sorted(lists[firm]))}: that comes first")
    notes += [
        f"{v.rule}: {v.control}" for v in verdicts if "not tested" in v.control and v.verdict == "not covered"
    ]
    every = sorted({x for of in lists.values() for x in of})
    notes += [
        f"{x}: no rule on ownership extends it to firms, as far as is set down here"
        for x in every
        if all(r.covers([x]) is False for r in rules())
    ]
    return {
        "firm": firm,
        "as_of": str(as_of),
        "rules": [asdict(v) for v in verdicts],
        "paths": [{"chain": list(p.owners), "low": p.low, "high": p.high} for p in graph.paths(firm, heads)],
        "notes": notes,
    }


def _shares(links: Path) -> list[Share]:
    shares = []
    row_of: dict[float, int] = {}  # greatest share -> the first row that has it
    for n, r in rows(links, ("owner", "owned", "low", "high")):
        low, high = _percent(links, n, "low", r["low"], 0.0), _percent(links, n, "high", r["high"], 100.0)
        if low > high:
            raise DataError(
                "is below the least share of the same row", file=links.name, row=n, column="high", value=r["high"],
                cure=f"write the least share first; low is {r['low'].strip()}",
            )  # fmt: skip
        shares.append(Share(r["owner"].strip(), r["owned"].strip(), low, high))
        row_of.setdefault(high, n)
    known = [high for high in row_of if 0 < high < 100]
    if known and max(known) <= 1:
        raise DataError(
            "looks like a fraction of one and is read as percent; write 60 for 60 percent",
            file=links.name, row=row_of[known[0]], column="high", value=known[0],
        )  # fmt: skip
    return shares


def _percent(path: Path, line: int, column: str, text: str, missing: float) -> float:
    try:
        value = percent(text)
    except ValueError:
        raise DataError(
            "is not a percentage from 0 to 100", file=path.name, row=line, column=column, value=text,
            cure="write 12.5 for 12.5 percent, in the digits 0 to 9; leave it blank where it is not known",
        ) from None  # fmt: skip
    return missing if value is None else value


def _named(verdict: Verdict, firm: str, found: OnLists) -> Verdict:
    """A verdict whose reason names the listed parties that it rests on, as the lists write them."""
    rests_on = [found.who[x] for x in dict.fromkeys((firm, *verdict.owners)) if x in found.who]
    return replace(verdict, reason="; ".join(filter(None, (verdict.reason, *rests_on))))
