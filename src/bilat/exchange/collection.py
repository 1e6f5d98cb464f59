# SPDX-License-Identifier: Apache-2.0
"""Gather what may leave: every part passes the marking here, so that no format ever sees more.

A thing leaves when its marking lets it (:mod:`bilat.handling`). A dissent leaves only where its
claim does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import metadata

from bilat.catalog import sources as catalog_sources
from bilat.dyad import Dyad
from bilat.exchange.parcel import (
    ClaimRecord,
    FigureRecord,
    Parcel,
    PartyRecord,
    SourceRecord,
    without_previous,
)
from bilat.handling import PUBLIC, Marking, marked
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask_for, measure_named
from bilat.parties.lists.listed import ListEntry, held_parties
from bilat.sharing import Team
from bilat.verdicts import judge
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf

#: How a name is marked that is none, where a list names only a number.
NAMELESS = "none"


def gather(
    dyad: Dyad,
    as_of: AsOf,
    holdings: Holdings,
    marking: Marking,
    *,
    team: Team | None = None,
    parts: Iterable[str] = ("claims", "figures", "parties"),
    lists: Sequence[str] | None = None,
    names: Sequence[str] = (),
    judged: Sequence[Judgement] | None = None,
) -> Parcel:
    """What may leave in an export of ``marking``.

    Parameters
    ----------
    parts
        claims (with dissents), figures, parties.
    lists
        the lists whose parties are taken; None: all that are held.
    names
        measures whose figures are taken; none named: those that decide the claims.
    judged
        the claims, where they are judged already.

    Raises
    ------
    UsageError
        for an unknown list or measure.
    DataError
        for damaged holdings, or a damaged log of the team's.
    """
    wanted = frozenset(parts)
    open_to = team.claim_marking if team else (lambda _: PUBLIC)
    judgements: list[Judgement] = []
    if "claims" in wanted or ("figures" in wanted and not names):
        every = judge(dyad, as_of, holdings) if judged is None else judged
        judgements = [j for j in every if open_to(j.id).may_leave_in(marking)]
    claims: list[ClaimRecord] = []
    figures: list[FigureRecord] = []
    parties: list[PartyRecord] = []
    # An unknown measure is refused whatever the parts are.
    measured = [ask_for(name, dyad, as_of=as_of, holdings=holdings) for name in names]
    if "claims" in wanted:
        claims = [claim_record(j, open_to(j.id)) for j in judgements]
    if "figures" in wanted:
        deciding = [j.evidence for j in judgements if j.evidence is not None]
        figures = figure_records(measured or deciding)
    if "parties" in wanted:
        entries = held_parties(lists, as_of, holdings)[0]
        parties = [party_record(e, as_of) for e in entries if e.party.names[0].kind != NAMELESS]
    parcel = Parcel(
        pair=(dyad.a, dyad.b),
        as_of=str(as_of),
        marking=marking,
        holdings=holdings.digest,
        version=metadata.version("bilat"),
        claims=tuple(claims),
        figures=tuple(figures),
        parties=tuple(sorted(parties, key=lambda p: (p.source, p.id))),
        sources=_sources(claims, figures, parties),
    )
    return _with_team(parcel, team) if team else parcel


def _sources(
    claims: Iterable[ClaimRecord],
    figures: Iterable[FigureRecord],
    parties: Iterable[PartyRecord],
) -> tuple[SourceRecord, ...]:
    """Return the sources of the catalog that anything carried rests on, by name."""
    used = {party.source for party in parties}
    used.update(*(claim.sources for claim in claims))
    used.update(*(figure.sources for figure in figures))
    return tuple(source_record(name) for name in sorted(used & set(catalog_sources())))


def _with_team(parcel: Parcel, team: Team) -> Parcel:
    """The parcel with what of the team's may leave in it and was there by its as-of date."""
    marking = parcel.marking
    day = parcel.as_of
    ids = {c.id for c in parcel.claims}
    return replace(
        parcel,
        dissents=tuple(
            without_previous(d)
            for d in team.dissents()
            if d.handling.may_leave_in(marking) and d.claim in ids and d.as_of <= day
        ),
        decisions=tuple(
            without_previous(d)
            for d in team.decisions()
            if marked(d.marking).may_leave_in(marking) and d.when[:10] <= day
        ),
        rows=tuple(
            r for r in team.rows() if r.handling.may_leave_in(marking) and r.known_on <= day
        ),
    )


def claim_record(j: Judgement, marking: Marking) -> ClaimRecord:
    """A judgement as it is carried."""
    return ClaimRecord(
        id=j.id,
        claim=j.claim,
        verdict=j.verdict,
        why=j.why,
        rule=j.rule,
        as_of=str(j.as_of),
        written=j.when_written.answer,
        written_why=j.when_written.sentence,
        confidence=j.confidence,
        confidence_why=j.current.sure_why,
        rests_on=j.current.foundation.sentence,
        data_to=j.record_to.isoformat() if j.record_to else "",
        needs=j.needs,
        limits=j.limits,
        sources=tuple(j.sources),
        marking=str(marking),
    )


def figure_records(found: Iterable[Measurement]) -> list[FigureRecord]:
    """The points of measurements, each measurement once, in a fixed order."""
    made: dict[tuple[str, ...], FigureRecord] = {}
    for m in found:
        spec = measure_named(m.name)
        default = spec.params if spec else {}
        params = " ".join(f"{k}={v}" for k, v in sorted(m.params.items()) if default.get(k) != v)
        names = tuple(s["name"] for s in m.sources)
        grade = max((s["grade"] for s in m.sources), default="")
        for p in m.points:
            figure = FigureRecord(
                m.name,
                m.title,
                str(m.subject),
                params,
                p.group,
                p.period,
                p.value,
                p.low,
                p.high,
                m.interval.text,
                str(m.unit),
                p.kind,
                p.note,
                p.revised,
                p.open,
                str(m.as_of),
                grade,
                names,
                str(PUBLIC),
            )
            made[m.name, figure.pair, params, p.group, p.period] = figure
    return [made[key] for key in sorted(made)]


def party_record(h: ListEntry, as_of: AsOf) -> PartyRecord:
    """A listed party as it is carried."""
    p = h.party
    return PartyRecord(
        id=p.id,
        schema="LegalEntity" if p.schema == "Unknown" else p.schema,
        names=tuple((n.text, n.kind) for n in p.names),
        countries=p.countries,
        born=p.born,
        incorporated=p.incorporated,
        addresses=tuple(a.text for a in p.addresses),
        identifiers=tuple((i.kind, i.value) for i in p.identifiers),
        listings=tuple((e.list, e.programme, e.listed_on, e.until) for e in p.listings),
        links=tuple((k.kind, k.other, k.low, k.high) for k in p.links),
        source=h.source,
        snapshot=h.snapshot,
        locator=p.locator,
        edition=h.edition,
        as_of=str(as_of),
    )


def source_record(name: str) -> SourceRecord:
    """A source of the catalog as it is carried."""
    s = catalog_sources()[name]
    return SourceRecord(s.name, s.title, s.producer, s.citation, s.licence, s.url, s.grade)
