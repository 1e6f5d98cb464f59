# SPDX-License-Identifier: Apache-2.0
"""What the watch looks for beside its series: gaps between mirror reports, deals that the press reports and the
register lacks, and parties that were added to the lists. What is looked for is fixed in signals.toml."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.holdings import Holdings
from bilat.measures import Ask, Measurement, ask
from bilat.places import country_name, country_or_none
from bilat.when import AsOf


class Mirror(BaseModel):
    """Pairs of exporter and importer, and the first year that is judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    since: str
    pairs: list[tuple[str, str]]


class Press(BaseModel):
    """The rows that tell of a deal, and the register in which it is looked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str
    words: list[str]
    looked_up_in: str


class Signals(BaseModel):
    """What signals.toml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    set: dt.date
    mirror: Mirror
    press: Press
    listings: dict[str, list[str]]


@cache
def signals() -> Signals:
    """What is looked for."""
    text = resources.files("bilat.forecast").joinpath("signals.toml").read_text("utf-8")
    return Signals(**tomllib.loads(text))


@dataclass(frozen=True)
class Gap:
    """A year in which importer and exporter disagree more than in the pair's own years before."""

    exporter: str
    importer: str
    period: str
    recorded: float  #: what the importer records of what the exporter reports
    change: float  #: ln of that, less the mean of the pair's own earlier years, with its 90% interval
    low: float
    high: float
    new: bool  #: not seen as of the earlier date
    rows: tuple[str, ...]


def gaps(first: AsOf, last: AsOf, holdings: Holdings) -> tuple[list[Gap], list[str]]:
    """The gaps whose 90% interval leaves out no change, and the pairs that cannot be judged with their reason."""
    chosen = signals().mirror
    out: list[Gap] = []
    unjudged: list[str] = []
    bare: list[str] = []
    for exporter, importer in chosen.pairs:
        pair = Dyad(exporter, importer)
        try:
            old, new = (
                ask(
                    "trade.mirror_gap", pair, as_of=d, holdings=holdings,
                    exporter=exporter, importer=importer, since=chosen.since,
                )
                for d in (first, last)
            )  # fmt: skip
        except Damaged as e:
            unjudged.append(f"{exporter}>{importer}: {e}")
            continue
        seen = {g.period for g in _open(old, pair)}
        found = _open(new, pair)
        out += [Gap(**{**vars(g), "new": g.period not in seen}) for g in found]
        if not any(p.group == "change on own years" and p.low is not None for p in new.points):
            bare.append(f"{exporter}>{importer}")
    if bare:
        unjudged.append(f"no earlier years of the pair's own to judge mirror gaps by: {', '.join(bare)}")
    return out, unjudged


def _open(m: Measurement, pair: Dyad) -> list[Gap]:
    recorded = {p.period: p.value for p in m.points if p.group == "recorded share"}
    out = []
    for p in m.points:
        judged = p.group == "change on own years" and None not in (p.value, p.low, p.high)
        if not judged or p.value is None or p.low is None or p.high is None or p.low <= 0 <= p.high:
            continue
        rows = dict.fromkeys(f"{r['source']} {r['locator']}" for r in m.rows(p.period, p.group))
        share = recorded.get(p.period) or float("nan")
        out.append(Gap(pair.a, pair.b, p.period, share, p.value, p.low, p.high, True, tuple(rows)))
    return out


@dataclass(frozen=True)
class Deal:
    """A deal that the press reports and the register does not have between the two."""

    supplier: str
    recipient: str
    item: str
    looked_for: tuple[str, ...]  #: the designations in it, none of which the register has
    status: str
    known_on: str
    row: str
    url: str
    new: bool  #: reported after the earlier date


#: A designation: letters and a hyphen before figures or capitals (``BMD-4M``, ``BTR-MDM``), or figures with letters.
_DESIGNATION = re.compile(r"[A-Za-z]+-[A-Z0-9][A-Za-z0-9]*|[0-9]+[A-Z]+[0-9]*")


def _model(text: str) -> str:
    """A designation down to its first number, as registers and the press suffix it differently."""
    plain = re.sub(r"[^a-z0-9]", "", text.casefold())
    root = re.match(r"[a-z]+[0-9]+|[0-9]+[a-z]+[0-9]*", plain)
    return root[0] if root else plain


def deals(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Deal]:
    """The deals known by the later date of which the register has no item in that direction, newest first."""
    chosen = signals().press
    asked = Ask(pair, last, {}, holdings)
    reported: list[Deal] = []
    for supplier, recipient in ((pair.a, pair.b), (pair.b, pair.a)):
        if {supplier, recipient} != {"RUS", "CHN"}:  # the list of the press speaks of these two
            continue
        rows = asked.query(
            "SELECT item, status, url, known_on, source, locator FROM substitutions "
            "WHERE source = ? AND supplier = ? ORDER BY known_on DESC, locator",
            chosen.source, supplier,
        )  # fmt: skip
        for r in rows.to_pylist():
            if set(re.findall(r"[a-z]+", (r["status"] or "").casefold())) & set(chosen.words):
                where = f"{r['source']} {r['locator']}"
                reported.append(
                    Deal(supplier, recipient, r["item"], (), r["status"], str(r["known_on"]), where,
                         r["url"] or "", True)
                )  # fmt: skip
    out = []
    for d in reported:
        names = tuple(dict.fromkeys(_DESIGNATION.findall(d.item)))
        held = _registered(asked, d.supplier, d.recipient, chosen.looked_up_in)
        if names and not any(h.startswith(m) or m.startswith(h) for m in map(_model, names) for h in held):
            out.append(Deal(**{**vars(d), "looked_for": names, "new": d.known_on > str(first)}))
    return sorted(out, key=lambda d: (d.known_on, d.row), reverse=True)


def _registered(asked: Ask, supplier: str, recipient: str, register: str) -> set[str]:
    rows = asked.query(
        "SELECT DISTINCT designation FROM transfers WHERE source = ? AND supplier = ? AND recipient = ? "
        "AND designation IS NOT NULL",
        register, supplier, recipient,
    )  # fmt: skip
    return {m for r in rows["designation"].to_pylist() if (m := _model(r))}


@dataclass(frozen=True)
class NewListings:
    """Parties of one country that one programme of one list gained between the two dates."""

    list: str
    country: str  #: its name; the label itself where it names no state, blank where the list gives none
    programme: str
    parties: int
    since: str  #: the edition counted against, or the first date where the entries bear days of their own


def added(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[NewListings]:
    """Parties added by list, country and programme, the most first.

    Of a list in dated editions: who stands in the newest edition of the later date and not in the newest of the
    earlier one, or in the first that is held. Where no two editions are held and entries bear their own day: who was
    listed in between.
    """
    asked = Ask(pair, last, {}, holdings)
    out: list[NewListings] = []
    editions = asked.query(
        "SELECT source, list, vintage, count(listed_on) AS dated FROM listings GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    for source, name in dict.fromkeys((e["source"], e["list"]) for e in editions):
        held = {e["vintage"]: e["dated"] for e in editions if (e["source"], e["list"]) == (source, name)}
        now = max((v for v in held if v <= last.date), default=None)
        if now is None:
            continue
        before = max((v for v in held if v <= first.date), default=None if held[now] else min(held))
        if before is not None and before < now:
            new, than = _NOT_BEFORE, [source, name, before]
        elif held[now] and now > first.date:
            new, than = _LISTED_BETWEEN, [first.date, last.date]
        else:
            continue
        by: dict[tuple[str, str], set[str]] = {}
        for r in asked.query(_ADDED.format(new), source, name, now, *than).to_pylist():
            # a citation of the Federal Register stands where this list has no programme
            programme = "" if re.search(r"\bF\.R\. ", r["programme"]) else r["programme"]
            by.setdefault((_country(r["country"] or ""), programme), set()).add(r["party"])
        since = str(before if new is _NOT_BEFORE else first)
        out += [NewListings(name, country, p, len(parties), since) for (country, p), parties in by.items()]
    return sorted(out, key=lambda a: (-a.parties, a.list, a.country, a.programme))


#: The entries of an edition that are new. A party with addresses in several countries counts in each.
_ADDED = """
WITH now AS (
  SELECT party, coalesce(programme, '') AS programme, max(listed_on) AS listed_on, source
  FROM listings WHERE source = ? AND list = ? AND vintage = ? GROUP BY party, programme, source
), placed AS (SELECT DISTINCT source, party, country FROM addresses WHERE country IS NOT NULL)
SELECT DISTINCT n.party, n.programme, a.country
FROM now n LEFT JOIN placed a ON a.party = n.party AND a.source = n.source WHERE {} ORDER BY ALL
"""
#: Not in an earlier edition under the same programme. One that names no programme is compared by party alone.
_NOT_BEFORE = """NOT EXISTS (
  SELECT 1 FROM listings o WHERE o.source = ? AND o.list = ? AND o.vintage = ? AND o.party = n.party
  AND (coalesce(o.programme, '') IN (n.programme, '') OR n.programme = ''))"""
_LISTED_BETWEEN = "n.listed_on > ? AND n.listed_on <= ?"


def of_interest(found: Sequence[NewListings], pair: Dyad) -> list[NewListings]:
    """The additions of the two states and those that signals.toml names beside each."""
    codes = {pair.a, pair.b, *(c for state in pair for c in signals().listings.get(state, []))}
    return [a for a in found if country_or_none(a.country) in codes]


def _country(label: str) -> str:
    """The name of the country of a list's label, ``Korea, North`` too; the label where it names none."""
    last, comma, first = label.partition(", ")
    code = country_or_none(label) or (country_or_none(f"{first} {last}") if comma else None)
    return country_name(code) if code else label
