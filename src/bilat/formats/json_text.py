# SPDX-License-Identifier: Apache-2.0
"""JSON from strangers: parsed within bounds of depth and of digits, so that none can stall or crash
a run.
"""

from __future__ import annotations

import json
from typing import Any

#: An object of a stranger's JSON, or a row of a sheet by column: its cells may be anything.
Cells = dict[str, Any]
#: No publisher's number has more digits; Python needs seconds for one of a million.
DIGITS = 400


def _integer(text: str) -> int:
    if len(text) > DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"a number too large: {text[:40]}")
    return value


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not a number of JSON")


def parse_json(text: str) -> Any:
    """A JSON text as plain data.

    Raises
    ------
    ValueError
        for text that is not JSON, is nested too deep, or has a number of hundreds of digits, NaN or
        Infinity.
    """
    try:
        return json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_constant)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
