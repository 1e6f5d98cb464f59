# SPDX-License-Identifier: Apache-2.0
"""Rows of a screening: one a query and party, with band, effect, listings, reasons and the way to the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bilat.parties.decide.decisions import Decided, pair_key
from bilat.parties.decide.known import Said, told_beside
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, band_of
from bilat.parties.match.matching import Pairs
from bilat.parties.match.pairing import NAMES
from bilat.parties.match.screener import Candidate, Found, Screener
from bilat.parties.names.derived import CALLED
from bilat.parties.run.flags import flags_of, shared_addresses
from bilat.parties.run.queries import Query
from bilat.parties.run.quiet import no_collection

#: Names are cut off in the rows after so many characters (compared are the first 600).
LONGEST_SHOWN = 500
#: Aliases that a row shows.
MOST_ALIASES = 12
COLUMNS = (
    "query_id", "query", "asked", "rank", "band", "listed", "probability", "effect", "party", "name", "name_matched",
    "matched_by", "list", "programme", "listed_on", "countries", "born", "aliases", "joined", "link", "identifiers",
    "flags", "features", "listings", "source", "snapshot", "locator",
)  # fmt: skip
#: The column that rows have besides where they are marked.
MARKED = "marking"


#: Where rows are cut off, a name that is written as a list writes it counts as much: a short or common one is borne by
#: many who are not listed, and whoever asks for it must still be shown the party.
AS_LISTED = dict(BANDS)["likely"]
#: Share of the likeliest party's probability from which another one counts as nearly as likely.
AS_LIKELY = 0.5
#: Of a name that is listed, parties come out down to this share of its chance: twins, firms of one group.
TWIN = 0.1


@dataclass(frozen=True)
class Cut:
    """Which rows come out.

    ``least`` is the least probability of a row; the likeliest party of a name whose chance of being listed reaches
    it comes too. Parties found by number or address always come.
    """

    top: int = 5
    least: float = dict(BANDS)[DEFAULT_BAND]


@dataclass
class Batch:
    """The rows of a batch, and how many of its names are in each band (``none``: no row)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    folded: list[dict[str, str]] = field(default_factory=list)  # cleared earlier, with the reason
    held: list[str] = field(
        default_factory=list
    )  # names without a row that a longer listed name holds, and which


def rows_of(
    screener: Screener,
    queries: Sequence[Query],
    cut: Cut,
    *,
    high_priority: frozenset[str] = frozenset(),
    decisions: Mapping[tuple[str, str], Decided] | None = None,
    four_eyes: bool = False,
) -> Batch:
    """Rows of a batch, in the order of the queries, the likeliest first."""
    with no_collection():
        return _rows_of(screener, queries, cut, high_priority, decisions, four_eyes)


def _rows_of(
    screener: Screener,
    queries: Sequence[Query],
    cut: Cut,
    high_priority: frozenset[str],
    decisions: Mapping[tuple[str, str], Decided] | None,
    four_eyes: bool,
) -> Batch:
    found, pairs = screener.find(queries)
    shared = shared_addresses(queries)
    out = Batch()
    picked: list[tuple[Found, int, Candidate]] = []
    for f in found:
        shown = _shown(f, cut)
        band = _best_band(f, shown)
        out.names[band] = out.names.get(band, 0) + 1
        out.held += [] if shown else _held(screener, f, pairs)
        picked += [(f, rank, c) for rank, c in enumerate(shown, 1)]
    terms = screener.terms(pairs, [c.pair for *_, c in picked if c.pair >= 0])
    for f, rank, c in picked:
        features = next(terms) if c.pair >= 0 else {}
        row = _row(screener, f, rank, c, features, pairs, shared, high_priority)
        decided = decisions.get(pair_key(f.query.name, row["party"])) if decisions else None
        if decided is not None:
            said = Said(f.query, screener.record(c.party), c.numbers, c.place is not None)
            if decided.folds(said, four_eyes=four_eyes):
                out.folded.append({"query": row["query"], "party": row["party"], "name": row["name"],
                                   "says": decided.says(said)["says"]})  # fmt: skip
                continue
            row["flags"].append(decided.says(said))
        out.rows.append(row)
    return out


def _held(screener: Screener, f: Found, pairs: Pairs) -> list[str]:
    """A name all of whose words are in a longer listed name, and that name; [] where no candidate has one."""
    covered = NAMES.index("query_covered")
    for c in f.candidates:
        if c.pair >= 0 and pairs.cost[c.pair] == 0 and pairs.features[c.pair, covered] > 0.999:
            return [f"{f.query.name[:LONGEST_SHOWN]} in {screener.index.names[int(pairs.form[c.pair])]}"]
    return []


def _band(f: Found, rank: int, c: Candidate) -> str:
    """The band of a row: of the name's chance of being listed for its likeliest party, else of the party's own."""
    return band_of(_own(f, rank, c))


def _own(f: Found, rank: int, c: Candidate) -> float | None:
    """The probability after which a row is banded: that the name is listed, for its likeliest party and for those
    nearly as likely (rows that say the same are banded the same), else the party's own; None where the party was found
    by its address alone.
    """
    if c.own_listed is not None:
        return max(c.probability or 0.0, c.own_listed)
    if c.probability is None or f.several:
        return c.probability
    first = f.candidates[0].probability or 0.0
    return max(c.probability, f.listed) if rank == 1 or c.probability >= AS_LIKELY * first else c.probability


def _best_band(f: Found, shown: Sequence[Candidate]) -> str:
    """The surest band among the rows of a name; none where it has no row."""
    bands = {_band(f, rank, c) for rank, c in enumerate(shown, 1)}
    return next((band for band, _ in BANDS if band in bands), "none")


def _floor(c: Candidate) -> float:
    """What a name written as listed counts at least where rows are cut off, unless a number, a birth or a state speaks
    against it: it always comes out, in the band of its own probability.
    """
    return AS_LISTED if c.as_listed and all(w.factor >= 1 for w in c.weighed) else 0.0


def _shown(f: Found, cut: Cut) -> list[Candidate]:
    named = [c for c in f.candidates if c.probability is not None]
    least = min(cut.least, TWIN * f.listed) if f.listed >= cut.least else cut.least
    # A number of one party beside the name of another: both come out.
    beside = next((c for c in named if c.elsewhere), None)
    shown = [
        c
        for n, c in enumerate(named)
        if max(_undisputed(c), _floor(c)) >= least
        or (n == 0 and f.listed >= cut.least)
        or (c.own_listed or 0.0) >= cut.least
        or c.numbers
        or c is beside
    ][: max(cut.top, sum(bool(c.numbers) or c is beside for c in named))]
    placed = [c for c in f.candidates if c.place is not None and c not in shown]
    return shown + sorted(placed, key=lambda c: (-c.place.agreement, c.party))[: cut.top]  # type: ignore[union-attr]


def _undisputed(c: Candidate) -> float:
    """A candidate's probability but for a number that contradicts it: such a number lowers a row and never hides it."""
    p = c.probability or 0.0
    disputed = [w.factor for w in c.weighed if w.what == "number" and not c.numbers and not c.elsewhere]
    odds = p / max(1 - p, 1e-12) / (disputed[0] if disputed else 1.0)
    return odds / (1 + odds) if disputed else p


def _row(
    screener: Screener,
    f: Found,
    rank: int,
    c: Candidate,
    features: dict[str, float],
    pairs: Pairs,
    shared: set[str],
    high_priority: frozenset[str],
) -> dict[str, Any]:
    record = screener.record(c.party)
    matched = screener.index.names[int(pairs.form[c.pair])] if c.pair >= 0 else record["name"]
    later = {text for text, *_, late in (*record["names"], *record["addresses"]) if late}
    place = screener.addresses.text[c.place.address] if c.place is not None else ""
    listings = record["listings"]
    name = f.query.name
    return {
        "query_id": f.query.id,
        "query": name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN] + "…",
        "asked": told_beside(f.query),
        "rank": rank,
        "band": _band(f, rank, c),
        "listed": round(f.listed, 6),
        "probability": None if c.probability is None else round(c.probability, 6),
        "effect": "; ".join(record["effects"]),
        "party": record["id"],
        "name": record["name"],
        "name_matched": matched,
        "matched_by": _matched_by(screener, f, c, pairs),
        "list": "; ".join(dict.fromkeys(x["list"] for x in listings)),
        "programme": "; ".join(dict.fromkeys(x["programme"] for x in listings if x["programme"])),
        "listed_on": _listed_on(listings),
        "countries": record["countries"],
        "born": record["born"],
        "aliases": [t for t, *_ in record["names"] if t not in (record["name"], matched)][:MOST_ALIASES],
        "joined": record["joined"],
        "link": next((x["link"] for x in listings if x["link"]), ""),
        "identifiers": c.numbers,
        "flags": flags_of(
            f.query, record, c.weighed, numbered=bool(c.numbers), elsewhere=c.elsewhere, place=place,
            later=matched in later or place in later, shared=shared, high_priority=high_priority,
            raised=_floor(c) > (_own(f, rank, c) or 0.0), borne=c.borne,
        ),
        "features": features,
        "listings": listings,
        "source": record["source"],
        "snapshot": record["snapshot"],
        "locator": record["locator"],
    }  # fmt: skip


def _listed_on(listings: Sequence[Mapping[str, str]]) -> str:
    """The first date of listing; where the lists give none, the first edition held that has the party."""
    dates = [x["listed_on"] for x in listings if x["listed_on"]]
    if dates:
        return min(dates)
    by = [x["listed_by"] for x in listings if x["listed_by"]]
    return f"by {min(by)}" if by else ""


def _matched_by(screener: Screener, f: Found, c: Candidate, pairs: Pairs) -> str:
    if c.numbers:
        return "number"
    if c.pair < 0:
        return "address"
    reading = pairs.reading[c.pair]
    text = " ".join(f.query.name.split())
    said = "name" if reading.text == text else f"part of the field: {reading.text}"
    if made := int(screener.index.made[int(pairs.form[c.pair])]):
        said += f", {CALLED[made]}"
    also = [w.what for w in c.weighed if w.factor > 1] + (["address"] if c.place else [])
    return ", ".join([said, *also])
