# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, a blockade, exposure to sanctions, the enablers to replace."""

from bilat.contingency import enablers, energy, overland, straits

__all__ = ["enablers", "energy", "overland", "straits"]
