# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file of one's own: who holds what share of whom, and who of them is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.formats.table import percent
from bilat.parties.lists.listed import ListEntry
from bilat.parties.match.screener import Screener
from bilat.parties.own.owners_screened import OnLists, lists_held, on_lists
from bilat.parties.own.ownership import Ownership, Share, rules
from bilat.when import AsOf


def _percent(path: Path, line: int, column: str, text: str, missing: float) -> float:
    try:
        value = percent(text)
    except ValueError:
        raise DataError(
            "is not a percentage from 0 to 100", file=path.name, row=line, column=column, value=text,
            cure="write 12.5 for 12.5 percent, in the digits 0 to 9; leave it blank where it is not known",
        ) from None  # fmt: skip
    return missing if value is None else value


def owners(
    links: Path,
    firm: str,
    listed: Path | None,
    as_of: AsOf | None = None,
    *,
    held: Sequence[ListEntry] = (),
    screener: Screener | None = None,
) -> dict[str, Any]:
    """What each rule in force on the date says of ``firm``, its listed share as an interval, and the chains.

    Parameters
    ----------
    links
        CSV with the columns owner, owned, low, high (percent); a blank share is unknown: 0 to 100.
    listed
        CSV with the columns party, list (``OFAC SDN``, ``US EL``, ``EU``, …); None: the parties ``held``, by their LEI
        or by their name, as surely as the screener says: below ``likely`` what rests on it is not known.
    screener
        a screener of the lists held, in place of ``held``.

    Raises
    ------
    DataError
        for another header, a share that is none, or a firm that no link names.
    """
    shares, notes = _shares(links), []
    if not any(s.owned == firm for s in shares):
        raise DataError(f"{links.name}: no row has owned = {firm!r}: write the firm as the file does")
    named = {x for s in shares for x in (s.owner, s.owned)}
    if listed is not None:
        lists = _listed_in(listed)
        notes += _unknown(links.name, listed, named, set(lists))
        notes += _not_in(listed, lists, (as_of or AsOf()).date)
        return _answer(firm, shares, OnLists(lists, notes=notes), as_of or AsOf())
    screener, as_of = screener or Screener(held), as_of or AsOf()
    known = on_lists(screener, Ownership(shares, as_of.date).upstream(firm))
    known.notes[:0] = notes
    return _answer(firm, shares, known, as_of, lists_held(screener))


def _not_in(listed: Path, lists: Mapping[str, set[str]], day: dt.date) -> list[str]:
    every = {x for entries in lists.values() for x in entries}
    bare = dict.fromkeys(
        r.name for r in rules() if r.in_force(day) and not any(x.startswith(r.lists) for x in every)
    )
    if not bare:
        return []
    return [
        f"{listed.name} names no party of the lists of {', '.join(bare)}: 'not covered' takes it to be complete"
    ]


def _shares(links: Path) -> list[Share]:
    shares = [_share(links, n, r) for n, r in rows(links, ("owner", "owned", "low", "high"))]
    known = [s for s in shares if 0 < s.high < 100]
    if known and all(s.high <= 1 for s in known):
        raise DataError(
            "looks like a fraction of one and is read as percent; write 60 for 60 percent",
            file=links.name, row=known[0].source.rpartition(" ")[2], column="high", value=known[0].high,
        )  # fmt: skip
    return shares


def _share(links: Path, n: int, r: Mapping[str, str]) -> Share:
    low, high = _percent(links, n, "low", r["low"], 0.0), _percent(links, n, "high", r["high"], 100.0)
    if low > high:
        raise DataError(
            "is below the least share of the same row", file=links.name, row=n, column="high", value=r["high"],
            cure=f"write the least share first; low is {r['low'].strip()}",
        )  # fmt: skip
    return Share(r["owner"].strip(), r["owned"].strip(), low, high, f"{links.name} row {n}")


def _listed_in(listed: Path) -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {}
    for n, r in rows(listed, ("party", "list")):
        name = f"{list_name(listed, n, r['list'])} {r.get('programme', '').strip()}".strip()
        lists.setdefault(r["party"].strip(), set()).add(name)
    return lists


def _answer(
    firm: str, shares: list[Share], found: OnLists, as_of: AsOf, held: Collection[str] | None = None
) -> dict[str, Any]:
    graph = Ownership(shares, as_of.date)
    lists, notes = found.listed, found.notes
    verdicts = graph.verdicts(firm, lists, found.perhaps, held)
    sure = set(lists) - {firm}
    heads = sure | (set(found.perhaps) - {firm})
    low, high = graph.indirect(firm, sure)[0], graph.indirect(firm, heads)[1]
    if firm in lists:
        notes.insert(0, f"{firm} is itself on {', '.join(sorted(lists[firm]))}: that comes first")
    notes += [
        f"{v.rule}: {v.control}" for v in verdicts if "not tested" in v.control and v.verdict == "not covered"
    ]
    none = sorted(
        {
            x
            for entries in lists.values()
            for x in entries
            if not any(r.covers([x]) is not False for r in rules())
        }
    )
    notes += [f"{x}: no rule on ownership extends it to firms, as far as is set down here" for x in none]
    return {
        "firm": firm,
        "as_of": str(as_of),
        "listed_share": {"low": round(low, 4), "high": round(high, 4), "unit": "percent, through all chains"},
        "rules": [
            {"rule": v.rule, "verdict": v.verdict, "reason": v.reason, "effect": v.effect, "low": v.low, "high": v.high,
             "owners": list(v.owners), "scope": v.scope, "control": v.control, "cites": v.cites, "url": v.url}
            for v in verdicts
        ],
        "paths": [
            {"chain": list(p.owners), "low": p.low, "high": p.high} for p in graph.paths(firm, heads)
        ],
        "notes": notes,
    }  # fmt: skip


#: Names of lists as they may stand in a file: what they begin with.
KNOWN_LISTS = (
    "OFAC SDN", "OFAC non-SDN", "US EL", "US MEU", "US MIEU", "US UVL", "US DPL", "US DTC", "US ISN", "US 1260H",
    "US 1286",
    "EU", "UK", "UN", "CH", "UA", "CN", "Japan",
)  # fmt: skip


def list_name(path: Path, line: int, text: str) -> str:
    """A list as bilat writes it, from any case and with hyphens or underscores for spaces.

    Raises
    ------
    DataError
        for a list that is none of those known.
    """
    plain = " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
    for known in sorted(KNOWN_LISTS, key=len, reverse=True):
        key = known.replace("-", " ").casefold()
        if plain == key or plain.startswith(key + " "):
            rest = " ".join(text.replace("_", " ").split())[len(known) :].strip(" -")
            return f"{known} {rest}".strip()
    raise DataError(
        f"{path.name}: row {line}: column list: {text!r} is not a list that is known; write one of "
        + ", ".join(KNOWN_LISTS)
    )


def _unknown(files: str, listed: Path, named: set[str], parties: set[str]) -> list[str]:
    """Notes on listed parties that no link names; one that is written another way is refused."""
    plain = {" ".join(x.split()).casefold(): x for x in named}
    missing = sorted(parties - named)
    for party in missing:
        like = plain.get(" ".join(party.split()).casefold())
        if like is not None:
            raise DataError(
                f"{listed.name}: party {party!r} stands in {files} as {like!r}; write it the same in both"
            )
    if parties and len(missing) == len(parties):
        raise DataError(
            f"{listed.name}: none of its parties ({missing[0]!r} …) stands in {files}; write the names the "
            "same in both"
        )
    return (
        [f"listed, but in no link: {', '.join(missing[:10])}" + (" …" if len(missing) > 10 else "")]
        if missing
        else []
    )
