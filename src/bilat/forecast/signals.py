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
from pathlib import Path
from typing import TypedDict

from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.formats.table import Place, records
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


def deals(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad, own: Sequence[Deal] = ()) -> list[Deal]:
    """The deals known by the later date of which the register has no item in that direction, newest first.

    ``own`` are deals of a user's file; they are looked up in the same way.
    """
    chosen = signals().press
    asked = Ask(pair, last, {}, holdings)
    told: list[Deal] = [d for d in own if d.known_on <= str(last)]
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
                told.append(
                    Deal(supplier, recipient, r["item"], (), r["status"], str(r["known_on"]), where,
                         r["url"] or "", True)
                )  # fmt: skip
    out = []
    for d in told:
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


#: Columns of a user's file of reported deals.
DEAL_COLUMNS = ("supplier", "recipient", "item", "status", "known_on", "url")


def read_deals(path: Path) -> list[Deal]:
    """Deals of a user's CSV file: supplier, recipient, item, status, known_on, url.

    Raises
    ------
    DataError
        naming file, row, column and cure.
    """
    place = Place(path, path.name, after="no deal was taken in")
    out = []
    for row in records(place, DEAL_COLUMNS):
        sides = []
        for column in ("supplier", "recipient"):
            code = country_or_none(row.text(column))
            if code is None:
                raise row.refuse(
                    column, "is not a country", "write its code or its English name: RUS or Russia"
                )
            sides.append(code)
        known, where = str(row.day("known_on")), f"{path.name} {row.locator}"
        supplier, recipient = sides
        item, status = row.text("item"), row["status"]
        out.append(Deal(supplier, recipient, item, (), status, known, where, row["url"], True))
    return out


@dataclass(frozen=True)
class NewListings:
    """Parties of one country that one programme of one list gained between the two dates."""

    list: str
    country: str  #: its name; the label itself where it names no state, blank where the list gives none
    programme: str
    parties: int
    names: tuple[str, ...]  #: in order of the alphabet
    rows: tuple[str, ...]
    written: tuple[str, ...] = ()  #: the country as the publisher writes it
    against: str = (
        ""  #: the edition counted against, where it lies before the first date: some may have come before
    )
    dated: int | None = (
        None  #: parties whose own day lies between the dates; None where none of the group bears a day
    )


def added(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> tuple[list[NewListings], list[str]]:
    """Parties added by list, country and programme; and of which lists that cannot be told, or not for all days.

    Of a list in dated editions: who stands in the newest edition of the later date under a programme and not in
    the newest of the earlier one under it; that edition may be older than the earlier date, and the additions then
    say which it is. Where one edition alone is held whose entries bear their own day: who was
    listed in between. An edition that is older than the later date says nothing of the days after it.
    """
    asked = Ask(pair, last, {}, holdings)
    out: list[NewListings] = []
    untold: list[str] = []
    editions = asked.query(
        "SELECT source, list, vintage, count(*) AS n, count(listed_on) AS dated FROM listings GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    for source, name in dict.fromkeys((e["source"], e["list"]) for e in editions):
        held = {e["vintage"]: e for e in editions if (e["source"], e["list"]) == (source, name)}
        now = max((v for v in held if v <= last.date), default=None)
        before = max((v for v in held if v <= first.date), default=None)
        rows: list[AddedRow] = []
        told = against = ""
        if now is not None and before is None and min(held) < now and not held[now]["dated"]:
            before = min(held)
            told = f"what was added before {before}, the first edition held, is not known"
        if now is None:
            said = "no edition of either date is held"
        elif before is not None and before < now:
            rows = asked.query(
                _ADDED.format(_NOT_BEFORE), source, name, now, source, name, before
            ).to_pylist()
            if before < first.date:
                against = str(before)
                told = counted_against(against, str(first))
            said = "; ".join(filter(None, [told, _after(now, last)]))
        elif held[now]["dated"]:
            between = [source, name, now, first.date, last.date]
            rows = asked.query(_ADDED.format(_LISTED_BETWEEN), *between).to_pylist()
            bare = held[now]["n"] - held[now]["dated"]
            said = "; ".join(
                filter(None, [bare and f"{bare:,} of its entries bear no day", _after(now, last)])
            )
        elif before is None:
            said = f"the edition of {now} is the first held"
        else:
            said = f"one edition, of {now}, stands for both dates, and its entries bear no day"
        if said:
            untold.append(f"{name} ({source}): {said}")
        out += _by_country(source, name, rows, (first, last), against)
    return sorted(out, key=lambda a: (-a.parties, a.list, a.country, a.programme)), untold


def counted_against(edition: str, first: str) -> str:
    """What additions to an edition from before the first date may be: no reader takes them all for the window's."""
    return f"counted against the edition of {edition}: some may have come before {first}"


def _after(now: dt.date, last: AsOf) -> str:
    return f"what was added after {now}, the newest edition held, is not known" if now < last.date else ""


class AddedRow(TypedDict):
    """A party that an edition has and the one before has not, at one address."""

    party: str
    name: str | None
    programme: str | None
    country: str | None
    locator: str
    listed_on: dt.date | None


def _by_country(
    source: str, name: str, rows: Sequence[AddedRow], window: tuple[AsOf, AsOf], against: str
) -> list[NewListings]:
    by: dict[tuple[str, str], list[AddedRow]] = {}
    for r in rows:
        code = _code(r["country"] or "")
        where = country_name(code) if code else r["country"] or ""
        # a citation of the Federal Register stands where this list has no programme
        programme = "" if re.search(r"\bF\.R\. ", r["programme"] or "") else r["programme"] or ""
        by.setdefault((where, programme), []).append(r)
    return [
        NewListings(
            name, where, programme, len({m["party"] for m in members}),
            tuple(sorted({m["name"] or m["party"] for m in members})),
            tuple(dict.fromkeys(f"{source} {m['locator']}" for m in members)),
            tuple(sorted({m["country"] for m in members if m["country"]})), against, _dated(members, window),
        )
        for (where, programme), members in by.items()
    ]  # fmt: skip


def _dated(members: Sequence[AddedRow], window: tuple[AsOf, AsOf]) -> int | None:
    """How many parties bear a day of their own within the window; None where none bears a day."""
    days = {m["party"]: m["listed_on"] for m in members if m["listed_on"]}
    return sum(window[0].date < day <= window[1].date for day in days.values()) if days else None


#: The entries of an edition that are new. A party with addresses in several countries counts in each.
_ADDED = """
WITH now AS (
  SELECT party, coalesce(programme, '') AS programme, min(locator) AS locator, max(listed_on) AS listed_on, vintage,
         source FROM listings WHERE source = ? AND list = ? AND vintage = ? GROUP BY party, programme, vintage, source
), placed AS (SELECT DISTINCT source, party, country FROM addresses WHERE country IS NOT NULL)
SELECT n.party, n.programme, n.locator, n.listed_on, any_value(p.name) AS name, a.country
FROM now n
LEFT JOIN parties p ON p.party = n.party AND p.source = n.source AND p.vintage = n.vintage
LEFT JOIN placed a ON a.party = n.party AND a.source = n.source
WHERE {}
GROUP BY n.party, n.programme, n.locator, n.listed_on, a.country ORDER BY n.party, a.country
"""
#: Not in an earlier edition under the same programme. One that names no programme is compared by party alone.
_NOT_BEFORE = """NOT EXISTS (
  SELECT 1 FROM listings o WHERE o.source = ? AND o.list = ? AND o.vintage = ? AND o.party = n.party
  AND (coalesce(o.programme, '') IN (n.programme, '') OR n.programme = ''))"""
_LISTED_BETWEEN = "n.listed_on > ? AND n.listed_on <= ?"


def of_interest(found: Sequence[NewListings], pair: Dyad) -> list[NewListings]:
    """The additions of the two states and those that signals.toml names beside each."""
    codes = {pair.a, pair.b, *(c for state in pair for c in signals().listings.get(state, []))}
    return [a for a in found if _code(a.country) in codes]


def _code(label: str) -> str | None:
    """The country of a list's label, ``Korea, North`` too."""
    last, comma, first = label.partition(", ")
    return country_or_none(label) or (country_or_none(f"{first} {last}") if comma else None)
