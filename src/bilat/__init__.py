# SPDX-License-Identifier: Apache-2.0
"""bilat: two states' military ties, measured from public records.

>>> from bilat import Dyad, ask
>>> m = ask("transfers.tiv", Dyad("RUS", "CHN"), as_of="2023-03-20")
>>> str(m.unit)
'million TIV'

``ask`` a measure, judge the ``claims``, make the ``brief``, ``divert`` and ``screen``, ``plot`` a
measurement.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

from bilat.dyad import Dyad
from bilat.errors import BilatError, DataError, UsageError
from bilat.when import AsOf, Period

if (
    TYPE_CHECKING
):  # what an editor sees; at run time the heavy parts load when they are first asked for
    from bilat import measures
    from bilat.diversion.search import divert
    from bilat.holdings import Holdings
    from bilat.measures import Measurement, Point, ask
    from bilat.measures import ask as measure
    from bilat.measures.measurement import plot
    from bilat.parties.answers.screen import screen
    from bilat.picture.composition import brief
    from bilat.verdicts import judge as claims

__version__ = "0.2.0"
__all__ = [
    "AsOf",
    "BilatError",
    "DataError",
    "Dyad",
    "Holdings",
    "Measurement",
    "Period",
    "Point",
    "UsageError",
    "ask",
    "brief",
    "claims",
    "divert",
    "measure",
    "measures",
    "plot",
    "screen",
]

_LATER = {
    "Holdings": ("bilat.holdings", "Holdings"),
    "Measurement": ("bilat.measures", "Measurement"),
    "Point": ("bilat.measures", "Point"),
    "ask": ("bilat.measures", "ask"),
    "brief": ("bilat.picture.composition", "brief"),
    "claims": ("bilat.verdicts", "judge"),
    "divert": ("bilat.diversion.search", "divert"),
    "measure": ("bilat.measures", "ask"),  # the name until 0.1; kept as an alias of ask
    "measures": ("bilat.measures", ""),  # measures.transfers.tiv(("RUS", "CHN"))
    "plot": ("bilat.measures.measurement", "plot"),
    "screen": ("bilat.parties.answers.screen", "screen"),
}


if not TYPE_CHECKING:  # hidden from type checkers, so that a misspelt name is an error there

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            raise AttributeError(f"module 'bilat' has no attribute {name!r}")
        if name == "measure":
            said = "bilat.measure is bilat.ask now; the old name works until 30 June 2027"
            warnings.warn(said, DeprecationWarning, stacklevel=2)
        module, attribute = _LATER[name]
        found = import_module(module)
        return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
