# SPDX-License-Identifier: Apache-2.0
"""Words for a probability."""

from __future__ import annotations

#: Words for a probability (ICD 203, analytic standards of the United States' intelligence
#: community): up to, word.
WORDS = (
    (0.05, "almost no chance"),
    (0.2, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "about even"),
    (0.8, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)


def in_words(p: float) -> str:
    """``likely`` for .6."""
    return next(word for most, word in WORDS if p <= most + 1e-9)
