# SPDX-License-Identifier: Apache-2.0
"""The ledger: the paper's claims as data, each with the rule that decides it. One TOML a chapter."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from bilat.errors import DataError
from bilat.verdicts.asked import FREE_NUMBER, Test
from bilat.verdicts.combining import Combine
from bilat.verdicts.grid import Grid
from bilat.verdicts.pairs import Applies
from bilat.verdicts.reference import Reference

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
    "forward": ("The way forward", "What should allies watch and plan?"),
}

#: The questions of chapters that are asked of other pairs too, without the paper's two states.
OF_ANY_PAIR = {
    "intro": "What have the two done for each other?",
    "factors": "What drives the cooperation, and what stands between the two?",
}


class RivalTest(BaseModel):
    """A rival reading; its test passes at ``supported``, and by ``holds_if`` that means that it holds or not."""

    model_config = ConfigDict(extra="forbid")

    reading: str
    test: Test | None = None
    holds_if: Literal["supported", "not supported"] = "supported"
    untested: str = ""  #: why there is no test, and what it would take
    without: tuple[
        str, ...
    ] = ()  #: states of whose pairs it is not a rival, as where its test is about one of them


class Claim(BaseModel):
    """One claim of the paper, and what decides it. The printed rule is made from its tests."""

    model_config = ConfigDict(extra="forbid")

    id: str
    section: str
    chapter: str
    footnote: str = ""
    claim: str
    ours: bool = False  #: not an assertion of the paper: added by this software, and labelled so
    how: Literal["measured", "published", "modelled", "unmeasurable"] = "measured"
    #: measured: its tests judge; published, modelled: their figure is shown and judges nothing
    combine: Combine = "all"
    why: str = ""  #: why these tests decide it, without a number: numbers are fields of the tests
    set_after: str = ""  #: what of the rule was set or changed after its figures had been seen, and why
    tests: list[Test] = []
    cap: Literal["", "partly supported"] = ""  #: the best verdict that this evidence can give
    cap_why: str = ""
    rivals: list[RivalTest] = []
    needs: str = ""
    limits: str = ""
    applies: Applies = "any"  #: of which pairs it can be asked, and in which parts
    without: tuple[str, ...] = ()  #: states of whose pairs it cannot be asked
    grid: Grid | None = None
    reference: Reference | None = None
    headline: bool = True  #: False where one word would mislead: never a bottom line

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if self.how == "measured" and not self.tests:
            raise ValueError("a measured claim needs a test")
        if self.how != "measured" and not self.needs:
            raise ValueError("a claim that is not measured says what would be needed")
        if self.how == "measured" and not self.rivals:
            raise ValueError("a measured claim names at least one rival reading")
        if any(not t.what for t in self.tests):
            raise ValueError("a test says in what which quantity it is about")
        if number := FREE_NUMBER.search(self.why):
            raise ValueError(f"why says {number[0]}: thresholds and years are fields of the tests")
        if self.grid and self.grid.test >= len(self.tests):
            raise ValueError("the grid varies a test that the claim does not have")
        return self


@cache
def ledger() -> tuple[Claim, ...]:
    """Every claim, in the order of the chapters.

    Raises
    ------
    DataError
        naming the entry that breaks the ledger's form.
    """
    found: list[Claim] = []
    folder = resources.files("bilat.verdicts").joinpath("ledger")
    for chapter in CHAPTERS:
        text = folder.joinpath(f"{chapter}.toml").read_text("utf-8")
        for entry in tomllib.loads(text)["claim"]:
            try:
                found.append(Claim(chapter=chapter, **entry))
            except ValidationError as e:
                raise DataError(f"verdicts/ledger/{chapter}.toml: claim {entry.get('id')}: {e}") from None
    twice = {c.id for c in found if [x.id for x in found].count(c.id) > 1}
    if twice:
        raise DataError(f"verdicts/ledger: id {', '.join(sorted(twice))} stands twice")
    return tuple(found)
