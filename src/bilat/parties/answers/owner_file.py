# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file of one's own: who holds what share of whom, and who of them is listed: by LEI for certain, by
name as surely as the screener says and no surer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.formats.table import percent
from bilat.parties.ownership.share_rules import Ownership, Share, Verdict, rules
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert, Row
from bilat.parties.screening.rows import Cut, QueryRows, rows_of
from bilat.parties.screening.screener import Screener
from bilat.when import AsOf

#: Bands of a name that counts as listed; a lesser one leaves the verdict open.
SURE = ("match", "likely")
#: Agreements that are the owner's very name.
_EXACT = ("exact", "number")
#: Rows that are looked at for a name.
_ROWS = 10
#: Names of the notes that list them; the rest are counted.
NAMED = 20


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
    as_of = as_of or AsOf()
    shares = _shares(links)
    if not any(s.owned == firm for s in shares):
        raise DataError(
            f"{links.name}: no row has owned = {firm!r}: write the firm as the file does"
        )
    graph = Ownership(shares, as_of.date)
    found = on_lists(screener, graph.upstream(firm))
    lists = found.listed
    notes = found.notes
    verdicts = [
        _named(v, firm, found)
        for v in graph.verdicts(firm, lists, found.perhaps, lists_held(screener))
    ]
    heads = (set(lists) | set(found.perhaps)) - {firm}
    if firm in lists:
        notes.insert(0, f"{firm} is itself on {', '.join(sorted(lists[firm]))}, which comes first")
    notes += [
        f"{v.rule}: {v.control}"
        for v in verdicts
        if "not tested" in v.control and v.verdict == "not covered"
    ]
    every = sorted({x for of in lists.values() for x in of})
    notes += [
        f"{x}: none of the rules recorded here extends it to firms by ownership"
        for x in every
        if all(r.covers([x]) is False for r in rules())
    ]
    return {
        "firm": firm,
        "as_of": str(as_of),
        "rules": [asdict(v) for v in verdicts],
        "paths": [
            {"chain": list(p.owners), "low": p.low, "high": p.high}
            for p in graph.paths(firm, heads)
        ],
        "notes": notes,
    }


def _shares(links: Path) -> list[Share]:
    shares = []
    row_of: dict[float, int] = {}  # greatest share -> the first row that has it
    for n, r in rows(links, ("owner", "owned", "low", "high")):
        low = _percent(links, n, "low", r["low"], 0.0)
        high = _percent(links, n, "high", r["high"], 100.0)
        if low > high:
            raise DataError(
                "is below the least share of the same row",
                file=links.name,
                row=n,
                column="high",
                value=r["high"],
                cure=f"write the least share first; low is {r['low'].strip()}",
            )
        shares.append(Share(r["owner"].strip(), r["owned"].strip(), low, high))
        row_of.setdefault(high, n)
    known = [high for high in row_of if 0 < high < 100]
    if known and max(known) <= 1:
        raise DataError(
            "looks like a fraction but is read as a percentage. Write 60 for 60 percent",
            file=links.name,
            row=row_of[known[0]],
            column="high",
            value=known[0],
        )
    return shares


def _percent(path: Path, line: int, column: str, text: str, missing: float) -> float:
    try:
        value = percent(text)
    except ValueError:
        raise DataError(
            "is not a percentage from 0 to 100",
            file=path.name,
            row=line,
            column=column,
            value=text,
            cure="write 12.5 for 12.5 percent, in the digits 0 to 9. Leave it blank where it is "
            "not known",
        ) from None
    return missing if value is None else value


def _named(verdict: Verdict, firm: str, found: OnLists) -> Verdict:
    """A verdict whose reason names the listed parties that it rests on, as the lists write them."""
    rests_on = [found.who[x] for x in dict.fromkeys((firm, *verdict.owners)) if x in found.who]
    return replace(verdict, reason="; ".join(filter(None, (verdict.reason, *rests_on))))


@dataclass
class OnLists:
    """Firms on lists: for certain or likely, perhaps, and what is to be said."""

    listed: dict[str, set[str]] = field(default_factory=dict)
    perhaps: dict[str, set[str]] = field(default_factory=dict)
    who: dict[str, str] = field(
        default_factory=dict
    )  # firm -> the listed party that it is, or may be
    notes: list[str] = field(default_factory=list)


def _possible_rows(found: QueryRows) -> list[Alert]:
    """Return the rows of those whose exact name it is, else of those who may be meant."""
    exact = [r for r in found.rows if r.agreement.kind in _EXACT]
    if exact:
        return exact
    return [
        r
        for r in found.rows
        if r.band != "unlikely" or (r.agreement.kind == "short" and r.bearers != "many")
    ]


def on_lists(screener: Screener, named: Collection[str]) -> OnLists:
    """Of the firms named, those on the lists: by LEI, or by name with the screener's band.

    Ties that a list states (OFAC's ``Linked To``) are said and never counted as ownership.
    """
    out = OnLists()
    for firm in sorted(named):
        records = [screener.record(n) for n in screener.numbers.get(f"lei:{firm}", ())]
        _note(out, firm, records, "by its LEI")
    asked = sorted(x for x in set(named) - set(out.listed) if any(c.isalnum() for c in x))
    queries = [Query(str(n), x, n) for n, x in enumerate(asked)]
    sure = False
    answers = rows_of(screener, queries, Cut(_ROWS, typed=True))
    for firm, found in zip(asked, answers, strict=True):
        rows = _possible_rows(found)
        certain = [r for r in rows if _certain(r)]
        sure |= bool(certain)
        for of in (certain, [r for r in rows if r not in certain]):
            records = [screener.by_id(r.party) for r in of]
            _note(
                out, firm, records, _how(of[0], bool(certain)) if of else "", certain=of is certain
            )
    if sure:
        out.notes.append(
            "a name alone does not identify a party: check number, address or birth before you "
            "rely on this"
        )
    if missing := [x for x in asked if x not in out.listed and x not in out.perhaps]:
        more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
        out.notes.append(f"not found on the lists: {', '.join(missing[:NAMED])}{more}")
    return out


def _certain(row: Alert) -> bool:
    """Whether a row counts a firm as listed: where others are known by the name, likely is not enough."""
    # Nobody else has the name, or fewer than have it among the listed: two registered VTB, of the bank.
    few = row.bearers == "some" and row.bearers_count < row.group
    alone = row.bearers == "nobody known" or few
    if alone and (row.agreement.kind in _EXACT or row.band in SURE):
        return True
    return row.band == "match" and row.bearers != "many"


def entries(listings: Iterable[dict[str, str]]) -> Iterator[str]:
    """The lists of a party, each with its programme, as rules of ownership read them."""
    return (f"{x['list']} {x['programme']}".strip() for x in listings)


def _how(row: Alert, certain: bool) -> str:
    same = row.agreement.kind in _EXACT
    by = "its exact name" if same else f"a name like {row.agreement.listed_name} ({row.band})"
    others = f"; {row.bearers_says}" if row.bearers_says else ""
    counts = "" if certain else "; it may be another party, so what follows from it is unknown"
    return f"by {by}{others}{counts}"


def _note(out: OnLists, firm: str, records: list[Row], how: str, *, certain: bool = True) -> None:
    """Count a firm as the listed parties that it is, or may be; the first of them is named."""
    if not records:
        return
    where = (out.listed if certain else out.perhaps).setdefault(firm, set())
    where.update(e for r in records for e in entries(r["listings"]))
    first = records[0]
    more = f" and {len(records) - 1} more of the name" if len(records) > 1 else ""
    verb = "is" if certain else "may be"
    out.who.setdefault(firm, f"{firm} {verb} {first['name']} ({first['id']}){more}")
    out.notes.append(
        f"{firm} {verb} {first['name']} ({first['id']}, {first['source']}){more}, {how}"
    )
    out.notes += [
        f"{first['name']} is tied to {other} by the list ({kind}): a remark of the list, not "
        "ownership; no share is "
        "counted for it"
        for kind, other, *_ in first["links"]
        if kind != "owner"
    ]


def lists_held(screener: Screener) -> frozenset[str]:
    """The lists with an entry in the screener, with their programmes."""
    return frozenset(
        e for n in range(len(screener)) for e in entries(screener.record(n)["listings"])
    )
