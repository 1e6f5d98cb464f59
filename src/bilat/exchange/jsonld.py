# SPDX-License-Identifier: Apache-2.0
"""JSON-LD in the words of schema.org: a ClaimReview for each verdict and for each dissent.

``datePublished`` is the as-of date, ``conditionsOfAccess`` the marking, ``isBasedOn`` the sources with their licence.
What schema.org has no word for stands under ``bilat:``; the context needs no network to be read.

Reference: schema.org, ClaimReview, https://schema.org/ClaimReview.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.exchange.parcel import CarriedClaim, CarriedSource, Parcel, sound
from bilat.exchange.text import is_address, json_text, read_json
from bilat.files.json_types import JsonObject
from bilat.handling import Marking
from bilat.verdicts.dissents import Dissent

CONTEXT = {"@vocab": "https://schema.org/", "bilat": "urn:bilat:"}
_RATING = {"no": 1, "in part": 3, "yes": 5}


def write(parcel: Parcel) -> str:
    """A graph as JSON-LD text."""
    used = {s for c in parcel.claims for s in c.sources}
    graph: list[JsonObject] = [_source(s) for s in parcel.sources if s.name in used]
    graph += [_review(c) for c in parcel.claims]
    graph += [_dissent(d, next(c.claim for c in parcel.claims if c.id == d.claim)) for d in parcel.dissents]
    return json_text(
        {
            "@context": CONTEXT, "@id": f"urn:bilat:picture:{'-'.join(parcel.pair)}:{parcel.as_of}",
            "@type": "Collection", "about": list(parcel.pair), "datePublished": parcel.as_of,
            "conditionsOfAccess": str(parcel.marking), "bilat:holdings": parcel.holdings, "version": parcel.version,
            "hasPart": graph,
        }
    )  # fmt: skip


def _source(s: CarriedSource) -> JsonObject:
    return {
        "@type": "Dataset", "@id": f"urn:bilat:source:{s.name}", "identifier": s.name, "name": s.title,
        "description": s.title, "creator": {"@type": "Organization", "name": s.producer}, "citation": s.citation,
        "license": s.licence, "bilat:where": s.url, "bilat:grade": s.grade,
        **({"url": s.url} if is_address(s.url) else {}),
    }  # fmt: skip


def _rating(verdict: str) -> JsonObject:
    """The verdict as a rating: its word, and a number from 1 to 5 where the word has a place on that scale."""
    scale = {"bestRating": 5, "worstRating": 1}
    number = {"ratingValue": _RATING[verdict], **scale} if verdict in _RATING else {}
    return {"@type": "Rating", "alternateName": verdict, **number}


def _review(c: CarriedClaim) -> JsonObject:
    return {
        "@type": "ClaimReview", "@id": f"urn:bilat:verdict:{c.id}:{c.as_of}", "identifier": c.id,
        "claimReviewed": c.claim, "itemReviewed": {"@type": "Claim", "@id": f"urn:bilat:claim:{c.id}", "text": c.claim},
        "author": {"@type": "Organization", "name": "bilat"}, "datePublished": c.as_of,
        "reviewRating": _rating(c.verdict), "reviewBody": c.why, "conditionsOfAccess": c.marking,
        "isBasedOn": [{"@id": f"urn:bilat:source:{s}"} for s in c.sources],
        "bilat:confidence": c.confidence, "bilat:confidenceWhy": c.confidence_why, "bilat:rule": c.rule,
        "bilat:whenWritten": c.written, "bilat:whenWrittenWhy": c.written_why,
        "bilat:needs": c.needs, "bilat:limits": c.limits, "bilat:dataTo": c.data_to,
    }  # fmt: skip


def _dissent(d: Dissent, claim: str) -> JsonObject:
    return {
        "@type": "ClaimReview", "@id": f"urn:bilat:dissent:{d.claim}:{d.when}", "identifier": d.claim,
        "claimReviewed": claim, "itemReviewed": {"@id": f"urn:bilat:claim:{d.claim}"},
        "author": {"@type": "Person", "name": d.who}, "datePublished": d.as_of, "dateCreated": d.when,
        "reviewRating": _rating(d.verdict), "reviewBody": d.why, "conditionsOfAccess": d.marking,
    }  # fmt: skip


def read(path: Path) -> Parcel:
    """What a graph of this form holds.

    Raises
    ------
    DataError
        for a file that is none.
    """
    found = read_json(path)
    try:
        parts = found["hasPart"]
        reviews = [p for p in parts if p["@type"] == "ClaimReview"]
        a, b = found["about"]
        return Parcel(
            pair=(a, b),
            as_of=found["datePublished"],
            marking=Marking.parse(found["conditionsOfAccess"]),
            holdings=found["bilat:holdings"],
            version=found["version"],
            claims=tuple(sound(_claim(r)) for r in reviews if r["author"]["@type"] == "Organization"),
            dissents=tuple(
                sound(Dissent(
                    r["identifier"], r["reviewRating"]["alternateName"], r["reviewBody"], r["author"]["name"],
                    r["datePublished"], r["dateCreated"], r["conditionsOfAccess"], "",
                ))
                for r in reviews
                if r["author"]["@type"] == "Person"
            ),
            sources=tuple(
                sound(CarriedSource(
                    p["identifier"], p["name"], p["creator"]["name"], p["citation"], p["license"], p["bilat:where"],
                    p["bilat:grade"],
                ))
                for p in parts
                if p["@type"] == "Dataset"
            ),
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError) as e:
        raise DataError(
            f"is not what an export is ({type(e).__name__}: {e})",
            file=path,
            cure="name a file that bilat write export wrote",
        ) from None


def _claim(r: Any) -> CarriedClaim:
    return CarriedClaim(
        id=r["identifier"],
        claim=r["claimReviewed"],
        verdict=r["reviewRating"]["alternateName"],
        why=r["reviewBody"],
        rule=r["bilat:rule"],
        as_of=r["datePublished"],
        written=r["bilat:whenWritten"],
        written_why=r["bilat:whenWrittenWhy"],
        confidence=r["bilat:confidence"],
        confidence_why=r["bilat:confidenceWhy"],
        data_to=r["bilat:dataTo"],
        needs=r["bilat:needs"],
        limits=r["bilat:limits"],
        sources=tuple(s["@id"].removeprefix("urn:bilat:source:") for s in r["isBasedOn"]),
        marking=r["conditionsOfAccess"],
    )
