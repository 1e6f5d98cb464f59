# SPDX-License-Identifier: Apache-2.0
"""What China's exporters risk under secondary sanctions, against what they gain in Russia."""

from bilat.contingency.exposure.answer import GAPS, Exposure, exposure

__all__ = ["GAPS", "Exposure", "exposure"]
