# SPDX-License-Identifier: Apache-2.0
"""Collect the contents of an export, without anything marked above the export.

All formats write what is collected here, so none can give away more. A dissent is exported only
together with its claim. :mod:`bilat.handling` has the markings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import metadata

from bilat.catalog import sources as catalog_sources
from bilat.dyad import Dyad
from bilat.errors import UsageError
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
from bilat.parties.lists.entries import ListEntry, held_parties
from bilat.sharing import Team
from bilat.verdicts import judge
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf

#: What an export can contain.
PARTS = ("claims", "figures", "parties")
#: The kind of the only name of a party that its list gives a number and no name.
NAMELESS = "none"


def gather(
    dyad: Dyad,
    as_of: AsOf,
    holdings: Holdings,
    marking: Marking,
    *,
    team: Team | None = None,
    parts: Iterable[str] = PARTS,
    lists: Sequence[str] | None = None,
    names: Sequence[str] = (),
    judged: Sequence[Judgement] | None = None,
) -> Parcel:
    """Collect what an export of a marking may contain.

    Parameters
    ----------
    parts
        some of :data:`PARTS`; dissents go with the claims.
    lists
        the lists whose parties are included; None: all that are stored.
    names
        measures whose figures are included; by default those that decide the claims.
    judged
        the judgements of the claims, if the caller has made them.

    Raises
    ------
    UsageError
        for an unknown part, list or measure.
    DataError
        for damaged holdings, or a damaged log of the team's.
    """
    wanted = frozenset(parts)
    if unknown := sorted(wanted.difference(PARTS)):
        raise UsageError(f"an export has no {unknown[0]!r}. Choose from: {', '.join(PARTS)}")
    judgements: list[tuple[Judgement, Marking]] = []
    if "claims" in wanted or ("figures" in wanted and not names):
        for judgement in judge(dyad, as_of, holdings) if judged is None else judged:
            # Without a team every claim is public.
            of_claim = team.claim_marking(judgement.id) if team else PUBLIC
            if of_claim.may_leave_in(marking):
                judgements.append((judgement, of_claim))
    claims: list[ClaimRecord] = []
    figures: list[FigureRecord] = []
    parties: list[PartyRecord] = []
    # The measures are asked even if figures are not wanted, so that an unknown one is refused.
    measured = [ask_for(name, dyad, as_of=as_of, holdings=holdings) for name in names]
    if "claims" in wanted:
        claims = [claim_record(judgement, of_claim) for judgement, of_claim in judgements]
    if "figures" in wanted:
        deciding = [j.evidence for j, _ in judgements if j.evidence is not None]
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
    """Return the sources of the exported records, sorted by name."""
    used = {party.source for party in parties}
    used.update(*(claim.sources for claim in claims))
    used.update(*(figure.sources for figure in figures))
    return tuple(source_record(name) for name in sorted(used & set(catalog_sources())))


def _with_team(parcel: Parcel, team: Team) -> Parcel:
    """Add the team's records that were made by the as-of date and may be exported."""
    marking = parcel.marking
    day = parcel.as_of
    claims = {claim.id for claim in parcel.claims}
    dissents = [
        without_previous(dissent)
        for dissent in team.dissents()
        if dissent.handling.may_leave_in(marking)
        and dissent.claim in claims
        and dissent.as_of <= day
    ]
    decisions = [
        without_previous(decision)
        for decision in team.decisions()
        if marked(decision.marking).may_leave_in(marking) and decision.when[:10] <= day
    ]
    rows = [
        row for row in team.rows() if row.handling.may_leave_in(marking) and row.known_on <= day
    ]
    return replace(parcel, dissents=tuple(dissents), decisions=tuple(decisions), rows=tuple(rows))


def claim_record(judgement: Judgement, marking: Marking) -> ClaimRecord:
    """Return the record of a judgement."""
    return ClaimRecord(
        id=judgement.id,
        claim=judgement.claim,
        verdict=judgement.verdict,
        why=judgement.why,
        rule=judgement.rule,
        as_of=str(judgement.as_of),
        written=judgement.when_written.answer,
        written_why=judgement.when_written.sentence,
        confidence=judgement.confidence,
        confidence_why=judgement.current.sure_why,
        rests_on=judgement.current.foundation.sentence,
        data_to=judgement.record_to.isoformat() if judgement.record_to else "",
        needs=judgement.needs,
        limits=judgement.limits,
        sources=tuple(judgement.sources),
        marking=str(marking),
    )


def figure_records(found: Iterable[Measurement]) -> list[FigureRecord]:
    """Return the records of the points of measurements, each point once, in a fixed order."""
    records: dict[tuple[str, ...], FigureRecord] = {}
    for m in found:
        spec = measure_named(m.name)
        defaults = spec.params if spec else {}
        params = " ".join(
            f"{name}={value}"
            for name, value in sorted(m.params.items())
            if defaults.get(name) != value
        )
        # The worst grade of the sources: grades are letters, and A is the best.
        grade = max((source["grade"] for source in m.sources), default="")
        for point in m.points:
            record = FigureRecord(
                measure=m.name,
                title=m.title,
                pair=str(m.subject),
                params=params,
                group=point.group,
                period=point.period,
                value=point.value,
                low=point.low,
                high=point.high,
                interval=m.interval.text,
                unit=str(m.unit),
                kind=point.kind,
                note=point.note,
                revised=point.revised,
                open=point.open,
                as_of=str(m.as_of),
                grade=grade,
                sources=tuple(source["name"] for source in m.sources),
                marking=str(PUBLIC),
            )
            records[m.name, record.pair, params, point.group, point.period] = record
    return [records[key] for key in sorted(records)]


def party_record(entry: ListEntry, as_of: AsOf) -> PartyRecord:
    """Return the record of a listed party."""
    party = entry.party
    return PartyRecord(
        id=party.id,
        schema="LegalEntity" if party.schema == "Unknown" else party.schema,
        names=tuple((name.text, name.kind) for name in party.names),
        countries=party.countries,
        born=party.born,
        incorporated=party.incorporated,
        addresses=tuple(address.text for address in party.addresses),
        identifiers=tuple((number.kind, number.value) for number in party.identifiers),
        listings=tuple((e.list, e.programme, e.listed_on, e.until) for e in party.listings),
        links=tuple((link.kind, link.other, link.low, link.high) for link in party.links),
        source=entry.source,
        snapshot=entry.snapshot,
        locator=party.locator,
        edition=entry.edition,
        as_of=str(as_of),
    )


def source_record(name: str) -> SourceRecord:
    """Return the record of a source of the catalog."""
    source = catalog_sources()[name]
    return SourceRecord(
        name=source.name,
        title=source.title,
        producer=source.producer,
        citation=source.citation,
        licence=source.licence,
        url=source.url,
        grade=source.grade,
    )
