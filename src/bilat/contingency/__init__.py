# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, a blockade, exposure to sanctions, the enablers to replace."""

from bilat.contingency import enablers, energy, overland, straits
from bilat.contingency.blockade import measures as blockade_measures
from bilat.contingency.exposure import measures as exposure_measures

__all__ = ["blockade_measures", "enablers", "energy", "exposure_measures", "overland", "straits"]
