# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, straits, a blockade, exposure to sanctions, and the enablers to replace."""

from bilat.contingency import enablers, energy, overland, straits

__all__ = ["enablers", "energy", "overland", "straits"]
