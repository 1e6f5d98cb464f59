# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file of one's own: who holds what share of whom, and who of them is listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.formats.table import percent
from bilat.parties.match.screener import Screener
from bilat.parties.own.owners_screened import NAMED, OnLists, lists_held, on_lists
from bilat.parties.own.ownership import Ownership, Share, Verdict, rules
from bilat.when import AsOf

#: Names of lists as they may stand in a file: what they begin with.
KNOWN_LISTS = (
    "OFAC SDN", "OFAC non-SDN", "US EL", "US MEU", "US MIEU", "US UVL", "US DPL", "US DTC", "US ISN", "US 1260H",
    "US 1286", "EU", "UK", "UN", "CH", "UA", "CN", "Japan",
)  # fmt: skip


def owners(
    links: Path,
    firm: str,
    listed: Path | None,
    as_of: AsOf | None = None,
    screener: Screener | None = None,
) -> dict[str, Any]:
    """What each rule in force on the date says of ``firm``, its listed share as an interval, and the chains.

    Parameters
    ----------
    links
        CSV with the columns owner, owned, low, high (percent); a blank share is unknown: 0 to 100.
    listed
        CSV with the columns party, list (``OFAC SDN``, ``US EL``, ``EU``, …); None: the parties of ``screener``, by
        their LEI or by their name, as surely as it says: below ``likely`` what rests on it is not known.

    Raises
    ------
    DataError
        for another header, a share that is none, or a firm that no link names.
    """
    as_of, shares = as_of or AsOf(), _shares(links)
    if not any(s.owned == firm for s in shares):
        raise DataError(f"{links.name}: no row has owned = {firm!r}: write the firm as the file does")
    graph = Ownership(shares, as_of.date)
    if listed is not None:
        return _answer(firm, graph, _listed_in(listed, links, shares, as_of), as_of, None)
    screener = screener or Screener(())
    return _answer(firm, graph, on_lists(screener, graph.upstream(firm)), as_of, lists_held(screener))


def _shares(links: Path) -> list[Share]:
    shares = []
    for n, r in rows(links, ("owner", "owned", "low", "high")):
        low, high = _percent(links, n, "low", r["low"], 0.0), _percent(links, n, "high", r["high"], 100.0)
        if low > high:
            raise DataError(
                "is below the least share of the same row", file=links.name, row=n, column="high", value=r["high"],
                cure=f"write the least share first; low is {r['low'].strip()}",
            )  # fmt: skip
        shares.append(Share(r["owner"].strip(), r["owned"].strip(), low, high, f"{links.name} row {n}"))
    known = [s for s in shares if 0 < s.high < 100]
    if known and all(s.high <= 1 for s in known):
        raise DataError(
            "looks like a fraction of one and is read as percent; write 60 for 60 percent",
            file=links.name, row=known[0].source.rpartition(" ")[2], column="high", value=known[0].high,
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


def _listed_in(listed: Path, links: Path, shares: Sequence[Share], as_of: AsOf) -> OnLists:
    """The parties of a file of one's own; one that the links write another way is refused."""
    out = OnLists()
    for n, r in rows(listed, ("party", "list")):
        name = f"{list_name(listed, n, r['list'])} {r.get('programme', '').strip()}".strip()
        out.listed.setdefault(r["party"].strip(), set()).add(name)
    plain = {" ".join(x.split()).casefold(): x for s in shares for x in (s.owner, s.owned)}
    missing = sorted(set(out.listed) - set(plain.values()))
    for party in missing:
        if like := plain.get(" ".join(party.split()).casefold()):
            raise DataError(
                f"{listed.name}: party {party!r} stands in {links.name} as {like!r}; write it the same in both"
            )
    if missing and len(missing) == len(out.listed):
        raise DataError(
            f"{listed.name}: none of its parties ({missing[0]!r} …) stands in {links.name}; write the names the same "
            "in both"
        )
    if missing:
        more = " …" if len(missing) > NAMED else ""
        out.notes.append(f"listed, but in no link: {', '.join(missing[:NAMED])}{more}")
    every = {x for of in out.listed.values() for x in of}
    in_force = (r for r in rules() if r.in_force(as_of.date))
    bare = dict.fromkeys(r.name for r in in_force if not any(x.startswith(tuple(r.lists)) for x in every))
    if bare:
        out.notes.append(
            f"{listed.name} names no party of the lists of {', '.join(bare)}: 'not covered' takes it to be complete"
        )
    return out


def list_name(path: Path, line: int, text: str) -> str:
    """A list as bilat writes it, from any case and with hyphens or underscores for spaces.

    Raises
    ------
    DataError
        for a list that is none of those known.
    """
    for known in sorted(KNOWN_LISTS, key=len, reverse=True):
        words = r"[\s_-]+".join(re.split(r"[\s-]", known))
        if found := re.fullmatch(rf"{words}(?:[\s_-]+(.*))?", text.strip(), re.IGNORECASE):
            return f"{known} {(found[1] or '').replace('_', ' ')}".strip()
    raise DataError(
        f"is not a list that is known; write one of {', '.join(KNOWN_LISTS)}", file=path.name, row=line,
        column="list", value=text,
    )  # fmt: skip


def _answer(
    firm: str, graph: Ownership, found: OnLists, as_of: AsOf, held: Collection[str] | None
) -> dict[str, Any]:
    lists, notes = found.listed, found.notes
    verdicts = [_named(v, firm, found) for v in graph.verdicts(firm, lists, found.perhaps, held)]
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


def _named(verdict: Verdict, firm: str, found: OnLists) -> Verdict:
    """A verdict whose reason names the listed parties that it rests on, as the lists write them."""
    rests_on = [found.who[x] for x in dict.fromkeys((firm, *verdict.owners)) if x in found.who]
    return replace(verdict, reason="; ".join(filter(None, (verdict.reason, *rests_on))))
