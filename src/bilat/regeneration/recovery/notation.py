# SPDX-License-Identifier: Apache-2.0
"""How figures of a recovery are written: months, years, ranges, kinds of help."""

from __future__ import annotations

from bilat.document import RangedFigure
from bilat.planning import Quantiles
from bilat.planning.blocks import ranged
from bilat.planning.plans import PlanHeadline
from bilat.regeneration.recovery.answer import Recovery, months_text
from bilat.regeneration.recovery.peace import HORIZON

#: Kinds of Chinese help in a reader's words.
HELPS = {
    "none": "with nothing from China",
    "components": "with Chinese components as today",
    "systems": "with finished vehicles from China as well",
}


#: What stands before a published figure that only bounds.
BOUND = {"": "", "least": "at least ", "most": "at most "}


def _months(q: Quantiles) -> str:
    return f"{months_text(q.median)} [{months_text(q.low)} to {months_text(q.high)}]"


def ranged_months(q: Quantiles) -> RangedFigure:
    """Return months with their range as a cell; an end beyond the model is "over 120"."""
    return ranged(q, _months(q), endless=f"over {HORIZON}")


def years(months: Quantiles) -> str:
    """Return ``about 6.2 years (3.1 to more than 10)``, ``about 9 months (4 to 20)``."""
    unit = "years" if months.median >= 18 else "months"
    q = Quantiles(
        *(x / 12 if unit == "years" else x for x in (months.median, months.low, months.high))
    )
    most = "more than 10" if unit == "years" else "more than 120"
    form = ".2g" if unit == "years" else ",.0f"
    return PlanHeadline("", unit, q, form, most).about()


def vehicles(recovery: Recovery) -> str:
    """Return a force in one word."""
    return "tanks" if recovery.klass.name == "tank" else "vehicles"


def three_digits(value: float) -> str:
    """Return a figure of a class to three digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,.10g}"


def span(low: float, high: float) -> str:
    """Return ``578 to 1,909``, with a minus sign that no spreadsheet takes for a formula."""
    return f"{low:,.0f} to {high:,.0f}".replace("-", "−")
