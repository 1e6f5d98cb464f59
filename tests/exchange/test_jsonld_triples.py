# SPDX-License-Identifier: Apache-2.0
"""The JSON-LD of an export as another reader understands it: rdflib's triples say what the parcel says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up_team import AS_OF, MOMENT, PAIR, judgement, team
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from bilat.exchange import Parcel, gather, read_export, write_export
from bilat.exchange.jsonld import CONTEXT
from bilat.handling import Marking
from bilat.holdings import Holdings, embedded_folder

SCHEMA, BILAT = Namespace("https://schema.org/"), Namespace("urn:bilat:")


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    t = team(tmp_path / "team", claims={"P8": "GREEN"})
    t.dissent_log.add(
        "P7",
        "no",
        'it\'s "noise", 中\n<b>',
        "Ann",
        as_of="2025-01-01",
        marking="GREEN REL EST",
        when=MOMENT,
    )
    judged = [judgement("P7", text="жюя"), judgement("P8"), judgement("W1", decided=False)]
    return gather(
        PAIR, AS_OF, Holdings(embedded_folder()), Marking.parse("AMBER REL EST"), team=t, judged=judged,
        parts=("claims",),
    )  # fmt: skip


@pytest.fixture
def graph(parcel: Parcel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """The triples of the written file; nothing is fetched to read it."""

    def refused(*asked: object, **more: object) -> None:
        raise AssertionError(f"asked for {asked}")

    monkeypatch.setattr("urllib.request.urlopen", refused)
    monkeypatch.setattr("socket.socket.connect", refused)
    write_export(parcel, "jsonld", tmp_path / "c.json")
    return Graph().parse(tmp_path / "c.json", format="json-ld")


def said(graph: Graph, of: URIRef, *path: URIRef) -> str | float | None:
    """The one value at the end of a path; None where there is none."""
    for step in path:
        found = list(graph.objects(of, step))
        if not found:
            return None
        (of,) = found  # type: ignore[assignment]
    value = of.toPython() if isinstance(of, Literal) else str(of)
    return value if isinstance(value, (str, float)) or value is None else float(value)


def test_the_triples_say_what_the_claims_say(parcel: Parcel, graph: Graph) -> None:
    assert len(parcel.claims) == 3
    for c in parcel.claims:
        of = URIRef(f"urn:bilat:verdict:{c.id}:{c.as_of}")
        assert (of, RDF.type, SCHEMA.ClaimReview) in graph
        told = {
            "identifier": c.id, "claimReviewed": c.claim, "datePublished": c.as_of, "reviewBody": c.why,
            "conditionsOfAccess": c.marking,
        }  # fmt: skip
        assert {k: said(graph, of, SCHEMA[k]) for k in told} == told
        own = {
            "confidence": c.confidence,
            "rule": c.rule,
            "whenWritten": c.written,
            "whenWrittenWhy": c.written_why,
        }
        assert {k: said(graph, of, BILAT[k]) for k in own} == own
        assert said(graph, of, SCHEMA.reviewRating, SCHEMA.alternateName) == c.verdict
        assert {str(s) for s in graph.objects(of, SCHEMA.isBasedOn)} == {
            f"urn:bilat:source:{s}" for s in c.sources
        }
        assert said(graph, of, SCHEMA.itemReviewed) == f"urn:bilat:claim:{c.id}"


def test_and_what_dissents_and_sources_say(parcel: Parcel, graph: Graph) -> None:
    (d,) = parcel.dissents
    of = URIRef(f"urn:bilat:dissent:{d.claim}:{d.when}")
    assert said(graph, of, SCHEMA.author, SCHEMA.name) == d.who == "Ann"
    assert said(graph, of, SCHEMA.reviewBody) == d.why == 'it\'s "noise", 中\n<b>'
    assert said(graph, of, SCHEMA.reviewRating, SCHEMA.alternateName) == d.verdict
    assert said(graph, of, SCHEMA.conditionsOfAccess) == d.marking == "TLP:GREEN REL EST"
    used = {s for c in parcel.claims for s in c.sources}
    for s in (s for s in parcel.sources if s.name in used):
        of = URIRef(f"urn:bilat:source:{s.name}")
        assert (said(graph, of, SCHEMA.citation), said(graph, of, SCHEMA.license)) == (s.citation, s.licence)
    (whole,) = graph.subjects(RDF.type, SCHEMA.Collection)
    assert said(graph, whole, SCHEMA.conditionsOfAccess) == "TLP:AMBER REL EST"  # type: ignore[arg-type]
    assert {str(x) for x in graph.objects(whole, SCHEMA.about)} == {*PAIR}
    parts = set(graph.objects(whole, SCHEMA.hasPart))
    assert parts == {*graph.subjects(RDF.type, SCHEMA.ClaimReview), *graph.subjects(RDF.type, SCHEMA.Dataset)}


def test_expanded_and_compacted_by_another_it_is_the_same(
    parcel: Parcel, graph: Graph, tmp_path: Path
) -> None:
    expanded = graph.serialize(format="json-ld")
    assert "@context" not in expanded and isomorphic(Graph().parse(data=expanded, format="json-ld"), graph)
    compacted = graph.serialize(format="json-ld", context=CONTEXT)
    told = json.loads(compacted)
    assert told["@context"] == CONTEXT and isomorphic(Graph().parse(data=compacted, format="json-ld"), graph)
    assert {p["@type"] for p in told["@graph"]} >= {"ClaimReview", "Dataset", "Collection"}
    assert read_export(tmp_path / "c.json", "jsonld").claims == parcel.claims


def test_no_word_stands_outside_the_two_vocabularies(graph: Graph) -> None:
    for _, predicate, thing in graph:
        assert predicate == RDF.type or str(predicate).startswith((str(SCHEMA), str(BILAT)))
        assert predicate != RDF.type or str(thing).startswith(str(SCHEMA))
