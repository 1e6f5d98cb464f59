# SPDX-License-Identifier: Apache-2.0
"""Reference pairs: where a pair stands among others, and how often the same rule says the same of them.

The set is made by a rule and never by the outcome. A rule that passes for every second pair cannot tell
"true of these two" from "nothing special".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.places.coalitions import coalitions
from bilat.verdicts.asked import Test
from bilat.verdicts.outcome import Outcome
from bilat.verdicts.rules import run
from bilat.when import AsOf

#: How a set of other states is made; the words are printed.
SETS = {
    "clients": "{A}'s clients with at least 20 million TIV in the mean year since 1992",
    "arms importers": "the 30 largest importers of arms in 2012-2021 outside the states that control exports to "
    "Russia together",
}
_SQL = {
    "clients": """
        SELECT recipient AS s FROM transfers
        WHERE source = 'sipri_register' AND supplier = ? AND CAST(left(period, 4) AS INTEGER) >= 1992
        GROUP BY recipient HAVING sum(tiv) >= 20 * (
            SELECT max(CAST(left(period, 4) AS INTEGER)) - 1991 FROM transfers WHERE source = 'sipri_register')
        ORDER BY s""",
    "arms importers": """
        SELECT recipient AS s, sum(tiv) AS v FROM transfers
        WHERE source = 'sipri_tiv_pairs' AND left(period, 4) BETWEEN '2012' AND '2021'
        GROUP BY recipient ORDER BY v DESC, s""",
}
#: States in the set of arms importers; its words in :data:`SETS` say the same.
LARGEST = 30


class Reference(BaseModel):
    """Which test is put to which other pairs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: Literal["clients", "arms importers"]
    test: int = 0
    params: dict[str, Any] = {}  #: what other pairs need not be asked, as the distances to a third state
    special: bool = (
        False  #: the claim is about these two in particular: if others pass as often, partly at most
    )
    #: what "as far" compares: the test's figure, or of a gap the group's own figure. A gap to all other clients grows
    #: with the client itself, who is among the others of every other pair, so that no small one could reach it.
    by: Literal["figure", "group"] = "figure"


@dataclass(frozen=True)
class BaseRate:
    """How other pairs fare under the same test."""

    others: int  #: pairs that could be measured
    passing: int  #: of these, those of which the rule says supported
    as_far: int  #: those whose figure lies as far in the claim's direction, or farther
    of: str  #: the set, in words
    test: str = ""  #: what the test is about, where a claim has several

    @property
    def share(self) -> float:
        return self.passing / self.others if self.others else 0.0

    @property
    def unusual(self) -> bool:
        """Whether no more than a tenth of the other pairs lie as far."""
        return self.others > 0 and self.as_far <= self.others / 10

    @property
    def sentence(self) -> str:
        if not self.others:
            return f"no other pair could be measured among {self.of}"
        rule = f"the test of {self.test}" if self.test else "the rule"
        return (
            f"{rule} says supported of {self.passing} of {self.others} other pairs ({self.share:.0%}), and "
            f"{self.as_far} of them lie as far in the claim's direction or farther: {self.of}"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "others": self.others,
            "passing": self.passing,
            "as_far": self.as_far,
            "of": self.of,
            "test": self.test,
            "sentence": self.sentence,
        }


_SETS: WeakKeyDictionary[Holdings, dict[tuple[str, str, AsOf], tuple[str, ...]]] = WeakKeyDictionary()


def members(name: str, a: str, as_of: AsOf, holdings: Holdings) -> tuple[str, ...]:
    """The states of a set, as of a date."""
    kept = _SETS.setdefault(holdings, {})
    key = (name, a if name == "clients" else "", as_of)
    if key not in kept:
        cursor = holdings.connect(as_of).connection.cursor()
        try:
            rows = cursor.execute(_SQL[name], [a] if name == "clients" else []).fetchall()
        finally:
            cursor.close()
        states = [str(r[0]) for r in rows if _is_state(str(r[0]))]
        if name == "arms importers":
            states = [s for s in states if s not in coalitions()["COALITION"]][:LARGEST]
        kept[key] = tuple(states)
    return kept[key]


@cache
def _is_state(code: str) -> bool:
    from bilat.places import alpha2

    return alpha2(code) is not None


def base_rate(
    reference: Reference, tests: list[Test], own: Outcome, dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> BaseRate | None:
    """How the same test fares for {A}, or the first state of the test's own pair, and each other state of the set;
    None where the pair itself has no figure."""
    if own.value is None:
        return None
    from bilat.verdicts.names import Names

    test = tests[reference.test]
    named = test.named(dyad.a, dyad.b)
    own_pair = Dyad(*named.dyad) if named.dyad else dyad
    test = test.model_copy(update={"params": {**test.params, **reference.params}, "dyad": None})
    others = passing = far = 0
    for other in members(reference.set, own_pair.a, as_of, holdings):
        if other in (own_pair.a, own_pair.b):
            continue
        o = run(test, Dyad(own_pair.a, other), as_of, holdings)
        if o.value is None:
            continue
        others += 1
        passing += o.verdict == "supported"
        theirs, ours = o.value, own.value
        if reference.by == "group":
            theirs, ours = o.sides[-1].figure, own.sides[-1].figure
        far += theirs >= ours if test.direction == "up" else theirs <= ours
    names = Names(own_pair)
    about = Names(dyad).said(named.what) if len(tests) > 1 else ""
    return BaseRate(others, passing, far, names.said(SETS[reference.set]), about)
