# SPDX-License-Identifier: Apache-2.0
"""What counts as an exercise of named states: the rules of counting.toml over the kinds of the list."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from bilat.channels.exercises import rules
from bilat.package_files import read_package_toml


class CountingRule(BaseModel):
    """One rule of what counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    says: str
    leaves_out: str = Field(alias="not")
    event_types: list[str]
    kinds: list[str]
    without_classes: list[str] = []

    @property
    def classes(self) -> list[str]:
        """The classes of the list that count, in order."""
        every = [c for k in self.kinds for c in rules()["kinds"][k]]
        return [c for c in every if c not in self.without_classes]


@cache
def counting_rules() -> dict[str, CountingRule]:
    """Name -> rule, as counting.toml has them."""
    raw = read_package_toml("bilat.forecast", "counting.toml")
    assert isinstance(raw.pop("set"), dt.date)
    return {name: CountingRule(**rule) for name, rule in raw.items()}
