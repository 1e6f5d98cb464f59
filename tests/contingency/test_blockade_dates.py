# SPDX-License-Identifier: Apache-2.0
"""The blockade answers on every day of the summer of 2026, whatever was public of the strait by then."""

from __future__ import annotations

import pytest

from bilat.contingency.questions import BlockadeQuestion
from bilat.document import Frame
from bilat.when import AsOf


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-20", "2026-08-10", "2026-09-30"])
def test_the_blockade_answers_when_little_was_public_of_the_strait(day: str) -> None:
    assert BlockadeQuestion("sea").answer(Frame(as_of=AsOf(day))).summary
