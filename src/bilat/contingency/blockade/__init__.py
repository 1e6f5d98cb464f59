# SPDX-License-Identifier: Apache-2.0
"""A blockade of China's oil and gas by sea: what stops, how long stocks last, what Russian lines
add.
"""

from bilat.contingency.blockade.answer import SIX, STANDARD, Blockade, blockade
from bilat.contingency.blockade.routes import CLOSABLE

__all__ = ["CLOSABLE", "SIX", "STANDARD", "Blockade", "blockade"]
