# SPDX-License-Identifier: Apache-2.0
"""Which rows come out, as a user says it: a probability, a band, or alerts in a thousand queries."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.errors import UsageError
from bilat.formats.table import number
from bilat.parties.match.chance import BANDS, DEFAULT_BAND


@dataclass(frozen=True)
class Threshold:
    """Rows of at least this probability; ``alerts`` instead: those of so many queries in a thousand."""

    probability: float = dict(BANDS)[DEFAULT_BAND]
    alerts: float | None = None

    @staticmethod
    def of(text: str | float | None) -> Threshold:
        """From ``0.5`` (probability), ``likely`` (a band), ``5/1000`` (alerts per thousand queries), or none.

        Raises
        ------
        UsageError
            for anything else.
        """
        if text is None:
            return Threshold()
        bands = dict(BANDS)
        if isinstance(text, str) and text.strip().lower() in bands:
            return Threshold(bands[text.strip().lower()])
        try:
            if isinstance(text, str) and "/" in text:
                count, _, of = text.partition("/")
                share = (number(count) or 0.0) / (number(of) or 0.0)
                if 0 < share < 1:
                    return Threshold(alerts=share * 1000)
            else:
                value = number(text) if isinstance(text, str) else text
                if value is not None and 0 <= value <= 1:
                    return Threshold(probability=value)
        except (ValueError, ZeroDivisionError):
            pass
        raise UsageError(
            f"threshold {text!r}: write a probability (0.5), a band ({', '.join(bands)}), or alerts per thousand "
            "queries (5/1000)"
        )
