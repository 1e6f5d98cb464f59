# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, straits, and the enablers that would have to be replaced."""
