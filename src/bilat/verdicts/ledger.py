# SPDX-License-Identifier: Apache-2.0
"""The ledger: the paper's claims as data, each with the evidence that answers it. One TOML a chapter."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from bilat.errors import DataError
from bilat.package_files import read_package_text
from bilat.registry import registered
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.pairs import THESE, Applies
from bilat.verdicts.subjects import STRANGERS, check_subject

#: Chapters in reading order: file name -> (heading, the question that its page answers).
CHAPTERS = {
    "intro": ("Introduction", "What has China done for Russia since February 2022?"),
    "factors": ("Factors and drivers", "What drives the cooperation?"),
    "constraints": ("Constraints", "What holds it back?"),
    "war": ("Protracting the war", "Does it keep Russia fighting?"),
    "pacific": ("Eroding advantages in the Pacific", "What has China's military gained?"),
    "signal": ("Signalling", "Whom do the two draw in, and where?"),
    "regeneration": ("Regeneration", "How fast can Russia rebuild?"),
    "indopacific": ("A conflict in the Indo-Pacific", "What could Russia do for China?"),
    "forward": ("The way forward", "What should allies watch, and what should they plan for?"),
}

Half = Literal["both", "when_written", "since"]


class Indicator(Test):
    """A test of a measure whose reading is evidence: for the claim past its threshold, else against."""

    part: str = ""  #: the part of the claim that it speaks of
    half: Half = "both"
    standing: bool = False  #: a regularity: it holds until a later record shows another
    against: str = ""  #: the clause where it speaks against; blank: ``say`` serves both ways
    assumes: bool = False  #: a model that assumes what the claim says: it speaks in part at most


class Cited(BaseModel):
    """A document of the holdings beside a claim: for or against, and why, declared on a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    speaks: Literal["for", "in part", "against", "neither"]
    why: str
    on: dt.date  #: when this was declared
    part: str = ""
    half: Half = "both"
    standing: bool = False  #: it holds until it is ended
    first: bool = False  #: its clause stands before those of the indicators
    agreed: str = ""  #: when what it tells of was agreed, where that was earlier
    #: documents of the claim that say otherwise: its clause leads no sentence beside them
    disputed_by: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()  #: documents whose fact its clause prints too
    say: str = ""  #: the clause that the sentence may take, of neither side as its second


class RivalTest(BaseModel):
    """A rival reading; it holds where its test passes at ``supported``."""

    model_config = ConfigDict(extra="forbid")

    reading: str
    test: Test | None = None
    untested: str = ""  #: why there is no test, and what it would take


class Claim(BaseModel):
    """One claim of the paper, and the evidence that answers it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    section: str
    chapter: str
    footnote: str = ""
    claim: str
    begins: dt.date | None = None  #: the claim speaks of the time from this day on
    #: when the cause that the claim names began: what was agreed before is not its fruit
    cause: dt.date | None = None
    forecast: bool = False  #: it speaks of what is to come: no answer to it is firm
    why: str = ""  #: why this evidence answers it
    set_after: str = ""  #: what was set or changed after its figures had been seen, and why
    tests: list[Indicator] = []
    documents: list[Cited] = []
    rivals: list[RivalTest] = []
    needs: str = ""  #: what would tell, where it is not known: at most thirty words
    limits: str = ""
    applies: Applies = "these two"  #: of which pairs it can be asked

    def parts(self, half: Half) -> list[str]:
        """The parts of the claim that a half has evidence declared for; "" where the claim is one."""
        declared: list[Indicator | Cited] = [*self.tests, *self.documents]
        return list(dict.fromkeys(e.part for e in declared if e.half in ("both", half)))

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if any(not t.what for t in self.tests):
            raise ValueError("an indicator says in what which quantity it is about")
        if not self.tests and not self.documents:
            raise ValueError("a claim needs evidence: an indicator or a document")
        if not self.needs:
            raise ValueError("needs says what would tell where it is not known")
        return self


@cache
def ledger() -> tuple[Claim, ...]:
    """Every claim, in the order of the chapters; those that other packages add stand last.

    Raises
    ------
    DataError
        naming the entry that breaks the ledger's form.
    """
    found: list[Claim] = []
    texts = {name: read_package_text("bilat.verdicts", f"ledger/{name}.toml") for name in CHAPTERS}
    added = {name: reference.text() for name, reference in registered("claims").items()}
    for chapter, text in (texts | added).items():
        for entry in tomllib.loads(text)["claim"]:
            try:
                found.append(Claim(chapter=chapter, **entry))
            except ValidationError as e:
                raise DataError(
                    f"verdicts/ledger/{chapter}.toml: claim {entry.get('id')}: {e}"
                ) from None
    twice = {c.id for c in found if [x.id for x in found].count(c.id) > 1}
    if twice:
        raise DataError(f"verdicts/ledger: id {', '.join(sorted(twice))} appears twice")
    return tuple(found)


def check_subjects(claim: Claim) -> None:
    """Refuse a claim with a test about others than its pair that does not say so.

    Raises
    ------
    DataError
        naming the entry, what its test is about, and the line to write.
    """
    pairs = [THESE] if claim.applies == "these two" else [THESE, STRANGERS]
    rivals = [r.test for r in claim.rivals if r.test is not None]
    for test in [*claim.tests, *rivals]:
        where = f"verdicts/ledger/{claim.chapter}.toml: claim {claim.id}"
        check_subject(test, where, pairs)
