# SPDX-License-Identifier: Apache-2.0
"""How long the shipped question of `bilat plan backfill` takes to plan, and how near the proven bound it ends.

Seconds are those of the processor, so that a busy machine does not speak into them.
"""

from __future__ import annotations

import time
from typing import Any

from bilat.contingency.backfill.crisis import Order, assemble
from bilat.contingency.backfill.inputs import tables_of
from bilat.contingency.backfill.program import solve
from bilat.holdings import Holdings
from bilat.planning.figures import figures
from bilat.when import AsOf

AIM = 10.0  #: seconds of the processor to within 1% of the bound


def section() -> dict[str, Any]:
    """This section of benchmarks/models.py."""
    tables = tables_of(figures(Holdings(), AsOf()))
    middle = tables.with_numbers(tables.numbers.medians())
    began = time.process_time()
    plan = solve(assemble(middle, Order()))
    took = time.process_time() - began
    return {
        "processor_s": round(took, 3),
        "gap": plan.gap,
        "aim_s": AIM,
        "aim_met": took <= AIM and plan.gap <= 0.01,
    }
