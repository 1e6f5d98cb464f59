# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, straits, and the enablers that would have to be replaced."""

from bilat.contingency import enablers, energy, overland, straits

__all__ = ["enablers", "energy", "overland", "straits"]
